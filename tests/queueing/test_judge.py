"""The judge reads logs written by hand, and names each wrong call."""

from datetime import UTC, datetime, timedelta

import pytest

from queueing.events import Event
from queueing.judge import Judge

NINE = datetime(2026, 1, 5, 2, tzinfo=UTC)
H20, H60 = 1200, 3600


class Log:
    """A log written by hand; it collects what the judge names."""

    def __init__(self, cap=5):
        self.judge = Judge()
        self.seq = 0
        self.breaches = []
        serving = [{"counter": 1, "paused": False}]
        self.judge.hear(Event(0, NINE, "day.opened", None, None, None, {"serving": serving}, ""))
        self.hear("policy.changed", {"cap": cap})

    def hear(self, kind, data, minutes=0, **where):
        self.seq += 1
        event = Event(self.seq, NINE + timedelta(minutes=minutes), kind, where.get("ref"), where.get("counter"),
                      where.get("service"), data, "")  # fmt: skip
        self.breaches += [(b.guarantee, b.ref, b.other) for b in self.judge.hear(event)]
        return self

    def come(self, ref, minutes, head_start_s=0, service="A"):
        return self.hear("ticket.issued", {"head_start_s": head_start_s}, minutes, ref=ref, service=service)

    def gone(self, ref, kind="ticket.cancelled"):
        return self.hear(kind, {}, ref=ref)

    def grant(self, ref, head_start_s):
        return self.hear("ticket.priority_changed", {"head_start_s": head_start_s}, ref=ref)

    def call(self, ref, reason="ORDER", passes=0, services=("A",), counter=1, **more):
        data = {"reason": reason, "passes": passes, "services": list(services), **more}
        return self.hear("ticket.called", data, 60, ref=ref, counter=counter, service="A")

    def open(self, *counters):
        for counter in counters:
            self.hear("counter.opened", {}, counter=counter)
        return self

    def close(self, counter, kind="counter.closed"):
        return self.hear(kind, {}, counter=counter)

    def back(self, ref, kept_for=None, after="held"):
        return self.hear("ticket.returned", {"kept_for": kept_for, "after": after}, 60, ref=ref, service="A")

    def send_on(self, ref, service="A", counter=None, first=False):
        data = {"to_service": service, "to_counter": counter, "first": first}
        return self.hear("ticket.transferred", data, 60, ref=ref, counter=1, service="A")

    def undo(self, ref, undoes):
        return self.hear("ticket.undone", {"undoes": undoes}, 60, ref=ref, counter=1, service="A")


def test_given_right_calls_then_the_judge_is_silent():
    log = Log(cap=1).come(1, 0).come(2, 1, H20).come(3, 2, H20).come(4, 3)
    log.call(2, "HEADSTART", 1).call(1, "CAP").call(3).gone(4)
    assert log.breaches == []


@pytest.mark.parametrize("kind", ["counter.closed", "counter.paused"])
def test_given_a_call_at_a_counter_that_is_not_open_then_it_is_named(kind):
    assert Log().come(1, 0).close(1, kind).call(1).breaches == [("closed", 1, 1)]
    assert Log().come(1, 0).close(1, kind).open(1).call(1).breaches == []


def test_given_a_later_one_of_the_same_class_called_first_then_g1_is_named():
    assert ("G1", 2, 1) in Log().come(1, 0).come(2, 1).call(2, passes=1).breaches


def test_given_a_head_start_that_was_not_long_enough_then_g2_is_named():
    log = Log().come(1, 0).come(2, 21, H20).call(2, "HEADSTART", 1)
    assert ("G2", 2, 1) in log.breaches
    assert "G1" not in {name for name, _, _ in log.breaches}


def test_given_one_passed_more_than_the_cap_then_g3_is_named():
    log = Log(cap=1).come(1, 0).come(2, 1, H20).come(3, 2, H20)
    assert log.call(2, "HEADSTART", 1).breaches == []
    assert ("G3", 3, 1) in log.call(3, "HEADSTART", 1).breaches


def test_given_priority_granted_then_the_judge_goes_by_the_new_head_start():
    assert Log().come(1, 0).come(2, 5).grant(2, H20).call(2, "HEADSTART", 1).breaches == []
    assert Log().come(1, 0).come(2, 5).grant(2, H20).call(1).breaches == [("order", 1, 2)]
    assert ("G1", 2, 1) in Log().come(1, 0).come(2, 5, H20).grant(2, 0).call(2, "HEADSTART", 1).breaches


@pytest.mark.parametrize("end", ("ticket.cancelled", "ticket.expired"))
def test_given_a_call_of_one_who_had_left_then_g5_is_named(end):
    assert Log().come(1, 0).gone(1, end).call(1).breaches == [("G5", 1, 1)]


def test_given_a_second_first_call_then_g5_is_named():
    assert Log().come(1, 0).call(1).call(1).breaches == [("G5", 1, 1)]


def test_given_a_call_by_a_counter_that_does_not_serve_them_then_g5_is_named():
    assert Log().come(1, 0).call(1, services=("B",)).breaches == [("G5", 1, 1)]


def test_given_an_elder_left_standing_then_the_order_is_named():
    log = Log().come(1, 0).come(2, 1, H20).call(1)
    assert log.breaches == [("order", 1, 2)]


def test_given_the_cap_claimed_where_it_changes_nothing_then_the_reason_is_named():
    log = Log(cap=1).come(1, 0).come(2, 1, H20).call(2, "HEADSTART", 1).call(1, "CAP")
    assert log.breaches == [("reason", 1, 1)]


@pytest.mark.parametrize(
    ("reason", "passes"), [("ORDER", 1), ("CAP", 1), ("HEADSTART", 0), ("HEADSTART", 2), ("RETURN", 1)]
)
def test_given_the_right_call_with_a_wrong_reason_then_the_reason_is_named(reason, passes):
    log = Log().come(1, 0).come(2, 1, H20).call(2, reason, passes)
    assert log.breaches == [("reason", 2, 2)]


def test_given_an_appointment_then_its_call_says_so_and_counts_for_those_it_passes():
    def due(log, ref, minutes):
        data = {"head_start_s": H20, "appointment": ref, "due_at": "2026-01-05T02:10:00.000000Z"}
        return log.hear("ticket.issued", data, minutes, ref=ref, service="A")

    log = due(due(Log(cap=1).come(1, 0), 2, 1), 3, 2)
    assert log.call(2, "APPOINTMENT", 1).call(1, "CAP").call(3).breaches == []
    for wrong in ("HEADSTART", "ORDER"):
        assert due(Log().come(1, 0), 2, 1).call(2, wrong, 1).breaches == [("reason", 2, 2)]
    assert ("G3", 3, 1) in due(due(Log(cap=1).come(1, 0), 2, 1), 3, 2).call(2, "APPOINTMENT", 1).call(
        3, "APPOINTMENT", 1
    ).breaches


def test_given_those_at_other_services_then_nobody_passed_them():
    log = Log().come(1, 0, service="B").come(2, 1).call(2)
    assert log.breaches == []


def test_given_a_lower_cap_in_the_middle_then_those_passed_before_are_no_breach_but_more_would_be():
    log = Log(cap=5).come(1, 0).come(2, 1, H20).come(3, 2, H20).come(4, 3, H20)
    log.call(2, "HEADSTART", 1).call(3, "HEADSTART", 1)
    log.hear("policy.changed", {"cap": 1})
    assert log.breaches == []
    assert ("G3", 4, 1) in log.call(4, "HEADSTART", 1).breaches


# -- those who come back ---------------------------------------------------------------------------


def test_given_one_who_was_held_then_the_counter_calls_them_before_the_line_and_passes_nobody_by_the_rule():
    log = Log(cap=0).open(1, 2).come(1, 0).come(2, 1).come(3, 2).call(1).call(2, counter=2).back(2, kept_for=2)
    log.come(4, 3).call(3).call(2, "RETURN", counter=2)
    assert log.breaches == []


def test_given_one_kept_for_this_counter_then_calling_another_before_them_is_named():
    log = Log().open(1).come(1, 0).come(2, 1).call(1).back(1, kept_for=1).call(2)
    assert ("order", 2, 1) in log.breaches


def test_given_one_kept_for_another_counter_then_this_one_may_not_call_them():
    log = Log().open(1, 2).come(1, 0).call(1).back(1, kept_for=1).call(1, "RETURN", counter=2)
    assert log.breaches == [("G5", 1, 1)]


@pytest.mark.parametrize("end", ("counter.paused", "counter.closed"))
def test_given_the_counter_pauses_then_those_kept_have_a_place_in_the_queue(end):
    log = Log().open(1, 2).come(1, 0).come(2, 1).call(1).back(1, kept_for=1).hear(end, {}, counter=1)
    assert log.call(1, counter=2).breaches == []


def test_given_a_no_show_then_the_next_call_takes_another_and_the_one_after_may_not():
    log = Log().come(1, 0).come(2, 1).come(3, 2).call(1).back(1, after="no_show")
    assert log.call(2).call(1).call(3).breaches == []
    log = Log().come(1, 0).come(2, 1).call(1).back(1, after="no_show")
    assert ("later", 1, 2) in log.call(1).breaches
    assert Log().come(1, 0).call(1).back(1, after="no_show").call(1).breaches == []  # nobody else waits


def test_given_one_transferred_then_their_arrival_counts_and_no_call_from_before_passed_them():
    log = Log(cap=1).come(1, 0).come(2, 1, service="B").come(3, 2, H20, service="B").call(1)
    log.call(3, "HEADSTART", 1, ("B",)).send_on(1, "B").come(4, 3, H20, service="B")
    # 2 has been passed once and may not be again; 1, who came first, has not been passed at all.
    assert log.call(1, "CAP", 0, ("B",)).breaches == []
    assert ("G3", 4, 2) in log.call(4, "HEADSTART", 1, ("B",)).breaches


def test_given_one_transferred_to_be_first_then_the_call_says_so():
    log = Log().come(1, 0).come(2, 1).call(2, "MANUAL", 1, why="unwell").send_on(2, "B", first=True)
    log.come(3, 2, service="B")
    assert log.call(2, "TRANSFER", 0, ("B",)).breaches == []
    assert ("reason", 3, 3) in log.call(3, "TRANSFER", 0, ("B",)).breaches


def test_given_a_number_called_by_hand_then_it_needs_a_reason_and_counts_as_passing_nobody():
    log = Log(cap=1).come(1, 0).come(2, 1).come(3, 2, H20).call(2, "MANUAL", 1, why="unwell")
    assert log.call(3, "HEADSTART", 1).breaches == []
    assert Log().come(1, 0).call(1, "MANUAL").breaches == [("G8", 1, 1)]


def test_given_a_call_that_was_undone_then_nobody_was_passed():
    log = Log(cap=1).open(1).come(1, 0).come(2, 1, H20).come(3, 2, H20)
    log.call(2, "HEADSTART", 1)
    log.undo(2, log.seq)
    assert log.call(2, "HEADSTART", 1).call(1, "CAP").call(3).breaches == []


@pytest.mark.parametrize(("kept_for", "after"), [(2, "held"), (None, "held"), (1, "no_show")])
def test_given_one_who_is_back_then_only_the_counter_that_held_them_may_keep_them(kept_for, after):
    log = Log().open(1, 2).come(1, 0).call(1).back(1, kept_for=kept_for, after=after)
    assert log.breaches == [("G8", 1, 1)]


def test_given_one_who_is_back_when_their_counter_is_paused_then_nobody_keeps_them():
    log = Log().open(1).come(1, 0).call(1).hear("counter.paused", {}, counter=1)
    assert log.back(1, kept_for=1).breaches == [("G8", 1, 1)]
