"""Sign-in, first set-up and pairing, in a real browser before a real centre."""

import math
import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.layout import layout_faults
from tests.browser.measure import axe, cap_height, overflowing, targets
from tests.browser.page_errors import SERVER_GONE, refused

pytestmark = pytest.mark.browser
PATIENCE_MS = 15_000

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 360, "height": 740}
WALL = {"width": 1920, "height": 1080}
PHONE = {"width": 360, "height": 740}
KIOSK = {"width": 1080, "height": 1920}
WALL_MM = 535  # height of a 43-inch screen
READ_FROM_5_M_MM = 32  # capitals of what is read from a seat: distance / 156
TARGET_PX = 44
PASSWORD = "bốn con vịt trắng"

UNREACHABLE = "Chưa kết nối được máy chủ."
WRONG = "Tên hoặc mật khẩu chưa đúng."


class Doorway:
    """A centre with a supervisor, and browsers that are signed in nowhere."""

    def __init__(self, centre, chromium, name):
        self.centre = centre
        self.chromium = chromium
        self.address = centre.at(name)
        self.contexts = []
        self.supervisor = None

    def found(self):
        """The first supervisor comes in over the API."""
        founding = {"key": self.centre.setup_key(), "name": "Vừ Mí Sính", "password": PASSWORD}
        answer = self.centre.post("/api/v1/setup", founding)
        assert answer.status_code == 200, answer.text
        self.supervisor = {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}
        return self

    def hire(self, name, role):
        wanted = {"name": name, "role": role, "password": PASSWORD}
        assert self.centre.post("/api/v1/users", wanted, headers=self.supervisor).status_code == 201

    def confirm(self, code, name):
        answer = self.centre.post("/api/v1/devices", {"code": code, "name": name}, headers=self.supervisor)
        assert answer.status_code == 201, answer.text

    def open(self, path, viewport=DESK, locale="vi-VN"):
        context = self.chromium.new_context(viewport=viewport, locale=locale)
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        page = context.new_page()
        page.goto(self.address + path)
        return page

    def sign_in(self, name, path="/sign-in", password=PASSWORD, viewport=DESK):
        """Somebody types name and password; where the browser is then."""
        page = self.open(path, viewport)
        page.get_by_label("Tên đăng nhập").fill(name)
        page.get_by_label("Mật khẩu", exact=True).fill(password)
        page.keyboard.press("Enter")
        return page

    def close(self):
        for context in self.contexts:
            context.close()


@pytest.fixture
def doorway(centre, chromium, name):
    """A fresh centre: nobody is in it yet."""
    made = Doorway(centre, chromium, name)
    yield made
    made.close()


@pytest.fixture(scope="module")
def staffed(shared_centre, chromium, name):
    """A centre with one person of each role."""
    made = Doorway(shared_centre, chromium, name).found()
    for person, role in (("Mai", "clerk"), ("Hoa", "greeter"), ("Tâm", "inspector")):
        made.hire(person, role)
    yield made
    made.close()


def fit(page):
    assert axe(page) == []
    assert [t for t in targets(page) if t.height < TARGET_PX] == []
    assert overflowing(page)[0] == 0


def test_given_the_link_of_a_fresh_centre_then_it_makes_one_supervisor_and_no_second(doorway):
    link = "/setup" + doorway.centre.setup_link().partition("/setup")[2]
    page = doorway.open(link)
    expect(page.get_by_role("heading", name="Tạo tài khoản người phụ trách")).to_be_visible()
    expect(page.get_by_label("Tên đăng nhập")).to_be_focused()
    page.get_by_label("Mật khẩu", exact=True).fill("ngắn")
    page.get_by_label("Nhập lại mật khẩu").fill("khác")
    page.get_by_role("button", name="Tạo tài khoản").click()
    expect(page.locator("#name-error")).to_have_text("Xin nhập tên đăng nhập.")
    expect(page.locator("#password-error")).to_have_text("Mật khẩu phải có ít nhất 8 ký tự.")
    expect(page.locator("#again-error")).to_have_text("Hai mật khẩu chưa giống nhau.")
    fit(page)

    page.get_by_label("Tên đăng nhập").fill("Vừ Mí Sính")
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_label("Nhập lại mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Tạo tài khoản").click()
    page.wait_for_url("**/supervisor*")
    assert page.evaluate("fetch('/api/v1/me').then(answer => answer.json())")["role"] == "supervisor"

    late = doorway.open(link)
    expect(late.get_by_role("heading", name="Đường dẫn này không dùng được nữa")).to_be_visible()
    expect(late.get_by_label("Tên đăng nhập")).to_be_hidden()
    expect(late.locator("code")).to_contain_text("server.py")
    fit(late)


@pytest.mark.expects_page_errors(refused(401, "/sign-in"))
def test_given_a_browser_that_prefers_english_then_the_staff_read_vietnamese_refusals_too(staffed):
    page = staffed.open("/sign-in", locale="en-GB")
    page.get_by_label("Tên đăng nhập").fill("Mai")
    page.get_by_label("Mật khẩu", exact=True).fill("không phải")
    page.keyboard.press("Enter")
    expect(page.locator("#refusal")).to_contain_text(WRONG)


@pytest.mark.expects_page_errors(refused(401, "/sign-in"))
@pytest.mark.parametrize(
    ("person", "heading"),
    [("Mai", "Which counter do you work at?"), ("Hoa", "Numbers for citizens"), ("Tâm", "Live view")],
)
def test_given_english_chosen_once_then_every_staff_page_of_the_browser_speaks_it(staffed, person, heading):
    page = staffed.open("/sign-in", PHONE)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    fit(page)
    page.get_by_label("Name").fill(person)
    page.get_by_label("Password", exact=True).fill("wrong")
    page.keyboard.press("Enter")
    expect(page.locator("#refusal")).to_contain_text("not right")
    page.set_viewport_size(DESK)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    fit(page)
    page.get_by_role("button", name="Tiếng Việt").click()
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    expect(page.get_by_role("button", name="English")).to_be_visible()


def test_given_no_key_then_the_set_up_page_says_how_to_get_a_link(staffed):
    page = staffed.open("/setup")
    expect(page.get_by_role("heading", name="Đường dẫn này không dùng được nữa")).to_be_visible()


@pytest.mark.expects_page_errors(refused(401, "/sign-in"))
def test_given_a_wrong_password_then_the_reason_is_said_and_the_name_kept(staffed):
    page = staffed.sign_in("Mai", password="không phải")
    expect(page.locator("#refusal")).to_contain_text(WRONG)
    expect(page.get_by_label("Tên đăng nhập")).to_have_value("Mai")
    expect(page.get_by_label("Mật khẩu", exact=True)).to_be_focused()
    fit(page)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/counter")


def test_given_an_empty_form_then_each_field_says_what_is_missing(staffed):
    page = staffed.open("/sign-in")
    expect(page.get_by_label("Tên đăng nhập")).to_be_focused()
    fit(page)
    page.keyboard.press("Enter")
    expect(page.locator("#name-error")).to_have_text("Xin nhập tên đăng nhập.")
    expect(page.locator("#password-error")).to_have_text("Xin nhập mật khẩu.")
    expect(page.get_by_label("Tên đăng nhập")).to_be_focused()
    fit(page)


def test_given_the_key_to_show_it_then_the_password_can_be_read_and_hidden_again(staffed):
    page = staffed.open("/sign-in")
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Hiện mật khẩu").click()
    expect(page.get_by_label("Mật khẩu", exact=True)).to_have_attribute("type", "text")
    page.get_by_role("button", name="Ẩn mật khẩu").click()
    expect(page.get_by_label("Mật khẩu", exact=True)).to_have_attribute("type", "password")


NEXT = "trời hôm nay mưa"


def retype(page, present, new=NEXT, again=None):
    page.get_by_label("Mật khẩu hiện tại").fill(present)
    page.get_by_label("Mật khẩu mới", exact=True).fill(new)
    page.get_by_label("Nhập lại mật khẩu mới").fill(again or new)
    page.keyboard.press("Enter")


@pytest.mark.expects_page_errors(refused("403|422", "/me/password"))
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("role", ["clerk", "greeter", "supervisor", "inspector"])
def test_given_somebody_signed_in_when_they_change_their_password_then_only_the_new_one_opens(staffed, role, size):
    name = f"{role} {size['width']}"
    staffed.hire(name, role)
    page = staffed.sign_in(name, viewport=size)
    page.wait_for_url(re.compile("/(counter|greeter|supervisor)"))
    if role in ("supervisor", "inspector") and size is PHONE:
        page.get_by_role("button", name="Mục").click()
    page.get_by_role("link", name="Đổi mật khẩu").first.click()
    expect(page.get_by_label("Mật khẩu hiện tại")).to_be_focused()
    expect(page.get_by_label("Tên đăng nhập")).to_have_value(name)
    fit(page)

    retype(page, PASSWORD, "ngắn", "khác")
    expect(page.locator("#password-error")).to_have_text("Mật khẩu phải có ít nhất 8 ký tự.")
    expect(page.locator("#again-error")).to_have_text("Hai mật khẩu chưa giống nhau.")
    retype(page, "không phải")
    expect(page.locator("#refusal")).to_contain_text("Mật khẩu hiện tại chưa đúng.")
    expect(page.get_by_label("Mật khẩu hiện tại")).to_be_focused()
    retype(page, PASSWORD, "matkhau123")
    expect(page.locator("#refusal")).to_contain_text("Mật khẩu này dễ đoán quá.")
    fit(page)
    retype(page, PASSWORD)
    expect(page.get_by_role("heading", name="Đã đổi mật khẩu")).to_be_focused()
    fit(page)
    page.get_by_role("link", name="Về màn hình làm việc").last.click()
    page.wait_for_url(re.compile("/(counter|greeter|supervisor)"))

    tried = [staffed.centre.post("/api/v1/sign-in", {"name": name, "password": word}) for word in (PASSWORD, NEXT)]
    assert [answer.status_code for answer in tried] == [401, 200]


@pytest.mark.expects_page_errors(refused(401, "/me"))
def test_given_nobody_signed_in_when_changing_a_password_then_signing_in_comes_first(staffed):
    page = staffed.open("/password")
    page.wait_for_url(re.compile(r"/sign-in\?next=/password$"))
    page.get_by_label("Tên đăng nhập").fill("Mai")
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Đổi mật khẩu")).to_be_visible()


@pytest.mark.expects_page_errors(refused(401, "/me"))
@pytest.mark.parametrize("person", ["Mai", "Hoa"])
def test_given_a_clerk_or_a_greeter_when_signing_out_then_the_session_is_over(staffed, person):
    page = staffed.sign_in(person)
    page.wait_for_url(re.compile("/(counter|greeter)$"))
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url(re.compile(r"/sign-in\?next=/"))
    assert page.evaluate("fetch('/api/v1/me').then(answer => answer.status)") == 401


@pytest.mark.parametrize(
    ("person", "home"),
    [("Mai", "/counter"), ("Vừ Mí Sính", "/supervisor"), ("Tâm", "/supervisor"), ("Hoa", "/greeter")],
)
def test_given_a_role_then_signing_in_leads_to_its_screen(staffed, person, home):
    page = staffed.sign_in(person)
    page.wait_for_url(re.compile(f"^{re.escape(staffed.address + home)}(#.*)?$"))


def test_given_a_page_to_come_back_to_then_signing_in_leads_there(staffed):
    page = staffed.sign_in("Vừ Mí Sính", "/sign-in?next=/supervisor%23devices")
    page.wait_for_url("**/supervisor#devices")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://other.example/",
        "//other.example/",
        "/%5Cother.example/",
        "/%09/other.example/",
        "javascript:document.title=1",
        "%2F%2Fother.example",
        "/..//other.example/",
        "http:other.example",
        "/supervisor",  # ours, but not open to a clerk
    ],
)
def test_given_a_next_page_elsewhere_then_signing_in_stays_here(staffed, elsewhere):
    page = staffed.open(f"/sign-in?next={elsewhere}")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("Tên đăng nhập").fill("Mai")
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{staffed.address}/counter")
    assert [url for url in asked if not url.startswith(staffed.address)] == []


@pytest.mark.expects_page_errors(SERVER_GONE)
def test_given_the_server_is_away_then_what_was_typed_is_kept_and_works_later(doorway):
    doorway.found()
    page = doorway.open("/sign-in")
    expect(page.get_by_label("Tên đăng nhập")).to_be_focused()
    doorway.centre.stop()
    page.get_by_label("Tên đăng nhập").fill("Vừ Mí Sính")
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#refusal")).to_contain_text(UNREACHABLE)
    doorway.centre.start()
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/supervisor*")


@pytest.mark.parametrize(("kind", "screen"), [("kiosk", KIOSK), ("display", WALL)])
def test_given_an_unpaired_machine_then_it_shows_a_code_until_the_supervisor_confirms_it(staffed, kind, screen):
    page = staffed.open(f"/{kind}", screen)
    code = page.locator(".pairing-code")
    expect(code).to_have_text(re.compile(r"^\d{3} \d{3}$"))
    expect(page.locator(".pairing-do")).to_be_visible()
    expect(page.locator(".pairing-address")).to_have_text(staffed.address.removeprefix("http://") + "/supervisor")
    assert axe(page) == []
    for width, height in [(1024, 768), (1280, 1024), (800, 480), (600, 1024), (screen["width"], screen["height"])]:
        page.set_viewport_size({"width": width, "height": height})
        assert layout_faults(page, room=0.1) == [], (width, height)  # the code is as large as its card allows
    shown = code.inner_text()
    page.reload()
    expect(code).to_have_text(shown)  # the code on the supervisor's note stays good
    staffed.confirm(shown.replace(" ", ""), f"Máy {kind}")
    expect(page.locator(".pairing")).to_have_count(0)
    with page.expect_websocket():  # a paired screen goes straight to its events
        page.reload()
    expect(page.locator(".pairing")).to_have_count(0)


def test_given_a_wall_then_code_and_what_to_do_are_legible_from_5_m(staffed):
    page = staffed.open("/display", WALL)
    expect(page.locator(".pairing-code")).to_be_visible()
    px_per_mm = WALL["height"] / WALL_MM
    assert cap_height(page.locator(".pairing-code")) / px_per_mm >= 4 * READ_FROM_5_M_MM
    assert cap_height(page.locator(".pairing-do")) / px_per_mm >= READ_FROM_5_M_MM
    assert cap_height(page.locator(".pairing-title")) / px_per_mm >= READ_FROM_5_M_MM


def test_given_a_code_that_ran_out_then_a_new_one_is_asked_for(staffed):
    page = staffed.open("/display", WALL)
    expect(page.locator(".pairing-code")).to_be_visible()
    page.route("**/pairings/current*", lambda route: route.fulfill(json={"state": "expired"}), times=1)
    with page.expect_request(lambda request: request.method == "POST" and request.url.endswith("/pairings")):
        pass
    expect(page.locator(".pairing-code")).to_have_text(re.compile(r"^\d{3} \d{3}$"))


@pytest.mark.expects_page_errors(SERVER_GONE)
def test_given_the_server_goes_then_the_machine_says_so_and_comes_back_by_itself(doorway):
    page = doorway.found().open("/kiosk", KIOSK)
    code = page.locator(".pairing-code")
    expect(code).to_be_visible()
    doorway.centre.stop()
    expect(page.locator(".pairing-title")).to_have_text(re.compile(r"^Mất kết nối từ \d\d:\d\d$"))
    assert axe(page) == []
    doorway.centre.start()
    expect(page.locator(".pairing-title")).to_have_text("Máy lấy số này chưa được ghép")
    doorway.confirm(code.inner_text().replace(" ", ""), "Máy ở cửa")
    expect(page.locator(".pairing")).to_have_count(0)


def test_given_a_kiosk_that_is_measured_when_it_is_paired_and_paired_again_then_it_knows_its_size_and_so_do_staff(
    doorway,
):
    doorway.found()
    page = doorway.open("/kiosk", KIOSK)

    def paired(name):
        expect(page.locator(".pairing-code")).to_be_visible()
        doorway.confirm(page.locator(".pairing-code").inner_text().replace(" ", ""), name)
        expect(page.locator("kiosk-foot")).to_be_visible()

    def devices():
        return doorway.centre.get("/api/v1/devices", headers=doorway.supervisor).json()["devices"]

    page.get_by_role("button", name="Đo màn hình này").click()
    assert layout_faults(page, inside=".measure") == []
    # A real card, 85.6 mm wide, covers so many pixels of a 15.6-inch screen.
    card, handle = page.locator(".measure-card"), page.locator(".measure-handle")
    wide = 85.6 * math.hypot(*KIOSK.values()) / (15.6 * 25.4)
    left, grip = card.bounding_box()["x"], handle.bounding_box()
    page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    page.mouse.move(left + wide, grip["y"])
    page.mouse.up()
    shown = card.bounding_box()
    assert abs(shown["width"] - wide) < 1 and abs(shown["height"] - wide * 53.98 / 85.6) < 1
    expect(page.locator(".measure-value").first).to_have_text("15,6 inch")
    page.get_by_role("button", name="Lớn hơn 0,1 inch").click()
    page.get_by_role("button", name="Cao hơn 5 cm").click()
    page.get_by_role("button", name="Xong").click()
    paired("Cửa chính")
    measured = {"diagonal_mm": round(15.7 * 25.4), "edge_mm": 850}
    wait_until(lambda: devices()[0]["glass"] == measured)
    mm = page.evaluate("parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--real-mm'))")
    assert abs(mm - math.hypot(*KIOSK.values()) / measured["diagonal_mm"]) < 0.01

    # Paired again it need not be measured again.
    doorway.centre.post("/api/v1/devices/1/revoke", {}, headers=doorway.supervisor)
    paired("Cửa bên")
    wait_until(lambda: devices()[1]["glass"] == measured)

    # What the supervisor types counts, at once.
    other = {"diagonal_mm": 546, "edge_mm": 300}
    doorway.centre.post("/api/v1/devices/2/glass", other, headers=doorway.supervisor)
    wait_until(lambda: page.evaluate("JSON.parse(localStorage.glass).diagonal_mm") == 546)


def wait_until(holds):
    """Wait until something holds that no page shows."""
    until = time.monotonic() + PATIENCE_MS / 1000
    while not holds():
        assert time.monotonic() < until, "it never came to be"
        time.sleep(0.1)
