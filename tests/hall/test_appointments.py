"""Appointments: a slot is booked once, checked in with its code, called in its order, and counted as a no-show."""

from datetime import UTC, datetime, time, timedelta

import pytest

from hall.appointments import book, cancel, check_in, slots_of
from hall.printing import slip_of
from hall.review import overview
from hall.settings.change import change_hall
from hall.verify import verify
from hall.views.services import services_view
from hall.views.tickets import ticket_view
from queueing import events as ev
from queueing.errors import AppointmentDone, AppointmentTooEarly, NoSuchSlot, SlotFull, UnknownAppointment
from tests.hall.centre import BINH, ZONE, TestCentre
from tests.recompute import appointments

SHIFT = {"opens": "07:30", "closes": "11:30", "issues_from": "07:00", "issues_to": "11:00"}
RULE = {"weekdays": [1, 2, 3, 4, 5, 6, 7], "shifts": [SHIFT]}
YEAR = {"name": "Cả năm", "first": "01-01", "last": "12-31", "rules": [RULE]}
SERVICE = "TRA_KQ"  # one counter of its own, four minutes a visit: sixty per cent of half an hour are four


@pytest.fixture
def centre():
    """Half past seven in the morning."""
    centre = TestCentre()
    settings = {"hours": {"seasons": [YEAR]}, "appointments": {SERVICE: {"minutes": 30, "share": 60}}}
    centre.hall.run_as_system(lambda act: change_hall(act, settings), "user:9")
    return centre


def at(centre, clock, days=0):
    return datetime.combine(centre.hall.floor.day + timedelta(days=days), time.fromisoformat(clock), ZONE)


def turn_to(centre, clock):
    centre.clock.on(seconds=(at(centre, clock) - centre.clock.wall()).total_seconds())


def booked(centre, clock, days=0):
    return centre.hall.run_as_system(lambda act: book(act, SERVICE, at(centre, clock, days)), BINH)


def checked_in(centre, appointment):
    return centre.hall.run_as_system(lambda act: check_in(act, appointment.code, "vi"), "device:1").ticket


def free(centre, days=0):
    slots = slots_of(centre.hall, SERVICE, centre.hall.floor.day + timedelta(days=days), centre.hall.now())
    return {f"{each.due_at.astimezone(ZONE):%H:%M}": each.free for each in slots}


def test_given_slots_when_they_are_given_away_then_there_are_no_more_and_one_given_back_is_free(centre):
    assert list(free(centre, 1)) == ["07:30", "08:00", "08:30", "09:00", "09:30", "10:00", "10:30", "11:00"]
    assert set(free(centre, 1).values()) == {4}
    assert "07:30" not in free(centre)  # it has begun
    given = [booked(centre, "09:00", 1) for _ in range(4)]
    assert len({each.code for each in given}) == 4
    assert free(centre, 1)["09:00"] == 0
    with pytest.raises(SlotFull):
        booked(centre, "09:00", 1)
    centre.hall.run_as_system(lambda act: cancel(act, given[0].id), BINH)
    assert free(centre, 1)["09:00"] == 1
    with pytest.raises(AppointmentDone):
        centre.hall.run_as_system(lambda act: cancel(act, given[0].id), BINH)
    for wrong in ("09:10", "12:00", "23:00"):
        with pytest.raises(NoSuchSlot):
            booked(centre, wrong, 1)
    assert "code" not in str([event.data for event in centre.events(ev.APPOINTMENT_BOOKED)])


def test_given_an_appointment_when_its_holder_is_on_time_then_they_go_before_those_who_came_just_before(centre):
    due = booked(centre, "09:00")
    turn_to(centre, "08:45")
    with pytest.raises(AppointmentTooEarly) as refused:
        checked_in(centre, due)
    assert refused.value.params == {"opens": "08:50"}
    early = centre.take(SERVICE)
    turn_to(centre, "08:55")
    centre.take(SERVICE)
    turn_to(centre, "09:05")
    mine = checked_in(centre, due)
    assert ticket_view(centre.hall, mine, None, None).due_at == ev.instant(due.due_at)
    assert slip_of(centre.hall, mine.ref, False, None).due_at == due.due_at
    assert ticket_view(centre.hall, centre.hall.ticket(1), None, None).due_at is None
    centre.press("open", 5)
    assert centre.press("call-next", 5)["ticket"]["number"] == early["number"]  # 08:45 was before 08:50
    centre.press("no-show", 5)
    called = centre.press("call-next", 5)["ticket"]
    assert (called["number"], called["reason"], called["passed"]) == (mine.number, "APPOINTMENT", 1)
    assert not centre.hall.floor.recent[0].priority  # nobody calls it a priority
    assert verify(centre.store).clean


def test_given_an_appointment_when_its_holder_is_late_then_the_place_is_an_ordinary_one(centre):
    due = booked(centre, "09:00")
    turn_to(centre, "09:05")
    other = centre.take(SERVICE)
    turn_to(centre, "09:11")
    assert checked_in(centre, due).head_start == timedelta()
    centre.press("open", 5)
    assert centre.press("call-next", 5)["ticket"]["number"] == other["number"]
    with pytest.raises(AppointmentDone):
        checked_in(centre, due)


@pytest.mark.parametrize("head_starts_s", ((0, 20, 60), (0, 0, 0)))
def test_given_an_appointment_when_priority_is_granted_and_withdrawn_then_its_own_place_is_kept(centre, head_starts_s):
    names = ("ordinary", "priority", "urgent")
    centre.set_policy(head_starts=dict(zip(names, (timedelta(minutes=each) for each in head_starts_s), strict=True)))
    due = booked(centre, "09:00")
    turn_to(centre, "08:55")
    early = centre.take(SERVICE)
    turn_to(centre, "09:00")
    mine = checked_in(centre, due)
    for priority, minutes in (("priority", max(10, head_starts_s[1])), ("ordinary", 10)):
        centre.grant(mine.ref, priority)
        assert centre.ticket(mine.ref).head_start == timedelta(minutes=minutes)
    centre.press("open", 5)
    called = centre.press("call-next", 5)["ticket"]
    assert (called["number"], called["reason"]) == (mine.number, "APPOINTMENT")
    assert centre.press("call-next", 5, finish=True)["ticket"]["number"] == early["number"]
    assert verify(centre.store).clean


def test_given_a_wrong_code_or_one_of_another_day_then_there_is_no_ticket(centre):
    tomorrow = booked(centre, "09:00", 1)
    with pytest.raises(UnknownAppointment):
        checked_in(centre, tomorrow)
    assert centre.events(ev.TICKET_ISSUED) == []


def test_given_somebody_did_not_come_when_the_day_turns_then_it_is_missed_and_counted(centre):
    missed, kept = booked(centre, "09:00"), booked(centre, "09:30")
    turn_to(centre, "09:30")
    checked_in(centre, kept)
    day = centre.hall.floor.day
    centre.clock.on(days=1)
    centre.hall.refresh()
    assert [event.data["appointment"] for event in centre.events(ev.APPOINTMENT_MISSED)] == [missed.id]
    counted = overview(centre.store, day, day, ZONE).appointments
    assert counted == appointments(centre.log(), str(day), str(day)) == {"checked_in": 1, "missed": 1}
    assert verify(centre.store).clean


def test_given_appointments_then_the_kiosk_offers_them_first_while_somebody_of_today_has_not_come(centre):
    def due():
        return services_view(centre.hall).appointments_due

    booked(centre, "09:00", days=1)
    assert not due()
    first, second = booked(centre, "08:00"), booked(centre, "08:00")
    assert due()
    centre.hall.run_as_system(lambda act: cancel(act, second.id), BINH)
    assert due()
    turn_to(centre, "08:00")
    checked_in(centre, first)
    assert not due()


@pytest.mark.parametrize("code", ("１２３４５６", "mã số", "\u200b123456"))
def test_given_letters_for_a_code_then_no_appointment_has_it(centre, code):
    booked(centre, "08:00")
    with pytest.raises(UnknownAppointment):
        centre.hall.run_as_system(lambda act: check_in(act, code, "vi"), "device:1")


@pytest.mark.parametrize("far", (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)))
def test_given_an_end_of_the_calendar_then_no_slot_is_there(centre, far):
    with pytest.raises(NoSuchSlot):
        centre.hall.run_as_system(lambda act: book(act, SERVICE, far), BINH)
