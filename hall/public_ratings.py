"""The hall's own ratings of closed months as the public page shows them, if the centre wishes; they are in no file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hall.catalogue.model import Catalogue
from hall.ports import HallStore
from hall.publishing import PublishedFile
from hall.review import ratings_by
from queueing.period import ends
from queueing.small_cells import CodedShare, coded_share


@dataclass(frozen=True, slots=True)
class MonthRatings:
    """The share of the two best ratings in a month, and the response rate: the share of those served who rated."""

    month: str
    satisfied: CodedShare
    response: CodedShare


def months_of(files: Iterable[PublishedFile]) -> list[str]:
    """Return the months that have published files, in order."""
    return sorted({file.month for file in files})


def public_ratings(store: HallStore, catalogue: Catalogue, months: Iterable[str]) -> list[MonthRatings]:
    """Return the ratings of these months ("2026-01"), as far as there are any; none if the centre shows none."""
    if not (catalogue.hall.ratings and catalogue.hall.ratings_public):
        return []
    asked = sorted(months)
    if not asked:
        return []
    _, groups = ratings_by(store, ends(asked[0])[0], ends(asked[-1])[1], ("month",))
    shown = []
    for month in asked:
        ratings = groups["month"].get(month)
        if ratings is not None and ratings.rated:
            satisfied, response = (ratings.satisfied, ratings.rated), (ratings.rated, ratings.served)
            shown.append(MonthRatings(month, coded_share(*satisfied), coded_share(*response)))
    return shown
