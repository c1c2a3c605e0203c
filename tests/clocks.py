"""The two clocks of a PC, set by the test: the time of day, and the clock that only counts seconds."""

from datetime import UTC, datetime, timedelta

MORNING = datetime(2026, 1, 5, 0, 30, tzinfo=UTC)  # half past seven in Viet Nam


class HandClock:
    def __init__(self, at=MORNING):
        self.at = at
        self.gone = 0.0

    def wall(self):
        return self.at

    def elapsed(self):
        return self.gone

    def on(self, **span):
        """Time passes, on both."""
        self.at += timedelta(**span)
        self.gone += timedelta(**span).total_seconds()

    def jump(self, **span):
        """Somebody sets the wall clock, forward or back."""
        self.at += timedelta(**span)
