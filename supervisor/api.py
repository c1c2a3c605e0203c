"""Doors of the supervisor: the figures, the log, the clock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from zoneinfo import ZoneInfo

import msgspec

from access.door import Ask, Doors
from access.principal import INSPECTOR, SUPERVISOR
from hall.day import follow_clock
from hall.hall import Act, Hall
from hall.ports import HallStore, Offload
from hall.review import NONE, Statistics, parse_range, statistics, targets_of
from hall.views import AlarmView, EventView, FiguresView, NameOf, alarm_views, event_view, figures_view
from queueing.errors import BadRange
from queueing.events import Event

PAGE = 1000


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    pass


class RowView(FiguresView):
    key: str
    label: str


class StatisticsView(msgspec.Struct):
    from_: str = msgspec.field(name="from")
    to: str
    by: str
    total: FiguresView
    rows: list[RowView]


class EventsView(msgspec.Struct):
    log_id: str
    events: list[EventView]


class AlarmsView(msgspec.Struct):
    alarms: list[AlarmView]


Archive = Callable[[], AbstractContextManager[HallStore]]


def add_doors(doors: Doors, hall: Hall, archive: Archive, offload: Offload, name_of: NameOf) -> None:
    """`archive` opens a reader beside the writer, so that a long range holds up no call."""
    doors.page("/supervisor", "supervisor/index.html")

    def label(by: str, key: str, language: str) -> str:
        catalogue = hall.catalogue
        if by == "service" and key in catalogue.services:
            names = catalogue.services[key].names
            return names.get(language) or names["vi"]
        if by == "counter" and key != NONE and int(key) in catalogue.counters:
            return catalogue.counters[int(key)].name
        if by == "clerk" and key != NONE:
            return name_of(key) or key
        return key

    @doors.get(
        "/statistics",
        roles=(SUPERVISOR, INSPECTOR),
        answer=StatisticsView,
        summary="Figures of local days, both included",
        query={"from": "first day, YYYY-MM-DD", "to": "last day, YYYY-MM-DD", "by": "grouping; service by default"},
    )
    def get_statistics(ask: Ask[None]) -> StatisticsView:
        first, last = parse_range(ask.query.get("from", ""), ask.query.get("to", ""))
        zone = ZoneInfo(hall.catalogue.about.timezone)
        by, targets = ask.query.get("by", "service"), targets_of(hall.catalogue)

        def work() -> Statistics:
            with archive() as store:
                return statistics(store, first, last, by, zone, targets)

        made = offload(work)
        return StatisticsView(
            from_=first.isoformat(),
            to=last.isoformat(),
            by=by,
            total=figures_view(made.total),
            rows=[
                RowView(**msgspec.structs.asdict(figures_view(row)), key=key, label=label(by, key, ask.language))
                for key, row in made.rows.items()
            ],
        )

    @doors.get(
        "/events",
        roles=(SUPERVISOR, INSPECTOR),
        answer=EventsView,
        summary="The log, up to 1,000 facts a page",
        query={"after": "the seq after which to read; 0 by default"},
    )
    def get_events(ask: Ask[None]) -> EventsView:
        after = ask.query.get("after", "0")
        if not (after.isascii() and after.isdecimal() and len(after) < 16):
            raise BadRange()
        return EventsView(hall.log_id, [event_view(event) for event in hall.store.events(int(after), PAGE)])

    @doors.post(
        "/clock/follow", roles=(SUPERVISOR,), body=Nothing, answer=AlarmsView, summary="The machine's clock is right"
    )
    def post_clock_follow(ask: Ask[Nothing]) -> bytes:
        def do(act: Act) -> Event:
            return follow_clock(act)

        return hall.perform(ask.request, do, lambda _: msgspec.json.encode(AlarmsView(alarm_views(hall))))
