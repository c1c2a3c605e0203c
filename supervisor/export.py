"""The figures as files: CSV, a workbook with charts, and the log as evidence.

The numbers are those of the screen: counts, and durations in whole seconds. A text that a spreadsheet would
take for a formula is marked as text.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from hall import sheets
from hall.catalogue.model import Catalogue
from hall.ports import HallStore, NameOf, NotedDossier
from hall.review import NONE, Overview, Statistics, check_grouping, groupings_of, overview, statistics, targets_of
from hall.sheets import neutral
from hall.views.figures import figures_view
from queueing import events as ev
from queueing.events import canonical
from queueing.metrics import COUNTS, RATED
from queueing.rollup import STAFF
from supervisor.event_sheets import WorkbookReader, event_sheets
from supervisor.tables import AskedDays

Words = Mapping[str, str]
Label = Callable[[str, str, str], str]
SHEETS = (
    *("service", "counter", "clerk", "hour", "weekday", "day", "month", "class", "kiosk", "kiosk_hour"),
    *("shift", "channel"),
)
SHOWN = tuple(name for name in COUNTS if name not in RATED)  # ratings have a table of their own, with who answered
SPREADS = ("wait", "walk", "service", "sojourn", "hold")
OF_SPREAD = ("n", "mean_s", "median_s", "p90_s", "max_s")
_MEMBER_TIME = (1980, 1, 1, 0, 0, 0)  # of every file in the zip, so that the same log gives the same bytes


def labels(catalogue: Catalogue, name_of: NameOf) -> Label:
    """Return the function that gives the label of a group: by, key, language."""

    def label(by: str, key: str, language: str) -> str:
        if by == "service" and key in catalogue.services:
            names = catalogue.services[key].names
            return names.get(language) or names["vi"]
        if by == "counter" and key != NONE and int(key) in catalogue.counters:
            return catalogue.counters[int(key)].name
        if by == "class":
            return catalogue.class_name(key, language)
        if by == "clerk" and key != NONE:
            return name_of(key) or key
        if by in ("kiosk", "kiosk_hour"):
            who, hour = key.split(" ") if by == "kiosk_hour" else (key, "")
            return f"{name_of(who) or who} {hour}".rstrip()
        return key

    return label


@dataclass(frozen=True, slots=True)
class Book:
    """What an export holds: a range of days of one hall, with the words of its reader."""

    store: HallStore
    catalogue: Catalogue
    first: date
    last: date
    language: str
    label: Label
    words: Words  # of `figures`
    titles: Words  # of `report`
    charts: Words  # of `charts`

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone of the hall."""
        return ZoneInfo(self.catalogue.hall.timezone)

    def by(self, by: str) -> Statistics:
        """Return the figures of one grouping."""
        check_grouping(by, self.catalogue)
        return statistics(self.store, self.first, self.last, by, self.zone, targets_of(self.catalogue))

    def overview(self) -> Overview:
        """Return the overview of the days."""
        return overview(self.store, self.first, self.last, self.zone)

    def asked(self) -> AskedDays:
        """Return the days as the tables read from events are asked for them."""
        by_clerk = self.catalogue.hall.clerk_figures
        return AskedDays(
            self.store, self.first, self.last, lambda clerk: self.label("clerk", clerk, self.language), by_clerk
        )

    def name(self, by: str, key: str) -> str:
        """Return the name of a row. A weekday gets its word: the key 6 is Saturday, but "thứ 6" is Friday."""
        match by:
            case "weekday":
                return self.titles[f"weekday_{key}"]
            case "day":
                return f"{date.fromisoformat(key):%d/%m/%Y}"
            case "month":
                return f"{key[5:]}/{key[:4]}"
            case "shift" | "channel":
                return self.titles[f"{by}_{key}"]
            case "kiosk" | "kiosk_hour" if key.startswith(STAFF):
                return key.replace(STAFF, self.titles["staff"])
        return self.label(by, key, self.language)

    def rows(self, figures: Statistics) -> Iterator[list[object]]:
        """Yield a row for each group and, last, their total: key, name, figures."""
        for key, row in figures.rows.items():
            yield [key, self.name(figures.by, key), *_cells(row)]
        yield ["total", self.titles["total"], *_cells(figures.total)]


def columns() -> list[str]:
    """Return the columns of the figures, named as in the API."""
    spreads = [f"{of}_{name}" for of in SPREADS for name in OF_SPREAD]
    shares = [f"within_{minutes}_{part}" for minutes in (15, 20, 30) for part in ("met", "of")]
    return [*SHOWN, *spreads, *shares, "on_target_met", "on_target_of", "target_s"]


def _cells(row: Any) -> list[object]:
    view = msgspec.to_builtins(figures_view(row))
    cells: list[object] = [view[name] for name in SHOWN]
    cells += [view[of][name] for of in SPREADS for name in OF_SPREAD]
    cells += [view["within"][minutes][part] for minutes in ("15", "20", "30") for part in ("met", "of")]
    return [*cells, view["on_target"]["met"], view["on_target"]["of"], view["target_s"]]


def to_csv(book: Book, by: str) -> bytes:
    """Return one grouping as CSV, a row for each group and their total, in UTF-8 with a byte order mark for Excel.

    Raises:
        UnknownGrouping, ClerkFiguresOff: it cannot be grouped so in this hall.
    """
    return sheets.to_csv([by, "label", *columns()], book.rows(book.by(by)))


def dossiers_csv(noted: Iterable[NotedDossier]) -> bytes:
    """Return the codes of dossiers as CSV, a row for each, in UTF-8 with a byte order mark for Excel."""
    rows = ((one.day.isoformat(), one.number, one.service, one.counter, one.code, ev.instant(one.at)) for one in noted)
    return sheets.to_csv(["day", "number", "service", "counter", "code", "noted_at"], rows)


def to_xlsx(book: Book) -> bytes:
    """Return a workbook: a sheet for each grouping, the counters' time and the queue, with native charts.

    Up to three months it also has the tables that are read from events.
    """
    memory, shown = io.BytesIO(), groupings_of(book.catalogue)
    import xlsxwriter  # large, and needed for this one file

    # Strings are written as strings, never as formulas, numbers or links.
    with xlsxwriter.Workbook(
        memory, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as out:
        bold = out.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        number = out.add_format({"num_format": "#,##0"})
        for by in (by for by in SHEETS if by in shown):
            sheet = out.add_worksheet(book.titles[f"by_{by}"])
            figures = book.by(by)
            _heading(book, sheet, [book.titles[f"by_{by}"], book.titles["name"], *_headings(book)], bold)
            for at, row in enumerate(book.rows(figures), start=3):
                _line(sheet, at, row, number)
            if by in ("hour", "month") and figures.rows:
                sheet.insert_chart(4 + len(figures.rows) + 1, 1, _chart(book, out, sheet.get_name(), len(figures.rows)))
        _write_overview(book, out, bold, number)
        for table in event_sheets(book.asked(), WorkbookReader(book.name, book.charts, book.titles, book.zone)):
            sheet = out.add_worksheet(table.title)
            _heading(book, sheet, list(table.heads), bold)
            for at, cells in enumerate(table.rows, start=3):
                _line(sheet, at, cells, number)
        out.set_properties({"title": book.titles["title"], "company": book.catalogue.hall.office})
    return memory.getvalue()


def _heading(book: Book, sheet: Any, names: list[str], bold: Any) -> None:
    about = book.catalogue.hall
    span = book.titles["span"].format(first=f"{book.first:%d/%m/%Y}", last=f"{book.last:%d/%m/%Y}")
    sheet.write_string(0, 0, neutral(f"{about.office} · {about.name} · {span}"), bold)
    for at, name in enumerate(names):
        sheet.write_string(2, at, name, bold)
    sheet.set_column(0, 1, 22)
    sheet.set_column(2, len(names), 11)
    sheet.freeze_panes(3, 2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _line(sheet: Any, at: int, row: Sequence[object], number: Any) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            sheet.write_string(at, column, neutral(cell))
        elif cell is not None:
            sheet.write_number(at, column, cell, number)


def _headings(book: Book) -> list[str]:
    words, titles = book.words, book.titles
    of = {"n": titles["n"], "mean_s": words["mean"], "median_s": words["median"], "p90_s": words["p90"]}
    spreads = [
        titles["seconds"].format(what=f"{words[what]}, {of.get(name, words['max'])}")
        if name != "n"
        else f"{words[what]}, {of['n']}"
        for what in SPREADS
        for name in OF_SPREAD
    ]
    shares = [titles["within"].format(minutes=minutes) for minutes in (15, 20, 30)] + [words["on_target"]]
    pairs = [text for share in shares for text in (share, titles["of"].format(what=share))]
    return [*(words[name] for name in SHOWN), *spreads, *pairs, titles["target"]]


def _chart(book: Book, out: Any, sheet: str, rows: int) -> Any:
    """Return a chart: arrivals as bars, median and P90 of the wait as lines, in the colours of the screen."""
    names = ["key", "label", *columns()]
    last = 2 + rows

    def series(name: str, title: str, **style: object) -> dict[str, object]:
        column = names.index(name)
        return {
            "name": title,
            "categories": [sheet, 3, 0, last, 0],
            "values": [sheet, 3, column, last, column],
            **style,
        }

    bars = out.add_chart({"type": "column"})
    bars.add_series(series("issued", book.words["issued"], fill={"color": "#6397C2"}))
    lines = out.add_chart({"type": "line"})
    for name, title, colour, marker in (
        ("wait_median_s", book.words["median"], "#0F4570", "circle"),
        ("wait_p90_s", book.words["p90"], "#CC7A00", "diamond"),
    ):
        style = {"line": {"color": colour}, "marker": {"type": marker}, "y2_axis": True}
        lines.add_series(series(name, title, **style))
    bars.combine(lines)
    bars.set_y_axis({"name": book.words["issued"]})
    lines.set_y2_axis({"name": book.titles["seconds"].format(what=book.words["wait"])})
    bars.set_legend({"position": "bottom"})
    bars.set_size({"width": 760, "height": 340})
    return bars


def _write_overview(book: Book, out: Any, bold: Any, number: Any) -> None:
    seen, words, titles = book.overview(), book.words, book.titles
    reasons = sorted({reason for time in seen.counters.values() for reason in time.paused_s})
    sheet = out.add_worksheet(titles["counter_time"])
    times = ("serving_time", "calling_time", "idle_time", "open_time")
    heads = [titles["seconds"].format(what=words[name]) for name in times]
    pauses = [titles["seconds"].format(what=f"{words['paused_time']}: {titles.get(f'pause_{r}', r)}") for r in reasons]
    _heading(book, sheet, [titles["by_counter"], titles["name"], *heads, *pauses, words["left_open"]], bold)
    for at, (counter, time) in enumerate(seen.counters.items(), start=3):
        row = [str(counter), book.name("counter", str(counter))]
        spent = [time.serving_s, time.calling_s, time.idle_s, time.open_s, *(time.paused_s[r] for r in reasons)]
        _line(sheet, at, [*row, *spent, time.left_open], number)
    sheet = out.add_worksheet(words["queue_length"])
    _heading(book, sheet, [titles["by_hour"], titles["most"], titles["sum"], titles["days"]], bold)
    for at, (slot, queue) in enumerate(sorted(seen.queue.slots.items()), start=3):
        row = [f"{slot // 4:02}:{slot % 4 * 15:02}"]
        _line(sheet, at, [*row, queue.most, queue.total, queue.days], number)
    if seen.queue.slots:
        chart, last = out.add_chart({"type": "column"}), 2 + len(seen.queue.slots)
        name = sheet.get_name()
        chart.add_series(
            {
                "name": words["queue_length"],
                "categories": [name, 3, 0, last, 0],
                "values": [name, 3, 1, last, 1],
                "fill": {"color": "#6397C2"},
            }
        )
        chart.set_legend({"none": True})
        sheet.insert_chart(3, 5, chart)


def to_evidence(book: Book) -> bytes:
    """Return a zip of the log of these days with its hashes, the figures, and a list of SHA-256 over both.

    `manifest.json` names the hash before the first event, from which the chain goes on (docs/events.md).
    """
    first, last = _seqs(book)
    before = book.store.written(first - 2, 1)[0].hash if first > 1 else None
    identity = book.store.identity()
    assert identity is not None
    lines, at = [], first - 1
    while at < last:
        batch = book.store.written(at, min(5000, last - at))
        for event in batch:
            kept = (event.seq, event.at, event.kind, event.ref, event.counter, event.service, event.data, event.hash)
            lines.append(json.dumps(kept, ensure_ascii=False, separators=(",", ":")))
        at = batch[-1].seq
    manifest = {
        "hall_id": identity[0],
        "log_id": identity[1],
        "from": book.first.isoformat(),
        "to": book.last.isoformat(),
        "first_seq": first,
        "last_seq": last,
        "hash_before": before or identity[1],
        "fields": ["seq", "at", "kind", "ref", "counter", "service", "data", "hash"],
    }
    files = {
        "manifest.json": canonical(manifest).encode() + b"\n",
        "events.jsonl": "".join(f"{line}\n" for line in lines).encode(),
        **{f"statistics-{by}.csv": to_csv(book, by) for by in groupings_of(book.catalogue)},
    }
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in {**files, "SHA256SUMS": sums.encode()}.items():
            packed.writestr(zipfile.ZipInfo(name, _MEMBER_TIME), data, zipfile.ZIP_DEFLATED)
    return memory.getvalue()


def _seqs(book: Book) -> tuple[int, int]:
    """Return the first and last seq of these days; the last is that before the next opening of a day."""
    opened = [(event.seq, date.fromisoformat(event.data["day"])) for event in book.store.events_of(ev.DAY_OPENED)]
    inside = [seq for seq, day in opened if book.first <= day]
    after = [seq for seq, day in opened if day > book.last]
    first = inside[0] if inside else book.store.last_seq() + 1
    return first, (after[0] - 1 if after else book.store.last_seq())
