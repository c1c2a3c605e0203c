"""Every way through the pages by the keyboard alone: nothing here touches a mouse or names an element to press."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.keyboard import press, reach, write
from tests.people import PASSWORD, _post, add_person, paired_device, signed_in, supervisor_cookies

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

CHIEF = "Vàng Thị Dợ"
DAY = {"opens": "00:00", "closes": "23:59", "issues_from": "00:00", "issues_to": "23:59"}
RULE = {"weekdays": [1, 2, 3, 4, 5, 6, 7], "shifts": [DAY]}
YEAR = {"name": "Cả năm", "first": "01-01", "last": "12-31", "rules": [RULE]}
APPOINTMENTS = {"hours": {"seasons": [YEAR]}, "appointments": {"DAT_DAI": {"minutes": 30, "share": 60}}}
SAME_PRESS_MS = 1_100  # within that a second press of the console's key is taken for the first
SLOW_MS = 60_000  # to check everything, or to take in a table


@pytest.fixture(scope="module")
def address(shared_centre, name):
    return shared_centre.at(name)


@pytest.fixture
def opened(chromium, address):
    """Opens an address in a browser of its own, with these cookies."""
    contexts = []

    def make(path, cookies=(), size=(1366, 768)):
        viewport = dict(zip(("width", "height"), size, strict=True))
        context = chromium.new_context(viewport=viewport, locale="vi-VN", reduced_motion="reduce")
        contexts.append(context)
        context.add_cookies([{"name": each.name, "value": each.value, "url": address} for each in cookies])
        page = context.new_page()
        page.goto(address + path)
        return page

    yield make
    for context in contexts:
        context.close()


def button(page, words):
    return page.get_by_role("button", name=words, exact=True).first


def link(page, words):
    return page.get_by_role("link", name=words, exact=True).first


def go_to(page, words):
    """By the navigation, to a page that is announced by its heading."""
    press(page, page.locator(".pages").get_by_role("link", name=words, exact=True))
    expect(page.get_by_role("heading", level=1, name=words)).to_be_focused()


def test_given_a_new_centre_then_a_supervisor_sets_it_up_and_runs_it_by_the_keyboard(opened, shared_centre, address):
    page = opened("/setup" + shared_centre.setup_link().partition("/setup")[2])
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type(CHIEF)
    write(page, page.locator("#password"), PASSWORD)
    write(page, page.locator("#again"), PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/supervisor*")

    # The guide.
    page.goto(f"{address}/supervisor#start")
    write(page, page.get_by_label("Cơ quan"), "UBND xã Lũng Cú")
    for step in range(2, 8):
        press(page, button(page, "Bước tiếp theo"))
        expect(page.locator(".step-head h2")).to_contain_text(f"Bước {step}")
    kiosk = opened("/kiosk", size=(1080, 1920))
    code = kiosk.locator(".pairing-code").inner_text()
    write(page, page.get_by_label("Mã sáu số"), code)
    write(page, page.locator("[name='device-name']"), "Máy lấy số ở cửa")
    press(page, button(page, "Ghép"))
    expect(kiosk.locator(".pairing")).to_have_count(0)
    press(page, button(page, "Xong, xem trực tiếp"))
    expect(page.get_by_role("heading", level=1, name="Giám sát trực tiếp")).to_be_visible()

    # A setting; it is left while typed, and the question gives the focus back.
    go_to(page, "Trung tâm")
    write(page, page.get_by_label("Cơ quan"), "UBND xã Đồng Văn")
    press(page, page.locator(".pages").get_by_role("link", name="Quầy", exact=True))
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label("Cơ quan")).to_have_value("UBND xã Đồng Văn")
    press(page, button(page, "Lưu"))
    expect(page.locator("main")).to_contain_text("Đã lưu")

    go_to(page, "Quầy")
    press(page, button(page, "Thêm quầy"))
    write(page, page.locator("form [name='name']"), "Quầy thứ sáu")
    press(page, page.locator("form input[type=checkbox]").first, "Space")
    press(page, page.locator("form").get_by_role("button", name="Lưu", exact=True))
    expect(page.locator("[data-counter='6']")).to_be_visible()

    go_to(page, "Tài khoản")
    write(page, page.locator("[name='name']"), "Lò Thị Mai")
    write(page, page.locator("[name='password']"), PASSWORD)
    press(page, button(page, "Thêm"))
    expect(page.locator("[data-user='Lò Thị Mai']")).to_be_visible()

    go_to(page, "Thiết bị")
    revoke = page.locator(".row .button--danger").first
    press(page, revoke)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(revoke).to_be_focused()
    press(page, link(page, "Kiểm tra toàn bộ"))
    expect(page.get_by_role("heading", level=1, name="Kiểm tra toàn bộ")).to_be_focused()
    press(page, button(page, "Kiểm tra ngay"))
    expect(button(page, "Kiểm tra lại")).to_be_enabled(timeout=SLOW_MS)

    go_to(page, "Báo cáo")
    press(page, button(page, "Kỳ báo cáo trước"))
    expect(button(page, "Kỳ báo cáo trước")).to_have_attribute("aria-pressed", "true")

    go_to(page, "Màn hình và loa")
    press(page, link(page, "Thu giọng đọc"))
    write(page, page.get_by_label("Tên người đọc"), "Giàng Thị Mai")
    press(page, page.get_by_label("Người đọc đồng ý"), "Space")
    press(page, button(page, "Lưu"))

    go_to(page, "Dịch vụ")
    press(page, link(page, "Thủ tục"))
    press(page, button(page, "Dùng danh mục mẫu"))
    expect(page.get_by_text("88 thủ tục mới")).to_be_visible(timeout=SLOW_MS)
    press(page, button(page, "Áp dụng"))
    expect(page.get_by_text("Đã cập nhật danh mục thủ tục.")).to_be_visible(timeout=SLOW_MS)


@pytest.fixture
def staff(shared_centre):
    """The cookies of a clerk and a kiosk, beside a greeter who signs in."""
    chief = chief_of(shared_centre)
    for name, role in (("Mai", "clerk"), ("Hoa", "greeter")):
        add_person(shared_centre, chief, name, role)
    _post(shared_centre, "/settings/hall", APPOINTMENTS, chief)
    kiosk = paired_device(shared_centre, chief, "kiosk", "Máy ở cửa phụ")
    return {"kiosk": kiosk, "Mai": signed_in(shared_centre, "Mai")}


def chief_of(centre):
    there = centre.post("/api/v1/sign-in", {"name": CHIEF, "password": PASSWORD})
    return there.cookies if there.ok else supervisor_cookies(centre, CHIEF)


def test_given_a_hall_then_greeter_citizen_and_clerk_work_the_day_by_the_keyboard(opened, shared_centre, staff):
    page = opened("/sign-in", size=(360, 740))
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("Hoa")
    write(page, page.locator("#password"), PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".tile")).to_have_count(8)
    press(page, page.locator(".tile", has_text="Chứng thực"))
    expect(page.locator(".last .number")).to_be_visible()
    amend = page.locator(".last-amend")
    press(page, amend)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(amend).to_be_focused()

    # An appointment; its slip goes away and leaves nobody at the top of the page.
    press(page, link(page, "Lịch hẹn"))
    press(page, page.locator(".slot-keys button:enabled").last)
    expect(page.locator("#slip-title")).to_be_focused()
    press(page, button(page, "Xong"))
    expect(page.locator(".slip")).to_have_count(0)
    expect(page.locator("main h2").first).to_be_focused()

    # The kiosk, with whatever keyboard is plugged in.
    kiosk = opened("/kiosk", staff["kiosk"], (1080, 1920))
    press(kiosk, kiosk.locator('[data-press="service:CHUNG_THUC"]'))
    press(kiosk, kiosk.locator('[data-press="no"]'))
    expect(kiosk.locator("ticket-page, no-paper-page")).to_be_visible()
    press(kiosk, kiosk.locator('[data-press="done"]'))
    expect(kiosk.locator("choice-page")).to_be_visible()

    token = shared_centre.token("kiosk")
    tickets = [shared_centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=token).json() for _ in range(3)]
    phone = opened(f"/t/{tickets[-1]['id']}", size=(360, 740))
    expect(phone.locator("#service")).not_to_be_empty()
    for act in ("cancel", "later"):
        key = phone.locator(f"#{act}")
        if act == "later" and not key.is_visible():
            continue  # it is offered to who waits for a counter that works
        for leave in ("Escape", "Enter"):
            press(phone, key)
            expect(phone.locator(f"#{act}-ask")).to_be_focused()
            if leave == "Enter":
                reach(phone, phone.locator(f"#{act}-keep"))
            phone.keyboard.press(leave)
            expect(phone.locator(f"#{act}-ask")).to_be_hidden()
            expect(key).to_be_focused()

    console = opened("/counter", staff["Mai"])
    press(console, console.locator("[data-counter='2']"))
    main = console.locator("#main-key")
    expect(main).to_be_focused()
    state = console.locator(".bar-state")

    person = console.locator(".person")
    for key, then in (("Space", "open"), ("Space", "called"), ("g", "called"), ("Space", "serving")):
        console.wait_for_timeout(SAME_PRESS_MS)
        console.keyboard.press(key)
        expect(state if then == "open" else person).to_have_class(re.compile(f"is-{then}"))
    console.keyboard.press("?")
    expect(console.locator(".keys")).to_be_visible()
    console.keyboard.press("Escape")
    expect(console.locator(".keys")).to_have_count(0)
    expect(main).to_be_focused()
    reach(console, console.get_by_role("link", name="Lịch hẹn"))
    reach(console, main)
    console.keyboard.press("p")
    expect(console.locator(".is-question")).to_be_visible()
    console.keyboard.press("Escape")
    expect(console.locator(".is-question")).to_have_count(0)
    console.keyboard.press("Enter")
    expect(console.locator(".person.is-serving")).to_have_count(0)
    console.keyboard.press("u")  # it had not finished after all
    expect(console.locator(".person.is-serving")).to_be_visible()
