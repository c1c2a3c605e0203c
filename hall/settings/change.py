"""Use cases that change the settings: each checks the settings as a whole, appends an event, and can be undone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from hall.catalogue.model import Catalogue, Counter, HallSettings, Policy, Service, Template, plain, template_of
from hall.catalogue.posters import MediaFile, Poster
from hall.catalogue.printers import PrinterSetting
from hall.catalogue.procedures import Procedure
from hall.catalogue.rooms import Room, ScreenSetting
from hall.hall import Act, Hall
from hall.settings.check import FAMILIES, checked
from hall.settings.printers import check_choices
from hall.settings.text import unmarked
from queueing import events as ev
from queueing.configuration import differences, with_former
from queueing.errors import (
    CounterNotClosed,
    MediaUsed,
    NotLastChange,
    PrintersFixed,
    ServiceUsed,
    SettingRefused,
    UnknownCounter,
    UnknownMedia,
    UnknownRoom,
    UnknownService,
)
from queueing.events import Event
from queueing.floor import Floor, Staffing

LAST = 999  # a position after all others

_CODE_LONGEST = 20


class Change(msgspec.Struct, frozen=True):
    """One field that differs. A service or counter that was added or removed is one change, whole."""

    path: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Changed:
    """The result of a change: the event's `seq`, the fields that differ, the settings after it.

    If nothing differs, `changes` is empty, no event was appended and `seq` is None.
    """

    seq: int | None
    changes: Sequence[Change]
    template: Template


def changes(before: Template, after: Template) -> list[Change]:
    """Return the fields that differ, in the order of the exported file."""
    return [Change(*difference) for difference in differences(before.tree, after.tree)]


# -- services --------------------------------------------------------------------------------


def add_service(act: Act, wanted: Service, counters: Iterable[int]) -> Changed:
    """Offer a further service at these counters, last on the kiosk; its code and icon family are chosen here.

    Raises:
        SettingRefused: a field is not as it must be.
    """
    now = act.catalogue.template
    code = _new_code(wanted.names.get("vi", ""), {service.code for service in now.services})
    service = replace(wanted, code=code, family=_rarest_family(now.services), position=LAST, active=True)
    after = _serving(replace(now, services=(*now.services, service)), code, counters)
    return _save(act, after, "service_added", service=code)


def change_service(act: Act, code: str, wanted: Service, counters: Iterable[int]) -> Changed:
    """Change a service, retire it (no further numbers; those who wait are served) or offer it again.

    Code, family and position stay.

    Raises:
        UnknownService: there is none.
        SettingRefused: a field is not as it must be.
    """
    now = act.catalogue.template
    present = next((service for service in now.services if service.code == code), None)
    if present is None:
        raise UnknownService()
    service = replace(
        wanted,
        code=code,
        family=present.family,
        position=present.position if present.active or not wanted.active else LAST,
    )
    services = tuple(service if other.code == code else other for other in now.services)
    what = "service_changed"
    if present.active is not wanted.active:
        what = "service_restored" if wanted.active else "service_retired"
    return _save(act, _serving(replace(now, services=services), code, counters), what, service=code)


def order_services(act: Act, codes: Sequence[str]) -> Changed:
    """Set the order of the kiosk: `codes` names every service that is offered, once.

    Raises:
        SettingRefused: one is missing, unknown, or named twice.
    """
    now = act.catalogue.template
    if sorted(codes) != sorted(service.code for service in now.services if service.active):
        raise SettingRefused("setting_order", "services.position")
    services = tuple(
        replace(service, position=codes.index(service.code) + 1) if service.active else service
        for service in now.services
    )
    return _save(act, replace(now, services=services), "services_ordered")


def _serving(template: Template, code: str, counters: Iterable[int]) -> Template:
    """Return the template with the service at these counters and at no other.

    Raises:
        UnknownCounter: one of them does not exist.
    """
    chosen = set(counters)
    for number in chosen - {counter.number for counter in template.counters}:
        raise UnknownCounter(counter=number)

    def served(counter: Counter) -> Counter:
        others = [other for other in counter.services if other != code]
        return replace(counter, services=tuple(sorted([*others, code] if counter.number in chosen else others)))

    return replace(template, counters=tuple(served(counter) for counter in template.counters))


def _new_code(name: str, taken: set[str]) -> str:
    """Return a code made from a Vietnamese name: "Công an" gives CONG_AN, or CONG_AN_2 if that is taken."""
    words = re.sub(r"[^A-Z0-9]+", "_", "".join(c for c in unmarked(name) if c.isascii()).upper()).strip("_")
    code = words[:_CODE_LONGEST].strip("_")
    if len(code) < 2 or not code[0].isalpha():
        code = f"DV_{code}".rstrip("_")
    return next(free for n in range(1, len(taken) + 2) if (free := code if n == 1 else f"{code}_{n}") not in taken)


def _rarest_family(services: Iterable[Service]) -> int:
    in_use = [service.family for service in services if service.active]
    return min(range(FAMILIES), key=in_use.count)


# -- counters --------------------------------------------------------------------------------


def add_counter(act: Act, counter: Counter) -> Changed:
    """Add a counter.

    Raises:
        SettingRefused: a field is not as it must be.
    """
    now = act.catalogue.template
    after = replace(now, counters=(*now.counters, counter))
    return _save(act, after, "counter_added", counter=counter.number)


def change_counter(act: Act, number: int, wanted: Counter) -> Changed:
    """Change a counter, but for its number.

    Raises:
        UnknownCounter: there is none.
        SettingRefused: a field is not as it must be.
    """
    act.catalogue.counter(number)
    now = act.catalogue.template
    counters = tuple(replace(wanted, number=number) if other.number == number else other for other in now.counters)
    return _save(act, replace(now, counters=counters), "counter_changed", counter=number)


def remove_counter(act: Act, number: int) -> Changed:
    """Take a closed counter away.

    Raises:
        UnknownCounter: there is none.
        CounterNotClosed: it is open or paused, or somebody is there.
        SettingRefused: a service would be left without a counter.
    """
    act.catalogue.counter(number)
    now = act.catalogue.template
    after = replace(now, counters=tuple(counter for counter in now.counters if counter.number != number))
    return _save(act, after, "counter_removed", counter=number)


# -- rooms, and the screens in them ----------------------------------------------------------


def add_room(act: Act, room: Room) -> Changed:
    """Add a room; its code is chosen here, and its counters leave the rooms they were in.

    Raises:
        UnknownCounter: one of its counters does not exist.
        SettingRefused: a field is not as it must be, or another room would be left without a counter.
    """
    taken = act.catalogue.hall.rooms
    code = next(free for n in range(1, len(taken) + 2) if (free := f"P{n}") not in taken)
    return _save_room(act, code, room, "room_added")


def change_room(act: Act, code: str, room: Room) -> Changed:
    """Change a room; its counters leave the rooms they were in.

    Raises:
        UnknownRoom: there is none.
        UnknownCounter: one of its counters does not exist.
        SettingRefused: a field is not as it must be, or another room would be left without a counter.
    """
    _check_room(act, code)
    return _save_room(act, code, room, "room_changed")


def remove_room(act: Act, code: str) -> Changed:
    """Take a room away; its counters are in none, and its screens show every room.

    Raises:
        UnknownRoom: there is none.
    """
    _check_room(act, code)
    now = act.catalogue.template
    rooms = {other: room for other, room in now.hall.rooms.items() if other != code}
    return _save(act, replace(now, hall=replace(now.hall, rooms=rooms)), "room_removed")


def set_screen(act: Act, device: int, screen: ScreenSetting) -> Changed:
    """Set the room of a paired screen, and of a wall the farthest seat and the television, where they are its own.

    Raises:
        UnknownRoom: there is none.
        SettingRefused: a field is not as it must be.
    """
    if screen.room is not None:
        _check_room(act, screen.room)
    now = act.catalogue.template
    screens = {**now.hall.screens, str(device): screen}
    return _save(act, replace(now, hall=replace(now.hall, screens=screens)), "screen_changed")


def _check_room(act: Act, code: str) -> None:
    if code not in act.catalogue.hall.rooms:
        raise UnknownRoom()


def _save_room(act: Act, code: str, wanted: Room, what: str) -> Changed:
    for number in wanted.counters:
        act.catalogue.counter(number)
    now = act.catalogue.template
    others = {
        other: replace(room, counters=tuple(number for number in room.counters if number not in wanted.counters))
        for other, room in now.hall.rooms.items()
    }
    return _save(act, replace(now, hall=replace(now.hall, rooms={**others, code: wanted})), what)


# -- policy, and the hall's own choices ------------------------------------------------------


def change_policy(act: Act, policy: Policy) -> Changed:
    """Change the order of calling from now on. A ticket already issued keeps its head start.

    Raises:
        SettingRefused: a field is not as it must be.
    """
    return _save(act, replace(act.catalogue.template, policy=policy), "policy_changed")


def change_hall(act: Act, fields: Mapping[str, Any]) -> Changed:
    """Change the centre's name and choices; what is not among the fields stays.

    Raises:
        SettingRefused: a field is not as it must be.
    """
    now = act.catalogue.template
    plain = msgspec.to_builtins(now.hall)
    voice = {**plain["voice"], **fields.get("voice", {})}
    hall = msgspec.convert({**plain, **fields, "voice": voice}, HallSettings)
    return _save(act, replace(now, hall=hall), "hall_changed")


def change_printers(act: Act, printers: Sequence[PrinterSetting]) -> Changed:
    """Set the printers: the main one, then its spare; without any, tickets are shown on the screen only.

    Raises:
        SettingRefused: a field is not as it must be.
        PrintersFixed: the command line or the machine's settings file names the printers.
    """
    now = act.catalogue.template
    return _save(act, replace(now, hall=replace(now.hall, printers=tuple(printers))), "printers_changed")


def add_media(act: Act, file: MediaFile) -> Changed:
    """Add a file that was taken in; one that is there stays as it is.

    Raises:
        SettingRefused: there are too many, or they are too large together.
    """
    now = act.catalogue.template
    if file.id in [other.id for other in now.hall.media]:
        return Changed(None, [], now)
    return _save(act, replace(now, hall=replace(now.hall, media=(*now.hall.media, file))), "media_added")


def remove_media(act: Act, name: str) -> Changed:
    """Remove a file.

    Raises:
        UnknownMedia: there is none with this id.
        MediaUsed: a poster shows it, or it is the logo.
    """
    now = act.catalogue.template
    left = tuple(file for file in now.hall.media if file.id != name)
    if len(left) == len(now.hall.media):
        raise UnknownMedia()
    if name == now.hall.logo or any(name in poster.files for poster in now.hall.posters):
        raise MediaUsed()
    return _save(act, replace(now, hall=replace(now.hall, media=left)), "media_removed")


def change_posters(act: Act, posters: Sequence[Poster]) -> Changed:
    """Replace the notice board of the walls, in this order.

    Raises:
        SettingRefused: a field is not as it must be.
    """
    now = act.catalogue.template
    return _save(act, replace(now, hall=replace(now.hall, posters=tuple(posters))), "posters_changed")


def media_wanted(hall: Hall) -> set[str]:
    """Return the files that must stay: those in force, and those that undoing the last change would bring back."""
    wanted = {file.id for file in hall.catalogue.hall.media}
    last = last_change(hall)
    for change in _changes_of(last) if last is not None and "changes" in last.data else ():
        if change["path"] == "hall.media":
            wanted.update(file["id"] for file in change["old"] or ())
    return wanted


def change_procedures(act: Act, procedures: Sequence[Procedure]) -> Changed:
    """Replace all procedures by these.

    Raises:
        SettingRefused: a field is not as it must be.
    """
    now = act.catalogue.template
    return _save(act, replace(now, procedures=tuple(procedures)), "procedures_changed")


# -- whole configurations --------------------------------------------------------------------


def planned(hall: Hall, template: Template) -> Sequence[Change]:
    """Return what importing this file would change; nothing is changed.

    Raises:
        SettingRefused, CounterNotClosed: as `import_template`.
    """
    with hall.reading():
        before = hall.catalogue.template
        after = checked(_with_own(hall, before, template))
        _check_step(hall, hall.now(), hall.catalogue, Catalogue(after))
        return changes(before, after)


def planned_procedures(hall: Hall, procedures: Sequence[Procedure]) -> Sequence[Change]:
    """Return what replacing all procedures by these would change; nothing is changed.

    Raises:
        SettingRefused: a field is not as it must be.
    """
    with hall.reading():
        before = hall.catalogue.template
        return changes(before, checked(replace(before, procedures=tuple(procedures))))


def import_template(act: Act, template: Template) -> Changed:
    """Replace the settings by those of a file.

    A service that is not in the file is removed if no number of it was ever issued, else it is retired.
    The printers, the screens, the walls that speak, notice board, logo and procedures stay as they are; procedures of a
    removed service go with it.

    Raises:
        SettingRefused: a field is not as it must be.
        CounterNotClosed: a counter that is not in the file is not closed.
    """
    return _save(act, _with_own(act.hall, act.catalogue.template, template), "imported")


def _with_own(hall: Hall, before: Template, template: Template) -> Template:
    """Return an imported template with what stays of this hall: used services, as retired, and its devices."""
    named = {service.code for service in template.services}
    used = [
        replace(service, active=False, position=LAST)
        for service in before.services
        if service.code not in named and hall.store.service_used(service.code)
    ]
    # Devices and recordings belong to one building, so a file names none.
    voice = replace(template.hall.voice, speaker=before.hall.voice.speaker, packs=before.hall.voice.packs)
    own = replace(
        template.hall,
        voice=voice,
        printers=before.hall.printers,
        rooms=_with_speakers(template.hall.rooms, before.hall.rooms),
        screens=before.hall.screens,
        media=before.hall.media,
        posters=before.hall.posters,
        logo=before.hall.logo,
    )
    services = (*template.services, *used)
    offered = {service.code for service in services}
    procedures = tuple(procedure for procedure in before.procedures if procedure.service in offered)
    return replace(template, hall=own, services=services, procedures=procedures)


def _with_speakers(rooms: Mapping[str, Room], own: Mapping[str, Room]) -> dict[str, Room]:
    """Return the rooms with the speaking walls of those that are in `own` too, and no other."""
    return {code: replace(room, speaker=own[code].speaker if code in own else None) for code, room in rooms.items()}


def for_others(template: Template) -> Template:
    """Return the settings for an exported file: without the voices, printers and screens of this building.

    Pictures and films, and the notice board that shows them, stay too. The procedures have a sheet of their own, which
    people edit.
    """
    voice = replace(template.hall.voice, speaker=None, packs={})
    rooms = _with_speakers(template.hall.rooms, {})
    own = replace(template.hall, voice=voice, printers=(), rooms=rooms, screens={}, media=(), posters=(), logo="")
    return replace(template, hall=own, procedures=())


def undo(act: Act, seq: int) -> Changed:
    """Put back what the change with this `seq` replaced. It must be the last one.

    Raises:
        NotLastChange: it is not, or there is nothing that could be put back.
        SettingRefused, CounterNotClosed, ServiceUsed, PrintersFixed: the former settings are not possible now.
    """
    last = last_change(act.hall)
    if last is None or last.seq != seq:
        raise NotLastChange()
    try:
        former = template_of(with_former(act.floor.configuration.tree, _changes_of(last)))
    except (LookupError, ValueError, TypeError) as error:
        raise NotLastChange() from error
    return _save(act, former, "undone", undoes=seq)


def last_change(hall: Hall) -> Event | None:
    """Return the event of the last change of the configuration, if there was one."""
    seq = hall.floor.configuration.last_change
    events = hall.store.events(seq - 1, 1) if seq is not None else []
    return events[0] if events else None


def _changes_of(event: Event) -> Sequence[Mapping[str, Any]]:
    if ev.SETTING_CHANGED.marks(event) or ev.POLICY_CHANGED.marks(event):
        return event.data["changes"]
    raise LookupError(f"{event.kind} changes no setting")


# -- saving ----------------------------------------------------------------------------------


def _save(act: Act, wanted: Template, what: str, **more: object) -> Changed:
    before, after = act.catalogue, checked(wanted)
    _check_step(act.hall, act.at, before, Catalogue(after))
    differing = changes(before.template, after)
    if not differing:
        return Changed(None, [], after)
    data = {"by": act.by, "changes": [plain(change) for change in differing], **more}
    of_policy = [change for change in differing if change.path.startswith("policy.")]
    if of_policy:
        alone = len(of_policy) == len(differing)
        order = {**plain(after.policy), **(data if alone else {"by": act.by})}
        seq = act.append(ev.POLICY_CHANGED, cast(ev.PolicyChanged, order)).seq
    if len(of_policy) < len(differing):
        seq = act.append(ev.SETTING_CHANGED, cast(ev.SettingChanged, {**data, "what": what})).seq
    return Changed(seq, differing, after)


def _check_step(hall: Hall, at: datetime, before: Catalogue, after: Catalogue) -> None:
    """Refuse settings that are sound in themselves but not possible now.

    Raises:
        SettingRefused: people wait, or are held, for a service that loses its last counter, a letter has numbers of
            another service today, the time zone would end the day, or this machine cannot speak to a printer.
        CounterNotClosed: a counter to be removed is not closed.
        ServiceUsed: a service to be removed has issued numbers.
        PrintersFixed: the command line or the machine's settings file names the printers.
    """
    floor = hall.floor
    if after.hall.printers != before.hall.printers:
        if hall.printers_fixed:
            raise PrintersFixed()
        check_choices("hall.printers", after.hall.printers, hall.printer_choices(), before.hall.printers)
    if floor.day is not None and at.astimezone(ZoneInfo(after.hall.timezone)).date() != floor.day:
        raise SettingRefused("setting_timezone", "hall.timezone")
    for number in before.counters.keys() - after.counters.keys():
        state = floor.counter_state(number)
        if state.staffing is not Staffing.CLOSED or state.ref is not None:
            raise CounterNotClosed(counter=number)
    for code in before.services.keys() - after.services.keys():
        if hall.store.service_used(code):
            raise ServiceUsed(name=before.services[code].names["vi"])
    for code, service in after.services.items():
        waiting = floor.waiting.count(code) + sum(floor.tickets[ref].service == code for ref in floor.holds)
        if waiting and before.serving(code) and not after.serving(code):
            raise SettingRefused(
                "setting_people_wait", f"services.{code}.counters", name=service.names["vi"], waiting=waiting
            )
        _check_letter(floor, before, service)


def _check_letter(floor: Floor, before: Catalogue, service: Service) -> None:
    """Refuse a letter with which another service has issued numbers today: a number would be issued twice."""
    known = before.services.get(service.code)
    if known is not None and known.prefix == service.prefix:
        return
    if floor.letters.get(service.prefix, service.code) != service.code:
        raise SettingRefused("setting_letter_today", f"services.{service.code}.prefix", letter=service.prefix)
