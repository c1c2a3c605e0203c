"""The disk of a real centre dies: from the second place everything comes back on an empty PC."""

import re
import shutil
import subprocess
import time

import pytest

from store.backup import BACKUPS, copies
from store.diary import DIARY, last_entry
from tests.centre import TestCentreProcess
from tests.faults.test_backup import damaged
from tests.faults.waiting import wait_until
from tests.wire.log import read_log


def refused(centre):
    """What the server says that will not start."""
    words = centre._command("run", "--host", "127.0.0.1", "--port", str(centre.port), *centre.options)
    done = subprocess.run(words, env=centre._environment(), capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.slow
def test_given_a_dead_disk_then_every_acknowledged_ticket_is_back_on_an_empty_pc(tmp_path):
    usb = tmp_path / "usb"
    usb.mkdir()
    centre = TestCentreProcess(tmp_path / "data", options=("--backup-to", str(usb))).start()
    try:
        kiosk, clerk, inspector = centre.token("kiosk"), centre.token("clerk"), centre.token("inspector")
        centre.command("backup", "--backup-to", str(usb))  # last night's
        assert len(copies(usb / BACKUPS)) == 1
        centre.post("/api/v1/counters/2/open", token=clerk)
        tickets = [centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=kiosk).json() for _ in range(12)]
        called = centre.post("/api/v1/counters/2/call-next", token=clerk).json()
        log = list(read_log(centre, inspector))
        wait_until(lambda: last_entry(usb / DIARY) == log[-1]["seq"], "the daily file in the second place")
        wait_until(lambda: last_entry(centre.data / DIARY) == log[-1]["seq"], "the daily file beside the database")
        centre.kill()
        shutil.rmtree(centre.data)

        began = time.monotonic()
        said = centre.command("restore", str(usb))
        print(f"restored in {time.monotonic() - began:.1f} s (promised: 5 minutes)")
        assert f"the log goes on with event {log[-1]['seq'] + 1}" in said
        centre.start()
        again = list(read_log(centre, inspector))
        assert again[: len(log)] == log
        assert {event["ref"] for event in again if event["kind"] == "ticket.issued"} == {t["ref"] for t in tickets}
        console = centre.post("/api/v1/counters/2/start", token=clerk).json()
        assert (console["ticket"]["number"], console["counter"]["state"]) == (called["ticket"]["number"], "serving")
        numbers = {ticket["number"] for ticket in tickets}
        new = centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=kiosk).json()
        assert new["number"] == "B101" and new["number"] not in numbers
        assert "clean" in centre.command("verify")
        lost = centre.post("/api/v1/tickets", {"service": "CHUNG_THUC", "number": "B 013"}, token=clerk).json()
        assert lost["number"] == "B013"
        again = centre.post("/api/v1/tickets", {"service": "CHUNG_THUC", "number": "B013"}, token=clerk)
        assert (again.status_code, again.json()["code"]) == (409, "number_taken")
        centre.stop()

        damaged(centre.data / "hall.db")
        said = refused(centre)
        assert "the database is damaged" in said and "The last good backup is of" in said
        at_stake = re.search(r"(\d+) later events are known of; the daily files hold (\d+) of them", said)
        assert at_stake is not None and at_stake[1] == at_stake[2]
        assert "server.py restore --data" in said
        (centre.data / "hall.db").unlink()
        assert "is gone, what was kept of it is there" in refused(centre)
        centre.command("restore", "--backup-to", str(usb))
        centre.start()
        assert "clean" in centre.command("verify")
    finally:
        centre.stop()
