"""The second place for backups and daily files: a disk, a stick or a share that may be away, or be another.

A mark in it says whose it is. Without the mark an empty mount point looks like the stick that should be there, and
copies would pile up on the very disk they are to outlive.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from hall.ports import CannotSave
from store.backup import BACKUPS, copies
from store.comparison import hall_of

MARK = "den-luot.txt"  # in the second place
_KNOWN = "second-places"  # in the data folder: the places that bore our mark once, one a line
_MARK_TEXT = "Bản sao lưu của Đến Lượt. Đừng xóa. / Backups of Đến Lượt. Do not delete.\nhall {hall_id}\n"


class NotThere(CannotSave):
    """The second place is away, or is another centre's; nothing was written. `code` is that of the alarm."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def admit(data: Path, second: Path, hall_id: str, *, by_hand: bool = False) -> None:
    """Check that the second place is there and is this centre's; mark it when it is used for the first time.

    A place that was marked once and has no mark now is away, unless another disk is there. With `by_hand` somebody
    has just asked for this very folder, so it is taken for a new one.

    Raises:
        NotThere: it is away, or another centre's.
        CannotSave: it cannot be read or written.
    """
    try:
        marked = _marked_for(second)
        if marked == hall_id:
            return
        owner = marked or _owner_of_backups(second)
        if owner is not None and owner != hall_id:
            raise NotThere("second_place_foreign", f"{second} belongs to another centre: choose another folder")
        own_disk = _is_on_own_disk(data, second)
        if not second.is_dir() and own_disk:
            raise NotThere("second_place_away", f"{second} is not there: plug the disk in, or make the folder")
        if own_disk and owner is None and not by_hand and str(second) in _known(data):
            raise NotThere(
                "second_place_away",
                f"{second} is not the disk that was there: plug it in; "
                f"to begin with this folder: server.py backup --data {data} --backup-to {second}",
            )
        second.mkdir(exist_ok=True)
        (second / MARK).write_text(_MARK_TEXT.format(hall_id=hall_id), "utf-8")
        if str(second) not in _known(data):
            with (data / _KNOWN).open("a", encoding="utf-8") as file:
                file.write(f"{second}\n")
    except OSError as error:
        raise CannotSave(f"{second}: {error.strerror}") from error


def is_on_same_disk(data: Path, second: Path) -> bool:
    """Return whether the second place dies with the disk of the data folder; False where that cannot be read."""
    with suppress(OSError):
        return second.stat().st_dev == data.stat().st_dev
    return False


def _marked_for(second: Path) -> str | None:
    """Return the hall whose mark the place bears; None without a mark."""
    with suppress(FileNotFoundError, NotADirectoryError):
        *_, last = "", *(second / MARK).read_text("utf-8", "replace").split()
        return last
    return None


def _owner_of_backups(second: Path) -> str | None:
    """Return the hall of the newest backup there: up to version 0.1 a second place bore no mark."""
    return next((hall for copy in reversed(copies(second / BACKUPS)) if (hall := hall_of(copy.path))), None)


def _is_on_own_disk(data: Path, second: Path) -> bool:
    """Return whether the place is, or would be made, on the disk of the data folder or of the system."""
    there = next(path for path in (second, *second.absolute().parents) if path.exists())
    return there.stat().st_dev in {data.stat().st_dev, Path(os.sep).stat().st_dev}


def _known(data: Path) -> list[str]:
    path = data / _KNOWN
    return path.read_text("utf-8", "replace").splitlines() if path.exists() else []
