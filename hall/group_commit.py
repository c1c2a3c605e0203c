"""Group commit with a leader: commands that arrive together are saved by one write to the disk.

A durable commit takes longer than the use case it saves. The first command to arrive leads: its thread
runs all that wait in one transaction, while the threads of the others sleep. What arrives meanwhile is
the next group, and its first command leads that.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hall.ports import HeldElsewhere

if TYPE_CHECKING:
    from hall.hall import Act

# While another process writes: the command line takes a few milliseconds, somebody's own tool may take minutes.
HELD_LONGEST_S = 1.0
HELD_POLL_INTERVAL_S = 0.02


class PendingCommand:
    """A use case that waits to be run, and its result or error once it was."""

    __slots__ = ("act", "by", "error", "is_leader", "released", "result", "use_case")

    def __init__(self, use_case: Callable[[Act], Any], by: str) -> None:
        self.use_case = use_case
        self.by = by
        self.act: Act | None = None
        self.result: Any = None
        self.error: BaseException | None = None
        # Held while its thread has to wait: until a leader has run it, or until it leads itself. None: it never waits.
        self.released: threading.Lock | None = None
        self.is_leader = False

    def outcome(self) -> Any:
        """Return what the use case returned.

        Raises:
            Whatever the use case, or the commit, raised.
        """
        if self.error is not None:
            raise self.error
        return self.result


class GroupCommit:
    """Collects commands that arrive together and has each group run by the thread of its first."""

    def __init__(self, execute_batch: Callable[[list[PendingCommand]], None], give_way: Callable[[], None]) -> None:
        """Take the two steps of a leader.

        `give_way` lets other threads submit their commands first; `execute_batch` then runs all of them in order, or
        raises for all.
        """
        self._execute_batch = execute_batch
        self._guard = threading.Lock()
        self._pending: list[PendingCommand] = []
        self._has_leader = False
        self._held_elsewhere = False  # the last group gave up, so the next does not wait again
        self.give_way = give_way

    def submit(self, command: PendingCommand) -> None:
        """Return when the command was run, by this thread or by another's."""
        with self._guard:
            self._pending.append(command)
            command.is_leader, self._has_leader = not self._has_leader, True
            if not command.is_leader:
                command.released = threading.Lock()
                command.released.acquire()
        if command.released is not None:
            command.released.acquire()
        if command.is_leader:
            self._lead(command)

    def pending(self) -> tuple[PendingCommand, ...]:
        """Return the commands that no leader has taken yet."""
        with self._guard:
            return tuple(self._pending)

    def _lead(self, own: PendingCommand) -> None:
        group: list[PendingCommand] = []
        try:
            self.give_way()
            group = self._take_pending()
            self._execute_patiently(group)
        except BaseException as error:  # noqa: BLE001  raised again in every thread of the group, so that none waits for ever
            for command in group or self._take_pending():
                command.error = error
        finally:
            self._pass_leadership()
            for command in group:
                if command is not own and command.released is not None:
                    command.released.release()

    def _execute_patiently(self, group: list[PendingCommand]) -> None:
        """Run the commands; while another process writes try again, without the lock, so that reads go on.

        Raises:
            HeldElsewhere: it writes for longer than anybody at a counter waits.
        """
        until = time.monotonic() + (0.0 if self._held_elsewhere else HELD_LONGEST_S)
        while True:
            try:
                self._execute_batch(group)
                self._held_elsewhere = False
                return
            except HeldElsewhere:
                if time.monotonic() >= until:
                    self._held_elsewhere = True
                    raise
            time.sleep(HELD_POLL_INTERVAL_S)

    def _take_pending(self) -> list[PendingCommand]:
        with self._guard:
            group, self._pending = self._pending, []
            return group

    def _pass_leadership(self) -> None:
        """Let the first of the commands that arrived meanwhile lead the next group."""
        with self._guard:
            self._has_leader = bool(self._pending)
            if self._pending:
                leader = self._pending[0]
                leader.is_leader = True
                if leader.released is not None:
                    leader.released.release()
