"""The packs in the repository: every clip an announcement can name is there and can be heard."""

import json
import shutil
from itertools import product

import pytest

from hall.catalogue.defaults import SERVICES
from queueing.catalogue import SPOKEN_LANGUAGES
from tests.centre import ROOT
from voice import packs, phrases
from voice.numbers import ENGLISH_LETTERS, LETTERS
from voice.recording import prompts, recordable

VOICES = ROOT / "static" / "voice"
SPOKEN = ("vi-north", "vi-south", "en")
LARGEST_KB = 6 * 1024


@pytest.fixture(scope="module", params=SPOKEN)
def pack(request):
    return packs.read_pack(VOICES / request.param)


def test_given_any_call_then_the_pack_has_its_clips(pack):
    letters = ENGLISH_LETTERS if pack.name == "en" else LETTERS
    named = set()
    for n in range(1, 10_000):
        for number in (f"A{n:03d}", f"{n:04d}"):
            named |= {*phrases.call(number, 1), *phrases.repeat(number, 1)}
    for letter, counter in product(letters, range(1, 21)):
        named |= {*phrases.call(f"{letter}001", counter, priority=True), *phrases.repeat(f"{letter}001", counter)}
    for counter in range(21, 1000):
        named |= {*phrases.call("A001", counter, again=True), *phrases.pause(counter)}
    assert named - set(phrases.PAUSES) - set(pack.clips) == set()
    assert pack.missing() == []


def test_given_a_clip_then_it_is_neither_a_click_nor_a_speech(pack):
    held = phrases.clip_words("en" if pack.name == "en" else "vi", "south" if "south" in pack.name else "north")
    for name, clip in pack.clips.items():
        said = held.get(name, name).split()
        assert 0.12 < clip.length_s < 1 + 0.6 * len(said), name


def test_given_a_syllable_in_a_call_then_three_to_four_are_said_in_a_second():
    held, vi = phrases.clip_words("vi"), packs.read_pack(VOICES / "vi-north")
    syllables = seconds = 0
    for n, counter in product(range(1, 1000, 7), (1, 5, 12)):
        for clips in (phrases.call(f"B{n:03d}", counter), phrases.repeat(f"B{n:03d}", counter)):
            syllables += sum(len(held[clip].replace("-", " ").split()) for clip in clips if clip in held)
            seconds += sum(phrases.PAUSES.get(clip) or vi.clips[clip].length_s for clip in clips)
    assert 3 <= syllables / seconds <= 4


@pytest.mark.parametrize(("name", "language"), [("vi-north", "vi"), ("vi-south", "vi"), ("en", "en")])
def test_given_what_the_kiosk_reads_then_the_pack_has_it_word_for_word(name, language):
    texts = json.loads((ROOT / "static" / "text" / f"{language}.json").read_text("utf-8"))
    for section, keys in phrases.KIOSK_READS.items():
        assert set(keys) - set(texts[section]) == set()
    names = [words for service in SERVICES for words in (service.names[language], service.hints[language])]
    wanted = phrases.kiosk_words(texts, names, language)
    missing = set(wanted) - set(packs.read_pack(VOICES / name).clips)
    assert missing == set(), "after a change of these words: make voices"


def test_given_all_packs_then_they_are_small_and_say_who_speaks():
    assert sum(path.stat().st_size for path in VOICES.rglob("*")) < LARGEST_KB * 1024
    for pack in (packs.read_pack(path.parent) for path in VOICES.glob(f"*/{packs.MANIFEST}")):
        assert pack.language
        assert (pack.speaker and pack.licence) or not pack.clips, pack.name


@pytest.mark.parametrize("name", SPOKEN_LANGUAGES)
def test_given_a_language_nobody_recorded_yet_then_its_pack_is_empty_and_lists_what_to_record(name):
    pack = packs.read_pack(VOICES / name)
    assert (pack.language, pack.clips, pack.sound) == (name, {}, None)
    assert pack.missing() == packs.needed("vi-north")
    manifest = json.loads((VOICES / name / "manifest.json").read_text("utf-8"))
    assert {"dialect", "speaker", "consent", "licence", "checked_by", "checked_at"} < set(manifest)
    lines = (VOICES / name / "words.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines[1:]]
    asked = [prompt.clip for prompt in prompts(name)]
    assert [row[0] for row in rows][: len(asked)] == asked  # the most useful first
    assert {row[0] for row in rows} == recordable(name)
    assert {len(row) for row in rows} == {3}
    assert all(row[2] == "" for row in rows)  # nobody translated them by machine


def test_given_a_damaged_pack_then_it_is_named(tmp_path):
    folder = tmp_path / "vi-north"
    shutil.copytree(VOICES / "vi-north", folder)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["clips"]["digit-3"] = [manifest["length_s"], 1]
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(packs.WrongPack, match="vi-north: 'digit-3'"):
        packs.read_pack(folder)
    del manifest["clips"]["digit-3"]
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    assert packs.read_pack(folder).missing() == ["digit-3"]
    (folder / "voice.ogg").unlink()
    with pytest.raises(packs.WrongPack, match="sound file"):
        packs.read_pack(folder)
    (folder / "manifest.json").write_text("[]", "utf-8")
    with pytest.raises(packs.WrongPack, match="vi-north: manifest.json"):
        packs.read_pack(folder)
