"""Looking back: the figures of any range of service days, grouped as asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hall.catalogue import Catalogue
from queueing.errors import BadRange, UnknownGrouping
from queueing.metrics import Figures, figures
from queueing.ticket import Ticket

NONE = ""  # the group of tickets that have no counter or clerk, since they were never called

Key = Callable[[Ticket, ZoneInfo], str]


def _hour(ticket: Ticket, zone: ZoneInfo) -> str:
    return f"{ticket.issued_at.astimezone(zone):%H}"


# The hour, like the day, is that of arrival.
GROUPINGS: Mapping[str, Key] = {
    "service": lambda ticket, zone: ticket.service,
    "counter": lambda ticket, zone: NONE if ticket.leg.counter is None else str(ticket.leg.counter),
    "clerk": lambda ticket, zone: ticket.leg.clerk or NONE,
    "hour": _hour,
    "weekday": lambda ticket, zone: str(ticket.day.isoweekday()),
    "day": lambda ticket, zone: ticket.day.isoformat(),
    "month": lambda ticket, zone: f"{ticket.day:%Y-%m}",
    "class": lambda ticket, zone: ticket.priority_class,
}


@dataclass(frozen=True, slots=True)
class Targets:
    """The waits that are aimed at, in seconds: the centre's, and each service's own."""

    hall_s: int = 15 * 60
    services_s: Mapping[str, int] = field(default_factory=dict)

    def of(self, by: str, key: str) -> int:
        """What a row is measured against: a service's row by its own target, all others by the centre's."""
        return self.services_s.get(key, self.hall_s) if by == "service" else self.hall_s


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures of a range of days: all together, and by group."""

    first: date
    last: date
    by: str
    total: Figures
    rows: Mapping[str, Figures]


def targets_of(catalogue: Catalogue) -> Targets:
    """As the settings say now; the answer names what each row was measured against."""
    second = timedelta(seconds=1)
    services = {code: service.target // second for code, service in catalogue.services.items()}
    return Targets(catalogue.about.target // second, services)


def parse_range(first: str, last: str) -> tuple[date, date]:
    """Two local days, both included.

    Raises:
        BadRange: not two days as YYYY-MM-DD in order.
    """
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError as error:
        raise BadRange() from error
    # Python reads weeks and bare digits too; an address has one form.
    if days[0] > days[1] or (first, last) != (days[0].isoformat(), days[1].isoformat()):
        raise BadRange()
    return days


def statistics(
    tickets: Iterable[Ticket], first: date, last: date, by: str, zone: ZoneInfo, targets: Targets
) -> Statistics:
    """The figures of `tickets`, which are those of the days from `first` to `last`.

    Raises:
        UnknownGrouping: `by` is none of GROUPINGS.
    """
    if by not in GROUPINGS:
        raise UnknownGrouping()
    key = GROUPINGS[by]
    every = list(tickets)
    groups: dict[str, list[Ticket]] = {}
    for ticket in every:
        groups.setdefault(key(ticket, zone), []).append(ticket)
    rows = {name: figures(groups[name], targets.of(by, name)) for name in sorted(groups)}
    return Statistics(first, last, by, figures(every, targets.hall_s), rows)
