"""The use cases by which a supervisor confirms a leap of the machine's clock, or takes a confirmed one back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hall.appointments import BOOKED, MISSED
from hall.hall import Act, close_day, open_day
from hall.ports import HallStore
from queueing import events as ev
from queueing.clock import LEAP
from queueing.errors import ClockNotHeld, DayIsOver, NoLeapToTakeBack, PeopleStillHere
from queueing.events import Event
from queueing.floor import Floor


def follow_clock(act: Act) -> Event[ev.ClockJumped]:
    """Follow the machine's clock after a leap forward: a supervisor confirms that it is right.

    Raises:
        ClockNotHeld: no leap forward waits for a confirmation.
    """
    clock = act.hall.clock
    try:
        act.at, gone = clock.leapt_to()
    except ValueError as error:
        raise ClockNotHeld() from error
    act.after_commit.append(clock.follow)  # only then: if the event cannot be saved, the clock must not leap
    jumped = ev.ClockJumped(jump_s=gone // timedelta(seconds=1), followed=True, by=act.by)
    return act.append(ev.CLOCK_JUMPED, jumped)


def take_back_leap(act: Act) -> Event[ev.ClockJumped]:
    """Go back to the machine's time after a leap that was confirmed by mistake, and has been corrected there.

    Nobody may be in the hall, so that no wait and no place in the order spans the step back. Idle counters close.
    The hall goes on in the open day, or in a day that was never opened; a closed day stays closed.

    Raises:
        NoLeapToTakeBack: the hall's time is not ahead by as much as a confirmed leap.
        PeopleStillHere: somebody waits, is held, or is at a counter.
        DayIsOver: the day it is by the machine's clock was closed.
    """
    hall, floor = act.hall, act.floor
    try:
        wall, gone = hall.clock.fell_back_to()
    except ValueError as error:
        raise NoLeapToTakeBack() from error
    leap = confirmed_leap(hall.store, gone)
    if leap is None or wall < hall.store.events(leap.seq - 2, 1)[0].at:
        raise NoLeapToTakeBack()
    here = sum(not ticket.ended for ticket in floor.tickets.values())
    if here:
        raise PeopleStillHere(count=here)
    day = hall.local_day(wall)
    if day != floor.day and hall.store.opened_days(day, day):
        raise DayIsOver(day=day.isoformat())
    close_day(act, ends=day != floor.day)
    act.at = wall
    act.after_commit.append(hall.clock.go_back)
    jumped = ev.ClockJumped(jump_s=gone // timedelta(seconds=1), followed=True, by=act.by, takes_back=leap.seq)
    event = act.append(ev.CLOCK_JUMPED, jumped)
    if day != floor.day:
        open_day(act, day)
    _book_again(act, leap.seq, day)
    return event


def confirmed_leap(store: HallStore, gone: timedelta) -> Event[ev.ClockJumped] | None:
    """Return the last leap that a supervisor confirmed, if the machine's clock has gone back by as much; else None."""
    for event in reversed(store.events_of(ev.CLOCK_JUMPED)):
        if "takes_back" in event.data:
            return None
        if event.data["followed"] and "by" in event.data:
            leapt = timedelta(seconds=event.data["jump_s"])
            return event if abs(leapt + gone) <= LEAP else None
    return None


def _book_again(act: Act, leap_seq: int, today: date) -> None:
    """Book the appointments again that the leap has turned into missed ones."""
    store = act.hall.store
    missed = [event for event in store.events_of(ev.APPOINTMENT_MISSED) if event.seq > leap_seq]
    for number in [event.data["appointment"] for event in missed if event.data["day"] >= today.isoformat()]:
        appointment = store.appointment(number)
        if appointment is not None and appointment.state == MISSED:
            store.save_appointment(replace(appointment, state=BOOKED))
            booked = ev.AppointmentBooked(
                appointment=number,
                day=appointment.day.isoformat(),
                due_at=ev.instant(appointment.due_at),
                by=act.by,
            )
            act.append(ev.APPOINTMENT_BOOKED, booked, service=appointment.service)


def goes_back_wrongly(event: Event, floor: Floor) -> bool:
    """Return whether an event is of an earlier time than the one before it, without a leap being taken back.

    With `floor` as it was before the event: nobody may have been in the hall then.
    """
    if floor.at is None or event.at >= floor.at:
        return False
    taken_back = ev.CLOCK_JUMPED.marks(event) and "takes_back" in event.data
    return not taken_back or any(not ticket.ended for ticket in floor.tickets.values())
