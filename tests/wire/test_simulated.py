"""Simulated centres: the demonstration and the copy for training; nothing of a real centre changes."""

import re
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from datetime import datetime
from email.utils import parsedate_to_datetime

import pytest
import requests

from demo.crowd import Person
from hall.verify import verify
from store.database import Database
from store.diary import DIARY, last_entry
from store.hall import SqliteHallStore
from tests import people
from tests.centre import ROOT, TestCentreProcess
from tests.faults.proxy import Line
from tests.wire.log import read_log

PATIENCE_S = 90
SCREENS = ("kiosk", "display", "counter", "greeter", "supervisor", "appointments")


class Played(TestCentreProcess):
    """A simulated centre; it starts by its own command."""

    start_s = PATIENCE_S

    def __init__(self, data, *words):
        super().__init__(data)
        self.words = words

    def _command(self, command, *options):
        if command != "run":
            return super()._command(command, *options)
        return [sys.executable, "server.py", *self.words, *options]


@contextmanager
def played(data, *words):
    centre = Played(data, *words).start()
    try:
        yield centre
    finally:
        centre.stop()


def until(true):
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    data = tmp_path_factory.mktemp("demo") / "data"
    with played(data, "demo", "--days", "3", "--speed", "60", "--data", str(data)) as centre:
        yield centre


def browser_in(centre, **wanted):
    browser = requests.Session()
    browser.trust_env = False
    entered = browser.post(
        f"{centre.url}/api/v1/demo/enter", json=wanted, headers={"Idempotency-Key": "k" * 16}, timeout=15
    )
    assert entered.status_code == 200, entered.text
    return browser, entered.json()["go"]


@pytest.mark.parametrize(
    ("wanted", "role", "page"),
    [
        ({"screen": "supervisor"}, "supervisor", "/supervisor"),
        ({"screen": "counter", "counter": 2}, "clerk", "/counter"),
        ({"screen": "greeter"}, "greeter", "/greeter"),
        ({"screen": "kiosk"}, "kiosk", "/kiosk"),
        ({"screen": "display"}, "display", "/display"),
    ],
)
def test_given_a_demo_when_a_link_is_opened_then_the_browser_is_in_and_the_page_says_what_it_is(
    demo, wanted, role, page
):
    browser, go = browser_in(demo, **wanted)
    assert go == page
    assert browser.get(f"{demo.url}/api/v1/me", timeout=15).json()["role"] == role
    assert "CHẠY THỬ" in browser.get(demo.url + go, timeout=15).text
    assert {each.name.partition("_")[0] for each in browser.cookies} == {"demo"}


def test_given_a_demo_when_many_visitors_open_its_kiosk_and_wall_then_they_share_one_of_each(demo):
    for screen in ("kiosk", "display"):
        browser_in(demo, screen=screen)
    supervisor, _ = browser_in(demo, screen="supervisor")

    def devices():
        listed = supervisor.get(f"{demo.url}/api/v1/devices", timeout=15).json()["devices"]
        return sorted((each["id"], each["kind"]) for each in listed if each["active"])

    before = devices()
    for screen in ("kiosk", "display") * 2:
        browser_in(demo, screen=screen)
    assert devices() == before
    assert len(before) == len({kind for _, kind in before})


def test_given_a_demo_then_citizens_come_and_clerks_call_by_themselves(demo):
    before = demo.get("/api/v1/board").json()["seq"]
    until(lambda: demo.get("/api/v1/board").json()["today"]["served"] > 0)
    until(lambda: demo.get("/api/v1/board").json()["seq"] > before + 20)
    browser, page = browser_in(demo, screen="phone")
    ticket = browser.get(f"{demo.url}/api/v1/tickets/{page.removeprefix('/t/')}", timeout=15)
    assert ticket.status_code == 200
    # A phone reckons by the date of the answer: that of the hall, which is in its working hours all night.
    dated = parsedate_to_datetime(ticket.headers["Date"])
    assert abs((dated - datetime.fromisoformat(demo.get("/api/v1/board").json()["at"])).total_seconds()) < 60


def test_given_the_server_hung_up_in_a_long_service_when_a_simulated_clerk_presses_then_it_is_done_once(centre):
    line = Line(centre.port)
    clerk = Person(line.url, {"Authorization": f"Bearer {centre.token('clerk')}"})
    try:
        assert clerk.post("/counters/2/open")["counter"]["state"] == "idle"
        centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=centre.token("kiosk"))
        line.cut()
        assert clerk.post("/counters/2/call-next")["counter"]["state"] == "called"
        assert [each["kind"] for each in read_log(centre, centre.token("inspector"))].count("ticket.called") == 1
    finally:
        line.close()


def test_given_a_demo_then_its_past_days_are_in_the_figures_and_its_log_is_proved(demo):
    browser, _ = browser_in(demo, screen="supervisor")
    days = browser.get(f"{demo.url}/api/v1/statistics?from=2020-01-01&to=2099-12-31&by=day", timeout=15).json()["rows"]
    assert max(day["served"] for day in days) > 50
    with closing(Database(demo.data / "hall.db")) as db:
        assert verify(SqliteHallStore(db)).clean


def test_given_a_demo_that_has_just_opened_then_its_forecasts_have_been_held_against_calls(demo):
    browser, _ = browser_in(demo, screen="supervisor")
    scores = browser.get(f"{demo.url}/api/v1/statistics/forecasts?from=2020-01-01&to=2099-12-31", timeout=15).json()
    assert scores["whole"]["n"] >= 40


def test_given_a_folder_that_was_not_simulated_then_no_demo_is_played_in_it(tmp_path):
    kept = tmp_path / "hall.db"
    kept.write_text("precious")
    done = subprocess.run(
        [sys.executable, "server.py", "demo", "--data", str(tmp_path)], cwd=ROOT, capture_output=True, timeout=60
    )
    assert done.returncode == 1 and b"not simulated" in done.stderr
    assert kept.read_text() == "precious"


def test_given_a_real_centre_then_nobody_is_signed_in_by_a_link(centre):
    assert centre.get("/demo").status_code == 404
    assert centre.post("/api/v1/demo/enter", {"screen": "supervisor"}).status_code == 404
    assert "data-banner" not in centre.get("/").text + centre.get("/nowhere").text


def test_given_a_demo_then_a_page_that_is_not_there_bears_the_banner_too(demo):
    page, lost = demo.get("/"), demo.get("/nowhere")
    assert lost.status_code == 404
    banner = re.search('<html data-banner="([^"]+)"', page.text)[1]
    assert f'<html data-banner="{banner}" lang="vi">' in lost.text
    for each in (page, lost):
        assert '<link rel="stylesheet" href="/static/banner.css">\n</head>' in each.text


def test_given_a_training_copy_when_people_act_in_it_then_the_real_log_knows_nothing(centre):
    supervisor = people.supervisor_cookies(centre)
    people.add_person(centre, supervisor, "Lò Thị Mai", "clerk")
    issuer = centre.token("kiosk")
    centre.post("/api/v1/tickets", {"service": "TRA_KQ"}, token=issuer)
    inspector = centre.token("inspector")
    before = list(read_log(centre, inspector))
    until(lambda: last_entry(centre.data / DIARY) == before[-1]["seq"])
    written = {path.name: path.read_bytes() for path in (centre.data / DIARY).iterdir()}
    with played(centre.data, "run", "--training", "--data", str(centre.data)) as copy:
        for page in ("/", "/t/x", "/sign-in", "/password", "/setup", *(f"/{screen}" for screen in SCREENS)):
            assert "TẬP HUẤN" in copy.get(page).text, page
        mai = people.signed_in(copy, "Lò Thị Mai")
        assert {each.name.partition("_")[0] for each in mai} == {"training"}
        until(lambda: copy.get("/api/v1/board").json()["counters"][1]["state"] != "closed")
        assert people._post(copy, "/counters/2/open", {}, mai).json()["counter"]["mine"]
        assert copy.post("/api/v1/tickets", {"service": "TRA_KQ"}, token=issuer).status_code == 401
    assert list(read_log(centre, inspector)) == before
    assert {path.name: path.read_bytes() for path in (centre.data / DIARY).iterdir()} == written
