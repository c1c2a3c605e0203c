"""A whole day over HTTP: four hundred visits with every case, twelve clerks at twelve counters at once."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime, time, timedelta
from itertools import cycle
from secrets import token_hex
from time import sleep

import pytest

from hall.hall import SYSTEM, Hall
from queueing import events as ev
from queueing.catalogue import (
    CALL_REASONS,
    GHOST_REASONS,
    OUTCOMES,
    PAUSE_REASONS,
    RATING_REASONS,
    RATINGS,
    REINSTATE_REASONS,
)
from queueing.clock import SteadyClock
from store.database import Database
from store.hall import SqliteHallStore
from tests.hall.centre import ZONE, every_day
from tests.hall.test_walk import USUAL
from tests.recompute import GROUPINGS, appointments, ratings, recompute
from tests.variants import EVERY_VARIANT, variants
from tests.wire.days import judged
from tests.wire.log import read_log

VISITS, EARLY, CLERKS = 400, 150, 12  # so many wait before the first counter opens
LAST = 2  # one with an appointment, and one who came a moment before
COUNTERS = range(1, CLERKS + 1)
SERVICES = ("CHUNG_THUC", "HO_TICH", "DAT_DAI", "CHINH_SACH", "DVC_TT", "TRA_KQ", "HUONG_DAN", "KT_HT")
ROLES = ("kiosk", "greeter", "supervisor", "clerk", "clerk")
SEED = 20

BOOKABLE = ("CHUNG_THUC", "HO_TICH", "TRA_KQ", "HUONG_DAN", "DVC_TT")
OPENS, WORKS = "07:30", "07:57"
LATE, ON_TIME, BEFORE, TOO_EARLY, NEVER = "07:40", "07:50", "08:00", "08:10", "08:20"  # as they come at WORKS

# What a clerk presses first, and the state of the counter then.
SLIPS = (
    *(("open", "idle"), ("call-next", "called"), ("undo", "idle")),
    *(("call-next", "called"), ("start", "serving"), ("dossiers", "serving"), ("undo", "serving")),
    *(("hold", "idle"), ("return", "idle"), ("undo", "idle"), ("return", "idle"), ("close", "closed")),
)

# Of these the lot decides in which states a day ends.
OVER_HTTP = EVERY_VARIANT | {
    *(("ticket.cancelled", each) for each in ("ticket", "token")),
    *(("ticket.undone", each) for each in ("waiting", "called", "serving")),
    *(("print.sent", ""), ("ticket.expired", ""), ("appointment.missed", ""), ("clock.jumped", "")),
}


class Day:
    """The actions of people are drawn from fixed seeds; which of them comes first depends on the PC."""

    def __init__(self, centre, seed):
        self.centre, self.seed = centre, seed
        with ThreadPoolExecutor(len(ROLES)) as making:
            self.kiosk, self.greeter, self.supervisor, *self.clerks = making.map(centre.token, ROLES)
        self.numbers = {}  # ref -> number, of every ticket that somebody was given
        self.links = {}  # ref -> what its holder knows the ticket by
        self.ratings = cycle(RATINGS)  # as they are given
        self.away = []  # refs of those held or missed
        self.booked = {}  # when somebody is due -> codes
        self.booked_for = {}  # code -> service
        self.refused = Counter()
        self.all_came = False

    def post(self, path, body=None, token=None, again=False):
        """Send a command, twice with `again`; return the answer, or None for a refusal."""
        key = token_hex(16)
        answer = self.centre.post(f"/api/v1{path}", body, key, token, timeout=60)
        if answer.status_code == 409:
            self.refused[answer.json()["code"]] += 1
            return None
        assert answer.ok, (path, body, answer.text)
        if again:
            assert self.centre.post(f"/api/v1{path}", body, key, token, timeout=60).content == answer.content
        return answer.json()

    def furnish(self):
        """Add seven counters to those of a new centre."""
        for number in COUNTERS[5:]:
            services = [SERVICES[number % 8], SERVICES[(number + 3) % 8]]
            counter = {"number": number, "name": f"Quầy {number}", "services": services}
            self.post("/settings/counters", counter, self.supervisor)
        slots = dict.fromkeys(BOOKABLE, {"minutes": 10, "share": 80})
        self.post("/settings/hall", {"hours": every_day("00:00", "23:59"), "appointments": slots}, self.supervisor)
        states = self.centre.get("/api/v1/counters", token=self.clerks[0]).json()["counters"]
        self.serves = {state["counter"]: state["services"] for state in states}

    def book(self, day):
        """Book and cancel one slot of each service, then book some slots until they are full."""
        for service in BOOKABLE:
            path = f"/api/v1/appointments/slots?service={service}&day={day}"
            slots = self.centre.get(path, token=self.clerks[0]).json()["slots"]
            at = {f"{datetime.fromisoformat(each['at']).astimezone(ZONE):%H:%M}": each["at"] for each in slots}
            back = self.post("/appointments", {"service": service, "at": at[NEVER]}, self.clerks[1])
            self.post(f"/appointments/{back['id']}/cancel", {}, self.supervisor)
            for due in (LATE, ON_TIME, ON_TIME, BEFORE, BEFORE, BEFORE, TOO_EARLY, NEVER):
                made = self.post("/appointments", {"service": service, "at": at[due]}, self.greeter)
                if made is not None:  # the slot was not full
                    self.booked_for[made["code"]] = service
                    self.booked.setdefault(due, []).append(made["code"])

    def check_in(self, dice, due):
        """Check in one of those who are due then; a second check-in with the same code is refused."""
        code = self.booked[due].pop()
        ticket = self.post("/appointments/check-in", {"code": code}, self.kiosk, again=dice.random() < 0.2)
        if ticket is not None:
            self.numbers[ticket["ref"]], self.links[ticket["ref"]] = ticket["number"], ticket["id"]
            assert self.post("/appointments/check-in", {"code": code}, self.greeter) is None

    def come(self, dice, visits, due):
        """Let so many people arrive, and those who are `due` check in among them."""
        later = ["walks in"] * (visits // 2) + due
        dice.shuffle(later)
        for each in ["walks in"] * (visits - len(later)) + later:
            self.arrive(dice) if each == "walks in" else self.check_in(dice, each)

    def arrive(self, dice):
        priority = dice.choice(("ordinary",) * 6 + ("priority", "priority", "urgent"))
        body = {"service": dice.choice(SERVICES), "priority_class": priority}
        by = self.greeter if priority == "urgent" else self.kiosk
        ticket = self.post("/tickets", body, by, again=dice.random() < 0.1)
        ref, address = ticket["ref"], f"/tickets/{ticket['id']}"
        assert ref not in self.numbers
        self.numbers[ref], self.links[ref] = ticket["number"], ticket["id"]
        luck = dice.random()
        if luck < 0.05:
            self.post(f"{address}/cancel")  # its holder, who needs no token
        elif luck < 0.08:
            self.post(f"/tickets/{ref}/cancel", {}, self.clerks[0])
        elif luck < 0.15:
            self.post(f"/tickets/{ref}/priority", {"priority_class": "priority"}, self.greeter)
        elif luck < 0.2:
            self.post(f"/tickets/{ref}/priority", {"priority_class": "ordinary"}, self.greeter)
        elif luck < 0.25:
            self.post(f"{address}/print", {}, self.kiosk)
        elif luck < 0.5:
            self.wish(dice, ref, address)

    def wish(self, dice, ref, address):
        """What the holder asks for by the link, and what the staff do for them."""
        luck = dice.random()
        if luck < 0.3:
            self.post(f"{address}/defer", dice.choice(({"minutes": 5}, {"minutes": 30}, {"people": 1})))
        elif luck < 0.45:
            moved = self.post(f"/tickets/{ref}/service", {"service": dice.choice(SERVICES)}, self.greeter)
            assert moved is None or self.numbers[ref] in moved["moved_from"]
        elif luck < 0.6:
            self.post(f"/tickets/{ref}/people", {"people": dice.randint(2, 5)}, self.greeter)
            self.post(f"{address}/visual-call", {"wanted": True})
            if ref % 2:
                self.post(f"/tickets/{ref}/visual-call", {"wanted": False}, self.greeter)
        elif luck < 0.75:
            self.post(f"{address}/cancel")
            self.post(f"{address}/reinstate", again=True)
        elif luck < 0.9:
            self.post(f"/tickets/{ref}/cancel", {}, self.clerks[0])
            self.post(f"/tickets/{ref}/reinstate", {"reason": dice.choice(REINSTATE_REASONS)}, self.clerks[1])
        else:
            self.post("/tickets/end", {"refs": [ref], "reason": dice.choice(GHOST_REASONS)}, self.supervisor)

    def people(self, visits, n, due=()):
        self.come(random.Random(self.seed + n), visits, list(due))

    def slip(self):
        """Undo the first call of the day, a count of dossiers and a return."""
        ref = None
        for button, state in SLIPS:
            body = {"return": {"ref": ref}, "dossiers": {"dossiers": 7}}.get(button, {})
            view = self.post(f"/counters/1/{button}", body, self.clerks[1])
            assert view["counter"]["state"] == state, button
            ref = view["ticket"]["ref"] if view["ticket"] else ref

    def clerk(self, mine):
        """Press what fits the state last read, now and then at a colleague's counter, until nobody comes any more."""
        dice, seen, empty = random.Random(100 * self.seed + mine), self.read_counters(), False
        while not (self.all_came and empty):
            counter = mine if dice.random() < 0.9 else dice.choice(COUNTERS)
            state, ref = seen[counter]
            if state == "called" and ref is not None and dice.random() < 0.05:
                self.post(f"/tickets/{ref}/cancel", {}, self.supervisor)  # they say so at the counter
                seen = self.read_counters()
                continue
            button = dice.choice(USUAL[state])
            view = self.press(dice, counter, button)
            if view is None:
                seen = self.read_counters()
            else:
                seen[counter] = view["counter"]["state"], view["ticket"] and view["ticket"]["ref"]
                if ref is not None and button in ("hold", "no-show"):
                    self.away.append(ref)
                if ref is not None and button in ("finish", "call-next"):
                    self.rate(dice, ref)
            empty = (counter, button, seen[mine][0]) == (mine, "call-next", "idle")

    def rate(self, dice, ref):
        """Some of those who were served say how it was; a second time is refused."""
        if dice.random() < 0.6 and ref in self.links:
            body = {"rating": next(self.ratings)} | ({"reason": dice.choice(RATING_REASONS)} if ref % 2 else {})
            for _ in range(2):
                self.post(f"/tickets/{self.links[ref]}/rate", body, again=ref % 3 == 0)

    def supervise(self):
        """Change policy, calendar, services and the services of counters as long as people come."""
        dice, serves = random.Random(self.seed), {number: list(codes) for number, codes in self.serves.items()}
        while not self.all_came:
            seen = self.centre.get("/api/v1/settings", token=self.supervisor, timeout=60).json()
            starts = {"ordinary": 0, "priority": dice.choice((600, 1200)), "urgent": dice.choice((1200, 3600))}
            changed = {"cap": dice.choice((1, 2, 5)), "head_starts_s": starts}
            self.post("/settings/policy", seen["policy"] | changed, self.supervisor)
            number, more = dice.choice(COUNTERS), dice.choice(SERVICES)
            services = sorted({*serves[number], more})  # none is taken from a counter that has to end with it
            self.post(f"/settings/counters/{number}", {"name": f"Quầy {number}", "services": services}, self.supervisor)
            hours = every_day("00:00", "23:59", **{dice.choice(SERVICES): dice.randint(500, 900)})
            self.post("/settings/hall", {"hours": hours}, self.supervisor)
            service = dice.choice(seen["services"])
            body = {name: service[name] for name in ("prefix", "names", "hints", "icon", "target_s")}
            body["counters"] = [n["number"] for n in seen["counters"] if service["code"] in n["services"]]
            body["service_time_s"] = 60 * dice.randint(3, 20)
            self.post(f"/settings/services/{service['code']}", body, self.supervisor)
            sleep(0.3)

    def read_counters(self):
        """{counter: (state, nobody known to be there)}."""
        counters = self.centre.get("/api/v1/counters", token=self.clerks[0], timeout=60).json()["counters"]
        return {each["counter"]: (each["state"], None) for each in counters}

    def go_home(self):
        """Finish those who are being served; those who were called are no-shows."""
        for counter, (state, _) in self.read_counters().items():
            if state in ("called", "serving"):
                button = "no-show" if state == "called" else "finish"
                assert self.post(f"/counters/{counter}/{button}", {}, self.clerks[0])

    def call_by_appointment(self, code):
        """Call somebody with an appointment before one who came earlier: it depends on no dice."""
        service = self.booked_for[code]
        counter = next(number for number, services in self.serves.items() if service in services)
        at, clerk = f"/counters/{counter}", self.clerks[1]
        ordinary = self.post("/tickets", {"service": service}, self.kiosk)
        due = self.post("/appointments/check-in", {"code": code}, self.kiosk)
        self.numbers |= {each["ref"]: each["number"] for each in (ordinary, due)}
        self.post(f"{at}/open", {}, clerk)
        self.post(f"{at}/resume", {}, clerk)
        while self.post(f"{at}/call-next", {}, clerk)["ticket"]["ref"] != due["ref"]:
            self.post(f"{at}/no-show", {}, clerk)

    def press(self, dice, counter, button):
        clerk = dice.choice(self.clerks) if button == "open" else self.clerks[counter % 2]
        return self.post(f"/counters/{counter}/{button}", self.body(dice, button), clerk, again=dice.random() < 0.05)

    def body(self, dice, button):
        """Return the body of a button's request."""
        if button == "return":
            return {"ref": dice.choice(self.away or [*self.numbers])}
        if button == "call":
            return {"ref": dice.choice([*self.numbers][-60:]), "reason": dice.choice(CALL_REASONS)}
        outcome = dice.choice((None, *OUTCOMES))
        to = dice.choice(COUNTERS)
        return {
            "call-next": {"finish": dice.random() < 0.7, "outcome": outcome},
            "finish": {"outcome": outcome},
            "pause": {"reason": dice.choice((None, *PAUSE_REASONS))},
            "hold": {"minutes": dice.choice((None, 60))},
            "dossiers": {"dossiers": dice.randint(1, 20)},
            "transfer": dice.choice(
                (
                    {"service": dice.choice(SERVICES)},
                    {"counter": to, "service": dice.choice(self.serves[to])},
                    {"service": dice.choice(SERVICES), "first": True, "outcome": outcome},
                )
            ),
        }.get(button, {})


def turn_to(centre, at):
    """Stop the centre and start it again with its clock at `at`."""
    centre.stop()
    db = Database(centre.data / "hall.db")
    hall = Hall(SqliteHallStore(db), SteadyClock(lambda: at, lambda: 0.0))
    payload = {"by": SYSTEM, "followed": True, "jump_s": (at - hall.floor.at) // timedelta(seconds=1)}
    hall.run_as_system(lambda act: act.append(ev.CLOCK_JUMPED, payload))
    db.close()
    centre.start()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_given_twelve_clerks_at_once_then_the_log_is_proved_and_every_figure_is_a_strangers(centre):
    day = Day(centre, SEED)
    tomorrow = datetime.now(ZONE).date() + timedelta(days=1)
    turn_to(centre, datetime.combine(tomorrow, time.fromisoformat(OPENS), ZONE).astimezone(UTC))
    day.furnish()
    day.book(tomorrow)
    day.people(EARLY, 0)
    turn_to(centre, datetime.combine(tomorrow, time.fromisoformat(WORKS), ZONE).astimezone(UTC))
    day.slip()
    refused = day.refused["appointment_too_early"]
    day.check_in(random.Random(SEED), TOO_EARLY)
    assert day.refused["appointment_too_early"] == refused + 1
    day.post(f"/tickets/{day.links[min(day.links)]}/rate", {"rating": RATINGS[0]})  # before any service
    assert day.refused["not_served_yet"] == 1
    last = day.booked[BEFORE].pop()
    due = [due for due in (LATE, ON_TIME, BEFORE) for _ in day.booked[due]]
    with ThreadPoolExecutor(CLERKS + 3) as pool:
        half = (VISITS - EARLY - LAST) // 2
        people = [pool.submit(day.people, half, n, due[n - 1 :: 2]) for n in (1, 2)]
        clerks = [pool.submit(day.clerk, counter) for counter in COUNTERS]
        clerks.append(pool.submit(day.supervise))
        for each in people:
            each.add_done_callback(lambda _: setattr(day, "all_came", all(one.done() for one in people)))
        for each in as_completed(people + clerks):
            each.result()
    day.go_home()
    day.call_by_appointment(last)
    day.go_home()
    turn_to(centre, datetime.combine(tomorrow + timedelta(days=1), time(7), ZONE).astimezone(UTC))

    events = list(read_log(centre, day.supervisor))
    calls = [event["data"] for event in events if event["kind"] == "ticket.called"]
    went = variants(events)
    print(len(events), dict(went), day.refused, sep="\n")
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    issued = [(event["ref"], event["data"]["number"]) for event in events if event["kind"] == "ticket.issued"]
    assert len(issued) == VISITS and dict(issued) == day.numbers
    assert set(went) >= OVER_HTTP, OVER_HTTP - set(went)
    assert day.refused["rated_before"]
    assert not any(call["passes"] for call in calls if call["reason"] == "ORDER")

    verdict = centre.command("verify").splitlines()
    assert verdict == [f"{len(events)} events, {VISITS} tickets, {len(calls)} calls", "clean"]
    log_id = centre.get("/api/v1/events?after=0", token=day.supervisor).json()["log_id"]
    judged(events, log_id)
    changed = Counter(event["kind"] for event in events)
    assert changed["policy.changed"] > 5 and changed["setting.changed"] > 15

    targets = {each["code"]: each["target_s"] for each in centre.get("/api/v1/services").json()["services"]}
    expected = recompute(events, targets=targets)
    assert expected["total"]["served"] > VISITS / 4
    period = f"from={tomorrow}&to={tomorrow}"
    for by in GROUPINGS:
        shown = centre.get(f"/api/v1/statistics?{period}&by={by}", token=day.supervisor).json()
        rows = {row["key"]: {k: v for k, v in row.items() if k not in ("key", "label")} for row in shown["rows"]}
        assert (shown["total"], rows) == (expected["total"], expected[by]), by
    shown = centre.get(f"/api/v1/statistics/ratings?{period}", token=day.supervisor).json()["rows"]
    for by in ("service", "counter", "month"):
        rated = {row["key"]: (row["served"], row["rated"]) for row in shown if row["by"] == by}
        rated.pop("together", None)
        assert rated == {key: (served, sum(given)) for key, (served, given) in ratings(events, by).items()}
    slips = centre.get(f"/api/v1/statistics/slips?{period}", token=day.supervisor).json()["rows"]
    assert sum(row["skips"] for row in slips) > 0
    assert all(row["skips"] == row["slips"] for row in slips), slips
    overview = centre.get(f"/api/v1/statistics/overview?{period}", token=day.supervisor).json()
    assert overview["appointments"] == appointments(events)
