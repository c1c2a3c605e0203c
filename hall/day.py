"""The use case by which a supervisor confirms a leap of the machine's clock."""

from __future__ import annotations

from datetime import timedelta

from hall.hall import Act
from queueing import events as ev
from queueing.errors import ClockNotHeld
from queueing.events import Event


def follow_clock(act: Act) -> Event[ev.ClockJumped]:
    """Follow the machine's clock after a leap forward: a supervisor confirms that it is right.

    Raises:
        ClockNotHeld: no leap forward waits for a confirmation.
    """
    clock = act.hall.clock
    try:
        act.at, gone = clock.leapt_to()
    except ValueError as error:
        raise ClockNotHeld() from error
    act.after_commit.append(clock.follow)  # only then: if the event cannot be saved, the clock must not leap
    jumped = ev.ClockJumped(jump_s=gone // timedelta(seconds=1), followed=True, by=act.by)
    return act.append(ev.CLOCK_JUMPED, jumped)
