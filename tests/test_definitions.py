"""The definitions of figures: page and screens have one source, and the example on the page is right."""

import re

from hall.review import overview
from queueing.events import from_instant, instant
from tests.centre import ROOT
from tests.hall.centre import ZONE, TestCentre
from tests.recompute import longest_queue, recompute
from tests.test_texts import texts
from tools.figures import FORMULAE, PAGE, page


def test_given_the_words_of_the_screen_then_the_page_is_made_of_them():
    assert PAGE.read_text("utf-8") == page(), "run: python -m tools.figures"


def test_given_a_figure_then_screen_page_and_texts_define_it():
    screen = re.findall(r'"(\w+)"', (ROOT / "static/supervisor/statistics/definitions.js").read_text("utf-8"))
    shown = [name for name in screen if f"figures.{name}" in texts("vi")]
    assert shown == list(FORMULAE)
    defined = {key.removesuffix("_means") for key in texts("vi") if key.startswith("figures.")}
    assert defined == {f"figures.{name}" for name in FORMULAE}


def on_the_page():
    """What the worked example says: its ten events, and the figures in bold below them."""
    example = PAGE.read_text("utf-8").partition("## Three figures by hand")[2]
    events = [
        (at, kind, int(ref)) for at, kind, ref in re.findall(r"^\| \d+ \| (\S+) \| `(\S+)` \| (\d+) \|$", example, re.M)
    ]
    return events, re.findall(r"\*\*([0-9][^*]*)\*\*", example)


def page_figures(row, queue):
    """The figures of the page, from a row of the statistics and (longest queue, when first)."""
    wait, within = row["wait"], row["within"]
    seconds = [f"{wait[name]} s" for name in ("median_s", "p90_s", "mean_s")]
    shares = [f"{within[minutes]['met']} of {within[minutes]['of']}" for minutes in ("15", "30")]
    return [*seconds, *shares, f"{queue[0]} people", queue[1][11:19]]


def test_given_the_ten_events_of_the_page_then_a_stranger_finds_its_figures():
    events, figures = on_the_page()
    data = {"day": "2026-01-05", "priority_class": "ordinary", "by": "user:1"}
    log = [
        {"seq": seq, "at": at, "kind": kind, "ref": ref, "counter": 1, "service": "A", "data": data}
        for seq, (at, kind, ref) in enumerate(events, start=1)
    ]
    assert len(events) == 10
    assert page_figures(recompute(log)["total"], longest_queue(log, "2026-01-05")) == figures


def test_given_the_morning_of_the_page_then_the_centre_itself_returns_its_events_and_its_figures():
    events, figures = on_the_page()
    centre, keys = TestCentre(), {}
    for button, kind in (("call-next", "called"), ("start", "started"), ("finish", "finished")):
        keys[f"ticket.{kind}"] = lambda ref, button=button: centre.press(button, 2)
    keys["ticket.issued"] = lambda ref: centre.take()
    keys["ticket.cancelled"] = centre.cancel
    centre.press("open", 2)
    for at, kind, ref in events:
        centre.clock.on(seconds=(from_instant(at) - centre.clock.at).total_seconds())
        keys[kind](ref)
    log = [event for event in centre.log() if event["kind"] in keys]
    assert [(event["at"], event["kind"], event["ref"]) for event in log] == events
    queue = overview(centre.store, centre.hall.floor.day, centre.hall.floor.day, ZONE).queue
    assert page_figures(centre.statistics("service")[0], (queue.most, instant(queue.at))) == figures
