"""Doors of the wall: the board, for anyone to read."""

from __future__ import annotations

from access.door import Ask, Doors
from access.principal import ANYONE
from hall.hall import Hall
from hall.views import BoardView, board_view


def add_doors(doors: Doors, hall: Hall) -> None:
    doors.page("/display", "display/index.html")

    @doors.get("/board", roles=(ANYONE,), answer=BoardView, summary="The board: numbers only")
    def get_board(ask: Ask[None]) -> BoardView:
        with hall.lock:
            return board_view(hall)
