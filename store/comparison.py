"""Compares the database with what was kept of it: the daily files and backups, in the data folder and elsewhere.

A database that was emptied, that lost its write-ahead log, or in whose place an older copy was put looks sound. Only
what was written down beside it shows that it has forgotten something.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from queueing.events import LOG_RESTORED
from store.backup import BACKUPS, copies, reading
from store.diary import DIARY, entries, last_written, move_aside


class Relation(StrEnum):
    """How what was kept stands to the database."""

    AGREES = "agrees"  # the database holds all of it
    BEHIND = "behind"  # the database lacks the end of it
    RESTORED = "restored"  # it goes on with what a restore of the database did not know
    OTHER = "other"  # it is of another log


@dataclass(frozen=True, slots=True)
class Kept:
    """The newest event of some daily files, or of a backup. A hash is None where it cannot be known any more."""

    path: Path
    seq: int
    hash_at: Callable[[int], str | None]


@dataclass(frozen=True, slots=True)
class Log:
    """The log of a database file, to be compared; `hall_id` is None where none was founded."""

    hall_id: str | None
    seq: int
    restored: Sequence[int]  # the events with which restores ended
    hash_at: Callable[[int], str | None]


def kept_in(place: Path) -> Iterator[Kept]:
    """Yield what a place holds: the last event of its daily files, and that of its newest backup."""
    folder = place / DIARY
    if (last := last_written(folder)) is not None:
        yield Kept(folder, last.seq, lambda seq: last.hash if seq == last.seq else _hash_in_files(folder, seq))
    for copy in copies(place / BACKUPS)[-1:]:
        yield Kept(copy.path, copy.seq, partial(_hash_in_backup, copy.path))


@contextmanager
def open_log(database: Path) -> Iterator[Log | None]:
    """Give the log of a database, None if there is no log in it; the file is not changed.

    Raises:
        sqlite3.DatabaseError: it is damaged, or no database.
    """
    if not database.exists():
        yield None
        return
    with reading(database) as conn:
        if conn.execute("SELECT 1 FROM sqlite_schema WHERE name = 'event'").fetchone() is None:
            yield None
            return
        conn.execute("BEGIN")
        seq = conn.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()[0]
        restored = [row[0] for row in conn.execute("SELECT seq FROM event WHERE kind = ?", (LOG_RESTORED,))]
        hall = conn.execute("SELECT hall_id FROM identity").fetchone()
        yield Log(None if hall is None else hall[0], seq, restored, lambda at: _hash_at(conn, at)) if seq else None


def relation(log: Log, kept: Kept) -> Relation:
    """Return how what was kept stands to the log."""
    common = min(log.seq, kept.seq)
    known = kept.hash_at(common)
    if known is None or known == log.hash_at(common):
        return Relation.BEHIND if kept.seq > log.seq else Relation.AGREES
    for seq in log.restored:
        before = kept.hash_at(seq - 1)
        if before is not None and before == log.hash_at(seq - 1) and kept.hash_at(seq) != log.hash_at(seq):
            return Relation.RESTORED
    return Relation.OTHER


def put_aside(database: Path, place: Path) -> list[Path]:
    """Rename the daily files and move the backups of a place that contradict the database; return where they are."""
    moved: list[Path] = []
    with open_log(database) as log:
        if log is None:
            return moved
        for kept in [kept for kept in kept_in(place) if relation(log, kept) is not Relation.AGREES]:
            if kept.path == place / DIARY:
                moved.append(move_aside(kept.path))
        wrong = [
            copy.path
            for copy in copies(place / BACKUPS)
            if copy.seq > log.seq or _hash_in_backup(copy.path, copy.seq) not in (None, log.hash_at(copy.seq))
        ]
    if wrong:
        right = [path for path in (place / BACKUPS).iterdir() if path not in wrong]
        aside = move_aside(place / BACKUPS)
        (place / BACKUPS).mkdir()
        for path in right:
            (aside / path.name).rename(path)
        moved.append(aside)
    return moved


def hall_of(backup: Path) -> str | None:
    """Return the id of the hall that a backup is of; None where it cannot be read."""
    try:
        with open_log(backup) as log:
            return None if log is None else log.hall_id
    except (sqlite3.DatabaseError, OSError):
        return None


def _hash_in_files(folder: Path, seq: int) -> str | None:
    first = next(entries(folder, seq - 1), None)
    return first.hash if first is not None and first.seq == seq else None


def _hash_in_backup(path: Path, seq: int) -> str | None:
    try:
        with reading(path) as conn:
            return _hash_at(conn, seq)
    except sqlite3.DatabaseError:
        return None


def _hash_at(conn: sqlite3.Connection, seq: int) -> str | None:
    row = conn.execute("SELECT hash FROM event WHERE seq = ?", (seq,)).fetchone()
    return None if row is None else str(row[0])
