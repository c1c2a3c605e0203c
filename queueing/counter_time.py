"""The time of counters: how long each served, called, was idle or paused on a day, and why it paused."""

from __future__ import annotations

from collections import Counter as Count
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from queueing import events as ev
from queueing.events import Event
from queueing.ticket import whole_seconds

DAY_END = "day_end"  # the reason of a closing that no clerk asked for
NO_REASON = "none"  # a pause nobody gave a reason for
_SERVING, _CALLING, _IDLE, _PAUSED = "serving", "calling", "idle", "paused"


@dataclass(slots=True)
class CounterTime:
    """How long one counter was in each state, in whole seconds.

    At every moment from opening to closing a counter is in one of four states: serving (a service was started and
    not finished), calling (somebody is called and has not come yet), paused (nobody at the counter, and paused) or
    idle (nobody at the counter, and open). Each unbroken stretch of a state is rounded down to whole seconds; a
    stretch that the change of day ends counts until the last activity of the hall on that day: the PC may have been off
    until the next morning, and nobody knows when the clerk left.
    """

    serving_s: int = 0
    calling_s: int = 0
    idle_s: int = 0
    paused_s: Count[str] = field(default_factory=Count)  # reason -> seconds
    left_open: int = 0  # how often its clerk left it open, so that the change of day closed it

    @property
    def open_s(self) -> int:
        """Return the open time in seconds: serving, calling and idle, without pauses."""
        return self.serving_s + self.calling_s + self.idle_s

    def take_in(self, other: CounterTime) -> None:
        """Add the time of `other`."""
        self.serving_s += other.serving_s
        self.calling_s += other.calling_s
        self.idle_s += other.idle_s
        self.paused_s.update(other.paused_s)
        self.left_open += other.left_open

    def _spend(self, state: str, reason: str, seconds: int) -> None:
        if state == _SERVING:
            self.serving_s += seconds
        elif state == _CALLING:
            self.calling_s += seconds
        elif state == _IDLE:
            self.idle_s += seconds
        else:
            self.paused_s[reason] += seconds


def is_day_end(event: Event) -> bool:
    """Return whether the change of day did it: it ends tickets, closes counters that were left open, and the day."""
    if ev.COUNTER_CLOSED.marks(event):
        return event.data["reason"] == DAY_END
    return event.kind in (ev.TICKET_EXPIRED, ev.DAY_CLOSED)


def is_activity(event: Event) -> bool:
    """Return whether somebody did something at a counter or with a ticket: not the change of day, nor a rating."""
    names_one = event.counter is not None or event.ref is not None
    return names_one and event.kind != ev.TICKET_RATED and not is_day_end(event)


@dataclass(slots=True)
class _CounterState:
    staffing: str = ""  # "", "open" or "paused"
    clerk: str = ""  # who opened it; nobody after a hand-over
    reason: str = NO_REASON
    busy: str = ""  # "", serving or calling
    since: datetime | None = None
    state: tuple[str, str] | None = None

    def now(self) -> tuple[str, str] | None:
        if self.busy:
            return self.busy, NO_REASON
        if not self.staffing:
            return None
        return (_IDLE, NO_REASON) if self.staffing == "open" else (_PAUSED, self.reason)


class CounterClock:
    """Computes every counter's time from the events of one service day, beginning with its `day.opened`.

    Needed are the events that name a counter, and the last activity of the day.
    `by_clerk`: for each clerk at it apart; another clerk begins a new stretch.
    """

    def __init__(self, *, by_clerk: bool = False) -> None:
        self._by_clerk = by_clerk
        self._times: dict[tuple[int, str], CounterTime] = defaultdict(CounterTime)
        self._states: dict[int, _CounterState] = {}
        self._last: datetime | None = None
        self._active = datetime.min.replace(tzinfo=UTC)  # when the last activity was

    def hear(self, event: Event) -> None:
        """Take the next event in; a `day.opened` begins from zero."""
        self._last = event.at
        if ev.DAY_OPENED.marks(event) or is_activity(event):
            self._active = event.at
        if ev.DAY_OPENED.marks(event):
            self._times, self._states = defaultdict(CounterTime), {}
            for carried in event.data["serving"]:
                reason = carried["pause_reason"] or NO_REASON
                staffing, clerk = "paused" if carried["paused"] else "open", carried["by"] or ""
                counter_state = _CounterState(staffing, clerk, reason, _SERVING, event.at)
                counter_state.state = counter_state.now()
                self._states[carried["counter"]] = counter_state
        elif event.kind == ev.DAY_CLOSED:
            for counter in self._states:
                self._end(counter, self._active)
            self._states = {}
        elif event.counter is not None and (change := _CHANGES.get(event.kind)) is not None:
            if ev.COUNTER_CLOSED.marks(event) and event.data["reason"] == DAY_END:
                self._of(event.counter).left_open += 1
            if event.counter not in self._states:
                self._states[event.counter] = _CounterState()
            counter_state = self._states[event.counter]
            time = self._of(event.counter)
            change(counter_state, event)
            before, counter_state.state = counter_state.state, counter_state.now()
            if counter_state.state != before or self._of(event.counter) is not time:
                # What the change of day ends has ended with the last activity.
                at = self._active if is_day_end(event) else event.at
                if before is not None:
                    self._spend(time, before, counter_state, at)
                counter_state.since = at

    def times(self) -> dict[int, CounterTime]:
        """Return the time of every counter that was staffed, up to the last event."""
        return {counter: time for (counter, _), time in sorted(self.clerk_times().items())}

    def clerk_times(self) -> dict[tuple[int, str], CounterTime]:
        """Return the time of every counter and clerk, up to the last event; without `by_clerk` the clerk is ""."""
        if self._last is not None:
            for counter in self._states:
                self._end(counter, self._last)
        return {key: time for key, time in self._times.items() if time != CounterTime() or not self._by_clerk}

    def _of(self, counter: int) -> CounterTime:
        state = self._states.get(counter)
        return self._times[counter, state.clerk if state is not None and self._by_clerk else ""]

    def _end(self, counter: int, at: datetime) -> None:
        counter_state = self._states[counter]
        if counter_state.state is not None:
            self._spend(self._of(counter), counter_state.state, counter_state, at)
            counter_state.since = at

    def _spend(self, time: CounterTime, state: tuple[str, str], counter_state: _CounterState, at: datetime) -> None:
        if counter_state.since is not None:
            time._spend(*state, whole_seconds(at, counter_state.since))


def _opened(counter_state: _CounterState, event: Event[ev.CounterOpening]) -> None:
    counter_state.staffing, counter_state.clerk = "open", event.data["by"]


def _resumed(counter_state: _CounterState, event: Event) -> None:
    counter_state.staffing = "open"


def _handed_over(counter_state: _CounterState, event: Event) -> None:
    counter_state.clerk = ""


def _paused(counter_state: _CounterState, event: Event[ev.CounterPause]) -> None:
    counter_state.staffing, counter_state.reason = "paused", event.data["reason"] or NO_REASON


def _closed(counter_state: _CounterState, event: Event) -> None:
    counter_state.staffing = ""


def _called(counter_state: _CounterState, event: Event) -> None:
    counter_state.busy = _CALLING


def _started(counter_state: _CounterState, event: Event) -> None:
    counter_state.busy = _SERVING


def _left(counter_state: _CounterState, event: Event) -> None:
    counter_state.busy = ""


def _undone(counter_state: _CounterState, event: Event[ev.TicketUndone]) -> None:
    counter_state.busy = {"called": _CALLING, "serving": _SERVING}.get(event.data["state"], "")


_CHANGES: dict[str, Callable[[_CounterState, Event[Any]], None]] = {
    ev.COUNTER_OPENED: _opened,
    ev.COUNTER_RESUMED: _resumed,
    ev.COUNTER_HANDED_OVER: _handed_over,
    ev.COUNTER_PAUSED: _paused,
    ev.COUNTER_CLOSED: _closed,
    ev.TICKET_CALLED: _called,
    ev.TICKET_STARTED: _started,
    ev.TICKET_FINISHED: _left,
    ev.TICKET_NO_SHOW: _left,
    ev.TICKET_HELD: _left,
    ev.TICKET_TRANSFERRED: _left,
    ev.TICKET_UNDONE: _undone,
    ev.TICKET_CANCELLED: _left,
    ev.TICKET_EXPIRED: _left,
}


def clerk_times(events: Iterable[Event]) -> dict[tuple[int, str], CounterTime]:
    """Compute the time of each counter and clerk on one service day from its events; "" after a hand-over."""
    clock = CounterClock(by_clerk=True)
    for event in events:
        clock.hear(event)
    return clock.clerk_times()


def counter_times(events: Iterable[Event]) -> dict[int, CounterTime]:
    """Compute the counters' time of one service day from its events."""
    clock = CounterClock()
    for event in events:
        clock.hear(event)
    return clock.times()
