"""What the rest of the day looks like from now: the floor, the working calendar, and what was learnt of both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from forecast.learning import QUARTER_S, QUARTERS, Learner, Learnt
from forecast.state import OPEN, AwayTicket, CounterOutlook, HallOutlook, WaitingTicket, Window, waiting_tickets
from queueing.floor import Floor, Staffing
from queueing.ticket import State

# Until a hall has shown it: how long calls go on after the last shift while somebody waits.
OVERTIME_S = 1800.0
OPENED_S = 7200.0  # so long does a counter call that opens while no other does
STAFFED = 0.5  # a counter is expected where it was staffed on at least this share of the days
LEAST_DAYS = 1.0  # before so many days are known, the calendar and this day are all there is
DAY_S = 86_400.0

Span = tuple[float, float]


def outlook(floor: Floor, learner: Learner, now: datetime) -> HallOutlook:
    """Return the hall as it stands at `now`, with when each counter is expected to call."""
    plan, midnight = learner.plan, learner.midnight(now)
    now_s = (now - midnight).total_seconds()
    shifts = plan.shifts(learner.learnt.today.day or midnight.date().isoformat())
    spans = None if shifts is None else _with_overtime(shifts, learner.learnt)
    counters = tuple(
        _counter(floor, learner, number, services, now_s, spans) for number, services in sorted(plan.counters.items())
    )
    return HallOutlook(
        now_s=now_s,
        weekday=midnight.isoweekday(),
        services=tuple(plan.prior_s),
        cap=plan.cap,
        waiting=waiting_tickets(floor.waiting, midnight),
        counters=counters,
        away=tuple(_away(floor, midnight)),
    )


def opened(here: HallOutlook, number: int) -> HallOutlook:
    """Return the hall as it would be if a counter opened now: it calls for as long as any other that calls now."""
    now_s = here.now_s
    ends = [window.to_s for counter in here.counters for window in counter.windows if window.from_s <= now_s]
    until_s = max(ends, default=now_s + OPENED_S)
    counters = tuple(
        counter._replace(
            staffing=OPEN,
            windows=(Window(now_s, until_s), *(window for window in counter.windows if window.from_s >= until_s)),
            paused_s=None,
            reason=None,
        )
        if counter.number == number
        else counter
        for counter in here.counters
    )
    return here._replace(counters=counters)


def _with_overtime(shifts: tuple[Span, ...], learnt: Learnt) -> tuple[Span, ...]:
    """Return the shifts, each as long as calls may go on after its end while somebody waits."""
    spans = []
    for n, (opens_s, closes_s) in enumerate(shifts):
        last = n + 1 == len(shifts)
        overruns = learnt.overruns_s.get(str(round(closes_s)))
        overrun_s = max(overruns) if overruns else OVERTIME_S if last else 0.0
        ends_s = closes_s + overrun_s
        spans.append((opens_s, ends_s if last else min(ends_s, shifts[n + 1][0])))
    return tuple(spans)


def _counter(
    floor: Floor, learner: Learner, number: int, services: tuple[str, ...], now_s: float, spans: tuple[Span, ...] | None
) -> CounterOutlook:
    state = floor.counter_state(number)
    ticket = floor.at_counter(number)
    leg = None if ticket is None else ticket.leg
    called = floor.calls.get(ticket.ref) if ticket is not None else None
    started = leg.turned_at if ticket is not None and leg is not None and ticket.state is State.SERVING else None
    changed_s = None if state.since is None else learner.seconds(state.since)
    free = learner.free.get(number)
    return CounterOutlook(
        number=number,
        services=services,
        windows=tuple(_windows(learner.learnt, number, state.staffing, changed_s, now_s, spans)),
        staffing=str(state.staffing),
        service=None if ticket is None else ticket.service,
        called_s=None if called is None or called.at is None else learner.seconds(called.at),
        started_s=None if started is None else learner.seconds(started),
        served_s=0.0 if leg is None else float(leg.served_s),
        paused_s=changed_s if state.staffing is Staffing.PAUSED else None,
        reason=state.reason,
        free_s=None if free is None or not free[1] else learner.seconds(free[0]),
    )


def _windows(
    learnt: Learnt,
    number: int,
    staffing: Staffing,
    changed_s: float | None,
    now_s: float,
    spans: tuple[Span, ...] | None,
) -> Iterator[Window]:
    """Yield when the counter is expected to call, from now on. `changed_s`: since when it is staffed as it is."""
    here = staffing is not Staffing.CLOSED
    usual = list(_usual(learnt, number)) if learnt.days >= LEAST_DAYS else None
    if spans is None:
        # Open round the clock: what was learnt is the calendar.
        ends_s = usual[-1].to_s + OVERTIME_S if usual else DAY_S
        spans = ((0.0, max(ends_s, now_s + OVERTIME_S)),)
    spans = tuple(span for span in spans if span[1] > now_s)
    if here and (not spans or spans[0][0] > now_s):
        # Open between two shifts, or after the last one.
        spans = ((now_s, spans[0][0] if spans else now_s + OVERTIME_S), *spans)
    was_here = here or any(learnt.today.staffed.get(number, ()))
    for from_s, to_s in spans:
        if here and from_s <= now_s:
            yield from _from_now(usual, now_s, to_s)
        elif usual is not None:
            yield from _expected(usual, max(from_s, now_s), to_s)
        elif was_here and (changed_s is None or changed_s <= from_s):
            # One that closed in the course of a shift may be one that opens only when many wait.
            yield Window(max(from_s, now_s), to_s)


def _from_now(usual: list[Window] | None, now_s: float, to_s: float) -> Iterator[Window]:
    """Yield when a counter that is staffed now calls until `to_s`: it leaves when it usually does."""
    present = next((window for window in usual or () if window.from_s - QUARTER_S <= now_s < window.to_s), None)
    if usual is None or present is None:
        yield Window(now_s, to_s)
        return
    ends_s = _stretched(present.to_s, to_s)
    yield Window(now_s, ends_s)
    yield from _expected([window for window in usual if window.from_s > present.from_s], ends_s, to_s)


def _expected(usual: list[Window], from_s: float, to_s: float) -> Iterator[Window]:
    """Yield the usual windows within a span."""
    for window in usual:
        begins_s, ends_s = max(from_s, window.from_s), _stretched(window.to_s, to_s)
        if begins_s < min(ends_s, to_s):
            yield Window(begins_s, min(ends_s, to_s), window.chance)


def _stretched(ends_s: float, to_s: float) -> float:
    """Return when a usual window ends: with the span, overtime included, if it lasts until near its end."""
    return to_s if ends_s >= to_s - OVERTIME_S - QUARTER_S else ends_s


def _usual(learnt: Learnt, number: int) -> Iterator[Window]:
    """Yield when the counter was staffed on most days."""
    shares = learnt.staffed.get(number)
    if shares is None:
        return
    begins: int | None = None
    for quarter in range(QUARTERS + 1):
        staffed = quarter < QUARTERS and shares[quarter] >= STAFFED
        if staffed and begins is None:
            begins = quarter
        elif not staffed and begins is not None:
            chance = max(shares[begins:quarter])
            # The clerks come a little after the beginning.
            late = 1 - min(1.0, shares[begins] / chance)
            yield Window((begins + late) * QUARTER_S, quarter * QUARTER_S, min(1.0, chance))
            begins = None


def _away(floor: Floor, midnight: datetime) -> Iterator[AwayTicket]:
    """Yield those who are held and said when they are back."""
    for ref, hold in floor.holds.items():
        ticket = floor.tickets.get(ref)
        if ticket is None or hold.until is None:
            continue
        yield AwayTicket(
            WaitingTicket(
                ref=ref,
                service=ticket.service,
                arrival=ticket.arrival,
                arrived_s=(ticket.issued_at - midnight).total_seconds(),
                head_start_s=ticket.head_start.total_seconds(),
                returned=True,
                counter=hold.counter,
                jumps=True,
            ),
            (hold.until - midnight).total_seconds(),
        )
