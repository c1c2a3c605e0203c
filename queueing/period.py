"""The periods that closed days are summed to: half months, months and years, and how each is written.

A half month ends on the 14th, as the reporting periods of the administration do (Nghị định 09/2019/NĐ-CP), or with
its month. Written "2026-01-05", "2026-01-01/14", "2026-01-15/31", "2026-01" and "2026", so that by text every one
comes after the day before it and not after its own last day.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

FIRST_HALF_ENDS = 14
YEAR, MONTH, DAY, HALF = 4, 7, 10, 13  # the length of the text, which is the kind of period
SUMS = ((HALF, DAY), (MONTH, HALF), (YEAR, MONTH))  # (period, the periods it is the sum of), in the order of making


def period_of(day: date, length: int) -> str:
    """Return the period of this kind (YEAR, MONTH, HALF, DAY) in which the day lies."""
    text = day.isoformat()
    if length != HALF:
        return text[:length]
    if day.day <= FIRST_HALF_ENDS:
        return f"{text[:MONTH]}-01/{FIRST_HALF_ENDS}"
    return f"{text[:MONTH]}-{FIRST_HALF_ENDS + 1}/{monthrange(day.year, day.month)[1]}"


def periods_of(day: date) -> list[str]:
    """Return the day itself, its half month, month and year."""
    return [period_of(day, length) for length in (DAY, HALF, MONTH, YEAR)]


def ends(period: str) -> tuple[date, date]:
    """Return the first and last day of a period.

    Raises:
        ValueError: the text is no period.
    """
    if len(period) == YEAR:
        return date(int(period), 1, 1), date(int(period), 12, 31)
    if len(period) == MONTH:
        first = date.fromisoformat(f"{period}-01")
        return first, first.replace(day=monthrange(first.year, first.month)[1])
    first = date.fromisoformat(period[:DAY])
    return first, first.replace(day=int(period[DAY + 1 :])) if len(period) == HALF else first


def widest(periods: Iterable[str]) -> list[str]:
    """Return the periods that lie in no other of these, in order."""
    spans = {period: ends(period) for period in periods}
    outermost: list[str] = []
    for period in sorted(spans, key=lambda period: (spans[period][0], -spans[period][1].toordinal())):
        if not outermost or spans[period][0] > spans[outermost[-1]][1]:
            outermost.append(period)
    return outermost
