"""From the call to the end of the visit."""

from datetime import timedelta

import pytest

from hall.catalogue.model import Counter
from hall.settings.change import add_counter
from hall.tickets import find_number
from queueing import events as ev
from queueing.errors import (
    CounterBusy,
    CounterClosed,
    CounterEmpty,
    CounterPaused,
    NobodyWaiting,
    StepNotAllowed,
    UnknownCounter,
    UnknownOutcome,
    UnknownTicket,
)
from queueing.floor import RECENT_CALLS
from queueing.ticket import State
from tests.hall.centre import BINH, TestCentre


def refused(centre, refusal, button, counter=2, **how):
    before, floor = centre.state(), centre.hall.floor.seq
    with pytest.raises(refusal):
        centre.press(button, counter, **how)
    assert centre.state() == before
    assert centre.hall.floor.seq == floor


def test_given_somebody_waits_when_calling_then_they_are_called_to_the_counter(opened):
    opened.take()
    opened.clock.on(minutes=4)
    answer = opened.press("call-next", 2)
    assert (answer["ticket"]["number"], answer["ticket"]["state"]) == ("B001", "called")
    assert (answer["ticket"]["wait_s"], answer["ticket"]["reason"], answer["ticket"]["passed"]) == (240, "ORDER", 0)
    assert answer["counter"]["state"] == "called" and answer["counter"]["mine"]
    (event,) = opened.events(ev.TICKET_CALLED)
    assert (event.ref, event.counter, event.service) == (1, 2, "CHUNG_THUC")
    assert event.data == {
        "by": "user:1",
        "number": "B001",
        "passes": 0,
        "reason": "ORDER",
        "services": ["CHUNG_THUC", "HO_TICH"],
    }


def test_given_an_elder_came_later_when_calling_then_the_elder_goes_first_and_the_log_says_why(opened):
    opened.take()
    opened.clock.on(minutes=5)
    opened.take("HO_TICH", "priority")
    assert opened.press("call-next", 2)["ticket"]["number"] == "H001"
    (event,) = opened.events(ev.TICKET_CALLED)
    assert (event.data["reason"], event.data["passes"]) == ("HEADSTART", 1)


def test_given_one_passed_five_times_when_calling_then_they_are_called_by_the_cap(opened):
    opened.take()
    for _ in range(6):
        opened.take(priority_class="priority")
    called = []
    for _ in range(7):
        opened.press("call-next", 2, finish=True)
        opened.press("start", 2)
        called.append(opened.hall.floor.at_counter(2).number)
    assert called == ["B002", "B003", "B004", "B005", "B006", "B001", "B007"]
    reasons = [event.data["reason"] for event in opened.events(ev.TICKET_CALLED)]
    assert reasons == ["HEADSTART"] * 5 + ["CAP", "ORDER"]


def test_given_a_smaller_cap_when_calling_then_it_holds_from_the_next_call(opened):
    opened.take()
    for _ in range(3):
        opened.take(priority_class="priority")
    opened.press("call-next", 2)
    opened.press("no-show", 2)
    opened.set_policy(cap=1)
    assert opened.press("call-next", 2)["ticket"]["reason"] == "CAP"


def test_given_other_head_starts_then_they_hold_for_tickets_from_now_on(opened):
    before = opened.take(priority_class="priority")["ref"]
    first = timedelta(hours=8)
    opened.set_policy(head_starts={"ordinary": timedelta(0), "priority": first, "urgent": first})
    after = opened.take(priority_class="priority")["ref"]
    assert opened.ticket(before).head_start == timedelta(minutes=20)
    assert opened.ticket(after).head_start == timedelta(hours=8)
    assert opened.press("call-next", 2)["ticket"]["ref"] == after


def test_given_people_for_other_counters_only_when_calling_then_nobody_waits(opened):
    opened.take("DAT_DAI")
    refused(opened, NobodyWaiting, "call-next")


def test_given_somebody_at_the_counter_when_calling_then_the_counter_is_busy(opened):
    opened.take(), opened.take()
    opened.press("call-next", 2)
    refused(opened, CounterBusy, "call-next")
    opened.press("start", 2)
    refused(opened, CounterBusy, "call-next")


def test_given_one_called_whose_start_was_forgotten_when_finishing_and_calling_then_it_is_finished_in_any_case(opened):
    opened.take(), opened.take()
    opened.press("call-next", 2)
    after = opened.seq()
    opened.press("call-next", 2, finish=True)
    kinds = [event.kind for event in opened.hall.store.events(after)]
    assert kinds == ["ticket.started", "ticket.finished", "ticket.called"]


def test_given_one_served_when_finishing_and_calling_then_both_happen(opened):
    opened.take(), opened.take()
    opened.press("call-next", 2)
    opened.press("start", 2)
    after = opened.seq()
    answer = opened.press("call-next", 2, finish=True, outcome="filed")
    assert opened.kinds(after) == ["ticket.finished", "ticket.called"]
    assert answer["ticket"]["number"] == "B002"
    assert (opened.ticket(1).state, opened.ticket(1).leg.outcome) == (State.FINISHED, "filed")


def test_given_one_served_and_nobody_waits_when_finishing_and_calling_then_the_counter_is_idle(opened):
    opened.take()
    opened.press("call-next", 2)
    opened.press("start", 2)
    answer = opened.press("call-next", 2, finish=True)
    assert (answer["ticket"], answer["counter"]["state"]) == (None, "idle")
    assert opened.ticket(1).state is State.FINISHED
    assert opened.press("call-next", 2, finish=True)["counter"]["state"] == "idle"


def test_given_a_paused_counter_when_finishing_and_calling_then_the_service_ends_and_nobody_is_called(opened):
    opened.take(), opened.take()
    opened.press("call-next", 2)
    opened.press("start", 2)
    opened.press("pause", 2, reason="lunch")
    answer = opened.press("call-next", 2, finish=True)
    assert (answer["ticket"], answer["counter"]["state"]) == (None, "paused")
    refused(opened, CounterPaused, "call-next")


def test_given_a_counter_that_is_closed_or_unknown_when_calling_then_it_is_refused(centre):
    centre.take()
    refused(centre, CounterClosed, "call-next")
    refused(centre, UnknownCounter, "call-next", 99)


def test_given_two_clerks_and_one_waiting_when_both_call_then_one_gets_them(opened):
    opened.press("open", 3, BINH)
    opened.take()
    assert opened.press("call-next", 3, BINH)["ticket"]["number"] == "B001"
    refused(opened, NobodyWaiting, "call-next")


def test_given_one_called_when_calling_again_then_the_first_call_ends_the_wait(opened):
    opened.take()
    opened.clock.on(minutes=1)
    opened.press("call-next", 2)
    opened.clock.on(minutes=1)
    answer = opened.press("call-again", 2)
    assert (answer["ticket"]["calls"], answer["ticket"]["wait_s"]) == (2, 60)
    assert opened.ticket(1).leg.called_at == opened.events(ev.TICKET_CALLED)[0].at


def test_given_a_visit_from_call_to_finish_then_row_and_log_have_it(opened):
    opened.take()
    opened.clock.on(minutes=7)
    opened.press("call-next", 2)
    opened.clock.on(seconds=40)
    opened.press("start", 2)
    opened.clock.on(minutes=6)
    assert opened.press("finish", 2, outcome="guided")["counter"]["state"] == "idle"
    leg = opened.ticket(1).leg
    assert (leg.wait_s, leg.walk_s, leg.service_s) == (420, 40, 360)
    assert (leg.counter, leg.clerk, leg.outcome, leg.calls) == (2, "user:1", "guided", 1)


def test_given_one_called_who_does_not_come_then_the_counter_is_free_and_the_wall_says_so(opened):
    opened.take()
    opened.press("call-next", 2)
    assert opened.press("no-show", 2)["counter"]["state"] == "idle"
    assert opened.ticket(1).state is State.NO_SHOW
    assert opened.seen()["board"]["no_shows"] == ["B001"]


@pytest.mark.parametrize("button", ("call-again", "start", "finish", "no-show"))
def test_given_nobody_at_the_counter_then_the_button_is_refused(opened, button):
    refused(opened, CounterEmpty, button)
    refused(opened, UnknownCounter, button, 99)


@pytest.mark.parametrize("button", ("call-again", "start", "no-show"))
def test_given_the_service_has_begun_then_the_button_is_refused(opened, button):
    opened.take()
    opened.press("call-next", 2)
    opened.press("start", 2)
    refused(opened, StepNotAllowed, button)


def test_given_one_called_only_when_finishing_then_it_is_refused(opened):
    opened.take()
    opened.press("call-next", 2)
    refused(opened, StepNotAllowed, "finish")


def test_given_an_outcome_nobody_knows_then_it_is_refused(opened):
    refused(opened, UnknownOutcome, "call-next", finish=True, outcome="gone fishing")
    opened.take()
    opened.press("call-next", 2)
    opened.press("start", 2)
    refused(opened, UnknownOutcome, "finish", outcome="gone fishing")
    refused(opened, UnknownOutcome, "call-next", finish=True, outcome="gone fishing")


def test_given_twenty_counters_calling_at_once_then_the_wall_shows_every_call():
    centre = TestCentre()
    for number in range(6, 21):
        wanted = Counter(number, f"Quầy {number}", ("CHUNG_THUC",))
        centre.hall.run_as_system(lambda act, wanted=wanted: add_counter(act, wanted))
    counters = [2, 3, *range(6, 21)]
    for number in counters:
        centre.press("open", number, f"user:{number}")
        centre.take()
        centre.press("call-next", number, f"user:{number}")
    board = centre.seen()["board"]
    assert [call["counter"] for call in board["calls"]] == counters
    assert [call["counter"] for call in board["recent"]] == counters[: -RECENT_CALLS - 1 : -1]
    centre.press("start", 2, "user:2")
    assert [call["counter"] for call in centre.seen()["board"]["calls"]] == counters[1:]


@pytest.mark.parametrize("text", ["B001", "b 1", "b-01", "\uff22\uff10\uff10\uff11", " B 001 "])
def test_given_a_number_from_any_keyboard_then_its_ticket_is_found(opened, text):
    ticket = opened.take()
    assert find_number(opened.hall, text) == ticket["ref"]
    with pytest.raises(UnknownTicket):
        find_number(opened.hall, "B0011")
