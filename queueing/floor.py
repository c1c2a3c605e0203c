"""The hall as it stands: what the events of the open day add up to.

Every live view is read from here, and `apply` is the only way it changes: while the day runs,
after a restart and when the log is verified. So what the screens show cannot differ from the log.
"""

from __future__ import annotations

from collections import Counter as Count
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import cast

from queueing import events as ev
from queueing.dispatch import Place, Waiting
from queueing.events import Event
from queueing.ticket import AT_COUNTER, Leg, State, Ticket

# Under this a service is taken for a slip of the finger and teaches the forecast nothing.
SHORTEST_SERVICE_S = 15
RECENT_CALLS = 9  # the newest stands large on a wall, with eight beside it
RECENT_NO_SHOWS = 6


class Staffing(StrEnum):
    """Whether a counter is staffed."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Desk:
    """A counter now: staffed or not, by whom, with which ticket."""

    staffing: Staffing = Staffing.CLOSED
    since: datetime | None = None
    clerk: str | None = None
    reason: str | None = None
    ref: int | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A call as the wall tells it."""

    seq: int
    ref: int
    number: str
    counter: int
    at: datetime
    again: bool
    priority: bool


@dataclass(frozen=True, slots=True)
class Called:
    """Why and when the ticket at a counter was called."""

    seq: int
    reason: str
    passes: int


@dataclass(frozen=True, slots=True)
class PrinterTrouble:
    """Why a printer's last ticket did not come out, or may not have."""

    printer: str
    cause: str
    number: str
    since: datetime
    spare: bool  # another printer took the ticket over


@dataclass(frozen=True, slots=True)
class HelpCall:
    """Somebody wants a person to come: at a kiosk, or a greeter who needs a colleague."""

    seq: int
    by: str
    at: datetime


@dataclass(slots=True)
class Tally:
    """Today's service times and last wait: of one service, or of one counter."""

    service_s: list[int] = field(default_factory=list)
    learnt_s: int = 0  # sum of the service times the forecast learns from
    learnt: int = 0
    last_wait_s: int | None = None
    finished: int = 0


class Floor:
    """The open day: tickets, line, counters, calls."""

    def __init__(self) -> None:
        self.seq = 0
        self.hash = ""
        self.at: datetime | None = None
        self.day: date | None = None
        self.tickets: dict[int, Ticket] = {}
        self.waiting = Waiting()
        self.desks: dict[int, Desk] = {}
        self.calls: dict[int, Called] = {}  # ref -> its last first call
        self._new_day()

    def _new_day(self) -> None:
        self.tickets = {ref: ticket for ref, ticket in self.tickets.items() if not ticket.ended}
        self.calls = {ref: call for ref, call in self.calls.items() if ref in self.tickets}
        self.recent: list[Call] = []  # newest first: the last few, and all that still stand
        self.no_shows: deque[int] = deque(maxlen=RECENT_NO_SHOWS)
        self.services: dict[str, Tally] = {}
        self.counters: dict[int, Tally] = {}
        self.served = 0
        self.waits_s = 0
        self.waits = 0
        self.printers: dict[str, PrinterTrouble] = {}  # by name; one that works is not here
        self.issues: dict[str, list[datetime]] = {}  # service -> when its numbers of today were given
        self.helps: dict[int, HelpCall] = {}  # by seq: those nobody has come to yet
        self.helped: Count[str] = Count()  # who has helped how many today

    def desk(self, counter: int) -> Desk:
        return self.desks.get(counter, Desk())

    def at_counter(self, counter: int) -> Ticket | None:
        """The ticket called to, or served at, the counter."""
        ref = self.desk(counter).ref
        return None if ref is None else self.tickets.get(ref)

    def unadopted(self) -> list[int]:
        """Tickets of an earlier day still at a counter, which the open day's events do not tell of."""
        return [desk.ref for desk in self.desks.values() if desk.ref is not None and desk.ref not in self.tickets]

    def adopt(self, ticket: Ticket) -> None:
        self.tickets[ticket.ref] = ticket

    def tally(self, service: str) -> Tally:
        return self.services.get(service) or Tally()

    def counter_tally(self, counter: int) -> Tally:
        return self.counters.get(counter) or Tally()

    def apply(self, event: Event) -> None:
        """Take in the next event.

        Raises:
            StepNotAllowed: the ticket's state has no such step; nothing was changed.
        """
        happened = _HAPPENED.get(event.kind)
        if happened is not None:
            happened(self, event)
        self.seq, self.hash, self.at = event.seq, event.hash, event.at

    def apply_all(self, events: Iterable[Event]) -> None:
        for event in events:
            self.apply(event)

    def _day_opened(self, event: Event) -> None:
        # Whatever the new day knows stands in this event and those after it, so that a floor that
        # ran through midnight and one folded from here are the same.
        self._new_day()
        self.day = date.fromisoformat(_text(event.data, "day"))
        self.desks = {}
        for carried in cast("list[dict[str, object]]", event.data["serving"]):
            staffing = Staffing.PAUSED if carried["paused"] else Staffing.OPEN
            by, reason = cast("str | None", carried["by"]), cast("str | None", carried["pause_reason"])
            ref = cast(int, carried["ref"])
            self.desks[cast(int, carried["counter"])] = Desk(staffing, event.at, by, reason, ref)
            self.calls[ref] = Called(
                cast(int, carried["called_seq"]), cast(str, carried["reason"]), cast(int, carried["passes"])
            )

    def _issued(self, event: Event) -> None:
        data, ref, service = event.data, cast(int, event.ref), cast(str, event.service)
        head_start = timedelta(seconds=cast(int, data["head_start_s"]))
        self.tickets[ref] = Ticket(
            ref=ref,
            number=_text(data, "number"),
            day=date.fromisoformat(_text(data, "day")),
            priority_class=_text(data, "priority_class"),
            head_start=head_start,
            arrival=event.seq,
            legs=(Leg(service, event.at),),
        )
        self.issues.setdefault(service, []).append(event.at)
        self.waiting.join(Place(ref, service, event.seq, event.at, head_start))

    def _called(self, event: Event) -> None:
        ref, counter = cast(int, event.ref), cast(int, event.counter)
        ticket = self.tickets[ref].called(event.at, counter, _text(event.data, "by"))
        self.tickets[ref] = ticket
        self.waiting.call(ref, cast("list[str]", event.data["services"]))
        self.calls[ref] = Called(event.seq, _text(event.data, "reason"), cast(int, event.data["passes"]))
        self.desks[counter] = replace(self.desk(counter), ref=ref)
        self._show(event, ticket, again=False)

    def _called_again(self, event: Event) -> None:
        if (ticket := self.tickets.get(cast(int, event.ref))) is not None:
            self.tickets[ticket.ref] = ticket.called_again()
            self._show(event, ticket, again=True)

    def _show(self, event: Event, ticket: Ticket, *, again: bool) -> None:
        # One row a number: a call told again moves up, it does not push another out. Nor is one
        # pushed out whose citizen has not come yet: twenty counters may be calling at once.
        kept = [call for call in self.recent if call.ref != ticket.ref]
        call = Call(
            event.seq,
            ticket.ref,
            ticket.number,
            cast(int, event.counter),
            event.at,
            again,
            ticket.head_start > timedelta(0),
        )
        shown = [call, *kept]
        standing = [old for old in shown[RECENT_CALLS:] if self.tickets[old.ref].state is State.CALLED]
        self.recent = shown[:RECENT_CALLS] + standing

    def _started(self, event: Event) -> None:
        ref = cast(int, event.ref)
        if (ticket := self.tickets.get(ref)) is None:
            return
        self.tickets[ref] = ticket = ticket.started(event.at)
        wait_s = cast(int, ticket.leg.wait_s)
        self.services.setdefault(ticket.service, Tally()).last_wait_s = wait_s
        self.waits_s += wait_s
        self.waits += 1

    def _finished(self, event: Event) -> None:
        ref, counter = cast(int, event.ref), cast(int, event.counter)
        if (ticket := self.tickets.get(ref)) is not None:
            self.tickets[ref] = ticket = ticket.finished(event.at, cast("str | None", event.data["outcome"]))
            if ticket.day == self.day:
                # One that ran past midnight belongs to its own day and is not learnt from.
                self._learn(ticket, counter)
        self._free(counter)

    def _learn(self, ticket: Ticket, counter: int) -> None:
        service_s = cast(int, ticket.leg.service_s)
        self.served += 1
        tallies = (
            self.services.setdefault(ticket.service, Tally()),
            self.counters.setdefault(counter, Tally()),
        )
        for tally in tallies:
            tally.finished += 1
            tally.service_s.append(service_s)
            if service_s >= SHORTEST_SERVICE_S:
                tally.learnt_s += service_s
                tally.learnt += 1

    def _no_show(self, event: Event) -> None:
        ref = cast(int, event.ref)
        if (ticket := self.tickets.get(ref)) is not None:
            self.tickets[ref] = ticket.no_show()
            self.no_shows.append(ref)
        self._free(cast(int, event.counter))

    def _cancelled(self, event: Event) -> None:
        self._gone(event, self.tickets[cast(int, event.ref)].cancelled(event.at))

    def _expired(self, event: Event) -> None:
        self._gone(event, self.tickets[cast(int, event.ref)].expired(event.at))

    def _priority_changed(self, event: Event) -> None:
        ref, data = cast(int, event.ref), event.data
        head_start = timedelta(seconds=cast(int, data["head_start_s"]))
        self.tickets[ref] = self.tickets[ref].reclassed(_text(data, "priority_class"), head_start)
        self.waiting.reclass(ref, head_start)

    def _gone(self, event: Event, ticket: Ticket) -> None:
        self.tickets[ticket.ref] = ticket
        if ticket.ref in self.waiting:
            self.waiting.leave(ticket.ref)
        if event.counter is not None:
            self._free(event.counter)

    def _free(self, counter: int) -> None:
        self.desks[counter] = replace(self.desk(counter), ref=None)

    def _print_told(self, event: Event) -> None:
        printer, cause = _text(event.data, "printer"), cast("str | None", event.data["cause"])
        if cause is None:
            self.printers.pop(printer, None)
            return
        known = self.printers.get(printer)
        since = known.since if known and known.cause == cause else event.at
        spare = cast(bool, event.data["again"])
        self.printers[printer] = PrinterTrouble(printer, cause, _text(event.data, "number"), since, spare)

    def _help_asked(self, event: Event) -> None:
        self.helps[event.seq] = HelpCall(event.seq, _text(event.data, "by"), event.at)

    def _help_given(self, event: Event) -> None:
        self.helps.pop(cast("int | None", event.data["asked"]) or 0, None)
        self.helped[_text(event.data, "by")] += 1

    def _counter_opened(self, event: Event) -> None:
        self._staff(event, Staffing.OPEN, clerk=_text(event.data, "by"))

    def _counter_paused(self, event: Event) -> None:
        self._staff(event, Staffing.PAUSED, reason=cast("str | None", event.data["reason"]))

    def _counter_resumed(self, event: Event) -> None:
        self._staff(event, Staffing.OPEN)

    def _counter_closed(self, event: Event) -> None:
        counter = cast(int, event.counter)
        self.desks[counter] = Desk(Staffing.CLOSED, event.at)

    def _staff(
        self, event: Event, staffing: Staffing, *, clerk: str | None = None, reason: str | None = None
    ) -> None:
        # Only opening makes a counter somebody's: a keypad may pause it for the clerk who sits there.
        counter = cast(int, event.counter)
        desk = self.desk(counter)
        self.desks[counter] = replace(
            desk, staffing=staffing, since=event.at, clerk=clerk or desk.clerk, reason=reason
        )


_HAPPENED = {
    ev.DAY_OPENED: Floor._day_opened,
    ev.TICKET_ISSUED: Floor._issued,
    ev.TICKET_CALLED: Floor._called,
    ev.TICKET_CALLED_AGAIN: Floor._called_again,
    ev.TICKET_STARTED: Floor._started,
    ev.TICKET_FINISHED: Floor._finished,
    ev.TICKET_NO_SHOW: Floor._no_show,
    ev.TICKET_CANCELLED: Floor._cancelled,
    ev.TICKET_EXPIRED: Floor._expired,
    ev.TICKET_PRIORITY_CHANGED: Floor._priority_changed,
    ev.COUNTER_OPENED: Floor._counter_opened,
    ev.COUNTER_PAUSED: Floor._counter_paused,
    ev.COUNTER_RESUMED: Floor._counter_resumed,
    ev.COUNTER_CLOSED: Floor._counter_closed,
    **dict.fromkeys(ev.PRINTS, Floor._print_told),
    ev.HELP_ASKED: Floor._help_asked,
    ev.HELP_GIVEN: Floor._help_given,
}


def _text(data: Mapping[str, object], key: str) -> str:
    return cast(str, data[key])


def open_tickets(floor: Floor) -> list[Ticket]:
    """Tickets that have not ended and are at no counter in service: those the change of day expires."""
    return [t for t in floor.tickets.values() if t.state in (State.WAITING, State.CALLED)]


def in_service(floor: Floor) -> list[tuple[int, Ticket]]:
    """Every counter with the ticket called to it or served at it."""
    found = ((counter, floor.at_counter(counter)) for counter in sorted(floor.desks))
    return [(counter, ticket) for counter, ticket in found if ticket is not None and ticket.state in AT_COUNTER]
