"""Printers exchanged during the day: what waits and what is being printed comes out once."""

import threading
import time

import pytest

from tests.paper.centre import PrintingTestCentre, hurried
from tests.paper.printer import FakePrinter
from tests.paper.test_spool import expected

SPEED = 4


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    with hurried(monkeypatch, SPEED):
        yield


@pytest.fixture
def old():
    made = FakePrinter()
    yield made
    made.off()


@pytest.fixture
def new():
    made = FakePrinter()
    yield made
    made.off()


def under_way(centre, worker, until):
    """Run a printer's worker in a thread of its own until a condition holds."""
    thread = threading.Thread(target=centre.spool.work, args=(worker,))
    thread.start()
    deadline = time.monotonic() + 10
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return thread


def images(printer):
    return [ticket.tobytes() for ticket in printer.tickets]


def test_given_a_ticket_that_waits_when_printers_are_exchanged_then_the_new_one_prints_it(old, new):
    centre = PrintingTestCentre(old.address)
    ref = centre.take().ticket.ref
    assert len(centre.use(new.address)) == 1
    centre.run()
    assert images(new) == [expected(centre, ref).tobytes()] and old.connections == 0
    assert centre.print_events() == [("print.printed", "B001", False, "1", None)] and centre.clean()


def test_given_a_ticket_on_its_way_when_printers_are_exchanged_then_it_ends_where_it_began(old, new):
    old.slow_s = 0.5
    centre = PrintingTestCentre(old.address)
    worker, ref = centre.spool.workers[0], centre.take().ticket.ref
    thread = under_way(centre, worker, lambda: worker.sent_at is not None)
    centre.use(new.address)
    centre.run(1)
    assert new.tickets == [] and centre.last(ref).state == "sent"
    thread.join(10)
    assert images(old) == [expected(centre, ref).tobytes()]
    assert centre.print_events() == [("print.printed", "B001", False, "1", None)]
    assert centre.spool._done(worker), "its worker ends"
    second = centre.take().ticket.ref
    assert not centre.spool.work(worker)
    centre.run()
    assert images(new) == [expected(centre, second).tobytes()] and centre.clean()


def test_given_a_printer_that_cannot_be_reached_when_it_is_exchanged_then_its_ticket_is_no_failure(old, new):
    from paper import spool

    spool.ALERT_AFTER_S = 4.0  # the fixture puts it back
    old.off()
    centre = PrintingTestCentre(old.address)
    worker, ref = centre.spool.workers[0], centre.take().ticket.ref
    centre.spool._sleep = lambda seconds: centre.use(new.address)  # while the first try is waited out
    assert centre.spool.work(worker)
    assert centre.print_events() == []
    centre.run()
    assert images(new) == [expected(centre, ref).tobytes()]
    assert centre.print_events() == [("print.printed", "B001", False, "1", None)] and centre.clean()


def test_given_a_ticket_on_its_way_when_its_printer_breaks_after_the_exchange_then_the_new_one_prints_a_copy(old, new):
    old.dies_after = 5000
    centre = PrintingTestCentre(old.address)
    worker, ref = centre.spool.workers[0], centre.take().ticket.ref
    offload = centre.spool._offload

    def exchanged_first(work):
        if worker.sent_at is not None:
            centre.use(new.address)
            centre.spool._offload = offload
        return offload(work)

    centre.spool._offload = exchanged_first
    assert centre.spool.work(worker)
    centre.run()
    assert images(new) == [expected(centre, ref, copy=True).tobytes()]
    assert [event[2:] for event in centre.print_events()] == [(False, "1", "broke_off"), (True, "1", None)]
    assert centre.hall.floor.printers == {} and centre.clean()


def test_given_a_slow_printer_when_it_was_exchanged_then_staff_still_hear_of_it(old, new):
    old.slow_s = 8 / SPEED
    centre = PrintingTestCentre(old.address)
    centre.spool._clock = time.monotonic
    worker, ref = centre.spool.workers[0], centre.take().ticket.ref
    thread = under_way(centre, worker, lambda: worker.sent_at is not None)
    centre.use(new.address)
    deadline = time.monotonic() + 10
    while not centre.print_events():
        centre.spool.watch()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert centre.print_events() == [("print.sent", "B001", False, "1", "no_answer")]
    assert centre.spool.work(centre.spool.workers[0])
    assert images(new) == [expected(centre, ref, copy=True).tobytes()]
    thread.join(10)
    assert centre.clean()


def test_given_no_printer_any_more_then_what_waits_is_reported_and_what_is_under_way_ends(old):
    old.slow_s = 0.5
    centre = PrintingTestCentre(old.address)
    worker = centre.spool.workers[0]
    flying, waiting = centre.take().ticket.ref, centre.take().ticket.ref
    thread = under_way(centre, worker, lambda: worker.sent_at is not None)
    assert centre.use() == []
    centre.spool.watch()
    assert centre.print_events() == [("print.failed", "B002", False, "preview", "too_late")]
    thread.join(10)
    centre.run()
    assert images(old) == [expected(centre, flying).tobytes()]
    assert centre.last(waiting).state == "failed" and centre.last(flying).state == "printed"
    assert centre.last(centre.take().ticket.ref) is None and centre.clean()


def test_given_the_same_printer_under_other_settings_then_it_keeps_its_one_worker(old, new):
    centre = PrintingTestCentre(old.address, new.address)
    main, spare = centre.spool.workers
    assert centre.use(new.address, old.address) == []
    assert [worker.printer.name for worker in centre.spool.workers] == ["1", "2"] and centre.spool.workers == [
        spare,
        main,
    ]
    assert centre.use(old.address + "?profile=printer-58") == []
    assert centre.spool.workers == [main] and main.printer.profile.width == 384
    centre.take()
    centre.run()
    rasters = [command for command in old.decoder.commands if command.startswith("GS v 0")]
    assert max(int(raster[7:].partition("x")[0]) for raster in rasters) <= 384
    assert len(old.tickets) == 1 and new.tickets == []


def test_given_a_printer_that_comes_back_while_it_still_prints_then_no_second_worker_speaks_to_it(old, new):
    old.slow_s = 0.5
    centre = PrintingTestCentre(old.address)
    worker = centre.spool.workers[0]
    centre.take()
    thread = under_way(centre, worker, lambda: worker.sent_at is not None)
    centre.use(new.address)
    assert centre.use(old.address) == [] and centre.spool.workers == [worker]
    thread.join(10)
    assert not centre.spool._done(worker)
    centre.take()
    centre.run()
    assert len(old.tickets) == 2 and new.tickets == [] and centre.clean()


def test_given_a_talk_with_a_printer_then_its_tickets_wait_a_moment_and_then_go_to_the_spare(old, new):
    centre = PrintingTestCentre(old.address, new.address)
    worker = centre.spool.workers[0]
    ref = centre.take().ticket.ref
    met = []

    def talk(printer):
        met.append(centre.spool.work(worker))
        met.append(centre.spool.run_alone(worker, talk))
        centre.spool.watch()
        met.append(centre.spool.work(centre.spool.workers[1]))
        centre.time.sleep(5)
        met.append(centre.spool.work(centre.spool.workers[1]))

    assert centre.spool.run_alone(worker, talk)
    assert met == [False, False, False, True]
    assert images(new) == [expected(centre, ref).tobytes()] and old.connections == 0
    assert worker.state == "reached"


def test_given_a_trouble_that_a_talk_meets_then_the_next_ticket_goes_to_the_spare_until_it_is_well(old, new):
    centre = PrintingTestCentre(old.address, new.address)
    worker = centre.spool.workers[0]
    centre.spool.run_alone(worker, lambda printer: "paper_end")
    assert worker.state == "paper_end"
    centre.take()
    centre.run()
    assert (len(old.tickets), len(new.tickets)) == (0, 1)
    centre.spool.run_alone(worker, lambda printer: None)
    centre.take()
    centre.run()
    assert (len(old.tickets), len(new.tickets)) == (1, 1)


def test_given_a_printer_in_trouble_when_the_setting_changes_then_its_alarm_is_gone(old, new):
    from hall.catalogue.printers import PrinterChoices, PrinterSetting
    from hall.options import HallOptions
    from hall.settings.change import change_printers
    from hall.views.printers import printer_views

    old.paper = False
    choices = PrinterChoices(("network",), {"printer-80": ""})
    centre = PrintingTestCentre(old.address, options=HallOptions(printer_choices=lambda: choices))
    centre.take()
    centre.run()
    assert [each.cause for each in printer_views(centre.hall)] == ["paper_end"]
    part = PrinterSetting("network", "192.168.1.50", "printer-80")
    centre.hall.run_as_system(lambda act: change_printers(act, [part]), "user:1")
    assert printer_views(centre.hall) == [] and centre.clean()
    assert centre.start().hall.floor.printers == {}
