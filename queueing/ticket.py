"""A citizen's place in the hall: the ticket, its legs and the steps it may take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from queueing.errors import StepNotAllowed


class State(StrEnum):
    """Where a ticket stands. A new state is a line here, a line in STEPS, a use case and a button."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    FINISHED = "finished"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


STEPS: dict[State, frozenset[State]] = {
    State.WAITING: frozenset({State.CALLED, State.CANCELLED, State.EXPIRED}),
    State.CALLED: frozenset({State.SERVING, State.NO_SHOW, State.CANCELLED, State.EXPIRED}),
    State.SERVING: frozenset({State.FINISHED}),
    State.FINISHED: frozenset(),
    State.NO_SHOW: frozenset(),
    State.CANCELLED: frozenset(),
    State.EXPIRED: frozenset(),
}

AT_COUNTER = frozenset({State.CALLED, State.SERVING})


def whole_seconds(later: datetime, earlier: datetime) -> int:
    """The floor, in whole seconds, of the time between two events: the unit of every figure."""
    return (later - earlier) // timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Leg:
    """One stay at one service. Wait, walk and service time come from here."""

    service: str
    queued_at: datetime
    called_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    counter: int | None = None
    clerk: str | None = None
    outcome: str | None = None
    calls: int = 0

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
        """Service time: start to finish, seconds; None until finished."""
        if self.finished_at is None or self.started_at is None:
            return None
        return whole_seconds(self.finished_at, self.started_at)


@dataclass(frozen=True, slots=True)
class Ticket:
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
    given_up_at: datetime | None = None  # cancelled or expired

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
    def ended(self) -> bool:
        return not STEPS[self.state]

    def called(self, at: datetime, counter: int, clerk: str) -> Ticket:
        """Invited to a counter.

        Raises:
            StepNotAllowed: it is not waiting.
        """
        leg = replace(self.leg, called_at=at, counter=counter, clerk=clerk, calls=1)
        return self._step(State.CALLED, leg)

    def called_again(self) -> Ticket:
        """Invited once more. The first call stays the one that ends the wait.

        Raises:
            StepNotAllowed: it is not called.
        """
        if self.state is not State.CALLED:
            raise StepNotAllowed(number=self.number, state=self.state.value)
        return replace(self, legs=(*self.legs[:-1], replace(self.leg, calls=self.leg.calls + 1)))

    def reclassed(self, priority_class: str, head_start: timedelta) -> Ticket:
        """Priority granted or withdrawn; the arrival stays.

        Raises:
            StepNotAllowed: it does not wait.
        """
        if self.state is not State.WAITING:
            raise StepNotAllowed(number=self.number, state=self.state.value)
        return replace(self, priority_class=priority_class, head_start=head_start)

    def started(self, at: datetime) -> Ticket:
        """Service begins.

        Raises:
            StepNotAllowed: it is not called.
        """
        return self._step(State.SERVING, replace(self.leg, started_at=at))

    def finished(self, at: datetime, outcome: str | None) -> Ticket:
        """Service ends.

        Raises:
            StepNotAllowed: it is not being served.
        """
        return self._step(State.FINISHED, replace(self.leg, finished_at=at, outcome=outcome))

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
        return replace(self._step(State.CANCELLED, self.leg), given_up_at=at)

    def expired(self, at: datetime) -> Ticket:
        """The service day ended before it was served.

        Raises:
            StepNotAllowed: it is being served or has ended.
        """
        return replace(self._step(State.EXPIRED, self.leg), given_up_at=at)

    def _step(self, to: State, leg: Leg) -> Ticket:
        if to not in STEPS[self.state]:
            raise StepNotAllowed(number=self.number, state=self.state.value)
        return replace(self, state=to, legs=(*self.legs[:-1], leg))
