"""The supervisor's live board."""

from __future__ import annotations

from datetime import datetime

import msgspec

from hall.hall import Hall
from hall.ports import NameOf
from hall.views.alarms import AlarmView, alarm_views
from hall.views.counters import AtCounterView, CounterStateView, at_counter_view, counter_state_view
from hall.views.figures import FiguresView, figures_view
from hall.views.hall import StaffHallView, staff_hall_view
from hall.views.services import ServiceView, service_views
from hall.views.units import instant_or_none, seconds, waited_s
from hall.why import WhyView, why_longer_for
from queueing import metrics
from queueing.advice import level_of
from queueing.events import instant

BY_HAND_SHOWN = 5


class LongestView(msgspec.Struct):
    """Who has waited longest since they count as having arrived."""

    number: str
    service: str
    wait_s: int


class WatchedCounterView(CounterStateView):
    """A counter on the supervisor's board."""

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
    """A service on the supervisor's board."""

    longest_wait_s: int | None
    level: str | None  # of that wait: warn from 15 minutes, alarm from 20, breach from 30
    longer: WhyView | None  # why those who wait wait longer than they were shown before


class EffectView(msgspec.Struct):
    """The forecast of a wait now, and if the counter opened."""

    service: str
    now_s: int | None  # null: no open counter serves it
    then_s: int
    now_p90_s: int | None  # what nine in ten do not exceed
    then_p90_s: int


class AdviceView(msgspec.Struct):
    """The counter that should open, and the wait of those who come now without and with it."""

    counter: int
    staffing: str  # paused or closed
    since: str | None
    reason: str | None
    waiting: int  # people who wait for these services
    effects: list[EffectView]


class EntranceView(msgspec.Struct):
    """The last count today of the people before the kiosk, who have no number yet, and how often it was counted."""

    at: str
    people: int
    counts: int


class WatchView(msgspec.Struct):
    """The supervisor's live board."""

    seq: int
    at: str
    hall: StaffHallView
    waiting: int
    waiting_over: int  # of those, who has waited longer than the hall's target already
    longest: LongestView | None
    counters: list[WatchedCounterView]
    services: list[WatchedServiceView]
    today: FiguresView
    by_hand: list[ByHandView]  # newest first
    advice: AdviceView | None
    entrance: EntranceView | None  # null: nobody has counted today
    alarms: list[AlarmView]


def watch_view(hall: Hall, public_url: str | None, name_of: NameOf) -> WatchView:
    """Return the supervisor's live board: the queue, the counters, what is wrong."""
    floor, now = hall.floor, hall.now()
    places = list(floor.waiting.places(hall.catalogue.services))
    first = min(places, key=lambda place: place.order, default=None)
    today = [ticket for ticket in floor.tickets.values() if ticket.day == floor.day]
    target_s = seconds(hall.catalogue.hall.target)
    return WatchView(
        seq=floor.seq,
        at=instant(now),
        hall=staff_hall_view(hall, public_url),
        waiting=len(floor.waiting),
        waiting_over=sum(waited_s(place, now) > target_s for place in places),
        longest=None
        if first is None
        else LongestView(floor.tickets[first.ref].number, first.service, waited_s(first, now)),
        counters=[_watched_counter(hall, number, name_of) for number in hall.catalogue.counters],
        services=[_watched_service(hall, view, now) for view in service_views(hall)],
        today=figures_view(metrics.figures(today, target_s)),
        by_hand=[
            ByHandView(instant(call.at), call.number, call.counter, call.why, name_of(call.by))
            for call in reversed(floor.by_hand[-BY_HAND_SHOWN:])
        ],
        advice=advice_view(hall),
        entrance=entrance_view(hall),
        alarms=alarm_views(hall, name_of),
    )


def _watched_counter(hall: Hall, number: int, name_of: NameOf) -> WatchedCounterView:
    state_view = counter_state_view(hall, number, "", name_of)
    return WatchedCounterView(
        **msgspec.structs.asdict(state_view),
        ticket=at_counter_view(hall, number),
        served_today=hall.floor.served_at(number).finished,
        held=[hall.floor.tickets[ref].number for ref, hold in hall.floor.holds.items() if hold.counter == number],
    )


def _watched_service(hall: Hall, view: ServiceView, now: datetime) -> WatchedServiceView:
    first = hall.floor.waiting.first(view.code)
    longest_s = None if first is None else waited_s(first, now)
    return WatchedServiceView(
        **msgspec.structs.asdict(view),
        longest_wait_s=longest_s,
        level=None if longest_s is None else level_of(longest_s),
        longer=why_longer_for(hall, view.code),
    )


def entrance_view(hall: Hall) -> EntranceView | None:
    """Return the last count today of the people before the kiosk; None if nobody has counted."""
    counts = hall.floor.entrance
    return EntranceView(instant(counts[-1].at), counts[-1].people, len(counts)) if counts else None


def advice_view(hall: Hall) -> AdviceView | None:
    """Return the counter that should open, None if none would help."""
    advice = hall.forecaster.advice(hall.catalogue, hall.floor)
    if advice is None:
        return None
    state = hall.floor.counter_state(advice.counter)
    return AdviceView(
        counter=advice.counter,
        staffing=state.staffing.value,
        since=instant_or_none(state.since),
        reason=state.reason,
        waiting=sum(hall.floor.waiting.count(effect.service) for effect in advice.effects),
        effects=[
            EffectView(effect.service, effect.now_s, effect.then_s, effect.now_p90_s, effect.then_p90_s)
            for effect in advice.effects
        ],
    )
