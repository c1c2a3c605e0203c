"""A bound is kept as often as it promises, whatever the simulation does not know; and nothing else moves."""

import random

import pytest

from forecast.calibration import SHARES, Calibration


@pytest.mark.parametrize("name", SHARES)
@pytest.mark.parametrize("wrong_by", [0.5, 1.0, 2.0])
def test_given_a_quantile_that_is_wrong_then_its_bound_is_kept_as_often_as_it_promises(name, wrong_by):
    rng, calibration, kept = random.Random(3), Calibration(), []
    for _ in range(4000):
        raw_s = rng.uniform(600, 1100)
        bound_s, wait_s = calibration.bound(name, raw_s), wrong_by * rng.lognormvariate(6.7, 0.4)
        kept.append(wait_s <= bound_s)
        calibration.learn(name, raw_s, bound_s, wait_s)
    assert sum(kept[500:]) / len(kept[500:]) == pytest.approx(SHARES[name], abs=0.01)


def test_given_a_bound_that_was_missed_then_only_bounds_of_that_size_rise():
    calibration = Calibration()
    calibration.learn("p80", 600, 600, 601)
    assert calibration.bound("p80", 700) == pytest.approx(700 + 0.8 * 0.03 * 880)
    assert calibration.bound("p80", 400) == 400 and calibration.bound("p90", 700) == 700
    calibration.learn("p10", 600, 600, 601)  # nine in ten are called after it: a little higher
    assert calibration.bound("p10", 700) == pytest.approx(700 + 0.1 * 0.03 * 880)


def test_given_a_bound_then_it_is_never_before_now():
    calibration = Calibration()
    for _ in range(100):
        calibration.learn("p10", 30, calibration.bound("p10", 30), 0)
    assert calibration.bound("p10", 30) == 0


def test_given_a_crowd_that_misses_together_then_a_long_bound_is_not_carried_away():
    """Thirty wait with forecasts of an hour when a bad hour begins: the next bound is longer, by less than a third."""
    calibration = Calibration()
    for _ in range(30):
        calibration.learn("p80", 3600, 3600, 5000)
    assert 3600 < calibration.bound("p80", 3600) < 4800
