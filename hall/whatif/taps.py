"""Three plans at one tap, chosen by the day's own figures: a counter more at the peak, lunch shifted, a service learnt.

Several plans of a kind are tried with a few seeds each; the one with the shortest waits is taken.
"""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from hall.whatif.plan import CounterPlan, Plan, WorkSpan
from hall.whatif.simulate import PlayedDay, Progress
from hall.whatif.staffed import PAUSE_MOST, Span
from queueing.errors import NothingToTry

QUARTER = timedelta(minutes=15)
PEAK_QUARTERS = 8
LUNCH_SHIFT = timedelta(hours=1)
LUNCH_HOURS = (10, 15)  # a break that begins and ends within these hours is a lunch
TRIES = 10  # seeds
SERVICES_TRIED = 2


def _peak(past: PlayedDay) -> Iterator[Plan]:
    """Yield plans with one counter more while the queue was longest: the hall's own, or a new one if all are there."""
    begins, ends = peak(past)
    numbers = sorted(past.staffing.staffed.keys() | past.catalogue.counters.keys())
    away = [number for number in numbers if _there(past, number, begins, ends) < (ends - begins) / 2]
    for number in away:
        services = None if past.staffing.services(number) else past.catalogue.counters[number].services
        spans = past.staffing.spans(number)
        yield Plan((CounterPlan(number, _hours(past, [*spans, (begins, ends)]), services),))
    if not away:
        most = [service for service, _ in waiting_by_service(past).most_common(3)]
        yield Plan((CounterPlan(max(numbers, default=0) + 1, _hours(past, [(begins, ends)]), tuple(most)),))


def _there(past: PlayedDay, number: int, begins: datetime, ends: datetime) -> timedelta:
    """Return how long a counter was staffed in this time."""
    parts = (min(closes, ends) - max(opens, begins) for opens, closes in past.staffing.spans(number))
    return sum((max(timedelta(), part) for part in parts), timedelta())


def _lunch(past: PlayedDay) -> Iterator[Plan]:
    """Yield plans in which half of the counters go to lunch an hour later, or earlier."""
    lunches = {number: gap for number in sorted(past.staffing.staffed) if (gap := _lunch_of(past, number)) is not None}
    if len(lunches) < 2:
        raise NothingToTry()
    halves = _halves(past, sorted(lunches))
    for half in halves:
        for shift in (LUNCH_SHIFT, -LUNCH_SHIFT):
            yield Plan(tuple(CounterPlan(number, _shifted(past, number, lunches[number], shift)) for number in half))


def _learn(past: PlayedDay) -> Iterator[Plan]:
    """Yield plans in which a counter learns one of the services that people waited longest for."""
    any_plan = False
    for service, _ in waiting_by_service(past).most_common(SERVICES_TRIED):
        for number in sorted(past.staffing.staffed):
            own = past.staffing.services(number)
            if own and service not in own:
                any_plan = True
                yield Plan((CounterPlan(number, services=tuple(sorted({*own, service}))),))
    if not any_plan:
        raise NothingToTry()


TAPS: dict[str, Callable[[PlayedDay], Iterator[Plan]]] = {"peak": _peak, "lunch": _lunch, "learn": _learn}


def best_plan(past: PlayedDay, tap: str, progress: Progress) -> Plan:
    """Return the best plan of a kind: "peak", "lunch" or "learn".

    Raises:
        NothingToTry: the day has nothing of that kind: no lunch, or every counter serves what people waited for.
    """
    plans = list(TAPS[tap](past))
    if len(plans) == 1:
        return plans[0]
    scores = []
    for n, plan in enumerate(plans):
        progress(n, len(plans))
        scores.append(sum(_score(past, plan, seed) for seed in range(TRIES)))
    return plans[scores.index(min(scores))]


def _score(past: PlayedDay, plan: Plan, seed: int) -> float:
    figures = past.run(plan, seed).figures
    return figures.get("p50_s", 0.0) + figures.get("p90_s", 0.0)


def waiting_by_service(past: PlayedDay) -> Count[str]:
    """Return how long all who were called waited for each service, in seconds."""
    waited: Count[str] = Count()
    day, calls = past.unchanged()
    visits = {visit.ref: visit for visit in day.visits}
    for call in calls:
        waited[visits[call.ref].stays[call.stay].service] += round(call.wait.total_seconds())
    return waited


def peak(past: PlayedDay) -> Span:
    """Return the two hours in which most people waited, while any counter was staffed."""
    spans = [span for number in past.staffing.staffed for span in past.staffing.spans(number)]
    if not spans:
        raise NothingToTry()
    first, last = min(begins for begins, _ in spans), max(ends for _, ends in spans)
    first = max(first, past.frame.since or first)
    _, calls = past.unchanged()
    first -= timedelta(minutes=first.minute % 15, seconds=first.second, microseconds=first.microsecond)
    edges = [first + QUARTER * n for n in range(max(PEAK_QUARTERS + 1, (last - first) // QUARTER + 1))]
    waited = [
        sum(
            (max(timedelta(), min(call.called_at, ends) - max(call.joined_at, begins)) for call in calls),
            timedelta(),
        )
        if any(opens < ends and begins < closes for opens, closes in spans)
        else timedelta()
        for begins, ends in pairwise(edges)
    ]
    windows = [sum(waited[n : n + PEAK_QUARTERS], timedelta()) for n in range(len(waited) - PEAK_QUARTERS + 1)]
    n = windows.index(max(windows))
    return edges[n], edges[n + PEAK_QUARTERS]


def _lunch_of(past: PlayedDay, number: int) -> Span | None:
    """Return the lunch of a counter: the longest gap around noon."""
    gaps = [
        (before[1], after[0])
        for before, after in pairwise(past.staffing.spans(number))
        if after[0] - before[1] >= PAUSE_MOST
        and LUNCH_HOURS[0] <= before[1].astimezone(past.frame.zone).hour
        and after[0].astimezone(past.frame.zone).hour < LUNCH_HOURS[1]
    ]
    return max(gaps, key=lambda gap: gap[1] - gap[0], default=None)


def _halves(past: PlayedDay, numbers: Sequence[int]) -> list[list[int]]:
    """Part the counters in two halves, so that each serves as many services as it can."""
    halves: tuple[list[int], list[int]] = ([], [])
    served: tuple[set[str], set[str]] = (set(), set())
    for number in sorted(numbers, key=lambda number: -len(past.staffing.services(number))):
        own = set(past.staffing.services(number))
        n = min((0, 1), key=lambda n: (-len(own - served[n]), len(halves[n])))
        n = n if len(halves[n]) < (len(numbers) + 1) // 2 else 1 - n
        halves[n].append(number)
        served[n].update(own)
    return [sorted(half) for half in halves if half]


def _shifted(past: PlayedDay, number: int, lunch: Span, shift: timedelta) -> tuple[WorkSpan, ...]:
    spans = []
    for begins, ends in past.staffing.spans(number):
        spans.append((begins + shift if begins == lunch[1] else begins, ends + shift if ends == lunch[0] else ends))
    return _hours(past, spans)


def _hours(past: PlayedDay, spans: Sequence[Span]) -> tuple[WorkSpan, ...]:
    """Return spans as times of the day, those that meet joined."""
    joined: list[tuple[datetime, datetime]] = []
    for begins, ends in sorted(spans):
        if begins >= ends:
            continue
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(ends, joined[-1][1]))
        else:
            joined.append((begins, ends))
    local = past.staffing.local
    hours = [WorkSpan(local(begins), local(ends)) for begins, ends in joined]
    return tuple(span for span in hours if span.opens < span.closes)
