"""What the hall needs from outside, and what it promises to those who listen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol, TypeVar, overload

from queueing.configuration import Tree
from queueing.events import Data, Event, Kind, Written
from queueing.floor import CounterState
from queueing.ticket import Ticket

T = TypeVar("T")

# Gives the name of a person or a device by its subject ("user:3", "device:2"), None where it has none.
NameOf = Callable[[str], str | None]

# Called after the commit with the events just saved, in order. What it raises is logged, no more.
Listener = Callable[[Sequence[Event]], None]


class Offload(Protocol):
    """Runs slow work off the event loop and gives its result."""

    def __call__(self, work: Callable[[], T]) -> T: ...


class CannotSave(Exception):
    """The store cannot write now: the disk is full, read-only or failing. Nothing was changed."""


class BrokenLog(Exception):
    """The log tells what cannot have happened; the message names the event."""


@dataclass(frozen=True, slots=True)
class RequestIdentity:
    """By which a repeat is known: the same caller, route, key and content get the first answer again."""

    caller: str  # who: "user:3", "device:1", "token:4", "ticket:17"
    route: str
    key: str
    digest: str  # of the content


@dataclass(frozen=True, slots=True)
class Holder:
    """What only a ticket's row knows: its secret id, and the language of the call until it ends."""

    id: str
    language: str | None


# Why a ticket did not come out. Each has its words for staff in `static/text`, section "printer".
PrintCause = Literal[
    "unreachable",  # off, or the cable
    "offline",
    "paper_end",
    "cover_open",
    "printer_error",  # the cutter is blocked, the head too hot
    "no_answer",  # everything went out and nothing came back
    "broke_off",  # the line was lost in the middle
    "interrupted",  # the server stopped in the middle
    "too_late",  # nobody stands at the kiosk any more
    "cannot_draw",
]


@dataclass(frozen=True, slots=True)
class PrintJob:
    """A ticket that is to come out of a printer, once. The states are those of `hall.printing`."""

    id: int
    ref: int
    copy: bool
    state: str
    attempts: int
    by: str
    asked_at: datetime
    printer: str | None = None
    cause: str | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Slip:
    """What a ticket on paper tells: facts, without their words. No name, no identity number, no phone."""

    number: str
    language: str
    office: str
    centre: str
    hotline: str
    service: str
    counters: tuple[int, ...]
    priority: bool
    people_ahead: int | None  # None once it was called
    wait_s: tuple[int, int] | None  # p50 and p80 of the forecast; None: nothing can be said
    issued_at: datetime
    drawn_at: datetime
    timezone: str
    help_counter: int | None  # the counter that helps
    note: str  # a line of the hall's own; empty: none
    follow_url: str | None
    copy: bool
    rule: str = ""  # the order of calling, in one sentence


@dataclass(frozen=True, slots=True)
class Appointment:
    """A place in a slot, for whoever knows the code; nothing of a person. States: hall.appointments."""

    id: int
    code: str
    service: str
    day: date
    due_at: datetime
    state: str
    ref: int | None = None  # the ticket of its check-in


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer kept for a request."""

    digest: str
    body: bytes


class HallStore(Protocol):
    """Where the log and the rows are kept. Every method may be used inside a transaction."""

    @property
    def lock(self) -> AbstractContextManager[object]: ...  # one thread at a time; may be taken again by its holder
    def transaction(self) -> AbstractContextManager[None]: ...
    def snapshot(self) -> AbstractContextManager[None]: ...
    def rows_changed(self) -> int: ...  # by this connection since it was opened; also what was rolled back

    # the log
    def identity(self) -> tuple[str, str] | None: ...
    def found(self, hall_id: str, log_id: str) -> None: ...
    def renew_log_id(self, log_id: str) -> None: ...
    def last_seq(self) -> int: ...
    def add_event(self, event: Event) -> None: ...
    def events(self, after: int, most: int | None = None) -> list[Event]: ...
    def written(self, after: int, most: int | None = None) -> list[Written]: ...
    def quiet_openings(self) -> list[int]: ...
    def events_of(self, kind: Kind[Data]) -> list[Event[Data]]: ...
    @overload
    def last_event(self, kind: None = None) -> Event | None: ...
    @overload
    def last_event(self, kind: Kind[Data]) -> Event[Data] | None: ...

    # rows
    def next_ref(self) -> int: ...
    def next_count(self, day: date, service: str) -> int: ...
    def last_count(self, day: date, service: str) -> int: ...
    def raise_count(self, day: date, service: str, count: int) -> None: ...
    def number_taken(self, day: date, number: str) -> bool: ...
    def add_ticket(self, ticket: Ticket, ticket_id: str, language: str) -> None: ...
    def save_ticket(self, ticket: Ticket) -> None: ...
    def ticket(self, ref: int) -> Ticket | None: ...
    def refs(self) -> list[int]: ...
    def forget_languages(self, day: date) -> None: ...
    def ref_of(self, ticket_id: str) -> int | None: ...
    def tickets(self, first: date, last: date) -> Iterable[Ticket]: ...
    def save_counter_state(self, counter: int, state: CounterState) -> None: ...
    def counter_states(self) -> dict[int, CounterState]: ...

    # the rows of the settings: what the log tells of them, for those who only read
    def configuration(self) -> Tree: ...  # empty before a hall is founded
    def save_configuration(self, tree: Tree) -> None: ...
    def service_used(self, code: str) -> bool: ...

    # rollups of closed days and what they are summed to: {part: bytes}, by period as in queueing/period.py
    def closed_days(self) -> list[date]: ...
    def opened_days(self, first: date, last: date) -> list[date]: ...
    def counter_events(self, day: date) -> list[Event]: ...
    def rollups(self, first: date, last: date) -> list[str]: ...
    def rollup(self, period: str) -> dict[str, bytes]: ...
    def rollup_part(self, part: str, periods: Sequence[str]) -> list[tuple[str, bytes]]: ...
    def save_rollup(self, period: str, packed: Mapping[str, bytes]) -> None: ...
    def drop_rollups(self, day: date | None = None) -> None: ...
    def changed_since(self, seq: int, first: date, last: date) -> bool: ...

    # appointments
    def add_appointment(self, code: str, service: str, day: date, due_at: datetime) -> Appointment: ...
    def save_appointment(self, appointment: Appointment) -> None: ...
    def appointment(self, number: int) -> Appointment | None: ...
    def appointments(self, day: date) -> list[Appointment]: ...
    def open_appointments(self, before: date) -> list[Appointment]: ...
    def appointment_counts(self, first: date, last: date) -> dict[str, int]: ...

    # prints
    def add_print(self, ref: int, copy: bool, by: str, at: datetime) -> PrintJob: ...
    def save_print(self, job: PrintJob) -> None: ...
    def open_prints(self) -> list[PrintJob]: ...
    def last_print(self, ref: int) -> PrintJob | None: ...
    def holder(self, ref: int) -> Holder | None: ...

    # answers kept for repeats
    def answer(self, request: RequestIdentity) -> Answer | None: ...
    def keep_answer(self, request: RequestIdentity, body: bytes, at: datetime) -> None: ...
    def forget_answers(self, before: datetime) -> None: ...
