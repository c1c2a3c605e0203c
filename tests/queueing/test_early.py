"""Stops in the first minute of a service, in logs written by hand."""

from datetime import UTC, date, datetime, timedelta

from queueing.early import Stop, early_stops
from queueing.events import Event

NINE = datetime(2026, 1, 5, 2, tzinfo=UTC)
DAY = date(2026, 1, 5)


def log(*steps):
    """(seconds after nine, kind, counter, more data)."""
    opened = Event(1, NINE, "day.opened", None, None, None, {"day": DAY.isoformat(), "serving": []}, "")
    return [opened] + [
        Event(seq, NINE + timedelta(seconds=at), kind, 1, counter, "A", {"by": "user:1", **dict(*more)}, "")
        for seq, (at, kind, counter, *more) in enumerate(steps, start=2)
    ]


def test_given_a_hold_or_a_pause_in_the_first_minute_then_it_is_listed_and_a_later_one_is_not():
    events = log(
        (0, "ticket.started", 2),
        (59.9, "ticket.held", 2),
        (100, "ticket.started", 2),
        (160, "ticket.held", 2),
        (200, "ticket.started", 2),
        (201, "counter.paused", 2),
        (300, "ticket.finished", 2),
        (301, "counter.paused", 2),
        (0, "ticket.started", 3),
        (1, "ticket.held", 3),
    )
    assert early_stops(events) == {
        Stop(DAY, 2, "user:1", "hold"): 1,
        Stop(DAY, 2, "user:1", "pause"): 1,
        Stop(DAY, 3, "user:1", "hold"): 1,
    }


def test_given_a_hold_that_was_undone_then_it_did_not_happen():
    events = log((0, "ticket.started", 2), (5, "ticket.held", 2), (8, "ticket.undone", 2, {"undoes": 3}))
    assert early_stops(events) == {}
