"""The JSON Schema (2020-12) of every event in the log, made from the payload types in `queueing/events.py`."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec

from queueing.events import KINDS

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def event_schema() -> dict[str, Any]:
    """Return the schema of one event, as `GET /api/v1/events` and the daily files give it.

    It promises the fields that are named, and forbids no others: a later version may add fields and kinds, so
    an event of a kind that is not here is valid with whatever data it has.
    """
    payloads = {kind.payload: None for kind in KINDS.values()}  # a type that several kinds share stands once
    schemas, definitions = msgspec.json.schema_components(payloads, ref_template="#/$defs/{name}")
    data_of = dict(zip(payloads, schemas, strict=True))
    for definition in definitions.values():
        definition["description"] = inspect.cleandoc(definition["description"])
    return {
        "$schema": DIALECT,
        "title": "Event",
        "description": "One fact of the log; docs/events.md says what each kind and field means.",
        "type": "object",
        "properties": {
            "seq": {"type": "integer", "minimum": 1},
            "at": {"type": "string", "format": "date-time"},
            "kind": {"type": "string", "examples": list(KINDS)},
            "ref": {"type": ["integer", "null"]},
            "counter": {"type": ["integer", "null"]},
            "service": {"type": ["string", "null"]},
            "data": {"type": "object"},
            "hash": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        },
        "required": ["seq", "at", "kind", "ref", "counter", "service", "data", "hash"],
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": name}}},
                "then": {"properties": {"data": data_of[kind.payload]}},
            }
            for name, kind in KINDS.items()
        ],
        "$defs": definitions,
    }
