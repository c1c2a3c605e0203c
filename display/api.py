"""Route of the board, for anyone to read."""

from __future__ import annotations

from access.principal import ANYONE
from access.routes import Request, Routes
from hall.hall import Hall
from hall.views.board import BoardView, board_view
from queueing.errors import UnknownRoom


def add_routes(routes: Routes, hall: Hall) -> None:
    """Declare the route of the board."""

    @routes.get(
        "/board",
        roles=(ANYONE,),
        answer=BoardView,
        summary="The board: numbers only",
        query={"room": "the code of a room: its counters and services alone"},
    )
    def get_board(request: Request[None]) -> BoardView:
        room = request.query.get("room")
        with hall.reading():
            if room is not None and room not in hall.catalogue.hall.rooms:
                raise UnknownRoom()
            return board_view(hall, room)
