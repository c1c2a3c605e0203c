"""The number a ticket gets: the service's letter or block digit, then at least three digits."""

from __future__ import annotations


def ticket_number(prefix: str, count: int) -> str:
    """Return the `count`-th number of a service on its day: "B" and 27 give "B027".

    After 999 the number gets a fourth digit ("B1000") and does not begin again. Every service has a prefix of one
    character of its own, so no number of a day is given twice.

    Raises:
        ValueError: `count` is less than 1.
    """
    if count < 1:
        raise ValueError("numbers start at 1")
    return f"{prefix}{count:03d}"
