"""A rhythm no crowd has: found where one presses for a bundle, and not in a crowd."""

import random
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from queueing.rhythm import rhythm

NINE = datetime(2026, 1, 5, 2, tzinfo=UTC)


def at(*gaps):
    return [NINE + timedelta(seconds=seconds) for seconds in accumulate((0, *gaps))]


def test_given_eight_numbers_at_equal_intervals_then_it_is_a_rhythm_and_says_how_many_and_how_fast():
    times = at(40, 3, 6, 6.3, 5.8, 6, 6.4, 5.9, 6, 6.1, 90)
    found = rhythm(times)
    assert (found.since, found.until, found.numbers) == (times[2], times[10], 9)
    assert round(found.gap.total_seconds()) == 6
    assert rhythm(at(*[6] * 6)) is None
    assert rhythm(at(*[6] * 6, 9)) is None
    assert rhythm([]) is None


def test_given_a_slow_rhythm_then_it_is_found_as_far_as_it_fits_into_ten_minutes():
    assert rhythm(at(*[80, 83, 78, 84, 79, 80, 82])).numbers == 8
    assert rhythm(at(*[120] * 20)) is None


def test_given_a_thousand_mornings_of_a_crowd_then_hardly_one_has_a_rhythm():
    """People at random, and a queue in front of the kiosk that takes its numbers one after another."""
    dice, alarms = random.Random(33), 0
    for _ in range(500):
        alarms += rhythm(at(*(dice.expovariate(1 / 45) for _ in range(60)))) is not None
        alarms += rhythm(at(*(max(3, dice.gauss(9, 3)) for _ in range(40)))) is not None
    assert alarms <= 10
