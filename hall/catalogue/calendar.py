"""The working calendar as a setting, and its conversion to the rules of `queueing.opening`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

import msgspec

from hall.catalogue.lengths import ByCode, Code, Line, Many
from queueing.opening import Hours, Quota, Rule, Season, Shift, SpecialDays


class CalendarShift(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A shift in local times such as "07:30". Tickets are issued from `issues_from` until just before `issues_to`."""

    opens: Code
    closes: Code
    issues_from: Code
    issues_to: Code


class CalendarRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shifts of some weekdays, 1 for Monday, for these services; null: for all."""

    weekdays: Many[int]
    shifts: Many[CalendarShift]
    services: Many[Code] | None = None


class CalendarSeason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of every year, both ends included; "04-01" is the first of April."""

    name: Line
    first: Code
    last: Code
    rules: Many[CalendarRule]


class CalendarDays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days with shifts of their own, both ends included, as "2026-02-16"; without shifts they are days off."""

    first: Code
    last: Code
    name: Line
    shifts: Many[CalendarShift] = ()
    services: Many[Code] | None = None


class CalendarQuota(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many tickets of a service are issued at most a day and a shift; null: no limit."""

    day: int | None = None
    shift: int | None = None


class Calendar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The working calendar. Without seasons tickets are issued at any hour."""

    seasons: Many[CalendarSeason] = ()
    days: Many[CalendarDays] = ()
    quotas: ByCode[CalendarQuota] = {}


def opening_hours(calendar: Calendar) -> Hours:
    """Return a checked calendar as rules."""
    return Hours(
        seasons=tuple(
            Season(
                season.name,
                _month_day(season.first),
                _month_day(season.last),
                tuple(
                    Rule(frozenset(rule.weekdays), _shifts(rule.shifts), _services(rule.services))
                    for rule in season.rules
                ),
            )
            for season in calendar.seasons
        ),
        days=tuple(
            SpecialDays(
                date.fromisoformat(days.first),
                date.fromisoformat(days.last),
                days.name,
                _shifts(days.shifts),
                _services(days.services),
            )
            for days in calendar.days
        ),
        quotas={code: Quota(quota.day, quota.shift) for code, quota in calendar.quotas.items()},
    )


def _shifts(given: Iterable[CalendarShift]) -> tuple[Shift, ...]:
    return tuple(
        Shift(*map(time.fromisoformat, (shift.opens, shift.closes, shift.issues_from, shift.issues_to)))
        for shift in given
    )


def _services(given: Iterable[str] | None) -> frozenset[str] | None:
    return None if given is None else frozenset(given)


def _month_day(text: str) -> tuple[int, int]:
    return int(text[:2]), int(text[3:])
