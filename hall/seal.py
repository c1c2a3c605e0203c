"""The seal of a day: a line to print and post, which a log that was cut short or written again does not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hall.ports import HallStore
from queueing import events as ev
from queueing.errors import BadSeal, NoSuchDay

_SEAL = re.compile(r"(\d{4}-\d\d-\d\d):([1-9]\d{0,14}):(\d{1,9}):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Seal:
    """The log of a day up to the event `seq`: its hash binds everything before it. `issued` tickets were given."""

    day: date
    seq: int
    issued: int
    hash: str

    def __str__(self) -> str:
        return f"{self.day}:{self.seq}:{self.issued}:{self.hash}"


def read_seal(text: str) -> Seal:
    """Return the seal that this line spells.

    Raises:
        BadSeal: it spells no seal.
    """
    match = _SEAL.fullmatch("".join(text.split()))
    if match is None:
        raise BadSeal()
    try:
        day = date.fromisoformat(match[1])
    except ValueError as error:
        raise BadSeal() from error
    return Seal(day, int(match[2]), int(match[3]), match[4])


def seal_of(store: HallStore, day: date) -> Seal:
    """Return the seal of a closed day, or of the open one as far as it has come.

    Raises:
        NoSuchDay: the hall was not open that day.
    """
    with store.snapshot():
        opened = store.opened_days(day, day)
        last = store.last_event()
        if not opened or last is None:
            raise NoSuchDay()
        closed = [event for event in store.events_of(ev.DAY_CLOSED) if event.data["day"] == day.isoformat()]
        event = closed[-1] if closed else last
        return Seal(day, event.seq, _issued(store, day, event.seq), event.hash)


def broken(store: HallStore, seal: Seal) -> Iterator[str]:
    """Yield, in sentences, what in the log does not fit the seal."""
    written = store.written(seal.seq - 1, 1)
    if not written or written[0].seq != seal.seq:
        yield f"the seal of {seal.day}: the log ends at event {store.last_seq()}, before the sealed event {seal.seq}"
        return
    if written[0].hash != seal.hash:
        yield f"the seal of {seal.day}: event {seal.seq} has another hash, so the log was made anew"
    issued = _issued(store, seal.day, seal.seq)
    if issued != seal.issued:
        yield f"the seal of {seal.day}: {issued} tickets were issued, the seal says {seal.issued}"


def _issued(store: HallStore, day: date, upto: int) -> int:
    return sum(1 for ticket in store.tickets(day, day) if ticket.arrival <= upto)
