"""The routes of the recording studio: from the first clip to the hall that calls with it, and to another centre."""

import base64
import json

import pytest

import supervisor.voices
from access.texts import Texts
from tests.access.conftest import AccessTestCentre, at_once
from tests.centre import ROOT
from tests.voice.test_library import sound, zipped
from voice.library import REASONS
from voice.recording import prompts

ABOUT = {"speaker": " Giàng Thị Mai ", "dialect": "Mông Hoa", "licence": "CC BY 4.0", "consent": True}


def studio(data):
    centre = AccessTestCentre()
    supervisor.voices.add_routes(centre.routes, centre.hall, data, at_once)
    return centre


@pytest.fixture
def centre(tmp_path):
    return studio(tmp_path)


@pytest.fixture
def sinh(centre):
    return centre.signed_in()


def coded(content):
    return base64.b64encode(content).decode()


def save(browser, clip, content=None, pack="hmn"):
    return browser.post(f"voices/{pack}/save", {"clip": clip, "sound": coded(content or sound())})


def test_given_a_speaker_who_agreed_when_clips_are_saved_then_progress_rises_and_anybody_can_fetch_them(centre, sinh):
    assert save(sinh, "call").json["code"] == "voice_speaker"
    about = sinh.post("voices/hmn/about", ABOUT).json
    assert (about["speaker"], about["consent"], about["recorded"], about["of"]) == (
        "Giàng Thị Mai",
        "2026-01-05",
        0,
        len(prompts("hmn")),
    )
    assert [prompt["clip"] for prompt in about["prompts"][:3]] == ["call", "to_counter", "digit-0"]
    saved = save(sinh, "to_counter").json
    assert saved["recorded"] == 1 and saved["prompts"][1]["recorded"] and not saved["prompts"][0]["recorded"]
    wall = centre.browser()
    clips = wall.get("voices/hmn/clips").json
    assert clips == {"version": saved["version"], "clips": {"to_counter": [0.05, 0.5]}}
    answer = wall.get("voices/hmn/sound")
    assert answer.mimetype == "audio/wav" and answer.data[:4] == b"RIFF"
    assert [pack["recorded"] for pack in sinh.get("voices").json["packs"] if pack["pack"] == "hmn"] == [1]
    assert sinh.post("voices/hmn/delete", {"clip": "to_counter"}).json["recorded"] == 0


def test_given_rooms_then_their_names_are_recorded_last_and_one_that_is_renamed_has_to_be_said_again(centre, sinh):
    sinh.post("voices/hmn/about", ABOUT)
    room = {"names": {"vi": "Phòng 2, tầng 1", "en": "Room 2"}, "counters": [1]}
    assert sinh.post("settings/rooms", room).status_code == 201
    with centre.hall.reading():
        clip = centre.hall.catalogue.hall.rooms["P1"].clip
    last = sinh.get("voices/hmn").json["prompts"][-1]
    assert last == {"clip": clip, "words": "Phòng 2, tầng 1", "example": "", "example_words": "", "recorded": False}
    saved = save(sinh, clip).json
    assert saved["prompts"][-1]["recorded"] and saved["recorded"] == 0
    assert saved["of"] == len(prompts("hmn"))  # the names of rooms are no part of it
    assert clip in sinh.get("voices/hmn/clips").json["clips"]
    assert save(sinh, "room-2").json["code"] == "voice_unknown_clip"
    sinh.post("settings/rooms/P1", room | {"names": {"vi": "Phòng 2, tầng 2", "en": "Room 2"}})
    assert not sinh.get("voices/hmn").json["prompts"][-1]["recorded"]


def test_given_a_pack_chosen_for_the_hall_then_tickets_may_be_called_in_its_language(centre, sinh):
    sinh.post("voices/hmn/about", ABOUT)
    version = save(sinh, "call").json["version"]
    assert sinh.get("voices/hmn").json["used"] is None
    with centre.hall.reading():
        assert "hmn" not in centre.hall.catalogue.hall.call_languages
    assert sinh.post("settings/hall", {"voice": {"packs": {"hmn": version}}}).status_code == 200
    assert sinh.get("voices/hmn").json["used"] == version
    with centre.hall.reading():
        assert "hmn" in centre.hall.catalogue.hall.call_languages
    assert sinh.get("settings/export").json["hall"]["voice"]["packs"] == {}  # recordings stay here
    for wrong, code in (({"xx": 1}, "setting_choice"), ({"hmn": 0}, "setting_kind")):
        refused = sinh.post("settings/hall", {"voice": {"packs": wrong}})
        assert (refused.status_code, refused.json["field"]) == (400, "hall.voice.packs"), code


def test_given_an_exported_voice_when_another_centre_imports_it_then_it_is_looked_at_first(centre, sinh, tmp_path):
    sinh.post("voices/hmn/about", ABOUT)
    save(sinh, "call")
    answer = sinh.get("voices/hmn/export")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="giong-hmn.zip"'
    there = studio(tmp_path / "there").signed_in("Hoa")
    looked = there.post("voices/import", {"file": coded(answer.data), "check_only": True}).json
    assert (looked["pack"], looked["speaker"], looked["recorded"]) == ("hmn", "Giàng Thị Mai", 1)
    assert there.get("voices/hmn").json["recorded"] == 0
    assert there.post("voices/import", {"file": coded(answer.data)}).json["recorded"] == 1
    assert there.get("voices/hmn/sound").data == sinh.get("voices/hmn/sound").data
    bad = there.post("voices/import", {"file": coded(zipped(("../call.wav", sound())))})
    assert (bad.status_code, bad.json["code"]) == (400, "voice_zip_name")
    assert "../call.wav" in bad.json["message"]


def test_given_a_second_speaker_who_checked_then_the_day_is_noted(centre, sinh):
    sinh.post("voices/hmn/about", ABOUT)
    checked = sinh.post("voices/hmn/about", ABOUT | {"checked_by": "Vàng A Páo"}).json
    assert (checked["checked_by"], checked["checked_at"]) == ("Vàng A Páo", "2026-01-05")
    assert save(sinh, "call").json["checked_by"] == ""


def test_given_every_reason_why_a_voice_is_refused_then_it_has_its_words(centre):
    for language in ("vi", "en"):
        said = json.loads((ROOT / f"static/text/{language}.json").read_text("utf-8"))["error"]
        assert REASONS - said.keys() == set()
    assert "call.exe" in Texts(ROOT / "static" / "text").error("vi", "voice_zip_name", {"name": "call.exe"})
