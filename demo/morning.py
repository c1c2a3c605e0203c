"""The hours before a demonstration opens, lived by its own crowd at its speed, in a few seconds.

The people of the past days are as slow as the clock. The hall as they leave it is foreign to a crowd that lives five
times as fast: the queue, the services under way, how far a forecast can be trusted. So the crowd has been there since
the morning, and the visitor finds its queue and forecasts that were held against its calls.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from heapq import heapify, heapreplace
from typing import Any
from zoneinfo import ZoneInfo

from demo import loads
from demo.crowd import Life, Pace, Refused, crowd
from demo.history import GivenTime, live
from demo.loads import Load
from hall import arrivals, calls, counters, ratings, visits
from hall.forecaster import ROUND_S, NewestForecasts
from hall.forecasting import Forecasting
from hall.hall import Hall
from hall.views.counters import at_counter_view, state_shown
from queueing.errors import Refusal

# Both by the clock of the people, for whom at speed 5 an hour is twelve minutes.
_LIVED = timedelta(hours=6)  # at most
_WARM_UP = timedelta(hours=2)  # until there is a queue

_BUTTONS: Mapping[str, Callable[..., Any]] = {
    "open": lambda act, counter: counters.open_counter(act, counter, one_only=True),
    "pause": lambda act, counter, reason: counters.pause_counter(act, counter, reason),
    "resume": counters.resume_counter,
    "close": counters.close_counter,
    "call-next": lambda act, counter, finish: calls.call_next(act, counter, finish=finish),
    "call-again": calls.call_again,
    "start": calls.start_service,
    "finish": lambda act, counter, outcome: calls.finish_service(act, counter, outcome),
    "no-show": calls.mark_no_show,
    "hold": lambda act, counter, minutes: visits.hold_ticket(act, counter, minutes),
    "return": lambda act, counter, ref: visits.return_ticket(act, ref),
    "dossiers": lambda act, counter, dossiers: visits.count_dossiers(act, counter, dossiers),
    "transfer": lambda act, counter, service, outcome: visits.transfer_ticket(
        act, counter, service=service, outcome=outcome
    ),
}


class _AtHall:
    """One of the crowd who asks the hall itself, where the others ask by HTTP."""

    def __init__(self, hall: Hall, subject: str) -> None:
        self._hall, self._subject = hall, subject

    def get(self, path: str) -> Any:
        hall = self._hall
        hall.refresh()
        if path == "/services":
            return {"services": [{"waiting": hall.floor.waiting.count(code)} for code in hall.catalogue.services]}
        if path == "/counters":
            return {"counters": [self._counter(number) for number in hall.catalogue.counters]}
        advice = hall.forecaster.advice(hall.catalogue, hall.floor)
        return {"counter": advice.counter if advice else None}

    def post(self, path: str, body: Any = None) -> Any:
        self._hall.refresh()
        try:
            return self._post(path.split("/")[1:], body or {})
        except Refusal as refusal:
            raise Refused(refusal.code) from refusal

    def _post(self, words: list[str], body: Any) -> Any:
        run = self._hall.run_as_system
        if words[0] == "counters":
            number, press = int(words[1]), _BUTTONS[words[2]]
            run(lambda act: press(act, number, **body), self._subject)
            ticket = at_counter_view(self._hall, number)
            return {"ticket": ticket and {"ref": ticket.ref, "service": ticket.service}}
        if words[-1] == "cancel":
            return run(lambda act: arrivals.cancel_ticket(act, int(words[1])), self._subject)
        if words[-1] == "rate":
            return run(lambda act: ratings.rate_ticket(act, int(words[1]), body["rating"]), f"ticket:{words[1]}")
        issued = run(
            lambda act: arrivals.take_ticket(act, body["service"], body["priority_class"], "vi"), self._subject
        )
        return {"id": str(issued.ticket.ref)}

    def _counter(self, number: int) -> Any:
        state, ticket = self._hall.floor.counter_state(number), self._hall.floor.at_counter(number)
        return {"counter": number, "state": state_shown(state, ticket), "mine": state.clerk == self._subject}


def lived(
    hall: Hall,
    clock: GivenTime,
    load: Load,
    clerks: Mapping[int, str],
    now: Callable[[], datetime],
    days: int,
    speed: float,
    reserve: Collection[int] = (),
) -> Iterator[date]:
    """Simulate the working days among the `days` days before, and let the crowd live today up to `now`.

    Each day is yielded when it is over, as by `history.live`. It takes some seconds, in which `now` goes on: the end is
    the present all the same. In a gap nobody would be called, and every wait that was forecast would be longer.
    """
    zone = ZoneInfo(hall.catalogue.hall.timezone)
    opens = datetime.combine(now().astimezone(zone).date(), loads.MORNING, zone).astimezone(UTC)
    for day in live(hall, clock, load, clerks, opens, days, reserve):
        if day == opens.astimezone(zone).date():
            # Into an empty hall: somebody who was served at the pace of the past would be learnt as a slow one.
            clock.at = max(opens, now() - _LIVED / speed)
            Morning(hall, clock, clerks, speed, load.rng.getrandbits(32), reserve, _WARM_UP).live(now)
        yield day


class Morning:
    """A crowd in a hall, by a clock that goes from act to act; forecasts are given with the numbers after a while."""

    def __init__(
        self,
        hall: Hall,
        clock: GivenTime,
        clerks: Mapping[int, str],
        speed: float,
        seed: int,
        reserve: Collection[int] = (),
        warm_up: timedelta = timedelta(0),
    ) -> None:
        """Let the crowd come now.

        `clerks` is counter -> subject of its clerk. There are no forecasts before so much of the people's time.
        """
        self._hall, self._clock, self._began = hall, clock, clock.at
        lives = crowd(
            _AtHall(hall, "anyone"),
            _AtHall(hall, "device:1"),
            {counter: _AtHall(hall, subject) for counter, subject in clerks.items()},
            reserve,
            hall.catalogue.minutes,
            seed,
            Pace(speed, self._elapsed),
        )
        self._due = [(clock.at, n, life) for n, life in enumerate((self._forecasts(speed, warm_up), *lives))]
        heapify(self._due)

    def live(self, until: Callable[[], datetime]) -> None:
        """Go on to the time that `until` reads, which may go on meanwhile."""
        with self._hall.store.transaction():
            while self._due[0][0] < until():
                at, n, life = self._due[0]
                self._clock.at = max(self._clock.at, at)
                heapreplace(self._due, (self._clock.at + timedelta(seconds=next(life)), n, life))
        self._clock.at = max(self._clock.at, until())

    def _elapsed(self) -> float:
        return (self._clock.at - self._began).total_seconds()

    def _forecasts(self, speed: float, warm_up: timedelta) -> Life:
        newest, forecasting = NewestForecasts(self._elapsed), Forecasting(self._hall.store, speed)
        yield warm_up.total_seconds() / speed
        self._hall.forecaster = newest
        self._hall.listeners.append(newest.on_events)
        while True:
            if newest.due():
                newest.ask()
                newest.take(forecasting.round(self._hall.now()))
            yield ROUND_S
