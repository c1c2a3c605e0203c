"""Checks of the working calendar and of the appointments as settings."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, time
from typing import TypeVar

from msgspec.structs import replace

from hall.catalogue.calendar import (
    Calendar,
    CalendarDays,
    CalendarRule,
    CalendarSeason,
    CalendarShift,
    opening_hours,
)
from hall.catalogue.model import AppointmentSlots
from hall.settings.text import TIME, line, refuse
from queueing.opening import Hours, clashes

SEASONS_MOST, RULES_MOST, SHIFTS_MOST, DAYS_MOST = 4, 7, 3, 60
NAME_LONGEST = 40
QUOTA = (1, 999)
SLOT_MINUTES, SLOT_SHARE = (10, 240), (10, 80)  # at least a fifth stays for people without an appointment
LEAP_YEAR = 2024  # has the 29th of February, with which a season may begin or end

_MONTH_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

T = TypeVar("T")


def check_appointments(field: str, slots: Mapping[str, AppointmentSlots], services: Collection[str]) -> None:
    """Refuse appointments of an unknown service, or of a length or share out of range.

    Raises:
        SettingRefused: `field` is the path of the appointments in the file.
    """
    for code, slot in slots.items():
        _check_known(field, [code], services)
        for name, value, within in (("minutes", slot.minutes, SLOT_MINUTES), ("share", slot.share, SLOT_SHARE)):
            if not within[0] <= value <= within[1]:
                refuse("setting_range", f"{field}.{code}.{name}", low=within[0], high=within[1])


def checked_calendar(field: str, calendar: Calendar, services: Collection[str]) -> Calendar:
    """Return the calendar in its one form: names tidied, days and lists in order, empty quotas left out.

    Raises:
        SettingRefused: something in it is out of range, or two parts overlap; `field` is its path in the file.
    """
    _check_most(f"{field}.seasons", calendar.seasons, SEASONS_MOST)
    _check_most(f"{field}.days", calendar.days, DAYS_MOST)
    seasons = [_season(f"{field}.seasons.{n}", season, services) for n, season in enumerate(calendar.seasons)]
    days = [_days(f"{field}.days.{n}", days, services) for n, days in enumerate(calendar.days)]
    for code, quota in calendar.quotas.items():
        _check_known(f"{field}.quotas", [code], services)
        for name, most in (("day", quota.day), ("shift", quota.shift)):
            if most is not None and not QUOTA[0] <= most <= QUOTA[1]:
                refuse("setting_range", f"{field}.quotas.{code}.{name}", low=QUOTA[0], high=QUOTA[1])
    quotas = {
        code: quota
        for code, quota in sorted(calendar.quotas.items())
        if quota.day is not None or quota.shift is not None
    }
    tidied = Calendar(tuple(seasons), tuple(sorted(days, key=lambda days: days.first)), quotas)
    _check_overlaps(field, opening_hours(tidied), services)
    return tidied


def _season(field: str, season: CalendarSeason, services: Collection[str]) -> CalendarSeason:
    name = line(f"{field}.name", season.name, NAME_LONGEST)
    for edge, text in (("first", season.first), ("last", season.last)):
        _read(f"{field}.{edge}", text, _MONTH_DAY, lambda text: date.fromisoformat(f"{LEAP_YEAR}-{text}"))
    _check_most(f"{field}.rules", season.rules, RULES_MOST)
    if not season.rules:
        refuse("setting_empty", f"{field}.rules")
    rules = [_rule(f"{field}.rules.{n}", rule, services) for n, rule in enumerate(season.rules)]
    return replace(season, name=name, rules=tuple(rules))


def _rule(field: str, rule: CalendarRule, services: Collection[str]) -> CalendarRule:
    if not rule.weekdays or not set(rule.weekdays) <= set(range(1, 8)):
        refuse("setting_weekdays", f"{field}.weekdays")
    if not rule.shifts:
        refuse("setting_empty", f"{field}.shifts")
    _check_shifts(field, rule.shifts)
    named = _known(f"{field}.services", rule.services, services)
    return replace(rule, weekdays=tuple(sorted(set(rule.weekdays))), services=named)


def _days(field: str, days: CalendarDays, services: Collection[str]) -> CalendarDays:
    name = line(f"{field}.name", days.name, NAME_LONGEST)
    first, last = (
        _read(f"{field}.{edge}", text, _DAY, date.fromisoformat)
        for edge, text in (("first", days.first), ("last", days.last))
    )
    if last < first:
        refuse("setting_day_order", f"{field}.last")
    _check_shifts(field, days.shifts)
    return replace(days, name=name, services=_known(f"{field}.services", days.services, services))


def _check_shifts(field: str, shifts: Sequence[CalendarShift]) -> None:
    _check_most(f"{field}.shifts", shifts, SHIFTS_MOST)
    for n, shift in enumerate(shifts):
        here = f"{field}.shifts.{n}"
        read = {
            name: _read(f"{here}.{name}", getattr(shift, name), TIME, time.fromisoformat)
            for name in ("opens", "closes", "issues_from", "issues_to")
        }
        if not read["opens"] < read["closes"]:
            refuse("setting_time_order", f"{here}.closes")
        # One who gets the last number must still find the counters open.
        if not read["issues_from"] < read["issues_to"] <= read["closes"]:
            refuse("setting_issue_order", f"{here}.issues_to")


def _check_overlaps(field: str, hours: Hours, services: Collection[str]) -> None:
    """Refuse two calendars on one day, or two shifts of one service at once."""
    for n, season in enumerate(hours.seasons):
        for other in hours.seasons[:n]:
            # Two ranges of the year overlap only if one of them begins inside the other.
            if season.covers(_in_leap_year(other.first)) or other.covers(_in_leap_year(season.first)):
                refuse("setting_seasons_meet", f"{field}.seasons.{n}.first", name=other.name)
        for weekday in range(1, 8):
            for service in services:
                shifts = [
                    shift
                    for rule in season.rules
                    if weekday in rule.weekdays and (rule.services is None or service in rule.services)
                    for shift in rule.shifts
                ]
                if any(clashes(shifts)):
                    refuse("setting_shifts_meet", f"{field}.seasons.{n}.rules", name=season.name)
    for n, days in enumerate(hours.days):
        for earlier in hours.days[:n]:
            if days.first <= earlier.last and earlier.first <= days.last:
                refuse("setting_seasons_meet", f"{field}.days.{n}.first", name=earlier.name)
        if any(clashes(days.shifts)):
            refuse("setting_shifts_meet", f"{field}.days.{n}.shifts", name=days.name)


def _in_leap_year(month_day: tuple[int, int]) -> date:
    return date(LEAP_YEAR, *month_day)


def _known(field: str, named: Iterable[str] | None, services: Collection[str]) -> tuple[str, ...] | None:
    if named is None:
        return None
    codes = sorted(set(named))
    _check_known(field, codes, services)
    return tuple(codes)


def _check_known(field: str, codes: Collection[str], services: Collection[str]) -> None:
    if not codes:
        refuse("setting_empty", field)
    for code in codes:
        if code not in services:
            refuse("setting_unknown_service", field, service=code)


def _check_most(field: str, items: Collection[object], most: int) -> None:
    if len(items) > most:
        refuse("setting_too_many", field, most=most)


def _read(field: str, text: str, form: re.Pattern[str], read: Callable[[str], T]) -> T:
    try:
        if form.fullmatch(text):
            return read(text)
    except ValueError:
        pass
    refuse("setting_time" if form is TIME else "setting_day", field)
