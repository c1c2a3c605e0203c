"""Changes of who may sign in or connect, each with its event in the log: ids and roles, never names.

They run inside an act of the hall, so that row and event are saved together or not at all.
"""

from __future__ import annotations

from typing import Any

from access.devices import Devices
from access.errors import WrongPresentPassword
from access.people import People
from access.ports import Act, Device, Token, User
from access.programs import Programs
from access.setup import use_setup_link
from queueing.events import SETTING_CHANGED, SettingChanged


def add_user(act: Act, people: People, name: str, role: str, hashed: str) -> User:
    """Add a person and append the event.

    Raises:
        NameTaken, BadField: see `People.add`.
    """
    user = people.add(name, role, hashed)
    _user_changed(act, "user_added", user)
    return user


def set_up(act: Act, people: People, secret: str, name: str, hashed: str) -> User:
    """Make the first supervisor by the one-time link and append the event.

    Raises:
        SetupLinkUsed, NameTaken, BadField: see `use_setup_link`.
    """
    user = use_setup_link(people, secret, name, hashed, act.at)
    added = SettingChanged(what="user_added", by="setup_link", user=user.id, role=user.role)
    act.append(SETTING_CHANGED, added)
    return user


def set_password(act: Act, people: People, user: int, hashed: str, keep: str | None = None) -> User:
    """Set somebody's password, end their sessions but `keep`, and append the event.

    Raises:
        UnknownUser: there is none.
    """
    changed = people.set_password(user, hashed, keep)
    _user_changed(act, "password_set", changed)
    return changed


def change_own_password(act: Act, people: People, user: int, known: bool, hashed: str, keep: str) -> User:
    """Set one's own password; `known` is whether the present one was typed right, from `People.knows_present`.

    Raises:
        WrongPresentPassword: it was not.
    """
    if not known:
        raise WrongPresentPassword()
    return set_password(act, people, user, hashed, keep)


def sign_out_everywhere(act: Act, people: People, user: int) -> User:
    """End all sessions of a person and append the event.

    Raises:
        UnknownUser: there is none.
    """
    changed = people.get(user)
    people.sign_out_everywhere(user)
    _user_changed(act, "signed_out", changed)
    return people.get(user)


def disable_user(act: Act, people: People, user: int) -> User:
    """Forbid a person to sign in, end their sessions, and append the event if they were active.

    Raises:
        UnknownUser, LastSupervisor: see `People.disable`.
    """
    if people.get(user).active:
        _user_changed(act, "user_disabled", people.disable(user))
    return people.get(user)


def enable_user(act: Act, people: People, user: int) -> User:
    """Allow a person to sign in again, and append the event if they were disabled.

    Raises:
        UnknownUser: there is none.
    """
    if not people.get(user).active:
        _user_changed(act, "user_enabled", people.enable(user))
    return people.get(user)


def pair_device(act: Act, devices: Devices, code: str, name: str) -> Device:
    """Pair the device that shows this code and append the event.

    Raises:
        UnknownPairingCode, BadField: see `Devices.confirm`.
    """
    device = devices.confirm(code, name)
    _device_changed(act, "device_paired", device)
    return device


def revoke_device(act: Act, devices: Devices, device: int) -> Device:
    """End the access of a device, and append the event if it had any.

    Raises:
        UnknownDevice: there is none.
    """
    if devices.get(device).active:
        _device_changed(act, "device_revoked", devices.revoke(device))
    return devices.get(device)


def measure_device(act: Act, devices: Devices, device: int, diagonal_mm: int, edge_mm: int) -> Device:
    """Save the size of a device's screen and how high its lower edge is, and append the event if either is new.

    Raises:
        UnknownDevice: there is none.
    """
    known = devices.get(device)
    if (known.diagonal_mm, known.edge_mm) == (diagonal_mm, edge_mm):
        return known
    data = SettingChanged(what="device_measured", by=act.by, device=device, device_kind=known.kind)
    data["diagonal_mm"], data["edge_mm"] = diagonal_mm, edge_mm
    act.append(SETTING_CHANGED, data)
    return devices.measure(device, diagonal_mm, edge_mm)


def issue_token(act: Act, programs: Programs, role: str, **options: Any) -> str:
    """Make the token of a program, append the event, and return its secret; for the rest see `Programs.issue`."""
    token, secret = programs.issue(role, **options)
    _token_changed(act, "token_issued", token)
    return secret


def revoke_token(act: Act, programs: Programs, token: int) -> Token:
    """End the access of a program, and append the event if it had not been revoked.

    Raises:
        UnknownToken: there is none.
    """
    if programs.get(token).active:
        _token_changed(act, "token_revoked", programs.revoke(token))
    return programs.get(token)


def note_setup_link(act: Act) -> None:
    """Append that somebody at the machine made a one-time link, which makes another supervisor."""
    act.append(SETTING_CHANGED, SettingChanged(what="setup_link_issued", by=act.by))


def _user_changed(act: Act, what: str, user: User) -> None:
    act.append(SETTING_CHANGED, SettingChanged(what=what, by=act.by, user=user.id, role=user.role))


def _device_changed(act: Act, what: str, device: Device) -> None:
    act.append(SETTING_CHANGED, SettingChanged(what=what, by=act.by, device=device.id, device_kind=device.kind))


def _token_changed(act: Act, what: str, token: Token) -> None:
    act.append(SETTING_CHANGED, SettingChanged(what=what, by=act.by, token=token.id, role=token.role))
