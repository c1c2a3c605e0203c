"""Finding by what people say: the supervisor reads a table, and people at the kiosk find their procedure."""

import re
from base64 import b64encode

import pytest
from playwright.sync_api import expect

from tests.browser.layout import layout_faults
from tests.browser.measure import axe, overflowing, targets
from tests.browser.page_errors import refused
from tests.centre import TestCentreProcess
from tests.paper.printer import FakePrinter
from tests.people import add_person, paired_device, signed_in, supervisor_cookies
from tests.procedures import VI, as_csv, many_rows

pytestmark = pytest.mark.browser

PATIENCE_MS = 20_000
TYPING_MS = 140
REPEAT_MS = 1600  # after which a second touch is a wish of its own
SIZES = ((1366, 768), (360, 740))


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    printer = FakePrinter()
    running = TestCentreProcess(tmp_path_factory.mktemp("procedures") / "data", options=("--printer", printer.address))
    running.start()
    yield running
    running.stop()
    printer.off()


@pytest.fixture(scope="module")
def chief(centre):
    """The cookies of the centre's supervisor."""
    return supervisor_cookies(centre)


@pytest.fixture(scope="module")
def supervisor(chromium, centre, chief, name):
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    context.add_cookies([{"name": key, "value": value, "url": centre.at(name)} for key, value in chief.items()])
    page = context.new_page()
    page.goto(f"{centre.at(name)}/supervisor#procedures")
    expect(page.get_by_text("Chưa có thủ tục nào")).to_be_visible()
    yield page
    context.close()


@pytest.mark.expects_page_errors(refused(400, "/settings/procedures/read"))
@pytest.mark.timeout(300)
def test_given_a_table_then_bad_rows_are_named_and_it_is_applied_only_after_a_look(supervisor, chromium):
    page = supervisor
    # The list that comes with the program, first looked at.
    page.get_by_role("button", name="Dùng danh mục mẫu").click()
    expect(page.get_by_text("88 thủ tục mới")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Áp dụng").click()
    expect(page.get_by_text("Đã cập nhật danh mục thủ tục.")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("88 thủ tục cần kiểm tra")).to_be_visible()

    rows = many_rows(450)
    for at in range(100, 120):
        rows[at][5] = "Phòng chờ"
    page.set_input_files("#sheet-file", {"name": "thủ tục.csv", "mimeType": "text/csv", "buffer": as_csv(rows, ";")})
    expect(page.get_by_text("Đã đọc thủ tục.csv: 450 hàng")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("20 hàng chưa đúng")).to_be_visible()
    expect(page.get_by_text("Hàng 101, cột “Dịch vụ”")).to_be_visible()
    expect(page.get_by_text("342 thủ tục mới")).to_be_visible()
    expect(page.get_by_text("88 thủ tục thay đổi")).to_be_visible()
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert overflowing(page)[0] == 0
        assert axe(page) == []
    page.set_viewport_size({"width": 1366, "height": 768})
    page.get_by_role("button", name="Áp dụng").click()
    expect(page.get_by_role("heading", name="430 thủ tục")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_label("Thử tìm như người dân").fill("giay khai sin")
    expect(page.locator("[data-by=procedures] tbody tr").first).to_contain_text("Đăng ký khai sinh")

    page.set_input_files("#sheet-file", {"name": "ảnh.csv", "mimeType": "text/csv", "buffer": b"\x89PNG\xff\xfe"})
    expect(page.get_by_role("alert")).to_contain_text("Không đọc được tệp này")


KIOSKS = ((1080, 1920), (1366, 768), (768, 1024))
TARGET_MM = 20
HUNDREDTH_MM = 0.01
FINDS = {  # what is typed -> the procedure that stands first
    "khai sinh": "Đăng ký khai sinh",
    "giay khai sin": "Đăng ký khai sinh",
    "lam giay cho con moi de": "Đăng ký khai sinh",
    "so do": "Đăng ký đất đai, cấp Giấy chứng nhận quyền sử dụng đất lần đầu",
}
BIRTH = {
    VI["column_online"]: "Toàn trình",
    VI["column_checklist"]: "Giấy chứng sinh\nCăn cước của cha, mẹ",
    VI["column_fee"]: "Miễn phí",
    VI["column_link"]: "https://dichvucong.gov.vn/khai-sinh",
}


@pytest.fixture(scope="module")
def filled(centre, chief):
    """A centre with 450 procedures, of which one says what to bring and can be done at home."""
    rows = many_rows(450)
    for column, text in BIRTH.items():
        next(row for row in rows if row[2] == "Đăng ký khai sinh")[rows[0].index(column)] = text

    def post(path, body):
        answer = centre.post(f"/api/v1/{path}", body, cookies=chief)
        assert answer.status_code == 200, answer.text
        return answer.json()

    read = post("settings/procedures/read", {"name": "t.csv", "content": b64encode(as_csv(rows)).decode()})
    post("settings/procedures", {"procedures": read["procedures"]})
    return centre


def typed_on(page, words):
    page.locator('[data-press="clear"]').click()
    for letter in words:
        # A hand needs longer between two letters than the keys ask for.
        page.wait_for_timeout(TYPING_MS)
        page.locator('[data-press="space"]' if letter == " " else f'[data-press="letter:{letter}"]').click()
    expect(page.locator(".search-words")).to_have_text(words)


@pytest.mark.timeout(300)
def test_given_a_farmer_who_types_as_he_speaks_then_the_tile_is_found_and_home_and_papers_are_said_first(
    filled, chief, chromium, name
):
    centre = filled
    sent = []
    for width, height in KIOSKS:
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="vi-VN")
        cookies = paired_device(centre, chief, "kiosk", f"Máy {width}")
        context.add_cookies([{"name": key, "value": value, "url": centre.at(name)} for key, value in cookies.items()])
        page = context.new_page()
        page.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
        page.goto(f"{centre.at(name)}/kiosk")
        page.locator('[data-press="search"]').click(timeout=PATIENCE_MS)
        for words, answer in FINDS.items() if width == KIOSKS[0][0] else [("giay khai sin", "Đăng ký khai sinh")]:
            typed_on(page, words)
            expect(page.locator(".answer-title").first).to_have_text(answer)
        millimetre = page.evaluate("parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--mm'))")
        small = [
            (key.label, key.width / millimetre, key.height / millimetre)
            for key in targets(page)
            if min(key.width, key.height) / millimetre < TARGET_MM - HUNDREDTH_MM
        ]
        assert small == []
        assert (width, layout_faults(page)) == (width, [])
        assert axe(page) == []
        typed_on(page, "giay khai sin")
        page.locator(".answer-key").first.click()
        expect(page.get_by_text("Việc này nộp được ở nhà")).to_be_visible()
        page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")
        expect(page.get_by_text("Căn cước của cha, mẹ")).to_be_visible()
        expect(page.locator(".procedure-code")).to_have_js_property("complete", True)
        page.locator('[data-press="wants-list"]').click()
        expect(page.locator('[data-press="wants-list"]')).to_have_attribute("aria-pressed", "true")
        assert (width, layout_faults(page)) == (width, [])
        assert axe(page) == []
        page.wait_for_timeout(REPEAT_MS)
        page.locator('[data-press="take-number"]').click()
        page.wait_for_timeout(REPEAT_MS)
        page.locator('[data-press="no"]').click()
        expect(page.locator('main[data-page="ticket"]')).to_be_visible(timeout=PATIENCE_MS)
        context.close()
        assert any('"papers_of":"HT-01"' in request for request in sent)
    assert not [request for request in sent if "khai" in request]


def test_given_a_greeter_who_types_then_one_touch_gives_the_number(filled, chief, chromium, name):
    centre = filled
    add_person(centre, chief, "Lan", "greeter")
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN")
    cookies = signed_in(centre, "Lan")
    context.add_cookies([{"name": key, "value": value, "url": centre.at(name)} for key, value in cookies.items()])
    page = context.new_page()
    page.goto(f"{centre.at(name)}/greeter")
    page.get_by_label("Tìm việc người dân cần").fill("làm giấy khai sinh")
    first = page.locator(".find-answer").first
    expect(first).to_contain_text("Đăng ký khai sinh")
    expect(first.get_by_role("link")).to_have_attribute("href", BIRTH[VI["column_link"]])
    assert overflowing(page)[0] == 0
    assert axe(page) == []
    first.get_by_role("button").click()
    expect(page.locator("main")).to_contain_text(re.compile(r"H.00\d"))
    context.close()
