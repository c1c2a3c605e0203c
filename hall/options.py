"""What a hall is given by the program it runs in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hall.catalogue.printers import Choose, PrinterChoices


def _stay() -> None:
    """Let nobody else run."""


@dataclass(frozen=True, slots=True)
class HallOptions:
    """The surroundings of a hall; the defaults serve one without texts, printers and other threads."""

    version: str = ""  # of the running program; a screen made for another one reloads
    rule_words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by language: how the policy is told
    printers_fixed: bool = False  # the machine's settings say where tickets are printed, not the hall's
    printer_choices: Choose = PrinterChoices  # returns which printers this machine can speak to
    give_way: Callable[[], None] = _stay  # lets requests that have arrived queue their commands
