"""Which connection is closed when there are too many."""

import errno

import pytest

from runtime.connections import Connections, SteadyListener


class Line:
    """A connection that notes that it was closed."""

    def __init__(self, connections, address):
        self.closed = False
        self.held = connections.admitted(address, self.close)
        self.connection = self.held.__enter__()

    def close(self):
        self.closed = True

    def end(self):
        self.held.__exit__(None, None, None)


def test_given_an_address_at_its_share_then_whoever_waits_longest_there_is_closed_and_no_other():
    connections = Connections(most=100, share=3)
    kiosk = Line(connections, "kiosk")
    slow = [Line(connections, "stranger") for _ in range(5)]
    assert [line.closed for line in slow] == [True, True, False, False, False]
    assert not kiosk.closed


def test_given_requests_being_answered_then_they_keep_their_place():
    connections = Connections(most=100, share=2)
    answered = [Line(connections, "proxy") for _ in range(2)]
    for line in answered:
        line.connection.works()
    slow = [Line(connections, "proxy") for _ in range(3)]
    assert [line.closed for line in answered + slow] == [False, False, True, False, False]
    answered[0].connection.waits()
    assert slow[1].closed and not answered[0].closed


def test_given_all_places_are_taken_then_a_newcomer_gets_in_and_whoever_waits_longest_goes():
    connections = Connections(most=4, share=4)
    slow = [Line(connections, f"stranger {n}") for n in range(4)]
    newcomer = Line(connections, "kiosk")
    assert [line.closed for line in slow] == [True, False, False, False] and not newcomer.closed
    slow[0].end()
    Line(connections, "kiosk")
    assert [line.closed for line in slow] == [True, True, False, False]


def test_given_connections_that_end_then_nothing_of_them_is_kept():
    connections = Connections(most=4, share=2)
    for _ in range(10):
        Line(connections, "phone").end()
    assert (connections.held, connections._waiting, connections._by_address) == (0, {}, {})


def test_given_the_end_then_all_that_wait_are_closed_and_those_being_answered_are_not():
    connections = Connections(most=10, share=10)
    slow, answered = Line(connections, "stranger"), Line(connections, "kiosk")
    answered.connection.works()
    connections.close_waiting()
    assert slow.closed and not answered.closed


def test_given_the_end_then_nobody_is_waited_for_who_goes_on_sending():
    connections = Connections(most=10, share=10)
    pouring, answered = Line(connections, "stranger"), Line(connections, "kiosk")
    for line in (pouring, answered):
        line.connection.works()
    connections.close_waiting()
    assert not pouring.closed
    pouring.connection.waits_for_more()
    answered.connection.waits()  # for the other side to take its answer
    assert pouring.closed and pouring.connection.closed and not answered.closed


class Failing:
    """A listening socket that fails in every way before it accepts."""

    def __init__(self, failures):
        self.failures = list(failures)

    def accept(self):
        if self.failures:
            raise OSError(self.failures.pop(0), "cannot accept")
        return "connection", "address"


def test_given_connections_that_cannot_be_accepted_then_room_is_made_and_the_next_is():
    connections, slept = Connections(most=10, share=10), []
    slow = [Line(connections, "stranger") for _ in range(3)]
    failures = [errno.EMFILE, errno.ENFILE, errno.ECONNABORTED, errno.ECONNRESET, errno.EPIPE, errno.ENOBUFS]
    listener = SteadyListener(Failing(failures), connections, slept.append)
    assert listener.accept() == ("connection", "address")
    assert [line.closed for line in slow] == [True] * 3 and len(slept) == len(failures)


def test_given_a_listener_that_was_closed_then_it_accepts_no_more():
    with pytest.raises(OSError, match="cannot accept"):
        SteadyListener(Failing([errno.EBADF]), Connections(1, 1), lambda _: None).accept()
