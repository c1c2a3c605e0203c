"""Announcements to the screens: what was committed, to those it concerns, in order, and not too often.

A message is only a hint: each carries the range of `seq` it covers, so a screen that missed one
sees the gap and asks for a snapshot. What a person waits for (a call, a counter's change) is sent
at once, with everything gathered before; arrivals and figures are gathered for up to a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, cast

import structlog

from hall.hall import Hall
from hall.speech import UNSAID_WHY, Speech
from hall.walls import place_in
from queueing import events as ev
from queueing.errors import Refusal, Unknown
from queueing.events import Event, instant
from queueing.floor import WallCall

# The one list of message names; tests/test_messages.py holds both sides against it.
SNAPSHOT = "snapshot"
EVENTS = "events"
COUNTS = "counts"
BEAT = "beat"
STOP = "stop"
RESYNC = "resync"
SEEN = "seen"
SPEAKER = "speaker"
SAID = "said"
UNSAID = "unsaid"
SOUND = "sound"
TO_SCREENS = (SNAPSHOT, EVENTS, COUNTS, BEAT, STOP, SPEAKER)
FROM_SCREENS = (RESYNC, SEEN, SAID, UNSAID, SOUND)

# The namespaces of the screens whose presence matters to others.
WALLS, CONSOLES, GREETERS, SUPERVISORS = "/display", "/counter", "/greeter", "/supervisor"
RATING_ROOM = "ratings"  # of the first of them; those of walls are in hall/walls.py

TAKEN_OVER, MOVED = "taken_over", "moved"  # codes of a stop

# These may wait for the next round; everything else is sent the moment it is saved.
GATHERED = frozenset(
    {
        ev.TICKET_ISSUED,
        ev.TICKET_EXPIRED,
        ev.TICKET_CANCELLED,
        ev.TICKET_PRIORITY_CHANGED,
        ev.TICKET_PEOPLE,
        ev.TICKET_VISUAL_CALL,
        ev.TICKET_MOVED,
        ev.TICKET_DEFERRED,
        ev.TICKET_REINSTATED,
        ev.TICKET_RATED,
        ev.DAY_CLOSED,
        ev.PRINT_SENT,
        ev.PRINT_PRINTED,
        ev.FIGURES_PUBLISHED,
    }
)

# After these the hall itself looks different: a screen that shows it asks for a snapshot.
ANEW = (ev.DAY_OPENED, ev.SETTING_CHANGED, ev.POLICY_CHANGED, ev.NOTICE_POSTED, ev.NOTICE_REMOVED)

ROUND_S = 1.0  # one round sends at most two messages to a screen: the events gathered, the figures
BEAT_EVERY = 2  # rounds
REFRESH_EVERY = 15  # rounds: figures that grow with time alone, as the longest wait does

log = structlog.get_logger()

Payload = dict[str, object]
Emit = Callable[[str, str, str, Payload], None]  # namespace, recipient (a room or a socket), message, payload


class Channel(Protocol):
    """What one kind of screen may see. A room is a group of screens that see the same."""

    namespace: str
    roles: tuple[str, ...]
    counts_at_once: bool  # its figures follow every event it sees instead of waiting for the round
    one_screen: bool  # the newest screen of a room takes over from the others, which are stopped with that code

    def room(self, subject: str, auth: Mapping[str, object]) -> str:
        """Return the name of the room of a screen that has just connected.

        Raises:
            Refusal: what it asks for does not exist.
        """

    def snapshot(self, room: str) -> Payload:
        """Return all that this room shows, true for the present `seq`."""

    def sees(self, room: str, event: Event) -> Payload | None:
        """Return an event as this room may see it, None when it does not concern it."""

    def counts(self, room: str) -> Payload:
        """Return the figures of this room."""

    def concerns(self, room: str, counter: int) -> bool:
        """Return whether the figures of this room say which walls have shown the counter's call."""


@dataclass(slots=True)
class _Room:
    sockets: dict[str, str] = field(default_factory=dict)  # socket -> subject
    sent: int = 0  # the seq up to which this room has everything
    pending: list[Payload] = field(default_factory=list)
    counted: tuple[int, int] = (-1, 0)  # the seq its figures were true for, and the revision of the forecasts


class Announcer:
    """Holds the rooms of every channel and sends them the events that were saved.

    Sending to a screen that is gone reports it as left, in the midst of the loop that sends: every loop over rooms or
    sockets is over a copy.
    """

    def __init__(self, hall: Hall, emit: Emit) -> None:
        self._hall = hall
        self._emit = emit
        self._channels: dict[str, Channel] = {}
        self._rooms: dict[str, dict[str, _Room]] = {}
        self._rounds = 0
        self._seen: dict[int, tuple[int, set[str]]] = {}  # counter -> its last call, and who showed it
        self._asked: dict[str, Mapping[str, object]] = {}  # socket -> what it asked for when it connected
        self._walls: dict[str, tuple[str, str | None]] = {}  # socket that reported its sound -> namespace, hall's room
        self._speeches: dict[str | None, Speech] = {}  # by room of the hall, None: of those that show every room
        hall.listeners.append(self.on_events)

    def add(self, channel: Channel) -> None:
        """Add the channel of one kind of screen; before the first screen connects."""
        self._channels[channel.namespace] = channel
        self._rooms[channel.namespace] = {}

    # -- screens come and go -----------------------------------------------------------------

    def joined(self, namespace: str, socket: str, subject: str, auth: Mapping[str, object]) -> str:
        """Put a screen that has connected into its room, send it a snapshot, and return the room's name.

        Raises:
            Refusal: the channel has no such room.
        """
        with self._hall.lock:
            channel = self._channels[namespace]
            name = channel.room(subject, auth)
            room = self._rooms[namespace].setdefault(name, _Room(sent=self._hall.floor.seq))
            others = list(room.sockets)
            # Before the others are stopped: a room that is empty for a moment is forgotten.
            room.sockets[socket] = subject
            self._asked[socket] = auth
            if channel.one_screen:
                # Two windows on one counter would each call on the other's behalf.
                for other in others:
                    self.stop(namespace, other, TAKEN_OVER)
            self._emit(namespace, socket, SNAPSHOT, channel.snapshot(name))
            return name

    def left(self, namespace: str, socket: str) -> None:
        """Forget a screen that has disconnected."""
        with self._hall.lock:
            for name, room in list(self._rooms[namespace].items()):
                room.sockets.pop(socket, None)
                if not room.sockets:
                    del self._rooms[namespace][name]
            self._asked.pop(socket, None)
            if socket in self._walls:
                _, place = self._walls[socket]
                self._speech(place).left(socket, self._hall.now())
                del self._walls[socket]
                self._mark_figures_old()

    def resync(self, namespace: str, socket: str) -> None:
        """Send a screen that saw a gap, or woke up, a new snapshot."""
        with self._hall.lock:
            for name, room in list(self._rooms[namespace].items()):
                if socket in room.sockets:
                    try:
                        self._emit(namespace, socket, SNAPSHOT, self._channels[namespace].snapshot(name))
                    except Unknown as gone:
                        self.stop(namespace, socket, gone.code)

    def sockets(self, namespace: str) -> dict[str, str]:
        """Return the connected screens of a namespace: socket -> subject."""
        return {socket: subject for room in self._rooms[namespace].values() for socket, subject in room.sockets.items()}

    def present(self, namespace: str, room: str) -> bool:
        """Return whether a screen of this room is connected."""
        return room in self._rooms[namespace]

    def connected(self) -> set[str]:
        """Return the subjects of all connected screens."""
        return {subject for namespace in self._channels for subject in self.sockets(namespace).values()}

    def walls(self, counter: int) -> int:
        """Return how many connected walls show the calls of a counter; a screen that asks for ratings shows none."""
        here = (None, self._hall.catalogue.room_of.get(counter))
        rooms = ((place_in(name), room) for name, room in self._rooms[WALLS].items())
        return sum(len(room.sockets) for place, room in rooms if place is not None and place.room in here)

    def attended(self, counter: int, clerk: str) -> bool:
        """Return whether a clerk is at the console of a counter; True for a program, which has no console."""
        return not clerk.startswith("user:") or self.present(CONSOLES, f"{counter} {clerk}")

    def help_is_heard(self) -> bool:
        """Return whether a screen is open on which a call for help is seen."""
        return any(self.sockets(namespace) for namespace in (GREETERS, SUPERVISORS))

    # -- what happened -----------------------------------------------------------------------

    def on_events(self, events: Sequence[Event]) -> None:
        """Gather committed events for each room, and send at once what somebody waits for. A listener of the hall."""
        if any(event.kind == ev.SETTING_CHANGED for event in events):
            for speech in self._speeches.values():
                speech.choose(self._hall.now())
            self._stop_moved()
        at_once = any(event.kind not in GATHERED for event in events)
        waited_for = []
        for channel, name, room in self._all_rooms():
            seen = [view for event in events if (view := channel.sees(name, event)) is not None]
            room.pending += seen
            if at_once and seen:
                waited_for.append((channel, name, room))
        # After every room has its share, because a message covers its whole range of `seq`.
        for channel, name, room in waited_for:
            with _isolate_failure(channel, name):
                self._send(channel, name, room)
                if channel.counts_at_once:
                    self._count(channel, name, room)

    def round(self) -> None:
        """Send what was gathered, the figures that changed, and a sign of life; to be called every `ROUND_S`."""
        with self._hall.lock:
            self._rounds += 1
            beat: Payload = {"seq": self._hall.floor.seq, "at": instant(self._hall.now())}
            refresh = self._rounds % REFRESH_EVERY == 0
            figures = (self._hall.floor.seq, self._hall.forecaster.revision)
            for channel, name, room in self._all_rooms():
                with _isolate_failure(channel, name):
                    if room.sent != beat["seq"]:
                        # Also when none of them concerns it: the range is covered without a gap.
                        self._send(channel, name, room)
                    if refresh or room.counted != figures:
                        self._count(channel, name, room)
                    if self._rounds % BEAT_EVERY == 0:
                        self._emit(channel.namespace, name, BEAT, beat)

    def _all_rooms(self) -> list[tuple[Channel, str, _Room]]:
        return [
            (self._channels[namespace], name, room)
            for namespace, rooms in self._rooms.items()
            for name, room in rooms.items()
        ]

    def _stop_moved(self) -> None:
        """Stop the screens that belong to another room now: they connect again, and join it."""
        for channel, name, room in self._all_rooms():
            for socket, subject in list(room.sockets.items()):
                with suppress(Refusal):
                    if channel.room(subject, self._asked.get(socket, {})) != name:
                        self.stop(channel.namespace, socket, MOVED)

    def stop(self, namespace: str, socket: str, code: str) -> None:
        """Send one screen the order to stop, with the code that says why."""
        self._emit(namespace, socket, STOP, {"code": code})

    def _send(self, channel: Channel, name: str, room: _Room) -> None:
        to = self._hall.floor.seq
        self._emit(channel.namespace, name, EVENTS, {"from": room.sent + 1, "to": to, "events": list(room.pending)})
        room.sent = to
        room.pending.clear()

    def _count(self, channel: Channel, name: str, room: _Room) -> None:
        room.counted = (self._hall.floor.seq, self._hall.forecaster.revision)
        try:
            counts = channel.counts(name)
        except Unknown as gone:  # what the room shows was taken away in the settings
            for socket in list(room.sockets):
                self.stop(channel.namespace, socket, gone.code)
        else:
            self._emit(channel.namespace, name, COUNTS, counts)

    # -- what the walls answer ---------------------------------------------------------------

    def shown(self, socket: str, seq: int) -> None:
        """Note that a wall has drawn the call with this `seq`."""
        with self._hall.lock:
            call = self._recent(seq)
            if call is None:
                return
            known, walls = self._seen.get(call.counter, (0, set()))
            if seq > known:
                known, walls = seq, set()
            if seq < known or socket in walls:
                return
            walls.add(socket)
            self._seen[call.counter] = (known, walls)
            self._count_concerned(call.counter)

    def seen(self, counter: int) -> Payload | None:
        """Return the seq of the counter's last call and how many walls have shown it; None before the first."""
        known = self._seen.get(counter)
        return None if known is None else {"seq": known[0], "walls": len(known[1])}

    def sound(self, namespace: str, socket: str, audible: bool) -> None:
        """Note whether a wall's browser lets it be heard."""
        with self._hall.lock:
            if socket not in self.sockets(namespace):
                return  # it has left meanwhile
            place = next(
                (
                    place
                    for name, room in self._rooms[namespace].items()
                    if socket in room.sockets and (place := place_in(name)) is not None
                ),
                None,
            )
            here = None if place is None else place.room
            speech = self._speech(here)
            before = speech.state()
            self._walls[socket] = namespace, here
            speech.sound(socket, audible, self._hall.now())
            if speech.state() != before:
                self._mark_figures_old()

    def said(self, socket: str, seq: int) -> None:
        """Note that a speaking wall has said the call with this `seq`."""
        with self._hall.lock:
            call = self._recent(seq)
            if call is None or socket not in self._walls:
                return
            _, here = self._walls[socket]
            if self._speech(here).said(socket, call.counter, seq):
                self._count_concerned(call.counter)

    def unsaid(self, socket: str, seq: int, why: str) -> None:
        """Note, and log, that a speaking wall will not say the call with this `seq`, for a reason of `UNSAID_WHY`."""
        with self._hall.lock:
            if socket not in self._walls or why not in UNSAID_WHY:
                return
            _, here = self._walls[socket]
            call = self._recent(seq)  # None: others were called to its counter since
            if self._speech(here).unsaid(socket, None if call is None else call.counter, seq, why):
                log.info("call_unsaid", seq=seq, why=why)
                if call is not None:
                    self._count_concerned(call.counter)

    def spoken(self, counter: int) -> Payload:
        """Return the counter's last call that was said, and whether a wall can be heard ("on", "off" or None).

        With `unsaid`, {seq, why}, if a later call to it is not said.
        """
        spoken = self._spoken(counter)
        unsaid = [last for speech in self._speeches.values() if (last := speech.last_unsaid(counter)) is not None]
        last = max(unsaid, default=None)
        if last is not None and last[0] > (cast("int | None", spoken["seq"]) or 0):
            spoken["unsaid"] = {"seq": last[0], "why": last[1]}
        return spoken

    def _spoken(self, counter: int) -> Payload:
        said = [seq for speech in self._speeches.values() if (seq := speech.last_said(counter)) is not None]
        states = {speech.state() for speech in self._speeches_of((None, self._hall.catalogue.room_of.get(counter)))}
        return {"seq": max(said, default=None), "sound": next((one for one in ("on", "off") if one in states), None)}

    def silent_since(self) -> datetime | None:
        """Return since when a room hears none of its walls, although walls are there and should be heard."""
        silent = (speech.silent_since for speech in self._speeches_of(self._speeches))
        return min((since for since in silent if since is not None), default=None)

    def heard(self) -> bool:
        """Return whether a wall that should speak can be heard."""
        return any(speech.state() == "on" for speech in self._speeches_of(self._speeches))

    def _speech(self, room: str | None) -> Speech:
        """Return who speaks in a room of the hall; for None of the walls that show every room."""
        return self._speeches.setdefault(room, Speech(self._notify_speaker, self._wished))

    def _speeches_of(self, rooms: Iterable[str | None]) -> list[Speech]:
        """Return those of these rooms in which calls should be spoken."""
        own = self._hall.catalogue.hall
        return [
            self._speeches[room] for room in dict.fromkeys(rooms) if room in self._speeches and own.voice_in(room).on
        ]

    def _recent(self, seq: int) -> WallCall | None:
        return next((call for call in self._hall.floor.recent if call.seq == seq), None)

    def _wished(self, wall: str) -> bool:
        """Return whether the settings name this wall as the speaker."""
        namespace, room = self._walls[wall]
        speaker = self._hall.catalogue.hall.voice_in(room).speaker
        return speaker is not None and self.sockets(namespace).get(wall) == f"device:{speaker}"

    def _notify_speaker(self, wall: str, speaks: bool, last: int) -> None:
        self._emit(self._walls[wall][0], wall, SPEAKER, {"speaks": speaks, "said": last})

    def _count_concerned(self, counter: int) -> None:
        for channel, name, room in self._all_rooms():
            if channel.concerns(name, counter):
                self._count(channel, name, room)

    def _mark_figures_old(self) -> None:
        """Let every room get its figures in the next round."""
        for _, _, room in self._all_rooms():
            room.counted = (-1, 0)


@contextmanager
def _isolate_failure(channel: Channel, room: str) -> Iterator[None]:
    """Log the failure of one room and go on: what it did not get stays pending, the others get theirs."""
    try:
        yield
    except Exception:  # each room is a listener of its own
        log.exception("room_failed", namespace=channel.namespace, room=room)
