"""Requests a minute: of programs that were given a limit, and of one device, one ticket, one screen."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from datetime import datetime, timedelta

from access.errors import TooMany
from access.principal import Principal

_WINDOW_S = 60.0
_KEYS_KEPT = 10_000
_LATELY = timedelta(minutes=5)


class Limits:
    """Counts requests in a moving window of one minute for each key.

    A key is a caller, a ticket or a socket, as a whole hall may share an address; only wrong guesses count by address.
    """

    def __init__(self) -> None:
        self._taken: dict[str, deque[float]] = {}  # key -> when, oldest first; the key taken last is last
        self._lock = threading.Lock()

    def count(self, principal: Principal) -> None:
        """Count one request of a program that has a limit.

        Raises:
            TooMany: the minute is used up.
        """
        if principal.limit_per_minute is not None:
            self.take(principal.subject, principal.limit_per_minute)

    def take(self, key: str, most: int) -> None:
        """Count one request of this key; `most` are allowed a minute.

        Raises:
            TooMany: the minute is used up.
        """
        now = time.monotonic()
        with self._lock:
            taken = self._taken.pop(key, None) or deque()
            self._taken[key] = taken
            while taken and taken[0] <= now - _WINDOW_S:
                taken.popleft()
            if len(taken) >= most:
                raise TooMany(max(1, math.ceil(taken[0] + _WINDOW_S - now)))
            taken.append(now)
            if len(self._taken) > _KEYS_KEPT:
                del self._taken[next(iter(self._taken))]


class Floods:
    """Remembers who was lately refused for asking too often, for the alarm of the supervisor."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[str, datetime, datetime]] = {}  # subject -> name, first and last time

    def note(self, principal: Principal, at: datetime) -> bool:
        """Note that the principal was refused for asking too often; return whether it is new."""
        self.lately(at)
        news = principal.subject not in self._seen
        _, since, _ = self._seen.get(principal.subject, ("", at, at))
        self._seen[principal.subject] = (principal.name, since, at)
        return news

    def lately(self, at: datetime) -> list[tuple[str, datetime]]:
        """Return the names of those refused in the last five minutes, and since when."""
        self._seen = {who: seen for who, seen in self._seen.items() if seen[2] > at - _LATELY}
        return [(name, since) for name, since, _ in self._seen.values()]
