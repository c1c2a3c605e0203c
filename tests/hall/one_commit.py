"""Commands that come together and share one commit, in an order that the test chooses."""

from hall.presses import Press
from queueing.errors import Refusal


def in_one_commit(hall, *uses):
    """Perform use cases, given as (by whom, use case), in one transaction; what each came to, or why it was refused."""
    pending = [Press(do, by) for by, do in uses]
    hall._perform(pending)
    return [_end(each) for each in pending]


def _end(press):
    try:
        return press.outcome()
    except Refusal as refusal:
        return refusal.code, str(refusal.params)
