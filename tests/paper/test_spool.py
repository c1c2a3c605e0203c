"""From the saved number to the paper, through every fault a printer can have."""

import threading
import time

import pytest

from hall.arrivals import move_ticket
from queueing.errors import AlreadyPrinting, StepNotAllowed
from tests.paper.centre import WORDS, PrintingTestCentre, hurried
from tests.paper.printer import FakePrinter

SPEED = 4  # all waits are a quarter of the real ones


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    with hurried(monkeypatch, SPEED):
        yield


@pytest.fixture
def printer():
    made = FakePrinter()
    yield made
    made.off()


@pytest.fixture
def spare():
    made = FakePrinter()
    yield made
    made.off()


def expected(centre, ref, copy=False):
    """Draw the ticket again, as it is now."""
    from hall.printing import slip_of
    from paper.ticket import draw_ticket
    from tests.paper.centre import URL

    return draw_ticket(slip_of(centre.hall, ref, copy, URL), WORDS["vi"], 576)


def test_given_a_printer_when_a_number_is_taken_then_what_arrives_is_the_drawn_ticket_dot_for_dot(printer):
    centre = PrintingTestCentre(printer.address)
    ref = centre.take().ticket.ref
    centre.run()
    assert [ticket.tobytes() for ticket in printer.tickets] == [expected(centre, ref).tobytes()]
    assert printer.faults == []
    assert printer.decoder.commands[:3] == ["DLE EOT 1", "DLE EOT 2", "DLE EOT 4"]
    assert printer.decoder.commands[-2:] == ["GS V", "GS r"]
    assert centre.print_events() == [("print.printed", "B001", False, "1", None)]
    assert centre.last(ref).state == "printed" and centre.clean()


def test_given_a_printed_ticket_when_it_is_asked_for_again_then_it_comes_marked_as_a_copy(printer):
    centre = PrintingTestCentre(printer.address)
    ref = centre.take().ticket.ref
    centre.run()
    centre.copy(ref)
    with pytest.raises(AlreadyPrinting):
        centre.copy(ref)
    centre.run()
    assert printer.tickets[1].tobytes() == expected(centre, ref, copy=True).tobytes()
    assert printer.tickets[1].tobytes() != printer.tickets[0].tobytes()
    assert [event[2] for event in centre.print_events()] == [False, True]


def test_given_a_change_of_service_then_the_first_paper_of_the_new_number_is_no_copy_and_the_next_is(printer):
    centre = PrintingTestCentre(printer.address)
    ref = centre.take().ticket.ref
    centre.run()
    number = centre.hall.run_as_system(lambda act: move_ticket(act, ref, "HO_TICH"), "user:2").number
    for copy in (False, True):
        centre.time.sleep(1)
        centre.copy(ref)
        centre.run()
        assert printer.tickets[-1].tobytes() == expected(centre, ref, copy=copy).tobytes()
        assert centre.print_events()[-1] == ("print.printed", number, copy, "1", None)
    assert centre.clean()


def test_given_a_number_that_comes_out_after_its_change_of_service_then_the_next_paper_is_a_copy(printer):
    centre = PrintingTestCentre(printer.address)
    ref = centre.take().ticket.ref
    centre.time.sleep(1)
    centre.hall.run_as_system(lambda act: move_ticket(act, ref, "HO_TICH"), "user:2")
    centre.time.sleep(1)
    centre.run()
    centre.copy(ref)
    centre.run()
    assert [event[2] for event in centre.print_events()] == [False, True]


def test_given_a_cancelled_ticket_then_it_is_not_printed_again(printer):
    from hall.arrivals import cancel_ticket

    centre = PrintingTestCentre(printer.address)
    ref = centre.take().ticket.ref
    centre.hall.run_as_system(lambda act: cancel_ticket(act, ref), "ticket:1")
    with pytest.raises(StepNotAllowed):
        centre.copy(ref)


def test_given_no_printer_then_no_print_is_claimed(tmp_path):
    centre = PrintingTestCentre("preview://")
    ref = centre.take().ticket.ref
    assert centre.last(ref) is None and centre.print_events() == []
    centre.copy(ref)
    assert centre.print_events() == [("print.sent", "B001", True, "preview", None)]


TROUBLES = {
    "out of paper": ({"paper": False}, "paper_end"),
    "cover open": ({"cover": False}, "cover_open"),
    "hung": ({"hung": True}, "no_answer"),
}


@pytest.mark.parametrize(("trouble", "cause"), TROUBLES.values(), ids=TROUBLES)
def test_given_a_printer_in_trouble_then_nothing_is_printed_staff_are_notified_and_it_ends_with_a_print(
    trouble, cause, printer
):
    centre = PrintingTestCentre(printer.address + "?profile=epson-80")
    for name, value in trouble.items():
        setattr(printer, name, value)
    ref = centre.take().ticket.ref
    centre.run()
    assert centre.print_events() == [("print.failed", "B001", False, "1", cause)]
    assert centre.hall.floor.printers["1"].cause == cause
    assert printer.tickets == []
    for name, value in {"paper": True, "cover": True, "hung": False}.items():
        setattr(printer, name, value)
    centre.copy(ref)
    centre.run()
    assert len(printer.tickets) == 1 and centre.hall.floor.printers == {}
    assert centre.clean()


def test_given_a_printer_that_is_off_then_it_is_tried_again_for_a_moment_and_reported(printer):
    printer.off()
    centre = PrintingTestCentre(printer.address)
    ref = centre.take().ticket.ref
    centre.run()
    assert centre.print_events() == [("print.failed", "B001", False, "1", "unreachable")]
    printer.on()
    centre.copy(ref)
    centre.run()
    assert centre.last(ref).state == "printed"


def test_given_a_trouble_that_passes_at_once_then_the_original_comes_out(printer):
    from paper import spool

    spool.ALERT_AFTER_S = 4.0  # the fixture puts it back
    centre = PrintingTestCentre(printer.address)
    printer.off()
    centre.take()
    sleeping = centre.time.sleep
    centre.spool._sleep = lambda seconds: (sleeping(seconds), printer._listener or printer.on())
    centre.run()
    assert centre.print_events() == [("print.printed", "B001", False, "1", None)]


@pytest.mark.parametrize("trouble", [{"paper": False}, {"cover": False}, {"hung": True}, None])
def test_given_a_spare_when_the_first_cannot_then_the_spare_prints_the_original(trouble, printer, spare):
    if trouble is None:
        printer.off()
    else:
        for name, value in trouble.items():
            setattr(printer, name, value)
    centre = PrintingTestCentre(printer.address + "?profile=epson-80", spare.address)
    ref = centre.take().ticket.ref
    centre.run()
    assert [event[0] for event in centre.print_events()] == ["print.failed", "print.printed"]
    assert centre.print_events()[-1] == ("print.printed", "B001", False, "2", None)
    assert spare.tickets[0].tobytes() == expected(centre, ref).tobytes()
    assert centre.hall.floor.printers["1"].spare and "2" not in centre.hall.floor.printers
    centre.take()
    centre.run(1)
    assert centre.print_events()[-1][1:4] == ("B002", False, "2"), "the first is left alone for a while"


def whole_length(printer):
    """The bytes of one undisturbed ticket, questions included."""
    centre = PrintingTestCentre(printer.address)
    centre.take()
    centre.run()
    while not printer.lengths:
        time.sleep(0.01)
    return printer.lengths[-1]


@pytest.mark.slow
@pytest.mark.parametrize("with_spare", [False, True], ids=["alone", "with a spare"])
def test_given_a_printer_that_dies_at_any_place_then_no_number_is_lost_or_doubled(with_spare, printer, spare):
    length = whole_length(printer)
    for percent in range(2, 101, 2):
        dying = FakePrinter(dies_after=length * percent // 100)
        before = len(spare.tickets)
        centre = PrintingTestCentre(*([dying.address, spare.address] if with_spare else [dying.address]))
        ref = centre.take().ticket.ref
        centre.run(2)
        dying.off()
        where, job, events = f"{percent} %", centre.last(ref), centre.print_events()
        originals = [t for t in events if not t[2]]
        time.sleep(0.01)  # what is on its way still arrives
        came_out = len(dying.tickets)
        assert len({t[1] for t in events}) == 1, where
        assert came_out <= 1, where
        # What the printer did not say it printed is nowhere claimed to be printed.
        if originals[0][0] == "print.printed":
            assert came_out == 1, where
        else:
            assert centre.hall.floor.printers["1"].cause in ("broke_off", "no_answer", "offline"), where
        if with_spare and originals[0][0] != "print.printed":
            out = spare.tickets[before:]
            assert len(out) == 1, (where, events)
            # The spare's is the original only if not one byte of the first had gone out.
            begun = any("v 0" in command for command in dying.decoder.commands) or dying.decoder.rows
            copied = out[0].tobytes() == expected(centre, ref, copy=True).tobytes()
            if begun:
                assert copied, where
            assert job.state == "printed" and job.copy == copied, where
        assert centre.clean(), where
        assert dying.faults == [], where


def test_given_a_torn_ticket_when_the_next_comes_then_it_is_whole_and_alone(printer):
    printer.dies_after = 30_000
    centre = PrintingTestCentre(printer.address)
    centre.take()
    centre.run()
    printer.dies_after = None
    assert printer.decoder.pending and printer.decoder.rows, "it waits for the rest of a picture"
    ref = centre.take().ticket.ref
    centre.run()
    assert printer.tickets[-1].tobytes() == expected(centre, ref).tobytes()
    assert printer.faults == []


def test_given_a_mute_printer_then_its_profile_says_that_nobody_knows():
    printer = FakePrinter(mute=True)
    centre = PrintingTestCentre(printer.address + "?profile=mute-80")
    ref = centre.take().ticket.ref
    centre.run()
    assert centre.print_events() == [("print.sent", "B001", False, "1", None)]
    assert centre.last(ref).state == "sent" and centre.hall.floor.printers == {}
    assert len(printer.eventually(1)) == 1 and "DLE EOT 1" not in printer.decoder.commands
    printer.off()


def test_given_a_printer_of_unknown_kind_that_never_answers_then_it_prints_and_staff_are_notified():
    printer = FakePrinter(mute=True)
    centre = PrintingTestCentre(printer.address)
    for _ in range(3):
        centre.take()
    centre.run()
    assert len(printer.eventually(3)) == 3
    assert {(event[0], event[4]) for event in centre.print_events()} == {("print.sent", "no_answer")}
    assert centre.hall.floor.printers["1"].cause == "no_answer"
    printer.off()


def test_given_a_printer_that_answers_nonsense_then_nothing_is_believed():
    printer = FakePrinter(lies=0xFF)
    centre = PrintingTestCentre(printer.address)
    ref = centre.take().ticket.ref
    centre.run()
    assert centre.last(ref).state == "sent"
    printer.off()


@pytest.mark.parametrize("with_spare", [False, True], ids=["alone", "with a spare"])
def test_given_a_printer_slow_by_thirty_seconds_then_staff_hear_of_it_while_it_prints_and_the_end_is_right(
    with_spare, printer, spare
):
    """Everything four times faster."""
    printer.slow_s = 30 / SPEED
    centre = PrintingTestCentre(*([printer.address, spare.address] if with_spare else [printer.address]))
    centre.spool._clock = time.monotonic
    ref = centre.take().ticket.ref
    worker = threading.Thread(target=centre.spool.work, args=(centre.spool.workers[0],))
    began = time.monotonic()
    worker.start()
    while not centre.print_events():
        centre.spool.watch()
        assert time.monotonic() - began < 30, "no alarm reached the staff"
        time.sleep(0.02)
    assert worker.is_alive()
    print(f"staff heard of a slow printer after {(time.monotonic() - began) * SPEED:.1f} s")
    assert centre.print_events() == [("print.sent", "B001", False, "1", "no_answer")]
    if with_spare:
        assert centre.spool.work(centre.spool.workers[1])
        assert spare.tickets[0].tobytes() == expected(centre, ref, copy=True).tobytes()
    worker.join(10)
    assert centre.print_events()[-1] == ("print.printed", "B001", False, "1", None)
    assert centre.hall.floor.printers == {} and centre.clean()


def test_given_a_power_cut_while_printing_then_the_ticket_is_offered_as_a_copy_and_not_printed_again(printer, tmp_path):
    centre = PrintingTestCentre(printer.address, path=tmp_path / "hall.db")
    flying, waiting = centre.take().ticket.ref, centre.take().ticket.ref
    centre.prints.send(centre.prints.open()[0], "1")
    centre.start().run()
    assert centre.print_events() == [
        ("print.sent", "B001", False, "1", "interrupted"),
        ("print.printed", "B002", False, "1", None),
    ]
    assert [ticket.tobytes() for ticket in printer.tickets] == [expected(centre, waiting).tobytes()]
    centre.copy(flying)
    centre.run()
    assert printer.tickets[-1].tobytes() == expected(centre, flying, copy=True).tobytes()


def test_given_a_print_asked_for_long_ago_then_it_is_not_printed_for_nobody(printer):
    centre = PrintingTestCentre(printer.address)
    ref = centre.take().ticket.ref
    centre.time.sleep(600)
    centre.run()
    assert centre.last(ref).cause == "too_late" and printer.tickets == []
