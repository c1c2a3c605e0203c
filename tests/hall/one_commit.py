"""Make commands share one commit, in an order that the test chooses."""

from hall.group_commit import PendingCommand
from queueing.errors import Refusal


def in_one_commit(hall, *uses):
    """Run use cases, given as (by whom, use case), in one transaction; return the result or the refusal of each."""
    pending = [PendingCommand(use_case, by) for by, use_case in uses]
    hall._execute_batch(pending)
    return [_end(command) for command in pending]


def _end(command):
    try:
        return command.outcome()
    except Refusal as refusal:
        return refusal.code, str(refusal.params)
