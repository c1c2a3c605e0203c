"""Followed advice: a counter that the board proposed and a supervisor asked for, and what came of it.

What was proposed stands in the log with the wish. What came of it are the people who took a number for that service in
the hour after the counter opened: the wait to the first call that nine in ten of those called did not exceed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from queueing import events as ev
from queueing.events import Event
from queueing.metrics import nearest_rank
from queueing.ticket import whole_seconds

OPENS_WITHIN = timedelta(minutes=30)  # later it opened for another reason
LOOKS_AT = timedelta(hours=1)  # who took a number for so long after it opened


@dataclass(slots=True)
class Followed:
    """A proposal that was followed. `opened_at` is None where the counter did not open within half an hour."""

    at: datetime
    counter: int
    service: str
    now_s: int | None
    then_s: int
    opened_at: datetime | None = None
    waits: list[int] = field(default_factory=list)

    @property
    def p90_s(self) -> int | None:
        """Return the wait that nine in ten did not exceed; None while nobody was called."""
        return nearest_rank(sorted(self.waits), 90)


def followed(events: Iterable[Event]) -> list[Followed]:
    """Return the proposals that were followed in these events, in order, and what came of each."""
    every: list[Followed] = []
    pending: dict[int, Followed] = {}  # by counter
    issued: dict[int, tuple[datetime, str]] = {}  # ref -> when, and for what; until the first call
    for event in events:
        if ev.COUNTER_ASKED.marks(event):
            advice = event.data.get("advice")
            if advice is not None:
                proposal = Followed(
                    event.at, event.counter_number, advice["service"], advice["now_s"], advice["then_s"]
                )
                pending[proposal.counter] = proposal
                every.append(proposal)
        elif ev.COUNTER_OPENED.marks(event) or ev.COUNTER_RESUMED.marks(event):
            asked = pending.pop(event.counter_number, None)
            if asked is not None and event.at - asked.at <= OPENS_WITHIN:
                asked.opened_at = event.at
        elif ev.TICKET_ISSUED.marks(event):
            issued[event.ticket_ref] = (event.at, event.service_code)
        elif ev.TICKET_CALLED.marks(event) and event.ref in issued:
            at, service = issued.pop(event.ticket_ref)
            for proposal in every:
                opened = proposal.opened_at
                if opened is not None and proposal.service == service and opened <= at <= opened + LOOKS_AT:
                    proposal.waits.append(whole_seconds(event.at, at))
    return every
