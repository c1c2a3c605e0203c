"""The settings of a hall, folded from its log event by event: a tree of plain values.

Settings are events like all others. A command is decided by the tree at its place in the log, also between two
commands that share a commit; there is no other copy that could be older.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from queueing import events as ev
from queueing.events import Event

Tree = Mapping[str, Any]
"""The sections `hall` and `policy`, `services` and `procedures` by code and `counters` by number (as text)."""

SECTIONS = ("hall", "policy", "services", "counters", "procedures")
KEYS = {"services": "code", "counters": "number", "procedures": "code"}
FOUNDED, RECORDED = "founded", "recorded"
NOT_OF_POLICY = ("by", "changes", "undoes")  # what else a `policy.changed` carries


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings at one place of the log. Never changed: each event that changes them gives a new one."""

    tree: Tree = field(default_factory=dict)
    whole: bool = False  # in a log begun before version 0.2 the tree is complete only from its `recorded` on
    last_change: int | None = None  # the seq of the last change somebody made: the one that can be undone

    def after(self, event: Event) -> Configuration:
        """Return the configuration that holds from this event on; any other event changes nothing.

        Raises:
            LookupError, TypeError, AttributeError: the event changes something that does not exist.
        """
        data: Mapping[str, Any] = event.data
        if event.kind == ev.POLICY_CHANGED:
            changed = {name: value for name, value in data.items() if name not in NOT_OF_POLICY}
            policy = {**self.tree.get("policy", {}), **changed}
            tree: Tree = {**self.tree, "policy": policy}
            return replace(self, tree=tree, last_change=event.seq if "changes" in data else self.last_change)
        if event.kind != ev.SETTING_CHANGED:
            return self
        if "settings" in data:
            return replace(self, tree=keyed(data["settings"]), whole=True)
        if data["what"] == FOUNDED:
            return replace(self, tree=_founded(data))
        if "changes" not in data:
            return self
        tree = self.tree
        for change in data["changes"]:
            tree = with_value(tree, change["path"].split("."), change["new"])
        return replace(self, tree=tree, last_change=event.seq)


def _founded(data: Mapping[str, Any]) -> Tree:
    """Return the part of the settings that a log begun before version 0.2 holds at its beginning."""
    return {
        "services": {service["code"]: dict(service) for service in data["services"]},
        "counters": {
            str(counter["counter"]): {"number": counter["counter"], "services": counter["services"]}
            for counter in data["counters"]
        },
    }


def with_value(tree: Tree, path: list[str], value: Any) -> Tree:
    """Return the tree with this value at the path; None takes away what is there."""
    step, *rest = path
    changed = dict(tree)
    if rest:
        changed[step] = with_value(tree.get(step) or {}, rest, value)
    elif value is None:
        changed.pop(step, None)
    else:
        changed[step] = value
    return changed


def with_former(tree: Tree, changes: Iterable[Mapping[str, Any]]) -> Tree:
    """Return the tree with these fields as they were before the changes (mappings with path, old and new).

    Raises:
        ValueError: one of them has changed since.
    """
    for change in changes:
        path = change["path"].split(".")
        if value_at(tree, path) != change["new"]:
            raise ValueError(f"{change['path']} has changed since")
        tree = with_value(tree, path, change["old"])
    return tree


def value_at(tree: Tree, path: Iterable[str]) -> Any:
    """Return what the tree has at the path; None where there is nothing."""
    value: Any = tree
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def keyed(file: Mapping[str, Any]) -> Tree:
    """Return the tree of an exported file, in which services, counters and procedures are lists."""
    return {
        section: {key_of(section, entry): entry for entry in _entries(file, section)}
        if section in KEYS
        else file[section]
        for section in SECTIONS
    }


def key_of(section: str, entry: Mapping[str, Any]) -> str:
    """Return the step of a path that names this entry: its code or number, without the dots that part the steps."""
    return str(entry[KEYS[section]]).replace(".", "_")


def _entries(file: Mapping[str, Any], section: str) -> Iterable[Mapping[str, Any]]:
    # What was written before there were procedures has none.
    entries: Iterable[Mapping[str, Any]] = file.get(section, ()) if section == "procedures" else file[section]
    return entries


def listed(tree: Tree) -> dict[str, Any]:
    """Return the sections as an exported file has them: services by position, counters by number, then procedures."""
    services = sorted(tree["services"].values(), key=lambda service: (service["position"], service["code"]))
    counters = sorted(tree["counters"].values(), key=lambda counter: int(counter["number"]))
    procedures = sorted(tree.get("procedures", {}).values(), key=lambda procedure: str(procedure["code"]))
    return {
        "hall": tree["hall"],
        "policy": tree["policy"],
        "services": services,
        "counters": counters,
        "procedures": procedures,
    }


def differences(old: Tree, new: Tree) -> Iterator[tuple[str, Any, Any]]:
    """Yield path, old and new value of every field that differs, in the order of the file.

    A list differs as a whole, and so does a service, counter or procedure that one of them lacks.
    """
    for section in SECTIONS:
        yield from _differences(section, old.get(section, {}), new.get(section, {}))


def _differences(path: str, old: Any, new: Any) -> Iterable[tuple[str, Any, Any]]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*old, *new)):
            yield from _differences(f"{path}.{key}", old.get(key), new.get(key))
    elif old != new:
        yield path, old, new
