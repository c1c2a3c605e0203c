"""Routes of how right the forecasts were: as JSON and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date

import msgspec

from access.principal import READERS
from access.routes import Reply, Request, Routes
from forecast.score import LEVELS, OURS, Errors, Score
from hall.hall import Hall
from hall.ports import HallStore, Offload
from hall.review import parse_range
from hall.scores import Scored, scores
from hall.sheets import neutral
from hall.views.figures import ShareView
from queueing.errors import UnknownGrouping
from supervisor.export import Label

GROUPINGS = ("service", "day")


class ForecastErrorsView(msgspec.Struct):
    """The errors of one forecaster, in seconds: forecast less wait. `pinball_50_s` is half the mean absolute error."""

    n: int
    mae_s: float | None
    median_s: int | None
    bias_s: float | None
    pinball_50_s: float | None


class ForecastScoreView(msgspec.Struct):
    """The score of some forecasts, see docs/figures.md. `errors`: ours, and those of the simple rules."""

    n: int
    kept: dict[str, ShareView]  # "80": waits that were not longer than the P80
    before_p10: ShareView
    within: ShareView  # called before the end of the range as it was shown
    pinball_80_s: float | None
    errors: dict[str, ForecastErrorsView]


class ForecastRowView(msgspec.Struct):
    """The scores of one group: of all its forecasts, and of those over eight minutes."""

    key: str
    label: str
    whole: ForecastScoreView
    long: ForecastScoreView


class ForecastScoresView(msgspec.Struct, rename={"from_": "from"}):
    """The scores of a range of days; by day, over more than three months by month."""

    from_: str
    to: str
    by: str
    whole: ForecastScoreView
    long: ForecastScoreView
    rows: list[ForecastRowView]


def add_routes(
    routes: Routes,
    hall: Hall,
    archive: Callable[[], AbstractContextManager[HallStore]],
    offload: Offload,
    label_of: Callable[[], Label],
) -> None:
    """Declare the routes."""
    query = {"from": "first day, YYYY-MM-DD", "to": "last day, YYYY-MM-DD", "by": "service (the default) or day"}

    def asked(request: Request[None]) -> tuple[date, date, str, Scored]:
        first, last = parse_range(request.query.get("from", ""), request.query.get("to", ""))
        by = request.query.get("by", "service")
        if by not in GROUPINGS:
            raise UnknownGrouping()

        def work() -> Scored:
            with archive() as store:
                return scores(store, first, last, by)

        return first, last, by, offload(work)

    @routes.get(
        "/statistics/forecasts",
        roles=READERS,
        answer=ForecastScoresView,
        summary="How right the forecasts were that were given with the numbers of local days, both included",
        query=query,
    )
    def get_scores(request: Request[None]) -> ForecastScoresView:
        first, last, by, scored = asked(request)
        label = label_of()
        return ForecastScoresView(
            from_=first.isoformat(),
            to=last.isoformat(),
            by=by,
            whole=score_view(scored.whole),
            long=score_view(scored.long),
            rows=[
                ForecastRowView(key, label(by, key, request.language), score_view(whole), score_view(long))
                for key, (whole, long) in scored.rows.items()
            ],
        )

    @routes.get(
        "/statistics/forecasts.csv",
        roles=READERS,
        answer=None,
        summary="The same as CSV, a row for each group, size of forecast and forecaster",
        query=query | {"language": "vi or en; the reader's by default"},
        media="text/csv",
    )
    def get_csv(request: Request[None]) -> Reply:
        first, last, by, scored = asked(request)
        name = f"du-bao-{first.isoformat()}-{last.isoformat()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Reply(to_csv(by, scored, label_of(), request.query.get("language", request.language)), headers)


def score_view(score: Score) -> ForecastScoreView:
    """Return a score as the API shows it."""
    return ForecastScoreView(
        n=score.n,
        kept={str(level): ShareView(kept, score.n) for level, kept in zip(LEVELS, score.kept, strict=True)},
        before_p10=ShareView(score.before_p10, score.n),
        within=ShareView(score.within, score.n),
        pinball_80_s=score.pinball_80_ms / 1000 / score.n if score.n else None,
        errors={name: errors_view(errors) for name, errors in score.errors.items()},
    )


def errors_view(errors: Errors) -> ForecastErrorsView:
    """Return the errors of one forecaster as the API shows them."""
    mean_s = errors.mean_s
    return ForecastErrorsView(errors.n, mean_s, errors.median_s, errors.bias_s, None if mean_s is None else mean_s / 2)


def to_csv(by: str, scored: Scored, label: Label, language: str) -> bytes:
    """Return scores as CSV in UTF-8 with a byte order mark for Excel; shares as counts, so that nothing is rounded."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    kept = [f"kept_p{level}" for level in LEVELS]
    ours = [*kept, "before_p10", "within_shown", "pinball_80_s"]
    writer.writerow([by, "label", "size", "forecaster", "n", "mae_s", "median_s", "bias_s", *ours])
    groups = [*scored.rows.items(), ("total", (scored.whole, scored.long))]
    for key, pair in groups:
        name = neutral(key if key == "total" else label(by, key, language))
        for size, score in zip(("all", "over_8_min"), pair, strict=True):
            writer.writerows([key, name, size, *cells] for cells in _rows(score))
    return text.getvalue().encode("utf-8-sig")


def _rows(score: Score) -> Iterator[list[object]]:
    view = score_view(score)
    for name, errors in view.errors.items():
        cells: list[object] = [name, errors.n, errors.mae_s, errors.median_s, errors.bias_s]
        if name == OURS:
            cells += [share.met for share in view.kept.values()]
            cells += [view.before_p10.met, view.within.met, view.pinball_80_s]
        yield cells
