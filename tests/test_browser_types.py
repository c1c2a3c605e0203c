"""The types for tsc match the OpenAPI document, and tsc finds a wrong field with them."""

import json
import shutil
import subprocess

import pytest

from tests.centre import ROOT
from tools import browser_types

TSC = ROOT / "node_modules" / ".bin" / "tsc"

SCHEMAS = {
    "PersonView": {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "age": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "role": {"enum": ["clerk", "greeter"]},
            "languages": {"type": "array", "items": {"type": "string"}, "default": []},
            "office": {"$ref": "#/components/schemas/hall.OfficeView"},
            "note": {"type": "string"},
        },
        "required": ["name", "age", "role", "office"],
    },
    "hall.OfficeView": {"type": "object", "properties": {}, "required": []},
}


def test_given_a_structure_when_it_is_answered_then_what_has_a_default_is_always_there():
    made = browser_types.structure("PersonView", SCHEMAS["PersonView"])
    assert made.splitlines() == [
        "interface PersonView {",
        '  "name": string;',
        '  "age": number | null;',
        '  "role": "clerk" | "greeter";',
        '  "languages": Array<string>;',
        '  "office": Api.hall_OfficeView;',
        '  "note"?: string;',
        "}",
    ]


def test_given_a_structure_when_it_is_sent_then_what_has_a_default_may_be_left_out():
    made = browser_types.structure("PersonView", SCHEMAS["PersonView"], "Body.")
    assert '  "languages"?: Array<string>;' in made
    assert '  "office": Api.Body.hall_OfficeView;' in made


def test_given_routes_then_each_has_its_answer_and_its_body():
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/PersonView"}}}}
    answer = {"200": body, "400": {"content": {"application/json": {"schema": {"type": "null"}}}}}
    paths = {"/people/{id}": {"get": {"responses": answer}, "post": {"requestBody": body, "responses": answer}}}
    made = browser_types.declarations({"paths": paths, "components": {"schemas": SCHEMAS}}, {})
    assert 'interface Get {\n  "/people/{}": Api.PersonView;\n}' in made
    assert '"/people/{}": { body: Api.Body.PersonView; answer: Api.PersonView };' in made


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """What tsc says of a module: check(text) -> its errors."""
    if not TSC.exists() or shutil.which("node") is None:
        pytest.skip("tsc comes with `make test-setup`")
    browser_types.main()
    config = json.loads((ROOT / "tsconfig.json").read_text("utf-8"))
    folder = tmp_path_factory.mktemp("types")

    def check(text):
        module = folder / "module.js"
        module.write_text(text, "utf-8")
        config["include"] = [str(module), str(ROOT / "types" / "*.d.ts")]
        options = config["compilerOptions"]
        options["paths"] = {name: [str(ROOT / path) for path in paths] for name, paths in options["paths"].items()}
        (folder / "tsconfig.json").write_text(json.dumps(config), "utf-8")
        done = subprocess.run([TSC, "-p", folder], capture_output=True, text=True, timeout=120, check=False)
        return done.stdout

    return check


def test_given_a_page_that_reads_what_is_not_sent_then_tsc_finds_it(checked):
    said = checked(
        """import { get, post } from "/static/lib/api.js";
        export async function read(/** @type {number} */ counter) {
          const board = await get("/board");
          const { ticket } = await post(`/counters/${counter}/call-next`, { finish: true });
          return [board.counters, ticket?.number, board.countres];
        }
        export const missing = get("/bord");
        export const unread = post(`/counters/2/call-next`, { finnish: true });
        """
    )
    assert "'countres' does not exist" in said
    assert "module.js(7," in said
    assert "'finnish' does not exist" in said
    assert said.count("error TS") == 3, said
