"""Hostile texts at every route, in every field that takes a text, are refused with a reason or shown as text."""

import copy
import re
import unicodedata
from typing import get_args, get_origin, get_type_hints
from urllib.parse import quote

import msgspec
import pytest
from argon2 import PasswordHasher

from access import people
from access.principal import ANYONE
from hall.verify import verify
from tests.strangers.payloads import AGAIN, ALL, PRINTABLE
from tests.strangers.server import Asker, whole_server

PASSWORD = "một câu dễ nhớ"
SERVICE = {
    "prefix": "K",
    "names": {"vi": "Công an", "en": "Police"},
    "hints": {"vi": "Cư trú", "en": "Residence"},
    "icon": "id",
    "service_time_s": 600,
    "target_s": 900,
    "counters": [1],
}
# Content that each route would take, by path: a text is put in the place of one of its own.
SOUND = {
    "/sign-in": {"name": "Sinh", "password": PASSWORD},
    "/setup": {"key": "k", "name": "Sinh", "password": PASSWORD},
    "/pairings": {"kind": "kiosk"},
    "/tickets": {"service": "TRA_KQ", "priority_class": "ordinary", "language": "vi"},
    "/counters/<int:counter>/pause": {"reason": "lunch"},
    "/counters/<int:counter>/call-next": {"outcome": "done"},
    "/counters/<int:counter>/finish": {"outcome": "done"},
    "/counters/<int:counter>/call": {"number": "X001", "reason": "asked"},
    "/counters/<int:counter>/return": {"ref": 1},
    "/counters/<int:counter>/transfer": {"service": "CHUNG_THUC"},
    "/tickets/<ticket_id>/priority": {"priority_class": "priority"},
    "/users": {"name": "Hoa", "role": "clerk", "password": PASSWORD},
    "/users/<int:user>/password": {"password": PASSWORD},
    "/devices": {"code": "000000", "name": "Sảnh"},
    "/settings/services": SERVICE,
    "/settings/services/order": {"codes": ["TRA_KQ"]},
    "/settings/services/<code>": SERVICE | {"prefix": "X", "counters": [5]},
    "/settings/counters": {"number": 9, "name": "Quầy 9", "services": ["TRA_KQ"]},
    "/settings/counters/<int:counter>": {"name": "Quầy 5", "services": ["TRA_KQ"]},
    "/settings/policy": {
        "head_starts_s": {"ordinary": 0, "priority": 1200, "urgent": 3600}, "cap": 5, "question": True,
    },
    "/settings/hall": {
        "name": "Trung tâm", "office": "Xã", "hotline": "0219 3867 999", "advice_service": "HUONG_DAN",
        "theme": "dark", "voice": {"variant": "north", "quiet_from": None, "quiet_to": None},
    },
    "/settings/import": None,  # the hall's own file
    "/settings/import/plan": None,
}  # fmt: skip
NOT_IN_A_HEADER = dict.fromkeys(map(ord, "\r\n\0"))  # no client can send them; tests/wire tries by hand
KEY = object()  # in a way: a key of one's own in a table
ARGUMENTS = {"counter": "5", "user": "1", "code": "TRA_KQ", "device": "1", "language": "vi", "section": "citizen"}


def text_places(shape, sound, way=()):
    """The way to every text in a body of this type: names of fields, positions, and keys of tables."""
    for kind in [shape] if get_origin(shape) in (dict, list, tuple) else get_args(shape) or [shape]:
        if kind is str or isinstance(kind, str):
            yield way
        elif get_origin(kind) is dict:
            yield (*way, KEY)
            yield from ((*way, key) for key, value in (sound or {}).items() if isinstance(value, str | None))
        elif get_origin(kind) in (list, tuple):
            yield from text_places(get_args(kind)[0], sound[0] if sound else {}, (*way, 0))
        elif isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            for name, hint in get_type_hints(kind).items():
                yield from text_places(hint, (sound or {}).get(name, {}), (*way, name))


def with_text(body, way, text):
    """Return the body with this text at the end of the path, which is made if it does not exist."""
    if not way:
        return text
    body, (step, *rest) = copy.deepcopy(body), way
    if step is KEY:
        return (body or {}) | {text: next(iter((body or {}).values()), text)}
    if step == 0:
        return [with_text((body or [{}])[0], rest, text), *(body or [])[1:]]
    return (body or {}) | {step: with_text((body or {}).get(step, {}), rest, text)}


class Target:
    """A server, and a valid request for each of its routes."""

    def __init__(self, asker):
        self.asker = asker
        self.routes = asker.centre.app.extensions["routes"].declared.values()
        self.ticket = asker.post("kiosk", "tickets", {"service": "TRA_KQ"}).json["id"]
        self.file = asker.get("supervisor", "settings/export").json

    def ask(self, route, **options):
        """Return what the route answers to a role that may call it."""
        path = options.pop("path", None) or self.path(route)
        return self.asker.ask(role_for(route), route.method, path, **options)

    def path(self, route, **given):
        path = route.path
        for name, value in (ARGUMENTS | {"ticket_id": self.ticket} | given).items():
            path = path.replace(f"<int:{name}>", value).replace(f"<{name}>", value)
        return path

    def sound(self, route):
        found = SOUND.get(route.path.removeprefix("/api/v1"), {})
        return self.file if found is None else found


def role_for(route):
    return "supervisor" if ANYONE in route.roles or "supervisor" in route.roles else route.roles[-1]


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch, whole_server(tmp_path_factory.mktemp("centre")) as centre:
        patch.setattr(people, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        asker = Asker(centre)
        asker.post("supervisor", "users", SOUND["/users"] | {"name": "Sinh"})
        yield Target(asker)


def places(target):
    return [
        (route, way)
        for route in target.routes
        if route.body is not None
        for way in text_places(route.body, target.sound(route))
    ]


def harmless(value):
    """Check that an answer has no character that its reader cannot see."""
    match value:
        case str():
            hidden = [letter for letter in value if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn")]
            assert hidden == [], repr(value)
        case list():
            for item in value:
                harmless(item)
        case dict():
            for name, item in value.items():
                harmless(name)
                harmless(item)


def test_given_the_routes_then_no_field_that_takes_a_text_is_forgotten(target):
    found = places(target)
    assert {route.path.removeprefix("/api/v1") for route, _ in found} >= SOUND.keys()
    assert len(found) > 60


def test_given_hostile_texts_in_every_field_then_they_are_refused_in_words_or_shown_as_text(target):
    kept, read = set(), set()
    for route, way in places(target):
        again = (route.body, way) in read
        read.add((route.body, way))
        # Another route with the same content reads it alike: one text of a kind is enough.
        for name, text in (AGAIN if again else ALL).items():
            answer = target.ask(route, json=with_text(target.sound(route), way, text))
            where = f"{route.name} {way}: {name}: {answer.status_code} {answer.text[:200]}"
            if answer.status_code < 300:
                harmless(answer.json)
                kept.add(name)
            else:
                assert 400 <= answer.status_code < 500, where
                assert answer.json["code"] and answer.json["message"] and "Traceback" not in answer.text, where
    assert kept >= PRINTABLE.keys()
    for route in target.routes:
        if route.method == "GET" and route.media == "application/json" and route.page is None:
            answer = target.ask(route)
            assert answer.status_code < 500, route.name
            if answer.status_code == 200 and not route.path.endswith(("/openapi.json", "/schema.json")):
                harmless(answer.json)
    assert verify(target.asker.centre.hall.store).faults == []


def test_given_hostile_texts_in_addresses_and_headers_then_they_are_refused_or_mean_nothing(target):
    for route in target.routes:
        if route.page is not None:
            continue
        for argument in re.findall(r"<(?:int:)?(\w+)>", route.path):
            for name, text in ALL.items():
                quoted = quote(text.encode("utf-8", "surrogatepass"), safe="")
                answer = target.ask(route, path=target.path(route, **{argument: quoted}))
                assert 400 <= answer.status_code < 500, (route.name, name)
                assert "pwned" not in answer.text and "Traceback" not in answer.text, (route.name, name)
    for name, text in ALL.items():
        raw = text.encode("utf-8", "surrogatepass").decode("latin-1").translate(NOT_IN_A_HEADER)
        for header in ("Authorization", "Cookie", "Idempotency-Key", "Accept-Language", "If-None-Match", "User-Agent"):
            answer = target.asker.client.get("/api/v1/me", headers={header: raw})
            assert answer.status_code == 401 and "pwned" not in answer.text, (header, name)
        page = target.asker.client.get("/nowhere", headers={"Host": raw[:200]})
        assert "<svg" not in page.text and "<script>" not in page.text and "onerror=pwned" not in page.text, name


def test_given_a_question_with_hostile_words_then_it_is_refused(target):
    for route in target.routes:
        for parameter in route.query:
            for name, text in ALL.items():
                answer = target.ask(route, query_string={parameter: text.encode("utf-8", "surrogatepass")})
                assert 400 <= answer.status_code < 500, (route.name, parameter, name)
