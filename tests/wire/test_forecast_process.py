"""The process of the forecasts: never in the way of a press, and back by itself."""

import os
import signal
import subprocess
import threading
import time

import pytest

from tests.centre import TestCentreProcess

BACK_S = 20  # promised are 5 s; the test only gives up later


@pytest.fixture
def centre(tmp_path):
    made = TestCentreProcess(tmp_path / "data").start()
    yield made
    made.kill()


def forecasters(centre):
    """The ids of the processes of forecasts that the server has started."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(centre.process.pid)], capture_output=True, text=True
    )
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if " forecast " in line]


def wait_for(what):
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < BACK_S
        time.sleep(0.02)
    return time.monotonic() - began


def test_given_the_forecasts_are_killed_under_load_then_tickets_and_calls_go_on_and_they_are_back(centre):
    kiosk, clerk = centre.token("kiosk"), centre.token("clerk")
    centre.post("/api/v1/counters/2/open", token=clerk)
    statuses, stop = [], threading.Event()

    def take():
        return centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=kiosk)

    def issue():
        while not stop.is_set():
            statuses.append(take().status_code)

    def call():
        while not stop.is_set():
            statuses.append(centre.post("/api/v1/counters/2/call-next", {"finish": True}, token=clerk).status_code)
            statuses.append(centre.post("/api/v1/counters/2/start", token=clerk).status_code)

    def has_time():
        return take().json()["forecast"] is not None

    wait_for(has_time)
    (first,) = forecasters(centre)
    people = [threading.Thread(target=work) for work in (issue, issue, call)]
    for each in people:
        each.start()
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: forecasters(centre) not in ([], [first]))
    # What was said before is shown for a while; this is said by the new process.
    seconds = wait_for(lambda: len(centre.output().split("forecasts_away")) > 1 and has_time())
    stop.set()
    for each in people:
        each.join()
    print(f"figures again {seconds:.1f} s after the new process began")
    assert len(statuses) > 50 and set(statuses) <= {200, 201, 409}, set(statuses)
    assert len(forecasters(centre)) == 1
    (second,) = forecasters(centre)
    centre.kill_alone = os.kill(centre.process.pid, signal.SIGKILL)
    wait_for(lambda: not os.path.exists(f"/proc/{second}"))
