"""The figures, each by its definition. Seconds are whole: the floor of the difference of two events.

Percentiles are nearest-rank, so every one of them is a wait somebody really had. The words that
people read stand in the texts under `figures`; `docs/figures.md` is made of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter as Count
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from operator import mul
from typing import NamedTuple

from queueing.catalogue import ORDINARY
from queueing.ticket import Leg, State, Ticket, whole_seconds

WITHIN_MINUTES = (15, 20, 30)
# What a tally counts, and the durations it keeps; a rollup writes them in this order.
COUNTS = (
    "issued",
    "called",
    "served",
    "no_shows",
    "cancelled",
    "expired",
    "priority",
    "recalls",
    "returns",
    "holds",
    "transfers",
    "by_hand",
    "short",
    "dossiers",
)
TIMES = ("wait", "walk", "service", "sojourn", "abandoned", "hold")
# Under this a service is taken for a slip of the finger: it is marked, and teaches the forecast nothing.
SHORTEST_SERVICE_S = 15


def nearest_rank(values: Sequence[int], percent: int) -> int | None:
    """The smallest value that at least `percent` of all do not exceed; None of nothing.

    `values` must be sorted. The classical nearest-rank definition.
    """
    if not values:
        return None
    return values[_rank(len(values), percent) - 1]


def _rank(n: int, percent: int) -> int:
    return -(-n * percent // 100)


@dataclass(frozen=True, slots=True)
class Spread:
    """How a duration is spread, in whole seconds; all None when there was none."""

    n: int
    mean_s: int | None
    median_s: int | None
    p90_s: int | None
    max_s: int | None


NOTHING = Spread(0, None, None, None, None)


@dataclass(frozen=True, slots=True)
class Share:
    """`met` of `of`: kept as counts, so that no percentage can be misquoted."""

    met: int
    of: int


class Lengths:
    """Durations by length, as steps between rising lengths and how many there were of each, and their spread.

    The lengths themselves are laid out only when somebody asks how many were no longer than some limit.
    """

    __slots__ = ("_upto", "_values", "counts", "spread", "steps", "total")

    def __init__(self, steps: Sequence[int], counts: Sequence[int], total: int, spread: Spread) -> None:
        self.steps = steps
        self.counts = counts
        self.total = total
        self.spread = spread
        self._values: list[int] | None = None
        self._upto: list[int] = []

    @classmethod
    def of(cls, times: Mapping[int, int]) -> Lengths:
        values = sorted(times)
        steps = [after - before for before, after in zip([0, *values], values, strict=False)]
        counts = [times[value] for value in values]
        total, upto = sum(map(mul, values, counts)), list(accumulate(counts))
        if not upto:
            return cls(steps, counts, total, NOTHING)
        n = upto[-1]
        median, p90 = (values[bisect_left(upto, _rank(n, percent))] for percent in (50, 90))
        return cls(steps, counts, total, Spread(n, total // n, median, p90, values[-1]))

    def at_most(self, limit_s: int) -> int:
        """How many were no longer than this."""
        if self._values is None:
            self._values, self._upto = list(accumulate(self.steps)), list(accumulate(self.counts))
        place = bisect_right(self._values, limit_s)
        return self._upto[place - 1] if place else 0


class Ladder:
    """Durations by length, of one count or of many; what is asked is found by halving, so nothing is merged."""

    def __init__(self, lengths: Iterable[Lengths]) -> None:
        self._lengths = [each for each in lengths if each.spread.n]
        self.n = sum(each.spread.n for each in self._lengths)

    def at_most(self, limit_s: int) -> int:
        """How many were no longer than this."""
        return sum([each.at_most(limit_s) for each in self._lengths])

    def spread(self) -> Spread:
        """Count, mean (floor), median, 90th percentile and maximum."""
        spreads = [each.spread for each in self._lengths]
        if len(spreads) < 2:
            return spreads[0] if spreads else NOTHING
        return Spread(
            self.n,
            sum(each.total for each in self._lengths) // self.n,
            self._rank(50, [each.median_s or 0 for each in spreads]),
            self._rank(90, [each.p90_s or 0 for each in spreads]),
            max(each.max_s or 0 for each in spreads),
        )

    def _rank(self, percent: int, of_each: Sequence[int]) -> int:
        """The nearest rank. It lies between the least and the greatest of those of the parts; of the whole seconds
        there it is the first that so many do not exceed, and so one that somebody had."""
        low, high = min(of_each), max(of_each)
        return bisect_left(range(high), _rank(self.n, percent), low, high, key=self.at_most)


def spread(values: Iterable[int]) -> Spread:
    """Count, mean (floor), median, 90th percentile and maximum."""
    return Lengths.of(Count(values)).spread


class Told(NamedTuple):
    """What one leg, or one ticket as a whole, adds to every tally it belongs to; names in the order of these."""

    counts: tuple[int, ...]
    times: tuple[int | None, ...]


TICKET_COUNTS = ("issued", "called", "served", "no_shows", "cancelled", "expired", "priority", "returns", "dossiers")
TICKET_TIMES = ("wait", "sojourn", "abandoned")
LEG_COUNTS = ("recalls", "by_hand", "holds", "transfers", "short")
LEG_TIMES = ("walk", "service", "hold")


def told_by_ticket(ticket: Ticket) -> Told:
    """What belongs to a ticket as a whole."""
    state = ticket.state
    counts = (
        1,
        int(any(leg.called_at is not None for leg in ticket.legs)),
        int(state is State.FINISHED),
        int(state is State.NO_SHOW),
        int(state is State.CANCELLED),
        int(state is State.EXPIRED),
        int(ticket.priority_class != ORDINARY),
        ticket.returned,
        ticket.dossiers if state is State.FINISHED else 0,
    )
    return Told(counts, (wait_s(ticket), sojourn_s(ticket), abandoned_s(ticket)))


def told_by_leg(leg: Leg, *, sent_on: bool) -> Told:
    """What belongs to the counter, clerk and service of one leg; `sent_on` if a transfer ended it."""
    service = leg.service_s
    short = service is not None and service < SHORTEST_SERVICE_S
    held = leg.held_s if leg.holds and service is not None else None
    counts = (max(leg.calls - 1, 0), leg.manual, leg.holds, int(sent_on), int(short))
    return Told(counts, (leg.walk_s, service, held))


@dataclass(slots=True)
class Tally:
    """The counts and durations of some tickets: all that their figures need, and tallies add up."""

    counts: Count[str] = field(default_factory=Count)
    times: dict[str, Count[int]] = field(default_factory=lambda: {name: Count() for name in TIMES})

    @classmethod
    def of(cls, tickets: Iterable[Told], legs: Iterable[Told]) -> Tally:
        """Column by column, so that a long history costs little."""
        made = cls()
        for some, count_names, time_names in ((tickets, TICKET_COUNTS, TICKET_TIMES), (legs, LEG_COUNTS, LEG_TIMES)):
            rows = list(some)
            for name, counts in zip(count_names, zip(*[told.counts for told in rows], strict=True), strict=False):
                made.counts[name] = sum(counts)
            for name, times in zip(time_names, zip(*[told.times for told in rows], strict=True), strict=False):
                made.times[name] = Count([seconds for seconds in times if seconds is not None])
        return made


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
    recalls: int
    returns: int
    holds: int
    transfers: int
    by_hand: int
    short: int
    dossiers: int
    wait: Spread
    walk: Spread
    service: Spread
    sojourn: Spread
    hold: Spread
    within: dict[int, Share]  # minutes -> share of those who came and waited no longer
    on_target: Share
    target_s: int  # what on_target was measured against


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
    if ticket.given_up_at is None or any(leg.called_at is not None for leg in ticket.legs):
        return None
    return whole_seconds(ticket.given_up_at, ticket.issued_at)


def tally(tickets: Iterable[Ticket]) -> Tally:
    """The tally of these tickets."""
    every = list(tickets)
    legs = [told_by_leg(leg, sent_on=leg is not ticket.leg) for ticket in every for leg in ticket.legs]
    return Tally.of(map(told_by_ticket, every), legs)


def figures(tickets: Iterable[Ticket], target_s: int = 15 * 60) -> Figures:
    """The figures of these tickets, `on_target` against this wait."""
    return figures_of(tally(tickets), target_s)


def figures_of(made: Tally, target_s: int) -> Figures:
    """The figures a tally tells."""
    return figures_from(made.counts, lambda name: Ladder([Lengths.of(made.times[name])]), target_s)


def figures_from(counts: Mapping[str, int], ladder: Callable[[str], Ladder], target_s: int) -> Figures:
    """The figures that these counts and durations tell.

    Share within Y minutes: of all who came, those called within Y. Who abandoned after Y counts as
    missed; who abandoned before Y, and no-shows, are left out of the share (and shown beside it);
    who is still waiting is not decided yet. `on_target` is the same share for `target_s`.
    """
    wait, abandoned = ladder("wait"), ladder("abandoned")

    def within(limit_s: int) -> Share:
        return Share(wait.at_most(limit_s), wait.n + abandoned.n - abandoned.at_most(limit_s))

    return Figures(
        **{name: counts[name] for name in COUNTS},
        wait=wait.spread(),
        walk=ladder("walk").spread(),
        service=ladder("service").spread(),
        sojourn=ladder("sojourn").spread(),
        hold=ladder("hold").spread(),
        within={minutes: within(minutes * 60) for minutes in WITHIN_MINUTES},
        on_target=within(target_s),
        target_s=target_s,
    )
