"""Forecasts for the hall as it stands, by the rules of `queueing.forecast`."""

from __future__ import annotations

from datetime import timedelta

import structlog

from hall.catalogue import Catalogue
from queueing.dispatch import Place
from queueing.floor import Floor, Staffing
from queueing.forecast import Forecast, Work, estimate, service_seconds
from queueing.ticket import whole_seconds

log = structlog.get_logger()


def open_counters(catalogue: Catalogue, floor: Floor, service: str) -> list[int]:
    """The counters that can serve it and are open now (paused ones are not)."""
    return [c.number for c in catalogue.serving(service) if floor.desk(c.number).staffing is Staffing.OPEN]


def forecast_new(catalogue: Catalogue, floor: Floor, service: str) -> Forecast | None:
    """The wait of one who would take an ordinary ticket now; None while no counter of it is open."""
    return _forecast(catalogue, floor, service, None)


def forecast_waiting(catalogue: Catalogue, floor: Floor, place: Place) -> Forecast | None:
    """The rest of the wait of one who is waiting; None while no counter of the service is open."""
    return _forecast(catalogue, floor, place.service, place)


def _forecast(catalogue: Catalogue, floor: Floor, service: str, place: Place | None) -> Forecast | None:
    try:
        ours = open_counters(catalogue, floor, service)
        if not ours:
            return None
        shared = sorted({code for number in ours for code in catalogue.counters[number].services})
        ahead = []
        for code in shared:
            if place is None:
                people = floor.waiting.count(code)
            else:
                people = sum(1 for other in floor.waiting.places([code]) if other.key < place.key)
            theirs = open_counters(catalogue, floor, code)
            share = len(set(theirs) & set(ours)) / len(theirs)
            ahead.append(Work(people, _service_s(catalogue, floor, code), share))
        idle = any(floor.desk(number).ref is None for number in ours)
        return estimate(
            ahead, _service_s(catalogue, floor, service), len(ours), idle, _last_wait_s(floor, service, place)
        )
    except Exception:  # a forecast is a courtesy: without one, people are still issued and called
        log.exception("forecast_failed", service=service)
        return None


def _last_wait_s(floor: Floor, service: str, place: Place | None) -> int | None:
    """The wait of the last to start, less what this one has waited until the last event."""
    last_wait_s = floor.tally(service).last_wait_s
    if last_wait_s is None or place is None or floor.at is None:
        return last_wait_s
    return max(0, last_wait_s - whole_seconds(floor.at, place.issued_at))


def _service_s(catalogue: Catalogue, floor: Floor, service: str) -> float:
    tally = floor.tally(service)
    prior_s = catalogue.services[service].service_time / timedelta(seconds=1)
    return service_seconds(prior_s, tally.learnt_s, tally.learnt)
