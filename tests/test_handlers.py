"""Broad handlers: only where one failure must not reach others, and never in silence or without a reason."""

import ast

import pytest

from tests.centre import ROOT

NO_SERVER_CODE = {"tests", "bench", "tools", "node_modules", "data", "data-demo"}
BROAD = {"Exception", "BaseException"}


def handlers():
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).parts
        if NO_SERVER_CODE & set(parts) or any(part.startswith(".") for part in parts):
            continue
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ExceptHandler) and (node.type is None or BROAD & names(node.type)):
                line = text.splitlines()[node.lineno - 1]
                yield pytest.param(node, line, id=f"{'/'.join(parts)}:{node.lineno}")


def names(kind):
    return {part.id for part in ast.walk(kind) if isinstance(part, ast.Name)}


def hands_on(node, error):
    """Whether a handler logs, raises, or keeps the error for the one who waits for it."""
    return any(
        isinstance(part, ast.Raise)
        or (isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "log")
        or (isinstance(part, ast.Assign) and isinstance(part.value, ast.Name) and part.value.id == error)
        for part in ast.walk(node)
    )


@pytest.mark.parametrize(("node", "line"), list(handlers()))
def test_given_a_broad_handler_then_its_line_says_why_and_nothing_is_swallowed(node, line):
    _, _, reason = line.partition("#")
    assert len(reason.replace("noqa: BLE001", "").split()) > 3, "say why nothing narrower will do"
    assert hands_on(node, node.name)
