"""Use cases of the one message to all who wait: put it up and take it down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hall.hall import Act, Hall
from hall.settings.text import TIME, line, refuse
from queueing import events as ev
from queueing.catalogue import DEFAULT_LANGUAGE, LANGUAGES, NOTICES
from queueing.errors import NoticeGone, NoticeTooLate, UnknownLanguage, UnknownNotice
from queueing.floor import Notice
from queueing.sentences import fill

LONGEST = 160  # letters in one language
MINUTES_MOST = 600


class NoticeWish(NamedTuple):
    """What a supervisor wants to say: typed (`texts` by language) or picked (`preset`), and until when.

    `time` ("13:30") is named in the words of some that are picked. It ends at `until` ("14:00"), or after `minutes`;
    with neither, lunch ends at its time and everything else with the day.
    """

    texts: Mapping[str, str]
    preset: str | None = None
    time: str | None = None
    until: str | None = None
    minutes: int | None = None


def post_notice(act: Act, wish: NoticeWish) -> Notice:
    """Put a message up in the place of the one that stands, and return it.

    Raises:
        UnknownNotice: no message that can be picked has this name.
        UnknownLanguage: a text is in a language that no screen has.
        SettingRefused: a text is missing, too long or cannot be shown, or a time is none.
        NoticeTooLate: a time has passed.
    """
    texts = _typed(wish.texts) if wish.preset is None else _picked(act.hall, act.at, wish.preset, wish.time)
    ends = wish.until or (wish.time if wish.preset == "lunch" and wish.minutes is None else None)
    until = None
    if ends is not None:
        until = _later(act.hall, act.at, ends, "notice.until")
    elif wish.minutes is not None:
        until = act.at + timedelta(minutes=wish.minutes)
    posted = ev.NoticePosted(texts=texts, until=None if until is None else ev.instant(until), by=act.by)
    if wish.preset is not None:
        posted["preset"] = wish.preset
    act.append(ev.NOTICE_POSTED, posted)
    notice = act.floor.notice
    assert notice is not None
    return notice


def remove_notice(act: Act, seq: int) -> None:
    """Take the message of this event down.

    Raises:
        NoticeGone: it does not stand any more.
    """
    notice = standing_notice(act.hall)
    if notice is None or notice.seq != seq:
        raise NoticeGone()
    act.append(ev.NOTICE_REMOVED, ev.NoticeRemoved(notice=seq, by=act.by))


def standing_notice(hall: Hall) -> Notice | None:
    """Return the message that stands now; None if there is none, or it has ended by itself."""
    notice = hall.floor.notice
    return notice if notice is not None and notice.stands(hall.now()) else None


def _typed(given: Mapping[str, str]) -> dict[str, str]:
    """Return the texts as they are shown; that of the first language must be there."""
    for language in given:
        if language not in LANGUAGES:
            raise UnknownLanguage()
    texts = {
        language: line(f"notice.texts.{language}", given.get(language, ""), LONGEST, empty=language != DEFAULT_LANGUAGE)
        for language in LANGUAGES
    }
    return {language: text for language, text in texts.items() if text}


def _picked(hall: Hall, at: datetime, preset: str, time: str | None) -> dict[str, str]:
    names_time = NOTICES.get(preset)
    if names_time is None:
        raise UnknownNotice()
    if names_time:
        _later(hall, at, time or "", "notice.time")
    return {language: fill(words[preset], {"time": time}) for language, words in hall.notice_words.items()}


def _later(hall: Hall, at: datetime, time: str, field: str) -> datetime:
    """Return a local time of this day as an instant.

    Raises:
        SettingRefused: it is no time, such as 13:30.
        NoticeTooLate: it has passed.
    """
    if not TIME.fullmatch(time):
        refuse("setting_time", field)
    local = at.astimezone(ZoneInfo(hall.catalogue.hall.timezone))
    hour, minute = map(int, time.split(":"))
    then = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if then <= local:
        raise NoticeTooLate(time=time)
    return then
