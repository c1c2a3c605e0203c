"""Rooms: which counter is where, what the walls of a room show, and which of them speaks."""

from contextlib import suppress

import msgspec
import pytest
from msgspec.structs import replace

from hall.catalogue.model import Template, plain
from hall.catalogue.rooms import Room, RoomVoice, ScreenSetting
from hall.settings import change as settings
from hall.settings.check import checked
from hall.verify import verify
from queueing import errors
from tests.hall.centre import TestCentre

CHIEF = "user:9"
GROUND = Room({"vi": "Phòng 1, tầng trệt", "en": "Room 1, ground floor"}, (1, 2))
UPSTAIRS = Room({"vi": "Phòng 2, tầng 1", "en": "Room 2, floor 1"}, (3,), RoomVoice(volume=40))


def change(centre, do, *words):
    return centre.hall.run_as_system(lambda act: do(act, *words), CHIEF)


@pytest.fixture
def roomy():
    """A centre of two rooms: counters 1 and 2 below, 3 upstairs, the others in none."""
    centre = TestCentre()
    change(centre, settings.add_room, GROUND)
    change(centre, settings.add_room, UPSTAIRS)
    return centre


def rooms(centre):
    return {code: room.counters for code, room in centre.hall.catalogue.hall.rooms.items()}


def screens(centre):
    return dict(centre.hall.catalogue.hall.screens)


def test_given_two_rooms_then_each_counter_is_in_one_and_the_log_holds_it(roomy):
    assert rooms(roomy) == {"P1": (1, 2), "P2": (3,)}
    assert roomy.events()[-1].data["what"] == "room_added"
    before = plain(roomy.hall.catalogue.template)
    roomy.start()
    assert plain(roomy.hall.catalogue.template) == before
    assert verify(roomy.store).clean


def test_given_a_counter_that_moves_to_another_room_then_it_leaves_its_own(roomy):
    change(roomy, settings.change_room, "P2", replace(UPSTAIRS, counters=(3, 2)))
    assert rooms(roomy) == {"P1": (1,), "P2": (2, 3)}
    with pytest.raises(errors.SettingRefused) as refused:
        change(roomy, settings.change_room, "P2", replace(UPSTAIRS, counters=(1, 2, 3)))
    assert (refused.value.code, refused.value.params["field"]) == ("setting_room_empty", "hall.rooms.P1.counters")
    assert rooms(roomy) == {"P1": (1,), "P2": (2, 3)}


def test_given_a_counter_that_is_removed_then_its_room_is_without_it_and_undo_brings_both_back(roomy):
    before = plain(roomy.hall.catalogue.template)
    removed = change(roomy, settings.remove_counter, 2)
    assert rooms(roomy) == {"P1": (1,), "P2": (3,)}
    change(roomy, settings.undo, removed.seq)
    assert plain(roomy.hall.catalogue.template) == before
    assert verify(roomy.store).clean


def test_given_a_room_that_is_removed_then_its_screens_show_every_room(roomy):
    change(roomy, settings.set_screen, 7, ScreenSetting("P2"))
    change(roomy, settings.set_screen, 8, ScreenSetting("P2", 12.5, 65))
    gone = change(roomy, settings.remove_room, "P2")
    assert screens(roomy) == {"8": ScreenSetting(None, 12.5, 65)}
    change(roomy, settings.undo, gone.seq)
    assert screens(roomy) == {"7": ScreenSetting("P2"), "8": ScreenSetting("P2", 12.5, 65)}
    change(roomy, settings.set_screen, 7, ScreenSetting())
    assert "7" not in screens(roomy)
    assert verify(roomy.store).clean


@pytest.mark.parametrize(
    ("room", "code", "field"),
    [
        (replace(GROUND, counters=()), "setting_room_empty", "counters"),
        (replace(GROUND, names={"vi": "Phòng 9"}), "setting_empty", "names.en"),
        (replace(GROUND, names={"vi": "phòng 2, TẦNG 1", "en": "X"}), "setting_name_taken", "names.vi"),
        (replace(GROUND, voice=RoomVoice(volume=101)), "setting_range", "voice.volume"),
        (replace(GROUND, voice=RoomVoice(variant="west")), "setting_choice", "voice.variant"),
        (replace(GROUND, speaker=0), "setting_kind", "speaker"),
    ],
)
def test_given_a_room_that_is_not_as_it_must_be_then_it_is_refused_with_the_field(roomy, room, code, field):
    with pytest.raises(errors.SettingRefused) as refused:
        change(roomy, settings.change_room, "P1", room)
    assert refused.value.code == code
    assert refused.value.params["field"].endswith(field)


def test_given_a_room_or_counter_that_does_not_exist_then_nothing_is_changed(roomy):
    seq = roomy.seq()
    with pytest.raises(errors.UnknownCounter):
        change(roomy, settings.change_room, "P1", replace(GROUND, counters=(1, 99)))
    for do, words in (
        (settings.change_room, ("P9", GROUND)),
        (settings.remove_room, ("P9",)),
        (settings.set_screen, (7, ScreenSetting("P9"))),
    ):
        with pytest.raises(errors.UnknownRoom):
            change(roomy, do, *words)
    for wrong in (ScreenSetting(last_seat_m=1), ScreenSetting(inches=500), ScreenSetting(last_seat_m=float("nan"))):
        with pytest.raises(errors.SettingRefused):
            change(roomy, settings.set_screen, 7, wrong)
    assert roomy.seq() == seq


def test_given_a_counter_in_two_rooms_of_a_file_then_the_file_is_refused(roomy):
    template = roomy.hall.catalogue.template
    twice = {**template.hall.rooms, "P3": replace(GROUND, names={"vi": "Phòng 3", "en": "Room 3"}, counters=(3,))}
    with pytest.raises(errors.SettingRefused) as refused:
        checked(replace(template, hall=replace(template.hall, rooms=twice)))
    assert refused.value.code == "setting_room_counter"


def test_given_a_file_for_others_then_it_has_the_rooms_and_no_screen_of_this_building(roomy):
    change(roomy, settings.change_room, "P1", replace(GROUND, speaker=7))
    change(roomy, settings.set_screen, 7, ScreenSetting("P1", inches=55))
    file = settings.for_others(roomy.hall.catalogue.template)
    assert file.hall.screens == {}
    assert [room.speaker for room in file.hall.rooms.values()] == [None, None]
    again = msgspec.json.decode(msgspec.json.encode(file), type=Template)
    change(roomy, settings.import_template, again)
    assert screens(roomy) == {"7": ScreenSetting("P1", inches=55)}
    assert roomy.hall.catalogue.hall.rooms["P1"].speaker == 7


def test_given_a_service_then_its_only_room_is_known_where_it_has_one(roomy):
    catalogue = roomy.hall.catalogue
    for service in catalogue.services:
        where = {catalogue.room_of.get(counter.number) for counter in catalogue.serving(service)}
        only = catalogue.only_room(service)
        assert (only is not None) == (len(where) == 1 and None not in where)
        assert only is None or only.counters == catalogue.hall.rooms[where.pop()].counters


def test_given_rooms_then_the_next_is_called_as_without_them():
    called = []
    for with_rooms in (False, True):
        centre = TestCentre()
        if with_rooms:
            change(centre, settings.add_room, GROUND)
            change(centre, settings.add_room, UPSTAIRS)
        for counter in centre.hall.catalogue.counters:
            centre.press("open", counter, f"user:{counter}")
        for service in [*centre.hall.catalogue.services] * 2:
            centre.take(service)
        for counter in centre.hall.catalogue.counters:
            with suppress(errors.NobodyWaiting):
                centre.press("call-next", counter, f"user:{counter}")
        called.append([(call.number, call.counter) for call in centre.hall.floor.recent])
    assert called[0] == called[1]
    assert len(called[0]) > 3
