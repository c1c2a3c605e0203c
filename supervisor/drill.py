"""Routes of the drill: hold one, and read how far it is and what the last one found."""

from __future__ import annotations

from access.principal import INSPECTOR, SUPERVISOR
from access.routes import Nothing, Request, Routes
from hall.drill import DrillRunner, DrillView
from hall.ports import NameOf


def add_routes(routes: Routes, drills: DrillRunner, name_of: NameOf) -> None:
    """Declare the routes of the drill."""

    def named(view: DrillView) -> DrillView:
        view.by = name_of(view.by or "") or view.by
        return view

    @routes.get(
        "/drill",
        roles=(SUPERVISOR, INSPECTOR),
        answer=DrillView,
        summary="How far the drill is, and what the last one found",
    )
    def get_drill(request: Request[None]) -> DrillView:
        return named(drills.progress())

    @routes.post(
        "/drill",
        roles=(SUPERVISOR,),
        body=None,
        answer=DrillView,
        summary="Try screens, printers, disk, backups, a restore and the address",
    )
    def post_drill(request: Request[Nothing]) -> DrillView:
        return named(drills.start(request.identity, request.principal.subject))
