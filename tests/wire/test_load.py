"""Sixteen kiosks and every counter at full speed: nobody twice, nobody lost, no number missing."""

import threading
import time
from collections import Counter, defaultdict

import pytest

from tests.wire.log import read_log

KIOSKS = 16
SECONDS = 15
SERVICES = ("CHUNG_THUC", "HO_TICH", "DAT_DAI", "CHINH_SACH", "DVC_TT", "TRA_KQ", "HUONG_DAN", "KT_HT")


@pytest.mark.slow
def test_given_all_at_full_speed_then_numbers_are_gapless_and_nobody_is_called_twice(centre):
    kiosk, clerk, inspector = centre.token("kiosk"), centre.token("clerk"), centre.token("inspector")
    statuses, issued, called = Counter(), [], []
    until = time.monotonic() + SECONDS

    def issue(n):
        turn = n
        while time.monotonic() < until:
            turn += 1
            of_class = "priority" if turn % 5 == 0 else "ordinary"
            body = {"service": SERVICES[turn % len(SERVICES)], "priority_class": of_class}
            answer = centre.post("/api/v1/tickets", body, token=kiosk)
            statuses[answer.status_code] += 1
            issued.append(answer.json())

    def serve(counter):
        centre.post(f"/api/v1/counters/{counter}/open", token=clerk)
        while time.monotonic() < until:
            answer = centre.post(f"/api/v1/counters/{counter}/call-next", {"finish": True}, token=clerk)
            statuses[answer.status_code] += 1
            if answer.status_code == 200 and (ticket := answer.json()["ticket"]) is not None:
                called.append(ticket["ref"])
                answer = centre.post(f"/api/v1/counters/{counter}/start", token=clerk)
                statuses[answer.status_code] += 1

    workers = [threading.Thread(target=issue, args=(n,)) for n in range(KIOSKS)]
    workers += [threading.Thread(target=serve, args=(n,)) for n in range(1, 6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    print(f"{len(issued)} tickets, {len(called)} calls in {SECONDS} s: {dict(statuses)}")
    assert set(statuses) <= {200, 201}
    assert len(issued) > 100 and len(called) > 50
    assert len({ticket["ref"] for ticket in issued}) == len(issued)
    assert len(set(called)) == len(called)
    counts = defaultdict(set)
    for event in read_log(centre, inspector):
        if event["kind"] == "ticket.issued":
            number = event["data"]["number"]
            assert int(number[1:]) not in counts[event["data"]["day"], event["service"]]
            counts[event["data"]["day"], event["service"]].add(int(number[1:]))
    for numbers in counts.values():
        assert numbers == set(range(1, len(numbers) + 1))
    assert sum(map(len, counts.values())) == len(issued)
    assert "clean" in centre.command("verify")


def test_given_one_waiting_when_two_counters_press_at_once_then_one_gets_the_ticket_and_one_is_refused(shared_centre):
    kiosk, clerk = shared_centre.token("kiosk"), shared_centre.token("clerk")
    for counter in (2, 3):
        shared_centre.post(f"/api/v1/counters/{counter}/open", token=clerk)
    for _ in range(20):
        shared_centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=kiosk)
        together = threading.Barrier(2)
        answers = {}

        def press(counter, together=together, answers=answers):
            together.wait()
            answers[counter] = shared_centre.post(f"/api/v1/counters/{counter}/call-next", token=clerk)

        presses = [threading.Thread(target=press, args=(counter,)) for counter in (2, 3)]
        for each in presses:
            each.start()
        for each in presses:
            each.join()
        assert sorted(answer.status_code for answer in answers.values()) == [200, 409]
        loser = next(answer for answer in answers.values() if answer.status_code == 409)
        assert loser.json()["code"] == "nobody_waiting"
        winner = next(counter for counter, answer in answers.items() if answer.status_code == 200)
        shared_centre.post(f"/api/v1/counters/{winner}/no-show", token=clerk)
