"""The scores of the forecasts that people were given: of any range of days, by service or by day.

Scores of closed days and months are kept, so that years are read at once; the other days are judged from their rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec

from forecast.score import RULES, Judged, Score
from hall.ports import CameTrue, HallStore
from queueing.period import DAY, MONTH, ends, period_of

DAYS_MOST = 92  # a longer range is shown by month
HIT_DAYS = 30
HIT_LEAST = 30  # forecasts; of fewer nothing is said

_Key = tuple[str, bool]  # a service, and whether of its long forecasts alone


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of a range: of all forecasts and of the long ones, in all and by group."""

    whole: Score
    long: Score
    rows: Mapping[str, tuple[Score, Score]]


@dataclass(frozen=True, slots=True)
class HitRate:
    """How many of how many people were called before the end of the range that they were shown."""

    met: int
    of: int

    @property
    def in_ten(self) -> int:
        """Return how many of ten people that is, rounded down: nobody is promised more than was kept."""
        return 10 * self.met // self.of


def hit_rate(store: HallStore, today: date, days: int = HIT_DAYS) -> HitRate | None:
    """Return how often the shown range was kept on the last days, today included; None of fewer than HIT_LEAST."""
    whole = scores(store, today - timedelta(days=days - 1), today, "service").whole
    return HitRate(whole.within, whole.n) if whole.n >= HIT_LEAST else None


def scores(store: HallStore, first: date, last: date, by: str) -> Scored:
    """Return the scores of these service days, both included, `by` "service" or "day"."""
    by_day = by == "day" and last - first < timedelta(days=DAYS_MOST)
    groups: dict[str, tuple[Score, Score]] = defaultdict(lambda: (Score(), Score()))

    def take(service: str, period: str, of_long: bool, score: Score) -> None:
        groups[service if by == "service" else period[: DAY if by_day else MONTH]][of_long].take_in(score)

    kept = _kept_within(store, first, last, days_only=by_day)
    for period, service, of_long, data in store.forecast_scores(kept):
        take(service, period, of_long, msgspec.json.decode(data, type=Score))
    for begins, end in _rest(kept, first, last):
        by_period: dict[str, list[CameTrue]] = defaultdict(list)
        for come_true in store.forecasts_come_true(begins, end):
            by_period[come_true.given.day.isoformat()].append(come_true)
        for period, on_day in by_period.items():
            for (service, of_long), score in _judge(on_day).items():
                take(service, period, of_long, score)
    whole, long = Score(), Score()
    for all_of_group, long_of_group in groups.values():
        whole.take_in(all_of_group)
        long.take_in(long_of_group)
    return Scored(whole, long, dict(sorted(groups.items())))


def refresh(store: HallStore) -> int:
    """Make the scores of closed days and months that are missing; return of how many periods."""
    begins = store.first_forecast_day()
    if begins is None:
        return 0
    closed = [day for day in store.closed_days() if day >= begins]
    months, count = {period_of(day, MONTH) for day in closed}, 0
    known = store.with_forecast_score([*(day.isoformat() for day in closed), *months])
    for day in closed:
        if day.isoformat() not in known:
            count += _save(store, day.isoformat(), _judge(store.forecasts_come_true(day, day)))
    present = store.opened_days(date.min, date.max)[-1:]
    for month in sorted(months - known):
        if not present or month != period_of(present[0], MONTH):
            summed: dict[_Key, Score] = defaultdict(Score)
            days = [day.isoformat() for day in closed if period_of(day, MONTH) == month]
            for _, service, of_long, data in store.forecast_scores(days):
                summed[service, of_long].take_in(msgspec.json.decode(data, type=Score))
            count += _save(store, month, summed)
    return count


def _save(store: HallStore, period: str, by_key: Mapping[_Key, Score]) -> int:
    with store.transaction():
        for (service, of_long), score in by_key.items():
            store.save_forecast_score(period, service, of_long, msgspec.json.encode(score))
    return bool(by_key)


def _judge(come_true: Iterable[CameTrue]) -> dict[_Key, Score]:
    by_key: dict[_Key, Score] = defaultdict(Score)
    for one in come_true:
        judged = judged_of(one)
        by_key[one.given.service, False].add(judged)
        if judged.long:
            by_key[one.given.service, True].add(judged)
    return by_key


def judged_of(one: CameTrue) -> Judged:
    """Return a forecast as it is judged: as it was shown."""
    given = one.given
    said = (given.last_s, given.mean_s, given.queue_s, given.head_s)
    quantiles = (given.p10_s, given.p50_s, given.p80_s, given.p90_s)
    return Judged(one.wait_s, quantiles, dict(zip(RULES, said, strict=True)))


def _kept_within(store: HallStore, first: date, last: date, *, days_only: bool) -> list[str]:
    """Return the periods with a score that lie within these days, the widest."""
    days = [day for day in store.closed_days() if first <= day <= last]
    months = set() if days_only else {period_of(day, MONTH) for day in days}
    whole = {month for month in months if first <= ends(month)[0] and ends(month)[1] <= last}
    known = store.with_forecast_score(whole)
    rest = [day.isoformat() for day in days if period_of(day, MONTH) not in known]
    return sorted(known | store.with_forecast_score(rest))


def _rest(kept: Iterable[str], first: date, last: date) -> Iterable[tuple[date, date]]:
    """Yield the stretches of days that no kept score covers."""
    begins = first
    for start, end in sorted(map(ends, kept)):
        if begins < start:
            yield begins, start - timedelta(days=1)
        begins = end + timedelta(days=1)
    if begins <= last:
        yield begins, last
