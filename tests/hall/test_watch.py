"""The live board: which counter should open, who waits too long, the alarms, and the figures of today."""

from datetime import timedelta

import msgspec
import pytest

from access.api import GlassView
from hall.views.watch import watch_view
from queueing.events import instant
from supervisor.channel import SupervisorChannel
from supervisor.people import DeviceView
from tests.hall.centre import BINH, TestCentre, name_of

UNMEASURED = GlassView(None, None)


class NoStore:
    """A store that nobody may ask anything."""

    def __getattr__(self, name):
        raise AssertionError(f"the live board asked the store for {name}")


@pytest.fixture
def centre():
    return TestCentre()


def seen(centre):
    return msgspec.to_builtins(watch_view(centre.hall, None, name_of))


def waiting(centre, service, people):
    for _ in range(people):
        centre.take(service)


def test_given_a_busy_morning_then_the_board_is_drawn_from_the_present_alone(centre):
    centre.press("open", 2)
    waiting(centre, "HO_TICH", 9)
    centre.serve(2)
    centre.press("call-next", 2)
    centre.hall.store = NoStore()
    board = seen(centre)
    assert (board["waiting"], board["today"]["served"], board["longest"]["number"]) == (7, 1, "H003")
    assert board["advice"]["counter"] == 4


def test_given_people_who_wait_too_long_already_then_the_share_in_time_counts_them(centre):
    centre.press("open", 2)
    waiting(centre, "HO_TICH", 3)
    assert seen(centre)["waiting_over"] == 0
    centre.clock.on(minutes=16)
    waiting(centre, "HO_TICH", 2)
    assert (seen(centre)["waiting"], seen(centre)["waiting_over"]) == (5, 3)


def test_given_a_paused_counter_would_help_then_it_is_proposed_before_a_closed_one_with_its_effect(centre):
    centre.press("open", 2)
    centre.press("open", 4, clerk=BINH)
    centre.press("pause", 4, clerk=BINH, reason="online_dossiers")
    waiting(centre, "HO_TICH", 6)
    board = seen(centre)
    advice, service = board["advice"], next(each for each in board["services"] if each["code"] == "HO_TICH")
    assert (advice["counter"], advice["staffing"], advice["reason"]) == (4, "paused", "online_dossiers")
    assert advice["waiting"] == 6
    (effect,) = advice["effects"]
    assert (effect["service"], effect["now_s"]) == ("HO_TICH", service["forecast"]["p50_s"])
    # Two counters in place of one: half the wait.
    assert effect["then_s"] * 2 == effect["now_s"]
    centre.press("resume", 4, clerk=BINH)
    after = next(each for each in seen(centre)["services"] if each["code"] == "HO_TICH")
    assert after["forecast"]["p50_s"] == effect["then_s"]


def test_given_no_counter_of_the_service_is_open_then_one_that_has_it_is_proposed(centre):
    waiting(centre, "TRA_KQ", 1)
    advice = seen(centre)["advice"]
    assert (advice["counter"], advice["staffing"], advice["waiting"]) == (5, "closed", 1)
    (effect,) = advice["effects"]
    assert (effect["service"], effect["now_s"]) == ("TRA_KQ", None)
    assert 0 < effect["then_s"] < 900


def test_given_nobody_waits_or_every_counter_is_open_then_nothing_is_proposed(centre):
    assert seen(centre)["advice"] is None
    for number in centre.hall.catalogue.counters:
        centre.press("open", number, clerk=f"user:{number + 10}")
    waiting(centre, "HO_TICH", 20)
    assert seen(centre)["advice"] is None


@pytest.mark.parametrize(
    ("minutes", "level", "limit"),
    [(14, None, None), (15, "warn", 15), (20, "alarm", 20), (29, "alarm", 20), (30, "breach", 30), (90, "breach", 30)],
)
def test_given_somebody_waits_long_then_the_board_says_so_at_15_20_and_30_minutes(centre, minutes, level, limit):
    centre.press("open", 2)
    centre.take("CHUNG_THUC")
    centre.clock.on(minutes=minutes)
    board = seen(centre)
    alarms = [alarm for alarm in board["alarms"] if alarm["code"].startswith("wait_")]
    assert next(each["level"] for each in board["services"] if each["code"] == "CHUNG_THUC") == level
    found = [(alarm["code"], alarm["params"]["number"], alarm["params"]["minutes"]) for alarm in alarms]
    assert found == ([(f"wait_{level}", "B001", limit)] if level else [])


def test_given_a_device_that_is_away_then_it_is_an_alarm_while_a_counter_is_open(centre):
    devices = [
        DeviceView(1, "kiosk", "Máy cửa chính", "2026-01-01T00:00:00.000000Z", None, False, True, UNMEASURED),
        DeviceView(2, "display", "Màn hình sảnh", "2026-01-01T00:00:00.000000Z", None, True, True, UNMEASURED),
        DeviceView(3, "display", "Màn hình cũ", "2026-01-01T00:00:00.000000Z", None, False, False, UNMEASURED),
    ]
    channel = SupervisorChannel(centre.hall, None, name_of, lambda: devices)
    assert channel.counts("supervisors")["alarms"] == []
    centre.press("open", 2)
    (alarm,) = channel.counts("supervisors")["alarms"]
    assert (alarm["code"], alarm["params"]) == ("device_away", {"devices": 1, "names": "Máy cửa chính"})


def test_given_numbers_taken_like_clockwork_then_the_board_says_where_until_they_are_ended_or_it_is_long_ago(centre):
    def alarms():
        return [alarm for alarm in seen(centre)["alarms"] if alarm["code"] == "kiosk_rhythm"]

    refs = []
    since = instant(centre.hall.now() + timedelta(seconds=6))
    for _ in range(9):
        centre.clock.on(seconds=6)
        refs.append(centre.take(caller="device:2")["ref"])
        centre.take(caller="user:7")  # beside it a greeter issues some
    (alarm,) = alarms()
    assert alarm["params"] == {"device": "device:2", "by": "device:2", "since": since, "count": 9, "seconds": 6}
    centre.end(refs[2:5], "hoarded")
    assert alarms() == []
    for ref in refs[2:5]:
        centre.change(ref, "reinstate", by="user:7", reason="came_back")
    assert len(alarms()) == 1
    centre.clock.on(minutes=31)
    assert alarms() == []
