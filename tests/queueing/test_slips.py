"""Slips and skips by hand: who passed whom, by which reason, and what an undone call leaves."""

from hall.review import slips_of
from queueing.slips import slips_by_day
from tests.hall.centre import AN, TestCentre


def test_given_a_day_then_skips_and_slips_are_told_by_reason_and_are_equal():
    small = TestCentre()
    small.press("open", 2, AN)
    for minute, priority in ((0, "ordinary"), (1, "ordinary"), (2, "priority"), (3, "ordinary")):
        small.take(priority_class=priority)
        small.clock.on(minutes=1 if minute < 3 else 5)
    small.serve(2)  # the elder passes two
    small.press("call", 2, ref=4, reason="unwell")  # by hand: passes two, but does not come
    small.press("no-show", 2)
    small.press("call-next", 2)
    small.press("start", 2)
    small.press("undo", 2)  # a slip of the finger: nothing began
    small.press("start", 2)
    day = small.hall.floor.day
    slips = slips_by_day(small.store.events(0))[day]
    assert slips_of(small.store, day, day) == {day: slips}
    assert dict(slips.calls) == {"HEADSTART": 1, "ORDER": 1}
    assert slips.skips["HEADSTART"] == slips.total("HEADSTART") == 2
    assert slips.passed("HEADSTART").max_s == 1
    assert slips.skips["MANUAL"] == slips.total("MANUAL") == 0
