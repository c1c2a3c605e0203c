"""Routes of what a supervisor says: one message to all who wait, and a wish to a counter."""

from __future__ import annotations

from typing import Annotated

import msgspec

from access.principal import SUPERVISOR
from access.reading import Word
from access.routes import Request, Routes
from hall.catalogue.lengths import ByCode, Line
from hall.counters import ask_counter
from hall.hall import Act, Hall
from hall.notices import MINUTES_MOST, NoticeWish, post_notice, remove_notice
from hall.ports import NameOf
from hall.views.counters import CounterStateView, counter_state_view
from hall.views.hall import NoticeView, notice_view
from queueing.floor import CounterWish, Notice


class PostNotice(msgspec.Struct, forbid_unknown_fields=True):
    """A message that is typed (`texts` by language) or picked (`preset`, with the `time` it names), and its end.

    It ends at `until` ("14:00") or after `minutes`; with neither, lunch ends at its time and all else with the day.
    """

    texts: ByCode[Line] = {}
    preset: Word | None = None
    time: Word | None = None
    until: Word | None = None
    minutes: Annotated[int, msgspec.Meta(ge=1, le=MINUTES_MOST)] | None = None


class RemoveNotice(msgspec.Struct, forbid_unknown_fields=True):
    """The message to take down, by the seq of its event."""

    notice: Annotated[int, msgspec.Meta(ge=1, le=2**53)]


class StandingNoticeView(msgspec.Struct):
    """The message to all who wait that stands now, if any."""

    notice: NoticeView | None


class AskCounter(msgspec.Struct, forbid_unknown_fields=True):
    """What is asked of the counter."""

    wish: Word


def add_routes(routes: Routes, hall: Hall, name_of: NameOf) -> None:
    """Declare the routes of the message to all who wait and of wishes to counters."""

    def standing(_: object) -> bytes:
        return msgspec.json.encode(StandingNoticeView(notice_view(hall)))

    @routes.post(
        "/notice",
        roles=(SUPERVISOR,),
        body=PostNotice,
        answer=StandingNoticeView,
        summary="Show one message on the wall, the kiosks, the phones and the first page",
    )
    def post_notices(request: Request[PostNotice]) -> bytes:
        said = request.body
        wish = NoticeWish(said.texts, said.preset, said.time, said.until, said.minutes)

        def use_case(act: Act) -> Notice:
            return post_notice(act, wish)

        return hall.execute(request.identity, use_case, standing)

    @routes.post(
        "/notice/remove",
        roles=(SUPERVISOR,),
        body=RemoveNotice,
        answer=StandingNoticeView,
        summary="Take the message down before its end",
    )
    def post_remove(request: Request[RemoveNotice]) -> bytes:
        return hall.execute(request.identity, lambda act: remove_notice(act, request.body.notice), standing)

    @routes.post(
        "/counters/<int:counter>/ask",
        roles=(SUPERVISOR,),
        body=AskCounter,
        answer=CounterStateView,
        summary="Ask a counter to open, or to go on after its pause",
    )
    def post_ask(request: Request[AskCounter], counter: int) -> bytes:
        def answer(_: CounterWish) -> bytes:
            asker = request.principal.subject
            return msgspec.json.encode(counter_state_view(hall, counter, asker, name_of))

        return hall.execute(request.identity, lambda act: ask_counter(act, counter, request.body.wish), answer)
