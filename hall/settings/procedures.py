"""Pure checks of the procedures of a centre."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from msgspec.structs import replace

from hall.catalogue.procedures import ONLINE, PROCEDURES_MOST, Procedure
from hall.settings.text import line, refuse
from queueing.catalogue import DEFAULT_LANGUAGE, LANGUAGES

NAME_LONGEST, FIELD_LONGEST, SHORT_LONGEST, LINK_LONGEST = 300, 80, 80, 200
WORDS_MOST, WORD_LONGEST = 30, 60
PAPERS_MOST, PAPER_LONGEST = 20, 160

_CODE = re.compile(r"[0-9A-ZĐ][0-9A-ZĐ.-]{0,31}")
# Of plain letters, as a QR code and a browser read it; what is not ASCII is written with %.
_LINK = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.:-]*(?:/[!-~]*)?")


def checked_procedures(given: Iterable[Procedure], services: Collection[str]) -> tuple[Procedure, ...]:
    """Return the procedures in their one form, by code.

    Raises:
        SettingRefused: there are too many, two have one code, or a field of one is not as it must be.
    """
    by_code: dict[str, Procedure] = {}
    for unchecked in given:
        procedure = checked_procedure(unchecked, services)
        if procedure.code in by_code:
            refuse("setting_code_twice", f"procedures.{procedure.code}.code", procedure=procedure.code)
        by_code[procedure.code] = procedure
    if len(by_code) > PROCEDURES_MOST:
        refuse("setting_too_many", "procedures", most=PROCEDURES_MOST)
    return tuple(by_code[code] for code in sorted(by_code))


def checked_procedure(given: Procedure, services: Collection[str]) -> Procedure:
    """Return one procedure in its one form: texts tidied, none of its words twice.

    Raises:
        SettingRefused: a field is not as it must be.
    """
    code = given.code.strip().upper()
    if not _CODE.fullmatch(code):
        refuse("setting_procedure_code", "procedures.code")
    at = f"procedures.{code}"
    if given.online not in ONLINE:
        refuse("setting_choice", f"{at}.online", choices=", ".join(ONLINE))
    if given.service not in services:
        refuse("setting_unknown_service", f"{at}.service", service=given.service)
    link = given.link.strip()
    if link and (len(link) > LINK_LONGEST or not _LINK.fullmatch(link)):
        refuse("setting_link", f"{at}.link", most=LINK_LONGEST)
    return replace(
        given,
        code=code,
        field=line(f"{at}.field", given.field, FIELD_LONGEST),
        names=_names(at, given.names),
        words=_lines(f"{at}.words", given.words, WORDS_MOST, WORD_LONGEST),
        checklist=_lines(f"{at}.checklist", given.checklist, PAPERS_MOST, PAPER_LONGEST),
        fee=line(f"{at}.fee", given.fee, SHORT_LONGEST, empty=True),
        time=line(f"{at}.time", given.time, SHORT_LONGEST, empty=True),
        link=link,
    )


def _names(at: str, names: Mapping[str, str]) -> dict[str, str]:
    """Return the official name, and those in other languages that are not empty."""
    for language in names:
        if language not in LANGUAGES:
            refuse("setting_choice", f"{at}.names", choices=", ".join(LANGUAGES))
    written = {
        language: line(
            f"{at}.names.{language}", names.get(language, ""), NAME_LONGEST, empty=language != DEFAULT_LANGUAGE
        )
        for language in LANGUAGES
    }
    return {language: name for language, name in written.items() if name}


def _lines(field: str, given: Iterable[str], most: int, longest: int) -> tuple[str, ...]:
    """Return the lines that are not empty, each once."""
    lines = tuple(dict.fromkeys(text for written in given if (text := line(field, written, longest, empty=True))))
    if len(lines) > most:
        refuse("setting_too_many", field, most=most)
    return lines
