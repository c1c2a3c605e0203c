"""`verify` finds a change of the log by hand, and names the first bad row."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from hall.catalogue.model import plain
from hall.verify import cut, read_stretch, verify
from queueing import events as ev
from queueing.events import canonical, chained
from store.database import Database
from store.hall import SqliteHallStore
from tests.centre import ROOT
from tests.hall.centre import BINH, TestCentre
from tests.history import History, working_days


@pytest.fixture
def lived(tmp_path):
    """A file in which a morning, a midnight and another morning were lived."""
    centre = TestCentre(tmp_path / "hall.db")
    centre.press("open", 2)
    for n in range(6):
        centre.take(("CHUNG_THUC", "HO_TICH")[n % 2], "priority" if n == 4 else "ordinary")
        centre.clock.on(minutes=2)
    centre.serve(2), centre.serve(2)
    centre.press("call-next", 2)
    centre.press("no-show", 2)
    centre.cancel(6)
    centre.clock.on(hours=17)
    centre.hall.refresh()
    centre.press("open", 3, BINH)
    centre.take()
    centre.serve(3, BINH)
    centre.take()
    assert verify(centre.store).clean
    centre.db.close()
    return tmp_path / "hall.db"


def by_hand(path, *statements, params=()):
    """What somebody with the file and a copy of SQLite can do to it."""
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("PRAGMA ignore_check_constraints = ON")
    for statement in statements:
        conn.execute(statement, params)
    conn.close()


def verdict(path):
    """What is found in one go; several processes, each with its days, must find the same."""
    with closing(Database(path)) as db:
        found = verify(SqliteHallStore(db))
        cut_up = in_stretches(db)
    assert cut_up.events == found.events
    assert (cut_up.first_bad_seq, cut_up.faults[:1]) == (found.first_bad_seq, found.faults[:1])
    if found.whole:
        assert (cut_up.calls, cut_up.refs) == (found.calls, found.refs)
    return found


def in_stretches(db, many=4):
    """The verdict when each stretch is read by itself, the later ones first."""
    read = []

    def elsewhere(stretch):
        with closing(Database(db.path)) as own:
            read.append(read_stretch(SqliteHallStore(own), stretch))
        return lambda verdict=read[-1]: verdict

    return verify(SqliteHallStore(db), processes=many, start_reading=elsewhere)


@pytest.fixture(autouse=True)
def short_stretches(monkeypatch):
    monkeypatch.setattr("hall.verify.SHORTEST_STRETCH", 1)


def test_given_weeks_then_they_are_cut_where_nobody_was_at_a_counter(tmp_path):
    lived = History(tmp_path / "weeks", working_days(date(2026, 1, 30), 9), visits=15)
    centre = TestCentre(tmp_path / "weeks" / "hall.db", lived.clock)
    centre.press("open", 2)
    centre.take(), centre.press("call-next", 2), centre.press("start", 2)
    centre.clock.on(hours=18)
    centre.hall.refresh()  # midnight, and somebody is served
    late = centre.hall.floor.seq
    centre.press("finish", 2)
    centre.clock.on(hours=18)
    centre.hall.refresh()
    stretches = cut(centre.store, 4, "name")
    centre.db.close()
    assert len(stretches) == 4
    assert [each.until for each in stretches[:-1]] == [each.after for each in stretches[1:]]
    assert late - 1 not in [each.after for each in stretches]
    assert verdict(tmp_path / "weeks" / "hall.db").clean


def test_given_a_ticket_of_an_earlier_stretch_that_goes_on_then_it_is_named(tmp_path):
    """The opening of a day that keeps quiet about somebody at a counter hides nothing."""
    centre = TestCentre(tmp_path / "hall.db")
    centre.press("open", 2)
    centre.take(), centre.press("call-next", 2), centre.press("start", 2)
    centre.clock.on(hours=18)
    centre.hall.refresh()
    centre.press("finish", 2)
    centre.db.close()

    def quiet(rows):
        for row in rows:
            if row[2] == ev.DAY_OPENED:
                row[6] = canonical({**json.loads(row[6]), "serving": []})
        return rows

    rechained(tmp_path / "hall.db", quiet)
    with closing(Database(tmp_path / "hall.db")) as db:
        assert "left behind" in in_stretches(db).faults[0]


def log_of(path):
    conn = sqlite3.connect(path)
    rows = conn.execute("SELECT seq, at, kind, ref, counter, service, data, hash FROM event ORDER BY seq").fetchall()
    conn.close()
    return rows


def rechained(path, change):
    """Give the log to `change` and bind what comes back by hashes that follow."""
    conn = sqlite3.connect(path, isolation_level=None)
    (before,) = conn.execute("SELECT log_id FROM identity").fetchone()
    rows = change([list(row[:7]) for row in log_of(path)])
    conn.execute("DELETE FROM event")
    for row in rows:
        before = chained(before, *row)
        conn.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, before))
    conn.close()


MIDDLE = 9

EDITS = {
    "at": "UPDATE event SET at = '2026-01-05T00:31:00.000000Z' WHERE seq = 9",
    "at, in other words": "UPDATE event SET at = replace(at, 'Z', '+00:00') WHERE seq = 9",
    "kind": "UPDATE event SET kind = 'ticket.cancelled' WHERE seq = 9",
    "ref": "UPDATE event SET ref = 1 WHERE seq = 9",
    "no ref": "UPDATE event SET ref = NULL WHERE seq = 9",
    "counter": "UPDATE event SET counter = 4 WHERE seq = 9",
    "service": "UPDATE event SET service = 'DAT_DAI' WHERE seq = 9",
    "data": "UPDATE event SET data = json_set(data, '$.by', 'user:9') WHERE seq = 9",
    "data, in other words": "UPDATE event SET data = replace(data, ':', ': ') WHERE seq = 9",
    "data, said twice": 'UPDATE event SET data = \'{"by":"x",\' || substr(data, 2) WHERE seq = 9',
    "hash": "UPDATE event SET hash = upper(hash) WHERE seq = 9",
    "unreadable data": "UPDATE event SET data = '{' WHERE seq = 9",
    "data that is a list": "UPDATE event SET data = '[]' WHERE seq = 9",
    "unreadable time": "UPDATE event SET at = 'this morning' WHERE seq = 9",
    "no text at all": "UPDATE event SET data = CAST(x'ff00fe' AS TEXT) WHERE seq = 9",
    "a kind that is no text": "UPDATE event SET kind = CAST(x'c328' AS TEXT) WHERE seq = 9",
}


@pytest.mark.parametrize("edit", EDITS)
def test_given_an_edited_row_then_it_is_found_and_named(lived, edit):
    by_hand(lived, EDITS[edit])
    found = verdict(lived)
    assert not found.clean
    assert found.first_bad_seq == MIDDLE
    assert f"event {MIDDLE}:" in found.faults[0]


def test_given_a_deleted_row_then_the_gap_is_named(lived):
    by_hand(lived, "PRAGMA foreign_keys = OFF", "DELETE FROM event WHERE seq = 9")
    found = verdict(lived)
    assert found.first_bad_seq == 10
    assert "event 9 is missing" in found.faults[0]


def test_given_a_deleted_row_and_the_rest_moved_up_then_the_first_that_does_not_follow_is_named(lived):
    by_hand(lived, "DELETE FROM event WHERE seq = 9")
    for seq in range(10, len(log_of(lived)) + 2):
        by_hand(lived, f"UPDATE event SET seq = {seq - 1} WHERE seq = {seq}")
    assert verdict(lived).first_bad_seq == MIDDLE


@pytest.mark.parametrize("bound", (False, True))
def test_given_an_inserted_row_then_it_or_the_one_after_it_is_named(lived, bound):
    rows = log_of(lived)
    for seq in range(len(rows), 8, -1):
        by_hand(lived, f"UPDATE event SET seq = {seq + 1} WHERE seq = {seq}")
    forged = (9, *rows[8][1:7])
    digest = chained(rows[7][7], *forged) if bound else "00" * 32
    by_hand(lived, "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)", params=(*forged, digest))
    assert verdict(lived).first_bad_seq == (10 if bound else 9)


def test_given_the_first_row_edited_then_it_is_named(lived):
    by_hand(lived, "UPDATE event SET at = '2020-01-01T00:00:00.000000Z' WHERE seq = 1")
    assert verdict(lived).first_bad_seq == 1


def test_given_the_last_rows_cut_off_then_the_rows_of_the_tickets_show_it(lived):
    by_hand(lived, f"DELETE FROM event WHERE seq = {len(log_of(lived))}")
    assert "ticket 8: the log does not know it" in verdict(lived).faults


def test_given_another_logs_name_then_the_first_row_does_not_follow(lived):
    by_hand(lived, "UPDATE identity SET log_id = 'another'")
    assert verdict(lived).first_bad_seq == 1


ROWS = {
    "state": "UPDATE ticket SET state = 'finished' WHERE ref = 6",
    "state nobody knows": "UPDATE ticket SET state = 'on the moon' WHERE ref = 6",
    "day": "UPDATE ticket SET day = '2025-12-31' WHERE ref = 6",
    "day that is none": "UPDATE ticket SET day = 'someday' WHERE ref = 6",
    "class": "UPDATE ticket SET priority_class = 'urgent' WHERE ref = 6",
    "number": "UPDATE ticket SET number = 'H999' WHERE ref = 6",
    "wait": "UPDATE leg SET queued_at = '2026-01-05T00:39:00.000000Z' WHERE ref = 6",
    "wait that is none": "UPDATE leg SET queued_at = 'earlier' WHERE ref = 6",
    "service": "UPDATE leg SET service = 'DAT_DAI' WHERE ref = 6",
    "another leg": "INSERT INTO leg (ref, n, service, queued_at, calls) VALUES (6, 2, 'A', '2026-01-05T00:39:00Z', 0)",
    "no leg": "DELETE FROM leg WHERE ref = 6",
    "no row": "DELETE FROM ticket WHERE ref = 6",
}


@pytest.mark.parametrize("edit", ROWS)
def test_given_a_changed_row_of_a_ticket_then_the_ticket_is_named(lived, edit):
    by_hand(lived, ROWS[edit])
    found = verdict(lived)
    assert [fault for fault in found.faults if "ticket 6 (H003" in fault], found.faults
    assert not [fault for fault in found.faults if "ticket 5" in fault]


@pytest.mark.parametrize("day", ("2026-01-05", "2026-01-06", "1999-01-01"))
def test_given_a_ticket_the_log_does_not_know_then_it_is_named(lived, day):
    by_hand(
        lived,
        "INSERT INTO ticket (ref, id, day, number, priority_class, head_start_s, arrival, state)"
        f" VALUES (70, 'x', '{day}', 'Z001', 'ordinary', 0, 900, 'finished')",
    )
    assert "ticket 70: the log does not know it" in verdict(lived).faults


@pytest.mark.parametrize(
    "edit",
    (
        "UPDATE desk SET clerk = 'user:9' WHERE counter = 3",
        "UPDATE desk SET ref = 1 WHERE counter = 3",
        "DELETE FROM desk WHERE counter = 3",
        "INSERT INTO desk (counter, staffing) VALUES (5, 'open')",
    ),
)
def test_given_a_changed_row_of_a_counter_then_it_is_named(lived, edit):
    by_hand(lived, edit)
    (fault,) = verdict(lived).faults
    assert fault.startswith("counter ") and fault.endswith("its row is not what the log says")


def test_given_a_counters_row_that_cannot_be_read_then_it_is_reported(lived):
    by_hand(lived, "UPDATE desk SET staffing = 'asleep' WHERE counter = 3")
    assert "cannot be read" in verdict(lived).faults[0]


SETTINGS = {
    "a time zone": ("UPDATE setting SET value = json_set(value, '$.timezone', 'UTC') WHERE name = 'about'", "hall."),
    "no time zone": ("UPDATE setting SET value = json_remove(value, '$.timezone') WHERE name = 'about'", "hall."),
    "a zone nobody knows": (
        "UPDATE setting SET value = json_set(value, '$.timezone', 'Mars/Olympus') WHERE name = 'about'",
        "hall.timezone",
    ),
    "a field nobody knows": ("UPDATE setting SET value = json_set(value, '$.red', 1) WHERE name = 'about'", "hall.red"),
    "no object": ("UPDATE setting SET value = '[]' WHERE name = 'about'", "hall"),
    "a cap": ("UPDATE setting SET value = json_set(value, '$.cap', 9) WHERE name = 'policy'", "policy.cap"),
    "no policy": ("DELETE FROM setting WHERE name = 'policy'", "policy."),
    "a letter": (
        "UPDATE setting SET value = json_set(value, '$.HO_TICH.prefix', 'Z') WHERE name = 'services'",
        "services.HO_TICH.prefix",
    ),
    "skills": (
        "UPDATE setting SET value = json_remove(value, '$.3.services[1]') WHERE name = 'counters'",
        "counters.3.services",
    ),
}


@pytest.mark.parametrize("edit", SETTINGS)
def test_given_a_changed_row_of_the_settings_then_its_field_is_named(lived, edit):
    change, field = SETTINGS[edit]
    by_hand(lived, change)
    faults = verdict(lived).faults
    assert [fault for fault in faults if fault.partition(": ")[2].startswith(field) or fault.startswith(field)], faults
    assert all("its row says" in fault for fault in faults)


# -- a log whose hashes were made again, as one who knows the program can do -----------------------


def first_call(rows):
    return next(n for n, row in enumerate(rows) if row[2] == ev.TICKET_CALLED)


def test_given_a_log_with_a_new_chain_without_a_change_then_it_is_clean(lived):
    rechained(lived, lambda rows: rows)
    assert verdict(lived).clean


def test_given_a_call_out_of_order_in_a_log_with_a_new_chain_then_the_judge_names_it(lived):
    def another_called(rows):
        for row in rows:
            if row[3] in (1, 2) and row[2] != ev.TICKET_ISSUED:
                row[3], row[5] = 3 - row[3], "HO_TICH" if row[3] == 1 else "CHUNG_THUC"
        return rows

    rechained(lived, another_called)
    found = verdict(lived)
    call = next(row[0] for row in log_of(lived) if row[2] == ev.TICKET_CALLED and row[3] == 2)
    assert found.first_bad_seq == call
    assert found.faults[0] == f"event {call}: G1 broken by ticket 2 against 1"


def test_given_a_reason_changed_in_a_log_with_a_new_chain_then_the_judge_names_it(lived):
    def excused(rows):
        row = rows[first_call(rows)]
        row[6] = canonical(json.loads(row[6]) | {"reason": "CAP"})
        return rows

    rechained(lived, excused)
    assert "reason broken" in verdict(lived).faults[0]


@pytest.mark.parametrize("lost", ("reason", "services", "by", "passes"))
def test_given_a_call_that_says_too_little_in_a_log_with_a_new_chain_then_it_is_named(lived, lost):
    def silent(rows):
        row = rows[first_call(rows)]
        row[6] = canonical({name: value for name, value in json.loads(row[6]).items() if name != lost})
        return rows

    rechained(lived, silent)
    found = verdict(lived)
    assert found.first_bad_seq == first_call(log_of(lived)) + 1


def test_given_a_step_that_is_not_allowed_in_a_log_with_a_new_chain_then_it_is_named(lived):
    def finished_twice(rows):
        n = next(n for n, row in enumerate(rows) if row[2] == ev.TICKET_FINISHED)
        again = [[row[0] + 1, *row[1:]] for row in rows[n:]]
        return rows[: n + 1] + again

    rechained(lived, finished_twice)
    found = verdict(lived)
    assert "does not follow from those before" in found.faults[0]


def test_given_a_visit_erased_from_a_log_with_a_new_chain_then_its_row_shows_it(lived):
    def without(rows):
        kept = [row for row in rows if row[3] != 6]
        return [[n, *row[1:]] for n, row in enumerate(kept, start=1)]

    rechained(lived, without)
    found = verdict(lived)
    assert "ticket 6: the log does not know it" in found.faults


# -- the good case, and the centre meanwhile -------------------------------------------------------


def test_given_a_lived_log_then_it_is_clean_and_counted(lived):
    found = verdict(lived)
    assert found.clean and found.first_bad_seq is None
    assert (found.events, found.tickets) == (len(log_of(lived)), 8)
    assert found.calls == sum(row[2] == ev.TICKET_CALLED for row in log_of(lived))


def test_given_an_empty_store_then_there_is_no_hall():
    assert verify(SqliteHallStore(Database(None))).faults == ["there is no hall here"]


def test_given_a_centre_at_work_then_verifying_beside_it_sees_one_moment(tmp_path, monkeypatch):
    centre = TestCentre(tmp_path / "hall.db")
    centre.press("open", 2)
    for _ in range(3):
        centre.take()
    beside = SqliteHallStore(Database(tmp_path / "hall.db"))

    class Busy(SqliteHallStore):
        """The centre goes on while the rows are read."""

        def written(self, after, most=None):
            lines = super().written(after, most)
            centre.take()
            return lines

        def tickets(self, first, last):
            centre.press("call-next", 2)
            return super().tickets(first, last)

    assert verify(Busy(beside.db)).clean
    assert verify(beside).clean


def test_given_a_damaged_log_when_starting_then_it_says_which_row(lived):
    opened = next(row[0] for row in reversed(log_of(lived)) if row[2] == ev.DAY_OPENED)
    by_hand(lived, f"UPDATE event SET data = '{{' WHERE seq = {opened + 1}")
    with pytest.raises(Exception, match=f"event {opened + 1} cannot be read"):
        TestCentre(lived)


def test_given_the_command_line_then_it_says_clean_or_names_the_bad_row(lived):
    def run():
        command = [sys.executable, "server.py", "verify", "--data", str(lived.parent)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)

    clean = run()
    assert clean.returncode == 0, clean.stderr
    by_hand(lived, EDITS["data"])
    bad = run()
    assert bad.returncode != 0
    assert "event 9: its hash does not follow" in bad.stdout + bad.stderr


def test_given_days_far_apart_then_each_is_compared(tmp_path):
    centre = TestCentre(tmp_path / "hall.db")
    for _ in range(3):
        centre.take()
        centre.clock.on(days=20)
        centre.hall.refresh()
    assert verify(centre.store).tickets == 3
    assert centre.ticket(1).day == date(2026, 1, 5) and centre.clock.at > datetime(2026, 2, 1, tzinfo=UTC)


def test_given_a_change_of_the_policy_that_lists_nothing_then_it_is_found_also_as_the_last_event(centre):
    def unlisted(act):
        policy = plain(act.catalogue.template.policy) | {"cap": 9}
        return act.append(ev.POLICY_CHANGED, {"by": "user:9", **policy}).seq

    seq = centre.hall.run_as_system(unlisted)
    assert verify(centre.store).first_bad_seq == seq
    centre.take()
    assert not verify(centre.store).clean
