"""Rehearsal: the last days of the log played again under another policy, before anybody switches.

The people, how long each kept a counter, who was staffed when and how long the clerks let a free
counter stand come from the log. So under the policy that stood, nothing else comes out than what
happened; under another one the same people come to the same clerks.
"""

from __future__ import annotations

from collections import Counter as Count
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import cast

import msgspec

from hall.ports import HallStore
from queueing import events as ev
from queueing.catalogue import ORDINARY, Policy
from queueing.errors import NothingToRehearse
from queueing.events import Event
from queueing.floor import Floor, Staffing
from queueing.metrics import Spread, spread
from queueing.replay import AT_ONCE, Stay, Visit, replay
from queueing.replay import Staffing as Shift
from queueing.ticket import whole_seconds

BATCH = 2000
DAYS_MOST = 90
LONGER = timedelta(microseconds=1)
USUAL_DESK = timedelta(minutes=8)  # of one who was never called on a day without any service


class Waits(msgspec.Struct):
    """Of one class, or of all: the waits of every call; slips, the times they were passed, called in the end
    or not; skips, the times they passed somebody. Of all, the two are equal."""

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
    total: Waits
    classes: dict[str, Waits]
    not_called: int


class Rehearsal(msgspec.Struct):
    """What was, and what would have been: under the policy of now, and under the one that is tried."""

    first: str
    last: str
    days: int
    tickets: int
    was: Outcome
    now: Outcome
    wanted: Outcome


@dataclass(slots=True)
class _Seen:
    """A ticket while its day is read."""

    arrival: int
    at: datetime
    service: str
    joined_at: datetime
    joined_after: timedelta = AT_ONCE
    called_at: datetime | None = None
    left_at: datetime | None = None
    stays: list[Stay] = field(default_factory=list)


@dataclass(slots=True)
class Tally:
    """Waits, slips and skips by class, as counts that add up."""

    waits: dict[str, Count[int]] = field(default_factory=lambda: defaultdict(Count))
    slips: dict[str, Count[int]] = field(default_factory=lambda: defaultdict(Count))
    skips: Count[str] = field(default_factory=Count)
    not_called: int = 0

    def add(self, priority_class: str, wait_s: int, passed: int, passes: int) -> None:
        self.waits[priority_class][wait_s] += 1
        self.slips[priority_class][passed] += 1
        self.skips[priority_class] += passes

    def take_in(self, other: Tally) -> None:
        for name in other.waits:
            self.waits[name].update(other.waits[name])
            self.slips[name].update(other.slips[name])
        self.skips.update(other.skips)
        self.not_called += other.not_called

    def outcome(self, classes: Iterable[str]) -> Outcome:
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


@dataclass(slots=True)
class Day:
    """One service day as the log tells it, ready to be played again."""

    day: date
    visits: list[Visit] = field(default_factory=list)
    classes: dict[int, str] = field(default_factory=dict)
    staffing: list[Shift] = field(default_factory=list)
    hesitations: dict[int, list[timedelta]] = field(default_factory=lambda: defaultdict(list))
    tally: Tally = field(default_factory=Tally)

    def played(self, policy: Policy) -> Tally:
        """The day under this policy."""
        visits = [
            replace(visit, head_start=policy.head_starts.get(self.classes[visit.ref], AT_ONCE)) for visit in self.visits
        ]
        tally, called = Tally(), set()

        def left(ref: int, passed: int) -> None:
            tally.slips[self.classes[ref]][passed] += 1

        for call in replay(visits, self.staffing, policy.cap, self._hesitation, left):
            tally.add(self.classes[call.ref], whole_seconds(call.called_at, call.joined_at), call.passed, call.passes)
            called.add(call.ref)
        tally.not_called = len(visits) - len(called)
        return tally

    def _hesitation(self, counter: int, nth: int) -> timedelta:
        known = self.hesitations.get(counter)
        return known[nth % len(known)] if known else AT_ONCE


def rehearse(
    store: HallStore, now: Policy, wanted: Policy, most: int, progress: Callable[[int, int], None]
) -> Rehearsal:
    """Play the last `most` closed days on which somebody was called; `progress(done, of)` after each.

    Raises:
        NothingToRehearse: there is no such day yet.
    """
    spans = _closed_days(store)[-most:]
    days, was, tried = [], Tally(), {"now": Tally(), "wanted": Tally()}
    tickets = 0
    for done, (first, last) in enumerate(spans, start=1):
        day = read_day(_events(store, first, last))
        if day.tally.waits:
            days.append(day.day)
            tickets += len(day.visits)
            was.take_in(day.tally)
            tried["now"].take_in(day.played(now))
            tried["wanted"].take_in(day.played(wanted))
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
    """
    Raises:
        NothingToRehearse: no day has been closed yet.
    """
    if not _closed_days(store):
        raise NothingToRehearse()


def _closed_days(store: HallStore) -> list[tuple[int, int]]:
    """The first and last seq of every day that has been closed."""
    opened = [event.seq for event in store.events_of(ev.DAY_OPENED)]
    return [(first, following - 1) for first, following in zip(opened, opened[1:], strict=False)]


def _events(store: HallStore, first: int, last: int) -> Iterator[Event]:
    at = first - 1
    while at < last:
        for event in store.events(at, min(BATCH, last - at)):
            yield event
            at = event.seq


def read_day(events: Iterable[Event]) -> Day:
    """What a day's events tell of its people and its clerks; the first event opens the day."""
    reader = _Reader()
    for event in events:
        reader.hear(event)
    return reader.day()


class _Reader:
    def __init__(self) -> None:
        self._floor = Floor()
        self._day: Day | None = None
        self._seen: dict[int, _Seen] = {}
        self._services: dict[int, tuple[str, ...]] = {}  # of each counter
        self._shifts: dict[int, tuple[str, ...]] = {}  # the services of each counter that can call
        self._ready: dict[int, datetime] = {}  # since when a free counter has somebody to call

    def hear(self, event: Event) -> None:
        floor = self._floor
        if event.kind == ev.DAY_OPENED:
            self._day = Day(date.fromisoformat(cast(str, event.data["day"])))
        if event.kind == ev.TICKET_CALLED:
            self._called(event)
        passed = floor.waiting.passed(event.ref) if event.ref is not None and event.ref in floor.waiting else 0
        at_desks = {counter: desk.ref for counter, desk in floor.desks.items() if desk.ref is not None}
        floor.apply(event)
        self._note_services(event)
        for counter, ref in at_desks.items():
            if floor.desk(counter).ref != ref:
                self._left(ref, event.at)
        if event.ref is not None and event.ref in floor.tickets:
            self._note_line(event.ref, event, passed)
        self._note_counters(event)

    def _called(self, event: Event) -> None:
        ref, counter = cast(int, event.ref), cast(int, event.counter)
        day, seen = cast(Day, self._day), self._seen[ref]
        day.hesitations[counter].append(event.at - self._ready.pop(counter, event.at))
        passed, passes = self._floor.waiting.passed(ref), cast(int, event.data["passes"])
        priority_class = self._floor.tickets[ref].priority_class
        day.tally.add(priority_class, whole_seconds(event.at, seen.joined_at), passed, passes)
        seen.called_at = event.at

    def _left(self, ref: int, at: datetime) -> None:
        """The counter is free of this ticket."""
        seen = self._seen.get(ref)
        if seen is not None and seen.called_at is not None:
            self._add_stay(seen, desk=at - seen.called_at)
            seen.called_at, seen.left_at = None, at

    def _note_line(self, ref: int, event: Event, passed: int) -> None:
        place, seen = self._floor.waiting.place(ref), self._seen.get(ref)
        waits = place is not None
        if place is not None and seen is None:
            self._seen[ref] = _Seen(place.arrival, event.at, place.service, event.at)
        elif place is not None and seen is not None and seen.left_at is not None:
            seen.joined_at, seen.joined_after, seen.left_at = event.at, event.at - seen.left_at, None
            seen.service = place.service
        elif seen is not None and not waits and seen.called_at is None and seen.left_at is None:
            self._add_stay(seen, patience=event.at - seen.joined_at)
            seen.left_at = event.at
            cast(Day, self._day).tally.slips[self._floor.tickets[ref].priority_class][passed] += 1

    @staticmethod
    def _add_stay(seen: _Seen, *, desk: timedelta = AT_ONCE, patience: timedelta | None = None) -> None:
        seen.stays.append(Stay(seen.joined_after, seen.service, desk, patience))

    def _note_services(self, event: Event) -> None:
        data = event.data
        if event.counter is not None and "services" in data:
            self._services[event.counter] = tuple(cast("list[str]", data["services"]))
        for change in cast("list[dict[str, object]]", data.get("changes", ())):
            part, _, number = str(change["path"]).removesuffix(".services").partition(".")
            if part == "counters" and number.isdecimal() and isinstance(change["new"], list):
                self._services[int(number)] = tuple(sorted(change["new"]))

    def _note_counters(self, event: Event) -> None:
        """Which counters can call, and since when one of them could."""
        floor, day = self._floor, cast(Day, self._day)
        for counter, desk in floor.desks.items():
            foreign = desk.ref is not None and desk.ref not in self._seen  # a service of the day before
            able = desk.staffing is Staffing.OPEN and not foreign
            services = self._services.get(counter, ()) if able else ()
            if services != self._shifts.get(counter, ()):
                self._shifts[counter] = services
                day.staffing.append(Shift(event.at, counter, services))
            if desk.ref is None and any(floor.waiting.count(service) for service in services):
                self._ready.setdefault(counter, event.at)
            elif counter in self._ready:
                self._let_be(counter, event.at)

    def _let_be(self, counter: int, now: datetime) -> None:
        """Nobody was called while somebody could have been: all that is known is, it would have taken longer."""
        cast(Day, self._day).hesitations[counter].append(now - self._ready.pop(counter) + LONGER)

    def day(self) -> Day:
        day, floor = cast(Day, self._day), self._floor
        end = cast(datetime, floor.at)
        for counter in list(self._ready):
            self._let_be(counter, end)
        day.tally.not_called = sum(
            seen.called_at is None and all(stay.patience is not None for stay in seen.stays)
            for seen in self._seen.values()
        )
        for seen in self._seen.values():
            if seen.called_at is not None:  # at a counter still
                self._add_stay(seen, desk=end - seen.called_at)
            elif seen.left_at is None:
                self._add_stay(seen, patience=end - seen.joined_at)
        usual = _usual_desks(stay for seen in self._seen.values() for stay in seen.stays)
        for ref, seen in self._seen.items():
            # Who left in vain may be called when played again, and then needs a time at the counter.
            stays = tuple(
                stay if stay.patience is None else replace(stay, desk=usual.get(stay.service, USUAL_DESK))
                for stay in seen.stays
            )
            day.visits.append(Visit(ref, seen.arrival, seen.at, AT_ONCE, stays))
            day.classes[ref] = floor.tickets[ref].priority_class
        return day


def _usual_desks(stays: Iterable[Stay]) -> Mapping[str, timedelta]:
    """The median time at a counter, by service."""
    desks: dict[str, list[timedelta]] = defaultdict(list)
    for stay in stays:
        if stay.patience is None:
            desks[stay.service].append(stay.desk)
    return {service: sorted(times)[len(times) // 2] for service, times in desks.items()}
