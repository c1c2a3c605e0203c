"""Half months, months and years: every day is in one of each, and their names sort by time."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queueing.period import DAY, HALF, MONTH, SUMS, YEAR, ends, period_of, periods_of, widest

DAYS = st.dates(date(1970, 1, 1), date(2999, 12, 31))


@pytest.mark.parametrize(
    ("day", "half"),
    [
        ("2026-01-01", "2026-01-01/14"),
        ("2026-01-14", "2026-01-01/14"),
        ("2026-01-15", "2026-01-15/31"),
        ("2026-01-31", "2026-01-15/31"),
        ("2026-02-28", "2026-02-15/28"),
        ("2028-02-15", "2028-02-15/29"),
        ("2026-12-31", "2026-12-15/31"),
    ],
)
def test_given_a_day_then_its_half_month_ends_on_the_14th_or_with_the_month(day, half):
    assert periods_of(date.fromisoformat(day)) == [day, half, day[:7], day[:4]]


@given(DAYS)
def test_given_a_day_then_its_periods_hold_it_and_each_is_the_sum_of_others(day):
    for length in (DAY, HALF, MONTH, YEAR):
        period = period_of(day, length)
        assert len(period) == length
        first, last = ends(period)
        assert first <= day <= last
    for length, part in SUMS:
        first, last = ends(period_of(day, length))
        inner = {period_of(first + timedelta(days=n), part) for n in range((last - first).days + 1)}
        assert first == min(ends(each)[0] for each in inner) and last == max(ends(each)[1] for each in inner)


@given(DAYS)
def test_given_a_period_then_its_text_comes_between_the_day_before_it_and_its_last(day):
    for period in periods_of(day):
        first, last = ends(period)
        assert (first - timedelta(days=1)).isoformat() < period <= last.isoformat()


@given(st.sets(DAYS, max_size=30), st.randoms(use_true_random=False))
def test_given_periods_then_the_widest_hold_all_their_days_once(days, rng):
    some = {period for day in days for period in rng.sample(periods_of(day), 2)}
    taken = widest(some)
    spans = [ends(period) for period in taken]
    assert set(taken) <= some
    assert all(before[1] < after[0] for before, after in zip(spans, spans[1:], strict=False))
    for period in some:
        first, last = ends(period)
        assert any(start <= first and last <= end for start, end in spans)


@pytest.mark.parametrize("text", ["2026-13", "2026-01-01/40", "2026-01-32", "january", ""])
def test_given_no_period_then_it_has_no_ends(text):
    with pytest.raises(ValueError):
        ends(text)
