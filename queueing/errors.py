"""Every refusal, each with a stable code.

A refusal changes nothing. Its text is in `static/text/<language>.json` under `error.<code>`, with `params` for the
placeholders. The four families say what is wrong, so that a route can choose the HTTP status by the family.
"""

from __future__ import annotations


class Refusal(Exception):
    """A command that is refused. Nothing was changed."""

    code: str

    def __init__(self, **params: object) -> None:
        super().__init__(self.code, params)
        self.params = params


class Malformed(Refusal):
    """The request cannot be read."""


class NotAllowed(Refusal):
    """The caller may not do this."""


class Unknown(Refusal):
    """What was named does not exist."""


class Conflict(Refusal):
    """The command does not fit the present state."""


class UnknownService(Unknown):
    """No service has this code."""

    code = "unknown_service"


class UnknownCounter(Unknown):
    """No counter has this number."""

    code = "unknown_counter"


class UnknownRoom(Unknown):
    """No room has this code."""

    code = "unknown_room"


class UnknownTicket(Unknown):
    """No ticket has this id or ref."""

    code = "unknown_ticket"


class UnknownClass(Malformed):
    """No priority class has this name."""

    code = "unknown_priority_class"


class UnknownOutcome(Malformed):
    """No outcome of a service has this name."""

    code = "unknown_outcome"


class UnknownReason(Malformed):
    """No reason of this kind has this name."""

    code = "unknown_reason"


class UnknownRating(Malformed):
    """A visit cannot be rated like this."""

    code = "unknown_rating"


class WordsTooLong(Malformed):
    """There are more than `most` letters."""

    code = "words_too_long"


class WordsWithNumbers(Malformed):
    """The words hold what looks like a telephone or identity number."""

    code = "words_with_numbers"


class UnknownLanguage(Malformed):
    """The hall has no texts in this language."""

    code = "unknown_language"


class NoDossierCode(Malformed):
    """This is not the code of a dossier."""

    code = "no_dossier_code"


class ClassNotAllowed(NotAllowed):
    """Only a greeter or a clerk may grant this class."""

    code = "class_not_allowed"


class ServiceClosed(Conflict):
    """The service is retired or not offered now."""

    code = "service_closed"


class NotIssuingYet(Conflict):
    """Tickets of the service are not issued at this hour; `opens` is when they are."""

    code = "not_issuing_yet"


class NotIssuing(Conflict):
    """Tickets of the service are not issued, and the calendar has no day on which they will be."""

    code = "not_issuing"


class QuotaReached(Conflict):
    """All tickets of this shift or day are issued; `opens` is when there are more."""

    code = "quota_reached"


class NumberTaken(Conflict):
    """The log has a ticket of today with this number."""

    code = "number_taken"


class NumberNotLost(Conflict):
    """No ticket of today can have had this number before the log was restored."""

    code = "number_not_lost"


class UnknownAppointment(Unknown):
    """No appointment of this day has this code."""

    code = "unknown_appointment"


class AppointmentTooEarly(Conflict):
    """It is too early to check in; `opens` is from when."""

    code = "appointment_too_early"


class AppointmentDone(Conflict):
    """The appointment was checked in, cancelled or is over."""

    code = "appointment_done"


class NoSuchSlot(Conflict):
    """The service gives no appointments at that time."""

    code = "no_such_slot"


class SlotFull(Conflict):
    """All appointments of this slot are booked."""

    code = "slot_full"


class NobodyWaiting(Conflict):
    """Nobody waits whom this counter may call."""

    code = "nobody_waiting"


class CounterBusy(Conflict):
    """Somebody is already called to, or served at, this counter."""

    code = "counter_busy"


class CounterClosed(Conflict):
    """The counter is closed."""

    code = "counter_closed"


class CounterPaused(Conflict):
    """The counter is paused."""

    code = "counter_paused"


class CounterNotPaused(Conflict):
    """The counter is not paused."""

    code = "counter_not_paused"


class CounterEmpty(Conflict):
    """Nobody is called to, or served at, this counter."""

    code = "counter_empty"


class CounterTaken(Conflict):
    """Another clerk has a citizen at this counter."""

    code = "counter_taken"


class NotYourCounter(NotAllowed):
    """Another clerk works at this counter."""

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
    """The ticket waits for a service that this counter does not offer, or for another counter only."""

    code = "not_served_here"


class ReturnTooLate(Conflict):
    """The time in which a no-show may come back is over: a new ticket is needed."""

    code = "return_too_late"


class ReturnedBefore(Conflict):
    """A no-show may come back once; after a second one a new ticket is needed."""

    code = "returned_before"


class TakenBackBefore(Conflict):
    """The holder may take a cancel back once; after that only staff can."""

    code = "taken_back_before"


class TakeBackTooLate(Conflict):
    """The holder may take a cancel back for `minutes`, and only their own; after that only staff can."""

    code = "take_back_too_late"


class OpenedElsewhere(Conflict):
    """The link of the ticket was first opened on another phone, so its cancel must be confirmed."""

    code = "opened_elsewhere"


class UnknownDelay(Malformed):
    """Nobody can be called later by so much: 5, 15 or 30 minutes, or behind up to `people` people."""

    code = "unknown_delay"


class DeferredBefore(Conflict):
    """A ticket may be called later at its holder's wish only so many `times`."""

    code = "deferred_before"


class NotDeferrable(Conflict):
    """The ticket is called next at its counter: to be called later its holder must ask there."""

    code = "not_deferrable"


class NobodyBehind(Conflict):
    """Nobody waits behind this ticket whom its holder could let pass."""

    code = "nobody_behind"


class TooManyPeople(Conflict):
    """More people than one ticket may have."""

    code = "too_many_people"


class RatingsOff(Conflict):
    """The hall asks nobody to rate their visit."""

    code = "ratings_off"


class NotServedYet(Conflict):
    """Only a visit whose service has ended can be rated."""

    code = "not_served_yet"


class RatedBefore(Conflict):
    """The visit was rated already."""

    code = "rated_before"


class RatingTooLate(Conflict):
    """The day of the visit is over, or another visit has ended at the counter since."""

    code = "rating_too_late"


class DayOver(Conflict):
    """The ticket belongs to an earlier day: its service can only be finished."""

    code = "day_over"


class SameService(Conflict):
    """The ticket would be transferred to where it is."""

    code = "same_service"


class DossierCodesOff(Conflict):
    """The hall keeps no codes of dossiers."""

    code = "dossier_codes_off"


class TooManyDossiers(Conflict):
    """More dossiers than one ticket may have."""

    code = "too_many_dossiers"


class BadSeal(Malformed):
    """The text is not the seal of a day."""

    code = "bad_seal"


class NoSuchDay(Unknown):
    """The hall was not open that day."""

    code = "no_such_day"


class NothingToUndo(Conflict):
    """The counter's last action cannot be undone, or not any more."""

    code = "nothing_to_undo"


class AlreadyPrinting(Conflict):
    """This ticket is on its way to a printer."""

    code = "already_printing"


class HelpGiven(Conflict):
    """Nobody waits for help there any more: somebody else was quicker, or the day has changed."""

    code = "help_given"


class KeyReused(Malformed):
    """The Idempotency-Key was used before, with other content."""

    code = "key_reused"


class ClockNotHeld(Conflict):
    """There is no leap of the clock to confirm."""

    code = "clock_not_held"


class NoLeapToTakeBack(Conflict):
    """The hall's time is not ahead because of a leap that a supervisor has confirmed."""

    code = "no_leap_to_take_back"


class PeopleStillHere(Conflict):
    """So many people still wait or are being served; their waits would be wrong, and so would the order."""

    code = "people_still_here"


class DayIsOver(Conflict):
    """The day to which the hall's time would go back was closed."""

    code = "day_is_over"


class BadRange(Malformed):
    """The days asked for are no dates, or the last is before the first."""

    code = "bad_range"


class UnknownGrouping(Malformed):
    """Statistics cannot be grouped by this."""

    code = "unknown_grouping"


class ClerkFiguresOff(Conflict):
    """The hall does not show figures by clerk."""

    code = "clerk_figures_off"


class SettingRefused(Malformed):
    """A setting that is not allowed. `field` is its path in an exported file; the code is the reason.

    One class serves all reasons, because each is one line of the checks. A code outside SETTING_CODES is an error in
    the program.
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
        "setting_code_twice",
        "setting_colour",
        "setting_colour_faint",
        "setting_file_kind",
        "setting_files_large",
        "setting_no_file",
        "setting_link",
        "setting_procedure_code",
        "setting_sheet",
        "setting_sheet_headings",
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
        "setting_room_counter",
        "setting_room_empty",
        "setting_seasons_meet",
        "setting_shifts_meet",
        "setting_time",
        "setting_time_order",
        "setting_times",
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


class UnknownNotice(Malformed):
    """No message that can be picked has this name."""

    code = "unknown_notice"


class NoticeTooLate(Conflict):
    """The time at which the message should end, or that it names, has passed."""

    code = "notice_too_late"


class VoiceRefused(Malformed):
    """A recording or a file of recordings that cannot be used; the code is the reason."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        super().__init__(**params)


class MediaRefused(Malformed):
    """A picture or film that cannot be used; the code is the reason."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        super().__init__(**params)


class UnknownMedia(Unknown):
    """There is no picture or film with this id."""

    code = "unknown_media"


class MediaUsed(Conflict):
    """The notice board shows this file, or it is the logo."""

    code = "media_used"


class NoticeGone(Conflict):
    """This message does not stand any more."""

    code = "notice_gone"


class UnknownWish(Malformed):
    """Nothing like this can be asked of a counter, or answered."""

    code = "unknown_wish"


class WishDone(Conflict):
    """What is asked of the counter is so already, or was answered or replaced meanwhile."""

    code = "wish_done"


class UnknownPrinter(Unknown):
    """No printer has this name."""

    code = "unknown_printer"


class PrintersFixed(Conflict):
    """The printers were given on the command line, so the hall cannot change them."""

    code = "printers_fixed"


class CounterNotClosed(Conflict):
    """A counter must be closed before it is removed."""

    code = "counter_not_closed"


class ServiceUsed(Conflict):
    """Tickets of the service were issued: it can be retired, not removed."""

    code = "service_used"


class NothingToRehearse(Conflict):
    """No day has been closed yet on which somebody was called."""

    code = "nothing_to_rehearse"


class NothingToTry(Conflict):
    """The day has nothing that such a plan could change: no lunch, or every counter serves what people waited for."""

    code = "nothing_to_try"


class NotLastChange(Conflict):
    """Only the last change of the settings can be undone."""

    code = "not_last_change"
