"""A recorded day as it might have gone: the same people come, and how long each takes is drawn.

How long somebody keeps a counter is drawn from those of the same service on that day, and of the days before where
there were few; how long a clerk lets a free counter stand, from what that clerk did on the day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from hall.recorded_day import USUAL_OCCUPANCY, Day
from queueing.replay import ReplayedVisit, Stay

FEW = 12  # with fewer services of a kind on the day, those of the days before are drawn from too
ENOUGH = 30
NEARBY = timedelta(minutes=15)  # who comes in addition comes about when somebody else did

Kind = tuple[str, bool]  # the service, and whether the visit ended there


class Pools:
    """What to draw from."""

    def __init__(self, day: Day, before: Iterable[Day] = (), few: int = FEW, enough: int = ENOUGH) -> None:
        """Gather it from the day and from the days before, the nearest first: up to `enough` where it has only few."""
        self.times = _occupancies(day)
        more: dict[Kind, list[timedelta]] = defaultdict(list)
        for other in before:
            for kind, times in _occupancies(other).items():
                more[kind] += times
        for kind in self.times.keys() | more.keys():
            own = self.times.setdefault(kind, [])
            if len(own) < few:
                own += more.get(kind, [])[: enough - len(own)]
        self.hesitations: Mapping[int, list[timedelta]] = {
            counter: times for counter, times in day.hesitations.items() if times
        }
        self.every_hesitation = [time for times in self.hesitations.values() for time in times]

    def occupied_for(self, rng: Random, kind: Kind, otherwise: timedelta) -> timedelta:
        """Draw how long somebody keeps a counter."""
        pool = self.times.get(kind) or self.times.get((kind[0], not kind[1]))
        return rng.choice(pool) if pool else otherwise


def sampled(day: Day, pools: Pools, seed: str, counters: Iterable[int]) -> Day:
    """Return the day with other times drawn; the same seed draws the same, for the same person and clerk."""
    rng = Random(seed)
    visits = [replace(visit, stays=tuple(drawn_stays(rng, pools, visit.stays))) for visit in day.visits]
    hesitations: dict[int, list[timedelta]] = defaultdict(list)
    for counter in sorted(counters):
        # Of its own, so that a counter more or less changes nothing for the others.
        own = pools.hesitations.get(counter) or pools.every_hesitation
        hesitations[counter] = Random(f"{seed} {counter}").sample(own, len(own))
    return replace(day, visits=visits, hesitations=hesitations)


def sampled_rest(
    day: Day, pools: Pools, seed: str, counters: Iterable[int], models: Sequence[Day], now: datetime
) -> Day:
    """Return a day that goes on, with what is still to come drawn: who comes, as on one of the `models`."""
    rng = Random(seed)
    visits = [
        _finished(rng, pools, visit, day.unfinished[visit.ref]) if visit.ref in day.unfinished else visit
        for visit in day.visits
    ]
    ref, classes = max((visit.ref for visit in visits), default=0), dict(day.classes)
    if models:
        model = rng.choice(models)
        later = day.day - model.day
        for n, visit in enumerate((visit for visit in model.visits if visit.at + later > now), start=1):
            stays = tuple(drawn_stays(rng, pools, visit.stays))
            visits.append(replace(visit, ref=ref + n, at=visit.at + later, stays=stays, wishes=(), appointment=False))
            classes[ref + n] = model.classes[visit.ref]
    hesitations: dict[int, list[timedelta]] = defaultdict(list)
    for counter in sorted(counters):
        own = pools.hesitations.get(counter) or pools.every_hesitation
        hesitations[counter] = day.hesitations.get(counter, []) + Random(f"{seed} {counter}").sample(own, len(own))
    return _numbered(replace(day, classes=classes, hesitations=hesitations), visits)


def _finished(rng: Random, pools: Pools, visit: ReplayedVisit, elapsed: timedelta | None) -> ReplayedVisit:
    """Return a visit whose last stay is not over with how long that stay takes in all."""
    *before, last = visit.stays
    drawn = pools.occupied_for(rng, (last.service, True), USUAL_OCCUPANCY)
    if elapsed is not None:
        longer = [time for time in pools.times.get((last.service, True), ()) if time > elapsed]
        # Longer than anything known: the longer it has lasted, the longer it will.
        drawn = rng.choice(longer) if longer else elapsed * (1 + 0.2 * rng.expovariate(1))
    return replace(visit, stays=(*before, replace(last, occupied_for=drawn)))


def with_arrivals(day: Day, pools: Pools, seed: str, per_cent: int, since: datetime | None = None) -> Day:
    """Return the day with so many more people, or fewer, from `since` on: copies of those who come, about then."""
    if not per_cent:
        return day
    rng = Random(f"{seed} arrivals")
    models = [visit for visit in day.visits if since is None or visit.at > since]
    if per_cent < 0:
        stay_away = {visit.ref for visit in models if rng.random() < -per_cent / 100}
        return _numbered(day, [visit for visit in day.visits if visit.ref not in stay_away])
    wanted = round(len(models) * per_cent / 100)
    ref = max((visit.ref for visit in day.visits), default=0)
    more: list[ReplayedVisit] = []
    classes = dict(day.classes)
    for n in range(wanted):
        model = rng.choice(models)
        at = model.at + NEARBY * rng.uniform(-1, 1)
        at = at if since is None else max(at, since)
        stays = tuple(drawn_stays(rng, pools, model.stays))
        more.append(replace(model, ref=ref + 1 + n, at=at, stays=stays, wishes=(), appointment=False))
        classes[ref + 1 + n] = [(timedelta(0), classes[model.ref][0][1])]
    return _numbered(replace(day, classes=classes), [*day.visits, *more])


def _numbered(day: Day, visits: list[ReplayedVisit]) -> Day:
    """Return the day with these visits, in the order in which they come."""
    visits.sort(key=lambda visit: (visit.at, visit.arrival, visit.ref))
    return replace(day, visits=[replace(visit, arrival=n) for n, visit in enumerate(visits, start=1)])


def drawn_stays(rng: Random, pools: Pools, stays: tuple[Stay, ...]) -> Iterable[Stay]:
    """Yield the stays of a visit with other times drawn."""
    for n, stay in enumerate(stays):
        drawn = pools.occupied_for(rng, (stay.service, n + 1 == len(stays)), stay.occupied_for)
        yield replace(stay, occupied_for=drawn)


def _occupancies(day: Day) -> dict[Kind, list[timedelta]]:
    """Return how long people kept a counter, by service and by whether their visit ended there."""
    times: dict[Kind, list[timedelta]] = defaultdict(list)
    stays = {visit.ref: visit.stays for visit in day.visits}
    for call in day.past_calls:
        stay = stays[call.ref][call.stay]
        times[stay.service, call.stay + 1 == len(stays[call.ref])].append(call.left_at - call.called_at)
    return dict(times)
