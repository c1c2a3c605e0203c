"""The command line: serve a centre, or work on its data.

This is the only file that names the asynchronous library. The library must patch the standard library before
anything else is imported, so the imports stand below it.
"""

# ruff: noqa: E402
import os
import sys
import warnings

import settings as machine

COMMAND = sys.argv[1] if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else "run"
SERVING = __name__ == "__main__" and COMMAND in ("run", "demo") and "--help" not in sys.argv
ASYNC_MODE = os.environ.get("ASYNC_MODE", "eventlet")

if SERVING and ASYNC_MODE == "eventlet":
    # An operator can do nothing about it; docs/architecture.md says why we use it.
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    # Only printers have names to look up, off the loop; the green resolver would cost 7 MB and a quarter of the start.
    os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
    import eventlet

    eventlet.monkey_patch()
elif SERVING and ASYNC_MODE == "gevent":
    from gevent import monkey

    monkey.patch_all()

import gc
import json
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn, TypeVar
from zoneinfo import ZoneInfo

import click
import msgspec

from access import changes
from access.errors import UnknownUser
from access.gate import SESSION_COOKIE, Gate
from access.people import PASSWORD_LONGEST, PASSWORD_SHORTEST, People, tidy_name
from access.principal import CLERK, KIOSK, PEOPLE, ROLES
from access.programs import is_valid
from access.setup import setup_link
from access.texts import Texts
from hall.catalogue.defaults import found_hall, to_be_tried
from hall.catalogue.model import Catalogue
from hall.hall import Act, Hall
from hall.ports import BrokenLog, CannotSave, DamagedDatabase
from hall.progress import NOTHING_TO_DO
from queueing.catalogue import DEFAULT_LANGUAGE, LANGUAGES
from queueing.clock import SteadyClock
from queueing.errors import NothingToRehearse, NothingToTry, Refusal
from queueing.events import from_instant
from runtime.connections import Connections, SteadyListener
from runtime.log import everything_logged, write_log_lines
from settings import Settings, WrongSetting
from store import folder
from store.access import SqliteAccessStore
from store.backup import BACKUPS, NewerVersion, NotWhole, copies
from store.database import Database, claim
from store.folder import DAMAGED, DATABASE, CannotServe
from store.hall import SqliteHallStore
from store.second_place import NotThere

# What only some commands need is imported by them: a token should not wait for a web server.
if TYPE_CHECKING:
    from demo.cast import Cast
    from hall.verify import Stretch, Verdict
    from paper.printers import Printer
    from runtime.centre import Centre

T = TypeVar("T")

ROOT = Path(__file__).resolve().parent
INTEGRITY_TIMEOUT_S = 0.2  # to read every page before the first request; a larger file is read in the background
CONNECTIONS = 8192  # well above the screens of the largest hall
CONNECTIONS_LEAST = 256
SHARE = 4  # one address may have a quarter of them waiting: a hall behind a proxy has one address
BACKLOG = 1024
ACCEPTED_AT_ONCE = 128
FILES_KEPT = 256  # of the files the process may open, kept for what is no connection
FILES_EACH = 2  # a connection, and the file that is sent over it


def offload(work: Callable[[], T]) -> T:
    """Run slow work off the event loop. Under eventlet that is a real thread, else this one."""
    if SERVING and ASYNC_MODE == "eventlet":
        from eventlet import tpool

        done: T = tpool.execute(work)
        return done
    return work()


def now() -> datetime:
    """Return the time of the machine."""
    return datetime.now(UTC)


def elapsed() -> float:
    """Return seconds that never go back; on systems with CLOCK_BOOTTIME they include the time the machine slept."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boottime is None else time.clock_gettime(boottime)


def open_database(chosen: Settings) -> Database:
    """Open the database of the centre; if there is none, make it with the default settings.

    Raises:
        CannotServe: what was kept of the centre says that its database is gone, empty, behind, or another's.
    """
    data = chosen.data
    folder.guard(data, chosen.backup_to)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    db = Database(data / DATABASE)
    if found_hall(SqliteHallStore(db), now()):
        # A database without its write-ahead log must show that there is a hall, and a restore needs a first backup.
        db.truncate_write_ahead_log()
        for _ in folder.back_up(data, None):
            pass
    return db


def printers_at(addresses: Sequence[str]) -> "list[Printer]":
    """Return the printers of these addresses, numbered from 1.

    Raises:
        WrongSetting: an address that cannot be used.
    """
    if not addresses:
        return []
    from paper.addresses import WrongAddress, printer_at

    try:
        printers = [printer_at(address, str(n)) for n, address in enumerate(addresses, start=1)]
    except WrongAddress as error:
        raise WrongSetting(f"printer: {error}") from error
    return [printer for printer in printers if printer is not None]


class Listener(NamedTuple):
    """Where a centre will listen: a socket that is bound, and the connections it may hold."""

    bound: socket.socket
    connections: Connections


def listener_at(chosen: Settings) -> Listener:
    """Take the address, before anything of a centre is made: two programs at one port would share its requests.

    Raises:
        ClickException: somebody listens there, or the system allows too few connections.
    """
    connections = _connections()
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name != "nt":  # there it would let two servers share the port
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((chosen.host, chosen.port))
    except OSError as error:
        bound.close()
        raise _cannot_listen(chosen, error) from error
    return Listener(bound, connections)


def _cannot_listen(chosen: Settings, error: OSError) -> click.ClickException:
    return click.ClickException(f"port: cannot listen on {chosen.host}:{chosen.port}: {error.strerror}")


def serve(centre: "Centre", listener: Listener, *, check_integrity: bool) -> NoReturn:
    """Serve until the process is asked to stop, then finish the requests in flight.

    With `check_integrity`, every page of the database is read in the background.
    """
    from runtime.memory import give_back_after_crowds, give_back_large_blocks

    give_back_large_blocks()
    centre.begin(check_integrity=check_integrity)
    _tune_garbage_collection()
    if ASYNC_MODE == "eventlet":
        eventlet.spawn_n(give_back_after_crowds, listener.connections, eventlet.sleep)
        _serve_eventlet(centre, listener)
    else:
        listener.bound.close()
        centre.serve()
    centre.finish(listener.connections.close_waiting)


def _tune_garbage_collection() -> None:
    """Run full collections rarely: each walks all that screens and tickets hold, and pauses every request."""
    gc.collect()
    gc.freeze()  # objects made by the start stay, so collections need not look at them
    gc.set_threshold(20_000, 20, 20)


def _serve_eventlet(centre: "Centre", listener: Listener) -> None:
    from runtime.http import IDLE_TIMEOUT_S, CarefulBody, CarefulProtocol, EventLoop

    class Body(CarefulBody, eventlet.wsgi.Input):  # type: ignore[misc]
        pass

    class Protocol(CarefulProtocol, eventlet.wsgi.HttpProtocol):  # type: ignore[misc]
        connections = listener.connections
        loop = EventLoop(eventlet.Timeout, lambda: eventlet.sleep(0))
        body = Body

    class Pool(eventlet.GreenPool):  # type: ignore[misc]
        accepted = 0

        def spawn(self, *work: object) -> object:
            # The loop that accepts would not give way while anybody connects.
            self.accepted += 1
            if self.accepted % ACCEPTED_AT_ONCE == 0:
                eventlet.sleep(0)
            return super().spawn(*work)

        def waitall(self) -> None:
            """Wait for nobody: a stranger may never end. What is in flight is waited for by the centre."""

    server = eventlet.spawn(
        eventlet.wsgi.server,
        SteadyListener(listener.bound, listener.connections, eventlet.sleep),
        centre.app,
        protocol=Protocol,
        custom_pool=Pool(listener.connections.most + FILES_KEPT // 8),
        socket_timeout=IDLE_TIMEOUT_S,
        keepalive=IDLE_TIMEOUT_S,
        log_output=False,
        debug=False,
    )
    # A signal may come between any two instructions, so the server is ended by the loop.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: eventlet.spawn_n(server.kill))
    with suppress(eventlet.greenlet.GreenletExit):
        server.wait()
    listener.bound.close()


def _connections() -> Connections:
    """Return the connections that this process may hold, as many as the system allows.

    Raises:
        ClickException: they are too few to serve a hall.
    """
    files = _open_files(FILES_KEPT + FILES_EACH * CONNECTIONS)
    most = min(CONNECTIONS, (files - FILES_KEPT) // FILES_EACH)
    if most < CONNECTIONS_LEAST:
        raise click.ClickException(
            f"ulimit: the system lets this program open {files} files and connections; "
            f"it needs {FILES_KEPT + FILES_EACH * CONNECTIONS_LEAST}, better {FILES_KEPT + FILES_EACH * CONNECTIONS} "
            "(`ulimit -n`, or LimitNOFILE= of systemd)"
        )
    return Connections(most, most // SHARE)


def _open_files(wanted: int) -> int:
    """Return how many files and connections this process may hold, raised to so many as far as the system allows."""
    try:
        import resource
    except ImportError:  # Windows counts otherwise
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft


# -- the command line ------------------------------------------------------------------------

DATA = click.option("--data", type=click.Path(path_type=Path), help="The folder with the centre's data.")
SECOND = click.option(
    "--backup-to", type=click.Path(path_type=Path), help="A second place for backups and daily files: another disk."
)
CHOSEN = "den-luot.settings"  # key under which a command leaves its settings for the message of a failure

FROM = click.option("--from", "first", required=True, help="First local day, YYYY-MM-DD.")
TO = click.option("--to", "last", required=True, help="Last local day, YYYY-MM-DD.")
PRINTERS = click.option(
    "--printer",
    multiple=True,
    metavar="ADDRESS",
    help="Where tickets are printed: first the main printer, then a spare. See docs/printing.md.",
)


class RunByDefault(click.Group):
    """Reads `server.py --port 8123` as `server.py run --port 8123`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `run` before arguments without a command."""
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; report an error that stops a centre as a sentence."""
        try:
            return super().invoke(ctx)
        except (DamagedDatabase, BrokenLog) as error:
            chosen: Settings = ctx.meta[CHOSEN]
            remedy = folder.offer(chosen.data, chosen.backup_to)
            raise click.ClickException(f"the database is damaged: {error}. {remedy}") from error
        except (CannotServe, NewerVersion) as error:
            raise click.ClickException(str(error)) from error
        except NotThere as error:
            raise click.ClickException(f"backup_to: {error}") from error
        except CannotSave as error:
            raise click.ClickException(f"data: cannot be written: {error}") from error
        except BrokenPipeError:
            raise  # nobody reads what is printed any more
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(f"{where}{error.strerror or error}") from error


@click.group(cls=RunByDefault)
def cli() -> None:
    """Đến Lượt: the kiosk and queue system of a public service centre."""
    os.umask(0o077)  # what a centre writes is read by the user it runs as, and by nobody else
    write_log_lines()


def _settings(config: Path | None = None, **flags: object) -> Settings:
    try:
        chosen = machine.load(flags, os.environ, config)
    except WrongSetting as error:
        raise click.ClickException(str(error)) from error
    click.get_current_context().meta[CHOSEN] = chosen
    return chosen


@contextmanager
def _opened(data: Path | None) -> Iterator[Database]:
    with closing(open_database(_settings(data=data))) as db:
        yield db


@cli.command()
@click.option("--host", help="The address to listen on; all by default.")
@click.option("--port", type=int, help="The port to listen on; 8000 by default.")
@DATA
@click.option("--public-url", help="The address phones can reach; without one no link is printed.")
@click.option(
    "--trusted-proxy",
    multiple=True,
    metavar="ADDRESS",
    help="A proxy before the centre that is believed who asks, and whether by HTTPS. See docs/security.md.",
)
@PRINTERS
@SECOND
@click.option("--config", type=click.Path(path_type=Path), help="The machine's settings as TOML.")
@click.option("--training", is_flag=True, help="A new copy to learn with: simulated people, nothing in the log.")
def run(
    host: str | None,
    port: int | None,
    data: Path | None,
    public_url: str | None,
    trusted_proxy: tuple[str, ...],
    printer: tuple[str, ...],
    backup_to: Path | None,
    config: Path | None,
    training: bool,
) -> None:
    """Serve the centre (the default)."""
    chosen = _settings(
        config,
        host=host,
        port=port,
        data=data,
        public_url=public_url,
        trusted_proxy=trusted_proxy,
        printer=printer,
        backup_to=backup_to,
    )
    _check_async_mode(chosen)
    from runtime.centre import Centre

    listener = listener_at(chosen)
    if training:
        _train(chosen, listener)
    try:
        printers = printers_at(chosen.printer)
    except WrongSetting as error:
        raise click.ClickException(str(error)) from error
    db = open_database(chosen)
    held = claim(chosen.data)
    try:
        folder.protect(chosen.data, chosen.backup_to)
        whole = _is_sound(db)
        for path in folder.leave_aside(chosen.data, chosen.backup_to):
            click.echo(f"{path} holds what a restore left behind: look at it, then delete it")
        with everything_logged():
            centre = Centre(chosen, db, SteadyClock(now, elapsed), printers, offload)
            _run(centre, listener, check_integrity=not whole)
    finally:
        held.close()


def _check_async_mode(chosen: Settings) -> None:
    if chosen.async_mode != ASYNC_MODE:
        raise click.ClickException(f"async_mode: set it in the environment, as ASYNC_MODE={chosen.async_mode}")


def _run(centre: "Centre", listener: Listener, *, entrance: str = "", check_integrity: bool = False) -> NoReturn:
    chosen = centre.settings
    address = chosen.public_url or f"http://{'localhost' if chosen.host == '0.0.0.0' else chosen.host}:{chosen.port}"
    click.echo(f"Đến Lượt: {address}{entrance}")
    secret = setup_link(centre.access, centre.hall.now())
    if secret is not None:
        click.echo(f"First supervisor (once, within a day): {address}/setup?key={secret}")
    sys.stdout.flush()
    try:
        listener.bound.listen(BACKLOG)
    except OSError as error:
        raise _cannot_listen(chosen, error) from error
    serve(centre, listener, check_integrity=check_integrity)


def _is_sound(db: Database) -> bool:
    """Return whether every page was read, and is sound; False if `INTEGRITY_TIMEOUT_S` was not enough.

    Raises:
        DamagedDatabase: a page is damaged.
    """
    try:
        damage = db.first_damage(INTEGRITY_TIMEOUT_S)
    except TimeoutError:
        return False
    if damage is not None:
        raise DamagedDatabase(damage)
    return True


# -- simulated centres -----------------------------------------------------------------------

SIMULATED = "simulated"  # a file that marks a folder that may be emptied


@cli.command()
@click.option("--host", default="127.0.0.1", help="0.0.0.0 lets the whole network in, as anybody.", show_default=True)
@click.option("--port", type=int, help="The port to listen on; 8000 by default.")
@click.option("--data", type=click.Path(path_type=Path), default=Path("data-demo"), show_default=True)
@click.option("--speed", type=click.FloatRange(0.1, 60), default=5, show_default=True, help="Of the simulated people.")
@click.option("--days", type=click.IntRange(0, 366), help="Of history; by default back to the first of last month.")
@click.option("--seed", type=int, default=1, show_default=True)
def demo(host: str, port: int | None, data: Path, speed: float, days: int | None, seed: int) -> NoReturn:
    """Serve a new simulated centre: days of history, simulated people, every screen signed in."""
    chosen = _settings(host=host, port=port, data=data)
    _check_async_mode(chosen)
    from demo.api import add_routes
    from demo.cast import RESERVE, demo_cast, demo_template, working_hours
    from demo.history import GivenTime, first_of_last_month, midnight
    from demo.loads import Load
    from demo.morning import lived
    from hall.catalogue.defaults import DEFAULT
    from runtime.centre import Centre

    listener = listener_at(chosen)
    db = Database(_emptied(chosen.data) / DATABASE)
    store = SqliteHallStore(db)
    zone = ZoneInfo(DEFAULT.hall.timezone)
    shift = working_hours(now(), zone)
    today = (now() + shift).astimezone(zone).date()
    first = first_of_last_month(today) if days is None else today - timedelta(days=days)
    given = GivenTime(midnight(first, zone))  # no day of another month
    found_hall(store, given.at, demo_template())
    hall = Hall(store, given.steady())
    people = Gate(SqliteAccessStore(db), offload, hall.now).people
    cast = demo_cast(people, list(hall.catalogue.counters))
    load, past = Load(hall.catalogue.minutes, seed), (today - first).days
    days_lived = lived(hall, given, load, cast.subjects(people), lambda: now() + shift, past, speed, RESERVE.keys())
    with click.progressbar(days_lived, length=past * 5 // 7 + 1, label=f"{past} days") as bar:
        for _ in bar:
            pass
    with everything_logged():
        centre = Centre(chosen, db, SteadyClock(lambda: now() + shift, elapsed), [], offload, "demo", speed)
        add_routes(centre.routes, centre.gate, centre.hall, cast, load)
        _start_crowd(centre, cast, speed, seed, RESERVE.keys())
        _run(centre, listener, entrance="/demo")


def _train(real: Settings, listener: Listener) -> NoReturn:
    """Serve a copy of a centre, with its people and its settings, whose log is thrown away."""
    from demo.cast import training_cast
    from runtime.centre import Centre

    chosen = msgspec.structs.replace(real, data=_emptied(real.data / "training"), printer=(), backup_to=None)
    db = Database(chosen.data / DATABASE)
    copied = SqliteAccessStore(db)
    folder.guard(real.data)
    if (real.data / DATABASE).exists():
        with closing(Database(real.data / DATABASE)) as source:
            found_hall(SqliteHallStore(db), now(), to_be_tried(Catalogue.load(SqliteHallStore(source)).template))
            for person in SqliteAccessStore(source).users(now()):
                if person.active:
                    copied.add_user(person.name, person.name.casefold(), person.role, person.password)
    else:
        found_hall(SqliteHallStore(db), now())
    with everything_logged():
        centre = Centre(chosen, db, SteadyClock(now, elapsed), [], offload, "training")
        word = centre.texts.words("band")["vi"]["clerk"]
        cast = training_cast(centre.gate.people, list(centre.hall.catalogue.counters), word)
        _start_crowd(centre, cast, 1.0, int(time.time()))
        _run(centre, listener)


def _emptied(folder: Path) -> Path:
    """Empty a folder and return it.

    Raises:
        ClickException: it holds something else than a simulated centre.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / SIMULATED).exists():
        raise click.ClickException(f"data: {folder} holds something that was not simulated")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / SIMULATED).touch()
    return folder


def _start_crowd(centre: "Centre", cast: "Cast", speed: float, seed: int, reserve: Iterable[int] = ()) -> None:
    """Start the simulated people; they leave when this process ends. Counters in `reserve` open on advice alone."""
    from demo.cast import sessions

    chosen = centre.settings
    host = "127.0.0.1" if chosen.host == "0.0.0.0" else chosen.host
    orders = {
        "url": f"http://{host}:{chosen.port}",
        "speed": speed,
        "reserve": list(reserve),
        "seed": seed,
        "minutes": centre.hall.catalogue.minutes,
        "kiosk": centre.hall.run_as_system(lambda act: changes.issue_token(act, centre.gate.programs, KIOSK)),
        "clerks": {
            counter: f"{centre.simulated}_{SESSION_COOKIE}={secret}"
            for counter, secret in sessions(cast, centre.gate).items()
        },
    }
    crowd = subprocess.Popen([sys.executable, "-m", "demo.crowd"], cwd=ROOT, stdin=subprocess.PIPE)
    assert crowd.stdin is not None
    crowd.stdin.write(json.dumps(orders).encode() + b"\n")
    crowd.stdin.flush()
    centre.crowd = crowd  # keeps its standard input open; it ends when that is closed


@cli.group(invoke_without_command=True)
@click.option("--role", type=click.Choice(sorted(ROLES)))
@click.option("--counter", type=click.IntRange(1, 99), help="For a clerk: the only counter it may act at.")
@click.option("--limit", type=click.IntRange(1, 1_000_000), help="Requests a minute; without it there is no limit.")
@click.option("--name", default="", help="What it is for, so that it is recognised when it is to be revoked.")
@click.option("--days", type=click.IntRange(1, 3650), help="How long it is good; without it, until it is revoked.")
@DATA
@click.pass_context
def token(
    ctx: click.Context,
    role: str | None,
    counter: int | None,
    limit: int | None,
    name: str,
    days: int | None,
    data: Path | None,
) -> None:
    """Make a bearer token for a program, and print nothing else; `list` and `revoke` tokens."""
    if ctx.invoked_subcommand is not None:
        return
    if role is None:
        raise click.UsageError("Missing option '--role'.")
    if counter is not None and role != CLERK:
        raise click.ClickException(f"counter: only a clerk has one, not a {role}")

    def issue(act: Act) -> str:
        known = act.catalogue.counters
        if counter is not None and counter not in known:
            raise click.ClickException(f"counter: there is no {counter}, only {', '.join(map(str, sorted(known)))}")
        expires_at = None if days is None else act.at + timedelta(days=days)
        return changes.issue_token(
            act, gate.programs, role, counter=counter, limit=limit, name=name, expires_at=expires_at
        )

    with _acting(data) as (hall, gate):
        click.echo(hall.run_as_system(issue))


@token.command("list")
@DATA
def token_list(data: Path | None) -> None:
    """List the tokens that were not revoked: number, role, end, last use, name."""
    with _acting(data) as (hall, gate):
        for program in gate.programs.all():
            if program.active:
                where = "" if program.counter is None else f" {program.counter}"
                ends = "-" if program.expires_at is None else f"{program.expires_at.astimezone():%Y-%m-%d}"
                seen = "never" if program.last_seen_at is None else f"{program.last_seen_at.astimezone():%Y-%m-%d}"
                over = "" if is_valid(program, hall.now()) else "(over) "
                what = f"{program.id:>4}  {program.role + where:<13}"
                click.echo(f"{what} ends {ends:<10}  used {seen:<10}  {over}{program.name}")


@token.command("revoke")
@click.argument("number", type=click.IntRange(1, 2**53))
@DATA
def token_revoke(number: int, data: Path | None) -> None:
    """Revoke the token with this number of the list: the program is out at once."""
    with _acting(data) as (hall, gate):
        hall.run_as_system(lambda act: changes.revoke_token(act, gate.programs, number))


@cli.command()
@click.option("--missing", is_flag=True, help="Make only the missing ones; without it, make all again from the events.")
@DATA
def rollup(missing: bool, data: Path | None) -> None:
    """Make the rollups of closed days, from which the statistics of years are read."""
    from hall import rollups, scores

    _lower_priority()
    with _opened(data) as db:
        store = SqliteHallStore(db)
        if not missing:
            store.drop_forecast_scores()
        count = rollups.refresh(store) if missing else rollups.rebuild(store)
        count += scores.refresh(store)
    click.echo(f"{count} rollups")


@cli.command(hidden=True)
@click.option("--speed", type=float, help="Of simulated people, who have no past.")
@DATA
def forecast(speed: float | None, data: Path | None) -> None:
    """Answer each line of standard input, which says the time, with a line of forecasts; end with the input."""
    from hall.forecaster import ForecastRequest
    from hall.forecasting import Forecasting

    os.nice(10)  # people are being called meanwhile
    with closing(Database(_settings(data=data).data / DATABASE, read_only=True)) as db:
        forecasting = Forecasting(SqliteHallStore(db), speed)
        for line in sys.stdin.buffer:
            request = msgspec.json.decode(line, type=ForecastRequest)
            sys.stdout.buffer.write(msgspec.json.encode(forecasting.round(from_instant(request.at))) + b"\n")
            sys.stdout.buffer.flush()


@cli.command("open-data", hidden=True)
@DATA
def open_data_command(data: Path | None) -> None:
    """Print the files of the open data that closed months lack: a JSON object of month -> file -> text."""
    from hall.public_months import due_months, files_of, month_figures

    _lower_priority()
    words = Texts().words("public")
    with _opened(data) as db:
        store = SqliteHallStore(db)
        catalogue = Catalogue.load(store)
        lacking = {
            month: {
                name: text.decode() for name, text in files_of(month_figures(store, month, catalogue, words)).items()
            }
            for month in due_months(store, store.publications())
        }
    sys.stdout.buffer.write(msgspec.json.encode(lacking))


@cli.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@DATA
def publish(folder: Path, data: Path | None) -> None:
    """Write the public page and the open data into FOLDER, for any web server; ends with 1 if a file was changed."""
    from open_data.site import folder_links, holds_others, site_of, write_site

    if holds_others(folder):
        raise click.ClickException(f"folder: {folder} has other files in it; name an empty one, or one written before")
    texts = Texts()
    with _opened(data) as db:
        store = SqliteHallStore(db)
        with store.snapshot():
            catalogue = Catalogue.load(store)
            sites = {below: site_of(store, catalogue, texts, folder_links(below)) for below in ("", "open-data/")}
    try:
        written = write_site(folder, sites)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"folder: {error}") from error
    site = sites[""]
    click.echo(f"{len(written)} files, {len(site.months())} months")
    for name in site.changed():
        click.echo(f"{name}: it is not what was published, and was left out")
    if site.changed():
        raise SystemExit(1)


@cli.command()
@click.option(
    "--days", type=click.IntRange(1, 3660), default=30, help="How many closed days, counted back from the last."
)
@click.option("--policy", help="The policy to try, as in an exported configuration; without it the one in force.")
@DATA
def rehearse(days: int, policy: str | None, data: Path | None) -> None:
    """Play the last days again under another policy: a line of JSON after each day, then the result."""
    from hall.catalogue.model import Policy
    from hall.rehearsal import rehearse as play
    from hall.settings.check import checked

    os.nice(5)  # people are being called meanwhile
    with _opened(data) as db:
        store = SqliteHallStore(db)
        template = Catalogue.load(store).template
        now_policy = wanted = template.policy
        try:
            if policy is not None:
                tried = msgspec.json.decode(policy, type=Policy)
                wanted = checked(msgspec.structs.replace(template, policy=tried)).policy
            with store.snapshot():
                result = play(
                    store, now_policy, wanted, days, lambda done, of: click.echo(msgspec.json.encode([done, of]))
                )
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise click.ClickException(f"policy: {error}") from error
        except Refusal as refusal:
            raise click.ClickException(Texts().error("vi", refusal.code, refusal.params)) from refusal
    click.echo(msgspec.json.encode(result))


class NothingToDo(click.ClickException):
    """There is nothing to try, which is not a failure."""

    exit_code = NOTHING_TO_DO


@cli.command("what-if")
@click.option("--day", "wanted", help="A closed day, YYYY-MM-DD; without it the rest of today.")
@click.option("--plan", help="What to change, as JSON; see docs/what-if.md.")
@click.option("--tap", type=click.Choice(["peak", "lunch", "learn"]), help="In place of a plan: the best of this kind.")
@click.option("--at", hidden=True, help="The hall's time, which may differ from this PC's.")
@DATA
def what_if(wanted: str | None, plan: str | None, tap: str | None, at: str | None, data: Path | None) -> None:
    """Play a day under another plan: a line of JSON after each simulation, then the result."""
    from hall.review import parse_range
    from hall.whatif.days import played_day
    from hall.whatif.plan import Plan, checked_plan
    from hall.whatif.simulate import simulate
    from hall.whatif.taps import best_plan

    def progress(done: int, of: int) -> None:
        click.echo(msgspec.json.encode([done, of]))

    os.nice(5)  # people are being called meanwhile
    with _opened(data) as db:
        store = SqliteHallStore(db)
        try:
            tried = msgspec.json.decode(plan or "{}", type=Plan)
            with store.snapshot():
                checked_plan(tried, Catalogue.load(store))
                day = played_day(
                    store, parse_range(wanted, wanted)[0] if wanted else None, from_instant(at) if at else now()
                )
            if tap is not None:
                tried = best_plan(day, tap, progress)
            result = simulate(day, tried, progress)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise click.ClickException(f"plan: {error}") from error
        except Refusal as refusal:
            nothing = isinstance(refusal, (NothingToTry, NothingToRehearse))
            ended = NothingToDo if nothing else click.ClickException
            raise ended(Texts().error("vi", refusal.code, refusal.params)) from refusal
    click.echo(msgspec.json.encode(result))


@cli.command("staffing-table")
@DATA
def staffing_table(data: Path | None) -> None:
    """Reckon what the coming week needs: a line of JSON after each day, then the result."""
    from hall.whatif.days import recent_days
    from hall.whatif.week import WEEKS
    from hall.whatif.week import staffing_table as reckon

    os.nice(5)  # people are being called meanwhile
    with _opened(data) as db:
        store = SqliteHallStore(db)
        with store.snapshot():
            catalogue, days = Catalogue.load(store), recent_days(store, WEEKS)
        today = now().astimezone(ZoneInfo(catalogue.hall.timezone)).date()
        table = reckon(days, catalogue, today, lambda done, of: click.echo(msgspec.json.encode([done, of])))
    click.echo(msgspec.json.encode(table))


@cli.command("what-if-day", hidden=True)
@click.option("--day", "wanted")
@click.option("--at")
@DATA
def what_if_day(wanted: str | None, at: str | None, data: Path | None) -> None:
    """Print who was staffed when on a day, as the API returns it."""
    from hall.whatif.days import played_day
    from hall.whatif.simulate import planned_day

    with _opened(data) as db:
        store = SqliteHallStore(db)
        day = played_day(store, _range(wanted, wanted)[0] if wanted else None, from_instant(at) if at else now())
        click.echo(msgspec.json.encode(planned_day(day)))


@cli.command()
@click.argument("form", type=click.Choice(["csv", "xlsx", "zip"]))
@FROM
@TO
@click.option("--by", default="service", help="For CSV: the grouping.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), default=DEFAULT_LANGUAGE)
@DATA
def export(form: str, first: str, last: str, by: str, language: str, data: Path | None) -> None:
    """Write the figures (csv, xlsx) or the log with its hashes (zip) to standard output."""
    from hall.catalogue.model import Catalogue
    from hall.review import parse_range
    from supervisor.export import Book, labels, to_csv, to_evidence, to_xlsx

    texts = Texts()
    with _opened(data) as db:
        store = SqliteHallStore(db)
        name_of = Gate(SqliteAccessStore(db), offload, now).name_of
        words = [texts.words(section)[language] for section in ("figures", "report", "charts")]
        try:
            with store.snapshot():
                catalogue = Catalogue.load(store)
                label = labels(catalogue, name_of)
                book = Book(store, catalogue, *parse_range(first, last), language, label, *words)
                forms = {
                    "csv": lambda: to_csv(book, by),
                    "xlsx": lambda: to_xlsx(book),
                    "zip": lambda: to_evidence(book),
                }
                written = forms[form]()
        except Refusal as refusal:
            raise click.ClickException(texts.error(language, refusal.code, refusal.params)) from refusal
    sys.stdout.buffer.write(written)


@cli.command()
@click.argument("form", type=click.Choice(["csv", "xlsx"]))
@click.option("--language", type=click.Choice(list(LANGUAGES)), default=DEFAULT_LANGUAGE)
@DATA
def procedures(form: str, language: str, data: Path | None) -> None:
    """Write the procedures as a table (csv, xlsx) to standard output."""
    from hall.procedure_sheet import sheet_rows
    from supervisor.procedures import procedures_csv, procedures_xlsx

    words = Texts().words("procedures")[language]
    with _opened(data) as db:
        catalogue = Catalogue.load(SqliteHallStore(db))
    rows = sheet_rows(catalogue.template.procedures, catalogue.services, words)
    offered = [service.names[DEFAULT_LANGUAGE] for service in catalogue.services.values() if service.active]
    sys.stdout.buffer.write(procedures_csv(rows, words) if form == "csv" else procedures_xlsx(rows, offered, words))


@cli.command(hidden=True)
@DATA
def read_workbook(data: Path | None) -> None:
    """Print the rows of the workbook on standard input, as JSON."""
    from hall.procedure_sheet import ROWS_MOST
    from hall.sheets import Unreadable, read_xlsx

    try:
        rows = read_xlsx(sys.stdin.buffer.read(), ROWS_MOST)
    except Unreadable as error:
        raise click.ClickException(f"no workbook: {error}") from error
    click.echo(msgspec.json.encode(rows))


@cli.command(hidden=True)
@click.argument("name")
@FROM
@TO
@click.option("--csv", "as_csv", is_flag=True)
@DATA
def table(name: str, first: str, last: str, as_csv: bool, data: Path | None) -> None:
    """Print a table of these days that is read from their events, as the API returns it."""
    from supervisor.tables import TABLES, AskedDays, table_csv

    if name not in TABLES:
        raise click.ClickException(f"name: there is no table {name!r}, only {', '.join(TABLES)}")
    days = _range(first, last)
    with _opened(data) as db:
        store = SqliteHallStore(db)
        name_of = Gate(SqliteAccessStore(db), offload, now).name_of
        page = TABLES[name](AskedDays(store, *days, name_of, Catalogue.load(store).hall.clerk_figures))
    sys.stdout.buffer.write(table_csv(page) if as_csv else msgspec.json.encode(page))


@cli.command(hidden=True)
@FROM
@TO
@DATA
def followed(first: str, last: str, data: Path | None) -> None:
    """Print the proposals that were followed on these days, as the API returns them."""
    from supervisor.what_if import followed_page

    with _opened(data) as db:
        click.echo(msgspec.json.encode(followed_page(SqliteHallStore(db), *_range(first, last))))


def _range(first: str, last: str) -> tuple[date, date]:
    from hall.review import parse_range

    try:
        return parse_range(first, last)
    except Refusal as refusal:
        raise click.ClickException(Texts().error("vi", refusal.code, refusal.params)) from refusal


@cli.group()
def user() -> None:
    """Manage the people who sign in: add one, set a new password."""


def _long_enough(_: click.Context, __: click.Parameter, password: str) -> str:
    if not PASSWORD_SHORTEST <= len(password) <= PASSWORD_LONGEST:
        raise click.BadParameter(f"a password has {PASSWORD_SHORTEST} to {PASSWORD_LONGEST} characters")
    return password


PASSWORD = click.password_option(callback=_long_enough, help="AskedDays for unless given.")


@user.command("add")
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(PEOPLE))
@PASSWORD
@DATA
def user_add(name: str, role: str, password: str, data: Path | None) -> None:
    """Add a person."""
    with _people(data) as (hall, people):
        hashed = people.hashed(password, about=(name, hall.catalogue.hall.name))
        hall.run_as_system(lambda act: changes.add_user(act, people, name, role, hashed))


@user.command("password")
@click.argument("name")
@PASSWORD
@DATA
def user_password(name: str, password: str, data: Path | None) -> None:
    """Set a new password; all sessions of this person end."""
    with _people(data) as (hall, people):
        known = next((person for person in people.all() if person.name.casefold() == tidy_name(name).casefold()), None)
        if known is None:
            raise UnknownUser()
        hashed = people.hashed(password, about=(known.name, hall.catalogue.hall.name))
        hall.run_as_system(lambda act: changes.set_password(act, people, known.id, hashed))


@user.command("list")
@DATA
def user_list(data: Path | None) -> None:
    """List everybody who may sign in."""
    with _people(data) as (_, people):
        for person in people.all():
            click.echo(f"{person.role:<11} {'' if person.active else '(disabled) '}{person.name}")


@user.command("link")
@DATA
def user_link(data: Path | None) -> None:
    """Print a fresh one-time link that makes a supervisor, for when all passwords are forgotten."""

    def make(act: Act) -> str | None:
        changes.note_setup_link(act)
        return setup_link(gate.store, act.at, renew=True)

    with _acting(data) as (hall, gate):
        click.echo(f"/setup?key={hall.run_as_system(make)}")


@contextmanager
def _people(data: Path | None) -> Iterator[tuple[Hall, People]]:
    with _acting(data) as (hall, gate):
        yield hall, gate.people


@contextmanager
def _acting(data: Path | None) -> Iterator[tuple[Hall, Gate]]:
    """Open the centre for a command that changes it; a refusal is reported as a sentence."""
    with _opened(data) as db:
        store = SqliteHallStore(db)
        at = now()
        hall = Hall(store, SteadyClock(lambda: at, lambda: 0.0))
        try:
            yield hall, Gate(SqliteAccessStore(db), offload, hall.now)
        except Refusal as refusal:
            raise click.ClickException(Texts().error("vi", refusal.code, refusal.params)) from refusal


@cli.command()
@PRINTERS
@click.option("--config", type=click.Path(path_type=Path), help="The machine's settings as TOML.")
def doctor(printer: tuple[str, ...], config: Path | None) -> None:
    """Print a test page on each printer, and print what it can and cannot answer."""
    from paper.doctor import examine, sentence

    words = Texts().words("paper")["vi"]
    try:
        printers = printers_at(_settings(config, printer=printer).printer)
    except WrongSetting as error:
        raise click.ClickException(str(error)) from error
    if not printers:
        click.echo(words["doctor_preview"])
    for tested in printers:
        for finding in examine(tested, words, now().astimezone()):
            click.echo(sentence(finding, words))


@cli.command()
@click.option("--list", "listed", is_flag=True, help="Only list the backups, the newest first.")
@click.option("--if-sound", is_flag=True, hidden=True, help="Report a damaged database on standard output.")
@SECOND
@DATA
def backup(listed: bool, if_sound: bool, backup_to: Path | None, data: Path | None) -> None:
    """Make a backup now, also while the centre is open; it is checked before it counts."""
    chosen = _settings(data=data, backup_to=backup_to)
    if listed:
        places = [chosen.data, *([chosen.backup_to] if chosen.backup_to else [])]
        for copy in sorted((copy for place in places for copy in copies(place / BACKUPS)), reverse=True):
            click.echo(f"{copy.at.astimezone():%Y-%m-%d %H:%M:%S}  event {copy.seq}  {copy.path}")
        return
    _existing(chosen)
    try:
        for copy in folder.back_up(chosen.data, chosen.backup_to, by_hand=not if_sound):
            click.echo(f"{copy.path}: everything up to event {copy.seq}")
    except NotWhole as error:
        if not if_sound:
            raise DamagedDatabase(str(error)) from error
        click.echo(f"{DAMAGED}: {error}")


@cli.command(hidden=True)
@DATA
def check(data: Path | None) -> None:
    """Read every page of the database."""
    _existing(_settings(data=data))
    with _opened(data) as db:
        damage = db.first_damage(float("inf"))
    click.echo("sound" if damage is None else f"{DAMAGED}: {damage}")


@cli.command(hidden=True)
@click.option("--public-url")
@click.option("--at", required=True, help="The hall's time, which may differ from this PC's.")
@SECOND
@DATA
def drill(public_url: str | None, at: str, backup_to: Path | None, data: Path | None) -> None:
    """Try disk, database, backups, a restore and the address; print a line after each step, then what was found."""
    from hall.drill import CheckResult, CheckResults
    from runtime.drill import FILE_STEPS, file_checks

    chosen = _settings(data=data, backup_to=backup_to, public_url=public_url)
    _existing(chosen)
    _lower_priority()
    findings: list[CheckResult] = []
    steps = file_checks(chosen.data, chosen.backup_to, chosen.public_url, from_instant(at))
    for done, step in enumerate(steps, start=1):
        findings.extend(step)
        click.echo(json.dumps([done, FILE_STEPS]))
    click.echo(msgspec.json.encode(CheckResults(findings)))


@cli.command()
@click.argument("source", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--above", type=click.IntRange(0, 9000), default=0, help="The highest lost number seen on paper.")
@SECOND
@DATA
def restore(source: Path | None, above: int, backup_to: Path | None, data: Path | None) -> None:
    """Put a backup (SOURCE, or the newest sound one) in place, with the later events of the daily files.

    SOURCE is a backup, or a folder that holds backups and daily files. The database that was there is kept.
    """
    from runtime.recovery import restore as restore_centre

    chosen = _settings(data=data, backup_to=backup_to)
    done = restore_centre(chosen.data, source, chosen.backup_to, now(), above)
    click.echo(f"restored {done.copy.path}: everything up to event {done.copy.seq}")
    click.echo(f"{done.taken} later events came from the daily files; the log goes on with event {done.event.seq}")
    if done.replaced is not None:
        click.echo(f"what was here is in {done.replaced}")
    for path in done.aside:
        click.echo(f"{path} holds what is no part of this restore")
    for day, counts in done.event.data["numbers"].items():
        click.echo(f"numbers of {day} go on after {max(counts.values())}; is one on paper higher, use --above")


def _existing(chosen: Settings) -> None:
    """Check that there is a centre in the data folder, without making one.

    Raises:
        ClickException: there is none.
    """
    folder.guard(chosen.data, chosen.backup_to)
    if not (chosen.data / DATABASE).exists():
        raise click.ClickException(f"data: there is no centre in {chosen.data}")


@cli.command()
@DATA
@click.option(
    "--seal", "line", help="The seal of a day, as it was printed: a log cut short or written again does not fit."
)
def verify(data: Path | None, line: str | None) -> None:
    """Check the log: its chain, the rows made from it, the order of every call."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from hall.seal import read_seal
    from hall.verify import verify as verify_hall
    from queueing.errors import BadSeal

    try:
        seal = read_seal(line) if line is not None else None
    except BadSeal as error:
        raise click.ClickException("seal: this line is not the seal of a day") from error
    chosen = _settings(data=data)
    _existing(chosen)
    _lower_priority()
    many = os.cpu_count() or 1
    with _opened(data) as db, ProcessPoolExecutor(max(1, many - 1), get_context("spawn"), _lower_priority) as pool:
        verdict = verify_hall(
            SqliteHallStore(db),
            seal,
            processes=many,
            start_reading=lambda stretch: pool.submit(_read_stretch, chosen.data / DATABASE, stretch).result,
        )
    click.echo(f"{verdict.events} events, {verdict.tickets} tickets, {verdict.calls} calls")
    for stale in verdict.stale:
        click.echo(f"decided by the settings in force just before, as version 0.1 did in a shared commit: {stale}")
    for fault in verdict.faults:
        click.echo(fault)
    if not verdict.clean:
        raise SystemExit(1)
    click.echo("clean")


def _read_stretch(path: Path, stretch: "Stretch") -> "Verdict":
    from hall.verify import read_stretch

    with closing(Database(path)) as db:
        return read_stretch(SqliteHallStore(db), stretch)


def _lower_priority() -> None:
    """Lower the priority of this process: it may use every processor, but must not slow a call."""
    if hasattr(os, "nice"):
        os.nice(10)
    # Each day is freed by reference counting when the next begins; the garbage collector took a fifth of the time.
    gc.disable()


if __name__ == "__main__":
    cli()
