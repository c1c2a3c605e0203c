"""Past days, made with the hall's own use cases: people come, are called and served, with a peak in the morning."""

import random
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from heapq import heappop, heappush

from queueing.errors import Refusal
from tests.clocks import HandClock
from tests.hall.centre import ZONE, TestCentre

CLERKS = {1: "user:2", 2: "user:3", 3: "user:4", 4: "user:5", 5: "user:6"}
# How the day's visits fall on its hours, and what share each service has.
HOURS = {7: 8, 8: 20, 9: 17, 10: 12, 11: 2, 13: 8, 14: 14, 15: 12, 16: 5}
SHARES = {"HUONG_DAN": 18, "DVC_TT": 14, "CHUNG_THUC": 24, "HO_TICH": 12, "DAT_DAI": 8, "CHINH_SACH": 8, "TRA_KQ": 11}
MINUTES = {"HUONG_DAN": 4, "DVC_TT": 8, "CHUNG_THUC": 7, "HO_TICH": 11, "DAT_DAI": 18, "CHINH_SACH": 9, "TRA_KQ": 5}
OPENS, NOON, AFTERNOON, CLOSES = time(7, 30), time(11, 55), time(13, 15), time(17, 15)


def working_days(last, many):
    """The last so many days from Monday to Friday, up to `last`."""
    days = []
    while len(days) < many:
        if last.isoweekday() < 6:
            days.append(last)
        last -= timedelta(days=1)
    return days[::-1]


class History:
    """A centre that has lived through some days; its data lie in `folder`, ready for a server."""

    def __init__(self, folder, days, visits=60, seed=1):
        folder.mkdir(parents=True)
        self.rng = random.Random(seed)
        self.clock = HandClock(_at(days[0], time(6)))
        self.centre = TestCentre(folder / "hall.db", self.clock)
        self.centre.db.execute("PRAGMA synchronous = OFF")  # nobody's number is at stake
        for day in days:
            self._live(day, round(visits * self.rng.uniform(0.7, 1.3) * (1.25 if day.isoweekday() == 1 else 1)))
        self.centre.db.truncate_write_ahead_log()
        self.centre.db.close()

    def _live(self, day, visits):
        self.agenda, self.turn, self.paused = [], 0, set()
        self._plan(_at(day, OPENS), self._open)
        for _ in range(visits):
            hour = self._one_of(HOURS)
            at = _at(day, time(hour)) + timedelta(seconds=self.rng.uniform(1800 if hour == 7 else 0, 3599))
            self._plan(at, lambda: self._arrive(self._one_of(SHARES)))
        for counter in CLERKS:
            late = timedelta(minutes=self.rng.uniform(0, 12))
            self._plan(_at(day, NOON) + late, lambda counter=counter: self._rest(counter, "lunch"))
            self._plan(_at(day, AFTERNOON) + late / 4, lambda counter=counter: self._resume(counter))
            self._plan(_at(day, CLOSES) + late, lambda counter=counter: self._close(counter))
        if self.rng.random() < 0.4:
            counter, at = self.rng.choice(list(CLERKS)), _at(day, time(9, 10))
            self._plan(at, lambda: self._rest(counter, self.rng.choice(("meeting", "software_fault"))))
            self._plan(at + timedelta(minutes=35), lambda: self._resume(counter))
        while self.agenda:
            at, _, do = heappop(self.agenda)
            self.clock.on(seconds=max(0.0, (at - self.clock.at).total_seconds()))
            do()

    def _plan(self, at, do):
        self.turn += 1
        heappush(self.agenda, (at, self.turn, do))

    def _one_of(self, weights):
        return self.rng.choices(list(weights), list(weights.values()))[0]

    def _press(self, button, counter, **how):
        try:
            return self.centre.press(button, counter, CLERKS[counter], **how)
        except Refusal:
            return None

    def _open(self):
        for counter in CLERKS:
            self._press("open", counter)

    def _arrive(self, service):
        ticket = self.centre.take(service, "priority" if self.rng.random() < 0.13 else "ordinary")
        for counter in CLERKS:
            self._call(counter)
        if self.rng.random() < 0.03:
            self._plan(self.clock.at + timedelta(minutes=self.rng.uniform(8, 40)), lambda: self._abandon(ticket["ref"]))

    def _abandon(self, ref):
        with suppress(Refusal):  # called in the meantime
            self.centre.cancel(ref)

    def _call(self, counter):
        if counter in self.paused:
            return
        answer = self._press("call-next", counter)
        if answer is None:
            return
        service, walk = answer["ticket"]["service"], timedelta(seconds=self.rng.uniform(12, 55))
        if self.rng.random() < 0.025:
            self._plan(self.clock.at + timedelta(minutes=2), lambda: self._press("call-again", counter))
            self._plan(self.clock.at + timedelta(minutes=4), lambda: self._end("no-show", counter))
            return
        length = timedelta(minutes=min(70, self.rng.lognormvariate(0, 0.6) * MINUTES[service] * 0.9 + 0.5))
        self._plan(self.clock.at + walk, lambda: self._press("start", counter))
        self._plan(self.clock.at + walk + length, lambda: self._end("finish", counter))

    def _end(self, button, counter):
        self._press(button, counter)
        self._call(counter)

    def _rest(self, counter, reason):
        self.paused.add(counter)
        self._press("pause", counter, reason=reason)

    def _resume(self, counter):
        self.paused.discard(counter)
        self._press("resume", counter)
        self._call(counter)

    def _close(self, counter):
        self.paused.add(counter)
        self._press("close", counter)


def _at(day, when):
    return datetime.combine(day, when, ZONE).astimezone(UTC)
