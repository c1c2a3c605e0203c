"""The families of printers, as `profiles.toml` describes them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PROFILES = Path(__file__).with_name("profiles.toml")
DEFAULT_PROFILE = "printer-80"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a family of printers can do; see profiles.toml."""

    name: str
    label: str
    width: int  # dots a line
    reports: str  # whether it answers questions: "yes", "no", or "try" if unknown
    cutter: bool


@cache
def profiles() -> dict[str, Profile]:
    """Return every known family of printers by name."""
    with PROFILES.open("rb") as file:
        return {name: Profile(name=name, **values) for name, values in tomllib.load(file).items()}
