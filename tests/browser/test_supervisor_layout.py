"""The supervisor's frame and live board at their sizes, with long names, three-digit waits and many notices."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from playwright.sync_api import expect

from hall.views.watch import watch_view
from tests.browser.drawn import draw, hall_of
from tests.browser.layout import layout_faults
from tests.browser.measure import between
from tests.hall.centre import name_of

pytestmark = pytest.mark.browser

LAPTOP, PHONE = (1366, 768), (360, 740)
LONG_NAME = "Đăng ký biến động đất đai, tài sản gắn liền"
# The bar of a wait carries its mark across it, and a plate its number.
GROUND = [".bar", ".bar *"]
SCROLLS = ["html", ".scroll", ".side", ".pages"]
AT = (datetime.now(UTC) - timedelta(minutes=133)).isoformat()
ALARMS = [
    ("speaker_off", {}), ("wait_breach", {"number": "M088", "service": LONG_NAME, "minutes": 30}),
    ("printer_paper_end", {"printer": "1", "number": "M088", "spare": False}),
    ("help_asked", {"asked": 7, "name": "Máy lấy số ở cửa phụ"}), ("backup_old", {"days": 3}),
]  # fmt: skip


def board(rename=None):
    """A hall of eight counters in every state, with a crowd; everything as long as it may be."""
    hall = hall_of(counters=8, rename=rename)
    view = msgspec.to_builtins(watch_view(hall, None, name_of))
    states = ["serving", "called", "paused", "closed", "idle"]
    for at, counter in enumerate(view["counters"]):
        state = states[at % 5]
        ticket = {"number": f"M{188 + at}"} if state in ("serving", "called") else None
        counter |= {"state": state, "ticket": ticket, "since": AT, "held": ["M101", "M102"] if at == 0 else []}
        counter["reason"] = "portal_overloaded" if state == "paused" else None
    for at, service in enumerate(view["services"]):
        service |= {"waiting": 118 + at, "longest_wait_s": 8_000, "level": ("warn", "alarm", "breach", None)[at % 4]}
        service["forecast"] = {"p10_s": 5_000, "p50_s": 7_300, "p80_s": 10_500} if at % 3 else None
        service["longer"] = {"code": "longer_fault", "params": {"counter": 12}} if at % 3 == 1 else None
    view |= {"waiting": 988, "waiting_over": 120, "longest": {"number": "M088", "service": "HO_TICH", "wait_s": 8_000}}
    view["alarms"] = [{"code": code, "at": AT, "params": params} for code, params in ALARMS]
    effect = {"service": "HO_TICH", "now_s": 7_300, "then_s": 3_600, "now_p90_s": 12_000, "then_p90_s": 7_140}
    view["advice"] = {
        "counter": 4,
        "staffing": "closed",
        "since": AT,
        "reason": None,
        "waiting": 238,
        "effects": [effect],
    }
    return view | {
        "at": datetime.now(UTC).isoformat(),
        "devices": [],
        "backup": {"at": AT, "second_at": None, "second": True},
    }


@pytest.fixture
def screen(chromium, name):
    """Opens the board in a size, in a language."""
    contexts = []

    def open_screen(size, view, language="vi"):
        context = chromium.new_context(viewport=dict(zip(("width", "height"), size, strict=True)))
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(
            f"localStorage.setItem('language', '{language}'); localStorage.setItem('supervisor.start_put_off', '1')"
        )
        me = {"role": "supervisor", "name": "Nguyễn Thị Minh Nguyệt", "subject": "user:1"}
        draw(page, name, "/supervisor", "/static/supervisor/index.html", {"/me": me, "/hall": view["hall"]})
        page.wait_for_function("window.line")
        page.evaluate("view => line.on.onSnapshot(view)", view)
        expect(page.locator(".counters-now tbody tr")).to_have_count(8)
        return page

    yield open_screen
    for context in contexts:
        context.close()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["1366x768", "360x740"])
def test_given_a_crowded_hall_then_nothing_on_the_live_board_is_cut_off(screen, size, language):
    wrong = {}
    for what, rename in {"usual names": None, "long names": LONG_NAME}.items():
        page = screen(size, board(rename), language)
        wrong[what] = layout_faults(page, scrolling=SCROLLS, ground=GROUND)
        page.locator(".notices summary").first.click()
        page.locator(".other-notices > summary").click()
        wrong[f"{what}, notices open"] = layout_faults(page, scrolling=SCROLLS, ground=GROUND)
        wide = page.locator(".now .scroll").evaluate_all(
            "all => all.filter((el) => el.scrollWidth > el.clientWidth + 1).length"
        )
        wrong[f"{what}, columns scrolled away"] = wide
    assert {what: faults for what, faults in wrong.items() if faults} == {}


def test_given_five_notices_on_a_laptop_then_they_take_two_lines_and_the_most_urgent_is_the_first(screen):
    page = screen(LAPTOP, board())
    expect(page.locator("[data-alarm]:visible")).to_have_count(1)
    expect(page.locator("[data-alarm]:visible")).to_have_attribute("data-alarm", "help_asked")
    assert page.locator(".figures").bounding_box()["y"] < 200
    last = page.locator(".counters-now tbody tr").nth(4).bounding_box()
    assert last["y"] + last["height"] <= LAPTOP[1], "five counters are seen without scrolling"
    for width in (1024, 360):  # the rows of figures are full, whatever stands in them
        page.set_viewport_size({"width": width, "height": 768})
        all_figures = page.locator(".figures").bounding_box()
        last = page.locator(".figures > .figure").last.bounding_box()
        assert last["x"] + last["width"] == pytest.approx(all_figures["x"] + all_figures["width"], abs=1), width


def test_given_a_laptop_then_every_page_and_signing_out_are_in_sight_and_a_link_skips_to_the_content(screen):
    page = screen(LAPTOP, board())
    out = page.get_by_role("button", name="Đăng xuất").bounding_box()
    assert out["y"] + out["height"] <= LAPTOP[1]
    assert page.locator(".side").evaluate("el => el.scrollHeight <= el.clientHeight")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_given_a_phone_and_a_long_wait_then_its_warning_does_not_lie_on_its_minutes(screen):
    page = screen(PHONE, board())
    rows = page.locator("tr[data-service]", has=page.locator(".over"))
    assert rows.count() >= 5
    for row in rows.all():
        assert between(row.locator(".expected-text"), row.locator(".over")) > 0
