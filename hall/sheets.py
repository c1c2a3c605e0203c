"""Tables as CSV, in which no text can run as a formula; and the rows of a table that somebody edited."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence

# At the start, and after a semicolon: in some countries a spreadsheet begins a new cell there.
_FORMULA = re.compile(r"(^|;)(?=\s*[=+\-@＝＋－＠\t\r])")
_MARKED = re.compile(r"(^|;)'(?=\s*[=+\-@＝＋－＠\t\r])")
_DELIMITERS = ",;\t"  # Excel takes the one of the PC's country
_COLUMNS_MOST = 40
_UNPACKED_LARGEST = 32 * 2**20  # bytes of a workbook; a few hundred rows take less than one million


class Unreadable(ValueError):
    """A file that is no table we can read."""


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


def read_csv(data: bytes, most: int) -> list[list[str]]:
    """Return the first `most` rows of a CSV file: UTF-8, or UTF-16 with its mark; parted by comma, semicolon or tab.

    Raises:
        Unreadable: it is no text in one of these, or a quotation mark is never closed.
    """
    utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("encoding") from error
    head = text.lstrip().partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return [[_MARKED.sub(r"\1", cell) for cell in row] for row, _ in zip(rows, range(most), strict=False)]
    except csv.Error as error:
        raise Unreadable(str(error)) from error


def read_xlsx(data: bytes, most: int) -> list[list[str]]:
    """Return the first `most` rows of the first sheet of a workbook, every cell as text. Slow: some tenths of a second.

    Raises:
        Unreadable: it is no workbook, or far larger than a table of people.
    """
    import openpyxl  # large, and needed for this one file

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(member.file_size for member in packed.infolist()) > _UNPACKED_LARGEST:
                raise Unreadable("too large")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(max_row=most, max_col=_COLUMNS_MOST, values_only=True)
        return [[_MARKED.sub(r"\1", _text(cell)) for cell in row] for row in rows]
    except Unreadable:
        raise
    except Exception as error:  # each part of a workbook that somebody forged fails in its own way
        raise Unreadable(type(error).__name__) from error


def _text(cell: object) -> str:
    """Return a cell as people see it: a code that Excel took for a number is a number without ".0"."""
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
