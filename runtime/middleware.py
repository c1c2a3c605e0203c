"""Middleware around the application: lets other requests run first, meters sockets, and counts requests in flight."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler
from werkzeug.wsgi import ClosingIterator

from runtime.connections import CONNECTION, HeldConnection
from runtime.fair_start import FairStart
from runtime.metering import meter_socket

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class RequestMiddleware:
    """Gives way before each request, meters sockets and keeps them uncompressed, counts the requests in flight."""

    def __init__(self, app: WSGIApplication, give_way: Callable[[], None]) -> None:
        self._app = app
        self._give_way = give_way
        self._start = FairStart(give_way)
        self.in_flight = 0

    @property
    def beginning(self) -> int:
        """Return how many requests are about to begin."""
        return self._start.beginning

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # Before anything is answered, outside any transaction: a burst on one connection must not hold up every other.
        self._start.begin(environ.get("REMOTE_ADDR", ""))
        if environ.get("PATH_INFO", "").startswith("/socket.io"):
            return self._socket(environ, start_response)
        connection: HeldConnection | None = environ.get(CONNECTION)
        self.in_flight += 1
        try:
            if connection is not None:
                connection.works()
            answer = ClosingIterator(self._app(environ, start_response), self._done)
        except BaseException:  # an interrupt too: a request that failed to begin is not in flight
            self._done()
            raise
        if connection is not None:
            connection.waits()  # for the other side to take the answer
        return answer

    def _socket(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # Compression of messages costs 95 KB a socket, for nothing at our sizes, and has no switch.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        # The libraries raise without a key, and without a version talk a protocol of 2010 that has no frames.
        if "HTTP_SEC_WEBSOCKET_KEY" not in environ or environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13":
            start_response("400 Bad Request", [("Content-Length", "0"), ("Sec-WebSocket-Version", "13")])
            return []
        meter_socket(environ, self._give_way)
        return self._app(environ, start_response)

    def _done(self) -> None:
        self.in_flight -= 1


class QuietRequestHandler(WSGIRequestHandler):
    """Werkzeug's own handler for the threading mode, without log lines; closes a connection after its socket."""

    def connection_dropped(self, error: BaseException, environ: WSGIEnvironment | None = None) -> None:
        """Close the connection that a client has dropped."""
        self.close_connection = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write no line for a request."""
        pass
