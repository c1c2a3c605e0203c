"""Kiosks and walls are paired by a code, programs by a token, the first supervisor by a link."""

from datetime import timedelta

import pytest

from access import changes
from access.devices import WAITING_AT_MOST, pair_device
from access.programs import issue_token
from access.setup import setup_link
from store.hall import SqliteHallStore
from tests.access.conftest import OPENING, PASSWORD


def ask(browser, kind="kiosk"):
    return browser.post("pairings", {"kind": kind}).json


def state(browser, kind="kiosk"):
    return browser.get(f"pairings/current?kind={kind}").json["state"]


def confirm(browser, code, name="Cửa chính", **options):
    return browser.post("devices", {"code": code, "name": name}, **options)


# -- pairing ---------------------------------------------------------------------------------


def test_given_a_code_when_a_supervisor_confirms_it_then_the_device_is_a_kiosk(centre):
    kiosk, supervisor = centre.browser(), centre.signed_in()
    asked = ask(kiosk)
    assert asked["state"] == "waiting" and asked["expires_s"] == 600
    assert len(asked["code"]) == 6 and asked["code"].isdecimal()
    assert state(kiosk) == "waiting" and kiosk.get("me").status_code == 401
    waiting = supervisor.get("devices").json["waiting"]
    assert waiting == [{"code": asked["code"], "kind": "kiosk", "since": "2026-01-05T00:30:00.000000Z"}]

    answer = confirm(supervisor, asked["code"])
    assert answer.status_code == 201
    assert answer.json["name"] == "Cửa chính" and answer.json["kind"] == "kiosk"
    assert state(kiosk) == "paired"
    assert kiosk.get("me").json == {"role": "kiosk", "name": "Cửa chính", "counter": None}
    assert supervisor.get("devices").json["waiting"] == []
    assert centre.changes() == [{"by": "user:1", "what": "device_paired", "device": 1, "device_kind": "kiosk"}]


def test_given_a_paired_device_when_the_server_starts_again_then_it_is_paired_still(centre):
    secret = pair_device(centre.store, "display", "Sảnh", OPENING)
    centre.start()
    assert centre.browser(secret, "device_display").get("me").json["role"] == "display"


def test_given_the_same_key_twice_when_confirming_then_one_device_is_paired(centre):
    kiosk, supervisor = centre.browser(), centre.signed_in()
    code = ask(kiosk)["code"]
    first, again = (confirm(supervisor, code, key="the-same-key") for _ in range(2))
    assert first.json == again.json
    assert len(supervisor.get("devices").json["devices"]) == 1


def test_given_a_lost_answer_when_asking_again_then_the_code_is_the_same(centre):
    kiosk = centre.browser()
    assert ask(kiosk)["code"] == ask(kiosk)["code"]
    assert len(centre.gate.devices.waiting()) == 1


def test_given_ten_minutes_then_the_code_is_worth_nothing(centre):
    kiosk, supervisor = centre.browser(), centre.signed_in()
    code = ask(kiosk)["code"]
    centre.clock.on(minutes=10)
    assert state(kiosk) == "expired"
    answer = confirm(supervisor, code)
    assert (answer.status_code, answer.json["code"]) == (404, "unknown_pairing_code")
    assert ask(kiosk)["code"] != code or len(centre.gate.devices.waiting()) == 1


def test_given_a_crowd_that_asks_then_the_oldest_make_room(centre):
    browsers = [centre.browser() for _ in range(WAITING_AT_MOST + 1)]
    for browser in browsers:
        ask(browser)
    assert len(centre.gate.devices.waiting()) == WAITING_AT_MOST
    assert (state(browsers[0]), state(browsers[1]), state(browsers[-1])) == ("expired", "waiting", "waiting")


def test_given_a_flood_of_asks_then_the_screens_that_show_their_code_keep_it(centre):
    shown, silent = centre.browser(), centre.browser(address="192.168.1.7")
    ask(silent)  # its page has not come back yet
    ask(shown)
    assert state(shown) == "waiting"
    for _ in range(2 * WAITING_AT_MOST):
        ask(centre.browser())
    assert (state(shown), state(silent)) == ("waiting", "waiting")
    for n in range(2 * WAITING_AT_MOST):
        ask(centre.browser(address=f"10.0.0.{n}"))
    assert state(shown) == "waiting"


@pytest.mark.parametrize("many", [1, 3, 9], ids=["from one address", "from three", "from nine"])
def test_given_a_flood_that_asks_about_its_codes_then_a_new_screen_keeps_its_own_and_is_paired(centre, many):
    flood = [centre.browser(address=f"10.0.0.{n % many}") for n in range(WAITING_AT_MOST)]

    def ask_all():
        for browser in flood:
            if state(browser) == "expired":
                ask(browser)
            state(browser)

    ask_all()
    screen, supervisor = centre.browser(address="192.168.1.7"), centre.signed_in()
    code = ask(screen)["code"]
    for _ in range(3):  # it asks for the first time after two seconds
        ask_all()
        centre.clock.on(seconds=1)
    assert state(screen) == "waiting"
    ask_all()
    assert confirm(supervisor, code).status_code == 201


def test_given_those_who_ask_then_the_disk_is_not_written(centre):
    before = centre.db.library.conn.total_changes
    for _ in range(10):
        browser = centre.browser()
        ask(browser)
        state(browser)
    assert centre.db.library.conn.total_changes == before


def test_given_a_supervisors_browser_then_it_may_be_kiosk_and_wall_as_well(centre):
    browser = centre.signed_in()
    for kind in ("kiosk", "display"):
        confirm(browser, ask(browser, kind)["code"], kind)
    assert (state(browser), state(browser, "display")) == ("paired", "paired")
    assert browser.get("me").json["role"] == "supervisor"
    cookies = {name: browser.cookie(name) for name in ("session", "device_kiosk", "device_display")}
    for role in ("kiosk", "display", "supervisor"):
        assert centre.gate.identify(cookies, None, (role,)).role == role
    assert ask(browser) == {"state": "paired", "code": "", "expires_s": 0}


def test_given_a_revoked_device_then_it_is_out_at_once_and_may_ask_again(centre):
    kiosk, supervisor = centre.browser(), centre.signed_in()
    confirm(supervisor, ask(kiosk)["code"])
    principal = centre.gate.identify({"device_kiosk": kiosk.cookie("device_kiosk")}, None)
    assert centre.gate.still_valid(principal)
    assert supervisor.post("devices/1/revoke").json["active"] is False
    assert not centre.gate.still_valid(principal)
    assert kiosk.get("me").status_code == 401
    supervisor.post("devices/1/revoke")
    assert [change["what"] for change in centre.changes()] == ["device_paired", "device_revoked"]
    confirm(supervisor, ask(kiosk)["code"])
    assert kiosk.get("me").json["role"] == "kiosk"


def test_given_a_device_then_it_is_shown_when_it_was_seen_and_whether_it_is_connected(centre):
    supervisor = centre.signed_in()
    secret = pair_device(centre.store, "display", "Sảnh", OPENING)
    wall = centre.browser(secret, "device_display")
    device = supervisor.get("devices").json["devices"][0]
    assert (device["last_seen_at"], device["connected"]) == (None, False)
    wall.get("me")
    centre.clock.on(seconds=30)
    wall.get("me")  # noted once a minute at most
    centre.connected = {"device:1"}
    device = supervisor.get("devices").json["devices"][0]
    assert (device["last_seen_at"], device["connected"]) == ("2026-01-05T00:30:00.000000Z", True)


def test_given_a_supervisor_who_guesses_codes_then_each_further_try_waits(centre):
    kiosk, supervisor = centre.browser(), centre.signed_in()
    code = ask(kiosk)["code"]
    wrong = "000000" if code != "000000" else "000001"
    assert [confirm(supervisor, wrong).status_code for _ in range(6)] == [404] * 5 + [429]
    assert confirm(supervisor, code).status_code == 429
    centre.clock.on(seconds=2)
    assert confirm(supervisor, code).status_code == 201


@pytest.mark.parametrize("code", ["12345", "1234567", "12345a", "١٢٣٤٥٦", "123456\n", 123456])
def test_given_what_is_no_code_then_it_is_refused(centre, code):
    assert confirm(centre.signed_in(), code).status_code == 422


def test_given_a_bad_name_then_nothing_is_paired_and_the_code_stays(centre):
    kiosk, supervisor = centre.browser(), centre.signed_in()
    code = ask(kiosk)["code"]
    assert confirm(supervisor, code, "  ").status_code == 422
    assert confirm(supervisor, code, "Cửa chính").status_code == 201


# -- programs --------------------------------------------------------------------------------


def test_given_a_token_then_the_program_has_its_role_and_counter(centre):
    headers = centre.program("clerk", counter=2)
    assert centre.browser().get("me", **headers).json == {"role": "clerk", "name": "token:1", "counter": 2}
    assert centre.browser().get("users", **headers).status_code == 403
    assert centre.browser().get("users", **centre.program("inspector")).status_code == 200


def test_given_a_wrong_token_then_a_good_cookie_does_not_help(centre):
    browser = centre.signed_in()
    assert browser.get("me", Authorization="Bearer wrong").status_code == 401
    assert browser.get("me", Authorization="Basic eDp5").status_code == 200


def test_given_a_revoked_token_then_the_program_is_out(centre):
    headers, supervisor = centre.program("supervisor"), centre.signed_in()
    principal = centre.gate.identify({}, headers["Authorization"])
    assert centre.browser().get("me", **headers).status_code == 200
    assert supervisor.post("tokens/1/revoke").json["active"] is False
    assert supervisor.post("tokens/1/revoke").status_code == 200
    assert supervisor.post("tokens/2/revoke").json["code"] == "unknown_token"
    assert centre.browser().get("me", **headers).status_code == 401
    assert not centre.gate.still_valid(principal)
    assert centre.changes() == [{"by": "user:1", "what": "token_revoked", "token": 1, "role": "supervisor"}]


def test_given_a_token_with_an_end_then_the_program_is_out_when_it_has_come(centre):
    headers = centre.program("clerk", expires_at=OPENING + timedelta(days=1))
    centre.clock.on(hours=23)
    principal = centre.gate.identify({}, headers["Authorization"])
    assert centre.gate.still_valid(principal)
    centre.clock.on(hours=1)
    assert centre.browser().get("me", **headers).status_code == 401
    assert not centre.gate.still_valid(principal)


def test_given_programs_then_they_are_listed_with_what_they_may_and_when_they_were_used(centre):
    supervisor = centre.signed_in()
    end = OPENING + timedelta(days=30)
    hall, programs = centre.hall, centre.gate.programs
    for role, options in (
        ("clerk", {"counter": 2, "limit": 60, "name": " Loa  gọi ", "expires_at": end}),
        ("kiosk", {}),
    ):
        secret = hall.run_as_system(lambda act, r=role, o=options: changes.issue_token(act, programs, r, **o))
    centre.browser().get("me", Authorization=f"Bearer {secret}")
    centre.clock.on(minutes=59)
    centre.browser().get("me", Authorization=f"Bearer {secret}")  # noted once an hour at most
    made = "2026-01-05T00:30:00.000000Z"
    nobody = {"created_at": made, "expires_at": None, "last_seen_at": None, "active": True}
    assert supervisor.get("tokens").json["tokens"] == [
        nobody
        | {"id": 1, "name": "Loa gọi", "role": "clerk", "counter": 2, "limit_per_minute": 60}
        | {"expires_at": "2026-02-04T00:30:00.000000Z"},
        nobody
        | {"id": 2, "name": "", "role": "kiosk", "counter": None, "limit_per_minute": None, "last_seen_at": made},
    ]
    assert [(change["what"], change["token"]) for change in centre.changes()] == [
        ("token_issued", 1),
        ("token_issued", 2),
    ]
    assert secret not in str(centre.changes()) and "Loa" not in str(centre.changes())
    centre.clock.on(days=30)
    supervisor.sign_in()
    assert [token["active"] for token in supervisor.get("tokens").json["tokens"]] == [False, True]
    assert [centre.gate.name_of(f"token:{n}") for n in (1, 2, 3)] == ["Loa gọi", None, None]


def test_given_an_inspector_then_programs_are_read_and_not_revoked(centre):
    centre.program("kiosk")
    inspector = centre.signed_in("Thanh", "inspector")
    assert len(inspector.get("tokens").json["tokens"]) == 1
    assert inspector.post("tokens/1/revoke").status_code == 403


def test_given_a_limit_then_the_minute_is_counted_and_without_one_it_is_not(centre):
    limited, free = centre.program("inspector", limit=3), centre.program("inspector")
    browser = centre.browser()
    assert [browser.get("me", **limited).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = browser.get("me", **limited)
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert {browser.get("me", **free).status_code for _ in range(20)} == {200}


@pytest.mark.parametrize(("role", "limit"), [("anyone", None), ("boss", None), ("clerk", 0)])
def test_given_a_token_that_cannot_be_then_it_is_not_issued(centre, role, limit):
    with pytest.raises(ValueError):
        issue_token(centre.store, role, None, limit)


# -- the first supervisor --------------------------------------------------------------------


def set_up(centre, link, name="Sinh", **options):
    browser = centre.browser()
    return browser, browser.post("setup", {"key": link, "name": name, "password": PASSWORD}, **options)


def test_given_the_link_when_used_then_the_supervisor_is_made_and_signed_in(centre):
    browser, answer = set_up(centre, setup_link(centre.store, OPENING))
    assert answer.json == {"role": "supervisor", "name": "Sinh"}
    assert browser.get("me").json["role"] == "supervisor"
    assert centre.changes() == [{"by": "setup_link", "what": "user_added", "user": 1, "role": "supervisor"}]
    assert setup_link(centre.store, OPENING) is None


def test_given_the_link_then_it_works_once(centre):
    link = setup_link(centre.store, OPENING)
    set_up(centre, link)
    _, answer = set_up(centre, link, "Hoa")
    assert (answer.status_code, answer.json["code"]) == (403, "setup_link_used")
    assert len(centre.gate.people.all()) == 1


def test_given_a_lost_answer_when_the_setup_is_repeated_then_it_is_the_same_person(centre):
    link = setup_link(centre.store, OPENING)
    set_up(centre, link, key="the-same-key")
    browser, answer = set_up(centre, link, key="the-same-key")
    assert answer.status_code == 200
    assert browser.get("me").json["name"] == "Sinh"
    assert len(centre.gate.people.all()) == 1


def test_given_a_newer_link_or_a_day_then_the_old_one_is_worth_nothing(centre):
    old, new = (setup_link(centre.store, OPENING) for _ in range(2))
    assert set_up(centre, old)[1].status_code == 403
    assert set_up(centre, "guessed")[1].status_code == 403
    centre.clock.on(hours=24)
    assert set_up(centre, new)[1].status_code == 403
    assert set_up(centre, setup_link(centre.store, OPENING + timedelta(days=1)))[1].status_code == 200


def test_given_a_wrong_key_then_nothing_slow_is_done_and_it_waits_while_the_right_one_passes(centre, monkeypatch):
    link, slow = setup_link(centre.store, OPENING), []
    monkeypatch.setattr(centre.gate.people, "_offload", lambda work: slow.append(work) or work())
    codes = [set_up(centre, "guessed")[1].json["code"] for _ in range(7)]
    assert (codes, slow) == (["setup_link_used"] * 5 + ["too_many"] * 2, [])
    assert set_up(centre, link)[1].status_code == 200


@pytest.mark.parametrize("name", ["a " * 8100, "a " * 100, "x" * 61])
def test_given_a_name_nobody_has_then_it_is_refused_before_anything_slow(centre, monkeypatch, name):
    monkeypatch.setattr(centre.gate.people, "_offload", pytest.fail)
    answer = set_up(centre, setup_link(centre.store, OPENING), name)[1]
    assert (answer.status_code, answer.json["field"]) == (422, "name")


def test_given_a_name_that_cannot_be_then_the_link_is_not_used_up(centre):
    link = setup_link(centre.store, OPENING)
    assert set_up(centre, link, "\u202e")[1].status_code == 422
    assert set_up(centre, link)[1].status_code == 200


def test_given_forgotten_passwords_then_a_link_can_be_had_all_the_same(centre):
    centre.person()
    assert setup_link(centre.store, OPENING) is None
    link = setup_link(centre.store, OPENING, renew=True)
    assert set_up(centre, link)[1].json["code"] == "name_taken"
    assert set_up(centre, link, "Hoa")[1].status_code == 200


def test_given_a_screen_that_is_measured_then_both_it_and_the_supervisor_know_its_size_and_the_log_says_so_once(centre):
    kiosk, supervisor = centre.browser(), centre.signed_in()
    confirm(supervisor, ask(kiosk)["code"])
    unmeasured = {"diagonal_mm": None, "edge_mm": None}
    assert kiosk.get("glass").json == unmeasured == supervisor.get("devices").json["devices"][0]["glass"]
    own = {"diagonal_mm": 257, "edge_mm": 1000}
    for _ in range(2):
        assert kiosk.post("glass", own).json == own
    assert supervisor.get("devices").json["devices"][0]["glass"] == own
    other = {"diagonal_mm": 546, "edge_mm": 760}
    assert supervisor.post("devices/1/glass", other).json["glass"] == other == kiosk.get("glass").json
    said = [change for change in centre.changes() if change["what"] == "device_measured"]
    assert [{name: change[name] for name in own} | {"device": 1} for change in said] == [
        own | {"device": 1},
        other | {"device": 1},
    ]


@pytest.mark.parametrize("wrong", ({"diagonal_mm": 99}, {"diagonal_mm": 2601}, {"edge_mm": -1}, {"edge_mm": 2501}))
def test_given_a_size_that_no_screen_has_then_it_is_refused(centre, wrong):
    kiosk, supervisor = centre.browser(), centre.signed_in()
    confirm(supervisor, ask(kiosk)["code"])
    for who, path in ((kiosk, "glass"), (supervisor, "devices/1/glass")):
        assert who.post(path, {"diagonal_mm": 546, "edge_mm": 760} | wrong).status_code == 422
    assert supervisor.post("devices/7/glass", {"diagonal_mm": 546, "edge_mm": 760}).status_code == 404


def test_given_a_restore_then_a_screen_keeps_the_size_that_the_log_has(centre):
    store = SqliteHallStore(centre.db)
    pair_device(centre.store, "kiosk", "Cửa", OPENING)
    changed = {"what": "device_measured", "device": 1, "diagonal_mm": 546, "edge_mm": 760}
    store.repeat_access_change(changed, OPENING)
    (device,) = centre.store.devices()
    assert (device.diagonal_mm, device.edge_mm) == (546, 760)
