"""The online mix of simple rules: nothing trained beforehand, soon better than each, and its bounds are kept."""

import random
from statistics import fmean

import msgspec
import pytest

from bench.forecast.counts import forecasts, read
from bench.forecast.mix import OnlineMix, QueueSigns

HEADER = (
    "office,date,minute_of_day,ahead_incl_self,open_counters,posted_wait,actual_wait,les,mean_last5,hol,"
    "rate30,rate60,rate_day,office_waiting_total,office_max_counters,group_id\n"
)


def queues(rows, seed=1):
    """Queues whose wait is people ahead over the rate of calls, with noise; last waits are of another length."""
    rng = random.Random(seed)
    for n in range(rows):
        ahead, rate = rng.randint(2, 30), rng.choice((0.1, 0.2, 0.5))
        wait_s = 60 * ahead / rate * rng.lognormvariate(-0.2, 0.3)
        last_s = wait_s * rng.lognormvariate(0.2, 0.8)
        signs = QueueSigns(f"Q{n % 3}", ahead, 2, last_s, last_s, last_s / 2, rate, rate, rate, 9.0)
        yield signs, wait_s


def test_given_nothing_learnt_then_a_forecast_lies_between_the_simple_rules():
    said = OnlineMix().forecast(QueueSigns("Q", 10, 2, 1200.0, 1500.0, 900.0, 0.5, 0.5, 0.5, 9.0))
    assert 900 < said.p50_s < 1500
    assert said.p10_s < said.p50_s < said.p80_s < said.p90_s


def test_given_some_hundred_outcomes_then_it_is_better_than_each_rule_and_its_bounds_are_kept():
    mix, errors, simple, kept, before = OnlineMix(), [], [], [], []
    for n, (signs, wait_s) in enumerate(queues(2500)):
        said = mix.forecast(signs)
        mix.learn(signs, said, wait_s)
        if n >= 500:
            errors.append(abs(said.p50_s - wait_s))
            simple.append(min(abs(signs.last_called_s - wait_s), abs(60 * signs.ahead / signs.rate_60 - wait_s)))
            kept.append(wait_s <= said.p80_s)
            before.append(wait_s < said.p10_s)
    assert fmean(errors) < 1.35 * fmean(simple), "even the better of two rules, chosen afterwards, is hardly better"
    assert fmean(kept) == pytest.approx(0.8, abs=0.02)
    assert fmean(before) == pytest.approx(0.1, abs=0.02)


def test_given_a_restart_then_it_goes_on_with_what_it_has_learnt():
    mix = OnlineMix()
    for signs, wait_s in queues(50):
        mix.learn(signs, mix.forecast(signs), wait_s)
    again = msgspec.json.decode(msgspec.json.encode(mix), type=OnlineMix)
    signs, _ = next(queues(1, seed=2))
    assert again.forecast(signs) == mix.forecast(signs)


def test_given_a_file_of_queue_counts_then_an_outcome_teaches_only_when_it_has_come_true(tmp_path):
    def file(name, wait):
        path = tmp_path / name
        rows = [(600, wait), (610, 20), (700, 20)]
        path.write_text(
            HEADER + "".join(f"O,2020-01-02,{m},5,1,10,{w},9,9,9,0.2,0.2,0.2,9,2,1\n" for m, w in rows), "utf-8"
        )
        return [said.p50_s for _, said in forecasts(read(path))]

    short, long = file("short.csv", 30), file("long.csv", 90)
    assert short[:2] == long[:2], "at 10:10 nobody knows how long the one of 10:00 will wait"
    assert short[2] != long[2], "at 11:40 both are known"
