"""Simulated centres whose truth the estimator does not know: how long services last, slow days, pauses, who comes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from demo import loads
from demo.history import GivenTime, live
from demo.loads import Load
from hall.catalogue.calendar import Calendar, CalendarRule, CalendarSeason, CalendarShift
from hall.catalogue.defaults import DEFAULT, found_hall
from hall.catalogue.model import Counter, Template
from hall.hall import Hall
from queueing.events import Event
from store.database import Database
from store.hall import SqliteHallStore

UNTIL = datetime(2026, 11, 27, 16, tzinfo=UTC)  # a Friday night in Viet Nam
CALENDAR = Calendar(
    (
        CalendarSeason(
            "",
            "01-01",
            "12-31",
            (
                CalendarRule(
                    (1, 2, 3, 4, 5),
                    (
                        CalendarShift("07:30", "11:30", "07:00", "11:30"),
                        CalendarShift("13:30", "17:00", "13:00", "17:00"),
                    ),
                ),
            ),
        ),
    )
)


@dataclass(frozen=True)
class SimulatedCentre:
    """A centre: what is configured, and what is true."""

    name: str
    visits: float  # a day
    services: Mapping[str, float]  # true mean minutes
    counters: tuple[tuple[str, ...], ...]
    configured: Mapping[str, float] = field(default_factory=dict)  # minutes, where they are not the true ones
    shares: Mapping[str, float] = field(default_factory=lambda: loads.SHARES)
    scv: float = loads.SCV
    day_deviation: float = 0.0  # of the logarithm of a day's speed
    slow_days: float = 0.0  # this share of days is SLOW times as slow
    priority: float = loads.PRIORITY
    head_start: timedelta = timedelta(minutes=20)
    pauses: float = 0.015  # of all calls
    pause_s: tuple[float, float] = (180.0, 900.0)
    calendar: Calendar = CALENDAR

    @property
    def template(self) -> Template:
        """Return its settings."""
        usual = DEFAULT.services[0]
        known = {service.code: service for service in DEFAULT.services}
        services = tuple(
            replace(
                known.get(code, usual),
                code=code,
                prefix=known[code].prefix if code in known else "BHLMUX"[n],
                position=n + 1,
                service_time_s=round(self.configured.get(code, minutes) * 60),
            )
            for n, (code, minutes) in enumerate(self.services.items())
        )
        counters = tuple(Counter(n, f"Quầy {n}", codes) for n, codes in enumerate(self.counters, start=1))
        head_starts = dict(DEFAULT.policy.head_starts_s) | {"priority": round(self.head_start.total_seconds())}
        return replace(
            DEFAULT,
            hall=replace(DEFAULT.hall, hours=self.calendar, advice_service=next(iter(self.services))),
            policy=replace(DEFAULT.policy, head_starts_s=head_starts),
            services=services,
            counters=counters,
        )


SLOW = 1.5
_DEMO = {service.code: service.service_time_s / 60 for service in DEFAULT.services}
_DEMO_COUNTERS = tuple(counter.services for counter in DEFAULT.counters)
_SIX = {"A": 4.0, "B": 6.0, "C": 9.0, "D": 12.0, "E": 18.0, "F": 25.0}

CENTRES = (
    SimulatedCentre("demo load, 148 a day", 148, _DEMO, _DEMO_COUNTERS),
    SimulatedCentre("demo load, 294 a day", 294, _DEMO, _DEMO_COUNTERS * 2),
    SimulatedCentre(
        "six services of mixed skills",
        190,
        _SIX,
        (("A", "B"), ("A", "B", "C"), ("B", "C", "D"), ("C", "D", "E"), ("A", "E", "F"), ("A", "B", "D", "F")),
        configured=dict.fromkeys(_SIX, 9.0),
        shares={"A": 30, "B": 25, "C": 18, "D": 13, "E": 8, "F": 6},
        day_deviation=0.15,
        priority=0.2,
        head_start=timedelta(minutes=15),
    ),
    SimulatedCentre(
        "one clerk for all",
        34,
        {"A": 5.0, "B": 8.0, "C": 14.0, "D": 20.0},
        (("A", "B", "C", "D"),),
        configured=dict.fromkeys("ABCD", 10.0),
        shares={"A": 40, "B": 30, "C": 18, "D": 12},
        day_deviation=0.1,
    ),
    SimulatedCentre(
        "pauses and slow days",
        110,
        {"A": 5.0, "B": 9.0, "C": 15.0},
        (("A", "B"), ("A", "B", "C"), ("B", "C"), ("A", "C")),
        configured={"A": 8.0, "B": 8.0, "C": 12.0},
        shares={"A": 45, "B": 35, "C": 20},
        day_deviation=0.1,
        slow_days=0.25,
        pauses=0.05,
        pause_s=(240.0, 1500.0),
    ),
)


class TrueLoad(Load):
    """The truth of a centre: what happens there."""

    def __init__(self, centre: SimulatedCentre, seed: int) -> None:
        super().__init__(centre.services, seed, centre.visits)
        self._centre = centre
        self._speed = 1.0
        self._weights = [centre.shares.get(code, loads.SHARE_OF_OTHERS) for code in self._codes]
        self._sigma = math.sqrt(math.log(1 + centre.scv))
        self.pauses, self.pause_s = centre.pauses, centre.pause_s

    def arrivals(self, day: date, zone: ZoneInfo) -> list[datetime]:
        """Draw who comes on a day, and how slow a day it is."""
        centre, rng = self._centre, self.rng
        self._speed = rng.lognormvariate(0, centre.day_deviation) * (SLOW if rng.random() < centre.slow_days else 1.0)
        return super().arrivals(day, zone)

    def service_s(self, code: str) -> float:
        """Draw a service time of this day."""
        return super().service_s(code) * self._speed

    def priority_class(self) -> str:
        """Draw "priority" or "ordinary", by the share of this centre."""
        return "priority" if self.rng.random() < self._centre.priority else "ordinary"


def play(
    centre: SimulatedCentre, seed: int, days: int, listen: Callable[[Hall], Callable[[list[Event]], None]]
) -> Iterator[date]:
    """Let a centre work for so many working days; yield each when it is over.

    `listen` is given the hall before anything happens in it, and returns who hears its events.
    """
    span = 0
    while len(loads.working_days(UNTIL.date(), span)) < days - 1:
        span += 1
    clock = GivenTime(UNTIL - timedelta(days=span + 1))
    store = SqliteHallStore(Database(None))
    found_hall(store, clock.at, centre.template)
    hall = Hall(store, clock.steady())
    hall.listeners.append(listen(hall))
    clerks = {number: f"user:{number}" for number in hall.catalogue.counters}
    yield from live(hall, clock, TrueLoad(centre, seed), clerks, UNTIL, span)
