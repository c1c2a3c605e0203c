"""What a kiosk hears: the services, whether their counters are open, and what became of a ticket's paper."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from access.principal import KIOSK
from hall.announce import Payload
from hall.hall import Hall
from hall.views import hall_view, services_view
from queueing import events as ev
from queueing.events import Event, instant


class KioskChannel:
    namespace = "/kiosk"
    roles: tuple[str, ...] = (KIOSK,)
    counts_at_once = False
    one_screen = False

    def __init__(self, hall: Hall, public_url: str | None) -> None:
        self._hall = hall
        self._public_url = public_url

    def room(self, subject: str, auth: Mapping[str, object]) -> str:
        return "kiosks"

    def snapshot(self, room: str) -> Payload:
        return {**self.counts(room), "hall": msgspec.to_builtins(hall_view(self._hall, self._public_url))}

    def sees(self, room: str, event: Event) -> Payload | None:
        if event.kind in ev.PRINTS:
            told = {name: event.data[name] for name in ("again", "cause", "copy")}
            return {"seq": event.seq, "at": instant(event.at), "kind": event.kind, "ref": event.ref, "data": told}
        if ev.HELP_GIVEN.marks(event):
            return {"seq": event.seq, "at": instant(event.at), "kind": event.kind, "asked": event.data["asked"]}
        if event.counter is None and event.kind not in (ev.DAY_OPENED, ev.SETTING_CHANGED, ev.POLICY_CHANGED):
            return None
        return {"seq": event.seq, "at": instant(event.at), "kind": event.kind, "counter": event.counter}

    def counts(self, room: str) -> Payload:
        counts: Payload = msgspec.to_builtins(services_view(self._hall))
        return counts

    def concerns(self, room: str, counter: int) -> bool:
        return False
