"""The power goes, twenty times, in the middle of everything."""

import random
import threading
import time
from secrets import token_hex

import pytest
import requests

from tests.people import clerk_cookies, paired_wall, supervisor_cookies
from tests.wire.log import read_log

KILLS = 20


@pytest.mark.slow
def test_given_twenty_kills_then_every_acknowledged_ticket_is_there_once_and_nobody_signs_in_again(centre):
    kiosk, program, inspector = centre.token("kiosk"), centre.token("clerk"), centre.token("inspector")
    supervisor = supervisor_cookies(centre)
    clerk, wall = clerk_cookies(centre, supervisor, "Lò Thị Mai"), paired_wall(centre, supervisor)
    for counter in (1, 2, 3, 4, 5):
        centre.post(f"/api/v1/counters/{counter}/open", token=program)
    moments = random.Random(7)
    acknowledged, unanswered, slowest = {}, {}, 0.0

    for _ in range(KILLS):
        stop = threading.Event()

        def issue(stop=stop):
            while not stop.is_set():
                key = token_hex(16)
                try:
                    answer = centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, key=key, token=kiosk, timeout=5)
                except requests.RequestException:
                    unanswered[key] = None
                    return
                if answer.status_code == 201:
                    acknowledged[key] = answer.json()

        def serve(stop=stop):
            while not stop.is_set():
                try:
                    centre.post("/api/v1/counters/2/call-next", {"finish": True}, token=program, timeout=5)
                    centre.post("/api/v1/counters/2/start", token=program, timeout=5)
                except requests.RequestException:
                    return

        workers = [threading.Thread(target=issue) for _ in range(3)] + [threading.Thread(target=serve)]
        for worker in workers:
            worker.start()
        # The moment of the cut is what is being tried, so it is drawn, not waited for.
        stop.wait(moments.uniform(0.05, 0.4))
        centre.kill()
        stop.set()
        for worker in workers:
            worker.join()
        began = time.monotonic()
        centre.start()
        slowest = max(slowest, time.monotonic() - began)
        for key, ticket in list(acknowledged.items())[-3:]:
            again = centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, key=key, token=kiosk)
            assert (again.status_code, again.json()["number"]) == (201, ticket["number"])

    for key in unanswered:
        first = centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, key=key, token=kiosk).json()
        second = centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, key=key, token=kiosk).json()
        assert first["number"] == second["number"]
        acknowledged[key] = first
    print(f"{len(acknowledged)} tickets, {KILLS} kills, {len(unanswered)} unanswered; slowest start {slowest:.2f} s")

    refs = [event["ref"] for event in read_log(centre, inspector) if event["kind"] == "ticket.issued"]
    assert sorted(refs) == sorted({ticket["ref"] for ticket in acknowledged.values()})
    assert "clean" in centre.command("verify")
    for cookies, role in ((supervisor, "supervisor"), (clerk, "clerk"), (wall, "display")):
        me = requests.get(f"{centre.url}/api/v1/me", cookies=cookies, timeout=5)
        assert me.json()["role"] == role
