"""Every page of the kiosk at every size, with the longest words: nothing is cut, nothing is covered, nothing moves."""

import time

import pytest
from playwright.sync_api import expect

from paper.code import draw_code
from tests.browser.layout import layout_faults, watch_moves
from tests.browser.measure import targets
from tests.browser.notices import LONG_NOTICE
from tests.browser.page_errors import refused
from tests.browser.scanner import Scanner, stop_clock
from tests.browser.test_kiosk import PATIENCE_MS, UPRIGHT, KioskScreen, given_hall
from tests.media.files import picture

pytestmark = pytest.mark.browser

SIZES = [(1080, 1920), (1920, 1080), (768, 1024), (800, 480), (1024, 600), (480, 800)]
LINK = "http://192.168.1.10:8000/t/AbCdEfGhIjKlMnOpQrStUv"
WAIT = {"p10_s": 100 * 60, "p50_s": 515 * 60, "p80_s": 670 * 60}
LONG_NAMES = {"vi": "Đăng ký hộ kinh doanh và hợp tác xã mới", "en": "Registration of businesses, cooperatives"}
LONG_HINTS = {
    "vi": "Thành lập, thay đổi, tạm ngừng, giải thể, cấp lại giấy phép",
    "en": "Founding, changes, suspension, dissolution, new licence copy",
}
LONG_CENTRE = {
    "name": "Trung tâm Phục vụ hành chính công và Kiểm soát thủ tục hành chính đặc khu Vân Đồn",
    "office": "Ủy ban nhân dân đặc khu kinh tế Vân Đồn, tỉnh Quảng Ninh, văn phòng đại diện số 2",
}
OWN_HEAD = {"logo": "a" * 64, "colour": "#7a1f1f"}
MODES = {"vi": [], "large": ["large"], "en-large-contrast": ["language:en", "large", "contrast"]}


@pytest.fixture
def open_kiosk(chromium, shared_centre, device, name):
    contexts = []

    def make(change=lambda heard: None, clocked=True):
        context = chromium.new_context(viewport=UPRIGHT)
        context.set_default_timeout(PATIENCE_MS)
        address = shared_centre.at(name)
        context.add_cookies([{"name": c.name, "value": c.value, "url": address} for c in device])
        contexts.append(context)
        screen = KioskScreen(context, address, clocked=clocked)
        screen.gate = given_hall(screen.page, change)
        logo = picture("png", (320, 160))
        screen.page.route("**/logo/*", lambda route: route.fulfill(body=logo, content_type="image/png"))
        return screen

    yield make
    for context in contexts:
        context.close()


def crowded(long):
    """Three-digit waits everywhere, and with `long` the longest names that the settings take."""

    def change(heard):
        if "hall" in heard:
            heard["hall"].update(
                {"advice_counters": [1, 2, 3], "appointments": True} | (LONG_CENTRE | OWN_HEAD if long else {})
            )
            heard["hall"]["accessible_counters"] = [2, 10, 18]
        heard["appointments_due"] = True
        for service in heard["services"]:
            service.update(forecast=WAIT, ahead=128, waiting=128, counters_open=service["counters"])
            if long:
                service.update(names=LONG_NAMES, hints=LONG_HINTS)

    return change


def gives(screen, ticket, counters, **figures):
    """The kiosk's next number, with these counters and figures."""
    given = {"counters": counters, "counters_open": counters, "help_counters": counters[:1]}
    given |= {"people_ahead": 128, "forecast": WAIT}
    screen.page.unroute("**/api/v1/tickets")
    screen.page.route("**/api/v1/tickets", lambda route: route.fulfill(status=201, json=ticket | given | figures))
    code = draw_code(LINK)
    screen.page.route("**/code.svg", lambda route: route.fulfill(body=code, content_type="image/svg+xml"))


TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
SETTLED_S = 3


def lasting(page, faults):
    """What stays wrong: on a busy machine the letters may still be about to be fitted to the new size."""
    until = time.monotonic() + SETTLED_S
    while (found := faults()) and time.monotonic() < until:
        page.evaluate(TWO_FRAMES)
    return found


def faults_at_every_size(screen, where):
    """What is wrong with the page that stands there, at each size in turn."""
    faults = []
    for width, height in SIZES:
        screen.page.set_viewport_size({"width": width, "height": height})
        screen.page.evaluate(TWO_FRAMES)
        screen.touch_bare_glass()
        found = lasting(screen.page, lambda: layout_faults(screen.page))
        faults += [f"{where} {width}x{height}: {fault}" for fault in found]
    screen.page.set_viewport_size(UPRIGHT)
    return faults


SPARE_PX = 8
NOT_OPEN = {"counters_open": [], "help_counters": [], "people_ahead": 0, "forecast": None}
PRINTED = {"follow_url": LINK, "print": {"state": "queued", "copy": False, "cause": None}}
TICKETS = {  # by whether names are the longest
    False: {
        "two counters": ([2, 3], {}),
        "three counters and a code": ([2, 3, 10], {"follow_url": LINK}),
        "no counter open": ([2, 3], NOT_OPEN),
        "twelve counters": ([*range(1, 13)], {}),
    },
    True: {
        "five counters": ([1, 2, 3, 4, 5], {"follow_url": LINK}),
        "eight counters": ([1, 2, 3, 4, 5, 6, 17, 18], {}),
        "printed": ([1, 2, 3, 4, 5, 6, 17, 18], PRINTED),
    },
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("long", [False, True], ids=["usual", "longest"])
def test_given_any_ticket_then_its_page_holds_it_at_every_size(open_kiosk, ticket, mode, long):
    faults = []
    screen = open_kiosk(crowded(long)).open()
    screen.touch(*MODES[mode])
    for what, (counters, figures) in TICKETS[long].items():
        gives(screen, ticket, counters, **figures)
        screen.touch("service:CHUNG_THUC")
        if screen.page.locator("another-page").is_visible():
            faults += faults_at_every_size(screen, "for somebody else")
            screen.touch("for-another")
        screen.touch("yes")
        screen.shows("ticket")
        faults += faults_at_every_size(screen, what)
        if "print" in figures:
            screen.page.clock.run_for(5000)
            screen.shows("no-paper")
            # With room to spare: another PC's letters are a little larger.
            screen.page.locator("no-paper-page").evaluate(
                "(page, px) => { page.style.borderBlockEnd = `${px}px solid transparent`; }", SPARE_PX
            )
            faults += faults_at_every_size(screen, f"{what}, without paper")
        elif "follow_url" in figures and screen.key("picture").is_visible():
            screen.wait_out_repeats()
            screen.touch("picture")
            expect(screen.page.locator(".paper-picture img")).to_have_js_property("complete", True)
            faults += faults_at_every_size(screen, f"{what}, picture")
        screen.wait_out_repeats()
        screen.touch("done")
        screen.shows("choice")
        expect(screen.page.locator("html")).to_have_attribute("data-size", "normal")  # the wishes are forgotten
        screen.wait_out_repeats()
        screen.touch(*MODES[mode])
    assert faults == []


@pytest.mark.parametrize("mode", MODES)
def test_given_the_longest_message_to_all_who_wait_then_the_pages_that_show_it_hold_it_at_every_size(open_kiosk, mode):
    faults = []
    for names in ("usual", "longest"):

        def change(heard, long=names == "longest"):
            crowded(long)(heard)
            if "hall" in heard:
                heard["hall"]["notice"] = {"seq": 1, "at": heard["at"], "texts": LONG_NOTICE, "until": None}

        screen = open_kiosk(change).open()
        screen.touch(*MODES[mode])
        for page in ("choice", "others"):
            screen.shows(page)
            expect(screen.page.locator("hall-notice")).to_contain_text(LONG_NOTICE["en" if "en" in mode else "vi"])
            faults += faults_at_every_size(screen, f"{page}, {names} names")
            if page == "choice":
                screen.touch("others")
    screen.wait_out_repeats()
    screen.touch("back")
    screen.touch("service:CHUNG_THUC")
    expect(screen.page.locator("hall-notice")).to_be_hidden()  # who has chosen is not led away
    assert faults == []


@pytest.mark.expects_page_errors(refused(409, "/tickets"))
@pytest.mark.parametrize("mode", MODES)
def test_given_the_longest_words_then_every_other_page_holds_them_at_every_size(open_kiosk, ticket, mode):
    screen = open_kiosk(crowded(long=True))
    screen.page.route("**/api/v1/help", lambda route: route.fulfill(status=201, json={"asked": 5, "heard": False}))
    no = {"code": "service_closed", "message": "Dịch vụ này đang tạm nghỉ."}
    screen.page.route("**/api/v1/tickets", lambda route: route.fulfill(status=409, json=no))
    screen.open().touch(*MODES[mode])
    faults = []

    def measure_page(page):
        screen.shows(page)
        faults.extend(faults_at_every_size(screen, page))

    measure_page("choice")
    for keys, page in ((["help"], "help"), (["others"], "others"), (["appointment"], "code")):
        screen.touch(*keys)
        measure_page(page)
        while screen.key("back").count():
            screen.wait_out_repeats()
            screen.touch("back")
        screen.shows("choice")
        screen.wait_out_repeats()
    stop_clock(screen.page)
    served = ticket | {"number": "M188", "state": "finished", "rating": "open"}
    screen.page.route(f"**/tickets/{ticket['id']}*", lambda route: route.fulfill(json=served))
    screen.page.route("**/rate", lambda route: route.fulfill(json={"number": "M188"}))
    Scanner(screen.page).scan(f"{screen.address}/t/{ticket['id']}")
    screen.page.clock.resume()
    measure_page("rating")
    screen.touch("rate:neutral")
    measure_page("reason")
    screen.touch("reason:")
    measure_page("rated")
    screen.wait_out_repeats()
    screen.touch("start")
    screen.shows("choice")
    screen.wait_out_repeats()
    screen.touch(*MODES[mode])
    screen.touch("service:CHUNG_THUC")
    measure_page("priority")
    screen.touch("no")
    measure_page("refused")
    screen.wait(60_000)
    measure_page("more-time")
    screen.gate["open"] = False
    screen.page.clock.run_for(6000)
    measure_page("lost")
    assert faults == []


def test_given_a_kiosk_that_opens_then_no_key_moves_after_it_was_painted(open_kiosk):
    screen = open_kiosk(clocked=False)
    watch = watch_moves(screen.page)
    screen.open()
    expect(screen.key("read")).to_have_attribute("aria-disabled", "false")  # its voice is there by now
    screen.page.wait_for_timeout(500)
    assert watch.moved() == []


def test_given_another_language_or_larger_letters_then_the_keys_of_the_foot_stay_where_they_are(open_kiosk):
    screen = open_kiosk(crowded(long=False)).open()

    def across():
        return [(round(key.x), round(key.width)) for key in targets(screen.page, "kiosk-foot")]

    before = across()
    for wish in ("language:en", "large"):
        screen.touch(wish)
        expect(screen.key(wish)).to_have_attribute("aria-pressed", "true")
        assert across() == before
