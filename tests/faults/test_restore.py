"""A lost database comes back: every acknowledged ticket, in its place, and no number is given twice."""

import shutil
import sqlite3
from dataclasses import replace

import pytest

from access import changes
from access.devices import pair_device
from access.errors import WrongPassword
from access.gate import Gate
from hall import appointments
from hall.arrivals import take_ticket
from hall.catalogue.printers import PrinterChoices, PrinterSetting
from hall.options import HallOptions
from hall.restore import rebuild
from hall.settings import change as configure
from hall.verify import verify
from queueing import events as ev
from queueing.errors import NumberNotLost, NumberTaken
from runtime.recovery import restore
from store import folder
from store.access import SqliteAccessStore
from store.backup import BACKUPS, copies
from store.database import Database, claim
from store.diary import DIARY, Diary, diary_files
from store.folder import CannotServe
from store.schema import MIGRATIONS
from tests.faults.test_backup import damaged
from tests.hall.centre import BINH, ZONE, TestCentre, every_day

PASSWORD = "bốn con vịt trắng"


class Lived:
    """A centre with a backup of last night and daily files, in a data folder of its own."""

    def __init__(self, data):
        self.data = data
        data.mkdir()
        choices = PrinterChoices(("network",), {"printer-80": ""})
        self.centre = TestCentre(data / "hall.db", options=HallOptions(printer_choices=lambda: choices))
        self.centre.press("open", 2)
        for _ in range(4):
            self.centre.take()
        self.centre.serve(2)
        self.centre.clock.on(hours=17)
        self.centre.hall.refresh()
        list(folder.back_up(data, None))

    def morning(self):
        """What happens after the backup: people, a change of the settings, somebody at a counter."""
        centre = self.centre
        centre.press("open", 3, BINH)
        for n in range(7):
            centre.take(("CHUNG_THUC", "DAT_DAI")[n % 2], "priority" if n == 3 else "ordinary")
            centre.clock.on(minutes=1)
        centre.serve(3, BINH)
        centre.hall.run_as_system(lambda act: configure.change_hall(act, {"hotline": "1900 1234"}), "user:9")
        printer = PrinterSetting("network", "192.168.1.50", "printer-80")
        centre.hall.run_as_system(lambda act: configure.change_printers(act, [printer]), "user:9")
        centre.hall.run_as_system(
            lambda act: configure.change_policy(act, replace_cap(act.catalogue.template.policy, 7)), "user:9"
        )
        centre.press("call-next", 3, BINH)
        centre.cancel(7)
        return self

    def write_down(self):
        Diary(self.data / DIARY, ZONE).follow(self.centre.store.written)
        return self

    def lose(self):
        """Delete the database, and remember what it held."""
        before = self.centre.hall, self.centre.log()
        self.centre.db.close()
        for path in self.data.glob("hall.db*"):
            path.unlink()
        return before

    def restore(self, source=None, second=None, above=0):
        return restore(self.data, source, second, self.centre.clock.wall(), above)

    def again(self):
        """The hall over what was restored."""
        return TestCentre(self.data / "hall.db", self.centre.clock)


def replace_cap(policy, cap):
    return type(policy)(policy.head_starts_s, cap, policy.question)


@pytest.fixture
def lived(tmp_path):
    return Lived(tmp_path / "data")


def test_given_last_nights_backup_and_the_daily_file_then_every_ticket_is_where_it_was(lived):
    lived.morning().write_down()
    seen = lived.centre.seen()
    (hall, log) = lived.lose()
    done = lived.restore()
    assert done.copy.seq + done.taken == len(log) and done.event.seq == len(log) + 1
    back = lived.again()
    assert back.log()[: len(log)] == log
    assert verify(back.store).clean
    assert back.hall.catalogue.template == hall.catalogue.template
    assert back.hall.hall_id == hall.hall_id and back.hall.log_id != hall.log_id
    now = back.seen()
    for view in (seen["board"], now["board"], seen["watch"], now["watch"], seen["services"], now["services"]):
        view.pop("seq")
    for console in seen["consoles"] + now["consoles"]:
        console.pop("seq")
    # But one thing: paper may now bear numbers that the log does not know.
    assert {console.pop("restored") for console in seen["consoles"]} == {False}
    assert {console.pop("restored") for console in now["consoles"]} == {True}
    assert now == seen


def test_given_what_was_ended_after_the_backup_then_a_restore_does_not_open_it_again(lived):
    centre, gate = lived.centre, Gate(SqliteAccessStore(lived.centre.db), lambda work: work(), lived.centre.hall.now)
    act = centre.hall.run_as_system
    for name in ("Sính", "Mai"):
        act(lambda a, n=name: changes.add_user(a, gate.people, n, "supervisor", gate.people.hashed(PASSWORD)))
    sessions = [gate.people.sign_in(name, PASSWORD)[1] for name in ("Sính", "Mai")]
    tokens = [act(lambda a: changes.issue_token(a, gate.programs, "kiosk")) for _ in range(2)]
    walls = [pair_device(gate.store, "display", "Sảnh", gate.now()) for _ in range(2)]
    list(folder.back_up(lived.data, None))
    for end in (
        lambda a: changes.disable_user(a, gate.people, 2),
        lambda a: changes.sign_out_everywhere(a, gate.people, 1),
        lambda a: changes.revoke_device(a, gate.devices, 1),
        lambda a: changes.revoke_token(a, gate.programs, 2),
        lambda a: changes.add_user(a, gate.people, "Páo", "clerk", "hash"),
        lambda a: changes.issue_token(a, gate.programs, "kiosk"),
    ):
        act(end)
    lived.write_down().lose()
    lived.restore()
    back = lived.again()
    again = Gate(SqliteAccessStore(back.db), lambda work: work(), back.hall.now)
    assert [user.active for user in sorted(again.people.all(), key=lambda user: user.id)] == [True, False, False]
    assert [again.identify({"session": secret}, None).role for secret in sessions] == ["anyone", "anyone"]
    assert [again.identify({"device_display": secret}, None).role for secret in walls] == ["anyone", "display"]
    assert [again.identify({}, f"Bearer {secret}").role for secret in tokens] == ["kiosk", "anyone"]
    assert again.people.sign_in("Sính", PASSWORD)[0].id == 1
    with pytest.raises(WrongPassword):
        again.people.sign_in("Mai", PASSWORD)
    assert again.people.add("Dợ", "clerk", "hash").id == 4, "user:3 of the log is somebody else"
    assert again.programs.issue("kiosk")[0].id == 4


def test_given_appointments_since_the_backup_then_each_is_in_its_state_and_a_new_one_has_a_code_of_its_own(lived):
    centre = lived.centre

    def booked(days, n):
        due = ev.from_instant(centre.slots("TRA_KQ", days)[n])
        return centre.hall.run_as_system(lambda act: appointments.book(act, "TRA_KQ", due))

    def cancelled(appointment):
        centre.hall.run_as_system(lambda act: appointments.cancel(act, appointment.id))

    centre.set_hall(hours=every_day("07:30", "16:30"), appointments={"TRA_KQ": {"minutes": 30, "share": 60}})
    centre.clock.on(hours=7, minutes=20)  # five to eight
    before = [booked(days, 0) for days in (1, 1, 1, 2)]
    list(folder.back_up(lived.data, None))
    cancelled(before[0])
    after = [booked(days, 1) for days in (1, 1, 3)]
    cancelled(after[0])
    centre.clock.on(days=1)
    centre.hall.refresh()
    for appointment in (before[1], after[1]):
        centre.hall.run_as_system(lambda act, code=appointment.code: appointments.check_in(act, code, "vi"))
    centre.clock.on(days=1)
    centre.hall.refresh()  # before[2] is missed
    numbers = [appointment.id for appointment in before + after]
    states = [replace(centre.store.appointment(number), code="") for number in numbers]
    lived.write_down().lose()
    lived.restore()
    back = lived.again()
    rows = [back.store.appointment(number) for number in numbers]
    assert [replace(row, code="") for row in rows] == states
    assert [row.code for row in rows[:4]] == [appointment.code for appointment in before]
    assert verify(back.store).clean
    back.clock.on(days=1)
    back.hall.refresh()
    back.hall.run_as_system(lambda act: appointments.check_in(act, rows[-1].code, "vi"))
    assert verify(back.store).clean


def test_given_a_restore_then_numbers_go_on_where_none_can_be_given_twice(lived):
    lived.morning().write_down()
    lived.lose()
    lived.restore()
    back = lived.again()
    assert [back.take()["number"], back.take("DAT_DAI")["number"], back.take("HO_TICH")["number"]] == [
        "B101",
        "L101",
        "H101",
    ]


def test_given_the_daily_file_is_lost_too_then_a_number_seen_on_paper_says_where_to_go_on(lived):
    lived.morning()
    lived.lose()
    assert lived.restore(above=130).taken == 0
    assert lived.again().take()["number"] == "B201"


def test_given_almost_a_hundred_numbers_then_a_hundred_more_is_left_out(lived):
    for _ in range(90):
        lived.centre.take()
    lived.write_down().lose()
    lived.restore()
    assert lived.again().take()["number"] == "B201"


def test_given_the_day_turned_since_the_backup_then_todays_numbers_too_are_left_out(lived):
    lived.lose()
    lived.centre.clock.on(hours=24)
    lived.restore()
    assert lived.again().take()["number"] == "B101"


def test_given_an_empty_pc_and_a_second_place_then_everything_comes_back_there(lived, tmp_path):
    usb = tmp_path / "usb"
    usb.mkdir()
    list(folder.back_up(lived.data, usb))
    lived.morning()
    Diary(usb / DIARY, ZONE).follow(lived.centre.store.written)
    _, log = lived.lose()
    shutil.rmtree(lived.data)
    done = lived.restore(source=usb)
    assert (done.replaced, done.event.seq) == (None, len(log) + 1)
    assert lived.again().log()[: len(log)] == log


def test_given_a_restore_of_a_restore_then_the_chain_still_proves_itself(lived):
    lived.morning().write_down()
    lived.lose()
    lived.restore()
    lived.centre = lived.again()
    first = lived.centre.hall.log_id
    lived.centre.take()
    lived.write_down().lose()
    lived.restore()
    back = lived.again()
    restored = back.events(ev.LOG_RESTORED)
    assert [restored[1].data["was"], restored[1].data["log_id"]] == [first, back.hall.log_id]
    assert back.take()["number"] == "B201"
    assert verify(back.store).clean
    back.db.execute("UPDATE identity SET log_id = 'another'")
    assert "restore called it" in verify(back.store).faults[0]


def test_given_a_damaged_database_then_it_is_kept_beside_what_was_restored(lived):
    lived.morning().write_down()
    lived.centre.db.truncate_write_ahead_log()
    lived.centre.db.close()
    damaged(lived.data / "hall.db")
    done = lived.restore()
    assert (done.replaced / "hall.db").exists()
    assert verify(lived.again().store).clean


def test_given_a_running_server_then_nothing_is_restored_under_it(lived):
    held = claim(lived.data)
    with pytest.raises(Exception, match="running"):
        lived.restore()
    held.close()
    lived.centre.db.close()
    lived.restore()


def test_given_no_sound_backup_then_it_is_refused_and_nothing_is_touched(lived):
    lived.centre.db.close()
    for copy in copies(lived.data / BACKUPS):
        damaged(copy.path)
    before = (lived.data / "hall.db").read_bytes()
    with pytest.raises(CannotServe, match="no sound backup"):
        lived.restore()
    assert (lived.data / "hall.db").read_bytes() == before
    assert not (lived.data / folder.RESTORING).exists()


def test_given_a_line_that_was_changed_by_hand_then_what_follows_it_is_not_taken(lived):
    lived.morning().write_down()
    last = diary_files(lived.data / DIARY)[-1]
    last.write_text(last.read_text("utf-8").replace('"L001"', '"L009"', 1), "utf-8")
    lived.lose()
    done = lived.restore()
    back = lived.again()
    assert back.store.written(done.event.seq - 2, 1)[0].kind == "ticket.issued"
    assert "L009" not in str(back.log()) and verify(back.store).clean


def test_given_a_restore_that_is_killed_then_no_empty_hall_takes_its_place(lived):
    lived.lose()
    with pytest.raises(CannotServe, match="gone"):
        folder.guard(lived.data)
    (lived.data / folder.RESTORING).mkdir()
    with pytest.raises(CannotServe, match="not finished"):
        folder.guard(lived.data)
    lived.restore()
    folder.guard(lived.data)


def test_given_a_backup_and_nothing_newer_then_nothing_is_taken_twice(lived):
    lived.write_down()
    db = Database(lived.data / "hall.db")
    assert rebuild(lived.centre.store, lived.centre.store.written(0)) == 0
    db.close()


def test_given_a_story_that_breaks_off_then_it_says_what_is_at_stake(lived):
    lived.morning().write_down()
    message = folder.offer(lived.data, None)
    assert "server.py restore" in message
    later = lived.centre.seq() - copies(lived.data / BACKUPS)[-1].seq
    assert f"{later} later events are known of; the daily files hold {later} of them" in message


def test_given_a_paper_number_the_log_lost_when_a_clerk_enters_it_then_it_waits_again_once(lived):
    lived.morning().write_down()
    lived.lose()
    lived.restore()
    back = lived.again()

    def enter(number, service="CHUNG_THUC"):
        return back.hall.run_as_system(
            lambda act: take_ticket(act, service, "ordinary", "vi", number), BINH
        ).ticket.number

    assert enter("b 050") == "B050"
    for number, refusal in (
        ("B050", NumberTaken),  # entered a moment ago
        ("B001", NumberTaken),  # the log knows it
        ("B101", NumberNotLost),  # nobody can have it yet
        ("B50", NumberTaken),  # the same, as somebody writes it
        ("L050", NumberNotLost),
        ("50", NumberNotLost),
        ("B000", NumberNotLost),
    ):
        with pytest.raises(refusal):
            enter(number)
    assert back.take()["number"] == "B101"
    assert verify(back.store).clean


def test_given_a_restore_then_screens_offer_to_enter_a_number_on_that_day_only(lived):
    from hall.arrivals import may_be_lost

    assert not may_be_lost(lived.centre.hall)
    lived.morning().lose()
    lived.restore()
    back = lived.again()
    assert may_be_lost(back.hall)
    lived.centre.clock.on(hours=24)
    back.hall.refresh()
    assert not may_be_lost(back.hall)


def test_given_the_day_turned_since_the_backup_then_screens_offer_to_enter_its_numbers(lived):
    from hall.arrivals import may_be_lost

    lived.lose()
    lived.centre.clock.on(hours=24)
    lived.restore()
    assert may_be_lost(lived.again().hall)


def test_given_only_daily_files_are_left_then_no_empty_hall_takes_its_place(lived):
    lived.write_down().lose()
    shutil.rmtree(lived.data / BACKUPS)
    with pytest.raises(CannotServe, match="gone"):
        folder.guard(lived.data)


def test_given_a_database_of_a_newer_version_then_it_is_not_put_back_to_before_the_upgrade(lived):
    before = copies(lived.data / BACKUPS)[-1].path
    lived.write_down()
    lived.centre.db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    lived.centre.db.close()
    with pytest.raises(CannotServe, match="made by a newer version") as said:
        lived.restore()
    assert "damaged" not in str(said.value)
    assert lived.restore(before).copy.path == before
    lived.again().take()


def test_given_a_backup_of_a_newer_version_then_an_older_one_is_not_taken_in_silence(lived):
    lived.morning()
    list(folder.back_up(lived.data, None))
    newest = copies(lived.data / BACKUPS)[-1].path
    with sqlite3.connect(newest) as conn:
        conn.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    lived.lose()
    with pytest.raises(CannotServe, match=f"{newest.name} was made by a newer version"):
        lived.restore()
