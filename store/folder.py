"""The data folder: its files, whether a centre may open it, and its backups in two places."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from store.backup import BACKUPS, Copy, copies, copy_to, delete_surplus, last_seq, newest
from store.backup import back_up as make
from store.diary import DIARY, diary_files, last_entry

DATABASE = "hall.db"
RESTORING = "restoring"  # the folder in which a restore is prepared; the centre does not start while it is there
DAMAGED = "damaged.txt"  # says what is damaged; the centre does not start while it is there


class CannotServe(Exception):
    """The centre must not open this folder; the message says why, and what to do."""


def guard(data: Path) -> None:
    """Check that a centre may open this folder.

    Raises:
        CannotServe: a restore was not finished, the database is known to be damaged, or is missing while its
            backups or daily files are there: an empty hall must not take its place in silence.
    """
    if (data / RESTORING).exists():
        raise CannotServe(f"a restore was not finished: server.py restore --data {data}")
    if (data / DAMAGED).exists():
        raise CannotServe((data / DAMAGED).read_text("utf-8"))
    if not (data / DATABASE).exists() and (copies(data / BACKUPS) or diary_files(data / DIARY)):
        raise CannotServe(f"{data / DATABASE} is gone, what was kept of it is there: server.py restore --data {data}")


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
        f"To put everything back: server.py restore --data {data}" + (f" --backup-to {second}" if second else "")
    )


def back_up(data: Path, second: Path | None) -> Iterator[Copy]:
    """Make a backup in the data folder, then in the second place; yield each, and delete the surplus ones.

    Raises:
        NotWhole: the database is damaged.
        CannotSave: a folder cannot be written.
    """
    copy = make(data / DATABASE, data / BACKUPS)
    delete_surplus(data / BACKUPS)
    yield copy
    if second is not None:
        yield copy_to(copy, second / BACKUPS)
        delete_surplus(second / BACKUPS)
