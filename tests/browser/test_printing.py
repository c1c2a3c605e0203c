"""What people see of the paper: take it, or remember the number; and staff who can see to the printer."""

import time

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.measure import axe, overflowing
from tests.browser.page_errors import refused
from tests.centre import TestCentreProcess
from tests.conftest import NAME
from tests.paper.printer import FakePrinter

pytestmark = pytest.mark.browser

TOLD_S = 5  # promised; waited for three times as long, and the time it took is printed
PATIENCE_MS = 3 * TOLD_S * 1000


@pytest.fixture(scope="module")
def printer():
    made = FakePrinter()
    yield made
    made.off()


@pytest.fixture(scope="module")
def printing(tmp_path_factory, printer):
    centre = TestCentreProcess(
        tmp_path_factory.mktemp("printing") / "data", options=("--printer", printer.address)
    ).start()
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


def wait_until_printed(centre):
    """Wait until the log says that the printer has confirmed a ticket."""
    inspector, deadline = centre.token("inspector"), time.monotonic() + 30
    while True:
        events = centre.get("/api/v1/events?after=0", token=inspector).json()["events"]
        if any(event["kind"] == "print.printed" for event in events):
            return
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_given_a_printer_without_paper_then_the_number_stays_and_everybody_knows_what_to_do(opened, printer, printing):
    kiosk = opened("/kiosk", "kiosk", (1080, 1920))
    board = opened("/supervisor", "supervisor", (1366, 768))
    console = opened("/counter", "clerk", (1366, 768))
    kiosk.wait_for_selector("text=Chứng thực")
    console.wait_for_selector("text=Quầy 2")
    console.keyboard.press("2")
    board.wait_for_selector("text=Các quầy")

    take_number(kiosk)
    kiosk.wait_for_selector("text=Mời ông/bà lấy phiếu ở khe phía dưới", timeout=PATIENCE_MS)
    kiosk.get_by_text("Xong", exact=True).click()
    wait_until_printed(printing)

    printer.paper = False
    kiosk.wait_for_selector("text=Ông/bà cần làm việc gì?")
    began = time.monotonic()
    take_number(kiosk)
    kiosk.wait_for_selector("text=Máy in đang hết giấy", timeout=PATIENCE_MS)
    assert kiosk.get_by_role("heading", name="Xin ghi nhớ hoặc chụp ảnh số này").is_visible()
    assert kiosk.locator(".paper-number").inner_text().replace("\u00a0", " ") == "B 002"
    for page in (board, console):
        page.wait_for_selector("text=Máy in 1 hết giấy.", timeout=PATIENCE_MS)
        if page is board:
            page.get_by_text("Máy in 1 hết giấy.").first.click()  # a notice is one line until it is opened
        page.get_by_text("Số vẫn được giữ.").first.wait_for()
        assert page.get_by_text("Xin thay cuộn giấy mới.").first.is_visible()
    print(f"everybody was told within {time.monotonic() - began:.1f} s (promised {TOLD_S} s)")

    printer.paper = True
    kiosk.get_by_text("In lại phiếu").click()
    kiosk.wait_for_selector("text=Mời ông/bà lấy phiếu ở khe phía dưới", timeout=PATIENCE_MS)
    for page in (board, console):
        page.wait_for_selector("text=Máy in 1 hết giấy.", state="detached", timeout=PATIENCE_MS)
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


def supervisor_page(chromium, centre, cookies):
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    context.add_cookies([{"name": c.name, "value": c.value, "domain": NAME, "path": "/"} for c in cookies])
    page = context.new_page()
    page.goto(centre.at(NAME) + "/supervisor#printers")
    expect(page.locator(".printer-states")).to_be_visible(timeout=15_000)
    return page


def set_main(page, printer):
    page.get_by_label("Cách nối").first.select_option("network")
    page.get_by_label("Địa chỉ trong mạng").fill(printer.host)
    page.get_by_label("Cổng", exact=True).fill(str(printer.port))


def save(page):
    page.get_by_role("button", name="Lưu", exact=True).click()


@pytest.mark.expects_page_errors(refused(400, "/settings/printers"))
def test_given_a_printer_set_in_the_browser_then_tickets_come_out_of_it_and_of_the_next_one_nothing_twice(
    chromium, centre
):
    first, second = FakePrinter.of_this_pc(slow_s=0.6), FakePrinter.of_this_pc()
    page = supervisor_page(chromium, centre, people.supervisor_cookies(centre))
    expect(page.get_by_text("Không có máy in: máy lấy số hiện số")).to_be_visible()

    set_main(page, first)
    page.get_by_label("Địa chỉ trong mạng").fill("8.8.8.8")
    save(page)
    expect(page.get_by_label("Địa chỉ trong mạng")).to_be_focused()
    expect(page.locator("#field-printers-0-address-refusal")).to_contain_text("ở ngoài mạng của trung tâm")
    assert axe(page) == []
    page.get_by_label("Địa chỉ trong mạng").fill(first.host)
    save(page)
    state = page.locator("[data-printer='1']")
    expect(state).to_have_attribute("data-state", "ready", timeout=15_000)
    expect(state).to_contain_text("Sẵn sàng: còn giấy, nắp đóng.")

    page.get_by_role("button", name="In thử").click()
    expect(state).to_contain_text("Máy in báo đã in xong", timeout=15_000)
    assert len(first.eventually(1)) == 1 and axe(page) == []

    kiosk, inspector = centre.token("kiosk"), centre.token("inspector")
    first.slow_s = 1.5
    set_main(page, second)
    taken = [centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=kiosk).json() for _ in range(6)]
    first.eventually(2)
    save(page)
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    expect(page.locator("[data-printer='1']")).to_contain_text(f"{second.host}:{second.port}", timeout=15_000)
    deadline = time.monotonic() + 20
    while any(centre.get(f"/api/v1/tickets/{ticket['id']}").json()["print"]["state"] != "printed" for ticket in taken):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    tickets = first.tickets[1:] + second.tickets
    assert len(second.tickets) > 0 and len(tickets) == len({each.tobytes() for each in tickets}) == len(taken)
    events = centre.get("/api/v1/events?after=0", token=inspector).json()["events"]
    prints = [(e["kind"], e["ref"], e["data"]["copy"]) for e in events if e["kind"].startswith("print.")]
    assert sorted(prints) == [("print.printed", ticket["ref"], False) for ticket in taken]

    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_label("Cổng", exact=True)).to_have_value(str(first.port))
    first.paper = False
    page.get_by_role("button", name="In thử").click()
    expect(state.locator("h4")).to_have_text("Chưa in thử được", timeout=15_000)
    expect(state).to_contain_text("Hết giấy. Xin thay cuộn giấy mới.")
    assert axe(page) == [] and first.faults == second.faults == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert overflowing(page)[0] == 0 and axe(page) == []
    page.context.close()
    first.off()
    second.off()


def test_given_a_printer_that_is_plugged_in_then_it_is_chosen_by_its_name(chromium, centre):
    page = supervisor_page(chromium, centre, people.supervisor_cookies(centre))

    token = centre.token("supervisor")

    def plugged_in(route):
        found = centre.get("/api/v1/settings/printers", token=token).json()
        found["attached"] = [{"kind": "usb", "address": "04b8:0e28", "label": "EPSON TM-T82III"}]
        route.fulfill(json=found)

    def seen(route):
        return plugged_in(route) if route.request.method == "GET" else route.continue_()

    page.route("**/api/v1/settings/printers", seen)
    page.reload()
    page.get_by_label("Cách nối").first.select_option("usb")
    page.get_by_role("button", name="EPSON TM-T82III 04b8:0e28").click()
    expect(page.get_by_label("Hai mã của máy in")).to_have_value("04b8:0e28")
    assert axe(page) == []
    save(page)
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    expect(page.locator("[data-printer='1']")).to_have_attribute("data-state", "unreachable", timeout=15_000)
    page.unroute_all(behavior="ignoreErrors")
    page.context.close()


def test_given_a_printer_of_the_command_line_then_the_page_says_so_and_prints_a_test_page(
    chromium, printing, printer, staff
):
    printer.paper, before = True, len(printer.tickets)
    page = supervisor_page(chromium, printing, staff["supervisor"])
    expect(page.get_by_role("heading", name="Đặt ở máy chủ")).to_be_visible()
    expect(page.get_by_label("Cách nối")).to_have_count(0)
    page.get_by_role("button", name="In thử").click()
    expect(page.get_by_text("Đã in thử")).to_be_visible(timeout=15_000)
    assert len(printer.eventually(before + 1)) == before + 1 and axe(page) == []
    page.context.close()
