"""A whole day over HTTP: four hundred visits with every case, twelve clerks at twelve counters at once."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from secrets import token_hex

import pytest

from queueing.catalogue import CALL_REASONS, OUTCOMES, PAUSE_REASONS
from tests.hall.test_walk import USUAL
from tests.recompute import GROUPINGS, recompute
from tests.wire.log import read_log

VISITS, EARLY, CLERKS = 400, 150, 12  # so many wait before the first counter opens
COUNTERS = range(1, CLERKS + 1)
SERVICES = ("CHUNG_THUC", "HO_TICH", "DAT_DAI", "CHINH_SACH", "DVC_TT", "TRA_KQ", "HUONG_DAN", "KT_HT")
ROLES = ("kiosk", "greeter", "supervisor", "clerk", "clerk")

COLLEAGUES = ("open", "resume", "pause", "hand-over", "return", "call-again")

EVERY_CASE = {
    *("ticket.issued", "ticket.priority_changed", "ticket.called", "ticket.called_again", "ticket.started"),
    *("ticket.finished", "ticket.no_show", "ticket.held", "ticket.returned", "ticket.transferred"),
    *("ticket.dossiers_counted", "ticket.undone", "ticket.cancelled", "print.sent"),
    *("counter.opened", "counter.paused", "counter.resumed", "counter.handed_over", "counter.closed"),
}
EVERY_VARIANT = {
    *(("ticket.issued", each) for each in ("ordinary", "priority", "urgent")),
    *(("ticket.priority_changed", each) for each in ("ordinary", "priority")),
    *(("ticket.cancelled", each) for each in ("ticket", "token")),
    *(("ticket.held", each) for each in ("for a time", "until back")),
    *(("ticket.returned", each) for each in ("held", "no_show")),
    *(("ticket.undone", each) for each in ("waiting", "called", "serving")),
    *(("ticket.transferred", each) for each in ("to a service", "to a counter", "first")),
    ("ticket.called", "in one press"),
}
EVERY_REASON = {"ORDER", "HEADSTART", "CAP", "RETURN", "TRANSFER", "MANUAL"}


class Day:
    """What people do is a matter of dice that always fall the same; who comes first, of the machine."""

    def __init__(self, centre):
        self.centre = centre
        with ThreadPoolExecutor(len(ROLES)) as making:
            self.kiosk, self.greeter, self.supervisor, *self.clerks = making.map(centre.token, ROLES)
        self.told = {}  # ref -> number, of every ticket that somebody was given
        self.away = []  # refs of those held or missed
        self.refused = Counter()
        self.all_came = False

    def post(self, path, body=None, token=None, again=False):
        """Press, twice where the first answer seemed lost; the answer, or None where the hall says no."""
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
        """Seven counters more than a new centre has."""
        for number in COUNTERS[5:]:
            services = [SERVICES[number % 8], SERVICES[(number + 3) % 8]]
            counter = {"number": number, "name": f"Quầy {number}", "services": services}
            self.post("/settings/counters", counter, self.supervisor)
        desks = self.centre.get("/api/v1/counters", token=self.clerks[0]).json()["counters"]
        self.serves = {desk["counter"]: desk["services"] for desk in desks}

    def arrive(self, dice):
        priority = dice.choice(("ordinary",) * 6 + ("priority", "priority", "urgent"))
        body = {"service": dice.choice(SERVICES), "priority_class": priority}
        by = self.greeter if priority == "urgent" else self.kiosk
        ticket = self.post("/tickets", body, by, again=dice.random() < 0.1)
        ref, door = ticket["ref"], f"/tickets/{ticket['id']}"
        assert ref not in self.told
        self.told[ref] = ticket["number"]
        luck = dice.random()
        if luck < 0.05:
            self.post(f"{door}/cancel")  # its holder, who needs no token
        elif luck < 0.08:
            self.post(f"/tickets/{ref}/cancel", {}, self.clerks[0])
        elif luck < 0.15:
            self.post(f"/tickets/{ref}/priority", {"priority_class": "priority"}, self.greeter)
        elif luck < 0.2:
            self.post(f"/tickets/{ref}/priority", {"priority_class": "ordinary"}, self.greeter)
        elif luck < 0.25:
            self.post(f"{door}/print", {}, self.kiosk)

    def people(self, visits, seed):
        dice = random.Random(seed)
        for _ in range(visits):
            self.arrive(dice)

    def slip(self):
        """The first call of the day was a slip of the finger."""
        for button, state in (("open", "idle"), ("call-next", "called"), ("undo", "idle"), ("close", "closed")):
            assert self.post(f"/counters/1/{button}", {}, self.clerks[1])["counter"]["state"] == state

    def clerk(self, mine):
        """Presses what fits what was last seen, now and then at a colleague's counter, until nobody comes any more."""
        dice, seen, empty = random.Random(mine), self.look(), False
        while not (self.all_came and empty):
            counter = mine if dice.random() < 0.9 else dice.choice(COUNTERS)
            state, ref = seen[counter]
            button = dice.choice([each for each in USUAL[state] if self.may(mine, counter, state, each)])
            view = self.press(dice, counter, button)
            if view is None:
                seen = self.look()
            else:
                seen[counter] = view["counter"]["state"], view["ticket"] and view["ticket"]["ref"]
                if ref is not None and button in ("hold", "no-show"):
                    self.away.append(ref)
            empty = (counter, button, seen[mine][0]) == (mine, "call-next", "idle")

    def may(self, mine, counter, state, button):
        """At a colleague's counter nobody is called or served; one's own call is not taken back in the crowd."""
        if counter == mine:
            return (state, button) != ("called", "undo")
        return button in COLLEAGUES or button == "dossiers"

    def look(self):
        """{counter: (state, nobody known to be there)}."""
        counters = self.centre.get("/api/v1/counters", token=self.clerks[0], timeout=60).json()["counters"]
        return {each["counter"]: (each["state"], None) for each in counters}

    def go_home(self):
        """Who is at a desk is served, who was called has gone."""
        for counter, (state, _) in self.look().items():
            if state in ("called", "serving"):
                button = "no-show" if state == "called" else "finish"
                assert self.post(f"/counters/{counter}/{button}", {}, self.clerks[0])

    def press(self, dice, counter, button):
        clerk = dice.choice(self.clerks) if button == "open" else self.clerks[counter % 2]
        return self.post(f"/counters/{counter}/{button}", self.body(dice, button), clerk, again=dice.random() < 0.05)

    def body(self, dice, button):
        """What goes with a button."""
        if button == "return":
            return {"ref": dice.choice(self.away or [*self.told])}
        if button == "call":
            return {"ref": dice.choice([*self.told][-60:]), "reason": dice.choice(CALL_REASONS)}
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


def variant(event):
    """Which of the ways a thing can happen this was; a pair."""
    kind, data = event["kind"], event["data"]
    ways = {
        "ticket.issued": lambda: data["priority_class"],
        "ticket.priority_changed": lambda: data["priority_class"],
        "ticket.cancelled": lambda: data["by"].partition(":")[0],
        "ticket.held": lambda: "for a time" if data["until"] else "until back",
        "ticket.returned": lambda: data["after"],
        "ticket.undone": lambda: data["state"],
        "ticket.transferred": lambda: (
            "first" if data["first"] else f"to a {'counter' if data['to_counter'] else 'service'}"
        ),
        "ticket.called": lambda: "in one press" if "press" in data else "alone",
    }
    return kind, ways.get(kind, str)()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_given_twelve_clerks_at_once_then_the_log_is_proved_and_every_figure_is_a_strangers(centre):
    day = Day(centre)
    day.furnish()
    day.people(EARLY, seed=20)
    day.slip()
    with ThreadPoolExecutor(CLERKS + 2) as pool:
        half = (VISITS - EARLY) // 2
        people = [pool.submit(day.people, half, seed) for seed in (21, 22)]
        clerks = [pool.submit(day.clerk, counter) for counter in COUNTERS]
        for each in people:
            each.add_done_callback(lambda _: setattr(day, "all_came", all(one.done() for one in people)))
        for each in as_completed(people + clerks):
            each.result()
    day.go_home()

    events = list(read_log(centre, day.supervisor))
    calls = [event["data"] for event in events if event["kind"] == "ticket.called"]
    variants = Counter(map(variant, events))
    print(len(events), dict(variants), Counter(call["reason"] for call in calls), day.refused, sep="\n")
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    issued = [(event["ref"], event["data"]["number"]) for event in events if event["kind"] == "ticket.issued"]
    assert len(issued) == VISITS and dict(issued) == day.told
    assert {kind for kind, _ in variants} >= EVERY_CASE and {call["reason"] for call in calls} >= EVERY_REASON
    assert set(variants) >= EVERY_VARIANT
    assert not any(call["passes"] for call in calls if call["reason"] == "ORDER")

    verdict = centre.command("verify").splitlines()
    assert verdict == [f"{len(events)} events, {VISITS} tickets, {len(calls)} calls", "clean"]

    targets = {each["code"]: each["target_s"] for each in centre.get("/api/v1/services").json()["services"]}
    told = recompute(events, targets=targets)
    assert told["total"]["served"] > VISITS / 4
    days = [event["data"]["day"] for event in events if event["kind"] == "ticket.issued"]
    period = f"from={min(days)}&to={max(days)}"
    for by in GROUPINGS:
        shown = centre.get(f"/api/v1/statistics?{period}&by={by}", token=day.supervisor).json()
        rows = {row["key"]: {k: v for k, v in row.items() if k not in ("key", "label")} for row in shown["rows"]}
        assert (shown["total"], rows) == (told["total"], told[by]), by
    slips = centre.get(f"/api/v1/statistics/slips?{period}", token=day.supervisor).json()["rows"]
    assert sum(row["skips"] for row in slips) > 0
    assert all(row["skips"] == row["slips"] for row in slips), slips
