"""The public figures of today: the stranger's, and nothing while they would single out fewer than ten."""

from datetime import UTC, datetime

import msgspec
import pytest

from hall import public_today
from hall.public_today import PublicToday
from tests.clocks import HandClock
from tests.hall.centre import TestCentre
from tests.recompute import recompute
from tests.recompute_open_data import minutes, share


@pytest.fixture
def centre(monkeypatch):
    monkeypatch.setattr(public_today, "KEPT_S", -1.0)
    centre = TestCentre(clock=HandClock(datetime(2026, 1, 30, 1, tzinfo=UTC)))
    centre.press("open", 2)
    return centre


def test_given_visits_one_by_one_then_nothing_is_said_before_the_tenth_and_then_what_the_stranger_says(centre):
    today, said = PublicToday(centre.hall), []
    for n in range(1, 41):
        centre.take()
        centre.clock.on(seconds=30 * n)
        centre.serve(2, minutes=n / 8)
        view = msgspec.to_builtins(today.view())
        right = recompute(centre.log(), targets=centre.targets())["total"]
        if n < 10:
            assert (view["wait_median_min"], view["on_target_percent"]) == (None, None)
        else:
            on_target = share(right["on_target"]["met"], right["on_target"]["of"])
            assert view["wait_median_min"] == minutes(right["wait"]["median_s"])
            assert (view["on_target_percent"], view["on_target_bound"]) == on_target
        assert (view["day"], view["target_min"]) == ("2026-01-30", 15)
        said.append((view["on_target_percent"], view["on_target_bound"]))
    assert {bound for percent, bound in said if percent is not None} >= {"", "at_least"}


def test_given_an_answer_that_is_kept_then_a_new_day_begins_anew(centre, monkeypatch):
    monkeypatch.setattr(public_today, "KEPT_S", 3600.0)
    today = PublicToday(centre.hall)
    for _ in range(10):
        centre.take()
        centre.serve(2)
    first = today.view()
    centre.take()
    centre.serve(2)
    assert first.wait_median_min is not None and today.view() is first
    centre.clock.on(days=1)
    centre.hall.refresh()
    assert (today.view().day, today.view().wait_median_min) == ("2026-01-31", None)
