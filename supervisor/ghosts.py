"""Routes of numbers for which nobody came: who waits and where each number was issued, and end many at once."""

from __future__ import annotations

from typing import Annotated

import msgspec

from access.principal import SUPERVISOR
from access.routes import Request, Routes
from hall.ghosts import EndedTickets, end_ghosts
from hall.hall import Hall
from hall.ports import NameOf
from queueing.events import instant

MOST = 500  # in one act
# The number of a ticket in the log; a browser cannot write a larger integer exactly.
Ref = Annotated[int, msgspec.Meta(ge=1, le=2**53)]


class EndGhosts(msgspec.Struct, forbid_unknown_fields=True):
    """The tickets to end, by ref, and why."""

    refs: Annotated[list[Ref], msgspec.Meta(min_length=1, max_length=MOST)]
    reason: Annotated[str, msgspec.Meta(max_length=24)]


class EndedView(msgspec.Struct):
    """The numbers that were ended, and those that did not wait any more and were left as they are."""

    ended: list[str]
    left: list[str]


class WaitingTicketView(msgspec.Struct):
    """One who waits, with who issued the number."""

    ref: int
    number: str
    service: str
    issued_at: str
    issued_by: str
    issuer_name: str | None
    people: int


class WaitingTicketsView(msgspec.Struct):
    """All who wait, in the order in which their numbers were issued."""

    tickets: list[WaitingTicketView]


def add_routes(routes: Routes, hall: Hall, name_of: NameOf) -> None:
    """Declare the routes of numbers for which nobody came."""

    @routes.get(
        "/tickets/waiting",
        roles=(SUPERVISOR,),
        answer=WaitingTicketsView,
        summary="All who wait, and who issued each number",
    )
    def get_waiting(request: Request[None]) -> WaitingTicketsView:
        with hall.reading():
            floor = hall.floor
            waiting = [ticket for ref, ticket in floor.tickets.items() if ref in floor.waiting]
            return WaitingTicketsView(
                [
                    WaitingTicketView(
                        ref=ticket.ref,
                        number=ticket.number,
                        service=ticket.service,
                        issued_at=instant(ticket.issued_at),
                        issued_by=ticket.issued_by,
                        issuer_name=name_of(ticket.issued_by),
                        people=ticket.people,
                    )
                    for ticket in waiting
                ]
            )

    @routes.post(
        "/tickets/end",
        roles=(SUPERVISOR,),
        body=EndGhosts,
        answer=EndedView,
        summary="End numbers nobody came for, each by an event with the reason",
    )
    def post_end(request: Request[EndGhosts]) -> bytes:
        def answer(done: EndedTickets) -> bytes:
            return msgspec.json.encode(
                EndedView([ticket.number for ticket in done.ended], [ticket.number for ticket in done.left])
            )

        wish = request.body
        return hall.execute(request.identity, lambda act: end_ghosts(act, wish.refs, wish.reason), answer)
