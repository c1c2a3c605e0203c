"""The settings of a hall: each section one frozen structure.

The same structure is the stored row, the section of an exported file and the body of a request. Each default
is here, at its field, and nowhere else; `hall/settings/check.py` has the limits of each field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any

import msgspec
from msgspec.structs import replace

from hall.catalogue.calendar import Calendar, opening_hours
from hall.catalogue.lengths import ByCode, Code, Line, Many
from hall.catalogue.posters import MediaFile, Poster
from hall.catalogue.printers import PrinterSetting
from hall.catalogue.procedures import Procedure, Procedures
from hall.catalogue.rooms import Room, ScreenSetting
from hall.ports import HallStore
from queueing.appointments import Slots
from queueing.catalogue import GROUPS, LANGUAGES, ORDINARY, PRIORITY, SPOKEN_LANGUAGES, URGENT
from queueing.configuration import Tree, keyed, listed
from queueing.errors import UnknownCounter, UnknownService
from queueing.opening import Hours

FORMAT = "den-luot"
VERSION = 1
_VERSION_LONG = 12


class Voice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the walls speak."""

    on: bool = True
    variant: Code = "north"  # or "south"
    volume: int = 80  # per cent
    quiet_from: Code | None = None  # "11:30" to "13:30", local: calls are shown, not spoken
    quiet_to: Code | None = None
    repeat: bool = True  # say the number again, digit by digit, unless another call waits
    speaker: int | None = None  # the wall that speaks, by its device; None: the first that can be heard
    packs: ByCode[int] = {}  # voices recorded at this centre that are used, each with its version


class AppointmentSlots(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Appointments of a service: slots of so many minutes, filled up to this share of its counters' time."""

    minutes: int
    share: int  # per cent

    @property
    def slots(self) -> Slots:
        """Return them for the rule of appointments."""
        return Slots(timedelta(minutes=self.minutes), self.share)


class HallSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The centre's name and the choices its screens follow."""

    name: Line
    office: Line
    hotline: Line
    timezone: Code
    languages: Many[Code]
    advice_service: Code  # the service of a ticket taken by "I do not know which one"
    target_s: int
    theme: Code  # of the wall: "dark" or "light"
    last_seat_m: float
    blink: bool
    wall_inches: int = 43  # the diagonal of the wall's television
    voice: Voice = Voice()
    hours: Calendar = Calendar()  # without seasons tickets are issued at any hour
    wall_note: ByCode[Line] = {}  # by language: a line of the hall's own in the foot of the wall
    ticket_note: ByCode[Line] = {}  # the same at the end of each ticket
    clerk_figures: bool = True  # whether figures may be asked for by clerk
    most_dossiers: int = 20  # of one visit
    dossier_codes_days: int = 30  # how long the codes of receipts are kept with a visit; 0: none are noted
    no_show_calls: int = 2  # how often a number is called before "did not come" is offered
    no_show_gap_s: int = 30  # between two calls, and after the last
    appointments: ByCode[AppointmentSlots] = {}  # by service; none: it gives no appointments
    ratings: bool = True  # whether those who were served are asked to rate their visit
    ratings_public: bool = False  # whether the public page shows the result
    colour: Code = ""  # of the heads of the screens, "#0b3252"; empty: the program's own
    # What follows belongs to this building, and no file that is exported has it.
    media: Many[MediaFile] = ()  # pictures and films in the data folder
    posters: Many[Poster] = ()  # the notice board of the walls
    logo: Code = ""  # one of the pictures
    # The main one, then its spare; none: the screen shows the ticket.
    printers: Many[PrinterSetting] = ()
    rooms: ByCode[Room] = {}  # none: the whole hall is one room
    screens: ByCode[ScreenSetting] = {}  # by device; no file that is exported names them

    @property
    def call_languages(self) -> tuple[str, ...]:
        """Return the languages in which a ticket can be called: of the screens, and those recorded here."""
        return (*self.languages, *(pack for pack in self.voice.packs if pack in SPOKEN_LANGUAGES))

    def voice_in(self, room: str | None) -> Voice:
        """Return how the walls of a room speak; for None those that show every room."""
        if room is None or room not in self.rooms:
            return self.voice
        own = self.rooms[room].voice
        voice = replace(self.voice, speaker=self.rooms[room].speaker)
        return voice if own is None else replace(voice, on=own.on, variant=own.variant, volume=own.volume)

    @property
    def target(self) -> timedelta:
        """Return the wait that the centre promises, unless a service has its own."""
        return timedelta(seconds=self.target_s)

    @property
    def no_show_gap(self) -> timedelta:
        """Return how long a clerk must wait after each call before "did not come" is offered."""
        return timedelta(seconds=self.no_show_gap_s)


class PriorityClass(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The names of a class among staff, and its pictogram. They may show why somebody has it: hidden from citizens."""

    names: ByCode[Line]
    icon: Code


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Head start with a skip cap: the order of calling.

    A ticket of a class counts as having arrived `head_starts_s[class]` seconds earlier; nobody is passed
    more than `cap` times. All head starts zero is first come, first served; a head start longer
    than the day is strict priority with the cap kept.
    """

    head_starts_s: ByCode[int]
    cap: int
    question: bool  # whether the kiosk asks its one yes-or-no question
    by_hand: bool = True  # whether a clerk may call a number out of turn, with a reason
    groups: Many[Code] = GROUPS  # whom the question names
    elder_age: int = 75
    classes: ByCode[PriorityClass] = msgspec.field(
        default_factory=lambda: {
            ORDINARY: PriorityClass({"vi": "Thường", "en": "Ordinary"}, "user"),
            PRIORITY: PriorityClass({"vi": "Ưu tiên", "en": "Priority"}, "star"),
            URGENT: PriorityClass({"vi": "Ưu tiên đặc biệt", "en": "Special priority"}, "star"),
        }
    )

    @property
    def head_starts(self) -> dict[str, timedelta]:
        """Return the head start of each class."""
        return {name: timedelta(seconds=seconds) for name, seconds in self.head_starts_s.items()}


class Service(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a citizen can come for. `prefix` is the letter or block digit of its numbers."""

    code: Code
    prefix: Code
    names: ByCode[Line]
    icon: Code
    family: int  # 0 to 7: the hue and shape behind its icon
    position: int  # its place on the kiosk, from 1
    service_time_s: int  # the expected service time, until there are enough of today
    target_s: int
    hints: ByCode[Line] = {}
    active: bool = True  # False: retired, no more tickets of it are issued

    @property
    def service_time(self) -> timedelta:
        """Return the expected service time, used until there are enough of today."""
        return timedelta(seconds=self.service_time_s)

    @property
    def target(self) -> timedelta:
        """Return the wait that the centre promises for this service."""
        return timedelta(seconds=self.target_s)


class Counter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A counter and the services it can serve, by code."""

    number: int
    name: Line
    services: Many[Code]
    accessible: bool = False  # for people with disabilities (QCVN 10:2024/BXD): marked on every screen, and in calls


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole configuration as a file: what one hall exports and another imports."""

    hall: HallSettings
    policy: Policy
    services: Many[Service]
    counters: Many[Counter]
    procedures: Procedures[Procedure] = ()  # no exported file holds them: they have a sheet of their own
    format: Code = FORMAT
    version: int = VERSION

    @property
    def tree(self) -> Tree:
        """Return the settings in the form of the fold: plain values, the sections of many by their keys."""
        return keyed(plain(self))


def plain(section: msgspec.Struct) -> dict[str, Any]:
    """Return a section in the form of the log: JSON values, so lists for tuples, and equal sections are equal."""
    value: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(section))
    return value


def template_of(tree: Tree) -> Template:
    """Return the typed template of a whole tree.

    Raises:
        ValueError: something in it is missing, unknown or of the wrong type.
    """
    try:
        return msgspec.convert(_by_language(listed(tree)), Template)
    except LookupError as error:
        raise ValueError(f"{error} is missing") from error


def _by_language(value: Any) -> Any:
    """Return the value with Vietnamese first in every text: the log sorts the keys of what it holds."""
    if isinstance(value, Mapping):
        keys = [language for language in LANGUAGES if language in value] if value.keys() <= set(LANGUAGES) else value
        return {key: _by_language(value[key]) for key in keys}
    return [_by_language(item) for item in value] if isinstance(value, list | tuple) else value


class Catalogue:
    """A template with an index of its services by code and of its counters by number. It never changes."""

    def __init__(self, template: Template) -> None:
        self.template = template
        self.services: Mapping[str, Service] = {service.code: service for service in template.services}
        self.counters: Mapping[int, Counter] = {counter.number: counter for counter in template.counters}

    @classmethod
    def load(cls, store: HallStore) -> Catalogue:
        """Return the settings in the rows of a store, for a process that does not fold the log.

        Raises:
            ValueError: the store holds no settings, or they cannot be read.
        """
        return cls(template_of(store.configuration()))

    @property
    def hall(self) -> HallSettings:
        """Return the centre's name and choices."""
        return self.template.hall

    @property
    def policy(self) -> Policy:
        """Return the order of calling."""
        return self.template.policy

    @cached_property
    def hours(self) -> Hours:
        """Return the working calendar as rules."""
        return opening_hours(self.hall.hours)

    @cached_property
    def procedures_version(self) -> str | None:
        """Return a mark that differs whenever the procedures do; None without any of a service that is offered."""
        offered = {service.code for service in self.template.services if service.active}
        procedures = [procedure for procedure in self.template.procedures if procedure.service in offered]
        return sha256(msgspec.json.encode(procedures)).hexdigest()[:_VERSION_LONG] if procedures else None

    def service(self, code: str) -> Service:
        """Return the service with this code.

        Raises:
            UnknownService: the hall has no such service.
        """
        if code not in self.services:
            raise UnknownService()
        return self.services[code]

    def counter(self, number: int) -> Counter:
        """Return the counter with this number.

        Raises:
            UnknownCounter: the hall has no such counter.
        """
        if number not in self.counters:
            raise UnknownCounter(counter=number)
        return self.counters[number]

    def class_name(self, priority_class: str, language: str) -> str:
        """Return the name of a class among staff; its code if the hall has no such class."""
        known = self.policy.classes.get(priority_class)
        return priority_class if known is None else known.names.get(language) or known.names["vi"]

    @cached_property
    def room_of(self) -> Mapping[int, str]:
        """Return the code of the room of each counter that is in one."""
        return {number: code for code, room in self.hall.rooms.items() for number in room.counters}

    def counters_in(self, room: str | None) -> Sequence[int]:
        """Return the counters of a room; of every room and none for None."""
        return [number for number in self.counters if room is None or self.room_of.get(number) == room]

    def services_in(self, room: str) -> set[str]:
        """Return the services that counters of a room can serve."""
        return {code for number in self.counters_in(room) for code in self.counters[number].services}

    def only_room(self, service: str) -> Room | None:
        """Return the room in which alone a service is served; None where there are several, or a counter in none."""
        rooms = {self.room_of.get(counter.number) for counter in self.serving(service)}
        (only,) = rooms if len(rooms) == 1 else (None,)
        return None if only is None else self.hall.rooms[only]

    def room_names(self, service: str, counter: int | None) -> Mapping[str, str] | None:
        """Return the names of the room to go to: that of the counter, else the only one of the service; else None."""
        room = self.only_room(service) if counter is None else self.hall.rooms.get(self.room_of.get(counter, ""))
        return None if room is None else room.names

    @property
    def minutes(self) -> dict[str, float]:
        """Return the expected service time of each service, in minutes."""
        return {service.code: service.service_time / timedelta(minutes=1) for service in self.services.values()}

    def serving(self, service: str) -> list[Counter]:
        """Return the counters that can serve it, by number."""
        return [counter for counter in self.counters.values() if service in counter.services]

    @property
    def accessible(self) -> list[int]:
        """Return the numbers of the counters for people with disabilities, in their order."""
        return [counter.number for counter in self.counters.values() if counter.accessible]


def body_of(
    name: str,
    section: type[msgspec.Struct],
    *,
    without: tuple[str, ...] = (),
    partial: bool = False,
    more: Iterable[tuple[str, Any] | tuple[str, Any, Any]] = (),
) -> type[msgspec.Struct]:
    """Return the type of a request's body: the fields of a section but those `without`, and `more` of its own.

    With `partial` every field may be left out, and what is left out stays as it is.
    """
    fields: list[Any] = list(more)
    for field in msgspec.structs.fields(section):
        if field.name in without:
            continue
        if partial:
            fields.append((field.name, field.type | msgspec.UnsetType, msgspec.UNSET))
        elif field.required:
            fields.append((field.name, field.type))
        elif field.default_factory is not msgspec.NODEFAULT:
            fields.append((field.name, field.type, msgspec.field(default_factory=field.default_factory)))
        else:
            fields.append((field.name, field.type, field.default))
    # Required fields first, as msgspec demands: their tuples are the shorter ones.
    return msgspec.defstruct(
        name,
        sorted(fields, key=len),
        namespace={"__doc__": section.__doc__},
        frozen=True,
        forbid_unknown_fields=True,
    )
