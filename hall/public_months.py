"""The public figures of closed months: computed from the rollups, coded so that nobody can be singled out, as files.

Each month has one file of JSON with everything, and a CSV for each of its tables. The same log, settings and version
give the same bytes. What each column means is in `COLUMNS`, of which the data dictionary is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

import msgspec

from hall import sheets
from hall.catalogue.model import Catalogue
from hall.ports import HallStore
from hall.review import Cover, Targets, targets_of
from hall.scores import HitRate, scores
from queueing.call_counts import CallCounts
from queueing.catalogue import LANGUAGES
from queueing.metrics import figures_from
from queueing.period import MONTH, ends, period_of
from queueing.rollup import Accumulator, HallTime
from queueing.small_cells import CodedShare, coded_share, merge_small

SCHEMA_VERSION = 1
LICENCE = "CC-BY-4.0"
OTHER = "other"  # the key of the row in which small cells are shown together
TOTAL = "total"
DIMENSIONS = ("service", "hour", "day")  # of the table of waits, besides the total
WITHIN_MINUTES = 15  # what the law asks for (Quyết định 468/QĐ-TTg)

Words = Mapping[str, Mapping[str, str]]  # language -> key -> text, of the section `public`


# Returns how often the range that was shown was kept on these days, both included; None where no forecast was scored.
HitRateOf = Callable[[HallStore, date, date], HitRate | None]


class WaitsRow(msgspec.Struct):
    """The visits of one cell: how long they waited. Minutes are rounded up, percentages down."""

    dimension: str
    key: str
    names: dict[str, str]
    visits: int
    wait_median_min: int | None
    wait_p90_min: int | None
    within_15_percent: int | None
    within_15_bound: str
    on_target_percent: int | None
    on_target_bound: str
    target_min: int
    not_served_percent: int | None
    not_served_bound: str


class CallsRow(msgspec.Struct):
    """The calls of one reason that passed somebody who had come earlier."""

    reason: str
    names: dict[str, str]
    calls_out_of_order: int


class PausesRow(msgspec.Struct):
    """How long the counters, all together, were paused for one reason."""

    reason: str
    names: dict[str, str]
    minutes: int
    percent_of_staffed: int


class ForecastRow(msgspec.Struct):
    """How many of the forecasts given at issue were right."""

    hit_percent: int | None
    hit_bound: str


class MonthFigures(msgspec.Struct):
    """The public figures of one month."""

    schema_version: int
    licence: str
    month: str
    centre: str
    office: str
    timezone: str
    days: int  # on which a number was issued
    calls: int | None  # all calls, in order or not
    priority_percent: int | None
    priority_bound: str
    waits: list[WaitsRow]
    calls_out_of_order: list[CallsRow]
    pauses: list[PausesRow]
    forecast: list[ForecastRow]  # one, or none


ROWS: Mapping[str, type[msgspec.Struct]] = {
    "waits": WaitsRow,
    "calls_out_of_order": CallsRow,
    "pauses": PausesRow,
    "forecast": ForecastRow,
}
# Table -> its columns in the CSV. `month` comes before them, `names` is a column for each language.
COLUMNS: Mapping[str, Sequence[str]] = {table: tuple(row.__struct_fields__) for table, row in ROWS.items()}


def hit_rate_of(store: HallStore, first: date, last: date) -> HitRate | None:
    """Return how many of those given a forecast on these days were called no later than the end of the range shown."""
    whole = scores(store, first, last, "service").whole
    return HitRate(whole.within, whole.n) if whole.n else None


def month_figures(
    store: HallStore, month: str, catalogue: Catalogue, words: Words, hit_rate: HitRateOf = hit_rate_of
) -> MonthFigures:
    """Return the public figures of a month ("2026-01")."""
    first, last = ends(month)
    zone, targets = ZoneInfo(catalogue.hall.timezone), targets_of(catalogue)
    with store.snapshot():
        cover = Cover(store, first, last)
        total, hall = cover.total(), cover.hall(zone)
        groups = {dimension: cover.groups(dimension, zone) for dimension in DIMENSIONS}
        hits = hit_rate(store, first, last)
    names = _names(catalogue, words)
    issued = total.counts["issued"]
    enough = total.histogram("wait").n if merge_small({TOTAL: total.histogram("wait").n}).alone else 0
    priority = coded_share(total.counts["priority"], issued) if enough else CodedShare(None)
    return MonthFigures(
        schema_version=SCHEMA_VERSION,
        licence=LICENCE,
        month=month,
        centre=catalogue.hall.name,
        office=catalogue.hall.office,
        timezone=catalogue.hall.timezone,
        days=hall.days,
        calls=_all_calls(hall.calls),
        priority_percent=priority.percent,
        priority_bound=priority.bound,
        waits=[*_waits({TOTAL: {TOTAL: total}}, targets, names), *_waits(groups, targets, names)] if enough else [],
        calls_out_of_order=_calls(hall.calls, names),
        pauses=_pauses(hall, names) if enough else [],
        forecast=[] if hits is None else [ForecastRow(*coded_share(hits.met, hits.of))],
    )


Names = Callable[[str, str], dict[str, str]]  # what a row is called in each language, by dimension and key


def _names(catalogue: Catalogue, words: Words) -> Names:
    def names(dimension: str, key: str) -> dict[str, str]:
        known = catalogue.services.get(key) if dimension == "service" else None
        if known is not None:
            return {language: known.names.get(language) or known.names["vi"] for language in LANGUAGES}
        return {
            language: texts.get(f"{dimension}_{key}", key if key != OTHER else texts["other"])
            for language, texts in words.items()
        }

    return names


def _waits(groups: Mapping[str, Mapping[str, Accumulator]], targets: Targets, names: Names) -> list[WaitsRow]:
    rows = []
    for dimension, cells in groups.items():
        shown = merge_small({key: cells[key].histogram("wait").n for key in sorted(cells)})
        for key in shown.alone:
            rows.append(_waits_row(dimension, key, cells[key], targets, names))
        if shown.together:
            merged = Accumulator()
            for key in shown.together:
                merged.add_all(cells[key])
            rows.append(_waits_row(dimension, OTHER, merged, targets, names))
    return rows


def _waits_row(dimension: str, key: str, cell: Accumulator, targets: Targets, names: Names) -> WaitsRow:
    figures = figures_from(cell.counts, cell.histogram, targets.of(dimension, key))
    within, on_target = figures.within[WITHIN_MINUTES], figures.on_target
    coded, aimed = coded_share(within.met, within.of), coded_share(on_target.met, on_target.of)
    away = coded_share(figures.issued - figures.served, figures.issued)
    return WaitsRow(
        dimension=dimension,
        key=key,
        names=names(dimension, key),
        visits=figures.issued,
        wait_median_min=minutes_at_most(figures.wait.median_s),
        wait_p90_min=minutes_at_most(figures.wait.p90_s),
        within_15_percent=coded.percent,
        within_15_bound=coded.bound,
        on_target_percent=aimed.percent,
        on_target_bound=aimed.bound,
        target_min=figures.target_s // 60,
        not_served_percent=away.percent,
        not_served_bound=away.bound,
    )


def minutes_at_most(seconds: int | None) -> int | None:
    """Return whole minutes for "at most": rounded up, and never 0."""
    return None if seconds is None else max(1, -(-seconds // 60))


def _all_calls(calls: CallCounts) -> int | None:
    total, passing = calls.calls.total(), calls.out_of_order.total()
    return total if not merge_small({"in_order": total - passing, "out_of_order": passing}).together else None


def _calls(calls: CallCounts, names: Names) -> list[CallsRow]:
    counts = {reason: calls.out_of_order[reason] for reason in sorted(calls.out_of_order)}
    shown = merge_small(counts)
    rows = [CallsRow(reason, names("reason", reason), counts[reason]) for reason in shown.alone]
    if shown.together:
        rows.append(CallsRow(OTHER, names("reason", OTHER), sum(counts[reason] for reason in shown.together)))
    return rows


def _pauses(hall: HallTime, names: Names) -> list[PausesRow]:
    paused: dict[str, int] = {}
    for time in hall.counters.values():
        for reason, seconds in time.paused_s.items():
            paused[reason] = paused.get(reason, 0) + seconds
    staffed = sum(time.open_s for time in hall.counters.values()) + sum(paused.values())
    return [
        PausesRow(reason, names("pause", reason), paused[reason] // 60, 100 * paused[reason] // staffed)
        for reason in sorted(paused)
        if paused[reason] >= 60
    ]


def files_of(figures: MonthFigures) -> dict[str, bytes]:
    """Return the files of a month by name; a table without a row has none."""
    month = figures.month
    files = {f"{month}.json": msgspec.json.format(msgspec.json.encode(figures), indent=1) + b"\n"}
    for table, columns in COLUMNS.items():
        rows: Iterable[msgspec.Struct] = getattr(figures, table)
        cells = [[month, *_cells(row, columns)] for row in rows]
        if cells:
            files[csv_name(month, table)] = sheets.to_csv(csv_columns(table), cells)
    return files


def csv_name(month: str, table: str) -> str:
    """Return the name of the CSV of a table: "2026-01-waits.csv"."""
    return f"{month}-{table.replace('_', '-')}.csv"


def csv_columns(table: str) -> list[str]:
    """Return the columns of the CSV of a table."""
    return ["month", *(column for name in COLUMNS[table] for column in columns_of(name))]


def columns_of(name: str) -> list[str]:
    """Return the columns of a CSV that a field fills: one for each language of a name."""
    return [f"name_{language}" for language in LANGUAGES] if name == "names" else [name]


def _cells(row: msgspec.Struct, columns: Iterable[str]) -> list[object]:
    cells: list[object] = []
    for name in columns:
        value = getattr(row, name)
        cells += [value[language] for language in LANGUAGES] if name == "names" else [value]
    return cells


def due_months(store: HallStore, published: Iterable[str]) -> list[str]:
    """Return the closed months without a file in `published`, whose figures cannot change any more, in order."""
    known = set(published)
    present = store.opened_days(date.min, date.max)[-1:]
    months: dict[str, date] = {}
    for day in store.closed_days():
        months[period_of(day, MONTH)] = day
    return [
        month
        for month, last in sorted(months.items())
        if f"{month}.json" not in known
        and present
        and month != period_of(present[0], MONTH)
        and store.rollup(month)
        and all(ticket.ended for ticket in store.tickets(last, last))
    ]
