"""The first set-up: going on saves, leaving asks, what is obligatory stands there, and every refusal is ours."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.measure import axe, overflowing
from tests.browser.page_errors import refused
from tests.people import PASSWORD, supervisor_cookies

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("GUIDE_PICTURES")  # a folder for pictures of every step, to look at


def step(page):
    return page.locator(".step-head h2").inner_text()


def go_on(page, to):
    page.get_by_role("button", name="Bước tiếp theo").click()
    expect(page.locator(".step-head h2")).to_contain_text(to)


def picture(page, name):
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def ticks(page):
    return page.locator(".step.is-done").count()


@pytest.fixture
def guide(chromium, centre, name):
    """(the set-up of a new centre, in a browser; a function that gives its settings)."""
    cookies = dict(supervisor_cookies(centre))
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="en-GB")
    context.add_cookies([{"name": key, "value": value, "url": centre.at(name)} for key, value in cookies.items()])
    page = context.new_page()
    page.goto(f"{centre.at(name)}/supervisor#start")
    expect(page.locator(".settings-form")).to_be_visible()
    yield page, lambda: centre.get("/api/v1/settings", cookies=cookies).json()
    context.close()


@pytest.mark.expects_page_errors(refused(400, "/settings/hall"), refused(409, "/users"))
def test_given_a_new_centre_when_the_guide_is_followed_then_every_step_is_saved_by_going_on(guide):
    page, settings = guide
    picture(page, "1-name")
    page.get_by_label("Cơ quan").fill("")
    page.get_by_role("button", name="Bước tiếp theo").click()
    expect(page.locator("[aria-invalid=true]")).to_be_focused()
    assert "Bước 1" in step(page) and ticks(page) == 0, "a refused step stays, without a tick"
    picture(page, "1-refused")
    page.get_by_label("Cơ quan").fill("UBND xã Lũng Cú")
    go_on(page, "Bước 2")
    assert settings()["hall"]["office"] == "UBND xã Lũng Cú" and ticks(page) == 1

    # A step that is left by its number is saved too, and has no tick.
    page.locator("[name='service_time_s']").fill("12")
    page.locator(".step").nth(2).click()
    expect(page.locator(".step-head h2")).to_contain_text("Bước 3")
    assert settings()["services"][0]["service_time_s"] == 720 and ticks(page) == 1
    page.locator("[name='name']").fill("Quầy hướng dẫn")
    page.locator("[data-counter='2']").click()
    expect(page.get_by_role("heading", name="Những gì vừa nhập chưa lưu")).to_be_visible()
    picture(page, "3-leave")
    page.get_by_role("button", name="Ở lại").click()
    expect(page.locator("[name='name']")).to_have_value("Quầy hướng dẫn")
    page.locator("[data-counter='2']").click()
    page.locator("dialog").get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("[name='name']")).to_have_value("Quầy 2")
    assert settings()["counters"][0]["name"] == "Quầy hướng dẫn"

    go_on(page, "Bước 4")
    expect(page.locator("[name='seasons.0.name']")).to_have_value("Cả năm")
    picture(page, "4-hours")
    assert axe(page) == [] and overflowing(page)[0] == 0
    page.get_by_role("button", name="Quay lại").click()
    expect(page.locator(".step-head h2")).to_contain_text("Bước 3")
    assert settings()["hall"]["hours"]["seasons"] == [], "what is proposed is saved only by going on"
    go_on(page, "Bước 4")
    go_on(page, "Bước 5")
    assert [season["name"] for season in settings()["hall"]["hours"]["seasons"]] == ["Cả năm"]
    picture(page, "5-printer")
    page.get_by_label("Cách nối").first.select_option("network")
    page.get_by_label("Địa chỉ trong mạng").fill("192.168.1.50")
    go_on(page, "Bước 6")
    assert [printer["address"] for printer in settings()["hall"]["printers"]] == ["192.168.1.50"]

    picture(page, "6-people")
    page.get_by_role("button", name="Thêm", exact=True).click()
    expect(page.locator("#add-user-name-refusal")).to_have_text("Xin nhập tên đăng nhập.")
    expect(page.locator("[name='name']")).to_be_focused()
    picture(page, "6-refused")
    page.locator("[name='name']").fill("Lò Thị Mai")
    page.locator("[name='password']").fill(PASSWORD)
    page.get_by_role("button", name="Thêm", exact=True).click()
    expect(page.get_by_text("Đã thêm Lò Thị Mai.")).to_be_visible()
    expect(page.locator("[name='name']")).to_be_focused()
    page.locator("[name='name']").fill("Vàng A Páo")
    page.locator("[name='password']").fill(PASSWORD)
    go_on(page, "Bước 7")
    page.get_by_role("button", name="Ghép", exact=True).click()
    expect(page.locator("#pair-refusal")).to_have_text("Xin nhập sáu số hiện trên máy cần ghép.")
    picture(page, "7-devices")
    page.get_by_label("Mã sáu số").fill("123 456")
    page.get_by_role("button", name="Ghép", exact=True).click()
    expect(page.locator("#pair-refusal")).to_have_text("Xin đặt tên cho máy, để biết là máy nào.")
    expect(page.locator("[name='device-name']")).to_be_focused()
    page.get_by_label("Mã sáu số").fill("")
    assert ticks(page) == 5, "all but the one that was left by its number, and this one"
    page.get_by_role("button", name="Xong, xem trực tiếp").click()
    expect(page.get_by_role("heading", name="Giám sát trực tiếp", level=1)).to_be_visible()

    page.goto(page.url.partition("#")[0] + "#users")
    expect(page.get_by_text("Lò Thị Mai").first).to_be_visible()


def test_given_something_typed_when_another_page_is_opened_then_it_asks_first(guide):
    page, settings = guide
    page.goto(page.url.partition("#")[0] + "#hall")
    office = page.get_by_label("Cơ quan")
    before = office.input_value()
    office.fill("UBND xã Lũng Cú")
    page.get_by_role("link", name="Quầy", exact=True).click()
    expect(page.get_by_role("heading", name="Những gì vừa nhập chưa lưu")).to_be_visible()
    assert page.url.endswith("#hall") and axe(page) == []
    page.keyboard.press("Escape")
    expect(office).to_have_value("UBND xã Lũng Cú")
    page.get_by_role("link", name="Quầy", exact=True).click()
    page.get_by_role("button", name="Bỏ, không lưu").click()
    expect(page).to_have_url(page.url.partition("#")[0] + "#counters")
    assert settings()["hall"]["office"] == before
    page.get_by_role("link", name="Trung tâm", exact=True).click()
    office.fill("UBND xã Lũng Cú")
    page.get_by_role("link", name="Quầy", exact=True).click()
    page.locator("dialog").get_by_role("button", name="Lưu", exact=True).click()
    expect(page).to_have_url(page.url.partition("#")[0] + "#counters")
    assert settings()["hall"]["office"] == "UBND xã Lũng Cú"


def test_given_any_form_then_no_browser_says_in_its_own_words_what_is_wrong():
    """A form that a browser checks shows a bubble in the browser's language."""
    from tests.centre import ROOT

    unchecked = []
    for path in [*(ROOT / "static").rglob("*.js"), *(ROOT / "static").rglob("*.html")]:
        if "vendor" in path.parts:
            continue
        text = path.read_text("utf-8")
        for n, form in enumerate(text.split("<form")[1:]):
            fields, opening = form.partition("</form>")[0], form.partition("\n")[0]
            checked = any(word in fields for word in (" required", "pattern=", 'type="email"', 'type="date"'))
            if checked and "novalidate" not in opening.lower():
                unchecked.append((str(path.relative_to(ROOT)), n))
    assert unchecked == []
