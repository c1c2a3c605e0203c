"""Chooses the one wall that speaks, and keeps what it has said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

# Why a call is not said: a newer one of its counter or number came first; its holder came, or it was withdrawn; it
# waited too long; the hall wants quiet; the sound broke off.
UNSAID_WHY = ("superseded", "answered", "late", "quiet", "failed")


class Speech:
    """The walls that have reported whether they can be heard, in that order.

    The wall that the settings name is the speaker while it can be heard; otherwise the first that could be heard,
    so that a wall that is switched on later does not take over.
    """

    def __init__(
        self, notify: Callable[[str, bool, int], None], wished: Callable[[str], bool] = lambda _: False
    ) -> None:
        self._notify = notify  # a wall, whether it is the speaker, the last call that was said
        self._wished = wished
        self._walls: dict[str, bool] = {}  # connected wall -> whether it can be heard
        self._said: dict[int, int] = {}  # counter -> its last call that was said
        self._unsaid: dict[int, tuple[int, str]] = {}  # counter -> its last call that is not said, and why
        self.last = 0  # the last call of all that was said
        self.speaker: str | None = None
        self.silent_since: datetime | None = None  # walls are there, and none can be heard

    def sound(self, wall: str, audible: bool, at: datetime) -> None:
        """Note whether a wall can be heard; notify it whether it is the speaker."""
        if not audible or not self._walls.get(wall):
            self._walls.pop(wall, None)  # a wall that falls silent goes to the end
            self._walls[wall] = audible
        self.choose(at)
        self._notify(wall, wall == self.speaker, self.last)

    def left(self, wall: str, at: datetime) -> None:
        """Forget a wall that has disconnected."""
        if wall in self._walls:
            del self._walls[wall]
            self.choose(at)

    def said(self, wall: str, counter: int, seq: int) -> bool:
        """Note that the speaker has said a call; return False if it was noted before, or by another wall."""
        if wall != self.speaker or seq <= self._said.get(counter, 0):
            return False
        self._said[counter] = seq
        self.last = max(self.last, seq)
        return True

    def unsaid(self, wall: str, counter: int | None, seq: int, why: str) -> bool:
        """Note that the speaker will not say a call, of a counter if that is known; return False of another wall."""
        if wall != self.speaker:
            return False
        if counter is not None and seq > self._unsaid.get(counter, (0, ""))[0]:
            self._unsaid[counter] = seq, why
        return True

    def last_unsaid(self, counter: int) -> tuple[int, str] | None:
        """Return the seq of the counter's last call that is not said, and why."""
        return self._unsaid.get(counter)

    def last_said(self, counter: int) -> int | None:
        """Return the seq of the counter's last call that was said."""
        return self._said.get(counter)

    def state(self) -> str | None:
        """Return "on", "off" while no wall can be heard, None before any wall has reported."""
        if not self._walls:
            return None
        return "off" if self.speaker is None else "on"

    def choose(self, at: datetime) -> None:
        """Choose the speaker again after a change, and notify the walls concerned."""
        heard = [wall for wall, audible in self._walls.items() if audible]
        before, self.speaker = self.speaker, next(filter(self._wished, heard), heard[0] if heard else None)
        if self.speaker or not self._walls:
            self.silent_since = None
        elif self.silent_since is None:
            self.silent_since = at
        if before == self.speaker:
            return
        if before in self._walls:
            self._notify(before, False, self.last)
        if self.speaker is not None:
            self._notify(self.speaker, True, self.last)
