"""Keeps what a running centre must not lose: its daily files and its backups."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from hall.hall import Hall
from hall.ports import Offload
from hall.views import AlarmView, BackupView
from queueing.events import DAY_OPENED, instant
from store.backup import BACKUPS, Copy, newest_by_name
from store.database import Database
from store.diary import DIARY, KEPT, Diary
from store.folder import DAMAGED, DATABASE
from store.hall import SqliteHallStore

Sleep = Callable[[float], None]

GLANCE_S = 0.25  # between two looks for events the daily file has not
LOOK_S = 20.0
RETRY_S = 30.0  # after the disk of a daily file failed
EVERY = timedelta(hours=4)
TOO_OLD = timedelta(hours=26)
DISK_LOW = 200 * 2**20
# No number is given any more, so that those who have one can be called: SQLite's log of writes grows to
# 32 MB, and a day of calls adds less than that.
DISK_FOR_CALLS = 64 * 2**20

log = structlog.get_logger()


class Apart(Protocol):
    """Runs a command of ours in a process of its own; what it printed. Raises OSError or CalledProcessError."""

    def __call__(self, *words: str) -> bytes: ...


class Keeper:
    """Keeps what the centre must not lose: the daily files, the backups; and knows when one fails."""

    def __init__(self, hall: Hall, db: Database, data: Path, second: Path | None, offload: Offload) -> None:
        self._hall = hall
        self._db = db
        self._data = data
        self._second = second
        self._offload = offload
        self._failing: dict[Path, datetime] = {}  # folder of daily files -> since when it cannot be written
        self._made: datetime | None = None  # when this process last made a backup
        self._begun = hall.now()
        self._day = hall.floor.day
        self._disk_low = False
        self._room_for_copy = True
        self._last: list[Copy | None] = []
        self._look()

    @property
    def places(self) -> list[Path]:
        return [self._data, *([self._second] if self._second else [])]

    # -- the daily files ---------------------------------------------------------------------

    def write_diary(self, place: Path, sleep: Sleep) -> None:
        """For ever: bring the daily files of one place up to the log."""
        diary = Diary(place / DIARY, ZoneInfo(self._hall.catalogue.hall.timezone))
        # A connection of its own, so that no press waits for what is read here.
        store = SqliteHallStore(self._db.reader())
        while True:
            if diary.seq == self._hall.floor.seq:
                sleep(GLANCE_S)
                continue
            rest_s = GLANCE_S
            try:
                self._offload(lambda: diary.follow(store.written, diary.seq or _since(store)))
                self._failing.pop(place, None)
            except Exception as error:  # the files are caught up with when the disk is well again
                if place not in self._failing:
                    log.exception("daily_file_failed", folder=str(diary.folder), cause=str(error))
                self._failing.setdefault(place, self._hall.now())
                rest_s = RETRY_S
            sleep(rest_s)

    # -- the backups -------------------------------------------------------------------------

    def keep(self, apart: Apart, sleep: Sleep, close: Callable[[str], None]) -> None:
        """For ever: a backup at the change of day and every few hours; `close` is told of a damaged database."""
        while True:
            try:
                if self._due():
                    self._day, self._made = self._hall.floor.day, self._hall.now()
                    second = ("--backup-to", str(self._second)) if self._second else ()
                    said = apart("backup", "--if-sound", *second).decode(errors="replace").strip()
                    if said.startswith(DAMAGED):
                        close(said.removeprefix(f"{DAMAGED}: "))
            except Exception:  # the board tells that the last backup is old
                log.exception("backup_failed")
            self._offload(self._look)
            sleep(LOOK_S)

    def _due(self) -> bool:
        if not self._room_for_copy:
            return False  # a copy that fills the disk would stop the hall
        last = self._made or (self._last[0].at if self._last[0] else None)
        return last is None or self._hall.floor.day != self._day or self._hall.now() - last >= EVERY

    def _look(self) -> None:
        self._last = [next(iter(newest_by_name([place / BACKUPS])), None) for place in self.places]
        with suppress(OSError):
            free = shutil.disk_usage(self._data).free
            self._disk_low, self._hall.issuing_suspended = free < DISK_LOW, free < DISK_FOR_CALLS
            self._room_for_copy = free - (self._data / DATABASE).stat().st_size >= DISK_FOR_CALLS

    # -- what the supervisor sees ------------------------------------------------------------

    def view(self) -> BackupView:
        own, *second = [None if copy is None else instant(copy.at) for copy in self._last]
        return BackupView(own, second[0] if second else None, bool(second))

    def alarms(self) -> list[AlarmView]:
        """What a supervisor must know now of files and disks."""
        now, found = self._hall.now(), []
        for place, copy in zip(self.places, self._last, strict=True):
            since = copy.at if copy else self._begun
            if now - since > TOO_OLD:
                code = "backup_old" if place == self._data else "backup_second_old"
                found.append(AlarmView(code, instant(since), {}))
        found += [AlarmView("daily_file_failing", instant(since), {}) for since in self._failing.values()]
        if self._disk_low:
            found.append(AlarmView("disk_low", instant(now), {}))
        return found


def _since(store: SqliteHallStore) -> int:
    """The event before those that a daily file must have where there is none yet."""
    last = store.last_event()
    assert last is not None
    opened = (event for event in store.events_of(DAY_OPENED) if event.at >= last.at - KEPT)
    return next((event.seq - 1 for event in opened), 0) if store.last_seq() else 0
