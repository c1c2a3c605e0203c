"""Proof: the chain holds, the rows are what the log says, and every call kept its guarantees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from hall.ports import HallStore
from hall.rollups import Ledger, differs, wrong_sums, zone_of
from hall.seal import Seal, broken
from queueing import events as ev
from queueing.errors import StepNotAllowed
from queueing.events import Event, read
from queueing.floor import Desk, Floor
from queueing.judge import Judge
from queueing.rollup import Rollup
from queueing.ticket import Ticket

BATCH = 5000


@dataclass(slots=True)
class Verdict:
    """What was found. An empty `faults` is a clean log."""

    events: int = 0
    tickets: int = 0
    calls: int = 0
    faults: list[str] = field(default_factory=list)
    first_bad_seq: int | None = None

    @property
    def clean(self) -> bool:
        return not self.faults

    def fault(self, text: str, seq: int | None = None) -> None:
        self.faults.append(text)
        if seq is not None and self.first_bad_seq is None:
            self.first_bad_seq = seq


def verify(store: HallStore, seal: Seal | None = None) -> Verdict:
    """Read the whole log and compare; the centre may go on working meanwhile.

    The chain is read up to its first bad row, for what follows that proves nothing; the rows are
    compared day by day as far as the log holds and makes sense.
    """
    verdict = Verdict()
    with store.snapshot():
        identity = store.identity()
        if identity is None:
            verdict.fault("there is no hall here")
        else:
            _Reading(store, verdict).read(identity[1])
            for fault in broken(store, seal) if seal is not None else ():
                verdict.fault(fault)
    return verdict


class _Reading:
    """One pass over the log: the floor it tells, the judge who listens, the rows beside it."""

    def __init__(self, store: HallStore, verdict: Verdict) -> None:
        self._store = store
        self._verdict = verdict
        self._floor = Floor()
        self._judge = Judge()
        self._ledger = Ledger(zone_of(store))
        self._told: set[int] = set()  # tickets the log knows and whose rows were compared
        self._whole = True  # neither the chain nor the story broke so far

    def read(self, log_id: str) -> None:
        for event in self._chain(self._first_log_id(log_id)):
            self._verdict.calls += event.kind == ev.TICKET_CALLED
            if self._whole:
                self._hear(event)
        if self._whole:
            self._compare_tickets(last=True)
            self._compare_desks()
            for ref in self._store.refs():
                if ref not in self._told:
                    self._verdict.fault(f"ticket {ref}: the log does not know it")
            for day, rollup in self._ledger.rest(self._floor):
                self._compare_rollup(day, rollup)
            for period in wrong_sums(self._store):
                self._verdict.fault(f"rollup of {period}: it is not the sum of its closed days")

    def _first_log_id(self, log_id: str) -> str:
        """What the log was called when it began: each restore renews the name and tells the one before."""
        first = name = None
        for event in self._store.events_of(ev.LOG_RESTORED):
            was = str(event.data.get("was"))
            first = first or was
            if name is not None and was != name:
                self._verdict.fault(f"event {event.seq}: the log was not called what it says", event.seq)
            name = str(event.data.get("log_id"))
        if name is not None and name != log_id:
            self._verdict.fault("the log is not called what its last restore called it")
        return first or log_id

    def _compare_rollup(self, day: date, rollup: Rollup) -> None:
        if differs(self._store, day, rollup):
            self._verdict.fault(f"rollup of {day}: its figures are not what the log says")

    def _chain(self, log_id: str) -> Iterator[Event]:
        """The events in order, up to the first row that does not follow."""
        before, expected = log_id, 1
        while batch := self._store.written(expected - 1, BATCH):
            for written in batch:
                if written.seq != expected:
                    return self._break(f"the log has a gap, event {expected} is missing", written.seq)
                if not written.follows(before):
                    return self._break("its hash does not follow from what it says", written.seq)
                try:
                    event = read(written)
                except ValueError as error:
                    return self._break(f"it cannot be read ({error})", written.seq)
                self._verdict.events += 1
                yield event
                before, expected = written.hash, expected + 1
        return None

    def _hear(self, event: Event) -> None:
        try:
            for breach in self._judge.hear(event):
                self._verdict.fault(
                    f"event {breach.seq}: {breach.guarantee} broken by ticket {breach.ref} against {breach.other}",
                    breach.seq,
                )
            if event.kind == ev.DAY_OPENED:
                self._compare_tickets()
            for day, rollup in self._ledger.hear(event, self._floor):
                self._compare_rollup(day, rollup)
            self._floor.apply(event)
        except (StepNotAllowed, LookupError, ValueError, TypeError, AttributeError) as error:
            self._break(f"{event.kind} does not follow from those before ({error!r})", event.seq)

    def _break(self, text: str, seq: int) -> None:
        self._whole = False
        self._verdict.fault(f"event {seq}: {text}", seq)

    def _compare_tickets(self, *, last: bool = False) -> None:
        """The rows of the days the floor holds; those in service wait for their end."""
        told = [ticket for ticket in self._floor.tickets.values() if last or ticket.ended]
        rows: dict[int, Ticket | None] = {}
        for day in sorted({ticket.day for ticket in told}):
            rows.update(self._rows(day, [ticket.ref for ticket in told]))
        for ticket in told:
            self._told.add(ticket.ref)
            if rows.get(ticket.ref) != ticket:
                self._verdict.fault(
                    f"ticket {ticket.ref} ({ticket.number} of {ticket.day}): its row is not what the log says",
                    ticket.arrival,
                )
        self._verdict.tickets += len(told)

    def _rows(self, day: date, refs: Iterable[int]) -> Mapping[int, Ticket | None]:
        try:
            return {row.ref: row for row in self._store.tickets(day, day)}
        except ValueError:  # one of them cannot be read: find out which
            return {ref: self._row(ref) for ref in refs}

    def _row(self, ref: int) -> Ticket | None:
        try:
            return self._store.ticket(ref)
        except ValueError:
            return None

    def _compare_desks(self) -> None:
        try:
            rows = self._store.desks()
        except ValueError as error:
            self._verdict.fault(f"the counters' rows cannot be read ({error})")
            return
        for counter in sorted(rows.keys() | self._floor.desks.keys()):
            if rows.get(counter, Desk()) != self._floor.desk(counter):
                self._verdict.fault(f"counter {counter}: its row is not what the log says")
