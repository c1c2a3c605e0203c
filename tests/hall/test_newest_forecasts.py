"""What people are shown of what the process of the forecasts said, and when nothing."""

from datetime import datetime

import msgspec
import pytest

from hall.forecaster import ForecastOfWaiting, ForecastRound, Newcomer, NewestForecasts, Quantiles, SimpleRules
from hall.forecasting import Forecasting
from hall.printing import slip_of
from hall.views.services import service_views
from hall.views.tickets import ticket_view
from hall.views.watch import watch_view
from queueing import events as ev
from tests.hall.centre import BINH, ZONE, TestCentre, every_day, name_of

SERVICE = "CHUNG_THUC"


class Elapsed:
    """Seconds that the test counts up."""

    def __init__(self):
        self.s = 1000.0

    def __call__(self):
        return self.s


@pytest.fixture
def elapsed():
    return Elapsed()


@pytest.fixture
def newest(elapsed):
    return NewestForecasts(elapsed)


@pytest.fixture
def centre(newest):
    made = TestCentre()
    made.press("open", 2)
    made.hall.forecaster = newest
    made.hall.listeners.append(newest.on_events)
    return made


def minutes(*figures):
    return Quantiles(*(60 * figure for figure in figures))


def said(newcomer=(5, 10, 18, 22), ahead=0, waiting=None, rules=SimpleRules(last_s=300)):  # noqa: B008  frozen
    shown = minutes(*newcomer)
    newcomers = {SERVICE: Newcomer(shown, shown, ahead, rules)}
    known = {ref: ForecastOfWaiting(minutes(*figures), before) for ref, (figures, before) in (waiting or {}).items()}
    return ForecastRound(1, "2026-01-05T02:00:00.000000Z", newcomers, known)


def answer(newest, round_said):
    newest.ask()
    newest.take(round_said)


def p50(centre, ref):
    forecast = centre.hall.forecast_waiting(centre.hall.floor.waiting.place(ref))
    return None if forecast is None else forecast.p50_s / 60


def test_given_nothing_was_said_yet_then_a_ticket_has_no_time_and_nothing_is_kept(centre):
    assert centre.take()["forecast"] is None
    assert centre.db.rows("SELECT * FROM forecast") == []


def test_given_a_round_then_a_ticket_gets_its_figures_and_they_are_kept_with_it(centre, newest):
    answer(newest, said())
    assert centre.take()["forecast"] == {"p10_s": 300, "p50_s": 600, "p80_s": 1080, "between": None}
    # One came since: as many minutes for each.
    second = centre.take()
    assert (second["people_ahead"], second["forecast"]["p50_s"]) == (1, 1200)
    kept = centre.db.rows("SELECT * FROM forecast ORDER BY ref")
    assert [(row["ahead"], row["p50_s"], row["p80_s"], row["last_s"], row["head_s"]) for row in kept] == [
        (0, 600, 1080, 300, None),
        (1, 1200, 2160, 300, None),
    ]


def test_given_a_press_then_it_is_asked_for_soon_and_without_one_now_and_then(centre, newest, elapsed):
    assert newest.due()
    answer(newest, said())
    assert not newest.due()
    centre.take()
    assert not newest.due()
    elapsed.s += 2
    assert newest.due()
    answer(newest, said())
    elapsed.s += 14
    assert not newest.due()
    elapsed.s += 1
    assert newest.due()


def test_given_no_answer_to_a_change_for_five_seconds_then_no_time_is_shown_until_there_is_one(centre, newest, elapsed):
    answer(newest, said())
    ref = centre.take()["ref"]
    elapsed.s += 4
    newest.ask()
    assert not newest.late() and p50(centre, ref) == 9
    elapsed.s += 2
    assert newest.late() and p50(centre, ref) is None and newest.due()
    newest.take(said(waiting={ref: ((2, 4, 16, 20), 0)}))
    assert p50(centre, ref) == 4


def test_given_silence_without_any_change_then_it_counts_as_late_at_last(newest, elapsed):
    answer(newest, said())
    elapsed.s += 44
    assert not newest.late()
    elapsed.s += 2
    assert newest.late()


def test_given_a_paper_then_no_round_is_asked_for(centre, newest):
    answer(newest, said())
    ticket = centre.take()
    answer(newest, said())
    printed = ev.PrintReported(number=ticket["number"], copy=False, printer="1", cause=None, again=False, by="system")
    centre.hall.run_as_system(lambda act: act.append(ev.PRINT_SENT, printed, ref=ticket["ref"]))
    assert newest._changed_at is None


def test_given_small_moves_then_what_is_shown_stays_and_only_counts_down(centre, newest, elapsed):
    ref = centre.take()["ref"]
    answer(newest, said(waiting={ref: ((5, 20, 30, 40), 3)}))
    revision = newest.revision
    elapsed.s += 60
    answer(newest, said(waiting={ref: ((6, 21, 31, 41), 3)}))
    assert (p50(centre, ref), newest.revision) == (19, revision)
    # Four minutes more are no news; five are.
    answer(newest, said(waiting={ref: ((5, 23, 33, 43), 3)}))
    assert p50(centre, ref) == 19
    answer(newest, said(waiting={ref: ((5, 24, 33, 43), 3)}))
    assert (p50(centre, ref), newest.revision) == (24, revision + 1)
    # One who has moved up may have less, and never has more.
    answer(newest, said(waiting={ref: ((5, 22, 33, 43), 2)}))
    assert p50(centre, ref) == 22
    answer(newest, said(waiting={ref: ((5, 24, 33, 43), 1)}))
    assert p50(centre, ref) == 22


def test_given_one_who_asked_to_be_called_later_then_the_forecast_is_not_judged(centre, newest):
    answer(newest, said())
    first, second, third = (centre.take()["ref"] for _ in range(3))
    centre.change(first, "defer", minutes=15)
    centre.press("call-next", 2)
    centre.press("start", 2)
    centre.clock.on(minutes=7)
    centre.press("finish", 2)
    centre.press("call-next", 2)
    centre.press("no-show", 2)
    day = centre.hall.floor.day
    come_true = centre.store.forecasts_come_true(day, day)
    assert [(each.given.ref, each.wait_s) for each in come_true] == [(second, 0), (third, 420)]
    # Who came back after a no-show has waited for something else.
    centre.press("return", 2, ref=third)
    assert [each.given.ref for each in centre.store.forecasts_come_true(day, day)] == [second]


def test_given_a_lunch_before_the_call_then_the_clock_is_named_and_on_the_paper_too(centre, newest):
    centre.set_hall(hours=every_day("07:30", "11:30") | {"seasons": [halves()]})
    at_eleven = datetime(2026, 1, 5, 11, 8, tzinfo=ZONE)
    centre.clock.on(seconds=(at_eleven - centre.hall.now()).total_seconds())
    centre.hall.refresh()
    answer(newest, said(newcomer=(10, 15, 21, 25)))
    assert centre.take()["forecast"]["between"] is None
    answer(newest, said(newcomer=(140, 151, 163, 170)))
    newest._issued.clear()
    ticket = centre.take()
    between = [ev.from_instant(at).astimezone(ZONE) for at in ticket["forecast"]["between"]]
    # Called 302 to 326 minutes later, as one more is before this one: rounded outwards.
    assert [f"{at:%H:%M}" for at in between] == ["16:10", "16:35"]
    slip = slip_of(centre.hall, ticket["ref"], copy=False, public_url=None)
    assert [ev.instant(at) for at in slip.between] == ticket["forecast"]["between"]
    view = next(each for each in service_views(centre.hall) if each.code == SERVICE)
    assert view.forecast.between is not None


def halves():
    shifts = [
        {"opens": opens, "closes": closes, "issues_from": opens, "issues_to": closes}
        for opens, closes in (("07:30", "11:30"), ("13:30", "17:00"))
    ]
    rule = {"weekdays": [1, 2, 3, 4, 5, 6, 7], "shifts": shifts}
    return {"name": "Cả năm", "first": "01-01", "last": "12-31", "rules": [rule]}


def test_given_a_long_queue_then_the_round_proposes_the_counter_that_shortens_it_most_and_only_while_it_is_closed():
    centre, newest = TestCentre(), NewestForecasts()
    centre.press("open", 2)
    for _ in range(12):
        centre.take("HO_TICH")
    answer = msgspec.json.encode(Forecasting(centre.store).round(centre.hall.now()))
    newest.take(msgspec.json.decode(answer, type=ForecastRound))
    centre.hall.forecaster = newest
    advice = newest.advice(centre.hall.catalogue, centre.hall.floor)
    (effect,) = advice.effects
    assert (advice.counter, effect.service) == (4, "HO_TICH")
    # Two counters in place of one: about half the wait, of the median and of nine in ten.
    assert 0.35 < effect.then_s / effect.now_s < 0.7
    assert 0.35 < effect.then_p90_s / effect.now_p90_s < 0.7
    centre.press("open", 4, clerk="user:9")
    assert newest.advice(centre.hall.catalogue, centre.hall.floor) is None


def test_given_a_wait_that_grew_then_the_reason_stands_beside_it(centre, newest):
    centre.press("open", 3, clerk=BINH)
    ticket = centre.take()
    ref, service = ticket["ref"], ticket["service"]

    def longer():
        view = ticket_view(centre.hall, centre.hall.ticket(ref), None, None).longer
        board = {service.code: service.longer for service in watch_view(centre.hall, None, name_of).services}
        assert board.pop(service) == view and set(board.values()) == {None}  # the supervisor is told the same
        return None if view is None else (view.code, view.params)

    answer(newest, said(waiting={ref: ((5, 10, 18, 22), 0)}))
    assert longer() is None
    answer(newest, said(waiting={ref: ((5, 16, 28, 32), 0)}))
    assert longer() == ("longer_service", {})
    centre.clock.on(seconds=30)
    centre.press("pause", 3, clerk=BINH, reason="software_fault")
    assert longer() == ("longer_fault", {"counter": 3})
    centre.press("resume", 3, clerk=BINH)
    centre.press("pause", 3, clerk=BINH, reason="meeting")
    assert longer() == ("longer_paused", {"counter": 3})
    centre.press("resume", 3, clerk=BINH)
    centre.press("close", 3, clerk=BINH)
    assert longer() == ("longer_closed", {"counter": 3})
    # Shorter again, by a step: nothing to be explained.
    answer(newest, said(waiting={ref: ((5, 10, 18, 22), 0)}))
    assert longer() is None
