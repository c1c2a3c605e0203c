"""What the running program passes to `Hall`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hall.catalogue.printers import Choose, PrinterChoices, PrinterSetting
from hall.forecaster import Forecaster
from hall.forecasts import FromTheFloor


def _stay() -> None:
    """Let nobody else run."""


def _all_by_place(wanted: Sequence[PrinterSetting]) -> tuple[str, ...]:
    """Return the name of each printer: "1" for the main one, "2" for its spare."""
    return tuple(str(n) for n, _ in enumerate(wanted, start=1))


@dataclass(frozen=True, slots=True)
class HallOptions:
    """What the running program passes to a hall; the defaults are for tests without texts, printers and threads."""

    version: str = ""  # of the running program; a screen made for another one reloads
    rule_words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by language: the words of hall.rule
    notice_words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by language: those of hall.notices
    printers_fixed: bool = False  # the printers are set on the command line or in the machine's settings file
    printer_choices: Choose = PrinterChoices  # returns the printers that this machine has drivers for
    # Returns the names of the printers in use while these are set in the hall; the same setting gives the same names.
    printer_names: Callable[[tuple[PrinterSetting, ...]], tuple[str, ...]] = _all_by_place
    forecaster: Forecaster = FromTheFloor()
    give_way: Callable[[], None] = _stay  # lets other requests run, so that they join the same commit
