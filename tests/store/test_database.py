"""The database file: durable, migrated whole or not at all, and refused when it is damaged."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading

import pytest

import store.database
from hall.ports import CannotSave, DamagedDatabase
from store.backup import NewerVersion
from store.database import Database, claim
from store.schema import MIGRATIONS
from tests.centre import ROOT


def pragma(db, name):
    return db.row(f"PRAGMA {name}")[0]


def schema(path):
    conn = sqlite3.connect(path)
    rows = conn.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name").fetchall()
    version = conn.execute("PRAGMA user_version").fetchone()[0]
    conn.close()
    return version, rows


def test_given_a_database_then_a_commit_survives_a_power_cut(tmp_path):
    db = Database(tmp_path / "hall.db")
    assert pragma(db, "synchronous") == 2  # FULL
    assert pragma(db, "journal_mode") == "wal"
    assert pragma(db, "foreign_keys") == 1
    assert pragma(db, "wal_autocheckpoint") == 8000
    assert pragma(db.reader(), "synchronous") == 2


def test_given_a_new_database_then_every_migration_has_run(tmp_path):
    db = Database(tmp_path / "hall.db")
    assert pragma(db, "user_version") == len(MIGRATIONS)
    assert pragma(db, "integrity_check") == "ok"
    loose = db.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%STRICT%'")
    assert [row["name"] for row in loose] == []


def test_given_an_old_database_when_opening_then_only_what_is_missing_runs(tmp_path, monkeypatch):
    path = tmp_path / "hall.db"
    monkeypatch.setattr(store.database, "MIGRATIONS", MIGRATIONS[:1])
    old = Database(path)
    old.execute("INSERT INTO identity VALUES (1, 'hall', 'log')")
    old.close()
    assert schema(path)[0] == 1
    monkeypatch.setattr(store.database, "MIGRATIONS", MIGRATIONS)
    new = Database(path)
    assert pragma(new, "user_version") == len(MIGRATIONS)
    assert new.row("SELECT log_id FROM identity")["log_id"] == "log"


def test_given_a_migration_that_fails_half_way_then_the_old_database_is_left(tmp_path, monkeypatch):
    path = tmp_path / "hall.db"
    Database(path).close()
    before = schema(path)

    def half(conn):
        conn.execute("CREATE TABLE new_thing (a INTEGER) STRICT")
        conn.execute("DROP TABLE answer")
        raise KeyboardInterrupt

    monkeypatch.setattr(store.database, "MIGRATIONS", (*MIGRATIONS, half))
    with pytest.raises(KeyboardInterrupt):
        Database(path)
    assert schema(path) == before


KILLED = """
import os, signal, sys
from pathlib import Path
import store.database
from store.schema import MIGRATIONS

def change(conn):
    for n in range(30):
        if n == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        conn.execute(f"CREATE TABLE thing_{n} (a INTEGER) STRICT")

store.database.MIGRATIONS = (*MIGRATIONS, change)
store.database.Database(Path(sys.argv[1]))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("moment", (0, 1, 29, 99))
def test_given_a_migration_killed_at_any_moment_then_the_database_is_old_or_new(tmp_path, moment):
    path = tmp_path / "hall.db"
    Database(path).close()
    before = schema(path)
    command = [sys.executable, "-c", KILLED, str(path), str(moment)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=60)
    assert done.returncode == -signal.SIGKILL
    version, after = schema(path)
    if moment < 30:
        assert (version, after) == before
    else:
        assert version == before[0] + 1 and len(after) == len(before[1]) + 30


def test_given_two_programs_that_start_at_once_then_both_find_one_schema(tmp_path):
    opened, failed = [], []
    gate = threading.Barrier(4)

    def start():
        gate.wait()
        try:
            opened.append(Database(tmp_path / "hall.db"))
        except sqlite3.Error as error:
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert {pragma(db, "user_version") for db in opened} == {len(MIGRATIONS)}


def test_given_a_database_of_a_newer_program_then_it_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "hall.db"
    db = Database(path)
    db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    db.close()
    with pytest.raises(NewerVersion, match="newer"):
        Database(path)
    assert schema(path)[0] == len(MIGRATIONS) + 1


@pytest.mark.parametrize("harm", ("not a database", "header", "schema page", "cut"))
def test_given_a_damaged_file_then_it_is_refused_in_words(tmp_path, harm):
    path = tmp_path / "hall.db"
    db = Database(path)
    db.truncate_write_ahead_log()
    db.close()
    content = bytearray(path.read_bytes())
    if harm == "not a database":
        content[:] = b"this is a shopping list, not a database\n" * 500
    elif harm == "header":
        content[:16] = bytes(16)
    elif harm == "schema page":
        content[100:4096] = os.urandom(3996)
    else:
        del content[4096 + 100 :]
    path.write_bytes(content)
    with pytest.raises(DamagedDatabase):
        Database(path)


def test_given_a_damaged_page_in_the_middle_when_it_is_read_then_it_is_refused_in_words(tmp_path):
    path = tmp_path / "hall.db"
    db = Database(path)
    db.execute("INSERT INTO setting VALUES ('a', '1')")
    page = db.row("SELECT rootpage FROM sqlite_schema WHERE name = 'setting'")[0]
    db.truncate_write_ahead_log()
    db.close()
    content = bytearray(path.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = bytes(range(256)) * 16
    path.write_bytes(content)
    db = Database(path)
    for read in (db.row, db.rows):
        with pytest.raises(DamagedDatabase):
            read("SELECT * FROM setting")


def test_given_a_file_that_cannot_be_opened_then_it_says_so(tmp_path):
    Database(tmp_path / "hall.db").close()
    (tmp_path / "hall.db-wal").mkdir()  # stands for a folder without the right to write: root has every right
    with pytest.raises(CannotSave):
        Database(tmp_path / "hall.db")


def test_given_a_folder_whose_lock_cannot_be_made_then_it_says_so(tmp_path):
    (tmp_path / "running").mkdir()
    with pytest.raises(CannotSave, match="unable to open"):
        claim(tmp_path)


def test_given_a_folder_that_another_holds_then_it_is_not_given_twice(tmp_path):
    held = claim(tmp_path)
    with pytest.raises(CannotSave, match="a server is running"):
        claim(tmp_path)
    held.close()
    claim(tmp_path).close()


def test_given_the_disk_is_full_then_it_says_so_and_nothing_changed(tmp_path):
    db = Database(tmp_path / "hall.db")
    db.execute(f"PRAGMA max_page_count = {pragma(db, 'page_count')}")
    before = db.row("SELECT count(*) FROM setting")[0]
    with pytest.raises(CannotSave), db.transaction():
        for n in range(1000):
            db.execute("INSERT INTO setting VALUES (:name, '1')", {"name": "x" * 500 + str(n)})
    assert db.row("SELECT count(*) FROM setting")[0] == before
    db.execute("PRAGMA max_page_count = 1000000")
    db.execute("INSERT INTO setting VALUES ('a', '1')")


def test_given_another_process_holds_the_file_then_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(store.database, "BUSY_TIMEOUT_S", 0.05)
    one, other = Database(tmp_path / "hall.db"), Database(tmp_path / "hall.db")
    with one.transaction():
        one.execute("INSERT INTO setting VALUES ('a', '1')")
        with pytest.raises(CannotSave), other.transaction():
            pass
        assert other.rows("SELECT * FROM setting") == []
    with other.transaction():
        assert len(other.rows("SELECT * FROM setting")) == 1


def test_given_a_quiet_moment_then_the_write_ahead_log_is_emptied(tmp_path):
    db = Database(tmp_path / "hall.db")
    for n in range(50):
        db.execute("INSERT INTO setting VALUES (:name, '1')", {"name": str(n)})
    wal = tmp_path / "hall.db-wal"
    assert wal.stat().st_size > 0
    db.truncate_write_ahead_log()
    assert wal.stat().st_size == 0


def test_given_threads_that_write_at_once_then_each_transaction_is_whole():
    db = Database(None)

    def write(name):
        for n in range(100):
            with db.transaction():
                db.execute("INSERT INTO setting VALUES (:a, '1')", {"a": f"{name}{n}"})
                db.execute("INSERT INTO setting VALUES (:b, '2')", {"b": f"{name}{n}+"})

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert db.row("SELECT count(*) FROM setting")[0] == 800
