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

Neither holds for tickets that wait again (after a hold, a no-show or a transfer), or whose head start
changes: a later call may have been made while they did not wait. These returned tickets are kept
apart, a few with their own count of passes each, and are scanned one by one. Some of them wait for one
counter only, some are called before the queue, and one that comes back after a no-show is not called
by the very next call; the rule is otherwise the same for them.
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
    arrival: int
    issued_at: datetime
    head_start: timedelta
    appointment: bool = False
    # Only returned tickets have the rest.
    counter: int | None = None  # no other counter may call it
    jump_reason: Reason | None = None  # called before the queue, for this reason
    sits_out_next_call: bool = False  # unless nobody else waits
    passed: int = 0

    @property
    def key(self) -> tuple[datetime, int]:
        """Return the sort key, the smallest of which is called: arrival less head start, then order of arrival."""
        return (self.issued_at - self.head_start, self.arrival)

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
    marked: tuple[str, ...]  # services in whose queue somebody was passed
    passed: tuple[int, ...]  # returned tickets that were passed once more
    freed: tuple[int, ...]  # returned tickets that need sit out no more


class WaitingQueue:
    """All waiting tickets of the open day: a view of the log, rebuilt from it at start."""

    def __init__(self) -> None:
        self._places: dict[int, Place] = {}
        self._returned: dict[int, Place] = {}
        # (service, head start) -> its waiting tickets by arrival. OrderedDict, because it finds
        # its first entry at once however many were taken from the front; a dict walks the gaps.
        self._queues: dict[str, dict[timedelta, OrderedDict[int, Place]]] = {}
        self._firsts: dict[str, Place] = {}  # service -> the earliest arrival of its queues
        # service -> sorted arrivals of those who passed somebody waiting for it
        self._marks: dict[str, list[int]] = {}

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

    def rejoin(self, place: Place) -> None:
        """Add a ticket that waits again, or with another head start; `place.passed` is how often it was passed."""
        self._returned[place.ref] = place

    def reclass(self, ref: int, head_start: timedelta) -> None:
        """Give a waiting ticket another head start; arrival and the times it was passed stay."""
        place, passed = self.place(ref), self.passed(ref)
        assert place is not None
        self.leave(ref)
        self.rejoin(place._replace(head_start=head_start, passed=passed))

    def leave(self, ref: int) -> None:
        """Remove a ticket that waits no longer (cancelled or expired)."""
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
        marked: list[str] = []
        bumped: list[int] = []
        here = self.returned(services, counter)
        if counts:
            for service in services:
                first = self._firsts.get(service)
                if first is not None and first.arrival < called.arrival:
                    insort(self._marks.setdefault(service, []), called.arrival)
                    marked.append(service)
            bumped = [
                p.ref for p in here if p.sits_out_next_call == called.sits_out_next_call and p.arrival < called.arrival
            ]
        freed = [p.ref for p in here if p.sits_out_next_call]
        for other in here:
            more = other.passed + (other.ref in bumped)
            self._returned[other.ref] = other._replace(passed=more, sits_out_next_call=False)
        return Taken(called._replace(passed=passed), tuple(marked), tuple(bumped), tuple(freed))

    def take_back(self, taken: Taken) -> None:
        """Undo a call: everyone stands as before it, as far as they still wait."""
        for service in taken.marked:
            marks = self._marks.get(service, [])
            at = bisect_left(marks, taken.place.arrival)
            if at < len(marks) and marks[at] == taken.place.arrival:
                del marks[at]
        for ref in {*taken.passed, *taken.freed} & self._returned.keys():
            other = self._returned[ref]
            self._returned[ref] = other._replace(
                passed=other.passed - (ref in taken.passed),
                sits_out_next_call=other.sits_out_next_call or ref in taken.freed,
            )
        self._returned[taken.place.ref] = taken.place

    def release(self, counter: int) -> None:
        """Keep no ticket for this counter any more: each waits in the queue of its service."""
        for ref, place in self._returned.items():
            if place.counter == counter:
                self._returned[ref] = place._replace(counter=None, jump_reason=None)

    def passed(self, ref: int) -> int:
        """Return how often the rule called a later arrival at a counter that could have served this ticket."""
        if ref in self._returned:
            return self._returned[ref].passed
        place = self._places[ref]
        marks = self._marks.get(place.service, [])
        return len(marks) - bisect_right(marks, place.arrival)

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

    def ahead(self, ref: int) -> int:
        """Return how many of the same service come before this ticket: by their keys, or before the queue."""
        me = self.place(ref)
        assert me is not None
        return sum(self.before(me))

    def before(self, me: Place) -> tuple[int, int]:
        """Return those whom `ahead` counts: how many of them arrived earlier, and how many later."""

        def goes_first(other: Place) -> bool:
            if (other.jump_reason is None) != (me.jump_reason is None):
                return other.jump_reason is not None
            return other.arrival < me.arrival if me.jump_reason is not None else other.key < me.key

        beside = [p for p in self._returned.values() if p.service == me.service and p.ref != me.ref and goes_first(p)]
        earlier = sum(1 for place in beside if place.arrival < me.arrival)
        others = len(beside) - earlier
        if me.jump_reason is None:
            for queue in self._queues.get(me.service, {}).values():
                ahead = _leading(queue, lambda place: place.key < me.key)
                came = min(ahead, _leading(queue, lambda place: place.arrival < me.arrival))
                earlier, others = earlier + came, others + ahead - came
        return earlier, others

    def count_before(self, service: str, key: tuple[datetime, int]) -> int:
        """Return how many who wait for the service have a smaller key."""
        beside = sum(1 for place in self._returned.values() if place.service == service and place.key < key)
        queues = self._queues.get(service, {}).values()
        return beside + sum(_leading(queue, lambda place: place.key < key) for queue in queues)

    def returned(self, services: Iterable[str], counter: int | None) -> list[Place]:
        """Return the returned tickets that this counter may call."""
        return [place for place in self._returned.values() if place.fits(services, counter)]

    def earlier_at(
        self, arrival: int, services: Iterable[str], counter: int | None, *, sitting_out: bool = False
    ) -> int:
        """Return how many a call at this counter would pass that arrived before `arrival`.

        `sitting_out`: whether the one called sits out the next call; then only such are counted of the returned.
        """
        queued = sum(1 for service in services for _ in self.earlier(service, arrival))
        return queued + sum(
            1 for p in self.returned(services, counter) if p.sits_out_next_call == sitting_out and p.arrival < arrival
        )

    def heads(self, service: str) -> Iterator[Place]:
        """Yield the first of each head start's queue: of those that never came back only they can be called."""
        for queue in self._queues.get(service, {}).values():
            yield next(iter(queue.values()))

    def earlier(self, service: str, arrival: int) -> Iterator[Place]:
        """Yield those waiting for the service that arrived before, without returned tickets."""
        for queue in self._queues.get(service, {}).values():
            yield from takewhile(lambda place: place.arrival < arrival, queue.values())

    def first(self, service: str) -> Place | None:
        """Return the earliest arrival of those waiting for the service."""
        here = [*self.heads(service), *(p for p in self._returned.values() if p.service == service)]
        return min(here, key=lambda place: place.arrival, default=None)

    def at_cap(self, service: str, cap: int) -> Place | None:
        """Return the ticket of the service's queue that may be passed no more: if any, the earliest, passed most."""
        first = self._firsts.get(service)
        return first if first is not None and self.passed(first.ref) >= cap else None

    def _find_first(self, service: str) -> None:
        heads = list(self.heads(service))
        if heads:
            self._firsts[service] = min(heads, key=lambda place: place.arrival)
        else:
            del self._firsts[service]

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
            del marks[: bisect_right(marks, first.arrival)]


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
        chosen = min(jumping, key=lambda place: place.arrival)
        assert chosen.jump_reason is not None
        return Choice(chosen.ref, chosen.jump_reason, waiting.earlier_at(chosen.arrival, services, counter))
    ready = [head for service in services for head in waiting.heads(service)]
    ready += [place for place in returned if not place.sits_out_next_call]
    ready = ready or returned
    if not ready:
        return None
    free = min(ready, key=lambda place: place.key)
    # The arrivals of those whom nobody may pass any more.
    at_cap = [place.arrival for place in ready if place.passed >= cap]
    at_cap += [place.arrival for service in services if (place := waiting.at_cap(service, cap)) is not None]
    limit = min(at_cap, default=None)
    eligible = ready if limit is None else [place for place in ready if place.arrival <= limit]
    chosen = min(eligible, key=lambda place: place.key)
    passes = waiting.earlier_at(chosen.arrival, services, counter, sitting_out=chosen.sits_out_next_call)
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
