"""The words of the screens: every key in every language, every word in the text files only."""

import ast
import json
import re
import unicodedata
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from hall.visits import RETURN_WINDOW
from queueing import catalogue
from queueing.dispatch import Reason
from queueing.sentences import PLURAL, fill
from tests.centre import ROOT

STATIC = ROOT / "static"
LANGUAGES = tuple(catalogue.LANGUAGES)
ROOMS = ("queueing", "hall", "store", "access", "kiosk", "display", "counter", "supervisor", "citizen")
VIETNAMESE = re.compile("[àáâãèéêìíòóôõùúýăđĩũơưÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯ\u1ea0-\u1ef9]")
KEY = re.compile(r"""(?:data-text|data-label)=["']([^"'$]+)["']|\bt\(\s*["']([^"']+)["']""")
COMMENT = re.compile(r"/\*.*?\*/|(?:^|(?<=[\s;{}(),]))//[^\n]*", re.DOTALL | re.MULTILINE)


def texts(language):
    """All texts of a language by "section.key"."""
    sections = json.loads((STATIC / "text" / f"{language}.json").read_text("utf-8"))
    return {f"{section}.{key}": text for section, keys in sections.items() for key, text in keys.items()}


def placeholders(text):
    """The names in "{name}" and "{name, plural, …}"; the forms of a plural have none."""
    plurals = {match[1] for match in PLURAL.finditer(text)}
    return plurals | set(re.findall(r"\{(\w+)\}", PLURAL.sub("", text)))


def pages(*suffixes):
    """Our own files of the given kinds, without what set-up builds."""
    found = (p for s in suffixes for p in STATIC.rglob(f"*{s}") if "vendor" not in p.parts)
    return sorted(found)


def error_codes():
    """Every `code = "…"` of a class in the rooms of the server."""
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ClassDef):
                    for line in node.body:
                        named = isinstance(line, ast.Assign) and any(
                            isinstance(target, ast.Name) and target.id == "code" for target in line.targets
                        )
                        annotated = (
                            isinstance(line, ast.AnnAssign)
                            and isinstance(line.target, ast.Name)
                            and line.target.id == "code"
                        )
                        # A family of refusals has no code of its own.
                        if (named or annotated) and isinstance(line.value, ast.Constant) and line.value.value:
                            yield line.value.value


def test_given_two_languages_then_they_have_the_same_keys():
    vi, en = map(set, map(texts, LANGUAGES))
    assert vi - en == set()
    assert en - vi == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_text_then_it_is_composed_and_not_empty(language):
    for key, text in texts(language).items():
        assert unicodedata.is_normalized("NFC", text), key
        assert text.strip() == text != "", key


def test_given_a_text_with_parameters_then_both_languages_take_the_same():
    vi, en = map(texts, LANGUAGES)
    for key in vi.keys() & en.keys():
        assert placeholders(vi[key]) == placeholders(en[key]), key


# Numbers of things or of units of time; the others are names, times, places and limits that are never one.
COUNTS = {
    "n", "count", "days", "people", "visits", "minutes", "seconds", "issued", "found", "seq", "users", "sessions",
    "devices", "waiting", "open", "earlier", "others", "most", "cap", "all", "of", "cancelled", "tickets", "then",
    "shown",
}  # fmt: skip
# "1 people", "1 counters open", "1 paired devices", "1 people wait": a plural within two words of the number.
MANY = re.compile(r"\b1\*? (?:(?!person)[a-z]+ )?(?:people|(?!is\b|was\b|goes\b)[a-z]*[a-rt-z]s)\b")


def test_given_one_of_anything_then_no_english_text_has_a_plural():
    wrong = {}
    for key, text in texts("en").items():
        if key == "paper.test_dots":  # a printer's head has hundreds
            continue
        said = fill(text, {name: 1 if name in COUNTS else "X" for name in placeholders(text)})
        if MANY.search(said):
            wrong[key] = said
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_plural_forms_then_each_text_has_one_for_every_number(language):
    for key, text in texts(language).items():
        assert all(" other {" in match[2] for match in PLURAL.finditer(text)), key
        assert "plural" not in fill(text, dict.fromkeys(placeholders(text), 2)), key


def test_given_a_key_in_a_page_then_it_has_a_text():
    known = texts("vi")
    missing = {
        (path.relative_to(STATIC).as_posix(), key)
        for path in pages(".html", ".js")
        for pair in KEY.findall(COMMENT.sub("", path.read_text("utf-8")))
        for key in pair
        if key and key not in known and not key.endswith((".", "_"))  # the head of a key built at run time
    }
    assert missing == set()


def test_given_a_reason_of_a_call_then_it_has_a_sentence():
    keys = texts("vi")
    assert [reason for reason in Reason if f"why.called_{reason.lower()}" not in keys] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_ticket_then_it_says_how_long_the_place_of_a_no_show_is_kept(language):
    minutes = RETURN_WINDOW // timedelta(minutes=1)
    for key in ("paper.absent", "kiosk.absent"):
        assert f" {minutes} " in texts(language)[key]


def test_given_a_refusal_then_it_has_a_sentence():
    known = texts("vi")
    codes = set(error_codes())
    assert codes
    assert {code for code in codes if f"error.{code}" not in known} == set()


@pytest.mark.parametrize("path", pages(".js"), ids=lambda p: p.relative_to(STATIC).as_posix())
def test_given_a_module_then_no_vietnamese_stands_in_it(path):
    code = COMMENT.sub("", path.read_text("utf-8"))
    assert [line for line in code.splitlines() if VIETNAMESE.search(line)] == []


class Words(HTMLParser):
    """Collects the words that stand in the body of a page; commands and keys are the same in every language."""

    def __init__(self):
        super().__init__()
        self.open = []
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)

    def handle_endtag(self, tag):
        while tag in self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if "body" in self.open and not {"script", "style", "noscript", "code", "kbd"} & set(self.open):
            self.found += re.findall(r"[^\W\d_]{2,}", data)


@pytest.mark.parametrize("path", pages(".html"), ids=lambda p: p.relative_to(STATIC).as_posix())
def test_given_a_page_then_its_words_come_from_the_texts(path):
    words = Words()
    words.feed(path.read_text("utf-8"))
    assert words.found == []


@pytest.mark.parametrize("path", pages(".html"), ids=lambda p: p.relative_to(STATIC).as_posix())
def test_given_a_page_then_it_needs_no_inline_script_or_style(path):
    page = path.read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page)
