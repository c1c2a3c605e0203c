"""What is said of a day, real or simulated, and the spread of it over many simulations.

A wait is that from the number to the first call, in seconds. In target: first called within the hall's target, of all
first called and of all who abandoned after a longer wait, or were never called. Overtime: how long counters went on
after they were to close, all together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from math import ceil
from typing import Any, NamedTuple

import msgspec

from hall.recorded_day import Day
from hall.whatif.staffed import Staffed, local_midnight
from queueing.replay import ReplayedCall, ReplayedVisit

MIDDLE = (10, 50, 90)  # per cent of the simulations below the low, middle and high figure
NAMES = ("p50_s", "p90_s", "within", "longest_s", "last_s", "overtime_s", "not_called")


class Range(msgspec.Struct, frozen=True):
    """A figure over many simulations: eight in ten lie between `low` and `high`, half below `mid`."""

    low: float
    mid: float
    high: float


class Measured(msgspec.Struct, frozen=True):
    """The figures of one day. What is missing was not to be had: nobody was called, a counter was closed."""

    figures: dict[str, float]
    utilisation: dict[int, float]  # counter -> share of its time with somebody there
    services: dict[str, float]  # service -> P90 wait, seconds
    hours: dict[int, float]  # hour of the day in which people came -> P90 wait, seconds


class Spreads(msgspec.Struct, frozen=True):
    """The figures of a day over many simulations."""

    figures: dict[str, Range]
    utilisation: dict[int, Range]
    services: dict[str, Range]
    hours: dict[int, Range]


class Frame(NamedTuple):
    """What a day is measured by."""

    zone: tzinfo
    target_s: float
    since: datetime | None = None  # only who came from then on, or waited then, counts; None: the whole day


def measured(day: Day, calls: Iterable[ReplayedCall], staffed: Sequence[Staffed], frame: Frame) -> Measured:
    """Return the figures of a day with these calls."""
    waits, of_service, of_hour = [], defaultdict(list), defaultdict(list)
    busy: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    visits = {visit.ref: visit for visit in day.visits}
    called: set[int] = set()
    last_at: datetime | None = None
    since = frame.since
    for call in calls:
        busy[call.counter].append((call.called_at, call.left_at))
        last_at = call.left_at if last_at is None else max(last_at, call.left_at)
        if call.stay:
            continue
        called.add(call.ref)
        visit = visits[call.ref]
        if since is not None and call.called_at < since:
            continue
        wait_s = (call.called_at - visit.at).total_seconds()
        waits.append(wait_s)
        of_service[visit.stays[0].service].append(wait_s)
        of_hour[visit.at.astimezone(frame.zone).hour].append(wait_s)
    figures: dict[str, float] = {}
    if waits:
        waits.sort()
        figures |= {"p50_s": rank(waits, 50), "p90_s": rank(waits, 90), "longest_s": waits[-1]}
    if last_at is not None:
        figures["last_s"] = (last_at - local_midnight(day.day, frame.zone)).total_seconds()
    never = [visit for ref, visit in visits.items() if ref not in called and not _gone(visit, since)]
    late = sum(
        visit.stays[0].patience is None or visit.stays[0].patience.total_seconds() > frame.target_s for visit in never
    )
    if waits or late:
        figures["within"] = sum(wait <= frame.target_s for wait in waits) / (len(waits) + late)
    figures["not_called"] = len(never)
    figures["overtime_s"], utilisation = _worked(busy, staffed, since)
    return Measured(
        figures,
        utilisation,
        {service: rank(sorted(own), 90) for service, own in sorted(of_service.items())},
        {hour: rank(sorted(own), 90) for hour, own in sorted(of_hour.items())},
    )


def _gone(visit: ReplayedVisit, since: datetime | None) -> bool:
    """Return whether somebody had abandoned before the time that counts."""
    patience = visit.stays[0].patience
    return since is not None and patience is not None and visit.at + patience < since


def _worked(
    busy: Mapping[int, Sequence[tuple[datetime, datetime]]], staffed: Sequence[Staffed], since: datetime | None
) -> tuple[float, dict[int, float]]:
    """Return the overtime of all counters, in seconds, and the share of its time that each was busy."""
    there: dict[int, timedelta] = defaultdict(timedelta)
    used: dict[int, timedelta] = defaultdict(timedelta)
    overtime = timedelta()
    parts: dict[int, list[Staffed]] = defaultdict(list)
    for part in staffed:
        parts[part.counter].append(part)
    for counter, own in parts.items():
        own.sort(key=lambda part: part.begins)
        for n, part in enumerate(own):
            until = own[n + 1].begins if n + 1 < len(own) else None
            begins = part.begins if since is None else max(part.begins, since)
            ends = part.ends
            for called_at, left_at in busy.get(counter, ()):
                if part.begins <= called_at and (until is None or called_at < until):
                    ends = max(ends, left_at)
                    used[counter] += max(timedelta(), left_at - max(called_at, begins))
            # One who is at the counter when it pauses is served first; only a closing that lingers is overtime.
            if part.lingers:
                overtime += ends - part.ends
            there[counter] += max(timedelta(), ends - begins)
    shares = {counter: min(1.0, used[counter] / time) for counter, time in sorted(there.items()) if time}
    return overtime.total_seconds(), shares


def spreads(runs: Sequence[Measured]) -> Spreads:
    """Return the spread of each figure over these simulations."""
    return Spreads(
        {
            name: middle_range([run.figures[name] for run in runs if name in run.figures])
            for name in _keys(runs, "figures")
        },
        {name: middle_range([run.utilisation.get(name, 0.0) for run in runs]) for name in _keys(runs, "utilisation")},
        {name: middle_range([run.services.get(name, 0.0) for run in runs]) for name in _keys(runs, "services")},
        {name: middle_range([run.hours[name] for run in runs if name in run.hours]) for name in _keys(runs, "hours")},
    )


def gains(before: Sequence[Measured], after: Sequence[Measured]) -> dict[str, Range]:
    """Return how much each figure changes, simulation by simulation: the same people, the same times, another plan."""
    pairs = list(zip(before, after, strict=True))
    return {
        name: middle_range(changes)
        for name in NAMES
        if (changes := [b.figures[name] - a.figures[name] for a, b in pairs if name in a.figures and name in b.figures])
    }


def middle_range(values: Sequence[float]) -> Range:
    """Return the low, middle and high of some values."""
    in_order = sorted(values)
    low, mid, high = (rank(in_order, percent) for percent in MIDDLE)
    return Range(low, mid, high)


def rank(in_order: Sequence[float], percent: int) -> float:
    """Return the smallest value that at least so many per cent do not exceed."""
    return in_order[max(0, ceil(len(in_order) * percent / 100) - 1)]


def _keys(runs: Iterable[Measured], part: str) -> list[Any]:
    return sorted({name for run in runs for name in getattr(run, part)})
