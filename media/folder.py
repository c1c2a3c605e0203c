"""The files of one centre, in a folder of its data: each is named by the hash of what it holds, and never changed."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Collection
from hashlib import sha256
from pathlib import Path

from media.content import FILM_LARGEST, Content, UnusableMedia, read_content

PIECE_LARGEST = 2**20  # of an upload, so that each comes in time over a slow network
_INCOMING = "incoming-"
_INCOMING_MOST = 3  # uploads at a time; one that was given up makes room for the next
_INCOMING_LIFE_S = 3600.0
_SAVED_WITHIN_S = 600.0  # between the writing of a file and the event that names it
_UPLOAD = re.compile(r"[0-9a-f]{16,32}")
_ID = re.compile(r"[0-9a-f]{64}")


class MediaFolder:
    """The files in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sound: dict[str, tuple[int, int]] = {}  # id -> time and size with which its content was found right

    def add_piece(self, upload: str, at: int, content: bytes) -> int:
        """Write a piece of an upload at this byte; return how many bytes are there. The same piece again is harmless.

        Raises:
            UnusableMedia: the upload is not named so; a piece before it is missing; or the file grows too large.
        """
        path = self._incoming(upload)
        if at == 0:
            self._make_room(upload)
        size = path.stat().st_size if path.exists() else 0
        if not 0 <= at <= size:
            raise UnusableMedia("media_incoming")
        if at + len(content) > FILM_LARGEST:
            raise UnusableMedia("media_large", most=FILM_LARGEST // 2**20)
        with path.open("r+b" if path.exists() else "wb") as file:
            file.seek(at)
            file.write(content)
            file.truncate()
        return at + len(content)

    def take_in(self, upload: str) -> tuple[str, Content]:
        """Keep what was uploaded; return its id and what it is. Nothing is written twice.

        Raises:
            UnusableMedia: there is no such upload, or as `read_content`.
        """
        path = self._incoming(upload)
        if not path.exists():
            raise UnusableMedia("media_incoming")
        try:
            content = read_content(path)
        except UnusableMedia:
            path.unlink(missing_ok=True)
            raise
        name = sha256(content.data).hexdigest()
        kept = self._path(name)
        if not kept.exists() or kept.stat().st_size != len(content.data):
            self._put(kept, content.data)
        # The upload itself stays a while: a request that is repeated, because its answer was lost, finds it again.
        return name, content

    def read(self, name: str) -> bytes:
        """Return what a file holds.

        Raises:
            UnusableMedia: it is not there.
        """
        try:
            return self._path(name).read_bytes()
        except OSError as error:
            raise UnusableMedia("media_gone") from error

    def is_sound(self, name: str) -> bool:
        """Return whether the file is there and holds what it held when it was taken in."""
        path = self._path(name)
        try:
            there = path.stat()
            mark = (there.st_mtime_ns, there.st_size)
            if self._sound.get(name) != mark:
                if sha256(path.read_bytes()).hexdigest() != name:
                    return False
                self._sound[name] = mark
        except OSError:
            return False
        return True

    def sweep(self, wanted: Collection[str]) -> None:
        """Delete every file that is not wanted, and uploads that were given up; none that was just written."""
        if not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            life_s = _INCOMING_LIFE_S if path.name.startswith(_INCOMING) else _SAVED_WITHIN_S
            if path.name not in wanted and time.time() - path.stat().st_mtime > life_s:
                path.unlink(missing_ok=True)

    def _make_room(self, upload: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        others = [path for path in self._folder.glob(f"{_INCOMING}*") if path != self._incoming(upload)]
        others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        for path in others[_INCOMING_MOST - 1 :]:
            path.unlink(missing_ok=True)

    def _incoming(self, upload: str) -> Path:
        if not _UPLOAD.fullmatch(upload):
            raise UnusableMedia("media_incoming")
        return self._folder / f"{_INCOMING}{upload}"

    def _path(self, name: str) -> Path:
        if not _ID.fullmatch(name):
            raise UnusableMedia("media_gone")
        return self._folder / name

    def _put(self, path: Path, content: bytes) -> None:
        beside = path.with_name(f"{_INCOMING}{path.name}")
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
