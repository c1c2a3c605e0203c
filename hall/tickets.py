"""Lookup of a ticket by its number, its id or its ref."""

from __future__ import annotations

from hall.hall import Hall
from queueing.errors import UnknownTicket
from queueing.numbering import same_number
from queueing.ticket import Ticket


def find_number(hall: Hall, number: str) -> int:
    """Return the ref of today's ticket that has this number, or had it before it was moved, however it is written.

    Raises:
        UnknownTicket: there is none.
    """
    floor = hall.floor
    refs = {ticket.number: ticket.ref for ticket in floor.tickets.values() if ticket.day == floor.day}
    meant = same_number(refs, number) or same_number(floor.moved, number)
    if meant is None:
        raise UnknownTicket()
    return refs.get(meant) or floor.moved[meant]


def find_ticket(hall: Hall, ticket_id: str, *, staff: bool) -> tuple[Ticket, str | None]:
    """Return the ticket with this id, and the id; staff may write its ref instead, and then the id is None.

    Raises:
        UnknownTicket: there is none; the refusal does not say what was tried.
    """
    by_ref = staff and ticket_id.isascii() and ticket_id.isdecimal() and len(ticket_id) < 16
    with hall.lock:
        ref = int(ticket_id) if by_ref else hall.store.ref_of(ticket_id)
        ticket = None if ref is None else hall.ticket(ref)
    if ticket is None:
        raise UnknownTicket()
    return ticket, None if by_ref else ticket_id
