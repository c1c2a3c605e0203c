"""The real server with printers on the loopback: kills, hung printers, and that nobody else has to wait."""

import statistics
import subprocess
import sys
import time

import pytest
import requests

from paper.printers import CONNECT_TIMEOUT_S
from tests.centre import ROOT, TestCentreProcess
from tests.paper.printer import FakePrinter

SERVICE = {"service": "CHUNG_THUC"}


def start(tmp_path, *printers):
    options = [word for printer in printers for word in ("--printer", printer)]
    return TestCentreProcess(tmp_path / "data", options=(*options, "--public-url", "http://192.168.1.10:8000")).start()


def prints(centre, token):
    events = centre.get("/api/v1/events?after=0", token=token).json()["events"]
    return [event for event in events if event["kind"].startswith("print.")]


def state(centre, ticket, until, within_s):
    """Wait until the print of a ticket fits `until`, and return it."""
    deadline = time.monotonic() + within_s
    while True:
        found = centre.get(f"/api/v1/tickets/{ticket['id']}").json()["print"]
        if until(found):
            return found
        assert time.monotonic() < deadline, found
        time.sleep(0.05)


def test_given_a_printer_when_the_server_is_killed_again_and_again_then_no_number_is_lost_or_doubled(tmp_path):
    printer = FakePrinter()
    centre = start(tmp_path, printer.address)
    token, inspector = centre.token("kiosk"), centre.token("inspector")
    taken = []
    for n in range(6):
        for _ in range(3):
            taken.append(centre.post("/api/v1/tickets", SERVICE, token=token).json())
        time.sleep(0.05 * n)
        centre.kill()
        centre.start()
    for ticket in taken:
        state(centre, ticket, lambda found: found["state"] == "printed" or found["cause"] == "interrupted", 15)
    outcomes = prints(centre, inspector)
    assert sorted(e["ref"] for e in outcomes) == [t["ref"] for t in taken], "each has one outcome"
    whole = {ticket.tobytes() for ticket in printer.tickets}
    assert len([e for e in outcomes if e["kind"] == "print.printed"]) <= len(printer.tickets) <= len(taken)
    # A ticket that was torn by the kill stays in front of the next one's cut and is no ticket.
    assert len(whole) == len(printer.tickets)
    assert printer.faults == []
    assert "clean" in centre.command("verify")
    centre.stop()


def test_given_a_hung_printer_then_everybody_else_is_answered_and_staff_hear_of_it(tmp_path):
    printer = FakePrinter(hung=True)
    waits = {}
    for name, address in (("no printer", "preview://"), ("hung printer", printer.address + "?profile=epson-80")):
        folder = tmp_path / name.replace(" ", "-")
        folder.mkdir()
        centre = start(folder, address)
        kiosk, supervisor = centre.token("kiosk"), centre.token("supervisor")
        took, began, heard = [], time.monotonic(), None
        ticket = centre.post("/api/v1/tickets", SERVICE, token=kiosk).json()
        while time.monotonic() - began < 5 or (name == "hung printer" and heard is None):
            assert time.monotonic() - began < 30, "no alarm reached the staff"
            asked = time.monotonic()
            assert centre.get("/api/v1/board").status_code == 200
            took.append(time.monotonic() - asked)
            if heard is None and any(e["kind"] == "print.failed" for e in prints(centre, supervisor)):
                heard = time.monotonic() - began
            time.sleep(0.02)
        waits[name] = statistics.quantiles(took, n=20)[-1]
        if name == "hung printer":
            print(f"staff heard of the hung printer after {heard:.1f} s")
            assert centre.get(f"/api/v1/tickets/{ticket['id']}").json()["print"] == {
                "state": "failed",
                "copy": False,
                "cause": "no_answer",
            }
        centre.stop()
        longest = max(took)
    printer.off()
    print(f"95th percentile of other requests: {waits}")
    assert longest < CONNECT_TIMEOUT_S, "somebody waited for the printer"


def test_given_the_drawn_ticket_then_only_its_holder_gets_the_picture(tmp_path):
    centre = start(tmp_path)
    kiosk = centre.token("kiosk")
    ticket = centre.post("/api/v1/tickets", SERVICE, token=kiosk).json()
    assert ticket["print"] is None
    picture = requests.get(f"{centre.url}/t/{ticket['id']}/paper.png", timeout=15)
    assert picture.headers["Content-Type"] == "image/png" and picture.headers["Cache-Control"] == "no-store"
    assert picture.content.startswith(b"\x89PNG")
    code = requests.get(f"{centre.url}/t/{ticket['id']}/code.svg", timeout=15)
    assert code.headers["Content-Type"].startswith("image/svg+xml") and code.headers["Cache-Control"] == "no-store"
    assert code.content.startswith(b"<svg") and b"<script" not in code.content
    for picture in ("paper.png", "code.svg"):
        assert requests.get(f"{centre.url}/t/{ticket['ref']}/{picture}", timeout=15).status_code == 404
    again = centre.post(f"/api/v1/tickets/{ticket['id']}/print", token=kiosk).json()
    assert again["print"] == {"state": "sent", "copy": True, "cause": None}
    by_ref = centre.post(f"/api/v1/tickets/{ticket['ref']}/print", token=centre.token("clerk"))
    assert by_ref.status_code == 200 and by_ref.json()["id"] is None
    assert centre.post(f"/api/v1/tickets/{ticket['ref']}/print", token=kiosk).status_code == 404
    centre.stop()


WRONG = {
    "telnet://x": "network://",
    "network://": "host",
    "usb://printer": "usb",
    "file://lp0": "path",
    "network://10.0.0.1?profile=laser": "profile",
    "network://10.0.0.1?colour=1": "colour",
    "network://10.0.0.1:99999": "ort",
}


@pytest.mark.parametrize(("address", "reason"), WRONG.items())
def test_given_a_wrong_address_then_the_start_stops_and_says_why(tmp_path, address, reason):
    command = [sys.executable, "server.py", "run", "--data", str(tmp_path / "data"), "--printer", address]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "printer:" in done.stderr and address in done.stderr and reason in done.stderr


def doctor(address):
    command = [sys.executable, "server.py", "doctor", "--printer", address]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout


def test_given_a_printer_then_the_doctor_says_in_words_what_it_can_report():
    printer = FakePrinter(slow_s=0.6)
    said = doctor(printer.address)
    assert "còn giấy, nắp đóng" in said and "báo đã in xong" in said
    assert len(printer.tickets) == 1 and printer.faults == []
    printer.slow_s = 0
    assert "chưa chắc đã in" in doctor(printer.address)
    printer.paper = False
    assert "hết giấy" in doctor(printer.address)
    printer.paper, printer.mute = True, True
    said = doctor(printer.address)
    assert "không trả lời câu hỏi về giấy" in said and "mute-80" in said
    printer.off()
    assert "Không kết nối được" in doctor(printer.address)
    assert "màn hình" in doctor("preview://")


def set_printers(centre, token, *printers):
    part = {"kind": "network", "profile": "printer-80"}
    parts = [part | {"address": each.host, "port": each.port} for each in printers]
    answer = centre.post("/api/v1/settings/printers", {"printers": parts}, token=token)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_given_printers_that_are_exchanged_again_and_again_then_each_number_comes_out_once(tmp_path):
    first, second = FakePrinter.of_this_pc(slow_s=0.05), FakePrinter.of_this_pc(slow_s=0.05)
    centre = start(tmp_path)
    kiosk, supervisor = centre.token("kiosk"), centre.token("supervisor")
    screen = centre.post("/api/v1/tickets", SERVICE, token=kiosk).json()
    assert screen["print"] is None
    taken = []
    for n in range(12):
        set_printers(centre, supervisor, *[(first, second), (second,), (second, first), (first,)][n % 4])
        for _ in range(3):
            taken.append(centre.post("/api/v1/tickets", SERVICE, token=kiosk).json())
        time.sleep(0.02 * n)
    for ticket in taken:
        state(centre, ticket, lambda found: found["state"] == "printed", 15)
    assert len({ticket.tobytes() for each in (first, second) for ticket in each.tickets}) == len(taken)
    assert len(first.tickets) + len(second.tickets) == len(taken)
    outcomes = [(event["kind"], event["data"]["copy"]) for event in prints(centre, supervisor)]
    assert outcomes == [("print.printed", False)] * len(taken)
    assert first.faults == second.faults == []
    seq = set_printers(centre, supervisor)["seq"]
    assert centre.post("/api/v1/tickets", SERVICE, token=kiosk).json()["print"] is None
    assert centre.post("/api/v1/settings/undo", {"seq": seq}, token=supervisor).status_code == 200
    centre.kill()
    centre.start()
    again = centre.post("/api/v1/tickets", SERVICE, token=kiosk).json()
    state(centre, again, lambda found: found["state"] == "printed", 15)
    assert "clean" in centre.command("verify")
    centre.stop()


def test_given_a_test_page_that_is_asked_for_twice_then_it_comes_once_and_its_findings_are_shown(tmp_path):
    printer = FakePrinter(slow_s=0.6)
    centre = start(tmp_path, printer.address)
    supervisor = centre.token("supervisor")
    path, key = "/api/v1/settings/printers", "the-same-wish"

    def seen():
        found = centre.get(path, token=supervisor).json()
        assert found["source"] == "machine"
        return found["printers"][0]

    for _ in range(2):
        begun = centre.post(f"{path}/1/test", key=key, token=supervisor).json()["printers"][0]
        assert begun["test"]["state"] == "running"
    deadline = time.monotonic() + 10
    while (test := seen()["test"])["state"] == "running":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert test["printed"] and [each["code"] for each in test["findings"]][-1] == "tells_done"
    assert seen()["state"] == "ready" and len(printer.tickets) == 1 and printer.faults == []
    assert centre.post(f"{path}/2/test", token=supervisor).json()["code"] == "unknown_printer"
    other = {"kind": "network", "address": "192.168.1.50", "profile": "printer-80"}
    refused = centre.post(path, {"printers": [other]}, token=supervisor)
    assert (refused.status_code, refused.json()["code"]) == (409, "printers_fixed")
    centre.stop()


def test_given_a_printer_this_pc_cannot_speak_to_then_the_centre_opens_and_says_so(tmp_path):
    from contextlib import closing
    from datetime import UTC, datetime

    import server
    from hall.catalogue.defaults import found_hall, to_be_tried
    from hall.catalogue.printers import PrinterChoices, PrinterSetting
    from hall.hall import Hall
    from hall.options import HallOptions
    from hall.settings.change import change_printers
    from queueing.clock import SteadyClock
    from settings import Settings
    from store.database import Database
    from store.hall import SqliteHallStore

    printer = FakePrinter.of_this_pc()
    with closing(server.open_database(Settings(data=tmp_path / "data"))) as db:
        choices = PrinterChoices(("win32", "network"), {"printer-80": ""})
        clock = SteadyClock(lambda: datetime.now(UTC), lambda: 0.0)
        hall = Hall(SqliteHallStore(db), clock, HallOptions(printer_choices=lambda: choices))
        parts = [
            PrinterSetting("win32", "POS-80", "printer-80"),
            PrinterSetting("network", printer.host, "printer-80", printer.port),
        ]
        hall.run_as_system(lambda act: change_printers(act, parts), "user:1")
        copy = SqliteHallStore(Database(None))
        found_hall(copy, datetime.now(UTC), to_be_tried(hall.catalogue.template))
        assert Hall(copy, hall.clock).catalogue.hall.printers == (), "a copy to learn with prints nothing"
    centre = start(tmp_path)
    token = centre.token("supervisor")
    seen = centre.get("/api/v1/settings/printers", token=token).json()["printers"]
    assert [(each["name"], each["address"].partition("?")[0], each["state"] == "unusable") for each in seen] == [
        ("1", "win32://POS-80", True),
        ("2", printer.address, False),
    ]
    ticket = centre.post("/api/v1/tickets", SERVICE, token=centre.token("kiosk")).json()
    state(centre, ticket, lambda found: found["state"] == "printed", 15)
    assert len(printer.tickets) == 1
    centre.stop()
