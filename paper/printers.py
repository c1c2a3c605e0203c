"""The printers: what each can do, and one connection for each ticket.

Everything here blocks, so it is called off the event loop. Only raster pictures and a few fixed commands are
sent, never text.
"""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from escpos.constants import GS, HW_INIT, RT_STATUS
from escpos.exceptions import Error as EscposError
from PIL import Image

from hall.ports import PrintCause

PROFILES = Path(__file__).with_name("profiles.toml")
DEFAULT_PROFILE = "printer-80"

CONNECT_TIMEOUT_S = 3.0  # to connect and to answer that it is ready, together
STATUS_TIMEOUT_S = 1.0  # to answer that it is ready, for a printer that never answered
DONE_TIMEOUT_S = 3.0  # to answer that a ticket is done, for a printer that never answered
UNANSWERED_TIMEOUT_S = 0.3  # the same two, once two tickets were not answered
POLL_INTERVAL_S = 1.0  # between two questions why a ticket takes so long
ROWS = 240  # of one raster command: a printer that lost its place needs no more than this to find it

# What python-escpos has no method for; its constants name the parts.
_NO_REPORTS = GS + b"a\x00"  # automatic status would mix with the answers asked for
_ASK_DONE = GS + b"r\x01"  # answered when everything sent before it is printed
_PRINTER, _OFFLINE, _PAPER = (RT_STATUS + bytes((n,)) for n in (1, 2, 4))


class Driver(Protocol):
    """A connection of python-escpos, as `paper.addresses` makes them; it blocks.

    Errors are those of the library and of the system: OSError, escpos.exceptions.Error, and what a driver
    asserts.
    """

    timeout: Any  # of the next read or write, for USB in milliseconds

    @property
    def device(self) -> Any:
        """Return the socket, serial port or USB device below, on which time limits are set."""

    def open(self) -> None:
        """Connect."""

    def close(self) -> None:
        """Disconnect."""

    def send(self, data: bytes) -> None:
        """Send all of these bytes."""

    def receive(self) -> bytes:
        """Return the bytes that have come in; wait for the first at most `timeout`."""


class Trouble(Exception):
    """The printer cannot print; `cause` says why, `detail` what the system said of it."""

    def __init__(self, cause: PrintCause, detail: str = "") -> None:
        super().__init__(cause, detail)
        self.cause = cause
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Profile:
    """What a family of printers can do; see profiles.toml."""

    name: str
    label: str
    width: int  # dots a line
    reports: str  # whether it answers questions: "yes", "no", or "try" if unknown
    cutter: bool


@cache
def profiles() -> dict[str, Profile]:
    """Return every known family of printers by name."""
    with PROFILES.open("rb") as file:
        return {name: Profile(name=name, **values) for name, values in tomllib.load(file).items()}


@dataclass(slots=True)
class Printer:
    """One printer: how to reach it, and what has been learnt about it since the start."""

    name: str  # "1", "2": its name in the log
    address: str
    connect: Callable[[], Driver]
    profile: Profile
    answered: bool = False  # it has answered at least once
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
        return (STATUS_TIMEOUT_S, DONE_TIMEOUT_S) if self.unanswered < 2 else (UNANSWERED_TIMEOUT_S,) * 2

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
    _driver: Driver = field(init=False)
    _opened: float = field(init=False)

    def __post_init__(self) -> None:
        self._opened = time.monotonic()
        try:
            self._driver = self.printer.connect()
            self._driver.open()
        except (OSError, EscposError, RuntimeError, AssertionError, ValueError) as error:
            raise Trouble("unreachable", str(error)) from error

    def close(self) -> None:
        """Close the connection, in any state; raise nothing."""
        with suppress(OSError, EscposError, RuntimeError, AssertionError, ValueError):
            self._driver.close()

    def check(self) -> None:
        """Ask whether there is paper and the cover is closed.

        Raises:
            Trouble: it cannot print, or should answer and does not.
        """
        if not self.printer.may_answer:
            return
        left = self._opened + CONNECT_TIMEOUT_S - time.monotonic()
        wait = max(UNANSWERED_TIMEOUT_S, min(left, self.printer.timeouts_s[0]))
        try:
            online = self._ask(_PRINTER, wait)
            if online is None:
                if self.printer.must_answer:
                    raise Trouble("no_answer")
                return
            self.printer.answered = True
            cause = self._cause(STATUS_TIMEOUT_S, online)
        except (OSError, EscposError) as error:
            raise Trouble("offline", str(error)) from error
        if cause is not None:
            raise Trouble(cause)

    def put(self, image: Image.Image, timeout_s: float) -> None:
        """Send the picture, the cut, and the question whether it is done.

        Raises:
            Trouble: the connection broke; what came out of the printer is not whole.
        """
        stream = compose(image, self.printer.profile, asks=self.printer.may_answer, lost=self.printer.broke_off)
        self.printer.broke_off = True  # until it is known to have taken everything
        try:
            self._set_timeout(timeout_s)
            self._driver.send(stream)
        except (OSError, EscposError, AssertionError, ValueError) as error:
            raise Trouble("broke_off", str(error)) from error
        if not self.printer.may_answer:
            self.printer.broke_off = False

    def done(self, timeout_s: float) -> bool:
        """Wait until the printer answers that it has printed everything; return whether it did, in time.

        Meanwhile it is asked why it takes so long; `trouble` holds its last answer.
        """
        until = time.monotonic() + min(timeout_s, self.printer.timeouts_s[1])
        asked = time.monotonic()
        try:
            while (now := time.monotonic()) < until:
                self._read(min(POLL_INTERVAL_S, until - now))
                if self.finished:
                    self.printer.answered, self.printer.broke_off = True, False
                    return True
                if time.monotonic() - asked >= POLL_INTERVAL_S and self.printer.answered:
                    asked = time.monotonic()
                    self.trouble = self._cause(0.3)
            if not self.printer.answered:
                self.printer.broke_off = False  # it kept the connection to the end, which is all it ever does
        except (OSError, EscposError, EOFError):
            pass  # the connection is lost, and with it the answer
        self.printer.unanswered += not self.printer.answered
        return False

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
        self._set_timeout(wait_s)
        self._driver.send(question)
        until = time.monotonic() + wait_s
        while (now := time.monotonic()) < until:
            for byte in self._read(until - now):
                if _is_status(byte):
                    return byte
        return None

    def _read(self, wait_s: float) -> bytes:
        """Return what has come in, b"" when nothing did in time. The answer that all is done may come at any moment.

        Raises:
            EOFError: the printer has closed the connection.
        """
        self._set_timeout(wait_s)
        began = time.monotonic()
        try:
            read = bytes(self._driver.receive())
        except TimeoutError:
            return b""
        except OSError as error:
            if "tim" in str(error).lower():  # pyusb's own time-outs are plain errors of some systems
                return b""
            raise
        if not read and self.printer.scheme == "network" and time.monotonic() - began < wait_s:
            raise EOFError
        self.finished = self.finished or any(map(_is_transmitted, read))
        return read

    def _set_timeout(self, wait_s: float) -> None:
        device = self._driver.device
        if self.printer.scheme == "network":
            device.settimeout(max(0.05, wait_s))
        elif self.printer.scheme == "serial":
            # Its read waits for sixteen bytes; an answer has one.
            device.timeout, device.write_timeout = min(0.3, wait_s), max(1.0, wait_s)
        elif self.printer.scheme == "usb":
            self._driver.timeout = round(max(0.05, wait_s) * 1000)


def _is_status(byte: int) -> bool:
    """Return whether a byte is an answer to DLE EOT: these have bits 1 and 4 set, 0 and 7 clear."""
    return byte & 0x93 == 0x12


def _is_transmitted(byte: int) -> bool:
    """Return whether a byte is the answer to GS r: bits 4 and 7 are clear, other than in one to DLE EOT."""
    return byte & 0x90 == 0x00


def compose(image: Image.Image, profile: Profile, *, asks: bool, lost: bool = False) -> bytes:
    """Return all that is sent for one picture; with `asks` also the question whether it is done.

    `lost`: the printer may still wait for the rest of a raster; white dots fill it up, and a cut
    keeps the torn ticket from hanging on to this one. Outside a raster a zero byte does nothing.
    """
    from escpos.printer import Dummy  # it reads a list of all printers there are: not before one is used

    printer = Dummy(profile="TM-T20II")  # any with 576 dots: only its raster and its cut are used
    if lost and profile.cutter:
        printer.cut(feed=False)
    for top in range(0, image.height, ROWS):
        printer.image(image.crop((0, top, image.width, min(top + ROWS, image.height))), fragment_height=ROWS)
    if profile.cutter:
        printer.cut(feed=False)
    else:
        printer.print_and_feed(5)
    filling = bytes(profile.width // 8 * ROWS) if lost else b""
    return b"".join((filling, HW_INIT, _NO_REPORTS, printer.output, _ASK_DONE if asks else b""))
