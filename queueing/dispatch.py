"""Who is called next, and why: head start with a skip cap.

The rule, stated on the tickets: among those a counter may serve, once a ticket has been passed `cap`
times, only those that arrived no later than the earliest-arrived such ticket stay eligible. Of the
eligible the smallest key (arrival less head start, then order of arrival) is called, and every ticket
that waited for one of the counter's services and had arrived before is passed once more.

Two facts make it cheap. Within one service and one head start the order of keys is the order of
arrival, so only the heads of those queues can be called. And a waiting ticket has been passed as
often as its service shows called tickets that arrived later: one sorted list of such arrivals per
service answers "how often", and within a service the earliest arrival was passed most. So no ticket
carries a count, and a call costs the same at any length of the queue. The tests judge this against
the rule written out plainly.

Neither holds for tickets that wait again (after a hold, a no-show, a transfer or a cancel that was taken
back), or whose head start, arrival or service changes: a later call may have been made while they did not
wait. These returned tickets are kept apart, a few with their own count of passes each, and are scanned one
by one. Some of them wait for one counter only, some are called before the queue, and one that comes back
after a no-show is not called by the very next call; the rule is otherwise the same for them.

Somebody who asked to be called later counts as having arrived later (`arrived_at`), for every comparison of
the rule. That moment may lie ahead, so that people who have not come yet will count as earlier.
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
    RETURN = "RETURN"  # it was held for this counter and is back: before the queue
    TRANSFER = "TRANSFER"  # another counter transferred it, to be first here
    MANUAL = "MANUAL"  # the clerk called this number, and said why


BY_RULE = frozenset({Reason.ORDER, Reason.HEADSTART, Reason.APPOINTMENT, Reason.CAP})


class Place(NamedTuple):
    """What the order of calls depends on, of one waiting ticket."""

    ref: int
    service: str
    arrival: int  # the seq of its ticket.issued
    arrived_at: datetime  # when it counts as having arrived: its issue, or later if the holder asked for that
    head_start: timedelta
    appointment: bool = False
    # Only returned tickets have the rest.
    counter: int | None = None  # no other counter may call it
    jump_reason: Reason | None = None  # called before the queue, for this reason
    sits_out_next_call: bool = False  # unless nobody else waits
    passed: int = 0

    @property
    def order(self) -> tuple[datetime, int]:
        """Return its place in the order of arrival: of two tickets the one with the smaller has arrived earlier."""
        return (self.arrived_at, self.arrival)

    @property
    def key(self) -> tuple[datetime, int]:
        """Return the sort key, the smallest of which is called: arrival less head start, then order of arrival."""
        return (self.arrived_at - self.head_start, self.arrival)

    def fits(self, services: Iterable[str], counter: int | None) -> bool:
        """Return whether a counter with these services may call it."""
        return self.service in services if self.counter is None else self.counter == counter


@dataclass(frozen=True, slots=True)
class Choice:
    """The ticket to call, the reason, and how many who came earlier it passes."""

    ref: int
    reason: Reason
    passes: int


class Taken(NamedTuple):
    """What a call changed in the queue: enough to undo it."""

    place: Place
    marked: tuple[tuple[str, tuple[datetime, int]], ...]  # services in whose queue somebody was passed, and the mark
    passed: tuple[int, ...]  # who was passed once more
    freed: tuple[int, ...]  # returned tickets that need sit out no more

    def without(self, ref: int) -> Taken:
        """Return the same without a ticket whose waiting was undone: if it waits again, that call did not pass it."""
        passed, freed = (tuple(other for other in refs if other != ref) for refs in (self.passed, self.freed))
        return self._replace(passed=passed, freed=freed)


class WaitingQueue:
    """All waiting tickets of the open day: a view of the log, rebuilt from it at start."""

    def __init__(self) -> None:
        self._places: dict[int, Place] = {}
        self._returned: dict[int, Place] = {}
        self._cancelled: dict[int, Place] = {}  # places that may be taken back
        # (service, head start) -> its waiting tickets by arrival. OrderedDict, because it finds
        # its first entry at once however many were taken from the front; a dict walks the gaps.
        self._queues: dict[str, dict[timedelta, OrderedDict[int, Place]]] = {}
        self._firsts: dict[str, Place] = {}  # service -> the earliest arrival of its queues
        # service -> sorted arrivals of those who passed somebody waiting for it
        self._marks: dict[str, list[tuple[datetime, int]]] = {}
        self.changes = 0  # rises with every change but a newcomer
        self.newcomers: list[Place] = []  # since the last such change, in order

    def __len__(self) -> int:
        return len(self._places) + len(self._returned)

    def __contains__(self, ref: int) -> bool:
        return ref in self._places or ref in self._returned

    def place(self, ref: int) -> Place | None:
        """Return the place of a ticket, None when it does not wait."""
        return self._places.get(ref) or self._returned.get(ref)

    def join(self, place: Place) -> None:
        """Add a new arrival, later than every one before it."""
        queue = self._queues.setdefault(place.service, {}).setdefault(place.head_start, OrderedDict())
        queue[place.arrival] = place
        self._places[place.ref] = place
        self._firsts.setdefault(place.service, place)
        self.newcomers.append(place)

    def rejoin(self, place: Place) -> None:
        """Add a ticket that waits again, or with another head start; `place.passed` is how often it was passed."""
        self._note_change()
        self._returned[place.ref] = place

    def reclass(self, ref: int, head_start: timedelta) -> None:
        """Give a waiting ticket another head start; arrival and the times it was passed stay."""
        self.rejoin(self._taken_out(ref)._replace(head_start=head_start))

    def defer(self, ref: int, arrived_at: datetime) -> None:
        """Let a waiting ticket count as having arrived later."""
        self.rejoin(self._taken_out(ref)._replace(arrived_at=arrived_at))

    def move(self, ref: int, service: str) -> None:
        """Let a ticket wait for another service, in the queue of all its counters; the arrival stays."""
        self.rejoin(self._taken_out(ref)._replace(service=service, counter=None, jump_reason=None))

    def cancel(self, ref: int) -> None:
        """Remove a waiting ticket whose place may be taken back."""
        self._cancelled[ref] = self._taken_out(ref)

    def reinstate(self, ref: int) -> bool:
        """Put a ticket that was cancelled while it waited back at its place; return False if it did not wait."""
        place = self._cancelled.pop(ref, None)
        if place is not None:
            self.rejoin(place)
        return place is not None

    def _taken_out(self, ref: int) -> Place:
        """Remove a waiting ticket; return its place, with how often it was passed."""
        place, passed = self.place(ref), self.passed(ref)
        assert place is not None
        self.leave(ref)
        return place._replace(passed=passed)

    def _note_change(self) -> None:
        self.changes += 1
        self.newcomers = []

    def leave(self, ref: int) -> None:
        """Remove a ticket that waits no longer (cancelled or expired)."""
        self._note_change()
        if ref in self._returned:
            del self._returned[ref]
            return
        place = self._places.pop(ref)
        queues = self._queues[place.service]
        del queues[place.head_start][place.arrival]
        if not queues[place.head_start]:
            del queues[place.head_start]
        if self._firsts[place.service] is place:
            self._find_first(place.service)
        self._forget_marks(place.service)

    def call(self, ref: int, services: Iterable[str], counter: int | None = None, *, counts: bool = True) -> Taken:
        """Remove a ticket that was called at a counter serving `services`; return what that changed.

        `counts`: called by the rule, so that those it passes were passed once more. A return, a
        transfer or a number called by hand is an exception that no count of passes may hide.
        """
        services = tuple(services)
        called, passed = self.place(ref), self.passed(ref)
        assert called is not None
        self.leave(ref)
        marked: list[tuple[str, tuple[datetime, int]]] = []
        passes: list[int] = []
        if counts:
            passes = self.passed_by(called, services, counter, sitting_out=called.sits_out_next_call)
            for service in services:
                first = self._firsts.get(service)
                if first is not None and first.order < called.order:
                    mark = min(called.order, self._after_last(service))
                    insort(self._marks.setdefault(service, []), mark)
                    marked.append((service, mark))
        here = self.returned(services, counter)
        freed = [p.ref for p in here if p.sits_out_next_call]
        for other in here:
            more = other.passed + (other.ref in passes)
            self._returned[other.ref] = other._replace(passed=more, sits_out_next_call=False)
        return Taken(called._replace(passed=passed), tuple(marked), tuple(passes), tuple(freed))

    def _after_last(self, service: str) -> tuple[datetime, int]:
        """Return an order after everybody in the queues of the service, and not after anybody who is to come."""
        lasts = (next(reversed(queue.values())).order for queue in self._queues[service].values())
        arrived_at, arrival = max(lasts)
        return (arrived_at, arrival + 1)

    def take_back(self, taken: Taken) -> None:
        """Undo a call: everyone stands as before it, as far as they still wait."""
        self._note_change()
        for service, mark in taken.marked:
            marks = self._marks.get(service, [])
            at = bisect_left(marks, mark)
            if at < len(marks) and marks[at] == mark:
                del marks[at]
        for apart in (self._returned, self._cancelled):
            for ref in {*taken.passed, *taken.freed} & apart.keys():
                other = apart[ref]
                apart[ref] = other._replace(
                    passed=other.passed - (ref in taken.passed),
                    sits_out_next_call=other.sits_out_next_call or ref in taken.freed,
                )
        self._returned[taken.place.ref] = taken.place

    def release(self, counter: int) -> None:
        """Keep no ticket for this counter any more: each waits in the queue of its service."""
        self._note_change()
        for apart in (self._returned, self._cancelled):
            for ref, place in apart.items():
                if place.counter == counter:
                    apart[ref] = place._replace(counter=None, jump_reason=None)

    def passed(self, ref: int) -> int:
        """Return how often the rule called a later arrival at a counter that could have served this ticket."""
        if ref in self._returned:
            return self._returned[ref].passed
        place = self._places[ref]
        marks = self._marks.get(place.service, [])
        return len(marks) - bisect_right(marks, place.order)

    def count(self, service: str) -> int:
        """Return how many wait for a service."""
        return sum(len(queue) for queue in self._queues.get(service, {}).values()) + sum(
            1 for place in self._returned.values() if place.service == service
        )

    def count_for(self, services: Iterable[str], counter: int) -> int:
        """Return how many this counter may call."""
        queued = sum(len(queue) for service in services for queue in self._queues.get(service, {}).values())
        return queued + len(self.returned(services, counter))

    def places(self, services: Iterable[str]) -> Iterator[Place]:
        """Yield every ticket that waits for one of these services, in no particular order."""
        services = tuple(services)
        for service in services:
            for queue in self._queues.get(service, {}).values():
                yield from queue.values()
        yield from (place for place in self._returned.values() if place.service in services)

    def everybody(self) -> Iterator[tuple[Place, bool]]:
        """Yield every ticket with how often it was passed, and whether it waits again; in no particular order."""
        for ref, place in self._places.items():
            yield place._replace(passed=self.passed(ref)), False
        for place in self._returned.values():
            yield place, True

    def count_before(self, service: str, key: tuple[datetime, int]) -> int:
        """Return how many who wait for the service have a smaller key."""
        beside = sum(1 for place in self._returned.values() if place.service == service and place.key < key)
        queues = self._queues.get(service, {}).values()
        return beside + sum(_leading(queue, lambda place: place.key < key) for queue in queues)

    def count_after(self, service: str, key: tuple[datetime, int]) -> int:
        """Return how many who wait for the service have a larger key, without those called before the queue."""
        beside = sum(
            place.service == service and place.jump_reason is None and place.key > key
            for place in self._returned.values()
        )
        queues = self._queues.get(service, {}).values()
        return beside + sum(len(queue) - _leading(queue, lambda place: place.key <= key) for queue in queues)

    def returned(self, services: Iterable[str], counter: int | None) -> list[Place]:
        """Return the returned tickets that this counter may call."""
        return [place for place in self._returned.values() if place.fits(services, counter)]

    def passed_by(
        self, place: Place, services: Iterable[str], counter: int | None, *, sitting_out: bool = False
    ) -> list[int]:
        """Return those whom a call of this ticket at this counter would pass: all who arrived earlier.

        `sitting_out`: whether the one called sits out the next call; then only such are counted of the returned.
        """
        queued = [other.ref for service in services for other in self.earlier(service, place.order)]
        return queued + [
            other.ref
            for other in self.returned(services, counter)
            if other.sits_out_next_call == sitting_out and other.order < place.order
        ]

    def heads(self, service: str) -> Iterator[Place]:
        """Yield the first of each head start's queue: of those that never came back only they can be called."""
        for queue in self._queues.get(service, {}).values():
            yield next(iter(queue.values()))

    def earlier(self, service: str, order: tuple[datetime, int]) -> Iterator[Place]:
        """Yield those waiting for the service that arrived before, without returned tickets."""
        for queue in self._queues.get(service, {}).values():
            yield from takewhile(lambda place: place.order < order, queue.values())

    def first(self, service: str) -> Place | None:
        """Return the earliest arrival of those waiting for the service."""
        here = [*self.heads(service), *(p for p in self._returned.values() if p.service == service)]
        return min(here, key=lambda place: place.order, default=None)

    def at_cap(self, service: str, cap: int) -> Place | None:
        """Return the ticket of the service's queue that may be passed no more: if any, the earliest, passed most."""
        first = self._firsts.get(service)
        return first if first is not None and self.passed(first.ref) >= cap else None

    def _find_first(self, service: str) -> None:
        heads = list(self.heads(service))
        if heads:
            self._firsts[service] = min(heads, key=lambda place: place.order)
        else:
            del self._firsts[service]

    def lasts(self) -> Iterator[Place]:
        """Yield who came last to each queue, and all returned tickets."""
        for queues in self._queues.values():
            for queue in queues.values():
                yield next(reversed(queue.values()))
        yield from self._returned.values()

    def copy(self) -> WaitingQueue:
        """Return a copy, to look ahead in without disturbing the hall."""
        copy = self.only(self._queues)
        copy._returned = dict(self._returned)
        return copy

    def only(self, services: Iterable[str], counter: int | None = None) -> WaitingQueue:
        """Return a copy of what this counter may call, to look ahead in without disturbing the hall."""
        copy = WaitingQueue()
        copy._returned = {place.ref: place for place in self.returned(services, counter)}
        for service in services:
            if service in self._queues:
                # Places are frozen and shared; only the lists around them are copied.
                copy._queues[service] = {h: queue.copy() for h, queue in self._queues[service].items()}
                copy._places.update((p.ref, p) for queue in copy._queues[service].values() for p in queue.values())
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
            del marks[: bisect_right(marks, first.order)]


def _leading(queue: OrderedDict[int, Place], comes: Callable[[Place], bool]) -> int:
    """Return how many at the head of a queue satisfy `comes`; costs the shorter way, from either end."""
    for n, (first, last) in enumerate(zip(queue.values(), reversed(queue.values()), strict=True)):
        if not comes(first):
            return n
        if comes(last):
            return len(queue) - n
    return 0


def choose_next(waiting: WaitingQueue, services: Iterable[str], cap: int, counter: int | None = None) -> Choice | None:
    """Return the ticket to call at a counter serving `services`; None when nobody waits for them.

    A ticket that is to be called before the queue goes first, the earliest arrival of them. Guarantees for
    the others: same class in order of arrival; nobody passed more than `cap` times; never None
    while somebody waits; the same queue always gives the same choice.
    """
    services = tuple(services)
    returned = waiting.returned(services, counter)
    jumping = [place for place in returned if place.jump_reason is not None]
    if jumping:
        chosen = min(jumping, key=lambda place: place.order)
        assert chosen.jump_reason is not None
        return Choice(chosen.ref, chosen.jump_reason, len(waiting.passed_by(chosen, services, counter)))
    ready = [head for service in services for head in waiting.heads(service)]
    ready += [place for place in returned if not place.sits_out_next_call]
    ready = ready or returned
    if not ready:
        return None
    free = min(ready, key=lambda place: place.key)
    # The arrivals of those whom nobody may pass any more.
    at_cap = [place.order for place in ready if place.passed >= cap]
    at_cap += [place.order for service in services if (place := waiting.at_cap(service, cap)) is not None]
    limit = min(at_cap, default=None)
    eligible = ready if limit is None else [place for place in ready if place.order <= limit]
    chosen = min(eligible, key=lambda place: place.key)
    passes = len(waiting.passed_by(chosen, services, counter, sitting_out=chosen.sits_out_next_call))
    if chosen.ref != free.ref:
        reason = Reason.CAP
    elif passes == 0:
        reason = Reason.ORDER
    else:
        reason = Reason.APPOINTMENT if chosen.appointment else Reason.HEADSTART
    return Choice(chosen.ref, reason, passes)


def calling_order(
    waiting: WaitingQueue, services: Iterable[str], cap: int, most: int, counter: int | None = None
) -> list[tuple[Choice, int]]:
    """Return the next calls of one counter if nobody else came or called, each with how often it was passed so far."""
    services = tuple(services)
    ahead = waiting.only(services, counter)
    order: list[tuple[Choice, int]] = []
    while len(order) < most and (choice := choose_next(ahead, services, cap, counter)) is not None:
        order.append((choice, waiting.passed(choice.ref)))
        ahead.call(choice.ref, services, counter, counts=choice.reason in BY_RULE)
    return order
