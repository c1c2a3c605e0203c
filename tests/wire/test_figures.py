"""The figures a supervisor sees are those a stranger computes from the log."""

import random

from tests.recompute import GROUPINGS, recompute
from tests.wire.log import read_log

SERVICES = ("CHUNG_THUC", "HO_TICH", "DAT_DAI", "CHINH_SACH", "DVC_TT", "TRA_KQ", "HUONG_DAN", "KT_HT")


def test_given_a_lively_hour_then_every_figure_equals_an_independent_recomputation_from_the_log(centre):
    kiosk, clerk, inspector, greeter = map(centre.token, ("kiosk", "clerk", "inspector", "greeter"))
    chance, refs = random.Random(11), []
    for counter in range(1, 6):
        centre.post(f"/api/v1/counters/{counter}/open", token=clerk)
    for _ in range(500):
        act, counter = chance.random(), chance.randint(1, 5)
        if act < 0.4:
            body = {"service": chance.choice(SERVICES), "priority_class": chance.choice(["ordinary", "priority"])}
            refs.append(centre.post("/api/v1/tickets", body, token=kiosk).json()["ref"])
        elif act < 0.45 and refs:
            centre.post(f"/api/v1/tickets/{chance.choice(refs)}/cancel", token=greeter)
        elif act < 0.5:
            centre.post(f"/api/v1/counters/{counter}/no-show", token=clerk)
        elif act < 0.7:
            centre.post(f"/api/v1/counters/{counter}/start", token=clerk)
        else:
            centre.post(f"/api/v1/counters/{counter}/call-next", {"finish": act < 0.85}, token=clerk)

    events = list(read_log(centre, inspector))
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    targets = {service["code"]: service["target_s"] for service in centre.get("/api/v1/services").json()["services"]}
    told = recompute(events, targets=targets)
    assert told["total"]["served"] > 20 and told["total"]["no_shows"] and told["total"]["cancelled"]
    day = centre.get("/api/v1/board").json()["day"]
    for by in GROUPINGS:
        shown = centre.get(f"/api/v1/statistics?from={day}&to={day}&by={by}", token=inspector).json()
        assert shown["total"] == told["total"]
        rows = {row["key"]: {k: v for k, v in row.items() if k not in ("key", "label")} for row in shown["rows"]}
        assert rows == told[by], by


def test_given_days_that_are_none_then_they_are_refused_in_words(shared_centre):
    inspector = shared_centre.token("inspector")
    for query in ("", "?from=2026-01-01", "?from=2026-02-30&to=2026-03-01", "?from=2026-03-02&to=2026-03-01"):
        refused = shared_centre.get(f"/api/v1/statistics{query}", token=inspector)
        assert (refused.status_code, refused.json()["code"]) == (400, "bad_range")
    query = "?from=2026-03-01&to=2026-03-02&by=mood"
    assert shared_centre.get(f"/api/v1/statistics{query}", token=inspector).json()["code"] == "unknown_grouping"
