"""How long a round of forecasts takes: everybody who waits, and a newcomer for every service."""

from __future__ import annotations

import random
import time

from forecast.durations import Durations
from forecast.learning import QUARTERS, Learnt
from forecast.simulation import RUNS, simulate
from forecast.state import CounterOutlook, HallOutlook, WaitingTicket, Window

SERVICES = tuple("ABCDEFGH")
PRIOR_S = dict.fromkeys(SERVICES, 600.0)
NOW_S, PRIORITY, HEAD_START_S = 36_000.0, 0.16, 1200.0


def hall(waiting: int, counters: int) -> HallOutlook:
    """Return a busy hall: eight services, each counter serves three, one in six has a head start."""
    rng = random.Random(1)
    here = tuple(
        CounterOutlook(
            n, tuple(rng.sample(SERVICES, 3)), (Window(NOW_S, 61_200.0),), "open",
            service=rng.choice(SERVICES), called_s=NOW_S - 300, started_s=NOW_S - 270,
        )
        for n in range(1, counters + 1)
    )  # fmt: skip
    people = tuple(
        WaitingTicket(
            n, rng.choice(SERVICES), n, NOW_S - 30.0 * (waiting - n), HEAD_START_S * (rng.random() < PRIORITY)
        )
        for n in range(waiting)
    )
    return HallOutlook(NOW_S, 1, SERVICES, 5, people, here)


def round_ms(waiting: int = 150, counters: int = 20, runs: int = RUNS, rounds: int = 15) -> float:
    """Return how long the fastest of some rounds takes on one core, in milliseconds."""
    learnt = Learnt(days=5.0)
    for service in SERVICES:
        learnt.arrivals |= {f"{service}|0": [5.0] * QUARTERS, f"{service}|1200": [1.0] * QUARTERS}
    outlook, rng, took = hall(waiting, counters), random.Random(2), []
    for _ in range(rounds):
        began = time.process_time()
        simulate(outlook, learnt, Durations(learnt, PRIOR_S, rng), rng, runs)
        took.append(time.process_time() - began)
    return min(took) * 1000
