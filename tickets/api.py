"""Routes of tickets: take, read, cancel, print, change the priority; and the picture of the paper."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

import flask
import msgspec
import structlog

from access.api import address
from access.errors import Forbidden, TooMany
from access.principal import ANYONE, CLERK, GREETER, KIOSK, NOBODY, SUPERVISOR, Principal
from access.reading import Word
from access.routes import Nothing, Reply, Request, Routes
from hall.arrivals import Issued, cancel_ticket, change_priority, take_ticket
from hall.hall import Act, Hall
from hall.printing import ask_copy, slip_of
from hall.tickets import find_ticket
from hall.views.tickets import TicketView, ticket_view
from queueing.catalogue import ORDINARY, URGENT
from queueing.errors import ClassNotAllowed, UnknownTicket
from queueing.ticket import Ticket
from screens.screen import Context

STAFF = (CLERK, GREETER, SUPERVISOR)
NOT_CHANGED = 304
TICKETS_A_MINUTE = 60  # from one kiosk or person; nobody presses faster
PAPERS_A_MINUTE = 30  # of one ticket; drawing one takes a while
READS_A_MINUTE = 120  # of one ticket; a phone asks every five seconds at most, and a family shares a link
GUESSES_A_MINUTE = 60  # of ids that do not exist, from one address

log = structlog.get_logger()


class TakeTicket(msgspec.Struct, forbid_unknown_fields=True):
    """The service, class and language of a new ticket."""

    service: Word
    priority_class: Word = ORDINARY
    language: Word = "vi"
    number: Annotated[str, msgspec.Meta(max_length=12)] | None = (
        None  # the one on paper, lost by a restore; greeter and clerk
    )


class ChangePriority(msgspec.Struct, forbid_unknown_fields=True):
    """The class to grant."""

    priority_class: Word


def add_routes(routes: Routes, context: Context) -> None:
    """Declare the routes of tickets."""
    hall, public_url, limits = context.hall, context.public_url, routes.gate.limits

    def encoded(ticket: Ticket, known_id: str | None) -> bytes:
        return msgspec.json.encode(ticket_view(hall, ticket, known_id, public_url))

    _add_taking(routes, hall, encoded)
    _add_changing(routes, hall, encoded)

    def find(principal: Principal, ticket_id: str) -> tuple[Ticket, str | None]:
        """Return a ticket, and the id it was asked for by.

        Wrong guesses are limited by address, reads by ticket, so that guesses do not lock out the holder of a link.

        Raises:
            UnknownTicket: there is none.
            TooMany: too many guesses from this address, or reads of this ticket.
        """
        try:
            ticket, known_id = find_ticket(hall, ticket_id, staff=principal.role in STAFF)
        except UnknownTicket:
            limits.take(f"guesses from {address()}", GUESSES_A_MINUTE)
            raise
        if principal == NOBODY:
            limits.take(f"reads of {ticket.ref}", READS_A_MINUTE)
        return ticket, known_id

    @routes.get("/tickets/<ticket_id>", roles=(ANYONE,), answer=TicketView, summary="My ticket")
    def get_ticket(request: Request[None], ticket_id: str) -> Reply:
        with hall.reading():
            ticket, known_id = find(request.principal, ticket_id)
            body = encoded(ticket, known_id)
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if etag in request.if_none_match:
            return Reply(b"", {"ETag": etag}, NOT_CHANGED)
        return Reply(body, {"ETag": etag})

    @routes.post(
        "/tickets/<ticket_id>/cancel", roles=(ANYONE,), body=None, answer=TicketView, summary="Cancel my ticket"
    )
    def post_cancel(request: Request[Nothing], ticket_id: str) -> bytes:
        ticket, known_id = find(request.principal, ticket_id)
        holder = request.principal.role == ANYONE
        # The caller is the ticket, so that equal keys of two holders are not taken for a repeat.
        identity = replace(request.identity, caller=f"ticket:{ticket.ref}") if holder else request.identity

        return hall.execute(
            identity, lambda act: cancel_ticket(act, ticket.ref), lambda cancelled: encoded(cancelled, known_id)
        )

    @routes.plain("/t/<ticket_id>/paper.png")
    def get_paper(ticket_id: str) -> flask.Response:
        """Return the picture of the paper, as printed or as it would be, to the holder of the id."""
        with hall.reading():
            ticket, _ = find_ticket(hall, ticket_id, staff=False)
            limits.take(f"paper of {ticket.ref}", PAPERS_A_MINUTE)
            last = hall.store.last_print(ticket.ref)
            slip = slip_of(hall, ticket.ref, last is not None and last.copy, public_url)
        assert slip is not None, "the ticket was found above"
        response = flask.Response(context.offload(lambda: context.draw_ticket(slip)), mimetype="image/png")
        response.headers["Cache-Control"] = "no-store"  # the address holds a secret
        return response


def _add_taking(routes: Routes, hall: Hall, encoded: Callable[[Ticket, str | None], bytes]) -> None:
    limits, floods = routes.gate.limits, routes.gate.floods

    def allow(principal: Principal) -> None:
        """Limit the tickets a minute of a kiosk or a person; a program has the limit of its token.

        Raises:
            TooMany: the limit is reached.
        """
        if principal.subject.startswith("token:"):
            return
        try:
            limits.take(f"tickets of {principal.subject}", TICKETS_A_MINUTE)
        except TooMany:
            if floods.note(principal, hall.now()):
                log.warning("ticket_flood", subject=principal.subject)
            raise

    @routes.post(
        "/tickets",
        roles=(KIOSK, GREETER, CLERK),
        body=TakeTicket,
        answer=TicketView,
        status=201,
        summary="Take a ticket",
    )
    def post_tickets(request: Request[TakeTicket]) -> bytes:
        wanted = request.body
        if wanted.priority_class == URGENT and request.principal.role == KIOSK:
            raise ClassNotAllowed()
        if wanted.number is not None and request.principal.role == KIOSK:
            raise Forbidden()

        allow(request.principal)

        def do(act: Act) -> Issued:
            return take_ticket(act, wanted.service, wanted.priority_class, wanted.language, wanted.number)

        return hall.execute(request.identity, do, lambda issued: encoded(issued.ticket, issued.id))


def _add_changing(routes: Routes, hall: Hall, encoded: Callable[[Ticket, str | None], bytes]) -> None:
    @routes.post(
        "/tickets/<ticket_id>/print",
        roles=(KIOSK, GREETER, CLERK),
        body=None,
        answer=TicketView,
        summary="Print the ticket once more, marked as a copy",
    )
    def post_print(request: Request[Nothing], ticket_id: str) -> bytes:
        ticket, known_id = find_ticket(hall, ticket_id, staff=request.principal.role != KIOSK)

        return hall.execute(
            request.identity,
            lambda act: ask_copy(act, ticket.ref),
            lambda changed: encoded(changed, known_id),
        )

    @routes.post(
        "/tickets/<ticket_id>/priority",
        roles=(GREETER, CLERK),
        body=ChangePriority,
        answer=TicketView,
        summary="Grant priority to one who waits, or withdraw it; the arrival stays",
    )
    def post_priority(request: Request[ChangePriority], ticket_id: str) -> bytes:
        ticket, known_id = find_ticket(hall, ticket_id, staff=True)

        return hall.execute(
            request.identity,
            lambda act: change_priority(act, ticket.ref, request.body.priority_class),
            lambda changed: encoded(changed, known_id),
        )
