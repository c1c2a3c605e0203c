"""What may come over one WebSocket: so many bytes and reads, with a pause for all others before each read.

The libraries read a socket for as long as there is something to read, and never give way meanwhile: one that pours
would stop every other. This stands below them, so that it also holds for what they never hand on: control frames,
frames of a message without end, bytes that come singly.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

METER = "den_luot.meter"  # where the environment of a socket's request has its `Meter`

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may be taken at once, and how much of it comes back each second."""

    reads: float
    size: float  # bytes
    reads_a_second: float = 0.0
    size_a_second: float = 0.0


# One frame takes two to four reads. Who has not joined has one thing to say, and no more is let in.
UNJOINED = Allowance(reads=100, size=16 * 1024)
# A wall answers each call with two messages; this is some fifty a second, and five hundred at once.
JOINED = Allowance(reads=2_000, size=128 * 1024, reads_a_second=200, size_a_second=16 * 1024)


class Meter:
    """Counts what comes over one socket."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._allowance = UNJOINED
        self._at, self._reads, self._size = now(), UNJOINED.reads, float(UNJOINED.size)

    def joined(self) -> None:
        """Allow what a screen may send; from now on the socket is one."""
        if self._allowance is not JOINED:
            self._allowance = JOINED
            self._at, self._reads, self._size = self._now(), JOINED.reads, float(JOINED.size)

    def take(self, size: int) -> bool:
        """Count one read of `size` bytes; return False once more came than is allowed."""
        now, allowance = self._now(), self._allowance
        passed, self._at = now - self._at, now
        self._reads = min(allowance.reads, self._reads + passed * allowance.reads_a_second) - 1
        self._size = min(allowance.size, self._size + passed * allowance.size_a_second) - size
        return self._reads >= 0 and self._size >= 0


class MeteredSocket:
    """A connection that gives way before each read, and ends when more came over it than is allowed."""

    def __init__(self, socket: Any, meter: Meter, give_way: Callable[[], None], address: str) -> None:
        self._socket = socket
        self._meter = meter
        self._give_way = give_way
        self._address = address
        self._ended = False

    def recv(self, most: int, *flags: int) -> bytes:
        """Return what came, at most so many bytes; nothing, as if the other side had closed, when it was too much."""
        if self._ended:
            return b""
        self._give_way()
        data: bytes = self._socket.recv(most, *flags)
        if not self._meter.take(len(data)):
            self._ended = True
            log.warning("socket_flood", address=self._address)
            return b""
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)


class _Input:
    """What eventlet's WebSocket asks for its connection."""

    def __init__(self, socket: MeteredSocket) -> None:
        self._socket = socket

    def get_socket(self) -> MeteredSocket:
        """Return the connection."""
        return self._socket


def meter_socket(environ: WSGIEnvironment, give_way: Callable[[], None]) -> None:
    """Put a meter on the connection of a request that becomes a socket, where the server shows its connection."""
    environ[METER] = meter = Meter()
    address = environ.get("REMOTE_ADDR", "")
    if "werkzeug.socket" in environ:
        environ["werkzeug.socket"] = MeteredSocket(environ["werkzeug.socket"], meter, give_way, address)
    elif "eventlet.input" in environ:
        socket = environ["eventlet.input"].get_socket()
        environ["eventlet.input"] = _Input(MeteredSocket(socket, meter, give_way, address))
