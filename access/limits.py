"""Requests a minute, for the programs that were given a limit."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from access.errors import TooMany
from access.principal import Principal


class Limits:
    """A moving window of one minute for each principal; never one for an address alone."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, principal: Principal) -> None:
        """Count one request.

        Raises:
            TooMany: the minute is used up.
        """
        if principal.limit_per_minute is None:
            return
        limit = RateLimitItemPerMinute(principal.limit_per_minute)
        if not self._limiter.hit(limit, principal.subject):
            free_at, _ = self._limiter.get_window_stats(limit, principal.subject)
            raise TooMany(max(1, math.ceil(free_at - time.time())))
