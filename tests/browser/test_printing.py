"""What people see of the paper: take it, or remember the number; and staff who can see to the printer."""

import time

import pytest

from tests import people
from tests.centre import Centre
from tests.conftest import NAME
from tests.paper.printer import FakePrinter

pytestmark = pytest.mark.browser

TOLD_S = 5


@pytest.fixture(scope="module")
def printer():
    made = FakePrinter()
    yield made
    made.off()


@pytest.fixture(scope="module")
def printing(tmp_path_factory, printer):
    centre = Centre(tmp_path_factory.mktemp("printing") / "data", options=("--printer", printer.address)).start()
    yield centre
    centre.stop()


@pytest.fixture(scope="module")
def staff(printing):
    supervisor = people.supervisor_cookies(printing)
    return {
        "supervisor": supervisor,
        "clerk": people.clerk_cookies(printing, supervisor, "Lò Thị Mai"),
        "kiosk": people.paired_device(printing, supervisor, "kiosk", "Máy lấy số"),
    }


@pytest.fixture
def opened(chromium, printing, staff):
    """Opens a page as one of the staff, or as the kiosk."""
    contexts = []

    def open_page(path, who, size):
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, locale="vi-VN")
        contexts.append(context)
        context.add_cookies(
            [{"name": each.name, "value": each.value, "domain": NAME, "path": "/"} for each in staff[who]]
        )
        page = context.new_page()
        page.goto(printing.at(NAME) + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def take_number(page):
    page.get_by_text("Chứng thực").first.click()
    page.get_by_text("Không", exact=True).first.click()


def test_given_a_printer_without_paper_then_the_number_stays_and_everybody_knows_what_to_do(opened, printer):
    kiosk = opened("/kiosk", "kiosk", (1080, 1920))
    board = opened("/supervisor", "supervisor", (1366, 768))
    console = opened("/counter", "clerk", (1366, 768))
    kiosk.wait_for_selector("text=Chứng thực")
    console.wait_for_selector("text=Quầy 2")
    console.keyboard.press("2")
    board.wait_for_selector("text=Các quầy")

    take_number(kiosk)
    kiosk.wait_for_selector("text=Mời ông/bà lấy phiếu ở khe phía dưới", timeout=TOLD_S * 1000)
    kiosk.get_by_text("Xong", exact=True).click()

    printer.paper = False
    kiosk.wait_for_selector("text=Ông/bà cần làm việc gì?")
    began = time.monotonic()
    take_number(kiosk)
    kiosk.wait_for_selector("text=Máy in đang hết giấy", timeout=TOLD_S * 1000)
    assert kiosk.get_by_role("heading", name="Xin ghi nhớ hoặc chụp ảnh số này").is_visible()
    assert kiosk.locator(".paper-number").inner_text().replace("\u00a0", " ") == "B 002"
    for page in (board, console):
        page.wait_for_selector("text=Máy in 1 hết giấy.", timeout=TOLD_S * 1000)
        assert page.get_by_text("Số vẫn được giữ.").first.is_visible()
        assert page.get_by_text("Xin thay cuộn giấy mới.").first.is_visible()
    assert (
        time.monotonic() - began < 2 * TOLD_S
    )  # three pages on a busy machine; the server's own time is in tests/paper

    printer.paper = True
    kiosk.get_by_text("In lại phiếu").click()
    kiosk.wait_for_selector("text=Mời ông/bà lấy phiếu ở khe phía dưới", timeout=TOLD_S * 1000)
    for page in (board, console):
        page.wait_for_selector("text=Máy in 1 hết giấy.", state="detached", timeout=TOLD_S * 1000)
    assert len(printer.eventually(2)) == 2


def test_given_somebody_at_the_desk_when_the_clerk_presses_i_then_the_ticket_comes_out_again(
    opened, printer, printing, staff
):
    people._post(printing, "/counters/2/open", {}, staff["clerk"])
    printing.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=printing.token("greeter"))
    console = opened("/counter", "clerk", (1366, 768))
    console.wait_for_selector("text=Quầy 2")
    console.keyboard.press("2")
    console.wait_for_selector("text=Gọi số tiếp theo")
    console.keyboard.press("Space")
    console.wait_for_selector("text=Bắt đầu")
    before = len(printer.tickets)
    console.keyboard.press("i")
    console.wait_for_selector("text=Đang in lại phiếu")
    assert len(printer.eventually(before + 1)) == before + 1
    assert printer.faults == []


def test_given_no_printer_then_the_kiosk_shows_the_very_picture(chromium, centre):
    supervisor = people.supervisor_cookies(centre)
    cookies = people.paired_device(centre, supervisor, "kiosk", "Máy lấy số")
    context = chromium.new_context(viewport={"width": 1080, "height": 1920}, locale="vi-VN")
    context.add_cookies([{"name": c.name, "value": c.value, "domain": NAME, "path": "/"} for c in cookies])
    page = context.new_page()
    page.goto(centre.at(NAME) + "/kiosk")
    page.wait_for_selector("text=Chứng thực")
    take_number(page)
    page.get_by_text("Xem phiếu").click()
    image = page.locator(".paper-picture img")
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 576
    page.wait_for_timeout(1_600)  # a second tap on the same spot is the same wish for a second and a half
    page.get_by_text("Đóng phiếu").click()
    page.wait_for_selector(".paper-number")
    context.close()
