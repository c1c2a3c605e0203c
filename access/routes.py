"""The table of routes: each is declared with its roles, body and answer; what is not declared is refused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, wraps
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

import flask
import msgspec
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.routing import IntegerConverter

from access.answering import answer_failures, guard_answers, with_banner
from access.errors import BadJson, Forbidden, ForeignOrigin, NoSuchPage, NotSignedIn
from access.gate import Gate
from access.principal import ANYONE, Principal
from access.reading import WORD_LONGEST, composed, content_digest, read_json, read_key, read_query, secret_fields
from access.texts import Texts
from hall.ports import RequestIdentity
from queueing.catalogue import DEFAULT_LANGUAGE, LANGUAGES

ROOT = "/api/v1"
BODY_LARGEST = 16 * 1024
ARGUMENT_LARGEST = 2**53
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}

B_co = TypeVar("B_co", covariant=True)
View = TypeVar("View", bound=Callable[..., object])


class _PlainDigits(IntegerConverter):
    """A number in an address: digits of ASCII, no more than an id of ours can have."""

    regex = "[0-9]{1,16}"


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An empty object."""


@dataclass(frozen=True, slots=True)
class Request(Generic[B_co]):
    """What the function of a route gets: the caller, the content, and the language of the answer."""

    principal: Principal
    body: B_co
    identity: RequestIdentity  # by which a repeat is known; without key and digest in a GET
    language: str
    query: Mapping[str, str] = field(default_factory=dict)
    if_none_match: Collection[str] = ()  # quoted, as an ETag is


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with more than a body; `body` is encoded JSON, `status` None the route's own."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None
    cookies: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """One declared route. Outside `ROOT` it has no types: a page, or a plain answer."""

    method: str
    path: str
    roles: tuple[str, ...]
    summary: str
    body: type[msgspec.Struct] | None = None
    answer: Any = None
    query: Mapping[str, str] = field(default_factory=dict)  # name -> meaning
    status: int = 200
    page: str | None = None
    media: str = "application/json"  # of the answer
    largest: int = BODY_LARGEST
    module: str = ""  # where the function stands

    @property
    def name(self) -> str:
        """Return the name by which the route is declared: method and path."""
        return f"{self.method} {self.path}"


class Routes:
    """Declares the routes of an application; anything that was not declared is refused."""

    def __init__(self, app: flask.Flask, gate: Gate, texts: Texts, banner: str = "") -> None:
        """Add the checks before and after each route; `banner` is shown on every page, by static/banner.css."""
        self.app = app
        self._banner = banner
        self.gate = gate
        self.declared: dict[str, Route] = {}
        # Read by Werkzeug before the body is, so that nobody can fill the memory.
        app.config["MAX_CONTENT_LENGTH"] = BODY_LARGEST
        app.url_map.converters["int"] = _PlainDigits
        # An address with // is none of ours; a redirect would repeat the host that the sender claims.
        app.url_map.merge_slashes = False
        app.extensions["routes"] = self
        app.before_request(self._guard)
        answer_failures(app, texts, language, banner)
        guard_answers(app)

    # -- declaring ---------------------------------------------------------------------------

    def get(
        self,
        path: str,
        *,
        roles: tuple[str, ...],
        answer: Any,
        summary: str,
        query: Mapping[str, str] | None = None,
        media: str = "application/json",
    ) -> Callable[[View], View]:
        """Declare a GET route; its function must change nothing."""
        return self._declare(Route("GET", ROOT + path, roles, summary, None, answer, query or {}, media=media))

    def post(
        self,
        path: str,
        *,
        roles: tuple[str, ...],
        body: type[msgspec.Struct] | None,
        answer: Any,
        summary: str,
        status: int = 200,
        largest: int = BODY_LARGEST,
    ) -> Callable[[View], View]:
        """Declare a POST route; `largest` is the greatest size of its body in bytes.

        Raises:
            TypeError: the type of the body would accept unknown fields.
        """
        shape = Nothing if body is None else body
        if not shape.__struct_config__.forbid_unknown_fields:
            raise TypeError(f"{shape.__qualname__} of POST {path} needs forbid_unknown_fields=True")
        return self._declare(Route("POST", ROOT + path, roles, summary, shape, answer, {}, status, largest=largest))

    def page(self, path: str, file: str) -> None:
        """Serve a page from the static folder, to anyone: its data comes from routes that check roles."""
        route = Route("GET", path, (ANYONE,), "", page=file)

        def view(**_: object) -> flask.Response:
            response = flask.current_app.send_static_file(file)
            if self._banner:
                response.direct_passthrough = False
                text = with_banner(response.get_data(as_text=True), self._banner)
                response = flask.Response(text, mimetype="text/html", headers={"Cache-Control": "no-cache"})
            if "<" in path:
                response.headers["Cache-Control"] = "no-store"  # the address holds a secret
            return response

        self._open(route, view)

    def html(self, page: str) -> flask.Response:
        """Return a page that was made here as an answer, with the banner of a simulated centre."""
        headers = {"Cache-Control": "no-cache"}
        return flask.Response(with_banner(page, self._banner), mimetype="text/html", headers=headers)

    def plain(self, path: str, *, roles: tuple[str, ...] = (ANYONE,)) -> Callable[[View], View]:
        """Declare an answer that is no JSON for a screen, such as /health."""

        def declare(view: View) -> View:
            self._open(Route("GET", path, roles, ""), view)
            return view

        return declare

    def _declare(self, route: Route) -> Callable[[View], View]:
        secret = secret_fields(route.body) if route.body else frozenset()

        def declare(view: View) -> View:
            @wraps(view)
            def serve(**arguments: Any) -> flask.Response:
                return _respond(view(_read_request(route, secret), **arguments), route.status, route.media)

            self._open(route, serve)
            return view

        return declare

    def _open(self, route: Route, view: Callable[..., Any]) -> None:
        @wraps(view)
        def answer(**arguments: Any) -> Any:
            return view(**{name: _argument(value) for name, value in arguments.items()})

        self.declared[route.name] = replace(route, module=view.__module__)
        self.app.add_url_rule(
            route.path, endpoint=route.name, view_func=answer, methods=[route.method], provide_automatic_options=False
        )

    # -- guarding ----------------------------------------------------------------------------

    def _guard(self) -> ResponseReturnValue | None:
        """Let through callers with a role of the declared route; refuse all others.

        Raises:
            NotSignedIn, Forbidden, ForeignOrigin, TooMany
        """
        request = request_ctx.request
        if request.url_rule is None or request.endpoint == "static":
            return None  # no such path or method, or a file that is open to all
        route = self.declared.get(request.endpoint or "")
        roles = route.roles if route else ()
        cookies = request.cookies if "HTTP_COOKIE" in request.environ else {}
        principal = self.gate.identify(cookies, request.headers.get("Authorization"), roles)
        flask.g.principal = principal
        self.gate.limits.count(principal)
        if ANYONE not in roles and principal.role not in roles:
            raise NotSignedIn() if principal.role == ANYONE else Forbidden()
        if request.method == "POST":
            _check_origin(request)
            if route is not None:
                request.max_content_length = route.largest
        return None


def language() -> str:
    """Return the reader's language: the first of theirs that we have, whatever the region; else Vietnamese."""
    return _language(flask.request.headers.get("Accept-Language", ""))


@lru_cache(maxsize=256)
def _language(accepted: str) -> str:
    tags = parse_accept_header(accepted, LanguageAccept)
    wanted = (tag.partition("-")[0].lower() for tag, weight in tags if weight > 0)
    return next((tag for tag in wanted if tag in LANGUAGES), DEFAULT_LANGUAGE)


def _read_request(route: Route, secret: frozenset[str]) -> Request[Any]:
    incoming, principal = request_ctx.request, flask.g.principal
    body, key, digest = None, "", ""
    if route.body is not None:
        key = read_key(incoming.headers.get("Idempotency-Key"))
        data = incoming.get_data(cache=False)
        if incoming.content_length is None:
            incoming.stream.read(1)  # in chunks: what is cut off at the limit is refused as too large
        # A page of another site can send a form without a preflight request, but not this type.
        if data and incoming.mimetype != "application/json":
            raise BadJson()
        body = read_json(data, route.body)
        digest = content_digest(body, secret)
    return Request(
        principal=principal,
        body=body,
        identity=RequestIdentity(principal.subject, f"{incoming.method} {incoming.path}", key, digest),
        language=language(),
        query=read_query(incoming.args.to_dict(flat=False), route.query) if route.method == "GET" else {},
        if_none_match=_known_tags(incoming) if route.method == "GET" else (),
    )


def _known_tags(request: flask.Request) -> Collection[str]:
    return frozenset(f'"{tag}"' for tag in request.if_none_match.as_set(include_weak=True))


def _respond(answer: object, status: int, media: str) -> flask.Response:
    reply = answer if isinstance(answer, Reply) else Reply(_encoded(answer))
    response = flask.Response(
        reply.body,
        status=reply.status or status,
        headers=dict(reply.headers),
        mimetype=media,
    )
    for cookie in reply.cookies:
        response.headers.add("Set-Cookie", cookie)
    return response


def _encoded(answer: object) -> bytes:
    return answer if isinstance(answer, bytes) else msgspec.json.encode(answer)


def _argument(value: Any) -> Any:
    """Return a part of the address as an argument.

    Raises:
        NoSuchPage: it is longer or larger than any id or number of ours.
    """
    too_long = isinstance(value, str) and len(value) > WORD_LONGEST
    if too_long or (isinstance(value, int) and value > ARGUMENT_LARGEST):
        raise NoSuchPage()
    return composed(value)


def _check_origin(request: flask.Request) -> None:
    """Check that a command was not sent by a page of another site; browsers say so in `Origin`.

    Raises:
        ForeignOrigin: it was.
    """
    origin = request.headers.get("Origin")
    if origin is not None and not is_own(origin, request.host):
        raise ForeignOrigin()


def is_own(origin: str, host: str) -> bool:
    """Return whether a page of this origin is one of ours, if `host` is what its request was sent to.

    Behind a proxy the scheme may not be known, so either will do.
    """
    try:
        parts = urlsplit(origin.lower())
    except ValueError:
        return False
    default = _DEFAULT_PORTS.get(parts.scheme)
    return default is not None and parts.netloc.removesuffix(default) == host.lower().removesuffix(default)
