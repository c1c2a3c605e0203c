"""Small cells of public figures: merged into a coarser cell or coded as a bound, so that nobody can be singled out.

A cell is what one row of public figures is about: the visits of a service, of an hour, of a day. The cells of one
table are parts of a whole that is published too, so a cell that was only left out could be computed from the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

FEWEST = 10  # a cell of fewer is not shown
AT_LEAST, AT_MOST, EXACT = "at_least", "at_most", ""
_FEWEST_FOR_BOUND = 3 * FEWEST  # with fewer a bound says next to nothing


class Cells(NamedTuple):
    """The keys that may be shown alone, and those that are shown as one cell; neither: nothing may be shown."""

    alone: list[str]
    together: list[str]


def merge_small(sizes: Mapping[str, int]) -> Cells:
    """Return how cells of these sizes may be shown: those under FEWEST together, with the smallest others if need be.

    So every cell that is shown has at least FEWEST, and so has whatever is left when all others are taken from the
    whole.
    """
    alone = [key for key, size in sizes.items() if size >= FEWEST]
    together = [key for key, size in sizes.items() if size < FEWEST]
    while together and alone and sum(sizes[key] for key in together) < FEWEST:
        least = min(alone, key=lambda key: (sizes[key], key))
        alone.remove(least)
        together.append(least)
    if sum(sizes[key] for key in together) < FEWEST:
        together = []
    return Cells(alone, sorted(together))


class CodedShare(NamedTuple):
    """A share in whole per cent, rounded down; with a bound where the exact one would single out fewer than FEWEST."""

    percent: int | None
    bound: str = EXACT


def coded_share(met: int, of: int) -> CodedShare:
    """Return `met` of `of` as it may be shown.

    Where fewer than FEWEST, but not nobody, are on one side, the share is that of FEWEST - 1: "at least 94 %" says
    that a few were not within, and not how many. None where nothing can be said.
    """
    missed = of - met
    few_met, few_missed = 0 < met < FEWEST, 0 < missed < FEWEST
    if of < FEWEST or (few_met and few_missed) or ((few_met or few_missed) and of < _FEWEST_FOR_BOUND):
        return CodedShare(None)
    if few_missed:
        return CodedShare(100 * (of - FEWEST + 1) // of, AT_LEAST)
    if few_met:
        return CodedShare(-(-100 * (FEWEST - 1) // of), AT_MOST)
    return CodedShare(100 * met // of)
