"""Doors of the kiosk: what can be chosen, and taking a ticket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import flask
import msgspec
import structlog

from access.door import Ask, Doors, Nothing
from access.errors import Forbidden, TooMany
from access.principal import ANYONE, CLERK, GREETER, KIOSK, Principal
from hall.arrivals import Issued, change_priority, take_ticket
from hall.hall import Act, Hall
from hall.ports import Offload, Slip
from hall.printing import ask_copy, slip_of
from hall.tickets import find_ticket
from hall.views import HallView, ServicesView, TicketView, hall_view, services_view, ticket_view
from queueing.catalogue import ORDINARY, URGENT
from queueing.errors import ClassNotAllowed
from queueing.ticket import Ticket


class TakeTicket(msgspec.Struct, forbid_unknown_fields=True):
    service: str
    priority_class: str = ORDINARY
    language: str = "vi"
    number: Annotated[str, msgspec.Meta(max_length=12)] | None = None  # on paper, lost from the log; greeter and clerk


class ChangePriority(msgspec.Struct, forbid_unknown_fields=True):
    priority_class: str


Draw = Callable[[Slip], bytes]


TICKETS_A_MINUTE = 60  # from one kiosk or person; nobody presses faster
PAPERS_A_MINUTE = 30  # of one ticket; drawing one takes a while

log = structlog.get_logger()


def add_doors(doors: Doors, hall: Hall, public_url: str | None, draw: Draw, offload: Offload) -> None:
    """`draw` makes the PNG of a slip; it takes its time and runs off the event loop."""
    doors.page("/kiosk", "kiosk/index.html")

    @doors.get("/hall", roles=(ANYONE,), answer=HallView, summary="The centre: its name, rule and texts")
    def get_hall(ask: Ask[None]) -> HallView:
        with hall.lock:
            return hall_view(hall, public_url)

    @doors.get("/services", roles=(ANYONE,), answer=ServicesView, summary="What can be chosen now")
    def get_services(ask: Ask[None]) -> ServicesView:
        with hall.lock:
            return services_view(hall)

    limits, floods = doors.gate.limits, doors.gate.floods

    def allow(principal: Principal) -> None:
        """A program has a limit of its own, where it was given one."""
        if principal.subject.startswith("token:"):
            return
        try:
            limits.each(f"tickets of {principal.subject}", TICKETS_A_MINUTE)
        except TooMany:
            if floods.note(principal, hall.now()):
                log.warning("ticket_flood", subject=principal.subject)
            raise

    @doors.post(
        "/tickets",
        roles=(KIOSK, GREETER, CLERK),
        body=TakeTicket,
        answer=TicketView,
        status=201,
        summary="Take a ticket",
    )
    def post_tickets(ask: Ask[TakeTicket]) -> bytes:
        wanted = ask.body
        if wanted.priority_class == URGENT and ask.principal.role == KIOSK:
            raise ClassNotAllowed()
        if wanted.number is not None and ask.principal.role == KIOSK:
            raise Forbidden()

        allow(ask.principal)

        def do(act: Act) -> Issued:
            return take_ticket(act, wanted.service, wanted.priority_class, wanted.language, wanted.number)

        def answer(issued: Issued) -> bytes:
            return msgspec.json.encode(ticket_view(hall, issued.ticket, issued.id, public_url))

        return hall.execute(ask.request, do, answer)

    @doors.post(
        "/tickets/<ticket_id>/print",
        roles=(KIOSK, GREETER, CLERK),
        body=None,
        answer=TicketView,
        summary="Print the ticket once more, marked as a copy",
    )
    def post_print(ask: Ask[Nothing], ticket_id: str) -> bytes:
        ticket, known_id = find_ticket(hall, ticket_id, staff=ask.principal.role != KIOSK)

        def do(act: Act) -> Ticket:
            return ask_copy(act, ticket.ref)

        def answer(printed: Ticket) -> bytes:
            return msgspec.json.encode(ticket_view(hall, printed, known_id, public_url))

        return hall.execute(ask.request, do, answer)

    @doors.post(
        "/tickets/<ticket_id>/priority",
        roles=(GREETER, CLERK),
        body=ChangePriority,
        answer=TicketView,
        summary="Grant priority to one who waits, or withdraw it; the arrival stays",
    )
    def post_priority(ask: Ask[ChangePriority], ticket_id: str) -> bytes:
        ticket, known_id = find_ticket(hall, ticket_id, staff=True)

        def do(act: Act) -> Ticket:
            return change_priority(act, ticket.ref, ask.body.priority_class)

        def answer(changed: Ticket) -> bytes:
            return msgspec.json.encode(ticket_view(hall, changed, known_id, public_url))

        return hall.execute(ask.request, do, answer)

    @doors.plain("/t/<ticket_id>/paper.png")
    def get_paper(ticket_id: str) -> flask.Response:
        """The picture that is, or would be, on paper: for the holder of the id."""
        with hall.lock:
            hall.look()
            ticket, _ = find_ticket(hall, ticket_id, staff=False)
            limits.each(f"paper of {ticket.ref}", PAPERS_A_MINUTE)
            last = hall.store.last_print(ticket.ref)
            slip = slip_of(hall, ticket.ref, last is not None and last.copy, public_url)
        assert slip is not None, "the ticket was found above"
        response = flask.Response(offload(lambda: draw(slip)), mimetype="image/png")
        response.headers["Cache-Control"] = "no-store"  # the address holds a secret
        return response
