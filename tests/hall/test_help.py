"""Help: requested at a kiosk or by a greeter, answered once, and shown to those who can come."""

import pytest

from hall.help import ask_help, give_help
from hall.views.alarms import alarm_views, help_views
from queueing import events as ev
from queueing.errors import HelpGiven
from tests.hall.centre import TestCentre

KIOSK, HOA = "device:1", "user:7"


def name_of(subject):
    return {KIOSK: "Máy ở cửa", HOA: "Hoa"}.get(subject)


@pytest.fixture
def centre():
    return TestCentre()


def helps(centre):
    return [(call.by, call.name) for call in help_views(centre.hall, name_of)]


def test_given_a_kiosk_that_asked_when_somebody_comes_then_the_call_is_gone_and_counted(centre):
    call = centre.hall.run_as_system(ask_help, KIOSK)
    assert helps(centre) == [(KIOSK, "Máy ở cửa")]
    assert [(each.code, each.params) for each in alarm_views(centre.hall, name_of)] == [
        ("help_asked", {"asked": call.seq, "name": "Máy ở cửa"})
    ]
    centre.hall.run_as_system(lambda act: give_help(act, call.seq), HOA)
    assert helps(centre) == []
    assert centre.hall.floor.helped == {HOA: 1}
    assert [(event.kind, event.data) for event in centre.events(ev.HELP_ASKED, ev.HELP_GIVEN)] == [
        (ev.HELP_ASKED, {"by": KIOSK}),
        (ev.HELP_GIVEN, {"asked": call.seq, "by": HOA}),
    ]


def test_given_a_call_that_stands_when_the_key_is_pressed_again_then_nothing_new_is_asked(centre):
    first = centre.hall.run_as_system(ask_help, KIOSK)
    assert centre.hall.run_as_system(ask_help, KIOSK) == first
    assert len(centre.events(ev.HELP_ASKED)) == 1


def test_given_a_colleague_was_quicker_when_help_is_reported_then_it_is_refused_and_not_counted(centre):
    call = centre.hall.run_as_system(ask_help, KIOSK)
    centre.hall.run_as_system(lambda act: give_help(act, call.seq), HOA)
    with pytest.raises(HelpGiven):
        centre.hall.run_as_system(lambda act: give_help(act, call.seq), "user:8")
    assert centre.hall.floor.helped == {HOA: 1}


def test_given_somebody_helped_who_had_not_asked_then_it_counts_and_answers_nobody(centre):
    centre.hall.run_as_system(ask_help, KIOSK)
    centre.hall.run_as_system(lambda act: give_help(act, None), HOA)
    assert centre.hall.floor.helped == {HOA: 1}
    assert helps(centre) == [(KIOSK, "Máy ở cửa")]


def test_given_a_restart_then_calls_for_help_still_stand_and_a_new_day_begins_without_them(centre):
    centre.hall.run_as_system(ask_help, KIOSK)
    centre.start()
    assert helps(centre) == [(KIOSK, "Máy ở cửa")]
    centre.clock.on(days=1)
    centre.hall.refresh()
    assert helps(centre) == []
