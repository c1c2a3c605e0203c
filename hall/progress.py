"""Runs a long command of `server.py` in another process, and reports its progress: one at a time of each kind.

Such a command prints a line [done, of] after each step, and its result as the last line, all as JSON. One that finds
nothing to do ends with the exit status NOTHING_TO_DO.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Generic, Literal, Protocol, TypeVar

import msgspec

from hall.ports import RequestIdentity
from queueing.errors import KeyReused


class Command(Protocol):
    """A command of `server.py` that runs in another process."""

    def exit_status(self) -> int | None:
        """Return its exit status, None while it runs."""

    def output(self) -> bytes:
        """Return what it has printed so far."""

    def stop(self) -> None:
        """End it now, if it still runs."""


StartCommand = Callable[..., Command]
State = Literal["none", "running", "done", "stopped", "nothing", "failed"]

NOTHING_TO_DO = 4  # the exit status of a command that has nothing to try; nothing failed

Asked = TypeVar("Asked")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Progress(Generic[Asked, Result]):
    """The last run, and what was asked for. `done` of `of` steps are over; `result` is there when `state` is done."""

    state: State
    asked: Asked | None = None
    done: int = 0
    of: int = 0
    result: Result | None = None


class ProgressRunner(Generic[Asked, Result]):
    """Runs one command at a time; a new one takes the place of the one before."""

    def __init__(self, start: StartCommand, result: type[Result]) -> None:
        """`start` starts a command, `result` is the type of what it prints last."""
        self._start = start
        self._result = result
        self._lock = Lock()
        self._request: RequestIdentity | None = None  # the one that began it: the same one begins no other
        self._command: Command | None = None
        self._last: Progress[Asked, Result] = Progress("none")

    def start(self, request: RequestIdentity, asked: Asked, *words: str) -> Progress[Asked, Result]:
        """Begin a run with these words, stopping the one before, and return its progress.

        Raises:
            KeyReused: the key was used for something else.
        """
        with self._lock:
            if request != self._request:
                if self._request is not None and replace(self._request, digest=request.digest) == request:
                    raise KeyReused()
                self._end("stopped")
                self._command = self._start(*words)
                self._request, self._last = request, Progress("running", asked)
        return self.progress()

    def progress(self) -> Progress[Asked, Result]:
        """Return how far the last run is, with its result once it is done."""
        with self._lock:
            if self._command is not None:
                ended, lines = self._command.exit_status(), self._command.output().splitlines(keepends=True)
                whole = [line for line in lines if line.endswith(b"\n")]
                steps = [msgspec.json.decode(line, type=tuple[int, int]) for line in whole if line.startswith(b"[")]
                done, of = steps[-1] if steps else (0, 0)
                asked = self._last.asked
                self._last = Progress("running", asked, done, of)
                if ended == 0:
                    result = msgspec.json.decode(whole[-1], type=self._result)
                    self._command, self._last = None, Progress("done", asked, done, of, result)
                elif ended is not None:
                    self._end("nothing" if ended == NOTHING_TO_DO else "failed")
            return self._last

    def stop(self) -> Progress[Asked, Result]:
        """End the run, if there is one."""
        with self._lock:
            self._end("stopped")
            return self._last

    def _end(self, state: Literal["stopped", "nothing", "failed"]) -> None:
        if self._command is not None:
            self._command.stop()
            self._command, self._last = None, Progress(state, self._last.asked)
