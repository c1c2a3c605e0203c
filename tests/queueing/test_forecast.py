"""The forecast compared with its formula, worked by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queueing.forecast import Forecast, Work, estimate, service_seconds


def test_given_no_service_today_then_the_prior_stands_alone():
    assert service_seconds(360, 0, 0) == 360


def test_given_five_services_today_then_prior_and_today_weigh_the_same():
    assert service_seconds(360, 5 * 240, 5) == 300


def test_given_nobody_ahead_and_a_counter_idle_then_there_is_no_wait():
    assert estimate([Work(0, 360, 1.0)], 360, 2, True, 900) == Forecast(0, 0, 0)


def test_given_nobody_ahead_and_no_counter_idle_then_a_line_that_is_gone_counts_for_nothing():
    assert estimate([Work(0, 360, 1.0)], 360, 2, False, 7200).p50_s == 180


def test_given_a_counter_idle_but_people_ahead_then_there_is_a_wait():
    assert estimate([Work(3, 360, 1.0)], 360, 2, True, None).p50_s == 720


def test_given_four_ahead_and_two_counters_then_ql_by_hand():
    # QL = (4 + 1) x 360 s / 2 = 900 s. Spread: sqrt(ln(1 + 0.8/5 + 0.09)) = sqrt(ln 1.25) = 0.47238.
    # P10 = 900 x exp(-1.2816 x 0.47238) = 491.3; P80 = 900 x exp(0.8416 x 0.47238) = 1339.4.
    assert estimate([Work(4, 360, 1.0)], 360, 2, False, None) == Forecast(491, 900, 1339)


def test_given_somebody_has_started_today_then_ql_and_les_by_halves():
    # (QL 900 + LES 300) / 2 = 600; P10 = 600 x 0.54585 = 327.5; P80 = 600 x 1.48822 = 892.9.
    assert estimate([Work(4, 360, 1.0)], 360, 2, False, 300) == Forecast(328, 600, 893)


def test_given_lines_shared_with_other_counters_then_only_our_share_is_ahead():
    # 2 x 300 x 1 + 4 x 600 x 0.5 = 1800, own 300: QL = 2100 / 3 = 700 s, with 4 people's worth ahead.
    made = estimate([Work(2, 300, 1.0), Work(4, 600, 0.5)], 300, 3, False, None)
    assert made.p50_s == 700
    assert made == Forecast(382, 700, 1042)


lines = st.lists(
    st.builds(Work, st.integers(0, 80), st.floats(60, 3600), st.sampled_from((0.25, 0.5, 1.0))), min_size=1, max_size=4
)
waits = st.none() | st.integers(0, 7200)


@given(lines, st.floats(60, 3600), st.integers(1, 20), waits)
def test_given_any_line_then_the_range_is_in_order(ahead, own_s, counters, last_wait_s):
    made = estimate(ahead, own_s, counters, False, last_wait_s)
    assert 0 <= made.p10_s <= made.p50_s <= made.p80_s


@given(st.integers(0, 80), st.floats(60, 3600), st.integers(1, 20), waits)
def test_given_one_more_ahead_then_the_forecast_is_no_shorter(people, service_s, counters, last_wait_s):
    fewer, more = (
        estimate([Work(n, service_s, 1.0)], service_s, counters, False, last_wait_s) for n in (people, people + 1)
    )
    assert fewer.p50_s <= more.p50_s and fewer.p10_s <= more.p10_s
    if last_wait_s is None:
        assert fewer.p80_s <= more.p80_s


@pytest.mark.parametrize("counters", range(1, 20))
def test_given_one_more_counter_then_the_forecast_is_shorter(counters):
    fewer, more = (estimate([Work(9, 360, 1.0)], 360, n, False, None) for n in (counters, counters + 1))
    assert more.p50_s < fewer.p50_s and more.p80_s < fewer.p80_s
