"""The drill: everything a day depends on is tried, at a press and by itself once a day; the outcome is an event.

What can be seen from within the running centre comes first: screens, sound, printers, clock. Disk, database, backups,
a restore into a scratch folder and the public address take long; a command tries them in a process of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, time, timedelta
from threading import Lock
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
import structlog

from hall.hall import SYSTEM, Act, Hall
from hall.ports import CannotSave, HallStore, RequestIdentity
from hall.progress import ProgressRunner, StartCommand, State
from hall.views.alarms import AlarmView
from queueing.events import DAY_CLOSED, DRILL_HELD, DrillFinding, DrillHeld, instant

Result = Literal["good", "fault", "skipped"]

CHECKS = (
    *("kiosks", "walls", "speaker", "consoles", "printers", "clock"),
    *("disk", "database", "backup", "second_place", "restore", "address", "certificate"),
)
"""What is tried, in the order of the page."""

AT = time(3)  # from when on the drill of a day is due; a PC that is off at night does it after its start
POLL_INTERVAL_S = 0.5  # between two looks whether the command has ended
DUE_INTERVAL_S = 60.0  # between two looks whether the drill of today is due

log = structlog.get_logger()


class CheckResult(msgspec.Struct, frozen=True):
    """What one check found; with a `cause` its sentence is `drill.<check>_<cause>`, filled with `params`."""

    check: str
    result: Result
    cause: str | None = None
    params: dict[str, int | str] = {}


def good(check: str, **params: int | str) -> CheckResult:
    """Return that all is well, with what its sentence names."""
    return CheckResult(check, "good", None, params)


def fault(check: str, cause: str, **params: int | str) -> CheckResult:
    """Return that something is wrong."""
    return CheckResult(check, "fault", cause, params)


def skipped(check: str, cause: str, **params: int | str) -> CheckResult:
    """Return that something was not tried."""
    return CheckResult(check, "skipped", cause, params)


class CheckResults(msgspec.Struct):
    """What the command found, in order."""

    findings: list[CheckResult]


class DrillView(msgspec.Struct):
    """The drill that runs now, and the last one that ended: when, who asked for it, and what it found."""

    state: State
    done: int
    of: int
    at: str | None = None
    by: str | None = None
    findings: list[CheckResult] = []


class DrillRunner:
    """Holds one drill at a time."""

    def __init__(
        self,
        hall: Hall,
        start: StartCommand,
        seen: Callable[[bool], Iterable[CheckResult]],
        begin: Callable[[Callable[[], None]], object],
        sleep: Callable[[float], None],
    ) -> None:
        """Take what starts the command, and what is `seen` from within; `begin` runs its argument in the background.

        `seen` is called with whether somebody asked: by itself a drill looks for screens only while a counter is open.
        """
        self._hall = hall
        self._seen = seen
        self._begin = begin
        self._sleep = sleep
        self._runner: ProgressRunner[str, CheckResults] = ProgressRunner(start, CheckResults)
        self._lock = Lock()
        self._held = False  # a drill is under way until what it found is in the log
        self._request: RequestIdentity | None = None  # the one that began the last: the same one begins no other
        self._tried: datetime | None = None  # when the last one began by itself

    def start(self, request: RequestIdentity, by: str) -> DrillView:
        """Begin a drill for `by`, or go on with the one that runs, and return its progress.

        Raises:
            KeyReused: the key was used for something else.
        """
        with self._lock:
            begins = not self._held and request != self._request
            if begins:
                self._runner.start(request, by, "drill")
                self._held, self._request = True, request
        if begins:
            self._begin(lambda: self._finish(by))
        return self.progress()

    def progress(self) -> DrillView:
        """Return how far the drill is, and what the last one found."""
        with self._hall.reading():
            last = last_drill(self._hall.store)
        running = self._runner.progress()
        view = DrillView("running" if self._held else running.state, running.done, running.of)
        if last is not None:
            at, held = last
            view.at, view.by, view.findings = instant(at), held["by"], findings_of(held)
            view.state = "done" if view.state == "none" else view.state
        return view

    def stop(self) -> None:
        """End the drill, if one runs; nothing is noted of it."""
        self._runner.stop()

    def alarms(self) -> Iterator[AlarmView]:
        """Yield an alarm while the last drill found faults."""
        last = last_drill(self._hall.store)
        faults = [] if last is None else [finding for finding in findings_of(last[1]) if finding.result == "fault"]
        if last is not None and faults:
            yield AlarmView("drill_faults", instant(last[0]), {"faults": len(faults)})

    def run(self) -> None:
        """Hold the drill of each day, for ever: the first one after a day has been closed."""
        while True:
            self._sleep(DUE_INTERVAL_S)
            if self.is_due():
                self._tried = self._hall.now()
                self.start(RequestIdentity(SYSTEM, "drill", instant(self._tried), ""), SYSTEM)

    def is_due(self) -> bool:
        """Return whether the drill of today is to be held: from AT on, once a day has been closed.

        One that failed is not tried again by itself on that day: it takes minutes of the processor.
        """
        with self._hall.reading():
            zone = ZoneInfo(self._hall.catalogue.hall.timezone)
            today = datetime.combine(self._hall.now().astimezone(zone), AT, zone)
            last = last_drill(self._hall.store)
            lived = self._hall.store.last_event(DAY_CLOSED) is not None
        earlier = [at for at in (self._tried, last and last[0]) if at is not None]
        return lived and self._hall.now() >= today > max(earlier, default=today - timedelta(days=1))

    def _finish(self, by: str) -> None:
        """Wait for the command, and append what was found; nothing if it failed or was stopped."""
        try:
            for _ in self._seen(by != SYSTEM):
                pass  # printers are asked by the first look, and have answered by the one that counts
            while (progress := self._runner.progress()).state == "running":
                self._sleep(POLL_INTERVAL_S)
            if progress.state == "done" and progress.result is not None:
                findings = (*self._seen(by != SYSTEM), *progress.result.findings)
                self._hall.run_as_system(lambda act: note_drill(act, findings), by)
        except CannotSave as error:  # the disk is full, which is an alarm of its own
            log.warning("drill_not_saved", cause=str(error))
        finally:
            self._held = False


def note_drill(act: Act, findings: Iterable[CheckResult]) -> None:
    """Append what a drill found."""
    act.append(DRILL_HELD, DrillHeld(findings=[_as_data(finding) for finding in findings], by=act.by))


def last_drill(store: HallStore) -> tuple[datetime, DrillHeld] | None:
    """Return when the last drill ended and what was noted of it; None before the first."""
    event = store.last_event(DRILL_HELD)
    return None if event is None else (event.at, event.data)


def findings_of(held: DrillHeld) -> list[CheckResult]:
    """Return what was noted of a drill, as findings."""
    return [msgspec.convert(finding, CheckResult) for finding in held["findings"]]


def fingerprint(hall_id: str) -> str:
    """Return by what a hall is recognised at its public address; its id does not follow from it."""
    return hashlib.sha256(f"den-luot {hall_id}".encode()).hexdigest()[:16]


def _as_data(finding: CheckResult) -> DrillFinding:
    data = DrillFinding(check=finding.check, result=finding.result)
    if finding.cause is not None:
        data["cause"] = finding.cause
    if finding.params:
        data["params"] = dict(finding.params)
    return data
