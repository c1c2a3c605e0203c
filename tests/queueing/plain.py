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

    @property
    def k(self):
        return (self.issued_at - self.head_start, self.arrival)


class PlainRule:
    def __init__(self, cap):
        self.cap = cap
        self.line = {}

    def join(self, person):
        self.line[person.ref] = person

    def leave(self, ref):
        del self.line[ref]

    def reclass(self, ref, head_start):
        self.line[ref].head_start = head_start

    def eligible(self, services):
        return [person for person in self.line.values() if person.service in services]

    def next(self, services):
        """(ref, reason, how many earlier arrivals it passes), or None."""
        everyone = self.eligible(services)
        if not everyone:
            return None
        worn = [person for person in everyone if person.p >= self.cap]
        kept = everyone
        if worn:
            earliest = min(worn, key=lambda person: person.arrival)
            kept = [person for person in everyone if person.arrival <= earliest.arrival]
        chosen = min(kept, key=lambda person: person.k)
        passed = [person for person in everyone if person.arrival < chosen.arrival]
        if chosen is not min(everyone, key=lambda person: person.k):
            reason = "CAP"
        elif any(person.arrival < chosen.arrival for person in kept):
            reason = "HEADSTART"
        else:
            reason = "ORDER"
        return chosen.ref, reason, len(passed)

    def call(self, ref, services):
        """Take the ticket out of the line; tells whom it passed."""
        chosen = self.line.pop(ref)
        passed = [person for person in self.eligible(services) if person.arrival < chosen.arrival]
        for person in passed:
            person.p += 1
        return chosen, passed
