"""The number a ticket gets: the service's letter or block digit, then at least three digits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# The Icelandic and the African letter look like the Vietnamese one, and some keyboards have them in its place.
_STROKED = str.maketrans("\u00d0\u0189", "\u0110\u0110")
_SHORT = re.compile(r"([^\W\d_])(\d{1,2})")


def ticket_number(prefix: str, count: int) -> str:
    """Return the `count`-th number of a service on its day: "B" and 27 give "B027".

    After 999 the number gets a fourth digit ("B1000") and does not begin again. Every service has a prefix of one
    character of its own, so no number of a day is given twice.

    Raises:
        ValueError: `count` is less than 1.
    """
    if count < 1:
        raise ValueError("numbers start at 1")
    return f"{prefix}{count:03d}"


def written_number(text: str) -> str:
    """Return a number as somebody writes it down, such as "b 27", in its usual form: "B027".

    Full-width letters and figures, spaces, points and hyphens are allowed, and each of the letters that
    look like the Vietnamese D with a stroke.
    """
    number = re.sub(r"[\s.-]", "", unicodedata.normalize("NFKC", text)).upper().translate(_STROKED)
    short = _SHORT.fullmatch(number)
    return ticket_number(short[1], int(short[2])) if short and int(short[2]) else number


def same_number(numbers: Iterable[str], text: str) -> str | None:
    """Return which of `numbers` somebody means who writes `text`; None if none, or more than one.

    A D without its stroke means the letter with it where that leaves one number only.
    """
    number = written_number(text)
    alike = {other for other in numbers if other.replace("\u0110", "D") == number.replace("\u0110", "D")}
    if number in alike:
        return number
    return alike.pop() if len(alike) == 1 else None
