"""Forecasts for the hall as it stands, by the rules of `queueing.forecast`."""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from forecast.score import SHOWN_STEP_S
from hall.catalogue.model import Catalogue
from hall.forecaster import Newcomer, Quantiles
from queueing.advice import Advice, ServiceQueue, Wait, advise
from queueing.dispatch import Place
from queueing.floor import Floor, Staffing
from queueing.forecast import Forecast, Work, estimate, service_seconds
from queueing.opening import closes_before
from queueing.ticket import whole_seconds

log = structlog.get_logger()


def open_counters(catalogue: Catalogue, floor: Floor, service: str, opened: int | None = None) -> list[int]:
    """Return the counters that can serve it and are open now (paused ones are not), and `opened`, if it can."""
    return [number for number in _open(catalogue, floor, opened) if service in catalogue.counters[number].services]


def called_between(
    catalogue: Catalogue, service: str, at: datetime, wait: Quantiles
) -> tuple[datetime, datetime] | None:
    """Return when one who waits over a break is called: from the middle of the forecast to its bound of eight in ten.

    Rounded outwards to five minutes. None where the minutes say enough.
    """
    here = at.astimezone(ZoneInfo(catalogue.hall.timezone))
    middle, bound = (here + timedelta(seconds=seconds) for seconds in (wait.p50_s, wait.p80_s))
    if wait.p80_s < SHOWN_STEP_S or not closes_before(catalogue.hours, service, here, bound):
        return None
    return floor_to(middle, SHOWN_STEP_S), ceil_to(bound, SHOWN_STEP_S)


def floor_to(at: datetime, step_s: int) -> datetime:
    """Return the last full step of so many seconds before or at an instant."""
    return at - timedelta(seconds=at.timestamp() % step_s)


def ceil_to(at: datetime, step_s: int) -> datetime:
    """Return the first full step of so many seconds after or at an instant."""
    return at + timedelta(seconds=-at.timestamp() % step_s)


def help_counters(catalogue: Catalogue, floor: Floor, service: str | None = None) -> list[int]:
    """Return the open counters to which somebody who needs help can be sent, also a no-show.

    Those of the advice service; while none of them is open those of `service`, else all. Empty: no counter is open.
    """
    opened = _open(catalogue, floor)
    for wanted in (catalogue.hall.advice_service, service):
        of_service = [number for number in opened if wanted in catalogue.counters[number].services]
        if of_service:
            return of_service
    return opened


def _open(catalogue: Catalogue, floor: Floor, opened: int | None = None) -> list[int]:
    return [number for number in catalogue.counters if number == opened or number in floor.open_counters]


def forecast_new(catalogue: Catalogue, floor: Floor, service: str) -> Forecast | None:
    """Return the wait of one who would take an ordinary ticket now; None while no counter of it is open."""
    return _estimate(catalogue, floor, service, None, last_wait_s=_last_wait_s(floor, service, None))


class FromTheFloor:
    """Estimates from the present queue alone, where no process of forecasts runs: in tests and on the command line."""

    revision = 0

    def newcomer(self, catalogue: Catalogue, floor: Floor, service: str, ahead: int) -> Newcomer | None:
        """Return the wait of one who would take an ordinary ticket now; None while no counter of it is open."""
        estimated = forecast_new(catalogue, floor, service)
        if estimated is None:
            return None
        quantiles = _quantiles(estimated)
        return Newcomer(quantiles, quantiles, ahead)

    def waiting(self, catalogue: Catalogue, floor: Floor, place: Place) -> Quantiles | None:
        """Return the rest of the wait of a waiting ticket; None while no counter of the service is open."""
        last_wait_s = _last_wait_s(floor, place.service, place)
        estimated = _estimate(catalogue, floor, place.service, place, last_wait_s=last_wait_s)
        return None if estimated is None else _quantiles(estimated)

    def too_late(self, service: str) -> bool:
        """Return False: it knows no working hours."""
        return False

    def advice(self, catalogue: Catalogue, floor: Floor) -> Advice | None:
        """Return the counter that should open now, by the present queue alone."""
        return counter_to_open(catalogue, floor)

    def grew(self, ref: int) -> bool:
        """Return False: it does not know what it said before."""
        return False

    def issued(self, ref: int, seq: int, forecast: Newcomer) -> None:
        """Note nothing: it can estimate the same again."""

    def age_s(self) -> float | None:
        """Return 0: it estimates when it is asked."""
        return 0.0


def _quantiles(estimated: Forecast) -> Quantiles:
    return Quantiles(estimated.p10_s, estimated.p50_s, estimated.p80_s, estimated.p90_s)


def counter_to_open(catalogue: Catalogue, floor: Floor) -> Advice | None:
    """Return the counter that should open now, by the present queue alone."""
    queues = [_queue_of(catalogue, floor, code) for code in catalogue.services]
    return best_to_open(catalogue, floor, queues, lambda number: _waits_with(catalogue, floor, number))


def best_to_open(
    catalogue: Catalogue, floor: Floor, queues: Sequence[ServiceQueue], waits_with: Callable[[int], Mapping[str, Wait]]
) -> Advice | None:
    """Return the counter that should open now. A paused one comes first, because its clerk is there.

    `waits_with` returns the waits of the services of a counter if that opened.
    """
    if not any(queue.late for queue in queues):
        return None
    for staffing in (Staffing.PAUSED, Staffing.CLOSED):
        could = [number for number in catalogue.counters if floor.counter_state(number).staffing is staffing]
        advice = advise(queues, {number: waits_with(number) for number in could})
        if advice is not None:
            return advice
    return None


def _queue_of(catalogue: Catalogue, floor: Floor, code: str) -> ServiceQueue:
    forecast, service = forecast_new(catalogue, floor, code), catalogue.services[code]
    p50_s, p90_s = (None, None) if forecast is None else (forecast.p50_s, forecast.p90_s)
    return ServiceQueue(code, floor.waiting.count(code), service.target // timedelta(seconds=1), p50_s, p90_s)


def _waits_with(catalogue: Catalogue, floor: Floor, opened: int) -> dict[str, Wait]:
    """Return service -> wait if the counter opened, for the services of that counter.

    It is the forecast of now, scaled by how much the work for each open counter shrinks. The last wait, which is
    part of that forecast, says nothing of one counter more.
    """
    waits = {}
    for code in sorted(catalogue.counters[opened].services):
        work = _estimate(catalogue, floor, code, None, opened=opened)
        if work is None:
            continue
        now, before = forecast_new(catalogue, floor, code), _estimate(catalogue, floor, code, None)
        scale = now.p50_s / before.p50_s if now and before and before.p50_s else 1
        waits[code] = Wait(round(work.p50_s * scale), round(work.p90_s * scale))
    return waits


def _estimate(
    catalogue: Catalogue,
    floor: Floor,
    service: str,
    place: Place | None,
    *,
    opened: int | None = None,
    last_wait_s: int | None = None,
) -> Forecast | None:
    try:
        ours = open_counters(catalogue, floor, service, opened)
        if not ours:
            return None
        every = _open(catalogue, floor, opened)
        theirs = Count(code for number in every for code in catalogue.counters[number].services)
        shared = Count(code for number in ours for code in catalogue.counters[number].services)
        ahead = []
        for code in sorted(shared):
            people = floor.waiting.count(code) if place is None else floor.waiting.count_before(code, place.key)
            ahead.append(Work(people, _service_s(catalogue, floor, code), shared[code] / theirs[code]))
        idle = any(floor.counter_state(number).ref is None for number in ours)
        return estimate(ahead, _service_s(catalogue, floor, service), len(ours), idle, last_wait_s)
    except (
        ArithmeticError,
        LookupError,
        ValueError,
    ):  # whatever the sums raise: people can be called without a forecast
        log.exception("forecast_failed", service=service)
        return None


def _last_wait_s(floor: Floor, service: str, place: Place | None) -> int | None:
    """Return the wait of the last ticket of the service to start, less what this one has waited, in seconds."""
    last_wait_s = floor.served_for(service).last_wait_s
    if last_wait_s is None or place is None or floor.at is None:
        return last_wait_s
    return max(0, last_wait_s - whole_seconds(floor.at, place.arrived_at))


def _service_s(catalogue: Catalogue, floor: Floor, service: str) -> float:
    tally = floor.served_for(service)
    prior_s = catalogue.services[service].service_time / timedelta(seconds=1)
    return service_seconds(prior_s, tally.learnt_s, tally.learnt)
