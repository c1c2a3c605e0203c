"""The channel of the kiosks: the services, whether their counters are open, and the results of prints."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from access.principal import KIOSK
from hall.announce import ANEW, Payload
from hall.hall import Hall
from hall.views.hall import hall_view
from hall.views.services import services_view
from hall.walls import room_asked
from queueing import events as ev
from queueing.events import Event, instant

KIOSKS = "kiosks"


class KioskChannel:
    """The messages for a kiosk. All that stand in one room of the hall are in one room here."""

    namespace = "/kiosk"
    roles: tuple[str, ...] = (KIOSK,)
    counts_at_once = False
    one_screen = False

    def __init__(self, hall: Hall, public_url: str | None) -> None:
        self._hall = hall
        self._public_url = public_url

    def room(self, subject: str, auth: Mapping[str, object]) -> str:
        """Return the room of a screen that has just connected."""
        here = room_asked(self._hall, subject, auth)
        return KIOSKS if here is None else f"{KIOSKS} {here}"

    def snapshot(self, room: str) -> Payload:
        """Return all that a screen of this room shows."""
        return {**self.counts(room), "hall": msgspec.to_builtins(hall_view(self._hall, self._public_url))}

    def sees(self, room: str, event: Event) -> Payload | None:
        """Return the event as this room may see it, None if it does not concern it."""
        if event.kind in ev.PRINTS:
            data = {name: event.data[name] for name in ("again", "cause", "copy")}
            return {"seq": event.seq, "at": instant(event.at), "kind": event.kind, "ref": event.ref, "data": data}
        if ev.HELP_GIVEN.marks(event):
            return {"seq": event.seq, "at": instant(event.at), "kind": event.kind, "asked": event.data["asked"]}
        if event.kind in ev.WISHES:
            return None
        if ev.SETTING_CHANGED.marks(event) and event.data["what"] == "device_measured":
            return {"seq": event.seq, "at": instant(event.at), "kind": event.kind, "measured": True}
        if event.counter is None and event.kind not in ANEW:
            return None
        return {"seq": event.seq, "at": instant(event.at), "kind": event.kind, "counter": event.counter}

    def counts(self, room: str) -> Payload:
        """Return the figures of this room."""
        _, _, here = room.partition(" ")
        counts: Payload = msgspec.to_builtins(services_view(self._hall, here or None))
        return counts

    def concerns(self, room: str, counter: int) -> bool:
        """Return whether this room shows which walls have drawn the counter's call."""
        return False
