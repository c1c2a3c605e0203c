"""Group commit: commands that arrive together share one commit; none is lost, doubled, or harmed by another."""

import json
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from hall.arrivals import take_ticket
from hall.calls import call_next
from hall.ports import CannotSave, RequestIdentity
from hall.verify import verify
from queueing import events as ev
from queueing.errors import NobodyWaiting
from tests.hall.centre import AN, BINH, TestCentre

PATIENCE_S = 20


@pytest.fixture
def hall(tmp_path):
    centre = TestCentre(tmp_path / "hall.db")
    centre.press("open", 2)
    centre.press("open", 3, BINH)
    return centre


def together(centre, *uses, keys=None):
    """Let all arrive while the first waits for them; return the answer or the error of each."""
    arrived, commits = threading.Semaphore(0), []
    centre.hall.listeners.append(lambda events: commits.append(len(events)))

    def wait_for_the_others():
        centre.hall.group_commit.give_way = lambda: None
        arrived.release()
        until = time.monotonic() + PATIENCE_S
        while len(centre.hall.group_commit.pending()) < len(uses) and time.monotonic() < until:
            time.sleep(0.001)

    centre.hall.group_commit.give_way = wait_for_the_others

    def press(n):
        request = RequestIdentity(AN, "POST /test", keys[n] if keys else f"together-{n}", "same")
        try:
            return json.loads(centre.hall.execute(request, uses[n], lambda done: json.dumps(done).encode()))
        except Exception as error:  # noqa: BLE001  what each was answers is looked at
            return error

    with ThreadPoolExecutor(len(uses)) as pool:
        first = pool.submit(press, 0)
        assert arrived.acquire(timeout=PATIENCE_S)
        others = [pool.submit(press, n) for n in range(1, len(uses))]
        answers = [each.result(PATIENCE_S) for each in (first, *others)]
    centre.hall.listeners.pop()
    return answers, commits


def takes(act):
    return take_ticket(act, "CHUNG_THUC", "ordinary", "vi").ticket.number


def calls(counter):
    def call(act):
        call_next(act, counter)
        return act.floor.at_counter(counter).number

    return call


def test_given_sixteen_who_press_at_once_then_one_commit_and_each_its_own_number(hall):
    answers, commits = together(hall, *[takes] * 16)
    assert sorted(answers) == [f"B{n:03d}" for n in range(1, 17)]
    assert commits == [16]
    assert verify(hall.store).clean


def test_given_two_clerks_and_one_who_waits_then_one_gets_the_ticket_and_the_other_a_refusal(hall):
    hall.take()
    answers, _ = together(hall, calls(2), calls(3))
    assert [type(each) for each in answers if not isinstance(each, str)] == [NobodyWaiting]
    assert [each for each in answers if isinstance(each, str)] == ["B001"]


def test_given_one_that_fails_half_way_then_it_alone_is_undone(hall):
    def breaks(act):
        act.append(ev.COUNTER_PAUSED, {"by": act.by, "reason": None}, counter=2)
        raise ZeroDivisionError

    answers, commits = together(hall, takes, breaks, takes)
    assert isinstance(answers[1], ZeroDivisionError)
    assert sorted([answers[0], answers[2]]) == ["B001", "B002"]
    assert commits == [1, 1]
    assert "counter.paused" not in hall.kinds()
    assert verify(hall.store).clean


def test_given_one_that_wrote_a_row_before_it_was_refused_then_the_row_is_not_kept(hall):
    def wrote(act):
        act.hall.store.next_count(act.floor.day, "CHUNG_THUC")
        raise NobodyWaiting(counter=2)

    answers, _ = together(hall, takes, wrote, takes)
    assert isinstance(answers[1], NobodyWaiting)
    assert sorted([answers[0], answers[2]]) == ["B001", "B002"]


def test_given_the_same_key_twice_at_once_then_one_ticket_and_one_answer(hall):
    answers, commits = together(hall, takes, takes, keys=["one-key-1", "one-key-1"])
    assert answers == ["B001", "B001"]
    assert commits == [1]


def test_given_a_disk_that_takes_nothing_then_all_are_refused_and_nothing_is_left(hall, monkeypatch):
    before = hall.state()

    def full():
        raise CannotSave("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(hall.store, "transaction", full)
        answers, commits = together(hall, takes, takes, calls(2))
    assert [type(each) for each in answers] == [CannotSave] * 3
    assert (hall.state(), commits) == (before, [])
    assert hall.take()["number"] == "B001"


def test_given_presses_that_come_while_others_are_saved_then_they_are_next(hall):
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda _: hall.take()["number"], range(200)))
    assert sorted(numbers) == [f"B{n:03d}" for n in range(1, 201)]
    assert hall.hall.group_commit.pending() == ()
    assert verify(hall.store).clean


@pytest.fixture
def foreign(tmp_path):
    """Another program's connection to the same database."""
    conn = sqlite3.connect(tmp_path / "hall.db", isolation_level=None, check_same_thread=False)
    yield conn
    conn.close()


def test_given_another_program_writes_for_a_moment_then_a_command_waits_for_it_and_is_saved(hall, foreign):
    hall.db.wait_for_others(0.01)
    foreign.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.3, lambda: foreign.execute("ROLLBACK"))
    timer.start()
    assert hall.take()["number"] == "B001"
    timer.join()


def test_given_another_program_holds_the_file_then_commands_are_refused_reads_go_on_and_it_recovers(hall, foreign):
    hall.db.wait_for_others(0.01)
    hall.take()
    foreign.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    for _ in range(30):  # each of them would wait five seconds
        with pytest.raises(CannotSave):
            hall.take()
        with hall.hall.reading():
            assert len(hall.hall.floor.waiting) == 1
    print(f"30 refused in {time.monotonic() - began:.1f} s")
    assert time.monotonic() - began < PATIENCE_S
    foreign.execute("ROLLBACK")
    assert hall.take()["number"] == "B002"
    assert verify(hall.store).clean


def test_given_another_program_holds_the_file_then_a_read_does_not_wait_for_a_command_that_does(hall, foreign):
    hall.db.wait_for_others(0.01)
    foreign.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(hall.take)
        reads = 0
        while not waiting.done():
            with hall.hall.reading():
                reads += 1
            time.sleep(0.005)
        with pytest.raises(CannotSave):
            waiting.result()
    assert reads > 10
