"""A long walk: thousands of presses of every kind, by a dice that always falls the same.

The machine of `test_machine` looks at everything after every step and so takes few. Here every event
is read as it is written, everything else now and then. A seed that ever failed stays in the list.
"""

import random
from datetime import timedelta

import pytest

from hall.verify import verify
from queueing import events as ev
from queueing.errors import Refusal
from queueing.slips import slips_by_day
from tests.hall.reader import Reader
from tests.hall.small import Press, Small
from tests.recompute import recompute

SEEDS = range(1, 9)
PRESSES = 2_600
SERVICES = ("CHUNG_THUC", "CHUNG_THUC", "HO_TICH", "DAT_DAI")
COUNTERS = (2, 3, 4)
CLERK = "token:4"
USUAL = {
    "closed": ("open",),
    "idle": ("call-next",) * 6 + ("call", "return", "return", "undo", "pause", "close", "hand-over"),
    "paused": ("resume", "resume", "undo", "return", "close"),
    "called": ("start",) * 5 + ("no-show", "no-show", "call-again", "undo", "pause", "hand-over"),
    "serving": ("finish", "call-next", "hold", "transfer") * 3 + ("undo", "dossiers", "pause"),
}


class Walk:
    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.small = Small()
        self.small.set_policy(cap=self.dice.choice((1, 2, 5)))
        self.reader = Reader(self.small.hall.log_id)
        self.presses = self.refused = 0

    def press(self, caller, route, body):
        self.presses += 1
        try:
            return self.small.send(Press(caller, route, f"key-{self.presses:08d}", body))
        except Refusal:
            self.refused += 1

    def step(self):
        turn = self.dice.random()
        self.small.clock.on(seconds=self.dice.choice((0, 0.4, 3, 9, 20, 61)))
        if turn < 0.22:
            priority = self.dice.choice(("ordinary", "ordinary", "priority", "urgent"))
            body = {"service": self.dice.choice(SERVICES), "priority_class": priority, "language": "vi"}
            self.press("device:1", "POST /tickets", body)
        elif turn < 0.25:
            self.press("device:9", f"POST /tickets/{self.some(self.refs())}/cancel", {})
        elif turn < 0.27:
            body = {"priority_class": self.dice.choice(("ordinary", "priority"))}
            self.press("user:7", f"POST /tickets/{self.some(self.refs())}/priority", body)
        elif turn < 0.98:
            self.work(self.dice.choice(COUNTERS))
        elif turn < 0.985:
            self.small.set_policy(cap=self.dice.choice((0, 1, 2, 5)), by_hand=self.dice.random() < 0.8)
        elif turn < 0.99:
            self.small.clock.jump(seconds=self.dice.choice((-4000, -3, 2, 1800)))
        elif turn < 0.997:
            self.small.clock.on(minutes=self.dice.choice((5, 29, 31, 400)))
        else:
            self.small.start()

    def work(self, counter):
        self.small.hall.settle()
        floor = self.small.hall.floor
        ticket = floor.at_counter(counter)
        staffing = floor.desk(counter).staffing.value
        state = ticket.state.value if ticket else {"open": "idle"}.get(staffing, staffing)
        button = self.dice.choice(USUAL[state])
        body = {
            "open": {"one_only": False},
            "call-next": {"finish": ticket is not None},
            "hold": {"minutes": self.dice.choice((None, 1, 10))},
            "transfer": self.dice.choice((
                {"service": self.dice.choice(SERVICES)},
                {"to": self.dice.choice(COUNTERS)},
                {"service": self.dice.choice(SERVICES), "first": True, "outcome": "guided"},
            )),
            "return": {"ref": self.some([*floor.holds, *floor.missed])},
            "call": {"ref": self.some([place.ref for place in floor.waiting.places(set(SERVICES))])},
            "dossiers": {"dossiers": self.dice.randint(1, 25)},
        }.get(button, {})  # fmt: skip
        self.press(CLERK, f"POST /counters/{counter}/{button}", body)

    def refs(self):
        return list(self.small.hall.floor.tickets)

    def some(self, refs):
        return self.dice.choice(refs) if refs else 0

    def read(self):
        for written in self.small.store.written(self.reader.seq):
            self.reader.read(written)

    def look(self):
        """Everything else: the rows, the restart, the figures, the proof."""
        rows = {row.ref: row.state.value for row in self.small.store.tickets(*self.days())}
        assert rows == {ref: ticket["state"] for ref, ticket in self.reader.tickets.items()}
        seen, live = self.small.seen(), self.small.hall.floor
        self.small.hall.reload()
        assert self.small.seen() == seen
        self.small.hall.floor = live
        stranger = recompute(self.small.log())
        assert self.small.statistics("counter") == (stranger["total"], stranger["counter"])

    def days(self):
        day = self.small.hall.floor.day
        return day - timedelta(days=3650), day + timedelta(days=3650)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", SEEDS)
def test_given_a_long_walk_then_every_promise_holds(seed):
    walk = Walk(seed)
    while walk.presses < PRESSES:
        walk.step()
        walk.read()
        if walk.presses % 500 == 0:
            walk.look()
    walk.look()
    verdict = verify(walk.small.store)
    assert verdict.clean, verdict.faults
    # G7: every skip is somebody's slip, whoever was called, missed the call or was taken back.
    days = slips_by_day(walk.small.store.events(0))
    for slips in days.values():
        assert {reason: slips.total(reason) for reason in slips.skips} == dict(slips.skips)
    assert sum(sum(slips.skips.values()) for slips in days.values()) > 100
    # It went everywhere: a walk that stands still proves nothing.
    assert {"ORDER", "HEADSTART", "CAP", "RETURN", "TRANSFER", "MANUAL"} <= set(walk.reader.reasons)
    for kind in (ev.TICKET_HELD, ev.TICKET_RETURNED, ev.TICKET_TRANSFERRED, ev.TICKET_UNDONE, ev.TICKET_NO_SHOW):
        assert walk.reader.kinds[kind] >= 10, kind
    assert walk.refused < PRESSES / 2
