"""A proxy between clients and the server that can be slow, lose answers, freeze or cut connections."""

import random
import select
import socket
import struct
import threading
import time


class Line:
    """Listens on loopback and passes everything on to `port`. Set its troubles at any time.

    `delay_s`: before every piece. `deaf`: what the server answers is dropped. `frozen`: nothing moves, all stays
    open. `loss`: the share of connections that break at their first piece.
    """

    def __init__(self, port, seed=1):
        self.delay_s = 0.0
        self.deaf = False
        self.frozen = False
        self.loss = 0.0
        self._draw = random.Random(seed)
        self._to = port
        self._open = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def cut(self):
        """Every connection breaks at once, without a goodbye."""
        for end in list(self._open):
            _reset(end)

    def close(self):
        self._listener.close()
        self.frozen = False
        self.cut()

    def _accept(self):
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._to), timeout=10)
            except OSError:
                _reset(near)
                continue
            breaks = self._draw.random() < self.loss
            self._open |= {near, far}
            threading.Thread(target=self._pass, args=(near, far, breaks), daemon=True).start()

    def _pass(self, near, far, breaks):
        try:
            while True:
                ready, _, _ = select.select([near, far], [], [], 0.1)
                if self.frozen:
                    time.sleep(0.05)
                    continue
                for end in ready:
                    piece = end.recv(65536)
                    if not piece or (breaks and end is far):
                        return
                    if self.delay_s:
                        time.sleep(self.delay_s)
                    if end is near:
                        far.sendall(piece)
                    elif not self.deaf:
                        near.sendall(piece)
        except (OSError, ValueError):
            pass
        finally:
            self._open -= {near, far}
            _reset(near)
            _reset(far)


def _reset(end):
    try:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        end.close()
    except OSError:
        pass
