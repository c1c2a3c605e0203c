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

Neither holds for those who come back, or whose head start changes: a later call may have been made
while they did not wait. They stand aside, a few people with their own count of passes each, and are looked at one by
one. Some of them wait for one counter only, some are called before the line, and one who missed a
call is not taken by the very next one; the rule is otherwise the same for them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile
from typing import NamedTuple


class Reason(StrEnum):
    """Why this ticket was called; stored with every call."""

    ORDER = "ORDER"  # nobody eligible arrived earlier
    HEADSTART = "HEADSTART"  # its head start puts it before somebody who arrived earlier
    APPOINTMENT = "APPOINTMENT"  # the same, and the head start is that of an appointment
    CAP = "CAP"  # somebody had been passed as often as the cap allows, and that changed the choice
    RETURN = "RETURN"  # it was held for this counter and is back: before the line
    TRANSFER = "TRANSFER"  # another counter sent it on, to be first here
    MANUAL = "MANUAL"  # the clerk called this number, and said why


BY_RULE = frozenset({Reason.ORDER, Reason.HEADSTART, Reason.APPOINTMENT, Reason.CAP})


class Place(NamedTuple):
    """What the order needs to know of one waiting ticket."""

    ref: int
    service: str
    arrival: int
    issued_at: datetime
    head_start: timedelta
    appointment: bool = False
    # Only those who stand aside have the rest.
    counter: int | None = None  # no other counter may call it
    first: Reason | None = None  # called before the line, for this reason
    later: bool = False  # not by the next call, unless nobody else waits
    passed: int = 0

    @property
    def key(self) -> tuple[datetime, int]:
        return (self.issued_at - self.head_start, self.arrival)

    def fits(self, services: Iterable[str], counter: int | None) -> bool:
        """Whether a counter with these services may call it."""
        return self.service in services if self.counter is None else self.counter == counter


@dataclass(frozen=True, slots=True)
class Choice:
    """The ticket to call, the reason, and how many who came earlier it passes."""

    ref: int
    reason: Reason
    passes: int


class Taken(NamedTuple):
    """What a call changed in the line: enough to take it back."""

    place: Place
    marked: tuple[str, ...]  # services whose line was passed
    passed: tuple[int, ...]  # of those aside: passed once more
    freed: tuple[int, ...]  # of those aside: the next call may take them


class Waiting:
    """The line of the open day: a view of the log, rebuilt from it at start."""

    def __init__(self) -> None:
        self._places: dict[int, Place] = {}
        self._aside: dict[int, Place] = {}
        # (service, head start) -> its waiting tickets by arrival. OrderedDict, because it finds
        # its first entry at once however many were taken from the front; a dict walks the gaps.
        self._lines: dict[str, dict[timedelta, OrderedDict[int, Place]]] = {}
        self._firsts: dict[str, Place] = {}  # service -> who arrived first of its lines
        # service -> sorted arrivals of those who passed somebody waiting for it
        self._marks: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self._places) + len(self._aside)

    def __contains__(self, ref: int) -> bool:
        return ref in self._places or ref in self._aside

    def place(self, ref: int) -> Place | None:
        """The place of a ticket, None when it does not wait."""
        return self._places.get(ref) or self._aside.get(ref)

    def join(self, place: Place) -> None:
        """A new arrival, later than every one before it."""
        line = self._lines.setdefault(place.service, {}).setdefault(place.head_start, OrderedDict())
        line[place.arrival] = place
        self._places[place.ref] = place
        self._firsts.setdefault(place.service, place)

    def rejoin(self, place: Place) -> None:
        """A ticket that came before and waits again, or otherwise, having been passed so often."""
        self._aside[place.ref] = place

    def reclass(self, ref: int, head_start: timedelta) -> None:
        """Another head start from now on; arrival and the times it was passed stay."""
        place, passed = self.place(ref), self.passed(ref)
        assert place is not None
        self.leave(ref)
        self.rejoin(place._replace(head_start=head_start, passed=passed))

    def leave(self, ref: int) -> None:
        """The ticket waits no longer (cancelled or expired)."""
        if ref in self._aside:
            del self._aside[ref]
            return
        place = self._places.pop(ref)
        lines = self._lines[place.service]
        del lines[place.head_start][place.arrival]
        if not lines[place.head_start]:
            del lines[place.head_start]
        if self._firsts[place.service] is place:
            self._find_first(place.service)
        self._forget_marks(place.service)

    def call(self, ref: int, services: Iterable[str], counter: int | None = None, *, counts: bool = True) -> Taken:
        """The ticket was called at a counter that serves `services`.

        `counts`: by the rule, so that whoever it passes was passed once more. A return, a transfer
        or a number called by hand is an exception that no count of passes may hide.
        """
        services = tuple(services)
        called, passed = self.place(ref), self.passed(ref)
        assert called is not None
        self.leave(ref)
        marked: list[str] = []
        bumped: list[int] = []
        here = self.aside(services, counter)
        if counts:
            for service in services:
                first = self._firsts.get(service)
                if first is not None and first.arrival < called.arrival:
                    insort(self._marks.setdefault(service, []), called.arrival)
                    marked.append(service)
            bumped = [p.ref for p in here if p.later == called.later and p.arrival < called.arrival]
        freed = [p.ref for p in here if p.later]
        for other in here:
            more = other.passed + (other.ref in bumped)
            self._aside[other.ref] = other._replace(passed=more, later=False)
        return Taken(called._replace(passed=passed), tuple(marked), tuple(bumped), tuple(freed))

    def take_back(self, taken: Taken) -> None:
        """The call was a mistake: everyone stands as before it, as far as they still wait."""
        for service in taken.marked:
            marks = self._marks.get(service, [])
            at = bisect_left(marks, taken.place.arrival)
            if at < len(marks) and marks[at] == taken.place.arrival:
                del marks[at]
        for ref in {*taken.passed, *taken.freed} & self._aside.keys():
            other = self._aside[ref]
            self._aside[ref] = other._replace(
                passed=other.passed - (ref in taken.passed), later=other.later or ref in taken.freed
            )
        self._aside[taken.place.ref] = taken.place

    def release(self, counter: int) -> None:
        """Nobody is kept for this counter any more: each has its place in the line of its service."""
        for ref, place in self._aside.items():
            if place.counter == counter:
                self._aside[ref] = place._replace(counter=None, first=None)

    def passed(self, ref: int) -> int:
        """How often the rule has let a later arrival go first, at counters that could serve it."""
        if ref in self._aside:
            return self._aside[ref].passed
        place = self._places[ref]
        marks = self._marks.get(place.service, [])
        return len(marks) - bisect_right(marks, place.arrival)

    def count(self, service: str) -> int:
        return sum(len(line) for line in self._lines.get(service, {}).values()) + sum(
            1 for place in self._aside.values() if place.service == service
        )

    def count_for(self, services: Iterable[str], counter: int) -> int:
        """How many this counter may call."""
        line = sum(len(line) for service in services for line in self._lines.get(service, {}).values())
        return line + len(self.aside(services, counter))

    def places(self, services: Iterable[str]) -> Iterator[Place]:
        """Everyone who waits for one of these services, by no particular order."""
        services = tuple(services)
        for service in services:
            for line in self._lines.get(service, {}).values():
                yield from line.values()
        yield from (place for place in self._aside.values() if place.service in services)

    def ahead(self, ref: int) -> int:
        """How many who wait for the same service come before: by their keys, or before the line."""
        me = self.place(ref)
        assert me is not None
        return sum(self.before(me))

    def before(self, me: Place) -> tuple[int, int]:
        """Those whom `ahead` counts: how many of them arrived earlier, and how many later."""

        def goes_first(other: Place) -> bool:
            if (other.first is None) != (me.first is None):
                return other.first is not None
            return other.arrival < me.arrival if me.first is not None else other.key < me.key

        beside = [p for p in self._aside.values() if p.service == me.service and p.ref != me.ref and goes_first(p)]
        earlier = sum(1 for place in beside if place.arrival < me.arrival)
        others = len(beside) - earlier
        if me.first is None:
            for line in self._lines.get(me.service, {}).values():
                ahead = _leading(line, lambda place: place.key < me.key)
                came = min(ahead, _leading(line, lambda place: place.arrival < me.arrival))
                earlier, others = earlier + came, others + ahead - came
        return earlier, others

    def count_before(self, service: str, key: tuple[datetime, int]) -> int:
        """How many who wait for the service have a smaller key."""
        beside = sum(1 for place in self._aside.values() if place.service == service and place.key < key)
        lines = self._lines.get(service, {}).values()
        return beside + sum(_leading(line, lambda place: place.key < key) for line in lines)

    def aside(self, services: Iterable[str], counter: int | None) -> list[Place]:
        """Those who stand aside and may be called by this counter."""
        return [place for place in self._aside.values() if place.fits(services, counter)]

    def earlier_at(self, arrival: int, services: Iterable[str], counter: int | None, *, later: bool = False) -> int:
        """How many a call at this counter would pass who arrived before `arrival`."""
        line = sum(1 for service in services for _ in self.earlier(service, arrival))
        return line + sum(1 for p in self.aside(services, counter) if p.later == later and p.arrival < arrival)

    def heads(self, service: str) -> Iterator[Place]:
        for line in self._lines.get(service, {}).values():
            yield next(iter(line.values()))

    def earlier(self, service: str, arrival: int) -> Iterator[Place]:
        """Those waiting for the service who arrived before; costs as much as there are."""
        for line in self._lines.get(service, {}).values():
            yield from takewhile(lambda place: place.arrival < arrival, line.values())

    def first(self, service: str) -> Place | None:
        """Who arrived first of those waiting for the service."""
        here = [*self.heads(service), *(p for p in self._aside.values() if p.service == service)]
        return min(here, key=lambda place: place.arrival, default=None)

    def worn(self, service: str, cap: int) -> Place | None:
        """Who of the service's line may be passed no more: if anybody, then the first, whom most have passed."""
        first = self._firsts.get(service)
        return first if first is not None and self.passed(first.ref) >= cap else None

    def _find_first(self, service: str) -> None:
        heads = list(self.heads(service))
        if heads:
            self._firsts[service] = min(heads, key=lambda place: place.arrival)
        else:
            del self._firsts[service]

    def only(self, services: Iterable[str], counter: int | None = None) -> Waiting:
        """An own copy of what this counter may call, to look ahead in without disturbing the hall."""
        copy = Waiting()
        copy._aside = {place.ref: place for place in self.aside(services, counter)}
        for service in services:
            if service in self._lines:
                # Places are frozen and shared; only the lists around them are copied.
                copy._lines[service] = {h: line.copy() for h, line in self._lines[service].items()}
                copy._places.update((p.ref, p) for line in copy._lines[service].values() for p in line.values())
            if service in self._firsts:
                copy._firsts[service] = self._firsts[service]
            if service in self._marks:
                copy._marks[service] = list(self._marks[service])
        return copy

    def _forget_marks(self, service: str) -> None:
        """Drop the marks that nobody still waiting can have been passed by."""
        marks = self._marks.get(service)
        if not marks:
            return
        first = self._firsts.get(service)
        if first is None:
            del self._marks[service]
        else:
            del marks[: bisect_right(marks, first.arrival)]


def _leading(line: OrderedDict[int, Place], comes: Callable[[Place], bool]) -> int:
    """How many at the head of a line come before somebody; costs the shorter way, from either end."""
    for n, (first, last) in enumerate(zip(line.values(), reversed(line.values()), strict=True)):
        if not comes(first):
            return n
        if comes(last):
            return len(line) - n
    return 0


def choose_next(waiting: Waiting, services: Iterable[str], cap: int, counter: int | None = None) -> Choice | None:
    """The ticket to call at a counter serving `services`; None when nobody waits for them.

    Whoever is to be called before the line goes first, the earliest arrival of them. Guarantees for
    the others: same class in order of arrival; nobody passed more than `cap` times; never None
    while somebody waits; the same line always gives the same choice.
    """
    services = tuple(services)
    aside = waiting.aside(services, counter)
    firsts = [place for place in aside if place.first is not None]
    if firsts:
        chosen = min(firsts, key=lambda place: place.arrival)
        assert chosen.first is not None
        return Choice(chosen.ref, chosen.first, waiting.earlier_at(chosen.arrival, services, counter))
    ready = [head for service in services for head in waiting.heads(service)]
    ready += [place for place in aside if not place.later]
    ready = ready or aside
    if not ready:
        return None
    free = min(ready, key=lambda place: place.key)
    # The arrivals of those whom nobody may pass any more.
    worn = [place.arrival for place in ready if place.passed >= cap]
    worn += [place.arrival for service in services if (place := waiting.worn(service, cap)) is not None]
    limit = min(worn, default=None)
    eligible = ready if limit is None else [place for place in ready if place.arrival <= limit]
    chosen = min(eligible, key=lambda place: place.key)
    passes = waiting.earlier_at(chosen.arrival, services, counter, later=chosen.later)
    if chosen.ref != free.ref:
        reason = Reason.CAP
    elif passes == 0:
        reason = Reason.ORDER
    else:
        reason = Reason.APPOINTMENT if chosen.appointment else Reason.HEADSTART
    return Choice(chosen.ref, reason, passes)


def calling_order(
    waiting: Waiting, services: Iterable[str], cap: int, most: int, counter: int | None = None
) -> list[tuple[Choice, int]]:
    """The next calls of one counter if nobody else came or called, each with how often it was passed so far."""
    services = tuple(services)
    line = waiting.only(services, counter)
    order: list[tuple[Choice, int]] = []
    while len(order) < most and (choice := choose_next(line, services, cap, counter)) is not None:
        order.append((choice, waiting.passed(choice.ref)))
        line.call(choice.ref, services, counter, counts=choice.reason in BY_RULE)
    return order
