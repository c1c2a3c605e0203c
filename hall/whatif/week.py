"""The staffing table: how many counters of which services each hour of the coming week needs.

Learnt from up to eight weeks: how many come on each weekday in each quarter of an hour, for what, and how long they
take. A working day is simulated with people drawn from those. Every hour begins with the fewest counters that serve
everything asked for in it; where then fewer than nine in ten of an hour's people are called within the target, the
counter that serves most of the late ones is opened in that hour too. Where all of those are open and it is not enough,
counters are added that the hall does not have.
"""

from __future__ import annotations

from collections import Counter as Count
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import exp
from random import Random
from zoneinfo import ZoneInfo

import msgspec

from hall.catalogue.model import Catalogue
from hall.recorded_day import Day
from hall.whatif.sample import Pools, drawn_stays
from hall.whatif.staffed import (
    OVERTIME_MOST,
    QUARTER,
    QUARTERS,
    DayStaffing,
    Span,
    Staffed,
    changes,
    local_midnight,
    recorded_staffing,
    shift_spans,
    usual_spans,
)
from queueing.replay import AT_ONCE, ReplayedVisit

WEEKS = 8
WEEKS_LEAST = 3  # days of a weekday: with fewer the table says nothing of it
SHARE = 0.9  # of an hour's people are to be called within the target
SEEDS = 20
HOUR = timedelta(hours=1)
SELDOM = 0.1  # a service asked for less often than so many times in an hour needs no counter of its own
EXTRA_MOST = 12  # counters that the hall does not have, in one hour
PASSES = 2  # what an hour needs depends a little on the hour after it
ENOUGH_TIMES = 500  # of a service, to draw from
NEW = 1001  # the number of the first counter that the hall does not have


class HourNeed(msgspec.Struct, frozen=True):
    """What one hour needs. `share` is how many are then called within the target, of all who come in it."""

    hour: int  # local, 7 is from seven to eight
    arrivals: float  # expected
    counters: list[int]  # of the hall, to be open
    extra: list[list[str]]  # counters that the hall does not have: the services of each
    share: float | None  # null: hardly anybody comes


class DayNeed(msgspec.Struct, frozen=True):
    """What a day needs; without `hours` it is a day off, or too little is known of its weekday."""

    day: str
    learnt_from: int  # days of this weekday
    enough: bool
    hours: list[HourNeed]


class StaffingTable(msgspec.Struct, frozen=True):
    """What the coming week needs, and from which days that is learnt."""

    first: str | None
    last: str | None
    target_s: int
    days: list[DayNeed]


def staffing_table(
    days: Sequence[Day], catalogue: Catalogue, today: date, progress: Callable[[int, int], None]
) -> StaffingTable:
    """Return what each of the seven days after `today` needs, learnt from these days."""
    zone = ZoneInfo(catalogue.hall.timezone)
    coming = [today + timedelta(days=n) for n in range(1, 8)]
    needs = []
    for n, day in enumerate(coming):
        learnt = [other for other in days if other.day.isoweekday() == day.isoweekday()]
        enough = len(learnt) >= WEEKS_LEAST
        hours = _Week(day, learnt, catalogue, zone).hours() if enough else []
        needs.append(DayNeed(day.isoformat(), len(learnt), enough, hours))
        progress(n + 1, len(coming))
    learnt_days = sorted(day.day for day in days)
    return StaffingTable(
        learnt_days[0].isoformat() if learnt_days else None,
        learnt_days[-1].isoformat() if learnt_days else None,
        catalogue.hall.target_s,
        needs,
    )


class _Week:
    """One working day of the coming week."""

    def __init__(self, day: date, learnt: Sequence[Day], catalogue: Catalogue, zone: ZoneInfo) -> None:
        self._day, self._zone, self._catalogue = day, zone, catalogue
        self._target = catalogue.hall.target
        self._midnight = local_midnight(day, zone)
        self._services = {number: tuple(sorted(counter.services)) for number, counter in catalogue.counters.items()}
        staffings = [recorded_staffing(other, catalogue.hours, zone, catalogue.services) for other in learnt]
        shifts = shift_spans(day, catalogue.hours, zone, catalogue.services)
        self._spans = _usual_hours(day, zone, staffings) if shifts is None else shifts
        self._runs = [self._drawn(learnt, seed) for seed in range(SEEDS)] if self._spans else []
        self._arrivals = Count(self._hour(visit) for run in self._runs for visit in run.visits)
        self._open: dict[int, list[int]] = {}  # hour -> counters
        self._extra: dict[int, tuple[str, ...]] = {}  # counters that the hall does not have

    def hours(self) -> list[HourNeed]:
        """Return what each hour needs."""
        hours = sorted({hour for span in self._spans for hour in self._hours_of(span)})
        for hour in hours:
            self._open[hour] = self._fewest(hour)
        for _ in range(PASSES):
            for n, hour in enumerate(hours):
                self._fill(hour, hours[n + 1 : n + 2])
        met = self._met(hours[-1]) if hours else {}
        return [self._need(hour, *met.get(hour, (0, 0))) for hour in hours]

    def _need(self, hour: int, called: int, came: int) -> HourNeed:
        numbers = self._open[hour]
        return HourNeed(
            hour=hour,
            arrivals=round(came / SEEDS, 1),
            counters=sorted(number for number in numbers if number not in self._extra),
            extra=[list(self._extra[number]) for number in numbers if number in self._extra],
            share=round(called / came, 3) if came else None,
        )

    def _fewest(self, hour: int) -> list[int]:
        """Return few counters that serve all that is asked for in an hour."""
        asked = Count(visit.stays[0].service for run in self._runs for visit in run.visits if self._hour(visit) == hour)
        asked = Count({code: times for code, times in asked.items() if times >= SELDOM * SEEDS})
        chosen: list[int] = []
        while True:
            gains = {number: sum(asked[code] for code in served) for number, served in self._services.items()}
            best = max(sorted(gains), key=lambda number: gains[number], default=None)
            if best is None or not gains[best]:
                return chosen
            chosen.append(best)
            for code in self._services[best]:
                del asked[code]

    def _fill(self, hour: int, following: Sequence[int]) -> None:
        """Open counters in an hour until enough of its people are called in time, or until more help nobody."""
        tried: list[tuple[int, list[int]]] = []  # how many were called in time, with which counters
        while True:
            # Those who come at its end are called in the hour after it, by no fewer counters.
            later = {after: self._open[after] for after in following}
            for after in following:
                self._open[after] = [*later[after], *(n for n in self._open[hour] if n not in later[after])]
            called, came, late = self._outcome(hour)
            self._open.update(later)
            if not came or called >= SHARE * came:
                return
            tried.append((called, self._open[hour]))
            # Far below, two are opened at once: each outcome takes a while to play.
            for _ in range(2 if called < SHARE / 2 * came else 1):
                number = self._helps_most(hour, late)
                if number is None:
                    # Who comes after the last counter has closed is called in time by no number of them.
                    self._open[hour] = next(numbers for called, numbers in tried if called == max(tried)[0])
                    return
                self._open[hour] = [*self._open[hour], number]
                late -= Count({code: late[code] for code in self._services_of(number)})

    def _helps_most(self, hour: int, late: Count[str]) -> int | None:
        """Return the counter that serves most of those who are late: one of the hall if any does, else one more."""
        for known in (self._services, self._extra):
            gains = {
                number: sum(late[code] for code in served)
                for number, served in known.items()
                if number not in self._open[hour]
            }
            best = max(sorted(gains), key=lambda number: gains[number], default=None)
            if best is not None and gains[best]:
                return best
        served_most = max(sorted(self._services), key=lambda n: sum(late[c] for c in self._services[n]), default=None)
        if served_most is None or sum(number in self._extra for number in self._open[hour]) >= EXTRA_MOST:
            return None
        number = NEW + len(self._extra)
        self._extra[number] = self._services[served_most]
        return number

    def _outcome(self, hour: int) -> tuple[int, int, Count[str]]:
        """Return how many of an hour are called in time, of how many, and for what the others came."""
        called, came, late = 0, 0, Count[str]()
        for visit, in_time in self._played(hour):
            if self._hour(visit) == hour:
                came += 1
                called += in_time
                if not in_time:
                    late[visit.stays[0].service] += 1
        return called, came, late

    def _met(self, last: int) -> dict[int, tuple[int, int]]:
        """Return hour -> how many of it are called in time, of how many."""
        met: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for visit, in_time in self._played(last):
            called, came = met[self._hour(visit)]
            met[self._hour(visit)] = (called + in_time, came + 1)
        return met

    def _played(self, until: int) -> Iterator[tuple[ReplayedVisit, bool]]:
        """Yield everybody who comes until the end of an hour, and whether they are called in time."""
        staffing = changes(list(self._staffed()))
        for run in self._runs:
            visits = [visit for visit in run.visits if self._hour(visit) <= until]
            day = replace(run, visits=visits, staffing=staffing)
            in_time = {
                call.ref: call.wait <= self._target for call in day.calls(self._catalogue.policy) if call.stay == 0
            }
            for visit in visits:
                yield visit, in_time.get(visit.ref, False)

    def _staffed(self) -> Iterator[Staffed]:
        """Yield who is staffed when by the table so far."""
        for span in self._spans:
            since: dict[int, datetime] = {}
            for hour in self._hours_of(span):
                begins, ends = max(span[0], self._at(hour)), min(span[1], self._at(hour + 1))
                for number in since.keys() - set(self._open[hour]):
                    yield Staffed(number, self._services_of(number), since.pop(number), begins)
                for number in self._open[hour]:
                    since.setdefault(number, begins)
            lingers = OVERTIME_MOST if span is self._spans[-1] else AT_ONCE
            for number, began in since.items():
                yield Staffed(number, self._services_of(number), began, ends, lingers)

    def _services_of(self, number: int) -> tuple[str, ...]:
        return self._services.get(number) or self._extra[number]

    def _drawn(self, learnt: Sequence[Day], seed: int) -> Day:
        """Return a day with people drawn from those who came on this weekday."""
        rng = Random(f"{self._day.isoweekday()} {seed}")
        pools = _pools_of(learnt)
        visits: list[ReplayedVisit] = []
        classes: dict[int, list[tuple[timedelta, str]]] = {}
        for quarter, (rate, models) in enumerate(_by_quarter(learnt, self._zone)):
            for _ in range(_poisson(rng, rate)):
                model, of_day = rng.choice(models)
                at = self._midnight + QUARTER * (quarter + rng.random())
                ref = len(visits) + 1
                stays = tuple(drawn_stays(rng, pools, model.stays))
                visits.append(replace(model, ref=ref, at=at, stays=stays, wishes=(), appointment=False))
                classes[ref] = of_day.classes[model.ref]
        visits.sort(key=lambda visit: visit.at)
        numbered = [replace(visit, arrival=n) for n, visit in enumerate(visits, start=1)]
        hesitations = {
            number: [rng.choice(pools.every_hesitation) for _ in range(50)] if pools.every_hesitation else []
            for number in (*self._services, *range(NEW, NEW + EXTRA_MOST * 24))
        }
        return Day(self._day, visits=numbered, classes=classes, hesitations=hesitations)

    def _hour(self, visit: ReplayedVisit) -> int:
        return visit.at.astimezone(self._zone).hour

    def _at(self, hour: int) -> datetime:
        return self._midnight + hour * HOUR

    def _hours_of(self, span: Span) -> Iterator[int]:
        first, last = span[0].astimezone(self._zone), (span[1] - timedelta(seconds=1)).astimezone(self._zone)
        yield from range(first.hour, last.hour + 1)


def _pools_of(days: Sequence[Day]) -> Pools:
    """Return what to draw from: the times of all these days."""
    first, *others = days
    pools = Pools(first, others, few=ENOUGH_TIMES, enough=ENOUGH_TIMES)
    pools.every_hesitation = [time for day in days for times in day.hesitations.values() for time in times]
    return pools


def _by_quarter(days: Sequence[Day], zone: ZoneInfo) -> Iterator[tuple[float, list[tuple[ReplayedVisit, Day]]]]:
    """Yield how many come in each quarter of an hour, and who came about then."""
    came: list[list[tuple[ReplayedVisit, Day]]] = [[] for _ in range(QUARTERS)]
    for day in days:
        for visit in day.visits:
            local = visit.at.astimezone(zone)
            if local.date() == day.day:
                came[local.hour * 4 + local.minute // 15].append((visit, day))
    for quarter, own in enumerate(came):
        about = [pair for near in came[max(0, quarter - 1) : quarter + 2] for pair in near]
        yield len(own) / len(days), about


def _poisson(rng: Random, mean: float) -> int:
    limit, count, product = exp(-mean), 0, rng.random()
    while product > limit:
        count, product = count + 1, product * rng.random()
    return count


def _usual_hours(day: date, zone: ZoneInfo, staffings: Iterable[DayStaffing]) -> list[Span]:
    """Return when any counter was staffed on most of these days."""
    every = list(staffings)
    return usual_spans(day, zone, [(other.day, [s for n in other.staffed for s in other.spans(n)]) for other in every])
