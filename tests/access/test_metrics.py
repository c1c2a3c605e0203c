"""GET /metrics: who may read it, and that its figures are those of the hall."""

import threading
import time
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from access.principal import ROLES
from hall.views.alarms import BackupView
from queueing.events import instant
from supervisor.metrics import BUCKETS_S, FORWARDED, Latencies, Metrics
from tests.strangers.server import Asker, whole_server

FAR = "192.0.2.7"


@pytest.fixture
def asker(tmp_path):
    with whole_server(tmp_path / "data") as centre:
        yield Asker(centre)


def read(asker, address="127.0.0.1", host="localhost", **headers):
    return asker.client.get("/metrics", headers={"Host": host, **headers}, environ_overrides={"REMOTE_ADDR": address})


def figures(asker):
    """{(name, labels in order of their names): value} as a monitoring system reads them."""
    families = text_string_to_metric_families(read(asker).text)
    return {
        (sample.name, *(sample.labels[label] for label in sorted(sample.labels))): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.53", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000"])
def test_given_somebody_on_this_pc_then_the_figures_are_there(asker, address, host):
    answer = read(asker, address, host)
    assert answer.status_code == 200 and answer.content_type.startswith("text/plain; version=0.0.4")


@pytest.mark.parametrize("address", [FAR, "10.0.0.4", "2001:db8::1", "", "unix"])
def test_given_a_stranger_then_the_figures_are_refused(asker, address):
    assert read(asker, address).status_code == 403
    # What a stranger writes about where they are is not believed.
    for name in FORWARDED:
        for claimed in ("127.0.0.1", "for=127.0.0.1", "localhost"):
            assert read(asker, address, **{name: claimed}).status_code == 403


@pytest.mark.parametrize("name", FORWARDED)
def test_given_a_proxy_on_this_pc_then_it_opens_nothing_to_those_behind_it(asker, name):
    assert read(asker, **{name: FAR}).status_code == 403
    assert read(asker, **{name: "127.0.0.1"}).status_code == 403


@pytest.mark.parametrize("host", ["centre.test", "localhost.example:8000", "[127.0.0.1", "192.0.2.7"])
def test_given_a_page_elsewhere_that_has_a_browser_here_ask_then_it_is_refused(asker, host):
    assert read(asker, host=host).status_code == 403


@pytest.mark.parametrize("role", ROLES)
def test_given_a_program_elsewhere_then_only_those_who_read_all_figures_read_these(asker, role):
    answer = read(asker, FAR, "centre.test", **asker.keys[role])
    assert answer.status_code == (200 if role in ("supervisor", "inspector") else 403)


def test_given_tickets_and_calls_then_they_are_counted_by_service(asker):
    before = figures(asker)
    assert before["denluot_tickets_issued_total", "CHUNG_THUC"] == before["denluot_waiting", "CHUNG_THUC"] == 0
    asker.post("clerk", "counters/2/open")
    for _ in range(3):
        asker.post("kiosk", "tickets", {"service": "CHUNG_THUC"})
    asker.post("clerk", "counters/2/call-next")
    values = figures(asker)
    assert values["denluot_tickets_issued_total", "CHUNG_THUC"] == 3
    assert values["denluot_calls_total", "CHUNG_THUC"] == 1
    assert values["denluot_waiting", "CHUNG_THUC"] == 2
    assert values["denluot_counters", "open"] == 1
    assert values["denluot_log_seq",] == asker.centre.hall.floor.seq
    assert values["denluot_print_jobs",] == 0
    assert values["denluot_disk_free_bytes",] > 0


def test_given_requests_then_their_times_are_counted_by_route_and_status_and_no_address(asker):
    issued = asker.post("kiosk", "tickets", {"service": "CHUNG_THUC"}).json
    asker.get("anyone", f"tickets/{issued['id']}")
    asker.get("anyone", f"tickets/{'0' * 32}")
    asker.ask("anyone", "BREW", "/coffee")
    values = figures(asker)
    route = "GET /api/v1/tickets/<ticket_id>"
    counted = {key[1:]: value for key, value in values.items() if key[0] == "denluot_request_seconds_count"}
    assert counted[route, "200"] == counted[route, "404"] == counted["POST /api/v1/tickets", "201"] == 1
    assert [status for name, status in counted if name == "other"] == ["404"]
    assert issued["id"] not in read(asker).text


def test_given_backups_then_their_ages_are_given_and_one_that_is_missing_is_left_out(asker, tmp_path):
    hall, spool = asker.centre.hall, asker.centre.spool
    made = instant(hall.now() - timedelta(hours=3))
    view = BackupView(at=made, second_at=None, second=True)
    text, _ = Metrics(hall, spool, lambda: view, tmp_path).text()
    ages = [line.split() for line in text.decode().splitlines() if line.startswith("denluot_backup_age_seconds{")]
    assert [place for place, _ in ages] == ['denluot_backup_age_seconds{place="data"}']
    assert abs(float(ages[0][1]) - 3 * 3600) < 60


def test_given_times_then_each_bucket_counts_all_that_took_no_longer():
    latencies = Latencies()
    for seconds in (0.001, 0.005, 0.0051, 0.3, 99):
        latencies.note("GET /", 200, seconds)
    [((route, status), buckets, total)] = latencies.read()
    assert (route, status, round(total, 4)) == ("GET /", "200", 99.3111)
    assert [count for _, count in buckets] == [2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 5]
    assert [bound for bound, _ in buckets] == [*map(str, BUCKETS_S), "+Inf"]


def test_given_many_at_once_then_none_is_forgotten():
    latencies = Latencies()
    threads = [
        threading.Thread(target=lambda: [latencies.note("GET /", 200, 0.02) for _ in range(5_000)]) for _ in range(4)
    ]
    began = time.perf_counter()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    print(f"{(time.perf_counter() - began) / 20_000 * 1e6:.1f} µs each")
    [(_, buckets, _)] = latencies.read()
    assert buckets[-1] == ("+Inf", 20_000)
