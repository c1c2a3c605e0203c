"""The queue simulated ahead, many times: when will each one who waits be called, and one who would come now.

Every run plays the present hall forward by the real rule: who may serve what, how long those at the counters will
still be there, paused counters, shifts, lunch and closing, people who come back, and people who have yet to come but
have a head start. Chance is in the durations, in how fast the day goes, and in who comes. Nobody else's arrival
matters to those who are here: they are called after them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from heapq import heapify, heappop, heapreplace
from math import inf
from typing import NamedTuple

from forecast.durations import Durations
from forecast.lanes import Lanes, LaneSet
from forecast.learning import QUARTER_S, QUARTERS, Learnt
from forecast.state import CLOSED, PAUSED, CounterOutlook, HallOutlook, WaitingTicket, Window

RUNS = 50
_BITS = 20  # of a count of calls
_COUNT = (1 << _BITS) - 1
_NOT_TODAY = (inf, -1)


class Simulated(NamedTuple):
    """What the runs gave, in seconds from now, sorted; infinite where somebody was not called that day."""

    waits_s: dict[int, list[float]]  # by ref
    before: dict[int, int | None]  # by ref: how many are called before by the counters that may call it, the median
    newcomers_s: dict[str, list[float]]  # by service
    newcomers_before: dict[str, int | None]


class Coming(NamedTuple):
    """Somebody who joins in the course of a run."""

    at_s: float
    ticket: WaitingTicket


def simulate(
    outlook: HallOutlook, learnt: Learnt, durations: Durations, rng: random.Random, runs: int = RUNS
) -> Simulated:
    """Play the hall ahead `runs` times."""
    return _Simulation(outlook, learnt, durations, rng).run(runs)


class _Simulation:
    def __init__(self, outlook: HallOutlook, learnt: Learnt, durations: Durations, rng: random.Random) -> None:
        self._outlook, self._durations, self._rng = outlook, durations, rng
        # Of several free counters the one with the fewest services calls first.
        self._counters = sorted(
            (counter for counter in outlook.counters if counter.windows),
            key=lambda counter: (len(counter.services), counter.number),
        )
        self._waiting = list(outlook.waiting)
        self._rates = list(self._rates_of_late(learnt))
        services = {counter.number: counter.services for counter in self._counters}
        self._lanes = LaneSet(self._waiting, services, outlook.cap, [kind for kind, _ in self._rates])
        known = set(outlook.services)
        self._services = [tuple(known.intersection(counter.services)) for counter in self._counters]
        self._wanted = {service for services in self._services for service in services}
        self._groups: dict[object, int] = {}  # service, or counter that keeps tickets -> place of its count
        for name in (*outlook.services, *(t.counter for t in self._waiting if t.counter is not None)):
            self._groups.setdefault(name, _BITS * len(self._groups))
        groups = self._groups
        self._counts = [
            sum(1 << groups[name] for name in {*counter.services, counter.number} if name in groups)
            for counter in self._counters
        ]
        self._occupied = {service: durations.occupied(service) for service in outlook.services}
        self._draws = [self._occupied[ticket.service] for ticket in self._waiting]
        self._numbers = [counter.number for counter in self._counters]
        self._gap, self._reaction = durations.gap(), durations.reaction()
        self._free_at = [self._when_free(counter) for counter in self._counters]

    def run(self, runs: int) -> Simulated:
        played = [self._run_once(factor) for factor in self._durations.speed_factors(runs)]
        n = len(self._waiting)
        waits = list(zip(*(called[:n] for called, _, _ in played), strict=True)) or [()] * n
        counts = list(zip(*(counted[:n] for _, counted, _ in played), strict=True)) or [()] * n
        shifts = [
            self._groups[ticket.service if ticket.counter is None else ticket.counter] for ticket in self._waiting
        ]
        later = {
            service: [newcomers.get(service, _NOT_TODAY) for _, _, newcomers in played] for service in self._wanted
        }
        never = [_NOT_TODAY] * runs
        newcomers = {service: later.get(service, never) for service in self._outlook.services}
        return Simulated(
            {ticket.ref: sorted(times) for ticket, times in zip(self._waiting, waits, strict=True)},
            {
                ticket.ref: _median_count(values, shift)
                for ticket, values, shift in zip(self._waiting, counts, shifts, strict=True)
            },
            {service: sorted(at_s for at_s, _ in times) for service, times in newcomers.items()},
            {
                service: _median_count([count for _, count in times], self._groups[service])
                for service, times in newcomers.items()
            },
        )

    def _run_once(self, factor: float) -> tuple[list[float], list[int], dict[str, tuple[float, int]]]:
        """Play the hall ahead once; return when each is called, and the counts of calls at that moment."""
        lanes = Lanes(self._lanes)
        coming = self._draw_coming()
        waiting = self._waiting if not coming else [*self._waiting, *(late.ticket for late in coming)]
        now_s, present, joined = self._outlook.now_s, len(self._waiting), 0
        called, counted = [inf] * len(waiting), [-1] * len(waiting)
        newcomers: dict[str, tuple[float, int]] = {}
        wanted = self._wanted
        left, count = present, 0
        joins_s = coming[0].at_s if coming else inf
        counts, numbers, draws, gap, call = self._counts, self._numbers, self._draws, self._gap, lanes.call
        if coming:
            draws = [*draws, *(self._occupied[late.ticket.service] for late in coming)]
        ends = [0.0] * len(numbers)
        upcoming = [iter(counter.windows) for counter in self._counters]
        due: list[tuple[float, int]] = []
        for n, free_at in enumerate(self._free_at):
            at_s = self._next_start(n, free_at(factor), ends, upcoming)
            if at_s < inf:
                due.append((at_s, n))
        heapify(due)
        while due and (left or len(newcomers) < len(wanted)):
            at_s, n = due[0]
            while at_s >= joins_s:
                index = present + joined
                ticket = waiting[index]
                lanes.join(index, *self._lanes.position(ticket, joined + 1), ticket)
                joined += 1
                joins_s = coming[joined].at_s if joined < len(coming) else inf
            index = call(numbers[n])
            if index < 0:
                for service in self._services[n]:
                    if service not in newcomers:
                        newcomers[service] = (at_s - now_s, count)
                # Nobody it may call is here: only somebody who has yet to come can change that.
                next_s = joins_s + self._reaction()
            else:
                called[index], counted[index] = at_s - now_s, count
                left -= index < present
                count += counts[n]
                next_s = at_s + draws[index]() * factor + gap()
            if next_s >= ends[n]:
                lanes.release(numbers[n])
                next_s = self._next_start(n, next_s, ends, upcoming)
            if next_s < inf:
                heapreplace(due, (next_s, n))
            else:
                heappop(due)
        return called, counted, newcomers

    def _next_start(self, n: int, free_s: float, ends: list[float], upcoming: list[Iterator[Window]]) -> float:
        """Return when a counter that is free from `free_s` on calls, within its windows; infinite: never again."""
        if free_s < ends[n]:
            return free_s
        for from_s, to_s, chance in upcoming[n]:
            if to_s > free_s and (chance >= 1 or self._rng.random() < chance):
                ends[n] = to_s
                return max(from_s, free_s)
        ends[n] = inf
        return inf

    # -- now ---------------------------------------------------------------------------------------

    def _when_free(self, counter: CounterOutlook) -> Callable[[float], float]:
        """Return what draws when the counter can call next, given how much longer services last today."""
        durations, now_s, gap = self._durations, self._outlook.now_s, self._gap
        if counter.staffing == CLOSED:
            return lambda factor: now_s
        if counter.service is not None:
            rest = self._rest_of_service(counter)
            if counter.staffing != PAUSED:
                return lambda factor: now_s + rest(factor) + gap()
            pause = self._rest_of_pause(counter)
            return lambda factor: now_s + max(rest(factor), pause()) + gap()
        if counter.staffing == PAUSED:
            pause = self._rest_of_pause(counter)
            return lambda factor: now_s + pause() + gap()
        if counter.free_s is None:
            reaction = self._reaction
            return lambda factor: now_s + reaction()
        rest_of_gap = durations.rest_of(durations.gaps, now_s - counter.free_s)
        return lambda factor: now_s + rest_of_gap()

    def _rest_of_service(self, counter: CounterOutlook) -> Callable[[float], float]:
        durations, now_s, service = self._durations, self._outlook.now_s, str(counter.service)
        pool = durations.service_s.get(service) or next(iter(durations.service_s.values()))
        if counter.started_s is None:
            walked_s = now_s - (counter.called_s if counter.called_s is not None else now_s)
            walk = durations.rest_of(durations.walks, walked_s)
            lasts = durations.rest_of(pool, 0.0)
            return lambda factor: walk() + lasts() * factor
        elapsed_s = max(0.0, now_s - counter.started_s + counter.served_s)
        # Scaled to an ordinary day for the pool, and back: one division for all runs is near enough.
        usual = durations.speed_factors(1)[0]
        rest = durations.rest_of(pool, elapsed_s / usual)
        return lambda factor: rest() * factor

    def _rest_of_pause(self, counter: CounterOutlook) -> Callable[[], float]:
        since_s = self._outlook.now_s if counter.paused_s is None else counter.paused_s
        pool = self._durations.pause_pool(counter.reason or "")
        return self._durations.rest_of(pool, self._outlook.now_s - since_s)

    # -- later -------------------------------------------------------------------------------------

    def _rates_of_late(self, learnt: Learnt) -> Iterator[tuple[tuple[str, float], tuple[float, float]]]:
        """Yield (service, head start) of those who may yet come and go first: until when, and how many a second."""
        outlook = self._outlook
        last_s = max((ticket.arrived_s for ticket in self._waiting), default=outlook.now_s)
        last_s = max(last_s, outlook.now_s)
        for kind, by_quarter in learnt.arrivals.items():
            service, _, seconds = kind.rpartition("|")
            until_s = last_s + float(seconds)
            if until_s <= outlook.now_s or not learnt.days or service not in outlook.services:
                continue
            until_s = min(until_s, outlook.now_s + 3 * 3600)
            quarter = int(outlook.now_s // QUARTER_S) % QUARTERS
            span = [by_quarter[(quarter + n) % QUARTERS] for n in range(4)]
            a_second = sum(span) / len(span) / QUARTER_S / max(1.0, learnt.days)
            if a_second > 0:
                yield (service, float(seconds)), (until_s, a_second)

    def _draw_coming(self) -> list[Coming]:
        """Draw who comes in one run, in the order of their coming."""
        rng, now_s, coming = self._rng, self._outlook.now_s, []
        for (service, head_start_s), (until_s, a_second) in self._rates:
            at_s = now_s + rng.expovariate(a_second)
            while at_s < until_s:
                coming.append(Coming(at_s, WaitingTicket(0, service, 1 << 60, at_s, head_start_s)))
                at_s += rng.expovariate(a_second)
        coming += [Coming(max(away.back_s, now_s), away.ticket) for away in self._outlook.away]
        coming.sort(key=lambda late: late.at_s)
        return coming


def _median_count(values: Sequence[int], shift: int) -> int | None:
    """Return the median of one count of those packed into the values; None if most of them are not there."""
    known = sorted([(value >> shift) & _COUNT for value in values if value >= 0])
    return known[len(known) // 2] if 2 * len(known) > len(values) else None


def quantile(times: Sequence[float], share: float) -> float:
    """Return the time that this share of the sorted times does not exceed."""
    return times[min(len(times) - 1, int(share * len(times)))]
