"""The voices that a centre recorded for itself, in its data folder: a folder a pack, a WAV file a clip.

What comes in is checked to the last byte, because it may come from anywhere and is played in the hall.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import unicodedata
import wave
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import partial
from pathlib import Path

from voice.packs import MANIFEST, Clip, needed
from voice.recording import may_hold

RATE = 22_050
_WIDTH = 2  # bytes of a sample
SHORTEST_S, LONGEST_S = 0.08, 12.0  # of a clip
AROUND_S = 0.05  # of silence between two clips, so that none leaks into its neighbour
ZIP_LARGEST = 12 * 1024 * 1024
_UNPACKED_LARGEST = 40 * 1024 * 1024
_ENTRIES_MOST = 400
_MANIFEST_LARGEST = 16 * 1024
LINE_LONGEST = 120
_HEADER = 44  # bytes before the sound, in the files written here
FORMAT = "den-luot-voice"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

REASONS = frozenset(
    """voice_unknown_pack voice_unknown_clip voice_format voice_length voice_speaker voice_consent voice_text
    voice_zip voice_zip_size voice_zip_name voice_zip_manifest voice_zip_clip voice_zip_empty""".split()
)


class UnusableVoice(Exception):
    """Something that cannot be taken into a pack; `code` is one of REASONS, `params` fill in its sentence."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class About:
    """Who speaks, what, and by whose leave. Days are ISO 8601, empty where it did not happen yet."""

    dialect: str = ""
    speaker: str = ""
    consent: str = ""  # the day on which the speaker agreed to be recorded, named and heard
    licence: str = ""
    checked_by: str = ""
    checked_at: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A pack as far as it is recorded; `version` rises with every change."""

    pack: str
    about: About = About()
    version: int = 0
    clips: Mapping[str, int] = field(default_factory=dict)  # name -> samples

    @property
    def places(self) -> dict[str, Clip]:
        """Return where each clip lies in the sound of the pack."""
        at, places = AROUND_S, {}
        for clip, samples in self.clips.items():
            places[clip] = Clip(round(at, 4), round(samples / RATE, 4))
            at += samples / RATE + AROUND_S
        return places

    @property
    def length_s(self) -> float:
        """Return the length of the sound of the pack in seconds."""
        return round(sum(self.clips.values()) / RATE + AROUND_S * (len(self.clips) + 1), 4)


class Library:
    """The recorded packs of one centre, in `folder`; `names` are those that may be recorded."""

    def __init__(self, folder: Path, names: Collection[str]) -> None:
        self._folder = folder
        self.names = names

    def read(self, pack: str) -> Recorded:
        """Return a pack; one of which nothing is recorded is empty.

        Raises:
            UnusableVoice: there is no pack of this name.
        """
        if pack not in self.names:
            raise UnusableVoice("voice_unknown_pack")
        about, version = About(), 0
        try:
            about, version = _about(json.loads(self._path(pack, MANIFEST).read_bytes()))
        except (OSError, ValueError, UnusableVoice):
            about = About()  # lost or damaged: the clips can be heard all the same
        return Recorded(pack, about, version, dict(self._samples(pack)))

    def describe(self, pack: str, about: About) -> Recorded:
        """Set who speaks and by whose leave.

        Raises:
            UnusableVoice: no such pack, a text too long, or clips are there and the consent is taken away.
        """
        now = self.read(pack)
        if not (about.speaker and about.consent) and now.clips:
            raise UnusableVoice("voice_consent")
        _check_about(about)
        return self._write(replace(now, about=about))

    def save(self, pack: str, clip: str, sound: bytes) -> Recorded:
        """Put one clip into a pack, in place of what it had.

        Raises:
            UnusableVoice: no such pack or clip; nobody is named who agreed; or the sound is no clip.
        """
        now = self.read(pack)
        if not (now.about.speaker and now.about.consent):
            raise UnusableVoice("voice_speaker")
        if not may_hold(pack, clip):
            raise UnusableVoice("voice_unknown_clip")
        samples = _samples_of(sound)
        self._put(self._path(pack, f"{clip}.wav"), _wav(samples))
        # The second speaker has not heard this clip.
        return self._write(replace(now, about=replace(now.about, checked_by="", checked_at="")))

    def delete(self, pack: str, clip: str) -> Recorded:
        """Take one clip out of a pack.

        Raises:
            UnusableVoice: no such pack or clip.
        """
        now = self.read(pack)
        if not may_hold(pack, clip):
            raise UnusableVoice("voice_unknown_clip")
        self._path(pack, f"{clip}.wav").unlink(missing_ok=True)
        return self._write(now)

    def sound(self, pack: str) -> bytes:
        """Return all clips of a pack as one WAV, at their `places`."""
        gap = bytes(round(AROUND_S * RATE) * _WIDTH)
        whole, places = bytearray(gap), self.read(pack).places
        for clip, place in places.items():
            whole += bytes(max(0, round(place.start_s * RATE) * _WIDTH - len(whole)))
            whole += self._path(pack, f"{clip}.wav").read_bytes()[_HEADER:]
        return _wav(bytes(whole + gap))

    def exported(self, pack: str) -> bytes:
        """Return a pack as a ZIP, for another centre or to be kept."""
        now = self.read(pack)
        clips = {clip: self._path(pack, f"{clip}.wav").read_bytes() for clip in now.clips}
        return packed(now, clips)

    def bring_in(self, file: bytes) -> Recorded:
        """Put the pack of a ZIP in place of the one that is here.

        Raises:
            UnusableVoice: as `unpacked`.
        """
        given, clips = unpacked(file, self.names)
        before = self.read(given.pack)
        new, old = (self._folder / f".{given.pack}.{name}" for name in ("new", "old"))
        for folder in (new, old):
            shutil.rmtree(folder, ignore_errors=True)
        new.mkdir(parents=True)
        for clip, samples in clips.items():
            (new / f"{clip}.wav").write_bytes(_wav(samples))
        changed = replace(given, version=before.version + 1)
        (new / MANIFEST).write_bytes(_manifest(changed))
        here = self._folder / given.pack
        if here.exists():
            here.rename(old)
        new.rename(here)
        shutil.rmtree(old, ignore_errors=True)
        return changed

    def _path(self, pack: str, name: str) -> Path:
        return self._folder / pack / name

    def _samples(self, pack: str) -> Iterator[tuple[str, int]]:
        order = {clip: n for n, clip in enumerate(needed(pack))}
        folder = self._folder / pack
        files = {path.stem: path for path in folder.glob("*.wav")} if folder.is_dir() else {}
        for clip in sorted(filter(partial(may_hold, pack), files), key=lambda clip: (order.get(clip, -1), clip)):
            samples = (files[clip].stat().st_size - _HEADER) // _WIDTH
            if samples > 0:
                yield clip, samples

    def _write(self, recorded: Recorded) -> Recorded:
        """Save the manifest with the next version; return the pack as it is now."""
        changed = replace(recorded, version=recorded.version + 1)
        self._put(self._path(changed.pack, MANIFEST), _manifest(changed))
        return self.read(changed.pack)

    def _put(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}")
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)


def packed(recorded: Recorded, clips: Mapping[str, bytes]) -> bytes:
    """Return a pack and the WAV files of its clips as a ZIP."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, _manifest(recorded))
        for clip, sound in clips.items():
            archive.writestr(f"{clip}.wav", sound)
    return file.getvalue()


def unpacked(file: bytes, names: Collection[str]) -> tuple[Recorded, dict[str, bytes]]:
    """Return the pack in a ZIP, and the samples of its clips. Nothing is written.

    Raises:
        UnusableVoice: it is too large, packed or unpacked; is no ZIP; holds a file that no pack has; its
            manifest names no pack of ours, or nobody who agreed; or a clip is not as clips are.
    """
    if len(file) > ZIP_LARGEST:
        raise UnusableVoice("voice_zip_size")
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            contents = _contents(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise UnusableVoice("voice_zip") from error
    manifest = contents.pop(MANIFEST, None)
    if manifest is None or len(manifest) > _MANIFEST_LARGEST:
        raise UnusableVoice("voice_zip_manifest")
    try:
        tree = json.loads(manifest)
        about, version = _about(tree)
        pack = str(tree["pack"])
        if tree["format"] != FORMAT:
            raise ValueError(tree["format"])
    except (ValueError, KeyError, TypeError, RecursionError, UnusableVoice) as error:
        raise UnusableVoice("voice_zip_manifest") from error
    if pack not in names:
        raise UnusableVoice("voice_unknown_pack")
    if not (about.speaker and about.consent):
        raise UnusableVoice("voice_consent")
    clips = {}
    for name, sound in contents.items():
        clip = name.removesuffix(".wav")
        if clip == name or not may_hold(pack, clip):
            raise UnusableVoice("voice_zip_name", name=name[:LINE_LONGEST])
        try:
            clips[clip] = _samples_of(sound)
        except UnusableVoice as error:
            raise UnusableVoice("voice_zip_clip", name=name) from error
    if not clips:
        raise UnusableVoice("voice_zip_empty")
    return Recorded(pack, about, version, {clip: len(samples) // _WIDTH for clip, samples in clips.items()}), clips


def _contents(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Return the files of a ZIP by name; no more is unpacked than a pack can have, whatever the ZIP says of itself."""
    entries = archive.infolist()
    if len(entries) > _ENTRIES_MOST:
        raise UnusableVoice("voice_zip_size")
    left, contents = _UNPACKED_LARGEST, {}
    for entry in entries:
        name = unicodedata.normalize("NFC", entry.filename)
        if name in contents or entry.is_dir() or re.search(r"[/\\\0:]", name):
            raise UnusableVoice("voice_zip_name", name=name[:LINE_LONGEST])
        with archive.open(entry) as file:
            contents[name] = file.read(left + 1)
        left -= len(contents[name])
        if left < 0:
            raise UnusableVoice("voice_zip_size")
    return contents


def _samples_of(sound: bytes) -> bytes:
    """Return the samples of a clip.

    Raises:
        UnusableVoice: it is no WAV of one channel, 16 bits and RATE; or too short or too long.
    """
    try:
        with wave.open(io.BytesIO(sound), "rb") as file:
            form = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            samples = file.readframes(round(LONGEST_S * RATE) + 1)
    except (wave.Error, EOFError, RuntimeError, ValueError) as error:
        raise UnusableVoice("voice_format") from error
    if form != (1, _WIDTH, RATE):
        raise UnusableVoice("voice_format")
    if not SHORTEST_S <= len(samples) / _WIDTH / RATE <= LONGEST_S:
        raise UnusableVoice("voice_length")
    return samples


def _wav(samples: bytes) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, _WIDTH, RATE, 0, "NONE", ""))
        sound.writeframes(samples)
    return file.getvalue()


def _manifest(recorded: Recorded) -> bytes:
    about = {"format": FORMAT, "pack": recorded.pack, "version": recorded.version, **asdict(recorded.about)}
    return f"{json.dumps(about, ensure_ascii=False, indent=1)}\n".encode()


def _about(tree: object) -> tuple[About, int]:
    if not isinstance(tree, dict):
        raise UnusableVoice("voice_zip_manifest")
    about = About(**{part.name: str(tree.get(part.name, "")) for part in fields(About)})
    _check_about(about)
    return about, max(0, int(tree.get("version", 0)))


def _check_about(about: About) -> None:
    for text in asdict(about).values():
        if len(text) > LINE_LONGEST or not text.isprintable():
            raise UnusableVoice("voice_text")
    for day in (about.consent, about.checked_at):
        if day and not _DAY.fullmatch(day):
            raise UnusableVoice("voice_text")
