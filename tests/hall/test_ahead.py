"""How many go before me: the same figure on tile, ticket, paper and phone, and the calls then are as many."""

import pytest

from hall.printing import slip_of
from hall.views.services import service_views
from hall.views.tickets import ticket_view
from tests.hall.centre import BINH


@pytest.fixture
def mixed(opened):
    """Counter 2 alone is open, and eight people wait for its two letters."""
    for service in ("CHUNG_THUC", "HO_TICH", "HO_TICH", "CHUNG_THUC") * 2:
        opened.take(service)
    return opened


def on_tile(centre, service):
    return next(each.ahead for each in service_views(centre.hall) if each.code == service)


def test_given_one_open_counter_with_two_letters_then_both_letters_go_before(mixed):
    assert on_tile(mixed, "HO_TICH") == on_tile(mixed, "CHUNG_THUC") == 8
    taken = mixed.take("HO_TICH")
    assert taken["number"] == "H005" and taken["people_ahead"] == 8
    assert (taken["why"]["code"], taken["why"]["params"]["earlier"]) == ("ahead", 8)
    assert slip_of(mixed.hall, taken["ref"], False, None).people_ahead == 8


def test_given_the_calls_when_they_are_made_then_as_many_went_before_as_was_said(mixed):
    taken = mixed.take("HO_TICH")
    for left in reversed(range(taken["people_ahead"] + 1)):
        assert ticket_view(mixed.hall, mixed.hall.ticket(taken["ref"]), None, None).people_ahead == left
        mixed.press("call-next", 2)
        if left:
            mixed.press("start", 2)
            mixed.press("finish", 2)
    assert mixed.hall.floor.at_counter(2).ref == taken["ref"]


@pytest.mark.parametrize("counters", [(), (2,), (2, 3, 4)])
def test_given_any_counters_open_then_the_ticket_says_what_the_tile_said(centre, counters):
    for number in counters:
        centre.press("open", number, f"user:{number}")
    for n in range(24):
        service = ("CHUNG_THUC", "HO_TICH", "DAT_DAI", "KT_HT")[n * n % 4]
        said = on_tile(centre, service)
        assert centre.take(service)["people_ahead"] == said
        if counters and n % 5 == 4:
            centre.serve(counters[n % len(counters)], f"user:{counters[n % len(counters)]}")


def test_given_another_counter_that_opens_then_fewer_go_before_at_mine(mixed):
    last = mixed.take("CHUNG_THUC")["ref"]
    before = mixed.hall.before(mixed.hall.floor.waiting.place(last)).people
    mixed.press("open", 4, BINH)  # takes some of those who wait for civil status, and nobody else
    assert mixed.hall.before(mixed.hall.floor.waiting.place(last)).people < before


def test_given_another_cap_then_the_figure_is_the_one_of_that_cap(mixed):
    last = mixed.take("CHUNG_THUC")["ref"]
    for _ in range(3):
        mixed.take("CHUNG_THUC", "priority")
    place = mixed.hall.floor.waiting.place(last)
    assert mixed.hall.before(place).people == 8 + 3
    mixed.set_policy(cap=1)
    assert mixed.hall.before(place).people < 8 + 3


# -- where to go -----------------------------------------------------------------------------------


def slip(centre, ref):
    return slip_of(centre.hall, ref, False, None)


def test_given_no_counter_open_then_ticket_and_paper_know_it_and_send_nobody_to_a_closed_one(centre):
    taken = centre.take("CHUNG_THUC")
    assert (taken["counters"], taken["counters_open"], taken["help_counters"]) == ([2, 3], [], [])
    paper = slip(centre, taken["ref"])
    assert (paper.counters, paper.counter_open, paper.help_counter) == ((2, 3), False, None)


def test_given_one_who_will_miss_the_call_then_they_are_sent_to_an_open_counter(opened):
    def sent_to(taken):
        view = ticket_view(opened.hall, opened.hall.ticket(taken["ref"]), None, None)
        assert slip(opened, taken["ref"]).help_counter == view.help_counters[0]
        return view.help_counters

    own, other = opened.take("CHUNG_THUC"), opened.take("TRA_KQ")
    assert sent_to(own) == sent_to(other) == [2]  # counter 1, which advises, is closed
    opened.press("open", 3, BINH)
    assert sent_to(own) == sent_to(other) == [2, 3]
    opened.press("open", 1, "user:9")
    assert sent_to(own) == sent_to(other) == [1]
    opened.press("pause", 1, "user:9")
    assert sent_to(other) == [2, 3]


def test_given_a_called_number_when_it_is_printed_again_then_the_paper_names_its_counter(opened):
    opened.press("open", 3, BINH)
    taken = opened.take("CHUNG_THUC")
    assert (slip(opened, taken["ref"]).counters, slip(opened, taken["ref"]).called) == ((2, 3), False)
    opened.press("call-next", 2)
    assert (slip(opened, taken["ref"]).counters, slip(opened, taken["ref"]).called) == ((2,), True)
