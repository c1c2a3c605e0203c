"""The queue before the kiosk: how many people stand before the kiosk, without a number yet, as the staff count them.

The wait is measured from the ticket, so this queue is not in it. A count now and then says how long it is.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hall.hall import Act
from hall.ports import HallStore
from queueing import events as ev
from queueing.floor import EntranceCount


class EntranceSample(NamedTuple):
    """One count: the local day, when, and how many people."""

    day: date
    at: datetime
    people: int


def count_entrance(act: Act, people: int) -> EntranceCount:
    """Note how many people stand before the kiosk now."""
    event = act.append(ev.ENTRANCE_COUNTED, ev.EntranceCounted(people=people, by=act.by))
    return EntranceCount(event.at, people)


def entrance_counts(store: HallStore, first: date, last: date, zone: ZoneInfo) -> list[EntranceSample]:
    """Return the counts of these local days, both included, in order."""
    samples = (
        EntranceSample(event.at.astimezone(zone).date(), event.at, event.data["people"])
        for event in store.events_of(ev.ENTRANCE_COUNTED)
    )
    return [sample for sample in samples if first <= sample.day <= last]
