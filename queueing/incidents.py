"""Incidents: how long counters were paused because something failed that nobody at the counter could help."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from queueing import events as ev
from queueing.catalogue import FAULT_REASONS
from queueing.events import Event
from queueing.ticket import whole_seconds


@dataclass(slots=True)
class Incident:
    """A time in which at least one counter was paused for one reason of FAULT_REASONS, without a gap.

    From the pause of the first counter to the end of the pause of the last: its resuming, opening or closing, a pause
    for another reason, or the end of the day. `ended_at` is None while it lasts.
    """

    day: date
    reason: str
    began_at: datetime
    ended_at: datetime | None = None
    counters: set[int] = field(default_factory=set)  # that were paused in it

    @property
    def seconds(self) -> int | None:
        """Return how long it lasted; None while it lasts."""
        return None if self.ended_at is None else whole_seconds(self.ended_at, self.began_at)


def incidents(events: Iterable[Event]) -> list[Incident]:
    """Return the incidents in these events, the first of which is a `day.opened`, in order of their beginning."""
    every: list[Incident] = []
    lasting: dict[str, Incident] = {}  # reason -> the incident that goes on
    paused: dict[int, str] = {}  # counter -> the fault it is paused for
    day: date | None = None
    for event in events:
        if ev.DAY_OPENED.marks(event):
            day = date.fromisoformat(event.data["day"])
        elif event.kind == ev.DAY_CLOSED:
            for incident in lasting.values():
                incident.ended_at = event.at
            lasting, paused = {}, {}
        elif event.counter is not None and event.kind in _STAFFING:
            reason = str(event.data["reason"]) if ev.COUNTER_PAUSED.marks(event) else ""
            before = paused.pop(event.counter, "")
            if reason in FAULT_REASONS and day is not None:
                paused[event.counter] = reason
                if reason not in lasting:
                    lasting[reason] = Incident(day, reason, event.at)
                    every.append(lasting[reason])
                lasting[reason].counters.add(event.counter)
            if before and before not in paused.values():
                lasting.pop(before).ended_at = event.at
    return every


_STAFFING = frozenset(map(str, (ev.COUNTER_PAUSED, ev.COUNTER_RESUMED, ev.COUNTER_OPENED, ev.COUNTER_CLOSED)))
