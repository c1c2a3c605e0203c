"""The channel of the walls: calls and counters, by numbers, with nothing of a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

import msgspec

from access.principal import DISPLAY
from hall.announce import ANEW, RATING_ROOM, WALLS, Payload
from hall.hall import Hall
from hall.views.board import board_view, no_show_numbers, rateable_views, services_shown, today_view
from hall.views.hall import hall_view
from hall.walls import WallPlace, place_in, place_of
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

# A wall asks for a snapshot after these, whichever counter they are of.
UNPLACED = (ev.TICKET_UNDONE, *ANEW)
ELSEWHERE = "ticket.called_elsewhere"  # to walls of other rooms in place of a call: it is not theirs any more

SNAPSHOT_LIFE = timedelta(seconds=1)  # how long one snapshot serves all walls, unless something happens


class DisplayChannel:
    """The messages for a wall: a room for all that show the same, and one for the screens that ask for ratings."""

    namespace = WALLS
    roles: tuple[str, ...] = (DISPLAY,)
    counts_at_once = False
    one_screen = False

    def __init__(self, hall: Hall, public_url: str | None) -> None:
        self._hall = hall
        self._public_url = public_url
        self._kept: dict[WallPlace, Payload] = {}  # of one moment
        self._kept_at: tuple[int, datetime] | None = None

    def room(self, subject: str, auth: Mapping[str, object]) -> str:
        """Return the room of a screen that has just connected."""
        return RATING_ROOM if auth.get("rating") is True else place_of(self._hall, subject, auth).channel_room

    def snapshot(self, room: str) -> Payload:
        """Return all that a screen of this room shows."""
        # After a restart all walls ask at the same time for the same snapshot.
        now, seq, place = self._hall.now(), self._hall.floor.seq, _place(room)
        if self._kept_at is None or self._kept_at[0] != seq or now - self._kept_at[1] > SNAPSHOT_LIFE:
            self._kept, self._kept_at = {}, (seq, now)
        if place not in self._kept:
            self._kept[place] = self._snapshot(place)
        kept = self._kept[place]
        if room == RATING_ROOM:
            return {**kept, "at": instant(now), "to_rate": msgspec.to_builtins(rateable_views(self._hall))}
        return {**kept, "at": instant(now)}

    def _snapshot(self, place: WallPlace) -> Payload:
        board: Payload = msgspec.to_builtins(board_view(self._hall, place.room))
        refs = {call.seq: call.ref for call in self._hall.floor.recent}
        for call in cast("list[Payload]", board["calls"]):
            ref = refs[cast(int, call["seq"])]
            call["language"] = self._language(ref)
            call["visual"] = self._hall.floor.wants_visual_call(ref)
        return {
            **board,
            "room": place.room,
            "hall": msgspec.to_builtins(hall_view(self._hall, self._public_url, place)),
        }

    def _language(self, ref: int) -> str | None:
        """Return the language in which the holder is called: known until the ticket ends, and shown to walls alone."""
        holder = self._hall.store.holder(ref)
        return None if holder is None else holder.language

    def sees(self, room: str, event: Event) -> Payload | None:
        """Return the event as this room may see it, None if it does not concern it."""
        if event.kind not in SHOWN:
            return None
        if not self._is_here(room, event):
            called = event.kind in (ev.TICKET_CALLED, ev.TICKET_CALLED_AGAIN)
            return {**_facts(event), "kind": ELSEWHERE, "counter": None} if called else None
        seen = _facts(event)
        if event.kind == ev.TICKET_UNDONE:
            seen["state"] = event.data["state"]
        if event.kind in (ev.TICKET_CALLED, ev.TICKET_CALLED_AGAIN) and event.ref is not None:
            ticket = self._hall.floor.tickets.get(event.ref)
            seen["priority"] = ticket is not None and ticket.favoured
            seen["language"] = self._language(event.ref)
            seen["visual"] = ticket is not None and self._hall.floor.wants_visual_call(event.ref)
        return seen

    def _is_here(self, room: str, event: Event) -> bool:
        """Return whether an event is one of the wall's room; what is of no counter concerns every room."""
        here = _place(room).room
        return (
            here is None
            or event.counter is None
            or event.kind in UNPLACED
            or self._hall.catalogue.room_of.get(event.counter) == here
        )

    def counts(self, room: str) -> Payload:
        """Return the figures of this room."""
        here = _place(room).room
        return {
            "seq": self._hall.floor.seq,
            "at": instant(self._hall.now()),
            "services": msgspec.to_builtins(services_shown(self._hall, here)),
            "today": msgspec.to_builtins(today_view(self._hall, here)),
            "no_shows": no_show_numbers(self._hall, here),
        }

    def concerns(self, room: str, counter: int) -> bool:
        """Return whether this room shows which walls have drawn the counter's call."""
        return False


def _place(room: str) -> WallPlace:
    return place_in(room) or WallPlace()


def _facts(event: Event) -> Payload:
    """Return what any wall may see of an event."""
    return {
        "seq": event.seq,
        "at": instant(event.at),
        "kind": event.kind,
        "number": event.data.get("number"),
        "counter": event.counter,
        "service": event.service,
        "reason": event.data.get("reason") if event.kind == ev.COUNTER_PAUSED else None,
    }
