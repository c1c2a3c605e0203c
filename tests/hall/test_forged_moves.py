"""What the settings and the day before an event rule out is found, although the chain was remade and the rows fit."""

import json
from datetime import timedelta

import pytest
from msgspec.structs import replace

from hall import appointments
from hall.rollups import rebuild
from hall.settings.change import change_hall, change_policy, for_others, import_template, undo
from hall.verify import verify
from queueing import events as ev
from queueing.appointments import head_start
from queueing.events import canonical, from_instant, instant
from tests.hall.centre import BINH, TestCentre, every_day
from tests.hall.test_verify import by_hand, rechained

CHIEF = "user:9"


@pytest.fixture
def centre(tmp_path):
    """A day in which somebody had an appointment, was held and came back, and another was transferred."""
    centre = TestCentre(tmp_path / "hall.db")
    slots = {"hours": every_day("00:00", "23:59"), "appointments": {"CHUNG_THUC": {"minutes": 10, "share": 80}}}
    centre.hall.run_as_system(lambda act: change_hall(act, slots), CHIEF)
    centre.hall.run_as_system(lambda act: change_hall(act, {"hotline": "1900 1111"}), CHIEF)
    due_at = from_instant(centre.slots("CHUNG_THUC")[1])
    booked = centre.hall.run_as_system(lambda act: appointments.book(act, "CHUNG_THUC", due_at), BINH)
    centre.press("open", 2)
    centre.press("open", 3, BINH)
    centre.clock.on(seconds=(due_at - centre.clock.at).total_seconds())
    centre.hall.run_as_system(lambda act: appointments.check_in(act, booked.code, "vi"), BINH)
    held = centre.take("CHUNG_THUC")["ref"]
    for button in ("call-next", "start", "finish", "call-next", "start", "hold"):
        centre.press(button, 2)
    centre.press("return", 2, ref=held)
    for button in ("call-next", "start"):
        centre.press(button, 2)
    centre.press("transfer", 2, service="HO_TICH")
    assert verify(centre.store).faults == []
    return centre


def forged(centre, kind, change, n=-1):
    """What verify finds after `change(event's data, the instant of the event)` of an event of this kind."""

    def forge(rows):
        row = [row for row in rows if row[2] == kind][n]
        data = json.loads(row[6])
        change(data, from_instant(row[1]))
        row[6] = canonical(data)
        if kind == ev.TICKET_ISSUED:
            ends = f"head_start_s = {data['head_start_s']} WHERE ref = {row[3]}"
            by_hand(centre.db.path, f"UPDATE ticket SET {ends}")
        return rows

    rechained(centre.db.path, forge)
    return verify(centre.store).faults


def as_with_appointment(number, minutes):
    def change(data, at):
        due_at = at + timedelta(minutes=minutes)
        start_s = head_start(at, due_at) // timedelta(seconds=1)
        data.update(appointment=number, due_at=instant(due_at), head_start_s=start_s)

    return change


@pytest.mark.parametrize(("number", "minutes"), [(1, 0), (1, 5), (7, -5)])
def test_given_a_ticket_that_says_it_had_an_appointment_then_there_was_none(centre, number, minutes):
    (fault, *_) = forged(centre, ev.TICKET_ISSUED, as_with_appointment(number, minutes))
    assert f"there was no appointment {number}" in fault


def test_given_a_check_in_with_the_time_of_another_appointment_then_it_is_found(centre):
    (fault, *_) = forged(centre, ev.TICKET_ISSUED, as_with_appointment(1, 4), n=0)
    assert "there was no appointment 1" in fault


def test_given_a_ticket_kept_for_a_counter_that_did_not_hold_it_then_it_is_found(centre):
    (fault, *_) = forged(centre, ev.TICKET_RETURNED, lambda data, _: data.update(kept_for=3))
    assert "G8 broken" in fault


@pytest.mark.parametrize(
    ("where", "said"),
    [({"to_counter": 3}, "counter 3 did not serve HO_TICH"), ({"to_counter": 77}, "counter 77 did not serve HO_TICH")],
)
def test_given_a_transfer_to_where_it_could_not_go_then_it_is_found(centre, where, said):
    (fault, *_) = forged(centre, ev.TICKET_TRANSFERRED, lambda data, _: data.update(where))
    assert said in fault


def test_given_a_number_changed_for_one_that_was_given_already_then_it_is_found(centre):
    for code in ("HO_TICH", "CHUNG_THUC"):
        centre.take(code)
    moved = centre.take("HO_TICH")["ref"]
    centre.change(moved, "service", by=BINH, service="CHUNG_THUC")
    assert verify(centre.store).faults == []
    (fault, *_) = forged(centre, ev.TICKET_MOVED, lambda data, _: data.update(number="B003"))
    assert "number B003 had been given that day" in fault


def test_given_a_change_that_says_it_replaced_something_else_then_it_is_found(centre):
    (fault,) = forged(centre, ev.SETTING_CHANGED, lambda data, _: data["changes"][0].update(old="0000"))
    assert "hall.hotline: the change it lists is not the one it made" in fault


def test_given_changes_of_policy_and_hall_at_once_and_by_themselves_then_each_replaces_what_was_in_force(centre):
    def both(act):
        template = for_others(act.catalogue.template)
        return import_template(
            act, replace(template, hall=replace(template.hall, blink=False), policy=replace(template.policy, cap=2))
        )

    changed = centre.hall.run_as_system(both, CHIEF)
    centre.hall.run_as_system(lambda act: undo(act, changed.seq), CHIEF)
    centre.hall.run_as_system(
        lambda act: change_policy(act, replace(act.catalogue.template.policy, cap=3, elder_age=80)), CHIEF
    )
    assert verify(centre.store).faults == []
    rebuild(centre.store)
    assert verify(centre.store).faults == []
