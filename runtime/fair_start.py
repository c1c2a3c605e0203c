"""Which request begins next: an address with hundreds of requests at once lets those of others go between them."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

AT_ONCE = 32  # requests of one address that begin together; commands among them share a commit


@dataclass(slots=True)
class _Queue:
    beginning: int = 0
    waiting: deque[threading.Event] = field(default_factory=deque)


class FairStart:
    """Lets requests begin: each gives way once before, and of one address only `AT_ONCE` at a time."""

    def __init__(self, give_way: Callable[[], None]) -> None:
        self._give_way = give_way
        self._queues: dict[str, _Queue] = {}  # address -> its requests that have not begun
        self._guard = threading.Lock()

    def begin(self, address: str) -> None:
        """Return when a request of this address may begin; those of one address begin in the order they came."""
        with self._guard:
            queue = self._queues.setdefault(address, _Queue())
            place = threading.Event() if queue.beginning >= AT_ONCE else None
            if place is None:
                queue.beginning += 1
            else:
                queue.waiting.append(place)
        if place is not None:
            place.wait()
        try:
            self._give_way()
        finally:
            self._pass_on(address, queue)

    def _pass_on(self, address: str, queue: _Queue) -> None:
        with self._guard:
            if queue.waiting:
                queue.waiting.popleft().set()
                return
            queue.beginning -= 1
            if not queue.beginning:
                del self._queues[address]
