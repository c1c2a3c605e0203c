"""The phone page stands alone to stay small: what it copies of the tokens is still the same."""

import re

from tests.centre import ROOT

STATIC = ROOT / "static"
PROPERTY = re.compile(r"^\s*--([\w-]+):\s*([^;]+);", re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
OWN = {"ground", "ticket-old"}  # of the phone page alone


def properties(path):
    """The custom properties of the first `:root` by name."""
    css = (STATIC / path).read_text("utf-8")
    root = css[css.index(":root {") :].partition("}")[0]
    return dict(PROPERTY.findall(COMMENT.sub("", root)))


def resolved(value, tokens):
    """The value with every var(--name) replaced by what it stands for."""
    while name := re.search(r"var\(--([\w-]+)\)", value):
        value = value.replace(name[0], tokens[name[1]])
    return value


def test_given_a_token_that_the_phone_page_copies_then_its_value_is_that_of_the_tokens():
    tokens, copied = properties("tokens.css"), properties("citizen/ticket.css")
    assert set(copied) - set(tokens) == OWN
    wanted = {name: resolved(tokens[name], tokens) for name in copied if name not in OWN}
    assert {name: value for name, value in copied.items() if name not in OWN} == wanted


def test_given_the_phone_page_then_its_colours_are_named_once_at_its_head():
    css = COMMENT.sub("", (STATIC / "citizen" / "ticket.css").read_text("utf-8"))
    rules = css[css.index("}", css.index(":root {")) :]
    assert set(re.findall(r"#[0-9a-f]+\b", rules)) <= {"#000", "#0000"}  # masks: opaque and not
