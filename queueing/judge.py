"""The judge: was every call in the log the right one?

It does not use the rule's own data structures: it keeps the plain list of those waiting, each with
the times it was passed, and checks the guarantees one by one at every call. So a fault in
`dispatch` cannot hide itself here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

from queueing import events as ev
from queueing.dispatch import Reason
from queueing.events import Event

STAFFED = {ev.COUNTER_OPENED: True, ev.COUNTER_RESUMED: True, ev.COUNTER_PAUSED: False, ev.COUNTER_CLOSED: False}


@dataclass(slots=True)
class _Line:
    ref: int
    service: str
    arrival: int
    issued_at: datetime
    head_start: timedelta
    key: tuple[datetime, int]
    appointment: bool = False
    passed: int = 0
    counter: int | None = None  # waits for this counter alone
    before: str | None = None  # is called before the line, for this reason
    later: bool = False  # not by the next call

    def begin_earlier(self, head_start: timedelta) -> None:
        self.head_start = head_start
        self.key = (self.issued_at - head_start, self.arrival)


def _fitting(lines: Iterable[_Line], services: list[str], counter: int | None) -> list[_Line]:
    """Those whom a counter with these services may call."""
    return [line for line in lines if (line.service in services if line.counter is None else line.counter == counter)]


@dataclass(frozen=True, slots=True)
class _Call:
    """What a call changed, in case it is undone."""

    line: _Line
    passed: list[_Line]
    freed: list[_Line]


@dataclass(frozen=True, slots=True)
class Violation:
    """A guarantee that a call broke; `stale` where it kept it under the cap in force just before."""

    seq: int
    guarantee: str
    ref: int
    other: int
    stale: bool = False


class Judge:
    """Reads the log in order and names every breach of the guarantees of the order."""

    def __init__(self) -> None:
        self._waiting: dict[int, _Line] = {}
        self._away: dict[int, _Line] = {}  # called, and perhaps back one day
        self._calls: dict[int, _Call] = {}  # by the seq of the call, of the open day
        self._sent_on: set[int] = set()  # seqs of transfers
        self._open: set[int] = set()
        self._cap: int | None = None
        self._former_caps: list[tuple[datetime, int | None]] = []  # each replaced at that instant
        self.shared_commit: timedelta | None = None  # how long a call may still go by the cap just before; None: never

    def hear(self, event: Event) -> Iterable[Violation]:
        """Take in the next event; what a call broke comes out.

        G1 same head start in order of arrival. G2 nobody passes by more than the difference of the
        head starts. G3 nobody is passed more often than the cap. G4, that nobody starves, follows
        from G2 and G3. G5 a call takes somebody who waits for one of the counter's services. Beyond
        them "order": the one called had the smallest key among those the cap left; and "reason":
        the stored reason is the true one (G6). G8: a call that the order does not explain is of one
        who was sent on to be first or is back at the counter, or has its reason written down.
        Nobody is passed by a call before they waited: only those waiting at the call are looked at.
        """
        data, kind = event.data, event.kind
        if kind in (ev.TICKET_STARTED, ev.TICKET_FINISHED):
            return ()  # half of the log, and nothing of it is about the line
        if kind == ev.TICKET_CALLED:
            return list(self._called(event))
        if kind == ev.POLICY_CHANGED:
            self._former_caps.append((event.at, self._cap))
            self._cap = cast(int, data["cap"])
        elif kind == ev.DAY_OPENED:
            self._away, self._calls, self._sent_on = {}, {}, set()
            serving = cast("list[dict[str, Any]]", data.get("serving", []))
            self._open = {carried["counter"] for carried in serving if not carried["paused"]}
        elif kind == ev.TICKET_ISSUED:
            ref = cast(int, event.ref)
            head_start = timedelta(seconds=cast(int, data["head_start_s"]))
            key = (event.at - head_start, event.seq)
            self._waiting[ref] = _Line(
                ref, cast(str, event.service), event.seq, event.at, head_start, key, appointment="appointment" in data
            )
        elif kind == ev.TICKET_PRIORITY_CHANGED and event.ref in self._waiting:
            self._waiting[event.ref].begin_earlier(timedelta(seconds=cast(int, data["head_start_s"])))
        elif kind in ev.GONE:
            self._waiting.pop(cast(int, event.ref), None)
        elif kind == ev.TICKET_RETURNED:
            kept = cast("int | None", data["kept_for"])
            reason = None if kept is None else Reason.RETURN.value
            self._back(event, counter=kept, before=reason, later=data["after"] == "no_show")
        elif kind == ev.TICKET_TRANSFERRED:
            self._sent_on.add(event.seq)
            reason = Reason.TRANSFER.value if data["first"] else None
            service = cast(str, data["to_service"])
            self._back(event, service=service, counter=cast("int | None", data["to_counter"]), before=reason)
        elif kind == ev.TICKET_UNDONE:
            self._undone(event)
        elif kind in STAFFED and event.counter is not None:
            (self._open.add if STAFFED[kind] else self._open.discard)(event.counter)
            self._release()
        return ()

    def _back(self, event: Event, **how: Any) -> None:
        """Somebody waits again, by the arrival and passed as often as before."""
        ref = cast(int, event.ref)
        line = self._away.get(ref)
        if line is not None:  # of an earlier day it cannot be
            self._waiting[ref] = replace(line, counter=None, before=None, later=False)
            self._waiting[ref] = replace(self._waiting[ref], **how)

    def _release(self) -> None:
        """Whoever was kept for a counter that is not open has a place in the line of the service."""
        for line in self._waiting.values():
            if line.counter is not None and line.counter not in self._open:
                line.counter, line.before = None, None

    def _called(self, event: Event) -> Iterator[Violation]:
        ref, reason = cast(int, event.ref), event.data["reason"]
        called = self._waiting.pop(ref, None)
        services = cast("list[str]", event.data["services"])
        if called is None or not _fitting([called], services, event.counter):
            yield Violation(event.seq, "G5", ref, ref)
            return
        here = _fitting(self._waiting.values(), services, event.counter)
        freed = [line for line in here if line.later]
        eligible = [line for line in here if not line.later] if freed else here
        by_rule = reason != Reason.MANUAL and called.before is None
        if by_rule:
            if called.later:
                yield from [Violation(event.seq, "later", ref, line.ref) for line in eligible]
                eligible = freed
            yield from [Violation(event.seq, "order", ref, line.ref) for line in here if line.before is not None]
        passed = [line for line in eligible if line.arrival < called.arrival]
        if by_rule:
            yield from self._in_order(event, called, eligible, passed)
        else:
            yield from self._exception(event, called, passed)
        for line in freed:
            line.later = False
        self._away[ref] = called
        self._calls[event.seq] = _Call(called, passed if by_rule else [], freed)

    def _in_order(self, event: Event, called: _Line, eligible: list[_Line], passed: list[_Line]) -> Iterator[Violation]:
        found = list(self._breaches(event, called, eligible, passed, self._cap))
        stale = bool(found) and any(
            not list(self._breaches(event, called, eligible, passed, cap)) for cap in self._caps_just_before(event.at)
        )
        for other in passed:
            other.passed += 1
        yield from (replace(breach, stale=stale) for breach in found)

    def _caps_just_before(self, at: datetime) -> list[int | None]:
        if self.shared_commit is None:
            return []
        return [cap for replaced, cap in self._former_caps if at - replaced <= self.shared_commit]

    @staticmethod
    def _breaches(
        event: Event, called: _Line, eligible: list[_Line], passed: list[_Line], cap: int | None
    ) -> Iterator[Violation]:
        ref = called.ref
        at_cap = [] if cap is None else [line.arrival for line in (*eligible, called) if line.passed >= cap]
        limit = min(at_cap, default=None)
        for other in passed:
            # A change of policy may leave someone passed more often than the new cap; the rule
            # then lets nobody pass them any more, which is what G3 asks.
            if other.head_start == called.head_start:
                yield Violation(event.seq, "G1", ref, other.ref)
            if called.issued_at - other.issued_at > called.head_start - other.head_start:
                yield Violation(event.seq, "G2", ref, other.ref)
            if cap is not None and other.passed >= cap:
                yield Violation(event.seq, "G3", ref, other.ref)
        smaller = [line for line in eligible if line.key < called.key]
        for other in smaller:
            if limit is None or other.arrival <= limit:
                yield Violation(event.seq, "order", ref, other.ref)
        if limit is not None and smaller:
            right = Reason.CAP
        else:
            early = Reason.APPOINTMENT if called.appointment else Reason.HEADSTART
            right = early if passed else Reason.ORDER
        if event.data["reason"] != right.value or event.data["passes"] != len(passed):
            yield Violation(event.seq, "reason", ref, ref)

    def _exception(self, event: Event, called: _Line, passed: list[_Line]) -> Iterator[Violation]:
        """A call that the order does not explain: it says so, and whom it passed."""
        reason, ref = event.data["reason"], called.ref
        if reason == Reason.MANUAL:
            if not event.data.get("why"):
                yield Violation(event.seq, "G8", ref, ref)
        else:
            for other in passed:
                if other.before is not None:
                    yield Violation(event.seq, "order", ref, other.ref)
        if reason not in (Reason.MANUAL, called.before) or event.data["passes"] != len(passed):
            yield Violation(event.seq, "reason", ref, ref)

    def _undone(self, event: Event) -> None:
        undoes, ref = cast(int, event.data["undoes"]), cast(int, event.ref)
        call = self._calls.pop(undoes, None)
        if call is not None:
            for line in call.passed:
                line.passed -= 1
            for line in call.freed:
                line.later = True
            self._away.pop(ref, None)
            self._waiting[ref] = call.line
            self._release()
        elif undoes in self._sent_on:
            del self._waiting[ref]
