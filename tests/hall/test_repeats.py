"""The same request again: the first answer, and nothing new."""

import pytest

from queueing.errors import KeyReused, NobodyWaiting
from tests.hall.centre import AN, BINH, Press

TAKE = {"service": "CHUNG_THUC", "priority_class": "ordinary", "language": "vi"}


def test_given_the_same_request_twice_then_one_ticket_and_the_same_answer(centre):
    first = centre.take(key="k" * 8)
    centre.clock.on(minutes=3)
    seq = centre.seq()
    assert centre.take(key="k" * 8) == first
    assert centre.seq() == seq and centre.store.refs() == [1]


def test_given_a_double_press_then_one_call(opened):
    opened.take(), opened.take()
    first = opened.press("call-next", 2, key="k" * 8)
    seq = opened.seq()
    for _ in range(10):
        assert opened.press("call-next", 2, key="k" * 8) == first
    assert opened.seq() == seq


def test_given_a_repeat_then_the_listeners_hear_nothing(centre):
    centre.take(key="k" * 8)
    heard = len(centre.heard)
    centre.take(key="k" * 8)
    assert len(centre.heard) == heard


def test_given_the_same_key_with_another_content_then_it_is_refused_and_the_first_answer_stays(centre):
    first = centre.take(key="k" * 8)
    before = centre.state()
    with pytest.raises(KeyReused):
        centre.take("HO_TICH", key="k" * 8)
    assert centre.state() == before
    assert centre.take(key="k" * 8) == first


def test_given_a_refusal_then_it_is_not_kept_and_the_same_request_may_succeed(opened):
    with pytest.raises(NobodyWaiting):
        opened.press("call-next", 2, key="k" * 8)
    opened.take()
    assert opened.press("call-next", 2, key="k" * 8)["ticket"]["number"] == "B001"


def test_given_the_same_key_of_another_caller_or_route_then_it_is_another_request(opened):
    opened.press("open", 3, BINH)
    numbers = {opened.take(key="k" * 8, caller=caller)["number"] for caller in ("device:1", "device:2", "user:1")}
    assert numbers == {"B001", "B002", "B003"}
    assert opened.press("call-next", 2, AN, key="k" * 8)["ticket"]["number"] == "B001"
    assert opened.press("call-next", 3, BINH, key="k" * 8)["ticket"]["number"] == "B002"
    assert opened.press("start", 2, AN, key="k" * 8)["ticket"]["state"] == "serving"


def test_given_a_restart_when_repeating_then_the_first_answer_comes_again(centre):
    press = Press("device:1", "POST /tickets", "k" * 8, TAKE)
    first = centre.send(press)
    centre.start()
    assert centre.send(press) == first
    assert centre.store.refs() == [1]


def test_given_midnight_when_repeating_then_the_first_answer_comes_again(centre):
    press = Press("device:1", "POST /tickets", "k" * 8, TAKE)
    first = centre.send(press)
    centre.clock.on(hours=17)
    assert centre.send(press) == first
    assert centre.ticket(1).state == "expired"


def test_given_more_than_two_days_then_the_answer_is_forgotten_at_the_change_of_day(centre):
    centre.take(key="k" * 8)

    def kept():
        return centre.store.answer(Press("device:1", "POST /tickets", "k" * 8, TAKE).request())

    for _ in range(3):
        assert kept() is not None
        centre.clock.on(hours=24)
        centre.hall.refresh()
    assert kept() is None


def test_given_less_than_two_days_then_the_answer_is_kept(centre):
    centre.clock.on(hours=16)  # half past eleven in the evening
    first = centre.take(key="k" * 8)
    centre.clock.on(hours=1)
    centre.hall.refresh()
    centre.clock.on(hours=23)
    centre.hall.refresh()
    assert centre.take(key="k" * 8) == first
