"""The OpenAPI document, made from the declared doors, so that it cannot be out of date."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from access.answering import ErrorView
from access.door import ROOT, Ask, Door, Doors
from access.gate import SESSION_COOKIE, device_cookie
from access.principal import ANYONE, DEVICES, PEOPLE

VERSION = "1"

_CONVERTED = re.compile(r"<(?:(int):)?(\w+)>")
_REF = "#/components/schemas/{name}"
_JSON = "application/json"

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


def add_doors(doors: Doors) -> None:
    made: dict[int, bytes] = {}  # by the number of doors: all are declared before the first request

    @doors.get("/openapi.json", roles=(ANYONE,), answer=dict[str, Any], summary="This document")
    def get_openapi(ask: Ask[None]) -> bytes:
        count = len(doors.declared)
        if count not in made:
            made[count] = msgspec.json.encode(document(doors.declared.values()))
        return made[count]


def document(doors: Iterable[Door]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of these doors; pages and plain answers are left out."""
    doors = [door for door in doors if door.path.startswith(ROOT + "/")]
    types = [each for door in doors for each in (door.body, door.answer) if each is not None]
    schemas, parts = msgspec.json.schema_components([ErrorView, *types], ref_template=_REF)
    found = iter(schemas)
    error = next(found)
    paths: dict[str, dict[str, Any]] = {}
    for door in doors:
        body = next(found) if door.body is not None else None
        answer = next(found) if door.answer is not None else {}
        path = _CONVERTED.sub(r"{\2}", door.path.removeprefix(ROOT))
        paths.setdefault(path, {})[door.method.lower()] = _operation(door, body, answer, error)
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


def _operation(door: Door, body: Any, answer: Any, error: Any) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(door),
        "summary": door.summary,
        "parameters": [*_path_parameters(door), *_query_parameters(door)],
        "responses": _responses(door, answer, error),
        "security": _security(door),
        "x-roles": list(door.roles),
    }
    if door.body is not None:
        operation["parameters"].append(_KEY)
        fields = msgspec.structs.fields(door.body)
        operation["requestBody"] = {
            "required": any(each.required for each in fields),
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


def _responses(door: Door, answer: Any, error: Any) -> dict[str, Any]:
    said = {"description": "Refused", "content": {_JSON: {"schema": error}}}
    return {
        str(door.status): {"description": "Done", "content": {door.media: {"schema": answer or {"type": "string"}}}},
        **{
            status: {**said, "description": reason}
            for status, reason in _REFUSALS.items()
            if door.method == "POST" or status in _OF_QUESTIONS
        },
    }


def _security(door: Door) -> list[dict[str, list[str]]]:
    allowed: list[dict[str, list[str]]] = [{}] if ANYONE in door.roles else []
    if any(role in (ANYONE, *PEOPLE) for role in door.roles):
        allowed.append({"session": []})
    allowed += [{kind: []} for kind in DEVICES if kind in door.roles]
    return [*allowed, {"token": []}]


def _operation_id(door: Door) -> str:
    words = re.sub(r"\W+", "_", door.path.removeprefix(ROOT)).strip("_")
    return f"{door.method.lower()}_{words}"


def _path_parameters(door: Door) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer", "minimum": 0} if whole else {"type": "string", "maxLength": 64},
        }
        for whole, name in _CONVERTED.findall(door.path)
    ]


def _query_parameters(door: Door) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "description": meaning, "schema": {"type": "string"}}
        for name, meaning in door.query.items()
    ]
