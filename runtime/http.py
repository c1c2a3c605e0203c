"""HTTP as a stranger may speak it: what is ambiguous is refused, and nothing is waited for without a deadline.

`CarefulProtocol` and `CarefulBody` stand before the classes of the same purpose in the server's library, which
`server.py` names.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from email import errors
from http import HTTPStatus
from http.client import HTTPMessage
from io import BufferedIOBase, UnsupportedOperation
from typing import TYPE_CHECKING, Any, ClassVar

import structlog
from werkzeug.exceptions import RequestTimeout

from runtime.connections import CONNECTION, Connections, HeldConnection

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler

    from _typeshed.wsgi import WSGIEnvironment

    class _Protocol(BaseHTTPRequestHandler):
        raw_requestline: bytes
        environ: WSGIEnvironment

        def _read_request_line(self) -> bytes: ...

        def get_environ(self) -> WSGIEnvironment: ...

        def handle_one_response(self) -> None: ...

    class _Input:
        rfile: BufferedIOBase
        chunked_input: bool
        should_send_hundred_continue: bool
        is_hundred_continue_response_sent: bool

        def read(self, length: int | None = None) -> bytes: ...

        def send_hundred_continue_response(self) -> None: ...
else:
    _Protocol = _Input = object

IDLE_TIMEOUT_S = 30.0  # a connection on which nothing comes for so long is closed
HEAD_TIMEOUT_S = 10.0  # for the head of a request, from its first line
BODY_TIMEOUT_S = 10.0  # for all of a body
DISCARDED = 4 * 1024 * 1024  # of a body that nobody reads; one that is longer ends the connection
PIECE = 16 * 1024

_CHUNK_LINE_LONGEST = 256
_TRAILERS_MOST = 16
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_REQUEST_LINE = re.compile(rb"[A-Z]{1,20} [\x21-\xff]+ HTTP/1\.[01]\r?\n")
_NOT_IN_A_NAME = re.compile(r"[^!#$%&'*+.^_`|~0-9A-Za-z-]")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_LENGTH = re.compile(r"[0-9]{1,15}")

_HEAD_DEFECTS = (
    errors.MissingHeaderBodySeparatorDefect,
    errors.FirstHeaderLineIsContinuationDefect,
    errors.MisplacedEnvelopeHeaderDefect,
    errors.InvalidHeaderDefect,
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class EventLoop:
    """What the library of the server has for waiting."""

    timeout: Callable[[float, Any], AbstractContextManager[object]]  # raises the exception after so many seconds
    give_way: Callable[[], None]


def malformed(version: str, headers: list[tuple[str, str]]) -> HTTPStatus | None:
    """Return the status by which a head is refused that two servers may understand differently, None if it is clear.

    After RFC 9112: one length or one encoding, not both; one host; no character that ends a line or a text.
    """
    names, values = [name for name, _ in headers], [value for _, value in headers]
    if not all(names) or _NOT_IN_A_NAME.search("".join(names)) or _CONTROL.search("".join(values)):
        return HTTPStatus.BAD_REQUEST
    given: dict[str, list[str]] = {}
    for name, value in headers:
        given.setdefault(name.lower(), []).append(value.strip(" \t"))
    lengths, codings, hosts = (given.get(name, []) for name in ("content-length", "transfer-encoding", "host"))
    if len(lengths) > 1 or any(not _LENGTH.fullmatch(length) for length in lengths) or (lengths and codings):
        return HTTPStatus.BAD_REQUEST
    if len(hosts) > 1 or (version == "HTTP/1.1" and not hosts):
        return HTTPStatus.BAD_REQUEST
    if codings and version != "HTTP/1.1":
        return HTTPStatus.BAD_REQUEST
    if codings and [coding.lower() for coding in codings] != ["chunked"]:
        return HTTPStatus.NOT_IMPLEMENTED
    return None


class RequestHead(HTTPMessage):
    """The lines of a head, found by name at once: the library of mail goes through all of them at each question."""

    _first: dict[str, str]
    _lines = -1  # how many were there when `_first` was made

    def get(self, name: str, failobj: Any = None) -> Any:
        """Return the first value of a line by its name in any case, `failobj` if there is none."""
        if self._lines != len(self):
            self._first = {key.lower(): value for key, value in reversed(list(self.raw_items()))}
            self._lines = len(self)
        return self._first.get(name.lower(), failobj)


class CarefulProtocol(_Protocol):
    """One connection: its place among all, the deadlines of its requests, and what of them is refused."""

    MessageClass = RequestHead
    connections: ClassVar[Connections]
    loop: ClassVar[EventLoop]
    body: ClassVar[type[CarefulBody]]

    def handle(self) -> None:
        """Answer the requests of a connection until it ends."""
        with self.connections.admitted(self.client_address[0], self._hang_up) as self.held:
            super().handle()

    def _hang_up(self) -> None:
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _read_request_line(self) -> bytes:
        if not self.held.closed:
            self.held.waits_for_more()
        if self.held.closed:
            return b""
        with self.loop.timeout(IDLE_TIMEOUT_S, TimeoutError):
            return super()._read_request_line()

    def parse_request(self) -> bool:
        """Read the head of a request; return whether it is one, else it is refused."""
        self.close_connection = True
        self.request_version = "HTTP/1.1"
        if not _REQUEST_LINE.fullmatch(self.raw_requestline):
            self.send_error(HTTPStatus.BAD_REQUEST)
            return False
        with self.loop.timeout(HEAD_TIMEOUT_S, TimeoutError):
            if not super().parse_request():
                return False
        # The library of mail, which reads the head, takes what follows a line that is no header for a text.
        broken = (
            any(isinstance(defect, _HEAD_DEFECTS) for defect in self.headers.defects) or self.headers.get_unixfrom()
        )
        status = HTTPStatus.BAD_REQUEST if broken else malformed(self.request_version, list(self.headers.raw_items()))
        if status is not None:
            self.send_error(status)
        return status is None

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is no request, without repeating any of it; what follows is not read."""
        self.close_connection = True
        status = HTTPStatus(code)
        log.warning("broken_request", status=status.value, address=self.client_address[0])
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        self.wfile.write(head.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Write no line for what a stranger says."""

    def handle_one_response(self) -> None:
        """Answer a request; when nobody takes the answer, the requests that came with it are not answered.

        Raises:
            OSError: nobody takes it.
        """
        try:
            super().handle_one_response()
        except OSError:
            self.close_connection = True
            raise

    def finish(self) -> None:
        """Close the connection, also one on which nobody takes the last answer.

        Raises:
            OSError: nobody takes it.
        """
        try:
            super().finish()
        finally:
            # The library stops at the answer that cannot be written; what reads would hold the connection open.
            self.rfile.close()
            self.connection.close()
            # It refers to the connection, and only the garbage collector, which runs rarely, would free both.
            self.environ = {}

    def get_environ(self) -> WSGIEnvironment:
        """Return the environment of a request, with its connection and a body that has a deadline."""
        environ = super().get_environ()
        given = environ["wsgi.input"]
        body = self.body(
            given.rfile, given.content_length, self.connection, given.wfile, given.wfile_line, given.chunked_input
        )
        body.held, body.loop = self.held, self.loop
        environ[CONNECTION] = self.held
        environ["wsgi.input"] = environ["eventlet.input"] = body
        if body.chunked_input:
            environ["wsgi.input_terminated"] = True  # its end is known, so it may be read
        return environ


class CarefulBody(_Input):
    """The body of a request, by its length or in chunks; all of it has to come within a deadline."""

    held: HeldConnection
    loop: EventLoop

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._patience = BODY_TIMEOUT_S  # seconds that may still be waited; our own queues do not count
        self._left = 0  # of the present chunk
        self._ended = False
        self._broken = False

    def read(self, length: int | None = None) -> bytes:
        """Return so many bytes of the body, fewer at its end; of one in chunks at most `PIECE`.

        Raises:
            RequestTimeout: it did not come in time.
            OSError: the connection ended, or the chunks are none.
        """
        if self._patience <= 0:
            raise RequestTimeout()
        self.held.waits_for_more()
        began = time.monotonic()
        try:
            with self.loop.timeout(self._patience, RequestTimeout()):
                return (
                    self._read_chunked(PIECE if length is None else length)
                    if self.chunked_input
                    else super().read(length)
                )
        finally:
            self._patience -= time.monotonic() - began
            self.held.works()

    def readline(self, size: int | None = None) -> bytes:
        """Refuse: no body of ours is read by lines, and a line may have no end."""
        raise UnsupportedOperation("readline")

    readlines = readline

    def discard(self, buffer_size: int = PIECE) -> None:
        """Read what nobody wants of the body, so that the connection may be used again.

        Raises:
            OSError: it is too much, comes too slowly, or is broken.
        """
        read = 0
        try:
            while (piece := self.read(buffer_size)) and read <= DISCARDED:
                read += len(piece)
                self.loop.give_way()
        except RequestTimeout as error:
            raise TimeoutError from error
        if read > DISCARDED:
            raise OSError("a body without end")

    def _read_chunked(self, length: int) -> bytes:
        if self._broken:
            raise OSError("broken chunks")
        if self.should_send_hundred_continue:
            self.send_hundred_continue_response()
            self.is_hundred_continue_response_sent = True
        self._broken = True  # unless it goes well
        pieces: list[bytes] = []
        while length > 0 and not self._ended:
            self.loop.give_way()
            if self._left == 0:
                self._begin_chunk()
                continue
            piece = self.rfile.read(min(length, self._left))
            if not piece:
                raise OSError("a body that ends early")
            pieces.append(piece)
            length -= len(piece)
            self._left -= len(piece)
            if self._left == 0 and self.rfile.readline(3) not in (b"\r\n", b"\n"):
                raise OSError("a chunk without its end")
        self._broken = False
        return b"".join(pieces)

    def _begin_chunk(self) -> None:
        size = _CHUNK_SIZE.fullmatch(self.rfile.readline(_CHUNK_LINE_LONGEST))
        if size is None:
            raise OSError("no size of a chunk")
        self._left = int(size[1], 16)
        if self._left == 0:
            for _ in range(_TRAILERS_MOST):
                line = self.rfile.readline(_CHUNK_LINE_LONGEST)
                if line in (b"\r\n", b"\n"):
                    self._ended = True
                    return
            raise OSError("trailers without end")
