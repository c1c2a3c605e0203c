"""The data folder: its files and who may read them, whether a centre may open it, and its backups in two places."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from hall.ports import CannotSave
from store.backup import BACKUPS, Copy, copies, copy_to, delete_surplus, last_seq, newest
from store.backup import back_up as make
from store.comparison import Kept, Log, Relation, hall_of, kept_in, open_log, put_aside, relation
from store.diary import DIARY, last_entry
from store.second_place import MARK, admit

DATABASE = "hall.db"
RESTORING = "restoring"  # the folder in which a restore is prepared; the centre does not start while it is there
DAMAGED = "damaged.txt"  # says what is damaged; the centre does not start while it is there

# Every name in a data folder.
_OURS = re.compile(
    r"hall\.db(-wal|-shm|-journal)?|damaged\.txt|second-places|running(-journal)?|simulated|training|restoring"
    r"|replaced-.*|voices|media|(backup|log)(-before-\d+)?"
)
_FOLDER, _FILE = 0o700, 0o600  # only the user the centre runs as: names, hashes of passwords, links of tickets


class CannotServe(Exception):
    """The centre must not open this folder; the message says why, and what to do."""


def remedy(data: Path, second: Path | None = None) -> str:
    """Return the command that restores this folder."""
    return f"server.py restore --data {data}" + (f" --backup-to {second}" if second else "")


def guard(data: Path, second: Path | None = None) -> None:
    """Check that a centre may open this folder; nothing is changed.

    Raises:
        CannotServe: a restore was not finished, the database is known to be damaged, or what was kept of it here or in
            the second place says that it is missing, empty, behind, or of another log. An empty or an older hall
            must not take its place in silence.
    """
    database, restore = data / DATABASE, remedy(data, second)
    if (data / RESTORING).exists():
        raise CannotServe(f"a restore was not finished: {restore}")
    if (data / DAMAGED).exists():
        raise CannotServe((data / DAMAGED).read_text("utf-8", "replace"))
    if database.is_dir():
        raise CannotServe(f"{database} is a folder. What was kept of the database comes back by {restore}")
    try:
        # What was kept is read first: a centre at work writes it after the database.
        kept = [*kept_in(data), *_kept_in_second(second)]
        if not kept:
            return
        with open_log(database) as log:
            _compare(database, log, kept, second, restore)
    except sqlite3.DatabaseError:
        return  # it cannot be read: opening it says what is damaged
    except OSError as error:
        raise CannotServe(f"data: {error.filename}: {error.strerror}") from error


def _kept_in_second(second: Path | None) -> Iterator[Kept]:
    if second is not None:
        with suppress(OSError):  # a second place that fails stops nobody; an alarm says so
            yield from kept_in(second)


def _compare(database: Path, log: Log | None, kept: Iterable[Kept], second: Path | None, restore: str) -> None:
    for one in sorted(kept, key=lambda one: one.seq, reverse=True):
        if log is None:
            how = "empty" if database.exists() else "gone"
            raise CannotServe(
                f"{database} is {how}, what was kept of it is there, up to event {one.seq} in {one.path}: {restore} "
                "(for a new centre, choose folders in which nothing is)"
            )
        stands = relation(log, one)
        if stands is Relation.BEHIND:
            raise CannotServe(
                f"{database} has lost its end: it goes up to event {log.seq}, and {one.path} up to event {one.seq}. "
                f"Its file {database.name}-wal was deleted, or an older copy was put in its place: {restore}"
            )
        if stands is Relation.OTHER and not (second is not None and _is_of_another_hall(one, second, log)):
            raise CannotServe(
                f"{database} and {one.path} tell different stories. If {one.path} is right: {restore}. "
                f"If the database is right, move {one.path} to another folder"
            )


def _is_of_another_hall(kept: Kept, second: Path, log: Log) -> bool:
    """Return whether this was kept by another centre in the second place: an alarm then says so."""
    if second not in kept.path.parents:
        return False
    owners = {hall_of(copy.path) for copy in copies(second / BACKUPS)[-1:]}
    with suppress(OSError):
        owners.add((second / MARK).read_text("utf-8", "replace").split()[-1])
    return bool(owners) and log.hall_id not in owners


def leave_aside(data: Path, second: Path | None) -> list[Path]:
    """Move away what was kept of a log that a restore has left behind; return where it is now."""
    moved: list[Path] = []
    for place in (data, second):
        if place is not None:
            with suppress(OSError, sqlite3.DatabaseError):
                moved += put_aside(data / DATABASE, place)
    return moved


def protect(data: Path, second: Path | None) -> None:
    """Let only the user the centre runs as read the data folder and what is kept in the second place.

    A folder in which something else is stays open as it is; its files that are ours do not.
    """
    if os.name == "nt":
        return  # Windows has no such bits: a folder gets its rights from the one it is in
    names = list(data.iterdir())
    if all(_OURS.fullmatch(path.name) for path in names):
        _restrict(data, _FOLDER)
    for path in names:
        if _OURS.fullmatch(path.name):
            _restrict(path, _FOLDER if path.is_dir() else _FILE)
    for place in (data, second):
        for folder in (place / BACKUPS, place / DIARY) if place is not None else ():
            if folder.is_dir():
                _restrict(folder, _FOLDER)
                for path in folder.iterdir():
                    _restrict(path, _FILE)


def _restrict(path: Path, mode: int) -> None:
    with suppress(OSError):  # another user's, or a stick that knows no rights
        if path.stat().st_mode & 0o077 and not path.is_symlink():
            path.chmod(mode)


def offer(data: Path, second: Path | None) -> str:
    """Return in words what can be done about a damaged database: the last good backup, the events at stake."""
    places = [data, *([second] if second else [])]
    copy = newest(place / BACKUPS for place in places)
    if copy is None:
        return f"There is no backup in {' or '.join(str(place / BACKUPS) for place in places)}."
    in_files = max((last_entry(place / DIARY) for place in places), default=0)
    known = max(in_files, last_seq(data / DATABASE), copy.seq)
    return (
        f"The last good backup is of {copy.at:%Y-%m-%d %H:%M} UTC, event {copy.seq}. {known - copy.seq} later events "
        f"are known of; the daily files hold {max(0, in_files - copy.seq)} of them. "
        f"To put everything back: {remedy(data, second)}"
    )


def back_up(data: Path, second: Path | None, *, by_hand: bool = False) -> Iterator[Copy]:
    """Make a backup in the data folder, then in the second place; yield each, and delete the surplus ones.

    `by_hand`: somebody asked for this second place just now; see `admit`.

    Raises:
        NotWhole: the database is damaged.
        NewerVersion: a newer version of this program has changed it.
        NotThere: the second place is away, or another centre's.
        CannotSave: a folder cannot be written.
    """
    copy = make(data / DATABASE, data / BACKUPS)
    delete_surplus(data / BACKUPS)
    yield copy
    if second is not None:
        yield copy_second(data, second, copy, by_hand=by_hand)


def copy_second(data: Path, second: Path, copy: Copy, *, by_hand: bool = False) -> Copy:
    """Copy a backup into the second place, and delete the surplus ones there; return that one.

    Raises:
        NotThere: the second place is away, or another centre's.
        CannotSave: it cannot be written.
    """
    hall_id = hall_of(copy.path)
    if hall_id is None:
        raise CannotSave(f"{copy.path}: it cannot be read")
    admit(data, second, hall_id, by_hand=by_hand)
    there = copy_to(copy, second / BACKUPS)
    delete_surplus(second / BACKUPS)
    return there
