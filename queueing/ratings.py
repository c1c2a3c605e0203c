"""Ratings of visits: what they come to, which of them may be shown, and which words may be kept.

They are the hall's own and no national index. A rating belongs to the day of the ticket and to the service, counter
and clerk of its last leg, as the visit does. How many of those served gave one stands beside every result.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from queueing.catalogue import RATINGS
from queueing.metrics import RATED, Figures
from queueing.small_cells import FEWEST, merge_small

WORDS_LONGEST = 200  # letters

TOGETHER = "together"  # the key of the small groups as one


class Ratings(NamedTuple):
    """How many were served, and how many of them rated their visit with each of `catalogue.RATINGS`, in that order."""

    served: int
    given: tuple[int, ...]

    @property
    def rated(self) -> int:
        """Return how many gave a rating."""
        return sum(self.given)

    @property
    def satisfied(self) -> int:
        """Return how many gave one of the two best ratings."""
        return sum(self.given[:2])


def ratings_in(figures: Figures) -> Ratings:
    """Return the ratings of the visits that these figures are of."""
    return Ratings(figures.served, tuple(getattr(figures, name) for name in RATED))


class RatedGroup(NamedTuple):
    """A group as it may be shown: how many were served and rated, and how, None where too few did."""

    key: str
    served: int
    rated: int
    given: tuple[int, ...] | None


def groups_shown(groups: Mapping[str, Ratings]) -> list[RatedGroup]:
    """Return the groups of one whole, in their order, then the small ones as one under the key TOGETHER.

    How the visits of a group were rated is shown from FEWEST ratings on, so that nobody can be singled out, and never
    so that a smaller group could be computed from the whole.
    """
    cells = merge_small({key: ratings.rated for key, ratings in groups.items() if ratings.rated})
    rows = [
        RatedGroup(key, own.served, own.rated, own.given if key in cells.alone or not own.rated else None)
        for key, own in groups.items()
    ]
    if not cells.together:
        return rows
    small = _sum(groups[key] for key in cells.together)
    return [*rows, RatedGroup(TOGETHER, small.served, small.rated, small.given)]


def whole_shown(ratings: Ratings, key: str) -> RatedGroup:
    """Return all visits together as they may be shown."""
    return RatedGroup(key, ratings.served, ratings.rated, ratings.given if ratings.rated >= FEWEST else None)


def _sum(several: Iterable[Ratings]) -> Ratings:
    listed = list(several)
    given = tuple(sum(ratings.given[n] for ratings in listed) for n in range(len(RATINGS)))
    return Ratings(sum(ratings.served for ratings in listed), given)


# -- words -----------------------------------------------------------------------------------

_SAID = {
    digit: str(n % 10)
    for n, digit in enumerate(
        (
            *("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"),
            *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
        )
    )
}
_WORD = re.compile(r"[^\W\d_]+")
# Telephone numbers have nine digits or more, identity numbers nine or twelve, a passport a letter and seven; a date
# has eight, and a sum of money seldom more than seven, with signs between them.
_IN_ONE = re.compile(r"[0-9]{7}")
_IN_PIECES = re.compile(r"(?:[0-9][\W_]{0,3}){8}[0-9]")


def holds_number(words: str) -> bool:
    """Return whether the words hold what looks like a telephone or identity number, also in pieces or spelled out."""
    plain = unicodedata.normalize("NFKC", words)
    plain = "".join(letter if (n := unicodedata.decimal(letter, None)) is None else str(n) for letter in plain)
    plain = _WORD.sub(lambda word: _SAID.get(word[0].casefold(), word[0]), plain)
    return bool(_IN_ONE.search(plain) or _IN_PIECES.search(plain))
