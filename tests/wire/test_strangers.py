"""Attacks over the network: a thousand junk connections, broken HTTP, foreign pages; the server still serves."""

import json
import re
import resource
import socket
import threading
import time
from contextlib import closing, suppress
from urllib.parse import quote

import pytest
import websocket

from runtime.log import LINES_A_MINUTE
from tests.centre import TestCentreProcess
from tests.wire.test_sockets import Screen

TICKET = {"service": "TRA_KQ"}
JUNK_EACH = 340
GIVE_UP_S = 90

BROKEN = {
    "noise": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
    "an unknown method": b"BREW /health HTTP/1.1\r\nHost: x\r\n\r\n",
    "a long address": b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a long header": b"GET /health HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
    "a thousand headers": b"GET /health HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
    "bytes in the address": b"GET /\xff\xfe%ff%00%2e%2e/ HTTP/1.1\r\nHost: x\r\n\r\n",
    "bytes in an id": b"GET /api/v1/tickets/%ff%fe%00 HTTP/1.1\r\nHost: x\r\n\r\n",
    "bytes in a header": b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nCookie: session=\xff\xfe\x00\r\n\r\n",
    "a way out of the folder": b"GET /static/../../settings.py HTTP/1.1\r\nHost: x\r\n\r\n",
    "the history of the source": b"GET /.git/HEAD HTTP/1.1\r\nHost: x\r\n\r\n",
    "the history beside what is served": b"GET /static/%2e%2e/.git/HEAD HTTP/1.1\r\nHost: x\r\n\r\n",
    "the database": b"GET /data/hall.db HTTP/1.1\r\nHost: x\r\n\r\n",
    "a quoted way out": b"GET /static/..%2f..%2fsettings.py HTTP/1.1\r\nHost: x\r\n\r\n",
    "a strange host": b'GET /nowhere HTTP/1.1\r\nHost: "><script>x</script>\r\n\r\n',
    "a length that is none": b"POST /api/v1/pairings HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
    "a length below nothing": b"POST /api/v1/pairings HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "a huge length": b"POST /api/v1/pairings HTTP/1.1\r\nHost: x\r\nIdempotency-Key: 12345678\r\n"
    b"Content-Type: application/json\r\nContent-Length: 99999999999999999999\r\n\r\n{",
    "two lengths": b"POST /api/v1/pairings HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "broken chunks": b"POST /api/v1/pairings HTTP/1.1\r\nHost: x\r\nIdempotency-Key: 12345678\r\n"
    b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
    "chunks without end": b"POST /api/v1/pairings HTTP/1.1\r\nHost: x\r\nIdempotency-Key: 12345678\r\n"
    b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + b"400\r\n" + b"[" * 1024 + b"\r\n",
    "two lengths that differ": b"POST /api/v1/pairings HTTP/1.1\r\nHost: x\r\n"
    b"Content-Length: 0\r\nContent-Length: 40\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n",
    "an unknown coding": b"POST /api/v1/pairings HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n"
    b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n",
    "two hosts": b"GET /health HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    "no host": b"GET /health HTTP/1.1\r\n\r\n",
    "a NUL in a header": b"GET /health HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n",
    "a header of two lines": b"GET /health HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n",
    "a line that is no header": b"POST /health HTTP/1.1\r\nHost: x\r\nno header\r\nContent-Length: 9\r\n\r\n",
    "a first line that goes on": b"GET /health HTTP/1.1\r\n Host: x\r\nHost: x\r\n\r\n",
    "a line of a mailbox": b"GET /health HTTP/1.1\r\nFrom x\r\nHost: x\r\n\r\n",
    "a header without a name": b"GET /health HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n",
    "a space before the colon": b"POST /health HTTP/1.1\r\nHost: x\r\nContent-Length : 9\r\n\r\n",
    "an older protocol": b"GET /health\r\n\r\n",
    "a socket that is none": b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n",
    "half an upgrade": b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\n\r\n",
    "an upgrade with a bad key": b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\n"
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 99\r\nSec-WebSocket-Key: \xff\r\n\r\n",
    "an upgrade of another protocol": b"GET /socket.io/?EIO=9&transport=websocket HTTP/1.1\r\nHost: x\r\n"
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
}


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    """As a centre runs by default: on eventlet."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4096)), hard))
    centre = TestCentreProcess(tmp_path_factory.mktemp("hall") / "data", "eventlet").start()
    centre.tokens = {role: centre.token(role) for role in ("kiosk", "clerk", "display")}
    centre.post("/api/v1/counters/5/open", token=centre.tokens["clerk"])
    yield centre
    assert "Traceback" not in centre.output()
    centre.stop()


def connect(hall, data=b""):
    found = socket.create_connection(("127.0.0.1", hall.port), timeout=10)
    found.sendall(data)
    return found


def closed(connection):
    """Return whether the other end has closed the connection, after reading what it sent before."""
    connection.setblocking(False)
    try:
        while connection.recv(65536):
            pass
        return True
    except BlockingIOError:
        return False
    except OSError:
        return True


def engine(hall):
    """Open a socket that never says which screen it is."""
    return websocket.create_connection(f"ws://127.0.0.1:{hall.port}/socket.io/?EIO=4&transport=websocket", timeout=10)


def serve_somebody(hall):
    """Issue a ticket and call it; return how many seconds the slowest command took."""
    took = []
    for path, body, who in (
        ("tickets", TICKET, "kiosk"),
        ("counters/5/call-next", {}, "clerk"),
        ("counters/5/no-show", {}, "clerk"),
    ):
        began = time.monotonic()
        answer = hall.post(f"/api/v1/{path}", body, token=hall.tokens[who])
        assert answer.status_code in (200, 201), answer.text
        took.append(time.monotonic() - began)
    return max(took)


@pytest.mark.slow
def test_given_a_thousand_junk_connections_then_the_hall_goes_on_and_gets_rid_of_them(hall):
    wall = Screen(hall, "/display", hall.tokens["display"])
    wall.wait_for("snapshot")
    alone = max(serve_somebody(hall) for _ in range(5))
    silent = [connect(hall) for _ in range(JUNK_EACH)]
    slow = [connect(hall, b"POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nX-A: ") for _ in range(JUNK_EACH)]
    unjoined = [engine(hall) for _ in range(JUNK_EACH)]

    def keep_up(still):
        """Send a letter now and then and answer pings, so that the server cannot take the connections for idle."""
        while still():
            for each in slow:
                with suppress(OSError):
                    each.send(b"a")
            for each in unjoined:
                with suppress(OSError, websocket.WebSocketException):
                    each.settimeout(0)
                    if each.recv() == "2":
                        each.send("3")
            time.sleep(0.5)

    gone = threading.Event()
    busy = threading.Thread(target=keep_up, args=(lambda: not gone.is_set(),))
    busy.start()
    try:
        among = [serve_somebody(hall) for _ in range(20)]
        heard = [wall.wait_for("events", lambda data: data["events"]) for _ in range(20)]
        print(f"slowest press: {alone * 1000:.0f} ms alone, {max(among) * 1000:.0f} ms among {3 * JUNK_EACH} junk")
        assert heard
        deadline = time.monotonic() + GIVE_UP_S
        while not all(closed(each) for each in (*silent, *slow)) or any(each.connected for each in unjoined):
            assert time.monotonic() < deadline, "they may stay for ever"
            time.sleep(0.5)
    finally:
        gone.set()
        busy.join()
        for each in (*silent, *slow):
            each.close()
    assert serve_somebody(hall) is not None
    wall.say("resync", {})
    assert wall.wait_for("snapshot")
    wall.close()


@pytest.mark.parametrize("request_", BROKEN.values(), ids=BROKEN)
def test_given_broken_http_then_it_is_refused_and_reveals_nothing(hall, request_):
    with connect(hall) as connection:
        try:
            connection.sendall(request_)
            connection.shutdown(socket.SHUT_WR)
            said = b""
            while chunk := connection.recv(65536):
                said += chunk
        except OSError:  # refused and cut off before all of it was sent
            said = b""
    assert b"Traceback" not in said and b"<script>x" not in said and b"import " not in said
    status = re.match(rb"HTTP/1\.[01] (\d\d\d)", said)
    assert len(re.findall(rb"^HTTP/1", said, re.MULTILINE)) <= 1, "what followed was taken for a request"
    assert not said or (status and (400 <= int(status[1]) < 500 or int(status[1]) == 501)), said[:200]
    assert hall.get("/health").status_code == 200


@pytest.mark.parametrize(
    ("origin", "opens"),
    [(None, True), ("own", True), ("http://evil.test", False), ("null", False), ("http://127.0.0.1", False)],
)
def test_given_an_origin_then_only_our_own_pages_and_programs_open_a_socket(hall, origin, opens):
    origin = f"http://127.0.0.1:{hall.port}" if origin == "own" else origin
    address = f"ws://127.0.0.1:{hall.port}/socket.io/?EIO=4&transport=websocket"
    options = {"suppress_origin": True} if origin is None else {"origin": origin}
    if not opens:
        with pytest.raises(websocket.WebSocketBadStatusException, match="400"):
            websocket.create_connection(address, timeout=10, **options)
        return
    opened = websocket.create_connection(address, timeout=10, **options)
    opened.send("40/display," + json.dumps({"token": hall.tokens["display"]}))
    assert opened.recv().startswith("0{")
    assert opened.recv().startswith("4")
    opened.close()


def test_given_a_wall_that_asks_for_snapshots_without_end_then_it_is_passed_over_and_lives_on(hall):
    wall = Screen(hall, "/display", hall.tokens["display"])
    wall.wait_for("snapshot")
    for _ in range(300):
        wall.say("resync", {})
    serve_somebody(hall)
    snapshots = 0
    while True:
        name, data = wall.heard.get(timeout=10)
        snapshots += name == "snapshot"
        if name == "events" and any(event["kind"] == "ticket.no_show" for event in data["events"]):
            break
    assert 1 <= snapshots <= 60
    wall.close()


def test_given_what_strangers_write_then_no_line_of_the_servers_log_is_theirs(hall):
    forged = json.dumps({"event": "signed_in", "subject": "user:1", "address": "10.0.0.1"})
    for hostile in (f"\n{forged}\n", f"\r\n{forged}", f'"}}\n{forged}', f"\u2028{forged}"):
        hall.post("/api/v1/sign-in", {"name": hostile, "password": hostile})
        hall.get(f"/api/v1/tickets/{quote(hostile, safe='')}")
        hall.get(f"/{quote(hostile, safe='')}")
        hall.get("/api/v1/users", token=quote(hostile))
        hall.post("/api/v1/tickets", {"service": hostile}, token=hall.tokens["kiosk"])
    head = "Host: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    for request in (
        *BROKEN.values(),
        f"{forged}\r\n\r\n".encode(),
        f"GET / HTTP/{forged}\r\n\r\n".encode(),
        f"{forged} / HTTP/1.1\r\n\r\n".encode(),
        f"GET /socket.io/?EIO=4&transport={quote(forged)} HTTP/1.1\r\n{head}Sec-WebSocket-Key: x\r\n\r\n".encode(),
        f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n{head}Sec-WebSocket-Key: x\r\n"
        f"Origin: {forged}\r\n\r\n".encode(),
    ):
        with connect(hall) as connection, suppress(OSError):
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
    lines = hall.log.read_text("utf-8").splitlines()
    # Standard output is in this file too.
    ours = [line for line in lines if not line.startswith(("Đến Lượt: http://", "First supervisor (once, "))]
    logged = [json.loads(line) for line in ours]
    assert "broken_request" in {each["event"] for each in logged}
    assert {"wrong_password", "sign_in"} <= {each.get("code") for each in logged}
    assert [each for each in logged if each["event"] == "signed_in" or each.get("address") == "10.0.0.1"] == []
    assert not any(forged in line for line in lines)


def test_given_broken_requests_without_end_then_the_servers_log_stays_small(hall):
    before = hall.log.stat().st_size
    for _ in range(300):
        with connect(hall, b"x" * 7800 + b"\r\n\r\n") as connection, suppress(OSError):
            connection.recv(65536)
    grown = hall.log.stat().st_size - before
    assert grown < 2 * LINES_A_MINUTE * 200, f"{grown} bytes"


SAID = {
    "nothing": "4",
    "a type that is none": "49",
    "half a message": '42/display,["seen",{"seq":',
    "no list": '42/display,{"seq":1}',
    "an empty list": "42/display,[]",
    "no name": "42/display,[1]",
    "a table for a name": '42/display,[{"seen":1}]',
    "an unknown name": '42/display,["turn_out"]',
    "too much": '42/display,["seen",{"seq":1},{"seq":2}]',
    "a beginning of its own": '42/display,["connect",{},{"counter":[1]}]',
    "an end of its own": '42/display,["disconnect","no reason",1]',
    "a file": '459-/display,["seen",{"_placeholder":true,"num":0}]',
    "bytes": b"\x00\xff" * 50,
    "deep": "42/display," + "[" * 3000,
    "an endless number": '42/display,["seen",{"seq":' + "9" * 3000 + "}]",
    "a number that is none": "42/display,²",
    "an answer nobody waits for": "43/display,7[]",
    "an error of its own": '44/display,"no"',
}


@pytest.mark.parametrize("comes", ("signed in", "nobody"))
@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_given_junk_on_a_socket_then_it_is_passed_over_and_leaves_no_trace_in_the_log(hall, said, comes):
    before = hall.output().count("Traceback")
    address = hall.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    with closing(websocket.create_connection(address, timeout=5)) as line:
        if comes == "signed in":
            line.send("40/display," + json.dumps({"token": hall.tokens["display"]}))
            while not line.recv().startswith('42/display,["snapshot"'):
                pass
        for _ in range(3):
            (line.send_binary if isinstance(said, bytes) else line.send)(said)
        if comes == "signed in":
            line.send('42/display,["resync"]')
            while not line.recv().startswith('42/display,["snapshot"'):
                pass
    assert hall.get("/health").status_code == 200
    assert hall.output().count("Traceback") == before
