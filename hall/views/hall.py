"""The hall as the screens show it: names, rule, wall, voice."""

from __future__ import annotations

import msgspec

from hall.hall import Hall
from hall.notices import standing_notice
from hall.rule import RuleView, rules
from hall.views.posters import posters_version
from hall.views.units import instant_or_none, seconds
from hall.walls import WallPlace
from queueing.events import instant

EVERYWHERE = WallPlace()


class WallView(msgspec.Struct):
    """How the wall looks; `inches`: the diagonal of its television."""

    theme: str
    last_seat_m: float
    inches: int
    blink: bool


class VoiceView(msgspec.Struct):
    """Whether and how calls are spoken."""

    on: bool
    variant: str
    volume: int
    quiet_from: str | None
    quiet_to: str | None
    repeat: bool
    speaker: int | None
    packs: dict[str, int]  # voices recorded at this centre that are used, each with its version


class RoomView(msgspec.Struct):
    """A room, with the clip in which a recorded voice says its name."""

    code: str
    names: dict[str, str]
    counters: list[int]
    clip: str


class NoticeView(msgspec.Struct):
    """The message to all who wait, by language; at `until` it ends by itself, null: with the day."""

    seq: int
    at: str
    texts: dict[str, str]
    until: str | None


class HallView(msgspec.Struct):
    """The hall as anyone may see it."""

    name: str
    office: str
    hotline: str
    timezone: str
    languages: tuple[str, ...]
    advice_service: str
    advice_counters: list[int]
    accessible_counters: list[int]  # for people with disabilities
    priority_question: bool
    priority_groups: tuple[str, ...]
    elder_age: int
    rule: dict[str, RuleView]  # by language
    cap: int
    head_start_s: dict[str, int]
    target_s: int
    wall: WallView
    voice: VoiceView
    rooms: list[RoomView]  # none: the whole hall is one room
    wall_note: dict[str, str]
    clerk_figures: bool
    appointments: bool  # whether any service gives appointments
    prints: bool  # whether numbers are printed
    procedures: str | None  # the version of /procedures; null: none can be found
    posters: str | None  # the version of /posters/shown; null: the notice board is empty
    logo: str | None  # a picture, /media/<logo>
    colour: str | None  # of the heads of the screens, "#0b3252"; null: the program's own
    notice: NoticeView | None
    public_url: str | None
    version: str  # of the running program; a screen made for another one reloads


class ClassView(msgspec.Struct):
    """The names of a priority class among staff, and its pictogram."""

    names: dict[str, str]
    icon: str


class StaffHallView(HallView, kw_only=True):
    """The hall for screens of the staff, with the names of the classes, which may show why somebody has priority."""

    classes: dict[str, ClassView]
    ratings: bool  # whether those who were served are asked to rate their visit


def hall_view(hall: Hall, public_url: str | None, place: WallPlace = EVERYWHERE) -> HallView:
    """Return the hall as anyone may see it, to a wall with the voice and the measures of its place."""
    own, policy = hall.catalogue.hall, hall.catalogue.policy
    return HallView(
        name=own.name,
        office=own.office,
        hotline=own.hotline,
        timezone=own.timezone,
        languages=own.languages,
        advice_service=own.advice_service,
        advice_counters=[counter.number for counter in hall.catalogue.serving(own.advice_service)],
        accessible_counters=hall.catalogue.accessible,
        priority_question=policy.question,
        priority_groups=policy.groups,
        elder_age=policy.elder_age,
        rule=rules(policy, hall.rule_words),
        cap=policy.cap,
        head_start_s={name: seconds(start) for name, start in policy.head_starts.items()},
        target_s=seconds(own.target),
        wall=WallView(own.theme, place.last_seat_m or own.last_seat_m, place.inches or own.wall_inches, own.blink),
        voice=VoiceView(**msgspec.structs.asdict(own.voice_in(place.room))),
        rooms=[RoomView(code, dict(room.names), list(room.counters), room.clip) for code, room in own.rooms.items()],
        wall_note=dict(own.wall_note),
        clerk_figures=own.clerk_figures,
        appointments=bool(own.appointments),
        prints=bool(hall.printers),
        procedures=hall.catalogue.procedures_version,
        posters=posters_version(hall.catalogue),
        logo=own.logo or None,
        colour=own.colour or None,
        notice=notice_view(hall),
        public_url=public_url,
        version=hall.version,
    )


def notice_view(hall: Hall) -> NoticeView | None:
    """Return the message to all who wait that stands now; None without one."""
    notice = standing_notice(hall)
    if notice is None:
        return None
    return NoticeView(notice.seq, instant(notice.at), dict(notice.texts), instant_or_none(notice.until))


def staff_hall_view(hall: Hall, public_url: str | None) -> StaffHallView:
    """Return the hall for screens of the staff."""
    classes = hall.catalogue.policy.classes
    return StaffHallView(
        **msgspec.structs.asdict(hall_view(hall, public_url)),
        classes={name: ClassView(dict(shown.names), shown.icon) for name, shown in classes.items()},
        ratings=hall.catalogue.hall.ratings,
    )
