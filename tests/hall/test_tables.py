"""The tables that are read from events: slips of a day, structural passes, incidents, clerks' time, longest queues."""

import csv
import io
import random
from datetime import UTC, date, datetime

import msgspec
import pytest

from hall.review import slips_of, staffed_time_of
from queueing import events as ev
from queueing.errors import Refusal
from supervisor.tables import TABLES, AskedDays, table_csv
from tests.clocks import HandClock
from tests.hall.centre import AN, BINH, TestCentre
from tests.hall.test_review import lived
from tests.recompute import clerk_times, counter_times, longest_queue, slips_of_day

DAY = date(2026, 1, 30)


def nonzero(figure):
    """A figure; of pauses without those of no second."""
    return {reason: s for reason, s in figure.items() if s} if isinstance(figure, dict) else figure


def page(centre, name, *, by_clerk=True):
    return TABLES[name](AskedDays(centre.store, DAY, DAY, lambda subject: subject.upper(), by_clerk))


@pytest.fixture
def centre():
    return TestCentre(clock=HandClock(datetime(2026, 1, 30, 1, tzinfo=UTC)))


def test_given_a_day_then_its_slips_are_counted_over_all_tickets_and_p99_is_of_all_issued(centre):
    centre.press("open", 2, AN)
    for _ in range(3):
        centre.take()
        centre.clock.on(minutes=1)
    for _ in range(2):
        centre.take(priority_class="priority")
        centre.clock.on(minutes=1)
    for _ in range(5):
        centre.serve(2)
    (day,) = page(centre, "slips").days
    assert (day.issued, day.passed, day.slips, day.most, day.p99) == (5, 3, 6, 2, 2)
    for _ in range(400):
        centre.take("HO_TICH")
    (day,) = page(centre, "slips").days
    assert (day.issued, day.p99, day.most) == (405, 0, 2)  # 3 of 405 are fewer than one in a hundred


def test_given_nobody_open_for_a_service_then_each_call_of_a_later_arrival_is_a_structural_pass(centre):
    only = centre.hall.catalogue.counters
    of = {number: set(counter.services) for number, counter in only.items()}
    first = next(number for number in of if any(of[number] - of[other] for other in of if other != number))
    other = next(number for number in of if of[first] - of[number] and number != first)
    lacked, common = sorted(of[first] - of[other])[0], sorted(of[other])[0]
    centre.press("open", other, AN)
    centre.take(lacked)
    centre.clock.on(minutes=1)
    centre.take(common)
    centre.serve(other)
    assert page(centre, "slips").days[0].structural == {lacked: 1}
    assert page(centre, "slips").days[0].slips == 0
    centre.press("open", first, BINH)  # somebody could serve them now
    centre.take(common)
    centre.serve(other)
    assert page(centre, "slips").days[0].structural == {lacked: 1}
    centre.press("pause", first, BINH, reason="lunch")
    centre.take(common)
    centre.press("call-next", other)
    assert page(centre, "slips").days[0].structural == {lacked: 1}  # nobody came yet
    centre.press("start", other)
    assert page(centre, "slips").days[0].structural == {lacked: 2}
    assert slips_of(centre.store, DAY, DAY)[DAY].structural == {lacked: 2}


def test_given_counters_paused_for_a_fault_then_the_incident_lasts_from_the_first_pause_to_the_last_resumption(centre):
    for counter, clerk in ((2, AN), (3, BINH)):
        centre.press("open", counter, clerk)
    centre.press("pause", 2, AN, reason="network_lost")
    centre.clock.on(seconds=90.5)
    centre.press("pause", 3, BINH, reason="network_lost")
    centre.clock.on(seconds=60)
    centre.press("resume", 2, AN)
    centre.clock.on(seconds=30)
    centre.press("resume", 3, BINH)
    centre.press("pause", 2, AN, reason="lunch")
    centre.press("resume", 2, AN)
    centre.press("pause", 2, AN, reason="software_fault")
    centre.clock.on(seconds=10)
    first, second = page(centre, "incidents").rows
    assert (first.reason, first.seconds, first.counters) == ("network_lost", 180, [2, 3])
    assert (second.reason, second.ended_at, second.counters) == ("software_fault", None, [2])
    centre.clock.on(days=1)
    centre.hall.refresh()
    assert page(centre, "incidents").rows[1].seconds > 3600  # it ended with the day


@pytest.mark.parametrize("seed", range(6))
def test_given_clerks_who_take_over_then_the_time_of_each_is_the_strangers(centre, seed):
    dice, clerks = random.Random(seed), (AN, BINH, "user:3")
    for _ in range(150):
        centre.clock.on(seconds=dice.choice((0, 0.6, 10, 95.5)))
        button = dice.choice(("open", "hand-over", "call-next", "start", "finish", "pause", "resume", "close", "take"))
        try:
            if button == "take":
                centre.take()
            else:
                how = {"reason": "lunch"} if button == "pause" else {"one_only": False} if button == "open" else {}
                centre.press(button, dice.choice((2, 3)), dice.choice(clerks), **how)
        except Refusal:
            pass
    log = centre.log()
    shown = {(row.counter, row.clerk or ""): msgspec.to_builtins(row) for row in page(centre, "staffed").rows}
    right = {key: time for key, time in clerk_times(log, "2026-01-30").items() if any(map(nonzero, time.values()))}
    assert len({clerk for _, clerk in right}) > 2
    for key, time in right.items():
        assert {name: nonzero(shown[key][name]) for name in time} == {name: nonzero(of) for name, of in time.items()}
    assert shown.keys() == right.keys()
    together = staffed_time_of(centre.store, DAY, DAY, by_clerk=False)[DAY]
    for counter, time in counter_times(log, "2026-01-30").items():
        assert together[counter, ""].serving_s == time["serving_s"]
        parts = sum(row["open_s"] for (number, _), row in shown.items() if number == counter)
        assert 0 <= together[counter, ""].open_s - parts <= 150  # each change of clerk drops less than a second


def test_given_a_hall_without_figures_by_clerk_then_no_table_names_one(centre):
    centre.press("open", 2, AN)
    centre.clock.on(seconds=100)
    centre.press("open", 2, BINH, one_only=False)
    centre.clock.on(seconds=100)
    centre.take()
    (row,) = page(centre, "staffed", by_clerk=False).rows
    assert (row.clerk, row.name, row.idle_s) == (None, None, 200)
    assert [(row.clerk, row.name, row.idle_s) for row in page(centre, "staffed").rows] == [
        (AN, AN.upper(), 100),
        (BINH, BINH.upper(), 100),
    ]


def test_given_any_table_then_its_csv_has_the_same_figures(centre):
    centre.press("open", 2, AN)
    for _ in range(4):
        centre.take(priority_class=random.Random(4).choice(("ordinary", "priority")))
    centre.take("HO_TICH")
    centre.serve(2)
    centre.press("pause", 2, AN, reason="network_lost")
    centre.clock.on(seconds=70)
    for name in TABLES:
        view = page(centre, name)
        rows = list(csv.DictReader(io.StringIO(table_csv(view).decode("utf-8-sig"))))
        shown = msgspec.to_builtins(view)
        assert len(rows) == len(shown["rows"]) + len(shown.get("days", []))
        for row, said in zip(rows, [*shown["rows"], *shown.get("days", [])], strict=True):
            for field, value in said.items():
                if field == "paused_s":
                    assert {key: int(row[f"paused_{key}_s"]) for key in value} == value
                elif isinstance(value, dict):
                    assert int(row[field]) == sum(value.values())
                elif isinstance(value, list):
                    assert row[field] == " ".join(map(str, value))
                else:
                    assert row[field] == ("" if value is None else str(value))
    (queue,) = [row for row in page(centre, "queues").rows if row.service == "CHUNG_THUC"]
    assert (queue.most, queue.at) == longest_queue(centre.log(), "2026-01-30", service="CHUNG_THUC")


@pytest.mark.parametrize("seed", range(3))
def test_given_any_day_then_its_slips_and_structural_passes_are_the_strangers(seed):
    made = lived(seed, 3)
    days = [event.data["day"] for event in made.events(ev.DAY_OPENED)]
    shown = {day.day: day for day in TABLES["slips"](AskedDays(made.store, date.min, date.max, str, True)).days}
    passes = 0
    for day in days:
        per_ticket, structural = slips_of_day(made.log(), day)
        n = len(per_ticket)
        assert shown[day].structural == structural
        assert (shown[day].issued, shown[day].slips, shown[day].most) == (n, sum(per_ticket), max([0, *per_ticket]))
        assert shown[day].p99 == (per_ticket[-(-n * 99 // 100) - 1] if n else None)
        assert shown[day].passed == sum(times > 0 for times in per_ticket)
        passes += sum(structural.values()) + sum(per_ticket)
    assert passes
