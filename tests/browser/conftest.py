"""The browser of these tests: whatever a page reports as wrong fails the test in which it happens."""

import re

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.conftest import FLAGS, browser_path
from tests.people import paired_device, supervisor_cookies

PATIENCE_MS = 15_000  # for what is there within a second, on a machine that does other work besides
expect.set_options(timeout=PATIENCE_MS)


class CheckedBrowser:
    """Chromium that notes in `errors` what goes wrong on any of its pages."""

    def __init__(self, browser, errors):
        self._browser = browser
        self._errors = errors

    def new_context(self, **options):
        """A context like playwright's own."""
        context = self._browser.new_context(**options)
        context.on("weberror", lambda error: self._errors.append(f"{path(error.page)}: uncaught {error.error}"))
        context.on("console", self._note)
        return context

    def launch(self, *flags):
        """Another Chromium, started with more flags; its errors are noted with those of this one."""
        browser = self._browser.browser_type.launch(executable_path=browser_path(), args=[*FLAGS, *flags])
        return CheckedBrowser(browser, self._errors)

    def close(self):
        self._browser.close()

    def _note(self, message):
        # Chromium reports a violated Content-Security-Policy here too.
        if message.type == "error":
            self._errors.append(f"{path(message.page)}: {message.text} ({message.location['url']})")


def path(page):
    """What comes after the host in a page's address."""
    return "a closed page" if page is None else re.sub(r"^\w+://[^/]*", "", page.url)


@pytest.fixture(scope="module")
def device(shared_centre):
    """The cookie of a paired kiosk."""
    return paired_device(shared_centre, supervisor_cookies(shared_centre), "kiosk", "Máy ở cửa")


@pytest.fixture(scope="module")
def ticket(shared_centre):
    """What a kiosk gets for a ticket; its figures are replaced in each test."""
    body = {"service": "CHUNG_THUC", "priority_class": "priority"}
    return shared_centre.post("/api/v1/tickets", body, token=shared_centre.token("greeter")).json()


@pytest.fixture(scope="session")
def errors_of_all_pages():
    """What the pages of this session have reported and no test has looked at yet."""
    return []


@pytest.fixture(scope="session")
def chromium(errors_of_all_pages):
    """The system's Chromium, driven by playwright; a test opens its own context."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        yield CheckedBrowser(browser, errors_of_all_pages)
        browser.close()


@pytest.fixture(scope="module", autouse=True)
def errors_of_the_module_before(errors_of_all_pages):
    """Forget what pages report while the centre of another module stops."""
    errors_of_all_pages.clear()


@pytest.fixture(autouse=True)
def page_errors(request, errors_of_all_pages):
    """Fail the test if a page has an uncaught error, writes to console.error or violates its policy.

    A test that expects some names them: `@pytest.mark.expects_page_errors("a regular expression", …)`.
    """
    yield
    marks = request.node.iter_markers("expects_page_errors")
    patterns = [pattern for mark in marks for pattern in mark.args]
    errors = [error for error in errors_of_all_pages if not any(re.search(pattern, error) for pattern in patterns)]
    errors_of_all_pages.clear()
    if errors:
        pytest.fail("errors on pages:\n" + "\n".join(errors), pytrace=False)
