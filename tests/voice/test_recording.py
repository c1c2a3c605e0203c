"""What is recorded for a voice: some sixty clips that count to 9,999, the first of them enough to call anybody."""

import pytest

from voice import phrases
from voice.numbers import NORTH, SOUTH, words
from voice.packs import needed
from voice.recording import prompts, recordable


@pytest.mark.parametrize("pack", ["hmn", "vi-north", "en"])
def test_given_the_prompts_of_a_pack_then_about_sixty_clips_count_to_9999_at_any_counter(pack):
    clips = [prompt.clip for prompt in prompts(pack)]
    assert 58 <= len(clips) == len(set(clips)) <= 62
    assert set(clips) <= recordable(pack)
    for n in range(10_000):
        for number in (f"{n:03d}", f"A{n:04d}"):
            said = phrases.call(number, n % 999 + 1, priority=n % 2 == 0, has=clips.__contains__)
            said += phrases.repeat(number, n % 99 + 1, has=clips.__contains__)
            assert set(said) - set(phrases.PAUSES) <= set(clips), number


def test_given_the_first_twelve_clips_then_every_number_is_said_digit_by_digit():
    clips = [prompt.clip for prompt in prompts("hmn")[:12]]
    said = phrases.call("327", 15, has=clips.__contains__)
    assert said == ["call", "digit-3", "digit-2", "digit-7", ",", "to_counter", "digit-1", "digit-5"]


@pytest.mark.parametrize(("pack", "variant"), [("vi-north", NORTH), ("vi-south", SOUTH)])
def test_given_a_vietnamese_voice_of_sixty_clips_then_its_numbers_are_said_as_the_language_says_them(pack, variant):
    said = {prompt.clip: prompt.words for prompt in prompts(pack)}
    for n in range(1000):
        assert " ".join(said[clip] for clip in phrases.whole_number(n, said.__contains__)) == words(n, variant)


def test_given_a_pack_with_a_longer_clip_then_that_is_said():
    clips = [*(prompt.clip for prompt in prompts("hmn")), "number-27", "rest-5"]
    assert phrases.whole_number(27, clips.__contains__) == ["number-27"]
    assert phrases.whole_number(105, clips.__contains__) == ["hundred-1", "rest-5"]
    assert phrases.whole_number(28, clips.__contains__) == ["number-20", "digit-8"]


def test_given_a_pack_that_cannot_say_a_number_then_it_is_asked_as_one_of_every_clip():
    assert phrases.call("B027", 2, has=lambda clip: clip == "call") == phrases.call("B027", 2)


def test_given_a_prompt_that_is_no_clip_of_its_own_then_the_clip_in_which_it_is_heard_is_named():
    apart = {prompt.clip: prompt for prompt in prompts("hmn") if prompt.clip != prompt.example}
    assert apart["after_tens-1"][1:] == ("mốt", "number-21", "hai mươi mốt")
    assert apart["link"][1:] == ("linh", "rest-5", "linh năm")
    assert {prompt.example for prompt in prompts("hmn")} <= set(needed("vi-north"))
