"""The simulator: small days worked by hand, then long runs against closed forms."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from math import sqrt

import pytest

from queueing.replay import ReplayedVisit, StaffingChange, Stay, replay

NINE = datetime(2026, 1, 5, 2, tzinfo=UTC)
E = timedelta(minutes=8)  # the mean service time
NO_CAP = 10**9


def minutes(n):
    return timedelta(minutes=n)


def come(ref, at, at_counter, head_start=0, service="A", patience=None, again=()):
    stay = Stay(timedelta(0), service, minutes(at_counter), None if patience is None else minutes(patience))
    return ReplayedVisit(ref, ref, NINE + minutes(at), minutes(head_start), (stay, *again))


def played(visits, staffing=((0, 1, "A"),), cap=5, **how):
    shifts = [StaffingChange(NINE + minutes(at), counter, tuple(services)) for at, counter, services in staffing]
    return [
        (call.ref, call.counter, (call.called_at - NINE) / minutes(1), call.reason.value)
        for call in replay(visits, shifts, cap, **how)
    ]


# -- small days --------------------------------------------------------------------------------


def test_given_one_counter_then_each_is_called_when_it_is_free():
    assert played([come(1, 0, 10), come(2, 1, 5), come(3, 30, 5)]) == [
        (1, 1, 0, "ORDER"),
        (2, 1, 10, "ORDER"),
        (3, 1, 30, "ORDER"),
    ]


def test_given_a_head_start_then_the_rule_of_the_live_hall_chooses():
    day = [come(1, 0, 10), come(2, 1, 5), come(3, 2, 5, head_start=20)]
    assert [call[0] for call in played(day)] == [1, 3, 2]
    assert [call[0] for call in played(day, cap=0)] == [1, 2, 3]


def test_given_several_free_counters_then_the_one_with_the_fewest_services_calls():
    day = [come(1, 0, 10), come(2, 0, 10, service="B"), come(3, 0, 10)]
    assert [call[:2] for call in played(day, ((0, 1, "AB"), (0, 2, "A")))] == [(1, 2), (2, 1), (3, 2)]


def test_given_a_counter_that_pauses_then_nobody_is_called_there_and_who_sits_there_is_served():
    day = [come(1, 0, 10), come(2, 1, 5)]
    assert played(day, ((0, 1, "A"), (5, 1, ""), (20, 1, "A"))) == [(1, 1, 0, "ORDER"), (2, 1, 20, "ORDER")]


def test_given_a_counter_that_closes_and_lingers_then_it_calls_who_waits_for_it_and_nobody_who_comes_later():
    day = [come(1, 0, 10), come(2, 1, 10), come(3, 2, 10, service="B"), come(4, 25, 5)]
    close = StaffingChange(NINE + minutes(5), 1, (), lingers=minutes(30))
    made = list(replay(day, [StaffingChange(NINE, 1, ("A",)), close], 5))
    assert [(call.ref, (call.called_at - NINE) / minutes(1)) for call in made] == [(1, 0), (2, 10)]
    # At the latest it closes when it has lingered so long.
    made = list(replay(day, [StaffingChange(NINE, 1, ("A",)), replace(close, lingers=minutes(4))], 5))
    assert [call.ref for call in made] == [1]
    # Opened again meanwhile, it stays open.
    again = [StaffingChange(NINE, 1, ("A",)), close, StaffingChange(NINE + minutes(8), 1, ("A", "B"))]
    assert [(call.ref, call.left_at - call.called_at) for call in replay(day, again, 5)] == [
        (1, minutes(10)),
        (2, minutes(10)),
        (3, minutes(10)),
        (4, minutes(5)),
    ]


def test_given_one_who_abandons_then_the_counter_never_calls_them():
    assert [call[0] for call in played([come(1, 0, 10), come(2, 1, 5, patience=3), come(3, 2, 5)])] == [1, 3]


def test_given_a_second_stay_then_the_arrival_counts_and_not_the_return():
    again = (Stay(minutes(4), "A", minutes(1)),)
    day = [come(1, 0, 5, again=again), come(2, 1, 10), come(3, 2, 5)]
    assert [call[0] for call in played(day)] == [1, 2, 1, 3]


def test_given_a_clerk_who_hesitates_then_the_call_comes_later_and_only_while_somebody_waits():
    day = [come(1, 0, 10), come(2, 3, 5), come(3, 40, 5, patience=1), come(4, 50, 5)]
    made = played(day, hesitation=lambda counter, nth: minutes(2))
    assert [call[:3] for call in made] == [(1, 1, 2), (2, 1, 14), (4, 1, 52)]


def test_given_one_sent_away_then_they_are_called_before_the_line_where_they_were():
    again = (Stay(minutes(2), "A", minutes(1), kept=True),)
    day = [come(1, 0, 4), come(2, 1, 5), come(3, 2, 1, head_start=20, again=again), come(4, 6, 5, head_start=60)]
    assert played(day) == [
        (1, 1, 0, "ORDER"),
        (3, 1, 4, "HEADSTART"),
        (2, 1, 5, "ORDER"),
        (3, 1, 10, "RETURN"),
        (4, 1, 11, "ORDER"),
    ]


def test_given_the_counter_is_closed_when_they_are_back_then_they_wait_in_the_line_for_every_counter():
    again = (Stay(minutes(5), "A", minutes(1), kept=True),)
    day = [come(1, 0, 5, again=again), come(2, 6, 5), come(3, 9, 5)]
    shifts = ((0, 1, "A"), (0, 2, "AB"), (6, 1, ""))
    assert played(day, shifts) == [(1, 1, 0, "ORDER"), (2, 2, 6, "ORDER"), (1, 2, 11, "ORDER"), (3, 2, 12, "ORDER")]
    # Or it closes while they wait for it.
    shifts = ((0, 1, "A"), (0, 2, "AB"), (10.5, 1, ""))
    day = [come(1, 0, 5, again=again), come(2, 5, 9), come(3, 6, 5)]
    assert played(day, shifts) == [(1, 1, 0, "ORDER"), (2, 1, 5, "ORDER"), (3, 2, 6, "ORDER"), (1, 2, 11, "ORDER")]


def test_given_one_transferred_then_to_that_counter_alone_and_first_where_it_was_said_so():
    def transferred(**how):
        again = (Stay(timedelta(0), "B", minutes(1), counter=2, **how),)
        day = [come(1, 0, 3, service="B"), come(2, 1, 4, service="B"), come(3, 2, 0.5, again=again)]
        return played(day, ((0, 1, "A"), (0, 2, "B")))

    line = [(1, 2, 0, "ORDER"), (3, 1, 2, "ORDER"), (2, 2, 3, "ORDER")]
    assert transferred() == [*line, (3, 2, 7, "ORDER")]
    assert transferred(first=True) == [
        (1, 2, 0, "ORDER"),
        (3, 1, 2, "ORDER"),
        (3, 2, 3, "TRANSFER"),
        (2, 2, 4, "ORDER"),
    ]


def test_given_a_no_show_who_came_back_then_the_next_call_takes_another():
    again = (Stay(minutes(1), "A", minutes(5), sits_out_next_call=True),)
    day = [come(1, 0, 1, again=again), come(2, 0.5, 4), come(3, 3, 5), come(4, 4, 5)]
    assert [call[0] for call in played(day)] == [1, 2, 3, 1, 4]
    assert [call[0] for call in played(day[:1])] == [1, 1]  # unless nobody else is there


def test_given_a_number_called_by_hand_then_it_is_at_the_same_time_of_the_same_counter_if_it_waits():
    day = [come(1, 0, 5), come(2, 1, 5), come(3, 2, 5)]
    by_hand = {(1, 1): 3}.get
    assert [(ref, why) for ref, _, _, why in played(day, by_hand=lambda *time: by_hand(time))] == [
        (1, "ORDER"),
        (3, "MANUAL"),
        (2, "ORDER"),
    ]
    gone = [*day[:2], come(3, 2, 5, patience=1)]
    assert [call[0] for call in played(gone, by_hand=lambda *time: by_hand(time))] == [1, 2]


def test_given_priority_granted_while_waiting_then_it_counts_from_then_on():
    day = [come(1, 0, 10), come(2, 1, 5), come(3, 2, 5), come(4, 3, 5)]
    for granted, order in ((8, [1, 4, 2, 3]), (12, [1, 2, 4, 3])):
        day[3] = replace(day[3], grants=((minutes(granted - 3), minutes(20)),))
        assert [call[0] for call in played(day)] == order


def test_given_an_appointment_then_its_call_says_so():
    day = [come(1, 0, 10), come(2, 1, 5), replace(come(3, 2, 5, head_start=5), appointment=True)]
    assert [call[::3] for call in played(day)] == [(1, "ORDER"), (3, "APPOINTMENT"), (2, "ORDER")]


def test_given_one_who_waits_again_then_the_passes_of_before_count_for_the_cap_and_once_in_the_sum():
    again = (Stay(minutes(1), "A", minutes(1), kept=True),)
    day = [come(1, 0, 4), come(2, 1, 1, again=again), come(3, 2, 5, head_start=20), come(4, 3, 5, head_start=20)]
    made = list(replay(day, [StaffingChange(NINE, 1, ("A",))], 1))
    assert [(call.ref, call.reason.value, call.passed) for call in made] == [
        (1, "ORDER", 0),
        (3, "HEADSTART", 0),
        (2, "CAP", 1),
        (4, "ORDER", 0),
        (2, "RETURN", 0),
    ]


# -- long runs -----------------------------------------------------------------------------------

CUSTOMERS, BATCHES = 80_000, 40  # of 2,000: long beside the time in which a queue forgets how it was


def crowd(seed, counters, load, priority=0.0, head_start=timedelta(0)):
    """Poisson arrivals, exponential services."""
    chance, at = random.Random(seed), NINE
    for ref in range(1, CUSTOMERS + 1):
        at += E * chance.expovariate(counters * load)
        early = head_start if chance.random() < priority else timedelta(0)
        yield ReplayedVisit(ref, ref, at, early, (Stay(timedelta(0), "A", E * chance.expovariate(1)),))


def run(visits, counters, cap=NO_CAP):
    staffing = [StaffingChange(NINE, number, ("A",)) for number in range(1, counters + 1)]
    waits = {call.ref: (call.wait / E, call.passes, call.passed) for call in replay(visits, staffing, cap)}
    assert len(waits) == CUSTOMERS
    return [waits[ref] for ref in range(1, CUSTOMERS + 1)]


def near(values, expected):
    """Whether the mean is within three standard errors, by batch means."""
    size = len(values) // BATCHES
    means = [sum(values[n * size : (n + 1) * size]) / size for n in range(BATCHES)]
    mean = sum(means) / BATCHES
    error = sqrt(sum((each - mean) ** 2 for each in means) / (BATCHES - 1) / BATCHES)
    print(f"{mean:.4f} +- {error:.4f}, expected {expected}")
    return abs(mean - expected) <= 3 * error


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_given_poisson_arrivals_and_exponential_services_then_the_waits_are_erlangs():
    waits = [wait for wait, _, _ in run(crowd(20260108, 3, 0.8), 3)]
    assert near(waits, 1.078652)
    assert near([wait > 0 for wait in waits], 0.647191)
    assert near([wait > 1 for wait in waits], 0.355186)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_given_strict_priority_then_both_classes_wait_as_cobham_says_and_the_conservation_law_holds():
    visits = list(crowd(7, 4, 0.85, priority=0.2, head_start=timedelta(days=100_000)))
    waits = [wait for wait, _, _ in run(visits, 4)]
    first = [wait for wait, visit in zip(waits, visits, strict=True) if visit.head_start]
    last = [wait for wait, visit in zip(waits, visits, strict=True) if not visit.head_start]
    assert near(first, 0.207625)
    assert near(last, 1.384169)
    assert near(waits, 1.148860)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_given_the_head_start_with_its_cap_then_the_conservation_law_holds_and_nobody_is_passed_more_often():
    made = run(crowd(11, 1, 0.8, priority=0.2, head_start=timedelta(minutes=20)), 1, cap=5)
    assert near([wait for wait, _, _ in made], 4)
    assert max(passed for _, _, passed in made) == 5
    assert sum(passes for _, passes, _ in made) == sum(passed for _, _, passed in made)  # slips and skips


def test_given_any_history_then_littles_law_holds_exactly():
    visits = list(islice(crowd(3, 2, 0.9, priority=0.3, head_start=timedelta(minutes=20)), 2000))
    staffing = [StaffingChange(NINE, number, ("A",)) for number in (1, 2)]
    made = list(replay(visits, staffing, 3))
    moves = sorted([(call.joined_at, 1) for call in made] + [(call.called_at, -1) for call in made])
    length, area = 0, timedelta(0)
    for (at, step), (then, _) in pairwise(moves):
        length += step
        area += length * (then - at)
    assert area == sum((call.wait for call in made), timedelta(0))
