"""Simulated past days: the real use cases, run by a clock that is set from event to event."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from demo import loads
from demo.loads import Load
from hall import arrivals, calls, counters, visits
from hall.forecasts import counter_to_open
from hall.hall import Act, Hall
from queueing.clock import SteadyClock
from queueing.errors import NobodyWaiting, Refusal
from queueing.ticket import State

_POLL_INTERVAL_S = 20.0  # how often an idle clerk checks whether somebody waits
_WATCH_INTERVAL_S = 120.0  # how often the supervisor looks at the board
_CROWD = 2  # people who wait; with fewer the board has nothing to advise, and to ask it takes time
_COMES_S = (60, 240)  # until a clerk in reserve is at the counter that the board advises to open
_RESTS_S = 300.0  # a counter in reserve closes when nobody came for so long
# So many working days before the last, the clerks in reserve are away for an hour: what the board advises is not done,
# and the queue of that hour is what it said.
_BAD_DAY, _AWAY = 3, (time(8, 0), time(9, 15))
_OVERTIME = timedelta(minutes=40)  # after closing time, for those who still wait


class GivenTime:
    """A clock that shows `at`, which the caller sets."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._from = at

    def steady(self) -> SteadyClock:
        """Return a clock for a hall that follows this one."""
        return SteadyClock(lambda: self.at, lambda: (self.at - self._from).total_seconds())


def first_of_last_month(today: date) -> date:
    """Return where a history begins that has a whole month, as the public page shows it."""
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return when a local day begins."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def live(
    hall: Hall,
    clock: GivenTime,
    load: Load,
    clerks: Mapping[int, str],
    until: datetime,
    days: int,
    reserve: Collection[int] = (),
) -> Iterator[date]:
    """Simulate the working days among the `days` days before `until`, and the day of `until` up to that time.

    Each day is one transaction and is yielded when it is saved. `clerks` is counter -> subject of its clerk. The
    counters in `reserve` open only when the board advises it. The last day ends at `until`, with people waiting.
    """
    zone = ZoneInfo(hall.catalogue.hall.timezone)
    today = until.astimezone(zone).date()
    past = loads.working_days(today, days)
    bad = past[-_BAD_DAY] if len(past) >= _BAD_DAY else None
    for day in (*past, today):
        with hall.store.transaction():
            _Day(hall, clock, load, clerks, day, zone, reserve, away=day == bad).live(until)
        yield day


class _Day:
    """One day, simulated event by event: a heap of what is due, by time."""

    def __init__(
        self,
        hall: Hall,
        clock: GivenTime,
        load: Load,
        clerks: Mapping[int, str],
        day: date,
        zone: ZoneInfo,
        reserve: Collection[int],
        away: bool,
    ) -> None:
        self.hall, self.clock, self.load, self.clerks = hall, clock, load, clerks
        self.day, self.zone = day, zone
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()
        self._at_work: set[int] = set()  # the counters whose clerk has not ended the shift
        self._reserve, self._away = reserve, away
        self._idle_from: dict[int, datetime] = {}  # counter in reserve -> since when nobody waits for it
        for at in load.arrivals(day, zone):
            self._plan(at, self._arrive)
        if reserve:
            self._plan(self._at(loads.MORNING), self._watch)
        for counter in clerks.keys() - set(reserve):
            for begins, ends in loads.SHIFTS:
                opens = self._at(begins) + timedelta(seconds=load.late_s())
                self._plan(opens, self._opener(counter, self._at(ends)))

    def live(self, until: datetime) -> None:
        while self._due and self._due[0][0] < until:
            self.clock.at, _, happens = heapq.heappop(self._due)
            self.hall.refresh()
            happens()
        self.clock.at = max(self.clock.at, min(until, self._at(time(23, 0))))

    def _at(self, local: time) -> datetime:
        return datetime.combine(self.day, local, self.zone).astimezone(UTC)

    def _plan(self, at: datetime, happens: Callable[[], None]) -> None:
        heapq.heappush(self._due, (at, next(self._order), happens))

    def _in(self, seconds: float, happens: Callable[[], None]) -> None:
        self._plan(self.clock.at + timedelta(seconds=seconds), happens)

    def _arrive(self) -> None:
        service, kind = self.load.service(), self.load.priority_class()
        with suppress(Refusal):  # no numbers today, or not yet: they go home
            issued = self.hall.run_as_system(lambda act: arrivals.take_ticket(act, service, kind, "vi"), "device:1")
            if self.load.happens(loads.ABANDONS):
                self._in(self.load.rng.uniform(300, 2400), lambda: self._abandon(issued.ticket.ref))

    def _abandon(self, ref: int) -> None:
        ticket = self.hall.ticket(ref)
        if ticket is not None and ticket.state is State.WAITING:
            self.hall.run_as_system(lambda act: arrivals.cancel_ticket(act, ref), f"ticket:{ref}")

    def _opener(self, counter: int, ends: datetime) -> Callable[[], None]:
        def opens() -> None:
            if counter in self._at_work:  # with the last one of the morning, over lunch
                self._in(60, opens)
                return
            self._at_work.add(counter)
            self._open(counter, ends)()

        return opens

    def _watch(self) -> None:
        """Follow the advice of the board: the clerk of a counter in reserve comes and opens it."""
        now, floor = self.clock.at, self.hall.floor
        crowded = sum(map(floor.waiting.count, self.hall.catalogue.services)) >= _CROWD
        advice = counter_to_open(self.hall.catalogue, floor) if crowded else None
        shifts = [ends for begins, ends in loads.SHIFTS if self._at(begins) <= now < self._at(ends)]
        away = self._away and self._at(_AWAY[0]) <= now < self._at(_AWAY[1])
        if advice and shifts and not away and advice.counter in self._reserve and advice.counter not in self._at_work:
            self._at_work.add(advice.counter)
            opens = self._open(advice.counter, self._at(shifts[0]))
            self._in(self.load.rng.uniform(*_COMES_S), opens)
        if now < self._at(loads.EVENING):
            self._in(_WATCH_INTERVAL_S, self._watch)

    def _open(self, counter: int, ends: datetime) -> Callable[[], None]:
        def opens() -> None:
            self._act(counter, lambda act: counters.open_counter(act, counter, one_only=True))
            self._call(counter, ends)

        return opens

    def _rests(self, counter: int, waiting: int) -> bool:
        """Return whether a counter in reserve has had nobody for so long that it closes."""
        if waiting or counter not in self._reserve:
            self._idle_from.pop(counter, None)
            return False
        since = self._idle_from.setdefault(counter, self.clock.at)
        return (self.clock.at - since).total_seconds() >= _RESTS_S

    def _act(self, counter: int, use_case: Callable[[Act], object]) -> None:
        self.hall.run_as_system(use_case, self.clerks[counter])

    def _call(self, counter: int, ends: datetime) -> None:
        """Let a free clerk call the next one, wait, pause, or end the shift."""
        now, floor = self.clock.at, self.hall.floor
        waiting = sum(floor.waiting.count(code) for code in self.hall.catalogue.counter(counter).services)
        over = now >= ends and (not waiting or now >= ends + _OVERTIME or ends == self._at(loads.NOON))
        if over or self._rests(counter, waiting):
            self._act(counter, lambda act: counters.close_counter(act, counter))
            self._at_work.remove(counter)
        elif not waiting:
            self._in(_POLL_INTERVAL_S, lambda: self._call(counter, ends))
        elif self.load.happens(self.load.pauses):
            reason = self.load.rng.choice(loads.PAUSES)
            self._act(counter, lambda act: counters.pause_counter(act, counter, reason))
            self._in(self.load.rng.uniform(*self.load.pause_s), lambda: self._resume(counter, ends))
        else:
            try:
                self._act(counter, lambda act: calls.call_next(act, counter))
            except NobodyWaiting:  # those who wait are kept for another counter
                self._in(_POLL_INTERVAL_S, lambda: self._call(counter, ends))
            else:
                self._called(counter, ends)

    def _resume(self, counter: int, ends: datetime) -> None:
        self._act(counter, lambda act: counters.resume_counter(act, counter))
        self._call(counter, ends)

    def _called(self, counter: int, ends: datetime) -> None:
        if self.load.happens(loads.NO_SHOW):
            self._in(75, lambda: self._again(counter, ends))
        else:
            self._in(self.load.walk_s(), lambda: self._start(counter, ends))

    def _again(self, counter: int, ends: datetime) -> None:
        self._act(counter, lambda act: calls.call_again(act, counter))
        if self.load.happens(0.3):
            self._in(self.load.walk_s(), lambda: self._start(counter, ends))
        else:
            self._in(70, lambda: self._missing(counter, ends))

    def _missing(self, counter: int, ends: datetime) -> None:
        ticket = self.hall.floor.at_counter(counter)
        assert ticket is not None, "it was called and nobody came"
        self._act(counter, lambda act: calls.mark_no_show(act, counter))
        if self.load.happens(loads.COMES_BACK):
            self._in(self.load.rng.uniform(120, 1500), lambda: self._back(counter, ticket.ref))
        self._call(counter, ends)

    def _back(self, counter: int, ref: int) -> None:
        with suppress(Refusal):  # a second no-show, or the day is over
            self._act(counter, lambda act: visits.return_ticket(act, ref))

    def _start(self, counter: int, ends: datetime) -> None:
        self._act(counter, lambda act: calls.start_service(act, counter))
        ticket = self.hall.floor.at_counter(counter)
        assert ticket is not None, "it has just been started"
        takes_s = self.load.service_s(ticket.service)
        if self.load.happens(loads.BRINGS_MANY):
            brought = self.load.dossiers()
            self._act(counter, lambda act: visits.count_dossiers(act, counter, brought))
        if self.load.happens(loads.FETCHES) and not ticket.leg.holds:
            self._in(takes_s / 2, lambda: self._hold(counter, ends))
        else:
            self._in(takes_s, lambda: self._finish(counter, ends))

    def _hold(self, counter: int, ends: datetime) -> None:
        minutes = self.load.away_min()
        self._act(counter, lambda act: visits.hold_ticket(act, counter, minutes))
        self._call(counter, ends)

    def _finish(self, counter: int, ends: datetime) -> None:
        ticket = self.hall.floor.at_counter(counter)
        assert ticket is not None, "it is being served"
        outcome = self.load.outcome()
        if self.load.happens(loads.TRANSFERRED):
            other = self.load.other_service(ticket.service)
            self._act(counter, lambda act: visits.transfer_ticket(act, counter, service=other, outcome=outcome))
        else:
            self._act(counter, lambda act: calls.finish_service(act, counter, outcome))
        self._in(self.load.rng.uniform(5, 40), lambda: self._call(counter, ends))
