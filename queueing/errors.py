"""Every refusal, each with a stable code.

A refusal changes nothing. Its words live in `static/text/<language>.json` under `error.<code>`;
`params` fills the braces of that sentence. The four families say whose mistake it is, so that a
door can choose the fitting status without a list of its own.
"""

from __future__ import annotations


class Refusal(Exception):
    """Something the hall will not do. Nothing was changed."""

    code: str

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


class NotIssuingYet(Conflict):
    """Outside the hours in which numbers of the service are given; `opens` says from when."""

    code = "not_issuing_yet"


class NotIssuing(Conflict):
    """No number of the service is given, and the calendar knows no day on which one will be."""

    code = "not_issuing"


class QuotaReached(Conflict):
    """All numbers of this shift or day are given out; `opens` says when there are more."""

    code = "quota_reached"


class NumberTaken(Conflict):
    """The log knows a ticket of today with this number."""

    code = "number_taken"


class NumberNotLost(Conflict):
    """No ticket of today can have had this number before the log was restored."""

    code = "number_not_lost"


class UnknownAppointment(Unknown):
    """No appointment of this day has this code."""

    code = "unknown_appointment"


class AppointmentTooEarly(Conflict):
    """It is not yet time to check in; `opens` says from when."""

    code = "appointment_too_early"


class AppointmentDone(Conflict):
    """It was checked in, cancelled or missed already."""

    code = "appointment_done"


class NoSuchSlot(Conflict):
    """The service gives no appointments at that time."""

    code = "no_such_slot"


class SlotFull(Conflict):
    code = "slot_full"


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


class CallForbidden(NotAllowed):
    """The policy forbids calling a number of one's own choice."""

    code = "call_forbidden"


class NotServedHere(Conflict):
    """The ticket waits for what this counter does not serve, or for another counter alone."""

    code = "not_served_here"


class ReturnTooLate(Conflict):
    """The window in which a missed call may be made good is over: a new ticket is needed."""

    code = "return_too_late"


class ReturnedBefore(Conflict):
    """There is one second chance; a second missed call needs a new ticket."""

    code = "returned_before"


class DayOver(Conflict):
    """The ticket belongs to an earlier day: its service can only be finished."""

    code = "day_over"


class SameService(Conflict):
    """It would be sent where it is."""

    code = "same_service"


class TooManyDossiers(Conflict):
    code = "too_many_dossiers"


class BadSeal(Malformed):
    """This line is no seal of a day."""

    code = "bad_seal"


class NoSuchDay(Unknown):
    """The hall was not open that day."""

    code = "no_such_day"


class NothingToUndo(Conflict):
    """The counter's last action cannot be taken back, or not any more."""

    code = "nothing_to_undo"


class AlreadyPrinting(Conflict):
    """This ticket is on its way to a printer."""

    code = "already_printing"


class HelpGiven(Conflict):
    """Nobody waits for help there any more: somebody else was quicker, or the day has turned."""

    code = "help_given"


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


class ClerkFiguresOff(Conflict):
    """The hall does not show figures by clerk."""

    code = "clerk_figures_off"


class SettingRefused(Malformed):
    """A setting that cannot be. `field` names it as in an exported file; the code tells the reason.

    One class for all reasons, because each is a line of `hall/configuration.py`; their codes are
    `SETTING_CODES`, and an unknown one is a mistake in the code.
    """

    def __init__(self, code: str, field: str, **params: object) -> None:
        if code not in SETTING_CODES:
            raise ValueError(code)
        self.code = code
        super().__init__(field=field, **params)


SETTING_CODES = frozenset(
    {
        "setting_groups",
        "setting_advice",
        "setting_bad_text",
        "setting_choice",
        "setting_classes",
        "setting_code",
        "setting_code_taken",
        "setting_day",
        "setting_day_order",
        "setting_device",
        "setting_empty",
        "setting_host",
        "setting_host_outside",
        "setting_issue_order",
        "setting_kind",
        "setting_languages",
        "setting_letter",
        "setting_letter_taken",
        "setting_letter_today",
        "setting_letter_unclear",
        "setting_minutes",
        "setting_name_taken",
        "setting_no_counter",
        "setting_no_service",
        "setting_nothing_served",
        "setting_number_taken",
        "setting_order",
        "setting_ordinary",
        "setting_people_wait",
        "setting_phone",
        "setting_printer_twice",
        "setting_queue",
        "setting_quiet",
        "setting_range",
        "setting_seasons_meet",
        "setting_shifts_meet",
        "setting_time",
        "setting_time_order",
        "setting_timezone",
        "setting_too_long",
        "setting_too_many",
        "setting_unknown_service",
        "setting_urgent",
        "setting_usb",
        "setting_version",
        "setting_weekdays",
    }
)


class UnknownPrinter(Unknown):
    code = "unknown_printer"


class PrintersFixed(Conflict):
    """Where tickets are printed was told when the server was started, and is not the hall's to change."""

    code = "printers_fixed"


class CounterNotClosed(Conflict):
    """A counter must be closed before it is taken away."""

    code = "counter_not_closed"


class ServiceUsed(Conflict):
    """People have taken its numbers: it can be retired, and never be taken away."""

    code = "service_used"


class NothingToRehearse(Conflict):
    """No day has been closed yet on which somebody was called."""

    code = "nothing_to_rehearse"


class NotLastChange(Conflict):
    """Only the last change of the settings can be undone."""

    code = "not_last_change"
