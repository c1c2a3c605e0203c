"""The figures, each by its definition. Seconds are whole: the floor of the difference of two events.

Percentiles are nearest-rank, so every one of them is a wait somebody really had.
"""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil

from queueing.catalogue import ORDINARY
from queueing.ticket import State, Ticket, whole_seconds

WITHIN_MINUTES = (15, 20, 30)


def nearest_rank(values: Sequence[int], percent: int) -> int | None:
    """The smallest value that at least `percent` of all do not exceed; None of nothing.

    `values` must be sorted. The classical nearest-rank definition.
    """
    if not values:
        return None
    return values[ceil(len(values) * percent / 100) - 1]


@dataclass(frozen=True, slots=True)
class Spread:
    """How a duration is spread, in whole seconds; all None when there was none."""

    n: int
    mean_s: int | None
    median_s: int | None
    p90_s: int | None
    max_s: int | None


def spread(values: Iterable[int]) -> Spread:
    """Count, mean (floor), median, 90th percentile and maximum."""
    ordered = sorted(values)
    if not ordered:
        return Spread(0, None, None, None, None)
    return Spread(
        len(ordered),
        sum(ordered) // len(ordered),
        nearest_rank(ordered, 50),
        nearest_rank(ordered, 90),
        ordered[-1],
    )


@dataclass(frozen=True, slots=True)
class Share:
    """`met` of `of`: kept as counts, so that no percentage can be misquoted."""

    met: int
    of: int


@dataclass(slots=True)
class _Tally:
    states: Count[State] = field(default_factory=Count)
    issued: int = 0
    called: int = 0
    priority: int = 0
    waits: list[int] = field(default_factory=list)
    walks: list[int] = field(default_factory=list)
    services: list[int] = field(default_factory=list)
    sojourns: list[int] = field(default_factory=list)
    abandoned: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Figures:
    """One row of the statistics."""

    issued: int
    called: int
    served: int
    no_shows: int
    cancelled: int
    expired: int
    priority: int
    wait: Spread
    walk: Spread
    service: Spread
    sojourn: Spread
    within: dict[int, Share]  # minutes -> share of those who came and waited no longer


def wait_s(ticket: Ticket) -> int | None:
    """Wait of a ticket: the sum of its legs' waits; None for one never served."""
    waits = [leg.wait_s for leg in ticket.legs if leg.wait_s is not None]
    return sum(waits) if waits else None


def sojourn_s(ticket: Ticket) -> int | None:
    """Sojourn time: issue to the final finish; None until then."""
    if ticket.state is not State.FINISHED or ticket.leg.finished_at is None:
        return None
    return whole_seconds(ticket.leg.finished_at, ticket.issued_at)


def abandoned_s(ticket: Ticket) -> int | None:
    """How long one waited who was never called and gave up, or still waited at the end of the day."""
    if ticket.given_up_at is None or ticket.leg.called_at is not None:
        return None
    return whole_seconds(ticket.given_up_at, ticket.issued_at)


def figures(tickets: Iterable[Ticket]) -> Figures:
    """The figures of these tickets.

    Share within Y minutes: of all who came, those called within Y. Who abandoned after Y counts as
    missed; who abandoned before Y, and no-shows, are left out of the share (and shown beside it);
    who is still waiting is not decided yet.
    """
    tally = _Tally()
    for ticket in tickets:
        _add(tally, ticket)
    return Figures(
        issued=tally.issued,
        called=tally.called,
        served=tally.states[State.FINISHED],
        no_shows=tally.states[State.NO_SHOW],
        cancelled=tally.states[State.CANCELLED],
        expired=tally.states[State.EXPIRED],
        priority=tally.priority,
        wait=spread(tally.waits),
        walk=spread(tally.walks),
        service=spread(tally.services),
        sojourn=spread(tally.sojourns),
        within={minutes: _within(tally, minutes * 60) for minutes in WITHIN_MINUTES},
    )


def _add(tally: _Tally, ticket: Ticket) -> None:
    tally.issued += 1
    tally.states[ticket.state] += 1
    tally.called += any(leg.called_at is not None for leg in ticket.legs)
    tally.priority += ticket.priority_class != ORDINARY
    for values, value in (
        (tally.waits, wait_s(ticket)),
        (tally.sojourns, sojourn_s(ticket)),
        (tally.abandoned, abandoned_s(ticket)),
    ):
        if value is not None:
            values.append(value)
    for leg in ticket.legs:
        if leg.walk_s is not None:
            tally.walks.append(leg.walk_s)
        if leg.service_s is not None:
            tally.services.append(leg.service_s)


def _within(tally: _Tally, limit_s: int) -> Share:
    met = sum(1 for wait in tally.waits if wait <= limit_s)
    missed_by_leaving = sum(1 for waited in tally.abandoned if waited > limit_s)
    return Share(met, len(tally.waits) + missed_by_leaving)
