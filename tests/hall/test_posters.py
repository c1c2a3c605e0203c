"""The notice board as a setting: what it may be, undone and imported; and the centre's own colour."""

import json

import msgspec
import pytest
from msgspec.structs import replace

from hall.catalogue.model import Template
from hall.catalogue.posters import FILES_LARGEST, FILES_MOST, POSTERS_MOST, MediaFile, Poster
from hall.catalogue.procedures import Procedure
from hall.settings import change as settings
from hall.settings.colour import LEAST, contrast_with_white, nearest
from hall.settings.posters import shown_name
from hall.verify import verify
from hall.views.hall import hall_view
from hall.views.posters import shown_posters
from queueing import errors
from tests.hall.centre import TestCentre

CHIEF = "user:9"
PICTURE = MediaFile("a" * 64, "Cổng trung tâm.jpg", "jpeg", 90_000, 1600, 900)
FILM = MediaFile("b" * 64, "Giới thiệu.mp4", "mp4", 9_000_000)
SHOWN = Poster("pictures", files=(PICTURE.id,))


@pytest.fixture
def centre():
    centre = TestCentre()
    for file in (PICTURE, FILM):
        change(centre, settings.add_media, file)
    return centre


def change(centre, do, *words):
    return centre.hall.run_as_system(lambda act: do(act, *words), by=CHIEF)


def posters(centre, *wanted):
    return change(centre, settings.change_posters, wanted)


def refused(centre, *wanted):
    before = centre.hall.floor.seq
    with pytest.raises(errors.SettingRefused) as refusal:
        posters(centre, *wanted)
    assert centre.hall.floor.seq == before
    return refusal.value.code, refusal.value.params["field"]


def test_given_a_notice_board_when_it_is_saved_then_the_log_says_by_whom_and_it_survives_a_restart(centre):
    text = Poster("text", texts={"vi": "  Thứ Bảy  nghỉ ", "en": " "}, weekdays=(5, 1, 5), from_time="07:30")
    done = posters(centre, SHOWN, text, Poster("film", files=(FILM.id,), walls=(3, 3)))
    event = centre.hall.store.events(done.seq - 1, 1)[0]
    assert (event.kind, event.data["what"], event.data["by"]) == ("setting.changed", "posters_changed", CHIEF)
    kept = centre.hall.catalogue.hall.posters
    assert kept[1].texts == {"vi": "Thứ Bảy nghỉ"} and kept[1].weekdays == (1, 5) and kept[2].walls == (3,)
    centre.start()
    assert centre.hall.catalogue.hall.posters == kept
    assert verify(centre.store).clean
    change(centre, settings.undo, done.seq)
    assert centre.hall.catalogue.hall.posters == ()


WRONG = {
    "of no kind": (Poster("page"), "setting_choice", "kind"),
    "without a picture": (Poster("pictures"), "setting_no_file", "files"),
    "of a file that is not there": (Poster("pictures", files=("c" * 64,)), "setting_file_kind", "files"),
    "a film among pictures": (Poster("pictures", files=(FILM.id,)), "setting_file_kind", "files"),
    "a picture as a film": (Poster("film", files=(PICTURE.id,)), "setting_file_kind", "files"),
    "two films in one": (Poster("film", files=(FILM.id, FILM.id)), "setting_too_many", "files"),
    "too many pictures": (Poster("pictures", files=(PICTURE.id,) * 21), "setting_too_many", "files"),
    "without a text": (Poster("text", texts={"en": "Closed"}), "setting_empty", "texts.vi"),
    "a long text": (Poster("text", texts={"vi": "a" * 161}), "setting_too_long", "texts.vi"),
    "a text that turns round": (Poster("text", texts={"vi": "a\u202eb"}), "setting_bad_text", "texts.vi"),
    "in no language of ours": (Poster("text", texts={"vi": "a", "xx": "b"}), "setting_choice", "texts"),
    "without a procedure": (Poster("procedure"), "setting_empty", "procedure"),
    "too short": (replace(SHOWN, seconds=4), "setting_range", "seconds"),
    "too long": (replace(SHOWN, seconds=121), "setting_range", "seconds"),
    "no day": (replace(SHOWN, first_day="2026-02-30"), "setting_day", "first_day"),
    "a day in words": (replace(SHOWN, last_day="20260228"), "setting_day", "last_day"),
    "days the wrong way": (
        replace(SHOWN, first_day="2026-03-02", last_day="2026-03-01"), "setting_day_order", "last_day"),
    "the eighth day": (replace(SHOWN, weekdays=(8,)), "setting_weekdays", "weekdays"),
    "no time": (replace(SHOWN, from_time="24:00"), "setting_time", "from_time"),
    "times the wrong way": (replace(SHOWN, from_time="10:00", to_time="10:00"), "setting_times", "to_time"),
    "on no wall": (replace(SHOWN, walls=(0,)), "setting_kind", "walls"),
}  # fmt: skip


def test_given_a_poster_that_cannot_be_shown_then_the_place_and_the_reason_are_named(centre):
    assert {what: refused(centre, SHOWN, wrong) for what, (wrong, *_) in WRONG.items()} == {
        what: (code, f"hall.posters.2.{field}") for what, (_, code, field) in WRONG.items()
    }
    assert refused(centre, *[SHOWN] * (POSTERS_MOST + 1)) == ("setting_too_many", "hall.posters")


def test_given_files_without_end_then_number_and_size_have_a_limit(centre):
    with pytest.raises(errors.SettingRefused) as refusal:
        change(centre, settings.add_media, replace(FILM, id="c" * 64, bytes=FILES_LARGEST))
    assert refusal.value.code == "setting_files_large"
    for at in range(FILES_MOST - 2):
        change(centre, settings.add_media, replace(PICTURE, id=f"{at:064x}"))
    with pytest.raises(errors.SettingRefused) as refusal:
        change(centre, settings.add_media, replace(PICTURE, id="d" * 64))
    assert refusal.value.code == "setting_too_many"


def test_given_a_file_that_is_shown_then_it_cannot_be_removed_and_an_undo_brings_one_back(centre):
    assert change(centre, settings.add_media, replace(PICTURE, name="Tên khác")).seq is None  # it is there already
    posters(centre, SHOWN)
    change(centre, settings.change_hall, {"logo": PICTURE.id})
    for fields in ({}, {"logo": ""}):
        change(centre, settings.change_hall, fields)
        with pytest.raises(errors.MediaUsed):
            change(centre, settings.remove_media, PICTURE.id)
    posters(centre)
    removed = change(centre, settings.remove_media, PICTURE.id)
    with centre.hall.reading():
        assert settings.media_wanted(centre.hall) == {PICTURE.id, FILM.id}
    change(centre, settings.undo, removed.seq)
    assert PICTURE in centre.hall.catalogue.hall.media
    change(centre, settings.change_hall, {"blink": False})
    change(centre, settings.remove_media, PICTURE.id)
    change(centre, settings.change_hall, {"blink": True})
    with centre.hall.reading():
        assert settings.media_wanted(centre.hall) == {FILM.id}
    with pytest.raises(errors.UnknownMedia):
        change(centre, settings.remove_media, PICTURE.id)
    with pytest.raises(errors.SettingRefused):
        change(centre, settings.change_hall, {"logo": FILM.id})


def test_given_a_file_for_other_halls_then_files_and_notice_board_stay_in_this_one(centre):
    posters(centre, SHOWN)
    change(centre, settings.change_hall, {"logo": PICTURE.id, "colour": "#0B3252"})
    exported = settings.for_others(centre.hall.catalogue.template)
    assert (exported.hall.media, exported.hall.posters, exported.hall.logo) == ((), (), "")
    assert exported.hall.colour == "#0b3252"
    given = json.loads(msgspec.json.encode(exported))
    given["hall"] |= {"media": [msgspec.to_builtins(FILM)], "logo": "e" * 64, "name": "Nơi khác"}
    change(centre, settings.import_template, msgspec.convert(given, Template))
    own = centre.hall.catalogue.hall
    assert (own.name, own.media, own.posters, own.logo) == ("Nơi khác", (PICTURE, FILM), (SHOWN,), PICTURE.id)


def test_given_several_walls_then_each_shows_its_own_and_none_what_has_nothing_to_show(centre):
    birth = Procedure("1.001193", "Hộ tịch", {"vi": "Đăng ký khai sinh"}, "HO_TICH", link="https://dichvucong.gov.vn/x")
    code = Poster("procedure", procedure=birth.code)
    posters(centre, SHOWN, replace(SHOWN, walls=(2,)), replace(SHOWN, on=False), code)
    shown = lambda wall: [one.kind for one in shown_posters(centre.hall, wall).posters]  # noqa: E731
    assert (shown(1), shown(2), shown(None)) == (["pictures"], ["pictures"] * 2, ["pictures"] * 2)
    before = hall_view(centre.hall, None).posters
    change(centre, settings.change_procedures, [replace(birth, to_check=True)])
    assert shown(1) == ["pictures"]
    change(centre, settings.change_procedures, [birth])
    assert shown(1) == ["pictures", "procedure"]
    assert shown_posters(centre.hall, 1).posters[1].procedure.code == birth.code
    assert hall_view(centre.hall, None).posters != before
    posters(centre, replace(SHOWN, on=False))
    assert hall_view(centre.hall, None).posters is None


def test_given_a_colour_then_white_letters_stand_out_or_the_nearest_shade_that_does_is_named(centre):
    for pair, contrast in (("#ffffff", 1), ("#000000", 21), ("#767676", 4.54), ("#ff0000", 3.998)):
        assert contrast_with_white(pair) == pytest.approx(contrast, abs=0.005)  # as WebAIM's checker has them
    assert nearest("#0b3252") == "#0b3252"
    for colour in ("#ffd84a", "#ffffff", "#00ff00", "#ff0000", "#7f7f7f", "#777777"):
        near = nearest(colour)
        assert LEAST <= contrast_with_white(near) < LEAST + 0.1
        with pytest.raises(errors.SettingRefused) as refusal:
            change(centre, settings.change_hall, {"colour": colour})
        params = refusal.value.params
        assert (refusal.value.code, params["nearest"], params["least"]) == ("setting_colour_faint", near, 4.5)
        assert params["contrast"] < LEAST
        change(centre, settings.change_hall, {"colour": near.upper()})
        assert hall_view(centre.hall, None).colour == near
    for wrong in ("red", "#123", "0b3252", "#0b32522", "#0b325g", "url(/x)", "#0b3252;color:red"):
        with pytest.raises(errors.SettingRefused) as refusal:
            change(centre, settings.change_hall, {"colour": wrong})
        assert refusal.value.code == "setting_colour"
    change(centre, settings.change_hall, {"colour": ""})
    assert hall_view(centre.hall, None).colour is None


def test_given_names_of_files_as_people_and_attackers_write_them_then_each_is_one_plain_line():
    assert shown_name("Lịch trực\tTết.png", "png") == "Lịch trựcTết.png"
    assert shown_name("../../etc/passwd", "png") == ".. .. etc passwd"
    assert shown_name("a\u202egnp.exe", "png") == "agnp.exe"
    assert shown_name("\u200b\u2028\x00", "png") == "PNG"
    assert shown_name("😀 hội.webp", "webp") == "😀 hội.webp"
    assert len(shown_name("ă" * 500, "png")) == 80
    assert shown_name("\u0061\u0306.png", "png") == "ă.png"
