"""My ticket on my phone and the first page, in a real browser before a real centre."""

import re
import shutil
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.measure import axe, cap_height, contrast, overflowing, targets, texts
from tests.browser.page_errors import SERVER_GONE, refused
from tests.centre import TestCentreProcess, wait_for_forecasts

pytestmark = pytest.mark.browser
PATIENCE_MS = 15_000

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1366, "height": 768}
LARGEST_LOAD = 50_000  # bytes over the wire, heads included
FAST_MS, SLOW_MS, HOME_MS = 5_000, 8_000, 20_000
TARGET_PX = 44
TEXT_PX = 16
AAA = 7.0
HALL_TIME = ZoneInfo("Asia/Ho_Chi_Minh")

# What the page would do to a phone, written down.
WITNESS = """
  window.buzzes = []; window.notes = 0;
  navigator.vibrate = (pattern) => window.buzzes.push(pattern);
  const create = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () { window.notes += 1; return create.call(this); };
"""


class BrowserTestCentre:
    """A centre with a kiosk, a clerk at each counter, and citizens with phones."""

    def __init__(self, centre, chromium, name, kiosk, clerks):
        self.centre = centre
        self.chromium = chromium
        self.address = centre.at(name)
        self.kiosk = kiosk
        self.clerks = clerks
        self.contexts = []

    def take(self, service="CHUNG_THUC"):
        """A citizen takes a number."""
        answer = self.centre.post("/api/v1/tickets", {"service": service}, token=self.kiosk)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def counter(self, number, *acts):
        """The clerk of a counter acts, one after the other; the last answer."""
        for act in acts:
            answer = self.centre.post(f"/api/v1/counters/{number}/{act}", token=self.clerks[number])
            assert answer.status_code == 200, answer.text
        return answer.json()

    def phone(self, path, viewport=PHONE, locale="vi-VN", clock=True):
        """A browser of its own; its clock is the test's, so that nobody waits for the next question."""
        context = self.chromium.new_context(viewport=viewport, locale=locale)
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        page = context.new_page()
        page.add_init_script(WITNESS)
        if clock:
            page.clock.install()
        page.goto(self.address + path)
        return page

    def follow(self, ticket, **options):
        page = self.phone(f"/t/{ticket['id']}", **options)
        expect(page.locator("#number")).to_have_text(shown(ticket))
        expect(page.locator("#service")).not_to_be_empty()
        return page

    def close(self):
        for context in self.contexts:
            context.close()


@pytest.fixture(scope="module")
def staffed(tmp_path_factory):
    """The folder of a fresh centre, the token of its kiosk, and those of its clerks by counter."""
    centre = TestCentreProcess(tmp_path_factory.mktemp("staffed") / "data")
    return centre.data, centre.token("kiosk"), {number: centre.token("clerk", number) for number in (1, 2, 3)}


@pytest.fixture
def office(staffed, tmp_path, chromium, name):
    data, *tokens = staffed
    centre = TestCentreProcess(shutil.copytree(data, tmp_path / "data")).start()
    made = BrowserTestCentre(centre, chromium, name, *tokens)
    yield made
    made.close()
    centre.stop()


def shown(ticket):
    return f"{ticket['number'][0]}\u00a0{ticket['number'][1:]}"


def state(page, wanted):
    expect(page.locator("body")).to_have_attribute("data-state", wanted)


def answers(page):
    """Every answer about the ticket from now on: (status, the ETag it was asked with)."""
    seen = []

    def note(response):
        if "/api/v1/tickets/" in response.url:
            seen.append((response.status, response.request.headers.get("if-none-match")))

    page.on("response", note)
    return seen


def minutes(first, last, later):
    """What a clock may show `later` than any moment from `first` to `last`."""
    seconds = range(int((last - first).total_seconds()) + 2)
    return {(first + later + timedelta(seconds=n)).strftime("%H:%M") for n in seconds}


def asked(page, milliseconds):
    """Let time pass until the next question, and wait for its answer."""
    with page.expect_response(lambda response: "/api/v1/tickets/" in response.url) as answer:
        page.clock.run_for(milliseconds)
    return answer.value


def test_given_a_phone_when_my_ticket_opens_then_everything_together_is_under_50_kilobytes(office):
    office.counter(2, "open")
    ticket = office.take()
    page = office.phone("/sign-in", clock=False)
    page.goto("about:blank")
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    weights = []
    network.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    page.goto(f"{office.address}/t/{ticket['id']}")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#number")).to_have_text(shown(ticket))
    assert len(weights) > 10
    assert sum(weights) <= LARGEST_LOAD
    # Both weights of the small font were among it: the page is whole.
    assert page.evaluate("document.fonts.check('800 20px Phone', 'Ỗ') && document.fonts.check('500 20px Phone', 'ỗ')")


def test_given_a_ticket_when_it_is_called_served_and_finished_then_the_phone_tells_each_step(office):
    office.counter(2, "open")
    ticket = office.take()
    page = office.follow(ticket)
    state(page, "waiting")
    expect(page.locator("#ahead")).to_have_text("0 người")
    expect(page.get_by_text("Chờ gọi đến quầy 2 hoặc quầy 3")).to_be_visible()

    office.counter(2, "call-next")
    asked(page, FAST_MS)
    state(page, "called")
    expect(page.get_by_text("Đến lượt ông/bà", exact=True)).to_be_visible()
    expect(page.locator("#plate")).to_have_text("2")
    expect(page.locator("#say-now")).to_have_text(f"Đến lượt ông/bà. Mời số {ticket['number'][0]} 1 đến quầy 2.")
    expect(page.locator("#missed")).to_have_text("Lỡ lượt? Xin báo quầy 2.")  # counter 1, which advises, is closed
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 197, 61)"
    number, plate = page.locator("#number").bounding_box(), page.locator("#plate").bounding_box()
    assert number["y"] + number["height"] < plate["y"]

    page.evaluate("document.getElementById('say-now').textContent = ''")
    office.counter(2, "call-again")
    asked(page, FAST_MS)
    expect(page.locator("#note")).to_have_text("Đã gọi 2 lần. Mời ông/bà đến ngay.")
    expect(page.locator("#say-now")).to_be_empty()  # said once for the call

    office.counter(2, "start")
    asked(page, FAST_MS)
    state(page, "serving")
    expect(page.locator("#plate")).to_have_text("2")

    office.counter(2, "finish")
    asked(page, SLOW_MS)
    state(page, "finished")
    expect(page.get_by_role("heading", name="Đã xong")).to_be_visible()
    seen = answers(page)
    page.clock.run_for(3 * SLOW_MS)
    assert seen == []  # nothing can follow


def test_given_four_ahead_when_nothing_changes_then_it_asks_slowly_and_unchanged_costs_a_304(office):
    *before, ticket = [office.take() for _ in range(5)]
    page = office.follow(ticket)
    expect(page.locator("#ahead")).to_have_text("4 người")
    seen = answers(page)
    page.clock.run_for(SLOW_MS - 1_000)
    assert seen == []
    assert asked(page, 1_000).status == 304
    assert seen[0][1]
    # Three ahead: from here it asks fast.
    office.centre.post(f"/api/v1/tickets/{before[0]['id']}/cancel")
    asked(page, SLOW_MS)
    expect(page.locator("#ahead")).to_have_text("3 người")
    expect(page.locator("#say")).to_have_text(f"Số {ticket['number'][0]} 5: phía trước còn 3 người.")
    assert asked(page, FAST_MS).status == 304


def test_given_somebody_who_does_not_hear_then_the_phone_shakes_and_flashes_without_a_sound(office):
    office.counter(2, "open")
    page = office.follow(office.take())
    page.get_by_role("button", name="Tôi không nghe được: xin vẫy tay").click()
    expect(page.get_by_text("Khi gọi, cán bộ sẽ vẫy tay")).to_be_visible()
    assert axe(page) == [] and overflowing(page)[0] == 0
    assert office.counter(2, "call-next")["ticket"]["visual_call"]
    assert "visual" not in str(office.centre.get("/api/v1/board").json())
    asked(page, FAST_MS)
    state(page, "called")
    flashing = "getComputedStyle(document.body).animationName"
    assert page.evaluate(flashing) == "flash"
    before = page.evaluate("window.buzzes.length")
    page.clock.run_for(9_000)
    assert (page.evaluate("window.buzzes.length") - before, page.evaluate("window.notes")) == (2, 0)
    page.get_by_role("button", name="Tắt chuông").click()
    assert page.evaluate(flashing) == "none"


def test_given_a_phone_that_wakes_then_it_asks_at_once(office):
    page = office.follow(office.take())
    with page.expect_response(lambda response: "/api/v1/tickets/" in response.url):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    with page.expect_response(lambda response: "/api/v1/tickets/" in response.url):
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")


def test_given_the_button_was_pressed_when_two_are_ahead_and_at_the_call_then_it_sounds_and_shakes(office):
    office.counter(2, "open")
    *before, ticket = [office.take() for _ in range(4)]
    silent, ringing = office.follow(ticket), office.follow(ticket)
    ringing.get_by_role("button", name="Báo cho tôi khi sắp đến lượt").click()
    expect(ringing.get_by_role("button", name="Tắt báo")).to_have_attribute("aria-pressed", "true")
    tried = ringing.evaluate("window.notes")
    assert tried > 0  # once, so that one knows the volume

    office.centre.post(f"/api/v1/tickets/{before[0]['id']}/cancel")
    for page in (silent, ringing):
        asked(page, FAST_MS)
        expect(page.locator("#ahead")).to_have_text("2 người")
        expect(page.locator("#say")).to_contain_text("Sắp đến lượt")
        expect(page).to_have_title(f"Sắp đến lượt · {shown(ticket)}")
    near = ringing.evaluate("[window.notes, window.buzzes.length]")
    assert near[0] > tried and near[1] == 1
    assert silent.evaluate("window.notes") == 0

    for citizen in before[1:]:
        office.centre.post(f"/api/v1/tickets/{citizen['id']}/cancel")
    office.counter(2, "call-next")
    for page in (silent, ringing):
        asked(page, FAST_MS)
        state(page, "called")
    expect(silent.locator("#hush")).to_be_hidden()
    called = ringing.evaluate("window.notes")
    assert called > near[0] and ringing.evaluate("window.buzzes.length") == 2
    for title in ("Đến lượt ông/bà", f"Mời {shown(ticket)} → quầy 2"):
        expect(ringing).to_have_title(title)
    ringing.clock.run_for(4_000)
    assert ringing.evaluate("window.notes") > called  # it goes on
    ringing.get_by_role("button", name="Tắt chuông").click()
    expect(ringing.locator("#hush")).to_be_hidden()
    hushed = ringing.evaluate("window.notes")
    ringing.clock.run_for(12_000)
    assert ringing.evaluate("window.notes") == hushed


@pytest.mark.expects_page_errors(SERVER_GONE)
def test_given_a_line_then_be_here_by_is_the_early_side_of_the_forecast(office):
    office.counter(3, "open")
    ticket = [office.take("DAT_DAI") for _ in range(4)][-1]
    asked_from = datetime.now(HALL_TIME)
    page = office.follow(ticket)
    forecast = {"p10_s": 1000, "p50_s": 2000, "p80_s": 3000, "between": None}
    view = office.centre.get(f"/api/v1/tickets/{ticket['id']}").json() | {"forecast": forecast}
    page.route(f"**/api/v1/tickets/{ticket['id']}?*", lambda route: route.fulfill(json=view))
    page.reload()
    expect(page.locator("#number")).to_have_text(shown(ticket))
    early = minutes(asked_from, datetime.now(HALL_TIME), timedelta(seconds=1000))
    # Down to five minutes: a time that changes all the while is not believed.
    times = "|".join({f"{at[:3]}{int(at[3:]) // 5 * 5:02}" for at in early})
    expect(page.locator("#notice")).to_have_text(re.compile(rf"Xin có mặt trước ({times})\."))
    # When that time is near and the phone heard nothing else, nobody is sent away any more.
    page.unroute_all()
    page.context.set_offline(True)
    page.clock.fast_forward((forecast["p10_s"] - 200) * 1000)
    expect(page.locator("#notice")).to_have_text("Xin ở gần quầy.")


def test_given_no_counter_is_open_then_the_page_says_so_and_that_the_number_is_kept(office):
    page = office.follow(office.take())
    expect(page.locator("#about")).to_have_text("Chưa có quầy mở")
    expect(page.locator("#notice-why")).to_contain_text("vẫn được giữ")


def test_given_second_thoughts_then_giving_up_asks_first_and_says_what_is_lost(office):
    ticket = office.take()
    page = office.follow(ticket)
    page.get_by_role("button", name="Hủy số").click()
    expect(page.get_by_text("Hủy nhầm thì trong 2 phút lấy lại được số và chỗ.")).to_be_visible()
    expect(page.locator("#number")).to_be_in_viewport()  # nothing lies over the number
    page.get_by_role("button", name="Giữ số").click()
    expect(page.get_by_role("button", name="Hủy số")).to_be_focused()
    assert office.centre.get(f"/api/v1/tickets/{ticket['id']}").json()["state"] == "waiting"

    page.get_by_role("button", name="Hủy số").click()
    page.locator("#cancel-yes").click()
    state(page, "cancelled")
    expect(page.get_by_role("heading", name="Đã hủy số")).to_be_visible()
    assert office.centre.get(f"/api/v1/tickets/{ticket['id']}").json()["state"] == "cancelled"
    fit(page)
    page.get_by_role("button", name="Nhầm rồi, lấy lại số").click()
    state(page, "waiting")
    expect(page.locator("#number")).to_be_focused()
    assert office.centre.get(f"/api/v1/tickets/{ticket['id']}").json()["state"] == "waiting"


@pytest.mark.expects_page_errors(refused(409, "/cancel"))
def test_given_another_phone_when_it_cancels_then_it_is_asked_once_more_and_the_first_is_not(office):
    ticket = office.take()
    mine, other = office.follow(ticket), office.follow(ticket)
    other.get_by_role("button", name="Hủy số").click()
    other.locator("#cancel-yes").click()
    expect(other.locator("#cancel-refusal")).to_contain_text("mở trước trên một điện thoại khác")
    state(other, "waiting")
    other.locator("#cancel-yes").click()
    state(other, "cancelled")
    asked(mine, SLOW_MS * 3)
    mine.get_by_role("button", name="Nhầm rồi, lấy lại số").click()
    state(mine, "waiting")
    expect(other.locator("#take-back")).to_be_visible()
    asked(other, SLOW_MS * 3)  # it goes on asking, and sees that the cancel was taken back
    state(other, "waiting")


@pytest.mark.parametrize("locale", ["vi-VN", "en-GB"])
def test_given_no_time_yet_then_the_page_asks_how_much_later_says_what_it_costs_and_does_so(office, locale):
    office.counter(2, "open")
    ticket, behind = office.take(), [office.take() for _ in range(3)]
    page = office.follow(ticket, locale=locale)
    page.locator("#later").click()
    expect(page.locator("#later-cost")).to_contain_text("2")
    fit(page)
    page.locator("#later-choices button").nth(4).click()
    expect(page.locator("#later-ask")).to_be_hidden()
    seen = office.centre.get(f"/api/v1/tickets/{ticket['id']}").json()
    assert (seen["defer"]["left"], seen["people_ahead"]) == (1, len(behind))
    expect(page.locator("#delayed")).to_be_focused()
    expect(page.locator("#delayed")).to_be_in_viewport(ratio=1)
    page.locator("#later").click()
    page.locator("#later-choices button").first.click()
    expect(page.locator("#later")).to_be_hidden()  # twice is all
    expect(page.locator("#delayed")).to_contain_text(re.compile(r"(hơn|later)? ?\d+ (phút|minutes?)"))
    assert office.centre.get(f"/api/v1/tickets/{ticket['id']}").json()["defer"] is None


@pytest.mark.expects_page_errors(refused(409, "/cancel"))
def test_given_service_began_meanwhile_then_giving_up_is_refused_and_the_truth_shown(office):
    office.counter(2, "open")
    page = office.follow(office.take())
    page.get_by_role("button", name="Hủy số").click()
    office.counter(2, "call-next", "start")
    page.locator("#cancel-yes").click()
    state(page, "serving")
    expect(page.locator("#cancel-ask")).to_be_hidden()


def test_given_the_citizen_did_not_come_then_the_page_says_what_to_do_without_blame(office):
    office.counter(1, "open")  # advises
    office.counter(2, "open")
    page = office.follow(office.take())
    office.counter(2, "call-next", "call-again", "no-show")
    asked(page, FAST_MS)
    state(page, "no_show")
    expect(page.locator("#ended-what")).to_contain_text("Xin báo quầy 1, cán bộ sẽ giúp ông/bà.")


def test_given_a_ticket_of_an_earlier_day_then_the_page_says_that_it_has_expired(office):
    ticket = office.take()
    day = datetime.fromisoformat(ticket["issued_at"]).astimezone(HALL_TIME).strftime("%d/%m/%Y")
    page = office.follow(ticket)
    page.route("**/api/v1/tickets/*", lambda route: route.fulfill(json=ticket | {"state": "expired"}))
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    state(page, "expired")
    expect(page.locator("#ended-what")).to_contain_text(day)


@pytest.mark.expects_page_errors(refused(404))
def test_given_an_unknown_link_then_the_page_says_so_in_plain_words(office):
    page = office.phone("/t/AAAAAAAAAAAAAAAAAAAAAA")
    expect(page.get_by_role("heading", name="Không tìm thấy số này")).to_be_visible()
    expect(page.locator("#ended-what")).to_contain_text("Xin hỏi quầy hướng dẫn và đưa phiếu giấy")
    assert axe(page) == []


@pytest.mark.expects_page_errors(SERVER_GONE)
def test_given_the_server_is_lost_then_the_phone_says_since_when_keeps_what_it_knew_and_recovers(office):
    ticket = office.take()
    page = office.follow(ticket)
    expect(page.locator("#updated")).to_have_text(re.compile(r"^Cập nhật \d\d:\d\d:\d\d · tự làm mới$"))
    office.centre.stop()
    page.clock.run_for(FAST_MS)
    expect(page.locator("#lost-since")).to_have_text(re.compile(r"^Mất kết nối từ \d\d:\d\d$"))
    expect(page.locator("#lost")).to_contain_text("Số của ông/bà vẫn được giữ.")
    expect(page.locator("#number")).to_have_text(shown(ticket))
    expect(page.locator("#ahead")).to_have_text("0 người")
    assert page.evaluate("getComputedStyle(document.querySelector('#ahead b')).fontWeight") == "500"
    expect(page.locator("#updated")).to_have_text(re.compile(r"^Cập nhật \d\d:\d\d:\d\d$"))
    assert axe(page) == []
    page.get_by_role("button", name="Hủy số").click()
    page.locator("#cancel-yes").click()
    page.clock.run_for(4_000)
    expect(page.locator("#cancel-refusal")).to_contain_text("Số vẫn được giữ")
    page.get_by_role("button", name="Giữ số").click()

    office.centre.start()
    asked(page, FAST_MS)
    expect(page.locator("#lost")).to_be_hidden()
    state(page, "waiting")


def test_given_a_phone_in_english_then_the_page_speaks_english(office):
    page = office.follow(office.take(), locale="en-GB")
    expect(page.get_by_text("Your number", exact=True)).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize("locale", ["vi-VN", "en-GB"])
def test_given_any_state_then_everything_can_be_read_and_pressed(office, locale):
    office.counter(2, "open")
    ticket = office.take()
    page = office.follow(ticket, locale=locale)
    page.locator("#ring").click()
    page.locator("#why").click()
    fit(page)
    page.locator("#cancel").click()
    fit(page)
    page.locator("#cancel-keep").click()
    for act, wanted in (("call-next", "called"), ("start", "serving"), ("finish", "finished")):
        office.counter(2, act)
        asked(page, SLOW_MS)
        state(page, wanted)
        fit(page)
        if wanted == "called":
            assert cap_height(page.locator("#number")) >= 60
            assert cap_height(page.locator("#plate")) >= 100


def fit(page):
    """Nothing small, nothing pale, nothing cut, nothing axe would find."""
    assert {text for text in texts(page) if text.cap < TEXT_PX * 0.74 - 0.01} == set()
    assert [t for t in targets(page) if min(t.width, t.height) < TARGET_PX] == []
    assert overflowing(page)[0] == 0
    assert axe(page) == []
    for place in (
        "#hall",
        "#number",
        "#note",
        "#missed",
        "#notice",
        "#notice-why",
        "#ahead",
        "#updated",
        "#ended-what",
        "#ring",
        "#why-text",
        "#cancel",
        "#cancel-keep",
        "#later",
        "#later-cost",
        "#later-keep",
        "#take-back",
        "#where",
        ".serving b",
        "dt",
    ):
        for piece in page.locator(place).all():
            if piece.is_visible():
                assert contrast(piece) >= AAA, place


def test_given_a_fresh_centre_then_the_first_page_says_the_waits_the_rule_and_where_each_screen_is(office):
    office.counter(2, "open")
    for _ in range(2):
        office.take()
    wait_for_forecasts(office.centre)
    page = office.phone("/", viewport=DESK)
    expect(page.locator("#waiting")).to_have_text("2 người")
    expect(page.locator("#counters")).to_have_text("1 quầy đang mở")
    expect(page.locator("#mean")).to_have_text("chưa có")
    expect(page.locator("#served")).to_have_text("0 lượt")
    expect(page.locator("#services tr")).to_have_count(8)
    row = page.locator("#services tr", has_text="Chứng thực")
    expect(row.locator(".is-count")).to_have_text("2 người")
    # In the last minutes before midnight nobody can be promised a call.
    expect(row.locator(".is-wait")).to_contain_text(re.compile("phút|Chưa rõ bao lâu"))
    expect(page.locator("#rule")).to_have_text(
        "Thứ tự phục vụ: theo giờ lấy số; người từ 75 tuổi, người khuyết tật, phụ nữ mang thai,"
        " người đi cùng trẻ dưới 6 tuổi và người có công được tính sớm hơn 20 phút; không ai bị vượt quá 5 lần."
        " Mọi lần gọi đều được ghi lại."
    )
    links = page.locator("#screens a").evaluate_all("links => links.map(link => new URL(link.href).pathname)")
    assert links == ["/kiosk", "/greeter", "/display", "/counter", "/supervisor"]
    assert axe(page) == []

    office.counter(2, "call-next", "start", "finish")
    page.clock.run_for(HOME_MS)
    expect(page.locator("#waiting")).to_have_text("1 người")
    expect(page.locator("#served")).to_have_text("1 lượt")
    expect(page.locator("#mean")).to_have_text("dưới 1 phút")


@pytest.mark.expects_page_errors(SERVER_GONE)
def test_given_a_phone_then_the_first_page_fits_it_and_says_when_it_is_cut_off(office):
    page = office.phone("/", locale="en-GB")
    expect(page.locator("#services tr")).to_have_count(8)
    assert overflowing(page)[0] == 0
    assert {text for text in texts(page) if text.cap < TEXT_PX * 0.74 - 0.01} == set()
    assert [t for t in targets(page) if min(t.width, t.height) < TARGET_PX] == []
    assert axe(page) == []
    office.centre.stop()
    page.clock.run_for(HOME_MS)
    expect(page.locator("#updated")).to_have_text(re.compile("^No connection since"))
    office.centre.start()
    page.clock.run_for(HOME_MS)
    expect(page.locator("#updated")).to_have_text(re.compile("^Updated"))
