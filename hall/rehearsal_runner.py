"""Runs a rehearsal, the last days under another policy, in another process, and reports its progress."""

from __future__ import annotations

import msgspec

from hall.catalogue.model import Policy
from hall.hall import Hall
from hall.ports import RequestIdentity
from hall.progress import Progress, ProgressRunner, StartCommand, State
from hall.rehearsal import DAYS_MOST, Rehearsal, check_days
from hall.settings.change import planned
from queueing.errors import SettingRefused


class RehearsalView(msgspec.Struct):
    """The last rehearsal. `done` of `of` days are played; `result` is there when `state` is done."""

    state: State
    policy: Policy | None = None
    done: int = 0
    of: int = 0
    result: Rehearsal | None = None


class RehearsalRunner:
    """Runs one rehearsal at a time; a new one takes the place of the one before."""

    def __init__(self, hall: Hall, start: StartCommand) -> None:
        self._hall = hall
        self._runner: ProgressRunner[Policy, Rehearsal] = ProgressRunner(start, Rehearsal)

    def start(self, request: RequestIdentity, policy: Policy, days: int) -> RehearsalView:
        """Begin a rehearsal, stopping the one before, and return its progress.

        Raises:
            SettingRefused: the policy, or the number of days, is not as it must be.
            NothingToRehearse: no day has been closed yet.
            KeyReused: the key was used for another policy or number of days.
        """
        with self._hall.reading():
            planned(self._hall, msgspec.structs.replace(self._hall.catalogue.template, policy=policy))
            if not 1 <= days <= DAYS_MOST:
                raise SettingRefused("setting_range", "days", low=1, high=DAYS_MOST)
            check_days(self._hall.store)
        wanted = msgspec.json.encode(policy).decode()
        return _view(self._runner.start(request, policy, "rehearse", "--days", str(days), "--policy", wanted))

    def progress(self) -> RehearsalView:
        """Return how far the last rehearsal is, with its result once it is done."""
        return _view(self._runner.progress())

    def stop(self) -> RehearsalView:
        """End the rehearsal, if one runs."""
        return _view(self._runner.stop())


def _view(last: Progress[Policy, Rehearsal]) -> RehearsalView:
    return RehearsalView(last.state, last.asked, last.done, last.of, last.result)
