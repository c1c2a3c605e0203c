"""Routes of what-if: the plan a day starts from, begin one, read its progress, stop it; and of the staffing table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import msgspec

from access.principal import INSPECTOR, SUPERVISOR
from access.routes import Nothing, Request, Routes
from hall.ports import HallStore
from hall.review import followed_of, parse_range
from hall.whatif.runner import (
    StaffingTableRunner,
    StaffingTableView,
    WhatIfDays,
    WhatIfQuestion,
    WhatIfRunner,
    WhatIfView,
)
from hall.whatif.simulate import PlannedDay
from queueing.events import instant

RANGE = {"from": "first local day, YYYY-MM-DD", "to": "last local day, included"}

READERS = (SUPERVISOR, INSPECTOR)


class FollowedView(msgspec.Struct):
    """What the board proposed and a supervisor asked for: the wait nine in ten do not exceed, without and with it.

    `p90_s` is what it was for the `people` who took a number in the hour after the counter opened.
    """

    at: str
    counter: int
    service: str
    now_s: int | None
    then_s: int
    opened_at: str | None
    people: int
    p90_s: int | None


class FollowedPage(msgspec.Struct):
    """The proposals that were followed, the newest first."""

    rows: list[FollowedView]


def followed_page(store: HallStore, first: date, last: date) -> FollowedPage:
    """Return the proposals that were followed on these days, both included."""
    return FollowedPage(
        [
            FollowedView(
                instant(one.at),
                one.counter,
                one.service,
                one.now_s,
                one.then_s,
                None if one.opened_at is None else instant(one.opened_at),
                len(one.waits),
                one.p90_s,
            )
            for one in reversed(followed_of(store, first, last))
        ]
    )


def add_routes(
    routes: Routes, what_ifs: WhatIfRunner, tables: StaffingTableRunner, export: Callable[..., bytes]
) -> None:
    """Declare the routes of what-if and of the staffing table."""

    @routes.get("/what-if/days", roles=READERS, answer=WhatIfDays, summary="The days that a what-if can play")
    def get_days(request: Request[None]) -> WhatIfDays:
        return what_ifs.days()

    @routes.get(
        "/what-if/day",
        roles=READERS,
        answer=PlannedDay,
        summary="Who was staffed when on a closed day, or is expected to be in the rest of today",
        query={"day": "local day, YYYY-MM-DD; without it the rest of today"},
    )
    def get_day(request: Request[None]) -> bytes:
        day = request.query.get("day")
        what_ifs.check(day)
        # It reads the log of some days: a thread of this process would hold up every press.
        return export("what-if-day", *what_ifs.which(day))

    @routes.get(
        "/what-if/followed",
        roles=READERS,
        answer=FollowedPage,
        summary="The proposals of the live board that were followed, and what came of them",
        query=RANGE,
    )
    def get_followed(request: Request[None]) -> bytes:
        first, last = parse_range(request.query.get("from", ""), request.query.get("to", ""))
        return export("followed", "--from", first.isoformat(), "--to", last.isoformat())

    @routes.get("/what-if", roles=READERS, answer=WhatIfView, summary="How far the what-if is, and its result")
    def get_what_if(request: Request[None]) -> WhatIfView:
        return what_ifs.progress()

    @routes.post(
        "/what-if",
        roles=(SUPERVISOR,),
        body=WhatIfQuestion,
        answer=WhatIfView,
        summary="Play a day, or the rest of today, under another plan; nothing is changed",
    )
    def post_what_if(request: Request[WhatIfQuestion]) -> WhatIfView:
        return what_ifs.start(request.identity, request.body)

    @routes.post("/what-if/stop", roles=(SUPERVISOR,), body=None, answer=WhatIfView, summary="Stop the what-if")
    def post_stop(request: Request[Nothing]) -> WhatIfView:
        return what_ifs.stop()

    @routes.get(
        "/staffing-table",
        roles=READERS,
        answer=StaffingTableView,
        summary="How many counters of which services each hour of a week needs, and how far that is reckoned",
    )
    def get_table(request: Request[None]) -> StaffingTableView:
        return tables.progress()

    @routes.post(
        "/staffing-table",
        roles=(SUPERVISOR,),
        body=None,
        answer=StaffingTableView,
        summary="Reckon how many counters the coming week needs",
    )
    def post_table(request: Request[Nothing]) -> StaffingTableView:
        return tables.start(request.identity)

    @routes.post(
        "/staffing-table/stop",
        roles=(SUPERVISOR,),
        body=None,
        answer=StaffingTableView,
        summary="Stop reckoning the staffing table",
    )
    def post_table_stop(request: Request[Nothing]) -> StaffingTableView:
        return tables.stop()
