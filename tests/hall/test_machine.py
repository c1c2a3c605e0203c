"""Weeks of a small centre in a minute: people, clerks and clocks as they come, in any order.

After every step the promises are looked at by those who share nothing with the hall: the log is
read line by line with tables of our own, the rule of order is the one written out plainly, and the
figures are a stranger's.
"""

import secrets
from collections import Counter
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from hall.review import GROUPINGS
from hall.verify import verify
from queueing import events as ev
from queueing.errors import KeyReused, Refusal
from queueing.events import instant
from queueing.floor import RECENT_CALLS
from tests.hall.reader import Reader
from tests.hall.small import AN, BINH, BUTTONS, ZONE, Press, Small
from tests.recompute import recompute

SERVICES = ("CHUNG_THUC", "HO_TICH", "DAT_DAI", "CHINH_SACH", "TRA_KQ")
COUNTERS = (2, 3, 4, 5)
CLERKS = (AN, BINH, "user:3", "token:4")
KIOSKS = ("device:1", "device:2", "user:7")
CLASSES = ("ordinary", "ordinary", "priority", "urgent")
crowds = st.lists(st.sampled_from(SERVICES[:3]), min_size=3, max_size=8)
KEPT = timedelta(hours=47)  # an answer is kept for two days; this much is sure


class Centre(RuleBasedStateMachine):
    presses = Bundle("presses")

    def __init__(self):
        super().__init__()
        self.small = Small()
        self.reader = Reader(self.small.hall.log_id)
        self.acknowledged = {}  # ref -> number and day, as the citizen's screen told
        self.wall_heard = []
        self.listen()
        self.key = 0

    def listen(self):
        self.small.hall.listeners.append(self.wall_heard.extend)

    def send(self, press):
        """Press a button; what was answered, None when refused. A refusal changes nothing."""
        self.small.hall.settle()
        before = self.small.state()
        try:
            answer = self.small.send(press)
        except Refusal as refusal:
            assert self.small.state() == before
            assert type(refusal).__module__ == "queueing.errors"
            return None
        if press.route == "POST /tickets":
            assert answer["ref"] not in self.acknowledged  # I1
            self.acknowledged[answer["ref"]] = (answer["number"], str(self.small.hall.floor.day))
        return answer

    def fresh(self, caller, route, body):
        self.key += 1
        press = Press(caller, route, f"key-{self.key:06d}", body)
        answer = self.send(press)
        return multiple() if answer is None else (press, answer, self.reader_time())

    def reader_time(self):
        return self.small.hall.now()

    @initialize(cap=st.sampled_from((1, 2, 1, 5)), services=crowds)
    def begin(self, cap, services):
        self.small.set_policy(cap=cap)
        for n, counter in enumerate(COUNTERS):
            self.fresh(CLERKS[n], f"POST /counters/{counter}/open", {"one_only": n < 3})
        self.a_crowd_comes(services, 20)

    # -- people ------------------------------------------------------------------------------

    @rule(
        target=presses, service=st.sampled_from(SERVICES), priority=st.sampled_from(CLASSES), by=st.sampled_from(KIOSKS)
    )
    def take(self, service, priority, by):
        self.small.clock.on(seconds=11.7)
        return self.fresh(by, "POST /tickets", {"service": service, "priority_class": priority, "language": "vi"})

    @rule(services=crowds, gap=st.sampled_from((0, 20, 400)))
    def a_crowd_comes(self, services, gap):
        for n, service in enumerate(services):
            self.small.clock.on(seconds=gap)
            priority = "priority" if n % 3 else "ordinary"
            self.fresh(KIOSKS[0], "POST /tickets", {"service": service, "priority_class": priority, "language": "en"})

    @rule(target=presses, n=st.integers(0, 50))
    def cancel(self, n):
        ref = n % (len(self.acknowledged) + 2)
        return self.fresh(f"ticket:{ref}", f"POST /tickets/{ref}/cancel", {})

    @rule(target=presses, n=st.integers(0, 50), priority=st.sampled_from(CLASSES))
    def grant(self, n, priority):
        ref = n % (len(self.acknowledged) + 2)
        return self.fresh("user:7", f"POST /tickets/{ref}/priority", {"priority_class": priority})

    # -- clerks ------------------------------------------------------------------------------

    @rule(
        target=presses,
        button=st.sampled_from(sorted(BUTTONS)),
        counter=st.sampled_from(COUNTERS),
        clerk=st.sampled_from(CLERKS),
    )
    def press(self, button, counter, clerk):
        body = {"one_only": clerk.startswith("user")} if button == "open" else {}
        return self.fresh(clerk, f"POST /counters/{counter}/{button}", body)

    @rule(target=presses, counter=st.sampled_from(COUNTERS), turn=st.integers(0, 7), n=st.integers(0, 59))
    def do_the_next_thing(self, counter, turn, n):
        """What a clerk would press who looks at the screen: `turn` up to 3 the usual, then the rest."""
        self.small.hall.settle()
        desk, ticket = self.small.hall.floor.desk(counter), self.small.hall.floor.at_counter(counter)
        if desk.staffing == "closed":
            clerk, button = CLERKS[turn % 4], "open"
        else:
            clerk = desk.clerk
            sensible = {
                "called": ("start", "start", "call-again", "no-show", "undo", "no-show", "start", "hand-over"),
                "serving": ("finish", "call-next", "call-next", "pause", "hold", "transfer", "undo", "dossiers"),
                "open": ("call-next", "call-next", "undo", "close", "return", "call", "return", "call-next"),
                "paused": ("call-next", "resume", "resume", "close", "return", "undo", "resume", "hand-over"),
            }
            button = sensible[ticket.state.value if ticket else desk.staffing.value][turn]
        self.small.clock.on(seconds=3 if button == "undo" else 31)
        return self.fresh(clerk or CLERKS[3], f"POST /counters/{counter}/{button}", self.body(button, ticket, n))

    def body(self, button, ticket, n):
        """What goes with the button: `n` chooses among what there is."""
        floor = self.small.hall.floor
        if button == "call-next":
            return {"finish": ticket is not None}
        if button == "hold":
            return {"minutes": (None, 1, 20)[n % 3]}
        if button == "transfer":
            to = ({"service": SERVICES[n % 5]}, {"to": COUNTERS[n % 4]}, {"service": SERVICES[n % 5], "first": True})
            return to[n % 3]
        if button in ("return", "call"):
            away = sorted(ref for ref, one in floor.tickets.items() if one.state.value in ("held", "no_show"))
            here = sorted(place.ref for place in floor.waiting.places(SERVICES))
            refs = away if button == "return" else here
            return {"ref": refs[n % len(refs)] if refs else 0}
        return {}

    @rule(counter=st.sampled_from(COUNTERS), times=st.integers(1, 8), comes=st.booleans())
    def serve(self, counter, times, comes):
        """The space bar, again and again."""
        at = f"POST /counters/{counter}/"
        self.fresh(CLERKS[3], at + "open", {"one_only": False})
        for _ in range(times):
            self.fresh(CLERKS[3], at + "call-next", {"finish": True})
            self.small.clock.on(seconds=40)
            self.fresh(CLERKS[3], at + ("start" if comes else "no-show"), {})
            self.small.clock.on(minutes=4)

    # -- again -------------------------------------------------------------------------------

    @rule(sent=presses)
    def repeat(self, sent):
        press, answer, at = sent
        self.small.hall.settle()
        if self.small.hall.now() - at > KEPT:
            return
        before = self.small.state()
        assert self.small.send(press) == answer
        assert self.small.state() == before

    @rule(sent=consumes(presses))
    def reuse_the_key(self, sent):
        press, _, at = sent
        self.small.hall.settle()
        if self.small.hall.now() - at > KEPT:
            return
        before = self.small.state()
        with pytest.raises(KeyReused):
            self.small.send(Press(press.caller, press.route, press.key, {**press.body, "more": 1}))
        assert self.small.state() == before

    # -- clocks, days and the machine --------------------------------------------------------

    @rule(what=st.sampled_from(("moment", "midnight", "restart", "cap", "clock")), n=st.integers(0, 11))
    def meanwhile(self, what, n):
        getattr(self, what)(n)

    def moment(self, n):
        self.small.clock.on(seconds=(0.001, 1, 59.9, 300, 1500)[n % 5])

    def midnight(self, n):
        if n >= 6:  # with somebody at the desk
            for button in ("open", "call-next", "start"):
                body = {"one_only": False} if button == "open" else {}
                self.fresh(CLERKS[3], f"POST /counters/{COUNTERS[n % 2]}/{button}", body)
        local = self.small.hall.now().astimezone(ZONE)
        midnight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        self.small.clock.on(seconds=(midnight - local).total_seconds() + (0, 1, 3600)[n % 3])

    def cap(self, n):
        self.small.set_policy(cap=(5, 2, 1, 0)[n % 4])

    def clock(self, n):
        """The machine's clock goes wrong, or is put right, or a supervisor says that it is right."""
        jumps = (-90_000, -3600, -5, -1.5, 1800, 3700, 90_000, 86_400 * 90)
        if n < len(jumps):
            self.small.clock.jump(seconds=jumps[n])
        elif n == 8:
            self.small.clock.at = datetime(1970, 1, 1, tzinfo=UTC)
        elif n == 9:
            self.small.clock.at = self.small.hall.now()
        else:
            try:
                self.small.follow_clock()
            except Refusal as refusal:
                assert refusal.code == "clock_not_held"

    def restart(self, _):
        self.small.hall.settle()
        seen, seq = self.small.seen(), self.small.seq()
        self.small.start()
        self.listen()
        if self.small.seq() == seq:
            assert self.small.seen() == seen
        else:  # the clock was taken up anew, and may have leapt into another day
            assert {event.kind for event in self.small.store.events(seq)} <= {
                ev.CLOCK_JUMPED, ev.TICKET_RETURNED, ev.TICKET_EXPIRED, ev.COUNTER_CLOSED, ev.DAY_CLOSED, ev.DAY_OPENED
            }  # fmt: skip

    # -- the promises ------------------------------------------------------------------------

    @invariant()
    def the_promises_hold(self):
        self.kept = False
        seq = self.reader.seq
        self.the_log_is_whole_and_right()  # first: the others ask what it has read
        self.a_counter_has_one_citizen_and_a_citizen_one_counter()
        if self.reader.seq == seq:
            self.kept = True
            return
        self.seen = self.small.seen()
        self.every_ticket_is_there_for_ever_and_once()
        self.the_wall_shows_what_the_log_tells()
        self.the_floor_is_what_a_restart_would_make()
        self.the_figures_are_a_strangers()
        self.kept = True

    def the_log_is_whole_and_right(self):  # I4, I6, I7
        for written in self.small.store.written(self.reader.seq):
            self.reader.read(written)

    def every_ticket_is_there_for_ever_and_once(self):  # I1, I2
        rows = {row.ref: row for row in self.small.store.tickets(date.min, date.max)}
        assert {ref: (row.number, str(row.day)) for ref, row in rows.items()} == self.acknowledged
        assert {ref: row.state.value for ref, row in rows.items()} == {
            ref: ticket["state"] for ref, ticket in self.reader.tickets.items()
        }
        assert set(Counter((row.day, row.number) for row in rows.values()).values()) <= {1}
        prefixes = {service.code: service.prefix for service in self.small.hall.catalogue.services.values()}
        for (_, service), numbers in self.reader.numbers.items():
            assert numbers == [f"{prefixes[service]}{n:03d}" for n in range(1, len(numbers) + 1)]

    def a_counter_has_one_citizen_and_a_citizen_one_counter(self):  # I3
        floor = self.small.hall.floor
        now = {counter: desk.ref for counter, desk in floor.desks.items() if desk.ref is not None}
        assert now == self.reader.counters
        assert len(set(now.values())) == len(now)
        at_counters = {r for r, t in self.reader.tickets.items() if t["state"] in ("called", "serving")}
        assert at_counters == set(now.values())
        assert {desk.ref for desk in self.small.store.desks().values() if desk.ref is not None} == at_counters

    def the_wall_shows_what_the_log_tells(self):  # I5
        board = deepcopy(self.seen["board"])
        told = [
            {
                "seq": seq,
                "number": self.reader.tickets[ref]["number"],
                "counter": counter,
                "again": again,
                "priority": self.reader.tickets[ref]["head_start_s"] > 0,
            }
            for seq, ref, counter, again in self.reader.shown
        ]
        for call in board["calls"] + board["recent"]:
            assert instant(self.small.store.events(call["seq"] - 1, 1)[0].at) == call.pop("at")
        assert board["recent"] == told[:RECENT_CALLS]
        called = {t["number"] for r, t in self.reader.tickets.items() if t["state"] == "called"}
        assert board["calls"] == [call for call in reversed(told) if call["number"] in called]
        assert [event.seq for event in self.wall_heard] == sorted({event.seq for event in self.wall_heard})

    def the_floor_is_what_a_restart_would_make(self):
        hall, live = self.small.hall, self.small.hall.floor
        hall.reload()
        assert self.small.seen() == self.seen
        assert (hall.floor.seq, hall.floor.hash, hall.floor.day) == (live.seq, live.hash, live.day)
        hall.floor = live  # go on with the one that grew

    def the_figures_are_a_strangers(self):  # I8
        self.stranger = recompute(self.small.log())
        assert self.small.statistics("service") == (self.stranger["total"], self.stranger["service"])

    def teardown(self):
        if not self.kept:
            return  # what was broken has been told already
        for by in GROUPINGS:
            assert self.small.statistics(by)[1] == self.stranger[by]
        verdict = verify(self.small.store)
        assert verdict.clean, verdict.faults
        assert (verdict.events, verdict.tickets) == (self.reader.seq, len(self.acknowledged))


# A broken life is told as it was: to shrink one takes minutes.
Centre.TestCase.settings = settings(max_examples=45, stateful_step_count=40, phases=(Phase.generate,))


@pytest.mark.timeout(600)  # on a machine that has much else to do
class TestCentre(Centre.TestCase):
    """Run by the settings above: the same lives every time."""

    @pytest.fixture(autouse=True)
    def same_secrets(self, monkeypatch):
        # Secrets decide nothing, but a failing life is to be shown again exactly.
        count = iter(range(10**9))
        monkeypatch.setattr(secrets, "token_urlsafe", lambda _: f"secret-{next(count):015d}")
