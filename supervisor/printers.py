"""Doors of the printers: which there are, how they are now, a test page, and others in their place."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from access.door import Ask, Doors, Nothing
from access.principal import READERS, SUPERVISOR
from hall.catalogue.printers import PrinterChoices, PrinterSetting, address_of
from hall.hall import Hall
from hall.ports import Offload
from hall.settings import change
from hall.settings.printers import BAUDS
from paper.attached import Attached, attached
from paper.doctor import Finding, examine
from paper.printers import Printer, Trouble, profiles
from paper.spool import PrinterWorker, Spool
from paper.ticket import Words
from queueing.errors import UnknownPrinter
from supervisor.settings_api import ChangedView

ASKED_EVERY_S = 10.0  # how often one that is looked at is asked how it is
BUSY_S, LOOK_S = 8.0, 0.2  # how long a test waits for the ticket that is being printed, and between two looks
# A question alone leaves an empty job in a queue of the system; these are asked without a trace.
ASKED = ("network", "usb", "serial")

Source = Literal["hall", "machine", "simulated"]


class PrintersBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    printers: list[PrinterSetting]  # the main one, then its spare; none: the screen shows the ticket


class FindingView(msgspec.Struct):
    code: str  # its words are `paper.doctor_<code>` of the texts
    params: dict[str, str]


class PrinterTestView(msgspec.Struct):
    """The last test page of a printer. `busy`: it printed tickets all the time, and no page."""

    state: Literal["running", "done", "busy"]
    printed: bool
    findings: list[FindingView]


class PrinterStateView(msgspec.Struct):
    """`state`: "ready" (it said so), "reached" (it took what it was given, and cannot tell), "printing",
    "asked", "unknown", "unusable" (not on this machine), or the cause of its trouble as in `print.failed`."""

    name: str  # "1", "2", as in the log
    address: str
    width: int | None  # dots in a line
    state: str
    test: PrinterTestView | None


class ProfileView(msgspec.Struct):
    name: str
    label: str
    width: int


class AttachedView(msgspec.Struct):
    """Something plugged into the server that may be a printer."""

    kind: str
    address: str
    label: str  # what the maker calls it; empty where it does not say


class PrintersView(msgspec.Struct):
    """`source`: who says which printers there are. Of `hall` they can be changed here."""

    source: Source
    printers: list[PrinterStateView]
    kinds: tuple[str, ...]  # that this machine can speak to
    profiles: list[ProfileView]
    bauds: tuple[int, ...]
    attached: list[AttachedView]


class PrinterDesk:
    """The printers in use, as somebody who stands beside them sees them."""

    def __init__(
        self,
        hall: Hall,
        spool: Spool,
        source: Source,
        words: Words,
        begin: Callable[[Callable[[], object]], object],
        sleep: Callable[[float], None],
        offload: Offload,
    ) -> None:
        """`begin` runs something beside the requests."""
        self._hall = hall
        self._spool = spool
        self._source: Source = source
        self._words = words
        self._begin = begin
        self._sleep = sleep
        self._offload = offload
        self._lock = Lock()
        self._asked_at: dict[PrinterWorker, float] = {}
        self._tests: dict[PrinterWorker, PrinterTestView] = {}
        self._key: str | None = None  # of the last test that was asked for: the same one prints no other page

    def look(self) -> PrintersView:
        """How they are as far as it is known; those not heard of lately are asked meanwhile."""
        workers = {worker.printer.name: worker for worker in self._spool.workers}
        for worker in workers.values():
            self._ask(worker)
        with self._lock:
            self._tests = {worker: test for worker, test in self._tests.items() if worker in workers.values()}
            self._asked_at = {worker: at for worker, at in self._asked_at.items() if worker in workers.values()}
            seen = [self._state(worker) for worker in workers.values()]
        if self._source == "hall":
            names = {each.name for each in seen}
            seen += [
                PrinterStateView(str(n), address_of(part), None, "unusable", None)
                for n, part in enumerate(self._hall.catalogue.hall.printers, start=1)
                if str(n) not in names and str(n) not in self._hall.printers
            ]
        choices: PrinterChoices = self._offload(self._hall.printer_choices)  # the first time it reads much
        plugged: list[Attached] = self._offload(attached)
        return PrintersView(
            self._source,
            sorted(seen, key=lambda each: each.name),
            choices.kinds,
            [ProfileView(each.name, each.label, each.width) for each in profiles().values()],
            BAUDS,
            [AttachedView(each.kind, each.address, each.label) for each in plugged if each.kind in choices.kinds],
        )

    def _state(self, worker: PrinterWorker) -> PrinterStateView:
        printer = worker.printer
        return PrinterStateView(
            printer.name, printer.address, printer.profile.width, worker.state, self._tests.get(worker)
        )

    def _ask(self, worker: PrinterWorker) -> None:
        now = time.monotonic()
        with self._lock:
            lately = now - self._asked_at.get(worker, -ASKED_EVERY_S) < ASKED_EVERY_S
            if not self._spool.started or lately or worker.printer.scheme not in ASKED:
                return
            self._asked_at[worker] = now
        self._begin(lambda: self._spool.run_alone(worker, _ready))

    def test(self, key: str, name: str) -> PrintersView:
        """Print a test page; what came of it is told by `look`.

        Raises:
            UnknownPrinter: there is none of this name.
        """
        worker = next((each for each in self._spool.workers if each.printer.name == name), None)
        if worker is None:
            raise UnknownPrinter()
        with self._lock:
            last = self._tests.get(worker)
            wanted = key != self._key and (last is None or last.state != "running")
            if wanted:
                self._key, self._tests[worker] = key, PrinterTestView("running", False, [])
        if wanted:
            self._begin(lambda: self._print_test(worker))
        return self.look()

    def _print_test(self, worker: PrinterWorker) -> None:
        found: list[Finding] = []
        at = self._hall.now().astimezone(ZoneInfo(self._hall.catalogue.hall.timezone))
        until = time.monotonic() + BUSY_S
        try:
            while not self._spool.run_alone(worker, lambda printer: _page(printer, self._words, at, found)):
                if time.monotonic() >= until:
                    break
                self._sleep(LOOK_S)
        finally:
            with self._lock:
                self._asked_at[worker] = time.monotonic()
                self._tests[worker] = PrinterTestView(
                    "done" if found else "busy",
                    bool(found) and not found[-1].trouble,
                    [FindingView(each.code, each.params) for each in found],
                )


def _ready(printer: Printer) -> str | None:
    try:
        printer.open().close()
    except Trouble as trouble:
        return trouble.cause
    return None


def _page(printer: Printer, words: Words, at: datetime, found: list[Finding]) -> str | None:
    found.extend(examine(printer, words, at))
    return found[-1].code if found[-1].trouble else None


def add_doors(doors: Doors, hall: Hall, desk: PrinterDesk) -> None:
    @doors.get("/settings/printers", roles=READERS, answer=PrintersView, summary="The printers, and how they are now")
    def get_printers(ask: Ask[None]) -> PrintersView:
        return desk.look()

    @doors.post(
        "/settings/printers",
        roles=(SUPERVISOR,),
        body=PrintersBody,
        answer=ChangedView,
        summary="Where tickets are printed from now on: the main printer, then its spare",
    )
    def post_printers(ask: Ask[PrintersBody]) -> bytes:
        return hall.execute(
            ask.request,
            lambda act: change.change_printers(act, ask.body.printers),
            lambda done: msgspec.json.encode(ChangedView(done.seq, list(done.changes))),
        )

    @doors.post(
        "/settings/printers/<int:printer>/test",
        roles=(SUPERVISOR,),
        body=None,
        answer=PrintersView,
        summary="Print a test page; what came of it stands beside the printer a moment later",
    )
    def post_test(ask: Ask[Nothing], printer: int) -> PrintersView:
        return desk.test(ask.request.key, str(printer))
