"""What a person records for a voice: some sixty clips, in an order in which each is of use as soon as it is there."""

from __future__ import annotations

import re
from typing import NamedTuple

from voice.packs import SPELLED
from voice.phrases import AFTER_TENS, LINK, clip_words

LETTERS = "ABCDĐEGH"  # the first that a centre gives to its services; another is said in Vietnamese
ROOM = re.compile(r"room-[0-9a-f]{8}")  # hall/catalogue/rooms.py makes them of the name
WHOLE_COUNTERS = range(1, 6)  # said in one breath; further ones are put together


class Prompt(NamedTuple):
    """A clip to record. `words` are what is said in the language of the prompts, as heard in the clip `example`.

    `example` is empty where nothing that is shipped says it.
    """

    clip: str
    words: str
    example: str
    example_words: str


def prompts(pack: str) -> list[Prompt]:
    """Return what to record for a voice that counts to 9,999.

    After the first twelve clips any number is called at any counter, digit by digit. The prompts of English are
    English, those of every other pack Vietnamese: nobody here knows the words of its language.
    """
    words = _words(pack)
    named = [
        "call", "to_counter", *(f"digit-{n}" for n in range(10)),
        "again", "call_priority",
        *(f"to_counter-{n}" for n in WHOLE_COUNTERS),
        *(f"number-{n}" for n in range(10, 20)),
        *(f"number-{n}" for n in range(20, 100, 10)),
        *(f"after_tens-{n}" for n in AFTER_TENS),
        *(f"hundred-{n}" for n in range(1, 10)), LINK,
        *(f"letter-{letter}" for letter in LETTERS if f"letter-{letter}" in words),
        "counter", "paused", "trouble", "accessible",
    ]  # fmt: skip
    return [_prompt(clip, words) for clip in named]


def recordable(pack: str) -> set[str]:
    """Return the names of all clips of the program that a pack may hold for calls; the prompts are those most need."""
    return {*_words(pack), LINK, *(f"after_tens-{n}" for n in AFTER_TENS)}


def may_hold(pack: str, clip: str) -> bool:
    """Return whether a pack may hold a clip: one of the program, or the name of a room of the centre."""
    return clip in recordable(pack) or ROOM.fullmatch(clip) is not None


def room_prompt(clip: str, words: str) -> Prompt:
    """Return what to record for the name of a room; there is no example, because no voice that is shipped has it."""
    return Prompt(clip, words, "", "")


def _words(pack: str) -> dict[str, str]:
    language, variant = SPELLED.get(pack, SPELLED["vi-north"])
    return clip_words(language, variant)


def _prompt(clip: str, words: dict[str, str]) -> Prompt:
    kind, _, number = clip.partition("-")
    example = {LINK: "rest-5", "after_tens": f"number-2{number}"}.get(kind, clip)
    whole = words[example].rstrip(",.")
    said = whole if example == clip else whole.replace("-", " ").split()[0 if clip == LINK else -1]
    return Prompt(clip, said, example, whole)
