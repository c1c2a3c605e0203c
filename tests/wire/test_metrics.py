"""The figures for a monitoring system over the wire, under both servers."""

import pytest
from prometheus_client.parser import text_string_to_metric_families


@pytest.mark.parametrize("centre", ["eventlet", "threading"], indirect=True)
def test_given_a_running_server_then_programs_of_this_pc_read_its_figures_and_others_do_not(centre):
    kiosk, clerk = centre.token("kiosk"), centre.token("clerk", 2)
    centre.post("/api/v1/counters/2/open", token=clerk)
    for _ in range(2):
        assert centre.post("/api/v1/tickets", {"service": "CHUNG_THUC"}, token=kiosk).status_code == 201
    centre.post("/api/v1/counters/2/call-next", token=clerk)
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(centre.get("/metrics").text)
        for sample in family.samples
    }
    assert samples["denluot_tickets_issued_total", "CHUNG_THUC"] == 2
    assert samples["denluot_calls_total", "CHUNG_THUC"] == 1
    assert samples["denluot_waiting", "CHUNG_THUC"] == 1
    assert samples["denluot_request_seconds_count", "POST /api/v1/tickets", "201"] == 2
    assert samples["denluot_request_seconds_count", "POST /api/v1/counters/<int:counter>/call-next", "200"] == 1
    for headers in ({"X-Forwarded-For": "127.0.0.1"}, {"Host": "centre.test"}):
        assert centre.get("/metrics", headers=headers).status_code == 403
        assert centre.get("/metrics", headers=headers, token=centre.token("inspector")).status_code == 200
