"""Slips and skips, worked by hand: who passed whom, for which reason, and what an undone call counts."""

from hall.review import slips_of
from queueing.slips import slips_by_day
from tests.hall.centre import AN, TestCentre


def test_given_a_day_then_skips_and_slips_are_counted_by_reason_and_are_equal():
    centre = TestCentre()
    centre.press("open", 2, AN)
    for minute, priority in ((0, "ordinary"), (1, "ordinary"), (2, "priority"), (3, "ordinary")):
        centre.take(priority_class=priority)
        centre.clock.on(minutes=1 if minute < 3 else 5)
    centre.serve(2)  # the elder passes two
    centre.press("call", 2, ref=4, reason="unwell")  # by hand: passes two, but does not come
    centre.press("no-show", 2)
    centre.press("call-next", 2)
    centre.press("start", 2)
    centre.press("undo", 2)  # a slip of the finger: nothing began
    centre.press("start", 2)
    day = centre.hall.floor.day
    slips = slips_by_day(centre.store.events(0))[day]
    assert slips_of(centre.store, day, day) == {day: slips}
    assert dict(slips.calls) == {"HEADSTART": 1, "ORDER": 1}
    assert slips.skips["HEADSTART"] == slips.total("HEADSTART") == 2
    assert slips.passed("HEADSTART").max_s == 1
    assert slips.skips["MANUAL"] == slips.total("MANUAL") == 0
