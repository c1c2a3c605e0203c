"""How right forecasts were: errors, and whether the bounds were kept."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from typing import NamedTuple

LONG_S = 480.0  # a forecast over eight minutes


class ForecastAndWait(NamedTuple):
    """One forecast, and the wait that then happened; seconds. None: it gave no such bound."""

    wait_s: float
    p50_s: float
    p10_s: float | None = None
    p80_s: float | None = None


class Scores(NamedTuple):
    """Minutes, and shares of 1."""

    n: int
    mae: float
    median: float
    bias: float
    pinball_50: float
    under_p80: float | None
    before_p10: float | None
    pinball_80: float | None
    width: float | None  # P10 to P80


def scores(forecasts: Iterable[ForecastAndWait]) -> Scores | None:
    """Return the scores of some forecasts; None if there are none."""
    rows = list(forecasts)
    if not rows:
        return None
    errors = [(row.p50_s - row.wait_s) / 60 for row in rows]
    upper = [(row.wait_s, row.p80_s) for row in rows if row.p80_s is not None]
    lower = [(row.wait_s, row.p10_s) for row in rows if row.p10_s is not None]
    widths = [row.p80_s - row.p10_s for row in rows if row.p80_s is not None and row.p10_s is not None]
    return Scores(
        n=len(rows),
        mae=statistics.fmean(map(abs, errors)),
        median=statistics.median(map(abs, errors)),
        bias=statistics.fmean(errors),
        pinball_50=statistics.fmean(map(abs, errors)) / 2,
        under_p80=statistics.fmean(wait <= bound for wait, bound in upper) if upper else None,
        before_p10=statistics.fmean(wait < bound for wait, bound in lower) if lower else None,
        pinball_80=statistics.fmean(_pinball(wait / 60, bound / 60, 0.8) for wait, bound in upper) if upper else None,
        width=statistics.fmean(widths) / 60 if widths else None,
    )


def _pinball(wait: float, bound: float, share: float) -> float:
    return max(share * (wait - bound), (share - 1) * (wait - bound))


def table(rows: Sequence[tuple[str, Scores | None]]) -> Iterable[str]:
    """Return the lines of a table, one row for each name."""
    head = ("", "n", "MAE", "median", "bias", "pinball .5", "pinball .8", "under P80", "before P10", "width")
    yield "{:34}{:>7}{:>8}{:>8}{:>8}{:>12}{:>12}{:>11}{:>12}{:>8}".format(*head)
    for name, score in rows:
        if score is None:
            yield f"{name:34}      -"
            continue
        shares = [None if share is None else f"{100 * share:.1f} %" for share in (score.under_p80, score.before_p10)]
        yield (
            f"{name:34}{score.n:>7}{score.mae:>8.2f}{score.median:>8.2f}{score.bias:>+8.2f}{score.pinball_50:>12.2f}"
            f"{_shown(score.pinball_80):>12}{shares[0] or '':>11}{shares[1] or '':>12}{_shown(score.width):>8}"
        )


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
