"""Puts the parts of a running centre together."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from zoneinfo import ZoneInfo

import flask
import flask_socketio

import access.api
import access.choices
import access.openapi
from access.compression import compress_answers
from access.gate import Gate
from access.routes import Routes, is_own
from access.texts import Texts
from demo.cookies import CookiePrefix
from hall.announce import Announcer
from hall.drill import DrillRunner
from hall.forecaster import NewestForecasts
from hall.hall import Hall
from hall.options import HallOptions
from hall.ports import BrokenLog, DamagedDatabase, HallStore, Offload, Slip
from hall.printing import Prints
from hall.rehearsal_runner import RehearsalRunner
from hall.views.alarms import AlarmView
from hall.whatif.runner import StaffingTableRunner, WhatIfRunner
from paper.monitor import PrinterMonitor
from paper.printers import Printer
from paper.spool import Spool
from paper.ticket import draw_png
from queueing.clock import SteadyClock
from queueing.events import instant
from runtime import health
from runtime.commands import BackgroundCommand, CommandRunner
from runtime.drill import RunningChecks
from runtime.forecast_process import ForecastProcess
from runtime.maintenance import FIRST_BACKUP_S, Maintenance
from runtime.middleware import QuietRequestHandler, RequestMiddleware
from runtime.printers import PrintersInUse, printer_choices, usable_names
from runtime.proxy import BehindProxy
from runtime.rounds import Rounds
from runtime.sockets import Joining, Packet, Screens
from runtime.version import program_version
from screens.screen import Context, Screen
from settings import Settings
from store.access import SqliteAccessStore
from store.database import Database
from store.hall import SqliteHallStore

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# A screen is a folder whose screen.py holds SCREEN; a resource of several screens, one whose api.py has add_routes.
SCREENS = ("kiosk", "greeter", "display", "counter", "citizen", "open_data", "supervisor")
RESOURCES = ("services", "tickets", "appointments")

STATIC = Path(__file__).resolve().parent.parent / "static"
BUSY_TIMEOUT_S = 0.1  # for another process that writes: while the server waits in SQLite it answers nobody
HANG_UP_S = 1.0  # for requests that are still coming when the server is asked to stop
STOP_TIMEOUT_S = 1.5  # after that, for the requests in flight
PING_INTERVAL_S, PING_TIMEOUT_S = 7, 6  # a screen that is gone is noticed within 19 s: the timeout counts twice
MESSAGE_LARGEST = 4096  # what a screen may send over its socket
PREVIEW_WIDTH = 576  # dots of the picture where there is no printer


class _Application(flask.Flask):
    """Calls the functions of a request as they are; none is a coroutine, which Flask looks for five times a request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function itself."""
        return func


class Centre:
    """One running centre with all its parts.

    `printers` are those of the machine's settings; if these name none, those set in the hall are used.
    `offload` runs slow work off the event loop, if there is one. `simulated` is "demo" or "training"
    if the centre is not a real one: a banner says so, its cookies have a prefix, and nothing is printed. `speed`: so
    many times as fast as the clock the people of a demonstration live; None: as fast, and what they did counts.
    """

    def __init__(
        self,
        chosen: Settings,
        db: Database,
        clock: SteadyClock,
        printers: Sequence[Printer],
        offload: Offload,
        simulated: str = "",
        speed: float | None = None,
    ) -> None:
        self.settings = chosen
        self.simulated = simulated
        self.crowd: object = None  # the simulated people, where there are some
        self.db = db
        self.texts = Texts()
        self.commands = CommandRunner(chosen.data)
        screens = {name: _screen(name) for name in SCREENS}
        self.app = _Application(__name__, static_folder=str(STATIC))
        self.sockets = flask_socketio.SocketIO(
            self.app,
            async_mode=chosen.async_mode,
            manage_session=False,
            ping_interval=PING_INTERVAL_S,
            ping_timeout=PING_TIMEOUT_S,
            max_http_buffer_size=MESSAGE_LARGEST,
            serializer=Packet,
            transports=["websocket"],
            # As for commands. The library's own check would refuse every page behind a proxy with HTTPS.
            cors_allowed_origins=lambda origin, environ: is_own(origin or "", environ.get("HTTP_HOST", "")),
            # Else anybody could keep a socket open on "/", on which nothing is sent.
            namespaces=[f"/{name}" for name, screen in screens.items() if screen.channel is not None],
        )
        self.joining = Joining(self.sockets)
        fixed = bool(chosen.printer or simulated)
        given = tuple(printer.name for printer in printers)
        options = HallOptions(
            version=program_version(STATIC.parent),
            rule_words=self.texts.words("rule"),
            notice_words=self.texts.words("notice"),
            printers_fixed=fixed,
            printer_choices=printer_choices,
            printer_names=(lambda _: given) if fixed else usable_names,
            give_way=self._let_others_join,
        )
        self.hall = Hall(SqliteHallStore(db), clock, options)
        used = PrintersInUse(self.hall, printers, self.sockets.start_background_task)
        self.paper_words = self.texts.words("paper")
        self.prints = Prints(self.hall, chosen.public_url)
        self.spool = Spool(self.prints, used.at_start, self.paper_words, offload, self._sleep, time.monotonic)
        used.follow(self.spool)
        self.access = SqliteAccessStore(db)
        self.gate = Gate(self.access, offload, self.hall.now)
        self.announcer = Announcer(self.hall, self._emit)
        self.maintenance = Maintenance(self.hall, db, chosen.data, chosen.backup_to, offload)
        db.on_damage = self.maintenance.close_damaged
        db.wait_for_others(BUSY_TIMEOUT_S)
        for error in (DamagedDatabase, BrokenLog):
            self.app.register_error_handler(error, self._close_damaged)
        self.rehearsals = RehearsalRunner(self.hall, self.commands.start)
        self.what_ifs = WhatIfRunner(self.hall, self.commands.start)
        self.staffing_tables = StaffingTableRunner(self.commands.start)
        self.newest_forecasts = NewestForecasts()
        self.forecast_process = ForecastProcess(
            lambda: self.commands.converse("forecast", *(() if speed is None else ("--speed", str(speed)))),
            self.newest_forecasts,
            self.hall.now,
            self._sleep,
        )
        self.monitor = PrinterMonitor(
            self.spool,
            self.paper_words["vi"],
            lambda: self.hall.now().astimezone(ZoneInfo(self.hall.catalogue.hall.timezone)),
            self.sockets.start_background_task,
            self._sleep,
        )
        self.drills = DrillRunner(
            self.hall,
            self._start_drill,
            RunningChecks(self.hall, self.gate, self.announcer, self.monitor).findings,
            self.sockets.start_background_task,
            self._sleep,
        )
        context = self._context(offload)
        self.routes = Routes(self.app, self.gate, self.texts, self.texts.banner(simulated))
        self.namespaces = self._add_screens(screens.values(), context)
        self._add_routes(screens.values(), context)
        compress_answers(self.app)
        if simulated:
            self.app.after_request(self._tell_the_time)
        self.middleware = RequestMiddleware(self.app.wsgi_app, self._give_way)
        outermost: WSGIApplication = CookiePrefix(self.middleware, simulated) if simulated else self.middleware
        outermost = BehindProxy(outermost, chosen.public_url, chosen.trusted_proxy)
        self.app.wsgi_app = outermost  # type: ignore[method-assign]

    def _tell_the_time(self, answer: flask.Response) -> flask.Response:
        """Date an answer of the API by the clock of the hall: by it a page reckons, and that of a demo is shifted."""
        if flask.request.path.startswith("/api/"):
            answer.date = self.hall.now()
        return answer

    def _context(self, offload: Offload) -> Context:
        return Context(
            hall=self.hall,
            gate=self.gate,
            texts=self.texts,
            announcer=self.announcer,
            public_url=self.settings.public_url,
            offload=offload,
            draw_ticket=self._draw_ticket,
            archive=self.archive,
            export=self.commands.export,
            printers=self.monitor,
            printers_from="simulated" if self.simulated else "machine" if self.hall.printers_fixed else "hall",
            rehearsals=self.rehearsals,
            what_ifs=self.what_ifs,
            staffing_tables=self.staffing_tables,
            drills=self.drills,
            data=self.settings.data,
            spool=self.spool,
            backup=self.maintenance.view,
            other_alarms=self._other_alarms,
        )

    def _add_screens(self, screens: Iterable[Screen], context: Context) -> list[Screens]:
        """Declare the socket namespace of every screen that has a channel."""
        namespaces = []
        for channel in (screen.channel(context) for screen in screens if screen.channel is not None):
            self.announcer.add(channel)
            namespaces.append(Screens(channel, self.announcer, self.gate))
            self.sockets.on_namespace(namespaces[-1])
        return namespaces

    def _add_routes(self, screens: Iterable[Screen], context: Context) -> None:
        access.api.add_routes(self.routes, self.gate, self.hall)
        for name in RESOURCES:
            import_module(f"{name}.api").add_routes(self.routes, context)
        for screen in screens:
            for path, file in screen.pages.items():
                self.routes.page(path, file)
            screen.add_routes(self.routes, context)
        access.openapi.add_routes(self.routes)
        access.choices.add_routes(self.routes)
        health.add_routes(self.routes, self.hall)

    @contextmanager
    def archive(self) -> Iterator[HallStore]:
        """Open a second connection, so that a long read delays no command."""
        with closing(self.db.reader()) as db:
            yield SqliteHallStore(db)

    def _other_alarms(self) -> Iterator[AlarmView]:
        """Yield the alarms that are not in the log: disks, files, and callers who take too many tickets."""
        yield from self.maintenance.alarms()
        yield from self.forecast_process.alarms()
        yield from self.drills.alarms()
        for name, since in self.gate.floods.lately(self.hall.now()):
            yield AlarmView("ticket_flood", instant(since), {"device": name})

    def _close_damaged(self, error: Exception) -> NoReturn:
        """Close the centre: a request has found an event that cannot be read, or that cannot have happened."""
        self.maintenance.close_damaged(str(error))

    def _start_drill(self, *words: str) -> BackgroundCommand:
        second = ("--backup-to", str(self.settings.backup_to)) if self.settings.backup_to else ()
        address = ("--public-url", self.settings.public_url) if self.settings.public_url else ()
        return self.commands.start(*words, "--at", instant(self.hall.now()), *second, *address)

    def _emit(self, namespace: str, recipient: str, message: str, payload: dict[str, object]) -> None:
        self.sockets.emit(message, payload, namespace=namespace, to=recipient)

    def _draw_ticket(self, slip: Slip) -> bytes:
        workers = self.spool.workers
        return draw_png(slip, self.paper_words, workers[0].printer.profile.width if workers else PREVIEW_WIDTH)

    def _sleep(self, seconds: float) -> None:
        self.sockets.sleep(seconds)

    def _let_others_join(self) -> None:
        # Those who could join this command have begun by now, as each request gives way once before it begins.
        if self.middleware.beginning:
            self._give_way()

    def _give_way(self) -> None:
        if self.settings.async_mode != "threading":
            self.sockets.sleep(0)

    # -- running -----------------------------------------------------------------------------

    def begin(self, *, check_integrity: bool) -> None:
        """Start the background tasks; with `check_integrity` also one that reads every page of the database."""
        begin, work, run = self.sockets.start_background_task, self.maintenance, self.commands.run
        if check_integrity:
            begin(work.check_integrity, run, work.close_damaged)
        for place in work.places:
            begin(work.write_diary, place, self._sleep)
        begin(work.watch_files, self._sleep)
        begin(self._make_backups)
        self.hall.forecaster = self.newest_forecasts
        self.hall.listeners.append(self.newest_forecasts.on_events)
        begin(self.forecast_process.run)
        begin(work.make_rollups, run, self._sleep)
        if not self.simulated:
            begin(self.drills.run)
        begin(Rounds(self.hall, self.announcer, self.sockets, self.joining, self.namespaces, work.close_damaged).run)
        self.spool.recover()
        for task in self.spool.tasks():
            begin(task)

    def _make_backups(self) -> None:
        self._sleep(FIRST_BACKUP_S)
        self.maintenance.make_backups(self.commands.run, self._sleep, self.maintenance.close_damaged)

    def serve(self) -> None:
        """Serve with the server that comes with the async mode, until the process is asked to stop."""
        signal.signal(signal.SIGTERM, _exit)
        options: dict[str, Any] = {}
        if self.settings.async_mode == "threading":
            options = {"allow_unsafe_werkzeug": True, "request_handler": QuietRequestHandler}
        with suppress(SystemExit, KeyboardInterrupt):
            self.sockets.run(self.app, self.settings.host, self.settings.port, **options)

    def finish(self, hang_up: Callable[[], None]) -> NoReturn:
        """Answer the requests in flight, empty the write-ahead log, and end the process.

        `hang_up` closes the connections whose other side is waited for: a stranger may send a body for ever.
        """
        self._wait_for_requests(HANG_UP_S)
        hang_up()
        self._wait_for_requests(STOP_TIMEOUT_S)
        for runner in (self.rehearsals, self.what_ifs, self.staffing_tables):
            runner.stop()
        self.forecast_process.stop()
        self.drills.stop()
        with self.hall.lock:
            self.db.truncate_write_ahead_log()
            self.db.close()
        # An orderly exit would wait for the sockets of screens, which are still open.
        sys.stdout.flush()
        os._exit(0)

    def _wait_for_requests(self, most_s: float) -> None:
        deadline = time.monotonic() + most_s
        while self.middleware.in_flight and time.monotonic() < deadline:
            self.sockets.sleep(0.02)


def _screen(name: str) -> Screen:
    screen: Screen = import_module(f"{name}.screen").SCREEN
    return screen


def _exit(*_: object) -> None:
    raise SystemExit(0)
