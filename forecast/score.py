"""How right the given forecasts were: errors, kept bounds and pinball losses, beside those of the simple rules.

Sums and histograms only, so that days add up to months and years without reading a ticket again. An error is forecast
less wait: a positive bias means that people waited less than they were promised.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

RULES = ("last", "mean", "queue", "head")  # those of `forecast.simple_rules`
OURS = "ours"
LEVELS = (10, 50, 80, 90)  # per cent
LONG_S = 480  # a forecast over eight minutes is a long one
STEP_S = 30  # of the histogram of errors: a median error is exact to half a minute
SHOWN_STEP_S = 300  # the end of a range is shown rounded up to five minutes


@dataclass(frozen=True, slots=True)
class Judged:
    """One forecast with the wait that came true, in seconds: its four quantiles, and what each simple rule said."""

    wait_s: int
    quantiles_s: Sequence[int]  # by LEVELS
    rules_s: Mapping[str, int | None]

    @property
    def long(self) -> bool:
        """Return whether it was a long one."""
        return self.quantiles_s[1] > LONG_S


@dataclass(slots=True)
class Errors:
    """The errors of one forecaster in seconds."""

    n: int = 0
    absolute_s: int = 0
    signed_s: int = 0
    histogram: dict[int, int] = field(default_factory=dict)  # of absolute errors, in steps of STEP_S

    def add(self, forecast_s: int, wait_s: int) -> None:
        """Add one."""
        error_s = forecast_s - wait_s
        self.n += 1
        self.absolute_s += abs(error_s)
        self.signed_s += error_s
        step = abs(error_s) // STEP_S
        self.histogram[step] = self.histogram.get(step, 0) + 1

    def take_in(self, other: Errors) -> None:
        """Add those of another."""
        self.n += other.n
        self.absolute_s += other.absolute_s
        self.signed_s += other.signed_s
        mine = self.histogram
        for step, count in other.histogram.items():
            mine[step] = mine.get(step, 0) + count

    @property
    def mean_s(self) -> float | None:
        """Return the mean absolute error; half of it is the pinball loss of the median."""
        return self.absolute_s / self.n if self.n else None

    @property
    def bias_s(self) -> float | None:
        """Return the mean error: positive where people waited less than was said."""
        return self.signed_s / self.n if self.n else None

    @property
    def median_s(self) -> int | None:
        """Return the median absolute error, rounded down to STEP_S."""
        before = 0
        for step in sorted(self.histogram):
            before += self.histogram[step]
            if 2 * before >= self.n:
                return step * STEP_S
        return None


@dataclass(slots=True)
class Score:
    """The score of some forecasts. Pinball losses are in thousandths of a second, so that sums stay whole."""

    errors: dict[str, Errors] = field(default_factory=lambda: {name: Errors() for name in (OURS, *RULES)})
    kept: list[int] = field(default_factory=lambda: [0] * len(LEVELS))  # by LEVELS: waits that were not longer
    before_p10: int = 0  # called earlier than that
    within: int = 0  # called before the end of the range as it was shown
    pinball_80_ms: int = 0

    @property
    def n(self) -> int:
        """Return how many forecasts were judged."""
        return self.errors[OURS].n

    def add(self, judged: Judged) -> None:
        """Add one forecast."""
        wait_s, (p10_s, p50_s, p80_s, _) = judged.wait_s, judged.quantiles_s
        self.errors[OURS].add(p50_s, wait_s)
        for rule in RULES:
            said_s = judged.rules_s.get(rule)
            if said_s is not None:
                self.errors[rule].add(said_s, wait_s)
        for nth, bound_s in enumerate(judged.quantiles_s):
            self.kept[nth] += wait_s <= bound_s
        self.before_p10 += wait_s < p10_s
        self.within += wait_s <= -(-p80_s // SHOWN_STEP_S) * SHOWN_STEP_S
        late_s = wait_s - p80_s
        self.pinball_80_ms += max(800 * late_s, -200 * late_s)

    def take_in(self, other: Score) -> None:
        """Add the forecasts of another score."""
        for name, errors in other.errors.items():
            self.errors[name].take_in(errors)
        self.kept = [ours + theirs for ours, theirs in zip(self.kept, other.kept, strict=True)]
        self.before_p10 += other.before_p10
        self.within += other.within
        self.pinball_80_ms += other.pinball_80_ms

    def share(self, count: int) -> float | None:
        """Return what share of the forecasts a count is; None without any."""
        return count / self.n if self.n else None


def score(all_judged: Iterable[Judged]) -> tuple[Score, Score]:
    """Return the score of all forecasts, and of the long ones."""
    whole, long = Score(), Score()
    for judged in all_judged:
        whole.add(judged)
        if judged.long:
            long.add(judged)
    return whole, long
