"""Benchmark: what a centre can carry, each figure beside its floor, measured alternately in the same run.

    make bench [ARGS="--runs 3 --seconds 4 --history 250000"]

The long past is made once for all runs. One of a million tickets is better made before, and given with --past:

    python -m bench.past FOLDER 1000000

Prints a table and writes bench/latest.json. The floor is a bare Flask route with one durable commit, or a bare
Socket.IO message, on the same asynchronous server. With several runs the table shows the medians.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import finding, pages, paper, past, table, years
from bench.forecast import speed
from bench.forecast_process import ForecastingChild

ROOT = Path(__file__).resolve().parent.parent
WALLS, MANY_WALLS, CROWD = 150, 1000, 3000
PHONES, PHONE_S = 5000, 20
PRESSES_A_SECOND, TICKETS_A_SECOND = 2, 20
FORECASTS_ON = (True, False, False, True) * 2  # in turns
PRESSES_WITH_FORECASTS, STOPPED_S = 5, 10.0  # a second; at most, as long as the server waits
LEARNT, DAY, DAY_S, CAUGHT_UP_S = 5000, 1000, 20.0, 5.0  # past tickets, visits of a day, and in how many seconds
BACKLOG, QUEUE = 5000, 300  # people waiting: for the cycles, and behind the long past

Figures = dict[str, float]


@dataclass(slots=True)
class Served:
    """A server under load: its process, its port and a token for each role."""

    process: subprocess.Popen[bytes]
    port: int
    tokens: dict[str, str] = field(default_factory=dict)

    def memory_kb(self) -> int:
        """Return the resident memory of the server's process, KB."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise RuntimeError("no VmRSS")

    def get(self, path: str, role: str = "supervisor") -> bytes:
        """Return the body of a GET, asked with the token of `role`."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers={"Authorization": f"Bearer {self.tokens.get(role, '')}"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return bytes(answer.read())


@contextmanager
def serving(*command: str, tokens: dict[str, str] | None = None, port: int) -> Iterator[Served]:
    """Run a server of ours or the floor; wait until it answers, and kill it at the end."""
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, stdout=subprocess.DEVNULL)
    served = Served(process, port, tokens or {})
    try:
        deadline = time.perf_counter() + 60
        while True:
            try:
                served.get("/health")
                break
            except OSError:
                if time.perf_counter() > deadline or process.poll() is not None:
                    raise
                time.sleep(0.01)
        yield served
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def free_port() -> int:
    """Return a TCP port that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def ours(folder: Path, backlog: int = 0, tokens: dict[str, str] | None = None) -> Iterator[Served]:
    """Serve a centre: in a new folder, or in an existing one whose `tokens` are given."""
    tokens = tokens or past.centre(folder, 0, backlog)
    port = free_port()
    command = ("server.py", "run", "--host", "127.0.0.1", "--port", str(port), "--data", str(folder))
    with serving(*command, tokens=tokens, port=port) as served:
        yield served


@contextmanager
def floor(folder: Path) -> Iterator[Served]:
    """Serve the floor, `bench.floor`, in a new folder."""
    folder.mkdir(parents=True)
    port = free_port()
    with serving("-m", "bench.floor", str(port), str(folder), port=port) as served:
        yield served


def run(folder: Path, *words: str) -> float:
    """Run a command of `server.py`; return how many seconds it took."""
    began = time.perf_counter()
    command = [sys.executable, "server.py", *words, "--data", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - began


class LoadProcess:
    """One job of `bench.load`, in a process of its own."""

    def __init__(self, served: Served, kind: str, **job: Any) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.load"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._in, self._out = self._process.stdin, self._process.stdout
        self._in.write(json.dumps({"kind": kind, "port": served.port, **job}) + "\n")
        self._in.flush()

    def ready(self) -> Figures:
        """Wait for the first line that the job prints, and return it."""
        line = self._out.readline()
        if not line:
            raise RuntimeError("the load ended too early")
        figures: Figures = json.loads(line)
        return figures

    def end(self) -> Figures:
        """Close the job's input, wait for its end, and return its figures."""
        self._in.close()
        lines = self._out.read().splitlines()
        if self._process.wait():
            raise RuntimeError("the load failed")
        figures: Figures = json.loads(lines[-1])
        return figures


def screens(served: Served, many: int, **job: Any) -> LoadProcess:
    """Connect `many` screens to a server; `bare` for those of the floor."""
    namespace = "/" if job.get("bare") else "/display"
    token = served.tokens.get("display", "")
    return LoadProcess(served, "screens", screens=many, namespace=namespace, token=token, **job)


class LongPast:
    """What all runs share: a centre with many past tickets, and the rollups of five years."""

    def __init__(self, folder: Path, history: int, given: Path | None) -> None:
        self._folder, self._history, self._given = folder / "past", history, given
        self._years: years.Years | None = None

    def folder(self) -> tuple[Path, int]:
        """Return the centre's folder and how many tickets it has; make it at the first call."""
        if self._given is None:
            began = time.perf_counter()
            past.centre(self._folder, self._history, QUEUE)
            print(f"  ({self._history} tickets made in {time.perf_counter() - began:.0f} s)", flush=True)
            self._given = self._folder
        run(self._given, "rollup", "--missing")
        return self._given, past.many(self._given)

    def years(self) -> years.Years:
        """Return the rollups of five years; make them at the first call."""
        if self._years is None:
            self._years = years.make(self._folder.parent)
            pages.add(self._years)
        return self._years


class Bench:
    """The figures of one run."""

    def __init__(self, folder: Path, seconds: float, long: LongPast) -> None:
        self._folder, self._seconds, self._long = folder, seconds, long
        self._folders = 0
        self.figures: dict[str, Figures] = {}

    def fresh(self) -> Path:
        """Return the path of a folder that does not exist yet."""
        self._folders += 1
        return self._folder / str(self._folders)

    def report(self, name: str, figures: Figures) -> None:
        """Keep the figures of a part, and print them."""
        self.figures[name] = figures
        print(f"  {name}: " + ", ".join(f"{key} {value:.4g}" for key, value in figures.items()), flush=True)

    def all(self) -> None:
        """Measure every part."""
        parts: list[Callable[[], None]] = [
            self.start, self.tickets, self.calls, self.walls, self.crowd, self.paper, self.finding, self.forecasts,
            self.forecasting, self.statistics, self.pages, self.past,
        ]  # fmt: skip
        for part in parts:
            part()

    def start(self) -> None:
        """Measure the time from start to first page, and the memory of an idle server."""
        port, folder = free_port(), self.fresh()
        tokens = past.centre(folder)
        began = time.perf_counter()
        command = ("server.py", "run", "--host", "127.0.0.1", "--port", str(port), "--data", str(folder))
        with serving(*command, tokens=tokens, port=port) as served:
            served.get("/kiosk")
            first_s = time.perf_counter() - began
            time.sleep(3)
            self.report("start", {"first_page_s": first_s, "idle_mb": served.memory_kb() / 1024})

    def tickets(self) -> None:
        """Measure durable tickets a second, alternately with the floor."""
        with ours(self.fresh()) as centre, floor(self.fresh()) as bare:
            walls = screens(centre, WALLS, hold=True)
            walls.ready()
            for kiosks in (1, 4, 16):
                own, base = self._issue(centre, kiosks), self._commit(bare, kiosks)
                self.report(f"tickets_{kiosks}", beside(own, base))
            walls.end()

    def forecasting(self) -> None:
        """Measure the time from a clerk's command to the wall while the forecasts go on, and while they stand still.

        Then the memory of their process, once it has followed a day of load.
        """
        folder, seconds = self.fresh(), min(self._seconds, STOPPED_S)
        presses = int(seconds * PRESSES_WITH_FORECASTS)
        tokens = past.centre(folder, LEARNT, backlog=WALLS + presses * len(FORECASTS_ON))
        pressing = {"presses": presses, "every_s": 1 / PRESSES_WITH_FORECASTS, "counters": past.COUNTERS}
        with ours(folder, tokens=tokens) as centre:
            process = ForecastingChild(centre.process.pid)
            turns: dict[bool, list[Figures]] = {True: [], False: []}
            for on in FORECASTS_ON:
                with nullcontext() if on else process.stopped():
                    turns[on].append(screens(centre, WALLS, clerk=tokens["clerk"], **pressing).end())
            with_forecasts, without = map(medians, (turns[True], turns[False]))
            self.report("wall_forecasting", beside(with_forecasts, without))
            a_day = {**pressing, "presses": DAY, "every_s": DAY_S / DAY, "tickets_a_second": DAY / DAY_S}
            screens(centre, WALLS, clerk=tokens["clerk"], kiosk=tokens["kiosk"], **a_day).end()
            time.sleep(CAUGHT_UP_S)
            self.report("forecast_memory", {"mb": process.memory_mb()})

    def _issue(self, centre: Served, kiosks: int) -> Figures:
        token = centre.tokens["kiosk"]
        return LoadProcess(
            centre, "tickets", path="/api/v1/tickets", token=token, kiosks=kiosks, seconds=self._seconds
        ).end()

    def _commit(self, bare: Served, kiosks: int) -> Figures:
        return LoadProcess(bare, "tickets", path="/commit", token="", kiosks=kiosks, seconds=self._seconds).end()

    def calls(self) -> None:
        """Measure call, start, finish with a long queue."""
        for clerks in (1, 4, 16):
            with ours(self.fresh(), backlog=BACKLOG) as centre:
                job = LoadProcess(centre, "cycles", token=centre.tokens["clerk"], clerks=clerks, seconds=self._seconds)
                self.report(f"cycles_{clerks}", job.end())

    def walls(self) -> None:
        """Measure the time from a clerk's command to the wall."""
        presses = {"presses": int(self._seconds * 2 * PRESSES_A_SECOND), "every_s": 1 / PRESSES_A_SECOND}
        for many in (WALLS, MANY_WALLS):
            with ours(self.fresh(), backlog=1000) as centre, floor(self.fresh()) as bare:
                pressing = {**presses, "clerk": centre.tokens["clerk"], "kiosk": centre.tokens["kiosk"]}
                alone = screens(centre, many, counters=past.COUNTERS, **pressing).end()
                base = screens(bare, many, bare=True, **presses).end()
                self.report(f"wall_{many}", beside(alone, base))
                busy = screens(
                    centre, many, counters=past.COUNTERS, tickets_a_second=TICKETS_A_SECOND, **pressing
                ).end()
                self.report(f"wall_{many}_with_tickets", beside(busy, base))
                if many == WALLS:
                    asking = LoadProcess(centre, "phones", phones=PHONES, every_s=PHONE_S, tickets=self._ids(centre))
                    asking.ready()
                    time.sleep(2)
                    crowded = screens(centre, many, counters=past.COUNTERS, **pressing).end()
                    asking.end()
                    self.report(f"wall_{many}_with_phones", beside(crowded, alone))

    def _ids(self, centre: Served) -> list[str]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{centre.port}/api/v1/tickets",
            data=b'{"service":"TRA_KQ"}',
            headers={
                "Authorization": f"Bearer {centre.tokens['kiosk']}",
                "Content-Type": "application/json",
            },
        )
        ids = []
        for n in range(100):
            request.add_header("Idempotency-Key", f"phone-{time.time_ns()}-{n}")
            with urllib.request.urlopen(request, timeout=10) as answer:
                ids.append(json.loads(answer.read())["id"])
        return ids

    def crowd(self) -> None:
        """Measure how long three thousand screens take to connect, and the memory of each."""
        with ours(self.fresh()) as centre, floor(self.fresh()) as bare:
            sides: list[Figures] = []
            for served, given in ((centre, {}), (bare, {"bare": True})):
                before = served.memory_kb()
                held = screens(served, CROWD, hold=True, **given)
                connected_s = held.ready()["connected_s"]
                time.sleep(1)
                sides.append({"connected_s": connected_s, "kb_each": (served.memory_kb() - before) / CROWD})
                held.end()
            self.report("crowd", beside(*sides))

    def statistics(self) -> None:
        """Measure the slowest page of statistics over a year of 250,000 tickets, and over five."""
        for name, figures in years.slowest(self._long.years()).items():
            self.report(name, figures)

    def pages(self) -> None:
        """Measure the page of the scores and the public page over five years."""
        for name, figures in pages.slowest(self._long.years()).items():
            self.report(name, figures)

    def paper(self) -> None:
        """Measure drawing a ticket, and encoding it for the printer."""
        self.report("paper", {"draw_ms": paper.drawn_ms(), "spool_ms": paper.spooled_ms()})

    def finding(self) -> None:
        """Measure how long the answers to a typed letter take; left out where there is no Node.js."""
        took = finding.answers_ms()
        if took is not None:
            self.report("finding", {"p50_ms": took[0], "p99_ms": took[1]})

    def forecasts(self) -> None:
        """Measure a round of forecasts, on one core."""
        floor_ms = years.floor_s() * 1000
        rounds = {"round_ms": speed.round_ms(), "small_ms": speed.round_ms(20, 6)}
        self.report("forecasts", {**rounds, **{f"floor_{key}": floor_ms for key in rounds}})

    def past(self) -> None:
        """Measure verifying a long history, and issuing and calling after it."""
        folder, tickets = self._long.folder()
        took = run(folder, "verify")
        self.report("verify", {"tickets": tickets, "s": took, "s_per_250000": took * 250_000 / tickets})
        with ours(self.fresh(), QUEUE) as empty, ours(folder, tokens=past.tokens(folder)) as full:
            pairs = [
                [self._issue(served, 4)["p50_ms"], self._call(served)["p50_ms"]]
                for served in (empty, full, full, empty)
            ]
            for n, name in enumerate(("ticket", "call")):
                before, after = (pairs[0][n] + pairs[3][n]) / 2, (pairs[1][n] + pairs[2][n]) / 2
                self.report(f"after_history_{name}", {"p50_ms": after, "empty_p50_ms": before, "ratio": after / before})

    def _call(self, centre: Served) -> Figures:
        return LoadProcess(centre, "cycles", token=centre.tokens["clerk"], clerks=4, seconds=self._seconds).end()


def beside(own: Figures, base: Figures) -> Figures:
    """Return figures with their floor (`floor_…`) and the ratio of the two (`ratio_…`)."""
    return {
        **own,
        **{f"floor_{key}": value for key, value in base.items()},
        **{f"ratio_{key}": own[key] / value for key, value in base.items() if value and key in own},
    }


def medians(runs: list[Figures]) -> Figures:
    """Return the median of each figure."""
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def machine(folder: Path) -> dict[str, str]:
    """Describe the machine: processor, load, disk and Python, without a path."""
    cpu = next(
        (line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
         if line.startswith("model name")),
        platform.machine(),
    )  # fmt: skip
    disk = subprocess.run(
        ["findmnt", "-no", "FSTYPE", "-T", str(folder)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return {
        "cpu": f"{cpu}, {os.cpu_count()} cores",
        "load": f"{os.getloadavg()[0]:.1f} at the start",
        "disk": f"{disk or 'unknown'}, a durable commit takes {commit_ms(folder):.2f} ms",
        "python": platform.python_version(),
    }


def commit_ms(folder: Path) -> float:
    """Return the median time of a write that is forced to the disk, ms."""
    took = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(100):
            began = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def main() -> None:
    """Measure, print the table and write bench/latest.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each load")
    parser.add_argument("--history", type=int, default=250_000, help="tickets of the long past")
    parser.add_argument("--past", type=Path, help="a folder with a long past made before, by python -m bench.past")
    parser.add_argument("--document", action="store_true", help="put the table into docs/performance.md")
    parser.add_argument(
        "--only",
        nargs="*",
        metavar="PART",
        help="start tickets calls walls crowd paper finding forecasts forecasting statistics pages past",
    )
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="data-bench-", dir=ROOT))
    runs = []
    long = LongPast(folder, options.history, options.past)
    try:
        on = machine(folder)
        print("\n".join(f"{key}: {value}" for key, value in on.items()))
        for turn in range(options.runs):
            print(f"run {turn + 1} of {options.runs}")
            bench = Bench(folder / f"run-{turn}", options.seconds, long)
            if options.only:
                for part in options.only:
                    getattr(bench, part)()
            else:
                bench.all()
            runs.append(bench.figures)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    median = {name: medians([run[name] for run in runs]) for name in runs[0]}
    print("\n".join(table.lines(median)))
    latest = {"machine": on, "runs": len(runs), "seconds": options.seconds, "median": median}
    (ROOT / "bench" / "latest.json").write_text(json.dumps(latest, ensure_ascii=False, indent=2) + "\n")
    if options.document:
        table.write(median, on, len(runs))


if __name__ == "__main__":
    main()
