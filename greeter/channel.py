"""The channel of the greeters' page: the services, calls for help, and failed prints."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from access.principal import CLERK, GREETER
from greeter.api import HelpsView
from hall.announce import ANEW, GREETERS, Payload
from hall.arrivals import may_be_lost
from hall.hall import Hall
from hall.ports import NameOf
from hall.views.alarms import help_views
from hall.views.hall import staff_hall_view
from hall.views.services import services_view
from hall.views.watch import entrance_view
from queueing import events as ev
from queueing.events import Event, instant


class GreeterChannel:
    """The messages for a greeter's page. A room is one greeter.

    They hold what can be chosen, who calls for help, how many the greeter has helped, how many stood before the kiosk
    when that was counted last, and whether numbers of today may be lost from the log.
    """

    namespace = GREETERS
    roles: tuple[str, ...] = (GREETER, CLERK)
    counts_at_once = False
    one_screen = False

    def __init__(self, hall: Hall, public_url: str | None, name_of: NameOf) -> None:
        self._hall = hall
        self._public_url = public_url
        self._name_of = name_of

    def room(self, subject: str, auth: Mapping[str, object]) -> str:
        """Return the room of a screen that has just connected."""
        return subject

    def snapshot(self, room: str) -> Payload:
        """Return all that a screen of this room shows."""
        hall = msgspec.to_builtins(staff_hall_view(self._hall, self._public_url))
        return {**self.counts(room), "hall": hall, "subject": room}

    def sees(self, room: str, event: Event) -> Payload | None:
        """Return the event as this room may see it, None if it does not concern it."""
        seen: Payload = {"seq": event.seq, "at": instant(event.at), "kind": event.kind, "ref": event.ref}
        if event.kind in (ev.PRINT_FAILED, ev.ENTRANCE_COUNTED, *ANEW):
            return seen
        if ev.HELP_ASKED.marks(event):
            by = event.data["by"]
            return {**seen, "by": by, "name": self._name_of(by)}
        if ev.HELP_GIVEN.marks(event):
            return {**seen, "asked": event.data["asked"]}
        return None

    def counts(self, room: str) -> Payload:
        """Return the figures of this room."""
        helps = HelpsView(help_views(self._hall, self._name_of), self._hall.floor.helped[room])
        services: Payload = msgspec.to_builtins(services_view(self._hall))
        entrance = msgspec.to_builtins(entrance_view(self._hall))
        return {**services, **msgspec.to_builtins(helps), "entrance": entrance, "restored": may_be_lost(self._hall)}

    def concerns(self, room: str, counter: int) -> bool:
        """Return whether this room shows which walls have drawn the counter's call."""
        return False
