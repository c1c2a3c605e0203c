"""The drivers, at the edges that simulated printers do not reach: device files, queues of the system, USB, names."""

import errno
import os
import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest
from PIL import Image

from hall.settings.printers import may_connect
from paper import drivers, printers
from paper.addresses import printer_at
from paper.printers import Trouble
from tests.paper.printer import Decoder, FakePrinter

PAGE = Image.new("1", (576, 40), 0)


def cause_of(address):
    with pytest.raises(Trouble) as found:
        printer_at(address, "1").open()
    return found.value.cause


def test_given_a_device_that_is_not_there_then_no_file_is_made_in_its_place(tmp_path):
    missing = tmp_path / "lp0"
    assert cause_of(f"file://{missing}") == "unreachable"
    assert not missing.exists()


def test_given_a_plain_file_or_a_pipe_then_it_is_no_printer(tmp_path):
    plain, pipe = tmp_path / "plain", tmp_path / "pipe"
    plain.write_bytes(b"kept")
    os.mkfifo(pipe)
    assert cause_of(f"file://{plain}") == cause_of(f"file://{pipe}") == "unreachable"
    assert plain.read_bytes() == b"kept"


@pytest.mark.skipif(sys.platform == "win32", reason="no device files")
def test_given_a_device_then_the_ticket_goes_to_it():
    import pty
    import threading
    import tty

    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    decoder = Decoder()

    def take():
        while not decoder.tickets:
            decoder.feed(os.read(ours, 4096))

    taking = threading.Thread(target=take, daemon=True)
    taking.start()
    connection = printer_at(f"file://{os.ttyname(theirs)}", "1").open()
    connection.put(PAGE, 5)
    connection.close()
    taking.join(10)
    assert [ticket.tobytes() for ticket in decoder.tickets] == [PAGE.tobytes()]
    os.close(ours)
    os.close(theirs)


# -- queues of the system ------------------------------------------------------------------------

STATES = {
    "idle": ("printer may-in is idle.  enabled since Mon\nmay-in accepting requests since Mon", None),
    "stopped": ("printer may-in disabled since Mon -\n\tPaused\nmay-in accepting requests since Mon", "unreachable"),
    "rejecting": ("printer may-in is idle.  enabled since Mon\nmay-in not accepting requests since Mon", "unreachable"),
}


@pytest.fixture
def system(tmp_path, monkeypatch):
    """Commands of CUPS that do what the test says; what was printed is in the file `printed`."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    def command(name, body):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)

    return SimpleNamespace(command=command, printed=tmp_path / "printed")


@pytest.mark.parametrize(("says", "cause"), STATES.values(), ids=STATES)
def test_given_a_queue_of_the_system_then_only_one_that_prints_and_takes_jobs_is_given_a_ticket(system, says, cause):
    system.command("lpstat", f"cat <<'END'\n{says}\nEND")
    system.command("lp", f"cat > {system.printed}; echo request id is may-in-1")
    if cause:
        assert cause_of("lp://may-in") == cause
        return
    connection = printer_at("lp://may-in", "1").open()
    connection.put(PAGE, 5)
    connection.close()
    decoder = Decoder()
    decoder.feed(system.printed.read_bytes())
    assert [ticket.tobytes() for ticket in decoder.tickets] == [PAGE.tobytes()]


def test_given_a_queue_that_is_unknown_refuses_or_hangs_then_it_is_a_known_trouble(system, monkeypatch):
    system.command("lpstat", "echo 'lpstat: Invalid destination name in list \"may-in\".' >&2; exit 1")
    assert cause_of("lp://may-in") == "unreachable"
    system.command("lpstat", "exec sleep 30")
    monkeypatch.setattr("paper.addresses.CONNECT_TIMEOUT_S", 0.2)
    assert cause_of("lp://may-in") == "unreachable"
    system.command("lpstat", "exit 0")
    system.command("lp", "echo 'lp: Destination is not accepting jobs.' >&2; exit 1")
    with pytest.raises(Trouble) as refused:
        printer_at("lp://may-in", "1").open().put(PAGE, 5)
    assert refused.value.cause == "broke_off" and "not accepting" in refused.value.detail


# -- USB -----------------------------------------------------------------------------------------


class Usb:
    """A USB device that takes part of what it is given, as libusb does when the printer is slow."""

    def __init__(self, most):
        self.most, self.taken, self.answers = most, b"", []

    def write(self, end, data, timeout):
        self.taken += data[: self.most]
        return min(self.most, len(data))

    def read(self, end, size, timeout):
        if self.answers:
            return self.answers.pop(0)
        raise OSError(errno.ETIMEDOUT, "Operation timed out")


def test_given_a_usb_printer_that_takes_part_of_the_bytes_then_the_rest_follows():
    printer = printer_at("usb://04b8:0202", "1")
    device = Usb(most=100)

    class Plugged(drivers.DirectUsb):
        def open(self):
            self.device = device

        def close(self):
            self._device = False

    printer.connect = lambda: Plugged(0x04B8, 0x0202)
    connection = printers.Connection(printer)
    device.answers = [b"\x12"] * 3
    connection.check()
    connection.put(PAGE, 5)
    device.answers = [b"\x00"]
    assert connection.done(1)
    decoder = Decoder()
    decoder.feed(device.taken)
    assert [ticket.tobytes() for ticket in decoder.tickets] == [PAGE.tobytes()]
    device.most = 0
    with pytest.raises(Trouble, match="broke_off"):
        connection.put(PAGE, 1)


# -- the address that is connected to ------------------------------------------------------------

HOSTS = [
    ("192.168.1.50", 9100, "192.168.1.50", True),
    ("may-in.lan", 9100, "10.1.2.3", True),
    ("may-in.local", 9100, "169.254.3.4", True),
    ("may-in", 9100, "fe80::1%eth0", True),
    ("may-in", 9100, "fd12::1", True),
    ("evil.example.com", 9100, "8.8.8.8", False),
    ("evil.example.com", 9100, "2001:4860:4860::8888", False),
    ("evil.example.com", 9100, "::ffff:8.8.8.8", False),
    ("127.0.0.1.nip.io", 9100, "127.0.0.1", False),
    ("evil.example.com", 9100, "::1", False),
    ("evil.example.com", 9100, "::ffff:127.0.0.1", False),
    ("evil.example.com", 80, "169.254.169.254", False),
    ("169.254.169.254", 80, "169.254.169.254", False),
    ("evil.example.com", 9100, "0.0.0.0", False),
    ("evil.example.com", 9100, "224.0.0.1", False),
    ("localhost", 9100, "127.0.0.1", True),
    ("localhost", 8000, "127.0.0.1", False),
    ("127.0.0.1", 22, "127.0.0.1", False),
    ("::1", 9109, "::1", True),
]


@pytest.mark.parametrize(("host", "port", "ip", "allowed"), HOSTS)
def test_given_the_address_a_host_has_today_then_only_one_of_the_building_is_connected_to(host, port, ip, allowed):
    assert may_connect(host, port, ip) is allowed


def test_given_a_name_that_leads_to_this_pc_then_no_connection_is_opened(monkeypatch):
    printer = FakePrinter()
    found = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", printer.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    address = f"network://evil.example.com:{printer.port}"
    with pytest.raises(Trouble) as refused:
        printer_at(address, "1", may_connect).open()
    assert refused.value.cause == "unreachable" and printer.connections == 0
    printer_at(address, "1").open().close()
    assert printer.connections == 1, "what the settings of the PC name is not restricted"
    printer.off()


def test_given_a_host_with_several_addresses_then_the_next_one_is_tried(monkeypatch):
    printer = FakePrinter()
    closed = socket.create_server(("127.0.0.1", 0))
    ports = closed.getsockname()[1], printer.port
    closed.close()
    found = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", port)) for port in ports]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    printer_at("network://may-in:9100", "1").open().close()
    assert printer.connections == 1
    printer.off()


def test_given_a_printer_that_closes_at_once_then_the_doctor_says_so_in_words():
    printer = FakePrinter(refuses=True)
    command = [sys.executable, "server.py", "doctor", "--printer", printer.address]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert "tạm ngừng" in done.stdout and "Abort" not in done.stdout + done.stderr
    printer.off()
