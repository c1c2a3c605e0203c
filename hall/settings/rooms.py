"""Checks of the rooms, and of what is set for single screens."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping

from msgspec.structs import replace

from hall.catalogue.rooms import Room, ScreenSetting
from hall.settings.text import refuse
from queueing.catalogue import VOICE_VARIANTS

ROOMS_MOST, ROOM_LONGEST, SCREENS_MOST = 20, 40, 100
LAST_SEAT_M, WALL_INCHES, VOLUME = (2, 40), (19, 120), (0, 100)

_CODE = re.compile(r"P[1-9][0-9]?")
_DEVICE = re.compile(r"[1-9][0-9]{0,8}")

Names = Callable[[str, Mapping[str, str], Iterable[str], int], dict[str, str]]


def checked_rooms(
    field: str, rooms: Mapping[str, Room], counters: Collection[int], languages: Collection[str], names_of: Names
) -> dict[str, Room]:
    """Return the rooms in their one form: counters in order, without those that the hall does not have any more.

    `names_of` checks the names of each.

    Raises:
        SettingRefused: `field` is the path of the rooms in the file.
    """
    if len(rooms) > ROOMS_MOST:
        refuse("setting_too_many", field, most=ROOMS_MOST)
    where: dict[int, str] = {}
    names: dict[tuple[str, str], str] = {}
    in_order: dict[str, Room] = {}
    for code in sorted(rooms, key=lambda code: (len(code), code)):
        room, at = rooms[code], f"{field}.{code}"
        if not _CODE.fullmatch(code):
            refuse("setting_kind", field)
        shown = names_of(at, room.names, languages, ROOM_LONGEST)
        for language, name in shown.items():
            if names.setdefault((language, name.casefold()), code) != code:
                refuse("setting_name_taken", f"{at}.names.{language}", name=name)
        here = tuple(sorted({number for number in room.counters if number in counters}))
        if not here:
            refuse("setting_room_empty", f"{at}.counters", name=shown["vi"])
        for number in here:
            if where.setdefault(number, code) != code:
                refuse(
                    "setting_room_counter", f"{at}.counters", counter=number, name=in_order[where[number]].names["vi"]
                )
        _check_voice(at, room)
        in_order[code] = replace(room, names=shown, counters=here)
    return in_order


def _check_voice(at: str, room: Room) -> None:
    if room.speaker is not None and room.speaker < 1:
        refuse("setting_kind", f"{at}.speaker")
    if room.voice is None:
        return
    if room.voice.variant not in VOICE_VARIANTS:
        refuse("setting_choice", f"{at}.voice.variant", choices=", ".join(VOICE_VARIANTS))
    if not VOLUME[0] <= room.voice.volume <= VOLUME[1]:
        refuse("setting_range", f"{at}.voice.volume", low=VOLUME[0], high=VOLUME[1])


def checked_screens(
    field: str, screens: Mapping[str, ScreenSetting], rooms: Collection[str]
) -> dict[str, ScreenSetting]:
    """Return what is set for single screens, by device; a room that is gone, and a screen with nothing set, left out.

    Raises:
        SettingRefused: `field` is the path of the screens in the file.
    """
    if len(screens) > SCREENS_MOST:
        refuse("setting_too_many", field, most=SCREENS_MOST)
    set_: dict[str, ScreenSetting] = {}
    for device in sorted(screens, key=lambda device: (len(device), device)):
        screen = screens[device]
        if not _DEVICE.fullmatch(device):
            refuse("setting_kind", field)
        for name, value, within in (
            ("last_seat_m", screen.last_seat_m, LAST_SEAT_M),
            ("inches", screen.inches, WALL_INCHES),
        ):
            if value is not None and not (math.isfinite(value) and within[0] <= value <= within[1]):
                refuse("setting_range", f"{field}.{device}.{name}", low=within[0], high=within[1])
        screen = replace(screen, room=screen.room if screen.room in rooms else None)
        if screen != ScreenSetting():
            set_[device] = screen
    return set_
