"""A long random walk: thousands of commands of every kind, drawn from a fixed seed.

The state machine of `test_machine` runs many short examples; these are a few long ones. Every event is checked when it
is appended, everything else now and then. A seed that ever failed stays in the list. `tools.lives` takes other seeds.
"""

import random
from datetime import timedelta

import pytest

from hall.verify import verify
from queueing import events as ev
from queueing.catalogue import CALL_REASONS, GHOST_REASONS, OUTCOMES, RATINGS, REINSTATE_REASONS
from queueing.errors import Refusal
from queueing.slips import slips_by_day
from queueing.ticket import State
from tests.hall.centre import Press, TestCentre, every_day
from tests.hall.reader import Reader
from tests.recompute import recompute
from tests.variants import EVERY_VARIANT, variants

SEEDS = range(1, 5)
PRESSES = 2_600
SERVICES = ("CHUNG_THUC", "CHUNG_THUC", "HO_TICH", "DAT_DAI")
BOOKABLE = {"CHUNG_THUC": {"minutes": 10, "share": 80}, "HO_TICH": {"minutes": 20, "share": 60}}
COUNTERS = (2, 3, 4)
CLERK = "token:4"
MINUTES_LATE = (-11, -10, -6, -2, 0, 5, 10, 10.1, 30)
USUAL = {
    "closed": ("open",),
    "idle": ("call-next",) * 6 + ("call", "return", "return", "undo", "pause", "close", "hand-over"),
    "paused": ("resume", "resume", "undo", "return", "close"),
    "called": ("start",) * 5 + ("no-show", "no-show", "call-again", "undo", "pause", "hand-over"),
    "serving": ("finish", "call-next", "hold", "transfer") * 3 + ("undo", "dossiers", "pause"),
}


class Walk:
    def __init__(self, seed):
        self.dice, self.raters = random.Random(seed), random.Random(seed)
        self.centre = TestCentre()
        self.centre.set_policy(cap=self.dice.choice((1, 2, 5)))
        self.centre.set_hall(hours=every_day("00:00", "23:59"), appointments=BOOKABLE)
        self.reader = Reader(self.centre.hall.log_id)
        self.presses = self.refused = 0

    def press(self, caller, route, body):
        self.presses += 1
        try:
            return self.centre.send(Press(caller, route, f"key-{self.presses:08d}", body))
        except Refusal:
            self.refused += 1

    def step(self):  # noqa: C901  one branch for each thing that people do
        turn = self.dice.random()
        self.centre.clock.on(seconds=self.dice.choice((0, 0.4, 3, 9, 20, 61)))
        if turn < 0.22:
            priority = self.dice.choice(("ordinary", "ordinary", "priority", "urgent"))
            body = {"service": self.dice.choice(SERVICES), "priority_class": priority, "language": "vi"}
            self.press("device:1", "POST /tickets", body)
        elif turn < 0.25:
            self.ask_for_something()
        elif turn < 0.265:
            by = self.dice.choice(("ticket:1", "user:3", "user:9"))
            self.press(by, f"POST /tickets/{self.some(self.refs())}/cancel", {})
        elif turn < 0.285:
            body = {"priority_class": self.dice.choice(("ordinary", "priority", "urgent"))}
            self.press("user:7", f"POST /tickets/{self.some(self.refs())}/priority", body)
        elif turn < 0.315:
            self.book()
        elif turn < 0.355:
            self.come_with_an_appointment()
        elif turn < 0.36:
            self.press("user:3", f"POST /appointments/{self.some([one.id for one in self.centre.due()])}/cancel", {})
        elif turn < 0.98:
            counter = self.dice.choice(COUNTERS)
            self.work(counter)
            if self.dice.random() < 0.1:
                self.centre.clock.on(seconds=self.dice.choice((1, 10, 10.1)))
                self.press(CLERK, f"POST /counters/{counter}/undo", {})
            self.rate_some_visit()
        elif turn < 0.985:
            head_starts = self.dice.choice(((0, 20, 60), (0, 20, 60), (0, 0, 0), (0, 480, 480)))
            names = ("ordinary", "priority", "urgent")
            self.centre.set_policy(
                cap=self.dice.choice((1, 2, 5)),
                by_hand=self.dice.random() < 0.8,
                head_starts={name: timedelta(minutes=each) for name, each in zip(names, head_starts, strict=True)},
            )
        elif turn < 0.9865:
            opens, quotas = self.dice.choice((("00:00", {}), ("00:00", {"DAT_DAI": 40}), ("08:00", {})))
            self.centre.set_hall(hours=every_day(opens, "23:59", **quotas))
        elif turn < 0.99:
            self.centre.clock.jump(seconds=self.dice.choice((-4000, -3, 2, 1800)))
        elif turn < 0.997:
            self.centre.clock.on(minutes=self.dice.choice((5, 29, 31, 400)))
        else:
            self.centre.start()

    def ask_for_something(self):
        """What holders ask for, and staff do for them."""
        ref, dice = self.some(self.refs()), self.dice
        what, body = dice.choice((
            ("defer", {"minutes": dice.choice((5, 15, 30))}),
            ("defer", {"people": dice.randint(1, 4)}),
            ("service", {"service": dice.choice(SERVICES)}),
            ("people", {"people": dice.randint(1, 6)}),
            ("cancel", {}),
            ("reinstate", {"reason": dice.choice(REINSTATE_REASONS)}),
            ("end", {"refs": [ref], "reason": dice.choice(GHOST_REASONS)}),
        ))  # fmt: skip
        if what == "end":
            return self.press("user:9", "POST /tickets/end", body)
        holder = what in ("defer", "cancel")
        if what == "reinstate":
            ref = self.some(sorted(self.centre.hall.floor.cancels))
        self.press(f"ticket:{ref}" if holder else "user:7", f"POST /tickets/{ref}/{what}", body)
        if what == "cancel":
            self.centre.clock.on(seconds=dice.choice((1, 60, 121)))
            self.press(f"ticket:{ref}", f"POST /tickets/{ref}/reinstate", {})

    def rate_some_visit(self):
        """Seldom one that has ended, others ask for a visual call; by dice of its own: the walk goes where it went."""
        if self.raters.random() < 0.02:
            tickets = self.centre.hall.floor.tickets
            ended = [ref for ref, ticket in tickets.items() if ticket.state is State.FINISHED]
            if ended:
                ref, body = self.raters.choice(ended), {"rating": self.raters.choice(RATINGS)}
                self.press(f"ticket:{ref}", f"POST /tickets/{ref}/rate", body)
            for ref in self.raters.sample([*tickets], min(3, len(tickets))):
                self.press(f"ticket:{ref}", f"POST /tickets/{ref}/visual-call", {"wanted": self.raters.random() < 0.6})

    def book(self):
        service = self.dice.choice(list(BOOKABLE))
        free = self.centre.slots(service, days=self.dice.random() < 0.2)
        if free:
            self.press("user:9", "POST /appointments", {"service": service, "at": self.dice.choice(free[:4])})

    def come_with_an_appointment(self):
        """So many minutes late, as far as that is still ahead; mostly the one who is due next."""
        due = self.centre.due()
        booked = [one for one in due if one.state == "booked"]
        one = self.dice.choice(due) if due and self.dice.random() < 0.1 else min(booked, key=due_at, default=None)
        if one is not None:
            ahead = one.due_at + timedelta(minutes=self.dice.choice(MINUTES_LATE)) - self.centre.hall.now()
            if timedelta() < ahead < timedelta(minutes=15):
                self.centre.clock.on(seconds=ahead.total_seconds())
            self.press("device:1", "POST /appointments/check-in", {"code": one.code, "language": "vi"})

    def work(self, counter):
        self.centre.hall.refresh()
        floor = self.centre.hall.floor
        ticket = floor.at_counter(counter)
        staffing = floor.counter_state(counter).staffing.value
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
            "return": {"ref": self.some([*floor.holds, *floor.no_show_at])},
            "call": {
                "ref": self.some([place.ref for place in floor.waiting.places(sorted(set(SERVICES)))]),
                "reason": self.dice.choice(CALL_REASONS),
            },
            "finish": {"outcome": self.dice.choice((None, *OUTCOMES))},
            "dossiers": {"dossiers": self.dice.randint(1, 25)},
        }.get(button, {})  # fmt: skip
        self.press(CLERK, f"POST /counters/{counter}/{button}", body)

    def refs(self):
        """Those who are here or were sent away, and a few who have gone."""
        tickets = self.centre.hall.floor.tickets
        return [ref for ref, ticket in tickets.items() if not ticket.ended or self.dice.random() < 0.1]

    def some(self, refs):
        return self.dice.choice(refs) if refs else 0

    def read(self):
        for written in self.centre.store.written(self.reader.seq):
            self.reader.read(written)

    def check_everything(self):
        """Everything else: the rows, the restart, the figures, the proof."""
        rows = {row.ref: row.state.value for row in self.centre.store.tickets(*self.days())}
        assert rows == {ref: ticket["state"] for ref, ticket in self.reader.tickets.items()}
        seen, live = self.centre.seen(), self.centre.hall.floor
        self.centre.hall.reload()
        assert self.centre.seen() == seen
        self.centre.hall.floor = live
        stranger = recompute(self.centre.log())
        assert self.centre.statistics("counter") == (stranger["total"], stranger["counter"])

    def days(self):
        day = self.centre.hall.floor.day
        return day - timedelta(days=3650), day + timedelta(days=3650)


def due_at(appointment):
    return appointment.due_at


def walked(seed):
    """Return a walk of PRESSES commands; raises AssertionError at the first broken promise."""
    walk, checked = Walk(seed), 0
    while walk.presses < PRESSES:
        walk.step()
        walk.read()
        if walk.presses >= checked + 500:
            walk.check_everything()
            checked = walk.presses
    walk.check_everything()
    verdict = verify(walk.centre.store)
    assert verdict.clean, verdict.faults
    # G7: every skip is somebody's slip, also of those who were called and did not come, or whose call was undone.
    days = slips_by_day(walk.centre.store.events(0))
    for slips in days.values():
        assert {reason: slips.total(reason) for reason in slips.skips} == dict(slips.skips)
    assert sum(sum(slips.skips.values()) for slips in days.values()) > 100
    return walk


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", SEEDS)
def test_given_a_long_walk_then_every_promise_holds(seed):
    walk = walked(seed)
    # It went nearly everywhere, as all lives of the machine together did: a walk that stands still proves nothing.
    left_out = EVERY_VARIANT - set(variants(walk.centre.log()))
    assert len(left_out) <= 2, left_out
    for kind in (ev.TICKET_HELD, ev.TICKET_RETURNED, ev.TICKET_TRANSFERRED, ev.TICKET_UNDONE, ev.TICKET_NO_SHOW):
        assert walk.reader.kinds[kind] >= 10, kind
    assert walk.refused < PRESSES / 2
