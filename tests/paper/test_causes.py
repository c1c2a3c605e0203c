"""Why a ticket was not printed: for each cause staff get a sentence and what to do."""

import json
from typing import get_args

import pytest

from hall.ports import PrintCause
from tests.centre import ROOT

NO_CAUSES = {"kept", "spare"}  # what is said besides


@pytest.mark.parametrize("path", sorted((ROOT / "static" / "text").glob("*.json")), ids=lambda path: path.stem)
def test_given_a_cause_then_it_has_a_title_and_an_advice_and_no_words_are_left_over(path):
    words = json.loads(path.read_text("utf-8"))["printer"]
    causes = get_args(PrintCause)
    assert words.keys() - NO_CAUSES == {*causes, *(f"{cause}_title" for cause in causes)}
