"""A day of the log, ready to be played again: who came, how long each kept a counter, who was staffed when.

Also how long the clerks let a free counter stand and whom they called by hand. What was undone did not happen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, cast

from hall.catalogue.model import Policy
from hall.ports import HallStore
from queueing import events as ev
from queueing.counter_time import is_activity, is_day_end
from queueing.dispatch import BY_RULE, Place, Reason
from queueing.events import Event
from queueing.floor import Floor, Staffing
from queueing.replay import AT_ONCE, OnAbandoned, ReplayedCall, ReplayedVisit, StaffingChange, Stay, Wish, replay

BATCH = 2000
LONGER = timedelta(microseconds=1)
USUAL_OCCUPANCY = timedelta(minutes=8)  # of one who was never called on a day without any service


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
    past_calls: list[ReplayedCall] = field(default_factory=list)  # the calls that happened, in their order
    gone: list[tuple[int, int]] = field(default_factory=list)  # who abandoned, and how often they were passed
    ends_at: datetime | None = None  # of its last event
    # Of a day that goes on: whose last stay is not over, and how long they have been at the counter; None: they wait.
    unfinished: dict[int, timedelta | None] = field(default_factory=dict)

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


def closed_days(store: HallStore) -> list[tuple[int, int]]:
    """Return the first and last seq of every closed day."""
    opened = [event.seq for event in store.events_of(ev.DAY_OPENED)]
    return [(first, following - 1) for first, following in zip(opened, opened[1:], strict=False)]


def events_between(store: HallStore, first: int, last: int) -> Iterator[Event]:
    """Yield the events from one seq to another, both included."""
    at = first - 1
    while at < last:
        for event in store.events(at, min(BATCH, last - at)):
            yield event
            at = event.seq


def read_day(events: Iterable[Event], now: datetime | None = None) -> Day:
    """Return a day, ready to be played again, from its events; the first event opens the day.

    What was undone within ten seconds did not happen, nor did its undoing. With `now` the day goes on: who waits then
    has not abandoned, and `unfinished` lists whose stay is not over.
    """
    every = list(events)
    undone = {event.data["undoes"] for event in every if ev.TICKET_UNDONE.marks(event)}
    reader = _Reader()
    for event in every:
        if event.seq not in undone and event.kind != ev.TICKET_UNDONE:
            reader.hear(event)
    return reader.day(now)


class _Reader:
    def __init__(self) -> None:
        self._floor = Floor()
        self._day: Day | None = None
        self._seen: dict[int, _Seen] = {}
        self._past_calls: list[ReplayedCall] = []
        self._gone: list[tuple[int, int]] = []  # who abandoned, and how often they were passed
        self._services: dict[int, tuple[str, ...]] = {}  # of each counter
        self._shifts: dict[int, tuple[str, ...]] = {}  # the services of each counter that can call
        self._ready: dict[int, datetime] = {}  # since when a free counter has somebody to call
        self._active: datetime | None = None  # when the last activity was

    def hear(self, event: Event) -> None:
        floor = self._floor
        if ev.DAY_OPENED.marks(event):
            self._day = Day(date.fromisoformat(event.data["day"]))
        if self._active is None or is_activity(event):
            self._active = event.at
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
        call = ReplayedCall(
            ref,
            len(seen.stays),
            counter,
            seen.joined_at,
            event.at,
            event.at,
            Reason(reason),
            passes,
            passed - seen.passed,
        )
        self._past_calls.append(call)
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
    def _add_return(seen: _Seen, back_at: datetime) -> None:
        """Note that somebody who is away will wait again for the counter that holds the ticket."""
        seen.stays.append(Stay(back_at - cast(datetime, seen.left_at), seen.service, AT_ONCE, kept=True))

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
        # What the change of day closes was left before: it may come with the next start.
        at = self._active if self._active is not None and is_day_end(event) else event.at
        for counter, state in floor.counter_states.items():
            foreign = state.ref is not None and state.ref not in self._seen  # a service of the day before
            able = state.staffing is Staffing.OPEN and not foreign
            services = self._services.get(counter, ()) if able else ()
            if services != self._shifts.get(counter, ()):
                self._shifts[counter] = services
                day.staffing.append(StaffingChange(at, counter, services))
            if state.ref is None and services and floor.waiting.count_for(services, counter):
                self._ready.setdefault(counter, at)
            elif counter in self._ready:
                self._let_be(counter, at)

    def _let_be(self, counter: int, now: datetime) -> None:
        """Note that a counter could have called and did not: its clerk would have taken longer than that."""
        cast(Day, self._day).hesitations[counter].append(now - self._ready.pop(counter) + LONGER)

    def day(self, now: datetime | None) -> Day:
        day, floor = cast(Day, self._day), self._floor
        end = cast(datetime, floor.at) if now is None else now
        for counter in list(self._ready):
            self._let_be(counter, end)
        for ref, seen in self._seen.items():
            if seen.called_at is not None:  # at a counter still
                self._add_stay(seen, occupied_for=end - seen.called_at)
                if now is not None:
                    day.unfinished[ref] = end - seen.called_at
            elif seen.left_at is None:
                self._add_stay(seen, patience=None if now is not None else end - seen.joined_at)
                if now is not None:
                    day.unfinished[ref] = None
            elif now is not None and ref in floor.holds:
                self._add_return(seen, max(end, floor.holds[ref].until or end))
                day.unfinished[ref] = None
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
        day.appointments = {ref: checked_in.head_start for ref, checked_in in floor.appointments.items()}
        day.gone = self._gone
        lasted = {visit.ref: [stay.occupied_for for stay in visit.stays] for visit in day.visits}
        day.past_calls = [
            replace(call, left_at=call.called_at + lasted[call.ref][call.stay]) for call in self._past_calls
        ]
        day.ends_at = end
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
