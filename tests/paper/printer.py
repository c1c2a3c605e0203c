"""A simulated printer: it listens on a port, decodes what the spool sends, and can have any fault.

Its decoder was written from the ESC/POS reference alone. It knows the few commands a ticket needs and
refuses every other byte: whatever escapes from the raster is found here.
"""

import secrets
import socket
import struct
import threading
import time
from contextlib import suppress

from PIL import Image

DLE, ESC, GS = 0x10, 0x1B, 0x1D
CALM, OFFLINE, COVER, PAPER_OUT, NEAR_END = 0x12, 0x08, 0x04, 0x60, 0x0C


class _Gone(Exception):
    """The printer leaves this connection."""


class Unexpected(AssertionError):
    """A byte that belongs to no command a ticket needs."""


class Decoder:
    """Decode the bytes that arrive into rows of dots, cuts and questions."""

    def __init__(self, answer=lambda question: None, width=576, prints=lambda: True):
        self.answer = answer
        self.prints = prints  # whether it works off what it has; what comes meanwhile is kept
        self.width = width  # of its head, in dots
        self.pending = b""
        self.rows = []  # of the ticket that is being printed
        self.tickets = []  # images of those that were cut
        self.commands = []

    def feed(self, data):
        """Take in what came over the line. What was begun stays begun, also for the next connection."""
        while (self.pending or not self.prints()) and data[:2] == bytes((DLE, 0x04)) and len(data) >= 3:
            # A real-time question is heard even in the middle of a picture, and without paper.
            self.commands.append(f"DLE EOT {data[2]}")
            self.answer(f"DLE EOT {data[2]}")
            data = data[3:]
        self.pending += data
        self.go_on()

    def go_on(self):
        """Work off what has come in."""
        while self.pending and self.prints():
            used = self._step(self.pending)
            if used == 0:
                return
            self.pending = self.pending[used:]

    def _step(self, data):
        """How many bytes the command at the front takes; 0 when it is not whole yet."""
        first = data[0]
        if first == 0:
            return len(data) - len(data.lstrip(b"\0"))
        if len(data) < 3 and first in (DLE, ESC, GS):
            return self._two(data)
        if first == DLE and data[1] == 0x04 and data[2] in (1, 2, 3, 4):
            self.commands.append(f"DLE EOT {data[2]}")
            self.answer(f"DLE EOT {data[2]}")
            return 3
        if first == ESC and data[1] == ord("@"):
            self.commands.append("ESC @")
            return 2
        if first == ESC and data[1] == ord("d"):
            self.commands.append("ESC d")
            self._cut()
            return 3
        if first == GS and data[1] == ord("a"):
            assert data[2] == 0, "automatic status must be off"
            self.commands.append("GS a")
            return 3
        if first == GS and data[1] == ord("r"):
            assert data[2] == 1
            self.commands.append("GS r")
            self.answer("GS r")
            return 3
        if first == GS and data[1] == ord("V"):
            return self._paper_cut(data)
        if first == GS and data[1:3] == b"v0":
            return self._raster(data)
        raise Unexpected(f"{data[:12]!r} after {self.commands[-3:]}")

    def _two(self, data):
        if data[:2] == bytes((ESC, ord("@"))):
            self.commands.append("ESC @")
            return 2
        return 0

    def _paper_cut(self, data):
        if len(data) < 4:
            return 0
        assert data[2] == 66, "feed to the knife, then cut"
        self.commands.append("GS V")
        self._cut()
        return 4

    def _raster(self, data):
        if len(data) < 8:
            return 0
        mode, across, down = data[3], *struct.unpack("<HH", data[4:8])
        assert mode == 0
        size = across * down
        if len(data) < 8 + size:
            return 0
        self.commands.append(f"GS v 0 {across * 8}x{down}")
        assert 0 < across * 8 <= self.width, "wider than the head"
        body, right = data[8 : 8 + size], bytes(self.width // 8 - across)
        self.rows += [body[i : i + across] + right for i in range(0, size, across)]
        return 8 + size

    def _cut(self):
        if self.rows:
            self.tickets.append(self.image())
        self.rows = []

    def image(self):
        """What has been printed since the last cut. In ESC/POS a set bit is black."""
        inverted = bytes(byte ^ 0xFF for row in self.rows for byte in row)
        return Image.frombytes("1", (self.width, len(self.rows)), inverted)


class FakePrinter:
    """A printer on the loopback. Its manners and faults are the attributes below; they may change at any time."""

    def __init__(self, host="127.0.0.1", port=0, **manners):
        self._paper = self._cover = True
        self._work = threading.RLock()
        self.near_end = False
        self.paper_for = None  # bytes of a connection after which its paper is at an end
        self.forgets = False  # what it has not printed when its paper ends or its cover is opened
        self.mute = False  # never answers, but prints
        self.hung = False  # takes a connection and nothing more
        self.refuses = False  # takes a connection and closes it at once
        self.hangs_up = False  # closes instead of answering that a ticket is done
        self.closes_after = None  # bytes of a connection after which it closes it in order, deaf to the rest
        self.dies_after = None  # bytes of a connection after which it is gone
        self.one_line = False  # serves one connection at a time; others wait
        self.releases_after_s = 0.0  # serves one connection at a time, and is away for so long after each
        self.reports = b""  # what it says to a new connection without being asked
        self.bytes_per_s = None  # how fast it takes data; without a number as fast as they come
        self.slow_s = 0.0  # between the end of the data and its answer
        self.lies = None  # a byte it gives to every question
        self.host, self.port = host, port
        self.connections = 0
        self.received = b""  # all that ever came, connection after connection
        self.lengths = []
        self.faults = []
        for name, value in manners.items():
            assert hasattr(self, name), name
            setattr(self, name, value)
        self.decoder = Decoder(prints=lambda: self._paper and self._cover)
        self._listener = None
        self._open = set()
        self._line = threading.Lock()
        self.on()

    @classmethod
    def of_this_pc(cls, **manners):
        """A printer where one that is set in the browser may be: at port 9100 of an address of this PC of its own."""
        return cls(host=".".join(("127", *(str(secrets.randbelow(253) + 1) for _ in range(3)))), port=9100, **manners)

    @property
    def paper(self):
        """Whether there is paper. Once there is again, it goes on where it stopped, as a real one does."""
        return self._paper

    @paper.setter
    def paper(self, there):
        self._set("_paper", there)

    @property
    def cover(self):
        """Whether the cover is shut."""
        return self._cover

    @cover.setter
    def cover(self, shut):
        self._set("_cover", shut)

    def _set(self, name, value):
        with self._work:
            setattr(self, name, value)
            if hasattr(self, "decoder"):
                if self.forgets and not value:
                    self.decoder.pending, self.decoder.rows = b"", []
                self.decoder.go_on()

    @property
    def address(self):
        return f"network://{self.host}:{self.port}"

    @property
    def tickets(self):
        return self.decoder.tickets

    def on(self):
        """Switch it on; it keeps its port."""
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if self.bytes_per_s:
            # As in a small device: what it has not read yet is nowhere else.
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        self._listener.bind((self.host, self.port))
        self._listener.listen()
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def eventually(self, tickets):
        """Wait until so many tickets were cut: without its answers nobody else knows when."""
        until = time.monotonic() + 5
        while len(self.tickets) < tickets and time.monotonic() < until:
            time.sleep(0.01)
        return self.tickets

    def off(self):
        """Pull the plug."""
        listener, self._listener = self._listener, None
        if listener:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        while self._open:
            _reset(self._open.pop())

    def _accept(self, listener):
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.add(line)
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line):
        if not (self.one_line or self.releases_after_s):
            self._take(line)
            return
        with self._line:
            if line in self._open:  # it may have been switched off while this one waited
                self._take(line)

    def _take(self, line):
        taken = 0
        try:
            if self.refuses:
                return
            while self.hung:
                time.sleep(0.02)
            self.decoder.answer = lambda question: self._answer(line, question)
            if self.reports:
                line.sendall(self.reports)
            while True:
                data = line.recv(self._most(taken))
                if not data:
                    return
                if self.bytes_per_s:
                    time.sleep(len(data) / self.bytes_per_s)
                taken += len(data)
                self.received += data
                self._work_off(data, taken)
                if self.hangs_up and self.decoder.commands[-1] == "GS r":
                    return
        except ConnectionResetError:
            _reset(line)
        except (OSError, _Gone):
            pass
        except AssertionError as fault:
            self.faults.append(fault)
        finally:
            self.lengths.append(taken)
            self._open.discard(line)
            line.close()
            self._release()

    def _work_off(self, data, taken):
        with self._work:
            if self.paper_for is not None and taken >= self.paper_for:
                self.paper_for = None
                self.paper = False
            if self.forgets and not (self.paper and self.cover):
                data = data if data[:2] == bytes((DLE, 0x04)) else b""
            self.decoder.feed(data)

    def _most(self, taken):
        """How many bytes it reads next."""
        most = 4096 if not self.bytes_per_s else max(64, int(self.bytes_per_s / 50))
        if self.dies_after is not None and taken >= self.dies_after:
            raise ConnectionResetError
        if self.closes_after is not None and taken >= self.closes_after:
            raise _Gone
        limits = [limit - taken for limit in (self.dies_after, self.closes_after) if limit is not None]
        return min(most, *limits) if limits else most

    def _release(self):
        if self.releases_after_s and self._listener:
            self.off()
            time.sleep(self.releases_after_s)
            self.on()

    def _answer(self, line, question):
        if self.mute or (self.hangs_up and question == "GS r"):
            return
        if self.lies is not None:
            line.sendall(bytes((self.lies,)))
        elif question == "GS r":
            if self.slow_s:
                time.sleep(self.slow_s)
            with suppress(OSError):  # it may have been closed before there was paper again
                line.sendall(b"\x00")
        else:
            line.sendall(bytes((self._status(question),)))

    def _status(self, question):
        ready = self.paper and self.cover
        if question == "DLE EOT 1":
            return CALM if ready else CALM | OFFLINE
        if question == "DLE EOT 2":
            return CALM | (0 if self.cover else COVER) | (0 if self.paper else 0x20)
        if question == "DLE EOT 4":
            return CALM | (0 if self.paper else PAPER_OUT) | (NEAR_END if self.near_end else 0)
        return CALM


def _reset(line):
    """Reset a connection, as a device does that loses its power."""
    try:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.close()
    except OSError:
        pass
