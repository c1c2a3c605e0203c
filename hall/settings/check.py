"""Pure checks of a whole configuration: it is returned in its one form, or refused.

Each change of a setting is checked as part of the whole configuration. A refusal names the field and the reason,
and nothing is changed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from hall.catalogue.model import (
    FORMAT,
    VERSION,
    Counter,
    HallSettings,
    Policy,
    PriorityClass,
    Service,
    Template,
    Voice,
)
from hall.catalogue.posters import PICTURE_KINDS
from hall.settings.calendar import check_appointments, checked_calendar
from hall.settings.colour import checked_colour
from hall.settings.posters import checked_media, checked_posters
from hall.settings.printers import checked_printers
from hall.settings.procedures import checked_procedures
from hall.settings.rooms import LAST_SEAT_M, VOLUME, WALL_INCHES, checked_rooms, checked_screens
from hall.settings.text import TIME, line, refuse, tidy
from queueing.catalogue import (
    CLASS_ICONS,
    CLASSES,
    DEFAULT_LANGUAGE,
    GROUPS,
    ICONS,
    LANGUAGES,
    ORDINARY,
    PRIORITY,
    RECORDABLE,
    THEMES,
    URGENT,
    VOICE_VARIANTS,
)

FAMILIES = 8

# Over a loudspeaker B, C, D, Đ, E, G, P, T, V sound alike, and so do M and N, L and R, S and X; no two of the safe
# letters do. O and I are not allowed: they look like 0 and 1.
LETTERS = "ABCDĐEGHKLMNPQRSTUVXY"
DIGITS = "123456789"
SAFE_LETTERS = "ABHLMQUXKY"
LOOKS_LIKE = {"O": "0", "I": "1", "0": "O"}

SERVICES_MOST, COUNTERS_MOST, COUNTER_HIGHEST = 40, 40, 99
NAME_LONGEST, HINT_LONGEST, CENTRE_LONGEST, COUNTER_LONGEST, NOTE_LONGEST = 40, 60, 80, 30, 80
CLASS_LONGEST = 24
SERVICE_TIME_S, TARGET_S, HEAD_START_S = (60, 4 * 3600), (60, 2 * 3600), (0, 10 * 3600)
MOST_DOSSIERS, DOSSIER_CODES_DAYS, NO_SHOW_CALLS, NO_SHOW_GAP_S = (1, 500), (0, 3650), (1, 5), (0, 300)
CAP, ELDER_AGES = (1, 50), (60, 100)

_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,23}")
_PHONE = re.compile(r"(?=.*[0-9])[0-9+(][0-9 .()+-]{1,24}")
_MINUTE_S = 60


def checked(template: Template) -> Template:
    """Return the template in its one form.

    Texts are stripped; services are put in the order of the kiosk, the retired last; lists whose order means
    nothing are sorted.

    Raises:
        SettingRefused: `field` is not as it must be; `code` and the rest say why.
    """
    if template.format != FORMAT or template.version != VERSION:
        refuse("setting_version", "version", version=VERSION)
    languages = template.hall.languages
    _check_languages(languages)
    services = _in_order(_services(template.services, languages))
    counters = _counters(template.counters, services)
    for code, service in services.items():
        if service.active and not any(code in counter.services for counter in counters):
            refuse("setting_no_counter", f"services.{code}.counters", name=service.names["vi"])
    return Template(
        hall=_hall(template.hall, services, [counter.number for counter in counters]),
        policy=_policy(template.policy, languages),
        services=tuple(services.values()),
        counters=counters,
        procedures=checked_procedures(template.procedures, services),
    )


def _check_languages(languages: Sequence[str]) -> None:
    if DEFAULT_LANGUAGE not in languages or len(set(languages)) != len(languages):
        refuse("setting_languages", "hall.languages")
    for language in languages:
        _check_choice("hall.languages", language, LANGUAGES)


def _hall(hall: HallSettings, services: Mapping[str, Service], counters: Collection[int]) -> HallSettings:
    name, office = (line(f"hall.{name}", getattr(hall, name), CENTRE_LONGEST) for name in ("name", "office"))
    hotline = tidy(hall.hotline)
    if not _PHONE.fullmatch(hotline):
        refuse("setting_phone", "hall.hotline")
    try:
        ZoneInfo(hall.timezone)
    except (KeyError, ValueError, OSError):
        refuse("setting_timezone", "hall.timezone")
    if hall.advice_service not in services:
        refuse("setting_unknown_service", "hall.advice_service", service=hall.advice_service)
    if not services[hall.advice_service].active:
        refuse("setting_advice", "hall.advice_service", name=services[hall.advice_service].names["vi"])
    _check_minutes("hall.target_s", hall.target_s, TARGET_S)
    _check_choice("hall.theme", hall.theme, THEMES)
    if not math.isfinite(hall.last_seat_m):
        refuse("setting_range", "hall.last_seat_m", low=LAST_SEAT_M[0], high=LAST_SEAT_M[1])
    _check_range("hall.last_seat_m", hall.last_seat_m, LAST_SEAT_M)
    _check_range("hall.wall_inches", hall.wall_inches, WALL_INCHES)
    _check_voice(hall.voice)
    check_appointments("hall.appointments", hall.appointments, services)
    hours = checked_calendar("hall.hours", hall.hours, services)
    printers = checked_printers("hall.printers", hall.printers)
    media = checked_media("hall.media", hall.media)
    if hall.logo and hall.logo not in [file.id for file in media if file.kind in PICTURE_KINDS]:
        refuse("setting_file_kind", "hall.logo")
    wall_note, ticket_note = (_note(f"hall.{name}", getattr(hall, name)) for name in ("wall_note", "ticket_note"))
    _check_range("hall.most_dossiers", hall.most_dossiers, MOST_DOSSIERS)
    _check_range("hall.dossier_codes_days", hall.dossier_codes_days, DOSSIER_CODES_DAYS)
    _check_range("hall.no_show_calls", hall.no_show_calls, NO_SHOW_CALLS)
    _check_range("hall.no_show_gap_s", hall.no_show_gap_s, NO_SHOW_GAP_S)
    rooms = checked_rooms("hall.rooms", hall.rooms, counters, hall.languages, _names)
    return replace(
        hall,
        name=name,
        office=office,
        hotline=hotline,
        hours=hours,
        wall_note=wall_note,
        ticket_note=ticket_note,
        appointments=dict(sorted(hall.appointments.items())),
        printers=printers,
        rooms=rooms,
        screens=checked_screens("hall.screens", hall.screens, rooms),
        media=media,
        posters=checked_posters("hall.posters", hall.posters, media),
        colour=checked_colour("hall.colour", hall.colour),
    )


def _note(field: str, note: Mapping[str, str]) -> dict[str, str]:
    """Return a note of the hall by language; a language with an empty one is left out."""
    for language in note:
        _check_choice(field, language, LANGUAGES)
    lines = {
        language: line(f"{field}.{language}", note[language], NOTE_LONGEST, empty=True)
        for language in LANGUAGES
        if language in note
    }
    return {language: text for language, text in lines.items() if text}


def _check_voice(voice: Voice) -> None:
    _check_choice("hall.voice.variant", voice.variant, VOICE_VARIANTS)
    _check_range("hall.voice.volume", voice.volume, VOLUME)
    if voice.speaker is not None and voice.speaker < 1:
        refuse("setting_kind", "hall.voice.speaker")
    for pack, version in voice.packs.items():
        _check_choice("hall.voice.packs", pack, RECORDABLE)
        if version < 1:
            refuse("setting_kind", "hall.voice.packs")
    first, last = voice.quiet_from, voice.quiet_to
    for name, edge in (("quiet_from", first), ("quiet_to", last)):
        if edge is not None and not TIME.fullmatch(edge):
            refuse("setting_time", f"hall.voice.{name}")
    if (first is None) != (last is None) or (first is not None and str(first) >= str(last)):
        refuse("setting_quiet", "hall.voice.quiet_to")


def _policy(policy: Policy, languages: Iterable[str]) -> Policy:
    starts = policy.head_starts_s
    if set(starts) != set(CLASSES):
        refuse("setting_classes", "policy.head_starts_s", classes=", ".join(CLASSES))
    for name, start in starts.items():
        _check_minutes(f"policy.head_starts_s.{name}", start, HEAD_START_S)
    if starts[ORDINARY] != 0:
        refuse("setting_ordinary", f"policy.head_starts_s.{ORDINARY}")
    if starts[URGENT] < starts[PRIORITY]:
        refuse("setting_urgent", f"policy.head_starts_s.{URGENT}")
    _check_range("policy.cap", policy.cap, CAP)
    _check_range("policy.elder_age", policy.elder_age, ELDER_AGES)
    for group in policy.groups:
        _check_choice("policy.groups", group, GROUPS)
    if len(set(policy.groups)) != len(policy.groups) or (policy.question and not policy.groups):
        refuse("setting_groups", "policy.groups")
    return replace(policy, classes=_classes(policy.classes, languages))


def _classes(classes: Mapping[str, PriorityClass], languages: Iterable[str]) -> dict[str, PriorityClass]:
    if set(classes) != set(CLASSES):
        refuse("setting_classes", "policy.classes", classes=", ".join(CLASSES))
    taken: set[tuple[str, str]] = set()
    by_code: dict[str, PriorityClass] = {}
    for code in CLASSES:
        field, icon = f"policy.classes.{code}", classes[code].icon
        names = _names(field, classes[code].names, languages, CLASS_LONGEST)
        for language, name in names.items():
            if (language, name.casefold()) in taken:
                refuse("setting_name_taken", f"{field}.names.{language}", name=name)
            taken.add((language, name.casefold()))
        _check_choice(f"{field}.icon", icon, CLASS_ICONS)
        by_code[code] = PriorityClass(names, icon)
    return by_code


def _names(field: str, names: Mapping[str, str], languages: Iterable[str], longest: int) -> dict[str, str]:
    """Return the names, checked: one in every language of the hall is needed, others may be there."""
    for language in names:
        _check_choice(f"{field}.names", language, LANGUAGES)
    return {
        language: line(f"{field}.names.{language}", names.get(language, ""), longest)
        for language in dict.fromkeys((*languages, *names))
    }


def _services(given: Iterable[Service], languages: Collection[str]) -> dict[str, Service]:
    by_code: dict[str, Service] = {}
    letters: dict[str, Service] = {}
    names: dict[tuple[str, str], Service] = {}
    for unchecked in given:
        field = f"services.{unchecked.code}"
        if not _CODE.fullmatch(unchecked.code):
            refuse("setting_code", "services.code")
        if unchecked.code in by_code:
            refuse("setting_code_taken", f"{field}.code", service=unchecked.code)
        service = _service(field, unchecked, languages)
        other = letters.setdefault(service.prefix, service)
        if other is not service:
            refuse("setting_letter_taken", f"{field}.prefix", letter=service.prefix, name=other.names["vi"])
        for language, name in service.names.items():
            # A retired service may keep its name: nobody chooses it any more.
            if service.active and names.setdefault((language, name.casefold()), service) is not service:
                refuse("setting_name_taken", f"{field}.names.{language}", name=name)
        by_code[service.code] = service
    if not any(service.active for service in by_code.values()):
        refuse("setting_no_service", "services")
    if len(by_code) > SERVICES_MOST:
        refuse("setting_too_many", "services", most=SERVICES_MOST)
    return by_code


def _service(field: str, service: Service, languages: Iterable[str]) -> Service:
    prefix = service.prefix
    if prefix in LOOKS_LIKE:
        refuse("setting_letter_unclear", f"{field}.prefix", letter=prefix, like=LOOKS_LIKE[prefix])
    if len(prefix) != 1 or prefix not in LETTERS + DIGITS:
        refuse("setting_letter", f"{field}.prefix")
    for language in service.hints:
        _check_choice(f"{field}.names", language, LANGUAGES)
    names = _names(field, service.names, languages, NAME_LONGEST)
    hints = {
        language: line(f"{field}.hints.{language}", hint, HINT_LONGEST, empty=True)
        for language, hint in service.hints.items()
    }
    _check_choice(f"{field}.icon", service.icon, ICONS)
    _check_range(f"{field}.family", service.family, (0, FAMILIES - 1))
    _check_range(f"{field}.position", service.position, (1, 999))
    _check_minutes(f"{field}.service_time_s", service.service_time_s, SERVICE_TIME_S)
    _check_minutes(f"{field}.target_s", service.target_s, TARGET_S)
    return replace(service, names=names, hints=hints)


def _in_order(services: Mapping[str, Service]) -> dict[str, Service]:
    in_order = sorted(services.values(), key=lambda service: (not service.active, service.position, service.code))
    return {service.code: replace(service, position=n) for n, service in enumerate(in_order, start=1)}


def _counters(given: Iterable[Counter], services: Mapping[str, Service]) -> tuple[Counter, ...]:
    by_number: dict[int, Counter] = {}
    names: set[str] = set()
    for counter in given:
        field = f"counters.{counter.number}"
        _check_range(f"{field}.number", counter.number, (1, COUNTER_HIGHEST))
        if counter.number in by_number:
            refuse("setting_number_taken", f"{field}.number", counter=counter.number)
        name = line(f"{field}.name", counter.name, COUNTER_LONGEST)
        if name.casefold() in names:
            refuse("setting_name_taken", f"{field}.name", name=name)
        names.add(name.casefold())
        for code in counter.services:
            if code not in services:
                refuse("setting_unknown_service", f"{field}.services", service=code)
        if not any(services[code].active for code in counter.services):
            refuse("setting_nothing_served", f"{field}.services")
        skills = tuple(sorted(set(counter.services)))
        by_number[counter.number] = Counter(counter.number, name, skills, counter.accessible)
    if len(by_number) > COUNTERS_MOST:
        refuse("setting_too_many", "counters", most=COUNTERS_MOST)
    return tuple(by_number[number] for number in sorted(by_number))


def _check_range(field: str, value: float, within: tuple[int, int]) -> None:
    if not within[0] <= value <= within[1]:
        refuse("setting_range", field, low=within[0], high=within[1])


def _check_minutes(field: str, seconds: int, within: tuple[int, int]) -> None:
    """Refuse seconds that are not whole minutes or out of range: the form shows minutes."""
    if not within[0] <= seconds <= within[1] or seconds % _MINUTE_S:
        refuse("setting_minutes", field, low=within[0] // _MINUTE_S, high=within[1] // _MINUTE_S)


def _check_choice(field: str, value: object, choices: Collection[str]) -> None:
    if value not in choices:
        refuse("setting_choice", field, choices=", ".join(choices))
