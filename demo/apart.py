"""Cookies of its own for a simulated centre: tried on the machine of the real one, it must sign nobody out there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Apart:
    """Every cookie goes out with a prefix, and only those with it come in. Browsers tell hosts apart, not ports."""

    def __init__(self, app: WSGIApplication, kind: str) -> None:
        self._app = app
        self.prefix = f"{kind}_"

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        given = (each.strip() for each in environ.get("HTTP_COOKIE", "").split(";"))
        environ["HTTP_COOKIE"] = "; ".join(
            each.removeprefix(self.prefix) for each in given if each.startswith(self.prefix)
        )

        def marked(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            named = [(name, self.prefix + value if name.lower() == "set-cookie" else value) for name, value in headers]
            return start_response(status, named, *rest)

        return self._app(environ, marked)
