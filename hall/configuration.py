"""The whole configuration of a hall as one value: read, checked, compared, and written out as a file.

A change of any setting is made here first, on the whole: what is not sound as a whole is refused,
with the field and the reason, before anything is touched.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import msgspec

from hall.catalogue import Catalogue, about_from, about_value, classes_value, policy_from, policy_value
from hall.hours import HoursPart, SlotsPart, check_slots, checked_hours, hours_value
from hall.printers import PrinterPart, checked_printers
from queueing.catalogue import CLASSES, ELDER_AGE, GROUPS, ORDINARY, PRIORITY, URGENT, Counter, Policy, Service
from queueing.errors import SettingRefused

FORMAT = "den-luot"
VERSION = 1

LANGUAGES = ("vi", "en")
THEMES = ("dark", "light")
VARIANTS = ("north", "south")
# Each stands in the sprite of the kiosk and in the small one of the phone.
ICONS = (
    "rubber-stamp",
    "friends",
    "seedling",
    "heart-handshake",
    "device-laptop",
    "file-check",
    "message-question",
    "building-store",
    "id",
    "messages",
    "list-search",
    "map-pin",
)
# For the classes of priority; staff alone see them, so the small sprite needs none.
CLASS_ICONS = (
    "star",
    "user",
    "users",
    "old",
    "disabled",
    "pregnant",
    "baby-carriage",
    "medal",
    "friends",
    "heart-handshake",
)
FAMILIES = 8

# Letters a voice can name. B, C, D, Đ, E, G, P, T, V sound alike over a loudspeaker, as M and N, L and R,
# S and X do; the safe ones keep apart. O and I are no letters for a number: they look like 0 and 1.
LETTERS = "ABCDĐEGHKLMNPQRSTUVXY"
DIGITS = "123456789"
SAFE_LETTERS = "ABHLMQUXKY"
LOOKS_LIKE = {"O": "0", "I": "1", "0": "O"}

SERVICES_MOST, COUNTERS_MOST, COUNTER_HIGHEST = 40, 40, 99
NAME_LONGEST, HINT_LONGEST, CENTRE_LONGEST, COUNTER_LONGEST, NOTE_LONGEST = 40, 60, 80, 30, 80
CLASS_LONGEST = 24
SERVICE_TIME_S, TARGET_S, HEAD_START_S = (60, 4 * 3600), (60, 2 * 3600), (0, 10 * 3600)
MOST_DOSSIERS, NO_SHOW_CALLS, NO_SHOW_GAP_S = (1, 500), (1, 5), (0, 300)
CAP, LAST_SEAT_M, VOLUME, ELDER_AGES = (1, 50), (2, 40), (0, 100), (60, 100)

_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,23}")
_PHONE = re.compile(r"(?=.*[0-9])[0-9+(][0-9 .()+-]{1,24}")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_MINUTE_S = 60

Plain = bool | int | str | None


class HallPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The centre's name and the choices its screens follow."""

    name: str
    office: str
    hotline: str
    timezone: str
    languages: list[str]
    advice_service: str
    target_s: int
    theme: str
    last_seat_m: float
    blink: bool
    voice: dict[str, Plain] = {}
    hours: HoursPart = HoursPart()
    wall_note: dict[str, str] = {}
    ticket_note: dict[str, str] = {}
    clerk_figures: bool = True
    most_dossiers: int = 20
    no_show_calls: int = 2
    no_show_gap_s: int = 30
    appointments: dict[str, SlotsPart] = {}
    printers: list[PrinterPart] = []  # of this building: no file that is exported names them


class ClassPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What staff call a class of priority, and its pictogram."""

    names: dict[str, str]
    icon: str


class PolicyPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    head_starts_s: dict[str, int]
    cap: int
    question: bool
    by_hand: bool = True
    groups: list[str] = msgspec.field(default_factory=lambda: list(GROUPS))
    elder_age: int = ELDER_AGE
    classes: dict[str, ClassPart] = msgspec.field(
        default_factory=lambda: msgspec.convert(classes_value(CLASSES), dict[str, ClassPart])
    )


class ServicePart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    prefix: str
    names: dict[str, str]
    hints: dict[str, str]
    icon: str
    family: int
    position: int
    service_time_s: int
    target_s: int
    active: bool = True


class CounterPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    number: int
    name: str
    services: list[str]


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A configuration as a file: what one hall exports and another imports."""

    hall: HallPart
    policy: PolicyPart
    services: list[ServicePart]
    counters: list[CounterPart]
    format: str = FORMAT
    version: int = VERSION


class Change(msgspec.Struct, frozen=True):
    """One field that differs. A service or counter that was added or removed is one change, whole."""

    path: str
    old: Any
    new: Any


def exported(catalogue: Catalogue) -> Template:
    """The configuration as a file."""
    return Template(
        hall=msgspec.convert(about_value(catalogue.about), HallPart),
        policy=_policy_part(catalogue.policy),
        services=[_service_part(service) for service in catalogue.services.values()],
        counters=[
            CounterPart(counter.number, counter.name, sorted(counter.services))
            for counter in catalogue.counters.values()
        ],
    )


def _policy_part(policy: Policy) -> PolicyPart:
    part = msgspec.convert(policy_value(policy), PolicyPart)
    classes = {code: ClassPart(_by_language(each.names), each.icon) for code, each in part.classes.items()}
    return msgspec.structs.replace(part, classes=classes)


def _by_language(words: Mapping[str, str]) -> dict[str, str]:
    return {language: words[language] for language in LANGUAGES if language in words}


def _service_part(service: Service) -> ServicePart:
    return ServicePart(
        code=service.code,
        prefix=service.prefix,
        names=_by_language(service.names),
        hints=_by_language(service.hints),
        icon=service.icon,
        family=service.family,
        position=service.position,
        service_time_s=service.service_time // timedelta(seconds=1),
        target_s=service.target // timedelta(seconds=1),
        active=service.active,
    )


# -- reading and checking --------------------------------------------------------------------


def checked(template: Template) -> Catalogue:
    """The configuration this file tells, sound as a whole.

    Texts lose spaces at their ends; services are put in the order of the kiosk, the retired last.

    Raises:
        SettingRefused: `field` is not as it must be; `code` and the rest say why.
    """
    if template.format != FORMAT or template.version != VERSION:
        _refuse("setting_version", "version", version=VERSION)
    _languages(template.hall.languages)
    services = _ordered(_services(template.services, template.hall.languages))
    counters = _counters(template.counters, services)
    for code, service in services.items():
        if service.active and not any(code in counter.services for counter in counters.values()):
            _refuse("setting_no_counter", f"services.{code}.counters", name=service.names["vi"])
    return Catalogue(
        about=about_from(_hall(template.hall, services)),
        policy=policy_from(_policy(template.policy, template.hall.languages)),
        services=services,
        counters=counters,
    )


def _languages(languages: Sequence[str]) -> None:
    if "vi" not in languages or len(set(languages)) != len(languages):
        _refuse("setting_languages", "hall.languages")
    for language in languages:
        _choice("hall.languages", language, LANGUAGES)


def _hall(hall: HallPart, services: Mapping[str, Service]) -> dict[str, Any]:
    value: dict[str, Any] = msgspec.to_builtins(hall)
    for field in ("name", "office"):
        value[field] = _words(f"hall.{field}", value[field], CENTRE_LONGEST)
    value["hotline"] = tidy(hall.hotline)
    if not _PHONE.fullmatch(value["hotline"]):
        _refuse("setting_phone", "hall.hotline")
    try:
        ZoneInfo(hall.timezone)
    except (KeyError, ValueError, OSError):
        _refuse("setting_timezone", "hall.timezone")
    if hall.advice_service not in services:
        _refuse("setting_unknown_service", "hall.advice_service", service=hall.advice_service)
    if not services[hall.advice_service].active:
        _refuse("setting_advice", "hall.advice_service", name=services[hall.advice_service].names["vi"])
    _minutes("hall.target_s", hall.target_s, TARGET_S)
    _choice("hall.theme", hall.theme, THEMES)
    if not math.isfinite(hall.last_seat_m):
        _refuse("setting_range", "hall.last_seat_m", low=LAST_SEAT_M[0], high=LAST_SEAT_M[1])
    _range("hall.last_seat_m", hall.last_seat_m, LAST_SEAT_M)
    _voice(hall.voice)
    check_slots("hall.appointments", hall.appointments, services)
    value["hours"] = hours_value(checked_hours("hall.hours", hall.hours, services))
    value["printers"] = checked_printers("hall.printers", hall.printers)
    for field in ("wall_note", "ticket_note"):
        value[field] = _note(f"hall.{field}", value[field])
    _range("hall.most_dossiers", hall.most_dossiers, MOST_DOSSIERS)
    _range("hall.no_show_calls", hall.no_show_calls, NO_SHOW_CALLS)
    _range("hall.no_show_gap_s", hall.no_show_gap_s, NO_SHOW_GAP_S)
    return value


def _note(field: str, note: Mapping[str, str]) -> dict[str, str]:
    """A line of the hall's own; a language without one is left out."""
    for language in note:
        _choice(field, language, LANGUAGES)
    lines = {
        language: _words(f"{field}.{language}", note[language], NOTE_LONGEST, empty=True)
        for language in LANGUAGES
        if language in note
    }
    return {language: line for language, line in lines.items() if line}


def _voice(voice: Mapping[str, Plain]) -> None:
    """What the walls say aloud. A field that is left out has its default."""
    for name, value in voice.items():
        field = f"hall.voice.{name}"
        match name:
            case "on" | "repeat":
                if not isinstance(value, bool):
                    _refuse("setting_kind", field)
            case "variant":
                _choice(field, value, VARIANTS)
            case "volume":
                if not isinstance(value, int) or isinstance(value, bool):
                    _refuse("setting_kind", field)
                _range(field, value, VOLUME)
            case "speaker":
                if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
                    _refuse("setting_kind", field)
            case "quiet_from" | "quiet_to":
                if value is not None and not (isinstance(value, str) and _TIME.fullmatch(value)):
                    _refuse("setting_time", field)
            case _:
                _refuse("setting_kind", field)
    first, last = voice.get("quiet_from"), voice.get("quiet_to")
    if (first is None) != (last is None) or (first is not None and str(first) >= str(last)):
        _refuse("setting_quiet", "hall.voice.quiet_to")


def _policy(policy: PolicyPart, languages: Iterable[str]) -> dict[str, Any]:
    starts = policy.head_starts_s
    if set(starts) != set(CLASSES):
        _refuse("setting_classes", "policy.head_starts_s", classes=", ".join(CLASSES))
    for name, start in starts.items():
        _minutes(f"policy.head_starts_s.{name}", start, HEAD_START_S)
    if starts[ORDINARY] != 0:
        _refuse("setting_ordinary", f"policy.head_starts_s.{ORDINARY}")
    if starts[URGENT] < starts[PRIORITY]:
        _refuse("setting_urgent", f"policy.head_starts_s.{URGENT}")
    _range("policy.cap", policy.cap, CAP)
    _range("policy.elder_age", policy.elder_age, ELDER_AGES)
    for group in policy.groups:
        _choice("policy.groups", group, GROUPS)
    if len(set(policy.groups)) != len(policy.groups) or (policy.question and not policy.groups):
        _refuse("setting_groups", "policy.groups")
    value: dict[str, Any] = msgspec.to_builtins(policy)
    return {**value, "classes": _classes(policy.classes, languages)}


def _classes(parts: Mapping[str, ClassPart], languages: Iterable[str]) -> dict[str, Any]:
    if set(parts) != set(CLASSES):
        _refuse("setting_classes", "policy.classes", classes=", ".join(CLASSES))
    taken: set[tuple[str, str]] = set()
    found: dict[str, Any] = {}
    for code in CLASSES:
        part, at = parts[code], f"policy.classes.{code}"
        names = _names(at, part.names, languages, CLASS_LONGEST)
        for language, name in names.items():
            if (language, name.casefold()) in taken:
                _refuse("setting_name_taken", f"{at}.names.{language}", name=name)
            taken.add((language, name.casefold()))
        _choice(f"{at}.icon", part.icon, CLASS_ICONS)
        found[code] = {"names": names, "icon": part.icon}
    return found


def _names(at: str, names: Mapping[str, str], languages: Iterable[str], longest: int) -> dict[str, str]:
    """A name in every language of the hall, and in what other language it has one."""
    for language in names:
        _choice(f"{at}.names", language, LANGUAGES)
    return {
        language: _words(f"{at}.names.{language}", names.get(language, ""), longest)
        for language in dict.fromkeys((*languages, *names))
    }


def _services(parts: Iterable[ServicePart], languages: Iterable[str]) -> dict[str, Service]:
    found: dict[str, Service] = {}
    letters: dict[str, Service] = {}
    names: dict[tuple[str, str], Service] = {}
    for part in parts:
        at = f"services.{part.code}"
        if not _CODE.fullmatch(part.code):
            _refuse("setting_code", "services.code")
        if part.code in found:
            _refuse("setting_code_taken", f"{at}.code", service=part.code)
        service = _service(at, part, languages)
        other = letters.setdefault(service.prefix, service)
        if other is not service:
            _refuse("setting_letter_taken", f"{at}.prefix", letter=service.prefix, name=other.names["vi"])
        for language, name in service.names.items():
            # A retired service may keep its name: nobody chooses it any more.
            if service.active and names.setdefault((language, name.casefold()), service) is not service:
                _refuse("setting_name_taken", f"{at}.names.{language}", name=name)
        found[part.code] = service
    if not any(service.active for service in found.values()):
        _refuse("setting_no_service", "services")
    if len(found) > SERVICES_MOST:
        _refuse("setting_too_many", "services", most=SERVICES_MOST)
    return found


def _service(at: str, part: ServicePart, languages: Iterable[str]) -> Service:
    prefix = part.prefix
    if prefix in LOOKS_LIKE:
        _refuse("setting_letter_unclear", f"{at}.prefix", letter=prefix, like=LOOKS_LIKE[prefix])
    if len(prefix) != 1 or prefix not in LETTERS + DIGITS:
        _refuse("setting_letter", f"{at}.prefix")
    for language in part.hints:
        _choice(f"{at}.names", language, LANGUAGES)
    names = _names(at, part.names, languages, NAME_LONGEST)
    hints = {
        language: _words(f"{at}.hints.{language}", hint, HINT_LONGEST, empty=True)
        for language, hint in part.hints.items()
    }
    _choice(f"{at}.icon", part.icon, ICONS)
    _range(f"{at}.family", part.family, (0, FAMILIES - 1))
    _range(f"{at}.position", part.position, (1, 999))
    _minutes(f"{at}.service_time_s", part.service_time_s, SERVICE_TIME_S)
    _minutes(f"{at}.target_s", part.target_s, TARGET_S)
    return Service(
        code=part.code,
        prefix=prefix,
        names=names,
        hints=hints,
        icon=part.icon,
        family=part.family,
        position=part.position,
        service_time=timedelta(seconds=part.service_time_s),
        target=timedelta(seconds=part.target_s),
        active=part.active,
    )


def _ordered(services: Mapping[str, Service]) -> dict[str, Service]:
    in_order = sorted(services.values(), key=lambda each: (not each.active, each.position, each.code))
    return {each.code: replace(each, position=n) for n, each in enumerate(in_order, start=1)}


def _counters(parts: Iterable[CounterPart], services: Mapping[str, Service]) -> dict[int, Counter]:
    found: dict[int, Counter] = {}
    names: set[str] = set()
    for part in parts:
        at = f"counters.{part.number}"
        _range(f"{at}.number", part.number, (1, COUNTER_HIGHEST))
        if part.number in found:
            _refuse("setting_number_taken", f"{at}.number", counter=part.number)
        name = _words(f"{at}.name", part.name, COUNTER_LONGEST)
        if name.casefold() in names:
            _refuse("setting_name_taken", f"{at}.name", name=name)
        names.add(name.casefold())
        for code in part.services:
            if code not in services:
                _refuse("setting_unknown_service", f"{at}.services", service=code)
        if not any(services[code].active for code in part.services):
            _refuse("setting_nothing_served", f"{at}.services")
        found[part.number] = Counter(part.number, name, frozenset(part.services))
    if len(found) > COUNTERS_MOST:
        _refuse("setting_too_many", "counters", most=COUNTERS_MOST)
    return dict(sorted(found.items()))


def tidy(text: str) -> str:
    """Composed letters, single spaces, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _words(field: str, given: str, longest: int, *, empty: bool = False) -> str:
    if any(unicodedata.category(letter)[0] == "C" for letter in given):
        _refuse("setting_bad_text", field)
    text = tidy(given)
    if not text and not empty:
        _refuse("setting_empty", field)
    if len(text) > longest:
        _refuse("setting_too_long", field, most=longest)
    return text


def _range(field: str, value: float, within: tuple[int, int]) -> None:
    if not within[0] <= value <= within[1]:
        _refuse("setting_range", field, low=within[0], high=within[1])


def _minutes(field: str, seconds: int, within: tuple[int, int]) -> None:
    """Whole minutes: what the form shows is what is kept."""
    if not within[0] <= seconds <= within[1] or seconds % _MINUTE_S:
        _refuse("setting_minutes", field, low=within[0] // _MINUTE_S, high=within[1] // _MINUTE_S)


def _choice(field: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        _refuse("setting_choice", field, choices=", ".join(choices))


def _refuse(reason: str, field: str, **params: object) -> NoReturn:
    raise SettingRefused(reason, field, **params)


# -- comparing -------------------------------------------------------------------------------

_KEYS = {"services": "code", "counters": "number"}
_Tree = dict[str, Any]


def changes(before: Template, after: Template) -> list[Change]:
    """What differs, in the order of the file."""
    old, new = _tree(before), _tree(after)
    return [change for part in old for change in _differences(part, old[part], new[part])]


def with_former(template: Template, undone: Iterable[Change]) -> Template:
    """The configuration with these fields as they were before.

    Raises:
        LookupError, ValueError, TypeError: these are no changes of it.
    """
    tree = _tree(template)
    for change in undone:
        *way, last = change.path.split(".")
        part = tree
        for step in way:
            part = part[step]
        if part.get(last) != change.new:
            raise ValueError(f"{change.path} has changed since")
        if change.old is None and way != ["hall", "voice"]:  # there alone null is a value
            del part[last]
        else:
            part[last] = change.old
    whole = {part: list(value.values()) if part in _KEYS else value for part, value in tree.items()}
    return msgspec.convert(whole, Template)


def _tree(template: Template) -> _Tree:
    """Services and counters by their keys, so that a change of one has a place of its own."""
    plain: _Tree = msgspec.to_builtins(template)
    return {
        part: {str(each[_KEYS[part]]): each for each in plain[part]} if part in _KEYS else plain[part]
        for part in ("hall", "policy", "services", "counters")
    }


def _differences(path: str, old: Any, new: Any) -> Iterable[Change]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            yield from _differences(f"{path}.{key}", old.get(key), new.get(key))
    elif old != new:
        yield Change(path, old, new)
