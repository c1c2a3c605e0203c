"""Use cases of arrivals: take a ticket, change its priority or its service, cancel it and take that back."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from hall.catalogue.model import Service
from hall.hall import Act, Hall
from hall.issuing import check_issuing
from hall.ports import Appointment, CannotSave, HallStore
from queueing import events as ev
from queueing.catalogue import PEOPLE_MOST
from queueing.errors import (
    NumberNotLost,
    NumberTaken,
    SameService,
    ServiceClosed,
    TooManyPeople,
    UnknownClass,
    UnknownLanguage,
)
from queueing.numbering import ticket_number, written_number
from queueing.ticket import Ticket, channel_of

ID_BYTES = 16  # 128 bits: a ticket's link cannot be guessed


@dataclass(frozen=True, slots=True)
class Issued:
    """A new ticket and its holder's secret."""

    ticket: Ticket
    id: str


def take_ticket(
    act: Act,
    service: str,
    priority_class: str,
    language: str,
    lost: str | None = None,
    people: int = 1,
    channel: str | None = None,
    papers_of: str | None = None,
) -> Issued:
    """Issue a ticket with the next number of the service on this service day, for so many people together.

    `lost` is a number on paper that the log does not know after a restore; its holder gets it again. `channel` is
    "kiosk" or "greeter" if one of them issues it. The list of papers of the procedure `papers_of` is printed with it.

    Raises:
        TooManyPeople: more than one ticket may have.
        UnknownService, ServiceClosed: there is no such service, or it is not offered any more.
        NotIssuing, NotIssuingYet, QuotaReached: the calendar allows no ticket of it now.
        NumberTaken, NumberNotLost: the log has that number, or it cannot have been issued.
        UnknownClass, UnknownLanguage: the hall has no such class or language.
    """
    check_people(people)
    offered = act.catalogue.service(service)
    if not offered.active:
        raise ServiceClosed()
    if lost is None:
        check_issuing(act.catalogue, act.floor, service, act.at)
    head_start = act.catalogue.policy.head_starts.get(priority_class)
    if head_start is None:
        raise UnknownClass()
    return issue(
        act,
        service,
        priority_class,
        head_start,
        language,
        lost=lost,
        people=people,
        channel=channel,
        papers_of=papers_of,
    )


def issue(
    act: Act,
    service: str,
    priority_class: str,
    head_start: timedelta,
    language: str,
    *,
    lost: str | None = None,
    appointment: Appointment | None = None,
    people: int = 1,
    channel: str | None = None,
    papers_of: str | None = None,
) -> Issued:
    """Issue a ticket with the next number of a service, or the `lost` one, without checking the calendar.

    Raises:
        ServiceClosed: the service is not offered any more.
        NumberTaken, NumberNotLost: the log has the lost number, or it cannot have been issued.
        UnknownLanguage: the hall has no such language.
        CannotSave: issuing is suspended, because the disk is nearly full.
    """
    if act.hall.issuing_suspended:
        raise CannotSave("the disk is nearly full: no more numbers")
    offered = act.catalogue.service(service)
    if not offered.active:
        raise ServiceClosed()
    if language not in act.catalogue.hall.call_languages:
        raise UnknownLanguage()
    day = act.floor.day
    assert day is not None, "a refreshed hall has an open day"
    store = act.hall.store
    ref = store.next_ref()
    number = _lost_number(store, day, offered, lost, act.floor.moved) if lost else None
    issued = ev.TicketIssued(
        number=number or ticket_number(offered.prefix, store.next_count(day, service)),
        day=day.isoformat(),
        priority_class=priority_class,
        head_start_s=head_start // timedelta(seconds=1),
        by=act.by,
    )
    if people > 1:
        issued["people"] = people
    if appointment is not None:
        issued["appointment"] = appointment.id
        issued["due_at"] = ev.instant(appointment.due_at)
    elif channel is not None and channel != channel_of(act.by):
        issued["channel"] = channel
    act.append(ev.TICKET_ISSUED, issued, ref=ref, service=service)
    ticket = act.floor.tickets[ref]
    ticket_id = secrets.token_urlsafe(ID_BYTES)
    store.add_ticket(ticket, ticket_id, language)
    _give_forecast(act, ticket)
    if act.hall.printers and number is None:
        # In the same transaction, so that there is no ticket without its print job, nor a job without its ticket.
        store.add_print(ticket.ref, copy=False, by=act.by, at=act.at, procedure=papers_of)
    return Issued(ticket, ticket_id)


def _give_forecast(act: Act, ticket: Ticket) -> None:
    """Keep with a new ticket the forecast that it is given, in the same transaction, so that it can be judged."""
    hall, place = act.hall, act.floor.waiting.place(ticket.ref)
    if place is None:
        return
    forecast = hall.forecast_newcomer(ticket.service, hall.before(place).people)
    if forecast is None:
        return
    hall.forecaster.issued(ticket.ref, act.floor.seq, forecast)
    given = forecast.given(ticket.ref, ticket.day, ticket.service)
    if given is not None:
        hall.store.add_forecast(given)


def may_be_lost(hall: Hall) -> bool:
    """Return whether paper of the open day may bear a number the log does not know, because of a restore."""
    restored, day = hall.store.last_event(ev.LOG_RESTORED), hall.floor.day
    if restored is None or day is None:
        return False
    return day.isoformat() in restored.data["numbers"]


def _lost_number(store: HallStore, day: date, service: Service, lost: str, given_up: Collection[str]) -> str:
    """Return the number on a paper, in its usual form, if a restore has skipped it on this day.

    `given_up` are the numbers that tickets of the day had before they were moved to another service.

    Raises:
        NumberTaken: the log has a ticket with it, or had.
        NumberNotLost: the service cannot have issued it.
    """
    number = written_number(lost)
    count = number.removeprefix(service.prefix)
    given = count.isascii() and count.isdecimal() and 0 < int(count) <= store.last_count(day, service.code)
    if not given or count == number:
        raise NumberNotLost(number=number)
    number = ticket_number(service.prefix, int(count))  # "B 27" is read from the paper as well as "B 027"
    if number in given_up or store.number_taken(day, number):
        raise NumberTaken(number=number)
    return number


def change_priority(act: Act, ref: int, priority_class: str) -> Ticket:
    """Give a waiting ticket another class, with the head start of the present policy; the arrival stays.

    The class it has already changes nothing. A ticket of an appointment keeps at least the head start
    that it gave.

    Raises:
        UnknownTicket: there is no such ticket.
        UnknownClass: the hall has no such class.
        StepNotAllowed: it does not wait.
    """
    ticket, head_starts = act.ticket(ref), act.catalogue.policy.head_starts
    if priority_class not in head_starts:
        raise UnknownClass()
    head_start = max(head_starts[priority_class], act.floor.own_head_start(ref))
    ticket.reclassed(priority_class, head_start)  # refuses before anything is appended
    if ticket.priority_class != priority_class:
        act.append(
            ev.TICKET_PRIORITY_CHANGED,
            ev.PriorityChanged(
                number=ticket.number,
                priority_class=priority_class,
                head_start_s=head_start // timedelta(seconds=1),
                by=act.by,
            ),
            ref=ref,
            service=ticket.service,
        )
    return act.floor.tickets[ref]


def move_ticket(act: Act, ref: int, service: str) -> Ticket:
    """Move a waiting ticket to another service: it gets a number of that service and keeps its arrival.

    The calendar and the quotas of the service are not asked: its holder has waited already.

    Raises:
        UnknownTicket: there is no such ticket.
        UnknownService, ServiceClosed: there is no such service, or it is not offered any more.
        SameService: it waits for that service already.
        StepNotAllowed: it does not wait, or its service has begun.
    """
    ticket, offered = act.ticket(ref), act.catalogue.service(service)
    if not offered.active:
        raise ServiceClosed()
    if service == ticket.service:
        raise SameService(number=ticket.number)
    ticket.moved(service, ticket.number)  # refuses before anything is appended
    number = ticket_number(offered.prefix, act.hall.store.next_count(ticket.day, service))
    moved = ev.TicketMoved(number=number, was=ticket.number, to_service=service, by=act.by)
    act.append(ev.TICKET_MOVED, moved, ref=ref, service=ticket.service)
    return act.floor.tickets[ref]


def check_people(people: int) -> None:
    """Check how many people come with one ticket.

    Raises:
        TooManyPeople: more than one ticket may have, or nobody.
    """
    if not 0 < people <= PEOPLE_MOST:
        raise TooManyPeople(most=PEOPLE_MOST)


def count_people(act: Act, ref: int, people: int) -> Ticket:
    """Note how many people came with a ticket: for the clerk and the figures, not for the order.

    Raises:
        UnknownTicket: there is no such ticket.
        TooManyPeople: more than one ticket may have.
        StepNotAllowed: the visit is over.
    """
    ticket = act.ticket(ref)
    check_people(people)
    ticket.counted(people)  # refuses before anything is appended
    if people != ticket.people:
        counted = ev.PeopleCounted(number=ticket.number, people=people, by=act.by)
        act.append(ev.TICKET_PEOPLE, counted, ref=ref, service=ticket.service)
    return act.floor.tickets[ref]


def cancel_ticket(act: Act, ref: int) -> Ticket:
    """Cancel a ticket that waits, is held, or was called.

    The cancel can be taken back on the same day, see `reinstate_ticket`.

    Raises:
        UnknownTicket: there is no such ticket.
        StepNotAllowed: it is being served or has ended.
    """
    ticket = act.ticket(ref)
    ticket.cancelled(act.at)  # refuses before anything is appended
    act.append(
        ev.TICKET_CANCELLED,
        ev.TicketCancelled(number=ticket.number, by=act.by),
        ref=ref,
        counter=ticket.counter,
        service=ticket.service,
    )
    return act.floor.tickets[ref]
