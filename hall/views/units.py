"""Durations and instants as written in JSON."""

from __future__ import annotations

from datetime import datetime, timedelta

from queueing.events import instant


def seconds(length: timedelta) -> int:
    """Return a duration in whole seconds."""
    return length // timedelta(seconds=1)


def instant_or_none(at: datetime | None) -> str | None:
    """Return an instant as text; None for None."""
    return None if at is None else instant(at)
