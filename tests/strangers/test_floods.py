"""A flood of requests is limited, staff see an alarm, and everybody else is served."""

import pytest

import hall.appointments
from access.devices import pair_device
from access.gate import device_cookie
from access.principal import DISPLAY, KIOSK
from queueing.errors import AppointmentDone
from supervisor.channel import SupervisorChannel
from tests.strangers.server import Asker, whole_server
from tickets.api import COMMANDS_A_MINUTE, GUESSES_A_MINUTE, PAPERS_A_MINUTE, READS_A_MINUTE, TICKETS_A_MINUTE

TICKET = {"service": "TRA_KQ"}


@pytest.fixture
def asker(tmp_path):
    with whole_server(tmp_path) as centre:
        yield Asker(centre)


def machine(asker, kind, name):
    """A browser that was paired."""
    secret = pair_device(asker.centre.access, kind, name, asker.centre.hall.now())
    other = Asker(asker.centre)
    other.client = asker.centre.app.test_client()
    other.client.set_cookie(device_cookie(kind), secret)
    return other


def alarms(centre):
    channel = next(each for each in centre.announcer._channels.values() if isinstance(each, SupervisorChannel))
    return [(each["code"], each["params"]) for each in channel.counts("supervisors")["alarms"]]


def test_given_a_flood_of_tickets_from_one_kiosk_then_it_is_held_back_and_the_others_go_on(asker):
    wild, calm = machine(asker, KIOSK, "Ki-ốt 1"), machine(asker, KIOSK, "Ki-ốt 2")
    answers = [wild.post("", "tickets", TICKET) for _ in range(TICKETS_A_MINUTE + 5)]
    assert [each.status_code for each in answers] == [201] * TICKETS_A_MINUTE + [429] * 5
    assert answers[-1].json["code"] == "too_many" and 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert calm.post("", "tickets", TICKET).status_code == 201
    assert asker.post("greeter", "tickets", TICKET).status_code == 201
    assert asker.centre.hall.floor.waiting.count("TRA_KQ") == TICKETS_A_MINUTE + 2
    assert ("ticket_flood", {"device": "Ki-ốt 1"}) in alarms(asker.centre)


def test_given_a_wall_then_it_takes_no_tickets_at_all(asker):
    assert machine(asker, DISPLAY, "Sảnh").post("", "tickets", TICKET).status_code == 403


def test_given_a_flood_on_one_link_then_that_link_waits_and_no_other(asker):
    mine, other = (asker.post("kiosk", "tickets", TICKET).json["id"] for _ in range(2))
    asked = [asker.get("nobody", f"tickets/{mine}").status_code for _ in range(READS_A_MINUTE + 1)]
    assert asked == [200] * READS_A_MINUTE + [429]
    assert asker.get("nobody", f"tickets/{other}").status_code == 200
    cancelled = [asker.post("nobody", f"tickets/{mine}/cancel").status_code for _ in range(COMMANDS_A_MINUTE + 1)]
    assert cancelled[0] == 200, "those who look do not keep the holder from giving up the place"
    assert cancelled[-1] == 429
    drawn = [asker.ask("nobody", "GET", f"/t/{other}/paper.png").status_code for _ in range(PAPERS_A_MINUTE + 1)]
    assert drawn == [200] * PAPERS_A_MINUTE + [429]


def test_given_guessed_codes_of_appointments_then_that_kiosk_waits_and_no_other(asker, monkeypatch):
    wild, calm = machine(asker, KIOSK, "Ki-ốt 1"), machine(asker, KIOSK, "Ki-ốt 2")

    def check_in(who, code):
        answer = who.post("", "appointments/check-in", {"code": code})
        return answer.status_code, answer.json["code"]

    assert [check_in(wild, f"{n:06}") for n in range(6)] == [(404, "unknown_appointment")] * 5 + [(429, "too_many")]
    assert check_in(calm, "000009") == (404, "unknown_appointment")

    def done(*_):
        raise AppointmentDone()

    monkeypatch.setattr(hall.appointments, "check_in", done)
    assert {check_in(calm, "000009") for _ in range(8)} == {(409, AppointmentDone.code)}, "the code was right"


def test_given_guessed_links_then_every_answer_is_the_same_and_true_holders_do_not_pay(asker):
    mine = asker.post("kiosk", "tickets", TICKET).json["id"]
    near = [mine[:-1], f"{mine}A", mine[::-1], mine.swapcase(), mine[:8], "1", "x", "A" * 22]
    answers = [asker.get("nobody", f"tickets/{guess}") for guess in near]
    assert {(each.status_code, each.data) for each in answers} == {(404, answers[0].data)}
    for n in range(GUESSES_A_MINUTE - len(near)):
        assert asker.get("nobody", f"tickets/guess{n}").status_code == 404
    assert asker.get("nobody", "tickets/guess").status_code == 429
    assert asker.get("nobody", f"tickets/{mine}").status_code == 200


def test_given_numbers_looked_up_without_end_then_that_address_waits(asker, monkeypatch):
    monkeypatch.setattr("tickets.api.NUMBERS_A_MINUTE", 5)
    asked = [asker.get("nobody", "numbers/B999").status_code for _ in range(7)]
    assert asked == [404] * 5 + [429] * 2
