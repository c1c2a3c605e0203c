"""Doors of the citizen: my ticket, by its secret id; and the texts of a small page."""

from __future__ import annotations

import hashlib

import msgspec

from access.api import address
from access.door import Ask, Doors, Nothing, Reply
from access.principal import ANYONE, CLERK, GREETER, NOBODY, SUPERVISOR, Principal
from access.texts import Texts
from hall.arrivals import cancel_ticket
from hall.hall import Act, Hall
from hall.ports import Request
from hall.tickets import find_ticket
from hall.views import TicketView, ticket_view
from queueing.errors import UnknownTicket
from queueing.ticket import Ticket

STAFF = (CLERK, GREETER, SUPERVISOR)
NOT_CHANGED = 304
LOOKS_A_MINUTE = 120  # at one ticket; a phone looks every five seconds at most, and a family shares a link
GUESSES_A_MINUTE = 60  # that found nothing, from one address


def add_doors(doors: Doors, hall: Hall, texts: Texts, public_url: str | None) -> None:
    doors.page("/", "citizen/home.html")
    doors.page("/t/<ticket_id>", "citizen/index.html")

    limits = doors.gate.limits

    def find(principal: Principal, ticket_id: str) -> tuple[Ticket, str | None]:
        """The ticket, unless it is asked for without end; who holds a true link never pays for those who guess."""
        try:
            ticket, known_id = find_ticket(hall, ticket_id, staff=principal.role in STAFF)
        except UnknownTicket:
            limits.each(f"guesses from {address()}", GUESSES_A_MINUTE)
            raise
        if principal == NOBODY:
            limits.each(f"looks at {ticket.ref}", LOOKS_A_MINUTE)
        return ticket, known_id

    @doors.get("/tickets/<ticket_id>", roles=(ANYONE,), answer=TicketView, summary="My ticket")
    def get_ticket(ask: Ask[None], ticket_id: str) -> Reply:
        with hall.lock:
            hall.look()
            ticket, known_id = find(ask.principal, ticket_id)
            body = msgspec.json.encode(ticket_view(hall, ticket, known_id, public_url))
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if etag in ask.if_none_match:
            return Reply(b"", {"ETag": etag}, NOT_CHANGED)
        return Reply(body, {"ETag": etag})

    @doors.post(
        "/tickets/<ticket_id>/cancel", roles=(ANYONE,), body=None, answer=TicketView, summary="Give up the place"
    )
    def post_cancel(ask: Ask[Nothing], ticket_id: str) -> bytes:
        ticket, known_id = find(ask.principal, ticket_id)
        holder = ask.principal.role == ANYONE
        # Whoever holds the id is the caller: keys of two holders can never meet.
        request = Request(
            caller=f"ticket:{ticket.ref}" if holder else ask.request.caller,
            route=ask.request.route,
            key=ask.request.key,
            digest=ask.request.digest,
        )

        def do(act: Act) -> Ticket:
            return cancel_ticket(act, ticket.ref)

        def answer(cancelled: Ticket) -> bytes:
            return msgspec.json.encode(ticket_view(hall, cancelled, known_id, public_url))

        return hall.execute(request, do, answer)

    @doors.get(
        "/texts/<language>/<section>", roles=(ANYONE,), answer=dict[str, str], summary="The texts of one small page"
    )
    def get_texts(ask: Ask[None], language: str, section: str) -> bytes:
        return texts.section(language, section)
