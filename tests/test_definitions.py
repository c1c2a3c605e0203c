"""The definitions: one source for the page and the screen, and an example that anyone can follow by hand."""

import re

from tests.centre import ROOT
from tests.recompute import longest_queue, recompute
from tests.test_texts import texts
from tools.figures import EXAMPLE, FORMULAE, PAGE, page


def test_given_the_words_of_the_screen_then_the_page_is_made_of_them():
    assert PAGE.read_text("utf-8") == page(), "run: python -m tools.figures"


def test_given_a_figure_then_screen_page_and_texts_define_it():
    screen = re.findall(r'"(\w+)"', (ROOT / "static/supervisor/definitions.js").read_text("utf-8"))
    shown = [name for name in screen if f"figures.{name}" in texts("vi")]
    assert shown == list(FORMULAE)
    defined = {key.removesuffix("_means") for key in texts("vi") if key.startswith("figures.")}
    assert defined == {f"figures.{name}" for name in FORMULAE}


def test_given_ten_events_then_a_stranger_finds_what_the_page_says():
    events = [
        {
            "seq": seq,
            "at": at,
            "kind": kind,
            "ref": ref,
            "counter": 1,
            "service": "A",
            "data": {"day": "2026-01-05", "priority_class": "ordinary", "by": "user:1"},
        }
        for seq, at, kind, ref in EXAMPLE
    ]
    row = recompute(events)["total"]
    assert (row["wait"]["median_s"], row["wait"]["p90_s"], row["wait"]["mean_s"]) == (600, 1150, 875)
    assert (row["within"]["15"], row["within"]["30"]) == ({"met": 1, "of": 3}, {"met": 2, "of": 3})
    assert longest_queue(events, "2026-01-05") == (2, "2026-01-05T00:31:00.000000Z")
