"""The notice board as a wall shows it between calls."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from hall.catalogue.model import Catalogue
from hall.catalogue.posters import PROCEDURE, Poster
from hall.hall import Hall

_VERSION_LONG = 12


class PosterFileView(msgspec.Struct):
    """A picture or film, at `/media/<id>`; its size in pixels is 0 for a film."""

    id: str
    kind: str
    width: int
    height: int


class PosterProcedureView(msgspec.Struct):
    """The procedure whose code is shown, at `/procedures/<code>/code.svg`."""

    code: str
    names: dict[str, str]


class PosterView(msgspec.Struct):
    """One thing on the notice board, and when: local days and times, both ends included; empty or null: always."""

    kind: str
    files: list[PosterFileView]
    texts: dict[str, str]
    procedure: PosterProcedureView | None
    seconds: int
    first_day: str | None
    last_day: str | None
    weekdays: tuple[int, ...]  # 1 is Monday
    from_time: str | None
    to_time: str | None


class ShownPostersView(msgspec.Struct):
    """The notice board of one wall; `version` is that of the hall."""

    version: str | None
    posters: list[PosterView]


def posters_version(catalogue: Catalogue) -> str | None:
    """Return a mark that differs whenever a wall would show something else; None without anything to show."""
    posters = [poster for poster in catalogue.hall.posters if poster.on]
    named = {poster.procedure for poster in posters}
    procedures = [one for one in catalogue.template.procedures if one.code in named]
    return sha256(msgspec.json.encode([posters, procedures])).hexdigest()[:_VERSION_LONG] if posters else None


def shown_posters(hall: Hall, wall: int | None) -> ShownPostersView:
    """Return what this wall shows, by its device; what all walls show together for None.

    What has nothing to show, because its procedure is gone or has no address, is left out.
    """
    catalogue = hall.catalogue
    shown = (
        view
        for poster in catalogue.hall.posters
        if poster.on and (wall is None or not poster.walls or wall in poster.walls)
        and (view := _view(catalogue, poster)) is not None
    )  # fmt: skip
    return ShownPostersView(posters_version(catalogue), list(shown))


def is_complete(catalogue: Catalogue, poster: Poster) -> bool:
    """Return whether a poster has what it shows, apart from its files."""
    return poster.kind != PROCEDURE or _procedure(catalogue, poster) is not None


def _view(catalogue: Catalogue, poster: Poster) -> PosterView | None:
    if not is_complete(catalogue, poster):
        return None
    media = {file.id: file for file in catalogue.hall.media}
    return PosterView(
        kind=poster.kind,
        files=[
            PosterFileView(file.id, file.kind, file.width, file.height)
            for file in (media[name] for name in poster.files)
        ],
        texts=dict(poster.texts),
        procedure=_procedure(catalogue, poster),
        seconds=poster.seconds,
        first_day=poster.first_day,
        last_day=poster.last_day,
        weekdays=poster.weekdays,
        from_time=poster.from_time,
        to_time=poster.to_time,
    )


def _procedure(catalogue: Catalogue, poster: Poster) -> PosterProcedureView | None:
    named = (one for one in catalogue.template.procedures if one.code == poster.procedure)
    return next(
        (PosterProcedureView(one.code, dict(one.names)) for one in named if one.link and not one.to_check), None
    )
