"""The seal of a day finds what the chain alone cannot: a tail cut off, and a chain made anew."""

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
    small = TestCentre()
    day = small.hall.floor.day
    small.take(), small.take()
    small.press("open", 2)
    small.serve(2)
    small.clock.on(hours=24)
    small.hall.refresh()
    return small, seal_of(small.store, day)


def test_given_a_seal_then_it_can_be_copied_by_hand_and_fits_its_log(sealed):
    small, seal = sealed
    assert read_seal(f" {str(seal)[:30]}\n {str(seal)[30:]} ") == seal
    assert (seal.issued, small.events(ev.DAY_CLOSED)[0].seq) == (2, seal.seq)
    assert verify(small.store, seal).clean
    small.take()
    assert verify(small.store, seal).clean


def test_given_the_open_day_then_it_is_sealed_as_far_as_it_has_come(sealed):
    small, _ = sealed
    small.take()
    seal = seal_of(small.store, small.hall.floor.day)
    assert (seal.seq, seal.issued) == (small.seq(), 1)
    small.take()
    assert verify(small.store, seal).clean


def test_given_a_tail_cut_off_then_the_chain_holds_and_the_seal_does_not(sealed):
    small, seal = sealed
    small.db.execute("DELETE FROM event WHERE seq >= :seq", {"seq": seal.seq})
    assert [fault for fault in broken(small.store, seal) if "ends at event" in fault]
    assert not verify(small.store, seal).clean


def test_given_a_chain_made_anew_then_the_seal_does_not_fit(sealed):
    small, seal = sealed
    before = small.store.identity()[1]
    for event in small.store.events(0):
        data = {**event.data, "number": "B099"} if event.kind == ev.TICKET_ISSUED else event.data
        digest = ev.chained(
            before, event.seq, ev.instant(event.at), event.kind, event.ref, event.counter, event.service,
            ev.canonical(data),
        )  # fmt: skip
        change = {"seq": event.seq, "data": ev.canonical(data), "hash": digest}
        small.db.execute("UPDATE event SET data = :data, hash = :hash WHERE seq = :seq", change)
        before = digest
    assert all(written.follows(at) for written, at in chain(small))
    assert [fault for fault in broken(small.store, seal) if "made anew" in fault]


def chain(small):
    written = small.store.written(0)
    return zip(written, [small.store.identity()[1], *(each.hash for each in written)], strict=False)


def test_given_another_count_then_the_seal_does_not_fit(sealed):
    small, seal = sealed
    assert list(broken(small.store, Seal(seal.day, seal.seq, 3, seal.hash)))


def test_given_no_seal_and_no_such_day_then_they_are_refused(sealed):
    small, seal = sealed
    for text in ("", str(seal)[:-1], f"2026-13-45{str(seal)[10:]}"):
        with pytest.raises(BadSeal):
            read_seal(text)
    with pytest.raises(NoSuchDay):
        seal_of(small.store, seal.day - timedelta(days=1))
