"""What may come over one socket before it is closed."""

import pytest
import structlog

from runtime.metering import JOINED, UNJOINED, Meter, MeteredSocket


class Clock:
    def __init__(self):
        self.at = 100.0

    def __call__(self):
        return self.at


def test_given_a_socket_that_is_no_screens_then_it_may_send_little_and_waiting_brings_no_more():
    clock = Clock()
    meter = Meter(clock)
    assert all(meter.take(2) for _ in range(UNJOINED.reads))
    clock.at += 3600
    assert not meter.take(2)


def test_given_a_screen_then_what_it_may_send_comes_back_with_time():
    clock = Clock()
    meter = Meter(clock)
    meter.joined()
    assert all(meter.take(2) for _ in range(JOINED.reads))
    clock.at += 1
    meter.joined()
    assert all(meter.take(2) for _ in range(int(JOINED.reads_a_second)))
    assert not meter.take(2)


@pytest.mark.parametrize("joined", [False, True])
def test_given_few_but_large_reads_then_their_bytes_count(joined):
    meter, allowance = Meter(Clock()), JOINED if joined else UNJOINED
    if joined:
        meter.joined()
    assert meter.take(allowance.size)
    assert not meter.take(1)


def test_given_a_wall_that_answers_twenty_calls_a_second_all_day_then_it_stays():
    clock = Clock()
    meter = Meter(clock)
    meter.joined()
    for _ in range(20_000):
        clock.at += 1 / 20
        assert all(meter.take(size) for size in (2, 4, 40, 2, 4, 40))


class Pouring:
    def recv(self, most):
        return b"x" * most

    def fileno(self):
        return 7


def test_given_a_socket_that_pours_then_others_run_before_each_read_and_it_ends_with_one_line():
    turns = []
    line = MeteredSocket(Pouring(), Meter(Clock()), lambda: turns.append(1), "10.0.0.9")
    with structlog.testing.capture_logs() as lines:
        reads = [line.recv(4) for _ in range(3 * UNJOINED.reads)]
    assert reads.count(b"xxxx") == UNJOINED.reads and set(reads[UNJOINED.reads :]) == {b""}
    assert len(turns) == UNJOINED.reads + 1
    assert [(each["event"], each["address"]) for each in lines] == [("socket_flood", "10.0.0.9")]
    assert line.fileno() == 7
