"""Who goes before whom: worked examples, then every answer compared with the calls themselves by the plain rule."""

from copy import deepcopy
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queueing import turns
from queueing.dispatch import Place, Reason, WaitingQueue
from queueing.turns import Before, CallsInTurn
from tests.queueing.plain import Person, PlainRule
from tests.queueing.test_dispatch import HEAD_STARTS, NINE, ORDINARY, PRIORITY, SERVICES, line, lines_run

CAP = 5
NEWCOMER = 10_000


def newcomer(ahead, service):
    return ahead.before_newcomer(service, NINE + timedelta(hours=1))


def test_given_counters_that_call_two_letters_then_both_letters_go_before():
    waiting = line(*[("A", n, ORDINARY) for n in range(7)], ("B", 7, ORDINARY), ("B", 8, ORDINARY))
    ahead = CallsInTurn(waiting, {2: ["A", "B"]}, CAP)
    assert ahead.before(waiting.place(9)) == Before(8, 0)
    assert newcomer(ahead, "B") == newcomer(ahead, "A") == 9


def test_given_counters_of_other_letters_then_their_people_do_not_go_before():
    waiting = line(("A", 0, ORDINARY), ("B", 1, ORDINARY), ("A", 2, ORDINARY))
    ahead = CallsInTurn(waiting, {1: ["A"], 2: ["B"]}, CAP)
    assert ahead.before(waiting.place(3)) == Before(1, 0)
    assert (newcomer(ahead, "A"), newcomer(ahead, "B")) == (2, 1)


def test_given_another_counter_that_takes_some_of_them_then_only_the_calls_of_mine_count():
    # Counter 1 calls 1, 3, and me; counter 2 takes 2 and 4.
    waiting = line(*[("A", n, ORDINARY) for n in range(4)], ("B", 4, ORDINARY))
    assert CallsInTurn(waiting, {1: ["A", "B"], 2: ["A"]}, CAP).before(waiting.place(5)) == Before(2, 0)


def test_given_an_elder_who_came_later_then_it_is_said_that_one_goes_before_by_the_rule():
    waiting = line(("A", 0, ORDINARY), ("A", 5, ORDINARY), ("A", 10, PRIORITY))
    ahead = CallsInTurn(waiting, {1: ["A"]}, CAP)
    assert [ahead.before(waiting.place(ref)) for ref in (1, 2, 3)] == [Before(0, 1), Before(1, 1), Before(0, 0)]


def test_given_one_whom_nobody_may_pass_any_more_then_elders_do_not_go_before():
    waiting = line(("A", 0, ORDINARY), ("A", 1, PRIORITY), ("A", 2, PRIORITY))
    assert CallsInTurn(waiting, {1: ["A"]}, cap=1).before(waiting.place(1)) == Before(0, 1)


def test_given_a_ticket_kept_for_a_counter_then_only_what_that_counter_calls_goes_before():
    waiting = line(("A", 0, ORDINARY), ("A", 1, ORDINARY))
    waiting.rejoin(Place(3, "A", 90, NINE, ORDINARY, counter=2, jump_reason=Reason.RETURN))
    ahead = CallsInTurn(waiting, {1: ["A"], 2: ["A"]}, CAP)
    assert ahead.before(waiting.place(3)) == Before(0, 0)
    assert ahead.before(waiting.place(2)) == Before(2, 0)  # counter 1 calls ref 1, counter 2 the ticket that is back


def test_given_one_who_asked_to_be_called_later_then_newcomers_go_first():
    waiting = line(("A", 0, ORDINARY), ("A", 1, ORDINARY), ("A", 2, ORDINARY))
    waiting.defer(1, NINE + timedelta(hours=2))
    ahead = CallsInTurn(waiting, {1: ["A"]}, CAP)
    assert [ahead.before(waiting.place(ref)) for ref in (1, 2, 3)] == [Before(2, 0), Before(0, 0), Before(1, 0)]
    assert newcomer(ahead, "A") == 2
    waiting.join(Place(4, "A", 104, NINE + timedelta(hours=1), ORDINARY))
    assert not ahead.holds(waiting)


def test_given_nobody_to_call_a_service_then_those_who_came_for_it_go_before():
    waiting = line(("A", 0, ORDINARY), ("A", 1, ORDINARY), ("B", 2, ORDINARY))
    assert CallsInTurn(waiting, {1: ["B"]}, CAP).before(waiting.place(2)) == Before(1, 0)


# -- the calls themselves are the judge ------------------------------------------------------------


def called_in_turn(plain, counters):
    """Call until nobody is left whom a counter may call: [(counter, person)]."""
    plain, made = deepcopy(plain), []
    while True:
        before = len(made)
        for number in sorted(counters):
            chosen = plain.next(counters[number], number)
            if chosen is not None:
                made.append((number, plain.call(chosen[0], counters[number], number, counts=chosen[1] in BY_RULE)[0]))
        if len(made) == before:
            return made


BY_RULE = {"ORDER", "HEADSTART", "APPOINTMENT", "CAP"}


def judged(plain, counters, ref):
    """Who is called before a ticket, by the counters that may call it; None when nobody calls it."""
    me = plain.line[ref]
    mine = [number for number in counters if me in plain.here(counters[number], number)]
    ahead = []
    for number, other in called_in_turn(plain, counters):
        if other.ref == ref:
            earlier = sum(each.came < me.came for each in ahead)
            return Before(earlier, len(ahead) - earlier)
        if number in mine:
            ahead.append(other)
    return None


arrivals = st.lists(
    st.tuples(st.sampled_from(SERVICES), st.sampled_from(HEAD_STARTS), st.sampled_from((0, 1, 60, 300, 1500))),
    max_size=15,
)
again = st.lists(
    st.tuples(st.integers(0, 24), st.sampled_from(["back", "kept", "sits_out", "called", "later"]), st.integers(1, 3)),
    max_size=5,
)
open_counters = st.dictionaries(
    st.integers(1, 3), st.lists(st.sampled_from(SERVICES), min_size=1, max_size=4, unique=True), min_size=1
)


def hall_of(people, returns, cap):
    """The same people in the queue and before the plain rule; some of them came back."""
    quick, plain, at = WaitingQueue(), PlainRule(cap), NINE
    for ref, (service, head_start, gap_s) in enumerate(people, start=1):
        at += timedelta(seconds=gap_s)
        quick.join(Place(ref, service, ref, at, head_start))
        plain.join(Person(ref, service, ref, at, head_start))
    for n, how, counter in returns:
        if n + 1 not in plain.line:
            continue
        place, person = quick.place(n + 1), plain.line[n + 1]
        if how == "later":
            person.delay = timedelta(minutes=5 * counter)
            quick.defer(n + 1, person.came[0])
            continue
        quick.leave(n + 1)
        if how == "called":
            plain.leave(n + 1)
        elif how == "kept":
            quick.rejoin(place._replace(counter=counter, jump_reason=Reason.RETURN))
            person.counter, person.first = counter, "RETURN"
        else:
            quick.rejoin(place._replace(sits_out_next_call=how == "sits_out"))
            person.later = how == "sits_out"
    return quick, plain, at


@settings(max_examples=150)
@given(arrivals, again, arrivals, open_counters, st.sampled_from((0, 1, 2, 5)))
def test_given_any_hall_then_as_many_are_called_before_as_was_said(people, returns, later, counters, cap):
    quick, plain, at = hall_of(people, returns, cap)
    ahead = CallsInTurn(quick, counters, cap)
    for came, (service, head_start, gap_s) in enumerate(later, start=len(people) + 1):
        at += timedelta(seconds=gap_s)
        quick.join(Place(came, service, came, at, head_start))
        plain.join(Person(came, service, came, at, head_start))
    if not ahead.holds(quick):
        ahead = CallsInTurn(quick, counters, cap)
    for ref in plain.line:
        right = judged(plain, counters, ref)
        if right is not None:
            assert ahead.before(quick.place(ref)) == right
        assert ahead.people_before(quick.place(ref)) == ahead.before(quick.place(ref)).people
    for service in sorted({service for services in counters.values() for service in services}):
        one_more = deepcopy(plain)
        one_more.join(Person(NEWCOMER, service, NEWCOMER, at, ORDINARY))
        right = judged(one_more, counters, NEWCOMER)
        if all(person.k < (at, NEWCOMER) for person in plain.line.values()):  # nobody asked to be called later
            assert ahead.before_newcomer(service, at) == right.people


@pytest.mark.parametrize("most", [0, 30])
def test_given_a_long_queue_then_the_share_that_my_counters_call_is_near_what_they_call(monkeypatch, most):
    monkeypatch.setattr(turns, "MOST_CALLS", most)
    people = [(SERVICES[n % 3], PRIORITY if n % 5 == 0 else ORDINARY, 60) for n in range(120)]
    quick, plain, _ = hall_of(people, [], CAP)
    counters = {1: ["A", "B"], 2: ["A", "C"], 3: ["B"]}
    ahead = CallsInTurn(quick, counters, CAP)
    assert all(ahead.people_before(place) == ahead.before(place).people for place in quick.places(SERVICES))
    for ref in (40, 80, 119):
        right = judged(plain, counters, ref).people
        assert abs(ahead.before(quick.place(ref)).people - right) <= 0.3 * right


def test_given_a_newcomer_then_the_look_ahead_still_holds_and_after_any_other_change_no_more():
    waiting = line(("A", 0, ORDINARY), ("A", 30, ORDINARY))
    counters = {1: ["A"]}
    ahead = CallsInTurn(waiting, counters, CAP)
    waiting.join(Place(3, "A", 103, NINE + timedelta(minutes=31), ORDINARY))
    assert ahead.holds(waiting)
    assert ahead.before(waiting.place(3)) == Before(2, 0) and newcomer(ahead, "A") == 3
    waiting.call(1, ["A"])
    assert not ahead.holds(waiting)


def test_given_many_newcomers_when_asking_after_each_then_it_costs_no_look_ahead():
    def cost(length):
        waiting = line(*[("A", n, ORDINARY) for n in range(length)])
        ahead = CallsInTurn(waiting, {1: ["A"], 2: ["A"]}, CAP)
        waiting.join(Place(9_999, "A", 9_999, NINE + timedelta(minutes=length), ORDINARY))
        return lines_run(lambda: ahead.holds(waiting))

    assert cost(300) == cost(3)


def test_given_a_look_ahead_then_the_queue_is_undisturbed():
    waiting = line(*[("A", n, PRIORITY if n % 3 == 0 else ORDINARY) for n in range(9)])
    before = [(place.ref, waiting.passed(place.ref)) for place in waiting.places("A")]
    CallsInTurn(waiting, {1: ["A"], 2: ["A", "B"]}, 1).before(waiting.place(5))
    assert [(place.ref, waiting.passed(place.ref)) for place in waiting.places("A")] == before
