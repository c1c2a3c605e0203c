"""The OpenAPI document is valid, and leaves no route out."""

import json
import re

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from access.principal import PEOPLE
from hall.event_schema import event_schema
from queueing.events import KINDS
from tests.centre import ROOT
from tests.strangers.server import whole_server


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with whole_server(tmp_path_factory.mktemp("centre")) as centre:
        yield centre.app


@pytest.fixture(scope="module")
def document(app):
    answer = app.test_client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    return answer.json


def operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def test_given_the_document_then_it_is_openapi_3_1(document):
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"].startswith("3.1")


def test_given_the_document_then_its_names_and_patterns_are_read_by_generators_in_any_language(document):
    for name in document["components"]["schemas"]:
        assert re.fullmatch(r"[A-Za-z0-9_]+", name), "some generators drop a name with a dot"
    patterns = [found for found in every(document, "pattern") if isinstance(found, str)]
    assert len(patterns) > 2
    for pattern in patterns:
        # What Python has and ECMA-262, which JSON Schema names, has not.
        assert not re.search(r"\\[AZ]|\(\?(?:[Paimsx#-]|<[a-z])", pattern), pattern


def every(part, name):
    """Every value under this name, wherever in the document."""
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        if key == name:
            yield value
        if isinstance(value, dict | list):
            yield from every(value, name)


def test_given_the_url_map_then_every_route_is_described_and_nothing_else(app, document):
    routes = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1")))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in rule.methods - {"HEAD"}
    }
    assert {(method, path) for method, path, _ in operations(document)} == routes


def test_given_every_operation_then_its_roles_types_and_refusals_are_documented(document):
    names = set()
    for method, path, operation in operations(document):
        where = f"{method} {path}"
        assert operation["x-roles"] and operation["summary"], where
        assert {"401", "403", "404", "422", "429"} <= operation["responses"].keys(), where
        done = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
        assert all(content["schema"] for content in done["content"].values()), where
        keys = [each for each in operation["parameters"] if each["name"] == "Idempotency-Key"]
        assert bool(keys) == (method == "POST") == ("requestBody" in operation), where
        assert {each["name"] for each in operation["parameters"] if each["in"] == "path"} == set(
            re.findall(r"\{(\w+)\}", path)
        ), where
        assert ({} in operation["security"]) == ("anyone" in operation["x-roles"]), where
        names.add(operation["operationId"])
    assert len(names) == len(list(operations(document)))


def test_given_nobody_signed_in_when_the_schema_of_events_is_read_then_it_knows_every_kind(app):
    answer = app.test_client().get("/api/v1/events/schema.json")
    assert (answer.status_code, answer.json) == (200, event_schema())
    Draft202012Validator.check_schema(answer.json)
    assert [each["if"]["properties"]["kind"]["const"] for each in answer.json["allOf"]] == list(KINDS)


def test_given_a_password_then_the_document_says_that_it_is_never_read_back(document):
    fields = document["components"]["schemas"]["SignIn"]["properties"]
    assert fields["password"]["writeOnly"] is True and fields["password"]["format"] == "password"
    assert "writeOnly" not in fields["name"]


# What people notice of a role: the command, and the word for it in the line that the page of people shows.
NOTICED = {
    "/tickets": "cấp số",
    "/tickets/{ticket_id}/priority": "ưu tiên",
    "/counters/{counter}/open": "mở quầy",
    "/users": "tài khoản",
}


@pytest.mark.parametrize("role", PEOPLE)
def test_given_a_role_then_its_line_names_what_it_may_do_and_nothing_else(document, role):
    words = json.loads((ROOT / "static/text/vi.json").read_text("utf-8"))["supervisor"][f"role_{role}_may"].lower()
    for path, word in NOTICED.items():
        may = role in document["paths"][path]["post"]["x-roles"]
        assert (word in words) is may, (path, words)
