"""The ticket of a citizen: its state, its legs and the steps from state to state."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from queueing.catalogue import ORDINARY
from queueing.errors import StepNotAllowed


class State(StrEnum):
    """The state of a ticket. A new one is a line here, a line in STEPS, a use case and a button."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"
    FINISHED = "finished"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


STEPS: dict[State, frozenset[State]] = {
    State.WAITING: frozenset({State.CALLED, State.CANCELLED, State.EXPIRED}),
    State.CALLED: frozenset({State.SERVING, State.NO_SHOW, State.CANCELLED, State.EXPIRED}),
    State.SERVING: frozenset({State.FINISHED, State.HELD, State.WAITING}),  # waiting again: transferred
    State.HELD: frozenset({State.WAITING, State.CANCELLED, State.EXPIRED}),
    State.NO_SHOW: frozenset({State.WAITING}),  # once, within the return window
    State.FINISHED: frozenset(),
    State.CANCELLED: frozenset({State.WAITING}),  # taken back, the same day
    State.EXPIRED: frozenset(),
}

# A visit ends with these; only a no-show and a cancelled one may still come back, the same day.
ENDS = frozenset({State.FINISHED, State.NO_SHOW, State.CANCELLED, State.EXPIRED})
AT_COUNTER = frozenset({State.CALLED, State.SERVING})

# How a ticket was issued: at a kiosk, by a greeter, by other staff, or for an appointment, wherever it was checked in.
KIOSK, GREETER, STAFF, APPOINTMENT = "kiosk", "greeter", "staff", "appointment"
CHANNELS = (KIOSK, GREETER, STAFF, APPOINTMENT)


def channel_of(by: str, said: str | None = None, *, appointment: bool = False) -> str:
    """Return the channel of a ticket from its event: an appointment, what it `said`, or else who it was issued `by`."""
    return APPOINTMENT if appointment else said or (KIOSK if by.startswith("device:") else STAFF)


def whole_seconds(later: datetime, earlier: datetime) -> int:
    """Return the time between two events in whole seconds, rounded down: the unit of every figure."""
    between = later - earlier
    return between.days * 86400 + between.seconds


# Named tuples, since every step makes new ones: a third of the time of a frozen dataclass.
class Leg(NamedTuple):
    """One stay of a ticket at one service: queue, call and service. Its times are the base of every figure."""

    service: str
    queued_at: datetime
    called_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    counter: int | None = None
    clerk: str | None = None
    outcome: str | None = None
    calls: int = 0  # the first call and those that repeated it
    manual: int = 0  # calls of this number by hand
    holds: int = 0
    held_s: int = 0  # in holds that are over
    served_s: int = 0  # service before the last hold
    turned_at: datetime | None = None  # when the present stretch of service, or hold, began

    @property
    def wait_s(self) -> int | None:
        """Return the wait time in seconds, from queued to the call that led to its start; None if never started."""
        if self.started_at is None or self.called_at is None:
            return None
        return whole_seconds(self.called_at, self.queued_at)

    @property
    def walk_s(self) -> int | None:
        """Return the seconds from call to start: the walk from the chair to the counter."""
        if self.started_at is None or self.called_at is None:
            return None
        return whole_seconds(self.started_at, self.called_at)

    @property
    def service_s(self) -> int | None:
        """Return the service time in seconds, start to finish without the holds; None until finished."""
        if self.finished_at is None or self.turned_at is None:
            return None
        return self.served_s + whole_seconds(self.finished_at, self.turned_at)


class Ticket(NamedTuple):
    """One citizen's (or family's) visit on one service day.

    Events name the ticket by `ref`. The holder's secret and the language of the call are only in the row of the
    ticket, never in the log, so that nothing computed from the log can reveal them.
    """

    ref: int
    number: str
    day: date
    priority_class: str
    head_start: timedelta
    arrival: int  # the seq of its ticket.issued: the order of arrival, whatever the clock says
    legs: tuple[Leg, ...]
    state: State = State.WAITING
    abandoned_at: datetime | None = None  # when it was cancelled or expired
    dossiers: int = 1
    returned: int = 0  # how often it came back after a no-show
    people: int = 1  # how many came with it
    cancel_reason: str | None = None  # of one that a supervisor ended, because nobody came for it
    issued_by: str = ""  # the kiosk or person that issued it
    channel: str = ""  # one of CHANNELS: how its holder came by it
    rating: str | None = None  # one of `catalogue.RATINGS`, once its holder gave one
    rating_reason: str | None = None

    @property
    def leg(self) -> Leg:
        """Return the present leg."""
        return self.legs[-1]

    @property
    def service(self) -> str:
        """Return the code of the present service."""
        return self.leg.service

    @property
    def issued_at(self) -> datetime:
        """Return the arrival: when the ticket was issued."""
        return self.legs[0].queued_at

    @property
    def key(self) -> tuple[datetime, int]:
        """Return the sort key of the queue: arrival less the head start, then the order of arrival."""
        return (self.issued_at - self.head_start, self.arrival)

    @property
    def favoured(self) -> bool:
        """Return whether it is called as a priority: its class has a head start. An appointment alone is none."""
        return self.priority_class != ORDINARY and self.head_start > timedelta(0)

    @property
    def ended(self) -> bool:
        """Return whether the visit is over."""
        return self.state in ENDS

    @property
    def counter(self) -> int | None:
        """Return the counter it is called to or served at now; None elsewhere."""
        return self.leg.counter if self.state in AT_COUNTER else None

    def called(self, at: datetime, counter: int, clerk: str, *, manual: bool = False) -> Ticket:
        """Return the ticket called to a counter.

        Raises:
            StepNotAllowed: it is not waiting.
        """
        leg = self.leg
        # After a hold the service goes on: the call before it ended the wait.
        called_at = at if leg.started_at is None else leg.called_at
        leg = leg._replace(
            called_at=called_at,
            counter=counter,
            clerk=clerk,
            calls=max(leg.calls, 1),
            manual=leg.manual + manual,
        )
        return self._step(State.CALLED, leg)

    def called_again(self) -> Ticket:
        """Return the ticket called again. The first call stays the one that ends the wait.

        Raises:
            StepNotAllowed: it is not called.
        """
        if self.state is not State.CALLED:
            raise StepNotAllowed(number=self.number, state=self.state.value)
        return self._replace(legs=(*self.legs[:-1], self.leg._replace(calls=self.leg.calls + 1)))

    def reclassed(self, priority_class: str, head_start: timedelta) -> Ticket:
        """Return the ticket with another class and head start; its arrival stays.

        Raises:
            StepNotAllowed: it does not wait.
        """
        if self.state is not State.WAITING:
            raise StepNotAllowed(number=self.number, state=self.state.value)
        return self._replace(priority_class=priority_class, head_start=head_start)

    def moved(self, service: str, number: str) -> Ticket:
        """Return the ticket waiting for another service, under another number; its arrival and its wait stay.

        Raises:
            StepNotAllowed: it does not wait, or its service has begun already.
        """
        if self.state is not State.WAITING or self.leg.started_at is not None:
            raise StepNotAllowed(number=self.number, state=self.state.value)
        return self._replace(number=number, legs=(*self.legs[:-1], self.leg._replace(service=service)))

    def counted(self, people: int) -> Ticket:
        """Return the ticket with another number of people.

        Raises:
            StepNotAllowed: the visit is over.
        """
        if self.ended:
            raise StepNotAllowed(number=self.number, state=self.state.value)
        return self._replace(people=people)

    def started(self, at: datetime) -> Ticket:
        """Return the ticket in service: begun, or continued after a hold.

        Raises:
            StepNotAllowed: it is not called.
        """
        leg = self.leg
        held_s = leg.held_s + (0 if leg.turned_at is None else whole_seconds(at, leg.turned_at))
        return self._step(State.SERVING, leg._replace(started_at=leg.started_at or at, held_s=held_s, turned_at=at))

    def held(self, at: datetime) -> Ticket:
        """Return the ticket on hold: the citizen goes away for a while and continues the same service later.

        Raises:
            StepNotAllowed: it is not being served.
        """
        leg = self.leg
        served_s = leg.served_s + (0 if leg.turned_at is None else whole_seconds(at, leg.turned_at))
        return self._step(State.HELD, leg._replace(served_s=served_s, holds=leg.holds + 1, turned_at=at))

    def back(self) -> Ticket:
        """Return the ticket waiting again: after a hold, or once after a no-show.

        Raises:
            StepNotAllowed: it is neither held nor a no-show, or it came back before.
        """
        no_show = self.state is State.NO_SHOW
        if self.state not in (State.HELD, State.NO_SHOW) or (no_show and self.returned):
            raise StepNotAllowed(number=self.number, state=self.state.value)
        return self._step(State.WAITING, self.leg)._replace(returned=self.returned + no_show)

    def transferred(self, at: datetime, service: str, outcome: str | None) -> Ticket:
        """Return the ticket transferred: this leg ends, the next begins; the arrival stays.

        Raises:
            StepNotAllowed: it is not being served.
        """
        ended = self.finished(at, outcome)
        return ended._replace(state=State.WAITING, legs=(*ended.legs, Leg(service, at)))

    def finished(self, at: datetime, outcome: str | None) -> Ticket:
        """Return the ticket with its service ended.

        Raises:
            StepNotAllowed: it is not being served.
        """
        return self._step(State.FINISHED, self.leg._replace(finished_at=at, outcome=outcome))

    def rated(self, rating: str, reason: str | None) -> Ticket:
        """Return the ticket with its holder's rating of the visit.

        Raises:
            StepNotAllowed: its service has not ended, or it was rated before.
        """
        if self.state is not State.FINISHED or self.rating is not None:
            raise StepNotAllowed(number=self.number, state=self.state.value)
        return self._replace(rating=rating, rating_reason=reason)

    @property
    def unrated(self) -> Ticket:
        """Return the ticket as its steps alone made it."""
        return self._replace(rating=None, rating_reason=None)

    def no_show(self) -> Ticket:
        """Return the ticket as a no-show: called, and nobody came.

        Raises:
            StepNotAllowed: it is not called.
        """
        return self._step(State.NO_SHOW, self.leg)

    def cancelled(self, at: datetime, reason: str | None = None) -> Ticket:
        """Return the ticket cancelled, with a reason if nobody came for it.

        Raises:
            StepNotAllowed: it is being served or has ended.
        """
        return self._step(State.CANCELLED, self.leg)._replace(abandoned_at=at, cancel_reason=reason)

    def reinstated(self) -> Ticket:
        """Return the ticket waiting again: its cancel was taken back.

        Raises:
            StepNotAllowed: it is not cancelled.
        """
        if self.state is not State.CANCELLED:
            raise StepNotAllowed(number=self.number, state=self.state.value)
        return self._step(State.WAITING, self.leg)._replace(abandoned_at=None, cancel_reason=None)

    def expired(self, at: datetime) -> Ticket:
        """Return the ticket expired: the service day ended before it was served.

        Raises:
            StepNotAllowed: it is being served or has ended.
        """
        return self._step(State.EXPIRED, self.leg)._replace(abandoned_at=at)

    def _step(self, to: State, leg: Leg) -> Ticket:
        if to not in STEPS[self.state]:
            raise StepNotAllowed(number=self.number, state=self.state.value)
        return self._replace(state=to, legs=(*self.legs[:-1], leg))
