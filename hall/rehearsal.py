"""Rehearsal: the last days of the log played again under another policy, before anybody switches.

A replay under the policy of those days gives what happened; under another one the same people come to the same clerks.
"""

from __future__ import annotations

from collections import Counter as Count
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import msgspec

from hall.catalogue.model import Policy
from hall.ports import HallStore
from hall.recorded_day import Day, closed_days, events_between, read_day
from queueing.catalogue import ORDINARY
from queueing.dispatch import BY_RULE
from queueing.errors import NothingToRehearse
from queueing.metrics import Spread, spread
from queueing.replay import ReplayedCall
from queueing.ticket import whole_seconds

DAYS_MOST = 90


class Waits(msgspec.Struct):
    """The waits of every call, of one class or of all, in seconds.

    `slips` counts how often the rule let others pass them, whether they were called in the end or not; `skips`,
    how often it let them pass somebody. Over all classes the two are equal.
    """

    n: int
    mean_s: int | None
    median_s: int | None
    p90_s: int | None
    max_s: int | None
    slips: int
    skips: int
    passed: int  # how many of them were passed at all
    most_passed: int


class Outcome(msgspec.Struct):
    """The waits of all and of each class, and how many were not called."""

    total: Waits
    classes: dict[str, Waits]
    not_called: int


class Rehearsal(msgspec.Struct):
    """What happened (`was`), and the replay under the present policy (`now`) and the one to try (`wanted`)."""

    first: str
    last: str
    days: int
    tickets: int
    was: Outcome
    now: Outcome
    wanted: Outcome


@dataclass(slots=True)
class RehearsalTally:
    """Waits, slips and skips by class, as counts that add up."""

    waits: dict[str, Count[int]] = field(default_factory=lambda: defaultdict(Count))
    slips: dict[str, Count[int]] = field(default_factory=lambda: defaultdict(Count))
    skips: Count[str] = field(default_factory=Count)
    not_called: int = 0

    def add(self, priority_class: str, wait_s: int, passed: int, passes: int) -> None:
        """Add one call: its wait in seconds, how often the ticket was passed, how many it passes."""
        self.waits[priority_class][wait_s] += 1
        self.slips[priority_class][passed] += 1
        self.skips[priority_class] += passes

    def take_in(self, other: RehearsalTally) -> None:
        """Add the counts of another day."""
        for name in other.waits:
            self.waits[name].update(other.waits[name])
            self.slips[name].update(other.slips[name])
        self.skips.update(other.skips)
        self.not_called += other.not_called

    def outcome(self, classes: Iterable[str]) -> Outcome:
        """Return the waits for all and for each class."""

        def waits(names: Iterable[str]) -> Waits:
            names = list(names)
            all_waits: Count[int] = sum((self.waits[name] for name in names), Count())
            slips: Count[int] = sum((self.slips[name] for name in names), Count())
            of: Spread = spread(all_waits.elements())
            return Waits(
                n=of.n,
                mean_s=of.mean_s,
                median_s=of.median_s,
                p90_s=of.p90_s,
                max_s=of.max_s,
                slips=sum(times * people for times, people in slips.items()),
                skips=sum(self.skips[name] for name in names),
                passed=sum(people for times, people in slips.items() if times),
                most_passed=max(slips, default=0),
            )

        return Outcome(waits(classes), {name: waits([name]) for name in classes}, self.not_called)


def happened(day: Day) -> RehearsalTally:
    """Return the waits, slips and skips of the day as it was."""
    tally = _tally(day, day.past_calls)
    for ref, passed in day.gone:
        tally.slips[day.class_of(ref)][passed] += 1
    return tally


def played(day: Day, policy: Policy) -> RehearsalTally:
    """Return the waits, slips and skips of the day, played again under this policy."""
    gone: list[tuple[int, int]] = []
    tally = _tally(day, day.calls(policy, lambda ref, passed: gone.append((ref, passed))))
    for ref, passed in gone:
        tally.slips[day.class_of(ref)][passed] += 1
    return tally


def _tally(day: Day, calls: Iterable[ReplayedCall]) -> RehearsalTally:
    tally, called = RehearsalTally(), set()
    for call in calls:
        passes = call.passes if call.reason in BY_RULE else 0
        tally.add(day.class_of(call.ref), whole_seconds(call.called_at, call.joined_at), call.passed, passes)
        called.add(call.ref)
    tally.not_called = len(day.visits) - len(called)
    return tally


def rehearse(
    store: HallStore, now: Policy, wanted: Policy, most: int, progress: Callable[[int, int], None]
) -> Rehearsal:
    """Play the last `most` closed days on which somebody was called; `progress(done, of)` after each.

    Raises:
        NothingToRehearse: there is no such day yet.
    """
    spans = closed_days(store)[-most:]
    days, was, tried = [], RehearsalTally(), {"now": RehearsalTally(), "wanted": RehearsalTally()}
    tickets = 0
    for done, (first, last) in enumerate(spans, start=1):
        day = read_day(events_between(store, first, last))
        if day.past_calls:
            days.append(day.day)
            tickets += len(day.visits)
            was.take_in(happened(day))
            tried["now"].take_in(played(day, now))
            tried["wanted"].take_in(played(day, wanted))
        progress(done, len(spans))
    if not days:
        raise NothingToRehearse()
    names = [name for name in now.head_starts if name == ORDINARY or was.waits.get(name)]
    return Rehearsal(
        first=days[0].isoformat(),
        last=days[-1].isoformat(),
        days=len(days),
        tickets=tickets,
        was=was.outcome(names),
        now=tried["now"].outcome(names),
        wanted=tried["wanted"].outcome(names),
    )


def check_days(store: HallStore) -> None:
    """Check that there is a day to rehearse.

    Raises:
        NothingToRehearse: no day has been closed yet.
    """
    if not closed_days(store):
        raise NothingToRehearse()
