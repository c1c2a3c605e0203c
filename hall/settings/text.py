"""Checks of a line of text in a setting, and the refusal of a setting."""

from __future__ import annotations

import re
import unicodedata
from typing import NoReturn

from queueing.errors import SettingRefused

TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


def tidy(text: str) -> str:
    """Return the text with composed letters and single spaces, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def unmarked(text: str) -> str:
    """Return the text without the marks of its letters: "Đường" gives "Duong"."""
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def line(field: str, given: str, longest: int, *, empty: bool = False) -> str:
    """Return a line of text, tidied.

    Raises:
        SettingRefused: it has a line break or another control sign, is empty and may not be, or is longer
            than `longest` letters; `field` is its path in the file.
    """
    # First the quick question: a thousand texts are checked with each change.
    if not given.isprintable() and any(unicodedata.category(letter)[0] == "C" for letter in given):
        refuse("setting_bad_text", field)
    text = tidy(given)
    if not text and not empty:
        refuse("setting_empty", field)
    if len(text) > longest:
        refuse("setting_too_long", field, most=longest)
    return text


def refuse(reason: str, field: str, **params: object) -> NoReturn:
    """Refuse a setting.

    Raises:
        SettingRefused: always; `reason` is its code, `field` the path in the file.
    """
    raise SettingRefused(reason, field, **params)
