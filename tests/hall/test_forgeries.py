"""A forgery with a new chain of hashes and rows to fit it is found: the settings at its place do not explain it."""

import json
import random
import shutil
import sqlite3
from contextlib import closing

import pytest
from msgspec.structs import replace

from hall.catalogue.model import Counter
from hall.settings.change import change_counter, change_hall, change_policy, import_template, undo
from hall.verify import verify
from queueing import events as ev
from queueing.catalogue import CLASSES
from queueing.events import canonical, chained
from store.database import Database
from store.hall import SqliteHallStore
from tests.configuration import Configuration
from tests.hall.centre import TestCentre
from tests.hall.test_verify import log_of
from tests.hall.test_walk import Walk

FORGERIES, PRESSES, SEED = 34, 700, 5  # of each of three kinds
HEAD_STARTS_S = (0, 5, 600, 1200, 3600, 28_800)
PLACES = (ev.TICKET_ISSUED, ev.TICKET_PRIORITY_CHANGED)


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """A database with two weeks of people and clerks, and with changes of policy, services and counters."""
    walk = Walk(SEED)
    for press in range(PRESSES):
        walk.step()
        if press % 100 == 50:
            skills = ["CHUNG_THUC", "HO_TICH"] + ["DAT_DAI"] * (press % 200 > 100)
            part = Counter(2, "Quầy 2", skills)
            walk.centre.hall.run_as_system(lambda act, part=part: change_counter(act, 2, part), "user:9")
    path = tmp_path_factory.mktemp("forged") / "hall.db"
    walk.centre.db.execute(f"VACUUM INTO '{path}'")
    return path


@pytest.fixture(scope="module")
def places(lived):
    """{kind of event: [(its place in the log, the settings there)]} of what can be forged."""
    settings, found = Configuration(), {kind: [] for kind in (*PLACES, ev.TICKET_CALLED)}
    for n, (_, _, kind, _, counter, _, data, _) in enumerate(log_of(lived)):
        payload = json.loads(data)
        settings.hear(kind, payload)
        if kind == ev.TICKET_CALLED:
            found[kind].append((n, sorted(settings.tree["services"]), settings.services_of(counter)))
        elif kind in found and "appointment" not in payload:
            found[kind].append((n, dict(settings.tree["policy"]["head_starts_s"]), payload))
    assert len(found[ev.TICKET_CALLED]) > FORGERIES and len(found[ev.TICKET_ISSUED]) > FORGERIES
    return found


def forged_services(dice, places):
    """A call says that its counter served something else: one more, one less, or another beside the one called."""
    n, known, served = dice.choice(places[ev.TICKET_CALLED])

    def change(rows):
        data, called = json.loads(rows[n][6]), rows[n][5]
        others = [code for code in served if code != called]
        more = sorted({*served, dice.choice([code for code in known if code not in served])})
        ways = [more, sorted({called, dice.choice([code for code in known if code not in served])})]
        data["services"] = dice.choice(ways + [[code for code in served if code != others[0]]] * bool(others))
        rows[n][6] = canonical(data)
        return rows

    return change


def forged_head_start(dice, places):
    """A ticket counts as having come at another time than its class gave it."""
    n, starts, payload = dice.choice(places[ev.TICKET_ISSUED] + places[ev.TICKET_PRIORITY_CHANGED])
    start_s = dice.choice([each for each in HEAD_STARTS_S if each != starts[payload["priority_class"]]])
    return lambda rows: with_data(rows, n, head_start_s=start_s)


def forged_class(dice, places):
    """A ticket is of another class than the one whose head start it has."""
    n, payload, others = 0, {}, []
    while not others:  # where all classes count alike there is no wrong one
        n, starts, payload = dice.choice(places[ev.TICKET_ISSUED] + places[ev.TICKET_PRIORITY_CHANGED])
        others = [each for each in CLASSES if starts[each] != payload["head_start_s"]]
    other = dice.choice(others)
    return lambda rows: with_data(rows, n, priority_class=other)


def with_data(rows, n, **changed):
    rows[n][6] = canonical(json.loads(rows[n][6]) | changed)
    return rows


def forged_copy(lived, tmp_path, forge):
    """A copy whose log `forge` has changed, with hashes that follow and rows of tickets that fit."""
    path, payloads = shutil.copyfile(lived, tmp_path / "hall.db"), {}
    rows = forge([list(row[:7]) for row in log_of(path)])
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("PRAGMA synchronous = OFF")
        (before,) = conn.execute("SELECT log_id FROM identity").fetchone()
        for row in rows:
            before = chained(before, *row)
            conn.execute("UPDATE event SET data = ?, hash = ? WHERE seq = ?", (row[6], before, row[0]))
            if row[2] in PLACES:
                payloads[row[3]] = json.loads(row[6])
        conn.executemany(
            "UPDATE ticket SET priority_class = ?, head_start_s = ? WHERE ref = ?",
            [(data["priority_class"], data["head_start_s"], ref) for ref, data in payloads.items()],
        )
    return path


def faults(path):
    with closing(Database(path)) as db:
        return verify(SqliteHallStore(db)).faults


def test_given_nothing_forged_when_the_chain_and_the_rows_are_made_again_then_it_is_clean(lived, tmp_path):
    assert faults(forged_copy(lived, tmp_path, lambda rows: rows)) == []


@pytest.mark.parametrize("forge", (forged_services, forged_head_start, forged_class))
def test_given_a_forgery_with_a_new_chain_then_it_is_found_wherever_it_is(lived, places, tmp_path, forge):
    dice = random.Random(f"{SEED} {forge.__name__}")
    missed = []
    for n in range(FORGERIES):
        if not faults(forged_copy(lived, tmp_path, forge(dice, places))):
            missed.append(n)
    assert not missed, f"{FORGERIES - len(missed)} of {FORGERIES} were found"


def test_given_a_forged_head_start_of_an_appointment_then_it_is_found(lived, tmp_path):
    """It follows from the time of the check-in and the time of the appointment alone."""
    missed, log = [], log_of(lived)
    checked_in = [n for n, row in enumerate(log) if '"appointment"' in row[6] and row[2] == ev.TICKET_ISSUED]
    assert len(checked_in) >= 3
    for n in checked_in[:20]:
        start_s = json.loads(log[n][6])["head_start_s"] + 1
        if not faults(forged_copy(lived, tmp_path, lambda rows, n=n, s=start_s: with_data(rows, n, head_start_s=s))):
            missed.append(n)
    assert not missed


# -- what a change of the settings says of itself --------------------------------------------------


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """A file in which settings of every section were changed, imported and taken back, some of them several times."""
    small = TestCentre(tmp_path_factory.mktemp("changed") / "hall.db")
    hall = small.hall

    def run(use_case):
        return hall.run_as_system(use_case, "user:9")

    run(lambda act: change_hall(act, {"hotline": "1900"}))
    for n in (3, 4, 5):
        run(lambda act, n=n: change_hall(act, {"hotline": f"190{n}", "voice": {"volume": 50 + n}}))
        run(lambda act, n=n: change_policy(act, replace(act.catalogue.policy, cap=n, by_hand=n != 4)))
        last = run(lambda act, n=n: change_counter(act, 2, Counter(2, f"Bàn {n}", ("CHUNG_THUC", "HO_TICH"))))
        run(lambda act, seq=last.seq: undo(act, seq))
    template = hall.catalogue.template
    both = replace(template, hall=replace(template.hall, theme="light"), policy=replace(template.policy, cap=9))
    last = run(lambda act: import_template(act, both))
    run(lambda act: undo(act, last.seq))
    assert verify(small.store).clean
    small.db.close()
    return small.db.path


def with_other(change, name):
    return change | {name: "forged" if isinstance(change[name], str) else 7}


CHANGES_FORGED = {
    "what was there before": lambda data: data | {"changes": [with_other(data["changes"][0], "old")]},
    "what was there after": lambda data: data | {"changes": [with_other(data["changes"][0], "new")]},
    "one change fewer": lambda data: data | {"changes": data["changes"][1:]},
    "one change more": lambda data: data | {"changes": data["changes"] * 2},
    "nothing at all": lambda data: {name: value for name, value in data.items() if name != "changes"},
    "what it takes back": lambda data: data | {"undoes": 3},
}


@pytest.mark.parametrize("kind", (ev.SETTING_CHANGED, ev.POLICY_CHANGED))
@pytest.mark.parametrize("forge", CHANGES_FORGED.values(), ids=CHANGES_FORGED)
def test_given_a_change_that_lists_another_than_it_made_then_it_is_found(kind, forge, changed, tmp_path):
    places = [n for n, row in enumerate(log_of(changed)) if row[2] == kind and '"changes"' in row[6]]
    assert len(places) >= 2

    def forge_at(rows, n):
        rows[n][6] = canonical(forge(json.loads(rows[n][6])))
        return rows

    missed = [n for n in places if not faults(forged_copy(changed, tmp_path, lambda rows, n=n: forge_at(rows, n)))]
    assert not missed


FOUNDING_FORGED = {
    "a field that was changed later": lambda data: data["settings"]["hall"].update(hotline="113"),
    "a policy that was changed later": lambda data: data["settings"]["policy"].update(cap=50),
    "the letter beside the settings": lambda data: data["services"][0].update(prefix="Y"),
    "the counters beside the settings": lambda data: data["counters"][0].update(services=[]),
}


@pytest.mark.parametrize("forge", FOUNDING_FORGED.values(), ids=FOUNDING_FORGED)
def test_given_other_settings_at_the_beginning_then_it_is_found_though_all_were_replaced(forge, changed, tmp_path):
    def forge_first(rows):
        data = json.loads(rows[0][6])
        forge(data)
        rows[0][6] = canonical(data)
        return rows

    assert faults(forged_copy(changed, tmp_path, forge_first))


def test_given_a_change_written_as_a_whole_configuration_then_it_is_found(changed, tmp_path):
    """Who changed what would be hidden."""

    def forge(rows):
        settings = json.loads(rows[0][6])["settings"]
        n = next(n for n, row in enumerate(rows) if '"changes"' in row[6])
        settings["hall"]["hotline"] = json.loads(rows[n][6])["changes"][0]["new"]
        rows[n][6] = canonical({"what": "recorded", "by": "system", "settings": settings})
        return rows

    assert faults(forged_copy(changed, tmp_path, forge))
