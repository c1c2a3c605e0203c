"""How long a page of statistics takes over a year of 250,000 tickets and over five, beside a floor of the same run.

The rollups are made from simulated tickets. `cold` opens the file in a new connection, `warm` asks again on it.
The floor is the time this PC needs to add up a million integers. All are times of the processor, because the PC may
have other work.
"""

from __future__ import annotations

import random
import time
from collections import Counter as Count
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hall.catalogue.defaults import found_hall
from hall.review import GROUPINGS, Targets, overview, statistics
from hall.rollups import refresh
from queueing import events as ev
from queueing.call_counts import CallCounts
from queueing.counter_time import CounterTime
from queueing.events import Event
from queueing.rollup import roll_up
from queueing.ticket import Leg, State, Ticket
from store.database import Database
from store.hall import SqliteHallStore

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SERVICES = [f"S{n}" for n in range(8)]
CALLS = CallCounts(Count(ORDER=200, HEADSTART=40), Count(HEADSTART=30))  # of a day
REPEATS = 5
YEARS, TICKETS_A_YEAR = 5, 250_000


@dataclass(frozen=True, slots=True)
class Years:
    """A database with the rollups of some years, and the first and last day in it."""

    path: Path
    first: date
    last: date


def floor_s() -> float:
    """Return the floor, seconds."""
    numbers = list(range(1_000_000))
    return min(processor_s(lambda: sum(numbers)) for _ in range(REPEATS))


def processor_s(work: Callable[[], object]) -> float:
    """Return how many seconds of the processor this took."""
    start = time.process_time()
    work()
    return time.process_time() - start


def day_of(day: date, tickets: int, rng: random.Random) -> list[Ticket]:
    """Draw the finished tickets of one day."""
    opening = datetime(day.year, day.month, day.day, 0, 30, tzinfo=UTC)
    drawn = []
    for ref in range(tickets):
        issued = opening + timedelta(seconds=rng.random() * 8 * 3600)
        called = issued + timedelta(seconds=rng.expovariate(1 / 700))
        started = called + timedelta(seconds=rng.uniform(5, 90))
        finished = started + timedelta(seconds=15 + rng.lognormvariate(5.8, 0.8))
        counter = rng.randint(1, 5)
        leg = Leg(rng.choice(SERVICES), issued, called, started, finished, counter, f"user:{counter}", None, 1)
        kind = "priority" if rng.random() < 0.2 else "ordinary"
        drawn.append(Ticket(ref + 1, "A001", day, kind, timedelta(0), ref + 1, (leg,), State.FINISHED))
    return drawn


def make(folder: Path) -> Years:
    """Make five years, day by day, with the rollups of months and years."""
    path, rng, first = folder / "years.db", random.Random(1), date(2021, 1, 1)
    with closing(Database(path)) as db:
        store = SqliteHallStore(db)
        found_hall(store, datetime(2020, 12, 31, tzinfo=UTC))
        for year in range(first.year, first.year + YEARS):
            days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
            working = [day for day in days if day.isoweekday() < 6]
            for day in working:
                counters = {number: CounterTime(20000, 900, 7000) for number in range(1, 6)}
                rollup = roll_up(day_of(day, TICKETS_A_YEAR // len(working), rng), counters, CALLS, day, ZONE).packed()
                with store.transaction():
                    store.save_rollup(day.isoformat(), rollup)
                    append(store, ev.DAY_OPENED, day)
                    append(store, ev.DAY_CLOSED, day)
        append(store, ev.DAY_OPENED, date(first.year + YEARS, 1, 1))  # or the last year would still go on
        refresh(store)
        db.truncate_write_ahead_log()
    return Years(path, first, date(first.year + YEARS - 1, 12, 31))


def append(store: SqliteHallStore, kind: str, day: date, data: Mapping[str, Any] | None = None) -> None:
    """Append an event of this kind on a day, at noon UTC."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    of_day = {"day": day.isoformat(), "serving": []}
    store.add_event(Event(store.last_seq() + 1, at, kind, None, None, None, of_day if data is None else data, "bench"))


def slowest(years: Years) -> dict[str, dict[str, float]]:
    """Measure the slowest page over one year and over all: `cold_s` and `warm_s`, each beside its floor."""
    floor, one = floor_s(), date(years.first.year, 12, 31)
    # From the 15th to the 14th no month is whole, at either end.
    spans = {
        "year": [(years.first, one), (date(one.year, 1, 15), date(one.year, 12, 14))],
        "years": [(years.first, years.last)],
    }
    figures = {}
    for name, ranges in spans.items():
        pages = [_page(years.path, *span, by) for span in ranges for by in (*GROUPINGS, "overview")]
        cold = max(processor_s(page) for page in pages)
        warm = max(min(processor_s(page) for _ in range(REPEATS)) for page in pages)
        figures[name] = {"cold_s": cold, "warm_s": warm, "floor_cold_s": floor, "floor_warm_s": floor}
    return figures


def _page(path: Path, first: date, last: date, by: str) -> Callable[[], object]:
    def ask() -> object:
        with closing(Database(path)) as db:
            store = SqliteHallStore(db)
            if by == "overview":
                return overview(store, first, last, ZONE)
            return statistics(store, first, last, by, ZONE, Targets())

    return ask
