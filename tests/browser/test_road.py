"""The whole road: two touches to a number, the wall calls it, the clerk needs one key, the figures count it."""

import pytest
from playwright.sync_api import expect

from tests import people

pytestmark = pytest.mark.browser

PATIENCE_MS = 15_000
CALL, START, FINISH = "Gọi số tiếp theo", "Bắt đầu phục vụ", "Hoàn thành, gọi số tiếp theo"


@pytest.fixture
def window(chromium, centre, name):
    """Opens a page for who holds these cookies, under a name that is not localhost."""
    opened = []

    def open_window(path, width, height, cookies=()):
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="vi-VN")
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies([{"name": c.name, "value": c.value, "domain": name, "path": "/"} for c in cookies])
        opened.append(context)
        page = context.new_page()
        page.goto(centre.at(name) + path)
        return page

    yield open_window
    for context in opened:
        context.close()


def test_given_a_new_centre_when_a_citizen_comes_then_kiosk_wall_console_and_figures_tell_one_story(centre, window):
    supervisor = people.supervisor_cookies(centre)
    clerk = people.clerk_cookies(centre, supervisor, "Lò Thị Mai")
    kiosk = window("/kiosk", 1080, 1920, people.paired_device(centre, supervisor, "kiosk", "Cửa chính"))
    wall = window("/display", 1920, 1080, people.paired_wall(centre, supervisor))
    console = window("/counter", 1366, 768, clerk)
    expect(console.get_by_role("button", name="Quầy 2")).to_be_visible(timeout=PATIENCE_MS)
    console.keyboard.press("2")
    expect(console.get_by_role("button", name="Mở quầy").first).to_be_visible(timeout=PATIENCE_MS)
    console.keyboard.press("Space")
    expect(console.get_by_text("Chưa có ai chờ").first).to_be_visible(timeout=PATIENCE_MS)

    kiosk.get_by_role("button", name="Chứng thực").click()
    kiosk.get_by_role("button", name="Không").click()
    expect(kiosk.get_by_text("Số thứ tự của ông/bà")).to_be_visible(timeout=PATIENCE_MS)
    expect(kiosk.get_by_text("B 001").first).to_be_visible()

    key = console.get_by_role("button", name=CALL)
    expect(key).to_be_visible(timeout=PATIENCE_MS)
    for press, then in ((CALL, START), (START, FINISH), (FINISH, None)):
        expect(console.get_by_role("button", name=press)).to_be_enabled(timeout=PATIENCE_MS)
        console.wait_for_timeout(1_050)  # the double press of one key is one press for a second
        console.keyboard.press("Space")
        if press == CALL:
            expect(wall.locator("call-panel")).to_contain_text("B 001", timeout=PATIENCE_MS)
            expect(console.get_by_text("Màn hình đã hiện B 001")).to_be_visible(timeout=PATIENCE_MS)
        if then:
            expect(console.get_by_role("button", name=then)).to_be_visible(timeout=PATIENCE_MS)
    expect(console.get_by_text("Chưa có ai chờ").first).to_be_visible(timeout=PATIENCE_MS)

    office = window("/supervisor", 1366, 768, supervisor)
    expect(office.get_by_text("1 số đã cấp").first).to_be_visible(timeout=PATIENCE_MS)
    day = centre.get("/api/v1/board").json()["day"]
    figures = centre.get(f"/api/v1/statistics?from={day}&to={day}", token=centre.token("inspector")).json()["total"]
    assert (figures["issued"], figures["called"], figures["served"]) == (1, 1, 1)
    assert "clean" in centre.command("verify")
