"""The working calendar as a setting: its form in a file, and the rules it stands for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

import msgspec

from queueing.opening import Hours, Quota, Rule, Season, Shift, SpecialDays


class CalendarShift(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Local times, "07:30". Numbers are given from `issues_from` until just before `issues_to`."""

    opens: str
    closes: str
    issues_from: str
    issues_to: str


class CalendarRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """On these weekdays, 1 for Monday. Without services: all of them."""

    weekdays: tuple[int, ...]
    shifts: tuple[CalendarShift, ...]
    services: tuple[str, ...] | None = None


class CalendarSeason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Both ends included, as "04-01" for the first of April of every year."""

    name: str
    first: str
    last: str
    rules: tuple[CalendarRule, ...]


class CalendarDays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days of their own, "2026-02-16": off without shifts."""

    first: str
    last: str
    name: str
    shifts: tuple[CalendarShift, ...] = ()
    services: tuple[str, ...] | None = None


class CalendarQuota(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many numbers of a service are given at most; null: as many as people come."""

    day: int | None = None
    shift: int | None = None


class Calendar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The working calendar. Without seasons numbers are given at any hour."""

    seasons: tuple[CalendarSeason, ...] = ()
    days: tuple[CalendarDays, ...] = ()
    quotas: dict[str, CalendarQuota] = {}


def opening_hours(calendar: Calendar) -> Hours:
    """Return the rules that a checked calendar stands for."""
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
