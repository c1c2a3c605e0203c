"""Check that each event was decided by the settings in force at its place in the log.

The settings are folded as in the running hall; the check of each event is separate from the use case that made it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from hall.catalogue.model import Counter, Service, template_of
from queueing import appointments
from queueing import events as ev
from queueing.catalogue import GHOST_REASONS, ORDINARY, PEOPLE_MOST, RATING_REASONS, RATINGS
from queueing.configuration import FOUNDED, KEYS, RECORDED, Configuration, Tree, differences, keyed, value_at
from queueing.events import Event, from_instant

# Up to version 0.1 commands that shared a commit with a change of settings were decided by those before it.
# A shared commit is over within a moment; this is longer than the slowest disk we have seen takes for it.
SHARED_COMMIT = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """An event that the settings in force at its place do not explain; `stale` if those just before do."""

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


@dataclass(frozen=True, slots=True)
class _Booking:
    """An appointment as its `appointment.booked` has it."""

    service: str | None
    day: str
    due_at: str


class SettingsAudit:
    """Reads the log in order; each event must be passed to `hear` before the floor applies it."""

    def __init__(self) -> None:
        self.configuration = Configuration()
        self._former: list[tuple[datetime, Configuration]] = []  # replaced at that instant
        self._set: list[_Setting] = []  # while the log does not hold all settings
        # The settings before a change of the policy whose event lists no change; the next event must list that too.
        self._unlisted: Configuration | None = None
        self._unlisted_seq = 0
        self._head_starts: dict[int, timedelta] = {}  # of those of the open day who have an appointment
        self._booked: dict[int, _Booking] = {}  # open appointments, by their number

    @property
    def lenient(self) -> bool:
        """Return whether version 0.1 wrote the log at this place."""
        return not self.configuration.whole

    def hear(self, event: Event) -> Iterator[AuditFinding]:
        """Yield what is wrong with this event, then fold it in."""
        kind = event.kind
        if self._unlisted is not None and (kind != ev.SETTING_CHANGED or "changes" not in event.data):
            yield AuditFinding(event.seq, "the event before changed the policy, and no change tells what it replaced")
            self._unlisted = None
        if kind in (ev.POLICY_CHANGED, ev.SETTING_CHANGED):
            yield from self._changed(event)
            return
        check = _CHECKS.get(kind)
        if check is not None:
            text = check(self, self.configuration.tree, event)
            if text is not None:
                stale = any(check(self, former.tree, event) is None for former in self._formers(event.at))
                yield AuditFinding(event.seq, text, stale)
        self._follow_appointments(event)

    def end(self) -> Iterator[AuditFinding]:
        """Yield what is wrong with the last event, when the log goes no further."""
        if self._unlisted is not None:
            yield AuditFinding(self._unlisted_seq, "it changed the policy, and no change tells what it replaced")

    def compare(self, rows: Tree) -> Iterator[AuditFinding]:
        """Yield each field in which the rows differ from the log; `rows` are in the form of the fold."""
        folded = self.configuration.tree
        for path, old, new in differences(folded, rows):
            last = self._last_set(path)
            if self.lenient and old is None and (self._never_named(path, last) or _is_default(path, new)):
                continue  # the log was begun before version 0.2, which has this field
            text = f"{path}: its row says {new!r}, the log says {old!r}"
            if last is not None and last.old == new and self._followed(last):
                yield AuditFinding(last.seq, f"{text}; a change in the same commit had not seen it", stale=True)
            else:
                yield AuditFinding(0 if last is None else last.seq, text)

    # -- inside ------------------------------------------------------------------------------

    def _formers(self, at: datetime) -> Iterator[Configuration]:
        if self.lenient:
            yield from (former for replaced, former in reversed(self._former) if at - replaced <= SHARED_COMMIT)

    def _follow_appointments(self, event: Event) -> None:
        kind, data = event.kind, _plain(event)
        if kind == ev.APPOINTMENT_BOOKED:
            self._booked[data["appointment"]] = _Booking(event.service, data["day"], data["due_at"])
        elif kind in (ev.APPOINTMENT_CANCELLED, ev.APPOINTMENT_MISSED):
            self._booked.pop(data["appointment"], None)
        elif kind == ev.TICKET_ISSUED and "appointment" in data and event.ref is not None:
            self._head_starts[event.ref] = timedelta(seconds=data["head_start_s"])
            self._booked.pop(data["appointment"], None)
        elif kind == ev.DAY_OPENED:
            self._head_starts = {}
            self._booked = {number: booking for number, booking in self._booked.items() if booking.day >= data["day"]}

    def _changed(self, event: Event) -> Iterator[AuditFinding]:
        before = self.configuration
        data = _plain(event)
        if data.get("what") == RECORDED and self.lenient:
            yield from self.compare(keyed(data["settings"]))
        self.configuration = before.after(event)
        if self.configuration.whole:
            self._former, self._set = [], []
            yield from self._check_change(before if self._unlisted is None else self._unlisted, event)
            return
        self._former = [(at, former) for at, former in self._former if event.at - at <= SHARED_COMMIT]
        self._former.append((event.at, before))
        for change in data.get("changes", ()):
            self._set.append(_Setting(event.at, event.seq, change["path"], change["old"]))

    def _check_change(self, before: Configuration, event: Event) -> Iterator[AuditFinding]:
        """Yield what is wrong with the changes that an event lists: they must be exactly what differs."""
        data, after = _plain(event), self.configuration
        self._unlisted = None
        if data.get("what") == FOUNDED and not _lists_settings(data, after.tree):
            yield AuditFinding(event.seq, "its services and counters are not those of its settings")
        if not before.whole:
            return  # the event with all settings: there is nothing to compare it with
        trees = (_completed(before.tree), _completed(after.tree))
        different = [[path, _bare(old), _bare(new)] for path, old, new in differences(*trees)]
        if "changes" not in data:
            if different and event.kind == ev.POLICY_CHANGED:
                self._unlisted, self._unlisted_seq = before, event.seq
            elif different:
                yield AuditFinding(event.seq, f"it replaces {different[0][0]} and does not say so")
            return
        listed = [[change["path"], _bare(change["old"]), _bare(change["new"])] for change in data["changes"]]
        changes = (*listed, *different)
        for path in sorted({change[0] for change in changes if listed.count(change) != different.count(change)}):
            yield AuditFinding(event.seq, f"{path}: the change it lists is not the one it made")
        if data.get("undoes", before.last_change) != before.last_change:
            yield AuditFinding(event.seq, f"it undoes {data['undoes']}, the last change was {before.last_change}")

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
    def _never_named(path: str, last: _Setting | None) -> bool:
        section, *rest = path.split(".")
        whole_row = section in KEYS and len(rest) == 1
        return last is None and not whole_row

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
        if (wrong := self._people(tree, event)) is not None:
            return wrong
        if "appointment" not in data:
            return self._class(tree, data["priority_class"], data["head_start_s"], timedelta(0))
        booking = _Booking(event.service, data["day"], data["due_at"])
        if self._booked.get(data["appointment"]) != booking:
            return f"there was no appointment {data['appointment']} of service {event.service} at {data['due_at']}"
        if data["priority_class"] != ORDINARY:
            return f"an appointment is of class {ORDINARY}, not {data['priority_class']}"
        given = appointments.head_start(event.at, from_instant(data["due_at"])) // timedelta(seconds=1)
        right = data["head_start_s"] == given
        return None if right else f"its head start is {data['head_start_s']} s, the appointment gave {given}"

    def _priority(self, tree: Tree, event: Event) -> str | None:
        data = _plain(event)
        least = self._head_starts.get(event.ref or 0, timedelta(0))
        return self._class(tree, data["priority_class"], data["head_start_s"], least)

    def _moved(self, tree: Tree, event: Event) -> str | None:
        data, service = _plain(event), value_at(tree, ["services", str(_plain(event)["to_service"])])
        if service is None or service.get("active") is False:
            return f"service {data['to_service']} was not offered"
        if not data["number"].startswith(service["prefix"]):
            return f"number {data['number']} is none of service {data['to_service']}"
        return None

    def _ghost(self, tree: Tree, event: Event) -> str | None:
        why = _plain(event).get("why")
        return None if why is None or why in GHOST_REASONS else f"nobody ends numbers for the reason {why}"

    def _people(self, tree: Tree, event: Event) -> str | None:
        people = _plain(event).get("people", 1)
        return None if 0 < people <= PEOPLE_MOST else f"a ticket is for 1 to {PEOPLE_MOST} people, not {people}"

    def _rating(self, tree: Tree, event: Event) -> str | None:
        data = _plain(event)
        if value_at(tree, ["hall", "ratings"]) is False:
            return "nobody was asked for a rating"
        known = data["rating"] in RATINGS and data.get("reason") in (None, *RATING_REASONS)
        return None if known else f"nobody rates a visit {data['rating']} for the reason {data.get('reason')}"

    def _transfer(self, tree: Tree, event: Event) -> str | None:
        data = _plain(event)
        service, to = data["to_service"], data["to_counter"]
        if service != event.service:
            offered = value_at(tree, ["services", service])
            if offered is None or offered.get("active") is False:
                return f"service {service} was not offered"
        if to is None:
            return None
        counter = value_at(tree, ["counters", str(to)])
        return None if counter and service in counter["services"] else f"counter {to} did not serve {service}"

    @staticmethod
    def _class(tree: Tree, priority_class: str, head_start_s: int, least: timedelta) -> str | None:
        starts = tree.get("policy", {}).get("head_starts_s")
        if starts is None:
            return None  # a log begun before version 0.2 names its policy in the second event
        if priority_class not in starts:
            return f"there is no class {priority_class}"
        right = max(starts[priority_class], least // timedelta(seconds=1))
        if head_start_s == right:
            return None
        return f"its head start is {head_start_s} s, class {priority_class} had {right}"


_CHECKS = {
    ev.TICKET_ISSUED: SettingsAudit._issue,
    ev.TICKET_PRIORITY_CHANGED: SettingsAudit._priority,
    ev.TICKET_MOVED: SettingsAudit._moved,
    ev.TICKET_CANCELLED: SettingsAudit._ghost,
    ev.TICKET_PEOPLE: SettingsAudit._people,
    ev.TICKET_RATED: SettingsAudit._rating,
    ev.TICKET_CALLED: SettingsAudit._skills,
    ev.TICKET_TRANSFERRED: SettingsAudit._transfer,
    ev.COUNTER_OPENED: SettingsAudit._skills,
}


def _plain(event: Event) -> Mapping[str, Any]:
    return event.data


def _lists_settings(data: Mapping[str, Any], tree: Tree) -> bool:
    """Return whether the lists of services and counters in a founding event are those of its settings."""
    offered = {code: service["prefix"] for code, service in tree["services"].items()}
    served = {number: counter["services"] for number, counter in tree["counters"].items()}
    return offered == {service["code"]: service["prefix"] for service in data["services"]} and served == {
        str(counter["counter"]): counter["services"] for counter in data["counters"]
    }


def _completed(tree: Tree) -> Tree:
    """Return the tree with the defaults of fields that did not exist yet when it was written."""
    try:
        return template_of(tree).tree
    except ValueError:
        return tree  # it was written by a later version, or forged


def _is_default(path: str, value: object) -> bool:
    """Return whether a field of a service or counter holds what it holds where nothing was set."""
    section, *rest = path.split(".")
    shapes: dict[str, type[msgspec.Struct]] = {"services": Service, "counters": Counter}
    shape = shapes.get(section)
    fields = msgspec.structs.fields(shape) if shape is not None and len(rest) == 2 else ()
    return any(field.encode_name == rest[1] and field.default == value for field in fields)


def _bare(value: Any) -> Any:
    """Return a value of the settings without its nulls, which the fold treats as missing fields."""
    if isinstance(value, Mapping):
        return {key: _bare(inner) for key, inner in value.items() if inner is not None}
    return [_bare(inner) for inner in value] if isinstance(value, list) else value
