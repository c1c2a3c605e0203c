"""Rooms: which counter is where, what the walls of a room show, and which of them speaks."""

import dataclasses
from contextlib import suppress

import msgspec
import pytest
from msgspec.structs import replace

from access.texts import Texts
from counter.channel import CounterChannel
from display.channel import ELSEWHERE, DisplayChannel
from hall.announce import EVENTS, MOVED, SPEAKER, STOP, Announcer
from hall.catalogue.model import Template, plain
from hall.catalogue.rooms import Room, RoomVoice, ScreenSetting
from hall.ports import Slip
from hall.printing import slip_of
from hall.settings import change as settings
from hall.settings.check import checked
from hall.verify import verify
from hall.views.tickets import ticket_view
from hall.walls import WALL_ROOM, WallPlace, place_in
from kiosk.channel import KioskChannel
from paper.ticket import draw_ticket
from queueing import errors
from tests.clocks import MORNING
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
        where = rooms_serving(catalogue, service)
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


# -- what the screens of a room show and say -------------------------------------------------------

WALL, BELOW, ABOVE, EVERYWHERE = "/display", "device:7", "device:8", "device:9"


class Listening:
    """The centre of two rooms with a wall below, one upstairs and one that shows every room."""

    def __init__(self, centre):
        self.centre, self.hall, self.sent = centre, centre.hall, []
        change(centre, settings.set_screen, 7, ScreenSetting("P1"))
        change(centre, settings.set_screen, 8, ScreenSetting("P2", 12.5, 65))
        self.announcer = Announcer(centre.hall, lambda *message: self.sent.append(message))
        self.channel = DisplayChannel(centre.hall, None)
        self.announcer.add(self.channel)
        self.announcer.add(KioskChannel(centre.hall, None))
        walls = self.announcer
        self.announcer.add(CounterChannel(centre.hall, None, str, walls.seen, walls.walls, walls.spoken))
        self.rooms = {device: walls.joined(WALL, device, device, {}) for device in (BELOW, ABOVE, EVERYWHERE)}

    def call(self, counter):
        clerk = f"user:{counter}"
        self.centre.press("open", counter, clerk)
        self.centre.take(self.hall.catalogue.counters[counter].services[0])
        self.centre.press("call-next", counter, clerk)
        return self.hall.floor.recent[0]

    def heard(self, device, message=EVENTS):
        """The events that the walls of this device's room have received."""
        to = self.rooms[device]
        return [event for _, room, kind, said in self.sent if (room, kind) == (to, message) for event in said["events"]]

    def snapshot(self, device):
        return self.channel.snapshot(self.rooms[device])

    def speakers(self):
        last = {wall: said["speaks"] for _, wall, message, said in self.sent if message == SPEAKER}
        return {wall for wall, speaks in last.items() if speaks}


@pytest.fixture
def walls(roomy):
    return Listening(roomy)


def test_given_a_call_then_the_walls_of_its_room_and_those_of_every_room_show_it(walls):
    below, above = walls.call(1), walls.call(3)
    for device, calls, counters in (
        (BELOW, [below], [1, 2]),
        (ABOVE, [above], [3]),
        (EVERYWHERE, [below, above], list(walls.hall.catalogue.counters)),
    ):
        shown = walls.snapshot(device)
        assert [call["number"] for call in shown["calls"]] == [call.number for call in calls]
        assert [counter["counter"] for counter in shown["counters"]] == counters
        assert shown["room"] == {BELOW: "P1", ABOVE: "P2"}.get(device)
        called = [event["number"] for event in walls.heard(device) if event["kind"] == "ticket.called"]
        assert called == [call.number for call in calls]
    gone = [event for event in walls.heard(BELOW) if event["kind"] == ELSEWHERE]
    assert [(event["number"], event["counter"]) for event in gone] == [(above.number, None)]
    assert {event["counter"] for event in walls.heard(BELOW)} == {1, None}
    assert [walls.announcer.walls(counter) for counter in (1, 3, 4)] == [2, 2, 1]


def test_given_a_wall_of_a_room_then_it_counts_those_who_may_be_called_there(walls):
    for service in walls.hall.catalogue.services:
        walls.centre.take(service)
    here = walls.hall.catalogue.services_in("P2")
    assert 0 < len(here) < len(walls.hall.catalogue.services)
    figures = walls.channel.counts(walls.rooms[ABOVE])
    assert {service["code"] for service in figures["services"]} == here
    assert figures["today"]["waiting"] == len(here)
    assert walls.channel.counts(walls.rooms[EVERYWHERE])["today"]["waiting"] == len(walls.hall.catalogue.services)


def test_given_a_no_show_then_the_wall_of_another_room_does_not_name_it(walls):
    call = walls.call(3)
    walls.centre.clock.on(minutes=5)
    walls.centre.press("call-again", 3, "user:3")
    walls.centre.clock.on(minutes=5)
    walls.centre.press("no-show", 3, "user:3")
    served_below = call.number[0] in {
        walls.hall.catalogue.services[code].prefix for code in walls.hall.catalogue.services_in("P1")
    }
    assert walls.channel.counts(walls.rooms[ABOVE])["no_shows"] == [call.number]
    assert walls.channel.counts(walls.rooms[BELOW])["no_shows"] == ([call.number] if served_below else [])


def test_given_walls_of_two_rooms_then_one_speaks_in_each_with_the_voice_of_its_room(walls):
    second = "device:6"
    change(walls.centre, settings.set_screen, 6, ScreenSetting("P1"))
    walls.rooms[second] = walls.announcer.joined(WALL, second, second, {})
    for wall in (BELOW, ABOVE, EVERYWHERE, second):
        walls.announcer.sound(WALL, wall, True)
    assert walls.speakers() == {BELOW, ABOVE, EVERYWHERE}
    change(walls.centre, settings.change_room, "P1", replace(GROUND, speaker=6))
    assert walls.speakers() == {second, ABOVE, EVERYWHERE}
    assert [walls.snapshot(each)["hall"]["voice"]["volume"] for each in (BELOW, ABOVE, EVERYWHERE)] == [80, 40, 80]
    call = walls.call(3)
    walls.announcer.said(ABOVE, call.seq)
    assert walls.announcer.spoken(3) == {"seq": call.seq, "sound": "on"}
    assert walls.announcer.silent_since() is None
    walls.announcer.sound(WALL, ABOVE, False)
    assert walls.announcer.silent_since() is not None, "nobody upstairs hears a call, though others do"
    change(walls.centre, settings.change_room, "P2", replace(UPSTAIRS, voice=RoomVoice(on=False)))
    assert walls.announcer.silent_since() is None
    walls.announcer.left(WALL, second)
    assert walls.speakers() >= {BELOW}


def test_given_a_wall_with_measures_of_its_own_then_it_has_them_and_others_those_of_the_hall(walls):
    own = walls.hall.catalogue.hall
    assert [
        (wall["last_seat_m"], wall["inches"])
        for wall in (walls.snapshot(each)["hall"]["wall"] for each in (ABOVE, BELOW))
    ] == [(12.5, 65), (own.last_seat_m, own.wall_inches)]


def test_given_a_screen_that_is_moved_then_it_alone_is_asked_to_join_its_new_room(walls):
    walls.sent.clear()
    change(walls.centre, settings.set_screen, 7, ScreenSetting("P2"))
    assert [(to, said) for _, to, message, said in walls.sent if message == STOP] == [(BELOW, {"code": MOVED})]
    walls.announcer.left(WALL, BELOW)
    assert walls.announcer.joined(WALL, BELOW, BELOW, {}) == WallPlace("P2").channel_room
    walls.sent.clear()
    change(walls.centre, settings.remove_room, "P2")
    assert {to for _, to, message, _ in walls.sent if message == STOP} == {BELOW, ABOVE}


def test_given_a_room_in_the_address_then_it_goes_before_that_of_the_device_and_an_unknown_one_does_not(walls):
    asked = {room: walls.channel.room(BELOW, {"room": room}) for room in ("P2", "P9", None, 5)}
    assert asked == {"P2": "walls P2 - -", "P9": "walls P1 - -", None: "walls P1 - -", 5: "walls P1 - -"}
    assert walls.channel.room(EVERYWHERE, {}) == WALL_ROOM


@pytest.mark.parametrize("place", [WallPlace(), WallPlace("P2"), WallPlace(None, 12.5, 65), WallPlace("P20", 8.0)])
def test_given_the_place_of_a_wall_then_its_room_names_it_again(place):
    assert place_in(place.channel_room) == place


def test_given_a_kiosk_in_a_room_then_what_is_served_there_stands_first_and_nothing_is_missing(walls):
    channel = KioskChannel(walls.hall, None)
    whole = channel.counts(channel.room(EVERYWHERE, {}))["services"]
    mine = channel.counts(channel.room(ABOVE, {}))["services"]
    here = walls.hall.catalogue.services_in("P2")
    assert {service["code"] for service in mine} == {service["code"] for service in whole}
    in_order = [service["code"] for service in sorted(mine, key=lambda service: service["position"])]
    assert set(in_order[: len(here)]) == here


def test_given_a_ticket_then_its_room_is_named_where_it_is_known_on_phone_and_paper(walls):
    catalogue = walls.hall.catalogue
    lonely = next(code for code in catalogue.services if catalogue.only_room(code))
    everywhere = next(code for code in catalogue.services if len(rooms_serving(catalogue, code)) > 1)

    def names_of(ref):
        ticket = walls.hall.ticket(ref)
        slip = slip_of(walls.hall, ref, False, None)
        return ticket_view(walls.hall, ticket, None, None).room, slip.room

    alone = catalogue.only_room(lonely).names
    waiting = walls.centre.take(lonely)["ref"]
    assert names_of(waiting) == (alone, alone["vi"])
    other = walls.centre.take(everywhere)["ref"]
    assert names_of(other) == (None, "")
    counter = next(each.number for each in catalogue.serving(everywhere) if each.number in catalogue.room_of)
    walls.centre.press("open", counter)
    while walls.hall.ticket(other).leg.counter is None:
        walls.centre.press("call-next", counter)
        walls.centre.press("start", counter)
        if walls.hall.ticket(other).leg.counter is None:
            walls.centre.press("finish", counter)
    names = catalogue.hall.rooms[catalogue.room_of[counter]].names
    assert names_of(other) == (names, names["vi"])


def rooms_serving(catalogue, service):
    """The rooms with a counter for a service, None among them where one is in no room."""
    return {catalogue.room_of.get(counter.number) for counter in catalogue.serving(service)}


def test_given_a_slip_with_a_room_then_its_paper_has_a_line_more():
    slip = Slip(
        number="B027", language="vi", office="UBND xã Đồng Văn", centre="Trung tâm", hotline="1022", service="Hộ tịch",
        counters=(3,), priority=False, people_ahead=2, wait_s=None, issued_at=MORNING, drawn_at=MORNING,
        timezone="Asia/Ho_Chi_Minh", help_counter=None, note="", follow_url=None, copy=False,
    )  # fmt: skip
    words = Texts().words("paper")["vi"]
    plain, placed = (
        draw_ticket(each, words, 576) for each in (slip, dataclasses.replace(slip, room="Phòng 2, tầng 1"))
    )
    assert placed.height > plain.height
    assert dataclasses.replace(slip, room="") == slip
