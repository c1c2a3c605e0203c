"""Every page that the server has, in its states, in the middle of a day: by axe's rules, by the keyboard, enlarged.

The pages are read off the routes, the files and the supervisor's own list, so that a new one is walked by itself.
"""

import re
from functools import partial

import pytest
from playwright.sync_api import expect

from tests.browser.busy_centre import CALLED, SERVING, BusyCentre
from tests.browser.drawn import draw
from tests.browser.keyboard import keyboard_faults
from tests.browser.layout import layout_faults
from tests.browser.measure import axe
from tests.browser.page_errors import refused
from tests.centre import ROOT
from tests.strangers.server import whole_server

pytestmark = pytest.mark.browser

DESK, PHONE, UPRIGHT, TELEVISION, TABLET = (1366, 768), (360, 740), (1080, 1920), (1920, 1080), (1280, 800)
# A laptop's page at 200 and 400 %, and the width and height that WCAG 1.4.10 names.
TWICE, FOUR_TIMES, NARROWEST = (683, 384), (341, 192), (320, 256)
TARGET_PX = 44
SCROLLS = ["html", ".scroll", ".quotas-frame", ".side", ".pages", ".studio-prompts", ".amend", "dialog"]
# What words are meant to lie on: a chart's drawing, the bar of a wait, the box of a choice.
GROUND = [".uplot", ".bar", ".bar *", "input[type=radio]", "input[type=checkbox]", ".row-pick"]
# What a finger presses and would miss; the box of a choice is pressed together with its words.
SMALL = """(least) => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter((el) => el.checkVisibility({ visibilityProperty: true }) && !el.closest(".visually-hidden"))
  .map((el) => (el.matches("[type=radio], [type=checkbox]") && el.closest("label")) || el)
  .filter((el) => {
    const { width, height } = el.getBoundingClientRect();
    return width > 1 && Math.min(width, height) < least;
  })
  .map((el) => (el.ariaLabel || el.innerText || el.name).trim())"""
SUPERVISOR = ROOT / "static" / "supervisor" / "supervisor.js"
WALKS = {}


def walks(address):
    """Register the function that walks through the states of the page at this address, in a language."""

    def register(function):
        WALKS[address] = function
        return function

    return register


class Walk:
    """Opens pages of the busy centre in a language, and gathers what is wrong with them."""

    def __init__(self, busy, chromium, name, language):
        self.busy = busy
        self.language = language
        self.wrong = {}
        self._chromium = chromium
        self._name = name
        self.address = busy.centre.at(name)
        self._contexts = []

    def open(self, address, who=(), size=DESK):
        """A page in a browser of its own that has the cookies of these people and devices."""
        page = self.blank(who, size)
        page.goto(self.address + address)
        return page

    def blank(self, who=(), size=DESK):
        context = self._chromium.new_context(
            viewport=dict(zip(("width", "height"), size, strict=True)),
            locale={"vi": "vi-VN", "en": "en-GB"}[self.language],
            reduced_motion="reduce",
        )
        self._contexts.append(context)
        for each in who:
            context.add_cookies([
                {"name": cookie.name, "value": cookie.value, "url": self.address}
                for cookie in self.busy.cookies[each]
            ])  # fmt: skip
        page = context.new_page()
        page.add_init_script(f"localStorage.setItem('language', '{self.language}')")
        page.add_init_script("localStorage.setItem('supervisor.start_put_off', '1')")
        return page

    def draw(self, page, path, file, answers):
        """Open a page of ours without the centre."""
        draw(page, self._name, path, file, answers, self.language)

    def accessible(self, page, what, keyboard=True):
        """Note what axe finds on the page as it stands, and what the keyboard does not reach."""
        self._note(what, [f"{rule}: {' '.join(nodes)}" for rule, _, nodes in axe(page)])
        if keyboard:
            self._note(what, keyboard_faults(page))

    def staff(self, page, what):
        """Look at a page of the staff: at its usual size, and enlarged."""
        if self.language == "vi":
            self.accessible(page, what, keyboard=False)
            self._note(what, small(page))
            for size in (TWICE, FOUR_TIMES):
                self.fits(page, what, size)
            # Backwards, since what is stuck to the top of a page covers what comes from there.
            self._note(f"{what}, enlarged", keyboard_faults(page, "Shift+Tab"))
        else:
            # What is longer in another language is so at every width: there the narrowest will do.
            self.fits(page, what, NARROWEST)
            self._note(f"{what}, enlarged", keyboard_faults(page))
        resize(page, DESK)

    def fits(self, page, what, size):
        """Note what does not fit on the page at a size; it may scroll downwards only."""
        resize(page, size)
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")  # the link that skips is seen only in focus
        self._note(f"{what} {size}", small(page) if size == FOUR_TIMES else [])
        self._note(f"{what} {size}", layout_faults(page, scrolling=SCROLLS, ground=GROUND))

    def close(self):
        for context in self._contexts:
            context.close()

    def _note(self, what, faults):
        if faults:
            self.wrong.setdefault(f"{self.language}: {what}", []).extend(faults)


def small(page):
    return [f"{each} is small" for each in page.evaluate(SMALL, TARGET_PX - 0.5)]


def resize(page, size):
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


# -- what has no socket and is open to all ------------------------------------------------------------


@walks("/")
def walk_home(walk):
    page = walk.open("/")
    expect(page.locator("#services tr")).to_have_count(8)
    walk.staff(page, "home")


@walks("/minh-bach")
def walk_figures(walk):
    walk.staff(walk.open("/minh-bach"), "figures")


@walks("/open-data/")
def walk_open_data(walk):
    walk.staff(walk.open("/open-data/"), "open data")


@walks("/sign-in")
def walk_sign_in(walk):
    page = walk.open("/sign-in")
    expect(page.locator("#name")).to_be_focused()
    walk.staff(page, "sign-in")
    page.locator("#send").click()
    expect(page.locator("#name-error")).not_to_be_empty()
    walk.staff(page, "sign-in, empty")


@walks("/setup")
def walk_setup(walk):
    walk.staff(walk.open("/setup"), "set-up without a link")
    page = walk.blank()
    page.route("**/api/v1/setup/link", lambda route: route.fulfill(json={"open": True}))
    page.goto(walk.address + "/setup?key=" + "x" * 43)
    expect(page.locator("#name")).to_be_visible()
    page.locator("#send").click()
    expect(page.locator("#name-error")).not_to_be_empty()
    walk.staff(page, "set-up")


@walks("/password")
def walk_password(walk):
    page = walk.open("/password", ["greeter"])
    expect(page.locator("#present")).to_be_focused()
    page.locator("#send").click()
    walk.staff(page, "password")


@walks("/demo")
def walk_demo(walk):
    page = walk.blank()
    walk.draw(page, "/demo", "/static/demo/index.html", {"/board": walk.busy.centre.get("/api/v1/board").json()})
    expect(page.locator("[data-screen=greeter]")).to_be_visible()
    walk.staff(page, "demo")


# -- citizens ------------------------------------------------------------------------------------------


@walks("/t/<ticket_id>")
def walk_phone(walk):
    def open_ticket(which):
        return walk.open(f"/t/{walk.busy.tickets[which]['id']}", size=PHONE)

    def check(page, what):
        walk.accessible(page, what)
        walk.fits(page, what, NARROWEST)
        resize(page, PHONE)

    page = open_ticket("waiting")
    expect(page.locator("#service")).not_to_be_empty()
    page.locator("#why").click()
    page.locator("#ring").click()
    check(page, "ticket")
    for act in ("later", "cancel"):
        page.locator(f"#{act}").click()
        expect(page.locator(f"#{act}-ask")).to_be_visible()
        check(page, f"ticket, {act}")
        page.locator(f"#{act}-keep").click()
    for which in ("called", "serving", "finished", "cancelled", "no_show"):
        page = open_ticket(which)
        expect(page.locator("body")).to_have_attribute("data-state", which)
        if which == "finished":
            page.locator("#rating input[name=rating]").last.check(force=True)
        check(page, f"ticket, {which}")
    page = walk.open("/t/AAAAAAAAAAAAAAAAAAAAAA", size=PHONE)
    expect(page.locator("#ended")).not_to_be_empty()
    check(page, "unknown ticket")


KIOSK_PAGES = {
    "choice": [],
    "others": ["others"],
    "search": ["search"],
    "code": ["others", "appointment"],
    "priority": ["service:CHUNG_THUC"],
    "help": ["help"],
}
KIOSK_MODES = {
    "vi": {"": KIOSK_PAGES, "contrast": KIOSK_PAGES, "large": ["choice"], "large contrast": ["choice"]},
    "en": {"": ["choice"], "large": KIOSK_PAGES},
}


@walks("/kiosk")
def walk_kiosk(walk):
    page = walk.open("/kiosk", size=UPRIGHT)
    expect(page.locator(".pairing-code")).to_have_text(re.compile(r"\d{3} \d{3}"))
    walk.accessible(page, "kiosk, not paired")
    page = walk.open("/kiosk", ["kiosk"], UPRIGHT)
    for mode, shown in KIOSK_MODES[walk.language].items():
        for each in shown:
            page.reload()  # which forgets the last touch: nobody waits until the same key may be touched again
            expect(page.locator("choice-page")).to_be_visible()
            wishes = [f"language:{walk.language}", *mode.split()]
            for key in [*wishes, *KIOSK_PAGES[each]]:
                page.locator(f'[data-press="{key}"]').first.dispatch_event("click")
            expect(page.locator(f"{each}-page")).to_be_visible()
            expect(page.locator(f'[data-press="{wishes[-1]}"]')).to_have_attribute("aria-pressed", "true")
            walk.accessible(page, f"kiosk, {mode} {each}")


@walks("/display")
def walk_wall(walk):
    page = walk.open("/display", size=TELEVISION)
    expect(page.locator(".pairing-code")).to_have_text(re.compile(r"\d{3} \d{3}"))
    walk.accessible(page, "wall, not paired")
    for theme in ("dark", "light"):
        walk.busy.post("/settings/hall", {"theme": theme})
        page = walk.open("/display", ["display"], TELEVISION)
        expect(page.locator("html")).to_have_attribute("data-theme", f"wall-{theme}")
        expect(page.locator("body")).to_have_attribute("data-state", "live")
        walk.accessible(page, f"wall, {theme}")


@walks("/display/counter")
def walk_sign(walk):
    for counter, state in {None: "choose", CALLED: "called", SERVING: "serving", 1: "closed"}.items():
        page = walk.open(f"/display/counter?counter={counter}" if counter else "/display/counter", ["display"], TABLET)
        expect(page.locator("body")).to_have_attribute("data-state", state)
        walk.accessible(page, f"sign, {state}")


@walks("/display/rating")
def walk_rating(walk):
    page = walk.open("/display/rating", ["display"], TABLET)
    expect(page.locator("body")).to_have_attribute("data-state", "choose")
    walk.accessible(page, "rating, the choice of a counter")
    walk.busy.serve_somebody()
    page = walk.open(f"/display/rating?counter={SERVING}", ["display"], TABLET)
    expect(page.locator("body")).to_have_attribute("data-state", "asking")
    walk.accessible(page, "rating")
    page.locator("[data-value=dissatisfied], [data-value=neutral]").first.click()
    expect(page.locator("body")).to_have_attribute("data-state", "why")
    walk.accessible(page, "rating, why")
    page.locator(".rating-keys button").last.click()
    expect(page.locator(".rating-said")).to_be_visible()
    walk.accessible(page, "rating, thanks")


# -- the staff -------------------------------------------------------------------------------------------


@walks("/greeter")
def walk_greeter(walk):
    page = walk.open("/greeter", ["greeter"])
    expect(page.locator(".tile")).to_have_count(8)
    walk.staff(page, "greeter")
    page.locator(".tile").nth(1).click()
    expect(page.locator(".last .number")).to_be_visible()
    walk.staff(page, "greeter, a number")
    page.locator(".last-amend").click()
    expect(page.locator(".amend-keys .button").first).to_be_enabled()
    walk.staff(page, "greeter, the sheet of a number")


@walks("/appointments")
def walk_appointments(walk):
    page = walk.open("/appointments", ["greeter"])
    slot = page.locator(".slot-keys button:enabled").last
    slot.click()
    expect(page.locator(".slip")).to_be_visible()
    walk.staff(page, "appointments, a slip")
    page.locator(".slip-keys button").last.click()
    expect(page.locator("tbody tr").first).to_be_visible()
    walk.staff(page, "appointments")


@walks("/counter")
def walk_console(walk):
    page = walk.open("/counter", [f"clerk {SERVING}"])
    expect(page.locator("#main-key, .choosing-counter").first).to_be_visible()
    if page.locator(".choosing-counter").count():
        walk.staff(page, "console, the choice of a counter")
        page.locator(f"[data-counter='{SERVING}']").click()
        expect(page.locator("#main-key")).to_be_visible()
    walk.staff(page, "console")


def pages_of_supervisor():
    """The names of the supervisor's pages, as its script lists them."""
    listed = re.search(r"const PAGES = \{(.*?)\};", SUPERVISOR.read_text("utf-8"), re.DOTALL)[1]
    return re.findall(r"(\w+):", listed)


def opened(page):
    """Wait until the page of the supervisor has its data."""
    expect(page.locator("main > :not(.head, .scan-words)").first).to_be_attached()
    expect(page.locator(".opening")).to_have_count(0)


def unfolded(page):
    """Open everything that is folded; return whether anything was."""
    return page.evaluate(
        """() => {
          const folded = document.querySelectorAll("main details:not([open]) > summary, main [aria-expanded=false]");
          for (const each of folded) each.click();
          return folded.length;
        }"""
    )


def asked_before_revoking(page):
    page.locator(".row .button--danger").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def asked_before_leaving(page):
    page.locator("form input[type=text], form input:not([type])").first.fill("Đang gõ dở")
    page.evaluate("location.hash = '#live'")
    expect(page.get_by_role("dialog")).to_be_visible()


def shown_menu(page):
    resize(page, NARROWEST)
    page.locator(".side-menu").click()
    expect(page.locator(".pages")).to_be_visible()


def added(page):
    page.locator(".page-bar button.button").last.click()
    page.locator("form button[type=submit], .form-keys .button--main").first.click()


MORE_STATES = {
    "live": {"the menu": shown_menu},
    "devices": {"a question": asked_before_revoking},
    "hall": {"unsaved": asked_before_leaving},
    "counters": {"a new one, refused": added},
    "services": {"a new one, refused": added},
}


def walk_supervisor(walk, name):
    page = walk.open(f"/supervisor#{name}", ["supervisor"])
    opened(page)
    unfolded(page)
    walk.staff(page, name)
    for what, act in MORE_STATES.get(name, {}).items() if walk.language == "vi" else ():
        page.reload()
        opened(page)
        act(page)
        walk.staff(page, f"{name}, {what}")


WALKS |= {f"/supervisor#{each}": partial(walk_supervisor, name=each) for each in pages_of_supervisor()}


# -- the tests -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    made = BusyCentre(tmp_path_factory.mktemp("busy"))
    yield made
    made.stop()


def test_given_the_routes_and_files_then_every_page_is_walked(tmp_path):
    with whole_server(tmp_path / "data") as centre:
        routes = centre.app.extensions["routes"].declared.values()
        client = centre.app.test_client()
        open_to_all = [each for each in routes if each.method == "GET" and not each.path.startswith("/api/")]
        pages = {
            route.path
            for route in open_to_all
            if route.page or ("<" not in route.path and client.get(route.path).mimetype == "text/html")
        }
        files = {route.page for route in open_to_all if route.page}
    assert {*pages, "/demo"} == {address.partition("#")[0] for address in WALKS}
    static = ROOT / "static"
    there = {str(path.relative_to(static)) for path in static.rglob("*.html") if "vendor" not in path.parts}
    assert there == files | {"demo/index.html"}
    assert len(pages_of_supervisor()) > 20


@pytest.mark.expects_page_errors(refused("400|401|403|404|409|422"))
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("address", list(WALKS))
def test_given_the_middle_of_a_day_then_every_state_of_the_page_is_for_everybody(
    busy, chromium, name, address, language
):
    walk = Walk(busy, chromium, name, language)
    WALKS[address](walk)
    walk.close()
    if walk.wrong:
        pytest.fail("\n".join(f"{what}: {fault}" for what, faults in walk.wrong.items() for fault in faults), False)
