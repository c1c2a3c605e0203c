"""A start compares the database with what was kept of it, and refuses in words what has forgotten something."""

import shutil
import sqlite3
from contextlib import suppress
from functools import partial

import pytest
import requests

from runtime.recovery import restore
from store import folder
from store.backup import BACKUPS, copies
from store.comparison import Relation, kept_in, open_log, put_aside, relation
from store.diary import DIARY, Diary, last_entry
from store.folder import CannotServe
from tests.centre import TestCentreProcess
from tests.faults.test_backup import damaged
from tests.faults.test_lost_disk import refused
from tests.faults.test_second_place import open_to_others
from tests.faults.waiting import wait_until
from tests.hall.centre import ZONE, TestCentre


class Lived:
    """A centre with backups and daily files, of which parts are lost."""

    def __init__(self, data, usb):
        self.data, self.usb = data, usb
        data.mkdir()
        usb.mkdir()
        self.centre = TestCentre(data / "hall.db")
        self.take(3)
        list(folder.back_up(data, usb))
        self.take(2)
        self.write_down(data, usb)

    def take(self, many):
        for _ in range(many):
            self.centre.take()

    def write_down(self, *places):
        for place in places:
            Diary(place / DIARY, ZONE).follow(self.centre.store.written)

    def copy(self):
        """The database as it is now, as somebody copies it by hand."""
        self.centre.db.truncate_write_ahead_log()
        return (self.data / "hall.db").read_bytes()

    def end(self):
        self.centre.db.truncate_write_ahead_log()
        self.centre.db.close()

    def put(self, content):
        self.end()
        for path in self.data.glob("hall.db*"):
            path.unlink()
        (self.data / "hall.db").write_bytes(content)

    def open(self):
        return TestCentre(self.data / "hall.db", self.centre.clock)

    def restore(self, source=None):
        return restore(self.data, source, self.usb, self.centre.clock.wall(), 0)

    def relations(self):
        """How each thing that was kept stands to the database."""
        with open_log(self.data / "hall.db") as log:
            return [relation(log, kept) for place in (self.data, self.usb) for kept in kept_in(place)]


@pytest.fixture
def lived(tmp_path):
    return Lived(tmp_path / "data", tmp_path / "usb")


def test_given_a_centre_at_work_then_everything_kept_agrees_with_it(lived):
    assert lived.relations() == [Relation.AGREES] * 4
    lived.take(1)
    assert lived.relations() == [Relation.AGREES] * 4
    folder.guard(lived.data, lived.usb)


# What is left of what was kept: each alone is enough to notice.
LEFT = {
    "daily files": lambda lived: (shutil.rmtree(lived.data / BACKUPS), shutil.rmtree(lived.usb)),
    "backups": lambda lived: (shutil.rmtree(lived.data / DIARY), shutil.rmtree(lived.usb)),
    "daily files in the second place": lambda lived: (
        shutil.rmtree(lived.data / BACKUPS),
        shutil.rmtree(lived.data / DIARY),
        shutil.rmtree(lived.usb / BACKUPS),
    ),
    "backups in the second place": lambda lived: (
        shutil.rmtree(lived.data / BACKUPS),
        shutil.rmtree(lived.data / DIARY),
        shutil.rmtree(lived.usb / DIARY),
    ),
}


HARMS = {
    "gone": ("is gone", None),
    "empty": ("is empty", lambda *_: b""),
    "without tables": ("is empty", lambda lived, tmp_path: nothing_in_it(tmp_path)),
    "another hall": ("different stories", lambda lived, tmp_path: founded(tmp_path)),
    "older": ("has lost its end", lambda lived, tmp_path: first_events(lived, 4)),
}


@pytest.mark.parametrize(
    ("how", "left"), [*((how, "daily files") for how in HARMS), *(("older", left) for left in list(LEFT)[1:])]
)
def test_given_a_database_that_forgot_then_a_start_says_so_and_names_the_command(lived, tmp_path, how, left):
    list(folder.back_up(lived.data, lived.usb))
    LEFT[left](lived)
    says, content = HARMS[how]
    if content is None:
        lived.end()
        (lived.data / "hall.db").unlink()
    else:
        lived.put(content(lived, tmp_path))
    with pytest.raises(CannotServe) as said:
        folder.guard(lived.data, lived.usb if lived.usb.exists() else None)
    assert says in str(said.value) and f"server.py restore --data {lived.data}" in str(said.value)


def first_events(lived, seq):
    """The database as it was up to an event: what a missing write-ahead log leaves."""
    lived.centre.db.truncate_write_ahead_log()
    copy = lived.data / "copy.db"
    shutil.copyfile(lived.data / "hall.db", copy)
    with sqlite3.connect(copy) as conn:
        conn.execute("DELETE FROM leg WHERE ref IN (SELECT ref FROM ticket WHERE arrival > ?)", (seq,))
        conn.execute("DELETE FROM ticket WHERE arrival > ?", (seq,))
        conn.execute("DELETE FROM event WHERE seq > ?", (seq,))
    conn.close()
    content = copy.read_bytes()
    copy.unlink()
    return content


def nothing_in_it(tmp_path):
    path = tmp_path / "nothing.db"
    conn = sqlite3.connect(path)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.close()
    return path.read_bytes()


def founded(tmp_path):
    """A new hall, as if somebody had begun again."""
    new = TestCentre(tmp_path / "new.db")
    new.take(), new.take(), new.take(), new.take(), new.take(), new.take()
    new.db.truncate_write_ahead_log()
    new.db.close()
    return (tmp_path / "new.db").read_bytes()


def test_given_an_older_database_when_restored_then_all_that_was_kept_is_back_and_it_starts(lived):
    log = lived.centre.log()
    lived.put(first_events(lived, 4))
    lived.restore()
    assert lived.open().log()[: len(log)] == log
    folder.guard(lived.data, lived.usb)


def test_given_daily_files_that_were_put_aside_when_restoring_then_they_count_too(lived):
    log = lived.centre.log()
    for place in (lived.data, lived.usb):
        (place / DIARY).rename(place / f"{DIARY}-before-1")
    lived.put(b"")
    done = lived.restore()
    assert done.taken == 2 and lived.open().log()[: len(log)] == log


def test_given_a_restore_to_an_earlier_state_then_what_it_left_out_is_moved_away_and_the_centre_starts(lived):
    first = copies(lived.data / BACKUPS)[0].path
    list(folder.back_up(lived.data, lived.usb))
    for place in (lived.data, lived.usb):
        shutil.rmtree(place / DIARY)
    lived.end()
    done = lived.restore(first)
    assert done.taken == 0
    assert [path.name for path in done.aside] == [f"{BACKUPS}-before-1"] * 2
    folder.guard(lived.data, lived.usb)
    assert lived.relations() == [Relation.AGREES] * 2
    assert [copy.path for copy in copies(lived.data / BACKUPS)] == [first]


def test_given_a_restore_without_the_stick_when_it_comes_back_then_its_story_is_moved_away_and_told(lived):
    first = copies(lived.data / BACKUPS)[0].path
    shutil.rmtree(lived.data / DIARY)
    list(folder.back_up(lived.data, lived.usb))
    lived.end()
    restore(lived.data, first, None, lived.centre.clock.wall(), 0)
    folder.guard(lived.data, lived.usb)
    assert Relation.RESTORED in lived.relations()
    aside = folder.leave_aside(lived.data, lived.usb)
    assert sorted(path.name for path in aside) == [f"{BACKUPS}-before-1", f"{DIARY}-before-1"]
    assert {path.parent for path in aside} == {lived.usb}
    assert set(lived.relations()) == {Relation.AGREES}
    assert put_aside(lived.data / "hall.db", lived.usb) == []


def test_given_another_centres_stick_then_the_hall_opens_and_nothing_of_it_is_touched(lived, tmp_path):
    other = Lived(tmp_path / "other", tmp_path / "stick")
    other.take(20)
    list(folder.back_up(other.data, other.usb))
    other.write_down(other.usb)
    folder.guard(lived.data, other.usb)


def test_given_a_damaged_copy_then_its_name_alone_says_how_far_the_database_was(lived):
    list(folder.back_up(lived.data, None))
    shutil.rmtree(lived.data / DIARY)
    copies(lived.data / BACKUPS)[-1].path.write_bytes(b"not a database")
    folder.guard(lived.data)
    lived.put(first_events(lived, 4))
    with pytest.raises(CannotServe, match="has lost its end"):
        folder.guard(lived.data)


@pytest.mark.slow
def test_given_a_killed_centre_whose_files_are_emptied_or_missing_then_it_does_not_start_and_restore_brings_all_back(
    tmp_path,
):
    usb = tmp_path / "usb"
    usb.mkdir()
    centre = TestCentreProcess(tmp_path / "data", options=("--backup-to", str(usb))).start()
    try:
        kiosk = centre.token("kiosk")
        for round_, harm in enumerate((emptied, without_wal)):
            took = [centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=kiosk).json() for _ in range(5)]
            last = int(centre.command("verify").split()[0])
            for place in (centre.data, usb):
                wait_until(partial(holds, place / DIARY, last), "the daily files")
            centre.kill()
            harm(centre.data)
            said = refused(centre)
            assert "server.py restore --data" in said and "setup?key=" not in said
            assert not list(centre.data.glob("log-before-*")) and not list(usb.glob("log-before-*"))
            centre.command("restore", "--backup-to", str(usb))
            centre.start()
            kiosk = centre.token("kiosk")
            numbers = {event["data"]["number"] for event in log_of(centre) if event["kind"] == "ticket.issued"}
            assert {ticket["number"] for ticket in took} <= numbers and len(numbers) == 5 * (round_ + 1)
        assert "clean" in centre.command("verify")
        assert open_to_others(centre.data, usb / DIARY) == []
    finally:
        centre.stop()


def holds(files, seq):
    return last_entry(files) >= seq


def log_of(centre):
    return centre.get("/api/v1/events", token=centre.token("inspector")).json()["events"]


def emptied(data):
    (data / "hall.db").write_bytes(b"")
    without_wal(data)


def without_wal(data):
    for end in ("-wal", "-shm"):
        data.joinpath(f"hall.db{end}").unlink(missing_ok=True)


@pytest.mark.slow
def test_given_a_write_ahead_log_deleted_while_the_centre_runs_then_it_closes_and_nothing_is_lost(tmp_path):
    centre = TestCentreProcess(tmp_path / "data").start()
    try:
        kiosk = centre.token("kiosk")
        centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=kiosk)
        (centre.data / "hall.db-wal").unlink()
        took = centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=kiosk)
        assert centre.process.wait(20) == 1
        assert "was deleted or replaced while the centre was open" in refused(centre)
        centre.command("restore")
        centre.start()
        numbers = [event["data"]["number"] for event in log_of(centre) if event["kind"] == "ticket.issued"]
        assert numbers == ["B001", took.json()["number"]]
    finally:
        centre.stop()


@pytest.mark.parametrize("end", ["", "-wal", "-shm"])
@pytest.mark.parametrize("replaced", [False, True])
def test_given_a_file_of_an_open_database_that_is_deleted_or_replaced_then_it_is_named(tmp_path, end, replaced):
    centre = TestCentre(tmp_path / "hall.db")
    centre.take()
    assert centre.db.lost_file() is None
    centre.db.truncate_write_ahead_log()
    centre.take()
    assert centre.db.lost_file() is None
    path = tmp_path / f"hall.db{end}"
    path.rename(tmp_path / "elsewhere")
    if replaced:
        path.write_bytes((tmp_path / "elsewhere").read_bytes())
    assert centre.db.lost_file() == path


@pytest.mark.slow
def test_given_a_page_written_over_while_the_centre_runs_then_a_press_closes_it(tmp_path):
    centre = TestCentreProcess(tmp_path / "data").start()
    try:
        kiosk = centre.token("kiosk")
        centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=kiosk)
        damaged(centre.data / "hall.db", "ticket")
        with suppress(requests.RequestException):
            while True:
                centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=kiosk, timeout=5)
        assert centre.process.wait(20) == 1
        assert "the database is damaged" in refused(centre)
        centre.command("restore")
        centre.start()
        assert "clean" in centre.command("verify")
    finally:
        centre.stop()
