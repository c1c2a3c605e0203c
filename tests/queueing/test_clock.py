"""The hall's time never goes back, although the PC's clock may."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queueing.clock import LEAP, Jump, SteadyClock
from tests.clocks import MORNING, HandClock


def started(last=None):
    machine = HandClock()
    clock = SteadyClock(machine.wall, machine.elapsed)
    return machine, clock, clock.begin(last)


def test_given_a_good_clock_then_it_is_followed_to_the_microsecond():
    machine, clock, jump = started(MORNING - timedelta(hours=14))
    assert jump is None
    for _ in range(5):
        machine.on(minutes=17, microseconds=3)
        assert clock.read() == (machine.at, None)


def test_given_the_clock_is_set_back_then_time_goes_on_and_the_jump_is_logged_once():
    machine, clock, _ = started()
    machine.on(minutes=5)
    clock.read()
    machine.jump(hours=-3)
    machine.on(minutes=1)
    assert clock.read() == (MORNING + timedelta(minutes=6), Jump(timedelta(hours=-3)))
    machine.on(minutes=1)
    assert clock.read() == (MORNING + timedelta(minutes=7), None)
    assert clock.held == Jump(timedelta(hours=-3))
    with pytest.raises(ValueError, match="no leap forward"):
        clock.follow()


def test_given_the_clock_was_set_back_when_it_has_caught_up_then_it_is_followed_again():
    machine, clock, _ = started()
    machine.jump(hours=-3)
    clock.read()
    machine.jump(hours=3, minutes=2)
    assert clock.read() == (machine.at, None)
    assert clock.held is None


@pytest.mark.parametrize("leap_s", (-3 * 3600, 5 * 3600))
def test_given_a_jump_when_the_clock_is_put_right_but_for_a_second_then_time_does_not_go_back(leap_s):
    machine, clock, _ = started()
    machine.jump(seconds=leap_s)
    before, _ = clock.read()
    machine.jump(seconds=-leap_s - 1)
    assert clock.read() == (before, None)
    assert clock.held is None


def test_given_the_year_1970_then_time_goes_on_from_where_it_was():
    machine, clock, _ = started()
    machine.on(hours=1)
    clock.read()
    machine.at = datetime(1970, 1, 1, tzinfo=UTC)
    machine.on(seconds=30)
    at, jump = clock.read()
    assert at == MORNING + timedelta(hours=1, seconds=30)
    assert jump.by < timedelta(days=-20_000)


def test_given_a_start_in_1970_then_time_goes_on_from_the_last_event():
    machine = HandClock(datetime(1970, 1, 1, tzinfo=UTC))
    clock = SteadyClock(machine.wall, machine.elapsed)
    jump = clock.begin(MORNING)
    assert jump.by < timedelta(days=-20_000)
    machine.on(minutes=4)
    assert clock.read() == (MORNING + timedelta(minutes=4), None)


def test_given_a_start_in_1970_when_the_clock_is_put_right_next_morning_then_a_supervisor_can_follow_it():
    evening, morning = MORNING + timedelta(hours=9), MORNING + timedelta(days=1)
    machine = HandClock(datetime(1970, 1, 1, tzinfo=UTC))
    clock = SteadyClock(machine.wall, machine.elapsed)
    clock.begin(evening)
    machine.on(minutes=1)
    clock.read()
    machine.at = morning
    at, jump = clock.read()
    assert at == evening + timedelta(minutes=1)
    assert jump == clock.held == Jump(morning - at)
    assert clock.follow() == morning - at
    assert clock.read() == (morning, None)
    assert clock.held is None


def test_given_a_held_leap_when_the_clock_is_then_set_back_then_the_alarm_says_so():
    machine, clock, _ = started()
    machine.jump(hours=5)
    clock.read()
    machine.jump(hours=-7)
    assert clock.read() == (MORNING, Jump(timedelta(hours=-2)))
    assert clock.held == Jump(timedelta(hours=-2))


@pytest.mark.parametrize("leap", (timedelta(hours=1, seconds=1), timedelta(days=400)))
def test_given_a_leap_of_more_than_an_hour_then_it_waits_for_a_supervisor(leap):
    machine, clock, _ = started()
    machine.jump(seconds=leap.total_seconds())
    assert clock.read() == (MORNING, Jump(leap))
    machine.on(minutes=10)
    assert clock.read() == (MORNING + timedelta(minutes=10), None)
    assert clock.held == Jump(leap)
    assert clock.follow() == leap
    assert clock.read() == (machine.at, None)
    assert clock.held is None


def test_given_a_held_leap_when_it_is_taken_back_then_nothing_needs_to_be_confirmed():
    machine, clock, _ = started()
    machine.jump(hours=5)
    clock.read()
    machine.jump(hours=-5)
    machine.on(minutes=1)
    assert clock.read() == (machine.at, None)
    assert clock.held is None
    with pytest.raises(ValueError, match="no leap forward"):
        clock.follow()


def test_given_a_leap_of_an_hour_then_it_is_simply_followed():
    machine, clock, _ = started()
    machine.jump(seconds=LEAP.total_seconds())
    assert clock.read() == (machine.at, None)
    assert clock.held is None


@pytest.mark.parametrize("back", (0.001, 1, 2))
def test_given_a_time_server_taking_back_a_little_then_time_waits_without_a_word(back):
    machine, clock, _ = started()
    machine.on(minutes=1)
    before, _ = clock.read()
    machine.jump(seconds=-back)
    assert clock.read() == (before, None)
    machine.on(seconds=5)
    assert clock.read() == (before + timedelta(seconds=5), None)


@pytest.mark.parametrize("away", (timedelta(days=1), timedelta(days=60)))
def test_given_a_start_after_a_holiday_then_the_clock_is_followed(away):
    _, clock, jump = started(MORNING - away)
    assert jump is None
    assert clock.read() == (MORNING, None)


def test_given_a_start_more_than_sixty_days_later_then_it_waits_for_a_supervisor():
    last = MORNING - timedelta(days=60, seconds=1)
    machine, clock, jump = started(last)
    assert jump == clock.held == Jump(timedelta(days=60, seconds=1))
    machine.on(minutes=3)
    assert clock.read() == (last + timedelta(minutes=3), None)
    clock.follow()
    assert clock.read() == (machine.at, None)


def test_given_a_start_a_moment_before_the_last_event_then_time_begins_there():
    last = MORNING + timedelta(seconds=1)
    _, clock, jump = started(last)
    assert jump is None
    assert clock.read() == (last, None)


def test_given_nothing_happened_when_following_then_there_is_nothing_to_follow():
    machine, clock, _ = started()
    machine.on(minutes=5)
    with pytest.raises(ValueError, match="no leap forward"):
        clock.follow()


spans = st.one_of(
    st.floats(-3, 3),
    st.sampled_from((-86400.0 * 20_000, -90_000.0, -3600.0, -2.5, 2.5, 3599.0, 3601.0, 90_000.0, 86400.0 * 400)),
)
moves = st.one_of(
    st.tuples(st.just("on"), st.floats(0, 7200)),
    st.tuples(st.just("jump"), spans),
    st.tuples(st.just("follow"), st.none()),
    st.tuples(st.just("begin"), st.none()),
)


@given(st.lists(moves, max_size=40))
def test_given_any_clock_then_the_time_never_goes_back(history):
    machine, clock, _ = started()
    last, _ = clock.read()
    for what, by in history:
        if what == "on":
            machine.on(seconds=by)
        elif what == "jump":
            machine.jump(seconds=by)
        elif what == "follow":
            with suppress(ValueError):
                assert clock.follow() > timedelta(0)
        else:
            clock.begin(last)
        at, jump = clock.read()
        assert at >= last
        assert jump is None or jump == clock.held
        assert clock.held is not None or machine.at - at <= LEAP
        last = at
