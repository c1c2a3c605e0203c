"""Counters: opened, paused, resumed, closed; and whose they are."""

import pytest

from hall.counters import check_mine, open_counter
from queueing.errors import (
    AtAnotherCounter,
    CounterBusy,
    CounterClosed,
    CounterNotPaused,
    CounterTaken,
    NotYourCounter,
    UnknownCounter,
    UnknownReason,
)
from tests.hall.centre import AN, BINH

KEYPAD = "token:4"


def refused(centre, refusal, button, counter=2, clerk=AN, **how):
    before = centre.state()
    with pytest.raises(refusal):
        centre.press(button, counter, clerk, **how)
    assert centre.state() == before


def counter_state(centre, counter=2):
    return centre.hall.floor.counter_state(counter)


def test_given_a_closed_counter_when_opening_then_it_is_the_clerks(centre):
    answer = centre.press("open", 2)
    assert answer["counter"]["state"] == "idle"
    assert (answer["counter"]["clerk"], answer["counter"]["clerk_name"], answer["counter"]["mine"]) == (AN, "An", True)
    (event,) = centre.events("counter.opened")
    assert event.data == {"by": AN, "services": ["CHUNG_THUC", "HO_TICH"]}


def test_given_ones_own_open_counter_when_opening_then_nothing_happens(opened):
    after = opened.seq()
    opened.press("open", 2)
    assert opened.seq() == after


def test_given_an_idle_counter_of_another_when_opening_then_it_is_taken_over(opened):
    opened.press("open", 2, BINH)
    assert counter_state(opened).clerk == BINH
    with pytest.raises(NotYourCounter):
        check_mine(opened.hall, 2, AN)


def test_given_another_has_a_citizen_there_when_opening_then_it_is_refused(opened):
    opened.take()
    opened.press("call-next", 2)
    refused(opened, CounterTaken, "open", 2, BINH)


def test_given_a_person_with_an_idle_counter_when_opening_another_then_the_last_one_wins(opened):
    opened.press("open", 3)
    assert (counter_state(opened, 2).staffing, counter_state(opened, 3).staffing) == ("closed", "open")
    (event,) = opened.events("counter.closed")
    assert event.data == {"by": AN, "reason": "moved"}


def test_given_a_person_with_a_citizen_when_opening_another_then_it_is_refused(opened):
    opened.take()
    opened.press("call-next", 2)
    refused(opened, AtAnotherCounter, "open", 3)


def test_given_a_program_when_opening_two_counters_then_both_are_open(centre):
    for counter in (2, 3):
        centre.press("open", counter, KEYPAD, one_only=False)
    assert (counter_state(centre, 2).clerk, counter_state(centre, 3).clerk) == (KEYPAD, KEYPAD)


def test_given_an_open_counter_when_pausing_and_resuming_then_it_is_the_same_clerks(opened):
    assert opened.press("pause", 2, reason="lunch")["counter"] | {"since": None} == {
        "counter": 2,
        "name": "Quầy 2",
        "state": "paused",
        "services": ["CHUNG_THUC", "HO_TICH"],
        "since": None,
        "reason": "lunch",
        "clerk": AN,
        "clerk_name": "An",
        "mine": True,
        "wish": None,
    }
    assert opened.press("resume", 2)["counter"]["state"] == "idle"
    assert counter_state(opened).reason is None
    assert opened.kinds()[-2:] == ["counter.paused", "counter.resumed"]


def test_given_a_keypad_pauses_and_resumes_then_the_counter_stays_the_clerks(opened):
    opened.press("pause", 2, KEYPAD)
    assert counter_state(opened).clerk == AN
    opened.press("resume", 2, KEYPAD)
    check_mine(opened.hall, 2, AN)


def test_given_a_pause_when_opening_then_it_is_over(opened):
    opened.press("pause", 2)
    assert opened.press("open", 2)["counter"]["state"] == "idle"


def test_given_the_same_pause_again_then_nothing_happens_but_another_reason_is_logged(opened):
    opened.press("pause", 2, reason="lunch")
    after = opened.seq()
    opened.press("pause", 2, reason="lunch")
    assert opened.seq() == after
    opened.press("pause", 2, reason="meeting")
    assert counter_state(opened).reason == "meeting"


def test_given_a_citizen_at_the_counter_when_pausing_then_the_service_can_be_finished(opened):
    opened.take()
    opened.press("call-next", 2)
    assert opened.press("pause", 2)["counter"]["state"] == "called"
    opened.press("start", 2)
    assert opened.press("finish", 2)["counter"]["state"] == "paused"


def test_given_an_idle_counter_when_closing_then_it_is_nobodys(opened):
    assert opened.press("close", 2)["counter"] | {"since": None} == {
        "counter": 2,
        "name": "Quầy 2",
        "state": "closed",
        "services": ["CHUNG_THUC", "HO_TICH"],
        "since": None,
        "reason": None,
        "clerk": None,
        "clerk_name": None,
        "mine": False,
        "wish": None,
    }
    after = opened.seq()
    opened.press("close", 2)
    assert opened.seq() == after


def test_given_a_citizen_at_the_counter_when_closing_then_it_is_refused(opened):
    opened.take()
    opened.press("call-next", 2)
    refused(opened, CounterBusy, "close")


def test_given_the_wrong_state_then_the_button_is_refused(centre):
    refused(centre, CounterClosed, "pause")
    refused(centre, CounterClosed, "resume")
    centre.press("open", 2)
    refused(centre, CounterNotPaused, "resume")
    refused(centre, UnknownReason, "pause", reason="fishing")
    for button in ("open", "pause", "resume", "close"):
        refused(centre, UnknownCounter, button, 99)


def test_given_a_counter_then_a_person_may_act_only_at_their_own(opened):
    check_mine(opened.hall, 2, AN)
    for counter, clerk, refusal in ((2, BINH, NotYourCounter), (3, AN, CounterClosed), (99, AN, UnknownCounter)):
        with pytest.raises(refusal):
            check_mine(opened.hall, counter, clerk)


def test_given_a_clerk_who_has_left_with_a_citizen_at_the_counter_when_another_opens_it_then_it_is_taken_over(opened):
    opened.take()
    opened.press("call-next", 2)
    opened.press("start", 2)
    refused(opened, CounterTaken, "open", clerk=BINH)
    opened.hall.run_as_system(
        lambda act: open_counter(act, 2, one_only=True, attended=lambda counter, clerk: False), BINH
    )
    assert counter_state(opened).clerk == BINH
    assert opened.press("finish", 2, BINH)["counter"]["state"] == "idle"
