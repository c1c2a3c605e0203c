"""Who is next: worked examples, then the rule compared with the same rule written out plainly."""

import random
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queueing.dispatch import Choice, Place, Reason, WaitingQueue, calling_order, choose_next
from tests.queueing.plain import Person, PlainRule

NINE = datetime(2026, 1, 5, 2, tzinfo=UTC)
ORDINARY, PRIORITY, URGENT, STRICT = (timedelta(minutes=minutes) for minutes in (0, 20, 60, 480))


def line(*people):
    """A queue of (service, minutes after nine, head start), in order of arrival; refs count from 1."""
    waiting = WaitingQueue()
    for n, (service, minutes, head_start) in enumerate(people, start=1):
        waiting.join(Place(n, service, 100 + n, NINE + timedelta(minutes=minutes), head_start))
    return waiting


def calls(waiting, services, cap):
    """Call until nobody waits: [(ref, reason)]."""
    made = []
    while (choice := choose_next(waiting, services, cap)) is not None:
        waiting.call(choice.ref, services)
        made.append((choice.ref, choice.reason.value))
    return made


# -- worked examples -------------------------------------------------------------------------------


def test_given_nobody_waits_when_choosing_then_nobody_is_chosen():
    assert choose_next(line(), ["A"], 5) is None
    assert choose_next(line(("B", 0, ORDINARY)), ["A"], 5) is None


def test_given_ordinary_people_when_calling_then_in_order_of_arrival():
    waiting = line(("A", 0, ORDINARY), ("A", 1, ORDINARY), ("B", 2, ORDINARY))
    assert calls(waiting, ["A", "B"], 5) == [(1, "ORDER"), (2, "ORDER"), (3, "ORDER")]


def test_given_an_elder_within_the_head_start_when_calling_then_the_elder_goes_first():
    waiting = line(("A", 0, ORDINARY), ("A", 19, PRIORITY))
    assert choose_next(waiting, ["A"], 5) == Choice(2, Reason.HEADSTART, 1)


def test_given_an_elder_who_came_when_the_head_start_was_over_then_the_earlier_one_goes_first():
    waiting = line(("A", 0, ORDINARY), ("A", 21, PRIORITY))
    assert choose_next(waiting, ["A"], 5) == Choice(1, Reason.ORDER, 0)


def test_given_equal_keys_when_calling_then_the_order_of_arrival_decides():
    waiting = line(("A", 0, ORDINARY), ("A", 20, PRIORITY))
    assert choose_next(waiting, ["A"], 5) == Choice(1, Reason.ORDER, 0)


def test_given_a_tie_of_the_clock_then_the_sequence_decides():
    waiting = line(("A", 0, ORDINARY), ("A", 0, ORDINARY), ("A", 0, PRIORITY))
    assert calls(waiting, ["A"], 5) == [(3, "HEADSTART"), (1, "ORDER"), (2, "ORDER")]


def test_given_an_elder_who_is_also_the_first_when_calling_then_it_is_simply_the_order():
    waiting = line(("A", 0, PRIORITY), ("A", 1, ORDINARY))
    assert choose_next(waiting, ["A"], 5) == Choice(1, Reason.ORDER, 0)


def test_given_somebody_passed_as_often_as_the_cap_allows_then_nobody_passes_them_again():
    waiting = line(("A", 0, ORDINARY), ("A", 1, PRIORITY), ("A", 2, PRIORITY), ("A", 3, PRIORITY))
    assert calls(waiting, ["A"], 2) == [(2, "HEADSTART"), (3, "HEADSTART"), (1, "CAP"), (4, "ORDER")]


def test_given_the_cap_is_reached_but_the_choice_is_the_same_then_the_reason_is_not_the_cap():
    waiting = line(("A", 0, ORDINARY), ("A", 1, PRIORITY), ("A", 2, ORDINARY))
    assert calls(waiting, ["A"], 1) == [(2, "HEADSTART"), (1, "ORDER"), (3, "ORDER")]


def test_given_a_cap_of_nothing_then_first_come_is_first_served():
    waiting = line(("A", 0, ORDINARY), ("A", 1, URGENT), ("A", 2, PRIORITY))
    assert calls(waiting, ["A"], 0) == [(1, "CAP"), (2, "ORDER"), (3, "ORDER")]


def test_given_one_at_the_cap_then_those_who_came_before_them_stay_eligible():
    waiting = line(("A", 0, PRIORITY), ("B", 0, ORDINARY), ("B", 1, PRIORITY), ("B", 2, PRIORITY), ("A", 3, URGENT))
    waiting.call(3, ["B"])
    waiting.call(4, ["B"])
    assert [waiting.passed(ref) for ref in (1, 2, 5)] == [0, 2, 0]
    assert choose_next(waiting, ["A", "B"], 2) == Choice(1, Reason.CAP, 0)


def test_given_a_counter_that_could_not_have_served_them_then_nobody_was_passed():
    waiting = line(("A", 0, ORDINARY), ("B", 1, PRIORITY))
    waiting.call(2, ["B"])
    assert waiting.passed(1) == 0


def test_given_people_who_leave_then_the_rest_keep_how_often_they_were_passed():
    waiting = line(("A", 0, ORDINARY), ("A", 1, ORDINARY), ("A", 2, PRIORITY), ("A", 3, ORDINARY))
    waiting.call(3, ["A"])
    waiting.leave(1)
    assert (waiting.passed(2), waiting.passed(4)) == (1, 0)
    assert len(waiting) == 2 and 1 not in waiting and 2 in waiting


def test_given_a_line_when_looking_ahead_then_the_line_is_undisturbed():
    waiting = line(("A", 0, ORDINARY), ("A", 1, PRIORITY), ("A", 2, PRIORITY), ("B", 3, ORDINARY))
    order = calling_order(waiting, ["A", "B"], 1, 10)
    assert [(choice.ref, choice.reason.value) for choice, _ in order] == [
        (2, "HEADSTART"),
        (1, "CAP"),
        (3, "ORDER"),
        (4, "ORDER"),
    ]
    assert [passed for _, passed in order] == [0, 0, 0, 0]
    assert len(waiting) == 4
    assert calls(waiting, ["A", "B"], 1) == [(choice.ref, choice.reason.value) for choice, _ in order]


def test_given_priority_granted_while_waiting_then_the_arrival_and_the_times_passed_stay():
    waiting = line(("A", 0, ORDINARY), ("A", 5, ORDINARY), ("A", 10, PRIORITY), ("A", 12, PRIORITY))
    waiting.call(3, ["A"])
    waiting.reclass(2, PRIORITY)
    assert waiting.passed(2) == 1
    assert choose_next(waiting, ["A"], 5) == Choice(2, Reason.HEADSTART, 1)
    waiting.reclass(2, ORDINARY)
    assert [ref for ref, _ in calls(waiting, ["A"], 5)] == [4, 1, 2]


def test_given_one_who_waits_again_then_calls_made_before_do_not_count_against_the_cap():
    waiting = line(("A", 0, ORDINARY), ("A", 1, PRIORITY), ("A", 2, PRIORITY), ("A", 3, PRIORITY))
    waiting.leave(1)
    waiting.call(2, ["A"])
    waiting.rejoin(Place(1, "A", 101, NINE, ORDINARY))
    assert (waiting.passed(1), len(waiting), waiting.count("A")) == (0, 3, 3)
    assert calls(waiting, ["A"], 1) == [(3, "HEADSTART"), (1, "CAP"), (4, "ORDER")]


# -- the rule written out plainly is the judge -----------------------------------------------------

SERVICES = "ABCD"
DUE = timedelta(minutes=13)  # that of an appointment: any length, and a reason of its own
HEAD_STARTS = (ORDINARY, ORDINARY, ORDINARY, PRIORITY, URGENT, STRICT, DUE)
GAPS = (0, 0, 1, 30, 60, 300, 1500)


class Trial:
    """Give one history to the fast rule and to the plain one at the same time."""

    def __init__(self, cap):
        self.cap = cap
        self.quick, self.plain = WaitingQueue(), PlainRule(cap)
        self.now, self.seq = NINE, 0
        self.came_after = {}  # ref -> those with a larger head start who came later, by arrival
        self.history = []
        self.called = []

    def arrive(self, service, head_start, gap_s):
        self.now += timedelta(seconds=gap_s)
        self.seq += 1
        self.history.append(("arrive", self.seq, service, head_start, self.now))
        how = self.seq, service, self.seq, self.now, head_start
        self.plain.join(Person(*how, appointment=head_start == DUE))
        self.quick.join(Place(*how, appointment=head_start == DUE))
        self.note_who_may_pass()

    def reclass(self, n, head_start):
        refs = sorted(self.plain.line)
        if refs:
            ref = refs[n % len(refs)]
            self.history.append(("reclass", ref, head_start))
            self.plain.reclass(ref, head_start)
            self.quick.reclass(ref, head_start)
            self.note_who_may_pass()

    def note_who_may_pass(self):
        people = list(self.plain.line.values())
        for one in people:
            for later in people:
                if later.arrival > one.arrival and later.k < one.k:
                    self.came_after.setdefault(one.ref, set()).add(later.ref)

    def abandon(self, n):
        refs = sorted(self.plain.line)
        if refs:
            ref = refs[n % len(refs)]
            self.history.append(("leave", ref))
            self.plain.leave(ref)
            self.quick.leave(ref)

    def call(self, services):
        self.history.append(("call", services))
        everyone = self.plain.eligible(services)
        right = self.plain.next(services)
        choice = choose_next(self.quick, services, self.cap)
        ahead = calling_order(self.quick, services, self.cap, 3)
        assert (ahead[0][0] if ahead else None) == choice
        assert (choice is None) == (not everyone)  # G5
        if choice is None:
            return
        assert (choice.ref, choice.reason.value, choice.passes) == right
        assert [passed for _, passed in ahead] == [self.plain.line[c.ref].p for c, _ in ahead]
        self.called.append(right)
        chosen, passed = self.plain.call(choice.ref, services)
        self.quick.call(choice.ref, services)
        for other in passed:
            assert chosen.head_start != other.head_start  # G1
            assert chosen.issued_at <= other.issued_at + (chosen.head_start - other.head_start)  # G2
            assert other.p <= self.cap  # G3
            assert other.p <= len(self.came_after.get(other.ref, ()))  # G4
        for other in self.plain.line.values():
            assert self.quick.passed(other.ref) == other.p

    def replayed(self):
        """Replay the same history by the fast rule alone (G6)."""
        waiting, made = WaitingQueue(), []
        for what, *how in self.history:
            if what == "arrive":
                ref, service, head_start, at = how
                waiting.join(Place(ref, service, ref, at, head_start, appointment=head_start == DUE))
            elif what == "leave":
                waiting.leave(how[0])
            elif what == "reclass":
                waiting.reclass(*how)
            elif (choice := choose_next(waiting, how[0], self.cap)) is not None:
                made.append((choice.ref, choice.reason.value, choice.passes))
                waiting.call(choice.ref, how[0])
        return made


def counter_sets(rng):
    return [rng.sample(SERVICES, rng.randint(1, len(SERVICES))) for _ in range(rng.randint(1, 4))]


@pytest.mark.parametrize("batch", range(8))
def test_given_random_histories_then_every_call_is_the_plain_rules(batch):
    reasons = set()
    for n in range(200):
        rng = random.Random(1000 * batch + n)
        trial, counters = Trial(rng.choice((0, 1, 2, 3, 5, 8))), counter_sets(rng)
        calls_share = rng.choice((0.2, 0.4, 0.5))
        for _ in range(rng.randint(20, 90)):
            turn = rng.random()
            if turn < calls_share:
                trial.call(rng.choice(counters))
            elif turn < calls_share + 0.05:
                trial.abandon(rng.randrange(100))
            elif turn < calls_share + 0.1 and n % 2:
                trial.reclass(rng.randrange(100), rng.choice(HEAD_STARTS))
            else:
                trial.arrive(rng.choice(SERVICES), rng.choice(HEAD_STARTS), rng.choice(GAPS))
        assert trial.replayed() == trial.called
        reasons |= {reason for _, reason, _ in trial.called}
    assert reasons == {"ORDER", "HEADSTART", "APPOINTMENT", "CAP"}


steps = st.one_of(
    st.tuples(st.just("arrive"), st.sampled_from(SERVICES), st.sampled_from(HEAD_STARTS), st.sampled_from(GAPS)),
    st.tuples(st.just("call"), st.lists(st.sampled_from(SERVICES), min_size=1, max_size=4, unique=True)),
    st.tuples(st.just("abandon"), st.integers(0, 99)),
    st.tuples(st.just("reclass"), st.integers(0, 99), st.sampled_from(HEAD_STARTS)),
)


@settings(max_examples=200)
@given(st.integers(0, 6), st.lists(steps, max_size=50))
def test_given_any_history_then_every_call_is_the_plain_rules(cap, history):
    trial = Trial(cap)
    for what, *how in history:
        getattr(trial, what)(*how)
    assert trial.replayed() == trial.called


# -- what it costs ---------------------------------------------------------------------------------


def lines_run(work):
    """Return how many lines of Python `work` runs, which is the same on every PC."""
    count = 0

    def tracer(frame, event, arg):
        nonlocal count
        count += event == "line"
        return tracer

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def backlog(length):
    """One arrival a minute, every fifth an elder, of whom all but the last five minutes' were called."""
    waiting = WaitingQueue()
    for n in range(1, length + 1):
        elder = n % 5 == 0
        place = Place(n, SERVICES[n % 2], n, NINE + timedelta(minutes=n), PRIORITY if elder else ORDINARY)
        waiting.join(place)
        if elder and n < length - 5:
            waiting.call(n, ["A", "B"])
    return waiting


@pytest.mark.parametrize("cap", (5, 10**6))
def test_given_a_line_fifty_times_as_long_when_calling_then_it_costs_the_same(cap):
    def cost(length):
        waiting = backlog(length)

        def one_call():
            choice = choose_next(waiting, ["A", "B"], cap)
            waiting.call(choice.ref, ["A", "B"])

        return [lines_run(one_call) for _ in range(5)]

    # The reason may differ, and with it a few lines; a scan would cost thousands.
    assert all(abs(long - short) < 20 for long, short in zip(cost(10_000), cost(200), strict=True))


def test_given_a_long_line_when_most_have_been_called_then_the_next_costs_the_same():
    def cost(length):
        waiting = backlog(length)
        for _ in range(length // 2):
            waiting.call(choose_next(waiting, ["A", "B"], 5).ref, ["A", "B"])
        return lines_run(lambda: waiting.call(choose_next(waiting, ["A", "B"], 5).ref, ["A", "B"]))

    assert abs(cost(5_000) - cost(500)) < 20
