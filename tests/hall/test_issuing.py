"""Tickets are issued by the calendar: opening and closing times, quotas, and the closing warning."""

from datetime import datetime, time, timedelta

import pytest

from hall.settings.change import change_hall, undo
from hall.views.services import services_view
from hall.views.watch import watch_view
from queueing.errors import NotIssuing, NotIssuingYet, QuotaReached
from queueing.events import from_instant
from tests.hall.centre import AN, ZONE, TestCentre, name_of

MORNING = {"opens": "07:30", "closes": "11:30", "issues_from": "07:00", "issues_to": "11:00"}
AFTERNOON = {"opens": "13:30", "closes": "17:00", "issues_from": "13:15", "issues_to": "16:30"}
WEEK = [{"weekdays": [1, 2, 3, 4, 5], "shifts": [MORNING, AFTERNOON]}]
SATURDAY = [{"weekdays": [6], "shifts": [MORNING], "services": ["CHUNG_THUC", "TRA_KQ"]}]
YEAR = {"name": "Cả năm", "first": "01-01", "last": "12-31", "rules": WEEK + SATURDAY}


@pytest.fixture
def centre():
    return TestCentre()


def set_hours(centre, **hours):
    return centre.hall.run_as_system(lambda act: change_hall(act, {"hours": hours}), "user:9")


def at(centre, clock, days=0):
    """Turn the clock to this time of the hall, today or some days on."""
    hour, minute = map(int, clock.split(":"))
    wanted = datetime.combine(centre.hall.floor.day + timedelta(days=days), time(hour, minute), ZONE)
    centre.clock.on(seconds=(wanted - centre.clock.wall()).total_seconds())
    centre.hall.refresh()


def service(centre, code):
    return next(each for each in services_view(centre.hall).services if each.code == code)


def to_monday(centre):
    """Next Monday at six in the morning."""
    at(centre, "06:00", 8 - centre.hall.floor.day.isoweekday())


def test_given_a_fresh_centre_then_numbers_are_given_at_any_hour(centre):
    for clock in ("06:00", "12:00", "23:59"):
        at(centre, clock, 1 if clock == "06:00" else 0)
        centre.take()
    assert services_view(centre.hall).workday.shifts is None


def test_given_shifts_when_they_begin_and_end_then_numbers_begin_and_end_with_them(centre):
    set_hours(centre, seasons=[YEAR])
    to_monday(centre)
    with pytest.raises(NotIssuingYet) as refused:
        centre.take()
    assert refused.value.params == {"opens": "07:00"}
    shown = service(centre, "CHUNG_THUC")
    assert (shown.open, shown.closed, shown.opens_at[11:16]) == (False, "before_hours", "00:00")
    at(centre, "07:00")
    assert centre.take()["number"] == "B001"
    at(centre, "11:00")
    with pytest.raises(NotIssuingYet):
        centre.take()
    assert service(centre, "CHUNG_THUC").closed == "break"
    at(centre, "13:15")
    centre.take()
    at(centre, "16:30")
    with pytest.raises(NotIssuingYet) as refused:
        centre.take()
    assert refused.value.params["opens"].startswith("07:00, ")
    at(centre, "08:00", 5)  # Saturday
    assert [service(centre, code).open for code in ("CHUNG_THUC", "TRA_KQ", "HO_TICH")] == [True, True, False]
    assert service(centre, "HO_TICH").closed == "day_off"
    centre.start()
    assert service(centre, "HO_TICH").closed == "day_off"


def test_given_a_holiday_then_nothing_is_given_and_the_day_has_its_name(centre):
    to_monday(centre)
    day = centre.hall.floor.day.isoformat()
    set_hours(centre, seasons=[YEAR], days=[{"first": day, "last": day, "name": "Giỗ Tổ"}])
    at(centre, "08:00")
    assert services_view(centre.hall).workday.name == "Giỗ Tổ"
    with pytest.raises(NotIssuingYet):
        centre.take()


def test_given_days_that_never_end_then_it_says_so_without_a_time(centre):
    to_monday(centre)
    always = {"first": centre.hall.floor.day.isoformat(), "last": "2099-12-31", "name": "Sáp nhập"}
    set_hours(centre, days=[always])
    with pytest.raises(NotIssuing):
        centre.take()


def test_given_a_quota_when_its_numbers_are_given_out_then_the_rest_learn_when_there_are_more(centre):
    set_hours(centre, seasons=[YEAR], quotas={"CHUNG_THUC": {"day": 3, "shift": 2}})
    to_monday(centre)
    at(centre, "07:00")
    taken = [centre.take() for _ in range(2)]
    centre.cancel(taken[0]["ref"])  # a number is given out, whatever becomes of it
    with pytest.raises(QuotaReached) as refused:
        centre.take()
    assert refused.value.params == {"opens": "13:15"}
    centre.take("HO_TICH")
    centre.start()
    assert service(centre, "CHUNG_THUC").closed == "quota_shift"
    at(centre, "13:15")
    centre.take()
    assert service(centre, "CHUNG_THUC").closed == "quota_day"
    at(centre, "07:00", 1)
    centre.take()


def test_given_a_long_line_before_closing_then_one_is_warned_before_taking_a_number(centre):
    set_hours(centre, seasons=[YEAR])
    to_monday(centre)
    at(centre, "16:00")
    centre.press("open", 3)
    assert not service(centre, "DAT_DAI").unlikely
    for _ in range(3):
        centre.take("DAT_DAI")  # at half an hour each there are two left before five
    late = service(centre, "DAT_DAI").unlikely
    times = [from_instant(each).astimezone(ZONE) for each in (late.closes_at, late.next_at)]
    assert [f"{each:%d %H:%M}" for each in times] == ["12 17:00", "13 07:00"]
    assert not service(centre, "TRA_KQ").unlikely  # no counter of it is open: nothing is forecast
    centre.take("DAT_DAI")  # a warning, no refusal


def test_given_a_calendar_when_changed_then_it_is_an_event_that_can_be_undone(centre):
    before = centre.hall.catalogue.template
    first = set_hours(centre, seasons=[YEAR])
    second = set_hours(centre, seasons=[YEAR], quotas={"HO_TICH": {"day": 40}})
    assert [change.path for change in first.changes] == ["hall.hours.seasons"]
    assert [(change.path, change.old, change.new) for change in second.changes] == [
        ("hall.hours.quotas.HO_TICH", None, {"day": 40, "shift": None})
    ]
    centre.hall.run_as_system(lambda act: undo(act, second.seq), AN)
    assert centre.hall.catalogue.hours.quotas == {}
    centre.hall.run_as_system(lambda act: change_hall(act, {"hours": {}}), AN)
    assert centre.hall.catalogue.template == before
    assert watch_view(centre.hall, None, name_of).alarms == []
