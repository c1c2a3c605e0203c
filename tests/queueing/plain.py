"""The rule of who is next, written out plainly: the judge of `queueing.dispatch`.

Every waiting ticket carries the times it was passed. Nothing here is quick, and nothing is shared
with what it judges.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass
class Person:
    ref: int
    service: str
    arrival: int
    issued_at: datetime
    head_start: timedelta
    p: int = 0
    appointment: bool = False
    counter: int | None = None  # only this counter may call them
    first: str | None = None  # before the line, for this reason
    later: bool = False  # not by the next call
    delay: timedelta = timedelta()  # counts as having come so much later, at their own wish

    @property
    def came(self):
        return (self.issued_at + self.delay, self.arrival)

    @property
    def k(self):
        return (self.came[0] - self.head_start, self.arrival)


class PlainRule:
    def __init__(self, cap):
        self.cap = cap
        self.line = {}
        self.gone = {}  # those who cancelled while they waited: their place may be taken back

    def join(self, person):
        self.line[person.ref] = person

    def leave(self, ref):
        return self.line.pop(ref)

    def reclass(self, ref, head_start):
        self.line[ref].head_start = head_start

    def cancel(self, ref):
        self.gone[ref] = self.line.pop(ref)

    def take_back(self, ref):
        self.join(self.gone.pop(ref))

    def behind(self, ref):
        """Those of the same service whom the rule would call after this one, in that order."""
        me = self.line[ref]
        others = [each for each in self.line.values() if each.service == me.service and not each.first]
        return sorted((each for each in others if each.k > me.k), key=lambda each: each.k)

    def release(self, counter):
        for person in (*self.line.values(), *self.gone.values()):
            if person.counter == counter:
                person.counter = person.first = None

    def here(self, services, counter=None):
        """Return everybody whom this counter may call."""
        return [
            person
            for person in self.line.values()
            if (person.service in services if person.counter is None else person.counter == counter)
        ]

    def eligible(self, services, counter=None):
        """Of them, those whom a call now would pass or take; no-shows that came back only when nobody else is here."""
        here = self.here(services, counter)
        return [person for person in here if not person.later] or here

    def next(self, services, counter=None):
        """(ref, reason, how many earlier arrivals it passes), or None."""
        everyone = self.eligible(services, counter)
        if not everyone:
            return None
        firsts = [person for person in everyone if person.first]
        if firsts:
            chosen = min(firsts, key=lambda person: person.came)
            return chosen.ref, chosen.first, sum(person.came < chosen.came for person in everyone)
        worn = [person for person in everyone if person.p >= self.cap]
        kept = everyone
        if worn:
            earliest = min(worn, key=lambda person: person.came)
            kept = [person for person in everyone if person.came <= earliest.came]
        chosen = min(kept, key=lambda person: person.k)
        passed = [person for person in everyone if person.came < chosen.came]
        if chosen is not min(everyone, key=lambda person: person.k):
            reason = "CAP"
        elif any(person.came < chosen.came for person in kept):
            reason = "APPOINTMENT" if chosen.appointment else "HEADSTART"
        else:
            reason = "ORDER"
        return chosen.ref, reason, len(passed)

    def by_hand(self, ref, services, counter=None):
        """Return how many earlier arrivals a call of this number passes; None if it may not be called."""
        here = self.here(services, counter)
        chosen = self.line.get(ref)
        if chosen not in here:
            return None
        return sum(not person.later and person.came < chosen.came for person in here)

    def call(self, ref, services, counter=None, *, counts=True):
        """Take the ticket out of the queue, and return those it passed."""
        chosen = self.line[ref]
        everyone = self.eligible(services, counter) if counts else []
        here = [person for person in self.here(services, counter) if person is not chosen]
        del self.line[ref]
        passed = [person for person in everyone if person.came < chosen.came]
        for person in passed:
            person.p += 1
        for person in here:
            person.later = False
        return chosen, passed
