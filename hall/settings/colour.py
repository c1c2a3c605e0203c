"""The centre's own colour: whether white letters stand out from it, and the nearest shade from which they do."""

from __future__ import annotations

import re

from hall.settings.text import refuse

LEAST = 4.5  # WCAG 2.2, 1.4.3: of letters and their ground

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_STEPS = 400


def contrast_with_white(colour: str) -> float:
    """Return the contrast of white letters on a colour written as "#0b3252", by the formula of WCAG 2."""
    return 1.05 / (_luminance(_parts(colour)) + 0.05)


def nearest(colour: str) -> str:
    """Return the same hue, only as much darker as white letters on it need."""
    parts = _parts(colour)
    for step in range(_STEPS + 1):
        darker = "#" + "".join(f"{round(part * (1 - step / _STEPS)):02x}" for part in parts)
        if contrast_with_white(darker) >= LEAST:
            return darker
    return "#000000"


def checked_colour(field: str, given: str) -> str:
    """Return a colour in its one form; empty stays empty, for the colours of the program.

    Raises:
        SettingRefused: it is no colour, or white letters would not stand out from it; the nearest shade is named.
    """
    colour = given.strip().lower()
    if not colour:
        return ""
    if not _COLOUR.fullmatch(colour):
        refuse("setting_colour", field)
    contrast = contrast_with_white(colour)
    if contrast < LEAST:
        # Rounded down: 4.49 must not read as 4.5.
        has = int(contrast * 10) / 10
        refuse("setting_colour_faint", field, contrast=has, least=LEAST, nearest=nearest(colour))
    return colour


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _luminance(parts: tuple[int, ...]) -> float:
    red, green, blue = (_linear(part / 255) for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
