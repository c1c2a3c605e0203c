"""Was each fact decided by the settings in force at its place in the log? Read again with nothing but the log.

It shares the fold with the running hall, but asks of every event what the use cases ought to have taken from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from queueing import appointments
from queueing import events as ev
from queueing.catalogue import ORDINARY
from queueing.configuration import KEYS, RECORDED, Configuration, Tree, differences, keyed, value_at
from queueing.events import Event, from_instant

# Up to version 0.1 commands that shared a commit with a change of settings were decided by those before it.
# A shared commit is over within a moment; this is longer than the slowest disk we have seen takes for it.
SHARED_COMMIT = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Finding:
    """An event that the settings in force at its place do not explain; `stale` where those just before it do."""

    seq: int
    text: str
    stale: bool = False


@dataclass(frozen=True, slots=True)
class _Setting:
    """A field as one change set it."""

    at: datetime
    seq: int
    path: str
    old: Any


class SettingsAudit:
    """Reads the log in order. Give it each event before the floor takes it in."""

    def __init__(self) -> None:
        self.configuration = Configuration()
        self._former: list[tuple[datetime, Configuration]] = []  # replaced at that instant
        self._set: list[_Setting] = []  # as long as the log does not tell everything
        self._head_starts: dict[int, timedelta] = {}  # of those of the open day who have an appointment

    @property
    def lenient(self) -> bool:
        """Return whether the log is at a place where version 0.1 wrote it."""
        return not self.configuration.whole

    def hear(self, event: Event) -> Iterator[Finding]:
        """Yield what is wrong with this event, then take in what it changes."""
        kind = event.kind
        if kind in (ev.POLICY_CHANGED, ev.SETTING_CHANGED):
            yield from self._changed(event)
            return
        check = _CHECKS.get(kind)
        if check is not None:
            text = check(self, self.configuration.tree, event)
            if text is not None:
                stale = any(check(self, former.tree, event) is None for former in self._formers(event.at))
                yield Finding(event.seq, text, stale)
        if kind == ev.TICKET_ISSUED and "appointment" in event.data and event.ref is not None:
            self._head_starts[event.ref] = timedelta(seconds=_plain(event)["head_start_s"])
        elif kind == ev.DAY_OPENED:
            self._head_starts = {}

    def compare(self, rows: Tree) -> Iterator[Finding]:
        """Yield each field of which the rows say something else than the log; both in the form of the fold."""
        told = self.configuration.tree
        for path, old, new in differences(told, rows):
            last = self._last_set(path)
            if last is None and self.lenient and old is None and not self._is_whole_row(path):
                continue  # begun before version 0.2, the log never said anything of this field
            text = f"{path}: its row says {new!r}, the log says {old!r}"
            if last is not None and last.old == new and self._followed(last):
                yield Finding(last.seq, f"{text}; a change in the same commit had not seen it", stale=True)
            else:
                yield Finding(0 if last is None else last.seq, text)

    # -- inside ------------------------------------------------------------------------------

    def _formers(self, at: datetime) -> Iterator[Configuration]:
        if self.lenient:
            yield from (former for replaced, former in reversed(self._former) if at - replaced <= SHARED_COMMIT)

    def _changed(self, event: Event) -> Iterator[Finding]:
        before = self.configuration
        data = _plain(event)
        if data.get("what") == RECORDED and self.lenient:
            yield from self.compare(keyed(data["settings"]))
        self.configuration = before.after(event)
        if self.configuration.whole:
            self._former, self._set = [], []
            return
        self._former = [(at, each) for at, each in self._former if event.at - at <= SHARED_COMMIT]
        self._former.append((event.at, before))
        for change in data.get("changes", ()):
            self._set.append(_Setting(event.at, event.seq, change["path"], change["old"]))

    def _last_set(self, path: str) -> _Setting | None:
        """Return the last change of this field, or of what holds it, with the field's own old value."""
        for setting in reversed(self._set):
            if path == setting.path:
                return setting
            if path.startswith(f"{setting.path}."):
                inner = path.removeprefix(f"{setting.path}.").split(".")
                return replace(setting, old=value_at(setting.old or {}, inner))
        return None

    def _followed(self, setting: _Setting) -> bool:
        """Return whether another change came so soon after this one that it may not have seen it."""
        return any(setting.seq < other.seq and other.at - setting.at <= SHARED_COMMIT for other in self._set)

    @staticmethod
    def _is_whole_row(path: str) -> bool:
        section, *rest = path.split(".")
        return section in KEYS and len(rest) == 1

    def _skills(self, tree: Tree, event: Event) -> str | None:
        counter = value_at(tree, ["counters", str(event.counter)])
        if counter is None:
            return f"there is no counter {event.counter}"
        served, named = sorted(counter["services"]), _plain(event)["services"]
        return None if named == served else f"it names the services {named}, its counter had {served}"

    def _issue(self, tree: Tree, event: Event) -> str | None:
        data, service = _plain(event), value_at(tree, ["services", str(event.service)])
        if service is None or service.get("active") is False:
            return f"service {event.service} was not offered"
        if not data["number"].startswith(service["prefix"]):
            return f"number {data['number']} is none of service {event.service}"
        if "appointment" not in data:
            return self._class(tree, data["priority_class"], data["head_start_s"], timedelta(0))
        if data["priority_class"] != ORDINARY:
            return f"an appointment is of class {ORDINARY}, not {data['priority_class']}"
        given = appointments.head_start(event.at, from_instant(data["due_at"])) // timedelta(seconds=1)
        right = data["head_start_s"] == given
        return None if right else f"its head start is {data['head_start_s']} s, the appointment gave {given}"

    def _priority(self, tree: Tree, event: Event) -> str | None:
        data = _plain(event)
        least = self._head_starts.get(event.ref or 0, timedelta(0))
        return self._class(tree, data["priority_class"], data["head_start_s"], least)

    @staticmethod
    def _class(tree: Tree, priority_class: str, head_start_s: int, least: timedelta) -> str | None:
        starts = tree.get("policy", {}).get("head_starts_s")
        if starts is None:
            return None  # a log begun before version 0.2 tells its policy in the second event
        if priority_class not in starts:
            return f"there is no class {priority_class}"
        right = max(starts[priority_class], least // timedelta(seconds=1))
        if head_start_s == right:
            return None
        return f"its head start is {head_start_s} s, class {priority_class} had {right}"


_CHECKS = {
    ev.TICKET_ISSUED: SettingsAudit._issue,
    ev.TICKET_PRIORITY_CHANGED: SettingsAudit._priority,
    ev.TICKET_CALLED: SettingsAudit._skills,
    ev.COUNTER_OPENED: SettingsAudit._skills,
}


def _plain(event: Event) -> Mapping[str, Any]:
    return event.data
