"""Read the whole log over HTTP, page by page."""


def read_log(centre, token):
    """Every event, in order."""
    after = 0
    while True:
        page = centre.get(f"/api/v1/events?after={after}", token=token).json()["events"]
        if not page:
            return
        yield from page
        after = page[-1]["seq"]
