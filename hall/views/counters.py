"""A counter as the staff see it: its state, and who is at it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from hall.hall import Hall
from hall.ports import NameOf
from hall.undo import UNDO_WINDOW, last_act, who
from hall.views.services import services_at
from hall.views.units import instant_or_none, seconds
from hall.why import WhyView, why
from queueing.events import instant
from queueing.floor import CounterState, CounterWish, LastCall, Staffing
from queueing.ticket import State, Ticket, whole_seconds


class CounterWishView(msgspec.Struct):
    """What a supervisor asked of a counter, and what was answered there."""

    asked: int  # the seq of the event
    at: str
    wish: str
    answer: str | None
    answered_at: str | None


class CounterStateView(msgspec.Struct):
    """A counter: its state, and who staffs it."""

    counter: int
    name: str
    state: str
    services: list[str]
    since: str | None
    reason: str | None
    clerk: str | None
    clerk_name: str | None
    mine: bool
    wish: CounterWishView | None  # what a supervisor asked of it and was not done yet


class AtCounterView(msgspec.Struct):
    """The ticket called to a counter or served there."""

    ref: int
    number: str
    service: str
    priority_class: str
    head_start_s: int  # as given when it was issued, not that of the present policy
    state: str
    issued_at: str
    wait_s: int
    called_at: str
    called_seq: int
    calls: int
    started_at: str | None
    reason: str | None
    passed: int
    why: WhyView | None
    dossiers: int
    people: int
    visual_call: bool  # its holder does not hear a call: wave
    moved_from: list[str]  # the numbers it had before it was moved to another service
    dossier_codes: list[str]  # of receipts, noted while it is served
    by_hand: str | None  # why the clerk called it out of turn; null: called by the rule
    goes_on: bool  # transferred, held or returned before
    no_show_from: str | None  # when "did not come" is to be offered; null while it must be called again


class UndoView(msgspec.Struct):
    """The last action of a counter, which can be undone until `until`."""

    number: str  # empty for what was done to the counter itself
    kind: str  # of its last event
    until: str


class CounterView(msgspec.Struct):
    """A counter with its ticket, as the answer to an action there."""

    seq: int
    at: str
    counter: CounterStateView
    ticket: AtCounterView | None
    undo: UndoView | None


def state_shown(counter_state: CounterState, ticket: Ticket | None) -> str:
    """Return one word for a counter: called, serving, idle, paused or closed."""
    if ticket is not None:
        return ticket.state.value
    return "idle" if counter_state.staffing is Staffing.OPEN else counter_state.staffing.value


def state_since(counter_state: CounterState, ticket: Ticket | None) -> datetime | None:
    """Return since when a counter is in the state that is shown."""
    return counter_state.since if ticket is None else served_since(ticket) or ticket.leg.called_at


def served_since(ticket: Ticket) -> datetime | None:
    """Return when the present stretch of service began: after a hold it is a new one."""
    return ticket.leg.turned_at if ticket.state is State.SERVING else None


def counter_state_view(hall: Hall, number: int, asker: str, name_of: NameOf) -> CounterStateView:
    """Return a counter as `asker` sees it."""
    counter, counter_state, ticket = (
        hall.catalogue.counter(number),
        hall.floor.counter_state(number),
        hall.floor.at_counter(number),
    )
    return CounterStateView(
        counter=number,
        name=counter.name,
        state=state_shown(counter_state, ticket),
        services=services_at(hall, counter),
        since=instant_or_none(state_since(counter_state, ticket)),
        reason=counter_state.reason,
        clerk=counter_state.clerk,
        clerk_name=name_of(counter_state.clerk) if counter_state.clerk else None,
        mine=counter_state.clerk == asker,
        wish=_wish_view(hall.floor.wishes.get(number)),
    )


def _wish_view(wish: CounterWish | None) -> CounterWishView | None:
    if wish is None:
        return None
    return CounterWishView(wish.seq, instant(wish.at), wish.wish, wish.answer, instant_or_none(wish.answered_at))


def at_counter_view(hall: Hall, number: int) -> AtCounterView | None:
    """Return the ticket at a counter, None if there is none."""
    ticket = hall.floor.at_counter(number)
    if ticket is None or ticket.leg.called_at is None:
        return None
    leg, called = ticket.leg, hall.floor.calls.get(ticket.ref)
    called_at = called.at if called and called.at else ticket.leg.called_at
    return AtCounterView(
        ref=ticket.ref,
        number=ticket.number,
        service=ticket.service,
        priority_class=ticket.priority_class,
        head_start_s=seconds(ticket.head_start),
        state=ticket.state.value,
        issued_at=instant(ticket.issued_at),
        wait_s=sum(whole_seconds(leg.called_at, leg.queued_at) for leg in ticket.legs if leg.called_at),
        called_at=instant(called_at),
        called_seq=called.seq if called else 0,
        calls=called.times if called else leg.calls,
        started_at=instant_or_none(served_since(ticket)),
        reason=called.reason if called else None,
        passed=called.passes if called else 0,
        why=why(hall, ticket),
        dossiers=ticket.dossiers,
        people=ticket.people,
        visual_call=hall.floor.wants_visual_call(ticket.ref),
        moved_from=[number for number, ref in hall.floor.moved.items() if ref == ticket.ref],
        dossier_codes=hall.store.dossier_codes(ticket.ref) if ticket.state is State.SERVING else [],
        by_hand=next((call.why for call in hall.floor.by_hand if called and call.seq == called.seq), None),
        goes_on=len(ticket.legs) > 1 or leg.holds > 0 or ticket.returned > 0,
        no_show_from=_no_show_from(hall, called) if ticket.state is State.CALLED else None,
    )


def _no_show_from(hall: Hall, called: LastCall | None) -> str | None:
    """Return when "did not come" is offered: after `no_show_calls` calls and the gap; None before."""
    own = hall.catalogue.hall
    if called is None or called.at is None:
        return None
    if called.times < own.no_show_calls:
        return None
    return instant((called.again_at or called.at) + own.no_show_gap)


def undo_view(hall: Hall, number: int, asker: str) -> UndoView | None:
    """Return the last action of a counter, None if `asker` cannot undo it."""
    last = last_act(hall, number)
    closed = hall.floor.counter_state(number).staffing is Staffing.CLOSED
    if last is None or (closed and who(last.event) != asker):
        return None
    return UndoView(last.number, last.event.kind, instant(last.event.at + UNDO_WINDOW))


def counter_view(hall: Hall, number: int, asker: str, name_of: NameOf) -> CounterView:
    """Return a counter with its ticket, as the answer to an action of `asker` there."""
    return CounterView(
        hall.floor.seq,
        instant(hall.now()),
        counter_state_view(hall, number, asker, name_of),
        at_counter_view(hall, number),
        undo_view(hall, number, asker),
    )
