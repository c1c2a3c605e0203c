"""Use cases of help: call a person to a kiosk or a greeter, and note that somebody came."""

from __future__ import annotations

from hall.hall import Act
from queueing import events as ev
from queueing.errors import HelpGiven
from queueing.floor import HelpCall


def ask_help(act: Act) -> HelpCall:
    """Ask for a person to come; a caller whose call is still open gets that one."""
    waiting = next((call for call in act.floor.helps.values() if call.by == act.by), None)
    if waiting is not None:
        return waiting
    event = act.append(ev.HELP_ASKED, ev.HelpRequest(by=act.by))
    return act.floor.helps[event.seq]


def give_help(act: Act, asked: int | None) -> None:
    """Note that somebody was helped: the caller of the event `asked`, or, with None, a citizen who had not asked.

    Raises:
        HelpGiven: that call is answered already.
    """
    if asked is not None and asked not in act.floor.helps:
        raise HelpGiven()
    act.append(ev.HELP_GIVEN, ev.HelpAnswer(asked=asked, by=act.by))
