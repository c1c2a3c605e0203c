"""The working calendar: the hours of a mountain commune as an example, and properties of any calendar."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queueing.opening import (
    Closed,
    Hours,
    Issuing,
    Quota,
    Rule,
    Season,
    Shift,
    SpecialDays,
    clashes,
    issuing,
    next_opening,
    shifts_of,
    work_left,
)

WEEK, SATURDAY = frozenset({1, 2, 3, 4, 5}), frozenset({6})


def shift(opens, closes, before=30):
    """From half an hour before to half an hour before the end, unless the arguments say otherwise."""
    at = [time.fromisoformat(each) for each in (opens, closes)]
    begins, ends = ((datetime.combine(date(2026, 1, 1), each) - timedelta(minutes=before)).time() for each in at)
    return Shift(*at, begins, ends)


SUMMER = (shift("07:00", "11:30"), shift("13:30", "17:00"))
WINTER = (shift("07:30", "12:00"), shift("13:00", "16:30"))
HOURS = Hours(
    seasons=(
        Season(
            "Mùa hè",
            (4, 1),
            (10, 31),
            (Rule(WEEK, SUMMER), Rule(SATURDAY, SUMMER[:1], frozenset({"CHUNG_THUC", "TRA_KQ"}))),
        ),
        Season("Mùa đông", (11, 1), (3, 31), (Rule(WEEK, WINTER),)),
    ),
    days=(
        SpecialDays(date(2026, 2, 16), date(2026, 2, 20), "Tết Nguyên đán"),
        SpecialDays(date(2026, 11, 29), date(2026, 11, 29), "Ngày làm bù", WINTER[:1], frozenset({"DAT_DAI"})),
    ),
)


def on(day, clock):
    return datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("service", "day", "clock", "closed", "opens"),
    [
        # Thursday, summer: 07:00 to 11:30 and 13:30 to 17:00, numbers from half an hour before to half an hour before
        ("DAT_DAI", "2026-09-10", "06:29", Closed.BEFORE, "2026-09-10T06:30"),
        ("DAT_DAI", "2026-09-10", "06:30", None, None),
        ("DAT_DAI", "2026-09-10", "10:59", None, None),
        ("DAT_DAI", "2026-09-10", "11:00", Closed.BREAK, "2026-09-10T13:00"),
        ("DAT_DAI", "2026-09-10", "13:00", None, None),
        ("DAT_DAI", "2026-09-10", "16:30", Closed.AFTER, "2026-09-11T06:30"),
        # Saturday morning: fewer services, and the rest on Monday
        ("TRA_KQ", "2026-09-12", "08:00", None, None),
        ("DAT_DAI", "2026-09-12", "08:00", Closed.DAY_OFF, "2026-09-14T06:30"),
        ("TRA_KQ", "2026-09-12", "11:00", Closed.AFTER, "2026-09-14T06:30"),
        # the last day of summer is a Saturday, the first Monday of November has winter hours
        ("DAT_DAI", "2026-10-31", "09:00", Closed.DAY_OFF, "2026-11-02T07:00"),
        ("DAT_DAI", "2026-11-02", "06:45", Closed.BEFORE, "2026-11-02T07:00"),
        # winter runs over New Year
        ("DAT_DAI", "2027-01-04", "07:00", None, None),
        # Tết: Monday to Friday off, and Saturday and Sunday are off anyway
        ("DAT_DAI", "2026-02-16", "09:00", Closed.DAY_OFF, "2026-02-23T07:00"),
        # a Sunday worked in for one service
        ("DAT_DAI", "2026-11-29", "09:00", None, None),
        ("TRA_KQ", "2026-11-29", "09:00", Closed.DAY_OFF, "2026-11-30T07:00"),
    ],
)
def test_given_the_hours_of_a_commune_then_numbers_are_given_as_they_say(service, day, clock, closed, opens):
    opens_at = opens and on(*opens.split("T"))
    assert issuing(HOURS, service, on(day, clock), []) == Issuing(closed, opens_at)


def test_given_no_calendar_then_numbers_are_given_at_any_hour_but_on_listed_days():
    holiday = Hours(days=(SpecialDays(date(2026, 9, 2), date(2026, 9, 2), "Quốc khánh"),))
    assert issuing(Hours(), "DAT_DAI", on("2026-09-02", "03:00"), []).open
    assert issuing(holiday, "DAT_DAI", on("2026-09-01", "23:59"), []).open
    off = issuing(holiday, "DAT_DAI", on("2026-09-02", "00:00"), [])
    assert off == Issuing(Closed.DAY_OFF, on("2026-09-03", "00:00"))
    assert work_left(Hours(), "DAT_DAI", on("2026-09-02", "03:00")) is None


def test_given_a_quota_when_its_numbers_are_given_out_then_the_next_shift_or_day_gives_again():
    hours = Hours(HOURS.seasons, (), {"DAT_DAI": Quota(day=5, shift=3)})
    morning = [on("2026-09-10", f"07:0{minute}") for minute in range(3)]
    at = on("2026-09-10", "08:00")
    assert issuing(hours, "DAT_DAI", at, morning[:2]).open
    assert issuing(hours, "DAT_DAI", at, morning) == Issuing(Closed.QUOTA_SHIFT, on("2026-09-10", "13:00"))
    assert issuing(hours, "TRA_KQ", at, morning).open
    noon = on("2026-09-10", "13:05")
    afternoon = [*morning, on("2026-09-10", "13:00"), on("2026-09-10", "13:01")]
    assert issuing(hours, "DAT_DAI", noon, afternoon[:4]).open
    assert issuing(hours, "DAT_DAI", noon, afternoon) == Issuing(Closed.QUOTA_DAY, on("2026-09-11", "06:30"))
    # without shifts there is the day alone
    always = Hours(quotas={"DAT_DAI": Quota(day=3, shift=1)})
    assert issuing(always, "DAT_DAI", at, morning[:2]).open
    assert issuing(always, "DAT_DAI", at, morning) == Issuing(Closed.QUOTA_DAY, on("2026-09-11", "00:00"))


@pytest.mark.parametrize(
    ("clock", "minutes"),
    [("06:30", 480), ("07:00", 480), ("11:00", 240), ("12:00", 210), ("16:59", 1), ("17:00", 0), ("20:00", 0)],
)
def test_given_a_moment_then_the_work_left_is_that_of_all_shifts_to_come(clock, minutes):
    assert work_left(HOURS, "DAT_DAI", on("2026-09-10", clock)) == timedelta(minutes=minutes)


def test_given_a_day_then_the_hall_has_the_shifts_of_any_service():
    services = ("DAT_DAI", "TRA_KQ")
    assert shifts_of(HOURS, date(2026, 9, 12), services) == SUMMER[:1]
    assert shifts_of(HOURS, date(2026, 9, 13), services) == ()
    assert shifts_of(Hours(), date(2026, 9, 13), services) is None


def test_given_shifts_that_run_into_each_other_then_they_are_found():
    assert list(clashes(SUMMER)) == []
    assert list(clashes((SUMMER[1], SUMMER[0], shift("11:00", "12:00"))))
    # the hours fit, but numbers of the afternoon would be given before those of the morning end
    assert list(clashes((shift("07:00", "11:30", 0), shift("11:45", "17:00", 60))))


minutes = st.integers(0, 24 * 60 - 1)


@st.composite
def shifts(draw):
    """Up to three shifts, one after the other."""
    edges = sorted(draw(st.lists(minutes, min_size=2, max_size=6, unique=True)))
    clock = [time(each // 60, each % 60) for each in edges]
    return tuple(Shift(a, b, a, b) for a, b in zip(clock[::2], clock[1::2], strict=False))


services = st.none() | st.frozensets(st.sampled_from("AB"))
rules = st.builds(Rule, st.frozensets(st.integers(1, 7)), shifts(), services)
months = st.tuples(st.integers(1, 12), st.integers(1, 28))
calendars = st.builds(
    Hours,
    st.lists(st.builds(Season, st.just("mùa"), months, months, st.tuples(rules)), max_size=1).map(tuple),
    st.lists(
        st.builds(
            lambda first, length, shifts, services: SpecialDays(
                first, first + timedelta(days=length), "ngày riêng", shifts, services
            ),
            st.dates(date(2026, 1, 1), date(2026, 12, 31)),
            st.integers(0, 9),
            shifts(),
            services,
        ),
        max_size=1,
    ).map(tuple),
)
moments = st.builds(
    lambda day, minute, second: datetime.combine(day, time(), UTC) + timedelta(minutes=minute, seconds=second),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    minutes,
    st.integers(0, 59),
)


@given(calendars, moments, st.sampled_from("AB"))
def test_given_any_calendar_then_the_next_opening_is_the_first_moment_that_is_open(hours, at, service):
    state = issuing(hours, service, at, [])
    if state.open:
        assert state.opens_at is None
        return
    assert state.opens_at == next_opening(hours, service, at)
    if state.opens_at is None:
        return
    assert state.opens_at >= at
    assert issuing(hours, service, state.opens_at, []).open
    assert not issuing(hours, service, state.opens_at - timedelta(microseconds=1), []).open or state.opens_at == at
    between = at + (state.opens_at - at) / 2
    assert between == state.opens_at or not issuing(hours, service, between, []).open


@given(calendars, moments, st.sampled_from("AB"), st.integers(1, 5))
def test_given_any_calendar_and_a_quota_then_it_only_ever_closes(hours, at, service, most):
    limited = Hours(hours.seasons, hours.days, {service: Quota(day=most, shift=most)})
    issued = [at - timedelta(seconds=n) for n in range(most)][::-1]
    today = [each for each in issued if each.date() == at.date()]
    assert not issuing(limited, service, at, today).open or issuing(hours, service, at, []).open
    if len(today) == most:
        assert not issuing(limited, service, at, today).open
    assert issuing(limited, service, at, []) == issuing(hours, service, at, [])
