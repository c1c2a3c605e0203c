"""How long each step takes, as pools of values to draw from: made once for a moment, drawn from thousands of times.

A pool holds the quantiles of a distribution, shuffled once and for all. Going through it in its order draws each
quantile equally often, so that fifty runs say as much as several hundred with independent draws.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Callable, Mapping
from itertools import cycle
from math import exp
from statistics import NormalDist

from forecast.learning import LONG_PAUSE_S, Learnt, service_time, speed
from queueing.metrics import SHORTEST_SERVICE_S

POOL = 251  # a prime, so that runs of any length begin at another place each
_Z = [NormalDist().inv_cdf((n + 0.5) / POOL) for n in range(POOL)]
_ORDERS = [random.Random(seed).sample(range(POOL), POOL) for seed in range(16)]

# Until a hall has shown its own.
USUAL_WALK_S, USUAL_GAP_S, USUAL_REACTION_S, USUAL_NO_SHOW_S = 25.0, 20.0, 8.0, 120.0
USUAL_NO_SHOWS, USUAL_PAUSES, USUAL_WEIGHT = 0.04, 0.01, 25.0  # shares of calls, and how many calls they count as
USUAL_PAUSES_S = (180.0, 300.0, 420.0, 600.0, 900.0)
LEAST = 10  # fewer values are mixed with the usual one


Draw = Callable[[], float]


def usual_learnt(speed: float) -> Learnt:
    """Return what is known of a hall that has shown nothing yet, and in which all goes so many times faster."""
    return Learnt(
        walks_s=[USUAL_WALK_S / speed] * LEAST,
        gaps_s=[USUAL_GAP_S / speed] * LEAST,
        reactions_s=[USUAL_REACTION_S / speed] * LEAST,
        no_shows_s=[USUAL_NO_SHOW_S / speed] * LEAST,
        pauses_s={"": [seconds / speed for seconds in USUAL_PAUSES_S * 2]},
    )


class Durations:
    """The pools of one moment. Every time is in seconds."""

    def __init__(
        self,
        learnt: Learnt,
        prior_s: Mapping[str, float],
        rng: random.Random,
        shortest_s: float = SHORTEST_SERVICE_S,
    ) -> None:
        self._rng = rng
        self._learnt = learnt
        calls = learnt.calls + USUAL_WEIGHT
        no_shows = (learnt.no_shows + USUAL_WEIGHT * USUAL_NO_SHOWS) / calls
        pauses = (learnt.pauses + USUAL_WEIGHT * USUAL_PAUSES) / calls
        self.walks = _spread(_or_usual(learnt.walks_s, USUAL_WALK_S))
        self.gaps = _spread(_or_usual(learnt.gaps_s, USUAL_GAP_S))
        self.reactions = _spread(_or_usual(learnt.reactions_s, USUAL_REACTION_S))
        self.service_s: dict[str, list[float]] = {}  # sorted, on an ordinary day
        self._occupied: dict[str, list[float]] = {}  # from the call until the counter is free
        waits = _spread(_or_usual(learnt.no_shows_s, USUAL_NO_SHOW_S))
        not_come = round(no_shows * POOL)
        for n, service in enumerate(prior_s):
            lasts = service_time(learnt, prior_s, service, shortest_s)
            times = [exp(lasts.mu + lasts.sigma * z) for z in _Z]
            self.service_s[service] = times
            walks, order = self.walks, _ORDERS[n % len(_ORDERS)]
            occupied = [times[place] + walks[_ORDERS[15][place]] for place in order]
            occupied[:not_come] = waits[:not_come]
            # The no-shows are spread over the pool with the rest.
            self._occupied[service] = [occupied[place] for place in _ORDERS[(n + 5) % len(_ORDERS)]]
        short = [took for times in learnt.pauses_s.values() for took in times if took <= LONG_PAUSE_S]
        paused = _spread(sorted([*short, *USUAL_PAUSES_S]) if len(short) < LEAST else sorted(short))
        often = round(pauses * POOL)
        mixed = [self.gaps[place] for place in _ORDERS[7]]
        if often:
            step = POOL // often
            for n in range(often):
                mixed[n * step] += paused[(n * 2 + 1) * POOL // (2 * often)]
        self._mixed_gaps = [mixed[place] for place in _ORDERS[11]]
        self.speed, self.speed_deviation = speed(learnt)

    def occupied(self, service: str) -> Draw:
        """Return what draws the time from a call until the counter is free again, on an ordinary day."""
        return self._draw(self._occupied[service])

    def gap(self) -> Draw:
        """Return what draws the time from a free counter to its next call while somebody waits, with short pauses."""
        return self._draw(self._mixed_gaps)

    def reaction(self) -> Draw:
        """Return what draws how long a free counter takes to call somebody who has just come."""
        order = _ORDERS[13]
        return self._draw([self.reactions[place] for place in order])

    def speed_factors(self, runs: int) -> list[float]:
        """Return how much longer services last today, one guess for each run."""
        deviates = [NormalDist().inv_cdf((n + 0.5) / runs) for n in range(runs)]
        self._rng.shuffle(deviates)
        return [exp(self.speed + self.speed_deviation * deviate) for deviate in deviates]

    def rest_of(self, pool: list[float], elapsed_s: float) -> Draw:
        """Return what draws the rest of something that has lasted so long; `pool` is sorted."""
        first = bisect_right(pool, elapsed_s)
        rng = self._rng
        if first >= len(pool) - 2:
            # Longer than anything known: the longer it has lasted, the longer it will.
            return lambda: 0.2 * elapsed_s * rng.expovariate(1.0)
        return lambda: pool[first + int(rng.random() * (len(pool) - first))] - elapsed_s

    def pause_pool(self, reason: str) -> list[float]:
        """Return how long pauses of a reason last, sorted."""
        known = self._learnt.pauses_s.get(reason, [])
        return sorted(known if len(known) >= LEAST else [*known, *USUAL_PAUSES_S])

    def _draw(self, pool: list[float]) -> Draw:
        first = self._rng.randrange(len(pool))
        return cycle(pool[first:] + pool[:first]).__next__


def _or_usual(values: list[float], usual: float) -> list[float]:
    """Return the values, sorted; a few are mixed with the usual one."""
    return sorted(values if len(values) >= LEAST else [*values, *[usual] * (LEAST - len(values))])


def _spread(values: list[float]) -> list[float]:
    """Return POOL quantiles of sorted values."""
    return [values[(2 * n + 1) * len(values) // (2 * POOL)] for n in range(POOL)]
