"""The process of the forecasts of a server that is measured: stopped for a while, and its memory."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BEGUN_S = 20.0  # after the start of the server
READ_S = 3.0  # until it reads nothing more of the past


class ForecastingChild:
    """The child of a server that forecasts."""

    def __init__(self, server: int) -> None:
        """Wait until the process of that server has begun.

        Raises:
            RuntimeError: it has not begun in BEGUN_S.
        """
        deadline = time.monotonic() + BEGUN_S
        while (pid := _forecasting_child(server)) is None:
            if time.monotonic() > deadline:
                raise RuntimeError("no process of the forecasts")
            time.sleep(0.1)
        self._pid = pid
        time.sleep(READ_S)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Let it do nothing for a while: shorter than the server waits for its answer, or another one is started."""
        os.kill(self._pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._pid, signal.SIGCONT)

    def memory_mb(self) -> float:
        """Return the most memory that it ever had, in MB."""
        for line in Path(f"/proc/{self._pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("no VmHWM")


def _forecasting_child(server: int) -> int | None:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:  # ended meanwhile
            continue
        if int(parent) == server and b"forecast" in words:
            return int(folder.name)
    return None
