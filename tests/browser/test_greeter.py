"""The greeter's page on a phone: one touch to a number, and the kiosk's call for help is seen and answered."""

import pytest
from playwright.sync_api import expect

from tests.browser.measure import axe, overflowing, targets, texts
from tests.browser.page_errors import refused
from tests.people import add_person, paired_device, signed_in, supervisor_cookies

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
PATIENCE_MS = 15_000
NARROW = "\u00a0"  # between letter and digits
TARGET_PX, TEXT_CAP_PX = 44, 13 * 0.74


@pytest.fixture(scope="module")
def people(shared_centre):
    """Cookies of a supervisor, a greeter and a kiosk."""
    supervisor = supervisor_cookies(shared_centre)
    add_person(shared_centre, supervisor, "Chị Hoa", "greeter")
    kiosk = paired_device(shared_centre, supervisor, "kiosk", "Máy ở cửa")
    return {"supervisor": supervisor, "greeter": signed_in(shared_centre, "Chị Hoa"), "kiosk": kiosk}


@pytest.fixture
def opened(chromium, shared_centre, people, name):
    """Opens an address as one of the people."""
    contexts = []

    def make(path, who, size=PHONE):
        context = chromium.new_context(viewport=size, locale="vi-VN", reduced_motion="reduce")
        context.set_default_timeout(PATIENCE_MS)
        address = shared_centre.at(name)
        context.add_cookies([{"name": c.name, "value": c.value, "url": address} for c in people[who]])
        contexts.append(context)
        page = context.new_page()
        page.goto(address + path)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def phone(opened):
    page = opened("/greeter", "greeter")
    expect(page.locator(".tile")).to_have_count(8, timeout=PATIENCE_MS)
    return page


def issued(centre):
    events = centre.get("/api/v1/events", token=centre.token("inspector")).json()["events"]
    return [(each["service"], each["data"]["priority_class"]) for each in events if each["kind"] == "ticket.issued"]


def test_given_a_phone_then_a_number_is_two_touches_and_priority_holds_for_one(phone, shared_centre):
    before = len(issued(shared_centre))
    phone.locator(".classes").get_by_role("button", name="Ưu tiên").click()
    phone.locator('[data-service="DAT_DAI"]').click()
    expect(phone.locator(".last .number")).to_have_text("L\u00a0001")
    expect(phone.locator(".last [aria-pressed=true]")).to_have_text("Ưu tiên")
    expect(phone.get_by_role("button", name="Thường")).to_have_attribute("aria-pressed", "true")
    phone.locator('[data-service="TRA_KQ"]').click()
    expect(phone.locator(".last .number")).to_have_text("X\u00a0001")
    assert issued(shared_centre)[before:] == [("DAT_DAI", "priority"), ("TRA_KQ", "ordinary")]

    # The second person turns out to be eighty: granted, and seen on the key.
    last = phone.locator(".last")
    last.get_by_role("button", name="Ưu tiên", exact=True).click()
    expect(last.locator("[aria-pressed=true]")).to_have_text("Ưu tiên")
    # She cannot stand: the special class, which only staff grant.
    last.get_by_role("button", name="Ưu tiên đặc biệt").click()
    expect(last.locator("[aria-pressed=true]")).to_have_text("Ưu tiên đặc biệt")
    last.get_by_role("button", name="Ưu tiên đặc biệt").click()
    expect(last.locator("[aria-pressed=true]")).to_have_count(0)
    events = shared_centre.get("/api/v1/events", token=shared_centre.token("inspector")).json()["events"]
    changed = [each for each in events if each["kind"] == "ticket.priority_changed"]
    assert [(each["service"], each["data"]["priority_class"]) for each in changed] == [
        ("TRA_KQ", "priority"), ("TRA_KQ", "urgent"), ("TRA_KQ", "ordinary"),
    ]  # fmt: skip
    phone.get_by_role("button", name="Hủy số này").click()
    expect(phone.locator(".last")).to_contain_text("Đã hủy")
    expect(phone.locator('[data-service="TRA_KQ"] .tile-waiting')).to_contain_text("0")
    expect(phone.locator('[data-service="DAT_DAI"] .tile-waiting')).to_contain_text("1")


@pytest.mark.expects_page_errors(refused(404, "/numbers/Z999"))
def test_given_a_number_typed_when_put_right_then_it_keeps_its_place_and_the_old_paper_leads_to_it(
    phone, shared_centre
):
    for _ in range(2):  # the second is the one
        taken = shared_centre.post("/api/v1/tickets", {"service": "HO_TICH"}, token=shared_centre.token("kiosk")).json()
    shared_centre.post("/api/v1/tickets", {"service": "HO_TICH"}, token=shared_centre.token("kiosk"))
    first = taken["number"]
    phone.get_by_role("button", name="Sửa số").click()
    sheet, field = phone.locator(".amend"), phone.get_by_label("Số trên phiếu")
    expect(field).to_be_focused()
    field.fill("z999")
    field.press("Enter")
    expect(sheet.locator(".refusal")).to_contain_text("Không tìm thấy", timeout=PATIENCE_MS)
    field.fill(first.lower())
    field.press("Enter")
    number = sheet.locator(".amend-ticket .number")
    expect(number).to_have_text(first[0] + NARROW + first[1:])

    sheet.get_by_role("button", name="Để sau").click()
    expect(sheet.locator(".amend-say")).to_contain_text("Còn để sau được 2 lần")
    sheet.get_by_role("button", name="Nhường 1 người").click()
    expect(sheet.locator(".amend-back")).to_have_count(0)
    sheet.get_by_role("button", name="Để sau").click()
    sheet.get_by_role("button", name="5 phút", exact=True).click()
    expect(sheet.locator(".amend-say")).to_contain_text("muộn hơn")
    sheet.get_by_role("button", name="Để sau").click()
    expect(sheet.locator(".amend-say")).to_contain_text("không để sau được nữa")
    sheet.get_by_role("button", name="Giữ như cũ").click()

    for _ in range(2):
        sheet.get_by_role("button", name="Thêm một người").click()
    sheet.get_by_role("button", name="Ghi").click()
    expect(sheet.get_by_role("button", name="Ghi")).to_be_disabled()
    sheet.get_by_role("button", name="Không nghe được loa").click()
    expect(sheet.get_by_role("button", name="Sẽ vẫy tay khi gọi")).to_have_attribute("aria-pressed", "true")
    sheet.get_by_role("button", name="Đổi lĩnh vực").click()
    sheet.locator('[data-move="TRA_KQ"]').click()
    expect(sheet).to_contain_text("Số mới, thay cho " + first[0] + NARROW + first[1:])
    expect(number).to_contain_text("X")
    assert axe(phone) == []
    sheet.get_by_role("button", name="Đóng").click()
    expect(phone.locator(".last .last-word")).to_have_text("Số mới")

    # Cancelled by a slip of the finger: taken back, with a reason; the old paper leads to the new number.
    phone.get_by_role("button", name="Hủy số này").click()
    expect(phone.locator(".last")).to_contain_text("Đã hủy")
    phone.get_by_role("button", name="Sửa số").click()
    field.fill(first)
    field.press("Enter")
    sheet.get_by_role("button", name="Hủy nhầm", exact=True).click()
    expect(sheet.get_by_role("button", name="Đổi lĩnh vực")).to_be_visible()
    token = shared_centre.token("inspector")
    own = [e for e in shared_centre.get("/api/v1/events", token=token).json()["events"] if e["ref"] == taken["ref"]]
    assert [event["kind"] for event in own] == [
        "ticket.issued", "ticket.deferred", "ticket.deferred", "ticket.people_counted", "ticket.visual_call_changed",
        "ticket.moved", "ticket.cancelled", "ticket.reinstated",
    ]  # fmt: skip
    assert (own[3]["data"]["people"], own[-1]["data"]["why"]) == (3, "by_mistake")
    stranger = shared_centre.get(f"/api/v1/numbers/{first}").json()
    assert stranger["number"].startswith("X") and stranger["ref"] is None


def test_given_a_phone_then_everything_can_be_read_and_hit(phone):
    phone.locator('[data-service="HO_TICH"]').click()
    expect(phone.locator(".last .number")).to_be_visible()
    assert axe(phone) == []
    assert overflowing(phone)[0] == 0
    assert [each for each in targets(phone) if min(each.width, each.height) < TARGET_PX] == []
    assert [each for each in texts(phone) if each.cap < TEXT_CAP_PX - 0.01] == []


def test_given_the_kiosks_help_key_then_greeter_and_supervisor_see_it_until_somebody_came(phone, opened):
    board = opened("/supervisor", "supervisor", {"width": 1366, "height": 768})
    kiosk = opened("/kiosk", "kiosk", {"width": 1080, "height": 1920})
    kiosk.locator('[data-press="help"]').click()
    expect(kiosk.locator("main h1")).to_have_text("Đã báo người hướng dẫn")
    assert axe(kiosk) == []

    expect(phone.locator(".help")).to_contain_text("Máy ở cửa cần trợ giúp")
    expect(board.locator('[data-alarm="help_asked"]')).to_contain_text("Máy ở cửa cần trợ giúp")
    assert axe(phone) == []
    phone.locator(".help").get_by_role("button", name="Đã hỗ trợ").click()
    expect(phone.locator(".help")).to_have_count(0)
    expect(phone.locator(".greeter-foot")).to_contain_text("Hôm nay: 1")
    expect(board.locator('[data-alarm="help_asked"]')).to_have_count(0)
    expect(kiosk.locator('main[data-page="choice"]')).to_be_visible()

    # And the other way: a greeter who needs somebody.
    phone.get_by_role("button", name="Gọi người phụ trách").click()
    expect(phone.get_by_role("button", name="Đã báo, xin đợi")).to_be_disabled()
    expect(board.locator('[data-alarm="help_asked"]')).to_contain_text("Chị Hoa cần trợ giúp")
    board.locator('[data-alarm="help_asked"]').get_by_role("button", name="Đã hỗ trợ").click()
    expect(phone.get_by_role("button", name="Gọi người phụ trách")).to_be_enabled()


def test_given_nobody_of_the_staff_looks_at_a_screen_then_the_kiosk_says_where_they_are(opened):
    kiosk = opened("/kiosk", "kiosk", {"width": 1080, "height": 1920})
    kiosk.locator('[data-press="help"]').click()
    expect(kiosk.locator("main h1")).to_have_text("Mời ông/bà đến quầy hướng dẫn")
    expect(kiosk.locator("main .plate")).to_have_text("1")


@pytest.mark.expects_page_errors(refused(409, "/tickets"))
def test_given_a_restore_when_a_paper_number_is_lost_then_the_greeter_gives_it_back(chromium, centre, name):
    supervisor = supervisor_cookies(centre)
    add_person(centre, supervisor, "Chị Hoa", "greeter")
    greeter = signed_in(centre, "Chị Hoa")
    kiosk, lost = centre.token("kiosk"), []
    centre.lose_since_backup(
        lambda: lost.append(centre.post("/api/v1/tickets", {"service": "DAT_DAI"}, token=kiosk).json())
    )
    context = chromium.new_context(viewport=PHONE, locale="vi-VN", reduced_motion="reduce")
    context.add_cookies([{"name": c.name, "value": c.value, "url": centre.at(name)} for c in greeter])
    page = context.new_page()
    page.goto(centre.at(name) + "/greeter")
    field = page.get_by_label("Số trên phiếu")
    expect(field).to_be_visible(timeout=PATIENCE_MS)
    for written, words in (("L900", "không phải số bị mất"), ("O1", "Không có lĩnh vực nào dùng chữ đầu")):
        field.fill(written)
        field.press("Enter")
        expect(page.locator(".refusal")).to_contain_text(words, timeout=PATIENCE_MS)
    page.locator(".classes").get_by_role("button", name="Ưu tiên").click()
    field.fill(lost[0]["number"].lower())
    field.press("Enter")
    expect(page.locator(".last")).to_contain_text("Đã ghi lại", timeout=PATIENCE_MS)
    expect(page.locator(".last .number")).to_have_text("L\u00a0001")
    expect(field).to_have_value("")
    assert issued(centre) == [("DAT_DAI", "priority")]
    assert overflowing(page)[0] == 0 and axe(page) == []
    assert [each for each in targets(page) if each.width < TARGET_PX or each.height < TARGET_PX] == []
    field.fill("L1")
    field.press("Enter")
    expect(page.locator(".refusal")).to_contain_text("Số L001 hôm nay đã có trong sổ")
    context.close()


def test_given_no_restore_then_the_greeter_is_asked_for_no_number(phone):
    expect(phone.get_by_label("Số trên phiếu")).to_have_count(0)
