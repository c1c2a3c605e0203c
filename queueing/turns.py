"""Who will be called before whom, if only those who are here were called: every open counter calls in turn.

A citizen asks "how many go before me?", and counters call for several services in common: to count the people
of one service answers another question. So the calls to come are made on a copy of the queue, by the rule of
`queueing.dispatch`, one call of each counter in a round, and those before mine at the counters that may call me are
counted. What nobody knows yet (who will come, who will leave, how long each one takes) is left out.

An ordinary newcomer is called by the first counter that has nobody else, and changes nothing for the others, so a
ticket costs no new look ahead. Behind the first MOST_CALLS, where nobody counts any more, each queue counts with the
share of its calls that my counters make.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from sys import maxsize
from typing import NamedTuple

from queueing.dispatch import BY_RULE, Place, WaitingQueue, choose_next

MOST_CALLS = 400  # made one by one

Turn = tuple[int, int]  # the round, and the counter that calls in it
Key = tuple[datetime, int]


class Before(NamedTuple):
    """Those who will be called before somebody: how many of them arrived earlier, and how many later."""

    earlier: int
    later: int

    @property
    def people(self) -> int:
        """Return how many they are."""
        return self.earlier + self.later


class CallsInTurn:
    """The calls to come, seen from the present queue; it may be asked again as long as `holds`."""

    def __init__(self, waiting: WaitingQueue, counters: Mapping[int, Collection[str]], cap: int) -> None:
        """Look ahead from here. `counters`: the services of each counter that calls."""
        self._waiting = waiting
        self._counters = {number: frozenset(counters[number]) for number in sorted(counters)}
        self._cap = cap
        self._look_ahead()

    def holds(self, waiting: WaitingQueue) -> bool:
        """Take in who came meanwhile; return whether this still is the look ahead from this queue."""
        if waiting is not self._waiting or waiting.changes != self._changes:
            return False
        return all(self._join(place) for place in waiting.newcomers[self._newcomers :])

    def before(self, place: Place) -> Before:
        """Return who will be called before this waiting ticket, by the counters that may call it."""
        if place.order == self._latest:  # a newcomer, as a rule: everybody else arrived earlier
            return Before(self.people_before(place), 0)
        mine = self._calling_for(place)
        turn = self._turns.get(place.ref)
        ahead = [other for when, other in self._made if when[1] in mine and (turn is None or when < turn)]
        earlier = sum(other.order < place.order for other in ahead)
        rest = self._far(place, mine) if turn is None else Before(0, 0)
        return Before(earlier + rest.earlier, len(ahead) - earlier + rest.later)

    def people_before(self, place: Place) -> int:
        """Return how many that are: `before(place).people`, from the number of each counter's calls alone."""
        mine, turn = self._calling_for(place), self._turns.get(place.ref)
        called = self._called_before(mine, turn)
        return called if turn is not None else called + self._far(place, mine).people

    def before_newcomer(self, service: str, at: datetime) -> int:
        """Return how many will be called before one who came now (`at`) with an ordinary ticket for this service."""
        key = (at, maxsize)
        turn = self._turn_of_newcomer(service, key)
        mine = self._calling(service)
        called = self._called_before(mine, turn)
        return called if turn is not None else called + self._still_there(service)

    # -- call by call -------------------------------------------------------------------------

    def _look_ahead(self) -> None:
        self._changes, self._newcomers = self._waiting.changes, len(self._waiting.newcomers)
        self._made: list[tuple[Turn, Place]] = []
        self._calls = dict.fromkeys(self._counters, 0)  # counter -> its calls, one in each round from the first
        self._free: dict[int, int] = {}  # counter -> the round in which it would call a newcomer
        self._rest = self._waiting.copy()
        self._sorted: dict[str, tuple[list[Key], list[Key]]] = {}
        # Those who come back and sit out a call are called before a newcomer or after, as it happens.
        self._extensible = True
        rounds = 0
        while len(self._made) < MOST_CALLS and self._call_round(rounds):
            rounds += 1
        self._turns = {place.ref: turn for turn, place in self._made}
        lasts = list(self._waiting.lasts())
        self._last = max((place.key for place in lasts), default=None)
        self._latest = max((place.order for place in lasts), default=None)

    def _call_round(self, nth: int) -> bool:
        """Let every counter call once; return whether one had somebody to call."""
        before = len(self._made)
        for number, services in self._counters.items():
            choice = choose_next(self._rest, services, self._cap, number)
            place = None if choice is None else self._rest.place(choice.ref)
            if place is None or place.sits_out_next_call:
                self._free.setdefault(number, nth)
            if choice is None or place is None:
                continue
            self._extensible = self._extensible and not place.sits_out_next_call
            self._made.append(((nth, number), place))
            self._calls[number] += 1
            self._rest.call(choice.ref, services, number, counts=choice.reason in BY_RULE)
        return len(self._made) > before

    def _called_before(self, mine: Collection[int], turn: Turn | None) -> int:
        """Return how many calls of these counters come before a turn, all of them if that is too far to say."""
        if turn is None:
            return sum(self._calls[number] for number in mine)
        nth, counter = turn
        return sum(min(self._calls[number], nth + (number < counter)) for number in mine)

    def _calling_for(self, place: Place) -> list[int]:
        return [number for number, services in self._counters.items() if place.fits(services, number)]

    def _calling(self, service: str) -> list[int]:
        return [number for number, services in self._counters.items() if service in services]

    def _turn_of_newcomer(self, service: str, key: Key) -> Turn | None:
        """Return when a newcomer with this key would be called; None if that is too far to say."""
        mine = self._calling(service)
        turns = [(self._free[number], number) for number in mine if number in self._free]
        if self._last is not None and key < self._last:
            # Who asked to be called later lets the newcomer go first.
            turns += [when for when, other in self._made if when[1] in mine and other.key > key]
        return min(turns, default=None)

    def _join(self, place: Place) -> bool:
        """Take in a newcomer; return whether everybody else's turn stays what it was."""
        self._newcomers += 1
        if not self._extensible or (self._last is not None and place.key < self._last):
            return False
        self._last, self._latest = place.key, max(place.order, self._latest or place.order)
        turn = self._turn_of_newcomer(place.service, place.key)
        if turn is None:
            self._rest.join(place)
            self._sorted.pop(place.service, None)
        else:
            self._made.append((turn, place))
            self._calls[turn[1]] += 1
            self._turns[place.ref] = turn
            self._free[turn[1]] = turn[0] + 1
        return True

    # -- further back -------------------------------------------------------------------------

    def _still_there(self, service: str) -> int:
        """Return how many of those whom no call above takes go before one who comes now."""
        return round(
            sum(share * self._rest.count(code) for code, share in self._shares(service, self._calling(service)))
        )

    def _far(self, place: Place, mine: Collection[int]) -> Before:
        """Return who of those whom no call above takes comes before this one."""
        if place.key == self._last and place.counter is None:
            return Before(max(0, self._still_there(place.service) - 1), 0)  # without sorting everybody at every ticket
        earlier = everybody = 0.0
        for service, share in self._shares(place.service, mine):
            keys, orders = self._ordered(service)
            first = bisect_left(keys, place.key)
            everybody += share * first
            earlier += share * min(first, bisect_left(orders, place.order))
        return Before(round(earlier), round(everybody) - round(earlier))

    def _shares(self, service: str, mine: Collection[int]) -> Iterator[tuple[str, float]]:
        """Yield the services of these counters, with the part of the calls that they make.

        Where no counter has the service, those who wait for it wait for one another.
        """
        if not mine:
            yield service, 1.0
        for code in sorted({code for number in mine for code in self._counters[number]}):
            theirs = self._calling(code)
            yield code, sum(number in mine for number in theirs) / len(theirs)

    def _ordered(self, service: str) -> tuple[list[Key], list[Key]]:
        """Return the keys and the order of arrival of those who wait for a service, both sorted."""
        if service not in self._sorted:
            places = list(self._rest.places([service]))
            self._sorted[service] = (
                sorted(place.key for place in places),
                sorted(place.order for place in places),
            )
        return self._sorted[service]
