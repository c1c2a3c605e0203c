"""The table of the figures: ours, the floor of the same run, their ratio, and the goal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

Figures = Mapping[str, Mapping[str, float]]
DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGINS, ENDS = "<!-- figures: written by the bench -->", "<!-- end of the figures -->"

# part, figure, what it is, its unit, what is wanted
ROWS = (
    ("tickets_1", "rate", "durable tickets a second, 1 kiosk", "/s", "0.6 of the floor"),
    ("tickets_4", "rate", "durable tickets a second, 4 kiosks", "/s", ""),
    ("tickets_16", "rate", "durable tickets a second, 16 kiosks, 150 screens", "/s", "0.5 of the floor"),
    ("tickets_16", "p50_ms", "one ticket of those, median", "ms", ""),
    ("tickets_16", "p99_ms", "one ticket of those, p99", "ms", "4 medians"),
    ("cycles_1", "rate", "call, start, finish a second, 1 clerk, 5,000 waiting", "/s", ""),
    ("cycles_4", "rate", "the same, 4 clerks", "/s", ""),
    ("cycles_16", "rate", "the same, 16 clerks", "/s", "500"),
    ("cycles_16", "p99_ms", "one call of those, p99", "ms", "20"),
    ("wall_150", "p50_ms", "press to wall, 150 screens, median", "ms", ""),
    ("wall_150", "p99_ms", "press to wall, 150 screens, p99", "ms", "1.5 floors"),
    ("wall_150_with_tickets", "p99_ms", "the same with 20 tickets a second", "ms", "1.5 floors"),
    ("wall_150_with_phones", "p99_ms", "the same with 5,000 phones (beside itself alone)", "ms", "1.3 times itself"),
    ("wall_1000", "p99_ms", "press to wall, 1,000 screens, p99", "ms", "1.5 floors"),
    ("wall_1000_with_tickets", "p99_ms", "the same with 20 tickets a second", "ms", "1.5 floors"),
    ("crowd", "connected_s", "3,000 screens connected", "s", "5"),
    ("crowd", "kb_each", "memory of one screen", "KB", "70"),
    ("paper", "draw_ms", "a paper ticket drawn", "ms", ""),
    ("paper", "spool_ms", "a paper ticket made ready for the line", "ms", ""),
    ("forecasts", "round_ms", "all forecasts, 150 waiting at 20 counters, 50 runs", "ms", "20"),
    ("forecasts", "small_ms", "the same, 20 waiting at 6 counters", "ms", ""),
    (
        "wall_forecasting",
        "p99_ms",
        "press to wall with forecasts, p99 (beside without), 150 screens",
        "ms",
        "1.2 times itself",
    ),
    ("forecast_memory", "mb", "memory of the process of the forecasts, at most, after a day of load", "MB", "120"),
    ("finding", "p50_ms", "answers among 450 procedures to a letter typed on the kiosk, median", "ms", ""),
    ("finding", "p99_ms", "the same, p99", "ms", "100"),
    (
        "after_history_ticket",
        "p50_ms",
        "a ticket after the long history (beside an empty one)",
        "ms",
        "1.2 times itself",
    ),
    ("after_history_call", "p50_ms", "a call after the long history (beside an empty one)", "ms", "1.2 times itself"),
    ("year", "cold_s", "the slowest page of a year of 250,000 tickets, cold", "s", "0.1"),
    ("years", "warm_s", "the slowest page of five such years, warm", "s", "0.3"),
    ("years", "cold_s", "the same, cold", "s", "0.6"),
    ("scores", "s", "the page of the forecasts' scores over those years", "s", "0.3"),
    ("public", "s", "the public page of the past and the open data over those years", "s", "0.3"),
    ("verify", "s", "the whole history verified", "s", ""),
    ("verify", "s_per_250000", "as much for 250,000 tickets", "s", "10"),
    ("start", "first_page_s", "start to first page", "s", "1"),
    ("start", "idle_mb", "memory when idle", "MB", "90"),
)


def lines(figures: Figures) -> Iterator[str]:
    """Return the lines of the table, as Markdown."""
    yield "| what | ours | floor | ratio | wanted |"
    yield "|---|---|---|---|---|"
    for part, figure, what, unit, wanted in ROWS:
        known = figures.get(part)
        if known is None or figure not in known:
            continue
        base = known.get(f"floor_{figure}", known.get(f"empty_{figure}"))
        floor, ratio = ("", "") if base is None else (shown(base, unit), f"{known[figure] / base:.2f}" if base else "")
        yield f"| {what} | {shown(known[figure], unit)} | {floor} | {ratio} | {wanted} |"


def shown(value: float, unit: str) -> str:
    """Return a figure with three significant digits and its unit."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}{'' if unit == '/s' else ' '}{unit}"


def write(figures: Figures, machine: Mapping[str, str], runs: int) -> None:
    """Put the table into docs/performance.md."""
    text = DOCUMENT.read_text("utf-8")
    before, _, rest = text.partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    on = "; ".join(f"{name}: {value}" for name, value in machine.items())
    of = f"Medians of {runs} runs." if runs > 1 else "One run."
    table = "\n".join((BEGINS, "", f"{on}. {of}", "", *lines(figures), "", ENDS))
    DOCUMENT.write_text(before + table + after, "utf-8")
