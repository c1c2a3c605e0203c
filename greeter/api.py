"""Routes of the greeters: calls for help, and the count of the people before the kiosk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import msgspec

from access.principal import CLERK, GREETER, KIOSK, SUPERVISOR
from access.routes import Request, Routes
from hall.entrance import count_entrance
from hall.hall import Hall
from hall.help import ask_help, give_help
from hall.ports import NameOf
from hall.views.alarms import HelpCallView, help_views
from hall.views.watch import EntranceView, entrance_view
from queueing.catalogue import ENTRANCE_MOST
from queueing.events import instant
from queueing.floor import EntranceCount, HelpCall


class HelpAskedView(msgspec.Struct):
    """A call for help; `heard`: whether a screen of the staff is there to show it."""

    asked: int
    at: str
    heard: bool


class GiveHelp(msgspec.Struct, forbid_unknown_fields=True):
    """`asked` is the call that is answered; null: somebody was helped who had not asked for it."""

    asked: int | None = None


class HelpsView(msgspec.Struct):
    """The calls that nobody has answered yet, and how many the caller has helped today."""

    helps: list[HelpCallView]
    helped: int


class CountEntrance(msgspec.Struct, forbid_unknown_fields=True):
    """How many people stand before the kiosk, without a number yet."""

    people: Annotated[int, msgspec.Meta(ge=0, le=ENTRANCE_MOST)]


def add_routes(routes: Routes, hall: Hall, name_of: NameOf, heard: Callable[[], bool]) -> None:
    """Declare the routes; `heard` returns whether a screen of the staff shows calls for help now."""

    @routes.post(
        "/help", roles=(KIOSK, GREETER, CLERK), body=None, answer=HelpAskedView, summary="Ask a person to come"
    )
    def post_help(request: Request[msgspec.Struct]) -> bytes:
        def answer(call: HelpCall) -> bytes:
            return msgspec.json.encode(HelpAskedView(call.seq, instant(call.at), heard()))

        return hall.execute(request.identity, ask_help, answer)

    @routes.post(
        "/help/given",
        roles=(GREETER, CLERK, SUPERVISOR),
        body=GiveHelp,
        answer=HelpsView,
        summary="Somebody was helped",
    )
    def post_given(request: Request[GiveHelp]) -> bytes:
        def answer(_: None) -> bytes:
            return msgspec.json.encode(
                HelpsView(help_views(hall, name_of), hall.floor.helped[request.principal.subject])
            )

        return hall.execute(request.identity, lambda act: give_help(act, request.body.asked), answer)

    @routes.post(
        "/entrance",
        roles=(GREETER, CLERK, SUPERVISOR),
        body=CountEntrance,
        answer=EntranceView,
        summary="How many stand before the kiosk now, without a number yet",
    )
    def post_entrance(request: Request[CountEntrance]) -> bytes:
        def answer(_: EntranceCount) -> bytes:
            return msgspec.json.encode(entrance_view(hall))

        return hall.execute(request.identity, lambda act: count_entrance(act, request.body.people), answer)
