"""Every refusal, each with a stable code.

A refusal changes nothing. Its words live in `static/text/<language>.json` under `error.<code>`;
`params` fills the braces of that sentence. The four families say whose mistake it is, so that a
door can choose the fitting status without a list of its own.
"""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):
    """Something the hall will not do. Nothing was changed."""

    code: ClassVar[str]

    def __init__(self, **params: object) -> None:
        super().__init__(self.code, params)
        self.params = params


class Malformed(Refusal):
    """The request cannot be read."""


class NotAllowed(Refusal):
    """The asker may not do this."""


class Unknown(Refusal):
    """What was named does not exist."""


class Conflict(Refusal):
    """It cannot be done in the present state."""


class UnknownService(Unknown):
    code = "unknown_service"


class UnknownCounter(Unknown):
    code = "unknown_counter"


class UnknownTicket(Unknown):
    code = "unknown_ticket"


class UnknownClass(Malformed):
    code = "unknown_priority_class"


class UnknownOutcome(Malformed):
    code = "unknown_outcome"


class UnknownReason(Malformed):
    code = "unknown_reason"


class UnknownLanguage(Malformed):
    code = "unknown_language"


class ClassNotAllowed(NotAllowed):
    """Only a greeter or a clerk may grant this class."""

    code = "class_not_allowed"


class ServiceClosed(Conflict):
    code = "service_closed"


class NobodyWaiting(Conflict):
    code = "nobody_waiting"


class CounterBusy(Conflict):
    """Somebody is already called to, or served at, this counter."""

    code = "counter_busy"


class CounterClosed(Conflict):
    code = "counter_closed"


class CounterPaused(Conflict):
    code = "counter_paused"


class CounterNotPaused(Conflict):
    code = "counter_not_paused"


class CounterEmpty(Conflict):
    """Nobody is called to, or served at, this counter."""

    code = "counter_empty"


class CounterTaken(Conflict):
    """Another clerk has a citizen at this counter."""

    code = "counter_taken"


class NotYourCounter(NotAllowed):
    code = "not_your_counter"


class AtAnotherCounter(Conflict):
    """The clerk still has a citizen at another counter."""

    code = "at_another_counter"


class StepNotAllowed(Conflict):
    """The ticket's state has no such step; see `ticket.STEPS`."""

    code = "step_not_allowed"


class AlreadyPrinting(Conflict):
    """This ticket is on its way to a printer."""

    code = "already_printing"


class KeyReused(Malformed):
    """The request key was used before, with another content."""

    code = "key_reused"


class ClockNotHeld(Conflict):
    """There is no leap of the clock that waits for a confirmation."""

    code = "clock_not_held"


class BadRange(Malformed):
    """The days asked for are no days, or end before they begin."""

    code = "bad_range"


class UnknownGrouping(Malformed):
    code = "unknown_grouping"
