"""Simulated citizens and clerks at a running centre, through the doors everybody uses.

    python -m demo.crowd < what.json

A process of its own, so that it takes nothing from the server; it ends when its standard input does.
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
LINE_LONGEST = 30  # people waiting in all; nobody comes while there are more
REST_S = 3.0  # of a clerk while nobody waits, and of everybody after a refusal
AWAY_S = 10.0  # how often a clerk looks whether her counter is hers again
PATIENCE_S = 10.0
_LOST = (OSError, http.client.HTTPException, ValueError)  # no answer came, or not all of it


class Refused(Exception):
    """The hall said no, with this code."""


class Person:
    """One connection, and who speaks through it."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE_S)
        self._headers = dict(headers)

    def ask(self, path: str) -> Any:
        return self._say("GET", path, None)

    def post(self, path: str, body: object = None) -> Any:
        """
        Raises:
            Refused: with the code of the refusal.
        """
        return self._say("POST", path, json.dumps(body or {}))

    def _say(self, method: str, path: str, body: str | None) -> Any:
        headers = self._headers | {"Content-Type": "application/json", "Idempotency-Key": token_hex(16)}
        with suppress(*_LOST):
            return self._answer(method, path, body, headers)
        # The server hangs up after half a minute of silence, and a service takes longer: said again, under
        # the same key, on a connection made anew.
        try:
            return self._answer(method, path, body, headers)
        except _LOST as error:
            raise Refused(f"unreachable: {error}") from error

    def _answer(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Any:
        try:
            self._connection.request(method, API + path, body, headers)
            answer = self._connection.getresponse()
            said = json.loads(answer.read())
        except _LOST:
            self._connection.close()  # the next word opens it anew
            raise
        if answer.status >= 400:
            raise Refused(said["code"])
        return said


class Citizens:
    """They come, take a number, and now and then go home before their turn."""

    def __init__(self, kiosk: Person, load: Load, speed: float) -> None:
        self._kiosk, self._load, self._speed = kiosk, load, speed

    def come(self) -> None:
        while True:
            time.sleep(self._load.gap_s() / self._speed)
            try:
                if sum(service["waiting"] for service in self._kiosk.ask("/services")["services"]) < LINE_LONGEST:
                    self._arrive()
            except Refused:
                time.sleep(REST_S)

    def _arrive(self) -> None:
        wanted = {"service": self._load.service(), "priority_class": self._load.priority_class()}
        ticket = self._kiosk.post("/tickets", wanted)
        if self._load.happens(loads.GIVES_UP):
            patience_s = self._load.rng.uniform(300, 1500) / self._speed
            leaving = threading.Timer(patience_s, self._leave, (ticket["id"],))
            leaving.daemon = True
            leaving.start()

    def _leave(self, ticket: str) -> None:
        with suppress(Refused):  # called meanwhile
            self._kiosk.post(f"/tickets/{ticket}/cancel")


class Clerk:
    """She calls, serves and rests; from a counter that somebody else has taken she stays away."""

    def __init__(self, person: Person, counter: int, load: Load, speed: float) -> None:
        self._person, self._counter, self._load, self._speed = person, counter, load, speed
        self._ticket: Any = None  # the one at the desk; None also where she found somebody there
        self._away: list[tuple[float, int]] = []  # when somebody who missed the call comes back, and the ref
        self._held: set[int] = set()  # refs of those who were sent for a copy before

    def work(self) -> None:
        while True:
            try:
                self._step()
            except Refused:
                time.sleep(REST_S)

    def _step(self) -> None:
        desks = self._person.ask("/counters")["counters"]
        desk = next(each for each in desks if each["counter"] == self._counter)
        if desk["state"] == "closed":
            self._press("open")
        elif not desk["mine"]:
            time.sleep(AWAY_S)
        else:
            {
                "idle": self._idle,
                "called": self._called,
                "serving": self._serving,
                "paused": self._paused,
            }[desk["state"]]()

    def _idle(self) -> None:
        if self._away and self._away[0][0] <= time.monotonic():
            self._press("return", {"ref": self._away.pop(0)[1]})
        elif self._load.happens(0.01):
            self._press("pause", {"reason": self._load.rng.choice(loads.PAUSES)})
        else:
            self._ticket = self._press("call-next", {"finish": True})["ticket"]
            if self._ticket is None:
                time.sleep(REST_S)

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
        # Whom she found there has been served for a while already.
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
        if service and self._load.happens(loads.SENT_ON):
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


def main() -> None:
    told = json.loads(sys.stdin.readline())
    url, speed, minutes = told["url"], told["speed"], told["minutes"]
    kiosk = Person(url, {"Authorization": f"Bearer {told['kiosk']}"})
    parts = [Citizens(kiosk, Load(minutes, told["seed"]), speed).come]
    for counter, cookie in told["clerks"].items():
        load = Load(minutes, told["seed"] + int(counter))
        parts.append(Clerk(Person(url, {"Cookie": cookie}), int(counter), load, speed).work)
    for part in parts:
        threading.Thread(target=part, daemon=True).start()
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
