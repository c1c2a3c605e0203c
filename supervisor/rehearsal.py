"""Routes of the rehearsal: begin one, read its progress, stop it."""

from __future__ import annotations

import msgspec

from access.principal import INSPECTOR, SUPERVISOR
from access.routes import Nothing, Request, Routes
from hall.catalogue.model import Policy
from hall.rehearsal_runner import RehearsalRunner, RehearsalView


class RehearseBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The policy to try, and on how many closed days."""

    policy: Policy
    days: int


def add_routes(routes: Routes, rehearsals: RehearsalRunner) -> None:
    """Declare the routes of the rehearsal."""

    @routes.get(
        "/settings/policy/rehearsal",
        roles=(SUPERVISOR, INSPECTOR),
        answer=RehearsalView,
        summary="How far the rehearsal is, and its result",
    )
    def get_rehearsal(request: Request[None]) -> RehearsalView:
        return rehearsals.progress()

    @routes.post(
        "/settings/policy/rehearsal",
        roles=(SUPERVISOR,),
        body=RehearseBody,
        answer=RehearsalView,
        summary="Play the last days again under this policy; nothing is changed",
    )
    def post_rehearsal(request: Request[RehearseBody]) -> RehearsalView:
        return rehearsals.start(request.identity, request.body.policy, request.body.days)

    @routes.post(
        "/settings/policy/rehearsal/stop",
        roles=(SUPERVISOR,),
        body=None,
        answer=RehearsalView,
        summary="Stop the rehearsal",
    )
    def post_stop(request: Request[Nothing]) -> RehearsalView:
        return rehearsals.stop()
