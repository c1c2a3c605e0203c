"""The judge: an independent check that every call in the log was the right one.

It does not use the data structures of the rule: it keeps a plain list of those waiting, each with the number of
times it was passed, and checks the guarantees one by one at every call. So a fault in `dispatch` cannot hide here.
"""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

from queueing import events as ev
from queueing.catalogue import REINSTATE_REASONS
from queueing.dispatch import Reason
from queueing.events import Event
from queueing.wishes import DEFER_MINUTES, DEFER_PEOPLE, DEFER_TIMES, TAKE_BACK_WITHIN

STAFFED = {ev.COUNTER_OPENED: True, ev.COUNTER_RESUMED: True, ev.COUNTER_PAUSED: False, ev.COUNTER_CLOSED: False}


@dataclass(slots=True)
class _Waiting:
    ref: int
    service: str
    arrival: int
    issued_at: datetime
    head_start: timedelta
    arrived_at: datetime  # counts as having arrived then: at its issue, or later at its holder's wish
    appointment: bool = False
    passed: int = 0
    counter: int | None = None  # waits for this counter alone
    ahead: str | None = None  # is called ahead of the queue, for this reason
    sits_out: bool = False  # is not called by the next call
    called_to: int | None = None  # the counter that called it last

    @property
    def order(self) -> tuple[datetime, int]:
        """Return the place in the order of arrival."""
        return (self.arrived_at, self.arrival)

    @property
    def key(self) -> tuple[datetime, int]:
        """Return what the rule compares: the arrival less the head start."""
        return (self.arrived_at - self.head_start, self.arrival)


def _fitting(tickets: Iterable[_Waiting], services: list[str], counter: int | None) -> list[_Waiting]:
    """Return those whom a counter with these services may call."""
    return [
        ticket
        for ticket in tickets
        if (ticket.service in services if ticket.counter is None else ticket.counter == counter)
    ]


@dataclass(frozen=True, slots=True)
class _Call:
    """What a call changed, kept in case it is undone."""

    ticket: _Waiting
    passed: list[int]
    freed: list[int]


@dataclass(frozen=True, slots=True)
class Violation:
    """A guarantee that a call broke; `stale` where it kept it under the cap in force just before."""

    seq: int
    guarantee: str
    ref: int
    other: int
    stale: bool = False


class Judge:
    """Reads the log in order and reports every breach of the guarantees of the order."""

    def __init__(self) -> None:
        self._waiting: dict[int, _Waiting] = {}
        self._away: dict[int, _Waiting] = {}  # called, and perhaps back one day
        self._cancelled: dict[int, _Waiting] = {}  # cancelled while they waited
        self._cancels: dict[int, tuple[datetime, object]] = {}  # when each was cancelled last, and by whom
        self._taken_back: set[int] = set()  # by their holders
        self._deferrals: Count[int] = Count()
        self._calls: dict[int, _Call] = {}  # by the seq of the call, of the open day
        self._rejoined: set[int] = set()  # the seqs of what let somebody wait again: transfers and returns
        self._open: set[int] = set()
        self._cap: int | None = None
        self._former_caps: list[tuple[datetime, int | None]] = []  # each replaced at that instant
        self.shared_commit: timedelta | None = None  # how long a call may still go by the cap just before; None: never

    def hear(self, event: Event) -> Iterable[Violation]:
        """Take the next event in; return the guarantees that it broke.

        G1: with the same head start, tickets are called in order of arrival. G2: nobody passes by more than the
        difference of the head starts. G3: nobody is passed more often than the cap. G4, that nobody starves,
        follows from G2 and G3. G5: a call takes somebody who waits for one of the counter's services. "order":
        the one called had the smallest key among those whom the cap left. "reason" (G6): the stored reason is the
        true one. G8: a call that the order does not explain is of a ticket transferred to be first, or of one
        back at its counter, or has its reason written down; a ticket that is back is kept for the counter that
        held it, while that is open, and for no other. G9: whom the holder lets pass is what was asked for, at most
        twice, and the ticket never counts as having arrived earlier than before. G10: a cancel is taken back by
        the holder once, within two minutes, if it was theirs, and else with a reason. "closed": a counter calls while
        it is open. Only those who wait at the time of a call can be passed by it.
        """
        read = _READS.get(event.kind)
        return () if read is None else list(read(self, event) or ())

    def _policy(self, event: Event) -> None:
        self._former_caps = [*self._caps_just_before(event.at), (event.at, self._cap)]
        self._cap = cast(int, event.data["cap"])

    def _day(self, event: Event) -> None:
        self._away, self._calls, self._rejoined = {}, {}, set()
        self._cancelled, self._cancels, self._taken_back, self._deferrals = {}, {}, set(), Count()
        serving = cast("list[dict[str, Any]]", event.data.get("serving", []))
        self._open = {carried["counter"] for carried in serving if not carried["paused"]}

    def _issued(self, event: Event) -> None:
        ref, service = cast(int, event.ref), cast(str, event.service)
        start, due = timedelta(seconds=cast(int, event.data["head_start_s"])), "appointment" in event.data
        self._waiting[ref] = _Waiting(ref, service, event.seq, event.at, start, event.at, appointment=due)

    def _priority(self, event: Event) -> None:
        if event.ref in self._waiting:
            self._waiting[event.ref].head_start = timedelta(seconds=cast(int, event.data["head_start_s"]))

    def _moved(self, event: Event) -> None:
        if event.ref in self._waiting:
            moved = self._waiting[event.ref]
            moved.service, moved.counter, moved.ahead = cast(str, event.data["to_service"]), None, None

    def _transferred(self, event: Event) -> None:
        self._rejoined.add(event.seq)
        reason = Reason.TRANSFER.value if event.data["first"] else None
        service = cast(str, event.data["to_service"])
        self._back(event, service=service, counter=cast("int | None", event.data["to_counter"]), ahead=reason)

    def _staffed(self, event: Event) -> None:
        if event.counter is not None:
            (self._open.add if STAFFED[event.kind] else self._open.discard)(event.counter)
            self._release()

    def _leave(self, event: Event) -> None:
        ref = cast(int, event.ref)
        ticket = self._waiting.pop(ref, None)
        if event.kind == ev.TICKET_CANCELLED:
            self._cancels[ref] = (event.at, event.data.get("by"))
            if ticket is not None:
                self._cancelled[ref] = ticket

    def _reinstated(self, event: Event) -> Iterator[Violation]:
        ref, by, why = cast(int, event.ref), event.data["by"], event.data.get("why")
        at, cancelled_by = self._cancels.get(ref, (event.at, None))
        holder = f"ticket:{ref}"
        theirs = by == cancelled_by == holder and ref not in self._taken_back and event.at - at <= TAKE_BACK_WITHIN
        if not (theirs if why is None else by != holder and why in REINSTATE_REASONS):
            yield Violation(event.seq, "G10", ref, ref)
        if why is None:
            self._taken_back.add(ref)
        if ref in self._cancelled:
            self._waiting[ref] = self._cancelled.pop(ref)
        else:
            self._back(event)

    def _deferred(self, event: Event) -> Iterator[Violation]:
        ticket = self._waiting.get(cast(int, event.ref))
        if ticket is None:
            return
        data, before = event.data, ticket.arrived_at
        after = ticket.issued_at + timedelta(seconds=cast(int, data["delay_s"]))
        minutes, people = data.get("minutes"), data.get("people")
        right = None
        if people is None and minutes in DEFER_MINUTES:
            right = before + timedelta(minutes=minutes)
        elif minutes is None and isinstance(people, int) and 0 < people <= DEFER_PEOPLE:
            others = [one for one in self._waiting.values() if one.service == ticket.service and one.ahead is None]
            behind = sorted(one.key for one in others if one.key > ticket.key)[:people]
            if behind:
                # The first whole second after its issue at which it comes behind the last of them.
                after_s = (behind[-1][0] + ticket.head_start - ticket.issued_at) // timedelta(seconds=1) + 1
                right = ticket.issued_at + timedelta(seconds=after_s)
        self._deferrals[ticket.ref] += 1
        if after <= before or after != right or ticket.ahead is not None or self._deferrals[ticket.ref] > DEFER_TIMES:
            yield Violation(event.seq, "G9", ticket.ref, ticket.ref)
        ticket.arrived_at = after

    def _returned(self, event: Event) -> Iterator[Violation]:
        ref, kept, after = cast(int, event.ref), cast("int | None", event.data["kept_for"]), event.data["after"]
        held = self._away.get(ref) if after == "held" else None
        if kept != (held.called_to if held is not None and held.called_to in self._open else None):
            yield Violation(event.seq, "G8", ref, ref)
        self._rejoined.add(event.seq)
        reason = None if kept is None else Reason.RETURN.value
        self._back(event, counter=kept, ahead=reason, sits_out=after == "no_show")

    def _back(self, event: Event, **how: Any) -> None:
        """Let somebody wait again, with the arrival and the number of passes of before."""
        ref = cast(int, event.ref)
        ticket = self._away.get(ref)
        if ticket is not None:  # None only for a ticket of an earlier day
            self._waiting[ref] = replace(ticket, counter=None, ahead=None, sits_out=False)
            self._waiting[ref] = replace(self._waiting[ref], **how)

    def _release(self) -> None:
        """Put those who were kept for a counter that is not open back into the queue of their service."""
        for ticket in (*self._waiting.values(), *self._cancelled.values()):
            if ticket.counter is not None and ticket.counter not in self._open:
                ticket.counter, ticket.ahead = None, None

    def _called(self, event: Event) -> Iterator[Violation]:
        ref, reason = cast(int, event.ref), event.data["reason"]
        called = self._waiting.pop(ref, None)
        services = cast("list[str]", event.data["services"])
        if called is None or not _fitting([called], services, event.counter):
            yield Violation(event.seq, "G5", ref, ref)
            return
        if event.counter not in self._open:
            yield Violation(event.seq, "closed", ref, ref)
        here = _fitting(self._waiting.values(), services, event.counter)
        freed = [ticket for ticket in here if ticket.sits_out]
        eligible = [ticket for ticket in here if not ticket.sits_out] if freed else here
        by_rule = reason != Reason.MANUAL and called.ahead is None
        if by_rule:
            if called.sits_out:
                yield from [Violation(event.seq, "later", ref, ticket.ref) for ticket in eligible]
                eligible = freed
            yield from [Violation(event.seq, "order", ref, ticket.ref) for ticket in here if ticket.ahead is not None]
        passed = [ticket for ticket in eligible if ticket.order < called.order]
        if by_rule:
            yield from self._in_order(event, called, eligible, passed)
        else:
            yield from self._exception(event, called, passed)
        for ticket in freed:
            ticket.sits_out = False
        called.called_to = event.counter
        self._away[ref] = called
        counted = [ticket.ref for ticket in passed] if by_rule else []
        self._calls[event.seq] = _Call(called, counted, [ticket.ref for ticket in freed])

    def _in_order(
        self, event: Event, called: _Waiting, eligible: list[_Waiting], passed: list[_Waiting]
    ) -> Iterator[Violation]:
        breaches = list(self._breaches(event, called, eligible, passed, self._cap))
        stale = bool(breaches) and any(
            not list(self._breaches(event, called, eligible, passed, cap))
            for _, cap in self._caps_just_before(event.at)
        )
        for other in passed:
            other.passed += 1
        yield from (replace(breach, stale=stale) for breach in breaches)

    def _caps_just_before(self, at: datetime) -> list[tuple[datetime, int | None]]:
        """Return the caps by which a call of this moment may still have been decided, each with its end."""
        if self.shared_commit is None:
            return []
        return [(replaced, cap) for replaced, cap in self._former_caps if at - replaced <= self.shared_commit]

    @staticmethod
    def _breaches(
        event: Event, called: _Waiting, eligible: list[_Waiting], passed: list[_Waiting], cap: int | None
    ) -> Iterator[Violation]:
        ref = called.ref
        at_cap = [] if cap is None else [ticket.order for ticket in (*eligible, called) if ticket.passed >= cap]
        limit = min(at_cap, default=None)
        for other in passed:
            # A change of policy may leave someone passed more often than the new cap; the rule
            # then lets nobody pass them any more, which is what G3 asks.
            if other.head_start == called.head_start:
                yield Violation(event.seq, "G1", ref, other.ref)
            if called.arrived_at - other.arrived_at > called.head_start - other.head_start:
                yield Violation(event.seq, "G2", ref, other.ref)
            if cap is not None and other.passed >= cap:
                yield Violation(event.seq, "G3", ref, other.ref)
        smaller = [ticket for ticket in eligible if ticket.key < called.key]
        for other in smaller:
            if limit is None or other.order <= limit:
                yield Violation(event.seq, "order", ref, other.ref)
        if limit is not None and smaller:
            right = Reason.CAP
        else:
            early = Reason.APPOINTMENT if called.appointment else Reason.HEADSTART
            right = early if passed else Reason.ORDER
        if event.data["reason"] != right.value or event.data["passes"] != len(passed):
            yield Violation(event.seq, "reason", ref, ref)

    def _exception(self, event: Event, called: _Waiting, passed: list[_Waiting]) -> Iterator[Violation]:
        """Check a call out of turn: its reason is stored, and the number of those it passed is right."""
        reason, ref = event.data["reason"], called.ref
        if reason == Reason.MANUAL:
            if not event.data.get("why"):
                yield Violation(event.seq, "G8", ref, ref)
        else:
            for other in passed:
                if other.ahead is not None:
                    yield Violation(event.seq, "order", ref, other.ref)
        if reason not in (Reason.MANUAL, called.ahead) or event.data["passes"] != len(passed):
            yield Violation(event.seq, "reason", ref, ref)

    def _undone(self, event: Event) -> None:
        undoes, ref = cast(int, event.data["undoes"]), cast(int, event.ref)
        call = self._calls.pop(undoes, None)
        if call is not None:
            for people in (self._waiting, self._cancelled):
                for other in people.values():
                    other.passed -= other.ref in call.passed
                    other.sits_out = other.sits_out or other.ref in call.freed
            self._away.pop(ref, None)
            self._waiting[ref] = call.ticket
            self._release()
        elif undoes in self._rejoined:
            del self._waiting[ref]
            for call in self._calls.values():  # what passed it then did not pass it where it may wait next
                call.passed[:] = [other for other in call.passed if other != ref]
                call.freed[:] = [other for other in call.freed if other != ref]


# The start and the end of a service are half of the log, and change nothing of the queue.
_READS: dict[str, Callable[[Judge, Event], Iterable[Violation] | None]] = {
    ev.POLICY_CHANGED: Judge._policy,
    ev.DAY_OPENED: Judge._day,
    ev.TICKET_ISSUED: Judge._issued,
    ev.TICKET_PRIORITY_CHANGED: Judge._priority,
    ev.TICKET_DEFERRED: Judge._deferred,
    ev.TICKET_MOVED: Judge._moved,
    ev.TICKET_CALLED: Judge._called,
    ev.TICKET_RETURNED: Judge._returned,
    ev.TICKET_TRANSFERRED: Judge._transferred,
    ev.TICKET_UNDONE: Judge._undone,
    ev.TICKET_REINSTATED: Judge._reinstated,
    **dict.fromkeys(ev.GONE, Judge._leave),
    **dict.fromkeys(map(str, STAFFED), Judge._staffed),
}
