"""Calls: who comes to a counter, and what becomes of the visit."""

from __future__ import annotations

from hall.hall import Act
from queueing import events as ev
from queueing.catalogue import OUTCOMES
from queueing.dispatch import choose_next
from queueing.errors import (
    CounterBusy,
    CounterClosed,
    CounterEmpty,
    CounterPaused,
    NobodyWaiting,
    StepNotAllowed,
    UnknownOutcome,
)
from queueing.floor import Staffing
from queueing.ticket import State, Ticket


def call_next(act: Act, counter: int, *, finish: bool = False, outcome: str | None = None) -> None:
    """Call the next citizen to a counter; with `finish`, first finish the one at the desk.

    With `finish` the one at the desk is finished in any case, also one whose start was forgotten
    (it starts and ends in this instant, so the forecast learns nothing from it); if nobody waits
    then, or the counter is paused, it is left idle without a refusal.

    Raises:
        UnknownCounter, CounterClosed, CounterPaused: the counter cannot call.
        CounterBusy: somebody is at the counter and was not to be finished.
        StepNotAllowed: the one at the desk was called but never started.
        UnknownOutcome: not one of `catalogue.OUTCOMES`.
        NobodyWaiting: nobody waits for the counter's services.
    """
    _check(outcome)
    desk_of = act.catalogue.counter(counter)
    staffing = act.floor.desk(counter).staffing
    if staffing is Staffing.CLOSED:
        raise CounterClosed(counter=counter)
    present = act.floor.at_counter(counter)
    if present is not None:
        if not finish:
            raise CounterBusy(counter=counter, number=present.number)
        if present.state is State.CALLED:
            start_service(act, counter)
        finish_service(act, counter, outcome)
    # After the one at the desk was finished a refusal would undo that; an idle counter is no fault.
    if staffing is Staffing.PAUSED:
        if finish:
            return
        raise CounterPaused(counter=counter)
    services = sorted(desk_of.services)
    choice = choose_next(act.floor.waiting, services, act.catalogue.policy.cap)
    if choice is None:
        if finish:
            return
        raise NobodyWaiting(counter=counter)
    ticket = act.floor.tickets[choice.ref]
    act.record(
        ev.TICKET_CALLED,
        {
            "by": act.by,
            "number": ticket.number,
            "passes": choice.passes,
            "reason": choice.reason.value,
            "services": services,
        },
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
    ticket = _present(act, counter, State.CALLED)
    act.record(
        ev.TICKET_CALLED_AGAIN,
        {"by": act.by, "number": ticket.number},
        ref=ticket.ref,
        counter=counter,
        service=ticket.service,
    )


def start_service(act: Act, counter: int) -> None:
    """The called citizen has come: service begins.

    Raises:
        CounterEmpty: nobody is called to the counter.
        StepNotAllowed: the service has begun already.
    """
    ticket = _present(act, counter, State.CALLED)
    act.record(
        ev.TICKET_STARTED,
        {"by": act.by, "number": ticket.number},
        ref=ticket.ref,
        counter=counter,
        service=ticket.service,
    )


def finish_service(act: Act, counter: int, outcome: str | None = None) -> None:
    """Service ends, with what it came to where the clerk says.

    Raises:
        CounterEmpty: nobody is served at the counter.
        StepNotAllowed: the one called has not been started.
        UnknownOutcome: not one of `catalogue.OUTCOMES`.
    """
    _check(outcome)
    ticket = _present(act, counter, State.SERVING)
    act.record(
        ev.TICKET_FINISHED,
        {"by": act.by, "number": ticket.number, "outcome": outcome},
        ref=ticket.ref,
        counter=counter,
        service=ticket.service,
    )


def mark_no_show(act: Act, counter: int) -> None:
    """Called and did not come.

    Raises:
        CounterEmpty: nobody is called to the counter.
        StepNotAllowed: the service has begun.
    """
    ticket = _present(act, counter, State.CALLED)
    act.record(
        ev.TICKET_NO_SHOW,
        {"by": act.by, "number": ticket.number},
        ref=ticket.ref,
        counter=counter,
        service=ticket.service,
    )


def _check(outcome: str | None) -> None:
    if outcome is not None and outcome not in OUTCOMES:
        raise UnknownOutcome()


def _present(act: Act, counter: int, state: State) -> Ticket:
    act.catalogue.counter(counter)
    ticket = act.floor.at_counter(counter)
    if ticket is None:
        raise CounterEmpty(counter=counter)
    if ticket.state is not state:
        raise StepNotAllowed(number=ticket.number, state=ticket.state.value)
    return ticket
