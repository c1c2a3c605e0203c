"""Pages and answers are compressed for a client that accepts gzip, over the real route."""

import gzip
import re

import pytest

from access.compression import without_comments
from tests.centre import ROOT

PAGE, STYLES = "/static/citizen/ticket.js", "/static/citizen/ticket.css"


@pytest.fixture
def ask(shared_centre):
    """GET with these headers; the body as it came over the wire."""

    def get(path, encoding, **headers):
        answer = shared_centre.get(path, headers={"Accept-Encoding": encoding, **headers}, stream=True)
        return answer, answer.raw.read(decode_content=False)

    return get


@pytest.mark.parametrize("path", [PAGE, STYLES, "/sign-in", "/api/v1/services", "/api/v1/texts/vi/citizen"])
def test_given_a_browser_that_takes_gzip_then_it_gets_the_same_in_less(ask, path):
    plain, whole = ask(path, "identity")
    packed, short = ask(path, "gzip")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(short) < len(whole)
    assert "Accept-Encoding" in packed.headers["Vary"]
    if not path.endswith("/services"):  # that one tells the time
        assert gzip.decompress(short) == (without_comments(whole) if path in (PAGE, STYLES) else whole)


def test_given_our_scripts_when_packed_then_only_comments_are_gone_and_every_line_keeps_its_number():
    spared = 0
    for path in (ROOT / "static").rglob("*.js"):
        if "vendor" in path.parts:
            continue
        before, after = path.read_bytes().decode(), without_comments(path.read_bytes()).decode()
        old, new = before.split("\n"), after.split("\n")
        assert len(old) == len(new), path
        for n, (was, stays) in enumerate(zip(old, new, strict=True)):
            if was != stays:
                assert stays == "" and was.strip().startswith(("//", "/*", "*", "@")) or "*/" in was, (path, n + 1)
                assert "\n".join(old[:n]).count("`") % 2 == "\n".join(new[:n]).count("`") % 2, (path, n + 1)
        spared += len(before) - len(after)
    assert spared > 20_000


def test_given_our_style_sheets_when_packed_then_only_comments_are_gone():
    def rules(style):
        return re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL).split()

    for path in (ROOT / "static").rglob("*.css"):
        if "vendor" not in path.parts:
            before = path.read_bytes()
            assert rules(without_comments(before).decode()) == rules(before.decode()), path


def test_given_a_packed_file_when_asked_about_again_then_it_is_not_sent_twice(ask):
    packed, _ = ask(PAGE, "gzip")
    again, body = ask(PAGE, "gzip", **{"If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, body) == (304, b"")


@pytest.mark.parametrize("path", ["/static/vendor/fonts/phone-800.woff2", "/api/v1/me", "/health"])
def test_given_what_is_small_or_packed_already_then_it_goes_as_it_is(ask, path):
    answer, _ = ask(path, "gzip")
    assert "Content-Encoding" not in answer.headers
