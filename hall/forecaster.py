"""What is forecast of a wait, who says it, and the newest that the process of the forecasts has said."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import msgspec

from hall.catalogue.model import Catalogue
from hall.ports import GivenForecast
from queueing import events as ev
from queueing.advice import Advice
from queueing.dispatch import Place
from queueing.events import Event
from queueing.floor import Floor, Staffing

LATE_S = 5.0  # after a change; then nothing is said until the process has caught up
SILENT_S = 45.0  # without a change: the process answers at least every REST_S
ROUND_S = 2.0  # between two rounds of forecasts, at least
REST_S = 15.0  # and at most, because time passes
STEP_S = 300  # what is shown changes when it moved by so much; a figure that flickers is not believed


class Quantiles(msgspec.Struct, frozen=True, array_like=True):
    """The wait in seconds that one, five, eight and nine in ten do not exceed."""

    p10_s: int
    p50_s: int
    p80_s: int
    p90_s: int

    def scaled(self, by: float) -> Quantiles:
        """Return all of them multiplied."""
        return Quantiles(*(round(seconds * by) for seconds in msgspec.structs.astuple(self)))


class SimpleRules(msgspec.Struct, frozen=True, array_like=True):
    """What four simple rules say of the same wait, in seconds, to compare with; None: it has nothing to go by."""

    last_s: int | None = None  # the wait of the last to be called
    mean_s: int | None = None  # the mean wait of the last five to be called
    queue_s: int | None = None  # people ahead × mean service time ÷ open counters
    head_s: int | None = None  # how long the head of the queue has waited


class Newcomer(msgspec.Struct, frozen=True):
    """The forecast for one who takes a number now: as shown, before calibration, and how many are to be called before.

    `rules` are None where nothing is to be compared: such a forecast is not kept.
    """

    shown: Quantiles
    raw: Quantiles
    ahead: int
    rules: SimpleRules | None = None

    def behind(self, ahead: int) -> Newcomer:
        """Return the forecast behind so many people: others than were there, or one with a head start."""
        if ahead == self.ahead:
            return self
        by = (ahead + 1) / (self.ahead + 1)
        return Newcomer(self.shown.scaled(by), self.raw.scaled(by), ahead, self.rules)

    def given(self, ref: int, day: date, service: str) -> GivenForecast | None:
        """Return what is kept of it once a ticket was given it; None: nothing."""
        if self.rules is None:
            return None
        shown, raw = msgspec.structs.astuple(self.shown), msgspec.structs.astuple(self.raw)
        return GivenForecast(ref, day, service, self.ahead, *shown, *raw, *msgspec.structs.astuple(self.rules))


class ForecastRequest(msgspec.Struct, frozen=True):
    """What the process of the forecasts is asked: the forecasts at this instant of the hall's clock."""

    at: str


class ForecastOfWaiting(msgspec.Struct, frozen=True, array_like=True):
    """The forecast of the rest of a waiting ticket's wait, and how many are to be called before it."""

    shown: Quantiles
    ahead: int


class ForecastRound(msgspec.Struct, frozen=True):
    """What it answers: by service for newcomers, by ref for those who wait, as the event `seq` left the hall.

    `too_late`: services with an open counter whose newcomers would probably not be called any more today.
    """

    seq: int
    at: str
    newcomers: dict[str, Newcomer]
    waiting: dict[int, ForecastOfWaiting]
    too_late: list[str] = []
    advice: Advice | None = None  # the counter that should open


class Forecaster(Protocol):
    """Says how long somebody waits."""

    revision: int  # rises when it says something else of those whose state has not changed

    def newcomer(self, catalogue: Catalogue, floor: Floor, service: str, ahead: int) -> Newcomer | None:
        """Return the forecast for a newcomer behind `ahead` people; None: nothing can be said."""

    def waiting(self, catalogue: Catalogue, floor: Floor, place: Place) -> Quantiles | None:
        """Return the forecast of the rest of a waiting ticket's wait; None: nothing can be said."""

    def too_late(self, service: str) -> bool:
        """Return whether one who took a number now would probably not be called any more today."""

    def advice(self, catalogue: Catalogue, floor: Floor) -> Advice | None:
        """Return the counter that should open now; None: none would help, or nothing can be said."""

    def grew(self, ref: int) -> bool:
        """Return whether what a waiting ticket is shown has become later by a step, and not earlier since."""

    def issued(self, ref: int, seq: int, forecast: Newcomer) -> None:
        """Note what a new ticket, whose event is `seq`, is given: it is shown that until more is known."""

    def age_s(self) -> float | None:
        """Return how old the newest forecasts are, in seconds; None before the first."""


class NewestForecasts:
    """Says what the process of the forecasts said last, and nothing while that is old."""

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._elapsed = elapsed
        self._newest: ForecastRound | None = None
        self._newcomers: dict[str, Newcomer] = {}
        self._waiting: dict[int, _Steady] = {}
        self._issued: dict[int, _Steady] = {}  # of those that no round has seen yet
        self._taken_at = 0.0
        self._changed_at: float | None = None  # the first change that the process was not asked about yet
        self._asked_at: float | None = None  # the first change that it was asked about and has not answered
        self.revision = 0  # rises when something else is shown

    # -- what the process is asked and answers -----------------------------------------------

    def on_events(self, events: Sequence[Event]) -> None:
        """Note that the hall has changed. A listener of the hall."""
        if self._changed_at is None and any(event.kind not in ev.PRINTS for event in events):
            self._changed_at = self._elapsed()

    def due(self) -> bool:
        """Return whether the next round is to be asked for."""
        if self._newest is None or self._asked_at is not None:
            return True  # the process is new
        since = self._elapsed() - self._taken_at
        return since >= (REST_S if self._changed_at is None else ROUND_S)

    def ask(self) -> None:
        """Note that a round is asked for now."""
        self._asked_at = self._asked_at if self._changed_at is None else self._asked_at or self._changed_at
        self._changed_at = None

    def take(self, newest: ForecastRound) -> None:
        """Take the answer to what was asked. What is shown changes only where it is to, see `_steady`."""
        now = self._elapsed()
        known = self._issued | self._waiting
        waiting = {ref: _steady_waiting(known.get(ref), forecast, now) for ref, forecast in newest.waiting.items()}
        if waiting != self._waiting or _steps(newest.newcomers) != _steps(self._newcomers):
            self.revision += 1
        self._newcomers, self._waiting = newest.newcomers, waiting
        self._issued = {ref: shown for ref, shown in self._issued.items() if shown.seq > newest.seq}
        self._newest, self._taken_at, self._asked_at = newest, now, None

    def late(self) -> bool:
        """Return whether the newest forecasts are too old to be shown, or there are none."""
        now = self._elapsed()
        changes = [at for at in (self._changed_at, self._asked_at) if at is not None]
        if self._newest is None or now - self._taken_at > SILENT_S:
            return True
        return bool(changes) and now - min(changes) > LATE_S

    def age_s(self) -> float | None:
        """Return how old the newest forecasts are, in seconds; None before the first."""
        return None if self._newest is None else self._elapsed() - self._taken_at

    # -- what people are shown ---------------------------------------------------------------

    def newcomer(self, catalogue: Catalogue, floor: Floor, service: str, ahead: int) -> Newcomer | None:
        """Return the newest forecast for a newcomer, with those who came since; None: nothing can be said."""
        newcomer = None if self.late() else self._newcomers.get(service)
        return None if newcomer is None else newcomer.behind(ahead)

    def waiting(self, catalogue: Catalogue, floor: Floor, place: Place) -> Quantiles | None:
        """Return the newest forecast of a waiting ticket; one that came since has that of a newcomer."""
        if self.late():
            return None
        known = self._waiting.get(place.ref) or self._issued.get(place.ref)
        if known is not None:
            return known.rest(self._elapsed())
        newcomer = self._newcomers.get(place.service)
        return None if newcomer is None else newcomer.shown

    def too_late(self, service: str) -> bool:
        """Return whether one who took a number now would probably not be called any more today."""
        return self._newest is not None and not self.late() and service in self._newest.too_late

    def advice(self, catalogue: Catalogue, floor: Floor) -> Advice | None:
        """Return the newest advice, while its counter is not open and somebody waits there."""
        advice = None if self._newest is None or self.late() else self._newest.advice
        if advice is None or advice.counter not in catalogue.counters:
            return None
        if floor.counter_state(advice.counter).staffing is Staffing.OPEN:
            return None
        return advice if any(floor.waiting.count(effect.service) for effect in advice.effects) else None

    def grew(self, ref: int) -> bool:
        """Return whether what a waiting ticket is shown has become later by a step, and not earlier since."""
        known = self._waiting.get(ref)
        return known is not None and known.grew and not self.late()

    def issued(self, ref: int, seq: int, forecast: Newcomer) -> None:
        """Note what a new ticket, whose event is `seq`, is given: it is shown that until a round has seen it."""
        now = self._elapsed()
        self._issued[ref] = _Steady(_from(now, forecast.shown), forecast.ahead, seq)


@dataclass(frozen=True, slots=True)
class _Steady:
    """What a waiting ticket is shown, as times that stay, so that nothing changes while nothing happens."""

    until: Quantiles  # in seconds of the same clock as `now`
    ahead: int
    seq: int = 0
    grew: bool = False

    def rest(self, now: float) -> Quantiles:
        """Return the wait that is left, in whole minutes: an answer that differs every second is sent every time."""
        p10_s, p50_s, p80_s, p90_s = (max(0, at - now) for at in msgspec.structs.astuple(self.until))
        early, late = ([round(x // 60) * 60 for x in (p10_s, p50_s)], [round(-(-x // 60)) * 60 for x in (p80_s, p90_s)])
        return Quantiles(*early, *late)


def _from(now: float, shown: Quantiles) -> Quantiles:
    return Quantiles(*(round(now + seconds) for seconds in msgspec.structs.astuple(shown)))


def _steady_waiting(before: _Steady | None, new: ForecastOfWaiting, now: float) -> _Steady:
    until = _from(now, new.shown)
    if before is None:
        return _Steady(until, new.ahead)
    shown = _steady(before.until, until, new.ahead - before.ahead)
    later_s = shown.p50_s - before.until.p50_s
    return _Steady(shown, new.ahead, grew=later_s >= STEP_S or (before.grew and later_s > -STEP_S))


def _steps(newcomers: dict[str, Newcomer]) -> dict[str, tuple[int, int]]:
    """Return what can be seen of the forecasts for newcomers: both ends of the range, in steps."""
    return {
        service: (newcomer.shown.p50_s // STEP_S, -(-newcomer.shown.p80_s // STEP_S))
        for service, newcomer in newcomers.items()
    }


def _steady(before: Quantiles, new: Quantiles, more: int) -> Quantiles:
    """Return what is to be shown: each figure as before, unless it moved by STEP_S or with the number of people ahead.

    `more`: how many more people are ahead. If fewer are, a figure may fall; if more, it may rise.
    """
    figures: list[int] = []
    for was, now in zip(msgspec.structs.astuple(before), msgspec.structs.astuple(new), strict=True):
        follows = abs(now - was) >= STEP_S or (more < 0 and now < was) or (more > 0 and now > was)
        figures.append(now if follows else was)
    p10_s, p50_s, p80_s, p90_s = figures
    return Quantiles(min(p10_s, p50_s), p50_s, max(p50_s, p80_s), max(p50_s, p80_s, p90_s))
