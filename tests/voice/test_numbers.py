"""Numbers as words: worked examples, and every number compared with the rules written another way."""

import re

import pytest

from voice.numbers import DIGITS, LETTERS, VARIANTS, english_words, words

WORKED = {
    0: "không", 5: "năm", 10: "mười", 11: "mười một", 14: "mười bốn", 15: "mười lăm", 20: "hai mươi",
    21: "hai mươi mốt", 24: "hai mươi tư", 25: "hai mươi lăm", 31: "ba mươi mốt", 44: "bốn mươi tư",
    51: "năm mươi mốt", 55: "năm mươi lăm", 101: "một trăm linh một", 104: "một trăm linh bốn",
    105: "một trăm linh năm", 110: "một trăm mười", 111: "một trăm mười một", 115: "một trăm mười lăm",
    121: "một trăm hai mươi mốt", 124: "một trăm hai mươi tư", 155: "một trăm năm mươi lăm", 200: "hai trăm",
    205: "hai trăm linh năm", 999: "chín trăm chín mươi chín", 1001: "một nghìn không trăm linh một",
    1005: "một nghìn không trăm linh năm", 1015: "một nghìn không trăm mười lăm",
    1105: "một nghìn một trăm linh năm", 2024: "hai nghìn không trăm hai mươi tư",
}  # fmt: skip

# The rules as corrections of the plainest reading, which names every digit and its place:
# 1105 is "một nghìn một trăm không mươi năm", and then some words of it change.
PLACES = ("", " mươi", " trăm", " nghìn")
CORRECTIONS = (
    (r" không mươi không$", ""),  # nothing is said of empty tens and units
    (r"không mươi", "linh"),
    (r"một mươi", "mười"),
    (r"(?<=mươi) không$", ""),
    (r"(?<=mười) không$", ""),
    (r"(?<=mươi) một$", " mốt"),
    (r"(?<=mươi) bốn$", " tư"),
    (r"(?<=mươi|mười) năm$", " lăm"),
    (r" không trăm$", ""),
)
IN_THE_SOUTH = {"linh": "lẻ", "nghìn": "ngàn", "tư": "bốn"}


def corrected(n, variant):
    digits = str(n)
    said = " ".join(DIGITS[int(digit)] + PLACES[len(digits) - i - 1] for i, digit in enumerate(digits))
    for wrong, right in CORRECTIONS:
        said = re.sub(wrong, right, said)
    if variant == "south":
        said = " ".join(IN_THE_SOUTH.get(word, word) for word in said.split())
    return said


@pytest.mark.parametrize("n", WORKED)
def test_given_a_worked_example_then_it_is_said_so(n):
    assert words(n) == WORKED[n]
    southern = WORKED[n].replace("linh", "lẻ").replace("nghìn", "ngàn").replace("tư", "bốn")
    assert words(n, "south") == southern


@pytest.mark.parametrize("variant", VARIANTS)
def test_given_every_number_then_two_statements_of_the_rules_agree(variant):
    assert [n for n in range(10_000) if words(n, variant) != corrected(n, variant)] == []


@pytest.mark.parametrize("variant", VARIANTS)
def test_given_all_numbers_then_no_two_sound_the_same(variant):
    assert len({words(n, variant) for n in range(10_000)}) == 10_000


@pytest.mark.parametrize("n", [-1, 10_000])
def test_given_a_number_nobody_gives_out_then_it_is_refused(n):
    for say in (words, english_words):
        with pytest.raises(ValueError, match="9999"):
            say(n)


def test_given_the_letters_then_each_sounds_like_no_other():
    assert len(set(LETTERS.values())) == len(LETTERS) == 21


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "zero"), (13, "thirteen"), (21, "twenty-one"), (40, "forty"), (100, "one hundred"),
        (105, "one hundred and five"), (999, "nine hundred and ninety-nine"), (1005, "one thousand and five"),
        (2024, "two thousand and twenty-four"), (1100, "one thousand one hundred"),
        (1123, "one thousand one hundred and twenty-three"),
    ],
)  # fmt: skip
def test_given_english_then_numbers_are_said_so(n, said):
    assert english_words(n) == said
