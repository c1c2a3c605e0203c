"""The four rules of thumb that every forecast is held against, from what anybody in the hall could know.

Last to be called, mean of the last five, queue x mean / open counters, and head of the queue; of the same service
where that is known today, else of any. None of them knows lunch, skills or priority; a forecast that is worse than
the best of them is worth nothing (Ibrahim & Whitt 2009; Thiongane, Chan & L'Ecuyer 2020).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from forecast.learning import keep
from queueing import events as ev
from queueing.events import Event
from queueing.floor import Floor
from queueing.metrics import SHORTEST_SERVICE_S

LAST = 5


class SimpleWaits(NamedTuple):
    """The wait by each rule, in seconds."""

    last_called_s: float
    last_five_s: float
    queue_s: float
    head_s: float


class RulesOfThumb:
    """Follows a hall as the rules need it; `hear` is given each event with the floor after it."""

    def __init__(self, prior_s: Mapping[str, float], counters: Mapping[int, Collection[str]]) -> None:
        """Begin with the configured seconds of each service, and the services of each counter."""
        self.change_plan(prior_s, counters)
        self._service_s: dict[str, list[float]] = {}
        self._new_day()

    def change_plan(self, prior_s: Mapping[str, float], counters: Mapping[int, Collection[str]]) -> None:
        """Take other settings."""
        self._prior_s, self._counters = prior_s, counters

    def _new_day(self) -> None:
        self._waits_s: dict[str, list[float]] = {}  # of those called today, by service

    def hear(self, event: Event, floor: Floor) -> None:
        """Take in an event."""
        ticket = None if event.ref is None else floor.tickets.get(event.ref)
        if ev.DAY_OPENED.marks(event):
            self._new_day()
        elif ticket is not None and ev.TICKET_CALLED.marks(event) and ticket.leg.started_at is None:
            wait_s = (event.at - ticket.leg.queued_at).total_seconds()
            for name in (ticket.service, ""):
                keep(self._waits_s.setdefault(name, []), wait_s, LAST)
        elif ticket is not None and ev.TICKET_FINISHED.marks(event):
            took_s = ticket.leg.service_s
            if took_s is not None and took_s >= SHORTEST_SERVICE_S:
                keep(self._service_s.setdefault(ticket.service, []), took_s)

    def waits(self, floor: Floor, service: str, now: datetime, *, joined: bool = True) -> SimpleWaits:
        """Return the wait of one who has just taken a ticket for a service, and waits already if it has `joined`."""
        can = [number for number, services in self._counters.items() if service in services]
        open_now = [number for number in can if number in floor.open_counters]
        idle = any(floor.counter_state(number).ref is None for number in open_now)
        ahead = floor.waiting.count(service) - joined
        times = self._service_s.get(service) or [self._prior_s[service]]
        queue_s = (ahead + (not idle)) * sum(times) / len(times) / max(1, len(open_now))
        waits_s = self._waits_s.get(service) or self._waits_s.get("") or [queue_s]
        first = floor.waiting.first(service)
        head_s = 0.0 if first is None else (now - first.arrived_at).total_seconds()
        return SimpleWaits(waits_s[-1], sum(waits_s) / len(waits_s), queue_s, head_s)
