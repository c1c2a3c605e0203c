"""Restore: makes the database again from a backup and the daily files."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hall.ports import BrokenLog
from hall.restore import rebuild, start_new_log_id
from hall.verify import verify
from queueing.events import Event, LogRestored
from store import backup
from store.backup import BACKUPS, Copy, NewerVersion, NotWhole, copies
from store.comparison import put_aside
from store.database import Database, claim
from store.diary import entries, former_diaries
from store.folder import DAMAGED, DATABASE, RESTORING, CannotServe
from store.hall import SqliteHallStore


@dataclass(frozen=True, slots=True)
class Restored:
    """The result of a restore."""

    copy: Copy
    taken: int  # events from the daily files
    event: Event[LogRestored]
    replaced: Path | None  # where the database that was here is now
    aside: Sequence[Path]  # where daily files and backups are now that hold something else than what was restored


def restore(data: Path, source: Path | None, second: Path | None, at: datetime, above: int) -> Restored:
    """Put a backup in the place of the database, with what the daily files hold beyond it.

    `source` is a backup, or a folder with backups and daily files; without one the newest sound backup is
    taken. The result is prepared and verified in another folder before the database is moved away. Daily files and
    backups that hold something else then are moved aside, so that the centre starts.

    Raises:
        CannotServe: a server is running here, there is no sound backup, the result fails `verify`, or a newer version
            of this program has written something that would be left out.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with closing(claim(data)):
        places = [place for place in (source if source and source.is_dir() else None, data, second) if place]
        copy = _chosen(source, data, places)
        working = data / RESTORING
        shutil.rmtree(working, ignore_errors=True)
        working.mkdir()
        try:
            shutil.copyfile(copy.path, working / DATABASE)
            taken, event = _prepare(working / DATABASE, places, at, above)
        except BaseException:  # an interrupt too: the centre does not start while a half-made hall is there
            shutil.rmtree(working, ignore_errors=True)
            raise
        replaced = _exchange(data, working, at)
        aside = [path for place in dict.fromkeys(places) for path in put_aside(data / DATABASE, place)]
    return Restored(copy, taken, event, replaced, aside)


def _chosen(source: Path | None, data: Path, places: Sequence[Path]) -> Copy:
    if source is not None and not source.is_dir():
        try:
            checked = backup.check(source)
        except (NotWhole, NewerVersion) as error:
            raise CannotServe(str(error)) from error
        return Copy(*checked, source)
    folders = [place / BACKUPS for place in ([source] if source else places)]
    copy = backup.newest(folders)
    _check_no_newer_version(data, folders, copy)
    if copy is None:
        raise CannotServe(f"there is no sound backup in {', '.join(str(place / BACKUPS) for place in places)}")
    return copy


def _check_no_newer_version(data: Path, folders: Sequence[Path], chosen: Copy | None) -> None:
    """Check that no newer version of this program has written what would be left out.

    Raises:
        CannotServe: one has; a backup that is named goes back to the time before all the same.
    """
    later = [copy.path for folder in folders for copy in copies(folder) if chosen is None or copy.seq > chosen.seq]
    for path in (data / DATABASE, *reversed(later)):
        if backup.is_of_newer_version(path):
            raise CannotServe(
                f"{backup.newer_version(path)}. To go back to before the upgrade all the same, name the backup: "
                f"server.py restore BACKUP --data {data}"
            )


def _prepare(path: Path, places: Sequence[Path], at: datetime, above: int) -> tuple[int, Event[LogRestored]]:
    with closing(Database(path)) as db:
        store = SqliteHallStore(db)
        try:
            # Daily files were put aside by earlier versions too, when the database had been emptied.
            diaries = [folder for place in dict.fromkeys(places) for folder in former_diaries(place)]
            taken = sum(rebuild(store, entries(folder, store.last_seq())) for folder in diaries)
            event = start_new_log_id(store, at, above)
        except BrokenLog as error:
            raise CannotServe(str(error)) from error
        verdict = verify(store)
        if not verdict.clean:
            raise CannotServe(f"what was restored does not prove: {verdict.faults[0]}")
        db.truncate_write_ahead_log()
    return taken, event


def _exchange(data: Path, working: Path, at: datetime) -> Path | None:
    """Move the present database aside and the restored one into its place; delete `RESTORING` last.

    Return the folder of the former database, None if there was none.
    """
    old = [path for suffix in ("-wal", "-shm", "") if (path := data / f"{DATABASE}{suffix}").exists()]
    aside = data / f"replaced-{at:%Y-%m-%dT%H%M%S}Z"
    if old:
        aside.mkdir(exist_ok=True)
    for path in old:  # the database last: without its write-ahead log it would miss the last events
        path.rename(aside / path.name)
    backup.sync(working / DATABASE)
    (working / DATABASE).rename(data / DATABASE)
    backup.sync(data)
    (data / DAMAGED).unlink(missing_ok=True)
    shutil.rmtree(working)
    return aside if old else None
