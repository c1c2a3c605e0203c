"""The forecast of a queue of which only counts are known, so that it cannot be simulated: a mix of simple rules.

The program does not use it: while its simulation is late nobody is shown a time. It is scored beside the simulation,
and on the queues of other places.

It needs the length of a queue, its open counters and the waits and calls of the last hour, and nothing trained
beforehand. The logarithm of the wait is a weighted sum of the logarithms of the simple rules; the weights of each
quantile are followed online by recursive least squares whose weights make it a quantile regression (an outcome far
off counts in proportion to its distance, above or below as the quantile asks). Each queue has a correction of its own,
and the bounds are calibrated like those of the simulation. An outcome may be learnt only when it is known.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp, log
from typing import NamedTuple

from forecast.calibration import Calibration
from forecast.simple_rules import RulesOfThumb
from forecast.state import HallPlan
from queueing import events as ev
from queueing.events import Event
from queueing.floor import Floor

# quantile -> its share, and how far from the middle it begins, as a difference of logarithms
_QUANTILES = {"p10": (0.1, -0.9), "p50": (0.5, 0.0), "p80": (0.8, 0.5), "p90": (0.9, 0.8)}
_SHIFT_MIN = 3.0  # added to every time before its logarithm is taken: minutes below do not matter
_MOST_MIN = 600.0
# The middle begins as the mean of the simple rules, and the queue counts for more than what is over.
_FIRST_WEIGHTS = (0.0, 0.2, 0.2, 0.2, 0.3, 0.0, 0.1, 0.0, 0.0, 0.0, 0.0)
_TERMS = len(_FIRST_WEIGHTS)
_CERTAINTY = 20.0  # how firmly the first weights are held
_MEMORY = 0.9997  # an outcome counts half after so 2,300 others
_NEAR = 0.2  # errors of the logarithm below this count alike
_QUEUE_STEP = 0.015  # by which the correction of one queue moves
_HISTORY_MIN = 30.0  # so many minutes of calls does the rate of the whole day count as
_USUAL_MIN = 10.0  # and the rate of the configured minutes, in a hall


class QueueSigns(NamedTuple):
    """What can be seen of a queue at a moment."""

    queue: str
    ahead: int  # people waiting, the one who asks included
    counters: int  # open for it
    last_called_s: float  # the wait of the last one called
    last_five_s: float  # the mean wait of the last five
    head_s: float  # how long the first of the queue has waited
    rate_30: float  # calls a minute in the last half hour
    rate_60: float
    rate_day: float  # since opening
    hour: float  # of the day, local


class MixForecast(NamedTuple):
    """Seconds; `raw` before the calibration, `terms` what the weights were applied to."""

    p10_s: float
    p50_s: float
    p80_s: float
    p90_s: float
    raw: dict[str, float]
    terms: list[float]


def _first_matrix() -> list[list[float]]:
    return [[1 / _CERTAINTY if row == column else 0.0 for column in range(_TERMS)] for row in range(_TERMS)]


@dataclass(slots=True)
class QuantileWeights:
    """The weights of one quantile, and the matrix that says how certain they are."""

    weights: list[float]
    matrix: list[list[float]] = field(default_factory=_first_matrix)

    def value(self, terms: list[float]) -> float:
        """Return the weighted sum."""
        return sum(weight * term for weight, term in zip(self.weights, terms, strict=True))

    def learn(self, terms: list[float], outcome: float, share: float) -> None:
        """Move the weights towards an outcome."""
        error = outcome - self.value(terms)
        importance = 2 * (share if error > 0 else 1 - share) / max(abs(error), _NEAR)
        spread = [sum(a * b for a, b in zip(row, terms, strict=True)) for row in self.matrix]
        scale = _MEMORY / importance + sum(a * b for a, b in zip(terms, spread, strict=True))
        gains = [value / scale for value in spread]
        self.weights = [weight + gain * error for weight, gain in zip(self.weights, gains, strict=True)]
        self.matrix = [
            [(value - gain * other) / _MEMORY for value, other in zip(row, spread, strict=True)]
            for row, gain in zip(self.matrix, gains, strict=True)
        ]


def _first_quantiles() -> dict[str, QuantileWeights]:
    return {name: QuantileWeights([offset, *_FIRST_WEIGHTS[1:]]) for name, (_, offset) in _QUANTILES.items()}


@dataclass(slots=True)
class OnlineMix:
    """The weights of all quantiles, the correction of each queue, and the calibration; plain data to be kept."""

    quantiles: dict[str, QuantileWeights] = field(default_factory=_first_quantiles)
    corrections: dict[str, float] = field(default_factory=dict)
    calibration: Calibration = field(default_factory=Calibration)

    def forecast(self, signs: QueueSigns) -> MixForecast:
        """Return the wait of the last one in a queue."""
        terms = self._terms(signs)
        raw = {name: _seconds(weights.value(terms)) for name, weights in self.quantiles.items()}
        p10_s, p80_s, p90_s = (self.calibration.bound(name, raw[name]) for name in ("p10", "p80", "p90"))
        p50_s = raw["p50"]
        p80_s = max(p80_s, p50_s)
        return MixForecast(min(p10_s, p50_s), p50_s, p80_s, max(p80_s, p90_s), raw, terms)

    def learn(self, signs: QueueSigns, given: MixForecast, wait_s: float) -> None:
        """Take in the wait that came true of a forecast."""
        outcome = _log_minutes(wait_s)
        above = outcome > self.quantiles["p50"].value(given.terms)
        correction = self.corrections.get(signs.queue, 0.0)
        self.corrections[signs.queue] = correction + (_QUEUE_STEP if above else -_QUEUE_STEP)
        for name, weights in self.quantiles.items():
            weights.learn(given.terms, outcome, _QUANTILES[name][0])
        for name, bound_s in (("p10", given.p10_s), ("p80", given.p80_s), ("p90", given.p90_s)):
            self.calibration.learn(name, given.raw[name], bound_s, wait_s)

    def _terms(self, signs: QueueSigns) -> list[float]:
        calls = 60 * signs.rate_60 + 30 * signs.rate_30 + _HISTORY_MIN * max(signs.rate_day, 0.01)
        queue_min = signs.ahead / max(0.01, calls / (90 + _HISTORY_MIN))
        return [
            1.0,
            _log_minutes(signs.last_called_s),
            _log_minutes(signs.head_s),
            _log_minutes(signs.last_five_s),
            log(min(_MOST_MIN, queue_min) + _SHIFT_MIN),
            log(signs.ahead + _SHIFT_MIN),
            log(signs.ahead / max(1, signs.counters) + _SHIFT_MIN),
            log(30 * signs.rate_30 + _SHIFT_MIN),
            log(60 * signs.rate_60 + _SHIFT_MIN),
            signs.hour - 12.0,
            self.corrections.get(signs.queue, 0.0),
        ]


def _log_minutes(seconds: float) -> float:
    return log(max(0.0, seconds) / 60 + _SHIFT_MIN)


def _seconds(log_minutes: float) -> float:
    return max(0.0, min(_MOST_MIN, exp(min(log_minutes, 7.0)) - _SHIFT_MIN)) * 60


class HallMix:
    """The online mix in a hall: hears its events, and forecasts at a cost of some microseconds."""

    def __init__(self, mix: OnlineMix, plan: HallPlan) -> None:
        """Go on with what was learnt."""
        self.mix, self._plan = mix, plan
        self._rules = RulesOfThumb(plan.prior_s, plan.counters)
        self._calls: dict[str, list[datetime]] = {}  # of today, by service
        self._opened_at: datetime | None = None
        self._given: dict[int, tuple[datetime, QueueSigns, MixForecast]] = {}  # by ref

    def hear(self, event: Event, floor: Floor) -> None:
        """Take in an event; `floor` is the state after it. A ticket's first forecast is held against its call."""
        self._rules.hear(event, floor)
        if ev.DAY_OPENED.marks(event):
            self._calls, self._given, self._opened_at = {}, {}, None
        elif ev.COUNTER_OPENED.marks(event):
            self._opened_at = self._opened_at or event.at
        elif ev.TICKET_ISSUED.marks(event):
            signs = self.signs(floor, event.service_code, event.at)
            self._given[event.ticket_ref] = (event.at, signs, self.mix.forecast(signs))
        elif ev.TICKET_CALLED.marks(event):
            self._called(event, floor)
        elif event.kind in ev.GONE:
            self._given.pop(event.ref or 0, None)

    def _called(self, event: Event[ev.TicketCalled], floor: Floor) -> None:
        ticket = floor.tickets.get(event.ticket_ref)
        if ticket is not None:
            self._calls.setdefault(ticket.service, []).append(event.at)
        given = self._given.pop(event.ticket_ref, None)
        if given is not None:
            at, signs, forecast = given
            self.mix.learn(signs, forecast, (event.at - at).total_seconds())

    def forecast(self, floor: Floor, service: str, now: datetime) -> MixForecast | None:
        """Return the wait of one who has just taken a ticket for a service; None while no counter of it is open."""
        signs = self.signs(floor, service, now)
        return self.mix.forecast(signs) if signs.counters else None

    def signs(self, floor: Floor, service: str, now: datetime) -> QueueSigns:
        """Return what can be seen of the queue of a service, with one who has just joined it."""
        simple = self._rules.waits(floor, service, now)
        calls, local = self._calls.get(service, []), now.astimezone(self._plan.zone)
        counters = _open_counters(floor, self._plan.counters, service)
        since_opening = 0.0 if self._opened_at is None else _minutes(now - self._opened_at)
        # Before the day has shown its own rate: that of the open counters, by the configured minutes.
        usual = max(1, counters) * 60 / self._plan.prior_s[service]
        return QueueSigns(
            queue=service,
            ahead=max(1, floor.waiting.count(service)),
            counters=counters,
            last_called_s=simple.last_called_s,
            last_five_s=simple.last_five_s,
            head_s=simple.head_s,
            rate_30=_rate(calls, now, min(30.0, since_opening), usual),
            rate_60=_rate(calls, now, min(60.0, since_opening), usual),
            rate_day=_rate(calls, now, since_opening, usual),
            hour=local.hour + local.minute / 60,
        )


def _open_counters(floor: Floor, counters: Mapping[int, Collection[str]], service: str) -> int:
    return sum(service in services and number in floor.open_counters for number, services in counters.items())


def _rate(calls: list[datetime], now: datetime, minutes: float, usual: float) -> float:
    """Return the calls a minute in the last minutes; the usual rate counts as _USUAL_MIN more of them."""
    recent = len(calls) - bisect_left(calls, now - timedelta(minutes=minutes))
    return (recent + _USUAL_MIN * usual) / (minutes + _USUAL_MIN)


def _minutes(span: timedelta) -> float:
    return span / timedelta(minutes=1)
