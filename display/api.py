"""Route of the board, for anyone to read."""

from __future__ import annotations

from access.principal import ANYONE
from access.routes import Request, Routes
from hall.hall import Hall
from hall.views.board import BoardView, board_view


def add_routes(routes: Routes, hall: Hall) -> None:
    """Declare the route of the board."""

    @routes.get("/board", roles=(ANYONE,), answer=BoardView, summary="The board: numbers only")
    def get_board(request: Request[None]) -> BoardView:
        with hall.reading():
            return board_view(hall)
