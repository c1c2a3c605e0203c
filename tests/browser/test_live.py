"""The live view against a real server that hangs, dies and comes back."""

import time

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FOLLOW = """async (token) => {
  const { connect } = await import("/static/live.js");
  window.told = [];
  window.live = connect("/display", {
    auth: { token },
    onSnapshot: ({ seq }) => told.push(["snapshot", seq]),
    onEvents: (events) => told.push(["events", ...events.map((event) => event.kind)]),
    onLost: (since) => told.push(["lost", (live.serverNow() - since) / 1000]),
    onBack: () => told.push(["back"]),
    onStop: (code) => told.push(["stop", code]),
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


def heard(page, what, times=1, within_s=10):
    """Wait until `what` was told so many times; seconds it took."""
    begun = time.monotonic()
    page.wait_for_function(
        "([what, times]) => told.filter(([name]) => name === what).length >= times",
        arg=[what, times],
        timeout=within_s * 1000,
    )
    return time.monotonic() - begun


def test_given_a_server_that_hangs_then_the_loss_is_told_and_it_recovers_alone(centre, page):
    centre.freeze()
    assert heard(page, "lost") < 8
    centre.thaw()
    assert heard(page, "back") < 10


def test_given_a_power_cut_then_the_screen_comes_back_by_itself(centre, page):
    centre.kill()
    assert heard(page, "lost") < 8
    since = page.evaluate("told.find(([name]) => name === 'lost')[1]")
    assert 4 < since < 8
    centre.start()
    assert heard(page, "back") < 10
    clerk = centre.token("clerk", 2)
    assert centre.post("/api/v1/counters/2/open", token=clerk).status_code == 200
    heard(page, "events")


def test_given_a_wrong_token_then_the_screen_is_told_to_stop(centre, page):
    page.evaluate(FOLLOW, "no-such-token")
    heard(page, "stop")
