"""Puts the pieces together, serves them, and is the command line.

The only file that names the asynchronous library: it must patch the standard library before
anything else is imported, which is why the imports stand where they do.
"""

# ruff: noqa: E402
import os
import sys
import warnings

import settings as machine

COMMAND = sys.argv[1] if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else "run"
SERVING = __name__ == "__main__" and COMMAND == "run" and "--help" not in sys.argv
ASYNC_MODE = os.environ.get("ASYNC_MODE", "eventlet")

if SERVING and ASYNC_MODE == "eventlet":
    # Whoever starts a centre can do nothing about its authors' plans; docs/architecture.md says what we do.
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    import eventlet

    eventlet.monkey_patch()
elif SERVING and ASYNC_MODE == "gevent":
    from gevent import monkey

    monkey.patch_all()

import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import flask
import flask_socketio
import structlog
from werkzeug.serving import WSGIRequestHandler
from werkzeug.wsgi import ClosingIterator

import access.api
import access.openapi
import citizen.api
import counter.api
import display.api
import kiosk.api
import supervisor.api
import supervisor.people
import supervisor.settings_api
from access import changes
from access.compression import compress_answers
from access.door import Doors
from access.errors import UnknownUser
from access.gate import Gate
from access.people import PASSWORD_LONGEST, PASSWORD_SHORTEST, People, tidy_name
from access.principal import PEOPLE, ROLES, Principal
from access.programs import issue_token
from access.setup import setup_link
from access.texts import Texts
from counter.channel import CounterChannel
from display.channel import DisplayChannel
from hall import rollups
from hall.announce import ROUND_S, Announcer, Channel
from hall.catalogue import Catalogue
from hall.founding import found_hall
from hall.hall import Hall
from hall.ports import CannotSave, HallStore, Slip
from hall.printing import Prints
from hall.review import parse_range
from hall.verify import verify as verify_hall
from kiosk.channel import KioskChannel
from paper.doctor import examine
from paper.printers import Printer, WrongAddress, printer_at
from paper.spool import Spool
from paper.ticket import draw_png
from queueing.clock import SteadyClock
from queueing.errors import Refusal
from queueing.events import CLOCK_JUMPED
from settings import Settings, WrongSetting
from store.access import SqliteAccessStore
from store.database import DamagedDatabase, Database
from store.hall import SqliteHallStore
from supervisor.channel import SupervisorChannel
from supervisor.export import Book, labels, to_csv, to_evidence, to_xlsx

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

T = TypeVar("T")

ROOT = Path(__file__).resolve().parent
TEXTS = ROOT / "static" / "text"
DATABASE = "hall.db"
# Well above the screens of the largest hall: at eventlet's own limit the next socket hangs every request.
CONNECTIONS = 8192
BACKLOG = 1024
PATIENCE_S = 5.0  # for the requests in flight when the server is asked to stop
PING_EVERY_S, PING_PATIENCE_S = 10, 10
MESSAGE_LARGEST = 4096  # what a screen may send over its socket
PREVIEW_WIDTH = 576  # dots of the picture where there is no printer
ROLLUP_EVERY_S = 20  # between two looks at whether a closed day has changed
CHECK_EVERY = 2  # rounds between two looks at whether the connected are still welcome

log = structlog.get_logger()


def offload(work: Callable[[], T]) -> T:
    """Run slow work off the event loop. Under eventlet that is a real thread, else this one."""
    if SERVING and ASYNC_MODE == "eventlet":
        from eventlet import tpool

        done: T = tpool.execute(work)
        return done
    return work()


def now() -> datetime:
    return datetime.now(UTC)


def elapsed() -> float:
    """Seconds that never go back, and that count the time the machine slept where it can tell."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boottime is None else time.clock_gettime(boottime)


def write_log_lines() -> None:
    """One line of JSON a happening, to standard error. Never the values of variables: they hold secrets."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def open_database(data: Path) -> Database:
    """The centre's database, made and founded if there is none."""
    data.mkdir(parents=True, exist_ok=True)
    db = Database(data / DATABASE)
    found_hall(SqliteHallStore(db), now())
    return db


class Front:
    """The layer before the application: fair, plain, and counting what is in flight."""

    def __init__(self, app: "WSGIApplication", give_way: Callable[[], None]) -> None:
        self._app = app
        self._give_way = give_way
        self.in_flight = 0

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        # Compression of messages costs 95 KB a socket, for nothing at our sizes, and has no switch.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        if environ.get("PATH_INFO", "").startswith("/socket.io"):
            return self._app(environ, start_response)
        # One pause before each request, outside any transaction, so that a burst from one kiosk
        # does not hold up every other.
        self._give_way()
        self.in_flight += 1
        try:
            return ClosingIterator(self._app(environ, start_response), self._done)
        except BaseException:
            self._done()
            raise

    def _done(self) -> None:
        self.in_flight -= 1


class Handler(WSGIRequestHandler):
    """Werkzeug's own, for the threading mode: silent, and done with a connection once a socket has ended on it."""

    def connection_dropped(self, error: BaseException, environ: "WSGIEnvironment | None" = None) -> None:
        self.close_connection = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


class Screens(flask_socketio.Namespace):  # type: ignore[misc]
    """The sockets of one kind of screen: who they are is checked once, then they only listen."""

    def __init__(self, channel: Channel, announcer: Announcer, gate: Gate) -> None:
        super().__init__(channel.namespace)
        self._channel = channel
        self._announcer = announcer
        self._gate = gate
        self.principals: dict[str, Principal] = {}

    def on_connect(self, auth: object = None) -> None:
        given = auth if isinstance(auth, dict) else {}
        token = given.get("token")
        bearer = f"Bearer {token}" if isinstance(token, str) else flask.request.headers.get("Authorization")
        principal = self._gate.identify(flask.request.cookies, bearer, self._channel.roles)
        if principal.role not in self._channel.roles:
            code = "sign_in" if principal.role == "anyone" else "forbidden"
            raise flask_socketio.ConnectionRefusedError(code)
        socket = flask.request.sid  # type: ignore[attr-defined]
        try:
            room = self._announcer.joined(self.namespace, socket, principal.subject, given)
        except Refusal as refusal:
            raise flask_socketio.ConnectionRefusedError(refusal.code) from refusal
        flask_socketio.join_room(room)
        self.principals[socket] = principal

    def on_disconnect(self, reason: object = None) -> None:
        socket = flask.request.sid  # type: ignore[attr-defined]
        self.principals.pop(socket, None)
        self._announcer.left(self.namespace, socket)

    def on_resync(self, _: object = None) -> None:
        self._announcer.resync(self.namespace, flask.request.sid)  # type: ignore[attr-defined]

    def on_seen(self, message: object = None) -> None:
        seq = message.get("seq") if isinstance(message, dict) else None
        if self.namespace == DisplayChannel.namespace and isinstance(seq, int):
            self._announcer.shown(flask.request.sid, seq)  # type: ignore[attr-defined]

    def on_said(self, message: object = None) -> None:
        seq = message.get("seq") if isinstance(message, dict) else None
        if self.namespace == DisplayChannel.namespace and isinstance(seq, int):
            self._announcer.said(flask.request.sid, seq)  # type: ignore[attr-defined]

    def on_sound(self, message: object = None) -> None:
        audible = message.get("audible") if isinstance(message, dict) else None
        if self.namespace == DisplayChannel.namespace and isinstance(audible, bool):
            self._announcer.sound(self.namespace, flask.request.sid, audible)  # type: ignore[attr-defined]

    def turn_out(self) -> None:
        """Disconnect whoever's session, device or token is good no longer."""
        for socket, principal in list(self.principals.items()):
            if not self._gate.still_valid(principal):
                self._announcer.stop(self.namespace, socket, "signed_out")
                self.server.disconnect(socket, self.namespace)


def printers_at(addresses: Sequence[str]) -> list[Printer]:
    """The printers of these addresses, numbered from 1.

    Raises:
        WrongSetting: an address that cannot be used.
    """
    try:
        found = [printer_at(address, str(n)) for n, address in enumerate(addresses, start=1)]
    except WrongAddress as error:
        raise WrongSetting(f"printer: {error}") from error
    return [printer for printer in found if printer is not None]


class Centre:
    """Everything of one running centre.

    Raises:
        WrongSetting: a printer's address cannot be used.
    """

    def __init__(self, chosen: Settings) -> None:
        self.settings = chosen
        printers = printers_at(chosen.printer)
        self.db = open_database(chosen.data)
        store = SqliteHallStore(self.db)
        self.hall = Hall(store, SteadyClock(now, elapsed))
        self.hall.printers = tuple(printer.name for printer in printers)
        self.texts = Texts(TEXTS)
        self.paper_words = self.texts.words("paper")
        self.prints = Prints(self.hall, chosen.public_url)
        self.spool = Spool(self.prints, printers, self.paper_words, offload, self._sleep, time.monotonic)
        self.access = SqliteAccessStore(self.db)
        self.gate = Gate(self.access, offload, self.hall.now)
        self.app = flask.Flask(__name__, static_folder=str(ROOT / "static"))
        self.sockets = flask_socketio.SocketIO(
            self.app,
            async_mode=ASYNC_MODE,
            manage_session=False,
            ping_interval=PING_EVERY_S,
            ping_timeout=PING_PATIENCE_S,
            max_http_buffer_size=MESSAGE_LARGEST,
            transports=["websocket"],
            # Else anybody may hold a socket on "/", where nobody speaks.
            namespaces=[kind.namespace for kind in (KioskChannel, DisplayChannel, CounterChannel, SupervisorChannel)],
        )
        self.announcer = Announcer(self.hall, self._emit)
        self.namespaces = [self._add(channel) for channel in self._channels()]
        self._open_doors()
        self.front = Front(self.app.wsgi_app, self._give_way)
        self.app.wsgi_app = self.front  # type: ignore[method-assign]

    def _channels(self) -> Iterator[Channel]:
        hall, url, name_of = self.hall, self.settings.public_url, self.gate.name_of
        yield KioskChannel(hall, url)
        yield DisplayChannel(hall, url)
        told = self.announcer
        yield CounterChannel(
            hall,
            url,
            name_of,
            told.seen,
            lambda: len(told.sockets(DisplayChannel.namespace)),
            told.spoken,
            self._attended,
        )
        yield SupervisorChannel(hall, url, name_of, self._devices, told.silent_since)

    def _add(self, channel: Channel) -> Screens:
        self.announcer.add(channel)
        namespace = Screens(channel, self.announcer, self.gate)
        self.sockets.on_namespace(namespace)
        return namespace

    def _open_doors(self) -> None:
        url, name_of = self.settings.public_url, self.gate.name_of
        texts = self.texts
        doors = Doors(self.app, self.gate, texts)
        access.api.add_doors(doors, self.gate, self.hall)
        kiosk.api.add_doors(doors, self.hall, url, self._draw, offload)
        display.api.add_doors(doors, self.hall)
        counter.api.add_doors(doors, self.hall, name_of, self._attended)
        citizen.api.add_doors(doors, self.hall, texts, url)
        supervisor.api.add_doors(doors, self.hall, self.archive, offload, self.apart, name_of)
        supervisor.people.add_doors(doors, self.gate, self.hall, self.connected)
        supervisor.settings_api.add_doors(doors, self.hall, name_of)
        access.openapi.add_doors(doors)
        compress_answers(self.app)

        @doors.plain("/health")
        def health() -> flask.Response:
            self.hall.settle()
            return flask.Response("ok\n", mimetype="text/plain")

    @contextmanager
    def archive(self) -> Iterator[HallStore]:
        """A second connection, for long reads that must hold up nobody."""
        with closing(self.db.reader()) as db:
            yield SqliteHallStore(db)

    def connected(self) -> set[str]:
        """The subjects of all connected screens."""
        return {
            subject
            for namespace in self.announcer.namespaces()
            for subject in self.announcer.sockets(namespace).values()
        }

    def _attended(self, counter: int, clerk: str) -> bool:
        """Whether a clerk is at the console of a counter; a program has no console and is always there."""
        return not clerk.startswith("user:") or self.announcer.present(CounterChannel.namespace, f"{counter} {clerk}")

    def _devices(self) -> list[object]:
        return list(supervisor.people.device_views(self.gate, self.connected()))

    def _emit(self, namespace: str, recipient: str, message: str, payload: dict[str, object]) -> None:
        self.sockets.emit(message, payload, namespace=namespace, to=recipient)

    def _draw(self, slip: Slip) -> bytes:
        posts = self.spool.posts
        return draw_png(slip, self.paper_words, posts[0].printer.profile.width if posts else PREVIEW_WIDTH)

    def _sleep(self, seconds: float) -> None:
        self.sockets.sleep(seconds)

    def _give_way(self) -> None:
        if ASYNC_MODE != "threading":
            self.sockets.sleep(0)

    # -- running -----------------------------------------------------------------------------

    def rounds(self) -> None:
        """The centre's pulse: the day, the clock, the figures, and who is still welcome."""
        number = 0
        while True:
            self.sockets.sleep(ROUND_S)
            number += 1
            try:
                self.hall.settle()
                self.announcer.round()
                if number % CHECK_EVERY == 0:
                    for namespace in self.namespaces:
                        namespace.turn_out()
            except Exception:  # the pulse must not stop; what went wrong is in the log
                log.exception("round_failed")

    def roll_up(self) -> None:
        """Make the rollups that are missing, in a process of its own: at the start and when a day has changed.

        A service that outlives its day drops that day's rollup when it ends, so both are seen here.
        """
        seen: object = None
        while True:
            self.sockets.sleep(ROLLUP_EVERY_S)
            stale = self.hall.floor.day, self.hall.outlived
            if stale != seen:
                try:
                    self.apart("rollup", "--missing")
                    seen = stale
                except (OSError, subprocess.CalledProcessError):
                    log.exception("rollup_failed")

    def apart(self, *words: str) -> bytes:
        """Run one of our commands in a process of its own, so that no call waits for it; what it printed.

        Raises:
            CalledProcessError: it failed; what it said is in the log.
        """
        command = [sys.executable, str(ROOT / "server.py"), *words, "--data", str(self.settings.data.resolve())]
        environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(command, capture_output=True, env=environment, check=False)
        if done.returncode:
            log.error("command_failed", command=words[0], said=done.stderr.decode(errors="replace")[-500:])
            done.check_returncode()
        return done.stdout

    def serve(self) -> None:
        """Serve until the process is asked to stop, then finish the requests in flight."""
        self.sockets.start_background_task(self.roll_up)
        self.sockets.start_background_task(self.rounds)
        self.spool.recover()
        for task in self.spool.tasks() if self.spool.posts else ():
            self.sockets.start_background_task(task)
        if ASYNC_MODE == "eventlet":
            self._serve_eventlet()
        else:
            signal.signal(signal.SIGTERM, _exit)
            options: dict[str, Any] = {}
            if ASYNC_MODE == "threading":
                options = {"allow_unsafe_werkzeug": True, "request_handler": Handler}
            try:
                self.sockets.run(self.app, self.settings.host, self.settings.port, **options)
            except (SystemExit, KeyboardInterrupt):
                self._finish()

    def _serve_eventlet(self) -> None:
        listener = eventlet.listen((self.settings.host, self.settings.port), backlog=BACKLOG)
        server = eventlet.spawn(
            eventlet.wsgi.server, listener, self.app, max_size=CONNECTIONS, log_output=False, debug=False
        )
        # A signal may come between any two instructions; the loop ends the server when it is its turn.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: eventlet.spawn_n(server.kill))
        try:
            server.wait()
        except eventlet.greenlet.GreenletExit:
            listener.close()
        self._finish()

    def _finish(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while self.front.in_flight and time.monotonic() < deadline:
            self.sockets.sleep(0.02)
        with self.hall.lock:
            self.db.rest()
            self.db.close()
        # Sockets of screens are still open and would be waited for.
        sys.stdout.flush()
        os._exit(0)


def _exit(*_: object) -> None:
    raise SystemExit(0)


# -- the command line ------------------------------------------------------------------------

DATA = click.option("--data", type=click.Path(path_type=Path), help="The folder of all the centre keeps.")


PRINTERS = click.option(
    "--printer",
    multiple=True,
    metavar="ADDRESS",
    help="Where tickets are printed: first the main printer, then a spare. See docs/printing.md.",
)


class RunByDefault(click.Group):
    """`server.py --port 8123` is `server.py run --port 8123`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except DamagedDatabase as error:
            raise click.ClickException(f"the database is damaged: {error}") from error
        except CannotSave as error:
            raise click.ClickException(f"data: cannot be written: {error}") from error


@click.group(cls=RunByDefault)
def cli() -> None:
    """Đến Lượt: the kiosk and queue system of a public service centre."""
    write_log_lines()


def _settings(config: Path | None = None, **flags: object) -> Settings:
    try:
        return machine.load(flags, os.environ, config)
    except WrongSetting as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _opened(data: Path | None) -> Iterator[Database]:
    with closing(open_database(_settings(data=data).data)) as db:
        yield db


@cli.command()
@click.option("--host", help="The address to listen on; all by default.")
@click.option("--port", type=int, help="The port to listen on; 8000 by default.")
@DATA
@click.option("--public-url", help="The address phones can reach; without one no link is printed.")
@PRINTERS
@click.option("--config", type=click.Path(path_type=Path), help="The machine's settings as TOML.")
def run(
    host: str | None,
    port: int | None,
    data: Path | None,
    public_url: str | None,
    printer: tuple[str, ...],
    config: Path | None,
) -> None:
    """Serve the centre (the default)."""
    chosen = _settings(config, host=host, port=port, data=data, public_url=public_url, printer=printer)
    if chosen.async_mode != ASYNC_MODE:
        raise click.ClickException(f"async_mode: set it in the environment, as ASYNC_MODE={chosen.async_mode}")
    try:
        centre = Centre(chosen)
    except WrongSetting as error:
        raise click.ClickException(str(error)) from error
    address = chosen.public_url or f"http://{'localhost' if chosen.host == '0.0.0.0' else chosen.host}:{chosen.port}"
    click.echo(f"Đến Lượt: {address}")
    secret = setup_link(centre.access, centre.hall.now())
    if secret is not None:
        click.echo(f"First supervisor (once, within a day): {address}/setup?key={secret}")
    sys.stdout.flush()
    try:
        centre.serve()
    except OSError as error:
        raise click.ClickException(f"port: cannot listen on {chosen.host}:{chosen.port}: {error.strerror}") from error


@cli.command()
@click.option("--role", required=True, type=click.Choice(sorted(ROLES)))
@click.option("--counter", type=int, help="For a clerk: the only counter it may act at.")
@click.option("--limit", type=click.IntRange(min=1), help="Requests a minute; without it there is no limit.")
@DATA
def token(role: str, counter: int | None, limit: int | None, data: Path | None) -> None:
    """Make a bearer token for a program, and print nothing else."""
    with _opened(data) as db:
        click.echo(issue_token(SqliteAccessStore(db), role, counter, limit))


@cli.command()
@click.option("--missing", is_flag=True, help="Only those that are not there; without it all, from the events alone.")
@DATA
def rollup(missing: bool, data: Path | None) -> None:
    """Make the rollups of closed days, from which the statistics of years are read."""
    with _opened(data) as db:
        store = SqliteHallStore(db)
        made = rollups.refresh(store) if missing else rollups.rebuild(store)
    click.echo(f"{made} rollups")


@cli.command()
@click.argument("form", type=click.Choice(["csv", "xlsx", "zip"]))
@click.option("--from", "first", required=True, help="First local day, YYYY-MM-DD.")
@click.option("--to", "last", required=True, help="Last local day, YYYY-MM-DD.")
@click.option("--by", default="service", help="For CSV: the grouping.")
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi")
@DATA
def export(form: str, first: str, last: str, by: str, language: str, data: Path | None) -> None:
    """Write the figures (csv, xlsx) or the log with its hashes (zip) to standard output."""
    texts = Texts(TEXTS)
    with _opened(data) as db:
        store = SqliteHallStore(db)
        name_of = Gate(SqliteAccessStore(db), offload, now).name_of
        words, titles = texts.words("figures")[language], texts.words("report")[language]
        try:
            with store.snapshot():
                catalogue = Catalogue.load(store)
                label = labels(catalogue, name_of)
                book = Book(store, catalogue, *parse_range(first, last), language, label, words, titles)
                forms = {
                    "csv": lambda: to_csv(book, by),
                    "xlsx": lambda: to_xlsx(book),
                    "zip": lambda: to_evidence(book),
                }
                written = forms[form]()
        except Refusal as refusal:
            raise click.ClickException(texts.error(language, refusal.code, refusal.params)) from refusal
    sys.stdout.buffer.write(written)


@cli.group()
def user() -> None:
    """People who sign in: add one, renew a forgotten password."""


def _long_enough(_: click.Context, __: click.Parameter, password: str) -> str:
    if not PASSWORD_SHORTEST <= len(password) <= PASSWORD_LONGEST:
        raise click.BadParameter(f"a password has {PASSWORD_SHORTEST} to {PASSWORD_LONGEST} characters")
    return password


PASSWORD = click.password_option(callback=_long_enough, help="Asked for unless given.")


@user.command("add")
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(PEOPLE))
@PASSWORD
@DATA
def user_add(name: str, role: str, password: str, data: Path | None) -> None:
    """Add a person."""
    with _people(data) as (hall, people):
        hashed = people.hashed(password)
        hall.record(lambda act: changes.add_user(act, people, name, role, hashed))


@user.command("password")
@click.argument("name")
@PASSWORD
@DATA
def user_password(name: str, password: str, data: Path | None) -> None:
    """Set a new password; all sessions of this person end."""
    with _people(data) as (hall, people):
        found = next((each for each in people.all() if each.name.casefold() == tidy_name(name).casefold()), None)
        if found is None:
            raise UnknownUser()
        hashed = people.hashed(password)
        hall.record(lambda act: changes.set_password(act, people, found.id, hashed))


@user.command("list")
@DATA
def user_list(data: Path | None) -> None:
    """Everybody who may sign in."""
    with _people(data) as (_, people):
        for each in people.all():
            click.echo(f"{each.role:<11} {'' if each.active else '(disabled) '}{each.name}")


@user.command("link")
@DATA
def user_link(data: Path | None) -> None:
    """A fresh one-time link that makes a supervisor, for when all passwords are forgotten."""
    with _opened(data) as db:
        click.echo(f"/setup?key={setup_link(SqliteAccessStore(db), renew=True)}")


@contextmanager
def _people(data: Path | None) -> Iterator[tuple[Hall, People]]:
    with _opened(data) as db:
        store = SqliteHallStore(db)
        hall = Hall(store, _still(store))
        try:
            yield hall, Gate(SqliteAccessStore(db), offload, hall.now).people
        except Refusal as refusal:
            raise click.ClickException(Texts(TEXTS).error("vi", refusal.code, refusal.params)) from refusal


def _still(store: HallStore) -> SteadyClock:
    """The instant of a command. A leap of the clock that nobody has confirmed is not followed here either."""
    at, last, jumped = now(), store.last_event(), store.last_event(CLOCK_JUMPED)
    if last and jumped and not jumped.data["followed"]:
        at = min(at, last.at)
    return SteadyClock(lambda: at, lambda: 0.0)


@cli.command()
@PRINTERS
@click.option("--config", type=click.Path(path_type=Path), help="The machine's settings as TOML.")
def doctor(printer: tuple[str, ...], config: Path | None) -> None:
    """Print a test page on each printer, and say what it can and cannot tell."""
    words = Texts(TEXTS).words("paper")["vi"]
    try:
        printers = printers_at(_settings(config, printer=printer).printer)
    except WrongSetting as error:
        raise click.ClickException(str(error)) from error
    if not printers:
        click.echo(words["doctor_preview"])
    for each in printers:
        for sentence in examine(each, words, now().astimezone()):
            click.echo(sentence)


@cli.command()
@DATA
def verify(data: Path | None) -> None:
    """Prove the log: its chain, the rows made from it, the order of every call."""
    folder = _settings(data=data).data
    if not (folder / DATABASE).exists():
        raise click.ClickException(f"data: there is no centre in {folder}")
    with _opened(data) as db:
        verdict = verify_hall(SqliteHallStore(db))
    click.echo(f"{verdict.events} events, {verdict.tickets} tickets, {verdict.calls} calls")
    for fault in verdict.faults:
        click.echo(fault)
    if not verdict.clean:
        raise SystemExit(1)
    click.echo("clean")


if __name__ == "__main__":
    cli()
