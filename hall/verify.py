"""Proof: the chain holds, the rows are what the log says, and every call kept its guarantees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from hall.ports import HallStore
from queueing import events as ev
from queueing.errors import StepNotAllowed
from queueing.events import Event, canonical, chained, instant
from queueing.floor import Floor
from queueing.judge import Judge

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


def verify(store: HallStore) -> Verdict:
    """Read the whole log and compare.

    The chain is read to its end even when it breaks; the rows are compared only if it holds, for
    a log that was changed proves nothing about them.
    """
    verdict = Verdict()
    identity = store.identity()
    if identity is None:
        verdict.fault("there is no hall here")
        return verdict
    log = _checked_chain(store, identity[1], verdict)
    floor, judge = Floor(), Judge()
    for event in log:
        if not verdict.clean:
            continue
        for violation in judge.hear(event):
            verdict.fault(
                f"event {event.seq}: {violation.guarantee} broken by ticket {violation.ref} against {violation.other}",
                event.seq,
            )
        if event.kind == ev.DAY_OPENED:
            _compare_tickets(store, floor, verdict)
        verdict.calls += event.kind == ev.TICKET_CALLED
        try:
            floor.apply(event)
        except (StepNotAllowed, KeyError, ValueError, TypeError) as error:
            verdict.fault(f"event {event.seq}: {event.kind} does not follow from those before ({error!r})", event.seq)
    if verdict.clean:
        _compare_tickets(store, floor, verdict, last=True)
        _compare_desks(store, floor, verdict)
    return verdict


def _checked_chain(store: HallStore, log_id: str, verdict: Verdict) -> Iterator[Event]:
    before, expected, after = log_id, 1, 0
    while batch := store.events(after, BATCH):
        for event in batch:
            verdict.events += 1
            if event.seq != expected:
                verdict.fault(f"event {event.seq}: the log has a gap, event {expected} is missing", event.seq)
            digest = chained(
                before,
                event.seq,
                instant(event.at),
                event.kind,
                event.ref,
                event.counter,
                event.service,
                canonical(event.data),
            )
            if digest != event.hash:
                verdict.fault(f"event {event.seq}: its hash does not follow from what it says", event.seq)
            if not verdict.clean:
                return  # what comes after the first bad row proves nothing
            before, expected, after = event.hash, event.seq + 1, event.seq
            yield event


def _compare_tickets(store: HallStore, floor: Floor, verdict: Verdict, *, last: bool = False) -> None:
    """The rows of the days the floor holds; those in service wait for their end."""
    days = {ticket.day for ticket in floor.tickets.values()} | ({floor.day} if floor.day else set())
    told = {ref: ticket for ref, ticket in floor.tickets.items() if last or ticket.ended}
    rows = {row.ref: row for day in sorted(days) for row in store.tickets(day, day)}
    verdict.tickets += len(told)
    for ref, ticket in told.items():
        if rows.get(ref) != ticket:
            verdict.fault(
                f"ticket {ref} ({ticket.number} of {ticket.day}): its row is not what the log says", ticket.arrival
            )
    for ref, row in rows.items():
        if row.day == floor.day and ref not in floor.tickets:
            verdict.fault(f"ticket {ref} ({row.number} of {row.day}): the log does not know it", row.arrival)


def _compare_desks(store: HallStore, floor: Floor, verdict: Verdict) -> None:
    rows = store.desks()
    for counter in sorted(rows.keys() | floor.desks.keys()):
        if rows.get(counter) != floor.desks.get(counter):
            verdict.fault(f"counter {counter}: its row is not what the log says")
