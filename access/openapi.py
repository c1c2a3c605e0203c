"""The OpenAPI document, generated from the declared routes, so that it cannot be out of date."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from access.answering import ErrorView
from access.gate import SESSION_COOKIE, device_cookie
from access.principal import ANYONE, DEVICES, PEOPLE
from access.reading import WORD_LONGEST
from access.routes import ARGUMENT_LARGEST, ROOT, Request, Route, Routes

VERSION = "1"

_CONVERTED = re.compile(r"<(?:(int):)?(\w+)>")
_REF = "#/components/schemas/{name}"
_JSON = "application/json"
_WORD = {"type": "string", "maxLength": WORD_LONGEST}

_SCHEMES: dict[str, dict[str, str]] = {
    "token": {"type": "http", "scheme": "bearer", "description": "A program, made with `server.py token`"},
    "session": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE, "description": "A person who signed in"},
    **{
        kind: {"type": "apiKey", "in": "cookie", "name": device_cookie(kind), "description": f"A paired {kind}"}
        for kind in DEVICES
    },
}

_REFUSALS = {
    "400": "The request cannot be read",
    "401": "Nobody is signed in",
    "403": "The asker may not do this",
    "404": "What was named does not exist",
    "409": "It cannot be done in the present state",
    "413": "The body is too large",
    "422": "The content names what cannot be; or the key was used with another content",
    "429": "Too many requests; see Retry-After",
    "503": "The server cannot save now; nothing was changed",
}
_OF_QUESTIONS = ("400", "401", "403", "404", "422", "429")


def add_routes(routes: Routes) -> None:
    """Declare the route of the OpenAPI document."""
    documents: dict[int, bytes] = {}  # by the number of routes: all are declared before the first request

    @routes.get("/openapi.json", roles=(ANYONE,), answer=dict[str, Any], summary="This document")
    def get_openapi(request: Request[None]) -> bytes:
        count = len(routes.declared)
        if count not in documents:
            documents[count] = msgspec.json.encode(document(routes.declared.values()))
        return documents[count]


def document(routes: Iterable[Route]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of these routes; pages and plain answers are left out."""
    routes = [route for route in routes if route.path.startswith(ROOT + "/")]
    types = [shape for route in routes for shape in (route.body, route.answer) if shape is not None]
    schemas, parts = msgspec.json.schema_components([ErrorView, *types], ref_template=_REF)
    generated = iter(schemas)
    error = next(generated)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        body = next(generated) if route.body is not None else None
        answer = next(generated) if route.answer is not None else {}
        path = _CONVERTED.sub(r"{\2}", route.path.removeprefix(ROOT))
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, body, answer, error)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Đến Lượt",
            "version": VERSION,
            "description": "The queue of one public service centre. Times are ISO 8601 in UTC; names ending in "
            "`_s` are whole seconds. A refusal changes nothing.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": ROOT}],
        "paths": paths,
        "components": {"schemas": parts, "securitySchemes": _SCHEMES},
    }


def _operation(route: Route, body: Any, answer: Any, error: Any) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(route),
        "summary": route.summary,
        "parameters": [*_path_parameters(route), *_query_parameters(route)],
        "responses": _responses(route, answer, error),
        "security": _security(route),
        "x-roles": list(route.roles),
    }
    if route.body is not None:
        operation["parameters"].append(_KEY)
        fields = msgspec.structs.fields(route.body)
        operation["requestBody"] = {
            "required": any(field.required for field in fields),
            "content": {_JSON: {"schema": body}},
        }
    return operation


_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Chosen by the sender, one for each thing to be done. The same key again, within 48 hours, gets "
    "the first answer and changes nothing; with another content it is refused.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{8,64}$"},
}


def _responses(route: Route, answer: Any, error: Any) -> dict[str, Any]:
    said = {"description": "Refused", "content": {_JSON: {"schema": error}}}
    return {
        str(route.status): {"description": "Done", "content": {route.media: {"schema": answer or {"type": "string"}}}},
        **{
            status: {**said, "description": reason}
            for status, reason in _REFUSALS.items()
            if route.method == "POST" or status in _OF_QUESTIONS
        },
    }


def _security(route: Route) -> list[dict[str, list[str]]]:
    allowed: list[dict[str, list[str]]] = [{}] if ANYONE in route.roles else []
    if any(role in (ANYONE, *PEOPLE) for role in route.roles):
        allowed.append({"session": []})
    allowed += [{kind: []} for kind in DEVICES if kind in route.roles]
    return [*allowed, {"token": []}]


def _operation_id(route: Route) -> str:
    words = re.sub(r"\W+", "_", route.path.removeprefix(ROOT)).strip("_")
    return f"{route.method.lower()}_{words}"


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer", "minimum": 0, "maximum": ARGUMENT_LARGEST} if whole else _WORD,
        }
        for whole, name in _CONVERTED.findall(route.path)
    ]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "description": meaning, "schema": _WORD} for name, meaning in route.query.items()
    ]
