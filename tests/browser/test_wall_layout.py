"""The wall in any hall: at every size, with few and many counters, in every state, nothing is cut off or on another."""

import json
import math
from datetime import datetime, timedelta
from functools import cache

import pytest
from playwright.sync_api import expect

from tests.browser import measure
from tests.browser.drawn import draw_wall, wall_snapshot
from tests.browser.layout import SCRIPT
from tests.browser.notices import LONG_NOTICE

pytestmark = pytest.mark.browser

FULL_HD, UPRIGHT = (1920, 1080), (1080, 1920)
COUNTERS = [1, 2, 3, 5, 6, 8, 12, 20, 28, 40, 99]
# By size: counters, metres to the last seat, inches. The wall is the same at every size of one shape.
OTHERS = {
    FULL_HD: [(3, 10, 43), (12, 10, 43), (20, 20, 43), (12, 8, 55), (20, 8, 65), (28, 8, 75), (40, 8, 75), (99, 3, 75)],
    UPRIGHT: [(5, 12, 43), (20, 12, 43), (10, 8, 55), (20, 8, 75), (28, 8, 75), (99, 3, 75)],
    (1280, 720): [(3, 8, 43), (20, 8, 43)],
    (3840, 2160): [(5, 8, 43), (12, 8, 75)],
    (720, 1280): [(6, 8, 43), (12, 8, 43)],
    (2160, 3840): [(8, 8, 55)],
    (1366, 625): [(3, 8, 43), (20, 8, 43)],  # a window of a browser
    (1024, 768): [(6, 8, 43), (28, 8, 43)],
    (768, 1024): [(7, 8, 43)],
}
CONTRAST = 7
METRES_PER_INCH = 10 / 43, 8 / 43  # lying and upright: as far as a television is read
LONG_NAME = "Đăng ký biến động đất đai, tài sản gắn l"  # of 40 letters, as many as a name may have
LONG_NOTE = "Chiều thứ Sáu tuần này trung tâm nghỉ họp, mời ông/bà đến sáng thứ Hai tuần sau."
LONG_OFFICE = {"name": "Trung tâm Phục vụ hành chính công và Xúc tiến đầu tư", "office": "UBND đặc khu Phú Quốc"}
STATES = ["serving", "called", "paused", "closed", "idle"]
ROOM_EM = 0.03  # a number as large as its plate allows is read from the last seat


@cache
def made(counters, longest):
    """What the server sends to the wall of a hall with ordinary or with the longest texts, as JSON."""
    own = {"rename": LONG_NAME, "wall_note": {"vi": LONG_NOTE}, **LONG_OFFICE} if longest else {"hotline": "19001022"}
    return json.dumps(wall_snapshot(counters, **own))


def crowded(hall, states):
    """The same hall when every service has a long queue, with counters in these states in turn, and their calls."""
    for at, service in enumerate(hall["services"]):
        service["waiting"] = 120 + at
        short, long = {"p10_s": 1, "p50_s": 20, "p80_s": 50}, {"p10_s": 3_600, "p50_s": 12_000, "p80_s": 17_100}
        service["forecast"] = [long, short, None][at % 3]
    for at, counter in enumerate(hall["counters"]):
        state = states[at % len(states)]
        number = f"M{188 + at}" if state in ("serving", "called") else None
        counter |= {"state": state, "number": number, "reason": "lunch" if state == "paused" else None}
        counter["accessible"] = at % 4 < 2  # in every state, and the one that is called
        counter["staffing"] = state if number is None and state != "idle" else "open"
    there = [each for each in hall["counters"] if each["number"]]
    before = (datetime.fromisoformat(hall["at"]) - timedelta(seconds=25)).isoformat()  # no news any more
    one = {"at": before, "again": False, "visual": True}
    calls = [
        {"seq": 100 + at, "number": each["number"], "counter": each["counter"], **one} for at, each in enumerate(there)
    ]
    standing = [call for call, each in zip(calls, there, strict=True) if each["state"] == "called"]
    hall |= {"seq": 1000, "recent": calls[::-1][:9], "calls": standing, "no_shows": ["B088", "M102", "X188"]}
    hall["today"] |= {"waiting": 1204, "served": 386, "mean_wait_s": 8_100}
    return hall


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


def halls_of(counters, theme, **wall):
    """A busy hall with ordinary texts, and one with the longest; `wall`: settings of its wall besides the theme."""
    halls = [crowded(json.loads(made(counters, longest)), STATES) for longest in (False, True)]
    for hall in halls:
        hall["hall"]["wall"] |= {"theme": theme, **wall}
    return halls


VIEWS = {
    "a call": lambda hall, long: hall,
    "a call, long texts": lambda hall, long: long,
    "everybody called": lambda hall, long: called(hall),
    "long numbers": lambda hall, long: long_numbers(hall),
    "a call, trouble": lambda hall, long: troubled(hall),
    "a call, a message": lambda hall, long: noticed(long, LONG_NOTICE),
    "waiting": lambda hall, long: quiet(hall),
    "waiting, long texts": lambda hall, long: quiet(long),
    "waiting, four services": lambda hall, long: quiet(hall, 4),
    "waiting, one service": lambda hall, long: quiet(long, 1),
    "waiting, trouble": lambda hall, long: quiet(troubled(long)),
    "before the first call": lambda hall, long: at_dawn(long),
    "nobody waiting": lambda hall, long: quiet(hall, 0),
    "nobody waiting, trouble": lambda hall, long: quiet(troubled(hall), 0),
    "all closed": lambda hall, long: closed(hall),
    "after hours": lambda hall, long: no_numbers(hall),
    "a message": lambda hall, long: noticed(quiet(long), LONG_NOTICE),
    "a short message": lambda hall, long: noticed(quiet(hall), {"vi": "Mất điện, xin chờ."}),
    "a message, trouble": lambda hall, long: noticed(quiet(troubled(long)), LONG_NOTICE),
}
# What differs most from one number of counters to the next; five and twenty show everything.
CHIEF = ["a call, long texts", "everybody called", "waiting, long texts", "before the first call", "all closed"]


# A usual name of a room, one so long that it stands smaller, and one of 40 letters.
ROOM_NAMES = ["Phòng 2, tầng 1", "Phòng họp số 2, tầng trệt", "Phòng tiếp nhận hồ sơ đất đai, tầng trệt"]


def in_a_room(hall, name):
    """The same hall with every counter in a room of this name, on a wall that shows every room."""
    hall = json.loads(json.dumps(hall))
    counters = [each["counter"] for each in hall["counters"]]
    hall["hall"]["rooms"] = [{"code": "P1", "names": {"vi": name}, "counters": counters, "clip": ""}]
    return hall


def called(hall):
    """The same hall when everybody is called, to counters of two digits: the list cannot hold them all."""
    hall = json.loads(json.dumps(hall))
    for counter in hall["counters"]:
        counter["counter"] += 80 if len(hall["counters"]) < 10 else 0
    return crowded(hall, ["called"])


def long_numbers(hall):
    """The same hall on a day of more than 999 numbers of one letter."""
    hall = json.loads(json.dumps(hall))
    for each in (*hall["counters"], *hall["recent"], *hall["calls"]):
        each["number"] = each["number"] and each["number"].replace("M", "M2")
    return hall


def at_dawn(hall):
    """The same hall before the first call of the day."""
    hall = quiet(hall)
    for counter in hall["counters"]:
        counter |= {"staffing": "open", "state": "idle", "number": None}
    return hall


# Draws one view after another without waiting: what was called before no longer holds the panel.
DRAWN = f"""() => {{
  {SCRIPT}
  const real = performance.now.bind(performance);
  let later = 0;
  performance.now = () => real() + later;
  window.hear = (hall) => {{
    later += 200_000;
    for (const call of [...hall.recent, ...hall.calls]) call.seq += later;
    line.on.onSnapshot({{ ...hall, seq: hall.seq + later }});
  }};
  window.withhold = (withheld) => {{
    document.querySelector("sound-key").draw({{ withheld }});
    document.body.toggleAttribute("data-withheld", withheld);
  }};
  // The arrow fills three fifths of its square: words stand on the rest, and the square may be higher than the panel.
  window.wrong = async () => {{
    await document.fonts.ready;
    const ground = ["call-panel > .icon"];
    const asked = {{ inside: "body", pressable: "button", scrolling: [], ground, room: {ROOM_EM} }};
    return layoutFaults(asked).filter((fault) => !fault.startsWith("<svg.icon> leaves <call-panel>"));
  }};
}}"""


class DrawnWall:
    """A wall without a server, which is drawn for one hall after another."""

    def __init__(self, chromium, name, language="vi"):
        self.context = chromium.new_context(reduced_motion="reduce")
        self.page = self.context.new_page()
        draw_wall(self.page, name, language)
        self.page.evaluate(DRAWN)
        self.seen = 0

    def faults(self, hall):
        """What is wrong with the wall of this hall."""
        self.seen += 1
        return self.page.evaluate("hall => { hear(hall); return wrong(); }", hall)

    def at(self, size):
        """The same wall on a screen of this size in pixels."""
        self.size = f"{size[0]}x{size[1]}"
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        return self

    def views(self, counters, theme, names, ends=True, **wall):
        """What is wrong in any of the named views of a hall, a sentence each.

        `ends`: also while the sound is withheld, and after the connection is lost.
        """
        halls = halls_of(counters, theme, **wall)
        found = {}
        for name in names:
            found[name] = self.faults(VIEWS[name](*halls))
        if ends:
            self.page.evaluate("hall => hear(hall)", halls[1])
            found["sound withheld"] = self.ends("withhold(true)")
            self.page.evaluate("withhold(false)")
            found["lost"] = self.ends("line.on.onLost(new Date())")
        hall = ", ".join([self.size, f"{counters} counters", theme, *(f"{what} {of}" for what, of in wall.items())])
        return [f"{hall}, {name}: {fault}" for name in found for fault in found[name]]

    def capitals_mm(self, inches):
        """The smallest capitals of the call, and of the rows, on a television of 16:9 with this diagonal."""
        smallest = """(selector) => {
          const shown = [...document.querySelectorAll(selector)].filter((el) => el.checkVisibility() && el.textContent);
          return Math.min(...shown.map((el) => parseFloat(getComputedStyle(el).fontSize)));
        }"""
        width, height = self.page.viewport_size.values()
        high_px = min(width, height, max(width, height) * 9 / 16)
        mm = measure.CAP_HEIGHT_EM * inches * 25.4 * 9 / math.hypot(16, 9) / high_px
        parts = "call-panel {0}", "main .row {0}"
        return [
            mm * min(self.page.evaluate(smallest, part.format(each)) for each in (".number", ".plate"))
            for part in parts
        ]

    def ends(self, change):
        """What is wrong after this change of the page."""
        self.seen += 1
        return self.page.evaluate(f"() => {{ {change}; return wrong(); }}")


@pytest.fixture
def wall(chromium, name):
    """Opens walls without a server and closes them."""
    opened = []

    def open_wall(language="vi"):
        opened.append(DrawnWall(chromium, name, language))
        return opened[-1]

    yield open_wall
    for each in opened:
        print(f"\n{each.seen} views")
        each.context.close()


@pytest.mark.parametrize("size", [FULL_HD, UPRIGHT])
def test_given_any_hall_then_nothing_on_its_wall_is_cut_off_or_lies_on_another(wall, size):
    drawn = wall().at(size)
    wrong = []
    for at, counters in enumerate(COUNTERS):
        whole = counters in (5, 20)
        wrong += drawn.views(counters, ("dark", "light")[at % 2], VIEWS if whole else CHIEF, ends=whole)
    assert not wrong, "\n".join(wrong)


def test_given_another_screen_a_longer_hall_or_a_larger_television_then_nothing_is_cut_off_either(wall):
    drawn = wall()
    some = ["waiting, long texts", "a call, long texts"]
    wrong = []
    for size, halls in OTHERS.items():
        drawn.at(size)
        for counters, last_seat_m, inches in halls:
            wrong += drawn.views(counters, "light", some, ends=False, last_seat_m=last_seat_m, inches=inches)
            if last_seat_m <= METRES_PER_INCH[size[0] < size[1]] * inches:
                call, row = drawn.capitals_mm(inches)
                hall = f"{size}, {counters} counters, {last_seat_m} m, {inches} inches"
                wrong += [f"{hall}: call {call:.1f} mm"] if call < 1000 * last_seat_m / 82 else []
                wrong += [f"{hall}: rows {row:.1f} mm"] if row < 1000 * last_seat_m / 156 else []
    assert not wrong, "\n".join(wrong)


def test_given_rooms_then_a_wall_that_shows_every_room_names_that_of_the_call_in_any_layout(wall):
    drawn = wall()
    wrong = []
    halls = {
        FULL_HD: [(3, 8, 43), (5, 8, 43), (8, 8, 43), (20, 8, 43), (40, 8, 43)],
        UPRIGHT: [(5, 8, 43), (20, 8, 43)],
    }
    for size, others in OTHERS.items():
        drawn.at(size)
        for counters, last_seat_m, inches in [*others, *halls.get(size, [])]:
            hall, long = halls_of(counters, "dark", last_seat_m=last_seat_m, inches=inches)
            for name in ROOM_NAMES:
                for made_of in (long, long_numbers(called(hall))):
                    faults = drawn.faults(in_a_room(made_of, name))
                    wrong += [f"{size}, {counters} counters, {last_seat_m} m, {name!r}: {fault}" for fault in faults]
                shown = drawn.page.locator(".call-room:visible, hall-foot")
                assert any(name in words for words in shown.all_inner_texts()), (size, counters, last_seat_m, name)
    drawn.faults({**in_a_room(hall, ROOM_NAMES[0]), "room": "P1"})
    expect(drawn.page.locator(".call-room")).to_be_hidden()  # everybody who sees it is there
    assert not wrong, "\n".join(wrong)


def test_given_english_words_then_nothing_is_cut_off_either(wall):
    drawn = wall("en")
    wrong = []
    for size in (FULL_HD, UPRIGHT):
        for counters in (3, 6, 20):
            wrong += drawn.at(size).views(counters, "dark", ["a call", "waiting", "after hours"])
    assert not wrong, "\n".join(wrong)
    expect(drawn.page.locator(".lost-title")).to_contain_text("Connection lost")


def test_given_any_state_then_every_word_stands_out_from_its_ground(wall):
    drawn = wall().at(FULL_HD)
    faint = []
    for counters, theme in ((5, "dark"), (8, "light"), (20, "dark"), (28, "light")):
        for name in ("a call", "waiting, trouble", "before the first call", "all closed", "a message"):
            drawn.faults(VIEWS[name](*halls_of(counters, theme)))
            faintest = measure.contrasts(drawn.page, "#wall")[0]
            faint += [(counters, theme, name, faintest)] if faintest.contrast < CONTRAST else []
        drawn.ends("line.on.onLost(new Date())")
        faintest = measure.contrasts(drawn.page, "#wall")[0]
        faint += [(counters, theme, "lost", faintest)] if faintest.contrast < CONTRAST else []
    assert faint == []
