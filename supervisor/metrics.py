"""Figures of the running centre for a monitoring system: GET /metrics, in the text format of Prometheus."""

from __future__ import annotations

import shutil
import threading
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import flask
from flask.globals import request_ctx

from access.errors import Forbidden
from access.principal import READERS
from access.routes import Routes
from hall.hall import Hall
from hall.views.alarms import BackupView
from paper.spool import Spool
from queueing import events as ev
from queueing.events import Event, from_instant

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from prometheus_client.core import Metric

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
# What proxies add. A request through one comes from outside, although the proxy runs on this machine.
FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")

BEGUN_S = "den_luot.begun_s"  # in the environment of a request: when it came, on the clock of the process

Backups = Callable[[], BackupView]
Route = tuple[str, str]  # "GET /api/v1/board", "200"


class Latencies:
    """How long requests took, as one histogram for each route and status."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[Route, list[int]] = {}  # how many requests ended in each bucket; the last has no bound
        self._sums: defaultdict[Route, float] = defaultdict(float)  # seconds

    def note(self, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        key = (route, str(status))
        with self._lock:
            counts = self._counts.get(key) or self._counts.setdefault(key, [0] * (len(BUCKETS_S) + 1))
            counts[bisect_left(BUCKETS_S, seconds)] += 1
            self._sums[key] += seconds

    def read(self) -> list[tuple[Route, list[tuple[str, float]], float]]:
        """Return for each route and status the cumulative buckets (upper bound in seconds, count) and the sum."""
        with self._lock:
            noted = [(key, list(counts), self._sums[key]) for key, counts in self._counts.items()]
        bounds = [*map(str, BUCKETS_S), "+Inf"]
        return [
            (key, [(bound, float(sum(counts[: n + 1]))) for n, bound in enumerate(bounds)], total)
            for key, counts, total in noted
        ]


@dataclass(frozen=True, slots=True)
class _Present:
    """The state of the hall at one moment, copied while its lock was held."""

    seq: int
    waiting: Mapping[str, int]  # service -> people
    counters: Mapping[str, int]  # "open", "paused", "closed" -> counters
    backups: Mapping[str, float]  # "data" and "second" -> age in seconds


class Metrics:
    """Collects the figures: events and requests as they happen, everything else when it is asked for.

    It is the collector of a registry of its own; nothing is kept in the library's global one.
    """

    def __init__(self, hall: Hall, spool: Spool, backups: Backups, data: Path) -> None:
        """Listen to the hall from now on; `data` is the folder whose free disk space is one of the figures."""
        self._hall = hall
        self._spool = spool
        self._backups = backups
        self._data = data
        self._issued: Counter[str] = Counter()
        self._called: Counter[str] = Counter()
        self._latencies = Latencies()
        hall.listeners.append(self.count)

    def count(self, events: Sequence[Event]) -> None:
        """Count the tickets and calls among these events, by service. A listener of the hall."""
        for event in events:
            if event.kind == ev.TICKET_ISSUED:
                self._issued[event.service or ""] += 1
            elif event.kind == ev.TICKET_CALLED:
                self._called[event.service or ""] += 1

    def time_requests(self, app: flask.Flask) -> None:
        """Measure every request of `app` from now on, by its route: an address may hold the secret of a ticket."""

        inner = app.wsgi_app

        def begin(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            environ[BEGUN_S] = time.perf_counter()
            return inner(environ, start_response)

        def end(response: flask.Response) -> flask.Response:
            request = request_ctx.request
            rule = request.url_rule
            # Methods and addresses that do not exist are one route: anybody could send any number of them.
            route = "other" if rule is None else f"{request.method} {rule.rule}"
            self._latencies.note(route, response.status_code, time.perf_counter() - request.environ[BEGUN_S])
            return response

        # Begun before Flask: a hook of Flask costs every request more than the measurement.
        app.wsgi_app = begin  # type: ignore[method-assign]
        # Last, so that the time includes the checks before the route and all that is done to the answer.
        app.after_request_funcs.setdefault(None, []).insert(0, end)

    def text(self) -> tuple[bytes, str]:
        """Return the figures as they are now, and their media type."""
        # Imported here: it would take a tenth of every start.
        from prometheus_client import CollectorRegistry
        from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        return generate_latest(registry), CONTENT_TYPE_PLAIN_0_0_4

    def collect(self) -> Iterator[Metric]:
        """Yield the families of figures; called by the registry."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

        def gauge(name: str, meaning: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
            family = GaugeMetricFamily(f"denluot_{name}", meaning, labels=[label])
            for labelled, value in values:
                family.add_metric([labelled], value)
            return family

        now = self._present()
        for name, meaning, counts in (
            ("tickets_issued", "Tickets issued since the start of the server", self._issued),
            ("calls", "Numbers called since the start of the server, the first time each", self._called),
        ):
            counter = CounterMetricFamily(f"denluot_{name}", meaning, labels=["service"])
            for service in now.waiting:
                counter.add_metric([service], counts[service])
            yield counter
        yield gauge("waiting", "People who wait now", "service", now.waiting.items())
        yield gauge("counters", "Counters by what they are now", "state", now.counters.items())
        yield GaugeMetricFamily("denluot_log_seq", "Number of the last event", now.seq)
        yield gauge("backup_age_seconds", "Age of the last event in the newest backup", "place", now.backups.items())
        printers = GaugeMetricFamily("denluot_printer", "1 for the state of a printer", labels=["printer", "state"])
        for worker in self._spool.workers:
            printers.add_metric([worker.printer.name, worker.state], 1)
        yield printers
        yield GaugeMetricFamily(
            "denluot_print_jobs", "Tickets that are still to come out of a printer", self._spool.unfinished()
        )
        with suppress(OSError):  # a figure that cannot be had is left out
            free = shutil.disk_usage(self._data).free
            yield GaugeMetricFamily("denluot_disk_free_bytes", "Free space on the disk of the data folder", free)
        age_s = self._hall.forecaster.age_s()
        if age_s is not None:
            yield GaugeMetricFamily("denluot_forecast_age_seconds", "Age of the newest forecasts", age_s)
        latency = HistogramMetricFamily(
            "denluot_request_seconds", "Time from the head of a request to its answer", labels=["route", "status"]
        )
        for labels, buckets, total in self._latencies.read():
            latency.add_metric(labels, buckets, total)
        yield latency

    def _present(self) -> _Present:
        with self._hall.lock:
            floor, catalogue, now = self._hall.floor, self._hall.catalogue, self._hall.now()
            staffing = Counter(floor.counter_state(number).staffing.value for number in catalogue.counters)
            view = self._backups()
            backups = {"data": view.at, "second": view.second_at}
            return _Present(
                floor.seq,
                {code: floor.waiting.count(code) for code in catalogue.services},
                {state: staffing[state] for state in ("open", "paused", "closed")},
                {place: (now - from_instant(at)).total_seconds() for place, at in backups.items() if at is not None},
            )


def add_routes(routes: Routes, metrics: Metrics) -> None:
    """Declare GET /metrics, and begin to measure the requests of the application."""
    metrics.time_requests(routes.app)

    @routes.plain("/metrics")
    def get_metrics() -> flask.Response:
        if not (flask.g.principal.role in READERS or of_this_machine(flask.request)):
            raise Forbidden()
        text, media = metrics.text()
        return flask.Response(text, content_type=media, headers={"Cache-Control": "no-store"})


def of_this_machine(request: flask.Request) -> bool:
    """Return whether a request was made on this machine, to this machine, and not through a proxy.

    The address of the connection decides; no header can make a request local. A header of a proxy means that the
    request comes from elsewhere, and so does another host name, as in a request that a foreign page makes a
    browser on this machine send.
    """
    return (
        _loopback(request.remote_addr or "")
        and _names_loopback(request.host)
        and not any(name in request.headers for name in FORWARDED)
    )


def _names_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name == "localhost" or _loopback(name)


def _loopback(address: str) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)  # ::ffff:127.0.0.1, on a socket for both families
    return (mapped or parsed).is_loopback
