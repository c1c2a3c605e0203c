"""Appointments: the slots of a day, how many a slot may hold, and what a check-in counts for (queueing.md C.3).

An appointment at τ that checks in at a, on time, has the key max(a − H, τ − A): it counts as having
arrived H earlier, but not before A ahead of its time. Check-in opens at τ − A, so that coming early
gains nothing. Who comes later than the grace has the place of one who came without an appointment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from queueing.opening import Hours

HEAD_START = timedelta(minutes=20)  # H: as an ordinary priority has
AHEAD = timedelta(minutes=10)  # A: check-in opens so long before the time
GRACE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Slots:
    """How a service gives appointments: slots so long, filled up to this share of what its counters can do."""

    length: timedelta
    share: int  # per cent


def starts(hours: Hours, service: str, day: date, slots: Slots) -> list[datetime]:
    """The local beginnings of the service's slots on a day: every whole slot of its shifts.

    Empty where no calendar says when the service is open.
    """
    found = []
    for shift in hours.shifts(day, service) or ():
        at, closes = datetime.combine(day, shift.opens), datetime.combine(day, shift.closes)
        while at + slots.length <= closes:
            found.append(at)
            at += slots.length
    return found


def capacity(slots: Slots, counters: Iterable[int], service_time: timedelta) -> int:
    """How many appointments a slot holds; at least one.

    `counters` tells for each counter that serves it how many services it has: one that serves three
    gives each a third of its time.
    """
    desks = sum(1 / services for services in counters)
    return max(1, int(desks * (slots.length / service_time) * slots.share / 100))


def head_start(at: datetime, due: datetime) -> timedelta:
    """How much earlier than `at` a check-in counts as having arrived; nothing for one who came late.

    Raises:
        ValueError: check-in is not open yet.
    """
    if at < due - AHEAD:
        raise ValueError("check-in is not open yet")
    if at > due + GRACE:
        return timedelta()
    return min(HEAD_START, at - (due - AHEAD))
