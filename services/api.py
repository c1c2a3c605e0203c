"""Routes that anyone may read: the hall, what can be chosen now, what can be found, and the texts of a small page."""

from __future__ import annotations

from access.principal import ANYONE
from access.routes import Request, Routes
from hall.views.hall import HallView, hall_view
from hall.views.procedures import ProceduresView, procedures_view
from hall.views.services import ServicesView, services_view
from screens.screen import Context


def add_routes(routes: Routes, context: Context) -> None:
    """Declare the routes of the hall, its services and procedures, and the texts."""
    hall = context.hall

    @routes.get("/hall", roles=(ANYONE,), answer=HallView, summary="The centre: its name, rule and texts")
    def get_hall(request: Request[None]) -> HallView:
        with hall.reading():
            return hall_view(hall, context.public_url)

    @routes.get("/services", roles=(ANYONE,), answer=ServicesView, summary="What can be chosen now")
    def get_services(request: Request[None]) -> ServicesView:
        with hall.reading():
            return services_view(hall)

    @routes.get("/procedures", roles=(ANYONE,), answer=ProceduresView, summary="What can be found, and where it leads")
    def get_procedures(request: Request[None]) -> ProceduresView:
        with hall.reading():
            return procedures_view(hall)

    @routes.get(
        "/texts/<language>/<section>", roles=(ANYONE,), answer=dict[str, str], summary="The texts of one small page"
    )
    def get_texts(request: Request[None], language: str, section: str) -> bytes:
        return context.texts.section(language, section)
