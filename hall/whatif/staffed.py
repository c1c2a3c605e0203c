"""When each counter was staffed on a recorded day, and when it would be under another plan.

A gap of less than PAUSE_MOST is a pause, a longer one parts two spans, such as a lunch. A counter closes when its
shift ends (or, where the hall has no working hours, when it did), and lingers while somebody waits for it if it called
people after that time on the day, or if it was the last closing of the day and nobody was left behind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from hall.recorded_day import LONGER, Day
from hall.whatif.plan import CounterPlan, Plan, WorkSpan
from queueing.opening import Hours, shifts_of
from queueing.replay import AT_ONCE, StaffingChange

PAUSE_MOST = timedelta(minutes=45)
OVERTIME_MOST = timedelta(hours=3)
LAST_CLOSINGS = timedelta(hours=1)  # those that close within so long of the last one of the day go home
SAME_MOMENT = timedelta(minutes=1)
BACK_FROM_PAUSE = timedelta(minutes=10)
UNKNOWN_REST = timedelta(hours=3)  # of a day that is the hall's first, without working hours
QUARTER = timedelta(minutes=15)
QUARTERS = 96

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Staffed:
    """A counter that is staffed from `begins` to `ends`, without pauses, and lingers so long at most."""

    counter: int
    services: tuple[str, ...]
    begins: datetime
    ends: datetime
    lingers: timedelta = AT_ONCE


class DayStaffing:
    """Who is staffed when on a day, and would be under another plan."""

    def __init__(
        self,
        day: date,
        zone: tzinfo,
        staffed: Mapping[int, Sequence[Staffed]],
        last: datetime,
        since: datetime | None = None,
    ) -> None:
        """`last` is when the last counter closes. A plan changes nothing of what was before `since`."""
        self.day, self.zone, self.staffed = day, zone, staffed
        self._last, self._since = last, since

    def at(self, local: time) -> datetime:
        """Return a time of the day."""
        return datetime.combine(self.day, local, self.zone)

    def local(self, at: datetime) -> str:
        """Return a moment as a time of the day, "07:30", to the minute; before the day "00:00", after it "23:59"."""
        there = at.astimezone(self.zone)
        return f"{there:%H:%M}" if there.date() == self.day else "00:00" if there.date() < self.day else "23:59"

    def spans(self, counter: int) -> list[Span]:
        """Return when a counter is staffed, pauses included."""
        spans: list[Span] = []
        for part in self.staffed.get(counter, ()):
            if spans and part.begins - spans[-1][1] < PAUSE_MOST:
                spans[-1] = (spans[-1][0], part.ends)
            else:
                spans.append((part.begins, part.ends))
        return spans

    def work_spans(self, counter: int) -> tuple[WorkSpan, ...]:
        """Return the same as times of the day."""
        spans = [WorkSpan(self.local(begins), self.local(ends)) for begins, ends in self.spans(counter)]
        return tuple(span for span in spans if span.opens < span.closes)

    def services(self, counter: int) -> tuple[str, ...]:
        """Return what a counter served last on the day; nothing if it was never staffed."""
        parts = self.staffed.get(counter)
        return parts[-1].services if parts else ()

    def under(self, plan: Plan, services: Mapping[int, Iterable[str]]) -> list[Staffed]:
        """Return who is staffed when under a plan. `services` are those that the hall's counters have."""
        changed = {counter.counter: counter for counter in plan.counters}
        parts: list[Staffed] = []
        for number in sorted(self.staffed.keys() | changed.keys()):
            own = list(self.staffed.get(number, ()))
            wanted = changed.get(number)
            if wanted is not None:
                served = self.services(number) or tuple(sorted(services.get(number, ())))
                served = served if wanted.services is None else tuple(sorted(wanted.services))
                own = list(self._changed(number, own, served, wanted))
            parts += own
        return [part for part in parts if part.services and part.begins < part.ends]

    def _changed(
        self, number: int, own: Sequence[Staffed], served: tuple[str, ...], wanted: CounterPlan
    ) -> Iterator[Staffed]:
        since = self._since
        for part in own:
            if since is not None and part.begins < since:
                yield replace(part, ends=min(part.ends, since), lingers=AT_ONCE)
        if wanted.hours is not None:
            coming = self._as_planned(number, served, wanted.hours)
        else:
            coming = (replace(part, services=served) for part in own)
        for part in coming:
            if since is None or part.ends > since:
                yield part if since is None else replace(part, begins=max(part.begins, since))

    def _as_planned(self, counter: int, services: tuple[str, ...], hours: Sequence[WorkSpan]) -> Iterator[Staffed]:
        """Yield the hours of a plan, with the pauses that the counter makes in them."""
        pauses = [
            (before.ends, after.begins)
            for before, after in pairwise(self.staffed.get(counter, ()))
            if after.begins - before.ends < PAUSE_MOST
        ]
        for n, span in enumerate(hours):
            begins, ends = map(self.at, span.times)
            last = n + 1 == len(hours)
            for paused, resumed in pauses:
                if begins < paused and resumed < ends:
                    yield Staffed(counter, services, begins, paused)
                    begins = resumed
            goes_home = last and ends >= self._last - LAST_CLOSINGS
            yield Staffed(counter, services, begins, ends, OVERTIME_MOST if goes_home else AT_ONCE)


def recorded_staffing(day: Day, hours: Hours, zone: tzinfo, services: Iterable[str]) -> DayStaffing:
    """Return who was staffed when on a recorded day. `hours` and `services` are the hall's on that day."""
    return _Recorded(day, shift_spans(day.day, hours, zone, services), zone).staffing()


def expected_staffing(
    day: Day, now: datetime, hours: Hours, zone: tzinfo, services: Iterable[str], before: Sequence[DayStaffing]
) -> DayStaffing:
    """Return who was staffed until now on a day that goes on, and is expected to be from now on.

    A counter that calls now goes on until it usually closes, or its shift ends. One that is closed opens when it did
    on most of the days `before`; one that is paused is back in ten minutes.
    """
    shifts = shift_spans(day.day, hours, zone, services) or []
    ends_today = [closes for _, closes in shifts if closes > now]
    usual = {
        number: usual_spans(day.day, zone, [(other.day, other.spans(number)) for other in before])
        for number in {number for other in before for number in other.staffed}
    }
    closings = [closes for spans in usual.values() for _, closes in spans if closes > now]
    last = max(closings + ends_today, default=now + UNKNOWN_REST)
    stretches = _stretches(day.staffing, now)
    open_now = {change.counter: change.services for change in day.staffing}
    staffed: dict[int, list[Staffed]] = {}
    for number in sorted(stretches.keys() | usual.keys() | {n for n, served in open_now.items() if served}):
        own = stretches.get(number, [])
        parts = [Staffed(number, served, begins, ends) for begins, ends, served in own]
        usually = usual.get(number, [])
        until = next((closes for begins, closes in usually if begins - PAUSE_MOST <= now < closes), None)
        until = until or min(ends_today, default=last)
        if open_now.get(number):
            begins = parts.pop().begins if parts and parts[-1].ends == now else now
            parts.append(Staffed(number, open_now[number], begins, until))
        elif own and now - own[-1][1] < PAUSE_MOST and any(begins <= now < closes for begins, closes in usually):
            parts.append(Staffed(number, own[-1][2], now + BACK_FROM_PAUSE, until))
        served = parts[-1].services if parts else next(d.services(number) for d in before if d.services(number))
        ready_at = parts[-1].ends if parts and parts[-1].ends > now else now
        parts += [Staffed(number, served, begins, closes) for begins, closes in usually if begins >= ready_at]
        if parts and parts[-1].ends >= max(now, last - LAST_CLOSINGS):
            parts[-1] = replace(parts[-1], lingers=OVERTIME_MOST)
        staffed[number] = parts
    return DayStaffing(day.day, zone, staffed, last, since=now)


def shift_spans(day: date, hours: Hours, zone: tzinfo, services: Iterable[str]) -> list[Span] | None:
    """Return the shifts of a hall on a day; None if it is open round the clock."""
    shifts = shifts_of(hours, day, tuple(services))
    if shifts is None:
        return None
    return [(datetime.combine(day, s.opens, zone), datetime.combine(day, s.closes, zone)) for s in shifts]


def usual_spans(day: date, zone: tzinfo, known: Sequence[tuple[date, Sequence[Span]]]) -> list[Span]:
    """Return what most of these days had in common, to the quarter of an hour, as times of `day`."""
    midnight = local_midnight(day, zone)
    present = [0] * QUARTERS
    for other, of_day in known:
        began = local_midnight(other, zone)
        quarters: set[int] = set()
        for begins, ends in of_day:
            quarters.update(range(max(0, round((begins - began) / QUARTER)), round((ends - began) / QUARTER)))
        for quarter in quarters:
            if quarter < QUARTERS:
                present[quarter] += 1
    spans: list[Span] = []
    for quarter, days in enumerate(present):
        if 2 * days <= len(known):
            continue
        begins, ends = midnight + quarter * QUARTER, midnight + (quarter + 1) * QUARTER
        if spans and spans[-1][1] == begins:
            spans[-1] = (spans[-1][0], ends)
        else:
            spans.append((begins, ends))
    return spans


class _Recorded:
    """Reads off a recorded day when its counters were to close."""

    def __init__(self, day: Day, shifts: list[Span] | None, zone: tzinfo) -> None:
        self._day, self._zone, self._shifts = day, zone, shifts
        self._calls: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
        for call in day.past_calls:
            self._calls[call.counter].append((call.called_at, call.left_at))
        self._end = self._end_of_day()
        self._stretches = _stretches(day.staffing, self._end)
        self._last = max((ends for parts in self._stretches.values() for _, ends, _ in parts), default=self._end)
        called = {call.ref for call in day.past_calls}
        self._left_behind = {
            visit.stays[0].service
            for visit in day.visits
            if visit.ref not in called and visit.at + (visit.stays[0].patience or AT_ONCE) >= self._last
        }
        self._closings = [
            last for counter, parts in self._stretches.items() for last in self._last_calls(counter, parts)
        ]

    def staffing(self) -> DayStaffing:
        """Return who was staffed when."""
        staffed = {counter: list(self._planned(counter, parts)) for counter, parts in self._stretches.items()}
        return DayStaffing(self._day.day, self._zone, staffed, self._last)

    def _planned(self, counter: int, parts: Sequence[tuple[datetime, datetime, tuple[str, ...]]]) -> Iterator[Staffed]:
        for n, (begins, ends, services) in enumerate(parts):
            following = parts[n + 1][0] if n + 1 < len(parts) else None
            closes, lingers = ends, AT_ONCE
            if following is None or following - ends >= PAUSE_MOST:
                closes, lingers = self._closing(counter, begins, ends, services, last=following is None)
                if following is not None:
                    lingers = min(lingers, following - closes)
            if begins < closes:
                yield Staffed(counter, services, begins, closes, lingers)

    def _closing(
        self, counter: int, begins: datetime, ends: datetime, services: tuple[str, ...], *, last: bool
    ) -> tuple[datetime, timedelta]:
        """Return when a counter was to close that closed at `ends`, and how long it lingers."""
        calls = [call for call in self._calls[counter] if begins <= call[0] <= ends]
        shift_end = max((closes for _, closes in self._shifts or () if begins < closes <= ends), default=None)
        if shift_end is not None and ends - shift_end <= OVERTIME_MOST:
            went_on = any(called > shift_end for called, _ in calls)
            return shift_end, OVERTIME_MOST if went_on or (last and self._nobody_left(services)) else AT_ONCE
        goes_home = last and ends >= self._last - LAST_CLOSINGS and self._nobody_left(services)
        if calls and ends - calls[-1][1] <= SAME_MOMENT:
            # It closed with the end of a service: sometime during that it was decided to call nobody more. Those who
            # closed about then as well show when: it was after their last calls.
            decided = (called for closed, called in self._closings if abs(closed - ends) <= LAST_CLOSINGS)
            ends = max(calls[-1][0], *(called for called in decided if called < ends)) + LONGER
        return ends, OVERTIME_MOST if goes_home else AT_ONCE

    def _last_calls(
        self, counter: int, parts: Sequence[tuple[datetime, datetime, tuple[str, ...]]]
    ) -> Iterator[tuple[datetime, datetime]]:
        """Yield when a counter closed for longer than a pause, and when it had called last."""
        for n, (_, ends, _) in enumerate(parts):
            if n + 1 == len(parts) or parts[n + 1][0] - ends >= PAUSE_MOST:
                called = [at for at, _ in self._calls[counter] if at <= ends]
                if called:
                    yield ends, called[-1]

    def _nobody_left(self, services: Iterable[str]) -> bool:
        return self._left_behind.isdisjoint(services)

    def _end_of_day(self) -> datetime:
        """Return when the day was over: a counter that was never closed was left with its last ticket, or its shift."""
        midnight = local_midnight(self._day.day + timedelta(days=1), self._zone)
        ends = self._day.ends_at or midnight
        if ends < midnight:
            return ends
        left = [at for calls in self._calls.values() for _, at in calls if at < midnight]
        left += [closes for _, closes in self._shifts or ()]
        return max(left, default=midnight)


def changes(staffed: Sequence[Staffed]) -> list[StaffingChange]:
    """Return what happens at the counters, in the order of time."""
    opened = [(StaffingChange(part.begins, part.counter, part.services), 1) for part in staffed]
    closed = [(StaffingChange(part.ends, part.counter, (), part.lingers), 0) for part in staffed]
    return [change for change, _ in sorted((*opened, *closed), key=lambda pair: (pair[0].at, pair[1]))]


def _stretches(
    staffing: Iterable[StaffingChange], end: datetime
) -> dict[int, list[tuple[datetime, datetime, tuple[str, ...]]]]:
    """Return counter -> when it was staffed, without pauses, and its services then."""
    stretches: dict[int, list[tuple[datetime, datetime, tuple[str, ...]]]] = defaultdict(list)
    since: dict[int, tuple[datetime, tuple[str, ...]]] = {}
    for change in staffing:
        if change.counter in since:
            began, services = since.pop(change.counter)
            if began < min(change.at, end):
                stretches[change.counter].append((began, min(change.at, end), services))
        if change.services:
            since[change.counter] = (change.at, change.services)
    for counter, (began, services) in since.items():
        if began < end:
            stretches[counter].append((began, end, services))
    return dict(stretches)


def local_midnight(day: date, zone: tzinfo) -> datetime:
    """Return the midnight that a day begins with."""
    return datetime.combine(day, time(), zone)
