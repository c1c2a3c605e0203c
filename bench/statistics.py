"""How long a page of statistics takes over one year and over five, beside a floor of the same run.

    python bench/statistics.py [--years 5] [--tickets 250000]

The rollups are made from simulated tickets. `cold` opens the file anew in a fresh connection, `warm` asks
again. The floor is what this machine, as busy as it is, needs to add up a million integers.
"""

import argparse
import random
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from hall.founding import found_hall
from hall.review import GROUPINGS, Targets, overview, statistics
from queueing import events as ev
from queueing.counter_time import CounterTime
from queueing.events import Event
from queueing.rollup import merged, roll_up
from queueing.ticket import Leg, State, Ticket
from store.database import Database
from store.hall import SqliteHallStore

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SERVICES = [f"S{n}" for n in range(8)]
REPEATS = 5


def floor_s() -> float:
    numbers = list(range(1_000_000))
    return min(timed(lambda: sum(numbers))[0] for _ in range(REPEATS))


def timed(do):
    start = time.perf_counter()
    made = do()
    return time.perf_counter() - start, made


def day_of(day: date, tickets: int, rng: random.Random) -> list[Ticket]:
    opening = datetime(day.year, day.month, day.day, 0, 30, tzinfo=UTC)
    made = []
    for ref in range(tickets):
        issued = opening + timedelta(seconds=rng.random() * 8 * 3600)
        called = issued + timedelta(seconds=rng.expovariate(1 / 700))
        started = called + timedelta(seconds=rng.uniform(5, 90))
        finished = started + timedelta(seconds=15 + rng.lognormvariate(5.8, 0.8))
        counter = rng.randint(1, 5)
        leg = Leg(rng.choice(SERVICES), issued, called, started, finished, counter, f"user:{counter}", None, 1)
        kind = "priority" if rng.random() < 0.2 else "ordinary"
        made.append(Ticket(ref + 1, "A001", day, kind, timedelta(0), ref + 1, (leg,), State.FINISHED))
    return made


def fill(path: Path, years: int, tickets: int) -> tuple[date, date, int]:
    rng, seq, first = random.Random(1), 0, date(2021, 1, 1)
    with closing(Database(path)) as db:
        store = SqliteHallStore(db)
        found_hall(store, datetime(2020, 12, 31, tzinfo=UTC))
        seq = store.last_seq()
        for year in range(first.year, first.year + years):
            days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
            working = [day for day in days if day.isoweekday() < 6]
            months: dict[str, list[dict[str, bytes]]] = {}
            for day in working:
                counters = {number: CounterTime(20000, 900, 7000) for number in range(1, 6)}
                made = roll_up(day_of(day, tickets // len(working), rng), counters, day, ZONE).packed()
                months.setdefault(f"{day:%Y-%m}", []).append(made)
                with store.transaction():
                    store.save_rollup(day.isoformat(), made)
                    for kind in (ev.DAY_OPENED, ev.DAY_CLOSED):
                        seq += 1
                        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
                        data = {"day": day.isoformat(), "serving": []}
                        store.add_event(Event(seq, at, kind, None, None, None, data, "bench"))
            sums = {month: merged(days) for month, days in months.items()}
            with store.transaction():
                for month, packed in sums.items():
                    store.save_rollup(month, packed)
                store.save_rollup(str(year), merged(sums.values()))
        with closing(Database(path)) as other:
            other.rest()
    return first, date(first.year + years - 1, 12, 31), path.stat().st_size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--tickets", type=int, default=250_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        first, last, size = fill(path, asked.years, asked.tickets)
        floor = floor_s()
        print(f"floor {floor * 1000:.1f} ms; {asked.years} years, {size / 2**20:.0f} MB")
        ranges = {
            "a year": (first, date(first.year, 12, 31)),
            "15th to 14th": (date(first.year, 1, 15), date(first.year, 12, 14)),
            "all": (first, last),
        }
        for name, span in ranges.items():
            for by in (*GROUPINGS, "overview"):

                def ask(span=span, by=by):
                    with closing(Database(path)) as db:
                        store = SqliteHallStore(db)
                        if by == "overview":
                            return overview(store, *span, ZONE)
                        return statistics(store, *span, by, ZONE, Targets())

                cold = timed(ask)[0]
                warm = min(timed(ask)[0] for _ in range(REPEATS))
                ratios = f"cold {cold:.3f} s ({cold / floor:5.1f}), warm {warm:.3f} s ({warm / floor:5.1f})"
                print(f"{name:>13} {by:>9}: {ratios}", flush=True)


if __name__ == "__main__":
    main()
