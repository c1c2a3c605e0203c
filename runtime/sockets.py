"""The sockets of the screens: what may come over them, who they are, and when they are disconnected."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import engineio.json
import flask
import flask_socketio
import msgspec
import socketio

from access.errors import TooMany
from access.gate import Gate
from access.principal import Principal
from hall.announce import FROM_SCREENS, WALLS, Announcer, Channel
from queueing.errors import NotYourCounter, Refusal
from runtime.connections import CONNECTION, HeldConnection
from runtime.metering import METER

RESYNCS_A_MINUTE = 60  # of one screen; it asks every 1.5 s at most
LEAVE_S = 1.0  # for a refused screen to read why, and to leave by itself
BATCH = 25  # screens checked in one go


class _Json:
    """The JSON of sockets: read by the library, written by msgspec in a tenth of its time."""

    loads = staticmethod(engineio.json.loads)

    @staticmethod
    def dumps(value: object, **_: object) -> str:
        return msgspec.json.encode(value).decode()


class Packet(socketio.packet.Packet):  # type: ignore[misc]
    """A packet of a socket: a screen joins, leaves, or sends one of our messages; all else is ignored.

    The library calls the handler of any name that a screen writes, its own "disconnect" too: after that the screen
    would go on receiving, unseen by the check for revoked access. It also collects the parts of a file without
    limit, and logs a traceback of everything that it cannot read.
    """

    uses_binary_events = False  # no message holds bytes, so the library need not search snapshots for them
    json = _Json
    packet_type: int
    data: object

    def __init__(self, *parts: object, encoded_packet: str | bytes | None = None, **named: object) -> None:
        # The library would not decode an empty packet, and would take it for a message.
        super().__init__(*parts, encoded_packet="?" if encoded_packet in ("", b"") else encoded_packet, **named)

    def decode(self, encoded_packet: str | bytes) -> int:
        """Read a packet; replace one that no screen of ours sends by an acknowledgement, which is ignored."""
        kind, said = None, None
        with suppress(ValueError, TypeError, RecursionError):
            super().decode(encoded_packet)
            kind, said = self.packet_type, self.data
        ours = isinstance(said, list) and len(said) in (1, 2) and said[0] in FROM_SCREENS
        if kind not in (socketio.packet.CONNECT, socketio.packet.DISCONNECT) and not (
            kind == socketio.packet.EVENT and ours
        ):
            # The library has no packet without effect but the acknowledgement of nothing.
            self.packet_type, self.namespace, self.id, self.data = socketio.packet.ACK, None, None, None
        return 0


class Joining:
    """Receives the messages of all sockets: one whose first message does not make it a screen's is closed."""

    def __init__(self, sockets: flask_socketio.SocketIO) -> None:
        """Stand before the library, which would let a refused socket try again without end."""
        self._server: Any = sockets.server
        self._receive = self._server.eio.handlers["message"]
        self._refused: set[str] = set()
        self._server.eio.on("message", self.on_message)

    def on_message(self, line: str, message: object) -> None:
        """Hand a message on, unless its socket was refused before."""
        socket = self._server.eio.sockets.get(line)
        if socket is None or socket.closing or line in self._refused:
            return
        environ = self._server.environ.get(line, {})
        self._receive(line, message)
        if not self.joined(line):
            self._refused.add(line)
            self._server.start_background_task(self._close_refused, line, socket)
        elif METER in environ:
            environ[METER].joined()
            connection: HeldConnection | None = environ.get(CONNECTION)
            if connection is not None:
                connection.works()

    def _close_refused(self, line: str, socket: Any) -> None:
        self._server.sleep(LEAVE_S)
        # It is not waited for what was sent, as the other side may never take it.
        socket.close(wait=False)
        self._refused.discard(line)

    def joined(self, line: str) -> bool:
        """Return whether a connection is that of a screen, in any namespace."""
        manager = self._server.manager
        return any(manager.sid_from_eio_sid(line, space) for space in list(manager.get_namespaces()))


class Screens(flask_socketio.Namespace):  # type: ignore[misc]
    """The sockets of one kind of screen: who they are is checked once, then they only listen."""

    def __init__(self, channel: Channel, announcer: Announcer, gate: Gate) -> None:
        super().__init__(channel.namespace)
        self.channel = channel
        self._announcer = announcer
        self._gate = gate
        self.principals: dict[str, Principal] = {}

    def on_connect(self, auth: object = None) -> None:
        """Let a screen join its room, if its role may.

        Raises:
            ConnectionRefusedError: nobody is signed in, the role may not, the program's minute is used up or its
                token is for another counter, or there is no such room.
        """
        given = auth if isinstance(auth, dict) else {}
        token = given.get("token")
        bearer = f"Bearer {token}" if isinstance(token, str) else flask.request.headers.get("Authorization")
        principal = self._gate.identify(flask.request.cookies, bearer, self.channel.roles)
        if principal.role not in self.channel.roles:
            code = "sign_in" if principal.role == "anyone" else "forbidden"
            raise flask_socketio.ConnectionRefusedError(code)
        socket = flask.request.sid  # type: ignore[attr-defined]
        try:
            self._gate.limits.count(principal)
            if principal.counter is not None and given.get("counter", principal.counter) != principal.counter:
                raise NotYourCounter(counter=principal.counter)
            room = self._announcer.joined(self.namespace, socket, principal.subject, given)
        except Refusal as refusal:
            raise flask_socketio.ConnectionRefusedError(refusal.code) from refusal
        flask_socketio.join_room(room)
        self.principals[socket] = principal

    def on_disconnect(self, reason: object = None) -> None:
        """Forget a screen that left."""
        socket = flask.request.sid  # type: ignore[attr-defined]
        self.principals.pop(socket, None)
        self._announcer.left(self.namespace, socket)

    def on_resync(self, _: object = None) -> None:
        """Send a screen the whole state again."""
        socket = flask.request.sid  # type: ignore[attr-defined]
        principal = self.principals.get(socket)
        if principal is None:
            return  # it has left meanwhile
        # A snapshot is expensive, so a screen that asks for more than it can need is ignored.
        with suppress(TooMany):
            self._gate.limits.count(principal)
            self._gate.limits.take(f"resync {socket}", RESYNCS_A_MINUTE)
            self._announcer.resync(self.namespace, socket)

    def on_seen(self, message: object = None) -> None:
        """Note that a wall has drawn a call."""
        seq = message.get("seq") if isinstance(message, dict) else None
        if self.namespace == WALLS and isinstance(seq, int):
            self._announcer.shown(flask.request.sid, seq)  # type: ignore[attr-defined]

    def on_said(self, message: object = None) -> None:
        """Note that a wall has said a call."""
        seq = message.get("seq") if isinstance(message, dict) else None
        if self.namespace == WALLS and isinstance(seq, int):
            self._announcer.said(flask.request.sid, seq)  # type: ignore[attr-defined]

    def on_unsaid(self, message: object = None) -> None:
        """Note that a wall will not say a call."""
        seq, why = (message.get("seq"), message.get("why")) if isinstance(message, dict) else (None, None)
        if self.namespace == WALLS and isinstance(seq, int) and isinstance(why, str):
            self._announcer.unsaid(flask.request.sid, seq, why)  # type: ignore[attr-defined]

    def on_sound(self, message: object = None) -> None:
        """Note whether a wall can be heard."""
        audible = message.get("audible") if isinstance(message, dict) else None
        if self.namespace == WALLS and isinstance(audible, bool):
            self._announcer.sound(self.namespace, flask.request.sid, audible)  # type: ignore[attr-defined]

    def disconnect_revoked(self) -> None:
        """Disconnect everybody whose session, device or token is no longer valid."""
        for n, (socket, principal) in enumerate(list(self.principals.items()), start=1):
            if n % BATCH == 0:
                self.server.sleep(0)  # a thousand screens must not delay a command
            if not self._gate.still_valid(principal):
                self._announcer.stop(self.namespace, socket, "signed_out")
                self.server.disconnect(socket, self.namespace)
