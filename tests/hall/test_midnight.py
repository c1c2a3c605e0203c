"""The change of day, at midnight in Viet Nam, which is 17:00 UTC."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hall.ports import CannotSave
from queueing.errors import CounterClosed, StepNotAllowed
from queueing.floor import CounterState, Staffing
from queueing.ticket import State
from tests.clocks import HandClock
from tests.hall.centre import AN, BINH, TestCentre

EVENING = datetime(2026, 1, 5, 16, 50, tzinfo=UTC)
MIDNIGHT = datetime(2026, 1, 5, 17, tzinfo=UTC)


@pytest.fixture
def late():
    """Ten minutes before midnight; counters 2 and 3 are open."""
    centre = TestCentre(clock=HandClock(EVENING))
    centre.press("open", 2)
    centre.press("open", 3, BINH)
    return centre


def after_midnight(centre):
    centre.clock.on(minutes=10)
    centre.hall.refresh()
    return centre


def test_given_a_moment_before_midnight_then_it_is_still_the_old_day(late):
    late.clock.on(minutes=9, seconds=59)
    assert late.take()["number"] == "B001"
    assert late.ticket(1).day == date(2026, 1, 5)
    late.clock.on(seconds=1)
    assert late.take()["number"] == "B001"
    assert late.ticket(2).day == date(2026, 1, 6)


def test_given_utc_midnight_then_nothing_changes(centre):
    centre.clock.at = datetime(2026, 1, 5, 23, 59, tzinfo=UTC)
    centre.start()
    centre.take()
    day, after = centre.hall.floor.day, centre.seq()
    centre.clock.on(minutes=2)
    centre.hall.refresh()
    assert (centre.hall.floor.day, centre.seq()) == (day, after)
    assert day == date(2026, 1, 6)


def test_given_midnight_then_those_waiting_and_called_expire_and_idle_counters_close(late):
    for service in ("CHUNG_THUC", "DAT_DAI", "HO_TICH"):
        late.take(service)
    late.press("call-next", 2)
    after = late.seq()
    after_midnight(late)
    assert late.kinds(after) == ["ticket.expired"] * 3 + ["counter.closed"] * 2 + ["day.closed", "day.opened"]
    assert {late.ticket(ref).state for ref in (1, 2, 3)} == {State.EXPIRED}
    assert len(late.hall.floor.waiting) == 0
    assert {event.data["reason"] for event in late.events("counter.closed")} == {"day_end"}
    assert late.events("day.opened")[-1].data == {"day": "2026-01-06", "serving": []}
    with pytest.raises(CounterClosed):
        late.press("call-next", 2)


def test_given_midnight_then_numbers_begin_again_and_refs_go_on(late):
    late.take(), late.take()
    after_midnight(late)
    ticket = late.take()
    assert (ticket["number"], ticket["ref"], ticket["people_ahead"]) == ("B001", 3, 0)


@pytest.mark.parametrize(("eve", "next_day"), [(2028, date(2028, 2, 29)), (2027, date(2027, 3, 1))])
def test_given_the_28th_of_february_then_the_leap_day_follows_in_a_leap_year_only(eve, next_day):
    centre = TestCentre(clock=HandClock(datetime(eve, 2, 28, 16, 50, tzinfo=UTC)))
    centre.take()
    after_midnight(centre)
    assert centre.hall.floor.day == next_day and centre.take()["number"] == "B001"
    centre.clock.on(days=1)
    centre.hall.refresh()
    assert centre.hall.floor.day == next_day + timedelta(days=1)


def test_given_midnight_then_what_expired_cannot_be_cancelled(late):
    late.take()
    after_midnight(late)
    with pytest.raises(StepNotAllowed):
        late.cancel(1)


def test_given_a_service_in_progress_at_midnight_then_it_finishes_and_belongs_to_its_own_day(late):
    late.take()
    late.press("call-next", 2)
    late.press("start", 2)
    after_midnight(late)
    assert late.hall.floor.counter_state(2) == CounterState(Staffing.OPEN, MIDNIGHT, AN, None, 1)
    assert late.press("finish", 2)["counter"]["state"] == "idle"
    ticket = late.ticket(1)
    assert (ticket.state, ticket.day, ticket.leg.service_s) == (State.FINISHED, date(2026, 1, 5), 600)
    yesterday, today = (late.statistics("day", day, day)[0]["served"] for day in (date(2026, 1, 5), date(2026, 1, 6)))
    assert (yesterday, today) == (1, 0)
    seen = late.seen()
    assert seen["board"]["today"]["served"] == seen["watch"]["today"]["served"] == 0
    assert seen["consoles"][1]["today"] == {"served": 0, "median_service_s": None}


def test_given_a_service_past_midnight_then_the_forecast_learns_nothing_from_it(late):
    late.take()
    late.press("call-next", 2)
    late.press("start", 2)
    after_midnight(late)
    late.clock.on(hours=8)
    late.press("finish", 2)
    assert late.hall.floor.served_for("CHUNG_THUC").learnt == 0


def test_given_a_service_past_midnight_then_the_clerk_calls_on(late):
    late.take()
    late.press("call-next", 2)
    late.press("start", 2)
    after_midnight(late)
    late.take()
    answer = late.press("call-next", 2, finish=True)
    assert (answer["ticket"]["number"], answer["ticket"]["ref"]) == ("B001", 2)


@pytest.mark.parametrize("pause", (None, "lunch"))
def test_given_a_service_past_midnight_when_restarting_then_every_screen_shows_the_same(late, pause):
    late.take()
    late.take(priority_class="priority")
    late.press("call-next", 2)
    late.press("start", 2)
    if pause:
        late.press("pause", 2, reason=pause)
    after_midnight(late)
    late.take()
    seen, seq = late.seen(), late.seq()
    console = seen["consoles"][1]
    assert (console["ticket"]["reason"], console["ticket"]["passed"]) == ("HEADSTART", 1)
    assert console["counter"]["reason"] == pause
    late.start()
    assert (late.seen(), late.seq()) == (seen, seq)
    late.press("finish", 2)
    seen = late.seen()
    late.start()
    assert late.seen() == seen


def test_given_closed_counters_when_restarting_after_midnight_then_every_screen_shows_the_same(late):
    after_midnight(late)
    seen = late.seen()
    late.start()
    assert late.seen() == seen
    assert late.store.counter_states() == {2: CounterState(), 3: CounterState()}


def test_given_two_midnights_with_one_in_service_then_it_is_carried_over_both(late):
    late.take()
    late.press("call-next", 2)
    late.press("start", 2)
    after_midnight(late)
    late.start()
    late.clock.on(hours=24)
    late.hall.refresh()
    late.start()
    assert late.seen()["consoles"][1]["ticket"]["reason"] == "ORDER"
    assert late.press("finish", 2)["ticket"] is None
    assert late.ticket(1).day == date(2026, 1, 5)


def test_given_the_centre_was_off_for_a_week_when_starting_then_one_day_closes_and_one_opens(late):
    late.take()
    after = late.seq()
    late.clock.on(days=7)
    late.start()
    assert late.kinds(after) == ["ticket.expired", "counter.closed", "counter.closed", "day.closed", "day.opened"]
    assert late.hall.floor.day == date(2026, 1, 12)


def test_given_the_clock_goes_back_over_midnight_then_the_day_does_not(late):
    after_midnight(late)
    late.take()
    late.clock.jump(hours=-2)
    late.clock.on(minutes=1)
    assert late.take()["number"] == "B002"
    assert late.hall.floor.day == date(2026, 1, 6)
    jumped = late.events("clock.jumped")
    assert [event.data for event in jumped] == [{"jump_s": -7200, "followed": False}]
    assert late.seen() and late.hall.clock.held is not None


def test_given_a_leap_over_midnight_then_the_day_changes_only_when_a_supervisor_confirms_it(late):
    late.take()
    late.clock.jump(hours=10)
    late.take()
    assert late.hall.floor.day == date(2026, 1, 5)
    late.follow_clock()
    late.hall.refresh()
    assert late.hall.floor.day == date(2026, 1, 6)
    assert [event.data for event in late.events("clock.jumped")] == [
        {"jump_s": 36000, "followed": False},
        {"by": "user:9", "jump_s": 36000, "followed": True},
    ]
    assert late.ticket(1).state is State.EXPIRED


def test_given_a_dead_battery_then_tickets_are_issued_and_times_never_go_back(late):
    for _ in range(3):
        late.take()
        late.clock.at = datetime(1970, 1, 1, tzinfo=UTC)
        late.start()
        late.clock.on(seconds=20)
    late.press("call-next", 2)
    times = [event.at for event in late.events()]
    assert times == sorted(times) and times[-1] < EVENING + timedelta(minutes=2)
    assert late.ticket(1).leg.called_at >= late.ticket(1).issued_at


def test_given_a_full_disk_when_the_leap_is_confirmed_then_the_clock_is_not_followed_without_its_event(monkeypatch):
    centre = TestCentre()
    centre.clock.jump(hours=5)
    centre.hall.refresh()
    before = centre.hall.now()

    def full(event):
        raise CannotSave("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(centre.store, "add_event", full)
        with pytest.raises(CannotSave):
            centre.follow_clock()
        assert centre.hall.clock.held is not None and centre.hall.now() == before
    centre.follow_clock()
    assert centre.hall.clock.held is None and centre.hall.now() == centre.clock.wall()


def test_given_a_full_disk_at_midnight_then_what_is_known_can_still_be_read(monkeypatch):
    centre = TestCentre()
    ref = centre.take()["ref"]
    centre.clock.on(days=1)

    def full(event):
        raise CannotSave("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(centre.store, "add_event", full)
        with pytest.raises(CannotSave):
            centre.hall.refresh()
        with centre.hall.reading():
            pass
        assert centre.hall.ticket(ref).state is State.WAITING
        with pytest.raises(CannotSave):
            centre.take()
    assert centre.take()["number"] == "B001"
    assert centre.ticket(ref).state is State.EXPIRED


def leaps(centre):
    return [(event.data["jump_s"], event.data["followed"]) for event in centre.events("clock.jumped")]


@pytest.mark.parametrize("leap", ({"hours": 2}, {"days": 30}, {"days": 400}))
def test_given_a_leap_nobody_confirmed_when_restarting_then_it_is_not_followed_either(late, leap):
    late.take()
    late.clock.jump(**leap)
    late.take()
    for _ in range(2):
        late.start()
        late.clock.on(minutes=2)
        assert late.take()["number"] in ("B003", "B004")
        assert late.hall.now() < EVENING + timedelta(minutes=10) and late.hall.floor.day == date(2026, 1, 5)
        assert late.hall.clock.held.by > timedelta(hours=1)
    seconds = timedelta(**leap) // timedelta(seconds=1)
    assert leaps(late) == [(seconds, False)]
    late.follow_clock()
    late.start()
    assert late.hall.clock.held is None and late.hall.now() == late.clock.wall()


def test_given_a_leap_that_was_put_right_when_starting_the_next_morning_then_nobody_need_confirm_the_night(late):
    late.clock.jump(hours=5)
    late.take()
    late.clock.jump(hours=-5)
    late.take()
    late.clock.on(hours=10)
    late.start()
    assert late.hall.floor.day == date(2026, 1, 6) and late.hall.clock.held is None
    assert leaps(late) == [(18000, False), (-18000, True)]


def test_given_a_leap_that_was_put_right_while_the_centre_was_off_then_time_goes_on_with_the_clock(late):
    late.clock.jump(days=30)
    late.take()
    late.clock.jump(days=-30)
    late.clock.on(hours=10)
    late.start()
    assert late.hall.floor.day == date(2026, 1, 6) and late.hall.clock.held is None
    assert [followed for _, followed in leaps(late)] == [False, True]


def test_given_a_leap_that_was_half_put_right_when_restarting_then_the_rest_waits_for_a_supervisor(late):
    late.clock.jump(hours=10)
    late.take()
    late.clock.jump(hours=-7)
    late.take()
    late.start()
    assert late.hall.clock.held is not None and late.hall.now() < EVENING + timedelta(minutes=10)
    assert leaps(late) == [(36000, False), (10800, False)]
