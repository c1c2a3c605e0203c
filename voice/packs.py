"""Packs of clips: a folder with a manifest and one sound file that holds every clip.

One file, because a call must not wait for five requests; the manifest says where each clip begins.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from voice.numbers import VARIANTS
from voice.phrases import clip_words

MANIFEST = "manifest.json"
SPELLED = {"en": ("en", "")} | {f"vi-{variant}": ("vi", variant) for variant in VARIANTS}


class WrongPack(Exception):
    """A pack that cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Clip:
    """Where a clip lies in the sound file of its pack, in seconds."""

    start_s: float
    length_s: float


@dataclass(frozen=True, slots=True)
class Pack:
    """One voice. A pack without a sound file is still to be recorded."""

    name: str
    language: str  # BCP 47
    speaker: str
    licence: str
    version: int
    sound: str | None
    clips: Mapping[str, Clip]

    def missing(self) -> list[str]:
        """Return the clips that an announcement may need and this pack lacks; those of the Vietnamese pack serve."""
        return [name for name in needed(self.name) if name not in self.clips]


def needed(pack: str) -> list[str]:
    """Return the names of all clips that an announcement in the language of this pack may need."""
    language, variant = SPELLED.get(pack, ("vi", VARIANTS[0]))
    return list(clip_words(language, variant))


def read_pack(folder: Path) -> Pack:
    """Return the pack in a folder.

    Raises:
        WrongPack: the manifest cannot be read, or names clips that the sound file cannot hold.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        pack = Pack(
            name=folder.name,
            language=str(manifest["language"]),
            speaker=str(manifest["speaker"]),
            licence=str(manifest["licence"]),
            version=int(manifest["version"]),
            sound=None if manifest["sound"] is None else str(manifest["sound"]),
            clips={str(name): Clip(float(start), float(length)) for name, (start, length) in manifest["clips"].items()},
        )
        length_s = float(manifest["length_s"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WrongPack(f"{folder.name}: {MANIFEST}: {error!r}") from error
    if pack.clips and (pack.sound is None or not (folder / pack.sound).is_file()):
        raise WrongPack(f"{folder.name}: the sound file is missing")
    for name, clip in pack.clips.items():
        if clip.start_s < 0 or clip.length_s <= 0 or clip.start_s + clip.length_s > length_s + 0.001:
            raise WrongPack(f"{folder.name}: {name!r} does not lie in the sound file")
    return pack
