"""The greeter's hand-held page: its doors and what it hears; and the kiosk's key "Trợ giúp"."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from access.door import Ask, Doors
from access.principal import CLERK, GREETER, KIOSK, SUPERVISOR
from hall.announce import Payload
from hall.arrivals import may_be_lost
from hall.hall import Hall
from hall.help import ask_help, give_help
from hall.views import HelpCallView, NameOf, help_views, services_view, staff_hall_view
from queueing import events as ev
from queueing.events import Event, instant
from queueing.floor import HelpCall


class HelpAskedView(msgspec.Struct):
    """`heard`: whether a screen of the staff is there to show it."""

    asked: int
    at: str
    heard: bool


class GiveHelp(msgspec.Struct, forbid_unknown_fields=True):
    """`asked` is the call that is answered; null: somebody was helped who had not asked for it."""

    asked: int | None = None


class HelpsView(msgspec.Struct):
    """The calls nobody has come to yet, and how many the asker has helped today."""

    helps: list[HelpCallView]
    helped: int


def add_doors(doors: Doors, hall: Hall, name_of: NameOf, heard: Callable[[], bool]) -> None:
    """`heard` tells whether any screen of the staff shows calls for help now."""
    doors.page("/greeter", "greeter/index.html")

    @doors.post("/help", roles=(KIOSK, GREETER, CLERK), body=None, answer=HelpAskedView, summary="Ask a person to come")
    def post_help(ask: Ask[msgspec.Struct]) -> bytes:
        def answer(call: HelpCall) -> bytes:
            return msgspec.json.encode(HelpAskedView(call.seq, instant(call.at), heard()))

        return hall.execute(ask.request, ask_help, answer)

    @doors.post(
        "/help/given",
        roles=(GREETER, CLERK, SUPERVISOR),
        body=GiveHelp,
        answer=HelpsView,
        summary="Somebody was helped",
    )
    def post_given(ask: Ask[GiveHelp]) -> bytes:
        def answer(_: None) -> bytes:
            return msgspec.json.encode(HelpsView(help_views(hall, name_of), hall.floor.helped[ask.principal.subject]))

        return hall.execute(ask.request, lambda act: give_help(act, ask.body.asked), answer)


class GreeterChannel:
    """A room is one greeter: what can be chosen, who calls for help, how many they have helped, and
    whether numbers of today may be lost from the log."""

    namespace = "/greeter"
    roles: tuple[str, ...] = (GREETER, CLERK)
    counts_at_once = False
    one_screen = False

    def __init__(self, hall: Hall, public_url: str | None, name_of: NameOf) -> None:
        self._hall = hall
        self._public_url = public_url
        self._name_of = name_of

    def room(self, subject: str, auth: Mapping[str, object]) -> str:
        return subject

    def snapshot(self, room: str) -> Payload:
        hall = msgspec.to_builtins(staff_hall_view(self._hall, self._public_url))
        return {**self.counts(room), "hall": hall, "subject": room}

    def sees(self, room: str, event: Event) -> Payload | None:
        seen: Payload = {"seq": event.seq, "at": instant(event.at), "kind": event.kind, "ref": event.ref}
        if event.kind in (ev.PRINT_FAILED, ev.DAY_OPENED, ev.SETTING_CHANGED, ev.POLICY_CHANGED):
            return seen
        if ev.HELP_ASKED.marks(event):
            by = event.data["by"]
            return {**seen, "by": by, "name": self._name_of(by)}
        if ev.HELP_GIVEN.marks(event):
            return {**seen, "asked": event.data["asked"]}
        return None

    def counts(self, room: str) -> Payload:
        helps = HelpsView(help_views(self._hall, self._name_of), self._hall.floor.helped[room])
        services: Payload = msgspec.to_builtins(services_view(self._hall))
        return {**services, **msgspec.to_builtins(helps), "restored": may_be_lost(self._hall)}

    def concerns(self, room: str, counter: int) -> bool:
        return False
