"""The command line as people type it: while a server runs, and with wrong input."""

import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from hall.seal import seal_of
from queueing.ticket import State
from tests.centre import TestCentreProcess
from tests.clocks import HandClock
from tests.hall.centre import TestCentre
from tests.wire.test_revoked import listen, waited_until


def refused(centre, *words):
    """Run a command that must fail, and return what it printed."""
    with pytest.raises(subprocess.CalledProcessError) as failed:
        centre.command(*words)
    said = failed.value.stderr
    assert "Traceback" not in said
    return said


def test_given_a_leap_nobody_confirmed_when_people_are_listed_then_nobody_in_the_hall_expires(tmp_path):
    centre = TestCentre(tmp_path / "hall.db", HandClock(datetime.now(UTC) - timedelta(days=1)))
    centre.take()
    centre.clock.jump(days=1)
    centre.take()
    day = centre.hall.floor.day
    TestCentreProcess(tmp_path).command("user", "list")
    TestCentreProcess(tmp_path).command("user", "add", "An", "--role", "clerk", "--password", "bốn con vịt trắng")
    centre.hall.refresh()
    assert centre.hall.floor.day == day
    assert [centre.ticket(ref).state for ref in (1, 2)] == [State.WAITING] * 2


def test_given_a_program_when_its_token_is_revoked_by_a_command_then_it_is_out_and_the_log_has_both(tmp_path):
    centre = TestCentreProcess(tmp_path / "data").start()
    kept = centre.token("inspector")
    gone = centre.command("token", "--role", "clerk", "--counter", "2", "--name", "Bàn phím", "--days", "1").strip()
    assert [centre.get("/api/v1/me", token=token).status_code for token in (kept, gone)] == [200, 200]
    socket, heard = listen(centre, "/counter", [], {"token": gone, "counter": 2})
    lines = [line.split() for line in centre.command("token", "list").splitlines()]
    assert [(line[0], line[1], line[-1]) for line in lines] == [
        ("1", "inspector", f"{datetime.now().astimezone():%Y-%m-%d}"),
        ("2", "clerk", "phím"),
    ]
    centre.command("token", "revoke", "2")
    assert [centre.get("/api/v1/me", token=token).status_code for token in (kept, gone)] == [200, 401]
    took = waited_until(lambda: not socket.connected)
    print(f"the socket of the program was closed after {took:.1f} s")
    assert heard == {"code": "signed_out"}
    assert [line.split()[0] for line in centre.command("token", "list").splitlines()] == ["1"]
    events = centre.get("/api/v1/events", token=kept).json()["events"]
    assert [(event["data"]["what"], event["data"]["token"]) for event in events if "token" in event["data"]] == [
        ("token_issued", 1),
        ("token_issued", 2),
        ("token_revoked", 2),
    ]
    assert "/setup?key=" in centre.command("user", "link")
    assert centre.get("/api/v1/events", token=kept).json()["events"][-1]["data"]["what"] == "setup_link_issued"
    assert "clean" in centre.command("verify")
    assert gone not in str(events) and "Bàn phím" not in str(events)
    for words in (("--role", "clerk", "--counter", "99"), ("--role", "kiosk", "--counter", "1"), (), ("revoke", "9")):
        assert refused(centre, "token", *words)
    centre.stop()


def test_given_a_posted_seal_when_verifying_then_the_command_says_whether_the_log_fits_it(tmp_path):
    centre = TestCentre(tmp_path / "hall.db")
    centre.take(), centre.press("open", 2)
    posted = str(seal_of(centre.store, centre.hall.floor.day))
    centre.db.close()
    assert "clean" in TestCentreProcess(tmp_path).command("verify", "--seal", posted)
    assert "is not the seal of a day" in refused(TestCentreProcess(tmp_path), "verify", "--seal", posted[:-1])
    with sqlite3.connect(tmp_path / "hall.db") as by_hand:
        by_hand.execute("DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)")
    with pytest.raises(subprocess.CalledProcessError) as failed:
        TestCentreProcess(tmp_path).command("verify", "--seal", posted)
    assert "ends at event" in failed.value.stdout and "clean" not in failed.value.stdout


def test_given_a_folder_without_a_centre_when_verifying_then_it_says_so_and_makes_none(tmp_path):
    assert "no centre" in refused(TestCentreProcess(tmp_path / "typo"), "verify")
    assert not (tmp_path / "typo").exists()


@pytest.mark.parametrize("words", [("token", "--role", "kiosk"), ("run", "--port", "9")])
def test_given_a_folder_that_cannot_be_written_then_every_command_says_so(tmp_path, words):
    TestCentre(tmp_path / "hall.db").db.close()
    (tmp_path / "hall.db-wal").mkdir()
    assert "cannot be written" in refused(TestCentreProcess(tmp_path), *words)


def test_given_a_database_of_a_newer_version_then_no_command_calls_it_damaged_or_offers_to_restore_it(tmp_path):
    centre = TestCentre(tmp_path / "hall.db")
    centre.db.execute("PRAGMA user_version = 999")
    centre.db.close()
    for words in (("run", "--port", "9"), ("backup",), ("verify",), ("restore",)):
        said = refused(TestCentreProcess(tmp_path), *words)
        assert "made by a newer version" in said
        assert "damaged" not in said and "To put everything back" not in said


@pytest.mark.slow
def test_given_another_program_holds_the_file_then_presses_are_refused_in_time_and_the_board_is_shown(tmp_path):
    centre = TestCentreProcess(tmp_path).start()
    try:
        kiosk = centre.token("kiosk")
        with closing(sqlite3.connect(tmp_path / "hall.db", isolation_level=None)) as foreign:
            foreign.execute("BEGIN EXCLUSIVE")
            began = time.monotonic()
            with ThreadPoolExecutor(8) as pool:
                presses = [pool.submit(take, centre, kiosk) for _ in range(24)]
                shown = [centre.get("/api/v1/board").status_code for _ in range(10)]
                pressed = [press.result() for press in presses]
            print(f"answered in {time.monotonic() - began:.1f} s (one after the other: 120 s)")
        assert shown == [200] * 10 and pressed == [503] * 24
        assert take(centre, kiosk) == 201
    finally:
        centre.stop()


def take(centre, kiosk):
    return centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=kiosk).status_code


def test_given_a_damaged_page_when_verifying_then_it_says_so(tmp_path):
    db = TestCentre(tmp_path / "hall.db").db
    page = db.row("SELECT rootpage FROM sqlite_schema WHERE name = 'event'")[0]
    db.truncate_write_ahead_log()
    db.close()
    content = bytearray((tmp_path / "hall.db").read_bytes())
    content[(page - 1) * 4096 : page * 4096] = bytes(range(256)) * 16
    (tmp_path / "hall.db").write_bytes(content)
    assert "damaged" in refused(TestCentreProcess(tmp_path), "verify")
