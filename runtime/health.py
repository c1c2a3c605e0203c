"""The route /health, by which other programs see whether the hall can issue tickets."""

from __future__ import annotations

import flask

from access.routes import Routes
from hall.drill import fingerprint
from hall.hall import Hall


def add_routes(routes: Routes, hall: Hall) -> None:
    """Declare /health: 200 once the hall is up to date and can save.

    The header `Hall` says which hall it is, so that a drill sees whether the public address leads to this one.
    """
    ours = fingerprint(hall.hall_id)

    @routes.plain("/health")
    def health() -> flask.Response:
        hall.refresh()
        return flask.Response("ok\n", mimetype="text/plain", headers={"Hall": ours})
