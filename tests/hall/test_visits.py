"""The rest of a visit: hold, return, transfer, call by hand, and undo."""

import pytest

from hall.counters import check_mine
from hall.review import overview
from hall.verify import verify
from hall.views.tickets import ticket_view
from queueing import errors
from queueing import events as ev
from queueing.ticket import State
from tests.hall.centre import AN, BINH, ZONE, TestCentre
from tests.recompute import recompute


@pytest.fixture
def centre():
    """Two counters that serve the same, open: 2 and 3; the log proves itself at the end of every test."""
    made = TestCentre()
    made.press("open", 2, AN)
    made.press("open", 3, BINH)
    yield made
    verdict = verify(made.store)
    assert verdict.clean, verdict.faults
    assert made.statistics("counter") == (recompute(made.log())["total"], recompute(made.log())["counter"])
    assert made.seen() == made.start().seen()


def serving(centre, counter=2, clerk=AN):
    """Somebody is called to the counter and served; their ref."""
    ref = centre.press("call-next", counter, clerk)["ticket"]["ref"]
    centre.clock.on(seconds=20)
    centre.press("start", counter, clerk)
    centre.clock.on(minutes=2)
    return ref


def queue(centre, counter=2):
    return [row["ref"] for row in centre.seen()["consoles"][counter - 1]["queue"]]


# -- held, and back --------------------------------------------------------------------------------


def test_given_one_sent_for_a_copy_when_back_then_the_same_counter_calls_them_next(centre):
    refs = [centre.take()["ref"] for _ in range(3)]
    assert serving(centre) == refs[0]
    centre.press("hold", 2)
    assert centre.ticket(refs[0]).state is State.HELD
    assert serving(centre) == refs[1]
    centre.press("return", 2, ref=refs[0])
    assert queue(centre, 3) == [refs[2]]
    assert centre.press("call-next", 2, finish=True)["ticket"]["reason"] == "RETURN"
    centre.press("start", 2)
    centre.clock.on(minutes=1)
    centre.press("finish", 2)
    leg = centre.ticket(refs[0]).leg
    assert (leg.holds, leg.service_s, leg.held_s) == (1, 120 + 60, 20 + 120)


def test_given_a_hold_with_a_time_then_it_counts_as_back_by_itself(centre):
    ref = centre.take()["ref"]
    serving(centre)
    centre.press("hold", 2, minutes=10)
    centre.clock.on(minutes=9, seconds=59)
    with pytest.raises(errors.NobodyWaiting):
        centre.press("call-next", 2)
    centre.clock.on(seconds=1)
    assert centre.press("call-next", 2)["ticket"]["ref"] == ref
    returned = centre.events(ev.TICKET_RETURNED)[0]
    assert (returned.data["by"], returned.data["kept_for"]) == ("system", 2)


@pytest.mark.parametrize("end", ("pause", "close"))
def test_given_the_counter_is_not_there_any_more_then_the_others_call_them_by_their_arrival(centre, end):
    first, second = centre.take()["ref"], centre.take()["ref"]
    serving(centre)
    centre.press("hold", 2)
    centre.press("return", 2, ref=first)
    assert queue(centre, 3) == [second]
    centre.press(end, 2)
    assert queue(centre, 3) == [first, second]
    assert centre.press("call-next", 3, BINH)["ticket"]["reason"] == "ORDER"


def test_given_one_held_who_never_came_back_then_the_day_ends_it(centre):
    ref = centre.take()["ref"]
    serving(centre)
    centre.press("hold", 2)
    centre.clock.on(hours=20)
    centre.hall.refresh()
    assert centre.ticket(ref).state is State.EXPIRED
    assert centre.hall.floor.holds == {}


# -- a no-show -------------------------------------------------------------------------------------


def missed(centre, counter=2):
    ref = centre.press("call-next", counter)["ticket"]["ref"]
    centre.press("no-show", counter)
    return ref


def test_given_a_no_show_when_back_then_the_old_place_but_not_the_next_call(centre):
    refs = [centre.take()["ref"] for _ in range(4)]
    assert missed(centre) == refs[0]
    centre.clock.on(minutes=30)
    centre.press("return", 3, BINH, ref=refs[0])
    assert queue(centre) == [refs[1], refs[0], refs[2], refs[3]]
    assert centre.press("call-next", 3, BINH)["ticket"]["ref"] == refs[1]
    assert centre.press("call-next", 2)["ticket"]["ref"] == refs[0]
    centre.press("no-show", 2)
    with pytest.raises(errors.ReturnedBefore):
        centre.press("return", 2, ref=refs[0])


def test_given_nobody_else_waits_then_a_no_show_who_came_back_is_called_at_once(centre):
    centre.take()
    ref = missed(centre)
    centre.press("return", 2, ref=ref)
    assert centre.press("call-next", 2)["ticket"]["ref"] == ref


def test_given_half_an_hour_has_passed_then_a_new_ticket_is_needed(centre):
    centre.take()
    ref = missed(centre)
    centre.clock.on(minutes=30, seconds=1)
    with pytest.raises(errors.ReturnTooLate):
        centre.press("return", 2, ref=ref)


@pytest.mark.parametrize("steps", ((), ("start",), ("start", "finish")))
def test_given_one_who_is_not_away_then_there_is_no_return(centre, steps):
    centre.take()
    ref = centre.press("call-next", 2)["ticket"]["ref"]
    for step in steps:
        centre.press(step, 2)
    with pytest.raises(errors.StepNotAllowed):
        centre.press("return", 2, ref=ref)


# -- transferred ---------------------------------------------------------------------------------------


def test_given_one_transferred_then_the_arrival_counts_at_the_next_service(centre):
    early = centre.take("CHUNG_THUC")["ref"]
    late = centre.take("HO_TICH")["ref"]
    centre.press("open", 4, "token:4", one_only=False)
    serving(centre, 3, BINH)
    centre.press("transfer", 3, BINH, service="HO_TICH", outcome="guided")
    assert centre.press("call-next", 4, "token:4")["ticket"]["ref"] == early
    centre.press("start", 4, "token:4")
    centre.clock.on(minutes=3)
    centre.press("finish", 4, "token:4")
    ticket = centre.ticket(early)
    assert [leg.service for leg in ticket.legs] == ["CHUNG_THUC", "HO_TICH"]
    assert [leg.outcome for leg in ticket.legs] == ["guided", None]
    assert centre.ticket(late).state is State.WAITING


def test_given_one_transferred_to_be_first_then_before_all_who_wait_there(centre):
    centre.press("open", 4, "token:4", one_only=False)
    centre.take("HO_TICH"), centre.clock.on(minutes=5)
    late = centre.take("CHUNG_THUC")["ref"]
    centre.press("call", 3, BINH, ref=late, reason="unwell")
    centre.press("start", 3, BINH)
    centre.press("transfer", 3, BINH, service="HO_TICH", first=True)
    called = centre.press("call-next", 4, "token:4")["ticket"]
    assert (called["ref"], called["reason"], called["passed"]) == (late, "TRANSFER", 1)


def test_given_a_counter_to_send_to_then_it_must_be_open_and_serve_it(centre):
    centre.take()
    serving(centre)
    for to, refusal in (
        ({"to": 2}, errors.SameService),
        ({"service": "CHUNG_THUC"}, errors.SameService),
        ({"service": "HO_TICH", "to": 3}, errors.NotServedHere),
        ({"service": "HO_TICH", "to": 4}, errors.CounterClosed),
        ({"to": 99}, errors.UnknownCounter),
        ({"service": "X"}, errors.UnknownService),
        ({"to": 3, "outcome": "X"}, errors.UnknownOutcome),
    ):
        with pytest.raises(refusal):
            centre.press("transfer", 2, **to)
    centre.press("transfer", 2, to=3)
    assert queue(centre, 2) == []
    assert len(queue(centre, 3)) == 1


# -- by hand ---------------------------------------------------------------------------------------


def test_given_a_number_called_by_hand_then_it_is_listed_and_counted_but_counts_as_passing_nobody(centre):
    refs = [centre.take()["ref"] for _ in range(3)]
    answer = centre.press("call", 2, ref=refs[2], reason="missed_call")
    assert (answer["ticket"]["reason"], answer["ticket"]["passed"]) == ("MANUAL", 2)
    listed = centre.seen()["watch"]["by_hand"]
    assert [(each["number"], each["why"], each["clerk_name"]) for each in listed] == [("B003", "missed_call", "An")]
    assert centre.seen()["watch"]["today"]["by_hand"] == 1
    assert [row["passed"] for row in centre.seen()["consoles"][1]["queue"]] == [0, 0]


def test_given_a_policy_against_it_then_nobody_is_called_by_hand(centre):
    ref = centre.take()["ref"]
    centre.set_policy(by_hand=False)
    with pytest.raises(errors.CallForbidden):
        centre.press("call", 2, ref=ref, reason="unwell")


def test_given_what_cannot_be_called_by_hand_then_it_is_refused(centre):
    ref, other = centre.take()["ref"], centre.take("DAT_DAI")["ref"]
    with pytest.raises(errors.UnknownReason):
        centre.press("call", 2, ref=ref, reason="a friend")
    with pytest.raises(errors.NotServedHere):
        centre.press("call", 2, ref=other, reason="unwell")
    centre.press("call", 2, ref=ref, reason="unwell")
    with pytest.raises(errors.StepNotAllowed):
        centre.press("call", 3, BINH, ref=ref, reason="unwell")


# -- taken back ------------------------------------------------------------------------------------


def undoable(centre, press, *, counter=2, **body):
    """Press, wait nine seconds, take it back: the screens show what they showed, and the log has both."""
    before, seq = centre.seen(), centre.seq()
    centre.press(press, counter, **body)
    done = len(centre.events()) - seq
    centre.clock.on(seconds=9)
    centre.press("undo", counter)
    undone = centre.events()[seq + done :]
    assert [event.kind for event in undone] == [ev.TICKET_UNDONE] * done
    assert [event.data["undoes"] for event in undone] == list(range(seq + done, seq, -1))
    after = centre.seen()
    assert without_seq(after) == without_seq(before)
    with pytest.raises(errors.NothingToUndo):
        centre.press("undo", counter)


def without_seq(seen):
    """The screens without the number of the last fact and what may be undone; both grow by design."""
    if isinstance(seen, dict):
        return {key: without_seq(value) for key, value in seen.items() if key not in ("seq", "undo")}
    return [without_seq(each) for each in seen] if isinstance(seen, list) else seen


def test_given_a_slip_of_the_finger_then_every_step_can_be_taken_back(centre):
    for service in ("CHUNG_THUC", "CHUNG_THUC", "HO_TICH"):
        centre.take(service)
        centre.take(service, "priority")
        centre.clock.on(seconds=7)
    undoable(centre, "call-next")
    undoable(centre, "call", ref=3, reason="unwell")
    serving(centre)
    undoable(centre, "hold", minutes=5)
    undoable(centre, "transfer", service="HO_TICH")
    undoable(centre, "transfer", to=3, first=True)
    undoable(centre, "finish", outcome="filed")
    undoable(centre, "call-next", finish=True, outcome="filed")
    centre.press("finish", 2)
    undoable(centre, "call-next")
    centre.press("call-next", 2)
    undoable(centre, "start")
    undoable(centre, "no-show")
    undoable(centre, "call-next", finish=True)  # called, and never started: three facts of one press


def test_given_ten_seconds_have_passed_then_it_stands(centre):
    centre.take()
    centre.press("call-next", 2)
    centre.clock.on(seconds=10, milliseconds=1)
    with pytest.raises(errors.NothingToUndo):
        centre.press("undo", 2)


def test_given_the_other_counter_has_called_them_since_then_it_stands(centre):
    centre.take()
    serving(centre)
    centre.press("transfer", 2, to=3)
    centre.press("call-next", 3, BINH)
    with pytest.raises(errors.NothingToUndo):
        centre.press("undo", 2)


def test_given_others_called_meanwhile_then_an_undone_call_counts_as_passing_nobody(centre):
    centre.set_policy(cap=1)
    centre.take()
    centre.clock.on(seconds=60)
    elders = [centre.take(priority_class="priority")["ref"] for _ in range(3)]
    assert centre.press("call-next", 2)["ticket"]["ref"] == elders[0]
    centre.press("undo", 2)
    assert centre.press("call-next", 3, BINH)["ticket"]["ref"] == elders[0]
    assert centre.press("call-next", 2)["ticket"]["reason"] == "CAP"


# -- who sits there, and how much ------------------------------------------------------------------


def test_given_the_end_of_a_shift_then_the_next_clerk_takes_over_with_somebody_at_the_counter(centre):
    centre.take()
    ref = serving(centre)
    centre.press("hand-over", 2)
    with pytest.raises(errors.NotYourCounter):
        check_mine(centre.hall, 2, AN)
    answer = centre.press("open", 2, "user:3")
    assert answer["ticket"]["ref"] == ref
    assert (answer["counter"]["clerk"], answer["counter"]["state"]) == ("user:3", "serving")
    assert ev.COUNTER_CLOSED not in centre.kinds()


def test_given_many_dossiers_then_they_are_counted_up_to_what_a_visit_may_bring(centre):
    centre.take()
    serving(centre)
    centre.press("dossiers", 2, dossiers=12)
    with pytest.raises(errors.TooManyDossiers):
        centre.press("dossiers", 2, dossiers=21)
    centre.press("finish", 2)
    assert centre.statistics("counter")[1]["2"]["dossiers"] == 12


def test_given_a_service_of_a_few_seconds_then_it_is_marked_and_teaches_nothing(centre):
    centre.take()
    centre.press("call-next", 2)
    centre.press("start", 2)
    centre.clock.on(seconds=14, milliseconds=999)
    centre.press("finish", 2)
    assert centre.statistics("counter")[0]["short"] == 1
    assert centre.hall.floor.served_for("CHUNG_THUC").learnt == 0


def test_given_the_counter_with_fewer_services_is_idle_too_then_the_console_says_so(centre):
    centre.press("open", 4, "token:4", one_only=False)
    centre.take("HO_TICH")
    fewest = min((2, 4), key=lambda number: len(centre.hall.catalogue.counters[number].services))
    other = 6 - fewest
    consoles = {view["counter"]["counter"]: view for view in centre.seen()["consoles"]}
    assert consoles[fewest]["prefer"] is None
    assert consoles[other]["prefer"] == fewest


def test_given_service_after_midnight_then_it_can_only_be_finished(centre):
    centre.take()
    serving(centre)
    centre.clock.on(hours=20)
    for press, body in (("hold", {}), ("transfer", {"to": 3})):
        with pytest.raises(errors.DayOver):
            centre.press(press, 2, **body)
    centre.press("finish", 2)
    with pytest.raises(errors.NothingToUndo):
        centre.press("undo", 2)
    # Nobody knows whether the clerk worked on or had gone home: the counter's time ends with what was done last.
    time = overview(centre.store, *[centre.ticket(1).day] * 2, ZONE).counters[2]
    assert (time.serving_s, time.calling_s) == (0, 20)


def test_given_a_call_that_freed_or_passed_one_called_since_when_taken_back_then_it_is_too_late(centre):
    """The other call was made because of it: without it the log would show an order that never was."""
    back = centre.take()["ref"]
    centre.press("call-next", 2, AN)
    centre.press("no-show", 2, AN)
    centre.take()
    centre.take("CHUNG_THUC", "priority")
    centre.press("return", 2, AN, ref=back)  # not by the next call
    centre.press("call-next", 3, BINH)
    assert centre.press("call-next", 2, AN)["ticket"]["ref"] == back
    with pytest.raises(errors.NothingToUndo):
        centre.press("undo", 3, BINH)
    centre.press("undo", 2, AN)  # the last one can
    centre.press("call-next", 2, AN)
    assert verify(centre.store).clean


def test_given_a_call_that_passed_one_who_gets_priority_when_taken_back_then_it_is_too_late(centre):
    passed = centre.take()["ref"]
    centre.clock.on(seconds=1)
    centre.take("CHUNG_THUC", "priority")
    centre.press("call-next", 2, AN)
    centre.grant(passed, "priority")
    with pytest.raises(errors.NothingToUndo):
        centre.press("undo", 2, AN)


def test_given_nobody_came_earlier_then_the_sentence_counts_none_of_them(opened):
    first = opened.take()
    opened.clock.on(minutes=1)
    opened.take(priority_class="priority")
    why = ticket_view(opened.hall, opened.hall.ticket(first["ref"]), None, None).why
    assert (why.code, why.params["others"]) == ("ahead_others", 1)
