"""A citizen's place in the hall: the ticket, its legs and the steps it may take."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from queueing.catalogue import ORDINARY
from queueing.errors import StepNotAllowed


class State(StrEnum):
    """Where a ticket stands. A new state is a line here, a line in STEPS, a use case and a button."""

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
    State.SERVING: frozenset({State.FINISHED, State.HELD, State.WAITING}),  # waiting again: sent on
    State.HELD: frozenset({State.WAITING, State.CANCELLED, State.EXPIRED}),
    State.NO_SHOW: frozenset({State.WAITING}),  # once, and not for long
    State.FINISHED: frozenset(),
    State.CANCELLED: frozenset(),
    State.EXPIRED: frozenset(),
}

# A visit ends with these; only a no-show may still come back, the same day.
ENDS = frozenset({State.FINISHED, State.NO_SHOW, State.CANCELLED, State.EXPIRED})
AT_COUNTER = frozenset({State.CALLED, State.SERVING})


def whole_seconds(later: datetime, earlier: datetime) -> int:
    """The floor, in whole seconds, of the time between two events: the unit of every figure."""
    between = later - earlier
    return between.days * 86400 + between.seconds


# Named tuples, since every step makes new ones: a third of the time of a frozen dataclass.
class Leg(NamedTuple):
    """One stay at one service. Wait, walk and service time come from here."""

    service: str
    queued_at: datetime
    called_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    counter: int | None = None
    clerk: str | None = None
    outcome: str | None = None
    calls: int = 0  # every call, the first and those told again
    manual: int = 0  # calls of this very number by hand
    holds: int = 0
    held_s: int = 0  # holds that are over
    served_s: int = 0  # what was served before the last hold
    turned_at: datetime | None = None  # when the present stretch of service, or hold, began

    @property
    def wait_s(self) -> int | None:
        """Wait time: queued to the call that led to its start, seconds; None when never started."""
        if self.started_at is None or self.called_at is None:
            return None
        return whole_seconds(self.called_at, self.queued_at)

    @property
    def walk_s(self) -> int | None:
        """Call to start, seconds: the way from the chair to the counter."""
        if self.started_at is None or self.called_at is None:
            return None
        return whole_seconds(self.started_at, self.called_at)

    @property
    def service_s(self) -> int | None:
        """Service time: start to finish without the holds, seconds; None until finished."""
        if self.finished_at is None or self.turned_at is None:
            return None
        return self.served_s + whole_seconds(self.finished_at, self.turned_at)


class Ticket(NamedTuple):
    """One citizen's (or family's) visit on one service day.

    `ref` is what events use. The holder's secret and the language of the call are not here: they
    stand in the ticket's row only, so that nothing built from the log can give them away.
    """

    ref: int
    number: str
    day: date
    priority_class: str
    head_start: timedelta
    arrival: int  # the seq of its ticket.issued: the order of arrival, whatever the clock says
    legs: tuple[Leg, ...]
    state: State = State.WAITING
    abandoned_at: datetime | None = None  # cancelled or expired
    dossiers: int = 1
    returned: int = 0  # how often it came back after it had missed its call

    @property
    def leg(self) -> Leg:
        """The present leg."""
        return self.legs[-1]

    @property
    def service(self) -> str:
        return self.leg.service

    @property
    def issued_at(self) -> datetime:
        return self.legs[0].queued_at

    @property
    def key(self) -> tuple[datetime, int]:
        """The place in the order: arrival less the head start, then the order of arrival."""
        return (self.issued_at - self.head_start, self.arrival)

    @property
    def favoured(self) -> bool:
        """Whether it is called as a priority: its class counts as earlier. An appointment alone is none."""
        return self.priority_class != ORDINARY and self.head_start > timedelta(0)

    @property
    def ended(self) -> bool:
        return self.state in ENDS

    @property
    def counter(self) -> int | None:
        """The counter it is called to or served at now."""
        return self.leg.counter if self.state in AT_COUNTER else None

    def called(self, at: datetime, counter: int, clerk: str, *, manual: bool = False) -> Ticket:
        """Invited to a counter.

        Raises:
            StepNotAllowed: it is not waiting.
        """
        leg = self.leg
        # A service that goes on after a hold was called for before: that call ended its wait.
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
        """Invited once more. The first call stays the one that ends the wait.

        Raises:
            StepNotAllowed: it is not called.
        """
        if self.state is not State.CALLED:
            raise StepNotAllowed(number=self.number, state=self.state.value)
        return self._replace(legs=(*self.legs[:-1], self.leg._replace(calls=self.leg.calls + 1)))

    def reclassed(self, priority_class: str, head_start: timedelta) -> Ticket:
        """Priority granted or withdrawn; the arrival stays.

        Raises:
            StepNotAllowed: it does not wait.
        """
        if self.state is not State.WAITING:
            raise StepNotAllowed(number=self.number, state=self.state.value)
        return self._replace(priority_class=priority_class, head_start=head_start)

    def started(self, at: datetime) -> Ticket:
        """Service begins, or goes on after a hold.

        Raises:
            StepNotAllowed: it is not called.
        """
        leg = self.leg
        held_s = leg.held_s + (0 if leg.turned_at is None else whole_seconds(at, leg.turned_at))
        return self._step(State.SERVING, leg._replace(started_at=leg.started_at or at, held_s=held_s, turned_at=at))

    def held(self, at: datetime) -> Ticket:
        """Sent away for a while, to go on with the same service.

        Raises:
            StepNotAllowed: it is not being served.
        """
        leg = self.leg
        served_s = leg.served_s + (0 if leg.turned_at is None else whole_seconds(at, leg.turned_at))
        return self._step(State.HELD, leg._replace(served_s=served_s, holds=leg.holds + 1, turned_at=at))

    def back(self) -> Ticket:
        """Waits again: back from a hold, or once after a missed call.

        Raises:
            StepNotAllowed: it is neither held nor a no-show, or it came back before.
        """
        missed = self.state is State.NO_SHOW
        if self.state not in (State.HELD, State.NO_SHOW) or (missed and self.returned):
            raise StepNotAllowed(number=self.number, state=self.state.value)
        return self._step(State.WAITING, self.leg)._replace(returned=self.returned + missed)

    def transferred(self, at: datetime, service: str, outcome: str | None) -> Ticket:
        """Sent on: this leg ends, the next begins; the arrival stays what it was.

        Raises:
            StepNotAllowed: it is not being served.
        """
        ended = self.finished(at, outcome)
        return ended._replace(state=State.WAITING, legs=(*ended.legs, Leg(service, at)))

    def finished(self, at: datetime, outcome: str | None) -> Ticket:
        """Service ends.

        Raises:
            StepNotAllowed: it is not being served.
        """
        return self._step(State.FINISHED, self.leg._replace(finished_at=at, outcome=outcome))

    def no_show(self) -> Ticket:
        """Called and did not come.

        Raises:
            StepNotAllowed: it is not called.
        """
        return self._step(State.NO_SHOW, self.leg)

    def cancelled(self, at: datetime) -> Ticket:
        """The place was given up.

        Raises:
            StepNotAllowed: it is being served or has ended.
        """
        return self._step(State.CANCELLED, self.leg)._replace(abandoned_at=at)

    def expired(self, at: datetime) -> Ticket:
        """The service day ended before it was served.

        Raises:
            StepNotAllowed: it is being served or has ended.
        """
        return self._step(State.EXPIRED, self.leg)._replace(abandoned_at=at)

    def _step(self, to: State, leg: Leg) -> Ticket:
        if to not in STEPS[self.state]:
            raise StepNotAllowed(number=self.number, state=self.state.value)
        return self._replace(state=to, legs=(*self.legs[:-1], leg))
