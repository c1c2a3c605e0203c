"""The seal of a day finds what the chain alone cannot: a tail cut off, and a chain computed again."""

from datetime import timedelta

import pytest

from hall.seal import Seal, broken, read_seal, seal_of
from hall.verify import verify
from queueing import events as ev
from queueing.errors import BadSeal, NoSuchDay
from tests.hall.centre import TestCentre


@pytest.fixture
def sealed():
    """A hall whose first day is over, and the seal of that day."""
    centre = TestCentre()
    day = centre.hall.floor.day
    centre.take(), centre.take()
    centre.press("open", 2)
    centre.serve(2)
    centre.clock.on(hours=24)
    centre.hall.refresh()
    return centre, seal_of(centre.store, day)


def test_given_a_seal_then_it_can_be_copied_by_hand_and_fits_its_log(sealed):
    centre, seal = sealed
    assert read_seal(f" {str(seal)[:30]}\n {str(seal)[30:]} ") == seal
    assert (seal.issued, centre.events(ev.DAY_CLOSED)[0].seq) == (2, seal.seq)
    assert verify(centre.store, seal).clean
    centre.take()
    assert verify(centre.store, seal).clean


def test_given_the_open_day_then_it_is_sealed_as_far_as_it_has_come(sealed):
    centre, _ = sealed
    centre.take()
    seal = seal_of(centre.store, centre.hall.floor.day)
    assert (seal.seq, seal.issued) == (centre.seq(), 1)
    centre.take()
    assert verify(centre.store, seal).clean


def test_given_a_tail_cut_off_then_the_chain_holds_and_the_seal_does_not(sealed):
    centre, seal = sealed
    centre.db.execute("DELETE FROM event WHERE seq >= :seq", {"seq": seal.seq})
    assert [fault for fault in broken(centre.store, seal) if "ends at event" in fault]
    assert not verify(centre.store, seal).clean


def test_given_a_chain_computed_again_then_the_seal_does_not_fit(sealed):
    centre, seal = sealed
    before = centre.store.identity()[1]
    for event in centre.store.events(0):
        data = {**event.data, "number": "B099"} if event.kind == ev.TICKET_ISSUED else event.data
        digest = ev.chained(
            before, event.seq, ev.instant(event.at), event.kind, event.ref, event.counter, event.service,
            ev.canonical(data),
        )  # fmt: skip
        change = {"seq": event.seq, "data": ev.canonical(data), "hash": digest}
        centre.db.execute("UPDATE event SET data = :data, hash = :hash WHERE seq = :seq", change)
        before = digest
    assert all(written.follows(at) for written, at in chain(centre))
    assert [fault for fault in broken(centre.store, seal) if "made anew" in fault]


def chain(centre):
    written = centre.store.written(0)
    return zip(written, [centre.store.identity()[1], *(each.hash for each in written)], strict=False)


def test_given_another_count_then_the_seal_does_not_fit(sealed):
    centre, seal = sealed
    assert list(broken(centre.store, Seal(seal.day, seal.seq, 3, seal.hash)))


def test_given_no_seal_and_no_such_day_then_they_are_refused(sealed):
    centre, seal = sealed
    for text in ("", str(seal)[:-1], f"2026-13-45{str(seal)[10:]}"):
        with pytest.raises(BadSeal):
            read_seal(text)
    with pytest.raises(NoSuchDay):
        seal_of(centre.store, seal.day - timedelta(days=1))
