"""The live view against a real server that hangs, dies and comes back."""

import time

import pytest

from tests.browser.page_errors import SERVER_GONE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FOLLOW = """async (token) => {
  const { connect } = await import("/static/lib/live.js");
  window.calls = [];
  window.live = connect("/display", {
    auth: { token },
    onSnapshot: ({ seq }) => calls.push(["snapshot", seq]),
    onEvents: (events) => calls.push(["events", ...events.map((event) => event.kind)]),
    onLost: (since) => calls.push(["lost", (live.serverNow() - since) / 1000]),
    onBack: () => calls.push(["back"]),
    onStop: (code) => calls.push(["stop", code]),
  });
}"""


@pytest.fixture
def page(centre, chromium, name):
    """A page of the centre that follows the wall's news."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(centre.at(name) + "/")
    page.evaluate(FOLLOW, centre.token("display"))
    heard(page, "snapshot")
    yield page
    context.close()


def heard(page, what, times=1, within_s=40):
    """Wait until `what` was called so many times, and print the seconds it took; it gives up long after any promise."""
    begun = time.monotonic()
    page.wait_for_function(
        "([what, times]) => calls.filter(([name]) => name === what).length >= times",
        arg=[what, times],
        timeout=within_s * 1000,
    )
    print(f"{what} after {time.monotonic() - begun:.1f} s")


def test_given_a_server_that_hangs_then_the_loss_is_told_and_it_recovers_alone(centre, page):
    centre.freeze()
    heard(page, "lost")
    centre.thaw()
    heard(page, "back")


@pytest.mark.expects_page_errors(SERVER_GONE)
def test_given_a_power_cut_then_the_screen_comes_back_by_itself(centre, page):
    centre.kill()
    heard(page, "lost")
    since = page.evaluate("calls.find(([name]) => name === 'lost')[1]")
    assert since > 4, "a beat or two may fail to come"
    centre.start()
    heard(page, "back")
    clerk = centre.token("clerk", 2)
    assert centre.post("/api/v1/counters/2/open", token=clerk).status_code == 200
    heard(page, "events")


def test_given_a_wrong_token_then_the_screen_is_told_to_stop(centre, page):
    page.evaluate(FOLLOW, "no-such-token")
    heard(page, "stop")
