"""The present state of the hall: the fold of the open day's events.

Every live view is read from here, and `apply` is the only way it changes: while the day runs,
after a restart and when the log is verified. So what the screens show cannot differ from the log.
"""

from __future__ import annotations

from collections import Counter as Count
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from queueing import events as ev
from queueing.configuration import Configuration
from queueing.dispatch import BY_RULE, Place, Reason, Taken, WaitingQueue
from queueing.errors import StepNotAllowed
from queueing.events import Data, Event, Kind
from queueing.metrics import SHORTEST_SERVICE_S
from queueing.ticket import AT_COUNTER, Leg, State, Ticket, channel_of

RECENT_CALLS = 9  # the newest stands large on a wall, with eight beside it
RECENT_KEPT = 3 * RECENT_CALLS  # so that an undone call leaves no gap
RECENT_NO_SHOWS = 6
STAFF = ("user:", "token:")  # how those are named who work here
PRINTERS = "hall.printers"  # the path of that setting


class Staffing(StrEnum):
    """Whether a counter is staffed."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class CounterState(NamedTuple):
    """A counter now: staffed or not, since when, by which clerk, why it is paused, with which ticket."""

    staffing: Staffing = Staffing.CLOSED
    since: datetime | None = None
    clerk: str | None = None
    reason: str | None = None
    ref: int | None = None


_UNSTAFFED = CounterState()


class CheckedIn(NamedTuple):
    """What somebody's appointment gave their ticket: a head start, and the beginning of its slot."""

    head_start: timedelta
    due_at: datetime


class WallCall(NamedTuple):
    """A call as the wall shows it."""

    seq: int
    ref: int
    number: str
    counter: int
    at: datetime
    again: bool
    priority: bool


class LastCall(NamedTuple):
    """Why and when a ticket was last called; a repeated call is counted in `times`."""

    seq: int
    reason: str
    passes: int
    at: datetime | None = None  # None: before midnight
    times: int = 1
    again_at: datetime | None = None  # when the call was last repeated
    passed: int = 0  # how often the ticket itself had been passed


@dataclass(frozen=True, slots=True)
class Hold:
    """A ticket that is kept for its counter; at `until` it counts as back by itself."""

    counter: int
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Cancel:
    """When a ticket was cancelled, and who did it."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class ByHand:
    """A call out of turn, as the supervisor sees it."""

    seq: int
    at: datetime
    number: str
    counter: int
    why: str
    by: str


class Undoable(NamedTuple):
    """One event of a counter's last action, with what stood before it, so that it can be undone."""

    event: Event
    before: Ticket
    after: Ticket
    taken: Taken | None = None  # of a call
    called: LastCall | None = None  # the call before
    recent: tuple[WallCall, ...] = ()  # the wall before


class CounterLeft(NamedTuple):
    """A pause or a closing that was the last action at a counter, with what stood before it."""

    event: Event
    before: CounterState


class StaffAct(NamedTuple):
    """What one of the staff did last to a ticket that was at no counter, or gave up its place, and the ticket then."""

    event: Event
    before: Ticket | None
    after: Ticket | None


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
    """A call for a person to come, from a kiosk or a greeter."""

    seq: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to all who wait: its words by language; at `until` it ends by itself, else with the day."""

    seq: int
    at: datetime
    texts: Mapping[str, str]
    preset: str | None
    until: datetime | None
    by: str

    def stands(self, now: datetime) -> bool:
        """Return whether it has not ended by itself."""
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True)
class CounterWish:
    """What a supervisor asked of a counter, and what was answered there."""

    seq: int
    at: datetime
    wish: str
    by: str
    answer: str | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EntranceCount:
    """How many people stood before the kiosk, and when."""

    at: datetime
    people: int


@dataclass(slots=True)
class ServedToday:
    """Today's service times and last wait: of one service, or of one counter."""

    service_s: list[int] = field(default_factory=list)
    learnt_s: int = 0  # sum of the service times the forecast learns from
    learnt: int = 0
    waits: dict[int, int] = field(default_factory=dict)  # seq of the start -> wait
    finished: int = 0

    @property
    def last_wait_s(self) -> int | None:
        """Return the wait of the last one whose service began, in seconds; None before the first."""
        return next(reversed(self.waits.values()), None)

    def learn(self, service_s: int, times: int = 1) -> None:
        """Add a service time in seconds; with `times` -1 take it away again."""
        self.finished += times
        if times > 0:
            self.service_s.append(service_s)
        else:
            self.service_s.remove(service_s)
        if service_s >= SHORTEST_SERVICE_S:
            self.learnt_s += times * service_s
            self.learnt += times


class Floor:
    """The open day, folded from its events: tickets, queue, counters, calls.

    Tickets and calls of an earlier day are kept while somebody is still served past midnight.
    """

    def __init__(self) -> None:
        self.seq = 0
        self.hash = ""
        self.at: datetime | None = None
        self.day: date | None = None
        self.tickets: dict[int, Ticket] = {}
        self.counter_states: dict[int, CounterState] = {}
        self.open_counters: frozenset[int] = frozenset()  # those whose clerk is there and calls
        self.calls: dict[int, LastCall] = {}  # ref -> its last first call
        self.holds: dict[int, Hold] = {}
        self.no_show_at: dict[int, datetime] = {}  # ref -> when it did not come
        self.configuration = Configuration()  # the settings, folded from all events up to `seq`
        self.undoable: dict[int, tuple[Undoable, ...]] = {}  # counter -> its last action, as far as it can be undone
        self._new_day()

    def _new_day(self) -> None:
        self.tickets = {ref: ticket for ref, ticket in self.tickets.items() if not ticket.ended}
        self.calls = {ref: call for ref, call in self.calls.items() if ref in self.tickets}
        self.holds, self.no_show_at, self.undoable = {}, {}, {}
        self.left: dict[int, CounterLeft] = {}  # counter -> its pause or closing, while nothing was done since
        self.acted: dict[int, int] = {}  # counter -> the seq of what was done there last
        self.staff_acts: dict[str, StaffAct] = {}  # by whom -> what was done last to a number that was at no counter
        self.waiting = WaitingQueue()
        self.cancels: dict[int, Cancel] = {}  # of those who are cancelled now
        self.taken_back: set[int] = set()  # tickets whose holder has taken a cancel back
        self.moved: dict[str, int] = {}  # a number that was given up for another -> its ticket
        self.letters: dict[str, str] = {}  # what numbers of today begin with -> the service that gave them
        self.delays: dict[int, timedelta] = {}  # ref -> how much later than its issue it counts as having arrived
        self.visual_calls: set[int] = set()  # refs of those who want to be called so that it is seen
        self.deferrals: Count[int] = Count()  # ref -> how often that was asked for
        self.returned_from: dict[int, Hold | datetime] = {}  # ref -> its last hold, or its no-show
        self.recent: list[WallCall] = []  # newest first: the last few, and all that still stand
        self.by_hand: list[ByHand] = []
        self.no_shows: deque[int] = deque(maxlen=RECENT_NO_SHOWS)
        self._by_service: dict[str, ServedToday] = defaultdict(ServedToday)
        self._by_counter: dict[int, ServedToday] = defaultdict(ServedToday)
        self.served = 0
        self.waits_s = 0
        self.waits = 0
        self.printers: dict[str, PrinterTrouble] = {}  # by name; one that works is not here
        self.appointments: dict[int, CheckedIn] = {}  # tickets of those who came with one
        self.issues: dict[str, list[datetime]] = {}  # service -> when its numbers of today were given
        self.helps: dict[int, HelpCall] = {}  # by seq: the calls for help not answered yet
        self.helped: Count[str] = Count()  # who has helped how many today
        self.notice: Notice | None = None  # the last one, unless it was taken down
        self.wishes: dict[int, CounterWish] = {}  # counter -> the last that was asked of it, until it is done
        self.last_finished: dict[int, int] = {}  # counter -> the ticket of today that was finished there last
        self.entrance: list[EntranceCount] = []  # today's counts of the people before the kiosk

    def counter_state(self, counter: int) -> CounterState:
        """Return the state of a counter; one that was not opened today is closed."""
        return self.counter_states.get(counter, _UNSTAFFED)

    def own_head_start(self, ref: int) -> timedelta:
        """Return the head start that a ticket's appointment gave it; none without one."""
        checked_in = self.appointments.get(ref)
        return timedelta() if checked_in is None else checked_in.head_start

    def due_at(self, ref: int) -> datetime | None:
        """Return when the appointment begins with which a ticket's holder came; None without one."""
        checked_in = self.appointments.get(ref)
        return None if checked_in is None else checked_in.due_at

    def wants_visual_call(self, ref: int) -> bool:
        """Return whether a ticket's holder wants to be called so that it is seen; never once the visit is over."""
        return ref in self.visual_calls and ref in self.tickets and not self.tickets[ref].ended

    def at_counter(self, counter: int) -> Ticket | None:
        """Return the ticket called to, or served at, the counter; None when nobody is there."""
        ref = self.counter_state(counter).ref
        return None if ref is None else self.tickets.get(ref)

    def missing_carried(self) -> list[int]:
        """Return the refs of tickets of an earlier day that are still at a counter and not known here yet."""
        return [
            state.ref
            for state in self.counter_states.values()
            if state.ref is not None and state.ref not in self.tickets
        ]

    def add_carried(self, ticket: Ticket) -> None:
        """Add a ticket of `missing_carried`, read from its row."""
        self.tickets[ticket.ref] = ticket

    def served_for(self, service: str) -> ServedToday:
        """Return today's service times of a service."""
        return self._by_service.get(service) or ServedToday()

    def served_at(self, counter: int) -> ServedToday:
        """Return today's service times at a counter."""
        return self._by_counter.get(counter) or ServedToday()

    def apply(self, event: Event) -> None:
        """Fold in the next event; one of an unknown kind only moves `seq`, `hash` and `at`.

        Raises:
            StepNotAllowed: the ticket's state has no such step; nothing was changed.
            LookupError, ValueError, TypeError, AttributeError: the event cannot have happened.
        """
        handler = _HANDLERS.get(event.kind)
        if event.counter is not None and event.kind not in _NO_ACTION:
            # One press of a button may append several events, which are undone together.
            self.undoable[event.counter] = self.undoable.get(event.counter, ()) if event.data.get("press") else ()
            self.left.pop(event.counter, None)
        before = None if event.ref is None else self.tickets.get(event.ref)
        if handler is not None:
            handler(self, event)
        if event.kind not in _NOTES:
            self._note_act(event, before)
        self.seq, self.hash, self.at = event.seq, event.hash, event.at

    def _note_act(self, event: Event, before: Ticket | None) -> None:
        """Note that this was the last action of its counter or, of a number that was at none, of its clerk."""
        if event.counter is not None:
            self.acted[event.counter] = event.seq
        if event.ref is not None and (event.counter is None or event.kind == ev.TICKET_CANCELLED):
            by = str(event.data.get("by", ""))
            if by.startswith(STAFF):
                self.staff_acts[by] = StaffAct(event, before, self.tickets.get(event.ref))

    def _day_opened(self, event: Event[ev.DayOpened]) -> None:
        # The new day is folded from this event on and nothing before it, so that a floor that
        # ran through midnight and one read after a start are the same.
        self._new_day()
        self.day = date.fromisoformat(event.data["day"])
        self.counter_states = {}
        for carried in event.data["serving"]:
            staffing = Staffing.PAUSED if carried["paused"] else Staffing.OPEN
            ref = carried["ref"]
            self.counter_states[carried["counter"]] = CounterState(
                staffing, event.at, carried["by"], carried["pause_reason"], ref
            )
            self.calls[ref] = LastCall(carried["called_seq"], carried["reason"], carried["passes"])
        self._note_open()

    def _issued(self, event: Event[ev.TicketIssued]) -> None:
        data, ref, service = event.data, event.ticket_ref, event.service_code
        head_start = timedelta(seconds=data["head_start_s"])
        self.tickets[ref] = Ticket(
            ref=ref,
            number=data["number"],
            day=date.fromisoformat(data["day"]),
            priority_class=data["priority_class"],
            head_start=head_start,
            arrival=event.seq,
            legs=(Leg(service, event.at),),
            people=data.get("people", 1),
            issued_by=data["by"],
            channel=channel_of(data["by"], data.get("channel"), appointment="appointment" in data),
        )
        self._note_number(event, service, data["number"])
        if "appointment" in data:
            self.appointments[ref] = CheckedIn(head_start, ev.from_instant(data["due_at"]))
        self.waiting.join(Place(ref, service, event.seq, event.at, head_start, appointment=ref in self.appointments))

    def _note_number(self, event: Event, service: str, number: str) -> None:
        self.issues.setdefault(service, []).append(event.at)
        self.letters[number[0]] = service

    def _called(self, event: Event[ev.TicketCalled]) -> None:
        data, ref, counter, reason = event.data, event.ticket_ref, event.counter_number, event.data["reason"]
        before, recent = self.tickets[ref], tuple(self.recent)
        by_hand = reason == Reason.MANUAL
        ticket = before.called(event.at, counter, data["by"], manual=by_hand)
        self.tickets[ref] = ticket
        services = data["services"]
        self._confirm_calls(services, counter)
        taken = self.waiting.call(ref, services, counter, counts=reason in BY_RULE)
        called = self.calls.get(ref)
        self.calls[ref] = LastCall(event.seq, reason, data["passes"], event.at, passed=taken.place.passed)
        self.counter_states[counter] = self.counter_state(counter)._replace(ref=ref)
        if by_hand:
            self.by_hand.append(
                ByHand(event.seq, event.at, ticket.number, counter, data["why"], ticket.leg.clerk or "")
            )
        self._show(event, ticket, again=False)
        self._make_undoable(event, before, taken=taken, called=called, recent=recent)

    def _called_again(self, event: Event[ev.TicketCalledAgain]) -> None:
        if (ticket := self.tickets.get(event.ticket_ref)) is not None:
            self.tickets[ticket.ref] = ticket.called_again()
            call = self.calls[ticket.ref]
            self.calls[ticket.ref] = call._replace(times=call.times + 1, again_at=event.at)
            self._show(event, ticket, again=True)

    def _make_undoable(self, event: Event, before: Ticket, **more: Any) -> None:
        """Keep what stood before an event of the open day at a counter."""
        if event.counter is not None and before.day == self.day:
            done = Undoable(event, before, self.tickets[before.ref], **more)
            self.undoable[event.counter] = (*self.undoable.get(event.counter, ()), done)

    def _confirm_calls(self, services: Iterable[str], counter: int | None = None) -> None:
        """End the undo of calls that other counters made from these queues, because this event depends on them.

        A ticket that such a call passed may have been called with that count, or wait elsewhere with it.
        """
        built_on = frozenset(services)
        for number, action in self.undoable.items():
            for undoable in action:
                call = undoable.event
                if (
                    number != counter
                    and ev.TICKET_CALLED.marks(call)
                    and not built_on.isdisjoint(call.data["services"])
                ):
                    self.undoable[number] = ()

    def _show(self, event: Event, ticket: Ticket, *, again: bool) -> None:
        # One row a number: a repeated call moves up, it does not push another out. Nor is one
        # pushed out whose citizen has not come yet: twenty counters may be calling at once.
        others = [call for call in self.recent if call.ref != ticket.ref]
        call = WallCall(
            event.seq,
            ticket.ref,
            ticket.number,
            event.counter_number,
            event.at,
            again,
            ticket.favoured,
        )
        shown = [call, *others]
        standing = [old for old in shown[RECENT_KEPT:] if self.tickets[old.ref].state is State.CALLED]
        self.recent = shown[:RECENT_KEPT] + standing

    def _started(self, event: Event[ev.TicketStarted]) -> None:
        ref = event.ticket_ref
        if (before := self.tickets.get(ref)) is None:
            return
        self.tickets[ref] = ticket = before.started(event.at)
        wait_s = ticket.leg.wait_s
        if before.leg.started_at is None and wait_s is not None:  # not one who was held
            self._by_service[ticket.service].waits[event.seq] = wait_s
            self.waits_s += wait_s
            self.waits += 1
        self._make_undoable(event, before)

    def _finished(self, event: Event[ev.TicketFinished]) -> None:
        ref, counter = event.ticket_ref, event.counter_number
        if (before := self.tickets.get(ref)) is not None:
            self.tickets[ref] = ticket = before.finished(event.at, event.data["outcome"])
            if ticket.day == self.day:
                # One that ran past midnight belongs to its own day and is not learnt from.
                self._learn(ticket.leg, counter)
                self.served += 1
                self.last_finished[counter] = ref
            self._make_undoable(event, before)
        self._free(counter)

    def _rated(self, event: Event[ev.TicketRated]) -> None:
        """Note the rating of a visit.

        Raises:
            ValueError: the visit was of an earlier day.
        """
        ticket = self.tickets[event.ticket_ref]
        if ticket.day != self.day:
            raise ValueError("no visit of this day")
        self.tickets[ticket.ref] = ticket.rated(event.data["rating"], event.data.get("reason"))

    def _learn(self, leg: Leg, counter: int, times: int = 1) -> None:
        service_s = leg.service_s
        assert service_s is not None, "a leg that ended by service has a service time"
        self._by_service[leg.service].learn(service_s, times)
        self._by_counter[counter].learn(service_s, times)

    def _no_show(self, event: Event[ev.TicketNoShow]) -> None:
        ref = event.ticket_ref
        if (before := self.tickets.get(ref)) is not None:
            self.tickets[ref] = before.no_show()
            self.no_shows.append(ref)
            self.no_show_at[ref] = event.at
            self._make_undoable(event, before)
        self._free(event.counter_number)

    def _held(self, event: Event[ev.TicketHeld]) -> None:
        ref, counter, until = event.ticket_ref, event.counter_number, event.data["until"]
        before = self.tickets[ref]
        self.tickets[ref] = before.held(event.at)
        self.holds[ref] = Hold(counter, None if until is None else ev.from_instant(until))
        self._make_undoable(event, before)
        self._free(counter)

    def _returned(self, event: Event[ev.TicketReturned]) -> None:
        ref, kept_for = event.ticket_ref, event.data["kept_for"]
        before = self.tickets[ref]
        self.tickets[ref] = before.back()
        if before.state is State.HELD:
            self.returned_from[ref] = self.holds.pop(ref)
            jump_reason = None if kept_for is None else Reason.RETURN
            place = self._place(ref)._replace(counter=kept_for, jump_reason=jump_reason)
        else:
            self.returned_from[ref] = self.no_show_at[ref]
            self._forget_no_show(ref)
            place = self._place(ref)._replace(sits_out_next_call=True)
        self.waiting.rejoin(place)

    def _transferred(self, event: Event[ev.TicketTransferred]) -> None:
        ref, counter, data = event.ticket_ref, event.counter_number, event.data
        before = self.tickets[ref]
        self.tickets[ref] = before.transferred(event.at, data["to_service"], data["outcome"])
        self._learn(self.tickets[ref].legs[-2], counter)
        jump_reason = Reason.TRANSFER if data["first"] else None
        self.waiting.rejoin(self._place(ref)._replace(counter=data["to_counter"], jump_reason=jump_reason))
        self._make_undoable(event, before)
        self._free(counter)

    def _place(self, ref: int) -> Place:
        """Return the place of a ticket that waits again: by its arrival, passed as often as before."""
        ticket = self.tickets[ref]
        return Place(
            ref,
            ticket.service,
            ticket.arrival,
            ticket.issued_at + self.delays.get(ref, timedelta()),
            ticket.head_start,
            appointment=ref in self.appointments,
            passed=self.calls[ref].passed,
        )

    def _forget_no_show(self, ref: int) -> None:
        self.no_show_at.pop(ref, None)
        if ref in self.no_shows:
            self.no_shows.remove(ref)

    def _dossiers(self, event: Event[ev.DossiersCounted]) -> None:
        if (before := self.tickets.get(event.ticket_ref)) is not None:
            self.tickets[before.ref] = before._replace(dossiers=event.data["dossiers"])
            self._make_undoable(event, before)

    def _people(self, event: Event[ev.PeopleCounted]) -> None:
        if (ticket := self.tickets.get(event.ticket_ref)) is not None:
            self.tickets[ticket.ref] = ticket.counted(event.data["people"])

    def _visual_call(self, event: Event[ev.VisualCallChanged]) -> None:
        ticket = self.tickets.get(event.ticket_ref)  # None: one that an earlier day left at a counter, still to be read
        if ticket is not None and ticket.ended:
            raise StepNotAllowed(number=ticket.number, state=ticket.state.value)
        change = self.visual_calls.add if event.data["wanted"] else self.visual_calls.discard
        change(event.ticket_ref)

    def _moved(self, event: Event[ev.TicketMoved]) -> None:
        ref, service = event.ticket_ref, event.data["to_service"]
        before = self.tickets[ref]
        self.tickets[ref] = before.moved(service, event.data["number"])
        self.waiting.move(ref, service)
        self.moved[before.number] = ref
        self._note_number(event, service, event.data["number"])

    def _deferred(self, event: Event[ev.TicketDeferred]) -> None:
        ref, delay = event.ticket_ref, timedelta(seconds=event.data["delay_s"])
        self.waiting.defer(ref, self.tickets[ref].issued_at + delay)
        self.delays[ref] = delay
        self.deferrals[ref] += 1

    def _undone(self, event: Event[ev.TicketUndone]) -> None:
        """Undo the last event of the counter's last action, or, without a counter, a return."""
        if event.counter is None:
            self._unreturn(event)
            return
        counter = event.counter_number
        *left, done = self.undoable[counter]
        self.undoable[counter] = tuple(left)
        ref, kind, after = done.before.ref, done.event.kind, done.after
        self.tickets[ref] = done.before
        self.counter_states[counter] = self.counter_state(counter)._replace(
            ref=ref if done.before.counter == counter else None
        )
        if kind == ev.TICKET_CALLED:
            self._uncall(done)
        elif kind == ev.TICKET_STARTED:
            waits = self._by_service[after.service].waits if after.service in self._by_service else {}
            wait_s = waits.pop(done.event.seq, None)
            if wait_s is not None:
                self.waits_s -= wait_s
                self.waits -= 1
        elif kind == ev.TICKET_FINISHED:
            self._learn(after.leg, counter, -1)
            self.served -= 1
            if self.last_finished.get(counter) == ref:
                del self.last_finished[counter]
        elif kind == ev.TICKET_TRANSFERRED:
            self._learn(after.legs[-2], counter, -1)
            self._wait_no_more(ref)
        elif kind == ev.TICKET_HELD:
            del self.holds[ref]
        elif kind == ev.TICKET_NO_SHOW:
            self._forget_no_show(ref)

    def _unreturn(self, event: Event[ev.TicketUndone]) -> None:
        """Send somebody who was let back away again: held, or a no-show, since the same moment as before.

        Raises:
            ValueError: it was not the last thing that one of the staff did, or something happened to the ticket since.
        """
        (act,) = (act for act in self.staff_acts.values() if act.event.seq == event.data["undoes"])
        before = act.before
        if act.event.kind != ev.TICKET_RETURNED or before is None or self.tickets[before.ref] != act.after:
            raise ValueError("no return that could be undone")
        self.tickets[before.ref] = before
        self._wait_no_more(before.ref)
        away = self.returned_from.pop(before.ref)
        if isinstance(away, Hold):
            self.holds[before.ref] = away
            return
        self.no_show_at[before.ref] = away
        again = sorted((*self.no_shows, before.ref), key=lambda ref: self.no_show_at[ref])
        self.no_shows = deque(again, maxlen=RECENT_NO_SHOWS)

    def _wait_no_more(self, ref: int) -> None:
        """Take a ticket out of the queue because what let it wait there was undone."""
        self.waiting.leave(ref)
        for counter, action in self.undoable.items():
            self.undoable[counter] = tuple(
                done if done.taken is None else done._replace(taken=done.taken.without(ref)) for done in action
            )

    def _uncall(self, done: Undoable) -> None:
        ref, taken = done.before.ref, done.taken
        assert taken is not None
        self.waiting.take_back(taken)
        self.by_hand = [call for call in self.by_hand if call.seq != done.event.seq]
        kept_for = taken.place.counter
        if kept_for is not None and self.counter_state(kept_for).staffing is not Staffing.OPEN:
            self.waiting.release(kept_for)
        if done.called is None:
            del self.calls[ref]
        else:
            self.calls[ref] = done.called
        newest = self.recent[0].seq == done.event.seq if self.recent else False
        self.recent = list(done.recent) if newest else [call for call in self.recent if call.ref != ref]

    def _cancelled(self, event: Event[ev.TicketCancelled]) -> None:
        ref = event.ticket_ref
        ticket = self.tickets[ref].cancelled(event.at, event.data.get("why"))
        if ref in self.waiting:
            self.waiting.cancel(ref)
        self.cancels[ref] = Cancel(event.at, event.data["by"])
        self._gone(event, ticket)

    def _reinstated(self, event: Event[ev.TicketReinstated]) -> None:
        ref = event.ticket_ref
        self.tickets[ref] = self.tickets[ref].reinstated()
        del self.cancels[ref]
        if "why" not in event.data:
            self.taken_back.add(ref)
        if not self.waiting.reinstate(ref):
            self.waiting.rejoin(self._place(ref))

    def _expired(self, event: Event[ev.TicketExpired]) -> None:
        self._gone(event, self.tickets[event.ticket_ref].expired(event.at))

    def _priority_changed(self, event: Event[ev.PriorityChanged]) -> None:
        ref, data = event.ticket_ref, event.data
        head_start = timedelta(seconds=data["head_start_s"])
        self._confirm_calls([self.tickets[ref].service])
        self.tickets[ref] = self.tickets[ref].reclassed(data["priority_class"], head_start)
        self.waiting.reclass(ref, head_start)

    def _gone(self, event: Event, ticket: Ticket) -> None:
        self.tickets[ticket.ref] = ticket
        self.holds.pop(ticket.ref, None)
        if ticket.ref in self.waiting:
            self.waiting.leave(ticket.ref)
        if event.counter is not None:
            self._free(event.counter)

    def _free(self, counter: int) -> None:
        self.counter_states[counter] = self.counter_state(counter)._replace(ref=None)

    def _print_reported(self, event: Event[ev.PrintReported]) -> None:
        printer, cause = event.data["printer"], event.data["cause"]
        if cause is None:
            self.printers.pop(printer, None)
            return
        known = self.printers.get(printer)
        since = known.since if known and known.cause == cause else event.at
        self.printers[printer] = PrinterTrouble(printer, cause, event.data["number"], since, spare=event.data["again"])

    def _policy_changed(self, event: Event[ev.PolicyChanged]) -> None:
        self.configuration = self.configuration.after(event)

    def _setting_changed(self, event: Event[ev.SettingChanged]) -> None:
        self.configuration = self.configuration.after(event)
        if any(change["path"] == PRINTERS for change in event.data.get("changes", [])):
            self.printers = {}  # what was reported of the old ones is not true of the new

    def _help_asked(self, event: Event[ev.HelpRequest]) -> None:
        self.helps[event.seq] = HelpCall(event.seq, event.data["by"], event.at)

    def _help_given(self, event: Event[ev.HelpAnswer]) -> None:
        self.helps.pop(event.data["asked"] or 0, None)
        self.helped[event.data["by"]] += 1

    def _notice_posted(self, event: Event[ev.NoticePosted]) -> None:
        data = event.data
        until = None if data["until"] is None else ev.from_instant(data["until"])
        self.notice = Notice(event.seq, event.at, data["texts"], data.get("preset"), until, data["by"])

    def _notice_removed(self, event: Event[ev.NoticeRemoved]) -> None:
        if self.notice is not None and self.notice.seq == event.data["notice"]:
            self.notice = None

    def _counter_asked(self, event: Event[ev.CounterAsked]) -> None:
        data = event.data
        self.wishes[event.counter_number] = CounterWish(event.seq, event.at, data["wish"], data["by"])

    def _counter_answered(self, event: Event[ev.CounterAnswered]) -> None:
        counter, data = event.counter_number, event.data
        asked = self.wishes.get(counter)
        if asked is not None and asked.seq == data["asked"]:
            self.wishes[counter] = replace(asked, answer=data["answer"], answered_at=event.at)

    def _entrance_counted(self, event: Event[ev.EntranceCounted]) -> None:
        self.entrance.append(EntranceCount(event.at, event.data["people"]))

    def _counter_opened(self, event: Event[ev.CounterOpening]) -> None:
        self.wishes.pop(event.counter_number, None)
        self._staff(event, Staffing.OPEN, clerk=event.data["by"])

    def _counter_paused(self, event: Event[ev.CounterPause]) -> None:
        counter = event.counter_number
        before = self.counter_state(counter)
        self._staff(event, Staffing.PAUSED, reason=event.data["reason"])
        if before.staffing is Staffing.OPEN:
            self.left[counter] = CounterLeft(event, before)
        self.waiting.release(counter)

    def _counter_handed_over(self, event: Event[ev.CounterHandover]) -> None:
        counter = event.counter_number
        self.counter_states[counter] = self.counter_state(counter)._replace(clerk=None)

    def _counter_resumed(self, event: Event[ev.CounterResumption]) -> None:
        self.wishes.pop(event.counter_number, None)
        self._staff(event, Staffing.OPEN)

    def _counter_closed(self, event: Event[ev.CounterClosing]) -> None:
        counter = event.counter_number
        if event.data["reason"] == "closed":
            self.left[counter] = CounterLeft(event, self.counter_state(counter))
        self.counter_states[counter] = CounterState(Staffing.CLOSED, event.at)
        self._note_open()
        self.waiting.release(counter)

    def _staff(self, event: Event, staffing: Staffing, *, clerk: str | None = None, reason: str | None = None) -> None:
        # Only opening makes a counter somebody's: a keypad may pause it for the clerk who sits there.
        counter = event.counter_number
        state = self.counter_state(counter)
        self.counter_states[counter] = state._replace(
            staffing=staffing, since=event.at, clerk=clerk or state.clerk, reason=reason
        )
        self._note_open()

    def _note_open(self) -> None:
        # Every ticket and every figure asks for them, so they are found when a counter opens, pauses or closes.
        states = self.counter_states.items()
        self.open_counters = frozenset(number for number, state in states if state.staffing is Staffing.OPEN)


_NOTES = frozenset(map(str, (*ev.PRINTS, *ev.WISHES)))  # nobody did anything to the ticket or counter they name
_NO_ACTION = _NOTES | {str(ev.TICKET_UNDONE)}  # no new action of a clerk that could be undone

Handler = Callable[[Floor, Event[Any]], None]


def _handled(kind: Kind[Data], handler: Callable[[Floor, Event[Data]], None]) -> tuple[str, Handler]:
    """Return a row of the table below; so the type checker holds the handler to the payload of its kind."""
    return str(kind), handler


_HANDLERS: dict[str, Handler] = dict(
    (
        _handled(ev.DAY_OPENED, Floor._day_opened),
        _handled(ev.TICKET_ISSUED, Floor._issued),
        _handled(ev.TICKET_CALLED, Floor._called),
        _handled(ev.TICKET_CALLED_AGAIN, Floor._called_again),
        _handled(ev.TICKET_STARTED, Floor._started),
        _handled(ev.TICKET_FINISHED, Floor._finished),
        _handled(ev.TICKET_NO_SHOW, Floor._no_show),
        _handled(ev.TICKET_HELD, Floor._held),
        _handled(ev.TICKET_RETURNED, Floor._returned),
        _handled(ev.TICKET_TRANSFERRED, Floor._transferred),
        _handled(ev.TICKET_DOSSIERS, Floor._dossiers),
        _handled(ev.TICKET_PEOPLE, Floor._people),
        _handled(ev.TICKET_VISUAL_CALL, Floor._visual_call),
        _handled(ev.TICKET_MOVED, Floor._moved),
        _handled(ev.TICKET_DEFERRED, Floor._deferred),
        _handled(ev.TICKET_RATED, Floor._rated),
        _handled(ev.TICKET_UNDONE, Floor._undone),
        _handled(ev.TICKET_CANCELLED, Floor._cancelled),
        _handled(ev.TICKET_REINSTATED, Floor._reinstated),
        _handled(ev.TICKET_EXPIRED, Floor._expired),
        _handled(ev.TICKET_PRIORITY_CHANGED, Floor._priority_changed),
        _handled(ev.COUNTER_OPENED, Floor._counter_opened),
        _handled(ev.COUNTER_PAUSED, Floor._counter_paused),
        _handled(ev.COUNTER_RESUMED, Floor._counter_resumed),
        _handled(ev.COUNTER_HANDED_OVER, Floor._counter_handed_over),
        _handled(ev.COUNTER_CLOSED, Floor._counter_closed),
        *(_handled(kind, Floor._print_reported) for kind in ev.PRINTS),
        _handled(ev.POLICY_CHANGED, Floor._policy_changed),
        _handled(ev.SETTING_CHANGED, Floor._setting_changed),
        _handled(ev.HELP_ASKED, Floor._help_asked),
        _handled(ev.HELP_GIVEN, Floor._help_given),
        _handled(ev.NOTICE_POSTED, Floor._notice_posted),
        _handled(ev.NOTICE_REMOVED, Floor._notice_removed),
        _handled(ev.COUNTER_ASKED, Floor._counter_asked),
        _handled(ev.COUNTER_ANSWERED, Floor._counter_answered),
        _handled(ev.ENTRANCE_COUNTED, Floor._entrance_counted),
    )
)


def open_tickets(floor: Floor) -> list[Ticket]:
    """Return the tickets that have not ended and are not being served: those the change of day expires."""
    return [t for t in floor.tickets.values() if not t.ended and t.state is not State.SERVING]


def in_service(floor: Floor) -> list[tuple[int, Ticket]]:
    """Return every counter at which somebody is called or served, with the ticket."""
    at_counters = ((counter, floor.at_counter(counter)) for counter in sorted(floor.counter_states))
    return [(counter, ticket) for counter, ticket in at_counters if ticket is not None and ticket.state in AT_COUNTER]
