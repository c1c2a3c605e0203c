"""docs/security.md answers every requirement it promises to, and every test it names is there."""

import re

import pytest

from tests.centre import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| (\d+\.\d+\.\d+) \| [^|]+ \| (.+) \|$", PAGE, re.MULTILINE))
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", PAGE)))

LEVEL_1 = """1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.1 1.3.2 1.5.1 2.1.1 2.2.1 2.2.2 2.3.1 3.2.1 3.2.2 3.3.1 3.4.1 3.4.2
3.5.1 3.5.2 3.5.3 4.1.1 4.4.1 5.2.1 5.2.2 5.3.1 5.3.2 6.1.1 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.3.1 6.3.2
6.4.1 6.4.2 7.2.1 7.2.2 7.2.3 7.2.4 7.4.1 7.4.2 8.1.1 8.2.1 8.2.2 8.3.1 9.1.1 9.1.2 9.1.3 9.2.1 10.4.1 10.4.2 10.4.3
10.4.4 10.4.5 11.3.1 11.3.2 11.4.1 12.1.1 12.2.1 12.2.2 13.4.1 14.2.1 14.3.1 15.1.1 15.2.1 15.3.1"""
LEVEL_2 = """3.3.2 3.3.3 3.3.4 4.4.2 4.4.3 4.4.4 7.1.1 7.1.2 7.1.3 7.3.1 7.3.2 7.4.3 7.4.4 7.4.5 7.5.1 7.5.2 7.6.1
7.6.2 8.1.2 8.2.3 8.4.1 16.1.1 16.2.1 16.2.2 16.2.3 16.2.4 16.2.5 16.3.1 16.3.2 16.3.3 16.3.4 16.4.1 16.4.2 16.4.3
16.5.1 16.5.2 16.5.3"""


def test_given_the_standard_then_every_requirement_of_the_levels_has_its_line():
    assert ROWS.keys() == set(f"{LEVEL_1} {LEVEL_2}".split())


def test_given_a_limit_then_its_row_names_the_test_that_holds_it():
    limits = PAGE.partition("## Limits")[2].partition("\n## ")[0]
    rows = [line for line in limits.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 12
    assert [row for row in rows if "`tests/" not in row.rpartition(" | ")[2]] == []


def test_given_a_part_of_the_page_then_it_names_a_test():
    parts = PAGE.split("\n## ")[1:]
    assert [part.splitlines()[0] for part in parts if "`tests/" not in part] == ["Libraries"], (
        "those are for people to do"
    )


@pytest.mark.parametrize("named", NAMED)
def test_given_a_test_that_the_page_names_then_it_is_there(named):
    file, _, name = named.partition("::")
    source = (ROOT / file).read_text("utf-8")
    assert not name or re.search(rf"^(?:def {name}\(|class {name}\b|{name} = )", source, re.MULTILINE), named
