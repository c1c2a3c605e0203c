"""A rating: of a visit that was served, once, on its day; what it comes to, also for a stranger; and the words."""

import csv
import io
import re
from datetime import timedelta

import pytest

from display.channel import DisplayChannel
from hall.announce import Announcer
from hall.hall import save_fact
from hall.public_ratings import public_ratings
from hall.ratings import rate_ticket
from hall.review import ratings_by
from hall.verify import verify
from queueing import events as ev
from queueing.catalogue import RATING_REASONS, RATINGS
from queueing.errors import (
    NotServedYet,
    RatedBefore,
    RatingsOff,
    RatingTooLate,
    StepNotAllowed,
    UnknownRating,
    UnknownReason,
    WordsTooLong,
    WordsWithNumbers,
)
from queueing.small_cells import coded_share
from supervisor.tables import AskedDays, ratings_page, table_csv
from tests.centre import ROOT
from tests.hall.centre import AN, BINH
from tests.recompute import ratings

GROUPINGS = ("service", "counter", "clerk", "month")


@pytest.fixture
def served(centre):
    """A test centre whose counter 2 has just served the first ticket; the next two wait."""
    centre.press("open", 2)
    centre.refs = [centre.take()["ref"] for _ in range(3)]
    centre.serve(2)
    return centre


def rate(centre, ref, rating="satisfied", **how):
    return centre.change(ref, "rate", rating=rating, **how)


def refused(centre, refusal, ref, rating="satisfied", **how):
    before = centre.state()
    with pytest.raises(refusal):
        rate(centre, ref, rating, **how)
    assert centre.state() == before


def figures(centre):
    today = centre.hall.floor.day
    return ratings_by(centre.store, today - timedelta(days=9), today, GROUPINGS)


def test_given_a_visit_that_was_served_when_rating_it_then_the_log_holds_the_fact_and_the_ticket_says_so(served):
    first, *_ = served.refs
    answer = rate(served, first, "dissatisfied", reason="waited_long", words="  Chờ lâu quá \n ")
    assert answer["rating"] == "given"
    (event,) = served.events(ev.TICKET_RATED)
    assert (event.ref, event.counter, event.service) == (first, None, "CHUNG_THUC")
    number = served.ticket(first).number
    by = f"ticket:{first}"
    assert event.data == {"number": number, "rating": "dissatisfied", "reason": "waited_long", "by": by}
    today = served.hall.floor.day
    assert [row.words for row in served.store.rating_words(today, today)] == ["Chờ lâu quá"]
    assert served.store.rating_reasons(today, today) == {"waited_long": 1}
    assert verify(served.store).clean
    assert served.start().hall.floor.tickets[first].rating == "dissatisfied"


def test_given_a_visit_not_served_when_rating_it_then_it_is_refused(served):
    _, second, third = served.refs
    refused(served, NotServedYet, second)
    served.press("call-next", 2)
    refused(served, NotServedYet, second)
    served.press("start", 2)
    refused(served, NotServedYet, second)
    served.cancel(third)
    refused(served, NotServedYet, third)


def test_given_a_rating_when_rating_again_or_after_the_day_then_it_is_refused_and_a_repeat_gets_the_first_answer(
    served,
):
    first, second, _ = served.refs
    served.serve(2)
    rate(served, first)
    refused(served, RatedBefore, first, "neutral")
    served.clock.on(days=1)
    served.hall.refresh()
    refused(served, RatingTooLate, second)
    assert served.ticket(first).rating == "satisfied"
    assert verify(served.store).clean


def test_given_unknown_ratings_and_reasons_or_a_hall_that_asks_nobody_when_rating_then_it_is_refused(served):
    first, *_ = served.refs
    refused(served, UnknownRating, first, "awful")
    refused(served, UnknownReason, first, reason="hair")
    refused(served, WordsTooLong, first, words="a" * 201)
    refused(served, WordsWithNumbers, first, words="Gọi tôi: 0912.345.678")
    served.set_hall(ratings=False)
    refused(served, RatingsOff, first)


def test_given_a_screen_at_the_counter_then_it_rates_the_ticket_finished_there_last_and_no_other(served):
    first, second, _ = served.refs
    served.serve(2)
    hall = served.hall
    with pytest.raises(RatingTooLate):
        hall.run_as_system(lambda act: rate_ticket(act, first, "neutral", at_counter=True), "device:5")
    hall.run_as_system(lambda act: rate_ticket(act, second, "neutral", at_counter=True), "device:5")
    assert served.events(ev.TICKET_RATED)[0].data["by"] == "device:5"


def test_given_a_visit_that_ended_then_a_screen_that_asks_for_ratings_gets_it_until_it_is_rated_and_no_wall_does(
    served,
):
    first, *_ = served.refs
    channel = DisplayChannel(served.hall, None)
    asking, wall = channel.room("device:5", {"rating": True}), channel.room("device:6", {})
    (offered,) = channel.snapshot(asking)["to_rate"]
    assert (offered["counter"], offered["ref"]) == (2, first)
    assert "to_rate" not in channel.snapshot(wall)
    announcer = Announcer(served.hall, lambda *sent: None)
    announcer.add(channel)
    announcer.joined(channel.namespace, "a", "device:5", {"rating": True})
    assert announcer.walls(1) == 0
    announcer.joined(channel.namespace, "b", "device:6", {})
    assert announcer.walls(1) == 1
    rate(served, first)
    assert channel.snapshot(asking)["to_rate"] == []


def test_given_a_rating_within_the_clerks_ten_seconds_when_undoing_the_finish_then_both_are_gone(served):
    first, *_ = served.refs
    rate(served, first, "dissatisfied", words="Chưa xong")
    served.press("undo", 2)
    today = served.hall.floor.day
    assert served.ticket(first).rating is None
    assert served.store.rating_words(today, today) == []
    assert figures(served)[0].rated == 0
    served.clock.on(minutes=5)
    served.press("finish", 2)
    rate(served, first, "satisfied")
    assert figures(served)[0].given == (0, 1, 0, 0)
    assert served.store.rating_words(today, today) == []
    assert verify(served.store).clean


def test_given_ratings_on_two_days_then_the_figures_are_those_a_stranger_computes_from_the_events(served):
    def serve_and_rate(counter, clerk, *rating, **how):
        served.serve(counter, clerk)
        if rating:
            rate(served, served.hall.floor.last_finished[counter], *rating, **how)

    rate(served, served.refs[0], "very_satisfied")
    serve_and_rate(2, AN)
    served.press("call-next", 2)
    served.press("start", 2)
    served.press("open", 3, BINH)
    served.press("transfer", 2, service="DAT_DAI", to=3)  # the visit belongs to where it ends
    served.take("DAT_DAI")
    serve_and_rate(3, BINH, "neutral", reason="unclear")
    serve_and_rate(3, BINH, "satisfied")
    live = figures(served)
    served.clock.on(days=1)
    served.hall.refresh()
    served.press("open", 2)
    served.take()
    serve_and_rate(2, AN, "dissatisfied")

    total, groups = figures(served)
    for by in GROUPINGS:
        assert {key: tuple(row) for key, row in groups[by].items()} == ratings(served.log(), by)
    assert (total.served, total.rated, total.satisfied) == (5, 4, 2)
    assert live[1]["service"]["DAT_DAI"] == (2, (0, 1, 1, 0)) == live[1]["counter"]["3"]
    assert verify(served.store).clean


@pytest.mark.parametrize(
    ("which", "forged", "fault"),
    [
        (0, {"rating": "awful"}, "nobody rates a visit awful"),
        (0, {"reason": "hair"}, "nobody rates a visit satisfied for the reason hair"),
        (1, {}, "does not follow"),
    ],
)
def test_given_a_forged_rating_then_verify_names_it(served, which, forged, fault):
    ref = served.refs[which]
    rated = ev.TicketRated(number=served.ticket(ref).number, rating="satisfied", by=f"ticket:{ref}") | forged
    append_unchecked(served, ev.TICKET_RATED, rated, ref=ref, service="CHUNG_THUC")
    assert fault in verify(served.store).faults[0]


def append_unchecked(centre, kind, data, **columns):
    """Append an event to the log that no use case would, with the row it changes if it can be folded."""
    floor = centre.hall.floor
    event = ev.next_event(floor.hash, floor.seq + 1, centre.hall.now(), kind, data, **columns)
    with centre.store.transaction():
        try:
            save_fact(centre.store, floor, event)
        except StepNotAllowed:
            centre.store.add_event(event)


def test_given_words_when_thirty_days_are_over_then_they_are_deleted(served):
    first, *_ = served.refs
    rate(served, first, words="Cảm ơn cô Mai")
    day = served.hall.floor.day
    for days, kept in ((30, 1), (1, 0)):
        served.clock.on(days=days)
        served.hall.refresh()
        assert len(served.store.rating_words(day, day)) == kept


def table(centre, *, by_clerk=True):
    """The rows of the table as the page shows them: by grouping and key."""
    today = centre.hall.floor.day
    asked = AskedDays(centre.store, today - timedelta(days=40), today, str.upper, by_clerk)
    page = ratings_page(asked)
    return page, {(row.by, row.key): row for row in page.rows}


def test_given_few_ratings_of_a_group_then_its_faces_are_hidden_and_stand_once_more_together_with_others(served):
    served.press("open", 3, BINH)
    given = [(2, AN, "CHUNG_THUC", "very_satisfied")] * 22 + [(2, AN, "HO_TICH", "neutral")] * 4
    given += [(3, BINH, "DAT_DAI", "dissatisfied")] * 6
    served.serve(2)
    served.serve(2)  # those who waited; nobody of them rates
    for counter, clerk, service, rating in given:
        ref = served.take(service)["ref"]
        served.serve(counter, clerk)
        rate(served, ref, rating, reason="waited_long" if rating == "dissatisfied" else None)
    page, rows = table(served)
    total = rows["total", ""]
    assert (total.served, total.rated, total.dissatisfied) == (35, 32, 6)
    assert rows["service", "CHUNG_THUC"].very_satisfied == 22
    assert [(rows["service", key].rated, rows["service", key].neutral) for key in ("HO_TICH", "DAT_DAI")] == [
        (4, None),
        (6, None),
    ]
    together = rows["service", "together"]
    assert (together.rated, together.neutral, together.dissatisfied) == (10, 4, 6)
    assert (rows["clerk", BINH].name, rows["clerk", BINH].dissatisfied) == (BINH.upper(), None)
    assert [(each.reason, each.times) for each in page.reasons] == [("waited_long", 6)]
    assert {row.by for row in table(served, by_clerk=False)[0].rows} == {"total", "service", "counter", "month"}
    lines = list(csv.DictReader(io.StringIO(table_csv(page).decode("utf-8-sig"))))
    assert [line["rated"] for line in lines] == [str(row.rated) for row in page.rows]


def test_given_the_centre_wishes_it_when_a_month_is_over_then_the_public_page_shows_its_result_with_the_response_rate(
    served,
):
    served.serve(2)
    served.serve(2)  # those who waited; nobody of them rates
    for _ in range(14):
        ref = served.take()["ref"]
        served.serve(2)
        rate(served, ref, "satisfied")
    month = f"{served.hall.floor.day:%Y-%m}"
    shown = public_ratings(served.store, served.hall.catalogue, [month])
    assert shown == []
    served.set_hall(ratings_public=True)
    (row,) = public_ratings(served.store, served.hall.catalogue, [month, "2020-01"])
    assert row.month == month
    served_of_all, (given,) = ratings(served.log(), "month")[month][0], [ratings(served.log(), "month")[month][1]]
    assert row.satisfied == coded_share(given[0] + given[1], sum(given)) == (100, "")
    assert row.response == coded_share(sum(given), served_of_all)
    served.set_hall(ratings=False)
    assert public_ratings(served.store, served.hall.catalogue, [month]) == []


def test_given_the_ratings_and_reasons_then_the_screens_have_the_same():
    module = (ROOT / "static" / "lib" / "faces.js").read_text("utf-8")
    assert tuple(re.findall(r"^  (\w+): \{", module, re.M)) == RATINGS
    listed = re.search(r"RATING_REASONS = \[(.*)\]", module)[1]
    assert tuple(re.findall(r"\w+", listed)) == RATING_REASONS
