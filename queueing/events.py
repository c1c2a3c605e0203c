"""The facts of the day, in the past tense, and the chain that binds them.

An event is never changed and never removed. `docs/events.md` tells what each kind carries; with
it a stranger can recompute every figure and judge every call.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

SCHEMA_VERSION = 1

TICKET_ISSUED = "ticket.issued"
TICKET_CALLED = "ticket.called"
TICKET_CALLED_AGAIN = "ticket.called_again"
TICKET_STARTED = "ticket.started"
TICKET_FINISHED = "ticket.finished"
TICKET_NO_SHOW = "ticket.no_show"
TICKET_HELD = "ticket.held"
TICKET_RETURNED = "ticket.returned"
TICKET_TRANSFERRED = "ticket.transferred"
TICKET_DOSSIERS = "ticket.dossiers_counted"
TICKET_UNDONE = "ticket.undone"
TICKET_CANCELLED = "ticket.cancelled"
TICKET_EXPIRED = "ticket.expired"
TICKET_PRIORITY_CHANGED = "ticket.priority_changed"
COUNTER_OPENED = "counter.opened"
COUNTER_PAUSED = "counter.paused"
COUNTER_RESUMED = "counter.resumed"
COUNTER_HANDED_OVER = "counter.handed_over"
COUNTER_CLOSED = "counter.closed"
DAY_OPENED = "day.opened"
DAY_CLOSED = "day.closed"
CLOCK_JUMPED = "clock.jumped"
POLICY_CHANGED = "policy.changed"
SETTING_CHANGED = "setting.changed"
LOG_RESTORED = "log.restored"
PRINT_SENT = "print.sent"
PRINT_PRINTED = "print.printed"
PRINT_FAILED = "print.failed"
APPOINTMENT_BOOKED = "appointment.booked"
APPOINTMENT_CANCELLED = "appointment.cancelled"
APPOINTMENT_MISSED = "appointment.missed"
HELP_ASKED = "help.asked"
HELP_GIVEN = "help.given"

# What became of a ticket's paper. They name a ticket and change nothing of it.
PRINTS = (PRINT_SENT, PRINT_PRINTED, PRINT_FAILED)

# With these somebody who waited is there no more, and can be passed by nobody.
GONE = (TICKET_CANCELLED, TICKET_EXPIRED)

KINDS = (
    TICKET_ISSUED,
    TICKET_CALLED,
    TICKET_CALLED_AGAIN,
    TICKET_STARTED,
    TICKET_FINISHED,
    TICKET_NO_SHOW,
    TICKET_HELD,
    TICKET_RETURNED,
    TICKET_TRANSFERRED,
    TICKET_DOSSIERS,
    TICKET_UNDONE,
    TICKET_CANCELLED,
    TICKET_EXPIRED,
    TICKET_PRIORITY_CHANGED,
    COUNTER_OPENED,
    COUNTER_PAUSED,
    COUNTER_RESUMED,
    COUNTER_HANDED_OVER,
    COUNTER_CLOSED,
    DAY_OPENED,
    DAY_CLOSED,
    CLOCK_JUMPED,
    POLICY_CHANGED,
    SETTING_CHANGED,
    LOG_RESTORED,
    *PRINTS,
    APPOINTMENT_BOOKED,
    APPOINTMENT_CANCELLED,
    APPOINTMENT_MISSED,
    HELP_ASKED,
    HELP_GIVEN,
)


_SORTED = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_decode = json.JSONDecoder().raw_decode
_text = json.encoder.encode_basestring


class Event(NamedTuple):
    """One fact. `seq` rises by one without a gap; `hash` binds it to the fact before."""

    seq: int
    at: datetime
    kind: str
    ref: int | None
    counter: int | None
    service: str | None
    data: Mapping[str, object]
    hash: str


class Written(NamedTuple):
    """An event as it stands in the store. The hash is over these texts, whatever they mean."""

    seq: int
    at: str
    kind: str
    ref: int | None
    counter: int | None
    service: str | None
    data: str
    hash: str

    def follows(self, before: str) -> bool:
        """Whether its hash binds it, as it stands, to the hash before."""
        return self.hash == chained(
            before, self.seq, self.at, self.kind, self.ref, self.counter, self.service, self.data
        )


def read(written: Written) -> Event:
    """The event that these texts tell.

    Raises:
        ValueError: they are no event.
    """
    seq, text, kind, ref, counter, service, told, digest = written
    at = from_instant(text)
    data, end = _decode(told)
    if at.tzinfo is None or end != len(told) or not isinstance(data, dict):
        raise ValueError("not an event")
    return Event(seq, at, kind, ref, counter, service, data, digest)


def instant(at: datetime) -> str:
    """An aware time as UTC text of one fixed width, so that text sorts as time does."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"  # half the time of strftime


def from_instant(text: str) -> datetime:
    """The inverse of `instant`."""
    return datetime.fromisoformat(text)


def canonical(data: Mapping[str, object]) -> str:
    """The one way an event's data is written: keys sorted, no spaces, no escapes."""
    return _SORTED.encode(data)


def chained(
    before: str, seq: int, at: str, kind: str, ref: int | None, counter: int | None, service: str | None, data: str
) -> str:
    """SHA-256, in hex, over the hash before and the event as it is stored; the first follows the log's id.

    What is hashed is the JSON list of these eight, without spaces and escapes; a year of it is proved in
    seconds, so it is put together by hand.
    """
    which = "null" if ref is None else ref
    where = "null" if counter is None else counter
    what = "null" if service is None else _text(service)
    line = f"[{_text(before)},{seq},{_text(at)},{_text(kind)},{which},{where},{what},{_text(data)}]"
    return hashlib.sha256(line.encode()).hexdigest()
