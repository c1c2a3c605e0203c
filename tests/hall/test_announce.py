"""What the screens receive: every event in order, a call at once, everything else once a round."""

from datetime import timedelta

import pytest

from counter.channel import CounterChannel
from display.channel import DisplayChannel
from hall import announce
from hall.announce import Announcer
from hall.calls import call_next
from kiosk.channel import KioskChannel
from queueing.errors import Refusal
from supervisor.channel import SupervisorChannel
from tests.hall.centre import AN, BINH, TestCentre, name_of

WALL, CONSOLE, KIOSK, SUPERVISOR = "/display", "/counter", "/kiosk", "/supervisor"


class ListeningTestCentre:
    """A test centre with screens that listen; every message to a room is kept in `sent`."""

    def __init__(self):
        self.centre = TestCentre()
        self.sent = []
        self.breaks = set()
        self.gone = set()  # sockets that are found to be gone when something is sent to them
        hall = self.centre.hall
        self.announcer = Announcer(hall, self.emit)
        self.announcer.add(KioskChannel(hall, None))
        self.announcer.add(DisplayChannel(hall, None))
        seen, walls = self.announcer.seen, lambda counter: len(self.announcer.sockets(WALL))
        self.announcer.add(CounterChannel(hall, None, name_of, seen, walls))
        self.announcer.add(SupervisorChannel(hall, None, name_of, lambda: []))
        self.centre.press("open", 2)
        self.centre.press("open", 3, BINH)

    def emit(self, namespace, to, message, payload):
        if (namespace, to) in self.breaks:
            raise RuntimeError("this room cannot be reached")
        if to in self.gone:
            self.announcer.left(namespace, to)
        assert not self.centre.db.library.conn.in_transaction
        self.sent.append((namespace, to, message, payload))

    def join(self, namespace, socket, subject="device:1", **auth):
        return self.announcer.joined(namespace, socket, subject, auth)

    def received(self, namespace, to=None, message=None):
        """[(message, payload)], for a namespace and, where given, one recipient and one kind of message."""
        return [
            (kind, payload)
            for space, recipient, kind, payload in self.sent
            if space == namespace and to in (None, recipient) and message in (None, kind)
        ]

    def forget(self):
        self.sent.clear()
        return self


@pytest.fixture
def listening():
    return ListeningTestCentre()


def kinds(payload):
    return [event["kind"] for event in payload["events"]]


def test_given_a_screen_joins_then_it_gets_a_snapshot_true_for_its_seq(listening):
    listening.join(WALL, "s1")
    ((message, payload),) = listening.received(WALL, "s1")
    assert message == announce.SNAPSHOT
    assert payload["seq"] == listening.centre.seq()


def test_given_a_call_then_the_wall_hears_of_it_at_once(listening):
    listening.join(WALL, "s1")
    listening.centre.take()
    before = listening.forget().centre.seq()
    listening.centre.press("call-next", 2)
    ((message, payload),) = listening.received(WALL)
    assert message == announce.EVENTS
    assert (payload["from"], payload["to"]) == (before, before + 1)
    (event,) = payload["events"]
    assert (event["kind"], event["number"], event["counter"], event["seq"]) == ("ticket.called", "B001", 2, before + 1)


def test_given_the_wall_then_it_never_hears_who_somebody_is(listening):
    listening.join(WALL, "s1")
    ticket = listening.centre.take("HO_TICH", "priority")
    listening.centre.press("call-next", 2)
    listening.announcer.round()
    for _, payload in listening.received(WALL):
        text = str(payload)
        assert ticket["id"] not in text and "'ref'" not in text and AN not in text


def test_given_arrivals_then_they_wait_for_the_round_and_go_in_one_message(listening):
    listening.join(SUPERVISOR, "s1", "user:9")
    listening.announcer.round()
    before = listening.forget().centre.seq()
    for _ in range(5):
        listening.centre.take()
    listening.centre.cancel(2)
    assert listening.received(SUPERVISOR) == []
    listening.announcer.round()
    (events,) = listening.received(SUPERVISOR, message=announce.EVENTS)
    assert kinds(events[1]) == ["ticket.issued"] * 5 + ["ticket.cancelled"]
    assert (events[1]["from"], events[1]["to"]) == (before + 1, before + 6)
    assert len(listening.received(SUPERVISOR, message=announce.COUNTS)) == 1


def test_given_gathered_arrivals_when_somebody_is_called_then_the_arrivals_go_first(listening):
    listening.join(SUPERVISOR, "s1", "user:9")
    listening.forget()
    listening.centre.take(), listening.centre.take()
    listening.centre.press("call-next", 2)
    ((_, payload),) = listening.received(SUPERVISOR, message=announce.EVENTS)
    assert kinds(payload) == ["ticket.issued", "ticket.issued", "ticket.called"]
    assert [event["seq"] for event in payload["events"]] == list(range(payload["from"], payload["to"] + 1))


def test_given_a_called_one_cancels_then_the_wall_need_not_wait_long(listening):
    listening.join(WALL, "s1")
    listening.centre.take()
    listening.centre.press("call-next", 2)
    listening.forget().centre.cancel(1)
    listening.announcer.round()
    ((_, payload),) = listening.received(WALL, message=announce.EVENTS)
    assert kinds(payload) == ["ticket.cancelled"]


def test_given_two_calls_in_one_transaction_then_both_are_sent_in_one_message(listening):
    listening.join(WALL, "s1")
    listening.centre.take(), listening.centre.take()
    listening.forget()

    def both(act):
        call_next(act, 2)
        call_next(act, 3)

    listening.centre.hall.run_as_system(both, AN)
    ((_, payload),) = listening.received(WALL)
    assert [(event["number"], event["counter"]) for event in payload["events"]] == [("B001", 2), ("B002", 3)]


def test_given_two_calls_in_the_same_instant_then_both_are_sent(listening):
    listening.join(WALL, "s1")
    listening.centre.take(), listening.centre.take()
    listening.forget()
    listening.centre.press("call-next", 2)
    listening.centre.press("call-next", 3, BINH)
    assert [payload["events"][0]["number"] for _, payload in listening.received(WALL)] == ["B001", "B002"]


def test_given_a_busy_hour_then_the_ranges_of_every_room_cover_the_log_without_a_gap(listening):
    rooms = {
        (WALL, listening.join(WALL, "s1")),
        (KIOSK, listening.join(KIOSK, "s2")),
        (SUPERVISOR, listening.join(SUPERVISOR, "s3", "user:9")),
        (CONSOLE, listening.join(CONSOLE, "s4", AN, counter=2)),
        (CONSOLE, listening.join(CONSOLE, "s5", BINH, counter=3)),
    }
    start = listening.forget().centre.seq()
    for n in range(120):
        listening.centre.clock.on(seconds=7)
        counter, clerk = ((2, AN), (3, BINH))[n % 2]
        buttons = ("call-next", "start", "finish", "call-next", "no-show", "pause", "resume")
        try:
            if n % 3:
                listening.centre.take(("CHUNG_THUC", "HO_TICH", "DAT_DAI", "TRA_KQ")[n % 4])
            else:
                listening.centre.press(buttons[(n // 6) % len(buttons)], counter, clerk)
        except Refusal:
            pass
        if n % 5 == 0:
            listening.announcer.round()
    listening.announcer.round()
    for namespace, room in rooms:
        at = start
        events = []
        for _, payload in listening.received(namespace, room, announce.EVENTS):
            assert payload["from"] == at + 1 and payload["to"] >= at + 1
            assert all(payload["from"] <= event["seq"] <= payload["to"] for event in payload["events"])
            events += payload["events"]
            at = payload["to"]
        assert at == listening.centre.seq()
        seqs = [event["seq"] for event in events]
        assert seqs == sorted(set(seqs))
    log = {event.seq: event for event in listening.centre.events()[start:]}
    seqs = [
        event["seq"] for _, payload in listening.received(SUPERVISOR, message="events") for event in payload["events"]
    ]
    assert seqs == sorted(log)
    calls = [event["seq"] for _, payload in listening.received(WALL, message="events") for event in payload["events"]
             if event["kind"] == "ticket.called"]  # fmt: skip
    assert calls == [seq for seq, event in log.items() if event.kind == "ticket.called"]
    mine = [
        event["seq"] for _, payload in listening.received(CONSOLE, f"2 {AN}", "events") for event in payload["events"]
    ]
    assert mine == [seq for seq, event in log.items() if event.counter == 2]


def test_given_any_crowd_then_a_round_sends_a_room_at_most_two_messages_and_now_and_then_a_beat(listening):
    rooms = [
        (WALL, listening.join(WALL, "s1")),
        (KIOSK, listening.join(KIOSK, "s2")),
        (SUPERVISOR, listening.join(SUPERVISOR, "s3", "user:9")),
    ]
    rooms.append((CONSOLE, listening.join(CONSOLE, "s4", AN, counter=2)))
    beats = 0
    for _ in range(20):
        listening.forget()
        for n in range(16):
            listening.centre.take(("CHUNG_THUC", "DAT_DAI")[n % 2])
        assert listening.sent == []
        listening.announcer.round()
        for namespace, room in rooms:
            messages = [message for message, _ in listening.received(namespace, room)]
            assert sorted(set(messages) - {announce.BEAT}) == [announce.COUNTS, announce.EVENTS]
            assert len(messages) == len(set(messages))
            beats += announce.BEAT in messages
    assert beats == 10 * len(rooms)


def test_given_nothing_happens_then_only_the_beat_is_sent_and_figures_that_grow_with_time(listening):
    listening.join(WALL, "s1")
    listening.announcer.round()
    listening.forget()
    for _ in range(15):
        listening.centre.clock.on(seconds=1)
        listening.announcer.round()
    messages = [message for message, _ in listening.received(WALL)]
    assert messages.count(announce.BEAT) in (7, 8)
    assert messages.count(announce.COUNTS) == 1 and announce.EVENTS not in messages


def test_given_a_room_that_nothing_concerns_then_its_range_is_covered_all_the_same(listening):
    listening.join(CONSOLE, "s1", AN, counter=2)
    listening.announcer.round()
    listening.forget()
    listening.centre.press("pause", 3, BINH)
    assert listening.received(CONSOLE, f"2 {AN}", announce.EVENTS) == []
    listening.announcer.round()
    ((_, payload),) = listening.received(CONSOLE, f"2 {AN}", announce.EVENTS)
    assert (payload["events"], payload["to"]) == ([], listening.centre.seq())


def test_given_a_console_when_something_happens_at_its_counter_then_its_figures_come_at_once(listening):
    listening.join(CONSOLE, "s1", AN, counter=2)
    listening.centre.take()
    listening.forget()
    listening.centre.press("call-next", 2)
    assert [message for message, _ in listening.received(CONSOLE)] == [announce.EVENTS, announce.COUNTS]
    assert listening.received(CONSOLE)[1][1]["ticket"]["number"] == "B001"


def test_given_a_wall_joins_between_two_calls_then_snapshot_and_range_meet(listening):
    listening.join(WALL, "s1")
    listening.centre.take(), listening.centre.take()
    listening.centre.press("call-next", 2)
    listening.centre.take()
    listening.join(WALL, "s2")
    ((_, snapshot),) = listening.received(WALL, "s2")
    listening.forget().centre.press("call-next", 3, BINH)
    ((_, payload),) = listening.received(WALL)
    assert payload["from"] <= snapshot["seq"] + 1 <= payload["to"]
    fresh = [event for event in payload["events"] if event["seq"] > snapshot["seq"]]
    assert [event["number"] for event in fresh] == ["B002"]
    assert [call["number"] for call in snapshot["calls"]] == ["B001"]


def test_given_gathered_arrivals_when_a_supervisor_joins_then_they_are_sent_to_both(listening):
    listening.join(SUPERVISOR, "s1", "user:9")
    listening.announcer.round()
    listening.centre.take()
    listening.join(SUPERVISOR, "s2", "user:8")
    ((_, snapshot),) = listening.received(SUPERVISOR, "s2")
    listening.centre.take()
    listening.announcer.round()
    ((_, payload),) = listening.received(SUPERVISOR, message=announce.EVENTS)
    assert payload["from"] <= snapshot["seq"] + 1 <= payload["to"]
    assert kinds(payload) == ["ticket.issued", "ticket.issued"]


def test_given_a_screen_that_saw_a_gap_when_it_asks_then_it_alone_gets_a_snapshot(listening):
    listening.join(WALL, "s1"), listening.join(WALL, "s2")
    listening.centre.take()
    listening.forget().announcer.resync(WALL, "s2")
    ((message, payload),) = listening.received(WALL)
    assert (message, payload["seq"]) == (announce.SNAPSHOT, listening.centre.seq())
    assert listening.sent[0][1] == "s2"


def test_given_the_last_screen_leaves_then_its_room_gets_nothing(listening):
    listening.join(WALL, "s1")
    listening.announcer.left(WALL, "s1")
    listening.forget().centre.take()
    listening.centre.press("call-next", 2)
    listening.announcer.round()
    assert listening.received(WALL) == [] and listening.announcer.sockets(WALL) == {}


@pytest.mark.parametrize("counter", (99, None, "2", True))
def test_given_a_console_without_a_counter_then_it_is_refused(listening, counter):
    with pytest.raises(Refusal):
        listening.join(CONSOLE, "s1", AN, counter=counter)
    assert listening.announcer.sockets(CONSOLE) == {}


def test_given_a_second_window_on_ones_counter_then_the_newest_takes_over(listening):
    listening.join(CONSOLE, "s1", AN, counter=2)
    listening.forget().join(CONSOLE, "s2", AN, counter=2)
    assert listening.received(CONSOLE, "s1") == [(announce.STOP, {"code": "taken_over"})]
    assert [message for message, _ in listening.received(CONSOLE, "s2")] == [announce.SNAPSHOT]


# -- seen by the wall ------------------------------------------------------------------------------


def called(listening):
    """Join two walls and An's console, call somebody to counter 2, and return the call's seq."""
    listening.join(WALL, "w1"), listening.join(WALL, "w2"), listening.join(CONSOLE, "s1", AN, counter=2)
    listening.join(CONSOLE, "s2", BINH, counter=3)
    listening.centre.take(), listening.centre.take()
    listening.centre.press("call-next", 2)
    listening.forget()
    return listening.centre.seq()


def seen_at(listening, room):
    return [payload["seen"] for _, payload in listening.received(CONSOLE, room, announce.COUNTS)]


def test_given_a_screen_found_gone_while_it_is_sent_something_then_it_has_left_and_the_others_go_on(listening):
    for space, subject in ((WALL, "device:1"), (KIOSK, "device:2")):
        listening.join(space, "lost", subject)
        listening.gone.add("lost")
        listening.announcer.resync(space, "lost")
        assert not listening.announcer.sockets(space)
    listening.join(CONSOLE, "first", AN, counter=2)
    listening.gone.add("first")
    listening.join(CONSOLE, "second", AN, counter=2)
    assert set(listening.announcer.sockets(CONSOLE)) == {"second"}
    listening.forget()
    listening.centre.take()
    listening.centre.press("call-next", 2)
    assert listening.received(CONSOLE, message=announce.EVENTS)


def test_given_walls_that_show_the_call_then_the_counter_hears_at_once_how_many(listening):
    seq = called(listening)
    listening.announcer.shown("w1", seq)
    listening.announcer.shown("w1", seq)
    listening.announcer.shown("w2", seq)
    assert seen_at(listening, f"2 {AN}") == [{"seq": seq, "walls": 1}, {"seq": seq, "walls": 2}]
    assert seen_at(listening, f"3 {BINH}") == []
    assert {payload["walls"] for _, payload in listening.received(CONSOLE, f"2 {AN}", announce.COUNTS)} == {2}


def test_given_a_call_that_never_was_then_nothing_is_counted(listening):
    seq = called(listening)
    for wrong in (0, -1, seq + 1, 10**9, seq - 1):
        listening.announcer.shown("w1", wrong)
    assert listening.sent == [] and listening.announcer.seen(2) is None


def test_given_a_newer_call_then_counting_begins_again_and_late_answers_count_for_nothing(listening):
    first = called(listening)
    listening.announcer.shown("w1", first)
    listening.centre.press("call-again", 2)
    again = listening.centre.seq()
    listening.announcer.shown("w1", again)
    listening.announcer.shown("w2", first)
    assert listening.announcer.seen(2) == {"seq": again, "walls": 1}
    listening.announcer.shown("w2", again)
    assert listening.announcer.seen(2) == {"seq": again, "walls": 2}


# -- when a room fails -----------------------------------------------------------------------------


def test_given_a_room_that_cannot_be_reached_then_the_others_are_and_it_loses_nothing(listening, capsys):
    kiosk, wall, board = (
        listening.join(KIOSK, "s1"),
        listening.join(WALL, "s2"),
        listening.join(SUPERVISOR, "s3", "user:9"),
    )
    listening.announcer.round()
    before = listening.forget().centre.seq()
    listening.breaks = {(KIOSK, kiosk), (WALL, wall)}
    listening.centre.take()
    assert listening.centre.press("call-next", 2)["ticket"]["number"] == "B001"
    listening.announcer.round()
    assert kinds(listening.received(SUPERVISOR, board, announce.EVENTS)[0][1]) == ["ticket.issued", "ticket.called"]
    assert "room_failed" in capsys.readouterr().out
    listening.breaks = set()
    listening.announcer.round()
    ((_, payload),) = listening.received(WALL, wall, announce.EVENTS)
    assert (payload["from"], payload["to"], kinds(payload)) == (before + 1, listening.centre.seq(), ["ticket.called"])


def test_given_midnight_then_the_screens_hear_that_the_day_is_new(listening):
    listening.join(WALL, "s1")
    listening.centre.take()
    listening.forget().centre.clock.on(hours=17)
    listening.centre.hall.refresh()
    (first, *_) = listening.received(WALL, message=announce.EVENTS)
    assert kinds(first[1])[-1] == "day.opened"
    assert listening.centre.clock.at - listening.centre.hall.floor.at < timedelta(seconds=1)
