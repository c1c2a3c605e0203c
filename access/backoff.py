"""Waits that grow with every wrong try, so that guessing takes years."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

from access.errors import TooMany

FREE_TRIES = 5
LONGEST_WAIT_S = 60
FORGOTTEN_AFTER = timedelta(minutes=15)
KEYS_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class _Tries:
    count: int
    until: datetime


class Backoff:
    """Makes wrong tries wait: five are free, each further one waits 2, 4, 8 … 60 seconds after the one before.

    The wait is short enough that nobody is locked out, and counts per key, never per address: an
    address may be the whole hall's Wi-Fi.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._tries: OrderedDict[Hashable, _Tries] = OrderedDict()
        self._lock = threading.Lock()

    def book(self, key: Hashable) -> None:
        """Count a try as wrong until `clear` says otherwise; so tries made at once count too.

        Raises:
            TooMany: the wait is not over.
        """
        with self._lock:
            now = self._now()
            before = self._tries.get(key)
            if before is not None and now < before.until:
                raise TooMany(math.ceil((before.until - now).total_seconds()))
            fresh = before is None or now > before.until + FORGOTTEN_AFTER
            count = 1 if before is None or fresh else before.count + 1
            self._tries[key] = _Tries(count, now + _wait(count))
            self._tries.move_to_end(key)
            if len(self._tries) > KEYS_KEPT:
                self._tries.popitem(last=False)

    def clear(self, key: Hashable) -> None:
        """Forget the tries of this key: the last one was right."""
        with self._lock:
            self._tries.pop(key, None)


def _wait(count: int) -> timedelta:
    if count < FREE_TRIES:
        return timedelta()
    # The exponent is bounded too: after a night of guessing 2 ** count would not fit a timedelta.
    return timedelta(seconds=min(LONGEST_WAIT_S, 2 ** min(count - FREE_TRIES + 1, 10)))
