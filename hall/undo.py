"""What was done last at a counter, by its clerk there or to a number of the queue, and how it is undone."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from hall.counters import check_mine
from hall.hall import Act, Hall
from queueing import events as ev
from queueing.errors import AtAnotherCounter, NothingToUndo
from queueing.events import Event
from queueing.floor import Floor, Staffing, Undoable
from queueing.ticket import State, Ticket

UNDO_WINDOW = timedelta(seconds=10)
_UNDONE_BY = "by_mistake"  # why staff take a cancel back
_OF_THE_QUEUE = (ev.TICKET_CANCELLED, ev.TICKET_PRIORITY_CHANGED, ev.TICKET_RETURNED)  # can be undone


class LastAct(NamedTuple):
    """The last action of a counter that can be undone: its last event, and the number it was done to, if to one."""

    event: Event
    number: str
    steps: tuple[Undoable, ...] = ()  # at the counter, to be undone one by one


def who(event: Event) -> str:
    """Return who did it, "" where the event names nobody."""
    return str(event.data.get("by", ""))


def last_act(hall: Hall, counter: int) -> LastAct | None:
    """Return the counter's last action; None if it cannot be undone, whatever was done before it.

    What the clerk did to a number of the queue counts as done at the counter. Nobody is sent back to the queue of a
    service that no counter serves any more. The time limit is not checked here.
    """
    floor, serving = hall.floor, hall.catalogue.serving
    left = floor.left.get(counter)
    clerk = floor.counter_state(counter).clerk or (who(left.event) if left is not None else "")
    newest = floor.acted.get(counter, 0)
    staff_act = floor.staff_acts.get(clerk)
    if staff_act is not None and staff_act.event.seq >= newest:
        event, before, after = staff_act
        undoable = event.kind in _OF_THE_QUEUE and "undoes" not in event.data
        if not undoable or before is None or floor.tickets.get(before.ref) != after:
            return None
        if event.kind == ev.TICKET_CANCELLED and not serving(before.service):
            return None
        return LastAct(event, before.number)
    if left is not None:
        return LastAct(left.event, "")
    steps = floor.undoable.get(counter, ())
    last = {undoable.after.ref: undoable.after for undoable in steps}
    if not steps or any(_steps_of(floor, ref) != after for ref, after in last.items()):
        return None
    if any(undoable.before.state is State.WAITING and not serving(undoable.before.service) for undoable in steps):
        return None
    return LastAct(steps[-1].event, steps[-1].before.number, steps)


def _steps_of(floor: Floor, ref: int) -> Ticket | None:
    """Return a ticket without its rating: a touch of the citizen takes no undo from the clerk, and goes with it."""
    ticket = floor.tickets.get(ref)
    return None if ticket is None else ticket.unrated


def undo_last(act: Act, counter: int) -> None:
    """Undo the counter's last action, within ten seconds: each of its events by one of its own.

    Raises:
        NothingToUndo: too late, or something has happened to the ticket since, or nothing can be undone.
        AtAnotherCounter: the clerk who closed it has opened another one.
    """
    act.catalogue.counter(counter)
    last = last_act(act.hall, counter)
    if last is None or act.at - last.event.at > UNDO_WINDOW:
        raise NothingToUndo(counter=counter)
    if last.steps:
        for undoable in reversed(last.steps):
            _append_undone(act, undoable.event, undoable.before, counter)
    elif last.event.kind == ev.TICKET_CANCELLED:
        _reinstate(act, last.event)
    elif last.event.kind == ev.TICKET_PRIORITY_CHANGED:
        _class_before(act, last.event)
    elif last.event.kind == ev.TICKET_RETURNED:
        before = act.floor.staff_acts[who(last.event)].before
        assert before is not None, "who comes back was there before"
        _append_undone(act, last.event, before, None)
    else:
        _return_to(act, counter)


def _append_undone(act: Act, event: Event, before: Ticket, counter: int | None) -> None:
    undone = ev.TicketUndone(number=before.number, undoes=event.seq, state=before.state.value, by=act.by)
    act.append(ev.TICKET_UNDONE, undone, ref=before.ref, counter=counter, service=before.service)


def _reinstate(act: Act, cancelled: Event) -> None:
    ticket = act.floor.tickets[cancelled.ticket_ref]
    reinstated = ev.TicketReinstated(number=ticket.number, why=_UNDONE_BY, by=act.by)
    act.append(ev.TICKET_REINSTATED, reinstated, ref=ticket.ref, service=ticket.service)


def _class_before(act: Act, changed: Event) -> None:
    """Give a ticket the class it had before, with the head start of the present policy."""
    before = act.floor.staff_acts[who(changed)].before
    assert before is not None, "a class is changed of a ticket that is there"
    own = act.floor.own_head_start(before.ref)
    head_start = max(act.catalogue.policy.head_starts[before.priority_class], own)
    data = ev.PriorityChanged(
        number=before.number,
        priority_class=before.priority_class,
        head_start_s=head_start // timedelta(seconds=1),
        undoes=changed.seq,
        by=act.by,
    )
    act.append(ev.TICKET_PRIORITY_CHANGED, data, ref=before.ref, service=before.service)


def _return_to(act: Act, counter: int) -> None:
    """Open a counter that was closed, or end a pause that was begun, by the last action.

    Those who were kept for it wait for every counter by now, by their arrival, and stay so.

    Raises:
        AtAnotherCounter: the clerk has opened another counter.
    """
    left = act.floor.left[counter]
    if left.event.kind == ev.COUNTER_PAUSED:
        act.append(ev.COUNTER_RESUMED, ev.CounterResumption(by=act.by), counter=counter)
        return
    for other, state in act.floor.counter_states.items():
        if other != counter and state.clerk == act.by and state.staffing is not Staffing.CLOSED:
            raise AtAnotherCounter(counter=other)
    services = sorted(act.catalogue.counter(counter).services)
    act.append(ev.COUNTER_OPENED, ev.CounterOpening(services=services, by=act.by), counter=counter)
    if left.before.staffing is Staffing.PAUSED:
        act.append(ev.COUNTER_PAUSED, ev.CounterPause(reason=left.before.reason, by=act.by), counter=counter)


def check_mine_or_left(hall: Hall, counter: int, clerk: str) -> None:
    """Check that a counter is the clerk's own, or was closed by them just now.

    Raises:
        UnknownCounter, CounterClosed, NotYourCounter: it is neither.
    """
    left = hall.floor.left.get(counter)
    if left is None or left.event.kind != ev.COUNTER_CLOSED or who(left.event) != clerk:
        check_mine(hall, counter, clerk)
