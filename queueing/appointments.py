"""Appointments: the slots of a day, how many a slot may hold, and what a check-in counts for (queueing.md C.3).

An appointment at τ that checks in on time, at a, has the key max(a − H, τ − A): it counts as having arrived H
earlier, but not before τ − A. Check-in opens at τ − A, so that coming early gains nothing. Somebody who checks in
later than τ plus the grace has the place of an arrival without an appointment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from queueing.opening import Hours

HEAD_START = timedelta(minutes=20)  # H: that of the class "priority"
AHEAD = timedelta(minutes=10)  # A: check-in opens so long before the time
GRACE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Slots:
    """The appointments of a service: the length of a slot, and the share of its counters' capacity given to them."""

    length: timedelta
    share: int  # per cent


def starts(hours: Hours, service: str, day: date, slots: Slots) -> list[datetime]:
    """Return when the slots of a service begin on a day (local, naive): every whole slot of its shifts.

    Empty if no calendar says when the service is open.
    """
    beginnings = []
    for shift in hours.shifts(day, service) or ():
        at, closes = datetime.combine(day, shift.opens), datetime.combine(day, shift.closes)
        while at + slots.length <= closes:
            beginnings.append(at)
            at += slots.length
    return beginnings


def capacity(slots: Slots, counters: Iterable[int], service_time: timedelta) -> int:
    """Return how many appointments a slot holds; at least one.

    `counters` holds, for each counter that serves the service, its number of services: a counter with three
    services gives each a third of its time.
    """
    full_time = sum(1 / services for services in counters)
    return max(1, int(full_time * (slots.length / service_time) * slots.share / 100))


def head_start(at: datetime, due: datetime) -> timedelta:
    """Return how much earlier than `at` a check-in counts as having arrived; zero for a late one.

    Raises:
        ValueError: check-in is not open yet.
    """
    if at < due - AHEAD:
        raise ValueError("check-in is not open yet")
    if at > due + GRACE:
        return timedelta()
    return min(HEAD_START, at - (due - AHEAD))
