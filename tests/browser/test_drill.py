"""A supervisor has everything checked, and reads what was found."""

import pytest
from playwright.sync_api import expect

from hall.drill import CHECKS
from tests.browser.measure import axe, overflowing, targets
from tests.centre import TestCentreProcess
from tests.people import supervisor_cookies

pytestmark = pytest.mark.browser


@pytest.fixture
def centre(tmp_path):
    """A new centre whose tickets name an address that leads nowhere."""
    running = TestCentreProcess(tmp_path / "data", options=("--public-url", "http://127.0.0.1:9"))
    running.start().command("backup")
    yield running
    running.stop()


def test_given_a_supervisor_when_checking_everything_then_each_thing_is_told_in_words_and_the_log_has_it(
    centre, chromium, name
):
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    cookies = supervisor_cookies(centre)
    context.add_cookies([{"name": key, "value": value, "url": centre.at(name)} for key, value in cookies.items()])
    page = context.new_page()
    page.goto(f"{centre.at(name)}/supervisor#devices")
    page.get_by_role("link", name="Kiểm tra toàn bộ").click()
    expect(page.get_by_text("Chưa kiểm tra lần nào")).to_be_visible()
    page.get_by_role("button", name="Kiểm tra ngay").click()
    found = page.get_by_role("region", name="việc cần xem")
    expect(found).to_be_visible(timeout=60_000)
    expect(found.locator("li")).to_have_count(len(CHECKS))
    expect(found.locator("li.is-fault")).to_have_count(1)
    expect(found).to_contain_text("không mở được http://127.0.0.1:9")
    expect(page.get_by_role("button", name="Kiểm tra lại")).to_be_enabled()
    for width, height in ((1366, 768), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        assert overflowing(page)[0] == 0
        assert [each for each in targets(page) if each.width < 44 or each.height < 44] == []
        assert axe(page) == []
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{centre.at(name)}/supervisor#live")
    expect(page.locator("[data-alarm=drill_faults]")).to_contain_text("1 việc cần xem")
    page.goto(f"{centre.at(name)}/supervisor#log")
    expect(page.get_by_text("Kiểm tra toàn bộ").first).to_be_visible()
    context.close()
