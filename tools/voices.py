"""Make the voice packs in static/voice: from spelled words by an engine, from recordings, or empty, to be filled.

Run: `make voices` for the machine voices; `python -m tools.voices hmn recordings/` for a folder of recorded
clips, `<clip>.wav` each; `python -m tools.voices --lists` for the recording lists of the languages that no program
speaks; `python -m tools.voices --help` for another engine (docs/voices.md). This needs sox, and Debian's espeak-ng
unless there is another engine. A centre and its tests need neither: the packs are in the repository.
"""

from __future__ import annotations

import argparse
import io
import json
import shlex
import subprocess
import tempfile
import wave
from array import array
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from hall.catalogue.defaults import SERVICES
from queueing.catalogue import SPOKEN_LANGUAGES
from voice.library import About, Recorded, packed
from voice.numbers import NORTH, SOUTH
from voice.packs import MANIFEST, read_pack
from voice.phrases import clip_words, kiosk_words
from voice.recording import prompts

ROOT = Path(__file__).resolve().parent.parent
PACKS = ROOT / "static" / "voice"
TEXTS = ROOT / "static" / "text"
SOUND = "voice.ogg"
WORDS = "words.tsv"

# pack: (language tag, our language, variant, voice of espeak-ng, its words a minute)
MACHINE = {
    "vi-north": ("vi-VN", "vi", NORTH, "vi", 150),
    "vi-south": ("vi-VN-x-south", "vi", SOUTH, "vi-vn-x-south", 160),
    "en": ("en", "en", "", "en", 140),
}
RATE = 22050
QUIET = 0.004  # of full scale: below it a clip has not begun
LEVEL = 0.14  # root mean square of what is heard of a clip
PEAK = 0.85
FADE_S = 0.006
AROUND_S = 0.05  # of silence between two clips in the file, so that none leaks into its neighbour

Samples = list[float]
Say = Callable[[str, Path], None]  # writes the words as a WAV file


def main() -> None:
    """Make the packs named on the command line, or all machine voices."""
    parser = argparse.ArgumentParser(description="Make voice packs.")
    parser.add_argument("pack", nargs="?", help="of static/voice; without one, all machine voices")
    parser.add_argument("recordings", nargs="?", type=Path, help="a folder of recorded clips, <clip>.wav each")
    parser.add_argument("--lists", action="store_true", help="write the packs that are to be recorded, without clips")
    parser.add_argument(
        "--engine", help="a command that writes {file}, a WAV, from {words}; without {words} it reads them"
    )
    parser.add_argument("--speaker", default="", help="of the engine's voice, with its consent: who is to be named")
    parser.add_argument("--licence", default="", help="under which the voice may be used")
    parser.add_argument(
        "--zip", type=Path, help="write the pack to this ZIP, for a centre to import, not to static/voice"
    )
    chosen = parser.parse_args()
    if chosen.lists:
        for pack in SPOKEN_LANGUAGES:
            write_list(pack)
    elif chosen.recordings:
        record(chosen.pack, chosen.recordings)
    elif chosen.engine:
        if chosen.pack not in MACHINE or not (chosen.speaker and chosen.licence):
            parser.error(f"--engine needs one of {', '.join(MACHINE)}, --speaker and --licence")
        about = About(speaker=chosen.speaker, licence=chosen.licence, consent=chosen_day())
        render_with(chosen.pack, engine(chosen.engine), about, chosen.zip)
    else:
        for pack in [chosen.pack] if chosen.pack else MACHINE:
            render(pack)


def chosen_day() -> str:
    """Return today, ISO 8601: who gives the name of a speaker says that they agreed."""
    return datetime.now(UTC).date().isoformat()


def write_list(pack: str) -> None:
    """Write a pack without clips: what to record, the most useful first, with an empty column for its words."""
    folder = PACKS / pack
    folder.mkdir(parents=True, exist_ok=True)
    asked = {prompt.clip: prompt.words for prompt in prompts(pack)}
    further = {clip: words.rstrip(",.") for clip, words in clip_words("vi").items() if clip not in asked}
    lines = [f"{clip}\t{words}\t" for clip, words in (asked | further).items()]
    head = f"clip\tTiếng Việt\t{SPOKEN_LANGUAGES[pack].name}\n"
    (folder / WORDS).write_text(head + "".join(f"{line}\n" for line in lines), "utf-8")
    manifest = {"language": pack, **asdict(About()), "version": 0, "sound": None, "length_s": 0, "clips": {}}
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", "utf-8")


def engine(template: str) -> Say:
    """Return the engine behind a command: {words} and {file} are put in place of themselves.

    No shell reads the command, so no word of a text can be one.
    """
    parts = shlex.split(template)

    def say(words: str, file: Path) -> None:
        command = [part.replace("{words}", words).replace("{file}", str(file)) for part in parts]
        given = None if "{words}" in template else f"{words}\n"
        subprocess.run(command, check=True, input=given, text=True)

    return say


def render(pack: str) -> None:
    """Make a machine voice, from spelled words only: espeak-ng reads numbers wrongly ("mười năm" for 15)."""
    _, language, _, voice, speed = MACHINE[pack]
    speaker = "espeak-ng, machine voice" if language == "en" else "espeak-ng, giọng máy"
    say = engine(f"espeak-ng -v {voice} -s {speed} -w {{file}} {{words}}")
    render_with(pack, say, About(speaker=speaker, licence="Apache-2.0"), None)


def render_with(pack: str, say: Say, about: About, file: Path | None) -> None:
    """Make a voice by an engine: into static/voice, or as a ZIP with the clips of calls alone."""
    tag, language, variant, _, _ = MACHINE[pack]
    wanted = clip_words(language, variant)
    if file is None:
        texts = json.loads((TEXTS / f"{language}.json").read_text("utf-8"))
        names = [words for service in SERVICES for words in (service.names[language], service.hints[language])]
        wanted |= kiosk_words(texts, names, language)
    said: dict[str, Samples] = {}
    with tempfile.TemporaryDirectory() as folder:
        for words in dict.fromkeys(wanted.values()):
            path = Path(folder) / "clip.wav"
            say(words, path)
            said[words] = even(trimmed(plain_samples(path)))
    if file is None:
        write(PACKS / pack, {"language": tag, "speaker": about.speaker, "licence": about.licence}, wanted, said)
        return
    clips = {clip: wave_file(said[words]) for clip, words in wanted.items()}
    file.write_bytes(packed(Recorded(pack, about, 1), clips))
    print(f"{file}: {pack}, {len(clips)} clips, {file.stat().st_size / 1024:.0f} KB")


def record(pack: str, folder: Path) -> None:
    """Make a pack of recordings; its manifest keeps what it has of speaker, consent and licence."""
    about = json.loads((PACKS / pack / MANIFEST).read_text("utf-8"))
    said, names = {}, {}
    for path in sorted(folder.glob("*.wav")):
        names[path.stem] = path.stem
        said[path.stem] = even(trimmed(plain_samples(path, "highpass", "80")))
    write(PACKS / pack, about, names, said)


def plain_samples(path: Path, *effects: str) -> Samples:
    """Read a sound file of any kind that sox knows."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "clip.wav"
        subprocess.run(["sox", "-R", path, "-r", str(RATE), "-c", "1", "-b", "16", plain, *effects], check=True)
        return samples(plain)


def samples(path: Path) -> Samples:
    """Read a mono recording of 16 bits as numbers from -1 to 1."""
    with wave.open(str(path), "rb") as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (RATE, 1, 2), path
        raw = array("h", sound.readframes(sound.getnframes()))
    return [value / 32768 for value in raw]


def trimmed(sound: Samples) -> Samples:
    """Return a sound without the silence at both ends.

    Raises:
        ValueError: it is silent.
    """
    heard = [i for i, value in enumerate(sound) if abs(value) > QUIET]
    if not heard:
        raise ValueError("a clip is silent")
    return sound[max(0, heard[0] - round(FADE_S * RATE)) : heard[-1] + round(FADE_S * RATE)]


def even(sound: Samples) -> Samples:
    """Return a sound as loud as every other clip, and without a click at its ends."""
    blocks = [sound[i : i + RATE // 50] for i in range(0, len(sound), RATE // 50)]
    powers = [sum(value * value for value in block) / len(block) for block in blocks]
    heard = [power for power in powers if power > max(powers) / 100]
    gain = min(LEVEL / (sum(heard) / len(heard)) ** 0.5, PEAK / max(map(abs, sound)))
    fade = round(FADE_S * RATE)
    return [value * gain * min(1, i / fade, (len(sound) - 1 - i) / fade) for i, value in enumerate(sound)]


def write(folder: Path, about: Mapping[str, object], wanted: Mapping[str, str], said: Mapping[str, Samples]) -> None:
    """Write one sound file and its manifest; clips with the same words share their place."""
    gap = [0.0] * round(AROUND_S * RATE)
    whole, places = list(gap), {}
    for words, sound in said.items():
        places[words] = [round(len(whole) / RATE, 4), round(len(sound) / RATE, 4)]
        whole += sound + gap
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        path = str(Path(temporary) / "voice.wav")
        Path(path).write_bytes(wave_file(whole))
        subprocess.run(["sox", "-R", path, "-C", "0", folder / SOUND], check=True)
    version = 1
    if (folder / MANIFEST).is_file():
        version = json.loads((folder / MANIFEST).read_text("utf-8"))["version"] + 1
    manifest = {
        **about,
        "version": version,
        "sound": SOUND,
        "length_s": round(len(whole) / RATE, 4),
        "clips": {name: places[words] for name, words in wanted.items()},
    }
    lines = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(compact(lines) + "\n", "utf-8")
    pack = read_pack(folder)
    missing = pack.missing()
    size = (folder / SOUND).stat().st_size
    print(f"{pack.name}: {len(pack.clips)} clips, {size / 1024:.0f} KB, {len(missing)} missing {missing[:5]}")


def wave_file(sound: Samples) -> bytes:
    """Return a sound as a WAV of 16 bits."""
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setparams((1, 2, RATE, 0, "NONE", ""))
        written.writeframes(array("h", [round(value * 32767) for value in sound]).tobytes())
    return file.getvalue()


def compact(text: str) -> str:
    """Return the JSON with the two figures of each clip on its line."""
    return text.replace("[\n   ", "[").replace(",\n   ", ", ").replace("\n  ]", "]")


if __name__ == "__main__":
    main()
