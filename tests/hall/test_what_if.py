"""What-if: an unchanged day lies within its own spread, a plan changes what it says and nothing else."""

import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from math import exp
from zoneinfo import ZoneInfo

import msgspec
import pytest

from hall.catalogue.calendar import Calendar
from hall.catalogue.defaults import DEFAULT
from hall.catalogue.model import Catalogue, Counter
from hall.recorded_day import Day
from hall.whatif.days import find_day, logged_days, played_day, recent_days
from hall.whatif.figures import middle_range, rank
from hall.whatif.plan import UNCHANGED, CounterPlan, Plan, WorkSpan, checked_plan
from hall.whatif.simulate import PastDay, planned_day, simulate
from hall.whatif.staffed import OVERTIME_MOST, changes
from hall.whatif.taps import best_plan, peak, waiting_by_service
from hall.whatif.week import SHARE, staffing_table
from queueing.dispatch import Reason
from queueing.errors import NothingToRehearse, NothingToTry, SettingRefused
from queueing.replay import ReplayedCall, ReplayedVisit, StaffingChange, Stay
from tests.demo.test_history import FRIDAY, lived
from tests.hall.centre import every_day

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = date(2026, 1, 5)
MAIN = ("p50_s", "p90_s", "within", "longest_s", "last_s", "overtime_s")


def quiet(done, of):
    pass


def at(hour, minute=0, second=0, day=MONDAY):
    return datetime.combine(day, time(hour, minute, second), ZONE)


@pytest.fixture(scope="module")
def month():
    """Some weeks of the demonstration, and the morning of a day that goes on."""
    return lived(11, 34)


# -- the proof: the same day again -------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_given_twenty_random_days_when_each_is_played_again_unchanged_then_what_happened_lies_within_the_spread(month):
    """One in five is outside the middle four fifths by chance: so are the waits, and at most one in four of all."""
    days = [day.day for day in logged_days(month) if day.closed][3:]
    outside, of, shares = dict.fromkeys(MAIN, 0), 0, []
    for day in random.Random(20260105).sample(days, 20):
        again = simulate(played_day(month, day, FRIDAY), UNCHANGED, quiet, seeds=25)
        of += 1
        for name in MAIN:
            outside[name] += name in again.outside
        used = [again.same.utilisation[n].mid - share for n, share in again.real.utilisation.items()]
        shares.append(sum(used) / len(used))
    print(f"of {of} days, outside: {outside}; utilisation {sum(shares) / len(shares):+.3f}")
    waits = [outside[name] for name in ("p50_s", "p90_s", "within")]
    assert sum(waits) <= 0.2 * of * len(waits)
    # The figures of a day hang together, and that of one person, such as the longest wait, leaps.
    assert sum(outside.values()) <= 0.25 * of * len(MAIN)
    # Of 20 fair draws with one chance in five, more than nine would come up once in 400 times.
    assert max(outside.values()) <= 9
    assert abs(sum(shares) / len(shares)) < 0.03


def test_given_the_rest_of_a_day_then_what_was_is_as_it_was_and_only_what_comes_is_drawn(month):
    today = played_day(month, None, FRIDAY)
    was = [(call.ref, call.counter, call.called_at) for call in today.day.past_calls]
    assert len(was) > 10 and today.real() is None
    for seed in ("a", "b"):
        drawn = today.drawn(seed, today.staffing.staffed.keys())
        drawn = replace(drawn, staffing=changes(today.staffed(UNCHANGED)))
        calls = list(drawn.calls(today.catalogue.policy))
        assert [(call.ref, call.counter, call.called_at) for call in calls if call.called_at <= FRIDAY] == was
        assert {ref for ref, elapsed in today.day.unfinished.items() if elapsed is None} <= {call.ref for call in calls}
        assert calls[-1].called_at > FRIDAY + timedelta(hours=4)
    begins, _ = peak(today)
    assert begins >= FRIDAY - timedelta(minutes=15)  # what is over needs no counter more
    planned = planned_day(today)
    assert planned.since == "09:10" and all(counter.hours[-1].closes > "15" for counter in planned.counters[:5])


def test_given_the_rest_of_a_day_then_a_plan_changes_nothing_of_what_was(month):
    today = played_day(month, None, FRIDAY)
    closed = Plan((CounterPlan(1, ()), CounterPlan(2, (WorkSpan("13:30", "15:00"),))))
    parts = [(part.counter, part.begins, part.ends) for part in today.staffed(closed) if part.counter < 3]
    assert max(ends for counter, begins, ends in parts if counter == 1) <= FRIDAY
    *before, last = [ends for counter, begins, ends in parts if counter == 2]
    assert max(before) <= FRIDAY and last == at(15, day=FRIDAY.date())


def test_given_a_tap_then_a_counter_more_at_the_peak_and_a_service_learnt_shorten_the_waits(month):
    busiest = max(
        (day for day in recent_days(month, 8)), key=lambda day: sum(c.wait.total_seconds() for c in day.past_calls)
    )
    day = played_day(month, busiest.day, FRIDAY)
    begins, ends = peak(day)
    assert ends - begins == timedelta(hours=2)
    for tap in ("peak", "learn"):
        plan = best_plan(day, tap, quiet)
        (changed,) = plan.counters
        if tap == "peak":
            spans = [span.times for span in changed.hours]
            assert any(opens <= begins.astimezone(ZONE).time() < closes for opens, closes in spans)
        else:
            learnt = set(changed.services) - set(day.staffing.services(changed.counter))
            assert learnt <= {service for service, _ in waiting_by_service(day).most_common(2)} and len(learnt) == 1
        result = simulate(day, plan, quiet, seeds=20)
        assert result.gained["p90_s"].mid < 0 < result.gained["within"].mid
        assert result.wanted.figures["p90_s"].mid < result.same.figures["p90_s"].mid
    lunch = best_plan(day, "lunch", quiet)
    before = {counter.counter: counter.hours for counter in planned_day(day).counters}
    for changed in lunch.counters:
        (opens, noon), (back, closes) = [span.times for span in changed.hours][:2]
        was = before[changed.counter]
        assert abs(minutes(noon) - minutes(was[0].times[1])) == 60 == abs(minutes(back) - minutes(was[1].times[0]))
    assert 0 < len(lunch.counters) < len(before)


def minutes(local):
    return local.hour * 60 + local.minute


# -- small days, worked by hand ----------------------------------------------------------------------


def come(ref, when, service="CHUNG_THUC", takes=10, patience=None):
    lasts = timedelta(minutes=takes)
    stay = Stay(timedelta(0), service, lasts, None if patience is None else timedelta(minutes=patience))
    return ReplayedVisit(ref, ref, when, timedelta(0), (stay,))


def played(visits, staffing, ends_at=None, catalogue=None):
    """A recorded day: these visits at these counters, as the rule calls them."""
    day = Day(MONDAY, visits=visits, classes={visit.ref: [(timedelta(0), "ordinary")] for visit in visits})
    day.staffing = [StaffingChange(when, counter, tuple(services)) for when, counter, services in staffing]
    day.past_calls = list(day.calls(DEFAULT.policy))
    day.ends_at = ends_at or at(18)
    return PastDay.of(day, catalogue or Catalogue(DEFAULT))


def morning(counter=2, services=("CHUNG_THUC",)):
    return [(at(8), counter, services), (at(11, 30), counter, ())]


def test_given_a_day_then_its_figures_are_those_counted_by_hand():
    visits = [come(1, at(8)), come(2, at(8, 1)), come(3, at(8, 2)), come(4, at(8, 3), patience=20)]
    figures = played(visits, morning()).real().figures
    # Called at 8:00, 8:10 and 8:20; the fourth abandoned at 8:23, after more than a quarter of an hour.
    assert figures == {
        "p50_s": 540,
        "p90_s": 1080,
        "longest_s": 1080,
        "last_s": 8.5 * 3600,
        "within": 2 / 4,
        "not_called": 1,
        "overtime_s": 0,
    }
    # One who abandoned before that is left out.
    visits[3] = come(4, at(8, 3), patience=10)
    assert played(visits, morning()).real().figures["within"] == 2 / 3


def test_given_a_counter_then_its_utilisation_is_the_time_with_somebody_there_of_its_time():
    real = played([come(1, at(8), takes=84)], morning()).real()
    assert real.utilisation == {2: pytest.approx(84 / 210)}


def test_given_working_hours_then_a_counter_that_calls_after_its_shift_works_overtime():
    hours = Calendar(seasons=every_day("08:00", "11:30")["seasons"]) if isinstance(every_day, dict) else None
    settings = msgspec.structs.replace(
        DEFAULT.hall, hours=hours or msgspec.convert(every_day("08:00", "11:30"), Calendar)
    )
    catalogue = Catalogue(msgspec.structs.replace(DEFAULT, hall=settings))
    visits = [come(n, at(11, n), takes=10) for n in range(1, 6)]
    staffing = [(at(8), 2, ("CHUNG_THUC",)), (at(11, 51), 2, ())]
    past = played(visits, staffing, catalogue=catalogue)
    (part,) = past.staffed(UNCHANGED)
    assert (part.ends, part.lingers) == (at(11, 30), OVERTIME_MOST)
    assert past.real().figures["overtime_s"] == 21 * 60  # calls at 11:01, 11:11 … 11:41, the last until 11:51


def test_given_no_working_hours_then_counters_that_close_together_show_when_it_was_decided():
    visits = [come(1, at(11), takes=40), come(2, at(11, 25), "HO_TICH", takes=10), come(3, at(14))]
    staffing = [
        *((at(8), 2, ("CHUNG_THUC",)), (at(8), 4, ("HO_TICH",))),
        *((at(11, 35), 4, ()), (at(11, 40), 2, ()), (at(13, 30), 2, ("CHUNG_THUC",)), (at(17), 2, ())),
    ]
    morning_of_2 = played(visits, staffing).staffing.staffed[2][0]
    # Counter 2 called last at 11:00, but counter 4 still did at 11:25.
    assert at(11, 25) < morning_of_2.ends < at(11, 26) and morning_of_2.lingers == timedelta(0)


def test_given_a_plan_then_it_changes_hours_services_and_who_comes_and_nothing_else():
    visits = [come(n, at(8, n), takes=10) for n in range(1, 9)]
    past = played(visits, [*morning(), *morning(3, ("DAT_DAI",))])
    before, staffed = past.staffing, past.staffed(UNCHANGED)
    assert before.work_spans(2) == (WorkSpan("08:00", "11:30"),) and before.services(3) == ("DAT_DAI",)
    later = past.staffed(Plan((CounterPlan(2, (WorkSpan("09:00", "12:00"),)),)))
    assert [(p.counter, p.begins, p.ends) for p in later] == [(2, at(9), at(12)), (3, at(8), at(11, 30))]
    learnt = past.staffed(Plan((CounterPlan(3, services=("CHUNG_THUC", "DAT_DAI")),)))
    assert learnt == [staffed[0], replace(staffed[1], services=("CHUNG_THUC", "DAT_DAI"))]
    shut = past.staffed(Plan((CounterPlan(2, ()),)))
    assert shut == staffed[1:]
    new = past.staffed(Plan((CounterPlan(9, (WorkSpan("08:00", "09:00"),), ("CHUNG_THUC",)),)))
    assert [part.counter for part in new] == [2, 3, 9]
    runs = [past.run(plan, 1) for plan in (UNCHANGED, Plan(arrivals=100), Plan(arrivals=-50))]
    assert runs[1].figures["last_s"] > runs[0].figures["last_s"] > runs[2].figures["last_s"]
    assert past.run(UNCHANGED, 1) == runs[0] and past.run(Plan((CounterPlan(3, ()),)), 1).figures == runs[0].figures


def test_given_a_policy_in_the_plan_then_it_calls_by_it():
    visits = [come(1, at(8)), come(2, at(8, 1)), come(3, at(8, 2))]
    past = played(visits, morning())
    past.day.classes[3] = [(timedelta(0), "priority")]
    first_come = Plan(head_starts_s={"ordinary": 0, "priority": 0, "urgent": 0})
    order = [
        [call.ref for call in past.day.calls(plan.policy(past.catalogue.policy))] for plan in (UNCHANGED, first_come)
    ]
    assert order == [[1, 3, 2], [1, 2, 3]]


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (Plan(arrivals=301), "setting_range"),
        (Plan(cap=-1), "setting_range"),
        (Plan(head_starts_s={"ordinary": 0}), "setting_classes"),
        (Plan(head_starts_s={"ordinary": 0, "priority": -1, "urgent": 0}), "setting_range"),
        (Plan((CounterPlan(77, services=("CHUNG_THUC",)),)), "setting_empty"),
        (Plan((CounterPlan(1), CounterPlan(1))), "setting_number_taken"),
        (Plan((CounterPlan(1, services=("NONE",)),)), "setting_unknown_service"),
        (Plan((CounterPlan(1, (WorkSpan("8", "x"),)),)), "setting_time"),
        (Plan((CounterPlan(1, (WorkSpan("09:00", "08:00"),)),)), "setting_time_order"),
        (Plan((CounterPlan(1, (WorkSpan("08:00", "09:00"), WorkSpan("08:30", "10:00"))),)), "setting_time_order"),
        (Plan(tuple(CounterPlan(n) for n in range(61))), "setting_too_many"),
        (Plan((CounterPlan(1, tuple(WorkSpan(f"0{n}:00", f"0{n}:30") for n in range(7))),)), "setting_too_many"),
    ],
)
def test_given_a_plan_that_cannot_be_played_then_it_is_refused_with_its_field(plan, code):
    with pytest.raises(SettingRefused) as refused:
        checked_plan(plan, Catalogue(DEFAULT))
    assert refused.value.code == code


def test_given_no_such_day_or_nothing_to_try_then_it_is_said(month):
    with pytest.raises(NothingToRehearse):
        find_day(month, date(2020, 1, 1))
    past = played([come(1, at(8))], morning())
    for tap in ("lunch", "learn"):  # no lunch; the one counter serves what was waited for
        with pytest.raises(NothingToTry):
            best_plan(past, tap, quiet)


def test_given_values_then_their_band_is_the_middle_eight_in_ten():
    assert msgspec.structs.astuple(middle_range(range(1, 101))) == (10, 50, 90)
    assert rank([1.0], 10) == 1.0


# -- closed forms with shifts ------------------------------------------------------------------------


def test_given_a_lunch_then_the_waits_of_a_crowd_at_opening_are_those_of_the_closed_form():
    """Thirty people at opening time, three counters, exponential services of mean E, lunch from 4 E to 6 E.

    Until lunch the calls after the first three come at rate 3/E. At lunch the counters finish whom they have, so that
    three are called at once when it ends; then calls come at rate 3/E again.
    """
    people, counters, noon, lunch, runs = 30, 3, 4.0, 2.0, 600
    chance, unit = random.Random(8), timedelta(minutes=8)
    total = [0.0] * people
    squares = 0.0
    staffing = [StaffingChange(at(8), number, ("CHUNG_THUC",)) for number in range(1, counters + 1)]
    staffing += [StaffingChange(at(8) + unit * noon, number, ()) for number in range(1, counters + 1)]
    staffing += [StaffingChange(at(8) + unit * (noon + lunch), n, ("CHUNG_THUC",)) for n in range(1, counters + 1)]
    for _ in range(runs):
        visits = [
            ReplayedVisit(n, n, at(8), timedelta(0), (Stay(timedelta(0), "CHUNG_THUC", unit * chance.expovariate(1)),))
            for n in range(1, people + 1)
        ]
        day = Day(MONDAY, visits=visits, classes={n: [(timedelta(0), "ordinary")] for n in range(1, people + 1)})
        day.staffing = staffing
        waits = [call.wait / unit for call in day.calls(DEFAULT.policy)]
        total = [before + wait for before, wait in zip(total, waits, strict=True)]
        squares += (sum(waits) / people) ** 2
    expected = _at_opening(people, counters, noon, lunch)
    mean = sum(total) / runs / people
    error = ((squares / runs - mean**2) / runs) ** 0.5
    print(f"{mean:.3f} +- {error:.3f}, expected {sum(expected) / people:.3f}")
    assert abs(mean - sum(expected) / people) <= 3 * error
    assert max(abs(t / runs - e) for t, e in zip(total, expected, strict=True)) < 0.35


def _at_opening(people, counters, noon, lunch):
    """The mean wait of each, in units of the mean service time."""
    rate, steps = float(counters), 2_000
    means = []
    for k in range(people):
        if k < counters:
            means.append(0.0)
            continue
        n = k - counters + 1  # the n-th call of a Poisson process of this rate
        width = noon / steps
        density = [
            rate * exp(-rate * (i + 0.5) * width) * _poisson(rate * (i + 0.5) * width, n - 1) for i in range(steps)
        ]
        before = sum(value * (i + 0.5) * width * width for i, value in enumerate(density))
        after = 0.0
        for called in range(n):  # of this process, before noon
            left = n - called  # until it is its turn; the first `counters` of those are called when lunch ends
            mean = max(0, left - counters) / rate
            after += exp(-rate * noon) * _poisson(rate * noon, called) * (noon + lunch + mean)
        means.append(before + after)
    return means


def _poisson(mean, n):
    """mean**n / n! without overflow."""
    value = 1.0
    for k in range(1, n + 1):
        value *= mean / k
    return value


# -- the staffing table ------------------------------------------------------------------------------


def one_skill_day(day, an_hour, hours, seed, mean_min=8.0):
    chance = random.Random(f"{seed} {day}")
    visits, past_calls, when, ref = [], [], at(8, day=day), 0
    while (when := when + timedelta(hours=chance.expovariate(an_hour))) < at(8, day=day) + timedelta(hours=hours):
        ref += 1
        takes = chance.expovariate(1) * mean_min
        visits.append(replace(come(ref, when, takes=takes)))
        past_calls.append(ReplayedCall(ref, 0, 1, when, when, when + timedelta(minutes=takes), Reason.ORDER, 0, 0))
    staffing = [
        StaffingChange(at(8, day=day), 1, ("CHUNG_THUC",)),
        StaffingChange(at(8, day=day) + timedelta(hours=hours), 1, ()),
    ]
    classes = {visit.ref: [(timedelta(0), "ordinary")] for visit in visits}
    return Day(day, visits=visits, classes=classes, staffing=staffing, past_calls=past_calls, ends_at=at(20, day=day))


def one_skill(counters):
    many = tuple(Counter(n, f"Quầy {n}", ("CHUNG_THUC",)) for n in range(1, counters + 1))
    return Catalogue(msgspec.structs.replace(DEFAULT, counters=many))


@pytest.mark.parametrize(("an_hour", "erlang"), [(10, 3), (20, 4), (30, 5)])
def test_given_one_skill_then_the_table_asks_for_as_many_counters_as_erlang_does(an_hour, erlang):
    """Mean service 8 minutes, nine in ten within a quarter of an hour: the least of Erlang C in steady state."""
    days = [one_skill_day(MONDAY + timedelta(days=7 * n), an_hour, 6, 3) for n in range(8)]
    table = staffing_table(days, one_skill(8), MONDAY + timedelta(days=56), quiet)
    monday = table.days[-1]
    needs = [len(hour.counters) + len(hour.extra) for hour in monday.hours]
    print(needs, [hour.share for hour in monday.hours])
    assert monday.learnt_from == 8 and monday.enough
    assert all(hour.share >= SHARE - 0.03 for hour in monday.hours)
    # Hours that begin with an empty hall need less; no hour needs more than one beyond the long run.
    assert erlang - 1 <= sum(needs) / len(needs) <= erlang + 0.75 and max(needs) <= erlang + 1
    assert [day.enough for day in table.days] == [False] * 6 + [True] and table.days[0].hours == []


def test_given_too_few_counters_then_it_names_what_the_hall_does_not_have_and_with_too_few_weeks_nothing():
    days = [one_skill_day(MONDAY + timedelta(days=7 * n), 30, 4, 3) for n in range(3)]
    table = staffing_table(days, one_skill(2), MONDAY + timedelta(days=21), quiet)
    monday = table.days[-1]
    assert monday.hours[1].counters == [1, 2] and monday.hours[1].extra[0] == ["CHUNG_THUC"]
    assert 4 <= len(monday.hours[1].counters) + len(monday.hours[1].extra) <= 6
    assert (table.first, table.last) == ("2026-01-05", "2026-01-19")
    few = staffing_table(days[:2], one_skill(2), MONDAY + timedelta(days=21), quiet)
    assert [day.enough for day in few.days] == [False] * 7 and few.days[-1].learnt_from == 2
    assert staffing_table([], one_skill(2), MONDAY, quiet).first is None


def test_given_people_who_come_after_most_days_have_ended_then_no_counters_are_asked_for_that_cannot_call_them():
    days = []
    for n in range(4):  # they end at half past nine; one of them later, because people came
        day = one_skill_day(MONDAY + timedelta(days=7 * n), 6, 1, 3)
        ends = at(9, 30, day=day.day) + timedelta(hours=n == 0)
        late = [come(900 + k, at(9, 45 + k, day=day.day)) for k in range(6)] if n == 0 else []
        classes = day.classes | {visit.ref: [(timedelta(0), "ordinary")] for visit in late}
        staffing = [day.staffing[0], replace(day.staffing[1], at=ends)]
        days.append(replace(day, visits=[*day.visits, *late], classes=classes, staffing=staffing))
    first, last = staffing_table(days, one_skill(2), MONDAY + timedelta(days=28), quiet).days[-1].hours
    assert first.share >= SHARE > last.share
    assert last.extra == [] and len(last.counters) <= 2
