"""The voices recorded at a centre: what is taken, what is refused and why, and what another centre gets of them."""

import io
import json
import wave
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queueing.catalogue import RECORDABLE
from voice.library import AROUND_S, RATE, REASONS, About, Library, Recorded, UnusableVoice, packed, unpacked

SPEAKER = About(dialect="Mông Hoa", speaker="Giàng Thị Mai", consent="2026-11-30", licence="CC BY 4.0")


def sound(seconds=0.5, rate=RATE, channels=1, width=2, value=1000):
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setparams((channels, width, rate, 0, "NONE", ""))
        written.writeframes(value.to_bytes(width, "little") * round(seconds * rate) * channels)
    return file.getvalue()


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "voices", RECORDABLE)


def recorded(library, *clips, pack="hmn"):
    library.describe(pack, SPEAKER)
    for n, clip in enumerate(clips):
        library.save(pack, clip, sound(0.3 + n / 10))
    return library.read(pack)


def reason(act):
    with pytest.raises(UnusableVoice) as refused:
        act()
    assert refused.value.code in REASONS
    return refused.value.code


def zipped(*files, about=SPEAKER, pack="hmn", **manifest):
    file = io.BytesIO(packed(Recorded(pack, about, 3), {}))
    if manifest:
        file = io.BytesIO()
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        if manifest:
            archive.writestr("manifest.json", json.dumps({"format": "den-luot-voice", "pack": pack, **manifest}))
        for name, content in files:
            archive.writestr(name, content)
    return file.getvalue()


def test_given_clips_saved_then_the_sound_of_the_pack_has_each_at_its_place(library):
    library.describe("hmn", SPEAKER)
    for clip, value in (("digit-1", 111), ("call", 222), ("letter-Đ", 333)):
        library.save("hmn", clip, sound(0.4, value=value))
    now = library.read("hmn")
    assert (now.version, set(now.clips)) == (4, {"digit-1", "call", "letter-Đ"})
    with wave.open(io.BytesIO(library.sound("hmn"))) as whole:
        assert whole.getnframes() / RATE == pytest.approx(now.length_s, abs=0.001)
        for clip, value in (("digit-1", 111), ("call", 222), ("letter-Đ", 333)):
            place = now.places[clip]
            whole.setpos(round(place.start_s * RATE))
            samples = whole.readframes(round(place.length_s * RATE))
            assert samples == value.to_bytes(2, "little") * round(0.4 * RATE), clip
    assert now.places["call"].start_s == AROUND_S


def test_given_nobody_who_agreed_then_nothing_is_recorded_and_what_is_there_keeps_its_speaker(library):
    assert reason(lambda: library.save("hmn", "call", sound())) == "voice_speaker"
    library.describe("hmn", About(speaker="Mai"))
    assert reason(lambda: library.save("hmn", "call", sound())) == "voice_speaker"
    recorded(library, "call")
    assert reason(lambda: library.describe("hmn", About(speaker="Mai"))) == "voice_consent"
    library.delete("hmn", "call")
    assert library.describe("hmn", About()).about == About()


def test_given_a_checked_pack_when_a_clip_is_replaced_then_it_has_to_be_checked_again(library):
    recorded(library, "call")
    checked = About("Mông Hoa", "Mai", "2026-11-30", "CC0", "Vàng A Páo", "2026-11-30")
    assert library.describe("hmn", checked).about.checked_by == "Vàng A Páo"
    assert library.save("hmn", "call", sound()).about.checked_by == ""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "voice_format"),
        (b"RIFF" + b"\0" * 100, "voice_format"),
        (sound(rate=44_100), "voice_format"),
        (sound(channels=2), "voice_format"),
        (sound(width=1, value=9), "voice_format"),
        (sound(0.05), "voice_length"),
        (sound(12.1), "voice_length"),
    ],
)
def test_given_what_is_no_clip_then_it_is_refused_and_nothing_is_written(library, content, code):
    before = recorded(library)
    assert reason(lambda: library.save("hmn", "call", content)) == code
    assert library.read("hmn") == before


def test_given_a_name_that_is_none_of_ours_then_no_folder_and_no_file_has_it(library, tmp_path):
    library.describe("hmn", SPEAKER)
    for pack in ("", "..", "../hmn", "xx", "hmn/call", "."):
        assert reason(lambda pack=pack: library.describe(pack, SPEAKER)) == "voice_unknown_pack"
    for clip in ("", "../../call", "Mời ngồi chờ", "letter-%", "call.wav"):
        assert reason(lambda clip=clip: library.save("hmn", clip, sound())) == "voice_unknown_clip"
    assert [path.name for path in tmp_path.rglob("*")] == ["voices", "hmn", "manifest.json"]


def test_given_an_exported_pack_then_another_centre_has_the_same_clips_and_who_speaks(library, tmp_path):
    here = recorded(library, "call", "digit-1", "letter-Đ")
    other = Library(tmp_path / "other", RECORDABLE)
    recorded(other, "paused")
    there = other.bring_in(library.exported("hmn"))
    assert (there.about, there.clips) == (here.about, here.clips)
    assert other.read("hmn") == there  # and nothing is left of what it had
    assert other.sound("hmn") == library.sound("hmn")
    assert there.version == 3  # above every version that a wall there may hold


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"not a zip", "voice_zip"),
        (zipped(("call.wav", sound()))[:-40], "voice_zip"),
        (b"0" * (12 * 1024 * 1024 + 1), "voice_zip_size"),
        (zipped(), "voice_zip_empty"),
        (zipped(("../call.wav", sound())), "voice_zip_name"),
        (zipped(("/etc/call.wav", sound())), "voice_zip_name"),
        (zipped(("hmn\\call.wav", sound())), "voice_zip_name"),
        (zipped(("C:call.wav", sound())), "voice_zip_name"),
        (zipped(("call.wav", sound()), ("call.exe", b"MZ")), "voice_zip_name"),
        (zipped(("Mời ngồi.wav", sound())), "voice_zip_name"),
        (zipped(("call.wav", b"RIFF")), "voice_zip_clip"),
        (zipped(("call.wav", sound(13))), "voice_zip_clip"),
        (zipped(("call.wav", sound()), pack="xx"), "voice_unknown_pack"),
        (zipped(("call.wav", sound()), about=About(speaker="Mai")), "voice_consent"),
        (zipped(("call.wav", sound()), format="other"), "voice_zip_manifest"),
        (zipped(("call.wav", sound()), speaker="x" * 121), "voice_zip_manifest"),
        (zipped(("call.wav", sound()), version="many"), "voice_zip_manifest"),
        (zipped(("call.wav", bytes(50 * 1024 * 1024))), "voice_zip_size"),  # 50 KB of a ZIP
        (zipped(*((f"{n}.wav", b"") for n in range(401))), "voice_zip_size"),
    ],
)
def test_given_a_zip_that_is_no_pack_then_it_is_refused_with_its_reason_and_nothing_changes(library, file, code):
    before = recorded(library, "call")
    assert reason(lambda: library.bring_in(file)) == code
    assert library.read("hmn") == before


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_given_any_damage_to_a_zip_then_it_is_a_pack_or_refused(data):
    whole = bytearray(zipped(("call.wav", sound(0.1)), ("digit-1.wav", sound(0.1))))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        pack, clips = unpacked(bytes(whole[: data.draw(st.integers(1, len(whole)))]), RECORDABLE)
    except UnusableVoice as refused:
        assert refused.code in REASONS
    else:
        assert pack.pack in RECORDABLE and clips.keys() == pack.clips.keys()


def test_given_a_lost_manifest_then_the_clips_are_still_heard(library, tmp_path):
    recorded(library, "call")
    (tmp_path / "voices/hmn/manifest.json").write_text("{", "utf-8")
    assert set(library.read("hmn").clips) == {"call"}
