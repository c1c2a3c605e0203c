"""What pages report in tests that provoke it, as patterns for `expects_page_errors`."""

# The server is stopped or cut off: the browser reports each attempt to reach it.
SERVER_GONE = r"WebSocket connection to .* failed|Failed to load resource: net::ERR_\w+"


def refused(status, path=""):
    """A pattern for answers with this status ("403|422": one of them) at addresses that end with `path`."""
    return rf"Failed to load resource: the server responded with a status of ({status}) .*{path}\)$"
