"""The pictures in docs/: every screen of a busy morning, and the figures of a period, from the real product.

Run: `.venv/bin/python -m tools.pictures [WORD …]` (needs `make test-setup`); words choose among the names.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests import people
from tests.centre import TestCentreProcess
from tests.conftest import FLAGS, NAME, browser_path
from tests.hall.centre import ZONE
from tests.history import History, working_days

DOCS = Path(__file__).resolve().parent.parent / "docs" / "pictures"
KIOSK, WALL, LAPTOP, PHONE = (1080, 1920), (1920, 1080), (1366, 768), (360, 740)
A4_ACROSS = (1032, 703)  # between margins of 12 mm
SHIFTS = [
    {"opens": "07:30", "closes": "11:30", "issues_from": "07:00", "issues_to": "11:00"},
    {"opens": "13:30", "closes": "17:00", "issues_from": "13:15", "issues_to": "16:30"},
]
SEASON = {
    "name": "Cả năm",
    "first": "01-01",
    "last": "12-31",
    "rules": [
        {"weekdays": [1, 2, 3, 4, 5], "shifts": SHIFTS},
        {"weekdays": [6], "shifts": SHIFTS[:1], "services": ["CHUNG_THUC", "TRA_KQ"]},
    ],
}
LONGEST_PX = 2400  # a longer page, such as the log, is cut


def main() -> None:
    """Take the pictures whose names hold a word of the command line, or all."""
    DOCS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        try:
            for kind in (_Morning, _Period):
                if not sys.argv[1:] or any(word in name for word in sys.argv[1:] for name in kind.NAMES):
                    with_centre(kind, browser, Path(folder) / kind.__name__)
        finally:
            browser.close()


def yesterday() -> date:
    """Return the day before today, in the hall."""
    return datetime.now(UTC).astimezone(ZONE).date() - timedelta(days=1)


def with_centre(kind: Any, browser: Browser, data: Path) -> None:
    """Serve a centre over `data` and take the pictures of this kind in it."""
    kind.prepare(data)
    centre: Any = TestCentreProcess(data).start()
    try:
        kind(centre, browser).take(sys.argv[1:])
    finally:
        centre.stop()


class _Pictures:
    """Pages of one centre, opened and taken."""

    def __init__(self, centre: Any, browser: Browser) -> None:
        self.centre, self.browser = centre, browser
        self.supervisor = people.supervisor_cookies(centre)

    @staticmethod
    def prepare(data: Path) -> None:
        """Fill the data folder before the server starts; here with nothing."""

    def page(self, path: str, size: tuple[int, int], cookies: Any = None) -> Page:
        context = self.browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="vi-VN")
        if cookies:
            context.add_cookies(
                [{"name": cookie.name, "value": cookie.value, "domain": NAME, "path": "/"} for cookie in cookies]
            )
        page = context.new_page()
        page.goto(self.centre.at(NAME) + path)
        return page

    def save(self, page: Page, name: str) -> None:
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(700)
        page.screenshot(path=DOCS / f"{name}.png")

    def whole(self, page: Page, name: str) -> None:
        """Save the whole page, not its first screen only, in few colours so that the file stays small."""
        path = DOCS / f"{name}.png"
        page.screenshot(path=path, full_page=True)
        picture = Image.open(path).convert("RGB")
        picture = picture.crop((0, 0, picture.width, min(picture.height, LONGEST_PX)))
        picture.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)


class _Morning(_Pictures):
    """A centre with people waiting, being called and served."""

    NAMES = (
        "kiosk-1-choice",
        "kiosk-2-priority",
        "kiosk-3-ticket",
        "console-1-idle",
        "console-2-serving",
        "greeter-1-issue",
        "supervisor-1-live",
        "supervisor-2-phone",
        "phone-1-waiting",
        "home",
        "sign-in",
        "supervisor-4-hours",
        "kiosk-4-closed",
        "wall-1-call",
        "every",
    )
    # The supervisor's pages that no other picture shows: each on a laptop, on a phone and printed.
    EVERY = ("log", "services", "counters", "priority", "hall", "wall", "users", "devices", "transfer", "start")

    def __init__(self, centre: Any, browser: Browser) -> None:
        super().__init__(centre, browser)
        self.clerk = people.clerk_cookies(centre, self.supervisor, "Lò Thị Mai")
        people.add_person(centre, self.supervisor, "Chị Hoa", "greeter")
        self.greeter = people.signed_in(centre, "Chị Hoa")
        self.kiosk = people.paired_device(centre, self.supervisor, "kiosk", "Máy lấy số cửa chính")
        self.wall = people.paired_device(centre, self.supervisor, "display", "Màn hình sảnh")
        self.program, self.issuer = centre.token("clerk"), centre.token("kiosk")
        for counter in (1, 3, 4, 5):
            self.press(counter, "open")
        self.post_as(self.clerk, "/counters/2/open")
        last = {}
        for round_ in range(7):
            for service in ("CHUNG_THUC", "HO_TICH", "DAT_DAI", "CHINH_SACH", "DVC_TT", "TRA_KQ", "HUONG_DAN"):
                last[service] = self.take_number(service, "priority" if round_ == 5 else "ordinary")
        self.mine = last["CHUNG_THUC"]
        for counter in (1, 3, 5):
            for _ in range(3):
                self.press(counter, "call-next", {"finish": True})
                self.press(counter, "start")
        self.press(1, "call-next", {"finish": True})
        self.press(1, "no-show")
        self.press(1, "call-next")
        self.press(1, "start")
        self.press(4, "pause", {"reason": "online_dossiers"})

    def take_number(self, service: str, priority_class: str) -> dict[str, Any]:
        body = {"service": service, "priority_class": priority_class}
        ticket: dict[str, Any] = self.centre.post("/api/v1/tickets", body, token=self.issuer).json()
        return ticket

    def press(self, counter: int, key: str, body: dict[str, Any] | None = None) -> None:
        self.centre.post(f"/api/v1/counters/{counter}/{key}", body, token=self.program)

    def post_as(self, cookies: Any, path: str, body: dict[str, Any] | None = None) -> None:
        people._post(self.centre, path, body or {}, cookies)

    def take(self, only: list[str]) -> None:
        wall = self.page("/display", WALL, self.wall)
        for name, shot in (
            ("kiosk-1-choice", lambda: self.kiosk_pages(1)),
            ("kiosk-2-priority", lambda: self.kiosk_pages(2)),
            ("kiosk-3-ticket", lambda: self.kiosk_pages(3)),
            ("console-1-idle", self.console),
            ("console-2-serving", self.console_serving),
            ("greeter-1-issue", self.greeter_page),
            ("supervisor-1-live", lambda: self.page("/supervisor", LAPTOP, self.supervisor)),
            ("supervisor-2-phone", lambda: self.page("/supervisor", PHONE, self.supervisor)),
            ("phone-1-waiting", lambda: self.page(f"/t/{self.mine['id']}", PHONE)),
            ("home", lambda: self.page("/", LAPTOP)),
            ("sign-in", lambda: self.page("/sign-in", LAPTOP)),
            ("supervisor-4-hours", self.hours),
            ("every", self.every_page),
            ("kiosk-4-closed", self.closed),  # last: from here on nobody takes a number
        ):
            if not only or any(word in name for word in only):
                page = shot()
                if name != "every":
                    self.save(page, name)
                page.context.close()
        self.post_as(self.clerk, "/counters/2/call-next", {"finish": True})
        wall.wait_for_timeout(6000)
        self.save(wall, "wall-1-call")

    def kiosk_pages(self, number: int) -> Page:
        page = self.page("/kiosk", KIOSK, self.kiosk)
        page.wait_for_selector("text=Chứng thực")
        if number > 1:
            page.get_by_text("Chứng thực").first.click()
            page.wait_for_selector("text=ưu tiên không")
        if number > 2:
            page.get_by_text("Không", exact=True).first.click()
            page.wait_for_selector("text=Xong")
        return page

    def greeter_page(self) -> Page:
        page = self.page("/greeter", PHONE, self.greeter)
        page.locator('[data-service="DAT_DAI"]').click()
        page.wait_for_selector(".last .number")
        self.post_as(self.kiosk, "/help")
        page.wait_for_selector(".help")
        return page

    def hours(self) -> Page:
        """Set the calendar of a mountain commune, and return its page."""
        tet = {"first": "2027-02-05", "last": "2027-02-11", "name": "Tết Nguyên đán"}
        quotas = {"DAT_DAI": {"day": 40}}
        hours = {"seasons": [SEASON], "days": [tet], "quotas": quotas}
        self.post_as(self.supervisor, "/settings/hall", {"hours": hours})
        page = self.page("/supervisor#hours", LAPTOP, self.supervisor)
        page.wait_for_selector("text=Số tối đa và lịch hẹn")
        return page

    def every_page(self) -> Page:
        for name in self.EVERY:
            page = self.page(f"/supervisor#{name}", LAPTOP, self.supervisor)
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(700)
            self.whole(page, f"every-{name}")
            page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
            page.wait_for_timeout(300)
            self.whole(page, f"every-{name}-phone")
            page.set_viewport_size({"width": A4_ACROSS[0], "height": A4_ACROSS[1]})
            page.emulate_media(media="print")
            self.whole(page, f"every-{name}-printed")
            if name != self.EVERY[-1]:
                page.context.close()
        return page

    def closed(self) -> Page:
        """Return the kiosk on a day on which no tickets are issued."""
        year = {"first": "2020-01-01", "last": f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}", "name": "Nghỉ lễ"}
        self.post_as(self.supervisor, "/settings/hall", {"hours": {"seasons": [SEASON], "days": [year]}})
        page = self.page("/kiosk", KIOSK, self.kiosk)
        page.wait_for_selector(".closed-clock")
        return page

    def console(self) -> Page:
        page = self.page("/counter", LAPTOP, self.clerk)
        page.wait_for_selector("text=Quầy 2")
        page.keyboard.press("2")
        page.wait_for_selector("text=Gọi số tiếp theo")
        return page

    def console_serving(self) -> Page:
        page = self.console()
        for word in ("Bắt đầu", "Hoàn thành"):
            page.keyboard.press("Space")
            page.wait_for_selector(f"text={word}")
            page.wait_for_timeout(1100)
        return page


class _Period(_Pictures):
    """A centre with the figures of a reporting period, on the screen and on paper."""

    NAMES = tuple(
        f"supervisor-{name}"
        for name in ("3-statistics", "5-statistics-phone", "6-report-day", "7-report-period", "8-report-phone")
    )

    @staticmethod
    def prepare(data: Path) -> None:
        last = yesterday()
        months = [last.replace(day=1) - timedelta(days=30 * back) for back in range(8, 0, -1)]
        month_days = [day for month in months for day in working_days(month, 2)]
        days = sorted({*month_days, *working_days(last, 21)})
        History(data, days, visits=112)

    def __init__(self, centre: Any, browser: Browser) -> None:
        super().__init__(centre, browser)
        names = ("Lò Thị Mai", "Giàng A Páo", "Sùng Thị Máy", "Vàng Mí Nô", "Hoàng Văn Thắng")
        for name in names:
            people.add_person(centre, self.supervisor, name, "clerk")
        days = working_days(yesterday(), 21)
        self.period, self.day = f"from={days[0]}&to={days[-1]}", f"from={days[-1]}&to={days[-1]}"

    def take(self, only: list[str]) -> None:
        pages = (f"statistics?{self.period}", f"statistics?{self.day}", f"report?{self.day}")
        places = (*pages, f"report?{self.period}", f"report?{self.day}")
        for name, place in zip(self.NAMES, places, strict=True):
            if only and not any(word in name for word in only):
                continue
            page = self.page(f"/supervisor#{place}", PHONE if "phone" in name else LAPTOP, self.supervisor)
            page.wait_for_selector(".uplot canvas", timeout=60_000)
            self.save(page, name)
            page.context.close()

    def save(self, page: Page, name: str) -> None:
        """Save the whole page, or the paper alone, in few colours so that the file stays small."""
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(700)
        path = DOCS / f"{name}.png"
        if "report" in name and "phone" not in name:
            page.locator(".sheet").screenshot(path=path)
        else:
            page.screenshot(path=path, full_page="phone" not in name)
        Image.open(path).convert("RGB").quantize(96, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
