"""The process of the forecasts, without its pipes: it follows the log and plays the queue ahead when it is asked.

It keeps nothing of its own. What it has learnt follows from the events of the last weeks and from the forecasts that
people were given, so that it may be ended and started at any time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from forecast.calibration import Calibration
from forecast.durations import usual_learnt
from forecast.estimator import Estimator, Forecasts, WaitForecast
from forecast.learning import Learnt
from forecast.simple_rules import RulesOfThumb
from forecast.state import HallPlan
from hall.ahead import LookAhead
from hall.catalogue.model import Catalogue, template_of
from hall.forecast_plan import plan_of
from hall.forecaster import ForecastOfWaiting, ForecastRound, Newcomer, Quantiles, SimpleRules
from hall.forecasts import best_to_open, open_counters
from hall.hall import configuration_at, load_floor
from hall.ports import CameTrue, HallStore
from queueing.advice import Advice, ServiceQueue, Wait
from queueing.events import Event, instant
from queueing.floor import Floor, Staffing

LEARN_EVENTS = 15_000  # the newest that are read at the start, so that there are forecasts again within seconds
CALIBRATION_DAYS = timedelta(days=60)
BATCH = 2000  # events read at once
ADVICE_S = timedelta(seconds=10)  # between two advices: each plays the queue ahead once for every closed counter


class Forecasting:
    """Follows the log of a store that it only reads."""

    def __init__(self, store: HallStore, speed: float | None = None) -> None:
        """Learn from the last weeks, and take the hall as it is.

        `speed`: simulated people live so many times as fast as the clock. They have no past, because those of the
        other days kept other hours and were slower: what they do from now on counts, and the configured minutes are
        shorter.
        """
        self._store = store
        self._speed = speed
        self._look_ahead = LookAhead()
        self._advised: tuple[datetime, dict[int, Staffing], Advice | None] | None = None  # when, and the counters then
        self._floor = _floor_before(store) if speed is None else load_floor(store)
        self._catalogue = _catalogue_of(self._floor)
        plan = self._plan()
        self._estimator = Estimator(plan, Learnt() if speed is None else usual_learnt(speed), Calibration())
        self._rules = RulesOfThumb(plan.prior_s, plan.counters)
        self._read_new_events()
        if self._floor.day is not None:
            learn_from(store.forecasts_come_true(self._floor.day - CALIBRATION_DAYS, self._floor.day), self._estimator)

    def round(self, at: datetime) -> ForecastRound:
        """Return the forecasts at this instant for all who wait, and for a newcomer of every service.

        Raises:
            StepNotAllowed, LookupError, ValueError, TypeError, AttributeError: an event does not follow from those
                before; a new start reads them again.
        """
        self._read_new_events()
        catalogue, floor = self._catalogue, self._floor
        forecasts = self._estimator.forecasts(floor, at)
        newcomers: dict[str, Newcomer] = {}
        too_late: list[str] = []
        for code in catalogue.services:
            said, raw = forecasts.newcomers.get(code), forecasts.uncalibrated.get(code)
            shown, before = _quantiles(said), _quantiles(raw)
            if shown is not None and before is not None:
                ahead = self._look_ahead.before_newcomer(catalogue, floor, code, at)
                newcomers[code] = Newcomer(shown, before, ahead, self._simple(code, at))
            elif said is None and open_counters(catalogue, floor, code):
                too_late.append(code)
        waiting: dict[int, ForecastOfWaiting] = {}
        for place in floor.waiting.places(catalogue.services):
            shown = _quantiles(forecasts.waiting.get(place.ref))
            if shown is not None:
                ahead = self._look_ahead.people_before(catalogue, floor, place)
                waiting[place.ref] = ForecastOfWaiting(shown, ahead)
        advice = self._advice(at, forecasts)
        return ForecastRound(floor.seq, instant(at), newcomers, waiting, too_late, advice)

    def _advice(self, at: datetime, forecasts: Forecasts) -> Advice | None:
        """Return the counter that should open, by the queue played ahead with it open; the same for ADVICE_S."""
        catalogue, floor = self._catalogue, self._floor
        staffing = {number: floor.counter_state(number).staffing for number in catalogue.counters}
        if self._advised is not None and self._advised[1] == staffing and at - self._advised[0] < ADVICE_S:
            return self._advised[2]
        queues = [_queue_of(catalogue, floor, code, forecasts.newcomers.get(code)) for code in catalogue.services]
        advice = best_to_open(catalogue, floor, queues, lambda number: self._waits_with(at, number))
        self._advised = (at, staffing, advice)
        return advice

    def _waits_with(self, at: datetime, counter: int) -> dict[str, Wait]:
        waits = self._estimator.newcomers_with(self._floor, at, counter)
        served = self._catalogue.counters[counter].services
        return {
            code: Wait(said.p50_s, said.p90_s)
            for code, said in waits.items()
            if code in served and said is not None and said.p90_s is not None
        }

    def _read_new_events(self) -> None:
        for event in _events(self._store, self._floor.seq):
            before = self._floor.configuration
            self._floor.apply(event)
            if self._floor.configuration is not before:
                self._catalogue = _catalogue_of(self._floor)
                plan = self._plan()
                self._estimator.change_plan(plan)
                self._rules.change_plan(plan.prior_s, plan.counters)
            self._estimator.hear(event, self._floor)
            self._rules.hear(event, self._floor)

    def _plan(self) -> HallPlan:
        plan = plan_of(self._catalogue)
        if self._speed is None:
            return plan
        return replace(
            plan,
            prior_s={code: seconds / self._speed for code, seconds in plan.prior_s.items()},
            shortest_s=max(1.0, plan.shortest_s / self._speed),
        )

    def _simple(self, service: str, at: datetime) -> SimpleRules:
        """Return what the simple rules say of a newcomer, to compare with."""
        waits = self._rules.waits(self._floor, service, at, joined=False)
        return SimpleRules(*map(round, waits))


def learn_from(come_true: list[CameTrue], estimator: Estimator) -> None:
    """Move the calibration as it moved when these came true, in their order."""
    for one in come_true:
        for name in ("p10", "p80", "p90"):
            raw_s, bound_s = getattr(one.given, f"raw_{name}_s"), getattr(one.given, f"{name}_s")
            estimator.calibration.learn(name, raw_s, bound_s, one.wait_s)


def _floor_before(store: HallStore) -> Floor:
    """Return the floor from which to read on: before an opening some weeks ago, else as it is now."""
    last = store.last_seq()
    begins = next((seq for seq in store.quiet_openings() if last - seq <= LEARN_EVENTS), None)
    if begins is None:
        return load_floor(store)
    floor = Floor()
    floor.seq, floor.configuration = begins - 1, configuration_at(store, begins - 1)
    if not floor.configuration.whole:
        # A log begun before version 0.2, see `load_floor`.
        floor.configuration = replace(floor.configuration, tree=store.configuration())
    return floor


def _events(store: HallStore, after: int) -> Iterator[Event]:
    """Yield the events after a seq, without holding all of them."""
    while batch := store.events(after, BATCH):
        yield from batch
        after = batch[-1].seq


def _catalogue_of(floor: Floor) -> Catalogue:
    return Catalogue(template_of(floor.configuration.tree))


def _quantiles(said: WaitForecast | None) -> Quantiles | None:
    """Return what can be shown; None where eight in ten are not called any more today."""
    if said is None or said.p80_s is None:
        return None
    return Quantiles(said.p10_s, said.p50_s, said.p80_s, said.p80_s if said.p90_s is None else said.p90_s)


def _queue_of(catalogue: Catalogue, floor: Floor, code: str, said: WaitForecast | None) -> ServiceQueue:
    """Return the queue of a service for the advice; where no counter of it is open now, nobody says when it will be."""
    known = said if said is not None and said.p90_s is not None and open_counters(catalogue, floor, code) else None
    p50_s, p90_s = (None, None) if known is None else (known.p50_s, known.p90_s)
    target_s = catalogue.services[code].target // timedelta(seconds=1)
    return ServiceQueue(code, floor.waiting.count(code), target_s, p50_s, p90_s)
