"""The undo key means the last act of the clerk, at the counter or to a number of the queue, and nothing older."""

import pytest
from msgspec.structs import replace

from hall.settings import change as change_settings
from hall.undo import check_mine_or_left
from hall.verify import verify
from hall.views.console import console_view
from queueing.errors import (
    AtAnotherCounter,
    CounterClosed,
    NothingToUndo,
    ReturnTooLate,
    ServiceClosed,
    SettingRefused,
)
from tests.hall.centre import AN, BINH, TestCentre, name_of
from tests.hall.reader import Reader


@pytest.fixture
def busy(opened):
    """Counter 2 serves the first of four."""
    for _ in range(4):
        opened.take()
    opened.press("call-next", 2)
    opened.press("start", 2)
    return opened


def undo(centre, clerk=AN):
    """What the console offers to undo: kind and number."""
    offered = console_view(centre.hall, 2, clerk, name_of).undo
    return offered and (offered.kind, offered.number)


def test_given_a_clerk_has_cancelled_a_number_then_undo_gives_it_its_place_back(busy):
    busy.press("hold", 2)
    assert undo(busy) == ("ticket.held", "B001")
    busy.cancel(2, by=AN)
    assert undo(busy) == ("ticket.cancelled", "B002")
    busy.press("undo", 2)
    assert busy.ticket(2).state.value == "waiting"
    assert busy.press("call-next", 2)["ticket"]["number"] == "B002"
    assert busy.events("ticket.reinstated")[-1].data["why"] == "by_mistake"
    assert verify(busy.store).clean


def test_given_an_undone_cancel_then_the_act_before_it_is_not_offered(busy):
    busy.press("hold", 2)
    busy.cancel(2, by=AN)
    busy.press("undo", 2)
    assert undo(busy) is None
    with pytest.raises(NothingToUndo):
        busy.press("undo", 2)
    assert busy.ticket(1).state.value == "held"


def test_given_a_called_number_cancelled_then_undo_lets_it_wait_at_its_old_place(opened):
    opened.take(), opened.take()
    opened.press("call-next", 2)
    opened.cancel(1, by=AN)
    assert undo(opened) == ("ticket.cancelled", "B001")
    opened.press("undo", 2)
    assert opened.press("call-next", 2)["ticket"]["number"] == "B001"
    assert verify(opened.store).clean


def test_given_priority_granted_then_undo_gives_the_class_of_before_once(busy):
    busy.press("hold", 2)
    busy.grant(4, "urgent", by=AN)
    assert undo(busy) == ("ticket.priority_changed", "B004")
    busy.press("undo", 2)
    assert (busy.ticket(4).priority_class, busy.ticket(4).head_start.total_seconds()) == ("ordinary", 0)
    assert undo(busy) is None
    assert busy.press("call-next", 2)["ticket"]["number"] == "B002"
    assert verify(busy.store).clean


def without_seq(seen):
    """The screens without the seq and what may be undone, which both differ by design."""
    if isinstance(seen, dict):
        return {key: without_seq(value) for key, value in seen.items() if key not in ("seq", "undo")}
    return [without_seq(each) for each in seen] if isinstance(seen, list) else seen


def test_given_somebody_let_back_from_a_hold_then_undo_holds_them_for_as_long_as_before(busy):
    busy.press("hold", 2, minutes=20)
    before = without_seq(busy.seen())
    busy.press("return", 2, ref=1)
    assert undo(busy) == ("ticket.returned", "B001")
    busy.press("undo", 2)
    assert without_seq(busy.seen()) == before
    assert undo(busy) is None
    with pytest.raises(NothingToUndo):
        busy.press("undo", 2)
    busy.clock.on(minutes=20, seconds=1)
    busy.hall.refresh()
    assert busy.events("ticket.returned")[-1].data["by"] == "system"
    assert busy.press("call-next", 2)["ticket"]["number"] == "B001"
    assert verify(busy.store).clean


def test_given_a_no_show_let_back_then_undo_makes_them_one_again_who_may_come_back_once(busy):
    """Also while somebody else is served at the counter, whose time goes on."""
    busy.press("finish", 2)
    for _ in range(2):
        busy.press("call-next", 2)
        busy.press("no-show", 2)
        busy.clock.on(minutes=10)
    busy.press("call-next", 2)
    busy.press("start", 2)
    before = without_seq(busy.seen())
    busy.press("return", 2, ref=2)
    busy.press("undo", 2)
    assert without_seq(busy.seen()) == before
    assert busy.ticket(2).returned == 0
    assert busy.statistics("day")[0]["returns"] == 0
    busy.clock.on(minutes=9)
    busy.press("return", 2, ref=2)
    busy.press("return", 2, ref=3)
    busy.press("undo", 2)
    busy.clock.on(minutes=12)
    with pytest.raises(ReturnTooLate):
        busy.press("return", 2, ref=3)
    busy.press("finish", 2)
    assert busy.statistics("day")[0]["returns"] == 1
    assert verify(busy.store).clean


def test_given_a_return_when_the_number_was_called_or_another_clerk_did_it_then_it_stands(busy):
    busy.press("hold", 2)
    busy.press("open", 3, clerk=BINH)
    busy.press("return", 3, clerk=BINH, ref=1)
    assert undo(busy) is None
    busy.press("call-next", 2)
    assert busy.ticket(1).state.value == "called"
    with pytest.raises(NothingToUndo):
        busy.press("undo", 3, clerk=BINH)


def test_given_dossiers_counted_then_undo_gives_the_count_of_before(busy):
    busy.press("dossiers", 2, dossiers=12)
    busy.press("dossiers", 2, dossiers=3)
    assert undo(busy) == ("ticket.dossiers_counted", "B001")
    busy.press("undo", 2)
    assert (busy.ticket(1).dossiers, busy.ticket(1).state.value) == (12, "serving")
    assert undo(busy) is None
    busy.press("finish", 2)
    assert busy.statistics("day")[0]["dossiers"] == 12
    assert verify(busy.store).clean


def test_given_an_act_that_cannot_be_undone_then_nothing_older_is_offered(busy):
    busy.press("hold", 2)
    busy.change(2, "people", by=AN, people=3)
    assert undo(busy) is None
    busy.press("call-next", 2)
    assert undo(busy) == ("ticket.called", "B002")
    busy.press("call-again", 2)
    assert undo(busy) is None


def test_given_somebody_else_cancels_then_the_clerks_own_act_can_still_be_undone(busy):
    busy.press("hold", 2)
    busy.cancel(2)  # its holder
    busy.cancel(3, by=BINH)
    assert undo(busy) == ("ticket.held", "B001")
    busy.press("undo", 2)
    assert busy.ticket(1).state.value == "serving"


def test_given_a_counter_closed_or_paused_then_undo_opens_it_again_as_it_was(opened):
    opened.press("pause", 2, reason="lunch")
    assert undo(opened) == ("counter.paused", "")
    opened.press("close", 2)
    assert undo(opened) == ("counter.closed", "")
    assert undo(opened, BINH) is None
    answer = opened.press("undo", 2)
    assert (answer["counter"]["state"], answer["counter"]["reason"]) == ("paused", "lunch")
    assert undo(opened) is None or undo(opened)[0] != "counter.closed"
    opened.press("resume", 2)
    opened.press("pause", 2, reason="meeting")
    assert opened.press("undo", 2)["counter"]["state"] == "idle"
    assert undo(opened) is None
    assert verify(opened.store).clean


def test_given_a_closed_counter_then_only_who_closed_it_and_sits_nowhere_else_can_undo_that(opened):
    opened.press("close", 2)
    check_mine_or_left(opened.hall, 2, AN)
    with pytest.raises(CounterClosed):
        check_mine_or_left(opened.hall, 2, BINH)
    opened.press("open", 3)
    with pytest.raises(AtAnotherCounter):
        opened.press("undo", 2)


@pytest.mark.parametrize("kind", ["cancel", "priority", "close"])
def test_given_ten_seconds_have_passed_or_the_number_was_called_then_it_stays(busy, kind):
    busy.press("finish", 2)
    {
        "cancel": lambda: busy.cancel(2, by=AN),
        "priority": lambda: busy.grant(2, "priority", by=AN),
        "close": lambda: busy.press("close", 2),
    }[kind]()
    if kind == "priority":
        busy.press("open", 3, clerk=BINH)
        busy.press("call-next", 3, clerk=BINH)
    else:
        busy.clock.on(seconds=11)
    with pytest.raises(NothingToUndo):
        busy.press("undo", 2)


def test_given_a_restart_then_the_same_can_be_undone(tmp_path):
    centre = TestCentre(tmp_path / "hall.db")
    centre.press("open", 2)
    centre.take()
    centre.grant(1, "priority", by=AN)
    before = undo(centre)
    centre.start()
    centre.hall.refresh()
    assert undo(centre) == before == ("ticket.priority_changed", "B001")


def retire(centre, code):
    """Take a service off every counter, for good."""

    def change(act):
        service = act.catalogue.services[code]
        return change_settings.change_service(act, code, replace(service, active=False), [])

    centre.hall.run_as_system(change, "user:9")


def test_given_a_service_that_was_retired_since_then_nobody_is_sent_back_to_its_queue(opened):
    opened.take("HO_TICH")
    opened.press("call-next", 2)
    retire(opened, "HO_TICH")
    assert undo(opened) is None
    with pytest.raises(NothingToUndo):
        opened.press("undo", 2)
    opened.press("start", 2)
    with pytest.raises(ServiceClosed):
        opened.press("hold", 2)
    opened.press("finish", 2)
    opened.set_hall(hotline="1900 1234")  # nobody waits there, so that nothing else is refused


def test_given_a_cancelled_or_missed_number_of_a_service_that_was_retired_then_it_does_not_wait_again(opened):
    opened.take("HO_TICH"), opened.take("HO_TICH")
    opened.press("call-next", 2)
    opened.press("no-show", 2)
    opened.cancel(2, by=AN)
    retire(opened, "HO_TICH")
    assert undo(opened) is None
    with pytest.raises(NothingToUndo):
        opened.press("undo", 2)
    with pytest.raises(ServiceClosed):
        opened.press("return", 2, ref=1)


def test_given_somebody_is_held_then_their_service_keeps_a_counter(opened):
    opened.take("HO_TICH")
    for button in ("call-next", "start", "hold"):
        opened.press(button, 2)
    with pytest.raises(SettingRefused) as refused:
        retire(opened, "HO_TICH")
    assert (refused.value.code, refused.value.params["waiting"]) == ("setting_people_wait", 1)


@pytest.mark.parametrize("again", ["transfer", "return"])
def test_given_a_wait_that_was_undone_when_a_call_that_passed_it_is_too_then_the_next_wait_counts_no_pass_less(again):
    centre = TestCentre()
    reader = Reader(centre.hall.log_id)
    centre.set_policy(cap=1)
    centre.press("open", 2, AN)
    centre.press("open", 3, BINH)
    first = centre.take("CHUNG_THUC")["ref"]
    for button in ("call-next", "start"):
        centre.press(button, 2)
    if again == "transfer":
        wait = {"button": "transfer", "service": "DAT_DAI"}
    else:
        centre.press("hold", 2)
        centre.press("pause", 2, reason=None)  # so that nobody is kept for it
        wait = {"button": "return", "ref": first}
    centre.clock.on(seconds=60)
    for _ in range(2):
        centre.take("DAT_DAI" if again == "transfer" else "CHUNG_THUC", "urgent")
    centre.press(counter=2, **wait)
    assert centre.press("call-next", 3, BINH)["ticket"]["ref"] != first
    centre.press("undo", 2)
    centre.press(counter=2, **wait)
    centre.press("undo", 3, BINH)
    assert centre.hall.floor.waiting.passed(first) == 0
    called = []
    for _ in range(3):  # one passes, and nobody else
        called.append(centre.press("call-next", 3, BINH)["ticket"]["ref"])
        centre.press("no-show", 3, BINH)
    assert called.index(first) == 1
    assert verify(centre.store).faults == []
    for written in centre.store.written(0):
        reader.read(written)
