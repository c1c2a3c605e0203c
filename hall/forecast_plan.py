"""The settings of this hall that a forecast depends on."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from forecast.state import HallPlan
from hall.catalogue.model import Catalogue


def plan_of(catalogue: Catalogue) -> HallPlan:
    """Return the plan of a hall, for `forecast.estimator.Estimator`."""
    return HallPlan(
        zone=ZoneInfo(catalogue.hall.timezone),
        prior_s={code: float(service.service_time_s) for code, service in catalogue.services.items()},
        counters={number: counter.services for number, counter in catalogue.counters.items()},
        cap=catalogue.policy.cap,
        hours=catalogue.hours,
    )
