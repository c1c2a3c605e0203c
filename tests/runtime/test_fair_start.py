"""An address with many requests at once lets the requests of others begin between them."""

import threading

from runtime.fair_start import AT_ONCE, FairStart

GIVE_UP_S = 20


def test_given_an_address_with_hundreds_of_requests_then_another_begins_at_once_and_all_get_their_turn():
    entered, go, begun = threading.Semaphore(0), threading.Event(), []

    def give_way():
        entered.release()
        assert go.wait(GIVE_UP_S)

    start = FairStart(give_way)

    def ask(address, n):
        start.begin(address)
        begun.append((address, n))

    crowd = [threading.Thread(target=ask, args=("crowd", n)) for n in range(5 * AT_ONCE)]
    for each in crowd:
        each.start()
    for _ in range(AT_ONCE):
        assert entered.acquire(timeout=GIVE_UP_S)
    assert not entered.acquire(timeout=0.2), "more began at once"
    kiosk = threading.Thread(target=ask, args=("kiosk", 0))
    kiosk.start()
    assert entered.acquire(timeout=GIVE_UP_S), "the kiosk waits behind the crowd"
    go.set()
    for each in (*crowd, kiosk):
        each.join(GIVE_UP_S)
    assert len(set(begun)) == 5 * AT_ONCE + 1
    assert start._queues == {}
