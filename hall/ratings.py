"""The use case of a rating: the holder of a ticket says how the visit was, once, on its day, after its service."""

from __future__ import annotations

import unicodedata

from hall.hall import Act, Hall
from hall.settings.text import tidy
from queueing import events as ev
from queueing.catalogue import RATING_REASONS, RATINGS
from queueing.errors import (
    NotServedYet,
    RatedBefore,
    RatingsOff,
    RatingTooLate,
    UnknownRating,
    UnknownReason,
    WordsTooLong,
    WordsWithNumbers,
)
from queueing.ratings import WORDS_LONGEST, holds_number
from queueing.ticket import State, Ticket

OPEN, GIVEN = "open", "given"


def rate_ticket(
    act: Act, ref: int, rating: str, reason: str | None = None, words: str = "", *, at_counter: bool = False
) -> Ticket:
    """Note how the holder of a ticket rates the visit, perhaps with a reason, perhaps with words.

    The words are kept in a row only, for some days. With `at_counter` the rating comes from a screen at a counter,
    which knows no secret of the ticket: then it must be the one that was finished there last.

    Raises:
        UnknownTicket: there is no such ticket.
        UnknownRating, UnknownReason: not one of `catalogue.RATINGS`, or of `catalogue.RATING_REASONS`.
        WordsTooLong, WordsWithNumbers: such words are not kept.
        RatingsOff: the hall asks nobody.
        RatingTooLate: the day of the visit is over, or `at_counter` another visit has ended since.
        NotServedYet: the service has not ended.
        RatedBefore: the visit was rated.
    """
    ticket = act.ticket(ref)
    if rating not in RATINGS:
        raise UnknownRating()
    if reason is not None and reason not in RATING_REASONS:
        raise UnknownReason()
    kept = checked_words(words)
    if not act.catalogue.hall.ratings:
        raise RatingsOff()
    if ticket.day != act.floor.day:
        raise RatingTooLate(number=ticket.number)
    if ticket.state is not State.FINISHED:
        raise NotServedYet(number=ticket.number)
    if ticket.rating is not None:
        raise RatedBefore(number=ticket.number)
    if at_counter and act.floor.last_finished.get(ticket.leg.counter or 0) != ref:
        raise RatingTooLate(number=ticket.number)
    rated = ev.TicketRated(number=ticket.number, rating=rating, by=act.by)
    if reason is not None:
        rated["reason"] = reason
    act.append(ev.TICKET_RATED, rated, ref=ref, service=ticket.service)
    act.hall.store.save_rating_words(ref, kept)
    return act.floor.tickets[ref]


def checked_words(words: str) -> str:
    """Return the words as they may be kept: without line breaks and signs that cannot be seen.

    Raises:
        WordsTooLong, WordsWithNumbers: such words are not kept.
    """
    seen = tidy("".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in words))
    if len(seen) > WORDS_LONGEST:
        raise WordsTooLong(most=WORDS_LONGEST)
    if holds_number(words) or holds_number(seen):
        raise WordsWithNumbers()
    return seen


def rating_of(hall: Hall, ticket: Ticket) -> str | None:
    """Return whether the visit can be rated now (OPEN) or was rated today (GIVEN); None: neither."""
    if not hall.catalogue.hall.ratings or ticket.day != hall.floor.day or ticket.state is not State.FINISHED:
        return None
    return OPEN if ticket.rating is None else GIVEN
