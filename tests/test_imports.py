"""The rules and the settings stand on the standard library; import-linter keeps the rest."""

import ast
import sys

import pytest

from tests.centre import ROOT

ALLOWED = {
    "queueing": {"queueing"},
    "settings": {"msgspec"},
    "voice": {"voice"},
}


def imported(path):
    """Names of the top-level packages that a file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("name", ALLOWED)
def test_given_an_inner_room_then_it_imports_the_standard_library_only(name):
    files = sorted((ROOT / name).rglob("*.py")) or [ROOT / f"{name}.py"]
    foreign = {
        (path.name, module)
        for path in files
        for module in imported(path)
        if module not in sys.stdlib_module_names | ALLOWED[name] or module == "sqlite3"
    }
    assert foreign == set()
