"""When tickets are issued: seasons, shifts, single days, and quotas.

All times here are local to the hall; the caller converts. A hall without a season issues tickets at any hour of
every day that is not listed on its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

LOOK_AHEAD_DAYS = 400  # how far the next opening is searched: over a year, whatever the season


class Closed(StrEnum):
    """Why no ticket is issued now."""

    BEFORE = "before_hours"  # the first shift of the day has not begun
    BREAK = "break"  # between two shifts
    AFTER = "after_hours"  # the last shift of the day is over
    DAY_OFF = "day_off"
    QUOTA_SHIFT = "quota_shift"  # all tickets of this shift are issued
    QUOTA_DAY = "quota_day"


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """One stretch of work, such as a morning. Tickets are issued from `issues_from` until just before `issues_to`."""

    opens: time
    closes: time
    issues_from: time
    issues_to: time


@dataclass(frozen=True, slots=True)
class Rule:
    """The shifts of some weekdays (1 is Monday), for these services; None: for all."""

    weekdays: frozenset[int]
    shifts: tuple[Shift, ...]
    services: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Season:
    """A part of every year, first and last day included; if the last is earlier in the year it runs over New Year."""

    name: str
    first: tuple[int, int]  # month, day
    last: tuple[int, int]
    rules: tuple[Rule, ...]

    def covers(self, day: date) -> bool:
        """Return whether the day lies in this season."""
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
        """Return whether the day is one of these."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Quota:
    """How many tickets of a service are issued at most a day and a shift; None: without limit."""

    day: int | None = None
    shift: int | None = None


@dataclass(frozen=True, slots=True)
class Hours:
    """The working calendar. Special days override seasons; a day that no season covers is a day off."""

    seasons: tuple[Season, ...] = ()
    days: tuple[SpecialDays, ...] = ()
    quotas: Mapping[str, Quota] = field(default_factory=dict)

    def special(self, day: date) -> SpecialDays | None:
        """Return the special days that this day belongs to."""
        return next((days for days in self.days if days.covers(day)), None)

    def shifts(self, day: date, service: str) -> tuple[Shift, ...] | None:
        """Return the shifts of a service on a day, in order; empty on a day off, None if open round the clock."""
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
    """Whether tickets of a service are issued at a moment; if not, why, and from when again (local)."""

    closed: Closed | None = None
    opens_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Return whether tickets are issued."""
        return self.closed is None


def issuing(hours: Hours, service: str, at: datetime, issued: Sequence[datetime]) -> Issuing:
    """Decide whether a ticket of `service` can be issued at `at`.

    `issued` are the times at which today's tickets of the service were issued, in order: a ticket counts for the
    quota whatever becomes of it.
    """
    quota = hours.quotas.get(service, Quota())
    shifts = hours.shifts(at.date(), service)
    shift = None
    if shifts is not None:
        shift = next((now for now in shifts if now.issues_from <= at.time() < now.issues_to), None)
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
    """Return when tickets of the service are issued again: the first beginning of a shift at or after `after`.

    A day that is open round the clock begins at midnight. None if there is no such time within a year.
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
    """Yield the days from `first` on that may have shifts of the service, within LOOK_AHEAD_DAYS."""
    ahead = range(LOOK_AHEAD_DAYS)
    rules = [rule for season in hours.seasons for rule in season.rules]
    if not hours.seasons or any(_offered(rule.services, service) for rule in rules):
        yield from (first + timedelta(days=n) for n in ahead)
        return
    # No season has the service: only special days need to be searched.
    for special in sorted(hours.days, key=lambda days: days.first):
        if _offered(special.services, service):
            begins = max(first, special.first)
            yield from (begins + timedelta(days=n) for n in ahead if begins + timedelta(days=n) <= special.last)


def work_left(hours: Hours, service: str, at: datetime) -> timedelta | None:
    """Return how much working time of the service is left on this day; None if open round the clock.

    Those who wait over the noon break are served in the afternoon, so the shifts are added up.
    """
    shifts = hours.shifts(at.date(), service)
    if shifts is None:
        return None
    left = timedelta()
    for shift in shifts:
        opens, closes = (datetime.combine(at.date(), edge, at.tzinfo) for edge in (shift.opens, shift.closes))
        left += max(timedelta(), closes - max(opens, at))
    return left


def closes_before(hours: Hours, service: str, at: datetime, until: datetime) -> bool:
    """Return whether one who is called at `until` waits over a break or past the closing, from `at` on; both local."""
    shifts = hours.shifts(at.date(), service)
    if shifts is None:
        return False
    for shift in shifts:
        opens, closes = (datetime.combine(at.date(), edge, at.tzinfo) for edge in (shift.opens, shift.closes))
        if opens <= at < closes:
            later = [
                datetime.combine(at.date(), other.opens, at.tzinfo) for other in shifts if other.opens > shift.opens
            ]
            return until >= min(later, default=closes)
    return True


def shifts_of(hours: Hours, day: date, services: Collection[str]) -> tuple[Shift, ...] | None:
    """Return the shifts of the hall on a day: those of any of its services; None if open round the clock."""
    all_shifts: set[Shift] = set()
    for service in services:
        shifts = hours.shifts(day, service)
        if shifts is None:
            return None
        all_shifts.update(shifts)
    return tuple(sorted(all_shifts))


def clashes(shifts: Iterable[Shift]) -> Iterator[tuple[Shift, Shift]]:
    """Yield the pairs of neighbouring shifts, of one service and day, that overlap."""
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
