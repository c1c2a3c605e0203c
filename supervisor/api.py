"""Doors of the supervisor: the figures, the log, the clock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from access.door import Ask, Doors, Nothing, Reply
from access.principal import ANYONE, READERS, SUPERVISOR
from hall.day import follow_clock
from hall.event_schema import event_schema
from hall.hall import Act, Hall
from hall.ports import HallStore, Offload
from hall.review import Overview, Statistics, check_grouping, overview, parse_range, slips_of, statistics, targets_of
from hall.seal import seal_of
from hall.views import AlarmView, EventView, FiguresView, NameOf, alarm_views, event_view, figures_view
from queueing.catalogue import LANGUAGES
from queueing.errors import BadRange, UnknownLanguage
from queueing.events import Event, instant
from supervisor.export import labels

PAGE = 1000


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


class CounterTimeView(msgspec.Struct):
    counter: int
    serving_s: int
    calling_s: int
    idle_s: int
    open_s: int
    paused_s: dict[str, int]
    left_open: int  # how often the change of day had to close it


class SlotView(msgspec.Struct):
    """A quarter of an hour of the local day; `sum` of `days` daily maxima."""

    at: str
    most: int
    sum: int
    days: int


class CellView(msgspec.Struct):
    weekday: int
    hour: str
    issued: int
    median_s: int | None
    p90_s: int | None


class SlipsView(msgspec.Struct):
    """Of one day and reason: calls that led to a service, whom they passed, and how often these were passed."""

    day: str
    reason: str
    calls: int
    skips: int
    slips: int
    tickets: int  # passed at all
    most: int  # by one ticket


class SlipsPage(msgspec.Struct):
    rows: list[SlipsView]


class SealView(msgspec.Struct):
    """The seal of a day as one line, to print and post, and what it is made of."""

    seal: str
    day: str
    seq: int
    issued: int
    hash: str


class OverviewView(msgspec.Struct):
    from_: str = msgspec.field(name="from")
    to: str
    days: int
    counters: list[CounterTimeView]
    longest_queue: int
    longest_queue_at: str | None
    queue: list[SlotView]
    cells: list[CellView]
    appointments: dict[str, int]  # by state: booked, checked_in, cancelled, missed
    waits: list[int]  # under 5 minutes, under 10, … an hour or more


def overview_view(made: Overview) -> OverviewView:
    cells = []
    for key, cell in made.heat.items():
        weekday, hour = key.split()
        cells.append(CellView(int(weekday), hour, cell.issued, cell.wait.median_s, cell.wait.p90_s))
    return OverviewView(
        from_=made.first.isoformat(),
        to=made.last.isoformat(),
        days=made.days,
        counters=[
            CounterTimeView(
                number,
                time.serving_s,
                time.calling_s,
                time.idle_s,
                time.open_s,
                dict(sorted(time.paused_s.items())),
                time.left_open,
            )
            for number, time in made.counters.items()
        ],
        longest_queue=made.queue.most,
        longest_queue_at=None if made.queue.at is None else instant(made.queue.at),
        queue=[
            SlotView(f"{number // 4:02}:{number % 4 * 15:02}", slot.most, slot.total, slot.days)
            for number, slot in sorted(made.queue.slots.items())
        ],
        cells=cells,
        appointments=dict(made.appointments),
        waits=made.waits,
    )


RANGE = {"from": "first day, YYYY-MM-DD", "to": "last day, YYYY-MM-DD"}
# A browser that follows a link cannot say which language the page has.
FILE = {**RANGE, "language": "vi or en; the reader's by default"}
# Runs one of the server's commands in a process of its own; what it printed.
Apart = Callable[..., bytes]
Archive = Callable[[], AbstractContextManager[HallStore]]


def add_doors(doors: Doors, hall: Hall, archive: Archive, offload: Offload, apart: Apart, name_of: NameOf) -> None:
    """`archive` opens a reader beside the writer, so that a long range holds up no call."""
    doors.page("/supervisor", "supervisor/index.html")

    @doors.get(
        "/statistics",
        roles=READERS,
        answer=StatisticsView,
        summary="Figures of local days, both included",
        query={"from": "first day, YYYY-MM-DD", "to": "last day, YYYY-MM-DD", "by": "grouping; service by default"},
    )
    def get_statistics(ask: Ask[None]) -> StatisticsView:
        first, last = parse_range(ask.query.get("from", ""), ask.query.get("to", ""))
        zone = ZoneInfo(hall.catalogue.hall.timezone)
        by, targets = ask.query.get("by", "service"), targets_of(hall.catalogue)
        check_grouping(by, hall.catalogue)

        def work() -> Statistics:
            with archive() as store:
                return statistics(store, first, last, by, zone, targets)

        made, label = offload(work), labels(hall.catalogue, name_of)
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
        "/statistics/overview",
        roles=READERS,
        answer=OverviewView,
        summary="Counters' time, the queue, waits by weekday and hour and by length, of local days, both included",
        query=RANGE,
    )
    def get_overview(ask: Ask[None]) -> OverviewView:
        first, last = parse_range(ask.query.get("from", ""), ask.query.get("to", ""))
        zone = ZoneInfo(hall.catalogue.hall.timezone)

        def work() -> Overview:
            with archive() as store:
                return overview(store, first, last, zone)

        return overview_view(offload(work))

    def exported(ask: Ask[None], form: str) -> Reply:
        """Made in a process of its own: no call waits for it."""
        first, last = parse_range(ask.query.get("from", ""), ask.query.get("to", ""))
        by = ask.query.get("by", "service")
        check_grouping(by, hall.catalogue)
        language = ask.query.get("language", ask.language)
        if language not in LANGUAGES:
            raise UnknownLanguage()
        span = ("--from", first.isoformat(), "--to", last.isoformat())
        made = apart("export", form, *span, "--by", by, "--language", language)
        name = f"den-luot-{first.isoformat()}-{last.isoformat()}.{form}"
        return Reply(made, {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})

    @doors.get(
        "/statistics.csv",
        roles=READERS,
        answer=None,
        summary="The figures of one grouping as CSV: the same numbers as /statistics",
        query={**FILE, "by": "grouping; service by default"},
        media="text/csv",
    )
    def get_csv(ask: Ask[None]) -> Reply:
        return exported(ask, "csv")

    @doors.get(
        "/statistics.xlsx",
        roles=READERS,
        answer=None,
        summary="All figures as a workbook with charts",
        query=FILE,
        media="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    def get_xlsx(ask: Ask[None]) -> Reply:
        return exported(ask, "xlsx")

    @doors.get(
        "/evidence.zip",
        roles=READERS,
        answer=None,
        summary="The log of these days with its hashes, the figures, and a SHA-256 of each file",
        query=FILE,
        media="application/zip",
    )
    def get_evidence(ask: Ask[None]) -> Reply:
        return exported(ask, "zip")

    @doors.get(
        "/events",
        roles=READERS,
        answer=EventsView,
        summary="The log, up to 1,000 facts a page",
        query={"after": "the seq after which to read; 0 by default"},
    )
    def get_events(ask: Ask[None]) -> EventsView:
        after = ask.query.get("after", "0")
        if not (after.isascii() and after.isdecimal() and len(after) < 16):
            raise BadRange()
        return EventsView(hall.log_id, [event_view(event) for event in hall.store.events(int(after), PAGE)])

    schema = msgspec.json.encode(event_schema())

    @doors.get(
        "/events/schema.json",
        roles=(ANYONE,),
        answer=dict[str, Any],
        summary="The JSON Schema of an event of the log, with the data of each kind",
    )
    def get_event_schema(ask: Ask[None]) -> bytes:
        return schema

    @doors.get(
        "/statistics/slips",
        roles=READERS,
        answer=SlipsPage,
        summary="How often somebody who came later was served first, by day and reason of the call",
        query=RANGE,
    )
    def get_slips(ask: Ask[None]) -> SlipsPage:
        first, last = parse_range(ask.query.get("from", ""), ask.query.get("to", ""))

        def work() -> SlipsPage:
            with archive() as store:
                days = slips_of(store, first, last)
            return SlipsPage(
                [
                    SlipsView(
                        day=day.isoformat(),
                        reason=reason,
                        calls=slips.calls[reason],
                        skips=slips.skips[reason],
                        slips=slips.total(reason),
                        tickets=slips.passed(reason).n,
                        most=slips.passed(reason).max_s or 0,
                    )
                    for day, slips in sorted(days.items())
                    for reason in sorted(slips.calls)
                ]
            )

        return offload(work)

    @doors.get(
        "/seal",
        roles=READERS,
        answer=SealView,
        summary="The seal of a day: its last event, with which a log cut short or made anew does not fit",
        query={"day": "local day, YYYY-MM-DD"},
    )
    def get_seal(ask: Ask[None]) -> SealView:
        day, _ = parse_range(ask.query.get("day", ""), ask.query.get("day", ""))
        with archive() as store:
            made = seal_of(store, day)
        return SealView(str(made), made.day.isoformat(), made.seq, made.issued, made.hash)

    @doors.post(
        "/clock/follow", roles=(SUPERVISOR,), body=None, answer=AlarmsView, summary="The machine's clock is right"
    )
    def post_clock_follow(ask: Ask[Nothing]) -> bytes:
        def do(act: Act) -> Event:
            return follow_clock(act)

        return hall.execute(ask.request, do, lambda _: msgspec.json.encode(AlarmsView(alarm_views(hall, name_of))))
