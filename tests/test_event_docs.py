"""The tables of docs/events.md name exactly what each kind of event carries."""

import re

import pytest

from queueing.events import KINDS
from tests.centre import ROOT

ROW = re.compile(r"^\| `(\w+\.\w+)` \| (.+) \| (.+) \|$", re.MULTILINE)
ROWS = {kind: data for kind, _, data in ROW.findall((ROOT / "docs" / "events.md").read_text("utf-8"))}


def outside_parentheses(text):
    shorter = re.sub(r"\([^()]*\)", "", text)
    return text if shorter == text else outside_parentheses(shorter)


def test_given_the_page_then_it_has_a_row_for_each_kind_and_no_other():
    assert ROWS.keys() == KINDS.keys()


@pytest.mark.parametrize("name", KINDS)
def test_given_a_row_then_its_data_names_the_fields_of_the_kind(name):
    named = re.findall(r"`([^`]+)`", outside_parentheses(ROWS[name]))
    assert len(named) == len(set(named))
    assert set(named) == KINDS[name].payload.__annotations__.keys()


def test_given_the_filter_of_the_log_then_every_kind_is_in_one_of_its_groups():
    script = (ROOT / "static/supervisor/log/log.js").read_text("utf-8")
    groups = re.search(r"const KINDS = \{(.*?)\n\};", script, re.S)[1]
    heads = tuple(re.findall(r'"([a-z]+\.)"', groups))
    assert [kind for kind in KINDS if not kind.startswith(heads)] == []
