"""Durations and instants as written in JSON."""

from __future__ import annotations

from datetime import datetime, timedelta

from queueing.dispatch import Place
from queueing.events import instant
from queueing.ticket import whole_seconds


def seconds(length: timedelta) -> int:
    """Return a duration in whole seconds."""
    return length // timedelta(seconds=1)


def instant_or_none(at: datetime | None) -> str | None:
    """Return an instant as text; None for None."""
    return None if at is None else instant(at)


def waited_s(place: Place, now: datetime) -> int:
    """Return how long somebody has waited in whole seconds, from when they count as having arrived."""
    return max(0, whole_seconds(now, place.arrived_at))
