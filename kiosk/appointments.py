"""Doors of appointments: slots, booking, the day's list, and checking in with a code."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec

from access.door import Ask, Doors
from access.principal import CLERK, GREETER, INSPECTOR, KIOSK, SUPERVISOR
from hall import appointments
from hall.arrivals import Issued
from hall.hall import Hall
from hall.ports import Appointment
from hall.review import parse_range
from hall.views import TicketView, ticket_view
from queueing.events import instant

STAFF = (GREETER, CLERK, SUPERVISOR)


class Book(msgspec.Struct, forbid_unknown_fields=True):
    """`at`: the beginning of a slot, as /appointments/slots gives it."""

    service: str
    at: Annotated[datetime, msgspec.Meta(tz=True)]


class CheckIn(msgspec.Struct, forbid_unknown_fields=True):
    code: Annotated[str, msgspec.Meta(max_length=12)]
    language: str = "vi"


class AppointmentView(msgspec.Struct):
    """State: booked, checked_in, cancelled or missed; `number` of the ticket once it is checked in."""

    id: int
    code: str
    service: str
    at: str
    state: str
    number: str | None


class AppointmentsView(msgspec.Struct):
    day: str
    appointments: list[AppointmentView]


class SlotView(msgspec.Struct):
    at: str
    capacity: int
    free: int


class SlotsView(msgspec.Struct):
    slots: list[SlotView]


def add_doors(doors: Doors, hall: Hall, public_url: str | None) -> None:
    doors.page("/appointments", "appointments/index.html")

    @doors.get(
        "/appointments",
        roles=(*STAFF, INSPECTOR),
        answer=AppointmentsView,
        summary="The appointments of a local day",
        query={"day": "YYYY-MM-DD; today by default"},
    )
    def get_appointments(ask: Ask[None]) -> AppointmentsView:
        with hall.lock:
            hall.refresh()
            day = _day(hall, ask.query.get("day"))
            return AppointmentsView(day.isoformat(), [_view(hall, each) for each in hall.store.appointments(day)])

    @doors.get(
        "/appointments/slots",
        roles=(*STAFF, INSPECTOR),
        answer=SlotsView,
        summary="A service's slots of a local day that have not begun",
        query={"service": "its code", "day": "YYYY-MM-DD; today by default"},
    )
    def get_slots(ask: Ask[None]) -> SlotsView:
        with hall.lock:
            hall.refresh()
            found = appointments.slots_of(
                hall, ask.query.get("service", ""), _day(hall, ask.query.get("day")), hall.now()
            )
            return SlotsView([SlotView(instant(each.due_at), each.capacity, each.free) for each in found])

    @doors.post("/appointments", roles=STAFF, body=Book, answer=AppointmentView, status=201, summary="Give a slot away")
    def post_appointments(ask: Ask[Book]) -> bytes:
        return hall.execute(
            ask.request,
            lambda act: appointments.book(act, ask.body.service, ask.body.at),
            lambda booked: msgspec.json.encode(_view(hall, booked)),
        )

    @doors.post(
        "/appointments/<int:appointment>/cancel",
        roles=STAFF,
        body=None,
        answer=AppointmentView,
        summary="Give a slot back",
    )
    def post_cancel(ask: Ask[msgspec.Struct], appointment: int) -> bytes:
        return hall.execute(
            ask.request,
            lambda act: appointments.cancel(act, appointment),
            lambda cancelled: msgspec.json.encode(_view(hall, cancelled)),
        )

    @doors.post(
        "/appointments/check-in",
        roles=(KIOSK, GREETER, CLERK),
        body=CheckIn,
        answer=TicketView,
        status=201,
        summary="The holder of a code is here: a ticket",
    )
    def post_check_in(ask: Ask[CheckIn]) -> bytes:
        def answer(issued: Issued) -> bytes:
            return msgspec.json.encode(ticket_view(hall, issued.ticket, issued.id, public_url))

        return hall.execute(
            ask.request, lambda act: appointments.check_in(act, ask.body.code, ask.body.language), answer
        )


def _day(hall: Hall, asked: str | None) -> date:
    """
    Raises:
        BadRange: no day as YYYY-MM-DD.
    """
    return hall.local_day(hall.now()) if asked is None else parse_range(asked, asked)[0]


def _view(hall: Hall, appointment: Appointment) -> AppointmentView:
    ticket = None if appointment.ref is None else hall.ticket(appointment.ref)
    return AppointmentView(
        id=appointment.id,
        code=appointment.code,
        service=appointment.service,
        at=instant(appointment.due_at),
        state=appointment.state,
        number=None if ticket is None else ticket.number,
    )
