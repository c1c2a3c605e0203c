"""The one message to all who wait: put up, replaced, ended by itself, taken down; and shown everywhere."""

import json
from datetime import timedelta

import pytest

from hall.notices import LONGEST, NoticeWish, post_notice, remove_notice, standing_notice
from hall.options import HallOptions
from hall.verify import verify
from hall.views.hall import hall_view
from hall.views.tickets import ticket_view
from queueing import events as ev
from queueing.catalogue import NOTICES
from queueing.errors import NoticeGone, NoticeTooLate, SettingRefused, UnknownLanguage, UnknownNotice
from tests.centre import ROOT
from tests.hall.centre import ZONE, TestCentre

CHIEF = "user:9"
WORDS = {
    language: json.loads((ROOT / "static" / "text" / f"{language}.json").read_text("utf-8"))["notice"]
    for language in ("vi", "en")
}


@pytest.fixture
def centre():
    return TestCentre(options=HallOptions(notice_words=WORDS))


def post(centre, texts=None, **how):
    return centre.hall.run_as_system(lambda act: post_notice(act, NoticeWish(texts or {}, **how)), CHIEF)


def local(centre, **later):
    return (centre.hall.now().astimezone(ZONE) + timedelta(**later)).strftime("%H:%M")


def test_given_a_typed_message_then_screens_and_phones_have_it_until_its_minutes_are_over(centre):
    ref = centre.take()["ref"]
    notice = post(centre, {"vi": "  Mất điện,  xin chờ ", "en": ""}, minutes=20)
    shown = hall_view(centre.hall, None).notice
    assert (shown.seq, shown.texts) == (notice.seq, {"vi": "Mất điện, xin chờ"})
    assert ev.from_instant(shown.until) - centre.hall.now() == timedelta(minutes=20)
    assert ticket_view(centre.hall, centre.hall.ticket(ref), "id", None).notice == shown
    centre.clock.on(minutes=20)
    assert standing_notice(centre.hall) is None
    assert hall_view(centre.hall, None).notice is None
    assert verify(centre.store).faults == []


def test_given_a_picked_message_then_it_is_in_every_language_and_names_its_time(centre):
    back = local(centre, hours=2)
    post(centre, preset="lunch", time=back)
    posted = centre.events(ev.NOTICE_POSTED)[-1].data
    assert posted["preset"] == "lunch"
    assert posted["texts"] == {language: words["lunch"].replace("{time}", back) for language, words in WORDS.items()}
    assert ev.from_instant(posted["until"]).astimezone(ZONE).strftime("%H:%M") == back
    post(centre, preset="closing_early", time=back)
    assert centre.events(ev.NOTICE_POSTED)[-1].data["until"] is None  # after that time it is still true


def test_given_every_message_that_can_be_picked_then_it_has_words_that_fit_and_a_time_where_it_names_one():
    for language, words in WORDS.items():
        assert words.keys() == NOTICES.keys(), language
        for preset, names_time in NOTICES.items():
            assert ("{time}" in words[preset]) == names_time
            assert len(words[preset]) <= LONGEST - 20


def test_given_a_message_stands_when_another_is_put_up_then_only_that_one_is_shown(centre):
    first = post(centre, {"vi": "Một"})
    second = post(centre, {"vi": "Hai"})
    assert standing_notice(centre.hall) == second
    with pytest.raises(NoticeGone):
        centre.hall.run_as_system(lambda act: remove_notice(act, first.seq), CHIEF)
    centre.hall.run_as_system(lambda act: remove_notice(act, second.seq), CHIEF)
    assert standing_notice(centre.hall) is None
    with pytest.raises(NoticeGone):
        centre.hall.run_as_system(lambda act: remove_notice(act, second.seq), CHIEF)


def test_given_no_end_then_it_stands_after_a_restart_and_ends_with_the_day(centre):
    notice = post(centre, {"vi": "Đóng cửa sớm"})
    centre.start()
    assert standing_notice(centre.hall) == notice
    centre.clock.on(days=1)
    centre.hall.refresh()
    assert standing_notice(centre.hall) is None


@pytest.mark.parametrize(
    ("texts", "how", "refusal"),
    [
        ({}, {}, SettingRefused),
        ({"en": "Only English"}, {}, SettingRefused),
        ({"vi": "a" * (LONGEST + 1)}, {}, SettingRefused),
        ({"vi": "Hai\ndòng"}, {}, SettingRefused),
        ({"vi": "Xin chờ", "xx": "?"}, {}, UnknownLanguage),
        ({"vi": "Xin chờ"}, {"until": "24:00"}, SettingRefused),
        ({"vi": "Xin chờ"}, {"until": "00:00"}, NoticeTooLate),
        ({}, {"preset": "lunch"}, SettingRefused),
        ({}, {"preset": "lunch", "time": "00:00"}, NoticeTooLate),
        ({}, {"preset": "snow"}, UnknownNotice),
    ],
)
def test_given_what_cannot_be_said_then_it_is_refused_and_nothing_changes(centre, texts, how, refusal):
    before = centre.seq()
    with pytest.raises(refusal):
        post(centre, texts, **how)
    assert centre.seq() == before
