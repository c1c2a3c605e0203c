"""The tables that are read from events, as sheets of the workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from queueing.events import from_instant
from supervisor.tables import AskedDays, early_page, incidents_page, queues_page, slips_page, staffed_page

DAYS_MOST = 92  # they go through every event of the days, so that a longer range would take minutes

Words = Mapping[str, str]
Name = Callable[[str, str], str]  # grouping and key of a row -> what it is called


class EventSheet(NamedTuple):
    """A sheet: its title, the heads of its columns, and its rows."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[object]]  # texts, numbers, None


class WorkbookReader(NamedTuple):
    """Who a workbook is for: what rows are called, the words of the tables and of the reports, and the time zone."""

    name: Name
    charts: Words
    titles: Words
    zone: ZoneInfo

    def day(self, day: str) -> str:
        """Return a day as offices write it."""
        return f"{date.fromisoformat(day):%d/%m/%Y}"

    def time(self, at: str | None) -> str:
        """Return the time of an instant in the hall; empty for None."""
        return "" if at is None else f"{from_instant(at).astimezone(self.zone):%H:%M}"

    def seconds(self, key: str) -> str:
        """Return the head of a column of seconds."""
        return self.titles["seconds"].format(what=self.charts[key])

    def heads(self, *keys: str) -> list[str]:
        """Return heads by the keys of their words."""
        return [self.charts[key] for key in keys]


def event_sheets(asked: AskedDays, reader: WorkbookReader) -> Iterator[EventSheet]:
    """Yield the sheets of some days, both included; none where there are more than DAYS_MOST."""
    if (asked.last - asked.first).days < DAYS_MOST:
        for sheet in (_slips, _early, _queues, _staffed, _incidents):
            yield sheet(asked, reader)


def _slips(asked: AskedDays, reader: WorkbookReader) -> EventSheet:
    heads = reader.heads(
        "early_day", "slips_issued", "slips_passed", "slips_slips", "slips_p99", "slips_most", "slips_structural"
    )
    rows = [
        [reader.day(row.day), row.issued, row.passed, row.slips, row.p99, row.most, sum(row.structural.values())]
        for row in slips_page(asked).days
    ]
    return EventSheet(reader.titles["sheet_slips"], heads, rows)


def _early(asked: AskedDays, reader: WorkbookReader) -> EventSheet:
    rows = [
        [
            reader.day(row.day),
            reader.name("counter", str(row.counter)),
            row.name,
            reader.charts[f"early_{row.what}"],
            row.times,
        ]
        for row in early_page(asked).rows
    ]
    heads = reader.heads("early_day", "by_counter", "by_clerk", "early_what", "early_times")
    return EventSheet(reader.titles["sheet_early"], heads, rows)


def _queues(asked: AskedDays, reader: WorkbookReader) -> EventSheet:
    rows = [
        [reader.day(row.day), reader.name("service", row.service), row.most, reader.time(row.at)]
        for row in queues_page(asked).rows
    ]
    heads = reader.heads("early_day", "by_service", "queues_most", "queues_at")
    return EventSheet(reader.titles["sheet_queues"], heads, rows)


def _staffed(asked: AskedDays, reader: WorkbookReader) -> EventSheet:
    page = staffed_page(asked)
    reasons = sorted({reason for row in page.rows for reason in row.paused_s})
    heads = [
        *reader.heads("early_day", "by_counter", "by_clerk"),
        *(reader.seconds(key) for key in ("serving_s", "calling_s", "idle_s", "open_s")),
        *(
            reader.titles["seconds"].format(what=f"{reader.charts['paused_s']}: {reader.titles[f'pause_{reason}']}")
            for reason in reasons
        ),
    ]
    rows = [
        [
            reader.day(row.day),
            reader.name("counter", str(row.counter)),
            row.name,
            row.serving_s,
            row.calling_s,
            row.idle_s,
            row.open_s,
            *(row.paused_s.get(reason, 0) for reason in reasons),
        ]
        for row in page.rows
    ]
    return EventSheet(reader.titles["sheet_staffed"], heads, rows)


def _incidents(asked: AskedDays, reader: WorkbookReader) -> EventSheet:
    rows = [
        [
            reader.day(row.day),
            reader.titles[f"pause_{row.reason}"],
            reader.time(row.began_at),
            reader.time(row.ended_at),
            row.seconds,
            ", ".join(reader.name("counter", str(counter)) for counter in row.counters),
        ]
        for row in incidents_page(asked).rows
    ]
    heads = [
        *reader.heads("early_day", "incidents_reason", "incidents_from", "incidents_to"),
        reader.seconds("incidents_length"),
        *reader.heads("incidents_counters"),
    ]
    return EventSheet(reader.titles["sheet_incidents"], heads, rows)
