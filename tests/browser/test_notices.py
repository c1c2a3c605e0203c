"""What a supervisor says: one message to all who wait, on every screen at once, and a wish to a counter."""

import pytest
from playwright.sync_api import expect

from tests.browser.page_errors import refused
from tests.people import add_person, clerk_cookies, paired_device, signed_in, supervisor_cookies

pytestmark = pytest.mark.browser

SOON_MS = 15_000  # a phone asks every eight seconds
WORDS = "Mất điện đến 14:30, xin ông/bà chờ."


@pytest.fixture
def opened(chromium, shared_centre, name):
    """Opens a page of the centre with somebody's cookies."""
    contexts = []

    def open_page(path, cookies=(), width=1366, height=768):
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="vi-VN")
        contexts.append(context)
        address = shared_centre.at(name)
        context.add_cookies([{"name": each.name, "value": each.value, "url": address} for each in cookies])
        page = context.new_page()
        page.add_init_script("localStorage.setItem('supervisor.start_put_off', '1')")
        page.goto(f"{address}{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.expects_page_errors(refused(400, "/notice"))
def test_given_a_message_to_all_then_every_screen_has_it_and_a_count_and_a_wish_reach_who_they_are_for(
    shared_centre, opened
):
    supervisor = supervisor_cookies(shared_centre)
    add_person(shared_centre, supervisor, "Hoa", "greeter")
    ticket = [
        shared_centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=shared_centre.token("greeter")).json()
        for _ in range(4)
    ][0]
    wall = opened("/display", paired_device(shared_centre, supervisor, "display", "Sảnh"), 1920, 1080)
    kiosk = opened("/kiosk", paired_device(shared_centre, supervisor, "kiosk", "Cửa"), 1080, 1920)
    phone, first = opened(f"/t/{ticket['id']}", width=360, height=740), opened("/")
    board = opened("/supervisor#notice", supervisor)
    shown = {
        "wall": wall.locator("hall-notice"),
        "kiosk": kiosk.locator("hall-notice"),
        "phone": phone.locator("#said"),
        "first page": first.locator("#notice"),
    }
    for place in shown.values():
        expect(place).to_be_hidden()

    board.get_by_role("radio", name="Nghỉ trưa").check()
    board.get_by_role("textbox", name="Làm việc lại lúc").fill("25:00")
    board.get_by_role("button", name="Hiện ngay").click()
    expect(board.get_by_role("textbox", name="Làm việc lại lúc")).to_have_attribute("aria-invalid", "true")
    board.get_by_role("radio", name="Tự viết").check()
    board.get_by_label("Câu thông báo (Tiếng Việt)").fill(WORDS)
    board.get_by_role("combobox", name="Tự hết").select_option("30")
    board.get_by_role("button", name="Hiện ngay").click()
    expect(board.locator(".notice-stands")).to_contain_text(WORDS)
    expect(board.locator(".head")).to_contain_text("Đang hiện thông báo chung")
    first.reload()  # it asks by itself every twenty seconds
    for place in shown.values():
        expect(place).to_contain_text(WORDS, timeout=SOON_MS)
        expect(place).to_be_visible()

    # The people before the kiosk, who have no number yet.
    greeter = opened("/greeter", signed_in(shared_centre, "Hoa"), 360, 740)
    greeter.get_by_label("Bao nhiêu người chưa có số?").fill("7")
    greeter.get_by_role("button", name="Ghi", exact=True).click()
    expect(greeter.locator("#entrance-said")).to_contain_text("7 người")
    board.goto(board.url.replace("#notice", "#live"))
    expect(board.locator('[data-figure="waiting"]')).to_contain_text(": 7")
    expect(board.locator(".services-now")).to_contain_text("Thời gian chờ tính từ lúc lấy số")
    board.goto(board.url.replace("#live", "#statistics"))
    expect(board.locator(".entrance summary")).to_contain_text("đếm 1 lần, trung bình 7 người, nhiều nhất 7 người")
    expect(board.locator(".wait-from")).to_contain_text("hàng người trước máy lấy số không tính vào")

    # A counter that should open is asked, and answers.
    board.goto(board.url.replace("#statistics", "#live"))
    asked = int(board.locator(".advice").inner_text().split("quầy ")[1].split(":")[0])
    board.get_by_role("button", name=f"Nhắn quầy {asked}").click()
    expect(board.locator(".advice-said")).to_contain_text("Đã nhắn")
    clerk = opened("/counter", clerk_cookies(shared_centre, supervisor, "Mai"))
    chosen = clerk.locator(f'[data-counter="{asked}"]')
    expect(chosen).to_contain_text(f"Mời mở quầy {asked}")
    chosen.click()
    expect(clerk.locator(".wish")).to_contain_text(f"Mời mở quầy {asked}")
    clerk.keyboard.press("l")
    expect(clerk.locator(".wish")).to_have_count(0)
    expect(board.locator(".advice-said")).to_contain_text(f"Quầy {asked}: Chưa được")
    board.get_by_role("button", name=f"Nhắn lại quầy {asked}").click()
    expect(clerk.locator(".wish")).to_be_visible()
    clerk.keyboard.press("Space")  # opens it: nothing is left to be answered
    expect(clerk.locator(".wish")).to_have_count(0)

    board.goto(board.url.replace("#live", "#notice"))
    board.get_by_role("button", name="Gỡ xuống").click()
    first.reload()
    for place in shown.values():
        expect(place).to_be_hidden(timeout=SOON_MS)
    board.goto(board.url.replace("#notice", "#log"))
    for words in ("Gỡ thông báo chung", WORDS, "Đếm trước máy lấy số: 7 người", "Chưa được", "Mời mở quầy"):
        expect(board.locator(".log-list")).to_contain_text(words)
