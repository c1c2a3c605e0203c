"""A test centre with a spool and simulated printers: everything is real, but the waiting times are shorter."""

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hall.arrivals import take_ticket
from hall.catalogue.defaults import found_hall
from hall.hall import Hall
from hall.options import HallOptions
from hall.printing import Prints, ask_copy
from hall.verify import verify
from paper import printers, spool
from paper.addresses import printer_at
from paper.spool import Spool
from queueing.clock import SteadyClock
from store.database import Database
from store.hall import SqliteHallStore
from tests.centre import ROOT

OPENING = datetime(2026, 1, 5, 0, 30, tzinfo=UTC)
URL = "http://192.168.1.10:8000"
WORDS = {lang: json.loads((ROOT / "static/text" / f"{lang}.json").read_text("utf-8"))["paper"] for lang in ("vi", "en")}


class Time:
    """Moves only when somebody sleeps."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds

    def wall(self):
        return OPENING + timedelta(seconds=self.now)


class RunningTime(Time):
    """Runs by itself, as it does outside of tests."""

    def __init__(self):
        super().__init__()
        self.began = time.monotonic()

    def __call__(self):
        return time.monotonic() - self.began

    def sleep(self, seconds):
        time.sleep(seconds)

    def wall(self):
        return OPENING + timedelta(seconds=self())


class PrintingTestCentre:
    """One database, and a spool that may be started again, as after a power cut."""

    def __init__(self, *addresses, path=None, options=HallOptions(), clock=None):  # noqa: B008  frozen
        self.options = options
        self.addresses = addresses
        self.path = path
        self.time = clock or Time()
        self.db = Database(path)
        found_hall(SqliteHallStore(self.db), OPENING)
        self.start()

    def start(self):
        found = [printer_at(address, str(n)) for n, address in enumerate(self.addresses, start=1)]
        self.printers = [printer for printer in found if printer]
        options = replace(self.options, printer_names=lambda _: tuple(printer.name for printer in self.printers))
        self.hall = Hall(SqliteHallStore(self.db), SteadyClock(self.time.wall, self.time), options)
        self.prints = Prints(self.hall, URL)
        self.spool = Spool(self.prints, self.printers, WORDS, lambda work: work(), self.time.sleep, self.time)
        self.spool.recover()
        return self

    def use(self, *addresses):
        """Other printers from now on, as a supervisor sets them."""
        self.spool.started = True
        self.printers = [printer_at(address, str(n)) for n, address in enumerate(addresses, start=1)]
        return self.spool.exchange(lambda: self.printers)

    def take(self, service="CHUNG_THUC", priority_class="ordinary", language="vi"):
        return self.hall.run_as_system(lambda act: take_ticket(act, service, priority_class, language), "device:1")

    def copy(self, ref):
        return self.hall.run_as_system(lambda act: ask_copy(act, ref), "user:2")

    def run(self, rounds=3):
        """Every worker and the watch, in turn, until nobody has anything to do."""
        for _ in range(rounds):
            while any(self.spool.work(worker) for worker in self.spool.workers):
                pass
            self.spool.watch()
            self.time.sleep(1)

    @contextmanager
    def running(self):
        """The spool at work in the background, every printer by itself, as in a running server."""
        threads = [threading.Thread(target=task, daemon=True) for task in self.spool.tasks()]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self.spool.stopped = True
            for thread in threads:
                thread.join(30)

    def last(self, ref):
        return self.hall.store.last_print(ref)

    def print_events(self):
        """What the log says of prints: (kind, number, copy, printer, cause)."""
        return [
            (e.kind, e.data["number"], e.data["copy"], e.data["printer"], e.data["cause"])
            for e in self.hall.store.events(0)
            if e.kind.startswith("print.")
        ]

    def clean(self):
        verdict = verify(self.hall.store)
        return verdict.faults == []


@contextmanager
def hurried(monkeypatch, by=10, running=False):
    """All waits of printers and spool shorter by this factor; of a running spool also those between tries."""
    for module, names in (
        (
            printers,
            (
                *("CONNECT_TIMEOUT_S", "STATUS_TIMEOUT_S", "DONE_TIMEOUT_S", "RECOVERED_TIMEOUT_S"),
                *("UNANSWERED_TIMEOUT_S", "POLL_INTERVAL_S"),
            ),
        ),
        (spool, ("ALERT_AFTER_S", "PRINT_TIMEOUT_S", *(("RETRY_INTERVAL_S", "IDLE_INTERVAL_S") if running else ()))),
    ):
        for name in names:
            monkeypatch.setattr(module, name, getattr(module, name) / by)
    yield
