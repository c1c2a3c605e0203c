"""What another plan changes of a day: who is staffed when, who serves what, the order of calling, how many come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from itertools import pairwise

import msgspec

from hall.catalogue.lengths import ByCode, Code, Many
from hall.catalogue.model import Catalogue, Policy
from hall.settings.text import refuse

COUNTERS_MOST = 60
SPANS_MOST = 6  # of one counter
ARRIVALS = (-80, 300)  # per cent
CAPS = (0, 99)
HEAD_STARTS_S = (0, 24 * 3600)


class WorkSpan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From when to when a counter calls, local time, "07:30" to "11:30"."""

    opens: Code
    closes: Code

    @property
    def times(self) -> tuple[time, time]:
        """Return both as times.

        Raises:
            ValueError: one of them is no time of day.
        """
        return time.fromisoformat(self.opens), time.fromisoformat(self.closes)


class CounterPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the plan says of one counter; what is null stays as it was that day. A new counter needs both."""

    counter: int
    hours: Many[WorkSpan] | None = None
    services: Many[Code] | None = None


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another plan for a day. What is null or left out stays as it was; `arrivals` is how many more come, per cent."""

    counters: Many[CounterPlan] = ()
    head_starts_s: ByCode[int] | None = None
    cap: int | None = None
    arrivals: int = 0

    @property
    def changes(self) -> bool:
        """Return whether it changes anything."""
        return self != UNCHANGED

    def policy(self, of_the_day: Policy) -> Policy:
        """Return the order of calling under this plan."""
        head_starts = of_the_day.head_starts_s if self.head_starts_s is None else self.head_starts_s
        cap = of_the_day.cap if self.cap is None else self.cap
        return msgspec.structs.replace(of_the_day, head_starts_s=head_starts, cap=cap)


UNCHANGED = Plan()


def checked_plan(plan: Plan, catalogue: Catalogue) -> Plan:
    """Return the plan if it can be played. A counter that the hall has not needs both hours and services.

    Raises:
        SettingRefused: it names a counter or service that does not exist, or a time or number that cannot be.
    """
    _check_range("arrivals", plan.arrivals, ARRIVALS)
    if plan.cap is not None:
        _check_range("cap", plan.cap, CAPS)
    if plan.head_starts_s is not None:
        if plan.head_starts_s.keys() != catalogue.policy.head_starts_s.keys():
            refuse("setting_classes", "head_starts_s", classes=", ".join(catalogue.policy.head_starts_s))
        for name, seconds in plan.head_starts_s.items():
            _check_range(f"head_starts_s.{name}", seconds, HEAD_STARTS_S)
    if len(plan.counters) > COUNTERS_MOST:
        refuse("setting_too_many", "counters", most=COUNTERS_MOST)
    numbers = [counter.counter for counter in plan.counters]
    for counter in plan.counters:
        if numbers.count(counter.counter) > 1:
            refuse("setting_number_taken", f"counters.{counter.counter}", counter=counter.counter)
        _check_counter(counter, catalogue)
    return plan


def _check_counter(counter: CounterPlan, catalogue: Catalogue) -> None:
    field = f"counters.{counter.counter}"
    if counter.counter not in catalogue.counters and (counter.services is None or counter.hours is None):
        refuse("setting_empty", field)
    for code in counter.services or ():
        if code not in catalogue.services:
            refuse("setting_unknown_service", f"{field}.services", service=code)
    if counter.hours is not None:
        _check_hours(f"{field}.hours", counter.hours)


def _check_hours(field: str, spans: Sequence[WorkSpan]) -> None:
    if len(spans) > SPANS_MOST:
        refuse("setting_too_many", field, most=SPANS_MOST)
    try:
        edges = [edge for span in spans for edge in span.times]
    except ValueError:
        refuse("setting_time", field)
    if any(before >= after for before, after in pairwise(edges)):
        refuse("setting_time_order", field)


def _check_range(field: str, value: int, within: tuple[int, int]) -> None:
    if not within[0] <= value <= within[1]:
        refuse("setting_range", field, low=within[0], high=within[1])
