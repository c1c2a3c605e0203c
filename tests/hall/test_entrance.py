"""The people before the kiosk, who have no number yet: counted now and then, shown beside the wait."""

from datetime import timedelta

from hall.entrance import count_entrance, entrance_counts
from hall.verify import verify
from hall.views.watch import entrance_view
from queueing.events import instant
from tests.hall.centre import ZONE, TestCentre


def count(centre, people):
    return centre.hall.run_as_system(lambda act: count_entrance(act, people), "user:7")


def test_given_counts_then_the_last_of_today_is_shown_and_each_is_kept_with_its_time():
    centre = TestCentre()
    assert entrance_view(centre.hall) is None
    first = count(centre, 12)
    centre.clock.on(minutes=10)
    second = count(centre, 0)
    shown = entrance_view(centre.hall)
    assert (shown.at, shown.people, shown.counts) == (instant(second.at), 0, 2)
    centre.start()
    assert entrance_view(centre.hall) == shown
    today = centre.hall.floor.day
    centre.clock.on(days=1)
    centre.hall.refresh()
    assert entrance_view(centre.hall) is None
    third = count(centre, 3)

    def kept(*days):
        return [(each.day, each.at, each.people) for each in entrance_counts(centre.store, *days, ZONE)]

    tomorrow = today + timedelta(days=1)
    assert kept(today, today) == [(today, first.at, 12), (today, second.at, 0)]
    assert kept(tomorrow, tomorrow) == [(tomorrow, third.at, 3)]
    assert len(kept(today, tomorrow)) == 3
    assert verify(centre.store).faults == []
