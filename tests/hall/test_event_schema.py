"""The JSON Schema of the log: every event that is appended fits it, and it allows fields of later versions."""

import msgspec
import pytest
from jsonschema import Draft202012Validator

from hall.event_schema import event_schema
from hall.views.events import event_view
from queueing.events import KINDS
from tests.hall.centre import TestCentre
from tests.hall.every_kind import live_through_every_kind


@pytest.fixture(scope="module")
def validator():
    Draft202012Validator.check_schema(event_schema())
    return Draft202012Validator(event_schema())


@pytest.fixture(scope="module")
def day():
    return live_through_every_kind(TestCentre())


def test_given_a_day_in_which_everything_happens_then_every_kind_fits_the_schema(day, validator):
    events = [msgspec.to_builtins(event_view(event)) for event in day.store.events(0)]
    assert {event["kind"] for event in events} == KINDS.keys()
    for event in events:
        validator.validate(event)
        promised = KINDS[event["kind"]].payload.__annotations__.keys()
        assert event["data"].keys() <= promised, event  # else the schema and the documents leave something out


ISSUED = {
    **{"seq": 3, "at": "2026-01-05T02:00:00.000000Z", "kind": "ticket.issued", "ref": 1, "counter": None},
    **{"service": "CHUNG_THUC", "hash": "ab" * 32},
    "data": {"number": "B001", "day": "2026-01-05", "priority_class": "ordinary", "head_start_s": 0, "by": "device:1"},
}


def test_given_a_kind_or_a_field_of_a_later_version_then_it_fits(validator):
    assert validator.is_valid(ISSUED)
    assert validator.is_valid({**ISSUED, "kind": "ticket.weighed", "data": {"grams": 3}})
    assert validator.is_valid({**ISSUED, "data": {**ISSUED["data"], "colour": "red"}})


@pytest.mark.parametrize(
    "wrong",
    [
        {"data": {}},
        {"data": {**ISSUED["data"], "head_start_s": "0"}},
        {"data": {name: value for name, value in ISSUED["data"].items() if name != "number"}},
        {"seq": 0},
        {"ref": "1"},
    ],
)
def test_given_what_the_log_never_writes_then_it_does_not_fit(validator, wrong):
    assert not validator.is_valid({**ISSUED, **wrong})
