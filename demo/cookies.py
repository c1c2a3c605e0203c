"""Cookies under names of their own, so that a simulated centre does not sign anybody out of a real one.

Browsers separate cookies by host only, not by port: two centres on one PC would share their cookies.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class CookiePrefix:
    """WSGI middleware: adds a prefix to every cookie set, and passes only cookies with it to the application."""

    def __init__(self, app: WSGIApplication, kind: str) -> None:
        """Wrap `app`; the prefix is `kind` and an underscore."""
        self._app = app
        self.prefix = f"{kind}_"

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        given = (cookie.strip() for cookie in environ.get("HTTP_COOKIE", "").split(";"))
        environ["HTTP_COOKIE"] = "; ".join(
            cookie.removeprefix(self.prefix) for cookie in given if cookie.startswith(self.prefix)
        )

        def with_prefix(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            named = [(name, self.prefix + value if name.lower() == "set-cookie" else value) for name, value in headers]
            return start_response(status, named, *rest)

        return self._app(environ, with_prefix)
