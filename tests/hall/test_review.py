"""The figures equal those that independent code computes from the events alone."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from hall.appointments import book, check_in
from hall.arrivals import take_ticket
from hall.review import GROUPINGS, parse_range
from hall.settings.change import change_hall
from hall.verify import verify
from queueing import events as ev
from queueing.counter_time import counter_times
from queueing.errors import BadRange, Refusal, UnknownGrouping
from queueing.queue_length import queue_length
from tests.clocks import HandClock
from tests.hall.centre import AN, BINH, ZONE, TestCentre
from tests.hall.every_kind import SLOTS
from tests.recompute import counter_times as stranger_times
from tests.recompute import longest_queue, recompute

CLERKS = {1: "user:3", 2: AN, 3: BINH, 4: "user:4", 5: "user:5"}


def lived(seed, days=3, path=None):
    """Some days of a small centre, with everything that happens in one."""
    rng = random.Random(seed)
    centre = TestCentre(path, clock=HandClock(datetime(2026, 1, 30, 1, tzinfo=UTC)))
    for _ in range(days):
        for counter, clerk in CLERKS.items():
            centre.press("open", counter, clerk)
        for _ in range(150):
            centre.clock.on(seconds=rng.choice((0, 0.4, 7, 45, 200, 700)))
            counter = rng.choice(list(CLERKS))
            turn = rng.random()
            try:
                if turn < 0.4:
                    centre.take(rng.choice(list(centre.hall.catalogue.services)), rng.choice(("ordinary", "priority")))
                elif turn < 0.45:
                    centre.cancel(rng.choice(centre.store.refs() or [1]))
                else:
                    button = rng.choice(
                        ("call-next", "call-next", "start", "start", "call-again", "finish", "no-show", "rest")
                    )
                    if button == "rest":
                        pause(centre, rng, counter)
                    else:
                        centre.press(button, counter, CLERKS[counter])
            except Refusal:
                pass
        centre.clock.on(hours=24)
        centre.hall.refresh()
    return centre


def pause(centre, rng, counter):
    """A counter pauses, goes on, or closes and opens again."""
    button = rng.choice(("pause", "resume", "close", "open"))
    how = {"reason": rng.choice(("lunch", "meeting", None))} if button == "pause" else {}
    centre.press(button, counter, CLERKS[counter], **how)


@pytest.mark.parametrize("seed", range(4))
def test_given_some_days_then_every_figure_is_the_strangers(seed):
    centre = lived(seed)
    right = recompute(centre.log(), targets=centre.targets())
    for by in GROUPINGS:
        total, rows = centre.statistics(by)
        assert total == right["total"]
        assert rows == right[by]
    assert right["total"]["served"] > 5 and right["total"]["no_shows"] and right["total"]["expired"]
    assert len(right["day"]) >= 3 and len(right["month"]) == 2


def test_given_a_range_of_days_then_both_ends_are_included():
    centre = lived(1)
    for first, last in (("2026-01-30", "2026-01-30"), ("2026-01-31", "2026-02-01"), ("2026-03-01", "2026-03-02")):
        total, rows = centre.statistics("service", *parse_range(first, last))
        right = recompute(centre.log(), first, last, targets=centre.targets())
        assert (total, rows) == (right["total"], right["service"])


@pytest.mark.parametrize("seed", range(4))
def test_given_some_days_then_the_counters_time_and_the_longest_queue_are_the_strangers(seed):
    centre = lived(seed)
    log, busy = centre.log(), 0
    days = [event.data["day"] for event in centre.events(ev.DAY_OPENED)]
    for day in days:
        opened_at = [event.seq for event in centre.events(ev.DAY_OPENED) if event.data["day"] == day][0]
        ended = [event.seq for event in centre.events(ev.DAY_CLOSED) if event.data["day"] == day]
        made = counter_times(centre.store.events(opened_at - 1, (ended[0] if ended else centre.seq()) - opened_at + 1))
        times = {
            counter: {
                "serving_s": time.serving_s,
                "calling_s": time.calling_s,
                "idle_s": time.idle_s,
                "paused_s": dict(time.paused_s),
                "left_open": time.left_open,
            }
            for counter, time in made.items()
        }
        assert times == stranger_times(log, day)
        busy += sum(time.serving_s for time in made.values())
        this = date.fromisoformat(day)
        queue = queue_length(centre.store.tickets(this, this), this, ZONE)
        assert (queue.most, None if queue.at is None else ev.instant(queue.at)) == longest_queue(log, day)
        assert max((slot.most for slot in queue.slots.values()), default=0) == queue.most
    assert busy > 0


def test_given_the_present_day_then_the_live_figures_are_those_of_the_log(opened):
    for _ in range(6):
        opened.take()
        opened.clock.on(minutes=4)
    opened.serve(2), opened.serve(2)
    opened.press("call-next", 2)
    opened.press("no-show", 2)
    opened.cancel(6)
    right = recompute(opened.log(), targets=opened.targets())["total"]
    seen = opened.seen()
    assert seen["watch"]["today"] == right
    assert seen["board"]["today"] == {
        "served": right["served"],
        "waiting": 2,
        "mean_wait_s": right["wait"]["mean_s"],
        "target_s": 900,
    }
    assert seen["consoles"][1]["today"] == {"served": 2, "median_service_s": right["service"]["median_s"]}


def test_given_an_hour_then_it_is_that_of_arrival_in_viet_nam(opened):
    opened.take()
    assert set(opened.statistics("hour")[1]) == {"07"}


def test_given_a_grouping_nobody_knows_then_it_is_refused(centre):
    with pytest.raises(UnknownGrouping):
        centre.statistics("moon")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-01-02", "2026-01-01"),
        ("", ""),
        ("2026-13-01", "2026-13-02"),
        ("20260101", "20260102"),
        ("2026-W01-1", "2026-W01-2"),
        ("2026-01-01", "tomorrow"),
    ],
)
def test_given_days_that_are_none_then_the_range_is_refused(first, last):
    with pytest.raises(BadRange):
        parse_range(first, last)


def test_given_two_days_then_the_range_is_read():
    assert parse_range("2026-01-01", "2026-01-01") == (date(2026, 1, 1), date(2026, 1, 1))


def test_given_a_class_changed_while_waiting_then_the_one_it_was_called_with_counts(opened):
    granted, withdrawn, at_issue = opened.take()["ref"], opened.take(priority_class="priority")["ref"], opened.take()
    opened.grant(granted, "priority")
    opened.grant(withdrawn, "ordinary")
    total, by_class = opened.statistics("class")
    assert total["priority"] == by_class["priority"]["issued"] == 1 and at_issue["ref"] != granted
    assert by_class == recompute(opened.log())["class"]


def test_given_tickets_of_every_channel_then_each_is_counted_by_its_own():
    centre = TestCentre(clock=HandClock(datetime(2026, 1, 30, 1, tzinfo=UTC)))
    centre.hall.run_as_system(lambda act: change_hall(act, SLOTS), "user:9")
    for by, channel in (("device:1", "kiosk"), ("user:7", "greeter"), ("user:3", None), ("token:2", "kiosk")):
        centre.hall.run_as_system(
            lambda act, channel=channel: take_ticket(act, "CHUNG_THUC", "ordinary", "vi", channel=channel), by
        )
    due_at = datetime(2026, 1, 30, 8, 30, tzinfo=ZONE)
    booked = centre.hall.run_as_system(lambda act: book(act, "TRA_KQ", due_at), "user:9")
    centre.clock.on(minutes=25)
    centre.hall.run_as_system(lambda act: check_in(act, booked.code, "vi"), "device:1")
    _, rows = centre.statistics("channel")
    assert {key: row["issued"] for key, row in rows.items()} == {
        "kiosk": 2,
        "greeter": 1,
        "staff": 1,
        "appointment": 1,
    }
    assert rows == recompute(centre.log(), targets=centre.targets())["channel"]
    assert [e["data"].get("channel") for e in centre.log() if e["kind"] == "ticket.issued"] == [
        None,
        "greeter",
        None,
        "kiosk",
        None,
    ]
    assert verify(centre.store).clean


@pytest.mark.parametrize(
    ("minutes", "shift"), [(0, "morning"), (239, "morning"), (240, "afternoon"), (599, "afternoon"), (600, "evening")]
)
def test_given_an_hour_of_issue_then_it_belongs_to_one_shift(minutes, shift):
    centre = TestCentre(clock=HandClock(datetime(2026, 1, 30, 1, tzinfo=UTC) + timedelta(minutes=minutes)))
    centre.take()
    assert set(centre.statistics("shift")[1]) == {shift}
