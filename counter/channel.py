"""The channel of a console: its counter, its queue in the order of calling, what walls have shown and said."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from access.principal import CLERK
from hall.announce import CONSOLES, Payload
from hall.counters import Attended
from hall.hall import Hall
from hall.ports import NameOf
from hall.views.console import console_view
from hall.views.hall import staff_hall_view
from hall.views.services import service_views
from queueing import events as ev
from queueing.errors import UnknownCounter
from queueing.events import Event, instant


class CounterChannel:
    """The messages for a console. A room is a counter as one clerk sees it: "2 user:3"."""

    namespace = CONSOLES
    roles: tuple[str, ...] = (CLERK,)
    counts_at_once = True
    one_screen = True

    def __init__(
        self,
        hall: Hall,
        public_url: str | None,
        name_of: NameOf,
        seen: Callable[[int], Payload | None],
        walls: Callable[[int], int],
        spoken: Callable[[int], Payload | None] = lambda counter: None,
        attended: Attended = lambda counter, clerk: True,
    ) -> None:
        self._hall = hall
        self._public_url = public_url
        self._name_of = name_of
        self._seen = seen
        self._walls = walls
        self._attended = attended
        self._spoken = spoken

    def room(self, subject: str, auth: Mapping[str, object]) -> str:
        """Return the room of a screen that has just connected.

        Raises:
            UnknownCounter: there is no such counter.
        """
        counter = auth.get("counter")
        if not isinstance(counter, int) or isinstance(counter, bool):
            raise UnknownCounter(counter=0)
        self._hall.catalogue.counter(counter)
        return f"{counter} {subject}"

    def snapshot(self, room: str) -> Payload:
        """Return all that a screen of this room shows."""
        return {
            **self.counts(room),
            "hall": msgspec.to_builtins(staff_hall_view(self._hall, self._public_url)),
            "services": msgspec.to_builtins(service_views(self._hall)),
        }

    def sees(self, room: str, event: Event) -> Payload | None:
        """Return the event as this room may see it, None if it does not concern it."""
        if event.kind in (ev.SETTING_CHANGED, ev.POLICY_CHANGED):
            return {"seq": event.seq, "at": instant(event.at), "kind": event.kind}
        if event.counter != _counter(room):
            return None
        return {
            "seq": event.seq,
            "at": instant(event.at),
            "kind": event.kind,
            "ref": event.ref,
            "counter": event.counter,
            "service": event.service,
            "data": dict(event.data),
        }

    def counts(self, room: str) -> Payload:
        """Return the figures of this room."""
        counter = _counter(room)
        subject = room.split(" ", 1)[1]
        live: Payload = msgspec.to_builtins(console_view(self._hall, counter, subject, self._name_of))
        clerk = self._hall.floor.counter_state(counter).clerk
        return {
            **live,
            "attended": clerk is not None and self._attended(counter, clerk),
            "seen": self._seen(counter),
            "walls": self._walls(counter),
            "spoken": self._spoken(counter),
        }

    def concerns(self, room: str, counter: int) -> bool:
        """Return whether this room shows which walls have drawn the counter's call."""
        return _counter(room) == counter


def _counter(room: str) -> int:
    return int(room.split(" ", 1)[0])
