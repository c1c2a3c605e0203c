"""Doors of the supervisor for people and devices: who may come in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import msgspec

from access import changes
from access.api import NewPassword
from access.door import Ask, Doors, Nothing
from access.errors import OwnPassword
from access.gate import Gate
from access.people import tidy_name
from access.ports import Device, User
from access.principal import READERS, SUPERVISOR
from hall.hall import Act, Hall
from queueing.events import instant

Connected = Callable[[], set[str]]


class AddUser(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    role: Literal["supervisor", "clerk", "greeter", "inspector"]
    password: NewPassword


class SetPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    password: NewPassword


class PairDevice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{6}\Z")]
    name: str


class UserView(msgspec.Struct, frozen=True):
    id: int
    name: str
    role: str
    active: bool
    sessions: int


class UsersView(msgspec.Struct, frozen=True):
    users: list[UserView]


class DeviceView(msgspec.Struct, frozen=True):
    id: int
    kind: str
    name: str
    paired_at: str
    last_seen_at: str | None
    connected: bool
    active: bool


class WaitingView(msgspec.Struct, frozen=True):
    code: str
    kind: str
    since: str


class DevicesView(msgspec.Struct, frozen=True):
    devices: list[DeviceView]
    waiting: list[WaitingView]


def add_doors(doors: Doors, gate: Gate, hall: Hall, connected: Connected) -> None:
    """`connected` tells the subjects of the screens that are connected now."""
    _add_users(doors, gate, hall)
    _add_devices(doors, gate, hall, connected)


def device_views(gate: Gate, connected: set[str]) -> list[DeviceView]:
    """Every device there ever was."""
    return [_device_view(device, connected) for device in gate.devices.all()]


def _add_users(doors: Doors, gate: Gate, hall: Hall) -> None:
    people = gate.people

    @doors.get("/users", roles=READERS, answer=UsersView, summary="The people who may sign in")
    def get_users(ask: Ask[None]) -> UsersView:
        return UsersView([_user_view(user) for user in people.all()])

    @doors.post("/users", roles=(SUPERVISOR,), body=AddUser, answer=UserView, status=201, summary="Add a person")
    def post_users(ask: Ask[AddUser]) -> bytes:
        wanted = ask.body
        hashed = people.hashed(wanted.password, about=(wanted.name, hall.catalogue.hall.name))
        return hall.execute(
            ask.request, lambda act: changes.add_user(act, people, wanted.name, wanted.role, hashed), _user_body
        )

    @doors.post(
        "/users/<int:user>/password",
        roles=(SUPERVISOR,),
        body=SetPassword,
        answer=UserView,
        summary="Set a new password for somebody else; all their sessions end",
    )
    def post_password(ask: Ask[SetPassword], user: int) -> bytes:
        if ask.principal.subject == f"user:{user}":
            raise OwnPassword()
        name = people.get(user).name
        hashed = people.hashed(ask.body.password, about=(name, hall.catalogue.hall.name))
        return hall.execute(ask.request, lambda act: changes.set_password(act, people, user, hashed), _user_body)

    def change(path: str, summary: str, do: Callable[[Act, int], User]) -> None:
        @doors.post(f"/users/<int:user>/{path}", roles=(SUPERVISOR,), body=None, answer=UserView, summary=summary)
        def post_change(ask: Ask[Nothing], user: int) -> bytes:
            return hall.execute(ask.request, lambda act: do(act, user), _user_body)

    change("disable", "They may not sign in", lambda act, user: changes.disable_user(act, people, user))
    change("enable", "They may sign in again", lambda act, user: changes.enable_user(act, people, user))
    change("sign-out", "End all their sessions", lambda act, user: changes.sign_out_everywhere(act, people, user))


def _add_devices(doors: Doors, gate: Gate, hall: Hall, connected: Connected) -> None:
    devices = gate.devices

    def device_body(device: Device) -> bytes:
        return msgspec.json.encode(_device_view(device, connected()))

    @doors.get("/devices", roles=READERS, answer=DevicesView, summary="Kiosks and walls, and those that wait")
    def get_devices(ask: Ask[None]) -> DevicesView:
        waiting = [WaitingView(each.code, each.kind, instant(each.since)) for each in devices.waiting()]
        return DevicesView(device_views(gate, connected()), waiting)

    @doors.post(
        "/devices",
        roles=(SUPERVISOR,),
        body=PairDevice,
        answer=DeviceView,
        status=201,
        summary="Pair the machine that shows this code",
    )
    def post_devices(ask: Ask[PairDevice]) -> bytes:
        code, name, asker = ask.body.code, tidy_name(ask.body.name), ask.principal.subject
        devices.tries.book(asker)
        body = hall.execute(ask.request, lambda act: changes.pair_device(act, devices, code, name), device_body)
        devices.tries.clear(asker)
        devices.paired(code)
        return body

    @doors.post(
        "/devices/<int:device>/revoke", roles=(SUPERVISOR,), body=None, answer=DeviceView, summary="Turn a device out"
    )
    def post_revoke(ask: Ask[Nothing], device: int) -> bytes:
        return hall.execute(ask.request, lambda act: changes.revoke_device(act, devices, device), device_body)


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
    )
