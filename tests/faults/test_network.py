"""A bad network, a full disk, a restart: each command happens once, and every screen comes back."""

import resource
import threading
import time
from pathlib import Path
from secrets import token_hex

import pytest
import requests
import socketio

from store.backup import BACKUPS, copies
from tests.centre import TestCentreProcess
from tests.faults.proxy import Line
from tests.faults.waiting import wait_until
from tests.wire.log import read_log

CLIENTS = 60
BACK_S = 10  # the promise; on a busy machine it is printed, not asserted
HEARTBEAT_S = 20


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    running = TestCentreProcess(tmp_path_factory.mktemp("faults") / "data").start()
    running.tokens = {role: running.token(role) for role in ("kiosk", "clerk", "display", "inspector")}
    for counter in (2, 3):
        running.post(f"/api/v1/counters/{counter}/open", token=running.tokens["clerk"])
    yield running
    running.stop()


@pytest.fixture
def line(centre):
    through = Line(centre.port)
    yield through
    through.close()


def send(line, centre, path, key, role="kiosk", body=None, timeout=3):
    """One request over the line, on a connection of its own; None when no answer came."""
    try:
        return requests.post(
            line.url + "/api/v1" + path,
            json=body or {},
            headers={"Idempotency-Key": key, "Authorization": f"Bearer {centre.tokens[role]}"},
            timeout=timeout,
        )
    except requests.RequestException:
        return None


def events_of(centre, kind):
    return [event for event in read_log(centre, centre.tokens["inspector"]) if event["kind"] == kind]


def clear(centre):
    """Nobody waits and nobody is at counter 2."""
    clerk = centre.tokens["clerk"]
    centre.post("/api/v1/counters/2/no-show", token=clerk)
    while centre.post("/api/v1/counters/2/call-next", token=clerk).status_code == 200:
        centre.post("/api/v1/counters/2/no-show", token=clerk)


def test_given_the_answer_to_a_call_is_lost_when_it_is_sent_again_then_it_is_the_same_call(centre, line):
    clear(centre)
    centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=centre.tokens["kiosk"])
    before, key = len(events_of(centre, "ticket.called")), token_hex(16)
    line.deaf = True
    assert send(line, centre, "/counters/2/call-next", key, "clerk", timeout=1) is None
    wait_until(lambda: len(events_of(centre, "ticket.called")) == before + 1, "the call whose answer is lost")
    line.deaf = False
    again = [send(line, centre, "/counters/2/call-next", key, "clerk", timeout=15).json() for _ in range(2)]
    assert again[0] == again[1] and again[0]["counter"]["state"] == "called"
    assert len(events_of(centre, "ticket.called")) == before + 1


def test_given_a_slow_line_that_breaks_then_every_press_is_one_ticket(centre, line):
    line.delay_s, line.loss = 0.2, 0.2
    before, numbers, broken = len(events_of(centre, "ticket.issued")), [], 0
    for _ in range(12):
        key, answer = token_hex(16), None
        while answer is None:
            answer = send(line, centre, "/tickets", key, body={"service": "DAT_DAI"}, timeout=15)
            broken += answer is None
        numbers.append(answer.json()["number"])
    assert broken > 0
    assert len(set(numbers)) == 12 == len(events_of(centre, "ticket.issued")) - before


def test_given_ten_presses_in_a_second_then_one_ticket(centre):
    before, key, answers = len(events_of(centre, "ticket.issued")), token_hex(16), []

    def press():
        answers.append(
            centre.post("/api/v1/tickets", {"service": "TRA_KQ"}, key=key, token=centre.tokens["kiosk"]).json()
        )

    presses = [threading.Thread(target=press) for _ in range(10)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert len({answer["number"] for answer in answers}) == 1 and len(answers) == 10
    assert len(events_of(centre, "ticket.issued")) == before + 1


def test_given_a_call_and_a_cancellation_at_once_then_both_get_what_the_log_says(centre):
    clear(centre)
    for _ in range(10):
        ticket = centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=centre.tokens["kiosk"]).json()
        together, answers = threading.Barrier(2), {}

        def call(together=together, answers=answers):
            together.wait()
            answers["call"] = centre.post("/api/v1/counters/2/call-next", token=centre.tokens["clerk"])

        def cancel(together=together, answers=answers, ticket=ticket):
            together.wait()
            answers["cancel"] = centre.post(f"/api/v1/tickets/{ticket['id']}/cancel")

        people = [threading.Thread(target=each) for each in (call, cancel)]
        for each in people:
            each.start()
        for each in people:
            each.join()
        kinds = [
            event["kind"].removeprefix("ticket.")
            for event in read_log(centre, centre.tokens["inspector"])
            if event["ref"] == ticket["ref"]
        ]
        called = answers["call"].status_code == 200
        assert answers["call"].status_code == 200 or answers["call"].json()["code"] == "nobody_waiting"
        assert answers["cancel"].status_code == 200
        assert kinds == (["issued", "called", "cancelled"] if called else ["issued", "cancelled"])


def limited(centre, size):
    """Let no file of the server grow beyond `size`, which it sees as a full disk; -1 removes the limit."""
    resource.prlimit(centre.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_given_a_full_disk_then_tickets_are_refused_in_words_the_rest_is_shown_and_it_recovers(centre):
    kiosk = centre.tokens["kiosk"]
    before = centre.post("/api/v1/tickets", {"service": "HO_TICH"}, token=kiosk).json()
    limited(centre, 1)
    try:
        for _ in range(3):
            refused = centre.post("/api/v1/tickets", {"service": "HO_TICH"}, token=kiosk)
            assert (refused.status_code, refused.json()["code"]) == (503, "cannot_save")
        for path in ("/health", "/api/v1/board", f"/api/v1/tickets/{before['id']}", "/kiosk"):
            assert centre.get(path).status_code == 200
    finally:
        limited(centre, resource.RLIM_INFINITY)
    after = centre.post("/api/v1/tickets", {"service": "HO_TICH"}, token=kiosk).json()
    assert int(after["number"][1:]) == int(before["number"][1:]) + 1


def heard(client, namespace="/display"):
    """Everything this client hears, newest last."""
    kept = []
    for message in ("snapshot", "counts", "events", "beat"):
        client.on(message, lambda data, message=message: kept.append((message, data)), namespace=namespace)
    return kept


def join(url, token, namespace="/display", **auth):
    client = socketio.Client(reconnection_delay=0.5, reconnection_delay_max=3, randomization_factor=0.5)
    kept = heard(client, namespace)
    client.connect(
        url, namespaces=[namespace], auth={"token": token, **auth}, transports=["websocket"], wait_timeout=30
    )
    return client, kept


@pytest.mark.slow
def test_given_a_frozen_line_then_the_server_notices_that_nobody_is_there(centre, line):
    console, kept = join(centre.url, centre.tokens["clerk"], "/counter", counter=3)
    wall, _ = join(line.url, centre.tokens["display"])
    try:

        def walls(count):
            return any(data.get("walls") == count for _, data in kept)

        wait_until(lambda: walls(1), "the wall on the console")
        line.frozen = True
        kept.clear()
        _, took = wait_until(lambda: walls(0), "the wall's loss on the console", 4 * HEARTBEAT_S)
        wait_until(lambda: copies(centre.data / BACKUPS), "the backup a centre makes by itself")
        print(f"half-open socket noticed after {took:.1f} s (promised {HEARTBEAT_S} s)")
    finally:
        line.close()
        wall.disconnect()
        console.disconnect()


@pytest.mark.slow
def test_given_sixty_screens_when_the_server_restarts_then_all_are_back_with_the_same_state(centre):
    screens = [join(centre.url, centre.tokens["display"]) for _ in range(CLIENTS)]
    try:
        wait_until(lambda: all(kept for _, kept in screens), "a first snapshot on every screen")
        centre.kill()
        for _, kept in screens:
            kept.clear()
        centre.start()
        began = time.monotonic()
        wait_until(lambda: all(kept for _, kept in screens), "a snapshot on every screen after the restart")
        took = time.monotonic() - began
        print(f"{CLIENTS} screens back {took:.1f} s after the server was (promised {BACK_S} s)")
        state = [next(data for message, data in kept if message == "snapshot") for _, kept in screens]
        assert len({snapshot["seq"] for snapshot in state}) == 1
        assert len({str(snapshot["counters"]) for snapshot in state}) == 1
    finally:
        for client, _ in screens:
            client.disconnect()


@pytest.mark.slow
def test_given_hundreds_of_visits_and_screens_that_come_and_go_then_neither_files_nor_memory_pile_up(centre):
    def live(visits):
        for _ in range(visits):
            ticket = centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=centre.tokens["kiosk"]).json()
            centre.get(f"/api/v1/tickets/{ticket['id']}")
            for key in ("call-next", "start", "finish"):
                centre.post(f"/api/v1/counters/2/{key}", token=centre.tokens["clerk"])
        for _ in range(10):
            client, kept = join(centre.url, centre.tokens["display"])
            wait_until(lambda kept=kept: kept, "a snapshot")
            client.disconnect()

    def handles():
        return len(list(Path(f"/proc/{centre.process.pid}/fd").iterdir()))

    def resident():
        pages = int(Path(f"/proc/{centre.process.pid}/statm").read_text().split()[1])
        return pages * resource.getpagesize()

    clear(centre)
    live(60)
    files, memory = handles(), resident()
    live(120)
    wait_until(lambda: handles() <= files, "the files of closed connections to be given back")
    grown = resident() / memory - 1
    print(f"memory grew by {grown:.1%} over 120 visits, to {resident() / 2**20:.0f} MB")
    assert grown < 0.10
    assert "clean" in centre.command("verify")
