"""The rollups of closed days: made in the background, dropped when their day changes, checked against the log.

A rollup may be missing at any time: statistics then read the rows of the tickets, with the same result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from hall.catalogue.model import Catalogue
from hall.hall import TIMEZONE, configuration_at
from hall.ports import HallStore
from hall.review import day_time
from queueing import events as ev
from queueing.call_counts import CallCounter, CallCounts
from queueing.configuration import value_at
from queueing.counter_time import CounterClock, CounterTime
from queueing.events import Event
from queueing.floor import Floor
from queueing.period import DAY, SUMS, ends, period_of, periods_of
from queueing.rollup import Rollup, merged, roll_up, same
from queueing.ticket import Ticket

BATCH = 5000
Packed = Mapping[str, bytes]


def zone_of(store: HallStore) -> ZoneInfo:
    """Return the hall's time zone."""
    return ZoneInfo(Catalogue.load(store).hall.timezone)


def zone_in_log(store: HallStore) -> ZoneInfo | None:
    """Return the hall's time zone by the log, whatever the rows say; None if it cannot be read.

    A log begun before version 0.2 does not hold it at first; then it is read from the rows.
    """
    try:
        configuration = configuration_at(store, store.last_seq())
        tree = configuration.tree if configuration.whole else store.configuration()
        return ZoneInfo(value_at(tree, TIMEZONE))
    except (LookupError, ValueError, TypeError, AttributeError, OSError):  # OSError: "Asia" is a folder of zones
        return None


def refresh(store: HallStore) -> int:
    """Make the rollups that are missing, each in a short transaction; return how many were made.

    A day that changes while its rollup is being made keeps none until the next time.
    """
    zone = zone_of(store)
    closed = store.closed_days()
    count = 0
    for day in closed:
        if not store.rollup(day.isoformat()):
            count += _make(store, day.isoformat(), zone, partial(_day, store, day, zone))
    present = store.opened_days(date.min, date.max)[-1:]
    for length, part in SUMS:
        for period in sorted({period_of(day, length) for day in closed}):
            if present and period == period_of(present[0], length):
                continue  # not over yet
            if not store.rollup(period):
                count += _make(store, period, zone, partial(_sum, store, period, part, closed))
    return count


def _make(store: HallStore, period: str, zone: ZoneInfo, work: Callable[[], Packed | None]) -> int:
    with store.snapshot():
        seq = store.last_seq()
        packed = work()
    return 0 if packed is None else _save(store, period, packed, seq, zone)


def _save(store: HallStore, period: str, packed: Packed, seq: int, zone: ZoneInfo) -> int:
    """Save a rollup that is true up to an event; return 1, or 0 if something has changed since."""
    with store.transaction():
        if store.changed_since(seq, *ends(period)) or zone_of(store) != zone:
            return 0
        store.save_rollup(period, packed)
    return 1


def _day(store: HallStore, day: date, zone: ZoneInfo) -> Packed:
    tickets = list(store.tickets(day, day))
    time = day_time(store, day, tickets, zone)
    return roll_up(tickets, time.counters, time.calls, day, zone).packed()


def _sum(store: HallStore, period: str, part: int, closed: list[date]) -> Packed | None:
    """Return the sum of the periods inside; None while one of them has no rollup."""
    first, last = ends(period)
    inside = sorted({period_of(day, part) for day in closed if first <= day <= last})
    packed = [store.rollup(inner) for inner in inside]
    return merged(packed) if all(packed) else None


class Ledger:
    """Reads the log and returns the rollup of each closed day, once no service of that day goes on."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._clock = CounterClock()
        self._counter = CallCounter()
        self._times: dict[date, tuple[Mapping[int, CounterTime], CallCounts]] = {}
        self._tickets: dict[date, dict[int, Ticket]] = {}

    def hear(self, event: Event, floor: Floor) -> Iterable[tuple[date, Rollup]]:
        """Read the next event, before the floor applies it; return the rollups of days that it completes."""
        self._clock.hear(event)
        self._counter.hear(event)
        if event.kind == ev.DAY_CLOSED and floor.day is not None:
            self._times[floor.day] = self._clock.times(), self._counter.counts()
        elif event.kind == ev.DAY_OPENED:
            self._read(floor)
            complete = [day for day in self._times if all(t.ended for t in self._tickets.get(day, {}).values())]
            return [(day, self._close(day)) for day in complete]
        return ()

    def rest(self, floor: Floor) -> Iterator[tuple[date, Rollup]]:
        """Yield, after the last event, the rollups of closed days in which a service still goes on."""
        self._read(floor)
        for day in sorted(self._times):
            yield day, self._close(day)

    def _read(self, floor: Floor) -> None:
        for ticket in floor.tickets.values():
            if ticket.day in self._times:
                self._tickets.setdefault(ticket.day, {})[ticket.ref] = ticket

    def _close(self, day: date) -> Rollup:
        return roll_up(self._tickets.pop(day, {}).values(), *self._times.pop(day), day, self._zone)


def rebuild(store: HallStore) -> int:
    """Make every rollup again from the events alone, each in a short transaction; return how many there are.

    Meanwhile the statistics of a day without one are read from its rows.
    """
    zone = zone_of(store)
    with store.transaction():
        store.drop_rollups()
    floor, ledger, count = Floor(), Ledger(zone), 0
    while batch := store.events(floor.seq, BATCH):
        for event in batch:
            for day, rollup in ledger.hear(event, floor):
                # Every service of that day has ended, so no event that is in the log already changes it.
                count += _save(store, day.isoformat(), rollup.packed(), store.last_seq(), zone)
            floor.apply(event)
    for day, rollup in ledger.rest(floor):
        count += _save(store, day.isoformat(), rollup.packed(), floor.seq, zone)
    return count + refresh(store)


def differs(store: HallStore, day: date, rollup: Rollup) -> bool:
    """Return whether the day has a rollup that says something else."""
    kept = store.rollup(day.isoformat())
    return bool(kept) and not same(kept, rollup.packed())


def wrong_sums(store: HallStore) -> Iterator[str]:
    """Yield the periods that are not the sum of those inside, and those without a closed day."""
    closed = store.closed_days()
    known = {period for day in closed for period in periods_of(day)}
    parts = dict(SUMS)
    for period in store.rollups(date.min, date.max):
        if period not in known:
            yield period
            continue
        if len(period) == DAY:
            continue
        try:
            summed = _sum(store, period, parts[len(period)], closed)
        except (ValueError, LookupError):  # a part of it is no rollup at all
            summed = None
        if summed is None or not same(store.rollup(period), summed):
            yield period
