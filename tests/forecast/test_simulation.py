"""The queue simulated ahead: worked examples without chance, and halls whose wait is known in closed form."""

import random
from math import factorial, inf

import pytest

from forecast.durations import Durations
from forecast.learning import Learnt
from forecast.simulation import simulate
from forecast.state import AwayTicket, CounterOutlook, HallOutlook, WaitingTicket, Window

HOUR = 3600.0


class Fixed(Durations):
    """Every service takes what is configured, and nothing else takes any time."""

    def __init__(self, seconds):
        self._seconds = seconds
        self.walks = self.gaps = self.reactions = [0.0]
        self.service_s = {service: [took] * 3 for service, took in seconds.items()}

    def occupied(self, service):
        return lambda: self._seconds[service]

    def gap(self):
        return lambda: 0.0

    reaction = gap

    def speed_factors(self, runs):
        return [1.0] * runs

    def rest_of(self, pool, elapsed_s):
        return lambda: max(0.0, pool[0] - elapsed_s)

    def pause_pool(self, reason):
        return [600.0]


def minutes(times):
    return {name: None if wait[0] == inf else wait[0] / 60 for name, wait in times.items()}


def played(outlook, seconds):
    return simulate(outlook, Learnt(), Fixed(seconds), random.Random(1), runs=3)


def waiting(*people):
    """Tickets of (service, hour of arrival), with refs from 1."""
    return tuple(WaitingTicket(n, service, n, at * HOUR) for n, (service, at) in enumerate(people, start=1))


def test_given_lunch_then_somebody_who_comes_at_twenty_past_eleven_may_be_called_at_five_past_two():
    windows = (Window(11 * HOUR, 11.5 * HOUR), Window(13.5 * HOUR, 17 * HOUR))
    counter = CounterOutlook(1, ("A",), windows, "open", service="A", called_s=11.25 * HOUR, started_s=11.25 * HOUR)
    here = HallOutlook(11.25 * HOUR + 300, 1, ("A",), 5, waiting(("A", 11.1), ("A", 11.2)), (counter,))
    # The service at the counter ends at 11:35, so both wait for the afternoon: 13:30 and 13:50; a newcomer 14:10.
    simulated = played(here, {"A": 1200.0})
    assert minutes(simulated.waits_s) == {1: 130, 2: 150}
    assert minutes(simulated.newcomers_s) == {"A": 170}
    assert simulated.before == {1: 0, 2: 1} and simulated.newcomers_before == {"A": 2}


def test_given_the_closing_then_somebody_behind_it_is_not_called_today():
    counter = CounterOutlook(1, ("A",), (Window(16 * HOUR, 17 * HOUR),), "open")
    here = HallOutlook(16.5 * HOUR, 1, ("A", "B"), 5, waiting(("A", 16), ("A", 16.1), ("A", 16.2)), (counter,))
    simulated = played(here, {"A": 1200.0, "B": 600.0})
    assert minutes(simulated.waits_s) == {1: 0, 2: 20, 3: None}
    assert minutes(simulated.newcomers_s) == {"A": None, "B": None}
    assert simulated.before[3] is None and simulated.newcomers_before["B"] is None


def test_given_counters_with_their_own_services_then_each_waits_for_those_that_may_call_it():
    counters = (
        CounterOutlook(1, ("A", "B"), (Window(9 * HOUR, 17 * HOUR),), "open"),
        CounterOutlook(2, ("B",), (Window(9 * HOUR, 17 * HOUR),), "paused", paused_s=9 * HOUR - 300, reason="meeting"),
    )
    here = HallOutlook(9 * HOUR, 1, ("A", "B"), 5, waiting(("B", 8.1), ("A", 8.2), ("B", 8.3), ("A", 8.4)), counters)
    simulated = played(here, {"A": 600.0, "B": 300.0})
    # Counter 1 calls 1 at once and 2 after five minutes; counter 2, back after five more minutes, calls 3.
    assert minutes(simulated.waits_s) == {1: 0, 2: 5, 3: 5, 4: 15}
    assert simulated.before == {1: 0, 2: 1, 3: 1, 4: 2}
    assert minutes(simulated.newcomers_s) == {"A": 25, "B": 10}


def test_given_somebody_sent_for_a_copy_then_they_are_called_first_when_they_are_back():
    counter = CounterOutlook(1, ("A",), (Window(9 * HOUR, 17 * HOUR),), "open")
    held = WaitingTicket(9, "A", 0, 8 * HOUR, returned=True, counter=1, jumps=True)
    away = (AwayTicket(held, 9 * HOUR + 500),)
    here = HallOutlook(9 * HOUR, 1, ("A",), 5, waiting(("A", 8.5), ("A", 8.6)), (counter,), away)
    assert minutes(played(here, {"A": 600.0}).waits_s) == {1: 0, 2: 20}


# -- closed forms ----------------------------------------------------------------------------------


class Exponential(Fixed):
    """Service times without memory."""

    def __init__(self, mean_s, rng):
        super().__init__({"A": mean_s})
        self._mean_s, self._rng = mean_s, rng

    def occupied(self, service):
        return lambda: self._rng.expovariate(1 / self._mean_s)

    def rest_of(self, pool, elapsed_s):
        return self.occupied("A")


@pytest.mark.parametrize("servers", [1, 3])
def test_given_people_ahead_at_exponential_counters_then_the_wait_is_erlangs(servers):
    """With Q ahead and all counters busy the wait is the sum of Q + 1 intervals of mean 1 / (s mu)."""
    rng, window = random.Random(5), (Window(0, 10**9),)
    counters = tuple(
        CounterOutlook(n, ("A",), window, "open", service="A", called_s=0, started_s=0) for n in range(1, servers + 1)
    )
    people = tuple(WaitingTicket(n, "A", n, float(n)) for n in range(10))
    here = HallOutlook(100.0, 1, ("A",), 5, people, counters)
    waits = simulate(here, Learnt(), Exponential(300.0, rng), rng, runs=4000).waits_s[9]
    mean, variance = sum(waits) / len(waits), 10 * (300 / servers) ** 2
    assert mean == pytest.approx(10 * 300 / servers, rel=0.03)
    assert sum((wait - mean) ** 2 for wait in waits) / len(waits) == pytest.approx(variance, rel=0.1)


def busy_hall(ahead, servers, elapsed_s=0.0):
    """All counters are busy, and so many wait."""
    counters = tuple(
        CounterOutlook(n, ("A",), (Window(0, 10**9),), "open", service="A", called_s=0.0, started_s=100 - elapsed_s)
        for n in range(1, servers + 1)
    )
    return HallOutlook(100.0, 1, ("A",), 5, tuple(WaitingTicket(n, "A", n, float(n)) for n in range(ahead)), counters)


def test_given_all_states_of_a_hall_then_the_mean_wait_is_erlangs_c():
    """M/M/c: somebody who comes meets n people with the probability of that state, and waits C / (c mu - lambda)."""
    servers, mean_s, offered, rng = 3, 300.0, 2.4, random.Random(8)
    states = [offered**n / factorial(n) for n in range(servers)]
    states += [offered**servers / factorial(servers) * (offered / servers) ** n for n in range(60)]
    mean = 0.0
    for n, weight in enumerate(states[servers:]):
        waits = simulate(busy_hall(n, servers), Learnt(), Exponential(mean_s, rng), rng, 150).newcomers_s["A"]
        mean += weight / sum(states) * sum(waits) / len(waits)
    must_wait = sum(states[servers:]) / sum(states)
    assert mean == pytest.approx(must_wait / (servers / mean_s - offered / mean_s), rel=0.05)


def test_given_a_service_under_way_then_what_is_left_of_it_is_that_of_pollaczek_and_khinchine():
    """M/G/1: who meets a service meets one of length-biased duration, of which E[S²] / 2 E[S] is left on average."""
    rng = random.Random(9)
    durations = Durations(Learnt(), {"A": 600.0}, rng)
    pool = durations.service_s["A"]
    first, second = sum(pool) / len(pool), sum(took**2 for took in pool) / len(pool)
    left = []
    for took in rng.choices(pool, pool, k=1500):
        rest = durations.rest_of(pool, rng.random() * took)
        left += [rest() for _ in range(8)]
    assert sum(left) / len(left) == pytest.approx(second / (2 * first), rel=0.06)
