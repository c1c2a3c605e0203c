"""When numbers are given: seasons, shifts, single days, and how many a day.

All times here are the hall's local ones; the caller turns instants into them. A hall without a
season gives numbers at any hour of every day that is not listed on its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

LOOK_AHEAD_DAYS = 400  # how far the next opening is looked for: over a year, whatever the season


class Closed(StrEnum):
    """Why no number is given now."""

    BEFORE = "before_hours"  # the first shift of the day has not begun
    BREAK = "break"  # between two shifts
    AFTER = "after_hours"  # the last shift of the day is over
    DAY_OFF = "day_off"
    QUOTA_SHIFT = "quota_shift"  # the numbers of this shift are given out
    QUOTA_DAY = "quota_day"


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """One stretch of work, such as a morning. Numbers are given from `issues_from` until just before `issues_to`."""

    opens: time
    closes: time
    issues_from: time
    issues_to: time


@dataclass(frozen=True, slots=True)
class Rule:
    """On these weekdays (1 is Monday) these shifts; `services` None: all of them."""

    weekdays: frozenset[int]
    shifts: tuple[Shift, ...]
    services: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Season:
    """A part of every year, both ends included; one that ends before it begins runs over New Year."""

    name: str
    first: tuple[int, int]  # month, day
    last: tuple[int, int]
    rules: tuple[Rule, ...]

    def covers(self, day: date) -> bool:
        on = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= on <= self.last
        return on >= self.first or on <= self.last


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """Days that follow no season: holidays (no shifts) and single working days."""

    first: date
    last: date
    name: str
    shifts: tuple[Shift, ...] = ()
    services: frozenset[str] | None = None

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Quota:
    """How many numbers of a service are given at most; None: as many as people come."""

    day: int | None = None
    shift: int | None = None


@dataclass(frozen=True, slots=True)
class Hours:
    """The working calendar. Special days go before seasons; what no season covers is a day off."""

    seasons: tuple[Season, ...] = ()
    days: tuple[SpecialDays, ...] = ()
    quotas: Mapping[str, Quota] = field(default_factory=dict)

    def special(self, day: date) -> SpecialDays | None:
        return next((each for each in self.days if each.covers(day)), None)

    def shifts(self, day: date, service: str) -> tuple[Shift, ...] | None:
        """The service's shifts of a day in order; empty on a day off, None where it is open round the clock."""
        special = self.special(day)
        if special is not None:
            return special.shifts if _offered(special.services, service) else ()
        if not self.seasons:
            return None
        return tuple(
            sorted(
                shift
                for season in self.seasons
                if season.covers(day)
                for rule in season.rules
                if day.isoweekday() in rule.weekdays and _offered(rule.services, service)
                for shift in rule.shifts
            )
        )


@dataclass(frozen=True, slots=True)
class Issuing:
    """Whether numbers of a service are given at a moment; if not, why, and from when again (local)."""

    closed: Closed | None = None
    opens_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.closed is None


def issuing(hours: Hours, service: str, at: datetime, issued: Sequence[datetime]) -> Issuing:
    """Whether a number of `service` can be given at `at`.

    `issued` are the moments at which today's numbers of the service were given, in order: a
    number counts for the quota whatever becomes of it.
    """
    quota = hours.quotas.get(service, Quota())
    shifts = hours.shifts(at.date(), service)
    shift = None
    if shifts is not None:
        shift = next((each for each in shifts if each.issues_from <= at.time() < each.issues_to), None)
        if shift is None:
            return Issuing(_outside(shifts, at.time()), next_opening(hours, service, at))
    if quota.day is not None and len(issued) >= quota.day:
        return Issuing(Closed.QUOTA_DAY, next_opening(hours, service, _midnight(at)))
    if shift is not None and quota.shift is not None:
        began, ends = (datetime.combine(at.date(), edge, at.tzinfo) for edge in (shift.issues_from, shift.issues_to))
        if len(issued) - bisect_left(issued, began) >= quota.shift:
            return Issuing(Closed.QUOTA_SHIFT, next_opening(hours, service, ends))
    return Issuing()


def next_opening(hours: Hours, service: str, after: datetime) -> datetime | None:
    """When numbers of the service are given again: the first beginning of a shift at or after this moment.

    A day that is open round the clock begins at midnight. None when there is none within a year.
    """
    for day in _days(hours, service, after.date()):
        shifts = hours.shifts(day, service)
        starts: Iterable[time] = (time(),) if shifts is None else (shift.issues_from for shift in shifts)
        for start in starts:
            begins = datetime.combine(day, start, after.tzinfo)
            if begins >= after:
                return begins
    return None


def _days(hours: Hours, service: str, first: date) -> Iterator[date]:
    """The days from `first` on that may give numbers of the service, within the time that is looked at."""
    ahead = range(LOOK_AHEAD_DAYS)
    rules = [rule for season in hours.seasons for rule in season.rules]
    if not hours.seasons or any(_offered(rule.services, service) for rule in rules):
        yield from (first + timedelta(days=n) for n in ahead)
        return
    # No season has it: a year of days need not be looked through.
    for special in sorted(hours.days, key=lambda each: each.first):
        if _offered(special.services, service):
            begins = max(first, special.first)
            yield from (begins + timedelta(days=n) for n in ahead if begins + timedelta(days=n) <= special.last)


def work_left(hours: Hours, service: str, at: datetime) -> timedelta | None:
    """How much working time of the service this day still has; None where it is open round the clock.

    Who waits over the noon break waits for the afternoon, so the shifts of the day are added.
    """
    shifts = hours.shifts(at.date(), service)
    if shifts is None:
        return None
    left = timedelta()
    for shift in shifts:
        opens, closes = (datetime.combine(at.date(), edge, at.tzinfo) for edge in (shift.opens, shift.closes))
        left += max(timedelta(), closes - max(opens, at))
    return left


def shifts_of(hours: Hours, day: date, services: Collection[str]) -> tuple[Shift, ...] | None:
    """The shifts of the hall on a day: those of any of its services; None where it is open round the clock."""
    found: set[Shift] = set()
    for service in services:
        shifts = hours.shifts(day, service)
        if shifts is None:
            return None
        found.update(shifts)
    return tuple(sorted(found))


def clashes(shifts: Iterable[Shift]) -> Iterator[tuple[Shift, Shift]]:
    """Shifts of one service and day that run into each other."""
    in_order = sorted(shifts)
    for before, after in zip(in_order, in_order[1:], strict=False):
        if after.opens < before.closes or after.issues_from < before.issues_to:
            yield before, after


def _outside(shifts: Sequence[Shift], at: time) -> Closed:
    if not shifts:
        return Closed.DAY_OFF
    if at < shifts[0].issues_from:
        return Closed.BEFORE
    return Closed.BREAK if at < shifts[-1].issues_from else Closed.AFTER


def _offered(services: frozenset[str] | None, service: str) -> bool:
    return services is None or service in services


def _midnight(at: datetime) -> datetime:
    return datetime.combine(at.date() + timedelta(days=1), time(), at.tzinfo)
