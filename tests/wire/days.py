"""A dense day over HTTP: people, clerks and supervisors at once, and settings that change under all of them.

Who does what is a matter of dice; who comes first, and what shares a commit with what, of the machine. Afterwards the
log is read by judges who share nothing with the centre.
"""

import random
import sqlite3
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from queueing.catalogue import CALL_REASONS, GHOST_REASONS, OUTCOMES, RATINGS, REINSTATE_REASONS
from queueing.events import Written, canonical
from tests.configuration import by_key, plain, rows
from tests.hall.centre import every_day
from tests.hall.reader import Reader
from tests.hall.test_walk import USUAL
from tests.recompute import recompute
from tests.variants import variants
from tests.wire.log import read_log

COUNTERS = (1, 2, 3, 4, 5, 6)
KIOSKS, CHIEFS = 5, 3
WAITING = (15, 60)  # at least and at most about so many wait
ROLES = ("kiosk", "greeter", "supervisor", "clerk", "display")
HOLDER = "holder"  # of a ticket: a link, and no token
SERVICES = ("CHUNG_THUC", "HO_TICH", "DAT_DAI", "CHINH_SACH", "DVC_TT", "TRA_KQ", "HUONG_DAN", "KT_HT")
LETTERS = "ABHLMUXQCK"  # those of the services, and others
BOOKABLE = {"CHUNG_THUC": {"minutes": 10, "share": 80}, "TRA_KQ": {"minutes": 20, "share": 60}}
CALENDARS = (
    every_day("00:00", "23:59"),
    every_day("00:00", "23:59", DAT_DAI=40, HO_TICH=60),
    {"seasons": [], "days": [], "quotas": {"TRA_KQ": {"day": 50}}},
)
STARTS = ((0, 1200, 3600), (0, 0, 0), (0, 600, 28_800), (0, 60, 120))
REFUSED = {400, 403, 404, 409, 422}
SETTINGS = ("policy.changed", "setting.changed")
TOGETHER = timedelta(milliseconds=1.5)  # facts of one commit are not further apart, those of two seldom as near
# What every long day has; a change of the settings is named by what was changed.
IN_EVERY_DAY = (
    *(("ticket.moved", ""), ("ticket.people_counted", ""), ("ticket.cancelled", "several at once")),
    *(("ticket.deferred", "minutes"), ("ticket.deferred", "people")),
    *(("ticket.reinstated", "holder"), ("ticket.reinstated", "staff")),
    *(("ticket.undone", each) for each in ("called", "started", "finished", "no_show")),
    *((each, "beside a command") for each in ("policy.changed", "hall_changed", "service_changed", "counter_changed")),
    *((f"service_{each}", "beside a command") for each in ("retired", "restored")),
)


@dataclass
class Played:
    """The result of a day: how much was done, what was refused and why, and each promise that was broken."""

    actions: int = 0
    changes: int = 0
    events: int = 0
    refused: Counter = field(default_factory=Counter)
    faults: list = field(default_factory=list)
    ways: Counter = field(default_factory=Counter)  # of events, as `ways_of` names them


class Day:
    """One centre and all who press its buttons at once."""

    def __init__(self, centre, actions, seed):
        self.centre, self.seed, self.left = centre, seed, actions
        self.tokens = {role: centre.token(role) for role in ROLES} | {HOLDER: None}
        self.lock, self.played = threading.Lock(), Played()
        self.refs, self.away, self.given = [], [], {}
        self.waiting = {}  # ref -> None, of those who wait as far as anybody here knows
        self.links = {}  # ref -> the ticket's id

    def post(self, role, path, body=None):
        """Send a command once; return the answer, or None for a refusal."""
        answer = self.centre.post(f"/api/v1{path}", body, token=self.tokens[role], timeout=60)
        with self.lock:
            self.left -= 1
            self.played.actions += 1
            if answer.ok:
                self.played.changes += path.startswith("/settings")
            elif answer.status_code in REFUSED:
                self.played.refused[answer.json()["code"]] += 1
            else:
                self.played.faults.append(f"{path} {body}: {answer.status_code} {answer.text[:200]}")
        return answer.json() if answer.ok else None

    def get(self, role, path):
        return self.centre.get(f"/api/v1{path}", token=self.tokens[role], timeout=60).json()

    def play(self):
        self.post("supervisor", "/settings/hall", {"hours": CALENDARS[0], "appointments": BOOKABLE})
        self.post("supervisor", "/settings/counters", {"number": 6, "name": "Quầy 6", "services": list(SERVICES[:4])})
        parts = [(self.kiosk, n) for n in range(KIOSKS)]
        parts += [(self.clerk, counter) for counter in COUNTERS]
        parts += [(self.chief, n) for n in range(CHIEFS)]
        with ThreadPoolExecutor(len(parts)) as pool:
            for each in [pool.submit(self.until_the_end, *part) for part in parts]:
                each.result()
        return self.played

    def until_the_end(self, part, n):
        dice = random.Random(f"{self.seed} {part.__name__} {n}")
        while self.left > 0:
            part(dice, n)

    # -- people ------------------------------------------------------------------------------

    def kiosk(self, dice, n):
        luck, ref, (fewest, most) = dice.random(), dice.choice(self.refs or [1]), WAITING
        if dice.random() < 0.3:
            self.wish(dice)
        if len(self.waiting) > most:
            ref = self.somebody(dice)
            self.post("greeter", f"/tickets/{ref}/cancel", {})
            self.waiting.pop(ref, None)
        elif len(self.waiting) < fewest or luck < 0.7:
            self.take(dice)
        elif luck < 0.85:
            priority = dice.choice(("ordinary", "priority", "urgent"))
            self.post("greeter", f"/tickets/{self.somebody(dice)}/priority", {"priority_class": priority})
        elif luck < 0.9:
            self.post("kiosk", f"/tickets/{ref}/print", {})
        else:
            self.book(dice)

    def take(self, dice):
        priority = dice.choice(("ordinary", "ordinary", "priority", "urgent"))
        role = "greeter" if priority == "urgent" else "kiosk"
        ticket = self.post(role, "/tickets", {"service": dice.choice(SERVICES), "priority_class": priority})
        if ticket is not None:
            self.given[ticket["ref"]] = ticket["number"]
            self.links[ticket["ref"]] = ticket["id"]
            self.refs.append(ticket["ref"])
            self.waiting[ticket["ref"]] = None

    def somebody(self, dice):
        """Return one who waits, as far as is known; now and then anybody."""
        with self.lock:
            waiting = [*self.waiting]
        return dice.choice(waiting if waiting and dice.random() < 0.9 else self.refs)

    def wish(self, dice):
        """What holders ask for by their links, and staff do for them."""
        if not self.refs:
            return
        ref = self.somebody(dice)
        link, staff, luck = f"/tickets/{self.links[ref]}", f"/tickets/{ref}", dice.random()
        by, address = dice.choice(((HOLDER, link), ("greeter", staff)))
        if luck < 0.35:
            self.post(by, f"{address}/defer", dice.choice(({"minutes": dice.choice((5, 15, 30))}, {"people": 2})))
        elif luck < 0.6:
            self.post(by, f"{address}/cancel", {})
            by, address = dice.choice(((HOLDER, link), ("clerk", staff)))
            self.post(by, f"{address}/reinstate", {} if by == HOLDER else {"reason": dice.choice(REINSTATE_REASONS)})
        elif luck < 0.8:
            moved = self.post("greeter", f"{staff}/service", {"service": dice.choice(SERVICES)})
            if moved is not None and self.given[ref] not in moved["moved_from"]:
                self.played.faults.append(f"ticket {ref} has forgotten its number {self.given[ref]}")
        elif luck < 0.9:
            self.post("greeter", f"{staff}/people", {"people": dice.randint(1, 20)})
            self.post(by, f"{address}/visual-call", {"wanted": luck < 0.87})
        else:
            some = sorted({ref, *(self.somebody(dice) for _ in range(3))})
            ended = self.post("supervisor", "/tickets/end", {"refs": some, "reason": dice.choice(GHOST_REASONS)})
            for each in some if ended else ():
                self.waiting.pop(each, None)

    def book(self, dice):
        service, day = dice.choice(list(BOOKABLE)), self.get("greeter", "/board")["at"][:10]
        slots = self.get("greeter", f"/appointments/slots?service={service}&day={day}").get("slots")
        if slots:
            made = self.post("greeter", "/appointments", {"service": service, "at": dice.choice(slots)["at"]})
            if made is not None and dice.random() < 0.7:
                self.post("kiosk", "/appointments/check-in", {"code": made["code"]})

    # -- clerks ------------------------------------------------------------------------------

    def clerk(self, dice, counter):
        found = {each["counter"]: each["state"] for each in self.get("clerk", "/counters")["counters"]}
        for _ in range(6):
            if counter not in found:
                return
            button = dice.choice(USUAL[found[counter]])
            view = self.post("clerk", f"/counters/{counter}/{button}", self.body(dice, button))
            if view is None:
                return
            if view["ticket"] is not None and button in ("call-next", "start"):
                self.away.append(view["ticket"]["ref"])
                self.waiting.pop(view["ticket"]["ref"], None)
            found[counter] = view["counter"]["state"]
        if self.away:
            self.rate(dice)

    def rate(self, dice):
        """One of those who stood at a counter lately says how it was: by the link, or at the screen of the counter."""
        ref = dice.choice(self.away[-20:])
        body = {"rating": dice.choice(RATINGS), "words": dice.choice(("", "Chờ lâu", "Gọi số 0912 345 678"))}
        by, address = (
            dice.choice(((HOLDER, self.links[ref]), ("display", ref))) if ref in self.links else ("clerk", ref)
        )
        self.post(by, f"/tickets/{address}/rate", body)

    def body(self, dice, button):
        away = dice.choice(self.away[-20:] or [1])
        return {
            "call-next": {"finish": dice.random() < 0.7},
            "finish": {"outcome": dice.choice((None, *OUTCOMES))},
            "hold": {"minutes": dice.choice((None, 1))},
            "dossiers": {"dossiers": dice.randint(1, 9)},
            "return": {"ref": away},
            "call": {"ref": dice.choice(self.refs[-30:] or [1]), "reason": dice.choice(CALL_REASONS)},
            "transfer": dice.choice(
                (
                    {"service": dice.choice(SERVICES)},
                    {"counter": dice.choice(COUNTERS)},
                    {"service": dice.choice(SERVICES), "first": True},
                )
            ),
        }.get(button, {})

    # -- supervisors -------------------------------------------------------------------------

    def chief(self, dice, n):
        """Make a change of any kind from what was read a moment ago: another supervisor may have been quicker."""
        way = dice.choice((self.policy, self.hall, self.service, self.skills, self.counter, self.whole))
        way(dice, self.get("supervisor", "/settings"))

    def policy(self, dice, seen):
        starts = dict(zip(("ordinary", "priority", "urgent"), dice.choice(STARTS), strict=True))
        changed = {"cap": dice.choice((1, 2, 5)), "head_starts_s": starts, "by_hand": dice.random() < 0.7}
        self.post("supervisor", "/settings/policy", seen["policy"] | changed)

    def hall(self, dice, seen):
        changed = dice.choice(
            (
                {"hours": dice.choice(CALENDARS)},
                {"appointments": dice.choice((BOOKABLE, {}))},
                {"hotline": f"1900 {dice.randint(1000, 9999)}", "most_dossiers": dice.randint(1, 9)},
                {"wall_note": {"vi": f"Lượt {dice.randint(1, 99)}"}, "voice": {"volume": dice.randint(1, 100)}},
            )
        )
        self.post("supervisor", "/settings/hall", changed)

    def service(self, dice, seen):
        service = dice.choice(seen["services"])
        body = {name: service[name] for name in ("prefix", "names", "hints", "icon", "service_time_s", "target_s")}
        body["counters"] = [each["number"] for each in seen["counters"] if service["code"] in each["services"]]
        body["active"], luck = service["active"], dice.random()
        if luck < 0.5 or not service["active"]:
            body["active"] = not service["active"]
            body["counters"] = [] if luck < 0.25 and service["active"] else body["counters"] or [dice.choice(COUNTERS)]
        elif luck < 0.6:
            body["prefix"] = dice.choice(LETTERS)
        else:
            body["service_time_s"] = 60 * dice.randint(2, 20)
        self.post("supervisor", f"/settings/services/{service['code']}", body)

    def skills(self, dice, seen):
        counter = dice.choice(seen["counters"])
        services = set(counter["services"]) ^ {dice.choice(SERVICES)}
        body = {"name": counter["name"], "services": sorted(services)}
        self.post("supervisor", f"/settings/counters/{counter['number']}", body)

    def counter(self, dice, seen):
        if dice.random() < 0.5:
            number = dice.choice((7, 8))
            body = {"number": number, "name": f"Quầy {number}", "services": [dice.choice(SERVICES)]}
            self.post("supervisor", "/settings/counters", body)
        else:
            self.post("supervisor", f"/settings/counters/{dice.choice((6, 7, 8))}/remove", {})

    def whole(self, dice, seen):
        luck = dice.random()
        if luck < 0.5 and seen["last_change"] is not None:
            self.post("supervisor", "/settings/undo", {"seq": seen["last_change"]["seq"]})
        elif luck < 0.75:
            codes = [each["code"] for each in seen["services"] if each["active"]]
            dice.shuffle(codes)
            self.post("supervisor", "/settings/services/order", {"codes": codes})
        else:
            template = self.get("supervisor", "/settings/export")
            template["policy"]["cap"] = dice.choice((1, 3))
            template["hall"]["hotline"] = f"1800 {dice.randint(1000, 9999)}"
            self.post("supervisor", "/settings/import", template)


def ways_of(events):
    """{(kind, way): how often} as `tests.variants` says; of settings what was changed, and whether beside a command."""
    ways = variants(event for event in events if event["kind"] not in SETTINGS)
    for last, event, after in zip([None, *events], events, [*events[1:], None], strict=False):
        at, kind, data = datetime.fromisoformat(event["at"]), event["kind"], event["data"]
        if kind in SETTINGS:
            others = [each for each in (last, after) if each is not None and each["kind"] not in SETTINGS]
            near = any(abs(datetime.fromisoformat(each["at"]) - at) < TOGETHER for each in others)
            ways[data.get("what", kind), "beside a command" if near else "alone"] += 1
        elif kind == "ticket.cancelled" and "why" in data and last["kind"] == kind and "why" in last["data"]:
            ways[kind, "several at once"] += 1
    return ways


def judged(events, log_id):
    """The reader that has read the log by the plain rule and by the settings at each place of it.

    Raises AssertionError where a call is not the only one there was, or a fact follows from other settings.
    """
    reader = Reader(log_id)
    for event in events:
        columns = {name: event[name] for name in ("seq", "at", "kind", "ref", "counter", "service", "hash")}
        reader.read(Written(data=canonical(event["data"]), **columns))
    return reader


def play_day(centre, actions, seed):
    """Play so many actions against the running centre; `faults` has each promise that was broken."""
    day = Day(centre, actions, seed)
    played = day.play()
    token, faults = day.tokens["supervisor"], played.faults
    events = list(read_log(centre, token))
    played.events, played.ways = len(events), ways_of(events)
    said = centre.command("verify").splitlines()
    if said[1:] != ["clean"]:
        faults.append(f"verify: {said}")
    issued = {event["ref"]: event["data"]["number"] for event in events if event["kind"] == "ticket.issued"}
    faults += [f"ticket {ref} is gone" for ref in day.given if issued.get(ref) != day.given[ref]]
    try:
        settings = judged(events, day.get("supervisor", "/events?after=0")["log_id"]).settings
    except AssertionError as error:
        faults.append(f"the reader: {error}")
        return played
    with closing(sqlite3.connect(f"file:{centre.data / 'hall.db'}?mode=ro", uri=True)) as conn:
        if plain(settings.tree) != plain(rows(conn)):
            faults.append("the rows of the settings are not the fold of the log")
    served = by_key(day.get("supervisor", "/settings"))
    if plain(settings.tree) != plain(served):
        faults.append("the settings that are served are not the fold of the log")
    targets = {each["code"]: each["target_s"] for each in served["services"].values()}
    figures, first = recompute(events, targets=targets | {"": served["hall"]["target_s"]}), events[0]["at"][:4]
    shown = day.get("supervisor", f"/statistics?from={first}-01-01&to={int(first) + 1}-12-31&by=service")
    if shown["total"] != figures["total"]:
        faults.append("the figures are not a stranger's")
    return played
