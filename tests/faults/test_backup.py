"""Backups are complete, checked, kept by a rule, and made before a new version changes the tables."""

import os
import shutil
import sqlite3
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

import store.backup
import store.database
from hall.ports import CannotSave
from hall.verify import verify
from store import folder
from store.backup import BACKUPS, NotWhole, back_up, check, copies, delete_surplus, newest
from store.database import Database
from store.hall import SqliteHallStore
from store.schema import MIGRATIONS
from tests.hall.centre import TestCentre


def damaged(path, table="event"):
    """Write over the first page of a table."""
    conn = sqlite3.connect(path, timeout=30)
    while conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        time.sleep(0.05)  # a backup is just being read
    (page,) = conn.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    conn.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(range(256)) * 16)


@pytest.fixture
def centre(tmp_path):
    return TestCentre(tmp_path / "hall.db")


def test_given_a_hall_at_work_when_backing_up_then_the_copy_is_whole_and_nobody_waits(centre, tmp_path):
    stop, made = threading.Event(), []

    def work():
        while not stop.is_set():
            centre.take()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        made += [back_up(tmp_path / "hall.db", tmp_path / BACKUPS) for _ in range(5)]
    finally:
        stop.set()
        worker.join()
    for copy in made:
        with_copy = tmp_path / "copy.db"
        shutil.copyfile(copy.path, with_copy)
        db = Database(with_copy)
        assert verify(SqliteHallStore(db)).clean
        assert SqliteHallStore(db).last_seq() == copy.seq
        db.close()
    assert centre.seq() > made[0].seq
    assert [path for path in (tmp_path / BACKUPS).iterdir() if path.suffix != ".db"] == []


def test_given_a_backup_then_its_name_has_its_last_event_whatever_the_clock_says(centre, tmp_path):
    centre.clock.jump(days=-20000)
    centre.take()
    copy = back_up(tmp_path / "hall.db", tmp_path / BACKUPS)
    assert (copy.seq, copy.at) == (centre.seq(), centre.store.last_event().at)
    assert copies(tmp_path / BACKUPS) == [store.backup.Copy(copy.at.replace(microsecond=0), copy.seq, copy.path)]


def test_given_what_power_cuts_left_of_backups_when_making_one_then_it_is_made_and_they_are_gone(centre, tmp_path):
    own, second = tmp_path / BACKUPS, tmp_path / "usb" / BACKUPS
    for place in (own, second):
        place.mkdir(parents=True)
        for name in (f".{os.getpid()}.part", f".{os.getpid()}.part-journal", ".1.part", ".1.part-journal"):
            (place / name).write_bytes(b"half a copy" * 1000)
            os.utime(place / name, (0, 0))
        (place / ".2.part").write_bytes(b"somebody is making another")
    made = list(folder.back_up(tmp_path, tmp_path / "usb"))
    assert [copy.seq for copy in made] == [centre.seq()] * 2
    for place in (own, second):
        assert sorted(path.name for path in place.iterdir()) == [".2.part", made[0].path.name]


def test_given_a_second_place_then_the_same_backup_is_there_too(centre, tmp_path):
    (tmp_path / "usb").mkdir()
    own, second = folder.back_up(tmp_path, tmp_path / "usb")
    assert own.path.read_bytes() == second.path.read_bytes()
    assert second.path.parent == tmp_path / "usb" / BACKUPS


def test_given_a_second_place_that_is_gone_then_the_first_backup_is_there_and_it_says_so(centre, tmp_path):
    (tmp_path / "usb").write_text("a stick that is none")
    with pytest.raises(CannotSave, match="usb"):
        list(folder.back_up(tmp_path, tmp_path / "usb"))
    assert len(copies(tmp_path / BACKUPS)) == 1


def test_given_a_damaged_database_then_there_is_no_new_backup_and_the_old_ones_stay(centre, tmp_path):
    good = back_up(tmp_path / "hall.db", tmp_path / BACKUPS)
    centre.take()
    centre.db.truncate_write_ahead_log()
    centre.db.close()
    damaged(tmp_path / "hall.db")
    with pytest.raises(NotWhole):
        list(folder.back_up(tmp_path, None))
    assert [copy.path for copy in copies(tmp_path / BACKUPS)] == [good.path]


def test_given_the_newest_backup_is_damaged_then_the_one_before_is_the_last_good_one(centre, tmp_path):
    good = back_up(tmp_path / "hall.db", tmp_path / BACKUPS)
    centre.take()
    bad = back_up(tmp_path / "hall.db", tmp_path / BACKUPS)
    damaged(bad.path)
    with pytest.raises(NotWhole):
        check(bad.path)
    assert newest([tmp_path / BACKUPS]).path == good.path


def test_given_years_of_backups_then_the_rule_keeps_days_weeks_months_and_upgrades(tmp_path):
    last = datetime(2026, 6, 30, 17, tzinfo=UTC)
    upgrade = last - timedelta(days=200)
    for hours in range(0, 24 * 800, 4):
        at = last - timedelta(hours=hours)
        suffix = "-before-upgrade" if at == upgrade else ""
        (tmp_path / f"hall-{at:%Y-%m-%dT%H%M%S}Z-{9000 - hours // 4}{suffix}.db").touch()
    (tmp_path / "notes.txt").touch()
    kept = delete_surplus(tmp_path)
    assert kept == copies(tmp_path) == delete_surplus(tmp_path)
    days = {copy.at.date() for copy in kept}
    assert {last.date() - timedelta(days=n) for n in range(14)} <= days
    assert len({copy.at.isocalendar()[:2] for copy in kept}) >= 8
    assert {(copy.at.year, copy.at.month) for copy in kept} >= {(2025, m) for m in range(7, 13)} | {
        (2026, m) for m in range(1, 7)
    }
    assert [copy.at for copy in kept if copy.before_upgrade] == [upgrade]
    assert len([copy for copy in kept if copy.at > last - timedelta(days=1)]) == 6
    assert len(kept) <= 6 + 14 + 8 + 12 + 1
    assert (tmp_path / "notes.txt").exists()


def test_given_an_upgrade_then_a_backup_of_the_old_tables_is_made_first(tmp_path, monkeypatch):
    old = TestCentre(tmp_path / "hall.db")
    old.take()
    old.db.close()

    def half(conn):
        conn.execute("DROP TABLE answer")
        raise KeyboardInterrupt

    monkeypatch.setattr(store.database, "MIGRATIONS", (*MIGRATIONS, half))
    with pytest.raises(KeyboardInterrupt):
        Database(tmp_path / "hall.db")
    (copy,) = copies(tmp_path / BACKUPS)
    assert copy.before_upgrade
    conn = sqlite3.connect(copy.path)
    assert conn.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
    assert conn.execute("SELECT count(*) FROM answer").fetchone()[0] == 1
    conn.close()
    monkeypatch.setattr(store.database, "MIGRATIONS", MIGRATIONS)
    db = Database(tmp_path / "hall.db")
    assert verify(SqliteHallStore(db)).clean
