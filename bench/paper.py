"""The paper: how long a ticket takes to draw, and to be encoded for the printer."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from paper.profiles import DEFAULT_PROFILE, profiles
from paper.raster import compose
from paper.ticket import draw_ticket
from tools.papers import WORDS, slip

REPEATS = 30


def drawn_ms() -> float:
    """Return the median time of drawing a ticket of 80 mm, ms."""
    return _median_ms(lambda: draw_ticket(slip("CHUNG_THUC", 27), WORDS["vi"], 576))


def spooled_ms() -> float:
    """Return the median time of encoding a drawn ticket for the default printer, ms."""
    image, profile = draw_ticket(slip("CHUNG_THUC", 27), WORDS["vi"], 576), profiles()[DEFAULT_PROFILE]
    return _median_ms(lambda: compose(image, profile, asks=True))


def _median_ms(work: Callable[[], object]) -> float:
    took = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)
