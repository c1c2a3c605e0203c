"""The live part of a console: the queue in the order of calling, who may come back, what is held."""

from __future__ import annotations

import msgspec

from hall.arrivals import may_be_lost
from hall.hall import Hall
from hall.ports import NameOf
from hall.views.counters import (
    AtCounterView,
    CounterStateView,
    UndoView,
    at_counter_view,
    counter_state_view,
    undo_view,
)
from hall.views.printers import PrinterView, printer_views
from hall.views.units import instant_or_none, seconds
from hall.why import return_until
from queueing import metrics
from queueing.dispatch import calling_order
from queueing.events import instant
from queueing.floor import Staffing
from queueing.ticket import Ticket

QUEUE_SHOWN = 50


class QueuedView(msgspec.Struct):
    """One who waits, in the order of calling."""

    ref: int
    number: str
    service: str
    priority_class: str
    head_start_s: int  # as given when it was issued, not that of the present policy
    issued_at: str
    passed: int
    reason: str
    mark: str | None  # returned, transferred, later, deferred or moved: its place has another reason than its arrival
    people: int
    visual_call: bool  # its holder does not hear a call


class NoShowView(msgspec.Struct):
    """A number that did not come when it was called."""

    ref: int
    number: str
    until: str | None  # until when it may come back


class HeldView(msgspec.Struct):
    """A ticket that is held for this counter."""

    ref: int
    number: str
    service: str
    since: str
    until: str | None


class CounterTodayView(msgspec.Struct):
    """What this counter has done today."""

    served: int
    median_service_s: int | None


class ConsoleView(msgspec.Struct):
    """The live part of a console."""

    seq: int
    at: str
    counter: CounterStateView
    ticket: AtCounterView | None
    queue: list[QueuedView]
    waiting: int
    only_here: int  # of them, whom no other open or paused counter could call
    no_shows: list[NoShowView]
    held: list[HeldView]  # kept for this counter
    undo: UndoView | None
    prefer: int | None  # an idle counter with fewer services that should call the next one
    by_hand: bool  # whether a number may be called out of turn
    most_dossiers: int
    restored: bool  # after a restore: papers may bear lost numbers of today, to be entered by hand
    open_counters: list[int]  # of the whole hall: where a ticket may be transferred to
    today: CounterTodayView
    printing: bool  # whether there is a printer at all
    printers: list[PrinterView]


def console_view(hall: Hall, number: int, asker: str, name_of: NameOf) -> ConsoleView:
    """Return the live part of a console."""
    floor = hall.floor
    services = hall.catalogue.counter(number).services
    tally = floor.served_at(number)
    order = calling_order(floor.waiting, sorted(services), hall.catalogue.policy.cap, QUEUE_SHOWN, number)
    queue = []
    for choice, passed in order:
        ticket = floor.tickets[choice.ref]
        queue.append(
            QueuedView(
                ref=ticket.ref,
                number=ticket.number,
                service=ticket.service,
                priority_class=ticket.priority_class,
                head_start_s=seconds(ticket.head_start),
                issued_at=instant(ticket.issued_at),
                passed=passed,
                reason=choice.reason.value,
                mark=_mark(hall, ticket),
                people=ticket.people,
                visual_call=floor.wants_visual_call(ticket.ref),
            )
        )
    return ConsoleView(
        seq=floor.seq,
        at=instant(hall.now()),
        counter=counter_state_view(hall, number, asker, name_of),
        ticket=at_counter_view(hall, number),
        queue=queue,
        waiting=floor.waiting.count_for(sorted(services), number),
        only_here=_only_here(hall, number),
        no_shows=[
            NoShowView(ref, floor.tickets[ref].number, return_until(hall, floor.tickets[ref])) for ref in floor.no_shows
        ],
        held=[
            HeldView(
                ref,
                floor.tickets[ref].number,
                floor.tickets[ref].service,
                instant(floor.tickets[ref].leg.turned_at or floor.tickets[ref].issued_at),
                instant_or_none(hold.until),
            )
            for ref, hold in floor.holds.items()
            if hold.counter == number
        ],
        undo=undo_view(hall, number, asker),
        prefer=_prefer(hall, number, floor.tickets[order[0][0].ref].service) if order else None,
        by_hand=hall.catalogue.policy.by_hand,
        most_dossiers=hall.catalogue.hall.most_dossiers,
        restored=may_be_lost(hall),
        open_counters=[other for other in hall.catalogue.counters if other in floor.open_counters],
        today=CounterTodayView(tally.finished, metrics.nearest_rank(sorted(tally.service_s), 50)),
        printing=bool(hall.printers),
        printers=printer_views(hall),
    )


def _only_here(hall: Hall, number: int) -> int:
    """Return how many wait whom nobody could call if this counter closed."""
    floor = hall.floor
    return sum(
        floor.waiting.count(service)
        for service in hall.catalogue.counter(number).services
        if all(
            other.number == number or floor.counter_state(other.number).staffing is Staffing.CLOSED
            for other in hall.catalogue.serving(service)
        )
    )


def _mark(hall: Hall, ticket: Ticket) -> str | None:
    place = hall.floor.waiting.place(ticket.ref)
    if place is not None and place.sits_out_next_call:
        return "later"
    if ticket.ref in hall.floor.delays:
        return "deferred"
    if ticket.ref in hall.floor.moved.values():
        return "moved"
    if ticket.leg.holds or ticket.returned:
        return "returned"
    return "transferred" if len(ticket.legs) > 1 else None


def _prefer(hall: Hall, number: int, service: str) -> int | None:
    """Return the idle counter of the service with the fewest services, if it has fewer than this one; else None."""
    floor, counters = hall.floor, hall.catalogue.counters
    idle = [
        other
        for other in hall.catalogue.serving(service)
        if floor.counter_state(other.number).staffing is Staffing.OPEN and floor.counter_state(other.number).ref is None
    ]
    best = min(idle, key=lambda other: (len(other.services), other.number), default=None)
    if best is None or counters[number] not in idle or len(best.services) >= len(counters[number].services):
        return None
    return best.number
