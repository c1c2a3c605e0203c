"""The people of a simulated centre, and its time of day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from secrets import token_urlsafe
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from access.gate import Gate
from access.people import People
from access.principal import CLERK, GREETER, SUPERVISOR
from hall.catalogue.defaults import DEFAULT
from hall.catalogue.model import Counter, Template

_CLERKS = (
    "Lò Thị Mai", "Vàng A Páo", "Nguyễn Văn Hòa", "Sùng Thị Dở", "Trần Thu Thủy", "Hạng Mí Sò", "Lê Thị Hạnh",
)  # fmt: skip
# Counters that the demonstration has besides: each opens when the board advises it, and closes when nobody waits.
RESERVE = {
    6: Counter(6, "Quầy 6", ("CHUNG_THUC", "DAT_DAI", "DVC_TT", "HO_TICH")),
    7: Counter(7, "Quầy 7", ("CHINH_SACH", "DAT_DAI", "DVC_TT", "HUONG_DAN")),
}
_SUPERVISOR, _GREETER = "Hoàng Văn Tú", "Giàng Thị Sua"
_OPENS, _LATEST, _LIVELY = time(8, 30), time(15, 30), time(9, 10)


@dataclass(frozen=True, slots=True)
class Cast:
    """The people by name. All share one random password, generated for this run."""

    clerks: Mapping[int, str]  # counter -> who sits there
    supervisor: str
    greeter: str
    password: str

    def subjects(self, people: People) -> dict[int, str]:
        """Return counter -> subject of its clerk, as events name it ("user:3")."""
        by_name = {user.name: user.id for user in people.all()}
        return {counter: f"user:{by_name[name]}" for counter, name in self.clerks.items()}


def demo_template() -> Template:
    """Return the settings of the demonstration: those of a new centre, and the counters in reserve."""
    return replace(DEFAULT, counters=(*DEFAULT.counters, *RESERVE.values()))


def demo_cast(people: People, counters: list[int]) -> Cast:
    """Create accounts for a demonstration: a clerk for each counter, a supervisor and a greeter."""
    names = {counter: _named(n) for n, counter in enumerate(counters)}
    cast = Cast(names, _SUPERVISOR, _GREETER, token_urlsafe())
    hashed = people.hashed(cast.password)
    people.add(cast.supervisor, SUPERVISOR, hashed)
    people.add(cast.greeter, GREETER, hashed)
    for name in names.values():
        people.add(name, CLERK, hashed)
    return cast


def training_cast(people: People, counters: list[int], word: str) -> Cast:
    """Create accounts for training: a simulated clerk for each counter, named `word` and the number.

    Trainees sign in with accounts of their own and take counters over.
    """
    names = {counter: f"{word} {counter}" for counter in counters}
    cast = Cast(names, "", "", token_urlsafe())
    hashed = people.hashed(cast.password)
    for name in names.values():
        people.add(name, CLERK, hashed)
    return cast


def sessions(cast: Cast, gate: Gate) -> dict[int, str]:
    """Sign every clerk in; return counter -> the secret of the session."""
    return {counter: gate.people.sign_in(name, cast.password)[1] for counter, name in cast.clerks.items()}


def working_hours(now: datetime, zone: ZoneInfo) -> timedelta:
    """Return what to add to `now` so that a centre is open: nothing in working hours, else back to the last morning."""
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
