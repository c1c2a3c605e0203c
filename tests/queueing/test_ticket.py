"""The steps of a ticket: every one that is allowed, and every one that is not."""

from datetime import UTC, date, datetime, timedelta

import pytest

from queueing.errors import StepNotAllowed
from queueing.ticket import STEPS, Leg, State, Ticket

NINE = datetime(2026, 1, 5, 2, tzinfo=UTC)
CALLED_AT, STARTED_AT, FINISHED_AT = (NINE + timedelta(minutes=minutes) for minutes in (10, 11, 20))

NEW = Ticket(1, "B001", date(2026, 1, 5), "priority", timedelta(minutes=20), 7, (Leg("CHUNG_THUC", NINE),))

STEP = {
    State.CALLED: lambda ticket: ticket.called(CALLED_AT, 2, "user:1"),
    State.SERVING: lambda ticket: ticket.started(STARTED_AT),
    State.FINISHED: lambda ticket: ticket.finished(FINISHED_AT, "filed"),
    State.HELD: lambda ticket: ticket.held(FINISHED_AT),
    State.WAITING: lambda ticket: (
        ticket.transferred(FINISHED_AT, "HO_TICH", None)
        if ticket.state is State.SERVING
        else ticket.reinstated()
        if ticket.state is State.CANCELLED
        else ticket.back()
    ),
    State.NO_SHOW: lambda ticket: ticket.no_show(),
    State.CANCELLED: lambda ticket: ticket.cancelled(CALLED_AT),
    State.EXPIRED: lambda ticket: ticket.expired(FINISHED_AT),
}
ROADS = {
    State.WAITING: (),
    State.CALLED: (State.CALLED,),
    State.SERVING: (State.CALLED, State.SERVING),
    State.HELD: (State.CALLED, State.SERVING, State.HELD),
    State.FINISHED: (State.CALLED, State.SERVING, State.FINISHED),
    State.NO_SHOW: (State.CALLED, State.NO_SHOW),
    State.CANCELLED: (State.CANCELLED,),
    State.EXPIRED: (State.CALLED, State.EXPIRED),
}
ALLOWED = [
    ("waiting", "called"),
    ("waiting", "cancelled"),
    ("waiting", "expired"),
    ("called", "serving"),
    ("called", "no_show"),
    ("called", "cancelled"),
    ("called", "expired"),
    ("serving", "finished"),
    ("serving", "held"),
    ("serving", "waiting"),
    ("held", "waiting"),
    ("held", "cancelled"),
    ("held", "expired"),
    ("no_show", "waiting"),
    ("cancelled", "waiting"),
]


def ticket_in(state):
    ticket = NEW
    for step in ROADS[state]:
        ticket = STEP[step](ticket)
    return ticket


def test_given_the_table_then_it_is_the_published_one():
    assert sorted((start.value, end.value) for start, ends in STEPS.items() for end in ends) == sorted(ALLOWED)
    assert set(STEPS) == set(State)


@pytest.mark.parametrize("start", State)
@pytest.mark.parametrize("end", STEP)
def test_given_a_state_when_stepping_then_only_along_the_table(start, end):
    ticket = ticket_in(start)
    if (start.value, end.value) in ALLOWED:
        assert STEP[end](ticket).state is end
    else:
        with pytest.raises(StepNotAllowed) as refused:
            STEP[end](ticket)
        assert refused.value.params == {"number": "B001", "state": start.value}
    assert ticket == ticket_in(start)


@pytest.mark.parametrize("state", State)
def test_given_a_state_when_calling_again_then_only_one_who_is_called(state):
    ticket = ticket_in(state)
    if state is State.CALLED:
        again = ticket.called_again().called_again()
        assert (again.leg.calls, again.leg.called_at, again.state) == (3, CALLED_AT, State.CALLED)
    else:
        with pytest.raises(StepNotAllowed):
            ticket.called_again()


def test_given_a_whole_visit_then_its_times_are_floors_of_whole_seconds():
    ticket = NEW.called(NINE + timedelta(seconds=59.999999), 2, "user:1")
    ticket = ticket.called_again().started(NINE + timedelta(seconds=100.4))
    assert (ticket.leg.wait_s, ticket.leg.walk_s, ticket.leg.service_s) == (59, 40, None)
    ticket = ticket.finished(NINE + timedelta(seconds=200.3), None)
    assert (ticket.leg.wait_s, ticket.leg.walk_s, ticket.leg.service_s) == (59, 40, 99)
    assert ticket.ended and ticket.issued_at == NINE


def test_given_one_never_started_then_there_is_no_wait():
    for ticket in (NEW, ticket_in(State.CALLED), ticket_in(State.NO_SHOW)):
        assert (ticket.leg.wait_s, ticket.leg.walk_s, ticket.leg.service_s) == (None, None, None)


def test_given_a_head_start_then_the_key_counts_from_that_much_earlier_and_the_arrival_stays():
    assert NEW.key == (NINE - timedelta(minutes=20), 7)
    assert NEW.issued_at == NINE


def test_given_a_hold_then_it_is_no_service_and_the_first_call_stays_the_one_that_ended_the_wait():
    at = [NINE + timedelta(seconds=seconds) for seconds in (600, 660, 900.5, 1500, 1560.25, 1700)]
    ticket = NEW.called(at[0], 2, "user:1").started(at[1]).held(at[2])
    assert (ticket.leg.holds, ticket.leg.served_s, ticket.leg.service_s) == (1, 240, None)
    ticket = ticket.back().called(at[3], 3, "user:2").started(at[4]).finished(at[5], None)
    leg = ticket.leg
    assert (leg.wait_s, leg.walk_s, leg.held_s, leg.service_s) == (600, 60, 659, 240 + 139)
    assert (leg.counter, leg.clerk) == (3, "user:2")


def test_given_a_transfer_then_a_new_leg_begins_and_the_arrival_stays():
    ticket = ticket_in(State.SERVING).transferred(FINISHED_AT, "HO_TICH", "guided")
    assert (ticket.state, ticket.service, ticket.counter) == (State.WAITING, "HO_TICH", None)
    assert (ticket.legs[0].outcome, ticket.legs[0].service_s, ticket.leg.queued_at) == ("guided", 540, FINISHED_AT)
    assert (ticket.issued_at, ticket.arrival, ticket.key) == (NEW.issued_at, NEW.arrival, NEW.key)


def test_given_a_no_show_then_it_is_made_good_once():
    ticket = ticket_in(State.NO_SHOW)
    assert ticket.ended
    back = ticket.back()
    assert (back.state, back.returned, back.ended) == (State.WAITING, 1, False)
    with pytest.raises(StepNotAllowed):
        back.called(FINISHED_AT, 2, "user:1").no_show().back()
