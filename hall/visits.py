"""Use cases of a visit besides call and service: hold, return, transfer, count dossiers."""

from __future__ import annotations

from datetime import timedelta

from hall.calls import append_step, check_outcome, present_in
from hall.hall import Act, append_return
from queueing import events as ev
from queueing.errors import (
    CounterClosed,
    CounterPaused,
    DayOver,
    NotServedHere,
    ReturnedBefore,
    ReturnTooLate,
    SameService,
    ServiceClosed,
    TooManyDossiers,
)
from queueing.floor import Staffing
from queueing.ticket import State, Ticket

RETURN_WINDOW = timedelta(minutes=30)


def hold_ticket(act: Act, counter: int, minutes: int | None = None) -> None:
    """Hold the ticket in service for a while, say to make a copy; the counter is free meanwhile.

    Once back, the ticket is called at this counter's next free moment, before the queue. With `minutes`
    it returns by itself after that time. When the counter pauses or closes, tickets kept for it
    wait in the queue, by their arrival.

    Raises:
        CounterEmpty, StepNotAllowed: nobody is being served here.
        DayOver: the ticket is of an earlier day.
        ServiceClosed: no counter serves it any more, so nobody would call it again.
    """
    ticket = _today(act, present_in(act, counter, State.SERVING))
    _check_served(act, ticket)
    until = None if minutes is None else ev.instant(act.at + timedelta(minutes=minutes))
    append_step(act, ev.TICKET_HELD, ev.TicketHeld(number=ticket.number, by=act.by, until=until), ticket, counter)


def return_ticket(act: Act, ref: int) -> Ticket:
    """Let a ticket wait again: after a hold, or, once and within half an hour, after a no-show.

    After a no-show it has the old place again, but is not called by the next call.

    Raises:
        UnknownTicket: there is no such ticket.
        StepNotAllowed: it is neither held nor a no-show.
        ReturnTooLate, ReturnedBefore: a new ticket is needed.
        ServiceClosed: no counter serves it any more.
    """
    ticket = act.ticket(ref)
    if ticket.state is State.NO_SHOW:
        no_show_at = act.floor.no_show_at.get(ref)
        if no_show_at is None or act.at - no_show_at > RETURN_WINDOW:
            raise ReturnTooLate(number=ticket.number, minutes=RETURN_WINDOW // timedelta(minutes=1))
        if ticket.returned:
            raise ReturnedBefore(number=ticket.number)
    ticket.back()  # refuses before anything is appended
    _check_served(act, ticket)
    append_return(act, ticket)
    return act.floor.tickets[ref]


def transfer_ticket(
    act: Act,
    counter: int,
    *,
    service: str | None = None,
    to: int | None = None,
    first: bool = False,
    outcome: str | None = None,
) -> None:
    """Transfer the ticket in service to another service, to a counter, or both: a new leg, the arrival kept.

    It waits in the order of arrival, or, with `first`, before the queue.

    Raises:
        CounterEmpty, StepNotAllowed: nobody is being served here.
        UnknownService, ServiceClosed, UnknownCounter, UnknownOutcome: what was named does not exist.
        CounterClosed, CounterPaused: the counter it is transferred to calls nobody now.
        NotServedHere: that counter does not serve that service.
        SameService: it would stay where it is.
        DayOver: the ticket is of an earlier day.
    """
    check_outcome(outcome)
    ticket = _today(act, present_in(act, counter, State.SERVING))
    wanted = service or ticket.service
    if service is not None and not act.catalogue.service(service).active:
        raise ServiceClosed()
    if to == counter or (to is None and wanted == ticket.service):
        raise SameService(number=ticket.number)
    if to is not None:
        if wanted not in act.catalogue.counter(to).services:
            raise NotServedHere(number=ticket.number)
        staffing = act.floor.counter_state(to).staffing
        if staffing is not Staffing.OPEN:
            raise (CounterClosed if staffing is Staffing.CLOSED else CounterPaused)(counter=to)
    transferred = ev.TicketTransferred(
        number=ticket.number, by=act.by, to_service=wanted, to_counter=to, first=first, outcome=outcome
    )
    append_step(act, ev.TICKET_TRANSFERRED, transferred, ticket, counter)


def count_dossiers(act: Act, counter: int, dossiers: int) -> None:
    """Note how many dossiers the visit at the counter brings: for the workload, not for the order.

    Raises:
        CounterEmpty, StepNotAllowed: nobody is being served here.
        TooManyDossiers: more than a visit may have.
    """
    ticket = present_in(act, counter, State.SERVING)
    most = act.catalogue.hall.most_dossiers
    if dossiers > most:
        raise TooManyDossiers(most=most)
    if dossiers != ticket.dossiers:
        counted = ev.DossiersCounted(number=ticket.number, by=act.by, dossiers=dossiers)
        append_step(act, ev.TICKET_DOSSIERS, counted, ticket, counter)


def _check_served(act: Act, ticket: Ticket) -> None:
    """Check that there is a counter to call the ticket again.

    Raises:
        ServiceClosed: there is none.
    """
    if not act.catalogue.serving(ticket.service):
        raise ServiceClosed()


def _today(act: Act, ticket: Ticket) -> Ticket:
    if ticket.day != act.floor.day:
        raise DayOver(number=ticket.number)
    return ticket
