"""Routes of signing in and out, of the first supervisor, and of pairing kiosks and walls."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import flask
import msgspec
import structlog
from werkzeug.http import dump_cookie

from access import changes
from access.backoff import Backoff
from access.errors import BadField, Forbidden, SetupLinkUsed, UnknownDevice
from access.gate import SESSION_COOKIE, Gate, device_cookie
from access.people import NAME_LONGEST, PASSWORD_LONGEST, PASSWORD_SHORTEST, tidy_name
from access.ports import Act, Device, Logbook, User
from access.principal import ANYONE, DEVICES, KIOSK, PEOPLE, ROLES
from access.reading import SECRET
from access.routes import Nothing, Reply, Request, Routes

# The longest that browsers keep a cookie; the server decides when the session ends.
_COOKIE_LIFE_S = 400 * 24 * 3600

# Room for stray spaces and for letters that cannot be composed; `tidy_name` is stricter.
PersonName = Annotated[str, msgspec.Meta(max_length=4 * NAME_LONGEST)]
Secret = Annotated[str, msgspec.Meta(max_length=PASSWORD_LONGEST, extra_json_schema=SECRET)]
NewPassword = Annotated[
    str, msgspec.Meta(min_length=PASSWORD_SHORTEST, max_length=PASSWORD_LONGEST, extra_json_schema=SECRET)
]

DIAGONAL_MM = (100, 2600)  # of 4 to 102 inches
EDGE_MOST_MM = 2500

log = structlog.get_logger()


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Name and password of a person who signs in."""

    name: PersonName
    password: Secret


class SetUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first supervisor, and the key of the one-time link."""

    key: Secret
    name: PersonName
    password: NewPassword


class SetUpLink(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The key of the one-time link."""

    key: Secret


class SetUpLinkView(msgspec.Struct, frozen=True):
    """Whether the link can still be used."""

    open: bool


class ChangePassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The present password and the new one."""

    present: Secret
    password: NewPassword


class AskPairing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the browser is to be paired as."""

    kind: Literal["kiosk", "display"]


class Glass(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How large a screen is, by its diagonal, and how high its lower edge is above the floor."""

    diagonal_mm: Annotated[int, msgspec.Meta(ge=DIAGONAL_MM[0], le=DIAGONAL_MM[1])]
    edge_mm: Annotated[int, msgspec.Meta(ge=0, le=EDGE_MOST_MM)]


class GlassView(msgspec.Struct, frozen=True):
    """How large a screen is, and how high its lower edge is above the floor; null: nobody has measured it."""

    diagonal_mm: int | None
    edge_mm: int | None


class MeView(msgspec.Struct, frozen=True):
    """Who is signed in; `counter` is that of a program which may act at one counter only."""

    role: str
    name: str
    counter: int | None


class SignedInView(msgspec.Struct, frozen=True):
    """Who has just signed in."""

    role: str
    name: str


class PairingView(msgspec.Struct, frozen=True):
    """The state of a pairing. `code` is empty unless the device waits; it is valid for `expires_s` seconds more."""

    state: Literal["waiting", "paired", "expired"]
    code: str = ""
    expires_s: int = 0


def add_routes(routes: Routes, gate: Gate, hall: Logbook) -> None:
    """Declare the routes and pages of signing in, of the first supervisor and of pairing."""
    routes.page("/sign-in", "access/sign-in.html")
    routes.page("/setup", "access/setup.html")
    routes.page("/password", "access/password.html")
    _add_people(routes, gate, hall)
    _add_setup(routes, gate, hall)
    _add_pairing(routes, gate)
    _add_glass(routes, gate, hall)


def _add_people(routes: Routes, gate: Gate, hall: Logbook) -> None:
    people = gate.people

    @routes.post("/sign-in", roles=(ANYONE,), body=SignIn, answer=SignedInView, summary="Sign in as a person")
    def post_sign_in(request: Request[SignIn]) -> Reply:
        user, secret = people.sign_in(request.body.name, request.body.password, _session(), address())
        log.info("signed_in", subject=f"user:{user.id}", address=address())
        return Reply(_signed_in(user), cookies=(cookie(SESSION_COOKIE, secret),))

    @routes.post("/sign-out", roles=(ANYONE,), body=None, answer=Nothing, summary="End this browser's session")
    def post_sign_out(request: Request[Nothing]) -> Nothing:
        # The cookie stays: its session has ended, but at the next sign-in it shows that the
        # browser is known, see People.sign_in.
        secret = _session()
        if secret is not None:
            people.sign_out(secret)
        return Nothing()

    @routes.get("/me", roles=ROLES, answer=MeView, summary="Who I am")
    def get_me(request: Request[None]) -> Reply:
        me, secret = request.principal, _session()
        renewed = secret is not None and me.subject.startswith("user:")
        return Reply(
            msgspec.json.encode(MeView(me.role, me.name, me.counter)),
            cookies=(cookie(SESSION_COOKIE, secret),) if renewed and secret else (),
        )

    @routes.post(
        "/me/password",
        roles=PEOPLE,
        body=ChangePassword,
        answer=SignedInView,
        summary="Change my own password; my other sessions end",
    )
    def post_my_password(request: Request[ChangePassword]) -> bytes:
        kind, _, number = request.principal.subject.partition(":")
        session = _session()
        if kind != "user" or session is None:
            raise Forbidden()  # a program has no password
        me, wanted = int(number), request.body
        known = people.knows_present(me, wanted.present, session, address())
        identity = people.with_secrets(request.identity, (wanted.present, wanted.password), address())
        # After a wrong present password the new one is neither judged nor hashed.
        names = (request.principal.name, hall.catalogue.hall.name)
        hashed = people.hashed(wanted.password, address(), names) if known else ""

        def do(act: Act) -> User:
            return changes.change_own_password(act, people, me, known, hashed, session)

        return hall.execute(identity, do, _signed_in)


def _add_setup(routes: Routes, gate: Gate, hall: Logbook) -> None:
    people = gate.people
    setup_tries = Backoff(gate.now)

    @routes.post(
        "/setup/link",
        roles=(ANYONE,),
        body=SetUpLink,
        answer=SetUpLinkView,
        summary="Whether the one-time link can still be used",
    )
    def post_setup_link(request: Request[SetUpLink]) -> bytes:
        usable = people.may_set_up(request.body.key)
        if not usable:
            setup_tries.book(address())
        return msgspec.json.encode(SetUpLinkView(usable))

    @routes.post(
        "/setup", roles=(ANYONE,), body=SetUp, answer=SignedInView, summary="The first supervisor, by the one-time link"
    )
    def post_setup(request: Request[SetUp]) -> Reply:
        wanted, name = request.body, tidy_name(request.body.name)
        # Anybody may come here, so nothing slow is done for a wrong key.
        if not people.may_set_up(wanted.key) and not hall.answered(request.identity):
            setup_tries.book(address())
            raise SetupLinkUsed()
        hashed = people.hashed(wanted.password, address(), (name, hall.catalogue.hall.name))
        identity = people.with_secrets(request.identity, (wanted.key, wanted.password), address())

        def do(act: Act) -> User:
            return changes.set_up(act, people, wanted.key, name, hashed)

        body = hall.execute(identity, do, _signed_in)
        _, secret = people.sign_in(name, wanted.password, _session(), address())
        return Reply(body, cookies=(cookie(SESSION_COOKIE, secret),))


def _add_pairing(routes: Routes, gate: Gate) -> None:
    devices = gate.devices

    def paired(kind: str) -> bool:
        asked = flask.request
        return gate.identify(asked.cookies, asked.headers.get("Authorization"), (kind,)).role == kind

    @routes.post("/pairings", roles=(ANYONE,), body=AskPairing, answer=PairingView, summary="Ask to be paired")
    def post_pairings(request: Request[AskPairing]) -> Reply:
        kind = request.body.kind
        if paired(kind):
            return Reply(msgspec.json.encode(PairingView("paired")))
        waiting, secret = devices.ask(kind, flask.request.cookies.get(device_cookie(kind)), address())
        left = waiting.expires_at - gate.now()
        view = PairingView("waiting", waiting.code, max(1, int(left.total_seconds())))
        return Reply(msgspec.json.encode(view), cookies=(cookie(device_cookie(kind), secret),))

    @routes.get(
        "/pairings/current",
        roles=(ANYONE,),
        answer=PairingView,
        summary="Whether this device was paired",
        query={"kind": "kiosk or display; by default what this browser asked to be"},
    )
    def get_pairing(request: Request[None]) -> Reply:
        asked = request.query.get("kind")
        if asked not in (None, *DEVICES):
            raise BadField(field="kind")
        views = [pairing(kind) for kind in DEVICES if asked in (None, kind)]
        # Waiting goes before paired: a browser that is one already may ask to be the other too.
        view, kind = min(views, key=lambda either: ("waiting", "paired", "expired").index(either[0].state))
        secret = flask.request.cookies.get(device_cookie(kind))
        renewed = view.state == "paired" and secret is not None
        return Reply(
            msgspec.json.encode(view), cookies=(cookie(device_cookie(kind), secret),) if renewed and secret else ()
        )

    def pairing(kind: str) -> tuple[PairingView, str]:
        if paired(kind):
            return PairingView("paired"), kind
        secret = flask.request.cookies.get(device_cookie(kind))
        waiting = devices.waiting_with(secret) if secret else None
        if waiting is None:
            return PairingView("expired"), kind
        left = waiting.expires_at - gate.now()
        return PairingView("waiting", waiting.code, max(1, int(left.total_seconds()))), kind


def _add_glass(routes: Routes, gate: Gate, hall: Logbook) -> None:
    devices = gate.devices

    @routes.get("/glass", roles=(KIOSK,), answer=GlassView, summary="How large the screen of this kiosk is")
    def get_glass(request: Request[None]) -> GlassView:
        return glass_view(devices.get(_device(request)))

    @routes.post("/glass", roles=(KIOSK,), body=Glass, answer=GlassView, summary="Say how large this kiosk's screen is")
    def post_glass(request: Request[Glass]) -> bytes:
        device, glass = _device(request), request.body

        def do(act: Act) -> Device:
            return changes.measure_device(act, devices, device, glass.diagonal_mm, glass.edge_mm)

        return hall.execute(request.identity, do, lambda measured: msgspec.json.encode(glass_view(measured)))


def glass_view(device: Device) -> GlassView:
    """Return how large the screen of a device is, as the API shows it."""
    return GlassView(device.diagonal_mm, device.edge_mm)


def _device(request: Request[Any]) -> int:
    """Return the id of the device that asks.

    Raises:
        UnknownDevice: a program asks, which has no screen.
    """
    kind, _, number = request.principal.subject.partition(":")
    if kind != "device":
        raise UnknownDevice()
    return int(number)


def cookie(name: str, secret: str) -> str:
    """Return a Set-Cookie value that no script can read and no other site can send."""
    return dump_cookie(
        name,
        secret,
        max_age=_COOKIE_LIFE_S,
        path="/",
        httponly=True,
        samesite="Strict",
        secure=flask.request.is_secure,
    )


def address() -> str:
    """Return the network address of the request. A whole hall may share it, so nobody is refused for it alone."""
    return flask.request.remote_addr or ""


def _session() -> str | None:
    return flask.request.cookies.get(SESSION_COOKIE) or None


def _signed_in(user: User) -> bytes:
    return msgspec.json.encode(SignedInView(user.role, user.name))
