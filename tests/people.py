"""People and devices as they come to a real centre: over HTTP, with cookies."""

from secrets import token_hex

import requests

PASSWORD = "Chợ phiên 1234"


def _post(centre, path, body, cookies=None):
    answer = requests.post(
        f"{centre.url}/api/v1{path}",
        json=body,
        cookies=cookies,
        headers={"Idempotency-Key": token_hex(16)},
        timeout=15,
    )
    answer.raise_for_status()
    return answer


def supervisor_cookies(centre, name="Vàng Thị Dợ"):
    """The first supervisor, made by the one-time link."""
    return _post(centre, "/setup", {"key": centre.setup_key(), "name": name, "password": PASSWORD}).cookies


def add_person(centre, supervisor, name, role):
    """Add a person with the password of all test people, and return their id."""
    return _post(centre, "/users", {"name": name, "role": role, "password": PASSWORD}, supervisor).json()["id"]


def signed_in(centre, name):
    """The cookies of a person who signs in."""
    return _post(centre, "/sign-in", {"name": name, "password": PASSWORD}).cookies


def clerk_cookies(centre, supervisor, name):
    """A new clerk who signs in."""
    add_person(centre, supervisor, name, "clerk")
    return signed_in(centre, name)


def paired_device(centre, supervisor, kind, name):
    """A kiosk or wall whose code the supervisor confirmed."""
    asked = _post(centre, "/pairings", {"kind": kind})
    _post(centre, "/devices", {"code": asked.json()["code"], "name": name}, supervisor)
    return asked.cookies


def paired_wall(centre, supervisor):
    return paired_device(centre, supervisor, "display", "Màn hình sảnh")
