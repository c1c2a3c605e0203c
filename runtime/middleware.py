"""Middleware around the application: lets other requests run first, and counts those in flight."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler
from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class RequestMiddleware:
    """Gives way before each request, keeps sockets uncompressed, and counts the requests in flight."""

    def __init__(self, app: WSGIApplication, give_way: Callable[[], None]) -> None:
        self._app = app
        self._give_way = give_way
        self.in_flight = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # Compression of messages costs 95 KB a socket, for nothing at our sizes, and has no switch.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        if environ.get("PATH_INFO", "").startswith("/socket.io"):
            if "HTTP_SEC_WEBSOCKET_KEY" not in environ:  # the libraries raise on it
                start_response("400 Bad Request", [("Content-Length", "0")])
                return []
            return self._app(environ, start_response)
        # One pause before each request, outside any transaction, so that a burst from one kiosk
        # does not hold up every other.
        self._give_way()
        self.in_flight += 1
        try:
            return ClosingIterator(self._app(environ, start_response), self._done)
        except BaseException:  # an interrupt too: a request that failed to begin is not in flight
            self._done()
            raise

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
