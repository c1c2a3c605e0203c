"""What a printer can and cannot tell: asked of the printer itself, said in plain words."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

from paper.printers import Line, Printer, Trouble
from paper.ticket import Words, draw_test

PATIENCE_S = 20.0
# A page takes a printer about a second; who says "done" sooner has only taken it in.
SOONEST_S = 0.4


def examine(printer: Printer, words: Words, at: datetime) -> Iterator[str]:
    """Print a test page and tell what was learnt, a sentence at a time."""
    profile = printer.profile
    yield words["doctor_profile"].replace("{profile}", profile.name).replace("{label}", profile.label)
    try:
        line = printer.open()
    except Trouble as trouble:
        yield words[f"doctor_{trouble.cause}"]
        return
    try:
        yield from _print(line, printer, words, at)
    finally:
        line.close()


def _print(line: Line, printer: Printer, words: Words, at: datetime) -> Iterator[str]:
    yield words["doctor_connected"]
    if not printer.may_answer:
        yield words["doctor_not_asked"]
    else:
        yield words["doctor_tells_paper" if printer.answered else "doctor_silent_paper"]
    page = draw_test(words, printer.profile.width, printer.profile.name, at)
    began = time.monotonic()
    try:
        line.put(page, PATIENCE_S)
    except Trouble as trouble:
        yield words[f"doctor_{trouble.cause}"]
        return
    yield words["doctor_page"]
    if not printer.may_answer:
        yield words["doctor_advice_mute"]
        return
    done = line.done(PATIENCE_S)
    took = time.monotonic() - began
    if not done:
        yield words["doctor_silent_done"]
        yield words["doctor_advice_mute"]
    elif took < SOONEST_S:
        yield words["doctor_hasty_done"]
    else:
        yield words["doctor_tells_done"].replace("{s}", f"{took:.1f}".replace(".", ","))
