"""The public figures of today: how long people waited so far, shown only once it singles out nobody."""

from __future__ import annotations

import time

import msgspec

from hall.hall import Hall
from hall.public_months import minutes_at_most
from hall.review import targets_of
from queueing.metrics import figures
from queueing.small_cells import FEWEST, coded_share

KEPT_S = 10.0  # how long an answer is used again: everybody may ask, and it goes through all tickets of the day


class PublicTodayView(msgspec.Struct):
    """The waits of today; null while fewer than ten were served, or where a share would single out fewer than ten."""

    day: str
    wait_median_min: int | None  # rounded up: half of the visits waited at most so long
    on_target_percent: int | None  # rounded down
    on_target_bound: str  # "" exact, "at_least" or "at_most" where fewer than ten are on one side
    target_min: int


class PublicToday:
    """Computes the public figures of today, at most once in KEPT_S."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._view: PublicTodayView | None = None
        self._kept_since = 0.0

    def view(self) -> PublicTodayView:
        """Return the figures of today."""
        view = self._view
        if view is None or view.day != str(self._hall.floor.day) or time.monotonic() - self._kept_since > KEPT_S:
            view = self._view = self._compute()
            self._kept_since = time.monotonic()
        return view

    def _compute(self) -> PublicTodayView:
        with self._hall.reading():
            floor, target_s = self._hall.floor, targets_of(self._hall.catalogue).hall_s
            day, tickets = floor.day, [ticket for ticket in floor.tickets.values() if ticket.day == floor.day]
        today = figures(tickets, target_s)
        enough = today.wait.n >= FEWEST
        share = coded_share(today.on_target.met, today.on_target.of)
        return PublicTodayView(
            day=str(day),
            wait_median_min=minutes_at_most(today.wait.median_s) if enough else None,
            on_target_percent=share.percent if enough else None,
            on_target_bound=share.bound if enough else "",
            target_min=target_s // 60,
        )
