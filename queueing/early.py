"""Early stops: services that were held, or counters that were paused, within the first minute of a service.

The wait ends with the call, so a service that is started and put aside at once shortens the wait on paper alone. A list
of such stops lets an inspector ask; a copy that was forgotten has the same look and is no fault.
"""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from queueing import events as ev
from queueing.events import Event
from queueing.ticket import whole_seconds

FIRST_S = 60


class Stop(NamedTuple):
    """Where an early stop happened: day, counter and the clerk who pressed, and what it was: "hold" or "pause"."""

    day: date
    counter: int
    clerk: str
    what: str


def early_stops(events: Iterable[Event]) -> dict[Stop, int]:
    """Count the early stops in these events, the first of which is a `day.opened`.

    A stretch of service counts from each `ticket.started`, also from one after a hold. What was undone did not happen.
    """
    listed = list(events)
    undone = {event.data["undoes"] for event in listed if ev.TICKET_UNDONE.marks(event)}
    stops: Count[Stop] = Count()
    started: dict[int, datetime] = {}  # counter -> when its service began
    day: date | None = None
    for event in listed:
        if ev.DAY_OPENED.marks(event):
            day, started = date.fromisoformat(event.data["day"]), {}
        if event.counter is None or event.seq in undone:
            continue
        if event.kind == ev.TICKET_STARTED:
            started[event.counter] = event.at
        elif event.kind in _ENDS:
            began = started.pop(event.counter, None)
            if event.kind == ev.TICKET_HELD and began is not None:
                _add(stops, event, day, began, "hold")
        elif event.kind == ev.COUNTER_PAUSED and event.counter in started:
            _add(stops, event, day, started[event.counter], "pause")
    return dict(stops)


def _add(stops: Count[Stop], event: Event, day: date | None, began: datetime, what: str) -> None:
    if day is not None and whole_seconds(event.at, began) < FIRST_S:
        stops[Stop(day, event.counter_number, str(event.data["by"]), what)] += 1


_ENDS = frozenset(map(str, (ev.TICKET_HELD, ev.TICKET_FINISHED, ev.TICKET_TRANSFERRED)))
