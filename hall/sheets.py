"""Tables as CSV, in which no text can run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

# At the start, and after a semicolon: in some countries a spreadsheet begins a new cell there.
_FORMULA = re.compile(r"(^|;)(?=\s*[=+\-@＝＋－＠\t\r])")


def neutral(text: str) -> str:
    """Return the text, marked with an apostrophe where a spreadsheet would run it as a formula."""
    return _FORMULA.sub(r"\1'", text)


def to_csv(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> bytes:
    """Return rows as CSV, in UTF-8 with a byte order mark for Excel."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in row])
    return ("\ufeff" + text.getvalue()).encode()
