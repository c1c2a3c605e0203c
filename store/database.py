"""One SQLite file, one writer: connection, transactions, migrations."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from operator import methodcaller
from pathlib import Path
from typing import TYPE_CHECKING

from hall.ports import CannotSave, DamagedDatabase, HeldElsewhere
from store.backup import (
    BACKUPS,
    Copy,
    NewerVersion,
    NotWhole,
    back_up,
    back_up_open,
    first_damage,
    newer_version,
)
from store.schema import MIGRATIONS

if TYPE_CHECKING:
    import sqlite_utils

# A second process (the command line) may hold the write lock for one short transaction.
BUSY_TIMEOUT_S = 5.0  # for the write lock
_NO_WRITING = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class Database:
    """A connection that threads may share: every use holds `lock`.

    Nothing inside the lock waits for anything but the disk, so under an event loop no other task
    can come between the steps of a transaction.

    It is the plain connection of the standard library: sqlite-utils takes 90 µs for an insert and 160 µs for a
    row by its key, where this takes 5 and 2, and its import is a quarter of every start. It does what it is
    good at: see `library`.
    """

    def __init__(self, path: Path | None, *, read_only: bool = False) -> None:
        """Open the database at `path`, or create it, and migrate it; None keeps it in memory, for tests.

        With `read_only` the file must be there, made by this version, and nothing of it is ever changed.

        Raises:
            CannotSave: the disk is full, read-only or failing.
            DamagedDatabase: the file is damaged.
            NewerVersion: a newer version of this program has changed it.
        """
        self.path = path
        self.lock = threading.RLock()
        self.on_damage: Callable[[str], None] | None = None  # called with what is found while the connection is used
        self._busy_timeout_s = BUSY_TIMEOUT_S
        self._held_elsewhere = False  # another process held the file when this one last wanted to write
        self._files: dict[Path, tuple[int, int]] = {}
        self._errors = _TranslatedErrors(self._note)
        with _translated_errors:
            self._conn = sqlite3.connect(
                ":memory:" if path is None else f"{path.absolute().as_uri()}?mode=ro" if read_only else path,
                uri=read_only,
                timeout=BUSY_TIMEOUT_S,
                isolation_level=None,  # transactions are begun by name, below
                check_same_thread=False,
                cached_statements=256,
            )
        self._conn.row_factory = sqlite3.Row
        # Damaged text must be reported by `verify`, so it must not raise here.
        self._conn.text_factory = methodcaller("decode", "utf-8", "replace")
        if not read_only:
            self._prepare()

    def _prepare(self) -> None:
        with _translated_errors:
            self._use_write_ahead_log()
            # FULL: a number that was printed must survive a power cut.
            self._conn.execute("PRAGMA synchronous = FULL")
            self._conn.execute("PRAGMA foreign_keys = ON")
            # Eight times the default: a checkpoint in the middle of the morning makes the slowest tickets
            # slow. The log is emptied when the server stops.
            self._conn.execute("PRAGMA wal_autocheckpoint = 8000")
            self._migrate()

    def _use_write_ahead_log(self) -> None:
        # Two processes making the file at the same moment: this one step does not wait by itself.
        until = time.monotonic() + BUSY_TIMEOUT_S
        while True:
            try:
                self._conn.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(0.02)

    def _migrate(self) -> None:
        """Bring the schema up to date: each step whole or not at all, never twice, and after a backup."""
        if self._version() > 0 and self._version() < len(MIGRATIONS) and self.path is not None:
            self._back_up_first(self.path)
        if self._version() > len(MIGRATIONS):
            raise NewerVersion(newer_version(self.path or Path(":memory:")))
        for version, migration in enumerate(MIGRATIONS, start=1):
            if self._version() >= version:
                continue
            with self.transaction():
                if self._version() >= version:
                    continue  # another process, started at the same moment, was quicker
                migration(self.library)
                # A pragma takes no parameter; the number is ours.
                self._conn.execute(f"PRAGMA user_version = {version:d}")

    @cached_property
    def library(self) -> sqlite_utils.Database:
        """Return the same connection through sqlite-utils, for migrations and for looking at tables.

        On the command line it shows a centre's data without a line of SQL: `.venv/bin/sqlite-utils tables
        data/hall.db --counts`, `… rows data/hall.db event --limit 5`.
        """
        import sqlite_utils

        return sqlite_utils.Database(self._conn, execute_plugins=False)

    def _back_up_first(self, path: Path) -> None:
        # A file that another process is just making holds nothing yet.
        if self._conn.execute("SELECT 1 FROM event LIMIT 1").fetchone() is not None:
            try:
                back_up(path, path.parent / BACKUPS, before_upgrade=True)
            except NotWhole as error:
                raise DamagedDatabase(str(error)) from error

    def _version(self) -> int:
        return int(self._conn.execute("PRAGMA user_version").fetchone()[0])

    def first_damage(self, within_s: float) -> str | None:
        """Return what SQLite finds wrong with the file, None if nothing.

        Raises:
            TimeoutError: the file is too large to be read in this time.
        """
        until = time.monotonic() + within_s
        with self.lock:
            return first_damage(self._conn, lambda: time.monotonic() > until)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Save all that happens inside, or nothing. Inside another transaction it is part of that one.

        Raises:
            CannotSave: the disk is full, read-only or failing.
            HeldElsewhere: another process holds the file.
        """
        with self.lock:
            inside = self._conn.in_transaction
            if inside:
                yield
                return
            # IMMEDIATE takes the write lock before reading: with a deferred BEGIN, two processes
            # that read and then write make one of them fail with "locked".
            self._run("BEGIN IMMEDIATE")
            if self._held_elsewhere:
                self._expect_held_elsewhere(False)
            try:
                yield
                self._run("COMMIT")
            except BaseException:  # an interrupt too: nothing may stay that was not committed whole
                if self._conn.in_transaction:
                    self._conn.execute("ROLLBACK")
                raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read several times from one state: what another connection commits meanwhile is not seen."""
        with self.lock:
            inside = self._conn.in_transaction
            if inside:
                yield
                return
            self._run("BEGIN")
            try:
                yield
            finally:
                if self._conn.in_transaction:
                    self._conn.execute("ROLLBACK")

    def rows_changed(self) -> int:
        """Return how many rows this connection has changed since it was opened, also where that was rolled back."""
        return self._conn.total_changes

    def execute(self, sql: str, params: Mapping[str, object] | None = None) -> None:
        """Run a statement that returns nothing.

        Raises, as all that follow:
            CannotSave: the disk is full, read-only or failing.
            HeldElsewhere: another process holds the file.
            DamagedDatabase: the file is damaged.
        """
        with self.lock:
            self._run(sql, params)

    def insert(self, sql: str, params: Mapping[str, object]) -> int:
        """Run an INSERT and return the id of the new row."""
        with self.lock:
            return int(self._run(sql, params).lastrowid or 0)

    def change(self, sql: str, params: Mapping[str, object]) -> int:
        """Run an UPDATE or DELETE and return how many rows it changed."""
        with self.lock:
            return self._run(sql, params).rowcount

    def row(self, sql: str, params: Mapping[str, object] | None = None) -> sqlite3.Row | None:
        """Run a query and return its first row, None if it has none."""
        with self.lock:
            first: sqlite3.Row | None = self._run(sql, params).fetchone()
            return first

    def rows(self, sql: str, params: Mapping[str, object] | None = None) -> list[sqlite3.Row]:
        """Run a query and return all its rows."""
        with self.lock, self._errors:
            return self._conn.execute(sql, params or {}).fetchall()

    def _run(self, sql: str, params: Mapping[str, object] | None = None) -> sqlite3.Cursor:
        try:  # not the context manager: entering and leaving it cost a tenth of a statement
            return self._conn.execute(sql, params or {})
        except sqlite3.DatabaseError as error:
            self._errors.translate(error)
            raise

    def _note(self, error: Exception) -> None:
        """Take notice of an error that this connection is about to raise."""
        if isinstance(error, HeldElsewhere):
            self._expect_held_elsewhere(True)
        elif isinstance(error, DamagedDatabase) and self.on_damage is not None:
            self.on_damage(str(error))

    def wait_for_others(self, seconds: float) -> None:
        """Wait at most so long for another process that writes. What a server waits here stops all its requests."""
        with self.lock:
            self._busy_timeout_s = seconds
            self._expect_held_elsewhere(False)

    def _expect_held_elsewhere(self, held: bool) -> None:
        """Do not wait a second time for the same holder of the file: many requests would wait one after the other."""
        self._held_elsewhere = held
        timeout_s = 0.0 if held and self._busy_timeout_s < BUSY_TIMEOUT_S else self._busy_timeout_s
        self._conn.execute(f"PRAGMA busy_timeout = {int(timeout_s * 1000):d}")

    def reader(self) -> Database:
        """Return a second connection for long reads, so that no writer waits for them; in memory, the same one."""
        if self.path is None:
            return self
        second = Database(self.path)
        second.on_damage = self.on_damage
        return second

    def back_up(self, folder: Path) -> Copy:
        """Copy what this connection sees into a folder, also after its files were deleted; return the backup.

        Raises:
            NotWhole: it is damaged.
            CannotSave: there is no room, or the folder cannot be written.
        """
        with self.lock:
            return back_up_open(self._conn, folder)

    def lost_file(self) -> Path | None:
        """Return a file of this database that was deleted or replaced since the first call; None if all are there.

        A connection goes on with a file that was deleted, and what it commits is gone with the process.
        """
        if self.path is None:
            return None
        for path in (self.path, *(self.path.with_name(f"{self.path.name}{end}") for end in ("-wal", "-shm"))):
            try:
                status = path.stat()
            except OSError:
                return path if path in self._files else None
            file = status.st_dev, status.st_ino
            if self._files.setdefault(path, file) != file:
                return path
        return None

    def checkpoint(self) -> None:
        """Copy the write-ahead log into the database file as far as nobody reads it; nobody waits for that."""
        with self.lock:
            self._run("PRAGMA wal_checkpoint(PASSIVE)")

    def truncate_write_ahead_log(self) -> None:
        """Copy the write-ahead log into the database and empty it; slow, so only when no command waits."""
        with self.lock:
            self._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the connection."""
        with self.lock:
            self._conn.close()


def claim(folder: Path) -> sqlite3.Connection:
    """Lock a data folder for one server, or one restore, until the connection is closed or the process ends.

    The lock is SQLite's, because that is there on every system and goes with a process that is killed.

    Raises:
        CannotSave: another process holds it, or the folder cannot be written.
    """
    with _translated_errors:
        conn = sqlite3.connect(folder / "running", timeout=0, isolation_level=None, check_same_thread=False)
    try:
        with _translated_errors:
            conn.execute("BEGIN EXCLUSIVE")
    except CannotSave as error:
        conn.close()
        if getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        raise CannotSave(f"a server is running on {folder}") from error
    return conn


class _TranslatedErrors:
    """Context manager that turns the errors of SQLite into those that callers catch, and passes each to `note`.

    Raises:
        CannotSave: the disk is full, read-only or failing.
        HeldElsewhere: another process holds the file.
        DamagedDatabase: the file is damaged.
    """

    # A class, because a generator takes longer than the statement inside it.
    def __init__(self, note: Callable[[Exception], None] = lambda _: None) -> None:
        self._note = note

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, sqlite3.DatabaseError):
            self.translate(error)

    def translate(self, error: sqlite3.DatabaseError) -> None:
        """Raise in place of an error the one that callers catch, if there is one for it."""
        translated = _translation(error)
        if translated is not None:
            self._note(translated)
            raise translated from error


def _translation(error: sqlite3.DatabaseError) -> Exception | None:
    # The low byte is the kind of error, the rest says more about it.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_BUSY:
        return HeldElsewhere(str(error))
    if code in _NO_WRITING:
        return CannotSave(str(error))
    return DamagedDatabase(str(error)) if code in _DAMAGED else None


_translated_errors = _TranslatedErrors()
