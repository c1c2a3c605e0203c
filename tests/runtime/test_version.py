"""The version of the program: the same for the same content, another for any other."""

import os
import time

import pytest

from runtime.version import program_version
from tests.centre import ROOT

FILES = {
    "server.py": "print('serving')\n",
    "hall/__init__.py": '"""Use cases."""\n',
    "paper/__init__.py": "",
    "paper/profiles.toml": "[printer-80]\n",
    "static/base.css": "body { margin: 0; }\n",
    "static/vendor/preact.js": "export const h = 1;\n",
    "static/text/vi.json": "{}\n",
}
NO_PART = {
    "tests/__init__.py": "",
    "README.md": "# Đến Lượt\n",
    "data/hall.db": "SQLite format 3",
    ".venv/lib/python/site.py": "import this\n",
    "hall/__pycache__/__init__.pyc": "bytecode",
    "static/vendor/.built": "",
}


@pytest.fixture
def program(tmp_path):
    for name, content in FILES.items():
        put(tmp_path / name, content)
    return tmp_path


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")


@pytest.mark.parametrize("name", [each for each in FILES if not each.endswith("__init__.py")])
def test_given_a_byte_changed_and_the_size_and_time_kept_then_the_version_is_another(program, name):
    before, file = program_version(program), program / name
    times = file.stat()
    put(file, FILES[name][:-2] + "~\n")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert file.stat().st_size == times.st_size
    assert program_version(program) != before
    put(file, FILES[name])
    assert program_version(program) == before


def test_given_a_file_more_or_renamed_then_the_version_is_another(program):
    versions = {program_version(program)}
    put(program / "static" / "kiosk" / "kiosk.js", "export {};\n")
    versions.add(program_version(program))
    (program / "static" / "kiosk" / "kiosk.js").rename(program / "static" / "kiosk" / "press.js")
    versions.add(program_version(program))
    assert len(versions) == 3


def test_given_what_no_server_runs_or_serves_then_the_version_stays(program):
    before = program_version(program)
    for name, content in NO_PART.items():
        put(program / name, content)
    assert program_version(program) == before


def test_given_our_own_program_then_its_version_is_found_at_every_start(capsys):
    began = time.perf_counter()
    version = program_version(ROOT)
    with capsys.disabled():
        print(f"\nversion {version} in {(time.perf_counter() - began) * 1000:.0f} ms")
    assert len(version) == 16 and version == program_version(ROOT)
