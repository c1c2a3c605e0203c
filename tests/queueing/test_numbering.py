"""The number on the ticket."""

import pytest

from queueing.numbering import ticket_number


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
