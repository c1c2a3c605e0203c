"""The route /health, by which other programs see whether the hall can issue tickets."""

from __future__ import annotations

import flask

from access.routes import Routes
from hall.hall import Hall


def add_routes(routes: Routes, hall: Hall) -> None:
    """Declare /health: 200 once the hall is up to date and can save."""

    @routes.plain("/health")
    def health() -> flask.Response:
        hall.refresh()
        return flask.Response("ok\n", mimetype="text/plain")
