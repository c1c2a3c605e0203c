"""The figures of any range of service days, grouped as asked.

Closed days are read from their rollups, a whole half month, month or year at once; days that have none, the open one
among them, from their rows. Both ways give the same to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hall.catalogue.model import Catalogue
from hall.hall import configuration_at
from hall.ports import HallStore
from queueing import events as ev
from queueing import rollup
from queueing.call_counts import CallCounts, call_counts
from queueing.catalogue import RATINGS
from queueing.counter_time import CounterTime, clerk_times, counter_times
from queueing.early import Stop, early_stops
from queueing.errors import BadRange, ClerkFiguresOff, UnknownGrouping
from queueing.events import Event
from queueing.followed import Followed, followed
from queueing.incidents import Incident, incidents
from queueing.metrics import Figures, MergedHistogram, Spread, figures_from
from queueing.period import DAY, MONTH, YEAR, ends, widest
from queueing.queue_length import LongestQueue, QueueLength, longest_by_service
from queueing.ratings import Ratings, ratings_in
from queueing.rollup import GROUPINGS, HALL, HEAT, NONE, TOTAL, Accumulator, HallTime
from queueing.slips import Slips, slips_by_day
from queueing.ticket import Ticket

__all__ = ["GROUPINGS", "NONE"]

WAIT_BIN_S = 5 * 60
WAIT_BINS = 13  # the last one is an hour and more
CLERK = "clerk"


@dataclass(frozen=True, slots=True)
class Targets:
    """The waits promised, in seconds: that of the centre, and those of services."""

    hall_s: int = 15 * 60
    services_s: Mapping[str, int] = field(default_factory=dict)

    def of(self, by: str, key: str) -> int:
        """Return the target of a row, in seconds: a service's row has its own, all others the centre's."""
        return self.services_s.get(key, self.hall_s) if by == "service" else self.hall_s


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures of a range of days: all together, and by group."""

    first: date
    last: date
    by: str
    total: Figures
    rows: Mapping[str, Figures]


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of one weekday: how many came, and how long they waited."""

    issued: int
    wait: Spread


@dataclass(frozen=True, slots=True)
class Overview:
    """What belongs to the range as a whole: counters' time, the queue, the shape of the waits."""

    first: date
    last: date
    days: int
    counters: Mapping[int, CounterTime]
    queue: QueueLength
    queues: Mapping[str, LongestQueue]  # service -> its longest queue
    heat: Mapping[str, Cell]  # "1 08" is Monday from eight to nine
    appointments: Mapping[str, int]  # how many of these days are booked, checked_in, cancelled or missed
    calls: CallCounts
    waits: list[int]  # how many waited under 5 minutes, under 10, … and an hour or more


def targets_of(catalogue: Catalogue) -> Targets:
    """Return the targets that the settings name now."""
    second = timedelta(seconds=1)
    services = {code: service.target // second for code, service in catalogue.services.items()}
    return Targets(catalogue.hall.target // second, services)


def groupings_of(catalogue: Catalogue) -> tuple[str, ...]:
    """Return how figures may be grouped in this hall."""
    return tuple(by for by in GROUPINGS if by != CLERK or catalogue.hall.clerk_figures)


def check_grouping(by: str, catalogue: Catalogue) -> None:
    """Check that figures may be grouped like this in this hall.

    Raises:
        UnknownGrouping: there is no such grouping.
        ClerkFiguresOff: the hall does not show it.
    """
    if by not in GROUPINGS:
        raise UnknownGrouping()
    if by not in groupings_of(catalogue):
        raise ClerkFiguresOff()


def parse_range(first: str, last: str) -> tuple[date, date]:
    """Return the first and last local day of a range, both included.

    Raises:
        BadRange: not two days as YYYY-MM-DD in order.
    """
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError as error:
        raise BadRange() from error
    # Python reads weeks and bare digits too; an address has one form.
    if days[0] > days[1] or (first, last) != (days[0].isoformat(), days[1].isoformat()):
        raise BadRange()
    return days


def statistics(store: HallStore, first: date, last: date, by: str, zone: ZoneInfo, targets: Targets) -> Statistics:
    """Return the figures of the days from `first` to `last`, both included.

    Raises:
        UnknownGrouping: `by` is none of GROUPINGS.
    """
    if by not in GROUPINGS:
        raise UnknownGrouping()
    with store.snapshot():
        cover = Cover(store, first, last)
        total = cover.total()
        groups = cover.groups(by, zone)
    # `pop`, so that the histograms of a group are freed once its row is computed.
    rows = {name: _figures(groups.pop(name), targets.of(by, name)) for name in sorted(groups)}
    return Statistics(first, last, by, _figures(total, targets.hall_s), rows)


def overview(store: HallStore, first: date, last: date, zone: ZoneInfo) -> Overview:
    """Return what belongs to the range as a whole, both ends included."""
    with store.snapshot():
        cover = Cover(store, first, last)
        hall, cells = cover.hall(zone), cover.heat(zone)
        waits = cover.total().histogram("wait")
        appointments = store.appointment_counts(first, last)
    heat = {key: _cell(cells.pop(key)) for key in sorted(cells)}
    counters = {number: hall.counters[number] for number in sorted(hall.counters)}
    queues = {service: hall.queues[service] for service in sorted(hall.queues)}
    return Overview(first, last, hall.days, counters, hall.queue, queues, heat, appointments, hall.calls, _bins(waits))


def _figures(accumulator: Accumulator, target_s: int) -> Figures:
    return figures_from(accumulator.counts, accumulator.histogram, target_s)


def _cell(accumulator: Accumulator) -> Cell:
    return Cell(accumulator.counts["issued"], accumulator.histogram("wait").spread())


def _bins(waits: MergedHistogram) -> list[int]:
    upto = [waits.at_most(WAIT_BIN_S * number - 1) for number in range(1, WAIT_BINS)] + [waits.n]
    return [upto[0], *(after - before for before, after in zip(upto, upto[1:], strict=False))]


def day_time(store: HallStore, day: date, tickets: Iterable[Ticket], zone: ZoneInfo) -> HallTime:
    """Return the counters' time, the queue lengths and the calls of one day, from its events and rows."""
    events = store.counter_events(day)
    return rollup.hall_time(list(tickets), counter_times(events), call_counts(events), day, zone)


def slips_of(store: HallStore, first: date, last: date) -> dict[date, Slips]:
    """Return the slips and skips of these days, both included, from their events."""
    with store.snapshot():
        events = _events_of(store, first, last)
        return slips_by_day(events, configuration_at(store, events[0].seq - 1)) if events else {}


def _events_of(store: HallStore, first: date, last: date) -> list[Event]:
    """Return the events of these days, in order; days that a wrong clock put between them are left out."""
    opened = store.events_of(ev.DAY_OPENED)
    ends = [*(event.seq for event in opened[1:]), store.last_seq() + 1]
    events: list[Event] = []
    for event, end in zip(opened, ends, strict=bool(opened)):
        if first.isoformat() <= event.data["day"] <= last.isoformat():
            events += store.events(event.seq - 1, end - event.seq)
    return events


def incidents_of(store: HallStore, first: date, last: date) -> list[Incident]:
    """Return the incidents of these days, both included, from their events."""
    with store.snapshot():
        return incidents(_events_of(store, first, last))


def staffed_time_of(
    store: HallStore, first: date, last: date, *, by_clerk: bool
) -> dict[date, dict[tuple[int, str], CounterTime]]:
    """Return the time of the counters on each of these days, both included, by counter and clerk ("": nobody said)."""
    with store.snapshot():
        days = {day: store.counter_events(day) for day in store.opened_days(first, last)}
    if by_clerk:
        return {day: clerk_times(events) for day, events in days.items()}
    return {
        day: {(counter, ""): time for counter, time in counter_times(events).items()} for day, events in days.items()
    }


def longest_queues_of(store: HallStore, first: date, last: date) -> dict[date, dict[str, LongestQueue]]:
    """Return the longest queue of each service on each of these days, both included, from their rows."""
    with store.snapshot():
        zone = ZoneInfo(Catalogue.load(store).hall.timezone)
        return {day: longest_by_service(store.tickets(day, day), day, zone) for day in store.opened_days(first, last)}


def early_stops_of(store: HallStore, first: date, last: date) -> dict[Stop, int]:
    """Return the stops in the first minute of a service on these days, both included, from their events."""
    with store.snapshot():
        return early_stops(_events_of(store, first, last))


def followed_of(store: HallStore, first: date, last: date) -> list[Followed]:
    """Return what the board proposed and was followed on these days, both included, and what came of it."""
    with store.snapshot():
        return followed(_events_of(store, first, last))


def ratings_by(
    store: HallStore, first: date, last: date, groupings: Iterable[str]
) -> tuple[Ratings, dict[str, dict[str, Ratings]]]:
    """Return how the visits of these days, both included, were rated: all of them, and by group of each grouping.

    Raises:
        UnknownGrouping: one is none of GROUPINGS.
    """
    zone = ZoneInfo(Catalogue.load(store).hall.timezone)
    total, groups = Ratings(0, (0,) * len(RATINGS)), dict[str, dict[str, Ratings]]()
    with store.snapshot():
        for by in groupings:
            figures = statistics(store, first, last, by, zone, Targets())
            total = ratings_in(figures.total)
            # Who was never called was not served, and has no counter.
            groups[by] = {key: ratings_in(row) for key, row in figures.rows.items() if row.served}
    return total, groups


class Cover:
    """A range of days as the fewest periods that have rollups, and the days between them that have none."""

    def __init__(self, store: HallStore, first: date, last: date) -> None:
        self._store = store
        self._first, self._last = first, last
        self._whole = [period for period in store.rollups(first, last) if _within(period, first, last)]
        self.days = [period for period in self._whole if len(period) == DAY]
        self.periods = widest(self._whole)
        covered = set(self.days)
        self._rows = [
            ticket
            for start, end in _gaps(first, last, covered)
            for ticket in store.tickets(start, end)
            if ticket.day.isoformat() not in covered
        ]

    def total(self) -> Accumulator:
        """Return all visits of the range together."""
        accumulators = self._accumulators(TOTAL, self.periods)
        self._add_groups(
            accumulators, rollup.grouped(rollup.contributions(self._rows), rollup.PARTS[TOTAL], ZoneInfo("UTC"))
        )
        return accumulators.get(NONE, Accumulator())

    def groups(self, by: str, zone: ZoneInfo) -> dict[str, Accumulator]:
        """Return the visits of the range by group."""
        if by in ("day", "month"):
            accumulators: dict[str, Accumulator] = {}
            length = DAY if by == "day" else MONTH
            periods = self.days if by == "day" else widest(period for period in self._whole if len(period) != YEAR)
            for period, data in self._store.rollup_part(TOTAL, periods):
                of_period: dict[str, Accumulator] = {NONE: accumulators.setdefault(period[:length], Accumulator())}
                rollup.unpack(data, of_period)
            # A day without a ticket has a rollup and no row.
            accumulators = {
                key: accumulator for key, accumulator in accumulators.items() if accumulator.counts["issued"]
            }
        else:
            accumulators = self._accumulators(by, self.periods)
        self._add_groups(accumulators, rollup.grouped(rollup.contributions(self._rows), GROUPINGS[by], zone))
        return accumulators

    def heat(self, zone: ZoneInfo) -> dict[str, Accumulator]:
        """Return the visits of the range by weekday and hour."""
        accumulators = self._accumulators(HEAT, self.periods)
        self._add_groups(accumulators, rollup.heat(rollup.contributions(self._rows), zone))
        return accumulators

    def hall(self, zone: ZoneInfo) -> HallTime:
        """Return the counters' time and the queue length over the range."""
        time = HallTime()
        for _, data in self._store.rollup_part(HALL, self.periods):
            time.take_in(rollup.unpack_hall(data))
        days: dict[date, list[Ticket]] = {day: [] for day in self._store.opened_days(self._first, self._last)}
        covered = set(self.days)
        for ticket in self._rows:
            days.setdefault(ticket.day, []).append(ticket)
        for day in sorted(days):
            if day.isoformat() not in covered:
                time.take_in(day_time(self._store, day, days[day], zone))
        return time

    def _accumulators(self, part: str, periods: list[str]) -> dict[str, Accumulator]:
        accumulators: dict[str, Accumulator] = {}
        for _, data in self._store.rollup_part(part, periods):
            rollup.unpack(data, accumulators)
        return accumulators

    @staticmethod
    def _add_groups(accumulators: dict[str, Accumulator], groups: rollup.Groups) -> None:
        for key, tally in groups.items():
            accumulators.setdefault(key, Accumulator()).add_tally(tally)


def _within(period: str, first: date, last: date) -> bool:
    start, end = ends(period)
    return first <= start and end <= last


def _gaps(first: date, last: date, covered: set[str]) -> Iterator[tuple[date, date]]:
    """Yield the first and last day of each stretch of the range that has no covered day."""
    start = first
    for day in sorted(map(date.fromisoformat, covered)):
        if start < day:
            yield start, day - timedelta(days=1)
        start = day + timedelta(days=1)
    if start <= last:
        yield start, last
