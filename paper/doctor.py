"""Finds out what a printer can and cannot answer, by printing a test page on it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from paper.printers import Connection, Printer, Trouble
from paper.ticket import Words, draw_test

RESPONSE_TIMEOUT_S = 20.0  # for the page to be taken, and again for the answer that it is done
# A page takes a printer about a second; one that answers "done" sooner has only taken the bytes in.
SHORTEST_PRINT_S = 0.4
# A ticket with a code on paper of 80 mm. Above the limit people see the next one wait for it.
TICKET_BYTES, SLOW_TICKET_S = 45_000, 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """Something learnt of a printer. Its words are `paper.doctor_<code>` in `static/text`."""

    code: str
    params: dict[str, str] = field(default_factory=dict)
    trouble: bool = False  # it cannot print; `code` is the cause


def sentence(finding: Finding, words: Words) -> str:
    """Return a finding in words; `words` are those of the section "paper" of a language."""
    text = words[f"doctor_{finding.code}"]
    for name, value in finding.params.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def examine(printer: Printer, words: Words, at: datetime) -> Iterator[Finding]:
    """Print a test page; yield what is learnt of the printer, as it is learnt. `at` is printed on the page."""
    profile = printer.profile
    yield Finding("profile", {"profile": profile.name, "label": profile.label})
    try:
        connection = printer.open()
    except Trouble as trouble:
        yield Finding(trouble.cause, trouble=True)
        return
    try:
        yield from _print(connection, printer, words, at)
    finally:
        connection.close()


def _print(connection: Connection, printer: Printer, words: Words, at: datetime) -> Iterator[Finding]:
    yield Finding("connected")
    if not printer.may_answer:
        yield Finding("not_asked")
    else:
        yield Finding("tells_paper" if printer.answered else "silent_paper")
    page = draw_test(words, printer.profile.width, printer.profile.name, at)
    began = time.monotonic()
    try:
        sent = connection.put(page, RESPONSE_TIMEOUT_S)
    except Trouble as trouble:
        yield Finding(trouble.cause, trouble=True)
        return
    yield Finding("page")
    yield from _speed(printer, sent, connection.taken_at - began)
    if not printer.may_answer:
        return
    done = connection.done(RESPONSE_TIMEOUT_S)
    took = time.monotonic() - began
    if connection.hung_up and not printer.confirms:
        yield Finding("hangs_up")
    elif not done:
        yield Finding("silent_done")
        yield Finding("advice_mute")
    elif took < SHORTEST_PRINT_S:
        yield Finding("hasty_done")
    else:
        yield Finding("tells_done", {"s": f"{took:.1f}".replace(".", ",")})


def _speed(printer: Printer, sent: int, took_s: float) -> Iterator[Finding]:
    """Yield how long a ticket takes on this line, if that is too long."""
    ticket_s = TICKET_BYTES * took_s / sent
    if ticket_s > SLOW_TICKET_S:
        slow = "slow_serial" if printer.scheme == "serial" else "slow_line"
        yield Finding(slow, {"s": str(round(ticket_s))})
