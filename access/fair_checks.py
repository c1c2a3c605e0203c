"""One password is checked at a time, for a check takes a whole core; who tries without end takes turns with others."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

from access.errors import TooMany


@dataclass(order=True, slots=True)
class _Place:
    """A place in the queue: those of earlier rounds come first, and within a round who came first."""

    round: int
    number: int
    called: threading.Event = field(default_factory=threading.Event, compare=False)
    left: bool = field(default=False, compare=False)


class FairChecks:
    """Gives the one place in turn to those who wait: one of each address in a round, in the order they came.

    So somebody from another address waits for the one at work, and for one of each address that waited before.
    """

    def __init__(self, waiting_most: int, patience_s: int) -> None:
        """Let `waiting_most` of one address wait or be at work, each for `patience_s` seconds at most."""
        self._waiting_most = waiting_most
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._numbers = count()
        self._places: list[_Place] = []  # of those who wait, as a heap
        self._held: Counter[str] = Counter()  # how many wait or are at work, by address
        self._last_round: dict[str, int] = {}  # of the last place that was given out, by address
        self._round = 0  # of the one at work
        self._busy = False

    @contextmanager
    def take(self, address: str) -> Iterator[None]:
        """Wait for the place, and have it until the end of the block.

        Raises:
            TooMany: too many wait from this address, or the wait was too long.
        """
        place = self._join(address)
        try:
            if not place.called.wait(self._patience_s) and self._leave(place):
                raise TooMany(self._patience_s)
            try:
                yield
            finally:
                self._pass_on()
        finally:
            self._forget(address)

    def _join(self, address: str) -> _Place:
        with self._lock:
            if self._held[address] >= self._waiting_most:
                raise TooMany(1)
            self._held[address] += 1
            place = _Place(max(self._round, self._last_round.get(address, -1) + 1), next(self._numbers))
            self._last_round[address] = place.round
            if self._busy:
                heappush(self._places, place)
            else:
                self._call(place)
            return place

    def _leave(self, place: _Place) -> bool:
        """Give up a place; return False if it was called at the last moment."""
        with self._lock:
            place.left = not place.called.is_set()
            return place.left

    def _pass_on(self) -> None:
        with self._lock:
            self._busy = False
            while self._places and not self._busy:
                place = heappop(self._places)
                if not place.left:
                    self._call(place)

    def _call(self, place: _Place) -> None:
        self._busy, self._round = True, place.round
        place.called.set()

    def _forget(self, address: str) -> None:
        with self._lock:
            self._held[address] -= 1
            if not self._held[address]:
                # Somebody who comes back later begins in the present round again.
                del self._held[address]
                del self._last_round[address]
