"""Doors of the kiosk: what can be chosen, and taking a ticket."""

from __future__ import annotations

import msgspec

from access.door import Ask, Doors
from access.principal import ANYONE, CLERK, GREETER, KIOSK
from hall.arrivals import Issued, take_ticket
from hall.hall import Act, Hall
from hall.views import HallView, ServicesView, TicketView, hall_view, services_view, ticket_view
from queueing.catalogue import ORDINARY, URGENT
from queueing.errors import ClassNotAllowed


class TakeTicket(msgspec.Struct, forbid_unknown_fields=True):
    service: str
    priority_class: str = ORDINARY
    language: str = "vi"


def add_doors(doors: Doors, hall: Hall, public_url: str | None) -> None:
    doors.page("/kiosk", "kiosk/index.html")

    @doors.get("/hall", roles=(ANYONE,), answer=HallView, summary="The centre: its name, rule and texts")
    def get_hall(ask: Ask[None]) -> HallView:
        with hall.lock:
            return hall_view(hall, public_url)

    @doors.get("/services", roles=(ANYONE,), answer=ServicesView, summary="What can be chosen now")
    def get_services(ask: Ask[None]) -> ServicesView:
        with hall.lock:
            return services_view(hall)

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

        def do(act: Act) -> Issued:
            return take_ticket(act, wanted.service, wanted.priority_class, wanted.language)

        def answer(issued: Issued) -> bytes:
            return msgspec.json.encode(ticket_view(hall, issued.ticket, issued.id, public_url))

        return hall.perform(ask.request, do, answer)
