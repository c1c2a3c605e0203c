"""How many go before somebody in this hall, over the counters that may call them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from hall.catalogue.model import Catalogue
from queueing.dispatch import Place
from queueing.floor import Floor
from queueing.turns import Before, CallsInTurn


class _Seen(NamedTuple):
    catalogue: Catalogue
    numbers: list[int]  # of the counters that call
    turns: CallsInTurn


class LookAhead:
    """Answers from one look ahead for as long as the queue and the counters stay what they were.

    The counters that are open call. Whom none of them may call, because the counters of that service are paused or
    closed, gets the figure as it is when all are open.
    """

    def __init__(self) -> None:
        self._seen: dict[bool, _Seen] = {}  # by whether only the open counters call
        self._last: tuple[str, int, Before] | None = None  # the place in the log, the ticket, and how many before it

    def before(self, catalogue: Catalogue, floor: Floor, place: Place) -> Before:
        """Return who will be called before a waiting ticket."""
        # One answer to its holder asks for it several times: the figure, its forecast and the reason.
        last = self._last
        if last is None or last[:2] != (floor.hash, place.ref):
            last = floor.hash, place.ref, self._turns_for(catalogue, floor, place).before(place)
            self._last = last
        return last[2]

    def people_before(self, catalogue: Catalogue, floor: Floor, place: Place) -> int:
        """Return how many that are; for everybody who waits at little cost."""
        return self._turns_for(catalogue, floor, place).people_before(place)

    def before_newcomer(self, catalogue: Catalogue, floor: Floor, service: str, at: datetime) -> int:
        """Return how many will be called before one who takes an ordinary number for the service now."""
        called = any(service in catalogue.counters[number].services for number in _open(catalogue, floor))
        return self._turns_of(catalogue, floor, called).before_newcomer(service, at)

    def _turns_for(self, catalogue: Catalogue, floor: Floor, place: Place) -> CallsInTurn:
        called = any(place.fits(catalogue.counters[number].services, number) for number in _open(catalogue, floor))
        return self._turns_of(catalogue, floor, called)

    def _turns_of(self, catalogue: Catalogue, floor: Floor, only_open: bool) -> CallsInTurn:
        numbers = _open(catalogue, floor) if only_open else list(catalogue.counters)
        seen = self._seen.get(only_open)
        # A catalogue never changes, so the very same one has the same services and the same cap.
        if (
            seen is None
            or seen.catalogue is not catalogue
            or seen.numbers != numbers
            or not seen.turns.holds(floor.waiting)
        ):
            counters = {number: frozenset(catalogue.counters[number].services) for number in numbers}
            turns = CallsInTurn(floor.waiting, counters, catalogue.policy.cap)
            seen = self._seen[only_open] = _Seen(catalogue, numbers, turns)
        return seen.turns


def _open(catalogue: Catalogue, floor: Floor) -> list[int]:
    return [number for number in catalogue.counters if number in floor.open_counters]
