"""The drill finds each fault that was made on purpose, and nothing where all is well."""

import http.server
import shutil
import sqlite3
import ssl
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

import runtime.drill
from access.principal import DISPLAY, KIOSK
from hall.catalogue.model import plain
from hall.drill import CHECKS, DrillRunner, findings_of, fingerprint, note_drill
from hall.ports import CannotSave, RequestIdentity
from hall.verify import verify
from queueing import events as ev
from runtime.drill import FILE_STEPS, RunningChecks, file_checks
from store import second_place
from store.backup import BACKUPS, back_up, copies
from tests.centre import TestCentreProcess
from tests.faults.test_backup import damaged
from tests.faults.waiting import wait_until
from tests.hall.centre import AN, TestCentre

PEM = Path(__file__).with_name("localhost.pem")  # for "localhost", signed by itself, for a hundred years
HOUR = timedelta(hours=1)


@pytest.fixture
def centre(tmp_path):
    """A centre with some numbers and a backup."""
    (tmp_path / "data").mkdir()
    centre = TestCentre(tmp_path / "data" / "hall.db")
    for _ in range(3):
        centre.take()
    back_up(tmp_path / "data" / "hall.db", tmp_path / "data" / BACKUPS)
    return centre


@pytest.fixture
def data(centre, tmp_path):
    return tmp_path / "data"


def files(centre, data, second=None, public_url=None, at=None):
    """What the command finds: check -> (result, cause)."""
    steps = list(file_checks(data, second, public_url, at or centre.clock.wall()))
    assert len(steps) == FILE_STEPS
    assert not (data / runtime.drill.SCRATCH).exists(), "nothing is left of the restore"
    assert verify(centre.hall.store).clean, "the centre itself is as it was"
    return {each.check: (each.result, each.cause) for step in steps for each in step}


def test_given_a_sound_centre_then_nothing_is_wrong(centre, data):
    assert files(centre, data) == {
        **dict.fromkeys(("disk", "database", "restore"), ("good", None)),
        "backup": ("good", "fresh"),
        **dict.fromkeys(("second_place", "address", "certificate"), ("skipped", "none")),
    }


def test_given_a_disk_that_is_almost_full_then_it_is_found(centre, data, monkeypatch):
    monkeypatch.setattr(runtime.drill.shutil, "disk_usage", lambda _: SimpleNamespace(free=50 * 2**20))
    found = files(centre, data)
    assert found["disk"] == ("fault", "low") and found["restore"] == ("fault", "no_room")


def test_given_a_disk_that_cannot_be_written_then_it_is_found(centre, data, monkeypatch):
    def refuse(path, _):
        raise OSError(30, "Read-only file system", str(path))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert files(centre, data)["disk"] == ("fault", "cannot_write")


def test_given_a_page_of_the_database_that_is_damaged_then_it_is_found(centre, data):
    centre.db.close()
    damaged(data / "hall.db")
    steps = list(file_checks(data, None, None, datetime.now(UTC)))
    assert {each.check: each.cause for step in steps for each in step}["database"] == "damaged"


def test_given_no_backup_or_an_old_one_then_it_is_found(centre, data):
    assert files(centre, data, at=centre.clock.wall() + 27 * HOUR)["backup"] == ("fault", "old")
    shutil.rmtree(data / BACKUPS)
    found = files(centre, data)
    assert found["backup"] == ("fault", "none") and found["restore"] == ("skipped", "none")


def test_given_a_backup_that_is_damaged_then_the_restore_finds_it(centre, data):
    (copy,) = copies(data / BACKUPS)
    damaged(copy.path)
    assert files(centre, data)["restore"] == ("fault", "failed")


def test_given_a_backup_whose_log_was_tampered_with_then_the_restore_finds_it(centre, data):
    (copy,) = copies(data / BACKUPS)
    with sqlite3.connect(copy.path) as conn:
        conn.execute("UPDATE event SET data = replace(data, 'ordinary', 'priority') WHERE kind = 'ticket.issued'")
    conn.close()
    assert files(centre, data)["restore"] == ("fault", "failed")


@pytest.mark.parametrize("fault", ["away", "foreign", "same_disk", "old", None])
def test_given_a_second_place_then_its_faults_are_found(centre, data, tmp_path, monkeypatch, fault):
    stick = tmp_path / "stick"
    monkeypatch.setattr(second_place, "_is_on_own_disk", lambda *_: fault == "away")
    monkeypatch.setattr(runtime.drill, "is_on_same_disk", lambda *_: fault == "same_disk")
    if fault != "away":
        stick.mkdir()
        second_place.admit(data, stick, "0123abcd" if fault == "foreign" else centre.hall.hall_id)
    if fault is None:
        shutil.copytree(data / BACKUPS, stick / BACKUPS)
    expected = ("good", None) if fault is None else ("fault", fault)
    assert files(centre, data, stick)["second_place"] == expected


# -- the address on the tickets --------------------------------------------------------------


@contextmanager
def answering(hall, secure=False):
    """A server that answers /health as the hall of this id; its address."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/health" else 404)
            self.send_header("Hall", fingerprint(hall))
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(PEM)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http{'s' if secure else ''}://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_given_the_address_on_the_tickets_then_it_must_lead_to_this_very_hall(centre, data):
    with answering(centre.hall.hall_id) as url:
        assert files(centre, data, public_url=url)["address"] == ("good", None)
    assert files(centre, data, public_url=url)["address"] == ("fault", "unreachable")
    with answering("another hall") as url:
        found = files(centre, data, public_url=url)
    assert found["address"] == ("fault", "not_ours") and found["certificate"] == ("skipped", "plain")


def test_given_a_certificate_then_it_must_be_trusted_and_last(centre, data, monkeypatch):
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(ssl._ssl._test_decode_cert(str(PEM))["notAfter"]), UTC)
    with answering(centre.hall.hall_id, secure=True) as url:
        found = files(centre, data, public_url=url)
        assert found["certificate"] == ("fault", "untrusted") and found["address"] == ("skipped", "untrusted")
        monkeypatch.setenv("SSL_CERT_FILE", str(PEM))
        assert files(centre, data, public_url=url)["certificate"] == ("good", None)
        found = files(centre, data, public_url=url, at=ends - timedelta(days=5))
        assert found["certificate"] == ("fault", "ends_soon") and found["address"] == ("good", None)


# -- what is seen from within ----------------------------------------------------------------


class Surroundings:
    """The screens and printers of a hall, all of them well."""

    def __init__(self):
        self.paired = [
            SimpleNamespace(id=1, name="Kiosk cửa chính", kind=KIOSK, active=True),
            SimpleNamespace(id=2, name="Màn hình sảnh", kind=DISPLAY, active=True),
            SimpleNamespace(id=3, name="Kiosk cũ", kind=KIOSK, active=False),
        ]
        self.here = {"device:1", "device:2"}
        self.printer = "ready"
        self.silent = None
        self.attends = True

    def of(self, centre, asked=True):
        """What is found: check -> (result, cause)."""
        checks = RunningChecks(
            centre.hall,
            SimpleNamespace(devices=SimpleNamespace(all=lambda: self.paired)),
            SimpleNamespace(
                connected=lambda: self.here,
                silent_since=lambda: self.silent,
                heard=lambda: not self.silent,
                attended=lambda counter, clerk: self.attends,
            ),
            SimpleNamespace(
                states=lambda: [SimpleNamespace(printer=SimpleNamespace(name="1"), state=self.printer, test=None)]
            ),
        )
        return {each.check: (each.result, each.cause) for each in checks.findings(asked)}


SEEN = ("kiosks", "walls", "speaker", "consoles", "printers", "clock")


def test_given_all_screens_are_there_then_nothing_is_wrong(centre):
    centre.press("open", 2, AN)
    assert Surroundings().of(centre) == dict.fromkeys(SEEN, ("good", None))


@pytest.mark.parametrize(
    ("check", "cause", "break_it"),
    [
        ("kiosks", "away", lambda hall: hall.here.discard("device:1")),
        ("walls", "away", lambda hall: hall.here.discard("device:2")),
        ("speaker", "silent", lambda hall: setattr(hall, "silent", datetime.now(UTC))),
        ("consoles", "away", lambda hall: setattr(hall, "attends", False)),
        ("printers", "trouble", lambda hall: setattr(hall, "printer", "paper_end")),
    ],
)
def test_given_one_fault_of_a_screen_or_printer_then_it_alone_is_found(centre, check, cause, break_it):
    centre.press("open", 2, AN)
    surroundings = Surroundings()
    break_it(surroundings)
    found = surroundings.of(centre)
    assert found.pop(check) == ("fault", cause)
    assert all(result == "good" for result, _ in found.values())


def test_given_a_clock_that_jumped_then_it_is_found(centre):
    centre.clock.jump(hours=5)
    centre.hall.refresh()
    assert Surroundings().of(centre)["clock"] == ("fault", "jumped")


def test_given_all_counters_are_closed_when_nobody_asked_then_screens_may_be_off(centre):
    surroundings = Surroundings()
    surroundings.here = set()
    assert {check for check, (result, _) in surroundings.of(centre, asked=False).items() if result == "fault"} == set()
    assert surroundings.of(centre)["kiosks"] == ("fault", "away")


def test_given_a_voice_that_is_turned_off_then_no_loudspeaker_is_missed(centre):
    voice = {**plain(centre.hall.catalogue.hall)["voice"], "on": False}
    centre.set_hall(voice=voice)
    assert Surroundings().of(centre)["speaker"] == ("skipped", "off")


# -- when, and what is noted -----------------------------------------------------------------


class Command:
    """A command that ends at once with one finding."""

    def exit_status(self):
        return 0

    def output(self):
        return b'[1,1]\n{"findings":[{"check":"disk","result":"fault","cause":"low","params":{"mb":50}}]}\n'

    def stop(self):
        pass


def runner(centre, command=Command):
    """A runner on this hall, whose background work is done at once."""
    return DrillRunner(centre.hall, lambda *_: command(), lambda asked: [], lambda work: work(), lambda _: None)


def asked(key="a"):
    return RequestIdentity(AN, "/drill", key, "")


def test_given_a_press_then_what_was_found_is_an_event_and_an_alarm_until_the_next_is_well(centre):
    drills = runner(centre)
    view = drills.start(asked(), AN)
    assert (view.state, view.by, [each.cause for each in view.findings]) == ("done", AN, ["low"])
    (event,) = centre.hall.store.events_of(ev.DRILL_HELD)
    assert findings_of(event.data) == view.findings
    assert [alarm.params for alarm in drills.alarms()] == [{"faults": 1}]
    centre.hall.run_as_system(lambda act: note_drill(act, []), AN)
    assert list(drills.alarms()) == [] and verify(centre.hall.store).clean


def test_given_a_command_that_fails_then_nothing_is_noted_and_it_may_be_tried_again(centre):
    class Failing(Command):
        def exit_status(self):
            return 1

    assert runner(centre, Failing).start(asked(), AN).state == "failed"
    assert centre.hall.store.last_event(ev.DRILL_HELD) is None
    assert runner(centre).start(asked(), AN).state == "done"


def test_given_the_same_request_again_when_its_drill_has_ended_then_no_other_is_held(centre):
    drills = runner(centre)
    first = drills.start(asked(), AN)
    assert drills.start(asked(), AN) == first
    assert len(centre.hall.store.events_of(ev.DRILL_HELD)) == 1
    drills.start(asked("b"), AN)
    assert len(centre.hall.store.events_of(ev.DRILL_HELD)) == 2


def test_given_a_drill_that_fails_by_itself_then_it_is_tried_once_that_day(centre):
    class Failing(Command):
        def exit_status(self):
            return 1

    class Over(Exception):
        pass

    turns = []

    def sleep(_):
        turns.append(drills.is_due())
        if len(turns) == 4:
            raise Over

    drills = DrillRunner(centre.hall, lambda *_: Failing(), lambda asked: [], lambda work: work(), sleep)
    centre.clock.on(hours=24)
    centre.hall.refresh()
    with pytest.raises(Over):
        drills.run()
    assert turns == [True, False, False, False]
    centre.clock.on(hours=24)
    centre.hall.refresh()
    assert drills.is_due()


def test_given_a_disk_that_is_full_when_it_ends_then_nothing_is_noted_and_it_may_be_tried_again(centre, monkeypatch):
    def refuse(*_):
        raise CannotSave("disk full")

    drills = runner(centre)
    with monkeypatch.context() as full:
        full.setattr(centre.hall, "run_as_system", refuse)
        drills.start(asked(), AN)
    assert centre.hall.store.last_event(ev.DRILL_HELD) is None
    assert drills.start(asked("b"), AN).state == "done"


def test_given_nobody_asks_then_a_drill_is_due_once_a_day_after_the_first_day(centre):
    drills = runner(centre)
    assert not drills.is_due(), "a new centre has nothing to try yet"
    centre.clock.on(hours=24)
    centre.hall.refresh()
    due = [drills.is_due()]
    drills.start(asked(), AN)
    due += [drills.is_due()]
    centre.clock.on(hours=24)
    centre.hall.refresh()
    assert [*due, drills.is_due()] == [True, False, True]


def test_given_a_real_centre_when_asked_then_every_check_is_told_and_the_log_holds_it(tmp_path):
    centre = TestCentreProcess(tmp_path / "data").start()
    try:
        centre.command("backup")
        token = centre.token("supervisor")
        began = time.monotonic()
        assert centre.post("/api/v1/drill", token=token).json()["state"] == "running"
        wait_until(lambda: centre.get("/api/v1/drill", token=token).json()["state"] == "done", "the drill has ended")
        print(f"the drill took {time.monotonic() - began:.1f} s")
        view = centre.get("/api/v1/drill", token=token).json()
        assert sorted({each["check"] for each in view["findings"]}) == sorted(CHECKS)
        assert {each["check"] for each in view["findings"] if each["result"] == "good"} >= {"restore", "database"}
        events = centre.get("/api/v1/events?after=0", token=token).json()["events"]
        assert [each["kind"] for each in events].count("drill.held") == 1
        assert centre.get("/health").headers["Hall"]
        assert centre.post("/api/v1/drill", token=centre.token("clerk")).status_code == 403
        assert "clean" in centre.command("verify")
    finally:
        centre.stop()
