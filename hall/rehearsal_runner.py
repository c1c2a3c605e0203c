"""Runs a rehearsal, the last days under another policy, in another process, and reports its progress."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from typing import Literal, Protocol

import msgspec

from hall.catalogue.model import Policy
from hall.hall import Hall
from hall.ports import RequestIdentity
from hall.rehearsal import DAYS_MOST, Rehearsal, check_days
from hall.settings.change import planned
from queueing.errors import KeyReused, SettingRefused


class Command(Protocol):
    """A command of `server.py` that runs in another process."""

    def exit_status(self) -> int | None:
        """Return its exit status, None while it runs."""

    def output(self) -> bytes:
        """Return what it has printed so far."""

    def stop(self) -> None:
        """End it now, if it still runs."""


StartCommand = Callable[..., Command]


class RehearsalView(msgspec.Struct):
    """The last rehearsal. `done` of `of` days are played; `result` is there when `state` is done."""

    state: Literal["none", "running", "done", "stopped", "failed"]
    policy: Policy | None = None
    done: int = 0
    of: int = 0
    result: Rehearsal | None = None


class RehearsalRunner:
    """Runs one rehearsal at a time; a new one takes the place of the one before."""

    def __init__(self, hall: Hall, start: StartCommand) -> None:
        self._hall = hall
        self._start = start
        self._lock = Lock()
        self._request: RequestIdentity | None = None  # the one that began it: the same one begins no other
        self._policy: Policy | None = None
        self._command: Command | None = None
        self._view = RehearsalView("none")

    def start(self, request: RequestIdentity, policy: Policy, days: int) -> RehearsalView:
        """Begin a rehearsal, stopping the one before, and return its progress.

        Raises:
            SettingRefused: the policy, or the number of days, is not as it must be.
            NothingToRehearse: no day has been closed yet.
            KeyReused: the key was used for another policy or number of days.
        """
        with self._hall.reading():
            planned(self._hall, msgspec.structs.replace(self._hall.catalogue.template, policy=policy))
            if not 1 <= days <= DAYS_MOST:
                raise SettingRefused("setting_range", "days", low=1, high=DAYS_MOST)
            check_days(self._hall.store)
        with self._lock:
            if request != self._request:
                if self._request is not None and replace(self._request, digest=request.digest) == request:
                    raise KeyReused()
                self._end("stopped")
                wanted = msgspec.json.encode(policy).decode()
                self._command = self._start("rehearse", "--days", str(days), "--policy", wanted)
                self._request, self._policy, self._view = request, policy, RehearsalView("running", policy)
        return self.progress()

    def progress(self) -> RehearsalView:
        """Return how far the last rehearsal is, with its result once it is done."""
        with self._lock:
            if self._command is not None:
                ended, lines = self._command.exit_status(), self._command.output().splitlines(keepends=True)
                whole = [line for line in lines if line.endswith(b"\n")]
                days = [msgspec.json.decode(line, type=tuple[int, int]) for line in whole if line.startswith(b"[")]
                done, of = days[-1] if days else (0, 0)
                self._view = RehearsalView("running", self._policy, done, of)
                if ended == 0:
                    result = msgspec.json.decode(whole[-1], type=Rehearsal)
                    self._command, self._view = None, RehearsalView("done", self._policy, done, of, result)
                elif ended is not None:
                    self._end("failed")
            return self._view

    def stop(self) -> RehearsalView:
        """End the rehearsal, if one runs."""
        with self._lock:
            self._end("stopped")
            return self._view

    def _end(self, state: Literal["stopped", "failed"]) -> None:
        if self._command is not None:
            self._command.stop()
            self._command, self._view = None, RehearsalView(state, self._policy)
