"""The printers: what each can do, and one connection for each ticket.

Everything here blocks, so it is called off the event loop. Only raster pictures and a few fixed commands are
sent, never text.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol

from escpos.constants import RT_STATUS
from PIL import Image

from hall.ports import PrintCause
from paper.profiles import Profile
from paper.raster import compose

CONNECT_TIMEOUT_S = 3.0  # to connect and to answer that it is ready, together
STATUS_TIMEOUT_S = 1.0  # to answer that it is ready, for a printer that never answered
DONE_TIMEOUT_S = 3.0  # to answer that a ticket is done, for a printer that never answered
RECOVERED_TIMEOUT_S = 3.0  # the same, for one that was in trouble meanwhile and says that it is ready again
UNANSWERED_TIMEOUT_S = 0.3  # the same two, once a ticket was not answered
POLL_INTERVAL_S = 1.0  # between two questions why a ticket takes so long
LONGEST_PUT_S = 120.0  # for a ticket to be taken, however slow the line: after that nobody waits for it

_REPORT_LENGTH = 4  # bytes of an automatic report
_PRINTER, _OFFLINE, _PAPER = (RT_STATUS + bytes((n,)) for n in (1, 2, 4))


class Driver(Protocol):
    """A connection to a printer, as `paper.drivers` makes them; it blocks, and may raise anything at all."""

    def open(self) -> None:
        """Connect."""

    def close(self) -> None:
        """Disconnect."""

    def send(self, data: bytes, wait_s: float) -> int:
        """Send the first of these bytes; return how many were taken. Wait for that at most `wait_s`."""

    def receive(self, wait_s: float) -> bytes:
        """Return what has come in, b"" if nothing did within `wait_s`; EOFError once the printer has closed."""

    def line_s(self, count: int) -> float:
        """Return how long so many bytes are on the line after they were taken."""

    def held(self) -> int:
        """Return how many of the bytes that were taken have not come to the printer yet."""


class Trouble(Exception):
    """The printer cannot print; `cause` says why, `detail` what the system said of it."""

    def __init__(self, cause: PrintCause, detail: str = "") -> None:
        super().__init__(cause, detail)
        self.cause = cause
        self.detail = detail


@contextmanager
def _known(cause: PrintCause) -> Iterator[None]:
    """Raise Trouble with this cause instead of whatever a driver raises.

    The drivers stand on four libraries, and each has errors of its own beside those of the system: they assert, they
    find no attribute of a line that was closed, they know no host. Whatever a printer does is its trouble, not ours.
    """
    try:
        yield
    except Trouble:
        raise
    except Exception as error:  # whatever four libraries may raise, see above
        raise Trouble(cause, f"{type(error).__name__}: {error}") from error


@dataclass(slots=True)
class Printer:
    """One printer: how to reach it, and what has been learnt about it since the start."""

    name: str  # "1", "2": its name in the log
    address: str
    connect: Callable[[], Driver]
    profile: Profile
    answered: bool = False  # it has answered at least once
    confirms: bool = False  # it has answered at least once that a ticket is done
    unanswered: int = 0  # tickets that it took without any answer
    broke_off: bool = False  # it may still wait for the rest of a picture

    @property
    def scheme(self) -> str:
        """Return how it is connected, as its address begins: "network", "usb" …"""
        return self.address.partition(":")[0]

    @property
    def device(self) -> str:
        """Return its address without the options: two printers of the same one are the same device."""
        return self.address.partition("?")[0]

    @property
    def must_answer(self) -> bool:
        """Return whether no answer means that something is wrong with it."""
        return self.profile.reports == "yes" or (self.profile.reports == "try" and self.answered)

    @property
    def may_answer(self) -> bool:
        """Return whether it is worth asking."""
        return self.profile.reports != "no"

    @property
    def timeouts_s(self) -> tuple[float, float]:
        """Return how long to wait for the answer that it is ready, and at most for the one that it is done."""
        if self.must_answer:
            return CONNECT_TIMEOUT_S, float("inf")
        return (STATUS_TIMEOUT_S, DONE_TIMEOUT_S) if not self.unanswered else (UNANSWERED_TIMEOUT_S,) * 2

    def open(self) -> Connection:
        """Connect, and check that it can print.

        Raises:
            Trouble: it cannot; nothing was printed.
        """
        connection = Connection(self)
        try:
            connection.check()
        except BaseException:  # an interrupt too: most printers serve one connection at a time
            connection.close()
            raise
        return connection


@dataclass(slots=True)
class Connection:
    """An open connection to a printer, for one ticket."""

    printer: Printer
    trouble: PrintCause | None = None  # why it takes so long, as far as the printer answers that
    finished: bool = False  # the printer answered that everything is printed
    hung_up: bool = False  # it took everything, and closed the connection instead of answering
    _driver: Driver = field(init=False)
    _opened: float = field(init=False)
    _taken_at: float = field(init=False)  # when the last of the bytes sent so far is through the line
    _skip: int = 0  # bytes to come of a report that nobody asked for

    def __post_init__(self) -> None:
        self._opened = self._taken_at = time.monotonic()
        with _known("unreachable"):
            self._driver = self.printer.connect()
            self._driver.open()

    def close(self) -> None:
        """Close the connection, in any state; raise nothing."""
        with suppress(Trouble), _known("offline"):
            self._driver.close()

    @property
    def still_s(self) -> float:
        """Return for how long the printer has not taken a byte."""
        return max(0.0, time.monotonic() - self._taken_at)

    @property
    def taken_at(self) -> float:
        """Return when the last byte was through the line, by `time.monotonic`; it may be to come."""
        return self._taken_at

    def check(self) -> None:
        """Ask whether there is paper and the cover is closed.

        Raises:
            Trouble: it cannot print, or should answer and does not.
        """
        if not self.printer.may_answer:
            return
        left = self._opened + CONNECT_TIMEOUT_S - time.monotonic()
        wait = max(UNANSWERED_TIMEOUT_S, min(left, self.printer.timeouts_s[0]))
        with _known("offline"):
            online = self._ask(_PRINTER, wait)
            if online is None:
                if self.printer.must_answer:
                    raise Trouble("no_answer")
                return
            self.printer.answered = True
            cause = self._cause(STATUS_TIMEOUT_S, online)
        if cause is not None:
            raise Trouble(cause)

    def put(self, image: Image.Image, timeout_s: float) -> int:
        """Send the picture, the cut, and the question whether it is done; return how many bytes that was.

        A printer may take as long as it likes, up to LONGEST_PUT_S, but must not stop taking bytes for `timeout_s`.

        Raises:
            Trouble: the connection broke; what came out of the printer is not whole.
        """
        stream = compose(image, self.printer.profile, asks=self.printer.may_answer, lost=self.printer.broke_off)
        self.printer.broke_off = True  # until it is known to have taken everything
        with _known("broke_off"):
            if self.printer.may_answer:
                self._read(0)
            for taken in self._send(stream, timeout_s):
                self._taken_at = max(time.monotonic(), self._taken_at) + self._driver.line_s(taken)
        # What it said before is no answer to the question that it has just got.
        self.finished = False
        if not self.printer.may_answer:
            self.printer.broke_off = False
        return len(stream)

    def done(self, timeout_s: float) -> bool:
        """Wait until the printer answers that it has printed everything; return whether it did, in time.

        Meanwhile it is asked why it takes so long; `trouble` holds its last answer. Many printers forget what they had
        when their paper ended, and will never answer: once such a trouble is over, they are not waited for as long.
        """
        asked = time.monotonic()
        limit = min(timeout_s, self.printer.timeouts_s[1])
        self._taken_at = max(asked, self._taken_at)
        try:
            with _known("broke_off"):
                held = self._driver.held()
                while (left := self._taken_at + limit - time.monotonic()) > 0:
                    self._read(min(POLL_INTERVAL_S, left))
                    held = self._note_held(held)
                    if self.finished:
                        self.printer.answered = self.printer.confirms = True
                        self.printer.broke_off = False
                        return True
                    # Not while bytes are under way: the question would wait behind them.
                    idle_s = 0.0 if held else time.monotonic() - max(asked, self._taken_at)
                    if self.printer.answered and idle_s >= POLL_INTERVAL_S:
                        asked = time.monotonic()
                        if self._has_recovered():
                            limit = min(limit, RECOVERED_TIMEOUT_S)
                            self._taken_at = asked
            if not self.printer.answered:
                self.printer.broke_off = False  # it kept the connection to the end, which is all it ever does
        except Trouble as lost:
            if isinstance(lost.__cause__, EOFError):
                self.hung_up, self.printer.broke_off = True, False
        self.printer.unanswered += not self.printer.answered
        return False

    def _has_recovered(self) -> bool:
        """Ask what is wrong; return whether the printer says that it is ready, and said before that it was not."""
        online = self._ask(_PRINTER, UNANSWERED_TIMEOUT_S)
        before, self.trouble = self.trouble, self._cause(UNANSWERED_TIMEOUT_S, online)
        return before is not None and online is not None and self.trouble is None

    def _note_held(self, before: int) -> int:
        """Return how many bytes the system still holds; if there were more `before`, the printer takes them."""
        held = self._driver.held()
        if held < before:
            self._taken_at = max(time.monotonic(), self._taken_at)
        return held

    def _cause(self, wait_s: float, online: int | None = None) -> PrintCause | None:
        """Return what the printer says is wrong; None when nothing is, or it does not say."""
        online = self._ask(_PRINTER, wait_s) if online is None else online
        offline, paper = self._ask(_OFFLINE, wait_s), self._ask(_PAPER, wait_s)
        if paper is not None and paper & 0x60:
            return "paper_end"
        if offline is not None and offline & 0x04:
            return "cover_open"
        if offline is not None and offline & 0x20:
            return "paper_end"
        if offline is not None and offline & 0x40:
            return "printer_error"
        if online is not None and online & 0x08:
            return "offline"
        return None

    def _ask(self, question: bytes, wait_s: float) -> int | None:
        """Return the printer's answer to a real-time question, None if there is none in time."""
        for _ in self._send(question, max(wait_s, UNANSWERED_TIMEOUT_S)):
            pass  # it is one piece
        until = time.monotonic() + wait_s
        while (now := time.monotonic()) < until:
            for byte in self._read(until - now):
                if _is_status(byte):
                    return byte
        return None

    def _send(self, data: bytes, wait_s: float) -> Iterator[int]:
        """Send all of these bytes, and yield how many were taken at once; `wait_s` is the limit for each time."""
        began, rest = time.monotonic(), memoryview(data)
        while rest:
            taken = self._driver.send(bytes(rest), wait_s)
            took_s = time.monotonic() - began
            if not taken or took_s > LONGEST_PUT_S:
                raise Trouble("broke_off", f"{len(rest)} bytes were not taken in {took_s:.0f} s")
            yield taken
            rest = rest[taken:]

    def _read(self, wait_s: float) -> bytes:
        """Return the answers that have come in, b"" when none did in time.

        The answer that all is done may come at any moment. Reports that nobody asked for are left out.
        """
        answers = bytearray()
        for byte in self._driver.receive(wait_s):
            if self._skip:
                self._skip -= 1
            elif _begins_report(byte):
                self._skip = _REPORT_LENGTH - 1
            else:
                answers.append(byte)
        self.finished = self.finished or any(map(_is_transmitted, answers))
        return bytes(answers)


def _begins_report(byte: int) -> bool:
    """Return whether a byte is the first of an automatic report: these have bit 4 set, 0, 1 and 7 clear."""
    return byte & 0x93 == 0x10


def _is_status(byte: int) -> bool:
    """Return whether a byte is an answer to DLE EOT: these have bits 1 and 4 set, 0 and 7 clear."""
    return byte & 0x93 == 0x12


def _is_transmitted(byte: int) -> bool:
    """Return whether a byte is the answer to GS r: bits 4 and 7 are clear, other than in one to DLE EOT."""
    return byte & 0x90 == 0x00
