"""A day played again: who would have been called when, had another policy stood.

An event loop of our own over the line and the rule of the live hall (`queueing.dispatch`): given who
comes, how long each keeps a counter and which counters are staffed, it makes the calls. It draws
nothing at random; whoever wants chance puts it into the visits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from queueing.dispatch import Choice, Place, Reason, Waiting, choose_next

AT_ONCE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay in the line and at a counter. Whoever has no `patience` waits for ever."""

    after: timedelta  # from the arrival, or from leaving the counter before, until joining the line
    service: str
    desk: timedelta  # from the call until the counter is free again
    patience: timedelta | None = None  # who waits longer leaves


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who comes. `arrival` orders those who come; a later stay keeps it."""

    ref: int
    arrival: int
    at: datetime
    head_start: timedelta
    stays: tuple[Stay, ...]


@dataclass(frozen=True, slots=True)
class Staffing:
    """From now on the counter calls for these services; for none: it is closed or paused."""

    at: datetime
    counter: int
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Called:
    """A call that the rule made."""

    ref: int
    stay: int
    counter: int
    joined_at: datetime
    called_at: datetime
    reason: Reason
    passes: int  # how many who came earlier it passed: its skips
    passed: int  # how many calls of later ones it saw go by: its slips

    @property
    def wait(self) -> timedelta:
        return self.called_at - self.joined_at


# Clerks are no machines: how long a free counter lets somebody wait whom it could call, the n-th time (from 0)
# that it comes to this. A time is over with the call, or when nobody waits for it any more, or it pauses.
Hesitation = Callable[[int, int], timedelta]
Left = Callable[[int, int], None]  # who gave up, and how often they had been passed


def replay(
    visits: Iterable[Visit],
    staffing: Iterable[Staffing],
    cap: int,
    hesitation: Hesitation = lambda counter, nth: AT_ONCE,
    left: Left = lambda ref, passed: None,
) -> Iterator[Called]:
    """Every call, in order; `left` is told of everyone who gives up. `visits` come by their instant.

    Of several free counters the one with the fewest services calls first, then the lowest number.
    """
    return _Replay(cap, hesitation, left).run(visits, staffing)


class _Replay:
    def __init__(self, cap: int, hesitation: Hesitation, left: Left) -> None:
        self._left = left
        self._cap = cap
        self._hesitation = hesitation
        self._line = Waiting()
        self._visits: dict[int, tuple[Visit, int, datetime]] = {}  # ref -> visit, its stay, since when it waits
        self._services: dict[int, tuple[str, ...]] = {}  # of staffed counters
        self._free: list[int] = []  # staffed and without anybody; the fewest services first
        self._busy: set[int] = set()
        self._pending: dict[int, int] = {}  # free counter -> the turn in which it will call
        self._times: dict[int, int] = {}  # how often a counter had somebody to call
        self._turns = count()
        self._ahead: list[tuple[datetime, int, Callable[[datetime], None]]] = []

    def run(self, visits: Iterable[Visit], staffing: Iterable[Staffing]) -> Iterator[Called]:
        for change in staffing:
            self._later(change.at, lambda now, change=change: self._staff(change))  # type: ignore[misc]
        for visit in visits:
            joins_at = visit.at + visit.stays[0].after
            while self._ahead and self._ahead[0][0] <= joins_at:
                yield from self._step()
            self._join(visit, 0, joins_at)
            yield from self._settle(joins_at)
        while self._ahead:
            yield from self._step()

    def _later(self, at: datetime, do: Callable[[datetime], None]) -> int:
        turn = next(self._turns)
        heappush(self._ahead, (at, turn, do))
        return turn

    def _step(self) -> Iterator[Called]:
        now, turn, do = heappop(self._ahead)
        do(now)
        return self._settle(now, turn)

    def _join(self, visit: Visit, stay: int, now: datetime) -> None:
        coming = visit.stays[stay]
        place = Place(visit.ref, coming.service, visit.arrival, visit.at, visit.head_start)
        # Only who comes for the first time is later than everybody before.
        (self._line.rejoin if stay else self._line.join)(place)
        self._visits[visit.ref] = visit, stay, now
        if coming.patience is not None:
            self._later(now + coming.patience, lambda _: self._give_up(visit.ref, stay))

    def _give_up(self, ref: int, stay: int) -> None:
        if ref in self._line and self._visits[ref][1] == stay:
            self._left(ref, self._line.passed(ref))
            self._line.leave(ref)
            del self._visits[ref]

    def _staff(self, change: Staffing) -> None:
        if change.services:
            self._services[change.counter] = change.services
        else:
            self._services.pop(change.counter, None)
        self._arrange()

    def _arrange(self) -> None:
        self._free = sorted(self._services.keys() - self._busy, key=lambda each: (len(self._services[each]), each))
        for counter in self._pending.keys() - set(self._free):
            del self._pending[counter]

    def _settle(self, now: datetime, turn: int | None = None) -> Iterator[Called]:
        """Let the free counters call. One that has begun to hesitate goes on as long as somebody waits for it."""
        looking = True
        while looking:
            looking = False
            if not len(self._line):
                self._pending.clear()
                return
            for counter in self._free:
                choice = choose_next(self._line, self._services[counter], self._cap)
                if choice is None:
                    self._pending.pop(counter, None)
                    continue
                if counter not in self._pending:
                    nth = self._times.get(counter, 0)
                    self._times[counter] = nth + 1
                    pause = self._hesitation(counter, nth)
                    if pause > AT_ONCE:
                        self._pending[counter] = self._later(now + pause, lambda _: None)
                        continue
                elif self._pending[counter] != turn:
                    continue
                yield self._call(counter, choice, now)
                looking = True
                break

    def _call(self, counter: int, choice: Choice, now: datetime) -> Called:
        visit, stay, joined_at = self._visits.pop(choice.ref)
        passed = self._line.passed(choice.ref)
        self._line.call(choice.ref, self._services[counter])
        self._busy.add(counter)
        self._free.remove(counter)
        self._pending.pop(counter, None)
        self._later(now + visit.stays[stay].desk, lambda then: self._leave(counter, visit, stay, then))
        return Called(choice.ref, stay, counter, joined_at, now, choice.reason, choice.passes, passed)

    def _leave(self, counter: int, visit: Visit, stay: int, now: datetime) -> None:
        self._busy.discard(counter)
        self._arrange()
        if stay + 1 < len(visit.stays):
            then = now + visit.stays[stay + 1].after
            self._later(then, lambda at: self._join(visit, stay + 1, at))

