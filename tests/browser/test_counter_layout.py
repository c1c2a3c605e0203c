"""The console where two columns have no room: a phone, a tablet held upright, a page enlarged to 200 and 400 %."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from counter.channel import CounterChannel
from tests.browser import scanner
from tests.browser.drawn import draw, hall_of
from tests.browser.layout import layout_faults
from tests.browser.measure import axe, between, targets

pytestmark = pytest.mark.browser

# A finger has no keyboard beside it, so that the keys show no letters.
TOUCHED = [(360, 740), (820, 1180)]
ENLARGED = [(342, 192), (683, 384)]
TARGET_PX = 44
MAIN_PX = 48
SCROLLS = ["html"]
GROUND = [".row-pick"]

LONG_NAME = "Đăng ký biến động đất đai, tài sản gắn liền"
LONG_COUNTER = "Quầy tiếp nhận và trả kết quả"  # 30 letters may be
LONG_CLASS = {"vi": "Ốm nặng, khuyết tật nặng", "en": "Severely ill or disabled"}
LONG_CLERK = "Nguyễn Phúc Vĩnh Thụy Minh Nguyệt"
PRINTER = {"printer": "Máy in ở cửa phụ phía sau nhà", "cause": "no_answer", "number": "M1088", "spare": True}
SERVICE = "CHUNG_THUC"


def ago(**span):
    return (datetime.now(UTC) - timedelta(**span)).isoformat()


def snapshot(state="idle", **own):
    """What the server sends to a console whose every name is as long as it may be."""
    channel = CounterChannel(hall_of(counters=12, rename=LONG_NAME), None, str, lambda _: None, lambda counter: 1)
    made = channel.snapshot("2 user:1")
    counter = made["counter"] | {
        "name": LONG_COUNTER, "state": state, "since": ago(minutes=99), "mine": True, "clerk": "user:1",
        "clerk_name": LONG_CLERK,
    }  # fmt: skip
    for each in made["hall"]["classes"].values():
        each["names"] = LONG_CLASS
    queue = [queued(n) for n in range(12)]
    return made | {
        "at": ago(), "counter": counter, "queue": queue, "waiting": 128, "attended": True,
        "spoken": {"seq": None, "sound": "off"}, "walls": 1, "open_counters": [*range(1, 13)],
    } | own  # fmt: skip


def queued(at):
    """One of the queue: some have all that a row may say."""
    return {
        "ref": at + 10, "number": f"M{1088 + at}", "service": SERVICE, "passed": at % 3, "reason": "HEADSTART",
        "priority_class": "urgent" if at % 2 == 0 else "ordinary", "head_start_s": 2_400, "issued_at": ago(minutes=515),
        "mark": ["returned", None, "transferred", "deferred"][at % 4], "people": 20,
    }  # fmt: skip


def at_counter(state, **own):
    """The one who is called or served, with all that may be said of them."""
    return snapshot(state, undo=undo("ticket.called"), ticket={
        "ref": 1, "number": "M1088", "service": SERVICE, "priority_class": "urgent", "head_start_s": 2_400,
        "state": state, "issued_at": ago(minutes=600), "wait_s": 30_900, "called_at": ago(minutes=2), "called_seq": 1,
        "calls": 3, "started_at": ago(minutes=100), "reason": "MANUAL", "by_hand": "missed_call", "passed": 12,
        "why": None, "dossiers": 20, "people": 20, "moved_from": [], "goes_on": True,
        "dossier_codes": scanner.DOSSIERS[:3], "no_show_from": ago(minutes=1),
    }, **own)  # fmt: skip


def undo(kind):
    return {"number": "M1088", "kind": kind, "until": ago(seconds=-600)}


def wish(wanted):
    return {"asked": 3, "at": ago(minutes=1), "wish": wanted, "answer": None, "answered_at": None}


HELD = [{"ref": n, "number": f"M{n + 200}", "service": SERVICE, "since": ago(minutes=9), "until": ago(minutes=-9)}
        for n in range(30, 38)]  # fmt: skip
GONE = [{"ref": n, "number": f"M{n + 1200}", "until": ago(minutes=-9)} for n in range(50, 60)]
AWAY = {"held": HELD, "no_shows": GONE}
CLOSED, IDLE, PAUSED = snapshot("closed"), snapshot(**AWAY), snapshot("paused", undo=undo("counter.paused"))
PAUSED["counter"]["reason"] = "portal_overloaded"
CALLED, SERVING = at_counter("called", printing=True), at_counter("serving", printing=True)
WISHED = snapshot("closed", restored=True, printers=[PRINTER])
WISHED["counter"]["wish"] = wish("open")
TAKEN = at_counter("serving")
TAKEN["counter"] |= {"mine": False, "clerk": "user:2"}
HANDED_OVER = at_counter("serving")
HANDED_OVER["counter"] |= {"mine": False, "clerk": None}


def hear(page, what, value):
    page.evaluate(f"value => line.on.{what}(value)", value)


def ask(name, number=None):
    """Press an act and look at what it asks."""

    def press(page):
        page.locator(f".act:has(use[href='#icon-{name}'])").first.click()
        expect(page.locator(".is-question")).to_be_visible()
        if number:
            page.locator(".is-question input").fill(number)

    return press


def lost(page):
    page.evaluate("line.on.onLost(new Date())")
    expect(page.locator(".lost")).to_be_visible()


def stopped(code):
    def stop(page):
        hear(page, "onStop", code)
        expect(page.locator(".message")).to_be_visible()

    return stop


def said(reason):
    """An act that is not possible now says why."""

    def press(page):
        page.locator(f".act:has(use[href='#icon-{reason}'])").first.click(force=True)
        expect(page.locator(".notice")).to_be_visible()

    return press


def scanned(page):
    """A card is read in no time, by the page's own clock."""
    page.evaluate(
        """code => [...code, "Enter"].forEach((key) => document.activeElement.dispatchEvent(
          new KeyboardEvent("keydown", { key, code: "", bubbles: true, cancelable: true })))""",
        scanner.CARDS[0],
    )
    expect(page.locator(".notice")).to_contain_text(re.compile("giấy tờ cá nhân|personal"))


def list_of_keys(page):
    page.locator(".foot-keys").last.click()
    expect(page.locator(".keys")).to_be_visible()


def whole_queue(page):
    page.locator(".more").click()
    expect(page.locator(".row")).to_have_count(12)


def chosen(page):
    page.locator(".choices-row .choice").first.click()
    expect(page.locator(".choices-row [aria-pressed=true]")).to_be_visible()


def kept(page):
    lost(page)
    page.locator("#main-key").click()
    expect(page.locator(".person.is-kept")).to_be_visible()


# In an order in which each leaves the page fit for the next.
STATES = {
    "closed": (CLOSED, None),
    "closed, a wish, a restore, a printer without paper": (WISHED, None),
    "next": (IDLE, None),
    "next, the whole queue": (IDLE, whole_queue),
    "next, the list of keys": (IDLE, list_of_keys),
    "next, back": (IDLE, ask("arrow-left")),
    "next, another number": (IDLE, ask("bell-ringing", "M1090")),
    "next, priority": (IDLE, ask("star", "M1090")),
    "next, cancelled": (IDLE, ask("ban", "M1090")),
    "next, lost": (IDLE, lost),
    "next, a refusal": (IDLE, said("user-off")),
    "nobody": (snapshot(queue=[], waiting=0), None),
    "paused": (PAUSED, None),
    "called": (CALLED, None),
    "called, lost": (CALLED, lost),
    "called, and does not hear": (CALLED | {"ticket": CALLED["ticket"] | {"visual_call": True}}, None),
    "serving": (SERVING, None),
    "serving, held": (SERVING, ask("clock-pause")),
    "serving, transferred": (SERVING, ask("arrows-exchange")),
    "serving, a pause": (SERVING, ask("player-pause")),
    "serving, handed over": (SERVING, ask("users")),
    "serving, dossiers": (SERVING, ask("file-text")),
    "serving, an outcome": (SERVING, chosen),
    "serving, lost": (SERVING, lost),
    "taken": (TAKEN, None),
    "given up": (HANDED_OVER, None),
    "serving, a scan": (SERVING, scanned),
    "serving, finished without a server": (SERVING, kept),
    "taken over": (SERVING, stopped("taken_over")),
    "signed out": (SERVING, stopped("signed_out")),
}


COUNTERS = [each["counter"] | {"counter": n} for n, each in enumerate((PAUSED, IDLE, CLOSED, WISHED, TAKEN), start=1)]
WHY = {"number": "M1090", "why": {"code": "ahead_both", "params": {"earlier": 120, "others": 68}}}


@pytest.fixture
def open_page(chromium, name):
    """Opens the console at a size, before a counter is chosen."""
    contexts = []

    def open_page(size, language):
        touched = size in TOUCHED
        viewport = dict(zip(("width", "height"), size, strict=True))
        context = chromium.new_context(viewport=viewport, has_touch=touched, is_mobile=touched)
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(f"localStorage.setItem('language', '{language}')")
        me = {"role": "clerk", "name": LONG_CLERK, "subject": "user:1", "counter": None}
        given = {"/me": me, "/hall": IDLE["hall"], "/counters": {"counters": COUNTERS}}
        given["/services"] = {"services": IDLE["services"]}
        given |= {f"/tickets/{each['ref']}": WHY for each in IDLE["queue"]}
        draw(page, name, "/counter", "/static/counter/index.html", given)
        expect(page.locator(".choosing-counter")).to_have_count(len(COUNTERS))
        return page

    yield open_page
    for context in contexts:
        context.close()


def choose(page):
    page.locator("[data-counter='2']").click()
    page.wait_for_function("window.line")


def leave(page):
    """Away with what an act has opened; the line is back."""
    page.keyboard.press("Escape")
    page.evaluate("line.on.onBack()")
    expect(page.locator(".is-question, .keys, .lost")).to_have_count(0)


def faults_at(page, size):
    """What is wrong with the page that stands there, at a size."""
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    small = [f"{each.label} is small" for each in targets(page) if min(each.width, each.height) < TARGET_PX - 0.5]
    main = page.locator("#main-key")
    if main.count() and main.is_visible():
        box = main.bounding_box()
        if box["height"] < MAIN_PX or box["y"] < 0 or box["y"] + box["height"] > size[1]:
            small.append("the main key is not in reach")
    return small + layout_faults(page, scrolling=SCROLLS, ground=GROUND)


# What is longer in another language is so at every width: there the narrowest will do.
SIZES = {"vi": (TOUCHED, ENLARGED), "en": (ENLARGED[:1],)}


@pytest.mark.parametrize("language", SIZES)
def test_given_any_state_then_one_column_holds_it_all_on_a_phone_a_tablet_and_enlarged(open_page, language):
    wrong = {}
    for sizes in SIZES[language]:
        page = open_page(sizes[0], language)

        def check(what, page=page, sizes=sizes):
            for size in sizes:
                wrong[f"{what} {size}"] = faults_at(page, size)

        check("the choice of a counter")
        choose(page)
        for what, (given, act) in STATES.items():
            hear(page, "onSnapshot", given)
            expect(page.locator(".console, .message").first).to_be_visible()
            if act:
                act(page)
            check(what)
            if act in (lost, list_of_keys) or page.locator(".is-question").count():
                leave(page)
    assert {what: faults for what, faults in wrong.items() if faults} == {}


def test_given_long_names_on_a_laptop_then_the_card_of_the_person_holds_them(open_page):
    page = open_page((1366, 768), "vi")
    choose(page)
    for state in ("called", "serving"):
        hear(page, "onSnapshot", STATES[state][0])
        expect(page.locator(f".person.is-{state}")).to_be_visible()
        assert page.locator(".person-body").evaluate("el => el.scrollHeight - el.clientHeight") == 0, state


def test_given_one_column_then_its_parts_are_accessible_and_what_is_called_said_or_asked_is_in_sight(open_page):
    page = open_page(ENLARGED[0], "vi")
    assert axe(page) == []
    choose(page)
    hear(page, "onSnapshot", IDLE)
    expect(page.locator(".row")).to_have_count(3)
    main = page.locator("#main-key")
    page.locator(".foot-keys").last.scroll_into_view_if_needed()
    hear(page, "onCounts", CALLED | {"seq": 10})
    called = page.locator(".person.is-called .console-ticket .number")
    expect(called).to_be_in_viewport(ratio=1)
    assert between(called, main) >= 0
    assert axe(page) == []
    ask("player-pause")(page)
    expect(page.locator("#question-title")).to_be_in_viewport(ratio=1)
    assert axe(page) == []
    page.locator(".leave").click()
    expect(main).to_be_focused()
    page.locator(".foot-keys").last.click()
    expect(page.locator("#keys-title")).to_be_in_viewport(ratio=1)
    page.locator(".keys .leave").last.click()
    said("clock-pause")(page)
    expect(page.locator(".notice")).to_be_in_viewport()
