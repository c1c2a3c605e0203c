"""How long the page of the scores and the public page of the past take over five years, beside a floor of the same run.

Both are added to the years of `bench.years`: the scores of every closed day and service, and the published files of
every month. What is measured is what the pages are answered with, in a new connection each time.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import product

import msgspec
from msgspec.structs import replace

from access.texts import Texts
from bench.years import REPEATS, SERVICES, Years, append, floor_s, processor_s
from forecast.score import RULES, Judged, score
from hall.catalogue.defaults import DEFAULT
from hall.catalogue.model import Catalogue
from hall.ports import GivenForecast
from hall.public_months import SCHEMA_VERSION, due_months, files_of, month_figures
from hall.scores import refresh, scores
from open_data.screen import LINKS
from open_data.site import site_of
from queueing import events as ev
from queueing.ticket import Leg, Ticket
from store.database import Database
from store.hall import SqliteHallStore
from supervisor.forecast_scores import GROUPINGS, ForecastScoreView, score_view

FORECASTS = 120  # of a service on a day
KINDS = 20  # different days of a service that are drawn
PUBLIC = Catalogue(replace(DEFAULT, hall=replace(DEFAULT.hall, ratings_public=True)))


def add(years: Years) -> None:
    """Add the scores and the published files to the years."""
    with closing(Database(years.path)) as db:
        store = SqliteHallStore(db)
        _add_scores(store, random.Random(2))
        _publish(store)
        db.truncate_write_ahead_log()


def _add_scores(store: SqliteHallStore, rng: random.Random) -> None:
    kinds = [tuple(map(msgspec.json.encode, score(_judged(rng) for _ in range(FORECASTS)))) for _ in range(KINDS)]
    days = store.closed_days()
    with store.transaction():
        for day, service in product(days, SERVICES):
            for long, data in enumerate(rng.choice(kinds)):
                store.save_forecast_score(day.isoformat(), service, bool(long), data)
        _add_forecast(store, days[0])
    refresh(store)


def _judged(rng: random.Random) -> Judged:
    wait_s, p50_s = (round(rng.expovariate(1 / 900)) for _ in range(2))
    return Judged(
        wait_s, (p50_s // 2, p50_s, p50_s * 2, p50_s * 3), {rule: round(rng.expovariate(1 / 900)) for rule in RULES}
    )


def _add_forecast(store: SqliteHallStore, day: date) -> None:
    """Add a ticket that was given a forecast: scores are summed from the day of the first one on."""
    leg = Leg(SERVICES[0], datetime(day.year, day.month, day.day, 1, tzinfo=UTC))
    store.add_ticket(Ticket(1, "A001", day, "ordinary", timedelta(0), store.last_seq(), (leg,)), "of the bench", "vi")
    store.add_forecast(GivenForecast(1, day, SERVICES[0], *[0] * 9, *[None] * 4))


def _publish(store: SqliteHallStore) -> None:
    words = Texts().words("public")
    for month in due_months(store, ()):
        for name, data in files_of(month_figures(store, month, PUBLIC, words)).items():
            published = ev.FiguresPublished(
                name=name, month=month, sha256=hashlib.sha256(data).hexdigest(), size=len(data), schema=SCHEMA_VERSION,
                by="bench",
            )  # fmt: skip
            with store.transaction():
                store.save_publication(name, data)
                append(store, ev.FIGURES_PUBLISHED, date.fromisoformat(f"{month}-28"), published)


def slowest(years: Years) -> dict[str, dict[str, float]]:
    """Measure the slowest answer of each page, in seconds of the processor, each beside the floor."""
    floor = floor_s()
    texts = Texts()
    pages: dict[str, list[Callable[[SqliteHallStore], object]]] = {
        "scores": [lambda store, by=by: _scores(store, years, by) for by in GROUPINGS],  # type: ignore[misc]
        "public": [
            lambda store: site_of(store, PUBLIC, texts, LINKS).figures_page("vi"),
            lambda store: site_of(store, PUBLIC, texts, LINKS).data_page("vi"),
        ],
    }
    return {
        name: {"s": max(_answered_s(years, page) for page in some), "floor_s": floor} for name, some in pages.items()
    }


def _scores(store: SqliteHallStore, years: Years, by: str) -> list[ForecastScoreView]:
    scored = scores(store, years.first, years.last, by)
    groups = [(scored.whole, scored.long), *scored.rows.values()]
    return [score_view(one) for group in groups for one in group]


def _answered_s(years: Years, page: Callable[[SqliteHallStore], object]) -> float:
    def ask() -> None:
        with closing(Database(years.path)) as db:
            page(SqliteHallStore(db))

    return min(processor_s(ask) for _ in range(REPEATS))
