"""The printers in use: those of the machine's settings, else those set in the hall, replaced when they change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import structlog

from hall.catalogue.printers import KINDS, PrinterChoices, PrinterSetting, address_of
from hall.hall import Hall
from hall.settings.printers import may_connect
from paper.printers import Printer
from paper.profiles import profiles
from paper.spool import Spool
from queueing.events import Event

log = structlog.get_logger()


def printer_choices() -> PrinterChoices:
    """Return the kinds of printers this machine has drivers for, and the profiles with their labels."""
    from paper.addresses import usable  # slow to import, so only when somebody chooses

    there = usable()
    return PrinterChoices(
        tuple(kind for kind in KINDS if kind in there),
        {profile.name: profile.label for profile in profiles().values()},
    )


def usable_printers(wanted: Sequence[PrinterSetting]) -> list[Printer]:
    """Return these printers without those that this machine has no driver for; their page shows them as unusable."""
    if not wanted:
        return []
    from paper.addresses import WrongAddress, printer_at

    usable = []
    for n, setting in enumerate(wanted, start=1):
        try:
            usable.append(printer_at(address_of(setting), str(n), may_connect))
        except WrongAddress as error:
            log.error("printer_not_usable", printer=n, cause=str(error))
    return [printer for printer in usable if printer is not None]


@cache  # the drivers of a machine stay the same, and commands call this inside their transaction
def usable_names(wanted: tuple[PrinterSetting, ...]) -> tuple[str, ...]:
    """Return the names of those of these printers that this machine has drivers for."""
    return tuple(printer.name for printer in usable_printers(wanted))


class PrintersInUse:
    """Keeps the spool on the printers that are set."""

    def __init__(self, hall: Hall, given: Sequence[Printer], begin: Callable[..., object]) -> None:
        """Use the printers `given` where the hall's are fixed, else its own; `begin` starts a background task."""
        self._hall = hall
        self._begin = begin
        self._set = hall.catalogue.hall.printers
        self.at_start: Sequence[Printer] = tuple(given) if hall.printers_fixed else usable_printers(self._set)

    def follow(self, spool: Spool) -> None:
        """Give the spool the printers of the hall whenever they are changed."""

        def changed(_: Sequence[Event]) -> None:
            wanted = self._hall.catalogue.hall.printers
            if self._hall.printers_fixed or wanted == self._set:
                return
            self._set = wanted
            if spool.started:
                # In the background: a listener holds the hall's lock, for which workers wait holding the spool's.
                self._begin(self._exchange, spool)
            else:
                spool.exchange(lambda: usable_printers(wanted))

        self._hall.listeners.append(changed)

    def _exchange(self, spool: Spool) -> None:
        for worker in spool.exchange(lambda: usable_printers(self._hall.catalogue.hall.printers)):
            self._begin(worker)
