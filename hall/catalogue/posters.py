"""The notice board of the walls: posters that are shown between calls, and the files they are made of."""

from __future__ import annotations

import msgspec

from hall.catalogue.lengths import ByCode, Code, Line, Many

PICTURES, FILM, TEXT, PROCEDURE = "pictures", "film", "text", "procedure"
POSTER_KINDS = (PICTURES, FILM, TEXT, PROCEDURE)
PICTURE_KINDS, FILM_KINDS = ("png", "jpeg", "webp"), ("mp4", "webm")
FILES_MOST, FILES_LARGEST, POSTERS_MOST = 60, 400 * 2**20, 30


class MediaFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A picture or a film in the data folder. Width and height in pixels; 0 for a film."""

    id: Code  # SHA-256 of what it holds
    name: Line  # as it was called where it came from
    kind: Code
    bytes: int
    width: int = 0
    height: int = 0


class Poster(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing on the notice board, and when it is shown; days and times are local, both ends included."""

    kind: Code
    files: Many[Code] = ()  # of pictures, one after another; of a film
    texts: ByCode[Line] = {}  # by language
    procedure: Code = ""  # the one whose QR code is shown
    seconds: int = 12  # each picture, text or code; a film is shown to its end
    first_day: Code | None = None
    last_day: Code | None = None
    weekdays: Many[int] = ()  # 1 is Monday; none: every day
    from_time: Code | None = None
    to_time: Code | None = None
    walls: Many[int] = ()  # the walls that show it, by device; none: every wall
    on: bool = True
