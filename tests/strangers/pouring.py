"""Strangers that pour: each sends one thing over and over, as fast as it is taken, and comes again when turned out."""

import base64
import select
import socket
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import pytest
import requests

ADDRESS = "127.0.0.2"  # where strangers come from: another than the kiosk's
BLOCK = 64 * 1024
PROMISED_S = 2  # for a press to be answered
STOP_PROMISED_S = 3
GIVE_UP_S = 60
TEXT, BINARY, CLOSE, PING, PONG, MORE = 0x1, 0x2, 0x8, 0x9, 0xA, 0x0

UPGRADE = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: " + base64.b64encode(bytes(16)) + b"\r\nSec-WebSocket-Version: 13\r\n\r\n"
)

HEAD = b" HTTP/1.1\r\nHost: x\r\nIdempotency-Key: 12345678\r\nContent-Type: application/json\r\n"

# What a connection sends at first that is slow from then on.
SLOW = {
    "bodies": b"POST /api/v1/sign-in" + HEAD + b"Content-Length: 1000\r\n\r\n{",
    "heads": b"POST /api/v1/sign-in HTTP/1.1\r\nHost: x\r\nX: ",
    "nothing": b"",
    "sockets": UPGRADE,
    "answers nobody reads": b"GET /static/text/vi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 50,
}


@dataclass
class Pour:
    """What a stranger sends first, and what then without end."""

    name: str
    first: bytes
    then: bytes


def frame(opcode, data=b"", last=True):
    """A frame of a WebSocket as a client sends it, with a mask that changes nothing."""
    size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2, "big")
    return bytes([opcode | (0x80 if last else 0)]) + size + bytes(4) + data


def said(text):
    """A packet of a socket."""
    return frame(TEXT, text.encode())


def reach(port, address=ADDRESS):
    """Connect from an address of a stranger."""
    return socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(address, 0))


@contextmanager
def poured(port, pours):
    """Let each pour by a thread of its own; yields how often each came."""
    stop, came = threading.Event(), dict.fromkeys((pour.name for pour in pours), 0)

    def pour_out(pour):
        block = memoryview(pour.then * (BLOCK // len(pour.then) + 1))
        while not stop.is_set():
            came[pour.name] += 1
            with suppress(OSError), reach(port) as line:
                line.sendall(pour.first)
                line.setblocking(False)
                left = block
                while not stop.is_set():
                    # Who does not read the answers is soon stopped by them.
                    readable, writable, _ = select.select([line], [line], [], 0.5)
                    if readable and not line.recv(BLOCK):
                        break
                    if writable:
                        left = left[line.send(left) :] or block

    strangers = [threading.Thread(target=pour_out, args=(pour,)) for pour in pours]
    for stranger in strangers:
        stranger.start()
    try:
        yield came
    finally:
        stop.set()
        for stranger in strangers:
            stranger.join()


def press(hall):
    """Take a ticket, and return how many seconds it took; each press on a connection of its own."""
    began = time.monotonic()
    with suppress(requests.RequestException):
        answer = requests.post(
            f"{hall.url}/api/v1/tickets",
            json={"service": "TRA_KQ"},
            headers={"Authorization": f"Bearer {hall.kiosk}", "Idempotency-Key": f"press{began}".replace(".", "-")},
            timeout=GIVE_UP_S,
        )
        assert answer.status_code == 201, answer.text
        return time.monotonic() - began
    pytest.fail(f"a press was not answered within {GIVE_UP_S} s; promised are {PROMISED_S} s")
