"""Requests a minute, for the programs that were given a limit."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque

from access.errors import TooMany
from access.principal import Principal

_WINDOW_S = 60.0


class Limits:
    """A moving window of one minute for each principal; never one for an address alone."""

    def __init__(self) -> None:
        self._taken: defaultdict[str, deque[float]] = defaultdict(deque)  # subject -> when, oldest first

    def count(self, principal: Principal) -> None:
        """Count one request.

        Raises:
            TooMany: the minute is used up.
        """
        if principal.limit_per_minute is None:
            return
        now, taken = time.monotonic(), self._taken[principal.subject]
        while taken and taken[0] <= now - _WINDOW_S:
            taken.popleft()
        if len(taken) >= principal.limit_per_minute:
            raise TooMany(max(1, math.ceil(taken[0] + _WINDOW_S - now)))
        taken.append(now)
