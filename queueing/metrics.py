"""The figures of tickets, each by its definition. Seconds are whole: the floor of the difference of two events.

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

from queueing.catalogue import ORDINARY, RATINGS
from queueing.ticket import Leg, State, Ticket, whole_seconds

WITHIN_MINUTES = (15, 20, 30)
RATED = tuple(f"rated_{rating}" for rating in RATINGS)  # how many rated their visit so
# What a tally counts, and the durations it keeps; a rollup writes them in this order.
COUNTS = (
    "issued",
    "called",
    "served",
    "no_shows",
    "cancelled",
    "expired",
    "ghosts",
    "priority",
    "recalls",
    "returns",
    "holds",
    "transfers",
    "transfers_in",
    "by_hand",
    "short",
    "dossiers",
    "people",
    *RATED,
)
TIMES = ("wait", "walk", "service", "sojourn", "abandoned", "hold")
# A shorter service is taken for a mistaken press: it is marked as short, and the forecast does not learn from it.
SHORTEST_SERVICE_S = 15


def nearest_rank(values: Sequence[int], percent: int) -> int | None:
    """Return the smallest value that at least `percent` per cent of all do not exceed; None for no values.

    `values` must be sorted. This is the classical nearest-rank definition of a percentile.
    """
    if not values:
        return None
    return values[_rank(len(values), percent) - 1]


def _rank(n: int, percent: int) -> int:
    return -(-n * percent // 100)


@dataclass(frozen=True, slots=True)
class Spread:
    """Summary of a duration in whole seconds: count, mean, median, 90th percentile, maximum.

    All but the count are None when there was no value.
    """

    n: int
    mean_s: int | None
    median_s: int | None
    p90_s: int | None
    max_s: int | None


NOTHING = Spread(0, None, None, None, None)


@dataclass(frozen=True, slots=True)
class Share:
    """A share as two counts, `met` out of `of`, so that it is never rounded before it is shown."""

    met: int
    of: int


class Histogram:
    """A histogram of durations in whole seconds.

    `steps` are the differences between successive distinct durations in rising order, starting from zero;
    `counts` says how often each occurred; `total` is the sum of all durations and `spread` their summary.
    The durations themselves are computed from the steps only when `at_most` first needs them.
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
    def of(cls, times: Mapping[int, int]) -> Histogram:
        """Build the histogram from duration in seconds -> number of occurrences."""
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
        """Return how many durations were at most `limit_s` seconds."""
        if self._values is None:
            self._values, self._upto = list(accumulate(self.steps)), list(accumulate(self.counts))
        place = bisect_right(self._values, limit_s)
        return self._upto[place - 1] if place else 0


class MergedHistogram:
    """Several histograms read as one, without adding them up.

    Percentiles are found by bisection over `at_most`, so five years of days cost no merge.
    """

    def __init__(self, histograms: Iterable[Histogram]) -> None:
        self._parts = [part for part in histograms if part.spread.n]
        self.n = sum(part.spread.n for part in self._parts)

    def at_most(self, limit_s: int) -> int:
        """Return how many durations were at most `limit_s` seconds."""
        return sum([part.at_most(limit_s) for part in self._parts])

    def spread(self) -> Spread:
        """Return count, mean (floor), median, 90th percentile and maximum."""
        spreads = [part.spread for part in self._parts]
        if len(spreads) < 2:
            return spreads[0] if spreads else NOTHING
        return Spread(
            self.n,
            sum(part.total for part in self._parts) // self.n,
            self._rank(50, [part.median_s or 0 for part in spreads]),
            self._rank(90, [part.p90_s or 0 for part in spreads]),
            max(part.max_s or 0 for part in spreads),
        )

    def _rank(self, percent: int, of_each: Sequence[int]) -> int:
        """Return the nearest-rank percentile of all parts together; `of_each` are the percentiles of the parts.

        The result lies between the least and the greatest of these. The first whole second there that enough
        values do not exceed is a value that occurred.
        """
        low, high = min(of_each), max(of_each)
        return bisect_left(range(high), _rank(self.n, percent), low, high, key=self.at_most)


def spread(values: Iterable[int]) -> Spread:
    """Return count, mean (floor), median, 90th percentile and maximum."""
    return Histogram.of(Count(values)).spread


class Contribution(NamedTuple):
    """What one leg, or one ticket as a whole, adds to every tally it belongs to.

    The values stand in the order of TICKET_COUNTS and TICKET_TIMES, or of LEG_COUNTS and LEG_TIMES.
    """

    counts: tuple[int, ...]
    times: tuple[int | None, ...]


TICKET_COUNTS = (
    *("issued", "called", "served", "no_shows", "cancelled", "expired", "ghosts", "priority", "returns"),
    *("dossiers", "people", *RATED),
)
TICKET_TIMES = ("wait", "sojourn", "abandoned")
LEG_COUNTS = ("recalls", "by_hand", "holds", "transfers", "transfers_in", "short")
LEG_TIMES = ("walk", "service", "hold")


_UNRATED = tuple(0 for _ in RATINGS)
_RATED_AS = {given: tuple(int(given == rating) for rating in RATINGS) for given in RATINGS}


def contribution_of_ticket(ticket: Ticket) -> Contribution:
    """Return what a ticket as a whole contributes: its end, class, returns, rating, wait and sojourn time."""
    state = ticket.state
    counts = (
        1,
        int(any(leg.called_at is not None for leg in ticket.legs)),
        int(state is State.FINISHED),
        int(state is State.NO_SHOW),
        int(state is State.CANCELLED),
        int(state is State.EXPIRED),
        int(ticket.cancel_reason is not None),
        int(ticket.priority_class != ORDINARY),
        ticket.returned,
        ticket.dossiers if state is State.FINISHED else 0,
        ticket.people if state is State.FINISHED else 0,
        *_RATED_AS.get(ticket.rating or "", _UNRATED),
    )
    return Contribution(counts, (wait_s(ticket), sojourn_s(ticket), abandoned_s(ticket)))


def contributions_of_legs(ticket: Ticket) -> list[Contribution]:
    """Return what each leg contributes to its counter, clerk and service; all but the last ended with a transfer."""
    last = len(ticket.legs) - 1
    return [_contribution_of_leg(leg, int(n < last), int(n > 0)) for n, leg in enumerate(ticket.legs)]


def _contribution_of_leg(leg: Leg, transferred: int, transferred_in: int) -> Contribution:
    service = leg.service_s
    short = service is not None and service < SHORTEST_SERVICE_S
    held = leg.held_s if leg.holds and service is not None else None
    counts = (max(leg.calls - 1, 0), leg.manual, leg.holds, transferred, transferred_in, int(short))
    return Contribution(counts, (leg.walk_s, service, held))


@dataclass(slots=True)
class TicketTally:
    """The counts and durations of some tickets: all that their figures need. Two tallies can be added."""

    counts: Count[str] = field(default_factory=Count)
    times: dict[str, Count[int]] = field(default_factory=lambda: {name: Count() for name in TIMES})

    @classmethod
    def of(cls, tickets: Iterable[Contribution], legs: Iterable[Contribution]) -> TicketTally:
        """Add up the contributions of tickets and of legs, column by column: for long histories this is fastest."""
        total = cls()
        for contributions, count_names, time_names in (
            (tickets, TICKET_COUNTS, TICKET_TIMES),
            (legs, LEG_COUNTS, LEG_TIMES),
        ):
            rows = list(contributions)
            for name, counts in zip(count_names, zip(*[row.counts for row in rows], strict=True), strict=False):
                total.counts[name] = sum(counts)
            for name, times in zip(time_names, zip(*[row.times for row in rows], strict=True), strict=False):
                total.times[name] = Count([seconds for seconds in times if seconds is not None])
        return total


@dataclass(frozen=True, slots=True)
class Figures:
    """One row of the statistics. The field names are those of `GET /api/v1/statistics`."""

    issued: int
    called: int
    served: int
    no_shows: int
    cancelled: int
    expired: int
    ghosts: int
    priority: int
    recalls: int
    returns: int
    holds: int
    transfers: int
    transfers_in: int
    by_hand: int
    short: int
    dossiers: int
    people: int
    rated_very_satisfied: int
    rated_satisfied: int
    rated_neutral: int
    rated_dissatisfied: int
    wait: Spread
    walk: Spread
    service: Spread
    sojourn: Spread
    hold: Spread
    within: dict[int, Share]  # minutes -> share of those who came and waited no longer
    on_target: Share
    target_s: int  # what on_target was measured against


def wait_s(ticket: Ticket) -> int | None:
    """Return the wait time W_q in seconds: the sum over the legs that were served; None if none was."""
    waits = [leg.wait_s for leg in ticket.legs if leg.wait_s is not None]
    return sum(waits) if waits else None


def sojourn_s(ticket: Ticket) -> int | None:
    """Return the sojourn time W in seconds, from issue to the final finish; None until then."""
    if ticket.state is not State.FINISHED or ticket.leg.finished_at is None:
        return None
    return whole_seconds(ticket.leg.finished_at, ticket.issued_at)


def abandoned_s(ticket: Ticket) -> int | None:
    """Return how many seconds an abandoned ticket waited; None for one that was called or still waits.

    A ticket is abandoned when it was cancelled, or expired at the end of the day, before its first call.
    """
    if ticket.abandoned_at is None or any(leg.called_at is not None for leg in ticket.legs):
        return None
    return whole_seconds(ticket.abandoned_at, ticket.issued_at)


def tally(tickets: Iterable[Ticket]) -> TicketTally:
    """Return the tally of these tickets."""
    every = list(tickets)
    legs = [contribution for ticket in every for contribution in contributions_of_legs(ticket)]
    return TicketTally.of(map(contribution_of_ticket, every), legs)


def figures(tickets: Iterable[Ticket], target_s: int = 15 * 60) -> Figures:
    """Return the figures of these tickets; `on_target` counts waits of at most `target_s` seconds."""
    return figures_of(tally(tickets), target_s)


def figures_of(summed: TicketTally, target_s: int) -> Figures:
    """Return the figures of a tally; `on_target` counts waits of at most `target_s` seconds."""
    return figures_from(summed.counts, lambda name: MergedHistogram([Histogram.of(summed.times[name])]), target_s)


def figures_from(counts: Mapping[str, int], histogram: Callable[[str], MergedHistogram], target_s: int) -> Figures:
    """Compute the figures from counts and from a histogram for each duration name.

    The share within Y minutes is a service level as call centres define it: waits of at most Y, out of these
    and all longer waits. A ticket abandoned after more than Y counts as not met. Tickets abandoned earlier and
    no-shows are left out (they have figures of their own), and so are tickets that still wait. `on_target` is
    the same share for `target_s` seconds.
    """
    wait, abandoned = histogram("wait"), histogram("abandoned")

    def within(limit_s: int) -> Share:
        return Share(wait.at_most(limit_s), wait.n + abandoned.n - abandoned.at_most(limit_s))

    return Figures(
        **{name: counts[name] for name in COUNTS},
        wait=wait.spread(),
        walk=histogram("walk").spread(),
        service=histogram("service").spread(),
        sojourn=histogram("sojourn").spread(),
        hold=histogram("hold").spread(),
        within={minutes: within(minutes * 60) for minutes in WITHIN_MINUTES},
        on_target=within(target_s),
        target_s=target_s,
    )
