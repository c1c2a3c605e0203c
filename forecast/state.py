"""The hall at one moment, as a simulation of the hours ahead needs it: plain values that can be sent to a process.

All times are seconds after the local midnight that the service day began with. They may be negative, or over 86,400.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import NamedTuple

from queueing.dispatch import Place, WaitingQueue
from queueing.metrics import SHORTEST_SERVICE_S
from queueing.opening import Hours, shifts_of

OPEN, PAUSED, CLOSED = "open", "paused", "closed"  # of a counter


@dataclass(frozen=True)
class HallPlan:
    """The settings that a forecast depends on."""

    zone: tzinfo
    prior_s: Mapping[str, float]  # service -> configured service time, in seconds
    counters: Mapping[int, tuple[str, ...]]  # counter -> its services
    cap: int
    hours: Hours = Hours()
    shortest_s: float = SHORTEST_SERVICE_S  # a shorter service was a slip of the finger

    def shifts(self, day: str) -> tuple[tuple[float, float], ...] | None:
        """Return from when to when the hall works on a day ("2026-01-05"), in seconds; None if round the clock."""
        shifts = shifts_of(self.hours, date.fromisoformat(day), self.prior_s) if day else None
        return None if shifts is None else tuple((_seconds(shift.opens), _seconds(shift.closes)) for shift in shifts)


def _seconds(local: time) -> float:
    return local.hour * 3600 + local.minute * 60 + local.second


class WaitingTicket(NamedTuple):
    """What the order of calls depends on, of one waiting ticket: a `queueing.dispatch.Place` with how often passed."""

    ref: int
    service: str
    arrival: int  # the order of arrival, of two that count as having come at the same time
    arrived_s: float  # when it counts as having arrived; it may lie ahead
    head_start_s: float = 0.0
    passed: int = 0
    returned: bool = False  # it waits again: `passed` is its own count, as in WaitingQueue
    counter: int | None = None  # no other counter may call it
    jumps: bool = False  # called before the queue
    sits_out_next_call: bool = False  # unless nobody else waits


class AwayTicket(NamedTuple):
    """Somebody who was sent away and comes back: held for a counter, or a no-show."""

    ticket: WaitingTicket  # as it will wait then
    back_s: float  # when that is, as far as known


class Window(NamedTuple):
    """A stretch of time in which a counter is expected to call, and how likely it is that its clerk comes."""

    from_s: float
    to_s: float
    chance: float = 1.0


class CounterOutlook(NamedTuple):
    """A counter now, and when it will call. `windows` are in order; the first may have begun already."""

    number: int
    services: tuple[str, ...]
    windows: tuple[Window, ...]
    staffing: str = CLOSED
    service: str | None = None  # of the ticket that is at the counter
    called_s: float | None = None  # when that ticket was called
    started_s: float | None = None  # when its service began; None: it is on its way
    served_s: float = 0.0  # its service before a hold
    paused_s: float | None = None  # since when the counter is paused
    reason: str | None = None  # of the pause
    free_s: float | None = None  # since when nobody is at the counter, if known


class HallOutlook(NamedTuple):
    """The whole hall now, with what is planned for the rest of its day."""

    now_s: float
    weekday: int  # 1 is Monday
    services: tuple[str, ...]
    cap: int
    waiting: tuple[WaitingTicket, ...]
    counters: tuple[CounterOutlook, ...]
    away: tuple[AwayTicket, ...] = ()


def waiting_ticket(place: Place, midnight: datetime, *, returned: bool) -> WaitingTicket:
    """Return the place of a ticket that waits in plain values; `returned`: it waits again."""
    return WaitingTicket(
        ref=place.ref,
        service=place.service,
        arrival=place.arrival,
        arrived_s=(place.arrived_at - midnight).total_seconds(),
        head_start_s=place.head_start.total_seconds(),
        passed=place.passed,
        returned=returned,
        counter=place.counter,
        jumps=place.jump_reason is not None,
        sits_out_next_call=place.sits_out_next_call,
    )


def waiting_tickets(waiting: WaitingQueue, midnight: datetime) -> tuple[WaitingTicket, ...]:
    """Return everybody who waits, in plain values."""
    return tuple(waiting_ticket(place, midnight, returned=returned) for place, returned in waiting.everybody())
