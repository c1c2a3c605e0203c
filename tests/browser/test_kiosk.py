"""The kiosk in a real browser, before a real centre: two touches to a number, on glass a farmer can read."""

import json
import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.browser.layout import layout_faults
from tests.browser.measure import axe, between, contrasts, overflowing, smallest_gap, targets, texts
from tests.browser.page_errors import SERVER_GONE, refused
from tests.browser.scanner import CARDS, CODES, DOSSIERS, NO_NUMBER_HERE, Scanner, stop_clock

pytestmark = pytest.mark.browser

UPRIGHT = {"width": 1080, "height": 1920}
LYING = {"width": 1366, "height": 768}
PATIENCE_MS = 15_000
STAY_MS = 60_000
MORE_MS = 20_000

# queueing.md F, in millimetres of screen
TARGET_MM = 20
TILE_MM = 30
GAP_MM = 3
CAP_MM = {"normal": 4.8, "large": 7.3}
CONTRAST = 7
HUNDRETH_MM = 0.01  # what rounding to device pixels may take

ASK = "Ông/bà cần làm việc gì?"
AT_THE_DESK = "Xin lấy số ở quầy hướng dẫn"
FURTHER = "KT_HT"  # the seventh service of the default centre


class KioskScreen:
    """One kiosk: what a finger does and what stands there."""

    def __init__(self, context, address, clocked=True):
        self.page = context.new_page()
        if clocked:
            self.page.clock.install()
        self.address = address

    def open(self):
        self.page.goto(f"{self.address}/kiosk")
        self.shows("choice")
        return self

    def key(self, name):
        return self.page.locator(f'[data-press="{name}"]')

    def touch(self, *names):
        for name in names:
            self.key(name).click()

    def shows(self, page):
        """Wait until this page stands there, faded in."""
        expect(self.page.locator(f'main[data-page="{page}"]')).to_be_visible(timeout=PATIENCE_MS)
        self.page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")

    def wait(self, ms):
        """Let this much time pass in which nothing happens."""
        self.page.clock.fast_forward(ms)

    def wait_out_repeats(self):
        """Wait out the time in which a second tap counts as a repeat of the first.

        In one leap that the page takes for a sleep: after three short ones within two seconds it would believe that
        the server is lost.
        """
        self.page.clock.fast_forward(6000)

    def touch_bare_glass(self):
        """A finger on bare screen: the page stays another while."""
        self.page.locator("main").dispatch_event("pointerdown")

    def number(self):
        self.shows("ticket")
        return self.page.locator(".paper-number").inner_text().replace("\u00a0", "")

    def heading(self):
        return self.page.locator("main h1")


@pytest.fixture(scope="module")
def inspector(shared_centre):
    return shared_centre.token("inspector")


@pytest.fixture
def issued(shared_centre, inspector):
    """Asks the log which tickets came to be since the test began."""
    start = log(shared_centre, inspector)
    after = start[-1]["seq"] if start else 0
    return lambda: [e for e in log(shared_centre, inspector, after) if e["kind"] == "ticket.issued"]


@pytest.fixture
def new_kiosk(chromium, shared_centre, device, name):
    """Makes a kiosk of a size; `touchscreen=True` for real touches."""
    contexts = []

    def make(size=UPRIGHT, touchscreen=False):
        context = chromium.new_context(viewport=size, has_touch=touchscreen)
        context.set_default_timeout(PATIENCE_MS)
        address = shared_centre.at(name)
        context.add_cookies([{"name": c.name, "value": c.value, "url": address} for c in device])
        contexts.append(context)
        return KioskScreen(context, address)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def kiosk(new_kiosk):
    return new_kiosk().open()


def log(centre, token, after=0):
    """All events after `after`."""
    events = []
    while page := centre.get(f"/api/v1/events?after={after}", token).json()["events"]:
        events += page
        after = page[-1]["seq"]
    return events


def given_hall(page, change):
    """What the kiosk hears of the hall, changed by `change(message)`; returns a gate that can be shut."""
    gate = {"open": True}

    def hear(message, socket):
        if not gate["open"]:
            return
        begin = message.find("[") if isinstance(message, str) else -1
        if begin > 0 and re.search('"(snapshot|counts)"', message[:40]):
            kind, heard = json.loads(message[begin:])
            change(heard)
            message = message[:begin] + json.dumps([kind, heard])
        socket.send(message)

    def between(socket):
        server = socket.connect_to_server()
        server.on_message(lambda message: hear(message, socket))

    page.route_web_socket(re.compile("/socket.io/"), between)
    return gate


@contextmanager
def refusing(page):
    """The hall says no to every ticket."""
    no = {"code": "service_closed", "message": "Dịch vụ này đang tạm nghỉ."}
    page.route("**/api/v1/tickets", lambda route: route.fulfill(status=409, json=no))
    yield
    page.unroute("**/api/v1/tickets")


# The road


def test_given_a_citizen_when_touching_twice_then_there_is_a_ticket(kiosk, issued):
    kiosk.touch("service:CHUNG_THUC", "no")
    number = kiosk.number()
    (event,) = issued()
    assert event["data"]["number"] == number
    assert event["data"]["priority_class"] == "ordinary"
    assert number.startswith("B")
    expect(kiosk.page.locator(".paper-plates .plate")).to_have_text(["2", "3"])
    expect(kiosk.page.locator(".paper-priority")).to_have_count(0)
    assert between(kiosk.page.locator(".paper-service"), kiosk.page.locator(".perforation")) > 0


def test_given_somebody_who_does_not_hear_when_touching_the_ear_then_they_are_waved_to(kiosk, shared_centre, inspector):
    start = log(shared_centre, inspector)[-1]["seq"]
    kiosk.touch("service:CHUNG_THUC", "no")
    number, key = kiosk.number(), kiosk.key("wave")
    expect(key).to_have_attribute("aria-label", "Tôi không nghe được loa")
    for wanted in ("true", "false"):
        kiosk.touch("wave")
        expect(key).to_have_attribute("aria-pressed", wanted)
        kiosk.wait_out_repeats()
    events = [each for each in log(shared_centre, inspector, start) if each["kind"] == "ticket.visual_call_changed"]
    assert [(each["data"]["number"], each["data"]["wanted"]) for each in events] == [(number, True), (number, False)]
    assert {each["data"]["by"].partition(":")[0] for each in events} == {"device"}


def test_given_an_elder_when_saying_yes_then_the_ticket_has_priority_and_no_reason(kiosk, issued):
    kiosk.touch("service:HO_TICH")
    kiosk.page.locator("main").get_by_text("Người từ 75 tuổi").click()
    kiosk.number()
    expect(kiosk.page.locator(".paper-priority")).to_have_text("Ưu tiên")
    (event,) = issued()
    assert event["data"]["priority_class"] == "priority"
    assert "elder" not in json.dumps(event)


def test_given_a_hall_without_the_question_when_touching_once_then_there_is_a_ticket(new_kiosk, issued):
    screen = new_kiosk()
    given_hall(screen.page, lambda heard: heard.get("hall", {}).update(priority_question=False))
    screen.open().touch("service:CHUNG_THUC")
    number = screen.number()
    assert [event["data"]["number"] for event in issued()] == [number]


def test_given_a_further_service_when_looking_behind_other_then_it_is_there(kiosk, issued):
    expect(kiosk.page.locator(".tile")).to_have_count(6)
    expect(kiosk.key(f"service:{FURTHER}")).to_have_count(0)
    kiosk.touch("others", f"service:{FURTHER}", "no")
    kiosk.number()
    assert [event["service"] for event in issued()] == [FURTHER]


def test_given_many_services_then_no_page_has_more_than_six_and_each_can_be_reached(new_kiosk):
    def more(heard):
        like = heard["services"][0]
        heard["services"] += [like | {"code": f"S{n}", "position": 20 + n} for n in range(8)]

    screen = new_kiosk()
    given_hall(screen.page, more)
    screen.open()
    tiles = screen.page.locator(".tile")
    found = [tile.get_attribute("data-press") for tile in tiles.all()]
    screen.touch("others")
    for sheet in ("Trang 1/2", "Trang 2/2"):
        expect(screen.page.locator(".sheet")).to_have_text(sheet)
        assert tiles.count() <= 6
        assert overflowing(screen.page) == (0, 0)
        found += [tile.get_attribute("data-press") for tile in tiles.all()]
        if screen.key("next").count():
            screen.touch("next")
    assert len(found) == len(set(found)) == 15
    screen.touch("back")
    screen.shows("choice")


def test_given_someone_who_does_not_know_then_the_yellow_key_leads_to_a_person(kiosk, issued):
    kiosk.touch("unsure", "no")
    assert kiosk.number().startswith("A")
    assert [event["service"] for event in issued()] == ["HUONG_DAN"]
    expect(kiosk.page.locator(".paper-plates .plate")).to_have_text(["1"])


def test_given_a_second_thought_when_going_back_then_nothing_was_issued(kiosk, issued):
    kiosk.touch("service:DAT_DAI", "back")
    kiosk.shows("choice")
    assert issued() == []


def test_given_a_ticket_elsewhere_then_the_tile_follows_untouched(kiosk, shared_centre):
    tile = kiosk.key("service:TRA_KQ")
    before = tile.inner_text()
    token = shared_centre.token("greeter")
    assert shared_centre.post("/api/v1/tickets", {"service": "TRA_KQ"}, token=token).status_code == 201
    expect(tile).not_to_have_text(before, use_inner_text=True)
    expect(tile).to_contain_text("1 người")


# The screen


def walk(screen, gate):
    """Every page in turn, left as a citizen leaves it."""
    yield "choice"
    screen.touch("help")
    yield "help"
    screen.touch("back")
    screen.wait_out_repeats()
    screen.touch("others")
    yield "others"
    screen.touch("back", "service:DAT_DAI")
    yield "priority"
    screen.wait(STAY_MS)
    yield "more-time"
    screen.touch("more-time")
    with refusing(screen.page):
        screen.wait_out_repeats()
        screen.touch("no")
        yield "refused"
    screen.touch("back")
    screen.wait_out_repeats()
    screen.touch("service:CHUNG_THUC", "yes")
    yield "ticket"
    gate["open"] = False
    screen.touch("done")
    screen.page.clock.run_for(6000)
    yield "lost"


MODES = {
    "normal": (),
    "large": ("large",),
    "contrast": ("contrast",),
    "large-contrast": ("large", "contrast"),
    "english": ("language:en",),
    "english-large": ("language:en", "large"),
}


@pytest.mark.expects_page_errors(refused(409, "/tickets"))
@pytest.mark.parametrize(
    "size, mode",
    [(UPRIGHT, mode) for mode in MODES] + [(LYING, mode) for mode in ("normal", "large", "english-large")],
    ids=lambda given: given if isinstance(given, str) else f"{given['width']}x{given['height']}",
)
def test_given_a_mode_then_every_page_can_be_read_and_touched(new_kiosk, size, mode):
    screen = new_kiosk(size)
    gate = given_hall(screen.page, lambda heard: None)
    screen.open()
    wishes = MODES[mode]
    screen.touch(*wishes)
    for page in walk(screen, gate):
        screen.shows(page)
        if page == "lost":  # the citizen before took the wishes along
            screen.touch(*wishes)
            screen.shows(page)
        screen.touch_bare_glass()
        measured(screen.page, "large" if "large" in wishes else "normal", f"{page} {mode}")
        if size is UPRIGHT and mode in ("normal", "contrast"):  # names, roles and colours are no others elsewhere
            screen.touch_bare_glass()
            assert axe(screen.page) == [], page


OPENS_AT = "2099-11-23T00:00:00.000000Z"
SHIFTS = [
    {"opens": "07:00", "closes": "11:30", "issues_from": "07:00", "issues_to": "11:00"},
    {"opens": "13:30", "closes": "17:00", "issues_from": "13:30", "issues_to": "16:30"},
]


@pytest.mark.parametrize(("size", "mode"), [(UPRIGHT, "normal"), (UPRIGHT, "english-large"), (LYING, "large")])
def test_given_no_number_is_given_now_then_the_glass_says_why_and_from_when(new_kiosk, size, mode, issued):
    def shut(heard):
        for service in heard["services"]:
            service.update(open=False, closed="before_hours", opens_at=OPENS_AT)
        heard["workday"] = {"shifts": SHIFTS, "name": None}

    screen = new_kiosk(size)
    given_hall(screen.page, shut)
    screen.page.goto(f"{screen.address}/kiosk")
    screen.shows("closed")
    screen.touch(*MODES[mode])
    screen.shows("closed")
    measured(screen.page, "large" if "large" in MODES[mode] else "normal", f"closed {mode}")
    expect(screen.page.locator(".closed-clock")).to_have_text("07:00")
    expect(screen.page.locator(".closed-day")).to_contain_text("23/11/2099")
    expect(screen.page.locator(".shift-hours")).to_have_text(["07:00–11:30", "13:30–17:00"])
    if mode == "normal":
        expect(screen.heading()).to_have_text("Chưa đến giờ cấp số")
        assert axe(screen.page) == []


@pytest.mark.parametrize(("size", "mode"), [(UPRIGHT, "normal"), (UPRIGHT, "large"), (LYING, "english-large")])
def test_given_a_line_longer_than_the_day_then_one_is_warned_before_taking_a_number(new_kiosk, size, mode, issued):
    screen = new_kiosk(size)
    late = {"closes_at": "2099-11-22T10:00:00.000000Z", "next_at": OPENS_AT}
    given_hall(screen.page, lambda heard: heard["services"][2].update(unlikely=late))
    screen.open()
    screen.touch(*MODES[mode])
    screen.touch("service:DAT_DAI")
    screen.shows("unlikely")
    expect(screen.page.locator("main")).to_contain_text("17:00")
    expect(screen.page.locator("main")).to_contain_text("23/11/2099")
    measured(screen.page, "large" if "large" in MODES[mode] else "normal", f"unlikely {mode}")
    screen.touch("back")
    screen.shows("choice")
    screen.wait_out_repeats()
    assert issued() == []
    screen.touch("service:DAT_DAI", "take-anyway")
    screen.wait_out_repeats()  # "no" lies where that key was
    screen.touch("no")
    assert screen.number().startswith("L")


@pytest.mark.expects_page_errors(refused(404, "/check-in"))
@pytest.mark.parametrize(("size", "mode"), [(UPRIGHT, "normal"), (UPRIGHT, "english-large"), (LYING, "large")])
def test_given_an_appointment_when_typing_its_code_then_there_is_a_ticket(new_kiosk, size, mode, shared_centre):
    ticket = shared_centre.post("/api/v1/tickets", {"service": "TRA_KQ"}, token=shared_centre.token("greeter")).json()
    no = {"code": "unknown_appointment", "message": "Không có lịch hẹn hôm nay với mã này."}

    def answer(route):
        right = route.request.post_data_json["code"] == "112233"
        route.fulfill(status=201 if right else 404, json=ticket if right else no)

    screen = new_kiosk(size)
    given_hall(screen.page, lambda heard: heard.get("hall", {}).update(appointments=True))
    screen.page.route("**/api/v1/appointments/check-in", answer)
    screen.open()
    screen.touch(*MODES[mode])
    for code in ("000000", "112233"):
        screen.touch("others", "appointment")
        screen.shows("code")
        measured(screen.page, "large" if "large" in MODES[mode] else "normal", f"code {mode}")
        if mode == "normal":
            assert axe(screen.page) == []
        for digit in code[:2] + "9":
            screen.touch(f"digit:{digit}")
            screen.wait(200)
        screen.touch("erase")
        for digit in code[2:]:
            screen.wait(200)
            screen.touch(f"digit:{digit}")
        if code == "000000":
            screen.shows("refused")
            screen.wait_out_repeats()
            screen.touch("back")
            screen.shows("others")
            screen.wait_out_repeats()
            screen.touch("back")
            screen.shows("choice")
            screen.wait_out_repeats()
    assert screen.number() == ticket["number"]


@pytest.mark.expects_page_errors(refused(409, "/check-in"))
def test_given_a_slot_given_away_by_staff_when_its_holder_types_the_code_then_the_ticket_is_in_the_log_once(
    new_kiosk, issued, inspector, shared_centre
):
    chief, greeter = shared_centre.token("supervisor"), shared_centre.token("greeter")
    # Open all day, so that the next slot is at most ten minutes away: check-in is open.
    shift = {"opens": "00:00", "closes": "23:59", "issues_from": "00:00", "issues_to": "23:59"}
    rule = {"weekdays": [*range(1, 8)], "shifts": [shift]}
    year = {"name": "Cả năm", "first": "01-01", "last": "12-31", "rules": [rule]}
    wanted = {"hours": {"seasons": [year]}, "appointments": {"TRA_KQ": {"minutes": 10, "share": 80}}}
    set_up = shared_centre.post("/api/v1/settings/hall", wanted, token=chief)
    assert set_up.ok, set_up.text
    slots = shared_centre.get("/api/v1/appointments/slots?service=TRA_KQ", token=greeter).json()["slots"]
    slot = {"service": "TRA_KQ", "at": slots[0]["at"]}
    booked = shared_centre.post("/api/v1/appointments", slot, token=greeter).json()

    screen = new_kiosk(UPRIGHT).open()

    def type_code(*way):
        screen.touch(*way, "appointment")
        screen.shows("code")
        for digit in booked["code"]:
            screen.wait(200)
            screen.touch(f"digit:{digit}")

    type_code()  # its key is on the first page, for somebody has an appointment today
    number = screen.number()
    (ticket,) = issued()
    assert (ticket["data"]["number"], ticket["service"]) == (number, "TRA_KQ")
    assert ticket["data"]["appointment"] == booked["id"]
    (listed,) = shared_centre.get("/api/v1/appointments", token=greeter).json()["appointments"]
    assert (listed["state"], listed["number"]) == ("checked_in", number)

    # The same code again is recognised; nobody gets a second number by it.
    screen = new_kiosk(UPRIGHT).open()
    expect(screen.key("appointment")).to_have_count(0)  # the only one of today has come
    type_code("others")
    screen.shows("refused")
    expect(screen.page.locator("main")).to_contain_text("Lịch hẹn này đã dùng hoặc đã hủy")
    assert len(issued()) == 1
    shared_centre.post("/api/v1/settings/undo", {"seq": set_up.json()["seq"]}, token=chief)


def measured(page, size, where):
    """The thresholds of queueing.md F on the page as it stands."""
    mm = float(page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--mm')")[:-2])
    tiny = HUNDRETH_MM * mm
    assert overflowing(page) == (0, 0), where
    for target in targets(page):
        assert min(target.width, target.height) >= TARGET_MM * mm - tiny, (where, target)
        assert target.x >= 0 and target.y >= 0, (where, target)
        assert target.x + target.width <= page.viewport_size["width"], (where, target)
        assert target.y + target.height <= page.viewport_size["height"], (where, target)
    for tile in targets(page, ".tiles"):
        assert tile.height >= TILE_MM * mm - tiny, (where, tile)
    free, *pair = smallest_gap(page)
    assert free >= GAP_MM * mm - tiny, (where, pair)
    smallest = texts(page)[0]
    assert smallest.cap >= CAP_MM[size] * mm - tiny, (where, smallest)
    faintest = contrasts(page)[0]
    assert faintest.contrast >= CONTRAST, (where, faintest)
    assert cut_off(page) == [], where


def cut_off(page):
    """Pieces that reach out of their key, their ticket, the page or the screen, or lie on one another."""
    return page.evaluate(
        """() => {
          const found = [];
          const box = (el) => el.getBoundingClientRect();
          const inside = (a, b) => a.left >= b.left - 1 && a.right <= b.right + 1
            && a.top >= b.top - 1 && a.bottom <= b.bottom + 1;
          const name = (el) => `${el.tagName}.${el.className.baseVal ?? el.className} ${el.textContent.slice(0, 30)}`;
          const shown = [...document.querySelectorAll("#kiosk *")]
            .filter((el) => box(el).width && !el.closest("svg *"));
          for (const el of shown) {
            for (const frame of [el.closest(".key"), el.closest("paper-ticket"), el.closest("main"), document.body]) {
              if (frame && frame !== el && !inside(box(el), box(frame))) found.push(`out: ${name(el)}`);
            }
          }
          const leaves = shown.filter((el) => !el.matches(".number")
            && (!el.children.length && el.textContent.trim() || el.matches("svg, .plate")));
          leaves.forEach((one, i) => leaves.slice(i + 1).forEach((other) => {
            const [a, b] = [box(one), box(other)];
            const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (across > 2 && down > 0.3 * Math.min(a.height, b.height))
              found.push(`on: ${name(one)} / ${name(other)}`);
          }));
          return found;
        }"""
    )


def test_given_a_finger_when_it_comes_down_then_the_key_sinks_and_acts_only_when_it_leaves(kiosk, issued):
    tile = kiosk.key("service:CHUNG_THUC")
    tile.hover()
    kiosk.page.mouse.down()
    expect(tile).to_have_class(re.compile("is-pressed"))
    kiosk.wait(1000)  # an old hand rests
    kiosk.shows("choice")
    kiosk.page.mouse.up()
    kiosk.shows("priority")


@pytest.mark.expects_page_errors(refused(404, "/manifest.json"))
def test_given_no_voice_when_a_finger_rests_long_then_the_key_acts_all_the_same(new_kiosk):
    kiosk = new_kiosk()
    kiosk.page.route("**/static/voice/**", lambda route: route.fulfill(status=404))
    kiosk.open().key("service:CHUNG_THUC").hover()
    kiosk.page.mouse.down()
    kiosk.wait(5000)
    kiosk.shows("choice")
    kiosk.page.mouse.up()
    kiosk.shows("priority")


def test_given_no_message_to_all_then_the_keys_of_the_foot_are_at_the_foot(kiosk):
    below = "document.querySelector('kiosk-foot').getBoundingClientRect().bottom - innerHeight"
    assert kiosk.page.evaluate(below) == 0


def test_given_a_finger_that_slides_to_another_key_then_nothing_happens(kiosk):
    kiosk.key("service:CHUNG_THUC").hover()
    kiosk.page.mouse.down()
    kiosk.key("service:HO_TICH").hover()
    kiosk.page.mouse.up()
    expect(kiosk.page.locator(".is-pressed")).to_have_count(0)
    kiosk.shows("choice")


def test_given_a_touchscreen_when_tapping_then_it_works_as_with_a_finger(new_kiosk, issued):
    screen = new_kiosk(touchscreen=True).open()
    screen.key("service:CHUNG_THUC").tap()
    screen.key("no").tap()
    screen.number()
    assert len(issued()) == 1


def test_given_a_press_then_the_very_next_frame_shows_the_answer(kiosk):
    """Drawn without asking the server; the time it took is printed."""
    spent_ms, page = kiosk.page.evaluate(
        """() => new Promise((done) => {
          const el = document.querySelector('[data-press="service:CHUNG_THUC"]');
          const { x, y } = el.getBoundingClientRect();
          const at = { bubbles: true, clientX: x + 30, clientY: y + 30, pointerId: 1, button: 0 };
          const start = Date.now();
          el.dispatchEvent(new PointerEvent("pointerdown", at));
          el.dispatchEvent(new PointerEvent("pointerup", at));
          requestAnimationFrame(() => done([Date.now() - start, document.querySelector("main").dataset.page]));
        })"""
    )
    print(f"a press was answered after {spent_ms} ms")
    assert page == "priority"


@pytest.mark.expects_page_errors(SERVER_GONE)
@pytest.mark.parametrize("wish", ["language:en", "large", "contrast"])
def test_given_a_wish_when_touching_it_then_it_is_there_without_asking_the_server(kiosk, wish):
    kiosk.page.context.set_offline(True)
    kiosk.page.evaluate(
        """() => {
          addEventListener("pointerup", () => { window.touched = Date.now(); }, true);
          new MutationObserver(() => { window.changed ??= Date.now(); }).observe(
            document.documentElement, { attributes: true, attributeFilter: ["lang", "data-size", "data-contrast"] });
        }"""
    )
    kiosk.touch(wish)
    kiosk.page.wait_for_function("window.changed !== undefined")
    print(f"{wish}: there after {kiosk.page.evaluate('window.changed - window.touched')} ms")
    expect(kiosk.key(wish)).to_have_attribute("aria-pressed", "true")


def test_given_public_glass_then_it_has_no_menu_no_dragging_no_marking_and_no_scrolling(kiosk):
    undone = kiosk.page.evaluate(
        """() => ["contextmenu", "dragstart", "selectstart", "wheel"].filter((kind) =>
          document.querySelector(".tile").dispatchEvent(new Event(kind, { bubbles: true, cancelable: true })))"""
    )
    assert undone == []
    kiosk.page.mouse.move(540, 900)
    kiosk.page.mouse.wheel(0, 800)
    kiosk.page.keyboard.press("End")
    assert kiosk.page.evaluate("[scrollX, scrollY]") == [0, 0]
    # Found and asked at once: an element that a new picture has replaced meanwhile has no style.
    touch = kiosk.page.evaluate(
        """() => [...new Set([...document.querySelectorAll("body *")].map((el) => getComputedStyle(el).touchAction))]"""
    )
    assert touch == ["none"]
    assert kiosk.page.locator(".tile").first.evaluate("el => getComputedStyle(el).userSelect") == "none"


PLUGGED_IN = """() => ["p ctrl", "f ctrl", "o ctrl", "s ctrl", "u ctrl", "+ ctrl", "I ctrl", "ArrowLeft alt", "q meta",
  "F1", "F5", "F11", "F12", "BrowserBack", "ContextMenu"].filter((keys) => {
    const [key, held] = keys.split(" ");
    const pressed = { key, bubbles: true, cancelable: true, ...(held && { [`${held}Key`]: true }) };
    return document.querySelector(".tile").dispatchEvent(new KeyboardEvent("keydown", pressed));
  })"""


def test_given_a_keyboard_that_was_plugged_in_then_no_key_of_the_browser_leaves_the_page(kiosk):
    let_through = kiosk.page.evaluate(PLUGGED_IN)
    assert let_through == []
    dropped = "document.dispatchEvent(new Event('drop', { bubbles: true, cancelable: true }))"
    assert kiosk.page.evaluate(dropped) is False
    address = kiosk.page.url
    for keys in ("Alt+ArrowLeft", "F5", "Control+P", "Control+U", "Control+O", "Backspace", "Escape"):
        kiosk.page.keyboard.press(keys)
    assert kiosk.page.url == address and len(kiosk.page.context.pages) == 1
    expect(kiosk.key("service:CHUNG_THUC")).to_be_visible()


def test_given_a_keyboard_when_pressing_enter_then_the_key_acts(kiosk):
    kiosk.key("service:CHUNG_THUC").focus()
    kiosk.page.keyboard.press("Enter")
    kiosk.shows("priority")
    expect(kiosk.heading()).to_be_focused()


# A scanner


@pytest.fixture
def scanner(new_kiosk):
    """A kiosk with a hand scanner, a key of it focused as by Tab."""
    screen = new_kiosk().open()
    stop_clock(screen.page)
    screen.key("service:CHUNG_THUC").focus()
    return screen, Scanner(screen.page)


@pytest.mark.expects_page_errors(r"status of 404 .*/api/v1/(numbers|tickets)/")
def test_given_any_code_when_it_is_scanned_then_it_is_refused_in_words_and_no_key_acts(scanner, issued):
    screen, hand = scanner
    asked = []
    screen.page.on("request", lambda request: asked.append(request.url))
    for n, code in enumerate([*CODES, f"{screen.address}/t/AbCdEfGhIjKlMnOpQrStUv"]):
        hand.scan(code, end="\n" if n % 2 else "\t")
        screen.shows("refused")
        assert code not in screen.page.locator("main").inner_text()
        words = screen.page.locator(".notice-words")
        if code in CARDS:
            expect(words).to_have_text("Đây là giấy tờ cá nhân. Máy không đọc, không lưu và không hiện lên.")
        elif code in DOSSIERS:
            expect(words).to_contain_text("Xin đưa mã hồ sơ cho cán bộ ở quầy.")
        elif code not in NO_NUMBER_HERE and "/t/" not in code.lower() and "11-11" not in code:
            expect(words).to_contain_text("Máy chỉ đọc phiếu số của trung tâm.")
        screen.wait_out_repeats()
        screen.touch("back")
        screen.shows("choice")
        screen.key("service:CHUNG_THUC").focus()
    assert issued() == []
    own = "/numbers/(B987|Z001|9876|1111)$|/tickets/(AbCd|A{22}|a{22})|/glass$|/socket.io/|/static/"
    sent = [url for url in asked if not re.search(own, url)]
    assert sent == [], "what is no ticket is not sent"


def test_given_ones_own_ticket_when_it_is_scanned_then_the_kiosk_says_where_it_stands(scanner, shared_centre):
    screen, hand = scanner
    token = shared_centre.token("greeter")
    mine = shared_centre.post("/api/v1/tickets", {"service": "KT_HT"}, token=token).json()
    for code in (mine["number"], f"http://192.168.1.10:8000/t/{mine['id']}"):
        hand.scan(code)
        screen.shows("scanned")
        expect(screen.page.locator(".scanned-number")).to_have_text(f"{mine['number'][0]}\u00a0{mine['number'][1:]}")
        expect(screen.heading()).to_have_text(re.compile("Trước ông/bà còn|Ông/bà là người kế tiếp"))
        assert overflowing(screen.page) == (0, 0) and layout_faults(screen.page) == []
        screen.wait_out_repeats()
        screen.touch("back")
        screen.shows("choice")
    assert shared_centre.post(f"/api/v1/tickets/{mine['id']}/cancel", token=token).ok
    hand.scan(mine["number"])
    screen.shows("scanned")
    expect(screen.heading()).to_have_text("Số này đã hủy")


def test_given_a_ticket_that_was_served_when_it_is_scanned_then_its_holder_rates_the_visit_once(scanner, shared_centre):
    screen, hand = scanner
    kiosk, clerk = shared_centre.token("kiosk"), shared_centre.token("clerk", 3)
    mine = shared_centre.post("/api/v1/tickets", {"service": "DAT_DAI"}, token=kiosk).json()
    at = "/api/v1/counters/3"
    assert shared_centre.post(f"{at}/open", token=clerk).ok
    while shared_centre.post(f"{at}/call-next", {"finish": True}, token=clerk).json()["ticket"]["ref"] != mine["ref"]:
        pass
    assert all(shared_centre.post(f"{at}/{act}", token=clerk).ok for act in ("start", "finish", "close"))
    code = f"http://192.168.1.10:8000/t/{mine['id']}"
    hand.scan(code)
    screen.shows("rating")
    screen.touch("rate:neutral")
    screen.shows("reason")
    screen.wait_out_repeats()
    screen.touch("reason:waited_long")
    screen.shows("rated")
    rated = shared_centre.get(f"/api/v1/tickets/{mine['id']}").json()
    assert rated["rating"] == "given"
    hand.scan(code)
    screen.shows("scanned")  # not a second time


def test_given_the_code_of_an_appointment_when_it_is_scanned_then_it_checks_in(new_kiosk, shared_centre):
    ticket = shared_centre.post("/api/v1/tickets", {"service": "TRA_KQ"}, token=shared_centre.token("greeter")).json()
    screen = new_kiosk()
    given_hall(screen.page, lambda heard: heard.get("hall", {}).update(appointments=True))
    sent = []

    def answer(route):
        sent.append(route.request.post_data_json["code"])
        route.fulfill(status=201, json=ticket)

    screen.page.route("**/api/v1/appointments/check-in", answer)
    screen.open()
    stop_clock(screen.page)
    Scanner(screen.page).scan("112233")
    assert screen.number() == ticket["number"] and sent == ["112233"]


# Many numbers


def test_given_two_numbers_within_a_minute_when_a_third_is_wanted_then_it_is_asked_for_whom_and_nobody_is_refused(
    kiosk, issued
):
    def take(*keys):
        kiosk.wait_out_repeats()
        kiosk.touch("service:CHUNG_THUC", *keys)

    for _ in range(2):
        take("no")
        kiosk.number()
        kiosk.touch("done")
        kiosk.shows("choice")
    take()
    kiosk.shows("another")
    expect(kiosk.heading()).to_have_text("Số này cho người khác?")
    measured(kiosk.page, "normal", "another")
    assert layout_faults(kiosk.page) == [] and axe(kiosk.page) == []
    kiosk.wait_out_repeats()
    kiosk.touch("start")  # "No, I have my number"
    kiosk.shows("choice")
    take("for-another", "no")
    kiosk.number()
    assert len(issued()) == 3
    kiosk.touch("done")
    kiosk.shows("choice")
    kiosk.wait(STAY_MS)
    take()
    kiosk.shows("priority")  # a minute later nobody is asked


# Repeats and failures


def test_given_a_double_tap_then_there_is_one_ticket(kiosk, issued):
    kiosk.key("service:DAT_DAI").dblclick()  # its middle lies on "Có" of the next page
    kiosk.shows("priority")
    kiosk.key("no").dblclick()
    number = kiosk.number()
    kiosk.touch("done")
    kiosk.shows("choice")
    assert [event["data"]["number"] for event in issued()] == [number]


def test_given_a_lost_answer_when_it_is_sent_again_then_it_is_the_same_ticket(kiosk, issued):
    keys = []

    def note(request):
        if request.url.endswith("/tickets"):
            keys.append(request.headers["idempotency-key"])

    kiosk.page.on("request", note)
    kiosk.page.evaluate(
        """() => {
          const really = window.fetch;
          window.fetch = async (...request) => {
            window.fetch = really;
            await really(...request);
            throw new TypeError("the line broke after the server had done it");
          };
        }"""
    )
    kiosk.touch("service:CHUNG_THUC", "no")
    number = kiosk.number()
    assert [event["data"]["number"] for event in issued()] == [number]
    assert len(keys) == 2 and len(set(keys)) == 1


def test_given_a_slow_answer_then_the_citizen_is_asked_to_wait_and_other_touches_wait_too(kiosk, issued):
    held = []
    kiosk.page.route("**/api/v1/tickets", lambda route: held.append(route))
    kiosk.touch("service:CHUNG_THUC", "no")
    kiosk.shows("sending")
    assert kiosk.page.locator("main [data-press]").count() == 0
    held[0].continue_()
    kiosk.number()
    assert len(issued()) == 1


@pytest.mark.expects_page_errors(refused(409, "/tickets"))
def test_given_a_refusal_then_it_is_said_in_plain_words_with_a_way_back(kiosk, issued):
    with refusing(kiosk.page):
        kiosk.touch("service:CHUNG_THUC", "no")
        kiosk.shows("refused")
        expect(kiosk.page.locator("main")).to_contain_text("Dịch vụ này đang tạm nghỉ.")
        expect(kiosk.page.locator("main")).not_to_contain_text("service_closed")
        expect(kiosk.page.locator("main .plate")).to_have_text(["1"])
    kiosk.touch("back")
    kiosk.shows("choice")
    assert issued() == []


def test_given_a_closed_service_when_touching_it_then_it_answers(new_kiosk, issued):
    screen = new_kiosk()
    given_hall(screen.page, lambda heard: heard["services"][1].update(open=False))
    screen.open()
    expect(screen.key("service:HO_TICH")).to_contain_text("Hiện chưa nhận")
    screen.touch("service:HO_TICH")
    screen.shows("refused")
    expect(screen.heading()).to_contain_text("Hộ tịch")
    assert issued() == []


@pytest.mark.expects_page_errors(SERVER_GONE)
@pytest.mark.slow
def test_given_a_stopped_server_then_the_desk_is_named_and_the_kiosk_comes_back_untouched(kiosk, shared_centre):
    kiosk.touch("service:CHUNG_THUC")
    kiosk.shows("priority")
    shared_centre.stop()
    kiosk.touch("no")  # a press into the void
    kiosk.shows("sending")
    expect(kiosk.heading()).to_have_text(AT_THE_DESK, timeout=PATIENCE_MS)
    expect(kiosk.page.locator("main .plate")).to_have_text(["1"])
    kiosk.touch("language:en")  # works without the server
    expect(kiosk.heading()).to_have_text("Please take a number at the help desk")
    shared_centre.start()
    kiosk.shows("choice")
    expect(kiosk.heading()).to_contain_text(ASK)


def test_given_a_number_on_the_glass_when_the_server_is_lost_then_the_number_stays(new_kiosk):
    screen = new_kiosk()
    gate = given_hall(screen.page, lambda heard: None)
    screen.open().touch("service:CHUNG_THUC", "no")
    number = screen.number()
    gate["open"] = False
    screen.page.clock.run_for(6000)
    assert screen.number() == number
    screen.touch("done")
    screen.shows("lost")
    gate["open"] = True
    screen.shows("choice")


def test_given_a_kiosk_no_longer_paired_then_it_shows_a_code(chromium, shared_centre, name):
    supervisor = shared_centre.token("supervisor")
    context = chromium.new_context(viewport=UPRIGHT)
    page = context.new_page()
    page.goto(f"{shared_centre.at(name)}/kiosk")
    code = page.locator(".pairing-code")
    expect(code).to_have_text(re.compile(r"^\d{3} \d{3}$"), timeout=PATIENCE_MS)
    body = {"code": code.inner_text().replace(" ", ""), "name": "Máy mới"}
    device = shared_centre.post("/api/v1/devices", body, token=supervisor).json()
    expect(page.locator('main[data-page="choice"]')).to_be_visible(timeout=PATIENCE_MS)
    shared_centre.post(f"/api/v1/devices/{device['id']}/revoke", token=supervisor)
    expect(code).to_be_visible(timeout=PATIENCE_MS)
    context.close()


# Time and wishes


def test_given_a_ticket_when_a_minute_passes_then_the_start_is_as_it_was(kiosk):
    kiosk.touch("language:en", "large", "contrast", "service:CHUNG_THUC", "no")
    kiosk.number()
    kiosk.wait(STAY_MS // 2)
    expect(kiosk.page.locator(".left-words")).to_contain_text(re.compile(r"\b(29|30) s"))
    kiosk.touch("more-time")
    kiosk.wait(STAY_MS - 5000)
    kiosk.shows("ticket")
    kiosk.wait(5000)
    kiosk.shows("choice")
    expect(kiosk.heading()).to_contain_text(ASK)
    root = kiosk.page.locator("html")
    expect(root).to_have_attribute("data-size", "normal")
    expect(root).to_have_attribute("data-contrast", "normal")
    expect(root).to_have_attribute("lang", "vi")


def test_given_a_ticket_when_the_hall_is_told_anew_then_the_minute_does_not_begin_anew(kiosk):
    kiosk.touch("service:CHUNG_THUC", "no")
    kiosk.number()
    kiosk.wait(STAY_MS // 2)  # so long without a beat, the page asks for the hall again
    kiosk.page.wait_for_timeout(1_500)  # and has had the answer, voices and all
    kiosk.wait(STAY_MS // 2)
    kiosk.shows("choice")


def test_given_a_ticket_when_touching_done_then_the_start_is_there(kiosk):
    kiosk.touch("service:CHUNG_THUC", "no")
    kiosk.number()
    kiosk.touch("done")
    kiosk.shows("choice")


@pytest.mark.parametrize("page, road", [("priority", ["service:HO_TICH"]), ("others", ["others"])])
def test_given_a_silent_citizen_when_asked_for_more_time_then_it_is_given_as_often_as_wanted(kiosk, page, road):
    kiosk.touch(*road)
    for _ in range(10):
        kiosk.wait(STAY_MS)
        kiosk.shows("more-time")
        kiosk.wait(MORE_MS - 2000)
        kiosk.shows("more-time")
        kiosk.touch("more-time")
        kiosk.shows(page)
    kiosk.wait(STAY_MS)
    kiosk.shows("more-time")
    kiosk.wait(MORE_MS)
    kiosk.shows("choice")


def test_given_wishes_on_the_start_when_nobody_stays_then_they_are_forgotten(kiosk):
    kiosk.touch("large", "contrast")
    expect(kiosk.page.locator("html")).to_have_attribute("data-size", "large")
    kiosk.wait(STAY_MS)
    kiosk.shows("more-time")
    kiosk.wait(MORE_MS)
    kiosk.shows("choice")
    expect(kiosk.page.locator("html")).to_have_attribute("data-size", "normal")


def test_given_two_languages_then_the_whole_road_can_be_gone_in_either(kiosk, issued):
    kiosk.touch("language:en")
    expect(kiosk.heading()).to_contain_text("What did you come for?")
    expect(kiosk.key("service:CHUNG_THUC")).to_contain_text("Certification")
    kiosk.touch("service:CHUNG_THUC")
    expect(kiosk.heading()).to_have_text("Do you have priority?")
    kiosk.touch("language:vi")
    expect(kiosk.heading()).to_contain_text("ưu\u00a0tiên", use_inner_text=True)
    kiosk.touch("no")
    kiosk.number()
    assert len(issued()) == 1
