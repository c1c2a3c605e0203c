"""The files below /static as the server serves them, for tests whose pages have no server behind them."""

import mimetypes

from access import choices
from tests.centre import ROOT


def static_file(path):
    """Return body and content type of `path` as arguments of `route.fulfill`; None where no such file is."""
    if path == choices.PATH:
        return {"body": choices.module(), "content_type": "text/javascript"}
    file = ROOT / path.lstrip("/")
    if not path.startswith("/static/") or not file.is_file():
        return None
    # What mimetypes says of a script differs from machine to machine.
    kind = "text/javascript" if file.suffix == ".js" else mimetypes.guess_type(file)[0]
    return {"body": file.read_bytes(), "content_type": kind}
