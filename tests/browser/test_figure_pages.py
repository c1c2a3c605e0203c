"""The public pages of the past and the staffing table, at their sizes and on paper: nothing is cut off or runs over.

With waits of three digits, the longest names, every reason, and months of up to five years.
"""

import hashlib
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from access.texts import Texts
from hall.catalogue.defaults import DEFAULT
from hall.catalogue.model import Catalogue
from hall.public_months import (
    LICENCE,
    SCHEMA_VERSION,
    CallsRow,
    ForecastRow,
    MonthFigures,
    PausesRow,
    WaitsRow,
    files_of,
)
from hall.publishing import PublishedFile
from hall.views.watch import watch_view
from hall.whatif.runner import StaffingTableView
from hall.whatif.week import DayNeed, HourNeed, StaffingTable
from open_data.screen import LINKS
from open_data.site import Site
from queueing.catalogue import LANGUAGES, PAUSE_REASONS
from tests.browser.drawn import draw, hall_of
from tests.browser.layout import layout_faults
from tests.browser.measure import axe
from tests.browser.static_files import static_file
from tests.hall.centre import name_of

pytestmark = pytest.mark.browser

LAPTOP, PHONE, SMALL_PHONE = (1366, 768), (360, 740), (320, 568)
PAPER = (1032, 703)  # A4 across, between margins of 12 mm
LONG_NAME = "Đăng ký biến động đất đai, tài sản gắn liền"
LONG_CENTRE = {"name": "Trung tâm Phục vụ hành chính công và Xúc tiến đầu tư", "office": "UBND đặc khu Phú Quốc"}
JUMPS = ("HEADSTART", "APPOINTMENT", "CAP", "RETURN", "TRANSFER", "MANUAL", "other")
PAUSES = (*PAUSE_REASONS, "none")
TEXTS = Texts()
WORDS = TEXTS.words("public")


def named(key):
    return {language: WORDS[language][key] for language in LANGUAGES}


def month(n, of):
    """The figures of a month of long waits, `n` of so many; in some of them not everything happened."""
    name = f"{2021 + n // 12}-{n % 12 + 1:02}"
    total = WaitsRow(
        "total", "total", named("total_total"), 12_402, 100 + n % 90, 215 + n % 80, 40 + n % 60, "", n % 101,
        ("", "at_least", "at_most")[n % 3], 120, 25, "at_most",
    )  # fmt: skip
    jumps = JUMPS if n == of - 1 else JUMPS[: 1 + n % 7]
    pauses = ((code, 90 + n + 7_200 * (code == "lunch")) for code in PAUSES)
    return MonthFigures(
        SCHEMA_VERSION, LICENCE, name, *LONG_CENTRE.values(), "Asia/Ho_Chi_Minh", 22, 12_288, 12, "",
        waits=[total],
        calls_out_of_order=[CallsRow(code, named(f"reason_{code}"), 1_131 - n) for code in jumps],
        pauses=[PausesRow(code, named(f"pause_{code}"), minutes, 12) for code, minutes in pauses],
        forecast=[ForecastRow(70 + n % 30, ("", "at_most")[n % 2])] if n >= of // 2 else [],
    )  # fmt: skip


def site(months, lost=False):
    """The pages of a centre that has published so many months; of one file the bytes are gone."""
    files = [
        PublishedFile(name, figures.month, hashlib.sha256(data).hexdigest(), len(data), 1_023_000 + n, data)
        for figures in (month(n, months) for n in range(months))
        for n, (name, data) in enumerate(files_of(figures).items())
    ]
    if lost:
        files[1] = files[1]._replace(data=None)
    hall = replace(DEFAULT.hall, hotline="1900 1022", **LONG_CENTRE)
    return Site(Catalogue(replace(DEFAULT, hall=hall)), files, TEXTS, LINKS)


def show(page, name, html):
    """Open a page of the public pages."""

    def answer(route):
        path = route.request.url.partition(name)[2].partition("?")[0]
        found = {"body": html, "content_type": "text/html"} if path == "/page" else static_file(path)
        route.fulfill(**found or {"status": 404})

    page.unroute_all()
    page.route("**/*", answer)
    page.goto(f"http://{name}/page")


# How many months at which sizes; of 1 and 13 everything is opened.
MONTHS = {
    "vi": {0: (PHONE,), 1: (SMALL_PHONE,), 13: (LAPTOP, PHONE, PAPER), 61: (LAPTOP, PHONE)},
    "en": {13: (LAPTOP, SMALL_PHONE)},
}
OPEN = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_any_months_then_the_public_pages_hold_them_at_every_size_and_on_paper(chromium, name, language):
    context = chromium.new_context()
    page, wrong = context.new_page(), {}
    for months, sizes in MONTHS[language].items():
        made = site(months, lost=months == 13)
        pages = {"past": made.figures_page(language)}
        if months == (1 if language == "vi" else 13):
            pages["open data"] = made.data_page(language)
        for which, html in pages.items():
            show(page, name, html)
            if months in (1, 13):
                page.evaluate(OPEN)
            for size in sizes:
                page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
                page.emulate_media(media="print" if size == PAPER else "screen")
                wrong[f"{which} of {months} months, {size}"] = layout_faults(
                    page, scrolling=["html", ".public-scroll"], ground=[".plot", ".small-bars"]
                )
    page.emulate_media(media="screen")
    assert {what: faults for what, faults in wrong.items() if faults} == {}
    assert axe(page) == []
    context.close()


# -- the staffing table ------------------------------------------------------------------------------

HALL_COUNTERS = 20
SIGNED_IN = {"role": "supervisor", "name": "Nguyễn Hoàng Thị Minh Nguyệt Phương Khánh", "subject": "user:1"}


SCROLLS = ["html", ".side", ".pages", ".scroll"]
# Tables that are wider than their place: they may be, but these are not to.
SCROLLED_AWAY = """[...document.querySelectorAll("main .scroll")].filter((el) => el.scrollWidth > el.clientWidth + 1)
  .map((el) => `${el.scrollWidth - el.clientWidth} px of ${el.getAttribute("aria-labelledby")} are scrolled away`)"""


def staffing_table(services):
    """A week that needs more counters than there are, with two days off and one of which too little is known."""
    hall = list(range(1, HALL_COUNTERS + 1))
    days = []
    for n in range(7):
        day = (date(2026, 1, 5) + timedelta(days=n)).isoformat()
        hours = []
        for hour in (*range(7, 12), *range(13, 17)):
            extra = [services[:4]] * (hour % 13) + [services[4:6]] * (hour % 2)
            hours.append(HourNeed(hour, 128.4 - hour, hall[: 20 - hour % 3], extra, 0.9))
        closing = [HourNeed(17, 0.0, [], [], None)]
        days.append(DayNeed(day, 8 if n < 4 else 2, n < 4, [*hours, *closing] if n < 4 else []))
    return StaffingTableView("done", 7, 7, StaffingTable("2025-11-10", "2026-01-04", 120 * 60, days))


@pytest.fixture(scope="module")
def hall():
    """A hall of many counters and the longest names, as the supervisor's pages are sent it."""
    made = hall_of(counters=HALL_COUNTERS, rename=LONG_NAME, **LONG_CENTRE)
    view = msgspec.to_builtins(watch_view(made, None, name_of))
    backup = {"at": view["at"], "second_at": None, "second": True}
    return view | {"at": datetime.now(UTC).isoformat(), "devices": [], "backup": backup}


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_week_of_many_counters_then_its_table_fits_every_size_and_one_sheet_of_paper(
    chromium, name, hall, language
):
    context = chromium.new_context(locale="vi-VN", reduced_motion="reduce")
    page, wrong = context.new_page(), {}
    page.add_init_script(
        f"localStorage.setItem('language', '{language}'); localStorage.setItem('supervisor.start_put_off', '1')"
    )
    table = staffing_table([service["code"] for service in hall["services"]])
    answers = {"/me": SIGNED_IN, "/hall": hall["hall"], "/staffing-table": table}
    draw(page, name, "/supervisor", "/static/supervisor/index.html", answers)
    page.wait_for_function("window.line")
    page.evaluate("view => line.on.onSnapshot(view)", hall)
    page.evaluate("location.hash = 'week'")
    expect(page.locator(".week-table tbody tr")).to_have_count(9)  # nobody is needed after five
    for size in (LAPTOP, PHONE, PAPER):
        page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
        page.emulate_media(media="print" if size == PAPER else "screen")
        for opened in (False, True):
            page.locator(".week-day").first.evaluate("(day, opened) => { day.open = opened; }", opened)
            what = f"{size}{', a day open' * opened}"
            wrong[what] = layout_faults(page, inside="main", scrolling=SCROLLS)
            wrong[what] += page.evaluate(SCROLLED_AWAY)
    assert {what: faults for what, faults in wrong.items() if faults} == {}
    expect(page.locator(".week-which").first).to_be_visible()  # what hangs on the wall says which counters
    for hidden in (".side", ".week-day", ".week-about .button"):
        expect(page.locator(hidden).first).to_be_hidden()
    sheets = page.pdf(prefer_css_page_size=True, print_background=True)
    assert sheets.count(b"/Type /Page\n") == 1
    context.close()
