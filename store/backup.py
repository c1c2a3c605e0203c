"""Backups: whole copies of the database, made while it is in use, checked, and deleted by a rule.

A copy is named after its last event: `hall-2026-01-05T104500Z-4211.db` holds everything up to event
4211, which was of that hall time. So copies sort by age even where the machine's clock was wrong, and
nobody needs to open one to know what it holds.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hall.ports import CannotSave
from store.schema import MIGRATIONS

BACKUPS = "backup"  # the folder, in the data folder and in the second place
DAILY, WEEKLY, MONTHLY = 14, 8, 12  # of so many days, weeks and months the newest backup is kept
ALL_WITHIN = timedelta(days=1)
BEFORE_UPGRADES = 2
_PART_LONGEST_S = 3600.0  # no copy takes so long; an older part was left by a process that died

_NAME = re.compile(r"hall-(\d{4}-\d\d-\d\dT\d{6})Z-(\d+)(-before-upgrade)?\.db")
_AT = "%Y-%m-%dT%H%M%S"


class NotWhole(Exception):
    """A file that should be a backup is damaged, or is not a backup; the message says what was found."""


class NewerVersion(Exception):
    """A database that a newer version of this program has changed; the message says which file."""


@dataclass(frozen=True, slots=True, order=True)
class Copy:
    """A backup that was sound when it was checked, after it was made. The one with the later event is the newer."""

    at: datetime = field(compare=False)
    seq: int
    path: Path
    before_upgrade: bool = False


def copies(folder: Path) -> list[Copy]:
    """Return the backups of a folder, oldest first; none where there is no such folder."""
    if not folder.is_dir():
        return []
    return sorted(copy for path in folder.iterdir() if (copy := _named(path)) is not None)


def _named(path: Path) -> Copy | None:
    """Return the backup that a file is by its name; None if it has another name."""
    name = _NAME.fullmatch(path.name)
    try:
        return name and Copy(datetime.strptime(name[1], _AT).replace(tzinfo=UTC), int(name[2]), path, bool(name[3]))
    except ValueError:  # no such day, or an event of thousands of digits
        return None


def back_up(database: Path, folder: Path, *, before_upgrade: bool = False) -> Copy:
    """Copy the database into the folder while others write to it; return the backup. Killed half-way it leaves none.

    Raises:
        NotWhole: the database is damaged; older backups stay as they are.
        NewerVersion: a newer version of this program has changed it.
        CannotSave: there is no room, or the folder cannot be written.
    """
    try:
        with reading(database) as source:
            return back_up_open(source, folder, before_upgrade=before_upgrade)
    except sqlite3.OperationalError as error:
        raise CannotSave(f"the backup: {error}") from error
    except sqlite3.DatabaseError as error:
        raise NotWhole(f"{database}: {error}") from error


def back_up_open(source: sqlite3.Connection, folder: Path, *, before_upgrade: bool = False) -> Copy:
    """Copy an open database into the folder, also one whose files were deleted meanwhile; return the backup.

    Raises:
        As `back_up`.
    """
    try:
        with _part(folder) as part:
            with closing(sqlite3.connect(part)) as target:
                # In one step: a copy in several would begin again at every commit of another connection.
                source.backup(target)
                target.execute("PRAGMA journal_mode = DELETE")
            at, seq = check(part)
            name = f"hall-{at:{_AT}}Z-{seq}{'-before-upgrade' if before_upgrade else ''}.db"
            return Copy(at, seq, _put_in_place(part, folder / name), before_upgrade)
    except sqlite3.OperationalError as error:
        raise CannotSave(f"the backup: {error}") from error
    except sqlite3.DatabaseError as error:
        raise NotWhole(f"the backup: {error}") from error
    except OSError as error:
        raise CannotSave(f"{folder}: {error.strerror}") from error


def copy_to(copy: Copy, folder: Path) -> Copy:
    """Copy a backup to a second place and check it there; return that one.

    Raises:
        NotWhole: the copy is damaged.
        CannotSave: there is no room, or the folder cannot be written.
    """
    try:
        with _part(folder) as part:
            shutil.copyfile(copy.path, part)
            check(part)
            return Copy(copy.at, copy.seq, _put_in_place(part, folder / copy.path.name), copy.before_upgrade)
    except OSError as error:
        raise CannotSave(f"{folder}: {error.strerror}") from error


def check(path: Path) -> tuple[datetime, int]:
    """Read every page of a backup; return the time and the `seq` of its last event.

    Raises:
        NotWhole: it is damaged, or holds no hall.
        NewerVersion: it was made by a newer version of this program.
    """
    try:
        with reading(path) as conn:
            if (damage := first_damage(conn)) is not None:
                raise NotWhole(f"{path}: {damage}")
            if conn.execute("PRAGMA user_version").fetchone()[0] > len(MIGRATIONS):
                raise NewerVersion(newer_version(path))
            row = conn.execute("SELECT at, seq FROM event ORDER BY seq DESC LIMIT 1").fetchone()
    except sqlite3.DatabaseError as error:
        raise NotWhole(f"{path}: {error}") from error
    if row is None:
        raise NotWhole(f"{path}: it holds no hall")
    return datetime.fromisoformat(row[0]), row[1]


def newer_version(path: Path) -> str:
    """Return in words that a file belongs to a newer version of this program, and what to do."""
    return (
        f"{path} was made by a newer version of this program, and nothing is wrong with it. "
        "Start that version again: this one cannot read what it has written"
    )


def is_of_newer_version(path: Path) -> bool:
    """Return whether a newer version of this program has changed this database; False where it cannot be read."""
    try:
        with reading(path) as conn:
            return bool(conn.execute("PRAGMA user_version").fetchone()[0] > len(MIGRATIONS))
    except sqlite3.DatabaseError:
        return False


def first_damage(conn: sqlite3.Connection, is_over: Callable[[], bool] | None = None) -> str | None:
    """Return what SQLite finds wrong with the pages and rows, None if nothing.

    Raises:
        TimeoutError: `is_over` returned True before all was read.
    """
    if is_over is not None:
        conn.set_progress_handler(is_over, 10_000)
    try:
        answer = conn.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise TimeoutError from error
        raise
    except sqlite3.DatabaseError as error:
        return str(error)
    finally:
        conn.set_progress_handler(None, 0)
    # SQLite puts where it happened before what happened, on lines of their own.
    return None if answer == "ok" else " ".join(str(answer).removeprefix("*** in database main ***").split())


def delete_surplus(folder: Path) -> list[Copy]:
    """Delete the backups that the rule does not keep; return those that are kept.

    The rule: everything of the last day, the newest of each of the last 14 days, 8 weeks and 12 months that
    have one, and the last two made before an upgrade.
    """
    everything = copies(folder)
    kept = set(everything[-1:]) | set([copy for copy in everything if copy.before_upgrade][-BEFORE_UPGRADES:])
    kept |= {copy for copy in everything if everything[-1].at - ALL_WITHIN < copy.at <= everything[-1].at}
    for most, of in ((DAILY, _day), (WEEKLY, _week), (MONTHLY, _month)):
        newest = {of(copy.at): copy for copy in everything}  # a later one takes the place of an earlier
        kept |= {newest[period] for period in sorted(newest)[-most:]}
    for copy in everything:
        if copy not in kept:
            copy.path.unlink(missing_ok=True)
    return sorted(kept)


def _day(at: datetime) -> date:
    return at.date()


def _week(at: datetime) -> tuple[int, int]:
    return at.isocalendar()[:2]


def _month(at: datetime) -> tuple[int, int]:
    return at.year, at.month


@contextmanager
def _part(folder: Path) -> Iterator[Path]:
    """Give the file in which a backup is made, and delete it at the end.

    What a power cut has left of others is deleted first: it would fill the disk, and one with the number of
    this process would be taken for a damaged database.
    """
    folder.mkdir(exist_ok=True)  # not its parents: a disk that is not there must not be imitated
    part = folder / f".{os.getpid()}.part"
    for stale in folder.glob(".*.part*"):
        with suppress(FileNotFoundError):  # another that was just finished
            if stale.name.startswith(part.name) or time.time() - stale.stat().st_mtime > _PART_LONGEST_S:
                stale.unlink()
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _put_in_place(part: Path, path: Path) -> Path:
    """Give the finished file its name once it is on the disk; return its path."""
    sync(part)
    os.replace(part, path)
    sync(path.parent)
    return path


def sync(path: Path) -> None:
    """Wait until the content of a file, or the names in a folder, are on the disk."""
    with suppress(PermissionError):  # where a folder cannot be opened, its names need no help
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def reading(path: Path) -> closing[sqlite3.Connection]:
    """Open a database to read it only; its file is neither made nor changed."""
    return closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True))


def newest(folders: Iterable[Path]) -> Copy | None:
    """Return the newest backup in any of these folders that is sound now, None if there is none; reads it whole."""
    for copy in sorted((copy for folder in folders for copy in copies(folder)), reverse=True):
        with suppress(NotWhole, NewerVersion):
            check(copy.path)
            return copy
    return None


def newest_by_name(folders: Iterable[Path]) -> Iterator[Copy]:
    """Yield the newest backup of each of these folders that has one, by the names of the files alone."""
    for folder in folders:
        yield from copies(folder)[-1:]


def last_seq(database: Path) -> int:
    """Return the `seq` of the last event of a database that may be damaged; 0 where it cannot be read."""
    try:
        with reading(database) as conn:
            return int(conn.execute("SELECT max(seq) FROM event").fetchone()[0] or 0)
    except (sqlite3.DatabaseError, TypeError, ValueError):
        return 0
