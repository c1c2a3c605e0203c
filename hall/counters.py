"""Counters: opened, paused, resumed and closed; whose they are; and what a supervisor asks of them."""

from __future__ import annotations

from collections.abc import Callable

from hall.hall import Act, Hall
from queueing import events as ev
from queueing.catalogue import COUNTER_ANSWERS, COUNTER_WISHES, PAUSE_REASONS
from queueing.errors import (
    AtAnotherCounter,
    CounterBusy,
    CounterClosed,
    CounterNotPaused,
    CounterTaken,
    NotYourCounter,
    UnknownReason,
    UnknownWish,
    WishDone,
)
from queueing.floor import CounterWish, Staffing

Attended = Callable[[int, str], bool]


def _always(counter: int, clerk: str) -> bool:
    return True


def open_counter(act: Act, counter: int, *, one_only: bool, attended: Attended = _always) -> None:
    """Open a counter, or take it over: from a clerk who left it idle, or who is not there any more.

    `attended` returns whether a clerk is at the console of a counter. Who has gone home, or may no
    longer sign in, cannot keep a citizen at a counter that nobody can finish.

    With `one_only` (a person, who can sit at one counter only) an idle counter the same clerk had open
    is closed: the last one wins. Opening one's own open counter changes nothing.

    Raises:
        UnknownCounter: there is no such counter.
        CounterTaken: another clerk has a citizen there, and is there.
        AtAnotherCounter: the clerk still has a citizen at another counter.
    """
    act.catalogue.counter(counter)
    state = act.floor.counter_state(counter)
    held = state.clerk is not None and state.clerk != act.by and state.ref is not None
    if held and state.staffing is not Staffing.CLOSED and attended(counter, state.clerk or ""):
        raise CounterTaken(counter=counter)
    others = {
        number: other
        for number, other in sorted(act.floor.counter_states.items())
        if one_only and number != counter and other.clerk == act.by and other.staffing is not Staffing.CLOSED
    }
    for number, other in others.items():  # first: a refusal after an event would take back the commit of others too
        if other.ref is not None:
            raise AtAnotherCounter(counter=number)
    for number in others:
        act.append(ev.COUNTER_CLOSED, ev.CounterClosing(reason="moved", by=act.by), counter=number)
    if state.staffing is Staffing.OPEN and state.clerk == act.by:
        return
    services = sorted(act.catalogue.counter(counter).services)
    act.append(ev.COUNTER_OPENED, ev.CounterOpening(services=services, by=act.by), counter=counter)


def pause_counter(act: Act, counter: int, reason: str | None) -> None:
    """Pause a counter: no more calls; the one at the counter, if any, may be finished.

    Raises:
        CounterClosed: it is not open.
        UnknownReason: not one of `catalogue.PAUSE_REASONS`.
    """
    if reason is not None and reason not in PAUSE_REASONS:
        raise UnknownReason()
    act.catalogue.counter(counter)
    state = act.floor.counter_state(counter)
    if state.staffing is Staffing.CLOSED:
        raise CounterClosed(counter=counter)
    if state.staffing is Staffing.PAUSED and state.reason == reason:
        return
    act.append(ev.COUNTER_PAUSED, ev.CounterPause(reason=reason, by=act.by), counter=counter)


def resume_counter(act: Act, counter: int) -> None:
    """End a pause.

    Raises:
        CounterClosed, CounterNotPaused: there is no pause to end.
    """
    act.catalogue.counter(counter)
    state = act.floor.counter_state(counter)
    if state.staffing is Staffing.CLOSED:
        raise CounterClosed(counter=counter)
    if state.staffing is not Staffing.PAUSED:
        raise CounterNotPaused(counter=counter)
    act.append(ev.COUNTER_RESUMED, ev.CounterResumption(by=act.by), counter=counter)


def hand_over(act: Act, counter: int) -> None:
    """Let the clerk leave an open counter to the next one; the ticket at the counter stays there.

    Raises:
        CounterClosed: it is not open.
    """
    act.catalogue.counter(counter)
    state = act.floor.counter_state(counter)
    if state.staffing is Staffing.CLOSED:
        raise CounterClosed(counter=counter)
    if state.clerk is not None:
        act.append(ev.COUNTER_HANDED_OVER, ev.CounterHandover(by=act.by), counter=counter)


def close_counter(act: Act, counter: int) -> None:
    """Close a counter at which nobody is. Closing a closed one changes nothing.

    Raises:
        CounterBusy: somebody is called to it or served at it.
    """
    act.catalogue.counter(counter)
    state = act.floor.counter_state(counter)
    present = act.floor.at_counter(counter)
    if present is not None:
        raise CounterBusy(counter=counter, number=present.number)
    if state.staffing is not Staffing.CLOSED:
        act.append(ev.COUNTER_CLOSED, ev.CounterClosing(reason="closed", by=act.by), counter=counter)


def check_mine(hall: Hall, counter: int, clerk: str) -> None:
    """Check that a counter is open and the clerk's own: a person may act only at the counter they opened.

    Raises:
        UnknownCounter: there is no such counter.
        CounterClosed: nobody has opened it.
        NotYourCounter: somebody else has.
    """
    hall.catalogue.counter(counter)
    state = hall.floor.counter_state(counter)
    if state.staffing is Staffing.CLOSED:
        raise CounterClosed(counter=counter)
    if state.clerk != clerk:
        raise NotYourCounter(counter=counter)


def check_mine_or_free(hall: Hall, counter: int, clerk: str) -> None:
    """Check that a counter is the clerk's own or nobody's: what is asked of a closed one is for anybody there.

    Raises:
        UnknownCounter: there is no such counter.
        NotYourCounter: somebody else has opened it.
    """
    hall.catalogue.counter(counter)
    state = hall.floor.counter_state(counter)
    if state.staffing is not Staffing.CLOSED and state.clerk not in (None, clerk):
        raise NotYourCounter(counter=counter)


def ask_counter(act: Act, counter: int, wish: str) -> CounterWish:
    """Ask something of a counter, in the place of what was asked before, and return it.

    Raises:
        UnknownCounter: there is no such counter.
        UnknownWish: not one of `catalogue.COUNTER_WISHES`.
        WishDone: it calls already.
    """
    act.catalogue.counter(counter)
    if wish not in COUNTER_WISHES:
        raise UnknownWish()
    if act.floor.counter_state(counter).staffing is Staffing.OPEN:
        raise WishDone(counter=counter)
    asked = ev.CounterAsked(wish=wish, by=act.by)
    advice = act.hall.forecaster.advice(act.catalogue, act.floor)
    if advice is not None and advice.counter == counter:
        effect = advice.effects[0]
        asked["advice"] = ev.AdviceGiven(service=effect.service, now_s=effect.now_p90_s, then_s=effect.then_p90_s)
    act.append(ev.COUNTER_ASKED, asked, counter=counter)
    return act.floor.wishes[counter]


def answer_wish(act: Act, counter: int, asked: int, answer: str) -> None:
    """Answer what was asked of a counter by the event `asked`; it is put away there.

    Raises:
        UnknownWish: not one of `catalogue.COUNTER_ANSWERS`.
        WishDone: it was answered, done or replaced meanwhile.
    """
    if answer not in COUNTER_ANSWERS:
        raise UnknownWish()
    wish = act.floor.wishes.get(counter)
    if wish is None or wish.seq != asked or wish.answer is not None:
        raise WishDone(counter=counter)
    answered = ev.CounterAnswered(asked=asked, answer=answer, by=act.by)
    act.append(ev.COUNTER_ANSWERED, answered, counter=counter)
