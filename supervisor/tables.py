"""The tables of the statistics that are read from events: slips, early stops, incidents, clerks' time, queues.

They go through the whole log of these days, so each is made by a process of its own (`server.py table`): as JSON for
the screen, and as CSV.
"""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from hall import sheets
from hall.ports import HallStore, NameOf
from hall.review import (
    early_stops_of,
    incidents_of,
    longest_queues_of,
    ratings_by,
    slips_of,
    staffed_time_of,
)
from queueing.catalogue import PAUSE_REASONS, RATING_REASONS, RATINGS
from queueing.counter_time import NO_REASON
from queueing.events import instant
from queueing.metrics import nearest_rank
from queueing.ratings import RatedGroup, groups_shown, whole_shown
from queueing.slips import Slips

CLERK, TOTAL = "clerk", "total"


class SlipsView(msgspec.Struct):
    """The slips and skips of one day and reason, of calls that led to a service."""

    day: str
    reason: str
    calls: int
    skips: int
    slips: int
    tickets: int  # passed at all
    most: int  # by one ticket


class SlipsOfDayView(msgspec.Struct):
    """The slips of all tickets issued on one day, whatever the reason, and the passes that no counter could prevent."""

    day: str
    issued: int
    passed: int  # tickets that slipped at least once
    slips: int
    p99: int | None  # of all tickets issued: 99 in 100 slipped at most so often
    most: int
    structural: dict[str, int]  # service -> passes of those whom no open counter could have served


class SlipsPage(msgspec.Struct):
    """Slips and skips by day and reason, and by day."""

    rows: list[SlipsView]
    days: list[SlipsOfDayView]


class EarlyStopView(msgspec.Struct):
    """How often a counter held somebody, or paused, in the first minute of a service, on one day."""

    day: str
    counter: int
    clerk: str | None  # null where the hall shows no figures by clerk
    name: str | None
    what: str  # "hold" or "pause"
    times: int


class EarlyStopsPage(msgspec.Struct):
    """The holds and pauses in the first minute of a service, by day, counter and clerk."""

    rows: list[EarlyStopView]


class IncidentView(msgspec.Struct):
    """A time in which counters were paused because something failed."""

    day: str
    reason: str
    began_at: str
    ended_at: str | None  # null while it lasts
    seconds: int | None
    counters: list[int]


class IncidentsPage(msgspec.Struct):
    """The incidents, in order."""

    rows: list[IncidentView]


class StaffedTimeView(msgspec.Struct):
    """How one clerk's time at one counter was spent on one day, in seconds."""

    day: str
    counter: int
    clerk: str | None  # null where the hall shows no figures by clerk, and after a hand-over
    name: str | None
    serving_s: int
    calling_s: int
    idle_s: int
    open_s: int
    paused_s: dict[str, int]
    left_open: int


class StaffedTimePage(msgspec.Struct):
    """The time of the counters by day, counter and clerk."""

    rows: list[StaffedTimeView]


class LongestQueueOfDayView(msgspec.Struct):
    """The most who waited for one service at one moment of one day, and the first such moment."""

    day: str
    service: str
    most: int
    at: str


class LongestQueuesPage(msgspec.Struct):
    """The longest queue of each service by day."""

    rows: list[LongestQueueOfDayView]


class RatingsView(msgspec.Struct):
    """How the visits of one group were rated: `by` is total, service, counter, clerk or month.

    The four ratings are null where too few were given; small groups stand once more as one, with the key "together".
    """

    by: str
    key: str
    name: str | None  # of a clerk
    served: int
    rated: int
    very_satisfied: int | None
    satisfied: int | None
    neutral: int | None
    dissatisfied: int | None


class RatingReasonView(msgspec.Struct):
    """How often a reason was given with a rating."""

    reason: str
    times: int


class RatingsPage(msgspec.Struct):
    """The ratings of all visits and by group, and the reasons; those are empty where too few ratings were given."""

    rows: list[RatingsView]
    reasons: list[RatingReasonView]


@dataclass(frozen=True, slots=True)
class AskedDays:
    """What a table is made of: the days, both included, and whether clerks are shown by name."""

    store: HallStore
    first: date
    last: date
    name_of: NameOf
    by_clerk: bool

    def clerk(self, clerk: str) -> tuple[str | None, str | None]:
        """Return a clerk and the name as they may be shown."""
        return (clerk, self.name_of(clerk)) if clerk and self.by_clerk else (None, None)


def slips_page(asked: AskedDays) -> SlipsPage:
    """Return the slips and skips by day and reason, and by day."""
    days = sorted(slips_of(asked.store, asked.first, asked.last).items())
    rows = [
        SlipsView(
            day=day.isoformat(),
            reason=reason,
            calls=slips.calls[reason],
            skips=slips.skips[reason],
            slips=slips.total(reason),
            tickets=slips.passed(reason).n,
            most=slips.passed(reason).max_s or 0,
        )
        for day, slips in days
        for reason in sorted(slips.calls)
    ]
    return SlipsPage(rows, [_slips_of_day(day, slips) for day, slips in days])


def _slips_of_day(day: date, slips: Slips) -> SlipsOfDayView:
    per_ticket = slips.per_ticket()
    return SlipsOfDayView(
        day=day.isoformat(),
        issued=slips.issued,
        passed=sum(times > 0 for times in per_ticket),
        slips=sum(per_ticket),
        p99=nearest_rank(per_ticket, 99),
        most=max(per_ticket, default=0),
        structural={service: slips.structural[service] for service in sorted(slips.structural)},
    )


def early_page(asked: AskedDays) -> EarlyStopsPage:
    """Return the early stops; where clerks are not shown, those of a counter are one row."""
    shown: Count[tuple[str, int, str, str]] = Count()
    for stop, times in early_stops_of(asked.store, asked.first, asked.last).items():
        shown[stop.day.isoformat(), stop.counter, stop.clerk if asked.by_clerk else "", stop.what] += times
    return EarlyStopsPage(
        [
            EarlyStopView(day, counter, *asked.clerk(clerk), what, times)
            for (day, counter, clerk, what), times in sorted(shown.items())
        ]
    )


def incidents_page(asked: AskedDays) -> IncidentsPage:
    """Return the incidents."""
    return IncidentsPage(
        [
            IncidentView(
                one.day.isoformat(),
                one.reason,
                instant(one.began_at),
                None if one.ended_at is None else instant(one.ended_at),
                one.seconds,
                sorted(one.counters),
            )
            for one in incidents_of(asked.store, asked.first, asked.last)
        ]
    )


def staffed_page(asked: AskedDays) -> StaffedTimePage:
    """Return the time of the counters by day, counter and clerk; where clerks are not shown, by day and counter."""
    rows = []
    for day, times in staffed_time_of(asked.store, asked.first, asked.last, by_clerk=asked.by_clerk).items():
        for (counter, clerk), time in sorted(times.items()):
            known, name = asked.clerk(clerk)
            row = StaffedTimeView(
                day=day.isoformat(),
                counter=counter,
                clerk=known,
                name=name,
                serving_s=time.serving_s,
                calling_s=time.calling_s,
                idle_s=time.idle_s,
                open_s=time.open_s,
                paused_s=dict(sorted(time.paused_s.items())),
                left_open=time.left_open,
            )
            rows.append(row)
    return StaffedTimePage(rows)


def queues_page(asked: AskedDays) -> LongestQueuesPage:
    """Return the longest queue of each service by day."""
    return LongestQueuesPage(
        [
            LongestQueueOfDayView(day.isoformat(), service, longest.most, instant(longest.at))
            for day, queues in longest_queues_of(asked.store, asked.first, asked.last).items()
            for service, longest in sorted(queues.items())
        ]
    )


def ratings_page(asked: AskedDays) -> RatingsPage:
    """Return the ratings of all visits, then by service, counter, month and, where clerks are shown, by clerk."""
    groupings = [by for by in RATED_BY if by != CLERK or asked.by_clerk]
    with asked.store.snapshot():
        total, groups = ratings_by(asked.store, asked.first, asked.last, groupings)
        reasons = asked.store.rating_reasons(asked.first, asked.last)
    whole = whole_shown(total, "")
    rows = [_rated(TOTAL, whole, None)]
    for by in groupings:
        rows += [_rated(by, row, asked.name_of(row.key) if by == CLERK else None) for row in groups_shown(groups[by])]
    enough = whole.given is not None
    shown = [RatingReasonView(reason, reasons[reason]) for reason in RATING_REASONS if enough and reason in reasons]
    return RatingsPage(rows, shown)


def _rated(by: str, row: RatedGroup, name: str | None) -> RatingsView:
    given = row.given if row.given is not None else (None,) * len(RATINGS)
    return RatingsView(by, row.key, name, row.served, row.rated, *given)


ROWS: Mapping[type, type[msgspec.Struct]] = {
    EarlyStopsPage: EarlyStopView,
    IncidentsPage: IncidentView,
    StaffedTimePage: StaffedTimeView,
    LongestQueuesPage: LongestQueueOfDayView,
    RatingsPage: RatingsView,
}
RATED_BY = ("service", "counter", "month", CLERK)
Page = SlipsPage | EarlyStopsPage | IncidentsPage | StaffedTimePage | LongestQueuesPage | RatingsPage
TABLES: Mapping[str, Callable[[AskedDays], Page]] = {
    "slips": slips_page,
    "early": early_page,
    "incidents": incidents_page,
    "staffed": staffed_page,
    "queues": queues_page,
    "ratings": ratings_page,
}


def table_csv(page: Page) -> bytes:
    """Return a table as CSV: of `slips` the days and reasons, then the days by themselves with an empty reason."""
    if isinstance(page, SlipsPage):
        return _csv((SlipsView, SlipsOfDayView), [*page.rows, *page.days])
    return _csv((ROWS[type(page)],), page.rows)


def _csv(kinds: Sequence[type[msgspec.Struct]], rows: Iterable[msgspec.Struct]) -> bytes:
    """Return rows as CSV: a column for each field of these kinds, in order, and for each figure inside a field."""
    flat = [dict(_flat(msgspec.to_builtins(row))) for row in rows]
    columns = dict.fromkeys(name for kind in kinds for name in kind.__struct_fields__ if name != "paused_s")
    for row in flat:
        columns |= dict.fromkeys(row)
    return sheets.to_csv(list(columns), ([row.get(column) for column in columns] for row in flat))


def _flat(row: Mapping[str, object]) -> Iterable[tuple[str, object]]:
    for name, value in row.items():
        if name == "paused_s" and isinstance(value, dict):
            for reason in (*PAUSE_REASONS, NO_REASON):
                yield f"paused_{reason}_s", value.get(reason, 0)
        elif isinstance(value, dict):
            yield name, sum(value.values())
            yield from ((f"{name}_{key}", figure) for key, figure in value.items())
        elif isinstance(value, list):
            yield name, " ".join(map(str, value))
        else:
            yield name, value
