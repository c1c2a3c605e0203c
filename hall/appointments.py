"""Use cases of appointments: list slots, book, cancel, check in. An appointment has a code and no name."""

from __future__ import annotations

import secrets
from collections import Counter as Count
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hall.arrivals import Issued, issue
from hall.catalogue.model import Catalogue
from hall.hall import Act, Hall
from hall.issuing import local
from hall.ports import Appointment, HallStore
from queueing import appointments as rules
from queueing import events as ev
from queueing.catalogue import ORDINARY
from queueing.errors import (
    AppointmentDone,
    AppointmentTooEarly,
    NoSuchSlot,
    ServiceClosed,
    SlotFull,
    UnknownAppointment,
)

BOOKED, CHECKED_IN, CANCELLED = "booked", "checked_in", "cancelled"
MISSED = "missed"  # set by hall.hall.turn_day
CODE_DIGITS = 6
AHEAD_DAYS = 60  # how far ahead a slot can be booked


@dataclass(frozen=True, slots=True)
class OpenSlot:
    """A slot of a service, how many it takes and how many more may be booked."""

    due_at: datetime
    capacity: int
    free: int


def slots_of(hall: Hall, service: str, day: date, now: datetime) -> list[OpenSlot]:
    """Return the service's slots of a day that have not begun; none where it gives no appointments.

    Raises:
        UnknownService: there is no such service.
    """
    catalogue = hall.catalogue
    offered = catalogue.service(service)
    given = catalogue.hall.appointments.get(service)
    today = local(catalogue, now).date()
    if given is None or not offered.active or not today <= day <= today + timedelta(days=AHEAD_DAYS):
        return []
    taken = Count(booked.due_at for booked in hall.store.appointments(day) if _holds(booked, service))
    capacity = _capacity(catalogue, service)
    return [
        OpenSlot(due_at, capacity, max(0, capacity - taken[due_at]))
        for due_at in _starts(catalogue, service, day)
        if due_at > now
    ]


def book(act: Act, service: str, due_at: datetime) -> Appointment:
    """Book a slot, under a new code.

    Raises:
        UnknownService, ServiceClosed: there is no such service, or it is not offered any more.
        NoSuchSlot: the service gives no appointments at that time.
        SlotFull: nothing of that slot is free.
    """
    if not act.catalogue.service(service).active:
        raise ServiceClosed()
    if not act.at < due_at <= act.at + timedelta(days=AHEAD_DAYS + 1):
        raise NoSuchSlot()  # before its local day is computed, which fails at the ends of the calendar
    day = local(act.catalogue, due_at).date()
    slot = next((slot for slot in slots_of(act.hall, service, day, act.at) if slot.due_at == due_at), None)
    if slot is None:
        raise NoSuchSlot()
    if slot.free == 0:
        raise SlotFull()
    store = act.hall.store
    booked = store.add_appointment(new_code(store, day), service, day, slot.due_at)
    data = ev.AppointmentBooked(
        appointment=booked.id, day=booked.day.isoformat(), due_at=ev.instant(slot.due_at), by=act.by
    )
    act.append(ev.APPOINTMENT_BOOKED, data, service=booked.service)
    return booked


def cancel(act: Act, number: int) -> Appointment:
    """Cancel an appointment that was not checked in.

    Raises:
        UnknownAppointment: there is no such appointment.
        AppointmentDone: it was checked in, cancelled or missed already.
    """
    appointment = act.hall.store.appointment(number)
    if appointment is None:
        raise UnknownAppointment()
    if appointment.state != BOOKED:
        raise AppointmentDone()
    ended = replace(appointment, state=CANCELLED)
    act.hall.store.save_appointment(ended)
    data = ev.AppointmentEnded(appointment=ended.id, day=ended.day.isoformat(), by=act.by)
    act.append(ev.APPOINTMENT_CANCELLED, data, service=ended.service)
    return ended


def check_in(act: Act, code: str, language: str) -> Issued:
    """Issue a ticket to the holder of a code, with the head start that the slot gives (queueing.md C.3).

    Calendar and quotas are not checked: the slot was within them when it was booked.

    Raises:
        UnknownAppointment: no appointment of today has this code.
        AppointmentDone: it was checked in or cancelled already.
        AppointmentTooEarly: check-in opens later.
        ServiceClosed: the service is not offered any more.
        UnknownLanguage: the hall has no such language.
    """
    store, day = act.hall.store, act.floor.day
    assert day is not None, "a refreshed hall has an open day"
    given = code.encode()  # compare_digest takes bytes, or ASCII text only
    appointment = next(
        (known for known in store.appointments(day) if secrets.compare_digest(known.code.encode(), given)), None
    )
    if appointment is None:
        raise UnknownAppointment()
    if appointment.state != BOOKED:
        raise AppointmentDone()
    opens = appointment.due_at - rules.AHEAD
    if act.at < opens:
        raise AppointmentTooEarly(opens=f"{local(act.catalogue, opens):%H:%M}")
    start = rules.head_start(act.at, appointment.due_at)
    issued = issue(act, appointment.service, ORDINARY, start, language, appointment=appointment)
    store.save_appointment(replace(appointment, state=CHECKED_IN, ref=issued.ticket.ref))
    return issued


def _holds(appointment: Appointment, service: str) -> bool:
    return appointment.service == service and appointment.state != CANCELLED


def _starts(catalogue: Catalogue, service: str, day: date) -> list[datetime]:
    zone = ZoneInfo(catalogue.hall.timezone)
    starts = rules.starts(catalogue.hours, service, day, catalogue.hall.appointments[service].slots)
    return [start.replace(tzinfo=zone) for start in starts]


def _capacity(catalogue: Catalogue, service: str) -> int:
    counters = [
        sum(catalogue.services[code].active for code in counter.services) for counter in catalogue.serving(service)
    ]
    return rules.capacity(
        catalogue.hall.appointments[service].slots, counters, catalogue.services[service].service_time
    )


def new_code(store: HallStore, day: date) -> str:
    """Return a code that no other appointment of the day has."""
    used = {appointment.code for appointment in store.appointments(day)}
    return next(code for code in iter(_code, None) if code not in used)


def _code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
