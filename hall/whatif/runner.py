"""Runs a what-if in another process, and reports its progress."""

from __future__ import annotations

from typing import Literal

import msgspec

from hall.catalogue.lengths import Code
from hall.hall import Hall
from hall.ports import RequestIdentity
from hall.progress import Progress, ProgressRunner, StartCommand, State
from hall.review import parse_range
from hall.whatif.days import find_day, logged_days
from hall.whatif.plan import Plan, checked_plan
from hall.whatif.simulate import WhatIf
from hall.whatif.week import StaffingTable
from queueing.events import instant

DAYS_SHOWN = 400

Tap = Literal["peak", "lunch", "learn"]


class WhatIfQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A day ("2026-01-05"; null: the rest of today) under a plan, or under the best one of a kind (`tap`)."""

    day: Code | None
    plan: Plan = Plan()
    tap: Tap | None = None


class WhatIfDays(msgspec.Struct):
    """The closed days that can be played, the newest first, and whether one goes on."""

    days: list[str]
    open: bool


class WhatIfView(msgspec.Struct):
    """The last what-if. `done` of `of` simulations are played; `result` is there when `state` is done."""

    state: State
    question: WhatIfQuestion | None = None
    done: int = 0
    of: int = 0
    result: WhatIf | None = None


class WhatIfRunner:
    """Runs one what-if at a time; a new one takes the place of the one before."""

    def __init__(self, hall: Hall, start: StartCommand) -> None:
        self._hall = hall
        self._runner: ProgressRunner[WhatIfQuestion, WhatIf] = ProgressRunner(start, WhatIf)

    def start(self, request: RequestIdentity, question: WhatIfQuestion) -> WhatIfView:
        """Begin a what-if, stopping the one before, and return its progress.

        Raises:
            BadRange: the day is none.
            NothingToRehearse: there is no such day, or nobody was called on it.
            SettingRefused: the plan cannot be played.
            KeyReused: the key was used for another question.
        """
        self.check(question.day)
        with self._hall.reading():
            checked_plan(question.plan, self._hall.catalogue)
        words = ["what-if", *self.which(question.day)]
        if question.tap is not None:
            words += ["--tap", question.tap]
        plan = msgspec.json.encode(question.plan).decode()
        return _view(self._runner.start(request, question, *words, "--plan", plan))

    def check(self, day: str | None) -> None:
        """Check that there is such a day: a closed one, or the one that goes on.

        Raises:
            BadRange: the day is none.
            NothingToRehearse: there is no such day.
        """
        wanted = None if day is None else parse_range(day, day)[0]
        with self._hall.reading():
            find_day(self._hall.store, wanted)

    def which(self, day: str | None) -> tuple[str, str]:
        """Return the words of a command that name a day, or the rest of today by the hall's clock."""
        return ("--at", instant(self._hall.now())) if day is None else ("--day", day)

    def days(self) -> WhatIfDays:
        """Return the days that can be played."""
        with self._hall.reading():
            days = logged_days(self._hall.store)
        closed = [day.day.isoformat() for day in reversed(days) if day.closed and day.calls]
        return WhatIfDays(closed[:DAYS_SHOWN], open=any(not day.closed for day in days))

    def progress(self) -> WhatIfView:
        """Return how far the last what-if is, with its result once it is done."""
        return _view(self._runner.progress())

    def stop(self) -> WhatIfView:
        """End the what-if, if one runs."""
        return _view(self._runner.stop())


class StaffingTableView(msgspec.Struct):
    """The last staffing table. `done` of `of` days are reckoned; `result` is there when `state` is done."""

    state: State
    done: int = 0
    of: int = 0
    result: StaffingTable | None = None


class StaffingTableRunner:
    """Reckons one staffing table at a time."""

    def __init__(self, start: StartCommand) -> None:
        self._runner: ProgressRunner[None, StaffingTable] = ProgressRunner(start, StaffingTable)

    def start(self, request: RequestIdentity) -> StaffingTableView:
        """Begin to reckon, from the beginning, and return the progress."""
        return _table_view(self._runner.start(request, None, "staffing-table"))

    def progress(self) -> StaffingTableView:
        """Return how far the last one is, with its result once it is done."""
        return _table_view(self._runner.progress())

    def stop(self) -> StaffingTableView:
        """Stop reckoning, if it goes on."""
        return _table_view(self._runner.stop())


def _table_view(last: Progress[None, StaffingTable]) -> StaffingTableView:
    return StaffingTableView(last.state, last.done, last.of, last.result)


def _view(last: Progress[WhatIfQuestion, WhatIf]) -> WhatIfView:
    return WhatIfView(last.state, last.asked, last.done, last.of, last.result)
