"""A ticket as its holder and the staff see it."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from hall.forecasts import help_counters, open_counters
from hall.hall import Hall
from hall.printing import is_marked
from hall.ratings import rating_of
from hall.views.hall import NoticeView, notice_view
from hall.views.services import ForecastView, forecast_view
from hall.views.units import instant_or_none, seconds
from hall.why import WhyView, why, why_longer
from hall.wishes import deferrals_left, take_back_until
from queueing.events import instant
from queueing.ticket import State, Ticket
from queueing.wishes import DEFER_MINUTES, DEFER_PEOPLE


class PrintView(msgspec.Struct):
    """The last print of a ticket: queued, sent, printed or failed; `cause` where something is wrong."""

    state: str
    copy: bool
    cause: str | None


class DeferView(msgspec.Struct):
    """What a holder who wants to be called later may ask for: minutes, or to let people pass.

    `left`: how often still; `behind`: how many wait behind the ticket for its service, of whom up to `people` may pass.
    """

    left: int
    minutes: list[int]
    people: int
    behind: int


class TicketView(msgspec.Struct):
    """A ticket for its holder and for staff."""

    id: str | None
    ref: int
    number: str
    service: str
    priority_class: str
    state: str
    issued_at: str
    due_at: str | None  # when the appointment begins with which its holder came
    people_ahead: int
    forecast: ForecastView | None
    counters: list[int]
    counters_open: list[int]  # those of them that are open now
    help_counters: list[int]  # open ones, for whom misses the call; empty: no counter is open
    counter: int | None
    room: dict[str, str] | None  # the name of the room of that counter, else of the only one in which it is served
    called_at: str | None
    calls: int
    started_at: str | None
    finished_at: str | None
    why: WhyView | None  # why this one, or why not yet
    longer: WhyView | None  # why the wait is longer than was shown before
    people: int  # who came together with this one ticket
    moved_from: list[str]  # the numbers it had before it was moved to another service
    defer: DeferView | None  # null: it cannot be put off, or not again
    delay_s: int  # how much later than its issue it counts as having arrived, at its holder's wish
    visual_call: bool  # whether the holder wants to be called so that it is seen
    rating: str | None  # "open": the holder may rate the visit; "given": it was rated; null: not to be rated
    take_back_until: str | None  # until when the holder may take the cancel back; null: only staff may
    notice: NoticeView | None  # the message to all who wait
    follow_url: str | None
    print: PrintView | None  # null: there is no printer, the screen shows the picture


def ticket_view(hall: Hall, ticket: Ticket, ticket_id: str | None, public_url: str | None) -> TicketView:
    """Return a ticket for its holder, who knows the id, or for staff, who do not (`ticket_id` None)."""
    ahead, wait = 0, None
    place = hall.floor.waiting.place(ticket.ref)
    if place is not None:
        ahead = hall.before(place).people
        wait = hall.forecast_waiting(place)
    at_counter = ticket.state in (State.CALLED, State.SERVING)
    leg = ticket.leg
    counter = leg.counter if at_counter else None
    names = hall.catalogue.room_names(ticket.service, counter)
    return TicketView(
        id=ticket_id,
        ref=ticket.ref,
        number=ticket.number,
        service=ticket.service,
        priority_class=ticket.priority_class,
        state=ticket.state.value,
        issued_at=instant(ticket.issued_at),
        due_at=instant_or_none(hall.floor.due_at(ticket.ref)),
        people_ahead=ahead,
        forecast=forecast_view(hall, ticket.service, wait),
        counters=[counter.number for counter in hall.catalogue.serving(ticket.service)],
        counters_open=open_counters(hall.catalogue, hall.floor, ticket.service),
        help_counters=help_counters(hall.catalogue, hall.floor, ticket.service),
        counter=counter,
        room=None if names is None else dict(names),
        called_at=instant_or_none(leg.called_at),
        calls=leg.calls,
        started_at=instant_or_none(leg.started_at),
        finished_at=instant_or_none(leg.finished_at),
        why=why(hall, ticket),
        longer=why_longer(hall, ticket),
        people=ticket.people,
        moved_from=[number for number, ref in hall.floor.moved.items() if ref == ticket.ref],
        defer=defer_view(hall, ticket),
        delay_s=seconds(hall.floor.delays.get(ticket.ref, timedelta())),
        visual_call=hall.floor.wants_visual_call(ticket.ref),
        rating=rating_of(hall, ticket),
        take_back_until=instant_or_none(take_back_until(hall, ticket)),
        notice=notice_view(hall),
        follow_url=f"{public_url}/t/{ticket_id}" if public_url and ticket_id else None,
        print=print_view(hall, ticket.ref),
    )


def defer_view(hall: Hall, ticket: Ticket) -> DeferView | None:
    """Return what the holder may ask for who wants to be called later; None if nothing."""
    left, place = deferrals_left(hall, ticket), hall.floor.waiting.place(ticket.ref)
    if not left or place is None:
        return None
    return DeferView(left, list(DEFER_MINUTES), DEFER_PEOPLE, hall.floor.waiting.count_after(place.service, place.key))


class NumberView(msgspec.Struct):
    """What anybody in the hall may know of a number: where it stands, and nothing of who holds it."""

    ref: int | None  # the ticket, for staff; null for everybody else
    number: str
    state: str
    people_ahead: int
    forecast: ForecastView | None
    counters: list[int]
    counters_open: list[int]  # those of them that are open now
    counter: int | None  # where it is called to or served


def number_view(hall: Hall, ticket: Ticket, *, staff: bool) -> NumberView:
    """Return where a number stands, and for staff which ticket it is.

    Why it was called, which may show a priority, is its holder's alone.
    """
    own = ticket_view(hall, ticket, None, None)
    ref = own.ref if staff else None
    return NumberView(
        ref, own.number, own.state, own.people_ahead, own.forecast, own.counters, own.counters_open, own.counter
    )


def print_view(hall: Hall, ref: int) -> PrintView | None:
    """Return the last print of a ticket, None if there is no printer."""
    job = hall.store.last_print(ref)
    return None if job is None else PrintView(job.state, is_marked(hall, job), job.cause)
