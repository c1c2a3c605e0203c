"""The estimator in a hall: what it learns from the log and what it leaves out, and what it says of those who wait."""

from datetime import timedelta
from math import log

import msgspec
import pytest

from bench.forecast.mix import HallMix, OnlineMix
from forecast.calibration import Calibration
from forecast.estimator import Estimator
from forecast.learning import Learnt, service_time, speed
from forecast.outlook import outlook
from hall.forecast_plan import plan_of
from tests.hall.centre import BINH, TestCentre, every_day

MINUTE = 60


class Watched:
    """A test centre with an estimator that hears its events."""

    def __init__(self, **hall):
        self.centre = TestCentre()
        if hall:
            self.centre.set_hall(**hall)
        self.hall = self.centre.hall
        self.estimator = Estimator(plan_of(self.hall.catalogue), Learnt(), Calibration())
        self.mix = HallMix(OnlineMix(), plan_of(self.hall.catalogue))
        for event in self.centre.events():
            self.estimator.hear(event, self.hall.floor)
        self.hall.listeners.append(self._hear)

    def _hear(self, events):
        for event in events:
            self.estimator.hear(event, self.hall.floor)
            self.mix.hear(event, self.hall.floor)

    @property
    def learnt(self):
        return self.estimator.learnt

    def forecasts(self):
        return self.estimator.forecasts(self.hall.floor, self.hall.now())

    def days(self, days, minutes=12):
        """Working days of six services each, by one clerk."""
        for _ in range(days):
            self.centre.press("open", 2)
            for _ in range(6):
                self.centre.take()
                self.centre.serve(2, minutes=minutes)
                self.centre.clock.on(minutes=1)
            self.centre.press("close", 2)
            self.centre.clock.on(days=1, minutes=-6 * (minutes + 1))
            self.hall.refresh()


def mean_min(watched, service="CHUNG_THUC"):
    return service_time(watched.learnt, watched.estimator.learner.plan.prior_s, service).mean_s / MINUTE


def test_given_nothing_learnt_then_a_service_lasts_as_configured():
    assert mean_min(Watched()) == pytest.approx(6)


def test_given_services_then_the_mean_moves_from_the_configured_minutes_and_all_services_are_scaled():
    watched = Watched()
    watched.days(2)
    # Twelve services of twelve minutes, against six configured that count as five services.
    assert 9.5 < mean_min(watched) < 12
    assert mean_min(watched, "DAT_DAI") > 33, "a hall where all takes longer is expected to take longer in all"


def test_given_slips_of_the_finger_and_what_was_undone_then_they_are_not_learnt():
    watched = Watched()
    centre = watched.centre
    centre.press("open", 2)
    centre.take()
    centre.press("call-next", 2)
    centre.press("start", 2)
    centre.clock.on(seconds=8)
    centre.press("finish", 2)
    centre.take()
    centre.press("call-next", 2)
    centre.press("start", 2)
    centre.clock.on(minutes=9)
    centre.press("finish", 2)
    centre.press("undo", 2)
    centre.clock.on(minutes=3)
    centre.press("finish", 2)
    centre.clock.on(minutes=1)
    centre.take()
    times = watched.learnt.services["CHUNG_THUC"]
    assert (times.n, times.sum_s) == (1, 12 * MINUTE)


def test_given_a_slow_morning_then_the_rest_of_the_day_is_expected_slow_and_the_next_day_is_not():
    watched = Watched()
    watched.days(8, minutes=8)
    usual = speed(watched.learnt)[0]
    centre = watched.centre
    centre.press("open", 2)
    for _ in range(6):
        centre.take()
        centre.serve(2, minutes=14)
        centre.clock.on(minutes=1)
    slow, deviation = speed(watched.learnt)
    assert usual == 0 < slow < log(14 / 8) and deviation > 0
    centre.clock.on(days=1)
    watched.hall.refresh()
    assert speed(watched.learnt)[0] == 0


def test_given_days_of_a_counter_then_it_is_expected_where_it_usually_is():
    watched = Watched(hours=every_day("07:30", "17:00"))
    watched.days(3)
    now = watched.hall.now()
    windows = {
        counter.number: counter.windows
        for counter in outlook(watched.hall.floor, watched.estimator.learner, now).counters
    }
    (window,) = windows[2]
    assert window.from_s == pytest.approx(7.5 * 3600, abs=900) and 8.5 * 3600 <= window.to_s <= 10 * 3600
    assert windows[1] == windows[3] == ()


def begins_s(watched, number):
    """From when a counter is expected to call."""
    counters = outlook(watched.hall.floor, watched.estimator.learner, watched.hall.now()).counters
    return next(counter.windows[0].from_s for counter in counters if counter.number == number)


def test_given_a_counter_that_closed_on_the_first_day_then_it_is_expected_after_the_break_and_not_before():
    hours = every_day("07:30", "11:30")
    hours["seasons"][0]["rules"][0]["shifts"] += every_day("13:30", "17:00")["seasons"][0]["rules"][0]["shifts"]
    watched = Watched(hours=hours)
    centre = watched.centre
    centre.press("open", 2)
    centre.take("HO_TICH")
    centre.serve(2, minutes=40)
    centre.press("close", 2)
    centre.clock.on(minutes=5)
    centre.take("HO_TICH")
    assert begins_s(watched, 2) == 13.5 * 3600
    assert watched.forecasts().newcomers["HO_TICH"].p50_s > 4 * 3600
    centre.clock.on(hours=5, minutes=20)
    assert 13.5 * 3600 < begins_s(watched, 2) < 14 * 3600, "the clerk is late"


def test_given_people_who_wait_then_each_has_a_forecast_and_services_without_a_counter_have_none():
    watched = Watched()
    centre = watched.centre
    centre.press("open", 2)
    first, second, elder = centre.take(), centre.take(), centre.take(priority_class="priority")
    centre.take("DAT_DAI")
    centre.press("call-next", 2)
    centre.press("start", 2)
    said = watched.forecasts()
    refs = sorted(said.waiting)
    assert len(refs) == 3 and said.seq == watched.hall.floor.seq
    early, late = said.waiting[refs[0]], said.waiting[refs[1]]
    del first, second, elder
    assert early.people == 0 and late.people == 1
    for forecast in (early, late):
        assert 0 <= forecast.p10_s <= forecast.p50_s <= forecast.p80_s <= forecast.p90_s
    assert early.p50_s < late.p50_s < said.newcomers["HO_TICH"].p50_s
    assert said.waiting[refs[2]] is None and said.newcomers["DAT_DAI"] is None


def test_given_a_call_then_the_bounds_of_that_size_move_and_a_cancel_teaches_nothing():
    watched = Watched()
    centre = watched.centre
    centre.press("open", 2)
    for _ in range(4):
        centre.take()
    watched.forecasts()
    before = msgspec.json.encode(watched.estimator.calibration)
    centre.cancel(watched.hall.floor.waiting.first("CHUNG_THUC").ref)
    assert msgspec.json.encode(watched.estimator.calibration) == before
    centre.press("call-next", 2)
    assert msgspec.json.encode(watched.estimator.calibration) != before


def test_given_a_restart_then_it_goes_on_with_what_was_kept():
    watched = Watched()
    watched.days(3)
    for kept in (watched.learnt, watched.estimator.calibration, watched.mix.mix):
        assert msgspec.json.decode(msgspec.json.encode(kept), type=type(kept)) == kept


def test_given_a_hall_then_the_mix_says_something_while_a_counter_is_open():
    watched = Watched()
    now = watched.hall.now
    assert watched.mix.forecast(watched.hall.floor, "CHUNG_THUC", now()) is None
    watched.days(1)
    watched.centre.press("open", 2, BINH)
    short = watched.mix.forecast(watched.hall.floor, "CHUNG_THUC", now())
    for _ in range(5):
        watched.centre.take()
    long = watched.mix.forecast(watched.hall.floor, "CHUNG_THUC", now() + timedelta(minutes=1))
    assert short.p50_s < long.p50_s <= long.p80_s <= long.p90_s
