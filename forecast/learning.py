"""What is learnt of a hall, over weeks and kept: how long services, pauses and steps between them take, who comes when.

`Learner.hear` takes the events of the log one by one, with the floor as it is after each. What was undone within ten
seconds is not learnt. `Learnt` is plain data that can be stored as JSON; it names no person.

A service time is taken to be lognormal, with the mean and the spread that its service showed. The configured minutes
count as PRIOR_WEIGHT services: first all services together are scaled by how they really last, then each by its own.
Services under 15 seconds (a slip of the finger), those that ran past midnight, and those longer than all but one in
200 of what is expected (a forgotten "finish") are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp, log, sqrt

from forecast.state import HallPlan
from queueing import events as ev
from queueing.dispatch import Reason
from queueing.events import Event
from queueing.floor import Floor, Staffing
from queueing.metrics import SHORTEST_SERVICE_S
from queueing.ticket import Leg

PRIOR_WEIGHT = 5.0  # so many services do the configured minutes count as
PRIOR_LOG_VARIANCE = log(1.8)  # of service times in offices: a squared coefficient of variation of 0.8
SPREAD_WEIGHT = 20.0  # so many services does it count as
TOP_Z = 2.576  # all but one in 200 last less
FORGOTTEN_S = 4 * 3600.0  # no service lasts longer
DAY_WEIGHT = 0.975  # what was learnt counts so much less with each day: half in a month
SPEED_VARIANCE = 0.02  # of the logarithm of a day's speed, before any day is known
SPEED_DAYS = 10.0  # so many days does it count as

QUARTER_S = 900
QUARTERS = 96
KEPT = 200  # of each kind of short interval
KEPT_PAUSES = 60  # of each reason
KEPT_OVERRUNS = 10
LONG_PAUSE_S = 1800.0  # a longer pause is no work: a lunch, a meeting
UNDO = timedelta(seconds=15)  # longer than anything can be undone


@dataclass(slots=True)
class ServiceTimes:
    """The service times of one service: how many (older ones count less), with sums of them and their logarithms."""

    n: float = 0.0
    sum_s: float = 0.0
    log_sum: float = 0.0
    log_squares: float = 0.0

    def add(self, seconds: float) -> None:
        """Add one."""
        self.n += 1
        self.sum_s += seconds
        self.log_sum += log(seconds)
        self.log_squares += log(seconds) ** 2

    def age(self) -> None:
        """Let what is known count less, once a day."""
        self.n *= DAY_WEIGHT
        self.sum_s *= DAY_WEIGHT
        self.log_sum *= DAY_WEIGHT
        self.log_squares *= DAY_WEIGHT

    @property
    def log_deviations(self) -> float:
        """Return the sum of squared deviations of the logarithms from their mean."""
        return max(0.0, self.log_squares - self.log_sum**2 / self.n) if self.n > 1 else 0.0


@dataclass(slots=True)
class Today:
    """The open day so far: whether its services last longer than expected, and when each counter was staffed."""

    day: str = ""
    services: float = 0.0
    took_s: float = 0.0
    expected_s: float = 0.0
    staffed: dict[int, list[float]] = field(default_factory=dict)  # counter -> share of each quarter of an hour
    sampled_s: float = 0.0  # up to where


@dataclass(slots=True)
class Learnt:
    """What is known of a hall. Lists hold the newest last."""

    services: dict[str, ServiceTimes] = field(default_factory=dict)
    speeds: list[tuple[float, float]] = field(default_factory=list)  # of past days: the logarithm, its variance
    today: Today = field(default_factory=Today)
    walks_s: list[float] = field(default_factory=list)  # from the call to the start
    gaps_s: list[float] = field(default_factory=list)  # from a counter being free to its call, while somebody waits
    reactions_s: list[float] = field(default_factory=list)  # from a ticket to its call by a counter that was free
    no_shows_s: list[float] = field(default_factory=list)  # from the call until it is given up
    pauses_s: dict[str, list[float]] = field(default_factory=dict)  # by reason
    overruns_s: dict[str, list[float]] = field(default_factory=dict)  # end of a shift -> how long calls went on
    calls: float = 0.0
    no_shows: float = 0.0
    pauses: float = 0.0  # short ones, begun while somebody waited
    days: float = 0.0  # on which a counter was open
    # (service, head start in seconds) as "service|seconds" -> arrivals in each quarter of an hour
    arrivals: dict[str, list[float]] = field(default_factory=dict)
    arrivals_of_weekday: dict[int, list[float]] = field(default_factory=dict)  # 1 is Monday
    weekdays: dict[int, float] = field(default_factory=dict)  # how many days of each are known
    staffed: dict[int, list[float]] = field(default_factory=dict)  # counter -> share of days, by quarter of an hour

    def age(self) -> None:
        """Let what is known count less, once a day."""
        for times in self.services.values():
            times.age()
        self.calls *= DAY_WEIGHT
        self.no_shows *= DAY_WEIGHT
        self.pauses *= DAY_WEIGHT
        self.days *= DAY_WEIGHT
        for rates in (*self.arrivals.values(), *self.arrivals_of_weekday.values()):
            rates[:] = [rate * DAY_WEIGHT for rate in rates]
        self.weekdays = {weekday: n * DAY_WEIGHT for weekday, n in self.weekdays.items()}


@dataclass(frozen=True, slots=True)
class Lognormal:
    """A service time: the mean and deviation of its logarithm."""

    mu: float
    sigma: float

    @property
    def mean_s(self) -> float:
        """Return the mean, in seconds."""
        return exp(self.mu + self.sigma**2 / 2)


def service_time(
    learnt: Learnt, prior_s: Mapping[str, float], service: str, shortest_s: float = SHORTEST_SERVICE_S
) -> Lognormal:
    """Return how long a service lasts on an ordinary day, in the mean no less than `shortest_s`.

    `prior_s` are the configured seconds of each service.
    """
    known = learnt.services.get(service, ServiceTimes())
    expected = sum(times.n * prior_s.get(code, 0.0) for code, times in learnt.services.items())
    took = sum(times.sum_s for code, times in learnt.services.items() if code in prior_s)
    usual = sum(prior_s.values()) / len(prior_s) if prior_s else 0.0
    # A hall whose services all last longer than configured shows it in whichever of them came first.
    scale = (took + PRIOR_WEIGHT * usual) / (expected + PRIOR_WEIGHT * usual) if expected else 1.0
    prior = prior_s.get(service, usual) * scale
    mean_s = (known.sum_s + PRIOR_WEIGHT * prior) / (known.n + PRIOR_WEIGHT)
    deviations, n = known.log_deviations, known.n
    variance = (deviations + SPREAD_WEIGHT * PRIOR_LOG_VARIANCE) / (n + SPREAD_WEIGHT)
    return Lognormal(log(max(mean_s, shortest_s)) - variance / 2, sqrt(variance))


def speed(learnt: Learnt) -> tuple[float, float]:
    """Return the logarithm of how much longer services last today than usual, and the deviation of that guess."""
    between = _between_days(learnt)
    today = learnt.today
    if not today.services:
        return 0.0, sqrt(between)
    within = _log_variance(learnt) / today.services
    observed = log(today.took_s / today.expected_s)
    return observed * between / (between + within), sqrt(between * within / (between + within))


def _log_variance(learnt: Learnt) -> float:
    """Return the squared coefficient of variation of a service time, over all services."""
    n = sum(times.n for times in learnt.services.values())
    deviations = sum(times.log_deviations for times in learnt.services.values())
    variance = (deviations + SPREAD_WEIGHT * PRIOR_LOG_VARIANCE) / (n + SPREAD_WEIGHT)
    return exp(variance) - 1


def _between_days(learnt: Learnt) -> float:
    """Return the variance of the logarithm of a day's speed: what past days varied beyond chance."""
    beyond = sum(observed**2 - variance for observed, variance in learnt.speeds)
    return max(0.001, (beyond + SPEED_DAYS * SPEED_VARIANCE) / (len(learnt.speeds) + SPEED_DAYS))


def keep(values: list[float], value: float, most: int = KEPT) -> None:
    """Append a value, and drop the oldest beyond `most`."""
    values.append(value)
    if len(values) > most:
        del values[: len(values) - most]


class Learner:
    """Learns from the events of a log as they come."""

    def __init__(self, learnt: Learnt, plan: HallPlan) -> None:
        """Go on with what was learnt. `plan` may be replaced when the settings change."""
        self.learnt, self.plan = learnt, plan
        self._pending: list[tuple[int, datetime, Callable[[], None]]] = []  # what may still be undone
        self.free: dict[int, tuple[datetime, bool]] = {}  # counter -> since when, and whether somebody waited then
        self._called: dict[int, datetime] = {}  # counter -> when it called the ticket that is there
        self._paused: dict[int, tuple[datetime, str, bool]] = {}
        self._crowded: dict[float, bool] = {}  # end of a shift -> whether somebody waited then
        self._states: dict[int, tuple[Staffing, datetime | None]] = {}

    def seconds(self, at: datetime) -> float:
        """Return the seconds from the midnight that the open day began with, local time, until a moment."""
        return (at - self.midnight(at)).total_seconds()

    def midnight(self, at: datetime) -> datetime:
        """Return the midnight that the open day began with; before the first day, that of the moment."""
        local = at.astimezone(self.plan.zone)
        day = self.learnt.today.day
        date = datetime.fromisoformat(day).date() if day else local.date()
        return datetime(date.year, date.month, date.day, tzinfo=self.plan.zone)

    # -- events ------------------------------------------------------------------------------------

    def hear(self, event: Event, floor: Floor) -> None:
        """Learn from an event; `floor` is the state after it."""
        if ev.DAY_OPENED.marks(event):
            self._open_day(event.data["day"])
        self._sample(event.at)
        while self._pending and event.at - self._pending[0][1] > UNDO:
            self._pending.pop(0)[2]()
        if ev.TICKET_UNDONE.marks(event):
            undone = event.data["undoes"]
            self._pending = [entry for entry in self._pending if entry[0] != undone]
        self._note_shift_end(event, floor)
        self._hear_ticket(event, floor)
        self._hear_counter(event, floor)
        self._states = {
            number: (state.staffing, state.since) for number, state in floor.counter_states.items()
        }  # sampled with the next event

    def _later(self, event: Event, learn: Callable[[], None]) -> None:
        self._pending.append((event.seq, event.at, learn))

    def _note_shift_end(self, event: Event, floor: Floor) -> None:
        """Note whether somebody still waited when a shift ended: then it shows how long calls go on."""
        at_s = self.seconds(event.at)
        for _, ends_s in self.plan.shifts(self.learnt.today.day) or ():
            if ends_s <= at_s and ends_s not in self._crowded:
                self._crowded[ends_s] = len(floor.waiting) > 0 or ev.TICKET_CALLED.marks(event)
                if self._crowded[ends_s]:
                    keep(self.learnt.overruns_s.setdefault(str(round(ends_s)), []), 0.0, KEPT_OVERRUNS)

    def _note_overrun(self, at_s: float) -> None:
        """Note a call that was made after the end of a shift, and before the next one begins."""
        shifts = self.plan.shifts(self.learnt.today.day) or ()
        if any(opens_s <= at_s < closes_s for opens_s, closes_s in shifts):
            return
        ended_s = max((closes_s for _, closes_s in shifts if closes_s <= at_s), default=None)
        if ended_s is not None and self._crowded.get(ended_s):
            overruns = self.learnt.overruns_s[str(round(ended_s))]
            overruns[-1] = max(overruns[-1], at_s - ended_s)

    def _hear_ticket(self, event: Event, floor: Floor) -> None:
        learnt = self.learnt
        if ev.TICKET_ISSUED.marks(event):
            self._arrived(event)
        elif ev.TICKET_CALLED.marks(event):
            self._called_at(event, floor)
        elif ev.TICKET_STARTED.marks(event):
            called = self._called.get(event.counter_number)
            if called is not None:
                walk_s = (event.at - called).total_seconds()
                self._later(event, lambda: keep(learnt.walks_s, walk_s))
        elif ev.TICKET_FINISHED.marks(event) or ev.TICKET_TRANSFERRED.marks(event):
            ticket = floor.tickets.get(event.ticket_ref)
            if ticket is not None and ticket.day == floor.day:
                leg = ticket.legs[-2] if ev.TICKET_TRANSFERRED.marks(event) else ticket.leg
                self._later(event, lambda: self._served(leg))
        elif ev.TICKET_NO_SHOW.marks(event):
            called = self._called.get(event.counter_number)
            if called is not None:
                waited_s = (event.at - called).total_seconds()
                self._later(event, lambda: self._no_show(waited_s))

    def _hear_counter(self, event: Event, floor: Floor) -> None:
        number = event.counter
        if number is None:
            return
        state = floor.counter_state(number)
        if ev.COUNTER_PAUSED.marks(event):
            waits = self._somebody_waits(number, floor)
            self._paused[number] = (event.at, event.data["reason"] or "", waits)
        elif number in self._paused and state.staffing is not Staffing.PAUSED:
            began, reason, waits = self._paused.pop(number)
            self._pause_ended((event.at - began).total_seconds(), reason, waits)
        if state.staffing is not Staffing.OPEN or state.ref is not None:
            self.free.pop(number, None)
        elif number not in self.free:
            waits = self._somebody_waits(number, floor)
            self.free[number] = (event.at, waits)

    def _somebody_waits(self, number: int, floor: Floor) -> bool:
        return floor.waiting.count_for(self.plan.counters.get(number, ()), number) > 0

    # -- what each teaches -------------------------------------------------------------------------

    def _served(self, leg: Leg) -> None:
        took_s = leg.service_s
        shortest_s = self.plan.shortest_s
        if took_s is None or not shortest_s <= took_s <= FORGOTTEN_S:
            return
        expected = service_time(self.learnt, self.plan.prior_s, leg.service, shortest_s)
        known = self.learnt.services.setdefault(leg.service, ServiceTimes())
        if known.n >= SPREAD_WEIGHT and log(took_s) > expected.mu + TOP_Z * expected.sigma:
            took_s = round(exp(expected.mu + TOP_Z * expected.sigma))
        today = self.learnt.today
        today.services += 1
        today.took_s += took_s
        today.expected_s += expected.mean_s
        known.add(took_s)

    def _no_show(self, waited_s: float) -> None:
        self.learnt.no_shows += 1
        keep(self.learnt.no_shows_s, waited_s)

    def _pause_ended(self, took_s: float, reason: str, waits: bool) -> None:
        keep(self.learnt.pauses_s.setdefault(reason, []), took_s, KEPT_PAUSES)
        if waits and took_s <= LONG_PAUSE_S:
            self.learnt.pauses += 1

    def _arrived(self, event: Event[ev.TicketIssued]) -> None:
        quarter = int(self.seconds(event.at) // QUARTER_S) % QUARTERS
        kind = f"{event.service_code}|{event.data['head_start_s']}"
        self.learnt.arrivals.setdefault(kind, [0.0] * QUARTERS)[quarter] += 1
        weekday = event.at.astimezone(self.plan.zone).isoweekday()
        self.learnt.arrivals_of_weekday.setdefault(weekday, [0.0] * QUARTERS)[quarter] += 1

    def _called_at(self, event: Event[ev.TicketCalled], floor: Floor) -> None:
        number, at = event.counter_number, event.at
        self._called[number] = at
        since = self.free.pop(number, None)
        ticket = floor.tickets.get(event.ticket_ref)
        self._note_overrun(self.seconds(at))
        self._later(event, self._count_call)
        if since is None or ticket is None or event.data["reason"] == Reason.MANUAL:
            return
        free_since, waited = since
        queued_at = ticket.leg.queued_at
        if waited:
            gap_s = (at - free_since).total_seconds()
            self._later(event, lambda: keep(self.learnt.gaps_s, gap_s))
        elif queued_at >= free_since:
            reaction_s = (at - queued_at).total_seconds()
            self._later(event, lambda: keep(self.learnt.reactions_s, reaction_s))

    def _count_call(self) -> None:
        self.learnt.calls += 1

    # -- days --------------------------------------------------------------------------------------

    def _open_day(self, day: str) -> None:
        learnt = self.learnt
        self._close_day()
        learnt.today = Today(day=day)
        self._states, self.free, self._crowded = {}, {}, {}

    def _close_day(self) -> None:
        learnt, today = self.learnt, self.learnt.today
        if not any(any(shares) for shares in today.staffed.values()):
            return
        if today.services >= 5:
            observed = log(today.took_s / today.expected_s)
            learnt.speeds.append((observed, _log_variance(learnt) / today.services))
            del learnt.speeds[:-60]
        learnt.age()
        learnt.days += 1
        weekday = datetime.fromisoformat(today.day).isoweekday()
        learnt.weekdays[weekday] = learnt.weekdays.get(weekday, 0.0) + 1
        rate = max(0.1, 1 / (learnt.days + 1e-9))
        for number in {*learnt.staffed, *today.staffed}:
            was = learnt.staffed.get(number, [0.0] * QUARTERS)
            shares = today.staffed.get(number, [0.0] * QUARTERS)
            learnt.staffed[number] = [a + min(1.0, rate) * (b - a) for a, b in zip(was, shares, strict=True)]

    def _sample(self, at: datetime) -> None:
        """Note which counters were staffed since the last event, every five minutes."""
        today = self.learnt.today
        if not today.day:
            return
        now_s = self.seconds(at)
        step = QUARTER_S / 3
        while today.sampled_s + step / 2 <= now_s and today.sampled_s < QUARTERS * QUARTER_S:
            middle_s = today.sampled_s + step / 2
            quarter = int(middle_s // QUARTER_S)
            for number, (staffing, since) in self._states.items():
                paused_long = since is not None and middle_s - self.seconds(since) > LONG_PAUSE_S
                if staffing is Staffing.OPEN or (staffing is Staffing.PAUSED and not paused_long):
                    today.staffed.setdefault(number, [0.0] * QUARTERS)[quarter] += 1 / 3
            today.sampled_s += step
