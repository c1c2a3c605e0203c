"""Which ratings may be shown, and which words hold a telephone or identity number."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queueing.ratings import TOGETHER, Ratings, groups_shown, holds_number, whole_shown
from queueing.small_cells import FEWEST

BETWEEN = st.sampled_from(("", " ", ".", "-", " - ", "/", "\u200b", ") "))
TEXT = st.text(st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxy ,.!?"), max_size=30)
WORDS = "không một hai ba bốn năm sáu bảy tám chín".split()
WIDE = str.maketrans(string.digits, "０１２３４５６７８９")


@st.composite
def numbers(draw):
    """A telephone or identity number as people write it: in groups, after +84, in wide digits, or spelled out."""
    digits = draw(st.text(string.digits, min_size=9, max_size=12))
    way = draw(st.sampled_from(("grouped", "wide", "spelled", "abroad")))
    if way == "spelled":
        return " ".join(WORDS[int(digit)] for digit in digits)
    if way == "abroad":
        digits = "+84 " + digits
    written = "".join(digit + draw(BETWEEN) for digit in digits)
    return written.translate(WIDE) if way == "wide" else written


@given(TEXT, numbers(), TEXT)
def test_given_a_number_anywhere_in_the_words_then_it_is_found(before, number, after):
    assert holds_number(f"{before} {number} {after}")


@given(TEXT, st.integers(0, 999_999), TEXT)
def test_given_words_with_a_short_figure_then_they_may_be_kept(before, figure, after):
    assert not holds_number(f"{before} {figure} {after}")


@pytest.mark.parametrize(
    "words",
    [
        "Chờ 45 phút, quầy 3, ngày 30/11/2026",
        "Lệ phí 1.500.000 đồng",
        "Không có ai hướng dẫn, năm nay tôi đến ba bốn lần",
        "Từ 7h30 đến 10h15 mới xong; 2 người ngồi quầy 5",
        "",
    ],
)
def test_given_dates_hours_and_money_then_they_may_be_kept(words):
    assert not holds_number(words)


@pytest.mark.parametrize(
    "words",
    ["C1234567 là hộ chiếu", "CCCD 001 085 012 345", "0912.345.678", "(024) 3826-1234", "gọi 1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣9️⃣"],
)
def test_given_numbers_as_they_are_written_then_they_are_found(words):
    assert holds_number(words)


few = st.integers(0, 12)
groups = st.dictionaries(
    st.text(string.ascii_uppercase, min_size=1, max_size=3),
    st.builds(lambda given, silent: Ratings(sum(given) + silent, given), st.tuples(few, few, few, few), few),
    max_size=6,
)


@given(groups)
def test_given_any_groups_then_nothing_of_a_small_one_is_shown_or_can_be_computed(whole):
    rows = groups_shown(whole)
    shown = [row for row in rows if row.given is not None]
    assert all(row.rated == 0 or row.rated >= FEWEST for row in shown)
    assert [(row.key, row.served, row.rated) for row in rows if row.key != TOGETHER] == [
        (key, ratings.served, ratings.rated) for key, ratings in whole.items()
    ]
    rest = sum(ratings.rated for ratings in whole.values()) - sum(row.rated for row in shown)
    assert rest == 0 or (rest < FEWEST and not any(row.rated for row in shown))
    everything = tuple(sum(ratings.given[n] for ratings in whole.values()) for n in range(4))
    if whole and rest == 0 and shown:
        assert tuple(sum(row.given[n] for row in shown) for n in range(4)) == everything


def test_given_fewer_than_ten_ratings_in_all_then_only_their_number_is_shown():
    assert whole_shown(Ratings(40, (5, 2, 1, 1)), "").given is None
    assert whole_shown(Ratings(40, (5, 3, 1, 1)), "").given == (5, 3, 1, 1)
