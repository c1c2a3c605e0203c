"""Forecast of the wait: simple, with a range that shows how uncertain it is.

The average of two estimators that err in different directions (Ibrahim & Whitt, Manufacturing &
Service Operations Management 11 (2009) 397-415): QL, the work ahead shared among the open
counters, and LES, the wait of the last to enter service. The range follows from the floor no
method gets under: with Q people ahead the wait is a sum of Q + 1 services, so its relative
standard deviation is about c / sqrt(Q + 1), c being the coefficient of variation of a service time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log, sqrt

# Squared coefficient of variation of service times in offices, between fitted clinics and banks.
SERVICE_SCV = 0.8
# What no queue length shows: breaks, slow days, a wrong prior. Squared relative error.
MODEL_SCV = 0.09
# A prior counts as much as this many services of today.
PRIOR_WEIGHT = 5

# Standard normal quantiles.
_Z10, _Z80, _Z90 = -1.2816, 0.8416, 1.2816


@dataclass(frozen=True, slots=True)
class Forecast:
    """The wait in seconds that one in ten, one in two and eight in ten will not exceed."""

    p10_s: int
    p50_s: int
    p80_s: int

    @property
    def p90_s(self) -> int:
        """Return the wait that nine in ten will not exceed, by the same lognormal distribution."""
        if self.p50_s == 0:
            return self.p80_s
        return round(self.p50_s * exp(log(self.p80_s / self.p50_s) * _Z90 / _Z80))


@dataclass(frozen=True, slots=True)
class Work:
    """The people ahead in one queue: how many, the service time of each, and the share that our counters serve."""

    people: int
    service_s: float
    share: float


def service_seconds(prior_s: float, learnt_s: float, learnt: int) -> float:
    """Return the expected service time in seconds: the mean of today, weighted with the prior.

    `learnt_s` is the sum of `learnt` services of today; the prior counts as PRIOR_WEIGHT services.
    """
    return (PRIOR_WEIGHT * prior_s + learnt_s) / (PRIOR_WEIGHT + learnt)


def estimate(
    ahead: Iterable[Work], own_service_s: float, counters: int, idle: bool, last_wait_s: int | None
) -> Forecast:
    """Forecast the wait of somebody behind `ahead`, with `counters` counters open for the service.

    `last_wait_s` is the wait of the last ticket of this service to start today, less what this one has waited
    already; None before the first. Then, and with nobody ahead, QL is used alone: the length of a queue that is
    gone means nothing. With an idle counter and nobody ahead there is no wait.
    """
    queues = list(ahead)
    people = sum(work.people * work.share for work in queues)
    if idle and people == 0:
        return Forecast(0, 0, 0)
    queue_s = sum(work.people * work.service_s * work.share for work in queues)
    ql_s = (queue_s + own_service_s) / counters
    middle_s = ql_s if last_wait_s is None or people == 0 else (ql_s + last_wait_s) / 2
    spread = sqrt(log(1 + SERVICE_SCV / (people + 1) + MODEL_SCV))
    return Forecast(
        p10_s=round(middle_s * exp(_Z10 * spread)),
        p50_s=round(middle_s),
        p80_s=round(middle_s * exp(_Z80 * spread)),
    )
