"""The paper: how long a ticket takes to draw, and to become what goes over the line."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from paper.printers import DEFAULT_PROFILE, compose, profiles
from paper.ticket import draw_ticket
from tools.papers import WORDS, slip

REPEATS = 30


def drawn_ms() -> float:
    return _median_ms(lambda: draw_ticket(slip("CHUNG_THUC", 27), WORDS["vi"], 576))


def spooled_ms() -> float:
    image, profile = draw_ticket(slip("CHUNG_THUC", 27), WORDS["vi"], 576), profiles()[DEFAULT_PROFILE]
    return _median_ms(lambda: compose(image, profile, asks=True))


def _median_ms(do: Callable[[], object]) -> float:
    took = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        do()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)
