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
KEYS_KEPT = 10_000  # of those with free tries left, and of those that wait


@dataclass(frozen=True, slots=True)
class _Tries:
    count: int
    until: datetime


class Backoff:
    """Makes wrong tries wait: five are free, each further one waits 2, 4, 8 … 60 seconds after the one before.

    The wait is short enough that nobody is locked out, and counts per key, never per address alone: an
    address may be the whole hall's Wi-Fi.
    """

    def __init__(
        self, now: Callable[[], datetime], *, free_tries: int = FREE_TRIES, longest_wait_s: int = LONGEST_WAIT_S
    ) -> None:
        """Allow `free_tries` without a wait; later ones wait `longest_wait_s` seconds at most."""
        self._now = now
        self._free_tries = free_tries
        self._longest_wait_s = longest_wait_s
        # Two tables, each with the oldest first: thousands of tries under other names push out each other, but
        # not a name that waits.
        self._free: OrderedDict[Hashable, _Tries] = OrderedDict()
        self._slowed: OrderedDict[Hashable, _Tries] = OrderedDict()
        self._lock = threading.Lock()

    def book(self, key: Hashable) -> None:
        """Count a try as wrong until `clear` says otherwise; so tries made at once count too.

        Raises:
            TooMany: the wait is not over.
        """
        with self._lock:
            now = self._now()
            before = self._tries(key)
            if before is not None and now < before.until:
                raise TooMany(math.ceil((before.until - now).total_seconds()))
            fresh = before is None or now > before.until + FORGOTTEN_AFTER
            count = 1 if before is None or fresh else before.count + 1
            self._keep(key, _Tries(count, now + self._wait(count)))

    def withdraw(self, key: Hashable) -> None:
        """Take back the last `book` of this key: the try was not looked at."""
        with self._lock:
            booked = self._tries(key)
            if booked is not None:
                self._keep(key, _Tries(booked.count - 1, self._now()))

    def clear(self, key: Hashable) -> None:
        """Forget the tries of this key: the last one was right."""
        with self._lock:
            self._drop(key)

    def _tries(self, key: Hashable) -> _Tries | None:
        return self._slowed.get(key) or self._free.get(key)

    def _drop(self, key: Hashable) -> None:
        self._free.pop(key, None)
        self._slowed.pop(key, None)

    def _keep(self, key: Hashable, tries: _Tries) -> None:
        self._drop(key)
        kept = self._free if tries.count < self._free_tries else self._slowed
        kept[key] = tries
        if len(kept) > KEYS_KEPT:
            kept.popitem(last=False)

    def _wait(self, count: int) -> timedelta:
        if count < self._free_tries:
            return timedelta()
        # The exponent is bounded too: after a night of guessing 2 ** count would not fit a timedelta.
        return timedelta(seconds=min(self._longest_wait_s, 2 ** min(count - self._free_tries + 1, 10)))
