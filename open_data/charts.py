"""Pictures of figures by month as HTML and SVG: no script, any width, in colours and shapes that grey print keeps.

Lengths within a picture are percentages, so it fits a phone and a large screen; letters stay in HTML, at their size.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

A_YEAR = 12
# How many months are named below a picture at most, on a large screen and on a phone.
WIDE_LABELS, NARROW_LABELS = 8, 3
LOW_BAR = 12  # per cent: the figure of a lower bar stands above it
BARS_WITH_FIGURES = 13  # with more bars no figure fits above each
MANY = 24  # with more points their marks are small
_STEPS = (1, 2, 5, 10, 15, 20, 30, 60, 100, 120, 200, 300, 500, 1000)
_TICKS = 4

Values = Sequence[float | None]


class Line(NamedTuple):
    """One line of a picture: its values, its class in the style sheet, its words in the legend."""

    values: Values
    style: str
    words: str


def line_picture(months: Sequence[str], lines: Sequence[Line], says: str) -> str:
    """Return lines over months; `says` is read aloud in place of the picture. A missing value leaves a gap."""
    top, step = _scale(value for line in lines for value in line.values)
    shapes = [_grid(top, step)]
    for line in lines:
        places = [(_across(n, len(months)), _down(value, top)) for n, value in enumerate(line.values)]
        for (x1, y1), (x2, y2) in zip(places, places[1:], strict=False):
            if y1 is not None and y2 is not None:
                shapes.append(f'<line class="{line.style}" x1="{x1}%" y1="{y1}%" x2="{x2}%" y2="{y2}%"/>')
        shapes += [_mark(line.style, x, y) for x, y in places if y is not None]
    legend = "".join(
        f'<li><svg class="legend-mark" aria-hidden="true"><line class="{line.style}" x1="0" y1="50%" x2="100%"'
        f' y2="50%"/>{_mark(line.style, 50, 50)}</svg>{escape(line.words)}</li>'
        for line in lines
    )
    picture = _framed(months, shapes, _ticks(top, step), says, "many" if len(months) > MANY else "few")
    return f'<ul class="legend" role="list">{legend}</ul>{picture}'


def bar_picture(months: Sequence[str], values: Values, says: str, aim: int | None = None) -> str:
    """Return bars of percentages over months, with a dashed line at `aim`; `says` is read aloud in their place."""
    shapes = [_grid(100, 25)]
    width = 100 / max(len(months), 1)
    for n, value in enumerate(values):
        if value is not None:
            shapes.append(
                f'<rect class="bar" x="{_short(width * (n + 0.15))}%" y="{_short(100 - value)}%"'
                f' width="{_short(width * 0.7)}%" height="{_short(value)}%"/>'
            )
            if len(months) <= BARS_WITH_FIGURES:
                # At the foot, where the line of the aim does not cross it.
                x, y = _across(n, len(months)), 100 if value >= LOW_BAR else _short(100 - value)
                shapes.append(f'<text class="bar-figure" x="{x}%" y="{y}%" dy="-5">{value:.0f}</text>')
    if aim is not None:
        shapes.append(f'<line class="aim" x1="0" y1="{100 - aim}%" x2="100%" y2="{100 - aim}%"/>')
    return _framed(months, shapes, [f"{tick}%" for tick in range(0, 101, 25)], says)


def small_bars(months: Sequence[str], rows: Sequence[tuple[str, Values, str]], says: str) -> str:
    """Return a row of small bars for each (name, values, figure of the last month), all of one scale."""
    top = max((value for _, values, _ in rows for value in values if value is not None), default=0) or 1
    width = 100 / max(len(months), 1)
    drawn = []
    for name, values, figure in rows:
        bars = "".join(
            f'<rect class="bar" x="{_short(width * (n + 0.15))}%" y="{_short(100 - 100 * value / top)}%"'
            f' width="{_short(width * 0.7)}%" height="{_short(100 * value / top)}%"/>'
            for n, value in enumerate(values)
            if value
        )
        drawn.append(
            f'<li><span>{escape(name)}</span><svg class="small-bars" aria-hidden="true">{bars}'
            f'<line class="base" x1="0" y1="100%" x2="100%" y2="100%"/></svg><b>{escape(figure)}</b></li>'
        )
    return (
        f'<figure class="rows" role="img" aria-label="{escape(says)}"><ul role="list">{"".join(drawn)}</ul>'
        f"{_months(months)}</figure>"
    )


def _framed(months: Sequence[str], shapes: Iterable[str], ticks: Sequence[str], says: str, style: str = "few") -> str:
    names = "".join(f"<span>{tick}</span>" for tick in ticks)
    return (
        f'<figure class="picture" role="img" aria-label="{escape(says)}"><div class="ticks">{names}</div>'
        f'<svg class="plot {style}" aria-hidden="true">{"".join(shapes)}</svg>{_months(months)}</figure>'
    )


def _months(months: Sequence[str]) -> str:
    """Return the names below a picture, from the last backwards as many as fit; on a phone some of these."""
    wide = max(1, -(-len(months) // WIDE_LABELS))
    narrow = wide * max(1, -(-len(months) // (wide * NARROW_LABELS)))
    names = []
    for n, month in enumerate(months):
        back = len(months) - 1 - n
        style = "" if back % narrow == 0 else ' class="only-wide"'
        name = f"<span>{escape(month)}</span>" if back % wide == 0 else ""
        names.append(f"<span{style}>{name}</span>")
    crowded = " many" if len(months) > A_YEAR else ""
    return f'<div class="months{crowded}">{"".join(names)}</div>'


def _scale(values: Iterable[float | None]) -> tuple[float, int]:
    most = max((value for value in values if value is not None), default=0)
    step = next((step for step in _STEPS if step * _TICKS >= most), _STEPS[-1])
    return step * max(1, -(-most // step)), step


def _ticks(top: float, step: int) -> list[str]:
    return [str(tick) for tick in range(0, int(top) + 1, step)]


def _grid(top: float, step: int) -> str:
    heights = (_short(100 - 100 * tick / top) for tick in range(0, int(top) + 1, step))
    return "".join(f'<line class="grid" x1="0" y1="{y}%" x2="100%" y2="{y}%"/>' for y in heights)


def _mark(style: str, x: float, y: float) -> str:
    if style == "p90":  # a diamond, so that the two lines differ in grey print; drawn in a square of its own
        return f'<svg class="diamond" x="{x}%" y="{y}%"><path class="p90" d="M0-5 5 0 0 5-5 0Z"/></svg>'
    return f'<circle class="{style}" cx="{x}%" cy="{y}%" r="4"/>'


def _across(n: int, of: int) -> float:
    return _short((n + 0.5) * 100 / of)


def _down(value: float | None, top: float) -> float | None:
    return None if value is None else _short(100 - 100 * value / top)


def _short(number: float) -> float:
    return round(number, 2)
