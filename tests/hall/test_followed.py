"""Followed advice: an example worked by hand, from the wish to the waits of the hour after."""

from datetime import timedelta

from hall.counters import ask_counter
from queueing.advice import Advice, Effect
from queueing.followed import followed
from tests.hall.centre import TestCentre

CHIEF = "user:77"


class Proposes:
    """A forecaster that proposes counter 4."""

    def __init__(self, forecaster):
        self._forecaster = forecaster

    def __getattr__(self, name):
        return getattr(self._forecaster, name)

    def advice(self, catalogue, floor):
        return Advice(4, (Effect("HO_TICH", 1500, 700, 3120, 1800),))


def ask(centre, counter):
    centre.hall.run_as_system(lambda act: ask_counter(act, counter, "open"), CHIEF)


def test_given_a_proposal_that_is_followed_then_the_log_has_it_and_the_hour_after_says_what_came_of_it():
    centre = TestCentre()
    centre.hall.forecaster = Proposes(centre.hall.forecaster)
    centre.press("open", 2)
    ask(centre, 4)
    ask(centre, 3)  # not what was proposed
    centre.take("HO_TICH")  # before it opened
    centre.clock.on(minutes=5)
    opened_at = centre.hall.now()
    centre.press("open", 4, clerk="user:9")
    for minutes in (1, 2):
        centre.take("HO_TICH")
        centre.clock.on(minutes=minutes)
    for counter, clerk in ((2, None), (4, "user:9"), (2, None)):
        centre.serve(counter, **({} if clerk is None else {"clerk": clerk}))
    centre.clock.on(minutes=70)
    centre.take("HO_TICH")  # too late to be looked at
    centre.serve(2)
    (one,) = followed(centre.store.events(0))
    assert (one.counter, one.service, one.now_s, one.then_s) == (4, "HO_TICH", 3120, 1800)
    assert abs(one.opened_at - opened_at) < timedelta(seconds=1)
    # Taken after 5 and 6 minutes, called after 13 and 18.
    assert (one.waits, one.p90_s) == ([480, 720], 720)


def test_given_a_counter_that_opens_much_later_then_nothing_came_of_the_proposal():
    centre = TestCentre()
    centre.hall.forecaster = Proposes(centre.hall.forecaster)
    ask(centre, 4)
    centre.clock.on(minutes=31)
    centre.press("open", 4, clerk="user:9")
    centre.take("HO_TICH")
    centre.serve(4, clerk="user:9")
    (one,) = followed(centre.store.events(0))
    assert (one.opened_at, one.waits, one.p90_s) == (None, [], None)
