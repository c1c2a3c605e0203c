"""Appointments: slots, their number, and what a check-in counts for."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queueing.appointments import AHEAD, GRACE, HEAD_START, Slots, capacity, head_start, starts
from queueing.opening import Hours, Rule, Season, Shift

DUE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
HALF_HOURS = Slots(timedelta(minutes=30), 60)
MORNING = Shift(time(7, 30), time(9, 15), time(7, 0), time(9, 0))
HOURS = Hours((Season("Cả năm", (1, 1), (12, 31), (Rule(frozenset({1}), (MORNING,)),)),))


@pytest.mark.parametrize(
    ("came", "counts_as"),
    [
        ("08:50", "08:50"),  # as early as can be
        ("09:00", "08:50"),  # on the minute
        ("09:05", "08:50"),
        ("09:10", "08:50"),  # the last on time: twenty minutes earlier is the same
        ("09:11", "09:11"),  # late: as one without an appointment
    ],
)
def test_given_an_appointment_at_nine_then_its_holder_counts_as_the_rule_says(came, counts_as):
    at = datetime.combine(DUE.date(), time.fromisoformat(came), UTC)
    assert f"{at - head_start(at, DUE):%H:%M}" == counts_as


@given(st.integers(-600, 7200))
def test_given_any_check_in_then_the_key_is_the_later_of_the_two(offset):
    at = DUE + timedelta(seconds=offset)
    start = head_start(at, DUE)
    if at > DUE + GRACE:
        assert start == timedelta()
    else:
        assert at - start == max(at - HEAD_START, DUE - AHEAD)
        assert timedelta() <= start <= HEAD_START


def test_given_somebody_early_then_there_is_no_place_yet():
    with pytest.raises(ValueError, match="not open"):
        head_start(DUE - AHEAD - timedelta(seconds=1), DUE)


def test_given_a_shift_then_its_slots_are_whole_ones():
    monday = date(2026, 1, 5)
    assert [f"{each:%H:%M}" for each in starts(HOURS, "A", monday, HALF_HOURS)] == ["07:30", "08:00", "08:30"]
    assert starts(HOURS, "A", date(2026, 1, 6), HALF_HOURS) == []
    assert starts(Hours(), "A", monday, HALF_HOURS) == []


def test_given_counters_with_several_services_then_each_gives_its_part():
    six = timedelta(minutes=6)
    assert capacity(HALF_HOURS, [1], six) == 3  # five services in half an hour, three of five
    assert capacity(HALF_HOURS, [2, 2], six) == 3  # two halves are one
    assert capacity(HALF_HOURS, [3], timedelta(minutes=30)) == 1  # never none
