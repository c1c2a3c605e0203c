"""The procedures as a table that people edit: a row for each, a column for each field.

Headings and levels may be written in any of our languages, with or without marks; a service by its code or its name.
A row that is not as it must be is named with the reason, and the others are read all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hall.catalogue.model import Catalogue, Service
from hall.catalogue.procedures import INFORMATION, ONLINE, PROCEDURES_MOST, Procedure
from hall.settings.procedures import checked_procedure
from hall.settings.text import tidy, unmarked
from queueing.catalogue import DEFAULT_LANGUAGE
from queueing.errors import SettingRefused

COLUMNS = (
    *("code", "field", "name", "name_en", "words", "service", "online", "checklist", "fee", "time", "link"),
    "to_check",
)
REQUIRED = ("code", "field", "name", "service")
ROWS_MOST = 4 * PROCEDURES_MOST  # of a sheet; the rest is not read

Words = Mapping[str, Mapping[str, str]]  # by language: the section `procedures` of the texts

_PARTS = re.compile(r"[;\n]+")  # between two words, or two papers, of one cell
_SECTION_FIELDS = {"names.vi": "name", "names.en": "name_en", "names": "name"}


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row, counted from 1 with the headings: `code` and `params` are those of the refusal."""

    row: int
    column: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read: how many rows hold a procedure, those that are right, and what is wrong with the others."""

    rows: int
    procedures: Sequence[Procedure]
    faults: Sequence[RowFault]


def read_sheet(rows: Sequence[Sequence[str]], catalogue: Catalogue, words: Words) -> Sheet:
    """Return the procedures of a table. A procedure whose row is wrong stays as the centre has it.

    Raises:
        SettingRefused: the first row that is not empty lacks the heading of a column that is needed.
    """
    at = next((at for at, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)
    columns = _columns(rows[at] if rows else (), words)
    reader = _RowReader(catalogue, words)
    known = {procedure.code: procedure for procedure in catalogue.template.procedures}
    right: dict[str, Procedure] = {}
    faults: list[RowFault] = []
    stay: set[str] = set()
    count = 0
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        cells = {column: row[place].strip() for column, place in columns.items() if place < len(row)}
        if not any(cells.values()):
            continue
        count += 1
        try:
            procedure = checked_procedure(reader.procedure(cells), catalogue.services)
            if procedure.code in right:
                raise SettingRefused("setting_code_twice", "procedures.code", procedure=procedure.code)
        except SettingRefused as refusal:
            faults.append(RowFault(number, _column(refusal), refusal.code, refusal.params))
            stay.add(cells.get("code", "").upper())
        else:
            right[procedure.code] = procedure
    kept = {code: known[code] for code in stay & known.keys() - right.keys()}
    return Sheet(count, tuple((right | kept).values()), faults)


def sheet_rows(
    procedures: Iterable[Procedure], services: Mapping[str, Service], words: Mapping[str, str]
) -> list[list[str]]:
    """Return the procedures as rows for an edited table, without the headings; `words` are of one language."""

    def row(procedure: Procedure) -> list[str]:
        service = services.get(procedure.service)
        cells = {
            "code": procedure.code,
            "field": procedure.field,
            "name": procedure.names[DEFAULT_LANGUAGE],
            "name_en": procedure.names.get("en", ""),
            "words": "; ".join(procedure.words),
            "service": procedure.service if service is None else service.names[DEFAULT_LANGUAGE],
            "online": words[f"online_{procedure.online}"],
            "checklist": "\n".join(procedure.checklist),
            "fee": procedure.fee,
            "time": procedure.time,
            "link": procedure.link,
            "to_check": words["yes"] if procedure.to_check else "",
        }
        return [cells[column] for column in COLUMNS]

    return [row(procedure) for procedure in procedures]


def headings(words: Mapping[str, str]) -> list[str]:
    """Return the headings of the table in the language of these words."""
    return [words[f"column_{column}"] for column in COLUMNS]


def _key(text: str) -> str:
    return unmarked(tidy(text)).casefold().rstrip(" *:")


def _columns(heads: Sequence[str], words: Words) -> dict[str, int]:
    """Return the place of each column by its heading.

    Raises:
        SettingRefused: one that is needed is missing.
    """
    named = {column: column for column in COLUMNS}
    for of_language in words.values():
        named |= {_key(of_language[f"column_{column}"]): column for column in COLUMNS}
    columns: dict[str, int] = {}
    for place, head in enumerate(heads):
        if (column := named.get(_key(head))) is not None:
            columns.setdefault(column, place)
    missing = [column for column in REQUIRED if column not in columns]
    if missing:
        titles = (words[DEFAULT_LANGUAGE][f"column_{column}"] for column in missing)
        raise SettingRefused("setting_sheet_headings", "procedures", headings=", ".join(titles))
    return columns


def _column(refusal: SettingRefused) -> str:
    """Return the column of the field that a refusal names: "procedures.1.001193.names.vi" gives "name"."""
    path = str(refusal.params["field"])
    for end, column in _SECTION_FIELDS.items():
        if path.endswith(f".{end}"):
            return column
    return path.rpartition(".")[2]


class _RowReader:
    """Reads a row as a procedure, which is not checked yet."""

    def __init__(self, catalogue: Catalogue, words: Words) -> None:
        self._services: dict[str, str] = {}
        for service in catalogue.services.values():
            for name in service.names.values():
                self._services.setdefault(_key(name), service.code)
        self._services |= {_key(code): code for code in catalogue.services}
        self._levels = {level: level for level in ONLINE}
        self._answers = {"x": True, "1": True, "": False, "0": False}
        for of_language in words.values():
            self._levels |= {_key(of_language[f"online_{level}"]): level for level in ONLINE}
            self._answers |= {_key(of_language["yes"]): True, _key(of_language["no"]): False}
        self._level_names = [words[DEFAULT_LANGUAGE][f"online_{level}"] for level in ONLINE]
        self._answer_names = [words[DEFAULT_LANGUAGE][name] for name in ("yes", "no")]

    def procedure(self, cells: Mapping[str, str]) -> Procedure:
        """Return the procedure of these cells, by column.

        Raises:
            SettingRefused: a choice is none of those there are.
        """
        level, answer = _key(cells.get("online", "")), _key(cells.get("to_check", ""))
        if level and level not in self._levels:
            raise SettingRefused("setting_choice", "procedures.online", choices=", ".join(self._level_names))
        if answer not in self._answers:
            raise SettingRefused("setting_choice", "procedures.to_check", choices=", ".join(self._answer_names))
        names = {"vi": _one_line(cells.get("name", "")), "en": _one_line(cells.get("name_en", ""))}
        service = cells.get("service", "")
        if not service:
            raise SettingRefused("setting_empty", "procedures.service")
        return Procedure(
            code=cells.get("code", ""),
            field=_one_line(cells.get("field", "")),
            names={language: name for language, name in names.items() if name},
            service=self._services.get(_key(service), service),
            words=_parts(cells.get("words", "")),
            online=self._levels[level] if level else INFORMATION,
            checklist=_parts(cells.get("checklist", "")),
            fee=_one_line(cells.get("fee", "")),
            time=_one_line(cells.get("time", "")),
            link=cells.get("link", ""),
            to_check=self._answers[answer],
        )


def _parts(cell: str) -> tuple[str, ...]:
    """Return the parts of a cell; a dash or a dot before a part is only how people write a list."""
    parts = (part.strip().lstrip("-•+").strip() for part in _PARTS.split(cell.replace("\r", "\n")))
    return tuple(part for part in parts if part)


def _one_line(cell: str) -> str:
    return " ".join(cell.split())
