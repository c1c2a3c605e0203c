"""The daily file: every event once more, as a line of plain JSON, in a file of its local day.

A copy of the log that outlives the database. It is written after the commit, off the event loop and from
the log itself: nobody waits for a failing disk, and what was missed is written later.
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
KEPT = timedelta(days=60)  # files of older days are deleted; the daily and weekly backups reach back less

Read = Callable[[int, int], Sequence[Written]]  # events after a `seq`, at most so many


class Diary:
    """The daily files of one folder."""

    def __init__(self, folder: Path, zone: ZoneInfo) -> None:
        self.folder = folder
        self._zone = zone
        self._last: Written | None = None
        self._opened = False

    @property
    def seq(self) -> int:
        """Return the `seq` of the last event written so far; 0 before the first `follow`."""
        return 0 if self._last is None else self._last.seq

    def follow(self, read: Read, since: int) -> int:
        """Write the events that the files lack, after `since` where there are no files; return how many.

        Files that contradict the log (it was restored to an earlier state) are moved aside.

        Raises:
            OSError: the disk cannot be written; what was written stays, and the next call goes on after it.
        """
        try:
            if not self._opened:
                self._open(read)
            done = 0
            while batch := read(max(self.seq, since), BATCH):
                self._append(batch)
                done += len(batch)
            return done
        except OSError:
            self._opened = False  # how far it came is read from the files again
            raise

    def _open(self, read: Read) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._last = None
        for path in reversed(diary_files(self.folder)):
            lines = list(_lines(path))
            with path.open("r+b") as file:  # what a power cut left half is written again
                file.truncate(sum(len(as_line(written)) for written in lines))
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
        self._opened = True

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
                self._forget()
            self._last = batch[end - 1]
            begin = end

    def _file(self, written: Written) -> Path:
        return self.folder / f"{datetime.fromisoformat(written.at).astimezone(self._zone).date()}.jsonl"

    def _forget(self) -> None:
        """Delete the files of days that every backup we keep holds as well."""
        files = diary_files(self.folder)
        newest = datetime.fromisoformat(files[-1].stem).date()
        for path in files:
            if datetime.fromisoformat(path.stem).date() < newest - KEPT:
                path.unlink()


def as_line(written: Written) -> bytes:
    """Return the event as a line of JSON, as the API gives it, with its data exactly as it is hashed."""
    head = {"seq": written.seq, "at": written.at, "kind": written.kind, "ref": written.ref}
    rest = {"counter": written.counter, "service": written.service}
    text = json.dumps({**head, **rest}, ensure_ascii=False, separators=(",", ":"))
    return f'{text[:-1]},"data":{written.data},"hash":"{written.hash}"}}\n'.encode()


def diary_files(folder: Path) -> list[Path]:
    """Return the daily files of a folder, oldest first."""
    return sorted(folder.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9].jsonl"))


def entries(folder: Path, after: int) -> Iterator[Written]:
    """Yield the events in the daily files after this `seq`, in order; a torn or unreadable line ends its file."""
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
    """Return the `seq` of the last event in the daily files; 0 where there are none."""
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
                fields = json.loads(line)
                yield Written(
                    fields["seq"],
                    fields["at"],
                    fields["kind"],
                    fields["ref"],
                    fields["counter"],
                    fields["service"],
                    canonical(fields["data"]),
                    fields["hash"],
                )
            except (ValueError, LookupError, TypeError):
                return
