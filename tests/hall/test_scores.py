"""The scores of given forecasts: each figure by its definition, and the same from kept months as from the rows."""

import csv
import random
from datetime import date, timedelta
from statistics import median

import pytest

from forecast.score import RULES, Judged, Score
from hall import scores
from hall.ports import GivenForecast
from queueing import events as ev
from queueing.ticket import Leg, State, Ticket
from store.database import Database
from store.hall import SqliteHallStore
from supervisor.forecast_scores import score_view, to_csv
from tests.store.test_hall_store import event

TODAY = date(2026, 3, 20)


def given(ref, day, service, p50_s, rules=(600, 600, 600, None)):
    shown = (p50_s // 2, p50_s, p50_s + 300, p50_s + 600)
    return GivenForecast(ref, day, service, 3, *shown, *shown, *rules)


class Kept:
    """A store with tickets that were given a forecast, and called after their wait."""

    def __init__(self):
        self.store = SqliteHallStore(Database(None))
        self.refs = 0

    def add(self, day, service, p50_s, wait_s, **how):
        self.refs += 1
        at = ev.from_instant(f"{day.isoformat()}T02:00:00.000000Z") + timedelta(seconds=self.refs)
        called_at = None if wait_s is None else at + timedelta(seconds=wait_s)
        self.store.add_event(event(self.refs))
        ticket = Ticket(self.refs, f"B{self.refs}", day, "ordinary", timedelta(), self.refs, (Leg(service, at),))
        self.store.add_ticket(ticket, f"secret-{self.refs}", "vi")
        state = State.WAITING if wait_s is None else State.FINISHED
        ended = ticket._replace(state=state, legs=(ticket.leg._replace(called_at=called_at),), **how)
        self.store.save_ticket(ended)
        self.store.add_forecast(given(self.refs, day, service, p50_s))
        return self.refs


@pytest.fixture
def kept():
    return Kept()


def test_given_waits_and_forecasts_then_every_figure_follows_its_definition():
    rng = random.Random(3)
    rows = [
        (rng.randrange(0, 4000), sorted(rng.randrange(0, 4000) for _ in range(4)), rng.randrange(0, 4000))
        for _ in range(301)
    ]
    score = Score()
    for wait, quantiles, last in rows:
        score.add(Judged(wait, quantiles, {"last": last, "mean": None}))
    errors = [quantiles[1] - wait for wait, quantiles, _ in rows]
    ours = score.errors["ours"]
    assert (score.n, ours.mean_s, ours.bias_s) == (301, sum(map(abs, errors)) / 301, sum(errors) / 301)
    assert ours.median_s == median(map(abs, errors)) // 30 * 30
    assert score.kept == [sum(wait <= quantiles[n] for wait, quantiles, _ in rows) for n in range(4)]
    assert score.before_p10 == sum(wait < quantiles[0] for wait, quantiles, _ in rows)
    assert score.within == sum(wait <= -(-quantiles[2] // 300) * 300 for wait, quantiles, _ in rows)
    losses = (max(0.8 * (wait - quantiles[2]), -0.2 * (wait - quantiles[2])) for wait, quantiles, _ in rows)
    assert score.pinball_80_ms / 1000 == pytest.approx(sum(losses))
    assert score.errors["last"].mean_s == sum(abs(last - wait) for wait, _, last in rows) / 301
    assert (score.errors["mean"].n, score.errors["mean"].mean_s, score.errors["mean"].median_s) == (0, None, None)


def test_given_months_that_are_kept_then_any_range_scores_as_from_the_rows(kept):
    rng = random.Random(5)
    first = TODAY - timedelta(days=90)
    for n in range(91):
        day = first + timedelta(days=n)
        with kept.store.transaction():
            for kind in (ev.DAY_OPENED, ev.DAY_CLOSED) if day != TODAY else (ev.DAY_OPENED,):
                kept.refs += 1
                kept.store.add_event(event(kept.refs, kind, {"day": day.isoformat(), "serving": []}))
            for _ in range(rng.randrange(0, 4)):
                kept.add(day, rng.choice("AB"), rng.randrange(60, 2000), rng.randrange(0, 2500))
    ranges = [(first, TODAY), (first + timedelta(days=20), TODAY - timedelta(days=3)), (TODAY, TODAY)]
    asked = [(begins, end, by) for begins, end in ranges for by in ("service", "day")]
    before = [scores.scores(kept.store, *each) for each in asked]
    assert before[0].whole.n > 100 and set(before[0].rows) == {"A", "B"}
    assert len(before[1].rows) > 50 and before[0].long.n < before[0].whole.n
    assert scores.refresh(kept.store) > 60
    months = {"2025-12", "2026-01", "2026-02"}
    assert kept.store.with_forecast_score([*months, "2026-03"]) == months
    assert [scores.scores(kept.store, *each) for each in asked] == before
    assert scores.refresh(kept.store) == 0
    # Over more than three months it is by month.
    assert set(scores.scores(kept.store, first - timedelta(days=10), TODAY, "day").rows) == {
        "2025-12", "2026-01", "2026-02", "2026-03",
    }  # fmt: skip


def test_given_the_last_thirty_days_then_the_hit_rate_is_said_only_once_enough_were_judged(kept):
    for n in range(29):
        # Shown was "up to 20 minutes": 600 + 300 seconds, rounded up to five minutes.
        kept.add(TODAY, "A", 600, 901 if n < 5 else 900)
    kept.add(TODAY, "A", 600, None)  # still waits
    kept.add(TODAY, "A", 600, 900, returned=1)
    kept.add(TODAY - timedelta(days=30), "A", 600, 10)
    assert scores.hit_rate(kept.store, TODAY) is None
    kept.add(TODAY - timedelta(days=29), "A", 600, 901)
    rate = scores.hit_rate(kept.store, TODAY)
    assert (rate.met, rate.of, rate.in_ten) == (24, 30, 8)


def test_given_scores_then_their_file_has_the_same_figures_as_the_api(kept):
    for n, wait in enumerate((300, 700, 1300)):
        kept.add(TODAY, "=A", 600 - 300 * (n == 2), wait)
    scored = scores.scores(kept.store, TODAY, TODAY, "service")
    view = score_view(scored.whole)
    # Errors of +300, -100 and -1000 seconds; the rule said 600 each time.
    assert (view.n, view.errors["ours"].median_s, view.errors["queue"].mae_s) == (3, 300, (300 + 100 + 700) / 3)
    assert (view.kept["80"].met, view.before_p10.met, view.within.met) == (2, 0, 2)
    rows = list(
        csv.reader(to_csv("service", scored, lambda by, key, language: key, "vi").decode("utf-8-sig").splitlines())
    )
    assert [row[:4] for row in rows[1:6]] == [["=A", "'=A", "all", name] for name in ("ours", *RULES)]
    assert rows[1][4:8] == ["3", str(view.errors["ours"].mae_s), "300", str(view.errors["ours"].bias_s)]
    assert rows[1][8:] == ["1", "1", "2", "2", "0", "2", str(view.pinball_80_s)]
    assert [row[0] for row in rows[11:]] == ["total"] * 10 and rows[11][4] == "3"
