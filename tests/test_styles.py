"""The style sheets: every class and id that they name is used by a page or a script."""

import re

from tests.centre import ROOT

STATIC = ROOT / "static"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SELECTORS = re.compile(r"([^{}]+)\{")
NAME = re.compile(r"[.#]([A-Za-z_][\w-]*)")
BUILT = re.compile(r"([A-Za-z_][\w-]*-)\$\{")  # `plate--${state}`
MADE_HERE = [ROOT / "access" / "answering.py", *sorted((ROOT / "open_data").glob("*.py"))]
OF_LIBRARIES = {"u-wrap"}  # uPlot


def ours(*suffixes):
    return [p for s in suffixes for p in sorted(STATIC.rglob(f"*{s}")) if "vendor" not in p.parts]


def named_in(sheet):
    """Return the classes and ids of a style sheet, without the values of attributes."""
    text = COMMENT.sub("", sheet.read_text("utf-8"))
    selectors = [each for each in SELECTORS.findall(text) if not each.strip().startswith("@")]
    return {name for each in selectors for name in NAME.findall(re.sub(r'"[^"]*"', "", each))}


def test_given_the_style_sheets_then_every_name_in_them_is_used():
    pages = [*ours(".js", ".html"), *MADE_HERE]
    text = "\n".join(page.read_text("utf-8") for page in pages)
    words = set(re.findall(r"[A-Za-z_][\w-]*", text)) | OF_LIBRARIES
    beginnings = tuple(BUILT.findall(text))
    sheets = ours(".css")
    unused = {
        (sheet.name, name)
        for sheet in sheets
        for name in named_in(sheet)
        if name not in words and not name.startswith(beginnings)
    }
    assert sheets and unused == set()


def test_given_the_style_sheets_then_what_moves_something_is_known_to_the_oldest_browser():
    younger = re.compile(r"^\s*(?:translate|rotate|scale):", re.MULTILINE)  # Chromium 104
    assert [sheet.name for sheet in ours(".css") if younger.search(sheet.read_text("utf-8"))] == []


def test_given_the_pages_then_every_style_sheet_is_linked_from_one():
    linked = set()
    for page in [*ours(".js", ".html"), *MADE_HERE]:
        linked |= set(re.findall(r"[/}]static/([\w/-]+\.css)", page.read_text("utf-8")))
    assert {str(sheet.relative_to(STATIC)) for sheet in ours(".css")} - linked == set()
