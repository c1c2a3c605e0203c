"""What each package may import: inwards only, and no screen another screen. New screens are included too."""

import ast
import sys

import pytest

from runtime.centre import RESOURCES, SCREENS
from tests.centre import ROOT

TOOLS = {"bench", "tools", "tests"}
PACKAGES = {path.parent.name for path in ROOT.glob("*/__init__.py")} - TOOLS
MODULES = {path.stem for path in ROOT.glob("*.py")}
INNER = {"hall", "queueing", "forecast", "access", "paper", "voice", "media", "screens"}

# Room -> the rooms it may import, or single modules of them.
MAY_IMPORT = {
    "queueing": set(),
    "voice": set(),
    "media": set(),
    "settings": set(),
    "forecast": {"queueing"},
    "hall": {"queueing", "forecast"},
    "store": {"queueing", "hall.ports"},
    "access": {"queueing", "hall.ports"},
    "paper": {"queueing", "hall.ports"},
    "screens": INNER - {"screens"},
    "demo": {"queueing", "forecast", "hall", "access"},
    "runtime": INNER | {"store", "settings", "demo"},
    "server": PACKAGES | MODULES,
    **dict.fromkeys((*SCREENS, *RESOURCES), INNER),
}
# Libraries that only these rooms may name.
RESERVED = {
    "sqlite3": {"store"},
    "sqlite_utils": {"store"},
    "eventlet": {"server"},
    "gevent": {"server"},
    "flask_socketio": {"runtime"},
    "socketio": {"runtime"},
    "engineio": {"runtime"},
    "escpos": {"paper"},
    "PIL": {"paper", "media"},
    "click": {"server"},
}
STANDARD_ONLY = {"queueing": set(), "forecast": {"queueing"}, "voice": set(), "settings": {"msgspec"}}


def files(room):
    return sorted((ROOT / room).rglob("*.py")) or [ROOT / f"{room}.py"]


def imported(path):
    """The modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield node.module


def foreign(room, wrong):
    return {(path.relative_to(ROOT).as_posix(), name) for path in files(room) for name in imported(path) if wrong(name)}


def test_given_the_rooms_then_each_has_its_rule():
    assert MAY_IMPORT.keys() == PACKAGES | MODULES
    assert {path.parent.name for path in ROOT.glob("*/screen.py")} - {"screens"} == set(SCREENS)


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_given_a_room_then_it_imports_only_rooms_further_in(room):
    may = MAY_IMPORT[room] | {room}

    def wrong(name):
        top = name.partition(".")[0]
        return top in PACKAGES | MODULES and not {top, name} & may

    assert foreign(room, wrong) == set()


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_given_a_library_of_one_room_then_no_other_names_it(room):
    assert foreign(room, lambda name: room not in RESERVED.get(name.partition(".")[0], {room})) == set()


@pytest.mark.parametrize("room", STANDARD_ONLY)
def test_given_an_inner_room_then_it_imports_the_standard_library_only(room):
    known = sys.stdlib_module_names | STANDARD_ONLY[room] | {room}
    assert foreign(room, lambda name: name.partition(".")[0] not in known) == set()
