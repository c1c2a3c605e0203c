"""A day under another plan, played with 200 seeds, beside what really happened; or the rest of the day that goes on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

import msgspec

from hall.catalogue.model import Catalogue
from hall.recorded_day import Day
from hall.whatif.figures import Frame, Measured, Range, Spreads, gains, measured, spreads
from hall.whatif.plan import UNCHANGED, Plan, WorkSpan
from hall.whatif.sample import Pools, sampled, sampled_rest, with_arrivals
from hall.whatif.staffed import DayStaffing, Staffed, changes, expected_staffing, recorded_staffing
from queueing.replay import ReplayedCall

SEEDS = 200

Progress = Callable[[int, int], None]


class CounterDay(msgspec.Struct, frozen=True):
    """When a counter was staffed on a day, pauses included, and what it served."""

    counter: int
    hours: tuple[WorkSpan, ...]
    services: tuple[str, ...]


class PlannedDay(msgspec.Struct, frozen=True):
    """A day before it gets another plan; `since` is there for the rest of a day ("10:42")."""

    day: str
    since: str | None
    tickets: int
    counters: list[CounterDay]
    head_starts_s: dict[str, int]
    cap: int


class WhatIf(msgspec.Struct, frozen=True):
    """A day as it was (`real`), played again as it was (`same`) and under the plan (`wanted`).

    `since` ("10:42") is there for the rest of a day: then nothing is real yet, and `tickets` are those issued so far.
    `outside` are the figures of the day that lie outside what eight in ten simulations of the same day gave. `gained`
    is how much each figure changes with the plan, of the same people in the same simulation.
    """

    day: str
    since: str | None
    tickets: int
    target_s: int
    seeds: int
    counters: list[CounterDay]
    plan: Plan
    real: Measured | None
    same: Spreads
    outside: list[str]
    wanted: Spreads | None = None
    gained: dict[str, Range] = {}


@dataclass(frozen=True)
class PlayedDay:
    """A day with all that its simulations share."""

    day: Day
    catalogue: Catalogue
    staffing: DayStaffing
    pools: Pools
    frame: Frame

    def staffed(self, plan: Plan) -> list[Staffed]:
        """Return who is staffed when under a plan."""
        return self.staffing.under(
            plan, {number: counter.services for number, counter in self.catalogue.counters.items()}
        )

    def real(self) -> Measured | None:
        """Return the figures of the day as it was; None of one that goes on."""
        return None

    def drawn(self, seed: str, counters: Collection[int]) -> Day:
        """Return the day with other times drawn."""
        raise NotImplementedError

    def unchanged(self) -> tuple[Day, list[ReplayedCall]]:
        """Return the day as it was with its calls; of a day that goes on, as it may go."""
        return self.day, self.day.past_calls

    def run(self, plan: Plan, seed: int) -> Measured:
        """Play the day once under a plan, with other times drawn."""
        staffed = self.staffed(plan)
        name = f"{self.day.day} {seed}"
        day = self.drawn(name, {part.counter for part in staffed} | self.staffing.staffed.keys())
        day = with_arrivals(day, self.pools, name, plan.arrivals, self.frame.since)
        day = replace(day, staffing=changes(staffed))
        return measured(day, day.calls(plan.policy(self.catalogue.policy)), staffed, self.frame)


class PastDay(PlayedDay):
    """A closed day."""

    @classmethod
    def of(cls, day: Day, catalogue: Catalogue, before: Iterable[Day] = ()) -> PastDay:
        """Return it ready to be simulated. `catalogue`: the settings of that day; `before`: the days before it."""
        zone = ZoneInfo(catalogue.hall.timezone)
        staffing = recorded_staffing(day, catalogue.hours, zone, catalogue.services)
        return cls(day, catalogue, staffing, Pools(day, before), Frame(zone, catalogue.hall.target_s))

    def real(self) -> Measured:
        """Return the figures of the day as it was."""
        return measured(self.day, self.day.past_calls, self.staffed(UNCHANGED), self.frame)

    def drawn(self, seed: str, counters: Collection[int]) -> Day:
        """Return the day with other times drawn."""
        return sampled(self.day, self.pools, seed, counters)


@dataclass(frozen=True)
class OpenDay(PlayedDay):
    """The day that goes on: what was is as it was, and who comes from now on is who came on a day before."""

    models: Sequence[Day] = ()

    @classmethod
    def of(cls, day: Day, now: datetime, catalogue: Catalogue, before: Sequence[Day]) -> OpenDay:
        """Return it ready to be simulated. `before`: the days before it, those of its weekday first."""
        zone = ZoneInfo(catalogue.hall.timezone)
        hours, services = catalogue.hours, catalogue.services
        usual = [recorded_staffing(other, hours, zone, services) for other in before]
        staffing = expected_staffing(day, now, hours, zone, services, usual)
        frame = Frame(zone, catalogue.hall.target_s, since=now)
        weekday = [other for other in before if other.day.weekday() == day.day.weekday()]
        return cls(day, catalogue, staffing, Pools(day, before), frame, weekday or list(before))

    def unchanged(self) -> tuple[Day, list[ReplayedCall]]:
        """Return the day as it may go, with the calls from now on."""
        day = self.drawn(f"{self.day.day} unchanged", self.staffing.staffed.keys())
        day = replace(day, staffing=changes(self.staffed(UNCHANGED)))
        since = cast(datetime, self.frame.since)
        calls = day.calls(self.catalogue.policy)
        return day, [replace(call, joined_at=max(call.joined_at, since)) for call in calls if call.called_at > since]

    def drawn(self, seed: str, counters: Collection[int]) -> Day:
        """Return the day with what is still to come drawn."""
        return sampled_rest(self.day, self.pools, seed, counters, self.models, cast(datetime, self.frame.since))


def simulate(past: PlayedDay, plan: Plan, progress: Progress, seeds: int = SEEDS) -> WhatIf:
    """Play the day as it was and under the plan; `progress(done, of)` after each seed."""
    of = seeds * (2 if plan.changes else 1)
    same, wanted = [], []
    for seed in range(seeds):
        same.append(past.run(UNCHANGED, seed))
        if plan.changes:
            wanted.append(past.run(plan, seed))
        progress(len(same) + len(wanted), of)
    real, spread = past.real(), spreads(same)
    return WhatIf(
        day=past.day.day.isoformat(),
        since=None if past.frame.since is None else past.staffing.local(past.frame.since),
        tickets=len(past.day.visits),
        counters=planned_day(past).counters,
        target_s=past.catalogue.hall.target_s,
        seeds=seeds,
        plan=plan,
        real=real,
        same=spread,
        outside=[] if real is None else outside(real, spread),
        wanted=spreads(wanted) if wanted else None,
        gained=gains(same, wanted) if wanted else {},
    )


def planned_day(day: PlayedDay) -> PlannedDay:
    """Return what a plan for the day starts from."""
    staffing, catalogue = day.staffing, day.catalogue
    numbers = sorted(staffing.staffed.keys() | catalogue.counters.keys())
    return PlannedDay(
        day=day.day.day.isoformat(),
        since=None if day.frame.since is None else staffing.local(day.frame.since),
        tickets=len(day.day.visits),
        counters=[
            CounterDay(
                number,
                staffing.work_spans(number),
                staffing.services(number)
                or tuple(sorted(catalogue.counters[number].services if number in catalogue.counters else ())),
            )
            for number in numbers
        ],
        head_starts_s=dict(catalogue.policy.head_starts_s),
        cap=catalogue.policy.cap,
    )


def outside(real: Measured, spread: Spreads) -> list[str]:
    """Return the figures of a real day that lie outside the spread."""
    return [
        name
        for name, value in real.figures.items()
        if name in spread.figures and not spread.figures[name].low <= value <= spread.figures[name].high
    ]
