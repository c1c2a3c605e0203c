"""The types for tsc match the OpenAPI document, and tsc finds a wrong field with them."""

import json
import shutil
import subprocess
from collections import defaultdict

import pytest

from access.api import GlassView
from counter.channel import CounterChannel
from display.channel import DisplayChannel
from greeter.channel import GreeterChannel
from hall.announce import EVENTS, SNAPSHOT, TO_SCREENS, Announcer
from kiosk.channel import KioskChannel
from supervisor.channel import SupervisorChannel
from supervisor.people import DeviceView
from tests.centre import ROOT
from tests.hall.centre import AN, TestCentre, name_of
from tests.hall.every_kind import live_through_every_kind
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


@pytest.fixture(scope="module")
def messages():
    """Every message that one screen of each kind gets in such a day: (namespace, name) -> payloads."""
    centre = TestCentre()
    hall, sent = centre.hall, defaultdict(list)
    announcer = Announcer(hall, lambda space, _, name, payload: sent[space, name].append(json.dumps(payload)))
    wall = DeviceView(1, "display", "Sảnh", "2026-01-05T00:00:00.000000Z", None, True, True, GlassView(None, None))
    joins = {
        KioskChannel(hall, None): "device:2",
        DisplayChannel(hall, None): "device:1",
        GreeterChannel(hall, None, name_of): "user:9",
        CounterChannel(hall, None, name_of, announcer.seen, announcer.walls, announcer.spoken): AN,
        SupervisorChannel(hall, None, name_of, lambda: [wall]): "user:9",
    }
    for channel, subject in joins.items():
        announcer.add(channel)
        announcer.joined(channel.namespace, channel.namespace, subject, {"counter": 2})

    def answer(events):
        for event in events:
            announcer.shown(DisplayChannel.namespace, event.seq)
            announcer.said(DisplayChannel.namespace, event.seq)
        announcer.round()
        for channel in joins:
            announcer.resync(channel.namespace, channel.namespace)

    hall.listeners.append(answer)
    announcer.sound(DisplayChannel.namespace, DisplayChannel.namespace, True)
    live_through_every_kind(centre)
    for channel in joins:
        announcer.stop(channel.namespace, channel.namespace, "revoked")
    return {of: [json.loads(payload) for payload in dict.fromkeys(payloads)] for of, payloads in sent.items()}


def test_given_a_day_of_every_kind_then_each_message_is_as_the_pages_have_it_declared(checked, messages):
    assert {name for _, name in messages} == set(TO_SCREENS)
    lines = []
    for number, ((space, name), payloads) in enumerate(messages.items()):
        declared = f'Live.Messages<"{space}">["{name}"]'
        lines.append(f"/** @type {{{declared}[]}} */ export const of{number} = {json.dumps(payloads)};")
    # A field that is declared, and that no event has, would pass as one that may be missing.
    for space in {space for space, _ in messages}:
        events = [event for message in messages[space, EVENTS] for event in message["events"]]
        fields = dict.fromkeys((field for event in events for field in event), True)
        declared = f'Record<keyof Live.Screens["{space}"]["event"], true>'
        lines.append(f"/** @type {{{declared}}} */ export const fields_{space[1:]} = {json.dumps(fields)};")
    assert checked("\n".join(lines)) == ""


def test_given_a_message_with_another_field_or_without_one_then_tsc_finds_it(checked, messages):
    snapshot = messages["/kiosk", SNAPSHOT][0]
    declared = 'Live.Messages<"/kiosk">["snapshot"]'
    said = checked(
        f"/** @type {{{declared}}} */ export const more = {json.dumps({**snapshot, 'weather': 'rain'})};\n"
        f"/** @type {{{declared}}} */ export const less = {json.dumps({**snapshot, 'services': None})};"
    )
    assert '"weather"' in said
    assert said.count("error TS") == 2, said
