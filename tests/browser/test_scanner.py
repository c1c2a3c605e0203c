"""A hand scanner on the pages that are no console: nothing is done by it but what is said."""

import pytest
from playwright.sync_api import expect

from tests.browser.page_errors import refused
from tests.browser.scanner import CARDS, CODES, DOSSIERS, NO_NUMBER_HERE, Scanner, stop_clock
from tests.people import add_person, signed_in, supervisor_cookies

pytestmark = pytest.mark.browser

CARD = "Đây là giấy tờ cá nhân."
UNKNOWN = "Không nhận ra mã vừa quét"
AT_COUNTER = "Mã hồ sơ chỉ ghi được ở màn hình của quầy"
NONE_OF_TODAY = "Số vừa quét không phải số của hôm nay."
COUNTER_FIRST = "Xin chọn quầy trước."
PLACES = {
    # address, who, where the words stand, what has the focus
    "chooser": ("/counter", "clerk", ".choosing-main > p", ".choosing-counter"),
    "greeter": ("/greeter", "greeter", ".refusal", ".tiles button"),
    "live": ("/supervisor#live", "supervisor", ".scan-words", "nav a"),
    "a form": ("/supervisor#hall", "supervisor", ".scan-words", "input[name=office]"),
    "a search": ("/supervisor#log", "supervisor", ".scan-words", "input[name=number]"),
}


@pytest.fixture(scope="module")
def people(shared_centre):
    """Cookies by role."""
    supervisor = supervisor_cookies(shared_centre)
    cookies = {"supervisor": supervisor}
    for name, role in (("Chị Hoa", "greeter"), ("Lò Thị Mai", "clerk")):
        add_person(shared_centre, supervisor, name, role)
        cookies[role] = signed_in(shared_centre, name)
    return cookies


@pytest.fixture
def opened(chromium, shared_centre, people, name):
    """Opens a place of PLACES, its clock standing still and its focus set."""
    contexts = []

    def open_at(place):
        path, who, _, focus = PLACES[place]
        context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
        contexts.append(context)
        address = shared_centre.at(name)
        context.add_cookies([{"name": c.name, "value": c.value, "url": address} for c in people[who]])
        page = context.new_page()
        page.clock.install()
        page.goto(address + path)
        expect(page.locator(focus).first).to_be_visible()
        stop_clock(page)
        page.locator(focus).first.focus()
        return page

    yield open_at
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def events(shared_centre):
    """Returns the log as it is."""
    token = shared_centre.token("supervisor")
    return lambda: shared_centre.get("/api/v1/events?after=0", token=token).json()["events"]


@pytest.mark.expects_page_errors(refused(404, "/numbers/[A-Z0-9]+"))
@pytest.mark.parametrize("place", PLACES)
def test_given_any_code_then_nothing_is_done_but_what_is_said(opened, events, place):
    page = opened(place)
    before = events()
    words = page.locator(PLACES[place][2])
    fields = [field.input_value() for field in page.locator("input:not([type=checkbox]), select").all()]
    hash_before = page.evaluate("location.href")
    offset = list(PLACES).index(place)
    codes = (*DOSSIERS[:1], *NO_NUMBER_HERE[:1], *CODES[offset :: len(PLACES)])
    for index, code in enumerate(codes):
        Scanner(page).scan(code, ["\n", "\t", ""][index % 3])
        page.wait_for_timeout(200)  # the page's clock must not run away from the server
        kind = CARD if code in CARDS else UNKNOWN
        if code in DOSSIERS:
            kind = COUNTER_FIRST if place == "chooser" else AT_COUNTER
        elif code in NO_NUMBER_HERE:
            kind = COUNTER_FIRST if place == "chooser" else NONE_OF_TODAY
        expect(words).to_contain_text(kind)
        assert code.strip() not in page.locator("body").inner_text()
    assert [field.input_value() for field in page.locator("input:not([type=checkbox]), select").all()] == fields
    assert page.evaluate("location.href") == hash_before
    assert events() == before


def in_the_log(page):
    """Wait for the page of the log; its clock stands still, so let it go on for what is done after it is drawn."""
    expect(page.locator(".log-found")).to_be_attached()
    page.clock.run_for(1000)


@pytest.mark.expects_page_errors(refused(404, "/tickets/A+"))
def test_given_our_own_ticket_then_greeter_and_supervisor_are_shown_it(shared_centre, opened):
    taken = shared_centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=shared_centre.token("kiosk")).json()
    link, shown = f"https://xa.example/t/{taken['id']}", taken["number"].replace("B", "B\u00a0")
    page = opened("greeter")
    Scanner(page).scan(link)
    expect(page.locator(".last")).to_contain_text("Số đã quét")
    expect(page.locator(".last .number")).to_have_text(shown)
    page = opened("live")
    Scanner(page).scan(taken["number"])
    in_the_log(page)
    expect(page.locator("input[name=number]")).to_have_value(taken["number"])
    page = opened("greeter")
    Scanner(page).scan(taken["number"])
    expect(page.locator(".last .number")).to_have_text(shown)
    page = opened("live")
    Scanner(page).scan(link)
    in_the_log(page)
    expect(page.locator(".log-found")).to_contain_text(taken["number"])
    expect(page.locator("input[name=number]")).to_have_value(taken["number"])
    page = opened("greeter")
    Scanner(page).scan("https://xa.example/t/AAAAAAAAAAAAAAAAAAAAAA")
    expect(page.locator(".refusal")).to_contain_text("không còn trong sổ của trung tâm")
