"""Make types/api.d.ts and types/choices.js: what the browser's modules get from the server, for tsc.

Run: `python -m tools.browser_types`; `make lint` does so before the scripts are checked. The types come from the
OpenAPI document, which the program makes from the same Python types that it reads and writes with, so a page that
reads a field which is not sent does not pass. types/live.d.ts puts together of these what is sent over Socket.IO.
The choices are the module that the server makes of them, as it is served.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from access.choices import PATH as CHOICES_ADDRESS
from hall.catalogue.defaults import found_hall
from queueing.clock import SteadyClock
from runtime.centre import Centre
from settings import Settings
from store.database import Database
from store.hall import SqliteHallStore

ROOT = Path(__file__).resolve().parent.parent
TYPES = ROOT / "types" / "api.d.ts"
CHOICES = ROOT / "types" / "choices.js"
DOCUMENT = "/api/v1/openapi.json"
REF = "#/components/schemas/{name}"
HEAD = """\
// Made by `python -m tools.browser_types` from the program's own types: not to be edited.

"""

Schema = Mapping[str, Any]


def main() -> None:
    """Write the types of this program, and the choices."""
    described, choices = served(DOCUMENT, CHOICES_ADDRESS)
    TYPES.write_text(declarations(json.loads(described), sent_views()), "utf-8")
    CHOICES.write_text(choices, "utf-8")


def served(*addresses: str) -> list[str]:
    """Return what a centre that is put together, but listens to nobody, answers at these addresses."""
    with tempfile.TemporaryDirectory() as folder:
        db = Database(None)
        now = datetime(2026, 1, 5, tzinfo=UTC)
        found_hall(SqliteHallStore(db), now)
        chosen = Settings(data=Path(folder), async_mode="threading")
        centre = Centre(chosen, db, SteadyClock(lambda: now, lambda: 0.0), [], lambda work: work())
        browser = centre.app.test_client()
        return [browser.get(address).get_data(as_text=True) for address in addresses]


def sent_views() -> dict[str, Schema]:
    """Return the JSON schemas of every structure called a view: Socket.IO sends some that no route answers."""
    views = {kind for kind in _below(msgspec.Struct) if kind.__name__.endswith("View")}
    return msgspec.json.schema_components(sorted(views, key=str), ref_template=REF)[1]


def _below(kind: type) -> Iterator[type]:
    subclasses: list[type] = kind.__subclasses__()
    for subclass in subclasses:
        yield subclass
        yield from _below(subclass)


def declarations(described: Mapping[str, Any], views: Mapping[str, Schema]) -> str:
    """Return the text of the declarations: structures as answered, as taken in a body, and the routes.

    A field with a default is always there in an answer, but may be left out of a body.
    """
    schemas = {**views, **described["components"]["schemas"]}
    gets: dict[str, str] = {}
    posts: dict[str, str] = {}
    taken: list[Schema] = []
    for path, operations in sorted(described["paths"].items()):
        route = json.dumps(re.sub(r"\{\w+\}", "{}", path))
        if "get" in operations:
            gets[route] = type_of(_answer(operations["get"]))
        if "post" in operations:
            body = operations["post"]["requestBody"]["content"]["application/json"]["schema"]
            taken.append(body)
            posts[route] = f"{{ body: {type_of(body, 'Body.')}; answer: {type_of(_answer(operations['post']))} }}"
    bodies = _reached(taken, schemas)
    return (
        f"{HEAD}declare namespace Api {{\n"
        f"{''.join(structure(name, schemas[name]) for name in sorted(schemas))}"
        "namespace Body {\n"
        f"{''.join(structure(name, schemas[name], 'Body.') for name in sorted(bodies))}}}\n"
        f"interface Get {{\n{_fields(gets)}}}\ninterface Post {{\n{_fields(posts)}}}\n}}\n"
    )


def structure(name: str, schema: Schema, space: str = "") -> str:
    """Return the declaration of one structure; `space` is "Body." for those that are sent to the server."""
    short = _short(name)
    if schema.get("type") != "object" or "properties" not in schema:
        return f"type {short} = {type_of(schema, space)};\n"
    required = set(schema.get("required", ()))
    lines = []
    for field, kind in schema["properties"].items():
        there = field in required or (not space and "default" in kind)
        lines.append(f"  {json.dumps(field)}{'' if there else '?'}: {type_of(kind, space)};\n")
    return f"interface {short} {{\n{''.join(lines)}}}\n"


def type_of(schema: Schema, space: str = "") -> str:
    """Return the TypeScript type of a JSON schema."""
    if "$ref" in schema:
        return f"Api.{space}{_short(schema['$ref'].rpartition('/')[2])}"
    if "enum" in schema:
        return " | ".join(json.dumps(value, ensure_ascii=False) for value in schema["enum"])
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " | ".join(dict.fromkeys(type_of(choice, space) for choice in schema[several]))
    match schema.get("type"):
        case "array":
            return _array(schema, space)
        case "object":
            more = schema.get("additionalProperties")
            return f"Record<string, {type_of(more, space) if isinstance(more, Mapping) else 'unknown'}>"
        case "integer" | "number":
            return "number"
        case "string" | "boolean" | "null" as plain:
            return str(plain)
        case _:
            return "unknown"


def _array(schema: Schema, space: str) -> str:
    places = schema.get("prefixItems")
    if places:
        return f"[{', '.join(type_of(place, space) for place in places)}]"
    items = schema.get("items")
    return f"Array<{type_of(items, space) if isinstance(items, Mapping) else 'unknown'}>"


def _answer(operation: Mapping[str, Any]) -> Schema:
    done = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
    schema: Schema = next(iter(done["content"].values()))["schema"]
    return schema


def _reached(start: Iterable[Schema], schemas: Mapping[str, Schema]) -> set[str]:
    """Return the names of all structures that these hold, through others too."""
    reached: set[str] = set()
    waiting = [name for schema in start for name in _names(schema)]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += _names(schemas[name])
    return reached


def _names(schema: Schema) -> list[str]:
    return re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(schema))


def _short(name: str) -> str:
    """Return the name of a structure; the module is part of it where two have the same name."""
    return re.sub(r"\W", "_", name)


def _fields(fields: Mapping[str, str]) -> str:
    return "".join(f"  {name}: {kind};\n" for name, kind in fields.items())


if __name__ == "__main__":
    main()
