"""`server.py verify`: check the chain of hashes, the rows against the log, and the order of every call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from hall.day import goes_back_wrongly
from hall.hall import settings_events
from hall.ports import HallStore
from hall.publishing import changed_publications
from hall.rollups import Ledger, differs, wrong_sums, zone_in_log
from hall.seal import Seal, broken
from hall.settings.audit import SHARED_COMMIT, AuditFinding, SettingsAudit
from queueing import events as ev
from queueing.errors import StepNotAllowed
from queueing.events import Event, read
from queueing.floor import CounterState, Floor
from queueing.judge import Judge
from queueing.rollup import Rollup
from queueing.ticket import Ticket

BATCH = 5000
SHORTEST_STRETCH = 20_000  # events: less is not worth another process


@dataclass(slots=True)
class Verdict:
    """The result of a check. The log is clean if `faults` is empty; `stale` facts are not faults."""

    events: int = 0
    calls: int = 0
    refs: set[int] = field(default_factory=set)  # tickets the log knows and whose rows were compared
    faults: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)  # decided by the settings just before: version 0.1 did that
    first_bad_seq: int | None = None
    chained: bool = True  # the chain of hashes is unbroken
    whole: bool = True  # and every event could follow from those before

    @property
    def clean(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.faults

    @property
    def tickets(self) -> int:
        """Return how many tickets were compared with their rows."""
        return len(self.refs)

    def add_fault(self, text: str, seq: int | None = None) -> None:
        """Add a fault, and the event it is at, if there is one."""
        self.faults.append(text)
        if seq is not None and self.first_bad_seq is None:
            self.first_bad_seq = seq

    def add_finding(self, finding: AuditFinding) -> None:
        """Add a fact that the settings in force do not explain: as stale, or as a fault."""
        text = f"event {finding.seq}: {finding.text}" if finding.seq else finding.text
        if finding.stale:
            self.stale.append(text)
        else:
            self.add_fault(text, finding.seq or None)

    def add_later(self, later: Verdict) -> None:
        """Add the result of the following stretch; after a break of the chain it proves nothing and is left out."""
        if not self.chained:
            return
        self.events += later.events
        self.calls += later.calls
        self.refs |= later.refs
        self.faults += later.faults
        self.stale += later.stale
        self.chained = later.chained
        self.whole = self.whole and later.whole
        if self.first_bad_seq is None:
            self.first_bad_seq = later.first_bad_seq


class Stretch(NamedTuple):
    """Whole days of the log that can be checked on their own: nobody was at a counter when they began."""

    after: int  # the seq before its first event
    before: str  # the hash of that event; of the first stretch the name that the log had
    until: int | None  # the seq of its last event; None: to the end of the log


class StartReading(Protocol):
    """Begins to read a stretch in another process, and returns a function that waits for the verdict."""

    def __call__(self, stretch: Stretch) -> Callable[[], Verdict]: ...


def verify(
    store: HallStore, seal: Seal | None = None, *, processes: int = 1, start_reading: StartReading | None = None
) -> Verdict:
    """Check the whole log, and the `seal` if one is given; the centre may go on working meanwhile.

    The chain is read up to its first bad row, because what follows that proves nothing. The rows are
    compared day by day, as far as the chain is unbroken and every event can follow from those before. With
    `start_reading` the log is read
    by as many `processes` at once; the verdict is the same.
    """
    verdict = Verdict()
    with store.snapshot():
        identity = store.identity()
        if identity is None:
            verdict.add_fault("there is no hall here")
            return verdict
        name = _first_log_id(store, identity[1], verdict)
        *others, last = cut(store, processes if start_reading is not None else 1, name)
        waiting = [start_reading(stretch) for stretch in others if start_reading is not None]
        found_last = read_stretch(store, last)
        for part in (*[wait() for wait in waiting], found_last):
            verdict.add_later(part)
        if verdict.whole:
            for ref in store.refs():
                if ref not in verdict.refs:
                    verdict.add_fault(f"ticket {ref}: the log does not know it")
            for period in wrong_sums(store):
                verdict.add_fault(f"rollup of {period}: it is not the sum of its closed days")
        for name in changed_publications(store):
            verdict.add_fault(f"open data {name}: it is not what was published")
        for fault in broken(store, seal) if seal is not None else ():
            verdict.add_fault(fault)
    return verdict


def cut(store: HallStore, most: int, name: str) -> list[Stretch]:
    """Return the log, whose first id was `name`, in at most `most` stretches of about the same length, in order."""
    end, openings = store.last_seq(), store.quiet_openings()
    many = max(1, min(most, end // SHORTEST_STRETCH))
    ends: list[int] = []
    for n in range(1, many):
        near = min(openings, key=lambda seq: abs(seq - 1 - end * n // many), default=1) - 1
        if near > (ends[-1] if ends else 0):
            ends.append(near)
    hashes = [name, *(written.hash for seq in ends for written in store.written(seq - 1, 1))]
    return [Stretch(*bounds) for bounds in zip([0, *ends], hashes, [*ends, None], strict=True)]


def read_stretch(store: HallStore, stretch: Stretch) -> Verdict:
    """Return the verdict on one stretch of the log."""
    verdict = Verdict()
    with store.snapshot():
        _Reading(store, verdict).read(stretch)
    return verdict


def _first_log_id(store: HallStore, log_id: str, verdict: Verdict) -> str:
    """Return the first id of the log: each restore gave it a new one, and its event holds the one before."""
    first = name = None
    for event in store.events_of(ev.LOG_RESTORED):
        was = str(event.data.get("was"))
        first = first or was
        if name is not None and was != name:
            verdict.add_fault(f"event {event.seq}: the log was not called what it says", event.seq)
        name = str(event.data.get("log_id"))
    if name is not None and name != log_id:
        verdict.add_fault("the log is not called what its last restore called it")
    return first or log_id


def _appointment_events(store: HallStore, until: int) -> list[Event]:
    """Return the events up to this seq that say which appointments are open, in order."""
    events: list[Event] = [
        *store.events_of(ev.APPOINTMENT_BOOKED),
        *store.events_of(ev.APPOINTMENT_CANCELLED),
        *store.events_of(ev.APPOINTMENT_MISSED),
    ]
    return sorted((event for event in events if event.seq <= until), key=lambda event: event.seq)


class _Reading:
    """One pass over a stretch of the log: fold it into a floor, judge the calls, compare the rows."""

    def __init__(self, store: HallStore, verdict: Verdict) -> None:
        self._store = store
        self._verdict = verdict
        self._floor = Floor()
        self._judge = Judge()
        self._settings = SettingsAudit()
        self._numbers: set[object] = set()  # given on the open day
        self._zone = zone_in_log(store)
        self._ledger = Ledger(self._zone or ZoneInfo("UTC"))

    def read(self, stretch: Stretch) -> None:
        self._take_settings(stretch.after)
        for event in self._chain(stretch):
            self._verdict.calls += event.kind == ev.TICKET_CALLED
            if self._verdict.whole:
                self._hear(event)
        if self._verdict.whole:
            if stretch.until is not None:
                for ticket in self._floor.tickets.values():
                    if not ticket.ended:
                        self._verdict.add_fault(
                            f"ticket {ticket.ref}: it was left behind when a day began", ticket.arrival
                        )
            self._compare_tickets(last=True)
            if stretch.until is None:
                self._compare_counters()
                self._compare_settings()
            for day, rollup in self._ledger.rest(self._floor):
                self._compare_rollup(day, rollup)

    def _take_settings(self, seq: int) -> None:
        """Read the settings in force at the beginning. If they cannot be read, the stretch before reports it."""
        with suppress(LookupError, ValueError, TypeError, AttributeError):
            for event in (*settings_events(self._store, seq), *_appointment_events(self._store, seq)):
                self._judge.hear(event)
                for _ in self._settings.hear(event):
                    pass  # reported by the stretch before

    def _compare_rollup(self, day: date, rollup: Rollup) -> None:
        if differs(self._store, day, rollup):
            self._verdict.add_fault(f"rollup of {day}: its figures are not what the log says")

    def _chain(self, stretch: Stretch) -> Iterator[Event]:
        """Yield the events in order, up to the first row that does not follow."""
        expected, before = stretch.after + 1, stretch.before
        while batch := self._store.written(expected - 1, self._batch(stretch, expected)):
            for written in batch:
                if written.seq != expected:
                    return self._unchained(f"the log has a gap, event {expected} is missing", written.seq)
                if not written.follows(before):
                    return self._unchained("its hash does not follow from what it says", written.seq)
                try:
                    event = read(written)
                except ValueError as error:
                    return self._unchained(f"it cannot be read ({error})", written.seq)
                self._verdict.events += 1
                yield event
                before, expected = written.hash, expected + 1
        return None

    @staticmethod
    def _batch(stretch: Stretch, expected: int) -> int:
        return BATCH if stretch.until is None else min(BATCH, stretch.until - expected + 1)

    def _unchained(self, text: str, seq: int) -> None:
        self._verdict.chained = False
        self._break(text, seq)

    def _hear(self, event: Event) -> None:
        if goes_back_wrongly(event, self._floor):
            self._verdict.add_fault(f"event {event.seq}: it is of an earlier time than the event before", event.seq)
        self._check_number(event)
        try:
            for finding in self._settings.hear(event):
                self._verdict.add_finding(finding)
            self._judge.shared_commit = SHARED_COMMIT if self._settings.lenient else None
            for breach in self._judge.hear(event):
                text = f"{breach.guarantee} broken by ticket {breach.ref} against {breach.other}"
                self._verdict.add_finding(AuditFinding(breach.seq, text, breach.stale))
            if event.kind == ev.DAY_OPENED:
                self._compare_tickets()
            for day, rollup in self._ledger.hear(event, self._floor):
                self._compare_rollup(day, rollup)
            self._floor.apply(event)
        except (StepNotAllowed, LookupError, ValueError, TypeError, AttributeError) as error:
            self._break(f"{event.kind} does not follow from those before ({error!r})", event.seq)

    def _check_number(self, event: Event) -> None:
        """Add a fault if a number of the day is given again, also one that was changed for another."""
        if event.kind == ev.DAY_OPENED:
            self._numbers.clear()
        elif event.kind in (ev.TICKET_ISSUED, ev.TICKET_MOVED):
            number = event.data.get("number")
            if number in self._numbers:
                self._verdict.add_fault(f"event {event.seq}: number {number} had been given that day", event.seq)
            self._numbers.add(number)

    def _break(self, text: str, seq: int) -> None:
        self._verdict.whole = False
        self._verdict.add_fault(f"event {seq}: {text}", seq)

    def _compare_tickets(self, *, last: bool = False) -> None:
        """Compare the rows of the tickets on the floor; of those not ended only at the `last` call."""
        folded = [ticket for ticket in self._floor.tickets.values() if last or ticket.ended]
        rows: dict[int, Ticket | None] = {}
        for day in sorted({ticket.day for ticket in folded}):
            rows.update(self._rows(day, [ticket.ref for ticket in folded]))
        for ticket in folded:
            self._verdict.refs.add(ticket.ref)
            if rows.get(ticket.ref) != ticket:
                self._verdict.add_fault(
                    f"ticket {ticket.ref} ({ticket.number} of {ticket.day}): its row is not what the log says",
                    ticket.arrival,
                )

    def _rows(self, day: date, refs: Iterable[int]) -> Mapping[int, Ticket | None]:
        try:
            return {row.ref: row for row in self._store.tickets(day, day)}
        except ValueError:  # one of them cannot be read, so read them one by one
            return {ref: self._row(ref) for ref in refs}

    def _row(self, ref: int) -> Ticket | None:
        try:
            return self._store.ticket(ref)
        except ValueError:
            return None

    def _compare_settings(self) -> None:
        for finding in self._settings.end():
            self._verdict.add_finding(finding)
        if self._zone is None:
            self._verdict.add_fault("the time zone of the hall cannot be read")
        try:
            rows = self._store.configuration()
        except ValueError as error:
            self._verdict.add_fault(f"the rows of the settings cannot be read ({error})")
            return
        for finding in self._settings.compare(rows):
            self._verdict.add_finding(finding)

    def _compare_counters(self) -> None:
        try:
            rows = self._store.counter_states()
        except ValueError as error:
            self._verdict.add_fault(f"the counters' rows cannot be read ({error})")
            return
        for counter in sorted(rows.keys() | self._floor.counter_states.keys()):
            if rows.get(counter, CounterState()) != self._floor.counter_state(counter):
                self._verdict.add_fault(f"counter {counter}: its row is not what the log says")
