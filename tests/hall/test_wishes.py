"""A cancel taken back, a number put off, a service changed, people counted, numbers nobody came for ended."""

import random
from contextlib import closing
from datetime import timedelta

import pytest

from hall.restore import rebuild
from hall.review import slips_of
from hall.tickets import find_number
from hall.verify import verify
from hall.views.console import console_view
from queueing import events as ev
from queueing.catalogue import GHOST_REASONS
from queueing.errors import Refusal
from store.database import Database
from store.hall import SqliteHallStore
from tests.hall.centre import AN, BINH, TestCentre
from tests.recompute import recompute


@pytest.fixture
def centre():
    centre = TestCentre()
    centre.press("open", 2)
    yield centre
    found = verify(centre.store)
    assert found.clean, found.faults
    assert centre.statistics("service") == (lambda all_: (all_["total"], all_["service"]))(recompute(centre.log()))
    seen = centre.seen()
    centre.hall.reload()
    assert centre.seen() == seen


def refused(code, press, *args, **how):
    with pytest.raises(Refusal) as refusal:
        press(*args, **how)
    assert refusal.value.code == code


def come(centre, *minutes, service="CHUNG_THUC", priority_class="ordinary"):
    """People who come so many minutes after one another; their refs."""
    refs = []
    for each in minutes:
        centre.clock.on(minutes=each)
        refs.append(centre.take(service, priority_class)["ref"])
    return refs


def order(centre, counter=2):
    """Who would be called, in this order."""
    refs = []
    while True:
        try:
            refs.append(centre.press("call-next", counter, finish=True)["ticket"]["ref"])
        except (Refusal, TypeError):
            return refs
        centre.press("start", counter)


# -- a cancel taken back ---------------------------------------------------------------------------


def test_given_a_cancel_when_the_holder_takes_it_back_then_the_old_place_is_theirs(centre):
    first, second, third = come(centre, 0, 1, 1)
    shown = centre.cancel(first)
    assert shown["state"] == "cancelled"
    assert ev.from_instant(shown["take_back_until"]) - centre.hall.now() == timedelta(minutes=2)
    centre.clock.on(seconds=119)
    back = centre.change(first, "reinstate")
    assert (back["state"], back["people_ahead"], back["take_back_until"]) == ("waiting", 0, None)
    assert centre.ticket(first).abandoned_at is None
    assert order(centre) == [first, second, third]


def test_given_two_minutes_are_over_then_only_staff_take_a_cancel_back_and_say_why(centre):
    (ref,) = come(centre, 0)
    centre.cancel(ref)
    centre.clock.on(seconds=120.001)
    refused("take_back_too_late", centre.change, ref, "reinstate")
    refused("unknown_reason", centre.change, ref, "reinstate", by=AN, reason="because")
    centre.change(ref, "reinstate", by=AN, reason="by_mistake")
    (event,) = centre.events(ev.TICKET_REINSTATED)
    assert event.data == {"number": "B001", "why": "by_mistake", "by": AN}


def test_given_a_cancel_by_staff_then_the_holder_cannot_take_it_back(centre):
    (ref,) = come(centre, 0)
    assert centre.change(ref, "cancel", by=AN)["take_back_until"] is None
    refused("take_back_too_late", centre.change, ref, "reinstate")


def test_given_a_cancel_taken_back_then_the_holder_cannot_do_so_again(centre):
    (ref,) = come(centre, 0)
    centre.cancel(ref)
    centre.change(ref, "reinstate")
    assert centre.cancel(ref)["take_back_until"] is None
    refused("taken_back_before", centre.change, ref, "reinstate")
    centre.change(ref, "reinstate", by="user:7", reason="came_back")


def test_given_a_ticket_that_is_not_cancelled_or_of_yesterday_then_nothing_is_taken_back(centre):
    waiting, gone = come(centre, 0, 0)
    refused("step_not_allowed", centre.change, waiting, "reinstate", by=AN, reason="other")
    centre.cancel(gone)
    centre.clock.on(days=1)
    centre.hall.refresh()
    refused("day_over", centre.change, gone, "reinstate", by=AN, reason="other")


def test_given_a_cancel_of_one_called_or_held_when_it_is_taken_back_then_it_waits_and_its_service_goes_on(centre):
    called, held, later = come(centre, 0, 0, 0)
    centre.press("call-next", 2)
    centre.cancel(called)
    centre.change(called, "reinstate")
    centre.press("call-next", 2)
    centre.press("start", 2)
    centre.clock.on(minutes=3)
    centre.press("call-next", 2, finish=True)
    centre.press("start", 2)
    centre.press("hold", 2)
    centre.cancel(held)
    centre.change(held, "reinstate", by=AN, reason="came_back")
    assert order(centre) == [held, later]
    assert centre.ticket(held).leg.holds == 1


def test_given_an_undone_call_that_passed_somebody_who_cancelled_then_it_counts_no_longer(centre):
    """A cap of one: the place comes back as if the call had never been, wherever it was in between."""
    centre.set_policy(cap=1)
    (old,) = come(centre, 0)
    young, younger = come(centre, 1, 1, priority_class="priority")
    centre.press("call-next", 2)
    centre.cancel(old)
    centre.press("undo", 2)
    centre.change(old, "reinstate")
    assert centre.hall.floor.waiting.passed(old) == 0
    assert order(centre) == [young, old, younger]


def test_given_a_place_kept_for_a_counter_that_has_closed_since_then_it_comes_back_into_the_queue(centre):
    centre.press("open", 3, BINH)
    (ref,) = come(centre, 0)
    centre.press("call-next", 2)
    centre.press("start", 2)
    centre.press("hold", 2)
    centre.press("return", 2, ref=ref)
    centre.cancel(ref)
    centre.press("close", 2)
    centre.change(ref, "reinstate")
    assert centre.press("call-next", 3, BINH)["ticket"]["reason"] == "ORDER"


# -- called later ------------------------------------------------------------------------------------


def test_given_a_wish_for_fifteen_minutes_then_those_who_came_within_them_go_first(centre):
    first, *within, last = come(centre, 0, 5, 9, 2)
    shown = centre.change(first, "defer", minutes=15)
    assert shown["people_ahead"] == 2 and shown["delay_s"] == 900 and shown["defer"]["left"] == 1
    assert shown["why"] == {"code": "deferred", "params": {"minutes": 15, "ahead": 2}}
    assert order(centre) == [*within, first, last]
    (event,) = centre.events(ev.TICKET_DEFERRED)
    assert event.data == {"number": "B001", "delay_s": 900, "minutes": 15, "by": f"ticket:{first}"}


def test_given_people_who_come_after_the_wish_but_within_its_time_then_they_go_first_too(centre):
    (first,) = come(centre, 0)
    centre.change(first, "defer", minutes=5)
    second, third = come(centre, 4, 2)
    assert order(centre) == [second, first, third]


def test_given_a_wish_to_let_two_pass_then_two_pass_and_fewer_if_there_are_fewer(centre):
    first, second, third, fourth = come(centre, 0, 1, 1, 1)
    assert centre.change(first, "defer", people=2)["people_ahead"] == 2
    assert centre.change(first, "defer", people=10)["people_ahead"] == 3
    assert order(centre) == [second, third, fourth, first]


def test_given_two_wishes_or_nobody_behind_or_no_such_delay_then_it_is_refused_in_words(centre):
    first, last = come(centre, 0, 1)
    refused("nobody_behind", centre.change, last, "defer", people=1)
    for wish in ({}, {"minutes": 7}, {"people": 11}, {"people": 0}, {"minutes": 5, "people": 1}):
        refused("unknown_delay", centre.change, first, "defer", **wish)
    centre.change(first, "defer", minutes=5)
    centre.change(first, "defer", by="user:7", minutes=30)
    assert centre.change(first, "priority", by="user:7", priority_class="ordinary")["defer"] is None
    refused("deferred_before", centre.change, first, "defer", minutes=5)
    centre.press("call-next", 2)
    refused("step_not_allowed", centre.change, last, "defer", minutes=5)


def test_given_one_who_is_called_next_at_the_counter_that_held_them_then_they_ask_there(centre):
    (ref,) = come(centre, 0)
    for button in ("call-next", "start", "hold"):
        centre.press(button, 2)
    centre.press("return", 2, ref=ref)
    refused("not_deferrable", centre.change, ref, "defer", minutes=5)


def test_given_a_wish_then_those_who_go_first_do_not_count_as_having_passed(centre):
    """Neither towards the cap, which would hold up others, nor as slips in the published figures."""
    centre.set_policy(cap=1)
    first, *rest = come(centre, 0, 1, 1, 1)
    (elder,) = come(centre, 1, priority_class="priority")
    centre.change(first, "defer", minutes=30)
    assert order(centre) == [elder, *rest, first]
    assert centre.hall.floor.calls[first].passed == 0
    slips = slips_of(centre.store, centre.hall.floor.day, centre.hall.floor.day)[centre.hall.floor.day]
    assert slips.total("HEADSTART") == 3 and slips.total("ORDER") == 0


def test_given_a_deferred_priority_called_before_its_time_then_only_those_who_wait_were_passed(centre):
    (first,) = come(centre, 0)
    (elder,) = come(centre, 1, priority_class="priority")
    centre.change(elder, "defer", minutes=15)
    centre.press("call-next", 2)  # the elder counts as having come at 16 minutes less 20
    assert centre.hall.floor.at_counter(2).ref == elder
    (late,) = come(centre, 1)
    assert (centre.hall.floor.waiting.passed(first), centre.hall.floor.waiting.passed(late)) == (1, 0)


def ahead(waiting):
    """{ref: the number of those whom the rule prefers}."""
    keys = {place.ref: place.key for place in waiting.places(["CHUNG_THUC"])}
    return {ref: sum(other < key for other in keys.values()) for ref, key in keys.items()}


def test_given_any_queue_and_any_wishes_then_nobody_else_gets_more_people_ahead():
    dice, wishes = random.Random(32), 0
    for _ in range(40):
        centre = TestCentre()
        centre.set_policy(cap=dice.choice((1, 3)))
        refs = [
            come(centre, dice.choice((0, 1, 4)), priority_class=dice.choice(("ordinary", "ordinary", "priority")))[0]
            for _ in range(dice.randint(2, 9))
        ]
        for _ in range(4):
            ref, waiting = dice.choice(refs), centre.hall.floor.waiting
            before = ahead(waiting)
            wish = dice.choice(({"minutes": 5}, {"minutes": 30}, {"people": 1}, {"people": 3}))
            try:
                centre.change(ref, "defer", **wish)
            except Refusal:
                continue
            wishes += 1
            after = ahead(waiting)
            assert all(after[each] <= before[each] for each in refs if each != ref)
            assert after[ref] >= before[ref]
        assert verify(centre.store).clean
    assert wishes > 60


# -- another service -----------------------------------------------------------------------------------


def test_given_a_wrong_service_when_it_is_changed_then_a_new_number_has_the_old_place(centre):
    wrong, other = come(centre, 0, 1)
    (there,) = come(centre, 1, service="HO_TICH")
    moved = centre.change(wrong, "service", by="user:7", service="HO_TICH")
    assert (moved["number"], moved["service"], moved["moved_from"]) == ("H002", "HO_TICH", ["B001"])
    assert moved["ref"] == wrong and moved["people_ahead"] == 0
    (event,) = centre.events(ev.TICKET_MOVED)
    assert event.service == "CHUNG_THUC"
    assert event.data == {"number": "H002", "was": "B001", "to_service": "HO_TICH", "by": "user:7"}
    assert order(centre) == [wrong, other, there]
    ticket = centre.ticket(wrong)
    assert (ticket.number, ticket.service, len(ticket.legs)) == ("H002", "HO_TICH", 1)
    assert ticket.leg.queued_at == ticket.issued_at


def test_given_a_number_that_was_given_up_then_it_leads_to_the_new_one_and_is_never_given_again(centre):
    (ref,) = come(centre, 0)
    centre.change(ref, "service", by="user:7", service="HO_TICH")
    assert find_number(centre.hall, "b 001") == find_number(centre.hall, "H001") == ref
    assert centre.take()["number"] == "B002"


@pytest.mark.parametrize(
    ("service", "code"),
    [("CHUNG_THUC", "same_service"), ("NOTHING", "unknown_service"), ("HO_TICH", "step_not_allowed")],
)
def test_given_a_service_it_cannot_change_to_then_it_says_so(centre, service, code):
    (ref,) = come(centre, 0)
    if code == "step_not_allowed":
        centre.press("call-next", 2)
    before = centre.state()
    refused(code, centre.change, ref, "service", by="user:7", service=service)
    assert centre.state() == before


def test_given_one_whose_service_has_begun_then_it_is_for_the_counter_to_transfer(centre):
    (ref,) = come(centre, 0)
    for button in ("call-next", "start", "hold"):
        centre.press(button, 2)
    centre.press("return", 2, ref=ref)
    refused("step_not_allowed", centre.change, ref, "service", by="user:7", service="HO_TICH")


# -- people -------------------------------------------------------------------------------------------


def test_given_a_family_then_the_ticket_says_how_many_and_the_order_stays(centre):
    first, second = come(centre, 0, 1)
    assert centre.change(second, "people", by="user:7", people=4)["people"] == 4
    centre.change(second, "people", by="user:7", people=4)  # the same again is no event
    assert len(centre.events(ev.TICKET_PEOPLE)) == 1
    for wrong in (0, 21):
        refused("too_many_people", centre.change, first, "people", by="user:7", people=wrong)
    assert order(centre) == [first, second]
    refused("step_not_allowed", centre.change, second, "people", by="user:7", people=2)
    assert centre.ticket(second).people == 4


# -- a call that is seen ------------------------------------------------------------------------------


def test_given_one_who_does_not_hear_then_clerk_and_walls_know_it_and_nobody_else_is_told(centre):
    first, second = come(centre, 0, 1)
    asked = centre.change(second, "visual-call", wanted=True)
    assert asked["visual_call"]
    centre.change(second, "visual-call", wanted=True)  # the same again is no event
    assert len(centre.events(ev.TICKET_VISUAL_CALL)) == 1
    queue = console_view(centre.hall, 2, AN, lambda _: "").queue
    assert [(queued.ref, queued.visual_call) for queued in queue] == [(first, False), (second, True)]
    assert order(centre) == [first, second]  # the order knows nothing of it


def test_given_a_visual_call_then_it_can_be_given_up_and_ends_with_the_visit_and_the_day(centre):
    first, second = come(centre, 0, 1)
    for ref in (first, second):
        centre.change(ref, "visual-call", wanted=True)
    centre.change(first, "visual-call", by="user:7", wanted=False)
    assert not centre.press("call-next", 2)["ticket"]["visual_call"]
    assert centre.press("call-next", 2, finish=True)["ticket"]["visual_call"]
    centre.press("start", 2)
    centre.press("finish", 2)
    assert not centre.hall.floor.wants_visual_call(second)
    refused("step_not_allowed", centre.change, second, "visual-call", wanted=True)
    third = come(centre, 1)[0]
    centre.change(third, "visual-call", wanted=True)
    centre.clock.on(days=1)
    centre.hall.refresh()
    assert centre.hall.floor.visual_calls == set()


# -- numbers nobody came for ---------------------------------------------------------------------------


def test_given_numbers_nobody_came_for_then_a_supervisor_ends_them_together_each_by_an_event(centre):
    refs = come(centre, 0, 0, 0, 0)
    centre.press("call-next", 2)
    refused("unknown_reason", centre.end, refs, "no_reason")
    refused("unknown_ticket", centre.end, [*refs, 77])
    assert centre.end(refs) == ["B002", "B003", "B004"]  # the one called is somebody's who is walking
    events = centre.events(ev.TICKET_CANCELLED)
    assert [(event.ref, event.data["why"], event.data["by"]) for event in events] == [
        (ref, "nobody_came", "user:9") for ref in refs[1:]
    ]
    assert "nobody_came" in GHOST_REASONS
    assert centre.ticket(refs[1]).cancel_reason == "nobody_came"
    centre.change(refs[1], "reinstate", by=AN, reason="came_back")
    assert centre.ticket(refs[1]).cancel_reason is None


# -- a restore ------------------------------------------------------------------------------------------


def test_given_a_backup_from_before_when_the_facts_since_are_taken_in_then_rows_and_numbers_are_the_same(tmp_path):
    centre = TestCentre(tmp_path / "hall.db")
    first, second, third = come(centre, 0, 1, 1)
    centre.db.execute(f"VACUUM INTO '{tmp_path / 'backup.db'}'")
    centre.change(first, "service", by="user:7", service="HO_TICH")
    centre.change(second, "defer", minutes=5)
    centre.change(second, "people", by="user:7", people=3)
    centre.end([third])
    come(centre, 1, service="HO_TICH")
    with closing(Database(tmp_path / "backup.db")) as db:
        store = SqliteHallStore(db)
        assert rebuild(store, centre.store.written(store.last_seq())) == 5
        today = centre.hall.floor.day
        assert store.tickets(today, today) == centre.store.tickets(today, today)
        assert store.last_count(today, "HO_TICH") == 2
        assert verify(store).clean


# -- people with many dossiers -------------------------------------------------------------------------


def test_given_a_lane_of_their_own_and_a_cap_then_agents_hold_up_nobody_else(centre):
    """TRA_KQ stands for the agents' service; counter 2 does not serve it."""
    centre.set_hall(most_dossiers=3)
    agent, *others = come(centre, 0, 1, 1)
    centre.change(agent, "service", by="user:7", service="TRA_KQ")
    assert order(centre) == others
    counter = next(each.number for each in centre.hall.catalogue.serving("TRA_KQ"))
    centre.press("open", counter, BINH)
    assert centre.press("call-next", counter, BINH)["ticket"]["ref"] == agent
    centre.press("start", counter, BINH)
    refused("too_many_dossiers", centre.press, "dossiers", counter, BINH, dossiers=4)
    centre.press("dossiers", counter, BINH, dossiers=3)
    again, before = centre.take("TRA_KQ")["ref"], centre.ticket(agent)
    assert centre.ticket(again).issued_at > before.issued_at
