"""What the hall offers: services, counters, and the policy of priority."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

ORDINARY = "ordinary"
PRIORITY = "priority"
URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class PriorityClass:
    """What staff call a class, and its pictogram. A name may tell why somebody has it, so citizens are told none."""

    names: Mapping[str, str]
    icon: str


# Until the hall has words of its own.
CLASSES: Mapping[str, PriorityClass] = {
    ORDINARY: PriorityClass({"vi": "Thường", "en": "Ordinary"}, "user"),
    PRIORITY: PriorityClass({"vi": "Ưu tiên", "en": "Priority"}, "star"),
    URGENT: PriorityClass({"vi": "Ưu tiên đặc biệt", "en": "Special priority"}, "star"),
}

# Who has priority by their own word at the kiosk, each with its pictogram there.
GROUPS = ("elder", "disabled", "pregnant", "with_child", "merit")

ELDER_AGE = 75

# What a visit came to, as the clerk marks it on finishing.
OUTCOMES = ("filed", "guided", "returned_result", "needs_supplement", "submitted_online")

# Why a clerk calls a number out of turn.
CALL_REASONS = ("missed_call", "wrong_service", "unwell", "same_matter", "other")

PAUSE_REASONS = ("lunch", "meeting", "online_dossiers", "software_fault", "portal_overloaded", "network_lost", "other")


@dataclass(frozen=True, slots=True)
class Service:
    """What a citizen can come for. `prefix` is the letter or block digit of its numbers."""

    code: str
    prefix: str
    names: Mapping[str, str]
    hints: Mapping[str, str]
    icon: str
    family: int  # which of the eight icon fields (hue and shape) it wears
    position: int  # its place on the kiosk, from 1
    service_time: timedelta  # the expected service time until today's own are known
    target: timedelta
    active: bool = True


@dataclass(frozen=True, slots=True)
class Counter:
    """A desk and the services it can serve."""

    number: int
    name: str
    services: frozenset[str]


@dataclass(frozen=True, slots=True)
class Policy:
    """Head start with a skip cap: the default order.

    A ticket of a class counts as having arrived `head_starts[class]` earlier; nobody is passed
    more than `cap` times. All head starts zero is first come, first served; a head start longer
    than the day is strict priority with the cap kept.
    """

    head_starts: Mapping[str, timedelta] = field(
        default_factory=lambda: {
            ORDINARY: timedelta(0),
            PRIORITY: timedelta(minutes=20),
            URGENT: timedelta(minutes=60),
        }
    )
    cap: int = 5
    question: bool = True  # whether the kiosk asks its one yes-or-no question
    by_hand: bool = True  # whether a clerk may call a number out of turn, with a reason
    groups: tuple[str, ...] = GROUPS  # whom the question names
    elder_age: int = ELDER_AGE
    classes: Mapping[str, PriorityClass] = field(default_factory=lambda: dict(CLASSES))
