"""Strangers pour packets into every namespace and bytes through every route of the real server; a kiosk is answered."""

import json
import time
from contextlib import suppress
from pathlib import Path

import pytest

from hall.announce import FROM_SCREENS
from tests.centre import TestCentreProcess
from tests.strangers.pouring import (
    BINARY,
    CLOSE,
    GIVE_UP_S,
    HEAD,
    MORE,
    PING,
    PONG,
    PROMISED_S,
    SLOW,
    STOP_PROMISED_S,
    TEXT,
    UPGRADE,
    Pour,
    frame,
    poured,
    press,
    reach,
    said,
)

PRESSES = 5
CROWD, WAVES = 800, 3
GROWTH_MOST_KB = 30 * 1024


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    """As a centre runs by default: on eventlet."""
    centre = TestCentreProcess(tmp_path_factory.mktemp("hall") / "data", "eventlet").start()
    centre.kiosk = centre.token("kiosk")
    yield centre
    assert "Traceback" not in centre.output()
    centre.stop()


def memory(hall):
    """What the server holds in memory, in kB."""
    status = Path(f"/proc/{hall.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def check_memory(hall, before):
    """Check that the server gives back what strangers took."""
    deadline = time.monotonic() + GIVE_UP_S
    while (grown := memory(hall) - before) >= GROWTH_MOST_KB and time.monotonic() < deadline:
        time.sleep(0.5)
    print(f"memory: {grown / 1024:+.1f} MB")
    assert grown < GROWTH_MOST_KB


def pressed_among(hall, pours):
    """Press while strangers pour; all are let in first."""
    with poured(hall.port, pours) as came:
        deadline = time.monotonic() + GIVE_UP_S
        while not all(came.values()) and time.monotonic() < deadline:
            time.sleep(0.01)
        took = []
        for _ in range(PRESSES):
            took.append(press(hall))
            time.sleep(0.1)
    return max(took)


def packets(namespace, token):
    """What a stranger and a screen may pour into a namespace."""
    join = UPGRADE + said(f"40{namespace}," + json.dumps({"token": token, "counter": 2}))
    wrong = said(f"40{namespace}," + json.dumps({"token": "x" * 43}))
    return [
        Pour("a wrong token", UPGRADE, wrong),
        Pour("a wrong token after joining", join, wrong),
        Pour("messages before joining", UPGRADE, said(f'42{namespace},["resync"]')),
        Pour("coming and going", join, said(f"41{namespace},") + join[len(UPGRADE) :]),
        *(Pour(message, join, said(f'42{namespace},["{message}",{{"seq":1}}]')) for message in FROM_SCREENS),
    ]


def frames(token):
    """What may be poured below the packets, or without a namespace."""
    join = UPGRADE + said("40/display," + json.dumps({"token": token}))
    junk = {
        "an unknown namespace": said("40/nope,"),
        "pings": said("2"),
        "pongs": said("3"),
        "upgrades": said("5"),
        "nothing": said("6"),
        "empty packets": said(""),
        "bytes": frame(BINARY, bytes(100)),
        "pings of frames": frame(PING),
        "pongs of frames": frame(PONG, bytes(125)),
        "a message without end": frame(TEXT, b"4" * 100, last=False) + frame(MORE, b"4" * 1000, last=False) * 60,
        "large frames": frame(TEXT, b"4" * 4000),
        "ends": frame(CLOSE),
    }
    return [
        Pour(f"{name} {when}", first, then)
        for name, then in junk.items()
        for when, first in (("before joining", UPGRADE), ("after joining", join))
    ]


def test_given_crowds_of_slow_connections_when_they_have_left_then_their_memory_is_given_back(hall):
    for _ in range(3):
        press(hall)
    before = memory(hall)
    for _ in range(WAVES):
        lines = []
        for n in range(CROWD):
            line = reach(hall.port, f"127.0.2.{n % 100 + 1}")
            lines.append(line)
            with suppress(OSError):
                line.sendall(list(SLOW.values())[n % len(SLOW)])
        time.sleep(1)
        press(hall)
        for line in lines:
            line.close()
    check_memory(hall, before)
    press(hall)


def test_given_strangers_that_pour_into_every_namespace_then_presses_are_answered(hall, exposed):
    namespaces, _ = exposed
    assert len(namespaces) >= 5
    before = memory(hall)
    for namespace, role in namespaces.items():
        slowest = pressed_among(hall, packets(namespace, hall.token(role)))
        print(f"{namespace}: slowest press {slowest:.2f} s (promised: {PROMISED_S} s)")
    slowest = pressed_among(hall, frames(hall.token("display")))
    print(f"frames: slowest press {slowest:.2f} s (promised: {PROMISED_S} s)")
    check_memory(hall, before)


ENDLESS = 10**12
HTTP = {
    "a body without end": (b"Content-Length: %d\r\n\r\n" % ENDLESS, b" " * 1000),
    "chunks without end": (b"Transfer-Encoding: chunked\r\n\r\n", b"400\r\n" + b" " * 1024 + b"\r\n"),
    "chunks of a byte": (b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "a size without end": (b"Transfer-Encoding: chunked\r\n\r\n", b"0" * 1000),
    "trailers without end": (b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
}


def requests_poured():
    """What may be poured where a request is read."""
    none = b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\n\r\n"
    old = UPGRADE.replace(b"Sec-WebSocket-Version: 13", b"Origin: http://x")
    foreign = UPGRADE.replace(b"Host: x", b"Host: x\r\nOrigin: http://evil.test")
    return [
        Pour("requests", b"", b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"),
        Pour("sockets that are none", b"", none),
        Pour("sockets of a foreign page", b"", foreign),
        Pour("sockets of another protocol", b"", UPGRADE.replace(b"EIO=4", b"EIO=3")),
        Pour("sockets of 2010", old, b"\0x" * 500),
        Pour("a line without end", b"GET /", b"a" * 1000),
        Pour("headers without end", b"GET /health HTTP/1.1\r\nHost: x\r\n", b"X: y\r\n"),
        Pour("noise", b"", bytes(range(256))),
        Pour("connections", b"", b"\r\n"),
    ]


def test_given_strangers_that_pour_through_every_route_then_presses_are_answered(hall, exposed):
    _, paths = exposed
    posts = [path for method, path in paths if method == "POST"]
    assert len(posts) >= 40
    before = memory(hall)
    slowest = pressed_among(hall, requests_poured())
    print(f"requests: slowest press {slowest:.2f} s (promised: {PROMISED_S} s)")
    # Each route gets one kind at least, and all kinds together.
    kinds = list(HTTP.items())
    pours = [
        Pour(f"{name}: {path}", b"POST " + path.encode() + HEAD + head, then)
        for n, path in enumerate(posts)
        for name, (head, then) in (kinds[n % len(kinds)],)
    ]
    for some in (pours[n : n + 20] for n in range(0, len(pours), 20)):
        slowest = pressed_among(hall, some)
        print(f"{len(some)} routes: slowest press {slowest:.2f} s (promised: {PROMISED_S} s)")
    check_memory(hall, before)


def test_given_strangers_that_pour_when_asked_to_stop_then_nobody_is_waited_for(hall):
    kinds = [Pour(name, b"POST /api/v1/sign-in" + HEAD + head, then) for name, (head, then) in HTTP.items()]
    with poured(hall.port, [*requests_poured(), *kinds]) as came:
        deadline = time.monotonic() + GIVE_UP_S
        while not all(came.values()) and time.monotonic() < deadline:
            time.sleep(0.01)
        began = time.monotonic()
        assert hall.stop() == 0
        print(f"stopped in {time.monotonic() - began:.1f} s (promised: {STOP_PROMISED_S} s)")
    hall.start()
