"""Presses that come together are saved together: one write to the disk for all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hall.hall import Act


class Press:
    """One use case that waits to be performed, and what came of it."""

    __slots__ = ("act", "by", "do", "error", "gate", "leads", "result")

    def __init__(self, do: Callable[[Act], Any], by: str) -> None:
        self.do = do
        self.by = by
        self.act: Act | None = None
        self.result: Any = None
        self.error: BaseException | None = None
        self.gate: threading.Lock | None = None  # held until somebody has performed it
        self.leads = False

    def outcome(self) -> Any:
        """Its result.

        Raises:
            Whatever performing it raised.
        """
        if self.error is not None:
            raise self.error
        return self.result


class Presses:
    """The first of those who come at one time performs for all; the others wait for it.

    A durable commit takes longer than the use case it saves. Sixteen clerks who press at once would
    wait for sixteen of them, one after the other; like this they share one.
    """

    def __init__(self, perform: Callable[[list[Press]], None]) -> None:
        """`perform` performs them in order, or raises for all of them."""
        self._perform = perform
        self._guard = threading.Lock()
        self._waiting: list[Press] = []
        self._led = False
        self.give_way: Callable[[], None] = lambda: None  # lets those who are at the door come in

    def submit(self, press: Press) -> None:
        """Have it performed, by oneself or by another."""
        with self._guard:
            self._waiting.append(press)
            press.leads, self._led = not self._led, True
            if not press.leads:
                press.gate = threading.Lock()
                press.gate.acquire()
        if press.gate is not None:
            press.gate.acquire()
        if press.leads:
            self._lead(press)

    def waiting(self) -> tuple[Press, ...]:
        """Those whom nobody has begun to perform."""
        with self._guard:
            return tuple(self._waiting)

    def _lead(self, own: Press) -> None:
        taken: list[Press] = []
        try:
            self.give_way()
            taken = self._take()
            self._perform(taken)
        except BaseException as error:  # noqa: BLE001  each gets it, and nobody may wait for ever
            for press in taken or self._take():
                press.error = error
        finally:
            self._hand_on()
            for press in taken:
                if press is not own and press.gate is not None:
                    press.gate.release()

    def _take(self) -> list[Press]:
        with self._guard:
            taken, self._waiting = self._waiting, []
            return taken

    def _hand_on(self) -> None:
        """Whoever came meanwhile is led by the first of them."""
        with self._guard:
            self._led = bool(self._waiting)
            if self._waiting:
                heir = self._waiting[0]
                heir.leads = True
                if heir.gate is not None:
                    heir.gate.release()
