"""The wall at its sizes, with few and many counters and the longest texts: nothing is cut off, nothing on another."""

import json
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.drawn import draw_wall, wall_snapshot
from tests.browser.layout import layout_faults
from tests.browser.notices import LONG_NOTICE

pytestmark = pytest.mark.browser

# Everything is a part of the screen's height, so the second size is looked at with two numbers of counters only.
SIZES = {(1920, 1080): [2, 3, 5, 6, 8, 12, 20], (1366, 768): [3, 20]}
LONG_NAME = "Đăng ký biến động đất đai, tài sản gắn l"  # of 40 letters, as many as a name may have
LONG_NOTE = "Chiều thứ Sáu tuần này trung tâm nghỉ họp, mời ông/bà đến sáng thứ Hai tuần sau."
LONG_OFFICE = {"name": "Trung tâm Phục vụ hành chính công và Xúc tiến đầu tư", "office": "UBND đặc khu Phú Quốc"}
STATES = ["serving", "called", "paused", "closed", "idle"]
UNANSWERED_MS = 180_000
ROOM_EM = 0.03  # a number as large as its plate allows is read from the last seat
DENSE = ["called", "paused", "called", "closed"]


def crowded(counters, states, **own):
    """A hall in which every service has a long queue, with counters in these states in turn, and their calls."""
    hall = wall_snapshot(counters, **own)
    for at, service in enumerate(hall["services"]):
        service["waiting"] = 120 + at
        short, long = {"p10_s": 1, "p50_s": 20, "p80_s": 50}, {"p10_s": 3_600, "p50_s": 12_000, "p80_s": 17_100}
        service["forecast"] = [long, short, None][at % 3]
    for at, counter in enumerate(hall["counters"]):
        state = states[at % len(states)]
        number = f"M{188 + at}" if state in ("serving", "called") else None
        counter |= {"state": state, "number": number, "reason": "lunch" if state == "paused" else None}
        counter["staffing"] = state if number is None and state != "idle" else "open"
    there = [each for each in hall["counters"] if each["number"]]
    before = (datetime.fromisoformat(hall["at"]) - timedelta(seconds=25)).isoformat()  # no news any more
    calls = [
        {"seq": 100 + at, "number": each["number"], "counter": each["counter"], "at": before, "again": False}
        for at, each in enumerate(there)
    ]
    standing = [call for call, each in zip(calls, there, strict=True) if each["state"] == "called"]
    hall |= {"seq": 1000, "recent": calls[::-1][:9], "calls": standing, "no_shows": ["B088", "M102", "X188"]}
    hall["today"] |= {"waiting": 1204, "served": 386, "mean_wait_s": 8_100}
    return hall


def hear(page, hall):
    """Let the wall have this snapshot, long after the one before: what that called no longer holds the panel."""
    page.clock.fast_forward(UNANSWERED_MS)
    page.evaluate(
        """hall => {
          const later = (window.later = (window.later ?? 0) + 1000);
          for (const call of [...hall.recent, ...hall.calls]) call.seq += later;
          line.on.onSnapshot({...hall, seq: hall.seq + later});
        }""",
        hall,
    )


def quiet(hall, services=None):
    """The same hall when nobody has been called for long: the panel shows the waiting, of so many services."""
    hall = json.loads(json.dumps(hall))
    hall["calls"] = hall["recent"] = []
    hall["services"] = [each if services is None or at < services else each | {"waiting": 0}
                        for at, each in enumerate(hall["services"])]  # fmt: skip
    return hall


def troubled(hall):
    """The same hall while a system is at fault."""
    hall = json.loads(json.dumps(hall))
    hall["counters"][0] |= {"staffing": "paused", "state": "paused", "number": None, "reason": "software_fault"}
    return hall


def noticed(hall, texts):
    """The same hall while a message to all who wait stands."""
    hall = json.loads(json.dumps(hall))
    hall["hall"]["notice"] = {"seq": 1, "at": hall["at"], "texts": texts, "until": None}
    return hall


def closed(hall):
    """The same hall after everybody has gone home."""
    hall = quiet(hall, 0)
    for counter in hall["counters"]:
        counter |= {"staffing": "closed", "state": "closed", "number": None}
    return hall


def no_numbers(hall):
    """The same hall after hours: the kiosk gives none until tomorrow."""
    tomorrow = (datetime.fromisoformat(hall["at"]) + timedelta(days=1)).isoformat()
    hall = closed(hall)
    for service in hall["services"]:
        service |= {"open": False, "closed": "after_hours", "opens_at": tomorrow}
    return hall


def views(counters, theme):
    """Every hall that is drawn, by what it shows."""
    hall = crowded(counters, STATES, theme=theme, hotline="19001022")
    long = crowded(counters, STATES, theme=theme, rename=LONG_NAME, wall_note={"vi": LONG_NOTE}, **LONG_OFFICE)
    far = crowded(counters, STATES, theme=theme, last_seat_m=14.0)
    all_called = crowded(counters, ["called"], theme=theme)
    return {
        "a call": hall,
        "a call, long texts": long,
        "everybody called": all_called,
        "every second called": crowded(counters, DENSE, theme=theme),
        "a call, trouble": troubled(hall),
        "waiting": quiet(hall),
        "waiting, long texts": quiet(long),
        "waiting, four services": quiet(hall, 4),
        "waiting, one service": quiet(long, 1),
        "waiting, trouble": quiet(troubled(long)),
        "nobody waiting": quiet(hall, 0),
        "nobody waiting, trouble": quiet(troubled(hall), 0),
        "all closed": closed(hall),
        "after hours": no_numbers(hall),
        "a call, a message": noticed(long, LONG_NOTICE),
        "a message": noticed(quiet(long), LONG_NOTICE),
        "a short message": noticed(quiet(hall), {"vi": "Mất điện, xin chờ."}),
        "a message, trouble, a far seat": noticed(quiet(troubled(far)), LONG_NOTICE),
        "a call, a message, a far seat": noticed(far, LONG_NOTICE),
        "a far seat": far,
        "waiting, a far seat": quiet(far),
    }


def wrong_with(page):
    # The arrow fills three fifths of its square: words stand on the rest, and the square may be higher than the panel.
    found = layout_faults(page, ground=["call-panel > .icon"], room=ROOM_EM)
    return [fault for fault in found if not fault.startswith("<svg.icon> leaves <call-panel>")]


def faults(page, theme, counters, small):
    """What is wrong in any of the views, sound withheld and connection lost included."""
    found = {}
    for what, hall in views(counters, theme).items():
        hear(page, hall)
        found[what] = wrong_with(page)
        # Who stands before closed counters waits only while there is something to wait for.
        if what in ("all closed", "after hours"):
            words = "Bắt đầu cấp số lúc" if what == "after hours" else "Xin chờ đến khi quầy mở."
            expect(page.locator(".waiting-note")).to_contain_text(words)
    hear(page, crowded(counters, STATES, theme=theme, **LONG_OFFICE))
    page.evaluate("document.querySelector('sound-key').draw({ withheld: true })")
    page.evaluate("document.body.toggleAttribute('data-withheld', true)")
    found["sound withheld"] = wrong_with(page)
    page.evaluate("document.querySelector('sound-key').draw({ withheld: false })")
    page.evaluate("line.on.onLost(new Date())")
    found["lost"] = wrong_with(page)
    return {f"{small}, {counters} counters, {theme}: {what}": wrong for what, wrong in found.items() if wrong}


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_given_any_hall_then_nothing_on_its_wall_is_cut_off_or_lies_on_another(chromium, name, width, height):
    context = chromium.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    page = context.new_page()
    page.clock.install()
    draw_wall(page, name)
    wrong = {}
    for at, counters in enumerate(SIZES[width, height]):
        wrong |= faults(page, ("dark", "light")[at % 2], counters, f"{width}x{height}")
    context.close()
    assert wrong == {}
