"""Requests are read strictly, answers carry the security headers, and a route that is not declared is refused."""

import json
import logging
from secrets import token_hex

import flask
import msgspec
import pytest
import structlog

import supervisor.people
from access.answering import content_policy
from access.principal import ANYONE, SUPERVISOR
from access.reading import content_digest, secret_fields
from access.routes import Routes
from access.texts import Texts
from queueing import errors
from store.database import CannotSave
from tests.access.conftest import PASSWORD
from tests.centre import ROOT

PAIR = "/api/v1/pairings"


def post_raw(centre, data, content_type="application/json", path=PAIR, **headers):
    return centre.app.test_client().post(
        path, data=data, content_type=content_type, headers={"Idempotency-Key": token_hex(16)} | headers
    )


BAD_BODIES = {
    "nothing": (b"", 422, "bad_field"),
    "no JSON": (b"kind=kiosk", 400, "bad_json"),
    "cut short": (b'{"kind": "kio', 400, "bad_json"),
    "two values": (b'{"kind": "kiosk"} {}', 400, "bad_json"),
    "a list": (b'["kiosk"]', 400, "bad_json"),
    "null": (b"null", 400, "bad_json"),
    "a number no machine holds": (b'{"kind": 1e999}', 400, "bad_json"),
    "not a number": (b'{"kind": NaN}', 400, "bad_json"),
    "byte order mark": (b'\xef\xbb\xbf{"kind": "kiosk"}', 400, "bad_json"),
    "very deep": (b"[" * 16000, 400, "bad_json"),
    "deep in a field": (b'{"kind": ' + b"[" * 90 + b"]" * 90 + b"}", 422, "bad_field"),
    "broken UTF-8": (b'{"kind": "\xff\xfe"}', 400, "bad_text"),
    "a NUL": (b'{"kind": "kiosk\\u0000"}', 400, "bad_text"),
    "a NUL in a name": (b'{"kind": "kiosk", "\\u0000": 1}', 400, "bad_text"),
    "half a pair": (b'{"kind": "\\ud800 and more text"}', 400, "bad_json"),
    "wrong type": (b'{"kind": 3}', 422, "bad_field"),
    "wrong value": (b'{"kind": "printer"}', 422, "bad_field"),
    "missing field": (b"{}", 422, "bad_field"),
    "unknown field": (b'{"kind": "kiosk", "role": "supervisor"}', 422, "bad_field"),
    "too large": (b'{"kind": "' + b"k" * 17000 + b'"}', 413, "too_large"),
}


@pytest.mark.parametrize(("body", "status", "code"), BAD_BODIES.values(), ids=BAD_BODIES)
def test_given_a_bad_body_when_posting_then_it_is_refused_and_nothing_changed(centre, body, status, code):
    before = centre.hall_store.last_seq()
    answer = post_raw(centre, body)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert set(answer.json) - {"field"} == {"code", "message"}
    assert centre.gate.devices.waiting() == []
    assert centre.hall_store.last_seq() == before


def test_given_a_bad_field_then_the_sentence_names_it(centre):
    assert "“kind”" in post_raw(centre, b'{"kind": 3}').json["message"]
    assert "“role”" in post_raw(centre, b'{"kind": "kiosk", "role": "x"}').json["message"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_given_a_type_that_a_foreign_form_can_send_then_it_is_refused(centre, kind):
    answer = post_raw(centre, b'{"kind": "kiosk"}', content_type=kind)
    assert (answer.status_code, answer.json["code"]) == (400, "bad_json")


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "missing_key"),
        ("short", "bad_key"),
        ("x" * 65, "bad_key"),
        ("a b c d e f", "bad_key"),
        ("éééééééé", "bad_key"),
    ],
)
def test_given_a_bad_key_then_it_is_refused(centre, key, code):
    answer = centre.app.test_client().post(PAIR, json={"kind": "kiosk"}, headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json["code"]) == (400, code)


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        ("http://centre.test:8000", "centre.test:8000", 200),
        ("http://CENTRE.test:8000", "centre.test:8000", 200),
        ("http://centre.test", "centre.test:80", 200),
        ("https://centre.test", "centre.test", 200),
        ("http://evil.test", "centre.test:8000", 403),
        ("http://centre.test:8001", "centre.test:8000", 403),
        ("http://centre.test.evil.test", "centre.test", 403),
        ("null", "centre.test", 403),
        ("file://centre.test", "centre.test", 403),
        ("centre.test", "centre.test", 403),
        ("ws://centre.test", "centre.test", 403),
        ("http://[", "centre.test", 403),
    ],
)
def test_given_an_origin_then_only_our_own_may_command(centre, origin, host, status):
    answer = post_raw(centre, b'{"kind": "kiosk"}', Origin=origin, Host=host)
    assert answer.status_code == status
    assert status == 200 or answer.json["code"] == "foreign_origin"


@pytest.mark.parametrize(
    ("accept", "language"),
    [("", "vi"), ("en", "en"), ("en-US,en;q=0.9", "en"), ("fr,en;q=0.5", "en"), ("fr", "vi"), ("vi-VN,en", "vi")],
)
def test_given_the_readers_languages_then_the_sentence_is_in_the_best_of_ours(centre, accept, language):
    texts = Texts(ROOT / "static" / "text")
    answer = centre.browser().get("me", **{"Accept-Language": accept})
    assert answer.json["message"] == texts.error(language, "sign_in", {})


def test_given_an_undeclared_route_when_called_then_it_is_refused_to_all(centre):
    centre.app.add_url_rule("/api/v1/forgotten", view_func=lambda: "open", endpoint="forgotten")
    assert centre.browser().get("forgotten").status_code == 401
    assert centre.signed_in().get("forgotten").status_code == 403


def test_given_an_unknown_path_then_the_answer_fits_who_asks(centre):
    browser = centre.browser()
    assert (browser.get("nothing").status_code, browser.get("nothing").json["code"]) == (404, "not_found")
    assert (browser.post("nothing").status_code, browser.post("nothing").json["code"]) == (404, "not_found")
    page = browser.get("/nothing")
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert 'lang="vi"' in page.text


def test_given_a_wrong_method_then_it_is_said_which_is_right(centre):
    answer = centre.browser().get("sign-in")
    assert (answer.status_code, answer.json["code"], answer.headers["Allow"]) == (405, "wrong_method", "POST")
    assert centre.app.test_client().delete("/api/v1/me").status_code == 405
    assert centre.app.test_client().options("/api/v1/me").status_code == 405


def test_given_numbers_no_row_can_have_then_it_is_not_found(centre):
    browser = centre.signed_in()
    for user in ("99999999999999999999999999", "999", "-1", "1.5"):
        assert browser.post(f"users/{user}/disable").status_code == 404


def test_given_an_unknown_parameter_then_it_is_refused_instead_of_ignored(centre):
    answer = centre.browser().get("pairings/current?kid=kiosk")
    assert (answer.status_code, answer.json["code"]) == (422, "bad_field")


def test_given_any_answer_then_it_carries_the_guarding_headers(centre):
    browser = centre.browser()
    shown = ("me", "nothing", "/nothing", "openapi.json", "/static/vendor/icons.svg")
    for path in (*shown, "/static/tokens.css", "/static/lib/text.js"):
        headers = browser.get(path).headers
        assert headers.get("Content-Security-Policy") == (content_policy("localhost") if path in shown else None)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
    assert browser.get("me").headers["Cache-Control"] == "no-store"
    assert "ETag" in browser.get("/static/tokens.css").headers


@pytest.mark.parametrize(
    ("host", "sockets"),
    [
        ("hall.test", ["ws://hall.test", "wss://hall.test"]),
        ("192.168.1.10:8000", ["ws://192.168.1.10:8000", "wss://192.168.1.10:8000"]),
        ("[fe80::1]:8000", []),
        ("evil.test; script-src *", []),
        ("evil.test *", []),
        ("a\r\nX: y", []),
        ("", []),
    ],
)
def test_given_the_host_of_a_page_then_its_policy_names_its_own_sockets_and_no_other(host, sockets):
    directives = dict(part.strip().partition(" ")[::2] for part in content_policy(host).split(";"))
    assert directives["connect-src"].split() == ["'self'", *sockets]
    assert directives["default-src"] == "'self'" and "script-src" not in directives


class Word(msgspec.Struct, forbid_unknown_fields=True):
    word: str


@pytest.fixture
def workshop(centre):
    """An application with routes of the test's own."""
    app = flask.Flask("workshop", static_folder=str(ROOT / "static"))
    return Routes(app, centre.gate, Texts(ROOT / "static" / "text"))


def raises(workshop, error):
    @workshop.get("/try", roles=(ANYONE,), answer=Word, summary="Try")
    def view(request):
        raise error

    return workshop.app.test_client().get("/api/v1/try")


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (errors.NobodyWaiting(counter=2), 409),
        (errors.NotYourCounter(counter=2), 403),
        (errors.ClassNotAllowed(), 403),
        (errors.UnknownTicket(), 404),
        (errors.BadRange(), 400),
        (errors.KeyReused(), 422),
        (errors.UnknownClass(), 422),
        (errors.UnknownOutcome(), 422),
        (errors.UnknownReason(), 422),
        (errors.UnknownLanguage(), 422),
    ],
    ids=lambda value: getattr(value, "code", value),
)
def test_given_a_refusal_then_the_status_fits_its_family(workshop, refusal, status):
    answer = raises(workshop, refusal)
    assert (answer.status_code, answer.json["code"]) == (status, refusal.code)


def test_given_a_refusal_with_parameters_then_the_sentence_is_filled(workshop):
    assert "B027" in raises(workshop, errors.CounterBusy(counter=2, number="B027")).json["message"]


def test_given_a_failure_then_the_answer_reveals_nothing_of_it(workshop):
    answer = raises(workshop, RuntimeError("secret of the house"))
    assert (answer.status_code, answer.json["code"]) == (500, "internal")
    assert "secret" not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_given_a_disk_that_takes_nothing_then_it_is_503(workshop):
    answer = raises(workshop, CannotSave("database or disk is full"))
    assert (answer.status_code, answer.json["code"]) == (503, "cannot_save")


def test_given_decomposed_letters_when_posting_then_the_view_sees_composed_ones(workshop):
    seen = []

    @workshop.post("/say", roles=(ANYONE,), body=Word, answer=Word, summary="Say")
    def view(request):
        seen.append(request)
        return request.body

    client = workshop.app.test_client()
    for text in ("Lò Thị Mai", "Lo\u0300 Thi\u0323 Mai"):
        answer = client.post(
            "/api/v1/say",
            data=json.dumps({"word": text}),
            content_type="application/json",
            headers={"Idempotency-Key": "12345678"},
        )
        assert answer.json == {"word": "Lò Thị Mai"}
    first, second = (request.identity for request in seen)
    assert first == second
    assert (first.caller, first.route, first.key) == ("anyone", "POST /api/v1/say", "12345678")


def test_given_a_body_that_allows_unknown_fields_then_the_route_cannot_be_declared(workshop):
    class Loose(msgspec.Struct):
        word: str

    with pytest.raises(TypeError, match="forbid_unknown_fields"):
        workshop.post("/loose", roles=(SUPERVISOR,), body=Loose, answer=Word, summary="Loose")


def test_given_a_secret_then_neither_log_nor_kept_answers_hold_it(centre, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    browser = centre.signed_in()
    browser.post("users", {"name": "Mai", "role": "clerk", "password": "mật khẩu của Mai"})
    browser.sign_in("Mai", "mật khẩu sai")
    text = "\n".join(centre.db.library.conn.iterdump())
    written = text + caplog.text + "".join(capsys.readouterr())
    for secret in ("mật khẩu của Mai", PASSWORD, browser.cookie()):
        assert secret not in written


def test_given_two_passwords_then_the_digest_kept_of_a_request_reveals_nothing_of_them():
    shape = supervisor.people.AddUser
    digests = {
        content_digest(shape(name=name, role="clerk", password=password), secret_fields(shape))
        for name, password in (("Mai", "12345678"), ("Mai", "87654321"), ("Hoa", "12345678"))
    }
    assert len(digests) == 2


def test_given_a_disk_that_takes_nothing_when_posting_then_nothing_changed_and_the_repeat_succeeds(centre):
    browser = centre.signed_in()
    mai, key = {"name": "Mai", "role": "clerk", "password": PASSWORD}, token_hex(16)
    centre.db.execute("PRAGMA query_only = ON")
    before = centre.hall_store.last_seq()
    answer = browser.post("users", mai, key)
    assert (answer.status_code, answer.json["code"]) == (503, "cannot_save")
    assert browser.get("users").status_code == 200
    assert (centre.hall_store.last_seq(), centre.hall.floor.seq) == (before, before)
    centre.db.execute("PRAGMA query_only = OFF")
    assert browser.post("users", mai, key).status_code == 201


def test_given_what_a_stranger_tries_then_a_line_says_who_and_where_and_no_secret_or_name(centre):
    clerk = centre.signed_in("Mai", "clerk")
    with structlog.testing.capture_logs() as lines:
        clerk.get("users")
        centre.browser(address="10.0.0.9").get("users")
        centre.browser().sign_in("Mai", "sai mật khẩu")
        clerk.post("sign-out", headers={"Origin": "http://evil.test"})
        clerk.post("me/password", {"present": "sai mật khẩu", "password": "một câu khác"})
        centre.browser().sign_in("Mai")
    logged = [(line["event"], line.get("code"), line["subject"], line["address"]) for line in lines]
    assert logged == [
        ("refused", "forbidden", "user:1", "127.0.0.1"),
        ("refused", "sign_in", "anyone", "10.0.0.9"),
        ("refused", "wrong_password", "anyone", "127.0.0.1"),
        ("refused", "foreign_origin", "user:1", "127.0.0.1"),
        ("refused", "wrong_present_password", "user:1", "127.0.0.1"),
        ("signed_in", None, "user:1", "127.0.0.1"),
    ]
    assert "Mai" not in str(lines) and "mật khẩu" not in str(lines)
