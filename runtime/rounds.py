"""The rounds of a running centre: once a second refresh the hall, send figures, check who may stay connected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import structlog

from hall.announce import ROUND_S, Announcer
from hall.hall import Hall
from hall.ports import BrokenLog, DamagedDatabase
from runtime.sockets import Joining, Screens

UNJOINED_CHECK_ROUNDS = 5  # between two checks whether every socket has become a screen's
REVOKED_CHECK_ROUNDS = 2  # between two checks whether connected screens still may be

log = structlog.get_logger()


class Rounds:
    """Runs the rounds of one centre."""

    def __init__(
        self,
        hall: Hall,
        announcer: Announcer,
        sockets: Any,
        joining: Joining,
        screens: Sequence[Screens],
        close_damaged: Callable[[str], object],
    ) -> None:
        """Take the `SocketIO` server, the sockets of each kind of screen, and what closes a damaged centre."""
        self._close_damaged = close_damaged
        self._hall = hall
        self._announcer = announcer
        self._sockets = sockets
        self._joining = joining
        self._screens = screens
        self._unjoined: set[str] = set()

    def run(self) -> None:
        """Make rounds for ever."""
        number = 0
        while True:
            self._sockets.sleep(ROUND_S)
            number += 1
            try:
                self._hall.refresh()
                self._announcer.round()
                if number % REVOKED_CHECK_ROUNDS == 0:
                    for screens in self._screens:
                        screens.disconnect_revoked()
                if number % UNJOINED_CHECK_ROUNDS == 0:
                    self.close_unjoined_sockets()
            except (DamagedDatabase, BrokenLog) as error:
                self._close_damaged(str(error))
            except Exception:  # the rounds must not stop; the failure is in the log
                log.exception("round_failed")

    def close_unjoined_sockets(self) -> None:
        """Close the connections that joined no namespace between two checks: they only take room."""
        open_sockets = dict(self._sockets.server.eio.sockets)
        unjoined = {line for line in open_sockets if not self._joining.joined(line)}
        for line in unjoined & self._unjoined:
            open_sockets[line].close(wait=False)
        self._unjoined = unjoined
