"""Where a wall hangs: the room whose calls it shows, the farthest seat, and the size of its television."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hall.catalogue.rooms import ScreenSetting
from hall.hall import Hall

WALL_ROOM = "walls"  # the channel's room of the walls that show everything, and how the others begin
_UNSET = "-"


class WallPlace(NamedTuple):
    """The room that a wall shows, None for every room; None for the others: as the hall has them."""

    room: str | None = None
    last_seat_m: float | None = None
    inches: int | None = None

    @property
    def channel_room(self) -> str:
        """Return the name of the channel's room of all walls that show the same as this one."""
        if self == WallPlace():
            return WALL_ROOM
        return " ".join((WALL_ROOM, *(_UNSET if part is None else str(part) for part in self)))


def place_in(channel_room: str) -> WallPlace | None:
    """Return the place of the walls in a channel's room, None where there are no walls."""
    name, *parts = channel_room.split(" ")
    if name != WALL_ROOM:
        return None
    if not parts:
        return WallPlace()
    room, last_seat_m, inches = (None if part == _UNSET else part for part in parts)
    return WallPlace(room, None if last_seat_m is None else float(last_seat_m), None if inches is None else int(inches))


def room_asked(hall: Hall, subject: str, auth: Mapping[str, object]) -> str | None:
    """Return the room of a screen: the one in its address, else the one set for its device; None for no room."""
    asked = auth.get("room")
    if isinstance(asked, str) and asked in hall.catalogue.hall.rooms:
        return asked
    return _setting(hall, subject).room


def place_of(hall: Hall, subject: str, auth: Mapping[str, object]) -> WallPlace:
    """Return the place of the wall that has connected."""
    own = _setting(hall, subject)
    return WallPlace(room_asked(hall, subject, auth), own.last_seat_m, own.inches)


def _setting(hall: Hall, subject: str) -> ScreenSetting:
    return hall.catalogue.hall.screens.get(subject.removeprefix("device:"), ScreenSetting())
