"""How many go before somebody in this hall, over the counters that may call them."""

from __future__ import annotations

from datetime import datetime

from hall.catalogue.model import Catalogue
from queueing.dispatch import Place
from queueing.floor import Floor, Staffing
from queueing.turns import Before, CallsInTurn


class LookAhead:
    """Answers from one look ahead for as long as the queue and the counters stay what they were.

    The counters that are open call. Whom none of them may call, because the counters of that service are paused or
    closed, gets the figure as it is when all are open.
    """

    def __init__(self) -> None:
        self._turns: dict[bool, CallsInTurn] = {}  # by whether only the open counters call

    def before(self, catalogue: Catalogue, floor: Floor, place: Place) -> Before:
        """Return who will be called before a waiting ticket."""
        counters = _open(catalogue, floor)
        called = any(place.fits(services, number) for number, services in counters.items())
        return self._turns_of(catalogue, floor, called).before(place)

    def before_newcomer(self, catalogue: Catalogue, floor: Floor, service: str, at: datetime) -> int:
        """Return how many will be called before one who takes an ordinary number for the service now."""
        called = any(service in services for services in _open(catalogue, floor).values())
        return self._turns_of(catalogue, floor, called).before_newcomer(service, at)

    def _turns_of(self, catalogue: Catalogue, floor: Floor, only_open: bool) -> CallsInTurn:
        counters = _open(catalogue, floor) if only_open else _every(catalogue)
        turns, cap = self._turns.get(only_open), catalogue.policy.cap
        if turns is None or not turns.holds(floor.waiting, counters, cap):
            turns = self._turns[only_open] = CallsInTurn(floor.waiting, counters, cap)
        return turns


def _open(catalogue: Catalogue, floor: Floor) -> dict[int, frozenset[str]]:
    return {
        number: services
        for number, services in _every(catalogue).items()
        if floor.counter_state(number).staffing is Staffing.OPEN
    }


def _every(catalogue: Catalogue) -> dict[int, frozenset[str]]:
    return {number: frozenset(counter.services) for number, counter in catalogue.counters.items()}
