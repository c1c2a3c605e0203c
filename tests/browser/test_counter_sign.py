"""The sign above one counter: it lights up and chimes for that counter alone, and fits any small screen."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.layout import layout_faults
from tests.browser.test_display import Staff

pytestmark = pytest.mark.browser

SIZES = [(1024, 600), (600, 1024), (480, 320), (360, 740), (1080, 1920), (1920, 1080)]
# Counts every sound that the page begins.
LISTEN = """
window.begun = 0;
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (...when) { window.begun += 1; return start.apply(this, when); };
"""


@pytest.fixture(scope="module")
def staff(shared_centre):
    return Staff(shared_centre)


def test_given_two_signs_when_one_counter_calls_then_that_sign_alone_lights_up_and_chimes(chromium, name, staff):
    context = chromium.new_context(viewport={"width": 1024, "height": 600})
    address = f"{staff.centre.at(name)}/display/counter"
    try:
        mine = context.new_page()
        mine.add_init_script(LISTEN)
        mine.goto(address)
        staff.confirm(mine, state="choose")
        mine.locator(".counter-choices a").filter(has_text=re.compile("^2$")).click()
        expect(mine.locator(".sign-plate")).to_have_text("2")
        expect(mine.locator("body")).to_have_attribute("data-state", "closed")
        other = context.new_page()
        other.add_init_script(LISTEN)
        other.goto(f"{address}?counter=3")
        expect(other.locator("body")).to_have_attribute("data-state", "closed")

        staff.act(2, "open")
        expect(mine.locator("body")).to_have_attribute("data-state", "idle")
        number = staff.call(2)
        expect(mine.locator("body")).to_have_attribute("data-state", "called")
        expect(mine.locator(".sign-ticket")).to_have_text(number)
        assert mine.evaluate("document.getAnimations().length") == 1
        expect(other.locator("body")).to_have_attribute("data-state", "closed")
        assert (mine.evaluate("begun"), other.evaluate("begun")) == (1, 0)

        staff.act(2, "call-again")
        mine.wait_for_function("begun === 2")
        # The widest number there can be stands where that of the call stood.
        mine.evaluate("document.querySelector('.sign-ticket').firstChild.textContent = 'M 088'")
        for width, height in SIZES:
            mine.set_viewport_size({"width": width, "height": height})
            assert layout_faults(mine) == [], (width, height)
        staff.act(2, "start")
        expect(mine.locator("body")).to_have_attribute("data-state", "serving")
        staff.act(2, "finish")
        staff.act(2, "pause", reason="lunch")
        expect(mine.locator("body")).to_have_attribute("data-state", "paused")
        for width, height in SIZES:
            mine.set_viewport_size({"width": width, "height": height})
            assert layout_faults(mine) == [], (width, height)
    finally:
        context.close()
        staff.go_home()
