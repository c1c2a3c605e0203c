"""The process of the forecasts, without its pipes: it follows the log and plays the queue ahead when it is asked.

It keeps nothing of its own. What it has learnt follows from the rows of the last weeks and from the forecasts that
people were given, so that it may be ended and started at any time.
"""

from __future__ import annotations

from datetime import datetime

from hall.ahead import LookAhead
from hall.catalogue.model import Catalogue, template_of
from hall.forecaster import ForecastOfWaiting, ForecastRound, Newcomer, SimpleRules
from hall.forecasts import FromTheFloor
from hall.hall import load_floor
from hall.ports import HallStore
from queueing.events import instant


class Forecasting:
    """Follows the log of a store that it only reads."""

    def __init__(self, store: HallStore) -> None:
        self._store = store
        self._floor = load_floor(store)
        self._catalogue = Catalogue(template_of(self._floor.configuration.tree))
        self._look_ahead = LookAhead()
        self._simple = FromTheFloor()

    def round(self, at: datetime) -> ForecastRound:
        """Return the forecasts at this instant for all who wait, and for a newcomer of every service.

        Raises:
            StepNotAllowed, LookupError, ValueError, TypeError, AttributeError: an event does not follow from those
                before; a new start reads them again.
        """
        self._read_new_events()
        return ForecastRound(self._floor.seq, instant(at), self._newcomers(at), self._waiting())

    def _read_new_events(self) -> None:
        before = self._floor.configuration
        for event in self._store.events(self._floor.seq):
            self._floor.apply(event)
        if self._floor.configuration is not before:
            self._catalogue = Catalogue(template_of(self._floor.configuration.tree))

    def _newcomers(self, at: datetime) -> dict[str, Newcomer]:
        newcomers = {}
        for code in self._catalogue.services:
            ahead = self._look_ahead.before_newcomer(self._catalogue, self._floor, code, at)
            estimated = self._simple.newcomer(self._catalogue, self._floor, code, ahead)
            if estimated is not None:
                newcomers[code] = Newcomer(estimated.shown, estimated.raw, ahead, SimpleRules())
        return newcomers

    def _waiting(self) -> dict[int, ForecastOfWaiting]:
        waiting = {}
        for place in self._floor.waiting.places(self._catalogue.services):
            estimated = self._simple.waiting(self._catalogue, self._floor, place)
            if estimated is not None:
                ahead = self._look_ahead.before(self._catalogue, self._floor, place).people
                waiting[place.ref] = ForecastOfWaiting(estimated, ahead)
        return waiting
