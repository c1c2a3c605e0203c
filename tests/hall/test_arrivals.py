"""Issuing a ticket and cancelling it."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from hall.settings.change import change_service
from hall.verify import verify
from queueing import events as ev
from queueing.errors import (
    ServiceClosed,
    StepNotAllowed,
    UnknownClass,
    UnknownLanguage,
    UnknownService,
    UnknownTicket,
)
from queueing.ticket import State
from tests.hall.centre import TestCentre


def test_given_a_fresh_centre_when_taking_a_ticket_then_it_is_the_first_of_its_service(centre):
    ticket = centre.take("HO_TICH")
    assert (ticket["number"], ticket["service"], ticket["state"]) == ("H001", "HO_TICH", "waiting")
    assert (ticket["people_ahead"], ticket["forecast"], ticket["counter"]) == (0, None, None)
    assert centre.ticket(ticket["ref"]).state is State.WAITING
    assert centre.store.ref_of(ticket["id"]) == ticket["ref"]


def test_given_tickets_then_numbers_count_by_service_and_refs_by_arrival(centre):
    taken = [centre.take(service) for service in ("HO_TICH", "CHUNG_THUC", "HO_TICH", "CHUNG_THUC", "HO_TICH")]
    assert [ticket["number"] for ticket in taken] == ["H001", "B001", "H002", "B002", "H003"]
    assert [ticket["ref"] for ticket in taken] == [1, 2, 3, 4, 5]
    assert [ticket["people_ahead"] for ticket in taken] == [0, 1, 1, 2, 3]  # counter 2 calls both letters


def test_given_a_ticket_then_the_event_has_all_that_recomputing_needs_and_nothing_secret(centre):
    centre.take("HO_TICH", "priority", "en", caller="device:7")
    (event,) = centre.events(ev.TICKET_ISSUED)
    assert event.data == {
        "by": "device:7",
        "day": "2026-01-05",
        "head_start_s": 1200,
        "number": "H001",
        "priority_class": "priority",
    }
    assert (event.ref, event.counter, event.service) == (1, None, "HO_TICH")


def test_given_two_tickets_then_their_secrets_share_nothing_and_stand_in_no_event(centre):
    first, second = centre.take(), centre.take()
    assert first["id"] != second["id"] and len(first["id"]) >= 22
    log = str(centre.log())
    assert first["id"] not in log and second["id"] not in log


@pytest.mark.parametrize("priority_class", ("ordinary", "priority", "urgent"))
def test_given_a_class_then_the_ticket_has_its_head_start(centre, priority_class):
    ref = centre.take(priority_class=priority_class)["ref"]
    head_start = {"ordinary": 0, "priority": 20, "urgent": 60}[priority_class]
    assert centre.ticket(ref).head_start == timedelta(minutes=head_start)


@pytest.mark.parametrize(
    ("how", "refusal"),
    [
        ({"service": "NOWHERE"}, UnknownService),
        ({"priority_class": "royal"}, UnknownClass),
        ({"language": "tlh"}, UnknownLanguage),
    ],
)
def test_given_something_the_hall_does_not_have_when_taking_then_it_is_refused_and_nothing_changed(
    centre, how, refusal
):
    before = centre.state()
    with pytest.raises(refusal):
        centre.take(**how)
    assert centre.state() == before
    assert centre.take()["number"] == "B001"


def test_given_a_service_not_offered_now_when_taking_then_it_is_refused(centre):
    service = replace(centre.hall.catalogue.services["HO_TICH"], active=False)
    centre.hall.run_as_system(lambda act: change_service(act, "HO_TICH", service, [2, 4]))
    with pytest.raises(ServiceClosed):
        centre.take("HO_TICH")


def test_given_it_is_three_at_night_when_taking_then_a_ticket_is_issued(centre):
    centre.clock.on(hours=19, minutes=30)
    assert centre.take()["number"] == "B001"
    assert centre.hall.floor.day == date(2026, 1, 6)


def test_given_999_tickets_when_taking_then_the_next_is_wider():
    centre = TestCentre()
    for _ in range(998):
        centre.store.next_count(centre.hall.floor.day, "TRA_KQ")
    assert [centre.take("TRA_KQ")["number"] for _ in range(3)] == ["X999", "X1000", "X1001"]


def test_given_one_waiting_when_granted_priority_then_it_is_called_earlier_and_keeps_its_arrival(opened):
    early, late = opened.take()["ref"], opened.take()["ref"]
    before = opened.ticket(late)
    answer = opened.grant(late, "urgent")
    assert (answer["priority_class"], answer["people_ahead"]) == ("urgent", 0)
    event = opened.events(ev.TICKET_PRIORITY_CHANGED)[-1]
    assert (event.ref, event.service, dict(event.data)) == (
        late,
        "CHUNG_THUC",
        {"by": "user:7", "head_start_s": 3600, "number": "B002", "priority_class": "urgent"},
    )
    assert (opened.ticket(late).arrival, opened.ticket(late).issued_at) == (before.arrival, before.issued_at)
    called = opened.press("call-next", 2)["ticket"]
    assert (called["ref"], called["reason"], opened.hall.floor.waiting.passed(early)) == (late, "HEADSTART", 1)
    assert verify(opened.store).clean


def test_given_priority_granted_when_it_is_withdrawn_then_it_is_as_if_it_had_never_been(opened):
    early, late = opened.take()["ref"], opened.take(priority_class="priority")["ref"]
    opened.grant(late, "ordinary")
    assert opened.grant(late, "ordinary")["priority_class"] == "ordinary"
    assert len(opened.events(ev.TICKET_PRIORITY_CHANGED)) == 1  # the class it has already is no fact
    assert opened.hall.ticket(late).head_start == timedelta(0)
    assert opened.press("call-next", 2)["ticket"]["ref"] == early
    seen = opened.seen()
    assert opened.start().seen() == seen
    assert verify(opened.store).clean


@pytest.mark.parametrize("seed", range(4))
def test_given_many_grants_and_withdrawals_then_the_log_is_clean_and_the_figures_follow_the_last_one(opened, seed):
    dice, classes = random.Random(seed), ("ordinary", "priority", "urgent")
    wanted = {}
    for turn in range(60):
        opened.clock.on(seconds=dice.choice((1, 20, 90, 400)))
        ref = opened.take(dice.choice(("CHUNG_THUC", "HO_TICH")), dice.choice(classes))["ref"]
        wanted[ref] = opened.ticket(ref).priority_class
        for each in dice.choices(list(wanted), k=2):
            if opened.ticket(each).state is State.WAITING:
                wanted[each] = dice.choice(classes)
                assert opened.grant(each, wanted[each])["priority_class"] == wanted[each]
        if turn % 3 == 0:
            opened.serve(2)
        if turn == 30:
            opened.set_policy(head_starts={name: timedelta(hours=8 * (name != "ordinary")) for name in classes})
    assert verify(opened.store).clean
    seen = opened.seen()
    assert opened.start().seen() == seen
    _, rows = opened.statistics("class")
    assert {name: row["issued"] for name, row in rows.items()} == Counter(wanted.values())
    served = [name for ref, name in wanted.items() if opened.ticket(ref).state is State.FINISHED]
    assert {name: row["served"] for name, row in rows.items() if row["served"]} == Counter(served)


def test_given_one_called_or_unknown_when_granting_then_it_is_refused_and_nothing_changed(opened):
    waits, ref = opened.take("DAT_DAI")["ref"], opened.take()["ref"]
    opened.press("call-next", 2)
    before = opened.state()
    for wanted, priority_class, refusal in (
        (ref, "priority", StepNotAllowed),
        (99, "priority", UnknownTicket),
        (waits, "royal", UnknownClass),
    ):
        with pytest.raises(refusal):
            opened.grant(wanted, priority_class)
    assert opened.state() == before


def test_given_one_waiting_when_giving_up_then_the_place_is_free(centre):
    first, second = centre.take(), centre.take()
    answer = centre.cancel(first["ref"])
    assert answer["state"] == "cancelled"
    assert centre.hall.before(centre.hall.floor.waiting.place(second["ref"])).people == 0
    assert centre.kinds()[-1] == "ticket.cancelled"


def test_given_one_called_when_giving_up_then_the_counter_is_free(opened):
    ref = opened.take()["ref"]
    opened.press("call-next", 2)
    assert opened.cancel(ref)["state"] == "cancelled"
    assert opened.hall.floor.at_counter(2) is None
    opened.take()
    assert opened.press("call-next", 2)["ticket"]["number"] == "B002"


def test_given_an_ended_ticket_then_its_language_is_forgotten(opened):
    ref = opened.take(language="en")["ref"]

    def language():
        return opened.db.row("SELECT language FROM ticket WHERE ref = :ref", {"ref": ref})["language"]

    assert language() == "en"
    opened.press("call-next", 2)
    opened.press("start", 2)
    assert language() == "en"
    opened.press("finish", 2)
    assert language() is None


def test_given_one_served_or_ended_when_giving_up_then_it_is_refused(opened):
    ref = opened.take()["ref"]
    opened.press("call-next", 2)
    opened.press("start", 2)
    for _ in range(2):
        before = opened.state()
        with pytest.raises(StepNotAllowed):
            opened.cancel(ref)
        assert opened.state() == before
        if opened.hall.floor.at_counter(2):
            opened.press("finish", 2)


def test_given_no_such_ticket_when_giving_up_then_it_is_unknown(centre):
    with pytest.raises(UnknownTicket):
        centre.cancel(77)
