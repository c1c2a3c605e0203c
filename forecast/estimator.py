"""The estimator: hears the events of a hall, and says how long each one who waits, or comes now, will still wait.

    estimator = Estimator(plan, Learnt(), Calibration())
    for event in log:
        floor.apply(event)
        estimator.hear(event, floor)
    estimator.forecasts(floor, now).waiting[ref].p80_s

It knows no clock, store or network, and keeps no person's data. `learnt` and `calibration` are plain data: what has
been learnt goes on after a restart if they are kept.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime
from math import inf
from typing import NamedTuple

from forecast.calibration import SHARES, Calibration
from forecast.durations import Durations
from forecast.learning import Learner, Learnt
from forecast.outlook import opened, outlook
from forecast.simulation import RUNS, quantile, simulate
from forecast.state import HallPlan
from queueing import events as ev
from queueing.events import Event
from queueing.floor import Floor

# After these a wait is another one than was forecast.
_CHANGED = (
    ev.TICKET_CANCELLED, ev.TICKET_EXPIRED, ev.TICKET_MOVED, ev.TICKET_DEFERRED, ev.TICKET_PRIORITY_CHANGED,
)  # fmt: skip


class WaitForecast(NamedTuple):
    """The wait from now in whole seconds that one, five, eight and nine in ten will not exceed.

    `p80_s` and `p90_s` are None where more may not be called in what is left of the day. `people` is how many will be
    called before, by the counters that may call this one: the median of the runs.
    """

    p10_s: int
    p50_s: int
    p80_s: int | None
    p90_s: int | None
    people: int


class Forecasts(NamedTuple):
    """All forecasts of one moment. None: no counter is expected that can call this one today."""

    at: datetime
    seq: int  # of the last event that they know
    waiting: dict[int, WaitForecast | None]  # by ref
    newcomers: dict[str, WaitForecast | None]  # by service: one who took an ordinary ticket now
    uncalibrated: dict[str, WaitForecast | None]  # the newcomers again, as simulated


class Promise(NamedTuple):
    """What a ticket was promised when it was first seen: each bound as it was simulated, and as it was given."""

    at: datetime
    bounds: dict[str, tuple[float, float]]


class Estimator:
    """Forecasts for one hall."""

    def __init__(self, plan: HallPlan, learnt: Learnt, calibration: Calibration, seed: int = 1) -> None:
        """Go on with what was learnt."""
        self.learner, self.calibration = Learner(learnt, plan), calibration
        self._rng = random.Random(seed)
        self._promised: dict[int, Promise] = {}  # by ref

    @property
    def learnt(self) -> Learnt:
        """Return what was learnt, to be kept."""
        return self.learner.learnt

    def change_plan(self, plan: HallPlan) -> None:
        """Take other settings."""
        self.learner.plan = plan

    def hear(self, event: Event, floor: Floor) -> None:
        """Learn from an event; `floor` is the state after it."""
        self.learner.hear(event, floor)
        if ev.DAY_OPENED.marks(event):
            self._promised = {}
        elif event.ref in self._promised:
            if ev.TICKET_CALLED.marks(event):
                self._came_true(self._promised.pop(event.ticket_ref), event.at)
            elif event.kind in _CHANGED:
                del self._promised[event.ticket_ref]

    def _came_true(self, promised: Promise, at: datetime) -> None:
        wait_s = (at - promised.at).total_seconds()
        for name, (raw_s, bound_s) in promised.bounds.items():
            self.calibration.learn(name, raw_s, bound_s, wait_s)

    def forecasts(self, floor: Floor, now: datetime, runs: int = RUNS) -> Forecasts:
        """Return the forecasts of everybody; the first one of each ticket is held against its call."""
        learnt = self.learnt
        here = outlook(floor, self.learner, now)
        simulated = simulate(here, learnt, self._durations(), self._rng, runs)
        for ref, times in simulated.waits_s.items():
            if ref not in self._promised:
                self._promised[ref] = Promise(now, self._bounds(times))
        return Forecasts(
            at=now,
            seq=floor.seq,
            waiting={ref: self._said(times, simulated.before[ref]) for ref, times in simulated.waits_s.items()},
            newcomers={
                code: self._said(times, simulated.newcomers_before[code])
                for code, times in simulated.newcomers_s.items()
            },
            uncalibrated={
                code: _forecast(times, simulated.newcomers_before[code], lambda _, raw_s: raw_s)
                for code, times in simulated.newcomers_s.items()
            },
        )

    def newcomers_with(self, floor: Floor, now: datetime, counter: int) -> dict[str, WaitForecast | None]:
        """Return service -> the forecast of one who came now, if a counter that does not call opened now."""
        here = opened(outlook(floor, self.learner, now), counter)
        simulated = simulate(here, self.learnt, self._durations(), self._rng, RUNS)
        return {
            code: self._said(times, simulated.newcomers_before[code]) for code, times in simulated.newcomers_s.items()
        }

    def _durations(self) -> Durations:
        plan = self.learner.plan
        return Durations(self.learnt, plan.prior_s, self._rng, plan.shortest_s)

    def _bounds(self, times: Sequence[float]) -> dict[str, tuple[float, float]]:
        raw = {name: quantile(times, share) for name, share in SHARES.items()}
        return {name: (raw_s, self.calibration.bound(name, raw_s)) for name, raw_s in raw.items() if raw_s < inf}

    def _said(self, times: Sequence[float], people: int | None) -> WaitForecast | None:
        """Return the calibrated quantiles of sorted times."""
        return _forecast(times, people, self.calibration.bound)


def _forecast(times: Sequence[float], people: int | None, bound: Callable[[str, float], float]) -> WaitForecast | None:
    middle_s = quantile(times, 0.5)
    if middle_s == inf or people is None:
        return None
    p10_s = min(bound("p10", quantile(times, 0.1)), middle_s)
    p80_s = max(bound("p80", quantile(times, 0.8)), middle_s)
    p90_s = max(bound("p90", quantile(times, 0.9)), p80_s)
    return WaitForecast(
        round(p10_s),
        round(middle_s),
        None if p80_s == inf else round(p80_s),
        None if p90_s == inf else round(p90_s),
        people,
    )
