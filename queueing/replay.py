"""Replay: who would have been called when on a past day, under another policy.

A discrete-event simulation over the queue and the rule of the live hall (`queueing.dispatch`). Its input is who
comes, how long each occupies a counter, and which counters are staffed; its output are the calls. It draws nothing
at random: a caller who wants chance puts it into the visits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from queueing.dispatch import BY_RULE, Choice, Place, Reason, WaitingQueue, choose_next

AT_ONCE = timedelta(0)
LONGEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay in the queue and at a counter. Without `patience` somebody waits until the end of the replay."""

    after: timedelta  # from the arrival, or from leaving the counter before, until joining the queue
    service: str
    occupied_for: timedelta  # from the call until the counter is free again
    patience: timedelta | None = None  # who waits longer abandons
    # Of a stay after the first: how somebody comes back, or was transferred.
    kept: bool = False  # for the counter that held the ticket, while that is open: ahead of the queue
    sits_out_next_call: bool = False  # after a no-show: not called by the next call
    counter: int | None = None  # for this counter alone, while that is open
    first: bool = False  # ahead of the queue


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody who waits asked for: to be called later, another service, or to be away for a while.

    `delay`: how much later than the arrival it counts as having arrived from now on; `away`: a cancel that was taken
    back later begins (True), or ends.
    """

    delay: timedelta | None = None
    service: str | None = None
    away: bool | None = None


@dataclass(frozen=True, slots=True)
class ReplayedVisit:
    """A visit to replay. `arrival` is the order of arrival, the same for all its stays.

    `grants` are changes of the head start: (how long after the arrival, the new head start); `wishes` the same with
    what was asked for. A wish of somebody who does not wait then is passed over.
    """

    ref: int
    arrival: int
    at: datetime
    head_start: timedelta
    stays: tuple[Stay, ...]
    grants: tuple[tuple[timedelta, timedelta], ...] = ()
    wishes: tuple[tuple[timedelta, Wish], ...] = ()
    appointment: bool = False


@dataclass(frozen=True, slots=True)
class StaffingChange:
    """From `at` on the counter calls for these services; without any it is closed or paused.

    One that closes may linger: while somebody waits for it, it goes on calling, at most for so long.
    """

    at: datetime
    counter: int
    services: tuple[str, ...]
    lingers: timedelta = AT_ONCE


@dataclass(frozen=True, slots=True)
class ReplayedCall:
    """A call of the replay: by the rule, or by hand."""

    ref: int
    stay: int
    counter: int
    joined_at: datetime
    called_at: datetime
    left_at: datetime  # when the counter is free again
    reason: Reason
    passes: int  # how many earlier arrivals it passed: its skips
    passed: int  # how often the rule called a later arrival first during this stay: its slips

    @property
    def wait(self) -> timedelta:
        """Return the wait of this stay, from joining the queue to the call."""
        return self.called_at - self.joined_at


# (counter, n) -> how long a free counter hesitates before it calls, the n-th time (from 0) that it could call
# somebody. That time ends with the call, or when nobody waits for the counter any more, or when it pauses.
Hesitation = Callable[[int, int], timedelta]
ByHand = Callable[[int, int], int | None]  # (counter, n) -> the ref it calls out of turn then, if that one waits for it
OnAbandoned = Callable[[int, int], None]  # (ref, how often it was passed in that stay) of one never called


def replay(
    visits: Iterable[ReplayedVisit],
    staffing: Iterable[StaffingChange],
    cap: int,
    hesitation: Hesitation = lambda counter, nth: AT_ONCE,
    on_abandoned: OnAbandoned = lambda ref, passed: None,
    by_hand: ByHand = lambda counter, nth: None,
) -> Iterator[ReplayedCall]:
    """Yield every call in order; call `on_abandoned` for everybody who abandons, or still waits at the end.

    `visits` are in the order of their arrival. Of several free counters the one with the fewest services calls
    first, of these the one with the lowest number.
    """
    return _Replay(cap, hesitation, on_abandoned, by_hand).run(visits, staffing)


@dataclass(frozen=True, slots=True)
class _Waiting:
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
        self._queue = WaitingQueue()
        self._waits: dict[int, _Waiting] = {}  # by ref
        self._granted: dict[int, timedelta] = {}  # ref -> the head start that became another
        self._delays: dict[int, timedelta] = {}  # ref -> how much later it counts as having arrived
        self._services: dict[int, tuple[str, ...]] = {}  # of staffed counters
        self._lingering: dict[int, datetime] = {}  # those that close once nobody waits, at the latest then
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
            yield from self._let_counters_call(joins_at)
        while self._ahead:
            yield from self._step()
        for ref, waits in self._waits.items():
            self._on_abandoned(ref, self._queue.passed(ref) - waits.passed)

    def _later(self, at: datetime, action: Callable[[datetime], None]) -> int:
        turn = next(self._turns)
        heappush(self._ahead, (at, turn, action))
        return turn

    def _step(self) -> Iterator[ReplayedCall]:
        now, turn, action = heappop(self._ahead)
        action(now)
        return self._let_counters_call(now, turn)

    def _join(
        self, visit: ReplayedVisit, stay: int, now: datetime, counter: int | None = None, passed: int = 0
    ) -> None:
        """Let somebody wait: for the first time, or after leaving `counter`, passed so often in earlier stays."""
        ref, coming = visit.ref, visit.stays[stay]
        head_start = self._granted.get(ref, visit.head_start)
        arrived_at = visit.at + self._delays.get(ref, AT_ONCE)
        place = Place(ref, coming.service, visit.arrival, arrived_at, head_start, appointment=visit.appointment)
        if stay == 0:
            self._queue.join(place)
            for after, granted in visit.grants:
                self._later(visit.at + after, lambda _, granted=granted: self._grant(ref, granted))  # type: ignore[misc]
            for after, wish in visit.wishes:
                self._later(visit.at + after, lambda _, wish=wish: self._fulfil(visit, wish))  # type: ignore[misc]
        else:
            # Only a first stay is a later arrival than all before it.
            self._queue.rejoin(self._returned(place, coming, counter)._replace(passed=passed))
        self._waits[ref] = _Waiting(visit, stay, now, passed)
        if coming.patience is not None:
            self._later(now + coming.patience, lambda _: self._abandon(ref, stay))

    def _returned(self, place: Place, coming: Stay, left: int | None) -> Place:
        """Return the place of somebody who waits again after leaving the counter `left`."""
        counter, reason = (left, Reason.RETURN) if coming.kept else (coming.counter, Reason.TRANSFER)
        if counter is not None and counter not in self._services:
            return place
        first = reason if coming.kept or coming.first else None
        return place._replace(counter=counter, jump_reason=first, sits_out_next_call=coming.sits_out_next_call)

    def _grant(self, ref: int, head_start: timedelta) -> None:
        self._granted[ref] = head_start
        if ref in self._queue:
            self._queue.reclass(ref, head_start)

    def _fulfil(self, visit: ReplayedVisit, wish: Wish) -> None:
        ref, queue = visit.ref, self._queue
        if wish.away is False:
            queue.reinstate(ref)
        elif ref not in queue:
            return
        elif wish.away:
            queue.cancel(ref)
        elif wish.service is not None:
            queue.move(ref, wish.service)
        elif wish.delay is not None:
            self._delays[ref] = wish.delay
            queue.defer(ref, visit.at + wish.delay)

    def _abandon(self, ref: int, stay: int) -> None:
        waits = self._waits.get(ref)
        if waits is not None and waits.stay == stay:
            self._on_abandoned(ref, self._queue.passed(ref) - waits.passed)
            self._queue.leave(ref)
            del self._waits[ref]

    def _staff(self, change: StaffingChange) -> None:
        counter = change.counter
        self._lingering.pop(counter, None)
        if change.services:
            self._services[counter] = change.services
            self._arrange()
        elif change.lingers and counter in self._services:
            self._lingering[counter] = latest = change.at + change.lingers
            self._later(latest, lambda now: self._close_late(counter, now))
        else:
            self._close(counter)

    def _close_late(self, counter: int, now: datetime) -> None:
        if now >= self._lingering.get(counter, now + LONGEST):
            self._close(counter)

    def _close(self, counter: int) -> None:
        self._lingering.pop(counter, None)
        self._services.pop(counter, None)
        self._queue.release(counter)
        self._arrange()

    def _arrange(self) -> None:
        self._free = sorted(
            self._services.keys() - self._busy, key=lambda number: (len(self._services[number]), number)
        )
        for counter in self._pending.keys() - set(self._free):
            del self._pending[counter]

    def _let_counters_call(self, now: datetime, turn: int | None = None) -> Iterator[ReplayedCall]:
        """Let the free counters call. A counter that hesitates goes on doing so while somebody waits for it."""
        for counter in [free for free in self._free if free in self._lingering]:
            if not self._queue.count_for(self._services[counter], counter):
                self._close(counter)
        again = True
        while again:
            again = False
            if not len(self._queue):
                self._pending.clear()
                return
            for counter in self._free:
                choice = choose_next(self._queue, self._services[counter], self._cap, counter)
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
                again = True
                break

    def _out_of_turn(self, counter: int) -> Choice | None:
        """Return the call by hand of this time, if its ticket waits for this counter."""
        ref, services = self._by_hand(counter, self._times[counter] - 1), self._services[counter]
        place = None if ref is None else self._queue.place(ref)
        if place is None or not place.fits(services, counter):
            return None
        return Choice(place.ref, Reason.MANUAL, len(self._queue.passed_by(place, services, counter)))

    def _call(self, counter: int, choice: Choice, now: datetime) -> ReplayedCall:
        waits = self._waits.pop(choice.ref)
        visit, stay, passed = waits.visit, waits.stay, self._queue.passed(choice.ref)
        self._queue.call(choice.ref, self._services[counter], counter, counts=choice.reason in BY_RULE)
        self._busy.add(counter)
        self._free.remove(counter)
        self._pending.pop(counter, None)
        left_at = now + visit.stays[stay].occupied_for
        self._later(left_at, lambda then: self._leave(counter, visit, stay, passed, then))
        reason, passes = choice.reason, choice.passes
        return ReplayedCall(choice.ref, stay, counter, waits.since, now, left_at, reason, passes, passed - waits.passed)

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
