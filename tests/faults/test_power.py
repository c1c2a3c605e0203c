"""Power cuts between any two writes, and a disk that is full or read-only."""

import random
import shutil

import pytest

from hall.ports import CannotSave
from hall.verify import verify
from store.database import Database
from store.hall import SqliteHallStore
from tests.hall.centre import TestCentre

PAGE, FRAME = 4096, 4096 + 24


def grown(tmp_path, deeds=24):
    """Return, after each commit of a busy hall, its database, its write-ahead log, and the tickets promised."""
    centre = TestCentre(tmp_path / "hall.db")
    centre.db.execute("PRAGMA wal_autocheckpoint = 60")  # several rounds of the log in one short life
    centre.press("open", 2)
    moments, promised = [], []
    for n in range(deeds):
        promised.append(centre.take()["ref"])
        if n % 3 == 0:
            centre.press("call-next", 2)
            centre.press("start", 2)
        elif n % 3 == 1:
            centre.press("finish", 2)
        centre.clock.on(minutes=1)
        wal = tmp_path / "hall.db-wal"
        moments.append(((tmp_path / "hall.db").read_bytes(), wal.read_bytes(), list(promised)))
    centre.db.close()
    return moments


def survives(tmp_path, database, wal, promised):
    """Open what the disk holds after the cut: sound, and everything promised is there."""
    path = tmp_path / "cut" / "hall.db"
    shutil.rmtree(path.parent, ignore_errors=True)
    path.parent.mkdir()
    path.write_bytes(database)
    path.with_name("hall.db-wal").write_bytes(wal)
    db = Database(path)
    try:
        assert db.row("PRAGMA integrity_check")[0] == "ok"
        store = SqliteHallStore(db)
        assert set(promised) <= set(store.refs())
        verdict = verify(store)
        assert verdict.faults == []
    finally:
        db.close()


def test_given_a_cut_at_any_sync_then_every_promised_ticket_is_there(tmp_path):
    for database, wal, promised in grown(tmp_path):
        survives(tmp_path, database, wal, promised)


def test_given_writes_that_were_never_synced_then_a_torn_tail_costs_nothing_that_was_promised(tmp_path):
    moments, draw = grown(tmp_path), random.Random(41)
    for (database, wal, promised), (_, later, _) in zip(moments, moments[1:], strict=False):
        if not (later[: len(wal)] == wal and len(later) > len(wal)):
            continue  # the log began again in between: its pages are in the database by then
        for cut in (1, FRAME // 2, draw.randrange(len(later) - len(wal)) + 1):
            tail = bytearray(later[len(wal) : len(wal) + cut])
            survives(tmp_path, database, wal + tail, promised)
            tail[draw.randrange(len(tail))] ^= 0xFF
            survives(tmp_path, database, wal + tail + bytes(draw.randrange(3) * 512), promised)


def test_given_a_cut_in_the_middle_of_a_checkpoint_then_the_log_of_writes_mends_it(tmp_path):
    centre, draw = TestCentre(tmp_path / "hall.db"), random.Random(43)
    centre.db.execute("PRAGMA wal_autocheckpoint = 0")
    promised = [centre.take()["ref"] for _ in range(20)]
    before, wal = (tmp_path / "hall.db").read_bytes(), (tmp_path / "hall.db-wal").read_bytes()
    centre.db.execute("PRAGMA wal_checkpoint(PASSIVE)")
    after = (tmp_path / "hall.db").read_bytes()
    centre.db.close()
    assert after != before
    whole = before.ljust(len(after), b"\0")
    for _ in range(15):
        torn = b"".join((after if draw.random() < 0.5 else whole)[at : at + PAGE] for at in range(0, len(after), PAGE))
        survives(tmp_path, torn, wal, promised)


@pytest.fixture(params=["full", "read-only"])
def stuck(request, tmp_path):
    """A hall whose disk takes nothing, and a function that mends it."""
    centre = TestCentre(tmp_path / "hall.db")
    centre.press("open", 2)
    centre.take(), centre.take()
    if request.param == "full":
        pages = centre.db.row("PRAGMA page_count")[0]
        centre.db.execute(f"PRAGMA max_page_count = {pages}")
        while True:  # what room is left in the last pages goes first
            try:
                centre.take()
            except CannotSave:
                return centre, "PRAGMA max_page_count = 1000000"
    centre.db.execute("PRAGMA query_only = ON")
    return centre, "PRAGMA query_only = OFF"


def test_given_a_disk_that_takes_nothing_then_it_is_said_the_rest_is_shown_and_it_recovers(stuck):
    centre, mend = stuck
    before, seen = centre.state(), centre.seen()
    for _ in range(3):
        with pytest.raises(CannotSave):
            centre.take()
    assert centre.state() == before and centre.seen() == seen
    with centre.hall.reading():
        pass
    centre.db.execute(mend)
    centre.take()
    assert centre.press("call-next", 2)["ticket"]["number"] == "B001"
    assert verify(centre.store).clean
