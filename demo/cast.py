"""Who plays: the people of a simulated centre, and the time of day it is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from secrets import token_urlsafe
from zoneinfo import ZoneInfo

from access.gate import Gate
from access.people import People
from access.principal import CLERK, GREETER, SUPERVISOR

_CLERKS = ("Lò Thị Mai", "Vàng A Páo", "Nguyễn Văn Hòa", "Sùng Thị Dở", "Trần Thu Thủy")
_SUPERVISOR, _GREETER = "Hoàng Văn Tú", "Giàng Thị Sua"
_OPENS, _LATEST, _LIVELY = time(8, 30), time(15, 30), time(9, 10)


@dataclass(frozen=True, slots=True)
class Cast:
    """The people, by name; all have the one password, made for this run."""

    clerks: Mapping[int, str]  # counter -> who sits there
    supervisor: str
    greeter: str
    password: str

    def subjects(self, people: People) -> dict[int, str]:
        """counter -> "user:3"."""
        by_name = {user.name: user.id for user in people.all()}
        return {counter: f"user:{by_name[name]}" for counter, name in self.clerks.items()}


def demo_cast(people: People, counters: list[int]) -> Cast:
    """A clerk for each counter, a supervisor and a greeter; they are added."""
    names = {counter: _named(n) for n, counter in enumerate(counters)}
    cast = Cast(names, _SUPERVISOR, _GREETER, token_urlsafe())
    hashed = people.hashed(cast.password)
    people.add(cast.supervisor, SUPERVISOR, hashed)
    people.add(cast.greeter, GREETER, hashed)
    for name in names.values():
        people.add(name, CLERK, hashed)
    return cast


def training_cast(people: People, counters: list[int], word: str) -> Cast:
    """A simulated clerk for each counter, called so; whoever learns takes a counter over."""
    names = {counter: f"{word} {counter}" for counter in counters}
    cast = Cast(names, "", "", token_urlsafe())
    hashed = people.hashed(cast.password)
    for name in names.values():
        people.add(name, CLERK, hashed)
    return cast


def sessions(cast: Cast, gate: Gate) -> dict[int, str]:
    """counter -> the secret of its clerk's session."""
    return {counter: gate.people.sign_in(name, cast.password)[1] for counter, name in cast.clerks.items()}


def working_hours(now: datetime, zone: ZoneInfo) -> timedelta:
    """What to add to the time so that a centre is at work: nothing in working hours, else back to a morning."""
    local = now.astimezone(zone)
    if local.weekday() < 5 and _OPENS <= local.time() <= _LATEST:
        return timedelta(0)
    day = local.date() if local.time() > _LATEST else local.date() - timedelta(days=1)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return _at(day, zone) - now


def _at(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, _LIVELY, zone)


def _named(n: int) -> str:
    return _CLERKS[n] if n < len(_CLERKS) else f"{_CLERKS[n % len(_CLERKS)]} {n // len(_CLERKS) + 1}"
