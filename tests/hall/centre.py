"""A test centre in this process: the real store and hall, a clock that the test sets, and the screens' buttons."""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex
from zoneinfo import ZoneInfo

import msgspec

from hall import appointments, arrivals, calls, counters, day, dossiers, ghosts, ratings, undo, visits, wishes
from hall.catalogue.defaults import found_hall
from hall.catalogue.model import plain
from hall.hall import Hall
from hall.options import HallOptions
from hall.ports import RequestIdentity
from hall.review import statistics, targets_of
from hall.settings.change import change_hall
from hall.settings.change import changes as differences
from hall.views.board import board_view
from hall.views.console import console_view
from hall.views.counters import counter_view
from hall.views.events import event_view
from hall.views.figures import figures_view
from hall.views.services import services_view
from hall.views.tickets import ticket_view
from hall.views.watch import watch_view
from queueing import events as ev
from queueing.clock import SteadyClock
from store.database import Database
from store.hall import SqliteHallStore
from tests.clocks import HandClock

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
AN, BINH = "user:1", "user:2"

# What changes one ticket, by the end of its route.
CHANGES = {
    "priority": arrivals.change_priority,
    "cancel": arrivals.cancel_ticket,
    "reinstate": lambda act, ref, reason=None: wishes.reinstate_ticket(act, ref, reason),
    "defer": wishes.defer_ticket,
    "service": arrivals.move_ticket,
    "people": arrivals.count_people,
    "rate": ratings.rate_ticket,
    "visual-call": wishes.want_visual_call,
}

BUTTONS = {
    "open": lambda act, counter, **how: counters.open_counter(act, counter, one_only=how.get("one_only", True)),
    "pause": lambda act, counter, reason=None: counters.pause_counter(act, counter, reason),
    "resume": counters.resume_counter,
    "close": counters.close_counter,
    "call-next": calls.call_next,
    "call-again": calls.call_again,
    "start": calls.start_service,
    "finish": lambda act, counter, outcome=None: calls.finish_service(act, counter, outcome),
    "no-show": calls.mark_no_show,
    "call": lambda act, counter, ref=0, reason="other": calls.call_number(act, counter, ref, reason),
    "hold": lambda act, counter, minutes=None: visits.hold_ticket(act, counter, minutes),
    "return": lambda act, counter, ref=0: visits.return_ticket(act, ref),
    "transfer": lambda act, counter, **to: visits.transfer_ticket(act, counter, **to),
    "dossiers": lambda act, counter, dossiers=2: visits.count_dossiers(act, counter, dossiers),
    "note-dossier": lambda act, counter, code="": dossiers.note_dossier(act, counter, code),
    "drop-dossier": lambda act, counter, code="": dossiers.drop_dossier(act, counter, code),
    "undo": undo.undo_last,
    "hand-over": counters.hand_over,
}


@dataclass(frozen=True)
class Press:
    """A request as a screen makes it; the same one may be sent again."""

    caller: str
    route: str
    key: str
    body: dict

    def request(self):
        digest = hashlib.sha256(json.dumps(self.body, sort_keys=True).encode()).hexdigest()
        return RequestIdentity(self.caller, self.route, self.key, digest)


class TestCentre:
    """One hall over one database; `start` makes a new process over the same data."""

    __test__ = False  # a harness: pytest shall not collect it

    def __init__(self, path=None, clock=None, options=HallOptions()):  # noqa: B008  frozen
        self.options = options
        self.clock = clock or HandClock()
        self.db = Database(path)
        self.store = SqliteHallStore(self.db)
        found_hall(self.store, self.clock.wall())
        self.heard = []
        self.start()

    def start(self):
        """A new process over the same database."""
        self.hall = Hall(self.store, SteadyClock(self.clock.wall, self.clock.elapsed), self.options)
        self.hall.listeners.append(self.heard.extend)
        return self

    # -- what people do ----------------------------------------------------------------------

    def take(self, service="CHUNG_THUC", priority_class="ordinary", language="vi", caller="device:1", key=None):
        body = {"service": service, "priority_class": priority_class, "language": language}
        return self.send(Press(caller, "POST /tickets", key or token_hex(8), body))

    def cancel(self, ref, key=None, by=None):
        return self.send(Press(by or f"ticket:{ref}", f"POST /tickets/{ref}/cancel", key or token_hex(8), {}))

    def change(self, ref, what, by=None, **body):
        """A press that changes one ticket, by its holder unless `by` says who."""
        return self.send(Press(by or f"ticket:{ref}", f"POST /tickets/{ref}/{what}", token_hex(8), body))

    def end(self, refs, reason="nobody_came", by="user:9"):
        return self.send(Press(by, "POST /tickets/end", token_hex(8), {"refs": refs, "reason": reason}))

    def grant(self, ref, priority_class, by="user:7", key=None):
        body = {"priority_class": priority_class}
        return self.send(Press(by, f"POST /tickets/{ref}/priority", key or token_hex(8), body))

    def press(self, button, counter, clerk=AN, key=None, **how):
        return self.send(Press(clerk, f"POST /counters/{counter}/{button}", key or token_hex(8), how))

    def send(self, press):
        """Send a request, for the first time or again; its answer as the screen reads it."""
        hall, parts = self.hall, press.route.split("/")
        if parts[-1] in ("tickets", "check-in"):
            arrive = arrivals.take_ticket if parts[-1] == "tickets" else appointments.check_in
            body = hall.execute(
                press.request(),
                lambda act: arrive(act, **press.body),
                lambda issued: msgspec.json.encode(ticket_view(hall, issued.ticket, issued.id, None)),
            )
        elif parts[-1] == "appointments":
            service, due_at = press.body["service"], ev.from_instant(press.body["at"])
            body = hall.execute(
                press.request(), lambda act: appointments.book(act, service, due_at), msgspec.json.encode
            )
        elif parts[1] == "appointments":
            body = hall.execute(
                press.request(), lambda act: appointments.cancel(act, int(parts[2])), msgspec.json.encode
            )
        elif parts[-1] == "end":
            body = hall.execute(
                press.request(),
                lambda act: ghosts.end_ghosts(act, press.body["refs"], press.body["reason"]),
                lambda done: msgspec.json.encode([ticket.number for ticket in done.ended]),
            )
        elif parts[-1] in CHANGES:
            body = hall.execute(
                press.request(),
                lambda act: CHANGES[parts[-1]](act, int(parts[-2]), **press.body),
                lambda ticket: msgspec.json.encode(ticket_view(hall, ticket, None, None)),
            )
        else:
            counter = int(parts[-2])
            body = hall.execute(
                press.request(),
                lambda act: BUTTONS[parts[-1]](act, counter, **press.body),
                lambda _: msgspec.json.encode(counter_view(hall, counter, press.caller, name_of)),
            )
        return json.loads(body)

    def slots(self, service, days=0):
        """Return the free slots of today, or of some days later, as the page that books shows them."""
        self.hall.refresh()
        day = self.hall.floor.day + timedelta(days=days)
        found = appointments.slots_of(self.hall, service, day, self.hall.now())
        return [ev.instant(slot.due_at) for slot in found if slot.free]

    def due(self, days=0):
        """Return everybody with an appointment today, or some days later."""
        self.hall.refresh()
        return self.store.appointments(self.hall.floor.day + timedelta(days=days))

    def follow_clock(self):
        return self.hall.run_as_system(day.follow_clock, "user:9")

    def set_policy(self, **changes):
        """Append a policy without a check, also one that would be refused; `head_starts` are timedeltas."""
        if "head_starts" in changes:
            starts = changes.pop("head_starts")
            changes["head_starts_s"] = {name: start // timedelta(seconds=1) for name, start in starts.items()}

        def change(act):
            before = act.catalogue.template
            policy = msgspec.structs.replace(before.policy, **changes)
            differ = differences(before, msgspec.structs.replace(before, policy=policy))
            changed = [plain(each) for each in differ]
            act.append(ev.POLICY_CHANGED, {"by": act.by, **plain(policy), "changes": changed})

        self.hall.run_as_system(change, "user:9")

    def set_hall(self, **settings):
        self.hall.refresh()
        return self.hall.run_as_system(lambda act: change_hall(act, settings), "user:9")

    def serve(self, counter, clerk=AN, minutes=5):
        """One whole service."""
        self.press("call-next", counter, clerk)
        self.press("start", counter, clerk)
        self.clock.on(minutes=minutes)
        return self.press("finish", counter, clerk)

    # -- what is to be seen ------------------------------------------------------------------

    def events(self, *kinds):
        return [event for event in self.store.events(0) if not kinds or event.kind in kinds]

    def kinds(self, after=0):
        return [event.kind for event in self.store.events(after)]

    def seq(self):
        return self.store.last_seq()

    def log(self):
        """The log as GET /api/v1/events gives it."""
        return [msgspec.to_builtins(event_view(event)) for event in self.store.events(0)]

    def ticket(self, ref):
        return self.store.ticket(ref)

    def targets(self):
        """The seconds aimed at, as `tests.recompute` takes them."""
        targets = targets_of(self.hall.catalogue)
        return {"": targets.hall_s, **targets.services_s}

    def statistics(self, by, first=None, last=None):
        """Total and rows as GET /api/v1/statistics gives them."""
        first = first or self.hall.floor.day - timedelta(days=3650)
        last = last or self.hall.floor.day + timedelta(days=3650)
        targets = targets_of(self.hall.catalogue)
        made = statistics(self.store, first, last, by, ZONE, targets)
        return (
            msgspec.to_builtins(figures_view(made.total)),
            {key: msgspec.to_builtins(figures_view(row)) for key, row in made.rows.items()},
        )

    def seen(self):
        """Return everything the screens show, without the time and what follows from it alone."""
        hall = self.hall
        return {
            "board": timeless(board_view(hall)),
            "consoles": [timeless(console_view(hall, number, AN, name_of)) for number in hall.catalogue.counters],
            "services": timeless(services_view(hall)),
            "watch": timeless(watch_view(hall, None, name_of)),
            "tickets": [timeless(ticket_view(hall, hall.ticket(ref), None, None)) for ref in self.store.refs()[-30:]],
        }

    def state(self):
        """Return the whole hall as bytes to compare: the log, the rows, and the stored answers."""
        return [
            (name, [tuple(row) for row in self.db.rows(f"SELECT * FROM {name}")])
            for name in (
                "event",
                "ticket",
                "leg",
                "desk",
                "last_number",
                "answer",
                "setting",
                "appointment",
                "dossier_code",
                "rating_words",
            )
        ]


def every_day(opens, closes, **quotas):
    """A calendar with the same shift on every day of the year, and how many numbers a service gives a day."""
    shift = {"opens": opens, "closes": closes, "issues_from": opens, "issues_to": closes}
    rule = {"weekdays": [1, 2, 3, 4, 5, 6, 7], "shifts": [shift]}
    season = {"name": "Cả năm", "first": "01-01", "last": "12-31", "rules": [rule]}
    return {"seasons": [season], "days": [], "quotas": {code: {"day": most} for code, most in quotas.items()}}


def timeless(view):
    """Return a view without the time and what grows with it; alarms follow from the clock, not from the log."""
    seen = msgspec.to_builtins(view)
    for name in ("at", "alarms"):
        seen.pop(name, None)
    if seen.get("longest"):
        del seen["longest"]["wait_s"]
    for service in seen.get("services", ()):
        service.pop("longest_wait_s", None)
    return seen


def name_of(subject):
    return {AN: "An", BINH: "Bình"}.get(subject)
