"""Routes of the printers: which there are, how they are now, a test page, and others in their place."""

from __future__ import annotations

from typing import Literal

import msgspec

from access.principal import READERS, SUPERVISOR
from access.routes import Nothing, Request, Routes
from hall.catalogue.lengths import Many
from hall.catalogue.printers import PrinterChoices, PrinterSetting, address_of
from hall.hall import Hall
from hall.ports import Offload
from hall.settings import change
from hall.settings.printers import BAUDS
from paper.attached import Attached, attached
from paper.monitor import PrinterMonitor, PrinterSource, PrinterState
from paper.profiles import profiles
from supervisor.settings_api import ChangedView


class PrintersBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The printers to use."""

    printers: Many[PrinterSetting]  # the main one, then its spare; none: the screen shows the ticket


class FindingView(msgspec.Struct):
    """One finding of a test page."""

    code: str  # its words are `paper.doctor_<code>` of the texts
    params: dict[str, str]


class PrinterTestView(msgspec.Struct):
    """The last test page of a printer. `busy`: it was printing tickets, so no page was tried."""

    state: Literal["running", "done", "busy"]
    printed: bool
    findings: list[FindingView]


class PrinterStateView(msgspec.Struct):
    """A printer and its state.

    `state` is "ready" (it answered so), "reached" (it took the last bytes and answers nothing), "printing",
    "asked", "unknown", "unusable" (not on this machine), or the cause of its trouble as in `print.failed`.
    """

    name: str  # "1", "2", as in the log
    address: str
    width: int | None  # dots in a line
    state: str
    test: PrinterTestView | None


class ProfileView(msgspec.Struct):
    """A kind of printer, and its dots in a line."""

    name: str
    label: str
    width: int


class AttachedView(msgspec.Struct):
    """Something plugged into the server that may be a printer."""

    kind: str
    address: str
    label: str  # what the maker calls it; empty where it does not say


class PrintersView(msgspec.Struct):
    """The printers, and what may be chosen. Only if `source` is "hall" can they be changed here."""

    source: PrinterSource
    printers: list[PrinterStateView]
    kinds: tuple[str, ...]  # that this machine has drivers for
    profiles: list[ProfileView]
    bauds: tuple[int, ...]
    attached: list[AttachedView]


def printers_view(hall: Hall, monitor: PrinterMonitor, source: PrinterSource, offload: Offload) -> PrintersView:
    """Return the printers of the hall, their state, and what may be chosen in their place."""
    seen = [_state_view(state) for state in monitor.states()]
    if source == "hall":
        names = {state.name for state in seen}
        seen += [
            PrinterStateView(str(n), address_of(part), None, "unusable", None)
            for n, part in enumerate(hall.catalogue.hall.printers, start=1)
            if str(n) not in names and str(n) not in hall.printers
        ]
    choices: PrinterChoices = offload(hall.printer_choices)  # slow the first time: it imports every driver
    plugged: list[Attached] = offload(attached)
    return PrintersView(
        source,
        sorted(seen, key=lambda state: state.name),
        choices.kinds,
        [ProfileView(profile.name, profile.label, profile.width) for profile in profiles().values()],
        BAUDS,
        [AttachedView(device.kind, device.address, device.label) for device in plugged if device.kind in choices.kinds],
    )


def _state_view(state: PrinterState) -> PrinterStateView:
    printer, test = state.printer, state.test
    return PrinterStateView(
        printer.name,
        printer.address,
        printer.profile.width,
        state.state,
        None
        if test is None
        else PrinterTestView(
            test.state, test.printed, [FindingView(finding.code, finding.params) for finding in test.findings]
        ),
    )


def add_routes(routes: Routes, hall: Hall, monitor: PrinterMonitor, source: PrinterSource, offload: Offload) -> None:
    """Declare the routes of the printers; `source` is where they are set."""

    @routes.get("/settings/printers", roles=READERS, answer=PrintersView, summary="The printers, and how they are now")
    def get_printers(request: Request[None]) -> PrintersView:
        return printers_view(hall, monitor, source, offload)

    @routes.post(
        "/settings/printers",
        roles=(SUPERVISOR,),
        body=PrintersBody,
        answer=ChangedView,
        summary="Where tickets are printed from now on: the main printer, then its spare",
    )
    def post_printers(request: Request[PrintersBody]) -> bytes:
        return hall.execute(
            request.identity,
            lambda act: change.change_printers(act, request.body.printers),
            lambda done: msgspec.json.encode(ChangedView(done.seq, list(done.changes))),
        )

    @routes.post(
        "/settings/printers/<int:printer>/test",
        roles=(SUPERVISOR,),
        body=None,
        answer=PrintersView,
        summary="Print a test page; the printer shows the result a moment later",
    )
    def post_test(request: Request[Nothing], printer: int) -> PrintersView:
        monitor.test(request.identity.key, str(printer))
        return printers_view(hall, monitor, source, offload)
