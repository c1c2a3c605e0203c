"""The socket of a supervisor's page: every event of the log, and the live board."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from access.principal import READERS
from hall.announce import SUPERVISORS, Payload
from hall.hall import Hall
from hall.ports import NameOf
from hall.views.alarms import AlarmView, BackupView
from hall.views.events import event_view
from hall.views.watch import watch_view
from queueing.events import Event, instant
from queueing.floor import Staffing
from supervisor.people import DeviceView


class SupervisorChannel:
    """The messages for a supervisor's page; all of these pages are in one room."""

    namespace = SUPERVISORS
    roles: tuple[str, ...] = READERS
    counts_at_once = False
    one_screen = False

    def __init__(
        self,
        hall: Hall,
        public_url: str | None,
        name_of: NameOf,
        devices: Callable[[], Sequence[DeviceView]],
        silent_since: Callable[[], datetime | None] = lambda: None,
        backup: Callable[[], BackupView] = lambda: BackupView(None, None, False),
        other_alarms: Callable[[], Iterable[AlarmView]] = tuple,
    ) -> None:
        """Give the callables for what the hall does not hold.

        `silent_since` returns since when no wall can be heard, `backup` the last good backup, `other_alarms` the
        alarms of disks, files and floods.
        """
        self._hall = hall
        self._public_url = public_url
        self._name_of = name_of
        self._devices = devices
        self._silent_since = silent_since
        self._backup = backup
        self._other_alarms = other_alarms

    def room(self, subject: str, auth: Mapping[str, object]) -> str:
        """Return the room of a screen that has just connected."""
        return "supervisors"

    def snapshot(self, room: str) -> Payload:
        """Return all that a screen of this room shows."""
        return self.counts(room)

    def sees(self, room: str, event: Event) -> Payload | None:
        """Return the event as this room may see it, None if it does not concern it."""
        seen: Payload = msgspec.to_builtins(event_view(event))
        del seen["hash"]
        return seen

    def counts(self, room: str) -> Payload:
        """Return the figures of this room."""
        watch = watch_view(self._hall, self._public_url, self._name_of)
        silent = self._silent_since()
        if silent is not None:
            watch.alarms.append(AlarmView("speaker_off", instant(silent), {}))
        watch.alarms.extend(self._other_alarms())
        devices = self._devices()
        if any(state.staffing is not Staffing.CLOSED for state in self._hall.floor.counter_states.values()):
            watch.alarms.extend(_away(devices))
        counts: Payload = msgspec.to_builtins(watch)
        backup = msgspec.to_builtins(self._backup())
        return {**counts, "devices": msgspec.to_builtins(devices), "backup": backup}

    def concerns(self, room: str, counter: int) -> bool:
        """Return whether this room shows which walls have drawn the counter's call."""
        return False


def _away(devices: Iterable[DeviceView]) -> list[AlarmView]:
    """Return one alarm for all paired kiosks and walls that are not connected."""
    away = [device for device in devices if device.active and not device.connected]
    if not away:
        return []
    since = max(device.last_seen_at or device.paired_at for device in away)
    return [AlarmView("device_away", since, {"devices": len(away), "names": ", ".join(device.name for device in away)})]
