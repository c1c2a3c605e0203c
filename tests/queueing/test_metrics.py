"""The figures, by worked examples of their definitions."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queueing.metrics import Share, Spread, figures, nearest_rank, spread
from queueing.ticket import Leg, Ticket

NINE = datetime(2026, 1, 5, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "percent", "rank"),
    [
        # The textbook example of nearest rank: 15, 20, 35, 40, 50.
        ((15, 20, 35, 40, 50), 5, 15),
        ((15, 20, 35, 40, 50), 30, 20),
        ((15, 20, 35, 40, 50), 40, 20),
        ((15, 20, 35, 40, 50), 50, 35),
        ((15, 20, 35, 40, 50), 100, 50),
        ((7,), 50, 7),
        ((7,), 90, 7),
        ((1, 2), 50, 1),
        (tuple(range(1, 11)), 90, 9),
        (tuple(range(1, 12)), 90, 10),
        ((), 50, None),
    ],
)
def test_given_sorted_values_then_the_percentile_is_one_of_them(values, percent, rank):
    assert nearest_rank(values, percent) == rank


@given(st.lists(st.integers(0, 7200), min_size=1), st.integers(1, 100))
def test_given_any_values_then_the_rank_is_the_smallest_that_enough_do_not_exceed(values, percent):
    ordered = sorted(values)
    enough = [v for v in ordered if 100 * sum(other <= v for other in ordered) >= percent * len(ordered)]
    assert nearest_rank(ordered, percent) == enough[0]


def test_given_durations_then_their_spread_and_the_floor_of_their_mean():
    assert spread([100, 1, 7, 30]) == Spread(4, 34, 7, 100, 100)
    assert spread([]) == Spread(0, None, None, None, None)


def ticket(ref=1, priority_class="ordinary"):
    return Ticket(ref, f"A{ref:03d}", date(2026, 1, 5), priority_class, timedelta(0), ref, (Leg("A", NINE),))


def at(seconds):
    return NINE + timedelta(seconds=seconds)


def served(wait_s, walk_s=0, service_s=60, **how):
    called = ticket(**how).called(at(wait_s), 1, "user:1").started(at(wait_s + walk_s))
    return called.finished(at(wait_s + walk_s + service_s), None)


def test_given_a_morning_then_every_figure_by_hand():
    made = figures(
        [
            served(600, 30, 300),
            served(1200, 60, 100, priority_class="priority"),
            ticket().called(at(60), 2, "user:1").started(at(90)),
            ticket().called(at(60), 3, "user:1").no_show(),
            ticket().called(at(60), 3, "user:1"),
            ticket().cancelled(at(2000)),
            ticket().expired(at(9000)),
            ticket(),
        ]
    )
    assert (made.issued, made.called, made.served, made.no_shows, made.cancelled, made.expired) == (8, 5, 2, 1, 1, 1)
    assert made.priority == 1
    assert made.recalls == 0
    assert (made.on_target, made.target_s) == (Share(2, 5), 900)
    assert made.wait == Spread(3, 620, 600, 1200, 1200)
    assert made.walk == Spread(3, 40, 30, 60, 60)
    assert made.service == Spread(2, 200, 100, 300, 300)
    assert made.sojourn == Spread(2, (930 + 1360) // 2, 930, 1360, 1360)
    assert made.within == {15: Share(2, 5), 20: Share(3, 5), 30: Share(3, 5)}


def test_given_nobody_then_no_figure_pretends():
    made = figures([])
    assert made.issued == 0
    assert made.wait == made.service == Spread(0, None, None, None, None)
    assert made.within == {15: Share(0, 0), 20: Share(0, 0), 30: Share(0, 0)}


@pytest.mark.parametrize(("wait_s", "met"), [(900, 1), (900.999, 1), (901, 0)])
def test_given_a_wait_about_fifteen_minutes_then_whole_seconds_decide(wait_s, met):
    assert figures([served(wait_s)]).within[15] == Share(met, 1)


@pytest.mark.parametrize(
    ("left_s", "share"), [(60, Share(0, 0)), (900, Share(0, 0)), (900.9, Share(0, 0)), (901, Share(0, 1))]
)
def test_given_one_who_abandoned_then_only_after_the_limit_they_count_as_not_met(left_s, share):
    assert figures([ticket().cancelled(at(left_s))]).within[15] == share
    assert figures([ticket().expired(at(left_s))]).within[15] == share


def test_given_no_shows_and_those_still_waiting_then_they_stand_beside_the_share():
    called = ticket().called(at(3000), 1, "user:1")
    for left_out in (called.no_show(), called, ticket(), called.cancelled(at(3600)), called.expired(at(3600))):
        assert figures([left_out]).within == {15: Share(0, 0), 20: Share(0, 0), 30: Share(0, 0)}


def test_given_fractions_of_a_second_then_each_duration_is_its_own_floor():
    made = figures([served(1.9, 1.9, 1.9)])
    assert (made.wait.max_s, made.walk.max_s, made.service.max_s, made.sojourn.max_s) == (1, 1, 1, 5)
