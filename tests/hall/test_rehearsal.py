"""Rehearsal: the policy that was in force reproduces the day; another one shows what would have been."""

import random
import sys
import time
from contextlib import suppress
from secrets import token_hex

import msgspec
import pytest
from msgspec.structs import replace

from hall.catalogue.defaults import DEFAULT
from hall.ports import RequestIdentity
from hall.progress import NOTHING_TO_DO
from hall.recorded_day import read_day
from hall.rehearsal import happened, played, rehearse
from hall.rehearsal_runner import RehearsalRunner
from hall.whatif.runner import WhatIfQuestion, WhatIfRunner
from queueing import events as ev
from queueing.errors import KeyReused, NothingToRehearse, Refusal, SettingRefused
from runtime.commands import BackgroundCommand
from tests.hall.centre import Press, TestCentre, every_day
from tests.hall.test_walk import USUAL
from tests.recompute import recompute
from tests.variants import variants

FIRST_COME = replace(DEFAULT.policy, head_starts_s={"ordinary": 0, "priority": 0, "urgent": 0})
STRICT = replace(DEFAULT.policy, head_starts_s={"ordinary": 0, "priority": 8 * 3600, "urgent": 8 * 3600})
SERVICES = ("CHUNG_THUC", "CHUNG_THUC", "HO_TICH", "DAT_DAI")
COUNTERS = {2: "user:1", 3: "user:2", 4: "user:3"}


def busy_day(centre, seed, presses=300):
    """Clerks hesitate, pause and come back; people abandon the queue or do not come; all others are served at last."""
    chance = random.Random(seed)
    for counter, clerk in COUNTERS.items():
        centre.press("open", counter, clerk)
    for n in range(presses + 200):
        centre.clock.on(seconds=chance.uniform(1, 60))
        counter, clerk = chance.choice(list(COUNTERS.items()))
        wish = chance.random()
        try:
            if n < presses and wish < 0.32:
                kind = chance.choice(("ordinary", "ordinary", "ordinary", "priority", "urgent"))
                centre.take(chance.choice(SERVICES), kind)
            elif n < presses and wish < 0.34:
                waiting = [each.ref for each in centre.hall.floor.waiting.places(SERVICES[1:])]
                centre.cancel(chance.choice(waiting or [0]))
            elif wish < 0.37:
                centre.press(chance.choice(("pause", "no-show")), counter, clerk)
            elif centre.hall.floor.counter_state(counter).staffing == "paused":
                centre.press("resume", counter, clerk)
            else:
                present = centre.hall.floor.at_counter(counter)
                button = {None: "call-next", "called": "start"}.get(present and present.state.value, "call-next")
                centre.press(button, counter, clerk, **({"finish": True} if present and button == "call-next" else {}))
        except Refusal:
            pass
    centre.clock.on(hours=24)
    centre.hall.refresh()


def eventful_day(centre, seed, presses=500):
    """A day with everything else too: people held, transferred, called by hand, and with appointments."""
    chance = random.Random(seed)
    slots = dict.fromkeys(SERVICES, {"minutes": 10, "share": 80})
    centre.set_hall(hours=every_day("00:00", "23:59"), appointments=slots)
    for counter, clerk in COUNTERS.items():
        centre.press("open", counter, clerk)
    for n in range(presses + 200):
        centre.clock.on(seconds=chance.uniform(1, 40))
        centre.hall.refresh()  # those who are back by now return a moment before a button is pressed
        centre.clock.on(seconds=0.001)
        counter, clerk = chance.choice(list(COUNTERS.items()))
        with suppress(Refusal):
            if n < presses and chance.random() < 0.3:
                arrive(centre, chance)
            else:
                ticket = centre.hall.floor.at_counter(counter)
                staffing = centre.hall.floor.counter_state(counter).staffing.value
                state = ticket.state.value if ticket else {"open": "idle"}.get(staffing, staffing)
                button = chance.choice(USUAL[state])
                centre.press(button, counter, clerk, **how(centre, chance, button, ticket))
    centre.clock.on(hours=24)
    centre.hall.refresh()


def arrive(centre, chance):
    wish, waiting = chance.random(), [each.ref for each in centre.hall.floor.waiting.places(sorted(set(SERVICES)))]
    if wish < 0.1:
        service = chance.choice(SERVICES)
        press(centre, "POST /appointments", {"service": service, "at": chance.choice(centre.slots(service)[:4])})
    elif wish < 0.2:
        due = [each for each in centre.due() if each.state == "booked"]
        press(centre, "POST /appointments/check-in", {"code": due[0].code if due else "", "language": "vi"})
    elif wish < 0.25:
        centre.grant(chance.choice(waiting or [0]), chance.choice(("ordinary", "priority", "urgent")))
    elif wish < 0.3:
        ref = chance.choice([*waiting, *centre.hall.floor.holds] or [0])
        centre.cancel(ref)
        if chance.random() < 0.5:
            centre.clock.on(seconds=chance.uniform(1, 119))
            centre.change(ref, "reinstate")
    elif wish < 0.36:
        body = chance.choice(({"minutes": 5}, {"minutes": 15}, {"people": 2}))
        centre.change(chance.choice(waiting or [0]), "defer", **body)
    elif wish < 0.4:
        centre.change(chance.choice(waiting or [0]), "service", by="user:7", service=chance.choice(SERVICES))
    else:
        centre.take(chance.choice(SERVICES), chance.choice(("ordinary", "ordinary", "ordinary", "priority", "urgent")))


def press(centre, route, body):
    centre.send(Press("user:9", route, token_hex(8), body))


def how(centre, chance, button, ticket):
    floor = centre.hall.floor
    to = {"to": chance.choice(list(COUNTERS))}, {"service": chance.choice(SERVICES)}
    return {
        "call-next": {"finish": ticket is not None},
        "hold": {"minutes": chance.choice((None, 2, 10))},
        "transfer": {**chance.choice(to), "first": chance.random() < 0.6},
        "return": {"ref": chance.choice([*floor.holds, *floor.no_show_at] or [0])},
        "call": {"ref": chance.choice([each.ref for each in floor.waiting.places(sorted(set(SERVICES)))] or [0])},
        "open": {"one_only": False},
    }.get(button, {})


def first_day(centre):
    events = centre.events()
    first, last = [event.seq for event in events if event.kind == ev.DAY_OPENED][:2]
    return [event for event in events if first <= event.seq < last]


def day_of(centre):
    return read_day(first_day(centre))


def calls_of(centre):
    """Return whom each counter called, when and why, without the calls that were undone."""
    undone = {event.data["undoes"] for event in first_day(centre) if event.kind == ev.TICKET_UNDONE}
    return [
        (event.ref, event.counter, event.at, event.data["reason"])
        for event in first_day(centre)
        if event.kind == ev.TICKET_CALLED and event.seq not in undone
    ]


@pytest.mark.parametrize("seed", range(6))
def test_given_the_policy_that_stood_when_played_again_then_it_is_the_day_that_was(seed):
    centre = TestCentre()
    busy_day(centre, seed)
    day = day_of(centre)
    assert sum(sum(waits.values()) for waits in happened(day).waits.values()) > 40
    assert played(day, centre.hall.catalogue.policy) == happened(day)


@pytest.mark.parametrize("seed", range(8))
def test_given_a_day_on_which_everything_happened_when_played_again_then_it_is_that_day_call_for_call(seed):
    centre = TestCentre()
    eventful_day(centre, seed)
    day, policy = day_of(centre), centre.hall.catalogue.policy
    made = [(each.ref, each.counter, each.called_at, each.reason.value) for each in day.calls(policy)]
    assert made == calls_of(centre)
    assert played(day, policy) == happened(day)
    for tried in (policy, STRICT, replace(FIRST_COME, cap=1)):
        total = played(day, tried).outcome(policy.head_starts).total
        assert total.slips == total.skips and total.most_passed <= tried.cap
    went = set(variants(centre.log()))
    assert {("ticket.called", each) for each in ("CAP", "RETURN", "TRANSFER", "MANUAL")} <= went
    assert {("ticket.returned", each) for each in ("held", "no_show")} <= went
    assert {("ticket.deferred", "minutes"), ("ticket.moved", ""), ("ticket.reinstated", "holder")} <= went


def test_given_a_day_then_what_was_is_what_a_stranger_finds():
    centre = TestCentre()
    busy_day(centre, 1)
    policy = centre.hall.catalogue.policy
    made = rehearse(centre.store, policy, policy, 30, lambda done, of: None)
    total = recompute(centre.log())["total"]
    assert (made.tickets, made.days, made.was.total.n) == (total["issued"], 1, total["called"])
    assert made.was == made.now == made.wanted
    calls = centre.events(ev.TICKET_CALLED)
    assert made.was.total.slips == made.was.total.skips == sum(call.data["passes"] for call in calls)
    assert made.was.total.most_passed <= policy.cap


def test_given_other_policies_then_priority_pays_and_gains_as_it_must():
    centre, progress = TestCentre(), []
    for seed in (1, 2):
        busy_day(centre, seed)
    policy = centre.hall.catalogue.policy
    strict = rehearse(centre.store, policy, STRICT, 30, lambda done, of: progress.append((done, of)))
    plain = rehearse(centre.store, policy, FIRST_COME, 30, lambda done, of: None)
    assert progress == [(1, 2), (2, 2)]
    assert strict.wanted.total.slips == strict.wanted.total.skips > 0
    assert plain.wanted.total.slips == plain.wanted.total.skips == plain.wanted.total.most_passed == 0
    assert strict.wanted.classes["urgent"].mean_s < plain.wanted.classes["urgent"].mean_s
    assert strict.wanted.classes["ordinary"].mean_s > plain.wanted.classes["ordinary"].mean_s
    assert strict.now == plain.now
    assert rehearse(centre.store, policy, STRICT, 1, lambda done, of: None).days == 1


def test_given_a_smaller_cap_then_nobody_is_passed_more_often():
    centre = TestCentre()
    busy_day(centre, 3)
    policy = centre.hall.catalogue.policy
    made = rehearse(centre.store, policy, replace(STRICT, cap=1), 30, lambda done, of: None)
    assert made.wanted.total.most_passed == 1


def test_given_no_closed_day_then_there_is_nothing_to_rehearse(opened):
    opened.take()
    opened.press("call-next", 2)
    policy = opened.hall.catalogue.policy
    with pytest.raises(NothingToRehearse):
        rehearse(opened.store, policy, policy, 30, lambda done, of: None)


# -- in a process of its own -----------------------------------------------------------------------


def until(view_of, state):
    deadline = time.monotonic() + 120
    while (view := view_of()).state != state:
        assert view.state == "running" and time.monotonic() < deadline, view
        time.sleep(0.05)
    return view


def request(key, content="a policy"):
    return RequestIdentity("user:9", "POST /api/v1/settings/policy/rehearsal", key, content)


def test_given_a_rehearsal_at_work_then_its_progress_is_shown_and_it_can_be_stopped(centre):
    begun = []

    def start(*words):
        half_way = "print('[3,9]'); print('[4', end=''); import time; time.sleep(600)"
        begun.append(BackgroundCommand([sys.executable, "-uc", half_way]))
        return begun[-1]

    busy_day(centre, 1)
    rehearsals, policy = RehearsalRunner(centre.hall, start), centre.hall.catalogue.template.policy
    assert rehearsals.progress().state == "none"
    rehearsals.start(request("key-0001"), policy, 7)
    while (view := rehearsals.progress()).done == 0:
        assert view.state == "running"
    assert (view.done, view.of, view.result) == (3, 9, None)
    assert rehearsals.start(request("key-0001"), policy, 7).state == "running" and len(begun) == 1  # the same wish
    with pytest.raises(KeyReused):
        rehearsals.start(request("key-0001", "another policy"), policy, 7)
    assert len(begun) == 1
    rehearsals.start(request("key-0002"), policy, 7)
    assert (len(begun), begun[0].exit_status() is None) == (2, False)  # one at a time
    assert rehearsals.stop().state == rehearsals.progress().state == "stopped"
    assert begun[1].exit_status() is not None


def test_given_a_rehearsal_that_breaks_then_that_is_reported(centre):
    busy_day(centre, 1)
    rehearsals = RehearsalRunner(centre.hall, lambda *words: BackgroundCommand([sys.executable, "-c", "exit(3)"]))
    rehearsals.start(request("key-0001"), centre.hall.catalogue.template.policy, 7)
    until(rehearsals.progress, "failed")


def test_given_a_day_with_nothing_to_try_then_that_is_said_and_not_that_it_failed(centre):
    busy_day(centre, 1)
    ends = f"exit({NOTHING_TO_DO})"
    what_ifs = WhatIfRunner(centre.hall, lambda *words: BackgroundCommand([sys.executable, "-c", ends]))
    what_ifs.start(request("key-0001"), WhatIfQuestion(None, tap="lunch"))
    view = until(what_ifs.progress, "nothing")
    assert (view.question.tap, view.result) == ("lunch", None)
    assert what_ifs.progress().state == "nothing"  # until something else is tried


def test_given_a_policy_that_cannot_be_when_rehearsing_then_it_is_refused_with_the_field(centre):
    rehearsals, policy = RehearsalRunner(centre.hall, pytest.fail), centre.hall.catalogue.template.policy
    for wanted, days, field in ((msgspec.structs.replace(policy, cap=0), 7, "policy.cap"), (policy, 91, "days")):
        with pytest.raises(SettingRefused) as refused:
            rehearsals.start(request("key-0001"), wanted, days)
        assert refused.value.params["field"] == field
    with pytest.raises(NothingToRehearse):
        rehearsals.start(request("key-0001"), policy, 7)
