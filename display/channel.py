"""The channel of the walls: calls and counters, by numbers, with nothing of a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

import msgspec

from access.principal import DISPLAY
from hall.announce import ANEW, RATING_ROOM, WALL_ROOM, WALLS, Payload
from hall.hall import Hall
from hall.views.board import board_view, no_show_numbers, rateable_views, today_view
from hall.views.hall import hall_view
from hall.views.services import service_views
from queueing import events as ev
from queueing.events import Event, instant

SHOWN = frozenset(
    {
        ev.TICKET_CALLED,
        ev.TICKET_CALLED_AGAIN,
        ev.TICKET_STARTED,
        ev.TICKET_FINISHED,
        ev.TICKET_NO_SHOW,
        ev.TICKET_HELD,
        ev.TICKET_TRANSFERRED,
        ev.TICKET_UNDONE,
        ev.TICKET_CANCELLED,
        ev.TICKET_EXPIRED,
        ev.COUNTER_OPENED,
        ev.COUNTER_PAUSED,
        ev.COUNTER_RESUMED,
        ev.COUNTER_CLOSED,
        *ANEW,
    }
)

SNAPSHOT_LIFE = timedelta(seconds=1)  # how long one snapshot serves all walls, unless something happens


class DisplayChannel:
    """The messages for a wall; all walls are in one room, all screens that ask for ratings in another."""

    namespace = WALLS
    roles: tuple[str, ...] = (DISPLAY,)
    counts_at_once = False
    one_screen = False

    def __init__(self, hall: Hall, public_url: str | None) -> None:
        self._hall = hall
        self._public_url = public_url
        self._kept: Payload = {}
        self._kept_at: datetime | None = None

    def room(self, subject: str, auth: Mapping[str, object]) -> str:
        """Return the room of a screen that has just connected."""
        return RATING_ROOM if auth.get("rating") is True else WALL_ROOM

    def snapshot(self, room: str) -> Payload:
        """Return all that a screen of this room shows."""
        # After a restart all walls ask at the same time for the same snapshot.
        now = self._hall.now()
        if self._kept_at is None or now - self._kept_at > SNAPSHOT_LIFE or self._kept["seq"] != self._hall.floor.seq:
            self._kept, self._kept_at = self._snapshot(), now
        if room == RATING_ROOM:
            return {**self._kept, "at": instant(now), "to_rate": msgspec.to_builtins(rateable_views(self._hall))}
        return {**self._kept, "at": instant(now)}

    def _snapshot(self) -> Payload:
        board: Payload = msgspec.to_builtins(board_view(self._hall))
        refs = {call.seq: call.ref for call in self._hall.floor.recent}
        for call in cast("list[Payload]", board["calls"]):
            call["language"] = self._language(refs[cast(int, call["seq"])])
        return {**board, "hall": msgspec.to_builtins(hall_view(self._hall, self._public_url))}

    def _language(self, ref: int) -> str | None:
        """Return the language in which the holder is called: known until the ticket ends, and shown to walls alone."""
        holder = self._hall.store.holder(ref)
        return None if holder is None else holder.language

    def sees(self, room: str, event: Event) -> Payload | None:
        """Return the event as this room may see it, None if it does not concern it."""
        if event.kind not in SHOWN:
            return None
        seen: Payload = {
            "seq": event.seq,
            "at": instant(event.at),
            "kind": event.kind,
            "number": event.data.get("number"),
            "counter": event.counter,
            "service": event.service,
            "reason": event.data.get("reason") if event.kind == ev.COUNTER_PAUSED else None,
        }
        if event.kind == ev.TICKET_UNDONE:
            seen["state"] = event.data["state"]
        if event.kind in (ev.TICKET_CALLED, ev.TICKET_CALLED_AGAIN) and event.ref is not None:
            ticket = self._hall.floor.tickets.get(event.ref)
            seen["priority"] = ticket is not None and ticket.favoured
            seen["language"] = self._language(event.ref)
        return seen

    def counts(self, room: str) -> Payload:
        """Return the figures of this room."""
        return {
            "seq": self._hall.floor.seq,
            "at": instant(self._hall.now()),
            "services": msgspec.to_builtins(service_views(self._hall)),
            "today": msgspec.to_builtins(today_view(self._hall)),
            "no_shows": no_show_numbers(self._hall),
        }

    def concerns(self, room: str, counter: int) -> bool:
        """Return whether this room shows which walls have drawn the counter's call."""
        return False
