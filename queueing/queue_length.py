"""Queue length: the longest queue of a day and when it was, and the length by quarter of an hour."""

from __future__ import annotations

from collections import Counter as Count
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from queueing.ticket import Leg, Ticket

SLOT_MINUTES = 15


@dataclass(slots=True)
class QuarterHour:
    """One quarter of an hour of the day, over one or more days."""

    most: int = 0
    total: int = 0  # the sum of the days' greatest lengths
    days: int = 0


@dataclass(slots=True)
class QueueLength:
    """The queue length L_q of some days.

    A ticket is in the queue from its issue, and again from a transfer, to the call that ends its wait there, or
    until it is cancelled or expires. The time between a no-show and the next call of the same ticket is wait too.
    All changes of one instant are applied before the length is read. A day ends at local midnight.
    `most` is the greatest length, `at` the first instant it was reached. A slot is a quarter of an hour of local
    time; each day has slots from its first to its last change.
    """

    most: int = 0
    at: datetime | None = None
    slots: dict[int, QuarterHour] = field(default_factory=dict)  # 0 is 00:00 to 00:15

    def take_in(self, other: QueueLength) -> None:
        """Add the days of `other`; of two equal greatest lengths the earlier is kept."""
        if other.at is not None and (
            self.at is None or other.most > self.most or (other.most == self.most and other.at < self.at)
        ):
            self.most, self.at = other.most, other.at
        for number, slot in other.slots.items():
            mine = self.slots.setdefault(number, QuarterHour())
            mine.most = max(mine.most, slot.most)
            mine.total += slot.total
            mine.days += slot.days


class LongestQueue(NamedTuple):
    """The most who waited for one service at one moment, and the first such moment."""

    most: int
    at: datetime


def longer(one: LongestQueue | None, other: LongestQueue) -> LongestQueue:
    """Return the longer of two longest queues; of two as long the earlier."""
    return other if one is None else min(one, other, key=lambda queue: (-queue.most, queue.at))


def longest_by_service(tickets: Iterable[Ticket], day: date, zone: ZoneInfo) -> dict[str, LongestQueue]:
    """Compute the longest queue of each service on one service day; a leg waits for its own service."""
    changes: dict[str, Count[datetime]] = defaultdict(Count)
    for ticket in tickets:
        for leg in ticket.legs:
            _add_wait(changes[leg.service], ticket, leg)
    queues = {}
    for service in sorted(changes):
        length = most = 0
        at: datetime | None = None
        for moment in sorted(changes[service]):
            if moment.astimezone(zone).date() > day:
                break
            length += changes[service][moment]
            if length > most:
                most, at = length, moment
        if at is not None:
            queues[service] = LongestQueue(most, at)
    return queues


def _add_wait(changes: Count[datetime], ticket: Ticket, leg: Leg) -> None:
    changes[leg.queued_at] += 1
    left_at = leg.called_at or ticket.abandoned_at
    if left_at is not None:
        changes[left_at] -= 1


def queue_length(tickets: Iterable[Ticket], day: date, zone: ZoneInfo) -> QueueLength:
    """Compute the queue length of one service day from its tickets; `zone` is the hall's time zone."""
    changes: Count[datetime] = Count()
    for ticket in tickets:
        for leg in ticket.legs:
            _add_wait(changes, ticket, leg)
    lengths, length, before = QueueLength(), 0, -1
    reached: dict[int, int] = {}
    for at in sorted(changes):
        local = at.astimezone(zone)
        if local.date() > day:
            break  # those who still waited, waited until midnight
        slot = (local.hour * 60 + local.minute) // SLOT_MINUTES
        for quiet in range(before + 1 if before >= 0 else slot, slot + 1):
            reached.setdefault(quiet, length)
        before = max(before, slot)
        length += changes[at]
        reached[slot] = max(reached[slot], length)
        if length > lengths.most:
            lengths.most, lengths.at = length, at
    lengths.slots = {slot: QuarterHour(most, most, 1) for slot, most in reached.items()}
    return lengths
