"""A leap of the clock that a supervisor confirmed by mistake is taken back, and no order or wait is wrong by it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hall.appointments import book
from hall.day import take_back_leap
from hall.restore import rebuild
from hall.review import slips_of
from hall.rollups import refresh
from hall.verify import verify
from hall.views.alarms import alarm_views
from queueing import events as ev
from queueing.errors import DayIsOver, NoLeapToTakeBack, PeopleStillHere
from queueing.events import canonical, chained
from store.diary import Diary, entries, last_entry
from tests.hall.centre import ZONE, TestCentre, every_day, name_of
from tests.recompute import recompute

YEARS = timedelta(days=27_000)


def take_back(centre):
    return centre.hall.run_as_system(take_back_leap, "user:9")


def leap(centre, by):
    """The machine's clock leaps, and somebody confirms that."""
    centre.clock.jump(seconds=by.total_seconds())
    centre.hall.refresh()
    centre.follow_clock()
    centre.hall.refresh()


def put_right(centre, by):
    """The machine's clock is set right."""
    centre.clock.jump(seconds=-by.total_seconds())
    centre.hall.refresh()


def codes(centre):
    return [alarm.code for alarm in alarm_views(centre.hall, name_of)]


@pytest.fixture
def centre(tmp_path):
    return TestCentre(tmp_path / "hall.db")


def test_given_a_leap_of_hours_confirmed_by_mistake_when_nobody_is_there_then_time_is_right_again(centre):
    centre.press("open", 2)
    centre.take()
    centre.serve(2)
    leap(centre, timedelta(hours=5))
    centre.take()
    centre.serve(2)
    put_right(centre, timedelta(hours=5))
    assert codes(centre) == ["clock_leap_wrong"]
    event = take_back(centre)
    assert event.data["jump_s"] == -5 * 3600 and event.data["followed"] and event.data["by"] == "user:9"
    assert centre.hall.now() == centre.clock.at == event.at
    assert codes(centre) == [] and centre.hall.floor.day == date(2026, 1, 5)
    centre.start()
    assert centre.hall.now() == centre.clock.at and codes(centre) == []
    centre.press("open", 2)
    assert centre.take()["number"] == "B003"
    centre.serve(2)
    waits = [centre.ticket(ref).leg.wait_s for ref in centre.store.refs()]
    assert waits == [0, 0, 0]
    assert verify(centre.store).clean


def test_given_a_leap_of_years_then_the_hall_comes_back_on_a_day_that_was_never_opened(centre):
    centre.press("open", 2)
    centre.take()
    centre.serve(2)
    centre.set_hall(hours=every_day("07:30", "16:30"), appointments={"TRA_KQ": {"minutes": 30, "share": 60}})
    due = ev.from_instant(centre.slots("TRA_KQ", days=3)[0])
    booked = centre.hall.run_as_system(lambda act: book(act, "TRA_KQ", due))
    missed = centre.hall.run_as_system(lambda act: book(act, "TRA_KQ", ev.from_instant(centre.slots("TRA_KQ")[-1])))
    leap(centre, YEARS)
    wrong = centre.hall.floor.day
    centre.press("open", 2)
    centre.take()
    centre.serve(2)
    put_right(centre, YEARS)
    with pytest.raises(DayIsOver):
        take_back(centre)
    centre.clock.on(hours=24)  # the next morning
    centre.hall.refresh()
    take_back(centre)
    assert centre.hall.floor.day == date(2026, 1, 6) and centre.hall.now() == centre.clock.at
    assert centre.store.appointment(booked.id).state == "booked"
    assert centre.store.appointment(missed.id).state == "missed"  # of the day that was closed
    assert (centre.take()["number"], centre.hall.floor.day) == ("B001", date(2026, 1, 6))
    centre.press("open", 2)
    centre.serve(2)
    centre.clock.on(days=1)
    centre.hall.refresh()
    assert refresh(centre.store) > 0
    assert verify(centre.store).clean
    assert list(slips_of(centre.store, date(2026, 1, 5), date(2026, 1, 7))) == [date(2026, 1, 5 + n) for n in range(3)]
    for first, last in (
        ("2026-01-05", "2026-01-07"),
        (wrong.isoformat(), wrong.isoformat()),
        ("2000-01-01", "2999-01-01"),
    ):
        days = date.fromisoformat(first), date.fromisoformat(last)
        right = recompute(centre.log(), first, last, targets=centre.targets())
        for by in ("day", "service", "hour"):
            assert centre.statistics(by, *days) == (right["total"], right[by])


def test_given_somebody_in_the_hall_then_it_waits_until_they_are_done(centre):
    leap(centre, timedelta(hours=5))
    centre.press("open", 2)
    centre.take()
    put_right(centre, timedelta(hours=5))
    before = centre.state()
    with pytest.raises(PeopleStillHere):
        take_back(centre)
    centre.press("call-next", 2)
    with pytest.raises(PeopleStillHere):
        take_back(centre)
    assert centre.state()[0][1][: len(before[0][1])] == before[0][1]
    centre.press("start", 2)
    centre.press("finish", 2)
    take_back(centre)
    assert verify(centre.store).clean


@pytest.mark.parametrize(
    "off", [timedelta(hours=-7), timedelta(hours=-3), timedelta(days=-20_000)], ids=["too far", "too little", "1970"]
)
def test_given_a_clock_that_went_back_by_something_else_then_nothing_is_taken_back(centre, off):
    centre.take()
    centre.cancel(1)
    leap(centre, timedelta(hours=5))
    centre.clock.jump(seconds=off.total_seconds())
    centre.hall.refresh()
    assert codes(centre) == ["clock_went_back"]
    with pytest.raises(NoLeapToTakeBack):
        take_back(centre)


def test_given_a_good_clock_or_a_leap_that_was_taken_back_then_there_is_nothing_to_take_back(centre):
    with pytest.raises(NoLeapToTakeBack):
        take_back(centre)
    leap(centre, timedelta(hours=5))
    with pytest.raises(NoLeapToTakeBack):
        take_back(centre)
    put_right(centre, timedelta(hours=5))
    take_back(centre)
    with pytest.raises(NoLeapToTakeBack):
        take_back(centre)
    centre.clock.jump(hours=-5)
    centre.hall.refresh()
    assert codes(centre) == ["clock_went_back"]


def test_given_a_step_back_in_the_log_that_nobody_took_back_then_it_is_found(centre):
    centre.take()
    last = centre.store.written(centre.seq() - 1)[0]
    earlier = ev.instant(datetime(2026, 1, 5, 0, 0, tzinfo=UTC))
    for data in (
        {"jump_s": -1800, "followed": True, "by": "user:9"},
        {"jump_s": -1800, "followed": True, "takes_back": 2},
    ):
        text = canonical(data)
        fact = (last.seq + 1, earlier, ev.CLOCK_JUMPED, None, None, None, text)
        row = dict(zip(("seq", "at", "kind", "ref", "counter", "service", "data"), fact, strict=True))
        centre.db.execute("DELETE FROM event WHERE seq > :seq", {"seq": last.seq})
        centre.db.execute(
            "INSERT INTO event VALUES (:seq, :at, :kind, :ref, :counter, :service, :data, :hash)",
            row | {"hash": chained(last.hash, *fact)},
        )
        assert f"event {last.seq + 1}: it is of an earlier time" in verify(centre.store).faults[0]  # somebody waits


def test_given_a_leap_taken_back_then_the_daily_files_hold_every_event_in_order(centre, tmp_path):
    (tmp_path / "log").mkdir()
    diary = Diary(tmp_path / "log", ZONE)
    centre.take(), centre.cancel(1)
    diary.follow(centre.store.written)
    leap(centre, YEARS)
    centre.take(), centre.cancel(2)
    diary.follow(centre.store.written)
    put_right(centre, YEARS)
    centre.clock.on(hours=18)
    centre.hall.refresh()
    take_back(centre)
    centre.take()
    diary.follow(centre.store.written)
    again = Diary(tmp_path / "log", ZONE)
    assert again.follow(centre.store.written) == 0 and again.put_aside is None
    assert last_entry(tmp_path / "log") == centre.seq()
    written = list(entries(tmp_path / "log", 0))
    assert written == centre.store.written(0)
    assert rebuild(centre.store, written) == 0
