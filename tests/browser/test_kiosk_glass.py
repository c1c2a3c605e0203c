"""The kiosk on measured glass: millimetres of what is touched and read, at every size, upright and lying."""

import json
import math
from functools import partial

import pytest
from playwright.sync_api import expect

from tests.browser.layout import layout_faults
from tests.browser.measure import targets, texts
from tests.browser.page_errors import SERVER_GONE, refused
from tests.browser.test_kiosk import (
    CAP_MM,
    MORE_MS,
    PATIENCE_MS,
    STAY_MS,
    TARGET_MM,
    TILE_MM,
    UPRIGHT,
    KioskScreen,
    given_hall,
)
from tests.browser.test_kiosk_layout import LINK, PRINTED, TWO_FRAMES, crowded, gives, lasting

pytestmark = pytest.mark.browser

# The usual glass, lying: diagonal in inches, CSS pixels.
GLASS = [
    (7, (800, 480)),
    (7, (1024, 600)),
    (10.1, (1280, 800)),
    (15, (1024, 768)),
    (15.6, (1366, 768)),
    (21.5, (1920, 1080)),
    (32, (1920, 1080)),
]
MM_PER_INCH = 25.4
EDGE_MM = 800
TALL = [  # inches, CSS pixels, and the millimetres from the floor to the lower edge
    (21.5, (1080, 1920), 800),
    (21.5, (1080, 1920), 950),
    (32, (1080, 1920), 650),
    (32, (2160, 3840), 300),
    (32, (1920, 1080), 950),
]
REACH_MM = (380, 1220)
MODES = {"plain": [], "large": ["large"], "large, black, English": ["language:en", "large", "contrast"]}
SLACK_MM = 0.06  # what rounding to device pixels may take
MAIN = ".tiles .key, .answer"


@pytest.fixture
def kiosk(chromium, shared_centre, device, name):
    """A kiosk in a hall with an appointment of today and long waits."""
    context = chromium.new_context(viewport=UPRIGHT)
    context.set_default_timeout(PATIENCE_MS)
    address = shared_centre.at(name)
    context.add_cookies([{"name": c.name, "value": c.value, "url": address} for c in device])
    screen = KioskScreen(context, address)
    screen.gate = given_hall(screen.page, crowded(long=False))
    # The size of each glass is put into the browser's own copy; the server must not say another.
    screen.page.route("**/api/v1/glass", lambda route: route.fulfill(json={"diagonal_mm": None, "edge_mm": None}))
    yield screen
    context.close()


class Glass:
    """A screen in millimetres: `inches` across, its lower edge `edge_mm` above the floor."""

    def __init__(self, inches, width, height, edge_mm=EDGE_MM):
        self.width, self.height, self.edge_mm = width, height, edge_mm
        self.name = f"{inches} inches {width}x{height}"
        self.diagonal_mm = round(inches * MM_PER_INCH)
        self.px_per_mm = math.hypot(width, height) / self.diagonal_mm

    @property
    def measure(self):
        """Its size as the browser keeps it."""
        return json.dumps({"diagonal_mm": self.diagonal_mm, "edge_mm": self.edge_mm})

    def floor_mm(self, y):
        """How high above the floor something is that is so far below the top."""
        return self.edge_mm + (self.height - y) / self.px_per_mm

    def put(self, page):
        """Let the page stand on this glass."""
        page.evaluate("measure => localStorage.setItem('glass', measure)", self.measure)
        page.set_viewport_size({"width": self.width, "height": self.height})
        page.evaluate("dispatchEvent(new Event('resize'))")
        page.evaluate(TWO_FRAMES)

    def faults(self, page, large, within_mm=None):
        """What is wrong with the page on this glass, a sentence each."""
        mm = self.px_per_mm
        main = {(key.x, key.y) for key in targets(page, MAIN)}
        wrong = layout_faults(page)
        for key in targets(page):
            least = TILE_MM if (key.x, key.y) in main else TARGET_MM
            if min(key.height, key.width) < TARGET_MM * mm - SLACK_MM * mm or key.height < (least - SLACK_MM) * mm:
                wrong.append(f"{key.label}: {key.width / mm:.1f} x {key.height / mm:.1f} mm")
            if within_mm:
                lowest, highest = self.floor_mm(key.y + key.height), self.floor_mm(key.y)
                if lowest < within_mm[0] - SLACK_MM or highest > within_mm[1] + SLACK_MM:
                    wrong.append(f"{key.label}: {lowest:.0f} to {highest:.0f} mm above the floor")
        capitals = CAP_MM["large" if large else "normal"]
        wrong += [
            f"{text.text}: capitals of {text.cap / mm:.2f} mm"
            for text in texts(page)
            if text.cap < (capitals - SLACK_MM) * mm
        ]
        return [f"{self.name}: {fault}" for fault in wrong]


def every_glass():
    """Every usual size, lying and upright."""
    return [Glass(inches, *size) for inches, sides in GLASS for size in (sides, sides[::-1])]


def pages(screen, ticket, mode):
    """Bring one page after the other onto the glass, in this mode, and yield its name."""
    page = screen.page
    page.route("**/api/v1/help", lambda route: route.fulfill(status=201, json={"asked": 5, "heard": False}))
    screen.open()
    screen.touch(*mode)
    yield "choice"
    for key in ("help", "appointment", "others"):
        screen.touch(key)
        screen.shows({"appointment": "code"}.get(key, key))
        yield key
        screen.wait_out_repeats()
        screen.touch("back")
        screen.shows("choice")
    screen.wait_out_repeats()
    gives(screen, ticket, [2, 3], follow_url=LINK)
    screen.touch("service:CHUNG_THUC")
    screen.shows("priority")
    yield "priority"
    screen.touch("yes")
    screen.shows("ticket")
    yield "ticket"
    screen.wait(MORE_MS)
    screen.wait_out_repeats()
    screen.touch("done")
    screen.shows("choice")
    screen.touch(*mode)
    gives(screen, ticket, [2, 3], **PRINTED)
    screen.touch("service:CHUNG_THUC", "yes")
    screen.shows("ticket")
    page.clock.run_for(5000)
    screen.shows("no-paper")
    yield "no paper"
    screen.wait_out_repeats()
    screen.touch("done")
    screen.shows("choice")
    screen.touch(*mode)
    no = {"code": "service_closed", "message": "Dịch vụ này đang tạm nghỉ."}
    page.unroute("**/api/v1/tickets")
    page.route("**/api/v1/tickets", lambda route: route.fulfill(status=409, json=no))
    screen.touch("service:HO_TICH")
    if screen.page.locator("another-page").is_visible():  # the third number within so short a time
        screen.touch("for-another")
    screen.touch("no")
    screen.shows("refused")
    yield "refused"
    screen.wait(60_000)
    screen.shows("more-time")
    yield "more time"
    screen.gate["open"] = False
    page.clock.run_for(6000)
    screen.shows("lost")
    yield "lost"


def walked(screen, ticket, mode, all_glass, **measured):
    """What is wrong with any page on any glass, a sentence each."""
    faults = []
    for name in pages(screen, ticket, mode):
        for glass in all_glass:
            glass.put(screen.page)
            screen.touch_bare_glass()
            found = lasting(screen.page, partial(glass.faults, screen.page, "large" in mode, **measured))
            faults += [f"{name}, {fault}" for fault in found]
    print("\n".join(faults))
    return faults


@pytest.mark.expects_page_errors(refused(409, "/tickets"), SERVER_GONE)
@pytest.mark.parametrize("mode", MODES)
def test_given_glass_of_any_size_then_what_is_touched_and_read_is_as_large_as_fingers_and_eyes_need(
    kiosk, ticket, mode
):
    assert walked(kiosk, ticket, MODES[mode], every_glass()) == []


@pytest.mark.expects_page_errors(refused(409, "/tickets"), SERVER_GONE)
@pytest.mark.parametrize("mode", [["low"], ["low", "large", "contrast"]], ids=["low", "low, large, black"])
def test_given_a_tall_glass_when_it_is_lowered_then_everything_to_touch_is_in_reach_of_a_wheelchair(
    kiosk, ticket, mode
):
    tall = [Glass(inches, *size, edge_mm) for inches, size, edge_mm in TALL]
    kiosk.page.add_init_script(f"localStorage.glass ??= '{tall[0].measure}'")
    assert walked(kiosk, ticket, mode, tall, within_mm=REACH_MM) == []


def test_given_a_lowered_glass_when_nobody_touches_it_then_it_stands_as_before(kiosk):
    upright = Glass(21.5, 1080, 1920)
    kiosk.page.add_init_script(f"localStorage.glass ??= '{upright.measure}'")
    kiosk.open()

    def highest_mm():
        return max(upright.floor_mm(key.y) for key in targets(kiosk.page))

    expect(kiosk.key("low")).to_have_attribute("aria-pressed", "false")
    kiosk.touch("low")
    expect(kiosk.key("low")).to_have_attribute("aria-pressed", "true")
    assert highest_mm() <= REACH_MM[1]
    kiosk.wait(STAY_MS)
    kiosk.wait(MORE_MS)
    expect(kiosk.key("low")).to_have_attribute("aria-pressed", "false")
    kiosk.touch("service:CHUNG_THUC")
    kiosk.shows("priority")


def test_given_glass_within_reach_or_unmeasured_then_no_key_lowers_it(kiosk):
    kiosk.open()
    expect(kiosk.key("low")).to_have_count(0)
    for hint in kiosk.page.locator(".tile-hint").all():
        expect(hint).to_be_visible()  # with room for them nothing is left out
    Glass(10.1, 1280, 800, edge_mm=900).put(kiosk.page)
    expect(kiosk.key("low")).to_have_count(0)
    Glass(21.5, 1080, 1920, edge_mm=800).put(kiosk.page)
    expect(kiosk.key("low")).to_be_visible()
