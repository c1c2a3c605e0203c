"""The contract of a store: what the hall may expect of every implementation."""

import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hall.ports import Answer, RequestIdentity
from queueing.events import Event, chained, instant, read
from queueing.floor import CounterState, Staffing
from queueing.ticket import Leg, State, Ticket
from store.database import Database
from store.hall import SqliteHallStore

NINE = datetime(2026, 1, 5, 2, 0, 0, 123456, tzinfo=UTC)
DAY = date(2026, 1, 5)


@pytest.fixture(params=("memory", "file"))
def store(request, tmp_path):
    db = Database(None if request.param == "memory" else tmp_path / "hall.db")
    yield SqliteHallStore(db)
    db.close()


def event(seq, kind="ticket.issued", data=None, **where):
    data = {"number": f"B{seq:03d}", "words": "Đến Lượt 👋", "nothing": None, "yes": True} if data is None else data
    at = NINE + timedelta(seconds=seq)
    return Event(seq, at, kind, where.get("ref"), where.get("counter"), where.get("service"), data, f"{seq:064x}")


def ticket(ref=1, number="B001", day=DAY, arrival=None, **how):
    leg = Leg("CHUNG_THUC", NINE)
    return Ticket(ref, number, day, "priority", timedelta(minutes=20), arrival or ref, (leg,), **how)


def add(store, made, ticket_id=None, language="vi"):
    store.add_event(event(made.arrival))
    store.add_ticket(made, ticket_id or f"secret-{made.ref}", language)
    return made


# -- the log ---------------------------------------------------------------------------------------


def test_given_a_new_store_then_it_holds_nothing(store):
    assert store.identity() is None
    assert (store.last_seq(), store.events(0), store.last_event(), store.refs()) == (0, [], None, [])
    assert (store.counter_states(), store.configuration()) == ({}, {})
    assert store.ticket(1) is None and store.ref_of("x") is None


def test_given_an_identity_then_it_is_kept_and_never_a_second(store):
    store.add_hall("hall", "log")
    assert store.identity() == ("hall", "log")
    with pytest.raises(sqlite3.IntegrityError):
        store.add_hall("another", "log")


def test_given_events_then_they_come_back_equal_and_in_order(store):
    events = [
        event(1, "day.opened", {"day": "2026-01-05", "serving": [{"by": None, "ref": 3}]}),
        event(2, "ticket.called", ref=7, counter=2, service="HO_TICH"),
        event(3),
    ]
    for one in (events[0], events[1], events[2]):
        store.add_event(one)
    assert store.events(0) == events
    assert store.events(1) == events[1:] and store.events(1, 1) == [events[1]] and store.events(3) == []
    assert store.last_seq() == 3
    assert store.last_event() == events[2]
    assert store.last_event("day.opened") == events[0]
    assert store.last_event("counter.opened") is None
    assert [read(written) for written in store.written(0)] == events


def test_given_an_event_then_it_is_written_as_its_hash_was_made(store):
    made = event(1, data={"b": "Đ", "a": 1})
    digest = chained("log", 1, instant(made.at), made.kind, None, None, None, '{"a":1,"b":"Đ"}')
    store.add_event(made._replace(hash=digest))
    (written,) = store.written(0)
    assert written.follows("log") and not written.follows("another")


def test_given_a_seq_that_is_taken_then_no_second_event_gets_it(store):
    store.add_event(event(1))
    with pytest.raises(sqlite3.IntegrityError):
        store.add_event(event(1, "ticket.called"))


# -- tickets ---------------------------------------------------------------------------------------


def test_given_a_ticket_then_it_comes_back_equal(store):
    made = add(store, ticket(), "the-secret")
    assert store.ticket(1) == made
    assert store.ref_of("the-secret") == 1
    assert store.ref_of("The-secret") is None
    assert store.refs() == [1]


def test_given_a_ticket_on_its_way_then_every_step_comes_back_equal(store):
    made = add(store, ticket())
    for step in (
        lambda t: t.called(NINE + timedelta(minutes=1), 2, "user:1"),
        lambda t: t.called_again(),
        lambda t: t.started(NINE + timedelta(minutes=2)),
        lambda t: t.finished(NINE + timedelta(minutes=3), "filed"),
    ):
        made = step(made)
        store.save_ticket(made)
        assert store.ticket(1) == made


@pytest.mark.parametrize("end", ("cancelled", "expired"))
def test_given_an_abandoned_ticket_then_when_is_kept(store, end):
    made = getattr(add(store, ticket()), end)(NINE + timedelta(minutes=9))
    store.save_ticket(made)
    assert store.ticket(1) == made and store.ticket(1).abandoned_at == NINE + timedelta(minutes=9)


def test_given_a_second_leg_then_both_come_back(store):
    made = add(store, ticket())
    made = made._replace(legs=(*made.legs, Leg("HO_TICH", NINE + timedelta(minutes=5))))
    store.save_ticket(made)
    assert store.ticket(1) == made
    assert list(store.tickets(DAY, DAY)) == [made]


def test_given_days_then_both_ends_are_included_and_the_order_is_of_arrival(store):
    made = [add(store, ticket(ref, f"B{ref:03d}", DAY + timedelta(days=ref // 2))) for ref in range(1, 7)]
    assert list(store.tickets(DAY, DAY)) == made[:1]
    assert list(store.tickets(DAY + timedelta(days=1), DAY + timedelta(days=2))) == made[1:5]
    assert list(store.tickets(date.min, date.max)) == made


def test_given_a_number_of_the_day_then_nobody_else_gets_it_that_day(store):
    add(store, ticket(1))
    with pytest.raises(sqlite3.IntegrityError), store.transaction():
        add(store, ticket(2))
    assert store.refs() == [1] and store.last_seq() == 1
    add(store, ticket(2, day=DAY + timedelta(days=1)))


def test_given_a_secret_or_an_arrival_then_no_two_tickets_share_it(store):
    add(store, ticket(1), "secret")
    store.add_event(event(2))
    with pytest.raises(sqlite3.IntegrityError), store.transaction():
        store.add_ticket(ticket(2, "B002"), "secret", "vi")
    with pytest.raises(sqlite3.IntegrityError), store.transaction():
        store.add_ticket(ticket(2, "B002", arrival=1), "another", "vi")
    with pytest.raises(sqlite3.IntegrityError), store.transaction():
        store.add_ticket(ticket(3, "B003", arrival=77), "no such event", "vi")


def test_given_somebody_at_a_counter_then_nobody_else_can_be_called_there(store):
    first, second = add(store, ticket(1)), add(store, ticket(2, "B002"))
    called = first.called(NINE, 2, "user:1")
    store.save_ticket(called)
    for state in (called, called.started(NINE)):
        store.save_ticket(state)
        with pytest.raises(sqlite3.IntegrityError), store.transaction():
            store.save_ticket(second.called(NINE, 2, "user:2"))
    assert store.ticket(2) == second
    store.save_ticket(second.called(NINE, 3, "user:2"))
    store.save_ticket(called.started(NINE).finished(NINE, None))
    store.save_ticket(add(store, ticket(3, "B003")).called(NINE, 2, "user:1"))


def test_given_refs_then_the_next_is_one_more(store):
    assert store.next_ref() == 1
    add(store, ticket(1)), add(store, ticket(5, "B005"))
    assert store.next_ref() == 6


def test_given_counts_then_they_go_by_service_and_day(store):
    assert [store.next_count(DAY, "A") for _ in range(3)] == [1, 2, 3]
    assert store.next_count(DAY, "B") == 1
    assert store.next_count(DAY + timedelta(days=1), "A") == 1
    assert store.next_count(DAY, "A") == 4


# -- counters, services, settings ------------------------------------------------------------------


def test_given_counter_states_then_they_come_back_equal_and_the_last_one_counts(store):
    store.save_counter_state(2, CounterState(Staffing.OPEN, NINE, "user:1", None, 7))
    store.save_counter_state(3, CounterState())
    store.save_counter_state(2, CounterState(Staffing.PAUSED, NINE + timedelta(1), "user:1", "lunch", None))
    assert store.counter_states() == {
        2: CounterState(Staffing.PAUSED, NINE + timedelta(1), "user:1", "lunch", None),
        3: CounterState(),
    }


def service(code, prefix, position, **how):
    texts = {"names": {"vi": "Hộ tịch", "en": "Civil"}, "hints": {"vi": "…"}, "icon": "friends", "family": 3}
    times = {"service_time_s": 840, "target_s": 900}
    return {"code": code, "prefix": prefix, "position": position, "active": True, **texts, **times, **how}


def counter(number, *services):
    return {"number": number, "name": f"Quầy {number}", "services": list(services)}


def offering(*services, counters=(), name="Trung tâm"):
    """The settings of a hall as the fold of its log has them."""
    return {
        "hall": {"name": name, "target_s": 900, "languages": ["vi", "en"]},
        "policy": {"cap": 5},
        "services": {each["code"]: each for each in services},
        "counters": {str(each["number"]): each for each in counters},
    }


def test_given_no_hall_then_there_are_no_settings(store):
    assert store.configuration() == {}


@pytest.mark.parametrize(
    "later",
    [
        offering(service("A", "A", 1), service("B", "B", 2), name="Khác", counters=[counter(1, "A"), counter(2, "B")]),
        offering(service("A", "A", 1), counters=[counter(1, "A")]),
        offering(service("B", "A", 1), counters=[counter(1, "B")]),
        offering(service("A", "B", 1), service("B", "A", 2, active=False), counters=[counter(2, "A", "B")]),
        offering(service("A", "B", 1), service("C", "A", 2), counters=[counter(2, "A"), counter(3, "C")]),
    ],
)
def test_given_settings_when_they_change_in_any_way_then_the_rows_come_back_equal(store, later):
    first = offering(service("A", "A", 1), service("B", "B", 2), counters=[counter(1, "A", "B"), counter(2)])
    for tree in (first, later, first):
        with store.transaction():
            store.save_configuration(tree)
        assert store.configuration() == tree


def test_given_a_number_or_a_booking_then_the_service_is_used(store):
    assert not store.service_used("A")
    store.add_appointment("1234", "A", DAY, NINE)
    assert store.service_used("A") and not store.service_used("B")
    store.next_count(DAY, "B")
    assert store.service_used("B")


# -- answers kept for repeats ----------------------------------------------------------------------


def test_given_an_answer_then_it_is_kept_for_its_caller_and_route_only(store):
    request = RequestIdentity("user:1", "POST /tickets", "k" * 8, "digest")
    store.keep_answer(request, b'{"number":"B001"}', NINE)
    assert store.answer(request) == Answer("digest", b'{"number":"B001"}')
    assert store.answer(replace(request, digest="other")) == Answer("digest", b'{"number":"B001"}')
    for other in ({"caller": "user:2"}, {"route": "POST /tickets/1/cancel"}, {"key": "j" * 8}):
        assert store.answer(replace(request, **other)) is None
        store.keep_answer(replace(request, **other), b"{}", NINE)
    with pytest.raises(sqlite3.IntegrityError), store.transaction():
        store.keep_answer(request, b"{}", NINE)
    assert store.answer(request).body == b'{"number":"B001"}'


def test_given_old_answers_when_forgetting_then_only_those_before(store):
    old, new = (RequestIdentity("user:1", "r", key * 8, "d") for key in "on")
    store.keep_answer(old, b"", NINE - timedelta(microseconds=1))
    store.keep_answer(new, b"", NINE)
    store.forget_answers(NINE)
    assert store.answer(old) is None and store.answer(new) is not None


# -- all or nothing --------------------------------------------------------------------------------


def everything(store):
    """Do every kind of write once."""
    store.add_hall("hall", "log")
    store.save_configuration(offering(service("A", "A", 1), counters=[counter(1, "A")]))
    add(store, ticket()._replace(number=f"B{store.next_count(DAY, 'A'):03d}"))
    store.save_ticket(ticket().called(NINE, 1, "user:1"))
    store.save_counter_state(1, CounterState(Staffing.OPEN, NINE, "user:1", None, 1))
    store.keep_answer(RequestIdentity("user:1", "r", "k" * 8, "d"), b"{}", NINE)


def rows(store):
    names = [row["name"] for row in store.db.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return {name: [tuple(row) for row in store.db.rows(f"SELECT * FROM {name}")] for name in names}


@pytest.mark.parametrize("stop", (RuntimeError, KeyboardInterrupt, GeneratorExit))
def test_given_a_transaction_that_stops_then_nothing_of_it_is_left(store, stop):
    before = rows(store)
    with pytest.raises(stop), store.transaction():
        everything(store)
        raise stop
    assert rows(store) == before
    with store.transaction():
        everything(store)
    assert store.next_count(DAY, "A") == 2 and store.refs() == [1]


def test_given_a_transaction_inside_another_then_it_is_part_of_it(store):
    before = rows(store)
    with pytest.raises(RuntimeError), store.transaction():
        with store.transaction():
            everything(store)
        raise RuntimeError
    assert rows(store) == before


def test_given_a_transaction_under_way_then_another_connection_sees_it_whole_or_not(tmp_path):
    writer, reader = (SqliteHallStore(Database(tmp_path / "hall.db")) for _ in range(2))
    with writer.transaction():
        everything(writer)
        assert reader.identity() is None and reader.last_seq() == 0
    assert reader.identity() == ("hall", "log") and reader.ticket(1).state is State.CALLED


def test_given_a_snapshot_then_what_others_commit_meanwhile_is_not_seen(tmp_path):
    writer, reader = (SqliteHallStore(Database(tmp_path / "hall.db")) for _ in range(2))
    writer.add_event(event(1))
    with reader.snapshot():
        assert reader.last_seq() == 1
        writer.add_event(event(2))
        assert reader.last_seq() == 1
    assert reader.last_seq() == 2
