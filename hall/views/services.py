"""The services: whether a number can be had now, how many wait, how long it will take."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from hall.appointments import BOOKED
from hall.catalogue.model import Counter
from hall.forecaster import Newcomer, Quantiles
from hall.forecasts import called_between, open_counters
from hall.hall import Hall
from hall.issuing import ClosingWarning, closing_warning
from hall.issuing import issuing as issuing_of
from hall.views.units import instant_or_none, seconds
from queueing.events import instant
from queueing.opening import shifts_of


class ForecastView(msgspec.Struct):
    """The forecast of a wait in seconds: it is below each with the probability 10, 50 and 80 %.

    `between`: the two instants of p50 and p80, rounded to five minutes, where a break or the closing lies before the
    call; null: the minutes say enough.
    """

    p10_s: int
    p50_s: int
    p80_s: int
    between: list[str] | None


class ClosingWarningView(msgspec.Struct):
    """Taken now, a number will probably not be called today: when the service closes, and when it opens again."""

    closes_at: str
    next_at: str | None


class ServiceView(msgspec.Struct):
    """A service as the screens show it."""

    code: str
    prefix: str
    names: dict[str, str]
    hints: dict[str, str]
    icon: str
    family: int
    position: int
    open: bool  # whether a number can be had now
    closed: str | None  # why not: "retired", or one of queueing.opening.Closed
    opens_at: str | None  # when numbers are issued again, if the calendar has such a time
    appointments: bool  # whether it gives appointments
    unlikely: ClosingWarningView | None  # one who took a number now would probably not be called before closing
    waiting: int
    ahead: int  # how many will be called before one who takes an ordinary number now
    forecast: ForecastView | None
    counters: list[int]
    counters_open: list[int]
    target_s: int


class ShiftView(msgspec.Struct):
    """One shift in local time, such as "07:30"."""

    opens: str
    closes: str
    issues_from: str
    issues_to: str


class WorkdayView(msgspec.Struct):
    """Today's shifts of all services; null: numbers are issued at any hour. `name` of a special day."""

    shifts: list[ShiftView] | None
    name: str | None


class ServicesView(msgspec.Struct):
    """What can be chosen now, and the hours of today."""

    seq: int
    at: str
    services: list[ServiceView]
    workday: WorkdayView
    appointments_due: bool  # whether somebody with an appointment of today has not come yet


def service_views(hall: Hall) -> list[ServiceView]:
    """Return every service on offer, in the order of the kiosk; a retired one until its last citizen is served."""
    catalogue, floor, now = hall.catalogue, hall.floor, hall.now()
    issuing = {code: issuing_of(catalogue, floor, code, now) for code in catalogue.services}
    ahead = {code: hall.before_newcomer(code) for code in catalogue.services}
    forecasts = {code: hall.forecast_newcomer(code, ahead[code]) for code in catalogue.services}
    return [
        ServiceView(
            code=service.code,
            prefix=service.prefix,
            names=dict(service.names),
            hints=dict(service.hints),
            icon=service.icon,
            family=service.family,
            position=service.position,
            open=service.active and issuing[service.code].open,
            closed=issuing[service.code].closed if service.active else "retired",
            opens_at=instant_or_none(issuing[service.code].opens_at) if service.active else None,
            appointments=service.code in hall.catalogue.hall.appointments,
            unlikely=_closing_warning_view(
                closing_warning(
                    catalogue, service.code, now, forecasts[service.code], hall.forecaster.too_late(service.code)
                )
            ),
            waiting=floor.waiting.count(service.code),
            ahead=ahead[service.code],
            forecast=newcomer_view(hall, service.code, forecasts[service.code]),
            counters=[counter.number for counter in catalogue.serving(service.code)],
            counters_open=open_counters(catalogue, floor, service.code),
            target_s=seconds(service.target),
        )
        for service in catalogue.services.values()
        if is_shown(hall, service.code)
    ]


def _closing_warning_view(late: ClosingWarning | None) -> ClosingWarningView | None:
    return None if late is None else ClosingWarningView(instant(late.closes_at), instant_or_none(late.next_at))


def is_shown(hall: Hall, code: str) -> bool:
    """Return whether a service is shown: it is offered, or somebody waits for it or is served."""
    floor, service = hall.floor, hall.catalogue.services.get(code)
    if service is None:
        return False
    at_counters = (floor.at_counter(number) for number in floor.counter_states)
    return (
        service.active
        or floor.waiting.count(code) > 0
        or any(ticket is not None and ticket.service == code for ticket in at_counters)
    )


def services_at(hall: Hall, counter: Counter) -> list[str]:
    """Return the services of a counter that are shown."""
    return [code for code in sorted(counter.services) if is_shown(hall, code)]


def services_view(hall: Hall, room: str | None = None) -> ServicesView:
    """Return what can be chosen now, and the hours of today; to a kiosk in a room what is served there first."""
    views, today = service_views(hall), hall.local_day(hall.now())
    if room is not None:
        here = hall.catalogue.services_in(room)
        in_order = sorted(views, key=lambda view: (view.code not in here, view.position))
        views = [replace(view, position=n) for n, view in enumerate(in_order, start=1)]
    return ServicesView(
        seq=hall.floor.seq,
        at=instant(hall.now()),
        services=views,
        workday=workday_view(hall),
        appointments_due=BOOKED in hall.store.appointment_counts(today, today),
    )


def workday_view(hall: Hall) -> WorkdayView:
    """Return the hours of today."""
    hours, day = hall.catalogue.hours, hall.local_day(hall.now())
    active = [code for code, service in hall.catalogue.services.items() if service.active]
    shifts, special = shifts_of(hours, day, active), hours.special(day)
    return WorkdayView(
        shifts=None
        if shifts is None
        else [
            ShiftView(*(f"{edge:%H:%M}" for edge in (shift.opens, shift.closes, shift.issues_from, shift.issues_to)))
            for shift in shifts
        ],
        name=None if special is None else special.name,
    )


def newcomer_view(hall: Hall, service: str, expected: Newcomer | None) -> ForecastView | None:
    """Return the forecast for a newcomer as the API shows it, None if there is none."""
    return None if expected is None else forecast_view(hall, service, expected.shown)


def forecast_view(hall: Hall, service: str, expected: Quantiles | None) -> ForecastView | None:
    """Return a forecast as the API shows it, None if there is none."""
    if expected is None:
        return None
    between = called_between(hall.catalogue, service, hall.now(), expected)
    instants = None if between is None else [instant(at) for at in between]
    return ForecastView(expected.p10_s, expected.p50_s, expected.p80_s, instants)
