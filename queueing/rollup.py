"""What a closed day comes to: the durations of its tickets by length, packed, so that years are read at once.

A rollup holds, for each part (a grouping) and group, the counts and the durations in whole seconds with
how many there were of each. Days add up to half months, months and years without losing a second, so
medians and nearest ranks stay exact over any range.
"""

from __future__ import annotations

import json
import sys
import zlib
from array import array
from collections import Counter as Count
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

from queueing.counter_time import CounterTime
from queueing.events import canonical, from_instant, instant
from queueing.metrics import COUNTS, TIMES, Ladder, Lengths, Spread, Tally, Told, told_by_leg, told_by_ticket
from queueing.queue_length import QueueLength, Slot, queue_length
from queueing.ticket import Leg, Ticket

NONE = ""  # the group of tickets that have no counter or clerk, since they were never called
TOTAL, HEAT, HALL = "total", "heat", "hall"
Groups = dict[str, Tally]


Key = Callable[[Ticket, Leg, ZoneInfo], str]


def _hour(ticket: Ticket, leg: Leg, zone: ZoneInfo) -> str:
    return f"{ticket.issued_at.astimezone(zone).hour:02}"  # a third of the time of strftime


# How visits are grouped. The hour, like the day, is that of arrival. A ticket belongs to the service,
# counter and clerk of its last leg; the walk and service of an earlier leg to those of that leg.
GROUPINGS: Mapping[str, Key] = {
    "service": lambda ticket, leg, zone: leg.service,
    "counter": lambda ticket, leg, zone: NONE if leg.counter is None else str(leg.counter),
    "clerk": lambda ticket, leg, zone: leg.clerk or NONE,
    "hour": _hour,
    "weekday": lambda ticket, leg, zone: str(ticket.day.isoweekday()),
    "day": lambda ticket, leg, zone: ticket.day.isoformat(),
    "month": lambda ticket, leg, zone: f"{ticket.day:%Y-%m}",
    "class": lambda ticket, leg, zone: ticket.priority_class,
}
# Every one of these is kept; days and months follow from the total of a period.
PARTS: Mapping[str, Key] = {
    TOTAL: lambda ticket, leg, zone: NONE,
    **{name: key for name, key in GROUPINGS.items() if name not in ("day", "month")},
    HEAT: lambda ticket, leg, zone: f"{ticket.day.isoweekday()} {_hour(ticket, leg, zone)}",
}


@dataclass(slots=True)
class HallTime:
    """What belongs to the hall rather than to tickets: its counters' time and its queue."""

    days: int = 0  # those on which a ticket was issued
    counters: dict[int, CounterTime] = field(default_factory=dict)
    queue: QueueLength = field(default_factory=QueueLength)

    def take_in(self, other: HallTime) -> None:
        self.days += other.days
        for counter, time in other.counters.items():
            self.counters.setdefault(counter, CounterTime()).take_in(time)
        self.queue.take_in(other.queue)


@dataclass(slots=True)
class Rollup:
    """One period: a day, or a half month, month or year of days."""

    parts: dict[str, Groups] = field(default_factory=lambda: {part: {} for part in PARTS})
    hall: HallTime = field(default_factory=HallTime)

    def packed(self) -> dict[str, bytes]:
        return {**{part: pack(groups) for part, groups in self.parts.items()}, HALL: pack_hall(self.hall)}


class Visit(NamedTuple):
    """A ticket and what it adds to the tallies, worked out once for all groupings."""

    ticket: Ticket
    told: Told
    legs: list[tuple[Leg, Told]]


def visits(tickets: Iterable[Ticket]) -> list[Visit]:
    return [
        Visit(
            ticket,
            told_by_ticket(ticket),
            [(leg, told_by_leg(leg, sent_on=leg is not ticket.leg)) for leg in ticket.legs],
        )
        for ticket in tickets
    ]


def grouped(some: Iterable[Visit], key: Key, zone: ZoneInfo) -> Groups:
    members: dict[str, tuple[list[Told], list[Told]]] = defaultdict(lambda: ([], []))
    for ticket, told, legs in some:
        for leg, leg_told in legs:
            group = members[key(ticket, leg, zone)]
            group[1].append(leg_told)
        group[0].append(told)  # a ticket belongs to its last leg
    return {name: Tally.of(*group) for name, group in members.items()}


def heat(some: Iterable[Visit], zone: ZoneInfo) -> Groups:
    """By weekday and hour."""
    return _cells(grouped(some, PARTS[HEAT], zone))


def _cells(groups: Groups) -> Groups:
    """Issues and waits are all that is kept of them."""
    return {
        name: Tally(Count(issued=tally.counts["issued"]), {"wait": tally.times["wait"]})
        for name, tally in groups.items()
    }


def roll_up(tickets: Iterable[Ticket], counters: Mapping[int, CounterTime], day: date, zone: ZoneInfo) -> Rollup:
    """The rollup of one service day, from its tickets and its counters' time."""
    every = visits(tickets)
    parts = {part: grouped(every, key, zone) for part, key in PARTS.items() if part not in ("weekday", HEAT)}
    # A day has one weekday: these are the same tallies under other names.
    parts["weekday"] = {str(day.isoweekday()): tally for tally in parts[TOTAL].values()}
    parts[HEAT] = _cells({f"{day.isoweekday()} {hour}": tally for hour, tally in parts["hour"].items()})
    queue = queue_length([visit.ticket for visit in every], day, zone)
    return Rollup(parts, HallTime(int(bool(every)), dict(counters), queue))


# -- packing ---------------------------------------------------------------------------------


def pack(groups: Mapping[str, Tally]) -> bytes:
    """Groups as bytes: an index with their counts, and for every duration how many lengths there are, their
    sum and spread; then the steps between the lengths, and how many there were of each."""
    index: list[object] = []
    numbers = array("I")
    for key in sorted(groups):
        tally, told = groups[key], list[list[int]]()
        for name in TIMES:
            packed = Lengths.of(tally.times.get(name, Count()))
            told.append([len(packed.steps), packed.total, *_told(packed.spread)])
            numbers.extend(packed.steps)
            numbers.extend(packed.counts)
        index.append([key, [tally.counts[name] for name in COUNTS], told])
    if sys.byteorder == "big":
        numbers.byteswap()
    head = json.dumps(index, ensure_ascii=False, separators=(",", ":")).encode()
    return zlib.compress(len(head).to_bytes(4, "little") + head + numbers.tobytes(), 6)


def _told(spread: Spread) -> list[int]:
    if spread.median_s is None or spread.p90_s is None or spread.max_s is None:
        return []
    return [spread.n, spread.median_s, spread.p90_s, spread.max_s]


class Pile:
    """Tallies laid on one another, from rollups and from rows."""

    def __init__(self) -> None:
        self.counts: Count[str] = Count()
        self._times: dict[str, list[Lengths]] = {}

    def lay(self, counts: Mapping[str, int], times: Mapping[str, Lengths]) -> None:
        self.counts.update(counts)
        for name, lengths in times.items():
            self._times.setdefault(name, []).append(lengths)

    def lay_tally(self, tally: Tally) -> None:
        self.lay(tally.counts, {name: Lengths.of(times) for name, times in tally.times.items()})

    def ladder(self, name: str) -> Ladder:
        return Ladder(self._times.get(name, ()))

    def tally(self) -> Tally:
        return Tally(Count(self.counts), {name: self._counted(name) for name in TIMES})

    def _counted(self, name: str) -> Count[int]:
        counted: Count[int] = Count()
        for lengths in self._times.get(name, ()):
            for value, n in zip(accumulate(lengths.steps), lengths.counts, strict=True):
                counted[value] += n
        return counted


def unpack(data: bytes, piles: dict[str, Pile]) -> None:
    """Lay what `pack` wrote on the piles of its groups.

    Raises:
        ValueError: the bytes are no rollup.
    """
    index, numbers = _read(data)
    at = 0
    for key, counts, told in index:
        times = {}
        for name, (size, total, *spread) in zip(TIMES, told, strict=True):
            middle, end = at + size, at + 2 * size
            if size:
                n, *ranks = spread
                times[name] = Lengths(numbers[at:middle], numbers[middle:end], total, Spread(n, total // n, *ranks))
            at = end
        if key not in piles:
            piles[key] = Pile()
        piles[key].lay(dict(zip(COUNTS, counts, strict=True)), times)


def _read(data: bytes) -> tuple[list[tuple[str, list[int], list[list[int]]]], array[int]]:
    try:
        raw = zlib.decompress(data)
        start = 4 + int.from_bytes(raw[:4], "little")
        index = json.loads(raw[4:start])
        numbers = array("I")
        numbers.frombytes(raw[start:])
    except (zlib.error, ValueError) as error:
        raise ValueError(f"not a rollup: {error}") from error
    if sys.byteorder == "big":
        numbers.byteswap()
    return index, numbers


def pack_hall(hall: HallTime) -> bytes:
    queue = hall.queue
    value = {
        "days": hall.days,
        "counters": {
            str(counter): [time.serving_s, time.calling_s, time.idle_s, dict(time.paused_s), time.left_open]
            for counter, time in hall.counters.items()
        },
        "most": queue.most,
        "at": None if queue.at is None else instant(queue.at),
        "slots": {str(number): [slot.most, slot.total, slot.days] for number, slot in queue.slots.items()},
    }
    return zlib.compress(canonical(value).encode(), 6)


def unpack_hall(data: bytes) -> HallTime:
    """
    Raises:
        ValueError: the bytes are no rollup.
    """
    try:
        value = json.loads(zlib.decompress(data))
    except zlib.error as error:
        raise ValueError(f"not a rollup: {error}") from error
    counters = {
        int(counter): CounterTime(serving, calling, idle, Count(paused), left_open)
        for counter, (serving, calling, idle, paused, left_open) in value["counters"].items()
    }
    slots = {int(number): Slot(*slot) for number, slot in value["slots"].items()}
    at = None if value["at"] is None else from_instant(value["at"])
    return HallTime(value["days"], counters, QueueLength(value["most"], at, slots))


def same(some: Mapping[str, bytes], others: Mapping[str, bytes]) -> bool:
    """Whether two rollups say the same; the same may be packed into other bytes by another zlib."""
    try:
        return some.keys() == others.keys() and all(
            zlib.decompress(some[part]) == zlib.decompress(others[part]) for part in some
        )
    except zlib.error:
        return False


def merged(packed: Iterable[Mapping[str, bytes]]) -> dict[str, bytes]:
    """Several periods as one: days to a half month, half months to a month, months to a year."""
    every = list(packed)
    made = {}
    for part in PARTS:
        piles: dict[str, Pile] = {}
        for each in every:
            unpack(each[part], piles)
        made[part] = pack({key: pile.tally() for key, pile in piles.items()})
    hall = HallTime()
    for each in every:
        hall.take_in(unpack_hall(each[HALL]))
    made[HALL] = pack_hall(hall)
    return made
