"""The page of statistics and the reports before a centre with some days behind it: drawn, tabled and printed."""

import re
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.measure import axe, overflowing, targets
from tests.centre import TestCentreProcess
from tests.hall.centre import ZONE
from tests.history import History, working_days
from tests.people import supervisor_cookies

pytestmark = pytest.mark.browser

PATIENCE_MS = 30_000
SIZES = ((1366, 768), (360, 740))
TARGET_PX = 44
CHARTS = ("waits-by-hour", "arrivals-by-hour", "queue-over-day", "wait-lengths", "heat", "trend")
DRAWN = 5  # all but the heat map
# The real library, and what it was given to draw.
SPY = """import real from "/static/vendor/uplot.js?real";
  const spy = function (options, data, place) {
    (window.drawn ??= {})[place.closest(".chart, figure").dataset.name ?? "figure"] = data;
    return new real(options, data, place);
  };
  export default Object.assign(spy, real);"""
NOTE_VIOLATIONS = """window.violations = [];
  addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));"""
ROWS = """table => Object.fromEntries([...table.querySelectorAll("tbody tr")].map(
  row => [row.dataset.key, [...row.querySelectorAll("td")].map(cell => cell.innerText.trim())]))"""
INK = """canvas => {
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return pixels.some((value, i) => i % 4 === 3 && value > 0);
}"""


class Past:
    """The server over days gone by, a signed-in browser, and what the API says of all of them."""

    def __init__(self, centre, chromium, name, days):
        self.centre, self.days = centre, days
        self.context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(NOTE_VIOLATIONS)
        self.address = centre.at(name)
        cookies = supervisor_cookies(centre)
        self.context.add_cookies([{"name": c.name, "value": c.value, "url": self.address} for c in cookies])
        self.token = centre.token("inspector")
        self.span = f"from={days[0]}&to={days[-1]}"

    def ask(self, path, span=None):
        answer = self.centre.get(
            f"/api/v1/statistics{path}{'&' if '?' in path else '?'}{span or self.span}", self.token
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def rows(self, by, span=None):
        return self.ask(f"?by={by}", span)["rows"]

    def open(self, where, shown):
        page = self.context.new_page()
        page.route("**/static/vendor/uplot.js", lambda route: route.fulfill(content_type="text/javascript", body=SPY))
        page.goto(f"{self.address}/supervisor#{where}")
        expect(page.locator(shown).first).to_be_visible()
        return page

    def statistics(self):
        page = self.open(f"statistics?{self.span}", ".charts")
        expect(page.locator(".chart canvas")).to_have_count(DRAWN)
        return page

    def report(self, span=None):
        page = self.open(f"report?{span or self.span}", ".sheet")
        expect(page.locator(".sheet canvas")).to_have_count(2)
        return page


@pytest.fixture(scope="module")
def past(tmp_path_factory, chromium, name):
    folder = tmp_path_factory.mktemp("past") / "data"
    today = datetime.now(UTC).astimezone(ZONE).date()
    days = working_days(today - timedelta(days=1), 4)
    days = [days[0] - timedelta(days=40), *days]  # so that there are two months
    History(folder, days, visits=30)
    centre = TestCentreProcess(folder).start()
    past = Past(centre, chromium, name, days)
    yield past
    past.context.close()
    centre.stop()


@pytest.fixture(autouse=True)
def no_page_left(past):
    yield
    violations = [page.evaluate("window.violations") for page in past.context.pages]
    for page in past.context.pages:
        page.close()
    assert sum(violations, []) == []


def timed(seconds):
    if seconds is None:
        return "–"
    rest = f"{seconds % 3600 // 60:02}:{seconds % 60:02}"
    return rest if seconds < 3600 else f"{seconds // 3600}:{rest}"


def grouped(n):
    return f"{n:,}".replace(",", ".")


def tenths(value):
    return str(Decimal(value).quantize(Decimal("0.1"), ROUND_HALF_UP)).replace(".", ",")


def percent(part, of):
    return f"{tenths(part / of * 100)}%" if of else "–"


def faults(page):
    """What axe finds; the styles it tries on for that are no part of the page."""
    before = page.evaluate("window.violations")
    found = axe(page)
    page.evaluate("before => { window.violations = before; }", before)
    return found


def slots(overview):
    """{quarter of the day: its slot}"""
    return {int(slot["at"][:2]) * 4 + int(slot["at"][3:]) // 15: slot for slot in overview["queue"]}


def test_given_days_gone_by_then_the_charts_are_drawn_with_the_figures_of_the_api(past):
    page = past.statistics()
    drawn = page.evaluate("window.drawn")
    assert all(page.locator(".chart canvas").evaluate_all(f"all => all.map({INK})"))

    hours = {int(row["key"]): row for row in past.rows("hour")}
    every = range(min(hours), max(hours) + 1)
    overview = past.ask("/overview")
    for place, name in ((1, "p90_s"), (2, "median_s")):
        seconds = [hours[hour]["wait"][name] if hour in hours else None for hour in every]
        assert drawn["waits-by-hour"][place] == [s if s is None else s / 60 for s in seconds]
    days = overview["days"]
    assert drawn["arrivals-by-hour"][1] == [hours[hour]["issued"] / days if hour in hours else 0 for hour in every]
    assert drawn["wait-lengths"][1] == [*overview["waits"][:3], *[None] * 10]
    assert drawn["wait-lengths"][2] == [*[None] * 3, *overview["waits"][3:]]

    queue = slots(overview)
    quarters = [queue.get(n) for n in range(min(queue), max(queue) + 1)]
    quarters.append(quarters[-1])  # the last one is drawn to its end
    assert drawn["queue-over-day"][1] == [slot and slot["sum"] / slot["days"] for slot in quarters]
    assert drawn["queue-over-day"][2] == [slot and slot["most"] for slot in quarters]
    expect(page.locator("[data-name=queue-over-day]")).to_contain_text(f"dài nhất {overview['longest_queue']} người")

    months = {row["key"]: row for row in past.rows("month")}
    medians = [s for s in drawn["trend"][2] if s is not None]
    assert medians == [row["wait"]["median_s"] / 60 for row in months.values()]
    fields = {(cell["weekday"], cell["hour"]): cell for cell in overview["cells"]}
    shown = page.locator(".heat tbody td[data-shade]").all_inner_texts()
    wanted = [fields[key]["median_s"] // 60 for key in sorted(fields) if fields[key]["median_s"] is not None]
    assert [int(text) for text in shown] == wanted


def test_given_any_chart_then_its_table_has_the_figures_of_the_api_to_the_last_digit(past):
    page = past.statistics()
    hours, months, overview = past.rows("hour"), past.rows("month"), past.ask("/overview")
    days, all_waits = overview["days"], sum(overview["waits"])
    right = {
        "waits-by-hour": {row["key"]: waits(row["wait"]) for row in hours},
        "arrivals-by-hour": {row["key"]: [grouped(row["issued"]), tenths(row["issued"] / days)] for row in hours},
        "queue-over-day": {
            slot["at"]: [tenths(slot["sum"] / slot["days"]), str(slot["days"]), str(slot["most"])]
            for slot in overview["queue"]
        },
        "wait-lengths": {str(i * 5): [grouped(n), percent(n, all_waits)] for i, n in enumerate(overview["waits"])},
        "heat": {
            f"{cell['weekday']} {cell['hour']}": [f"{int(cell['hour'])}–{int(cell['hour']) + 1} giờ", *field(cell)]
            for cell in overview["cells"]
        },
        "trend": {row["key"]: [grouped(row["issued"]), *waits(row["wait"])] for row in months},
    }
    for name in CHARTS:
        page.locator(f"[data-name={name}]").get_by_role("button", name="Xem bảng").click()
        assert page.locator(f"table[data-chart={name}]").evaluate(ROWS) == right[name]
    assert faults(page) == []

    times = page.locator("[data-by=counter-time]").evaluate(ROWS)
    for counter in overview["counters"]:
        wanted = [timed(counter[key]) for key in ("open_s", "serving_s", "calling_s", "idle_s")]
        paused = timed(sum(counter["paused_s"].values()))
        used = percent(counter["serving_s"], counter["open_s"])
        assert times[str(counter["counter"])][:6] == [used, *wanted, paused]


def waits(wait):
    return [timed(wait["median_s"]), timed(wait["p90_s"])]


def field(cell):
    return [grouped(cell["issued"]), timed(cell["median_s"]), timed(cell["p90_s"])]


def test_given_any_grouping_then_it_stands_in_the_table_and_in_the_address(past):
    page = past.statistics()
    for by in ("counter", "clerk", "hour", "weekday", "day", "month", "class", "kiosk", "kiosk_hour", "service"):
        page.locator(f"[data-grouping={by}]").click()
        rows = page.locator(f"table[data-by={by}] tbody tr")
        expect(rows).to_have_count(len(past.rows(by)))
        page.wait_for_url(re.compile(f"by={by}$"))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_given_a_laptop_or_a_phone_then_charts_and_reports_fit_and_axe_finds_nothing(past, size):
    for page in (past.statistics(), past.report()):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert overflowing(page)[0] == 0
        assert [t for t in targets(page) if t.width < TARGET_PX or t.height < TARGET_PX] == []
        assert faults(page) == []


@pytest.mark.parametrize(
    ("key", "start"),
    [("Xuất Excel", b"PK"), ("Xuất CSV", b"\xef\xbb\xbfweekday"), ("Xuất nhật ký", b"PK")],
)
def test_given_a_key_of_the_exports_then_the_file_comes(past, key, start):
    page = past.statistics()
    page.locator("[data-grouping=weekday]").click()
    with page.expect_download() as downloading:
        page.get_by_role("link", name=key).click()
    assert Path(downloading.value.path()).read_bytes().startswith(start)


def pages(page):
    """The sizes of the printed pages in millimetres, as a browser's own print makes them."""
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True))
    return [tuple(round(float(side) / 72 * 25.4) for side in box) for box in boxes]


def test_given_the_statistics_are_printed_then_they_lie_across_and_nothing_is_left_of_the_screen(past):
    page = past.statistics()
    assert set(pages(page)) == {(297, 210)}
    page.emulate_media(media="print")
    for gone in ("nav", ".range", ".definitions", ".groupings"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.get_by_role("button")).to_have_count(0)


def test_given_one_day_then_its_report_is_one_page_with_the_figures_of_the_api(past):
    day = past.days[-1]
    span = f"from={day}&to={day}"
    page = past.statistics()
    page.get_by_role("link", name="Báo cáo").first.click()
    page.close()
    page = past.report(span)
    page.get_by_label("Người ký", exact=True).fill("Vàng Mí Sính")
    assert pages(page) == [(210, 297)]

    page.emulate_media(media="print")
    paper = page.locator(".sheet")
    today = datetime.now(UTC).astimezone(ZONE)
    month = f"{today.month:02}" if today.month < 3 else str(today.month)
    expect(paper).to_contain_text(f"Đồng Văn, ngày {today.day:02} tháng {month} năm {today.year}")
    expect(paper).to_contain_text("Vàng Mí Sính")
    assert paper.evaluate("el => getComputedStyle(el).fontFamily").startswith('"Times New Roman"')
    total = past.ask("?by=service", span)["total"]
    expect(paper).to_contain_text(f"Đã cấp {grouped(total['issued'])} số thứ tự")
    share = total["within"]["15"]
    expect(paper).to_contain_text(
        f"15 phút {grouped(share['met'])}/{grouped(share['of'])} lượt ({percent(share['met'], share['of'])})"
    )
    rows = past.rows("service", span)
    assert page.locator(".sheet-table[data-by=service]").evaluate(ROWS) == {row["key"]: short(row) for row in rows}


@pytest.mark.parametrize("counters", [8, 20])
def test_given_a_day_with_more_than_fits_then_it_is_drawn_smaller_and_is_still_one_page(past, counters):
    day = past.days[-1]
    span = f"from={day}&to={day}"
    overview = past.ask("/overview", span)
    paused = {"lunch": 4474, "software_fault": 2400, "online_dossiers": 1800}
    first = overview["counters"][0]
    overview["counters"] = [first | {"counter": n, "paused_s": paused} for n in range(1, counters + 1)]
    past.context.route("**/statistics/overview?*", lambda route: route.fulfill(json=overview))
    try:
        page = past.open(f"report?{span}", ".seal")
    finally:
        past.context.unroute("**/statistics/overview?*")
    expect(page.locator("[data-by=counter-time] tbody tr")).to_have_count(counters)
    assert pages(page) == [(210, 297)]


def short(row):
    counts = [grouped(row[name]) for name in ("issued", "served", "no_shows")]
    wait = [timed(row["wait"][name]) for name in ("mean_s", "median_s", "p90_s")]
    share = row["within"]["15"]
    return [*counts, *wait, percent(share["met"], share["of"]), timed(row["service"]["median_s"])]


def test_given_a_period_then_its_report_has_upright_pages_and_annexes_that_lie_across(past):
    page = past.report()
    printed = pages(page)
    assert printed[0] == (210, 297) and printed[-1] == (297, 210)
    assert printed == sorted(printed)  # the annexes come last
    page.emulate_media(media="print")
    heads = page.locator(".annex h3").all_inner_texts()
    assert heads == ["Phụ lục 1. Theo lĩnh vực", "Phụ lục 2. Theo quầy", "Phụ lục 3. Theo ngày"]
    days = {row["key"]: row for row in past.rows("day")}
    shown = page.locator(".annex [data-by=day]").evaluate(ROWS)
    assert {key: cells[:3] for key, cells in shown.items()} == {
        key: [grouped(row[name]) for name in ("issued", "called", "served")] for key, row in days.items()
    }


def score(n):
    """Scores as the API gives them: three digits, and more than a minute of everything."""
    errors = {"n": n, "mae_s": 9_123.4, "median_s": 8_010, "bias_s": -7_200.5, "pinball_50_s": 4_561.7}
    kept = {level: {"met": n * int(level) // 100, "of": n} for level in ("10", "50", "80", "90")}
    share = {"met": n // 12, "of": n}
    names = ("ours", "last", "mean", "queue", "head")
    return {
        "n": n, "kept": kept, "before_p10": share, "within": {"met": n * 8 // 10, "of": n}, "pinball_80_s": 123.4,
        "errors": dict.fromkeys(names, errors),
    }  # fmt: skip


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_given_the_scores_of_the_forecasts_then_they_are_drawn_and_tabled_and_fit(past, width, height):
    page = past.open(f"statistics?{past.span}", ".scores")
    page.set_viewport_size({"width": width, "height": height})

    def answer(route):
        by = "day" if "by=day" in route.request.url else "service"
        keys = past.days if by == "day" else ("CHUNG_THUC", "DAT_DAI")
        rows = [{"key": str(key), "label": str(key), "whole": score(1234), "long": score(12)} for key in keys]
        route.fulfill(json={"from": str(past.days[0]), "to": str(past.days[-1]), "by": by, "rows": rows,
                            "whole": score(123_456), "long": score(0)})  # fmt: skip

    page.route("**/api/v1/statistics/forecasts?*", answer)
    page.locator(".scores summary").click()
    expect(page.locator(".scores-said")).to_contain_text("98.764 trong 123.456")
    expect(page.locator("[data-figure=whole_80]")).to_have_text("80,0%")
    expect(page.locator("[data-figure=long_80]")).to_have_text("–")
    expect(page.locator("[data-rule=queue] td").first).to_have_text("152,1")
    expect(page.locator(".scores-whole")).to_have_count(4)
    expect(page.locator("table[data-by=days] tbody tr")).to_have_count(len(past.days))
    assert overflowing(page)[0] == 0
    assert faults(page) == []
