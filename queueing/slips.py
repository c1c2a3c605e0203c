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
from queueing.configuration import Configuration
from queueing.dispatch import BY_RULE, Place
from queueing.events import Event
from queueing.floor import Floor, Staffing
from queueing.metrics import Spread, spread


@dataclass(slots=True)
class Slips:
    """The slips and skips of one day, by the reason of the calls, and how many tickets were issued that day.

    A structural pass is no slip of the rule: a call passed an earlier arrival whom no open counter could have served.
    `structural` counts them by the service that was waited for.
    """

    calls: Count[str] = field(default_factory=Count)  # that led to a service
    skips: Count[str] = field(default_factory=Count)
    slips: dict[str, Count[int]] = field(default_factory=dict)  # reason -> ticket -> how often it slipped
    structural: Count[str] = field(default_factory=Count)
    issued: int = 0

    def total(self, reason: str) -> int:
        """Return the slips by calls of this reason, over all tickets."""
        return sum(self.slips.get(reason, Count()).values())

    def passed(self, reason: str) -> Spread:
        """Return the distribution of slips over the tickets that slipped at least once."""
        return spread(times for times in self.slips.get(reason, Count()).values() if times)

    def per_ticket(self) -> list[int]:
        """Return how often each ticket issued that day slipped, whatever the reason, in rising order."""
        slipped: Count[int] = Count()
        for by_ticket in self.slips.values():
            slipped.update(by_ticket)
        times = sorted(times for times in slipped.values() if times)
        return [0] * max(0, self.issued - len(times)) + times

    def _add(self, call: _Call, times: int) -> None:
        self.calls[call.reason] += times
        self.skips[call.reason] += times * call.passes
        slipped = self.slips.setdefault(call.reason, Count())
        for ref in call.passed:
            slipped[ref] += times
        for service in call.structural:
            self.structural[service] += times


@dataclass(frozen=True, slots=True)
class _Call:
    seq: int
    reason: str
    passes: int
    passed: tuple[int, ...]
    structural: tuple[str, ...] = ()  # the services of those passed whom no open counter could have served


def slips_by_day(events: Iterable[Event], configuration: Configuration | None = None) -> dict[date, Slips]:
    """Count the slips of every day in these events, the first of which is a `day.opened`.

    A call belongs to the day on which it was made. `configuration` is in force before the first event; without it there
    are no structural passes.
    """
    days: dict[date, Slips] = {}
    floor = Floor()
    if configuration is not None:
        floor.configuration = configuration
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
        elif event.kind == ev.TICKET_ISSUED and floor.day is not None:
            days.setdefault(floor.day, Slips()).issued += 1
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
    structural = _passed_unserved(floor, place, services)
    return _Call(event.seq, reason, event.data["passes"], tuple(passed), structural)


def _passed_unserved(floor: Floor, called: Place, services: list[str]) -> tuple[str, ...]:
    """Return the service of each earlier arrival whom no open counter, nor the calling one, could have called."""
    counters = floor.configuration.tree.get("counters", {})
    served = set(services)
    for number, state in floor.counter_states.items():
        if state.staffing is Staffing.OPEN:
            served.update(counters.get(str(number), {}).get("services", ()))
    unserved = floor.configuration.tree.get("services", {}).keys() - served
    return tuple(place.service for place in floor.waiting.places(unserved) if place.order < called.order)
