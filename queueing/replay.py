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

from queueing.dispatch import BY_RULE, Choice, Place, Reason, Waiting, choose_next

AT_ONCE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay in the line and at a counter. Whoever has no `patience` waits for ever."""

    after: timedelta  # from the arrival, or from leaving the counter before, until joining the line
    service: str
    occupied_for: timedelta  # from the call until the counter is free again
    patience: timedelta | None = None  # who waits longer leaves
    # Of a stay after another: how somebody comes back, or was sent on.
    kept: bool = False  # for the counter that sent them away, while that is open: before the line
    later: bool = False  # after a missed call: not by the next one
    counter: int | None = None  # for this counter alone, while that is open
    first: bool = False  # before the line


@dataclass(frozen=True, slots=True)
class ReplayedVisit:
    """Somebody who comes. `arrival` orders those who come; a later stay keeps it.

    `grants`: how long after the arrival the head start became another, and which.
    """

    ref: int
    arrival: int
    at: datetime
    head_start: timedelta
    stays: tuple[Stay, ...]
    grants: tuple[tuple[timedelta, timedelta], ...] = ()
    appointment: bool = False


@dataclass(frozen=True, slots=True)
class StaffingChange:
    """From now on the counter calls for these services; for none: it is closed or paused."""

    at: datetime
    counter: int
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplayedCall:
    """A call: by the rule, or as an exception of it."""

    ref: int
    stay: int
    counter: int
    joined_at: datetime
    called_at: datetime
    reason: Reason
    passes: int  # how many who came earlier it passed: its skips
    passed: int  # how many calls of later ones by the rule it saw go by in this stay: its slips

    @property
    def wait(self) -> timedelta:
        return self.called_at - self.joined_at


# Clerks are no machines: how long a free counter lets somebody wait whom it could call, the n-th time (from 0)
# that it comes to this. A time is over with the call, or when nobody waits for it any more, or it pauses.
Hesitation = Callable[[int, int], timedelta]
ByHand = Callable[[int, int], int | None]  # whom the counter calls out of turn at that time, if they wait for it
OnAbandoned = Callable[[int, int], None]  # who was not called, and how often they had been passed in that stay


def replay(
    visits: Iterable[ReplayedVisit],
    staffing: Iterable[StaffingChange],
    cap: int,
    hesitation: Hesitation = lambda counter, nth: AT_ONCE,
    on_abandoned: OnAbandoned = lambda ref, passed: None,
    by_hand: ByHand = lambda counter, nth: None,
) -> Iterator[ReplayedCall]:
    """Every call, in order; `on_abandoned` is called for everyone who abandons, or still waits at the end.

    `visits` come by their instant. Of several free counters the one with the fewest services calls
    first, then the lowest number.
    """
    return _Replay(cap, hesitation, on_abandoned, by_hand).run(visits, staffing)


@dataclass(frozen=True, slots=True)
class _Waits:
    visit: ReplayedVisit
    stay: int
    since: datetime
    passed: int  # in the stays before


class _Replay:
    def __init__(self, cap: int, hesitation: Hesitation, on_abandoned: OnAbandoned, by_hand: ByHand) -> None:
        self._on_abandoned = on_abandoned
        self._by_hand = by_hand
        self._cap = cap
        self._hesitation = hesitation
        self._line = Waiting()
        self._waits: dict[int, _Waits] = {}  # by ref
        self._granted: dict[int, timedelta] = {}  # ref -> the head start that became another
        self._services: dict[int, tuple[str, ...]] = {}  # of staffed counters
        self._free: list[int] = []  # staffed and without anybody; the fewest services first
        self._busy: set[int] = set()
        self._pending: dict[int, int] = {}  # free counter -> the turn in which it will call
        self._times: dict[int, int] = {}  # how often a counter had somebody to call
        self._turns = count()
        self._ahead: list[tuple[datetime, int, Callable[[datetime], None]]] = []

    def run(self, visits: Iterable[ReplayedVisit], staffing: Iterable[StaffingChange]) -> Iterator[ReplayedCall]:
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
        for ref, waits in self._waits.items():
            self._on_abandoned(ref, self._line.passed(ref) - waits.passed)

    def _later(self, at: datetime, do: Callable[[datetime], None]) -> int:
        turn = next(self._turns)
        heappush(self._ahead, (at, turn, do))
        return turn

    def _step(self) -> Iterator[ReplayedCall]:
        now, turn, do = heappop(self._ahead)
        do(now)
        return self._settle(now, turn)

    def _join(
        self, visit: ReplayedVisit, stay: int, now: datetime, counter: int | None = None, passed: int = 0
    ) -> None:
        """Somebody waits, for the first time or after `counter` was left, having been passed so often before."""
        ref, coming = visit.ref, visit.stays[stay]
        head_start = self._granted.get(ref, visit.head_start)
        place = Place(ref, coming.service, visit.arrival, visit.at, head_start, appointment=visit.appointment)
        if stay == 0:
            self._line.join(place)
            for after, granted in visit.grants:
                self._later(visit.at + after, lambda _, granted=granted: self._grant(ref, granted))  # type: ignore[misc]
        else:
            # Only who comes for the first time is later than everybody before.
            self._line.rejoin(self._beside(place, coming, counter)._replace(passed=passed))
        self._waits[ref] = _Waits(visit, stay, now, passed)
        if coming.patience is not None:
            self._later(now + coming.patience, lambda _: self._give_up(ref, stay))

    def _beside(self, place: Place, coming: Stay, left: int | None) -> Place:
        """Where somebody stands who left that counter and waits again."""
        counter, reason = (left, Reason.RETURN) if coming.kept else (coming.counter, Reason.TRANSFER)
        if counter is not None and counter not in self._services:
            return place
        first = reason if coming.kept or coming.first else None
        return place._replace(counter=counter, first=first, later=coming.later)

    def _grant(self, ref: int, head_start: timedelta) -> None:
        self._granted[ref] = head_start
        if ref in self._line:
            self._line.reclass(ref, head_start)

    def _give_up(self, ref: int, stay: int) -> None:
        waits = self._waits.get(ref)
        if waits is not None and waits.stay == stay:
            self._on_abandoned(ref, self._line.passed(ref) - waits.passed)
            self._line.leave(ref)
            del self._waits[ref]

    def _staff(self, change: StaffingChange) -> None:
        if change.services:
            self._services[change.counter] = change.services
        else:
            self._services.pop(change.counter, None)
            self._line.release(change.counter)
        self._arrange()

    def _arrange(self) -> None:
        self._free = sorted(self._services.keys() - self._busy, key=lambda each: (len(self._services[each]), each))
        for counter in self._pending.keys() - set(self._free):
            del self._pending[counter]

    def _settle(self, now: datetime, turn: int | None = None) -> Iterator[ReplayedCall]:
        """Let the free counters call. One that has begun to hesitate goes on as long as somebody waits for it."""
        looking = True
        while looking:
            looking = False
            if not len(self._line):
                self._pending.clear()
                return
            for counter in self._free:
                choice = choose_next(self._line, self._services[counter], self._cap, counter)
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
                yield self._call(counter, self._out_of_turn(counter) or choice, now)
                looking = True
                break

    def _out_of_turn(self, counter: int) -> Choice | None:
        """Whom the clerk called by hand at this time, if they wait for this counter."""
        ref, services = self._by_hand(counter, self._times[counter] - 1), self._services[counter]
        place = None if ref is None else self._line.place(ref)
        if place is None or not place.fits(services, counter):
            return None
        return Choice(place.ref, Reason.MANUAL, self._line.earlier_at(place.arrival, services, counter))

    def _call(self, counter: int, choice: Choice, now: datetime) -> ReplayedCall:
        waits = self._waits.pop(choice.ref)
        visit, stay, passed = waits.visit, waits.stay, self._line.passed(choice.ref)
        self._line.call(choice.ref, self._services[counter], counter, counts=choice.reason in BY_RULE)
        self._busy.add(counter)
        self._free.remove(counter)
        self._pending.pop(counter, None)
        self._later(now + visit.stays[stay].occupied_for, lambda then: self._leave(counter, visit, stay, passed, then))
        reason, passes = choice.reason, choice.passes
        return ReplayedCall(choice.ref, stay, counter, waits.since, now, reason, passes, passed - waits.passed)

    def _leave(self, counter: int, visit: ReplayedVisit, stay: int, passed: int, now: datetime) -> None:
        self._busy.discard(counter)
        self._arrange()
        if stay + 1 == len(visit.stays):
            return
        after = visit.stays[stay + 1].after
        if after > AT_ONCE:
            self._later(now + after, lambda at: self._join(visit, stay + 1, at, counter, passed))
        else:
            self._join(visit, stay + 1, now, counter, passed)
