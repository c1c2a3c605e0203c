"""The rule of who is next, in the form in which thousands of calls can be simulated.

It makes the calls of `queueing.dispatch.choose_next`, which stays the rule: a test holds the two together on random
halls. What makes it fast: within one service and one head start the order of keys is the order of arrival, so these
are lanes of which only the heads are compared; keys are whole numbers, so that the smallest head is one `min` over a
list; and a pass is counted only where one can happen. Returned tickets (a few) are scanned one by one.

`LaneSet` is what all simulations of one moment share, `Lanes` the queue of one of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from operator import itemgetter

from forecast.state import WaitingTicket

NOBODY = 1 << 90  # the key of an empty lane
# Between the keys of two who wait there is room for those who come later: by their time, of a thousandth of a second
# and not before ten days ago, and then in the order in which they came.
_ROOM, _BACK_S, _A_SECOND, _NEWCOMERS = 1 << 50, 864_000.0, 1024, 1 << 16


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
        self.services = {number: frozenset(services) for number, services in counters.items()}
        self._keys = sorted((ticket.arrived_s - ticket.head_start_s, ticket.arrival) for ticket in waiting)
        self._orders = sorted((ticket.arrived_s, ticket.arrival) for ticket in waiting)
        queued: dict[tuple[str, float], list[tuple[int, int]]] = {lane: [] for lane in joining}
        self.order_of: dict[int, int] = {}  # by key
        self.index_of: dict[int, int] = {NOBODY: -1}  # by key
        self.returned: list[ReturnedTicket] = []
        for index, ticket in enumerate(waiting):
            key, order = self.position(ticket)
            if ticket.returned:
                self.returned.append(ReturnedTicket(index, key, order, ticket))
            else:
                queued.setdefault((ticket.service, ticket.head_start_s), []).append((key, index))
                self.order_of[key], self.index_of[key] = order, index
        self.next: dict[int, int] = {}
        self.heads: list[int] = []
        self.tails: list[int] = []
        self.lane_of: dict[int, int] = {}  # by key
        self.lanes: dict[tuple[str, float], int] = {}
        self.lanes_of_service: dict[str, list[int]] = {}
        for lane, (name, entries) in enumerate(queued.items()):
            entries.sort()
            keys = [key for key, _ in entries]
            self.next.update(zip(keys, [*keys[1:], NOBODY], strict=False))
            self.lane_of.update(dict.fromkeys(keys, lane))
            self.heads.append(keys[0] if keys else NOBODY)
            self.tails.append(keys[-1] if keys else NOBODY)
            self.lanes[name] = lane
            self.lanes_of_service.setdefault(name[0], []).append(lane)
        self.heads.append(NOBODY)  # so that no counter is without a lane
        self.head_start_of = [head_start for _, head_start in queued]
        self.service_of = [service for service, _ in queued]
        # Ordinary people pass nobody: somebody who came earlier has a smaller key, whatever their head start.
        least = min(self.head_start_of, default=0.0)
        self.passes = [head_start > least for head_start in self.head_start_of]
        self.base = {key: waiting[index].passed for key, index in self.index_of.items() if key != NOBODY}
        # service -> so many passes more before one who waits for it can be at the cap
        self.least_passes = dict.fromkeys((service for service, _ in queued), cap)
        for key, passed in self.base.items():
            service = self.service_of[self.lane_of[key]]
            self.least_passes[service] = min(self.least_passes[service], cap - passed)
        self.pick = {number: self._picker(services) for number, services in self.services.items()}
        self.limits: dict[str, int] = {}  # service -> the order of its first, if that one may be passed no more
        self.limits = Lanes(self).limits(self.lanes_of_service)

    def _picker(self, services: Collection[str]) -> Callable[[list[int]], Collection[int]]:
        empty = len(self.heads) - 1
        lanes = [lane for service in sorted(services) for lane in self.lanes_of_service.get(service, ())]
        pick: Callable[[list[int]], Collection[int]] = itemgetter(*lanes, empty, empty)
        return pick

    def position(self, ticket: WaitingTicket, nth: int = 0) -> tuple[int, int]:
        """Return the whole numbers that stand for key and order of arrival, among those who wait.

        `nth` counts those who are not in the queue yet, in their order of arrival, from 1.
        """
        came_s, key_s = ticket.arrived_s, ticket.arrived_s - ticket.head_start_s
        key = bisect_left(self._keys, (key_s, ticket.arrival)) * _ROOM
        order = bisect_left(self._orders, (came_s, ticket.arrival)) * _ROOM
        return (key, order) if nth == 0 else (key - _ROOM + _between(key_s, nth), order - _ROOM + _between(came_s, nth))


def _between(at_s: float, nth: int) -> int:
    return int((at_s + _BACK_S) * _A_SECOND) * _NEWCOMERS + nth


class Lanes:
    """The queue of one simulation."""

    __slots__ = (
        "_base", "_firsts", "_heads", "_index_of", "_lane_of", "_limits", "_marks", "_next", "_order_of",
        "_returned", "_set", "_tails",
    )  # fmt: skip

    def __init__(self, lanes: LaneSet) -> None:
        self._set = lanes
        self._heads, self._tails = lanes.heads[:], lanes.tails[:]
        # Shared until somebody joins.
        self._next, self._lane_of = lanes.next, lanes.lane_of
        self._order_of, self._index_of, self._base = lanes.order_of, lanes.index_of, lanes.base
        self._returned = [ticket.copy() for ticket in lanes.returned]
        self._marks: dict[str, list[int]] = {}  # service -> sorted orders of those who passed somebody waiting for it
        self._firsts: dict[str, int] = {}  # service -> the key of its earliest arrival, while that is known
        self._limits = dict(lanes.limits)

    def limits(self, services: Iterable[str]) -> dict[str, int]:
        """Return service -> the order of arrival after which nobody of its lanes may be called, where there is one."""
        for service in services:
            self._note_limit(service)
        return self._limits

    def join(self, index: int, key: int, order: int, ticket: WaitingTicket) -> None:
        """Let somebody join who came later than all before; `key` and `order` as `LaneSet.position` returns them."""
        if self._next is self._set.next:
            self._next, self._lane_of = dict(self._next), dict(self._lane_of)
            self._order_of, self._index_of = dict(self._order_of), dict(self._index_of)
            self._base = dict(self._base)
        if ticket.returned:
            self._returned.append(ReturnedTicket(index, key, order, ticket))
            return
        lane = self._set.lanes[ticket.service, ticket.head_start_s]
        self._next[key], self._lane_of[key], self._order_of[key], self._index_of[key] = NOBODY, lane, order, index
        self._base[key] = 0
        if self._heads[lane] == NOBODY:
            self._heads[lane] = key
        else:
            self._next[self._tails[lane]] = key
        self._tails[lane] = key
        self._firsts.pop(ticket.service, None)
        self._note_limit(ticket.service)

    def release(self, counter: int) -> None:
        """Keep no ticket for this counter any more."""
        for ticket in self._returned:
            if ticket.counter == counter:
                ticket.counter, ticket.jumps = None, False

    def call(self, counter: int) -> int:
        """Remove the ticket that the rule calls at a counter, and return its index; -1 if nobody waits for it."""
        lanes, heads = self._set, self._heads
        if self._returned:
            services = lanes.services[counter]
            here = [
                ticket
                for ticket in self._returned
                if (ticket.service in services if ticket.counter is None else ticket.counter == counter)
            ]
            if here:
                return self._call_among(here, counter)
        key = min(lanes.pick[counter](heads))
        if key == NOBODY:
            return -1
        order, limits = self._order_of[key], self._limits
        if limits:
            services = lanes.services[counter]
            for service, limit in limits.items():
                if limit < order and service in services:
                    key = self._within_cap(counter)
                    order = self._order_of[key]
                    break
        lane = self._lane_of[key]
        heads[lane] = self._next[key]
        service = lanes.service_of[lane]
        firsts = self._firsts
        if firsts.get(service) == key:
            del firsts[service]
        if lanes.passes[lane]:
            self._mark(counter, order)
        if limits and limits.get(service) == order:
            self._note_limit(service)
        return self._index_of[key]

    def _within_cap(self, counter: int) -> int:
        """Return the smallest head of those whom the cap leaves eligible."""
        services, orders = self._set.services[counter], self._order_of
        limit = min(order for service, order in self._limits.items() if service in services)
        return min(key for key in self._set.pick[counter](self._heads) if key != NOBODY and orders[key] <= limit)

    def _first(self, service: str) -> int:
        """Return the key of the earliest arrival of a service's lanes; NOBODY if they are empty."""
        first = self._firsts.get(service)
        if first is None:
            first = least = NOBODY
            heads, order_of = self._heads, self._order_of
            for lane in self._set.lanes_of_service.get(service, ()):
                key = heads[lane]
                if key != NOBODY and order_of[key] < least:
                    first, least = key, order_of[key]
            self._firsts[service] = first
        return first

    def _note_limit(self, service: str) -> None:
        """Note whether the first of a service may be passed no more."""
        first = self._first(service)
        if first != NOBODY:
            order, marks = self._order_of[first], self._marks.get(service)
            passed = self._base[first]
            if marks:
                passed += len(marks) - bisect_right(marks, order)
            if passed >= self._set.cap:
                self._limits[service] = order
                return
        self._limits.pop(service, None)

    def _mark(self, counter: int, order: int, *, deferred: bool = False) -> None:
        """Count the pass of those who wait for one of the counter's services and arrived before `order`."""
        firsts, order_of = self._firsts, self._order_of
        for service in self._set.services[counter]:
            first = firsts.get(service)
            if first is None:
                first = self._first(service)
            if first != NOBODY and order_of[first] < order:
                mark = min(order, self._after_last(service)) if deferred else order
                marks = self._marks.get(service)
                if marks is None:
                    marks = self._marks[service] = []
                insort(marks, mark)
                if service not in self._limits and len(marks) >= self._set.least_passes[service]:
                    self._note_limit(service)

    def _after_last(self, service: str) -> int:
        """Return an order after everybody in the lanes of a service, and not after anybody who is to come.

        One who asked to be called later may count as having come after people who have yet to come.
        """
        lanes = self._set.lanes_of_service[service]
        return 1 + max(self._order_of[self._tails[lane]] for lane in lanes if self._heads[lane] != NOBODY)

    # -- with returned tickets ----------------------------------------------------------------

    def _call_among(self, here: list[ReturnedTicket], counter: int) -> int:
        """Call where returned tickets can be called too: the rule in full."""
        jumping = [ticket for ticket in here if ticket.jumps]
        if jumping:
            return self._take_returned(min(jumping, key=lambda ticket: ticket.order), here, counter, counts=False)
        heads = [key for key in set(self._set.pick[counter](self._heads)) if key != NOBODY]
        ready = [ticket for ticket in here if not ticket.sits_out]
        if not heads and not ready:
            ready = here
        limits = [ticket.order for ticket in ready if ticket.passed >= self._set.cap]
        services = self._set.services[counter]
        limits += [order for service, order in self._limits.items() if service in services]
        limit = min(limits, default=NOBODY)
        chosen = min((ticket for ticket in ready if ticket.order <= limit), key=lambda ticket: ticket.key, default=None)
        key = min((key for key in heads if self._order_of[key] <= limit), default=NOBODY)
        if chosen is not None and chosen.key < key:
            return self._take_returned(chosen, here, counter, counts=True)
        lane = self._lane_of[key]
        self._heads[lane] = self._next[key]
        service = self._set.service_of[lane]
        self._firsts.pop(service, None)
        self._mark(counter, self._order_of[key])
        self._note_limit(service)
        self._pass_returned(here, self._order_of[key], sitting_out=False, counts=True)
        return self._index_of[key]

    def _take_returned(self, chosen: ReturnedTicket, here: list[ReturnedTicket], counter: int, *, counts: bool) -> int:
        self._returned.remove(chosen)
        here.remove(chosen)
        if counts:
            self._mark(counter, chosen.order, deferred=True)
        self._pass_returned(here, chosen.order, sitting_out=chosen.sits_out, counts=counts)
        return chosen.index

    @staticmethod
    def _pass_returned(here: list[ReturnedTicket], order: int, *, sitting_out: bool, counts: bool) -> None:
        for ticket in here:
            if counts and ticket.sits_out == sitting_out and ticket.order < order:
                ticket.passed += 1
            ticket.sits_out = False
