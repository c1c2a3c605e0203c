"""Rehearsal: the last days of the log played again under another policy, before anybody switches.

The people, how long each kept a counter, who was staffed when, how long the clerks let a free counter
stand and whom they called by hand come from the log, without what was undone. So a replay under
the policy of those days gives what happened; under another one the same people come to the same clerks.
"""

from __future__ import annotations

from collections import Counter as Count
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, cast

import msgspec

from hall.catalogue.model import Policy
from hall.ports import HallStore
from queueing import events as ev
from queueing.catalogue import ORDINARY
from queueing.dispatch import BY_RULE, Place, Reason
from queueing.errors import NothingToRehearse
from queueing.events import Event
from queueing.floor import Floor, Staffing
from queueing.metrics import Spread, spread
from queueing.replay import AT_ONCE, OnAbandoned, ReplayedCall, ReplayedVisit, StaffingChange, Stay, Wish, replay
from queueing.ticket import whole_seconds

BATCH = 2000
DAYS_MOST = 90
LONGER = timedelta(microseconds=1)
USUAL_OCCUPANCY = timedelta(minutes=8)  # of one who was never called on a day without any service


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
    how: Mapping[str, Any] = field(default_factory=dict)  # it came back, or was transferred
    passed: int = 0  # in the stays before
    classes: list[tuple[timedelta, str]] = field(default_factory=list)
    wishes: list[tuple[timedelta, Wish]] = field(default_factory=list)


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


@dataclass(slots=True)
class Day:
    """One service day as the log has it, ready to be played again."""

    day: date
    visits: list[ReplayedVisit] = field(default_factory=list)
    # By ref the class it came with and those it was given, each so long after the arrival.
    classes: dict[int, list[tuple[timedelta, str]]] = field(default_factory=dict)
    appointments: Mapping[int, timedelta] = field(default_factory=dict)  # the head start that each gave
    by_hand: dict[tuple[int, int], int] = field(default_factory=dict)  # counter and its n-th time -> ref
    staffing: list[StaffingChange] = field(default_factory=list)
    hesitations: dict[int, list[timedelta]] = field(default_factory=lambda: defaultdict(list))
    tally: RehearsalTally = field(default_factory=RehearsalTally)

    def played(self, policy: Policy) -> RehearsalTally:
        """Return the waits, slips and skips of the day, played again under this policy."""
        tally, called = RehearsalTally(), set()

        def on_abandoned(ref: int, passed: int) -> None:
            tally.slips[self.class_of(ref)][passed] += 1

        for call in self.calls(policy, on_abandoned):
            passes = call.passes if call.reason in BY_RULE else 0
            tally.add(self.class_of(call.ref), whole_seconds(call.called_at, call.joined_at), call.passed, passes)
            called.add(call.ref)
        tally.not_called = len(self.visits) - len(called)
        return tally

    def calls(self, policy: Policy, on_abandoned: OnAbandoned = lambda ref, passed: None) -> Iterator[ReplayedCall]:
        """Yield every call of the day under this policy."""
        visits = [self._under(policy, visit) for visit in self.visits]
        by_hand = self.by_hand
        return replay(
            visits,
            self.staffing,
            policy.cap,
            self._hesitation,
            on_abandoned,
            lambda counter, nth: by_hand.get((counter, nth)),
        )

    def class_of(self, ref: int) -> str:
        """Return the last class that a ticket had."""
        return self.classes[ref][-1][1]

    def _under(self, policy: Policy, visit: ReplayedVisit) -> ReplayedVisit:
        own = self.appointments.get(visit.ref, AT_ONCE)
        (_, first), *later = [
            (after, max(own, policy.head_starts.get(name, AT_ONCE))) for after, name in self.classes[visit.ref]
        ]
        return replace(visit, head_start=first, grants=tuple(later))

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
    days, was, tried = [], RehearsalTally(), {"now": RehearsalTally(), "wanted": RehearsalTally()}
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
    """Check that there is a day to rehearse.

    Raises:
        NothingToRehearse: no day has been closed yet.
    """
    if not _closed_days(store):
        raise NothingToRehearse()


def _closed_days(store: HallStore) -> list[tuple[int, int]]:
    """Return the first and last seq of every closed day."""
    opened = [event.seq for event in store.events_of(ev.DAY_OPENED)]
    return [(first, following - 1) for first, following in zip(opened, opened[1:], strict=False)]


def _events(store: HallStore, first: int, last: int) -> Iterator[Event]:
    at = first - 1
    while at < last:
        for event in store.events(at, min(BATCH, last - at)):
            yield event
            at = event.seq


def read_day(events: Iterable[Event]) -> Day:
    """Return a day, ready to be played again, from its events; the first event opens the day.

    What was undone within ten seconds did not happen, nor did its undoing.
    """
    every = list(events)
    undone = {event.data["undoes"] for event in every if ev.TICKET_UNDONE.marks(event)}
    reader = _Reader()
    for event in every:
        if event.seq not in undone and event.kind != ev.TICKET_UNDONE:
            reader.hear(event)
    return reader.day()


class _Reader:
    def __init__(self) -> None:
        self._floor = Floor()
        self._day: Day | None = None
        self._seen: dict[int, _Seen] = {}
        self._calls: list[tuple[int, int, int, int]] = []  # ref, wait, how often passed, how many it passes
        self._gone: list[tuple[int, int]] = []  # who abandoned, and how often they were passed
        self._services: dict[int, tuple[str, ...]] = {}  # of each counter
        self._shifts: dict[int, tuple[str, ...]] = {}  # the services of each counter that can call
        self._ready: dict[int, datetime] = {}  # since when a free counter has somebody to call

    def hear(self, event: Event) -> None:
        floor = self._floor
        if ev.DAY_OPENED.marks(event):
            self._day = Day(date.fromisoformat(event.data["day"]))
        if ev.TICKET_CALLED.marks(event):
            self._called(event)
        passed = floor.waiting.passed(event.ref) if event.ref is not None and event.ref in floor.waiting else 0
        at_counters = {counter: state.ref for counter, state in floor.counter_states.items() if state.ref is not None}
        floor.apply(event)
        self._note_services(event)
        for counter, ref in at_counters.items():
            if floor.counter_state(counter).ref != ref:
                self._left(ref, event.at)
        if event.ref is not None and event.ref in floor.tickets:
            self._note_line(event.ref, event, passed)
        self._note_counters(event)

    def _called(self, event: Event[ev.TicketCalled]) -> None:
        ref, counter = event.ticket_ref, event.counter_number
        day, seen = cast(Day, self._day), self._seen[ref]
        reason = event.data["reason"]
        if reason == Reason.MANUAL:
            day.by_hand[counter, len(day.hesitations[counter])] = ref
        day.hesitations[counter].append(event.at - self._ready.pop(counter, event.at))
        waiting, services = self._floor.waiting, event.data["services"]
        place, passed = cast(Place, waiting.place(ref)), waiting.passed(ref)
        # Counted again: of those whom it passed one may have been transferred by mistake, and be back since.
        passes = (
            len(waiting.passed_by(place, services, counter, sitting_out=place.sits_out_next_call))
            if reason in BY_RULE
            else 0
        )
        self._calls.append((ref, whole_seconds(event.at, seen.joined_at), passed - seen.passed, passes))
        seen.called_at, seen.passed = event.at, passed

    def _left(self, ref: int, at: datetime) -> None:
        """Note that a ticket has left its counter."""
        seen = self._seen.get(ref)
        if seen is not None and seen.called_at is not None:
            self._add_stay(seen, occupied_for=at - seen.called_at)
            seen.called_at, seen.left_at = None, at

    def _note_line(self, ref: int, event: Event, passed: int) -> None:
        place, seen = self._floor.waiting.place(ref), self._seen.get(ref)
        waits = place is not None
        if place is not None and seen is None:
            classes = [(AT_ONCE, self._floor.tickets[ref].priority_class)]
            self._seen[ref] = _Seen(place.arrival, event.at, place.service, event.at, classes=classes)
        elif ev.TICKET_REINSTATED.marks(event) and seen is not None and seen.stays[-1].patience is not None:
            self._take_back(ref, seen, event.at)
        elif place is not None and seen is not None and seen.left_at is not None:
            seen.joined_at, seen.joined_after, seen.left_at = event.at, event.at - seen.left_at, None
            seen.service, seen.how = place.service, _how(event)
        elif ev.TICKET_PRIORITY_CHANGED.marks(event) and seen is not None:
            seen.classes.append((event.at - seen.at, event.data["priority_class"]))
        elif seen is not None and (wish := _wish(event)) is not None:
            seen.wishes.append((event.at - seen.at, wish))
        elif seen is not None and not waits and seen.called_at is None and seen.left_at is None:
            self._add_stay(seen, patience=event.at - seen.joined_at)
            seen.left_at = event.at
            self._gone.append((ref, passed - seen.passed))

    def _take_back(self, ref: int, seen: _Seen, at: datetime) -> None:
        """Note that somebody who had cancelled while they waited did not abandon the queue: they were away."""
        seen.stays.pop()
        self._gone.remove(next(gone for gone in reversed(self._gone) if gone[0] == ref))
        cancelled_at, seen.left_at = cast(datetime, seen.left_at), None
        seen.wishes += [(cancelled_at - seen.at, Wish(away=True)), (at - seen.at, Wish(away=False))]

    @staticmethod
    def _add_stay(seen: _Seen, *, occupied_for: timedelta = AT_ONCE, patience: timedelta | None = None) -> None:
        seen.stays.append(Stay(seen.joined_after, seen.service, occupied_for, patience, **seen.how))

    def _note_services(self, event: Event) -> None:
        if ev.COUNTER_OPENED.marks(event) or ev.TICKET_CALLED.marks(event):
            self._services[event.counter_number] = tuple(event.data["services"])
        elif ev.SETTING_CHANGED.marks(event):
            for change in event.data.get("changes", ()):
                part, _, number = change["path"].removesuffix(".services").partition(".")
                if part == "counters" and number.isdecimal() and isinstance(change["new"], list):
                    self._services[int(number)] = tuple(sorted(change["new"]))

    def _note_counters(self, event: Event) -> None:
        """Note which counters can call, and since when each of them could call somebody."""
        floor, day = self._floor, cast(Day, self._day)
        for counter, state in floor.counter_states.items():
            foreign = state.ref is not None and state.ref not in self._seen  # a service of the day before
            able = state.staffing is Staffing.OPEN and not foreign
            services = self._services.get(counter, ()) if able else ()
            if services != self._shifts.get(counter, ()):
                self._shifts[counter] = services
                day.staffing.append(StaffingChange(event.at, counter, services))
            if state.ref is None and services and floor.waiting.count_for(services, counter):
                self._ready.setdefault(counter, event.at)
            elif counter in self._ready:
                self._let_be(counter, event.at)

    def _let_be(self, counter: int, now: datetime) -> None:
        """Note that a counter could have called and did not: its clerk would have taken longer than that."""
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
                self._add_stay(seen, occupied_for=end - seen.called_at)
            elif seen.left_at is None:
                self._add_stay(seen, patience=end - seen.joined_at)
        usual = _usual_occupancies(stay for seen in self._seen.values() for stay in seen.stays)
        for ref, seen in self._seen.items():
            # Somebody who abandoned may be called in a replay, and then needs a time at the counter.
            stays = tuple(
                stay if stay.patience is None else replace(stay, occupied_for=usual.get(stay.service, USUAL_OCCUPANCY))
                for stay in seen.stays
            )
            appointment = ref in floor.appointments
            wishes = tuple(seen.wishes)
            day.visits.append(
                ReplayedVisit(ref, seen.arrival, seen.at, AT_ONCE, stays, wishes=wishes, appointment=appointment)
            )
            day.classes[ref] = seen.classes
        day.appointments = floor.appointments
        for ref, wait_s, passed, passes in self._calls:
            day.tally.add(day.class_of(ref), wait_s, passed, passes)
        for ref, passed in self._gone:
            day.tally.slips[day.class_of(ref)][passed] += 1
        return day


def _wish(event: Event) -> Wish | None:
    """Return what a holder asked for, or staff for them, if the event is that."""
    if ev.TICKET_DEFERRED.marks(event):
        return Wish(delay=timedelta(seconds=event.data["delay_s"]))
    return Wish(service=event.data["to_service"]) if ev.TICKET_MOVED.marks(event) else None


def _how(event: Event) -> dict[str, object]:
    """Return how a ticket waits again after a hold, a no-show or a transfer: a part of a `Stay`."""
    if ev.TICKET_TRANSFERRED.marks(event):
        return {"counter": event.data["to_counter"], "first": event.data["first"]}
    if event.kind == ev.TICKET_REINSTATED:
        return {}
    after = event.data["after"]
    return {"kept": after == "held", "sits_out_next_call": after == "no_show"}


def _usual_occupancies(stays: Iterable[Stay]) -> Mapping[str, timedelta]:
    """Return service -> median time at a counter."""
    occupancies: dict[str, list[timedelta]] = defaultdict(list)
    for stay in stays:
        if stay.patience is None:
            occupancies[stay.service].append(stay.occupied_for)
    return {service: sorted(times)[len(times) // 2] for service, times in occupancies.items()}
