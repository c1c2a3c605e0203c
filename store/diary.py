"""The daily file: every event once more, as a line of plain JSON, in a file of its local day.

A view of the log that outlives the database. It is written after the commit, off the loop and from
the log itself, so that a failing disk holds up nobody and whatever was missed is caught up with.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from queueing.events import Written, canonical
from store.backup import sync

DIARY = "log"  # the folder, in the data folder and in the second place
BATCH = 1000
KEPT = timedelta(days=60)  # more than the daily and the weekly backups reach back

Read = Callable[[int, int], Sequence[Written]]  # events after a `seq`, at most so many


class Diary:
    """The daily files of one folder."""

    def __init__(self, folder: Path, zone: ZoneInfo) -> None:
        self.folder = folder
        self._zone = zone
        self._last: Written | None = None
        self._begun = False

    @property
    def seq(self) -> int:
        """The last event written so far; 0 before the first `follow`."""
        return 0 if self._last is None else self._last.seq

    def follow(self, read: Read, since: int) -> int:
        """Write what the log has and the files have not, from `since` on where there are none; how many events.

        Files that tell another story than the log (it was restored to an earlier state) are put aside.

        Raises:
            OSError: the disk cannot be written; what was written stays, and the next call goes on from there.
        """
        try:
            if not self._begun:
                self._begin(read)
            done = 0
            while batch := read(max(self.seq, since), BATCH):
                self._append(batch)
                done += len(batch)
            return done
        except OSError:
            self._begun = False  # how far it came is read from the files
            raise

    def _begin(self, read: Read) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._last = None
        for path in reversed(diary_files(self.folder)):
            lines = list(_lines(path))
            with path.open("r+b") as file:  # what a power cut left half is written again
                file.truncate(sum(len(as_line(each)) for each in lines))
            if lines:
                self._last = lines[-1]
                break
        if self._last is not None and list(read(self._last.seq - 1, 1)) != [self._last]:
            aside = next(
                path for n in range(1, 1000) if not (path := self.folder.with_name(f"{DIARY}-before-{n}")).exists()
            )
            self.folder.rename(aside)
            self.folder.mkdir()
            self._last = None
        self._begun = True

    def _append(self, batch: Sequence[Written]) -> None:
        begin = 0
        while begin < len(batch):
            path = self._file(batch[begin])
            end = begin + 1
            while end < len(batch) and self._file(batch[end]) == path:
                end += 1
            new = not path.exists()
            with path.open("ab") as file:
                file.write(b"".join(as_line(each) for each in batch[begin:end]))
                file.flush()
                os.fsync(file.fileno())
            if new:
                sync(self.folder)
                self._forget()
            self._last = batch[end - 1]
            begin = end

    def _file(self, written: Written) -> Path:
        return self.folder / f"{datetime.fromisoformat(written.at).astimezone(self._zone).date()}.jsonl"

    def _forget(self) -> None:
        """Remove the files of days that every kept backup already holds."""
        files = diary_files(self.folder)
        newest = datetime.fromisoformat(files[-1].stem).date()
        for path in files:
            if datetime.fromisoformat(path.stem).date() < newest - KEPT:
                path.unlink()


def as_line(written: Written) -> bytes:
    """The event as the API tells it, with its data exactly as it is hashed."""
    head = {"seq": written.seq, "at": written.at, "kind": written.kind, "ref": written.ref}
    rest = {"counter": written.counter, "service": written.service}
    text = json.dumps({**head, **rest}, ensure_ascii=False, separators=(",", ":"))
    return f'{text[:-1]},"data":{written.data},"hash":"{written.hash}"}}\n'.encode()


def diary_files(folder: Path) -> list[Path]:
    """The daily files of a folder, oldest first."""
    return sorted(folder.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9].jsonl"))


def entries(folder: Path, after: int) -> Iterator[Written]:
    """What the daily files tell after this `seq`, in order; a torn or unreadable line ends its file."""
    files = diary_files(folder)
    first = len(files)
    while first > 0:
        first -= 1
        opening = next(_lines(files[first]), None)
        if opening is not None and opening.seq <= after + 1:
            break
    for path in files[first:]:
        yield from (written for written in _lines(path) if written.seq > after)


def last_entry(folder: Path) -> int:
    """The `seq` of the last event the daily files tell; 0 where there are none."""
    for path in reversed(diary_files(folder)):
        if lines := list(_lines(path)):
            return lines[-1].seq
    return 0


def _lines(path: Path) -> Iterator[Written]:
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                return
            try:
                told = json.loads(line)
                yield Written(
                    told["seq"],
                    told["at"],
                    told["kind"],
                    told["ref"],
                    told["counter"],
                    told["service"],
                    canonical(told["data"]),
                    told["hash"],
                )
            except (ValueError, LookupError, TypeError):
                return
