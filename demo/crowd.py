"""Simulated citizens and clerks at a running centre; they use the same HTTP API as the screens.

    python -m demo.crowd < what.json

Runs as a process of its own, so that it does not slow the server down, and ends when its standard input is closed.
The first line of the input is a JSON object: `url`, `speed`, `minutes` (service -> mean minutes), `seed`, `kiosk` (a
token), `clerks` (counter -> session cookie) and `reserve` (those counters that open only when the board advises it).
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from heapq import heappop, heappush
from secrets import token_hex
from typing import Any, Protocol
from urllib.parse import urlsplit

from demo import loads
from demo.loads import Load

API = "/api/v1"
LONGEST_QUEUE = 30  # people waiting in all; nobody comes while there are as many
IDLE_S = 3.0  # pause of a clerk while nobody waits, and of everybody after a refusal
WATCH_INTERVAL_S = 5.0  # how often somebody looks at the board
RESTS_S = 300.0  # a counter in reserve closes when nobody came for so long
NOTICES_S = 1.0  # until a clerk in reserve who was sent for sets out, at most
POLL_INTERVAL_S = 10.0  # how often a clerk checks whether a counter taken over by somebody is free again
RESPONSE_TIMEOUT_S = 10.0
CANCEL, RATE = "cancel", "rate"
_NO_ANSWER = (OSError, http.client.HTTPException, ValueError)  # no answer came, or not all of it


# A life yields how many seconds pass until it goes on, so that a clock of any kind can drive it.
Life = Iterator[float]


class Refused(Exception):
    """The server refused a command; the message is the code of the refusal."""


class Asks(Protocol):
    """Somebody who can ask the centre for something; both raise Refused."""

    def get(self, path: str) -> Any:
        """Return the answer to a question."""

    def post(self, path: str, body: object = None) -> Any:
        """Return the answer to a command."""


class Person:
    """One person's HTTP connection, with the headers that sign every request."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=RESPONSE_TIMEOUT_S)
        self._headers = dict(headers)

    def get(self, path: str) -> Any:
        """Return the JSON of a GET.

        Raises:
            Refused: with the code of the refusal, or "unreachable: …".
        """
        return self._send("GET", path, None)

    def post(self, path: str, body: object = None) -> Any:
        """Send a command and return its answer; repeat it once, under the same key, if no answer came.

        Raises:
            Refused: with the code of the refusal, or "unreachable: …".
        """
        return self._send("POST", path, json.dumps(body or {}))

    def _send(self, method: str, path: str, body: str | None) -> Any:
        headers = self._headers | {"Content-Type": "application/json", "Idempotency-Key": token_hex(16)}
        with suppress(*_NO_ANSWER):
            return self._answer(method, path, body, headers)
        # The server closes a connection that was silent for half a minute, and a service takes longer: sent
        # again, under the same key, on a new connection.
        try:
            return self._answer(method, path, body, headers)
        except _NO_ANSWER as error:
            raise Refused(f"unreachable: {error}") from error

    def _answer(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Any:
        try:
            self._connection.request(method, API + path, body, headers)
            answer = self._connection.getresponse()
            content = json.loads(answer.read())
        except _NO_ANSWER:
            self._connection.close()  # the next request opens a new one
            raise
        if answer.status >= 400:
            raise Refused(content["code"])
        return content


@dataclass(frozen=True, slots=True)
class Pace:
    """The time that simulated people live in: so many times as fast as the clock that `elapsed` reads, in seconds."""

    speed: float
    elapsed: Callable[[], float] = time.monotonic

    def takes(self, seconds: float) -> float:
        """Return how long what takes people so many seconds lasts by the clock."""
        return seconds / self.speed

    def at(self, seconds: float) -> float:
        """Return the reading of the clock after so many seconds of the people."""
        return self.elapsed() + self.takes(seconds)


class Citizens:
    """Citizens who come, take a number, sometimes leave before they are called, and sometimes rate their visit."""

    def __init__(self, kiosk: Asks, load: Load, pace: Pace) -> None:
        self._kiosk, self._load, self._pace = kiosk, load, pace
        # A heap: when somebody leaves or rates, the ticket, and which of both.
        self._later: list[tuple[float, str, str]] = []

    def live(self) -> Life:
        """Issue tickets for ever, at the load's intervals."""
        while True:
            comes_at = self._pace.at(self._load.gap_s())
            while self._later and self._later[0][0] <= comes_at:
                acts_at, ticket, act = heappop(self._later)
                yield max(0.0, acts_at - self._pace.elapsed())
                with suppress(Refused):  # called meanwhile; or not served yet
                    self._kiosk.post(f"/tickets/{ticket}/{act}", {"rating": self._load.rating()} if act == RATE else {})
            yield max(0.0, comes_at - self._pace.elapsed())
            try:
                if sum(service["waiting"] for service in self._kiosk.get("/services")["services"]) < LONGEST_QUEUE:
                    self._arrive()
            except Refused:
                yield IDLE_S

    def _arrive(self) -> None:
        wanted = {"service": self._load.service(), "priority_class": self._load.priority_class()}
        ticket = self._kiosk.post("/tickets", wanted)
        if self._load.happens(loads.ABANDONS):
            heappush(self._later, (self._pace.at(self._load.rng.uniform(300, 1500)), ticket["id"], CANCEL))
        elif self._load.happens(loads.RATES):
            heappush(self._later, (self._pace.at(self._load.rng.uniform(2400, 4800)), ticket["id"], RATE))


class Clerk:
    """A clerk who opens a counter, calls, serves and pauses; does nothing while somebody else has the counter."""

    def __init__(self, person: Asks, counter: int, load: Load, pace: Pace) -> None:
        self._person, self._counter, self._load, self._pace = person, counter, load, pace
        self._ticket: Any = None  # the one at the counter; None also if it was there before this clerk
        self._away: list[tuple[float, int]] = []  # no-shows who will come back: when, and the ref
        self._held: set[int] = set()  # refs of those who were sent for a copy before

    def live(self) -> Life:
        """Work for ever; wait a moment after every refusal."""
        while True:
            try:
                yield from self._step()
            except Refused:
                yield IDLE_S

    def _step(self) -> Life:
        counters = self._person.get("/counters")["counters"]
        own = next(counter for counter in counters if counter["counter"] == self._counter)
        if own["state"] == "closed":
            yield from self._closed()
        elif not own["mine"]:
            yield POLL_INTERVAL_S
        else:
            yield from {
                "idle": self._idle,
                "called": self._called,
                "serving": self._serving,
                "paused": self._paused,
            }[own["state"]]()

    def _closed(self) -> Life:
        self._press("open")
        yield 0.0

    def _idle(self) -> Life:
        if self._away and self._away[0][0] <= self._pace.elapsed():
            self._press("return", {"ref": self._away.pop(0)[1]})
        elif self._load.happens(0.01):
            self._press("pause", {"reason": self._load.rng.choice(loads.PAUSES)})
        else:
            self._ticket = self._press("call-next", {"finish": True})["ticket"]
            if self._ticket is None:
                yield IDLE_S

    def _called(self) -> Life:
        if self._load.happens(loads.NO_SHOW):
            yield self._pace.takes(75)
            self._press("call-again")
            yield self._pace.takes(70)
            self._press("no-show")
            if self._ticket and self._load.happens(loads.COMES_BACK):
                self._away.append((self._pace.at(self._load.rng.uniform(120, 1500)), self._ticket["ref"]))
            return
        yield self._pace.takes(self._load.walk_s())
        self._ticket = self._press("start")["ticket"]

    def _serving(self) -> Life:
        ref, service = (self._ticket["ref"], self._ticket["service"]) if self._ticket else (None, "")
        # Somebody who was at the counter before this clerk has been served for a while already.
        takes_s = self._load.service_s(service) if service else self._load.rng.uniform(60, 300)
        if self._load.happens(loads.BRINGS_MANY):
            self._press("dossiers", {"dossiers": self._load.dossiers()})
        if ref and ref not in self._held and self._load.happens(loads.FETCHES):
            self._held.add(ref)
            yield self._pace.takes(takes_s / 2)
            self._press("hold", {"minutes": max(1, round(self._pace.takes(self._load.away_min())))})
            return
        yield self._pace.takes(takes_s)
        outcome = self._load.outcome()
        if service and self._load.happens(loads.TRANSFERRED):
            self._press("transfer", {"service": self._load.other_service(service), "outcome": outcome})
        else:
            self._press("finish", {"outcome": outcome})
        yield self._pace.takes(self._load.rng.uniform(5, 40))

    def _paused(self) -> Life:
        yield self._pace.takes(self._load.rng.uniform(180, 600))
        self._press("resume")

    def _press(self, key: str, body: object = None) -> Any:
        return self._person.post(f"/counters/{self._counter}/{key}", body)


class Reserve(Clerk):
    """A clerk who opens the counter when the board advises it, and closes it when nobody comes any more."""

    def __init__(self, person: Asks, counter: int, load: Load, pace: Pace) -> None:
        super().__init__(person, counter, load, pace)
        self.advised = False
        self._idle_from: float | None = None

    def _closed(self) -> Life:
        if not self.advised:
            yield NOTICES_S
            return
        yield self._pace.takes(self._load.rng.uniform(60, 180))
        self._press("open")
        self.advised = False

    def _idle(self) -> Life:
        yield from super()._idle()
        if self._ticket is not None:
            self._idle_from = None
            return
        self._idle_from = self._idle_from or self._pace.elapsed()
        if self._pace.elapsed() - self._idle_from >= self._pace.takes(RESTS_S):
            self._idle_from = None
            self._press("close")


class Supervisor:
    """Somebody who looks at the board and sends for the clerk of the counter that it advises to open."""

    def __init__(self, person: Asks, reserve: Mapping[int, Reserve]) -> None:
        self._person, self._reserve = person, reserve

    def live(self) -> Life:
        """Follow the advice for ever."""
        while True:
            yield WATCH_INTERVAL_S
            with suppress(Refused):
                clerk = self._reserve.get(self._person.get("/demo/advice")["counter"])
                if clerk is not None:
                    clerk.advised = True


def crowd(
    visitor: Asks,
    kiosk: Asks,
    clerks: Mapping[int, Asks],
    reserve: Collection[int],
    minutes: Mapping[str, float],
    seed: int,
    pace: Pace,
) -> Iterator[Life]:
    """Yield the lives of everybody: of the citizens, of the clerk of each counter, and of who looks at the board."""
    yield Citizens(kiosk, Load(minutes, seed), pace).live()
    on_call: dict[int, Reserve] = {}
    for counter, person in clerks.items():
        load = Load(minutes, seed + counter)
        if counter in reserve:
            on_call[counter] = Reserve(person, counter, load, pace)
            yield on_call[counter].live()
        else:
            yield Clerk(person, counter, load, pace).live()
    if on_call:
        yield Supervisor(visitor, on_call).live()


def _go_on(life: Life) -> None:
    for rest_s in life:
        time.sleep(rest_s)


def main() -> None:
    """Read the job from the standard input, start everybody, and end with the input."""
    job = json.loads(sys.stdin.readline())
    url = job["url"]
    lives = crowd(
        Person(url, {}),
        Person(url, {"Authorization": f"Bearer {job['kiosk']}"}),
        {int(counter): Person(url, {"Cookie": cookie}) for counter, cookie in job["clerks"].items()},
        job["reserve"],
        job["minutes"],
        job["seed"],
        Pace(job["speed"]),
    )
    for life in lives:
        threading.Thread(target=_go_on, args=(life,), daemon=True).start()
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
