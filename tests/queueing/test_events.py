"""The chain of hashes: a change of any field of an event changes its hash."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import is_typeddict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queueing import events as ev
from queueing.events import Written, canonical, chained, from_instant, instant, read

BEFORE = "ab" * 32
FIELDS = (7, "2026-01-05T02:00:00.000000Z", "ticket.issued", 3, None, "CHUNG_THUC", '{"number":"B001"}')


def written(*fields):
    return Written(*fields, hash=chained(BEFORE, *fields))


def test_given_an_event_then_its_hash_is_what_the_documents_promise():
    line = json.dumps([BEFORE, *FIELDS], ensure_ascii=False, separators=(",", ":"))
    assert chained(BEFORE, *FIELDS) == hashlib.sha256(line.encode()).hexdigest()
    assert written(*FIELDS).follows(BEFORE)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seq", 8),
        ("at", "2026-01-05T02:00:00.000001Z"),
        ("at", "2026-01-05T02:00:00Z"),
        ("kind", "ticket.called"),
        ("ref", 4),
        ("ref", None),
        ("counter", 3),
        ("service", None),
        ("service", "HO_TICH"),
        ("data", '{"number":"B002"}'),
        ("data", '{"number": "B001"}'),
        ("data", '{"number":"B002","number":"B001"}'),
        ("hash", "00" * 32),
    ],
)
def test_given_any_field_is_changed_then_the_event_does_not_follow(field, value):
    assert not written(*FIELDS)._replace(**{field: value}).follows(BEFORE)


def test_given_another_event_before_then_the_event_does_not_follow():
    assert not written(*FIELDS).follows("ac" + BEFORE[2:])


def test_given_a_value_moved_to_the_next_field_then_the_event_does_not_follow():
    moved = Written(*FIELDS[:3], None, 3, *FIELDS[5:], hash=chained(BEFORE, *FIELDS))
    assert not moved.follows(BEFORE)


numbers = st.none() | st.integers(1, 10**6)
fields = st.tuples(
    st.integers(1, 10**6), st.text(max_size=5), st.text(max_size=5), numbers, numbers, st.none() | st.text(max_size=5),
    st.text(max_size=5),
)  # fmt: skip


@given(fields, fields)
def test_given_two_events_then_their_hashes_are_equal_only_if_they_are(one, other):
    assert (chained(BEFORE, *one) == chained(BEFORE, *other)) == (one == other)


@given(st.integers(0, 10**16))
def test_given_an_instant_then_its_text_is_of_one_width_sorts_as_time_and_comes_back(microseconds):
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    text = instant(at)
    assert len(text) == 27 and from_instant(text) == at
    assert instant(at.astimezone(timezone(timedelta(hours=7)))) == text
    assert text < instant(at + timedelta(microseconds=1))


def test_given_data_then_it_is_written_one_way():
    assert canonical({"b": 1, "a": "Đến Lượt", "c": [None, True]}) == '{"a":"Đến Lượt","b":1,"c":[null,true]}'


def test_given_a_written_event_when_reading_then_it_is_what_was_written():
    event = read(written(*FIELDS))
    assert (event.seq, event.at, event.data) == (7, datetime(2026, 1, 5, 2, tzinfo=UTC), {"number": "B001"})


@pytest.mark.parametrize(
    ("field", "text"),
    [("data", "{"), ("data", "[1]"), ("data", "null"), ("at", "yesterday"), ("at", "2026-01-05T02:00")],
)
def test_given_texts_that_are_no_event_when_reading_then_it_says_so(field, text):
    with pytest.raises(ValueError):
        read(written(*FIELDS)._replace(**{field: text}))


def test_given_the_kinds_then_each_is_a_subject_and_a_fact_with_a_payload_of_its_own():
    assert set(ev.KINDS.values()) == {value for value in vars(ev).values() if isinstance(value, ev.Kind)}
    assert all(name == kind and name.count(".") == 1 and name == name.lower() for name, kind in ev.KINDS.items())
    assert all(is_typeddict(kind.payload) and kind.payload.__doc__ for kind in ev.KINDS.values())


def test_given_an_event_made_when_written_and_read_then_it_is_the_same_and_of_its_kind():
    data = ev.CounterPause(reason="lunch", by="user:1")
    at = datetime(2026, 1, 5, 9, tzinfo=timezone(timedelta(hours=7)))
    made = ev.next_event("before", 7, at, ev.COUNTER_PAUSED, data, counter=2)
    stored = Written(7, ev.instant(made.at), made.kind, None, 2, None, ev.canonical(made.data), made.hash)
    assert stored.follows("before") and read(stored) == made
    assert type(made.kind) is str  # as it is read: what encodes an event need not know of kinds
    assert ev.COUNTER_PAUSED.marks(made) and not ev.COUNTER_RESUMED.marks(made)


def test_given_an_event_that_names_no_ticket_when_its_ticket_is_asked_for_then_it_says_so():
    event = read(written(*FIELDS))._replace(ref=None, counter=None, service=None)
    for name in ("ticket_ref", "counter_number", "service_code"):
        with pytest.raises(ValueError, match=event.kind):
            getattr(event, name)
