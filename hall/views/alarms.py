"""Alarms, calls for help and the state of the backups."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

import msgspec

from hall.day import confirmed_leap
from hall.hall import Hall
from hall.ports import NameOf
from hall.views.printers import printer_views
from hall.views.units import seconds, waited_s
from queueing.advice import LEVELS_S, level_of
from queueing.events import instant
from queueing.rhythm import rhythm

RHYTHM_SHOWN = timedelta(minutes=30)  # how long a rhythm at a kiosk stays an alarm


class HelpCallView(msgspec.Struct):
    """A call for help; `name` of the kiosk or the greeter, where it has one."""

    asked: int
    at: str
    by: str
    name: str | None


class AlarmView(msgspec.Struct):
    """An alarm: its code, since when, and the parameters of its sentence."""

    code: str
    at: str
    params: dict[str, int | str | bool]


class BackupView(msgspec.Struct):
    """The instants up to which the last good backups hold everything; null where there is none yet."""

    at: str | None
    second_at: str | None
    second: bool  # whether a second place was given


def help_views(hall: Hall, name_of: NameOf) -> list[HelpCallView]:
    """Return the calls for help that nobody has answered yet, the longest waiting first."""
    return [HelpCallView(call.seq, instant(call.at), call.by, name_of(call.by)) for call in hall.floor.helps.values()]


def alarm_views(hall: Hall, name_of: NameOf) -> list[AlarmView]:
    """Return the alarms of the hall: calls for help, printers, waits, rhythms at a kiosk, the clock."""
    alarms = [
        AlarmView("help_asked", call.at, {"asked": call.asked, "name": call.name or call.by})
        for call in help_views(hall, name_of)
    ]
    alarms += [
        AlarmView(
            f"printer_{printer.cause}",
            printer.since,
            {"printer": printer.printer, "number": printer.number, "spare": printer.spare},
        )
        for printer in printer_views(hall)
    ]
    alarms += _wait_alarms(hall)
    alarms += _rhythm_alarms(hall, name_of)
    held = hall.clock.held
    if held is not None:
        forward = held.by > timedelta(0)
        wrong = not forward and confirmed_leap(hall.store, held.by) is not None
        code = "clock_leapt" if forward else "clock_leap_wrong" if wrong else "clock_went_back"
        params: dict[str, int | str | bool] = {"jump_s": abs(seconds(held.by)), "can_follow": forward}
        alarms.insert(0, AlarmView(code, instant(hall.now()), params))
    return alarms


def _rhythm_alarms(hall: Hall, name_of: NameOf) -> list[AlarmView]:
    """Return an alarm for each kiosk at which numbers were taken in a rhythm lately, unless they were ended since."""
    since, taken = hall.now() - RHYTHM_SHOWN, defaultdict[str, list[datetime]](list)
    for ticket in reversed(hall.floor.tickets.values()):
        if ticket.issued_at < since:
            break
        if ticket.issued_by.startswith("device:") and ticket.cancel_reason is None:
            taken[ticket.issued_by].append(ticket.issued_at)
    alarms = []
    for kiosk, times in sorted(taken.items()):
        regular = rhythm(times[::-1])
        if regular is not None:
            params: dict[str, int | str | bool] = {
                "device": name_of(kiosk) or kiosk,
                "by": kiosk,
                "since": instant(regular.since),
                "count": regular.numbers,
                "seconds": round(regular.gap.total_seconds()),
            }
            alarms.append(AlarmView("kiosk_rhythm", instant(regular.until), params))
    return alarms


def _wait_alarms(hall: Hall) -> list[AlarmView]:
    """Return an alarm for the one who has waited longest, past 15, 20 or 30 minutes."""
    places = hall.floor.waiting.places(hall.catalogue.services)
    first = min(places, key=lambda place: place.order, default=None)
    level = None if first is None else level_of(waited_s(first, hall.now()))
    if first is None or level is None:
        return []
    reached = first.arrived_at + timedelta(seconds=LEVELS_S[level])
    number, service = hall.floor.tickets[first.ref].number, hall.catalogue.services[first.service].names["vi"]
    params: dict[str, int | str | bool] = {"number": number, "service": service, "minutes": LEVELS_S[level] // 60}
    return [AlarmView(f"wait_{level}", instant(reached), params)]
