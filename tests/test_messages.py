"""The names of messages between server and screens: one list, held against both sides.

A message without a handler, or a handler without a message, is passed over in silence by the libraries.
"""

import ast
import json
import re

import pytest

from display.channel import ELSEWHERE
from hall import announce
from hall.announce import FROM_SCREENS, TO_SCREENS
from queueing import events as ev
from runtime.sockets import Screens
from tests.centre import ROOT
from tests.strangers.server import whole_server

STATIC = ROOT / "static"
LIVE = STATIC / "lib" / "live.js"
OF_THE_LIBRARY = {"connect", "disconnect", "connect_error"}
NO_SERVER_CODE = {"tests", "bench", "tools", "node_modules", "data", "data-demo"}
STORED = {"counter.number", "counter.kept"}  # what a browser remembers, by names of the same shape
COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.S)


def scripts():
    """Return our scripts without their comments, by path, and without the libraries of others."""
    for path in sorted(STATIC.rglob("*.js")):
        if "vendor" not in path.parts:
            yield path, COMMENT.sub("", path.read_text("utf-8"))


def names(pattern, script):
    return set(re.findall(pattern, script, re.MULTILINE))


def emitted():
    """What the server's code passes to `emit` as the name of a message: (file, the name as it is written)."""
    for path in sorted(ROOT.rglob("*.py")):
        if NO_SERVER_CODE & set(path.relative_to(ROOT).parts) or any(part.startswith(".") for part in path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "_emit":
                yield path.name, ast.unparse(node.args[2])


def test_given_what_the_server_sends_then_the_browser_hears_each_of_it_and_nothing_else():
    heard = names(r'\breceive\("(\w+)"', LIVE.read_text("utf-8"))
    assert heard == set(TO_SCREENS)


def test_given_what_a_screen_says_then_the_server_hears_each_of_it_and_nothing_else():
    said = names(r'\b(?:send|emit)\("(\w+)"', LIVE.read_text("utf-8"))
    handled = {name.removeprefix("on_") for name in vars(Screens) if name.startswith("on_")} - OF_THE_LIBRARY
    assert said == handled == set(FROM_SCREENS)


def test_given_the_servers_code_then_it_sends_by_the_names_of_the_list_alone():
    sent = set(emitted())
    assert {file for file, _ in sent} == {"announce.py"}
    assert {getattr(announce, name) for _, name in sent} == set(TO_SCREENS)


def test_given_the_browsers_code_then_only_one_module_opens_sockets():
    opening = {path for path, script in scripts() if re.search(r"socket\.io", script)}
    listening = names(r'\bsocket\.on\(\s*"(\w+)"', LIVE.read_text("utf-8"))
    assert opening == {LIVE} and listening <= OF_THE_LIBRARY


@pytest.mark.parametrize("screen", ["kiosk", "greeter", "display", "counter", "supervisor"])
def test_given_a_screen_that_follows_then_it_listens_by_names_that_are_notified(screen):
    notified = names(r'\bnotify\(\s*"(on\w+)"', LIVE.read_text("utf-8"))
    calls = [
        call
        for _, script in scripts()
        for call in re.findall(rf'\bconnect\(\s*"/{screen}",\s*\{{(.*?)^\s*\}}\);', script, re.S | re.M)
    ]
    assert calls, f"no script follows /{screen}"
    for call in calls:
        assert names(r"\b(on[A-Z]\w*)\s*[:(]", call) <= notified


def test_given_the_page_for_programs_then_its_namespaces_roles_and_messages_are_the_programs(tmp_path):
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(/\w+)` \| ([\w, ]+) \|", page, re.M))
    with whole_server(tmp_path) as centre:
        program = {each.channel.namespace: each.channel.roles for each in centre.namespaces}
    assert {namespace: tuple(roles.split(", ")) for namespace, roles in rows.items()} == program
    said = page.partition("### What comes")[2]
    comes, _, sent = said.partition("### What may be sent")
    assert names(r"^\| `(\w+)` \|", comes) == set(TO_SCREENS)
    assert names(r"`(\w+)(?: \{[\w, ]+\})?`[^|\n]*\|", sent) == set(FROM_SCREENS)


def test_given_a_kind_of_event_in_a_script_then_there_is_such_a_kind():
    kinds = {*ev.KINDS, ELSEWHERE}
    words = {
        f"{section}.{key}"
        for section, texts in json.loads((STATIC / "text" / "vi.json").read_text("utf-8")).items()
        for key in texts
    }
    subjects = "|".join(sorted({kind.partition(".")[0] for kind in kinds}))
    # The keys of the texts look the same; what is neither is a name that somebody mistyped.
    named = {name for _, script in scripts() for name in re.findall(rf'"((?:{subjects})\.[a-z_]+)"', script)}
    assert len(named & kinds) > 10
    assert {name for name in named - kinds - STORED if not any(word.startswith(name) for word in words)} == set()
