"""Middleware that finds out where a request behind a proxy comes from, and whether it came by HTTPS."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

DEFAULT_PORT = ":443"


class BehindProxy:
    """Sets the scheme and the address of the client, so that cookies are Secure and limits count each client.

    A request for the public address came by HTTPS if that address begins with it: nothing but a proxy answers there.
    What else a request says of itself, in `X-Forwarded-For` and `X-Forwarded-Proto`, is believed if a trusted proxy
    sent it, for anybody can write such a line.
    """

    def __init__(self, app: WSGIApplication, public_url: str | None, trusted: Collection[str]) -> None:
        """Wrap `app`; `trusted` are the addresses of the proxies."""
        self._app = app
        self._trusted = frozenset(trusted)
        public = urlsplit(public_url or "")
        self._https_host = public.netloc.lower().removesuffix(DEFAULT_PORT) if public.scheme == "https" else None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("REMOTE_ADDR") in self._trusted:
            self._believe(environ)
        if environ.get("HTTP_HOST", "").lower().removesuffix(DEFAULT_PORT) == self._https_host:
            environ["wsgi.url_scheme"] = "https"
        return self._app(environ, start_response)

    def _believe(self, environ: WSGIEnvironment) -> None:
        if _listed(environ.get("HTTP_X_FORWARDED_PROTO"))[:1] == ["https"]:
            environ["wsgi.url_scheme"] = "https"
        # Each proxy adds the address that it saw; what stands before the first unknown one is the client's own word.
        client = next((seen for seen in _listed(environ.get("HTTP_X_FORWARDED_FOR")) if seen not in self._trusted), "")
        if _is_address(client):
            environ["REMOTE_ADDR"] = client


def _listed(header: str | None) -> list[str]:
    """Return the values of a header, the last one first."""
    return [value.strip() for value in reversed((header or "").split(","))]


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
