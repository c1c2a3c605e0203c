"""What a supervisor asks of a counter: shown there, answered or done, and nothing of the counter changes by it."""

import pytest

from hall.counters import answer_wish, ask_counter, check_mine_or_free
from hall.verify import verify
from hall.views.console import console_view
from queueing.errors import NotYourCounter, UnknownCounter, UnknownWish, WishDone
from queueing.floor import Staffing
from tests.hall.centre import AN, BINH, TestCentre, name_of

CHIEF = "user:9"


@pytest.fixture
def centre():
    return TestCentre()


def ask(centre, counter, wish):
    return centre.hall.run_as_system(lambda act: ask_counter(act, counter, wish), CHIEF)


def answer(centre, counter, asked, words, by=AN):
    centre.hall.run_as_system(lambda act: answer_wish(act, counter, asked, words), by)


def wish(centre, counter):
    return console_view(centre.hall, counter, AN, name_of).counter.wish


def test_given_a_closed_counter_when_it_is_asked_to_open_then_its_console_shows_it_until_it_opens(centre):
    asked = ask(centre, 2, "open")
    shown = wish(centre, 2)
    assert (shown.asked, shown.wish, shown.answer) == (asked.seq, "open", None)
    assert wish(centre, 3) is None
    centre.start()
    assert wish(centre, 2) == shown
    centre.press("open", 2)
    assert wish(centre, 2) is None
    assert verify(centre.store).faults == []


def test_given_a_wish_when_it_is_answered_then_the_supervisor_reads_the_answer_and_it_is_put_away_once(centre):
    asked = ask(centre, 2, "open")
    centre.clock.on(minutes=1)
    answer(centre, 2, asked.seq, "cannot")
    assert (wish(centre, 2).answer, wish(centre, 2).answered_at) == ("cannot", centre.log()[-1]["at"])
    with pytest.raises(WishDone):
        answer(centre, 2, asked.seq, "seen")
    again = ask(centre, 2, "open")
    assert (wish(centre, 2).asked, wish(centre, 2).answer) == (again.seq, None)
    with pytest.raises(WishDone):
        answer(centre, 2, asked.seq, "seen")


def test_given_a_pause_when_it_ends_then_the_wish_to_go_on_is_done(centre):
    centre.press("open", 2)
    centre.press("pause", 2, reason="meeting")
    ask(centre, 2, "resume")
    centre.press("resume", 2)
    assert wish(centre, 2) is None
    with pytest.raises(WishDone):
        ask(centre, 2, "open")


def test_given_a_pause_that_can_be_undone_when_a_wish_comes_and_is_answered_then_it_still_can(centre):
    centre.press("open", 2)
    centre.press("pause", 2)
    asked = ask(centre, 2, "resume")
    answer(centre, 2, asked.seq, "seen")
    centre.press("undo", 2)
    assert centre.hall.floor.counter_state(2).staffing is Staffing.OPEN
    assert wish(centre, 2) is None
    assert verify(centre.store).faults == []


def test_given_a_wish_to_a_counter_that_never_opened_then_its_row_is_not_written(centre):
    ask(centre, 4, "open")
    assert centre.store.counter_states() == {}


def test_given_who_answers_then_it_is_the_counters_own_clerk_or_anybody_at_a_closed_one(centre):
    check_mine_or_free(centre.hall, 2, BINH)
    centre.press("open", 2)
    check_mine_or_free(centre.hall, 2, AN)
    with pytest.raises(NotYourCounter):
        check_mine_or_free(centre.hall, 2, BINH)


def test_given_what_cannot_be_asked_or_answered_then_it_is_refused(centre):
    asked = ask(centre, 2, "open")
    with pytest.raises(UnknownWish):
        ask(centre, 2, "dance")
    with pytest.raises(UnknownCounter):
        ask(centre, 77, "open")
    with pytest.raises(UnknownWish):
        answer(centre, 2, asked.seq, "maybe")
