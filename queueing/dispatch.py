"""Who is called next, and why: head start with a skip cap.

The rule, told from the tickets: among those a counter may serve, once somebody has been passed
`cap` times, only those who arrived no later than the earliest-arrived such person stay eligible.
Of the eligible the smallest key (arrival less head start, then order of arrival) is called, and
everyone who waited for one of the counter's services and had arrived before is passed once more.

Two facts make it cheap. Within one service and one head start the order of keys is the order of
arrival, so only the heads of those lists can be called. And a waiting ticket has been passed as
often as its service shows called tickets that arrived later: one sorted list of such arrivals per
service answers "how often", and within a service whoever came first was passed most. So no ticket
carries a count, and a call costs the same at any length of the line. The tests judge this against
the rule written out plainly.

Neither holds for a ticket that waits again or otherwise than when it came (another head start,
another service, a return). The few of these stand aside, each with its own count, and are looked
at one by one.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile


class Reason(StrEnum):
    """Why this ticket was called; stored with every call."""

    ORDER = "ORDER"  # nobody eligible arrived earlier
    HEADSTART = "HEADSTART"  # its head start puts it before somebody who arrived earlier
    CAP = "CAP"  # somebody had been passed as often as the cap allows, and that changed the choice


@dataclass(frozen=True, slots=True)
class Place:
    """What the order needs to know of one waiting ticket."""

    ref: int
    service: str
    arrival: int
    issued_at: datetime
    head_start: timedelta

    @property
    def key(self) -> tuple[datetime, int]:
        return (self.issued_at - self.head_start, self.arrival)


@dataclass(slots=True)
class _Aside:
    """A ticket that stands beside the lines, with how often it was passed."""

    place: Place
    passed: int


@dataclass(frozen=True, slots=True)
class Choice:
    """The ticket to call, the reason, and how many who came earlier it passes."""

    ref: int
    reason: Reason
    passes: int


class Waiting:
    """The line of the open day: a view of the log, rebuilt from it at start."""

    def __init__(self) -> None:
        self._places: dict[int, Place] = {}
        # (service, head start) -> its waiting tickets by arrival. OrderedDict, because it finds
        # its first entry at once however many were taken from the front; a dict walks the gaps.
        self._lines: dict[str, dict[timedelta, OrderedDict[int, Place]]] = {}
        # service -> sorted arrivals of those who passed somebody waiting for it
        self._marks: dict[str, list[int]] = {}
        self._aside: dict[int, _Aside] = {}

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, ref: int) -> bool:
        return ref in self._places

    def place(self, ref: int) -> Place | None:
        """The place of a ticket, None when it does not wait."""
        return self._places.get(ref)

    def join(self, place: Place) -> None:
        """A new arrival, later than every one before it."""
        line = self._lines.setdefault(place.service, {}).setdefault(place.head_start, OrderedDict())
        line[place.arrival] = place
        self._places[place.ref] = place

    def rejoin(self, place: Place, passed: int = 0) -> None:
        """A ticket that came before and waits again, or otherwise, having been passed so often."""
        self._aside[place.ref] = _Aside(place, passed)
        self._places[place.ref] = place

    def reclass(self, ref: int, head_start: timedelta) -> None:
        """Another head start from now on; arrival and the times it was passed stay."""
        place, passed = self._places[ref], self.passed(ref)
        self.leave(ref)
        self.rejoin(replace(place, head_start=head_start), passed)

    def leave(self, ref: int) -> None:
        """The ticket waits no longer (cancelled or expired)."""
        place = self._places.pop(ref)
        if self._aside.pop(ref, None) is not None:
            return
        lines = self._lines[place.service]
        del lines[place.head_start][place.arrival]
        if not lines[place.head_start]:
            del lines[place.head_start]
        self._forget_marks(place.service)

    def call(self, ref: int, services: Iterable[str]) -> None:
        """The ticket was called at a counter that serves `services`."""
        called = self._places[ref]
        self.leave(ref)
        for service in services:
            first = self._first(service)
            if first is not None and first.arrival < called.arrival:
                insort(self._marks.setdefault(service, []), called.arrival)
            for aside in self._of(service):
                aside.passed += aside.place.arrival < called.arrival

    def passed(self, ref: int) -> int:
        """How often the rule has let a later arrival go first, at counters that could serve it."""
        if ref in self._aside:
            return self._aside[ref].passed
        place = self._places[ref]
        marks = self._marks.get(place.service, [])
        return len(marks) - bisect_right(marks, place.arrival)

    def count(self, service: str) -> int:
        return sum(len(line) for line in self._lines.get(service, {}).values()) + len(list(self._of(service)))

    def places(self, services: Iterable[str]) -> Iterator[Place]:
        """Everyone who waits for one of these services, by no particular order."""
        for service in services:
            for line in self._lines.get(service, {}).values():
                yield from line.values()
            yield from (aside.place for aside in self._of(service))

    def ahead(self, ref: int) -> int:
        """How many who wait for the same service have a smaller key."""
        me = self._places[ref]
        return sum(1 for other in self.places([me.service]) if other.key < me.key)

    def heads(self, service: str) -> Iterator[Place]:
        """Those of the service who can be next: the first of each line, and all who stand aside."""
        for line in self._lines.get(service, {}).values():
            yield next(iter(line.values()))
        yield from (aside.place for aside in self._of(service))

    def earlier(self, service: str, arrival: int) -> Iterator[Place]:
        """Those waiting for the service who arrived before; costs as much as there are."""
        for line in self._lines.get(service, {}).values():
            yield from takewhile(lambda place: place.arrival < arrival, line.values())
        yield from (aside.place for aside in self._of(service) if aside.place.arrival < arrival)

    def worn(self, service: str, cap: int) -> Iterator[int]:
        """The arrivals of those who may not be passed any more; of those in line the earliest is enough."""
        first = self._first(service)
        if first is not None and self.passed(first.ref) >= cap:
            yield first.arrival
        yield from (aside.place.arrival for aside in self._of(service) if aside.passed >= cap)

    def first(self, service: str) -> Place | None:
        """Who of those waiting for the service arrived first."""
        return min(self.heads(service), key=lambda place: place.arrival, default=None)

    def _first(self, service: str) -> Place | None:
        """Who arrived first of those in line for the service: nobody in line was passed more often."""
        lines = self._lines.get(service, {}).values()
        return min((next(iter(line.values())) for line in lines), key=lambda place: place.arrival, default=None)

    def _of(self, service: str) -> Iterator[_Aside]:
        return (aside for aside in self._aside.values() if aside.place.service == service)

    def only(self, services: Iterable[str]) -> Waiting:
        """An own copy of the lines of these services, to look ahead in without disturbing the hall."""
        copy = Waiting()
        for service in services:
            if service in self._lines:
                # Places are frozen and shared; only the lists around them are copied.
                copy._lines[service] = {h: line.copy() for h, line in self._lines[service].items()}
                copy._places.update((p.ref, p) for line in copy._lines[service].values() for p in line.values())
            if service in self._marks:
                copy._marks[service] = list(self._marks[service])
            for aside in self._of(service):
                copy.rejoin(aside.place, aside.passed)
        return copy

    def _forget_marks(self, service: str) -> None:
        """Drop the marks that nobody still waiting can have been passed by."""
        marks = self._marks.get(service)
        if not marks:
            return
        first = self._first(service)
        if first is None:
            del self._marks[service]
        else:
            del marks[: bisect_right(marks, first.arrival)]


def choose_next(waiting: Waiting, services: Iterable[str], cap: int) -> Choice | None:
    """The ticket to call at a counter serving `services`; None when nobody waits for them.

    Guarantees: same class in order of arrival; nobody passed more than `cap` times; never None
    while somebody waits; the same line always gives the same choice.
    """
    services = tuple(services)
    heads = [head for service in services for head in waiting.heads(service)]
    if not heads:
        return None
    free = min(heads, key=lambda place: place.key)
    # The arrival of the earliest whom nobody may pass any more.
    limit = min((arrival for service in services for arrival in waiting.worn(service, cap)), default=None)
    eligible = heads if limit is None else [head for head in heads if head.arrival <= limit]
    chosen = min(eligible, key=lambda place: place.key)
    passes = sum(1 for service in services for _ in waiting.earlier(service, chosen.arrival))
    if chosen.ref != free.ref:
        reason = Reason.CAP
    elif passes == 0:
        reason = Reason.ORDER
    else:
        reason = Reason.HEADSTART
    return Choice(chosen.ref, reason, passes)


def calling_order(waiting: Waiting, services: Iterable[str], cap: int, most: int) -> list[tuple[Choice, int]]:
    """The next calls of one counter if nobody else came or called, each with how often it was passed so far."""
    services = tuple(services)
    passed = {place.ref: waiting.passed(place.ref) for place in waiting.places(services)}
    line = waiting.only(services)
    order: list[tuple[Choice, int]] = []
    while len(order) < most and (choice := choose_next(line, services, cap)) is not None:
        order.append((choice, passed[choice.ref]))
        line.call(choice.ref, services)
    return order
