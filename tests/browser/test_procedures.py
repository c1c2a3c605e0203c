"""Finding by what people say: the supervisor reads a table, and people at the kiosk find their procedure."""

import pytest
from playwright.sync_api import expect

from tests.browser.measure import axe, overflowing
from tests.browser.page_errors import refused
from tests.centre import TestCentreProcess
from tests.people import supervisor_cookies
from tests.procedures import as_csv, many_rows

pytestmark = pytest.mark.browser

PATIENCE_MS = 20_000
SIZES = ((1366, 768), (360, 740))


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    running = TestCentreProcess(tmp_path_factory.mktemp("procedures"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def supervisor(chromium, centre, name):
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    cookies = supervisor_cookies(centre)
    context.add_cookies([{"name": key, "value": value, "url": centre.at(name)} for key, value in cookies.items()])
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
