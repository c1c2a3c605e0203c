"""Which phone opened the link of a ticket first, so that a cancel from another one is asked once more."""

from __future__ import annotations

from datetime import date


class Phones:
    """The first phone of each ticket of the open day, by a name the phone gave itself; in memory only.

    After a restart the next phone that asks is the first.
    """

    def __init__(self) -> None:
        self._first: dict[int, str] = {}
        self._day: date | None = None

    def opened(self, ref: int, phone: str, day: date | None) -> None:
        """Note that a phone shows the ticket."""
        if day != self._day:
            self._first, self._day = {}, day
        if phone:
            self._first.setdefault(ref, phone)

    def is_another(self, ref: int, phone: str) -> bool:
        """Return whether the ticket was opened first on another phone than this one."""
        return self._first.get(ref, phone) != phone
