"""Every command refuses wrong words and broken folders in a sentence, never with a traceback."""

import json
import os
import shutil

import click
import pytest
from click.testing import CliRunner

import server
from hall.progress import NOTHING_TO_DO
from store.backup import BACKUPS, copies
from store.comparison import open_log
from supervisor.tables import TABLES
from tests.hall.centre import TestCentre

SURROGATE = "\udcff"  # half a letter, as a terminal with another encoding sends it
LONG = "9" * 5000


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return a function that runs a command on a folder with a centre, and returns its status and what it said."""
    centre = TestCentre(tmp_path / "hall.db")
    centre.take()
    centre.db.close()
    monkeypatch.setattr(server.os, "nice", lambda _: 0)
    umask = os.umask(0o077)

    def command(*words):
        done = CliRunner().invoke(server.cli, [*words, "--data", str(tmp_path)])
        assert done.exception is None or isinstance(done.exception, SystemExit), (words, repr(done.exception))
        return done.exit_code, done.output

    yield command
    os.umask(umask)


WRONG = [
    *(("token", "--role", "clerk", "--counter", text) for text in (str(2**70), "-5", "0", "6", "999", "1.5", LONG)),
    *(("token", "--role", role, "--counter", "1") for role in ("kiosk", "inspector", "supervisor")),
    *(("token", "--role", "kiosk", "--limit", text) for text in (str(2**70), "0", "-1", "x", LONG)),
    ("token", "--role", SURROGATE),
    *(("rehearse", "--days", text) for text in ("0", "-1", str(2**70), LONG)),
    *(
        ("rehearse", "--policy", text)
        for text in ("", "{", "[]", "null", "5", "{}", '{"cap": 5}', "[" * 5000, SURROGATE, '"' + LONG)
    ),
    *(
        ("rehearse", "--policy", f'{{"head_starts_s": {starts}, "cap": {cap}, "question": true}}')
        for starts, cap in (("{}", 5), ('{"ordinary": 0, "priority": 1, "urgent": 1}', -1), ('{"x": 1}', 5))
    ),
    *(
        ("export", "csv", "--from", first, "--to", "2026-01-05")
        for first in ("", "x", "2026-02-30", "2026-1-5", "2026-W01-1", "9999-12-31", SURROGATE, LONG)
    ),
    ("export", "csv", "--from", "2026-01-05", "--to", "2026-01-05", "--by", SURROGATE),
    *(("table", "slips", "--from", "2026-01-05", "--to", last) for last in ("", "x", "2026-01-04")),
    ("table", SURROGATE, "--from", "2026-01-05", "--to", "2026-01-05"),
    *(("publish", folder) for folder in ("", "/proc/nowhere", LONG)),
    ("export", "pdf", "--from", "2026-01-05", "--to", "2026-01-05"),
    *(("verify", "--seal", text) for text in ("", "x", SURROGATE, f"2026-01-05:{LONG}:1:{'0' * 64}")),
    *(("user", "add", name, "--role", "clerk", "--password", "bốn con vịt trắng") for name in ("", " ", SURROGATE)),
    ("user", "add", "An", "--role", "clerk", "--password", SURROGATE * 20),
    *(("user", "password", name, "--password", "bốn con vịt trắng") for name in ("", "Nobody", SURROGATE)),
    *(("restore", "--above", text) for text in ("-1", "9001", "x", LONG)),
    *(("restore", path) for path in ("/nowhere", "/dev/null", "/dev", __file__)),
    *(("backup", "--backup-to", path) for path in ("/dev/full", "~", __file__, "a" * 300)),
    *(("run", "--port", text) for text in ("0", "-1", "65536", "x", LONG)),
    ("nonsense",),
]


def test_given_wrong_words_then_each_command_refuses_them_in_a_sentence(run):
    taken = []
    for words in WRONG:
        code, said = run(*words)
        if code == 0 or "Error" not in said:
            taken.append((words, code, said))
    assert taken == []


@pytest.mark.parametrize("name", TABLES)
def test_given_a_day_when_the_server_asks_for_a_table_then_it_gets_what_the_api_returns(run, name):
    days = ("--from", "2026-01-04", "--to", "2026-01-04")
    code, said = run("table", name, *days)
    # Of ratings there is always the line of all together.
    rows = [row for row in json.loads(said)["rows"] if row.get("by") != "total"]
    assert (code, rows) == (0, [])
    code, said = run("table", name, "--csv", *days)
    assert code == 0 and said.lstrip("\ufeff").startswith(("day,", "by,"))


@pytest.mark.parametrize("tap", ["peak", "lunch", "learn"])
def test_given_a_day_with_nothing_to_try_then_what_if_says_so_by_a_status_of_its_own(run, tap):
    code, said = run("what-if", "--tap", tap, "--at", "2026-01-05T03:00:00.000000Z")
    assert code == NOTHING_TO_DO and "không có gì để thử" in said


def test_given_a_new_centre_then_its_file_alone_shows_that_there_is_one_and_it_has_a_backup(run, tmp_path):
    for path in tmp_path.glob("hall.db*"):
        path.unlink()
    assert run("token", "--role", "kiosk")[0] == 0
    (tmp_path / "hall.db-wal").unlink(missing_ok=True)
    with open_log(tmp_path / "hall.db") as log:
        assert log is not None and log.seq >= 2
    assert [copy.seq for copy in copies(tmp_path / BACKUPS)] == [2]


# What may be in the place of each file of a data folder.
BROKEN = {
    "hall.db is a folder": lambda data: (data / "hall.db").unlink() or (data / "hall.db").mkdir(),
    "hall.db is a list": lambda data: (data / "hall.db").write_text("bread\nmilk\n" * 500),
    "hall.db leads nowhere": lambda data: (data / "hall.db").unlink() or (data / "hall.db").symlink_to("/nowhere/x"),
    "-wal is a folder": lambda data: (data / "hall.db-wal").mkdir(),
    "damaged.txt is a folder": lambda data: (data / "damaged.txt").mkdir(),
    "damaged.txt is no text": lambda data: (data / "damaged.txt").write_bytes(b"\xff\xfe"),
    "restoring is a file": lambda data: (data / "restoring").touch(),
    "a daily file is a folder": lambda data: (data / "log" / "2026-01-05.jsonl").mkdir(parents=True),
}


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("words", [("token", "--role", "kiosk"), ("run", "--port", "9"), ("restore",)])
def test_given_a_broken_folder_then_each_command_says_so_in_a_sentence(run, tmp_path, broken, words):
    BROKEN[broken](tmp_path)
    code, said = run(*words)
    assert code != 0 and "Error: " in said


@pytest.mark.parametrize("file", ["backup", "log"])
def test_given_a_file_where_a_folder_should_be_then_a_backup_says_so(run, tmp_path, file):
    shutil.rmtree(tmp_path / file, ignore_errors=True)
    (tmp_path / file).touch()
    code, said = run("backup")
    assert (code == 0) == (file == "log") and "Traceback" not in said


def test_given_any_command_but_the_printers_then_it_takes_the_data_folder():
    def commands(group, path=()):
        for name, command in group.commands.items():
            if isinstance(command, click.Group):
                yield from commands(command, (*path, name))
            else:
                yield " ".join((*path, name)), {option for part in command.params for option in part.opts}

    without = [name for name, options in commands(server.cli) if "--data" not in options]
    assert without == ["doctor"]
