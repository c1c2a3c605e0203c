"""Advice: which counter to open next, and how many minutes of waiting that would save."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

# A smaller gain than this lies within the error of any forecast.
LEAST_GAIN_S = 3 * 60
# What the wait for a service counts as that no counter serves: longer than any forecast.
UNSERVED_S = 4 * 3600


class Level(StrEnum):
    """How bad a wait is. Quyết định 468/QĐ-TTg asks for 15 minutes, TP.HCM for 20; 30 is a breach anywhere."""

    WARN = "warn"
    ALARM = "alarm"
    BREACH = "breach"


LEVELS_S = {Level.BREACH: 30 * 60, Level.ALARM: 20 * 60, Level.WARN: 15 * 60}


def level_of(wait_s: int) -> Level | None:
    """Return the highest level that a wait of `wait_s` seconds has reached; None below all."""
    return next((level for level, least_s in LEVELS_S.items() if wait_s >= least_s), None)


@dataclass(frozen=True, slots=True)
class ServiceQueue:
    """The queue of one service now. The forecast is that of the next arrival; None where no open counter serves it."""

    service: str
    waiting: int
    target_s: int
    p50_s: int | None
    p90_s: int | None

    @property
    def late(self) -> bool:
        """Return whether somebody waits whom nobody serves, or several and one in ten who come now waits too long.

        Too long is longer than the target. One who waits alone is the next to be called.
        """
        return self.waiting > 0 if self.p90_s is None else self.waiting > 1 and self.p90_s > self.target_s


class Wait(NamedTuple):
    """A forecast wait in seconds: the median, and what nine in ten do not exceed."""

    p50_s: int
    p90_s: int


@dataclass(frozen=True, slots=True)
class Effect:
    """The median wait of a service as it is (None: no counter serves it) and with the counter open, seconds.

    The same of the wait that nine in ten do not exceed.
    """

    service: str
    now_s: int | None
    then_s: int
    now_p90_s: int | None
    then_p90_s: int


@dataclass(frozen=True, slots=True)
class Advice:
    """The counter to open, and the effects of that."""

    counter: int
    effects: tuple[Effect, ...]  # on the services that are late, the greatest first


def advise(lines: Iterable[ServiceQueue], then: Mapping[int, Mapping[str, Wait]]) -> Advice | None:
    """Return the counter whose opening saves most waiting for the services that are late; None if no counter helps.

    `then` holds, for every counter that could open, the wait of its services with it open. Counters are compared by
    the seconds saved in the median, summed over everybody who waits; of equal ones the first is taken.
    """
    late = {line.service: line for line in lines if line.late}
    best, best_gain_s = None, 0
    for counter, waits in then.items():
        effects = sorted(
            (
                (before - after.p50_s, Effect(service, line.p50_s, after.p50_s, line.p90_s, after.p90_s))
                for service, after in waits.items()
                if (line := late.get(service)) and (before := _before(line)) - after.p50_s >= LEAST_GAIN_S
            ),
            key=lambda effect: (-effect[0], effect[1].service),
        )
        gain_s = sum(gained * late[effect.service].waiting for gained, effect in effects)
        if gain_s > best_gain_s:
            best, best_gain_s = Advice(counter, tuple(effect for _, effect in effects)), gain_s
    return best


def _before(line: ServiceQueue) -> int:
    return UNSERVED_S if line.p50_s is None else line.p50_s
