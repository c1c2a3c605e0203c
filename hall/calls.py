"""Calls: who comes to a counter, and what becomes of the visit."""

from __future__ import annotations

from collections.abc import Mapping

from hall.catalogue.model import Counter
from hall.hall import Act
from queueing import events as ev
from queueing.catalogue import CALL_REASONS, OUTCOMES
from queueing.dispatch import Choice, Reason, choose_next
from queueing.errors import (
    CallForbidden,
    CounterBusy,
    CounterClosed,
    CounterEmpty,
    CounterPaused,
    NobodyWaiting,
    NotServedHere,
    StepNotAllowed,
    UnknownOutcome,
    UnknownReason,
)
from queueing.floor import Staffing
from queueing.ticket import State, Ticket


def call_next(act: Act, counter: int, *, finish: bool = False, outcome: str | None = None) -> None:
    """Call the next citizen to a counter; with `finish`, first finish the one at the counter.

    With `finish` the one at the counter is finished in any case, also one whose start was forgotten
    (it starts and ends in this instant, so the forecast learns nothing from it); if nobody waits
    then, or the counter is paused, it is left idle without a refusal.

    Raises:
        UnknownCounter, CounterClosed, CounterPaused: the counter cannot call.
        CounterBusy: somebody is at the counter and was not to be finished.
        StepNotAllowed: the one at the counter was called but never started.
        UnknownOutcome: not one of `catalogue.OUTCOMES`.
        NobodyWaiting: nobody waits for the counter's services.
    """
    check_outcome(outcome)
    counter_settings = act.catalogue.counter(counter)
    staffing = act.floor.counter_state(counter).staffing
    if staffing is Staffing.CLOSED:
        raise CounterClosed(counter=counter)
    present = act.floor.at_counter(counter)
    if present is not None:
        if not finish:
            raise CounterBusy(counter=counter, number=present.number)
        if present.state is State.CALLED:
            record_step(act, ev.TICKET_STARTED, present, counter, {})
        record_step(act, ev.TICKET_FINISHED, present, counter, {"outcome": outcome})
    # After the one at the counter was finished a refusal would undo that; an idle counter is no fault.
    if staffing is Staffing.PAUSED:
        if finish:
            return
        raise CounterPaused(counter=counter)
    choice = choose_next(act.floor.waiting, sorted(counter_settings.services), act.catalogue.policy.cap, counter)
    if choice is None:
        if finish:
            return
        raise NobodyWaiting(counter=counter)
    _call(act, counter_settings, choice, {})


def call_number(act: Act, counter: int, ref: int, why: str) -> None:
    """Call this very ticket out of turn, for a reason of the list; it is published as called by hand.

    Raises:
        CallForbidden: the policy does not allow it.
        UnknownReason: not one of `catalogue.CALL_REASONS`.
        UnknownCounter, CounterClosed, CounterPaused, CounterBusy: the counter cannot call.
        UnknownTicket, StepNotAllowed: nobody waits with this number.
        NotServedHere: it waits for another service, or for another counter alone.
    """
    if not act.catalogue.policy.by_hand:
        raise CallForbidden()
    if why not in CALL_REASONS:
        raise UnknownReason()
    counter_settings = act.catalogue.counter(counter)
    state, present = act.floor.counter_state(counter), act.floor.at_counter(counter)
    if state.staffing is not Staffing.OPEN:
        raise (CounterClosed if state.staffing is Staffing.CLOSED else CounterPaused)(counter=counter)
    if present is not None:
        raise CounterBusy(counter=counter, number=present.number)
    ticket = act.ticket(ref)
    place = act.floor.waiting.place(ref)
    if place is None:
        raise StepNotAllowed(number=ticket.number, state=ticket.state.value)
    if not place.fits(counter_settings.services, counter):
        raise NotServedHere(number=ticket.number)
    passes = act.floor.waiting.earlier_at(place.arrival, sorted(counter_settings.services), counter)
    _call(act, counter_settings, Choice(ref, Reason.MANUAL, passes), {"why": why})


def _call(act: Act, counter: Counter, choice: Choice, more: Mapping[str, object]) -> None:
    record_step(
        act,
        ev.TICKET_CALLED,
        act.floor.tickets[choice.ref],
        counter.number,
        {
            "passes": choice.passes,
            "reason": choice.reason.value,
            "services": sorted(counter.services),
            **more,
        },
    )


def record_step(act: Act, kind: str, ticket: Ticket, counter: int, data: Mapping[str, object]) -> None:
    """A step of the ticket at a counter. What one press does is told as one, and undone by one press."""
    press = {"press": act.events[0].seq} if act.events else {}
    act.append(
        kind,
        {"by": act.by, "number": ticket.number, **data, **press},
        ref=ticket.ref,
        counter=counter,
        service=ticket.service,
    )


def call_again(act: Act, counter: int) -> None:
    """Repeat the call of the one who has not come yet.

    Raises:
        CounterEmpty: nobody is called to the counter.
        StepNotAllowed: the service has begun.
    """
    record_step(act, ev.TICKET_CALLED_AGAIN, present_in(act, counter, State.CALLED), counter, {})


def start_service(act: Act, counter: int) -> None:
    """The called citizen has come: service begins.

    Raises:
        CounterEmpty: nobody is called to the counter.
        StepNotAllowed: the service has begun already.
    """
    record_step(act, ev.TICKET_STARTED, present_in(act, counter, State.CALLED), counter, {})


def finish_service(act: Act, counter: int, outcome: str | None = None) -> None:
    """Service ends, with what it came to where the clerk says.

    Raises:
        CounterEmpty: nobody is served at the counter.
        StepNotAllowed: the one called has not been started.
        UnknownOutcome: not one of `catalogue.OUTCOMES`.
    """
    check_outcome(outcome)
    record_step(act, ev.TICKET_FINISHED, present_in(act, counter, State.SERVING), counter, {"outcome": outcome})


def mark_no_show(act: Act, counter: int) -> None:
    """Called and did not come.

    Raises:
        CounterEmpty: nobody is called to the counter.
        StepNotAllowed: the service has begun.
    """
    record_step(act, ev.TICKET_NO_SHOW, present_in(act, counter, State.CALLED), counter, {})


def check_outcome(outcome: str | None) -> None:
    """
    Raises:
        UnknownOutcome: not one of `catalogue.OUTCOMES`.
    """
    if outcome is not None and outcome not in OUTCOMES:
        raise UnknownOutcome()


def present_in(act: Act, counter: int, state: State) -> Ticket:
    """The ticket at the counter, in this state.

    Raises:
        CounterEmpty: nobody is at the counter.
        StepNotAllowed: the ticket is in another state.
    """
    act.catalogue.counter(counter)
    ticket = act.floor.at_counter(counter)
    if ticket is None:
        raise CounterEmpty(counter=counter)
    if ticket.state is not state:
        raise StepNotAllowed(number=ticket.number, state=ticket.state.value)
    return ticket
