"""Use case of numbers for which nobody came: a supervisor ends many at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hall.hall import Act
from queueing import events as ev
from queueing.catalogue import GHOST_REASONS
from queueing.errors import UnknownReason
from queueing.ticket import State, Ticket


@dataclass(frozen=True, slots=True)
class EndedTickets:
    """The tickets that were ended, and those that did not wait any more and were left as they are."""

    ended: tuple[Ticket, ...]
    left: tuple[Ticket, ...]


def end_ghosts(act: Act, refs: Iterable[int], why: str) -> EndedTickets:
    """Cancel waiting tickets nobody came for, each by an event of its own with the reason.

    A ticket that does not wait any more is left as it is. If somebody comes after all, the cancel can be taken back.

    Raises:
        UnknownTicket: one of them does not exist; none is ended.
        UnknownReason: not one of `catalogue.GHOST_REASONS`.
    """
    if why not in GHOST_REASONS:
        raise UnknownReason()
    tickets = [act.ticket(ref) for ref in dict.fromkeys(refs)]
    waiting = [ticket for ticket in tickets if ticket.state is State.WAITING]
    for ticket in waiting:
        cancelled = ev.TicketCancelled(number=ticket.number, why=why, by=act.by)
        act.append(ev.TICKET_CANCELLED, cancelled, ref=ticket.ref, service=ticket.service)
    return EndedTickets(
        tuple(act.floor.tickets[ticket.ref] for ticket in waiting),
        tuple(ticket for ticket in tickets if ticket.state is not State.WAITING),
    )
