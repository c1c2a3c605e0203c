"""The pages of docs/, README and CHANGELOG: every link and every named file leads somewhere."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("docs/*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("tests/**/*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
# A path that begins in the repository's root, as `hall/verify.py` or `static/lib/`; `<name>` and `*` stand for others.
FOLDERS = "|".join(sorted(path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0].isalpha()))
FILE = re.compile(rf"`((?:{FOLDERS})/[\w./-]*)(?:::\w+)?`|(?<![\w/.`])(docs/[\w-]+\.md)")
MADE_AT_RUN_TIME = (
    "data",
    "data-demo",
    "training/",
    "backup/",
    "log/",
    "bench/latest.json",
    "static/vendor/",
    "node_modules",
)


def without_blocks(text):
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def anchors(page):
    """The addresses of a page's headings, as GitHub makes them."""
    for heading in re.findall(r"^#+ (.+)$", without_blocks(page.read_text("utf-8")), re.M):
        yield re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_given_a_page_then_its_links_and_the_files_it_names_exist(page):
    text, wrong = without_blocks(page.read_text("utf-8")), []
    for link in LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in set(anchors(target))):
            wrong.append(link)
    for quoted, plain in FILE.findall(text):
        name = quoted or plain
        if not name.startswith(MADE_AT_RUN_TIME) and not (ROOT / name).exists():
            wrong.append(name)
    assert wrong == []
