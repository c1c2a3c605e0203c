"""Slips and skips: how often somebody who came later was served first (queueing.md E; Larson 1987).

A call that led to a service makes a skip for each earlier arrival it passed: those who waited then and whom the
same counter could have called. Each of these has slipped once. So both totals are equal, whatever the calls were.
They are counted independently: skips from the `passes` of each call, slips from who was in the queue.
"""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from queueing import events as ev
from queueing.dispatch import BY_RULE
from queueing.events import Event
from queueing.floor import Floor
from queueing.metrics import Spread, spread


@dataclass(slots=True)
class Slips:
    """The slips and skips of one day, by the reason of the calls."""

    calls: Count[str] = field(default_factory=Count)  # that led to a service
    skips: Count[str] = field(default_factory=Count)
    slips: dict[str, Count[int]] = field(default_factory=dict)  # reason -> ticket -> how often it slipped

    def total(self, reason: str) -> int:
        """Return the slips by calls of this reason, over all tickets."""
        return sum(self.slips.get(reason, Count()).values())

    def passed(self, reason: str) -> Spread:
        """Return the distribution of slips over the tickets that slipped at least once."""
        return spread(times for times in self.slips.get(reason, Count()).values() if times)

    def _add(self, call: _Call, times: int) -> None:
        self.calls[call.reason] += times
        self.skips[call.reason] += times * call.passes
        slipped = self.slips.setdefault(call.reason, Count())
        for ref in call.passed:
            slipped[ref] += times


@dataclass(frozen=True, slots=True)
class _Call:
    seq: int
    reason: str
    passes: int
    passed: tuple[int, ...]


def slips_by_day(events: Iterable[Event]) -> dict[date, Slips]:
    """Count the slips of every day in these events, the first of which is a `day.opened`.

    A call belongs to the day on which it was made.
    """
    days: dict[date, Slips] = {}
    floor = Floor()
    calls: dict[int, _Call] = {}  # ref -> its last call
    began: dict[int, _Call] = {}  # seq of a start -> the call that led to it
    for event in events:
        ref = event.ref
        if ev.TICKET_CALLED.marks(event):
            calls[event.ticket_ref] = _call(floor, event)
        elif event.kind == ev.TICKET_STARTED and ref in calls and floor.day is not None:
            began[event.seq] = calls[ref]
            days.setdefault(floor.day, Slips())._add(calls[ref], 1)
        elif ev.TICKET_UNDONE.marks(event) and floor.day is not None:
            undone = began.pop(event.data["undoes"], None)
            if undone is not None:
                days[floor.day]._add(undone, -1)
        elif event.kind == ev.DAY_OPENED:
            calls, began = {}, {}
        floor.apply(event)
        if event.kind == ev.DAY_OPENED and floor.day is not None:
            days.setdefault(floor.day, Slips())
    return days


def _call(floor: Floor, event: Event[ev.TicketCalled]) -> _Call:
    reason, services = event.data["reason"], event.data["services"]
    place = floor.waiting.place(event.ticket_ref)
    assert place is not None, "a called ticket was waiting"
    sitting_out = place.sits_out_next_call and reason in BY_RULE
    passed = floor.waiting.passed_by(place, services, event.counter, sitting_out=sitting_out)
    return _Call(event.seq, reason, event.data["passes"], tuple(passed))
