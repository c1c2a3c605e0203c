"""The board: called numbers and counters, nothing of a person."""

from __future__ import annotations

import msgspec

from hall.hall import Hall
from hall.ratings import OPEN, rating_of
from hall.views.counters import state_shown, state_since
from hall.views.services import ServiceView, service_views, services_at
from hall.views.units import instant_or_none, seconds
from queueing.events import instant
from queueing.floor import RECENT_CALLS, WallCall
from queueing.ticket import State


class CallView(msgspec.Struct):
    """A call as the wall shows it."""

    seq: int
    number: str
    counter: int
    at: str
    again: bool
    priority: bool


class CounterBoardView(msgspec.Struct):
    """A counter as the wall shows it."""

    counter: int
    name: str
    state: str
    staffing: str  # open, paused or closed, also while a number is there
    number: str | None
    services: list[str]
    since: str | None
    reason: str | None
    priority: bool
    accessible: bool  # for people with disabilities


class TodayView(msgspec.Struct):
    """The figures of today that the wall shows."""

    served: int
    waiting: int
    mean_wait_s: int | None
    target_s: int


class BoardView(msgspec.Struct):
    """The board: numbers, nothing of a person."""

    seq: int
    at: str
    day: str
    calls: list[CallView]
    recent: list[CallView]
    counters: list[CounterBoardView]
    services: list[ServiceView]
    no_shows: list[str]
    today: TodayView


def board_view(hall: Hall, room: str | None = None) -> BoardView:
    """Return what the wall shows: numbers, nothing of a person; of one room with its counters and services alone."""
    floor, counters = hall.floor, hall.catalogue.counters_in(room)
    here = [call for call in floor.recent if room is None or call.counter in counters]
    standing = [call for call in here if floor.tickets[call.ref].state is State.CALLED]
    return BoardView(
        seq=floor.seq,
        at=instant(hall.now()),
        day=str(floor.day),
        calls=[call_view(call) for call in reversed(standing)],
        recent=[call_view(call) for call in here[:RECENT_CALLS]],
        counters=[_counter_board(hall, number) for number in counters],
        services=services_shown(hall, room),
        no_shows=no_show_numbers(hall, room),
        today=today_view(hall, room),
    )


def services_shown(hall: Hall, room: str | None) -> list[ServiceView]:
    """Return the services whose waiting a wall shows: those that can be served in its room."""
    here = None if room is None else hall.catalogue.services_in(room)
    return [view for view in service_views(hall) if here is None or view.code in here]


class RateableView(msgspec.Struct):
    """The visit that ended last at a counter, where it can still be rated; for the screens of the hall alone."""

    counter: int
    ref: int
    number: str
    at: str  # when it ended


def rateable_views(hall: Hall) -> list[RateableView]:
    """Return of each counter the visit that ended there last, if it can be rated."""
    last = [(counter, hall.floor.tickets[ref]) for counter, ref in sorted(hall.floor.last_finished.items())]
    return [
        RateableView(counter, ticket.ref, ticket.number, instant(ticket.leg.finished_at))
        for counter, ticket in last
        if ticket.leg.finished_at is not None and rating_of(hall, ticket) == OPEN
    ]


def no_show_numbers(hall: Hall, room: str | None = None) -> list[str]:
    """Return the numbers that were called and did not come, and may still return; to a room those it can serve."""
    here = None if room is None else hall.catalogue.services_in(room)
    tickets = (hall.floor.tickets[ref] for ref in hall.floor.no_shows)
    return [ticket.number for ticket in tickets if here is None or ticket.service in here]


def call_view(call: WallCall) -> CallView:
    """Return a call as the wall shows it."""
    return CallView(call.seq, call.number, call.counter, instant(call.at), call.again, call.priority)


def today_view(hall: Hall, room: str | None = None) -> TodayView:
    """Return the figures of today that the wall shows; of a room who may be called there, and no others."""
    floor = hall.floor
    if room is not None:
        waiting = sum(floor.waiting.count(service) for service in hall.catalogue.services_in(room))
        return TodayView(0, waiting, None, seconds(hall.catalogue.hall.target))
    return TodayView(
        served=floor.served,
        waiting=len(floor.waiting),
        mean_wait_s=floor.waits_s // floor.waits if floor.waits else None,
        target_s=seconds(hall.catalogue.hall.target),
    )


def _counter_board(hall: Hall, number: int) -> CounterBoardView:
    counter, counter_state, ticket = (
        hall.catalogue.counters[number],
        hall.floor.counter_state(number),
        hall.floor.at_counter(number),
    )
    return CounterBoardView(
        counter=number,
        name=counter.name,
        state=state_shown(counter_state, ticket),
        staffing=counter_state.staffing.value,
        number=ticket.number if ticket else None,
        services=services_at(hall, counter),
        since=instant_or_none(state_since(counter_state, ticket)),
        reason=counter_state.reason,
        priority=ticket is not None and ticket.favoured,
        accessible=counter.accessible,
    )
