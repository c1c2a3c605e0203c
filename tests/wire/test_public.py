"""The public pages and files over HTTP, and that a running centre publishes a month by itself."""

import hashlib

import msgspec
import pytest

from queueing import events as ev
from runtime import maintenance
from runtime.maintenance import Maintenance
from tests.hall.test_public_months import busy, publish
from tests.strangers.server import whole_server


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """A centre whose January is published."""
    folder = tmp_path_factory.mktemp("centre")
    made = busy(6, path=folder / "hall.db")
    publish(made)
    made.db.close()
    with whole_server(folder) as centre:
        yield centre.app.test_client(use_cookies=False)


def test_given_anybody_then_the_pages_open_in_the_language_asked_for_and_load_nothing_else_than_our_styles(client):
    for path, words in (
        ("/minh-bach", ("Người dân đã chờ", "How long did people")),
        ("/open-data/", ("Số liệu mở", "Open data")),
    ):
        for language, word in zip(("vi", "en"), words, strict=True):
            for headers, query in (({"Accept-Language": language}, ""), ({}, f"?lang={language}")):
                answer = client.get(f"{path}{query}", headers=headers)
                assert answer.status_code == 200 and answer.mimetype == "text/html"
                assert f'<html lang="{language}"' in answer.text and word in answer.text
                assert "<script" not in answer.text and "style=" not in answer.text


def test_given_anybody_then_each_file_comes_with_its_type_and_the_hash_that_is_listed(client):
    package = client.get("/open-data/datapackage.json").json
    assert len(package["resources"]) >= 3
    for resource in package["resources"]:
        answer = client.get(f"/open-data/{resource['path']}")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.mimetype == resource["mediatype"]
        assert resource["hash"] == f"sha256:{hashlib.sha256(answer.data).hexdigest()}"
        again = client.get(f"/open-data/{resource['path']}", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
    for nothing in ("2026-02.json", "..%2Fhall.db", "hall.db"):
        assert client.get(f"/open-data/{nothing}").status_code == 404


def test_given_anybody_then_today_is_said_without_a_role(client):
    answer = client.get("/api/v1/today")
    assert answer.status_code == 200 and answer.json["wait_median_min"] is None


class Stopped(Exception):
    pass


def test_given_a_month_that_is_over_then_the_running_centre_publishes_it_and_only_once():
    made = busy(6)
    printed = msgspec.json.encode({"2026-01": {"2026-01.json": "{}\n"}})
    calls = []

    def run(*words):
        calls.append(words)
        return printed if words == ("open-data",) else b""

    def sleep(seconds):
        if seconds == maintenance.ROLLUP_INTERVAL_S and len(calls) >= 2:
            raise Stopped

    work = Maintenance.__new__(Maintenance)
    work._hall = made.hall
    with pytest.raises(Stopped):
        work.make_rollups(run, sleep)
    assert calls == [("rollup", "--missing"), ("open-data",)]
    (event,) = made.events(ev.FIGURES_PUBLISHED)
    assert event.data["name"] == "2026-01.json" and event.data["by"] == "system"
    assert made.store.publication("2026-01.json") == b"{}\n"
