"""Routes of the supervisor: the figures, the log, the clock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from access.principal import ANYONE, READERS, SUPERVISOR
from access.routes import Nothing, Reply, Request, Routes
from hall.day import follow_clock, take_back_leap
from hall.entrance import EntranceSample, entrance_counts
from hall.event_schema import event_schema
from hall.hall import Act, Hall
from hall.ports import HallStore, NameOf, Offload
from hall.review import (
    Overview,
    Statistics,
    check_grouping,
    overview,
    parse_range,
    statistics,
    targets_of,
)
from hall.seal import seal_of
from hall.views.alarms import AlarmView, alarm_views
from hall.views.events import EventView, event_view
from hall.views.figures import FiguresView, figures_view
from queueing.catalogue import LANGUAGES
from queueing.errors import BadRange, UnknownGrouping, UnknownLanguage
from queueing.events import Event, instant
from supervisor.export import dossiers_csv, labels
from supervisor.tables import (
    TABLES,
    EarlyStopsPage,
    IncidentsPage,
    LongestQueuesPage,
    RatingsPage,
    SlipsPage,
    StaffedTimePage,
)

PAGE = 1000


class RowView(FiguresView):
    """The figures of one group."""

    key: str
    label: str


class StatisticsView(msgspec.Struct):
    """The figures of local days, in total and by group."""

    from_: str = msgspec.field(name="from")
    to: str
    by: str
    total: FiguresView
    rows: list[RowView]


class EventsView(msgspec.Struct):
    """A page of the log."""

    log_id: str
    events: list[EventView]


class AlarmsView(msgspec.Struct):
    """The alarms of now."""

    alarms: list[AlarmView]


class CounterTimeView(msgspec.Struct):
    """How a counter's time was spent, in seconds."""

    counter: int
    serving_s: int
    calling_s: int
    idle_s: int
    open_s: int
    paused_s: dict[str, int]
    left_open: int  # how often it was still open when the day ended


class QueueSlotView(msgspec.Struct):
    """A quarter of an hour of the local day; `sum` of `days` daily maxima."""

    at: str
    most: int
    sum: int
    days: int


class CellView(msgspec.Struct):
    """The waits of one weekday and hour."""

    weekday: int
    hour: str
    issued: int
    median_s: int | None
    p90_s: int | None


class EntranceCountView(msgspec.Struct):
    """How many people stood before the kiosk, without a number yet: the local day, and when."""

    day: str
    at: str
    people: int


class RatingWordsView(msgspec.Struct):
    """What somebody wrote with a rating: the local day, and the service of the visit."""

    day: str
    service: str
    words: str


class RatingWordsPage(msgspec.Struct):
    """What people wrote with their ratings, the newest day first."""

    rows: list[RatingWordsView]


class EntranceCountsPage(msgspec.Struct):
    """The counts of the people before the kiosk; the wait does not contain this queue."""

    rows: list[EntranceCountView]


class SealView(msgspec.Struct):
    """The seal of a day as one line, to print and post, and its parts."""

    seal: str
    day: str
    seq: int
    issued: int
    hash: str


class LongestQueueView(msgspec.Struct):
    """The most who waited for one service at one moment, and the first such moment."""

    service: str
    most: int
    at: str


class CallsView(msgspec.Struct):
    """The calls of one reason, and how many of them passed somebody who had come earlier."""

    reason: str
    calls: int
    out_of_order: int


class OverviewView(msgspec.Struct):
    """Counters' time, queue lengths, calls and waits of a range of days, for the charts of the figures."""

    from_: str = msgspec.field(name="from")
    to: str
    days: int
    counters: list[CounterTimeView]
    longest_queue: int
    longest_queue_at: str | None
    queue: list[QueueSlotView]
    longest_by_service: list[LongestQueueView]
    calls: list[CallsView]
    cells: list[CellView]
    appointments: dict[str, int]  # by state: booked, checked_in, cancelled, missed
    waits: list[int]  # under 5 minutes, under 10, … an hour or more


def overview_view(overview: Overview) -> OverviewView:
    """Return an overview as the API shows it."""
    cells = []
    for key, cell in overview.heat.items():
        weekday, hour = key.split()
        cells.append(CellView(int(weekday), hour, cell.issued, cell.wait.median_s, cell.wait.p90_s))
    return OverviewView(
        from_=overview.first.isoformat(),
        to=overview.last.isoformat(),
        days=overview.days,
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
            for number, time in overview.counters.items()
        ],
        longest_queue=overview.queue.most,
        longest_queue_at=None if overview.queue.at is None else instant(overview.queue.at),
        queue=[
            QueueSlotView(f"{number // 4:02}:{number % 4 * 15:02}", slot.most, slot.total, slot.days)
            for number, slot in sorted(overview.queue.slots.items())
        ],
        longest_by_service=[
            LongestQueueView(service, longest.most, instant(longest.at)) for service, longest in overview.queues.items()
        ],
        calls=[
            CallsView(reason, overview.calls.calls[reason], overview.calls.out_of_order[reason])
            for reason in sorted(overview.calls.calls)
        ],
        cells=cells,
        appointments=dict(overview.appointments),
        waits=overview.waits,
    )


RANGE = {"from": "first day, YYYY-MM-DD", "to": "last day, YYYY-MM-DD"}
# A browser that follows a link cannot say which language the page has.
FILE = {**RANGE, "language": "vi or en; the reader's by default"}
# Runs one of the server's commands in a process of its own and returns its output.
RunCommand = Callable[..., bytes]
Archive = Callable[[], AbstractContextManager[HallStore]]


def add_routes(
    routes: Routes, hall: Hall, archive: Archive, offload: Offload, export: RunCommand, name_of: NameOf
) -> None:
    """Declare the routes of figures, log, seal and clock; `archive` opens a second connection for long reads."""

    @routes.get(
        "/statistics",
        roles=READERS,
        answer=StatisticsView,
        summary="Figures of local days, both included",
        query={"from": "first day, YYYY-MM-DD", "to": "last day, YYYY-MM-DD", "by": "grouping; service by default"},
    )
    def get_statistics(request: Request[None]) -> StatisticsView:
        first, last = parse_range(request.query.get("from", ""), request.query.get("to", ""))
        zone = ZoneInfo(hall.catalogue.hall.timezone)
        by, targets = request.query.get("by", "service"), targets_of(hall.catalogue)
        check_grouping(by, hall.catalogue)

        def work() -> Statistics:
            with archive() as store:
                return statistics(store, first, last, by, zone, targets)

        figures, label = offload(work), labels(hall.catalogue, name_of)
        return StatisticsView(
            from_=first.isoformat(),
            to=last.isoformat(),
            by=by,
            total=figures_view(figures.total),
            rows=[
                RowView(**msgspec.structs.asdict(figures_view(row)), key=key, label=label(by, key, request.language))
                for key, row in figures.rows.items()
            ],
        )

    @routes.get(
        "/statistics/overview",
        roles=READERS,
        answer=OverviewView,
        summary="Counters' time, the queue, waits by weekday and hour and by length, of local days, both included",
        query=RANGE,
    )
    def get_overview(request: Request[None]) -> OverviewView:
        first, last = parse_range(request.query.get("from", ""), request.query.get("to", ""))
        zone = ZoneInfo(hall.catalogue.hall.timezone)

        def work() -> Overview:
            with archive() as store:
                return overview(store, first, last, zone)

        return overview_view(offload(work))

    def exported(request: Request[None], form: str) -> Reply:
        """Return a file made by another process, so that no call waits for it."""
        first, last = parse_range(request.query.get("from", ""), request.query.get("to", ""))
        by = request.query.get("by", "service")
        check_grouping(by, hall.catalogue)
        language = request.query.get("language", request.language)
        if language not in LANGUAGES:
            raise UnknownLanguage()
        span = ("--from", first.isoformat(), "--to", last.isoformat())
        file = export("export", form, *span, "--by", by, "--language", language)
        name = f"den-luot-{first.isoformat()}-{last.isoformat()}.{form}"
        return Reply(file, {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})

    @routes.get(
        "/statistics.csv",
        roles=READERS,
        answer=None,
        summary="The figures of one grouping as CSV: the same numbers as /statistics",
        query={**FILE, "by": "grouping; service by default"},
        media="text/csv",
    )
    def get_csv(request: Request[None]) -> Reply:
        return exported(request, "csv")

    @routes.get(
        "/dossiers.csv",
        roles=READERS,
        answer=None,
        summary="Codes of dossiers noted with the visits of local days, both included, as far as they are kept",
        query=RANGE,
        media="text/csv",
    )
    def get_dossiers(request: Request[None]) -> Reply:
        first, last = parse_range(request.query.get("from", ""), request.query.get("to", ""))

        def work() -> bytes:
            with archive() as store:
                return dossiers_csv(store.noted_dossiers(first, last))

        name = f"ho-so-{first.isoformat()}-{last.isoformat()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Reply(offload(work), headers)

    @routes.get(
        "/statistics.xlsx",
        roles=READERS,
        answer=None,
        summary="All figures as a workbook with charts",
        query=FILE,
        media="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    def get_xlsx(request: Request[None]) -> Reply:
        return exported(request, "xlsx")

    @routes.get(
        "/evidence.zip",
        roles=READERS,
        answer=None,
        summary="The log of these days with its hashes, the figures, and a SHA-256 of each file",
        query=FILE,
        media="application/zip",
    )
    def get_evidence(request: Request[None]) -> Reply:
        return exported(request, "zip")

    @routes.get(
        "/events",
        roles=READERS,
        answer=EventsView,
        summary="The log, up to 1,000 facts a page",
        query={"after": "the seq after which to read; 0 by default"},
    )
    def get_events(request: Request[None]) -> EventsView:
        after = request.query.get("after", "0")
        if not (after.isascii() and after.isdecimal() and len(after) < 16):
            raise BadRange()
        return EventsView(hall.log_id, [event_view(event) for event in hall.store.events(int(after), PAGE)])

    schema = msgspec.json.encode(event_schema())

    @routes.get(
        "/events/schema.json",
        roles=(ANYONE,),
        answer=dict[str, Any],
        summary="The JSON Schema of an event of the log, with the data of each kind",
    )
    def get_event_schema(request: Request[None]) -> bytes:
        return schema

    def table(request: Request[None], name: str) -> bytes:
        """Return a table that reads the whole log of its days: a thread of this process would hold up every press."""
        first, last = parse_range(request.query.get("from", ""), request.query.get("to", ""))
        return export("table", name, "--from", first.isoformat(), "--to", last.isoformat())

    @routes.get(
        "/statistics/slips",
        roles=READERS,
        answer=SlipsPage,
        summary="How often somebody who arrived later was served first, by day and reason of the call, and by day",
        query=RANGE,
    )
    def get_slips(request: Request[None]) -> bytes:
        return table(request, "slips")

    @routes.get(
        "/statistics/early",
        roles=READERS,
        answer=EarlyStopsPage,
        summary="Holds and pauses in the first minute of a service, by day, counter and clerk",
        query=RANGE,
    )
    def get_early(request: Request[None]) -> bytes:
        return table(request, "early")

    @routes.get(
        "/statistics/incidents",
        roles=READERS,
        answer=IncidentsPage,
        summary="How long counters were paused because something failed",
        query=RANGE,
    )
    def get_incidents(request: Request[None]) -> bytes:
        return table(request, "incidents")

    @routes.get(
        "/statistics/staffed",
        roles=READERS,
        answer=StaffedTimePage,
        summary="How the time of the counters was spent, by day, counter and clerk",
        query=RANGE,
    )
    def get_staffed(request: Request[None]) -> bytes:
        return table(request, "staffed")

    @routes.get(
        "/statistics/queues",
        roles=READERS,
        answer=LongestQueuesPage,
        summary="The longest queue of each service, by day",
        query=RANGE,
    )
    def get_queues(request: Request[None]) -> bytes:
        return table(request, "queues")

    @routes.get(
        "/statistics/ratings",
        roles=READERS,
        answer=RatingsPage,
        summary="How visits were rated, by service, counter, month and clerk; the hall's own, no national index",
        query=RANGE,
    )
    def get_ratings(request: Request[None]) -> bytes:
        return table(request, "ratings")

    @routes.get(
        "/statistics/rating-words",
        roles=READERS,
        answer=RatingWordsPage,
        summary="What people wrote with their ratings, by day and service, for 30 days; nothing says which visit",
        query=RANGE,
    )
    def get_rating_words(request: Request[None]) -> RatingWordsPage:
        first, last = parse_range(request.query.get("from", ""), request.query.get("to", ""))
        with archive() as store:
            words = store.rating_words(first, last)
        return RatingWordsPage([RatingWordsView(row.day.isoformat(), row.service, row.words) for row in words])

    @routes.get(
        "/statistics/table.csv",
        roles=READERS,
        answer=None,
        summary="One of the tables slips, early, incidents, staffed, queues and ratings as CSV, with the same numbers",
        query={**RANGE, "table": "its name"},
        media="text/csv",
    )
    def get_table_csv(request: Request[None]) -> Reply:
        first, last = parse_range(request.query.get("from", ""), request.query.get("to", ""))
        name = request.query.get("table", "")
        if name not in TABLES:
            raise UnknownGrouping()
        span = ("--from", first.isoformat(), "--to", last.isoformat())
        file = export("table", name, "--csv", *span)
        attached = f'attachment; filename="den-luot-{name}-{first.isoformat()}-{last.isoformat()}.csv"'
        return Reply(file, {"Content-Disposition": attached, "Cache-Control": "no-store"})

    @routes.get(
        "/statistics/entrance",
        roles=READERS,
        answer=EntranceCountsPage,
        summary="The people before the kiosk, without a number yet, as often as they were counted",
        query=RANGE,
    )
    def get_entrance(request: Request[None]) -> EntranceCountsPage:
        first, last = parse_range(request.query.get("from", ""), request.query.get("to", ""))
        zone = ZoneInfo(hall.catalogue.hall.timezone)

        def work() -> list[EntranceSample]:
            with archive() as store:
                return entrance_counts(store, first, last, zone)

        return EntranceCountsPage(
            [EntranceCountView(day.isoformat(), instant(at), people) for day, at, people in offload(work)]
        )

    @routes.get(
        "/seal",
        roles=READERS,
        answer=SealView,
        summary="The seal of a day: its last event; a log that was cut short or written again does not fit it",
        query={"day": "local day, YYYY-MM-DD"},
    )
    def get_seal(request: Request[None]) -> SealView:
        day, _ = parse_range(request.query.get("day", ""), request.query.get("day", ""))
        with archive() as store:
            seal = seal_of(store, day)
        return SealView(str(seal), seal.day.isoformat(), seal.seq, seal.issued, seal.hash)

    @routes.post(
        "/clock/follow", roles=(SUPERVISOR,), body=None, answer=AlarmsView, summary="The machine's clock is right"
    )
    def post_clock_follow(request: Request[Nothing]) -> bytes:
        def do(act: Act) -> Event:
            return follow_clock(act)

        return hall.execute(request.identity, do, lambda _: msgspec.json.encode(AlarmsView(alarm_views(hall, name_of))))

    @routes.post(
        "/clock/take-back",
        roles=(SUPERVISOR,),
        body=None,
        answer=AlarmsView,
        summary="The leap of the machine's clock was confirmed by mistake; nobody may be in the hall",
    )
    def post_clock_take_back(request: Request[Nothing]) -> bytes:
        def do(act: Act) -> Event:
            return take_back_leap(act)

        return hall.execute(request.identity, do, lambda _: msgspec.json.encode(AlarmsView(alarm_views(hall, name_of))))
