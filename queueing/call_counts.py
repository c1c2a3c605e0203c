"""The calls of a day by their reason, and which of them passed somebody who had come earlier."""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Iterable
from dataclasses import dataclass, field

from queueing import events as ev
from queueing.events import Event


@dataclass(slots=True)
class CallCounts:
    """The calls made on some days, by reason, whether or not anybody came; a call that was undone counts nowhere.

    A call is out of order if it passed at least one earlier arrival who waited and whom the same counter could have
    called (`passes` of the event). A call belongs to the day on which it was made.
    """

    calls: Count[str] = field(default_factory=Count)
    out_of_order: Count[str] = field(default_factory=Count)

    def take_in(self, other: CallCounts) -> None:
        """Add the calls of `other`."""
        self.calls.update(other.calls)
        self.out_of_order.update(other.out_of_order)


class CallCounter:
    """Counts the calls of one service day, beginning with its `day.opened`."""

    def __init__(self) -> None:
        self._calls: dict[int, tuple[str, bool]] = {}  # seq -> reason, out of order

    def hear(self, event: Event) -> None:
        """Take the next event in; a `day.opened` begins from zero."""
        if event.kind == ev.DAY_OPENED:
            self._calls = {}
        elif ev.TICKET_CALLED.marks(event):
            self._calls[event.seq] = event.data["reason"], event.data["passes"] > 0
        elif ev.TICKET_UNDONE.marks(event):
            self._calls.pop(event.data["undoes"], None)

    def counts(self) -> CallCounts:
        """Return the calls up to the last event."""
        calls = self._calls.values()
        return CallCounts(Count(reason for reason, _ in calls), Count(reason for reason, passed in calls if passed))


def call_counts(events: Iterable[Event]) -> CallCounts:
    """Count the calls of one service day from its events."""
    counter = CallCounter()
    for event in events:
        counter.hear(event)
    return counter.counts()
