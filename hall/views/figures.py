"""The figures of a range of tickets."""

from __future__ import annotations

import msgspec

from queueing import metrics


class SpreadView(msgspec.Struct):
    """The spread of a duration in seconds: count, mean, median, 90th percentile, maximum."""

    n: int
    mean_s: int | None
    median_s: int | None
    p90_s: int | None
    max_s: int | None


class ShareView(msgspec.Struct):
    """`met` of `of`."""

    met: int
    of: int


class FiguresView(msgspec.Struct):
    """The figures of a range of tickets, see docs/figures.md.

    A wait counts from the issue of the number: how long people stood before that, no figure knows.
    """

    issued: int
    called: int
    served: int
    no_shows: int
    cancelled: int
    expired: int
    ghosts: int  # of the cancelled: those that a supervisor ended because nobody came
    priority: int
    recalls: int
    returns: int
    holds: int
    transfers: int
    transfers_in: int  # legs that began with a transfer
    by_hand: int
    short: int
    dossiers: int
    people: int
    wait: SpreadView
    walk: SpreadView
    service: SpreadView
    sojourn: SpreadView
    hold: SpreadView
    within: dict[str, ShareView]
    on_target: ShareView
    target_s: int


def figures_view(figures: metrics.Figures) -> FiguresView:
    """Return figures as the API shows them."""
    return FiguresView(
        issued=figures.issued,
        called=figures.called,
        served=figures.served,
        no_shows=figures.no_shows,
        cancelled=figures.cancelled,
        expired=figures.expired,
        ghosts=figures.ghosts,
        priority=figures.priority,
        recalls=figures.recalls,
        returns=figures.returns,
        holds=figures.holds,
        transfers=figures.transfers,
        transfers_in=figures.transfers_in,
        by_hand=figures.by_hand,
        short=figures.short,
        dossiers=figures.dossiers,
        people=figures.people,
        wait=_spread(figures.wait),
        walk=_spread(figures.walk),
        service=_spread(figures.service),
        sojourn=_spread(figures.sojourn),
        hold=_spread(figures.hold),
        within={str(minutes): ShareView(share.met, share.of) for minutes, share in figures.within.items()},
        on_target=ShareView(figures.on_target.met, figures.on_target.of),
        target_s=figures.target_s,
    )


def _spread(spread: metrics.Spread) -> SpreadView:
    return SpreadView(spread.n, spread.mean_s, spread.median_s, spread.p90_s, spread.max_s)
