"""Settings that change during a busy day over HTTP: a short one of the days that `tools.days` plays."""

import pytest

from tests.wire.days import play_day

ACTIONS = 600


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_given_settings_that_change_under_everybody_then_each_fact_is_decided_at_its_own_place(centre):
    played = play_day(centre, ACTIONS, seed=1)
    print(played)
    assert played.faults == []
    assert played.actions >= ACTIONS and played.changes > 20
