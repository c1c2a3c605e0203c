"""Kill a running server at random moments, many times, and check that no acknowledged command is lost."""

import random
import threading
import time
from dataclasses import dataclass, field
from secrets import token_hex

import requests

from tests.wire.log import read_log

ISSUERS = 3


@dataclass
class Cuts:
    """The result: the tickets whose answer arrived, by their request keys, and how long each start took."""

    acknowledged: dict = field(default_factory=dict)
    unanswered: list = field(default_factory=list)
    calls: int = 0
    starts_s: list = field(default_factory=list)
    faults: list = field(default_factory=list)


def cut_power(centre, kills, seed):
    """Kill the running centre at moments drawn from `seed` while people take tickets and a clerk calls.

    Afterwards repeat every unanswered command, read the log and let `verify` judge it; `faults` of the result
    lists each promise that was broken.
    """
    kiosk, clerk, inspector = centre.token("kiosk"), centre.token("clerk"), centre.token("inspector")
    centre.post("/api/v1/counters/2/open", token=clerk)
    moments, cuts = random.Random(seed), Cuts()

    def take(key):
        return centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, key=key, token=kiosk, timeout=15)

    for _ in range(kills):
        stop = threading.Event()

        workers = [threading.Thread(target=_issue, args=(take, cuts, stop)) for _ in range(ISSUERS)]
        workers.append(threading.Thread(target=_serve, args=(centre, clerk, cuts, stop)))
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
        cuts.starts_s.append(time.monotonic() - began)
        for key in list(cuts.acknowledged)[-ISSUERS:]:
            if take(key).json() != cuts.acknowledged[key]:
                cuts.faults.append(f"{cuts.acknowledged[key]['number']}: the repeat got another answer")

    for key in cuts.unanswered:
        first, second = take(key).json(), take(key).json()
        if first != second:
            cuts.faults.append(f"{first['number']}: the repeat got another answer")
        cuts.acknowledged[key] = first
    _judge(centre, inspector, cuts)
    return cuts


def _issue(take, cuts, stop):
    """Take one ticket after another until the server is gone."""
    while not stop.is_set():
        key = token_hex(16)
        try:
            answer = take(key)
        except requests.RequestException:
            cuts.unanswered.append(key)
            return
        if answer.status_code == 201:
            cuts.acknowledged[key] = answer.json()


def _serve(centre, clerk, cuts, stop):
    """Call and serve one citizen after another until the server is gone."""
    while not stop.is_set():
        try:
            answer = centre.post("/api/v1/counters/2/call-next", {"finish": True}, token=clerk, timeout=15)
            cuts.calls += answer.status_code == 200
            centre.post("/api/v1/counters/2/start", token=clerk, timeout=15)
        except requests.RequestException:
            return


def _judge(centre, inspector, cuts):
    events = list(read_log(centre, inspector))
    issued = [event for event in events if event["kind"] == "ticket.issued"]
    refs, known = {event["ref"] for event in issued}, {ticket["ref"] for ticket in cuts.acknowledged.values()}
    numbers = {event["data"]["number"] for event in issued}
    called = [event["ref"] for event in events if event["kind"] == "ticket.called"]
    for what, wrong in (
        ("acknowledged and lost", known - refs),
        ("in the log, told to nobody", refs - known),
        ("tickets given twice", range(len(issued) - len(refs))),
        ("numbers given twice", range(len(issued) - len(numbers))),
        ("called twice", range(len(called) - len(set(called)))),
    ):
        if wrong:
            cuts.faults.append(f"{len(wrong)} {what}")
    said = centre.command("verify")
    if "clean" not in said:
        cuts.faults.append(said)
