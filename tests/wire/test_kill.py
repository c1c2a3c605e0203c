"""Twenty kills of the server at random moments."""

import pytest
import requests

from tests.people import clerk_cookies, paired_wall, supervisor_cookies
from tests.wire.kills import cut_power

KILLS = 20


@pytest.mark.slow
def test_given_twenty_kills_then_every_acknowledged_ticket_is_there_once_and_nobody_signs_in_again(centre):
    supervisor = supervisor_cookies(centre)
    clerk, wall = clerk_cookies(centre, supervisor, "Lò Thị Mai"), paired_wall(centre, supervisor)
    cuts = cut_power(centre, KILLS, seed=7)
    slowest = max(cuts.starts_s)
    print(f"{len(cuts.acknowledged)} tickets, {KILLS} kills, {len(cuts.unanswered)} cut off; slowest {slowest:.2f} s")
    assert cuts.faults == []
    assert len(cuts.acknowledged) > KILLS and cuts.calls > 0
    for cookies, role in ((supervisor, "supervisor"), (clerk, "clerk"), (wall, "display")):
        me = requests.get(f"{centre.url}/api/v1/me", cookies=cookies, timeout=5)
        assert me.json()["role"] == role
