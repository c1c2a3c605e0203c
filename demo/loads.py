"""How many come, when, for what, and how long it takes: a commune centre of 150 visits a day.

Shares, minutes and visits are those that centres reported or that were assumed for them; at the peak five
counters are not enough although the day as a whole has slack, so that queues build and dissolve.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

VISITS_A_DAY = 150
SHARES = {
    "HUONG_DAN": 20, "DVC_TT": 17, "CHUNG_THUC": 22, "HO_TICH": 12,
    "DAT_DAI": 10, "CHINH_SACH": 8, "KT_HT": 3, "TRA_KQ": 8,
}  # fmt: skip
TRANSFER_TO = ("CHUNG_THUC", "HO_TICH", "CHINH_SACH", "TRA_KQ")  # the services to which tickets are transferred
SHARE_OF_OTHERS = 5  # of a service that this table does not know

MORNING, NOON = time(7, 30), time(11, 30)
AFTERNOON, EVENING = time(13, 30), time(17, 0)
SHIFTS = ((MORNING, NOON), (AFTERNOON, EVENING))
_HALF_HOURS = (
    (MORNING, (11, 11, 10, 9, 8, 7, 6, 3)),
    (AFTERNOON, (9, 8, 7, 5, 3, 2)),
)  # per cent of the day's visits
_WEEKDAYS = (1.2, 1.05, 1.0, 0.95, 0.85)

PRIORITY = 0.16  # of all visits
NO_SHOW = 0.04  # of all calls
COMES_BACK = 0.4  # of all no-shows, within the time in which the place is kept
ABANDONS = 0.03  # of all visits
RATES = 0.35  # of all visits
FETCHES = 0.03  # of all services: the ticket is held while a copy is made
TRANSFERRED = 0.02  # of all services: to another one, with the same number
BRINGS_MANY = 0.08  # of all visits: more than one dossier
SCV = 0.8  # squared coefficient of variation of service times

RATINGS = ("very_satisfied", "satisfied", "neutral", "dissatisfied")
_RATINGS = (40, 42, 13, 5)  # per cent of those who rate

OUTCOMES = ("filed", "filed", "guided", "returned_result", "needs_supplement", "submitted_online")
PAUSES = ("online_dossiers", "meeting", "software_fault")


class Load:
    """Draws random arrivals, services and choices; the same seed draws the same."""

    pauses = 0.015  # of all calls: the clerk pauses first
    pause_s = (180.0, 900.0)  # at least, at most

    def __init__(self, minutes: Mapping[str, float], seed: int, visits: float = VISITS_A_DAY) -> None:
        """Take the mean service time of every service, by its code, in minutes, and how many come on a usual day."""
        self.rng = random.Random(seed)
        self.visits = visits
        self._minutes = dict(minutes)
        self._codes = list(minutes)
        self._weights = [SHARES.get(code, SHARE_OF_OTHERS) for code in self._codes]
        self._sigma = math.sqrt(math.log(1 + SCV))

    def arrivals(self, day: date, zone: ZoneInfo) -> list[datetime]:
        """Draw the times at which people come on a working day, in order and in UTC."""
        visits = self.visits * _WEEKDAYS[day.weekday()] * self.rng.lognormvariate(0, 0.12)
        times = []
        for begins, shares in _HALF_HOURS:
            start = datetime.combine(day, begins, zone).astimezone(UTC)
            for n, share in enumerate(shares):
                for _ in range(self._poisson(visits * share / 100)):
                    times.append(start + timedelta(minutes=30 * (n + self.rng.random())))
        return sorted(times)

    def service(self) -> str:
        """Draw the service somebody comes for, by the shares of the table."""
        return self.rng.choices(self._codes, self._weights)[0]

    def priority_class(self) -> str:
        """Draw "priority" or "ordinary"."""
        return "priority" if self.rng.random() < PRIORITY else "ordinary"

    def gap_s(self) -> float:
        """Draw the seconds between two arrivals in a busy hour (exponential)."""
        return self.rng.expovariate(self.visits * 0.18 / 3600)

    def service_s(self, code: str) -> float:
        """Draw a service time in seconds: lognormal around the mean of the service, at least 20."""
        mean = self._minutes.get(code, 10.0) * 60
        return max(20.0, self.rng.lognormvariate(math.log(mean) - self._sigma**2 / 2, self._sigma))

    def walk_s(self) -> float:
        """Draw the seconds from a call until somebody is at the counter."""
        return self.rng.uniform(8, 45)

    def late_s(self) -> float:
        """Draw how many seconds late a clerk opens."""
        return self.rng.uniform(0, 360)

    def outcome(self) -> str:
        """Draw the outcome of a service."""
        return self.rng.choice(OUTCOMES)

    def rating(self) -> str:
        """Draw how somebody rates the visit."""
        return self.rng.choices(RATINGS, _RATINGS)[0]

    def dossiers(self) -> int:
        """Draw how many dossiers somebody brings who brings more than one."""
        return self.rng.choice((2, 2, 2, 3, 3, 4, 6))

    def away_min(self) -> int:
        """Draw how many minutes somebody is away for a copy."""
        return self.rng.randint(5, 20)

    def other_service(self, than: str) -> str:
        """Draw the service to which a ticket is transferred after the service `than`."""
        others = [code for code in self._codes if code != than]
        return self.rng.choice([code for code in others if code in TRANSFER_TO] or others)

    def happens(self, chance: float) -> bool:
        """Return True with this probability."""
        return self.rng.random() < chance

    def _poisson(self, mean: float) -> int:
        limit, count, product = math.exp(-mean), 0, self.rng.random()
        while product > limit:
            count, product = count + 1, product * self.rng.random()
        return count


def working_days(before: date, days: int) -> list[date]:
    """Return the working days among the `days` days before a day, in order."""
    return [day for n in range(days, 0, -1) if (day := before - timedelta(days=n)).weekday() < 5]
