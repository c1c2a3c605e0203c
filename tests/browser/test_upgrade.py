"""A screen that stands open while the program is exchanged for a newer one."""

import shutil
import sys
import time

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.page_errors import SERVER_GONE
from tests.centre import ROOT, TestCentreProcess

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.expects_page_errors(SERVER_GONE)]

RELOADED_S = 60  # a screen is back after a second or two
NOT_COPIED = shutil.ignore_patterns("__pycache__", ".*")


class Upgraded(TestCentreProcess):
    """A centre whose program may be exchanged for another between two starts."""

    program = ROOT

    def _command(self, *words):
        return [sys.executable, str(self.program / "server.py"), *words, "--data", str(self.data)]

    def upgrade(self, folder):
        """Copy the program, and put a wall into the copy that is a little darker."""
        for path in ROOT.glob("*.py"):
            folder.mkdir(exist_ok=True)
            shutil.copy(path, folder)
        for package in ROOT.glob("*/__init__.py"):
            shutil.copytree(package.parent, folder / package.parent.name, ignore=NOT_COPIED)
        shutil.copytree(ROOT / "static", folder / "static", ignore=NOT_COPIED)
        with (folder / "static" / "display" / "display.css").open("a") as file:
            file.write("\nbody { --upgraded: 1; }\n")
        self.program = folder


@pytest.fixture
def centre(tmp_path):
    running = Upgraded(tmp_path / "data").start()
    yield running
    running.stop()


def note(frame, snapshots):
    if isinstance(frame, str) and '"snapshot"' in frame:
        snapshots.append(frame)


def version(centre):
    return centre.get("/api/v1/hall").json()["version"]


def test_given_an_open_wall_when_a_changed_program_starts_then_the_wall_reloads_and_shows_it(
    centre, chromium, name, tmp_path
):
    wall = people.paired_wall(centre, people.supervisor_cookies(centre))
    context = chromium.new_context()
    context.add_cookies([{"name": each.name, "value": each.value, "url": centre.at(name)} for each in wall])
    page, snapshots = context.new_page(), []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda text: note(text, snapshots)))
    page.goto(centre.at(name) + "/display")
    expect(page.locator("body")).to_have_attribute("data-state", "live")
    old = version(centre)
    page.evaluate("window.old = true")

    begun = time.monotonic()
    centre.stop()
    centre.start()
    assert version(centre) == old
    while len(snapshots) < 2 and time.monotonic() - begun < RELOADED_S:
        page.wait_for_timeout(200)
    assert len(snapshots) == 2 and page.evaluate("window.old"), "the same program is no reason to reload"

    centre.stop()
    centre.upgrade(tmp_path / "program")
    centre.start()
    assert version(centre) != old
    page.wait_for_function("() => window.old === undefined", timeout=RELOADED_S * 1000)
    expect(page.locator("body")).to_have_attribute("data-state", "live")
    page.wait_for_function("() => getComputedStyle(document.body).getPropertyValue('--upgraded') === '1'")
    context.close()
