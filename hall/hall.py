"""The hall: runs every use case as the one writer of the log, and keeps the present state, the floor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import structlog

from hall.ahead import LookAhead
from hall.catalogue.model import Catalogue, plain, template_of
from hall.forecaster import Forecaster, Newcomer, Quantiles
from hall.group_commit import GroupCommit, PendingCommand
from hall.options import HallOptions
from hall.ports import BrokenLog, CannotSave, HallStore, Listener, RequestIdentity
from queueing import events as ev
from queueing.clock import SteadyClock
from queueing.configuration import RECORDED, Configuration, value_at
from queueing.dispatch import Place
from queueing.errors import KeyReused, StepNotAllowed, UnknownTicket
from queueing.events import Data, Event, Kind, next_event
from queueing.floor import Floor, Staffing, in_service, open_tickets
from queueing.ticket import Ticket
from queueing.turns import Before

T = TypeVar("T")
SYSTEM = "system"
ANSWERS_KEPT = timedelta(hours=48)
RATING_WORDS_KEPT = timedelta(days=30)
TIMEZONE = ("hall", "timezone")  # the path of that setting
# After these somebody waits for something else than was forecast.
FORECAST_CHANGED = frozenset({ev.TICKET_PRIORITY_CHANGED, ev.TICKET_MOVED, ev.TICKET_DEFERRED})

log = structlog.get_logger()


class Act:
    """One use case being run: inside the transaction, at one instant (`at`), by one actor (`by`)."""

    def __init__(self, hall: Hall, by: str, at: datetime) -> None:
        self.hall = hall
        self.by = by
        self.at = at
        self.events: list[Event] = []
        self.touched = False  # whether the floor may differ from what is committed
        self.after_commit: list[Callable[[], object]] = []  # what no rollback could undo

    @property
    def floor(self) -> Floor:
        """Return the present state, with all that this act has appended."""
        return self.hall.floor

    @property
    def catalogue(self) -> Catalogue:
        """Return the settings in force."""
        return self.hall.catalogue

    def append(
        self,
        kind: Kind[Data],
        data: Data,
        *,
        ref: int | None = None,
        counter: int | None = None,
        service: str | None = None,
    ) -> Event[Data]:
        """Append an event to the log, and write the rows it changes; return the event.

        The rows are written from the floor after it folded the event in, so a row cannot say
        anything else than the log.

        Raises:
            StepNotAllowed: the ticket's state has no such step; nothing was changed.
        """
        floor = self.floor
        before = floor.hash or self.hall.log_id
        event = next_event(before, floor.seq + 1, self.at, kind, data, ref=ref, counter=counter, service=service)
        self.touched = True  # set before the change: if it fails half-way, the floor is read again
        self.hall.closed_day_revision += save_fact(self.hall.store, floor, event)
        self.events.append(event)
        return event

    def ticket(self, ref: int) -> Ticket:
        """Return a ticket, of the open day or of an earlier one.

        Raises:
            UnknownTicket: there is none.
        """
        ticket = self.hall.ticket(ref)
        if ticket is None:
            raise UnknownTicket()
        return ticket


class _RollbackNeeded(Exception):
    """A use case failed after it had changed something; the cause says why."""


class Hall:
    """One reception point: a log, its present state, and the only way to change them.

    Every change passes through `execute` or `run_as_system`; every read of the present uses `floor`.
    """

    def __init__(self, store: HallStore, clock: SteadyClock, options: HallOptions = HallOptions()) -> None:  # noqa: B008  frozen
        self.store = store
        self.clock = clock
        # The store's own lock: with a second one, two threads could hold one each and wait for ever.
        self.lock = store.lock
        self.group_commit = GroupCommit(self._execute_batch, options.give_way)
        self.listeners: list[Listener] = []
        self.closed_day_revision = 0  # rises when the figures of a closed day change; from 0 at every start
        self.issuing_suspended = False  # the disk is so full that only tickets already issued are served
        self.version = options.version
        self.rule_words = options.rule_words
        self.notice_words = options.notice_words
        self.printers_fixed = options.printers_fixed
        self.printer_choices = options.printer_choices
        self._printer_names = options.printer_names
        self._unpublished: list[Event] = []
        identity = store.identity()
        if identity is None:
            raise ValueError("the store holds no hall yet; found one first")
        self.hall_id, self.log_id = identity
        self.floor = load_floor(store)
        self._indexed: tuple[Configuration, Catalogue] | None = None
        self._look_ahead = LookAhead()
        self.forecaster: Forecaster = options.forecaster
        last = store.last_event()
        self._leapt = leap_of(store.last_event(ev.CLOCK_JUMPED))
        jump = clock.begin(last.at if last else None, self._leapt)
        self._jumps = [] if jump is None else [jump]
        if not self.floor.configuration.whole:
            self.run_as_system(record_settings)
        self.refresh()

    # -- changes -----------------------------------------------------------------------------

    def execute(self, request: RequestIdentity, use_case: Callable[[Act], T], answer: Callable[[T], bytes]) -> bytes:
        """Run a use case once and return its encoded answer: all of it is saved, or nothing.

        The same request again gets the first answer and changes nothing. A refusal is not kept,
        so that it can be tried again. Listeners are notified after the commit.

        Raises:
            KeyReused: the key was used for another content.
            Refusal: whatever the use case refuses.
        """

        def idempotent(act: Act) -> bytes:
            kept = self.store.answer(request)
            if kept is not None:
                if kept.digest != request.digest:
                    raise KeyReused()
                return kept.body
            body = answer(use_case(act))
            self.store.keep_answer(request, body, act.at)
            return body

        command = PendingCommand(idempotent, request.caller)
        self.group_commit.submit(command)
        body: bytes = command.outcome()
        return body

    def answered(self, request: RequestIdentity) -> bool:
        """Return whether a command with this caller, route and key was executed, whatever its content."""
        return self.store.answer(request) is not None

    def run_as_system(self, use_case: Callable[[Act], T], by: str = SYSTEM) -> T:
        """Run a use case that no repeatable request asked for (the clock, the command line); return its result.

        Raises:
            Refusal: whatever the use case refuses.
        """
        command = PendingCommand(use_case, by)
        with self.lock:
            self._commit_batch([command])
        result: T = command.outcome()
        return result

    def _execute_batch(self, commands: list[PendingCommand]) -> None:
        with self.lock:
            self._advance_clock()
            self._commit_batch(commands)

    def _commit_batch(self, commands: list[PendingCommand]) -> None:
        """Run the commands in order in one transaction; after the commit notify the listeners.

        One that fails before it changed anything is refused alone. One that fails later takes the
        transaction with it; then each is run again by itself.
        """
        try:
            with self.store.transaction():
                self._read_new_events()
                for command in commands:
                    self._run_one(command)
            for command in commands:
                if command.error is None and command.act is not None:
                    self._unpublished += command.act.events
                    for step in command.act.after_commit:
                        step()
        except _RollbackNeeded as failure:
            self._reload_if_touched(commands)
            if len(commands) == 1:
                commands[0].error = failure.__cause__
            else:
                for command in commands:
                    command.error = None
                    self._commit_batch([command])
        except BaseException:  # an interrupt too: the floor must never hold what was not committed
            self._reload_if_touched(commands)
            raise
        finally:
            # Still under the lock, so that listeners get the events in the order of the log.
            self._publish()

    def _run_one(self, command: PendingCommand) -> None:
        """Run one command inside the transaction; keep its result, or an error that concerns it alone.

        Raises:
            _RollbackNeeded: it failed after it had changed something.
        """
        before = self.store.rows_changed()
        command.act = act = Act(self, command.by, self._now())
        try:
            command.result = command.use_case(act)
        except Exception as error:  # raised again for the caller of this command, by `outcome`
            if act.touched or self.store.rows_changed() != before:
                raise _RollbackNeeded from error
            command.error = error

    def _reload_if_touched(self, commands: list[PendingCommand]) -> None:
        if any(command.act is not None and command.act.touched for command in commands):
            self.reload()

    def refresh(self) -> None:
        """Read what another process wrote, and append what is due by now: a clock jump, a new day, returns from holds.

        Raises:
            CannotSave: something is due, and the store cannot write.
        """
        with self.lock:
            self._read_new_events()
            self._publish()
            self._advance_clock()

    def _advance_clock(self) -> None:
        day = self.local_day(self._now())
        while self._jumps:
            self._append_jump(self._jumps[0].by, followed=self.clock.held is None)
            del self._jumps[0]  # only now that it is saved: a full disk must not hide it
        if self._leapt is not None and self.clock.held is None:
            # The clock is back from its leap, so the next start must not ask for a confirmation.
            self._append_jump(-self._leapt, followed=True)
        if self.floor.day is None or day > self.floor.day:
            self.run_as_system(lambda act: turn_day(act, day))
        if any(hold.until is not None and hold.until <= self._now() for hold in self.floor.holds.values()):
            self.run_as_system(return_due)

    def _append_jump(self, by: timedelta, *, followed: bool) -> None:
        jumped = ev.ClockJumped(jump_s=by // timedelta(seconds=1), followed=followed)
        self.run_as_system(lambda act: act.append(ev.CLOCK_JUMPED, jumped))

    # -- set by the running program ----------------------------------------------------------

    def suspend_issuing(self, suspended: bool) -> None:
        """Refuse new tickets while `suspended`: the space left on a full disk is for tickets already issued."""
        self.issuing_suspended = suspended

    # -- reads -------------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Bring the hall up to date, and hold its lock meanwhile; if nothing can be saved, read the state as it is."""
        with self.lock:
            try:
                self.refresh()
            except CannotSave as error:
                log.warning("cannot_refresh", cause=str(error))
            yield

    def now(self) -> datetime:
        """Return the hall's time, aware; it never goes back."""
        with self.lock:
            return self._now()

    def local_day(self, at: datetime) -> date:
        """Return the service day, local, that an instant belongs to."""
        return at.astimezone(ZoneInfo(self.catalogue.hall.timezone)).date()

    @property
    def catalogue(self) -> Catalogue:
        """Return the settings in force at the present place of the log: the floor's own, typed and looked up by key."""
        configuration, indexed = self.floor.configuration, self._indexed
        if indexed is None or indexed[0] is not configuration:
            # A configuration never changes, so what was made of this very one is as fresh as itself.
            indexed = self._indexed = configuration, Catalogue(template_of(configuration.tree))
        return indexed[1]

    def before(self, place: Place) -> Before:
        """Return who will be called before a waiting ticket, by the counters that may call it."""
        return self._look_ahead.before(self.catalogue, self.floor, place)

    def before_newcomer(self, service: str) -> int:
        """Return how many will be called before one who takes an ordinary number for the service now."""
        return self._look_ahead.before_newcomer(self.catalogue, self.floor, service, self.now())

    def forecast_newcomer(self, service: str, ahead: int) -> Newcomer | None:
        """Return the forecast for one who takes a number now and is behind `ahead`; None: nothing can be said."""
        return self.forecaster.newcomer(self.catalogue, self.floor, service, ahead)

    def forecast_waiting(self, place: Place) -> Quantiles | None:
        """Return the forecast of the rest of a waiting ticket's wait; None: nothing can be said."""
        return self.forecaster.waiting(self.catalogue, self.floor, place)

    @property
    def printers(self) -> tuple[str, ...]:
        """Return the names of the printers in use, main then spare; without any the screen shows the ticket.

        They follow from the settings at the present place of the log, also between two commands of one commit.
        """
        return self._printer_names(self.catalogue.hall.printers)

    def ticket(self, ref: int) -> Ticket | None:
        """Return a ticket, of the open day or of an earlier one; None when there is none."""
        ticket = self.floor.tickets.get(ref)
        return ticket if ticket is not None else self.store.ticket(ref)

    # -- inside ------------------------------------------------------------------------------

    def _now(self) -> datetime:
        at, jump = self.clock.read()
        if jump is not None:
            self._jumps.append(jump)
        last = self.floor.at
        return at if last is None or at > last else last

    def reload(self) -> None:
        """Read the present state from the store again, as after a start."""
        self.floor = load_floor(self.store)

    def _read_new_events(self) -> None:
        """Read what another process (the command line) has written, and fold everything again."""
        if self.store.last_seq() != self.floor.seq:
            self._unpublished += self.store.events(self.floor.seq)
            self.reload()

    def _publish(self) -> None:
        """Notify the listeners of the committed events that they have not heard of."""
        events, self._unpublished = self._unpublished, []
        if not events:
            return
        for event in events:
            if ev.CLOCK_JUMPED.marks(event):
                self._leapt = leap_of(event)
        for listener in self.listeners:
            try:
                listener(events)
            except Exception:  # a listener can neither undo the fact nor reach the clerk as an error
                log.exception("listener_failed", first=events[0].seq, last=events[-1].seq)


def save_fact(store: HallStore, floor: Floor, event: Event) -> bool:
    """Fold an event into the floor; write it and the rows it changes. Return whether a closed day's figures changed.

    Raises:
        StepNotAllowed: the ticket's state has no such step; nothing was changed.
    """
    before = floor.configuration
    floor.apply(event)
    store.add_event(event)
    closed_day_changed = False
    if floor.configuration is not before:
        store.save_configuration(floor.configuration.tree)
        if value_at(before.tree, TIMEZONE) != value_at(floor.configuration.tree, TIMEZONE):
            # In another time zone the tickets of closed days belong to other hours.
            store.drop_rollups()
            closed_day_changed = True
    if event.ref is not None and event.kind != ev.TICKET_ISSUED and event.kind not in ev.PRINTS:
        ticket = floor.tickets[event.ref]
        store.save_ticket(ticket)
        if event.kind == ev.TICKET_UNDONE:
            store.drop_undone_legs(ticket)
        if event.kind in FORECAST_CHANGED:
            store.note_forecast_changed(ticket.ref, event.kind)
        if ticket.day != floor.day:
            closed_day_changed = True
            # A service that ended after its day was closed changed the figures of that day.
            store.drop_rollups(ticket.day)
    if event.counter is not None and event.kind not in ev.WISHES:
        store.save_counter_state(event.counter, floor.counter_state(event.counter))
    return closed_day_changed


def load_floor(store: HallStore) -> Floor:
    """Return the open day, folded; a ticket that an earlier day left at a counter is read from its row.

    Raises:
        BrokenLog: an event of the open day cannot have happened.
    """
    floor = Floor()
    opened = store.last_event(ev.DAY_OPENED)
    after = 0 if opened is None else opened.seq - 1
    try:
        floor.configuration = configuration_at(store, after)
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise BrokenLog("the settings do not follow from the log") from error
    for event in store.events(after):
        try:
            floor.apply(event)
        except (StepNotAllowed, LookupError, ValueError, TypeError, AttributeError) as error:
            raise BrokenLog(f"event {event.seq} ({event.kind}) does not follow from those before") from error
    if not floor.configuration.whole and (rows := store.configuration()):
        # A log begun before version 0.2 does not hold all settings; the program that wrote it used the rows.
        floor.configuration = replace(floor.configuration, tree=rows)
    for ref in floor.missing_carried():
        ticket = store.ticket(ref)
        if ticket is not None:
            floor.add_carried(ticket)
    return floor


def configuration_at(store: HallStore, seq: int) -> Configuration:
    """Return the settings as the events up to this one leave them.

    Raises:
        LookupError, ValueError, TypeError, AttributeError: one of them cannot have happened.
    """
    configuration = Configuration()
    for event in settings_events(store, seq):
        configuration = configuration.after(event)
    return configuration


def settings_events(store: HallStore, until: int) -> list[Event]:
    """Return the events up to this seq that may change a setting, in order."""
    events: list[Event] = [*store.events_of(ev.SETTING_CHANGED), *store.events_of(ev.POLICY_CHANGED)]
    return sorted((event for event in events if event.seq <= until), key=lambda event: event.seq)


def record_settings(act: Act) -> None:
    """Write the whole configuration into a log that was begun before version 0.2 and does not hold all of it.

    From here on the log holds every setting by itself. It is done once, at the first start of a newer program.
    """
    if not act.floor.configuration.whole:
        settings = plain(act.catalogue.template)
        act.append(ev.SETTING_CHANGED, ev.SettingChanged(what=RECORDED, by=act.by, settings=settings))


def leap_of(jumped: Event[ev.ClockJumped] | None) -> timedelta | None:
    """Return how far the clock leapt forward, if its last jump was a leap that nobody has confirmed; else None."""
    if jumped is None or jumped.data["followed"]:
        return None
    by = timedelta(seconds=jumped.data["jump_s"])
    return by if by > timedelta(0) else None


def return_due(act: Act) -> None:
    """Return every held ticket whose time is up to the queue: kept for its counter, if that is open."""
    due = [ref for ref, hold in act.floor.holds.items() if hold.until is not None and hold.until <= act.at]
    for ref in due:
        append_return(act, act.floor.tickets[ref])


def append_return(act: Act, ticket: Ticket) -> None:
    """Append that a ticket waits again; after a hold it is kept for the counter that held it, while that is open."""
    hold = act.floor.holds.get(ticket.ref)
    kept = hold is not None and act.floor.counter_state(hold.counter).staffing is Staffing.OPEN
    act.append(
        ev.TICKET_RETURNED,
        ev.TicketReturned(
            number=ticket.number,
            after=ticket.state.value,
            kept_for=hold.counter if hold is not None and kept else None,
            by=act.by,
        ),
        ref=ticket.ref,
        service=ticket.service,
    )


def turn_day(act: Act, day: date) -> None:
    """Close the open day and open the next.

    Waiting, called and held tickets expire, idle counters close, and appointments nobody came with are missed.

    A service in progress may finish; it belongs to its own day.
    """
    floor = act.floor
    if floor.day is not None and day <= floor.day:
        return  # another process was quicker
    for missed in act.hall.store.open_appointments(day):
        act.hall.store.save_appointment(replace(missed, state="missed"))
        act.append(
            ev.APPOINTMENT_MISSED,
            ev.AppointmentEnded(appointment=missed.id, day=missed.day.isoformat(), by=SYSTEM),
            service=missed.service,
        )
    if floor.day is not None:
        for ticket in open_tickets(floor):
            act.append(
                ev.TICKET_EXPIRED,
                ev.TicketExpired(number=ticket.number),
                ref=ticket.ref,
                counter=ticket.counter,
                service=ticket.service,
            )
        close_day(act)
        act.hall.store.forget_answers(act.at - ANSWERS_KEPT)
        act.hall.store.forget_languages(floor.day)
        act.hall.store.forget_rating_words(day - RATING_WORDS_KEPT)
        act.hall.store.forget_dossiers(day - timedelta(days=act.catalogue.hall.dossier_codes_days))
    open_day(act, day)


def close_day(act: Act, *, ends: bool = True) -> None:
    """Close the counters at which nobody is, and the open day; the day only if it `ends`."""
    floor = act.floor
    assert floor.day is not None
    for number, state in sorted(floor.counter_states.items()):
        if state.staffing is not Staffing.CLOSED and state.ref is None:
            act.append(ev.COUNTER_CLOSED, ev.CounterClosing(reason="day_end", by=SYSTEM), counter=number)
    if ends:
        act.append(ev.DAY_CLOSED, ev.DayClosed(day=floor.day.isoformat()))


def open_day(act: Act, day: date) -> None:
    """Open a day; services in progress are carried over."""
    floor = act.floor
    known = list(floor.counter_states)
    serving = [_carried(floor, counter, ticket) for counter, ticket in in_service(floor)]
    act.append(ev.DAY_OPENED, ev.DayOpened(day=day.isoformat(), serving=serving))
    for counter in known:
        act.hall.store.save_counter_state(counter, floor.counter_state(counter))


def _carried(floor: Floor, counter: int, ticket: Ticket) -> ev.CarriedService:
    """Return what `day.opened` carries of a service that runs past midnight."""
    state, call = floor.counter_state(counter), floor.calls[ticket.ref]
    return ev.CarriedService(
        counter=counter,
        ref=ticket.ref,
        by=state.clerk,
        paused=state.staffing is Staffing.PAUSED,
        pause_reason=state.reason,
        called_seq=call.seq,
        reason=call.reason,
        passes=call.passes,
    )
