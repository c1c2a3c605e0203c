"""What a screen declares (`Screen`), and what the running centre gives it (`Context`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from access.gate import Gate
from access.routes import Routes
from access.texts import Texts
from hall.announce import Announcer, Channel
from hall.drill import DrillRunner
from hall.hall import Hall
from hall.ports import HallStore, NameOf, Offload, Slip
from hall.rehearsal_runner import RehearsalRunner
from hall.views.alarms import AlarmView, BackupView
from hall.whatif.runner import StaffingTableRunner, WhatIfRunner
from paper.monitor import PrinterMonitor, PrinterSource
from paper.spool import Spool


@dataclass(frozen=True, slots=True)
class Context:
    """What routes and channels of a running centre may use."""

    hall: Hall
    gate: Gate
    texts: Texts
    announcer: Announcer
    public_url: str | None  # the address phones can reach
    offload: Offload
    draw_ticket: Callable[[Slip], bytes]  # the paper as PNG; slow, to be run by `offload`
    archive: Callable[[], AbstractContextManager[HallStore]]  # a second connection, for long reads
    export: Callable[..., bytes]  # runs a command of server.py in another process, and returns its output
    spool: Spool
    printers: PrinterMonitor
    printers_from: PrinterSource
    rehearsals: RehearsalRunner
    what_ifs: WhatIfRunner
    staffing_tables: StaffingTableRunner
    drills: DrillRunner
    data: Path  # the folder with the centre's data
    backup: Callable[[], BackupView]
    other_alarms: Callable[[], Iterable[AlarmView]]  # of disks, files and floods, which are not in the log

    @property
    def name_of(self) -> NameOf:
        """Return the function that returns the name of a person or a device by its subject."""
        return self.gate.name_of


def _none(routes: Routes, context: Context) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: its pages, its routes, and the channel of its socket.

    `pages` are addresses with their files below `static/`. Without a `channel` it has no socket.
    """

    pages: Mapping[str, str] = field(default_factory=dict)
    add_routes: Callable[[Routes, Context], None] = _none
    channel: Callable[[Context], Channel] | None = None
