"""What a printer can and cannot tell: asked of the printer itself, said in plain words."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from paper.printers import Line, Printer, Trouble
from paper.ticket import Words, draw_test

PATIENCE_S = 20.0
# A page takes a printer about a second; who says "done" sooner has only taken it in.
SOONEST_S = 0.4


@dataclass(frozen=True, slots=True)
class Finding:
    """Something learnt of a printer. Its words are `paper.doctor_<code>` in `static/text`."""

    code: str
    params: dict[str, str] = field(default_factory=dict)
    trouble: bool = False  # it cannot print; `code` is the cause


def sentence(finding: Finding, words: Words) -> str:
    told = words[f"doctor_{finding.code}"]
    for name, value in finding.params.items():
        told = told.replace(f"{{{name}}}", value)
    return told


def examine(printer: Printer, words: Words, at: datetime) -> Iterator[Finding]:
    """Print a test page and tell what was learnt, one thing at a time."""
    profile = printer.profile
    yield Finding("profile", {"profile": profile.name, "label": profile.label})
    try:
        line = printer.open()
    except Trouble as trouble:
        yield Finding(trouble.cause, trouble=True)
        return
    try:
        yield from _print(line, printer, words, at)
    finally:
        line.close()


def _print(line: Line, printer: Printer, words: Words, at: datetime) -> Iterator[Finding]:
    yield Finding("connected")
    if not printer.may_answer:
        yield Finding("not_asked")
    else:
        yield Finding("tells_paper" if printer.answered else "silent_paper")
    page = draw_test(words, printer.profile.width, printer.profile.name, at)
    began = time.monotonic()
    try:
        line.put(page, PATIENCE_S)
    except Trouble as trouble:
        yield Finding(trouble.cause, trouble=True)
        return
    yield Finding("page")
    if not printer.may_answer:
        return
    done = line.done(PATIENCE_S)
    took = time.monotonic() - began
    if not done:
        yield Finding("silent_done")
        yield Finding("advice_mute")
    elif took < SOONEST_S:
        yield Finding("hasty_done")
    else:
        yield Finding("tells_done", {"s": f"{took:.1f}".replace(".", ",")})
