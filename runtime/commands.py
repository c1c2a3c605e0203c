"""Commands of `server.py` in processes of their own, so that no call waits for them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

import structlog

SERVER = Path(__file__).resolve().parent.parent / "server.py"
EXPORTS_AT_ONCE = 2  # each takes some 40 MB and a core; the others wait

ANSWER_PART = 2**16  # bytes of an answer that are read at once

log = structlog.get_logger()


class BackgroundCommand:
    """A command that runs in another process."""

    def __init__(self, command: Sequence[str]) -> None:
        self._printed = tempfile.TemporaryFile()  # noqa: SIM115  it lives as long as this
        self._process = subprocess.Popen(command, stdout=self._printed, stderr=subprocess.DEVNULL, env=_environment())

    def exit_status(self) -> int | None:
        """Return its exit status, None while it runs."""
        return self._process.poll()

    def output(self) -> bytes:
        """Return what it has printed so far."""
        # `pread`: the position in the file is shared with the process that writes.
        return os.pread(self._printed.fileno(), os.fstat(self._printed.fileno()).st_size, 0)

    def stop(self) -> None:
        """End it now, if it still runs."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


class NoAnswer(Exception):
    """A command that should answer has ended, or did not answer in time."""


class Conversation:
    """A command in another process that answers each line with a line.

    It is spoken to over a pair of sockets: these wait in every asynchronous mode without stopping other requests.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._ours, theirs = socket.socketpair()
        os.set_blocking(theirs.fileno(), True)  # an asynchronous library may have made both of them its own
        self._received = b""
        self._process: subprocess.Popen[bytes]
        try:
            self._process = subprocess.Popen(command, stdin=theirs.fileno(), stdout=theirs.fileno(), env=_environment())
        except BaseException:  # an interrupt too: no socket is left open without its process
            self._ours.close()
            raise
        finally:
            theirs.close()

    @property
    def pid(self) -> int:
        """Return the id of its process."""
        return self._process.pid

    def ask(self, line: bytes, most_s: float) -> bytes:
        """Send a line, and return the line that it answers within this time.

        Raises:
            NoAnswer: none came.
        """
        self._ours.settimeout(most_s)
        try:
            self._ours.sendall(line + b"\n")
            while b"\n" not in self._received:
                more = self._ours.recv(ANSWER_PART)
                if not more:
                    raise NoAnswer(f"it ended with {self._process.poll()}")
                self._received += more
        except OSError as error:  # a time-out is one
            raise NoAnswer(str(error) or type(error).__name__) from error
        answer, _, self._received = self._received.partition(b"\n")
        return answer

    def stop(self) -> None:
        """End it now, if it still runs."""
        self._ours.close()
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()


class CommandRunner:
    """Runs commands of `server.py` on the data folder of this centre."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._exports = threading.Semaphore(EXPORTS_AT_ONCE)

    def run(self, *words: str, given: bytes = b"") -> bytes:
        """Run a command to its end on what it is `given` to read, and return what it printed.

        Raises:
            CalledProcessError: it failed; its error output is in the log.
        """
        command = self._command(words)
        done = subprocess.run(command, input=given, capture_output=True, env=_environment(), check=False)
        if done.returncode:
            log.error("command_failed", command=words[0], said=done.stderr.decode(errors="replace")[-500:])
            done.check_returncode()
        return done.stdout

    def export(self, *words: str, given: bytes = b"") -> bytes:
        """Run a command as `run` does, but no more than EXPORTS_AT_ONCE at once; further ones wait.

        Raises:
            CalledProcessError: it failed; its error output is in the log.
        """
        with self._exports:
            return self.run(*words, given=given)

    def start(self, *words: str) -> BackgroundCommand:
        """Start a command, and return it while it runs."""
        return BackgroundCommand(self._command(words))

    def converse(self, *words: str) -> Conversation:
        """Start a command that answers lines, and return it while it runs."""
        return Conversation(self._command(words))

    def _command(self, words: Iterable[str]) -> list[str]:
        return [sys.executable, str(SERVER), *words, "--data", str(self._data.resolve())]


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONIOENCODING": "utf-8"}
