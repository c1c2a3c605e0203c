"""The rooms of a centre as settings, and what is set for a screen that hangs in one of them."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from hall.catalogue.lengths import ByCode, Code, Line, Many

_CLIP_LONG = 8


class RoomVoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the walls of one room speak; quiet hours, repeat and recorded voices are the hall's."""

    on: bool = True
    variant: Code = "north"
    volume: int = 80  # per cent


class Room(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A waiting area and the counters in it. Rooms never change the order of service, which is the hall's."""

    names: ByCode[Line]  # as people read and hear it: "Phòng 2, tầng 1"
    counters: Many[int]
    voice: RoomVoice | None = None  # None: as in the hall
    speaker: int | None = None  # the wall of the room that speaks, by its device; None: the first that can be heard

    @property
    def clip(self) -> str:
        """Return the clip in which a recorded voice says the room: a room that is renamed has another."""
        return f"room-{sha256(self.names['vi'].encode()).hexdigest()[:_CLIP_LONG]}"


class ScreenSetting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of one paired screen. None: it shows every room; the hall's distance and television."""

    room: Code | None = None
    last_seat_m: float | None = None
    inches: int | None = None
