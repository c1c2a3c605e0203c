"""Routes of appointments: slots, booking, the day's list, and checking in with a code."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec

from access.backoff import Backoff
from access.principal import CLERK, GREETER, INSPECTOR, KIOSK, SUPERVISOR
from access.reading import Word
from access.routes import Request, Routes
from hall import appointments
from hall.arrivals import Issued
from hall.hall import Hall
from hall.ports import Appointment
from hall.review import parse_range
from hall.views.tickets import TicketView, ticket_view
from queueing.errors import UnknownAppointment
from queueing.events import instant
from screens.screen import Context

STAFF = (GREETER, CLERK, SUPERVISOR)
LONGEST_WAIT_S = (
    20  # after wrong codes at one kiosk or of one person: too long to guess, short for the next in the queue
)


class BookAppointment(msgspec.Struct, forbid_unknown_fields=True):
    """The slot to book; `at` is its beginning, as /appointments/slots gives it."""

    service: Word
    at: Annotated[datetime, msgspec.Meta(tz=True)]


class CheckIn(msgspec.Struct, forbid_unknown_fields=True):
    """The code of an appointment, and the language to be called in."""

    code: Annotated[str, msgspec.Meta(max_length=12)]
    language: Word = "vi"


class AppointmentView(msgspec.Struct):
    """An appointment. State: booked, checked_in, cancelled or missed; `number` of the ticket once it is checked in."""

    id: int
    code: str
    service: str
    at: str
    state: str
    number: str | None


class AppointmentsView(msgspec.Struct):
    """The appointments of one local day."""

    day: str
    appointments: list[AppointmentView]


class AppointmentSlotView(msgspec.Struct):
    """A slot: how many appointments it takes, and how many are free."""

    at: str
    capacity: int
    free: int


class SlotsView(msgspec.Struct):
    """The slots of one service and day."""

    slots: list[AppointmentSlotView]


def add_routes(routes: Routes, context: Context) -> None:
    """Declare the routes and the page of appointments."""
    hall, public_url = context.hall, context.public_url
    tries = Backoff(hall.now, longest_wait_s=LONGEST_WAIT_S)
    routes.page("/appointments", "appointments/index.html")

    @routes.get(
        "/appointments",
        roles=(*STAFF, INSPECTOR),
        answer=AppointmentsView,
        summary="The appointments of a local day",
        query={"day": "YYYY-MM-DD; today by default"},
    )
    def get_appointments(request: Request[None]) -> AppointmentsView:
        with hall.reading():
            day = _day(hall, request.query.get("day"))
            return AppointmentsView(day.isoformat(), [_view(hall, booked) for booked in hall.store.appointments(day)])

    @routes.get(
        "/appointments/slots",
        roles=(*STAFF, INSPECTOR),
        answer=SlotsView,
        summary="A service's slots of a local day that have not begun",
        query={"service": "its code", "day": "YYYY-MM-DD; today by default"},
    )
    def get_slots(request: Request[None]) -> SlotsView:
        with hall.reading():
            slots = appointments.slots_of(
                hall, request.query.get("service", ""), _day(hall, request.query.get("day")), hall.now()
            )
            return SlotsView([AppointmentSlotView(instant(slot.due_at), slot.capacity, slot.free) for slot in slots])

    @routes.post(
        "/appointments",
        roles=STAFF,
        body=BookAppointment,
        answer=AppointmentView,
        status=201,
        summary="Book an appointment",
    )
    def post_appointments(request: Request[BookAppointment]) -> bytes:
        return hall.execute(
            request.identity,
            lambda act: appointments.book(act, request.body.service, request.body.at),
            lambda booked: msgspec.json.encode(_view(hall, booked)),
        )

    @routes.post(
        "/appointments/<int:appointment>/cancel",
        roles=STAFF,
        body=None,
        answer=AppointmentView,
        summary="Cancel an appointment",
    )
    def post_cancel(request: Request[msgspec.Struct], appointment: int) -> bytes:
        return hall.execute(
            request.identity,
            lambda act: appointments.cancel(act, appointment),
            lambda cancelled: msgspec.json.encode(_view(hall, cancelled)),
        )

    @routes.post(
        "/appointments/check-in",
        roles=(KIOSK, GREETER, CLERK),
        body=CheckIn,
        answer=TicketView,
        status=201,
        summary="Check in with a code: issue the ticket",
    )
    def post_check_in(request: Request[CheckIn]) -> bytes:
        def answer(issued: Issued) -> bytes:
            return msgspec.json.encode(ticket_view(hall, issued.ticket, issued.id, public_url))

        asker, body = request.principal.subject, request.body
        tries.book(asker)
        try:
            issued = hall.execute(
                request.identity, lambda act: appointments.check_in(act, body.code, body.language), answer
            )
        except UnknownAppointment:
            raise
        except Exception:  # whatever else went wrong, the code was not
            tries.withdraw(asker)
            raise
        tries.clear(asker)
        return issued


def _day(hall: Hall, asked: str | None) -> date:
    """Return the local day that was asked for, today by default.

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
