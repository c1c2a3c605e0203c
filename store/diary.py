"""The daily file: every event once more, as a line of plain JSON, in a file of its local day.

A copy of the log that outlives the database. It is written after the commit, off the event loop and from
the log itself: nobody waits for a failing disk, and what was missed is written later.
"""

from __future__ import annotations

import heapq
import json
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from queueing.events import Written, canonical
from store.backup import sync

DIARY = "log"  # the folder, in the data folder and in the second place
BATCH = 1000
KEPT = timedelta(days=60)  # files of older days are deleted; the daily and weekly backups reach back less
FILES_KEPT = 30  # so many are kept whatever their day: the clock may have leapt by years
_TAIL = 64 * 1024  # bytes at the end of a file in which its last line is looked for

Read = Callable[[int, int], Sequence[Written]]  # events after a `seq`, at most so many


class Diary:
    """The daily files of one folder. An event is in the file of its local day in `zone`, which may be set again."""

    def __init__(self, folder: Path, zone: ZoneInfo) -> None:
        self.folder = folder
        self.zone = zone
        self.put_aside: Path | None = None  # where the files of another log are that were found here
        self._last: Written | None = None
        self._opened: tuple[int, int] | None = None  # which folder: another disk may be there under the same name

    @property
    def seq(self) -> int:
        """Return the `seq` of the last event written so far; 0 before the first `follow`."""
        return 0 if self._last is None else self._last.seq

    def follow(self, read: Read, since: Callable[[], int] = lambda: 0) -> int:
        """Write the events that the files lack, after `since()` where there are no files; return how many.

        Files that contradict the log are moved to `put_aside`.

        Raises:
            OSError: the disk cannot be written; what was written stays, and the next call goes on after it.
        """
        try:
            self.folder.mkdir(exist_ok=True)  # not its parents: a disk that is not there must not be imitated
            if self._opened != _identity(self.folder):
                self._open(read)
            done = 0
            while batch := read(self.seq or since(), BATCH):
                self._append(batch)
                done += len(batch)
            return done
        except OSError:
            self._opened = None  # how far it came is read from the files again
            raise

    def _open(self, read: Read) -> None:
        *_, newest = None, *sorted(diary_files(self.folder), key=_last_seq)
        for path in diary_files(self.folder):
            if path == newest or not _ends_whole(path):
                _cut_torn_end(path)
        self._last = last_written(self.folder)
        if self._last is not None and list(read(self._last.seq - 1, 1)) != [self._last]:
            self.put_aside = move_aside(self.folder)
            self.folder.mkdir()
            self._last = None
        self._opened = _identity(self.folder)

    def _append(self, batch: Sequence[Written]) -> None:
        begin = 0
        while begin < len(batch):
            path = self._file(batch[begin])
            end = begin + 1
            while end < len(batch) and self._file(batch[end]) == path:
                end += 1
            new = not path.exists()
            with path.open("ab") as file:
                file.write(b"".join(as_line(written) for written in batch[begin:end]))
                file.flush()
                os.fsync(file.fileno())
            if new:
                sync(self.folder)
                self._forget(_day_of(path))
            self._last = batch[end - 1]
            begin = end

    def _file(self, written: Written) -> Path:
        return self.folder / f"{datetime.fromisoformat(written.at).astimezone(self.zone).date()}.jsonl"

    def _forget(self, newest: date) -> None:
        """Delete the files of days that every backup we keep holds as well."""
        for path in diary_files(self.folder)[:-FILES_KEPT]:
            if _day_of(path) < newest - KEPT:
                path.unlink()


def move_aside(folder: Path) -> Path:
    """Rename a folder to `NAME-before-N` with the first free N; return where it is now."""
    aside = next(path for n in range(1, 1000) if not (path := folder.with_name(f"{folder.name}-before-{n}")).exists())
    return folder.rename(aside)


def as_line(written: Written) -> bytes:
    """Return the event as a line of JSON, as the API gives it, with its data exactly as it is hashed."""
    head = {"seq": written.seq, "at": written.at, "kind": written.kind, "ref": written.ref}
    rest = {"counter": written.counter, "service": written.service}
    text = json.dumps({**head, **rest}, ensure_ascii=False, separators=(",", ":"))
    return f'{text[:-1]},"data":{written.data},"hash":"{written.hash}"}}\n'.encode()


def diary_files(folder: Path) -> list[Path]:
    """Return the daily files of a folder, by their days."""
    return sorted(path for path in folder.glob("????-??-??.jsonl") if _is_day(path.stem))


def former_diaries(place: Path) -> list[Path]:
    """Return the folders of daily files in a place: the present one, then those put aside, the newest first."""
    aside = [path for path in place.glob(f"{DIARY}-before-*") if path.name.removeprefix(f"{DIARY}-before-").isdecimal()]
    return [place / DIARY, *sorted(aside, key=lambda path: int(path.name.rpartition("-")[2]), reverse=True)]


def entries(folder: Path, after: int) -> Iterator[Written]:
    """Yield the events in the daily files after this `seq`, in order; a torn or unreadable line ends its file."""
    files = [path for path in diary_files(folder) if (last := _last_line(path)) is None or last.seq > after]
    # By `seq`: after a wrong leap of the clock was taken back, a file of a later day holds earlier events.
    for written in heapq.merge(*map(_lines, files), key=lambda written: written.seq):
        if written.seq > after:
            yield written
            after = written.seq


def last_written(folder: Path) -> Written | None:
    """Return the last event in the daily files, None where there is none; reads only the ends of the files."""
    ends = (_last_line(path) for path in diary_files(folder))
    return max((written for written in ends if written is not None), key=lambda written: written.seq, default=None)


def last_entry(folder: Path) -> int:
    """Return the `seq` of the last event in the daily files; 0 where there are none."""
    last = last_written(folder)
    return 0 if last is None else last.seq


def _last_seq(path: Path) -> int:
    last = _last_line(path)
    return 0 if last is None else last.seq


def _last_line(path: Path) -> Written | None:
    """Return the last event of a file that can be read; None if it has none."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        start = file.seek(max(0, size - _TAIL))
        lines = file.read().split(b"\n")[:-1]  # what follows the last newline is half a line
    for line in reversed(lines if start == 0 else lines[1:]):
        if (written := _read_line(line)) is not None:
            return written
    *_, last = None, *_lines(path)  # one line is longer than all that was looked at, or none can be read
    return last


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL))
        *_, last, rest = b"", *file.read().split(b"\n")
    return not rest and (size == 0 or _read_line(last) is not None)


def _cut_torn_end(path: Path) -> None:
    """Cut off what a power cut left half; the follower writes it again."""
    whole = sum(len(as_line(written)) for written in _lines(path))
    with path.open("r+b") as file:
        file.truncate(whole)


def _lines(path: Path) -> Iterator[Written]:
    with path.open("rb") as file:
        for line in file:
            written = _read_line(line) if line.endswith(b"\n") else None
            if written is None:
                return
            yield written


def _read_line(line: bytes) -> Written | None:
    try:
        fields = json.loads(line)
        if type(fields["seq"]) is not int:
            return None
        return Written(
            fields["seq"],
            fields["at"],
            fields["kind"],
            fields["ref"],
            fields["counter"],
            fields["service"],
            canonical(fields["data"]),
            fields["hash"],
        )
    except (ValueError, LookupError, TypeError, RecursionError):
        return None


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _day_of(path: Path) -> date:
    return date.fromisoformat(path.stem)


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino
