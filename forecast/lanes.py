"""The rule of who is next, in the form in which thousands of calls can be simulated.

It makes the calls of `queueing.dispatch.choose_next`, which stays the rule: a test holds the two together on random
halls. What makes it fast: within one service and one head start the order of keys is the order of arrival, so these
are lanes of which only the heads are compared; keys are whole numbers, so that the smallest head is one `min` over a
list; and of each service only the first is watched, because nobody else reaches the cap before it. Returned tickets
(a few) are scanned one by one.

`LaneSet` is what all simulations of one moment share, `Lanes` the queue of one of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Collection, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from forecast.state import WaitingTicket

NOBODY = 1 << 90  # the key of an empty lane
# Between the keys of two who wait there is room for those who come later: by their time, of a thousandth of a second
# and not before ten days ago, and then in the order in which they came.
_ROOM, _BACK_S, _A_SECOND, _NEWCOMERS = 1 << 50, 864_000.0, 1024, 1 << 16


class Queued(NamedTuple):
    """One who waits in a lane."""

    order: int  # of arrival
    lane: int
    ticket: int  # its index
    passed: int = 0  # at the beginning


class ReturnedTicket:
    """A ticket that waits again, in one simulation: it carries its own count of passes."""

    __slots__ = ("counter", "index", "jumps", "key", "order", "passed", "service", "sits_out")

    def __init__(self, index: int, key: int, order: int, ticket: WaitingTicket) -> None:
        self.index, self.key, self.order = index, key, order
        self.service, self.counter, self.passed = ticket.service, ticket.counter, ticket.passed
        self.jumps, self.sits_out = ticket.jumps, ticket.sits_out_next_call

    def copy(self) -> ReturnedTicket:
        """Return a copy for another simulation."""
        copy: ReturnedTicket = object.__new__(ReturnedTicket)
        copy.index, copy.key, copy.order = self.index, self.key, self.order
        copy.service, copy.counter, copy.passed = self.service, self.counter, self.passed
        copy.jumps, copy.sits_out = self.jumps, self.sits_out
        return copy


class CounterLanes(NamedTuple):
    """What a counter serves: names, the numbers of services that have lanes, and what picks their heads and limits."""

    names: frozenset[str]
    services: tuple[int, ...]
    pick_heads: Callable[[list[int]], Collection[int]]
    pick_limits: Callable[[list[int]], Collection[int]]


class LaneSet:
    """The queue at one moment, laid out in lanes. `index` counts the tickets as they were given."""

    def __init__(
        self,
        waiting: Sequence[WaitingTicket],
        counters: Mapping[int, Collection[str]],
        cap: int,
        joining: Collection[tuple[str, float]] = (),
    ) -> None:
        """Lay the queue out. `joining`: the (service, head start in seconds) of those who may join later."""
        self.waiting, self.cap = waiting, cap
        self._keys = sorted((ticket.arrived_s - ticket.head_start_s, ticket.arrival) for ticket in waiting)
        self._orders = sorted((ticket.arrived_s, ticket.arrival) for ticket in waiting)
        lanes: dict[tuple[str, float], list[tuple[int, int]]] = {lane: [] for lane in joining}
        orders: dict[int, int] = {}  # by key
        self.returned: list[ReturnedTicket] = []
        for index, ticket in enumerate(waiting):
            key, order = self.position(ticket)
            if ticket.returned:
                self.returned.append(ReturnedTicket(index, key, order, ticket))
            else:
                lanes.setdefault((ticket.service, ticket.head_start_s), []).append((key, index))
                orders[key] = order
        self.queued: dict[int, Queued] = {}  # by key
        self.next: dict[int, int] = {}  # key -> the key behind it in its lane
        self.heads: list[int] = []
        self.tails: list[int] = []
        self.lanes: dict[tuple[str, float], int] = {}
        self.service_numbers: dict[str, int] = {}
        self.lanes_of_service: list[list[int]] = []
        self.service_of: list[int] = []  # by lane
        for lane, (name, entries) in enumerate(lanes.items()):
            entries.sort()
            keys = [key for key, _ in entries]
            self.next.update(zip(keys, [*keys[1:], NOBODY], strict=False))
            self.queued.update((key, Queued(orders[key], lane, index, waiting[index].passed)) for key, index in entries)
            self.heads.append(keys[0] if keys else NOBODY)
            self.tails.append(keys[-1] if keys else NOBODY)
            self.lanes[name] = lane
            service = self.service_numbers.setdefault(name[0], len(self.service_numbers))
            if service == len(self.lanes_of_service):
                self.lanes_of_service.append([])
            self.lanes_of_service[service].append(lane)
            self.service_of.append(service)
        self.heads.append(NOBODY)  # so that no counter is without a lane
        # Ordinary people pass nobody: somebody who came earlier has a smaller key, whatever their head start.
        least = min((head_start for _, head_start in lanes), default=0.0)
        self.passes = [head_start > least for _, head_start in lanes]
        self.counters = {number: self._counter(services) for number, services in counters.items()}
        services = len(self.lanes_of_service)
        self.passes_left, self.limits = [0] * services, [NOBODY] * (services + 1)
        begun = Lanes(self)
        for service in range(services):
            begun.note_limit(service)
        self.passes_left, self.limits = begun.passes_left, begun.limits

    def _counter(self, names: Collection[str]) -> CounterLanes:
        services = tuple(sorted(self.service_numbers[name] for name in names if name in self.service_numbers))
        lanes = [lane for service in services for lane in self.lanes_of_service[service]]
        pick_heads: Callable[[list[int]], Collection[int]] = itemgetter(*_two_or_more(lanes, len(self.heads) - 1))
        pick_limits: Callable[[list[int]], Collection[int]] = itemgetter(
            *_two_or_more(services, len(self.lanes_of_service))
        )
        return CounterLanes(frozenset(names), services, pick_heads, pick_limits)

    def position(self, ticket: WaitingTicket, nth: int = 0) -> tuple[int, int]:
        """Return the whole numbers that stand for key and order of arrival, among those who wait.

        `nth` counts those who are not in the queue yet, in their order of arrival, from 1.
        """
        came_s, key_s = ticket.arrived_s, ticket.arrived_s - ticket.head_start_s
        key = bisect_left(self._keys, (key_s, ticket.arrival)) * _ROOM
        order = bisect_left(self._orders, (came_s, ticket.arrival)) * _ROOM
        return (key, order) if nth == 0 else (key - _ROOM + _between(key_s, nth), order - _ROOM + _between(came_s, nth))


def _two_or_more(places: Sequence[int], empty: int) -> Sequence[int]:
    """Return places of which at least two are there: of one alone, `itemgetter` would return no tuple."""
    return places if len(places) > 1 else (*places, empty, empty)


def _between(at_s: float, nth: int) -> int:
    return int((at_s + _BACK_S) * _A_SECOND) * _NEWCOMERS + nth


class Lanes:
    """The queue of one simulation.

    Of each service, by its number: how often its first may at least still be passed, and the order of arrival after
    which nobody at one of its counters may be called, because its first may be passed no more (else NOBODY).
    """

    __slots__ = ("_heads", "_marks", "_next", "_queued", "_returned", "_set", "_tails", "limits", "passes_left")

    def __init__(self, lanes: LaneSet) -> None:
        self._set = lanes
        self._heads, self._tails = lanes.heads[:], lanes.tails[:]
        self._next, self._queued = lanes.next, lanes.queued  # shared until somebody joins
        self._returned = [ticket.copy() for ticket in lanes.returned]
        # By service: sorted orders of those who were called at its counters, and may have passed somebody.
        self._marks: list[list[int]] = [[] for _ in lanes.lanes_of_service]
        self.passes_left, self.limits = lanes.passes_left[:], lanes.limits[:]

    def join(self, index: int, key: int, order: int, ticket: WaitingTicket) -> None:
        """Let somebody join who came later than all before; `key` and `order` as `LaneSet.position` returns them."""
        if ticket.returned:
            self._returned.append(ReturnedTicket(index, key, order, ticket))
            return
        if self._next is self._set.next:
            self._next, self._queued = dict(self._next), dict(self._queued)
        lane = self._set.lanes[ticket.service, ticket.head_start_s]
        self._next[key], self._queued[key] = NOBODY, Queued(order, lane, index)
        if self._heads[lane] == NOBODY:
            self._heads[lane] = key
        else:
            self._next[self._tails[lane]] = key
        self._tails[lane] = key
        self.note_limit(self._set.service_of[lane])

    def release(self, counter: int) -> None:
        """Keep no ticket for this counter any more."""
        for ticket in self._returned:
            if ticket.counter == counter:
                ticket.counter, ticket.jumps = None, False

    def call(self, counter: int) -> int:
        """Remove the ticket that the rule calls at a counter, and return its index; -1 if nobody waits for it."""
        lanes, heads = self._set, self._heads
        names, services, pick_heads, pick_limits = lanes.counters[counter]
        if self._returned:
            here = [
                ticket
                for ticket in self._returned
                if (ticket.service in names if ticket.counter is None else ticket.counter == counter)
            ]
            if here:
                return self._call_among(here, counter)
        key = min(pick_heads(heads))
        if key == NOBODY:
            return -1
        order, lane, index, _ = self._queued[key]
        limits = self.limits
        for service in services:
            if limits[service] < order:
                key = self._within(min(pick_limits(limits)), pick_heads(heads))
                order, lane, index, _ = self._queued[key]
                break
        heads[lane] = self._next[key]
        service = lanes.service_of[lane]
        if lanes.passes[lane]:
            self._mark(services, order)
        if limits[service] == order:
            self.note_limit(service)
        return index

    def _within(self, limit: int, heads: Collection[int]) -> int:
        """Return the smallest of the heads whom the cap leaves eligible; NOBODY if none is."""
        queued, least = self._queued, NOBODY
        for key in heads:
            if key < least and queued[key][0] <= limit:
                least = key
        return least

    def _first(self, service: int) -> tuple[int, int]:
        """Return the order of the earliest arrival in a service's lanes, and how often it was passed at the beginning.

        NOBODY if they are empty.
        """
        heads, queued, first, passed = self._heads, self._queued, NOBODY, 0
        for lane in self._set.lanes_of_service[service]:
            key = heads[lane]
            if key != NOBODY:
                order, _, _, before = queued[key]
                if order < first:
                    first, passed = order, before
        return first, passed

    def note_limit(self, service: int) -> None:
        """Note how often the first of a service may still be passed, and the limit if that is never."""
        first, passed = self._first(service)
        if first == NOBODY:
            self.passes_left[service], self.limits[service] = NOBODY, NOBODY
            return
        marks = self._marks[service]
        left = self._set.cap - passed - len(marks) + bisect_right(marks, first)
        self.passes_left[service] = left
        self.limits[service] = first if left <= 0 else NOBODY

    def _mark(self, services: Sequence[int], order: int) -> None:
        """Count the pass of those who wait for one of these services and arrived before `order`.

        Also where nobody did: those who are first later came after it. So the first need not be looked for until it may
        have reached the cap.
        """
        marks, passes_left, limits = self._marks, self.passes_left, self.limits
        for service in services:
            insort(marks[service], order)
            passes_left[service] = left = passes_left[service] - 1
            if left <= 0 and limits[service] == NOBODY:
                self.note_limit(service)

    def _mark_returned(self, services: Sequence[int], order: int) -> None:
        """Count the pass of those who arrived before a returned ticket."""
        for service in services:
            if self._first(service)[0] < order:
                self._mark((service,), min(order, self._after_last(service)))

    def _after_last(self, service: int) -> int:
        """Return an order after everybody in the lanes of a service, and not after anybody who is to come.

        One who asked to be called later may count as having come after people who have yet to come.
        """
        lanes = self._set.lanes_of_service[service]
        return 1 + max(self._queued[self._tails[lane]].order for lane in lanes if self._heads[lane] != NOBODY)

    # -- with returned tickets ----------------------------------------------------------------

    def _call_among(self, here: list[ReturnedTicket], counter: int) -> int:
        """Call where returned tickets can be called too: the rule in full."""
        _, services, pick_heads, pick_limits = self._set.counters[counter]
        jumping = [ticket for ticket in here if ticket.jumps]
        if jumping:
            return self._take_returned(min(jumping, key=lambda ticket: ticket.order), here, services, counts=False)
        heads = pick_heads(self._heads)
        ready = [ticket for ticket in here if not ticket.sits_out]
        if min(heads) == NOBODY and not ready:
            ready = here
        limits = [ticket.order for ticket in ready if ticket.passed >= self._set.cap]
        limit = min([*limits, *pick_limits(self.limits)])
        chosen = min((ticket for ticket in ready if ticket.order <= limit), key=lambda ticket: ticket.key, default=None)
        key = self._within(limit, heads)
        if chosen is not None and chosen.key < key:
            return self._take_returned(chosen, here, services, counts=True)
        order, lane, index, _ = self._queued[key]
        self._heads[lane] = self._next[key]
        service = self._set.service_of[lane]
        self._mark(services, order)
        self.note_limit(service)
        self._pass_returned(here, order, sitting_out=False, counts=True)
        return index

    def _take_returned(
        self, chosen: ReturnedTicket, here: list[ReturnedTicket], services: Sequence[int], *, counts: bool
    ) -> int:
        self._returned.remove(chosen)
        here.remove(chosen)
        if counts:
            self._mark_returned(services, chosen.order)
        self._pass_returned(here, chosen.order, sitting_out=chosen.sits_out, counts=counts)
        return chosen.index

    @staticmethod
    def _pass_returned(here: list[ReturnedTicket], order: int, *, sitting_out: bool, counts: bool) -> None:
        for ticket in here:
            if counts and ticket.sits_out == sitting_out and ticket.order < order:
                ticket.passed += 1
            ticket.sits_out = False
