"""Make the voice packs in static/voice: from spelled words with espeak-ng, or from recordings.

Run: `make voices` for the machine voices, or `python -m tools.voices hmn recordings/` for a folder of recorded
clips, `<clip>.wav` each (docs/voices.md). This needs Debian's espeak-ng and sox. A centre and its tests need
neither: the packs are in the repository.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import wave
from array import array
from collections.abc import Mapping
from pathlib import Path

from hall.catalogue.defaults import SERVICES
from voice.numbers import NORTH, SOUTH
from voice.packs import MANIFEST, read_pack
from voice.phrases import clip_words, kiosk_words, spelled

ROOT = Path(__file__).resolve().parent.parent
PACKS = ROOT / "static" / "voice"
TEXTS = ROOT / "static" / "text"
SOUND = "voice.ogg"

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


def main() -> None:
    """Make the packs named on the command line, or all machine voices."""
    if len(sys.argv) == 3:
        record(sys.argv[1], Path(sys.argv[2]))
        return
    for pack in sys.argv[1:] or MACHINE:
        render(pack)


def render(pack: str) -> None:
    """Make a machine voice, from spelled words only: espeak-ng reads numbers wrongly ("mười năm" for 15)."""
    tag, language, variant, voice, speed = MACHINE[pack]
    texts = json.loads((TEXTS / f"{language}.json").read_text("utf-8"))["kiosk"]
    names = [service.names[language] for service in SERVICES]
    sayings = {words: spelled(words, language) for words in kiosk_words(texts, names)}
    wanted = clip_words(language, variant) | sayings
    said: dict[str, Samples] = {}
    with tempfile.TemporaryDirectory() as folder:
        for words in dict.fromkeys(wanted.values()):
            path = Path(folder) / "clip.wav"
            subprocess.run(["espeak-ng", "-v", voice, "-s", str(speed), "-w", path, words], check=True)
            said[words] = even(trimmed(samples(path)))
    speaker = "espeak-ng, machine voice" if language == "en" else "espeak-ng, giọng máy"
    about = {"language": tag, "speaker": speaker, "licence": "Apache-2.0"}
    write(PACKS / pack, about, wanted, said)


def record(pack: str, folder: Path) -> None:
    """Make a pack of recordings; its manifest keeps what it has of speaker, consent and licence."""
    about = json.loads((PACKS / pack / MANIFEST).read_text("utf-8"))
    said, names = {}, {}
    with tempfile.TemporaryDirectory() as temporary:
        for path in sorted(folder.glob("*.wav")):
            plain = Path(temporary) / "clip.wav"
            subprocess.run(
                ["sox", "-R", path, "-r", str(RATE), "-c", "1", "-b", "16", plain, "highpass", "80"], check=True
            )
            names[path.stem] = path.stem
            said[path.stem] = even(trimmed(samples(plain)))
    write(PACKS / pack, about, names, said)


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
        with wave.open(path, "wb") as sound_file:
            sound_file.setparams((1, 2, RATE, 0, "NONE", ""))
            sound_file.writeframes(array("h", [round(value * 32767) for value in whole]).tobytes())
        subprocess.run(["sox", "-R", path, "-C", "1", folder / SOUND], check=True)
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


def compact(text: str) -> str:
    """Return the JSON with the two figures of each clip on its line."""
    return text.replace("[\n   ", "[").replace(",\n   ", ", ").replace("\n  ]", "]")


if __name__ == "__main__":
    main()
