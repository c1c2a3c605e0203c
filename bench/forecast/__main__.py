"""Scores the forecast: on simulated centres, or with a file on another place's queues.

    make bench-forecast [ARGS="--days 26 --seed 1"]
    make bench-forecast FILE=waits.csv.gz

Each centre works for some weeks at natural speed, lunch included, and everybody who takes a ticket gets a forecast
from what was known at that moment. Beside it stand four simple rules, and what the program said before it simulated.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bench.forecast import centres, counts
from bench.forecast.centres import CENTRES
from bench.forecast.mix import HallMix, MixForecast, OnlineMix
from bench.forecast.scores import LONG_S, ForecastAndWait, Scores, scores, table
from forecast.calibration import Calibration
from forecast.estimator import Estimator, WaitForecast
from forecast.learning import Learnt
from forecast.simple_rules import RulesOfThumb, SimpleWaits
from hall.forecast_plan import plan_of
from hall.forecaster import Quantiles
from hall.forecasts import FromTheFloor
from hall.hall import Hall
from queueing import events as ev
from queueing.events import Event

SEED = 7100
KNOWN_FROM = 6  # from this day on the estimator knows the hall
FIRST_DAYS = 7  # how many first days are scored: one alone, of a hundred calls, is chance
RULES = ("last to be called", "mean of the last five", "queue x mean / counters", "head of the queue")
OURS, MIX, BEFORE = "the queue simulated ahead", "a mix of the simple rules", "the program before"


class Asked(NamedTuple):
    """What was said to one who took a ticket, and when they were called."""

    day: int
    at: datetime
    wait_s: float
    ours: WaitForecast | None
    mixed: MixForecast | None
    before: Quantiles | None
    simple: SimpleWaits


class Scorer:
    """Hears a hall, and asks for a forecast at every ticket."""

    def __init__(self, hall: Hall) -> None:
        plan = plan_of(hall.catalogue)
        self._hall = hall
        self._estimator = Estimator(plan, Learnt(), Calibration())
        self._before = FromTheFloor()
        self._mix = HallMix(OnlineMix(), plan)
        self._simple = RulesOfThumb(plan.prior_s, plan.counters)
        self._open: dict[int, Asked] = {}
        self._day = 0
        self.asked: list[Asked] = []
        self.not_called = 0

    def hear(self, events: list[Event]) -> None:
        """Take in what has happened."""
        hall = self._hall
        for event in events:
            self._estimator.hear(event, hall.floor)
            self._mix.hear(event, hall.floor)
            self._simple.hear(event, hall.floor)
            if ev.DAY_OPENED.marks(event):
                self._day += 1
                self.not_called += len(self._open)
                self._open = {}
            elif ev.TICKET_ISSUED.marks(event):
                self._ask(event)
            elif ev.TICKET_CALLED.marks(event) and event.ref in self._open:
                asked = self._open.pop(event.ticket_ref)
                self.asked.append(asked._replace(wait_s=(event.at - asked.at).total_seconds()))

    def _ask(self, event: Event) -> None:
        hall, ref = self._hall, event.ticket_ref
        place = hall.floor.waiting.place(ref)
        if place is None:
            return
        self._open[ref] = Asked(
            day=self._day,
            at=event.at,
            wait_s=0.0,
            ours=self._estimator.forecasts(hall.floor, event.at).waiting[ref],
            mixed=self._mix.forecast(hall.floor, event.service_code, event.at),
            before=self._before.waiting(hall.catalogue, hall.floor, place),
            simple=self._simple.waits(hall.floor, event.service_code, event.at),
        )


def score_centre(job: tuple[int, int, int]) -> tuple[str, list[Asked], float]:
    """Let a centre work, and return its name, what was said there, and how many seconds that took."""
    which, seed, days = job
    centre, began = CENTRES[which], time.perf_counter()
    scorers: list[Scorer] = []

    def listen(hall: Hall) -> Callable[[list[Event]], None]:
        scorers.append(Scorer(hall))
        return scorers[-1].hear

    for n, length in enumerate((days, *[1] * (FIRST_DAYS - 1))):
        for _ in centres.play(centre, seed + which + 1000 * n, length, listen):
            pass
    asked = [said for scorer in scorers for said in scorer.asked]
    return centre.name, asked, time.perf_counter() - began


def _pairs(asked: Asked) -> dict[str, ForecastAndWait]:
    """Return what each method said, for one to whom ours said something."""
    assert asked.ours is not None
    wait_s, ours = asked.wait_s, asked.ours
    said = {OURS: ForecastAndWait(wait_s, ours.p50_s, ours.p10_s, ours.p80_s)}
    if asked.mixed is not None:
        mixed = asked.mixed
        said[MIX] = ForecastAndWait(wait_s, mixed.p50_s, mixed.p10_s, mixed.p80_s)
    if asked.before is not None:
        said[BEFORE] = ForecastAndWait(wait_s, asked.before.p50_s, asked.before.p10_s, asked.before.p80_s)
    return said | {name: ForecastAndWait(wait_s, p50_s) for name, p50_s in zip(RULES, asked.simple, strict=True)}


def _scored(rows: Sequence[Asked]) -> dict[str, Scores]:
    said = [_pairs(asked) for asked in rows if asked.ours is not None]
    by_name = {name: scores(row[name] for row in said if name in row) for name in (OURS, MIX, *RULES, BEFORE)}
    return {name: score for name, score in by_name.items() if score is not None}


class Bar(NamedTuple):
    """One of the promises: what it is, what came out, and whether it holds."""

    what: str
    value: str
    holds: bool


def bars(asked: Sequence[Asked]) -> Iterable[Bar]:
    """Yield the promises, held against what was said."""
    later, first = [row for row in asked if row.day >= KNOWN_FROM], [row for row in asked if row.day == 1]
    for rows, limit, what in ((later, 0.55, f"from day {KNOWN_FROM}"), (first, 0.8, "day 1")):
        scored = _scored(rows)
        best = min((scored[name].mae for name in RULES if name in scored), default=0.0)
        ratio = scored[OURS].mae / best if best and OURS in scored else 0.0
        yield Bar(f"{what}: MAE of the best simple rule, at most {limit}", f"{ratio:.2f}", ratio <= limit)
    said = [_pairs(row)[OURS] for row in later if row.ours is not None]
    long = [row for row in said if row.p50_s > LONG_S]
    for rows, low, high, what in ((said, 0.77, 0.83, "all"), (long, 0.72, 0.88, "over 8 minutes")):
        score = scores(rows)
        share = score.under_p80 if score is not None and score.under_p80 is not None else 0.0
        limits = f"{100 * low:.0f} to {100 * high:.0f} %"
        yield Bar(f"under P80, {what}: {limits}", f"{100 * share:.1f} %", low <= share <= high)
    before = (scores(said) or Scores(0, 0, 0, 0, 0, 0, 0, 0, 0)).before_p10 or 0.0
    yield Bar("called before P10: at most 12 %", f"{100 * before:.1f} %", before <= 0.12)


def print_centre(name: str, asked: Sequence[Asked], took_s: float) -> bool:
    """Print the table of a centre; return whether every promise holds."""
    print(f"\n== {name}: {len(asked)} calls, {took_s:.0f} s")
    for what, rows in (
        (f"from day {KNOWN_FROM}", [row for row in asked if row.day >= KNOWN_FROM]),
        (f"{FIRST_DAYS} first days", [row for row in asked if row.day == 1]),
    ):
        waits = [row.wait_s for row in rows]
        without = sum(row.ours is None for row in rows)
        print(f"-- {what}; mean wait {sum(waits) / max(1, len(waits)) / 60:.1f} min; {without} without a forecast")
        scored = _scored(rows)
        print("\n".join(table(list(scored.items()))))
    promises = list(bars(asked))
    for bar in promises:
        print(f"{'holds ' if bar.holds else 'BROKEN'}  {bar.what}: {bar.value}")
    return all(bar.holds for bar in promises)


def main() -> None:
    """Score, print, and fail if a promise does not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", type=Path, help="queue counts of another place")
    parser.add_argument("--days", type=int, default=26, help="working days of each centre")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--centres", type=int, nargs="*", default=range(len(CENTRES)), help="which, from 0")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    if options.file is not None:
        counts.print_scores(options.file)
        return
    jobs = [(which, options.seed, options.days) for which in options.centres]
    with ProcessPoolExecutor(options.processes) as pool:
        kept = [print_centre(*scored) for scored in pool.map(score_centre, jobs)]
    sys.exit(0 if all(kept) else 1)


if __name__ == "__main__":
    main()
