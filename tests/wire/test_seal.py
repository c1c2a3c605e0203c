"""Verifying as an inspector does: a seal read over HTTP, a log changed by hand in five ways, the command line."""

import json
import shutil
import subprocess
from types import SimpleNamespace

import pytest

from queueing import events as ev
from queueing.events import canonical, chained
from store.backup import BACKUPS
from store.diary import DIARY
from tests.centre import TestCentreProcess
from tests.hall.test_verify import by_hand, log_of, rechained


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    """The folder of a centre in the middle of its day, the same some services later, and the seal of then."""
    folder = tmp_path_factory.mktemp("sealed")
    centre = TestCentreProcess(folder / "later").start()
    try:
        clerk, kiosk, inspector = (centre.token(role) for role in ("clerk", "kiosk", "inspector"))
        centre.post("/api/v1/counters/2/open", token=clerk)
        serve(centre, kiosk, clerk, "filed")
        centre.stop()
        shutil.copytree(folder / "later", folder / "earlier")
        centre.start()
        serve(centre, kiosk, clerk, "guided")
        serve(centre, kiosk, clerk, "filed")
        day = centre.get("/api/v1/events?after=0", token=inspector).json()["events"][2]["data"]["day"]
        seal = centre.get(f"/api/v1/seal?day={day}", token=inspector).json()
        centre.post("/api/v1/tickets", {"service": "HO_TICH"}, token=kiosk)  # the day goes on
    finally:
        centre.stop()
    line = f"{seal['day']}:{seal['seq']}:{seal['issued']}:{seal['hash']}"
    return SimpleNamespace(folder=folder, seal=seal, line=line)


def serve(centre, kiosk, clerk, outcome):
    assert centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=kiosk).status_code == 201
    for button, body in (("call-next", {}), ("start", {}), ("finish", {"outcome": outcome})):
        assert centre.post(f"/api/v1/counters/2/{button}", body, token=clerk).ok


@pytest.fixture
def copy(sealed, tmp_path):
    """A copy of the centre's database that the test may change, as if its daily files and backups were gone too.

    With them beside it every command refuses a log that is not theirs, before anything is verified.
    """
    shutil.copytree(sealed.folder / "later", tmp_path / "copy", ignore=shutil.ignore_patterns(DIARY, BACKUPS))
    return tmp_path / "copy"


def verified(data, *words):
    """Return what `server.py verify` prints, and whether the log is clean."""
    try:
        return TestCentreProcess(data).command("verify", *words), True
    except subprocess.CalledProcessError as refused:
        return refused.stdout + refused.stderr, False


def of(kind, data, nth=0):
    return [row[0] for row in log_of(data / "hall.db") if row[2] == kind][nth]


def test_given_a_log_nobody_touched_then_it_is_clean_and_fits_its_seal_though_the_day_went_on(sealed, copy):
    assert verified(copy, "--seal", sealed.line)[1]
    assert len(log_of(copy / "hall.db")) > sealed.seal["seq"]
    assert verified(sealed.folder / "earlier")[1]


def test_given_an_edited_row_then_it_is_named(copy):
    seq = of(ev.TICKET_FINISHED, copy)
    by_hand(copy / "hall.db", f"UPDATE event SET data = json_set(data, '$.outcome', 'guided') WHERE seq = {seq}")
    said, clean = verified(copy)
    assert not clean and f"event {seq}: its hash does not follow from what it says" in said


def test_given_a_deleted_row_then_it_is_named(copy):
    seq = of(ev.TICKET_STARTED, copy)
    by_hand(copy / "hall.db", "PRAGMA foreign_keys = OFF", f"DELETE FROM event WHERE seq = {seq}")
    said, clean = verified(copy)
    assert not clean and f"event {seq} is missing" in said


@pytest.mark.parametrize("bound", (False, True))
def test_given_an_inserted_row_then_it_or_the_one_after_it_is_named(copy, bound):
    rows, seq = log_of(copy / "hall.db"), of(ev.TICKET_STARTED, copy)
    for later in range(len(rows), seq - 1, -1):
        by_hand(copy / "hall.db", f"UPDATE event SET seq = {later + 1} WHERE seq = {later}")
    forged = (seq, *rows[seq - 1][1:2], ev.TICKET_CALLED_AGAIN, *rows[seq - 1][3:7])
    digest = chained(rows[seq - 2][7], *forged) if bound else "0" * 64
    by_hand(copy / "hall.db", "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)", params=(*forged, digest))
    said, clean = verified(copy)
    assert not clean and f"event {seq + bound}: its hash does not follow from what it says" in said


def test_given_a_tail_that_was_cut_off_with_all_it_left_then_only_the_seal_finds_it(sealed):
    earlier = sealed.folder / "earlier"
    assert verified(earlier)[1]
    said, clean = verified(earlier, "--seal", sealed.line)
    last = len(log_of(earlier / "hall.db"))
    assert not clean and f"the log ends at event {last}, before the sealed event {sealed.seal['seq']}" in said


def test_given_a_chain_computed_again_with_the_rows_to_fit_then_only_the_seal_finds_it(sealed, copy):
    seq = of(ev.TICKET_FINISHED, copy)

    def another_outcome(rows):
        rows[seq - 1][6] = canonical(json.loads(rows[seq - 1][6]) | {"outcome": "guided"})
        return rows

    rechained(copy / "hall.db", another_outcome)
    by_hand(copy / "hall.db", "UPDATE leg SET outcome = 'guided' WHERE ref = 1")
    assert verified(copy)[1]
    said, clean = verified(copy, "--seal", sealed.line)
    assert not clean and f"event {sealed.seal['seq']} has another hash, so the log was made anew" in said


def test_given_a_visit_erased_and_the_chain_computed_again_then_only_the_seal_finds_it(sealed, copy):
    def without_the_second(rows):
        kept = [row for row in rows if row[3] != 2]
        return [[n, *row[1:]] for n, row in enumerate(kept, start=1)]

    rechained(copy / "hall.db", without_the_second)
    by_hand(
        copy / "hall.db",
        "DELETE FROM leg WHERE ref = 2",
        "DELETE FROM ticket WHERE ref = 2",
        f"UPDATE ticket SET arrival = (SELECT seq FROM event WHERE ref = ticket.ref AND kind = '{ev.TICKET_ISSUED}')",
    )
    assert verified(copy)[1]
    said, clean = verified(copy, "--seal", sealed.line)
    assert not clean and f"the seal of {sealed.seal['day']}" in said
