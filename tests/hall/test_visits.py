"""What else happens in a visit: sent away, coming back, transferred, called by hand, and taken back."""

from datetime import timedelta

import pytest

from hall.counters import check_mine
from hall.review import overview
from hall.verify import verify
from queueing import errors
from queueing import events as ev
from queueing.ticket import State
from tests.hall.centre import AN, BINH, ZONE, TestCentre
from tests.recompute import recompute


@pytest.fixture
def small():
    """Two counters that serve the same, open: 2 and 3; the log proves itself at the end of every test."""
    made = TestCentre()
    made.press("open", 2, AN)
    made.press("open", 3, BINH)
    yield made
    verdict = verify(made.store)
    assert verdict.clean, verdict.faults
    assert made.statistics("counter") == (recompute(made.log())["total"], recompute(made.log())["counter"])
    assert made.seen() == made.start().seen()


def serving(small, counter=2, clerk=AN):
    """Somebody is called to the counter and served; their ref."""
    ref = small.press("call-next", counter, clerk)["ticket"]["ref"]
    small.clock.on(seconds=20)
    small.press("start", counter, clerk)
    small.clock.on(minutes=2)
    return ref


def queue(small, counter=2):
    return [row["ref"] for row in small.seen()["consoles"][counter - 1]["queue"]]


# -- held, and back --------------------------------------------------------------------------------


def test_given_one_sent_for_a_copy_when_back_then_the_same_counter_calls_them_next(small):
    refs = [small.take()["ref"] for _ in range(3)]
    assert serving(small) == refs[0]
    small.press("hold", 2)
    assert small.ticket(refs[0]).state is State.HELD
    assert serving(small) == refs[1]
    small.press("return", 2, ref=refs[0])
    assert queue(small, 3) == [refs[2]]
    assert small.press("call-next", 2, finish=True)["ticket"]["reason"] == "RETURN"
    small.press("start", 2)
    small.clock.on(minutes=1)
    small.press("finish", 2)
    leg = small.ticket(refs[0]).leg
    assert (leg.holds, leg.service_s, leg.held_s) == (1, 120 + 60, 20 + 120)


def test_given_a_hold_with_a_time_then_it_counts_as_back_by_itself(small):
    ref = small.take()["ref"]
    serving(small)
    small.press("hold", 2, minutes=10)
    small.clock.on(minutes=9, seconds=59)
    with pytest.raises(errors.NobodyWaiting):
        small.press("call-next", 2)
    small.clock.on(seconds=1)
    assert small.press("call-next", 2)["ticket"]["ref"] == ref
    returned = small.events(ev.TICKET_RETURNED)[0]
    assert (returned.data["by"], returned.data["kept_for"]) == ("system", 2)


@pytest.mark.parametrize("end", ("pause", "close"))
def test_given_the_counter_is_not_there_any_more_then_the_others_call_them_by_their_arrival(small, end):
    first, second = small.take()["ref"], small.take()["ref"]
    serving(small)
    small.press("hold", 2)
    small.press("return", 2, ref=first)
    assert queue(small, 3) == [second]
    small.press(end, 2)
    assert queue(small, 3) == [first, second]
    assert small.press("call-next", 3, BINH)["ticket"]["reason"] == "ORDER"


def test_given_one_held_who_never_came_back_then_the_day_ends_it(small):
    ref = small.take()["ref"]
    serving(small)
    small.press("hold", 2)
    small.clock.on(hours=20)
    small.hall.refresh()
    assert small.ticket(ref).state is State.EXPIRED
    assert small.hall.floor.holds == {}


# -- a missed call ---------------------------------------------------------------------------------


def missed(small, counter=2):
    ref = small.press("call-next", counter)["ticket"]["ref"]
    small.press("no-show", counter)
    return ref


def test_given_a_missed_call_when_back_then_the_old_place_but_not_the_next_call(small):
    refs = [small.take()["ref"] for _ in range(4)]
    assert missed(small) == refs[0]
    small.clock.on(minutes=30)
    small.press("return", 3, BINH, ref=refs[0])
    assert queue(small) == [refs[1], refs[0], refs[2], refs[3]]
    assert small.press("call-next", 3, BINH)["ticket"]["ref"] == refs[1]
    assert small.press("call-next", 2)["ticket"]["ref"] == refs[0]
    small.press("no-show", 2)
    with pytest.raises(errors.ReturnedBefore):
        small.press("return", 2, ref=refs[0])


def test_given_nobody_else_waits_then_one_who_missed_a_call_is_called_at_once(small):
    small.take()
    ref = missed(small)
    small.press("return", 2, ref=ref)
    assert small.press("call-next", 2)["ticket"]["ref"] == ref


def test_given_half_an_hour_has_passed_then_a_new_ticket_is_needed(small):
    small.take()
    ref = missed(small)
    small.clock.on(minutes=30, seconds=1)
    with pytest.raises(errors.ReturnTooLate):
        small.press("return", 2, ref=ref)


@pytest.mark.parametrize("steps", ((), ("start",), ("start", "finish")))
def test_given_one_who_is_not_away_then_there_is_no_return(small, steps):
    small.take()
    ref = small.press("call-next", 2)["ticket"]["ref"]
    for step in steps:
        small.press(step, 2)
    with pytest.raises(errors.StepNotAllowed):
        small.press("return", 2, ref=ref)


# -- transferred ---------------------------------------------------------------------------------------


def test_given_one_sent_on_then_the_arrival_counts_at_the_next_service(small):
    early = small.take("CHUNG_THUC")["ref"]
    late = small.take("HO_TICH")["ref"]
    small.press("open", 4, "token:4", one_only=False)
    serving(small, 3, BINH)
    small.press("transfer", 3, BINH, service="HO_TICH", outcome="guided")
    assert small.press("call-next", 4, "token:4")["ticket"]["ref"] == early
    small.press("start", 4, "token:4")
    small.clock.on(minutes=3)
    small.press("finish", 4, "token:4")
    ticket = small.ticket(early)
    assert [leg.service for leg in ticket.legs] == ["CHUNG_THUC", "HO_TICH"]
    assert [leg.outcome for leg in ticket.legs] == ["guided", None]
    assert small.ticket(late).state is State.WAITING


def test_given_one_sent_on_to_be_first_then_before_all_who_wait_there(small):
    small.press("open", 4, "token:4", one_only=False)
    small.take("HO_TICH"), small.clock.on(minutes=5)
    late = small.take("CHUNG_THUC")["ref"]
    small.press("call", 3, BINH, ref=late, reason="unwell")
    small.press("start", 3, BINH)
    small.press("transfer", 3, BINH, service="HO_TICH", first=True)
    called = small.press("call-next", 4, "token:4")["ticket"]
    assert (called["ref"], called["reason"], called["passed"]) == (late, "TRANSFER", 1)


def test_given_a_counter_to_send_to_then_it_must_be_open_and_serve_it(small):
    small.take()
    serving(small)
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
            small.press("transfer", 2, **to)
    small.press("transfer", 2, to=3)
    assert queue(small, 2) == []
    assert len(queue(small, 3)) == 1


# -- by hand ---------------------------------------------------------------------------------------


def test_given_a_number_called_by_hand_then_it_is_told_and_counted_but_wears_nobody_out(small):
    refs = [small.take()["ref"] for _ in range(3)]
    answer = small.press("call", 2, ref=refs[2], reason="missed_call")
    assert (answer["ticket"]["reason"], answer["ticket"]["passed"]) == ("MANUAL", 2)
    told = small.seen()["watch"]["by_hand"]
    assert [(each["number"], each["why"], each["clerk_name"]) for each in told] == [("B003", "missed_call", "An")]
    assert small.seen()["watch"]["today"]["by_hand"] == 1
    assert [row["passed"] for row in small.seen()["consoles"][1]["queue"]] == [0, 0]


def test_given_a_policy_against_it_then_nobody_is_called_by_hand(small):
    ref = small.take()["ref"]
    small.set_policy(by_hand=False)
    with pytest.raises(errors.CallForbidden):
        small.press("call", 2, ref=ref, reason="unwell")


def test_given_what_cannot_be_called_by_hand_then_it_is_refused(small):
    ref, other = small.take()["ref"], small.take("DAT_DAI")["ref"]
    with pytest.raises(errors.UnknownReason):
        small.press("call", 2, ref=ref, reason="a friend")
    with pytest.raises(errors.NotServedHere):
        small.press("call", 2, ref=other, reason="unwell")
    small.press("call", 2, ref=ref, reason="unwell")
    with pytest.raises(errors.StepNotAllowed):
        small.press("call", 3, BINH, ref=ref, reason="unwell")


# -- taken back ------------------------------------------------------------------------------------


def undoable(small, press, *, counter=2, **body):
    """Press, wait nine seconds, take it back: the screens show what they showed, and the log has both."""
    before, seq = small.seen(), small.seq()
    small.press(press, counter, **body)
    done = len(small.events()) - seq
    small.clock.on(seconds=9)
    small.press("undo", counter)
    undone = small.events()[seq + done :]
    assert [event.kind for event in undone] == [ev.TICKET_UNDONE] * done
    assert [event.data["undoes"] for event in undone] == list(range(seq + done, seq, -1))
    after = small.seen()
    assert without_seq(after) == without_seq(before)
    with pytest.raises(errors.NothingToUndo):
        small.press("undo", counter)


def without_seq(seen):
    """The screens without the number of the last fact and what may be undone; both grow by design."""
    if isinstance(seen, dict):
        return {key: without_seq(value) for key, value in seen.items() if key not in ("seq", "undo")}
    return [without_seq(each) for each in seen] if isinstance(seen, list) else seen


def test_given_a_slip_of_the_finger_then_every_step_can_be_taken_back(small):
    for service in ("CHUNG_THUC", "CHUNG_THUC", "HO_TICH"):
        small.take(service)
        small.take(service, "priority")
        small.clock.on(seconds=7)
    undoable(small, "call-next")
    undoable(small, "call", ref=3, reason="unwell")
    serving(small)
    undoable(small, "hold", minutes=5)
    undoable(small, "transfer", service="HO_TICH")
    undoable(small, "transfer", to=3, first=True)
    undoable(small, "finish", outcome="filed")
    undoable(small, "call-next", finish=True, outcome="filed")
    small.press("finish", 2)
    undoable(small, "call-next")
    small.press("call-next", 2)
    undoable(small, "start")
    undoable(small, "no-show")
    undoable(small, "call-next", finish=True)  # called, and never started: three facts of one press


def test_given_ten_seconds_have_passed_then_it_stands(small):
    small.take()
    small.press("call-next", 2)
    small.clock.on(seconds=10, milliseconds=1)
    with pytest.raises(errors.NothingToUndo):
        small.press("undo", 2)


def test_given_the_other_counter_has_called_them_since_then_it_stands(small):
    small.take()
    serving(small)
    small.press("transfer", 2, to=3)
    small.press("call-next", 3, BINH)
    with pytest.raises(errors.NothingToUndo):
        small.press("undo", 2)


def test_given_others_called_meanwhile_then_an_undone_call_wears_nobody_out(small):
    small.set_policy(cap=1)
    small.take()
    small.clock.on(seconds=60)
    elders = [small.take(priority_class="priority")["ref"] for _ in range(3)]
    assert small.press("call-next", 2)["ticket"]["ref"] == elders[0]
    small.press("undo", 2)
    assert small.press("call-next", 3, BINH)["ticket"]["ref"] == elders[0]
    assert small.press("call-next", 2)["ticket"]["reason"] == "CAP"


# -- who sits there, and how much ------------------------------------------------------------------


def test_given_the_end_of_a_shift_then_the_next_clerk_takes_over_with_somebody_at_the_desk(small):
    small.take()
    ref = serving(small)
    small.press("hand-over", 2)
    with pytest.raises(errors.NotYourCounter):
        check_mine(small.hall, 2, AN)
    answer = small.press("open", 2, "user:3")
    assert answer["ticket"]["ref"] == ref
    assert (answer["counter"]["clerk"], answer["counter"]["state"]) == ("user:3", "serving")
    assert ev.COUNTER_CLOSED not in small.kinds()


def test_given_many_dossiers_then_they_are_counted_up_to_what_a_visit_may_bring(small):
    small.take()
    serving(small)
    small.press("dossiers", 2, dossiers=12)
    with pytest.raises(errors.TooManyDossiers):
        small.press("dossiers", 2, dossiers=21)
    small.press("finish", 2)
    assert small.statistics("counter")[1]["2"]["dossiers"] == 12


def test_given_a_service_of_a_few_seconds_then_it_is_marked_and_teaches_nothing(small):
    small.take()
    small.press("call-next", 2)
    small.press("start", 2)
    small.clock.on(seconds=14, milliseconds=999)
    small.press("finish", 2)
    assert small.statistics("counter")[0]["short"] == 1
    assert small.hall.floor.served_for("CHUNG_THUC").learnt == 0


def test_given_the_counter_with_fewer_services_is_idle_too_then_the_console_says_so(small):
    small.press("open", 4, "token:4", one_only=False)
    small.take("HO_TICH")
    fewest = min((2, 4), key=lambda number: len(small.hall.catalogue.counters[number].services))
    other = 6 - fewest
    consoles = {view["counter"]["counter"]: view for view in small.seen()["consoles"]}
    assert consoles[fewest]["prefer"] is None
    assert consoles[other]["prefer"] == fewest


def test_given_service_after_midnight_then_it_can_only_be_finished(small):
    small.take()
    serving(small)
    small.clock.on(hours=20)
    for press, body in (("hold", {}), ("transfer", {"to": 3})):
        with pytest.raises(errors.DayOver):
            small.press(press, 2, **body)
    small.press("finish", 2)
    with pytest.raises(errors.NothingToUndo):
        small.press("undo", 2)
    assert overview(small.store, *[small.ticket(1).day] * 2, ZONE).counters[2].serving_s > timedelta(hours=5).seconds


def test_given_a_call_that_freed_or_passed_one_called_since_when_taken_back_then_it_is_too_late(small):
    """The other call was made because of it: taken back, the log would tell of an order that never was."""
    back = small.take()["ref"]
    small.press("call-next", 2, AN)
    small.press("no-show", 2, AN)
    small.take()
    small.take("CHUNG_THUC", "priority")
    small.press("return", 2, AN, ref=back)  # not by the next call
    small.press("call-next", 3, BINH)
    assert small.press("call-next", 2, AN)["ticket"]["ref"] == back
    with pytest.raises(errors.NothingToUndo):
        small.press("undo", 3, BINH)
    small.press("undo", 2, AN)  # the last one can
    small.press("call-next", 2, AN)
    assert verify(small.store).clean


def test_given_a_call_that_passed_one_who_gets_priority_when_taken_back_then_it_is_too_late(small):
    passed = small.take()["ref"]
    small.clock.on(seconds=1)
    small.take("CHUNG_THUC", "priority")
    small.press("call-next", 2, AN)
    small.grant(passed, "priority")
    with pytest.raises(errors.NothingToUndo):
        small.press("undo", 2, AN)
