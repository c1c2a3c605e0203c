"""What tests share: a centre, how Chromium starts, and a host name as in a real building."""

import os
import shutil

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests.centre import TestCentreProcess

# The same examples every time: a test that fails now and then helps nobody. `--hypothesis-profile
# default` looks for new ones.
settings.register_profile(
    "suite", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")

NAME = "centre.test"
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
]


@pytest.fixture(autouse=True)
def usual_log():
    """A test that runs the server's own log leaves no other test to write to it."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def centre(tmp_path, request):
    """A running centre with fresh data; parametrize indirectly to name the async mode."""
    running = TestCentreProcess(tmp_path / "data", getattr(request, "param", None))
    yield running.start()
    running.stop()


@pytest.fixture(scope="module")
def shared_centre(tmp_path_factory, request):
    """One running centre for all tests of a module."""
    running = TestCentreProcess(tmp_path_factory.mktemp("centre") / "data", getattr(request, "param", None))
    yield running.start()
    running.stop()


@pytest.fixture(scope="session")
def name():
    """A host name that is not localhost: browsers withhold secure-context features, as in a LAN."""
    return NAME


def browser_path():
    """The shell is Chromium without windows of its own: the same pages, and a window opens in a fifth of the time."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.fail("no Chromium found: make test-setup")
    return path
