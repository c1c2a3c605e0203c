"""Whatever a printer does to its connection: one paper for each number, or staff hear why there is none."""

import os
import pty
import threading
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

import pytest
from PIL import Image

from paper import doctor, raster, spool
from paper.addresses import printer_at
from paper.drivers import BITS_OF_A_BYTE
from paper.profiles import profiles
from paper.raster import compose, slices
from tests.paper.centre import WORDS, PrintingTestCentre, RunningTime, hurried
from tests.paper.printer import Decoder, FakePrinter

SPEED = 6  # all waits are a sixth of the real ones
HEIGHT = 290  # of a ticket, in dots
BURST = 3  # numbers taken at once
GIVES_UP_S = 30.0
PRINTED, SENT, FAILED = "print.printed", "print.sent", "print.failed"

# Those that print everything, and those that print nothing. A ticket here has some 20,000 bytes.
PRINTS = {
    "well": {},
    "paper near its end": {"near_end": True},
    "one connection at a time": {"one_line": True},
    "late to release a connection": {"releases_after_s": 0.1},
    "reports at the start": {"reports": b"\x10\x00\x00\x0f" + b"\x14\x00\x00\x0f"},
    "closes without the last answer": {"hangs_up": True},
    "mute": {"mute": True},
    "mute, and closes": {"mute": True, "hangs_up": True},
    "slow line": {"bytes_per_s": 16_000},
}
DOES_NOT_PRINT = {
    "closes at once": {"refuses": True},
    "half open": {"hung": True},
    "closes after the first question": {"closes_after": 3},
    "resets after the first question": {"dies_after": 3},
    "closes in the middle": {"closes_after": 3000},
    "resets in the middle": {"dies_after": 3000},
    "out of paper": {"paper": False},
    "cover open": {"cover": False},
}


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    with hurried(monkeypatch, SPEED, running=True):
        yield


def stamp(slip, width):
    """Draw a small ticket that says which one it is: in the place of words, each letter is a row of dots."""
    name = f"{slip.number}{'c' if slip.copy else ' '}".encode()
    image = Image.new("1", (width, HEIGHT), 1)
    for row in range(HEIGHT - 10):
        image.paste(0, (0, row, width, row + 1))
    for n, letter in enumerate(name):
        for bit in range(8):
            if letter >> bit & 1:
                image.paste(1, (8 * bit, n, 8 * bit + 8, n + 1))
    return image


def read(image):
    """Which ticket a paper is: its number, and whether it is marked as a copy."""
    letters = (sum((image.getpixel((8 * bit, n)) > 0) << bit for bit in range(8)) for n in range(5))
    said = bytes(letters).decode()
    return said[:4], said[4] == "c"


def papers(*printers):
    return Counter(read(ticket) for printer in printers for ticket in printer.tickets)


@contextmanager
def printing(*printers, options=""):
    """A centre whose spool runs, on these printers; it takes numbers as `centre.take` does."""
    centre = PrintingTestCentre(*(printer.address + options for printer in printers), clock=RunningTime())
    centre.spool.draw = stamp
    with ExitStack() as stack:
        for printer in printers:
            stack.callback(printer.off)
        yield stack.enter_context(centre.running())


def wait_for(centre, until):
    """Wait until a condition holds; return how long that took, at the real speed."""
    began = time.monotonic()
    while not until():
        assert time.monotonic() - began < GIVES_UP_S, centre.print_events()
        time.sleep(0.01)
    return (time.monotonic() - began) * SPEED


def heard_of(centre):
    """The numbers of which the log says that they are on paper, or why that is not known."""
    return {number for kind, number, _, _, cause in centre.print_events() if kind in (PRINTED, SENT) or cause}


def burst(centre):
    numbers = [centre.take().ticket.number for _ in range(BURST)]
    heard = wait_for(centre, lambda: heard_of(centre) >= set(numbers))
    ended = wait_for(centre, lambda: not centre.prints.open())
    print(f"heard of {len(numbers)} numbers after {heard:.1f} s, all ended {ended:.1f} s later")
    return numbers


@pytest.mark.parametrize("with_spare", [False, True], ids=["alone", "with a spare"])
@pytest.mark.parametrize("manners", PRINTS.values(), ids=PRINTS)
def test_given_a_printer_that_prints_in_its_own_manner_when_three_come_at_once_then_each_number_is_on_paper(
    manners, with_spare
):
    printer, spare = FakePrinter(**manners), FakePrinter()
    with printing(*([printer, spare] if with_spare else [printer])) as centre:
        numbers = burst(centre)
        wait_for(centre, lambda: len({number for number, _ in papers(printer, spare)}) == len(numbers))
        out = papers(printer, spare)
        assert all(out[number, False] == 1 for number in numbers), "the original of each, once"
        copies = sum(out[number, True] for number in numbers)
        assert not copies if not printer.mute else copies <= 1, (
            "whether a mute printer prints is seen at its first ticket"
        )
        if not with_spare:
            assert not [event for event in centre.print_events() if event[0] == FAILED]
        elif manners.get("releases_after_s"):
            return  # the spare takes over while it is away, which is reported
        if not manners.get("mute"):
            assert {event[0] for event in centre.print_events()} == {SENT if printer.hangs_up else PRINTED}
            assert centre.hall.floor.printers == {}, "no trouble where there is none"
        assert printer.faults == [] and centre.clean()


@pytest.mark.parametrize("with_spare", [False, True], ids=["alone", "with a spare"])
@pytest.mark.parametrize("manners", DOES_NOT_PRINT.values(), ids=DOES_NOT_PRINT)
def test_given_a_printer_that_does_not_print_when_three_come_at_once_then_the_spare_does_or_staff_hear_the_reason(
    manners, with_spare, capfd
):
    printer, spare = FakePrinter(**manners), FakePrinter()
    with printing(*([printer, spare] if with_spare else [printer]), options="?profile=epson-80") as centre:
        numbers = burst(centre)
        out = papers(printer, spare)
        assert all(out[number, False] <= 1 for number in numbers), "no original twice"
        if with_spare:
            assert {number for number, _ in papers(spare)} == set(numbers)
            assert "1" in centre.hall.floor.printers and "2" not in centre.hall.floor.printers
        else:
            causes = {event[1]: (event[0], event[4]) for event in centre.print_events()}
            assert all(causes[number][1] for number in numbers), causes
            assert not [event for event in centre.print_events() if event[0] == PRINTED]
        assert centre.clean()
    written = capfd.readouterr()
    assert "Traceback" not in written.out + written.err, "a trouble of a printer is no fault of the program"


def test_given_a_slow_printer_with_a_spare_then_what_waits_for_it_goes_to_the_spare():
    printer, spare = FakePrinter(bytes_per_s=16_000), FakePrinter()
    with printing(printer, spare) as centre:
        burst(centre)
        assert len(printer.tickets) == 1 and len(spare.tickets) == BURST - 1


def test_given_a_printer_that_stops_taking_bytes_then_staff_hear_of_it_and_of_what_waits():
    printer = FakePrinter(bytes_per_s=40_000)
    with printing(printer, options="?profile=epson-80") as centre:
        centre.take()
        wait_for(centre, lambda: printer.received)
        printer.bytes_per_s = 10
        second = centre.take().ticket.number
        took = wait_for(centre, lambda: "1" in centre.hall.floor.printers and second in heard_of(centre))
        print(f"staff heard of it after {took:.1f} s")
        printer.bytes_per_s = 1_000_000
        assert centre.print_events()[0][4] == "no_answer"


def test_given_a_printer_that_confirmed_and_then_hangs_up_then_it_is_a_trouble():
    printer, spare = FakePrinter(), FakePrinter()
    with printing(printer, spare) as centre:
        first = centre.take().ticket.number
        wait_for(centre, lambda: not centre.prints.open())
        printer.hangs_up = True
        second = centre.take().ticket.number
        wait_for(centre, lambda: second in heard_of(centre) and not centre.prints.open())
        assert [event[:2] for event in centre.print_events()][:2] == [(PRINTED, first), (SENT, second)]
        assert centre.hall.floor.printers["1"].cause == "no_answer"
        # The copy is asked for a moment after the original has ended.
        wait_for(centre, lambda: papers(spare) == {(second, True): 1})


@pytest.mark.parametrize("forgets", [False, True], ids=["goes on", "forgets what it had"])
def test_given_paper_that_ends_in_a_ticket_when_there_is_paper_again_then_it_comes_out_or_may_be_asked_for(
    forgets, monkeypatch
):
    monkeypatch.setattr(spool, "PRINT_TIMEOUT_S", 600.0)  # it is not waited for as for a printer that works
    printer = FakePrinter(paper_for=5000, forgets=forgets)
    with printing(printer, options="?profile=epson-80") as centre:
        ticket = centre.take().ticket
        wait_for(centre, lambda: "1" in centre.hall.floor.printers)
        assert centre.hall.floor.printers["1"].cause == "paper_end"
        printer.paper = True
        took = wait_for(centre, lambda: not centre.prints.open())
        print(f"the printer was free again after {took:.1f} s")
        centre.copy(ticket.ref)
        wait_for(centre, lambda: not centre.prints.open())
        first = [] if forgets else [(PRINTED, ticket.number, False, "1", None)]
        assert centre.print_events()[1:] == [*first, (PRINTED, ticket.number, True, "1", None)]
        assert papers(printer)[ticket.number, True] == 1
        assert centre.hall.floor.printers == {} and printer.faults == [] and centre.clean()


def test_given_reports_that_nobody_asked_for_then_none_is_taken_for_the_answer_that_a_ticket_is_done():
    printer = FakePrinter(reports=b"\x14\x00\x00\x0f" * 3, hangs_up=True)
    with printing(printer) as centre:
        number = centre.take().ticket.number
        wait_for(centre, lambda: not centre.prints.open())
        assert centre.print_events() == [(SENT, number, False, "1", None)]


def test_given_a_connection_that_never_comes_about_then_the_spare_prints_and_nothing_comes_out_twice():
    """A name that no server answers for: looking it up has no limit of its own."""
    printer, spare, answered = FakePrinter(), FakePrinter(), threading.Event()
    centre = PrintingTestCentre(printer.address, spare.address, clock=RunningTime())
    centre.spool.draw = stamp
    connect = centre.printers[0].connect

    def waits():
        answered.wait(GIVES_UP_S)
        return connect()

    centre.printers[0].connect = waits
    with centre.running():
        number = centre.take().ticket.number
        took = wait_for(centre, lambda: spare.tickets and not centre.prints.open())
        print(f"the spare took over after {took:.1f} s")
        answered.set()
        assert wait_for(centre, lambda: centre.spool.workers[0].began_at is None) is not None
        assert papers(printer, spare) == {(number, False): 1}
        assert [event[:4] for event in centre.print_events()] == [
            (FAILED, number, False, "1"),
            (PRINTED, number, False, "2"),
        ]


def test_given_a_fault_of_ours_in_the_middle_of_printing_then_the_spool_goes_on_with_the_next_ticket():
    printer = FakePrinter()
    with printing(printer) as centre:
        worker, tried = centre.spool.workers[0], []
        real = worker.printer
        worker.printer = BrokenPrinter(real, tried)
        first = centre.take().ticket.number
        wait_for(centre, lambda: first in heard_of(centre))
        assert len(tried) == 1 and centre.print_events() == [(FAILED, first, False, "1", "printer_error")]
        wait_for(centre, lambda: worker.job is None)
        worker.printer = real
        second = centre.take().ticket.number
        wait_for(centre, lambda: not centre.prints.open())
        assert papers(printer) == {(second, False): 1}


class BrokenPrinter:
    """A printer whose code has a fault."""

    def __init__(self, printer, tried):
        self._printer, self._tried = printer, tried

    def __getattr__(self, name):
        return getattr(self._printer, name)

    def open(self):
        self._tried.append(1)
        raise ZeroDivisionError


# -- lines ---------------------------------------------------------------------------------------


class SerialPrinter:
    """A printer at the end of a serial line, which carries no more bytes a second than its speed allows."""

    def __init__(self, baud, answers=True):
        self.baud = baud
        self._ours, theirs = pty.openpty()
        self.device = os.ttyname(theirs)
        os.set_blocking(self._ours, True)
        self._theirs = theirs
        self.decoder = Decoder(self._answer if answers else lambda question: None)
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def address(self):
        return f"serial://{self.device}?baud={self.baud}"

    @property
    def tickets(self):
        return self.decoder.tickets

    def _run(self):
        import tty

        tty.setraw(self._theirs)
        while True:
            try:
                data = os.read(self._ours, 128)
            except OSError:
                return
            time.sleep(len(data) * BITS_OF_A_BYTE / self.baud)
            self.decoder.feed(data)

    def _answer(self, question):
        os.write(self._ours, b"\x00" if question == "GS r" else b"\x12")

    def off(self):
        os.close(self._theirs)


@pytest.mark.parametrize("answers", [True, False], ids=["answers", "mute"])
def test_given_a_slow_serial_line_when_three_come_at_once_then_all_are_printed_and_none_is_reported(answers):
    # With a sixth of the waits it is slower than 38,400 baud.
    printer = SerialPrinter(192_000, answers)
    with printing(printer) as centre:
        numbers = burst(centre)
        wait_for(centre, lambda: len(printer.tickets) == BURST)
        assert papers(printer) == {(number, False): 1 for number in numbers}
        if answers:
            assert {event[0] for event in centre.print_events()} == {PRINTED} and centre.hall.floor.printers == {}
        assert not [event for event in centre.print_events() if event[0] == FAILED]


def test_given_a_slow_serial_line_then_the_doctor_says_what_speed_it_needs(monkeypatch):
    monkeypatch.setattr(doctor, "SLOW_TICKET_S", 1.0)
    printer = SerialPrinter(192_000)
    at = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
    findings = {each.code: each.params for each in doctor.examine(printer_at(printer.address, "1"), WORDS["vi"], at)}
    assert int(findings["slow_serial"]["s"]) >= round(doctor.TICKET_BYTES * BITS_OF_A_BYTE / 192_000)
    assert "115200 baud" in doctor.sentence(doctor.Finding("slow_serial", {"s": "23"}), WORDS["vi"])


def test_given_a_printer_that_hangs_up_then_the_doctor_calls_it_no_fault():
    printer = FakePrinter(hangs_up=True)
    at = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
    codes = [each.code for each in doctor.examine(printer_at(printer.address, "1"), WORDS["vi"], at)]
    assert codes[-1] == "hangs_up" and "advice_mute" not in codes
    printer.off()


# -- what is sent --------------------------------------------------------------------------------


def test_given_a_drawn_ticket_then_white_paper_costs_almost_nothing():
    from tests.paper.test_drawing import drawn

    image = drawn()
    plain = len(image.tobytes())
    sent = len(compose(image, profiles()["printer-80"], asks=True))
    print(f"{plain} bytes as one picture, {sent} as it is sent")
    assert sent < 0.7 * plain
    tops = [top for top, _, _ in slices(image)]
    heights = [height for _, height, _ in slices(image)]
    assert [top + height for top, height in zip(tops, heights, strict=True)] == [*tops[1:], image.height]
    assert max(heights) <= raster.ROWS


@pytest.mark.parametrize("dots", [(), ((0, 0),), ((575, 299),), ((0, 127), (9, 128)), ((40, y) for y in range(300))])
def test_given_any_dots_then_they_come_out_where_they_were(dots):
    image = Image.new("1", (576, 300), 1)
    for dot in dots:
        image.putpixel(dot, 0)
    decoder = Decoder()
    decoder.feed(compose(image, profiles()["printer-80"], asks=False))
    assert [ticket.tobytes() for ticket in decoder.tickets] == [image.tobytes()] and decoder.pending == b""
