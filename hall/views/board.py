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


def board_view(hall: Hall) -> BoardView:
    """Return what the wall shows: numbers, nothing of a person."""
    floor = hall.floor
    standing = [call for call in floor.recent if floor.tickets[call.ref].state is State.CALLED]
    return BoardView(
        seq=floor.seq,
        at=instant(hall.now()),
        day=str(floor.day),
        calls=[call_view(call) for call in reversed(standing)],
        recent=[call_view(call) for call in floor.recent[:RECENT_CALLS]],
        counters=[_counter_board(hall, number) for number in hall.catalogue.counters],
        services=service_views(hall),
        no_shows=no_show_numbers(hall),
        today=today_view(hall),
    )


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


def no_show_numbers(hall: Hall) -> list[str]:
    """Return the numbers that were called and did not come, and may still return."""
    return [hall.floor.tickets[ref].number for ref in hall.floor.no_shows]


def call_view(call: WallCall) -> CallView:
    """Return a call as the wall shows it."""
    return CallView(call.seq, call.number, call.counter, instant(call.at), call.again, call.priority)


def today_view(hall: Hall) -> TodayView:
    """Return the figures of today that the wall shows."""
    floor = hall.floor
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
    )
