"""The days of the log, by date, with the settings that were in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from hall.catalogue.model import Catalogue, template_of
from hall.ports import HallStore
from hall.recorded_day import Day, events_between, read_day
from hall.whatif.simulate import OpenDay, PastDay, PlayedDay
from queueing import events as ev
from queueing.configuration import Configuration
from queueing.errors import NothingToRehearse

DAYS_BEFORE = 6  # whose services are drawn from where the day had few
MODELS = 8  # earlier days of the same weekday: who came on one of them comes in the rest of a day


class LoggedDay(NamedTuple):
    """A day of the log: its date, and its first and last event. Of the open day `last` is the newest event."""

    day: date
    first: int
    last: int
    closed: bool
    calls: bool  # somebody was called


def logged_days(store: HallStore) -> list[LoggedDay]:
    """Return every day of the log, the oldest first."""
    opened, calls = store.events_of(ev.DAY_OPENED), set(store.openings_with_calls())
    ends = [event.seq - 1 for event in opened[1:]] + [store.last_seq()]
    return [
        LoggedDay(date.fromisoformat(event.data["day"]), event.seq, last, n < len(opened), event.seq in calls)
        for n, (event, last) in enumerate(zip(opened, ends, strict=True), start=1)
    ]


def find_day(store: HallStore, wanted: date | None) -> tuple[LoggedDay, list[LoggedDay]]:
    """Return a closed day with calls, or the open day (None), and the days before it, the nearest first.

    Raises:
        NothingToRehearse: there is no such day.
    """
    days = logged_days(store)
    for n in reversed(range(len(days))):
        day = days[n]
        if (day.closed and day.calls and day.day == wanted) if wanted else not day.closed:
            return day, [before for before in reversed(days[:n]) if before.calls]
    raise NothingToRehearse()


def played_day(store: HallStore, wanted: date | None, now: datetime) -> PlayedDay:
    """Return a day ready to be simulated: a closed one, or what is left of the open one (None).

    Raises:
        NothingToRehearse: there is no such day.
    """
    logged, before = find_day(store, wanted)
    if not logged.closed:
        day = read_day(events_between(store, logged.first, logged.last), now)
        weekday = [other for other in before if other.day.weekday() == logged.day.weekday()][:MODELS]
        models = weekday + [other for other in before[:DAYS_BEFORE] if other not in weekday]
        return OpenDay.of(day, now, settings_at(store, logged.last), list(recorded(store, models)))
    day = read_day(events_between(store, logged.first, logged.last))
    return PastDay.of(day, settings_at(store, logged.last), recorded(store, before[:DAYS_BEFORE]))


def recorded(store: HallStore, days: list[LoggedDay]) -> Iterator[Day]:
    """Yield days as the log has them, those on which somebody was called."""
    for logged in days:
        day = read_day(events_between(store, logged.first, logged.last))
        if day.past_calls:
            yield day


def recent_days(store: HallStore, weeks: int) -> list[Day]:
    """Return the closed days of the last weeks on which somebody was called."""
    closed = [day for day in logged_days(store) if day.closed and day.calls]
    since = closed[-1].day - timedelta(weeks=weeks) if closed else date.max
    return list(recorded(store, [day for day in closed if day.day > since]))


def settings_at(store: HallStore, seq: int) -> Catalogue:
    """Return the settings that held after an event; those of today where the log is too old to say."""
    configuration = Configuration()
    changes = [*store.events_of(ev.SETTING_CHANGED), *store.events_of(ev.POLICY_CHANGED)]
    for event in sorted(changes, key=lambda event: event.seq):
        if event.seq <= seq:
            configuration = configuration.after(event)
    try:
        if configuration.whole:
            return Catalogue(template_of(configuration.tree))
    except ValueError:
        pass  # a setting that has come since then has no default
    return Catalogue.load(store)
