"""What the doors refuse, besides what the rules refuse. Words: `error.<code>` in `static/text`."""

from __future__ import annotations

from typing import ClassVar

from queueing.errors import (
    Conflict,
    KeyReused,
    Malformed,
    NotAllowed,
    Refusal,
    Unknown,
    UnknownClass,
    UnknownGrouping,
    UnknownLanguage,
    UnknownOutcome,
    UnknownReason,
)


class DoorRefusal(Refusal):
    """A refusal with a status of its own."""

    status: ClassVar[int]


class NotSignedIn(DoorRefusal):
    code = "sign_in"
    status = 401


class WrongPassword(DoorRefusal):
    """Name and password do not fit, or the person may not sign in. Which of them is not told."""

    code = "wrong_password"
    status = 401


class Forbidden(NotAllowed):
    code = "forbidden"


class ForeignOrigin(NotAllowed):
    """The request comes from a page of another site."""

    code = "foreign_origin"


class MissingKey(Malformed):
    code = "missing_key"


class BadKey(Malformed):
    code = "bad_key"


class BadJson(Malformed):
    code = "bad_json"


class BadText(Malformed):
    """A text holds what is no Unicode text: a NUL, half a surrogate pair, broken UTF-8."""

    code = "bad_text"


class BadField(DoorRefusal):
    """A field is missing, unknown, or not of its type; `field` names it."""

    code = "bad_field"
    status = 422


class TooLarge(DoorRefusal):
    code = "too_large"
    status = 413


class TooMany(DoorRefusal):
    """Too many requests; `seconds` until the next may come."""

    code = "too_many"
    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds=seconds)
        self.seconds = seconds


class BadRequest(DoorRefusal):
    """No HTTP that could be understood."""

    code = "bad_request"
    status = 400


class NoSuchPage(DoorRefusal):
    code = "not_found"
    status = 404


class WrongMethod(DoorRefusal):
    code = "wrong_method"
    status = 405


class CommonPassword(DoorRefusal):
    """The new password is one that guessing tries first."""

    code = "common_password"
    status = 422


class WrongPresentPassword(NotAllowed):
    """Who changes their own password did not type the present one."""

    code = "wrong_present_password"


class OwnPassword(Conflict):
    """One's own password is changed with the present one, at a door of its own."""

    code = "own_password"


class NameTaken(Conflict):
    code = "name_taken"


class LastSupervisor(Conflict):
    """Without an active supervisor nobody could let people in again."""

    code = "last_supervisor"


class SetupLinkUsed(NotAllowed):
    """The one-time link was used, replaced, or is too old."""

    code = "setup_link_used"


class UnknownUser(Unknown):
    code = "unknown_user"


class UnknownDevice(Unknown):
    code = "unknown_device"


class UnknownPairingCode(Unknown):
    code = "unknown_pairing_code"


# The request was read, but its content names what cannot be.
_UNPROCESSABLE = (KeyReused, UnknownClass, UnknownGrouping, UnknownOutcome, UnknownReason, UnknownLanguage)


def status_of(refusal: Refusal) -> int:
    """The HTTP status that fits."""
    match refusal:
        case DoorRefusal():
            return refusal.status
        case _ if isinstance(refusal, _UNPROCESSABLE):
            return 422
        case NotAllowed():
            return 403
        case Unknown():
            return 404
        case Conflict():
            return 409
        case _:
            return 400
