"""Background work of a running centre: daily files, backups, rollups, checks of disk and database."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NoReturn, Protocol
from zoneinfo import ZoneInfo

import msgspec
import structlog

from hall.hall import Hall
from hall.ports import CannotSave, Offload
from hall.publishing import publish_month
from hall.views.alarms import AlarmView, BackupView
from queueing.events import DAY_OPENED, instant
from store.backup import BACKUPS, Copy, NewerVersion, NotWhole, newest_by_name
from store.database import Database
from store.diary import DIARY, KEPT, Diary
from store.folder import DAMAGED, DATABASE, copy_second, offer, remedy
from store.hall import SqliteHallStore
from store.second_place import NotThere, admit, is_on_same_disk

Sleep = Callable[[float], None]

POLL_INTERVAL_S = 0.25  # between two checks for events that a daily file lacks
BACKUP_CHECK_INTERVAL_S = 20.0
FIRST_BACKUP_S = 20.0  # after the start, when all screens connect again
ROLLUP_INTERVAL_S = 20.0  # between two checks whether a closed day has changed
RETRY_S = 30.0  # after the disk of a daily file failed
FILES_CHECK_INTERVAL_S = 1.0  # between two looks whether the files of the database are still there
CHECKPOINT_INTERVAL_S = 60.0  # what is only in the write-ahead log is lost with that file
EVERY = timedelta(hours=4)
TOO_OLD = timedelta(hours=26)
DISK_LOW = 200 * 2**20
# Below it issuing is suspended, so that tickets already issued can be called: SQLite's write-ahead log grows to
# 32 MB, and a day of calls adds less than that.
DISK_FOR_CALLS = 64 * 2**20

log = structlog.get_logger()


class RunCommand(Protocol):
    """Runs a command of `server.py` in another process and returns its output.

    Raises:
        OSError, CalledProcessError: it could not be started, or failed.
    """

    def __call__(self, *words: str) -> bytes: ...


class Maintenance:
    """Writes daily files, makes backups and rollups, checks disk and database; raises alarms when one of them fails."""

    def __init__(self, hall: Hall, db: Database, data: Path, second: Path | None, offload: Offload) -> None:
        """Take the second place for backups and daily files, if there is one."""
        self._hall = hall
        self._db = db
        self._data = data
        self._second = second
        self._offload = offload
        self._failing: dict[Path, datetime] = {}  # folder of daily files -> since when it cannot be written
        self._away: tuple[str, datetime] | None = None  # why the second place is not used, and since when
        self._same_disk = False  # the second place is on the disk of the data folder
        self._second_lacks_backup = False  # it was away, and is back
        self._aside: dict[Path, datetime] = {}  # what was moved away because it is of another log, and when
        self._made: datetime | None = None  # when this process last made a backup
        self._begun = hall.now()
        self._day = hall.floor.day
        self._disk_low = False
        self._room_for_copy = True
        self._last: list[Copy | None] = []
        db.lost_file()  # remember which files these are
        self.check_disk()

    @property
    def places(self) -> list[Path]:
        """Return the folders of daily files and backups: the data folder, and the second place where there is one."""
        return [self._data, *([self._second] if self._second else [])]

    # -- the daily files ---------------------------------------------------------------------

    def write_diary(self, place: Path, sleep: Sleep) -> None:
        """Bring the daily files of one place up to the log, for ever."""
        diary = Diary(place / DIARY, self._zone())
        # A connection of its own, so that no command waits for this read.
        db = self._db.reader()
        store, checkpoint_at = SqliteHallStore(db), 0.0
        while True:
            if diary.seq == self._hall.floor.seq:
                sleep(POLL_INTERVAL_S)
                continue
            diary.zone = self._zone()
            rest_s = POLL_INTERVAL_S
            try:
                self._offload(lambda: self._follow(diary, store, place))
                self._failing.pop(place, None)
            except NotThere:  # it is looked for again, and the alarm is another
                rest_s = RETRY_S
            except Exception as error:  # tried again: once the disk works, the files get what they lack
                if place not in self._failing:
                    log.exception("daily_file_failed", folder=str(diary.folder), cause=str(error))
                self._failing.setdefault(place, self._hall.now())
                rest_s = RETRY_S
            if place == self._data and time.monotonic() > checkpoint_at:
                self._offload(lambda: self._checkpoint(db))
                checkpoint_at = time.monotonic() + CHECKPOINT_INTERVAL_S
            sleep(rest_s)

    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._hall.catalogue.hall.timezone)

    def _follow(self, diary: Diary, store: SqliteHallStore, place: Path) -> None:
        if place == self._second:
            self._admit_second()
        diary.follow(store.written, lambda: _since(store))
        if diary.put_aside is not None:
            self.note_aside(diary.put_aside)
            diary.put_aside = None

    def note_aside(self, path: Path) -> None:
        """Log that something kept of another log was moved away, and raise an alarm until somebody deletes it."""
        log.warning("put_aside", folder=str(path))
        self._aside[path] = self._hall.now()

    @staticmethod
    def _checkpoint(db: Database) -> None:
        try:
            db.checkpoint()
        except CannotSave as error:  # the write-ahead log keeps it until the next time
            log.warning("checkpoint_failed", cause=str(error))

    # -- the second place --------------------------------------------------------------------

    def _admit_second(self) -> None:
        """Check that the second place is there and ours; an alarm says what is wrong.

        Raises:
            NotThere: it is not.
            CannotSave: it cannot be read or written.
        """
        assert self._second is not None
        try:
            admit(self._data, self._second, self._hall.hall_id)
            self._second_lacks_backup = self._second_lacks_backup or self._away is not None
            self._away, self._same_disk = None, is_on_same_disk(self._data, self._second)
        except NotThere as error:
            if self._away is None or self._away[0] != error.code:
                log.warning("second_place", code=error.code, said=str(error))
                self._away = error.code, self._hall.now()
            raise

    # -- the backups -------------------------------------------------------------------------

    def make_backups(self, run: RunCommand, sleep: Sleep, close: Callable[[str], None]) -> None:
        """Make a backup at the change of day and every few hours, for ever; call `close` with what is damaged."""
        while True:
            try:
                if self._due():
                    self._day, self._made = self._hall.floor.day, self._hall.now()
                    self._second_lacks_backup = False
                    second = ("--backup-to", str(self._second)) if self._second else ()
                    said = run("backup", "--if-sound", *second).decode(errors="replace").strip()
                    if said.startswith(DAMAGED):
                        close(said.removeprefix(f"{DAMAGED}: "))
            except Exception:  # an alarm is shown when the last backup is too old
                log.exception("backup_failed")
            try:
                self._offload(self.check_disk)
            except Exception:  # no file could be opened, for example: the next look finds what this one missed
                log.exception("disk_check_failed")
            sleep(BACKUP_CHECK_INTERVAL_S)

    def _due(self) -> bool:
        if not self._room_for_copy:
            return False  # the copy would fill the disk and stop the hall
        last = self._made or (self._last[0].at if self._last[0] else None)
        if last is None or self._second_lacks_backup or self._hall.floor.day != self._day:
            return True
        # In the future: a wrong leap of the clock was taken back.
        return not timedelta(0) <= self._hall.now() - last < EVERY

    def check_disk(self) -> None:
        """Look for the second place, free space and the newest backups.

        Issuing is suspended while there is less than DISK_FOR_CALLS.
        """
        if self._second is not None:
            with suppress(CannotSave):
                self._admit_second()
        self._last = [next(iter(newest_by_name([place / BACKUPS])), None) for place in self.places]
        with suppress(OSError):
            free = shutil.disk_usage(self._data).free
            self._disk_low = free < DISK_LOW
            self._hall.suspend_issuing(free < DISK_FOR_CALLS)
            self._room_for_copy = free - (self._data / DATABASE).stat().st_size >= DISK_FOR_CALLS

    # -- the rollups and the database --------------------------------------------------------

    def make_rollups(self, run: RunCommand, sleep: Sleep) -> None:
        """Make the rollups that are missing, for ever: at the start and when a closed day has changed.

        Then publish the open data of months that are over.

        A service that outlives its day drops that day's rollup when it ends, so both are seen here.
        """
        seen: object = None
        while True:
            sleep(ROLLUP_INTERVAL_S)
            stale = self._hall.floor.day, self._hall.closed_day_revision
            if stale != seen:
                try:
                    run("rollup", "--missing")
                    self._publish(run("open-data"), sleep)
                    seen = stale
                except (OSError, subprocess.CalledProcessError, CannotSave):
                    log.exception("rollup_failed")

    def _publish(self, printed: bytes, sleep: Sleep) -> None:
        """Publish the months that a command has printed, each in a transaction of its own."""
        for month, texts in msgspec.json.decode(printed, type=dict[str, dict[str, str]]).items():
            files = {name: text.encode() for name, text in texts.items()}
            self._hall.run_as_system(partial(publish_month, month=month, files=files))
            sleep(POLL_INTERVAL_S)

    def check_integrity(self, run: RunCommand, close: Callable[[str], None]) -> None:
        """Read every page of the database in the background; call `close` with what is damaged."""
        try:
            said = run("check").decode(errors="replace").strip()
        except (OSError, subprocess.CalledProcessError):
            log.exception("check_failed")
        else:
            if said.startswith(DAMAGED):
                close(said.removeprefix(f"{DAMAGED}: "))

    def watch_files(self, sleep: Sleep) -> None:
        """Look every second, for ever, whether the files of the database are there; close the centre if one is not."""
        while True:
            sleep(FILES_CHECK_INTERVAL_S)
            lost = self._db.lost_file()
            if lost is not None:
                self.close_lost(lost)

    def close_lost(self, lost: Path) -> NoReturn:
        """Back up what this process still has open of a database whose file is gone, and close the centre."""
        with self._hall.lock:  # until the end of the process: what is saved now would be lost
            reason = f"{lost} was deleted or replaced while the centre was open. {self._saved()}"
            self._close("database_file_lost", reason)

    def _saved(self) -> str:
        """Back up the database by the open connection, in both places; return in words what can be done."""
        try:
            copy = self._db.back_up(self._data / BACKUPS)
        except (CannotSave, NotWhole, NewerVersion) as error:
            log.error("last_backup_failed", cause=str(error))
            return offer(self._data, self._second)
        if self._second is not None:
            with suppress(CannotSave, NotWhole, NewerVersion):
                copy_second(self._data, self._second, copy)
        return (
            f"Everything up to the last event, {copy.seq}, is in {copy.path}. "
            f"To put it back: {remedy(self._data, self._second)}"
        )

    def close_damaged(self, damage: str) -> NoReturn:
        """End the process at once and write the file DAMAGED, so that nothing more is written into the database."""
        self._close("damaged", f"the database is damaged: {damage}. {offer(self._data, self._second)}")

    def _close(self, happening: str, reason: str) -> NoReturn:
        log.critical(happening, said=reason)
        with suppress(OSError):
            (self._data / DAMAGED).write_text(reason, "utf-8")
        os._exit(1)

    # -- what the supervisor sees ------------------------------------------------------------

    def view(self) -> BackupView:
        """Return when the last good backup was made, in each place."""
        own, *second = [None if copy is None else instant(copy.at) for copy in self._last]
        return BackupView(own, second[0] if second else None, bool(second))

    def alarms(self) -> list[AlarmView]:
        """Return the alarms of files and disks."""
        now, alarms = self._hall.now(), []
        for place, copy in zip(self.places, self._last, strict=True):
            since = copy.at if copy else self._begun
            if now - since > TOO_OLD:
                code = "backup_old" if place == self._data else "backup_second_old"
                alarms.append(AlarmView(code, instant(since), {}))
        alarms += self._place_alarms(now)
        if self._disk_low:
            alarms.append(AlarmView("disk_low", instant(now), {}))
        return alarms

    def _place_alarms(self, now: datetime) -> Iterator[AlarmView]:
        yield from (AlarmView("daily_file_failing", instant(since), {}) for since in self._failing.values())
        folder = str(self._second)
        if self._away is not None:
            code, since = self._away
            yield AlarmView(code, instant(since), {"folder": folder})
        elif self._same_disk:
            yield AlarmView("second_place_same_disk", instant(now), {"folder": folder})
        for path, since in self._aside.items():
            if path.exists():
                yield AlarmView("put_aside", instant(since), {"folder": str(path)})


def _since(store: SqliteHallStore) -> int:
    """Return the seq after which new daily files begin: before the first day that is within KEPT."""
    last = store.last_event()
    assert last is not None
    opened = (event for event in store.events_of(DAY_OPENED) if event.at >= last.at - KEPT)
    return next((event.seq - 1 for event in opened), 0) if store.last_seq() else 0
