"""The number a ticket gets: the service's letter or block digit, then at least three digits."""

from __future__ import annotations


def ticket_number(prefix: str, count: int) -> str:
    """The `count`-th number of a service on its day: "B" and 27 give "B027".

    After 999 the number grows wider ("B1000") instead of beginning again: as every prefix is one
    character of its own, no number of the day can be given twice.
    """
    if count < 1:
        raise ValueError("numbers start at 1")
    return f"{prefix}{count:03d}"
