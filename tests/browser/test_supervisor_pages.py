"""Every page of the supervisor with the longest names, at both sizes: nothing is cut off, nothing on another."""

import re
from secrets import token_hex

import msgspec
import pytest
import requests
from playwright.sync_api import expect

from forecast.score import LEVELS, OURS, RULES
from hall.views.figures import ShareView
from supervisor.forecast_scores import ForecastErrorsView, ForecastRowView, ForecastScoresView, ForecastScoreView
from tests.browser.layout import layout_faults
from tests.browser.notices import LONG_NOTICE
from tests.people import add_person, clerk_cookies, paired_device, supervisor_cookies

pytestmark = pytest.mark.browser

SIZES = {"laptop": (1366, 768), "phone": (360, 740)}
# What shows that a page has its data.
PAGES = {
    "statistics": "[data-by=service]",
    "ratings": "[data-by=total]",
    "report": ".sheet",
    "report?from=2026-01-01&to=2027-12-31": ".sheet",
    "log": "[data-seq]",
    "ghosts": ".ghosts-list",
    "notice": ".notice-stands",
    "users": ".row",
    "devices": ".card",
    "services": ".card",
    "counters": ".card",
    "rooms": "form",
    "priority": "form",
    "hours": "form",
    "hall": "form",
    "wall": "form",
    "printers": ".card",
    "transfer": ".card",
}
LONG_SERVICE = "Đăng ký biến động đất đai, tài sản gắn l"  # of 40 letters, as many as a name may have
LONG_PERSON = "Nguyễn Hoàng Thị Minh Nguyệt Phương Khánh"
# Words lie on a chart's drawing, and in the box of a choice, all of which can be pressed.
GROUND = [".uplot", "input[type=radio]", "input[type=checkbox]"]
# Which names stand in more lines than three, so that a row of a list or table is all name. A picture of a tile may.
TALL = """name => {
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const tall = [];
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (!text.data.includes(name) || text.data.length > 60 || text.parentElement.closest("option, .preview")) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
    if (lines > 3) tall.push(`${text.data} in ${lines} lines of <${text.parentElement.tagName}>`);
  }
  return tall;
}"""
SCROLLS = ["html", ".scroll", ".quotas-frame"]


@pytest.fixture(scope="module")
def supervisor(shared_centre):
    """A supervisor of a centre in which every name is as long as it may be, and something has happened."""
    cookies = supervisor_cookies(shared_centre, LONG_PERSON)

    def post(path, body, by=cookies):
        headers = {"Idempotency-Key": token_hex(16)}
        answer = requests.post(f"{shared_centre.url}/api/v1{path}", json=body, cookies=by, headers=headers, timeout=15)
        assert answer.ok, answer.text
        return answer.json()

    settings = requests.get(f"{shared_centre.url}/api/v1/settings", cookies=cookies, timeout=15).json()
    for service in settings["services"]:
        names = dict.fromkeys(("vi", "en"), f"{service['prefix']} {LONG_SERVICE}"[:40])
        at = [each["number"] for each in settings["counters"] if service["code"] in each["services"]]
        body = {field: service[field] for field in ("prefix", "icon", "service_time_s", "target_s", "hints", "active")}
        post(f"/settings/services/{service['code']}", body | {"names": names, "counters": at})
    for counter in settings["counters"]:
        body = {"name": f"Tiếp nhận và trả kết quả số {counter['number']}", "services": counter["services"]}
        post(f"/settings/counters/{counter['number']}", body)
    kiosk = paired_device(shared_centre, cookies, "kiosk", "Máy lấy số ở cửa phụ phía sau nhà văn hóa")
    clerk = clerk_cookies(shared_centre, cookies, f"{LONG_PERSON} Hai")
    add_person(shared_centre, cookies, f"{LONG_PERSON} Ba", "greeter")
    post("/counters/2/open", {}, clerk)
    tickets = [post("/tickets", {"service": "CHUNG_THUC", "priority_class": "priority"}, kiosk) for _ in range(3)]
    for key in ("call-next", "start", "hold", "call-next", "start", "finish"):
        post(f"/counters/2/{key}", {}, clerk)
    post(f"/tickets/{tickets[1]['id']}/rate", {"rating": "satisfied", "words": "Nguyễn " * 28}, {})
    post("/counters/2/pause", {"reason": "portal_overloaded"}, clerk)
    for floor, at in (("trệt", [1, 2]), ("1", [3])):
        names = {"vi": f"Phòng tiếp nhận hồ sơ số 2, tầng {floor}", "en": f"Reception room number 2, on floor {floor}"}
        post("/settings/rooms", {"names": names, "counters": at, "voice": {"volume": 40}})
    paired_device(shared_centre, cookies, "display", "Màn hình lớn treo trên lối vào phòng chờ tầng một")
    devices = requests.get(f"{shared_centre.url}/api/v1/devices", cookies=cookies, timeout=15).json()["devices"]
    for device in devices:
        measures = {"last_seat_m": 12.5, "inches": 43} if device["kind"] == "display" else {}
        post(f"/settings/screens/{device['id']}", {"room": "P1", **measures})
    post("/entrance", {"people": 128})
    post("/notice", {"texts": LONG_NOTICE})
    return cookies


@pytest.mark.parametrize("size", SIZES)
def test_given_the_longest_names_then_no_page_of_the_supervisor_cuts_anything_off(
    chromium, shared_centre, name, supervisor, size
):
    width, height = SIZES[size]
    context = chromium.new_context(viewport={"width": width, "height": height}, locale="vi-VN", reduced_motion="reduce")
    address = shared_centre.at(name)
    context.add_cookies([{"name": each.name, "value": each.value, "url": address} for each in supervisor])
    page = context.new_page()
    page.add_init_script("localStorage.setItem('supervisor.start_put_off', '1')")
    wrong = {}
    for each, shown in PAGES.items():
        page.goto(f"{address}/supervisor#{each}")
        expect(page.locator(shown).first).to_be_visible()
        page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        page.evaluate("scrollTo(0, 0)")
        wrong[each] = layout_faults(page, inside="main", scrolling=SCROLLS, ground=GROUND)
        wrong[each] += [tall for part in (LONG_SERVICE[:30], LONG_PERSON) for tall in page.evaluate(TALL, part)]
    context.close()
    assert {each: faults for each, faults in wrong.items() if faults} == {}


RULE_ERRORS = ForecastErrorsView(n=12_402, mae_s=7_130.4, median_s=6_930, bias_s=-7_015.2, pinball_50_s=3_565.2)
SHARE = ShareView(met=9_921, of=12_402)
SCORE = ForecastScoreView(
    n=12_402, kept={str(level): SHARE for level in LEVELS}, before_p10=SHARE, within=SHARE, pinball_80_s=12_345.6,
    errors=dict.fromkeys((OURS, *RULES), RULE_ERRORS),
)  # fmt: skip


@pytest.mark.parametrize("language", ["vi", "en"])
def test_given_waits_of_three_digits_then_the_scores_of_the_forecasts_hold_them_at_both_sizes(
    chromium, shared_centre, name, supervisor, language
):
    address = shared_centre.at(name)
    context = chromium.new_context(locale="vi-VN", reduced_motion="reduce")
    context.add_cookies([{"name": each.name, "value": each.value, "url": address} for each in supervisor])
    page, wrong = context.new_page(), {}
    page.add_init_script(
        f"localStorage.setItem('language', '{language}'); localStorage.setItem('supervisor.start_put_off', '1')"
    )

    def answer(route):
        by = "day" if "by=day" in route.request.url else "service"
        keys = [f"2026-01-{n:02}" for n in range(5, 10)] if by == "day" else ["CHUNG_THUC", "HO_TICH", "DAT_DAI"]
        rows = [ForecastRowView(key, key, SCORE, SCORE) for key in keys]
        view = ForecastScoresView("2026-01-05", "2026-01-09", by, SCORE, SCORE, rows)
        route.fulfill(body=msgspec.json.encode(view), content_type="application/json")

    page.route("**/api/v1/statistics/forecasts?*", answer)
    page.goto(f"{address}/supervisor#statistics")
    page.locator(".scores summary").click()
    expect(page.locator(".scores [data-by=days] tbody tr")).to_have_count(5)
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("scrollTo(0, 0)")
        wrong[size] = layout_faults(page, inside=".scores", scrolling=SCROLLS)
        shown = page.locator(".scores .scroll").evaluate_all(
            "all => all.map((el) => el.scrollWidth <= el.clientWidth + 1)"
        )
        assert shown == [True, size == "laptop", size == "laptop", size == "laptop"], (
            size
        )  # wide tables scroll on a phone
    context.close()
    assert {size: faults for size, faults in wrong.items() if faults} == {}


@pytest.fixture
def laptop(chromium, shared_centre, name, supervisor):
    """Opens a page of the supervisor on a laptop."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    address = shared_centre.at(name)
    context.add_cookies([{"name": each.name, "value": each.value, "url": address} for each in supervisor])
    page = context.new_page()

    def open_page(which):
        page.goto(f"{address}/supervisor#{which}")
        return page

    yield open_page
    context.close()


def test_given_the_log_when_it_is_filtered_then_only_that_kind_counter_person_and_day_are_left(laptop):
    page = laptop("log")
    rows = page.locator("[data-seq]")
    expect(rows.first).to_be_visible()
    everything = rows.count()
    assert everything > 30

    def kinds():
        return set(rows.evaluate_all("rows => rows.map((row) => row.dataset.kind)"))

    kind, counter, person = page.locator(".log-choices select").all()
    for choice, heads in {
        "Phiếu": ("ticket.",), "Quầy": ("counter.",), "Cấu hình": ("setting.", "policy."),
        "Việc khác": ("day.", "clock.", "log.", "help.", "appointment.", "notice.", "entrance."),
    }.items():  # fmt: skip
        kind.select_option(label=choice)
        expect(rows.first).to_have_attribute("data-kind", re.compile("|".join(map(re.escape, heads))))
        assert all(each.startswith(heads) for each in kinds()), choice
        assert 0 < rows.count() < everything
    kind.select_option("")
    counter.select_option("2")
    expect(rows.filter(has_text="Quầy 2")).not_to_have_count(0)
    assert kinds() <= {f"ticket.{step}" for step in ("called", "started", "held", "finished")} | {
        "counter.opened", "counter.paused"}  # fmt: skip
    counter.select_option("")
    person.select_option(label=f"{LONG_PERSON} Hai")
    expect(rows.first).to_contain_text("tạm dừng")
    assert not any(each.startswith("setting.") for each in kinds())
    person.select_option("")
    day = page.get_by_label("Ngày", exact=True)
    day.fill("2020-02-29")
    expect(rows).to_have_count(0)
    day.fill("")
    expect(rows).to_have_count(everything)


def test_given_a_changed_setting_then_the_log_says_what_in_the_words_of_its_form(laptop):
    page = laptop("log")
    page.get_by_label("Loại việc").select_option(label="Cấu hình")
    changed = page.locator('[data-kind="setting.changed"]')
    expect(changed.filter(has_text="Quầy 2, Tên: Quầy 2 → Tiếp nhận và trả kết quả số 2")).to_have_count(1)
    expect(
        changed.filter(has_text="B Đăng ký biến động đất đai, tài sản gắn, Tên (Tiếng Việt): Chứng thực →")
    ).to_have_count(1)
    assert not re.search(r"(services|counters|hall|policy)\.\w", " ".join(changed.all_inner_texts()))


def test_given_the_walls_page_when_the_voice_is_tried_then_a_clip_is_fetched_and_the_hours_say_what_a_share_is(laptop):
    page = laptop("wall")
    with page.expect_request(lambda request: "/static/voice/" in request.url):
        page.get_by_role("button", name="Nghe thử").click()
    page = laptop("hours")
    expect(page.get_by_role("columnheader", name="Hẹn: phần giờ của quầy (%)")).to_be_visible()
    expect(page.get_by_text("Hẹn chiếm nhiều nhất 80 % thời gian của quầy.")).to_be_visible()


def test_given_a_page_of_a_played_centre_when_it_is_printed_then_no_frame_lies_on_its_words(laptop):
    page = laptop("report")
    expect(page.locator(".sheet")).to_be_visible()
    page.add_style_tag(url="/static/banner.css")
    page.evaluate("document.documentElement.dataset.banner = 'CHẠY THỬ'")
    frame = "getComputedStyle(document.documentElement, '::before').content"
    assert page.evaluate(frame) != "none"
    page.emulate_media(media="print")
    assert page.evaluate(frame) == "none"
