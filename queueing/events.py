"""The facts of the day, in the past tense, and the chain that binds them.

An event is never changed and never removed. Each kind has one typed payload, what its `data` holds; the
JSON Schema of the log (`hall/event_schema.py`) is made from these types, and a test holds the tables of
`docs/events.md` to them. With that page an outside auditor can recompute every figure and judge every call.

`data` stays the plain dictionary that was read: a kind or a field this program does not know is kept and
shown, not refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, NotRequired, TypedDict, TypeGuard, TypeVar

SCHEMA_VERSION = 1

if TYPE_CHECKING:
    # With a default, so that `Event` alone is an event of whatever kind. Only the type checker has to know of it:
    # at run time Python before 3.13 takes no default.
    Data = TypeVar("Data", bound=Mapping[str, object], default=Mapping[str, object])
    Data_co = TypeVar("Data_co", bound=Mapping[str, object], default=Mapping[str, object], covariant=True)
else:
    Data = TypeVar("Data", bound=Mapping[str, object])
    Data_co = TypeVar("Data_co", bound=Mapping[str, object], covariant=True)


class Event(NamedTuple, Generic[Data_co]):
    """One fact. `seq` rises by one without a gap; `hash` binds it to the fact before."""

    seq: int
    at: datetime
    kind: str
    ref: int | None
    counter: int | None
    service: str | None
    data: Data_co
    hash: str

    @property
    def ticket_ref(self) -> int:
        """Return the ticket it names.

        Raises:
            ValueError: it names none.
        """
        if self.ref is None:
            raise ValueError(f"{self.kind} names no ticket")
        return self.ref

    @property
    def counter_number(self) -> int:
        """Return the counter it names.

        Raises:
            ValueError: it names none.
        """
        if self.counter is None:
            raise ValueError(f"{self.kind} names no counter")
        return self.counter

    @property
    def service_code(self) -> str:
        """Return the service it names.

        Raises:
            ValueError: it names none.
        """
        if self.service is None:
            raise ValueError(f"{self.kind} names no service")
        return self.service


class Kind(str, Generic[Data]):
    """The name of a kind of event, as it stands in the log, and the type of its payload."""

    payload: type[Data]

    def __new__(cls, name: str, payload: type[Data]) -> Kind[Data]:
        kind = super().__new__(cls, name)
        kind.payload = payload
        return kind

    def marks(self, event: Event) -> TypeGuard[Event[Data]]:
        """Return whether the event is of this kind; if so, its data has this kind's type."""
        return event.kind == self


KINDS: dict[str, Kind[Any]] = {}
"""Every kind this program writes, by its name, in the order in which they are declared below."""


def _kind(name: str, payload: type[Data]) -> Kind[Data]:
    KINDS[name] = kind = Kind(name, payload)
    return kind


# -- payloads: tickets -----------------------------------------------------------------------


class TicketIssued(TypedDict):
    """A ticket was issued to somebody who arrived, and waits.

    `appointment` and `due_at` if they checked in with an appointment; `people` if more than one came with it;
    `channel` ("kiosk" or "greeter") where it is another than `by` says.
    """

    number: str
    day: str
    priority_class: str
    head_start_s: int
    by: str
    people: NotRequired[int]
    appointment: NotRequired[int]
    due_at: NotRequired[str]
    channel: NotRequired[str]


class PriorityChanged(TypedDict):
    """Priority was granted to a waiting ticket, or withdrawn; its arrival stays.

    `undoes`: the seq of the change that was taken back by this one.
    """

    number: str
    priority_class: str
    head_start_s: int
    undoes: NotRequired[int]
    by: str


class AtCounter(TypedDict):
    """What every step at a counter carries.

    `press`: the seq of the first event of the same press of a button; the first one itself has none.
    """

    number: str
    by: str
    press: NotRequired[int]


class TicketCalled(AtCounter):
    """A waiting ticket was called to a counter.

    `services`: those the counter had; `passes`: how many earlier arrivals the call passed; `why` of a call by hand.
    """

    reason: str
    services: list[str]
    passes: int
    why: NotRequired[str]


class TicketCalledAgain(AtCounter):
    """The call of a ticket that had not come yet was repeated."""


class TicketStarted(AtCounter):
    """Service began, or went on after a hold."""


class TicketFinished(AtCounter):
    """Service ended, with what it came to where the clerk said so."""

    outcome: str | None


class TicketNoShow(AtCounter):
    """A called ticket did not come."""


class TicketHeld(AtCounter):
    """A ticket in service was sent away for a while, and is kept for the counter."""

    until: str | None


class TicketReturned(TypedDict):
    """The holder of a held ticket, or of a no-show, is back and waits again."""

    number: str
    after: str
    kept_for: int | None
    by: str


class TicketTransferred(AtCounter):
    """A ticket in service was transferred: to another service, to a counter, or both; a new leg begins."""

    to_service: str
    to_counter: int | None
    first: bool
    outcome: str | None


class DossiersCounted(AtCounter):
    """The clerk counted the dossiers of the visit."""

    dossiers: int


class TicketRated(TypedDict):
    """The holder of a ticket rated the visit after its service; `reason` if they gave one.

    Undoing the finish of the ticket takes the rating away too. `by` is the ticket where its link was used, else the
    kiosk or the screen at the counter. Words are in no event.
    """

    number: str
    rating: str
    reason: NotRequired[str]
    by: str


class TicketUndone(TypedDict):
    """The event with the seq `undoes`, of the counter's last action, was taken back."""

    number: str
    undoes: int
    state: str
    by: str


class PeopleCounted(TypedDict):
    """It was counted how many people came with one ticket."""

    number: str
    people: int
    by: str


class VisualCallChanged(TypedDict):
    """The holder of a ticket wants, or no longer wants, to be called so that it is seen, not only heard.

    It says nothing of the reason, and nobody is asked for one.
    """

    number: str
    wanted: bool
    by: str


class TicketMoved(TypedDict):
    """A waiting ticket was moved to another service, where it waits under another number; its arrival stays."""

    number: str
    was: str
    to_service: str
    by: str


class TicketDeferred(TypedDict):
    """A waiting ticket is to be called later, as its holder asked: it counts as having arrived so much later.

    `delay_s`: how much later than its issue, in all; `minutes` or `people`: what was asked for.
    """

    number: str
    delay_s: int
    minutes: NotRequired[int]
    people: NotRequired[int]
    by: str


class TicketCancelled(TypedDict):
    """A ticket's place was given up before its service began; `why` if a supervisor ended one nobody came for."""

    number: str
    why: NotRequired[str]
    by: str


class TicketReinstated(TypedDict):
    """A cancel was taken back: the ticket waits at its old place; `why` where staff did it."""

    number: str
    why: NotRequired[str]
    by: str


class TicketExpired(TypedDict):
    """A ticket that had not been served expired with its day."""

    number: str


TICKET_ISSUED = _kind("ticket.issued", TicketIssued)
TICKET_PRIORITY_CHANGED = _kind("ticket.priority_changed", PriorityChanged)
TICKET_CALLED = _kind("ticket.called", TicketCalled)
TICKET_CALLED_AGAIN = _kind("ticket.called_again", TicketCalledAgain)
TICKET_STARTED = _kind("ticket.started", TicketStarted)
TICKET_FINISHED = _kind("ticket.finished", TicketFinished)
TICKET_NO_SHOW = _kind("ticket.no_show", TicketNoShow)
TICKET_HELD = _kind("ticket.held", TicketHeld)
TICKET_RETURNED = _kind("ticket.returned", TicketReturned)
TICKET_TRANSFERRED = _kind("ticket.transferred", TicketTransferred)
TICKET_DOSSIERS = _kind("ticket.dossiers_counted", DossiersCounted)
TICKET_PEOPLE = _kind("ticket.people_counted", PeopleCounted)
TICKET_VISUAL_CALL = _kind("ticket.visual_call_changed", VisualCallChanged)
TICKET_MOVED = _kind("ticket.moved", TicketMoved)
TICKET_DEFERRED = _kind("ticket.deferred", TicketDeferred)
TICKET_RATED = _kind("ticket.rated", TicketRated)
TICKET_UNDONE = _kind("ticket.undone", TicketUndone)
TICKET_CANCELLED = _kind("ticket.cancelled", TicketCancelled)
TICKET_REINSTATED = _kind("ticket.reinstated", TicketReinstated)
TICKET_EXPIRED = _kind("ticket.expired", TicketExpired)

# After these a ticket waits no more (unless its cancel is taken back), and no call can pass it.
GONE = (TICKET_CANCELLED, TICKET_EXPIRED)


# -- payloads: counters ----------------------------------------------------------------------


class CounterOpening(TypedDict):
    """A counter was opened by the clerk in `by`, or taken over from another."""

    services: list[str]
    by: str


class CounterPause(TypedDict):
    """A counter takes no more calls until it is resumed."""

    reason: str | None
    by: str


class CounterResumption(TypedDict):
    """A pause ended."""

    by: str


class CounterHandover(TypedDict):
    """The clerk left; the counter stays open until another clerk opens it as theirs."""

    by: str


class CounterClosing(TypedDict):
    """A counter was closed."""

    reason: str
    by: str


class AdviceGiven(TypedDict):
    """What the board said of opening a counter: the wait that nine in ten do not exceed, now and then, in seconds.

    `now_s` is null where no open counter served it.
    """

    service: str
    now_s: int | None
    then_s: int


class CounterAsked(TypedDict):
    """A supervisor asked something of the clerk of a counter: one of `catalogue.COUNTER_WISHES`.

    With `advice` they followed what the board proposed.
    """

    wish: str
    by: str
    advice: NotRequired[AdviceGiven]


class CounterAnswered(TypedDict):
    """The wish of the event `asked` was answered at the counter: one of `catalogue.COUNTER_ANSWERS`."""

    asked: int
    answer: str
    by: str


COUNTER_OPENED = _kind("counter.opened", CounterOpening)
COUNTER_PAUSED = _kind("counter.paused", CounterPause)
COUNTER_RESUMED = _kind("counter.resumed", CounterResumption)
COUNTER_HANDED_OVER = _kind("counter.handed_over", CounterHandover)
COUNTER_CLOSED = _kind("counter.closed", CounterClosing)
COUNTER_ASKED = _kind("counter.asked", CounterAsked)
COUNTER_ANSWERED = _kind("counter.answered", CounterAnswered)

# These name a counter and change nothing of it.
WISHES = (COUNTER_ASKED, COUNTER_ANSWERED)


# -- payloads: paper -------------------------------------------------------------------------


class PrintReported(TypedDict):
    """What became of a ticket's paper: sent to the printer, printed, or failed."""

    number: str
    copy: bool
    printer: str
    cause: str | None
    again: bool
    by: str


PRINT_SENT = _kind("print.sent", PrintReported)
PRINT_PRINTED = _kind("print.printed", PrintReported)
PRINT_FAILED = _kind("print.failed", PrintReported)

# These name a ticket and change nothing of it.
PRINTS = (PRINT_SENT, PRINT_PRINTED, PRINT_FAILED)


# -- payloads: appointments, help, notices ----------------------------------------------------


class AppointmentBooked(TypedDict):
    """A slot that begins at `due_at` was given away."""

    appointment: int
    day: str
    due_at: str
    by: str


class AppointmentEnded(TypedDict):
    """An appointment was given back, or its day passed without a check-in."""

    appointment: int
    day: str
    by: str


class HelpRequest(TypedDict):
    """Somebody asked for a person to come."""

    by: str


class HelpAnswer(TypedDict):
    """Somebody was helped: the caller of the event `asked`, or a citizen who had not asked by a key."""

    asked: int | None
    by: str


class NoticePosted(TypedDict):
    """One message to all who wait was put up; it takes the place of the one before.

    `texts` by language, as shown; `preset` if it was picked, not typed; `until` when it ends by itself, null: with
    the day.
    """

    texts: dict[str, str]
    preset: NotRequired[str]
    until: str | None
    by: str


class NoticeRemoved(TypedDict):
    """The message of the event `notice` was taken down before its end."""

    notice: int
    by: str


class EntranceCounted(TypedDict):
    """Somebody of the staff counted the people before the kiosk, who have no number yet."""

    people: int
    by: str


APPOINTMENT_BOOKED = _kind("appointment.booked", AppointmentBooked)
APPOINTMENT_CANCELLED = _kind("appointment.cancelled", AppointmentEnded)
APPOINTMENT_MISSED = _kind("appointment.missed", AppointmentEnded)
HELP_ASKED = _kind("help.asked", HelpRequest)
HELP_GIVEN = _kind("help.given", HelpAnswer)
NOTICE_POSTED = _kind("notice.posted", NoticePosted)
NOTICE_REMOVED = _kind("notice.removed", NoticeRemoved)
ENTRANCE_COUNTED = _kind("entrance.counted", EntranceCounted)


# -- payloads: the day, the clock, the settings ----------------------------------------------


class CarriedService(TypedDict):
    """A service of the day before that goes on at a counter when the next day opens."""

    counter: int
    ref: int
    by: str | None
    paused: bool
    pause_reason: str | None
    called_seq: int
    reason: str
    passes: int


class DayOpened(TypedDict):
    """A service day began; numbers start at 1."""

    day: str
    serving: list[CarriedService]


class DayClosed(TypedDict):
    """A service day ended."""

    day: str


class ClockJumped(TypedDict):
    """The machine's clock left the hall's time by so many seconds; `by` if a supervisor confirmed a leap forward.

    With `takes_back`, the seq of a confirmed leap, the hall's time went back: a supervisor said it was a mistake.
    """

    jump_s: int
    followed: bool
    by: NotRequired[str]
    takes_back: NotRequired[int]


class FieldChange(TypedDict):
    """One field of the configuration: what it was, and what it is from now on."""

    path: str
    old: Any
    new: Any


class ClassShown(TypedDict):
    """What staff call a class of priority, by language, and its pictogram."""

    names: dict[str, str]
    icon: str


class PolicyChanged(TypedDict):
    """The order of calling changed; tickets that are issued already keep their head start."""

    head_starts_s: dict[str, int]
    cap: int
    question: bool
    groups: list[str]
    elder_age: int
    classes: NotRequired[dict[str, ClassShown]]
    by_hand: bool
    by: str
    changes: NotRequired[list[FieldChange]]


class LogRestored(TypedDict):
    """The database was restored from a backup and the daily files; the log has another name from now on."""

    was: str
    log_id: str
    numbers: dict[str, dict[str, int]]
    by: str


class FiguresPublished(TypedDict):
    """A file of the open data of a closed month was published; the last event of a name counts.

    `sha256` of its bytes, in hex; `schema`: the version of its form.
    """

    name: str
    month: str
    sha256: str
    size: int
    schema: int
    by: str


class DrillFinding(TypedDict):
    """What one check of a drill found: "good", "fault" or "skipped", with a `cause` and what its sentence names."""

    check: str
    result: str
    cause: NotRequired[str]
    params: NotRequired[dict[str, int | str]]


class DrillHeld(TypedDict):
    """Everything that a day depends on was tried: screens, printers, disk, backups, a restore, the address."""

    findings: list[DrillFinding]
    by: str


class SettingChanged(TypedDict):
    """Something else changed, named by `what`: the configuration, people, devices; or the hall was founded."""

    what: str
    by: str
    changes: NotRequired[list[FieldChange]]
    service: NotRequired[str]
    counter: NotRequired[int]
    undoes: NotRequired[int]
    user: NotRequired[int]
    role: NotRequired[str]
    device: NotRequired[int]
    device_kind: NotRequired[str]
    diagonal_mm: NotRequired[int]
    edge_mm: NotRequired[int]
    token: NotRequired[int]
    schema: NotRequired[int]
    services: NotRequired[list[dict[str, Any]]]
    counters: NotRequired[list[dict[str, Any]]]
    settings: NotRequired[Mapping[str, Any]]


DAY_OPENED = _kind("day.opened", DayOpened)
DAY_CLOSED = _kind("day.closed", DayClosed)
CLOCK_JUMPED = _kind("clock.jumped", ClockJumped)
POLICY_CHANGED = _kind("policy.changed", PolicyChanged)
LOG_RESTORED = _kind("log.restored", LogRestored)
SETTING_CHANGED = _kind("setting.changed", SettingChanged)
FIGURES_PUBLISHED = _kind("figures.published", FiguresPublished)
DRILL_HELD = _kind("drill.held", DrillHeld)


# -- the chain -------------------------------------------------------------------------------

_SORTED = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_decode = json.JSONDecoder().raw_decode
_text = json.encoder.encode_basestring


class Written(NamedTuple):
    """An event as it stands in the store. The hash is over these texts, whatever they mean."""

    seq: int
    at: str
    kind: str
    ref: int | None
    counter: int | None
    service: str | None
    data: str
    hash: str

    def follows(self, before: str) -> bool:
        """Return whether its hash binds it, as it stands, to the hash before."""
        return self.hash == chained(
            before, self.seq, self.at, self.kind, self.ref, self.counter, self.service, self.data
        )


def read(written: Written) -> Event:
    """Return the event that these texts spell.

    Raises:
        ValueError: they are no event.
    """
    seq, at_text, kind, ref, counter, service, data_text, digest = written
    at = from_instant(at_text)
    data, end = _decode(data_text)
    if at.tzinfo is None or end != len(data_text) or not isinstance(data, dict):
        raise ValueError("not an event")
    return Event(seq, at, kind, ref, counter, service, data, digest)


def next_event(
    before: str,
    seq: int,
    at: datetime,
    kind: Kind[Data],
    data: Data,
    *,
    ref: int | None = None,
    counter: int | None = None,
    service: str | None = None,
) -> Event[Data]:
    """Return the event that follows on the hash `before`, or, as the first of a log, on the log's id.

    Its instant is in UTC, as it will be read again.
    """
    at_text, name = instant(at), str(kind)
    digest = chained(before, seq, at_text, name, ref, counter, service, canonical(data))
    return Event(seq, from_instant(at_text), name, ref, counter, service, data, digest)


def instant(at: datetime) -> str:
    """Return an aware time as UTC text of one fixed width, so that text sorts as time does."""
    return _written(at)


@lru_cache(maxsize=64)  # of one command the same instant is written in its event, its rows and its answer
def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"  # half the time of strftime


def from_instant(text: str) -> datetime:
    """Return the time that `instant` wrote.

    Raises:
        ValueError: it is no time.
    """
    return datetime.fromisoformat(text)


def canonical(data: Mapping[str, object]) -> str:
    """Return the one way an event's data is written: keys sorted, no spaces, no escapes."""
    return _SORTED.encode(data)


def chained(
    before: str, seq: int, at: str, kind: str, ref: int | None, counter: int | None, service: str | None, data: str
) -> str:
    """Return the SHA-256, in hex, over the hash before and the event as it is stored; the first follows the log's id.

    What is hashed is the JSON list of these eight, without spaces and escapes; a year of it is proved in
    seconds, so it is put together by hand.
    """
    ref_text = "null" if ref is None else ref
    counter_text = "null" if counter is None else counter
    service_text = "null" if service is None else _text(service)
    line = f"[{_text(before)},{seq},{_text(at)},{_text(kind)},{ref_text},{counter_text},{service_text},{_text(data)}]"
    return hashlib.sha256(line.encode()).hexdigest()
