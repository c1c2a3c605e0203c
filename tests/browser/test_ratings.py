"""How people rate their visit: on their phone, at the screen of the counter, and at the kiosk by the code."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.layout import layout_faults
from tests.browser.measure import axe, overflowing, targets
from tests.browser.page_errors import refused
from tests.browser.test_display import Staff, written

pytestmark = pytest.mark.browser

PHONES = [(360, 740), (320, 568), (414, 896)]
TABLETS = [(1280, 800), (800, 1280), (1024, 600), (600, 1024), (1920, 1080), (360, 740)]
PHONES_COUNTER, TABLETS_COUNTER = 2, 3


@pytest.fixture(scope="module")
def staff(shared_centre):
    return Staff(shared_centre)


@pytest.fixture(autouse=True)
def empty(staff):
    staff.go_home()
    yield
    staff.go_home()


def serve(staff, counter):
    """Let somebody come and be served at the counter; the ticket as its holder knows it."""
    if {each["counter"]: each["staffing"] for each in staff.counters()}[counter] == "closed":
        staff.act(counter, "open")
    ticket = staff.centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=staff.kiosk).json()
    for act in ("call-next", "start", "finish"):
        staff.act(counter, act)
    return ticket


def ratings(staff):
    """The ratings of the log so far: (ref, rating, reason, who)."""
    page = staff.centre.get("/api/v1/events?after=0", token=staff.supervisor).json()
    rated = [event for event in page["events"] if event["kind"] == "ticket.rated"]
    return [
        (each["ref"], each["data"]["rating"], each["data"].get("reason"), each["data"]["by"].split(":")[0])
        for each in rated
    ]


@pytest.mark.expects_page_errors(refused(422, "rate"))
@pytest.mark.parametrize("locale", ["vi-VN", "en-GB"])
def test_given_a_visit_that_ended_then_the_phone_asks_how_it_was_and_sends_it_once(chromium, name, staff, locale):
    ticket = serve(staff, PHONES_COUNTER)
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale=locale)
    page = context.new_page()
    try:
        page.goto(f"{staff.centre.at(name)}/t/{ticket['id']}")
        faces = page.locator("#rating input[name=rating]")
        expect(faces).to_have_count(4)
        send = page.locator("#rating button[type=submit]")
        expect(send).to_be_hidden()
        faces.first.focus()
        page.keyboard.press("ArrowDown")  # by keyboard alone
        expect(page.locator("#rating input[name=reason]").first).to_be_hidden()
        page.locator("#rating label").filter(has=page.locator("[value=dissatisfied]")).click()
        page.locator("#rating label").filter(has=page.locator("[value=waited_long]")).click()
        page.locator("#rating textarea").fill("Gọi tôi: 0912 345 678")
        for width, height in PHONES:
            page.set_viewport_size({"width": width, "height": height})
            assert layout_faults(page, scrolling=["html"]) == [], (width, height)
            assert overflowing(page)[0] == 0
        page.set_viewport_size({"width": 360, "height": 740})
        assert axe(page) == []
        assert min(min(each.width, each.height) for each in targets(page, "#rating")) >= 44
        send.click()
        expect(page.locator("#rating [role=status]")).to_have_text(re.compile("số điện thoại|telephone"))
        page.locator("#rating textarea").fill("Chờ lâu quá")
        send.click()
        expect(page.locator("#rating")).to_be_focused()
        expect(page.locator("#rating form")).to_have_count(0)
        assert axe(page) == []
        assert ratings(staff)[-1] == (ticket["ref"], "dissatisfied", "waited_long", "ticket")
        page.reload()
        expect(page.locator("#rating h2")).to_be_visible()
        expect(page.locator("#rating form")).to_have_count(0)
    finally:
        context.close()


def test_given_a_screen_at_the_counter_then_it_wakes_for_the_number_that_finished_asks_thanks_and_sleeps(
    chromium, name, staff
):
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    body = page.locator("body")
    try:
        page.goto(f"{staff.centre.at(name)}/display/rating")
        staff.confirm(page, state="choose")
        page.locator(".counter-choices a").filter(has_text=re.compile(f"^{TABLETS_COUNTER}$")).click()
        expect(body).to_have_attribute("data-state", "asleep")
        faults = faults_at_every_size(page, "asleep")

        first = serve(staff, TABLETS_COUNTER)
        expect(body).to_have_attribute("data-state", "asking")
        expect(page.locator(".rating-head")).to_contain_text(written(first["number"]))
        faults += faults_at_every_size(page, "asking")
        assert axe(page) == []
        page.locator("[data-value=very_satisfied]").click()  # one touch
        expect(body).to_have_attribute("data-state", "said")
        faults += faults_at_every_size(page, "said")

        second = serve(staff, TABLETS_COUNTER)
        expect(body).to_have_attribute("data-state", "asking")
        page.locator("[data-value=neutral]").press("Enter")
        expect(body).to_have_attribute("data-state", "why")
        faults += faults_at_every_size(page, "why")
        assert axe(page) == []
        page.locator("[data-value=unclear]").click()  # two touches
        expect(body).to_have_attribute("data-state", "said")
        expect(body).to_have_attribute("data-state", "asleep")
        assert ratings(staff)[-2:] == [
            (first["ref"], "very_satisfied", None, "device"),
            (second["ref"], "neutral", "unclear", "device"),
        ]

        serve(staff, TABLETS_COUNTER)
        expect(body).to_have_attribute("data-state", "asking")
        staff.act(TABLETS_COUNTER, "undo")  # it had not finished after all
        expect(body).to_have_attribute("data-state", "asleep")
        staff.act(TABLETS_COUNTER, "finish")
        expect(body).to_have_attribute("data-state", "asking")
        staff.issue()
        staff.act(TABLETS_COUNTER, "call-next")
        expect(body).to_have_attribute("data-state", "asking")  # who has just finished may still stand there
        staff.act(TABLETS_COUNTER, "start")
        expect(body).to_have_attribute("data-state", "asleep")
        assert len(ratings(staff)) >= 2
        assert faults == []
    finally:
        context.close()


def faults_at_every_size(page, what):
    """What lies outside its box or is too small to touch, at each size of a tablet in turn."""
    faults = []
    for width, height in TABLETS:
        page.set_viewport_size({"width": width, "height": height})
        faults += [(what, width, height, fault) for fault in layout_faults(page)]
        smallest = min((min(each.width, each.height) for each in targets(page, "#rating")), default=999)
        if smallest < 0.1 * min(width, height):
            faults.append((what, width, height, smallest))
    page.set_viewport_size({"width": 1280, "height": 800})
    return faults
