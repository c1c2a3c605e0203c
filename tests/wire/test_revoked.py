"""A revoked session or device is refused at once over HTTP, and its open sockets are disconnected within seconds."""

import time
from secrets import token_hex

import requests
import socketio

from tests import people

PROMISED_S = 5
GIVE_UP_S = 20


def listen(centre, namespace, cookies, auth=None):
    """A socket that keeps the reason of its `stop` message and the moment it was disconnected."""
    heard = {}
    client = socketio.Client(reconnection=False)
    client.on("stop", lambda data: heard.update(data), namespace=namespace)
    cookie = "; ".join(f"{each.name}={each.value}" for each in cookies)
    headers = {"Cookie": cookie}
    client.connect(centre.url, headers, auth, transports=["websocket"], namespaces=[namespace], wait_timeout=5)
    return client, heard


def waited_until(condition):
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < GIVE_UP_S, "it never came"
        time.sleep(0.05)
    return time.monotonic() - began


def ask(centre, method, path, cookies):
    body = {} if method == "POST" else None
    headers = {"Idempotency-Key": token_hex(16)}
    return requests.request(
        method, f"{centre.url}/api/v1{path}", json=body, cookies=cookies, headers=headers, timeout=15
    )


def test_given_a_session_and_a_device_when_they_are_revoked_then_their_sockets_close_and_say_why(centre):
    supervisor = people.supervisor_cookies(centre)
    clerk, wall = people.clerk_cookies(centre, supervisor, "Giàng A Páo"), people.paired_wall(centre, supervisor)
    console, console_heard = listen(centre, "/counter", clerk, {"counter": 2})
    display, display_heard = listen(centre, "/display", wall)

    users = ask(centre, "GET", "/users", supervisor).json()["users"]
    devices = ask(centre, "GET", "/devices", supervisor).json()["devices"]
    clerk_id = next(user["id"] for user in users if user["role"] == "clerk")
    assert ask(centre, "POST", f"/users/{clerk_id}/sign-out", supervisor).status_code == 200
    assert ask(centre, "POST", f"/devices/{devices[0]['id']}/revoke", supervisor).status_code == 200

    assert ask(centre, "GET", "/counters", clerk).status_code == 401
    assert ask(centre, "GET", "/me", wall).status_code == 401
    took = waited_until(lambda: not console.connected and not display.connected)
    print(f"turned out after {took:.1f} s (promised: {PROMISED_S} s)")
    assert console_heard == display_heard == {"code": "signed_out"}
    assert ask(centre, "GET", "/users", supervisor).status_code == 200


def test_given_a_screen_that_says_it_was_disconnected_when_it_is_revoked_then_it_hears_no_more(centre):
    supervisor = people.supervisor_cookies(centre)
    liar, heard = listen(centre, "/display", people.paired_wall(centre, supervisor))
    liar.emit("disconnect", namespace="/display")
    device = ask(centre, "GET", "/devices", supervisor).json()["devices"][0]["id"]
    assert ask(centre, "POST", f"/devices/{device}/revoke", supervisor).status_code == 200
    waited_until(lambda: not liar.connected)
    assert heard == {"code": "signed_out"}
