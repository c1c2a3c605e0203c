"""What the hall needs from outside, and what it promises to those who listen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar

from queueing.catalogue import Counter, Service
from queueing.events import Event, Written
from queueing.floor import Desk
from queueing.ticket import Ticket

T = TypeVar("T")

# Called after the commit with the events just saved, in order. What it raises is logged, no more.
Listener = Callable[[Sequence[Event]], None]


class Offload(Protocol):
    """Runs slow work off the event loop and gives its result."""

    def __call__(self, work: Callable[[], T]) -> T: ...


class CannotSave(Exception):
    """The store cannot write now: the disk is full, read-only or failing. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Request:
    """One repeatable request: the same caller, route, key and content get the first answer again."""

    caller: str  # who: "user:3", "device:1", "token:4", "ticket:17"
    route: str
    key: str
    digest: str  # of the content


@dataclass(frozen=True, slots=True)
class Holder:
    """What only a ticket's row knows: its secret id, and the language of the call until it ends."""

    id: str
    language: str | None


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
    desk: int | None  # the counter that helps
    follow_url: str | None
    copy: bool


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

    # the log
    def identity(self) -> tuple[str, str] | None: ...
    def found(self, hall_id: str, log_id: str) -> None: ...
    def last_seq(self) -> int: ...
    def add_event(self, event: Event) -> None: ...
    def events(self, after: int, most: int | None = None) -> list[Event]: ...
    def written(self, after: int, most: int | None = None) -> list[Written]: ...
    def events_of(self, kind: str) -> list[Event]: ...
    def last_event(self, kind: str | None = None) -> Event | None: ...

    # rows
    def next_ref(self) -> int: ...
    def next_count(self, day: date, service: str) -> int: ...
    def add_ticket(self, ticket: Ticket, ticket_id: str, language: str) -> None: ...
    def save_ticket(self, ticket: Ticket) -> None: ...
    def ticket(self, ref: int) -> Ticket | None: ...
    def refs(self) -> list[int]: ...
    def ref_of(self, ticket_id: str) -> int | None: ...
    def tickets(self, first: date, last: date) -> Iterable[Ticket]: ...
    def save_desk(self, counter: int, desk: Desk) -> None: ...
    def desks(self) -> dict[int, Desk]: ...

    # what the hall offers
    def services(self) -> list[Service]: ...
    def save_service(self, service: Service) -> None: ...
    def remove_service(self, code: str) -> None: ...
    def service_used(self, code: str) -> bool: ...
    def counters(self) -> list[Counter]: ...
    def save_counter(self, counter: Counter) -> None: ...
    def remove_counter(self, number: int) -> None: ...
    def setting(self, name: str) -> Mapping[str, object] | None: ...
    def save_setting(self, name: str, value: Mapping[str, object]) -> None: ...

    # rollups of closed days, months and years: {part: bytes}, by "2026-01-05", "2026-01", "2026"
    def closed_days(self) -> list[date]: ...
    def opened_days(self, first: date, last: date) -> list[date]: ...
    def counter_events(self, day: date) -> list[Event]: ...
    def rollups(self, first: date, last: date) -> list[str]: ...
    def rollup(self, period: str) -> dict[str, bytes]: ...
    def rollup_part(self, part: str, periods: Sequence[str]) -> list[tuple[str, bytes]]: ...
    def save_rollup(self, period: str, packed: Mapping[str, bytes]) -> None: ...
    def drop_rollups(self, day: date | None = None) -> None: ...
    def changed_since(self, seq: int, first: date, last: date) -> bool: ...

    # prints
    def add_print(self, ref: int, copy: bool, by: str, at: datetime) -> PrintJob: ...
    def save_print(self, job: PrintJob) -> None: ...
    def open_prints(self) -> list[PrintJob]: ...
    def last_print(self, ref: int) -> PrintJob | None: ...
    def holder(self, ref: int) -> Holder | None: ...

    # answers kept for repeats
    def answer(self, request: Request) -> Answer | None: ...
    def keep_answer(self, request: Request, body: bytes, at: datetime) -> None: ...
    def forget_answers(self, before: datetime) -> None: ...
