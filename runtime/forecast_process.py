"""Keeps the process of the forecasts running: asks it when the hall has changed, and starts it again when it ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime

import msgspec
import structlog

from hall.forecaster import ForecastRequest, ForecastRound, NewestForecasts
from hall.views.alarms import AlarmView
from queueing.events import instant
from runtime.commands import Conversation, NoAnswer

POLL_INTERVAL_S = 0.1  # between two checks whether a round is due
START_TIMEOUT_S = 120.0  # for the first answer, before which it reads the last weeks
ANSWER_TIMEOUT_S = 20.0  # for the others; forecasts are not shown long before
RESTART_S = (0.2, 1.0, 2.0, 4.0)  # before it is started again; the last one for every further time
AWAY_S = 60.0  # without a forecast, then there is an alarm

log = structlog.get_logger()


class ForecastProcess:
    """The one process of the forecasts of a running centre."""

    def __init__(
        self,
        start: Callable[[], Conversation],
        newest: NewestForecasts,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        """Take what starts the process, where its answers go, and the hall's clock."""
        self._start = start
        self._newest = newest
        self._now = now
        self._sleep = sleep
        self._running: Conversation | None = None
        self._failures = 0  # since the last answer
        self._stopped = False
        self._away: tuple[float, datetime] | None = None  # since when, elapsed and by the clock

    def run(self) -> None:
        """Ask for rounds for ever, until `stop`."""
        while not self._stopped:
            try:
                self._converse(self._start())
            except (NoAnswer, OSError, msgspec.MsgspecError) as error:
                log.warning("forecasts_away", cause=str(error), stopped=self._stopped)
            except Exception:  # calls and tickets go on without forecasts
                log.exception("forecasts_failed")
            finally:
                self._end()
            self._away = self._away or (time.monotonic(), self._now())
            self._sleep(RESTART_S[min(self._failures, len(RESTART_S) - 1)])
            self._failures += 1

    def _converse(self, running: Conversation) -> None:
        self._running = running
        most_s = START_TIMEOUT_S
        while not self._stopped:
            if not self._newest.due():
                self._sleep(POLL_INTERVAL_S)
                continue
            self._newest.ask()
            request = msgspec.json.encode(ForecastRequest(instant(self._now())))
            answer = running.ask(request, most_s)
            self._newest.take(msgspec.json.decode(answer, type=ForecastRound))
            self._failures, self._away, most_s = 0, None, ANSWER_TIMEOUT_S

    def stop(self) -> None:
        """End the process, for good."""
        self._stopped = True
        self._end()

    def _end(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            with suppress(OSError):
                running.stop()

    def alarms(self) -> Iterator[AlarmView]:
        """Yield an alarm while the process has been away for long."""
        if self._away is not None and time.monotonic() - self._away[0] > AWAY_S:
            yield AlarmView("forecasts_away", instant(self._away[1]), {})
