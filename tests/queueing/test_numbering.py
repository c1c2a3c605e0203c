"""The number on the ticket."""

import pytest

from queueing.numbering import same_number, ticket_number, written_number


@pytest.mark.parametrize(
    ("prefix", "count", "number"),
    [("B", 1, "B001"), ("B", 27, "B027"), ("2", 27, "2027"), ("A", 999, "A999"), ("A", 1000, "A1000")],
)
def test_given_a_count_then_the_number_has_three_digits_or_more(prefix, count, number):
    assert ticket_number(prefix, count) == number


def test_given_a_long_day_then_no_number_of_any_service_comes_twice():
    numbers = {ticket_number(prefix, count) for prefix in "AB12" for count in range(1, 12_000)}
    assert len(numbers) == 4 * 11_999


def test_given_no_count_then_there_is_no_number():
    with pytest.raises(ValueError, match="start at 1"):
        ticket_number("A", 0)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("b 027", "B027"), ("B27", "B027"), ("b-7", "B007"), (" B 1000 ", "B1000"), ("2027", "2027"), ("27", "27"),
        ("\uff22\uff10\uff12\uff17", "B027"), ("\u0111001", "\u0110001"), ("\u00d0 001", "\u0110001"),
        ("\u00f0001", "\u0110001"), ("\u0189001", "\u0110001"), ("\u02561", "\u0110001"), ("D001", "D001"),
        ("B0", "B0"), ("", ""),
    ],
)  # fmt: skip
def test_given_a_number_from_any_keyboard_then_it_is_read_as_it_is_kept(text, number):
    assert written_number(text) == number


def test_given_a_letter_without_its_stroke_then_it_means_the_one_with_it_unless_there_are_both():
    stroked = "\u0110001"
    assert same_number(["B001", stroked], "d 1") == stroked
    assert same_number(["D001", stroked], "D001") == "D001"
    assert same_number(["D001", stroked], "\u00d0001") == stroked
    assert same_number(["D001"], "\u0111001") == "D001"
    assert same_number(["B001"], "D001") is None
