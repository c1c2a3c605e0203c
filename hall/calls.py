"""Use cases at a counter: call, call again, start, finish, no-show."""

from __future__ import annotations

from typing import TypeVar

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
from queueing.events import Kind
from queueing.floor import Staffing
from queueing.ticket import State, Ticket

Step = TypeVar("Step", bound=ev.AtCounter)


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
            append_step(act, ev.TICKET_STARTED, ev.TicketStarted(number=present.number, by=act.by), present, counter)
        finished = ev.TicketFinished(number=present.number, by=act.by, outcome=outcome)
        append_step(act, ev.TICKET_FINISHED, finished, present, counter)
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
    _call(act, counter_settings, choice)


def call_number(act: Act, counter: int, ref: int, why: str) -> None:
    """Call one ticket out of turn, for a reason of the list; its event has the reason MANUAL.

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
    passes = len(act.floor.waiting.passed_by(place, sorted(counter_settings.services), counter))
    _call(act, counter_settings, Choice(ref, Reason.MANUAL, passes), why)


def _call(act: Act, counter: Counter, choice: Choice, why: str | None = None) -> None:
    ticket = act.floor.tickets[choice.ref]
    called = ev.TicketCalled(
        number=ticket.number,
        by=act.by,
        reason=choice.reason.value,
        services=sorted(counter.services),
        passes=choice.passes,
    )
    if why is not None:
        called["why"] = why
    append_step(act, ev.TICKET_CALLED, called, ticket, counter.number)


def append_step(act: Act, kind: Kind[Step], data: Step, ticket: Ticket, counter: int) -> None:
    """Append a step of a ticket at a counter.

    All steps after the first of one act name that first one, so that they are undone together.

    Raises:
        StepNotAllowed: the ticket's state has no such step; nothing was changed.
    """
    if act.events:
        data["press"] = act.events[0].seq
    act.append(kind, data, ref=ticket.ref, counter=counter, service=ticket.service)


def call_again(act: Act, counter: int) -> None:
    """Repeat the call of the ticket called to the counter.

    Raises:
        CounterEmpty: nobody is called to the counter.
        StepNotAllowed: the service has begun.
    """
    ticket = present_in(act, counter, State.CALLED)
    append_step(act, ev.TICKET_CALLED_AGAIN, ev.TicketCalledAgain(number=ticket.number, by=act.by), ticket, counter)


def start_service(act: Act, counter: int) -> None:
    """Begin the service of the called ticket.

    Raises:
        CounterEmpty: nobody is called to the counter.
        StepNotAllowed: the service has begun already.
    """
    ticket = present_in(act, counter, State.CALLED)
    append_step(act, ev.TICKET_STARTED, ev.TicketStarted(number=ticket.number, by=act.by), ticket, counter)


def finish_service(act: Act, counter: int, outcome: str | None = None) -> None:
    """End the service, with an outcome if the clerk gives one.

    Raises:
        CounterEmpty: nobody is served at the counter.
        StepNotAllowed: the one called has not been started.
        UnknownOutcome: not one of `catalogue.OUTCOMES`.
    """
    check_outcome(outcome)
    ticket = present_in(act, counter, State.SERVING)
    append_step(
        act, ev.TICKET_FINISHED, ev.TicketFinished(number=ticket.number, by=act.by, outcome=outcome), ticket, counter
    )


def mark_no_show(act: Act, counter: int) -> None:
    """Mark the called ticket as a no-show.

    Raises:
        CounterEmpty: nobody is called to the counter.
        StepNotAllowed: the service has begun.
    """
    ticket = present_in(act, counter, State.CALLED)
    append_step(act, ev.TICKET_NO_SHOW, ev.TicketNoShow(number=ticket.number, by=act.by), ticket, counter)


def check_outcome(outcome: str | None) -> None:
    """Check that an outcome is one of the list, or none.

    Raises:
        UnknownOutcome: not one of `catalogue.OUTCOMES`.
    """
    if outcome is not None and outcome not in OUTCOMES:
        raise UnknownOutcome()


def present_in(act: Act, counter: int, state: State) -> Ticket:
    """Return the ticket at the counter, which has to be in this state.

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
