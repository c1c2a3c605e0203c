"""An address with many requests at once lets the requests of others begin between them."""

import threading

from runtime.fair_start import AT_ONCE, FairStart

GIVE_UP_S = 20
CROWD = 5 * AT_ONCE


def test_given_addresses_with_hundreds_of_requests_then_another_begins_among_the_next_and_all_get_their_turn():
    entered, go, begun = threading.Semaphore(0), threading.Semaphore(0), []

    def give_way():
        entered.release()
        assert go.acquire(timeout=GIVE_UP_S)

    start = FairStart(give_way)

    def ask(address):
        start.begin(address)
        begun.append(address)

    def come(address):
        asking = threading.Thread(target=ask, args=(address,))
        asking.start()
        return asking

    crowd = [come(f"crowd {n % 3}") for n in range(CROWD)]
    for _ in range(AT_ONCE):
        assert entered.acquire(timeout=GIVE_UP_S)
    assert not entered.acquire(timeout=0.2), "more began at once"
    kiosk = come("kiosk")
    while sum(map(len, start._waiting.values())) < CROWD - AT_ONCE + 1:
        pass
    # One of each of the four addresses, and what began before.
    for _ in range(4):
        go.release()
        assert entered.acquire(timeout=GIVE_UP_S)
    assert "kiosk" not in start._waiting
    go.release(CROWD)
    for each in (*crowd, kiosk):
        each.join(GIVE_UP_S)
    assert len(begun) == CROWD + 1
    assert (start._waiting, start.beginning) == ({}, 0)
