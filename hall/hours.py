"""The working calendar and appointments as settings: their form in a file, and the rules they stand for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, time, timedelta
from typing import Any, NoReturn, TypeVar

import msgspec

from queueing.appointments import Slots
from queueing.errors import SettingRefused
from queueing.opening import Hours, Quota, Rule, Season, Shift, SpecialDays, clashes

SEASONS_MOST, RULES_MOST, SHIFTS_MOST, DAYS_MOST = 4, 7, 3, 60
NAME_LONGEST = 40
QUOTA = (1, 999)
SLOT_MINUTES, SLOT_SHARE = (10, 240), (10, 80)  # who comes without an appointment keeps a fifth at least
LEAP_YEAR = 2024  # in which every day that seasons may begin or end with exists

_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_MONTH_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

T = TypeVar("T")


class ShiftPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Local times, "07:30". Numbers are given from `issues_from` until just before `issues_to`."""

    opens: str
    closes: str
    issues_from: str
    issues_to: str


class RulePart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """On these weekdays, 1 for Monday. Without services: all of them."""

    weekdays: list[int]
    shifts: list[ShiftPart]
    services: list[str] | None = None


class SeasonPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Both ends included, as "04-01" for the first of April of every year."""

    name: str
    first: str
    last: str
    rules: list[RulePart]


class DaysPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days of their own, "2026-02-16": off without shifts."""

    first: str
    last: str
    name: str
    shifts: list[ShiftPart] = []
    services: list[str] | None = None


class QuotaPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    day: int | None = None
    shift: int | None = None


class HoursPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The working calendar. Without seasons numbers are given at any hour."""

    seasons: list[SeasonPart] = []
    days: list[DaysPart] = []
    quotas: dict[str, QuotaPart] = {}


class SlotsPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Appointments of a service: slots of so many minutes, filled up to this share of its counters' time."""

    minutes: int
    share: int  # per cent


def slots_from(value: Mapping[str, Any]) -> dict[str, Slots]:
    """By service, from a setting that was checked when it was saved."""
    return {code: Slots(timedelta(minutes=each["minutes"]), each["share"]) for code, each in sorted(value.items())}


def slots_value(slots: Mapping[str, Slots]) -> dict[str, Any]:
    return {
        code: {"minutes": each.length // timedelta(minutes=1), "share": each.share}
        for code, each in sorted(slots.items())
    }


def check_slots(at: str, parts: Mapping[str, SlotsPart], services: Collection[str]) -> None:
    """
    Raises:
        SettingRefused
    """
    for code, part in parts.items():
        _known(at, [code], services)
        for name, value, within in (("minutes", part.minutes, SLOT_MINUTES), ("share", part.share, SLOT_SHARE)):
            if not within[0] <= value <= within[1]:
                _refuse("setting_range", f"{at}.{code}.{name}", low=within[0], high=within[1])


def hours_from(value: Mapping[str, Any]) -> Hours:
    """The rules, from a setting that was checked when it was saved."""
    return _rules(msgspec.convert(value, HoursPart))


def hours_value(hours: Hours) -> dict[str, Any]:
    """The setting that stands for these rules."""

    def shifts(some: Iterable[Shift]) -> list[ShiftPart]:
        return [
            ShiftPart(*(f"{edge:%H:%M}" for edge in (each.opens, each.closes, each.issues_from, each.issues_to)))
            for each in some
        ]

    def services(some: frozenset[str] | None) -> list[str] | None:
        return None if some is None else sorted(some)

    part = HoursPart(
        seasons=[
            SeasonPart(
                season.name,
                "{:02}-{:02}".format(*season.first),
                "{:02}-{:02}".format(*season.last),
                [
                    RulePart(sorted(rule.weekdays), shifts(rule.shifts), services(rule.services))
                    for rule in season.rules
                ],
            )
            for season in hours.seasons
        ],
        days=[
            DaysPart(
                each.first.isoformat(), each.last.isoformat(), each.name, shifts(each.shifts), services(each.services)
            )
            for each in hours.days
        ],
        quotas={code: QuotaPart(quota.day, quota.shift) for code, quota in sorted(hours.quotas.items())},
    )
    value: dict[str, Any] = msgspec.to_builtins(part)
    return value


def checked_hours(at: str, part: HoursPart, services: Collection[str]) -> Hours:
    """The rules this part tells, sound as a whole; `at` is its path in the file.

    Raises:
        SettingRefused
    """
    _most(f"{at}.seasons", part.seasons, SEASONS_MOST)
    _most(f"{at}.days", part.days, DAYS_MOST)
    for n, season in enumerate(part.seasons):
        _check_season(f"{at}.seasons.{n}", season, services)
    for n, days in enumerate(part.days):
        _check_days(f"{at}.days.{n}", days, services)
    for code, quota in part.quotas.items():
        _known(f"{at}.quotas", [code], services)
        for name, most in (("day", quota.day), ("shift", quota.shift)):
            if most is not None and not QUOTA[0] <= most <= QUOTA[1]:
                _refuse("setting_range", f"{at}.quotas.{code}.{name}", low=QUOTA[0], high=QUOTA[1])
    hours = _rules(part)
    _check_overlaps(at, hours, services)
    return hours


def _check_season(at: str, season: SeasonPart, services: Collection[str]) -> None:
    _name(f"{at}.name", season.name)
    for name, edge in (("first", season.first), ("last", season.last)):
        _read(f"{at}.{name}", edge, _MONTH_DAY, lambda text: date.fromisoformat(f"{LEAP_YEAR}-{text}"))
    _most(f"{at}.rules", season.rules, RULES_MOST)
    if not season.rules:
        _refuse("setting_empty", f"{at}.rules")
    for n, rule in enumerate(season.rules):
        if not rule.weekdays or not set(rule.weekdays) <= set(range(1, 8)):
            _refuse("setting_weekdays", f"{at}.rules.{n}.weekdays")
        if not rule.shifts:
            _refuse("setting_empty", f"{at}.rules.{n}.shifts")
        _check_shifts(f"{at}.rules.{n}", rule.shifts)
        _known(f"{at}.rules.{n}.services", rule.services, services)


def _check_days(at: str, days: DaysPart, services: Collection[str]) -> None:
    _name(f"{at}.name", days.name)
    first, last = (
        _read(f"{at}.{name}", text, _DAY, date.fromisoformat)
        for name, text in (("first", days.first), ("last", days.last))
    )
    if last < first:
        _refuse("setting_day_order", f"{at}.last")
    _check_shifts(at, days.shifts)
    _known(f"{at}.services", days.services, services)


def _check_shifts(at: str, shifts: list[ShiftPart]) -> None:
    _most(f"{at}.shifts", shifts, SHIFTS_MOST)
    for n, shift in enumerate(shifts):
        here = f"{at}.shifts.{n}"
        read = {
            name: _read(f"{here}.{name}", getattr(shift, name), _TIME, time.fromisoformat)
            for name in ("opens", "closes", "issues_from", "issues_to")
        }
        if not read["opens"] < read["closes"]:
            _refuse("setting_time_order", f"{here}.closes")
        # Who gets a number at the very end must still find somebody there.
        if not read["issues_from"] < read["issues_to"] <= read["closes"]:
            _refuse("setting_issue_order", f"{here}.issues_to")


def _check_overlaps(at: str, hours: Hours, services: Collection[str]) -> None:
    """One day has one calendar, and one service no two shifts at once."""
    for n, season in enumerate(hours.seasons):
        for other in hours.seasons[:n]:
            # Ranges of the year meet only where one of them begins.
            if season.covers(_in_leap_year(other.first)) or other.covers(_in_leap_year(season.first)):
                _refuse("setting_seasons_meet", f"{at}.seasons.{n}.first", name=other.name)
        for weekday in range(1, 8):
            for service in services:
                shifts = [
                    shift
                    for rule in season.rules
                    if weekday in rule.weekdays and (rule.services is None or service in rule.services)
                    for shift in rule.shifts
                ]
                if any(clashes(shifts)):
                    _refuse("setting_shifts_meet", f"{at}.seasons.{n}.rules", name=season.name)
    for n, days in enumerate(hours.days):
        for earlier in hours.days[:n]:
            if days.first <= earlier.last and earlier.first <= days.last:
                _refuse("setting_seasons_meet", f"{at}.days.{n}.first", name=earlier.name)
        if any(clashes(days.shifts)):
            _refuse("setting_shifts_meet", f"{at}.days.{n}.shifts", name=days.name)


def _in_leap_year(month_day: tuple[int, int]) -> date:
    return date(LEAP_YEAR, *month_day)


def _rules(part: HoursPart) -> Hours:
    def shifts(some: list[ShiftPart]) -> tuple[Shift, ...]:
        return tuple(
            Shift(*map(time.fromisoformat, (each.opens, each.closes, each.issues_from, each.issues_to)))
            for each in some
        )

    def services(some: list[str] | None) -> frozenset[str] | None:
        return None if some is None else frozenset(some)

    def month_day(text: str) -> tuple[int, int]:
        return int(text[:2]), int(text[3:])

    return Hours(
        seasons=tuple(
            Season(
                _tidy(season.name),
                month_day(season.first),
                month_day(season.last),
                tuple(
                    Rule(frozenset(rule.weekdays), shifts(rule.shifts), services(rule.services))
                    for rule in season.rules
                ),
            )
            for season in part.seasons
        ),
        days=tuple(
            sorted(
                (
                    SpecialDays(
                        date.fromisoformat(each.first),
                        date.fromisoformat(each.last),
                        _tidy(each.name),
                        shifts(each.shifts),
                        services(each.services),
                    )
                    for each in part.days
                ),
                key=lambda each: each.first,
            )
        ),
        quotas={
            code: Quota(quota.day, quota.shift)
            for code, quota in part.quotas.items()
            if quota.day is not None or quota.shift is not None
        },
    )


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _name(field: str, given: str) -> None:
    if any(unicodedata.category(letter)[0] == "C" for letter in given):
        _refuse("setting_bad_text", field)
    if not _tidy(given):
        _refuse("setting_empty", field)
    if len(_tidy(given)) > NAME_LONGEST:
        _refuse("setting_too_long", field, most=NAME_LONGEST)


def _known(field: str, named: Iterable[str] | None, services: Collection[str]) -> None:
    if named is None:
        return
    codes = list(named)
    if not codes:
        _refuse("setting_empty", field)
    for code in codes:
        if code not in services:
            _refuse("setting_unknown_service", field, service=code)


def _most(field: str, some: Collection[object], most: int) -> None:
    if len(some) > most:
        _refuse("setting_too_many", field, most=most)


def _read(field: str, text: str, form: re.Pattern[str], read: Callable[[str], T]) -> T:
    try:
        if form.fullmatch(text):
            return read(text)
    except ValueError:
        pass
    _refuse("setting_time" if form is _TIME else "setting_day", field)


def _refuse(reason: str, field: str, **params: object) -> NoReturn:
    raise SettingRefused(reason, field, **params)
