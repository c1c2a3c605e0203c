"""The matrix of faults names every row, and only tests that exist."""

import re

from tests.centre import ROOT

TEXT = (ROOT / "docs/reliability.md").read_text("utf-8")
ROWS = [line.split(" | ") for line in TEXT.splitlines() if re.match(r"\| \d+ \| ", line)]


def test_given_the_matrix_then_no_row_is_left_out_and_each_says_how_it_is_tried():
    assert [int(row[0].strip("| ")) for row in ROWS] == list(range(1, len(ROWS) + 1))
    for row in ROWS:
        assert len(row) == 5 and all(cell.strip("| ") for cell in row)
        assert "::" in row[3] or "Drill" in row[3]


def test_given_the_matrix_then_every_test_it_names_exists():
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", TEXT)
    assert len(named) > 80
    for path, name in named:
        assert f"def {name}" in (ROOT / path).read_text("utf-8"), f"{path}::{name}"
