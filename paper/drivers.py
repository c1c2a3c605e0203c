"""The drivers: python-escpos's connections, each given the same two ways to send and to receive bytes.

The library leaves sending and receiving raw bytes to those who write a driver ("Print from binary blob"), so each of
its connections is derived from once. Every wait has a limit, except that of a file of the system, which has none.
"""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable

from escpos.printer import LP, File, Network, Serial, Usb, Win32Raw

# Small, so that bytes the system says it has taken are nearly all on their way to the printer.
NETWORK_BUFFER = 4096
PIECE = 2048  # the most that is handed over at once: how finely one sees that a printer goes on taking bytes
SERIAL_PIECE = 256
BITS_OF_A_BYTE = 10  # on a serial line, with the start and the stop bit
RESET_INTERVAL_S = 0.2  # after a printer has closed the line, for the news that it did not want the last bytes
if sys.platform == "linux":
    import fcntl
    import termios

    UNSENT = termios.TIOCOUTQ  # asks a socket how much of what was sent is not acknowledged
else:
    UNSENT = 0
EMPTY_READ_INTERVAL_S = 0.02  # some USB printers answer at once that they have nothing to say


class DirectNetwork(Network):  # type: ignore[misc]
    """A printer in the network."""

    def __init__(self, host: str, port: int, timeout_s: float, allowed: Callable[[str], bool]) -> None:
        """Take host and port; `allowed` says whether an IP address that the host has may be connected to."""
        super().__init__(host, port, timeout_s)
        self._allowed = allowed

    def open(self, raise_not_found: bool = True) -> None:
        """Connect to the first address of the host that may be connected to and answers.

        Raises:
            OSError: there is none.
        """
        until = time.monotonic() + self.timeout
        failure = OSError(f"{self.host} is at no address where a printer may be")
        for family, kind, protocol, _, address in socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM):
            if not self._allowed(str(address[0])):
                continue
            line = socket.socket(family, kind, protocol)
            try:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, NETWORK_BUFFER)
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # each piece would wait for the one before
                line.settimeout(max(0.05, until - time.monotonic()))
                line.connect(address)
            except OSError as error:
                line.close()
                failure = error
                continue
            self.device = line
            return
        raise failure

    def send(self, data: bytes, wait_s: float) -> int:
        """Send the first of these bytes; return how many were taken."""
        self.device.settimeout(wait_s)
        return int(self.device.send(data[:PIECE]))

    def receive(self, wait_s: float) -> bytes:
        """Return what has come in, b"" if nothing did in time.

        Raises:
            EOFError: the printer took everything that was sent, and closed the connection.
        """
        self.device.settimeout(max(0.05, wait_s))
        try:
            received: bytes = self.device.recv(64)
        except TimeoutError:
            return b""
        if not received:
            time.sleep(RESET_INTERVAL_S)
            refused = self.device.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if refused:
                raise OSError(refused, os.strerror(refused))
            raise EOFError("it closed the connection")
        return received

    def line_s(self, count: int) -> float:
        """Return how long so many bytes are on the line after they were taken: not at all."""
        return 0.0

    def held(self) -> int:
        """Return how many bytes the printer has not acknowledged yet; 0 where the system does not say."""
        if not UNSENT:
            return 0
        answer = fcntl.ioctl(self.device.fileno(), UNSENT, bytes(4))
        return int.from_bytes(answer, sys.byteorder)


class DirectUsb(Usb):  # type: ignore[misc]
    """A printer on USB."""

    def send(self, data: bytes, wait_s: float) -> int:
        """Send the first of these bytes; return how many were taken."""
        return int(self.device.write(self.out_ep, data[:PIECE], round(wait_s * 1000)))

    def receive(self, wait_s: float) -> bytes:
        """Return what has come in, b"" if nothing did in time."""
        try:
            received = bytes(self.device.read(self.in_ep, 64, round(max(0.05, wait_s) * 1000)))
        except OSError as error:
            # The time-outs of pyusb are plain errors on some systems.
            if isinstance(error, TimeoutError) or "tim" in str(error).lower():
                return b""
            raise
        if not received:
            time.sleep(EMPTY_READ_INTERVAL_S)
        return received

    def line_s(self, count: int) -> float:
        """Return how long so many bytes are on the line after they were taken: not at all."""
        return 0.0

    def held(self) -> int:
        """Return how many bytes the system still holds: none."""
        return 0


class DirectSerial(Serial):  # type: ignore[misc]
    """A printer on a serial port."""

    def send(self, data: bytes, wait_s: float) -> int:
        """Send the first of these bytes; return how many were taken."""
        self.device.write_timeout = wait_s
        return int(self.device.write(data[:SERIAL_PIECE]))

    def receive(self, wait_s: float) -> bytes:
        """Return what has come in, b"" if nothing did in time."""
        self.device.timeout = wait_s
        return bytes(self.device.read(max(1, self.device.in_waiting)))

    def line_s(self, count: int) -> float:
        """Return how long so many bytes are on the line: the system takes them long before they are through it."""
        return count * BITS_OF_A_BYTE / float(self.baudrate)

    def held(self) -> int:
        """Return how many bytes the system still holds: `line_s` counts them already."""
        return 0


class _Deaf:
    """What drivers have in common that can only send."""

    def receive(self, wait_s: float) -> bytes:
        """Return nothing: this way of connecting brings no answer."""
        return b""

    def line_s(self, count: int) -> float:
        """Return how long so many bytes are on the line after they were taken: not known, so not at all."""
        return 0.0

    def held(self) -> int:
        """Return how many bytes the system still holds: not known, so none."""
        return 0


class DirectFile(_Deaf, File):  # type: ignore[misc]
    """A printer behind a device file."""

    def open(self, raise_not_found: bool = True) -> None:
        """Open the device.

        Raises:
            OSError: it is not there, or it is no device. Nothing is created in its place.
        """
        # Without waiting: opening a pipe that nobody reads would never end.
        opened = os.open(self.devfile, os.O_WRONLY | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_NONBLOCK", 0))
        if not stat.S_ISCHR(os.fstat(opened).st_mode):
            os.close(opened)
            raise OSError(f"{self.devfile} is no device")
        os.set_blocking(opened, True)
        self.device = os.fdopen(opened, "wb", buffering=0)

    def send(self, data: bytes, wait_s: float) -> int:
        """Send the first of these bytes; return how many were taken. It waits as long as the device makes it wait."""
        return int(self.device.write(data[:PIECE]))


class DirectLP(_Deaf, LP):  # type: ignore[misc]
    """A print queue of CUPS."""

    def __init__(self, printer_name: str, timeout_s: float) -> None:
        """Take the queue's name, and how long CUPS may take to say how the queue is."""
        super().__init__(printer_name)
        self._timeout_s = timeout_s

    def open(self, job_name: str = "python-escpos", raise_not_found: bool = True, _close_opened: bool = True) -> None:
        """Check that the queue is there, prints, and takes jobs: a stopped one would print everything hours later.

        Raises:
            OSError: it does not.
        """
        self.device = self.printer_name
        states = self._run(["lpstat", "-p", self.printer_name, "-a", self.printer_name], b"", self._timeout_s)
        for line in states.splitlines():
            if "not accepting" in line or " disabled" in line:
                raise OSError(line.strip())

    def send(self, data: bytes, wait_s: float) -> int:
        """Hand everything to CUPS as one job; return how much that was."""
        self._run(["lp", "-d", self.printer_name, "-t", "ticket", "-o", "raw"], data, wait_s)
        return len(data)

    def close(self) -> None:
        """Forget the queue: each job is whole when it was handed over."""
        self._device = False

    def _run(self, command: list[str], given: bytes, wait_s: float) -> str:
        # In the language of programs: its words are read.
        environment = os.environ | {"LC_ALL": "C"}
        done = subprocess.run(command, input=given, capture_output=True, timeout=wait_s, env=environment, check=False)
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip()
            raise OSError(said or f"{command[0]} ended with {done.returncode}")
        return done.stdout.decode("utf-8", "replace")


class DirectWin32Raw(_Deaf, Win32Raw):  # type: ignore[misc]
    """A print queue of Windows."""

    def send(self, data: bytes, wait_s: float) -> int:
        """Hand everything to Windows; return how much that was."""
        self._raw(data)
        return len(data)
