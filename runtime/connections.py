"""The connections a server holds: which wait for a stranger's bytes, and which is closed when there are too many.

A connection *waits* while the next byte is the other side's to send or to take: for a request, for the rest of a
body, for a socket to say which screen it is. Only those can be had without end and without a role, so an address has a
share of them. When the share is used up, or all places are, the one that has waited longest is closed, and the
newcomer gets in: a press takes milliseconds, so it is never the one.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog

RETRY_S = 0.05  # after a connection could not be accepted
_CLOSED = frozenset({errno.EBADF, errno.EINVAL, errno.ENOTSOCK})  # the listener itself is no more

log = structlog.get_logger()

CONNECTION = "den_luot.connection"  # where a request's environment has its `HeldConnection`


def _nothing() -> None:
    pass


class HeldConnection:
    """One connection; it waits until `works` says otherwise."""

    def __init__(self, connections: Connections, address: str, close: Callable[[], None]) -> None:
        self.address = address
        self.close = close
        self.closed = False  # to make room; what it has sent before is not answered
        self._connections = connections

    def waits(self) -> None:
        """Note that from now on the other side is waited for."""
        self._connections.add_waiting(self)

    def waits_for_more(self) -> None:
        """Note that a request, or more of one, is waited for; as the server stops, the connection is closed instead."""
        self.waits()
        if self._connections.stopping:
            self._connections.close(self)

    def works(self) -> None:
        """Note that a request is being answered, or that a screen has joined: it keeps its place."""
        self._connections.remove_waiting(self)


class Connections:
    """All connections of a server: at most `most`, of which at most `share` of one address may be waiting."""

    def __init__(self, most: int, share: int) -> None:
        self.most = most
        self.share = share
        self.held = 0
        self.ended = 0  # since the start
        self.stopping = False  # no more requests are read
        self._waiting: dict[HeldConnection, None] = {}  # who has waited longest is first
        self._by_address: dict[str, dict[HeldConnection, None]] = {}

    @contextmanager
    def admitted(self, address: str, close: Callable[[], None]) -> Iterator[HeldConnection]:
        """Hold a new connection, waiting; `close` ends it from outside, and must not raise."""
        connection = HeldConnection(self, address, close)
        self.held += 1
        connection.waits()
        if self.held > self.most:
            self.make_room()
        try:
            yield connection
        finally:
            self.held -= 1
            self.ended += 1
            connection.works()
            connection.close = _nothing  # it refers to the connection, and only the garbage collector would free both

    def add_waiting(self, connection: HeldConnection) -> None:
        """Let a connection wait, as the newest; close the longest waiting of its address if that has too many."""
        self.remove_waiting(connection)
        same = self._by_address.setdefault(connection.address, {})
        self._waiting[connection] = same[connection] = None
        if len(same) > self.share:
            self._close_longest(same)

    def remove_waiting(self, connection: HeldConnection) -> None:
        """Let a connection wait no more."""
        if connection in self._waiting:
            del self._waiting[connection]
            same = self._by_address[connection.address]
            del same[connection]
            if not same:
                del self._by_address[connection.address]

    def make_room(self) -> None:
        """Close the connection that has waited longest, if there is one."""
        if self._waiting:
            self._close_longest(self._waiting)

    def close_waiting(self) -> None:
        """Close every connection that waits, as the server is asked to stop, and from now on whatever waits for more.

        Else somebody who sends without end, or one request after the other, would be waited for.
        """
        self.stopping = True
        while self._waiting:
            self.make_room()

    def close(self, connection: HeldConnection) -> None:
        """Close a connection; what it has sent before is not answered."""
        self.remove_waiting(connection)
        connection.closed = True
        connection.close()

    def _close_longest(self, waiting: dict[HeldConnection, None]) -> None:
        self.close(next(iter(waiting)))


class SteadyListener:
    """A listening socket that goes on when a connection cannot be accepted: the server's library would end."""

    def __init__(self, socket: Any, connections: Connections, sleep: Callable[[float], None]) -> None:
        self._socket = socket
        self._connections = connections
        self._sleep = sleep

    def accept(self) -> Any:
        """Return the next connection and its address.

        Raises:
            OSError: the listener was closed.
        """
        while True:
            try:
                return self._socket.accept()
            except OSError as error:
                if error.errno in _CLOSED:
                    raise
                log.warning("cannot_accept", cause=error.strerror)
            self._connections.make_room()
            self._sleep(RETRY_S)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)
