"""Maintenance while the centre runs: the checks of disk, database pages and clock."""

import errno
import shutil
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from hall.hall import Hall
from hall.ports import BrokenLog, CannotSave
from hall.verify import verify
from queueing import events as ev
from queueing.events import canonical, chained, instant
from runtime import maintenance
from runtime.maintenance import Maintenance
from store import folder
from store.database import Database
from store.diary import DIARY, last_entry
from store.hall import SqliteHallStore
from tests.centre import ROOT
from tests.faults.test_backup import damaged
from tests.hall.centre import TestCentre


class Woken(Exception):
    """Raised at the first sleep, to end a task that runs for ever."""


def once(work, *given):
    """One turn of a task that runs for ever."""

    def rest(_):
        raise Woken

    with suppress(Woken):
        work(*given, rest)


@pytest.fixture
def centre(tmp_path):
    return TestCentre(tmp_path / "hall.db")


def watching(centre, tmp_path, second=None):
    return Maintenance(centre.hall, centre.db, tmp_path, second, lambda work: work())


def turn(watch, apart, close=None):
    def rest(_):
        raise Woken

    with suppress(Woken):
        watch.make_backups(apart, rest, close or pytest.fail)


def test_given_a_day_then_backups_are_made_at_first_every_four_hours_and_at_its_change(centre, tmp_path):
    watch, made = watching(centre, tmp_path), []

    def apart(*words):
        made.append(centre.hall.now())
        list(folder.back_up(tmp_path, None))
        return b"backed up"

    for _ in range(2 * 24 * 2):
        centre.hall.refresh()
        turn(watch, apart)
        centre.clock.on(minutes=30)
    gaps = [after - before for before, after in zip(made, made[1:], strict=False)]
    assert max(gaps) == timedelta(hours=4)
    assert [at for at in made if (at.hour, at.minute) in ((17, 0), (17, 30))] != []  # midnight in Viet Nam
    assert watch.view().at == instant(centre.store.last_event().at.replace(microsecond=0)) and watch.alarms() == []


def test_given_a_moment_without_free_files_then_the_backups_go_on_afterwards(centre, tmp_path, monkeypatch):
    watch = watching(centre, tmp_path)
    monkeypatch.setattr(watch, "check_disk", raises(OSError(errno.EMFILE, "Too many open files")))
    turn(watch, lambda *words: b"backed up")  # ends in its rest, as always
    monkeypatch.undo()
    turn(watch, lambda *words: pytest.fail("a backup was made a moment ago"))


def raises(error):
    def fail():
        raise error

    return fail


def test_given_backups_fail_for_a_day_then_the_board_says_so_and_the_hall_goes_on(centre, tmp_path):
    usb = tmp_path / "usb"
    usb.mkdir()
    watch = watching(centre, tmp_path, usb)

    def apart(*words):
        raise subprocess.CalledProcessError(1, words)

    turn(watch, apart)
    assert [alarm.code for alarm in watch.alarms()] == ["second_place_same_disk"]
    centre.clock.on(hours=27)
    centre.hall.refresh()
    turn(watch, apart)
    assert [alarm.code for alarm in watch.alarms()] == ["backup_old", "backup_second_old", "second_place_same_disk"]
    centre.take()


def test_given_a_backup_finds_damage_then_the_centre_is_closed_with_what_was_found(centre, tmp_path):
    closed = []
    turn(watching(centre, tmp_path), lambda *words: f"{folder.DAMAGED}: a torn page\n".encode(), closed.append)
    assert closed == ["a torn page"]


MB = 2**20


@pytest.fixture
def room(monkeypatch):
    """Return a function that sets how many bytes are free on the disk."""

    def left(free):
        monkeypatch.setattr(maintenance.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))

    return left


@pytest.mark.parametrize(("free", "alarms"), [(200 * MB, []), (200 * MB - 1, ["disk_low"])])
def test_given_a_disk_almost_full_then_the_board_says_so_at_200_mb(centre, tmp_path, room, free, alarms):
    room(free)
    watch = watching(centre, tmp_path)
    turn(watch, lambda *words: b"")
    assert [alarm.code for alarm in watch.alarms()] == alarms


def test_given_the_last_room_on_the_disk_then_it_is_kept_for_those_who_have_a_number(centre, tmp_path, room):
    centre.press("open", 2)
    centre.take()
    room(64 * MB - 1)
    watch = watching(centre, tmp_path)
    with pytest.raises(CannotSave):
        centre.take()
    centre.serve(2)
    assert centre.seen()["board"]["counters"][1]["state"] == "idle"
    room(64 * MB)
    turn(watch, lambda *words: b"")
    assert centre.take()["number"] == "B002"
    assert verify(centre.store).clean


def test_given_too_little_room_for_a_backup_then_none_is_begun_that_would_fill_the_disk(centre, tmp_path, room):
    size, made = (tmp_path / "hall.db").stat().st_size, []
    for free, backups in ((64 * MB + size - 1, 0), (64 * MB + size, 1)):
        room(free)
        turn(watching(centre, tmp_path), lambda *words: made.append(words) or b"")
        assert len(made) == backups


def test_given_a_place_that_fails_then_the_other_has_its_daily_file_and_the_board_says_so(centre, tmp_path):
    usb = tmp_path / "usb"
    usb.write_text("a stick that is none")
    watch = watching(centre, tmp_path, usb)
    centre.take()
    once(watch.write_diary, tmp_path)
    once(watch.write_diary, usb)
    assert last_entry(tmp_path / DIARY) == centre.seq()
    assert [alarm.code for alarm in watch.alarms()] == ["second_place_away"]
    usb.unlink()
    usb.mkdir()
    (usb / DIARY).write_text("no folder")
    once(watch.write_diary, usb)
    assert [alarm.code for alarm in watch.alarms()] == ["daily_file_failing", "second_place_same_disk"]
    (usb / DIARY).unlink()
    once(watch.write_diary, usb)
    assert last_entry(usb / DIARY) == centre.seq()
    assert [alarm.code for alarm in watch.alarms()] == ["second_place_same_disk"]


def test_given_events_then_soon_they_are_in_the_database_file_itself_not_only_in_its_write_ahead_log(centre, tmp_path):
    centre.take()
    once(watching(centre, tmp_path).write_diary, tmp_path)
    shutil.copyfile(tmp_path / "hall.db", tmp_path / "alone.db")
    alone = Database(tmp_path / "alone.db")
    assert SqliteHallStore(alone).last_seq() == centre.seq()
    alone.close()


def test_given_a_damaged_page_when_all_pages_are_read_then_it_is_found_and_a_short_check_stops(tmp_path):
    centre = TestCentre(tmp_path / "hall.db")
    centre.db.execute("PRAGMA synchronous = OFF")
    with centre.db.transaction():
        for n in range(8000):
            centre.db.execute("INSERT INTO setting VALUES (:name, '1')", {"name": f"x{n}" * 20})
    with pytest.raises(TimeoutError):
        centre.db.first_damage(-1)
    assert centre.db.first_damage(60) is None
    centre.db.truncate_write_ahead_log()
    centre.db.close()
    damaged(tmp_path / "hall.db", "print_job")
    words = [sys.executable, str(ROOT / "server.py"), "check", "--data", str(tmp_path)]
    said = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True).stdout
    assert said.startswith(folder.DAMAGED)


def test_given_an_event_of_today_that_cannot_have_happened_then_the_start_names_it(centre):
    last = centre.store.written(centre.seq() - 1)[0]
    data = canonical({"number": "B001", "by": "user:1", "outcome": None})
    at = instant(centre.hall.now())
    fact = (last.seq + 1, at, ev.TICKET_FINISHED, 77, 9, "CHUNG_THUC")
    row = (*fact, data, chained(last.hash, *fact, data))
    names = ("seq", "at", "kind", "ref", "counter", "service", "data", "hash")
    centre.db.execute(
        "INSERT INTO event VALUES (:seq, :at, :kind, :ref, :counter, :service, :data, :hash)",
        dict(zip(names, row, strict=True)),
    )
    centre.db.execute(
        "INSERT INTO event VALUES (:seq, :at, :kind, :ref, :counter, :service, :data, :hash)",
        dict(zip(names, (last.seq + 2, at, ev.TICKET_CALLED, 78, 9, None, "{}", "x"), strict=True)),
    )
    with pytest.raises(BrokenLog, match=f"event {last.seq + 2} "):
        Hall(centre.store, centre.hall.clock)


@pytest.mark.parametrize("wrong", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2040, 6, 1, tzinfo=UTC)])
def test_given_a_clock_of_1970_or_2040_then_numbers_go_on_in_order_and_no_wait_is_wrong(tmp_path, wrong):
    centre = TestCentre(tmp_path / "hall.db")
    centre.press("open", 2)
    day, right = centre.hall.floor.day, centre.clock.at
    numbers = [centre.take()["number"]]
    centre.clock.at = wrong
    numbers.append(centre.take()["number"])
    centre.start()  # and the power goes in between
    numbers.append(centre.take()["number"])
    centre.serve(2)
    centre.clock.at = right + timedelta(minutes=6)
    numbers.append(centre.take()["number"])
    assert numbers == ["B001", "B002", "B003", "B004"] and centre.hall.floor.day == day
    times = [event["at"] for event in centre.log()]
    assert times == sorted(times) and {at[:10] for at in times} == {"2026-01-05"}
    assert 0 <= centre.ticket(1).leg.wait_s < 3600
    assert centre.events(ev.CLOCK_JUMPED)[0].data["followed"] is False
    assert verify(centre.store).clean
