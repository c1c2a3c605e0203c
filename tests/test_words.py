"""One plain word for each thing: the table of docs/architecture.md ("Words"), held against the source.

Identifiers are read apart from prose: a word that has many good everyday meanings ("told", "look", "found", "each",
"made") is held as the name of a thing and in docstrings, not in every sentence. Strings are not read: they hold texts,
JSON keys and SQL names, which stay what they are. What others see by name (a column, an event kind, a JSON key) is
excepted row by row, never by a whole file.

    python -m tests.test_words

lists what is still worded otherwise, file by file, and what NOT_YET and UNDOCUMENTED need to cover.
"""

import ast
import io
import re
import subprocess
import tokenize
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NAME, DOCSTRING, COMMENT, PAGE = "name", "docstring", "comment", "page"
SENTENCES = (DOCSTRING, COMMENT, PAGE)


@dataclass(frozen=True)
class Row:
    """A word that is not used, where, and what is said instead.

    `pattern` is matched whole against an identifier, and searched in a sentence, where a space stands for any white
    space. `under` are the paths it is held in; `but` are those it is not held in, each for a reason in the comment.
    """

    say: str
    pattern: str
    kinds: tuple[str, ...] = (NAME,)
    under: tuple[str, ...] = ("",)
    but: tuple[str, ...] = ()


ROWS = {
    # Of the program.
    "record": Row("append; run_as_system", r"(?:act|hall|self)\.record\(", ("line",)),
    "perform": Row("execute, commit_batch, run_one, use_case", r"_?perform(?:ed|s)?|_do", under=("hall/", "access/")),
    "press": Row("PendingCommand, GroupCommit, is_leader", r"Press|Presses|leads|heir", under=("hall/", "access/")),
    "ask": Row("request", r"Ask|ask_of"),
    "door": Row("route, Routes", r"Doors?|doors?|(?:add|open|_open)_doors?"),
    # Doors of a building are doors.
    "the door": Row(
        "the route", r"\b(?<!front\ )(?<!main\ )doors?\b(?! (?:open|close|of the (?:hall|building)))", SENTENCES
    ),
    "told": Row("notified, unpublished, after_commit; or what it is", r"_?(?:un)?told\w*|tells?|afterwards"),
    "settle": Row("refresh, read_new_events", r"_?settle[sd]?|catch_up|keep_time"),
    "settling": Row("refresh", r"\bsettle[sd]?\b", (DOCSTRING, COMMENT)),
    "apart": Row("CommandRunner, BackgroundCommand, CookiePrefix", r"Apart|Beside|Elsewhere"),
    "lengths": Row("Histogram, MergedHistogram", r"Lengths|_?ladders?|Ladder"),
    "pile": Row("Accumulator, add", r"_?piles?|Pile|_?lay|lay_tally"),
    "circles": Row("cyclic garbage", r"\bcircles\b", (DOCSTRING, COMMENT)),
    "impatient": Row("read_timeouts, slow-client protection", r"_?impatient|_?Impatient"),
    "fill the house": Row("slow-client protection", r"fill the house", SENTENCES),
    "keeper": Row("maintenance, recovery", r"keeper|Keeper|rescue|Rescue"),
    "glance": Row("what times out: POLL_INTERVAL_S, RESPONSE_TIMEOUT_S", r"(?:GLANCE|SHRUG|MUTE)_\w+"),
    "band": Row("banner (of a demonstration), compact (the wall)", r"band|bands|Band"),
    "nameless": Row("close_unjoined_sockets", r"_?close_nameless|nameless"),
    "heard alone": Row("isolate_failure", r"_?heard_alone"),
    "turn out": Row("disconnect_revoked", r"_?turn_out|turned_out"),
    "look": Row("refresh, check_disk, check_integrity, poll", r"_?look(?:_over)?"),
    "outlived": Row("closed_day_revision, issuing_suspended", r"_?outlived|calls_only"),
    "worn": Row("at_cap, jump_reason, sits_out_next_call, returned", r"worn|aside", under=("queueing/", "hall/")),
    # The SQL table `desk` and JSON keys are strings; `.desk-…` of the paper's help is a text key.
    "desk": Row(
        "CounterState, counter, occupied_for, help_counter, ConsoleStore", r"\w*Desks?|_?desks?|\w+_desks?|desks?_\w+"
    ),
    "the desk": Row("counter", r"\b(?<!reception\ )(?<!help\ )(?<!front\ )desks?\b", SENTENCES),
    # `unlikely` is a key of the API, so a field of its view and a property in JavaScript.
    "unlikely": Row("closing_warning", r"_?[Uu]nlikely\w*", under=("hall/issuing.py", "queueing/", "kiosk/")),
    # The set-up link may be renewed.
    "renew": Row("start_new_log_id", r"renew", under=("hall/",)),
    # Of the domain.
    "missed": Row("no_show", r"Missed\w*|absent"),
    "a missed call": Row(
        "no-show",
        r"\bmissed (?:the|their|its|his|her|a) (?:call|turn|number)\b|\bmissed calls?\b|\babsent\b",
        SENTENCES,
    ),
    # `recalls` is a key of the API's figures and of their texts, so the name of the count itself.
    "recall": Row("call again", r"\brecall(?:ed|s|ing)?\b", SENTENCES),
    "sent on": Row("transferred", r"_?sent_on|SENT_ON"),
    "was sent on": Row("transferred", r"\bsent on\b|\bsends? (?:you|them|somebody|him|her|it) on\b", SENTENCES),
    "the display": Row("the wall; the counter sign", r"\b(?:the|a|every|each) display\b", SENTENCES),
    "in line": Row(
        "queue",
        r"\b(?:in|joins?|joined|before|behind) (?:the|a|one) (?:waiting )?line\b(?! (?:of|is|was|in|to|with))",
        SENTENCES,
        under=("queueing/", "hall/", "docs/", "README.md", "demo/"),
    ),
    # Elsewhere "the machine" is the PC that the server runs on.
    "machine": Row("device", r"_?machines?", under=("access/", "static/access/", "supervisor/", "tests/access/")),
    # The column `given_up_at` is a string in SQL.
    # A machine gives up by itself; the column `given_up_at` keeps its name where it is read.
    "given up": Row(
        "abandoned",
        r"(?!test_|given_up_at\Z)\w*(?:[Gg]iven?|[Gg]ives|[Gg]ave|GIVES|GAVE)_(?:up|UP)\w*",
        under=("queueing/", "demo/", "hall/rehearsal.py", "tests/queueing/", "tests/hall/", "tests/history.py"),
    ),
    "gave up": Row(
        "abandoned",
        r"\b(?:who|somebody|people|citizens?|they|she|he) (?:\w+ )?g(?:ave|ives?) up\b",
        SENTENCES,
        but=("tests/faults/", "tests/releases/"),
    ),
    # Of sentences.
    "tell": Row("say what it returns or changes", r"\b(?:tells?|told|untold|telling)\b", (DOCSTRING,)),
    "whoever": Row("who; anybody who", r"\b(?:whoever|whomever|whosever)\b", SENTENCES),
    "anew": Row("again; from the start", r"\banew\b", SENTENCES),
    "is none": Row("there is none; does not exist", r"\b(?:or|it|that|which) (?:is|are) (?-i:none)\b", SENTENCES),
    "Raises: first": Row("a sentence first", r"\A\s*(?:Raises|Returns|Args|Yields):", (DOCSTRING,)),
    "found, each, made": Row(
        "what it is",
        r"found|each|made",
        but=("tests/", "static/"),
    ),
}

# Rows that do not hold yet, by who owns the files: to be emptied.
NOT_YET: dict[str, tuple[str, ...]] = {}

# Where public classes, functions and methods without a docstring are left: to be emptied.
UNDOCUMENTED: tuple[str, ...] = ()

# Where names are defined more than once: to be emptied.
TWICE_NOT_YET: frozenset[str] = frozenset()

NOT_READ = (
    *("static/text/", "static/vendor/", "static/voice/", "docs/ho-so-cap-do.md", "tests/test_words.py"),
    "tests/releases/play_0_1_0.py",  # run by that release, with the names it had
)
NOT_A_WORD = {"docs/architecture.md": "## Words"}  # the table itself, to the end of its section


@dataclass(frozen=True)
class Piece:
    """An identifier, or a stretch of prose, and the line it begins on."""

    kind: str
    line: int
    text: str


def tracked(*patterns):
    """Return the paths of the repository's files of these kinds, without those in NOT_READ."""
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for path in listed.stdout.splitlines() if not path.startswith(NOT_READ) and (ROOT / path).is_file()]


def without_code(text):
    """Prose without what stands in back-quotes, which names things of the program; lines stay where they are."""
    return re.sub(r"```.*?```|`[^`]*`", lambda match: re.sub(r"[^\n]", " ", match[0]), text, flags=re.DOTALL)


def python_pieces(source):
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node, clean=False)
            if text is not None:
                yield Piece(DOCSTRING, node.body[0].lineno, without_code(text))
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME:
            yield Piece(NAME, token.start[0], token.string)
        elif token.type == tokenize.COMMENT:
            yield Piece(COMMENT, token.start[0], without_code(token.string))


SCRIPT = re.compile(
    r"(?P<comment>/\*.*?\*/|(?<![:\"'`\w])//[^\n]*)|(?P<string>\"(?:\\.|[^\"\\\n])*\")|(?P<name>[A-Za-z_$][\w$]*)",
    re.DOTALL,
)


def script_pieces(source):
    """Names, and comments, of JavaScript and CSS; template literals count as code."""
    line, at = 1, 0
    for match in SCRIPT.finditer(source):
        line, at = line + source.count("\n", at, match.start()), match.start()
        if match["name"]:
            yield Piece(NAME, line, match["name"])
        elif match["comment"]:
            kind = DOCSTRING if match["comment"].startswith("/**") else COMMENT
            yield Piece(kind, line, without_code(match["comment"]))


def page_pieces(path, source):
    begins = NOT_A_WORD.get(path)
    if begins is not None and begins in source:
        before, _, rest = source.partition(begins)
        section, heading, after = rest.partition("\n## ")
        source = before + "\n" * section.count("\n") + heading + after
    yield Piece(PAGE, 1, without_code(source))


@cache
def pieces():
    """Return path -> its names, comments, docstrings and prose."""
    read = {}
    for path in tracked("*.py", "*.js", "*.css", "*.md", "*.toml", "Makefile"):
        if path == "CHANGELOG.md":
            continue
        source = (ROOT / path).read_text("utf-8")
        if path.endswith(".py"):
            read[path] = [
                *python_pieces(source),
                *(Piece("line", n, line) for n, line in enumerate(source.splitlines(), 1)),
            ]
        elif path.endswith((".js", ".css")):
            read[path] = list(script_pieces(source))
        else:
            read[path] = list(page_pieces(path, source))
    return read


def breaches(row):
    """[(path, line, what is written there)] for a row of the table."""
    if row.kinds == (NAME,):
        pattern = re.compile(row.pattern)
        for name, places in names().items():
            if pattern.fullmatch(name):
                yield from ((path, line, name) for path, line in places if held(row, path))
        return
    pattern = re.compile(re.sub(r"(?<!\\) ", r"\\s+", row.pattern), re.IGNORECASE)
    for path, parts in pieces().items():
        for piece in parts if held(row, path) else ():
            if piece.kind in row.kinds:
                for match in pattern.finditer(piece.text):
                    line = piece.line + piece.text.count("\n", 0, match.start())
                    yield path, line, " ".join(match[0].split())


def held(row, path):
    return path.startswith(row.under) and not path.startswith(row.but or ("\0",))


@cache
def names():
    """identifier -> [(path, line)] of every place where it stands."""
    places = defaultdict(list)
    for path, parts in pieces().items():
        for piece in parts:
            if piece.kind == NAME:
                places[piece.text].append((path, piece.line))
    return places


@pytest.mark.parametrize("word", ROWS)
def test_given_the_source_then_nothing_is_called_by_a_word_of_the_left_column(word):
    row, later = ROWS[word], NOT_YET.get(word, ())
    wrong = [breach for breach in breaches(row) if not breach[0].startswith(later or ("\0",))]
    shown = "\n".join(f"{path}:{line}: {text!r}" for path, line, text in wrong[:20])
    assert not wrong, f"{len(wrong)} times; say: {row.say}\n{shown}"


# -- docstrings ----------------------------------------------------------------------------------


def documented_elsewhere():
    """The methods of the ports: they are documented there, not again in the class behind each."""
    for path in ("hall/ports.py", "access/ports.py"):
        for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                yield from (part.name for part in node.body if isinstance(part, ast.FunctionDef))


def without_docstring(path, ports):
    """[(line, name)] of the public module, classes, functions and methods of a file that have no docstring."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    if tree.body and ast.get_docstring(tree) is None:
        yield 1, path

    def undocumented(parent):
        for node in parent.body:
            if not isinstance(node, ast.ClassDef | ast.FunctionDef) or node.name.startswith("_"):
                continue
            behind_a_port = isinstance(parent, ast.ClassDef) and node.name in ports and path.startswith("store/")
            if ast.get_docstring(node) is None and not behind_a_port:
                yield node.lineno, node.name
            if isinstance(node, ast.ClassDef):
                yield from undocumented(node)

    yield from undocumented(tree)


@cache
def undocumented():
    """[(path, line, name)] of the program, without its tests."""
    ports = set(documented_elsewhere())
    return [
        (path, *where)
        for path in tracked("*.py")
        if not path.startswith("tests/")
        for where in without_docstring(path, ports)
    ]


def test_given_the_program_then_all_that_is_public_has_a_docstring():
    wrong = [where for where in undocumented() if where[0] not in UNDOCUMENTED]
    assert not wrong, "\n".join("{}:{}: {}".format(*where) for where in wrong[:20])


# -- one name, one thing -------------------------------------------------------------------------


def test_given_the_program_then_no_public_class_has_the_name_of_another():
    """A port may have the name of its implementation."""
    defined = defaultdict(set)
    for path in tracked("*.py"):
        if not path.startswith("tests/") and not path.endswith("/ports.py"):
            for node in ast.parse((ROOT / path).read_text("utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    defined[node.name].add(path)
    twice = {name: sorted(paths) for name, paths in defined.items() if len(paths) > 1}
    assert {name: paths for name, paths in twice.items() if name not in TWICE_NOT_YET} == {}


def test_given_the_tests_then_every_harness_is_a_test_centre():
    for path in tracked("tests/*.py"):
        for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                assert node.name not in {"Small", "House", "Hall", "Centre", "Office", "Stranger"}, (
                    f"{path}:{node.lineno}"
                )


# -- what is left --------------------------------------------------------------------------------


def remaining():
    """Print what NOT_YET and UNDOCUMENTED would have to be now, file by file."""
    print("NOT_YET = {")
    for word, row in ROWS.items():
        wrong = list(breaches(row))
        places = {path: sum(breach[0] == path for breach in wrong) for path, _, _ in wrong}
        prefixes = sorted({re.sub(r"/.*", "/", path) for path in places})
        if prefixes:
            print(f"    {word!r}: {tuple(prefixes)!r},  # say: {row.say}")
            for path, times in places.items():
                print(f"    #   {path}: {times}")
    print("}\nUNDOCUMENTED = (")
    for path in sorted({where[0] for where in undocumented()}):
        print(f"    {path!r},  # {sum(where[0] == path for where in undocumented())}")
    print(")")


if __name__ == "__main__":
    remaining()
