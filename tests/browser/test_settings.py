"""The settings in a browser: a commune's centre from nothing, refused with reasons, undone, and copied."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.measure import axe, overflowing, targets
from tests.browser.page_errors import refused
from tests.centre import TestCentreProcess
from tests.people import PASSWORD, add_person, paired_device, signed_in, supervisor_cookies

pytestmark = pytest.mark.browser

PAGES = {
    "services": ".settings-form",
    "counters": ".settings-form",
    "priority": ".settings-form",
    "hall": ".settings-form",
    "hours": ".settings-form",
    "wall": ".settings-form",
    "printers": ".settings-form",
    "transfer": ".card",
    "start": ".settings-form",
}
SIZES = ((1366, 768), (360, 740))
TARGET_PX = 44

# Presses a key and types into a field before anything else can happen, as a quick hand does on a slow machine.
TYPE_AT_ONCE = """async ([key, name, words]) => {
  [...document.querySelectorAll(".main button")].find((button) => button.innerText.trim() === key).click();
  await null;
  const field = document.querySelector(`[name="${name}"]`);
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}"""


def browser_of(chromium, centre, name, cookies):
    """A browser that is signed in at a centre."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN", accept_downloads=True)
    context.add_cookies([{"name": key, "value": value, "url": centre.at(name)} for key, value in cookies.items()])
    return context


def opened(context, centre, name, page_name):
    page = context.new_page()
    page.goto(f"{centre.at(name)}/supervisor#{page_name}")
    expect(page.locator(PAGES[page_name]).first).to_be_visible()
    return page


@pytest.fixture(scope="module")
def signed_in_centre(shared_centre, chromium, name):
    """(centre, cookies of the supervisor, a function that opens a page)."""
    cookies = supervisor_cookies(shared_centre)
    context = browser_of(chromium, shared_centre, name, dict(cookies))
    yield shared_centre, cookies, lambda page_name: opened(context, shared_centre, name, page_name)
    context.close()


@pytest.fixture(autouse=True)
def no_window_left(signed_in_centre):
    yield
    page = signed_in_centre[2]("transfer")
    for other in page.context.pages:
        other.close()


def export(centre, cookies):
    return centre.get("/api/v1/settings/export", cookies=cookies).json()


def save(page):
    page.get_by_role("button", name="Lưu", exact=True).click()


def test_given_a_new_commune_when_set_up_from_nothing_then_its_file_makes_an_empty_centre_equal(
    centre, chromium, name, tmp_path
):
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN", accept_downloads=True)
    page = context.new_page()
    page.goto(f"{centre.at(name)}/setup?key={centre.setup_key()}")
    for field, value in (("#name", "Hoàng Thị Mai"), ("#password", PASSWORD), ("#again", PASSWORD)):
        page.fill(field, value)
    page.click("#send")
    page.get_by_role("link", name="Bắt đầu").click()

    expect(page.get_by_role("heading", name="Bước 1/7: Tên trung tâm")).to_be_visible()
    page.get_by_label("Cơ quan").fill("UBND xã Bắc Mê")
    page.get_by_label("Đường dây nóng").fill("0219 3846 022")
    save(page)
    expect(page.get_by_text("Đã lưu.")).to_be_visible()

    page.get_by_role("button", name="Bước tiếp theo").click()
    expect(page.get_by_role("heading", name="Bước 2/7: Dịch vụ")).to_be_focused()
    page.locator("[data-service=KT_HT]").click()
    page.get_by_role("button", name="Ngừng dùng").click()
    expect(page.get_by_text("Đã ngừng “Kinh doanh, Xây dựng”")).to_be_visible()
    page.get_by_role("button", name="Thêm dịch vụ").click()
    page.get_by_label("Tên (Tiếng Việt)").fill("Công an")
    page.get_by_label("Tên (English)").fill("Police")
    page.get_by_label("Chữ cái").select_option("K")
    page.get_by_label("Quầy 4").check()
    save(page)
    expect(page.locator("[data-service=CONG_AN]")).to_contain_text("Quầy 4")
    page.get_by_role("button", name="Đưa lên").click()
    expect(page.get_by_text("Đã đổi thứ tự.")).to_be_visible()

    page.get_by_role("button", name="Bước tiếp theo").click()
    page.get_by_role("button", name="Thêm quầy").click()
    page.get_by_label("Công an").check()
    save(page)
    expect(page.locator("button[data-counter='6']")).to_contain_text("Công an")

    for n, title in ((4, "Giờ làm việc"), (5, "Máy in"), (6, "Tài khoản")):
        page.get_by_role("button", name="Bước tiếp theo").click()
        expect(page.get_by_role("heading", name=f"Bước {n}/7: {title}")).to_be_focused()
    page.get_by_label("Tên đăng nhập").fill("Vừ Mí Cơ")
    page.get_by_label("Mật khẩu đầu tiên").fill(PASSWORD)
    page.get_by_role("button", name="Thêm", exact=True).click()
    expect(page.locator("[data-user='Vừ Mí Cơ']")).to_be_visible()

    page.get_by_role("button", name="Bước tiếp theo").click()
    expect(page.get_by_text("Chưa có máy nào xin ghép")).to_be_visible()
    page.get_by_role("button", name="Xong, xem trực tiếp").click()
    expect(page.get_by_text("UBND xã Bắc Mê").first).to_be_visible()
    expect(page.locator("[data-service=CONG_AN]")).to_be_visible()

    page.get_by_role("link", name="Trung tâm", exact=True).click()
    page.get_by_role("link", name="Chép cấu hình").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải tệp cấu hình").click()
    file = tmp_path / "template.json"
    download.value.save_as(file)
    cookies = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
    here = export(centre, cookies)
    context.close()
    assert json.loads(file.read_text("utf-8")) == here
    assert here["hall"]["office"] == "UBND xã Bắc Mê"

    other = TestCentreProcess(tmp_path / "other").start()
    try:
        theirs = supervisor_cookies(other)
        context = browser_of(chromium, other, name, dict(theirs))
        page = opened(context, other, name, "transfer")
        page.get_by_label("Tệp cấu hình").set_input_files(file)
        expect(page.locator(".plan li").first).to_be_visible()
        assert export(other, theirs) != here
        page.get_by_role("button", name="Áp dụng").click()
        expect(page.get_by_text(re.compile(r"Đã đổi \d+ mục theo tệp"))).to_be_visible()
        assert export(other, theirs) == here
        context.close()
    finally:
        other.stop()


@pytest.mark.expects_page_errors(refused(400, "/settings/policy(/plan)?"))
def test_given_names_of_classes_then_staff_see_them_a_wrong_one_is_refused_and_the_last_is_undone(signed_in_centre):
    centre, cookies, open_page = signed_in_centre
    before = export(centre, cookies)
    page = open_page("priority")
    special = page.get_by_role("group", name="Ưu tiên đặc biệt, do cán bộ cấp")
    special.get_by_label("Tên (Tiếng Việt)").fill("ưu tiên")
    save(page)
    expect(page.get_by_text("Đã có tên “ưu tiên”. Xin đặt tên khác.")).to_have_count(1)
    expect(special.get_by_label("Tên (Tiếng Việt)")).to_be_focused()
    assert export(centre, cookies) == before

    special.get_by_label("Tên (Tiếng Việt)").fill("Cần giúp ngay")
    special.get_by_label("Tên (English)").fill("Helped at once")
    special.get_by_label("Xe lăn").check()
    expect(page.locator(".example .tag").nth(1)).to_have_text("Cần giúp ngay")  # while it is typed
    expect(page.get_by_label("Cần giúp ngay (phút)")).to_have_value("60")
    save(page)
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    after = export(centre, cookies)["policy"]["classes"]
    assert after == before["policy"]["classes"] | {
        "urgent": {"names": {"vi": "Cần giúp ngay", "en": "Helped at once"}, "icon": "disabled"}
    }
    event = centre.get("/api/v1/events?after=0", cookies=cookies).json()["events"][-1]
    assert (event["kind"], [change["new"] for change in event["data"]["changes"]]) == (
        "policy.changed", ["Cần giúp ngay", "Helped at once", "disabled"],
    )  # fmt: skip
    log = page.context.new_page()
    greeter = {"Authorization": f"Bearer {centre.token('greeter')}"}
    ticket = centre.post("/api/v1/tickets", {"service": "TRA_KQ", "priority_class": "urgent"}, headers=greeter).json()
    log.goto(page.url.replace("#priority", "#log"))
    expect(log.locator("[data-kind='ticket.issued']").first).to_contain_text("Cần giúp ngay")
    log.goto(page.url.replace("#priority", "#statistics?by=class"))
    log.locator("[data-grouping=class]").click()
    expect(log.locator("tr[data-key=urgent]").first).to_contain_text("Cần giúp ngay")
    mine = page.context.new_page()
    mine.goto(page.url.replace("/supervisor#priority", f"/t/{ticket['id']}"))
    expect(mine.locator("body")).to_contain_text(ticket["number"][1:])
    assert "Cần giúp ngay" not in mine.content()

    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_text("Đã hoàn tác.")).to_be_visible()
    expect(special.get_by_label("Tên (Tiếng Việt)")).to_have_value("Ưu tiên đặc biệt")
    assert export(centre, cookies) == before


@pytest.mark.expects_page_errors(refused(400, r"/settings/services/\w+"))
def test_given_a_wrong_field_then_its_reason_stands_beside_it_and_nothing_is_saved(signed_in_centre):
    centre, cookies, open_page = signed_in_centre
    before = export(centre, cookies)
    page = open_page("services")
    field = page.get_by_label("Phút phục vụ")
    field.fill("0")
    save(page)
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".field", has=field).get_by_role("alert")).to_contain_text("từ 1 đến 240")
    assert axe(page) == []
    assert export(centre, cookies) == before


def test_given_a_saved_change_when_undone_then_all_is_as_before_and_the_preview_follows(signed_in_centre):
    centre, cookies, open_page = signed_in_centre
    before = export(centre, cookies)
    page = open_page("services")
    page.get_by_label("Tên (Tiếng Việt)").fill("Sao y, chứng thực")
    expect(page.locator(".tile-preview")).to_contain_text("Sao y, chứng thực")
    save(page)
    expect(page.locator("[data-service=CHUNG_THUC]")).to_contain_text("Sao y, chứng thực")
    assert axe(page) == []
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_text("Đã hoàn tác.")).to_be_visible()
    expect(page.get_by_label("Tên (Tiếng Việt)")).to_have_value("Chứng thực")
    assert export(centre, cookies) == before


def test_given_what_is_typed_then_it_stays_until_it_is_saved_or_discarded(signed_in_centre):
    centre, cookies, open_page = signed_in_centre
    before = export(centre, cookies)
    page = open_page("services")
    field = page.get_by_label("Tên (Tiếng Việt)")
    page.evaluate(TYPE_AT_ONCE, ["Thêm dịch vụ", "names.vi", "Công an"])
    page.get_by_label("Tên (English)").fill("Police")
    expect(field).to_have_value("Công an")

    page.locator("[data-service=CHUNG_THUC]").click()
    page.get_by_role("button", name="Bỏ, không lưu").click()
    field.fill("Sao y")
    page.get_by_role("button", name="Đưa xuống").click()
    expect(page.get_by_text("Đã đổi thứ tự.")).to_be_visible()
    expect(field).to_have_value("Sao y")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_text("Đã hoàn tác.")).to_be_visible()
    expect(field).to_have_value("Sao y")
    page.get_by_role("button", name="Bỏ thay đổi").click()
    expect(field).to_have_value("Chứng thực")

    field.fill("Sao y")
    with page.expect_request("**/services/CHUNG_THUC"):
        page.evaluate(TYPE_AT_ONCE, ["Lưu", "names.vi", "Sao y, chứng thực"])
    expect(page.locator("[data-service=CHUNG_THUC]")).to_contain_text("Sao y")
    expect(field).to_have_value("Sao y, chứng thực")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("[data-service=CHUNG_THUC]")).to_contain_text("Chứng thực")
    expect(field).to_have_value("Sao y, chứng thực")
    page.get_by_role("button", name="Bỏ thay đổi").click()
    assert export(centre, cookies) == before


def test_given_a_change_then_kiosk_and_wall_show_it_without_a_reload(signed_in_centre, chromium, name):
    centre, cookies, open_page = signed_in_centre
    kiosk = browser_of(chromium, centre, name, dict(paired_device(centre, cookies, "kiosk", "Cửa chính"))).new_page()
    wall = browser_of(chromium, centre, name, dict(paired_device(centre, cookies, "display", "Sảnh"))).new_page()
    kiosk.goto(f"{centre.at(name)}/kiosk")
    wall.goto(f"{centre.at(name)}/display")
    expect(kiosk.get_by_text("Đất đai, Nông nghiệp")).to_be_visible()
    page = open_page("services")
    page.locator("[data-service=DAT_DAI]").click()
    page.get_by_label("Tên (Tiếng Việt)").fill("Đất đai")
    save(page)
    expect(kiosk.get_by_text("Đất đai", exact=True)).to_be_visible()
    page.goto(f"{centre.at(name)}/supervisor#hall")
    page.get_by_label("Cơ quan").fill("UBND xã Yên Minh")
    save(page)
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    # The office is written in capitals by the wall.
    expect(wall.get_by_text(re.compile("UBND xã Yên Minh", re.IGNORECASE)).first).to_be_visible()
    kiosk.context.close()
    wall.context.close()


@pytest.mark.expects_page_errors(refused(400, "/settings/hall"))
def test_given_the_page_of_walls_and_voice_then_what_is_saved_stands_there_and_on_the_wall(
    signed_in_centre, chromium, name
):
    centre, cookies, open_page = signed_in_centre
    wall_cookie = paired_device(centre, cookies, "display", "Màn hình cửa phụ")
    wall = browser_of(chromium, centre, name, dict(wall_cookie)).new_page()
    wall.goto(f"{centre.at(name)}/display")
    page = open_page("wall")
    page.get_by_label("Miền Nam").check()
    page.get_by_label("Màn hình phát loa").select_option(label="Màn hình cửa phụ")
    page.get_by_label("Âm lượng").fill("120")
    page.get_by_label("Dòng riêng trên màn hình (Tiếng Việt)").fill("Chiều nay 14:00 tiếp công dân")
    reach = page.locator(".wall-reach")
    expect(reach).to_contain_text("tivi 43 inch đọc được từ ghế cách 10 m; nếu treo dọc, cách 8 m")
    expect(reach.locator(".notice")).to_have_count(0)
    page.get_by_label("Ghế xa nhất").fill("9,5")
    expect(reach.locator(".notice")).to_have_text(re.compile("^Nếu treo dọc .* ghế cách 9,5 m cần từ 49 inch.$"))
    page.get_by_label("Ghế xa nhất").fill("14")
    expect(reach.locator(".notice")).to_contain_text("ghế cách 14 m cần tivi từ 60 inch, nếu treo dọc từ 72 inch")
    page.get_by_label("Cỡ tivi").fill("75")
    expect(reach.locator(".notice")).to_have_count(0)
    save(page)
    expect(page.locator("#field-voice-volume-refusal")).to_contain_text("100")
    assert export(centre, cookies)["hall"]["voice"]["variant"] == "north"
    page.get_by_label("Âm lượng").fill("65")
    save(page)
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Màn hình phát loa").locator("option:checked")).to_have_text("Màn hình cửa phụ")
    expect(page.get_by_label("Âm lượng")).to_have_value("65")
    assert [export(centre, cookies)["hall"][field] for field in ("last_seat_m", "wall_inches")] == [14, 75]
    expect(wall.get_by_text("Chiều nay 14:00 tiếp công dân")).to_be_visible(timeout=120_000)
    wall.context.close()


@pytest.mark.expects_page_errors(refused(400, "/settings/hall"))
def test_given_no_calendar_when_one_is_made_then_it_is_refused_beside_its_field_saved_and_undone(signed_in_centre):
    centre, cookies, open_page = signed_in_centre
    before = export(centre, cookies)
    page = open_page("hours")
    expect(page.get_by_text("Chưa có lịch: số được cấp mọi giờ.")).to_be_visible()
    page.get_by_role("button", name="Thêm mùa").click()
    season = page.locator(".hours-part").first
    season.get_by_label("Tên", exact=True).fill("Cả năm")
    season.get_by_role("button", name="Thêm ngày trong tuần").click()
    saturday = season.locator(".hours-rule").nth(1)
    saturday.get_by_role("switch", name="Tất cả lĩnh vực").uncheck()
    saturday.get_by_role("checkbox", name=re.compile("^Đất đai")).uncheck()
    page.get_by_role("button", name="Thêm ngày riêng").click()
    holiday = page.locator(".hours-part").nth(1)
    holiday.get_by_label("Tên", exact=True).fill("Quốc khánh")
    holiday.get_by_label("Từ ngày").fill("31/9/2027")
    page.get_by_label("Hộ tịch: Một ngày").fill("40")
    save(page)
    expect(holiday.get_by_role("alert").first).to_have_text("Ngày chưa đúng.")
    expect(holiday.get_by_label("Từ ngày")).to_be_focused()
    holiday.get_by_label("Từ ngày").fill("2/9/2027")
    assert axe(page) == []
    save(page)
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    saved = export(centre, cookies)["hall"]["hours"]
    assert [rule["weekdays"] for rule in saved["seasons"][0]["rules"]] == [[1, 2, 3, 4, 5], [6]]
    assert saved["seasons"][0]["rules"][0]["services"] is None
    assert "DAT_DAI" not in saved["seasons"][0]["rules"][1]["services"]
    assert saved["days"] == [
        {"first": "2027-09-02", "last": "2027-09-02", "name": "Quốc khánh", "shifts": [], "services": None}
    ]
    assert saved["quotas"] == {"HO_TICH": {"day": 40, "shift": None}}
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_text("Chưa có lịch: số được cấp mọi giờ.")).to_be_visible()
    assert export(centre, cookies) == before


def test_given_an_inspector_then_settings_are_shown_and_cannot_be_saved(signed_in_centre, chromium, name):
    centre, cookies, _ = signed_in_centre
    add_person(centre, cookies, "Đoàn kiểm tra", "inspector")
    context = browser_of(chromium, centre, name, dict(signed_in(centre, "Đoàn kiểm tra")))
    page = opened(context, centre, name, "hall")
    expect(page.get_by_label("Cơ quan")).to_be_disabled()
    expect(page.get_by_role("button", name="Lưu", exact=True)).to_have_count(0)
    context.close()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("page_name", PAGES)
def test_given_a_laptop_or_a_phone_then_the_page_fits_and_axe_finds_nothing(signed_in_centre, page_name, size):
    page = signed_in_centre[2](page_name)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    assert overflowing(page)[0] == 0
    assert [each for each in targets(page) if each.width < TARGET_PX or each.height < TARGET_PX] == []
    assert axe(page) == []
