"""A time that never goes back, derived from a clock that may.

A commune's PC has a flat battery on its board, or somebody sets the date by hand. Order comes from
`seq`, but days, waits and figures need a time they can trust:

* when the clock goes back, time goes on from the last event by the monotonic clock, until the
  wall clock has caught up;
* a leap forward of more than an hour while running, or of more than 60 days since the last event
  at start, is not followed until a supervisor confirms it; a restart confirms nothing;
* a leap that was confirmed by mistake is taken back by a supervisor, when nobody is in the hall any more
  (`hall.day.take_back_leap`): only then does the hall's time go back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

SLEW = timedelta(seconds=2)  # how far a time server may set the clock back without it being a jump
LEAP = timedelta(hours=1)
LEAP_AT_START = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Jump:
    """A jump of the wall clock away from the hall's time by `by`; positive is forward."""

    by: timedelta


class SteadyClock:
    """The hall's time.

    `wall` returns the aware time of the PC, `elapsed` seconds of a monotonic clock.
    """

    def __init__(self, wall: Callable[[], datetime], elapsed: Callable[[], float]) -> None:
        self._wall = wall
        self._elapsed = elapsed
        self._anchor = wall()
        self._anchor_elapsed = elapsed()
        self._held: Jump | None = None

    @property
    def held(self) -> Jump | None:
        """Return the jump because of which the wall clock is not followed now; None if it is followed."""
        return self._held

    def begin(self, last: datetime | None, leapt: timedelta | None = None) -> Jump | None:
        """Set the time after a start; return a jump that was not known before.

        `last` is the time of the last event. `leapt` is how far the wall clock had leapt forward then, if nobody
        has confirmed that leap: while the wall clock is still that far ahead, the leap stays unconfirmed.
        """
        wall = self._wall()
        self._anchor_at(wall)
        self._held = None
        if last is None:
            return None
        waits = leapt is not None and wall > last + max(LEAP, leapt - LEAP)
        if waits or wall < last - SLEW or wall > last + LEAP_AT_START:
            self._held = Jump(wall - last)
            self._anchor_at(last)
        elif wall < last:
            self._anchor_at(last)
        return None if waits else self._held

    def read(self) -> tuple[datetime, Jump | None]:
        """Return the time now, and a jump if one is noticed by this call."""
        wall = self._wall()
        steady = self._anchor + timedelta(seconds=self._elapsed() - self._anchor_elapsed)
        gone = wall - steady
        if self._held is not None:
            # A leap forward stays unfollowed until it is confirmed or taken back; after a step
            # back the wall clock is followed again as soon as it has caught up.
            if -SLEW <= gone <= SLEW or (self._held.by < timedelta(0) and timedelta(0) <= gone <= LEAP):
                self._held = None
                self._anchor_at(max(wall, steady))
                return self._anchor, None
            if abs(gone - self._held.by) > LEAP:
                # From one wrong time to another, as when a dead battery's 1970 is corrected the next
                # morning: another jump, which needs an alarm of its own.
                self._held = Jump(gone)
                return steady, self._held
            return steady, None
        if gone < -SLEW or gone > LEAP:
            self._held = Jump(gone)
            self._anchor_at(steady)
            return steady, self._held
        if gone < timedelta(0):
            # A time server slewing: wait for it instead of going back with it.
            return steady, None
        self._anchor_at(wall)
        return wall, None

    def leapt_to(self) -> tuple[datetime, timedelta]:
        """Return what the wall clock shows after an unconfirmed leap forward, and how far it leapt.

        Raises:
            ValueError: no leap forward is held.
        """
        wall = self._wall()
        steady, _ = self.read()
        if self._held is None or wall <= steady:
            raise ValueError("no leap forward is held")
        return wall, wall - steady

    def follow(self) -> timedelta:
        """Follow the wall clock again, after a supervisor has confirmed its leap; return how far it leapt.

        Raises:
            ValueError: no leap forward is held.
        """
        wall, gone = self.leapt_to()
        self._held = None
        self._anchor_at(wall)
        return gone

    def fell_back_to(self) -> tuple[datetime, timedelta]:
        """Return what the wall clock shows while the hall's time is ahead of it, and how far back that is (negative).

        Raises:
            ValueError: it is not ahead.
        """
        wall = self._wall()
        steady, _ = self.read()
        if self._held is None or wall >= steady:
            raise ValueError("the hall's time is not ahead")
        return wall, wall - steady

    def go_back(self) -> None:
        """Follow the wall clock again although it is behind: a supervisor has taken back the leap they confirmed.

        Raises:
            ValueError: the hall's time is not ahead.
        """
        wall, _ = self.fell_back_to()
        self._held = None
        self._anchor_at(wall)

    def _anchor_at(self, at: datetime) -> None:
        self._anchor = at
        self._anchor_elapsed = self._elapsed()
