"""Which counter should open: examples worked by hand."""

import pytest

from queueing import advice as rule
from queueing.advice import UNSERVED_S, Advice, Effect, Level, ServiceQueue, Wait, level_of
from queueing.forecast import estimate

TARGET = 900


def advise(lines, then):
    """The advice, where nine in ten wait twice the median."""
    waits = {n: {code: Wait(p50_s, 2 * p50_s) for code, p50_s in of.items()} for n, of in then.items()}
    return rule.advise(lines, waits)


def line(service, waiting, p50_s, p90_s):
    return ServiceQueue(service, waiting, TARGET, p50_s, p90_s)


@pytest.mark.parametrize(
    ("wait_s", "level"),
    [(0, None), (899, None), (900, Level.WARN), (1199, Level.WARN), (1200, Level.ALARM), (1800, Level.BREACH)],
)
def test_given_a_wait_then_its_level_is_the_worst_threshold_it_reached(wait_s, level):
    assert level_of(wait_s) is level


def test_given_a_late_service_then_the_counter_that_shortens_it_is_named_with_the_minutes():
    lines = [line("HO_TICH", 4, 1200, 2000), line("TRA_KQ", 1, 60, 200)]
    advice = advise(lines, {4: {"HO_TICH": 720, "TRA_KQ": 30}, 5: {"TRA_KQ": 10}})
    assert advice == Advice(4, (Effect("HO_TICH", 1200, 720, 2000, 1440),))


def test_given_two_counters_then_the_one_that_takes_most_waiting_from_most_people_opens():
    lines = [line("A", 10, 1000, 1800), line("B", 2, 2000, 3600)]
    # 10 people gain 400 s each at counter 1; 2 people gain 1500 s each at counter 2.
    assert advise(lines, {2: {"B": 500}, 1: {"A": 600}}).counter == 1
    assert advise(lines, {2: {"A": 900, "B": 500}, 1: {"A": 800}}).counter == 2


def test_given_two_equal_counters_then_the_first_is_named():
    assert advise([line("A", 3, 1000, 1800)], {7: {"A": 500}, 3: {"A": 500}}).counter == 7


def test_given_nobody_can_be_served_then_opening_weighs_most_and_says_so():
    lines = [line("A", 1, None, None), line("B", 5, 1200, 2000)]
    advice = advise(lines, {1: {"B": 600}, 2: {"A": 300}})
    assert advice == Advice(2, (Effect("A", None, 300, None, 600),))
    assert UNSERVED_S - 300 > 5 * 600


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [line("A", 6, 500, 900)],  # in time
        [line("A", 0, 1200, 2000)],  # nobody waits
        [line("A", 1, 1200, 2000)],  # one alone, who is the next
        [line("A", 6, 779, 1200)],  # late, but the gain is too small to tell
        [line("B", 6, 1200, 2000)],  # late, and no counter has it
    ],
    ids=["no service", "in time", "nobody waits", "one alone", "too little", "elsewhere"],
)
def test_given_nothing_would_help_then_nothing_is_proposed(lines):
    assert advise(lines, {1: {"A": 600}}) is None


def test_given_a_forecast_then_nine_in_ten_stay_under_more_than_eight_and_less_than_all():
    made = estimate([], 600, 1, idle=False, last_wait_s=None)
    # ln(P90/P50) : ln(P80/P50) = 1.2816 : 0.8416, the quantiles of the normal law.
    assert (made.p50_s, made.p80_s, made.p90_s) == (600, 1174, 1668)
    assert estimate([], 600, 1, idle=True, last_wait_s=None).p90_s == 0
