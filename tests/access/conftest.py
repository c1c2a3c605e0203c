"""A test centre for the routes: the real store, the real hall, and a clock that the test sets."""

from datetime import UTC, datetime, timedelta
from secrets import token_hex
from subprocess import CalledProcessError

import flask
import msgspec
import pytest

import access.api
import access.openapi
import supervisor.people
import supervisor.printers
import supervisor.procedures
import supervisor.programs
import supervisor.settings_api
from access.devices import pair_device
from access.gate import SESSION_COOKIE, Gate, device_cookie
from access.principal import DEVICES, PEOPLE
from access.programs import issue_token
from access.routes import Routes
from access.texts import Texts
from hall.catalogue.defaults import found_hall
from hall.catalogue.printers import PrinterChoices
from hall.hall import Hall
from hall.options import HallOptions
from hall.printing import Prints
from hall.sheets import Unreadable, read_xlsx
from paper.monitor import PrinterMonitor
from paper.profiles import profiles
from paper.spool import Spool
from queueing.clock import SteadyClock
from store.access import SqliteAccessStore
from store.database import Database
from store.hall import SqliteHallStore
from tests.centre import ROOT

OPENING = datetime(2026, 1, 5, 0, 30, tzinfo=UTC)
PASSWORD = "một câu dễ nhớ"


class Clock:
    """A clock that the test sets: the time of day and the seconds that only count up."""

    def __init__(self, at):
        self.at = at

    def __call__(self):
        return self.at

    def elapsed(self):
        return (self.at - OPENING).total_seconds()

    def on(self, **span):
        self.at += timedelta(**span)


def at_once(work):
    return work()


def read_here(command, given):
    """Read a workbook as the server's command does, without a process of its own."""
    assert command == "read-workbook"
    try:
        return msgspec.json.encode(read_xlsx(given, 1000))
    except Unreadable as error:
        raise CalledProcessError(1, command) from error


def printer_choices():
    """The choices of a PC that can use printers of the network, its own ports and its print queues."""
    kinds = ("network", "usb", "file", "serial", "lp")
    return PrinterChoices(kinds, {name: each.label for name, each in profiles().items()})


class AccessTestCentre:
    """One database, and a server over it that may be started again."""

    def __init__(self):
        self.clock = Clock(OPENING)
        self.db = Database(None)
        self.hall_store = SqliteHallStore(self.db)
        self.store = SqliteAccessStore(self.db)
        found_hall(self.hall_store, self.clock())
        self.connected = set()
        self.start()

    def start(self, **options):
        self.hall = Hall(
            self.hall_store,
            SteadyClock(self.clock, self.clock.elapsed),
            HallOptions(printer_choices=printer_choices, **options),
        )
        self.gate = Gate(self.store, at_once, self.hall.now)
        self.app = flask.Flask("centre", static_folder=str(ROOT / "static"))
        self.routes = Routes(self.app, self.gate, Texts(ROOT / "static" / "text"))
        access.api.add_routes(self.routes, self.gate, self.hall)
        supervisor.people.add_routes(self.routes, self.gate, self.hall, lambda: self.connected)
        supervisor.programs.add_routes(self.routes, self.gate, self.hall)
        supervisor.settings_api.add_routes(self.routes, self.hall, self.gate.name_of)
        supervisor.printers.add_routes(self.routes, self.hall, self.monitor(), "hall", at_once)
        supervisor.procedures.add_routes(self.routes, self.hall, Texts(ROOT / "static" / "text"), read_here)
        access.openapi.add_routes(self.routes)
        return self

    def monitor(self):
        """No printer yet."""
        spool = Spool(Prints(self.hall, None), [], {}, at_once, lambda _: None, lambda: 0.0)
        return PrinterMonitor(spool, {}, self.clock, at_once, lambda _: None)

    def browser(self, secret=None, cookie=SESSION_COOKIE, address="127.0.0.1"):
        """A browser; with the secret of a session or device in its cookie."""
        browser = Browser(self.app, cookie, secret)
        browser.client.environ_base["REMOTE_ADDR"] = address
        return browser

    def person(self, name="Sinh", role="supervisor"):
        """Somebody who may sign in."""
        people = self.gate.people
        return people.add(name, role, HASHED or people.hashed(PASSWORD))

    def signed_in(self, name="Sinh", role="supervisor"):
        """The browser of somebody who has signed in."""
        self.person(name, role)
        browser = self.browser()
        assert browser.sign_in(name).status_code == 200
        return browser

    def program(self, role, **options):
        return {"Authorization": f"Bearer {issue_token(self.store, role, **options)}"}

    def changes(self):
        """Return the events about accounts and devices."""
        return [
            dict(event.data)
            for event in self.hall_store.events(0)
            if event.kind == "setting.changed" and event.data["what"] != "founded"
        ]


HASHED = None


class Browser:
    """Flask's test client, with our headers on every command."""

    def __init__(self, app, cookie, secret):
        self.client = app.test_client()
        if secret is not None:
            self.client.set_cookie(cookie, secret)

    def get(self, path, **headers):
        return self.client.get(path if path.startswith("/") else f"/api/v1/{path}", headers=headers)

    def post(self, path, body=None, key=None, headers=None):
        return self.client.post(
            f"/api/v1/{path}",
            json={} if body is None else body,
            headers={"Idempotency-Key": key or token_hex(16)} | (headers or {}),
        )

    def sign_in(self, name="Sinh", password=PASSWORD):
        return self.post("sign-in", {"name": name, "password": password})

    def cookie(self, name=SESSION_COOKIE):
        found = self.client.get_cookie(name)
        return found and found.value


@pytest.fixture
def centre():
    return AccessTestCentre()


@pytest.fixture(scope="session", autouse=True)
def hashed_once():
    """Hash the shared password of the tests once, because hashing is slow on purpose."""
    global HASHED
    HASHED = AccessTestCentre().gate.people.hashed(PASSWORD)


def credentials(gate, at):
    """Headers for every role, in every way in: role -> list of headers."""
    store, people = gate.store, gate.people
    found = {role: [{"Authorization": f"Bearer {issue_token(store, role)}"}] for role in (*PEOPLE, *DEVICES)}
    for role in PEOPLE:
        people.add(f"the {role}", role, HASHED)
        _, secret = people.sign_in(f"the {role}", PASSWORD)
        found[role].append({"Cookie": f"{SESSION_COOKIE}={secret}"})
    for kind in DEVICES:
        found[kind].append({"Cookie": f"{device_cookie(kind)}={pair_device(store, kind, f'a {kind}', at)}"})
    return found
