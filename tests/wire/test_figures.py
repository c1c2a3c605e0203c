"""Wrong requests for figures are refused."""


def test_given_days_that_are_none_then_they_are_refused_in_words(shared_centre):
    inspector = shared_centre.token("inspector")
    for query in ("", "?from=2026-01-01", "?from=2026-02-30&to=2026-03-01", "?from=2026-03-02&to=2026-03-01"):
        refused = shared_centre.get(f"/api/v1/statistics{query}", token=inspector)
        assert (refused.status_code, refused.json()["code"]) == (400, "bad_range")
    query = "?from=2026-03-01&to=2026-03-02&by=mood"
    assert shared_centre.get(f"/api/v1/statistics{query}", token=inspector).json()["code"] == "unknown_grouping"


def test_given_tickets_by_kiosk_greeter_and_clerk_then_the_statistics_name_the_channel(shared_centre):
    for role in ("kiosk", "greeter", "clerk", "clerk"):
        body = {"service": "CHUNG_THUC", "priority_class": "ordinary", "language": "vi"}
        assert shared_centre.post("/api/v1/tickets", body, token=shared_centre.token(role)).ok
    day = shared_centre.get("/api/v1/board").json()["day"]
    query = f"from={day}&to={day}&by=channel"
    view = shared_centre.get(f"/api/v1/statistics?{query}", token=shared_centre.token("inspector")).json()
    issued = {row["key"]: row["issued"] for row in view["rows"]}
    assert min(issued["kiosk"], issued["greeter"]) >= 1 and issued["staff"] >= 2
