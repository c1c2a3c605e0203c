"""Rollups: the counts and duration histograms of closed days, packed, so that years can be read at once.

A rollup holds, for each part (a grouping) and each group in it, the counts and the histograms of all durations
in whole seconds. Days add up to half months, months and years without losing a second, so medians and
percentiles stay exact over any range.
"""

from __future__ import annotations

import json
import sys
import zlib
from array import array
from collections import Counter as Count
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

from queueing.call_counts import CallCounts
from queueing.counter_time import CounterTime
from queueing.events import canonical, from_instant, instant
from queueing.metrics import (
    COUNTS,
    TIMES,
    Contribution,
    Histogram,
    MergedHistogram,
    Spread,
    TicketTally,
    contribution_of_ticket,
    contributions_of_legs,
)
from queueing.queue_length import (
    LongestQueue,
    QuarterHour,
    QueueLength,
    longer,
    longest_by_service,
    queue_length,
)
from queueing.ticket import Leg, Ticket

NONE = ""  # the group of tickets without a counter or clerk: they were never called
TOTAL, HEAT, HALL = "total", "heat", "hall"
Groups = dict[str, TicketTally]


Key = Callable[[Ticket, Leg, ZoneInfo], str]


def _hour(ticket: Ticket, leg: Leg, zone: ZoneInfo) -> str:
    return f"{ticket.issued_at.astimezone(zone).hour:02}"  # a third of the time of strftime


STAFF = "staff"  # the group of tickets that people issued


NOON, EVENING = 12, 18  # hours of local time


def _shift(ticket: Ticket, leg: Leg, zone: ZoneInfo) -> str:
    hour = ticket.issued_at.astimezone(zone).hour
    return "morning" if hour < NOON else "afternoon" if hour < EVENING else "evening"


def _kiosk(ticket: Ticket, leg: Leg, zone: ZoneInfo) -> str:
    return STAFF if ticket.issued_by.startswith("user:") else ticket.issued_by


# How visits are grouped. The hour, like the day, is that of arrival. A ticket belongs to the service,
# counter and clerk of its last leg; the walk and service of an earlier leg to those of that leg.
GROUPINGS: Mapping[str, Key] = {
    "service": lambda ticket, leg, zone: leg.service,
    "counter": lambda ticket, leg, zone: NONE if leg.counter is None else str(leg.counter),
    "clerk": lambda ticket, leg, zone: leg.clerk or NONE,
    "hour": _hour,
    "shift": _shift,
    "weekday": lambda ticket, leg, zone: str(ticket.day.isoweekday()),
    "day": lambda ticket, leg, zone: ticket.day.isoformat(),
    "month": lambda ticket, leg, zone: f"{ticket.day:%Y-%m}",
    "class": lambda ticket, leg, zone: ticket.priority_class,
    "channel": lambda ticket, leg, zone: ticket.channel,
    "kiosk": _kiosk,
    "kiosk_hour": lambda ticket, leg, zone: f"{_kiosk(ticket, leg, zone)} {_hour(ticket, leg, zone)}",
}
# Every one of these is kept; days and months follow from the total of a period.
PARTS: Mapping[str, Key] = {
    TOTAL: lambda ticket, leg, zone: NONE,
    **{name: key for name, key in GROUPINGS.items() if name not in ("day", "month")},
    HEAT: lambda ticket, leg, zone: f"{ticket.day.isoweekday()} {_hour(ticket, leg, zone)}",
}


@dataclass(slots=True)
class HallTime:
    """The figures of the hall rather than of tickets: the time of its counters, its queue lengths, its calls."""

    days: int = 0  # those on which a ticket was issued
    counters: dict[int, CounterTime] = field(default_factory=dict)
    queue: QueueLength = field(default_factory=QueueLength)
    queues: dict[str, LongestQueue] = field(default_factory=dict)  # service -> its longest queue
    calls: CallCounts = field(default_factory=CallCounts)

    def take_in(self, other: HallTime) -> None:
        """Add the days of `other`."""
        self.days += other.days
        for counter, time in other.counters.items():
            self.counters.setdefault(counter, CounterTime()).take_in(time)
        self.queue.take_in(other.queue)
        for service, longest in other.queues.items():
            self.queues[service] = longer(self.queues.get(service), longest)
        self.calls.take_in(other.calls)


@dataclass(slots=True)
class Rollup:
    """The figures of one period: a day, half month, month or year."""

    parts: dict[str, Groups] = field(default_factory=lambda: {part: {} for part in PARTS})
    hall: HallTime = field(default_factory=HallTime)

    def packed(self) -> dict[str, bytes]:
        """Return the stored form: part -> compressed bytes."""
        return {**{part: pack(groups) for part, groups in self.parts.items()}, HALL: pack_hall(self.hall)}


class TicketContributions(NamedTuple):
    """A ticket with its contributions, computed once for all groupings."""

    ticket: Ticket
    whole: Contribution
    legs: list[tuple[Leg, Contribution]]


def contributions(tickets: Iterable[Ticket]) -> list[TicketContributions]:
    """Compute the contributions of every ticket and of its legs."""
    return [
        TicketContributions(
            ticket,
            contribution_of_ticket(ticket),
            list(zip(ticket.legs, contributions_of_legs(ticket), strict=True)),
        )
        for ticket in tickets
    ]


def grouped(visits: Iterable[TicketContributions], key: Key, zone: ZoneInfo) -> Groups:
    """Add the contributions up by group; `key` names the group of a leg, `zone` is the hall's time zone."""
    members: dict[str, tuple[list[Contribution], list[Contribution]]] = defaultdict(lambda: ([], []))
    for ticket, whole, legs in visits:
        for leg, contribution in legs:
            group = members[key(ticket, leg, zone)]
            group[1].append(contribution)
        group[0].append(whole)  # a ticket belongs to its last leg
    return {name: TicketTally.of(*group) for name, group in members.items()}


def heat(visits: Iterable[TicketContributions], zone: ZoneInfo) -> Groups:
    """Return issues and waits by weekday and hour, for the heat map."""
    return _cells(grouped(visits, PARTS[HEAT], zone))


def _cells(groups: Groups) -> Groups:
    """Keep of each group only what a cell of the heat map shows: issues and waits."""
    return {
        name: TicketTally(Count(issued=tally.counts["issued"]), {"wait": tally.times["wait"]})
        for name, tally in groups.items()
    }


def roll_up(
    tickets: Iterable[Ticket], counters: Mapping[int, CounterTime], calls: CallCounts, day: date, zone: ZoneInfo
) -> Rollup:
    """Return the rollup of one service day, from its tickets, its counters' time and its calls."""
    every = contributions(tickets)
    parts = {part: grouped(every, key, zone) for part, key in PARTS.items() if part not in ("weekday", HEAT)}
    # A day has one weekday: these are the same tallies under other names.
    parts["weekday"] = {str(day.isoweekday()): tally for tally in parts[TOTAL].values()}
    parts[HEAT] = _cells({f"{day.isoweekday()} {hour}": tally for hour, tally in parts["hour"].items()})
    return Rollup(parts, hall_time([visit.ticket for visit in every], counters, calls, day, zone))


def hall_time(
    tickets: Collection[Ticket], counters: Mapping[int, CounterTime], calls: CallCounts, day: date, zone: ZoneInfo
) -> HallTime:
    """Return the figures of the hall on one service day, from its tickets, its counters' time and its calls."""
    queue, queues = queue_length(tickets, day, zone), longest_by_service(tickets, day, zone)
    return HallTime(int(bool(tickets)), dict(counters), queue, queues, calls)


# -- packing ---------------------------------------------------------------------------------


def pack(groups: Mapping[str, TicketTally]) -> bytes:
    """Return groups as compressed bytes.

    First an index in JSON: for each group its counts, and for each duration the number of distinct values, their
    sum and their summary. Then, as 32-bit little-endian integers, the steps and counts of every histogram.
    """
    index: list[object] = []
    numbers = array("I")
    for key in sorted(groups):
        tally, summaries = groups[key], list[list[int]]()
        for name in TIMES:
            packed = Histogram.of(tally.times.get(name, Count()))
            summaries.append([len(packed.steps), packed.total, *_summary(packed.spread)])
            numbers.extend(packed.steps)
            numbers.extend(packed.counts)
        index.append([key, [tally.counts[name] for name in COUNTS], summaries])
    if sys.byteorder == "big":
        numbers.byteswap()
    head = json.dumps(index, ensure_ascii=False, separators=(",", ":")).encode()
    return zlib.compress(len(head).to_bytes(4, "little") + head + numbers.tobytes(), 6)


def _summary(spread: Spread) -> list[int]:
    if spread.median_s is None or spread.p90_s is None or spread.max_s is None:
        return []
    return [spread.n, spread.median_s, spread.p90_s, spread.max_s]


class Accumulator:
    """Adds up tallies that come from rollups and from rows of tickets."""

    def __init__(self) -> None:
        self.counts: Count[str] = Count()
        self._times: dict[str, list[Histogram]] = {}

    def add(self, counts: Mapping[str, int], times: Mapping[str, Histogram]) -> None:
        """Add counts, and a histogram for each duration name."""
        self.counts.update(counts)
        for name, lengths in times.items():
            self._times.setdefault(name, []).append(lengths)

    def add_tally(self, tally: TicketTally) -> None:
        """Add a tally."""
        self.add(tally.counts, {name: Histogram.of(times) for name, times in tally.times.items()})

    def add_all(self, other: Accumulator) -> None:
        """Add all that another accumulator holds."""
        self.counts.update(other.counts)
        for name, lengths in other._times.items():
            self._times.setdefault(name, []).extend(lengths)

    def histogram(self, name: str) -> MergedHistogram:
        """Return all durations of this name added so far."""
        return MergedHistogram(self._times.get(name, ()))

    def tally(self) -> TicketTally:
        """Return the sum as one tally."""
        return TicketTally(Count(self.counts), {name: self._counted(name) for name in TIMES})

    def _counted(self, name: str) -> Count[int]:
        counted: Count[int] = Count()
        for lengths in self._times.get(name, ()):
            for value, n in zip(accumulate(lengths.steps), lengths.counts, strict=True):
                counted[value] += n
        return counted


def unpack(data: bytes, accumulators: dict[str, Accumulator]) -> None:
    """Add what `pack` wrote to the accumulators of its groups; a group without one gets a new one.

    Raises:
        ValueError: the bytes are no rollup.
    """
    index, numbers = _read(data)
    at = 0
    for key, counts, summaries in index:
        times = {}
        for name, (size, total, *spread) in zip(TIMES, summaries, strict=True):
            middle, end = at + size, at + 2 * size
            if size:
                n, *ranks = spread
                times[name] = Histogram(numbers[at:middle], numbers[middle:end], total, Spread(n, total // n, *ranks))
            at = end
        if key not in accumulators:
            accumulators[key] = Accumulator()
        accumulators[key].add(dict(zip(COUNTS, counts, strict=True)), times)


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
    """Return the hall's time, queue lengths and calls as compressed JSON."""
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
        "queues": {service: [longest.most, instant(longest.at)] for service, longest in hall.queues.items()},
        "calls": dict(hall.calls.calls),
        "out_of_order": dict(hall.calls.out_of_order),
    }
    return zlib.compress(canonical(value).encode(), 6)


def unpack_hall(data: bytes) -> HallTime:
    """Read what `pack_hall` wrote.

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
    slots = {int(number): QuarterHour(*slot) for number, slot in value["slots"].items()}
    at = None if value["at"] is None else from_instant(value["at"])
    queues = {service: LongestQueue(most, from_instant(when)) for service, (most, when) in value["queues"].items()}
    calls = CallCounts(Count(value["calls"]), Count(value["out_of_order"]))
    return HallTime(value["days"], counters, QueueLength(value["most"], at, slots), queues, calls)


def same(packed: Mapping[str, bytes], others: Mapping[str, bytes]) -> bool:
    """Return whether two packed rollups hold the same data; another zlib may pack it into other bytes."""
    try:
        return packed.keys() == others.keys() and all(
            zlib.decompress(packed[part]) == zlib.decompress(others[part]) for part in packed
        )
    except zlib.error:
        return False


def merged(packed: Iterable[Mapping[str, bytes]]) -> dict[str, bytes]:
    """Merge packed periods into one: days into a half month, half months into a month, months into a year."""
    every = list(packed)
    result = {}
    for part in PARTS:
        accumulators: dict[str, Accumulator] = {}
        for period in every:
            unpack(period[part], accumulators)
        result[part] = pack({key: accumulator.tally() for key, accumulator in accumulators.items()})
    hall = HallTime()
    for period in every:
        hall.take_in(unpack_hall(period[HALL]))
    result[HALL] = pack_hall(hall)
    return result
