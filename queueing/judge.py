"""The judge: was every call in the log the right one?

It does not use the rule's own data structures: it keeps the plain list of those waiting, each with
the times it was passed, and checks the guarantees one by one at every call. So a fault in
`dispatch` cannot hide itself here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from queueing import events as ev
from queueing.dispatch import Reason
from queueing.events import Event

GONE = frozenset({ev.TICKET_CANCELLED, ev.TICKET_EXPIRED})


@dataclass(slots=True)
class _Line:
    ref: int
    service: str
    arrival: int
    issued_at: datetime
    head_start: timedelta
    passed: int = 0

    @property
    def key(self) -> tuple[datetime, int]:
        return (self.issued_at - self.head_start, self.arrival)


@dataclass(frozen=True, slots=True)
class Violation:
    """A guarantee that a call broke."""

    seq: int
    guarantee: str
    ref: int
    other: int


class Judge:
    """Reads the log in order and names every breach of the guarantees of the order."""

    def __init__(self) -> None:
        self._waiting: dict[int, _Line] = {}
        self._cap: int | None = None

    def hear(self, event: Event) -> Iterator[Violation]:
        """Take in the next event; what a call broke comes out.

        G1 same head start in order of arrival. G2 nobody passes by more than the difference of the
        head starts. G3 nobody is passed more often than the cap. G4, that nobody starves, follows
        from G2 and G3. G5 a call takes somebody who waits for one of the counter's services. Beyond
        them "order": the one called had the smallest key among those the cap left; and "reason":
        the stored reason is the true one.
        """
        data = event.data
        if event.kind == ev.POLICY_CHANGED:
            self._cap = cast(int, data["cap"])
        elif event.kind == ev.TICKET_ISSUED:
            ref = cast(int, event.ref)
            head_start = timedelta(seconds=cast(int, data["head_start_s"]))
            self._waiting[ref] = _Line(ref, cast(str, event.service), event.seq, event.at, head_start)
        elif event.kind == ev.TICKET_PRIORITY_CHANGED and event.ref in self._waiting:
            self._waiting[event.ref].head_start = timedelta(seconds=cast(int, data["head_start_s"]))
        elif event.kind in GONE:
            self._waiting.pop(cast(int, event.ref), None)
        elif event.kind == ev.TICKET_CALLED:
            yield from self._called(event)

    def _called(self, event: Event) -> Iterator[Violation]:
        ref = cast(int, event.ref)
        called = self._waiting.pop(ref, None)
        services = cast("list[str]", event.data["services"])
        if called is None or called.service not in services:
            yield Violation(event.seq, "G5", ref, ref)
            return
        eligible = [line for line in self._waiting.values() if line.service in services]
        cap = self._cap
        worn = [line for line in (*eligible, called) if cap is not None and line.passed >= cap]
        limit = min((line.arrival for line in worn), default=None)
        for other in eligible:
            # A change of policy may leave someone passed more often than the new cap; the rule
            # then lets nobody pass them any more, which is what G3 asks.
            if other.arrival < called.arrival:
                other.passed += 1
                if other.head_start == called.head_start:
                    yield Violation(event.seq, "G1", ref, other.ref)
                if called.issued_at - other.issued_at > called.head_start - other.head_start:
                    yield Violation(event.seq, "G2", ref, other.ref)
                if cap is not None and other.passed > cap:
                    yield Violation(event.seq, "G3", ref, other.ref)
            if other.key < called.key and (limit is None or other.arrival <= limit):
                yield Violation(event.seq, "order", ref, other.ref)
        yield from self._reason(event, called, eligible, limit)

    def _reason(self, event: Event, called: _Line, eligible: list[_Line], limit: int | None) -> Iterator[Violation]:
        passes = sum(1 for line in eligible if line.arrival < called.arrival)
        if limit is not None and any(line.key < called.key for line in eligible):
            right = Reason.CAP
        else:
            right = Reason.HEADSTART if passes else Reason.ORDER
        if event.data["reason"] != right.value or event.data["passes"] != passes:
            yield Violation(event.seq, "reason", called.ref, called.ref)
