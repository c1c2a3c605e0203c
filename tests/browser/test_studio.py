"""A voice is recorded in the browser with a microphone made of a file, called with, and taken to another centre."""

import wave
from array import array
from math import sin, tau
from random import Random

import pytest
from playwright.sync_api import expect

from tests.browser.measure import axe, overflowing, targets
from tests.browser.page_errors import refused
from tests.browser.test_voice import RECORD, SOUND_ALLOWED
from tests.centre import TestCentreProcess
from tests.people import paired_device, supervisor_cookies
from voice.recording import prompts

pytestmark = pytest.mark.browser

RATE = 44_100
LENGTHS = [0.5 + 0.06 * n for n in range(11)]  # of the sentences on the phone, each unlike the others


def voiced(seconds, pitch=150, level=0.2):
    """Something like a syllable or more: a tone with overtones that swells four times a second."""
    for n in range(round(seconds * RATE)):
        at = n / RATE
        swell = 0.6 + 0.4 * sin(tau * 4 * at)
        yield level * swell * sum(sin(tau * pitch * k * at) / k for k in (1, 2, 3, 4)) / 2


def room(seconds, dice):
    for _ in range(round(seconds * RATE)):
        yield dice.uniform(-0.0015, 0.0015)


def sound_file(path, *parts):
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        for part in parts:
            file.writeframes(array("h", [round(max(-1, min(1, value)) * 32767) for value in part]).tobytes())
    return path


@pytest.fixture(scope="module")
def microphone(chromium, tmp_path_factory):
    """Chromium whose microphone plays a file: a second of the room, a sentence, and the room again."""
    dice = Random(7)
    path = tmp_path_factory.mktemp("sound") / "microphone.wav"
    sound_file(path, room(1.0, dice), voiced(1.0), room(20, dice))
    browser = chromium.launch(
        SOUND_ALLOWED,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={path}",
    )
    yield browser
    browser.close()


class StudioTestCentre:
    """A centre with a supervisor's page at its own screen, where the browser gives the microphone."""

    def __init__(self, browser, data):
        self.centre = TestCentreProcess(data).start()
        self.cookies = supervisor_cookies(self.centre)
        self.context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
        self.sign_in(self.context, self.centre.url)
        self.page = self.context.new_page()

    def sign_in(self, context, url):
        context.add_cookies([{"name": key, "value": value, "url": url} for key, value in self.cookies.items()])

    def close(self):
        self.context.close()
        self.centre.stop()


@pytest.fixture
def office(microphone, tmp_path):
    made = StudioTestCentre(microphone, tmp_path / "here")
    yield made
    made.close()


@pytest.fixture
def neighbour(microphone, tmp_path):
    made = StudioTestCentre(microphone, tmp_path / "there")
    yield made
    made.close()


def clips_of(centre):
    return centre.get("/api/v1/voices/hmn/clips").json()


def progress(recorded):
    """What the page says of the clips that a pack has."""
    return f"Đã ghi {recorded} trên {len(prompts('hmn'))} câu"


def fits(page):
    for width, height in ((1366, 768), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        assert overflowing(page)[0] == 0
        assert [each for each in targets(page) if each.width < 44 or each.height < 44] == []
        assert axe(page) == []
    page.set_viewport_size({"width": 1366, "height": 768})


@pytest.mark.expects_page_errors(refused(400, "/voices/import"))
def test_given_a_speaker_then_a_pack_is_recorded_called_with_and_taken_to_another_centre(
    office, neighbour, microphone, name, tmp_path
):
    page, centre = office.page, office.centre
    page.goto(f"{centre.url}/supervisor#wall")
    page.get_by_role("link", name="Thu giọng đọc").click()
    expect(page.get_by_text(progress(0))).to_be_visible()
    page.get_by_label("Tên người đọc").fill("Giàng Thị Mai")
    page.get_by_label("Người đọc đồng ý").check()
    page.get_by_role("button", name="Lưu", exact=True).click()

    # In the browser.
    page.get_by_role("button", name="Ghi âm", exact=True).click()
    expect(page.get_by_role("button", name="Dừng", exact=True)).to_be_visible()
    page.wait_for_timeout(3000)
    page.get_by_role("button", name="Dừng", exact=True).click()
    expect(page.get_by_text("Tốt.")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Lưu, sang câu sau").click()
    expect(page.get_by_text(progress(1))).to_be_visible()
    ((start, length),) = clips_of(centre)["clips"].values()
    assert (start, round(length, 2)) == (0.05, pytest.approx(1.13, abs=0.06))  # the second of sound, trimmed

    # By a phone, with pauses.
    dice = Random(3)
    parts = [part for n, seconds in enumerate(LENGTHS) for part in (voiced(seconds, 120 + 10 * n), room(1.7, dice))]
    phone = sound_file(tmp_path / "phone.wav", room(1.2, dice), *parts)
    page.locator("#studio-file").set_input_files(phone)
    expect(page.get_by_text("Cắt được 11 đoạn")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Lưu 11 đoạn tốt").click()
    expect(page.get_by_text(progress(12))).to_be_visible()
    recorded = clips_of(centre)
    for prompt, seconds in zip(prompts("hmn")[1:12], LENGTHS, strict=True):
        assert recorded["clips"][prompt.clip][1] == pytest.approx(seconds + 0.13, abs=0.04), prompt.clip

    # For the next call.
    wall = microphone.new_context()
    for key, value in paired_device(centre, office.cookies, "display", "Sảnh").items():
        wall.add_cookies([{"name": key, "value": value, "url": centre.at(name)}])
    screen = wall.new_page()
    screen.add_init_script(RECORD)
    screen.goto(f"{centre.at(name)}/display")
    expect(screen.locator("body")).to_have_attribute("data-state", "live")
    page.get_by_role("button", name="Dùng trong sảnh").click()
    expect(page.get_by_text("Sảnh đang dùng giọng này")).to_be_visible()
    kiosk, clerk = centre.token("kiosk"), centre.token("clerk")
    ticket = centre.post("/api/v1/tickets", {"service": "CHUNG_THUC", "language": "hmn"}, token=kiosk).json()
    centre.post("/api/v1/counters/2/open", {}, token=clerk)
    assert centre.post("/api/v1/counters/2/call-next", {}, token=clerk).json()["ticket"]["number"] == ticket["number"]
    letter, digits = ticket["number"][0], [f"digit-{int(ticket['number'][1:])}"]
    wanted = ["call", *digits, "to_counter", "digit-2"]
    places = {tuple(place): clip for clip, place in recorded["clips"].items()}
    screen.wait_for_function("n => spoken.length >= n", arg=len(wanted) + 2, timeout=30_000)
    spoken = screen.evaluate("spoken")
    length = max(start + length for start, length in places) + 0.05
    own = [places[each["offset"], each["length"]] for each in spoken if abs(each["pack"] - length) < 0.01]
    assert own[: len(wanted)] == wanted, (letter, spoken)
    wall.close()
    kiosk = microphone.new_context(viewport={"width": 1080, "height": 1920})
    for key, value in paired_device(centre, office.cookies, "kiosk", "Cửa vào").items():
        kiosk.add_cookies([{"name": key, "value": value, "url": centre.at(name)}])
    screen = kiosk.new_page()
    screen.goto(f"{centre.at(name)}/kiosk")
    key = screen.get_by_role("button", name="Tiếng Mông")
    key.click()
    expect(key).to_have_attribute("aria-pressed", "true")
    expect(screen.locator("html")).to_have_attribute("lang", "vi")  # the screen stays as it is written
    kiosk.close()
    page.goto(f"{centre.url}/supervisor#wall")
    page.get_by_role("button", name="Nghe bằng Tiếng Mông").click()
    page.goto(f"{centre.url}/supervisor#log")
    expect(page.get_by_text("Giọng thu tại đây: Tiếng Mông").first).to_be_visible()
    page.goto(f"{centre.url}/supervisor#studio")

    # And elsewhere.
    with page.expect_download() as download:
        page.get_by_role("link", name="Xuất tệp ZIP").click()
    there = neighbour.page
    there.goto(f"{neighbour.centre.url}/supervisor#studio")
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"PK nothing")
    there.locator("#studio-import").set_input_files(bad)
    expect(there.get_by_text("Tệp này không mở được")).to_be_visible()
    there.locator("#studio-import").set_input_files(download.value.path())
    expect(there.get_by_text("Tiếng Mông: 12 câu.")).to_be_visible()
    there.get_by_role("button", name="Nhập", exact=True).click()
    expect(there.get_by_text(progress(12))).to_be_visible()
    assert clips_of(neighbour.centre)["clips"] == recorded["clips"]

    # Where browsers withhold the microphone the page says where they give it.
    office.sign_in(office.context, centre.at(name))
    page.goto(f"{centre.at(name)}/supervisor#studio")
    expect(page.get_by_text("Ở đây trình duyệt không cho dùng micrô")).to_be_visible()
    fits(page)
