"""Routes of the supervisor for people and devices: who may sign in or connect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import msgspec

from access import changes
from access.api import Glass, GlassView, NewPassword, PersonName, address, glass_view
from access.errors import OwnPassword
from access.gate import Gate
from access.people import tidy_name
from access.ports import Device, User
from access.principal import READERS, SUPERVISOR
from access.routes import Nothing, Request, Routes
from hall.hall import Act, Hall
from queueing.events import instant

Connected = Callable[[], set[str]]


class AddUser(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person to be added."""

    name: PersonName
    role: Literal["supervisor", "clerk", "greeter", "inspector"]
    password: NewPassword


class SetPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new password for somebody else."""

    password: NewPassword


class PairDevice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code a device shows, and the name it gets."""

    code: Annotated[str, msgspec.Meta(pattern="^[0-9]{6}$", max_length=6)]
    name: PersonName


class UserView(msgspec.Struct, frozen=True):
    """A person who may sign in."""

    id: int
    name: str
    role: str
    active: bool
    sessions: int


class UsersView(msgspec.Struct, frozen=True):
    """All people."""

    users: list[UserView]


class DeviceView(msgspec.Struct, frozen=True):
    """A kiosk or wall."""

    id: int
    kind: str
    name: str
    paired_at: str
    last_seen_at: str | None
    connected: bool
    active: bool
    glass: GlassView


class WaitingView(msgspec.Struct, frozen=True):
    """A device that waits to be paired."""

    code: str
    kind: str
    since: str


class DevicesView(msgspec.Struct, frozen=True):
    """All devices, and those that wait to be paired."""

    devices: list[DeviceView]
    waiting: list[WaitingView]


def add_routes(routes: Routes, gate: Gate, hall: Hall, connected: Connected) -> None:
    """Declare the routes of people and devices; `connected` returns the subjects of the screens connected now."""
    _add_users(routes, gate, hall)
    _add_devices(routes, gate, hall, connected)


def device_views(gate: Gate, connected: set[str]) -> list[DeviceView]:
    """Return every device there ever was."""
    return [_device_view(device, connected) for device in gate.devices.all()]


def _add_users(routes: Routes, gate: Gate, hall: Hall) -> None:
    people = gate.people

    @routes.get("/users", roles=READERS, answer=UsersView, summary="The people who may sign in")
    def get_users(request: Request[None]) -> UsersView:
        return UsersView([_user_view(user) for user in people.all()])

    @routes.post("/users", roles=(SUPERVISOR,), body=AddUser, answer=UserView, status=201, summary="Add a person")
    def post_users(request: Request[AddUser]) -> bytes:
        wanted, name = request.body, tidy_name(request.body.name)
        hashed = people.hashed(wanted.password, address(), (name, hall.catalogue.hall.name))
        identity = people.with_secrets(request.identity, (wanted.password,), address())
        return hall.execute(identity, lambda act: changes.add_user(act, people, name, wanted.role, hashed), _user_body)

    @routes.post(
        "/users/<int:user>/password",
        roles=(SUPERVISOR,),
        body=SetPassword,
        answer=UserView,
        summary="Set a new password for somebody else; all their sessions end",
    )
    def post_password(request: Request[SetPassword], user: int) -> bytes:
        if request.principal.subject == f"user:{user}":
            raise OwnPassword()
        name = people.get(user).name
        hashed = people.hashed(request.body.password, address(), (name, hall.catalogue.hall.name))
        identity = people.with_secrets(request.identity, (request.body.password,), address())
        return hall.execute(identity, lambda act: changes.set_password(act, people, user, hashed), _user_body)

    def change(path: str, summary: str, do: Callable[[Act, int], User]) -> None:
        @routes.post(f"/users/<int:user>/{path}", roles=(SUPERVISOR,), body=None, answer=UserView, summary=summary)
        def post_change(request: Request[Nothing], user: int) -> bytes:
            return hall.execute(request.identity, lambda act: do(act, user), _user_body)

    change("disable", "They may not sign in", lambda act, user: changes.disable_user(act, people, user))
    change("enable", "They may sign in again", lambda act, user: changes.enable_user(act, people, user))
    change("sign-out", "End all their sessions", lambda act, user: changes.sign_out_everywhere(act, people, user))


def _add_devices(routes: Routes, gate: Gate, hall: Hall, connected: Connected) -> None:
    devices = gate.devices

    def device_body(device: Device) -> bytes:
        return msgspec.json.encode(_device_view(device, connected()))

    @routes.get("/devices", roles=READERS, answer=DevicesView, summary="Kiosks and walls, and those that wait")
    def get_devices(request: Request[None]) -> DevicesView:
        waiting = [WaitingView(device.code, device.kind, instant(device.since)) for device in devices.waiting()]
        return DevicesView(device_views(gate, connected()), waiting)

    @routes.post(
        "/devices",
        roles=(SUPERVISOR,),
        body=PairDevice,
        answer=DeviceView,
        status=201,
        summary="Pair the device that shows this code",
    )
    def post_devices(request: Request[PairDevice]) -> bytes:
        code, name, asker = request.body.code, tidy_name(request.body.name), request.principal.subject
        devices.tries.book(asker)
        body = hall.execute(request.identity, lambda act: changes.pair_device(act, devices, code, name), device_body)
        devices.tries.clear(asker)
        devices.paired(code)
        return body

    @routes.post(
        "/devices/<int:device>/revoke", roles=(SUPERVISOR,), body=None, answer=DeviceView, summary="Revoke a device"
    )
    def post_revoke(request: Request[Nothing], device: int) -> bytes:
        return hall.execute(request.identity, lambda act: changes.revoke_device(act, devices, device), device_body)

    @routes.post(
        "/devices/<int:device>/glass",
        roles=(SUPERVISOR,),
        body=Glass,
        answer=DeviceView,
        summary="Say how large the screen of a device is, and how high it hangs",
    )
    def post_glass(request: Request[Glass], device: int) -> bytes:
        glass = request.body

        def do(act: Act) -> Device:
            return changes.measure_device(act, devices, device, glass.diagonal_mm, glass.edge_mm)

        return hall.execute(request.identity, do, device_body)


def _user_view(user: User) -> UserView:
    return UserView(user.id, user.name, user.role, user.active, user.sessions)


def _user_body(user: User) -> bytes:
    return msgspec.json.encode(_user_view(user))


def _device_view(device: Device, connected: set[str]) -> DeviceView:
    return DeviceView(
        id=device.id,
        kind=device.kind,
        name=device.name,
        paired_at=instant(device.paired_at),
        last_seen_at=None if device.last_seen_at is None else instant(device.last_seen_at),
        connected=f"device:{device.id}" in connected,
        active=device.active,
        glass=glass_view(device),
    )
