"""What a call says: number first, digits on the repeat, and never a leading zero in a number."""

import json
import re

import pytest

from tests.centre import ROOT
from voice import phrases
from voice.numbers import DIGITS, words

TEXTS = ROOT / "static" / "text"


def said(clips, language="vi", variant="north"):
    held = phrases.clip_words(language, variant)
    heard = " ".join(held[clip].rstrip(",.") for clip in clips if clip not in phrases.PAUSES)
    return re.sub(r"\s+", " ", heard.replace(",", ""))


def test_given_a_call_then_number_and_counter_are_said():
    assert said(phrases.call("A123", 5)) == "Mời công dân có số thứ tự a một trăm hai mươi ba đến quầy số năm"
    assert said(phrases.call("B027", 12)) == "Mời công dân có số thứ tự bê hai mươi bảy đến quầy số mười hai"
    assert said(phrases.call("A123", 5), variant="south") == "Mời số a một trăm hai mươi ba tới quầy số năm"
    assert said(phrases.call("A123", 5), "en") == (
        "Now calling number ay one hundred and twenty-three please go to counter five"
    )


def test_given_the_repeat_then_every_digit_is_said():
    assert said(phrases.repeat("B027", 2)) == ("Xin nhắc lại mời công dân có số bê không hai bảy đến quầy số hai")


def test_given_priority_then_it_is_said_without_a_reason():
    assert said(phrases.call("H001", 4, priority=True)) == "Mời công dân ưu tiên có số hát một đến quầy số bốn"


def test_given_a_room_then_it_is_said_after_the_counter_by_a_voice_that_has_its_name_alone():
    room = "room-0123abcd"
    plain = phrases.call("B027", 2)
    assert phrases.call("B027", 2, room=room, has=lambda clip: True) == [*plain, phrases.COMMA, room]
    assert phrases.repeat("B027", 2, room=room, has=lambda clip: True)[-2:] == [phrases.COMMA, room]
    assert phrases.call("B027", 2, room=room, has=lambda clip: not clip.startswith("room")) == plain
    assert phrases.call("B027", 2, room=room) == plain


def test_given_a_counter_for_people_with_disabilities_then_it_is_said_by_a_voice_that_can():
    call = phrases.call("B027", 3, accessible=True)
    assert said(call).endswith("đến quầy số ba Quầy dành cho người khuyết tật")
    assert said(call, "en").endswith("counter three The counter for people with disabilities")
    assert phrases.call("B027", 3, accessible=True, has=lambda clip: clip != "accessible") == phrases.call("B027", 3)


@pytest.mark.parametrize(("number", "digits"), [("2015", "2015"), ("A1000", "1000"), ("Đ1024", "1024")])
def test_given_more_than_three_digits_then_both_passes_say_them_one_by_one(number, digits):
    for clips in (phrases.call(number, 1), phrases.repeat(number, 1)):
        assert " ".join(DIGITS[int(digit)] for digit in digits) in said(clips)


def test_given_every_number_then_its_clips_say_its_words():
    for variant in ("north", "south"):
        for n in range(1000):
            assert said(phrases.whole_number(n), variant=variant) == words(n, variant)


def test_given_a_pause_then_it_is_said_and_where_the_system_is_at_fault_that_numbers_are_kept():
    paused = "Quầy số hai mươi lăm tạm dừng phục vụ. Mong ông bà thông cảm"
    assert said(phrases.pause(25)) == paused
    kept = "Hệ thống đang gặp sự cố. Số thứ tự của ông bà vẫn được giữ nguyên"
    assert said(phrases.pause(25, fault=True)) == f"{paused} {kept}"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_given_any_clip_then_its_words_are_spelled(language):
    texts = json.loads((TEXTS / f"{language}.json").read_text("utf-8"))
    spoken = phrases.kiosk_words(texts, [], language).values()
    for sentence in [*phrases.clip_words(language).values(), *spoken]:
        assert not re.search(r"\d|/", sentence), sentence


def test_given_something_that_is_no_number_then_it_is_refused():
    with pytest.raises(ValueError, match="no number"):
        phrases.call("", 1)
