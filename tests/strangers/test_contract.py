"""What the OpenAPI document says holds for every caller and every content: schemathesis as the stranger."""

import copy

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from access.principal import ANYONE, ROLES
from hall.verify import verify
from runtime.commands import CommandRunner
from tests.strangers.server import Asker, whole_server

CHECKS = [
    schemathesis.checks.not_a_server_error,
    allow_header_conformance,
    content_type_conformance,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
]
# What is too large is refused as such (413), before it is read.
REFUSED = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429]
CONFIG = schemathesis.Config.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": REFUSED}}})
EXAMPLES = 5  # of each route and kind, for who may pass it; one for who may not
SERVICE = {
    "prefix": "K",
    "names": {"vi": "Công an", "en": "Police"},
    "icon": "id",
    "service_time_s": 600,
    "target_s": 900,
    "counters": [1],
}
PLAIN = {"Accept-Encoding": "identity"}
DAYS = {"from": "2026-01-01", "to": "2026-01-31"}


class ContractTestCentre:
    """A server in the middle of its day, and everything a stranger may know about it."""

    def __init__(self, centre):
        self.centre = centre
        self.asker = Asker(centre)
        self.keys = self.asker.keys | {ANYONE: {}}
        self.schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", centre.app, config=CONFIG)
        self.operations = [found.ok() for found in self.schema.get_all_operations()]
        for counter in (2, 5):
            self.post("clerk", f"counters/{counter}/open")
        self.tickets = [self.post("kiosk", "tickets", service="TRA_KQ") for _ in range(30)]
        self.post("supervisor", "users", name="Sinh", role="clerk", password="một câu dễ nhớ")
        exported = self.asker.get("supervisor", "settings/export").json
        self.known = {
            "ticket_id": [ticket[name] for ticket in self.tickets[:9] for name in ("id", "ref")],
            "counter": [2, 5],
            "code": ["TRA_KQ"],
            "user": [1],
            "printer": [1],
            "language": ["vi"],
            "section": ["citizen"],
            "service": ["TRA_KQ", "CHUNG_THUC"],
            "by": ["service", "clerk", "hour"],
            **{name: [day] for name, day in DAYS.items()},
        }
        self.sound = {
            "/tickets": {"service": "TRA_KQ"},
            "/settings/services": SERVICE,
            "/settings/services/{code}": SERVICE | {"prefix": "X", "counters": [5]},
            "/settings/counters": {"number": 9, "name": "Quầy 9", "services": ["TRA_KQ"]},
            "/settings/counters/{counter}": {"name": "Quầy hai", "services": ["TRA_KQ"]},
            "/settings/policy": exported["policy"],
            # Nobody is at that port of this machine.
            "/settings/printers": {
                "printers": [{"kind": "network", "address": "127.0.0.1", "port": 9109, "profile": "printer-80"}]
            },
            "/settings/import": exported,
            "/settings/import/plan": exported,
        }

    def post(self, who, path, **body):
        answer = self.asker.post(who, path, body)
        assert answer.status_code < 300, answer.json
        return answer.json

    def go_on(self):
        """Open both counters again, whatever happened to them."""
        for counter in self.known["counter"]:
            for act in ("open", "resume", "call-next"):
                self.asker.post("clerk", f"counters/{counter}/{act}")

    def knowing(self, case, draw):
        """Return the case with some values made valid, so that it reaches more code."""
        for place in (case.path_parameters, case.query):
            for name in set(place or ()) & set(self.known):
                if draw(st.integers(0, 3)):
                    place[name] = draw(st.sampled_from(self.known[name]))
        sound = self.sound.get(case.operation.path)
        if sound is not None and isinstance(case.body, dict):
            kept = draw(st.sets(st.sampled_from(sorted(case.body)), max_size=1)) if case.body else ()
            case.body = copy.deepcopy(sound) | {name: case.body[name] for name in kept}
        return case


MADE_ELSEWHERE = {  # by the command that makes it
    "export": b"",
    "table": b'{"rows":[],"days":[],"reasons":[]}',
    "followed": b'{"rows":[]}',
    "read-workbook": b"[]",
    "procedures": b"",
    "what-if-day": b'{"day":"2026-01-05","since":null,"tickets":0,"counters":[],"head_starts_s":{},"cap":5}',
}


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        # A report takes a second in a process of its own; only what may be asked is tried here.
        patch.setattr(CommandRunner, "run", lambda _, word, *words, given=b"": MADE_ELSEWHERE[word])
        with whole_server(tmp_path_factory.mktemp("centre")) as centre:
            yield ContractTestCentre(centre)


def explore(operation, mode, examples, tried):
    """Run `tried(case, draw)` on generated requests: what the document allows, or what it forbids."""
    cases = operation.as_strategy(generation_mode=mode)
    run = given(case=cases, data=st.data())(lambda case, data: tried(case, data.draw))
    settings(
        max_examples=examples,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )(run)()


@pytest.mark.parametrize("role", [ANYONE, *ROLES])
def test_given_a_role_when_anything_is_sent_to_every_route_then_the_document_is_kept(stranger, role):
    for operation in stranger.operations:
        roles = operation.definition.raw["x-roles"]
        may_pass = role in roles or (ANYONE in roles and role == "clerk")

        def tried(case, draw):
            case.call_and_validate(headers=stranger.keys[role] | PLAIN, checks=CHECKS)

        def tried_knowing(case, draw, tried=tried):
            tried(stranger.knowing(case, draw), draw)

        explore(operation, GenerationMode.POSITIVE, EXAMPLES if may_pass else 1, tried)
        if may_pass:
            stranger.go_on()
            explore(operation, GenerationMode.POSITIVE, EXAMPLES, tried_knowing)
            if operation.query or operation.body or operation.path_parameters or operation.headers:
                explore(operation, GenerationMode.NEGATIVE, EXAMPLES, tried)


def test_given_all_that_then_the_log_is_sound(stranger):
    assert verify(stranger.centre.hall.store).faults == []
