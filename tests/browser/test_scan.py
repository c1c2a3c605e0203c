"""What is a scan and what is a hand, and what a scanned code means: the module alone on an empty page."""

import pytest

from tests.browser.scanner import CARDS, CODES, DOSSIERS, KEY_MS, OTHERS, Scanner, stop_clock
from tests.browser.static_files import static_file

pytestmark = pytest.mark.browser

HAND_MS = 60  # between the keys of somebody who types fast
PAGE = """<!doctype html><title>scan</title><body>
<form id="form"><input id="field" value="B001"><button id="save">Save</button></form>
<button id="key" type="button">Key</button><a id="way" href="#gone">Way</a>
<select id="choice"><option>H</option><option>other</option></select>"""
READ = """async ({ shortcuts }) => {
  const { readScans, meaningOf } = await import("/static/lib/scan.js");
  const heard = (window.heard = { scans: [], keys: [], together: 0, clicks: [] });
  window.stop = readScans({
    scanned: (scan) => heard.scans.push([scan.place, meaningOf(scan)]),
    together: () => heard.together++,
    ...(shortcuts && { key: ({ code }) => heard.keys.push(code) }),
  });
  for (const id of ["save", "key", "way"])
    document.getElementById(id).addEventListener("click", (event) => (event.preventDefault(), heard.clicks.push(id)));
}"""


@pytest.fixture
def page(chromium, name):
    """A page with a form, a key, a way and a choice; its clock stands still."""
    context = chromium.new_context()
    page = context.new_page()

    def answer(route):
        path = route.request.url.partition(name)[2].partition("?")[0]
        if path == "/":
            route.fulfill(body=PAGE, content_type="text/html")
        else:
            route.fulfill(**static_file(path) or {"status": 404})

    page.route("**/*", answer)
    page.clock.install()
    page.goto(f"http://{name}/")
    stop_clock(page)
    yield page
    context.close()


def read(page, *, shortcuts):
    """Read scans from now on, on a page that has shortcuts or not."""
    page.evaluate("() => window.stop?.()")
    page.evaluate(READ, {"shortcuts": shortcuts})


def heard(page):
    """What the page has heard since this was asked last."""
    return page.evaluate(
        """() => {
          const { scans, keys, together, clicks } = window.heard;
          Object.assign(window.heard, { scans: [], keys: [], together: 0, clicks: [] });
          return { scans, keys, together, clicks };
        }"""
    )


def state(page):
    return page.evaluate("() => [field.value, choice.value, location.hash, document.activeElement.id]")


@pytest.mark.parametrize("shortcuts", [False, True])
def test_given_any_code_anywhere_when_it_is_scanned_then_it_is_one_scan_and_nothing_else(page, shortcuts):
    read(page, shortcuts=shortcuts)
    usual, quick = Scanner(page, KEY_MS), Scanner(page)
    places = ["field", "key", "way", "choice", "save", None]
    for index, code in enumerate(CODES):
        place = places[index % len(places)]
        page.evaluate("id => id ? document.getElementById(id).focus() : document.activeElement.blur()", place)
        before = state(page)
        scanner = usual if index < 6 else quick
        scanner.scan(code, ["\n", "\t", "", "\n\n"][index % 4])
        after = heard(page)
        assert [text for text, _ in after["scans"]] == [code.strip()], (code, place)
        assert (after["keys"], after["together"], after["clicks"]) == ([], 0, []), (code, place)
        assert state(page) == before, (code, place)


@pytest.mark.parametrize("shortcuts", [False, True])
def test_given_a_hand_then_keys_do_what_they_always_do(page, shortcuts):
    read(page, shortcuts=shortcuts)
    page.locator("#field").focus()
    page.keyboard.press("End")
    for key in "27é":
        page.keyboard.press(key) if key != "é" else page.keyboard.insert_text(key)
        page.clock.run_for(HAND_MS)
    assert page.locator("#field").input_value() == "B00127é"
    page.keyboard.press("Enter")
    page.clock.run_for(HAND_MS)
    assert heard(page)["clicks"] == ["save"]

    page.locator("#key").focus()
    for key in ("Enter", "Space"):
        page.keyboard.press(key)
        page.clock.run_for(HAND_MS)
    page.locator("#way").focus()
    page.keyboard.press("Enter")
    page.clock.run_for(HAND_MS)
    after = heard(page)
    # A page with shortcuts presses its buttons itself.
    assert after["keys" if shortcuts else "clicks"] == (
        ["Enter", "Space", "Enter"] if shortcuts else ["key", "key", "way"]
    )
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.id") == "choice"


def test_given_two_keys_at_once_or_a_key_held_down_then_it_is_no_scan(page):
    read(page, shortcuts=True)
    page.locator("#key").focus()
    page.keyboard.press("v")
    page.keyboard.press("b")
    page.clock.run_for(HAND_MS)
    assert heard(page) == {"scans": [], "keys": [], "together": 1, "clicks": []}
    page.locator("#field").focus()
    page.keyboard.press("End")
    for _ in range(12):
        page.keyboard.down("7")  # the second and later ones are repeats, 30 ms apart
        page.clock.run_for(30)
    page.keyboard.up("7")
    page.clock.run_for(HAND_MS)
    assert page.locator("#field").input_value() == "B001" + 12 * "7"
    assert heard(page)["scans"] == []


def test_given_a_scan_when_the_scanner_sends_another_enter_later_then_it_presses_nothing(page):
    read(page, shortcuts=False)
    scanner = Scanner(page)
    page.locator("#key").focus()
    scanner.scan(DOSSIERS[0], "")
    heard(page)
    scanner.press(DOSSIERS[1])
    page.clock.run_for(200)  # the scan is over, and read
    for end in ("Enter", "Space", "Enter"):
        page.keyboard.press(end)
        page.clock.run_for(50)
    after = heard(page)
    assert [text for text, _ in after["scans"]] == [DOSSIERS[1]]
    assert (after["clicks"], after["keys"], after["together"]) == ([], [], 0)
    page.clock.run_for(500)
    page.keyboard.press("Enter")
    page.clock.run_for(HAND_MS)
    assert heard(page)["clicks"] == ["key"]


def test_given_a_scan_then_its_meaning_is_known_and_papers_are_only_recognised(page):
    read(page, shortcuts=False)
    ticket = "http://192.0.2.2:8000/t/abcDEF_ghi-jklMNO12345"
    scanner = Scanner(page, numpad=True)
    for code in (ticket, DOSSIERS[0], "b027"):
        scanner.scan(code)
    assert [meaning for _, meaning in heard(page)["scans"]] == [
        {"kind": "ticket", "id": "abcDEF_ghi-jklMNO12345"},
        {"kind": "dossier", "code": DOSSIERS[0]},
        {"kind": "number", "number": "B027"},
    ]
    meanings = page.evaluate(
        """async (texts) => {
          const { meaningOf } = await import("/static/lib/scan.js");
          return texts.map((text) => meaningOf({ place: text, typed: text, altered: false }));
        }""",
        [*DOSSIERS, "3027", *CARDS, *OTHERS],
    )
    assert meanings == [
        *({"kind": "dossier", "code": code} for code in DOSSIERS),
        {"kind": "number", "number": "3027"},
        *({"kind": "card"} for _ in CARDS),
        *({"kind": "unknown"} for _ in OTHERS),
    ]


def test_given_a_typing_program_that_changes_the_letters_then_the_scan_says_so(page):
    read(page, shortcuts=False)
    page.evaluate(
        """() => {
          const press = (key, code) => window.dispatchEvent(new KeyboardEvent("keydown", { key, code }));
          for (const letter of "http") press(letter, `Key${letter.toUpperCase()}`);
          press("Backspace", "Backspace");
          press("ư", "");
          for (const letter of "xyz") press(letter, `Key${letter.toUpperCase()}`);
        }"""
    )
    page.clock.run_for(500)
    assert [meaning for _, meaning in heard(page)["scans"]] == [{"kind": "altered"}]
