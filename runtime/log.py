"""The server's log: lines of JSON on standard error, each kind so few times a minute that nobody can fill the disk."""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast

import structlog

from access.errors import TooMany
from access.limits import Limits

LINES_A_MINUTE = 60  # of each event and code
STRAY_LONGEST = 500  # characters of a line that a library wrote

log = structlog.get_logger()


class LogLines:
    """Standard error, without the lines it cannot write: on a full disk no request may fail because of its log line."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Write, if it can be written."""
        with suppress(OSError):
            (self._stream or sys.stderr).write(text)

    def flush(self) -> None:
        """Flush, if it can be written."""
        with suppress(OSError):
            (self._stream or sys.stderr).flush()


class FewLines:
    """Drops the lines of an event beyond `LINES_A_MINUTE`; the next one says how many were `suppressed`."""

    def __init__(self) -> None:
        self._limits = Limits()
        self._suppressed: Counter[str] = Counter()

    def __call__(self, _: object, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """Return the entry, if it may be written.

        Raises:
            structlog.DropEvent: it may not.
        """
        kind = f"log {entry.get('event')} {entry.get('code', '')}"
        try:
            self._limits.take(kind, LINES_A_MINUTE)
        except TooMany as error:
            self._suppressed[kind] += 1
            raise structlog.DropEvent from error
        if suppressed := self._suppressed.pop(kind, 0):
            entry["suppressed"] = suppressed
        return entry


def write_log_lines(stream: TextIO | None = None) -> None:
    """Log lines of JSON to standard error or a stream, never with the values of variables: they may be secrets."""
    structlog.configure(
        processors=[
            FewLines(),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", LogLines(stream))),
    )


class _StrayLines(io.TextIOBase):
    """A stream whose lines become entries of the log."""

    def __init__(self) -> None:
        super().__init__()
        self._begun = ""

    def write(self, text: str) -> int:
        *lines, self._begun = (self._begun + text).split("\n")
        self._begun = self._begun[:STRAY_LONGEST]
        for line in lines:
            if line.strip():
                log.error("library_message", text=line[:STRAY_LONGEST])
        return len(text)


@contextmanager
def everything_logged() -> Iterator[None]:
    """Let what libraries write to standard error be lines of the log too, as strangers may have chosen the words."""
    given = sys.stderr
    write_log_lines(given)
    sys.stderr = cast("TextIO", _StrayLines())
    try:
        yield
    finally:
        sys.stderr = given
        write_log_lines()
