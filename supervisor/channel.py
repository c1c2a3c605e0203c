"""What a supervisor's screen hears: everything in the log, and the live board."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import msgspec

from access.principal import READERS
from hall.announce import Payload
from hall.hall import Hall
from hall.views import AlarmView, BackupView, NameOf, event_view, watch_view
from queueing.events import Event, instant


class SupervisorChannel:
    namespace = "/supervisor"
    roles: tuple[str, ...] = READERS
    counts_at_once = False
    one_screen = False

    def __init__(
        self,
        hall: Hall,
        public_url: str | None,
        name_of: NameOf,
        devices: Callable[[], list[object]],
        silent_since: Callable[[], datetime | None] = lambda: None,
        backup: Callable[[], BackupView] = lambda: BackupView(None, None, False),
        kept: Callable[[], Iterable[AlarmView]] = tuple,
    ) -> None:
        """`backup` tells of the last good one, `kept` what else is wrong."""
        self._hall = hall
        self._public_url = public_url
        self._name_of = name_of
        self._devices = devices
        self._silent_since = silent_since
        self._backup = backup
        self._kept = kept

    def room(self, subject: str, auth: Mapping[str, object]) -> str:
        return "supervisors"

    def snapshot(self, room: str) -> Payload:
        return self.counts(room)

    def sees(self, room: str, event: Event) -> Payload | None:
        seen: Payload = msgspec.to_builtins(event_view(event))
        del seen["hash"]
        return seen

    def counts(self, room: str) -> Payload:
        watch = watch_view(self._hall, self._public_url, self._name_of)
        silent = self._silent_since()
        if silent is not None:
            watch.alarms.append(AlarmView("speaker_off", instant(silent), {}))
        watch.alarms.extend(self._kept())
        counts: Payload = msgspec.to_builtins(watch)
        backup = msgspec.to_builtins(self._backup())
        return {**counts, "devices": msgspec.to_builtins(self._devices()), "backup": backup}

    def concerns(self, room: str, counter: int) -> bool:
        return False
