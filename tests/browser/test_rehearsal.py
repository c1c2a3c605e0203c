"""A supervisor tries another rule on the days that were, and only then saves it."""

from datetime import UTC, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.measure import axe, overflowing, targets
from tests.centre import TestCentreProcess
from tests.clocks import HandClock
from tests.hall.centre import TestCentre
from tests.hall.test_rehearsal import busy_day
from tests.people import supervisor_cookies

pytestmark = pytest.mark.browser


@pytest.fixture
def lived_in(tmp_path):
    """A running centre with two days behind it."""
    data = tmp_path / "data"
    data.mkdir()
    today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).replace(hour=8, minute=0).astimezone(UTC)
    small = TestCentre(data / "hall.db", HandClock(today - timedelta(days=3)))
    for seed in (1, 2):
        busy_day(small, seed)
    small.db.close()
    running = TestCentreProcess(data)
    yield running.start()
    running.stop()


def settings(centre, cookies):
    """The settings in force, without the seq of the log: meanwhile a month may have been published."""
    return {**centre.get("/api/v1/settings", cookies=cookies).json(), "seq": None}


def test_given_two_days_behind_them_when_rehearsing_strict_priority_then_the_page_tells_what_it_would_cost(
    lived_in, chromium, name
):
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    cookies = dict(supervisor_cookies(lived_in))
    context.add_cookies([{"name": key, "value": value, "url": lived_in.at(name)} for key, value in cookies.items()])
    page = context.new_page()
    page.goto(f"{lived_in.at(name)}/supervisor#priority")
    card = page.get_by_role("region", name="Chạy thử quy tắc này")
    page.get_by_role("radio", name="Tuyệt đối").check()
    before = settings(lived_in, cookies)
    card.get_by_role("button", name="Chạy thử").click()
    expect(card.locator("tbody tr").first).to_be_visible(timeout=60_000)
    expect(card).to_contain_text("2 ngày")
    expect(card.locator("tbody tr").last).to_be_in_viewport()  # who pressed the key sees what came of it

    rehearsal = lived_in.get("/api/v1/settings/policy/rehearsal", cookies=cookies).json()
    assert (rehearsal["state"], rehearsal["policy"]["head_starts_s"]["priority"]) == ("done", 480 * 60)
    assert rehearsal["result"]["was"] == rehearsal["result"]["now"]
    row = card.locator("tr[data-class=urgent] td").all_inner_texts()
    assert row[2] == str(rehearsal["result"]["was"]["classes"]["urgent"]["slips"])
    assert row[8] != row[0]
    assert settings(lived_in, cookies) == before  # nothing was changed

    expect(card.get_by_text("đã đổi sau lần chạy thử")).to_have_count(0)
    page.get_by_role("radio", name="Theo thứ tự").check()
    expect(card.get_by_text("đã đổi sau lần chạy thử")).to_be_visible()
    for width, height in ((1366, 768), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        assert overflowing(page)[0] == 0
        assert [each for each in targets(page) if each.width < 44 or each.height < 44] == []
        assert axe(page) == []
    context.close()


def test_given_some_days_when_another_plan_is_played_then_the_page_has_the_figures_of_the_api(lived_in, chromium, name):
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    cookies = dict(supervisor_cookies(lived_in))
    context.add_cookies([{"name": key, "value": value, "url": lived_in.at(name)} for key, value in cookies.items()])
    page = context.new_page()
    page.goto(f"{lived_in.at(name)}/supervisor#plan")
    before = settings(lived_in, cookies)
    own = page.locator(".plan-own")
    own.locator("summary").click()
    counter = own.locator("fieldset[data-counter='2']")
    expect(counter.get_by_role("checkbox", checked=True)).to_have_count(2)
    counter.get_by_role("checkbox", name="Đất đai").check()
    expect(counter).to_contain_text("Đã sửa")
    own.get_by_label("Số người đến").select_option("20")
    own.get_by_role("button", name="Chạy thử").click()
    result = page.get_by_role("region", name="Kết quả")
    expect(result).to_be_visible(timeout=120_000)
    expect(result).to_contain_text("Quầy 2 làm thêm: Đất đai")
    expect(result).to_contain_text("Người đến nhiều hơn 20 %")

    view = lived_in.get("/api/v1/what-if", cookies=cookies).json()
    assert view["state"] == "done" and view["result"]["seeds"] == 200
    (changed,) = view["question"]["plan"]["counters"]
    assert (changed["counter"], changed["hours"]) == (2, None) and "DAT_DAI" in changed["services"]
    cells = result.locator("tr[data-figure=p90_s] td").all_inner_texts()
    assert cells[0] == f"{ceil(view['result']['real']['figures']['p90_s'] / 60)} phút"
    proof = result.locator(".plan-proof")
    assert proof.get_attribute("data-outside") == " ".join(view["result"]["outside"])
    assert settings(lived_in, cookies) == before  # nothing was changed
    page.locator(".followed summary").click()
    expect(page.locator(".followed")).to_contain_text("Chưa có đề xuất nào")
    looked_at(page)

    page.goto(f"{lived_in.at(name)}/supervisor#week")
    page.get_by_role("button", name="Tính cho tuần tới").click()
    # Two days are too little to say anything of any weekday.
    expect(page.locator(".week-learnt strong")).to_be_visible(timeout=60_000)
    expect(page.locator(".week-table")).to_have_count(0)
    looked_at(page)
    context.close()


def looked_at(page):
    for width, height in ((1366, 768), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        assert overflowing(page)[0] == 0
        assert [each for each in targets(page) if each.width < 44 or each.height < 44] == []
        assert axe(page) == []
    page.set_viewport_size({"width": 1366, "height": 768})
