"""Which wall speaks: exactly one, as long as one can be heard."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from counter.channel import CounterChannel
from display.channel import DisplayChannel
from hall.announce import EVENTS, SPEAKER, Announcer
from hall.settings.change import change_hall, undo
from hall.speech import Speech
from hall.views.board import board_view
from queueing import events as ev
from supervisor.channel import SupervisorChannel
from tests.hall.centre import AN, TestCentre, name_of

NINE = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
WALL, CONSOLE, SUPERVISOR = "/display", "/counter", "/supervisor"


@pytest.fixture
def sent():
    return []


@pytest.fixture
def speech(sent):
    return Speech(lambda wall, speaks, said: sent.append((wall, speaks, said)))


def test_given_two_walls_then_the_first_that_can_be_heard_speaks_alone(speech, sent):
    speech.sound("one", False, NINE)
    speech.sound("two", True, NINE)
    speech.sound("one", True, NINE)
    assert speech.speaker == "two"
    assert sent == [("one", False, 0), ("two", True, 0), ("two", True, 0), ("one", False, 0)]


def test_given_the_speaker_leaves_or_falls_silent_then_the_next_takes_over_and_knows_what_was_said(speech, sent):
    for wall in ("one", "two", "three"):
        speech.sound(wall, True, NINE)
    assert speech.said("one", counter=2, seq=17)
    sent.clear()
    speech.left("one", NINE)
    assert sent == [("two", True, 17)]
    sent.clear()
    speech.sound("two", False, NINE)
    assert sent == [("two", False, 17), ("three", True, 17), ("two", False, 17)]
    speech.sound("two", True, NINE)
    assert speech.speaker == "three"


def test_given_a_wall_the_hall_wishes_for_then_it_speaks_while_it_can_be_heard(sent):
    wishes = {"two"}
    speech = Speech(lambda wall, speaks, said: sent.append((wall, speaks, said)), wishes.__contains__)
    speech.sound("one", True, NINE)
    assert speech.speaker == "one"
    speech.sound("two", True, NINE)
    assert speech.speaker == "two"
    assert sent[-3:] == [("one", False, 0), ("two", True, 0), ("two", True, 0)]
    speech.sound("two", False, NINE)
    assert speech.speaker == "one"


def speaker(listening):
    """The wall that speaks, by what each has heard of it last."""
    last = {wall: said["speaks"] for _, wall, message, said in listening.sent if message == SPEAKER}
    return next((wall for wall, speaks in last.items() if speaks), None)


def test_given_the_settings_name_a_wall_then_the_voice_moves_there_at_once():
    hall = ListeningTestCentre()
    for device, wall in ((4, "one"), (5, "two")):
        hall.join(WALL, wall, f"device:{device}")
        hall.announcer.sound(WALL, wall, True)
    assert speaker(hall) == "one"
    changed = hall.centre.hall.run_as_system(lambda act: change_hall(act, {"voice": {"speaker": 5}}), "user:9")
    assert speaker(hall) == "two"
    hall.centre.hall.run_as_system(lambda act: undo(act, changed.seq), "user:9")
    assert speaker(hall) == "one"


def test_given_a_wall_that_is_not_the_speaker_then_what_it_says_does_not_count(speech):
    speech.sound("one", True, NINE)
    speech.sound("two", True, NINE)
    assert not speech.said("two", 2, 17)
    assert speech.said("one", 2, 17)
    assert not speech.said("one", 2, 17)
    assert not speech.said("one", 2, 16)
    assert (speech.last_said(2), speech.last_said(3)) == (17, None)


def test_given_walls_that_all_may_not_be_heard_then_it_is_known_since_when(speech):
    assert (speech.state(), speech.silent_since) == (None, None)
    speech.sound("one", False, NINE)
    speech.sound("two", False, NINE + timedelta(minutes=1))
    assert (speech.state(), speech.silent_since) == ("off", NINE)
    speech.sound("two", True, NINE)
    assert (speech.state(), speech.silent_since) == ("on", None)
    speech.left("two", NINE)
    assert speech.state() == "off"
    speech.left("one", NINE)
    assert (speech.state(), speech.silent_since) == (None, None)


class ListeningTestCentre:
    """A test centre with a console and walls; every message to them is kept in `sent`."""

    def __init__(self):
        self.centre = TestCentre()
        self.sent = []
        hall = self.centre.hall
        self.announcer = Announcer(hall, lambda *message: self.sent.append(message))
        self.announcer.add(DisplayChannel(hall, None))
        walls = self.announcer
        self.announcer.add(
            CounterChannel(hall, None, name_of, walls.seen, lambda counter: len(walls.sockets(WALL)), walls.spoken)
        )
        self.announcer.add(SupervisorChannel(hall, None, name_of, lambda: [], walls.silent_since))
        self.centre.press("open", 2)
        self.join(CONSOLE, "console", AN, counter=2)
        self.join(SUPERVISOR, "desk", AN)

    def join(self, namespace, socket, subject="device:1", **auth):
        self.announcer.joined(namespace, socket, subject, auth)

    def spoken(self):
        """What the console knows of the voice, by its last figures."""
        self.announcer.round()
        return [each[3]["spoken"] for each in self.sent if each[0] == CONSOLE and "spoken" in each[3]][-1]

    def alarms(self):
        self.announcer.round()
        return [each[3]["alarms"] for each in self.sent if each[0] == SUPERVISOR and "alarms" in each[3]][-1]


def test_given_walls_that_report_their_sound_then_console_and_supervisor_know():
    listening = ListeningTestCentre()
    assert listening.spoken() == {"seq": None, "sound": None}
    listening.join(WALL, "one")
    listening.announcer.sound(WALL, "one", False)
    assert [each[1:] for each in listening.sent if each[2] == SPEAKER] == [
        ("one", SPEAKER, {"speaks": False, "said": 0})
    ]
    assert listening.spoken()["sound"] == "off"
    assert [alarm["code"] for alarm in listening.alarms()] == ["speaker_off"]
    listening.announcer.sound(WALL, "one", True)
    assert listening.spoken()["sound"] == "on"
    assert listening.alarms() == []
    listening.announcer.left(WALL, "one")
    assert listening.spoken()["sound"] is None


def test_given_a_call_that_was_said_then_its_console_knows_and_a_stranger_is_not_believed():
    listening = ListeningTestCentre()
    for wall in ("one", "two"):
        listening.join(WALL, wall)
        listening.announcer.sound(WALL, wall, True)
    listening.announcer.sound(WALL, "nobody", True)
    listening.centre.take()
    listening.centre.press("call-next", 2)
    seq = listening.centre.hall.floor.seq
    listening.announcer.said("two", seq)
    listening.announcer.said("one", seq + 5)
    assert listening.spoken()["seq"] is None
    listening.announcer.said("one", seq)
    assert listening.spoken() == {"seq": seq, "sound": "on"}


def test_given_a_call_that_will_not_be_said_then_its_console_knows_until_one_is_said():
    listening = ListeningTestCentre()
    for wall in ("one", "two"):
        listening.join(WALL, wall)
        listening.announcer.sound(WALL, wall, True)
    listening.centre.take()
    listening.centre.press("call-next", 2)
    seq = listening.centre.hall.floor.seq
    for wall, why in (("two", "quiet"), ("nobody", "quiet"), ("one", "no reason")):
        listening.announcer.unsaid(wall, seq, why)
    assert "unsaid" not in listening.spoken()
    listening.announcer.unsaid("one", seq, "quiet")
    assert listening.spoken() == {"seq": None, "sound": "on", "unsaid": {"seq": seq, "why": "quiet"}}
    listening.centre.press("call-again", 2)
    listening.announcer.said("one", listening.centre.hall.floor.seq)
    assert listening.spoken() == {"seq": listening.centre.hall.floor.seq, "sound": "on"}


def test_given_a_deaf_person_who_is_called_then_the_walls_alone_are_told_to_make_it_seen():
    listening = ListeningTestCentre()
    listening.join(WALL, "one")
    ref = listening.centre.take()["ref"]
    listening.centre.change(ref, "visual-call", wanted=True)
    listening.centre.press("call-next", 2)
    heard = [event for each in listening.sent if each[:3:2] == (WALL, EVENTS) for event in each[3]["events"]]
    assert [event["visual"] for event in heard if event["kind"] == ev.TICKET_CALLED] == [True]
    assert ev.TICKET_VISUAL_CALL not in {event["kind"] for event in heard}
    assert [call["visual"] for call in DisplayChannel(listening.centre.hall, None).snapshot("walls")["calls"]] == [True]
    assert "visual" not in msgspec.json.encode(board_view(listening.centre.hall)).decode()


def test_given_a_ticket_taken_in_english_then_the_walls_alone_hear_of_it_and_nothing_keeps_it():
    listening = ListeningTestCentre()
    listening.join(WALL, "one")
    listening.centre.take(language="en", priority_class="priority")
    listening.centre.press("call-next", 2)
    calls = [event for each in listening.sent if each[0] == WALL and each[2] == "events" for event in each[3]["events"]]
    assert [(call["language"], call["priority"]) for call in calls] == [("en", True)]
    listening.announcer.resync(WALL, "one")
    assert [call["language"] for call in listening.sent[-1][3]["calls"]] == ["en"]
    others = [each for each in listening.sent if each[0] != WALL]
    assert "language': 'en'" not in str(others)
    facts = [event for event in listening.centre.log() if event["data"].get("what") != "founded"]
    assert "language" not in str(facts)
    listening.centre.press("start", 2)
    listening.centre.press("finish", 2)
    assert listening.centre.store.holder(1).language is None
