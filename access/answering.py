"""What every answer has: refusals and failures as a code and a sentence, and security headers."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape

import flask
import msgspec
import structlog
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import RequestRedirect

from access.errors import (
    AccessRefusal,
    BadRequest,
    Forbidden,
    ForeignOrigin,
    NoSuchPage,
    NotSignedIn,
    SetupLinkUsed,
    TooLarge,
    TooMany,
    TooSlow,
    WrongMethod,
    WrongPassword,
    WrongPresentPassword,
    status_of,
)
from access.principal import NOBODY
from access.texts import Texts
from hall.ports import CannotSave
from queueing.errors import Refusal

_POLICY = (
    "default-src 'self'; connect-src 'self'{sockets}; img-src 'self' data: blob:; "
    "media-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?")

# The policy of a page covers what it loads. These are never pages, and the header would be a twentieth of all that a
# phone loads for its ticket.
PARTS_OF_PAGES = ("text/javascript", "text/css", "font/woff2")

_OF_STATUS: dict[int | None, type[AccessRefusal]] = {404: NoSuchPage, 405: WrongMethod, 408: TooSlow, 413: TooLarge}

# For somebody who mistyped an address; the words come from the texts.
_LOST = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{sentence}</title>
<link rel="stylesheet" href="/static/tokens.css">
<link rel="stylesheet" href="/static/base.css">
</head>
<main><p>{sentence}</p><p><a href="/">{host}</a></p></main>
"""

# Refusals that an attacker would cause; the others are part of daily work.
SUSPICIOUS = (Forbidden, ForeignOrigin, NotSignedIn, SetupLinkUsed, TooMany, WrongPassword, WrongPresentPassword)

log = structlog.get_logger()


class ErrorView(msgspec.Struct, frozen=True):
    """Every refusal and every failure: a stable code, and a sentence in the reader's language.

    `field` is there if one field of the content is wrong.
    """

    code: str
    message: str
    field: str | msgspec.UnsetType = msgspec.UNSET


def with_banner(page: str, banner: str) -> str:
    """Return the page with the banner of a simulated centre over it; without a banner, unchanged."""
    if not banner:
        return page
    page = page.replace("<html ", f'<html data-banner="{escape(banner)}" ', 1)
    return page.replace("</head>", '<link rel="stylesheet" href="/static/banner.css">\n</head>', 1)


def answer_failures(app: flask.Flask, texts: Texts, language: Callable[[], str], banner: str = "") -> None:
    """Turn every exception of the application into an answer; pages among them bear the banner."""

    def respond(code: str, status: int, params: dict[str, object] | None = None) -> flask.Response:
        params = params or {}
        field = params.get("field")
        view = ErrorView(
            code, texts.error(language(), code, params), field if isinstance(field, str) else msgspec.UNSET
        )
        return flask.Response(msgspec.json.encode(view), status, mimetype="application/json")

    def log_suspicious(refusal: Refusal) -> None:
        """Log what may be an attack."""
        if isinstance(refusal, SUSPICIOUS):
            principal = flask.g.get("principal", NOBODY)
            log.warning(
                "refused",
                code=refusal.code,
                route=flask.request.endpoint,
                subject=principal.subject,
                address=flask.request.remote_addr,
            )

    def refused(refusal: Refusal) -> flask.Response:
        log_suspicious(refusal)
        response = respond(refusal.code, status_of(refusal), refusal.params)
        if isinstance(refusal, TooMany):
            response.headers["Retry-After"] = str(refusal.seconds)
        return response

    def cannot_save(error: CannotSave) -> flask.Response:
        log.error("cannot_save", route=flask.request.endpoint, cause=str(error))
        return respond("cannot_save", 503)

    def failed(error: HTTPException) -> flask.Response:
        if isinstance(error, RequestRedirect):
            error = NotFound()  # it would repeat the host that the sender claims, and no page of ours needs it
        if error.code == 404 and not flask.request.path.startswith(("/api/", "/static/")):
            return lost()
        response = refused(_OF_STATUS.get(error.code, BadRequest)())
        for name, value in error.get_headers():
            if name == "Allow":
                response.headers[name] = value
        return response

    def lost() -> flask.Response:
        sentence = texts.error(language(), NoSuchPage.code, {})
        page = _LOST.format(language=language(), sentence=escape(sentence), host=escape(flask.request.host))
        return flask.Response(with_banner(page, banner), 404, mimetype="text/html")

    def broke(error: Exception) -> flask.Response:
        # The rule, not the path: that may hold the secret id of a ticket.
        log.error("request_failed", route=flask.request.endpoint, exc_info=error)
        return respond("internal", 500)

    app.register_error_handler(Refusal, refused)
    app.register_error_handler(CannotSave, cannot_save)
    app.register_error_handler(HTTPException, failed)
    app.register_error_handler(Exception, broke)


@lru_cache(maxsize=64)
def content_policy(host: str) -> str:
    """Return the policy of a page at this host: it loads from there, and speaks to there, and nowhere else."""
    # Sockets are named, as Safari before 15.4 does not count them as its own; the policy cannot name an IPv6 address.
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return _POLICY.format(sockets=sockets)


def guard_answers(app: flask.Flask) -> None:
    """Set the security headers on every answer; the content policy on what a browser can show as a page."""

    def guard(response: flask.Response) -> flask.Response:
        request, headers = request_ctx.request, response.headers
        # Added, as nobody else sets them: to set one compares it with all that are there.
        if response.mimetype not in PARTS_OF_PAGES:
            headers.add("Content-Security-Policy", content_policy(request.host))
        headers.add("X-Content-Type-Options", "nosniff")
        headers.add("Referrer-Policy", "no-referrer")  # a ticket's address is its secret
        if request.path.startswith("/api/"):
            # An answer with an ETag may be kept by the browser that asked, to be asked about again.
            headers.setdefault("Cache-Control", "private, no-cache" if "ETag" in headers else "no-store")
            headers.setdefault("Vary", "Cookie, Authorization, Accept-Language")
        return response

    app.after_request(guard)
