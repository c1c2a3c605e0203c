"""A busy day: four hundred visits with every case, twelve clerks pressing at once."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed

import pytest

from hall.review import overview
from hall.verify import verify
from queueing.errors import Refusal
from queueing.slips import slips_by_day
from tests.hall.centre import ZONE, Press, TestCentre
from tests.hall.reader import Reader
from tests.hall.test_walk import USUAL
from tests.recompute import counter_times, longest_queue, recompute

VISITS, CLERKS = 400, 12
COUNTERS = (1, 2, 3, 4, 5)
OVER = ("finished", "no_show", "cancelled", "expired")


class Day:
    def __init__(self):
        self.centre = TestCentre()
        self.services = sorted(
            {code for each in self.centre.hall.catalogue.counters.values() for code in each.services}
        )
        self.clock = threading.Lock()
        self.over = False

    def press(self, caller, key, route, body):
        with self.clock:
            self.centre.clock.on(seconds=2.3)
        try:
            return self.centre.send(Press(caller, route, f"{caller}-{key:06d}", body))
        except Refusal:
            return None

    def clerk(self, n):
        """Press what fits the state just read, which another clerk may have changed meanwhile."""
        dice, key = random.Random(n), 0
        while self.going_on():
            key += 1
            self.one_press(dice, f"token:{n}", key, dice.choice(COUNTERS))

    def one_press(self, dice, caller, key, counter):
        floor = self.centre.hall.floor
        ticket = floor.at_counter(counter)
        staffing = floor.counter_state(counter).staffing.value
        button = dice.choice(USUAL[ticket.state.value if ticket else {"open": "idle"}.get(staffing, staffing)])
        some = {
            "return": [*list(floor.holds), *list(floor.no_show_at)],
            "call": [ref for ref, one in list(floor.tickets.items()) if one.state.value == "waiting"],
        }.get(button)
        body = {
            "open": {"one_only": False},
            "call-next": {"finish": ticket is not None},
            "hold": {"minutes": dice.choice((None, 5))},
            "transfer": {"service": dice.choice(self.services), "first": dice.random() < 0.3},
            "dossiers": {"dossiers": dice.randint(1, 20)},
        }.get(button, {"ref": dice.choice(some)} if some else {})
        self.press(caller, key, f"POST /counters/{counter}/{button}", body)

    def people(self):
        dice = random.Random(0)
        for n in range(VISITS):
            priority = dice.choice(("ordinary", "ordinary", "ordinary", "priority"))
            body = {"service": dice.choice(self.services), "priority_class": priority, "language": "vi"}
            self.press("device:1", n, "POST /tickets", body)
            if n % 40 == 39:
                self.press("device:9", n, f"POST /tickets/{n - 5}/cancel", {})

    def going_on(self):
        tickets = list(self.centre.hall.floor.tickets.values())
        self.over = self.over or sum(one.state.value in OVER for one in tickets) >= VISITS - CLERKS
        return not self.over


@pytest.mark.timeout(300)
def test_given_twelve_clerks_at_once_then_the_day_is_proved_and_its_figures_are_a_strangers():
    day = Day()
    with ThreadPoolExecutor(CLERKS + 1) as people:
        at_work = [people.submit(day.clerk, n) for n in range(1, CLERKS + 1)] + [people.submit(day.people)]
        for each in as_completed(at_work):
            day.over = day.over or each.exception() is not None  # one who fails ends the day for all
            each.result()
    centre, today = day.centre, day.centre.hall.floor.day
    for counter in COUNTERS:  # a service is not ended by midnight, so it is ended before
        ticket = centre.hall.floor.at_counter(counter)
        if ticket is not None and ticket.state.value == "serving":
            centre.press("finish", counter)
    centre.clock.on(hours=24)
    centre.hall.refresh()

    reader = Reader(centre.hall.log_id)
    for written in centre.store.written(0):
        reader.read(written)  # every call is the plain rule's, or says that it is not
    assert {"ORDER", "HEADSTART", "RETURN", "TRANSFER", "MANUAL"} <= set(reader.reasons)
    assert len(reader.tickets) == VISITS and {one["state"] for one in reader.tickets.values()} <= set(OVER)
    verdict = verify(centre.store)
    assert verdict.clean, verdict.faults

    log = centre.log()
    stranger = recompute(log)
    for by in ("service", "counter", "hour", "class"):
        assert centre.statistics(by) == (stranger["total"], stranger[by])
    seen = overview(centre.store, today, today, ZONE)
    assert {str(n): time.serving_s for n, time in seen.counters.items()} == {
        str(n): time["serving_s"] for n, time in counter_times(log, str(today)).items()
    }
    assert seen.queue.most == longest_queue(log, str(today))[0]
    slips = slips_by_day(centre.store.events(0))[today]
    assert {reason: slips.total(reason) for reason in slips.skips} == dict(slips.skips)
