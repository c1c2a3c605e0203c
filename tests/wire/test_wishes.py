"""The routes of what holders and staff may ask for: who may, what is refused, and in which words."""

import json

import pytest

from hall.verify import verify
from queueing.sentences import fill
from tests.centre import ROOT
from tests.strangers.server import Asker, whole_server

WORDS = json.loads((ROOT / "static" / "text" / "vi.json").read_text("utf-8"))["error"]
NOBODY = "nobody"


@pytest.fixture(scope="module")
def asker(tmp_path_factory):
    with whole_server(tmp_path_factory.mktemp("centre")) as centre:
        yield Asker(centre)
        assert verify(centre.hall.store).faults == []


@pytest.fixture
def ticket(asker):
    return asker.post("kiosk", "tickets", {"service": "CHUNG_THUC", "people": 2}).json


def refused(answer, status, code, **params):
    """Check a refusal and its sentence, with every place filled."""
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.json
    assert answer.json["message"] == fill(WORDS[code], params)


def test_given_a_link_opened_on_another_phone_first_when_cancelling_then_it_is_asked_once_more(asker, ticket):
    mine, other, address = {"phone": "a" * 16}, {"phone": "b" * 16}, f"tickets/{ticket['id']}"
    for phone in (mine, other):
        assert asker.get(NOBODY, f"{address}?phone={phone['phone']}").status_code == 200
    refused(asker.post(NOBODY, f"{address}/cancel", other), 409, "opened_elsewhere", number=ticket["number"])
    refused(asker.post(NOBODY, f"{address}/cancel"), 409, "opened_elsewhere", number=ticket["number"])
    assert asker.post(NOBODY, f"{address}/cancel", other | {"confirmed": True}).json["state"] == "cancelled"


def test_given_the_phone_that_opened_it_first_or_no_phone_at_all_when_cancelling_then_it_is_done(asker, ticket):
    assert asker.post(NOBODY, f"tickets/{ticket['id']}/cancel", {"phone": "a"}).json["state"] == "cancelled"
    second = asker.post("kiosk", "tickets", {"service": "CHUNG_THUC"}).json
    asker.get(NOBODY, f"tickets/{second['id']}?phone=a")
    assert asker.post(NOBODY, f"tickets/{second['id']}/cancel", {"phone": "a"}).json["state"] == "cancelled"


def test_given_a_cancel_when_the_holder_or_the_staff_take_it_back_then_each_in_their_way(asker, ticket):
    link, staff = f"tickets/{ticket['id']}", f"tickets/{ticket['ref']}"
    asker.post(NOBODY, f"{link}/cancel")
    refused(asker.post(NOBODY, f"{link}/reinstate", {"reason": "other"}), 422, "unknown_reason")
    refused(asker.post("clerk", f"{staff}/reinstate"), 422, "unknown_reason")
    refused(asker.post("kiosk", f"{link}/reinstate"), 409, "take_back_too_late", number=ticket["number"], minutes=2)
    assert asker.post(NOBODY, f"{link}/reinstate").json["state"] == "waiting"
    asker.post("greeter", f"{staff}/cancel")
    refused(asker.post(NOBODY, f"{link}/reinstate"), 409, "taken_back_before", number=ticket["number"])
    for role in ("clerk", "greeter", "supervisor"):
        assert asker.post(role, f"{staff}/reinstate", {"reason": "by_mistake"}).json["state"] == "waiting"
        asker.post(role, f"{staff}/cancel")


def test_given_a_wish_to_be_called_later_then_holder_and_staff_have_two_together(asker, ticket):
    link, staff = f"tickets/{ticket['id']}", f"tickets/{ticket['ref']}"
    assert asker.get(NOBODY, link).json["defer"] == {"left": 2, "minutes": [5, 15, 30], "people": 10, "behind": 0}
    refused(asker.post(NOBODY, f"{link}/defer", {"people": 1}), 409, "nobody_behind", number=ticket["number"])
    refused(asker.post(NOBODY, f"{link}/defer", {"minutes": 5, "people": 1}), 422, "unknown_delay", people=10)
    assert asker.post(NOBODY, f"{link}/defer", {"minutes": 7}).status_code == 422
    assert asker.post(NOBODY, f"{link}/defer", {"minutes": 15}).json["delay_s"] == 900
    later = asker.post("kiosk", "tickets", {"service": "CHUNG_THUC"}).json
    assert later["people_ahead"] < asker.get(NOBODY, link).json["people_ahead"]
    assert asker.post("clerk", f"{staff}/defer", {"minutes": 5}).json["defer"] is None
    refused(
        asker.post(NOBODY, f"{link}/defer", {"minutes": 5}), 409, "deferred_before", number=ticket["number"], times=2
    )


@pytest.mark.parametrize("role", ["clerk", "greeter", "supervisor"])
def test_given_a_wrong_service_then_the_staff_change_it_and_the_link_shows_the_new_number(asker, ticket, role):
    moved = asker.post(role, f"tickets/{ticket['ref']}/service", {"service": "HO_TICH"}).json
    shown = asker.get(NOBODY, f"tickets/{ticket['id']}").json
    assert moved["number"] == shown["number"] and shown["number"].startswith("H")
    assert (shown["moved_from"], shown["people"]) == ([ticket["number"]], 2)
    again = asker.post(role, f"tickets/{ticket['ref']}/service", {"service": "HO_TICH"})
    refused(again, 409, "same_service", number=moved["number"])
    assert asker.post(NOBODY, f"tickets/{ticket['id']}/service", {"service": "DAT_DAI"}).status_code == 401


def test_given_a_number_that_was_moved_when_a_clerk_types_the_old_one_then_the_ticket_is_called(asker, ticket):
    asker.post("greeter", f"tickets/{ticket['ref']}/service", {"service": "HO_TICH"})
    asker.post("clerk", "counters/2/open")
    called = asker.post("clerk", "counters/2/call", {"number": ticket["number"], "reason": "wrong_service"}).json
    assert called["ticket"]["ref"] == ticket["ref"]
    assert (called["ticket"]["moved_from"], called["ticket"]["people"]) == ([ticket["number"]], 2)
    asker.post("clerk", "counters/2/no-show")


def test_given_people_to_count_then_one_to_twenty_may_stand_on_a_ticket(asker, ticket):
    for role in ("clerk", "greeter", "supervisor"):
        assert asker.post(role, f"tickets/{ticket['ref']}/people", {"people": 20}).json["people"] == 20
    for wrong in (0, 21, "2", None):
        assert asker.post("clerk", f"tickets/{ticket['ref']}/people", {"people": wrong}).status_code == 422
    assert asker.post("kiosk", "tickets", {"service": "CHUNG_THUC", "people": 21}).status_code == 422


def test_given_numbers_nobody_came_for_then_a_supervisor_sees_who_issued_them_and_ends_them(asker, ticket):
    other = asker.post("greeter", "tickets", {"service": "HO_TICH"}).json
    seen = {each["ref"]: each for each in asker.get("supervisor", "tickets/waiting").json["tickets"]}
    assert seen[ticket["ref"]]["people"] == 2 and seen[other["ref"]]["issued_by"].startswith("token:")
    asker.post(NOBODY, f"tickets/{other['id']}/cancel")
    body = {"refs": [ticket["ref"], other["ref"]], "reason": "hoarded"}
    refused(asker.post("supervisor", "tickets/end", body | {"reason": "dull"}), 422, "unknown_reason")
    assert asker.post("clerk", "tickets/end", body).status_code == 403
    done = asker.post("supervisor", "tickets/end", body).json
    assert done == {"ended": [ticket["number"]], "left": [other["number"]]}
    assert asker.post("supervisor", "tickets/end", {"refs": [], "reason": "hoarded"}).status_code == 422


def test_given_a_service_put_aside_at_once_then_it_is_listed_and_the_figures_count_people_and_ghosts(asker, ticket):
    day = asker.get(NOBODY, "board").json["at"][:10]
    asker.post("clerk", "counters/2/open")
    for _ in range(30):  # until it is this one's turn
        view = asker.post("clerk", "counters/2/call-next", {"finish": True}).json
        asker.post("clerk", "counters/2/start")
        if view["ticket"]["ref"] == ticket["ref"]:
            break
    asker.post("clerk", "counters/2/hold", {})
    span = f"from={day[:4]}-01-01&to={int(day[:4]) + 1}-01-01"
    rows = asker.get("inspector", f"statistics/early?{span}").json["rows"]
    assert [(row["counter"], row["what"], row["times"]) for row in rows] == [(2, "hold", 1)]
    page = asker.get("inspector", f"statistics?{span}&by=kiosk").json
    assert page["total"]["ghosts"] == 1 and page["total"]["people"] > 1
    assert sum(row["issued"] for row in page["rows"]) == page["total"]["issued"]


def test_given_a_visit_that_was_served_then_its_link_the_kiosk_or_the_screen_at_the_counter_rate_it_once(asker, ticket):
    link, by_ref = f"tickets/{ticket['id']}", f"tickets/{ticket['ref']}"
    good = {"rating": "very_satisfied"}
    refused(asker.post(NOBODY, f"{link}/rate", good), 409, "not_served_yet", number=ticket["number"])
    clerk = "counters/3"
    asker.post("clerk", f"{clerk}/open")
    while asker.post("clerk", f"{clerk}/call-next").json["ticket"]["ref"] != ticket["ref"]:
        asker.post("clerk", f"{clerk}/no-show")
    asker.post("clerk", f"{clerk}/start")
    asker.post("clerk", f"{clerk}/finish")
    assert asker.get(NOBODY, link).json["rating"] == "open"
    for role in ("clerk", "greeter", "supervisor", "inspector"):
        assert asker.post(role, f"{link}/rate", good).status_code == 403
    assert asker.post("kiosk", f"{by_ref}/rate", good).status_code == 404  # only by the code of the paper
    assert asker.post(NOBODY, f"{by_ref}/rate", good).status_code == 404
    words = {"words": "Gọi số 0912 345 678"}
    refused(asker.post(NOBODY, f"{link}/rate", good | words), 422, "words_with_numbers")
    refused(asker.post(NOBODY, f"{link}/rate", {"rating": "awful"}), 422, "unknown_rating")
    assert asker.post("display", f"{by_ref}/rate", good).json == {"number": ticket["number"]}
    for by, address in ((NOBODY, link), ("kiosk", link), ("display", by_ref)):
        refused(asker.post(by, f"{address}/rate", good), 409, "rated_before", number=ticket["number"])
    assert asker.get(NOBODY, link).json["rating"] == "given"
    day = asker.get(NOBODY, "board").json["day"]
    span = f"from={day}&to={day}"
    page = asker.get("inspector", f"statistics/ratings?{span}").json
    assert (page["rows"][0]["rated"], page["rows"][0]["very_satisfied"], page["reasons"]) == (1, None, [])
    assert asker.get("inspector", f"statistics/rating-words?{span}").json == {"rows": []}
    for path in ("ratings", "rating-words"):
        assert asker.get("clerk", f"statistics/{path}?{span}").status_code == 403
