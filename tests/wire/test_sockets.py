"""What screens hear over the wire, under both servers."""

import queue
import threading

import pytest
import socketio

from tests.centre import TestCentreProcess

HEARD_S = 8
ROLES_TRIED = ("kiosk", "display", "clerk", "supervisor", "inspector", "greeter")


class Screen:
    """A program that listens as a screen does, and keeps every message in order."""

    def __init__(self, centre, namespace, token, **auth):
        self.namespace = namespace
        self.heard = queue.Queue()
        self.refused = None
        self.client = socketio.Client(reconnection=False)
        for message in ("snapshot", "events", "counts", "beat", "stop"):
            self.client.on(message, self._keeper(message), namespace=namespace)
        self.client.on("connect_error", self._refused, namespace=namespace)
        try:
            self.client.connect(
                centre.url,
                namespaces=[namespace],
                auth={"token": token, **auth},
                transports=["websocket"],
                wait_timeout=5,
            )
        except socketio.exceptions.ConnectionError:
            assert self.refused is not None

    def _keeper(self, message):
        return lambda data: self.heard.put((message, data))

    def _refused(self, data):
        self.refused = data["message"] if isinstance(data, dict) else data

    def wait_for(self, message, test=lambda data: True):
        """Wait for the next such message and return it; messages before it are dropped."""
        while True:
            name, data = self.heard.get(timeout=HEARD_S)
            if name == message and test(data):
                return data

    def say(self, message, data):
        self.client.emit(message, data, namespace=self.namespace)

    def close(self):
        self.client.disconnect()


@pytest.fixture(scope="module", params=["eventlet", "threading"])
def wired(request, tmp_path_factory):
    centre = TestCentreProcess(tmp_path_factory.mktemp("wired") / "data", request.param).start()
    centre.tokens = {role: centre.token(role) for role in ROLES_TRIED}
    for counter in (2, 3, 5):
        centre.post(f"/api/v1/counters/{counter}/open", token=centre.tokens["clerk"])
    yield centre
    centre.stop()


@pytest.fixture
def screen(wired):
    opened = []

    def open_screen(namespace, role, **auth):
        opened.append(Screen(wired, namespace, wired.tokens[role], **auth))
        return opened[-1]

    yield open_screen
    for each in opened:
        each.close()


def take(centre, service, **more):
    return centre.post("/api/v1/tickets", {"service": service, **more}, token=centre.tokens["kiosk"]).json()


def press(centre, counter, key, body=None):
    return centre.post(f"/api/v1/counters/{counter}/{key}", body, token=centre.tokens["clerk"]).json()


def test_given_a_wall_when_a_number_is_called_then_the_call_arrives_with_its_range(wired, screen):
    wall = screen("/display", "display")
    snapshot = wall.wait_for("snapshot")
    ticket = take(wired, "TRA_KQ")
    called = press(wired, 5, "call-next")
    known, calls = snapshot["seq"], []
    while not calls:
        message = wall.wait_for("events")
        assert message["from"] <= known + 1
        known = message["to"]
        calls = [event for event in message["events"] if event["kind"] == "ticket.called"]
    assert (calls[0]["number"], calls[0]["counter"], calls[0]["seq"]) == (ticket["number"], 5, called["seq"])
    press(wired, 5, "no-show")


def test_given_two_counters_when_they_call_in_the_same_instant_then_both_calls_arrive(wired, screen):
    wall = screen("/display", "display")
    wall.wait_for("snapshot")
    take(wired, "CHUNG_THUC")
    take(wired, "CHUNG_THUC")
    presses = [threading.Thread(target=press, args=(wired, counter, "call-next")) for counter in (2, 3)]
    for each in presses:
        each.start()
    heard = set()
    while heard != {2, 3}:
        heard |= {e["counter"] for e in wall.wait_for("events")["events"] if e["kind"] == "ticket.called"}
    for each in presses:
        each.join()
    for counter in (2, 3):
        press(wired, counter, "no-show")


def test_given_walls_of_two_rooms_when_one_is_called_then_the_other_only_hears_that_it_is_elsewhere(wired, screen):
    supervisor = {"token": wired.tokens["supervisor"]}
    for name, counters in (("Phòng 1", [2, 3]), ("Phòng 2", [5])):
        room = {"names": {"vi": name, "en": name}, "counters": counters}
        assert wired.post("/api/v1/settings/rooms", room, **supervisor).status_code == 201
    here, there, everywhere = (screen("/display", "display", **asked) for asked in ({"room": "P1"}, {"room": "P2"}, {}))
    shown = [wall.wait_for("snapshot") for wall in (here, there, everywhere)]
    assert [snapshot["room"] for snapshot in shown] == ["P1", "P2", None]
    assert [[each["counter"] for each in snapshot["counters"]] for snapshot in shown[:2]] == [[2, 3], [5]]
    number = take(wired, "TRA_KQ")["number"]
    press(wired, 5, "call-next")

    def called(wall):
        events = wall.wait_for(
            "events", lambda said: any(e["kind"].startswith("ticket.called") for e in said["events"])
        )
        return [
            (e["kind"], e["number"], e["counter"]) for e in events["events"] if e["kind"].startswith("ticket.called")
        ]

    assert called(here) == [("ticket.called_elsewhere", number, None)]
    assert called(there) == called(everywhere) == [("ticket.called", number, 5)]
    press(wired, 5, "no-show")
    for code in ("P1", "P2"):
        wired.post(f"/api/v1/settings/rooms/{code}/remove", **supervisor)
    for wall in (here, there):
        assert wall.wait_for("stop") == {"code": "moved"}


def test_given_a_wall_that_has_shown_a_call_then_the_console_is_notified(wired, screen):
    wall, console = screen("/display", "display"), screen("/counter", "clerk", counter=5)
    console.wait_for("snapshot")
    take(wired, "TRA_KQ")
    called = press(wired, 5, "call-next")
    wall.say("seen", {"seq": called["ticket"]["called_seq"]})
    seen = {"seq": called["ticket"]["called_seq"], "walls": 1}
    assert console.wait_for("counts", lambda data: data["seen"] == seen)["walls"] >= 1
    press(wired, 5, "no-show")


def test_given_a_screen_that_lost_something_when_it_asks_then_it_gets_the_whole_state(wired, screen):
    kiosk = screen("/kiosk", "kiosk")
    first = kiosk.wait_for("snapshot")
    take(wired, "TRA_KQ")
    kiosk.say("resync", {})
    again = kiosk.wait_for("snapshot")
    assert again["seq"] > first["seq"]
    waiting = {service["code"]: service["waiting"] for service in again["services"]}
    assert waiting["TRA_KQ"] == 1
    press(wired, 5, "call-next")
    press(wired, 5, "no-show")


def test_given_a_supervisor_then_every_event_is_heard_in_order(wired, screen):
    board = screen("/supervisor", "inspector")
    known = board.wait_for("snapshot")["seq"]
    take(wired, "TRA_KQ")
    called = press(wired, 5, "call-next")
    press(wired, 5, "start")
    last = press(wired, 5, "finish", {"outcome": "returned_result"})["seq"]
    heard = []
    while not heard or heard[-1] < last:
        heard += [event["seq"] for event in board.wait_for("events")["events"]]
    assert heard == list(range(known + 1, last + 1))
    assert called["seq"] in heard


OF_ROLE = {
    "/kiosk": {"kiosk"},
    "/greeter": {"greeter", "clerk"},
    "/display": {"display"},
    "/counter": {"clerk"},
    "/supervisor": {"supervisor", "inspector"},
}


@pytest.mark.parametrize("namespace", OF_ROLE)
def test_given_no_role_or_the_wrong_one_then_no_socket_opens(wired, screen, namespace):
    stranger = Screen(wired, namespace, "no such token", counter=2)
    assert stranger.refused == "sign_in"
    for role in set(ROLES_TRIED) - OF_ROLE[namespace]:
        assert screen(namespace, role, counter=2).refused == "forbidden"
    for role in OF_ROLE[namespace]:
        assert screen(namespace, role, counter=2).refused is None


def test_given_a_namespace_that_is_no_screens_then_no_socket_opens_on_it(wired, screen):
    for namespace in ("/", "/nope"):
        assert screen(namespace, "supervisor").refused is not None


@pytest.mark.parametrize("auth", [{}, {"counter": 99}, {"counter": "2"}, {"counter": True}, {"counter": None}])
def test_given_a_console_that_names_no_counter_then_it_is_refused(wired, screen, auth):
    assert screen("/counter", "clerk", **auth).refused == "unknown_counter"


def test_given_a_token_for_one_counter_then_no_other_console_opens(wired, screen):
    wired.tokens["clerk of 2"] = wired.token("clerk", counter=2)
    assert screen("/counter", "clerk of 2", counter=2).refused is None
    assert screen("/counter", "clerk of 2", counter=5).refused == "not_your_counter"
    assert screen("/counter", "clerk of 2").refused == "unknown_counter"
    assert screen("/greeter", "clerk of 2").refused is None


def test_given_a_program_with_a_limit_then_its_sockets_and_what_they_ask_count_too(wired, screen):
    wired.tokens["slow wall"] = wired.token("display", limit=3)
    walls = [screen("/display", "slow wall") for _ in range(2)]
    assert [wall.refused for wall in walls] == [None, None]
    walls[0].wait_for("snapshot")
    walls[0].say("resync", {})
    walls[0].wait_for("snapshot")
    assert screen("/display", "slow wall").refused == "too_many"
    assert wired.get("/api/v1/me", token=wired.tokens["slow wall"]).status_code == 429


@pytest.mark.parametrize("message", [{"seq": "x"}, {"seq": None}, [], "seen", None, {"seq": 10**30}, {}])
def test_given_nonsense_from_a_wall_then_it_is_passed_over_and_the_wall_lives_on(wired, screen, message):
    wall = screen("/display", "display")
    wall.wait_for("snapshot")
    wall.say("seen", message)
    wall.say("resync", message)
    assert wall.wait_for("snapshot")["counters"]


def test_given_only_a_wall_may_say_seen_when_a_kiosk_says_it_then_nothing_is_counted(wired, screen):
    kiosk, console = screen("/kiosk", "kiosk"), screen("/counter", "clerk", counter=5)
    console.wait_for("snapshot")
    take(wired, "TRA_KQ")
    called = press(wired, 5, "call-next")
    kiosk.say("seen", {"seq": called["seq"]})
    kiosk.say("resync", {})
    kiosk.wait_for("snapshot")
    kiosk.wait_for("snapshot")
    console.say("resync", {})
    seen = console.wait_for("snapshot")["seen"]
    assert seen is None or seen["seq"] != called["seq"]
    press(wired, 5, "no-show")
