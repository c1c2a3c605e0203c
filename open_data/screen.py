"""The public pages as a screen of the centre: the past by month, and the open data; no socket, no script."""

from __future__ import annotations

import time
from collections.abc import Sequence

import flask
import msgspec

from access.errors import NoSuchPage
from access.principal import ANYONE
from access.routes import Request, Routes, language
from hall.public_today import PublicToday, PublicTodayView
from open_data.page import Links
from open_data.site import Site, site_of
from queueing import events as ev
from queueing.catalogue import LANGUAGES
from screens.screen import Context, Screen

KEPT_S = 60.0  # a page is made again after so long, or when a file is published
MEDIA = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
LINKS = Links(
    root="/",
    figures={code: f"/minh-bach?lang={code}" for code in LANGUAGES},
    data={code: f"/open-data/?lang={code}" for code in LANGUAGES},
    files="/open-data/",
    now="/",
)


class Pages:
    """Makes the pages from the published files, at most once in KEPT_S unless a file was published."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._site: Site | None = None
        self._kept_since = 0.0
        self._published = 0  # the seq of the last publication it was made of
        self._pages: dict[tuple[str, str], str] = {}
        context.hall.listeners.append(self._hear)

    def _hear(self, events: Sequence[ev.Event]) -> None:
        if any(event.kind in (ev.FIGURES_PUBLISHED, ev.SETTING_CHANGED, ev.POLICY_CHANGED) for event in events):
            self._site = None

    def site(self) -> Site:
        """Return the site of now."""
        site = self._site
        if site is None or time.monotonic() - self._kept_since > KEPT_S:
            catalogue = self._context.hall.catalogue

            def read() -> Site:
                with self._context.archive() as store:
                    return site_of(store, catalogue, self._context.texts, LINKS)

            self._kept_since = time.monotonic()
            site = self._site = self._context.offload(read)
            self._pages = {}
        return site

    def page(self, name: str, code: str) -> str:
        """Return a page in a language, as HTML."""
        site = self.site()
        if (name, code) not in self._pages:
            self._pages[name, code] = site.figures_page(code) if name == "figures" else site.data_page(code)
        return self._pages[name, code]


def add_routes(routes: Routes, context: Context) -> None:
    """Declare the public pages, the files of the open data, and the public figures of today."""
    pages, today = Pages(context), PublicToday(context.hall)

    def asked() -> str:
        code = flask.request.args.get("lang", "")
        return code if code in LANGUAGES else language()

    @routes.plain("/minh-bach")
    def get_figures() -> flask.Response:
        return routes.html(pages.page("figures", asked()))

    @routes.plain("/open-data/")
    def get_open_data() -> flask.Response:
        return routes.html(pages.page("data", asked()))

    @routes.plain("/open-data/<name>")
    def get_file(name: str) -> flask.Response:
        site = pages.site()
        if name == "datapackage.json":
            return _file(site.package(), "json")
        data = next((file.data for file in site.files if file.name == name), None)
        if data is None:
            raise NoSuchPage()
        return _file(data, name.rpartition(".")[2])

    @routes.get(
        "/today",
        roles=(ANYONE,),
        answer=PublicTodayView,
        summary="The public figures of today: median wait and share in target, from the tenth visit on",
    )
    def get_today(request: Request[None]) -> bytes:
        return msgspec.json.encode(today.view())


def _file(data: bytes, kind: str) -> flask.Response:
    # Any page of the web may use open data.
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"}
    response = flask.Response(data, mimetype=MEDIA[kind].partition(";")[0], headers=headers)
    response.headers["Content-Type"] = MEDIA[kind]
    response.add_etag()
    response.make_conditional(flask.request)
    return response


SCREEN = Screen(add_routes=add_routes)
