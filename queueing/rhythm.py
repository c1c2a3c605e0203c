"""A rhythm no crowd has: numbers taken at one kiosk at equal intervals, as one person or a machine takes them.

People come at random: of seven gaps between the numbers of a crowd the longest is many times the shortest. Even a queue
in front of the kiosk wavers by seconds from one person to the next. Somebody who presses for a whole bundle does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

NUMBERS = 8
WITHIN = timedelta(minutes=10)
ALIKE = timedelta(seconds=1)  # by so much the gaps may differ, or by a tenth of the longest


class Rhythm(NamedTuple):
    """So many numbers in a row, from `since` to `until`, with about `gap` between one and the next."""

    since: datetime
    until: datetime
    numbers: int
    gap: timedelta


def rhythm(times: Sequence[datetime]) -> Rhythm | None:
    """Return the last rhythm in the instants at which one kiosk issued its numbers, in order; None if there is none.

    It is at least eight numbers within ten minutes; the gaps differ by at most a second, or a tenth of the longest.
    """
    gaps = [after - before for before, after in pairwise(times)]
    for last in range(len(times) - 1, NUMBERS - 2, -1):
        first = last - NUMBERS + 1
        if times[last] - times[first] > WITHIN or not _alike(gaps[first:last]):
            continue
        while first and times[last] - times[first - 1] <= WITHIN and _alike(gaps[first - 1 : last]):
            first -= 1
        numbers = last - first + 1
        return Rhythm(times[first], times[last], numbers, (times[last] - times[first]) / (numbers - 1))
    return None


def _alike(gaps: Sequence[timedelta]) -> bool:
    longest = max(gaps)
    return longest - min(gaps) <= max(ALIKE, longest / 10)
