"""The mix of rules on the queues of another place: what was known of the last one in a queue, and the wait that came.

Nothing is trained beforehand, and an outcome is learnt from only when it has come true: when the minute of the day and
the wait have passed on that day.
"""

from __future__ import annotations

import csv
import gzip
import heapq
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from bench.forecast.mix import MixForecast, OnlineMix, QueueSigns
from bench.forecast.scores import ForecastAndWait, scores, table

OURS, AVERAGE = "online mix of simple rules", "mean of queue / rate and last called"
MINUTE_S = 60.0


class QueueCount(NamedTuple):
    """One row: the last person in a queue at a moment, and how long that person then waited."""

    date: str
    minute: float
    signs: QueueSigns
    posted_s: float
    wait_s: float


def read(path: Path) -> list[QueueCount]:
    """Return the rows of a file (.csv or .csv.gz), in the order of time."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        rows = [_row(row) for row in csv.DictReader(file)]
    return sorted(rows, key=lambda row: (row.date, row.minute))


def _row(row: dict[str, str]) -> QueueCount:
    def number(name: str) -> float:
        return float(row[name] or 0)

    minute = number("minute_of_day")
    signs = QueueSigns(
        queue=f"{row['office']} {row['group_id']}",
        ahead=int(number("ahead_incl_self")),
        counters=int(number("open_counters")),
        last_called_s=number("les") * MINUTE_S,
        last_five_s=number("mean_last5") * MINUTE_S,
        head_s=number("hol") * MINUTE_S,
        rate_30=number("rate30"),
        rate_60=number("rate60"),
        rate_day=number("rate_day"),
        hour=minute / 60,
    )
    return QueueCount(row["date"], minute, signs, number("posted_wait") * MINUTE_S, number("actual_wait") * MINUTE_S)


def forecasts(rows: Iterable[QueueCount]) -> Iterator[tuple[QueueCount, MixForecast]]:
    """Yield each row with what was said of it at its moment."""
    mix, date = OnlineMix(), ""
    pending: list[tuple[float, int, QueueCount, MixForecast]] = []
    for n, row in enumerate(rows):
        # What a day left open is known on the next.
        now = row.minute if row.date == date else float("inf")
        date = row.date
        while pending and pending[0][0] <= now:
            _, _, known, said = heapq.heappop(pending)
            mix.learn(known.signs, said, known.wait_s)
        said = mix.forecast(row.signs)
        heapq.heappush(pending, (row.minute + row.wait_s / MINUTE_S, n, row, said))
        yield row, said


def print_scores(path: Path) -> None:
    """Print how right the mix is on a file, beside the simple rules."""
    said: dict[str, list[ForecastAndWait]] = {}
    for row, given in forecasts(read(path)):
        signs, wait_s = row.signs, row.wait_s
        queue_s = MINUTE_S * signs.ahead / max(0.01, signs.rate_60 or signs.rate_day)
        for name, pair in {
            OURS: ForecastAndWait(wait_s, given.p50_s, given.p10_s, given.p80_s),
            "mean of the last five": ForecastAndWait(wait_s, signs.last_five_s),
            "last to be called": ForecastAndWait(wait_s, signs.last_called_s),
            "head of the queue": ForecastAndWait(wait_s, signs.head_s),
            "queue / rate of the last hour": ForecastAndWait(wait_s, queue_s),
            AVERAGE: ForecastAndWait(wait_s, (queue_s + signs.last_called_s) / 2),
            "as posted by the place": ForecastAndWait(wait_s, row.posted_s),
        }.items():
            said.setdefault(name, []).append(pair)
    print(f"== {path.name}, nothing trained beforehand; minutes")
    print("\n".join(table([(name, scores(rows)) for name, rows in said.items()])))
    long = [row for row in said[OURS] if row.p50_s > 480]
    print("-- forecasts over 8 minutes")
    print("\n".join(table([(OURS, scores(long))])))
