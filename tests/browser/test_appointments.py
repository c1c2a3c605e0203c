"""The page of appointments: a slot given away, its code in the day's list, and the list on paper."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.measure import axe, overflowing, targets
from tests.browser.page_errors import SERVER_GONE
from tests.people import _post, add_person, signed_in, supervisor_cookies

pytestmark = pytest.mark.browser

SHIFT = {"opens": "07:30", "closes": "11:30", "issues_from": "07:00", "issues_to": "11:00"}
RULE = {"weekdays": [1, 2, 3, 4, 5, 6, 7], "shifts": [SHIFT]}
YEAR = {"name": "Cả năm", "first": "01-01", "last": "12-31", "rules": [RULE]}
SETTINGS = {"hours": {"seasons": [YEAR]}, "appointments": {"DAT_DAI": {"minutes": 30, "share": 60}}}
PATIENCE_MS = 15_000


@pytest.fixture(scope="module")
def greeter(shared_centre):
    """The cookies of a greeter in a hall that gives appointments."""
    supervisor = supervisor_cookies(shared_centre)
    add_person(shared_centre, supervisor, "Chị Hoa", "greeter")
    _post(shared_centre, "/settings/hall", SETTINGS, supervisor)
    return signed_in(shared_centre, "Chị Hoa")


@pytest.fixture
def page(chromium, shared_centre, name, greeter):
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    context.set_default_timeout(PATIENCE_MS)
    address = shared_centre.at(name)
    context.add_cookies([{"name": c.name, "value": c.value, "url": address} for c in greeter])
    page = context.new_page()
    page.goto(f"{address}/appointments")
    yield page
    context.close()


def test_given_a_free_slot_when_it_is_given_away_then_its_code_is_in_the_list_and_on_paper(page):
    shown = page.get_by_label("Ngày")
    expect(shown).to_be_visible()
    tomorrow = page.evaluate(
        """day => new Date(Date.parse(`${day}T05:00:00Z`) + 86_400_000).toISOString().slice(0, 10)""",
        shown.input_value(),
    )
    shown.fill(tomorrow)
    expect(page.get_by_text("Chưa có lịch hẹn trong ngày này.")).to_be_visible()
    page.get_by_label("Lĩnh vực").select_option("DAT_DAI")
    slot = page.get_by_role("button", name=re.compile("^08:30"))
    expect(slot).to_contain_text("còn 1")
    slot.click()
    expect(page.get_by_role("status")).to_have_text(re.compile(r"Đã đặt hẹn 08:30\. Mã: \d{6}"))
    slip = page.get_by_role("region", name="Phiếu hẹn")
    expect(slip).to_contain_text("08:30")
    expect(slip.locator(".slip-code b")).to_have_text(re.compile(r"^\d{6}$"))
    for width, height in ((1366, 768), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        assert axe(page) == [] and overflowing(page)[0] == 0
        assert [each for each in targets(page) if min(each.width, each.height) < 44] == []
    page.set_viewport_size({"width": 1366, "height": 768})
    page.emulate_media(media="print")
    expect(slip).to_be_visible()
    expect(page.locator("table")).to_be_hidden()  # the slip alone is printed
    page.emulate_media(media="screen")
    slip.get_by_role("button", name="Xong").click()
    expect(slip).to_have_count(0)
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Đất đai")
    expect(slot).to_be_disabled()
    assert axe(page) == []
    assert overflowing(page)[0] == 0
    assert [each for each in targets(page) if min(each.width, each.height) < 44] == []

    page.emulate_media(media="print")
    expect(row.locator(".code")).to_be_visible()
    expect(page.locator(".slots")).to_be_hidden()
    expect(page.get_by_text("In danh sách")).to_be_hidden()
    page.emulate_media(media="screen")

    row.get_by_role("button").click()
    expect(row).to_have_attribute("data-state", "cancelled")
    expect(slot).to_be_enabled()


@pytest.mark.expects_page_errors(SERVER_GONE)
def test_given_no_answer_when_the_slot_is_given_away_again_then_it_is_the_same_command(page):
    keys = []
    answering = False

    def answer(route):
        keys.append(route.request.headers["idempotency-key"])
        if answering:
            route.continue_()
        else:
            route.abort()

    page.route(lambda url: url.endswith("/api/v1/appointments"), answer)
    shown = page.get_by_label("Ngày")
    tomorrow = page.evaluate(
        """day => new Date(Date.parse(`${day}T05:00:00Z`) + 2 * 86_400_000).toISOString().slice(0, 10)""",
        shown.input_value(),
    )
    shown.fill(tomorrow)
    page.get_by_label("Lĩnh vực").select_option("DAT_DAI")
    slot = page.get_by_role("button", name=re.compile("^09:00"))
    slot.click()
    expect(page.locator(".refusal")).to_be_visible()
    assert page.locator("tbody tr").count() == 0

    answering = True
    slot.click()
    expect(page.locator("tbody tr")).to_have_count(1)
    assert len(keys) > 1
    assert len(set(keys)) == 1
