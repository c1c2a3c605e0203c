"""The load of the benchmark: many connections in one loop of plain sockets, so that the server is measured.

    python -m bench.load < job.json

Prints one JSON object. Every script is a generator: it yields a request (bytes) and gets status, headers and body,
or yields a number of seconds to wait.
"""

from __future__ import annotations

import heapq
import json
import os
import resource
import selectors
import socket
import struct
import sys
import time
from collections.abc import Callable, Generator
from itertools import count
from typing import Any

Script = Generator[Any, Any, Any]
SERVICES = ("CHUNG_THUC", "HO_TICH", "DAT_DAI", "CHINH_SACH", "DVC_TT", "TRA_KQ", "HUONG_DAN", "KT_HT")
_keys = count(time.time_ns() & 0xFFFFFFFF)


def post(path: str, token: str, body: str = "{}") -> bytes:
    """Return the bytes of a POST under a fresh Idempotency-Key."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        f"Idempotency-Key: bench-{os.getpid()}-{next(_keys):x}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


class Loop:
    """An event loop: all connections, and callbacks that are due later."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.selector = selectors.DefaultSelector()
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()

    def after(self, seconds: float, callback: Callable[[], None]) -> None:
        """Call back in so many seconds."""
        heapq.heappush(self._due, (time.perf_counter() + seconds, next(self._order), callback))

    def run(self, until: Callable[[], bool]) -> None:
        """Serve sockets and callbacks until `until()` is true."""
        while not until():
            now = time.perf_counter()
            while self._due and self._due[0][0] <= now:
                heapq.heappop(self._due)[2]()
            wait = min(0.05, max(0.0, self._due[0][0] - now)) if self._due else 0.05
            for key, _ in self.selector.select(wait):
                key.data()

    def open(self) -> socket.socket:
        """Return a new connection to the server."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection


class Caller:
    """One persistent HTTP connection, driven by a script."""

    def __init__(self, loop: Loop, script: Script) -> None:
        self._loop, self._script = loop, script
        self._socket = loop.open()
        self._read = b""
        self.ended = False
        loop.selector.register(self._socket, selectors.EVENT_READ, self._readable)
        self._go(None)

    def _go(self, answer: Any) -> None:
        try:
            wanted = self._script.send(answer)
        except StopIteration:
            self.ended = True
            self._loop.selector.unregister(self._socket)
            self._socket.close()
            return
        if isinstance(wanted, bytes):
            self._socket.sendall(wanted)
        else:
            self._loop.after(wanted, lambda: self._go(None))

    def _readable(self) -> None:
        self._read += self._socket.recv(65536)
        head, complete, rest = self._read.partition(b"\r\n\r\n")
        if not complete:
            return
        lower = head.lower()
        at = lower.find(b"content-length:")
        size = int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(rest) < size:
            return
        self._read = rest[size:]
        self._go((int(head[9:12]), head, rest[:size]))


class LoadedScreen:
    """One screen's Socket.IO connection: authenticates, answers pings, and passes messages to `heard`."""

    def __init__(self, loop: Loop, namespace: str, token: str, heard: Callable[[bytes], None]) -> None:
        self._loop, self._heard = loop, heard
        self._namespace, self._token = namespace.encode(), token
        self._socket = loop.open()
        self._read = b""
        self._upgraded = False
        self.ready = False
        self._socket.sendall(
            b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        loop.selector.register(self._socket, selectors.EVENT_READ, self._readable)

    def _say(self, text: bytes) -> None:
        size = len(text)
        head = struct.pack("!BB", 0x81, 0x80 | size) if size < 126 else struct.pack("!BBH", 0x81, 0xFE, size)
        self._socket.sendall(head + b"\0\0\0\0" + text)

    def _readable(self) -> None:
        self._read += self._socket.recv(262144)
        if not self._upgraded:
            _, complete, rest = self._read.partition(b"\r\n\r\n")
            if not complete:
                return
            self._upgraded, self._read = True, rest
        while len(self._read) >= 2:
            size, at = self._read[1] & 0x7F, 2
            if size == 126:
                size, at = int.from_bytes(self._read[2:4], "big"), 4
            elif size == 127:
                size, at = int.from_bytes(self._read[2:10], "big"), 10
            if len(self._read) < at + size:
                return
            text, self._read = self._read[at : at + size], self._read[at + size :]
            self._take(text)

    def _take(self, text: bytes) -> None:
        if text.startswith(b"0"):
            auth = b"," + json.dumps({"token": self._token}).encode() if self._token else b","
            self._say(b"40" + self._namespace + auth if self._namespace != b"/" else b"40")
        elif text == b"2":
            self._say(b"3")
        elif text.startswith(b"40"):
            self.ready = True
        else:
            self._heard(text)


def timed(latencies: list[float], request: bytes) -> Script:
    """Send one request and add the seconds until its answer to `latencies`."""
    began = time.perf_counter()
    answer = yield request
    latencies.append(time.perf_counter() - began)
    return answer


def issuing(job: dict[str, Any], took: list[float], until: list[float]) -> Script:
    """Issue one ticket after the other until the time is over; each latency goes to `took`."""
    turn = next(_keys)
    while time.perf_counter() < until[0]:
        turn += 1
        body = f'{{"service":"{SERVICES[turn % len(SERVICES)]}"}}'
        status, _, _ = yield from timed(took, post(job["path"], job["token"], body))
        assert status in (200, 201), status


def serving(job: dict[str, Any], counter: int, took: list[float], cycles: list[int], until: list[float]) -> Script:
    """Call, start and finish at a counter until the time is over; each call's latency goes to `took`."""
    path, token = f"/api/v1/counters/{counter}", job["token"]
    yield post(f"{path}/open", token)
    while time.perf_counter() < until[0]:
        status, _, _ = yield from timed(took, post(f"{path}/call-next", token))
        assert status == 200, status
        yield post(f"{path}/start", token)
        yield post(f"{path}/finish", token)
        cycles[0] += 1


def tickets(job: dict[str, Any]) -> dict[str, Any]:
    """Measure tickets (or bare commits) a second, and how long each took."""
    loop, until = Loop(job["port"]), [time.perf_counter() + job["seconds"]]
    took: list[float] = []
    callers = [Caller(loop, issuing(job, took, until)) for _ in range(job["kiosks"])]
    loop.run(lambda: all(caller.ended for caller in callers))
    return {"rate": len(took) / job["seconds"], **spread(took)}


def cycles(job: dict[str, Any]) -> dict[str, Any]:
    """Measure cycles of call, start, finish a second, and how long a call took."""
    loop, done = Loop(job["port"]), [0]
    took: list[float] = []
    until = [time.perf_counter() + job["seconds"]]
    callers = [Caller(loop, serving(job, n + 1, took, done, until)) for n in range(job["clerks"])]
    loop.run(lambda: all(caller.ended for caller in callers))
    return {"rate": done[0] / job["seconds"], **spread(took)}


def screens(job: dict[str, Any]) -> dict[str, Any]:
    """Connect screens; then send commands, and measure when each screen receives the message."""
    loop = Loop(job["port"])
    heard_at: list[float] = []
    marker = [b"\0"]
    heard: list[float] = []

    def hear(text: bytes) -> None:
        if marker[0] in text:
            heard.append(time.perf_counter())

    began = time.perf_counter()
    walls: list[LoadedScreen] = []
    for _ in range(job["screens"]):
        walls.append(LoadedScreen(loop, job["namespace"], job["token"], hear))
        if len(walls) % 50 == 0:
            loop.run(lambda: sum(not wall.ready for wall in walls[-200:]) < 100)
    loop.run(lambda: all(wall.ready for wall in walls))
    connected_s = time.perf_counter() - began
    print(json.dumps({"connected_s": connected_s}), flush=True)
    if job.get("hold"):
        sys.stdin.readline()
        return {"connected_s": connected_s}

    def pressing() -> Script:
        counters = job.get("counters", 1)
        if not job.get("bare"):
            for n in range(counters):
                yield post(f"/api/v1/counters/{n + 1}/open", job["clerk"])
        for press in range(job["presses"]):
            heard.clear()
            at = time.perf_counter()
            if job.get("bare"):
                marker[0] = f'"press-{press}"'.encode()
                yield post("/emit", "", f'{{"mark":"press-{press}"}}')
            else:
                path = f"/api/v1/counters/{press % counters + 1}/call-next"
                marker[0] = b'"ticket.called"'
                status, _, _ = yield post(path, job["clerk"], '{"finish":true}')
                assert status == 200, status
            yield max(0.0, at + job["every_s"] - time.perf_counter())
            heard_at.extend(received - at for received in heard)
            lost.append(job["screens"] - len(heard))

    lost: list[int] = []
    caller = Caller(loop, pressing())
    others: list[Caller] = []
    if job.get("tickets_a_second"):
        others.append(Caller(loop, steady(job, job["tickets_a_second"], caller)))
    loop.run(lambda: caller.ended)
    return {"connected_s": connected_s, "lost": sum(lost), **spread(heard_at)}


def steady(job: dict[str, Any], rate: float, beside: Caller) -> Script:
    """Issue `rate` tickets a second as long as `beside` goes on."""
    turn = 0
    while not beside.ended:
        turn += 1
        began = time.perf_counter()
        yield post("/api/v1/tickets", job["kiosk"], f'{{"service":"{SERVICES[turn % len(SERVICES)]}"}}')
        yield max(0.0, began + 1 / rate - time.perf_counter())


def phones(job: dict[str, Any]) -> dict[str, Any]:
    """Let phones ask for their tickets again and again until the standard input ends."""
    loop, answered = Loop(job["port"]), [0]

    def asking(n: int, ticket: str) -> Script:
        yield n / job["phones"] * job["every_s"]
        etag = ""
        while True:
            known = f"If-None-Match: {etag}\r\n" if etag else ""
            _, head, _ = yield f"GET /api/v1/tickets/{ticket} HTTP/1.1\r\nHost: bench\r\n{known}\r\n".encode()
            at = head.lower().find(b"etag:")
            etag = head[at + 5 :].split(b"\r\n", 1)[0].strip().decode() if at >= 0 else ""
            answered[0] += 1
            yield job["every_s"]

    callers = [Caller(loop, asking(n, job["tickets"][n % len(job["tickets"])])) for n in range(job["phones"])]
    print(json.dumps({"asking": len(callers)}), flush=True)
    ended: list[bool] = []
    loop.selector.register(sys.stdin, selectors.EVENT_READ, lambda: ended.append(True))
    loop.run(lambda: bool(ended))
    return {"answered": answered[0]}


def spread(took: list[float]) -> dict[str, float]:
    """Return median and 99th percentile of these seconds, in ms."""
    took = sorted(took) or [0.0]
    return {"p50_ms": took[len(took) // 2] * 1000, "p99_ms": took[min(len(took) - 1, len(took) * 99 // 100)] * 1000}


def main() -> None:
    """Do the job that the first line of the standard input describes, and print its figures."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    job = json.loads(sys.stdin.readline())
    kinds = {"tickets": tickets, "cycles": cycles, "screens": screens, "phones": phones}
    print(json.dumps(kinds[job["kind"]](job)), flush=True)


if __name__ == "__main__":
    main()
