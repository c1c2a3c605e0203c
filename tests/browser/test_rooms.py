"""Two rooms with a wall each, and a wall for both: which calls each shows and speaks, and how they are set up."""

import re
from contextlib import contextmanager
from secrets import token_hex

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.test_display import SCREEN, Staff, founded
from tests.browser.test_voice import RECORD, SOUND_ALLOWED, ready
from tests.people import paired_device, supervisor_cookies

pytestmark = pytest.mark.browser

COUNTERS = 8
ROOMS = [
    ({"vi": "Phòng 1, tầng trệt", "en": "Room 1, ground floor"}, range(1, 5)),
    ({"vi": "Phòng 2, tầng 1", "en": "Room 2, first floor"}, range(5, 9)),
]


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    running = founded(tmp_path_factory.mktemp("rooms") / "data", COUNTERS)
    yield running.start()
    running.stop()


@pytest.fixture(scope="module")
def staff(centre):
    return Staff(centre)


@pytest.fixture(scope="module")
def cookies(centre):
    return supervisor_cookies(centre)


@pytest.fixture(scope="module")
def with_sound(chromium):
    browser = chromium.launch(SOUND_ALLOWED)
    yield browser
    browser.close()


@contextmanager
def opened(browser, address, cookies, path, **options):
    """A page of a person or of a paired screen."""
    context = browser.new_context(**options)
    context.add_cookies([{"name": each.name, "value": each.value, "url": address} for each in cookies])
    page = context.new_page()
    page.add_init_script(RECORD)
    page.add_init_script("localStorage.setItem('supervisor.start_put_off', '1')")
    page.goto(f"{address}{path}")
    yield page
    context.close()


def settings(centre, cookies):
    return requests.get(f"{centre.url}/api/v1/settings", cookies=cookies, timeout=15).json()["hall"]


def test_given_two_rooms_then_each_wall_shows_and_speaks_its_own_calls_and_the_common_one_names_the_room(
    chromium, with_sound, centre, staff, cookies, name
):
    address = centre.at(name)
    below, above, common = (paired_device(centre, cookies, "display", f"Tivi {n}") for n in (1, 2, 3))
    with opened(chromium, address, cookies, "/supervisor#rooms", viewport={"width": 1366, "height": 768}) as page:
        for names, counters in ROOMS:
            expect(page.get_by_role("textbox", name=re.compile("Tiếng Việt"))).to_be_visible()
            page.get_by_role("textbox", name=re.compile("Tiếng Việt")).fill(names["vi"])
            page.get_by_role("textbox", name=re.compile("English")).fill(names["en"])
            for counter in counters:
                page.get_by_role("checkbox", name=re.compile(f"^Quầy {counter}$")).check()
            page.get_by_role("button", name="Lưu").click()
            expect(page.locator(f"[data-room=P{1 if counters[0] == 1 else 2}]")).to_be_visible()
            if counters[0] == 1:
                expect(page.locator(".rooms-outside")).to_contain_text("5, 6, 7, 8")
                page.get_by_role("button", name="Thêm phòng").click()
        page.goto(f"{address}/supervisor#devices")
        for n, room in ((1, "Phòng 1, tầng trệt"), (2, "Phòng 2, tầng 1")):
            row = page.locator(f"[data-device='Tivi {n}']")
            row.get_by_role("button", name="Nơi đặt").click()
            row.get_by_label("Phòng", exact=True).select_option(label=room)
            if n == 2:
                row.get_by_label("Ghế xa nhất (mét)").fill("15")
                expect(row.locator(".wall-reach .notice")).to_contain_text("cần tivi từ 65 inch")
                row.get_by_label("Cỡ tivi (inch)").fill("75")
                expect(row.locator(".wall-reach .notice")).to_contain_text("Nếu treo dọc")
            row.get_by_role("button", name="Lưu").click()
            expect(row.locator(".row-more").last).to_contain_text(room)
    shown = settings(centre, cookies)
    assert {code: room["counters"] for code, room in shown["rooms"].items()} == {"P1": [1, 2, 3, 4], "P2": [5, 6, 7, 8]}
    assert [(each["room"], each["last_seat_m"], each["inches"]) for each in shown["screens"].values()] == [
        ("P1", None, None), ("P2", 15, 75)
    ]  # fmt: skip

    with (
        opened(with_sound, address, below, "/display", viewport=SCREEN) as one,
        opened(with_sound, address, above, "/display", viewport=SCREEN) as two,
        opened(with_sound, address, common, "/display", viewport=SCREEN) as both,
    ):
        for wall in (one, two, both):
            ready(wall)
        for counter in (2, 6):
            staff.act(counter, "open")
        first = staff.call(2)
        for wall, shows in ((one, True), (two, False), (both, True)):
            expect(wall.locator("call-panel")).to_be_visible(visible=shows)
        expect(both.locator(".call-room")).to_have_text("Phòng 1, tầng trệt")
        expect(one.locator(".call-room")).to_be_hidden()
        second = staff.call(6)
        for wall, number, rows in ((one, first, 4), (two, second, 4), (both, second, 8)):
            expect(wall.locator("call-panel .number")).to_have_text(number)
            expect(wall.locator("counter-rows .row")).to_have_count(rows)
        for wall in (one, two, both):
            wall.wait_for_function("() => spoken.length > 0")
        # Each room has heard its own call alone: one chime. Where both are heard there are two.
        both.wait_for_function("() => spoken.filter(({offset}) => offset === 0).length === 2")
        chimes = [wall.evaluate("spoken.filter(({offset}) => offset === 0).length") for wall in (one, two)]
        assert chimes == [1, 1]
        view = {each["counter"] for each in centre.get("/api/v1/board?room=P2").json()["counters"]}
        assert view == {5, 6, 7, 8}
        assert centre.get("/api/v1/board?room=P9").status_code == 404


def test_given_a_wall_that_is_set_up_then_it_says_what_television_the_hall_needs(
    chromium, centre, staff, cookies, name
):
    kept = {"last_seat_m": settings(centre, cookies)["last_seat_m"]}
    change = {"headers": {"Idempotency-Key": token_hex(16)}, "cookies": cookies, "timeout": 15}
    requests.post(f"{centre.url}/api/v1/settings/hall", json={"last_seat_m": 15}, **change).raise_for_status()
    with opened(chromium, centre.at(name), [], "/display", viewport=SCREEN) as wall:
        staff.confirm(wall)
        expect(wall.locator("hall-foot")).to_contain_text("ghế xa nhất cách 15 m cần tivi từ 65 inch")
        wall.reload()
        expect(wall.locator("body")).to_have_attribute("data-state", "live")
        expect(wall.locator("hall-foot")).not_to_contain_text("inch")  # no word for those who wait
    change["headers"] = {"Idempotency-Key": token_hex(16)}
    requests.post(f"{centre.url}/api/v1/settings/hall", json=kept, **change).raise_for_status()
