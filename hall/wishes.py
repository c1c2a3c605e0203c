"""Use cases of what holders ask for: take a cancel back, be called later or visibly. Staff can do all for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from hall.hall import Act, Hall
from queueing import events as ev
from queueing.catalogue import REINSTATE_REASONS
from queueing.dispatch import Place
from queueing.errors import (
    DayOver,
    DeferredBefore,
    NobodyBehind,
    NotDeferrable,
    ServiceClosed,
    StepNotAllowed,
    TakeBackTooLate,
    TakenBackBefore,
    UnknownDelay,
    UnknownReason,
)
from queueing.ticket import State, Ticket
from queueing.wishes import DEFER_MINUTES, DEFER_PEOPLE, DEFER_TIMES, TAKE_BACK_WITHIN, delay_behind

SECOND = timedelta(seconds=1)


def reinstate_ticket(act: Act, ref: int, why: str | None = None) -> Ticket:
    """Take a cancel back: the ticket waits at its old place.

    Without `why` it is the holder who asks: once, within two minutes, and only for a cancel of their own. With a reason
    of `catalogue.REINSTATE_REASONS` staff do it, until the day ends.

    Raises:
        UnknownTicket: there is no such ticket.
        UnknownReason: there is no such reason.
        StepNotAllowed: it is not cancelled.
        DayOver: it is of an earlier day.
        ServiceClosed: no counter serves it any more.
        TakenBackBefore, TakeBackTooLate: only staff can take it back now.
    """
    ticket = act.ticket(ref)
    if why is not None and why not in REINSTATE_REASONS:
        raise UnknownReason()
    ticket.reinstated()  # refuses before anything is appended
    if ticket.day != act.floor.day:
        raise DayOver(number=ticket.number)
    if not act.catalogue.serving(ticket.service):
        raise ServiceClosed()
    if why is None:
        _check_holder(act, ticket)
    reinstated = ev.TicketReinstated(number=ticket.number, by=act.by)
    if why is not None:
        reinstated["why"] = why
    act.append(ev.TICKET_REINSTATED, reinstated, ref=ref, service=ticket.service)
    return act.floor.tickets[ref]


def _check_holder(act: Act, ticket: Ticket) -> None:
    """Check that the holder may take the cancel back.

    Raises:
        TakenBackBefore, TakeBackTooLate: only staff can take it back now.
    """
    if ticket.ref in act.floor.taken_back:
        raise TakenBackBefore(number=ticket.number)
    cancel = act.floor.cancels[ticket.ref]
    if cancel.by != act.by or act.at - cancel.at > TAKE_BACK_WITHIN:
        raise TakeBackTooLate(number=ticket.number, minutes=TAKE_BACK_WITHIN // timedelta(minutes=1))


def take_back_until(hall: Hall, ticket: Ticket) -> datetime | None:
    """Return until when the holder may take the cancel back, also if that is over; None if only staff may."""
    cancel = hall.floor.cancels.get(ticket.ref)
    if cancel is None or ticket.ref in hall.floor.taken_back or cancel.by != f"ticket:{ticket.ref}":
        return None
    return cancel.at + TAKE_BACK_WITHIN


def defer_ticket(act: Act, ref: int, minutes: int | None = None, people: int | None = None) -> Ticket:
    """Let a waiting ticket be called later: as if it had come so many minutes later, or behind so many people.

    At most twice. Nobody else waits longer for it. If fewer people are behind it, it goes behind all of them.

    Raises:
        UnknownTicket: there is no such ticket.
        UnknownDelay: not one of the delays that can be asked for, or both.
        StepNotAllowed: it does not wait.
        NotDeferrable: it is called next at its counter.
        DeferredBefore: it was put off twice already.
        NobodyBehind: nobody is there to let pass.
    """
    ticket, floor = act.ticket(ref), act.floor
    if (minutes not in DEFER_MINUTES) if people is None else (minutes is not None or not 0 < people <= DEFER_PEOPLE):
        raise UnknownDelay(people=DEFER_PEOPLE)
    place = floor.waiting.place(ref)
    if place is None:
        raise StepNotAllowed(number=ticket.number, state=ticket.state.value)
    if place.jump_reason is not None:
        raise NotDeferrable(number=ticket.number)
    if floor.deferrals[ref] >= DEFER_TIMES:
        raise DeferredBefore(number=ticket.number, times=DEFER_TIMES)
    deferred = ev.TicketDeferred(number=ticket.number, delay_s=_delay_s(act, ticket, place, minutes, people), by=act.by)
    if people is not None:
        deferred["people"] = people
    elif minutes is not None:
        deferred["minutes"] = minutes
    act.append(ev.TICKET_DEFERRED, deferred, ref=ref, service=ticket.service)
    return act.floor.tickets[ref]


def _delay_s(act: Act, ticket: Ticket, place: Place, minutes: int | None, people: int | None) -> int:
    """Return how much later than its issue the ticket is to count as having arrived, in all.

    Raises:
        NobodyBehind: nobody is there to let pass.
    """
    if people is None:
        delay = act.floor.delays.get(ticket.ref, timedelta()) + timedelta(minutes=minutes or 0)
        return delay // SECOND
    behind = delay_behind(act.floor.waiting, place, ticket.issued_at, people)
    if behind is None:
        raise NobodyBehind(number=ticket.number)
    return behind // SECOND


def deferrals_left(hall: Hall, ticket: Ticket) -> int:
    """Return how often the ticket can still be put off now."""
    place = hall.floor.waiting.place(ticket.ref)
    if ticket.state is not State.WAITING or place is None or place.jump_reason is not None:
        return 0
    return max(0, DEFER_TIMES - hall.floor.deferrals[ticket.ref])


def want_visual_call(act: Act, ref: int, wanted: bool) -> Ticket:
    """Note that a ticket's holder wants to be called so that it is seen, or no longer; the order stays.

    What stands already changes nothing. No reason is asked for, and none is kept.

    Raises:
        UnknownTicket: there is no such ticket.
        StepNotAllowed: the visit is over.
    """
    ticket = act.ticket(ref)
    if ticket.ended:
        raise StepNotAllowed(number=ticket.number, state=ticket.state.value)
    if wanted != act.floor.wants_visual_call(ref):
        changed = ev.VisualCallChanged(number=ticket.number, wanted=wanted, by=act.by)
        act.append(ev.TICKET_VISUAL_CALL, changed, ref=ref, service=ticket.service)
    return ticket
