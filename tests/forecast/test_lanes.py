"""The lanes make the calls of the rule: on random halls, with caps, head starts, holds, transfers and appointments."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.lanes import Lanes, LaneSet
from forecast.state import WaitingTicket, waiting_ticket, waiting_tickets
from queueing.dispatch import BY_RULE, Place, Reason, WaitingQueue, choose_next
from tests.queueing.test_dispatch import HEAD_STARTS, NINE, ORDINARY, PRIORITY, SERVICES, URGENT, line

MIDNIGHT = NINE - timedelta(hours=9)

arrivals = st.lists(
    st.tuples(st.sampled_from(SERVICES), st.sampled_from(HEAD_STARTS), st.sampled_from((0, 1, 60, 300, 1500))),
    max_size=20,
)
again = st.lists(
    st.tuples(
        st.integers(0, 24),
        st.sampled_from(["back", "kept", "transferred", "sits_out", "called", "later", "class"]),
        st.integers(1, 3),
    ),
    max_size=6,
)
open_counters = st.dictionaries(
    st.integers(1, 3), st.lists(st.sampled_from(SERVICES), min_size=1, max_size=4, unique=True), min_size=1
)
moves = st.sampled_from(["call", "call", "call", "join", "release"])
steps = st.lists(st.tuples(moves, st.integers(0, 99)), max_size=60)


def queue_of(people, returns, counters, cap):
    """A queue in which people have come, and some of them have been called, sent away, and come back."""
    waiting, at = WaitingQueue(), NINE
    for ref, (service, head_start, gap_s) in enumerate(people, start=1):
        at += timedelta(seconds=gap_s)
        waiting.join(Place(ref, service, ref, at, head_start))
    for n, how, counter in returns:
        if n + 1 not in waiting:
            continue
        if how == "called" and counter in counters:
            choice = choose_next(waiting, counters[counter], cap, counter)
            if choice is not None:
                waiting.call(choice.ref, counters[counter], counter, counts=choice.reason in BY_RULE)
        elif how == "later":
            waiting.defer(n + 1, waiting.place(n + 1).arrived_at + timedelta(minutes=5 * counter))
        elif how == "class":
            waiting.reclass(n + 1, HEAD_STARTS[counter + 2])
        else:
            place = waiting.place(n + 1)._replace(passed=waiting.passed(n + 1))
            waiting.leave(n + 1)
            more = {
                "kept": {"counter": counter, "jump_reason": Reason.RETURN},
                "transferred": {"counter": counter},
                "sits_out": {"sits_out_next_call": True},
            }
            waiting.rejoin(place._replace(**more.get(how, {})))
    return waiting, at


@settings(max_examples=400)
@given(arrivals, again, arrivals, open_counters, st.sampled_from((0, 1, 2, 5)), steps)
def test_given_any_hall_then_the_lanes_make_the_calls_of_the_rule(people, returns, later, counters, cap, history):
    waiting, at = queue_of(people, returns, counters, cap)
    tickets = list(waiting_tickets(waiting, MIDNIGHT))
    lane_set = LaneSet(tickets, counters, cap, [(service, h.total_seconds()) for service, h, _ in later])
    lanes, numbers, joined = Lanes(lane_set), sorted(counters), 0
    for what, which in [*history, *[("call", n) for n in range(3 * (len(people) + len(later)))]]:
        counter = numbers[which % len(numbers)]
        if what == "release":
            waiting.release(counter)
            lanes.release(counter)
        elif what == "join" and joined < len(later):
            service, head_start, gap_s = later[joined]
            joined += 1
            at += timedelta(seconds=gap_s)
            ref = 1000 + joined
            waiting.join(Place(ref, service, ref, at, head_start))
            ticket = WaitingTicket(ref, service, ref, (at - MIDNIGHT).total_seconds(), head_start.total_seconds())
            tickets.append(ticket)
            lanes.join(len(tickets) - 1, *lane_set.position(ticket, joined), ticket)
        elif what == "call":
            choice = choose_next(waiting, counters[counter], cap, counter)
            index = lanes.call(counter)
            assert (None if choice is None else choice.ref) == (None if index < 0 else tickets[index].ref)
            if choice is not None:
                waiting.call(choice.ref, counters[counter], counter, counts=choice.reason in BY_RULE)


def test_given_lanes_then_other_simulations_of_the_same_moment_are_not_disturbed():
    tickets = [WaitingTicket(n, "A", n, 60.0 * n, 1200.0 * (n % 3 == 0)) for n in range(9)]
    lane_set = LaneSet(tickets, {1: ["A"]}, 2)
    first = [Lanes(lane_set).call(1) for _ in range(3)]
    lanes = Lanes(lane_set)
    called = [lanes.call(1) for _ in range(10)]
    assert first == [0, 0, 0] and sorted(called[:9]) == list(range(9)) and called[9] == -1
    assert Lanes(lane_set).call(1) == 0


def called(waiting, cap, joining=()):
    """Call at one counter until nobody is left, by the lanes and by the rule; those who join come after two calls."""
    tickets = list(waiting_tickets(waiting, MIDNIGHT))
    lane_set = LaneSet(tickets, {1: ["A"]}, cap, [("A", place.head_start.total_seconds()) for place in joining])
    lanes, by_lanes, by_rule = Lanes(lane_set), [], []
    for n in range(len(waiting) + len(joining)):
        for nth, place in enumerate(joining if n == 2 else (), start=1):
            waiting.join(place)
            tickets.append(waiting_ticket(place, MIDNIGHT, returned=False))
            lanes.join(len(tickets) - 1, *lane_set.position(tickets[-1], nth), tickets[-1])
        by_lanes.append(tickets[lanes.call(1)].ref)
        choice = choose_next(waiting, ["A"], cap, 1)
        waiting.call(choice.ref, ["A"], 1, counts=choice.reason in BY_RULE)
        by_rule.append(choice.ref)
    return by_lanes, by_rule


def test_given_one_who_waits_again_then_each_pass_is_counted_up_to_the_cap():
    waiting = line(("A", 0, ORDINARY), ("A", 2, PRIORITY), ("A", 3, PRIORITY), ("A", 4, PRIORITY))
    place = waiting.place(1)
    waiting.leave(1)
    waiting.rejoin(place)
    assert called(waiting, 2) == ([2, 3, 1, 4],) * 2


def test_given_one_who_asked_to_be_called_later_then_people_who_come_after_the_call_were_not_passed():
    waiting = line(("A", 0, URGENT), ("A", 1, ORDINARY), ("A", 2, ORDINARY))
    waiting.defer(1, NINE + timedelta(minutes=50))
    later = [
        Place(10, "A", 110, NINE + timedelta(minutes=10), ORDINARY),
        Place(11, "A", 111, NINE + timedelta(minutes=15), PRIORITY),
    ]
    assert called(waiting, 1, later) == ([1, 2, 3, 11, 10],) * 2
