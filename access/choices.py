"""What people can choose from, served to the browser as a module, so that no screen writes it again."""

from __future__ import annotations

import json
from collections.abc import Mapping

import flask

from access.principal import DEVICES, PEOPLE, READERS
from access.routes import Routes
from queueing import catalogue
from queueing.rollup import GROUPINGS

PATH = "/static/lib/choices.js"

CHOICES: Mapping[str, object] = {
    "LANGUAGES": {code: language._asdict() for code, language in catalogue.LANGUAGES.items()},
    "SPOKEN_LANGUAGES": {code: language._asdict() for code, language in catalogue.SPOKEN_LANGUAGES.items()},
    "RECORDABLE": catalogue.RECORDABLE,
    "DEFAULT_LANGUAGE": catalogue.DEFAULT_LANGUAGE,
    "CLASSES": catalogue.CLASSES,
    "GROUPS": catalogue.GROUPS,
    "OUTCOMES": catalogue.OUTCOMES,
    "CALL_REASONS": catalogue.CALL_REASONS,
    "REINSTATE_REASONS": catalogue.REINSTATE_REASONS,
    "PEOPLE_MOST": catalogue.PEOPLE_MOST,
    "GHOST_REASONS": catalogue.GHOST_REASONS,
    "NOTICES": catalogue.NOTICES,
    "ENTRANCE_MOST": catalogue.ENTRANCE_MOST,
    "PAUSE_REASONS": catalogue.PAUSE_REASONS,
    "FAULT_REASONS": catalogue.FAULT_REASONS,
    "THEMES": catalogue.THEMES,
    "VOICE_VARIANTS": catalogue.VOICE_VARIANTS,
    "GROUPINGS": tuple(GROUPINGS),
    "PEOPLE": PEOPLE,
    "DEVICES": DEVICES,
    "READERS": READERS,
}


def module() -> str:
    """Return the JavaScript module at `PATH`: each of `CHOICES` as an exported constant."""
    lines = (
        f"export const {name} = {json.dumps(choices, ensure_ascii=False, separators=(',', ':'))};"
        for name, choices in CHOICES.items()
    )
    return "\n".join(lines) + "\n"


def add_routes(routes: Routes) -> None:
    """Serve the module like a file of the static folder: kept by the browser and asked for by its ETag."""
    text = module()

    @routes.plain(PATH)
    def choices() -> flask.Response:
        response = flask.Response(text, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})
        response.add_etag()
        response.make_conditional(flask.request)
        return response
