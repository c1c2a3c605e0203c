"""A simulated month: it keeps the rules, has every case, and is the same for the same seed."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from jsonschema import Draft202012Validator

from access.gate import Gate
from demo.cast import RESERVE, demo_cast, demo_template
from demo.history import GivenTime, first_of_last_month, live, midnight
from demo.loads import Load
from hall import rollups
from hall.catalogue.defaults import found_hall
from hall.event_schema import event_schema
from hall.hall import Hall
from hall.public_months import due_months
from hall.review import Targets, statistics
from hall.verify import verify
from hall.views.events import event_view
from store.access import SqliteAccessStore
from store.database import Database
from store.hall import SqliteHallStore

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FRIDAY = datetime(2026, 11, 27, 2, 10, tzinfo=UTC)  # ten past nine in Viet Nam
EVERY_CASE = {
    *("ticket.issued", "ticket.called", "ticket.called_again", "ticket.started", "ticket.finished", "ticket.no_show"),
    *("ticket.held", "ticket.returned", "ticket.transferred", "ticket.dossiers_counted", "ticket.cancelled"),
    *("counter.opened", "counter.paused", "counter.resumed", "counter.closed"),
}


def lived(seed, days):
    store, clock = SqliteHallStore(db := Database(None)), GivenTime(FRIDAY - timedelta(days=days + 1))
    found_hall(store, clock.at, demo_template())
    hall = Hall(store, clock.steady())
    people = Gate(SqliteAccessStore(db), lambda work: work(), hall.now).people
    cast = demo_cast(people, list(hall.catalogue.counters))
    load = Load(hall.catalogue.minutes, seed)
    for _ in live(hall, clock, load, cast.subjects(people), FRIDAY, days, RESERVE.keys()):
        pass
    return store


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_given_a_seed_then_its_month_has_every_case_and_a_log_that_proves(seed):
    """With 2, a service goes on over lunch; with 3, the next begins while its clerk still rests."""
    store = lived(seed, 30)
    kinds = Counter(event.kind for event in store.events(0, 10**9))
    assert kinds.keys() >= EVERY_CASE
    assert kinds["ticket.finished"] > 20 * 100
    assert verify(store).clean
    targets = Targets(15 * 60, {})
    figures = statistics(store, FRIDAY.date() - timedelta(days=31), FRIDAY.date(), "day", ZONE, targets)
    within = figures.total.within[15]
    print(f"{within.met} of {within.of} within a quarter of an hour")
    assert within.met >= 0.7 * within.of, "the demonstration shows a centre that the system helps"
    fits = Draft202012Validator(event_schema()).is_valid
    seen = Counter()
    for event in store.events(0):
        shape = (event.kind, event.counter is None, *sorted((name, type(each)) for name, each in event.data.items()))
        seen[shape] += 1
        if seen[shape] <= 50:  # of many thousands
            assert fits(msgspec.to_builtins(event_view(event))), event


def test_given_the_same_seed_then_the_same_history():
    def facts():
        return [(event.at, event.kind, event.ref, event.counter) for event in lived(7, 3).events(0, 10**9)]

    assert facts() == facts()


def test_given_any_day_of_a_month_when_a_demo_opens_then_its_history_has_the_whole_month_before_and_no_other():
    for opens in (FRIDAY - timedelta(days=25), FRIDAY + timedelta(days=3)):  # the first and the last working day
        today = opens.astimezone(ZONE).date()
        first = first_of_last_month(today)
        store, clock = SqliteHallStore(Database(None)), GivenTime(midnight(first, ZONE))
        found_hall(store, clock.at, demo_template())
        hall = Hall(store, clock.steady())
        few = Load(hall.catalogue.minutes, seed=1, visits=3)
        for _ in live(hall, clock, few, {1: "user:1", 2: "user:2"}, opens, (today - first).days):
            pass
        rollups.refresh(store)
        assert due_months(store, ()) == ["2026-10"]
        issued = {day for day in store.opened_days(first, today) if store.tickets(day, day)}
        october = {first + timedelta(days=n) for n in range(31)}
        assert issued & october == {day for day in october if day.weekday() < 5}
