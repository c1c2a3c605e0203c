"""Rollups are exact to the last digit, are dropped when their day changes, and equal what the log gives."""

import random
from collections import Counter as Count
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hall import rollups
from hall.recorded_day import read_day
from hall.review import GROUPINGS, Cover, overview, parse_range, statistics, targets_of
from hall.settings.change import import_template
from hall.verify import verify
from queueing import events as ev
from queueing.counter_time import CounterTime
from queueing.errors import Refusal
from queueing.period import DAY, HALF, MONTH
from tests.clocks import HandClock
from tests.hall.centre import AN, BINH, ZONE, TestCentre
from tests.hall.test_review import lived
from tests.recompute import calls, counter_times, longest_queue, recompute


def figures(centre, first="2000-01-01", last="2999-01-01"):
    """Return everything the statistics say about a range of days."""
    days = parse_range(first, last)
    targets = targets_of(centre.hall.catalogue)
    return [statistics(centre.store, *days, by, ZONE, targets) for by in GROUPINGS] + [
        overview(centre.store, *days, ZONE)
    ]


def check(centre, first="2000-01-01", last="2999-01-01"):
    """Check that the statistics equal the recomputed figures, whatever was rolled up."""
    right = recompute(centre.log(), first, last, targets=centre.targets())
    for by in GROUPINGS:
        assert centre.statistics(by, *parse_range(first, last)) == (right["total"], right[by])


def same_without(centre, first="2000-01-01", last="2999-01-01"):
    """Return the figures, which must be the same when the rollups are dropped and the rows alone are read."""
    shown = figures(centre, first, last)
    kept = [tuple(row) for row in centre.db.rows("SELECT part, period, data FROM rollup")]
    centre.store.drop_rollups()
    assert figures(centre, first, last) == shown
    for part, period, data in kept:
        centre.store.save_rollup(period, {part: data})
    return shown


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 4), st.data())
def test_given_any_history_then_rollups_rows_and_the_stranger_agree(seed, days, data):
    centre = lived(seed, days)
    closed = centre.store.closed_days()
    some = data.draw(st.sets(st.sampled_from(closed)) if closed else st.just(set()))
    rollups.refresh(centre.store)
    for day in some:  # as if those had changed
        centre.store.drop_rollups(day)
    first = data.draw(st.integers(-1, 4))
    last = data.draw(st.integers(first, 5))
    ends = [(date(2026, 1, 30) + timedelta(days=n)).isoformat() for n in (first, last)]
    for span in ((), ends):
        check(centre, *span)
        same_without(centre, *span)
    assert verify(centre.store).clean


def test_given_some_days_then_the_overview_is_the_strangers():
    centre = lived(3)
    rollups.refresh(centre.store)
    log = centre.log()
    days = [event.data["day"] for event in centre.events(ev.DAY_OPENED)]
    seen = overview(centre.store, *parse_range(days[0], days[-1]), ZONE)
    times, queues = {}, []
    for day in days:
        for counter, time in counter_times(log, day).items():
            nothing = {"serving_s": 0, "calling_s": 0, "idle_s": 0, "paused_s": {}, "left_open": 0}
            mine = times.setdefault(counter, nothing)
            for name in ("serving_s", "calling_s", "idle_s", "left_open"):
                mine[name] += time[name]
            for reason, seconds in time["paused_s"].items():
                mine["paused_s"][reason] = mine["paused_s"].get(reason, 0) + seconds
        queues.append(longest_queue(log, day))
    assert times == {
        number: {
            "serving_s": time.serving_s,
            "calling_s": time.calling_s,
            "idle_s": time.idle_s,
            "paused_s": dict(time.paused_s),
            "left_open": time.left_open,
        }
        for number, time in seen.counters.items()
    }
    most = max(length for length, _ in queues)
    assert (seen.queue.most, ev.instant(seen.queue.at)) == next(queue for queue in queues if queue[0] == most)
    services = {event["service"] for event in log if event["kind"] == "ticket.issued"}
    for service in services:
        longest = [longest_queue(log, day, service=service) for day in days]
        most = max(length for length, _ in longest)
        found = seen.queues[service]
        assert (found.most, ev.instant(found.at)) == next(queue for queue in longest if queue[0] == most)
    assert seen.queues.keys() == services
    assert (seen.calls.calls, seen.calls.out_of_order) == calls(log)
    assert seen.calls.out_of_order
    right = recompute(log)
    assert sum(cell.issued for cell in seen.heat.values()) == right["total"]["issued"]
    assert sum(seen.waits) == right["total"]["wait"]["n"]
    assert seen.waits[0] + seen.waits[1] + seen.waits[2] <= right["total"]["within"]["15"]["met"]


def test_given_a_service_that_ends_after_midnight_then_its_day_is_rolled_up_again():
    centre = TestCentre(clock=HandClock(datetime(2026, 1, 31, 1, tzinfo=UTC)))
    centre.press("open", 2, AN)
    centre.take()
    centre.press("call-next", 2)
    centre.press("start", 2)
    centre.clock.on(hours=24)
    centre.hall.refresh()
    rollups.refresh(centre.store)
    assert centre.store.rollup("2026-01-31")
    check(centre)
    assert verify(centre.store).clean

    centre.press("finish", 2)
    own = ("2026-01-31", "2026-01-15/31", "2026-01")
    assert not any(centre.store.rollup(period) for period in own)
    check(centre)
    rollups.refresh(centre.store)
    assert all(centre.store.rollup(period) for period in own)
    check(centre)
    assert same_without(centre)[0].total.served == 1
    assert verify(centre.store).clean


def test_given_a_day_that_changes_meanwhile_then_no_stale_rollup_is_kept(monkeypatch):
    centre = TestCentre(clock=HandClock(datetime(2026, 1, 31, 1, tzinfo=UTC)))
    centre.press("open", 2, AN)
    centre.take()
    centre.press("call-next", 2)
    centre.press("start", 2)
    centre.clock.on(hours=24)
    centre.hall.refresh()
    make = rollups._day

    def slow(*how):
        packed = make(*how)
        centre.db.library.conn.execute("COMMIT")  # the reader's snapshot ends; a clerk is quicker
        centre.press("finish", 2)
        return packed

    monkeypatch.setattr(rollups, "_day", slow)
    rollups.refresh(centre.store)
    assert not centre.store.rollup("2026-01-31")


def test_given_the_log_then_one_command_makes_the_same_rollups_again():
    centre = lived(2, 3)
    rollups.refresh(centre.store)
    before = {period: centre.store.rollup(period) for period in centre.store.rollups(date.min, date.max)}
    assert {len(period) for period in before} == {MONTH, DAY, HALF}
    centre.store.drop_rollups()
    assert rollups.rebuild(centre.store) == len(before)
    assert {period: centre.store.rollup(period) for period in before} == before


@pytest.mark.parametrize("period", ["2026-01-30", "2026-01-15/31", "2026-01", "2026-01-01/14"])
def test_given_a_rollup_made_up_then_verify_names_it(period):
    centre = lived(2, 3)
    rollups.refresh(centre.store)
    other = centre.store.rollup("2026-01-31")
    centre.store.save_rollup(period, {"service": other["service"], "total": other["total"]})
    faults = verify(centre.store).faults
    assert any(f"rollup of {period}" in fault for fault in faults), faults
    centre.store.save_rollup(period, {"service": b"nonsense"})
    assert any(f"rollup of {period}" in fault for fault in verify(centre.store).faults)


def test_given_days_without_anybody_then_they_have_no_row():
    centre = TestCentre(clock=HandClock(datetime(2026, 3, 2, 1, tzinfo=UTC)))
    for _ in range(3):
        centre.clock.on(hours=24)
        centre.hall.refresh()
    rollups.refresh(centre.store)
    check(centre)
    assert centre.statistics("day")[1] == {}


def some_weeks():
    """The end of a year, a January and a February, and a March that goes on: one or two tickets a day."""
    rng, opening = random.Random(5), datetime(2025, 12, 10, 1, tzinfo=UTC)
    centre = TestCentre(clock=HandClock(opening))
    services = list(centre.hall.catalogue.services)
    centre.press("open", 2, AN, one_only=False)
    for number in range(1, 101):
        for _ in range(rng.randint(1, 2)):
            centre.take(rng.choice(services), rng.choice(("ordinary", "priority")))
        centre.clock.on(seconds=rng.expovariate(1 / 900))
        try:
            centre.press("call-next", 2)
            centre.clock.on(seconds=rng.expovariate(1 / 60))
            centre.press("start", 2)
            centre.clock.on(seconds=rng.expovariate(1 / 600))
            centre.press("finish", 2)
        except Refusal:  # nobody for this counter
            pass
        centre.clock.on(seconds=(opening + timedelta(days=number) - centre.clock.wall()).total_seconds())
        centre.hall.refresh()
        centre.press("open", 2, AN, one_only=False)
    return centre


def test_given_half_months_then_a_range_is_few_pieces_and_says_what_the_stranger_says():
    centre = some_weeks()
    rollups.refresh(centre.store)
    assert str(centre.hall.floor.day) == "2026-03-20"
    kept = set(centre.store.rollups(date.min, date.max))
    assert {"2025-12-01/14", "2025-12-15/31", "2026-02-15/28", "2026-02", "2025", "2026-03-01/14"} <= kept
    assert not {"2026-03-15/31", "2026-03", "2026"} & kept  # they go on
    for first, last, pieces in (
        ("2025-12-15", "2026-01-14", ["2025-12-15/31", "2026-01-01/14"]),
        ("2026-01-15", "2026-02-14", ["2026-01-15/31", "2026-02-01/14"]),
        ("2025-12-15", "2026-03-14", ["2025-12-15/31", "2026-01", "2026-02", "2026-03-01/14"]),
        ("2026-02-01", "2026-02-14", ["2026-02-01/14"]),
        ("2026-02-15", "2026-02-28", ["2026-02-15/28"]),
        ("2026-02-01", "2026-02-28", ["2026-02"]),
        ("2026-01-14", "2026-01-15", ["2026-01-14", "2026-01-15"]),
        ("2026-01-31", "2026-02-15", ["2026-01-31", "2026-02-01/14", "2026-02-15"]),
        ("2026-01-03", "2026-01-05", ["2026-01-03", "2026-01-04", "2026-01-05"]),
        ("2026-02-16", "2026-02-17", ["2026-02-16", "2026-02-17"]),
        ("2025-12-31", "2026-01-01", ["2025-12-31", "2026-01-01"]),
        ("2025-01-01", "2025-12-31", ["2025"]),
        ("2026-03-01", "2026-03-31", ["2026-03-01/14", *(f"2026-03-{day}" for day in range(15, 20))]),
    ):
        assert Cover(centre.store, *parse_range(first, last)).periods == pieces
        check(centre, first, last)
        same_without(centre, first, last)
    check(centre)
    same_without(centre)
    assert verify(centre.store).clean


def test_given_any_range_with_some_days_changed_then_it_says_what_the_stranger_says():
    centre = some_weeks()
    closed = centre.store.closed_days()

    @settings(max_examples=10, deadline=None)
    @given(st.sets(st.sampled_from(closed), max_size=3), st.sampled_from(closed), st.integers(0, 99))
    def any_range(changed, first, days):
        rollups.refresh(centre.store)
        for day in changed:
            centre.store.drop_rollups(day)
        check(centre, first.isoformat(), (first + timedelta(days=days)).isoformat())
        assert verify(centre.store).clean

    any_range()


def test_given_a_day_of_one_half_month_that_changes_then_the_other_half_stays():
    centre = some_weeks()
    rollups.refresh(centre.store)
    before = set(centre.store.rollups(date.min, date.max))
    centre.store.drop_rollups(date(2026, 1, 14))
    gone = {"2026-01-14", "2026-01-01/14", "2026-01"}
    assert before - set(centre.store.rollups(date.min, date.max)) == gone
    check(centre, "2026-01-10", "2026-02-14")
    assert verify(centre.store).clean
    assert rollups.refresh(centre.store) == len(gone)
    assert set(centre.store.rollups(date.min, date.max)) == before


@pytest.mark.slow
def test_given_a_year_then_every_page_is_the_strangers():
    """A simulated year of a small centre: each working day some hours of arrivals, calls and absences."""
    rng = random.Random(7)
    centre = TestCentre(clock=HandClock(datetime(2025, 1, 1, 0, 30, tzinfo=UTC)))
    services = list(centre.hall.catalogue.services)
    for number in range(366):
        if centre.hall.floor.day.isoweekday() < 6:
            centre.press("open", 1 + number % 5, AN)
            for _ in range(rng.randint(2, 5)):
                centre.clock.on(seconds=rng.expovariate(1 / 1500))
                centre.take(rng.choice(services), rng.choice(("ordinary", "priority")))
            counter = 1 + number % 5
            for _ in range(rng.randint(0, 4)):
                try:
                    centre.press("call-next", counter)
                except Refusal:  # nobody for this counter
                    break
                centre.clock.on(seconds=rng.expovariate(1 / 60))
                if rng.random() < 0.1:
                    centre.press("no-show", counter)
                    continue
                centre.press("start", counter)
                centre.clock.on(seconds=rng.expovariate(1 / 600))
                centre.press("finish", counter)
        at = datetime(2025, 1, 1, 0, 30, tzinfo=UTC) + timedelta(days=number + 1)
        centre.clock.on(seconds=(at - centre.clock.wall()).total_seconds())
        centre.hall.refresh()
        if number % 50 == 0:
            rollups.refresh(centre.store)
    rollups.refresh(centre.store)
    assert centre.store.rollup("2025") and centre.store.rollup("2025-12")
    for span in ((), ("2025-01-15", "2025-02-14"), ("2025-01-15", "2025-12-14"), ("2025-06-30", "2026-01-01")):
        check(centre, *span)
        same_without(centre, *span)
    assert verify(centre.store).clean


def test_given_another_time_zone_then_the_rollups_made_before_are_dropped_and_made_again():
    centre = TestCentre()
    centre.press("open", 2)
    centre.take()
    centre.clock.on(days=1)
    centre.hall.refresh()
    assert rollups.refresh(centre.store) == 1
    day = centre.store.closed_days()[0].isoformat()
    before, revision = centre.store.rollup(day), centre.hall.closed_day_revision

    def move(act):
        template = act.catalogue.template
        return import_template(act, replace(template, hall=replace(template.hall, timezone="Asia/Tokyo")))

    centre.hall.run_as_system(move, "user:9")
    assert verify(centre.store).faults == [] and not centre.store.rollup(day)
    assert centre.hall.closed_day_revision > revision
    assert rollups.refresh(centre.store) == 1 and centre.store.rollup(day) != before
    assert verify(centre.store).faults == []


def test_given_rollups_are_made_again_then_other_programs_write_between_any_two_of_them(tmp_path, monkeypatch):
    centre = lived(5, 3, tmp_path / "hall.db")
    other = TestCentre(tmp_path / "hall.db", centre.clock)
    rollups.refresh(centre.store)
    events, served = centre.store.events, []

    def read_on(*given):
        served.append(other.take()["number"])  # it would be refused if the file was held meanwhile
        return events(*given) if len(served) < 20 else []

    monkeypatch.setattr(centre.store, "events", read_on)
    monkeypatch.setattr(rollups, "BATCH", 200)
    rollups.rebuild(centre.store)
    assert len(served) > 2
    monkeypatch.undo()
    assert verify(centre.store).clean


def test_given_a_pc_off_until_the_morning_then_counters_left_open_count_until_the_last_activity():
    centre = TestCentre(None, clock=HandClock(datetime(2026, 1, 30, 1, tzinfo=UTC)))
    for counter, clerk in ((2, AN), (3, BINH)):
        centre.press("open", counter, clerk)
    centre.clock.on(minutes=20)
    centre.press("pause", 3, BINH, reason="meeting")
    centre.press("open", 4, "user:4")
    centre.take(min(centre.hall.catalogue.counters[4].services))
    centre.press("call-next", 4)
    centre.press("start", 4)
    centre.clock.on(minutes=30)
    centre.take()
    day = centre.hall.floor.day
    centre.clock.on(hours=20)
    centre.hall.refresh()
    assert centre.hall.floor.day > day
    opened, reopened = (event.seq for event in centre.events(ev.DAY_OPENED))
    recorded = read_day(centre.store.events(opened - 1, reopened - opened))
    paused, left = (change.at for change in recorded.staffing if not change.services)
    assert paused < left == centre.events(ev.TICKET_ISSUED)[-1].at
    right = {
        2: CounterTime(idle_s=3000, left_open=1),
        3: CounterTime(idle_s=1200, paused_s=Count(meeting=1800), left_open=1),
        4: CounterTime(serving_s=1800),
    }
    assert overview(centre.store, day, day, ZONE).counters == right
    assert rollups.refresh(centre.store)
    assert overview(centre.store, day, day, ZONE).counters == right
    assert verify(centre.store).clean
