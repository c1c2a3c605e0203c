"""The judge, before whom hand-made logs are read: each wrong call is named."""

from datetime import UTC, datetime, timedelta

import pytest

from queueing.events import Event
from queueing.judge import Judge

NINE = datetime(2026, 1, 5, 2, tzinfo=UTC)
H20, H60 = 1200, 3600


class Log:
    """Events by hand; what the judge names is collected."""

    def __init__(self, cap=5):
        self.judge = Judge()
        self.seq = 0
        self.breaches = []
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

    def call(self, ref, reason="ORDER", passes=0, services=("A",)):
        data = {"reason": reason, "passes": passes, "services": list(services)}
        return self.hear("ticket.called", data, 60, ref=ref, counter=1, service="A")


def test_given_right_calls_then_the_judge_is_silent():
    log = Log(cap=1).come(1, 0).come(2, 1, H20).come(3, 2, H20).come(4, 3)
    log.call(2, "HEADSTART", 1).call(1, "CAP").call(3).gone(4)
    assert log.breaches == []


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
    ("reason", "passes"), [("ORDER", 1), ("CAP", 1), ("HEADSTART", 0), ("HEADSTART", 2), ("MANUAL", 1)]
)
def test_given_the_right_call_with_a_wrong_reason_then_the_reason_is_named(reason, passes):
    log = Log().come(1, 0).come(2, 1, H20).call(2, reason, passes)
    assert log.breaches == [("reason", 2, 2)]


def test_given_those_at_other_services_then_nobody_passed_them():
    log = Log().come(1, 0, service="B").come(2, 1).call(2)
    assert log.breaches == []


def test_given_a_lower_cap_in_the_middle_then_those_passed_before_are_no_breach_but_more_would_be():
    log = Log(cap=5).come(1, 0).come(2, 1, H20).come(3, 2, H20).come(4, 3, H20)
    log.call(2, "HEADSTART", 1).call(3, "HEADSTART", 1)
    log.hear("policy.changed", {"cap": 1})
    assert log.breaches == []
    assert ("G3", 4, 1) in log.call(4, "HEADSTART", 1).breaches
