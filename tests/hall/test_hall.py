"""The hall under faults: full disk, failing listeners, two processes, a wrong clock."""

import sqlite3
import threading
from datetime import timedelta

import pytest

import hall.forecasts
from hall.calls import call_next
from hall.catalogue.defaults import found_hall
from hall.hall import Hall, turn_day
from hall.ports import CannotSave
from hall.verify import verify
from hall.views.tickets import ticket_view
from queueing import events as ev
from queueing.clock import SteadyClock
from queueing.errors import ClockNotHeld, NobodyWaiting
from store.database import Database
from store.hall import SqliteHallStore
from tests.clocks import HandClock
from tests.hall.centre import BINH, TestCentre


def test_given_an_empty_store_when_founding_then_a_whole_centre_and_only_once():
    store, clock = SqliteHallStore(Database(None)), HandClock()
    with pytest.raises(ValueError, match="found one first"):
        Hall(store, SteadyClock(clock.wall, clock.elapsed))
    assert found_hall(store, clock.wall())
    identity, seq = store.identity(), store.last_seq()
    assert not found_hall(store, clock.wall())
    assert (store.identity(), store.last_seq()) == (identity, seq)
    assert [event.kind for event in store.events(0)] == ["setting.changed", "policy.changed"]
    assert verify(store).clean


def test_given_two_centres_then_their_logs_have_names_of_their_own():
    one, other = TestCentre(), TestCentre()
    assert one.hall.hall_id != other.hall.hall_id and one.hall.log_id != other.hall.log_id


def test_given_commands_then_the_log_has_no_gap_and_the_chain_holds(opened):
    opened.take()
    opened.serve(2)
    before = opened.hall.log_id
    for n, event in enumerate(opened.store.written(0), start=1):
        assert event.seq == n and event.follows(before)
        before = event.hash
    assert verify(opened.store).clean


def test_given_a_command_then_listeners_hear_of_it_after_the_commit_in_order(opened):
    inside = []
    opened.hall.listeners.append(lambda events: inside.append(opened.db.library.conn.in_transaction))
    after = opened.seq()
    opened.take(), opened.take()
    opened.press("call-next", 2)
    assert [event.seq for event in opened.heard[-3:]] == [after + 1, after + 2, after + 3]
    assert inside == [False, False, False]


def test_given_a_listener_that_fails_then_it_is_logged_and_undoes_nothing(opened, capsys):
    def fails(events):
        raise RuntimeError("the printer is on fire")

    heard = []
    opened.hall.listeners[:] = [fails, heard.extend]
    ticket = opened.take()
    assert ticket["number"] == "B001"
    assert opened.ticket(1) is not None and [event.kind for event in heard] == ["ticket.issued"]
    assert "listener_failed" in capsys.readouterr().out
    assert opened.press("call-next", 2)["ticket"]["number"] == "B001"


def test_given_a_refusal_in_the_middle_then_nothing_of_it_is_left_and_nobody_hears_of_it(opened):
    before, seen, heard = opened.state(), opened.seen(), len(opened.heard)

    def half(act):
        act.append(ev.COUNTER_PAUSED, {"by": act.by, "reason": None}, counter=2)
        raise NobodyWaiting(counter=2)

    with pytest.raises(NobodyWaiting):
        opened.hall.run_as_system(half)
    assert (opened.state(), opened.seen(), len(opened.heard)) == (before, seen, heard)


def test_given_a_fact_that_cannot_be_then_the_floor_is_as_before(opened):
    opened.take()
    before, seen = opened.state(), opened.seen()
    with pytest.raises(KeyError):
        opened.hall.run_as_system(lambda act: act.append(ev.TICKET_CALLED, {"by": "x"}, ref=1, counter=2))
    assert (opened.state(), opened.seen()) == (before, seen)
    opened.press("call-next", 2)
    assert verify(opened.store).clean


def fill_the_disk(centre):
    """Allow the database no more pages, and take tickets until one is refused."""
    pages = centre.db.row("PRAGMA page_count")[0]
    centre.db.execute(f"PRAGMA max_page_count = {pages}")
    while True:
        before, seen, heard = centre.state(), centre.seen(), len(centre.heard)
        try:
            centre.take()
        except CannotSave:
            assert (centre.state(), centre.seen(), len(centre.heard)) == (before, seen, heard)
            return


def test_given_a_full_disk_then_no_half_ticket_and_all_goes_on_when_there_is_room(opened):
    fill_the_disk(opened)
    last = opened.store.refs()[-1]
    opened.clock.jump(hours=-1)
    with pytest.raises(CannotSave):
        for _ in range(100):
            opened.take()
    opened.db.execute("PRAGMA max_page_count = 1000000")
    refs = [opened.take()["ref"] for _ in range(3)]
    assert refs[0] > last and refs == list(range(refs[0], refs[0] + 3))
    assert opened.press("call-next", 2)["ticket"]["number"] == "B001"
    assert [event.data["jump_s"] for event in opened.events("clock.jumped")] == [-3600]
    numbers = [opened.ticket(ref).number for ref in opened.store.refs()]
    assert numbers == [f"B{n:03d}" for n in range(1, len(numbers) + 1)]
    assert verify(opened.store).clean


def test_given_a_commit_that_fails_then_floor_and_store_are_equal_and_the_next_command_goes_on(opened):
    opened.take()
    before, seen, heard = opened.state(), opened.seen(), len(opened.heard)

    def doomed(act):
        call_next(act, 2)
        # A row without its ticket, looked at only on commit.
        opened.db.execute("PRAGMA defer_foreign_keys = ON")
        opened.db.execute("INSERT INTO leg (ref, n, service, queued_at, calls) VALUES (99, 1, 'A', 'now', 0)")
        assert act.floor.at_counter(2) is not None

    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        opened.hall.run_as_system(doomed)
    assert (opened.state(), opened.seen(), len(opened.heard)) == (before, seen, heard)
    assert opened.press("call-next", 2)["ticket"]["number"] == "B001"
    assert verify(opened.store).clean


def test_given_another_process_writes_then_its_facts_are_taken_in_and_published(tmp_path):
    one = TestCentre(tmp_path / "hall.db")
    other = TestCentre(tmp_path / "hall.db", one.clock)
    one.press("open", 2)
    other.take()
    after = len(one.heard)
    one.hall.refresh()
    assert [event.kind for event in one.heard[after:]] == ["ticket.issued"]
    other.take()
    assert one.press("call-next", 2)["ticket"]["number"] == "B001"
    assert other.take()["number"] == "B003"
    assert other.hall.floor.seq == one.seq()
    other.set_policy(cap=0)
    one.hall.refresh()
    assert one.hall.catalogue.policy.cap == 0
    seqs = {event.seq for event in one.heard}
    assert [event.seq for event in one.heard] == sorted(seqs) == list(range(4, one.seq() + 1))
    assert verify(one.store).clean


def test_given_two_processes_whose_clocks_differ_then_the_times_of_the_log_never_go_back(tmp_path):
    one = TestCentre(tmp_path / "hall.db")
    other = TestCentre(tmp_path / "hall.db", HandClock(one.clock.at + timedelta(seconds=1.5)))
    for n in range(6):
        (one, other)[n % 2].take()
    times = [event.at for event in one.events()]
    assert times == sorted(times)
    assert one.ticket(5).issued_at >= one.ticket(4).issued_at


def test_given_two_processes_at_midnight_then_the_day_changes_once(tmp_path):
    one = TestCentre(tmp_path / "hall.db")
    other = TestCentre(tmp_path / "hall.db", one.clock)
    one.take()
    one.clock.on(hours=17)
    one.hall.refresh()
    other.hall.refresh()
    day = one.hall.floor.day
    for centre in (one, other):
        centre.hall.run_as_system(lambda act: turn_day(act, day))
    assert one.kinds().count("day.opened") == 2
    assert one.hall.floor.day == other.hall.floor.day == day


def test_given_the_same_key_in_two_processes_then_one_ticket(tmp_path):
    one = TestCentre(tmp_path / "hall.db")
    other = TestCentre(tmp_path / "hall.db", one.clock)
    assert one.take(key="k" * 8) == other.take(key="k" * 8)
    assert one.store.refs() == [1]


def test_given_a_busy_morning_when_restarting_then_every_screen_shows_the_same(opened):
    opened.press("open", 3, BINH)
    for n in range(20):
        opened.take(("CHUNG_THUC", "HO_TICH", "DAT_DAI")[n % 3], "priority" if n % 4 == 3 else "ordinary")
        opened.clock.on(minutes=1)
    for counter, clerk in ((2, "user:1"), (3, BINH), (2, "user:1")):
        opened.serve(counter, clerk)
    opened.press("call-next", 2)
    opened.press("call-again", 2)
    opened.press("pause", 3, BINH, reason="meeting")
    opened.cancel(19)
    seen, seq = opened.seen(), opened.seq()
    opened.start()
    assert opened.seen() == seen and opened.seq() == seq


def test_given_the_estimator_fails_then_tickets_are_issued_and_called_without_a_forecast(opened, monkeypatch, capsys):
    def fails(*_):
        raise ZeroDivisionError("no crystal ball")

    monkeypatch.setattr(hall.forecasts, "estimate", fails)
    opened.take()
    ticket = opened.take()
    assert (ticket["number"], ticket["people_ahead"], ticket["forecast"]) == ("B002", 1, None)
    assert opened.press("call-next", 2)["ticket"]["number"] == "B001"
    assert opened.seen()["services"]["services"][0]["forecast"] is None
    assert "forecast_failed" in capsys.readouterr().out


def test_given_the_estimators_then_the_forecast_is_null_only_while_no_counter_is_open(centre):
    assert centre.take()["forecast"] is None
    centre.press("open", 2)
    assert centre.take()["forecast"] is not None
    centre.press("pause", 2)
    assert centre.take()["forecast"] is None
    centre.press("open", 3, BINH)
    assert centre.take()["forecast"] is not None


def test_given_a_long_wait_this_morning_when_nobody_is_ahead_now_then_the_forecast_is_one_service(opened):
    opened.take()
    opened.clock.on(hours=3)
    opened.press("call-next", 2)
    opened.press("start", 2)
    assert opened.take()["forecast"]["p50_s"] == 360


def test_given_one_has_waited_when_somebody_else_presses_then_the_rest_of_the_wait_is_shorter(opened):
    for _ in range(4):
        opened.take()
    opened.clock.on(hours=1)
    opened.serve(2)
    opened.press("call-next", 2)
    opened.press("start", 2)
    newest = opened.take()["forecast"]  # two ahead; the last to start waited 65 minutes
    waiting = opened.hall.ticket(4)  # one ahead; has waited those 65 minutes itself
    rest = ticket_view(opened.hall, waiting, None, None).forecast
    assert (newest["p50_s"], rest.p50_s) == ((3 * 350 + 3900) // 2, 350)


def test_given_threads_that_save_and_ask_the_time_then_none_waits_for_the_other(centre):
    # Somebody signs in: inside a transaction of their own they ask the hall what time it is.
    def sign_in():
        for _ in range(300):
            with centre.store.transaction():
                centre.hall.now()

    threads = [threading.Thread(target=sign_in, daemon=True) for _ in range(2)]
    threads.append(threading.Thread(target=lambda: [centre.take() for _ in range(100)], daemon=True))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)
    assert len(centre.store.refs()) == 100


def test_given_an_idle_counter_and_nobody_ahead_then_the_forecast_is_no_wait(opened):
    assert opened.take()["forecast"] == {"p10_s": 0, "p50_s": 0, "p80_s": 0, "between": None}


def test_given_the_clock_is_right_when_following_it_then_there_is_nothing_to_follow(centre):
    seq = centre.seq()
    with pytest.raises(ClockNotHeld):
        centre.follow_clock()
    assert centre.seq() == seq


def test_given_two_jumps_between_two_commands_then_both_are_logged(centre):
    centre.clock.jump(hours=-3)
    centre.hall.now()
    centre.clock.jump(hours=8)
    centre.hall.now()
    centre.take()
    assert [event.data["jump_s"] for event in centre.events("clock.jumped")] == [-3 * 3600, 5 * 3600]
    assert centre.hall.clock.held.by == timedelta(hours=5)
