"""A reader of the log that shares no code with the hall: its own tables, and the rule written out plainly."""

from collections import defaultdict
from copy import copy
from datetime import UTC, datetime, timedelta

from queueing import events as ev
from queueing.catalogue import CALL_REASONS, GHOST_REASONS, RATING_REASONS, RATINGS, REINSTATE_REASONS
from tests.configuration import Configuration
from tests.queueing.plain import Person, PlainRule

BY_RULE = ("ORDER", "HEADSTART", "APPOINTMENT", "CAP")
UNDO = timedelta(seconds=10)
TEN, TWENTY = timedelta(minutes=10), timedelta(minutes=20)  # an appointment's: check-in and grace, head start

# The steps of a ticket, as the documents draw them: kind -> (states before, state after).
ROADS = {
    ev.TICKET_CALLED: ({"waiting"}, "called"),
    ev.TICKET_CALLED_AGAIN: ({"called"}, "called"),
    ev.TICKET_STARTED: ({"called"}, "serving"),
    ev.TICKET_FINISHED: ({"serving"}, "finished"),
    ev.TICKET_HELD: ({"serving"}, "held"),
    ev.TICKET_TRANSFERRED: ({"serving"}, "waiting"),
    ev.TICKET_RETURNED: ({"held", "no_show"}, "waiting"),
    ev.TICKET_DOSSIERS: ({"serving"}, "serving"),
    ev.TICKET_NO_SHOW: ({"called"}, "no_show"),
    ev.TICKET_CANCELLED: ({"waiting", "called", "held"}, "cancelled"),
    ev.TICKET_EXPIRED: ({"waiting", "called", "held"}, "expired"),
    ev.TICKET_REINSTATED: ({"cancelled"}, "waiting"),
}
AT_COUNTER = ("called", "serving")


class Reader:
    """Reads the log as it grows, and keeps a state of its own."""

    def __init__(self, log_id):
        self.seq, self.hash, self.at = 0, log_id, datetime.min.replace(tzinfo=UTC)
        self.day = None
        self.rule = PlainRule(cap=None)
        self.settings = Configuration()  # as they stand at this place of the log
        self.tickets = {}  # ref -> what the log tells of it
        self.people = {}  # ref -> as they were when they were last called
        self.counters = {}  # counter -> ref
        self.open = set()
        self.shown = []  # the wall's calls of the day, newest first: [(seq, ref, counter, again, priority, number)]
        self.given = defaultdict(list)  # service -> when its numbers of the day were given
        self.today = set()  # the numbers of the day, also those that were changed for another
        self.appointments = {}  # number -> [state, service, day, due_at, ref]
        self.missed = []  # days of the appointments missed since a day was opened
        self.numbers = defaultdict(list)  # (day, service) -> numbers in the order of issue
        self.before = {}  # ref -> [(event, the ticket before, the call's (person, passed, freed, shown))]
        self.reasons = defaultdict(int)
        self.kinds = defaultdict(int)
        self.cancels = {}  # ref -> (when it was cancelled, by whom)
        self.taken_back = set()  # by their holders
        self.deferrals = defaultdict(int)

    def read(self, written):
        event = ev.read(written)
        assert written.seq == self.seq + 1 and written.follows(self.hash)  # I7
        assert event.at >= self.at
        self.seq, self.hash, self.at = written.seq, written.hash, event.at
        self.kinds[event.kind] += 1
        reads = READS.get(event.kind)
        if reads is not None:
            reads(self, event)
        ticket = self.tickets.get(event.ref)
        if ticket is not None and ticket["state"] in ("waiting", "held"):
            assert self.settings.serves(ticket["service"])

    def priority_changed(self, event):
        ticket = self.tickets[event.ref]
        assert ticket["state"] == "waiting"
        own_s = ticket["own_s"] if "appointment" in ticket else 0
        assert event.data["head_start_s"] == max(own_s, self.settings.head_start_s(event.data["priority_class"]))
        ticket |= {name: event.data[name] for name in ("priority_class", "head_start_s")}
        self.rule.reclass(event.ref, timedelta(seconds=event.data["head_start_s"]))

    def appointment_ended(self, event):
        appointment = self.appointments[event.data["appointment"]]
        assert appointment[:3] == ["booked", event.service, event.data["day"]]
        appointment[0] = event.kind.partition(".")[2]
        if event.kind == ev.APPOINTMENT_MISSED:
            self.missed.append(event.data["day"])

    def counter_opened(self, event):
        assert event.data["services"] == self.settings.services_of(event.counter)
        self.open.add(event.counter)

    def counter_resumed(self, event):
        self.open.add(event.counter)

    def counter_left(self, event):
        self.open.discard(event.counter)
        self.rule.release(event.counter)

    def changed(self, event):
        """Take in a change of the settings; nobody may wait or be at a counter that is gone."""
        self.settings.hear(event.kind, event.data)
        self.rule.cap = self.settings.tree["policy"].get("cap")
        there = {int(number) for number in self.settings.tree["counters"]}
        assert self.open | set(self.counters) <= there
        for ref, ticket in self.tickets.items():
            assert ticket["state"] not in ("waiting", "held") or self.settings.serves(ticket["service"]), ref

    def day_opened(self, event):
        assert self.day is None or event.data["day"] > self.day
        self.day, self.shown, self.before = event.data["day"], [], {}
        assert not self.rule.line
        assert all(day < self.day for day in self.missed)
        assert not [each for each in self.appointments.values() if each[0] == "booked" and each[2] < self.day]
        self.missed, self.given, self.today = [], defaultdict(list), set()
        self.rule.gone, self.cancels, self.taken_back, self.deferrals = {}, {}, set(), defaultdict(int)
        serving = event.data["serving"]
        assert sorted(entry["ref"] for entry in serving) == sorted(self.counters.values())
        self.open = {entry["counter"] for entry in serving if not entry["paused"]}

    def issued(self, event):
        assert event.ref not in self.tickets and event.data["day"] == self.day
        due, head_start_s = "appointment" in event.data, event.data["head_start_s"]
        own_s = self.checked_in(event) if due else self.settings.head_start_s(event.data["priority_class"])
        assert head_start_s == own_s
        assert self.settings.offers(event.service)
        assert due or self.settings.gives(event.service, event.at, self.given[event.service])
        assert event.data["number"].startswith(self.settings.prefix(event.service))
        self.give(event, event.service)
        made = {"state": "waiting", "service": event.service, "returned": 0, "own_s": own_s}
        self.tickets[event.ref] = made | event.data
        head_start = timedelta(seconds=head_start_s)
        self.rule.join(Person(event.ref, event.service, event.seq, event.at, head_start, appointment=due))

    def give(self, event, service):
        """Take in a number, which nobody had that day."""
        assert event.data["number"] not in self.today
        self.today.add(event.data["number"])
        self.given[service].append(event.at)
        self.numbers[self.day, service].append(event.data["number"])

    def booked(self, event):
        number, day, due_at = (event.data[name] for name in ("appointment", "day", "due_at"))
        assert number not in self.appointments
        assert self.settings.books(event.service)
        assert day >= self.day and ev.from_instant(due_at) > event.at
        self.appointments[number] = ["booked", event.service, day, due_at, None]

    def checked_in(self, event):
        """Check that a check-in is the first, on its day and not too early; return its head start in seconds."""
        appointment, due = self.appointments[event.data["appointment"]], ev.from_instant(event.data["due_at"])
        assert appointment == ["booked", event.service, self.day, event.data["due_at"], None]
        appointment[0], appointment[4] = "checked_in", event.ref
        assert event.at >= due - TEN and event.data["priority_class"] == "ordinary"
        counts_from = event.at if event.at > due + TEN else max(event.at - TWENTY, due - TEN)
        return (event.at - counts_from) // timedelta(seconds=1)

    def stepped(self, event):
        ticket = self.tickets[event.ref]
        states, after = ROADS[event.kind]
        assert ticket["state"] in states  # I4
        assert event.data["number"] == ticket["number"] and event.service == ticket["service"]
        if event.kind == ev.TICKET_CALLED:
            assert event.counter not in self.counters  # I3
        elif ticket["state"] in AT_COUNTER:
            assert self.counters[event.counter] == event.ref
        else:
            assert event.counter is None
        before, shown, changed = copy(ticket), self.shown, ()
        if event.kind == ev.TICKET_CALLED:
            changed = self.called(event)
        elif event.kind == ev.TICKET_CANCELLED:
            self.cancelled(event)
        elif event.ref in self.rule.line:
            self.rule.leave(event.ref)
        if event.kind in (ev.TICKET_CALLED, ev.TICKET_CALLED_AGAIN):
            self.show(event, ticket)
        ticket |= {"state": after, "begun": ticket.get("begun") or event.kind == ev.TICKET_STARTED}
        if after in AT_COUNTER:
            self.counters[event.counter] = event.ref
        elif event.counter is not None:
            del self.counters[event.counter]
        if event.kind in WAITS_AGAIN:
            WAITS_AGAIN[event.kind](self, event, ticket, before)
        self.before.setdefault(event.ref, []).append((event, before, shown, changed))

    def show(self, event, ticket):
        rest = [call for call in self.shown if call[1] != event.ref]
        # Whom the wall calls a priority: by the class, not by an appointment, and as it was at the call.
        priority = ticket["priority_class"] != "ordinary" and ticket["head_start_s"] > 0
        again = event.kind == ev.TICKET_CALLED_AGAIN
        self.shown = [(event.seq, event.ref, event.counter, again, priority, ticket["number"]), *rest]

    def called(self, event):
        """Check a call against the plain rule (I6; G1 to G3, G5, G6), or that it says it is an exception (G8)."""
        services, counter, reason, passes = event.data["services"], event.counter, event.data["reason"], None
        assert services == self.settings.services_of(counter)
        self.reasons[reason] += 1
        freed = [person for person in self.rule.here(services, counter) if person.later and person.ref != event.ref]
        if reason == "MANUAL":
            assert event.data["why"] in CALL_REASONS and self.settings.by_hand
            passes = self.rule.by_hand(event.ref, services, counter)
            assert passes == event.data["passes"]
        else:
            assert (event.ref, reason, event.data["passes"]) == self.rule.next(services, counter)
        chosen, passed = self.rule.call(event.ref, services, counter, counts=reason in BY_RULE)
        for other in passed:
            assert chosen.came[0] - other.came[0] <= chosen.head_start - other.head_start
            assert chosen.head_start > other.head_start
        self.people[event.ref] = chosen
        return chosen, passed, freed

    def transferred(self, event, ticket, before):
        to = event.data["to_counter"]
        assert to is None or (to in self.open and event.data["to_service"] in self.settings.services_of(to))
        assert event.data["to_service"] == ticket["service"] or self.settings.offers(event.data["to_service"])
        ticket |= {"service": event.data["to_service"], "begun": False}
        self.back(event.ref, ticket["service"], to, "TRANSFER" if event.data["first"] else None)

    def returned(self, event, ticket, before):
        assert event.data["after"] == before["state"]
        kept = event.data["kept_for"]
        if before["state"] == "no_show":
            missed = self.before[event.ref][-1][0]
            assert kept is None and not ticket["returned"]  # once
            assert event.at - missed.at <= timedelta(minutes=30)
            ticket["returned"] = 1
            self.back(event.ref, event.service, None, None).later = True
        else:
            held = next(each for each, *_ in reversed(self.before[event.ref]) if each.kind == ev.TICKET_HELD)
            assert kept == (held.counter if held.counter in self.open else None)
            self.back(event.ref, event.service, kept, None if kept is None else "RETURN")

    def cancelled(self, event):
        assert event.data.get("why", "other") in GHOST_REASONS
        self.cancels[event.ref] = (event.at, event.data["by"])
        if event.ref in self.rule.line:
            self.rule.cancel(event.ref)

    def reinstated(self, event, ticket, before):
        """Check that the holder was in time, and took back an own cancel, once; or that staff said why."""
        at, by = self.cancels.pop(event.ref)
        holder = f"ticket:{event.ref}"
        if "why" in event.data:
            assert event.data["why"] in REINSTATE_REASONS and event.data["by"] != holder
        else:
            assert event.data["by"] == by == holder and event.ref not in self.taken_back
            assert event.at - at <= timedelta(minutes=2)
            self.taken_back.add(event.ref)
        if event.ref in self.rule.gone:
            self.rule.take_back(event.ref)
        else:
            self.back(event.ref, event.service, None, None)

    def moved(self, event):
        ticket, service = self.tickets[event.ref], event.data["to_service"]
        assert ticket["state"] == "waiting" and not ticket.get("begun")
        assert event.data["was"] == ticket["number"] and event.service == ticket["service"] != service
        assert self.settings.offers(service)
        assert event.data["number"].startswith(self.settings.prefix(service))
        self.give(event, service)
        ticket |= {"service": service, "number": event.data["number"]}
        person = self.rule.line[event.ref]
        person.service, person.counter, person.first = service, None, None

    def deferred(self, event):
        """Check that it is as much later as was asked for, and that everybody else has as many ahead, or fewer."""
        person, wish = self.rule.line[event.ref], event.data
        assert self.tickets[event.ref]["state"] == "waiting" and person.first is None
        self.deferrals[event.ref] += 1
        assert self.deferrals[event.ref] <= 2
        others = [each for each in self.rule.line.values() if each.service == person.service and each is not person]
        before = {each.ref for each in others if person.k < each.k}
        delay = timedelta(seconds=wish["delay_s"])
        if "minutes" in wish:
            assert wish["minutes"] in (5, 15, 30) and "people" not in wish
            assert delay == person.delay + timedelta(minutes=wish["minutes"])
        else:
            passing = self.rule.behind(event.ref)[: wish["people"]]
            assert 0 < wish["people"] <= 10 and passing
            gap = delay - (passing[-1].k[0] + person.head_start - person.issued_at)
            assert timedelta() < gap <= timedelta(seconds=1)
        assert delay > person.delay
        person.delay = delay
        assert {each.ref for each in others if person.k < each.k} <= before

    def counted(self, event):
        ticket = self.tickets[event.ref]
        assert ticket["state"] in ("waiting", "called", "serving", "held") and 0 < event.data["people"] <= 20
        assert event.data["people"] != ticket.get("people", 1)
        ticket["people"] = event.data["people"]

    def visual_call(self, event):
        """Check that it was asked for, or given up, during the visit, and that something changed by it that day."""
        ticket = self.tickets[event.ref]
        assert ticket["state"] in ("waiting", "called", "serving", "held")
        assert event.data["wanted"] is not (ticket.get("visual_call") == self.day)
        ticket["visual_call"] = self.day if event.data["wanted"] else None

    def rated(self, event):
        """Check that the visit was served, on this day, and rated by nobody before."""
        ticket = self.tickets[event.ref]
        assert ticket["state"] == "finished" and ticket["day"] == self.day and "rating" not in ticket
        assert event.data["number"] == ticket["number"] and event.service == ticket["service"]
        assert event.data["rating"] in RATINGS and event.data.get("reason") in (None, *RATING_REASONS)
        assert self.settings.tree["hall"].get("ratings") is not False
        ticket["rating"] = event.data["rating"]

    def back(self, ref, service, counter, first):
        person = copy(self.people[ref])
        person.service, person.counter, person.first, person.later = service, counter, first, False
        self.rule.join(person)
        return person

    def undone(self, event):
        was, before, shown, changed = self.before[event.ref].pop()
        assert was.seq == event.data["undoes"] and was.counter == event.counter
        assert event.at - was.at <= UNDO
        assert event.data["state"] == before["state"]
        self.tickets[event.ref] = before
        self.counters.pop(event.counter, None)
        if before["state"] in AT_COUNTER:
            self.counters[event.counter] = event.ref
        if was.kind in (ev.TICKET_TRANSFERRED, ev.TICKET_RETURNED):
            self.rule.leave(event.ref)
        elif was.kind == ev.TICKET_CALLED:
            person, passed, freed = changed
            for other in passed:
                other.p -= 1
            for other in freed:
                other.later = True
            self.rule.join(person)
            if person.counter is not None and person.counter not in self.open:
                self.rule.release(person.counter)
            newest = self.shown and self.shown[0][0] == was.seq
            self.shown = shown if newest else [call for call in self.shown if call[1] != event.ref]


WAITS_AGAIN = {
    ev.TICKET_TRANSFERRED: Reader.transferred,
    ev.TICKET_RETURNED: Reader.returned,
    ev.TICKET_REINSTATED: Reader.reinstated,
}

READS = {
    **dict.fromkeys((ev.POLICY_CHANGED, ev.SETTING_CHANGED), Reader.changed),
    ev.DAY_OPENED: Reader.day_opened,
    **dict.fromkeys(ROADS, Reader.stepped),
    ev.TICKET_ISSUED: Reader.issued,
    ev.TICKET_PRIORITY_CHANGED: Reader.priority_changed,
    ev.TICKET_UNDONE: Reader.undone,
    ev.TICKET_MOVED: Reader.moved,
    ev.TICKET_DEFERRED: Reader.deferred,
    ev.TICKET_PEOPLE: Reader.counted,
    ev.TICKET_VISUAL_CALL: Reader.visual_call,
    ev.TICKET_RATED: Reader.rated,
    ev.APPOINTMENT_BOOKED: Reader.booked,
    **dict.fromkeys((ev.APPOINTMENT_CANCELLED, ev.APPOINTMENT_MISSED), Reader.appointment_ended),
    ev.COUNTER_OPENED: Reader.counter_opened,
    ev.COUNTER_RESUMED: Reader.counter_resumed,
    **dict.fromkeys((ev.COUNTER_PAUSED, ev.COUNTER_CLOSED), Reader.counter_left),
}
