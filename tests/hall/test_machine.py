"""A state machine runs weeks of a test centre: commands of people and clerks, and jumps of the clock, in any order.

Code that shares nothing with the hall checks the promises. After every command it reads the log event by event, with
its own tables and the rule written out plainly. After every other step it compares the rows, the wall, the state
after a restart, and the figures.
"""

import secrets
from collections import Counter
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from itertools import count
from unittest.mock import patch

import hypothesis
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from msgspec.structs import replace

from hall.arrivals import take_ticket
from hall.calls import call_next
from hall.catalogue.model import Counter as CounterSetting
from hall.review import GROUPINGS, overview, ratings_by
from hall.settings import change as change_settings
from hall.undo import undo_last
from hall.verify import verify
from queueing import events as ev
from queueing.catalogue import CALL_REASONS, GHOST_REASONS, OUTCOMES, RATING_REASONS, RATINGS, REINSTATE_REASONS
from queueing.errors import KeyReused, Refusal
from queueing.events import instant
from queueing.floor import RECENT_CALLS
from queueing.slips import slips_by_day
from tests.hall.centre import AN, BINH, BUTTONS, ZONE, Press, TestCentre, every_day
from tests.hall.one_commit import in_one_commit
from tests.hall.reader import Reader
from tests.recompute import appointments, ratings, recompute
from tests.variants import EVERY_VARIANT, variants

SERVICES = ("CHUNG_THUC", "HO_TICH", "DAT_DAI", "CHINH_SACH", "TRA_KQ")
COUNTERS = (2, 3, 4, 5)
CLERKS = (AN, BINH, "user:3", "token:4")
KIOSKS = ("device:1", "device:2", "user:7")
CLASSES = ("ordinary", "ordinary", "priority", "urgent")
CANCELLERS = ("ticket:1", "user:3", "user:9")
BOOKABLE = {"CHUNG_THUC": {"minutes": 10, "share": 80}, "TRA_KQ": {"minutes": 20, "share": 60}}
CALENDARS = (
    every_day("00:00", "23:59"),
    every_day("07:00", "17:00", HO_TICH=12),
    every_day("00:00", "23:59", CHUNG_THUC=30),
)
SKILLS = {
    2: (["CHUNG_THUC", "HO_TICH"], ["CHUNG_THUC"], ["CHUNG_THUC", "DAT_DAI", "HO_TICH"]),
    3: (["CHUNG_THUC", "DAT_DAI"], ["DAT_DAI"], ["CHINH_SACH", "DAT_DAI"]),
    4: (["CHINH_SACH", "HO_TICH", "KT_HT"], ["CHINH_SACH", "HO_TICH", "KT_HT", "TRA_KQ"], ["CHINH_SACH", "KT_HT"]),
    5: (["TRA_KQ"], ["CHUNG_THUC", "TRA_KQ"], ["HO_TICH", "TRA_KQ"]),
}
LETTERS = "BHLMXC"
BEGIN = date(2026, 1, 1)

# What befalls the hall, and what people and clerks do: mostly clerks. Two numbers choose the rest of a deed.
EVENTS = ("moment", "moment", "restart", "policy", "calendar", "clock", "midnight", "changes")
DEEDS = (
    *(("work",) * 9 + ("slip", "serve", "press", "again")),
    *("take", "take", "crowd", "grant", "cancel", "book", "book", "come", "come", "give_back", "together"),
    *("regret", "defer", "move", "family", "ghosts", "rate"),
)
# What shares a commit: C a change of the settings, I somebody who takes a number, N a call, U an undo.
TOGETHER = ("CN", "CI", "CCN", "ICN", "CICN", "NCUI", "CNCN", "NCCU")
deeds = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 7), st.integers(0, 59)), min_size=8, max_size=24)
HEAD_STARTS = ((0, 20, 60), (0, 0, 0), (0, 20, 60), (0, 480, 480))  # minutes, by class
KEPT = timedelta(hours=47)  # an answer is kept for two days; this much is sure


class CentreMachine(RuleBasedStateMachine):
    pressed, lived = 0, Counter()  # in all lives together

    def __init__(self):
        super().__init__()
        self.centre = TestCentre()
        self.reader = Reader(self.centre.hall.log_id)
        self.acknowledged = {}  # ref -> number and day, as the answers said
        self.wall_heard = []
        self.listen()
        self.sent = []  # what was answered: (press, answer, when)
        self.key = self.steps = self.checked_at = 0

    def listen(self):
        self.centre.hall.listeners.append(self.wall_heard.extend)

    def send(self, press):
        """Press a button; return the answer, or None for a refusal, which must not have written anything."""
        self.centre.hall.refresh()
        before = self.state()
        try:
            answer = self.centre.send(press)
        except Refusal as refusal:
            assert self.state() == before
            assert type(refusal).__module__ == "queueing.errors"
            return None
        if press.route in ("POST /tickets", "POST /appointments/check-in"):
            assert answer["ref"] not in self.acknowledged  # I1
            self.acknowledged[answer["ref"]] = (answer["number"], str(self.centre.hall.floor.day))
        elif press.route.endswith("/service"):  # the same ticket, under another number from now on
            number, day = self.acknowledged[answer["ref"]]
            assert number in answer["moved_from"]
            self.acknowledged[answer["ref"]] = (answer["number"], day)
        return answer

    def state(self):
        """Return how many rows were ever written, and at every tenth press the whole state, because it is large."""
        return self.centre.store.rows_changed(), None if self.key % 10 else self.centre.state()

    def fresh(self, caller, route, body):
        """Press with a new key."""
        self.key += 1
        CentreMachine.pressed += 1
        press = Press(caller, route, f"key-{self.key:06d}", body)
        answer = self.send(press)
        if answer is not None:
            self.sent.append((press, answer, self.centre.hall.now()))

    @initialize(cap=st.sampled_from((1, 2, 1, 5)), n=st.integers(0, 59))
    def begin(self, cap, n):
        self.centre.set_policy(cap=cap)
        self.centre.set_hall(hours=CALENDARS[0], appointments=BOOKABLE)
        for clerk, counter in zip(CLERKS, COUNTERS, strict=True):
            self.fresh(clerk, f"POST /counters/{counter}/open", {"one_only": clerk.startswith("user")})
        self.crowd(3, n)

    # Both rules have deeds in them: a life in which nobody works shows nothing.

    @rule(deeds=deeds)
    def a_while(self, deeds):
        """People come and go while the clerks work; every event is read before the next step."""
        for deed, turn, n in deeds:
            getattr(self, deed)(turn, n)
            self.the_log_is_whole_and_right()

    @rule(what=st.sampled_from(EVENTS), n=st.integers(0, 11), deeds=deeds)
    def and_then(self, what, n, deeds):
        """Something happens to the centre, and the day goes on."""
        getattr(self, what)(n)
        self.a_while(deeds)

    # -- people ------------------------------------------------------------------------------

    def take(self, turn, n):
        self.centre.clock.on(seconds=11.7)
        body = {"service": SERVICES[n % 5], "priority_class": CLASSES[turn % 4], "language": "vi"}
        self.fresh(KIOSKS[turn % 3], "POST /tickets", body)

    def crowd(self, turn, n):
        """Some at once, for two services; most of them with priority."""
        for one in range(2 + turn % 4):
            self.centre.clock.on(seconds=(0, 20, 300)[n % 3])
            service, priority = SERVICES[(n + one % 2) % 3], "priority" if one % 3 else "ordinary"
            self.fresh(KIOSKS[0], "POST /tickets", {"service": service, "priority_class": priority, "language": "en"})

    def cancel(self, turn, n):
        self.fresh(CANCELLERS[turn % 3], f"POST /tickets/{self.somebody(n)}/cancel", {})

    def grant(self, turn, n):
        body = {"priority_class": CLASSES[turn % 4]}
        self.fresh("user:7", f"POST /tickets/{self.somebody(n)}/priority", body)

    def regret(self, turn, n):
        """Somebody cancels; a moment later, or too late, holder or staff take it back."""
        self.centre.hall.refresh()
        ref = self.somebody(n)
        self.fresh(f"ticket:{ref}" if turn % 4 else "user:3", f"POST /tickets/{ref}/cancel", {})
        self.centre.clock.on(seconds=(0, 3, 60, 119, 121, 9, 30, 300)[turn])
        if turn % 3 == 1:
            self.work(turn, n)
        gone = sorted(self.centre.hall.floor.cancels)
        ref = ref if turn % 2 or not gone else gone[n % len(gone)]
        body = {"reason": (*REINSTATE_REASONS, "no_reason")[n % 5]} if n % 3 == 0 else {}
        self.fresh("user:7" if body else f"ticket:{ref}", f"POST /tickets/{ref}/reinstate", body)

    def defer(self, turn, n):
        body = ({"minutes": (5, 15, 30, 7)[n % 4]}, {"people": (1, 2, 3, 10)[n % 4]})[turn % 2]
        ref = self.somebody(n)
        self.fresh("user:7" if turn == 3 else f"ticket:{ref}", f"POST /tickets/{ref}/defer", body)

    def move(self, turn, n):
        self.fresh("user:7", f"POST /tickets/{self.somebody(n)}/service", {"service": SERVICES[(turn + n) % 5]})

    def family(self, turn, n):
        self.fresh("user:7", f"POST /tickets/{self.somebody(n)}/people", {"people": turn + n % 5})
        ref = self.somebody(n // 3)
        self.fresh(f"ticket:{ref}", f"POST /tickets/{ref}/visual-call", {"wanted": turn % 4 > 0})

    def rate(self, turn, n):
        """One of those who were finished last rates the visit; seldom anybody; the clerk may undo it at once."""
        self.centre.hall.refresh()
        done = [ref for ref, one in self.centre.hall.floor.tickets.items() if one.state.value == "finished"]
        ref = done[-1 - n % min(3, len(done))] if done and n % 5 else self.somebody(n)
        body = {"rating": (*RATINGS, "awful")[turn % 5]} | ({"reason": RATING_REASONS[n % 5]} if n % 2 else {})
        self.fresh(f"ticket:{ref}" if n % 3 else "device:5", f"POST /tickets/{ref}/rate", body)
        if turn > 4 and ref in self.centre.hall.floor.last_finished.values():
            counter = self.centre.hall.floor.tickets[ref].leg.counter
            clerk = self.centre.hall.floor.counter_state(counter).clerk
            self.fresh(clerk or CLERKS[3], f"POST /counters/{counter}/undo", {})

    def ghosts(self, turn, n):
        """Some who wait are ended together; seldom all of them."""
        refs = sorted(place.ref for place in self.centre.hall.floor.waiting.places(SERVICES))
        some = refs[n % 7 :: 3 + turn] or [0]
        self.fresh("user:9", "POST /tickets/end", {"refs": some, "reason": (*GHOST_REASONS, "no_reason")[n % 5]})

    def somebody(self, n):
        """One who waits, stands at a counter or was sent away; now and then anybody, or nobody."""
        here = [ref for ref, ticket in self.centre.hall.floor.tickets.items() if not ticket.ended]
        return here[n % len(here)] if here and n % 4 else n % (len(self.acknowledged) + 2)

    # -- who has an appointment ----------------------------------------------------------------

    def book(self, turn, n):
        """One of the next slots, seldom one of tomorrow; or a time that is no slot."""
        service = (*BOOKABLE, "DAT_DAI")[turn % 3]
        free = self.centre.slots(service, days=n % 10 == 1)
        at = free[turn % 3] if n and len(free) > 3 else ev.instant(self.centre.hall.now() + timedelta(minutes=7))
        self.fresh("user:9", "POST /appointments", {"service": service, "at": at})

    def come(self, turn, n):
        """Somebody with an appointment, so many minutes late if that is still ahead."""
        late = timedelta(minutes=(-11, -10, -7, 0, 4, 10, 10.1, 25)[turn])
        due = [one for one in self.centre.due() if one.state == "booked" or n == 0]
        if not due:
            return
        ahead = due[n % len(due)].due_at + late - self.centre.hall.now()
        if timedelta() < ahead < timedelta(hours=1):
            self.centre.clock.on(seconds=ahead.total_seconds())
        body = {"code": due[n % len(due)].code, "language": "vi"}
        self.fresh(KIOSKS[0], "POST /appointments/check-in", body)

    def give_back(self, turn, n):
        due = [one for one in self.centre.due(days=n % 5 == 1) if one.state == "booked" or n == 0]
        number = due[n % len(due)].id if due else n
        self.fresh("user:3", f"POST /appointments/{number}/cancel", {})

    # -- clerks ------------------------------------------------------------------------------

    def press(self, turn, n):
        """Any button of any counter, by anybody."""
        button, clerk = sorted(BUTTONS)[n % len(BUTTONS)], CLERKS[turn % 4]
        body = {"one_only": clerk.startswith("user")} if button == "open" else {}
        self.fresh(clerk, f"POST /counters/{COUNTERS[turn // 2]}/{button}", body)

    def work(self, turn, n):
        """What a clerk would press who looks at the screen: `turn` up to 3 the usual, then the rest."""
        self.centre.hall.refresh()
        counter, n = COUNTERS[n % 4], n // 4
        state, ticket = self.centre.hall.floor.counter_state(counter), self.centre.hall.floor.at_counter(counter)
        if state.staffing == "closed":
            clerk, button = CLERKS[turn % 4], "open"
        else:
            clerk = state.clerk
            sensible = {
                "called": ("start", "start", "call-again", "no-show", "undo", "no-show", "start", "hand-over"),
                "serving": ("finish", "call-next", "call-next", "pause", "hold", "transfer", "undo", "dossiers"),
                "open": ("call-next", "call-next", "undo", "close", "return", "call", "return", "call-next"),
                "paused": ("call-next", "resume", "resume", "close", "return", "undo", "resume", "hand-over"),
            }
            button = sensible[ticket.state.value if ticket else state.staffing.value][turn]
        self.centre.clock.on(seconds=2 if button == "undo" or n % 2 else 31)
        self.fresh(clerk or CLERKS[3], f"POST /counters/{counter}/{button}", self.body(button, ticket, n))

    def slip(self, turn, n):
        """A clerk undoes the last step, in time or a moment too late; mostly with somebody who is served."""
        self.centre.hall.refresh()
        counter = COUNTERS[n % 4]
        clerk = self.centre.hall.floor.counter_state(counter).clerk or CLERKS[3]
        for button in ("open", "call-next", "start") if turn > 2 else ():
            body = {"one_only": clerk.startswith("user")} if button == "open" else {}
            self.fresh(clerk, f"POST /counters/{counter}/{button}", body)
        self.work(turn, n)
        clerk = self.centre.hall.floor.counter_state(counter).clerk
        self.centre.clock.on(seconds=(1, 10, 4, 10.1)[n // 4 % 4])
        self.fresh(clerk or CLERKS[3], f"POST /counters/{counter}/undo", {})

    def body(self, button, ticket, n):
        """Return the body of a button's request; `n` chooses among what there is."""
        floor = self.centre.hall.floor
        if button == "call-next":
            return {"finish": ticket is not None}
        if button == "finish":
            return {"outcome": OUTCOMES[n % len(OUTCOMES)] if n % 2 else None}
        if button == "dossiers":
            return {"dossiers": 1 + n}
        if button == "hold":
            return {"minutes": (None, 1, 20)[n % 3]}
        if button == "transfer":
            there = [each.number for each in self.centre.hall.catalogue.serving(ticket.service)]
            there = [each for each in there if each != ticket.counter and floor.counter_state(each).staffing == "open"]
            there = there if there and n < 12 else COUNTERS
            to = there[n % len(there)]
            return ({"service": SERVICES[n % 5]}, {"to": to}, {"service": SERVICES[n % 5], "first": True})[n % 3]
        if button in ("return", "call"):
            away = sorted(ref for ref, one in floor.tickets.items() if one.state.value in ("held", "no_show"))
            here = sorted(place.ref for place in floor.waiting.places(SERVICES))
            refs = away if button == "return" else here
            ref = {"ref": refs[n % len(refs)] if refs else 0}
            return ref if button == "return" else {**ref, "reason": (*CALL_REASONS, "no_reason")[n % 6]}
        return {}

    def serve(self, turn, n):
        """The space bar, again and again."""
        at = f"POST /counters/{COUNTERS[n % 4]}/"
        self.fresh(CLERKS[3], at + "open", {"one_only": False})
        for _ in range(1 + turn % 4):
            self.fresh(CLERKS[3], at + "call-next", {"finish": True})
            self.centre.clock.on(seconds=40)
            self.fresh(CLERKS[3], at + ("start" if n % 3 else "no-show"), {})
            self.centre.clock.on(minutes=4)

    # -- with a supervisor, in one commit ------------------------------------------------------

    def together(self, turn, n):
        """Changes of the settings, people and clerks at one moment: one commit has all of them, each at its place."""
        self.centre.hall.refresh()
        make = {"C": self.changed, "I": self.issued, "N": self.next_called}
        uses = [
            self.undone(n) if what == "U" else make[what](turn + place, n + 7 * place)
            for place, what in enumerate(TOGETHER[turn])
        ]
        CentreMachine.pressed += len(uses)
        for end in in_one_commit(self.centre.hall, *uses):
            ticket = getattr(end, "ticket", None)
            if ticket is not None:
                self.acknowledged[ticket.ref] = (ticket.number, str(ticket.day))

    def changes(self, n):
        in_one_commit(self.centre.hall, self.changed(n, n))

    def changed(self, turn, n):
        """A change of the settings; refused where it would leave somebody or something without a counter."""
        centre, counter = self.centre, COUNTERS[n % 4]
        if turn % 6 < 2:
            cap, starts = (5, 2, 1)[n % 3], HEAD_STARTS[n // 3 % 4]
            starts = {name: 60 * each for name, each in zip(CLASSES[1:], starts, strict=True)}
            policy = replace(centre.hall.catalogue.policy, cap=cap, head_starts_s=starts, by_hand=n % 5 > 0)
            return "user:9", lambda act: change_settings.change_policy(act, policy)
        if turn % 6 == 2:
            return "user:9", lambda act: change_settings.change_hall(act, {"hours": CALENDARS[n % 3]})
        if turn % 6 == 3:
            service = centre.hall.catalogue.services[SERVICES[n % 5]]
            at = [each.number for each in centre.hall.catalogue.serving(service.code)]
            if n % 3 == 0:
                wanted = replace(service, prefix=LETTERS[n // 3 % len(LETTERS)])
            else:
                wanted = replace(service, active=not service.active)
                at = [] if service.active and n % 3 == 1 else at or [counter]
            return "user:9", lambda act: change_settings.change_service(act, service.code, wanted, at)
        wanted = CounterSetting(counter, f"Quầy {counter}", SKILLS[counter][n // 4 % 3])
        return "user:9", lambda act: change_settings.change_counter(act, counter, wanted)

    def issued(self, turn, n):
        service, priority = SERVICES[n % 5], CLASSES[turn % 4]
        return KIOSKS[turn % 3], lambda act: take_ticket(act, service, priority, "vi")

    def next_called(self, turn, n):
        counter = COUNTERS[n % 4]
        clerk = self.centre.hall.floor.counter_state(counter).clerk or CLERKS[3]
        return clerk, lambda act: call_next(act, counter, finish=turn % 4 > 0)

    def undone(self, n):
        counter = COUNTERS[n % 4]
        clerk = self.centre.hall.floor.counter_state(counter).clerk or CLERKS[3]
        return clerk, lambda act: undo_last(act, counter)

    # -- again -------------------------------------------------------------------------------

    def again(self, turn, n):
        """Send a command twice, which gets the same answer; or use its key for something else, which is refused."""
        self.centre.hall.refresh()
        if not self.sent or self.centre.hall.now() - self.sent[-1 - n % len(self.sent)][2] > KEPT:
            return
        press, answer, _ = self.sent[-1 - n % len(self.sent)]
        before = self.centre.state()
        if turn < 6:
            assert self.centre.send(press) == answer
        else:
            with pytest.raises(KeyReused):
                self.centre.send(Press(press.caller, press.route, press.key, {**press.body, "more": 1}))
        assert self.centre.state() == before

    # -- clocks, days and the machine --------------------------------------------------------

    def moment(self, n):
        self.centre.clock.on(seconds=(0.001, 1, 59.9, 300, 1500)[n % 5])

    def midnight(self, n):
        if n >= 6:  # with somebody at the counter
            for button in ("open", "call-next", "start"):
                body = {"one_only": False} if button == "open" else {}
                self.fresh(CLERKS[3], f"POST /counters/{COUNTERS[n % 2]}/{button}", body)
        local = self.centre.hall.now().astimezone(ZONE)
        midnight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        self.centre.clock.on(seconds=(midnight - local).total_seconds() + (0, 1, 3600)[n % 3])

    def policy(self, n):
        minutes = zip(CLASSES[1:], HEAD_STARTS[n // 3], strict=True)
        head_starts = {name: timedelta(minutes=each) for name, each in minutes}
        self.centre.set_policy(cap=(5, 2, 1, 1)[n % 4], head_starts=head_starts, by_hand=n % 5 > 0)

    def calendar(self, n):
        self.centre.set_hall(hours=CALENDARS[n % 4 if n % 4 < 3 else 0])

    def clock(self, n):
        """The machine's clock goes wrong, or is put right, or a supervisor says that it is right."""
        jumps = (-90_000, -3600, -5, -1.5, 1800, 3700, 90_000, 86_400 * 90)
        if n < len(jumps):
            self.centre.clock.jump(seconds=jumps[n])
        elif n == 8:
            self.centre.clock.at = datetime(1970, 1, 1, tzinfo=UTC)
        elif n == 9:
            self.centre.clock.at = self.centre.hall.now()
        else:
            try:
                self.centre.follow_clock()
            except Refusal as refusal:
                assert refusal.code == "clock_not_held"

    def restart(self, _):
        self.centre.hall.refresh()
        seen, seq, now = self.centre.seen(), self.centre.seq(), self.centre.hall.now()
        self.centre.start()
        self.listen()
        if self.centre.seq() == seq:
            # The clock is followed again, a little ahead of the hall's time or behind it, but never behind the last
            # event: what follows from the time alone is another now.
            assert self.centre.seen() == seen or self.centre.hall.now() != now
            assert self.centre.hall.now() >= self.reader.at
        else:  # the clock was read again, and may have leapt into another day
            assert {event.kind for event in self.centre.store.events(seq)} <= {
                ev.CLOCK_JUMPED, ev.TICKET_RETURNED, ev.TICKET_EXPIRED, ev.COUNTER_CLOSED, ev.DAY_CLOSED, ev.DAY_OPENED,
                ev.APPOINTMENT_MISSED,
            }  # fmt: skip

    # -- the promises ------------------------------------------------------------------------

    @invariant()
    def the_promises_hold(self):
        self.kept = False
        self.the_log_is_whole_and_right()  # first: the others ask what it has read
        self.a_counter_has_one_citizen_and_a_citizen_one_counter()
        self.steps += 1
        if self.steps % 2 or self.reader.seq == self.checked_at:
            self.kept = True
            return
        self.check_everything()

    def check_everything(self):
        self.kept, self.checked_at = False, self.reader.seq
        self.seen = self.centre.seen()
        self.every_ticket_is_there_for_ever_and_once()
        self.the_wall_shows_what_the_log_says()
        self.the_floor_is_what_a_restart_would_make()
        self.the_figures_are_a_strangers()
        self.kept = True

    def the_log_is_whole_and_right(self):  # I4, I6, I7
        for written in self.centre.store.written(self.reader.seq):
            self.reader.read(written)

    def every_ticket_is_there_for_ever_and_once(self):  # I1, I2
        rows = {row.ref: row for row in self.centre.store.tickets(date.min, date.max)}
        assert {ref: (row.number, str(row.day)) for ref, row in rows.items()} == self.acknowledged
        assert {ref: row.state.value for ref, row in rows.items()} == {
            ref: ticket["state"] for ref, ticket in self.reader.tickets.items()
        }
        days = {date.fromisoformat(day) for _, _, day, *_ in self.reader.appointments.values()}
        booked = [each for day in days for each in self.centre.store.appointments(day)]
        assert {each.id: (each.state, each.ref) for each in booked} == {
            number: (state, ref) for number, (state, *_, ref) in self.reader.appointments.items()
        }
        assert set(Counter((row.day, row.number) for row in rows.values()).values()) <= {1}
        for numbers in self.reader.numbers.values():  # whose letters the reader has seen
            assert [number[1:] for number in numbers] == [f"{n:03d}" for n in range(1, len(numbers) + 1)]

    def a_counter_has_one_citizen_and_a_citizen_one_counter(self):  # I3
        floor = self.centre.hall.floor
        now = {counter: state.ref for counter, state in floor.counter_states.items() if state.ref is not None}
        assert now == self.reader.counters
        assert len(set(now.values())) == len(now)
        at_counters = {r for r, t in self.reader.tickets.items() if t["state"] in ("called", "serving")}
        assert at_counters == set(now.values())
        assert {
            state.ref for state in self.centre.store.counter_states().values() if state.ref is not None
        } == at_counters

    def the_wall_shows_what_the_log_says(self):  # I5
        board = deepcopy(self.seen["board"])
        calls = [
            {
                "seq": seq,
                "number": number,  # as it was called, whatever its service is since
                "counter": counter,
                "again": again,
                "priority": priority,
            }
            for seq, _, counter, again, priority, number in self.reader.shown
        ]
        for call in board["calls"] + board["recent"]:
            assert instant(self.centre.store.events(call["seq"] - 1, 1)[0].at) == call.pop("at")
        assert board["recent"] == calls[:RECENT_CALLS]
        called = {t["number"] for r, t in self.reader.tickets.items() if t["state"] == "called"}
        assert board["calls"] == [call for call in reversed(calls) if call["number"] in called]
        assert [event.seq for event in self.wall_heard] == sorted({event.seq for event in self.wall_heard})

    def the_floor_is_what_a_restart_would_make(self):
        hall, live = self.centre.hall, self.centre.hall.floor
        hall.reload()
        assert self.centre.seen() == self.seen
        assert (hall.floor.seq, hall.floor.hash, hall.floor.day) == (live.seq, live.hash, live.day)
        hall.floor = live  # go on with the one that grew

    def the_figures_are_a_strangers(self):  # I8
        self.stranger = recompute(self.centre.log())
        assert self.centre.statistics("service") == (self.stranger["total"], self.stranger["service"])

    def teardown(self):
        if not self.kept:
            return  # what was broken is reported already
        self.check_everything()
        for by in GROUPINGS:
            assert self.centre.statistics(by)[1] == self.stranger[by]
        groups = ratings_by(self.centre.store, date.min, date.max, ("service", "counter", "clerk", "month"))[1]
        assert {by: {key: tuple(row) for key, row in rows.items()} for by, rows in groups.items()} == {
            by: ratings(self.centre.log(), by) for by in groups
        }
        today = self.centre.hall.floor.day
        counted = overview(self.centre.store, BEGIN, today + timedelta(days=1), ZONE).appointments
        assert counted == appointments(self.centre.log())
        for slips in slips_by_day(self.centre.store.events(0)).values():  # G7
            assert {reason: slips.total(reason) for reason in slips.skips} == dict(slips.skips)
        verdict = verify(self.centre.store)
        assert verdict.clean, verdict.faults
        assert (verdict.events, verdict.tickets) == (self.reader.seq, len(self.acknowledged))
        CentreMachine.lived.update(variants(self.centre.log()))


def live(lives, seed=None):
    """Live so many lives, the same ones each time, or those of another seed; return how many commands were sent.

    Raises AssertionError at the first broken promise. That life is printed as it was: to shorten one takes minutes.
    """
    numbers = count()
    CentreMachine.pressed = 0
    CentreMachine.lived.clear()
    same = settings(max_examples=lives, stateful_step_count=20, phases=(Phase.generate,), derandomize=seed is None)
    if seed is not None:
        hypothesis.seed(seed)(CentreMachine)
    # Secrets decide nothing, but a failing life is to be shown again exactly.
    with patch.object(secrets, "token_urlsafe", lambda _: f"secret-{next(numbers):015d}"):
        run_state_machine_as_test(CentreMachine, settings=same)
    return CentreMachine.pressed


@pytest.mark.timeout(600)  # on a machine that has much else to do
def test_given_any_lives_of_a_centre_then_every_promise_holds():
    """The first few; `python -m tools.lives` lives many others."""
    assert live(24) >= 7_000
    assert set(CentreMachine.lived) >= EVERY_VARIANT, EVERY_VARIANT - set(CentreMachine.lived)
