"""Routes that anyone may read: the hall, what can be chosen now, what can be found, and the texts of a small page."""

from __future__ import annotations

import flask

from access.errors import NoSuchPage
from access.principal import ANYONE
from access.routes import Request, Routes
from hall.views.hall import HallView, hall_view
from hall.views.procedures import ProceduresView, link_of, procedures_view
from hall.views.services import ServicesView, services_view
from paper.code import draw_code
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

    @routes.plain("/procedures/<code>/code.svg")
    def get_code(code: str) -> flask.Response:
        """Return the code that opens a procedure's own page on a phone.

        Raises:
            NoSuchPage: there is no such procedure, or nothing is said of its address.
        """
        with hall.reading():
            link = link_of(hall, code)
        if link is None:
            raise NoSuchPage()
        response = flask.Response(draw_code(link), mimetype="image/svg+xml")
        response.headers["Cache-Control"] = "no-cache"
        return response

    @routes.get(
        "/texts/<language>/<section>", roles=(ANYONE,), answer=dict[str, str], summary="The texts of one small page"
    )
    def get_texts(request: Request[None], language: str, section: str) -> bytes:
        return context.texts.section(language, section)
