"""Strangers that send a byte now and then keep no place, stop nobody, and are not waited for."""

import json
import os
import subprocess
import threading
import time
from contextlib import contextmanager, suppress

import pytest

from runtime.http import BODY_TIMEOUT_S
from server import CONNECTIONS_LEAST, FILES_EACH, FILES_KEPT, SHARE
from tests.centre import TestCentreProcess
from tests.strangers.pouring import HEAD, SLOW, STOP_PROMISED_S, press, reach

GIVE_UP_S = 90
FILES_LEAST = FILES_KEPT + FILES_EACH * CONNECTIONS_LEAST
DRIBBLE_S = 1.0
BODIES = {
    "a length": b"Content-Length: 1000\r\n\r\n{",
    "chunks": b"Transfer-Encoding: chunked\r\n\r\n400\r\n{",
    "chunks of a byte": b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    "a length above all": b"Content-Length: 100000000\r\n\r\n{",
}


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    """A centre with as few places as it may have."""
    centre = TestCentreProcess(tmp_path_factory.mktemp("hall") / "data", "eventlet", files=FILES_LEAST).start()
    centre.kiosk = centre.token("kiosk")
    yield centre
    assert "Traceback" not in centre.output()
    centre.stop()


@contextmanager
def dribbled(lines):
    """Send a space on each connection every second."""
    stop = threading.Event()

    def dribble():
        while not stop.wait(DRIBBLE_S):
            for line in lines:
                with suppress(OSError):
                    line.send(b" ")

    busy = threading.Thread(target=dribble)
    busy.start()
    try:
        yield
    finally:
        stop.set()
        busy.join()
        for line in lines:
            line.close()


def closed(line):
    """Return whether the other end has closed a connection, after reading what it sent before."""
    line.setblocking(False)
    try:
        while line.recv(65536):
            pass
        return True
    except BlockingIOError:
        return False
    except OSError:
        return True


def test_given_a_slow_body_at_every_route_then_each_is_closed_and_presses_are_answered(hall, exposed):
    _, paths = exposed
    kinds = list(BODIES.values())
    lines = []
    for n, (method, path) in enumerate(paths):
        # Each comes from an address of its own, or an address's share of the places would do the work of the deadline.
        line = reach(hall.port, f"127.0.1.{n % 200 + 1}")
        line.sendall(f"{method} {path}".encode() + HEAD + kinds[n % len(kinds)])
        lines.append(line)
    assert len(lines) < CONNECTIONS_LEAST
    began = time.monotonic()
    with dribbled(lines):
        slowest = max(press(hall) for _ in range(3))
        while left := sum(not closed(line) for line in lines):
            assert time.monotonic() - began < GIVE_UP_S, f"{left} of {len(lines)} are still open"
            slowest = max(slowest, press(hall))
            time.sleep(0.5)
    print(f"{len(lines)} closed in {time.monotonic() - began:.1f} s (promised: {BODY_TIMEOUT_S:.0f} s)")
    print(f"slowest press {slowest:.2f} s")


@pytest.mark.parametrize("addresses", [1, 20], ids=["one address", "twenty addresses"])
def test_given_more_slow_connections_than_places_then_newcomers_get_in(hall, addresses):
    lines = []
    for n in range(2 * CONNECTIONS_LEAST):
        address = "127.0.0.1" if addresses == 1 else f"127.0.2.{n % addresses + 1}"
        with suppress(OSError):
            line = reach(hall.port, address)
            line.sendall(list(SLOW.values())[n % len(SLOW)])
            lines.append(line)
    with dribbled(lines):
        slowest = max(press(hall) for _ in range(5))
        still = sum(not closed(line) for line in lines)
    print(f"slowest press {slowest:.2f} s, {still} of {len(lines)} kept a place")
    assert still <= (CONNECTIONS_LEAST // SHARE if addresses == 1 else CONNECTIONS_LEAST)


def test_given_answers_that_nobody_reads_when_the_strangers_leave_then_nothing_of_them_is_kept(hall):
    """So many would use up all files, if each were kept until the garbage collector comes by."""
    before = open_files(hall)
    for _ in range(3):
        lines = [reach(hall.port, f"127.0.3.{n % 20 + 1}") for n in range(CONNECTIONS_LEAST // 2)]
        for line in lines:
            line.sendall(SLOW["answers nobody reads"])
        time.sleep(0.5)
        for line in lines:
            line.close()
    deadline = time.monotonic() + GIVE_UP_S
    while (left := open_files(hall) - before) > 5 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert left <= 5
    press(hall)


def open_files(hall):
    """How many files and connections the server has open."""
    return len(os.listdir(f"/proc/{hall.process.pid}/fd"))


def test_given_strangers_that_never_end_when_asked_to_stop_then_it_stops_and_who_works_is_answered(hall):
    lines = [reach(hall.port) for _ in range(20)]
    for n, line in enumerate(lines):
        line.sendall(list(SLOW.values())[n % len(SLOW)])
    with dribbled(lines):
        time.sleep(0.2)
        began = time.monotonic()
        assert hall.stop() == 0
        print(f"stopped in {time.monotonic() - began:.1f} s (promised: {STOP_PROMISED_S} s)")
    hall.start()


def test_given_a_body_in_chunks_then_it_is_read(hall):
    clerk = hall.token("clerk")
    hall.post("/api/v1/counters/2/open", token=clerk)
    body = json.dumps({"reason": "lunch"}).encode()

    def ask(chunks):
        with reach(hall.port) as line:
            line.sendall(
                b"POST /api/v1/counters/2/pause HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                b"Idempotency-Key: 12345678\r\nContent-Type: application/json\r\n"
                b"Transfer-Encoding: chunked\r\nAuthorization: Bearer " + clerk.encode() + b"\r\n\r\n" + chunks
            )
            answer = b""
            while piece := line.recv(65536):
                answer += piece
        return int(answer.split()[1])

    assert ask(b"4000\r\n" + b" " * 0x4000 + b"\r\n2\r\n{}\r\n0\r\n\r\n") == 413
    assert ask(b"2\r\n[]\r\n0\r\n\r\n") == 400
    assert ask(b"5;x=y\r\n" + body[:5] + b"\r\n%x\r\n" % (len(body) - 5) + body[5:] + b"\r\n0\r\nX: y\r\n\r\n") == 200
    events = hall.get("/api/v1/events", token=hall.token("supervisor")).json()["events"]
    assert [event["data"]["reason"] for event in events if event["kind"] == "counter.paused"] == ["lunch"]


@pytest.mark.parametrize("mode", ["eventlet", "threading"])
def test_given_a_port_that_is_taken_then_a_second_server_says_so_and_makes_nothing(hall, tmp_path, mode):
    second = TestCentreProcess(tmp_path / "second", mode)
    with pytest.raises(subprocess.CalledProcessError) as refused:
        second.command("run", "--host", "127.0.0.1", "--port", str(hall.port))
    assert f"port: cannot listen on 127.0.0.1:{hall.port}: " in refused.value.stderr
    assert "Traceback" not in refused.value.stderr and not refused.value.stdout
    assert not second.data.exists()


@pytest.mark.parametrize("files", [64, FILES_KEPT, FILES_LEAST - 1])
def test_given_too_few_files_then_a_sentence_says_how_many_it_needs(tmp_path, files):
    centre = TestCentreProcess(tmp_path / "data", "eventlet", files=files)
    with pytest.raises(AssertionError, match=f"ulimit: .* {files} .* {FILES_LEAST}"):
        centre.start()
    assert "Traceback" not in centre.output()
