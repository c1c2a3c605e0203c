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
from collections.abc import Mapping
from contextlib import suppress
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit

from demo import loads
from demo.loads import Load

API = "/api/v1"
LONGEST_QUEUE = 30  # people waiting in all; nobody comes while there are as many
IDLE_S = 3.0  # pause of a clerk while nobody waits, and of everybody after a refusal
WATCH_INTERVAL_S = 5.0  # how often somebody looks at the board
RESTS_S = 300.0  # a counter in reserve closes when nobody came for so long
POLL_INTERVAL_S = 10.0  # how often a clerk checks whether a counter taken over by somebody is free again
RESPONSE_TIMEOUT_S = 10.0
_NO_ANSWER = (OSError, http.client.HTTPException, ValueError)  # no answer came, or not all of it


class Refused(Exception):
    """The server refused a command; the message is the code of the refusal."""


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


class Citizens:
    """Citizens who come, take a number, and sometimes leave before they are called."""

    def __init__(self, kiosk: Person, load: Load, speed: float) -> None:
        self._kiosk, self._load, self._speed = kiosk, load, speed

    def come(self) -> None:
        """Issue tickets for ever, at the load's intervals."""
        while True:
            time.sleep(self._load.gap_s() / self._speed)
            try:
                if sum(service["waiting"] for service in self._kiosk.get("/services")["services"]) < LONGEST_QUEUE:
                    self._arrive()
            except Refused:
                time.sleep(IDLE_S)

    def _arrive(self) -> None:
        wanted = {"service": self._load.service(), "priority_class": self._load.priority_class()}
        ticket = self._kiosk.post("/tickets", wanted)
        if self._load.happens(loads.ABANDONS):
            patience_s = self._load.rng.uniform(300, 1500) / self._speed
            leaving = threading.Timer(patience_s, self._leave, (ticket["id"],))
            leaving.daemon = True
            leaving.start()

    def _leave(self, ticket: str) -> None:
        with suppress(Refused):  # called meanwhile
            self._kiosk.post(f"/tickets/{ticket}/cancel")


class Clerk:
    """A clerk who opens a counter, calls, serves and pauses; does nothing while somebody else has the counter."""

    def __init__(self, person: Person, counter: int, load: Load, speed: float) -> None:
        self._person, self._counter, self._load, self._speed = person, counter, load, speed
        self._ticket: Any = None  # the one at the counter; None also if it was there before this clerk
        self._away: list[tuple[float, int]] = []  # no-shows who will come back: when, and the ref
        self._held: set[int] = set()  # refs of those who were sent for a copy before

    def work(self) -> None:
        """Work for ever; wait a moment after every refusal."""
        while True:
            try:
                self._step()
            except Refused:
                time.sleep(IDLE_S)

    def _step(self) -> None:
        counters = self._person.get("/counters")["counters"]
        own = next(counter for counter in counters if counter["counter"] == self._counter)
        if own["state"] == "closed":
            self._closed()
        elif not own["mine"]:
            time.sleep(POLL_INTERVAL_S)
        else:
            {
                "idle": self._idle,
                "called": self._called,
                "serving": self._serving,
                "paused": self._paused,
            }[own["state"]]()

    def _closed(self) -> None:
        self._press("open")

    def _idle(self) -> None:
        if self._away and self._away[0][0] <= time.monotonic():
            self._press("return", {"ref": self._away.pop(0)[1]})
        elif self._load.happens(0.01):
            self._press("pause", {"reason": self._load.rng.choice(loads.PAUSES)})
        else:
            self._ticket = self._press("call-next", {"finish": True})["ticket"]
            if self._ticket is None:
                time.sleep(IDLE_S)

    def _called(self) -> None:
        if self._load.happens(loads.NO_SHOW):
            self._wait(75)
            self._press("call-again")
            self._wait(70)
            self._press("no-show")
            if self._ticket and self._load.happens(loads.COMES_BACK):
                back_s = self._load.rng.uniform(120, 1500) / self._speed
                self._away.append((time.monotonic() + back_s, self._ticket["ref"]))
            return
        self._wait(self._load.walk_s())
        self._ticket = self._press("start")["ticket"]

    def _serving(self) -> None:
        ref, service = (self._ticket["ref"], self._ticket["service"]) if self._ticket else (None, "")
        # Somebody who was at the counter before this clerk has been served for a while already.
        takes_s = self._load.service_s(service) if service else self._load.rng.uniform(60, 300)
        if self._load.happens(loads.BRINGS_MANY):
            self._press("dossiers", {"dossiers": self._load.dossiers()})
        if ref and ref not in self._held and self._load.happens(loads.FETCHES):
            self._held.add(ref)
            self._wait(takes_s / 2)
            self._press("hold", {"minutes": max(1, round(self._load.away_min() / self._speed))})
            return
        self._wait(takes_s)
        outcome = self._load.outcome()
        if service and self._load.happens(loads.TRANSFERRED):
            self._press("transfer", {"service": self._load.other_service(service), "outcome": outcome})
        else:
            self._press("finish", {"outcome": outcome})
        self._wait(self._load.rng.uniform(5, 40))

    def _paused(self) -> None:
        self._wait(self._load.rng.uniform(180, 600))
        self._press("resume")

    def _press(self, key: str, body: object = None) -> Any:
        return self._person.post(f"/counters/{self._counter}/{key}", body)

    def _wait(self, seconds: float) -> None:
        time.sleep(seconds / self._speed)


class Reserve(Clerk):
    """A clerk who opens the counter when the board advises it, and closes it when nobody comes any more."""

    def __init__(self, person: Person, counter: int, load: Load, speed: float) -> None:
        super().__init__(person, counter, load, speed)
        self.advised = threading.Event()
        self._idle_from: float | None = None

    def _closed(self) -> None:
        if not self.advised.wait(POLL_INTERVAL_S):
            return
        self._wait(self._load.rng.uniform(60, 180))
        self._press("open")
        self.advised.clear()

    def _idle(self) -> None:
        super()._idle()
        if self._ticket is not None:
            self._idle_from = None
            return
        self._idle_from = self._idle_from or time.monotonic()
        if time.monotonic() - self._idle_from >= RESTS_S / self._speed:
            self._idle_from = None
            self._press("close")


class Supervisor:
    """Somebody who looks at the board and sends for the clerk of the counter that it advises to open."""

    def __init__(self, person: Person, reserve: Mapping[int, Reserve]) -> None:
        self._person, self._reserve = person, reserve

    def watch(self) -> None:
        """Follow the advice for ever."""
        while True:
            time.sleep(WATCH_INTERVAL_S)
            with suppress(Refused):
                clerk = self._reserve.get(self._person.get("/demo/advice")["counter"])
                if clerk is not None:
                    clerk.advised.set()


def main() -> None:
    """Read the job from the standard input, start everybody, and end with the input."""
    job = json.loads(sys.stdin.readline())
    url, speed, minutes = job["url"], job["speed"], job["minutes"]
    kiosk = Person(url, {"Authorization": f"Bearer {job['kiosk']}"})
    reserve: dict[int, Reserve] = {}
    parts = [Citizens(kiosk, Load(minutes, job["seed"]), speed).come]
    for counter, cookie in job["clerks"].items():
        load, person = Load(minutes, job["seed"] + int(counter)), Person(url, {"Cookie": cookie})
        if int(counter) in job["reserve"]:
            reserve[int(counter)] = Reserve(person, int(counter), load, speed)
            parts.append(reserve[int(counter)].work)
        else:
            parts.append(Clerk(person, int(counter), load, speed).work)
    if reserve:
        parts.append(Supervisor(Person(url, {}), reserve).watch)
    for part in parts:
        threading.Thread(target=part, daemon=True).start()
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
