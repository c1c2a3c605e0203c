"""The pages of a citizen's phone at its sizes, with the longest texts, in both languages."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from playwright.sync_api import expect

from hall.public_today import PublicTodayView
from hall.views.board import board_view
from hall.views.hall import hall_view
from hall.views.services import services_view
from tests.browser.drawn import draw, hall_of
from tests.browser.layout import layout_faults

pytestmark = pytest.mark.browser

SIZES = {(320, 568): ["vi-VN", "en-GB"], (360, 740): ["vi-VN"]}
SCROLLS = ["html"]
LONG = {"name": "Trung tâm Phục vụ hành chính công và Xúc tiến đầu tư", "office": "UBND đặc khu Phú Quốc"}
LONG_NAME = "Đăng ký biến động đất đai, tài sản gắn liền"
LONG_WAIT = {"p10_s": 8_000, "p50_s": 12_000, "p80_s": 17_100}


def ago(minutes):
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()


def ticket(state="waiting", **own):
    """A ticket as its holder's phone is answered."""
    called = {"counter": 12, "called_at": ago(3), "calls": 2} if state != "waiting" else {}
    return {
        "id": "x" * 32, "ref": 1, "number": "M188", "service": "CHUNG_THUC", "priority_class": "ordinary",
        "state": state, "issued_at": ago(90), "people_ahead": 188, "forecast": LONG_WAIT, "counters": [8, 10, 12],
        "counter": None, "called_at": None, "calls": 0, "started_at": ago(1), "finished_at": ago(0),
        "why": None, "follow_url": None, "print": None,
        "counters_open": [8, 10], "help_counters": [10, 11, 12], "moved_from": [],
        "people": 1, "defer": None, "delay_s": 0, "take_back_until": None,
    } | called | own  # fmt: skip


AHEAD = {"code": "ahead_both", "params": {"earlier": 120, "others": 68}}
ROOM = {"vi": "Phòng tiếp nhận hồ sơ đất đai, tầng trệt", "en": "Reception room for land, on ground floor"}
TICKETS = {
    "a long wait": ticket(why=AHEAD, defer={"left": 2, "minutes": [5, 15, 30], "people": 10, "behind": 3}),
    "put off": ticket(delay_s=1_800, defer={"left": 1, "minutes": [5, 15, 30], "people": 10, "behind": 0}),
    "a number of five signs": ticket(number="M1088", people_ahead=1204),
    "a changed number": ticket(number="M188", moved_from=["B027", "M1088"]),
    "no counter open": ticket(forecast=None, people_ahead=1, counters_open=[], help_counters=[]),
    "no wait": ticket(people_ahead=0, forecast={"p10_s": 1, "p50_s": 20, "p80_s": 50}),
    "called": ticket("called"),
    "called, and all else closed since": ticket("called", help_counters=[]),
    "waiting for a room": ticket("waiting", room=ROOM),
    "called to a room": ticket("called", room=ROOM),
    "serving": ticket("serving"),
    "serving in a room": ticket("serving", room=ROOM),
    "held": ticket("held", why={"code": "held_until", "params": {"counter": 12, "until": ago(0)}}),
    "finished": ticket("finished"),
    "no-show": ticket("no_show", why={"code": "missed", "params": {"until": ago(0)}}),
    "cancelled": ticket("cancelled"),
    "cancelled just now": ticket("cancelled", take_back_until=ago(-5)),
    "expired": ticket("expired"),
}


@pytest.fixture(scope="module")
def hall():
    """A hall whose texts are as long as they may be, with three-digit waits."""
    hall = hall_of(counters=12, rename=LONG_NAME, hotline="1900 1022", **LONG)
    plain = {"/hall": hall_view(hall, None), "/services": services_view(hall), "/board": board_view(hall)}
    answers = {path: msgspec.to_builtins(view) for path, view in plain.items()}
    answers["/today"] = msgspec.to_builtins(PublicTodayView("2026-11-30", 188, 66, "", 15))
    for given in (answers["/services"], answers["/board"]):
        for at, service in enumerate(given["services"]):
            service |= {"waiting": 120 + at, "forecast": LONG_WAIT if at % 3 else None}
    answers["/board"]["today"] |= {"waiting": 1_204, "served": 1_386, "mean_wait_s": 8_100}
    for counter in answers["/board"]["counters"][:9]:
        counter["state"] = "idle"
    return answers


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_given_a_ticket_in_any_state_then_nothing_on_the_phone_is_cut_off(chromium, name, hall, width, height):
    wrong = {}
    for locale in SIZES[width, height]:
        context = chromium.new_context(viewport={"width": width, "height": height}, locale=locale)
        page = context.new_page()
        for what, given in TICKETS.items():
            answers = hall | {f"/tickets/{given['id']}": given}
            draw(page, name, f"/t/{given['id']}", "/static/citizen/index.html", answers)
            expect(page.locator("body")).to_have_attribute("data-state", given["state"])
            expect(page.locator("#service")).not_to_be_empty()
            if "room" in what:
                place = page.locator("#where" if given["state"] == "waiting" else "#room")
                expect(place).to_contain_text(ROOM[locale[:2]])
                expect(place).to_be_visible()
            wrong[f"{locale}, {what}"] = layout_faults(page, scrolling=SCROLLS)
            if what == "a long wait":
                page.locator("#ring").click()
                page.locator("#later").click()
                expect(page.locator("#later-ask")).to_be_in_viewport(ratio=1)
                wrong[f"{locale}, how much later"] = layout_faults(page, scrolling=SCROLLS)
                page.locator("#later-keep").click()
                page.locator("#why").click()
                expect(page.locator("#why-text")).to_be_in_viewport(ratio=1)
                wrong[f"{locale}, everything open"] = layout_faults(page, scrolling=SCROLLS)
                page.locator("#cancel").click()
                expect(page.locator("#cancel-ask")).to_be_in_viewport(ratio=1)
                wrong[f"{locale}, giving up asked"] = layout_faults(page, scrolling=SCROLLS)
        context.close()
    assert {what: faults for what, faults in wrong.items() if faults} == {}


HOME_SIZES = {(320, 568): ["vi-VN", "en-GB"], (360, 740): ["vi-VN"], (1366, 768): ["vi-VN", "en-GB"]}


@pytest.mark.parametrize(("width", "height"), HOME_SIZES)
def test_given_any_screen_then_nothing_on_the_first_page_is_cut_off(chromium, name, hall, width, height):
    wrong = {}
    for locale in HOME_SIZES[width, height]:
        context = chromium.new_context(viewport={"width": width, "height": height}, locale=locale)
        page = context.new_page()
        number = {
            key: ticket()[key]
            for key in ("number", "state", "people_ahead", "forecast", "counters", "counters_open", "counter")
        }
        draw(page, name, "/", "/static/citizen/home.html", hall | {"/numbers/M188": number})
        expect(page.locator("#services tr")).to_have_count(8)
        page.locator(".for-staff summary").click()
        page.locator("#my-number").fill("m 188")
        page.locator("#my-number").press("Enter")
        expect(page.locator("#mine-said")).to_contain_text("200–285")
        wrong[locale] = layout_faults(page, scrolling=SCROLLS)
        context.close()
    assert {what: faults for what, faults in wrong.items() if faults} == {}


def test_given_nothing_counted_yet_then_words_stand_as_high_as_figures(chromium, name, hall):
    board = hall["/board"] | {"today": hall["/board"]["today"] | {"mean_wait_s": None}}
    page = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN").new_page()
    draw(page, name, "/", "/static/citizen/home.html", hall | {"/board": board})
    expect(page.locator("#mean")).to_have_text("chưa có")
    lines = page.evaluate(
        "['waiting', 'mean'].map(id => document.querySelector(`#${id} span`).getBoundingClientRect().y)"
    )
    assert abs(lines[0] - lines[1]) < 1
    page.context.close()


def test_given_a_reader_of_another_language_then_the_first_page_is_a_key_away_in_it(chromium, name, hall):
    page = chromium.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN").new_page()
    draw(page, name, "/", "/static/citizen/home.html", hall)
    page.locator("#languages a[lang=en]").click()
    expect(page.locator("h1")).to_have_text("How long is the wait now?")
    page.context.close()
