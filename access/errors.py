"""What the routes refuse, besides what the rules refuse. Words: `error.<code>` in `static/text`."""

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
    UnknownDelay,
    UnknownGrouping,
    UnknownLanguage,
    UnknownOutcome,
    UnknownRating,
    UnknownReason,
    WordsTooLong,
    WordsWithNumbers,
)


class AccessRefusal(Refusal):
    """A refusal with a status of its own."""

    status: ClassVar[int]


class NotSignedIn(AccessRefusal):
    """Nobody is signed in, and the route needs a role."""

    code = "sign_in"
    status = 401


class WrongPassword(AccessRefusal):
    """Name and password do not fit, or the person may not sign in; the answer does not say which."""

    code = "wrong_password"
    status = 401


class Forbidden(NotAllowed):
    """The role of the caller may not do this."""

    code = "forbidden"


class ForeignOrigin(NotAllowed):
    """The request comes from a page of another site."""

    code = "foreign_origin"


class MissingKey(Malformed):
    """A command came without an Idempotency-Key."""

    code = "missing_key"


class BadKey(Malformed):
    """The Idempotency-Key is not 8 to 64 characters of letters, digits and _.:-."""

    code = "bad_key"


class BadJson(Malformed):
    """The body is no JSON object, or does not say that it is JSON."""

    code = "bad_json"


class BadText(Malformed):
    """A text holds what is no Unicode text: a NUL, half a surrogate pair, broken UTF-8."""

    code = "bad_text"


class BadField(AccessRefusal):
    """A field is missing, unknown, or not of its type; `field` names it."""

    code = "bad_field"
    status = 422


class TooLarge(AccessRefusal):
    """The body is larger than the route allows."""

    code = "too_large"
    status = 413


class TooSlow(AccessRefusal):
    """The body of the request did not come in time."""

    code = "too_slow"
    status = 408


class TooMany(AccessRefusal):
    """Too many requests; `seconds` until the next may come."""

    code = "too_many"
    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds=seconds)
        self.seconds = seconds


class BadRequest(AccessRefusal):
    """No HTTP that could be understood."""

    code = "bad_request"
    status = 400


class NoSuchPage(AccessRefusal):
    """There is nothing at this address."""

    code = "not_found"
    status = 404


class WrongMethod(AccessRefusal):
    """The address exists, but not for this method."""

    code = "wrong_method"
    status = 405


class CommonPassword(AccessRefusal):
    """The new password is one that guessing tries first."""

    code = "common_password"
    status = 422


class WrongPresentPassword(NotAllowed):
    """The present password was typed wrong when changing it."""

    code = "wrong_present_password"


class OwnPassword(Conflict):
    """One's own password is changed with the present one, at a route of its own."""

    code = "own_password"


class NameTaken(Conflict):
    """Another person has this name, perhaps in other letters."""

    code = "name_taken"


class LastSupervisor(Conflict):
    """Without an active supervisor nobody could let people in again."""

    code = "last_supervisor"


class SetupLinkUsed(NotAllowed):
    """The one-time link was used, replaced, or is too old."""

    code = "setup_link_used"


class UnknownUser(Unknown):
    """There is no person with this id or name."""

    code = "unknown_user"


class UnknownDevice(Unknown):
    """There is no device with this id."""

    code = "unknown_device"


class UnknownToken(Unknown):
    """There is no token with this id."""

    code = "unknown_token"


class UnknownPairingCode(Unknown):
    """No device shows this pairing code now."""

    code = "unknown_pairing_code"


# The request was read, but its content names what cannot be.
_UNPROCESSABLE = (
    *(KeyReused, UnknownClass, UnknownDelay, UnknownGrouping, UnknownOutcome, UnknownReason, UnknownLanguage),
    *(UnknownRating, WordsTooLong, WordsWithNumbers),
)


def status_of(refusal: Refusal) -> int:
    """Return the HTTP status of a refusal."""
    match refusal:
        case AccessRefusal():
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
