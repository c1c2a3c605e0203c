"""What the screens are told: the hall as it stands, in the shapes of the doors.

Every view is made from the floor in one go and carries the `seq` it is true for.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from hall.arrivals import may_be_lost
from hall.catalogue.model import Counter
from hall.forecasts import counter_to_open, forecast_new, forecast_waiting, open_counters
from hall.hall import Hall
from hall.issuing import ClosingWarning, closing_warning
from hall.issuing import issuing as issuing_of
from hall.rule import RuleView, rules
from hall.visits import UNDO_WINDOW, last_action
from hall.why import WhyView, return_until, why
from queueing import forecast, metrics
from queueing.advice import LEVELS_S, level_of
from queueing.dispatch import calling_order
from queueing.events import Event, instant
from queueing.floor import RECENT_CALLS, CounterState, LastCall, Staffing, WallCall
from queueing.opening import shifts_of
from queueing.ticket import State, Ticket, whole_seconds

QUEUE_SHOWN = 50
BY_HAND_SHOWN = 5

NameOf = Callable[[str], str | None]


class WallView(msgspec.Struct):
    theme: str
    last_seat_m: float
    blink: bool


class VoiceView(msgspec.Struct):
    on: bool
    variant: str
    volume: int
    quiet_from: str | None
    quiet_to: str | None
    repeat: bool
    speaker: int | None


class HallView(msgspec.Struct):
    name: str
    office: str
    hotline: str
    timezone: str
    languages: tuple[str, ...]
    advice_service: str
    advice_counters: list[int]
    priority_question: bool
    priority_groups: tuple[str, ...]
    elder_age: int
    rule: dict[str, RuleView]  # by language
    cap: int
    head_start_s: dict[str, int]
    target_s: int
    wall: WallView
    voice: VoiceView
    wall_note: dict[str, str]
    clerk_figures: bool
    appointments: bool  # whether any service gives appointments
    public_url: str | None
    version: str  # of the running program; a screen made for another one reloads


class ClassView(msgspec.Struct):
    """What staff call a class of priority, and its pictogram."""

    names: dict[str, str]
    icon: str


class StaffHallView(HallView, kw_only=True):
    """The hall for screens of the staff: the names of the classes may tell why somebody has priority."""

    classes: dict[str, ClassView]


class ForecastView(msgspec.Struct):
    p10_s: int
    p50_s: int
    p80_s: int


class ClosingWarningView(msgspec.Struct):
    """Today may not be enough: when the service closes, and when it gives numbers the next day."""

    closes_at: str
    next_at: str | None


class ServiceView(msgspec.Struct):
    code: str
    prefix: str
    names: dict[str, str]
    hints: dict[str, str]
    icon: str
    family: int
    position: int
    open: bool  # whether a number can be had now
    closed: str | None  # why not: "retired", or one of queueing.opening.Closed
    opens_at: str | None  # from when again, where the calendar tells
    unlikely: ClosingWarningView | None  # one who took a number now would probably not be called before closing
    waiting: int
    forecast: ForecastView | None
    counters: list[int]
    counters_open: list[int]
    target_s: int


class ShiftView(msgspec.Struct):
    """A stretch of work in the hall's time, "07:30"."""

    opens: str
    closes: str
    issues_from: str
    issues_to: str


class WorkdayView(msgspec.Struct):
    """Today's shifts, of any service; null: numbers are given at any hour. `name` where the day has one."""

    shifts: list[ShiftView] | None
    name: str | None


class ServicesView(msgspec.Struct):
    seq: int
    at: str
    services: list[ServiceView]
    workday: WorkdayView


class PrintView(msgspec.Struct):
    """The last print of a ticket: queued, sent, printed or failed; `cause` where something is wrong."""

    state: str
    copy: bool
    cause: str | None


class TicketView(msgspec.Struct):
    id: str | None
    ref: int
    number: str
    service: str
    priority_class: str
    state: str
    issued_at: str
    people_ahead: int
    forecast: ForecastView | None
    counters: list[int]
    counter: int | None
    called_at: str | None
    calls: int
    started_at: str | None
    finished_at: str | None
    why: WhyView | None  # why this one, or why not yet
    follow_url: str | None
    print: PrintView | None  # null: there is no printer, the screen shows the picture


class CallView(msgspec.Struct):
    seq: int
    number: str
    counter: int
    at: str
    again: bool
    priority: bool


class CounterBoardView(msgspec.Struct):
    counter: int
    name: str
    state: str
    staffing: str  # what the state will be once the number is gone: open, paused, closed
    number: str | None
    services: list[str]
    since: str | None
    reason: str | None
    priority: bool


class TodayView(msgspec.Struct):
    served: int
    waiting: int
    mean_wait_s: int | None
    target_s: int


class BoardView(msgspec.Struct):
    seq: int
    at: str
    day: str
    calls: list[CallView]
    recent: list[CallView]
    counters: list[CounterBoardView]
    services: list[ServiceView]
    no_shows: list[str]
    today: TodayView


class DeskView(msgspec.Struct):
    counter: int
    name: str
    state: str
    services: list[str]
    since: str | None
    reason: str | None
    clerk: str | None
    clerk_name: str | None
    mine: bool


class AtCounterView(msgspec.Struct):
    ref: int
    number: str
    service: str
    priority_class: str
    head_start_s: int  # its own, whatever the policy says by now
    state: str
    issued_at: str
    wait_s: int
    called_at: str
    called_seq: int
    calls: int
    started_at: str | None
    reason: str | None
    passed: int
    why: WhyView | None
    dossiers: int
    goes_on: bool  # not its first leg, or not its first time here
    no_show_from: str | None  # when "did not come" is to be offered; null while it must be called again


class UndoView(msgspec.Struct):
    """The last action, which can be taken back until then."""

    number: str
    kind: str  # of its last event
    until: str


class CounterView(msgspec.Struct):
    seq: int
    at: str
    counter: DeskView
    ticket: AtCounterView | None
    undo: UndoView | None


class QueuedView(msgspec.Struct):
    ref: int
    number: str
    service: str
    priority_class: str
    head_start_s: int  # its own, whatever the policy says by now
    issued_at: str
    passed: int
    reason: str
    mark: str | None  # returned, transferred, later: it stands where it does for another reason than its arrival


class MissedView(msgspec.Struct):
    ref: int
    number: str
    until: str | None  # until when it may come back


class HeldView(msgspec.Struct):
    ref: int
    number: str
    service: str
    since: str
    until: str | None


class PrinterView(msgspec.Struct):
    """A printer in trouble. `spare`: another one prints meanwhile."""

    printer: str
    cause: str
    number: str
    since: str
    spare: bool


class CounterTodayView(msgspec.Struct):
    served: int
    median_service_s: int | None


class ConsoleView(msgspec.Struct):
    """The live part of a console."""

    seq: int
    at: str
    counter: DeskView
    ticket: AtCounterView | None
    queue: list[QueuedView]
    waiting: int
    no_shows: list[MissedView]
    held: list[HeldView]  # kept for this counter
    undo: UndoView | None
    prefer: int | None  # an idle counter with fewer services that should call the next one
    by_hand: bool  # whether a number may be called out of turn
    most_dossiers: int
    restored: bool  # paper of today may bear a number that the log does not know, to be entered by hand
    open_counters: list[int]  # of the whole hall: where somebody may be sent
    today: CounterTodayView
    printing: bool  # whether there is a printer at all
    printers: list[PrinterView]


class SpreadView(msgspec.Struct):
    n: int
    mean_s: int | None
    median_s: int | None
    p90_s: int | None
    max_s: int | None


class ShareView(msgspec.Struct):
    met: int
    of: int


class FiguresView(msgspec.Struct):
    issued: int
    called: int
    served: int
    no_shows: int
    cancelled: int
    expired: int
    priority: int
    recalls: int
    returns: int
    holds: int
    transfers: int
    by_hand: int
    short: int
    dossiers: int
    wait: SpreadView
    walk: SpreadView
    service: SpreadView
    sojourn: SpreadView
    hold: SpreadView
    within: dict[str, ShareView]
    on_target: ShareView
    target_s: int


class LongestView(msgspec.Struct):
    number: str
    service: str
    wait_s: int


class WatchedCounterView(DeskView):
    ticket: AtCounterView | None
    served_today: int
    held: list[str]  # numbers kept for it


class ByHandView(msgspec.Struct):
    """A number that was called out of turn."""

    at: str
    number: str
    counter: int
    why: str
    clerk_name: str | None


class WatchedServiceView(ServiceView):
    longest_wait_s: int | None
    level: str | None  # of that wait: warn from 15 minutes, alarm from 20, breach from 30


class HelpCallView(msgspec.Struct):
    """Somebody wants a person to come; `name` of the kiosk or the greeter, where it has one."""

    asked: int
    at: str
    by: str
    name: str | None


class EffectView(msgspec.Struct):
    service: str
    now_s: int | None  # null: no open counter serves it
    then_s: int


class AdviceView(msgspec.Struct):
    """The counter that should open, and the wait of who comes now without and with it."""

    counter: int
    staffing: str  # paused or closed
    since: str | None
    reason: str | None
    waiting: int  # people who wait for these services
    effects: list[EffectView]


class AlarmView(msgspec.Struct):
    code: str
    at: str
    params: dict[str, int | str | bool]


class BackupView(msgspec.Struct):
    """Up to when the last good backup holds everything; null where there is none yet."""

    at: str | None
    second_at: str | None
    second: bool  # whether a second place was given


class WatchView(msgspec.Struct):
    """The supervisor's live board."""

    seq: int
    at: str
    hall: StaffHallView
    waiting: int
    longest: LongestView | None
    counters: list[WatchedCounterView]
    services: list[WatchedServiceView]
    today: FiguresView
    by_hand: list[ByHandView]  # newest first
    advice: AdviceView | None
    alarms: list[AlarmView]


class EventView(msgspec.Struct):
    seq: int
    at: str
    kind: str
    ref: int | None
    counter: int | None
    service: str | None
    data: dict[str, Any]
    hash: str


def hall_view(hall: Hall, public_url: str | None) -> HallView:
    own, policy = hall.catalogue.hall, hall.catalogue.policy
    return HallView(
        name=own.name,
        office=own.office,
        hotline=own.hotline,
        timezone=own.timezone,
        languages=own.languages,
        advice_service=own.advice_service,
        advice_counters=[counter.number for counter in hall.catalogue.serving(own.advice_service)],
        priority_question=policy.question,
        priority_groups=policy.groups,
        elder_age=policy.elder_age,
        rule=rules(policy, hall.rule_words),
        cap=policy.cap,
        head_start_s={name: _seconds(start) for name, start in policy.head_starts.items()},
        target_s=_seconds(own.target),
        wall=WallView(own.theme, own.last_seat_m, own.blink),
        voice=VoiceView(**msgspec.structs.asdict(own.voice)),
        wall_note=dict(own.wall_note),
        clerk_figures=own.clerk_figures,
        appointments=bool(own.appointments),
        public_url=public_url,
        version=hall.version,
    )


def staff_hall_view(hall: Hall, public_url: str | None) -> StaffHallView:
    classes = hall.catalogue.policy.classes
    return StaffHallView(
        **msgspec.structs.asdict(hall_view(hall, public_url)),
        classes={name: ClassView(dict(each.names), each.icon) for name, each in classes.items()},
    )


def service_views(hall: Hall) -> list[ServiceView]:
    """Every service that is offered, in the order of the kiosk; a retired one until its last visitor is served."""
    catalogue, floor, now = hall.catalogue, hall.floor, hall.now()
    issuing = {code: issuing_of(catalogue, floor, code, now) for code in catalogue.services}
    return [
        ServiceView(
            code=service.code,
            prefix=service.prefix,
            names=dict(service.names),
            hints=dict(service.hints),
            icon=service.icon,
            family=service.family,
            position=service.position,
            open=service.active and issuing[service.code].open,
            closed=issuing[service.code].closed if service.active else "retired",
            opens_at=_text(issuing[service.code].opens_at) if service.active else None,
            unlikely=_closing_warning_view(closing_warning(catalogue, floor, service.code, now)),
            waiting=floor.waiting.count(service.code),
            forecast=forecast_view(forecast_new(catalogue, floor, service.code)),
            counters=[counter.number for counter in catalogue.serving(service.code)],
            counters_open=open_counters(catalogue, floor, service.code),
            target_s=_seconds(service.target),
        )
        for service in catalogue.services.values()
        if _shown(hall, service.code)
    ]


def _closing_warning_view(late: ClosingWarning | None) -> ClosingWarningView | None:
    return None if late is None else ClosingWarningView(instant(late.closes_at), _text(late.next_at))


def _shown(hall: Hall, code: str) -> bool:
    floor, service = hall.floor, hall.catalogue.services.get(code)
    if service is None:
        return False
    at_counters = (floor.at_counter(number) for number in floor.counter_states)
    return (
        service.active
        or floor.waiting.count(code) > 0
        or any(ticket is not None and ticket.service == code for ticket in at_counters)
    )


def _served_at(hall: Hall, counter: Counter) -> list[str]:
    return [code for code in sorted(counter.services) if _shown(hall, code)]


def services_view(hall: Hall) -> ServicesView:
    return ServicesView(hall.floor.seq, instant(hall.now()), service_views(hall), workday_view(hall))


def workday_view(hall: Hall) -> WorkdayView:
    hours, day = hall.catalogue.hours, hall.local_day(hall.now())
    active = [code for code, service in hall.catalogue.services.items() if service.active]
    shifts, special = shifts_of(hours, day, active), hours.special(day)
    return WorkdayView(
        shifts=None
        if shifts is None
        else [
            ShiftView(*(f"{edge:%H:%M}" for edge in (each.opens, each.closes, each.issues_from, each.issues_to)))
            for each in shifts
        ],
        name=None if special is None else special.name,
    )


def forecast_view(made: forecast.Forecast | None) -> ForecastView | None:
    return None if made is None else ForecastView(made.p10_s, made.p50_s, made.p80_s)


def ticket_view(hall: Hall, ticket: Ticket, ticket_id: str | None, public_url: str | None) -> TicketView:
    """A ticket for its holder, who knows the id, or for staff, who do not (`ticket_id` None)."""
    ahead, wait = 0, None
    place = hall.floor.waiting.place(ticket.ref)
    if place is not None:
        ahead = hall.floor.waiting.ahead(ticket.ref)
        wait = forecast_waiting(hall.catalogue, hall.floor, place)
    at_counter = ticket.state in (State.CALLED, State.SERVING)
    leg = ticket.leg
    return TicketView(
        id=ticket_id,
        ref=ticket.ref,
        number=ticket.number,
        service=ticket.service,
        priority_class=ticket.priority_class,
        state=ticket.state.value,
        issued_at=instant(ticket.issued_at),
        people_ahead=ahead,
        forecast=forecast_view(wait),
        counters=[counter.number for counter in hall.catalogue.serving(ticket.service)],
        counter=leg.counter if at_counter else None,
        called_at=_text(leg.called_at),
        calls=leg.calls,
        started_at=_text(leg.started_at),
        finished_at=_text(leg.finished_at),
        why=why(hall, ticket),
        follow_url=f"{public_url}/t/{ticket_id}" if public_url and ticket_id else None,
        print=print_view(hall, ticket.ref),
    )


def print_view(hall: Hall, ref: int) -> PrintView | None:
    job = hall.store.last_print(ref)
    return None if job is None else PrintView(job.state, job.copy, job.cause)


def board_view(hall: Hall) -> BoardView:
    """What the wall shows: numbers, never who they belong to."""
    floor = hall.floor
    standing = [call for call in floor.recent if floor.tickets[call.ref].state is State.CALLED]
    return BoardView(
        seq=floor.seq,
        at=instant(hall.now()),
        day=str(floor.day),
        calls=[call_view(call) for call in reversed(standing)],
        recent=[call_view(call) for call in floor.recent[:RECENT_CALLS]],
        counters=[_counter_board(hall, number) for number in hall.catalogue.counters],
        services=service_views(hall),
        no_shows=missed_numbers(hall),
        today=today_view(hall),
    )


def missed_numbers(hall: Hall) -> list[str]:
    return [hall.floor.tickets[ref].number for ref in hall.floor.no_shows]


def call_view(call: WallCall) -> CallView:
    return CallView(call.seq, call.number, call.counter, instant(call.at), call.again, call.priority)


def today_view(hall: Hall) -> TodayView:
    floor = hall.floor
    return TodayView(
        served=floor.served,
        waiting=len(floor.waiting),
        mean_wait_s=floor.waits_s // floor.waits if floor.waits else None,
        target_s=_seconds(hall.catalogue.hall.target),
    )


def _counter_board(hall: Hall, number: int) -> CounterBoardView:
    counter, desk, ticket = (
        hall.catalogue.counters[number],
        hall.floor.counter_state(number),
        hall.floor.at_counter(number),
    )
    return CounterBoardView(
        counter=number,
        name=counter.name,
        state=state_shown(desk, ticket),
        staffing=desk.staffing.value,
        number=ticket.number if ticket else None,
        services=_served_at(hall, counter),
        since=_text(_since(desk, ticket)),
        reason=desk.reason,
        priority=ticket is not None and ticket.favoured,
    )


def state_shown(desk: CounterState, ticket: Ticket | None) -> str:
    """One word for a counter: called, serving, idle, paused or closed."""
    if ticket is not None:
        return ticket.state.value
    return "idle" if desk.staffing is Staffing.OPEN else desk.staffing.value


def _since(desk: CounterState, ticket: Ticket | None) -> datetime | None:
    return desk.since if ticket is None else _served_since(ticket) or ticket.leg.called_at


def _served_since(ticket: Ticket) -> datetime | None:
    """When the present stretch of service began: after a hold it is a new one."""
    return ticket.leg.turned_at if ticket.state is State.SERVING else None


def desk_view(hall: Hall, number: int, asker: str, name_of: NameOf) -> DeskView:
    counter, desk, ticket = (
        hall.catalogue.counter(number),
        hall.floor.counter_state(number),
        hall.floor.at_counter(number),
    )
    return DeskView(
        counter=number,
        name=counter.name,
        state=state_shown(desk, ticket),
        services=_served_at(hall, counter),
        since=_text(_since(desk, ticket)),
        reason=desk.reason,
        clerk=desk.clerk,
        clerk_name=name_of(desk.clerk) if desk.clerk else None,
        mine=desk.clerk == asker,
    )


def at_counter_view(hall: Hall, number: int) -> AtCounterView | None:
    ticket = hall.floor.at_counter(number)
    if ticket is None or ticket.leg.called_at is None:
        return None
    leg, called = ticket.leg, hall.floor.calls.get(ticket.ref)
    called_at = called.at if called and called.at else ticket.leg.called_at
    return AtCounterView(
        ref=ticket.ref,
        number=ticket.number,
        service=ticket.service,
        priority_class=ticket.priority_class,
        head_start_s=_seconds(ticket.head_start),
        state=ticket.state.value,
        issued_at=instant(ticket.issued_at),
        wait_s=sum(whole_seconds(each.called_at, each.queued_at) for each in ticket.legs if each.called_at),
        called_at=instant(called_at),
        called_seq=called.seq if called else 0,
        calls=called.times if called else leg.calls,
        started_at=_text(_served_since(ticket)),
        reason=called.reason if called else None,
        passed=called.passes if called else 0,
        why=why(hall, ticket),
        dossiers=ticket.dossiers,
        goes_on=len(ticket.legs) > 1 or leg.holds > 0 or ticket.returned > 0,
        no_show_from=_no_show_from(hall, called) if ticket.state is State.CALLED else None,
    )


def _no_show_from(hall: Hall, called: LastCall | None) -> str | None:
    """When "did not come" is to be offered: after so many calls, so far apart."""
    own = hall.catalogue.hall
    if called is None or called.at is None:
        return None
    if called.times < own.no_show_calls:
        return None
    return instant((called.again_at or called.at) + own.no_show_gap)


def undo_view(hall: Hall, number: int) -> UndoView | None:
    done = last_action(hall.floor, number)
    if not done:
        return None
    last = done[-1]
    return UndoView(last.before.number, last.event.kind, instant(last.event.at + UNDO_WINDOW))


def counter_view(hall: Hall, number: int, asker: str, name_of: NameOf) -> CounterView:
    return CounterView(
        hall.floor.seq,
        instant(hall.now()),
        desk_view(hall, number, asker, name_of),
        at_counter_view(hall, number),
        undo_view(hall, number),
    )


def console_view(hall: Hall, number: int, asker: str, name_of: NameOf) -> ConsoleView:
    floor = hall.floor
    services = hall.catalogue.counter(number).services
    tally = floor.served_at(number)
    order = calling_order(floor.waiting, sorted(services), hall.catalogue.policy.cap, QUEUE_SHOWN, number)
    queue = []
    for choice, passed in order:
        ticket = floor.tickets[choice.ref]
        queue.append(
            QueuedView(
                ref=ticket.ref,
                number=ticket.number,
                service=ticket.service,
                priority_class=ticket.priority_class,
                head_start_s=_seconds(ticket.head_start),
                issued_at=instant(ticket.issued_at),
                passed=passed,
                reason=choice.reason.value,
                mark=_mark(hall, ticket),
            )
        )
    return ConsoleView(
        seq=floor.seq,
        at=instant(hall.now()),
        counter=desk_view(hall, number, asker, name_of),
        ticket=at_counter_view(hall, number),
        queue=queue,
        waiting=floor.waiting.count_for(sorted(services), number),
        no_shows=[
            MissedView(ref, floor.tickets[ref].number, return_until(hall, floor.tickets[ref])) for ref in floor.no_shows
        ],
        held=[
            HeldView(
                ref,
                floor.tickets[ref].number,
                floor.tickets[ref].service,
                instant(floor.tickets[ref].leg.turned_at or floor.tickets[ref].issued_at),
                _text(hold.until),
            )
            for ref, hold in floor.holds.items()
            if hold.counter == number
        ],
        undo=undo_view(hall, number),
        prefer=_prefer(hall, number, floor.tickets[order[0][0].ref].service) if order else None,
        by_hand=hall.catalogue.policy.by_hand,
        most_dossiers=hall.catalogue.hall.most_dossiers,
        restored=may_be_lost(hall),
        open_counters=[each for each in hall.catalogue.counters if floor.counter_state(each).staffing is Staffing.OPEN],
        today=CounterTodayView(tally.finished, metrics.nearest_rank(sorted(tally.service_s), 50)),
        printing=bool(hall.printers),
        printers=printer_views(hall),
    )


def _mark(hall: Hall, ticket: Ticket) -> str | None:
    place = hall.floor.waiting.place(ticket.ref)
    if place is not None and place.sits_out_next_call:
        return "later"
    if ticket.leg.holds or ticket.returned:
        return "returned"
    return "transferred" if len(ticket.legs) > 1 else None


def _prefer(hall: Hall, number: int, service: str) -> int | None:
    """Of the idle counters that serve it, the one with the fewest services, if it has fewer than this one."""
    floor, counters = hall.floor, hall.catalogue.counters
    idle = [
        each
        for each in hall.catalogue.serving(service)
        if floor.counter_state(each.number).staffing is Staffing.OPEN and floor.counter_state(each.number).ref is None
    ]
    best = min(idle, key=lambda each: (len(each.services), each.number), default=None)
    if best is None or counters[number] not in idle or len(best.services) >= len(counters[number].services):
        return None
    return best.number


def printer_views(hall: Hall) -> list[PrinterView]:
    """The printers that staff must look after."""
    return [
        PrinterView(each.printer, each.cause, each.number, instant(each.since), each.spare)
        for each in hall.floor.printers.values()
        if each.printer in hall.printers  # the spare may have been taken away
    ]


def figures_view(made: metrics.Figures) -> FiguresView:
    return FiguresView(
        issued=made.issued,
        called=made.called,
        served=made.served,
        no_shows=made.no_shows,
        cancelled=made.cancelled,
        expired=made.expired,
        priority=made.priority,
        recalls=made.recalls,
        returns=made.returns,
        holds=made.holds,
        transfers=made.transfers,
        by_hand=made.by_hand,
        short=made.short,
        dossiers=made.dossiers,
        wait=_spread(made.wait),
        walk=_spread(made.walk),
        service=_spread(made.service),
        sojourn=_spread(made.sojourn),
        hold=_spread(made.hold),
        within={str(minutes): ShareView(share.met, share.of) for minutes, share in made.within.items()},
        on_target=ShareView(made.on_target.met, made.on_target.of),
        target_s=made.target_s,
    )


def _spread(made: metrics.Spread) -> SpreadView:
    return SpreadView(made.n, made.mean_s, made.median_s, made.p90_s, made.max_s)


def watch_view(hall: Hall, public_url: str | None, name_of: NameOf) -> WatchView:
    """The live board: how long, who waits longest, which counters, what is wrong."""
    floor, now = hall.floor, hall.now()
    places = list(floor.waiting.places(hall.catalogue.services))
    first = min(places, key=lambda place: place.arrival, default=None)
    today = [ticket for ticket in floor.tickets.values() if ticket.day == floor.day]
    return WatchView(
        seq=floor.seq,
        at=instant(now),
        hall=staff_hall_view(hall, public_url),
        waiting=len(floor.waiting),
        longest=None
        if first is None
        else LongestView(floor.tickets[first.ref].number, first.service, whole_seconds(now, first.issued_at)),
        counters=[_watched_counter(hall, number, name_of) for number in hall.catalogue.counters],
        services=[_watched_service(hall, view, now) for view in service_views(hall)],
        today=figures_view(metrics.figures(today, _seconds(hall.catalogue.hall.target))),
        by_hand=[
            ByHandView(instant(each.at), each.number, each.counter, each.why, name_of(each.by))
            for each in reversed(floor.by_hand[-BY_HAND_SHOWN:])
        ],
        advice=advice_view(hall),
        alarms=alarm_views(hall, name_of),
    )


def _watched_counter(hall: Hall, number: int, name_of: NameOf) -> WatchedCounterView:
    desk = desk_view(hall, number, "", name_of)
    return WatchedCounterView(
        **msgspec.structs.asdict(desk),
        ticket=at_counter_view(hall, number),
        served_today=hall.floor.served_at(number).finished,
        held=[hall.floor.tickets[ref].number for ref, hold in hall.floor.holds.items() if hold.counter == number],
    )


def _watched_service(hall: Hall, view: ServiceView, now: datetime) -> WatchedServiceView:
    first = hall.floor.waiting.first(view.code)
    waited_s = None if first is None else whole_seconds(now, first.issued_at)
    return WatchedServiceView(
        **msgspec.structs.asdict(view),
        longest_wait_s=waited_s,
        level=None if waited_s is None else level_of(waited_s),
    )


def advice_view(hall: Hall) -> AdviceView | None:
    advice = counter_to_open(hall.catalogue, hall.floor)
    if advice is None:
        return None
    desk = hall.floor.counter_state(advice.counter)
    return AdviceView(
        counter=advice.counter,
        staffing=desk.staffing.value,
        since=_text(desk.since),
        reason=desk.reason,
        waiting=sum(hall.floor.waiting.count(effect.service) for effect in advice.effects),
        effects=[EffectView(effect.service, effect.now_s, effect.then_s) for effect in advice.effects],
    )


def help_views(hall: Hall, name_of: NameOf) -> list[HelpCallView]:
    """The calls for help nobody has come to yet, the longest waiting first."""
    return [HelpCallView(call.seq, instant(call.at), call.by, name_of(call.by)) for call in hall.floor.helps.values()]


def alarm_views(hall: Hall, name_of: NameOf) -> list[AlarmView]:
    """What a supervisor must know now."""
    alarms = [
        AlarmView("help_asked", each.at, {"asked": each.asked, "name": each.name or each.by})
        for each in help_views(hall, name_of)
    ]
    alarms += [
        AlarmView(
            f"printer_{each.cause}",
            each.since,
            {"printer": each.printer, "number": each.number, "spare": each.spare},
        )
        for each in printer_views(hall)
    ]
    alarms += _wait_alarms(hall)
    held = hall.clock.held
    if held is not None:
        forward = held.by > timedelta(0)
        code = "clock_leapt" if forward else "clock_went_back"
        params: dict[str, int | str | bool] = {"jump_s": abs(_seconds(held.by)), "can_follow": forward}
        alarms.insert(0, AlarmView(code, instant(hall.now()), params))
    return alarms


def _wait_alarms(hall: Hall) -> list[AlarmView]:
    """Whoever has waited longest, past 15, 20 or 30 minutes."""
    places = hall.floor.waiting.places(hall.catalogue.services)
    first = min(places, key=lambda place: place.arrival, default=None)
    level = None if first is None else level_of(whole_seconds(hall.now(), first.issued_at))
    if first is None or level is None:
        return []
    reached = first.issued_at + timedelta(seconds=LEVELS_S[level])
    number, service = hall.floor.tickets[first.ref].number, hall.catalogue.services[first.service].names["vi"]
    params: dict[str, int | str | bool] = {"number": number, "service": service, "minutes": LEVELS_S[level] // 60}
    return [AlarmView(f"wait_{level}", instant(reached), params)]


def event_view(event: Event) -> EventView:
    return EventView(
        event.seq, instant(event.at), event.kind, event.ref, event.counter, event.service, dict(event.data), event.hash
    )


def _seconds(length: timedelta) -> int:
    return length // timedelta(seconds=1)


def _text(at: datetime | None) -> str | None:
    return None if at is None else instant(at)
