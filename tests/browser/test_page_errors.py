"""The fixture that all browser tests share: it sees what goes wrong on a page."""

import re

import pytest

pytestmark = pytest.mark.browser

POLICY = "default-src 'none'; script-src 'nonce-good'"


@pytest.fixture
def page(chromium):
    """An empty page with a policy that lets only one script run."""
    context = chromium.new_context()
    page = context.new_page()
    page.route(
        "**/*",
        lambda route: route.fulfill(
            body="<!doctype html><title>errors</title><script nonce=good>window.ready = true</script>",
            content_type="text/html",
            headers={"Content-Security-Policy": POLICY},
        ),
    )
    page.goto("http://centre.test/")
    yield page
    context.close()


@pytest.mark.parametrize(
    ("fault", "reported"),
    [
        ("setTimeout(() => { throw new Error('broken') })", r"^/: uncaught .*broken"),
        ("void Promise.reject(new Error('left alone'))", r"^/: uncaught .*left alone"),
        ("console.error('no text for kiosk.title')", r"^/: no text for kiosk\.title"),
        ("document.body.setAttribute('onclick', 'alert()'); document.body.click()", r"Content Security Policy"),
    ],
)
def test_given_a_fault_on_a_page_then_it_is_noted(page, errors_of_all_pages, fault, reported):
    page.evaluate(fault)
    page.wait_for_timeout(50)
    assert len(errors_of_all_pages) == 1
    assert re.search(reported, errors_of_all_pages.pop())
