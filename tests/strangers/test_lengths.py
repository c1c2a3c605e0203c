"""Whatever is sent at any length, to every field of every route, by anybody: it is refused, and soon.

The fields are those of the OpenAPI document, so that a new one is tried as soon as it is declared.
"""

import copy
import json
import re
import time

import pytest

from access.errors import BadText
from access.principal import ANYONE, ROLES
from access.reading import composed
from access.routes import BODY_LARGEST
from hall.verify import verify
from tests.strangers.server import Asker, whole_server
from tests.strangers.test_texts import SOUND

GIVE_UP_S = 5  # of the server's own time, for one request; the slowest takes some milliseconds
ADDRESS_LONGEST = 8000

LONGEST = BODY_LARGEST - 1000  # with the rest of the body as much as is read
LONG = {
    name: (text * LONGEST).encode()[:LONGEST].decode(errors="ignore")
    for name, text in {
        "words": "a ",
        "one word": "W",
        "letters of three bytes": "ắ",
        "marks upon marks": "\u0301\u0323",
        "spaces": " ",
        "signs for letters": "4@8({[<369&6#",
        "digits": "9",
        "backticks": "field `",
    }.items()
}


class Fields:
    """What the document says about every operation: its roles, and the way to each of its fields."""

    def __init__(self, document):
        self.schemas = document["components"]["schemas"]
        self.operations = [
            (method.upper(), path, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        ]

    def body(self, operation):
        content = operation.get("requestBody", {}).get("content", {})
        return content.get("application/json", {}).get("schema")

    def places(self, schema, way=(), within=()):
        """Yield (way, schema) of every part of a body: names of fields, 0 in a list, "*" for a key of a table."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            if name not in within:
                yield from self.places(self.schemas[name], way, (*within, name))
            return
        for choice in schema.get("anyOf", ()):
            yield from self.places(choice, way, within)
        if "anyOf" not in schema:
            yield way, schema
        for name, part in schema.get("properties", {}).items():
            yield from self.places(part, (*way, name), within)
        if isinstance(schema.get("items"), dict):
            yield from self.places(schema["items"], (*way, 0), within)
        if isinstance(schema.get("additionalProperties"), dict):
            yield from self.places(schema["additionalProperties"], (*way, "*"), within)


def put(body, way, value):
    """Return the body with this value at the end of the way, which is made if it is not there."""
    if not way:
        return value
    step, *rest = way
    if step == 0:
        kept = list(body) if isinstance(body, list) else []
        return [put(kept[0] if kept else {}, rest, value), *kept[1:]]
    kept = copy.copy(body) if isinstance(body, dict) else {}
    name = next(iter(kept), "vi") if step == "*" else step
    return kept | {name: put(kept.get(name, {}), rest, value)}


class LengthTestCentre:
    """A server, and everybody who may try."""

    def __init__(self, centre):
        self.centre = centre
        self.asker = Asker(centre)
        self.fields = Fields(self.asker.client.get("/api/v1/openapi.json").json)
        self.file = self.asker.get("supervisor", "settings/export").json
        self.slowest = 0.0, ""
        self.tried = 0

    def sound(self, path):
        """Content that a route would take."""
        found = SOUND.get(re.sub(r"{(counter|user)}", r"<int:\1>", path).replace("{", "<").replace("}", ">"), {})
        return self.file if found is None else found

    def ask(self, role, method, path, where, **options):
        """Send it, time it, and return the answer, which is never a failure."""
        began = time.process_time()
        answer = self.asker.ask(role, method, "/api/v1" + re.sub(r"{\w+}", "5", path), **options)
        took = time.process_time() - began
        self.slowest = max(self.slowest, (took, where))
        self.tried += 1
        assert answer.status_code < 500, (where, answer.text[:200])
        assert took < GIVE_UP_S, where
        return answer

    def send(self, role, path, where, body):
        """Send it as a command, as few bytes as can be."""
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        return self.ask(role, "POST", path, where, data=data, content_type="application/json")

    def passes(self, operation):
        """A role that the route lets in."""
        roles = operation["x-roles"]
        return "supervisor" if "supervisor" in roles else roles[0]


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    with whole_server(tmp_path_factory.mktemp("centre")) as centre:
        yield LengthTestCentre(centre)


def test_given_the_document_then_every_text_list_and_table_that_is_sent_has_a_length(target):
    seen = 0
    for method, path, operation in target.fields.operations:
        for given in operation["parameters"]:
            schema = given["schema"]
            limited = {"maxLength", "pattern"} if schema["type"] == "string" else {"maximum"}
            assert limited & schema.keys(), (method, path, given["name"])
        for way, schema in target.fields.places(target.fields.body(operation) or {}):
            where = f"{method} {path} {way}"
            match schema.get("type"):
                case "string":
                    fixed = "enum" in schema or schema.get("format") == "date-time"
                    assert fixed or "maxLength" in schema, where
                case "array":
                    assert "maxItems" in schema, where
                case "object" if isinstance(schema.get("additionalProperties"), dict):
                    assert "maxProperties" in schema and "maxLength" in schema.get("propertyNames", {}), where
                case "object" | "integer" | "number" | "boolean" | "null":
                    pass
                case _:
                    assert "enum" in schema or "const" in schema or not way, f"{where}: anything at all"
            seen += 1
    assert seen > 200


def test_given_anything_long_in_every_field_then_it_is_refused_and_soon(target):
    for method, path, operation in target.fields.operations:
        role, sound, shape = target.passes(operation), target.sound(path), target.fields.body(operation)
        for way, schema in target.fields.places(shape) if shape else ():
            values = dict(LONG) if schema.get("type") in ("string", None) else {"a text": LONG["words"]}
            if schema.get("type") == "array":
                values |= {"many": ["a"] * (LONGEST // 4)}
            if schema.get("type") == "object":
                values |= {
                    "many": {f"a{n}": "a" for n in range(LONGEST // 13)},
                    "a long name": {"W" * (LONGEST - 10): "a"},
                }
            for name, value in values.items():
                body = put(sound, way, value)
                answer = target.send(role, path, f"{method} {path} {way} {name}", body)
                assert 400 <= answer.status_code < 500, (method, path, way, name, answer.text[:200])
    print(f"{target.tried} requests, the slowest {target.slowest}")
    assert target.tried > 1000
    assert verify(target.centre.hall.store).faults == []


@pytest.mark.parametrize("role", (ANYONE, *ROLES))
def test_given_any_role_when_a_long_body_is_sent_to_every_route_then_it_is_refused_and_soon(target, role):
    for method, path, operation in target.fields.operations:
        schema = target.fields.body(operation)
        if schema is None:
            continue
        texts = [way for way, part in target.fields.places(schema) if part.get("type") == "string"]
        for name in ("words", "marks upon marks", "digits"):
            body = target.sound(path)
            for way in texts or [("name",)]:
                body = put(body, way, LONG[name][:4000])
            answer = target.send(role, path, f"{role} {method} {path} {name}", body)
            assert 400 <= answer.status_code < 500, (role, method, path, name)
            if role not in operation["x-roles"] and ANYONE not in operation["x-roles"]:
                assert answer.status_code in (401, 403), (role, method, path)


def test_given_anything_long_in_an_address_or_a_header_then_it_is_refused_or_means_nothing(target):
    headers = ("Authorization", "Cookie", "Idempotency-Key", "Accept-Language", "If-None-Match", "User-Agent")
    for method, path, operation in target.fields.operations:
        role = target.passes(operation)
        for given in operation["parameters"]:
            for name in ("one word", "digits", "marks upon marks"):
                text = LONG[name][:ADDRESS_LONGEST]
                where = f"{method} {path} {given['name']} {name}"
                if given["in"] == "query":
                    answer = target.ask(role, method, path, where, query_string={given["name"]: text})
                elif given["in"] == "path":
                    answer = target.ask(role, method, path.replace(f"{{{given['name']}}}", text), where)
                else:
                    continue
                assert 400 <= answer.status_code < 500, where
    for header in (*headers, "Host", "Origin", "Content-Type", "X-Forwarded-For", "Forwarded"):
        for text in ("a," * 8000, "a;q=0." * 2500, '"a" ' * 4000, "; a=" * 4000, "." * 16000, "é" * 8000):
            began = time.process_time()
            target.asker.client.post("/api/v1/sign-in", json={"name": "a", "password": "b"}, headers={header: text})
            answer = target.asker.client.get("/api/v1/me", headers={header: text})
            assert answer.status_code < 500, (header, text[:10])
            assert time.process_time() - began < GIVE_UP_S, (header, text[:10])
    for page in ("/t/", "/counter/", "/static/", "/nowhere/"):
        assert target.asker.client.get(page + "W" * ADDRESS_LONGEST).status_code in (200, 404), page


def test_given_a_megabyte_of_marks_on_one_letter_then_it_is_refused_without_sorting_them():
    began = time.process_time()
    with pytest.raises(BadText):
        composed({"name": ["a" + "\u0301\u0323" * 500_000]})
    assert time.process_time() - began < GIVE_UP_S
    assert composed("a" + "\u0301\u0323" * 15)[0] == "ạ"
