"""The supervisor's screen before a real centre: the wait now, the figures, the log, people and machines."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.layout import layout_faults
from tests.browser.measure import axe, overflowing, targets
from tests.browser.page_errors import refused
from tests.people import PASSWORD, signed_in

pytestmark = pytest.mark.browser

SUPERVISOR = "Vàng A Sính"
PAGES = ("live", "statistics", "log", "users", "devices")
# What shows that a page has its data.
SHOWN = {
    "live": ".figures",
    "statistics": "[data-by=service]",
    "log": "[data-seq]",
    "users": ".row",
    "devices": ".card",
}
SIZES = ((1366, 768), (360, 740))
TARGET_PX = 44
RHYTHM = 8  # so many numbers at equal intervals are an alarm
LOST_WITHIN_MS = 10_000
PATIENCE_MS = 15_000
# {key of the row: {figure: text}} of a table of statistics
CELLS = """table => Object.fromEntries([...table.querySelectorAll("tr[data-key]")].map(row => [row.dataset.key,
  Object.fromEntries([...row.querySelectorAll("td")].map(cell => [cell.dataset.figure, cell.innerText.trim()]))]))"""
ALARM = [{"code": "clock_leapt", "at": "2025-09-11T02:00:00Z", "params": {"jump_s": 7200, "can_follow": True}}]


class BrowserTestCentre:
    """A centre, and browsers in it; a browser holds the cookies of one person or machine."""

    def __init__(self, centre, chromium, name):
        self.centre = centre
        self.chromium = chromium
        self.address = centre.at(name)
        self.tokens = {}
        self.contexts = []
        self.first = self.browser()
        page = self.first.new_page()
        page.goto(f"{self.address}/setup?key={centre.setup_key()}")
        page.fill("#name", SUPERVISOR)
        page.fill("#password", PASSWORD)
        page.fill("#again", PASSWORD)
        page.click("#send")
        expect(page.get_by_role("heading", name="Giám sát trực tiếp")).to_be_visible()
        page.close()

    def browser(self, person=None):
        """A browser of its own; `person` is signed in."""
        context = self.chromium.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        if person is not None:
            session = signed_in(self.centre, person)["session"]
            context.add_cookies([{"name": "session", "value": session, "url": self.address}])
        return context

    def open(self, page_name="live", context=None):
        """One page of the supervisor's screen, with its data."""
        page = (context or self.first).new_page()
        page.goto(f"{self.address}/supervisor#{page_name}")
        expect(page.locator(SHOWN[page_name]).first).to_be_visible()
        return page

    def machine(self, kind):
        """A machine that asks to be paired: its cookies, and the six digits it shows."""
        asked = self.centre.post("/api/v1/pairings", {"kind": kind})
        return asked.cookies, asked.json()["code"]

    def role_of(self, cookies):
        """Who the server takes the holder of these cookies for; None: for nobody."""
        answer = self.centre.get("/api/v1/me", cookies=cookies)
        return answer.json()["role"] if answer.ok else None

    def token(self, role, counter=None):
        """A program's token, made once."""
        if (role, counter) not in self.tokens:
            self.tokens[role, counter] = self.centre.token(role, counter)
        return self.tokens[role, counter]

    def hire(self, name, role):
        """A person, added by a program."""
        body = {"name": name, "role": role, "password": PASSWORD}
        answer = self.centre.post("/api/v1/users", body, token=self.token("supervisor"))
        assert answer.status_code == 201, answer.text
        return name

    def visit(self, service="TRA_KQ", counter=5):
        """One citizen comes, is called, served and leaves; the number."""
        ticket = self.centre.post("/api/v1/tickets", {"service": service}, token=self.token("kiosk"))
        assert ticket.status_code == 201, ticket.text
        for act in ("open", "call-next", "start", "finish"):
            done = self.centre.post(f"/api/v1/counters/{counter}/{act}", token=self.token("clerk", counter))
            assert done.status_code == 200, done.text
        return ticket.json()["number"]


@pytest.fixture(scope="module")
def office(shared_centre, chromium, name):
    office = BrowserTestCentre(shared_centre, chromium, name)
    yield office
    for context in office.contexts:
        context.close()


@pytest.fixture(autouse=True)
def no_window_left(office):
    """Every test begins without windows, so that no socket of another one is open."""
    yield
    for context in office.contexts:
        for page in context.pages:
            page.close()


def spaced(number):
    """The number as it is shown."""
    return re.sub(r"^(\D+)", "\\1\u00a0", number)


def grouped(n):
    return f"{n:,}".replace(",", ".")


def percent(part, of):
    return f"{part / of * 100:.1f}%".replace(".", ",") if of else "–"


def timed(seconds):
    """725 -> "12:05"."""
    return "–" if seconds is None else f"{seconds // 60:02}:{seconds % 60:02}"


def cells(row):
    """The cells of a row of figures, as they must be shown."""
    counts = (
        *("issued", "called", "served", "no_shows", "cancelled", "expired", "ghosts", "recalls"),
        *("transfers", "transfers_in"),
    )
    cells = {key: grouped(row[key]) for key in counts}
    cells["priority"] = f"{grouped(row['priority'])} {percent(row['priority'], row['issued'])}"
    for kind in ("wait", "walk", "service", "sojourn"):
        cells |= {f"{kind}-{key}": timed(row[kind][f"{key}_s"]) for key in ("mean", "median", "p90", "max")}
    shares = {f"within-{minutes}": share for minutes, share in row["within"].items()} | {"on-target": row["on_target"]}
    for name, share in shares.items():
        cells[name] = f"{percent(share['met'], share['of'])} {grouped(share['met'])}/{grouped(share['of'])}"
    return cells


@pytest.mark.expects_page_errors(refused(401, "/me"))
def test_given_nobody_signed_in_when_the_screen_is_opened_then_signing_in_leads_back_to_it(office):
    page = office.browser().new_page()
    page.goto(f"{office.address}/supervisor")
    page.wait_for_url("**/sign-in?next=/supervisor")

    page.fill("#name", SUPERVISOR)
    page.fill("#password", PASSWORD)
    page.click("#send")

    expect(page.get_by_role("heading", name="Giám sát trực tiếp")).to_be_visible()


def test_given_a_clerk_when_the_screen_is_opened_then_another_sign_in_is_asked_for(office):
    page = office.browser(office.hire("Lò Văn Pao", "clerk")).new_page()
    page.goto(f"{office.address}/supervisor")
    page.wait_for_url("**/sign-in?next=/supervisor")


def test_given_a_call_then_the_live_page_shows_number_and_state_without_a_reload(office):
    page = office.open()
    counter = page.locator("[data-counter='3']")
    ticket = office.centre.post("/api/v1/tickets", {"service": "DAT_DAI"}, token=office.token("kiosk")).json()
    clerk = office.token("clerk", 3)

    office.centre.post("/api/v1/counters/3/open", token=clerk)
    office.centre.post("/api/v1/counters/3/call-next", token=clerk)
    expect(counter).to_contain_text(spaced(ticket["number"]))
    expect(counter).to_contain_text("Đang gọi")

    office.centre.post("/api/v1/counters/3/start", token=clerk)
    expect(counter).to_contain_text("Đang phục vụ")

    office.centre.post("/api/v1/counters/3/finish", token=clerk)
    office.centre.post("/api/v1/counters/3/pause", {"reason": "lunch"}, token=clerk)
    expect(counter).to_contain_text("Tạm dừng")
    expect(counter).to_contain_text("Nghỉ trưa")


def test_given_people_wait_then_the_figures_say_how_many_and_who_waits_longest(office):
    page = office.open()
    waiting = page.locator("[data-figure=waiting] b")
    before = int(waiting.inner_text())

    ticket = office.centre.post("/api/v1/tickets", {"service": "CHINH_SACH"}, token=office.token("kiosk")).json()

    expect(waiting).to_have_text(str(before + 1))
    expect(page.locator("[data-figure=longest]")).to_contain_text(spaced(ticket["number"]))
    expect(page.locator("[data-figure=longest]")).to_contain_text("dưới 1 phút")
    service = page.locator("[data-service=CHINH_SACH]")
    expect(service).to_contain_text("Chưa có quầy mở")
    office.centre.post(f"/api/v1/tickets/{ticket['id']}/cancel", token=office.token("greeter"))
    expect(waiting).to_have_text(str(before))


def test_given_a_short_password_when_a_clerk_is_added_then_the_reason_is_shown_and_nobody_is_added(office):
    page = office.open("users")
    form = page.locator("form", has_text="Thêm tài khoản")
    form.get_by_label("Tên đăng nhập").fill("Giàng Thị Mỷ")
    form.get_by_label("Mật khẩu đầu tiên").fill("ngắn")
    form.get_by_role("button", name="Thêm").click()
    expect(form.locator("[role=alert]:not(:empty)")).to_contain_text("8 ký tự")

    form.get_by_label("Mật khẩu đầu tiên").fill(PASSWORD)
    form.get_by_role("button", name="Thêm").click()
    expect(page.locator("[data-user='Giàng Thị Mỷ']")).to_contain_text("Cán bộ quầy")
    assert office.role_of(signed_in(office.centre, "Giàng Thị Mỷ")) == "clerk"


def test_given_a_clerk_who_is_signed_in_when_disabled_then_they_are_out_until_enabled(office):
    clerk = signed_in(office.centre, office.hire("Sùng Mí Chá", "clerk"))
    page = office.open("users")
    row = page.locator("[data-user='Sùng Mí Chá']")
    expect(row).to_contain_text("1 nơi đang đăng nhập")

    row.get_by_role("button", name="Khóa").click()
    expect(row).to_contain_text("Đã khóa")
    assert office.role_of(clerk) is None

    row.get_by_role("button", name="Mở lại").click()
    expect(row).to_contain_text("không đăng nhập ở đâu")
    clerk = signed_in(office.centre, "Sùng Mí Chá")
    assert office.role_of(clerk) == "clerk"

    page.reload()
    row.get_by_role("button", name="Đăng xuất mọi nơi").click()
    expect(row).to_contain_text("Đã đăng xuất mọi nơi")
    assert office.role_of(clerk) is None


def test_given_a_new_password_then_only_it_lets_the_person_in(office):
    name = office.hire("Hạng A Lử", "greeter")
    page = office.open("users")
    row = page.locator(f"[data-user='{name}']")
    row.get_by_role("button", name="Đặt mật khẩu").click()
    row.get_by_label("Mật khẩu mới").fill("ruộng bậc thang")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("Đã đặt mật khẩu mới")

    old, new = (
        office.centre.post("/api/v1/sign-in", {"name": name, "password": word}).status_code
        for word in (PASSWORD, "ruộng bậc thang")
    )
    assert (old, new) == (401, 200)


@pytest.mark.parametrize(("kind", "word"), [("kiosk", "Máy lấy số"), ("display", "Màn hình")])
def test_given_a_code_when_confirmed_and_later_revoked_then_the_machine_is_in_and_out(office, kind, word):
    machine, code = office.machine(kind)
    page = office.open("devices")
    page.get_by_role("button", name=re.compile(f"{code[:3]} {code[3:]}.*{word}")).click()
    # The code is filled in and the name asked for, so the keyboard goes on where it is needed.
    page.keyboard.type(f"{word} cửa đông", delay=60)
    page.keyboard.press("Enter")
    row = page.locator(f"[data-device='{word} cửa đông']")
    expect(row).to_be_visible()
    assert office.role_of(machine) == kind

    row.get_by_role("button", name="Bỏ ghép").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(row.get_by_role("button", name="Bỏ ghép")).to_be_focused()
    assert office.role_of(machine) == kind

    row.get_by_role("button", name="Bỏ ghép").click()
    page.get_by_role("dialog").get_by_role("button", name="Bỏ ghép máy này").click()
    expect(row).to_have_count(0)
    assert office.role_of(machine) is None


def test_given_a_program_when_its_token_is_revoked_then_it_is_out_and_leaves_the_list(office):
    words = ("--role", "inspector", "--name", "Bảng tin của xã", "--days", "30")
    secret = office.centre.command("token", *words).strip()
    page = office.open("devices")
    row = page.locator(".row", has_text="Bảng tin của xã")
    expect(row).to_contain_text("Người kiểm tra")
    expect(row).to_contain_text("hết hạn ngày")
    assert overflowing(page)[0] == 0 and axe(page) == []
    assert office.centre.get("/api/v1/users", token=secret).status_code == 200
    row.get_by_role("button", name="Thu hồi").click()
    page.get_by_role("dialog").get_by_role("button", name="Thu hồi mã này").click()
    expect(row).to_have_count(0)
    assert office.centre.get("/api/v1/users", token=secret).status_code == 401


def test_given_a_kiosk_when_its_screen_is_measured_at_the_desk_then_its_row_and_the_kiosk_have_the_size(office):
    machine, code = office.machine("kiosk")
    office.centre.post("/api/v1/devices", {"code": code, "name": "Cửa tây"}, token=office.token("supervisor"))
    page = office.open("devices")
    row = page.locator("[data-device='Cửa tây']")
    expect(row).to_contain_text("Chưa đo màn hình")
    row.get_by_role("button", name="Đo màn hình").click()
    row.get_by_label("Đường chéo màn hình (inch)").fill("1,5")
    row.get_by_role("button", name="Lưu").click()
    expect(row).to_contain_text("Đường chéo từ 4 đến 102 inch")
    row.get_by_label("Đường chéo màn hình (inch)").fill("15,6")
    row.get_by_label("Mép dưới màn hình cách sàn (cm)").fill("92")
    assert overflowing(page)[0] == 0 and axe(page) == []
    row.get_by_role("button", name="Lưu").click()
    expect(row).to_contain_text("Màn hình 15,6 inch, mép dưới cách sàn 92 cm")


@pytest.mark.expects_page_errors(refused(404, "/devices"))
def test_given_digits_that_no_machine_shows_then_the_refusal_says_so(office):
    machine, code = office.machine("kiosk")
    page = office.open("devices")
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    page.get_by_label("Mã sáu số").fill(f"{wrong[:3]} {wrong[3:]}")
    page.get_by_label("Tên máy").fill("Máy lạ")
    page.get_by_role("button", name="Ghép", exact=True).click()
    expect(page.locator("#pair-refusal")).not_to_be_empty()
    assert office.role_of(machine) is None


def test_given_a_finished_ticket_then_the_statistics_contain_it_and_equal_the_api(office):
    office.visit()
    page = office.open("statistics")
    today = page.locator("[name=from]").input_value()
    for by in ("service", "counter"):
        answer = office.centre.get(
            f"/api/v1/statistics?from={today}&to={today}&by={by}", token=office.token("inspector")
        ).json()
        rows = {row["key"]: row for row in answer["rows"]} | {"total": answer["total"]}
        page.locator(f"[data-grouping={by}]").click()
        table = page.locator(f"[data-by={by}]")
        expect(table.locator("tr[data-key]")).to_have_count(len(rows))
        shown = table.evaluate(CELLS)
        assert shown == {key: cells(row) for key, row in rows.items()}
        assert rows["total"]["served"] >= 1
    expect(page.locator(".figure[data-figure=served] b")).to_have_text(grouped(answer["total"]["served"]))


def test_given_a_hold_right_after_the_start_then_the_statistics_list_it_when_asked(office):
    ticket = office.centre.post("/api/v1/tickets", {"service": "TRA_KQ"}, token=office.token("kiosk")).json()
    for act in ("open", "call-next", "start", "hold"):
        assert office.centre.post(f"/api/v1/counters/5/{act}", token=office.token("clerk", 5)).ok
    assert office.centre.post(f"/api/v1/tickets/{ticket['id']}/cancel").ok
    page = office.open("statistics")
    page.get_by_text("Giữ lượt, tạm dừng ngay khi vừa bắt đầu").click()
    expect(page.locator("[data-by=early] tbody tr").first).to_contain_text("Giữ lượt")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert overflowing(page)[0] == 0 and axe(page) == []


def test_given_a_range_then_it_stands_in_the_address_and_survives_a_reload(office):
    page = office.open("statistics")
    page.get_by_role("button", name="Kỳ báo cáo này").click()
    first, last = page.locator("[name=from]"), page.locator("[name=to]")
    expect(first).to_have_value(re.compile(r"-15$"))
    expect(last).to_have_value(re.compile(r"-14$"))
    page.wait_for_url(re.compile(r"#statistics\?from=\d{4}-\d\d-15&to=\d{4}-\d\d-14&"))
    kept = first.input_value()
    page.reload()
    expect(first).to_have_value(kept)

    first.fill("2025-09-02")
    last.fill("2025-09-01")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="Từ ngày")).to_be_visible()


def test_given_the_statistics_then_their_definitions_are_one_tap_away(office):
    page = office.open("statistics")
    meaning = page.get_by_text("hạng gần nhất").first
    expect(meaning).to_be_hidden()
    page.get_by_text("Cách tính các số liệu này").click()
    expect(meaning).to_be_visible()


def test_given_a_visit_then_the_log_tells_it_in_words_newest_first(office):
    page = office.open("log")
    number = office.visit()
    page.get_by_label("Tìm một số").fill(f"{number[0].lower()} {int(number[1:])}")
    page.get_by_role("button", name="Tìm", exact=True).click()
    lines = page.locator(".log-list li")
    expect(lines).to_have_count(4)
    expect(lines.locator(".log-number")).to_have_text([spaced(number)] * 4)
    for line, words in zip(
        lines.all(), ("Quầy 5 hoàn thành", "Quầy 5 bắt đầu phục vụ", "Quầy 5 mời · Đến sớm nhất", "Cấp số"), strict=True
    ):
        expect(line).to_contain_text(words)
    seqs = [int(line.get_attribute("data-seq")) for line in lines.all()]
    assert seqs == sorted(seqs, reverse=True)


@pytest.mark.expects_page_errors(refused(409, "/cancel"))
def test_given_a_number_is_sought_when_it_has_a_place_then_the_supervisor_may_cancel_it_after_one_question(office):
    def take():
        ticket = office.centre.post("/api/v1/tickets", {"service": "TRA_KQ"}, token=office.token("kiosk"))
        return ticket.json()

    def state(ticket):
        return office.centre.get(f"/api/v1/tickets/{ticket['id']}").json()["state"]

    def seek(page, number):
        page.get_by_label("Tìm một số").fill(number)
        page.keyboard.press("Enter")
        expect(page.locator(".log-found")).to_contain_text(f"Số {number}")

    served, called, waiting = office.visit(), take(), take()
    assert office.centre.post("/api/v1/counters/5/call-next", token=office.token("clerk", 5)).ok
    page = office.open("log")
    key = page.locator(".log-cancel > button")
    seek(page, served)
    expect(page.locator(".log-list li")).to_have_count(4)
    expect(key).to_have_count(0)

    seek(page, waiting["number"])
    expect(key).to_have_text(f"Hủy số {spaced(waiting['number'])}")
    key.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("lấy lại được số và chỗ")
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert state(waiting) == "waiting"
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("button", name="Giữ lại")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    back = page.get_by_role("button", name="Lấy lại số")
    expect(back).to_be_visible()
    expect(page.locator(".log-list li").first).to_contain_text("Hủy số")
    assert state(waiting) == "cancelled" and axe(page) == []
    page.get_by_label("Vì sao lấy lại").select_option("came_back")
    back.click()
    expect(page.locator(".log-list li").first).to_contain_text("Người dân quay lại")
    assert state(waiting) == "waiting"
    key.click()
    page.get_by_role("dialog").get_by_role("button", name="Hủy số").click()
    expect(back).to_be_visible()

    seek(page, called["number"])
    key.click()
    expect(page.get_by_role("dialog")).to_contain_text("đang được gọi")
    page.get_by_role("dialog").get_by_role("button", name="Hủy số").click()
    expect(page.get_by_role("button", name="Lấy lại số")).to_be_visible()
    assert state(called) == "cancelled"

    late = take()
    seek(page, late["number"])
    meanwhile = f"/api/v1/tickets/{late['id']}/cancel"
    page.route("**/cancel", lambda route: (office.centre.post(meanwhile), route.continue_()))
    key.click()
    page.get_by_role("dialog").get_by_role("button", name="Hủy số").click()
    expect(page.locator(".log-cancel .refusal")).to_contain_text("đã chuyển bước")


def test_given_numbers_taken_like_clockwork_then_the_alarm_leads_to_them_and_they_are_ended_after_one_question(office):
    machine, code = office.machine("kiosk")
    paired = {"code": code, "name": "Máy cửa tây"}
    assert office.centre.post("/api/v1/devices", paired, token=office.token("supervisor")).ok
    taken = [
        office.centre.post("/api/v1/tickets", {"service": "TRA_KQ"}, cookies=machine).json() for _ in range(RHYTHM)
    ]
    other = office.centre.post("/api/v1/tickets", {"service": "TRA_KQ"}, token=office.token("kiosk")).json()

    def state(ticket):
        return office.centre.get(f"/api/v1/tickets/{ticket['id']}").json()["state"]

    page = office.open()
    page.locator("[data-alarm=kiosk_rhythm]").get_by_role("link", name="Xem các số này").click()
    expect(page.get_by_role("heading", level=1, name="Số không có ai đến")).to_be_visible()
    west = page.locator("main section").first
    expect(west).to_contain_text(f"Máy cửa tây: {RHYTHM} số đang chờ")
    end = page.locator(".ghosts-end > .button")
    expect(end).to_be_disabled()
    west.get_by_role("button", name=f"Chọn {RHYTHM} số lấy đều").click()
    west.locator(f"[data-number='{taken[0]['number']}'] input").uncheck()
    end.click()
    expect(page.locator("#ghosts-refusal")).to_have_text("Xin chọn lý do trước.")
    page.get_by_label("Lý do").select_option("hoarded")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert layout_faults(page, inside=".ghosts-page", scrolling=["html"], ground=[".box input"]) == []
        assert [t for t in targets(page) if t.width < TARGET_PX or t.height < TARGET_PX] == []
        assert axe(page) == [] and overflowing(page)[0] == 0
    assert office.centre.post(f"/api/v1/tickets/{taken[1]['id']}/cancel").ok  # while the question is read
    end.click()
    expect(page.get_by_role("dialog")).to_contain_text("Một người lấy nhiều số")
    page.get_by_role("dialog").get_by_role("button", name="Kết thúc").click()
    expect(page.locator(".ghosts-end [role=status]")).to_contain_text("Đã kết thúc")
    assert [state(ticket) for ticket in taken] == ["waiting"] + ["cancelled"] * (RHYTHM - 1)
    assert state(other) == "waiting"
    expect(west).to_contain_text("Máy cửa tây: 1 số đang chờ")
    office.centre.post(f"/api/v1/tickets/{taken[0]['id']}/cancel")


def test_given_an_inspector_then_everything_is_shown_and_nothing_can_be_done(office):
    context = office.browser(office.hire("Đoàn kiểm tra", "inspector"))
    office.machine("kiosk")
    for name in PAGES:
        page = office.open(name, context)
        acting = page.locator("main button:not([data-grouping])").filter(
            has_not_text=re.compile("Hôm|Tuần|Tháng|Kỳ|Xem|Tính lại|Tìm|In$")  # these only ask
        )
        expect(acting).to_have_count(0)
    refused = office.centre.post("/api/v1/clock/follow", cookies=signed_in(office.centre, "Đoàn kiểm tra"))
    assert refused.status_code == 403


def forge_alarms(page, alarms):
    """These alarms in what the server says: a clock cannot be moved here, nor a backup grow old."""
    page.route(
        "**/static/lib/live.js",
        lambda route: route.fulfill(
            content_type="text/javascript",
            body=f"""import {{ connect as real }} from "/static/lib/live.js?real";
              const forged = (show) => (message) => show({{ ...message, alarms: {json.dumps(alarms)} }});
              export const connect = (namespace, on) =>
                real(namespace, {{ ...on, onSnapshot: forged(on.onSnapshot), onCounts: forged(on.onCounts) }});
            """,
        ),
    )


@pytest.mark.expects_page_errors(refused(409, "/clock/follow"))
def test_given_a_leapt_clock_then_the_alarm_stands_on_top_with_the_key_that_asks_and_confirms(office):
    page = office.first.new_page()
    forge_alarms(page, ALARM)
    page.goto(f"{office.address}/supervisor")
    alarm = page.get_by_role("alert").filter(has_text="Đồng hồ máy chủ nhảy tới trước")
    expect(alarm).to_be_visible()
    assert axe(page) == []
    alarm.get_by_role("button", name="Giờ máy chủ đúng").click()
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("Bây giờ là")
    question.get_by_role("button", name="Chưa").click()
    expect(question).to_be_hidden()
    alarm.get_by_role("button", name="Giờ máy chủ đúng").click()
    question.get_by_role("button", name="Giờ máy chủ đúng").click()
    # Nothing waits for a confirmation: the refusal shows that the key reached the right route.
    expect(alarm.locator(".refusal")).not_to_be_empty()


@pytest.mark.parametrize("size", [(1366, 768), (360, 740)])
def test_given_four_notices_then_the_figures_stand_below_the_first_and_a_phone_folds_the_others(office, size):
    at = "2025-09-11T02:00:00Z"
    alarms = [
        {"code": "device_away", "at": at, "params": {"names": "Cửa chính", "count": 1}},
        {"code": "speaker_off", "at": at, "params": {}},
        {"code": "backup_old", "at": at, "params": {"days": 3}},
        *ALARM,
    ]
    page = office.first.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    forge_alarms(page, alarms)
    page.add_init_script("localStorage.setItem('supervisor.start_put_off', '1')")
    page.goto(f"{office.address}/supervisor")
    figures = page.locator(".figures")
    expect(page.locator("[data-alarm]")).to_have_count(4)
    # The one that waits for somebody's key is not folded away, and takes one line.
    expect(page.locator("[data-alarm]:visible")).to_have_count(1)
    expect(page.locator("[data-alarm]:visible").first).to_have_attribute("data-alarm", "clock_leapt")
    assert page.locator(".main > .notices").first.bounding_box()["y"] < figures.bounding_box()["y"]
    assert figures.bounding_box()["y"] < size[1] * 0.6, "their first row is seen without scrolling"
    if size[0] > 900:
        assert figures.bounding_box()["y"] < 200, "two lines of notices stand above them"
    assert axe(page) == [] and overflowing(page)[0] == 0
    page.get_by_text("3 việc khác cần xem").click()
    expect(page.locator("[data-alarm]:visible")).to_have_count(4)
    assert axe(page) == [] and overflowing(page)[0] == 0
    page.locator("[data-alarm]:visible summary").first.click()
    expect(page.locator("[data-alarm]:visible p").first).to_be_visible()
    page.get_by_text("3 việc khác cần xem").click()
    expect(page.locator("[data-alarm]:visible")).to_have_count(1)


def test_given_a_frozen_server_then_the_figures_do_not_look_live_until_it_is_back(office):
    page = office.open()
    lost = page.get_by_role("alert").filter(has_text="Mất kết nối với máy chủ từ")
    office.centre.freeze()
    try:
        expect(lost).to_be_visible(timeout=LOST_WITHIN_MS)
        expect(page.locator(".is-lost .figure").first).to_have_css("border-style", "dashed")
    finally:
        office.centre.thaw()
    expect(lost).to_have_count(0)


def test_given_the_keyboard_alone_then_every_page_is_reached_and_announced(office):
    page = office.open()
    for title in ("Thống kê", "Nhật ký", "Tài khoản", "Thiết bị", "Giám sát trực tiếp"):
        page.get_by_role("link", name=title, exact=True).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1, name=title)).to_be_focused()
        expect(page).to_have_title(f"{title} – Đến Lượt")


def test_given_a_phone_then_the_pages_stand_behind_one_key(office):
    page = office.open()
    page.set_viewport_size({"width": 360, "height": 740})
    link = page.get_by_role("link", name="Nhật ký")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Mục").click()
    assert axe(page) == []
    link.click()
    expect(page.locator("[data-seq]").first).to_be_visible()
    expect(link).to_be_hidden()


def test_given_the_key_signs_out_then_the_session_is_over(office):
    context = office.browser(office.hire("Thào Thị Súa", "supervisor"))
    page = office.open("live", context)
    cookies = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
    assert office.role_of(cookies) == "supervisor"
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/sign-in?next=/supervisor")
    assert office.role_of(cookies) is None


def test_given_more_than_a_page_of_events_then_show_more_leads_to_the_first(office):
    for _ in range(45):
        office.visit()
    page = office.open("log")
    lines = page.locator(".log-list li")
    expect(lines).to_have_count(200)
    more = page.get_by_role("button", name="Xem thêm")
    while more.count():
        shown = lines.count()
        more.click()
        expect(lines).not_to_have_count(shown)
    seqs = page.locator("[data-seq]").evaluate_all("lines => lines.map(line => Number(line.dataset.seq))")
    assert seqs == list(range(len(seqs), 0, -1))
