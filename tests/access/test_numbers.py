"""A number of today, asked for by anybody who can read it on a paper."""

import pytest

from access.principal import ANYONE
from tests.strangers.server import Asker, whole_server


@pytest.fixture(scope="module")
def asker(tmp_path_factory):
    with whole_server(tmp_path_factory.mktemp("centre")) as centre:
        yield Asker(centre)


def test_given_a_number_however_it_is_typed_when_anybody_asks_then_it_says_where_it_stands_and_not_whose_it_is(asker):
    asker.post("clerk", "counters/2/open")
    numbers = [asker.post("kiosk", "tickets", {"service": "CHUNG_THUC"}).json["number"] for _ in range(2)]
    first, second = numbers
    assert asker.post("clerk", "counters/2/call-next").status_code == 200
    called = asker.get(ANYONE, f"numbers/{first}").json
    assert (called["state"], called["counter"]) == ("called", 2)
    for typed in (second, second.lower(), f"{second[0]} {second[1:]}"):
        found = asker.get(ANYONE, f"numbers/{typed}").json
        assert (found["number"], found["state"], found["people_ahead"]) == (second, "waiting", 0)
        assert found["ref"] is None
        assert not {"id", "why", "priority_class", "follow_url"} & set(found)
    assert asker.get("clerk", f"numbers/{second}").json["ref"] is not None


def test_given_no_number_of_today_then_it_is_not_found(asker):
    for typed in ("Z999", "x", "B" * 50):
        answer = asker.get(ANYONE, f"numbers/{typed}")
        assert (answer.status_code, answer.json["code"]) == (404, "unknown_ticket")
