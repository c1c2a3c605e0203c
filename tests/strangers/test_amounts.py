"""Extreme numbers and times at every route, in every field that takes one, are refused with a reason."""

from datetime import datetime
from typing import Annotated, get_args, get_origin, get_type_hints

import msgspec
import pytest

from hall.verify import verify
from tests.strangers.server import Asker, whole_server
from tests.strangers.test_texts import Target, with_text

NUMBERS = (-1, 2**53 + 1, 2**63, 2**64, 10**40, -(2**63) - 1, 1e308, 1.5)
TIMES = (
    *("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00"),
    *("2026-02-30T08:00:00Z", "2026-03-02T08:00:00", "2026-03-02", 10**12),
)


def places(shape, way=()):
    """The way to every number and time in a body of this type, and what to put there."""
    if get_origin(shape) is Annotated:
        shape = get_args(shape)[0]
    if shape in (int, float):
        yield way, NUMBERS
    elif shape is datetime:
        yield way, TIMES
    elif get_origin(shape) is dict:
        yield from places(get_args(shape)[1], (*way, "ordinary"))
    elif get_origin(shape) in (list, tuple):
        yield from places(get_args(shape)[0], (*way, 0))
    elif isinstance(shape, type) and issubclass(shape, msgspec.Struct):
        for name, hint in get_type_hints(shape, include_extras=True).items():
            yield from places(hint, (*way, name))
    else:
        for kind in get_args(shape):
            if kind is not str:
                yield from places(kind, way)


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    with whole_server(tmp_path_factory.mktemp("centre")) as centre:
        asker = Asker(centre)
        asker.post("clerk", "counters/5/open")
        yield Target(asker)


def test_given_a_number_or_a_time_no_hall_has_in_every_field_then_it_is_refused_in_words(target):
    tried = 0
    for route in target.routes:
        for way, amounts in places(route.body) if route.body else ():
            for amount in amounts:
                answer = target.ask(route, json=with_text(target.sound(route), way, amount))
                where = f"{route.name} {way} {amount}: {answer.status_code} {answer.text[:200]}"
                assert answer.status_code < 500, where
                assert answer.status_code < 300 or (answer.json["code"] and answer.json["message"]), where
                tried += 1
    assert tried > 300
    assert verify(target.asker.centre.hall.store).faults == []


def test_given_a_query_that_names_a_day_twice_then_it_is_refused(target):
    answer = target.asker.get("supervisor", "statistics?from=2026-01-01&from=2026-02-01&to=2026-03-01")
    assert (answer.status_code, answer.json["field"]) == (422, "from")
