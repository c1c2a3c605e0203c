"""What can be chosen everywhere: languages, classes of priority, groups, outcomes, reasons, icons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

ORDINARY = "ordinary"
PRIORITY = "priority"
URGENT = "urgent"
CLASSES = (ORDINARY, PRIORITY, URGENT)


class Language(NamedTuple):
    """A language of the screens: its own name, the same for a narrow key, and the locale of its numbers."""

    name: str
    short_name: str
    locale: str


# The first is for those who chose none. Another takes a line here and its texts in static/text/<code>.json.
LANGUAGES: Mapping[str, Language] = {
    "vi": Language("Tiếng Việt", "Việt", "vi-VN"),
    "en": Language("English", "English", "en-GB"),
}
DEFAULT_LANGUAGE = next(iter(LANGUAGES))

# Languages in which a number is called and no screen is written: each has a pack to be recorded (docs/voices.md). The
# tag is that of ISO 639-3, or of two letters where there is one.
SPOKEN_LANGUAGES: Mapping[str, Language] = {
    "hmn": Language("Tiếng Mông", "Mông", "vi-VN"),
    "tyz": Language("Tiếng Tày", "Tày", "vi-VN"),
    "blt": Language("Tiếng Thái", "Thái", "vi-VN"),
    "ium": Language("Tiếng Dao", "Dao", "vi-VN"),
    "mtq": Language("Tiếng Mường", "Mường", "vi-VN"),
    "km": Language("Tiếng Khmer", "Khmer", "vi-VN"),
    "rad": Language("Tiếng Ê-đê", "Ê-đê", "vi-VN"),
    "jra": Language("Tiếng Gia Rai", "Gia Rai", "vi-VN"),
    "cjm": Language("Tiếng Chăm", "Chăm", "vi-VN"),
}

THEMES = ("dark", "light")

VOICE_VARIANTS = ("north", "south")  # of spoken Vietnamese, as voice/numbers.py knows them
# The voices that a centre can record for itself, by the name of their pack.
RECORDABLE = (*SPOKEN_LANGUAGES, *(f"vi-{variant}" for variant in VOICE_VARIANTS), "en")

# Pictograms of services. Each is in the sprite of the kiosk and in the small one of the phone.
ICONS = (
    "rubber-stamp",
    "friends",
    "seedling",
    "heart-handshake",
    "device-laptop",
    "file-check",
    "message-question",
    "building-store",
    "id",
    "messages",
    "list-search",
    "map-pin",
)
# For the classes of priority; staff alone see them, so the small sprite needs none.
CLASS_ICONS = (
    "star",
    "user",
    "users",
    "old",
    "disabled",
    "pregnant",
    "baby-carriage",
    "medal",
    "friends",
    "heart-handshake",
)

# The groups that may claim priority at the kiosk, each with its icon there.
GROUPS = ("elder", "disabled", "pregnant", "with_child", "merit")

# The outcomes of a service; the clerk chooses one on finishing.
OUTCOMES = ("filed", "guided", "returned_result", "needs_supplement", "submitted_online")

# Why a clerk calls a number out of turn.
CALL_REASONS = ("missed_call", "wrong_service", "unwell", "same_matter", "other")

PEOPLE_MOST = 20  # who may come together with one ticket

# Why staff take a cancel back; its holder needs no reason.
REINSTATE_REASONS = ("by_mistake", "wrong_number", "came_back", "other")

# Why a supervisor ends numbers for which nobody came.
GHOST_REASONS = ("nobody_came", "hoarded", "taken_twice", "other")

# How a visit may be rated, the best first, and what may be said to be the reason.
RATINGS = ("very_satisfied", "satisfied", "neutral", "dissatisfied")
RATING_REASONS = ("waited_long", "unclear", "came_again", "attitude", "facilities")

# What a supervisor asks of a counter, and what is answered there.
COUNTER_WISHES = ("open", "resume")
COUNTER_ANSWERS = ("seen", "cannot")

# Messages to all who wait that can be picked, and whether the words name a time.
NOTICES: Mapping[str, bool] = {"system_down": False, "slow": False, "lunch": True, "closing_early": True}
ENTRANCE_MOST = 200  # people before the kiosk

# Pauses that nobody at the counter chose: the wall says that numbers are kept.
FAULT_REASONS = ("software_fault", "portal_overloaded", "network_lost")
PAUSE_REASONS = ("lunch", "meeting", "online_dossiers", *FAULT_REASONS, "other")
