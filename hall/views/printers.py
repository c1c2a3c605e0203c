"""The printers in trouble."""

from __future__ import annotations

import msgspec

from hall.hall import Hall
from queueing.events import instant


class PrinterView(msgspec.Struct):
    """A printer in trouble. `spare`: another one prints meanwhile."""

    printer: str
    cause: str
    number: str
    since: str
    spare: bool


def printer_views(hall: Hall) -> list[PrinterView]:
    """Return the printers in use that are in trouble."""
    return [
        PrinterView(printer.printer, printer.cause, printer.number, instant(printer.since), printer.spare)
        for printer in hall.floor.printers.values()
        if printer.printer in hall.printers  # it may have been removed since
    ]
