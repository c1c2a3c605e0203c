"""The second place for backups: never imitated on the disk it should outlive, never another centre's."""

import os
import stat
from contextlib import suppress

import pytest

from store import folder, second_place
from store.backup import BACKUPS, copies
from store.diary import DIARY, last_entry
from store.second_place import MARK, NotThere, admit
from tests.centre import TestCentreProcess
from tests.faults.test_maintenance import once, turn, watching
from tests.faults.waiting import wait_until
from tests.hall.centre import TestCentre

OURS, OTHERS = "0123abcd", "4567ef01"


@pytest.fixture
def disks(tmp_path, monkeypatch):
    """Return the data folder, a mount point, and a function that says which of its folders lie on a disk of their own.

    Every folder of a test is on the same disk, so this is decided here.
    """
    data, mount = tmp_path / "data", tmp_path / "media"
    data.mkdir(), mount.mkdir()
    own = set()

    def on_own_disk(_, place):
        return not any(path in own for path in (place, *place.parents))

    monkeypatch.setattr(second_place, "_is_on_own_disk", on_own_disk)
    return data, mount, own


def code_of(data, place, hall_id=OURS, **how):
    """The code of the alarm with which a place is refused; None if it is used."""
    try:
        admit(data, place, hall_id, **how)
    except NotThere as refusal:
        return refusal.code
    return None


def test_given_a_stick_then_it_is_marked_and_known_again(disks):
    data, mount, own = disks
    own.add(mount)
    assert code_of(data, mount / "den-luot") is None
    assert OURS in (mount / "den-luot" / MARK).read_text("utf-8")
    assert code_of(data, mount / "den-luot") is None


def test_given_a_start_without_the_stick_then_nothing_is_made_in_its_place(disks):
    data, mount, _ = disks
    for place in (mount / "stick", mount / "stick" / "den-luot"):
        assert code_of(data, place) == "second_place_away"
    assert list(mount.iterdir()) == []


def test_given_a_stick_that_was_pulled_out_then_its_empty_mount_point_is_not_taken_for_it(disks):
    data, mount, own = disks
    own.add(mount)
    assert code_of(data, mount) is None
    (mount / MARK).unlink()
    own.clear()
    assert code_of(data, mount) == "second_place_away"
    assert list(mount.iterdir()) == []
    own.add(mount)  # a new stick
    assert code_of(data, mount) is None and (mount / MARK).exists()


def test_given_somebody_who_asks_for_this_very_folder_then_it_is_taken_for_a_new_one(disks):
    data, mount, own = disks
    own.add(mount)
    admit(data, mount, OURS)
    (mount / MARK).unlink()
    own.clear()
    assert code_of(data, mount, by_hand=True) is None
    assert code_of(data, mount) is None


def test_given_another_centres_stick_then_it_is_left_alone(disks, tmp_path):
    data, mount, own = disks
    own.add(mount)
    admit(tmp_path, mount, OTHERS)
    assert code_of(data, mount) == code_of(data, mount, by_hand=True) == "second_place_foreign"
    (mount / MARK).unlink()  # as version 0.1 left it
    other = TestCentre(tmp_path / "hall.db")
    list(folder.back_up(tmp_path, mount))
    (mount / MARK).unlink()
    assert code_of(data, mount) == "second_place_foreign"
    assert code_of(data, mount, other.hall.hall_id) is None
    assert (mount / MARK).exists()


def test_given_a_second_place_on_the_same_disk_then_the_board_says_so(tmp_path):
    centre, usb = TestCentre(tmp_path / "hall.db"), tmp_path / "usb"
    usb.mkdir()
    watch = watching(centre, tmp_path, usb)
    assert [alarm.code for alarm in watch.alarms()] == ["second_place_same_disk"]


def test_given_a_stick_that_is_away_then_the_board_says_so_and_it_gets_all_when_it_is_back(tmp_path):
    centre, usb = TestCentre(tmp_path / "hall.db"), tmp_path / "usb"
    watch = watching(centre, tmp_path, usb)
    centre.take()
    once(watch.write_diary, usb)
    assert [alarm.code for alarm in watch.alarms()] == ["second_place_away"] and not usb.exists()
    with pytest.raises(NotThere):
        list(folder.back_up(tmp_path, usb))
    assert len(copies(tmp_path / BACKUPS)) == 1 and not usb.exists()
    usb.mkdir()
    once(watch.write_diary, usb)
    assert last_entry(usb / DIARY) == centre.seq()
    assert [alarm.code for alarm in watch.alarms()] == ["second_place_same_disk"]


def test_given_a_stick_that_is_back_then_a_backup_is_made_for_it_at_once(tmp_path):
    centre, usb, made = TestCentre(tmp_path / "hall.db"), tmp_path / "usb", []
    watch = watching(centre, tmp_path, usb)

    def back_up(*words):
        made.append(words)
        with suppress(NotThere):
            list(folder.back_up(tmp_path, usb))
        return b""

    turn(watch, back_up), turn(watch, back_up)
    assert len(made) == 1
    usb.mkdir()
    turn(watch, back_up), turn(watch, back_up), turn(watch, back_up)
    assert len(made) == 2 and len(copies(usb / BACKUPS)) == 1


def test_given_files_of_another_log_when_they_are_moved_away_then_the_board_says_so_until_they_are_deleted(tmp_path):
    centre, usb = TestCentre(tmp_path / "hall.db"), tmp_path / "usb"
    usb.mkdir()
    watch = watching(centre, tmp_path, usb)
    aside = usb / f"{DIARY}-before-1"
    aside.mkdir()
    watch.note_aside(aside)
    assert [alarm.code for alarm in watch.alarms()][-1] == "put_aside"
    aside.rmdir()
    assert "put_aside" not in [alarm.code for alarm in watch.alarms()]


def open_to_others(*places):
    """Everything below these folders that others than its user may use."""
    found = [path for place in places for path in (place, *place.rglob("*"))]
    return sorted(path.name for path in found if stat.S_IMODE(path.stat().st_mode) & 0o077)


def test_given_a_folder_that_everybody_could_read_then_only_its_user_can(tmp_path):
    data, usb = tmp_path / "data", tmp_path / "usb"
    for made in (data, usb):
        made.mkdir(mode=0o755)
    centre = TestCentre(data / "hall.db")
    list(folder.back_up(data, usb))
    watch = watching(centre, data, usb)
    for place in (data, usb):
        once(watch.write_diary, place)
    assert len(open_to_others(data)) > 5
    folder.protect(data, usb)
    assert open_to_others(data) == []
    assert open_to_others(usb) == [MARK, usb.name]  # that folder may be a whole disk of somebody's
    centre.take()
    assert stat.S_IMODE((data / "hall.db-wal").stat().st_mode) == 0o600


def test_given_a_server_then_what_was_open_and_what_it_makes_is_its_users_alone(tmp_path):
    data, usb = tmp_path / "data", tmp_path / "usb"
    for made in (data, usb):
        made.mkdir(mode=0o755)
    TestCentre(data / "hall.db")
    list(folder.back_up(data, usb))
    was_open = open_to_others(data)
    assert len(was_open) > 3
    centre = TestCentreProcess(data, options=("--backup-to", str(usb))).start()
    try:
        centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=centre.token("kiosk"))
        centre.command("backup", "--backup-to", str(usb))
        wait_until(lambda: all(any((place / DIARY).glob("*")) for place in (data, usb)), "the daily files")
        assert {path.name for path in data.iterdir()} >= {"hall.db", "hall.db-wal", "running", BACKUPS, DIARY}
        assert open_to_others(data) == []
        assert open_to_others(usb) == [MARK, usb.name]
    finally:
        assert centre.stop() == 0


def test_given_a_folder_that_holds_something_else_then_it_stays_open_and_what_is_ours_does_not(tmp_path):
    TestCentre(tmp_path / "hall.db")
    for name in ("letters.txt", "login.txt", "hall.db.txt"):
        (tmp_path / name).touch()
    os.chmod(tmp_path, 0o755)
    folder.protect(tmp_path, None)
    assert open_to_others(tmp_path) == sorted(["letters.txt", "login.txt", "hall.db.txt", tmp_path.name])
