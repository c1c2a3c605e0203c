"""The states of the printers in use, and test pages on them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Literal

from paper.doctor import Finding, examine
from paper.printers import Printer, Trouble
from paper.spool import PrinterWorker, Spool
from paper.ticket import Words
from queueing.errors import UnknownPrinter

STATUS_INTERVAL_S = 10.0  # how often a printer on an open page is asked for its state
TEST_TIMEOUT_S = 8.0  # how long a test page waits for the ticket that is being printed
RETRY_INTERVAL_S = 0.2  # between two tries to begin a test page
# A question alone leaves an empty job in a queue of the system; these are asked without a trace.
ASKED = ("network", "usb", "serial")


PrinterSource = Literal["hall", "machine", "simulated"]  # who decides which printers there are


@dataclass(frozen=True, slots=True)
class PrinterTest:
    """The last test page of a printer; `busy`: it was printing a ticket all the while, and nothing was tested."""

    state: Literal["running", "done", "busy"]
    printed: bool
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class PrinterState:
    """A printer in use: its state as `PrinterWorker.state` names it, and its last test page."""

    printer: Printer
    state: str
    test: PrinterTest | None


class PrinterMonitor:
    """Returns the states of the printers in use, and prints test pages."""

    def __init__(
        self,
        spool: Spool,
        words: Words,
        local_now: Callable[[], datetime],
        begin: Callable[[Callable[[], object]], object],
        sleep: Callable[[float], None],
    ) -> None:
        """Take the spool that holds the printers; `begin` runs its argument in the background."""
        self._spool = spool
        self._words = words
        self._local_now = local_now
        self._begin = begin
        self._sleep = sleep
        self._lock = Lock()
        self._asked_at: dict[PrinterWorker, float] = {}
        self._tests: dict[PrinterWorker, PrinterTest] = {}
        self._key: str | None = None  # of the last test that was asked for: the same one prints no other page

    def states(self) -> list[PrinterState]:
        """Return the last known state of each printer, and begin to ask those not asked lately."""
        workers = tuple({worker.printer.name: worker for worker in self._spool.workers}.values())
        for worker in workers:
            self._ask(worker)
        with self._lock:
            self._tests = {worker: test for worker, test in self._tests.items() if worker in workers}
            self._asked_at = {worker: at for worker, at in self._asked_at.items() if worker in workers}
            return [PrinterState(worker.printer, worker.state, self._tests.get(worker)) for worker in workers]

    def _ask(self, worker: PrinterWorker) -> None:
        now = time.monotonic()
        with self._lock:
            lately = now - self._asked_at.get(worker, -STATUS_INTERVAL_S) < STATUS_INTERVAL_S
            if not self._spool.started or lately or worker.printer.scheme not in ASKED:
                return
            self._asked_at[worker] = now
        self._begin(lambda: self._spool.run_alone(worker, _ready))

    def test(self, key: str, name: str) -> None:
        """Print a test page on the printer of this name; `states` returns the result.

        Raises:
            UnknownPrinter: there is none of this name.
        """
        worker = next((worker for worker in self._spool.workers if worker.printer.name == name), None)
        if worker is None:
            raise UnknownPrinter()
        with self._lock:
            last = self._tests.get(worker)
            wanted = key != self._key and (last is None or last.state != "running")
            if wanted:
                self._key, self._tests[worker] = key, PrinterTest("running", False)
        if wanted:
            self._begin(lambda: self._print_test(worker))

    def _print_test(self, worker: PrinterWorker) -> None:
        findings: list[Finding] = []
        at, until = self._local_now(), time.monotonic() + TEST_TIMEOUT_S
        try:
            while not self._spool.run_alone(worker, lambda printer: _test_page(printer, self._words, at, findings)):
                if time.monotonic() >= until:
                    break
                self._sleep(RETRY_INTERVAL_S)
        finally:
            with self._lock:
                self._asked_at[worker] = time.monotonic()
                good = bool(findings) and not findings[-1].trouble
                self._tests[worker] = PrinterTest("done" if findings else "busy", good, tuple(findings))


def _ready(printer: Printer) -> str | None:
    try:
        printer.open().close()
    except Trouble as trouble:
        return trouble.cause
    return None


def _test_page(printer: Printer, words: Words, at: datetime, findings: list[Finding]) -> str | None:
    findings.extend(examine(printer, words, at))
    return findings[-1].code if findings[-1].trouble else None
