"""Wrong requests for figures are refused."""


def test_given_days_that_are_none_then_they_are_refused_in_words(shared_centre):
    inspector = shared_centre.token("inspector")
    for query in ("", "?from=2026-01-01", "?from=2026-02-30&to=2026-03-01", "?from=2026-03-02&to=2026-03-01"):
        refused = shared_centre.get(f"/api/v1/statistics{query}", token=inspector)
        assert (refused.status_code, refused.json()["code"]) == (400, "bad_range")
    query = "?from=2026-03-01&to=2026-03-02&by=mood"
    assert shared_centre.get(f"/api/v1/statistics{query}", token=inspector).json()["code"] == "unknown_grouping"
