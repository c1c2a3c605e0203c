"""What the holder of a ticket may ask for: to take a cancel back, and to be called later.

A ticket that is to be called later counts as having arrived later, never earlier, so nobody else waits longer for it:
each of the others has as many before them as without the wish, or fewer.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from queueing.dispatch import Place, WaitingQueue
from queueing.ticket import whole_seconds

TAKE_BACK_WITHIN = timedelta(minutes=2)

DEFER_MINUTES = (5, 15, 30)
DEFER_PEOPLE = 10  # the most people to let pass
DEFER_TIMES = 2  # of one ticket


def behind(waiting: WaitingQueue, me: Place) -> list[Place]:
    """Return those of the same service who would be called after this ticket, in that order."""
    others = (place for place in waiting.places([me.service]) if place.jump_reason is None and place.key > me.key)
    return sorted(others, key=lambda place: place.key)


def delay_behind(waiting: WaitingQueue, me: Place, issued_at: datetime, people: int) -> timedelta | None:
    """Return how much later than its issue a ticket must count as having arrived to let so many people pass.

    In whole seconds, so that the ticket comes behind the last of them. Fewer are let pass if fewer are behind; None if
    nobody is.
    """
    passing = behind(waiting, me)[:people]
    if not passing:
        return None
    last = passing[-1]
    return timedelta(seconds=whole_seconds(last.arrived_at - last.head_start + me.head_start, issued_at) + 1)
