"""The version of a running program, by which a screen learns that it was made for another one."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

DIGITS = 16  # of the version; half of SHA-1's are enough to tell two programs apart
_NO_PART_OF_IT = frozenset({"tests", "bench", "tools"})  # packages that a server never imports


def program_version(root: Path) -> str:
    """Return the version of the program below `root`: hexadecimal digits that depend on the content of every file.

    The files are the Python code that a server runs (with what lies beside it, as the printers' profiles) and
    everything below `static/`. Names count, times do not: a copy of the program has the same version, and a
    program that was brought back to an earlier state has the version it had then.

    Raises:
        OSError: a file cannot be read.
    """
    digest = blake2b(digest_size=DIGITS // 2)
    for path in sorted(_files(root)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    """Yield the files of the program. Not by one walk: the root may also hold the environment and the data."""
    yield from root.glob("*.py")
    for package in root.glob("*/__init__.py"):
        if package.parent.name not in _NO_PART_OF_IT:
            yield from package.parent.rglob("*.py")
            yield from package.parent.rglob("*.toml")
    for path in (root / "static").rglob("*"):
        # A stamp of the set-up, or the copy that an editor keeps of an open file.
        if path.is_file() and not path.name.startswith("."):
            yield path
