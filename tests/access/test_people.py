"""People sign in and stay signed in; a session that ends is refused at once."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from access.backoff import KEYS_KEPT, Backoff
from access.errors import CommonPassword, TooMany
from access.fair_checks import FairChecks
from access.passwords import refuse_common
from access.people import _CHECKS_WAITING, _FREE_TRIES_OF_NAME, PASSWORD_SHORTEST
from access.principal import PEOPLE
from access.reading import content_digest, secret_fields
from access.secret import digest
from access.setup import setup_link
from hall.ports import CannotSave, RequestIdentity
from supervisor.people import AddUser
from tests.access.conftest import OPENING, PASSWORD, Clock

WRONG = "sai mật khẩu"


def me(browser):
    answer = browser.get("me")
    return answer.json if answer.status_code == 200 else answer.status_code


def add(browser, name="Mai", role="clerk", password=PASSWORD, **options):
    return browser.post("users", {"name": name, "role": role, "password": password}, **options)


# -- signing in ------------------------------------------------------------------------------


def test_given_the_right_password_when_signing_in_then_the_browser_is_that_person(centre):
    centre.person("Lò Thị Mai", "clerk")
    browser = centre.browser()
    answer = browser.sign_in("Lò Thị Mai")
    assert answer.json == {"role": "clerk", "name": "Lò Thị Mai"}
    assert me(browser) == {"role": "clerk", "name": "Lò Thị Mai", "counter": None}


@pytest.mark.parametrize("name", ["lò thị mai", "  Lò  Thị Mai ", "LO\u0300 THI\u0323 MAI"])
def test_given_another_spelling_of_the_name_when_signing_in_then_it_is_the_same_person(centre, name):
    centre.person("Lò Thị Mai", "clerk")
    assert centre.browser().sign_in(name).status_code == 200


@pytest.mark.parametrize(("name", "password"), [("Sinh", WRONG), ("Nobody", PASSWORD), ("Sinh", ""), ("", "")])
def test_given_a_wrong_name_or_password_then_both_are_refused_in_the_same_words(centre, name, password):
    centre.person()
    browser = centre.browser()
    answer = browser.sign_in(name, password)
    assert (answer.status_code, answer.json["code"]) == (401, "wrong_password")
    assert browser.cookie() is None


def test_given_a_sign_in_then_no_script_and_no_other_site_gets_the_cookie(centre):
    centre.person()
    cookie = centre.browser().sign_in().headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_given_https_when_signing_in_then_the_cookie_never_leaves_it(centre):
    centre.person()
    answer = centre.app.test_client().post(
        "/api/v1/sign-in",
        base_url="https://centre.test",
        json={"name": "Sinh", "password": PASSWORD},
        headers={"Idempotency-Key": "12345678"},
    )
    assert "Secure" in answer.headers["Set-Cookie"].split("; ")


def test_given_a_sign_in_then_the_store_holds_the_hash_only(centre):
    secret = centre.signed_in().cookie()
    assert centre.store.session(digest(secret)) is not None
    assert secret not in "\n".join(centre.db.library.conn.iterdump())


def test_given_a_sign_in_and_out_then_the_log_says_nothing(centre):
    centre.person()
    before = centre.hall_store.last_seq()
    browser = centre.browser()
    browser.sign_in()
    browser.post("sign-out")
    assert centre.hall_store.last_seq() == before


# -- sessions --------------------------------------------------------------------------------


def test_given_a_restart_then_nobody_needs_to_sign_in_again(centre):
    secret = centre.signed_in().cookie()
    centre.start()
    assert me(centre.browser(secret))["name"] == "Sinh"


def test_given_a_sign_out_then_only_that_browser_is_out(centre):
    here, there = centre.signed_in(), centre.browser()
    there.sign_in()
    assert here.post("sign-out").status_code == 200
    assert (me(here), me(there)["name"]) == (401, "Sinh")
    assert here.post("sign-out").status_code == 200


def test_given_a_stolen_cookie_when_the_person_signs_out_then_it_opens_nothing(centre):
    browser = centre.signed_in()
    secret = browser.cookie()
    browser.post("sign-out")
    assert me(centre.browser(secret)) == 401


def test_given_thirty_quiet_days_then_the_session_ends(centre):
    browser = centre.signed_in()
    centre.clock.on(days=29, hours=23)
    assert me(browser)["name"] == "Sinh"
    centre.clock.on(days=29, hours=23)
    assert me(browser)["name"] == "Sinh"
    centre.clock.on(days=30)
    assert me(browser) == 401


def test_given_a_busy_hour_then_the_session_is_extended_once(centre):
    browser = centre.signed_in()
    session = digest(browser.cookie())
    centre.clock.on(minutes=59)
    me(browser)
    assert centre.store.session(session).expires_at == OPENING + timedelta(days=30)
    centre.clock.on(minutes=2)
    me(browser)
    assert centre.store.session(session).expires_at == OPENING + timedelta(days=30, minutes=61)


def test_given_a_full_disk_then_nobody_is_signed_out(centre, monkeypatch):
    def full(*_):
        raise CannotSave("database or disk is full")

    browser = centre.signed_in()
    centre.clock.on(days=1)
    monkeypatch.setattr(centre.store, "extend_session", full)
    assert me(browser)["name"] == "Sinh"


def test_given_another_person_signs_in_at_the_same_browser_then_the_first_session_ends(centre):
    browser = centre.signed_in()
    first = browser.cookie()
    centre.person("Mai", "clerk")
    browser.sign_in("Mai")
    assert me(browser)["name"] == "Mai"
    assert me(centre.browser(first)) == 401


def test_given_a_principal_then_it_is_valid_as_long_as_its_own_session(centre):
    here, there = centre.signed_in(), centre.browser()
    there.sign_in()
    principals = [centre.gate.identify({"session": browser.cookie()}, None) for browser in (here, there)]
    assert principals[0] == principals[1]
    here.post("sign-out")
    assert [centre.gate.still_valid(principal) for principal in principals] == [False, True]


# -- guessing --------------------------------------------------------------------------------


def guess(centre, times, name="Sinh"):
    return [centre.browser().sign_in(name, WRONG) for _ in range(times)]


def test_given_five_wrong_passwords_then_each_further_one_waits_longer(centre):
    centre.person()
    assert [answer.status_code for answer in guess(centre, 5)] == [401] * 5
    for wait in (2, 4, 8, 16, 32, 60, 60):
        refused = centre.browser().sign_in()  # even the right one
        assert (refused.status_code, refused.json["code"]) == (429, "too_many")
        assert refused.headers["Retry-After"] == str(wait)
        assert f" {wait} " in refused.json["message"]
        centre.clock.on(seconds=wait)
        assert guess(centre, 1)[0].status_code == 401
    centre.clock.on(seconds=60)
    assert centre.browser().sign_in().status_code == 200


def test_given_somebody_guesses_then_other_names_sign_in_as_ever(centre):
    centre.person()
    centre.person("Mai", "clerk")
    guess(centre, 8)
    assert centre.browser().sign_in("Mai").status_code == 200


def test_given_somebody_guesses_then_a_browser_that_knows_the_person_lets_them_in(centre):
    browser = centre.signed_in()
    browser.post("sign-out")
    guess(centre, 8)
    assert centre.browser().sign_in().status_code == 429
    assert browser.sign_in().status_code == 200


def test_given_somebody_guesses_from_elsewhere_then_a_browser_nobody_knows_lets_them_in(centre):
    centre.person()
    guess(centre, 8)
    assert centre.browser().sign_in().status_code == 429
    assert centre.browser(address="192.168.1.20").sign_in().status_code == 200


def test_given_a_crowd_of_tries_from_one_address_then_others_have_their_turn(centre):
    centre.person()
    checks = centre.gate.people._checks
    order = []

    def take(address):
        with checks.take(address):
            order.append(address)

    def queue(address):
        waiting = len(checks._places)
        thread = threading.Thread(target=take, args=(address,))
        thread.start()
        while len(checks._places) == waiting:
            time.sleep(0.001)
        return thread

    with checks.take("crowd"):
        threads = [queue("crowd") for _ in range(_CHECKS_WAITING - 1)]
        refused = centre.browser(address="crowd").sign_in()
        assert (refused.status_code, refused.json["code"]) == (429, "too_many")
        threads += [queue(address) for address in ("other", "third", "other")]
    for thread in threads:
        thread.join()
    assert order == ["other", "third", "crowd", "other", *["crowd"] * (_CHECKS_WAITING - 2)]
    assert centre.browser(address="crowd").sign_in().status_code == 200


def test_given_a_wait_for_a_turn_that_is_too_long_then_it_is_refused_and_nobody_behind_it_is_forgotten():
    checks = FairChecks(8, 0)
    with checks.take("one"), pytest.raises(TooMany), checks.take("two"):
        pass
    with checks.take("two"):
        pass
    assert not checks._held and not checks._last_round


def test_given_no_turn_then_the_try_does_not_count(centre):
    centre.person()
    checks = centre.gate.people._checks = FairChecks(1, 0)
    with checks.take("127.0.0.1"):
        assert [answer.status_code for answer in guess(centre, 8)] == [429] * 8
    assert [answer.status_code for answer in guess(centre, 6)] == [401] * 5 + [429]


def test_given_thousands_of_other_names_then_a_name_that_waits_is_not_forgotten():
    backoff = Backoff(Clock(OPENING))
    for _ in range(5):
        backoff.book("Sinh")
    for n in range(2 * KEYS_KEPT):
        backoff.book(n)
    with pytest.raises(TooMany):
        backoff.book("Sinh")


def test_given_guesses_from_many_addresses_then_the_name_as_a_whole_waits_and_a_known_browser_does_not(centre):
    known = centre.signed_in()
    known.post("sign-out")
    codes = [
        centre.browser(address=f"10.0.0.{n // 4}").sign_in("Sinh", WRONG).status_code
        for n in range(_FREE_TRIES_OF_NAME)
    ]
    assert codes == [401] * _FREE_TRIES_OF_NAME
    refused = centre.browser(address="10.0.1.1").sign_in("Sinh", WRONG)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "2")
    assert known.sign_in().status_code == 200
    assert centre.browser(address="10.0.1.2").sign_in().status_code == 200


def test_given_a_known_browser_then_it_may_not_guess_either(centre):
    browser = centre.signed_in()
    for _ in range(5):
        assert browser.sign_in(password=WRONG).status_code == 401
    assert browser.sign_in().status_code == 429


def test_given_guesses_at_a_name_nobody_has_then_they_wait_the_same(centre):
    assert [answer.status_code for answer in guess(centre, 6, "Nobody")] == [401] * 5 + [429]


def test_given_tries_made_at_once_then_all_of_them_count():
    backoff = Backoff(Clock(OPENING))
    for _ in range(5):
        backoff.book("Sinh")  # none has been answered yet
    with pytest.raises(TooMany):
        backoff.book("Sinh")


def test_given_a_night_of_guessing_then_the_wait_stays_a_minute_and_is_forgotten():
    clock = Clock(OPENING)
    backoff = Backoff(clock)
    for _ in range(500):
        backoff.book("Sinh")
        clock.on(seconds=60)
    clock.on(minutes=16)
    for _ in range(5):
        backoff.book("Sinh")


# -- who there is ----------------------------------------------------------------------------


def test_given_a_supervisor_when_adding_a_person_then_the_log_has_it_without_the_name(centre):
    browser = centre.signed_in()
    answer = add(browser)
    assert answer.status_code == 201
    assert answer.json == {"id": 2, "name": "Mai", "role": "clerk", "active": True, "sessions": 0}
    assert centre.changes() == [{"by": "user:1", "what": "user_added", "user": 2, "role": "clerk"}]
    assert centre.browser().sign_in("Mai").status_code == 200


def test_given_the_same_key_twice_then_one_person_is_added(centre):
    browser = centre.signed_in()
    first, again = (add(browser, key="the-same-key") for _ in range(2))
    assert first.json == again.json
    assert len(browser.get("users").json["users"]) == 2
    other = add(browser, name="Hoa", key="the-same-key")
    assert (other.status_code, other.json["code"]) == (422, "key_reused")


@pytest.mark.parametrize("name", ["Sinh", "SINH", " sinh "])
def test_given_a_name_in_use_then_it_is_not_given_twice(centre, name):
    browser = centre.signed_in()
    before = centre.hall_store.last_seq()
    answer = add(browser, name)
    assert (answer.status_code, answer.json["code"]) == (409, "name_taken")
    assert centre.hall_store.last_seq() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 61),
        ("name", "Mai\u0007"),
        ("name", "Mai\u202e"),
        ("role", "kiosk"),
        ("role", "anyone"),
        ("password", "1234567"),
        ("password", "x" * 201),
        ("password", 12345678),
    ],
)
def test_given_a_person_that_cannot_be_then_the_field_is_named(centre, field, value):
    browser = centre.signed_in()
    answer = browser.post("users", {"name": "Mai", "role": "clerk", "password": PASSWORD} | {field: value})
    assert (answer.status_code, answer.json["code"]) == (422, "bad_field")
    assert f"“{field}”" in answer.json["message"]
    assert len(browser.get("users").json["users"]) == 1


def test_given_an_inspector_then_they_read_and_change_nothing(centre):
    browser = centre.signed_in("Thanh", "inspector")
    assert [user["name"] for user in browser.get("users").json["users"]] == ["Thanh"]
    assert add(browser).status_code == 403


def test_given_a_disabled_person_then_they_are_out_at_once_and_stay_out(centre):
    browser = centre.signed_in()
    clerk = centre.signed_in("Mai", "clerk")
    assert browser.post("users/2/disable").json["active"] is False
    assert me(clerk) == 401
    assert clerk.sign_in("Mai").status_code == 401
    browser.post("users/2/disable")
    assert browser.post("users/2/enable").json["active"] is True
    assert me(clerk) == 401
    assert clerk.sign_in("Mai").status_code == 200
    assert [change["what"] for change in centre.changes()] == ["user_disabled", "user_enabled"]


def test_given_the_last_supervisor_then_they_cannot_be_disabled(centre):
    browser = centre.signed_in()
    answer = browser.post("users/1/disable")
    assert (answer.status_code, answer.json["code"]) == (409, "last_supervisor")
    centre.person("Hoa")
    assert browser.post("users/2/disable").status_code == 200
    assert browser.post("users/1/disable").status_code == 409


def test_given_a_new_password_then_the_old_one_and_all_sessions_are_gone(centre):
    browser = centre.signed_in()
    clerk = centre.signed_in("Mai", "clerk")
    assert browser.post("users/2/password", {"password": "một câu khác"}).status_code == 200
    assert me(clerk) == 401
    assert centre.browser().sign_in("Mai").status_code == 401
    assert centre.browser().sign_in("Mai", "một câu khác").status_code == 200
    assert centre.changes() == [{"by": "user:1", "what": "password_set", "user": 2, "role": "clerk"}]


OTHER = "một câu khác"


@pytest.mark.parametrize("role", ["supervisor", "clerk", "greeter", "inspector"])
def test_given_my_own_new_password_then_I_stay_signed_in_here_only(centre, role):
    centre.person("Mai", role)
    here, there = centre.browser(), centre.browser()
    here.sign_in("Mai")
    there.sign_in("Mai")
    assert here.post("me/password", {"present": PASSWORD, "password": OTHER}).status_code == 200
    assert (me(here)["name"], me(there)) == ("Mai", 401)
    assert centre.browser().sign_in("Mai").status_code == 401
    assert centre.browser().sign_in("Mai", OTHER).status_code == 200
    assert centre.changes() == [{"what": "password_set", "by": "user:1", "user": 1, "role": role}]


def test_given_a_wrong_present_password_then_nothing_changes(centre):
    browser = centre.signed_in()
    answer = browser.post("me/password", {"present": WRONG, "password": OTHER})
    assert (answer.status_code, answer.json["code"]) == (403, "wrong_present_password")
    assert centre.browser().sign_in().status_code == 200


def test_given_the_answer_was_lost_when_the_change_is_repeated_then_it_is_the_same_answer(centre):
    browser = centre.signed_in()
    wish = {"present": PASSWORD, "password": OTHER}
    first, again = (browser.post("me/password", wish, key="the-same-key") for _ in range(2))
    assert (first.status_code, first.json) == (again.status_code, again.json) == (200, first.json)


def same_keys(centre):
    """(route, who sends it, its content, what another password changes) of every command that takes one."""
    supervisor, link = centre.signed_in(), setup_link(centre.store, OPENING, renew=True)
    centre.person("Mai", "clerk")
    yield "users", lambda: supervisor, {"name": "Páo", "role": "clerk", "password": PASSWORD}, {"password": OTHER}
    yield "users/2/password", lambda: supervisor, {"password": PASSWORD}, {"password": OTHER}
    yield "me/password", lambda: supervisor, {"present": PASSWORD, "password": OTHER}, {"password": PASSWORD + OTHER}
    yield "setup", centre.browser, {"key": link, "name": "Dợ", "password": PASSWORD}, {"password": OTHER}


def test_given_the_same_key_with_another_password_then_it_is_refused_and_the_first_one_holds(centre):
    tried = set()
    for path, sender, body, other in same_keys(centre):
        first, again, third = (
            sender().post(path, content, key="the-same-key") for content in (body, body, body | other)
        )
        assert (first.status_code, first.json) == (again.status_code, again.json), path
        assert first.status_code < 300, path
        assert (third.status_code, third.json["code"]) == (422, "key_reused"), path
        tried.add(path.replace("2", "<int:user>"))
    secret = {
        route.path.removeprefix("/api/v1/")
        for route in centre.routes.declared.values()
        if route.body is not None and secret_fields(route.body)
    }
    # Those two keep no answer.
    assert secret - {"sign-in", "setup/link"} == tried, "a command with a password of its own"


def test_given_the_rows_of_kept_answers_then_a_password_is_as_hard_to_guess_from_them_as_from_its_hash(centre):
    browser = centre.signed_in()
    add(browser, key="the-same-key")
    request = RequestIdentity("user:1", "POST /api/v1/users", "the-same-key", "")
    kept = centre.hall_store.answer(request)
    body = AddUser("Mai", "clerk", PASSWORD)
    assert kept.digest != content_digest(body, frozenset()) != content_digest(body, {"password"})
    plain = replace(request, digest=content_digest(body, {"password"}))
    assert centre.gate.people.with_secrets(plain, (PASSWORD,)).digest == kept.digest


def test_given_a_borrowed_session_when_guessing_the_present_password_then_it_waits_and_the_person_does_not(centre):
    borrowed = centre.signed_in()
    wish = {"present": WRONG, "password": OTHER}
    codes = [borrowed.post("me/password", wish).json["code"] for _ in range(6)]
    assert codes == ["wrong_present_password"] * 5 + ["too_many"]
    assert centre.browser().sign_in().status_code == 200


def test_given_a_supervisor_when_setting_their_own_password_unasked_then_it_is_refused(centre):
    answer = centre.signed_in().post("users/1/password", {"password": OTHER})
    assert (answer.status_code, answer.json["code"]) == (409, "own_password")


@pytest.mark.parametrize("role", ["supervisor", "clerk"])
def test_given_a_program_then_it_has_no_password_to_change(centre, role):
    program = centre.program(role)
    answer = centre.browser().post("me/password", {"present": PASSWORD, "password": OTHER}, headers=program)
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


# -- passwords that are guessed first --------------------------------------------------------


def test_given_the_three_thousand_commonest_passwords_of_eight_characters_then_each_is_refused():
    long_enough = [each for each in FREQUENCY_LISTS["passwords"] if len(each) >= PASSWORD_SHORTEST]
    assert len(long_enough) >= 3000
    assert [each for each in long_enough[:3000] if not common(each)] == []


@pytest.mark.parametrize(
    "password",
    ["12345678", "aaaaaaaa", "qwertyuiop", "Abc@1234", "admin@123", "matkhau123", "Mật khẩu 123", "anh yêu em"]
    + ["hành chính công", "Canbo@123", "lothimai1", "Lò Thị Mai", "Đồng Văn 2026", "dongvan123"],
)
def test_given_a_password_that_is_guessed_first_then_it_is_refused(password):
    assert common(password, "Lò Thị Mai", "Trung tâm Phục vụ hành chính công xã Đồng Văn")


@pytest.mark.parametrize("password", [PASSWORD, OTHER, "bốn con vịt trắng", "trời hôm nay mưa", "tL7#vq9xB"])
def test_given_a_sentence_or_letters_at_random_then_it_may_be_a_password(password):
    assert not common(password, "Lò Thị Mai", "Trung tâm Phục vụ hành chính công xã Đồng Văn")


def test_given_a_password_as_long_as_may_be_then_its_beginning_alone_is_judged(monkeypatch):
    judged = []
    monkeypatch.setattr("zxcvbn.zxcvbn", lambda text, words: judged.append(text) or {"guesses": 10**20})
    long = "4@8({[</369&#!1|0$5+7%2" * 8  # all of it would take zxcvbn half a minute
    common(long)
    assert judged == [long[:32]]


def test_given_a_common_password_when_it_is_set_anywhere_then_nothing_changes(centre):
    supervisor, before = centre.signed_in(), centre.changes()
    mai, key = centre.person("Mai", "clerk").id, setup_link(centre.store, OPENING, renew=True)
    answers = [
        add(supervisor, "Páo", password="matkhau123"),
        supervisor.post(f"users/{mai}/password", {"password": "matkhau123"}),
        supervisor.post("me/password", {"present": PASSWORD, "password": "matkhau123"}),
        centre.browser().post("setup", {"key": key, "name": "Dợ", "password": "matkhau123"}),
    ]
    assert [(each.status_code, each.json["code"]) for each in answers] == [(422, "common_password")] * 4
    assert centre.changes() == before


def common(password, *about):
    try:
        refuse_common(password, about)
    except CommonPassword:
        return True
    return False


# -- sessions that a supervisor ends ---------------------------------------------------------


def test_given_a_person_when_signed_out_everywhere_then_no_session_lives(centre):
    browser = centre.signed_in()
    clerk = centre.signed_in("Mai", "clerk")
    sessions = {user["name"]: user["sessions"] for user in browser.get("users").json["users"]}
    assert sessions == {"Mai": 1, "Sinh": 1}
    assert browser.post("users/2/sign-out").json["sessions"] == 0
    assert me(clerk) == 401


def test_given_an_unknown_person_then_it_is_said(centre):
    browser = centre.signed_in()
    for act, body in (("disable", {}), ("enable", {}), ("sign-out", {}), ("password", {"password": PASSWORD})):
        answer = browser.post(f"users/7/{act}", body)
        assert (answer.status_code, answer.json["code"]) == (404, "unknown_user")


def test_given_the_roles_a_form_offers_then_those_given_most_often_come_before_the_one_that_may_do_all():
    assert PEOPLE == ("clerk", "greeter", "supervisor", "inspector")
