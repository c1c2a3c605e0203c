"""Pure checks of the notice board of the walls, and of the files it is made of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from msgspec.structs import replace

from hall.catalogue.posters import (
    FILES_LARGEST,
    FILES_MOST,
    FILM,
    FILM_KINDS,
    PICTURE_KINDS,
    PICTURES,
    POSTER_KINDS,
    POSTERS_MOST,
    PROCEDURE,
    TEXT,
    MediaFile,
    Poster,
)
from hall.settings.text import TIME, line, refuse, tidy
from queueing.catalogue import DEFAULT_LANGUAGE, LANGUAGES

PICTURES_MOST, TEXT_LONGEST, NAME_LONGEST, WALLS_MOST = 20, 160, 80, 40
SECONDS = (5, 120)

_ID = re.compile(r"[0-9a-f]{64}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MB = 2**20


def shown_name(given: str, kind: str) -> str:
    """Return a file's name as it is shown: one line without control signs, not too long; of an empty one its kind."""
    letters = "".join(letter for letter in given if unicodedata.category(letter)[0] not in "CZ" or letter == " ")
    return tidy(letters.replace("/", " ").replace("\\", " "))[:NAME_LONGEST].strip() or kind.upper()


def checked_media(field: str, given: Iterable[MediaFile]) -> tuple[MediaFile, ...]:
    """Return the files in their one form.

    Raises:
        SettingRefused: there are too many, they are too large together, one is there twice, or is not as it must be.
    """
    files = {file.id: replace(file, name=line(f"{field}.name", file.name, NAME_LONGEST)) for file in given}
    for file in files.values():
        if not _ID.fullmatch(file.id) or file.bytes < 1 or min(file.width, file.height) < 0:
            refuse("setting_kind", field)
        _check_choice(f"{field}.kind", file.kind, (*PICTURE_KINDS, *FILM_KINDS))
    if len(files) > FILES_MOST:
        refuse("setting_too_many", field, most=FILES_MOST)
    if sum(file.bytes for file in files.values()) > FILES_LARGEST:
        refuse("setting_files_large", field, most=FILES_LARGEST // _MB)
    return tuple(files.values())


def checked_posters(field: str, given: Iterable[Poster], media: Iterable[MediaFile]) -> tuple[Poster, ...]:
    """Return the posters in their one form, in their order.

    Raises:
        SettingRefused: there are too many, or one is not as it must be.
    """
    kinds = {file.id: file.kind for file in media}
    posters = tuple(_checked(f"{field}.{at}", poster, kinds) for at, poster in enumerate(given, start=1))
    if len(posters) > POSTERS_MOST:
        refuse("setting_too_many", field, most=POSTERS_MOST)
    return posters


def _checked(at: str, poster: Poster, kinds: Mapping[str, str]) -> Poster:
    _check_choice(f"{at}.kind", poster.kind, POSTER_KINDS)
    _check_range(f"{at}.seconds", poster.seconds, SECONDS)
    _check_files(f"{at}.files", poster, kinds)
    texts = _texts(f"{at}.texts", poster)
    if poster.kind == PROCEDURE and not poster.procedure:
        refuse("setting_empty", f"{at}.procedure")
    _check_when(at, poster)
    if len(poster.walls) > WALLS_MOST or any(wall < 1 for wall in poster.walls):
        refuse("setting_kind", f"{at}.walls")
    return replace(
        poster,
        files=poster.files if poster.kind in (PICTURES, FILM) else (),
        texts=texts,
        procedure=poster.procedure if poster.kind == PROCEDURE else "",
        weekdays=tuple(sorted(set(poster.weekdays))) if len(set(poster.weekdays)) < 7 else (),
        walls=tuple(sorted(set(poster.walls))),
    )


def _check_files(field: str, poster: Poster, kinds: Mapping[str, str]) -> None:
    if poster.kind not in (PICTURES, FILM):
        return
    if not poster.files:
        refuse("setting_no_file", field)
    most = PICTURES_MOST if poster.kind == PICTURES else 1
    if len(poster.files) > most:
        refuse("setting_too_many", field, most=most)
    for file in poster.files:
        if kinds.get(file) not in (PICTURE_KINDS if poster.kind == PICTURES else FILM_KINDS):
            refuse("setting_file_kind", field)


def _texts(field: str, poster: Poster) -> dict[str, str]:
    if poster.kind != TEXT:
        return {}
    for language in poster.texts:
        _check_choice(field, language, LANGUAGES)
    lines = {
        language: line(
            f"{field}.{language}", poster.texts.get(language, ""), TEXT_LONGEST, empty=language != DEFAULT_LANGUAGE
        )
        for language in LANGUAGES
    }
    return {language: text for language, text in lines.items() if text}


def _check_when(at: str, poster: Poster) -> None:
    days = [(name, getattr(poster, name)) for name in ("first_day", "last_day")]
    for name, day in days:
        if day is not None and not _is_day(day):
            refuse("setting_day", f"{at}.{name}")
    if poster.first_day and poster.last_day and poster.last_day < poster.first_day:
        refuse("setting_day_order", f"{at}.last_day")
    if any(not 1 <= weekday <= 7 for weekday in poster.weekdays):
        refuse("setting_weekdays", f"{at}.weekdays")
    times = [(name, getattr(poster, name)) for name in ("from_time", "to_time")]
    for name, time in times:
        if time is not None and not TIME.fullmatch(time):
            refuse("setting_time", f"{at}.{name}")
    if poster.from_time and poster.to_time and poster.to_time <= poster.from_time:
        refuse("setting_times", f"{at}.to_time")


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _check_range(field: str, value: int, within: tuple[int, int]) -> None:
    if not within[0] <= value <= within[1]:
        refuse("setting_range", field, low=within[0], high=within[1])


def _check_choice(field: str, value: object, choices: Collection[str]) -> None:
    if value not in choices:
        refuse("setting_choice", field, choices=", ".join(choices))
