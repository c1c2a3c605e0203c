"""Forged wishes: what a holder or the staff may not have done is found, though the chain was made again."""

import json
from datetime import timedelta

import pytest

from hall.rollups import rebuild
from hall.verify import verify
from queueing import events as ev
from queueing.events import canonical
from tests.hall.centre import AN, TestCentre
from tests.hall.test_verify import by_hand, rechained


@pytest.fixture
def centre(tmp_path):
    """A morning on which people asked for all there is, and nobody has been called yet."""
    centre = TestCentre(tmp_path / "hall.db")
    first, second, third, fourth, fifth = (come(centre) for _ in range(5))
    centre.change(first, "defer", minutes=5)
    centre.change(first, "defer", people=2)
    centre.change(second, "service", by="user:7", service="HO_TICH")
    centre.cancel(third)
    centre.clock.on(seconds=60)
    centre.change(third, "reinstate")
    centre.change(fourth, "people", by="user:7", people=3)
    centre.end([fifth])
    centre.change(fifth, "reinstate", by=AN, reason="came_back")
    centre.clock.on(seconds=30)
    centre.change(fourth, "cancel", by=AN)
    assert verify(centre.store).faults == []
    return centre


def come(centre):
    centre.clock.on(minutes=2)
    return centre.take()["ref"]


def forged(centre, kind, n=0, at=timedelta(), **changed):
    """What verify finds after the n-th event of a kind says something else, or happened `at` another time."""

    def forge(rows):
        places = [place for place, row in enumerate(rows) if row[2] == kind]
        row = rows[places[n]]
        data = json.loads(row[6]) | changed
        row[6] = canonical({name: value for name, value in data.items() if value is not None})
        for later in rows[places[n] :]:
            later[1] = ev.instant(ev.from_instant(later[1]) + at)
        return rows

    rechained(centre.db.path, forge)
    return verify(centre.store).faults


@pytest.mark.parametrize(
    ("n", "changed"),
    [
        (0, {"delay_s": 299}),
        (0, {"delay_s": 0}),
        (0, {"delay_s": -600}),
        (0, {"minutes": 30}),
        (0, {"minutes": 20, "delay_s": 1200}),
        (0, {"minutes": None}),
        (1, {"delay_s": 482}),
        (1, {"people": 1}),
        (1, {"people": 11}),
        (1, {"people": None, "minutes": 5}),
    ],
)
def test_given_a_ticket_put_off_by_something_else_than_was_asked_for_then_it_is_found(centre, n, changed):
    faults = forged(centre, ev.TICKET_DEFERRED, n, **changed)
    assert "G9 broken" in faults[0]


def test_given_a_ticket_put_off_a_third_time_then_it_is_found(centre):
    def forge(rows):
        first = next(row for row in rows if row[2] == ev.TICKET_DEFERRED)
        last = rows[-1]
        data = json.loads(first[6]) | {"minutes": 30, "delay_s": 481 + 1800, "by": "user:1"}
        return [*rows, [last[0] + 1, last[1], first[2], first[3], None, first[5], canonical(data)]]

    rechained(centre.db.path, forge)
    assert "G9 broken" in verify(centre.store).faults[0]


@pytest.mark.parametrize(
    ("n", "changed"),
    [
        (0, {"by": "ticket:1"}),
        (0, {"by": "user:1"}),
        (0, {"why": "by_mistake"}),
        (0, {"at": timedelta(seconds=61)}),
        (1, {"why": None}),
        (1, {"why": "no_reason"}),
        (1, {"by": "ticket:5"}),
    ],
)
def test_given_a_cancel_that_nobody_could_have_taken_back_so_then_it_is_found(centre, n, changed):
    assert "G10 broken" in forged(centre, ev.TICKET_REINSTATED, n, **changed)[0]


@pytest.mark.parametrize(
    ("kind", "changed", "said"),
    [
        (ev.TICKET_MOVED, {"to_service": "NOTHING"}, "NOTHING was not offered"),
        (ev.TICKET_MOVED, {"number": "B009"}, "B009 is none of service HO_TICH"),
        (ev.TICKET_CANCELLED, {"why": "dull"}, "for the reason dull"),
        (ev.TICKET_PEOPLE, {"people": 21}, "1 to 20 people, not 21"),
    ],
)
def test_given_a_fact_that_the_settings_or_the_lists_rule_out_then_it_is_found(centre, kind, changed, said):
    assert any(said in fault for fault in forged(centre, kind, 0, **changed))


def test_given_a_reason_hidden_and_the_row_with_it_then_the_rollup_and_a_stranger_still_tell(centre):
    """A ghost made an ordinary cancel: the published figures of that day do not fit the log any more."""
    ref = come(centre)
    centre.end([ref])
    centre.clock.on(days=1)
    centre.hall.refresh()
    rebuild(centre.store)
    by_hand(centre.db.path, f"UPDATE ticket SET cancel_reason = NULL WHERE ref = {ref}")
    assert any("rollup of" in fault for fault in forged(centre, ev.TICKET_CANCELLED, 3, why=None))
