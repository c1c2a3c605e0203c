"""The printers: what each can do, and one conversation a ticket.

Everything here blocks and is called off the event loop. What goes over the line is raster and a
handful of fixed commands; no text ever does.
"""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from escpos.exceptions import Error as EscposError
from PIL import Image

from hall.ports import PrintCause

PROFILES = Path(__file__).with_name("profiles.toml")
DEFAULT_PROFILE = "printer-80"

OPEN_S = 3.0  # to connect, and to be told that it is ready
GLANCE_S = 1.0  # how long a printer that never answered is listened to
MUTE_S = 3.0  # how long the end of a ticket is waited for, where nothing ever answered
SHRUG_S = 0.3  # the same, after it was silent more often
POLL_S = 1.0  # between two questions why it takes so long
ROWS = 240  # of one raster command: a printer that lost its place needs no more than this to find it

_INIT = b"\x1b@"
_NO_REPORTS = b"\x1da\x00"  # automatic status would mix with the answers asked for
_ASK_DONE = b"\x1dr\x01"  # answered when everything before it has been worked off
_PRINTER, _OFFLINE, _PAPER = (b"\x10\x04" + bytes((n,)) for n in (1, 2, 4))


class Trouble(Exception):
    """The printer cannot print; `cause` is one of `hall.ports.PrintCause`."""

    def __init__(self, cause: PrintCause, detail: str = "") -> None:
        super().__init__(cause, detail)
        self.cause = cause
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Profile:
    """What a family of printers can do; see profiles.toml."""

    name: str
    label: str
    width: int
    reports: str
    cutter: bool


@cache
def profiles() -> dict[str, Profile]:
    """Every known family by name."""
    with PROFILES.open("rb") as file:
        return {name: Profile(name=name, **values) for name, values in tomllib.load(file).items()}


@dataclass(slots=True)
class Printer:
    """One printer: how to reach it, and what has been learnt about it since the start."""

    name: str  # "1", "2": what stands in the log
    address: str
    connect: Callable[[], Any]
    profile: Profile
    answered: bool = False  # it has answered at least once
    silences: int = 0  # tickets it took without ever a word
    broke_off: bool = False  # it may still wait for the rest of a picture

    @property
    def scheme(self) -> str:
        return self.address.partition(":")[0]

    @property
    def place(self) -> str:
        """Its address without what is chosen about it: what has the same is the same machine."""
        return self.address.partition("?")[0]

    @property
    def silence_is_a_fault(self) -> bool:
        return self.profile.reports == "yes" or (self.profile.reports == "try" and self.answered)

    @property
    def patience_s(self) -> tuple[float, float]:
        """How long to listen for its being ready, and at most for its being done."""
        if self.silence_is_a_fault:
            return OPEN_S, float("inf")
        return (GLANCE_S, MUTE_S) if self.silences < 2 else (SHRUG_S, SHRUG_S)

    @property
    def may_answer(self) -> bool:
        return self.profile.reports != "no"

    def open(self) -> Line:
        """Connect, and see whether it can print.

        Raises:
            Trouble: it cannot; nothing was printed.
        """
        line = Line(self)
        try:
            line.check()
        except BaseException:  # an interrupt too: most printers serve one connection at a time
            line.close()
            raise
        return line


@dataclass(slots=True)
class Line:
    """An open connection to a printer, for one ticket."""

    printer: Printer
    trouble: PrintCause | None = None  # why it takes so long, as far as the printer tells
    finished: bool = False  # it said that everything was worked off
    _driver: Any = field(init=False)
    _opened: float = field(init=False)

    def __post_init__(self) -> None:
        self._opened = time.monotonic()
        try:
            self._driver = self.printer.connect()
            self._driver.open()
        except (OSError, EscposError, RuntimeError, AssertionError, ValueError) as error:
            raise Trouble("unreachable", str(error)) from error

    def close(self) -> None:
        # Whatever happens: it is given up either way.
        with suppress(OSError, EscposError, RuntimeError, AssertionError, ValueError):
            self._driver.close()

    def check(self) -> None:
        """Ask whether there is paper and the cover is shut.

        Raises:
            Trouble: it cannot print, or should answer and does not.
        """
        if not self.printer.may_answer:
            return
        left = self._opened + OPEN_S - time.monotonic()
        wait = max(SHRUG_S, min(left, self.printer.patience_s[0]))
        try:
            online = self._ask(_PRINTER, wait)
            if online is None:
                if self.printer.silence_is_a_fault:
                    raise Trouble("no_answer")
                return
            self.printer.answered = True
            cause = self._cause(GLANCE_S, online)
        except (OSError, EscposError) as error:
            raise Trouble("offline", str(error)) from error
        if cause is not None:
            raise Trouble(cause)

    def put(self, image: Image.Image, patience_s: float) -> None:
        """Send the picture, the cut, and the question whether it is done.

        Raises:
            Trouble: the line broke; what came out of the printer is not whole.
        """
        stream = compose(image, self.printer.profile, asks=self.printer.may_answer, lost=self.printer.broke_off)
        self.printer.broke_off = True  # until it is known to have taken everything
        try:
            self._timeout(patience_s)
            self._driver._raw(stream)
        except (OSError, EscposError, AssertionError, ValueError) as error:
            raise Trouble("broke_off", str(error)) from error
        if not self.printer.may_answer:
            self.printer.broke_off = False

    def done(self, patience_s: float) -> bool:
        """Wait until the printer says that it has worked everything off; False if it does not say so.

        Meanwhile it is asked why it takes so long; `trouble` holds the last it said.
        """
        until = time.monotonic() + min(patience_s, self.printer.patience_s[1])
        asked = time.monotonic()
        try:
            while (now := time.monotonic()) < until:
                self._read(min(POLL_S, until - now))
                if self.finished:
                    self.printer.answered, self.printer.broke_off = True, False
                    return True
                if time.monotonic() - asked >= POLL_S and self.printer.answered:
                    asked = time.monotonic()
                    self.trouble = self._cause(0.3)
            if not self.printer.answered:
                self.printer.broke_off = False  # it kept the line open to the end, which is all it ever does
        except (OSError, EscposError, EOFError):
            pass  # the line is gone, and with it the answer
        self.printer.silences += not self.printer.answered
        return False

    def _cause(self, wait_s: float, online: int | None = None) -> PrintCause | None:
        """What the printer says is wrong; None when nothing is, or it does not say."""
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
        """The printer's answer to a real-time question, None if there is none in time."""
        self._timeout(wait_s)
        self._driver._raw(question)
        until = time.monotonic() + wait_s
        while (now := time.monotonic()) < until:
            for byte in self._read(until - now):
                if _is_status(byte):
                    return byte
        return None

    def _read(self, wait_s: float) -> bytes:
        """What has come in, b"" when nothing did in time. The word that all is done may come at any moment.

        Raises:
            EOFError: the printer has closed the line.
        """
        self._timeout(wait_s)
        began = time.monotonic()
        try:
            read = bytes(self._driver._read())
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

    def _timeout(self, wait_s: float) -> None:
        device = self._driver.device
        if self.printer.scheme == "network":
            device.settimeout(max(0.05, wait_s))
        elif self.printer.scheme == "serial":
            # Its read waits for sixteen bytes; an answer has one.
            device.timeout, device.write_timeout = min(0.3, wait_s), max(1.0, wait_s)
        elif self.printer.scheme == "usb":
            self._driver.timeout = round(max(0.05, wait_s) * 1000)


def _is_status(byte: int) -> bool:
    """Answers to DLE EOT have bits 1 and 4 set, 0 and 7 clear."""
    return byte & 0x93 == 0x12


def _is_transmitted(byte: int) -> bool:
    """The answer to GS r has bits 4 and 7 clear, which tells it from one to DLE EOT."""
    return byte & 0x90 == 0x00


def compose(image: Image.Image, profile: Profile, *, asks: bool, lost: bool = False) -> bytes:
    """All that goes over the line for one picture.

    `lost`: the printer may still wait for the rest of a raster; white dots fill it up, and a cut
    keeps the torn ticket from hanging on to this one. Outside a raster a zero byte does nothing.
    """
    from escpos.printer import Dummy  # it reads a list of all printers there are: not before one is used

    printer = Dummy(profile="TM-T20II")  # any with 576 dots: only its raster and its cut are used
    if lost:
        printer._raw(bytes(profile.width // 8 * ROWS))
    printer._raw(_INIT + _NO_REPORTS)
    if lost and profile.cutter:
        printer.cut(feed=False)
    for top in range(0, image.height, ROWS):
        printer.image(image.crop((0, top, image.width, min(top + ROWS, image.height))), fragment_height=ROWS)
    if profile.cutter:
        printer.cut(feed=False)
    else:
        printer.print_and_feed(5)
    if asks:
        printer._raw(_ASK_DONE)
    return bytes(printer.output)
