"""Which request begins next: when many come at once, one of each address in turn."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

AT_ONCE = 32  # requests that begin together; commands among them share a commit


class FairStart:
    """Lets requests begin: each gives way once before, and only `AT_ONCE` do so at a time.

    The others wait, those of one address in the order they came, and the addresses take turns: an address with
    hundreds of requests lets those of others go between them.
    """

    def __init__(self, give_way: Callable[[], None]) -> None:
        self._give_way = give_way
        self.beginning = 0  # requests that give way now
        self._waiting: dict[str, deque[threading.Event]] = {}  # address -> its requests; whose turn is next is first
        self._guard = threading.Lock()

    def begin(self, address: str) -> None:
        """Return when a request of this address may begin."""
        with self._guard:
            place = threading.Event() if self.beginning >= AT_ONCE else None
            if place is None:
                self.beginning += 1
            else:
                self._waiting.setdefault(address, deque()).append(place)
        if place is not None:
            place.wait()
        try:
            self._give_way()
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        with self._guard:
            if not self._waiting:
                self.beginning -= 1
                return
            address = next(iter(self._waiting))
            waiting = self._waiting.pop(address)
            waiting.popleft().set()
            if waiting:
                self._waiting[address] = waiting
