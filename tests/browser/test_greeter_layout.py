"""The greeter's page on small phones: eight keys on one screen, and nothing moves under the finger."""

import msgspec
import pytest
from playwright.sync_api import expect

from hall.views.hall import staff_hall_view
from hall.views.services import service_views
from tests.browser.drawn import draw, hall_of
from tests.browser.layout import layout_faults
from tests.browser.measure import targets
from tests.browser.page_errors import refused

pytestmark = pytest.mark.browser

LONG_NAME = "Đăng ký biến động đất đai, tài sản gắn liền"
FOOT = ".greeter-foot"
AT = "2026-01-05T00:30:00Z"


def number(**own):
    """A ticket as the greeter is answered who has just issued it."""
    return {"id": "x" * 32, "ref": 1, "number": "M1088", "service": "HO_TICH", "priority_class": "ordinary",
            "state": "waiting", "why": None, "people": 1, "moved_from": [], "delay_s": 0, "defer": None,
            "print": {"state": "printed", "copy": False, "cause": None}} | own  # fmt: skip


def snapshot(rename=None, closed=False):
    """What the server sends to a greeter."""
    hall = hall_of(rename=rename)
    services = msgspec.to_builtins(service_views(hall))
    for at, service in enumerate(services):
        service |= {"waiting": 118 + at, "unlikely": {"closes_at": AT, "next_at": None} if at % 2 else None}
        if closed:
            service |= {"open": False, "closed": "before_hours", "opens_at": AT}
    return {
        "seq": 9, "at": AT, "subject": "user:1", "hall": msgspec.to_builtins(staff_hall_view(hall, None)),
        "services": services, "helps": [], "helped": 12, "restored": False,
    }  # fmt: skip


def hear(page, name, value):
    page.evaluate(f"value => line.on.{name}(value)", value)


def asked(seq, name):
    """A call for help as the server sends it."""
    return {"seq": seq, "at": AT, "kind": "help.asked", "by": f"device:{seq}", "name": name, "ref": None}


@pytest.fixture
def greeter(chromium, name):
    """Opens the page in a size and a language, for a hall that it hears of."""
    contexts = []

    def open_page(size, given, locale="vi", answers=None):
        context = chromium.new_context(viewport=dict(zip(("width", "height"), size, strict=True)))
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(f"localStorage.setItem('language', '{locale}')")
        me = {"role": "greeter", "name": "Nguyễn Thị Minh Nguyệt", "subject": "user:1"}
        draw(
            page, name, "/greeter", "/static/greeter/index.html", {"/me": me, "/hall": given["hall"]} | (answers or {})
        )
        page.wait_for_function("window.line")
        hear(page, "onSnapshot", given)
        expect(page.locator(".tile")).to_have_count(8)
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_given_a_phone_then_head_number_class_and_eight_keys_are_on_one_screen(greeter):
    page = greeter((360, 740), snapshot())
    tiles, foot = page.locator(".tile").last.bounding_box(), page.locator(FOOT).bounding_box()
    assert tiles["y"] + tiles["height"] <= foot["y"]
    assert page.locator(".last").bounding_box()["y"] > 0


@pytest.mark.expects_page_errors(refused(404, "/tickets/1/cancel"))
def test_given_a_number_a_refusal_a_call_for_help_or_a_lost_line_then_no_key_moves(greeter):
    page = greeter(
        (360, 740), snapshot(), answers={"/tickets": number(), "/tickets/1/priority": number(priority_class="urgent")}
    )
    page.evaluate("document.fonts.ready")
    keys = ".tiles, .classes, .greeter-foot"
    places = [(key.x, key.y) for key in targets(page, keys)]
    page.locator(".tile").nth(1).click()
    expect(page.locator(".last .number")).to_be_visible()
    page.locator(".last-keys button").last.click()
    expect(page.locator(".last-keys [aria-pressed=true]")).to_have_count(1)
    hear(page, "onEvents", [asked(10, "Máy lấy số ở cửa phụ phía sau nhà"), asked(11, "Máy 2")])
    expect(page.locator(".help")).to_contain_text("còn 1 nơi khác")
    page.locator(".last-row button").last.click()  # to cancel it is refused here
    expect(page.locator(".refusal")).not_to_be_empty()
    hear(page, "onLost", None)
    page.evaluate("line.on.onLost(new Date())")
    expect(page.locator(".greeter-lost")).to_be_visible()
    assert [(key.x, key.y) for key in targets(page, keys)] == places


@pytest.mark.parametrize(("width", "height"), [(360, 740), (320, 568)])
def test_given_any_state_then_nothing_on_the_greeters_page_is_cut_off(greeter, width, height):
    wrong = {}
    for locale in ("vi", "en") if width == 320 else ("vi",):
        for what, given in {
            "usual names": snapshot(), "long names": snapshot(LONG_NAME), "closed": snapshot(closed=True),
        }.items():  # fmt: skip
            page = greeter((width, height), given, locale, {"/tickets": number(print=None)})
            wrong[f"{locale}, {what}"] = layout_faults(page, scrolling=["html"])
            if what == "closed":
                continue
            page.locator(".tile").nth(1).click()
            expect(page.locator(".last .number")).to_be_visible()
            wrong[f"{locale}, {what}, a number"] = layout_faults(page, scrolling=["html"])
            hear(page, "onEvents", [asked(10, "Máy lấy số ở cửa phụ"), asked(11, "Máy 2")])
            expect(page.locator(".help")).to_be_visible()
            wrong[f"{locale}, {what}, a call for help"] = layout_faults(page, scrolling=["html"])
            page.evaluate("line.on.onLost(new Date())")
            expect(page.locator(".greeter-lost")).to_be_visible()
            wrong[f"{locale}, {what}, lost"] = layout_faults(page, scrolling=["html"])
            page.context.close()
    assert {what: faults for what, faults in wrong.items() if faults} == {}


@pytest.mark.parametrize(("width", "height", "locale"), [(360, 740, "vi"), (320, 568, "en")])
def test_given_the_sheet_then_nothing_is_cut_off_and_what_is_said_moves_no_key(greeter, width, height, locale):
    why = {"code": "deferred", "params": {"minutes": 30, "ahead": 118}}
    offer = {"left": 2, "minutes": [5, 15, 30], "people": 10, "behind": 12}
    moved = number(number="M1089", people=20, moved_from=["M1088"], why=why, defer=offer)
    waved = moved | {"visual_call": True}
    answers = {
        "/tickets": number(), "/tickets/1": number(defer=offer), "/tickets/1/people": moved,
        "/tickets/1/visual-call": waved,
    }  # fmt: skip
    page = greeter((width, height), snapshot(LONG_NAME), locale, answers)
    page.locator(".tile").nth(1).click()
    expect(page.locator(".last .number")).to_be_visible()
    page.locator(".last-amend").click()
    more = page.locator(".amend-people .button")
    expect(page.locator(".amend-keys .button").first).to_be_enabled()
    scrolling, wrong = ["html", ".amend"], {}
    wrong["keys"] = layout_faults(page, inside=".amend", scrolling=scrolling)
    before = [(key.x, key.y) for key in targets(page, ".amend-keys, .amend-people")]
    more.nth(1).click()
    more.nth(2).click()
    expect(page.locator(".amend-print")).to_be_visible()
    wrong["moved"] = layout_faults(page, inside=".amend", scrolling=scrolling)
    assert [(key.x, key.y) for key in targets(page, ".amend-keys, .amend-people")] == before
    page.locator(".amend-wave").click()
    expect(page.locator(".amend-wave")).to_have_attribute("aria-pressed", "true")
    wrong["waved to"] = layout_faults(page, inside=".amend", scrolling=scrolling)
    assert [(key.x, key.y) for key in targets(page, ".amend-keys, .amend-people")] == before
    assert height < 740 or page.evaluate("(s => s.scrollHeight <= s.clientHeight)(document.querySelector('.amend'))")
    for at, choices in enumerate(("services", "later")):
        page.locator(".amend-keys .button").nth(at).click()
        expect(page.locator(".amend-back")).to_be_visible()
        wrong[choices] = layout_faults(page, inside=".amend", scrolling=scrolling)
        page.locator(".amend-back").click()
    assert {what: faults for what, faults in wrong.items() if faults} == {}
