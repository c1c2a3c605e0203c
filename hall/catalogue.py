"""What this hall offers and how it presents itself, as its settings say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any, cast

import msgspec

from hall.hours import hours_from, hours_value, slots_from, slots_value
from hall.ports import HallStore
from hall.printers import PrinterPart
from queueing.appointments import Slots
from queueing.catalogue import CLASSES, ELDER_AGE, GROUPS, Counter, Policy, PriorityClass, Service
from queueing.errors import UnknownCounter, UnknownService
from queueing.opening import Hours

ABOUT = "about"
POLICY = "policy"


@dataclass(frozen=True, slots=True)
class Voice:
    """How the walls speak. A hall founded before there was a voice has these defaults."""

    on: bool = True
    variant: str = "north"  # or "south"
    volume: int = 80  # per cent
    quiet_from: str | None = None  # "11:30" to "13:30" in the hall's time: shown, not spoken
    quiet_to: str | None = None
    repeat: bool = True  # digit by digit, while nobody else waits to be called
    speaker: int | None = None  # the wall that speaks, by its device; None: the first that can be heard


@dataclass(frozen=True, slots=True)
class About:
    """The centre's name and the choices its screens follow."""

    name: str
    office: str
    hotline: str
    timezone: str
    languages: tuple[str, ...]
    advice_service: str  # what "I do not know which one" issues
    target: timedelta
    theme: str  # of the wall: "dark" or "light"
    last_seat_m: float
    blink: bool
    voice: Voice = Voice()
    hours: Hours = field(default_factory=Hours)  # none: numbers are given at any hour
    wall_note: Mapping[str, str] = field(default_factory=dict)  # by language: a line of the hall's own in the foot
    ticket_note: Mapping[str, str] = field(default_factory=dict)  # the same at the end of each ticket
    clerk_figures: bool = True  # whether figures may be asked for by clerk
    most_dossiers: int = 20  # one visit may bring
    no_show_calls: int = 2  # how often a number is called before "did not come" is offered
    no_show_gap: timedelta = timedelta(seconds=30)  # between two calls, and after the last
    appointments: Mapping[str, Slots] = field(default_factory=dict)  # by service; none: it gives no appointments
    printers: tuple[PrinterPart, ...] = ()  # the main one, then its spare; none: the screen shows the ticket


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Services, counters, policy and the hall's own texts."""

    about: About
    policy: Policy
    services: Mapping[str, Service]
    counters: Mapping[int, Counter]

    @classmethod
    def load(cls, store: HallStore) -> Catalogue:
        about, policy = store.setting(ABOUT), store.setting(POLICY)
        if about is None or policy is None:
            raise ValueError("the store holds no settings yet")
        return cls(
            about=about_from(about),
            policy=policy_from(policy),
            services={service.code: service for service in store.services()},
            counters={counter.number: counter for counter in store.counters()},
        )

    def service(self, code: str) -> Service:
        """
        Raises:
            UnknownService: the hall has no such service.
        """
        if code not in self.services:
            raise UnknownService()
        return self.services[code]

    def counter(self, number: int) -> Counter:
        """
        Raises:
            UnknownCounter: the hall has no such counter.
        """
        if number not in self.counters:
            raise UnknownCounter(counter=number)
        return self.counters[number]

    def class_name(self, priority_class: str, language: str) -> str:
        """What staff call a class of tickets; one the hall does not know is told by its code."""
        known = self.policy.classes.get(priority_class)
        return priority_class if known is None else known.names.get(language) or known.names["vi"]

    @property
    def minutes(self) -> dict[str, float]:
        """The service minutes of each service, as they are set."""
        return {service.code: service.service_time / timedelta(minutes=1) for service in self.services.values()}

    def serving(self, service: str) -> list[Counter]:
        """The counters that can serve it, by number."""
        return [counter for counter in self.counters.values() if service in counter.services]


def about_from(value: Mapping[str, object]) -> About:
    return About(
        name=str(value["name"]),
        office=str(value["office"]),
        hotline=str(value["hotline"]),
        timezone=str(value["timezone"]),
        languages=tuple(cast("list[str]", value["languages"])),
        advice_service=str(value["advice_service"]),
        target=timedelta(seconds=cast(int, value["target_s"])),
        theme=str(value["theme"]),
        last_seat_m=float(cast(float, value["last_seat_m"])),
        blink=bool(value["blink"]),
        voice=voice_from(cast("Mapping[str, object]", value.get("voice", {}))),
        hours=hours_from(cast("Mapping[str, Any]", value.get("hours", {}))),
        wall_note=cast("Mapping[str, str]", value.get("wall_note", {})),
        ticket_note=cast("Mapping[str, str]", value.get("ticket_note", {})),
        clerk_figures=bool(value.get("clerk_figures", True)),
        most_dossiers=cast(int, value.get("most_dossiers", 20)),
        no_show_calls=cast(int, value.get("no_show_calls", 2)),
        no_show_gap=timedelta(seconds=cast(int, value.get("no_show_gap_s", 30))),
        appointments=slots_from(cast("Mapping[str, Any]", value.get("appointments", {}))),
        printers=msgspec.convert(value.get("printers", ()), tuple[PrinterPart, ...]),
    )


def about_value(about: About) -> dict[str, object]:
    return {
        "name": about.name,
        "office": about.office,
        "hotline": about.hotline,
        "timezone": about.timezone,
        "languages": list(about.languages),
        "advice_service": about.advice_service,
        "target_s": about.target // timedelta(seconds=1),
        "theme": about.theme,
        "last_seat_m": about.last_seat_m,
        "blink": about.blink,
        "voice": asdict(about.voice),
        "hours": hours_value(about.hours),
        "wall_note": dict(about.wall_note),
        "ticket_note": dict(about.ticket_note),
        "clerk_figures": about.clerk_figures,
        "most_dossiers": about.most_dossiers,
        "no_show_calls": about.no_show_calls,
        "no_show_gap_s": about.no_show_gap // timedelta(seconds=1),
        "appointments": slots_value(about.appointments),
        "printers": msgspec.to_builtins(about.printers),
    }


def voice_from(value: Mapping[str, object]) -> Voice:
    given = {name: value[name] for name in Voice.__slots__ if name in value}
    return Voice(**cast("dict[str, Any]", given))


def policy_from(value: Mapping[str, object]) -> Policy:
    starts = cast("Mapping[str, int]", value["head_starts_s"])
    classes = cast("Mapping[str, Any]", value.get("classes", classes_value(CLASSES)))
    return Policy(
        head_starts={name: timedelta(seconds=seconds) for name, seconds in starts.items()},
        cap=cast(int, value["cap"]),
        question=bool(value["question"]),
        by_hand=bool(value.get("by_hand", True)),
        # A hall founded before these could be chosen has the defaults.
        groups=tuple(cast("list[str]", value.get("groups", GROUPS))),
        elder_age=cast(int, value.get("elder_age", ELDER_AGE)),
        classes={name: PriorityClass(each["names"], each["icon"]) for name, each in classes.items()},
    )


def policy_value(policy: Policy) -> dict[str, object]:
    return {
        "head_starts_s": {name: start // timedelta(seconds=1) for name, start in policy.head_starts.items()},
        "cap": policy.cap,
        "question": policy.question,
        "by_hand": policy.by_hand,
        "groups": list(policy.groups),
        "elder_age": policy.elder_age,
        "classes": classes_value(policy.classes),
    }


def classes_value(classes: Mapping[str, PriorityClass]) -> dict[str, object]:
    return {name: {"names": dict(each.names), "icon": each.icon} for name, each in classes.items()}
