"""What a drill tries: screens, sound, printers and clock from within; disk, database, backups and address apart."""

from __future__ import annotations

import http.client
import shutil
import ssl
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from access.gate import Gate
from access.principal import DISPLAY, KIOSK
from hall.announce import Announcer
from hall.drill import CheckResult, fault, fingerprint, good, skipped
from hall.hall import Hall
from hall.ports import BrokenLog, CannotSave, DamagedDatabase
from paper.monitor import PrinterMonitor
from queueing.floor import Staffing
from runtime.maintenance import DISK_LOW, TOO_OLD
from runtime.recovery import restore
from store.backup import BACKUPS, Copy, NewerVersion, NotWhole, newest_by_name
from store.database import Database
from store.diary import former_diaries
from store.folder import DATABASE, CannotServe
from store.hall import SqliteHallStore
from store.second_place import NotThere, admit, is_on_same_disk

SCRATCH = "drill"  # the folder in the data folder in which a restore is tried
ANSWER_TIMEOUT_S = 8.0  # of the public address
CERTIFICATE_LEAST = timedelta(days=21)  # long enough to renew it
FILE_STEPS = 6  # of the checks of files and of the address
WELL = ("ready", "reached", "printing")  # states of a printer; others are its trouble, or say that it was not asked yet
UNASKED = ("unknown", "asked")


class RunningChecks:
    """Looks at a running centre: what is connected to it, and its clock."""

    def __init__(self, hall: Hall, gate: Gate, announcer: Announcer, printers: PrinterMonitor) -> None:
        self._hall = hall
        self._gate = gate
        self._announcer = announcer
        self._printers = printers

    def findings(self, asked: bool) -> Iterator[CheckResult]:
        """Yield what is found now; unless somebody asked, screens may be off while all counters are closed."""
        with self._hall.reading():
            states = self._hall.floor.counter_states
            open_ones = {number: state for number, state in states.items() if state.staffing is not Staffing.CLOSED}
            if asked or open_ones:
                yield self._screens("kiosks", KIOSK)
                yield self._screens("walls", DISPLAY)
                yield self._speaker()
            else:
                for check in ("kiosks", "walls", "speaker"):
                    yield skipped(check, "closed")
            away = [n for n, state in open_ones.items() if not self._announcer.attended(n, state.clerk or "")]
            if away:
                yield fault("consoles", "away", counters=", ".join(map(str, sorted(away))))
            else:
                yield good("consoles") if open_ones else skipped("consoles", "closed")
            yield from self._printers_found()
            held = self._hall.clock.held
            jump_s = 0 if held is None else round(abs(held.by.total_seconds()))
            yield fault("clock", "jumped", seconds=jump_s) if jump_s else good("clock")

    def _screens(self, check: str, role: str) -> CheckResult:
        connected = self._announcer.connected()
        paired = [device for device in self._gate.devices.all() if device.active and device.kind == role]
        if not paired:
            return skipped(check, "none")
        away = [device.name for device in paired if f"device:{device.id}" not in connected]
        if away:
            return fault(check, "away", names=", ".join(away))
        return good(check, count=len(paired))

    def _speaker(self) -> CheckResult:
        own = self._hall.catalogue.hall
        if not any(own.voice_in(room).on for room in (None, *own.rooms)):
            return skipped("speaker", "off")
        if self._announcer.silent_since() is not None:
            return fault("speaker", "silent")
        return good("speaker") if self._announcer.heard() else skipped("speaker", "none")

    def _printers_found(self) -> Iterator[CheckResult]:
        states = self._printers.states()
        troubles = [state for state in states if state.state not in (*WELL, *UNASKED)]
        for state in troubles:
            yield fault("printers", "trouble", printer=state.printer.name, state=state.state)
        if not troubles:
            well = sum(state.state in WELL for state in states)
            yield good("printers", count=well) if well else skipped("printers", "none")


def file_checks(
    data: Path, second: Path | None, public_url: str | None, at: datetime
) -> Iterator[tuple[CheckResult, ...]]:
    """Yield what is found, step by step; may take minutes, and never touches what the centre uses."""
    yield (_disk(data),)
    hall_id = ""
    try:
        with closing(Database(data / DATABASE, read_only=True)) as db:
            hall_id, _ = SqliteHallStore(db).identity() or ("", "")
            damage = db.first_damage(float("inf"))
    except DamagedDatabase as error:
        damage = str(error)
    yield (good("database") if damage is None else fault("database", "damaged", said=damage),)
    copies = {place: next(iter(newest_by_name([place / BACKUPS])), None) for place in (data, second) if place}
    yield (_backup(copies[data], at),)
    yield (_second_place(data, second, copies.get(second) if second else None, hall_id, at),)
    yield (_restored(data, copies[data], at),)
    yield tuple(_address(public_url, fingerprint(hall_id), at))


def _disk(data: Path) -> CheckResult:
    probe = data / f"{SCRATCH}.probe"
    try:
        free = shutil.disk_usage(data).free
        probe.write_bytes(b"den luot")
        probe.unlink()
    except OSError as error:
        return fault("disk", "cannot_write", said=error.strerror or str(error))
    return fault("disk", "low", mb=free // 2**20) if free < DISK_LOW else good("disk", mb=free // 2**20)


def _backup(copy: Copy | None, at: datetime) -> CheckResult:
    if copy is None:
        return fault("backup", "none")
    hours = round((at - copy.at) / timedelta(hours=1))
    if hours < 1:
        return CheckResult("backup", "good", "fresh")
    return fault("backup", "old", hours=hours) if at - copy.at > TOO_OLD else good("backup", hours=hours)


def _second_place(data: Path, second: Path | None, copy: Copy | None, hall_id: str, at: datetime) -> CheckResult:
    if second is None:
        return skipped("second_place", "none")
    try:
        admit(data, second, hall_id)
    except NotThere as error:
        return fault("second_place", error.code.removeprefix("second_place_"), folder=str(second))
    except CannotSave as error:
        return fault("second_place", "cannot_write", said=str(error))
    if is_on_same_disk(data, second):
        return fault("second_place", "same_disk", folder=str(second))
    if copy is None or at - copy.at > TOO_OLD:
        return fault("second_place", "old", folder=str(second))
    return good("second_place")


def _restored(data: Path, copy: Copy | None, at: datetime) -> CheckResult:
    """Restore the newest backup, with the daily files, into a scratch folder, where it is verified."""
    if copy is None:
        return skipped("restore", "none")
    scratch = data / SCRATCH
    shutil.rmtree(scratch, ignore_errors=True)  # of a drill that was cut short
    try:
        room = copy.path.stat().st_size * 3  # the copy, its write-ahead log, and the daily files
        if shutil.disk_usage(data).free - room < DISK_LOW:
            return fault("restore", "no_room", mb=room // 2**20)
        scratch.mkdir(mode=0o700)
        for diary in former_diaries(data):
            if diary.is_dir():
                shutil.copytree(diary, scratch / diary.name)
        done = restore(scratch, copy.path, None, at, 0)
    except (CannotServe, CannotSave, NotWhole, NewerVersion, BrokenLog, OSError) as error:
        return fault("restore", "failed", said=str(error))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return good("restore", events=done.event.seq - 1)


def _address(public_url: str | None, expected: str, at: datetime) -> Iterator[CheckResult]:
    """Ask the address that stands on tickets whether this hall answers there, and how long its certificate is good."""
    if public_url is None:
        yield skipped("address", "none")
        yield skipped("certificate", "none")
        return
    parts = urlsplit(public_url)
    secure = parts.scheme == "https"
    connection = (http.client.HTTPSConnection if secure else http.client.HTTPConnection)(
        parts.hostname or "", parts.port, timeout=ANSWER_TIMEOUT_S
    )
    certificate = skipped("certificate", "plain")
    with closing(connection):
        try:
            connection.connect()
            if secure:
                certificate = _certificate(connection.sock, at)
            connection.request("GET", f"{parts.path.rstrip('/')}/health")
            ours = connection.getresponse().getheader("Hall") == expected
        except ssl.SSLCertVerificationError as error:
            yield skipped("address", "untrusted", url=public_url)
            yield fault("certificate", "untrusted", said=error.verify_message)
            return
        except (OSError, http.client.HTTPException):
            yield fault("address", "unreachable", url=public_url)
            yield skipped("certificate", "unreachable") if secure else certificate
            return
    yield good("address", url=public_url) if ours else fault("address", "not_ours", url=public_url)
    yield certificate


def _certificate(line: object, at: datetime) -> CheckResult:
    assert isinstance(line, ssl.SSLSocket)
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str((line.getpeercert() or {})["notAfter"])), UTC)
    soon = ends - at < CERTIFICATE_LEAST
    days = max(0, (ends - at).days)
    return fault("certificate", "ends_soon", days=days) if soon else good("certificate", days=days)
