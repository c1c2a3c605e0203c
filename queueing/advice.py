"""Which counter should open next, and what that would come to in minutes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

# A shorter gain than this is within what no forecast can tell.
LEAST_GAIN_S = 3 * 60
# What waiting for a service that no counter serves counts as: longer than any wait that is forecast.
UNSERVED_S = 4 * 3600


class Level(StrEnum):
    """How bad a wait is. Quyết định 468/QĐ-TTg asks for 15 minutes, TP.HCM for 20; 30 is a breach anywhere."""

    WARN = "warn"
    ALARM = "alarm"
    BREACH = "breach"


LEVELS_S = {Level.BREACH: 30 * 60, Level.ALARM: 20 * 60, Level.WARN: 15 * 60}


def level_of(wait_s: int) -> Level | None:
    """The worst threshold that a wait has reached."""
    return next((level for level, least_s in LEVELS_S.items() if wait_s >= least_s), None)


@dataclass(frozen=True, slots=True)
class ServiceQueue:
    """One service now. The forecast is that of one who comes now; None where no open counter serves it."""

    service: str
    waiting: int
    target_s: int
    p50_s: int | None
    p90_s: int | None

    @property
    def late(self) -> bool:
        """Somebody waits, and one in ten who come now would wait longer than the target."""
        return self.waiting > 0 and (self.p90_s is None or self.p90_s > self.target_s)


@dataclass(frozen=True, slots=True)
class Effect:
    """The middle wait of a service as it is (None: nobody serves it) and with the counter open."""

    service: str
    now_s: int | None
    then_s: int


@dataclass(frozen=True, slots=True)
class Advice:
    counter: int
    effects: tuple[Effect, ...]  # on the services that are late, the greatest first


def advise(lines: Iterable[ServiceQueue], then: Mapping[int, Mapping[str, int]]) -> Advice | None:
    """The counter whose opening takes most waiting from the services that are late; None where none helps.

    `then` has, for each counter that could open, the middle wait of its services with it open. What counts
    is the sum, over everybody who waits, of the minutes gained; of equal counters the first is named.
    """
    late = {line.service: line for line in lines if line.late}
    best, best_gain_s = None, 0
    for counter, waits in then.items():
        found = sorted(
            (
                (before - after, Effect(service, late[service].p50_s, after))
                for service, after in waits.items()
                if service in late and (before := _before(late[service])) - after >= LEAST_GAIN_S
            ),
            key=lambda each: (-each[0], each[1].service),
        )
        gain_s = sum(gained * late[effect.service].waiting for gained, effect in found)
        if gain_s > best_gain_s:
            best, best_gain_s = Advice(counter, tuple(effect for _, effect in found)), gain_s
    return best


def _before(line: ServiceQueue) -> int:
    return UNSERVED_S if line.p50_s is None else line.p50_s
