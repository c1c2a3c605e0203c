"""A fact of the log."""

from __future__ import annotations

from typing import Any

import msgspec

from queueing.events import Event, instant


class EventView(msgspec.Struct):
    """A fact of the log, see docs/events.md."""

    seq: int
    at: str
    kind: str
    ref: int | None
    counter: int | None
    service: str | None
    data: dict[str, Any]
    hash: str


def event_view(event: Event) -> EventView:
    """Return a fact as the API shows it."""
    return EventView(
        event.seq, instant(event.at), event.kind, event.ref, event.counter, event.service, dict(event.data), event.hash
    )
