"""Why a ticket was called, or why it still waits: the code and the parameters of a sentence.

The sentences are in the texts under `why`. They say of others only how many arrived earlier or come first.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from hall.forecasts import open_counters
from hall.hall import Hall
from hall.visits import RETURN_WINDOW
from queueing.catalogue import FAULT_REASONS
from queueing.events import instant
from queueing.floor import Staffing
from queueing.ticket import State, Ticket, whole_seconds

Params = dict[str, int | str | None]


class WhyView(msgspec.Struct):
    """`why.<code>` of the texts, and its parameters; times are instants."""

    code: str
    params: Params


def why(hall: Hall, ticket: Ticket) -> WhyView | None:
    """Return why the ticket is where it is; None for one that is finished, cancelled or expired."""
    match ticket.state:
        case State.CALLED | State.SERVING:
            return why_called(hall, ticket)
        case State.WAITING:
            return _why_waiting(hall, ticket)
        case State.HELD:
            hold = hall.floor.holds.get(ticket.ref)
            if hold is None:
                return None
            until = None if hold.until is None else instant(hold.until)
            return WhyView("held" if until is None else "held_until", {"counter": hold.counter, "until": until})
        case State.NO_SHOW:
            until = return_until(hall, ticket)
            return WhyView("missed_over" if until is None else "missed", {"until": until})
    return None


def why_longer(hall: Hall, ticket: Ticket) -> WhyView | None:
    """Return why a waiting ticket waits longer than it was shown before; None where it does not."""
    if ticket.state is not State.WAITING or not hall.forecaster.grew(ticket.ref):
        return None
    for counter in hall.catalogue.serving(ticket.service):
        state = hall.floor.counter_state(counter.number)
        if state.staffing is Staffing.OPEN or state.since is None or state.since < ticket.issued_at:
            continue
        code = "longer_fault" if state.reason in FAULT_REASONS else f"longer_{state.staffing.value}"
        return WhyView(code, {"counter": counter.number})
    if hall.floor.waiting.passed(ticket.ref):
        return WhyView("longer_others", {})
    return WhyView("longer_service", {})


def why_longer_for(hall: Hall, service: str) -> WhyView | None:
    """Return why they wait longer for a service than they were shown: of those it holds for, the earliest to come."""
    places = sorted(hall.floor.waiting.places((service,)), key=lambda place: place.order)
    return next((why for place in places if (why := why_longer(hall, hall.floor.tickets[place.ref]))), None)


def return_until(hall: Hall, ticket: Ticket) -> str | None:
    """Return until when a no-show may have the place back; None if it may not, or not again."""
    no_show_at = hall.floor.no_show_at.get(ticket.ref)
    return None if no_show_at is None or ticket.returned else instant(no_show_at + RETURN_WINDOW)


def why_called(hall: Hall, ticket: Ticket) -> WhyView | None:
    """Return why this ticket was called when it was; None when it was not called today."""
    called = hall.floor.calls.get(ticket.ref)
    if called is None:
        return None
    minutes = whole_seconds(ticket.issued_at, ticket.issued_at - ticket.head_start) // 60
    params: Params = {"cap": hall.catalogue.policy.cap, "minutes": minutes, "passes": called.passes}
    return WhyView(f"called_{called.reason.lower()}", params)


def _why_waiting(hall: Hall, ticket: Ticket) -> WhyView | None:
    waiting = hall.floor.waiting
    place = waiting.place(ticket.ref)
    if place is None:
        return None
    if place.counter is not None and place.jump_reason is not None:
        return WhyView("kept", {"counter": place.counter})
    if place.sits_out_next_call:
        return WhyView("later", {})
    counters = (
        [place.counter] if place.counter is not None else open_counters(hall.catalogue, hall.floor, ticket.service)
    )
    if hall.floor.open_counters.isdisjoint(counters):
        return WhyView("no_counter", {})
    earlier, others = hall.before(place)
    passed = waiting.passed(ticket.ref)
    params: Params = {
        "earlier": earlier,
        "others": others,
        "passed": passed,
        "cap": hall.catalogue.policy.cap,
    }
    if not earlier + others:
        return WhyView("next", params)
    delay = hall.floor.delays.get(ticket.ref)
    if delay is not None:
        # Rounded up, so that nobody counts as earlier than is said.
        return WhyView("deferred", {"minutes": -(-delay // timedelta(minutes=1)), "ahead": earlier + others})
    if not earlier:
        return WhyView("ahead_others", params)
    if passed >= hall.catalogue.policy.cap:
        return WhyView("worn", params)
    return WhyView("ahead_both" if others else "ahead", params)
