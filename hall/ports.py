"""The ports of the hall: what it needs from outside, and what its listeners get."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol, TypeVar, overload

from queueing.configuration import Tree
from queueing.events import Data, Event, Kind, Written
from queueing.floor import CounterState
from queueing.ticket import Ticket

T = TypeVar("T")

# Returns the name of a person or a device by its subject ("user:3", "device:2"), None if it has none.
NameOf = Callable[[str], str | None]

# Called after the commit with the events just saved, in order. An exception is logged and nothing else.
Listener = Callable[[Sequence[Event]], None]


class Offload(Protocol):
    """Runs slow work off the event loop and returns its result."""

    def __call__(self, work: Callable[[], T]) -> T: ...


class CannotSave(Exception):
    """The store cannot write now: the disk is full, read-only or failing. Nothing was changed."""


class HeldElsewhere(CannotSave):
    """Another process holds the store to write in it. Nothing was changed; it can be tried again."""


class DamagedDatabase(Exception):
    """The file is not the sound database it should be; the message says what was found."""


class BrokenLog(Exception):
    """The log holds an event that cannot follow from those before; the message names it."""


@dataclass(frozen=True, slots=True)
class RequestIdentity:
    """Identifies a request: the same caller, route, key and content get the first answer again."""

    caller: str  # who: "user:3", "device:1", "token:4", "ticket:17"
    route: str
    key: str
    digest: str  # of the content


@dataclass(frozen=True, slots=True)
class Holder:
    """What only the row of a ticket holds: its secret id, and the language of its calls until it ends."""

    id: str
    language: str | None


@dataclass(frozen=True, slots=True)
class NotedDossier:
    """The code of a dossier's receipt, and the visit it was noted with: service and counter of its last leg."""

    day: date
    number: str
    service: str
    counter: int | None
    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RatingWords:
    """What somebody wrote who rated a visit, with its day and the service of its last leg; nothing says which visit."""

    day: date
    service: str
    words: str


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
    """A ticket to be printed once. The states are those of `hall.printing`."""

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
    procedure: str | None = None  # whose papers are printed too; it goes with the row, no event names it


@dataclass(frozen=True, slots=True)
class Slip:
    """What a ticket on paper says: facts, without their words. No name, no identity number, no phone."""

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
    help_counter: int | None  # an open counter that helps; None: none is open
    note: str  # a line of the hall's own; empty: none
    follow_url: str | None
    copy: bool
    rule: str = ""  # the order of calling, in one sentence
    called: bool = False  # to the one counter of `counters`
    counter_open: bool = True  # whether one of `counters` is open
    between: tuple[datetime, datetime] | None = None  # when it is called, where a break lies before that
    due_at: datetime | None = None  # when the appointment begins with which its holder came
    papers: tuple[str, ...] = ()  # to bring, where somebody asked for the list
    room: str = ""  # the name of the room of `counters`, where they are all in one
    accessible: tuple[int, ...] = ()  # those of `counters` that are for people with disabilities


@dataclass(frozen=True, slots=True)
class Appointment:
    """A booked place in a slot; only the code connects it to a person. The states are in hall.appointments."""

    id: int
    code: str
    service: str
    day: date
    due_at: datetime
    state: str
    ref: int | None = None  # the ticket of its check-in


@dataclass(frozen=True, slots=True)
class GivenForecast:
    """The forecast that somebody got with a new number, in seconds, with the sayings of the four simple rules.

    `p10_s` to `p90_s` as shown; `raw_…` before the calibration. `ahead`: how many were to be called before. A simple
    rule is None where it had nothing to go by.
    """

    ref: int
    day: date
    service: str
    ahead: int
    p10_s: int
    p50_s: int
    p80_s: int
    p90_s: int
    raw_p10_s: int
    raw_p50_s: int
    raw_p80_s: int
    raw_p90_s: int
    last_s: int | None  # the wait of the last to be called
    mean_s: int | None  # the mean wait of the last five to be called
    queue_s: int | None  # people ahead × mean service time ÷ open counters
    head_s: int | None  # how long the head of the queue has waited


@dataclass(frozen=True, slots=True)
class CameTrue:
    """A given forecast with the wait that came true: from the issue to the first call, in seconds."""

    given: GivenForecast
    called_at: datetime
    wait_s: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer kept for a request."""

    digest: str
    body: bytes


class HallStore(Protocol):
    """Where the log and the rows are kept. Every method may be used inside a transaction."""

    @property
    def lock(self) -> AbstractContextManager[object]:
        """Return the lock of the store; the thread that holds it may take it again."""

    def transaction(self) -> AbstractContextManager[None]:
        """Begin a transaction that writes: all of it is saved, or nothing; one inside another joins it."""

    def snapshot(self) -> AbstractContextManager[None]:
        """Begin a read of one state of the store, whatever is written meanwhile."""

    def rows_changed(self) -> int:
        """Return how many rows this connection has changed since it was opened, rolled back ones too."""

    # the log
    def identity(self) -> tuple[str, str] | None:
        """Return the hall's id and the log's id; None in an empty store."""

    def add_hall(self, hall_id: str, log_id: str) -> None:
        """Write the identity of a new hall."""

    def save_log_id(self, log_id: str) -> None:
        """Give the log another id, after a restore."""

    def last_seq(self) -> int:
        """Return the seq of the last event; 0 before the first."""

    def add_event(self, event: Event) -> None:
        """Append an event to the log."""

    def events(self, after: int, most: int | None = None) -> list[Event]:
        """Return the events after a seq, in order, at most so many."""

    def written(self, after: int, most: int | None = None) -> list[Written]:
        """Return the events after a seq as the texts that are stored, in order, at most so many."""

    def quiet_openings(self) -> list[int]:
        """Return the seq of every opening of a day at which nobody was at a counter."""

    def openings_with_calls(self) -> list[int]:
        """Return the `seq` of each opening of a day on which somebody was called."""

    def events_of(self, kind: Kind[Data]) -> list[Event[Data]]:
        """Return all events of a kind, in order; for the kinds of which a day has few."""

    @overload
    def last_event(self, kind: None = None) -> Event | None:
        """Return the last event, or the last of a kind; None when there is none."""

    @overload
    def last_event(self, kind: Kind[Data]) -> Event[Data] | None:
        """Return the last event, or the last of a kind; None when there is none."""

    def moved_at(self, ref: int) -> datetime | None:
        """Return when a ticket got its number by a change of service; None for the number it was issued with."""

    # rows
    def next_ref(self) -> int:
        """Return the ref of the next ticket."""

    def next_count(self, day: date, service: str) -> int:
        """Take the next number of a service on a day; it is taken for good when the transaction commits."""

    def last_count(self, day: date, service: str) -> int:
        """Return the last number of a service on a day that was issued, or may have been before a restore."""

    def raise_count(self, day: date, service: str, count: int) -> None:
        """Leave out the numbers of a service on a day up to this one."""

    def number_taken(self, day: date, number: str) -> bool:
        """Return whether a ticket of the day has this number."""

    def add_ticket(self, ticket: Ticket, ticket_id: str, language: str) -> None:
        """Write a new ticket, its holder's secret id and the language of its calls."""

    def save_ticket(self, ticket: Ticket) -> None:
        """Write a ticket that has changed."""

    def drop_undone_legs(self, ticket: Ticket) -> None:
        """Delete the legs that a ticket has no more."""

    def ticket(self, ref: int) -> Ticket | None:
        """Return a ticket; None when there is none."""

    def refs(self) -> list[int]:
        """Return the refs of all tickets, in order."""

    def forget_languages(self, day: date) -> None:
        """Clear the languages of a day that is over: nobody will be called in them any more."""

    def repeat_access_change(self, changed: Mapping[str, Any], at: datetime) -> None:
        """Repeat a change of people, devices or programs from its event, as far as the event says it.

        What was disabled, signed out or revoked is so again. Who was added stands there disabled: no event holds names
        and secrets, and no number of the log may come to name somebody else.
        """

    def ref_of(self, ticket_id: str) -> int | None:
        """Return the ref of the ticket with this secret id; None when there is none."""

    def tickets(self, first: date, last: date) -> Iterable[Ticket]:
        """Return the tickets of these service days, both included, in order of arrival."""

    def save_counter_state(self, counter: int, state: CounterState) -> None:
        """Write the state of a counter."""

    def counter_states(self) -> dict[int, CounterState]:
        """Return the states of all counters that were ever opened."""

    # the rows of the settings, for processes that do not fold the log
    def configuration(self) -> Tree:
        """Return the settings as the rows have them."""

    def save_configuration(self, tree: Tree) -> None:
        """Write the settings."""

    def service_used(self, code: str) -> bool:
        """Return whether a ticket of the service was ever issued."""

    # rollups of closed days and what they are summed to: {part: bytes}, by period as in queueing/period.py
    def closed_days(self) -> list[date]:
        """Return the days that are closed, in order."""

    def opened_days(self, first: date, last: date) -> list[date]:
        """Return the days in this range that were opened, both ends included, in order."""

    def counter_events(self, day: date) -> list[Event]:
        """Return the events of one day that name a counter, from its opening to its end, or to the last so far."""

    def rollups(self, first: date, last: date) -> list[str]:
        """Return the periods with a rollup that touch these days, and perhaps some more at the ends."""

    def rollup(self, period: str) -> dict[str, bytes]:
        """Return the rollup of a period by part; empty when it has none."""

    def rollup_part(self, part: str, periods: Sequence[str]) -> list[tuple[str, bytes]]:
        """Return one part of the rollups of these periods, by period."""

    def save_rollup(self, period: str, packed: Mapping[str, bytes]) -> None:
        """Write the rollup of a period."""

    def drop_rollups(self, day: date | None = None) -> None:
        """Remove the rollups of a day and of the periods it is in, or all of them."""

    def changed_since(self, seq: int, first: date, last: date) -> bool:
        """Return whether an event after this seq is about a ticket of these days."""

    # the open data of closed months, whose hashes are in the log
    def save_publication(self, name: str, data: bytes) -> None:
        """Write a file of the open data, over one of the same name."""

    def publication(self, name: str) -> bytes | None:
        """Return a file of the open data; None when there is none of that name."""

    def publications(self) -> list[str]:
        """Return the names of the files of the open data, in order."""

    # codes of dossiers, which no event has
    def note_dossier(self, ref: int, code: str, at: datetime) -> None:
        """Write the code of a dossier with a ticket; one that is there already stays."""

    def drop_dossier(self, ref: int, code: str) -> None:
        """Delete the code of a dossier from a ticket."""

    def dossier_codes(self, ref: int) -> list[str]:
        """Return the codes noted with a ticket, in the order in which they were."""

    def noted_dossiers(self, first: date, last: date) -> Iterable[NotedDossier]:
        """Return the codes noted with the tickets of these service days, both included, in order of arrival."""

    def forget_dossiers(self, before: date) -> None:
        """Delete the codes noted with tickets of service days before this one."""

    # ratings: the reasons by the rows of the tickets; the words, which no event has
    def rating_reasons(self, first: date, last: date) -> dict[str, int]:
        """Return how often each reason was given with the ratings of these service days, both included."""

    def save_rating_words(self, ref: int, words: str) -> None:
        """Write the words that came with a rating, in place of any from before; none if they are empty."""

    def rating_words(self, first: date, last: date) -> list[RatingWords]:
        """Return the words that came with the ratings of these service days, both included, the newest day first.

        Within a day they are in the order of the alphabet, so that the order does not say who wrote them.
        """

    def forget_rating_words(self, before: date) -> None:
        """Delete the words that came with ratings of service days before this one."""

    # the forecasts that people were given, which no event has
    def add_forecast(self, given: GivenForecast) -> None:
        """Write the forecast that a new ticket was given."""

    def note_forecast_changed(self, ref: int, changed: str) -> None:
        """Note what its holder or the staff changed after the forecast, so that it is not judged; the first stays."""

    def forecasts_come_true(self, first: date, last: date) -> list[CameTrue]:
        """Return the forecasts of these service days, both included, that can be judged, in the order of the calls.

        Left out are those who were not called, who came back after a no-show, and whose wait was changed.
        """

    def first_forecast_day(self) -> date | None:
        """Return the first service day with a forecast; None before that."""

    # scores of closed days and months, by service, of all its forecasts and of the long ones: packed as the caller did
    def forecast_scores(self, periods: Sequence[str]) -> list[tuple[str, str, bool, bytes]]:
        """Return (period, service, whether of the long ones, score) of these periods, as far as there are any."""

    def with_forecast_score(self, periods: Iterable[str]) -> set[str]:
        """Return which of these periods have a score."""

    def save_forecast_score(self, period: str, service: str, long: bool, data: bytes) -> None:
        """Write the score of a service in a period."""

    def drop_forecast_scores(self) -> None:
        """Remove all scores."""

    # appointments
    def add_appointment(self, code: str, service: str, day: date, due_at: datetime) -> Appointment:
        """Write a new appointment and return it."""

    def save_appointment(self, appointment: Appointment) -> None:
        """Write an appointment that has changed."""

    def appointment(self, number: int) -> Appointment | None:
        """Return the appointment with this number; None when there is none."""

    def appointments(self, day: date) -> list[Appointment]:
        """Return the appointments of a day, in order."""

    def open_appointments(self, before: date) -> list[Appointment]:
        """Return the appointments of earlier days that nobody has come with or cancelled."""

    def appointment_counts(self, first: date, last: date) -> dict[str, int]:
        """Return how many appointments of these days, both included, are in each state."""

    # prints
    def add_print(self, ref: int, copy: bool, by: str, at: datetime, procedure: str | None = None) -> PrintJob:
        """Write a new print job and return it."""

    def save_print(self, job: PrintJob) -> None:
        """Write a print job that has changed."""

    def open_prints(self) -> list[PrintJob]:
        """Return the print jobs that are not done, in the order they were asked for."""

    def prints(self, ref: int) -> list[PrintJob]:
        """Return all print jobs of a ticket, oldest first."""

    def last_print(self, ref: int) -> PrintJob | None:
        """Return the last print job of a ticket; None when there is none."""

    def holder(self, ref: int) -> Holder | None:
        """Return what only the row of a ticket holds; None when there is no such ticket."""

    # answers kept for repeats
    def answer(self, request: RequestIdentity) -> Answer | None:
        """Return the answer kept for a request; None when there is none."""

    def keep_answer(self, request: RequestIdentity, body: bytes, at: datetime) -> None:
        """Keep the answer of a request."""

    def forget_answers(self, before: datetime) -> None:
        """Remove the answers kept before this time."""
