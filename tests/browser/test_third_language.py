"""A third language is one line and a file: added to a copy of the program, every screen offers it."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from tests.browser.page_errors import refused
from tests.centre import ROOT, TestCentreProcess
from tests.people import paired_device, supervisor_cookies

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LINE = '    "eo": Language("Esperanto", "Espo", "eo"),\n'
LAST = re.compile(r'^    "en": Language\(.*\),\n', re.MULTILINE)
PATIENCE_MS = 15_000
KIOSK, LAPTOP, PHONE = ({"width": w, "height": h} for w, h in ((1080, 1920), (1366, 768), (360, 740)))


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    """A centre whose program knows Esperanto: its texts are the English ones."""
    root = tmp_path_factory.mktemp("program") / "den-luot"
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(".*", "node_modules", "tests", "docs"))
    catalogue = root / "queueing" / "catalogue.py"
    written, places = LAST.subn(lambda line: line.group() + LINE, catalogue.read_text("utf-8"))
    assert places == 1
    catalogue.write_text(written, "utf-8")
    shutil.copy(root / "static/text/en.json", root / "static/text/eo.json")
    running = TestCentreProcess(tmp_path_factory.mktemp("esperanto") / "data", root=root).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def supervisor(centre):
    """The cookies of a supervisor, who has let the hall speak Esperanto too."""
    cookies = supervisor_cookies(centre)
    header = {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies)}
    file = centre.get("/api/v1/settings/export", headers=header).json()
    file["hall"]["languages"].append("eo")
    for named in (*file["services"], *file["policy"]["classes"].values()):
        named["names"]["eo"] = f"{named['names']['en']} (eo)"
    assert centre.post("/api/v1/settings/import", file, headers=header).ok
    return cookies


@pytest.fixture
def opened(chromium, centre, supervisor, name):
    """Opens a page, with cookies or without."""
    contexts = []

    def open_page(path, cookies=(), size=LAPTOP, locale="vi-VN"):
        context = chromium.new_context(viewport=size, locale=locale)
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies([{"name": c.name, "value": c.value, "url": centre.at(name)} for c in cookies])
        contexts.append(context)
        page = context.new_page()
        page.goto(centre.at(name) + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.expects_page_errors(refused(404, "/static/voice/eo/manifest.json"))  # nobody has spoken it yet
def test_given_a_third_language_then_the_kiosk_speaks_it(opened, centre, supervisor):
    kiosk = opened("/kiosk", paired_device(centre, supervisor, "kiosk", "Máy ở cửa"), KIOSK)
    key = kiosk.get_by_role("button", name="Esperanto")
    expect(key).to_be_visible()
    key.click()
    expect(kiosk.locator("html")).to_have_attribute("lang", "eo")
    expect(kiosk.get_by_text("Civil status (eo)")).to_be_visible()


def test_given_a_third_language_then_those_who_work_here_may_choose_it(opened, supervisor):
    page = opened("/sign-in")
    expect(page.locator("#languages button")).to_have_text(["English", "Esperanto"])
    page.get_by_role("button", name="Esperanto").click()
    expect(page.locator("html")).to_have_attribute("lang", "eo")
    expect(page.get_by_role("button", name="Tiếng Việt")).to_be_visible()
    page = opened("/supervisor#services", supervisor)
    expect(page.get_by_role("button", name="Esperanto")).to_be_visible()
    expect(page.get_by_label("Tên (Esperanto)")).to_have_value("Certification (eo)")


def test_given_a_third_language_then_a_ticket_and_its_page_are_in_it(opened, centre):
    asked = {"service": "HO_TICH", "language": "eo"}
    ticket = centre.post("/api/v1/tickets", asked, token=centre.token("kiosk"))
    assert ticket.status_code == 201, ticket.text
    phone = opened(f"/t/{ticket.json()['id']}", size=PHONE, locale="eo")
    expect(phone.locator("html")).to_have_attribute("lang", "eo")
    expect(phone.get_by_text("Civil status (eo)")).to_be_visible()
