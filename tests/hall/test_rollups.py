"""Rollups: exact to the last digit, dropped when their day changes, proved from the log."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import store.database
from hall import rollups
from hall.review import GROUPINGS, Cover, overview, parse_range, statistics, targets_of
from hall.verify import verify
from queueing import events as ev
from queueing.errors import Refusal
from queueing.period import DAY, HALF, MONTH, YEAR
from store.schema import MIGRATIONS, half_months_in_rollups
from tests.clocks import HandClock
from tests.hall.centre import AN, ZONE, TestCentre
from tests.hall.test_review import lived
from tests.recompute import counter_times, longest_queue, recompute


def figures(small, first="2000-01-01", last="2999-01-01"):
    """Everything the statistics say of a range."""
    days = parse_range(first, last)
    targets = targets_of(small.hall.catalogue)
    return [statistics(small.store, *days, by, ZONE, targets) for by in GROUPINGS] + [
        overview(small.store, *days, ZONE)
    ]


def check(small, first="2000-01-01", last="2999-01-01"):
    """Statistics and the stranger agree, whatever was rolled up."""
    right = recompute(small.log(), first, last, targets=small.targets())
    for by in GROUPINGS:
        assert small.statistics(by, *parse_range(first, last)) == (right["total"], right[by])


def same_without(small, first="2000-01-01", last="2999-01-01"):
    """The figures, which the rows alone tell too."""
    told = figures(small, first, last)
    kept = [tuple(row) for row in small.db.rows("SELECT part, period, data FROM rollup")]
    small.store.drop_rollups()
    assert figures(small, first, last) == told
    for part, period, data in kept:
        small.store.save_rollup(period, {part: data})
    return told


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 4), st.data())
def test_given_any_history_then_rollups_rows_and_the_stranger_agree(seed, days, data):
    small = lived(seed, days)
    closed = small.store.closed_days()
    some = data.draw(st.sets(st.sampled_from(closed)) if closed else st.just(set()))
    rollups.refresh(small.store)
    for day in some:  # as if those had changed
        small.store.drop_rollups(day)
    first = data.draw(st.integers(-1, 4))
    last = data.draw(st.integers(first, 5))
    ends = [(date(2026, 1, 30) + timedelta(days=n)).isoformat() for n in (first, last)]
    for span in ((), ends):
        check(small, *span)
        same_without(small, *span)
    assert verify(small.store).clean


def test_given_some_days_then_the_overview_is_the_strangers():
    small = lived(3)
    rollups.refresh(small.store)
    log = small.log()
    days = [event.data["day"] for event in small.events(ev.DAY_OPENED)]
    seen = overview(small.store, *parse_range(days[0], days[-1]), ZONE)
    told, queues = {}, []
    for day in days:
        for counter, time in counter_times(log, day).items():
            nothing = {"serving_s": 0, "calling_s": 0, "idle_s": 0, "paused_s": {}, "left_open": 0}
            mine = told.setdefault(counter, nothing)
            for name in ("serving_s", "calling_s", "idle_s", "left_open"):
                mine[name] += time[name]
            for reason, seconds in time["paused_s"].items():
                mine["paused_s"][reason] = mine["paused_s"].get(reason, 0) + seconds
        queues.append(longest_queue(log, day))
    assert told == {
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
    right = recompute(log)
    assert sum(cell.issued for cell in seen.heat.values()) == right["total"]["issued"]
    assert sum(seen.waits) == right["total"]["wait"]["n"]
    assert seen.waits[0] + seen.waits[1] + seen.waits[2] <= right["total"]["within"]["15"]["met"]


def test_given_a_service_that_ends_after_midnight_then_its_day_is_rolled_up_again():
    small = TestCentre(clock=HandClock(datetime(2026, 1, 31, 1, tzinfo=UTC)))
    small.press("open", 2, AN)
    small.take()
    small.press("call-next", 2)
    small.press("start", 2)
    small.clock.on(hours=24)
    small.hall.refresh()
    rollups.refresh(small.store)
    assert small.store.rollup("2026-01-31")
    check(small)
    assert verify(small.store).clean

    small.press("finish", 2)
    own = ("2026-01-31", "2026-01-15/31", "2026-01")
    assert not any(small.store.rollup(period) for period in own)
    check(small)
    rollups.refresh(small.store)
    assert all(small.store.rollup(period) for period in own)
    check(small)
    assert same_without(small)[0].total.served == 1
    assert verify(small.store).clean


def test_given_a_day_that_changes_meanwhile_then_no_stale_rollup_is_kept(monkeypatch):
    small = TestCentre(clock=HandClock(datetime(2026, 1, 31, 1, tzinfo=UTC)))
    small.press("open", 2, AN)
    small.take()
    small.press("call-next", 2)
    small.press("start", 2)
    small.clock.on(hours=24)
    small.hall.refresh()
    make = rollups._day

    def slow(*how):
        packed = make(*how)
        small.db.library.conn.execute("COMMIT")  # the reader's snapshot ends; a clerk is quicker
        small.press("finish", 2)
        return packed

    monkeypatch.setattr(rollups, "_day", slow)
    rollups.refresh(small.store)
    assert not small.store.rollup("2026-01-31")


def test_given_the_log_then_one_command_makes_the_same_rollups_again():
    small = lived(2, 3)
    rollups.refresh(small.store)
    before = {period: small.store.rollup(period) for period in small.store.rollups(date.min, date.max)}
    assert {len(period) for period in before} == {MONTH, DAY, HALF}
    small.store.drop_rollups()
    assert rollups.rebuild(small.store) == len(before)
    assert {period: small.store.rollup(period) for period in before} == before


@pytest.mark.parametrize("period", ["2026-01-30", "2026-01-15/31", "2026-01", "2026-01-01/14"])
def test_given_a_rollup_made_up_then_verify_names_it(period):
    small = lived(2, 3)
    rollups.refresh(small.store)
    other = small.store.rollup("2026-01-31")
    small.store.save_rollup(period, {"service": other["service"], "total": other["total"]})
    faults = verify(small.store).faults
    assert any(f"rollup of {period}" in fault for fault in faults), faults
    small.store.save_rollup(period, {"service": b"nonsense"})
    assert any(f"rollup of {period}" in fault for fault in verify(small.store).faults)


def test_given_days_without_anybody_then_they_have_no_row():
    small = TestCentre(clock=HandClock(datetime(2026, 3, 2, 1, tzinfo=UTC)))
    for _ in range(3):
        small.clock.on(hours=24)
        small.hall.refresh()
    rollups.refresh(small.store)
    check(small)
    assert small.statistics("day")[1] == {}


def some_weeks():
    """The end of a year, a January and a February, and a March that goes on: one or two tickets a day."""
    rng, opening = random.Random(5), datetime(2025, 12, 10, 1, tzinfo=UTC)
    small = TestCentre(clock=HandClock(opening))
    services = list(small.hall.catalogue.services)
    small.press("open", 2, AN, one_only=False)
    for number in range(1, 101):
        for _ in range(rng.randint(1, 2)):
            small.take(rng.choice(services), rng.choice(("ordinary", "priority")))
        small.clock.on(seconds=rng.expovariate(1 / 900))
        try:
            small.press("call-next", 2)
            small.clock.on(seconds=rng.expovariate(1 / 60))
            small.press("start", 2)
            small.clock.on(seconds=rng.expovariate(1 / 600))
            small.press("finish", 2)
        except Refusal:  # nobody for this counter
            pass
        small.clock.on(seconds=(opening + timedelta(days=number) - small.clock.wall()).total_seconds())
        small.hall.refresh()
        small.press("open", 2, AN, one_only=False)
    return small


def test_given_half_months_then_a_range_is_few_pieces_and_says_what_the_stranger_says():
    small = some_weeks()
    rollups.refresh(small.store)
    assert str(small.hall.floor.day) == "2026-03-20"
    kept = set(small.store.rollups(date.min, date.max))
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
        assert Cover(small.store, *parse_range(first, last)).periods == pieces
        check(small, first, last)
        same_without(small, first, last)
    check(small)
    same_without(small)
    assert verify(small.store).clean


def test_given_any_range_with_some_days_changed_then_it_says_what_the_stranger_says():
    small = some_weeks()
    closed = small.store.closed_days()

    @settings(max_examples=25, deadline=None)
    @given(st.sets(st.sampled_from(closed), max_size=3), st.sampled_from(closed), st.integers(0, 99))
    def any_range(changed, first, days):
        rollups.refresh(small.store)
        for day in changed:
            small.store.drop_rollups(day)
        check(small, first.isoformat(), (first + timedelta(days=days)).isoformat())
        assert verify(small.store).clean

    any_range()


def test_given_a_day_of_one_half_month_that_changes_then_the_other_half_stays():
    small = some_weeks()
    rollups.refresh(small.store)
    before = set(small.store.rollups(date.min, date.max))
    small.store.drop_rollups(date(2026, 1, 14))
    gone = {"2026-01-14", "2026-01-01/14", "2026-01"}
    assert before - set(small.store.rollups(date.min, date.max)) == gone
    check(small, "2026-01-10", "2026-02-14")
    assert verify(small.store).clean
    assert rollups.refresh(small.store) == len(gone)
    assert set(small.store.rollups(date.min, date.max)) == before


def test_given_a_hall_rolled_up_before_there_were_half_months_then_its_days_stay_and_the_rest_is_made(
    tmp_path, monkeypatch
):
    before = MIGRATIONS[: MIGRATIONS.index(half_months_in_rollups)]
    monkeypatch.setattr(store.database, "MIGRATIONS", before)
    monkeypatch.setattr(rollups, "SUMS", ((MONTH, DAY), (YEAR, MONTH)))
    old = lived(2, 3, tmp_path / "hall.db")
    rollups.refresh(old.store)
    days = {str(day): old.store.rollup(str(day)) for day in old.store.closed_days()}
    assert all(days.values()) and old.store.rollup("2026-01")
    told = figures(old)
    old.db.close()
    monkeypatch.undo()

    new = TestCentre(tmp_path / "hall.db", old.clock)
    assert {period: new.store.rollup(period) for period in new.store.rollups(date.min, date.max)} == days
    assert figures(new) == told
    assert verify(new.store).clean
    assert rollups.refresh(new.store) == 2
    assert new.store.rollup("2026-01-15/31") and new.store.rollup("2026-01")
    assert figures(new) == told
    assert verify(new.store).clean
    new.db.close()


@pytest.mark.slow
def test_given_a_year_then_every_page_is_the_strangers():
    """A simulated year of a small centre: each working day some hours of arrivals, calls and absences."""
    rng = random.Random(7)
    small = TestCentre(clock=HandClock(datetime(2025, 1, 1, 0, 30, tzinfo=UTC)))
    services = list(small.hall.catalogue.services)
    for number in range(366):
        if small.hall.floor.day.isoweekday() < 6:
            small.press("open", 1 + number % 5, AN)
            for _ in range(rng.randint(2, 5)):
                small.clock.on(seconds=rng.expovariate(1 / 1500))
                small.take(rng.choice(services), rng.choice(("ordinary", "priority")))
            counter = 1 + number % 5
            for _ in range(rng.randint(0, 4)):
                try:
                    small.press("call-next", counter)
                except Refusal:  # nobody for this counter
                    break
                small.clock.on(seconds=rng.expovariate(1 / 60))
                if rng.random() < 0.1:
                    small.press("no-show", counter)
                    continue
                small.press("start", counter)
                small.clock.on(seconds=rng.expovariate(1 / 600))
                small.press("finish", counter)
        at = datetime(2025, 1, 1, 0, 30, tzinfo=UTC) + timedelta(days=number + 1)
        small.clock.on(seconds=(at - small.clock.wall()).total_seconds())
        small.hall.refresh()
        if number % 50 == 0:
            rollups.refresh(small.store)
    rollups.refresh(small.store)
    assert small.store.rollup("2025") and small.store.rollup("2025-12")
    for span in ((), ("2025-01-15", "2025-02-14"), ("2025-01-15", "2025-12-14"), ("2025-06-30", "2026-01-01")):
        check(small, *span)
        same_without(small, *span)
    assert verify(small.store).clean
